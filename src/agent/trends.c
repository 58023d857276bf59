/* Ranks, walls and single steps over a table of trials. */
#include "agent/trends.h"

#include <math.h>
#include <stdlib.h>

enum { LEAST_OTHERS = 3, LEAST_TRIALS = 5, LEAST_FAILED = 3 };

/* A trial's variable beside one of its measures. */
typedef struct pair {
    double x, y;
} pair;

static int by_x(const void *a, const void *b)
{
    const pair *p = a, *q = b;
    return (p->x > q->x) - (p->x < q->x);
}

/* Replaces x by its rank; y goes along. False: fewer than LEAST_OTHERS differ
   from the commonest value, which says nothing, as two trials of many that
   happen to be alike in both make a correlation of 1. */
static bool rank(pair *p, int n)
{
    int most = 0;
    qsort(p, (size_t)n, sizeof *p, by_x);
    for (int i = 0, end; i < n; i = end) {
        for (end = i; end < n && p[end].x == p[i].x;) end++;
        double mean = 0.5 * (i + end - 1);
        if (end - i > most) most = end - i;
        for (int k = i; k < end; k++) p[k].x = mean;
    }
    return n - most >= LEAST_OTHERS;
}

static void swap(pair *p, int n)
{
    for (int i = 0; i < n; i++) p[i] = (pair){p[i].y, p[i].x};
}

/* Pearson's correlation; 0 where one side does not move. */
static double correlation(const pair *p, int n)
{
    double mx = 0, my = 0, xx = 0, yy = 0, xy = 0;
    for (int i = 0; i < n; i++) {
        mx += p[i].x / n;
        my += p[i].y / n;
    }
    for (int i = 0; i < n; i++) {
        xx += (p[i].x - mx) * (p[i].x - mx);
        yy += (p[i].y - my) * (p[i].y - my);
        xy += (p[i].x - mx) * (p[i].y - my);
    }
    return xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : 0;
}

static int collect(pair *p, const tp_trend_data *d, int var, int measure)
{
    int n = 0;
    for (int i = 0; i < d->n; i++) {
        double y = d->value[i * d->n_measure + measure];
        if (!isnan(y)) p[n++] = (pair){d->x[i * d->n_var + var], y};
    }
    return n;
}

static int stronger(const void *a, const void *b)
{
    const tp_trend *p = a, *q = b;
    double          s = fabs(p->rho), t = fabs(q->rho);
    if (p->measure != q->measure) return p->measure - q->measure;
    return s != t ? (s < t ? 1 : -1) : p->var - q->var;
}

int tp_trends(const tp_trend **out, const tp_trend_data *d, tp_arena *mem)
{
    tp_trend *all = TP_NEW(mem, tp_trend, (ptrdiff_t)d->n_var * d->n_measure);
    tp_arena  scratch = *mem;
    pair     *p = TP_NEW(&scratch, pair, d->n);
    int       count = 0;
    for (int m = 0; m < d->n_measure; m++)
        for (int v = 0; v < d->n_var; v++) {
            int n = collect(p, d, v, m);
            if (n < LEAST_TRIALS) continue;
            bool says = rank(p, n);
            swap(p, n);
            says &= rank(p, n);
            double rho = correlation(p, n);
            if (says && fabs(rho) > 1.96 / sqrt(n - 1.0))
                all[count++] = (tp_trend){v, m, rho, n};
        }
    qsort(all, (size_t)count, sizeof *all, stronger);
    *out = all;
    return count;
}

/* How many fail at one end before the first that meets it. `p` is sorted by x,
   y is the miss. */
static bool wall_at(const pair *p, int n, bool below, tp_trend_wall *w)
{
    int step = below ? 1 : -1, i = below ? 0 : n - 1, failed = 0;
    while (i >= 0 && i < n && p[i].y > 0) {
        failed++;
        i += step;
    }
    if (failed < LEAST_FAILED || i < 0 || i >= n) return false;
    for (int k = i - step; k >= 0 && k < n && p[k].x == p[i].x; k -= step)
        failed--; /* not beyond it: the same value */
    *w = (tp_trend_wall){.below = below, .at = p[i].x, .n = failed};
    return failed >= LEAST_FAILED;
}

static int walls_of(tp_trend_wall *out, const tp_trend_data *d, int var,
                    int measure, tp_arena scratch)
{
    pair *p = TP_NEW(&scratch, pair, d->n);
    int   n = 0, found = 0;
    for (int i = 0; i < d->n; i++) {
        double miss = d->miss[i * d->n_measure + measure];
        if (!isnan(miss)) p[n++] = (pair){d->x[i * d->n_var + var], miss};
    }
    qsort(p, (size_t)n, sizeof *p, by_x);
    for (int below = 0; below < 2; below++) {
        if (!wall_at(p, n, below, &out[found])) continue;
        out[found].var = var;
        out[found++].measure = measure;
    }
    return found;
}

int tp_trend_walls(const tp_trend_wall **out, const tp_trend_data *d,
                   tp_arena *mem)
{
    tp_trend_wall *all =
        TP_NEW(mem, tp_trend_wall, (ptrdiff_t)2 * d->n_var * d->n_measure);
    int n = 0;
    for (int m = 0; m < d->n_measure; m++)
        for (int v = 0; v < d->n_var; v++)
            n += walls_of(&all[n], d, v, m, *mem);
    *out = all;
    return n;
}

/* The variable in which two trials differ; -1: in none or in several. */
static int only_difference(const tp_trend_data *d, int a, int b)
{
    int found = -1;
    for (int v = 0; v < d->n_var; v++) {
        if (d->x[a * d->n_var + v] == d->x[b * d->n_var + v]) continue;
        if (found >= 0) return -1;
        found = v;
    }
    return found;
}

int tp_trend_steps(tp_trend_step *out, int max, const tp_trend_data *d)
{
    int n = 0;
    for (int b = d->n - 1; b > 0; b--)
        for (int a = b - 1; a >= 0 && n < max; a--) {
            int v = only_difference(d, a, b);
            if (v < 0) continue;
            bool up = d->x[a * d->n_var + v] < d->x[b * d->n_var + v];
            out[n++] = (tp_trend_step){v, up ? a : b, up ? b : a};
        }
    return n;
}
