/* Curves with known measures: sampled from formulas, bound to names, measured
   through the language. */
#ifndef TP_TEST_MEASURE_H
#define TP_TEST_MEASURE_H

#include "evaluate.h"

#include <complex.h>
#include <math.h>

#define PI 3.14159265358979323846

/* A formula with parameters; complex for loops and filters. */
typedef double complex formula(double x, const double *p);

typedef struct grid {
    int           n;
    const double *x;
} grid;

static inline grid linear_grid(double from, double to, int n)
{
    double *x = TP_NEW(check_mem(), double, n);
    for (int i = 0; i < n; i++) x[i] = from + (to - from) * i / (n - 1);
    return (grid){n, x};
}

static inline grid log_grid(double from, double to, int n)
{
    double *x = TP_NEW(check_mem(), double, n);
    for (int i = 0; i < n; i++) x[i] = from * pow(to / from, i / (n - 1.0));
    return (grid){n, x};
}

/* Steps between 0.3 and 1.7 of the mean one, as a simulator makes them. */
static inline grid uneven_grid(double from, double to, int n)
{
    grid    g = linear_grid(from, to, n);
    double *x = TP_NEW(check_mem(), double, n);
    tp_rng  r = tp_rng_at(5, (uint64_t)n);
    for (int i = 0; i < n; i++) {
        x[i] = g.x[i];
        if (i && i < n - 1)
            x[i] += (tp_rng_uniform(&r) - 0.5) * 0.7 * (to - from) / (n - 1);
    }
    return (grid){n, x};
}

static inline tp_value sampled(formula *f, const double *p, grid g,
                               bool complex_data)
{
    double *re = TP_NEW(check_mem(), double, g.n);
    double *im = TP_NEW(check_mem(), double, g.n);
    for (int i = 0; i < g.n; i++) {
        double complex y = f(g.x[i], p);
        re[i] = creal(y);
        im[i] = cimag(y);
    }
    tp_wave w = {.unit = TP_S("V"),
                 .x_unit = complex_data ? TP_S("Hz") : TP_S("s"),
                 .n = g.n,
                 .x = g.x,
                 .re = re,
                 .im = complex_data ? im : NULL};
    return tp_value_wave(&w);
}

/* The scene with the curve named v. */
static inline scene scene_of(tp_value v)
{
    scene s = {0};
    scene_bind(&s, "v", v);
    return s;
}

static inline double measured(const scene *s, const char *text)
{
    tp_value v = evaluate(s, tp_str_of(text), check_mem());
    v = tp_value_scalar(&v, check_mem());
    if (v.kind == TP_NUMBER) return v.re;
    printf("  %s: %s\n", text, v.why ? v.why : "not a number");
    return NAN;
}

/* Why there is no value; "" when there is one. */
static inline tp_str refused(const scene *s, const char *text)
{
    tp_value v = evaluate(s, tp_str_of(text), check_mem());
    return tp_str_of(v.kind == TP_NONE ? v.why : "");
}

static inline tp_str unit_of(const scene *s, const char *text)
{
    return evaluate(s, tp_str_of(text), check_mem()).unit;
}

#define MEASURES(scene, text, wanted, tol)                               \
    do {                                                                 \
        double got_ = measured(scene, text);                             \
        if (!CHECK_NEAR(isnan(got_) ? INFINITY : got_, (wanted), (tol))) \
            printf("  %s\n", text);                                      \
    } while (0)
#define REFUSES(scene, text, why) CHECK_HAS(refused(scene, text), why)

#endif
