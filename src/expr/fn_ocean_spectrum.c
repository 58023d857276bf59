/* OCEAN's samples, spectra and group delay (Cadence OCEAN Reference). Samples
   are straight between those of the waveform. */
#include <math.h>

#include "expr/ocean_wave.h"

enum { SAMPLES_MAX = 1 << 22 };

/* The waveform at x; beyond its ends the value there. */
static double held_at(const tp_curve *c, double x)
{
    double y;
    x = fmin(fmax(x, c->x[0]), c->x[c->n - 1]);
    return tp_curve_at(c, x, 1, &y) ? y : c->y[c->n - 1];
}

/* ---- samples ----------------------------------------------------------- */

/* How many there are from..to, a hair beyond the end still being it; 0: *none
   says why. */
static int count_samples(double from, double to, bool log, double by,
                         tp_arena *mem, tp_value *none)
{
    double n = log ? by * log10(to / from) : (to - from) / by;
    if (!(by > 0))
        *none = tp_none(mem, "%s: wanted above 0, got %g",
                        log ? "samples per decade" : "step", by);
    else if (log && !(from > 0))
        *none = tp_none(mem, "from: wanted above 0, got %g", from);
    else if (!(to >= from))
        *none = tp_none(mem, "to: wanted at least %g, got %g", from, to);
    else if (n >= SAMPLES_MAX || !tp_room(mem, 4 * n))
        *none = tp_none(mem, "%g samples are too many", n);
    else
        return (int)(n * (1 + 1e-12) + 1e-9) + 1;
    return 0;
}

static tp_value sample(const tp_value *arg, int n, const tp_env *env,
                       tp_arena *mem)
{
    (void)n, (void)env;
    tp_curve c;
    tp_value none;
    double   from = arg[1].re, by = arg[4].re;
    bool     log = tp_str_same(arg[3].text, TP_S("log"));
    if (!log && !tp_str_same(arg[3].text, TP_S("linear")))
        return tp_none(mem, "the kind: wanted linear or log, got '%.*s'",
                       TP_F(arg[3].text));
    if (!tp_curve_of(&c, &arg[0], TP_TAKE_REAL, mem, &none)) return none;
    int count = count_samples(from, arg[2].re, log, by, mem, &none);
    if (count == 0) return none;
    double *x = TP_NEW(mem, double, count), *y = TP_NEW(mem, double, count);
    for (int i = 0; i < count; i++) {
        x[i] = log ? from * pow(10, i / by) : from + i * by;
        y[i] = held_at(&c, x[i]);
    }
    tp_wave out = {
        .unit = c.unit, .x_unit = c.x_unit, .n = count, .x = x, .re = y};
    return tp_value_wave(&out);
}

/* ---- spectra ----------------------------------------------------------- */

typedef struct spectrum {
    int     n;       /* bins: 0 to half the number of samples */
    double *re, *im; /* amplitudes */
    double  bin;     /* their distance */
    tp_str  unit, x_unit;
} spectrum;

/* A power of two, at least as many as wanted, as the original takes them. */
static int round_up(double wanted)
{
    int n = 2;
    while (n < wanted) n *= 2;
    return n;
}

/* Of the samples from..to, the end not included: a sine that fits in there has
   its amplitude in one bin. */
static bool spectrum_of(spectrum *s, const tp_value *arg, tp_arena *mem,
                        tp_value *none)
{
    tp_curve c;
    double   from = arg[1].re, to = arg[2].re, wanted = arg[3].re;
    if (!tp_curve_of(&c, &arg[0], TP_TAKE_REAL, mem, none)) return false;
    tp_curve_linear(&c);
    bool fits = wanted >= 2 && wanted <= SAMPLES_MAX;
    int  n = fits ? round_up(wanted) : 0;
    if (!fits || !tp_room(mem, 2.0 * n))
        *none = tp_none(mem, "samples: wanted 2 to %d, got %g", SAMPLES_MAX,
                        wanted);
    else if (!(to > from))
        *none = tp_none(mem, "to: wanted above %g, got %g", from, to);
    else if (!(from >= c.x[0] && to <= c.x[c.n - 1] + 1e-9 * (to - from)))
        *none = tp_none(mem, "from %g to %g is not inside %g to %g", from, to,
                        c.x[0], c.x[c.n - 1]);
    else {
        double *re = TP_NEW(mem, double, n), *im = TP_NEW(mem, double, n);
        for (int i = 0; i < n; i++)
            re[i] = held_at(&c, from + i * (to - from) / n);
        tp_fft(re, im, n);
        *s = (spectrum){n / 2 + 1, re, im, 1 / (to - from), c.unit, TP_S("")};
        if (tp_str_eq(c.x_unit, TP_S("s"))) s->x_unit = TP_S("Hz");
        for (int i = 0; i < s->n; i++) {
            double scale = (i == 0 || i == n / 2 ? 1.0 : 2.0) / n;
            re[i] *= scale;
            im[i] *= scale;
        }
        return true;
    }
    return false;
}

static tp_value dft(const tp_value *arg, int n, const tp_env *env,
                    tp_arena *mem)
{
    (void)n, (void)env;
    spectrum s;
    tp_value none;
    if (!tp_str_same(arg[4].text, TP_S("Rectangular")))
        return tp_none(mem,
                       "the window: Rectangular is the only one, got "
                       "'%.*s'",
                       TP_F(arg[4].text));
    if (!spectrum_of(&s, arg, mem, &none)) return none;
    double *x = TP_NEW(mem, double, s.n);
    for (int i = 0; i < s.n; i++) x[i] = i * s.bin;
    tp_wave out = {.unit = s.unit,
                   .x_unit = s.x_unit,
                   .n = s.n,
                   .x = x,
                   .re = s.re,
                   .im = s.im};
    return tp_value_wave(&out);
}

static tp_value thd(const tp_value *arg, int n, const tp_env *env,
                    tp_arena *mem)
{
    (void)n, (void)env;
    spectrum s;
    tp_value none;
    double   sum = 0, fund = arg[4].re;
    if (!spectrum_of(&s, arg, mem, &none)) return none;
    double at = fund == 0 ? 1 : round(fund / s.bin);
    if (!(at >= 1 && at < s.n))
        return tp_none(mem, "the fundamental: wanted %g to %g, got %g", s.bin,
                       (s.n - 1) * s.bin, fund);
    double carrier = hypot(s.re[(int)at], s.im[(int)at]);
    for (int i = 1; i < s.n; i++)
        if (i != (int)at) sum += s.re[i] * s.re[i] + s.im[i] * s.im[i];
    if (!(carrier > 0))
        return tp_none(mem, "there is nothing at %g", at * s.bin);
    return tp_value_number(100 * sqrt(sum) / carrier, TP_S("%"));
}

/* ---- group delay ------------------------------------------------------- */

static tp_value group_delay(const tp_value *arg, int n, const tp_env *env,
                            tp_arena *mem)
{
    (void)n;
    tp_curve c;
    tp_value none;
    if (!tp_curve_of(&c, &arg[0], TP_TAKE_PHASE, mem, &none)) return none;
    double *y = TP_NEW(mem, double, c.n);
    for (int i = 0; i < c.n; i++) y[i] = -c.y[i] / 360;
    tp_wave  turns = {.n = c.n, .x = c.x, .re = y, .x_unit = c.x_unit};
    tp_value phase = tp_value_wave(&turns);
    tp_value out = tp_do_slope(&phase, 1, env, mem);
    if (out.kind == TP_WAVE && tp_str_eq(c.x_unit, TP_S("Hz")))
        out.wave.unit = TP_S("s");
    return out;
}

const tp_fn tp_fn_oc_spectrum[] = {
    {"sample", "wave number number text number", "wave", sample,
     "Samples from one x to another: \"linear\" with a step, \"log\" with so "
     "many a decade; beyond the waveform its last value.",
     "sample(drCreateWaveform(list(0 10) list(0 20)) 0 4 \"linear\" 2)",
     "xy([0, 2, 4], [0, 4, 8])"},
    {"dft", "wave number number number [text=Rectangular]", "wave", dft,
     "Spectrum of so many even samples (a power of two, or the next one) from "
     "one x to another: complex amplitudes, so that a sine that fits shows its "
     "peak. The window can only be \"Rectangular\".",
     "mag(dft(drCreateWaveform(list(0 1 2 3 4) list(1 0 -1 0 1)) 0 4 4))",
     "xy([0, 0.25, 0.5], [0, 1, 0])"},
    {"thd", "wave number number number [number=0]", "number", thd,
     "Total harmonic distortion in per cent: the root of the sum of the "
     "squares of all bins of dft but 0 and the fundamental's, over that of the "
     "fundamental (0: the first bin).",
     "thd(drCreateWaveform(list(0 1 2 3 4) list(3 0 -1 0 3)) 0 4 4)", "25 %"},
    {"groupDelay", "wave", "wave", group_delay,
     "Minus the slope of the phase over the angular frequency.",
     "groupDelay(drCreateWaveform(list(1 2 3) list(1 complex(0 -1) -1)))",
     "xy([1, 2, 3], [0.25, 0.25, 0.25])"},
    {0},
};
