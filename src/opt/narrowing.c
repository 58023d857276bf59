/* A full grid over the box, or a Latin hypercube of its points (McKay, Beckman,
   Conover 1979), then finer ones around the best point: round
   after round the range is one old step to each side and the step shrinks, as
   the bandgap sweeps of vcli's circuit-optimizer do by hand. The first
   variable varies slowest. Points of an earlier grid are asked again, which
   costs nothing: who keeps the trials has their answers. */
#include "num/num.h"
#include "opt/own.h"
#include "opt/walk.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { POINTS_MAX = 100000 };

typedef struct settings {
    int    npts[TP_AXES_MAX];
    int    sample;
    int    rounds, patience;
    double shrink, gate;
} settings;

static const tp_param params[] = {
    {.name = "npts",
     .type = TP_INT,
     .at = offsetof(settings, npts),
     .count = TP_AXES_MAX,
     .def = 5,
     .min = 1,
     .max = 1000000,
     .text = "Points of the first grid along the first (npts0), second "
             "(npts1), ... variable, bounds included; 1: it stays at its "
             "start."},
    {.name = "sample",
     .type = TP_INT,
     .at = offsetof(settings, sample),
     .def = 0,
     .min = 0,
     .max = POINTS_MAX,
     .text = "Instead of all points of the first grid the start and so many of "
             "them, as a Latin hypercube; 0: all."},
    {.name = "rounds",
     .type = TP_INT,
     .at = offsetof(settings, rounds),
     .def = 8,
     .min = 0,
     .max = 1000,
     .text = "Finer grids after the first one."},
    {.name = "shrink",
     .type = TP_REAL,
     .at = offsetof(settings, shrink),
     .def = 0.5,
     .min = 0.05,
     .max = 0.9,
     .text = "A round's step over that of the round before."},
    {.name = "gate",
     .type = TP_REAL,
     .at = offsetof(settings, gate),
     .def = 1,
     .min = 0,
     .max = 100,
     .unit = "%",
     .text = "A round that betters the best cost by less than this is a "
             "still one; 0: none is."},
    {.name = "patience",
     .type = TP_INT,
     .at = offsetof(settings, patience),
     .def = 2,
     .min = 1,
     .max = 1000,
     .text = "Still rounds in a row that end it."},
    {0},
};

/* The values along one axis. */
typedef struct axis {
    int     many;
    double *at, step; /* step 0: it does not move */
} axis;

/* How many points a grid has, -1: above POINTS_MAX. */
static int count(const axis *a, int n)
{
    int all = 1;
    for (int i = 0; i < n; i++) {
        int many = a[i].many > 1 ? a[i].many : 1;
        if (many > POINTS_MAX / all) return -1;
        all *= many;
    }
    return all;
}

static void first_grid(tp_walk *w, axis *a)
{
    const settings *set = w->opt->settings;
    for (int i = 0; i < w->n; i++) {
        int many = set->npts[w->free[i]];
        a[i] = (axis){.many = many, .at = TP_NEW(&w->opt->mem, double, many)};
        if (many > 1) a[i].step = 1.0 / (many - 1);
        for (int k = 0; k < many; k++)
            a[i].at[k] = many > 1 ? (double)k / (many - 1) : w->start[i];
    }
}

/* The value of the axis beside v, or v where there is none: bit for bit that
   of an earlier grid. */
static double snapped(const axis *a, double v)
{
    for (int k = 0; k < a->many; k++)
        if (fabs(a->at[k] - v) < 1e-9) return a->at[k];
    return v;
}

/* One old step to each side of `at`, as far as the box goes. */
static void finer_grid(tp_walk *w, const double *at, axis *a)
{
    const settings *set = w->opt->settings;
    int             side = (int)(1 / set->shrink + 1e-9);
    for (int i = 0; i < w->n; i++) {
        if (a[i].step == 0) continue;
        axis   old = a[i];
        double middle = snapped(&old, at[i]), step = old.step * set->shrink;
        int    below = (int)fmin(side, floor(middle / step + 1e-9));
        int    above = (int)fmin(side, floor((1 - middle) / step + 1e-9));
        a[i] = (axis){.many = 1 + below + above, .step = step};
        a[i].at = TP_NEW(&w->opt->mem, double, a[i].many);
        for (int k = 0; k < a[i].many; k++)
            a[i].at[k] = snapped(&old, middle + (k - below) * step);
    }
}

static void lay(const tp_walk *w, const axis *a, int n, tp_walk_point *p)
{
    for (int k = 0; k < n; k++) {
        int rest = k;
        for (int i = w->n - 1; i >= 0; i--) {
            int many = a[i].many > 1 ? a[i].many : 1;
            assert(a[i].at); /* every axis has its values */
            p[k].x[i] = a[i].at[rest % many];
            rest /= many;
        }
    }
}

static bool still(const tp_walk_point *old, const tp_walk_point *now,
                  double gate)
{
    if (!tp_walk_feasible(old) || !tp_walk_feasible(now)) return false;
    return gate > 0 && old->f - now->f < gate / 100 * fabs(old->f);
}

/* Points of the grid, each value of an axis about as often as another. */
static void draw(const tp_walk *w, const axis *a, int n, tp_walk_point *p)
{
    tp_arena mem = w->opt->mem;
    tp_rng   rng = tp_rng_at(w->opt->seed, 0);
    double  *u = TP_NEW(&mem, double, (ptrdiff_t)n * w->n);
    tp_latin(u, w->n, n, &rng, mem);
    for (int k = 0; k < n; k++)
        for (int i = 0; i < w->n; i++) {
            int many = a[i].many > 1 ? a[i].many : 1;
            int at = (int)(u[(ptrdiff_t)k * w->n + i] * many);
            assert(a[i].at); /* every axis has its values */
            p[k].x[i] = a[i].at[at < many ? at : many - 1];
        }
}

/* The next grid is around one of few points: its steps are as far as these are
   from each other, in steps of the first grid. */
static void widen(axis *a, int n, int sample)
{
    for (int i = 0; i < n; i++)
        a[i].step *= fmax(1, round((double)(a[i].many - 1) / sample));
}

/* Evaluates the grid, or `sample` of its points, after *best itself where it is
   not known yet; *best is then the best of all. */
static bool sweep(tp_walk *w, const axis *g, int sample, bool known,
                  tp_walk_point *best)
{
    tp_arena       mem = w->opt->mem; /* the grid's points are gone after it */
    int            n = sample ? sample : count(g, w->n), more = !known;
    tp_walk_point *p = tp_walk_points(w, n + 1);
    memcpy(p->x, best->x, sizeof *p->x * (size_t)w->n);
    if (sample)
        draw(w, g, n, p + more);
    else
        lay(w, g, n, p + more);
    bool go_on = tp_walk_eval(w, p, n + more);
    if (go_on && more) tp_walk_copy(w, best, p);
    for (int k = more; go_on && k < n + more; k++)
        if (tp_walk_rank(&p[k], best) < 0) tp_walk_copy(w, best, &p[k]);
    w->opt->mem = mem;
    return go_on;
}

static void body(tp_walk *w)
{
    const settings *set = w->opt->settings;
    axis            g[TP_AXES_MAX] = {0};
    tp_walk_point  *best = tp_walk_points(w, 2), *before = best + 1;
    int             quiet = 0;
    memcpy(best->x, w->start, sizeof *best->x * (size_t)w->n);
    first_grid(w, g);
    if (!sweep(w, g, set->sample, false, best)) return;
    if (set->sample) widen(g, w->n, set->sample);
    for (int round = 0; round < set->rounds; round++) {
        tp_walk_copy(w, before, best);
        finer_grid(w, best->x, g);
        if (!sweep(w, g, 0, true, best)) return;
        quiet = still(before, best, set->gate) ? quiet + 1 : 0;
        if (quiet < set->patience) continue;
        w->why = "ftolreached";
        return;
    }
    w->why = "all points evaluated";
}

static tp_status init(tp_opt *o, tp_err *err)
{
    const settings *set = o->settings;
    axis            g[TP_AXES_MAX] = {0};
    int             n = 0, side = 1 + 2 * (int)(1 / set->shrink + 1e-9);
    TP_TRY(tp_axes_fit(o, "narrowing", err));
    for (int i = 0; i < o->space->n; i++) {
        if (!(o->space->var[i].lo < o->space->var[i].hi)) continue;
        int  many = set->npts[i];
        bool finer = many > 1 && set->rounds;
        if (set->sample) many = finer ? side : 1; /* the first is not laid */
        g[n++].many = finer && many < side ? side : many;
    }
    if (count(g, n) < 0)
        return tp_fail(err, TP_LIMIT,
                       "narrowing: a grid over %d variables has more than %d "
                       "points; set npts0, npts1, ... lower or shrink higher",
                       n, POINTS_MAX);
    return tp_walk_init(o, body, err);
}

const tp_opt_ops tp_opt_narrowing = {
    .name = "narrowing",
    .aliases = "",
    .summary = "a full grid, then finer ones around the best point",
    .source = "vcli circuit-optimizer, bandgap sweeps",
    .can = TP_OPT_CONSTRAINTS | TP_OPT_NEEDS_BOUNDS | TP_OPT_GLOBAL |
           TP_OPT_PARALLEL,
    .window = 16,
    .settings_size = sizeof(settings),
    .params = params,
    .init = init,
    TP_WALK_OPS,
};
