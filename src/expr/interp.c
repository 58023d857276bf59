/* Values between the samples of a wave. */
#include <math.h>

#include "expr/functions.h"

int tp_sweep_way(const tp_wave *w)
{
    if (!w->x || w->n < 1) return 0;
    bool rises = true, falls = true;
    for (int i = 1; i < w->n; i++) {
        if (w->x[i] < w->x[i - 1]) rises = false;
        if (w->x[i] > w->x[i - 1]) falls = false;
    }
    return rises ? 1 : falls ? -1 : 0;
}

/* The last i <= n - 2 with x[i] at or before `x` along the sweep. */
static int left_of(const tp_wave *w, int way, double x)
{
    int lo = 0, hi = w->n - 1;
    while (hi - lo > 1) {
        int mid = lo + (hi - lo) / 2;
        if (way * (w->x[mid] - x) <= 0)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

/* The third point of the parabola over [i, i+1]: the nearer neighbour with an
   x of its own, or -1. */
static int third_point(const tp_wave *w, int i, double x)
{
    int    best = -1, side[2] = {i - 1, i + 2};
    double away = INFINITY;
    for (int k = 0; k < 2; k++) {
        int j = side[k];
        if (j < 0 || j >= w->n) continue;
        if (w->x[j] == w->x[i] || w->x[j] == w->x[i + 1]) continue;
        if (fabs(w->x[j] - x) < away) {
            away = fabs(w->x[j] - x);
            best = j;
        }
    }
    return best;
}

/* Newton's form of the polynomial through points i, i+1 and (k >= 0) k. */
static double polynomial(const double *x, const double *y, int i, int k,
                         double at)
{
    double slope = (y[i + 1] - y[i]) / (x[i + 1] - x[i]);
    double line = y[i] + (at - x[i]) * slope;
    if (k < 0) return line;
    double other = (y[k] - y[i + 1]) / (x[k] - x[i + 1]);
    double bend = (other - slope) / (x[k] - x[i]);
    return line + (at - x[i]) * (at - x[i + 1]) * bend;
}

bool tp_wave_at(const tp_wave *w, int way, double x, int order, double out[2])
{
    if (way * (x - w->x[0]) < 0 || way * (x - w->x[w->n - 1]) > 0 || isnan(x))
        return false;
    int i = w->n > 1 ? left_of(w, way, x) : 0;
    if (i + 1 < w->n && x == w->x[i + 1]) i++;
    if (x == w->x[i]) {
        out[0] = w->re[i];
        out[1] = w->im ? w->im[i] : 0;
        return true;
    }
    int k = order >= 2 ? third_point(w, i, x) : -1;
    out[0] = polynomial(w->x, w->re, i, k, x);
    out[1] = w->im ? polynomial(w->x, w->im, i, k, x) : 0;
    return true;
}
