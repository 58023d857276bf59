/* The posterior of the hyperparameters, its gradient and its maximum. The
   process's mean and variance are the best ones for each theta (concentrated
   likelihood: Rasmussen and Williams, section 2.7 and 5.4). */
#include "inside.h"

#include <math.h>
#include <string.h>

/* A normal prior of a logarithm, and the range that is searched. */
typedef struct prior {
    double mean, deviation, lo, hi;
} prior;

enum { LENGTH, NOISE, WARP };

static prior prior_of(int what, int d)
{
    double half = 0.5 * tp_log(d);
    switch (what) {
    case LENGTH:
        return (prior){1.4142135623730951 + half, 1.7320508075688772,
                       -4.6 + half / 2, 5 + half};
    case NOISE: return (prior){-16, 4, -21, -0.7};
    default: return (prior){0, 0.5, -1.6, 1.6};
    }
}

static int kind_of(int i, int d)
{
    return i < d ? LENGTH : i == d ? NOISE : WARP;
}

typedef struct data {
    int           n, d, ld, free; /* free: parameters that are searched */
    bool          warped, quiet;
    const double *y;
    double       *x; /* d rows of n */
    double       *theta;
} data;

static void open_data(data *t, const double *x, const double *y, int n, int d,
                      tp_arena *mem)
{
    *t = (data){.n = n, .d = d, .ld = tp_num_ld(n), .y = y};
    t->x = tp_num_matrix(d, n, mem);
    t->theta = TP_NEW(mem, double, tp_gp_parameters(d));
    for (int i = 0; i < d; i++)
        for (int j = 0; j < n; j++)
            t->x[(ptrdiff_t)i * t->ld + j] = x[(ptrdiff_t)j * d + i];
}

static double add_priors(const data *t, double *gradient)
{
    double sum = 0;
    for (int i = 0; i < t->free; i++) {
        prior  p = prior_of(kind_of(i, t->d), t->d);
        double off = (t->theta[i] - p.mean) / p.deviation;
        sum -= 0.5 * off * off;
        if (gradient) gradient[i] -= off / p.deviation;
    }
    return sum;
}

/* alpha = K^-1 (y - mean), the variance and the logarithm of the likelihood. */
static double solve(const data *t, const double *l, double *alpha,
                    double *scale, tp_arena scratch)
{
    double *r = tp_num_matrix(2, t->n, &scratch), *one = r + t->ld;
    memcpy(r, t->y, sizeof *r * (size_t)t->n);
    for (int j = 0; j < t->n; j++) one[j] = 1;
    tp_chol_forward(l, t->n, t->ld, (tp_rows){r, 2, t->ld}, 0);
    double mean = tp_dot(one, r, t->n) / tp_norm2(one, t->n);
    tp_axpy(-mean, one, r, t->n);
    *scale = fmax(tp_norm2(r, t->n) / t->n, 1e-100);
    memcpy(alpha, r, sizeof *r * (size_t)t->n);
    tp_chol_back(l, t->n, t->ld, alpha);
    return -0.5 * (t->n * tp_log(*scale) + tp_chol_log_det(l, t->n, t->ld));
}

/* p[i][j] = G_ij * 2 dk/dr2, G = K^-1 - alpha alpha^T / scale; the sums of
   its rows, and the trace of G. */
static double weigh(const data *t, const double *alpha, double scale,
                    const double *slope, double *p, double *sum)
{
    double trace = 0;
    memset(sum, 0, sizeof *sum * (size_t)t->n);
    for (int i = 0; i < t->n; i++) {
        double       *row = p + (ptrdiff_t)i * t->ld;
        const double *s = slope + (ptrdiff_t)i * t->ld;
        double        c = alpha[i] / scale, all = 0;
        trace += row[i] - c * alpha[i];
        for (int j = 0; j < i; j++) row[j] = 2 * s[j] * (row[j] - c * alpha[j]);
        row[i] = 0;
        for (int j = 0; j < i; j++) {
            p[(ptrdiff_t)j * t->ld + i] = row[j];
            all += row[j];
            sum[j] += row[j];
        }
        sum[i] += all;
    }
    return trace;
}

typedef struct coordinates {
    double *z, *by_a, *by_b; /* d rows each */
} coordinates;

static coordinates scale_all(const data *t, tp_arena *mem)
{
    coordinates c = {.z = tp_num_matrix(t->d, t->n, mem)};
    tp_gp_map   map = {t->theta, t->d, t->warped};
    if (t->warped) {
        c.by_a = tp_num_matrix(t->d, t->n, mem);
        c.by_b = tp_num_matrix(t->d, t->n, mem);
    }
    for (int i = 0; i < t->d; i++) {
        ptrdiff_t at = (ptrdiff_t)i * t->ld;
        tp_scaled out = {.z = c.z + at,
                         .by_a = t->warped ? c.by_a + at : NULL,
                         .by_b = t->warped ? c.by_b + at : NULL};
        tp_gp_scale(&map, i, t->x + at, t->n, &out, *mem);
    }
    return c;
}

/* The gradient of the log likelihood from the weights: with respect to one
   coordinate z_i of point i it is -sum_j p_ij (z_i - z_j). */
static void chain(const data *t, const coordinates *c, const double *p,
                  const double *sum, double *gradient, tp_arena scratch)
{
    double *pz = tp_num_matrix(t->d, t->n, &scratch);
    tp_rows weights = {(double *)p, t->n, t->ld};
    tp_num_product((tp_rows){c->z, t->d, t->ld}, weights, t->n,
                   (tp_rows){pz, t->d, t->ld});
    for (int i = 0; i < t->d; i++) {
        const double *z = c->z + (ptrdiff_t)i * t->ld;
        double       *by_z = pz + (ptrdiff_t)i * t->ld;
        for (int j = 0; j < t->n; j++) by_z[j] -= z[j] * sum[j];
        gradient[i] = -tp_dot(by_z, z, t->n);
        if (!t->warped) continue;
        gradient[t->d + 1 + i] =
            tp_dot(by_z, c->by_a + (ptrdiff_t)i * t->ld, t->n);
        gradient[2 * t->d + 1 + i] =
            tp_dot(by_z, c->by_b + (ptrdiff_t)i * t->ld, t->n);
    }
}

/* The logarithm of the posterior, up to a constant. */
static double posterior(const data *t, double *gradient, tp_arena mem)
{
    int           n = t->n;
    double        scale, noise = tp_exp(*tp_gp_theta(t->theta, t->d).noise);
    coordinates   c = scale_all(t, &mem);
    tp_covariance k = {
        .z = {c.z, t->d, t->ld}, .n = n, .ld = t->ld, .noise = noise};
    k.k = tp_num_matrix(n, n, &mem);
    k.slope = gradient ? tp_num_matrix(n, n, &mem) : NULL;
    tp_gp_covariance(&k, 0, mem);
    if (tp_chol(k.k, n, t->ld, 0) >= 0) return -INFINITY;
    double *alpha = TP_NEW(&mem, double, n), *sum = TP_NEW(&mem, double, n);
    double  log_like = solve(t, k.k, alpha, &scale, mem);
    if (!gradient) return log_like + add_priors(t, NULL);
    double *p = tp_num_matrix(n, n, &mem);
    tp_chol_inverse(k.k, n, t->ld, p, mem);
    double trace = weigh(t, alpha, scale, k.slope, p, sum);
    gradient[t->d] = -0.5 * noise * trace;
    chain(t, &c, p, sum, gradient, mem);
    return log_like + add_priors(t, gradient);
}

double tp_gp_posterior(const tp_gp_data *from, const double *theta, bool warped,
                       double *gradient, tp_arena scratch)
{
    data t;
    open_data(&t, from->x, from->y, from->n, from->d, &scratch);
    t.warped = warped;
    t.free = warped ? tp_gp_parameters(from->d) : from->d + 1;
    memcpy(t.theta, theta, sizeof *theta * (size_t)tp_gp_parameters(from->d));
    return posterior(&t, gradient, scratch);
}

/* ---- the maximum --------------------------------------------------------- */

static double negative(void *with, const double *theta, double *g,
                       tp_arena scratch)
{
    data *t = with;
    memcpy(t->theta, theta, sizeof *theta * (size_t)t->free);
    double value = posterior(t, g, scratch);
    for (int i = 0; i < t->free; i++) g[i] = -g[i];
    return -value;
}

/* From theta on; returns the logarithm of the posterior there. */
static double climb(data *t, double *theta, int most, tp_arena scratch)
{
    double *lo = TP_NEW(&scratch, double, t->free);
    double *hi = TP_NEW(&scratch, double, t->free);
    for (int i = 0; i < t->free; i++) {
        prior p = prior_of(kind_of(i, t->d), t->d);
        lo[i] = p.lo;
        hi[i] = i == t->d && t->quiet ? p.lo : p.hi;
    }
    tp_box box = {t->free, lo, hi, most, 1e-5};
    return -tp_minimise(negative, t, &box, theta, scratch);
}

/* The k-th start: three sizes of length scales, then other mixes of them. */
static void start_at(int k, int d, double *theta)
{
    static const double factor[] = {0.5, 0.15, 2};
    prior               p = prior_of(LENGTH, d), noise = prior_of(NOISE, d);
    double              root = 0.5 * tp_log(d);
    tp_rng              rng = tp_rng_at(1, (uint64_t)k);
    for (int i = 0; i < tp_gp_parameters(d); i++) theta[i] = 0;
    for (int i = 0; i < d; i++) {
        double mixed = p.mean - 1.5 + 3 * (tp_rng_uniform(&rng) - 0.5);
        theta[i] = k < TP_COUNT(factor) ? tp_log(factor[k]) + root : mixed;
    }
    theta[d] = k % 2 ? -9 : noise.mean + 2;
}

/* The best of `starts` points without a search. */
static void best_start(data *t, int starts, double *theta, tp_arena scratch)
{
    int     all = tp_gp_parameters(t->d);
    double *trial = TP_NEW(&scratch, double, all), best = -INFINITY;
    for (int k = 0; k < starts; k++) {
        start_at(k, t->d, trial);
        memcpy(t->theta, trial, sizeof *trial * (size_t)all);
        double value = starts > 1 ? posterior(t, NULL, scratch) : 0;
        if (k > 0 && !(value > best)) continue;
        best = value;
        memcpy(theta, trial, sizeof *trial * (size_t)all);
    }
}

/* Frees the exponents of the warping; kept when it gains a unit. */
static double try_warp(data *t, double value, double *theta, int most,
                       tp_arena scratch)
{
    int     all = tp_gp_parameters(t->d);
    double *trial = TP_NEW(&scratch, double, all);
    memcpy(trial, theta, sizeof *trial * (size_t)all);
    t->warped = true;
    t->free = all;
    double with = climb(t, trial, most, scratch);
    t->warped = with > value + 1;
    if (!t->warped) return value;
    memcpy(theta, trial, sizeof *trial * (size_t)all);
    return with;
}

double tp_gp_fit(tp_gp *g, const double *x, const double *y, int n,
                 const tp_gp_effort *effort, tp_arena scratch)
{
    data t;
    int  all = tp_gp_parameters(g->d);
    open_data(&t, x, y, n, g->d, &scratch);
    t.free = g->d + 1;
    t.quiet = effort->quiet;
    double *theta = TP_NEW(&scratch, double, all);
    best_start(&t, effort->starts, theta, scratch);
    double value = climb(&t, theta, effort->most, scratch);
    if (effort->warp) value = try_warp(&t, value, theta, effort->most, scratch);
    memcpy(g->theta, theta, sizeof *theta * (size_t)all);
    g->warped = t.warped;
    tp_gp_forget(g);
    return value;
}
