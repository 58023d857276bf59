/* Nutmeg's functions that use a vector's scale. */
#include <math.h>

#include "expr/functions.h"

static const double pi = 3.14159265358979323846;

/* The slope at point k of the parabola through points i, i+1, i+2; with two
   points of a line. */
static double slope(const double *x, const double *y, int n, int k)
{
    if (n == 2) return (y[1] - y[0]) / (x[1] - x[0]);
    int    i = k == 0 ? 0 : k == n - 1 ? n - 3 : k - 1;
    double a = x[i + 1] - x[i], b = x[i + 2] - x[i + 1];
    double p = (y[i + 1] - y[i]) / a, q = (y[i + 2] - y[i + 1]) / b;
    double bend = (q - p) / (a + b);
    return p + bend * (2 * x[k] - x[i] - x[i + 1]);
}

static const double *slopes(const tp_wave *w, const double *y, tp_arena *mem)
{
    if (!y) return NULL;
    double *out = TP_NEW(mem, double, w->n);
    for (int k = 0; k < w->n; k++) out[k] = slope(w->x, y, w->n, k);
    return out;
}

/* Neighbours differ in x and the scale does not turn within three points; else
   why it has no slope. */
static const char *no_slope(const tp_wave *w)
{
    if (!w->x) return "the vector has no scale";
    if (w->n < 2) return "one point has no slope";
    for (int i = 1; i < w->n; i++) {
        if (w->x[i] == w->x[i - 1]) return "two points share one x";
        if (i > 1 && w->x[i] == w->x[i - 2]) return "the scale turns back";
    }
    return NULL;
}

static tp_value deriv(const tp_value *arg, int n, const tp_env *env,
                      tp_arena *mem)
{
    (void)n, (void)env;
    const tp_wave *w = &arg->wave;
    const char    *why = no_slope(w);
    if (why) return tp_none(mem, "%s", why);
    return tp_wave_like(w, slopes(w, w->re, mem), slopes(w, w->im, mem),
                        TP_S(""));
}

static tp_value group_delay(const tp_value *arg, int n, const tp_env *env,
                            tp_arena *mem)
{
    tp_value phase = tp_do_arg_rad(arg, n, env, mem);
    if (phase.kind == TP_NONE) return phase;
    if (phase.kind != TP_WAVE) return tp_none(mem, "one point has no slope");
    phase = tp_unwrap(phase, 2 * pi, mem);
    tp_wave     w = phase.wave;
    const char *why = no_slope(&w);
    if (why) return tp_none(mem, "%s", why);
    double *out = TP_NEW(mem, double, w.n);
    for (int k = 0; k < w.n; k++) out[k] = -slope(w.x, w.re, w.n, k) / (2 * pi);
    return tp_wave_like(&w, out, NULL, TP_S("s"));
}

static tp_value area(const tp_value *arg, int n, const tp_env *env,
                     tp_arena *mem)
{
    tp_value v = tp_do_integ(arg, n, env, mem);
    if (v.kind != TP_WAVE) return v;
    int      last = v.wave.n - 1;
    tp_value out = tp_value_number(v.wave.re[last], v.unit);
    if (!v.wave.im) return out;
    out.kind = TP_COMPLEX;
    out.im = v.wave.im[last];
    return out;
}

/* How far beyond an end of a sweep is rounding: a billionth of the end, or, as
   an end may be nearly 0, as much as many steps of the sweep add up to. */
static double hair(double end, double length)
{
    return fmax(1e-9 * fabs(end), 1e-12 * length);
}

/* The vector at the points of the current plot's scale. */
static tp_value interpolate(const tp_value *arg, int n, const tp_env *env,
                            tp_arena *mem)
{
    (void)n;
    const tp_wave *w = &arg->wave, *to = env->scale;
    int            way = tp_sweep_way(w);
    if (!to) return tp_none(mem, "the current plot has no scale");
    if (to->im) return tp_none(mem, "the current plot's scale is complex");
    if (!way) return tp_none(mem, "the vector's scale does not run one way");
    if (!tp_room(mem, to->n))
        return tp_none(mem, "no memory for %d points", to->n);
    double  lo = fmin(w->x[0], w->x[w->n - 1]);
    double  hi = fmax(w->x[0], w->x[w->n - 1]);
    double  first = lo - hair(lo, hi - lo), last = hi + hair(hi, hi - lo);
    double *re = TP_NEW(mem, double, to->n);
    double *im = TP_NEW(mem, double, to->n);
    for (int i = 0; i < to->n; i++) {
        double x = to->re[i], at[2] = {0, 0};
        if (!(x >= first && x <= last))
            return tp_none(mem,
                           "the vector goes from %g to %g, the current "
                           "plot's scale has %g",
                           lo, hi, x);
        tp_wave_at(w, way, fmax(lo, fmin(hi, x)), 1, at);
        re[i] = at[0];
        im[i] = at[1];
    }
    tp_wave out = *to;
    out.x = to->re;
    out.x_unit = to->unit;
    return tp_wave_like(&out, re, w->im ? im : NULL, arg->unit);
}

const tp_fn tp_fn_nm_scale[] = {
    {"deriv", "vector", "wave", deriv,
     "dy/dx by the parabola through three neighbours.", "deriv(square)",
     "xy([0, 1, 2, 3], [0, 2, 4, 6])"},
    {"integrate", "vector", "wave", tp_do_integ,
     "Running integral over the scale by the trapezoidal rule, 0 at the first "
     "point.",
     "integrate(square)", "xy([0, 1, 2, 3], [0, 0.5, 3, 9.5])"},
    {"integ", "vector", "wave", tp_do_integ, "The same as integrate.",
     "integ(square)", "xy([0, 1, 2, 3], [0, 0.5, 3, 9.5])"},
    {"area", "vector", "any", area,
     "The integral over the whole scale by the trapezoidal rule.",
     "area(square)", "9.5"},
    {"interpolate", "vector", "wave", interpolate,
     "A vector of another plot at the points of the current plot's scale; "
     "straight between its points.",
     "interpolate(square)", "xy([0.5, 1.5, 3], [0.5, 2.5, 9])"},
    {"group_delay", "any", "wave", group_delay,
     "-d phase / d omega of a complex vector over frequency.",
     "group_delay(turning)", "xy([1, 2, 3], [0.25, 0.25, 0.25]) s"},
    {0},
};
