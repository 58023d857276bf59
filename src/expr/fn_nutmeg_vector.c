/* Nutmeg's functions of whole vectors: lengths, means, extremes. Extremes of
   complex vectors are those of their parts. */
#include <math.h>
#include <stdlib.h>

#include "expr/functions.h"

enum { POINTS_MAX = 1 << 24 };

/* A number, complex when `like` is. */
static tp_value single(double re, double im, const tp_value *like)
{
    tp_value v = tp_value_number(re, like->unit);
    if (!like->wave.im) return v;
    v.kind = TP_COMPLEX;
    v.im = im;
    return v;
}

static double sum_of(const double *y, int n)
{
    double s = 0;
    for (int i = 0; y && i < n; i++) s += y[i];
    return s;
}

static tp_value sum(const tp_value *arg, int n, const tp_env *env,
                    tp_arena *mem)
{
    (void)n, (void)env, (void)mem;
    const tp_wave *w = &arg->wave;
    return single(sum_of(w->re, w->n), sum_of(w->im, w->n), arg);
}

static double lowest(const double *y, int n)
{
    double v = y ? y[0] : 0;
    for (int i = 1; y && i < n; i++) v = fmin(v, y[i]);
    return v;
}

static double highest(const double *y, int n)
{
    double v = y ? y[0] : 0;
    for (int i = 1; y && i < n; i++) v = fmax(v, y[i]);
    return v;
}

static tp_value vecmin(const tp_value *arg, int n, const tp_env *env,
                       tp_arena *mem)
{
    (void)n, (void)env, (void)mem;
    const tp_wave *w = &arg->wave;
    return single(lowest(w->re, w->n), lowest(w->im, w->n), arg);
}

static tp_value vecmax(const tp_value *arg, int n, const tp_env *env,
                       tp_arena *mem)
{
    (void)n, (void)env, (void)mem;
    const tp_wave *w = &arg->wave;
    return single(highest(w->re, w->n), highest(w->im, w->n), arg);
}

/* What is left of one argument; a number is its own extreme. */
static tp_value of_one(const tp_value *arg, tp_fn_call *reduce,
                       const tp_env *env, tp_arena *mem)
{
    if (arg->kind == TP_WAVE) return reduce(arg, 1, env, mem);
    if (arg->kind != TP_STRING) return *arg;
    return tp_none(mem, "wanted numbers, got a text");
}

static tp_value min_of(const tp_value *arg, int n, const tp_env *env,
                       tp_arena *mem)
{
    if (n == 1) return of_one(arg, vecmin, env, mem);
    return tp_do_min(arg, n, env, mem);
}

static tp_value max_of(const tp_value *arg, int n, const tp_env *env,
                       tp_arena *mem)
{
    if (n == 1) return of_one(arg, vecmax, env, mem);
    return tp_do_max(arg, n, env, mem);
}

/* The mean of the values so far. */
static const double *running_mean(const double *y, int n, tp_arena *mem)
{
    if (!y) return NULL;
    double *out = TP_NEW(mem, double, n), s = 0;
    for (int i = 0; i < n; i++) {
        s += y[i];
        out[i] = s / (i + 1);
    }
    return out;
}

static tp_value avg(const tp_value *arg, int n, const tp_env *env,
                    tp_arena *mem)
{
    (void)n, (void)env;
    const tp_wave *w = &arg->wave;
    return tp_wave_like(w, running_mean(w->re, w->n, mem),
                        running_mean(w->im, w->n, mem), arg->unit);
}

static double squares(const double *y, int n)
{
    double mean = sum_of(y, n) / n, s = 0;
    for (int i = 0; y && i < n; i++) s += (y[i] - mean) * (y[i] - mean);
    return s;
}

static tp_value stddev(const tp_value *arg, int n, const tp_env *env,
                       tp_arena *mem)
{
    (void)n, (void)env;
    const tp_wave *w = &arg->wave;
    if (w->n < 2) return tp_none(mem, "one value has no deviation");
    double s = squares(w->re, w->n) + squares(w->im, w->n);
    return tp_value_number(sqrt(s / (w->n - 1)), arg->unit);
}

static tp_value norm(const tp_value *arg, int n, const tp_env *env,
                     tp_arena *mem)
{
    (void)n, (void)env;
    const tp_wave *w = &arg->wave;
    double         most = 0;
    for (int i = 0; i < w->n; i++)
        most = fmax(most, hypot(w->re[i], w->im ? w->im[i] : 0));
    if (most == 0) return tp_none(mem, "all values are 0");
    double *re = TP_NEW(mem, double, w->n);
    double *im = w->im ? TP_NEW(mem, double, w->n) : NULL;
    for (int i = 0; i < w->n; i++) {
        re[i] = w->re[i] / most;
        if (im) im[i] = w->im[i] / most;
    }
    return tp_wave_like(w, re, im, TP_S(""));
}

typedef struct ranked {
    double value;
    int    at;
} ranked;

static int by_value(const void *a, const void *b)
{
    const ranked *p = a, *q = b;
    int           gaps = (isnan(p->value) != 0) - (isnan(q->value) != 0);
    if (gaps) return gaps;
    if (p->value < q->value) return -1;
    if (p->value > q->value) return 1;
    return (p->at > q->at) - (p->at < q->at);
}

static tp_value sortorder(const tp_value *arg, int n, const tp_env *env,
                          tp_arena *mem)
{
    (void)n, (void)env;
    const tp_wave *w = &arg->wave;
    if (arg->kind != TP_WAVE) return tp_none(mem, "wanted a vector");
    if (w->im) return tp_none(mem, "the vector is complex");
    ranked *row = TP_NEW(mem, ranked, w->n);
    double *out = TP_NEW(mem, double, w->n);
    for (int i = 0; i < w->n; i++) row[i] = (ranked){w->re[i], i};
    qsort(row, (size_t)w->n, sizeof *row, by_value);
    for (int i = 0; i < w->n; i++) out[i] = row[i].at;
    return tp_vector(out, NULL, w->n, TP_S(""));
}

/* The points of a new vector, from the magnitude of the argument. */
static bool points_of(const tp_value *arg, int *points, tp_arena *mem,
                      tp_value *none)
{
    double many =
        floor(hypot(arg->wave.re[0], arg->wave.im ? arg->wave.im[0] : 0) + 0.5);
    *points = (int)fmin(many, POINTS_MAX);
    if (arg->wave.n > 1)
        *none = tp_none(mem, "wanted one number of points, got a vector");
    else if (!(many >= 1 && many <= POINTS_MAX))
        *none =
            tp_none(mem, "points: wanted 1 to %d, got %g", POINTS_MAX, many);
    else if (!tp_room(mem, many))
        *none = tp_none(mem, "no memory for %g points", many);
    else
        return true;
    return false;
}

static tp_value filled(const tp_value *arg, double first, double step,
                       tp_arena *mem)
{
    tp_value none;
    int      points;
    if (!points_of(arg, &points, mem, &none)) return none;
    double *out = TP_NEW(mem, double, points);
    for (int i = 0; i < points; i++) out[i] = first + step * i;
    return tp_vector(out, NULL, points, TP_S(""));
}

static tp_value vector(const tp_value *arg, int n, const tp_env *env,
                       tp_arena *mem)
{
    (void)n, (void)env;
    return filled(arg, 0, 1, mem);
}

static tp_value unitvec(const tp_value *arg, int n, const tp_env *env,
                        tp_arena *mem)
{
    (void)n, (void)env;
    return filled(arg, 1, 0, mem);
}

const tp_fn tp_fn_nm_vector[] = {
    {"length", "whole", "number", tp_do_length, "How many values a vector has.",
     "length((4;5;6))", "3"},
    {"vector", "vector", "wave", vector, "0, 1, 2 ... : so many whole numbers.",
     "vector(4)", "[0, 1, 2, 3]"},
    {"unitvec", "vector", "wave", unitvec, "So many ones.", "unitvec(3)",
     "[1, 1, 1]"},
    {"sum", "vector", "any", sum, "The sum of all values.", "sum((1;2;4))",
     "7"},
    {"mean", "vector", "any", tp_do_mean, "The plain average of the values.",
     "mean((1;2;6))", "3"},
    {"avg", "vector", "wave", avg, "At each value the mean of those so far.",
     "avg((1;3;5))", "[1, 2, 3]"},
    {"stddev", "vector", "number", stddev,
     "Standard deviation of the values (n - 1 in the divisor).",
     "stddev((1;2;3))", "1"},
    {"norm", "vector", "wave", norm,
     "The vector divided by its greatest magnitude.", "norm((1;-4))",
     "[0.25, -1]"},
    {"min", "any [any]", "any", min_of,
     "The smallest value of a vector; with two arguments the smaller of each "
     "pair.",
     "min((3;1;2))", "1"},
    {"max", "any [any]", "any", max_of,
     "The greatest value of a vector; with two arguments the greater of each "
     "pair.",
     "max((3;1;2),2)", "[3, 2, 2]"},
    {"vecmin", "vector", "any", vecmin, "The smallest value of a vector.",
     "vecmin((3;1;2))", "1"},
    {"vecmax", "vector", "any", vecmax, "The greatest value of a vector.",
     "vecmax((3;1;2))", "3"},
    {"minimum", "vector", "any", vecmin, "The same as vecmin.",
     "minimum((3;1;2))", "1"},
    {"maximum", "vector", "any", vecmax, "The same as vecmax.",
     "maximum((3;1;2))", "3"},
    {"sortorder", "whole", "wave", sortorder,
     "The indices of the values, smallest value first, gaps last.",
     "sortorder((30;10;20))", "[1, 2, 0]"},
    {0},
};
