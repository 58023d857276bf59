/* From the changes a circuit has to those it shall have: a trial's session
   begins with each trial's, so the shortest way is taken. A change whose
   earlier value is known is taken back by itself; others need a `reset`. */
#include "nutmeg/inside.h"

static const tp_nm_alter *find(const tp_nm_alter *list, int n, tp_str key)
{
    for (int i = 0; i < n; i++)
        if (tp_str_eq(list[i].key, key)) return &list[i];
    return NULL;
}

static void drop(tp_nutmeg *m, tp_nm_alter *list, int *n)
{
    for (int i = 0; i < *n; i++) {
        tp_nm_give(&m->heap, list[i].key.at);
        tp_nm_give(&m->heap, list[i].command.at);
    }
    *n = 0;
}

void tp_nm_originals_forget(tp_nutmeg *m)
{
    drop(m, m->original, &m->n_original);
}

tp_status tp_nm_original_keep(tp_nutmeg *m, tp_str key, bool model, tp_err *err)
{
    tp_wave w = {0};
    char    number[TP_NUMBER_MAX];
    if (!m->loaded || find(m->original, m->n_original, key)) return TP_OK;
    if (m->n_original >= TP_NM_VARS_MAX) return TP_OK;
    TP_TRY(m->setup.sim.query(m->setup.sim.with, key, &m->scratch, &w, err));
    if (w.n != 1 || w.im || !isfinite(w.re[0])) return TP_OK;
    tp_str undo =
        tp_str_fmt(&m->scratch, "%s %.*s = %s", model ? "altermod" : "alter",
                   TP_F(key), tp_exact(w.re[0], number));
    TP_NM_MORE(&m->heap, m->original, m->n_original, m->cap_original);
    m->original[m->n_original++] =
        (tp_nm_alter){tp_nm_keep(&m->heap, key), tp_nm_keep(&m->heap, undo)};
    return TP_OK;
}

static bool is_param(const tp_nm_alter *a)
{
    return tp_str_starts(a->key, TP_S("param "));
}

/* The changes of parameters are the same, in the same order. */
static bool same_params(const tp_nutmeg *m, const tp_nm_alter *want, int n)
{
    int i = 0, k = 0;
    for (;;) {
        while (i < m->n_alter && !is_param(&m->alter[i])) i++;
        while (k < n && !is_param(&want[k])) k++;
        if (i == m->n_alter || k == n) return i == m->n_alter && k == n;
        if (!tp_str_eq(m->alter[i].command, want[k].command)) return false;
        i++, k++;
    }
}

/* Two names of one device's values may mean one value ("r", "resistance"):
   then the order of the changes counts. */
static bool order_counts(const tp_nm_alter *a, int n, const tp_nm_alter *b,
                         int m)
{
    if (n > 100 || m > 100) return true;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < m; k++) {
            ptrdiff_t open = tp_str_find(a[i].key, '[', 0);
            if (open > 0 && !tp_str_eq(a[i].key, b[k].key) &&
                tp_str_starts(b[k].key, tp_str_part(a[i].key, 0, open + 1)))
                return true;
        }
    return false;
}

/* Each change that is too much can be taken back by itself. */
static bool can_be_undone(const tp_nutmeg *m, const tp_nm_alter *want, int n)
{
    for (int i = 0; i < m->n_alter; i++)
        if (!find(want, n, m->alter[i].key) &&
            !find(m->original, m->n_original, m->alter[i].key))
            return false;
    return same_params(m, want, n);
}

static tp_status undo(tp_nutmeg *m, const tp_nm_alter *want, int n, tp_err *err)
{
    for (int i = 0; i < m->n_alter; i++) {
        tp_str key = m->alter[i].key;
        if (find(want, n, key)) continue;
        const tp_nm_alter *back = find(m->original, m->n_original, key);
        TP_TRY(tp_nm_simulate(m, back->command, NULL, err));
    }
    return TP_OK;
}

/* Back to the circuit as it was loaded; a reset forgets saves, too. */
static tp_status undo_all(tp_nutmeg *m, tp_err *err)
{
    for (int i = 0; i < m->n_alter; i++) {
        tp_str key = m->alter[i].key;
        if (tp_str_starts(key, TP_S("option ")))
            TP_TRY(tp_nm_option_default(m, tp_str_from(key, 7), err));
    }
    TP_TRY(tp_nm_simulate(m, TP_S("reset"), NULL, err));
    tp_nm_originals_forget(m);
    drop(m, m->alter, &m->n_alter);
    return TP_OK;
}

tp_status tp_nm_changes_become(tp_nutmeg *m, const tp_nm_alter *want, int n,
                               tp_err *err)
{
    if (n > TP_NM_VARS_MAX)
        return tp_fail(err, TP_LIMIT, "over %d changes of the circuit",
                       TP_NM_VARS_MAX);
    bool all = order_counts(want, n, want, n) ||
               order_counts(want, n, m->alter, m->n_alter);
    if (can_be_undone(m, want, n))
        TP_TRY(undo(m, want, n, err));
    else if (m->n_alter > 0)
        TP_TRY(undo_all(m, err));
    for (int i = 0; i < n; i++) {
        const tp_nm_alter *now = find(m->alter, m->n_alter, want[i].key);
        bool same = now && tp_str_eq(now->command, want[i].command);
        if (same && (!all || is_param(&want[i]))) continue;
        TP_TRY(tp_nm_simulate(m, want[i].command, NULL, err));
    }
    drop(m, m->alter, &m->n_alter);
    for (int i = 0; i < n; i++)
        TP_TRY(tp_nm_record(m, want[i].key, want[i].command, err));
    return TP_OK;
}
