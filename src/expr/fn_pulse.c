/* Edges, periods and pulses of waveforms. Curves are straight between
   samples. */
#include <math.h>

#include "expr/functions.h"
#include "expr/waveform.h"

static tp_value never_changes(const tp_curve *c, tp_arena *mem)
{
    return tp_none(mem, "never changes: it stays at %s",
                   tp_shown(c->y[0], c->unit, mem));
}

/* The levels an edge goes between: y(x1) and y(x2), or the extremes in the
   order of the edge. */
static void levels_of(const tp_curve *c, bool given, int way, double level[2])
{
    double lo, hi;
    tp_curve_range(c, &lo, &hi, NULL);
    level[0] = given ? c->y[0] : way > 0 ? lo : hi;
    level[1] = given ? c->y[c->n - 1] : way > 0 ? hi : lo;
}

/* 10 % to 90 % of the first edge that goes all the way; way 1 up, -1 down. */
static tp_value edge(const tp_value *arg, int n, int way, tp_arena *mem)
{
    tp_curve    c;
    tp_value    none;
    double      level[2];
    const char *word = way > 0 ? "rising" : "falling";
    if (!tp_curve_between(&c, arg, n, 1, mem, &none)) return none;
    levels_of(&c, n > 1, way, level);
    if (level[0] == level[1]) return never_changes(&c, mem);
    double step = level[1] - level[0];
    if ((step > 0) != (way > 0))
        return tp_none(mem, "no %s edge: it goes from %s to %s", word,
                       tp_shown(level[0], c.unit, mem),
                       tp_shown(level[1], c.unit, mem));
    double y10 = level[0] + 0.1 * step, y90 = level[0] + 0.9 * step;
    double at[2];
    if (tp_curve_edge(&c, y10, y90, at))
        return tp_value_number(at[1] - at[0], c.x_unit);
    return tp_none(mem, "no whole %s edge from %s to %s", word,
                   tp_shown(y10, c.unit, mem), tp_shown(y90, c.unit, mem));
}

tp_value tp_do_rise(const tp_value *arg, int n, const tp_env *env,
                    tp_arena *mem)
{
    (void)env;
    return edge(arg, n, 1, mem);
}

tp_value tp_do_fall(const tp_value *arg, int n, const tp_env *env,
                    tp_arena *mem)
{
    (void)env;
    return edge(arg, n, -1, mem);
}

tp_value tp_do_overshoot(const tp_value *arg, int n, const tp_env *env,
                         tp_arena *mem)
{
    (void)env;
    tp_curve c;
    tp_value none;
    double   lo, hi;
    if (!tp_curve_between(&c, arg, n, 1, mem, &none)) return none;
    double from = c.y[0], to = c.y[c.n - 1];
    if (from == to)
        return tp_none(mem, "no step: it starts and ends at %s",
                       tp_shown(to, c.unit, mem));
    tp_curve_range(&c, &lo, &hi, NULL);
    double over = to > from ? hi - to : to - lo;
    return tp_value_number(100 * over / fabs(to - from), TP_S("%"));
}

/* The curve, and a scan over its threshold: argument 1, or half way between
   the extremes. */
static bool threshold_of(tp_curve *c, tp_scan *s, const tp_value *arg, int n,
                         tp_arena *mem, tp_value *none)
{
    double lo, hi;
    if (!tp_curve_of(c, &arg[0], TP_TAKE_REAL, mem, none)) return false;
    tp_curve_range(c, &lo, &hi, NULL);
    double level = tp_arg_number(arg, n, 1, lo + (hi - lo) / 2);
    *s = (tp_scan){.c = c, .level = level, .order = 1};
    if (lo < hi) return true;
    *none = never_changes(c, mem);
    return false;
}

static tp_value too_few(const tp_scan *s, int count, tp_arena *mem)
{
    double lo, hi;
    tp_curve_range(s->c, &lo, &hi, NULL);
    return tp_none(mem,
                   "needs two rising crossings of %s, has %d: it stays in "
                   "%s to %s",
                   tp_shown(s->level, s->c->unit, mem), count,
                   tp_shown(lo, s->c->unit, mem),
                   tp_shown(hi, s->c->unit, mem));
}

/* The mean period over all rising crossings; the x of the first and the last
   of them in `span`. */
static bool cycles_of(tp_scan *s, double *period, double span[2], tp_arena *mem,
                      tp_value *none)
{
    int count = 0;
    span[0] = span[1] = 0;
    while (tp_scan_next(s, 1)) {
        if (!count++) span[0] = s->x;
        span[1] = s->x;
    }
    *period = count > 1 ? (span[1] - span[0]) / (count - 1) : 0;
    if (*period > 0) return true;
    *none = too_few(s, count, mem);
    return false;
}

static tp_value period(const tp_value *arg, int n, const tp_env *env,
                       tp_arena *mem)
{
    (void)env;
    tp_curve c;
    tp_scan  s;
    tp_value none;
    double   each, span[2];
    if (!threshold_of(&c, &s, arg, n, mem, &none)) return none;
    if (!cycles_of(&s, &each, span, mem, &none)) return none;
    return tp_value_number(each, c.x_unit);
}

tp_value tp_do_frequency(const tp_value *arg, int n, const tp_env *env,
                         tp_arena *mem)
{
    tp_value v = period(arg, n, env, mem);
    return v.kind == TP_NUMBER ? tp_value_number(1 / v.re, TP_S("Hz")) : v;
}

tp_value tp_do_duty(const tp_value *arg, int n, const tp_env *env,
                    tp_arena *mem)
{
    (void)env;
    tp_curve c;
    tp_scan  s;
    tp_value none;
    double   each, span[2], above = 0, up;
    if (!threshold_of(&c, &s, arg, n, mem, &none)) return none;
    tp_scan again = s;
    if (!cycles_of(&s, &each, span, mem, &none)) return none;
    while (tp_scan_next(&again, 1) && again.x < span[1]) {
        up = again.x;
        if (tp_scan_next(&again, -1)) above += again.x - up;
    }
    return tp_value_number(above / (span[1] - span[0]), TP_S("ratio"));
}

static tp_value pulse_width(const tp_value *arg, int n, const tp_env *env,
                            tp_arena *mem)
{
    (void)env;
    tp_curve c;
    tp_scan  s;
    tp_value none;
    if (!threshold_of(&c, &s, arg, n, mem, &none)) return none;
    if (tp_scan_next(&s, 1)) {
        double up = s.x;
        if (tp_scan_next(&s, -1)) return tp_value_number(s.x - up, c.x_unit);
        return tp_none(mem, "rises through %s at %s and does not fall again",
                       tp_shown(s.level, c.unit, mem),
                       tp_shown(up, c.x_unit, mem));
    }
    return tp_none(mem, "never rises through %s",
                   tp_shown(s.level, c.unit, mem));
}

const tp_fn tp_fn_pulse[] = {
    {"Rise", "wave [number] [number]", "number", tp_do_rise,
     "10 % to 90 % time of the first whole rising edge. The levels are y(x1) "
     "and y(x2), else the smallest and largest value.",
     "Rise(xy([0, 1, 2, 3], [0, 0, 10, 10]))", "0.8"},
    {"Fall", "wave [number] [number]", "number", tp_do_fall,
     "10 % to 90 % time of the first whole falling edge. The levels are y(x1) "
     "and y(x2), else the largest and smallest value.",
     "Fall(xy([0, 1, 2, 3], [5, 5, 0, 0]), 0, 3)", "0.8"},
    {"Overshoot", "wave [number] [number]", "number", tp_do_overshoot,
     "How far the curve goes past its last value, in per cent of the step from "
     "its first (y(x1)) to its last (y(x2)).",
     "Overshoot(xy([0, 1, 2, 3], [0, 13, 9, 10]))", "30 %"},
    {"Period", "wave [number]", "number", period,
     "The mean period: (xn - x1)/(n - 1) over the rising crossings of the "
     "threshold, which is half way between smallest and largest value unless "
     "given.",
     "Period(xy([0, 1, 2, 3, 4, 5], [-1, 1, -1, 1, -1, 1]))", "2"},
    {"Frequency", "wave [number]", "number", tp_do_frequency,
     "1/Period: (n - 1)/(xn - x1) over the rising crossings of the threshold.",
     "Frequency(xy([0, 1, 2, 3, 4, 5], [-1, 1, -1, 1, -1, 1]))", "0.5 Hz"},
    {"Duty", "wave [number]", "number", tp_do_duty,
     "The fraction of the time above the threshold, over whole periods from "
     "the first to the last rising crossing.",
     "Duty(xy([0, 0, 1, 1, 4, 4], [0, 1, 1, 0, 0, 1]))", "0.25 ratio"},
    {"PulseWidth", "wave [number]", "number", pulse_width,
     "The length of the first whole pulse above the threshold.",
     "PulseWidth(xy([0, 1, 1, 3, 3, 4], [0, 0, 1, 1, 0, 0]))", "2"},
    {0},
};
