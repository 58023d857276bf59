/* The models of bo: one Gaussian process for the objective and for each
   constraint, of transformed values, over the variables and the place of the
   corner; and one of +-1, over the variables, for whether a trial gives all its
   numbers. A model holds every value that is known, also of trials that lack
   others. */
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
    for (int m = 0; m <= b->n_g; m++)
        tp_gp_open(&b->model[m].gp, b->n + b->n_place, mem);
    tp_gp_open(&b->fails, b->n, mem);
}

/* ---- which rows ---------------------------------------------------------- */

static const tp_bo_trial *trial_of(const tp_bo *b, int row)
{
    return &b->trial[row / b->n_corner];
}

static bool has_values(const tp_bo *b, int row)
{
    return tp_bo_known_in(b, trial_of(b, row), row % b->n_corner);
}

static double value_of(const tp_bo *b, int row, int m)
{
    return tp_bo_part(b, trial_of(b, row), row % b->n_corner, m);
}

static void place_of(const tp_bo *b, int row, double *x)
{
    size_t size = sizeof *x;
    int    corner = row % b->n_corner;
    memcpy(x, trial_of(b, row)->p.x, size * (size_t)b->n);
    if (b->n_place)
        memcpy(x + b->n, b->place + (ptrdiff_t)corner * b->n_place,
               size * (size_t)b->n_place);
}

/* Squared distances of all rows to the region's centre; INFINITY of those
   without values. */
static double *distances(const tp_bo *b, tp_arena *mem)
{
    double *far = TP_NEW(mem, double, (ptrdiff_t)b->n_trial * b->n_corner);
    const double *c = b->trial[tp_bo_region_centre(b)].p.x;
    for (int r = 0; r < b->n_trial * b->n_corner; r++) {
        const double *x = trial_of(b, r)->p.x;
        bool          known = has_values(b, r);
        if (!known) far[r] = INFINITY;
        for (int k = 0; k < b->n && known; k++)
            far[r] += (x[k] - c[k]) * (x[k] - c[k]);
    }
    return far;
}

/* The rows with values; with too many, three quarters are the nearest to the
   centre and the others a fair part of the rest. In the order told. */
static void select_active(tp_bo *b, tp_arena scratch)
{
    int     rows = b->n_trial * b->n_corner, known = 0, at = 0;
    int    *order = TP_NEW(&scratch, int, rows);
    char   *in = TP_NEW(&scratch, char, rows);
    double *far = distances(b, &scratch);
    for (int r = 0; r < rows; r++) known += far[r] < INFINITY;
    int     most = b->set->points < known ? b->set->points : known;
    int     near = most == known ? most : most - most / 4;
    int64_t rest = most - near, others = known - near;
    tp_order(far, rows, order, scratch);
    for (int k = 0; k < near; k++) in[order[k]] = 1;
    b->n_active = 0;
    for (int r = 0; r < rows; r++) {
        b->seen[r] = far[r] < INFINITY;
        if (!b->seen[r]) continue;
        if (!in[r] && others > 0) {
            in[r] = (at + 1) * rest / others > at * rest / others;
            at++;
        }
        if (in[r]) b->active[b->n_active++] = r;
    }
}

/* Rows that have come since. */
static void add_active(tp_bo *b)
{
    for (int r = 0; r < b->n_trial * b->n_corner; r++) {
        if (b->seen[r] || !has_values(b, r)) continue;
        b->seen[r] = 1;
        b->active[b->n_active++] = r;
    }
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

/* Points and values of model m among these rows: those that have one. Room for
   `more` points behind them. */
typedef struct data {
    double *x, *y;
    int     n;
} data;

static data data_of(const tp_bo *b, int m, const int *which, int n, int more,
                    tp_arena *mem)
{
    int  d = b->n + b->n_place;
    data out = {.x = TP_NEW(mem, double, (ptrdiff_t)(n + more) * d),
                .y = TP_NEW(mem, double, n)};
    for (int k = 0; k < n; k++) {
        double v = value_of(b, which[k], m);
        if (isnan(v)) continue;
        place_of(b, which[k], out.x + (ptrdiff_t)out.n * d);
        out.y[out.n++] = v;
    }
    return out;
}

/* ---- fits ---------------------------------------------------------------- */

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

static void fit(tp_bo *b, int m, const int *which, int rows, tp_arena scratch)
{
    tp_bo_model *model = &b->model[m];
    data         a = data_of(b, m, which, rows, 0, &scratch);
    int          n = a.n, few = n < CHOOSE_POINTS ? n : CHOOSE_POINTS;
    model->flat = all_equal(a.y, n);
    if (model->flat) return;
    tp_transform_set(&model->t, 0, a.y, n, scratch);
    if (n >= CHOOSE_LEAST)
        model->t = tp_gp_choose(&model->gp, a.x, a.y, few, scratch);
    for (int k = 0; k < n; k++) a.y[k] = tp_transform_to(&model->t, a.y[k]);
    tp_gp_effort effort = effort_of(b, n);
    tp_gp_fit(&model->gp, a.x, a.y, n, &effort, scratch);
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
        (*y)[k] = b->trial[first + k].failed ? -1 : 1;
    }
}

/* Some trials ran and some failed. */
static bool has_both(const tp_bo *b)
{
    return b->n_failed > 0 && b->n_failed < b->n_trial;
}

static void fit_fails(tp_bo *b, tp_arena scratch)
{
    tp_gp_effort effort = {.starts = 3, .most = 16, .quiet = true};
    int          n = b->n_trial - first_label(b), from = 0;
    double      *x, *y;
    label_data(b, n, &x, &y, &scratch);
    b->has_fails = has_both(b);
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
    b->fitted = b->n_known;
}

/* Every `refit` tells; at first when a fifth was added. */
static bool due(const tp_bo *b)
{
    int wait = b->fitted / 5 > 1 ? b->fitted / 5 : 1;
    if (wait > b->set->refit) wait = b->set->refit;
    bool first_failure = !b->has_fails && has_both(b);
    return b->fitted < 0 || b->n_known >= b->fitted + wait || first_failure;
}

/* ---- with every point ---------------------------------------------------- */

static void update(tp_bo *b, int m, tp_arena scratch)
{
    tp_bo_model *model = &b->model[m];
    int          more = b->n_pending * b->n_on, d = b->n + b->n_place;
    data         a = data_of(b, m, b->active, b->n_active, more, &scratch);
    if (model->flat) return;
    for (int k = 0; k < a.n; k++) a.y[k] = tp_transform_to(&model->t, a.y[k]);
    for (int k = 0; k < more; k++) {
        tp_bo_at at = {.corner = b->on[k % b->n_on],
                       .x = b->ask[b->pending[k / b->n_on]].x,
                       .count = 1};
        memcpy(a.x + (ptrdiff_t)(a.n + k) * d, tp_bo_placed(b, &at, &scratch),
               sizeof *a.x * (size_t)d);
    }
    tp_gp_update(&model->gp, a.x, a.y, a.n, a.n + more, &b->w.opt->mem);
}

static void update_fails(tp_bo *b, tp_arena scratch)
{
    int     n = b->n_trial - first_label(b);
    double *x, *y;
    label_data(b, n + b->n_pending, &x, &y, &scratch);
    for (int k = 0; k < b->n_pending; k++)
        memcpy(x + (ptrdiff_t)(n + k) * b->n, b->ask[b->pending[k]].x,
               sizeof *x * (size_t)b->n);
    tp_gp_update(&b->fails, x, y, n, n + b->n_pending, &b->w.opt->mem);
}

static void make_room(tp_bo *b)
{
    tp_arena *mem = &b->w.opt->mem;
    int      *old = b->active, was = b->cap_active;
    char     *seen = b->seen;
    if (was >= b->n_trial * b->n_corner) return;
    b->cap_active = 2 * b->n_trial * b->n_corner + 64;
    b->active = TP_NEW(mem, int, b->cap_active);
    b->seen = TP_NEW(mem, char, b->cap_active);
    if (!old) return;
    memcpy(b->active, old, sizeof *old * (size_t)b->n_active);
    memcpy(b->seen, seen, (size_t)was);
}

void tp_bo_models_update(tp_bo *b, tp_arena scratch)
{
    make_room(b);
    if (due(b)) refit(b, scratch);
    add_active(b);
    for (int m = 0; m <= b->n_g; m++) update(b, m, scratch);
    b->has_fails = b->has_fails && has_both(b); /* it was told again */
    if (b->has_fails) update_fails(b, scratch);
}

/* ---- asking a model ------------------------------------------------------ */

double *tp_bo_placed(const tp_bo *b, const tp_bo_at *at, tp_arena *mem)
{
    int     d = b->n + b->n_place;
    double *out = TP_NEW(mem, double, (ptrdiff_t)at->count *d);
    for (int p = 0; p < at->count; p++) {
        double *to = out + (ptrdiff_t)p * d;
        memcpy(to, at->x + (ptrdiff_t)p * b->n, sizeof *to * (size_t)b->n);
        for (int i = 0; i < b->n_place; i++)
            to[b->n + i] = b->place[at->corner * b->n_place + i];
    }
    return out;
}

void tp_bo_predict(const tp_bo *b, const tp_bo_at *at, double *mean,
                   double *variance, tp_arena scratch)
{
    const double *x = b->n_place ? tp_bo_placed(b, at, &scratch) : at->x;
    tp_gp_predict(&b->model[at->model].gp, x, at->count, mean, variance,
                  scratch);
}

void tp_bo_gradient(const tp_bo *b, const tp_bo_at *at, tp_gp_slopes *out,
                    tp_arena scratch)
{
    int           d = b->n + b->n_place;
    size_t        size = sizeof(double) * (size_t)b->n;
    const double *x = b->n_place ? tp_bo_placed(b, at, &scratch) : at->x;
    tp_gp_slopes  all = {.d_mean = TP_NEW(&scratch, double, d),
                         .d_variance = TP_NEW(&scratch, double, d)};
    tp_gp_gradient(&b->model[at->model].gp, x, &all, scratch);
    out->mean = all.mean;
    out->variance = all.variance;
    memcpy(out->d_mean, all.d_mean, size);
    memcpy(out->d_variance, all.d_variance, size);
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
        if (b->trial[j].failed == ran) continue;
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
