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
