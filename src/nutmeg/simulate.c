/* The simulator's commands: what they made joins the session, and what they
   changed is remembered, so that a frozen session can make it again. */
#include "nutmeg/inside.h"

bool tp_nm_is_analysis(tp_str word)
{
    static const char *const row[] = {"op", "dc", "ac",    "tran", "noise",
                                      "tf", "pz", "disto", "sp",   "run"};
    for (int i = 0; i < TP_COUNT(row); i++)
        if (tp_str_same(word, tp_str_of(row[i]))) return true;
    return false;
}

/* What the simulator told when it did not do it. */
static tp_status refused(tp_nutmeg *m, tp_str command, const tp_sim_result *r,
                         tp_err *err)
{
    tp_str first = command, word = tp_str_word(&first, " ");
    if (tp_nm_is_analysis(word)) m->failed = r->how;
    tp_str why = tp_str_trim(r->why);
    if (why.len == 0) why = tp_str_of(tp_outcome_words(r->how));
    return tp_fail(err, TP_BAD_INPUT, "%.*s: %.*s", TP_F(word), TP_F(why));
}

static void remember_step(tp_nm_plot *p, tp_str command)
{
    tp_str word = tp_str_word(&command, " ");
    double step = 0;
    if (!tp_str_eq(word, TP_S("tran"))) return;
    if (tp_number(tp_str_word(&command, " "), &step) && step > 0)
        p->step = step;
}

tp_status tp_nm_simulate(tp_nutmeg *m, tp_str command, tp_waves *plots,
                         tp_err *err)
{
    tp_sim_result r = {0};
    if (!m->loaded)
        return tp_fail(err, TP_BAD_INPUT,
                       "there is no circuit (`source FILE` loads one)");
    double    begun = tp_now();
    tp_status s =
        m->setup.sim.command(m->setup.sim.with, command, &m->scratch, &r, err);
    m->used[0] += tp_now() - begun;
    m->used[2] += r.iterations;
    m->floor += r.seconds;
    if (s) return s;
    if (r.how != TP_RAN) return refused(m, command, &r, err);
    if (plots) {
        *plots = r.waves;
        return TP_OK;
    }
    for (int i = 0; i < r.waves.n; i++) {
        tp_nm_plot *p = NULL;
        TP_TRY(tp_nm_plot_copy(m, &r.waves.plot[i], true, &p, err));
        remember_step(p, command);
    }
    return TP_OK;
}

/* ---- changes of the circuit --------------------------------------------- */

tp_status tp_nm_record(tp_nutmeg *m, tp_str key, tp_str command, tp_err *err)
{
    tp_nm_heap *h = &m->heap;
    int         at = 0, n = m->n_alter;
    while (at < n && !tp_str_eq(m->alter[at].key, key)) at++;
    if (at == n && n >= TP_NM_VARS_MAX)
        return tp_fail(err, TP_LIMIT, "over %d changes of the circuit",
                       TP_NM_VARS_MAX);
    TP_NM_MORE(h, m->alter, n, m->cap_alter);
    tp_nm_alter now = {tp_nm_keep(h, key), tp_nm_keep(h, command)};
    if (at < n) { /* it is made last */
        tp_nm_give(h, m->alter[at].key.at);
        tp_nm_give(h, m->alter[at].command.at);
        for (; at + 1 < n; at++) m->alter[at] = m->alter[at + 1];
        m->n_alter--;
    }
    m->alter[m->n_alter++] = now;
    return TP_OK;
}

tp_status tp_nm_change(tp_nutmeg *m, tp_str key, tp_str command, tp_err *err)
{
    TP_TRY(tp_nm_simulate(m, command, NULL, err));
    return tp_nm_record(m, key, command, err);
}

void tp_nm_forget_changes(tp_nutmeg *m, bool all)
{
    int kept = 0;
    for (int i = 0; i < m->n_alter; i++) {
        tp_nm_alter a = m->alter[i];
        if (!all && tp_str_starts(a.key, TP_S("param "))) {
            m->alter[kept++] = a;
            continue;
        }
        tp_nm_give(&m->heap, a.key.at);
        tp_nm_give(&m->heap, a.command.at);
    }
    m->n_alter = kept;
}

/* "@@@temp" as SPICE OPUS writes an option of the simulator. */
static tp_status set_option(tp_nutmeg *m, tp_str name, const double *v, int n,
                            tp_err *err)
{
    char   number[TP_NUMBER_MAX];
    tp_str word;
    if (!tp_nm_is_option(name))
        return tp_fail(err, TP_BAD_INPUT,
                       "@@@%.*s: the simulator has no option of that name",
                       TP_F(name));
    if (n != 1 || !isfinite(v[0]))
        return tp_fail(err, TP_BAD_INPUT, "@@@%.*s: one number is wanted",
                       TP_F(name));
    word = tp_str_of(tp_exact(v[0], number));
    TP_TRY(tp_nm_option(m, name, &word, err));
    return tp_nm_variable_set(m, name, &word, 1, false, err);
}

tp_status tp_nm_alter_quantity(tp_nutmeg *m, tp_str quantity, const double *v,
                               int n, tp_err *err)
{
    tp_arena *mem = &m->scratch;
    tp_buf    b = {.mem = mem};
    tp_str    name;
    char      number[TP_NUMBER_MAX];
    bool      model = tp_str_starts(quantity, TP_S("@@"));
    if (tp_str_starts(quantity, TP_S("@@@")))
        return set_option(m, tp_str_from(quantity, 3), v, n, err);
    TP_TRY(tp_nm_quantity_name(quantity, &name, mem, err));
    for (int i = 0; i < n; i++)
        if (!isfinite(v[i]))
            return tp_fail(err, TP_BAD_INPUT, "%.*s: %s is no value for it",
                           TP_F(quantity), tp_exact(v[i], number));
    tp_str key = tp_str_lower(mem, name);
    if (n == 1) TP_TRY(tp_nm_original_keep(m, key, model, err));
    tp_buf_fmt(&b, "%s %.*s =", model ? "altermod" : "alter", TP_F(name));
    if (n != 1) tp_buf_add(&b, TP_S(" ["));
    for (int i = 0; i < n; i++) tp_buf_fmt(&b, " %s", tp_exact(v[i], number));
    if (n != 1) tp_buf_add(&b, TP_S(" ]"));
    return tp_nm_change(m, key, tp_buf_str(&b), err);
}

/* ---- options ------------------------------------------------------------ */

/* Those that `set` hands to the simulator, with their defaults; a default of
   NULL is a boolean one (ngspice manual, "Simulator variables"). */
static const struct {
    const char *name, *otherwise;
} options[] = {
    {"abstol", "1e-12"}, {"acct", NULL},         {"autostop", NULL},
    {"chgtol", "1e-14"}, {"cshunt", "0"},        {"defad", "0"},
    {"defas", "0"},      {"defl", "1e-4"},       {"defw", "1e-4"},
    {"gmin", "1e-12"},   {"gminsteps", "1"},     {"interp", NULL},
    {"itl1", "100"},     {"itl2", "50"},         {"itl4", "10"},
    {"itl5", "5000"},    {"itl6", "0"},          {"keepopinfo", NULL},
    {"maxord", "2"},     {"method", "trap"},     {"minbreak", "0"},
    {"noopiter", NULL},  {"pivrel", "1e-3"},     {"pivtol", "1e-13"},
    {"reltol", "1e-3"},  {"rshunt", "0"},        {"savecurrents", NULL},
    {"srcsteps", "1"},   {"temp", "27"},         {"tnom", "27"},
    {"trtol", "7"},      {"trytocompact", NULL}, {"vntol", "1e-6"},
    {"xmu", "0.5"},
};

static int option_index(tp_str name)
{
    for (int i = 0; i < TP_COUNT(options); i++)
        if (tp_str_eq(name, tp_str_of(options[i].name))) return i;
    return -1;
}

bool tp_nm_is_option(tp_str name)
{
    return option_index(name) >= 0;
}

tp_status tp_nm_option(tp_nutmeg *m, tp_str name, const tp_str *value,
                       tp_err *err)
{
    int    i = option_index(name);
    tp_str text = value ? *value : tp_str_of(i < 0 ? "" : options[i].otherwise);
    tp_str key = tp_str_fmt(&m->scratch, "option %.*s", TP_F(name));
    double number = 0;
    if (!m->loaded) return TP_OK; /* the next circuit gets it */
    if (text.len > 0 && tp_number_all(text, &number)) {
        char exact[TP_NUMBER_MAX];
        text = tp_str_copy(&m->scratch, tp_str_of(tp_exact(number, exact)));
    }
    if (!value && i >= 0 && !options[i].otherwise)
        return tp_fail(err, TP_BAD_INPUT,
                       "%.*s: the simulator can't take this option back; load "
                       "the circuit again",
                       TP_F(name));
    tp_str command = text.len > 0 ? tp_str_fmt(&m->scratch, "%.*s = %.*s",
                                               TP_F(key), TP_F(text))
                                  : key;
    return tp_nm_change(m, key, command, err);
}

bool tp_nm_option_value(const tp_nutmeg *m, tp_str name, double *out)
{
    int    i = option_index(name);
    tp_str set = tp_nutmeg_get(m, name);
    if (i < 0) return false;
    if (set.len == 0 && options[i].otherwise)
        set = tp_str_of(options[i].otherwise);
    return tp_number_all(set, out);
}

tp_status tp_nm_option_default(tp_nutmeg *m, tp_str name, tp_err *err)
{
    int i = option_index(name);
    if (i < 0 || !options[i].otherwise) return TP_OK;
    tp_str command = tp_str_fmt(&m->scratch, "option %s = %s", options[i].name,
                                options[i].otherwise);
    return tp_nm_simulate(m, command, NULL, err);
}

tp_status tp_nm_options_again(tp_nutmeg *m, tp_err *err)
{
    for (int i = 0; i < m->n_variable; i++) {
        const tp_nm_variable *v = &m->variable[i];
        tp_str                value = v->n > 0 ? v->word[0] : (tp_str){0};
        if (tp_nm_is_option(v->name))
            TP_TRY(tp_nm_option(m, v->name, &value, err));
    }
    return TP_OK;
}
