/* Hooke and Jeeves's pattern search (J. ACM 8 (1961) 212), as a method of
   SPICE OPUS's optimize: a step each way along each axis, kept when better;
   what a whole round gained is gone on with, alpha times as far. The step
   begins at a tenth of the range and is halved where a round gains nothing. */
#include "opt/own.h"
#include "opt/walk.h"

#include <math.h>
#include <string.h>

typedef struct settings {
    double alpha, epsilon;
} settings;

static const tp_param params[] = {
    {.name = "alpha",
     .type = TP_REAL,
     .at = offsetof(settings, alpha),
     .def = 2,
     .min = 1,
     .max = 10,
     .text = "Length of a pattern move, in rounds: from the base before, over "
             "the new one (SPICE OPUS manual; 2: Hooke, Jeeves 1961)."},
    {.name = "epsilon",
     .type = TP_REAL,
     .at = offsetof(settings, epsilon),
     .def = 0.1,
     .min = 1e-9,
     .max = 100,
     .unit = "%",
     .text = "Ends when the step is smaller, in per cent of the range (SPICE "
             "OPUS manual)."},
    {0},
};

static const double FIRST = 0.1, SHRINK = 0.5; /* of the range; factor */

/* Moves p to the best of the steps along each axis in turn. */
static bool explore(tp_walk *w, tp_walk_point *p, double step,
                    tp_walk_point *try)
{
    for (int i = 0; i < w->n; i++)
        for (int side = 1; side >= -1; side -= 2) {
            double by = side * tp_walk_step(w, p->x, i, step);
            memcpy(try->x, p->x, sizeof *p->x * (size_t)w->n);
            try->x[i] = fmin(fmax(p->x[i] + by, 0), 1);
            if (try->x[i] == p->x[i]) continue;
            const tp_walk_point *const rival = p;
            if (!tp_walk_eval_against(w, try, 1, &rival)) return false;
            if (tp_walk_rank(try, p) >= 0) continue;
            tp_walk_copy(w, p, try);
            break;
        }
    return true;
}

/* From `base` (its value known), with `old` the base before: moves on in the
   pattern as long as that gains, and by more than half a step: a round that
   comes back to its base but for rounding gains nothing (Bell, Pike, Comm.
   ACM 9 (1966) 684). */
static bool patterns(tp_walk *w, tp_walk_point *base, tp_walk_point *old,
                     double step, tp_walk_point *spare)
{
    const settings *set = w->opt->settings;
    tp_walk_point  *next = spare, *try = spare + 1;
    for (;;) {
        for (int i = 0; i < w->n; i++)
            next->x[i] = old->x[i] + set->alpha * (base->x[i] - old->x[i]);
        if (!tp_walk_eval(w, next, 1)) return false;
        if (!explore(w, next, step, try)) return false;
        if (tp_walk_rank(next, base) >= 0) return true;
        if (tp_walk_moved(w, next->x, base->x) < 0.5 * step) return true;
        tp_walk_copy(w, old, base);
        tp_walk_copy(w, base, next);
    }
}

static void body(tp_walk *w)
{
    const settings *set = w->opt->settings;
    tp_walk_point  *base = tp_walk_points(w, 4), *old = base + 1;
    double          step = FIRST;
    memcpy(base->x, w->start, sizeof *base->x * (size_t)w->n);
    if (!tp_walk_eval(w, base, 1) || !tp_walk_settle(w, base)) return;
    while (step >= set->epsilon / 100) {
        tp_walk_copy(w, old, base);
        if (!explore(w, base, step, base + 2)) return;
        if (tp_walk_rank(base, old) >= 0)
            step *= SHRINK;
        else if (!patterns(w, base, old, step, base + 2))
            return;
    }
    w->why = "step small enough";
}

static tp_status init(tp_opt *o, tp_err *err)
{
    return tp_walk_init(o, body, err);
}

const tp_opt_ops tp_opt_hooke_jeeves = {
    .name = "hooke_jeeves",
    .aliases = "",
    .summary = "steps along the axes and pattern moves",
    .source = "Hooke, Jeeves, J. ACM 8 (1961) 212; SPICE OPUS manual",
    .can = TP_OPT_CONSTRAINTS | TP_OPT_NEEDS_BOUNDS,
    .window = 1,
    .settings_size = sizeof(settings),
    .params = params,
    .init = init,
    TP_WALK_OPS,
    .bound = tp_walk_bound,
};
