/* replay: a circuit at a point as a deck for people: a plain `ngspice -b` runs
   its analyses, writes every plot into one raw file, in the order in which
   raw.c takes them, and prints what its own `meas` can. */
#include "sim/parts.h"

/* The deck's commands while they are put together. */
typedef struct maker {
    tp_buf            b;
    const tp_circuit *c;
    const tp_replay  *r;
    int               plots; /* written so far */
    int               noise; /* plots of that kind made so far */
} maker;

static void write_plot(maker *m)
{
    tp_buf_fmt(&m->b, "write %.*s\n", TP_F(m->r->raw));
    if (m->plots++ == 0) tp_buf_fmt(&m->b, "set appendwrite\n");
}

/* The plots that a command has just made. */
static void write_plots(maker *m, tp_str command)
{
    bool noise = tp_str_same(tp_str_word(&command, " \t"), TP_S("noise"));
    if (noise) {
        tp_buf_fmt(&m->b, "setplot previous\n");
        write_plot(m);
        tp_buf_fmt(&m->b, "setplot next\n");
    }
    write_plot(m);
}

static void command(maker *m, tp_str text)
{
    tp_buf_fmt(&m->b, "%.*s\n", TP_F(text));
    write_plots(m, text);
}

static void saves(maker *m)
{
    if (m->c->n_save > 0) tp_buf_fmt(&m->b, "save all\n");
    for (int i = 0; i < m->c->n_save; i++)
        tp_buf_fmt(&m->b, "save %.*s\n", TP_F(m->c->save[i]));
}

/* ---- sweeps that ngspice has no command for ------------------------------ */

static void set_step(maker *m, const tp_sweep *s, double v)
{
    tp_str      device = tp_ng_device(s->name, m->b.mem);
    tp_buf     *b = &m->b;
    const char *par;
    switch (s->kind) {
    case TP_SWEEP_NONE: return;
    case TP_SWEEP_DEVICE:
        par = tp_principal(device);
        if (par)
            tp_buf_fmt(b, "alter @%.*s[%s] = %.17g\n", TP_F(device), par, v);
        else
            tp_buf_fmt(b, "alter %.*s = %.17g\n", TP_F(device), v);
        return;
    case TP_SWEEP_TEMP: tp_buf_fmt(b, "option temp=%.17g\n", v); return;
    case TP_SWEEP_PARAM:
        tp_buf_fmt(b, "alterparam %.*s=%.17g\nreset\n",
                   TP_F(tp_str_lower(b->mem, s->name)), v);
        saves(m);
        return;
    case TP_SWEEP_MODEL:
        tp_buf_fmt(b, "altermod %.*s %.*s = %.17g\n", TP_F(s->name),
                   TP_F(s->par), v);
        return;
    }
}

/* The circuit as it was before the sweep. */
static void end_sweep(maker *m, const tp_sweep *s)
{
    if (s->kind == TP_SWEEP_NONE) return;
    for (int i = 0; s->kind == TP_SWEEP_PARAM && i < m->c->n_param; i++)
        if (tp_str_same(m->c->param[i], s->name))
            tp_buf_fmt(&m->b, "alterparam %.*s=%.17g\n",
                       TP_F(tp_str_lower(m->b.mem, s->name)), m->r->value[i]);
    for (int i = 0; s->kind == TP_SWEEP_PARAM && i < m->c->n_define; i++)
        if (tp_str_same(m->c->define[i].name, s->name))
            tp_buf_fmt(&m->b, "alterparam %.*s={%.*s}\n",
                       TP_F(tp_str_lower(m->b.mem, s->name)),
                       TP_F(m->c->define[i].expr));
    tp_buf_fmt(&m->b, "reset\n");
    saves(m);
}

/* ---- analyses ------------------------------------------------------------ */

static tp_status analysis(maker *m, int i, tp_err *err)
{
    const tp_analysis *a = &m->c->analysis[i];
    tp_str             text;
    bool               is_op = tp_str_same(tp_plot_kind(a), TP_S("op"));
    TP_TRY(tp_command_at(&text, m->c, i, m->r->value, m->b.mem, err));
    for (int step = 0; step < tp_steps(a); step++) {
        set_step(m, &a->sweep, a->sweep.kind ? a->sweep.value[step] : 0);
        if (a->op && !is_op && !tp_starts_own(a)) command(m, TP_S("op"));
        command(m, text);
    }
    for (int k = 0; k < m->r->n_line; k++)
        if (m->r->line[k].after == i)
            tp_buf_fmt(&m->b, "%.*s\n", TP_F(m->r->line[k].text));
    end_sweep(m, &a->sweep);
    return TP_OK;
}

/* ---- blocks of the deck -------------------------------------------------- */

/* Commands of a block that start nothing and write nothing. */
static const char *const harmless[] = {
    "op",         "dc",      "ac",      "tran",     "noise",     "tf",
    "pz",         "disto",   "sp",      "run",      "alter",     "altermod",
    "alterparam", "reset",   "let",     "unlet",    "print",     "meas",
    "measure",    "set",     "unset",   "option",   "save",      "echo",
    "setplot",    "destroy", "if",      "else",     "elseif",    "end",
    "while",      "dowhile", "repeat",  "foreach",  "break",     "continue",
    "label",      "goto",    "define",  "undefine", "linearize", "setscale",
    "settype",    "fft",     "fourier", "compose",  "display",
};

static bool is_harmless(tp_str line)
{
    tp_str word = tp_str_word(&line, " \t(");
    for (ptrdiff_t i = 0; i < line.len; i++)
        if (tp_str_find(TP_S("`;>|&\\"), line.at[i], 0) >= 0) return false;
    for (int i = 0; i < TP_COUNT(harmless); i++)
        if (tp_str_same(word, tp_str_of(harmless[i]))) return true;
    return false;
}

static bool is_analysis(tp_str word)
{
    for (int i = 0; i < 9; i++)
        if (tp_str_same(word, tp_str_of(harmless[i]))) return true;
    return false;
}

static tp_status run_all(maker *m, tp_err *err)
{
    for (int i = 0; i < m->c->n_analysis; i++) {
        tp_str text;
        TP_TRY(tp_command_at(&text, m->c, i, m->r->value, m->b.mem, err));
        command(m, text);
    }
    return TP_OK;
}

/* The next line with those that go on from it. */
static tp_str next_line(tp_str *text, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    do {
        ptrdiff_t end = tp_str_find(*text, '\n', 0);
        tp_str line = tp_str_trim(end < 0 ? *text : tp_str_part(*text, 0, end));
        *text = end < 0 ? TP_S("") : tp_str_from(*text, end + 1);
        if (b.len > 0) line = tp_str_trim(tp_str_from(line, 1));
        tp_buf_fmt(&b, "%s%.*s", b.len ? " " : "", TP_F(line));
    } while (tp_str_starts(tp_str_trim(*text), TP_S("+")));
    return tp_buf_str(&b);
}

static tp_status statement(maker *m, tp_str line, tp_str word, tp_err *err)
{
    if (line.len == 0 || line.at[0] == '*') return TP_OK;
    if (!is_harmless(line)) {
        tp_buf_fmt(&m->b, "* left out: %.*s\n", TP_F(line));
        return TP_OK;
    }
    if (tp_str_same(word, TP_S("run"))) return run_all(m, err);
    tp_buf_fmt(&m->b, "%.*s\n", TP_F(line));
    if (is_analysis(word)) write_plots(m, line);
    return TP_OK;
}

static tp_status block(maker *m, tp_str text, tp_err *err)
{
    while (text.len > 0) {
        tp_str line = next_line(&text, m->b.mem), rest = line;
        tp_str word = tp_str_word(&rest, " \t");
        if (tp_str_same(word, TP_S("quit")) || tp_str_same(word, TP_S("exit")))
            return TP_OK;
        TP_TRY(statement(m, line, word, err));
    }
    return TP_OK;
}

/* ---- the whole ----------------------------------------------------------- */

static tp_status body(maker *m, tp_err *err)
{
    saves(m);
    for (int i = 0; i < m->r->n_block; i++)
        TP_TRY(block(m, m->r->block[i], err));
    for (int i = 0; !m->r->n_block && i < m->c->n_analysis; i++)
        TP_TRY(analysis(m, i, err));
    return TP_OK;
}

/* The first line is the title, the second how to run it. */
static tp_str headed(const tp_replay *r, const tp_circuit *c, tp_str deck,
                     tp_arena *mem)
{
    ptrdiff_t end = tp_str_find(deck, '\n', 0);
    tp_buf    b = {.mem = mem};
    tp_buf_fmt(&b, "* %.*s\n* run it as: ngspice", TP_F(r->title));
    if (c->behaviour.len)
        tp_buf_fmt(&b, " -D ngbehavior=%.*s", TP_F(c->behaviour));
    tp_buf_fmt(&b, " -n -b FILE\n* it writes %.*s\n%.*s", TP_F(r->raw),
               TP_F(tp_str_from(deck, end + 1)));
    return tp_buf_str(&b);
}

tp_status tp_sim_replay(tp_str *out, const tp_circuit *c, const tp_replay *r,
                        tp_arena *mem, tp_err *err)
{
    maker       m = {.b = {.mem = mem}, .c = c, .r = r};
    tp_tunable *set = TP_NEW(mem, tp_tunable, c->n_param);
    for (int i = 0; i < c->n_param; i++)
        set[i] = (tp_tunable){c->param[i], r->value[i]};
    tp_buf_fmt(&m.b, ".control\nset numdgt=16\noptran 1 1 1 0 0 0\n");
    TP_TRY(body(&m, err));
    tp_buf_fmt(&m.b, "quit\n.endc");
    tp_str deck = tp_circuit_with(c, set, c->n_param, tp_buf_str(&m.b), mem);
    *out = headed(r, c, deck, mem);
    return TP_OK;
}
