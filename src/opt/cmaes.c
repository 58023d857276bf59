/* CMA-ES: a normal distribution that adapts its covariance (Hansen, The CMA
   evolution strategy: a tutorial, arXiv 1604.00772, 2016), restarted with
   twice the population (IPOP: Auger and Hansen, CEC 2005, 1769). Points outside
   the box are drawn again, then put on its border; constraints by rank:
   feasible by objective, before infeasible by violation, before failed. A
   generation is asked at once. */
#include "num/num.h"
#include "opt/own.h"
#include "opt/walk.h"

#include <math.h>
#include <string.h>

enum { REDRAWS = 20, POPULATION_MAX = 100000 };

typedef struct settings {
    int    population;
    double sigma;
    int    growth; /* of the population at a restart */
    double tolerance;
} settings;

static const tp_param params[] = {
    {.name = "population",
     .type = TP_INT,
     .at = offsetof(settings, population),
     .min = 0,
     .max = 10000,
     .text = "Points of a generation at first, 4 at least; 0: 4 + 3 ln of the "
             "variables (Hansen 2016)."},
    {.name = "sigma",
     .type = TP_REAL,
     .at = offsetof(settings, sigma),
     .def = 0.3,
     .min = 1e-6,
     .max = 10,
     .text = "First standard deviation, as a part of the range."},
    {.name = "growth",
     .type = TP_INT,
     .at = offsetof(settings, growth),
     .def = 2,
     .min = 1,
     .max = 10,
     .text = "Factor of the population at a restart (Auger 2005)."},
    {.name = "tolerance",
     .type = TP_REAL,
     .at = offsetof(settings, tolerance),
     .def = 1e-10,
     .min = 1e-15,
     .max = 0.1,
     .text = "Deviation in the unit scale below which it restarts."},
    {0},
};

typedef struct state {
    tp_walk        w;
    int            n, lambda, mu, asked, told, room;
    double        *weight, mu_eff, c_sigma, d_sigma, c_c, c_1, c_mu, chi;
    double        *mean, *old, *c, *axis, *root; /* axis: rows; root: lengths */
    double        *p_c, *p_sigma, sigma;
    tp_walk_point *p;
    int           *order;
    bool           begun, sampled;
    bool           start_out; /* the start is asked as it is, beside the first
                                 generation */
    int            generation, flat; /* since the restart; without progress */
    uint64_t       draws;
    tp_walk_point *best;  /* of this start, and its rank for `flat` */
    tp_walk_point *guest; /* the best told from outside; .ok false: none */
} state;

/* ---- constants and restarts ---------------------------------------------- */

static void make_room(state *s)
{
    tp_arena *mem = &s->w.opt->mem;
    if (s->lambda <= s->room) return;
    s->room = s->lambda;
    s->weight = TP_NEW(mem, double, s->lambda);
    s->order = TP_NEW(mem, int, s->lambda);
    s->p = tp_walk_points(&s->w, s->lambda);
}

static void set_constants(state *s)
{
    double n = s->n, sum = 0, square = 0;
    s->mu = s->lambda / 2;
    for (int i = 0; i < s->mu; i++) {
        s->weight[i] = log((s->lambda + 1) / 2.0) - log(i + 1);
        sum += s->weight[i];
    }
    for (int i = 0; i < s->mu; i++) {
        s->weight[i] /= sum;
        square += s->weight[i] * s->weight[i];
    }
    double m = s->mu_eff = 1 / square;
    s->c_sigma = (m + 2) / (n + m + 5);
    s->d_sigma = 1 + 2 * fmax(0, sqrt((m - 1) / (n + 1)) - 1) + s->c_sigma;
    s->c_c = (4 + m / n) / (n + 4 + 2 * m / n);
    s->c_1 = 2 / ((n + 1.3) * (n + 1.3) + m);
    s->c_mu = fmin(1 - s->c_1, 2 * (m - 2 + 1 / m) / ((n + 2) * (n + 2) + m));
    s->chi = sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
}

/* A new distribution around `at`; NULL: around a point drawn evenly. */
static void restart(state *s, const double *at)
{
    const settings *set = s->w.opt->settings;
    tp_rng          rng = tp_rng_at(s->w.opt->seed, s->draws++);
    make_room(s);
    set_constants(s);
    s->sigma = set->sigma;
    memset(s->c, 0, sizeof *s->c * (size_t)s->n * (size_t)s->n);
    memset(s->axis, 0, sizeof *s->axis * (size_t)s->n * (size_t)s->n);
    for (int i = 0; i < s->n; i++) {
        s->mean[i] = at ? at[i] : tp_rng_uniform(&rng);
        s->c[(ptrdiff_t)i * s->n + i] = s->axis[(ptrdiff_t)i * s->n + i] = 1;
        s->root[i] = 1;
        s->p_c[i] = s->p_sigma[i] = 0;
    }
    s->generation = s->flat = 0;
    s->best->ok = false;
}

/* ---- points -------------------------------------------------------------- */

/* x = mean + sigma B D z */
static void draw(const state *s, tp_rng *rng, double *x)
{
    for (int i = 0; i < s->n; i++) x[i] = s->mean[i];
    for (int k = 0; k < s->n; k++)
        tp_axpy(s->sigma * s->root[k] * tp_rng_normal(rng),
                s->axis + (ptrdiff_t)k * s->n, x, s->n);
}

static bool in_box(const state *s, const double *x)
{
    for (int i = 0; i < s->n; i++)
        if (x[i] < 0 || x[i] > 1) return false;
    return true;
}

static void sample(state *s)
{
    tp_rng rng = tp_rng_at(s->w.opt->seed, s->draws++);
    for (int j = 0; j < s->lambda; j++) {
        double *x = s->p[j].x;
        for (int k = 0; k < REDRAWS; k++) {
            draw(s, &rng, x);
            if (in_box(s, x)) break;
        }
        for (int i = 0; i < s->n; i++) x[i] = fmin(fmax(x[i], 0), 1);
    }
    s->asked = s->told = 0;
    s->sampled = true;
}

/* ---- adaptation ---------------------------------------------------------- */

static void sort(state *s)
{
    tp_arena              scratch = s->w.opt->mem;
    const tp_walk_point **p =
        TP_NEW(&scratch, const tp_walk_point *, s->lambda);
    for (int i = 0; i < s->lambda; i++) {
        p[i] = &s->p[i];
        s->order[i] = i;
    }
    tp_walk_sort(p, s->lambda, s->order);
}

/* p_sigma along C^-1/2 of the step of the mean; returns the step in y. */
static void set_paths(state *s, double *y)
{
    double c = sqrt(s->c_sigma * (2 - s->c_sigma) * s->mu_eff);
    for (int i = 0; i < s->n; i++) {
        y[i] = (s->mean[i] - s->old[i]) / s->sigma;
        s->p_sigma[i] *= 1 - s->c_sigma;
    }
    for (int k = 0; k < s->n; k++) {
        const double *axis = s->axis + (ptrdiff_t)k * s->n;
        tp_axpy(c * tp_dot(axis, y, s->n) / s->root[k], axis, s->p_sigma, s->n);
    }
    double length = sqrt(tp_norm2(s->p_sigma, s->n));
    double left = 1 - pow(1 - s->c_sigma, 2.0 * (s->generation + 1));
    bool   stall = length / sqrt(left) >= (1.4 + 2.0 / (s->n + 1)) * s->chi;
    double with = sqrt(s->c_c * (2 - s->c_c) * s->mu_eff);
    for (int i = 0; i < s->n; i++)
        s->p_c[i] = (1 - s->c_c) * s->p_c[i] + (stall ? 0 : with * y[i]);
}

static void add_outer(const state *s, double weight, const double *y)
{
    for (int i = 0; i < s->n; i++)
        tp_axpy(weight * y[i], y, s->c + (ptrdiff_t)i * s->n, s->n);
}

static void adapt(state *s, tp_arena scratch)
{
    double *y = TP_NEW(&scratch, double, s->n), left = 1 - s->c_1 - s->c_mu;
    memcpy(s->old, s->mean, sizeof *y * (size_t)s->n);
    memset(s->mean, 0, sizeof *y * (size_t)s->n);
    for (int k = 0; k < s->mu; k++)
        tp_axpy(s->weight[k], s->p[s->order[k]].x, s->mean, s->n);
    set_paths(s, y);
    for (int i = 0; i < s->n * s->n; i++) s->c[i] *= left;
    add_outer(s, s->c_1, s->p_c);
    for (int k = 0; k < s->mu; k++) {
        const double *x = s->p[s->order[k]].x;
        for (int i = 0; i < s->n; i++) y[i] = (x[i] - s->old[i]) / s->sigma;
        add_outer(s, s->c_mu * s->weight[k], y);
    }
    double length = sqrt(tp_norm2(s->p_sigma, s->n));
    double rise = s->c_sigma / s->d_sigma * (length / s->chi - 1);
    s->sigma *= exp(fmin(rise, 1));
    tp_eigen(s->c, s->n, s->root, s->axis, scratch);
    for (int i = 0; i < s->n; i++) s->root[i] = sqrt(fmax(s->root[i], 1e-300));
    s->generation++;
}

/* Too small, too long, or without progress for long. */
static bool worn_out(state *s)
{
    const settings      *set = s->w.opt->settings;
    const tp_walk_point *first = &s->p[s->order[0]];
    double               longest = s->root[s->n - 1], shortest = s->root[0];
    bool                 better = tp_walk_rank(first, s->best) < 0;
    if (better) {
        double gain = s->best->ok ? fabs(s->best->f - first->f) : INFINITY;
        if (gain > 1e-12 * fabs(first->f) || first->miss > 0) s->flat = 0;
        tp_walk_copy(&s->w, s->best, first);
    }
    s->flat++;
    return s->sigma * longest < set->tolerance || longest > 1e7 * shortest ||
           s->sigma * longest > 1e4 || s->flat > 10 + 30 * s->n / s->lambda ||
           !isfinite(s->sigma);
}

static void end_generation(state *s)
{
    const settings *set = s->w.opt->settings;
    sort(s);
    adapt(s, s->w.opt->mem);
    s->sampled = false;
    if (!worn_out(s)) return;
    if (s->lambda <= POPULATION_MAX / set->growth) s->lambda *= set->growth;
    restart(s, NULL);
}

/* ---- ask and tell -------------------------------------------------------- */

enum { START = 1 << 30 }; /* the tag of the start point */

static tp_ask ask(tp_opt *o, double *x, int *tag)
{
    state *s = o->state;
    s->w.opt = o;
    if (!s->begun) {
        s->begun = s->start_out = true;
        if (s->n > 0) restart(s, s->guest->ok ? s->guest->x : s->w.start);
        tp_walk_limit(&s->w, s->w.start);
        tp_walk_put(&s->w, s->w.start, x);
        *tag = START;
        return TP_ASK_POINT;
    }
    if (s->n == 0) return TP_ASK_DONE;
    if (!s->sampled) sample(s);
    if (s->asked == s->lambda) return TP_ASK_WAIT;
    *tag = s->asked++;
    tp_walk_limit(&s->w, s->p[*tag].x);
    tp_walk_put(&s->w, s->p[*tag].x, x);
    return TP_ASK_POINT;
}

/* The best point from outside is where the search begins. */
static void foreign(state *s, const double *x, const tp_obs *y)
{
    tp_arena      scratch = s->w.opt->mem;
    tp_walk_point p = {.x = TP_NEW(&scratch, double, s->n),
                       .df = TP_NEW(&scratch, double, s->n)};
    tp_walk_take(&s->w, &p, x, y);
    if (tp_walk_rank(&p, s->guest) < 0) tp_walk_copy(&s->w, s->guest, &p);
}

static void tell(tp_opt *o, int tag, const double *x, const tp_obs *y)
{
    state *s = o->state;
    s->w.opt = o;
    if (tag < 0) foreign(s, x, y);
    if (tag == START) s->start_out = false;
    if (tag < 0 || tag >= s->asked) return;
    tp_walk_take(&s->w, &s->p[tag], x, y);
    s->told++;
    if (s->told == s->lambda) end_generation(s);
}

static const char *finished(const tp_opt *o)
{
    const state *s = o->state;
    return s->n == 0 && s->begun && !s->start_out ? "xtolreached" : NULL;
}

static void close(tp_opt *o)
{
    o->state = NULL; /* all of it is in o->mem */
}

static tp_status init(tp_opt *o, tp_err *err)
{
    const settings *set = o->settings;
    state          *s = TP_NEW(&o->mem, state, 1);
    TP_TRY(tp_walk_on(&s->w, o, err));
    int n = s->n = s->w.n;
    s->lambda = set->population;
    if (s->lambda == 0) s->lambda = 4 + (int)(3 * log(n > 1 ? n : 1));
    if (s->lambda < 4) s->lambda = 4;
    s->mean = TP_NEW(&o->mem, double, n);
    s->old = TP_NEW(&o->mem, double, n);
    s->p_c = TP_NEW(&o->mem, double, n);
    s->p_sigma = TP_NEW(&o->mem, double, n);
    s->root = TP_NEW(&o->mem, double, n);
    s->c = TP_NEW(&o->mem, double, (ptrdiff_t)n *n);
    s->axis = TP_NEW(&o->mem, double, (ptrdiff_t)n *n);
    s->best = tp_walk_points(&s->w, 1);
    s->guest = tp_walk_points(&s->w, 1);
    o->state = s;
    return TP_OK;
}

const tp_opt_ops tp_opt_cmaes = {
    .name = "cmaes",
    .aliases = "CMA_ES IPOP",
    .summary = "evolution of a normal distribution, restarts with twice the "
               "points",
    .source = "Hansen, arXiv 1604.00772; Auger and Hansen, IEEE CEC 2005, 1769",
    .can = TP_OPT_CONSTRAINTS | TP_OPT_NEEDS_BOUNDS | TP_OPT_GLOBAL |
           TP_OPT_RANDOM | TP_OPT_PARALLEL | TP_OPT_ENDLESS | TP_OPT_FOREIGN,
    .window = 16,
    .settings_size = sizeof(settings),
    .params = params,
    .init = init,
    .ask = ask,
    .tell = tell,
    .finished = finished,
    .close = close,
};
