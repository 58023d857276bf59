/* The normal distribution with its far tails, and orders of samples. */
#include "num/num.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double LOG_SQRT_2PI = 0.91893853320467274178;
enum { TAIL_TERMS = 60 };
static const double TAIL = -2.5; /* below it the continued fraction is used */

double tp_normal_pdf(double z)
{
    return tp_exp(-0.5 * z * z - LOG_SQRT_2PI);
}

/* c of Laplace's continued fraction Phi(-t) / phi(t) = 1 / (t + c),
   c = 1 / (t + 2 / (t + 3 / ...)), for t >= 2.5. */
static double tail(double t)
{
    double c = 0;
    for (int k = TAIL_TERMS; k >= 1; k--) c = k / (t + c);
    return c;
}

/* Phi(z) - 1/2 = phi(z) (z + z^3/3 + z^5/15 + ...), for |z| <= 2.5 (Marsaglia,
   J. Statistical Software 11 (2004) 4). */
static double middle(double z)
{
    double term = z, sum = z;
    for (int k = 3; k < 99 && fabs(term) > 1e-18; k += 2)
        sum += term *= z * z / k;
    return sum * tp_normal_pdf(z);
}

double tp_normal_cdf(double z)
{
    if (isnan(z)) return z;
    if (z < TAIL) return z < -38.6 ? 0 : tp_normal_pdf(z) / (tail(-z) - z);
    if (z > -TAIL) return 1 - tp_normal_cdf(-z);
    return 0.5 + middle(z);
}

double tp_normal_log_cdf(double z)
{
    if (z >= TAIL) return tp_log(tp_normal_cdf(z));
    return -0.5 * z * z - LOG_SQRT_2PI - tp_log(tail(-z) - z);
}

double tp_normal_mills(double z)
{
    if (z >= TAIL) return tp_normal_pdf(z) / tp_normal_cdf(z);
    return tail(-z) - z;
}

double tp_log_h(double z, double *slope)
{
    if (z >= TAIL) {
        double cdf = tp_normal_cdf(z), h = tp_normal_pdf(z) + z * cdf;
        *slope = cdf / h;
        return tp_log(h);
    }
    double c = tail(-z);
    *slope = 1 / c;
    return -0.5 * z * z - LOG_SQRT_2PI + tp_log(c / (c - z));
}

static double ratio(const double *over, int n, const double *under, int m,
                    double x)
{
    double p = 0, q = 0;
    for (int i = 0; i < n; i++) p = p * x + over[i];
    for (int i = 0; i < m; i++) q = q * x + under[i];
    return p / (q * x + 1);
}

/* Acklam's approximation, within 1.2e-9, for 0 < p <= 1/2. */
static double rough_quantile(double p)
{
    static const double a[] = {-3.969683028665376e+01, 2.209460984245205e+02,
                               -2.759285104469687e+02, 1.383577518672690e+02,
                               -3.066479806614716e+01, 2.506628277459239e+00};
    static const double b[] = {-5.447609879822406e+01, 1.615858368580409e+02,
                               -1.556989798598866e+02, 6.680131188771972e+01,
                               -1.328068155288572e+01};
    static const double c[] = {-7.784894002430293e-03, -3.223964580411365e-01,
                               -2.400758277161838e+00, -2.549732539343734e+00,
                               4.374664141464968e+00,  2.938163982698783e+00};
    static const double d[] = {7.784695709041462e-03, 3.224671290700398e-01,
                               2.445134137142996e+00, 3.754408661907416e+00};
    if (p < 0.02425) return ratio(c, 6, d, 4, sqrt(-2 * tp_log(p)));
    double q = p - 0.5;
    return q * ratio(a, 6, b, 5, q * q);
}

double tp_normal_quantile(double p)
{
    if (isnan(p)) return p;
    if (p <= 1e-300) return -38;
    if (p > 0.5) return p >= 1 ? 38 : -tp_normal_quantile(1 - p);
    double z = rough_quantile(p);
    double u = (tp_normal_cdf(z) - p) / tp_normal_pdf(z);
    return z - u / (1 + z * u / 2);
}

double tp_mean(const double *x, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++) sum += x[i] / n;
    return sum;
}

double tp_deviation(const double *x, int n)
{
    double mean = tp_mean(x, n), most = 0, sum = 0;
    for (int i = 0; i < n; i++) most = fmax(most, fabs(x[i] - mean));
    if (n < 2 || most == 0) return 0;
    for (int i = 0; i < n; i++) {
        double part = (x[i] - mean) / most;
        sum += part * part / n;
    }
    return most * sqrt(sum);
}

typedef struct item {
    double v;
    int    i;
} item;

static int by_value(const void *a, const void *b)
{
    const item *p = a, *q = b;
    if (isnan(p->v) != isnan(q->v)) return isnan(p->v) ? 1 : -1;
    if (p->v < q->v || p->v > q->v) return p->v < q->v ? -1 : 1;
    return p->i < q->i ? -1 : 1;
}

void tp_order(const double *x, int n, int *order, tp_arena scratch)
{
    item *all = TP_NEW(&scratch, item, n);
    for (int i = 0; i < n; i++) all[i] = (item){x[i], i};
    qsort(all, (size_t)n, sizeof *all, by_value);
    for (int i = 0; i < n; i++) order[i] = all[i].i;
}

double tp_quantile(const double *x, int n, double p, tp_arena scratch)
{
    if (n < 1) return NAN;
    int *order = TP_NEW(&scratch, int, n);
    tp_order(x, n, order, scratch);
    double at = p * (n - 1);
    int    k = (int)floor(at);
    if (k < 0) return x[order[0]];
    if (k >= n - 1) return x[order[n - 1]];
    double part = at - k;
    return (1 - part) * x[order[k]] + part * x[order[k + 1]];
}

double tp_median(const double *x, int n, tp_arena scratch)
{
    return tp_quantile(x, n, 0.5, scratch);
}
