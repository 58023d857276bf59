/* Fourier amplitudes and distortion of known sums. */
#include "measure.h"

/* p: DC, then amplitude and phase (of a sine) of harmonics 1, 2, 3; last the
   fundamental's frequency */
static double complex harmonics(double t, const double *p)
{
    double y = p[0];
    for (int k = 1; k <= 3; k++)
        y += p[2 * k - 1] * sin(2 * PI * k * p[7] * t + p[2 * k]);
    return y;
}

static double complex element(const scene *s, const char *text, int i)
{
    tp_value v = evaluate(s, tp_str_of(text), check_mem());
    if (!CHECK(v.kind == TP_WAVE && v.wave.im && i < v.wave.n)) {
        printf("  %s: %s\n", text, v.why ? v.why : "?");
        return NAN;
    }
    return v.wave.re[i] + I * v.wave.im[i];
}

static void amplitude(const scene *s, const char *text, int i,
                      double complex wanted, double tol)
{
    double complex got = element(s, text, i);
    CHECK_NEAR(creal(got), creal(wanted), tol);
    CHECK_NEAR(cimag(got), cimag(wanted), tol);
}

static void test_fourier__known_sum_on_uneven_steps(void)
{
    double p[] = {0.5, 1, PI / 2, 0.2, 0, 0.05, 0.3, 1e3};
    scene  s =
        scene_of(sampled(harmonics, p, uneven_grid(0, 5.3e-3, 3000), false));
    const char *text = "Fourier(v, 1k, 5)";
    amplitude(&s, text, 0, 0.5, 1e-5);
    amplitude(&s, text, 1, 1, 1e-5);
    amplitude(&s, text, 2, -0.2 * I, 1e-5);
    amplitude(&s, text, 3, -0.05 * I * cexp(0.3 * I), 1e-5);
    amplitude(&s, text, 4, 0, 1e-5);
    amplitude(&s, "Fourier(v, 1k, 2, 2)", 0, -0.2 * I, 1e-5);
    amplitude(&s, "Fourier(v, 1k, 2, [2, 1])", 0, -0.2 * I, 1e-4);
    MEASURES(&s, "length(Fourier(v, 1k, 7))", 7, 0);
    REFUSES(&s, "Fourier(v, 1k, 5, 'first')", "wanted numbers, got 'first'");
    REFUSES(&s, "Fourier(v, 1k, 100000)", "over the limit of 200000000");
    tp_value v = evaluate(&s, TP_S("Fourier(v, 1k, 3, 2)"), check_mem());
    CHECK(v.kind == TP_WAVE && v.wave.x[0] == 2e3 && v.wave.x[2] == 4e3);
    CHECK_STR(v.wave.x_unit, "Hz");
    CHECK_STR(v.wave.unit, "V");
}

static void test_fourier__order_one_is_exact_for_straight_lines(void)
{
    scene s = {0};
    /* a triangle of period 4: 8/(pi k)^2 at odd k */
    scene_bind(&s, "v",
               evaluate(&s, TP_S("xy([0, 1, 3, 4], [1, 0, 0 - 1 + 1, 1])"),
                        check_mem()));
    scene_bind(&s, "tri",
               evaluate(&s, TP_S("xy([0, 2, 4], [1, -1, 1])"), check_mem()));
    for (int k = 1; k < 50; k += 2)
        amplitude(&s, "Fourier(tri, 0.25, 51, [0, 1])", k,
                  8 / (PI * PI * k * k), 1e-12);
    amplitude(&s, "Fourier(tri, 0.25, 51, [0, 1])", 2, 0, 1e-12);
    /* a sawtooth t on 0..1 in many small steps: j/(pi k) */
    double *x = TP_NEW(check_mem(), double, 1001);
    for (int i = 0; i < 1001; i++) x[i] = i / 1000.0;
    tp_wave w = {.n = 1001, .x = x, .re = x};
    scene_bind(&s, "saw", tp_value_wave(&w));
    for (int k = 1; k < 200; k += 7) {
        amplitude(&s, "Fourier(saw, 1, 200)", k, I / (PI * k), 1e-11);
        amplitude(&s, "Fourier(saw, 1, 200, [0, 1])", k, I / (PI * k), 1e-11);
    }
}

static void test_fourier__order_two_is_exact_for_parabolas(void)
{
    /* t (1 - t) on 0..1: 1/6 and -1/(pi k)^2; one cell pair to many */
    for (int n = 3; n < 300; n = 3 * n + 1) {
        double *x = TP_NEW(check_mem(), double, n);
        double *y = TP_NEW(check_mem(), double, n);
        for (int i = 0; i < n; i++) {
            x[i] = (double)i / (n - 1);
            y[i] = x[i] * (1 - x[i]);
        }
        tp_wave w = {.n = n, .x = x, .re = y};
        scene   s = scene_of(tp_value_wave(&w));
        amplitude(&s, "Fourier(v, 1, 30)", 0, 1.0 / 6, 1e-13);
        for (int k = 1; k < 30; k++)
            amplitude(&s, "Fourier(v, 1, 30)", k, -1 / (PI * PI * k * k),
                      1e-12);
    }
}

static void test_fourier__order_two_on_uneven_steps(void)
{
    /* a million, so that the seventh digit of a small term shows */
    for (int n = 30; n < 100; n += 7) {
        grid    g = uneven_grid(0, 1, n);
        double *y = TP_NEW(check_mem(), double, n);
        for (int i = 0; i < n; i++) y[i] = 1e6 * g.x[i] * (1 - g.x[i]);
        tp_wave w = {.n = n, .x = g.x, .re = y};
        scene   s = scene_of(tp_value_wave(&w));
        scene_bind(&s, "x",
                   tp_value_wave(&(tp_wave){.n = n, .x = g.x, .re = g.x}));
        for (int k = 1; k < 60; k++) {
            amplitude(&s, "Fourier(v, 1, 60)", k, -1e6 / (PI * PI * k * k),
                      3e-8);
            amplitude(&s, "Fourier(1e6*x, 1, 60)", k, 1e6 * I / (PI * k), 3e-8);
        }
    }
}

static void test_fourier__a_thousandth_of_a_period_may_be_missing(void)
{
    double p[] = {0.5, 1, PI / 2, 0, 0, 0, 0, 1e3};
    scene  s =
        scene_of(sampled(harmonics, p, linear_grid(0, 0.9995e-3, 500), false));
    amplitude(&s, "Fourier(v, 1k, 2)", 1, 1, 2e-3);
    REFUSES(&s, "Fourier(v, 999, 2)", "at least one whole period of 1.001 ms");
}

static void test_fourier__says_why_there_is_none(void)
{
    scene s = {0};
    scene_bind(&s, "v", evaluate(&s, TP_S("xy([0, 1], [1, 1])"), check_mem()));
    REFUSES(&s, "Fourier(v, 0.5, 2)",
            "needs at least one whole period of 2, there are 1");
    REFUSES(&s, "Fourier(v, 0, 2)", "frequency: wanted above 0, got 0");
    REFUSES(&s, "Fourier(v, 1, 0)", "terms: wanted 1 to 100000, got 0");
    REFUSES(&s, "Fourier(v, 1, 1.5)", "got 1.5");
    REFUSES(&s, "Fourier(v, 1, 2, [0, 3])", "order: wanted 1 or 2, got 3");
    REFUSES(&s, "Fourier(v, 1, 2, -1)", "first term: wanted 0 to");
    REFUSES(&s, "Fourier([1, 2, 3], 1, 2)", "no x values");
    REFUSES(&s, "Fourier(xy([3], [1]), 1, 2)", "there are 0");
}

static tp_value cosine_samples(int n, double cycles, double amplitude_of)
{
    double *x = TP_NEW(check_mem(), double, n);
    double *y = TP_NEW(check_mem(), double, n);
    for (int i = 0; i < n; i++) {
        x[i] = i * 1e-3;
        y[i] = 2 + amplitude_of * cos(2 * PI * cycles * i / n);
    }
    tp_wave w = {.x_unit = TP_S("s"), .n = n, .x = x, .re = y};
    return tp_value_wave(&w);
}

static void test_fft__amplitudes_and_frequencies(void)
{
    scene s = scene_of(cosine_samples(64, 5, 3));
    amplitude(&s, "fft(v, 'None')", 0, 2, 1e-12);
    amplitude(&s, "fft(v, 'None')", 5, 3, 1e-12);
    amplitude(&s, "fft(v, 'None')", 6, 0, 1e-12);
    amplitude(&s, "fft(v)", 5, 3, 1e-12);
    amplitude(&s, "fft(v, 'hanning')", 6, -1.5, 1e-12);
    tp_value v = evaluate(&s, TP_S("fft(v)"), check_mem());
    CHECK_INT(v.wave.n, 33);
    CHECK_NEAR(v.wave.x[5], 5 / 0.064, 1e-9);
    s = scene_of(cosine_samples(48, 3, 0)); /* filled up to 64 */
    amplitude(&s, "fft(v, 'None')", 0, 2, 1e-12);
    MEASURES(&s, "length(fft(v))", 33, 0);
}

static void test_fft__against_the_sum_itself(void)
{
    tp_rng r = tp_rng_at(3, 0);
    int    n = 128;
    double x[128], y[128];
    for (int i = 0; i < n; i++) {
        x[i] = i;
        y[i] = tp_rng_normal(&r);
    }
    tp_wave w = {.n = n, .x = x, .re = y};
    scene   s = scene_of(tp_value_wave(&w));
    for (int k = 1; k < n / 2; k += 5) {
        double complex sum = 0;
        for (int i = 0; i < n; i++) sum += y[i] * cexp(-2 * PI * I * k * i / n);
        amplitude(&s, "fft(v, 'None')", k, sum * 2 / n, 1e-12);
    }
}

static void test_fft__says_why_there_is_none(void)
{
    scene s = {0};
    REFUSES(&s, "fft(xy([0, 1, 3], [1, 2, 3]))",
            "not evenly spaced: use Interp");
    REFUSES(&s, "fft(xy([0, 1], [1, 2]), 'Blackman')",
            "wanted 'Hanning' or 'None', got 'Blackman'");
    REFUSES(&s, "fft([1, 2, 3])", "no x values");
    REFUSES(&s, "fft(xy([1], [3]))", "points");
    REFUSES(&s, "fft(xy([1, 1], [3, 4]))", "not evenly spaced");
}

static scene distorted(double h2, double h3, double from, double to, int n)
{
    double p[] = {0.3, 1, 0.2, h2, 1.1, h3, -0.4, 500e3};
    return scene_of(sampled(harmonics, p, uneven_grid(from, to, n), false));
}

static void test_distortion__of_known_harmonics(void)
{
    double wanted = hypot(0.01, 0.02);
    scene  s = distorted(0.01, 0.02, 0, 10e-6, 1001);
    MEASURES(&s, "MeasureDistortion(v)", wanted, 2e-3 * wanted);
    CHECK_STR(unit_of(&s, "MeasureDistortion(v)"), "ratio");
    MEASURES(&s, "MeasureDistortion(1n * v - 3n)", wanted, 2e-3 * wanted);
    s = distorted(0.01, 0.02, 1.3e-6, 8.9e-6, 500); /* part cycles */
    MEASURES(&s, "MeasureDistortion(v)", wanted, 5e-3 * wanted);
    s = distorted(0.3, 0.2, 0, 10e-6, 2000);
    MEASURES(&s, "MeasureDistortion(v)", hypot(0.3, 0.2), 1e-3);
}

static void test_distortion__dense_steps_do_not_weigh_more(void)
{
    /* ten times as many samples in one half of each cycle */
    int     n = 0;
    double *x = TP_NEW(check_mem(), double, 4000),
           p[] = {0, 1, 0, 0.2, 1, 0, 0, 1};
    for (double t = 0; t <= 4; t += fmod(t, 1) < 0.5 ? 0.002 : 0.02) x[n++] = t;
    scene s = scene_of(sampled(harmonics, p, (grid){n, x}, false));
    MEASURES(&s, "MeasureDistortion(v)", 0.2, 1e-3);
}

static void test_distortion__of_a_pure_sine_is_small(void)
{
    scene s = distorted(0, 0, 0, 10e-6, 1001);
    MEASURES(&s, "MeasureDistortion(v)", 0, 1e-5);
    s = distorted(0, 0, 0.3e-6, 10e-6, 100); /* 20 points a cycle */
    MEASURES(&s, "MeasureDistortion(v)", 0, 3e-4);
}

static void test_distortion__of_a_square_wave(void)
{
    double x[] = {0, 0, 1, 1, 2, 2, 3, 3, 4, 4};
    double fine[10 * 100], y[10 * 100];
    int    n = 0;
    for (int k = 0; k < 9; k += 2)
        for (int i = 0; i < 100; i++, n++) {
            fine[n] = x[k] + i / 99.0;
            y[n] = k / 2 % 2 ? -1 : 1;
        }
    tp_wave w = {.n = n, .x = fine, .re = y};
    scene   s = scene_of(tp_value_wave(&w));
    MEASURES(&s, "MeasureDistortion(v)", sqrt(PI * PI / 8 - 1), 1e-3);
}

static void test_distortion__ripple_at_the_middle_is_no_period(void)
{
    /* three crossings a cycle where the sine passes its middle */
    int     n = 4001;
    double *x = TP_NEW(check_mem(), double, n);
    double *y = TP_NEW(check_mem(), double, n);
    for (int i = 0; i < n; i++) {
        x[i] = i * 5.0 / (n - 1);
        y[i] = sin(2 * PI * x[i]) + 0.04 * sin(2 * PI * 51 * x[i] + PI);
    }
    tp_wave w = {.n = n, .x = x, .re = y};
    scene   s = scene_of(tp_value_wave(&w));
    MEASURES(&s, "MeasureDistortion(v)", 0.04, 4e-4);
}

static void test_distortion__says_why_there_is_none(void)
{
    scene s = {0};
    REFUSES(&s, "MeasureDistortion(xy([0,1,2],[3,3,3]))",
            "never changes: it stays at 3");
    REFUSES(&s, "MeasureDistortion(xy([0,1,2],[0,1,0]))",
            "needs at least one whole period: it rises through its middle of "
            "0.5 only once");
    REFUSES(&s, "MeasureDistortion(xy([0,1],[1,0]))", "never");
    REFUSES(&s, "MeasureDistortion(xy([0,1,2,3,4],[0,1,0,1,0]))", "points in");
    REFUSES(&s, "MeasureDistortion([0,1,0,1])", "no x values");
    REFUSES(&s, "MeasureDistortion(xy([0],[1]))", "never changes");
}

static const check_test tests[] = {
    CHECK_TEST(test_fourier__known_sum_on_uneven_steps),
    CHECK_TEST(test_fourier__order_one_is_exact_for_straight_lines),
    CHECK_TEST(test_fourier__order_two_is_exact_for_parabolas),
    CHECK_TEST(test_fourier__order_two_on_uneven_steps),
    CHECK_TEST(test_fourier__a_thousandth_of_a_period_may_be_missing),
    CHECK_TEST(test_fourier__says_why_there_is_none),
    CHECK_TEST(test_fft__amplitudes_and_frequencies),
    CHECK_TEST(test_fft__against_the_sum_itself),
    CHECK_TEST(test_fft__says_why_there_is_none),
    CHECK_TEST(test_distortion__of_known_harmonics),
    CHECK_TEST(test_distortion__dense_steps_do_not_weigh_more),
    CHECK_TEST(test_distortion__of_a_pure_sine_is_small),
    CHECK_TEST(test_distortion__of_a_square_wave),
    CHECK_TEST(test_distortion__ripple_at_the_middle_is_no_period),
    CHECK_TEST(test_distortion__says_why_there_is_none),
    {0},
};

int main(void)
{
    return check_main(tests);
}
