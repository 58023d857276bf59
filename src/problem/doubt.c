/* A look at the first measured values: what is not wrong by itself, but seldom
   what was meant. */
#include "problem/problem.h"

#include <math.h>

typedef struct doubts {
    const tp_problem *p;
    const tp_reading *r; /* of the corner */
    int               corner, n, cap;
    tp_str           *list;
    tp_arena         *mem;
} doubts;

static void add(doubts *d, int measure, tp_str text)
{
    const tp_problem *p = d->p;
    tp_str            name = p->measure[measure].name, in = {"", 0};
    if (p->n_corner > 1) in = p->corner[d->corner].name;
    *TP_PUSH(d->mem, d->list, d->n, d->cap) =
        tp_str_fmt(d->mem, "%.*s%s%.*s: %.*s", TP_F(name), in.len ? " in " : "",
                   TP_F(in), TP_F(text));
}

static tp_str unit_of(const doubts *d, int i)
{
    return d->r[i].unit.len ? d->r[i].unit : d->p->measure[i].unit;
}

/* A margin is counted from -180 to 180 degrees. */
static void look_at_phase(doubts *d, int i)
{
    double v = d->r[i].value;
    if (!tp_str_same(unit_of(d, i), TP_S("deg")) || fabs(v) <= 180) return;
    add(d, i,
        tp_str_fmt(d->mem,
                   "%.4g degrees: the phase seems not to be followed from its "
                   "start on (phaseMargin() does)",
                   v));
}

static void look_at_power(doubts *d, int i)
{
    double v = d->r[i].value;
    if (!tp_str_same(unit_of(d, i), TP_S("W")) || v >= 0) return;
    add(d, i,
        tp_str_fmt(d->mem,
                   "%.4g W is negative: the current into the plus terminal of "
                   "a source that supplies is",
                   v));
}

static bool is_named(tp_str name, const char *const *words)
{
    for (; *words; words++)
        if (tp_str_starts(name, tp_str_of(*words))) return true;
    return false;
}

/* A unity-gain frequency where the gain never was above one. */
static void look_at_gain(doubts *d, int i)
{
    static const char *const unity[] = {"gbw", "ugbw", "ugf", "unity", NULL};
    const tp_problem        *p = d->p;
    if (!is_named(p->measure[i].name, unity)) return;
    for (int k = 0; k < p->n_measure; k++) {
        bool gain = tp_str_starts(p->measure[k].name, TP_S("gain")) &&
                    tp_str_same(unit_of(d, k), TP_S("dB"));
        if (!gain || !d->r[k].ok || d->r[k].value >= 0) continue;
        add(d, i,
            tp_str_fmt(d->mem,
                       "it has a value though %.*s is %.3g dB: the gain is "
                       "below one at low frequency",
                       TP_F(p->measure[k].name), d->r[k].value));
    }
}

static void look_at_saturation(doubts *d, int i)
{
    const tp_measure *m = &d->p->measure[i];
    if (!m->saturation || d->r[i].value >= 0) return;
    add(d, i,
        tp_str_fmt(d->mem,
                   "the device is out of saturation by %.3g V (|vds| below "
                   "|vdsat|)",
                   -d->r[i].value));
}

int tp_problem_doubts(const tp_str **out, const tp_problem *p,
                      const tp_reading *r, tp_arena *mem)
{
    static void (*const look[])(doubts * d, int i) = {
        look_at_phase, look_at_power, look_at_gain, look_at_saturation};
    doubts d = {.p = p, .mem = mem};
    for (int c = 0; c < tp_problem_corners(p); c++) {
        if (!tp_problem_asked(p, r, c)) continue;
        d.corner = c;
        d.r = r + (ptrdiff_t)c * p->n_measure;
        for (int i = 0; i < p->n_measure; i++)
            for (int k = 0; k < TP_COUNT(look) && d.r[i].ok; k++)
                look[k](&d, i);
    }
    *out = d.list;
    return d.n;
}
