/* The diode extraction of examples/simetrix/diode.net with the diode in closed
   form: what the default method needs for a real problem whose variables have
   a lower bound only. The simulator's own figures differ in the fourth digit,
   because it stops its iterations at a relative tolerance of 1e-3. */
#include "drive.h"

#include <stdlib.h>

enum { SWEEP = 11, DATA_MAX = 64 };

typedef struct curve { /* in the logarithms of both axes */
    int    n;
    double x[DATA_MAX], y[DATA_MAX];
} curve;

static curve target;

/* The pairs of the deck's .data statement. */
static bool read_target(void)
{
    tp_str text, word;
    tp_err err;
    if (!CHECK_OK(tp_file_read(&text, "examples/simetrix/diode.net", 1 << 20,
                               check_mem(), &err),
                  &err))
        return false;
    ptrdiff_t at = 0;
    while (at < text.len &&
           !tp_str_starts(tp_str_from(text, at), TP_S(".data Diode_data")))
        at++;
    tp_str rest = tp_str_from(text, at);
    int    n = 0;
    tp_str_word(&rest, "\n");
    while ((word = tp_str_word(&rest, "+ \r\n")).len && n < 2 * DATA_MAX) {
        double v;
        if (!tp_number_all(word, &v)) break;
        *(n % 2 ? &target.y[n / 2] : &target.x[n / 2]) = log(v);
        n++;
    }
    target.n = n / 2;
    return CHECK_INT(n, 54);
}

/* Anode current at 100 C: junction with high-level injection behind RS. */
static double current(double volts, const double *rs_ikf_n)
{
    double temp = 373.15, nominal = 300.15, n = rs_ikf_n[2];
    double vt = 1.38064852e-23 / 1.6021766208e-19 * temp;
    double is = 1e-8 * exp((temp / nominal - 1) * 1.11 / (n * vt) +
                           3 / n * log(temp / nominal));
    double lo = 0, hi = volts, amps = 0;
    for (int i = 0; i < 100; i++) {
        double junction = (lo + hi) / 2;
        amps = is * (exp(junction / (n * vt)) - 1);
        amps /= 1 + sqrt(amps / rs_ikf_n[1]);
        if (junction + rs_ikf_n[0] * amps > volts)
            hi = junction;
        else
            lo = junction;
    }
    return amps;
}

static double at(const curve *c, double x)
{
    int i = 0;
    while (i < c->n - 2 && x > c->x[i + 1]) i++;
    double part = (x - c->x[i]) / (c->x[i + 1] - c->x[i]);
    return c->y[i] + part * (c->y[i + 1] - c->y[i]);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* |a - b| / (|a| + |b|), each the root of the integral of the square, by
   trapezoids over both curves' points in the span they share. */
static double distance(const curve *a, const curve *b)
{
    double x[2 * DATA_MAX], sum[3] = {0}, before[3] = {0};
    int    n = 0;
    for (int i = 0; i < b->n; i++) x[n++] = b->x[i];
    for (int i = 0; i < a->n; i++)
        if (a->x[i] > b->x[0] && a->x[i] < b->x[b->n - 1]) x[n++] = a->x[i];
    qsort(x, (size_t)n, sizeof *x, by_value);
    for (int i = 0; i < n; i++) {
        double ya = at(a, x[i]), yb = at(b, x[i]);
        double now[3] = {(ya - yb) * (ya - yb), ya * ya, yb * yb};
        for (int k = 0; k < 3; k++) {
            if (i > 0) sum[k] += (x[i] - x[i - 1]) * (now[k] + before[k]) / 2;
            before[k] = now[k];
        }
    }
    return sqrt(sum[0]) / (sqrt(sum[1]) + sqrt(sum[2]));
}

static bool fit(const double *x, int n, double *f, double *g)
{
    curve model = {.n = SWEEP};
    (void)n;
    (void)g;
    for (int i = 0; i < SWEEP; i++) {
        double volts = 0.4 + 0.1 * i;
        model.x[i] = log(volts);
        model.y[i] = log(current(volts, x));
    }
    *f = distance(&target, &model);
    return isfinite(*f);
}

static void test_diode__is_fitted_within_120_trials(void)
{
    static const double lo[] = {1e-6, 1e-3, 0.1}, start[] = {0.01, 0.1, 1};
    double              x[DRIVE_MAX];
    tp_err              err;
    if (!read_target()) return;
    drive *d = drive_box(check_mem(), 3, 0);
    for (int i = 0; i < 3; i++) {
        d->var[i].lo = lo[i];
        d->var[i].hi = INFINITY;
        d->var[i].start = start[i];
        d->var[i].log = tp_var_wants_log(&d->var[i]);
    }
    d->function = fit;
    d->opt.stop = (tp_opt_stop){.abstol = 1e-9, .reltol = 1e-3};
    if (!CHECK_OK(drive_open(d, tp_opt_default(0), &err), &err)) return;
    const char *word = drive_run(d, 120);
    CHECK_Z(word ? word : "goes on", "ftolreached");
    CHECK(!d->bad_x);
    CHECK_NEAR(d->told[0], 0.1841, 5e-5);
    CHECK(d->best_f <= 0.0169);
    tp_space_real(&d->space, d->asked[d->best], x);
    CHECK_NEAR(x[0], 0.0081, 1e-4);
    CHECK_NEAR(x[1], 0.042, 3e-3);
    CHECK_NEAR(x[2], 1.153, 5e-3);
    drive_close(d);
}

static const check_test tests[] = {
    CHECK_TEST(test_diode__is_fitted_within_120_trials),
    {0},
};

int main(void)
{
    return check_main(tests);
}
