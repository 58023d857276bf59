/* What Nutmeg's operators do where they differ: comparisons look at both parts
   of complex numbers, indices round or interpolate. */
#include <math.h>

#include "expr/tree.h"

static const char *modulo_part(double *a, double b)
{
    b = floor(fabs(b));
    if (b == 0) return "division by zero";
    *a = fmod(floor(fabs(*a)), b);
    return NULL;
}

static const char *modulo_cell(tp_cell *a, const tp_cell *b)
{
    const char *why = modulo_part(&a->re, b->re);
    if (!why && (a->cx || b->cx)) why = modulo_part(&a->im, b->im);
    a->cx |= b->cx;
    return why;
}

/* The test of the real parts, and of the imaginary ones when there are any (0
   for a real number). */
#define TEST(name, test)                                         \
    static bool name##_part(double a, double b)                  \
    {                                                            \
        return (test);                                           \
    }                                                            \
    static const char *name##_cell(tp_cell *a, const tp_cell *b) \
    {                                                            \
        bool holds = name##_part(a->re, b->re);                  \
        if (a->cx || b->cx) holds &= name##_part(a->im, b->im);  \
        *a = (tp_cell){.re = holds};                             \
        return NULL;                                             \
    }
TEST(gt, a > b)
TEST(lt, a < b)
TEST(ge, a >= b)
TEST(le, a <= b)
TEST(eq, a == b)
TEST(ne, a != b)
TEST(both, a != 0 && b != 0)
TEST(either, a != 0 || b != 0)
#undef TEST

static const char *neither_cell(tp_cell *z, const tp_env *env)
{
    (void)env;
    *z = (tp_cell){.re = z->re == 0 && z->im == 0};
    return NULL;
}

#define BINARY(name, cell, gives_unit)                            \
    tp_value name(const tp_value *arg, int n, const tp_env *env,  \
                  tp_arena *mem)                                  \
    {                                                             \
        (void)n, (void)env;                                       \
        return tp_each2(&arg[0], &arg[1], cell, gives_unit, mem); \
    }
BINARY(tp_nutmeg_modulo, modulo_cell, arg[0].unit)
BINARY(tp_nutmeg_gt, gt_cell, TP_S(""))
BINARY(tp_nutmeg_lt, lt_cell, TP_S(""))
BINARY(tp_nutmeg_ge, ge_cell, TP_S(""))
BINARY(tp_nutmeg_le, le_cell, TP_S(""))
BINARY(tp_nutmeg_both, both_cell, TP_S(""))
BINARY(tp_nutmeg_either, either_cell, TP_S(""))
#undef BINARY

tp_value tp_nutmeg_eq(const tp_value *arg, int n, const tp_env *env,
                      tp_arena *mem)
{
    (void)n, (void)env;
    return tp_compare(arg, eq_cell, true, mem);
}

tp_value tp_nutmeg_ne(const tp_value *arg, int n, const tp_env *env,
                      tp_arena *mem)
{
    (void)n, (void)env;
    return tp_compare(arg, ne_cell, false, mem);
}

tp_value tp_nutmeg_neither(const tp_value *arg, int n, const tp_env *env,
                           tp_arena *mem)
{
    (void)n;
    return tp_each(arg, neither_cell, env, TP_S(""), mem);
}

/* ---- indices ----------------------------------------------------------- */

/* A number as a wave of one point. */
static bool wave_of(tp_wave *w, const tp_value *v)
{
    if (v->kind == TP_WAVE)
        *w = v->wave;
    else
        *w = (tp_wave){
            .n = 1, .re = &v->re, .im = v->kind == TP_COMPLEX ? &v->im : NULL};
    return v->kind != TP_STRING;
}

/* What stands between the brackets: one number, or two (the parts of a complex
   one). */
typedef struct bounds {
    bool   two;
    double from, to;
} bounds;

static bool bounds_of(bounds *b, const tp_value *v, tp_arena *mem,
                      tp_value *none)
{
    tp_wave w;
    if (!wave_of(&w, v) || w.n != 1) {
        *none = tp_none(mem, "the index is %s, not one number",
                        tp_value_what(v, mem));
        return false;
    }
    *b = (bounds){w.im != NULL, w.re[0], w.im ? w.im[0] : w.re[0]};
    return true;
}

static bool parts_of(tp_wave *w, bounds *b, const tp_value *arg, tp_arena *mem,
                     tp_value *none)
{
    if (!wave_of(w, &arg[0])) {
        *none = tp_none(mem, "a text has no elements to index");
        return false;
    }
    return bounds_of(b, &arg[1], mem, none);
}

static tp_value number_at(const tp_wave *w, int i, tp_str unit, tp_arena *mem)
{
    tp_value v = tp_value_number(w->re[i], unit);
    if (isnan(w->re[i])) return tp_none(mem, "there is a gap at this element");
    if (!w->im) return v;
    v.kind = TP_COMPLEX;
    v.im = w->im[i];
    return v;
}

/* Element k of the result is element pick(k) of w. */
static tp_value picked(const tp_wave *w, const int *pick, int n, tp_str unit,
                       tp_arena *mem)
{
    double *x = w->x ? TP_NEW(mem, double, n) : NULL;
    double *re = TP_NEW(mem, double, n);
    double *im = w->im ? TP_NEW(mem, double, n) : NULL;
    for (int k = 0; k < n; k++) {
        re[k] = w->re[pick[k]];
        if (im) im[k] = w->im[pick[k]];
        if (x) x[k] = w->x[pick[k]];
    }
    tp_wave out = *w;
    out.n = n;
    out.x = x;
    out.re = re;
    out.im = im;
    tp_value v = tp_value_wave(&out);
    v.unit = unit;
    return v;
}

static bool inside(double i, int n, tp_arena *mem, tp_value *none)
{
    if (i >= 0 && i <= n - 1) return true;
    *none = tp_none(mem, "there is no element %g; there are %d, counted from 0",
                    i, n);
    return false;
}

/* a[i], and a[i,j] with both ends, backwards where j < i. */
tp_value tp_nutmeg_element(const tp_value *arg, int n, const tp_env *env,
                           tp_arena *mem)
{
    (void)n, (void)env;
    tp_value none;
    tp_wave  w;
    bounds   b;
    if (!parts_of(&w, &b, arg, mem, &none)) return none;
    b.from = floor(b.from + 0.5);
    b.to = floor(b.to + 0.5);
    if (!inside(b.from, w.n, mem, &none) || !inside(b.to, w.n, mem, &none))
        return none;
    if (!b.two) return number_at(&w, (int)b.from, arg->unit, mem);
    int  many = (int)fabs(b.to - b.from) + 1, way = b.to < b.from ? -1 : 1;
    int *pick = TP_NEW(mem, int, many);
    for (int k = 0; k < many; k++) pick[k] = (int)b.from + way * k;
    return picked(&w, pick, many, arg->unit, mem);
}

static double blend(const double *y, double i)
{
    int    k = (int)i;
    double t = i - k;
    return t == 0 ? y[k] : y[k] * (1 - t) + y[k + 1] * t;
}

/* a[%i]: straight between elements; a[%i,j]: what is at i, the elements
   between, and what is at j. */
tp_value tp_nutmeg_between(const tp_value *arg, int n, const tp_env *env,
                           tp_arena *mem)
{
    (void)n, (void)env;
    tp_value none;
    tp_wave  w;
    bounds   b;
    if (!parts_of(&w, &b, arg, mem, &none)) return none;
    if (!inside(b.from, w.n, mem, &none) || !inside(b.to, w.n, mem, &none))
        return none;
    double  way = b.to < b.from ? -1 : 1, at = b.from;
    int     many = 0, most = (int)fabs(b.to - b.from) + 3;
    double *x = TP_NEW(mem, double, most), *re = TP_NEW(mem, double, most);
    double *im = TP_NEW(mem, double, most);
    for (;; many++) {
        re[many] = blend(w.re, at);
        if (w.im) im[many] = blend(w.im, at);
        if (w.x) x[many] = blend(w.x, at);
        if (at == b.to) break;
        at = way > 0 ? fmin(floor(at) + 1, b.to) : fmax(ceil(at) - 1, b.to);
    }
    w.n = many + 1;
    w.re = re;
    if (w.im) w.im = im;
    if (w.x) w.x = x;
    if (!b.two) return number_at(&w, 0, arg->unit, mem);
    tp_value v = tp_value_wave(&w);
    v.unit = arg->unit;
    return v;
}

/* a[[lo,hi]]: the points whose scale is in the range, both ends included;
   backwards where hi < lo. */
tp_value tp_nutmeg_range(const tp_value *arg, int n, const tp_env *env,
                         tp_arena *mem)
{
    (void)n, (void)env;
    tp_value none;
    tp_wave  w;
    bounds   b;
    if (!parts_of(&w, &b, arg, mem, &none)) return none;
    if (!w.x) return tp_none(mem, "the vector has no scale to look into");
    double lo = fmin(b.from, b.to), hi = fmax(b.from, b.to);
    int   *pick = TP_NEW(mem, int, w.n), many = 0;
    for (int k = 0; k < w.n; k++) {
        int i = b.to < b.from ? w.n - 1 - k : k;
        if (w.x[i] >= lo && w.x[i] <= hi) pick[many++] = i;
    }
    if (many == 0)
        return tp_none(mem,
                       "no point of the scale is in %g to %g; it goes from %g "
                       "to %g",
                       lo, hi, w.x[0], w.x[w.n - 1]);
    return picked(&w, pick, many, arg->unit, mem);
}

/* (a; b; c) */
tp_value tp_nutmeg_chain(const tp_value *arg, int n, const tp_env *env,
                         tp_arena *mem)
{
    (void)env;
    tp_wave w;
    tp_str  unit = arg[0].unit;
    int     total = 0, k = 0;
    bool    complex = false;
    for (int i = 0; i < n; i++) {
        if (!wave_of(&w, &arg[i]))
            return tp_none(mem, "wanted numbers, got a text");
        if (!tp_str_eq(unit, arg[i].unit)) unit = TP_S("");
        total += w.n;
        complex |= w.im != NULL;
    }
    double *re = TP_NEW(mem, double, total);
    double *im = complex ? TP_NEW(mem, double, total) : NULL;
    for (int i = 0; i < n; i++) {
        wave_of(&w, &arg[i]);
        for (int j = 0; j < w.n; j++, k++) {
            re[k] = w.re[j];
            if (im && w.im) im[k] = w.im[j];
        }
    }
    return tp_vector(re, im, total, unit);
}
