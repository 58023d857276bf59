/* Values and crossings: y at an x, x at a y, parts of a vector. Descending
   sweeps are read from left to right like the others, so a rising crossing is
   one where y grows with x. */
#include <math.h>

#include "expr/functions.h"
#include "expr/waveform.h"

static bool order_of(double v, int *order, tp_arena *mem, tp_value *none)
{
    *order = v > 1 ? 2 : 1; /* above 2 is 2, as documented */
    if (v >= 1) return true;
    *none = tp_none(mem, "order: wanted 1 or 2, got %g", v);
    return false;
}

/* y at one x of a real or complex vector. */
static tp_value value_at(const tp_value *v, double x, int order, tp_arena *mem)
{
    tp_value none, part = *v;
    tp_curve c;
    double   re, im;
    part.wave.im = NULL;
    if (!tp_curve_of(&c, &part, TP_TAKE_REAL, mem, &none)) return none;
    if (!tp_curve_at(&c, x, order, &re))
        return tp_none(mem, "x = %s is outside %s to %s",
                       tp_shown(x, c.x_unit, mem),
                       tp_shown(c.x[0], c.x_unit, mem),
                       tp_shown(c.x[c.n - 1], c.x_unit, mem));
    if (!v->wave.im) return tp_value_number(re, c.unit);
    part.wave.re = v->wave.im;
    if (!tp_curve_of(&c, &part, TP_TAKE_REAL, mem, &none)) return none;
    tp_curve_at(&c, x, order, &im);
    tp_value out = tp_value_number(re, c.unit);
    out.kind = TP_COMPLEX;
    out.im = im;
    return out;
}

tp_value tp_do_y_at_x(const tp_value *arg, int n, const tp_env *env,
                      tp_arena *mem)
{
    (void)n, (void)env;
    return value_at(&arg[0], arg[1].re, 1, mem);
}

static tp_value y_at_x_percent(const tp_value *arg, int n, const tp_env *env,
                               tp_arena *mem)
{
    (void)n, (void)env;
    const tp_wave *w = &arg[0].wave;
    double         p = arg[1].re;
    if (!w->x) return tp_none(mem, "the vector has no x values");
    if (!(p >= 0 && p <= 100))
        return tp_none(mem, "per cent of the x range: wanted 0 to 100, got %g",
                       p);
    double a = fmin(w->x[0], w->x[w->n - 1]);
    double b = fmax(w->x[0], w->x[w->n - 1]);
    return value_at(&arg[0], a + p / 100 * (b - a), 1, mem);
}

static tp_value y_from_x(const tp_value *arg, int n, const tp_env *env,
                         tp_arena *mem)
{
    (void)env;
    tp_value none;
    int      order;
    if (!order_of(tp_arg_number(arg, n, 2, 2), &order, mem, &none)) return none;
    return value_at(&arg[0], arg[1].re, order, mem);
}

static const char *words_of(int rises)
{
    return rises > 0   ? "rising crossing"
           : rises < 0 ? "falling crossing"
                       : "crossing";
}

/* "no rising crossing of 0.5 V: 0 V to 0.4 V" */
static tp_value no_crossing(const tp_curve *c, double y, int rises,
                            tp_arena *mem)
{
    double lo, hi;
    tp_curve_range(c, &lo, &hi, NULL);
    return tp_none(mem, "no %s of %s: it stays in %s to %s", words_of(rises),
                   tp_shown(y, c->unit, mem), tp_shown(lo, c->unit, mem),
                   tp_shown(hi, c->unit, mem));
}

static tp_value x_from_y(const tp_value *arg, int n, const tp_env *env,
                         tp_arena *mem)
{
    (void)env;
    tp_value none;
    tp_curve c;
    int      order, count = 0;
    double   way = tp_arg_number(arg, n, 3, 0);
    if (!order_of(tp_arg_number(arg, n, 2, 2), &order, mem, &none)) return none;
    if (way != 0 && way != 1 && way != -1)
        return tp_none(mem, "direction: wanted 1, 0 or -1, got %g", way);
    if (!tp_curve_of(&c, &arg[0], TP_TAKE_REAL, mem, &none)) return none;
    double *x = TP_NEW(mem, double, c.n);
    tp_scan s = {.c = &c, .level = arg[1].re, .order = order};
    while (tp_scan_next(&s, (int)way)) x[count++] = s.x;
    if (!count) return no_crossing(&c, s.level, (int)way, mem);
    return tp_vector(x, NULL, count, c.x_unit);
}

static tp_value nth(const tp_curve *c, double level, double number, int rises,
                    tp_arena *mem)
{
    if (!(number >= 1 && number <= 1e9) || number != floor(number))
        return tp_none(mem, "n: wanted a whole number from 1, got %g", number);
    tp_scan s = {.c = c, .level = level, .order = 1};
    int     count = 0;
    while (tp_scan_next(&s, rises))
        if (++count == (int)number) return tp_value_number(s.x, c->x_unit);
    if (!count) return no_crossing(c, level, rises, mem);
    return tp_none(mem, "has %d %s%s of %s, not %d", count, words_of(rises),
                   count == 1 ? "" : "s", tp_shown(level, c->unit, mem),
                   (int)number);
}

static tp_value x_at_nth(const tp_value *arg, int rises, tp_arena *mem)
{
    tp_curve c;
    tp_value none;
    if (!tp_curve_of(&c, &arg[0], TP_TAKE_REAL, mem, &none)) return none;
    return nth(&c, arg[1].re, arg[2].re, rises, mem);
}

static tp_value x_at_nth_y(const tp_value *arg, int n, const tp_env *env,
                           tp_arena *mem)
{
    (void)n, (void)env;
    return x_at_nth(arg, 0, mem);
}

static tp_value x_at_nth_rising(const tp_value *arg, int n, const tp_env *env,
                                tp_arena *mem)
{
    (void)n, (void)env;
    return x_at_nth(arg, 1, mem);
}

static tp_value x_at_nth_falling(const tp_value *arg, int n, const tp_env *env,
                                 tp_arena *mem)
{
    (void)n, (void)env;
    return x_at_nth(arg, -1, mem);
}

static tp_value x_at_nth_percent(const tp_value *arg, int n, const tp_env *env,
                                 tp_arena *mem)
{
    (void)n, (void)env;
    tp_curve c;
    tp_value none;
    double   lo, hi;
    if (!tp_curve_of(&c, &arg[0], TP_TAKE_REAL, mem, &none)) return none;
    tp_curve_range(&c, &lo, &hi, NULL);
    if (!(hi > lo))
        return tp_none(mem, "never changes: it stays at %s",
                       tp_shown(lo, c.unit, mem));
    return nth(&c, lo + arg[1].re / 100 * (hi - lo), arg[2].re, 0, mem);
}

/* Cuts the real part; the imaginary one, if any, has the same x. */
tp_value tp_do_truncate(const tp_value *arg, int n, const tp_env *env,
                        tp_arena *mem)
{
    (void)env;
    tp_value part = arg[0], none;
    tp_curve re, im;
    bool     complex = arg[0].wave.im != NULL;
    part.wave.im = NULL;
    if (!tp_curve_of(&re, &part, TP_TAKE_REAL, mem, &none)) return none;
    double first = re.x[0], last = re.x[re.n - 1];
    double x1 = fmax(tp_arg_number(arg, n, 1, first), first);
    double x2 = fmin(tp_arg_number(arg, n, 2, last), last);
    if (!(x1 < x2))
        return tp_none(mem, "nothing is left of %s to %s",
                       tp_shown(first, re.x_unit, mem),
                       tp_shown(last, re.x_unit, mem));
    if (!tp_curve_window(&re, x1, x2, mem, &none)) return none;
    if (complex) {
        part.wave.re = arg[0].wave.im;
        if (!tp_curve_of(&im, &part, TP_TAKE_REAL, mem, &none)) return none;
        if (!tp_curve_window(&im, x1, x2, mem, &none)) return none;
    }
    tp_wave out = arg[0].wave;
    out.n = re.n;
    out.x = re.x;
    out.re = re.y;
    out.im = complex ? im.y : NULL;
    out.unit = re.unit;
    return tp_value_wave(&out);
}

const tp_fn tp_fn_cross[] = {
    {"YatX", "wave number", "any", tp_do_y_at_x,
     "The value at x, linear between samples (over log x for a sweep whose x "
     "are spaced evenly in their logarithm).",
     "YatX(xy([0, 1, 2], [0, 10, 20]), 0.5)", "5"},
    {"YatXpct", "wave number", "any", y_at_x_percent,
     "The value at x given in per cent of the x range.",
     "YatXpct(xy([0, 1, 2], [0, 10, 20]), 75)", "15"},
    {"YFromX", "wave number [number=2]", "any", y_from_x,
     "The value at x; the interpolation's order is 1 (linear) or 2 "
     "(quadratic, held back where samples have a corner).",
     "YFromX(xy([0, 1, 2], [0, 1, 4]), 1.5)", "2.25"},
    {"XFromY", "wave number [number=2] [number=0]", "wave", x_from_y,
     "All x where the vector crosses y; the interpolation's order is 1 or 2; "
     "direction 1 takes rising crossings only, -1 falling ones, 0 both.",
     "XFromY(xy([0, 1, 2], [0, 2, 0]), 1, 1)", "[0.5, 1.5]"},
    {"XatNthY", "wave number number", "number", x_at_nth_y,
     "The x of the nth crossing of y in any direction, linear between samples.",
     "XatNthY(xy([0, 1, 2], [0, 2, 0]), 1, 2)", "1.5"},
    {"XatNthYp", "wave number number", "number", x_at_nth_rising,
     "The x of the nth rising crossing of y.",
     "XatNthYp(xy([0, 1, 2, 3], [0, 2, 0, 2]), 1, 2)", "2.5"},
    {"XatNthYn", "wave number number", "number", x_at_nth_falling,
     "The x of the nth falling crossing of y.",
     "XatNthYn(xy([0, 1, 2, 3], [0, 2, 0, 2]), 1, 1)", "1.5"},
    {"XatNthYpct", "wave number number", "number", x_at_nth_percent,
     "The x of the nth crossing of a level given in per cent of the way from "
     "the smallest to the largest value.",
     "XatNthYpct(xy([0, 1, 2], [10, 30, 10]), 25, 1)", "0.25"},
    {"Truncate", "wave [number] [number]", "wave", tp_do_truncate,
     "The part of a vector from one x to another; its end points are "
     "interpolated, and nothing is added beyond the vector's own ends.",
     "Truncate(xy([0, 1, 2], [0, 10, 20]), 0.5, 1.5)",
     "xy([0.5, 1, 1.5], [5, 10, 15])"},
    {0},
};
