/* Coordinates as the kernel sees them, and the covariance matrix. */
#include "inside.h"

#include <math.h>

int tp_gp_parameters(int d)
{
    return 3 * d + 1;
}

tp_theta tp_gp_theta(const double *theta, int d)
{
    ptrdiff_t n = d;
    return (tp_theta){theta, theta + n, theta + n + 1, theta + 2 * n + 1};
}

static void scale_plain(double length, const double *x, int n,
                        const tp_scaled *out)
{
    for (int j = 0; j < n; j++) {
        out->z[j] = x[j] / length;
        if (out->by_x) out->by_x[j] = 1 / length;
        if (out->by_a) out->by_a[j] = out->by_b[j] = 0;
    }
}

/* w = 1 - (1 - x^a)^b with t = x^a, u = (1 - t)^b. */
static void scale_warped(double length, const double *ab, const double *x,
                         int n, const tp_scaled *out, tp_arena scratch)
{
    static const double edge = 1e-9; /* keeps logarithms and slopes finite */
    double *t = TP_NEW(&scratch, double, n), *u = TP_NEW(&scratch, double, n);
    double *log_x = TP_NEW(&scratch, double, n);
    double *log_r = TP_NEW(&scratch, double, n);
    double  a = ab[0], b = ab[1];
    for (int j = 0; j < n; j++) log_x[j] = fmin(fmax(x[j], edge), 1 - edge);
    tp_log_many(log_x, n);
    for (int j = 0; j < n; j++) t[j] = a * log_x[j];
    tp_exp_many(t, n);
    for (int j = 0; j < n; j++) log_r[j] = 1 - t[j];
    tp_log_many(log_r, n);
    for (int j = 0; j < n; j++) u[j] = b * log_r[j];
    tp_exp_many(u, n);
    for (int j = 0; j < n; j++) {
        out->z[j] = (1 - u[j]) / length;
        double by_t = b * u[j] / (1 - t[j]) / length;
        double in = fmin(fmax(x[j], edge), 1 - edge);
        if (out->by_x) out->by_x[j] = by_t * a * t[j] / in;
        if (!out->by_a) continue;
        out->by_a[j] = by_t * t[j] * a * log_x[j];
        out->by_b[j] = -u[j] * b * log_r[j] / length;
    }
}

void tp_gp_scale(const tp_gp_map *map, int i, const double *x, int n,
                 const tp_scaled *out, tp_arena scratch)
{
    tp_theta at = tp_gp_theta(map->theta, map->d);
    double   length = tp_exp(at.length[i]);
    if (!map->warped) {
        scale_plain(length, x, n, out);
        return;
    }
    double ab[2] = {tp_exp(at.a[i]), tp_exp(at.b[i])};
    scale_warped(length, ab, x, n, out, scratch);
}

void tp_gp_covariance(const tp_covariance *c, int from, tp_arena scratch)
{
    int     d = c->z.rows;
    double *p = TP_NEW(&scratch, double, d);
    double *r2 = TP_NEW(&scratch, double, c->ld);
    double *none = TP_NEW(&scratch, double, c->ld);
    for (int i = from; i < c->n; i++) {
        double *k = c->k + (ptrdiff_t)i * c->ld;
        double *slope = c->slope ? c->slope + (ptrdiff_t)i * c->ld : none;
        for (int q = 0; q < d; q++) p[q] = c->z.at[(ptrdiff_t)q * c->z.ld + i];
        tp_num_distances(c->z, p, i, r2);
        tp_matern(r2, i, k, slope);
        k[i] = 1 + c->noise;
        slope[i] = 0;
    }
}
