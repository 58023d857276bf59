/* Means, effective values and extremes. Integral means follow the curve to
   second order; sums over samples would weigh dense steps too much. */
#include <math.h>
#include <stdlib.h>

#include "expr/functions.h"
#include "expr/waveform.h"

tp_value tp_do_mean(const tp_value *arg, int n, const tp_env *env,
                    tp_arena *mem)
{
    (void)n, (void)env, (void)mem;
    const tp_wave *w = &arg[0].wave;
    tp_value       out = tp_value_number(0, arg[0].unit);
    for (int i = 0; i < w->n; i++) {
        out.re += w->re[i] / w->n;
        if (w->im) out.im += w->im[i] / w->n;
    }
    if (w->im) out.kind = TP_COMPLEX;
    return out;
}

/* The window of an integral mean, and how long it is. */
static bool span_of(tp_curve *c, double *span, const tp_value *arg, int n,
                    tp_arena *mem, tp_value *none)
{
    if (!tp_curve_between(c, arg, n, 1, mem, none)) return false;
    *span = c->x[c->n - 1] - c->x[0];
    if (*span > 0) return true;
    *none = tp_none(mem, "one point has no mean over x");
    return false;
}

tp_value tp_do_mean_over_x(const tp_value *arg, int n, const tp_env *env,
                           tp_arena *mem)
{
    (void)env;
    tp_curve c;
    tp_value none;
    double   span;
    if (!span_of(&c, &span, arg, n, mem, &none)) return none;
    return tp_value_number(tp_curve_integral(&c, 0, 1) / span, c.unit);
}

tp_value tp_do_rms_over_x(const tp_value *arg, int n, const tp_env *env,
                          tp_arena *mem)
{
    (void)env;
    tp_curve c;
    tp_value none;
    double   span;
    if (!span_of(&c, &span, arg, n, mem, &none)) return none;
    return tp_value_number(sqrt(tp_curve_integral(&c, 0, 2) / span), c.unit);
}

static tp_value rms1_ac(const tp_value *arg, int n, const tp_env *env,
                        tp_arena *mem)
{
    (void)env;
    tp_curve c;
    tp_value none;
    double   span;
    if (!span_of(&c, &span, arg, n, mem, &none)) return none;
    double middle = tp_curve_integral(&c, 0, 1) / span;
    return tp_value_number(sqrt(tp_curve_integral(&c, middle, 2) / span),
                           c.unit);
}

static tp_value rms(const tp_value *arg, int n, const tp_env *env,
                    tp_arena *mem)
{
    (void)n, (void)env;
    tp_curve c;
    tp_value none;
    double   sum = 0;
    if (!tp_curve_of(&c, &arg[0], TP_TAKE_REAL, mem, &none)) return none;
    double *out = TP_NEW(mem, double, c.n);
    for (int i = 0; i < c.n; i++) {
        if (i > 0) sum += tp_curve_cell(&c, i - 1, 0, 2);
        double span = c.x[i] - c.x[0];
        out[i] = span > 0 ? sqrt(sum / span) : fabs(c.y[i]);
    }
    tp_wave w = {.unit = c.unit, .x_unit = c.x_unit, .n = c.n, .x = c.x};
    w.re = out;
    return tp_value_wave(&w);
}

typedef struct extremes {
    bool     any; /* false: `none` says why */
    double   lo, hi;
    tp_curve c;
    tp_value none;
} extremes;

/* They need no x, unless a range of it is asked for. */
static extremes extremes_of(const tp_value *arg, int n, tp_arena *mem)
{
    extremes e = {0};
    e.any = n > 1 ? tp_curve_between(&e.c, arg, n, 1, mem, &e.none)
                  : tp_curve_of(&e.c, &arg[0], TP_TAKE_LIST, mem, &e.none);
    if (e.any) tp_curve_range(&e.c, &e.lo, &e.hi, NULL);
    return e;
}

tp_value tp_do_least(const tp_value *arg, int n, const tp_env *env,
                     tp_arena *mem)
{
    extremes e = extremes_of(arg, n, mem);
    (void)env;
    return e.any ? tp_value_number(e.lo, e.c.unit) : e.none;
}

tp_value tp_do_most(const tp_value *arg, int n, const tp_env *env,
                    tp_arena *mem)
{
    extremes e = extremes_of(arg, n, mem);
    (void)env;
    return e.any ? tp_value_number(e.hi, e.c.unit) : e.none;
}

tp_value tp_do_peak_to_peak(const tp_value *arg, int n, const tp_env *env,
                            tp_arena *mem)
{
    extremes e = extremes_of(arg, n, mem);
    (void)env;
    return e.any ? tp_value_number(e.hi - e.lo, e.c.unit) : e.none;
}

static tp_value index_of(const tp_value *arg, int which, tp_arena *mem)
{
    tp_curve c;
    tp_value none;
    double   lo, hi;
    int      at[2];
    if (!tp_curve_of(&c, &arg[0], TP_TAKE_LIST, mem, &none)) return none;
    tp_curve_range(&c, &lo, &hi, at);
    return tp_value_number(at[which], TP_S(""));
}

static tp_value min_index(const tp_value *arg, int n, const tp_env *env,
                          tp_arena *mem)
{
    (void)n, (void)env;
    return index_of(arg, 0, mem);
}

static tp_value max_index(const tp_value *arg, int n, const tp_env *env,
                          tp_arena *mem)
{
    (void)n, (void)env;
    return index_of(arg, 1, mem);
}

/* One turning point, and what was asked of them. */
typedef struct spot {
    double x, y;
} spot;
typedef struct wish {
    int    sign; /* 1 maxima, -1 minima: the curve is turned over */
    double lo, hi, apart;
    bool   by_x, interpolate, ends;
} wish;

static int by_x(const void *a, const void *b)
{
    const spot *p = a, *q = b;
    return (p->x > q->x) - (p->x < q->x);
}

static int by_y(const void *a, const void *b)
{
    const spot *p = a, *q = b;
    int         way = (p->y < q->y) - (p->y > q->y);
    return way ? way : by_x(a, b);
}

/* Top of the parabola through samples i-1, i, i+1; the sample itself where
   two of them share an x. */
static spot top_of(const tp_curve *c, int i)
{
    spot   at = {c->x[i], c->y[i]};
    double h0 = c->x[i] - c->x[i - 1], h1 = c->x[i + 1] - c->x[i];
    if (!(h0 > 0) || !(h1 > 0)) return at;
    double s0 = (c->y[i] - c->y[i - 1]) / h0, s1 = (c->y[i + 1] - c->y[i]) / h1;
    double d = (s1 - s0) / (h0 + h1), slope = s0 + d * h0;
    if (!(d < 0)) return at;
    double step = -slope / (2 * d);
    at.x += step;
    at.y += slope * step / 2;
    return at;
}

/* Every top of the curve: a sample, or a run of equal ones, that is above its
   neighbours. Returns how many. */
static int tops(const tp_curve *c, const wish *w, spot *out)
{
    int count = 0;
    for (int i = 0, j; i < c->n; i = j) {
        for (j = i + 1; j < c->n && c->y[j] == c->y[i];) j++;
        bool left = i > 0, right = j < c->n;
        if (!left && !right) return 0;
        if ((left && c->y[i - 1] > c->y[i]) || (right && c->y[j] > c->y[i]))
            continue;
        if (!(left && right) && !w->ends) continue;
        bool single = left && right && j == i + 1;
        spot at = {c->x[i], c->y[i]};
        if (single && w->interpolate) at = top_of(c, i);
        if (at.y < w->lo || at.y > w->hi) continue;
        bool near = count && at.x - out[count - 1].x < w->apart;
        if (!near)
            out[count++] = at;
        else if (at.y > out[count - 1].y)
            out[count - 1] = at;
    }
    return count;
}

/* Whether it is a word that turning points know. */
static bool take_option(wish *w, tp_str word)
{
    bool sort = tp_str_same(word, TP_S("xsort"));
    bool samples = tp_str_same(word, TP_S("nointerp"));
    bool inner = tp_str_same(word, TP_S("noendpts"));
    w->by_x = w->by_x || sort;
    w->interpolate = w->interpolate && !samples;
    w->ends = w->ends && !inner;
    return sort || samples || inner;
}

static bool wish_of(wish *w, const tp_value *arg, int n, tp_arena *mem,
                    tp_value *none)
{
    w->lo = -INFINITY;
    w->hi = INFINITY;
    w->apart = tp_arg_number(arg, n, 3, 0);
    w->interpolate = w->ends = true;
    if (n > 1) {
        const tp_wave *limit = &arg[1].wave;
        double         lo = limit->re[0];
        double         hi = limit->n > 1 ? limit->re[1] : INFINITY;
        w->lo = w->sign > 0 ? lo : -hi;
        w->hi = w->sign > 0 ? hi : -lo;
    }
    tp_str rest = n > 2 ? arg[2].text : TP_S("");
    for (tp_str word; (word = tp_str_word(&rest, " ,")).len > 0;) {
        if (take_option(w, word)) continue;
        *none = tp_none(mem,
                        "options: wanted 'xsort', 'nointerp' or 'noendpts', "
                        "got '%.*s'",
                        TP_F(word));
        return false;
    }
    return true;
}

static tp_value turning_points(const tp_value *arg, int n, int sign,
                               tp_arena *mem)
{
    tp_curve c;
    tp_value none;
    wish     w = {.sign = sign};
    if (!wish_of(&w, arg, n, mem, &none)) return none;
    if (!tp_curve_of(&c, &arg[0], TP_TAKE_REAL, mem, &none)) return none;
    double *turned = TP_NEW(mem, double, c.n);
    for (int i = 0; i < c.n; i++) turned[i] = sign * c.y[i];
    c.y = turned;
    spot *found = TP_NEW(mem, spot, c.n);
    int   count = tops(&c, &w, found);
    if (!count)
        return tp_none(mem, "has no such %s", sign > 0 ? "maximum" : "minimum");
    qsort(found, (size_t)count, sizeof *found, w.by_x ? by_x : by_y);
    double *x = TP_NEW(mem, double, count), *y = TP_NEW(mem, double, count);
    for (int i = 0; i < count; i++) {
        x[i] = found[i].x;
        y[i] = sign * found[i].y;
    }
    tp_wave out = {.unit = c.unit, .x_unit = c.x_unit, .n = count, .x = x};
    out.re = y;
    return tp_value_wave(&out);
}

tp_value tp_do_maxima(const tp_value *arg, int n, const tp_env *env,
                      tp_arena *mem)
{
    (void)env;
    return turning_points(arg, n, 1, mem);
}

tp_value tp_do_minima(const tp_value *arg, int n, const tp_env *env,
                      tp_arena *mem)
{
    (void)env;
    return turning_points(arg, n, -1, mem);
}

const tp_fn tp_fn_stats[] = {
    {"Minimum", "wave [number] [number]", "number", tp_do_least,
     "The smallest value, of all or of an x range.",
     "Minimum(xy([0, 1, 2], [3, 1, 5]))", "1"},
    {"Maximum", "wave [number] [number]", "number", tp_do_most,
     "The largest value, of all or of an x range.",
     "Maximum(xy([0, 1, 2], [3, 1, 5]), 0, 1.5)", "3"},
    {"Minidx", "wave", "number", min_index,
     "The index of the smallest value, counted from 0.", "Minidx([3, 1, 5])",
     "1"},
    {"Maxidx", "wave", "number", max_index,
     "The index of the largest value, counted from 0.", "Maxidx([3, 1, 5])",
     "2"},
    {"Minima", "wave [wave] [text] [number=0]", "wave", tp_do_minima,
     "All minima, smallest first, over their x: vector, [limits of the "
     "values], "
     "'xsort nointerp noendpts' (by x; no parabola through the neighbours; not "
     "the ends), smallest distance in x.",
     "Minima(xy([0, 1, 2, 3, 4], [9, 4, 5, 2, 3]), [0, 9], 'xsort nointerp')",
     "xy([1, 3], [4, 2])"},
    {"Maxima", "wave [wave] [text] [number=0]", "wave", tp_do_maxima,
     "All maxima, largest first, over their x: vector, [limits of the values], "
     "'xsort nointerp noendpts' (by x; no parabola through the neighbours; not "
     "the ends), smallest distance in x.",
     "Maxima(xy([0, 1, 2], [0, 3, 2]))", "xy([1.25], [3.125])"},
    {"PeakToPeak", "wave [number] [number]", "number", tp_do_peak_to_peak,
     "Largest minus smallest value, of all or of an x range.",
     "PeakToPeak(xy([0, 1, 2], [3, 1, 5]))", "4"},
    {"Mean", "wave", "any", tp_do_mean, "The plain average of the samples.",
     "Mean([1, 2, 6])", "3"},
    {"Mean1", "wave [number] [number]", "number", tp_do_mean_over_x,
     "The mean over x, by integration, of all or of an x range.",
     "Mean1(xy([0, 1, 2, 4], [0, 0, 2, 6]), 0, 4)", "2.25"},
    {"RMS", "wave", "wave", rms,
     "The effective value from the start up to each x: a vector.",
     "RMS(xy([0, 1, 2], [-3, -3, -3]))", "xy([0, 1, 2], [3, 3, 3])"},
    {"RMS1", "wave [number] [number]", "number", tp_do_rms_over_x,
     "The effective value over x, of all or of an x range.",
     "RMS1(xy([0, 3], [0, 6])) ^ 2", "12"},
    {"RMS1_AC", "wave [number] [number]", "number", rms1_ac,
     "The effective value of the vector less its mean over x, of all or of an "
     "x range.",
     "RMS1_AC(xy([0, 6], [1, 7])) ^ 2", "3"},
    {0},
};
