/* OCEAN's edges: rise time, slew rate, overshoot, settling, delay, frequency
   and duty cycle (Cadence OCEAN Reference). A level is given as a number and
   a word on it: nil says that the number is the level itself, t that it is the
   x at which to take it. The short forms are ours. */
#include <math.h>

#include "expr/ocean_wave.h"
#include "expr/tree.h"

/* From one level to another, and where the first was taken. */
typedef struct step {
    tp_curve c;
    double   from, to;
    double   x; /* the start: of the curve, or where `from` was read */
} step;

static bool level(step *s, double v, bool at_x, double *y, tp_arena *mem,
                  tp_value *none)
{
    *y = v;
    if (!at_x || tp_curve_at(&s->c, v, 1, y)) return true;
    *none = tp_none(mem, "x = %s is outside %s to %s",
                    tp_shown(v, s->c.x_unit, mem),
                    tp_shown(s->c.x[0], s->c.x_unit, mem),
                    tp_shown(s->c.x[s->c.n - 1], s->c.x_unit, mem));
    return false;
}

static bool is_step(const step *s, tp_arena *mem, tp_value *none)
{
    if (s->from != s->to) return true;
    *none = tp_none(mem, "no step: it starts and ends at %s",
                    tp_shown(s->to, s->c.unit, mem));
    return false;
}

/* Arguments 1 to 4: initVal initType finalVal finalType. */
static bool step_given(step *s, const tp_value *arg, tp_arena *mem,
                       tp_value *none)
{
    bool at = arg[2].re != 0;
    if (!tp_curve_of(&s->c, &arg[0], TP_TAKE_REAL, mem, none)) return false;
    s->x = at ? arg[1].re : s->c.x[0];
    return level(s, arg[1].re, at, &s->from, mem, none) &&
           level(s, arg[3].re, arg[4].re != 0, &s->to, mem, none) &&
           is_step(s, mem, none);
}

/* From the first value to the last, or (way not 0) between the extremes. */
static bool step_own(step *s, const tp_value *arg, int way, tp_arena *mem,
                     tp_value *none)
{
    double lo, hi;
    if (!tp_curve_of(&s->c, &arg[0], TP_TAKE_REAL, mem, none)) return false;
    tp_curve_range(&s->c, &lo, &hi, NULL);
    s->x = s->c.x[0];
    s->from = way == 0 ? s->c.y[0] : way > 0 ? lo : hi;
    s->to = way == 0 ? s->c.y[s->c.n - 1] : way > 0 ? hi : lo;
    return is_step(s, mem, none);
}

/* ---- slew rate, rise time ---------------------------------------------- */

/* The x where the step is at two percentages of its way. */
static bool edge(const step *s, double theta1, double theta2, double at[2],
                 tp_arena *mem, tp_value *none)
{
    double d = s->to - s->from;
    double y1 = s->from + theta1 / 100 * d, y2 = s->from + theta2 / 100 * d;
    if (!(theta1 >= 0 && theta1 < theta2 && theta2 <= 100)) {
        *none = tp_none(mem,
                        "per cent: wanted 0 <= theta1 < theta2 <= 100, got %g "
                        "and %g",
                        theta1, theta2);
        return false;
    }
    if (tp_curve_edge(&s->c, y1, y2, at)) return true;
    *none = tp_none(mem, "no whole edge from %s to %s",
                    tp_shown(y1, s->c.unit, mem), tp_shown(y2, s->c.unit, mem));
    return false;
}

static tp_value slew_of(const step *s, double theta1, double theta2,
                        tp_arena *mem)
{
    tp_value none;
    double   at[2];
    if (!edge(s, theta1, theta2, at, mem, &none)) return none;
    if (at[1] == at[0]) return tp_none(mem, "the edge takes no time");
    double rise = (theta2 - theta1) / 100 * (s->to - s->from);
    return tp_value_number(rise / (at[1] - at[0]),
                           tp_unit_quotient(s->c.unit, s->c.x_unit));
}

static tp_value slew(const tp_value *arg, int n, const tp_env *env,
                     tp_arena *mem)
{
    (void)n, (void)env;
    step     s;
    tp_value none;
    if (!step_own(&s, arg, 0, mem, &none)) return none;
    return slew_of(&s, 10, 90, mem);
}

static tp_value slew_edge(const tp_value *arg, int n, const tp_env *env,
                          tp_arena *mem)
{
    (void)n, (void)env;
    step     s;
    tp_value none;
    int      way;
    if (!tp_ocean_way(arg[3].text, &way, mem, &none)) return none;
    if (!step_own(&s, arg, way, mem, &none)) return none;
    return slew_of(&s, arg[1].re, arg[2].re, mem);
}

static tp_value slew_full(const tp_value *arg, int n, const tp_env *env,
                          tp_arena *mem)
{
    (void)n, (void)env;
    step     s;
    tp_value none;
    if (!step_given(&s, arg, mem, &none)) return none;
    return slew_of(&s, arg[5].re, arg[6].re, mem);
}

static tp_value rise_full(const tp_value *arg, int n, const tp_env *env,
                          tp_arena *mem)
{
    (void)n, (void)env;
    step     s;
    tp_value none;
    double   at[2];
    if (!step_given(&s, arg, mem, &none)) return none;
    if (!edge(&s, arg[5].re, arg[6].re, at, mem, &none)) return none;
    return tp_value_number(at[1] - at[0], s.c.x_unit);
}

static tp_value overshoot_full(const tp_value *arg, int n, const tp_env *env,
                               tp_arena *mem)
{
    (void)n, (void)env;
    step     s;
    tp_value none;
    double   lo, hi;
    if (!step_given(&s, arg, mem, &none)) return none;
    tp_curve_range(&s.c, &lo, &hi, NULL);
    double over = s.to > s.from ? hi - s.to : s.to - lo;
    return tp_value_number(100 * fmax(0, over) / fabs(s.to - s.from),
                           TP_S("%"));
}

/* ---- settling ---------------------------------------------------------- */

/* From the start to where the curve enters the band around the final value
   for good. */
static tp_value settled(const step *s, double theta, tp_arena *mem)
{
    const tp_curve *c = &s->c;
    double          band = theta / 100 * fabs(s->to - s->from);
    int             i = c->n - 1;
    if (!(theta > 0))
        return tp_none(mem, "per cent: wanted above 0, got %g", theta);
    while (i >= 0 && fabs(c->y[i] - s->to) <= band) i--;
    if (i == c->n - 1)
        return tp_none(mem, "not settled at the end: it is %s from %s",
                       tp_shown(fabs(c->y[i] - s->to), c->unit, mem),
                       tp_shown(s->to, c->unit, mem));
    if (i < 0) return tp_value_number(0, c->x_unit);
    double edge_y = s->to + copysign(band, c->y[i] - s->to);
    double x = tp_curve_cross(c, i, edge_y, 1);
    return tp_value_number(fmax(0, x - s->x), c->x_unit);
}

static tp_value settle_full(const tp_value *arg, int n, const tp_env *env,
                            tp_arena *mem)
{
    (void)n, (void)env;
    step     s;
    tp_value none;
    if (!step_given(&s, arg, mem, &none)) return none;
    return settled(&s, arg[5].re, mem);
}

static tp_value settle(const tp_value *arg, int n, const tp_env *env,
                       tp_arena *mem)
{
    (void)n, (void)env;
    step     s = {0};
    tp_value none;
    if (!tp_curve_of(&s.c, &arg[0], TP_TAKE_REAL, mem, &none)) return none;
    s.x = s.c.x[0];
    s.from = s.c.y[0];
    s.to = arg[1].re;
    if (!is_step(&s, mem, &none)) return none;
    return settled(&s, arg[2].re, mem);
}

/* ---- delay ------------------------------------------------------------- */

/* One side of a delay: the nth crossing after x `after`, and where it is. */
typedef struct mark {
    double nth, after, x;
    tp_str unit;
} mark;

/* arg: wave, value, edge. */
static bool find_mark(mark *m, const tp_value *arg, tp_arena *mem,
                      tp_value *none)
{
    tp_curve     c;
    tp_ocean_nth which = {arg[1].re, m->nth, 0};
    if (!tp_ocean_way(arg[2].text, &which.way, mem, none)) return false;
    if (!tp_curve_of(&c, &arg[0], TP_TAKE_REAL, mem, none)) return false;
    m->unit = c.x_unit;
    if (m->after > c.x[0] &&
        !tp_curve_window(&c, m->after, c.x[c.n - 1], mem, none))
        return false;
    return tp_ocean_crossing(&m->x, &c, which, mem, none);
}

/* wf1 value1 edge1 wf2 value2 edge2 n nth1 nth2 td1 td2 stop; an nth of 0 is
   n. */
static tp_value delay(const tp_value *arg, int n, const tp_env *env,
                      tp_arena *mem)
{
    (void)env;
    tp_value none;
    double   stop = tp_arg_number(arg, n, 11, INFINITY);
    mark     a = {.nth = arg[7].re != 0 ? arg[7].re : arg[6].re,
                  .after = arg[9].re};
    mark     b = {.nth = arg[8].re != 0 ? arg[8].re : arg[6].re,
                  .after = arg[10].re};
    if (!find_mark(&a, arg, mem, &none)) return none;
    if (!find_mark(&b, arg + 3, mem, &none)) return none;
    if (a.x > stop || b.x > stop)
        return tp_none(mem, "crosses at %s, after the stop at %s",
                       tp_shown(fmax(a.x, b.x), a.unit, mem),
                       tp_shown(stop, a.unit, mem));
    return tp_value_number(b.x - a.x, a.unit);
}

/* ---- periods ----------------------------------------------------------- */

/* The frequency of each period, over the x of its end. */
static tp_value frequencies(const tp_value *arg, int n, const tp_env *env,
                            tp_arena *mem)
{
    (void)env;
    tp_curve c;
    tp_value none;
    double   lo, hi, last = 0;
    int      way, count = 0;
    if (!tp_ocean_way(arg[1].text, &way, mem, &none)) return none;
    if (way == 0) return tp_none(mem, "the edge: wanted rising or falling");
    if (!tp_curve_of(&c, &arg[0], TP_TAKE_REAL, mem, &none)) return none;
    tp_curve_range(&c, &lo, &hi, NULL);
    double  at = tp_arg_number(arg, n, 2, lo + (hi - lo) / 2);
    tp_scan s = {.c = &c, .level = at, .order = 1};
    double *x = TP_NEW(mem, double, c.n), *f = TP_NEW(mem, double, c.n);
    for (bool first = true; tp_scan_next(&s, way); first = false) {
        if (!first && s.x > last) {
            x[count] = s.x;
            f[count++] = 1 / (s.x - last);
        }
        last = s.x;
    }
    if (!count)
        return tp_none(mem, "has no period between crossings of %s",
                       tp_shown(at, c.unit, mem));
    tp_wave w = {.unit = TP_S("Hz"), .x_unit = c.x_unit, .n = count, .x = x};
    w.re = f;
    return tp_value_wave(&w);
}

/* wave mode [threshold]: the mode "user" wants the threshold. */
static tp_value duty(const tp_value *arg, int n, const tp_env *env,
                     tp_arena *mem)
{
    bool user = tp_str_same(arg[1].text, TP_S("user"));
    if (!user && !tp_str_same(arg[1].text, TP_S("auto")))
        return tp_none(mem, "the mode: wanted auto or user, got '%.*s'",
                       TP_F(arg[1].text));
    if (user && n < 3) return tp_none(mem, "the mode user wants ?threshold");
    tp_value pair[2] = {arg[0], n > 2 ? arg[2] : arg[0]};
    tp_value v = tp_do_duty(pair, n > 2 ? 2 : 1, env, mem);
    if (v.kind != TP_NUMBER) return v;
    return tp_value_number(100 * v.re, TP_S("%"));
}

const tp_fn tp_fn_oc_edge[] = {
    {"slewRate", "wave", "number", slew,
     "The average slope from 10 % to 90 % of the way from the first to the "
     "last value.",
     "slewRate(drCreateWaveform(list(0 1 3 4) list(0 0 10 10)))", "5"},
    {"slewRate", "wave number number text", "number", slew_edge,
     "The same between two percentages of the way between the extremes, of a "
     "rising or falling edge (a falling one is negative).",
     "slewRate(drCreateWaveform(list(0 1 3 4) list(0 0 10 10)) 20 80 "
     "\"rising\")",
     "5"},
    {"slewRate", "wave number number number number number number", "number",
     slew_full,
     "The same from initVal to finalVal, between theta1 and theta2 per cent of "
     "the way; a type of nil: a value, t: the x to take it at.",
     "slewRate(drCreateWaveform(list(0 1 3 4) list(0 0 10 10)) 0 nil 10 nil 10 "
     "90)",
     "5"},
    {"riseTime", "wave", "number", tp_do_rise,
     "10 % to 90 % time of the first whole rising edge between the extremes.",
     "riseTime(drCreateWaveform(list(0 1 2 3) list(0 0 10 10)))", "0.8"},
    {"riseTime", "wave number number number number number number", "number",
     rise_full,
     "The time between theta1 and theta2 per cent of the way from initVal to "
     "finalVal; a fall where finalVal is the lower.",
     "riseTime(drCreateWaveform(list(0 1 2 3) list(0 0 10 10)) 0 t 3 t 10 90)",
     "0.8"},
    {"fallTime", "wave", "number", tp_do_fall,
     "90 % to 10 % time of the first whole falling edge between the extremes.",
     "fallTime(drCreateWaveform(list(0 1 2 3) list(5 5 0 0)))", "0.8"},
    {"overshoot", "wave", "number", tp_do_overshoot,
     "How far it goes past its last value, in per cent of the step from its "
     "first to its last value.",
     "overshoot(drCreateWaveform(list(0 1 2 3) list(0 13 9 10)))", "30 %"},
    {"overshoot", "wave number number number number", "number", overshoot_full,
     "How far it goes past finalVal, in per cent of the step from initVal.",
     "overshoot(drCreateWaveform(list(0 1 2 3) list(0 13 9 10)) 0 nil 10 nil)",
     "30 %"},
    {"settlingTime", "wave number number", "number", settle,
     "From the start until it stays within theta per cent (of the step from "
     "the first value) of the final value given.",
     "settlingTime(drCreateWaveform(list(0 1 2 3) list(0 12 10 10)) 10 10)",
     "1.5"},
    {"settlingTime", "wave number number number number number", "number",
     settle_full,
     "From the start (with initType t: from that x) until it stays within "
     "theta per cent of the step of finalVal.",
     "settlingTime(drCreateWaveform(list(0 1 2 3) list(0 12 10 10)) 0 nil 10 "
     "nil 10)",
     "1.5"},
    {"delay",
     "wf1:wave value1:number edge1:text wf2:wave value2:number edge2:text "
     "[n:number=1] [nth1:number=0] [nth2:number=0] [td1:number=0] "
     "[td2:number=0] [stop:number]",
     "number", delay,
     "From the nth crossing of one waveform to the nth of the other: wave1 "
     "value1 edge1 wave2 value2 edge2 n, or with keys.",
     "delay(drCreateWaveform(list(0 1) list(0 1)) 0.5 \"rising\" "
     "drCreateWaveform(list(0 2) list(1 0)) 0.5 \"falling\" 1)",
     "0.5"},
    {"frequency", "wave", "number", tp_do_frequency,
     "1 over the mean period between rising crossings of the middle.",
     "frequency(drCreateWaveform(list(0 1 2 3 4 5) list(-1 1 -1 1 -1 1)))",
     "0.5 Hz"},
    {"freq", "wave [text=rising] [threshold:number]", "wave", frequencies,
     "The frequency of each period, over the x of its end.",
     "freq(drCreateWaveform(list(0 1 2 3 4 5) list(-1 1 -1 1 -1 1)) "
     "\"rising\")",
     "xy([2.5, 4.5], [0.5, 0.5]) Hz"},
    {"dutyCycle", "wave [mode:text=auto] [threshold:number]", "number", duty,
     "The part of the time above the threshold (the middle unless given; mode "
     "\"user\" wants it), over whole periods, in per cent.",
     "dutyCycle(drCreateWaveform(list(0 0 1 1 4 4) list(0 1 1 0 0 1)))",
     "25 %"},
    {0},
};
