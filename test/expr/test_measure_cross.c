/* Values at an x, crossings of a y, parts of a vector. */
#include "measure.h"

static double complex sine(double t, const double *p)
{
    (void)p;
    return sin(2 * PI * t);
}

static double complex parabola(double t, const double *p)
{
    return p[0] + p[1] * t + p[2] * t * t;
}

static tp_value list(const scene *s, const char *text)
{
    tp_value v = evaluate(s, tp_str_of(text), check_mem());
    if (v.kind != TP_WAVE) printf("  %s: %s\n", text, v.why ? v.why : "?");
    return v;
}

static scene data(const char *text)
{
    scene none = {0};
    return scene_of(evaluate(&none, tp_str_of(text), check_mem()));
}

static void test_value__between_samples(void)
{
    scene s = data("xy([0, 1, 2], [0, 10, 20])");
    MEASURES(&s, "YatX(v, 0.5)", 5, 0);
    MEASURES(&s, "YatX(v, 0)", 0, 0);
    MEASURES(&s, "YatX(v, 2)", 20, 0);
    MEASURES(&s, "YatX(v, 2.0000000001)", 20, 0);
    MEASURES(&s, "YatXpct(v, 0)", 0, 0);
    MEASURES(&s, "YatXpct(v, 100)", 20, 0);
    MEASURES(&s, "YatXpct(v, 12.5)", 2.5, 0);
    MEASURES(&s, "YFromX(v, 0.25)", 2.5, 1e-15);
    REFUSES(&s, "YatX(v, 2.01)", "YatX: x = 2.01 is outside 0 to 2");
    REFUSES(&s, "YatX(v, -1)", "x = -1 is outside 0 to 2");
    REFUSES(&s, "YFromX(v, 3)", "x = 3 is outside 0 to 2");
    REFUSES(&s, "YatXpct(v, 101)", "wanted 0 to 100, got 101");
    REFUSES(&s, "YFromX(v, 1, 0)", "order: wanted 1 or 2, got 0");
    REFUSES(&s, "YatX([1, 2], 0)", "no x values");
    MEASURES(&s, "YatX(xy([3], [7]), 3)", 7, 0);
    REFUSES(&s, "YatX(xy([3], [7]), 4)", "x = 4 is outside 3 to 3");
}

static void test_value__has_the_units_of_the_vector(void)
{
    double p[] = {1, 2, 3};
    scene  s = scene_of(sampled(parabola, p, uneven_grid(0, 1, 20), false));
    CHECK_STR(unit_of(&s, "YatX(v, 0.3)"), "V");
    CHECK_STR(unit_of(&s, "YFromX(v, 0.3)"), "V");
    CHECK_STR(unit_of(&s, "XatNthY(v, 3, 1)"), "s");
    CHECK_STR(unit_of(&s, "XFromY(v, 3)"), "s");
    CHECK_STR(unit_of(&s, "Truncate(v, 0.1, 0.2)"), "V");
}

static void test_value__order_two_is_exact_for_parabolas(void)
{
    double p[] = {1, -2, 3};
    scene  s = scene_of(sampled(parabola, p, uneven_grid(0.2, 3, 40), false));
    for (int i = 0; i < 50; i++) {
        double x = 0.2 + 2.8 * i / 49;
        scene_bind(&s, "x", tp_value_number(x, TP_S("")));
        MEASURES(&s, "YFromX(v, x)", creal(parabola(x, p)), 1e-12);
        CHECK(fabs(measured(&s, "YFromX(v, x, 1)") - creal(parabola(x, p))) <
              0.02);
        s.n = 1;
    }
    CHECK_NEAR(measured(&s, "YFromX(v, 1.234, 7)"),
               measured(&s, "YFromX(v, 1.234)"), 0);
    MEASURES(&s, "XFromY(v, 6)", (2 + sqrt(4 + 60)) / 6, 1e-12);
    MEASURES(&s, "XFromY(v, 6, 9)", (2 + sqrt(4 + 60)) / 6, 1e-12);
    CHECK(fabs(measured(&s, "XFromY(v, 6, 1)") - 5.0 / 3) > 1e-6);
}

static void test_value__order_two_keeps_to_corners(void)
{
    scene s = data("xy([0, 1, 2, 3, 3.01, 4, 5, 6], [0, 0, 0, 0, 5, 5, 5, 5])");
    MEASURES(&s, "YFromX(v, 2.5)", 0, 0);
    MEASURES(&s, "YFromX(v, 3.5)", 5, 0);
    MEASURES(&s, "YFromX(v, 3.005)", 2.5, 1e-9);
    s = data("xy([0, 10n, 300n, 310n, 1u, 1.01u, 1.3u], [0,5,5,0,0,5,5])");
    MEASURES(&s, "YFromX(v, 5n)", 2.5, 1e-9);
    MEASURES(&s, "YFromX(v, 150n)", 5, 1e-12);
    MEASURES(&s, "YFromX(v, 700n)", 0, 1e-12);
    s = data("xy([0, 290n, 300n, 990n, 1u, 1.29u, 1.3u], [5,5,0,0,5,5,0])");
    MEASURES(&s, "YFromX(v, 1.295u)", 2.5, 1e-9);
    MEASURES(&s, "YFromX(v, 1.1u)", 5, 1e-12);
    s = data("xy([0, 1, 2, 3, 4, 5, 6], [0, 0, 0, 0, 5, 5, 0])");
    MEASURES(&s, "YFromX(v, 5.5)", 2.5, 1e-12);
    s = data("xy([0, 1, 2, 3, 4, 5, 6], [0, 5, 5, 0, 0, 0, 0])");
    MEASURES(&s, "YFromX(v, 0.5)", 2.5, 1e-12);
    s = data("xy([0, 1, 1.01], [0, 0, 5])");
    MEASURES(&s, "YFromX(v, 0.5)", 0, 0);
    s = data("xy([0, 1, 2, 3, 4, 5, 6], [0, 1, 0, 1, 0, 1, 0])");
    MEASURES(&s, "YFromX(v, 2.5)", 0.5, 1e-12);
    MEASURES(&s, "YFromX(v, 0.5)", 0.5, 1e-12);
}

static void test_value__at_a_step_is_the_later_one(void)
{
    scene s = data("xy([0, 1, 1, 2], [0, 0, 4, 6])");
    MEASURES(&s, "YatX(v, 1)", 4, 0);
    MEASURES(&s, "YFromX(v, 1)", 4, 0);
    MEASURES(&s, "YatX(v, 0.999)", 0, 0);
    MEASURES(&s, "XatNthY(v, 3, 1)", 1, 0);
    CHECK_STR(shown(&s, "Truncate(v, 0.5, 1)"), "xy([0.5, 1], [0, 0])");
    CHECK_STR(shown(&s, "Truncate(v, 1, 1.5)"), "xy([1, 1.5], [4, 5])");
    CHECK_STR(shown(&s, "Truncate(v, 0.5, 1.5)"),
              "xy([0.5, 1, 1, 1.5], [0, 0, 4, 5])");
}

static void test_value__of_complex_data_is_complex(void)
{
    scene    s = data("xy([0, 1, 3], [(0, 0), (2, 4), (4, 0)])");
    tp_value v = evaluate(&s, TP_S("YatX(v, 2)"), check_mem());
    CHECK(v.kind == TP_COMPLEX && v.re == 3 && v.im == 2);
    REFUSES(&s, "XFromY(v, 1)", "its values are complex: take db()");
    REFUSES(&s, "XatNthY(v, 1, 1)", "its values are complex");
    MEASURES(&s, "XatNthY(real(v), 1, 1)", 0.5, 1e-15);
    CHECK_STR(shown(&s, "im(Truncate(v, 0, 2))"), "xy([0, 1, 2], [0, 4, 2])");
}

static void test_value__log_sweep_is_read_over_log_x(void)
{
    scene s = data("xy([1, 10, 100, 1k, 10k], [0, 20, 20, 0, -20])");
    MEASURES(&s, "YatX(v, sqrt(10))", 10, 1e-12);
    MEASURES(&s, "XatNthY(v, 10, 1)", sqrt(10), 1e-12);
    MEASURES(&s, "XatNthY(v, 10, 2)", 100 * sqrt(10), 1e-9);
    MEASURES(&s, "YatX(Truncate(v, 2, 5k), 20*sqrt(10))", 20, 1e-12);
    /* a hair beyond an end is one of that end, not of the whole */
    s = data("xy([1, 1k, 1meg, 1G, 1T], [1, 2, 3, 4, 5])");
    REFUSES(&s, "YatX(v, 0.5)", "x = 0.5 is outside 1 to 1");
    MEASURES(&s, "YatX(v, 1 - 1e-10)", 1, 0);
    MEASURES(&s, "YatX(v, 1e12 * (1 + 1e-10))", 5, 0);
    s = data("xy([1, 2, 3, 4, 5], [0, 10, 20, 30, 40])");
    MEASURES(&s, "YatX(v, 1.5)", 5, 1e-12);
    /* time is never logarithmic */
    double  x[] = {1, 10, 100, 1000}, y[] = {0, 9, 99, 999};
    tp_wave w = {.x_unit = TP_S("s"), .n = 4, .x = x, .re = y};
    s = scene_of(tp_value_wave(&w));
    MEASURES(&s, "YatX(v, 50)", 49, 1e-12);
}

static void test_value__descending_and_disordered_x(void)
{
    scene s = data("xy([3, 2, 1, 0], [9, 4, 1, 0])");
    MEASURES(&s, "YFromX(v, 1.5)", 2.25, 1e-12);
    MEASURES(&s, "YatX(v, 0.5)", 0.5, 1e-12);
    MEASURES(&s, "XatNthYp(v, 6.5, 1)", 2.5, 1e-12);
    MEASURES(&s, "YatXpct(v, 100)", 9, 0);
    REFUSES(&s, "XatNthYn(v, 6.5, 1)", "no falling crossing of 6.5");
    s = data("xy([0, 1, 2, 1], [0, 1, 2, 3])");
    REFUSES(&s, "YatX(v, 0.5)", "its x values turn back at point 4: 1 after 2");
    REFUSES(&s, "Maxima(v)", "turn back at point 4");
}

static void test_crossing__counts_and_directions(void)
{
    scene s = scene_of(sampled(sine, NULL, uneven_grid(0.1, 3.1, 600), false));
    for (int i = 1; i <= 3; i++) {
        scene_bind(&s, "n", tp_value_number(i, TP_S("")));
        double down = i - 1 + 5.0 / 12;
        MEASURES(&s, "XatNthYp(v, 0.5, n)", i + 1.0 / 12, 1e-4);
        MEASURES(&s, "XatNthYn(v, 0.5, n)", down, 1e-4);
        s.n = 1;
    }
    MEASURES(&s, "XatNthY(v, 0.5, 2)", 1 + 1.0 / 12, 1e-4);
    MEASURES(&s, "XatNthY(v, 0.5, 3)", 1 + 5.0 / 12, 1e-4);
    MEASURES(&s, "XatNthYpct(v, 75, 1)", 5.0 / 12, 1e-4);
    REFUSES(&s, "XatNthYp(v, 0.5, 4)", "has 3 rising crossings of 500 mV, not");
    REFUSES(&s, "XatNthYp(v, 2, 1)",
            "XatNthYp: no rising crossing of 2 V: it stays in");
    REFUSES(&s, "XatNthY(v, 0, 0)", "n: wanted a whole number from 1, got 0");
    REFUSES(&s, "XatNthY(v, 0, 1.5)", "got 1.5");
    REFUSES(&s, "XatNthYpct(xy([0, 1], [2, 2]), 50, 1)", "never changes");
}

static void test_crossing__order_two_is_nearer(void)
{
    scene    s = scene_of(sampled(sine, NULL, linear_grid(0, 3, 91), false));
    tp_value v = list(&s, "XFromY(v, 0.9, 2)"),
             w = list(&s, "XFromY(v, 0.9, 1)");
    double first = asin(0.9) / (2 * PI);
    if (!CHECK(v.wave.n == 6 && w.wave.n == 6)) return;
    for (int i = 0; i < 6; i++) {
        double wanted = i / 2 + (i % 2 ? 0.5 - first : first);
        double e2 = fabs(v.wave.re[i] - wanted),
               e1 = fabs(w.wave.re[i] - wanted);
        if (!CHECK(e2 < 1e-4 && e1 < 2e-3 && e2 < e1 / 4))
            printf("  %g %g\n", e1, e2);
    }
    CHECK_INT(list(&s, "XFromY(v, 0.9, 2, 1)").wave.n, 3);
    CHECK_INT(list(&s, "XFromY(v, 0.9, 2, -1)").wave.n, 3);
    REFUSES(&s, "XFromY(v, 0.9, 2, 2)", "direction: wanted 1, 0 or -1, got 2");
    REFUSES(&s, "XFromY(v, 1.1)", "no crossing of 1.1 V");
}

static void test_crossing__samples_on_the_level(void)
{
    scene s = {0};
    CHECK_STR(shown(&s, "XFromY(xy([0,1,2,3], [0,1,2,3]), 1)"), "[1]");
    CHECK_STR(shown(&s, "XFromY(xy([0,1,2,3], [0,1,2,3]), 0)"), "[0]");
    CHECK_STR(shown(&s, "XFromY(xy([0,1,2,3], [0,1,2,3]), 3)"), "[3]");
    CHECK_STR(shown(&s, "XFromY(xy([0,1,2], [0,1,0]), 0)"), "[0, 2]");
    CHECK_STR(shown(&s, "XFromY(xy([0,1,2,3,4], [0,1,1,1,2]), 1)"), "[1]");
    REFUSES(&s, "XFromY(xy([0,1,2], [0,1,0]), 1)", "no crossing of 1: it");
    REFUSES(&s, "XFromY(xy([0,1,2], [1,1,1]), 1)", "no crossing of 1");
    /* rests on the level, leaves where it came from, then goes through */
    CHECK_STR(shown(&s, "XFromY(xy([0,1,2,3,4], [0,1,1,0,2]), 1)"), "[3.5]");
    CHECK_STR(shown(&s, "XFromY(xy([0,1,2,3], [0,1,1,1]), 1, 1, 1)"), "[1]");
    REFUSES(&s, "XFromY(xy([0,1,2,3], [0,1,1,1]), 1, 1, -1)", "no falling");
    CHECK_STR(shown(&s, "XFromY(xy([0,1,2], [1,1,0]), 1, 1, -1)"), "[1]");
}

static void test_truncate__never_extrapolates(void)
{
    scene s = data("xy([0, 1, 2, 3], [0, 10, 20, 30])");
    CHECK_STR(shown(&s, "Truncate(v)"), "xy([0, 1, 2, 3], [0, 10, 20, 30])");
    CHECK_STR(shown(&s, "Truncate(v, -5, 1)"), "xy([0, 1], [0, 10])");
    CHECK_STR(shown(&s, "Truncate(v, 2.5)"), "xy([2.5, 3], [25, 30])");
    CHECK_STR(shown(&s, "Truncate(v, 1, 2)"), "xy([1, 2], [10, 20])");
    REFUSES(&s, "Truncate(v, 4, 5)", "Truncate: nothing is left of 0 to 3");
    REFUSES(&s, "Truncate(v, 2, 1)", "nothing is left");
    REFUSES(&s, "Truncate([1, 2])", "no x values");
}

static const check_test tests[] = {
    CHECK_TEST(test_value__between_samples),
    CHECK_TEST(test_value__has_the_units_of_the_vector),
    CHECK_TEST(test_value__order_two_is_exact_for_parabolas),
    CHECK_TEST(test_value__order_two_keeps_to_corners),
    CHECK_TEST(test_value__at_a_step_is_the_later_one),
    CHECK_TEST(test_value__of_complex_data_is_complex),
    CHECK_TEST(test_value__log_sweep_is_read_over_log_x),
    CHECK_TEST(test_value__descending_and_disordered_x),
    CHECK_TEST(test_crossing__counts_and_directions),
    CHECK_TEST(test_crossing__order_two_is_nearer),
    CHECK_TEST(test_crossing__samples_on_the_level),
    CHECK_TEST(test_truncate__never_extrapolates),
    {0},
};

int main(void)
{
    return check_main(tests);
}
