/* Random search, as a method of SPICE OPUS's optimize: points drawn from the
   box, or searches along random lines through the best point. It has no end
   of its own. */
#include "opt/line.h"
#include "opt/own.h"

#include <math.h>
#include <string.h>

/* Points drawn at once: many, so that a window never waits for the last. */
enum { BATCH = 256 };
static const double FIRST = 0.01; /* first step on a line, of the range */
static const double MEAN = 0.5, DEVIATION = 1.0 / 6;

typedef struct settings {
    tp_line_set line; /* method: less by one than direction */
    int         direction, distribution;
} settings;

static const char *const directions[] = {"no", "quadratic", "golden",
                                         "fibonacci", NULL};
static const char *const distributions[] = {"linear", "normal", NULL};

static const tp_param params[] = {
    {.name = "direction",
     .type = TP_CHOICE,
     .at = offsetof(settings, direction),
     .choices = directions,
     .text = "no: points at random; else lines at random through the best "
             "point, searched in this way (SPICE OPUS manual)."},
    {.name = "distribution",
     .type = TP_CHOICE,
     .at = offsetof(settings, distribution),
     .choices = distributions,
     .text = "Of points at random: even over the range, or normal by the "
             "variable's mean and deviation, else around its middle with a "
             "sixth of it as deviation (SPICE OPUS manual)."},
    TP_LINE_R,
    TP_LINE_EPSILON,
    TP_LINE_ITERATIONS,
    {0},
};

/* In the unit scale: around the variable's own mean, or the middle. */
static double normal(const tp_var *v, tp_rng *rng)
{
    double z = tp_rng_normal(rng), u;
    if (!(v->deviation > 0)) return MEAN + DEVIATION * z;
    tp_space one = {1, v};
    double   x = fmin(fmax(v->mean + v->deviation * z, v->lo), v->hi);
    tp_space_unit(&one, &x, &u);
    return u;
}

static void points(tp_walk *w)
{
    const tp_var   *var = w->opt->space->var;
    const settings *set = w->opt->settings;
    tp_walk_point  *p = tp_walk_points(w, BATCH);
    bool            begun = false;
    do {
        for (int k = 0; k < BATCH; k++) {
            tp_rng rng = tp_walk_rng(w);
            for (int i = 0; i < w->n; i++)
                p[k].x[i] = set->distribution ? normal(&var[w->free[i]], &rng)
                                              : tp_rng_uniform(&rng);
        }
        if (!begun) memcpy(p->x, w->start, sizeof *p->x * (size_t)w->n);
        begun = true;
    } while (tp_walk_eval(w, p, BATCH));
}

static void lines(tp_walk *w)
{
    const settings *set = w->opt->settings;
    tp_line_set     how = set->line;
    how.method = set->direction - 1;
    tp_walk_point *p = tp_walk_points(w, 1);
    tp_line       *line = tp_line_open(w, &how);
    double        *d = TP_NEW(&w->opt->mem, double, w->n);
    memcpy(p->x, w->start, sizeof *p->x * (size_t)w->n);
    if (!tp_walk_eval(w, p, 1) || !tp_walk_settle(w, p)) return;
    do {
        tp_rng rng = tp_walk_rng(w);
        for (int i = 0; i < w->n; i++) d[i] = tp_rng_normal(&rng);
    } while (tp_line_search(line, p, d, FIRST));
}

static tp_status init(tp_opt *o, tp_err *err)
{
    const settings *set = o->settings;
    return tp_walk_init(o, set->direction ? lines : points, err);
}

const tp_opt_ops tp_opt_monte_carlo = {
    .name = "monte_carlo",
    .aliases = "",
    .summary = "points at random, or searches along random lines",
    .source = "Brooks, Operations Research 6 (1958) 244; SPICE OPUS manual",
    .can = TP_OPT_CONSTRAINTS | TP_OPT_NEEDS_BOUNDS | TP_OPT_GLOBAL |
           TP_OPT_RANDOM | TP_OPT_PARALLEL | TP_OPT_ENDLESS,
    .window = 16,
    .settings_size = sizeof(settings),
    .params = params,
    .init = init,
    TP_WALK_OPS,
};
