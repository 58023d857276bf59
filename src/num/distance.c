/* Squared distances and the Matern kernel of smoothness 5/2 (Rasmussen and
   Williams, Gaussian Processes for Machine Learning, 2006, equation 4.17) for
   many points at once. */
#include "lanes.h"

#include <math.h>

TP_KERNEL void distances_kernel(tp_rows z, const double *p, int n, double *out)
{
    for (int j = 0; j < n; j += TP_LANES) {
        tp_v4 sum = {0, 0, 0, 0};
        for (int i = 0; i < z.rows; i++) {
            tp_v4 gap = *(const tp_v4 *)(z.at + (ptrdiff_t)i * z.ld + j) - p[i];
            sum += gap * gap;
        }
        *(tp_v4 *)(out + j) = sum;
    }
}
TP_BOTH(distances, (tp_rows z, const double *p, int n, double *out),
        (z, p, n, out))

void tp_num_distances(tp_rows z, const double *p, int n, double *out)
{
    distances(z, p, n, out);
}

/* s = sqrt(5 r2), and exp(-s) in k. */
static const double ROOT5 = 2.23606797749978969641;

TP_KERNEL void roots_kernel(const double *r2, int n, double *k)
{
    for (int j = 0; j < n; j++) k[j] = -ROOT5 * sqrt(r2[j]);
}
TP_BOTH(roots, (const double *r2, int n, double *k), (r2, n, k))

TP_KERNEL void shape_kernel(const double *r2, int n, double *k, double *slope)
{
    for (int j = 0; j < n; j++) {
        double s = ROOT5 * sqrt(r2[j]), fall = k[j];
        slope[j] = -5.0 / 6 * (1 + s) * fall;
        k[j] = (1 + s + 5.0 / 3 * r2[j]) * fall;
    }
}
TP_BOTH(shape, (const double *r2, int n, double *k, double *slope),
        (r2, n, k, slope))

void tp_matern(const double *r2, int n, double *k, double *slope)
{
    roots(r2, n, k);
    tp_exp_many(k, n);
    shape(r2, n, k, slope);
}
