/* What a check moves beside a problem's own variables: parameters of the deck,
   and numbers on devices' cards. The problem is made; its variables grow, and
   its circuit is written anew. */
#include "front/inside.h"

#include <math.h>

static const double part = 0.2; /* of a value: what everything moves by */

typedef struct varied {
    tp_problem *p;
    tp_deck    *deck;
    tp_arena   *mem;
    int         n, cap;
    tp_var     *var; /* the variables, those there were first */
} varied;

static tp_var variable(tp_str name, double lo, double hi, double start)
{
    tp_var v = {
        .name = name, .unit = TP_S(""), .lo = lo, .hi = hi, .start = start};
    return v;
}

/* The deck's own number where it is one and in the range, else the middle. */
static double start_of(tp_str text, const tp_vary *by)
{
    double v;
    if (tp_number_all(text, &v) && v >= by->lo && v <= by->hi) return v;
    return by->lo + (by->hi - by->lo) / 2;
}

/* What a parameter of the deck, or a card, says. */
static tp_str text_of(const varied *v, tp_str param)
{
    const tp_circuit *c = v->p->bench[0].circuit;
    const tp_tune    *tune;
    int               n = tp_deck_tunes(v->deck, &tune);
    for (int i = 0; i < c->n_define; i++)
        if (tp_str_same(c->define[i].name, param)) return c->define[i].expr;
    for (int i = 0; i < n; i++)
        if (tp_str_same(tune[i].param, param)) return tune[i].text;
    return TP_S("");
}

/* One `NAME=LO:HI`, which comes after `n` others. */
static tp_status vary_named(varied *v, const tp_vary *by, int n, tp_err *err)
{
    tp_str name = by->name;
    for (int i = 1; i <= n; i++)
        if (tp_str_same(by[-i].name, name))
            return tp_fail(err, TP_BAD_INPUT, "--vary: %.*s is moved twice",
                           TP_F(name));
    if (!(by->lo <= by->hi))
        return tp_fail(err, TP_BAD_INPUT, "%.*s: %g is above %g", TP_F(name),
                       by->lo, by->hi);
    int at = tp_space_find(&v->p->space, name);
    if (at >= 0 && v->var) {
        double start = fmin(fmax(v->var[at].start, by->lo), by->hi);
        v->var[at] = variable(v->var[at].name, by->lo, by->hi, start);
        return TP_OK;
    }
    if (!tp_deck_uses_param(v->deck, name))
        TP_TRY(tp_deck_tune(v->deck, name, &name, err));
    *TP_PUSH(v->mem, v->var, v->n, v->cap) =
        variable(name, by->lo, by->hi, start_of(text_of(v, name), by));
    return TP_OK;
}

/* Within its bounds. */
static void vary_own(tp_var *v)
{
    double by = part * fabs(v->start);
    if (by == 0) by = part;
    v->lo = fmax(v->lo, v->start - by);
    v->hi = fmin(v->hi, v->start + by);
    v->log = false;
}

static void vary_all(varied *v)
{
    const tp_tune *tune;
    int            before = tp_deck_tunes(v->deck, &tune);
    for (int i = 0; i < v->p->space.n; i++)
        if (v->var[i].n_list == 0 && v->var[i].step == 0) vary_own(&v->var[i]);
    tp_deck_tune_geometry(v->deck);
    int n = tp_deck_tunes(v->deck, &tune);
    for (int i = before; i < n; i++)
        *TP_PUSH(v->mem, v->var, v->n, v->cap) =
            variable(tune[i].param, 1 - part, 1 + part, 1);
}

/* The circuit with all variables as its parameters. */
static tp_status write_again(varied *v, tp_err *err)
{
    tp_problem       *p = v->p;
    const tp_circuit *old = p->bench[0].circuit;
    tp_circuit       *circuit = TP_NEW(v->mem, tp_circuit, 1);
    tp_bench         *bench = TP_NEW(v->mem, tp_bench, 1);
    tp_tunable       *tunable = TP_NEW(v->mem, tp_tunable, v->n);
    p->space = (tp_space){v->n, v->var};
    for (int i = 0; i < v->n; i++)
        tunable[i] = (tp_tunable){v->var[i].name, v->var[i].start};
    TP_TRY(tp_deck_circuit(circuit, v->deck, tunable, v->n, old->analysis,
                           old->n_analysis, err));
    circuit->n_save = old->n_save;
    circuit->save = old->save;
    *bench = p->bench[0];
    bench->circuit = circuit;
    p->bench = bench;
    return TP_OK;
}

tp_status tp_front_vary(tp_problem *p, const tp_vary *by, int n, tp_arena *mem,
                        tp_err *err)
{
    if (p->n_bench != 1 || p->n_corner > 1 || p->n_derived + p->n_setting > 0)
        return n == 0 ? TP_OK
                      : tp_fail(err, TP_BAD_INPUT,
                                "--vary: only a deck's numbers can be varied; "
                                "%.*s has variables of its own",
                                TP_F(p->path));
    varied v = {.p = p, .deck = p->bench[0].deck, .mem = mem};
    for (int i = 0; i < p->space.n; i++)
        *TP_PUSH(mem, v.var, v.n, v.cap) = p->space.var[i];
    for (int i = 0; i < n; i++) TP_TRY(vary_named(&v, &by[i], i, err));
    if (n == 0) vary_all(&v);
    return write_again(&v, err);
}
