/* Means, effective values and extremes. */
#include "measure.h"

static double complex sine(double t, const double *p)
{
    return p[0] + p[1] * sin(2 * PI * t + p[2]);
}

static scene data(const char *text)
{
    scene none = {0};
    return scene_of(evaluate(&none, tp_str_of(text), check_mem()));
}

static void test_mean__of_sines_on_uneven_steps(void)
{
    double p[] = {0.4, 3, 0.9};
    scene  s = scene_of(sampled(sine, p, uneven_grid(0, 5, 1000), false));
    MEASURES(&s, "Mean1(v)", 0.4, 1e-5);
    MEASURES(&s, "RMS1(v)", sqrt(0.16 + 4.5), 1e-5);
    MEASURES(&s, "RMS1_AC(v)", 3 / sqrt(2), 1e-5);
    MEASURES(&s, "Mean1(v, 1.23, 3.23)", 0.4, 1e-5);
    MEASURES(&s, "RMS1(v, 1.23, 3.23)", sqrt(0.16 + 4.5), 1e-5);
    MEASURES(&s, "RMS1_AC(v, 0.77, 4.77)", 3 / sqrt(2), 1e-5);
    CHECK_STR(unit_of(&s, "RMS1_AC(v)"), "V");
    CHECK_STR(unit_of(&s, "Mean1(v)"), "V");
    tp_value r = evaluate(&s, TP_S("RMS(v)"), check_mem());
    if (!CHECK(r.kind == TP_WAVE && r.wave.n == 1000)) return;
    CHECK_NEAR(r.wave.re[999], sqrt(0.16 + 4.5), 1e-5);
    CHECK_NEAR(r.wave.re[0], 0.4 + 3 * sin(0.9), 1e-12);
}

static void test_mean__half_a_sine(void)
{
    double p[] = {0, 1, 0};
    scene  s = scene_of(sampled(sine, p, uneven_grid(0, 1, 401), false));
    MEASURES(&s, "Mean1(v, 0, 0.5)", 2 / PI, 2e-6);
    MEASURES(&s, "Mean1(v, 0.1, 0.4)", cos(0.2 * PI) / PI / 0.3, 2e-6);
    REFUSES(&s, "Mean1(v, 0, 2)", "Mean1: x2 = 2 s is outside 0 s to 1 s");
    REFUSES(&s, "RMS1(v, 0.5, 0.5)", "x1 = 500 ms is not below x2 = 500 ms");
}

static void test_mean__of_straight_pieces_is_exact(void)
{
    scene s = data("xy([0, 1, 2], [0, 1, 0])");
    MEASURES(&s, "Mean1(v)", 0.5, 1e-15);
    MEASURES(&s, "RMS1(v)^2", 1.0 / 3, 1e-15);
    s = data("xy([0,10n,300n,310n,1u,1.01u,1.3u,1.31u,2u],"
             "[0,5,5,0,0,5,5,0,0])");
    MEASURES(&s, "Mean1(v)", 1.5, 1e-12);
    MEASURES(&s, "RMS1(v)^2", 25 * (0.29 + 0.02 / 3), 1e-9);
    MEASURES(&s, "Mean1(v, 0.1u, 0.2u)", 5, 1e-12);
    MEASURES(&s, "Mean1(v, 0.5u, 0.7u)", 0, 1e-12);
    s = data("xy([0, 0, 1, 1, 4], [0, 1, 1, 0, 0])");
    MEASURES(&s, "Mean1(v)", 0.25, 1e-15);
    MEASURES(&s, "RMS1_AC(v)", sqrt(0.25 * 0.75), 1e-12);
    MEASURES(&s, "Mean1(v, 1, 4)", 0, 0);
    MEASURES(&s, "Mean1(v, 0, 1)", 1, 0);
}

static void test_mean__of_samples_and_of_nothing(void)
{
    scene    s = data("xy([1, 3], [(1, 2), (3, 6)])");
    tp_value v = evaluate(&s, TP_S("Mean(v)"), check_mem());
    CHECK(v.kind == TP_COMPLEX && v.re == 2 && v.im == 4);
    MEASURES(&s, "Mean([4])", 4, 0);
    MEASURES(&s, "Mean(xy([0, 1, 100], [0, 3, 3]))", 2, 1e-15);
    REFUSES(&s, "Mean1(v)", "its values are complex");
    REFUSES(&s, "Mean1([1, 2])", "no x values");
    REFUSES(&s, "RMS([1, 2])", "no x values");
    REFUSES(&s, "RMS1(xy([1], [2]))", "one point has no mean over x");
    REFUSES(&s, "RMS1_AC(xy([1, 1], [2, 3]))", "one point has no mean over x");
    CHECK_STR(shown(&s, "RMS(xy([1], [-2]))"), "xy([1], [2])");
}

static void test_extremes__of_all_and_of_a_range(void)
{
    scene s = data("xy([0, 1, 2, 3, 4], [3, -1, 5, 2, 9])");
    MEASURES(&s, "Minimum(v)", -1, 0);
    MEASURES(&s, "Maximum(v)", 9, 0);
    MEASURES(&s, "PeakToPeak(v)", 10, 0);
    MEASURES(&s, "Maximum(v, 0, 3)", 5, 0);
    MEASURES(&s, "Maximum(v, 3.5)", 9, 0);
    MEASURES(&s, "Minimum(v, 2, 4)", 2, 0);
    MEASURES(&s, "PeakToPeak(v, 2, 3)", 3, 0);
    MEASURES(&s, "Minidx(v)", 1, 0);
    MEASURES(&s, "Maxidx(v)", 4, 0);
    MEASURES(&s, "maximum([4, 7, 7])", 7, 0);
    MEASURES(&s, "Maxidx([4, 7, 7])", 1, 0);
    MEASURES(&s, "Minimum(xy([1], [5]))", 5, 0);
    MEASURES(&s, "PeakToPeak([3, 3])", 0, 0);
    REFUSES(&s, "Maximum(v, 3, 5)", "x2 = 5 is outside 0 to 4");
    REFUSES(&s, "Maximum([1, 2], 0, 1)", "no x values");
    REFUSES(&s, "Maximum((v - 3) * (0, 1))", "its values are complex");
    /* sweeps in no order have extremes */
    MEASURES(&s, "Maximum(xy([0, 2, 1], [4, 6, 5]))", 6, 0);
}

static void test_turning__parabola_finds_the_top(void)
{
    double   p[] = {1, 2, 0};
    scene    s = scene_of(sampled(sine, p, uneven_grid(0, 3, 300), false));
    tp_value v =
        evaluate(&s, TP_S("Maxima(v, [-9, 9], 'xsort noendpts')"), check_mem());
    if (!CHECK(v.kind == TP_WAVE && v.wave.n == 3)) return;
    for (int i = 0; i < 3; i++) {
        CHECK_NEAR(v.wave.x[i], i + 0.25, 2e-4);
        CHECK_NEAR(v.wave.re[i], 3, 2e-5);
    }
    v = evaluate(&s, TP_S("Minima(v)"), check_mem());
    CHECK(v.kind == TP_WAVE && v.wave.n == 4); /* with the first point */
    CHECK_STR(v.wave.unit, "V");
    CHECK_STR(v.wave.x_unit, "s");
}

static void test_turning__limits_options_and_order(void)
{
    scene s = data("xy([0,1,2,3,4,5,6], [9, 2, 5, 1, 7, 7, 0])");
    CHECK_STR(shown(&s, "Maxima(v, [-99, 99], 'nointerp')"),
              "xy([0, 4, 2], [9, 7, 5])");
    CHECK_STR(shown(&s, "Maxima(v, [-99, 99], 'nointerp xsort')"),
              "xy([0, 2, 4], [9, 5, 7])");
    CHECK_STR(shown(&s, "Maxima(v, [6, 8], 'nointerp')"), "xy([4], [7])");
    CHECK_STR(shown(&s, "Minima(v, [-99, 99], 'nointerp,noendpts')"),
              "xy([3, 1], [1, 2])");
    CHECK_STR(shown(&s, "Minima(v, [-99, 1], 'nointerp')"),
              "xy([6, 3], [0, 1])");
    CHECK_STR(shown(&s, "Maxima(v, [-99, 99], 'nointerp', 3)"),
              "xy([0, 4], [9, 7])");
    REFUSES(&s, "Maxima(v, [100, 200])", "has no such maximum");
    REFUSES(&s, "Minima(xy([0, 1], [2, 2]))", "has no such minimum");
    REFUSES(&s, "Maxima(v, [0, 9], 'sorted')",
            "wanted 'xsort', 'nointerp' or 'noendpts', got 'sorted'");
    CHECK_STR(shown(&s, "Maxima(xy([0,1,1,2], [0,3,5,0]))"), "xy([1], [5])");
}

static const check_test tests[] = {
    CHECK_TEST(test_mean__of_sines_on_uneven_steps),
    CHECK_TEST(test_mean__half_a_sine),
    CHECK_TEST(test_mean__of_straight_pieces_is_exact),
    CHECK_TEST(test_mean__of_samples_and_of_nothing),
    CHECK_TEST(test_extremes__of_all_and_of_a_range),
    CHECK_TEST(test_turning__parabola_finds_the_top),
    CHECK_TEST(test_turning__limits_options_and_order),
    {0},
};

int main(void)
{
    return check_main(tests);
}
