/* Bandwidths and margins against the closed forms of filters and loops. */
#include "measure.h"

static const double three = 3.0102999566398120; /* 20 log10 sqrt 2 */

static double complex low_pass(double f, const double *p)
{
    return p[1] / (1 + I * f / p[0]);
}

static double complex high_pass(double f, const double *p)
{
    return p[1] * (I * f / p[0]) / (1 + I * f / p[0]);
}

static double complex band_pass(double f, const double *p)
{
    double complex s = I * f / p[0];
    return p[2] * s / p[1] / (1 + s * s + s / p[1]);
}

static void test_band__rc_low_pass_has_its_corner(void)
{
    double corner = 1 / (2 * PI * 1e3 * 1e-9), p[] = {corner, 8.7};
    scene  s = scene_of(sampled(low_pass, p, log_grid(1, 1e8, 4001), true));
    scene_bind(&s, "three", tp_value_number(three, TP_S("")));
    MEASURES(&s, "LPBW(v, three)", corner, 1e-5 * corner);
    MEASURES(&s, "lpbw(v, 3)", corner * sqrt(pow(10, 0.3) - 1), 1e-5 * corner);
    MEASURES(&s, "LPBW(mag(v), three)", corner, 1e-5 * corner);
    CHECK_STR(unit_of(&s, "LPBW(v, 3)"), "Hz");
}

static void test_band__decibels_are_read_over_log_frequency(void)
{
    double p[] = {1e6, 1};
    scene  s = scene_of(sampled(low_pass, p, log_grid(1e3, 1e9, 7), true));
    double y0 = -10 * log10(2), y1 = -10 * log10(101);
    double t = (-10 - y0) / (y1 - y0);
    MEASURES(&s, "LPBW(v, 10 - 0.00000434294265)", 1e6 * pow(10, t), 1);
    /* the same on a linear grid is straight over x */
    s = scene_of(sampled(low_pass, p, linear_grid(0, 4e6, 5), true));
    y1 = -10 * log10(5);
    t = (-5 - y0) / (y1 - y0);
    MEASURES(&s, "LPBW(v, 5)", 1e6 + 1e6 * t, 1e-3);
}

static void test_band__rc_high_pass_has_its_corner(void)
{
    double p[] = {2e4, 0.5};
    scene  s = scene_of(sampled(high_pass, p, log_grid(10, 1e9, 4001), true));
    scene_bind(&s, "three", tp_value_number(three, TP_S("")));
    MEASURES(&s, "HPBW(v, three)", 2e4, 1);
}

static void test_band__a_zero_is_read_over_magnitude(void)
{
    scene s = {0};
    MEASURES(&s, "HPBW(xy([0, 10, 20, 30], [0, 1, 1, 1]), 20)", 1, 1e-12);
    MEASURES(&s, "LPBW(xy([0, 10, 20, 30], [1, 1, 1, 0]), 20)", 29, 1e-12);
    REFUSES(&s, "LPBW(xy([0, 1], [0, 0]), 3)", "zero everywhere");
    CHECK_STR(shown(&s, "GainMargin(xy([1], [(-1, 0)]))"), "0 dB");
}

static void test_band__rlc_band_pass_has_width_and_centre(void)
{
    double f0 = 1e6, q = 5, p[] = {f0, q, 3};
    scene  s = scene_of(sampled(band_pass, p, log_grid(1e4, 1e8, 8001), true));
    double centre = f0 * sqrt(1 + 1 / (4 * q * q));
    scene_bind(&s, "three", tp_value_number(three, TP_S("")));
    MEASURES(&s, "BPBW(v, three)", f0 / q, 1e-4 * f0 / q);
    MEASURES(&s, "Bandwidth(v, three)", f0 / q, 1e-4 * f0 / q);
    MEASURES(&s, "CentreFreq(v, three)", centre, 1e-5 * f0);
    MEASURES(&s, "CenterFreq(v, three)", centre, 1e-5 * f0);
    MEASURES(&s, "LPBW(v, three)", centre + f0 / q / 2, 1e-5 * f0);
    MEASURES(&s, "HPBW(v, three)", centre - f0 / q / 2, 1e-5 * f0);
}

static void test_band__ripple_outside_the_band_does_not_count(void)
{
    scene  s = {0};
    double t = log(5) / log(9);
    MEASURES(&s, "BPBW(xy([0,1,2,3,4,5,6,7,8],[1,9,1,9,10,9,1,9,1]), db(2))",
             (6 - t) - (2 + t), 1e-9);
    scene_bind(&s, "f", evaluate(&s, TP_S("[0,1,2,3,4,5,6,7,8]"), check_mem()));
    MEASURES(&s, "LPBW(xy(f, [1,9,1,10,10,9,1,9,1]), 20)", 6, 1e-12);
    MEASURES(&s, "HPBW(xy(f, [1,9,1,10,10,9,1,9,1]), 20)", 2, 1e-12);
}

static void test_band__says_why_there_is_none(void)
{
    double p[] = {1e6, 10};
    scene  s = scene_of(sampled(low_pass, p, log_grid(1e3, 1e5, 51), true));
    REFUSES(&s, "LPBW(v, 3)", "LPBW: never falls 3 dB below its peak of 20 dB");
    REFUSES(&s, "LPBW(v, 3)", "up to 100 kHz");
    REFUSES(&s, "HPBW(v, 3)", "its peak of 20 dB is at the first point, 1 kHz");
    REFUSES(&s, "BPBW(v, 3)", "is at the first point");
    REFUSES(&s, "HPBW(1/v, 3)", "down to 1 kHz");
    REFUSES(&s, "LPBW(1/v, 3)", "is at the last point, 100 kHz");
    REFUSES(&s, "LPBW(v, -3)", "wanted above 0, got -3");
    REFUSES(&s, "LPBW(v, 0)", "wanted above 0, got 0");
    REFUSES(&s, "LPBW(db(v), 3)", "in dB already");
    REFUSES(&s, "LPBW([1, 2, 3], 3)", "no x values");
    REFUSES(&s, "LPBW(5, 3)", "wanted a wave, got a number");
    REFUSES(&s, "LPBW(xy([1], [3]), 3)", "is at the last point, 1");
    REFUSES(&s, "LPBW(xy([1, 3, 2], [3, 2, 1]), 3)", "turn back at point 3");
}

/* p: gain, pole (rad/s), number of poles, integrators, delay, zero */
static double complex loop(double f, const double *p)
{
    double complex s = 2 * PI * I * f;
    double complex pole = cpow(1 + s / p[1], p[2]);
    double complex zero = p[5] > 0 ? 1 + s / p[5] : 1;
    return p[0] * cexp(-s * p[4]) * zero / (pole * cpow(s, p[3]));
}

static scene loop_scene(double gain, double pole, const double more[4])
{
    double p[] = {gain, pole, more[0], more[1], more[2], more[3]};
    return scene_of(sampled(loop, p, log_grid(1e-3, 1e3, 6001), true));
}

static void test_margin__integrator_has_ninety_degrees(void)
{
    scene s = loop_scene(10, 1, (double[]){0, 1, 0, 0});
    MEASURES(&s, "PhaseMargin(v)", 90, 1e-9);
    CHECK_STR(unit_of(&s, "PhaseMargin(v)"), "deg");
    REFUSES(&s, "GainMargin(v)", "the phase is never -180 deg");
}

static void test_margin__second_pole_at_crossover_leaves_45(void)
{
    scene s = loop_scene(sqrt(2), 1, (double[]){1, 1, 0, 0});
    MEASURES(&s, "PhaseMargin(v)", 45, 1e-4);
    MEASURES(&s, "PhaseMargin(v, -90)", -45, 1e-4);
}

static void test_margin__three_poles(void)
{
    scene s = loop_scene(4, 1, (double[]){3, 0, 0, 0});
    MEASURES(&s, "GainMargin(v)", 20 * log10(2), 1e-4);
    CHECK_STR(unit_of(&s, "GainMargin(v)"), "dB");
    double w = sqrt(pow(4, 2.0 / 3) - 1);
    MEASURES(&s, "PhaseMargin(v)", 180 - 3 * atan(w) * 180 / PI, 1e-3);
    s = loop_scene(20, 1, (double[]){3, 0, 0, 0}); /* unstable */
    w = sqrt(pow(20, 2.0 / 3) - 1);
    MEASURES(&s, "GainMargin(v)", 20 * log10(8.0 / 20), 1e-4);
    MEASURES(&s, "PhaseMargin(v)", 180 - 3 * atan(w) * 180 / PI, 1e-3);
}

static void test_margin__phase_is_followed_beyond_a_whole_turn(void)
{
    scene s = loop_scene(1, 1, (double[]){0, 1, 5, 0});
    s.bound[0].value.wave.n = 3600; /* up to 4 Hz: steps stay below 180 deg */
    MEASURES(&s, "PhaseMargin(v)", 90 - 5 * 180 / PI, 0.01);
    MEASURES(&s, "GainMargin(v)", -20 * log10(5 / (PI / 2)), 1e-3);
}

static void test_margin__two_integrators_with_lag_and_lead(void)
{
    /* unity gain where w^2 sqrt(1 + w^2/100) = 10: w near 3.09 */
    double w = 3;
    for (int i = 0; i < 60; i++) w = sqrt(10 / sqrt(1 + w * w / 100));
    scene s = loop_scene(10, 10, (double[]){1, 2, 0, 0});
    MEASURES(&s, "PhaseMargin(v)", -atan(w / 10) * 180 / PI, 1e-3);
    s = loop_scene(sqrt(0.5), 1, (double[]){0, 2, 0, 1});
    MEASURES(&s, "PhaseMargin(v)", 45, 1e-3);
}

static void test_margin__ac_coupled_loop_starts_with_lead(void)
{
    /* 10 (s/w1)/(1 + s/w1)/(1 + s/w2)^2 with w1 << w2 */
    grid    g = log_grid(1e-6, 1e3, 9001);
    double *re = TP_NEW(check_mem(), double, g.n);
    double *im = TP_NEW(check_mem(), double, g.n);
    for (int i = 0; i < g.n; i++) {
        double complex s = I * g.x[i], a = s / 1e-4;
        double complex y = 10 * a / (1 + a) / ((1 + s) * (1 + s));
        re[i] = creal(y);
        im[i] = cimag(y);
    }
    tp_wave w = {.n = g.n, .x = g.x, .re = re, .im = im};
    scene   s = scene_of(tp_value_wave(&w));
    MEASURES(&s, "PhaseMargin(v)", 180 - 2 * atan(3) * 180 / PI, 0.01);
    s.bound[0].value.wave.n = 5000; /* only the rise through unity */
    MEASURES(&s, "PhaseMargin(v)", 90 + atan(1 / sqrt(99)) * 180 / PI, 0.01);
}

/* dB and degrees straight between corners at whole x. */
static tp_value bode(const double *db, const double *deg, int n)
{
    int     per = 100, m = (n - 1) * per + 1;
    double *x = TP_NEW(check_mem(), double, m);
    double *re = TP_NEW(check_mem(), double, m);
    double *im = TP_NEW(check_mem(), double, m);
    for (int i = 0; i < m; i++) {
        int    k = i / per < n - 1 ? i / per : n - 2;
        double t = (double)(i - k * per) / per;
        double a = pow(10, (db[k] * (1 - t) + db[k + 1] * t) / 20);
        double p = (deg[k] * (1 - t) + deg[k + 1] * t) * PI / 180;
        x[i] = k + t;
        re[i] = a * cos(p);
        im[i] = a * sin(p);
    }
    tp_wave w = {.n = m, .x = x, .re = re, .im = im};
    return tp_value_wave(&w);
}

static void test_margin__smallest_of_several_crossings(void)
{
    /* unity at x = 0.5 (-120), 1.5 (-150), 2.5 (-135) */
    double db[] = {10, -10, 10, -10}, deg[] = {-90, -150, -150, -120};
    scene  s = scene_of(bode(db, deg, 4));
    MEASURES(&s, "PhaseMargin(v)", 30, 1e-6);
    /* phase -180 at x = 0.5 (-8 dB), 1.5 (-12 dB), 2.5 (-5 dB) */
    double db2[] = {-6, -10, -14, 4}, deg2[] = {-170, -190, -170, -190};
    s = scene_of(bode(db2, deg2, 4));
    MEASURES(&s, "GainMargin(v)", 5, 1e-6);
    double db3[] = {-2, -10, -14, -10};
    s = scene_of(bode(db3, deg2, 4));
    MEASURES(&s, "GainMargin(v)", 6, 1e-6);
    /* lead up to a whole turn above: 180 at x = 0.5, -8 dB */
    double deg3[] = {170, 190}, deg4[] = {90, 190};
    s = scene_of(bode(db2, deg3, 2));
    MEASURES(&s, "GainMargin(v, 180)", 8, 1e-6);
    s = scene_of(bode(db2, deg4, 2));
    MEASURES(&s, "GainMargin(v)", 9.6, 1e-6);
    REFUSES(&s, "PhaseMargin(xy([1, 2], [(0.1, 0), (0.01, 0)]))",
            "the gain never crosses 0 dB: it stays in -40 dB to -20 dB");
}

static void test_margin__inverted_loop_is_unstable_at_zero(void)
{
    double p[] = {-sqrt(2), 1, 1, 1, 0, 0};
    scene  s = scene_of(sampled(loop, p, log_grid(1e-3, 1e3, 6001), true));
    MEASURES(&s, "PhaseMargin(v, 0)", 45, 1e-4);
    double q[] = {-4, 1, 3, 0, 0, 0};
    s = scene_of(sampled(loop, q, log_grid(1e-3, 1e3, 6001), true));
    MEASURES(&s, "GainMargin(v, 0)", 20 * log10(2), 1e-4);
}

static void test_margin__touching_instability_counts(void)
{
    scene s = {0};
    MEASURES(&s, "GainMargin(xy([1,2,3],[(-1,-1),(-0.5,0),(-0.1,-0.1)]))",
             20 * log10(2), 1e-12);
    MEASURES(&s, "GainMargin(xy([1,2],[(-1,-1),(-0.1,0)]))", 20, 1e-12);
}

static void test_margin__needs_phase(void)
{
    scene s = {0};
    REFUSES(&s, "PhaseMargin(xy([1, 2], [10, 0.1]))", "its values are real");
    REFUSES(&s, "GainMargin(xy([1, 2], [10, 0.1]))", "its values are real");
    REFUSES(&s, "PhaseMargin(xy([1, 2], [(0, 1), (0, 0)]))", "has no phase");
}

static const check_test tests[] = {
    CHECK_TEST(test_band__rc_low_pass_has_its_corner),
    CHECK_TEST(test_band__decibels_are_read_over_log_frequency),
    CHECK_TEST(test_band__rc_high_pass_has_its_corner),
    CHECK_TEST(test_band__a_zero_is_read_over_magnitude),
    CHECK_TEST(test_band__rlc_band_pass_has_width_and_centre),
    CHECK_TEST(test_band__ripple_outside_the_band_does_not_count),
    CHECK_TEST(test_band__says_why_there_is_none),
    CHECK_TEST(test_margin__integrator_has_ninety_degrees),
    CHECK_TEST(test_margin__second_pole_at_crossover_leaves_45),
    CHECK_TEST(test_margin__three_poles),
    CHECK_TEST(test_margin__phase_is_followed_beyond_a_whole_turn),
    CHECK_TEST(test_margin__two_integrators_with_lag_and_lead),
    CHECK_TEST(test_margin__ac_coupled_loop_starts_with_lead),
    CHECK_TEST(test_margin__smallest_of_several_crossings),
    CHECK_TEST(test_margin__inverted_loop_is_unstable_at_zero),
    CHECK_TEST(test_margin__touching_instability_counts),
    CHECK_TEST(test_margin__needs_phase),
    {0},
};

int main(void)
{
    return check_main(tests);
}
