/* Rising functions that make a measured value look like a sample of a
   Gaussian process: a row each. */
#include "gp/gp.h"

#include <math.h>

static const double HUGE_VALUE = 1e300;

static double clamp(double y)
{
    return fmin(fmax(y, -HUGE_VALUE), HUGE_VALUE);
}

/* ---- the functions, their inverses and slopes ---------------------------- */

/* Of u = (y - centre) / width. */

static double same(const tp_transform *t, double u)
{
    (void)t;
    return u;
}

static double one(const tp_transform *t, double u)
{
    (void)t;
    (void)u;
    return 0;
}

/* Straight below `least`, where data that were not there at first may lie. */
static double log_to(const tp_transform *t, double u)
{
    if (u < t->least) return tp_log(t->least) + (u - t->least) / t->least;
    return tp_log(u);
}

static double log_from(const tp_transform *t, double v)
{
    double edge = tp_log(t->least);
    return v < edge ? t->least * (1 + v - edge) : tp_exp(v);
}

static double log_slope(const tp_transform *t, double u)
{
    return -tp_log(fmax(u, t->least));
}

static double bilog_to(const tp_transform *t, double u)
{
    (void)t;
    return copysign(tp_log(1 + fabs(u)), u);
}

static double bilog_from(const tp_transform *t, double v)
{
    (void)t;
    return copysign(tp_exp(fabs(v)) - 1, v);
}

static double bilog_slope(const tp_transform *t, double u)
{
    (void)t;
    return -tp_log(1 + fabs(u));
}

/* ((1 + u)^p - 1) / p, its limit log(1 + u) at p = 0. */
static double power_to(double u, double p)
{
    double l = tp_log(1 + u);
    return fabs(p) < 1e-6 ? l : (tp_exp(p * l) - 1) / p;
}

static double power_from(double v, double p)
{
    if (fabs(p) < 1e-6) return tp_exp(v) - 1;
    double inside = fmax(1 + p * v, 1e-300);
    return tp_exp(tp_log(inside) / p) - 1;
}

static double yj_to(const tp_transform *t, double u)
{
    return u >= 0 ? power_to(u, t->lambda) : -power_to(-u, 2 - t->lambda);
}

static double yj_from(const tp_transform *t, double v)
{
    return v >= 0 ? power_from(v, t->lambda) : -power_from(-v, 2 - t->lambda);
}

static double yj_slope(const tp_transform *t, double u)
{
    return (u >= 0 ? t->lambda - 1 : 1 - t->lambda) * tp_log(1 + fabs(u));
}

/* ---- their constants ----------------------------------------------------- */

static bool set_same(tp_transform *t, const double *y, int n, tp_arena scratch)
{
    t->centre = tp_median(y, n, scratch);
    t->width = tp_deviation(y, n);
    return true;
}

/* For values above 0 that span a factor of 4 at least. */
static bool set_log(tp_transform *t, const double *y, int n, tp_arena scratch)
{
    double least = tp_quantile(y, n, 0, scratch);
    t->width = tp_median(y, n, scratch);
    t->least = least / t->width / 10;
    return least > 1e-290 && tp_quantile(y, n, 1, scratch) > 4 * least;
}

/* The distance to the best value, with a twentieth of the median's. */
static bool set_gap(tp_transform *t, const double *y, int n, tp_arena scratch)
{
    double best = tp_quantile(y, n, 0, scratch);
    double gap = tp_median(y, n, scratch) - best;
    t->centre = best - 0.05 * gap;
    t->width = gap;
    t->least = 0.02;
    return true;
}

static bool set_bilog(tp_transform *t, const double *y, int n, tp_arena scratch)
{
    double *size = TP_NEW(&scratch, double, n);
    for (int j = 0; j < n; j++) size[j] = fabs(y[j]);
    t->width = 0.5 * tp_median(size, n, scratch);
    return true;
}

/* -log likelihood of a normal sample, without the process. */
static double misfit(tp_transform *t, double lambda, const double *y, int n,
                     tp_arena scratch)
{
    double *v = TP_NEW(&scratch, double, n), slope = 0;
    t->lambda = lambda;
    for (int j = 0; j < n; j++) {
        double u = (clamp(y[j]) - t->centre) / t->width;
        v[j] = yj_to(t, u);
        slope += yj_slope(t, u);
    }
    double deviation = tp_deviation(v, n);
    return deviation > 0 ? n * tp_log(deviation) - slope : INFINITY;
}

static bool set_yj(tp_transform *t, const double *y, int n, tp_arena scratch)
{
    double best = INFINITY, lambda = 1;
    t->centre = tp_median(y, n, scratch);
    t->width =
        tp_quantile(y, n, 0.75, scratch) - tp_quantile(y, n, 0.25, scratch);
    if (!(t->width > 0) || !isfinite(t->width)) return false;
    for (int k = -4; k <= 8; k++) {
        double at = 0.25 * k;
        double got = misfit(t, at, y, n, scratch);
        if (!(got < best)) continue;
        best = got;
        lambda = at;
    }
    t->lambda = lambda;
    return lambda < 0.9 || lambda > 1.1;
}

static const struct {
    const char *name;
    bool (*set)(tp_transform *t, const double *y, int n, tp_arena scratch);
    double (*to)(const tp_transform *t, double u);
    double (*from)(const tp_transform *t, double v);
    double (*log_slope)(const tp_transform *t, double u);
} rows[] = {
    {"identity", set_same, same, same, one},
    {"logarithm", set_log, log_to, log_from, log_slope},
    {"logarithm of the gap", set_gap, log_to, log_from, log_slope},
    {"bilog", set_bilog, bilog_to, bilog_from, bilog_slope},
    {"Yeo-Johnson", set_yj, yj_to, yj_from, yj_slope},
};

int tp_transforms(void)
{
    return TP_COUNT(rows);
}

const char *tp_transform_name(int kind)
{
    return rows[kind].name;
}

static double raw(const tp_transform *t, double y)
{
    return rows[t->kind].to(t, (clamp(y) - t->centre) / t->width);
}

bool tp_transform_set(tp_transform *t, int kind, const double *y, int n,
                      tp_arena scratch)
{
    *t = (tp_transform){.kind = kind, .width = 1, .lambda = 1, .deviation = 1};
    double *v = TP_NEW(&scratch, double, n);
    for (int j = 0; j < n; j++) v[j] = clamp(y[j]);
    bool fits = rows[kind].set(t, v, n, scratch);
    if (!(t->width > 1e-300)) {
        if (kind > 0) return false;
        t->width = 1;
    }
    for (int j = 0; j < n; j++) v[j] = raw(t, v[j]);
    t->mean = tp_mean(v, n);
    t->deviation = tp_deviation(v, n);
    if (!(t->deviation > 1e-300)) t->deviation = 1;
    return fits;
}

double tp_transform_to(const tp_transform *t, double y)
{
    return (raw(t, y) - t->mean) / t->deviation;
}

double tp_transform_from(const tp_transform *t, double v)
{
    double u = rows[t->kind].from(t, v * t->deviation + t->mean);
    return clamp(u * t->width + t->centre);
}

double tp_transform_log_slope(const tp_transform *t, double y)
{
    double u = (clamp(y) - t->centre) / t->width;
    return rows[t->kind].log_slope(t, u) - tp_log(t->deviation) -
           tp_log(t->width);
}
