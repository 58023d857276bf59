/* .control blocks of decks as ngspice runs them: what fails is a warning and
   the next statement runs (ngspice manual, "Control language"). */
#include "nutmeg/inside.h"

tp_str tp_nm_cut_line(tp_str *text)
{
    ptrdiff_t end = tp_str_find(*text, '\n', 0);
    tp_str    line = end < 0 ? *text : tp_str_part(*text, 0, end);
    *text = end < 0 ? (tp_str){0} : tp_str_from(*text, end + 1);
    if (line.len > 0 && line.at[line.len - 1] == '\r') line.len--;
    return line;
}

tp_str tp_nm_whole_line(tp_str *text, int *n, tp_arena *mem)
{
    tp_str line = tp_nm_cut_line(text);
    *n = 1;
    for (;;) {
        tp_str rest = *text, more = tp_str_trim(tp_nm_cut_line(&rest));
        if (more.len == 0 || more.at[0] != '+') return line;
        line = tp_str_fmt(mem, "%.*s %.*s", TP_F(line),
                          TP_F(tp_str_from(more, 1)));
        *text = rest;
        ++*n;
    }
}

tp_status tp_nutmeg_control(tp_nutmeg *m, tp_str text, tp_place from,
                            tp_outcome *how, tp_err *err)
{
    bool was = m->go_on;
    m->go_on = true;
    m->failed = TP_RAN;
    tp_status s = tp_nm_run_text(m, text, from, err);
    m->go_on = was;
    if (how) *how = m->failed;
    return s;
}

tp_outcome tp_nutmeg_failed(tp_nutmeg *m)
{
    tp_outcome how = m->failed;
    m->failed = TP_RAN;
    return how;
}

/* ---- beginning anew ------------------------------------------------------ */

/* Options of the block before, which a reset leaves as they are. */
static tp_status options_back(tp_nutmeg *m, tp_err *err)
{
    for (int i = 0; i < m->n_alter; i++) {
        tp_str key = m->alter[i].key;
        if (tp_str_starts(key, TP_S("option ")))
            TP_TRY(tp_nm_option_default(m, tp_str_from(key, 7), err));
    }
    return TP_OK;
}

/* What the deck says of a parameter, where that is one number without a unit,
   which every reader of numbers takes for the same. */
static tp_str number_of(const tp_nutmeg *m, tp_str name)
{
    const tp_circuit *c = &m->circuit;
    tp_str            expr = {0};
    double            v;
    int               found = 0;
    for (int i = 0; i < c->n_define; i++)
        if (tp_str_same(c->define[i].name, name)) {
            expr = tp_str_trim(c->define[i].expr);
            found++;
        }
    for (ptrdiff_t i = 0; i < expr.len; i++)
        if (!strchr("0123456789+-.eE", expr.at[i])) return TP_S("");
    return found == 1 && tp_number_all(expr, &v) ? expr : TP_S("");
}

/* The parameter that a change has set, and that will not be set: it has to be
   what it was. "" for other changes. */
static tp_str other_param(const tp_nm_alter *a, const tp_tunable *set, int n)
{
    tp_str name = {0};
    if (tp_str_starts(a->key, TP_S("param "))) name = tp_str_from(a->key, 6);
    for (int k = 0; k < n; k++)
        if (tp_str_same(name, set[k].name)) return TP_S("");
    return name;
}

/* What it was is in the deck only. */
static bool has_others(const tp_nutmeg *m, const tp_tunable *set, int n)
{
    for (int i = 0; i < m->n_alter; i++) {
        tp_str name = other_param(&m->alter[i], set, n);
        bool   told = m->setup.sim.set && number_of(m, name).len > 0;
        if (name.len > 0 && !told) return true;
    }
    return false;
}

/* The parameters that a reset leaves as they are. */
static tp_status take_back(tp_nutmeg *m, const tp_tunable *set, int n,
                           tp_err *err)
{
    for (int i = 0; i < m->n_alter; i++) {
        tp_str name = other_param(&m->alter[i], set, n);
        if (name.len == 0) continue;
        tp_str command = tp_str_fmt(&m->scratch, "alterparam %.*s = %.*s",
                                    TP_F(name), TP_F(number_of(m, name)));
        TP_TRY(tp_nm_simulate(m, command, NULL, err));
    }
    return TP_OK;
}

/* By what the simulator takes from anybody. A reading that fails has left it
   without its circuit. */
static tp_status say_params(tp_nutmeg *m, const tp_tunable *set, int n,
                            tp_err *err)
{
    char text[TP_NUMBER_MAX];
    for (int i = 0; i < n; i++) {
        tp_str name = tp_str_lower(&m->scratch, set[i].name);
        tp_str key = tp_str_fmt(&m->scratch, "param %.*s", TP_F(name));
        tp_str command = tp_str_fmt(&m->scratch, "alterparam %.*s = %s",
                                    TP_F(name), tp_exact(set[i].value, text));
        TP_TRY(tp_nm_change(m, key, command, err));
    }
    return tp_nm_change(m, TP_S("param "), TP_S("reset"), err);
}

/* By its own way. */
static tp_status set_params(tp_nutmeg *m, const tp_tunable *set, int n,
                            tp_err *err)
{
    tp_sim_result r = {0};
    double       *value = TP_NEW(&m->scratch, double, n);
    for (int i = 0; i < n; i++) value[i] = set[i].value;
    TP_TRY(m->setup.sim.set(m->setup.sim.with, value, &m->scratch, &r, err));
    if (r.how == TP_RAN) return TP_OK;
    return tp_fail(err, TP_BAD_INPUT, "%.*s", TP_F(r.why));
}

/* The circuit as loaded, but at these parameters. */
static tp_status circuit_at(tp_nutmeg *m, const tp_tunable *set, int n,
                            tp_err *err)
{
    tp_status bad = options_back(m, err);
    if (!bad)
        bad = has_others(m, set, n)
                  ? m->setup.sim.load(m->setup.sim.with, &m->circuit, err)
                  : take_back(m, set, n, err);
    tp_nm_forget_changes(m, true);
    tp_nm_originals_forget(m);
    if (!bad && m->setup.sim.set) return set_params(m, set, n, err);
    if (!bad) bad = say_params(m, set, n, err);
    if (bad && err) err->code = TP_SIM;
    return bad ? TP_SIM : TP_OK;
}

tp_status tp_nutmeg_restart(tp_nutmeg *m, const tp_tunable *set, int n,
                            tp_err *err)
{
    tp_arena saved = m->scratch;
    while (m->n_plot > 1) tp_nm_plot_drop(m, m->n_plot - 1);
    while (m->n_variable > 0)
        tp_nm_variable_unset(m, m->variable[m->n_variable - 1].name);
    while (m->n_define > 0) tp_nm_undefine(m, m->n_define - 1);
    m->rng = tp_rng_at(m->setup.seed, 0);
    tp_status s = tp_nm_constants(m, err);
    if (!s) s = circuit_at(m, set, n, err);
    m->scratch = saved;
    return s;
}
