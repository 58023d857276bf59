/* .control blocks of decks as ngspice runs them: what fails is a warning and
   the next statement runs; and what can be known of a block without running
   it (ngspice manual, "Control language"). */
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

/* A parameter was changed that will not be set: what it was is in the deck. */
static bool has_others(const tp_nutmeg *m, const tp_tunable *set, int n)
{
    for (int i = 0; i < m->n_alter; i++) {
        tp_str key = m->alter[i].key;
        bool   ours = !tp_str_starts(key, TP_S("param ")) || key.len == 6;
        for (int k = 0; k < n && !ours; k++)
            ours = tp_str_same(tp_str_from(key, 6), set[k].name);
        if (!ours) return true;
    }
    return false;
}

/* The circuit as loaded, but at these parameters. */
static tp_status circuit_at(tp_nutmeg *m, const tp_tunable *set, int n,
                            tp_err *err)
{
    char text[TP_NUMBER_MAX];
    if (has_others(m, set, n))
        TP_TRY(m->setup.sim.load(m->setup.sim.with, &m->circuit, err));
    else
        TP_TRY(options_back(m, err));
    tp_nm_forget_changes(m, true);
    tp_nm_originals_forget(m);
    for (int i = 0; i < n; i++) {
        tp_str name = tp_str_lower(&m->scratch, set[i].name);
        tp_str key = tp_str_fmt(&m->scratch, "param %.*s", TP_F(name));
        tp_str command = tp_str_fmt(&m->scratch, "alterparam %.*s = %s",
                                    TP_F(name), tp_exact(set[i].value, text));
        TP_TRY(tp_nm_change(m, key, command, err));
    }
    return tp_nm_change(m, TP_S("param "), TP_S("reset"), err);
}

tp_status tp_nutmeg_restart(tp_nutmeg *m, const tp_tunable *set, int n,
                            tp_err *err)
{
    tp_arena saved = m->scratch;
    while (m->n_plot > 1) tp_nm_plot_drop(m, m->n_plot - 1);
    while (m->n_variable > 0)
        tp_nm_variable_unset(m, m->variable[m->n_variable - 1].name);
    while (m->n_define > 0) tp_nm_undefine(m, m->n_define - 1);
    tp_status s = tp_nm_constants(m, err);
    if (!s) s = circuit_at(m, set, n, err);
    m->scratch = saved;
    return s;
}

/* ---- what can be known of a block ---------------------------------------- */

typedef struct found {
    tp_arena      *mem;
    tp_nutmeg_look out;
    int            cap;
    tp_str        *name;
    bool          *tran;
} found;

static void grow(found *f)
{
    int     n = f->out.n, cap = f->cap ? 2 * f->cap : 16;
    tp_str *name = TP_NEW(f->mem, tp_str, cap);
    bool   *tran = TP_NEW(f->mem, bool, cap);
    for (int i = 0; i < n; i++) {
        name[i] = f->name[i];
        tran[i] = f->tran[i];
    }
    f->cap = cap;
    f->out.name = f->name = name;
    f->out.tran = f->tran = tran;
}

/* A name that is put together while the block runs can't be known. */
static void add(found *f, tp_str name, bool tran)
{
    for (ptrdiff_t i = 0; i < name.len; i++)
        if (strchr("${>`", name.at[i])) return;
    if (name.len == 0 || tp_str_same(name, TP_S("all"))) return;
    for (int i = 0; i < f->out.n; i++)
        if (tp_str_same(f->name[i], name)) return;
    if (f->out.n == f->cap) grow(f);
    f->tran[f->out.n] = tran;
    f->name[f->out.n++] = name;
}

static void see_print(found *f, tp_str rest)
{
    const tp_str *part = NULL;
    tp_str        after = rest, word = tp_nm_word(&after);
    if (tp_str_eq(word, TP_S("col"))) return;
    if (tp_str_eq(word, TP_S("line"))) rest = after;
    int n = tp_nm_expressions(rest, &part, f->mem);
    for (int i = 0; i < n; i++) add(f, part[i], false);
}

static void see_meas(found *f, tp_str rest)
{
    tp_str kind = tp_nm_word(&rest);
    add(f, tp_nm_word(&rest), tp_str_same(kind, TP_S("tran")));
}

/* The values of sources decide nothing but themselves. */
static void see_alter(found *f, tp_str rest)
{
    tp_str device = tp_str_word(&rest, " \t=@[");
    char   letter = device.len > 0 ? tp_lower(device.at[0]) : ' ';
    f->out.alters |= letter != 'v' && letter != 'i';
}

static void see_change(found *f, tp_str rest)
{
    (void)rest;
    f->out.alters = true;
}

static void see_at(found *f, tp_str rest)
{
    f->out.alters |= rest.len > 0 && rest.at[0] == '@';
}

static const struct {
    const char *command;
    void (*see)(found *f, tp_str rest);
} seen[] = {
    {"print", see_print}, {"meas", see_meas},         {"measure", see_meas},
    {"alter", see_alter}, {"altermod", see_change},   {"let", see_at},
    {"dc", see_at},       {"alterparam", see_change}, {"source", see_change},
};

static void look_at(found *f, tp_str statement)
{
    tp_str rest = tp_str_trim(statement), word = tp_str_word(&rest, " \t\r");
    rest = tp_str_trim(rest);
    f->out.analyses |= tp_nm_is_analysis(word);
    for (int i = 0; i < TP_COUNT(seen); i++)
        if (tp_str_same(word, tp_str_of(seen[i].command))) seen[i].see(f, rest);
}

tp_nutmeg_look tp_nutmeg_read(tp_str text, tp_arena *mem)
{
    found f = {.mem = mem};
    while (text.len > 0) {
        int    n;
        tp_str line = tp_nm_whole_line(&text, &n, mem), statement;
        if (tp_nm_blank(line)) continue;
        while (tp_nm_statement(&line, &statement)) look_at(&f, statement);
    }
    return f.out;
}
