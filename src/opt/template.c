/* RANDOM_SEARCH: points drawn evenly in the box, and around the best one.

   This is also the file to start a new method from:
   1. copy it to src/opt/<method>.c and name that file in src/opt/meson.build;
   2. give `tp_opt_random_search` a name of your own and add it to own.h;
   3. change the settings: a struct, and one row each in `params`;
   4. write `init` (everything in o->mem), `ask` and `tell`. A method only sees
      the unit scale; draw random numbers from tp_rng_at(o->seed, k) for the
      k-th ask, so that the same seed and the same tells give the same points;
   5. say what it can (TP_OPT_...) and run test_opt_contract, which checks every
      row of the list, and add a line to test/opt/targets.txt.
   A method that is straight code with one batch of points after another
   stands on walk.h instead. */
#include "opt/own.h"

#include <math.h>
#include <string.h>

typedef struct settings {
    double near;   /* part of the points drawn around the best */
    double radius; /* their deviation, in the unit scale */
} settings;

static const tp_param params[] = {
    {.name = "near",
     .type = TP_REAL,
     .at = offsetof(settings, near),
     .def = 0.5,
     .min = 0,
     .max = 1,
     .text = "Part of the points that is drawn around the best one."},
    {.name = "radius",
     .type = TP_REAL,
     .at = offsetof(settings, radius),
     .def = 0.1,
     .min = 1e-6,
     .max = 1,
     .text = "Their standard deviation, as a part of the range."},
    {0},
};

typedef struct state {
    double  *lo, *hi;
    double  *best; /* its point; the start until one was told */
    double   f, miss;
    bool     any;
    uint64_t asked, told;
} state;

static tp_status init(tp_opt *o, tp_err *err)
{
    int    n = o->space->n;
    state *s = o->state = TP_NEW(&o->mem, state, 1);
    s->lo = TP_NEW(&o->mem, double, n);
    s->hi = TP_NEW(&o->mem, double, n);
    s->best = TP_NEW(&o->mem, double, n);
    tp_space_bounds(o->space, s->lo, s->hi);
    for (int i = 0; i < n; i++) {
        const tp_var *v = &o->space->var[i];
        if (!(s->hi[i] - s->lo[i] < INFINITY))
            return tp_fail(err, TP_BAD_INPUT,
                           "RANDOM_SEARCH: %.*s needs both bounds",
                           TP_F(v->name));
        s->best[i] = v->start;
    }
    tp_space_unit(o->space, s->best, s->best);
    return TP_OK;
}

/* The start point first, then a point of the box or one near the best. Points
   told count as asked: who is told the same goes on the same way. */
static tp_ask ask(tp_opt *o, double *x, int *tag)
{
    const settings *set = o->settings;
    state          *s = o->state;
    const double   *lo = o->lo ? o->lo : s->lo, *hi = o->hi ? o->hi : s->hi;
    if (s->told > s->asked) s->asked = s->told;
    tp_rng rng = tp_rng_at(o->seed, s->asked);
    bool   near = tp_rng_uniform(&rng) < set->near;
    for (int i = 0; i < o->space->n; i++) {
        double u = near ? s->best[i] + set->radius * tp_rng_normal(&rng)
                        : lo[i] + (hi[i] - lo[i]) * tp_rng_uniform(&rng);
        if (s->asked == 0) u = s->best[i];
        x[i] = fmin(fmax(u, lo[i]), hi[i]);
    }
    s->asked++;
    *tag = 0;
    return TP_ASK_POINT;
}

/* Feasible by f comes before infeasible by violation; a failed trial never is
   the best. */
static void tell(tp_opt *o, int tag, const double *x, const tp_obs *y)
{
    state *s = o->state;
    double miss = 0;
    (void)tag;
    s->told++;
    if (!y->ok) return;
    for (int i = 0; i < y->n_g; i++) miss += fmax(0, y->g[i]);
    bool better = miss != s->miss ? miss < s->miss : y->f < s->f;
    if (s->any && !better) return;
    s->any = true;
    s->miss = miss;
    s->f = y->f;
    memcpy(s->best, x, sizeof *x * (size_t)o->space->n);
}

/* Only the best counts, and what beats it. */
static bool bound(const tp_opt *o, int tag, tp_opt_bound *out)
{
    const state *s = o->state;
    (void)tag;
    out->violation = s->miss;
    if (s->any && s->miss <= 0) out->f = s->f;
    return s->any;
}

static const char *finished(const tp_opt *o)
{
    (void)o;
    return NULL; /* the run's limits end it */
}

static void close(tp_opt *o)
{
    o->state = NULL; /* all of it is in o->mem */
}

const tp_opt_ops tp_opt_random_search = {
    .name = "RANDOM_SEARCH",
    .aliases = "RANDOM",
    .summary = "random points, half of them near the best; the baseline",
    .source = "Anderson, J. Operational Research Society 4 (1953) 66",
    .can = TP_OPT_CONSTRAINTS | TP_OPT_NEEDS_BOUNDS | TP_OPT_GLOBAL |
           TP_OPT_RANDOM | TP_OPT_PARALLEL | TP_OPT_ENDLESS | TP_OPT_FOREIGN,
    .window = 8,
    .settings_size = sizeof(settings),
    .params = params,
    .init = init,
    .ask = ask,
    .tell = tell,
    .bound = bound,
    .finished = finished,
    .close = close,
};
