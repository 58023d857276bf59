/* Simulated annealing (Kirkpatrick, Gelatt, Vecchi, Science 220 (1983) 671),
   as a method of SPICE OPUS's optimize: the spread of the cost over random
   points is the first temperature; at each stage `moves` random moves inside a
   range around the current point, taken by Metropolis' rule; then temperature
   and range shrink. The manual leaves open how the range goes: with the square
   root of the temperature, so that in a bowl it follows the points that are
   likely. It never is smaller than a step of the variable's grid. */
#include "opt/own.h"
#include "opt/walk.h"

#include <math.h>
#include <string.h>

enum { PER_VARIABLE = 10 };

typedef struct settings {
    int    init_num_of_pts; /* 0: 10n */
    double tmin, range_min;
    int    moves; /* 0: 10n */
    double alpha;
} settings;

static const tp_param params[] = {
    {.name = "init_num_of_pts",
     .type = TP_INT,
     .at = offsetof(settings, init_num_of_pts),
     .min = 0,
     .max = 10000,
     .text = "Random points that set the first temperature; 0: 10 per variable "
             "(SPICE OPUS manual; default ours)."},
    {.name = "tmin",
     .type = TP_REAL,
     .at = offsetof(settings, tmin),
     .def = 1e-6,
     .min = 1e-300,
     .max = 1e300,
     .text = "Last temperature, in units of the cost (SPICE OPUS manual; "
             "default ours)."},
    {.name = "range_min",
     .type = TP_REAL,
     .at = offsetof(settings, range_min),
     .def = 1e-3,
     .min = 1e-12,
     .max = 1,
     .text = "Smallest range of the moves, as a part of the variable's range "
             "(SPICE OPUS manual; default ours)."},
    {.name = "moves",
     .type = TP_INT,
     .at = offsetof(settings, moves),
     .min = 0,
     .max = 1000000,
     .text = "Moves at each temperature; 0: 10 per variable (SPICE OPUS "
             "manual, of the first stage; default ours)."},
    {.name = "alpha",
     .type = TP_REAL,
     .at = offsetof(settings, alpha),
     .def = 0.9,
     .min = 0.001,
     .max = 0.9999,
     .text = "Cooling factor (SPICE OPUS manual; default ours)."},
    {0},
};

/* Standard deviation of the cost over the feasible points; when there is
   none, the size of the cost itself, or 1. */
static double spread(const tp_walk_point *p, int count)
{
    double mean = 0, square = 0, size = 0;
    int    n = 0;
    for (int i = 0; i < count; i++) {
        if (!tp_walk_feasible(&p[i])) continue;
        double off = p[i].f - mean;
        size = fmax(size, fabs(p[i].f));
        mean += off / ++n;
        square += off * (p[i].f - mean);
    }
    double s = n > 1 ? sqrt(square / (n - 1)) : 0;
    if (s > 0 && isfinite(s)) return s;
    return size > 0 ? size : 1;
}

/* Metropolis' rule; by violation where one of them is infeasible. */
static bool taken(const tp_walk_point *now, const tp_walk_point *next, double t,
                  double u)
{
    if (tp_walk_rank(next, now) <= 0) return true;
    if (!tp_walk_feasible(now) || !tp_walk_feasible(next)) return false;
    return u < exp((now->f - next->f) / t);
}

/* Evenly in the part of the range that lies in the box. */
static void move(const tp_walk *w, const double *from, double range, double *x,
                 tp_rng *rng)
{
    for (int i = 0; i < w->n; i++) {
        double r = tp_walk_step(w, from, i, range);
        double lo = fmax(from[i] - r, 0), hi = fmin(from[i] + r, 1);
        x[i] = lo + (hi - lo) * tp_rng_uniform(rng);
    }
}

/* The best of the start and some random points, as told, and their spread. */
static bool first_points(tp_walk *w, tp_walk_point *now, double *t)
{
    const settings *set = w->opt->settings;
    int             count = set->init_num_of_pts, best = 0;
    if (count == 0) count = PER_VARIABLE * w->n;
    tp_walk_point *p = tp_walk_points(w, ++count);
    memcpy(p[0].x, w->start, sizeof(double) * (size_t)w->n);
    for (int j = 1; j < count; j++) {
        tp_rng rng = tp_walk_rng(w);
        for (int i = 0; i < w->n; i++) p[j].x[i] = tp_rng_uniform(&rng);
    }
    if (!tp_walk_eval(w, p, count)) return false;
    for (int j = 1; j < count; j++)
        if (tp_walk_rank(&p[j], &p[best]) < 0) best = j;
    if (!tp_walk_settle(w, &p[best])) return false;
    tp_walk_copy(w, now, &p[best]);
    *t = spread(p, count);
    return true;
}

/* `moves` moves at temperature t. False: stop. */
static bool stage(tp_walk *w, tp_walk_point *now, double t, double range)
{
    const settings *set = w->opt->settings;
    int             moves = set->moves ? set->moves : PER_VARIABLE * w->n;
    tp_walk_point  *next = now + 1;
    for (int m = 0; m < moves; m++) {
        tp_rng rng = tp_walk_rng(w);
        move(w, now->x, range, next->x, &rng);
        double                     u = tp_rng_uniform(&rng);
        tp_walk_point              least = *now;
        const tp_walk_point *const rival = &least;
        least.f = tp_walk_uphill(now->f, t, u);
        if (!tp_walk_eval_against(w, next, 1, &rival)) return false;
        if (taken(now, next, t, u)) tp_walk_copy(w, now, next);
    }
    return true;
}

static void body(tp_walk *w)
{
    const settings *set = w->opt->settings;
    tp_walk_point  *now = tp_walk_points(w, 2);
    double          first, t;
    if (!first_points(w, now, &first)) return;
    t = first;
    while (t >= set->tmin) {
        if (!stage(w, now, t, fmax(sqrt(t / first), set->range_min))) return;
        t *= set->alpha;
    }
    w->why = "final temperature reached";
}

static tp_status init(tp_opt *o, tp_err *err)
{
    return tp_walk_init(o, body, err);
}

const tp_opt_ops tp_opt_simulated_annealing = {
    .name = "simulated_annealing",
    .aliases = "SA",
    .summary = "random moves, uphill too while it is hot",
    .source = "Kirkpatrick, Gelatt, Vecchi, Science 220 (1983) 671; SPICE "
              "OPUS manual",
    .can = TP_OPT_CONSTRAINTS | TP_OPT_NEEDS_BOUNDS | TP_OPT_GLOBAL |
           TP_OPT_RANDOM | TP_OPT_PARALLEL,
    .window = 8,
    .settings_size = sizeof(settings),
    .params = params,
    .init = init,
    TP_WALK_OPS,
    .bound = tp_walk_bound,
};
