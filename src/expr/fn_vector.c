/* Vectors and their x: build, take apart, differentiate, integrate, resample;
   and what a run leaves behind. */
#include <math.h>

#include "expr/functions.h"

enum { POINTS_MAX = 1 << 24 };

tp_value tp_do_x(const tp_value *arg, int n, const tp_env *env, tp_arena *mem)
{
    (void)n, (void)env;
    const tp_wave *w = &arg->wave;
    if (!w->x) return tp_none(mem, "the vector has no x");
    return tp_wave_like(w, w->x, NULL, w->x_unit);
}

tp_value tp_do_xy(const tp_value *arg, int n, const tp_env *env, tp_arena *mem)
{
    (void)n, (void)env;
    const tp_wave *x = &arg[0].wave;
    tp_wave        w = arg[1].wave;
    if (x->im) return tp_none(mem, "the x values are complex");
    if (x->n != w.n)
        return tp_none(mem, "%d x values for %d y values", x->n, w.n);
    w.x = x->re;
    w.x_unit = x->unit;
    w.name = (tp_str){0};
    return tp_value_wave(&w);
}

tp_value tp_do_length(const tp_value *arg, int n, const tp_env *env,
                      tp_arena *mem)
{
    (void)n, (void)env, (void)mem;
    return tp_value_number(arg->kind == TP_WAVE ? arg->wave.n : 1, TP_S(""));
}

/* The slope at point i of the parabola through it and its neighbours; at the
   ends and next to a step (equal x) one side counts. */
static double slope(const double *x, const double *y, int n, int i)
{
    bool   left = i > 0 && x[i] != x[i - 1];
    bool   right = i < n - 1 && x[i + 1] != x[i];
    double a = left ? x[i] - x[i - 1] : 0, b = right ? x[i + 1] - x[i] : 0;
    double p = left ? (y[i] - y[i - 1]) / a : 0;
    double q = right ? (y[i + 1] - y[i]) / b : 0;
    if (left && right && a + b != 0) return (p * b + q * a) / (a + b);
    return left ? p : q;
}

/* The first point that has no neighbour at another x, or -1. */
static int without_slope(const tp_wave *w)
{
    for (int i = 0; w->x && i < w->n; i++) {
        bool left = i > 0 && w->x[i] != w->x[i - 1];
        bool right = i < w->n - 1 && w->x[i + 1] != w->x[i];
        if (!left && !right) return i;
    }
    return -1;
}

static const double *differences(const tp_wave *w, const double *y,
                                 tp_arena *mem)
{
    if (!y) return NULL;
    double *out = TP_NEW(mem, double, w->n);
    for (int i = 0; i < w->n; i++) {
        if (w->x)
            out[i] = slope(w->x, y, w->n, i);
        else if (i < w->n - 1)
            out[i] = y[i + 1] - y[i];
    }
    return out;
}

tp_value tp_do_slope(const tp_value *arg, int n, const tp_env *env,
                     tp_arena *mem)
{
    (void)n, (void)env;
    const tp_wave *w = &arg->wave;
    if (w->n < 2) return tp_none(mem, "one point has no slope");
    int bad = without_slope(w);
    if (bad >= 0)
        return tp_none(mem, "no slope at x = %g: its neighbours share that x",
                       w->x[bad]);
    const double *re = differences(w, w->re, mem);
    const double *im = differences(w, w->im, mem);
    if (w->x) return tp_wave_like(w, re, im, TP_S(""));
    return tp_vector(re, im, w->n - 1, arg->unit);
}

static const double *running(const double *x, const double *y, int n,
                             tp_arena *mem)
{
    if (!y) return NULL;
    double *out = TP_NEW(mem, double, n);
    for (int i = 1; i < n; i++)
        out[i] = out[i - 1] + (x[i] - x[i - 1]) * (y[i] + y[i - 1]) / 2;
    return out;
}

tp_value tp_do_integ(const tp_value *arg, int n, const tp_env *env,
                     tp_arena *mem)
{
    (void)n, (void)env;
    const tp_wave *w = &arg->wave;
    if (!w->x) return tp_none(mem, "the vector has no x to integrate over");
    return tp_wave_like(w, running(w->x, w->re, w->n, mem),
                        running(w->x, w->im, w->n, mem), TP_S(""));
}

static tp_value interp(const tp_value *arg, int n, const tp_env *env,
                       tp_arena *mem)
{
    (void)n, (void)env;
    const tp_wave *w = &arg[0].wave;
    double         wanted = arg[1].re, order = arg[2].re;
    int            way = tp_sweep_way(w);
    if (!way) return tp_none(mem, "x does not run one way");
    if (!(wanted >= 2 && wanted <= POINTS_MAX) || wanted != floor(wanted))
        return tp_none(mem, "points: wanted 2 to %d, got %g", POINTS_MAX,
                       wanted);
    if (!tp_room(mem, wanted))
        return tp_none(mem, "no memory for %g points", wanted);
    if (order != 1 && order != 2)
        return tp_none(mem, "order: wanted 1 or 2, got %g", order);
    int     m = (int)wanted;
    double  first = w->x[0], last = w->x[w->n - 1];
    double *x = TP_NEW(mem, double, m), *re = TP_NEW(mem, double, m);
    double *im = TP_NEW(mem, double, m);
    for (int i = 0; i < m; i++) {
        double t = (double)i / (m - 1), at[2] = {0, 0};
        x[i] = i == m - 1 ? last : first + t * (last - first);
        tp_wave_at(w, way, x[i], (int)order, at);
        re[i] = at[0];
        im[i] = at[1];
    }
    tp_wave out = *w;
    out.n = m;
    out.x = x;
    out.re = re;
    out.im = w->im ? im : NULL;
    return tp_value_wave(&out);
}

static tp_value results(const tp_value *arg, int n, const tp_env *env,
                        tp_arena *mem)
{
    (void)arg, (void)n;
    if (env->n_result < 1) return tp_none(mem, "there was no optimiser run");
    return tp_vector(env->result, NULL, env->n_result, TP_S(""));
}

const tp_fn tp_fn_vector[] = {
    {"xy", "wave wave", "wave", tp_do_xy,
     "A vector with x: the first argument holds its x, the second its values.",
     "xy([0, 1, 2], [5, 6, 7])", "xy([0, 1, 2], [5, 6, 7])"},
    {"ref", "wave", "wave", tp_do_x, "The x values of a vector.",
     "ref(xy([1, 2], [5, 6]))", "xy([1, 2], [1, 2])"},
    {"length", "any", "number", tp_do_length, "How many values a vector has.",
     "length([4, 5, 6])", "3"},
    {"diff", "wave", "wave", tp_do_slope,
     "dy/dx (parabola through the neighbours); without x the differences of "
     "neighbours, one fewer than values.",
     "diff(xy([0, 1, 3], [0, 1, 9]))", "xy([0, 1, 3], [1, 2, 4])"},
    {"integ", "wave", "wave", tp_do_integ,
     "Running integral over x by the trapezoidal rule, 0 at the first point.",
     "integ(xy([0, 1, 3], [2, 4, 4]))", "xy([0, 1, 3], [0, 3, 11])"},
    {"Interp", "wave number [number=2]", "wave", interp,
     "The vector at this many evenly spaced x from end to end; order 1 "
     "linear, 2 quadratic.",
     "Interp(xy([0, 1, 4], [0, 1, 16]), 5)",
     "xy([0, 1, 2, 3, 4], [0, 1, 4, 9, 16])"},
    {"OptimiserSimulatorResults", "", "wave", results,
     "What the optimiser's run left: first the number of its best trial, "
     "counted from 1. None where there was no run.",
     "length(OptimiserSimulatorResults())", "2"},
    {0},
};
