/* Grid search, as a method of SPICE OPUS's optimize, whose manual names its
   settings: level^n points around the best one, two or three on each axis;
   the grid moves to the best of them and grows when that gained, and shrinks
   when the middle stayed the best. Its half width begins at a tenth of the
   range. All points of a grid are asked at once. */
#include "opt/own.h"
#include "opt/walk.h"

#include <math.h>
#include <string.h>

enum { POINTS_MAX = 100000 };
static const double FIRST = 0.1, WIDEST = 0.5; /* half widths, of the range */

typedef struct settings {
    int    level;
    double alpha, epsilon;
} settings;

static const tp_param params[] = {
    {.name = "level",
     .type = TP_INT,
     .at = offsetof(settings, level),
     .def = 3,
     .min = 2,
     .max = 3,
     .text = "Points of the grid on each axis (SPICE OPUS manual)."},
    {.name = "alpha",
     .type = TP_REAL,
     .at = offsetof(settings, alpha),
     .def = 2,
     .min = 1.01,
     .max = 10,
     .text = "The grid grows by this after success and shrinks by it without "
             "(SPICE OPUS manual)."},
    {.name = "epsilon",
     .type = TP_REAL,
     .at = offsetof(settings, epsilon),
     .def = 0.1,
     .min = 1e-9,
     .max = 100,
     .unit = "%",
     .text = "Ends when the grid's half width is smaller, in per cent of the "
             "range (SPICE OPUS manual)."},
    {0},
};

/* Points of a grid, or -1: above POINTS_MAX. */
static int n_points(int level, int n)
{
    int count = 1;
    for (int i = 0; i < n; i++) {
        count *= level;
        if (count > POINTS_MAX) return -1;
    }
    return count;
}

/* The grid around `at`, first variable fastest, without the middle and what
   the bounds clip to it; returns how many. */
static int lay(tp_walk *w, const tp_walk_point *at, double half,
               tp_walk_point *grid)
{
    const settings *set = w->opt->settings;
    int             n = 0, all = n_points(set->level, w->n);
    for (int k = 0; k < all; k++) {
        int rest = k;
        for (int i = 0; i < w->n; i++, rest /= set->level) {
            double side = 2.0 * (rest % set->level) / (set->level - 1) - 1;
            double by = side * tp_walk_step(w, at->x, i, half);
            grid[n].x[i] = fmin(fmax(at->x[i] + by, 0), 1);
        }
        n += tp_walk_moved(w, at->x, grid[n].x) > 0;
    }
    return n;
}

static void body(tp_walk *w)
{
    const settings *set = w->opt->settings;
    int             count = n_points(set->level, w->n);
    tp_walk_point  *at = tp_walk_points(w, 1);
    tp_walk_point  *grid = tp_walk_points(w, count + 1);
    double          half = FIRST;
    memcpy(at->x, w->start, sizeof *at->x * (size_t)w->n);
    memcpy(grid->x, at->x, sizeof *at->x * (size_t)w->n);
    int n = 1 + lay(w, at, half, grid + 1);
    if (!tp_walk_eval(w, grid, n)) return;
    tp_walk_copy(w, at, grid);
    while (half >= set->epsilon / 100) {
        bool gained = false;
        for (int k = 0; k < n; k++) {
            if (tp_walk_rank(&grid[k], at) >= 0) continue;
            tp_walk_copy(w, at, &grid[k]);
            gained = true;
        }
        if (!tp_walk_settle(w, at)) return;
        half = gained ? fmin(half * set->alpha, WIDEST) : half / set->alpha;
        n = lay(w, at, half, grid);
        if (!tp_walk_eval(w, grid, n)) return;
    }
    w->why = "grid small enough";
}

static tp_status init(tp_opt *o, tp_err *err)
{
    const settings *set = o->settings;
    int             n = 0;
    for (int i = 0; i < o->space->n; i++)
        n += o->space->var[i].lo < o->space->var[i].hi;
    if (n_points(set->level, n) < 0)
        return tp_fail(err, TP_LIMIT,
                       "level: a grid of %d points on each of %d axes has "
                       "more than %d points",
                       set->level, n, POINTS_MAX);
    return tp_walk_init(o, body, err);
}

const tp_opt_ops tp_opt_grid_search = {
    .name = "grid_search",
    .aliases = "",
    .summary = "grids around the best point, wider or finer by turns",
    .source = "SPICE OPUS manual",
    .can = TP_OPT_CONSTRAINTS | TP_OPT_NEEDS_BOUNDS | TP_OPT_PARALLEL,
    .window = 16,
    .settings_size = sizeof(settings),
    .params = params,
    .init = init,
    TP_WALK_OPS,
};
