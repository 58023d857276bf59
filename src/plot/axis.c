/* Ticks after Heckbert, "Nice Numbers for Graph Labels", Graphics Gems 1990. */
#include "plot/axis.h"

#include <math.h>

/* Sizes that can be shown; beyond them the sums and powers of an axis leave
   the range of numbers. A range of less than ALIKE of its values is that of
   rounding: one value. */
static const double LARGEST = 1e300, SMALLEST = 1e-300, ALIKE = 1e-11;

/* The nearest 1, 2 or 5 times a power of ten at or above x. */
static double nice_step(double x)
{
    double p = pow(10, floor(log10(x))), f = x / p;
    double step = f <= 1.0000001   ? 1
                  : f <= 2.0000001 ? 2
                  : f <= 5.0000001 ? 5
                                   : 10;
    return step * p;
}

static void add(tp_axis *a, double v, bool major)
{
    if (a->n < MAX_TICKS) a->tick[a->n++] = (tp_tick){v, major};
}

static void linear(tp_axis *a, double lo, double hi, int wanted)
{
    double big = fmax(fabs(lo), fabs(hi));
    if (!(hi - lo > fmax(ALIKE * big, SMALLEST))) {
        double room = big < SMALLEST ? 1 : 0.1 * big;
        lo -= room;
        hi += room;
    }
    double step = nice_step((hi - lo) / wanted);
    a->lo = step * floor(lo / step + 1e-9);
    a->hi = step * ceil(hi / step - 1e-9);
    int n = (int)lround((a->hi - a->lo) / step);
    for (int i = 0; i <= n; i++) {
        double v = a->lo + i * step;
        add(a, fabs(v) < 1e-9 * step ? 0 : v, true);
    }
}

/* The largest of 1, 2, 5 times a power of ten at or below x, or (up) the
   smallest at or above. */
static double one_two_five(double x, bool up)
{
    static const double mantissa[] = {1, 2, 5, 10};
    double              p = pow(10, floor(log10(x) + 1e-9));
    for (int i = 0; i < 4; i++) {
        int    k = up ? i : 3 - i;
        double v = mantissa[k] * p;
        if (up ? v >= x * (1 - 1e-9) : v <= x * (1 + 1e-9)) return v;
    }
    return up ? 10 * p : p;
}

/* The ticks of one decade that lie on the axis. */
static void decade(tp_axis *a, int d, bool label, bool label_25, bool minor)
{
    for (int k = 1; k < 10; k++) {
        double v = k * pow(10, d);
        bool   major = k == 1 ? label : label_25 && (k == 2 || k == 5);
        if (v < a->lo * (1 - 1e-9) || v > a->hi * (1 + 1e-9)) continue;
        if (major || minor) add(a, v, major);
    }
}

static void decades(tp_axis *a, double lo, double hi, int wanted)
{
    if (!(hi > lo * (1 + 1e-6))) hi = 2 * lo; /* ends may fall on one tick */
    a->lo = one_two_five(lo, false);
    a->hi = one_two_five(hi, true);
    int first = (int)floor(log10(a->lo) + 1e-9);
    int last = (int)floor(log10(a->hi) + 1e-9);
    int every = (last - first) / wanted + 1;
    for (int d = first; d <= last; d++)
        decade(a, d, (d - first) % every == 0, last - first <= 2,
               last - first <= 6);
}

void tp_axis_make(tp_axis *a, double lo, double hi, bool log, int wanted)
{
    *a = (tp_axis){.log = log};
    if (log)
        decades(a, lo, hi, wanted);
    else
        linear(a, lo, hi, wanted);
}

double tp_axis_at(const tp_axis *a, double v)
{
    if (a->log) return (log(v) - log(a->lo)) / (log(a->hi) - log(a->lo));
    return (v - a->lo) / (a->hi - a->lo);
}

bool tp_axis_shows(const tp_axis *a, double v)
{
    return fabs(v) <= LARGEST && (!a->log || v >= SMALLEST);
}

tp_str tp_axis_label(const tp_axis *a, double v, tp_arena *mem)
{
    char   text[TP_NUMBER_MAX];
    tp_str none = {"", 0};
    if (a->log || v == 0)
        return tp_str_copy(mem,
                           tp_str_of(tp_engineering_digits(v, none, 3, text)));
    double big = fmax(fabs(a->lo), fabs(a->hi)), step = a->hi - a->lo;
    for (int i = 1; i < a->n; i++)
        step = fmin(step, a->tick[i].value - a->tick[i - 1].value);
    int digits = (int)ceil(log10(big / step)) + 1;
    if (digits < 3) digits = 3;
    if (digits > 12) digits = 12;
    return tp_str_copy(mem,
                       tp_str_of(tp_engineering_digits(v, none, digits, text)));
}
