/* OCEAN's values and crossings, bandwidths and margins (Cadence OCEAN
   Reference). Where a function refers to a gain at dc it is that of the first
   point of the sweep. */
#include <math.h>

#include "expr/ocean_wave.h"

bool tp_ocean_way(tp_str edge, int *way, tp_arena *mem, tp_value *none)
{
    static const struct {
        const char *word;
        int         way;
    } words[] = {{"rising", 1}, {"falling", -1}, {"either", 0}};
    for (int i = 0; i < TP_COUNT(words); i++) {
        if (!tp_str_same(edge, tp_str_of(words[i].word))) continue;
        *way = words[i].way;
        return true;
    }
    *none =
        tp_none(mem, "the edge: wanted rising, falling or either, got '%.*s'",
                TP_F(edge));
    return false;
}

/* ---- values ------------------------------------------------------------ */

/* A number stays one; a waveform of one point becomes one. */
static tp_value value_of(const tp_value *arg, int n, const tp_env *env,
                         tp_arena *mem)
{
    (void)n, (void)env;
    const tp_wave *w = &arg[0].wave;
    if (w->n > 1)
        return tp_none(mem, "the waveform has %d points: at which x?", w->n);
    tp_value out = tp_value_number(w->re[0], arg[0].unit);
    if (!w->im) return out;
    out.kind = TP_COMPLEX;
    out.im = w->im[0];
    return out;
}

static double *crossings(const tp_curve *c, double level, int way, int *n,
                         tp_arena *mem)
{
    double *x = TP_NEW(mem, double, c->n);
    tp_scan s = {.c = c, .level = level, .order = 1};
    *n = 0;
    while (*n < c->n && tp_scan_next(&s, way)) x[(*n)++] = s.x;
    return x;
}

/* Why there is no such crossing; `n` there are. */
static tp_value no_crossing(const tp_curve *c, tp_ocean_nth which, int n,
                            tp_arena *mem)
{
    static const char *const words[] = {"falling ", "", "rising "};
    const char              *word = words[which.way + 1];
    const char              *level = tp_shown(which.level, c->unit, mem);
    double                   lo, hi;
    tp_curve_range(c, &lo, &hi, NULL);
    if (which.nth != floor(which.nth) || which.nth == 0)
        return tp_none(mem, "which crossing: wanted a whole number, got %g",
                       which.nth);
    if (n > 0)
        return tp_none(mem, "has %d %scrossing%s of %s, not %g", n, word,
                       n == 1 ? "" : "s", level, fabs(which.nth));
    return tp_none(mem, "no %scrossing of %s: it stays in %s to %s", word,
                   level, tp_shown(lo, c->unit, mem),
                   tp_shown(hi, c->unit, mem));
}

bool tp_ocean_crossing(double *x, const tp_curve *c, tp_ocean_nth which,
                       tp_arena *mem, tp_value *none)
{
    int     n;
    double  nth = which.nth;
    double *all = crossings(c, which.level, which.way, &n, mem);
    if (nth == floor(nth) && nth != 0 && fabs(nth) <= n) {
        *x = all[nth > 0 ? (int)nth - 1 : n + (int)nth];
        return true;
    }
    *none = no_crossing(c, which, n, mem);
    return false;
}

static tp_value cross(const tp_value *arg, int n, const tp_env *env,
                      tp_arena *mem)
{
    (void)n, (void)env;
    tp_curve c;
    tp_value none;
    int      way, many;
    double   x, which = arg[2].re;
    if (!tp_ocean_way(arg[3].text, &way, mem, &none)) return none;
    if (!tp_curve_of(&c, &arg[0], TP_TAKE_REAL, mem, &none)) return none;
    if (which == 0 || arg[4].re != 0) {
        double *all = crossings(&c, arg[1].re, way, &many, mem);
        if (many > 0) return tp_vector(all, NULL, many, c.x_unit);
        which = 1; /* says why there is none */
    }
    tp_ocean_nth nth = {arg[1].re, which, way};
    if (!tp_ocean_crossing(&x, &c, nth, mem, &none)) return none;
    return tp_value_number(x, c.x_unit);
}

static tp_value root(const tp_value *arg, int n, const tp_env *env,
                     tp_arena *mem)
{
    tp_value more[5] = {arg[0], arg[1], arg[2], tp_value_text(TP_S("either")),
                        tp_value_number(0, TP_S(""))};
    return cross(more, n + 2, env, mem);
}

const tp_fn tp_fn_oc_value[] = {
    {"value", "vector", "any", value_of,
     "The only value of a result of one point, as of an operating point.",
     "value(VDC(\"/net1\"))", "1.2 V"},
    {"value", "wave number", "any", tp_do_y_at_x,
     "The value at x, linear between samples (over log x for a sweep whose x "
     "are spaced evenly in their logarithm).",
     "value(drCreateWaveform(list(0 1 2) list(0 10 20)) 0.5)", "5"},
    {"cross", "wave number [number=1] [text=either] [multiple:number=0]", "any",
     cross,
     "The x of the nth crossing of a value, rising, falling or either; a "
     "negative n counts from the right, 0 (or a fifth argument t) gives all.",
     "cross(drCreateWaveform(list(0 1 2) list(0 2 0)) 1 1 \"falling\")", "1.5"},
    {"root", "wave number [number=1]", "any", root,
     "The x of the nth crossing of a value in any direction.",
     "root(drCreateWaveform(list(0 1 2) list(0 2 0)) 1 2)", "1.5"},
    {0},
};

/* ---- bandwidths -------------------------------------------------------- */

/* Where the gain is first (or, from the right, last) `down` dB below that of
   the sweep's end it comes from. */
static tp_value skirt(const tp_value *arg, double down, bool low, tp_arena *mem)
{
    tp_curve c;
    tp_value none;
    double   x;
    if (!tp_curve_of(&c, &arg[0], TP_TAKE_DB, mem, &none)) return none;
    if (!(down > 0))
        return tp_none(mem, "decibels below: wanted above 0, got %g", down);
    tp_ocean_nth at = {c.y[low ? 0 : c.n - 1] - down, low ? 1 : -1,
                       low ? -1 : 1};
    if (!tp_ocean_crossing(&x, &c, at, mem, &none)) return none;
    return tp_value_number(x, c.x_unit);
}

static tp_value bandwidth(const tp_value *arg, int n, const tp_env *env,
                          tp_arena *mem)
{
    if (tp_str_same(arg[2].text, TP_S("low")))
        return skirt(arg, arg[1].re, true, mem);
    if (tp_str_same(arg[2].text, TP_S("high")))
        return skirt(arg, arg[1].re, false, mem);
    if (tp_str_same(arg[2].text, TP_S("band")))
        return tp_do_band_pass(arg, n - 1, env, mem);
    return tp_none(mem, "the kind: wanted low, high or band, got '%.*s'",
                   TP_F(arg[2].text));
}

static tp_value gain_bandwidth(const tp_value *arg, int n, const tp_env *env,
                               tp_arena *mem)
{
    (void)n, (void)env;
    const tp_wave *w = &arg[0].wave;
    tp_value       v = skirt(arg, 20 * log10(2) / 2, true, mem);
    if (v.kind != TP_NUMBER) return v;
    int first = w->x[0] <= w->x[w->n - 1] ? 0 : w->n - 1;
    v.re *= hypot(w->re[first], w->im ? w->im[first] : 0);
    return v;
}

static tp_value unity_gain(const tp_value *arg, int n, const tp_env *env,
                           tp_arena *mem)
{
    (void)n, (void)env;
    tp_curve c;
    tp_value none;
    double   x;
    if (!tp_curve_of(&c, &arg[0], TP_TAKE_DB, mem, &none)) return none;
    if (!tp_ocean_crossing(&x, &c, (tp_ocean_nth){0, 1, -1}, mem, &none))
        return none;
    return tp_value_number(x, c.x_unit);
}

const tp_fn tp_fn_oc_band[] = {
    {"bandwidth", "wave number [text=low]", "number", bandwidth,
     "Where the gain has fallen by so many decibels: \"low\" from that of the "
     "lowest frequency, \"high\" from that of the highest; \"band\": the width "
     "around the peak. Raw complex or magnitude, not dB.",
     "bandwidth(drCreateWaveform(list(1 2 3) list(10 10 0.1)) 20 \"low\")",
     "2.5"},
    {"gainBwProd", "wave", "number", gain_bandwidth,
     "Gain at the lowest frequency times the bandwidth at half the power.",
     "round(100 * gainBwProd(drCreateWaveform(list(1 2 3) list(10 10 0.1))))",
     "2075"},
    {"unityGainFreq", "wave", "number", unity_gain,
     "Where the gain first falls through 1.",
     "unityGainFreq(drCreateWaveform(list(1 2 3) list(10 10 0.1)))", "2.5"},
    {"gainMargin", "wave", "number", tp_do_gain_margin,
     "Smallest gain margin in dB of a complex loop gain: minus the gain where "
     "the phase is -180 degrees.",
     "gainMargin(drCreateWaveform(list(1 2 3) list(complex(0 -1) -0.1 "
     "complex(0 0.01))))",
     "20 dB"},
    {"phaseMargin", "wave", "number", tp_do_phase_margin,
     "Smallest phase margin in degrees of a complex loop gain: how far its "
     "continuous phase is from -180 degrees where the gain is 1.",
     "phaseMargin(drCreateWaveform(list(1 2 3) list(complex(0 -10) complex(0 "
     "-1) complex(0 -0.1))))",
     "90 deg"},
    {0},
};
