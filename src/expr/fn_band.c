/* Bandwidths and margins of ac data. The data are the raw, complex values of
   an analysis: decibels are interpolated over log frequency where the sweep is
   spaced so (straight over x otherwise), which is how a Bode plot is read. */
#include <math.h>

#include "expr/functions.h"
#include "expr/waveform.h"

/* The largest sample and the level db_down below it. */
typedef struct peak {
    tp_curve c;
    int      at;
    double   top, level;
} peak;

static bool peak_of(peak *p, const tp_value *arg, tp_arena *mem, tp_value *none)
{
    double lo, down = arg[1].re;
    int    at[2];
    if (!tp_curve_of(&p->c, &arg[0], TP_TAKE_DB, mem, none)) return false;
    if (!(down > 0)) {
        *none = tp_none(mem, "decibels below the peak: wanted above 0, got %g",
                        down);
        return false;
    }
    tp_curve_range(&p->c, &lo, &p->top, at);
    p->at = at[1];
    p->level = p->top - down;
    if (p->top > -INFINITY) return true;
    *none = tp_none(mem, "it is zero everywhere");
    return false;
}

/* Where the curve first is at or below the level, going from the peak to the
   right (step 1) or to the left (-1). */
static bool skirt(const peak *p, int step, double *x, tp_arena *mem,
                  tp_value *none)
{
    const tp_curve *c = &p->c;
    for (int i = p->at + step; i >= 0 && i < c->n; i += step) {
        if (c->y[i] > p->level) continue;
        *x = c->y[i] == p->level
                 ? c->x[i]
                 : tp_curve_cross(c, step > 0 ? i - 1 : i, p->level, 1);
        return true;
    }
    if (p->at == (step > 0 ? c->n - 1 : 0)) {
        *none =
            tp_none(mem, "its peak of %s is at the %s point, %s",
                    tp_shown(p->top, c->unit, mem), step > 0 ? "last" : "first",
                    tp_shown(c->x[p->at], c->x_unit, mem));
        return false;
    }
    *none = tp_none(mem, "never falls %.4g dB below its peak of %s at %s %s %s",
                    p->top - p->level, tp_shown(p->top, c->unit, mem),
                    tp_shown(c->x[p->at], c->x_unit, mem),
                    step > 0 ? "up to" : "down to",
                    tp_shown(c->x[step > 0 ? c->n - 1 : 0], c->x_unit, mem));
    return false;
}

static tp_value one_skirt(const tp_value *arg, int step, tp_arena *mem)
{
    peak     p;
    double   x;
    tp_value none;
    if (!peak_of(&p, arg, mem, &none)) return none;
    if (!skirt(&p, step, &x, mem, &none)) return none;
    return tp_value_number(x, p.c.x_unit);
}

static tp_value low_pass(const tp_value *arg, int n, const tp_env *env,
                         tp_arena *mem)
{
    (void)n, (void)env;
    return one_skirt(arg, 1, mem);
}

static tp_value high_pass(const tp_value *arg, int n, const tp_env *env,
                          tp_arena *mem)
{
    (void)n, (void)env;
    return one_skirt(arg, -1, mem);
}

static tp_value both_skirts(const tp_value *arg, bool centre, tp_arena *mem)
{
    peak     p;
    double   x1, x2;
    tp_value none;
    if (!peak_of(&p, arg, mem, &none)) return none;
    if (!skirt(&p, -1, &x1, mem, &none)) return none;
    if (!skirt(&p, 1, &x2, mem, &none)) return none;
    return tp_value_number(centre ? (x1 + x2) / 2 : x2 - x1, p.c.x_unit);
}

tp_value tp_do_band_pass(const tp_value *arg, int n, const tp_env *env,
                         tp_arena *mem)
{
    (void)n, (void)env;
    return both_skirts(arg, false, mem);
}

static tp_value centre(const tp_value *arg, int n, const tp_env *env,
                       tp_arena *mem)
{
    (void)n, (void)env;
    return both_skirts(arg, true, mem);
}

/* The gain in dB and the phase above the point of instability, over the same
   x. The phase is continuous and starts between -45 and 315 degrees above that
   point, so that an integrator, a differentiator and a pair of integrators
   with a little lag all start in their own turn. */
static bool loop_of(tp_curve *gain, tp_curve *phase, const tp_value *arg, int n,
                    tp_arena *mem, tp_value *none)
{
    double unstable = tp_arg_number(arg, n, 1, -180);
    if (!tp_curve_of(gain, &arg[0], TP_TAKE_DB, mem, none)) return false;
    if (!tp_curve_of(phase, &arg[0], TP_TAKE_PHASE, mem, none)) return false;
    double *y = TP_NEW(mem, double, phase->n);
    double  start = phase->y[0] - unstable;
    double  turns = 360 * floor((start + 45) / 360);
    for (int i = 0; i < phase->n; i++) y[i] = phase->y[i] - unstable - turns;
    phase->y = y;
    return true;
}

/* The largest gain on and between samples i and i+1 where the phase is a whole
   number of turns, or `most`. */
static double unstable_gain(const tp_curve *gain, const tp_curve *phase, int i,
                            double most)
{
    double y0 = phase->y[i], db;
    if (y0 == 360 * round(y0 / 360)) most = fmax(most, gain->y[i]);
    if (i + 1 == phase->n) return most;
    double lo = fmin(y0, phase->y[i + 1]), hi = fmax(y0, phase->y[i + 1]);
    double turn = 360 * (floor(lo / 360) + 1);
    if (!(turn < hi)) return most; /* the phase never jumps by a turn */
    double x = tp_curve_cross(phase, i, turn, 1);
    return tp_curve_at(gain, x, 1, &db) ? fmax(most, db) : most;
}

tp_value tp_do_gain_margin(const tp_value *arg, int n, const tp_env *env,
                           tp_arena *mem)
{
    (void)env;
    tp_curve gain, phase;
    tp_value none;
    double   lo, hi, most = -INFINITY;
    if (!loop_of(&gain, &phase, arg, n, mem, &none)) return none;
    for (int i = 0; i < phase.n; i++)
        most = unstable_gain(&gain, &phase, i, most);
    if (most > -INFINITY) return tp_value_number(0 - most, TP_S("dB"));
    double unstable = tp_arg_number(arg, n, 1, -180);
    tp_curve_range(&phase, &lo, &hi, NULL);
    return tp_none(mem,
                   "the phase is never %g deg: it stays in %.4g to %.4g "
                   "deg",
                   unstable, lo + unstable, hi + unstable);
}

/* How far a phase is from instability, which is at 0 (lag) and 360 (lead). */
static double distance(double phase)
{
    return phase <= 180 ? phase : 360 - phase;
}

tp_value tp_do_phase_margin(const tp_value *arg, int n, const tp_env *env,
                            tp_arena *mem)
{
    (void)env;
    tp_curve gain, phase;
    tp_value none;
    double   lo, hi, best = INFINITY, deg;
    if (!loop_of(&gain, &phase, arg, n, mem, &none)) return none;
    tp_scan s = {.c = &gain, .level = 0, .order = 1};
    while (tp_scan_next(&s, 0))
        if (tp_curve_at(&phase, s.x, 1, &deg)) best = fmin(best, distance(deg));
    if (best < INFINITY) return tp_value_number(best, TP_S("deg"));
    tp_curve_range(&gain, &lo, &hi, NULL);
    return tp_none(mem, "the gain never crosses 0 dB: it stays in %s to %s",
                   tp_shown(lo, gain.unit, mem), tp_shown(hi, gain.unit, mem));
}

static const char band_text[] =
    "Width of the band around the peak: from the last x before it to the first "
    "after it where the magnitude is db_down decibels lower. Raw complex data.";
static const char centre_text[] =
    "Middle of the two x that BPBW subtracts: (x1 + x2)/2.";

const tp_fn tp_fn_band[] = {
    {"LPBW", "wave number", "number", low_pass,
     "Low-pass bandwidth: the first x after the peak where the magnitude is "
     "db_down decibels lower. Raw complex data, not dB; decibels are "
     "interpolated over log x where the sweep is logarithmic.",
     "LPBW(xy([1, 2, 3], [10, 10, 0.1]), 20)", "2.5"},
    {"HPBW", "wave number", "number", high_pass,
     "High-pass bandwidth: the first x where the magnitude is db_down decibels "
     "lower, going from the peak to the left. Raw complex data.",
     "HPBW(xy([1, 2, 3], [0.1, 10, 10]), 20)", "1.5"},
    {"BPBW", "wave number", "number", tp_do_band_pass, band_text,
     "BPBW(xy([1, 2, 3], [0.1, 10, 0.1]), 20)", "1"},
    {"Bandwidth", "wave number", "number", tp_do_band_pass, band_text,
     "Bandwidth(xy([1, 2, 3], [0.1, 10, 0.1]), 20)", "1"},
    {"CentreFreq", "wave number", "number", centre, centre_text,
     "CentreFreq(xy([1, 2, 3], [0.1, 10, 0.1]), 20)", "2"},
    {"CenterFreq", "wave number", "number", centre, centre_text,
     "CenterFreq(xy([1, 2, 3], [0.1, 10, 0.1]), 20)", "2"},
    {"GainMargin", "wave [number=-180]", "number", tp_do_gain_margin,
     "Smallest gain margin in dB of a complex loop gain: minus the gain where "
     "the phase is at the point of instability, whole turns included. That "
     "point is -180 degrees, or 0 for data that include the inversion.",
     "GainMargin(xy([1, 2, 3], [(0, -1), (-0.1, 0), (0, 0.01)]))", "20 dB"},
    {"PhaseMargin", "wave [number=-180]", "number", tp_do_phase_margin,
     "Smallest phase margin in degrees of a complex loop gain: how far its "
     "continuous phase is from the point of instability where the gain is 1; "
     "negative beyond it.",
     "PhaseMargin(xy([1, 2, 3], [(0, -10), (0, -1), (0, -0.1)]))", "90 deg"},
    {0},
};
