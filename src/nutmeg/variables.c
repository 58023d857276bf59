/* Variables of `set`: words, or lists of them. */
#include "nutmeg/inside.h"

static int find(const tp_nutmeg *m, tp_str name)
{
    for (int i = 0; i < m->n_variable; i++)
        if (tp_str_eq(m->variable[i].name, name)) return i;
    return -1;
}

const tp_nm_variable *tp_nm_variable_find(const tp_nutmeg *m, tp_str name)
{
    int i = find(m, name);
    return i < 0 ? NULL : &m->variable[i];
}

static void empty(tp_nutmeg *m, tp_nm_variable *v)
{
    for (int i = 0; i < v->n; i++) tp_nm_give(&m->heap, v->word[i].at);
    tp_nm_give(&m->heap, v->word);
    v->word = NULL;
    v->n = 0;
}

tp_status tp_nm_variable_set(tp_nutmeg *m, tp_str name, const tp_str *word,
                             int n, bool list, tp_err *err)
{
    int i = find(m, name);
    TP_TRY(tp_nm_room(m, 0, err));
    if (i < 0 && m->n_variable >= TP_NM_VARS_MAX)
        return tp_fail(err, TP_LIMIT, "over %d variables", TP_NM_VARS_MAX);
    if (i < 0) {
        TP_NM_MORE(&m->heap, m->variable, m->n_variable, m->cap_variable);
        i = m->n_variable++;
        m->variable[i] = (tp_nm_variable){.name = tp_nm_keep(&m->heap, name)};
    }
    tp_nm_variable *v = &m->variable[i];
    tp_nm_variable  old = *v;
    v->word = tp_nm_take(&m->heap, (n + 1) * (ptrdiff_t)sizeof *v->word);
    for (int k = 0; k < n; k++) v->word[k] = tp_nm_keep(&m->heap, word[k]);
    v->n = n;
    v->list = list;
    empty(m, &old); /* last: `word` may be the old one's */
    return TP_OK;
}

bool tp_nm_variable_unset(tp_nutmeg *m, tp_str name)
{
    int i = find(m, name);
    if (i < 0) return false;
    empty(m, &m->variable[i]);
    tp_nm_give(&m->heap, m->variable[i].name.at);
    for (m->n_variable--; i < m->n_variable; i++)
        m->variable[i] = m->variable[i + 1];
    return true;
}

int tp_nm_variable_int(const tp_nutmeg *m, const char *name, int lo, int hi,
                       int otherwise)
{
    double v = 0;
    tp_str text = tp_nutmeg_get(m, tp_str_of(name));
    if (!tp_number_all(text, &v) || !(v >= lo && v <= hi)) return otherwise;
    return (int)v;
}

/* ---- variables that are made when they are read ------------------------- */

static tp_str *one(tp_nutmeg *m, tp_str word, int *n)
{
    tp_str *list = TP_NEW(&m->scratch, tp_str, 1);
    list[0] = word;
    *n = 1;
    return list;
}

static tp_str *curplot(tp_nutmeg *m, int *n)
{
    return one(m, tp_nm_current(m)->name, n);
}

static tp_str *curplotname(tp_nutmeg *m, int *n)
{
    return one(m, tp_str_of(tp_nm_plot_words(tp_nm_current(m))), n);
}

static tp_str *curplottitle(tp_nutmeg *m, int *n)
{
    return one(m, tp_nm_current(m)->title, n);
}

static tp_str *plots(tp_nutmeg *m, int *n)
{
    tp_str *list = TP_NEW(&m->scratch, tp_str, m->n_plot);
    for (int i = 0; i < m->n_plot; i++) list[i] = m->plot[i].name;
    *n = m->n_plot;
    return list;
}

static tp_str *workdir(tp_nutmeg *m, int *n)
{
    return one(m, m->setup.folder.len > 0 ? m->setup.folder : TP_S("."), n);
}

static const struct {
    const char *name;
    tp_str *(*words)(tp_nutmeg *m, int *n);
} made[] = {
    {"curplot", curplot},           {"curplotname", curplotname},
    {"curplottitle", curplottitle}, {"plots", plots},
    {"workdir", workdir},
};

bool tp_nm_variable_words(tp_nutmeg *m, tp_str name, const tp_str **word,
                          int *n)
{
    for (int i = 0; i < TP_COUNT(made); i++) {
        if (!tp_str_eq(name, tp_str_of(made[i].name))) continue;
        *word = made[i].words(m, n);
        return true;
    }
    const tp_nm_variable *v = tp_nm_variable_find(m, name);
    if (!v) return false;
    *word = v->word;
    *n = v->n;
    return true;
}

tp_str tp_nutmeg_get(const tp_nutmeg *m, tp_str variable)
{
    const tp_nm_variable *v = tp_nm_variable_find(m, variable);
    return v && v->n > 0 ? v->word[0] : (tp_str){0};
}
