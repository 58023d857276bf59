/* linearize, spec and fourier: a transient on an even grid, and what is in it
   at given frequencies. */
#include "nutmeg/inside.h"

enum { GRID_MAX = 10000000, HARMONICS = 10, FOURIER_GRID = 200 };

/* The value at x by a straight line; `from` is where to begin to look. */
static double at_x(const tp_wave *w, double x, int *from)
{
    int i = *from;
    while (i + 2 < w->n && w->x[i + 1] < x) i++;
    *from = i;
    if (w->n < 2) return w->re[0];
    double x0 = w->x[i], x1 = w->x[i + 1];
    if (x1 == x0) return w->re[i + 1];
    return w->re[i] + (w->re[i + 1] - w->re[i]) * ((x - x0) / (x1 - x0));
}

/* A real vector over a growing scale, which these commands need. */
static tp_status check_wave(const char *command, const tp_wave *w, tp_err *err)
{
    const char *why = NULL;
    if (!w->x) why = "it has no scale";
    if (w->im) why = "it is complex";
    if (w->n < 2) why = "it has fewer than 2 values";
    for (int i = 1; i < w->n && !why; i++)
        if (!(w->x[i] >= w->x[i - 1])) why = "its scale goes back";
    if (!why && !(w->x[w->n - 1] > w->x[0])) why = "its scale has no length";
    if (!why) return TP_OK;
    return tp_fail(err, TP_BAD_INPUT, "%s: '%.*s' can't be used: %s", command,
                   TP_F(w->name), why);
}

static tp_status linear(tp_nutmeg *m, const tp_wave *w, const double *x, int n,
                        tp_wave *out, tp_err *err)
{
    double *y = TP_NEW(&m->scratch, double, n);
    int     from = 0;
    TP_TRY(check_wave("linearize", w, err));
    for (int i = 0; i < n; i++) y[i] = at_x(w, x[i], &from);
    *out = *w;
    out->x = x;
    out->re = y;
    out->n = n;
    return TP_OK;
}

/* The step: given, of the analysis, or the average one. */
static tp_status grid(tp_nutmeg *m, const tp_nm_plot *p, double step,
                      const double **out, int *n, tp_err *err)
{
    const tp_nm_vector *s = &p->vector[p->scale];
    double              lo = s->re[0], hi = s->re[s->n - 1];
    if (!(step > 0)) step = p->step;
    if (!(step > 0)) step = (hi - lo) / (s->n > 1 ? s->n - 1 : 1);
    double points = floor((hi - lo) / step * (1 + 1e-12)) + 1;
    if (!(points >= 2 && points <= GRID_MAX))
        return tp_fail(err, TP_BAD_INPUT,
                       "linearize: a step of %g gives %g points between %g "
                       "and %g; wanted 2 to %d",
                       step, points, lo, hi, GRID_MAX);
    double *x = TP_NEW(&m->scratch, double, (ptrdiff_t)points);
    *n = (int)points;
    for (int i = 0; i < *n; i++) x[i] = lo + i * step;
    *out = x;
    return TP_OK;
}

static tp_status linearize(tp_nutmeg *m, void *owner, tp_str rest,
                           const tp_str *arg, int count, tp_err *err)
{
    (void)owner, (void)rest;
    tp_nm_plot   *p = tp_nm_current(m);
    const double *x = NULL;
    double        step = 0;
    int           first = count > 0 && tp_number_all(arg[0], &step), n = 0;
    if (p->scale < 0 || p->vector[p->scale].n < 2 ||
        !tp_str_eq(p->kind, TP_S("tran")))
        return tp_fail(err, TP_BAD_INPUT,
                       "linearize: the current plot, '%.*s', is no transient",
                       TP_F(p->name));
    if (first && !(step > 0))
        return tp_fail(err, TP_BAD_INPUT,
                       "linearize: the step %g is not "
                       "above 0",
                       step);
    TP_TRY(grid(m, p, step, &x, &n, err));
    int      named = count - first, have = 1;
    int      wanted = named > 0 ? named : p->n;
    tp_plot  view = tp_nm_view(m, p);
    tp_wave *wave = TP_NEW(&m->scratch, tp_wave, wanted + 1);
    wave[0] = view.wave[p->scale];
    wave[0].n = n;
    wave[0].re = wave[0].x = x;
    TP_TRY(tp_nm_room(m, (double)(wanted + 1) * n, err));
    for (int i = 0; i < wanted; i++) {
        tp_wave w;
        if (named == 0 && (i == p->scale || p->vector[i].n < 2)) continue;
        if (named == 0)
            w = view.wave[i];
        else
            TP_TRY(tp_nm_vector_of(m, arg[first + i], &w, err));
        TP_TRY(linear(m, &w, x, n, &wave[have++], err));
    }
    view.wave = wave;
    view.n_wave = have;
    double      by = n > 1 ? x[1] - x[0] : 0;
    tp_nm_plot *made = NULL;
    TP_TRY(tp_nm_plot_copy(m, &view, true, &made, err));
    made->step = by;
    return TP_OK;
}

/* ---- spec --------------------------------------------------------------- */

/* Windows over 0..1, with an average of 1 (Harris 1978). */
static double none(double t)
{
    (void)t;
    return 1;
}
static double hanning(double t)
{
    return 1 - cos(2 * acos(-1) * t);
}
static double hamming(double t)
{
    return 1 - 0.46 / 0.54 * cos(2 * acos(-1) * t);
}
static double triangle(double t)
{
    return 2 - 4 * fabs(t - 0.5);
}
static double blackman(double t)
{
    double a = 2 * acos(-1) * t;
    return 1 - 0.50 / 0.42 * cos(a) + 0.08 / 0.42 * cos(2 * a);
}

static const struct {
    const char *name;
    double (*at)(double t);
} windows[] = {
    {"hanning", hanning},  {"cosine", hanning},    {"hamming", hamming},
    {"none", none},        {"rectangular", none},  {"triangle", triangle},
    {"bartlet", triangle}, {"blackman", blackman},
};

static tp_status window(tp_nutmeg *m, double (**out)(double), tp_err *err)
{
    tp_str name = tp_nutmeg_get(m, TP_S("specwindow"));
    *out = hanning;
    if (name.len == 0) return TP_OK;
    for (int i = 0; i < TP_COUNT(windows); i++)
        if (tp_str_same(name, tp_str_of(windows[i].name))) {
            *out = windows[i].at;
            return TP_OK;
        }
    return tp_fail(err, TP_BAD_INPUT,
                   "spec: unknown specwindow '%.*s' (hanning, hamming, "
                   "blackman, triangle, none)",
                   TP_F(name));
}

/* Amplitudes and phases at frequencies f, by the sum itself. */
static tp_status transform(tp_nutmeg *m, const tp_wave *w, const double *f,
                           int n, tp_wave *out, tp_err *err)
{
    double (*at)(double) = NULL;
    double  span = w->x[w->n - 1] - w->x[0];
    double *y = TP_NEW(&m->scratch, double, w->n);
    double *re = TP_NEW(&m->scratch, double, n);
    double *im = TP_NEW(&m->scratch, double, n);
    int     points = w->n - 1, from = 0;
    TP_TRY(window(m, &at, err));
    for (int i = 0; i < points; i++)
        y[i] = at((double)i / points) *
               at_x(w, w->x[0] + span * i / points, &from);
    for (int k = 0; k < n && !m->stop; k++) {
        double turn = 2 * acos(-1) * f[k] * span / points;
        double scale = (f[k] == 0 ? 1. : 2.) / points;
        for (int i = 0; i < points; i++) {
            re[k] += scale * y[i] * cos(turn * i);
            im[k] -= scale * y[i] * sin(turn * i);
        }
    }
    *out = (tp_wave){
        .name = w->name, .unit = w->unit, .n = n, .x = f, .re = re, .im = im};
    return TP_OK;
}

static tp_status spec(tp_nutmeg *m, void *owner, tp_str rest, const tp_str *arg,
                      int count, tp_err *err)
{
    (void)owner, (void)rest;
    double v[3];
    for (int i = 0; i < 3; i++) TP_TRY(tp_nm_number_of(m, arg[i], &v[i], err));
    double points = floor((v[1] - v[0]) / v[2] * (1 + 1e-12)) + 1;
    if (!(v[0] >= 0 && v[2] > 0 && points >= 1 && points <= 1e6))
        return tp_fail(err, TP_BAD_INPUT,
                       "spec: wanted START STOP STEP with 0 <= START <= STOP "
                       "and at most 1e6 steps, got %g %g %g",
                       v[0], v[1], v[2]);
    int      n = (int)points, have = 1;
    double  *f = TP_NEW(&m->scratch, double, n);
    tp_wave *wave = TP_NEW(&m->scratch, tp_wave, count);
    for (int i = 0; i < n; i++) f[i] = v[0] + i * v[2];
    wave[0] = (tp_wave){
        .name = TP_S("frequency"), .unit = TP_S("Hz"), .n = n, .x = f, .re = f};
    for (int i = 3; i < count; i++) {
        tp_wave w;
        TP_TRY(tp_nm_vector_of(m, arg[i], &w, err));
        TP_TRY(check_wave("spec", &w, err));
        if ((double)w.n * n > 1e10)
            return tp_fail(err, TP_LIMIT, "spec: over 1e10 products");
        TP_TRY(transform(m, &w, f, n, &wave[have++], err));
    }
    tp_plot p = {.kind = TP_S("sp"),
                 .x_name = wave[0].name,
                 .n_wave = have,
                 .wave = wave,
                 .op = -1};
    return tp_nm_plot_copy(m, &p, true, NULL, err);
}

/* ---- fourier ------------------------------------------------------------ */

typedef struct harmonic {
    double magnitude, phase;
} harmonic;

/* The last period, on an even grid (SPICE3's CKTfour). */
static void harmonics(const tp_wave *w, double f, harmonic *out, int n)
{
    double end = w->x[w->n - 1], step = 1 / f / FOURIER_GRID;
    double y[FOURIER_GRID];
    int    from = 0;
    for (int i = 0; i < FOURIER_GRID; i++)
        y[i] = at_x(w, end - 1 / f + i * step, &from);
    for (int k = 0; k < n; k++) {
        double s = 0, c = 0;
        for (int i = 0; i < FOURIER_GRID; i++) {
            double a = 2 * acos(-1) * k * i / FOURIER_GRID;
            s += y[i] * sin(a);
            c += y[i] * cos(a);
        }
        double scale = (k == 0 ? 1. : 2.) / FOURIER_GRID;
        out[k].magnitude = k == 0 ? c * scale : hypot(s, c) * scale;
        out[k].phase = k == 0 ? 0 : atan2(c, s) * 180 / acos(-1);
    }
}

static void print_harmonics(tp_nutmeg *m, tp_str name, double f,
                            const harmonic *h, int n)
{
    double square = 0;
    for (int k = 2; k < n; k++) square += h[k].magnitude * h[k].magnitude;
    double norm = h[1].magnitude, thd = 100 * sqrt(square) / norm;
    tp_nutmeg_print(m,
                    "Fourier analysis for %.*s:\n  No. Harmonics: %d, THD: "
                    "%g %%, Gridsize: %d, Interpolation Degree: 1\n\n",
                    TP_F(name), n, thd, FOURIER_GRID);
    tp_nutmeg_print(m, "%-9s%-12s%-12s%-12s%-12s%-12s\n", "Harmonic",
                    "Frequency", "Magnitude", "Phase", "Norm. Mag",
                    "Norm. Phase");
    tp_nutmeg_print(m, "%-9s%-12s%-12s%-12s%-12s%-12s\n", "--------",
                    "---------", "---------", "-----", "---------",
                    "-----------");
    for (int k = 0; k < n; k++)
        tp_nutmeg_print(m, " %-8d%-12g%-12g%-12g%-12g%-12g\n", k, k * f,
                        h[k].magnitude, h[k].phase,
                        k == 0 ? 0 : h[k].magnitude / norm,
                        k == 0 ? 0 : h[k].phase - h[1].phase);
    tp_nm_print(m, TP_S("\n"));
}

static tp_status fourier(tp_nutmeg *m, void *owner, tp_str rest,
                         const tp_str *arg, int count, tp_err *err)
{
    (void)owner, (void)arg, (void)count;
    tp_str        first = tp_nm_word(&rest);
    const tp_str *text = NULL;
    double        f = 0;
    int           n = tp_nm_expressions(rest, &text, &m->scratch);
    int           most = tp_nm_variable_int(m, "nfreqs", 2, 100, HARMONICS);
    TP_TRY(tp_nm_number_of(m, first, &f, err));
    for (int i = 0; i < n; i++) {
        tp_wave  w;
        harmonic h[100] = {0};
        TP_TRY(tp_nm_vector_of(m, text[i], &w, err));
        TP_TRY(check_wave("fourier", &w, err));
        if (!(f > 0) || 1 / f > (w.x[w.n - 1] - w.x[0]) * (1 + 1e-9))
            return tp_fail(err, TP_BAD_INPUT,
                           "fourier: one period of %g Hz is longer than the "
                           "transient",
                           f);
        harmonics(&w, f, h, most);
        if (h[1].magnitude == 0)
            return tp_fail(err, TP_BAD_INPUT,
                           "fourier: '%.*s' has nothing at %g Hz",
                           TP_F(text[i]), f);
        print_harmonics(m, text[i], f, h, most);
    }
    return TP_OK;
}

const tp_nutmeg_command tp_nm_transform_commands[] = {
    {"linearize", "[STEP] [VECTOR...]", 0, -1, false,
     "Makes a plot with the transient's vectors on an even grid.", linearize},
    {"spec", "START STOP STEP VECTOR...", 4, -1, false,
     "Makes a plot of the spectrum (window: variable specwindow).", spec},
    {"fourier", "FREQUENCY EXPRESSION...", 2, -1, true,
     "Prints the harmonics of the last period.", fourier},
    {0},
};
