/* What the model says of other points. */
#include "inside.h"

#include <math.h>
#include <string.h>

/* z of `count` points: d rows of ld. */
static double *scale_points(const tp_gp *g, const double *x, int count,
                            double *by_x, tp_arena *mem)
{
    int       ld = tp_num_ld(count);
    double   *z = tp_num_matrix(g->d, count, mem);
    double   *v = TP_NEW(mem, double, count);
    tp_gp_map map = {g->theta, g->d, g->warped};
    for (int i = 0; i < g->d; i++) {
        tp_scaled out = {.z = z + (ptrdiff_t)i * ld,
                         .by_x = by_x ? by_x + i : NULL};
        for (int j = 0; j < count; j++) v[j] = x[(ptrdiff_t)j * g->d + i];
        tp_gp_scale(&map, i, v, count, &out, *mem);
    }
    return z;
}

/* Covariances (and slopes) of the p-th of `count` points with the model's. */
static void cross(const tp_gp *g, tp_rows z, int p, double *k, double *slope,
                  tp_arena scratch)
{
    double *at = TP_NEW(&scratch, double, g->d);
    double *r2 = TP_NEW(&scratch, double, g->ld);
    for (int i = 0; i < g->d; i++) at[i] = z.at[(ptrdiff_t)i * z.ld + p];
    tp_num_distances((tp_rows){g->z, g->d, g->ld}, at, g->n, r2);
    tp_matern(r2, g->n, k, slope);
}

enum { CHUNK = 64 }; /* points whose covariances are held at a time */

static void predict_chunk(const tp_gp *g, const double *x, int count,
                          double *mean, double *variance, tp_arena scratch)
{
    double *z = scale_points(g, x, count, NULL, &scratch);
    tp_rows all = {z, g->d, tp_num_ld(count)};
    int     ld = tp_num_ld(g->n);
    double *k = tp_num_matrix(count, g->n, &scratch);
    double *slope = TP_NEW(&scratch, double, ld);
    for (int p = 0; p < count; p++) {
        double *row = k + (ptrdiff_t)p * ld;
        cross(g, all, p, row, slope, scratch);
        mean[p] = g->mean + tp_dot(row, g->alpha, g->n);
    }
    if (!variance) return;
    tp_chol_forward(g->l, g->n, g->ld, (tp_rows){k, count, ld}, 0);
    for (int p = 0; p < count; p++) {
        double left = 1 - tp_norm2(k + (ptrdiff_t)p * ld, g->n);
        variance[p] = g->scale * fmax(left, 1e-14);
    }
}

void tp_gp_predict(const tp_gp *g, const double *x, int count, double *mean,
                   double *variance, tp_arena scratch)
{
    for (int p = 0; p < count; p += CHUNK)
        predict_chunk(g, x + (ptrdiff_t)p * g->d,
                      count - p < CHUNK ? count - p : CHUNK, mean + p,
                      variance ? variance + p : NULL, scratch);
}

/* sum over j of c_j dk_j/dz, for each coordinate, times dz/dx. */
static void slope_of(const tp_gp *g, const double *c, const double *z,
                     const double *by_x, double *out)
{
    double sum = 0;
    for (int j = 0; j < g->n; j++) sum += c[j];
    for (int i = 0; i < g->d; i++) {
        double with = tp_dot(c, g->z + (ptrdiff_t)i * g->ld, g->n);
        out[i] = 2 * (z[(ptrdiff_t)i * TP_LANES] * sum - with) * by_x[i];
    }
}

void tp_gp_gradient(const tp_gp *g, const double *x, tp_gp_slopes *out,
                    tp_arena scratch)
{
    double *by_x = TP_NEW(&scratch, double, g->d);
    double *z = scale_points(g, x, 1, by_x, &scratch);
    int     ld = tp_num_ld(g->n);
    double *k = TP_NEW(&scratch, double, ld), *w = TP_NEW(&scratch, double, ld);
    double *slope = TP_NEW(&scratch, double, ld);
    double *c = TP_NEW(&scratch, double, ld);
    cross(g, (tp_rows){z, g->d, TP_LANES}, 0, k, slope, scratch);
    out->mean = g->mean + tp_dot(k, g->alpha, g->n);
    for (int j = 0; j < g->n; j++) c[j] = slope[j] * g->alpha[j];
    slope_of(g, c, z, by_x, out->d_mean);
    memcpy(w, k, sizeof *w * (size_t)g->n);
    tp_chol_forward(g->l, g->n, g->ld, (tp_rows){w, 1, ld}, 0);
    double left = 1 - tp_norm2(w, g->n);
    out->variance = g->scale * fmax(left, 1e-14);
    tp_chol_back(g->l, g->n, g->ld, w);
    for (int j = 0; j < g->n; j++) c[j] = -2 * g->scale * slope[j] * w[j];
    slope_of(g, c, z, by_x, out->d_variance);
}

void tp_gp_sample(const tp_gp *g, const double *x, int count,
                  const double *normal, double *out, tp_arena scratch)
{
    int     ld = tp_num_ld(count), ldn = tp_num_ld(g->n);
    double *z = scale_points(g, x, count, NULL, &scratch);
    tp_rows all = {z, g->d, ld};
    double *v = tp_num_matrix(count, g->n, &scratch);
    double *slope = TP_NEW(&scratch, double, ldn);
    double *own = tp_num_matrix(count, count, &scratch);
    double *less = tp_num_matrix(count, count, &scratch);
    for (int p = 0; p < count; p++) {
        double *row = v + (ptrdiff_t)p * ldn;
        cross(g, all, p, row, slope, scratch);
        out[p] = g->mean + tp_dot(row, g->alpha, g->n);
    }
    tp_rows rows = {v, count, ldn};
    tp_chol_forward(g->l, g->n, g->ld, rows, 0);
    tp_num_product(rows, rows, g->n, (tp_rows){less, count, ld});
    tp_covariance c = {.z = {z, g->d, ld}, .n = count, .ld = ld, .k = own};
    for (c.noise = 1e-10;; c.noise *= 10) {
        tp_gp_covariance(&c, 0, scratch);
        for (int i = 0; i < count; i++)
            tp_axpy(-1, less + (ptrdiff_t)i * ld, own + (ptrdiff_t)i * ld,
                    i + 1);
        bool done = tp_chol(own, count, ld, 0) < 0;
        if (done || !(c.noise < 1)) break; /* NAN in x has no factor */
    }
    for (int p = 0; p < count; p++)
        out[p] +=
            sqrt(g->scale) * tp_dot(own + (ptrdiff_t)p * ld, normal, p + 1);
}
