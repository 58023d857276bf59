/* ng_start: start values for operating points (--warm). The operating point of
   the circuit's own values is written into it as .nodeset lines, once, when it
   is loaded: whoever simulates a point, after whichever others, starts from the
   same values. Newton's method ends within the deck's tolerances of the
   solution, on the side it comes from; so with start values it goes on until a
   step is 1e-9 of the value, where a cold start ends too if it does the same.

   A node that hangs on capacitors, gates and gmin alone gets no start value:
   it would move the solution. It is known by its voltage, which moves with
   gmin. */
#include "sim/ng.h"

#include <math.h>

static const char tight[] =
    "reltol=1e-9 vntol=1e-12 abstol=1e-18 gminsteps=0 srcsteps=0";

struct tp_ng_start {
    bool           with; /* the circuit in ngspice has start values */
    bool           usable;
    tp_str         text; /* the circuit with them */
    int            n;
    tp_str        *node;
    tp_str         why;
    tp_ng_voltages own; /* of the circuit's own values */
};

bool tp_ng_start_is_usable(const tp_ng *s)
{
    return s->start && s->start->usable;
}

int tp_ng_start_nodes(const tp_ng *s, const tp_str **node)
{
    *node = s->start->node;
    return s->start->n;
}

tp_str tp_ng_start_why(const tp_ng *s)
{
    return s->start ? s->start->why : TP_S("");
}

const char *tp_ng_start_options(const tp_ng *s)
{
    return s->start && s->start->with ? tight : NULL;
}

/* ---- which circuits ------------------------------------------------------ */

/* Analyses that are told by the operating point, whatever its tolerance; steps
   in time or of a sweep are chosen by the deck's tolerances, and would be
   others. */
static const char *const suited[] = {"op", "ac", "noise", "tf"};

static tp_str refusal(const tp_ng *s, tp_arena *mem)
{
    for (int i = 0; i < s->c->n_analysis; i++) {
        const tp_analysis *a = &s->c->analysis[i];
        bool               ok = false;
        for (int k = 0; k < TP_COUNT(suited); k++)
            ok |= tp_str_same(a->kind, tp_str_of(suited[k]));
        if (!ok)
            return tp_str_fmt(mem, "its .%.*s goes by the deck's tolerances",
                              TP_F(a->kind));
        if (a->sweep.kind != TP_SWEEP_NONE)
            return tp_str_fmt(mem, "a sweep over %.*s", TP_F(a->sweep.name));
    }
    if (s->c->n_analysis == 0) return TP_S("it has no analyses");
    return s->events ? TP_S("it has parts that are simulated by events")
                     : TP_S("");
}

/* ---- operating points ---------------------------------------------------- */

/* All vectors of the operating point as things are; false: there is none. */
static bool find_point(tp_ng *s, tp_plot *out, tp_arena *mem)
{
    tp_outcome how = TP_RAN;
    tp_str     why = tp_ng_analyse(s, TP_S("op"), &how, mem);
    if (why.len == 0) why = tp_ng_read_plot(out, TP_S("op1"), TP_S("op"), mem);
    tp_words_clear(&s->words);
    return why.len == 0 && !s->lost;
}

static double value_in(const tp_plot *p, tp_str node)
{
    const tp_wave *w = tp_plot_find(p, node);
    return w && w->n > 0 ? w->re[0] : NAN;
}

bool tp_ng_start_find(tp_ng *s, tp_ng_voltages *out, tp_arena *mem)
{
    const struct tp_ng_start *a = s->start;
    double                   *v = TP_NEW(mem, double, a->n);
    tp_plot                   p;
    if (!find_point(s, &p, mem)) return false;
    for (int i = 0; i < a->n; i++) v[i] = value_in(&p, a->node[i]);
    out->v = v;
    return true;
}

/* Five times what Newton's method leaves at ngspice's own tolerances: reltol
   1e-3, vntol 1 uV. */
static bool is_same(double a, double b)
{
    return fabs(a - b) <= 5e-3 * fmax(fabs(a), fabs(b)) + 5e-6;
}

tp_str tp_ng_start_differs(const tp_ng *s, const tp_ng_voltages *warm,
                           const tp_ng_voltages *cold, tp_arena *mem)
{
    const struct tp_ng_start *a = s->start;
    for (int i = 0; i < a->n; i++)
        if (!is_same(warm->v[i], cold->v[i]))
            return tp_str_fmt(mem, "v(%.*s) is %.4g V, %.4g V by a cold start",
                              TP_F(a->node[i]), warm->v[i], cold->v[i]);
    return TP_S("");
}

/* ---- the circuit with start values --------------------------------------- */

/* Names that .nodeset reads as they are; those of nodes inside devices have a
   '#'. */
static bool is_plain(tp_str name)
{
    for (ptrdiff_t i = 0; i < name.len; i++)
        if (!tp_is_alpha(name.at[i]) && !tp_is_digit(name.at[i]) &&
            tp_str_find(TP_S("._"), name.at[i], 0) < 0)
            return false;
    return name.len > 0;
}

/* The nodes whose voltage stays where it is when gmin moves by 100. */
static bool choose_nodes(tp_ng *s, const tp_plot *own, tp_arena *mem)
{
    struct tp_ng_start *a = s->start;
    tp_plot             more, less;
    double             *v = TP_NEW(mem, double, own->n_wave);
    a->node = TP_NEW(mem, tp_str, own->n_wave);
    if (!tp_ng_send(s, "option gmin=1e-11") || !find_point(s, &more, mem) ||
        !tp_ng_send(s, "option gmin=1e-13") || !find_point(s, &less, mem))
        return false;
    for (int i = 0; i < own->n_wave; i++) {
        const tp_wave *w = &own->wave[i];
        double         x = value_in(&more, w->name);
        double         y = value_in(&less, w->name);
        bool steady = fabs(x - y) <= 1e-2 * fmax(fabs(x), fabs(y)) + 1e-5;
        if (!steady || !is_plain(w->name) || w->n != 1 ||
            !tp_str_eq(w->unit, TP_S("V")))
            continue;
        v[a->n] = w->re[0];
        a->node[a->n++] = w->name;
    }
    a->own.v = v;
    return a->n > 0;
}

/* Behind the title, so that nothing else moves but by whole lines. */
static tp_str with_start(const tp_ng *s, tp_arena *mem)
{
    const struct tp_ng_start *a = s->start;
    tp_buf                    b = {.mem = mem};
    tp_str                    text = s->c->text;
    ptrdiff_t                 title = tp_str_find(text, '\n', 0) + 1;
    tp_buf_add(&b, tp_str_part(text, 0, title));
    for (int i = 0; i < a->n; i++)
        tp_buf_fmt(&b, ".nodeset v(%.*s)=%.17g\n", TP_F(a->node[i]),
                   a->own.v[i]);
    tp_buf_add(&b, tp_str_from(text, title));
    return tp_buf_str(&b);
}

static bool read_anew(tp_ng *s, bool with, tp_arena mem)
{
    struct tp_ng_start *a = s->start;
    tp_words_clear(&s->words);
    if (!tp_ng_send(s, "destroy all") || !tp_ng_send(s, "remcirc"))
        return false;
    a->with = with;
    s->plots = false;
    s->dirty = true;
    s->warm = false;
    s->counted = -1;
    for (int i = 0; i < s->c->n_param; i++) s->current[i] = NAN;
    tp_ng_dials_forget(s);
    return tp_ng_read_circuit(s, with ? a->text : s->c->text, mem);
}

bool tp_ng_start_use(tp_ng *s, bool with, tp_arena mem)
{
    if (!s->start || s->start->with == with) return true;
    return read_anew(s, with, mem);
}

/* ---- once ---------------------------------------------------------------- */

/* "" or why there are no start values; the circuit may be left with them. */
static tp_str prepare(tp_ng *s, tp_arena *mem)
{
    struct tp_ng_start *a = s->start;
    tp_plot             own;
    tp_ng_voltages      again;
    tp_str              why = refusal(s, mem);
    if (why.len > 0) return why;
    if (!find_point(s, &own, mem))
        return TP_S("there is no operating point at the start values");
    if (!choose_nodes(s, &own, mem))
        return TP_S("no node's voltage is told by a path for direct current");
    a->text = with_start(s, mem);
    if (!tp_ng_start_use(s, true, *mem) || !tp_ng_start_find(s, &again, mem))
        return TP_S("it does not converge from its own operating point");
    return tp_ng_start_differs(s, &again, &a->own, mem);
}

void tp_ng_start_open(tp_ng *s, tp_arena *mem)
{
    struct tp_ng_start *a = s->start = TP_NEW(mem, struct tp_ng_start, 1);
    tp_str              why = prepare(s, mem);
    a->why = TP_S("");
    a->usable = why.len == 0 && !s->lost;
    if (!a->usable)
        a->why = tp_str_fmt(mem,
                            "warm: every operating point is sought from "
                            "nothing: %.*s",
                            TP_F(why));
    if (s->lost) return;
    if (!a->usable && !read_anew(s, false, *mem)) s->lost = true;
    tp_ng_send(s, "destroy all");
    tp_ng_forget(s);
}
