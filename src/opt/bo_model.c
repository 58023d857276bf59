/* The models of bo: one Gaussian process for the objective and for each
   constraint, of transformed values, and one of +-1 for whether a trial gives
   numbers at all. */
#include "opt/bo.h"

#include <math.h>
#include <string.h>

enum {
    FIT_POINTS = 160,    /* that the hyperparameters are fitted to */
    CHOOSE_POINTS = 100, /* and the transform chosen with */
    CHOOSE_LEAST = 8,    /* with fewer points the values stay as they are */
};
static const double DOUBT = 0.3; /* deviation of what ran or failed */

void tp_bo_models_open(tp_bo *b)
{
    tp_arena *mem = &b->w.opt->mem;
    b->model = TP_NEW(mem, tp_bo_model, 1 + b->n_g);
    for (int m = 0; m <= b->n_g; m++) tp_gp_open(&b->model[m].gp, b->n, mem);
    tp_gp_open(&b->fails, b->n, mem);
}

static double value_of(const tp_bo_trial *t, int m)
{
    return m == 0 ? t->p.f : t->g[m - 1];
}

/* ---- which trials -----------------------------------------------------------
 */

/* Squared distances of all trials to the region's centre; INFINITY of those
   without values. */
static double *distances(const tp_bo *b, tp_arena *mem)
{
    double       *far = TP_NEW(mem, double, b->n_trial);
    const double *c = b->trial[tp_bo_region_centre(b)].p.x;
    for (int i = 0; i < b->n_trial; i++) {
        const tp_walk_point *p = &b->trial[i].p;
        if (!p->ok) far[i] = INFINITY;
        for (int k = 0; k < b->n && p->ok; k++)
            far[i] += (p->x[k] - c[k]) * (p->x[k] - c[k]);
    }
    return far;
}

/* The trials that ran; with too many, three quarters are the nearest to the
   centre and the others a fair part of the rest. In the order told. */
static void select_active(tp_bo *b, tp_arena scratch)
{
    int  *order = TP_NEW(&scratch, int, b->n_trial);
    char *in = TP_NEW(&scratch, char, b->n_trial);
    int   most = b->set->points < b->n_ok ? b->set->points : b->n_ok;
    int   near = most == b->n_ok ? most : most - most / 4;
    int   rest = most - near, others = b->n_ok - near, at = 0;
    tp_order(distances(b, &scratch), b->n_trial, order, scratch);
    for (int k = 0; k < near; k++) in[order[k]] = 1;
    b->n_active = 0;
    for (int i = 0; i < b->n_trial; i++) {
        if (!b->trial[i].p.ok) continue;
        if (!in[i] && others > 0) {
            in[i] = (at + 1) * rest / others > at * rest / others;
            at++;
        }
        if (in[i]) b->active[b->n_active++] = i;
    }
    b->seen_trials = b->n_trial;
}

/* Up to `most` of the active ones, the nearest to the centre. */
static int nearest(const tp_bo *b, int most, int *out, tp_arena scratch)
{
    double *all = distances(b, &scratch);
    double *far = TP_NEW(&scratch, double, b->n_active);
    int    *order = TP_NEW(&scratch, int, b->n_active);
    int     n = b->n_active < most ? b->n_active : most;
    for (int k = 0; k < b->n_active; k++) far[k] = all[b->active[k]];
    tp_order(far, b->n_active, order, scratch);
    for (int k = 0; k < n; k++) out[k] = b->active[order[k]];
    return n;
}

static double *points_of(const tp_bo *b, const int *which, int n, int room,
                         tp_arena *mem)
{
    double *x = TP_NEW(mem, double, (ptrdiff_t)room * b->n);
    for (int k = 0; k < n; k++)
        memcpy(x + (ptrdiff_t)k * b->n, b->trial[which[k]].p.x,
               sizeof *x * (size_t)b->n);
    return x;
}

/* ---- fits
 * --------------------------------------------------------------------- */

static tp_gp_effort effort_of(const tp_bo *b, int n)
{
    return (tp_gp_effort){.starts = 4,
                          .most = n < 60 ? 40 : 24,
                          .warp = b->set->warp && n >= 2 * b->n + 4};
}

static bool all_equal(const double *y, int n)
{
    double lo = INFINITY, hi = -INFINITY;
    for (int k = 0; k < n; k++) {
        lo = fmin(lo, y[k]);
        hi = fmax(hi, y[k]);
    }
    return !(hi - lo > 1e-12 * fmax(fabs(lo), fabs(hi)));
}

static void fit(tp_bo *b, int m, const int *which, int n, tp_arena scratch)
{
    tp_bo_model *model = &b->model[m];
    double      *x = points_of(b, which, n, n, &scratch);
    double      *y = TP_NEW(&scratch, double, n);
    for (int k = 0; k < n; k++) y[k] = value_of(&b->trial[which[k]], m);
    model->flat = all_equal(y, n);
    if (model->flat) return;
    int few = n < CHOOSE_POINTS ? n : CHOOSE_POINTS;
    tp_transform_set(&model->t, 0, y, n, scratch);
    if (n >= CHOOSE_LEAST)
        model->t = tp_gp_choose(&model->gp, x, y, few, scratch);
    for (int k = 0; k < n; k++) y[k] = tp_transform_to(&model->t, y[k]);
    tp_gp_effort effort = effort_of(b, n);
    tp_gp_fit(&model->gp, x, y, n, &effort, scratch);
}

/* The trials of the model of failures: all, or the last ones. */
static int first_label(const tp_bo *b)
{
    return b->n_trial > b->set->points ? b->n_trial - b->set->points : 0;
}

static void label_data(const tp_bo *b, int room, double **x, double **y,
                       tp_arena *mem)
{
    int first = first_label(b), n = b->n_trial - first;
    *x = TP_NEW(mem, double, (ptrdiff_t)room * b->n);
    *y = TP_NEW(mem, double, room);
    for (int k = 0; k < n; k++) {
        const tp_walk_point *p = &b->trial[first + k].p;
        memcpy(*x + (ptrdiff_t)k * b->n, p->x, sizeof **x * (size_t)b->n);
        (*y)[k] = p->ok ? 1 : -1;
    }
}

static void fit_fails(tp_bo *b, tp_arena scratch)
{
    tp_gp_effort effort = {.starts = 3, .most = 16, .quiet = true};
    int          n = b->n_trial - first_label(b), from = 0;
    double      *x, *y;
    label_data(b, n, &x, &y, &scratch);
    b->has_fails = b->n_ok < b->n_trial;
    if (!b->has_fails) return;
    if (n > FIT_POINTS) from = n - FIT_POINTS;
    tp_gp_fit(&b->fails, x + (ptrdiff_t)from * b->n, y + from, n - from,
              &effort, scratch);
}

static void refit(tp_bo *b, tp_arena scratch)
{
    int which[FIT_POINTS];
    select_active(b, scratch);
    int n = nearest(b, FIT_POINTS, which, scratch);
    for (int m = 0; m <= b->n_g; m++) fit(b, m, which, n, scratch);
    fit_fails(b, scratch);
    b->fitted = b->n_ok;
}

/* Every `refit` tells; at first when a fifth was added. */
static bool due(const tp_bo *b)
{
    int wait = b->fitted / 5 > 1 ? b->fitted / 5 : 1;
    if (wait > b->set->refit) wait = b->set->refit;
    bool first_failure = !b->has_fails && b->n_ok < b->n_trial;
    return b->n_ok >= b->fitted + wait || first_failure;
}

/* ---- with every point
 * ------------------------------------------------------------ */

static void append_pending(const tp_bo *b, double *x, int n)
{
    for (int k = 0; k < b->n_pending; k++)
        memcpy(x + (ptrdiff_t)(n + k) * b->n, b->ask[b->pending[k]].x,
               sizeof *x * (size_t)b->n);
}

static void update(tp_bo *b, int m, const double *x, tp_arena scratch)
{
    tp_bo_model *model = &b->model[m];
    int          n = b->n_active;
    double      *y = TP_NEW(&scratch, double, n);
    if (model->flat) return;
    for (int k = 0; k < n; k++)
        y[k] = tp_transform_to(&model->t, value_of(&b->trial[b->active[k]], m));
    tp_gp_update(&model->gp, x, y, n, n + b->n_pending, &b->w.opt->mem);
}

static void update_fails(tp_bo *b, tp_arena scratch)
{
    int     n = b->n_trial - first_label(b);
    double *x, *y;
    label_data(b, n + b->n_pending, &x, &y, &scratch);
    append_pending(b, x, n);
    tp_gp_update(&b->fails, x, y, n, n + b->n_pending, &b->w.opt->mem);
}

static void make_room(tp_bo *b)
{
    int *old = b->active;
    if (b->cap_active >= b->n_trial) return;
    b->cap_active = 2 * b->n_trial + 64;
    b->active = TP_NEW(&b->w.opt->mem, int, b->cap_active);
    if (old) memcpy(b->active, old, sizeof *old * (size_t)b->n_active);
}

void tp_bo_models_update(tp_bo *b, tp_arena scratch)
{
    make_room(b);
    if (due(b)) refit(b, scratch);
    for (int i = b->seen_trials; i < b->n_trial; i++)
        if (b->trial[i].p.ok) b->active[b->n_active++] = i;
    b->seen_trials = b->n_trial;
    double *x = points_of(b, b->active, b->n_active, b->n_active + b->n_pending,
                          &scratch);
    append_pending(b, x, b->n_active);
    for (int m = 0; m <= b->n_g; m++) update(b, m, x, scratch);
    if (b->has_fails) update_fails(b, scratch);
}

/* The trial of that outcome nearest to x; its distance. */
static int nearest_that(const tp_bo *b, bool ran, const double *x,
                        double *distance)
{
    int    at = -1;
    double least = INFINITY;
    for (int j = 0; j < b->n_trial; j++) {
        const tp_walk_point *p = &b->trial[j].p;
        double               sum = 1e-18;
        if (p->ok != ran) continue;
        for (int i = 0; i < b->n && sum < least; i++)
            sum += (p->x[i] - x[i]) * (p->x[i] - x[i]);
        if (!(sum < least)) continue;
        least = sum;
        at = j;
    }
    *distance = sqrt(least);
    return at;
}

/* By the nearest neighbours: 1 / (1 + (d_ran / d_failed)^6), which halves the
   way to a border that no length scale fits. */
static double log_neighbours(const tp_bo *b, const double *x, double *d)
{
    double ran, failed;
    int    good = nearest_that(b, true, x, &ran);
    int    bad = nearest_that(b, false, x, &failed);
    double square = ran / failed * (ran / failed);
    double odds = square * square * square, part = odds / (1 + odds);
    for (int i = 0; i < b->n && d; i++) {
        double to_good = (x[i] - b->trial[good].p.x[i]) / (ran * ran);
        double to_bad = (x[i] - b->trial[bad].p.x[i]) / (failed * failed);
        d[i] -= 6 * part * (to_good - to_bad);
    }
    return -tp_log(1 + odds);
}

double tp_bo_log_runs(const tp_bo *b, const double *x, double *d,
                      tp_arena scratch)
{
    if (!b->has_fails) return 0;
    tp_gp_slopes s = {.d_mean = TP_NEW(&scratch, double, b->n),
                      .d_variance = TP_NEW(&scratch, double, b->n)};
    if (d)
        tp_gp_gradient(&b->fails, x, &s, scratch);
    else
        tp_gp_predict(&b->fails, x, 1, &s.mean, &s.variance, scratch);
    double v = s.variance + DOUBT * DOUBT, z = s.mean / sqrt(v);
    if (d) {
        double by_z = tp_normal_mills(z);
        tp_axpy(by_z / sqrt(v), s.d_mean, d, b->n);
        tp_axpy(-by_z * z / (2 * v), s.d_variance, d, b->n);
    }
    return tp_normal_log_cdf(z) + log_neighbours(b, x, d);
}
