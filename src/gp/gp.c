/* The model's data and their factor: points appended keep what was computed
   for those before. */
#include "inside.h"

#include <math.h>
#include <string.h>

enum { ROOM = 64, RAISES = 12 };

static void make_room(tp_gp *g, int cap, tp_arena *mem)
{
    int     ld = tp_num_ld(cap);
    double *x = TP_NEW(mem, double, (ptrdiff_t)cap * g->d);
    double *z = tp_num_matrix(g->d, cap, mem);
    double *l = tp_num_matrix(cap, cap, mem);
    for (int j = 0; j < g->n; j++)
        memcpy(l + (ptrdiff_t)j * ld, g->l + (ptrdiff_t)j * g->ld,
               sizeof *l * (size_t)g->n);
    for (int i = 0; i < g->d && g->n > 0; i++)
        memcpy(z + (ptrdiff_t)i * ld, g->z + (ptrdiff_t)i * g->ld,
               sizeof *z * (size_t)g->n);
    if (g->n > 0) memcpy(x, g->x, sizeof *x * (size_t)g->n * (size_t)g->d);
    g->x = x;
    g->z = z;
    g->l = l;
    g->y = TP_NEW(mem, double, cap); /* set by every update */
    g->alpha = TP_NEW(mem, double, cap);
    g->cap = cap;
    g->ld = ld;
}

void tp_gp_open(tp_gp *g, int d, tp_arena *mem)
{
    *g = (tp_gp){.d = d, .theta = TP_NEW(mem, double, tp_gp_parameters(d))};
    for (int i = 0; i < d; i++) g->theta[i] = 0.5 * tp_log(d);
    g->theta[d] = -14;
    make_room(g, ROOM, mem);
}

void tp_gp_forget(tp_gp *g)
{
    g->n = g->n_told = 0;
}

/* How many leading points are those of the model. */
static int same_points(const tp_gp *g, const double *x, int n)
{
    int same = 0;
    while (same < n && same < g->n &&
           !memcmp(g->x + (ptrdiff_t)same * g->d, x + (ptrdiff_t)same * g->d,
                   sizeof *x * (size_t)g->d))
        same++;
    return same;
}

static void scale_from(tp_gp *g, int from, int n, tp_arena scratch)
{
    int       m = n - from;
    double   *v = TP_NEW(&scratch, double, m);
    tp_gp_map map = {g->theta, g->d, g->warped};
    for (int i = 0; i < g->d; i++) {
        tp_scaled out = {.z = g->z + (ptrdiff_t)i * g->ld + from};
        for (int j = 0; j < m; j++)
            v[j] = g->x[(ptrdiff_t)(from + j) * g->d + i];
        tp_gp_scale(&map, i, v, m, &out, scratch);
    }
}

/* Rows from..n-1 of the factor; false: there is none. */
static bool factor_from(tp_gp *g, int from, int n, tp_arena scratch)
{
    tp_covariance c = {.z = {g->z, g->d, g->ld},
                       .n = n,
                       .ld = g->ld,
                       .noise = tp_exp(*tp_gp_theta(g->theta, g->d).noise),
                       .k = g->l};
    tp_gp_covariance(&c, from, scratch);
    return tp_chol(g->l, n, g->ld, from) < 0;
}

/* With as much more noise as it takes. */
static void factor(tp_gp *g, int from, int n, tp_arena scratch)
{
    for (int k = 0; k < RAISES; k++) {
        if (factor_from(g, from, n, scratch)) return;
        g->theta[g->d] = fmax(g->theta[g->d], -21) + 2.3;
        from = 0;
    }
}

/* Residuals of the told points in the factor's coordinates; a point that is
   believed in has none. Then the weights of the mean. */
static void weigh(tp_gp *g, tp_arena scratch)
{
    int     n = g->n_told;
    double *r = tp_num_matrix(2, g->n, &scratch), *one = r + tp_num_ld(g->n);
    memcpy(r, g->y, sizeof *r * (size_t)n);
    for (int j = 0; j < n; j++) one[j] = 1;
    tp_chol_forward(g->l, n, g->ld, (tp_rows){r, 2, tp_num_ld(g->n)}, 0);
    g->mean = n ? tp_dot(one, r, n) / tp_norm2(one, n) : 0;
    tp_axpy(-g->mean, one, r, n);
    g->scale = n ? fmax(tp_norm2(r, n) / n, 1e-100) : 1;
    memset(g->alpha, 0, sizeof *g->alpha * (size_t)g->cap);
    memcpy(g->alpha, r, sizeof *r * (size_t)n);
    tp_chol_back(g->l, g->n, g->ld, g->alpha);
}

void tp_gp_update(tp_gp *g, const double *x, const double *y, int n_told, int n,
                  tp_arena *mem)
{
    int from = same_points(g, x, n);
    g->n = from;
    if (n > g->cap) make_room(g, n > 2 * g->cap ? n : 2 * g->cap, mem);
    memcpy(g->x + (ptrdiff_t)from * g->d, x + (ptrdiff_t)from * g->d,
           sizeof *x * (size_t)(n - from) * (size_t)g->d);
    memcpy(g->y, y, sizeof *y * (size_t)n_told);
    scale_from(g, from, n, *mem);
    factor(g, from, n, *mem);
    g->n = n;
    g->n_told = n_told;
    weigh(g, *mem);
}
