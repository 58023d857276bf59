/* Vectors with gaps: elements that are no number, such as the cost of a point
   that broke a condition. An operator keeps a gap where it is. A builtin is
   called with the elements that all of its vectors have; a vector of as many
   elements that it gives gets the gaps back. Vectors of another length have no
   gap, or there is no call. */
#include <math.h>

#include "expr/tree.h"

static bool gap_at(const tp_wave *w, int i)
{
    return isnan(w->re[i]) || (w->im && isnan(w->im[i]));
}

bool tp_has_gap(const tp_value *v)
{
    for (int i = 0; v->kind == TP_WAVE && i < v->wave.n; i++)
        if (gap_at(&v->wave, i)) return true;
    return false;
}

/* Whether element i is one in every vector of n elements among the
   arguments. */
static bool there(const tp_value *arg, int n_arg, int n, int i)
{
    for (int k = 0; k < n_arg; k++)
        if (arg[k].kind == TP_WAVE && arg[k].wave.n == n &&
            gap_at(&arg[k].wave, i))
            return false;
    return true;
}

static const double *picked(const double *y, const int *pick, int n,
                            tp_arena *mem)
{
    if (!y) return NULL;
    double *out = TP_NEW(mem, double, n);
    for (int i = 0; i < n; i++) out[i] = y[pick[i]];
    return out;
}

static void keep_elements(tp_wave *w, const int *pick, int n, tp_arena *mem)
{
    w->x = picked(w->x, pick, n, mem);
    w->re = picked(w->re, pick, n, mem);
    w->im = picked(w->im, pick, n, mem);
    w->n = n;
}

bool tp_gaps_out(tp_gaps *g, tp_value *arg, int n, tp_arena *mem)
{
    *g = (tp_gaps){0};
    for (int k = 0; k < n && !g->n; k++)
        if (tp_has_gap(&arg[k])) g->n = arg[k].wave.n;
    if (!g->n) return true;
    int *pick = TP_NEW(mem, int, g->n);
    for (int i = 0; i < g->n; i++)
        if (there(arg, n, g->n, i)) pick[g->kept++] = i;
    g->pick = pick;
    if (!g->kept) return false;
    for (int k = 0; k < n; k++) {
        tp_wave *w = &arg[k].wave;
        if (arg[k].kind != TP_WAVE) continue;
        if (w->n != g->n && tp_has_gap(&arg[k])) return false;
        if (w->n != g->n) continue;
        if (!g->x) g->x = w->x;
        keep_elements(w, pick, g->kept, mem);
    }
    return true;
}

static const double *spread(const tp_gaps *g, const double *y, tp_arena *mem)
{
    if (!y) return NULL;
    double *out = TP_NEW(mem, double, g->n);
    for (int i = 0; i < g->n; i++) out[i] = NAN;
    for (int i = 0; i < g->kept; i++) out[g->pick[i]] = y[i];
    return out;
}

void tp_gaps_back(const tp_gaps *g, tp_value *v, tp_arena *mem)
{
    if (!g->n || v->kind != TP_WAVE || v->wave.n != g->kept) return;
    v->wave.re = spread(g, v->wave.re, mem);
    v->wave.im = spread(g, v->wave.im, mem);
    v->wave.x = v->wave.x ? g->x : NULL;
    v->wave.n = g->n;
}
