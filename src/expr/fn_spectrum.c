/* Spectra and distortion of waveforms with uneven time steps. The Fourier
   integral is exact for the curve between samples, straight or a parabola
   (after Filon 1928), so that no harmonic is aliased into another. */
#include <math.h>

#include "expr/functions.h"
#include "expr/waveform.h"

enum { TERMS_MAX = 100000, STEPS_MAX = 200000000, FFT_MAX = 1 << 22 };

/* Integrals over s = -1..1 of cos(theta s), s sin(theta s), s^2 cos(theta s).
 */
static void moments(double theta, double m[3])
{
    double t2 = theta * theta;
    if (fabs(theta) < 0.3) { /* series: the closed forms cancel */
        m[0] = 2 - t2 / 3 * (1 - t2 / 20 * (1 - t2 / 42 * (1 - t2 / 72)));
        m[1] = 2 * theta / 3 *
               (1 - t2 / 10 * (1 - t2 / 28 * (1 - t2 / 54 * (1 - t2 / 88))));
        m[2] = 2.0 / 3 - t2 / 5 + t2 * t2 / 84 - t2 * t2 * t2 / 3240 +
               t2 * t2 * t2 * t2 / 221760;
        return;
    }
    double sine = sin(theta), cosine = cos(theta);
    m[0] = 2 * sine / theta;
    m[1] = 2 * (sine - theta * cosine) / t2;
    m[2] = 2 * ((t2 - 2) * sine + 2 * theta * cosine) / (t2 * theta);
}

/* Integral of y exp(-j w x) over the curve into out[0] (re), out[1] (im). */
static void fourier_integral(const tp_curve *c, double w, int order,
                             double out[2])
{
    out[0] = out[1] = 0;
    for (int i = 0; i + 1 < c->n; i++) {
        double h = c->x[i + 1] - c->x[i], m[3];
        double mean = (c->y[i] + c->y[i + 1]) / 2;
        double half = (c->y[i + 1] - c->y[i]) / 2;
        double q = order > 1 ? tp_curve_bend(c, i) * h * h / 4 : 0;
        double angle = w * (c->x[i] + h / 2);
        moments(w * h / 2, m);
        double even = (mean - q) * m[0] + q * m[2], odd = half * m[1];
        out[0] += h / 2 * (cos(angle) * even - sin(angle) * odd);
        out[1] -= h / 2 * (sin(angle) * even + cos(angle) * odd);
    }
}

/* Cuts the curve to its last whole cycles; a thousandth of one may be missing
   at the start. */
static bool whole_cycles(tp_curve *c, double period, tp_arena *mem,
                         tp_value *none)
{
    double first = c->x[0], last = c->x[c->n - 1], span = last - first;
    double cycles = floor(span / period + 1e-3);
    tp_curve_linear(c);
    if (cycles < 1) {
        *none = tp_none(mem,
                        "needs at least one whole period of %s, there "
                        "are %s",
                        tp_shown(period, c->x_unit, mem),
                        tp_shown(span, c->x_unit, mem));
        return false;
    }
    return tp_curve_window(c, fmax(first, last - cycles * period), last, mem,
                           none);
}

/* Argument 4: the first term, or a vector of it and the order. */
static bool options_of(const tp_value *arg, int n, double *first, int *order,
                       tp_arena *mem, tp_value *none)
{
    double wanted = 2;
    *first = 0;
    if (n > 3 && arg[3].kind == TP_STRING) {
        *none = tp_none(mem, "options: wanted numbers, got '%.*s'",
                        TP_F(arg[3].text));
        return false;
    }
    if (n > 3 && arg[3].kind == TP_WAVE) {
        *first = arg[3].wave.re[0];
        if (arg[3].wave.n > 1) wanted = arg[3].wave.re[1];
    } else if (n > 3) {
        *first = arg[3].re;
    }
    *order = wanted == 1 ? 1 : 2;
    if (wanted != 1 && wanted != 2)
        *none = tp_none(mem, "order: wanted 1 or 2, got %g", wanted);
    else if (!(*first >= 0 && *first <= TERMS_MAX) || *first != floor(*first))
        *none = tp_none(mem, "first term: wanted 0 to %d, got %g", TERMS_MAX,
                        *first);
    else
        return true;
    return false;
}

/* The unit of 1/x. */
static tp_str per(tp_str x_unit)
{
    return tp_str_eq(x_unit, TP_S("s")) ? TP_S("Hz") : TP_S("");
}

static tp_value fourier(const tp_value *arg, int n, const tp_env *env,
                        tp_arena *mem)
{
    (void)env;
    tp_curve c;
    tp_value none;
    double   f0 = arg[1].re, terms = arg[2].re, first;
    int      order;
    if (!(f0 > 0)) return tp_none(mem, "frequency: wanted above 0, got %g", f0);
    if (!(terms >= 1 && terms <= TERMS_MAX) || terms != floor(terms))
        return tp_none(mem, "terms: wanted 1 to %d, got %g", TERMS_MAX, terms);
    if (!options_of(arg, n, &first, &order, mem, &none)) return none;
    if (!tp_curve_of(&c, &arg[0], TP_TAKE_REAL, mem, &none)) return none;
    if (!whole_cycles(&c, 1 / f0, mem, &none)) return none;
    if (terms * c.n > STEPS_MAX)
        return tp_none(mem, "%g terms of %d points are over the limit of %d",
                       terms, c.n, STEPS_MAX);
    if (!tp_room(mem, terms + c.n))
        return tp_none(mem, "no memory for %g terms", terms);
    int     count = (int)terms;
    double *x = TP_NEW(mem, double, count), *re = TP_NEW(mem, double, count);
    double *im = TP_NEW(mem, double, count), span = c.x[c.n - 1] - c.x[0];
    for (int k = 0; k < count; k++) {
        double sum[2], scale = (first + k > 0 ? 2 : 1) / span;
        x[k] = (first + k) * f0;
        fourier_integral(&c, 2 * acos(-1.0) * x[k], order, sum);
        re[k] = scale * sum[0];
        im[k] = scale * sum[1];
    }
    tp_wave out = {.unit = c.unit,
                   .x_unit = per(c.x_unit),
                   .n = count,
                   .x = x,
                   .re = re,
                   .im = im};
    return tp_value_wave(&out);
}

void tp_fft(double *re, double *im, int n)
{
    for (int i = 1, j = 0; i < n; i++) {
        int bit = n >> 1;
        for (; j & bit; bit >>= 1) j ^= bit;
        j ^= bit;
        if (i >= j) continue;
        double a = re[i], b = im[i];
        re[i] = re[j];
        im[i] = im[j];
        re[j] = a;
        im[j] = b;
    }
    for (int len = 2; len <= n; len *= 2)
        for (int k = 0; k < len / 2; k++) {
            double angle = -2 * acos(-1.0) * k / len;
            double wr = cos(angle), wi = sin(angle);
            for (int i = k; i < n; i += len) {
                int    j = i + len / 2;
                double a = re[j] * wr - im[j] * wi;
                double b = re[j] * wi + im[j] * wr;
                re[j] = re[i] - a;
                im[j] = im[i] - b;
                re[i] += a;
                im[i] += b;
            }
        }
}

/* The step of evenly spaced x; 0 when the spacing varies by over 0.1 %. */
static double even_step(const tp_curve *c)
{
    double step = (c->x[c->n - 1] - c->x[0]) / (c->n - 1);
    for (int i = 0; i < c->n; i++)
        if (!(fabs(c->x[i] - c->x[0] - i * step) <= 1e-3 * step)) return 0;
    return step;
}

static tp_value fft(const tp_value *arg, int n, const tp_env *env,
                    tp_arena *mem)
{
    (void)env;
    tp_curve c;
    tp_value none;
    bool     hanning = n < 2 || tp_str_same(arg[1].text, TP_S("Hanning"));
    if (!hanning && !tp_str_same(arg[1].text, TP_S("None")))
        return tp_none(mem, "window: wanted 'Hanning' or 'None', got '%.*s'",
                       TP_F(arg[1].text));
    if (!tp_curve_of(&c, &arg[0], TP_TAKE_REAL, mem, &none)) return none;
    double step = c.n > 1 ? even_step(&c) : 0;
    if (c.n < 2 || c.n > FFT_MAX)
        return tp_none(mem, "wanted 2 to %d points, got %d", FFT_MAX, c.n);
    if (!(step > 0))
        return tp_none(mem, "its x values are not evenly spaced: use Interp "
                            "first");
    int size = 2;
    while (size < c.n) size *= 2;
    double *re = TP_NEW(mem, double, size), *im = TP_NEW(mem, double, size);
    double *x = TP_NEW(mem, double, size / 2 + 1), sum = 0;
    for (int i = 0; i < c.n; i++) {
        double w = hanning ? (1 - cos(2 * acos(-1.0) * i / c.n)) / 2 : 1;
        re[i] = w * c.y[i];
        sum += w;
    }
    tp_fft(re, im, size);
    for (int i = 0; i <= size / 2; i++) {
        double scale = (i == 0 || i == size / 2 ? 1 : 2) / sum;
        x[i] = i / (size * step);
        re[i] *= scale;
        im[i] *= scale;
    }
    tp_wave out = {.unit = c.unit,
                   .x_unit = per(c.x_unit),
                   .n = size / 2 + 1,
                   .x = x,
                   .re = re,
                   .im = im};
    return tp_value_wave(&out);
}

/* The mean distance of the rising crossings of the middle level; between two
   of them the curve must have been a twentieth of its height below it. */
static bool period_of(const tp_curve *c, double *period, tp_arena *mem,
                      tp_value *none)
{
    double lo, hi, first = 0, last = 0;
    int    count = 0, seen = 0;
    tp_curve_range(c, &lo, &hi, NULL);
    tp_scan s = {.c = c, .level = lo + (hi - lo) / 2, .order = 1};
    double  low = s.level - (hi - lo) / 20;
    while (hi > lo && tp_scan_next(&s, 1)) {
        bool dipped = false;
        for (; seen < s.next; seen++) dipped |= c->y[seen] < low;
        if (count && !dipped) continue;
        last = s.x;
        if (!count++) first = last;
    }
    *period = count > 1 ? (last - first) / (count - 1) : 0;
    if (*period > 0) return true;
    if (!(hi > lo))
        *none = tp_none(mem, "never changes: it stays at %s",
                        tp_shown(lo, c->unit, mem));
    else
        *none = tp_none(mem,
                        "needs at least one whole period: it rises "
                        "through its middle of %s %s",
                        tp_shown(s.level, c->unit, mem),
                        count ? "only once" : "never");
    return false;
}

/* Solves the symmetric positive definite a x = b, x in b; false: singular. */
static bool solve3(double a[3][3], double b[3])
{
    for (int k = 0; k < 3; k++) {
        if (!(a[k][k] > 1e-12)) return false;
        for (int i = k + 1; i < 3; i++) {
            double f = a[i][k] / a[k][k];
            for (int j = k; j < 3; j++) a[i][j] -= f * a[k][j];
            b[i] -= f * b[k];
        }
    }
    for (int k = 2; k >= 0; k--) {
        for (int j = k + 1; j < 3; j++) b[k] -= a[k][j] * b[j];
        b[k] /= a[k][k];
    }
    return true;
}

static void basis(double angle, double g[3])
{
    g[0] = 1;
    g[1] = cos(angle);
    g[2] = sin(angle);
}

/* Least squares over the curve, each sample weighted with the half cells
   beside it: y = out[0] + out[1] cos wx + out[2] sin wx (three-parameter sine
   fit, IEEE Std 1057). */
static bool fit_sine(const tp_curve *c, double w, double out[3])
{
    double a[3][3] = {{0}}, b[3] = {0}, span = c->x[c->n - 1] - c->x[0];
    for (int i = 0; i < c->n; i++) {
        double left = i > 0 ? c->x[i] - c->x[i - 1] : 0;
        double right = i + 1 < c->n ? c->x[i + 1] - c->x[i] : 0;
        double weight = (left + right) / (2 * span), g[3];
        basis(w * (c->x[i] - c->x[0]), g);
        for (int j = 0; j < 3; j++) {
            b[j] += weight * g[j] * c->y[i];
            for (int k = 0; k < 3; k++) a[j][k] += weight * g[j] * g[k];
        }
    }
    for (int j = 0; j < 3; j++) out[j] = b[j];
    return solve3(a, out);
}

/* Corrects the period by what the fundamental's phase drifts between the first
   and the second half of the whole cycles, which harmonics don't disturb. */
static void refine(const tp_curve *all, double *period, tp_arena *mem)
{
    tp_value none;
    tp_curve whole = *all;
    double   turn = 2 * acos(-1.0), w = turn / *period, a[3], b[3];
    if (!whole_cycles(&whole, *period, mem, &none)) return;
    double from = whole.x[0], to = whole.x[whole.n - 1];
    double part = floor(round((to - from) / *period) / 2) * *period;
    if (!(part > 0)) return;
    tp_curve one = whole, two = whole;
    if (!tp_curve_window(&one, from, from + part, mem, &none)) return;
    if (!tp_curve_window(&two, to - part, to, mem, &none)) return;
    if (!fit_sine(&one, w, a) || !fit_sine(&two, w, b)) return;
    double apart = to - part - from;
    double phase = atan2(a[2], a[1]) - atan2(b[2], b[1]);
    double change = remainder(phase - w * apart, turn) / apart;
    if (fabs(change) < 0.1 * w) *period = turn / (w + change);
}

static tp_value distortion(const tp_value *arg, int n, const tp_env *env,
                           tp_arena *mem)
{
    (void)n, (void)env;
    tp_curve c;
    tp_value none;
    double   period, sine[3];
    if (!tp_curve_of(&c, &arg[0], TP_TAKE_REAL, mem, &none)) return none;
    tp_curve_linear(&c);
    if (!period_of(&c, &period, mem, &none)) return none;
    for (int i = 0; i < 2; i++) refine(&c, &period, mem);
    if (!whole_cycles(&c, period, mem, &none)) return none;
    double w = 2 * acos(-1.0) / period, span = c.x[c.n - 1] - c.x[0];
    bool   fits = c.n / (span / period) >= 6 && fit_sine(&c, w, sine);
    if (!fits)
        return tp_none(mem, "%d points in %.4g cycles are too few", c.n,
                       span / period);
    double *rest = TP_NEW(mem, double, c.n);
    for (int i = 0; i < c.n; i++) {
        double g[3];
        basis(w * (c.x[i] - c.x[0]), g);
        rest[i] = c.y[i] - sine[0] - sine[1] * g[1] - sine[2] * g[2];
    }
    c.y = rest;
    double fundamental = hypot(sine[1], sine[2]) / sqrt(2);
    double residual = sqrt(tp_curve_integral(&c, 0, 2) / span);
    if (!(fundamental > 0)) return tp_none(mem, "has no fundamental");
    return tp_value_number(residual / fundamental, TP_S("ratio"));
}

const tp_fn tp_fn_spectrum[] = {
    {"Fourier", "wave number number [any]", "wave", fourier,
     "Complex amplitudes at multiples of a frequency, by integration over the "
     "last whole periods, uneven steps allowed: vector, frequency, number of "
     "terms, and [first term = 0, order 1 or 2 = 2]. A cosine of amplitude 1 "
     "gives 1.",
     "Fourier(xy([0, 1, 2], [3, 3, 3]), 0.5, 1)", "xy([0], [(3, 0)])"},
    {"fft", "wave [text]", "wave", fft,
     "Complex amplitudes by the fast Fourier transform of evenly spaced "
     "samples, filled with zeros to a power of two; window 'Hanning' (default) "
     "or 'None'. From 0 to half the sampling frequency.",
     "mag(fft(xy([0, 1, 2, 3], [1, 0, -1, 0]), 'None'))",
     "xy([0, 0.25, 0.5], [0, 1, 0])"},
    {"MeasureDistortion", "wave", "number", distortion,
     "Distortion of a sine: rms of what is left after taking off its mean and "
     "fundamental, over the rms of the fundamental. The period is found from "
     "the rising crossings of the middle level and the phase of the "
     "fundamental; the last whole periods count.",
     "MeasureDistortion(xy([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], "
     "[0, 1, 1, 0, -1, -1, 0, 1, 1, 0, -1, -1, 0])) < 1e-9",
     "1"},
    {0},
};
