/* A trial as a deck for a plain `ngspice -b`: the circuit at its values, its
   analyses, and the measures that ngspice's own `meas` can make with the same
   result (ngspice manual, ".measure"). The rest is read off the raw file. */
#include "run/inside.h"

#include <math.h>

/* ---- measures ------------------------------------------------------------ */

/* "yatx(db(vout),1meg)" taken apart: a function of one vector and numbers. */
typedef struct call {
    tp_str fn, vector;
    int    n;
    double number[3];
} call;

/* Up to the comma or the end, brackets kept whole. */
static tp_str argument(tp_str *rest)
{
    ptrdiff_t i = 0;
    for (int depth = 0; i < rest->len; i++) {
        char c = rest->at[i];
        if (c == ',' && depth == 0) break;
        depth += (c == '(') - (c == ')');
    }
    tp_str one = tp_str_trim(tp_str_part(*rest, 0, i));
    *rest = tp_str_from(*rest, i < rest->len ? i + 1 : i);
    return one;
}

static bool read_call(call *out, tp_str text)
{
    tp_str    s = tp_str_trim(text);
    ptrdiff_t open = tp_str_find(s, '(', 0);
    if (open <= 0 || s.at[s.len - 1] != ')') return false;
    tp_str rest = tp_str_part(s, open + 1, s.len - open - 2);
    *out = (call){.fn = tp_str_trim(tp_str_part(s, 0, open))};
    out->vector = argument(&rest);
    while (rest.len > 0 && out->n < 3)
        if (!tp_number_all(argument(&rest), &out->number[out->n++]))
            return false;
    return rest.len == 0 && out->vector.len > 0;
}

/* The one vector a measure reads, in ngspice's words, inside mag() or db(). */
static bool read_vector(const tp_measure *m, tp_str text, tp_str *fn,
                        tp_str *vector)
{
    static const char *const known[] = {"mag", "db"};
    ptrdiff_t                open = tp_str_find(text, '(', 0);
    *fn = TP_S("");
    for (int i = 0; i < TP_COUNT(known) && open > 0; i++)
        if (tp_str_same(tp_str_part(text, 0, open), tp_str_of(known[i])) &&
            text.at[text.len - 1] == ')')
            *fn = tp_str_of(known[i]);
    if (fn->len) text = tp_str_part(text, open + 1, text.len - open - 2);
    bool signal = m->n_bind == 1 && m->bind[0].kind == TP_BIND_SIGNAL &&
                  !m->bind[0].op && m->bind[0].signal.factor == 1;
    if (!signal || !tp_str_same(m->bind[0].signal.name, tp_str_trim(text)))
        return false;
    *vector = m->bind[0].signal.vector;
    return true;
}

/* Ours are straight over the logarithm of a logarithmic sweep, ngspice's over
   the sweep itself: the same at samples, and on other sweeps. */
static bool is_sample(tp_str command, double x)
{
    tp_str kind = tp_str_word(&command, " \t"), how;
    double n = 0, from = 0;
    if (!tp_str_same(kind, TP_S("ac"))) return true;
    how = tp_str_word(&command, " \t");
    if (!tp_number_all(tp_str_word(&command, " \t"), &n) ||
        !tp_number_all(tp_str_word(&command, " \t"), &from) ||
        !tp_str_same(how, TP_S("dec")))
        return false;
    double steps = n * log10(x / from);
    return steps > -1e-6 && fabs(steps - round(steps)) < 1e-6;
}

/* What follows the vector; "" where meas has no word for it. */
static tp_str meas_words(const call *c, tp_str command, tp_str v, tp_arena *mem)
{
    bool ac = tp_str_starts(command, TP_S("ac"));
    if (tp_str_same(c->fn, TP_S("yatx")) && c->n == 1 &&
        is_sample(command, c->number[0]))
        return tp_str_fmt(mem, "find %.*s at=%.17g", TP_F(v), c->number[0]);
    if (tp_str_same(c->fn, TP_S("maximum")) && c->n == 0)
        return tp_str_fmt(mem, "max %.*s", TP_F(v));
    if (tp_str_same(c->fn, TP_S("minimum")) && c->n == 0)
        return tp_str_fmt(mem, "min %.*s", TP_F(v));
    static const char *const cross[][2] = {
        {"xatnthy", "cross"}, {"xatnthyp", "rise"}, {"xatnthyn", "fall"}};
    for (int i = 0; i < TP_COUNT(cross) && !ac && c->n == 2; i++)
        if (tp_str_same(c->fn, tp_str_of(cross[i][0])))
            return tp_str_fmt(mem, "when %.*s=%.17g %s=%d", TP_F(v),
                              c->number[0], cross[i][1], (int)c->number[1]);
    return TP_S("");
}

static tp_str plain_name(tp_str name, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    for (ptrdiff_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        tp_buf_char(&b, tp_is_alpha(c) || tp_is_digit(c) ? c : '_');
    }
    return tp_buf_str(&b);
}

/* "let tp_1 = db(vout)" and "meas ac gain find tp_1 at=1000". */
static tp_str meas_lines(const tp_measure *m, int i, const tp_circuit *c,
                         tp_arena *mem)
{
    call   k;
    tp_str fn, vector;
    if (m->analysis < 0 || m->analysis >= c->n_analysis || m->over ||
        !read_call(&k, m->text) || !read_vector(m, k.vector, &fn, &vector))
        return TP_S("");
    const tp_analysis *a = &c->analysis[m->analysis];
    tp_str             own = tp_str_fmt(mem, "tp_%d", i + 1);
    tp_str             words = meas_words(&k, a->command, own, mem);
    if (!words.len || a->sweep.kind != TP_SWEEP_NONE) return TP_S("");
    return tp_str_fmt(mem, "let %.*s = %.*s%s%.*s%s\nmeas %.*s %.*s %.*s",
                      TP_F(own), TP_F(fn), fn.len ? "(" : "", TP_F(vector),
                      fn.len ? ")" : "", TP_F(a->kind),
                      TP_F(plain_name(m->name, mem)), TP_F(words));
}

static void add_lines(tp_replay *r, const tp_problem *p, int deck,
                      tp_arena *mem)
{
    const tp_circuit      *c = tp_problem_circuit(p, deck);
    struct tp_replay_line *line =
        TP_NEW(mem, struct tp_replay_line, p->n_measure);
    for (int i = 0; i < p->n_measure; i++) {
        const tp_measure *m = &p->measure[i];
        if (m->bench != tp_problem_bench_of(p, deck)) continue;
        tp_str text = meas_lines(m, i, c, mem);
        if (text.len > 0)
            line[r->n_line++] = (struct tp_replay_line){m->analysis, text};
    }
    r->line = line;
}

/* ---- the deck ------------------------------------------------------------ */

static int value_index(const tp_problem *p, tp_str name)
{
    int at = tp_space_find(&p->space, name);
    if (at >= 0) return at;
    for (int i = 0; i < p->n_derived; i++)
        if (tp_str_same(p->derived[i].name, name)) return p->space.n + i;
    for (int i = 0; i < p->n_setting; i++)
        if (tp_str_same(p->setting[i], name))
            return p->space.n + p->n_derived + i;
    return -1;
}

/* The circuit's parameters out of all values of the problem. */
static tp_status param_values(const double **out, const tp_problem *p, int deck,
                              const double *value, tp_arena *mem, tp_err *err)
{
    const tp_circuit *c = tp_problem_circuit(p, deck);
    double           *v = TP_NEW(mem, double, c->n_param);
    for (int i = 0; i < c->n_param; i++) {
        int at = value_index(p, c->param[i]);
        if (at < 0)
            return tp_fail(err, TP_BAD_INPUT,
                           "parameter '%.*s' of the circuit is no variable",
                           TP_F(c->param[i]));
        v[i] = value[at];
    }
    *out = v;
    return TP_OK;
}

/* A card's statement at the point; "": ngspice's interpreter has no word for it
   (a par() becomes a source of the circuit when a card is read), or it needs
   the measures before it. */
static tp_str card_text(const tp_replay *r, const tp_circuit *c,
                        const tp_control_block *b, tp_arena *mem)
{
    tp_point_names in = {.value = r->value};
    tp_str         text;
    if (tp_str_has(b->text, TP_S("par('")) ||
        tp_text_at(&text, c, b->text, &in, mem, NULL))
        return TP_S("");
    return text;
}

static void add_blocks(tp_replay *r, const tp_control *control,
                       const tp_circuit *c, tp_arena *mem)
{
    tp_str *block = TP_NEW(mem, tp_str, control->n);
    for (int i = 0; i < control->n; i++) {
        const tp_control_block *b = &control->block[i];
        block[i] = b->kind == TP_BLOCK_TEXT ? b->text : card_text(r, c, b, mem);
    }
    r->block = block;
    r->n_block = control->n;
}

tp_status tp_run_replay(tp_str *out, const tp_problem *p, const double *x,
                        const tp_replay_names *names, tp_arena *mem,
                        tp_err *err)
{
    int             deck = names->deck;
    const tp_bench *b = &p->bench[tp_problem_bench_of(p, deck)];
    tp_replay       r = {.title = names->title, .raw = names->raw};
    double         *value = TP_NEW(mem, double, tp_problem_values(p));
    tp_str          why = {"", 0};
    if (b->program)
        return tp_fail(err, TP_BAD_INPUT,
                       "the trials of a script are not decks");
    if (!tp_problem_derive(p, x, value, &why, mem))
        return tp_fail(err, TP_BAD_INPUT, "%.*s", TP_F(why));
    tp_problem_settings(p, tp_problem_corner_of(p, deck), value);
    TP_TRY(param_values(&r.value, p, deck, value, mem, err));
    if (b->control)
        add_blocks(&r, b->control, tp_problem_circuit(p, deck), mem);
    else
        add_lines(&r, p, deck, mem);
    return tp_sim_replay(out, tp_problem_circuit(p, deck), &r, mem, err);
}
