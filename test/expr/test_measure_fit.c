/* The CurveFit family: its end points, closed forms, and what it refuses. */
#include "measure.h"

static scene data(const char *a, const char *b)
{
    scene none = {0};
    scene s = scene_of(evaluate(&none, tp_str_of(a), check_mem()));
    scene_bind(&s, "w", evaluate(&none, tp_str_of(b), check_mem()));
    return s;
}

static const char *const family[] = {"CurveFit", "CurveFitLog", "CurveFitLogX",
                                     "CurveFitLogY"};

static const char *call(int i, const char *arguments)
{
    return tp_str_z(check_mem(),
                    tp_str_fmt(check_mem(), "%s(%s)", family[i], arguments));
}

static void test_fit__equal_curves_are_zero_apart(void)
{
    scene s = data("xy([1, 2, 4, 5], [3, 1, 4, 2])",
                   "xy([5, 4, 2, 1], [2, 4, 1, 3])");
    for (int i = 0; i < 4; i++) {
        MEASURES(&s, call(i, "v, v"), 0, 0);
        MEASURES(&s, call(i, "v, w"), 0, 0); /* a descending sweep */
        CHECK_STR(unit_of(&s, call(i, "v, v")), "");
    }
    MEASURES(&s, "CurveFit(0*v, 0*v)", 0, 0);
}

static void test_fit__negatives_and_reciprocals_are_one_apart(void)
{
    scene s = data("xy([1, 2, 4, 5], [3, 0.1, 4, 2])",
                   "xy([1, 2, 4, 5], [1, 1, 1, 1])");
    MEASURES(&s, "CurveFit(v, -v)", 1, 1e-12);
    MEASURES(&s, "CurveFitLogX(v, -v)", 1, 1e-12);
    MEASURES(&s, "CurveFitLog(v, 1/v)", 1, 1e-12);
    MEASURES(&s, "CurveFitLogY(v, 1/v)", 1, 1e-12);
    MEASURES(&s, "CurveFit(v, 0*v)", 1, 1e-12);
}

static void test_fit__is_symmetric_and_free_of_scale(void)
{
    scene  s = data("xy([0, 1, 2.5, 4], [3, 1, 4, 2])",
                    "xy([0.5, 2, 3, 6], [2, 5, 1, 1])");
    double d = measured(&s, "CurveFit(v, w)");
    CHECK(d > 0.1 && d < 0.9);
    MEASURES(&s, "CurveFit(w, v)", d, 1e-15);
    MEASURES(&s, "CurveFit(1u*v, 1u*w)", d, 1e-14);
    MEASURES(&s, "CurveFit(1e-200*v, 1e-200*w)", d, 1e-14);
    MEASURES(&s, "CurveFit(1e200*v, 1e200*w)", d, 1e-14);
}

static void test_fit__union_of_both_grids(void)
{
    /* overlap 0..2, points 0, 0.5, 1, 2: a-b = 0, 1, 2, 0; a = 1, 2, 3, 1;
       b = 1 everywhere */
    scene s =
        data("xy([-1, 0, 1, 2], [7, 1, 3, 1])", "xy([0, 0.5, 3], [1, 1, 1])");
    double diff = 0.5 * 0.5 + 0.5 * (1 + 4) / 2 + 2;
    double a = 0.5 * (1 + 4) / 2 + 0.5 * (4 + 9) / 2 + (9 + 1) / 2.0;
    MEASURES(&s, "CurveFit(v, w)", sqrt(diff) / (sqrt(a) + sqrt(2)), 1e-14);
}

static double complex line(double x, const double *p)
{
    return p[0] + p[1] * x;
}

static double complex power(double x, const double *p)
{
    return pow(x, p[0]);
}

static void test_fit__closed_forms(void)
{
    double one[] = {1, 0}, x[] = {0, 1}, p1[] = {1}, p2[] = {2}, p0[] = {0};
    scene  s = scene_of(sampled(line, one, linear_grid(0, 1, 7), false));
    scene_bind(&s, "w", sampled(line, x, linear_grid(0, 1, 2001), false));
    double root3 = sqrt(1.0 / 3);
    MEASURES(&s, "CurveFit(v, w)", root3 / (1 + root3), 1e-6);
    /* x against x^2, on 1..e: u against 2u */
    s = scene_of(sampled(power, p1, log_grid(1, exp(1), 300), false));
    scene_bind(&s, "w",
               sampled(power, p2, log_grid(0.5, 2 * exp(1), 400), false));
    MEASURES(&s, "CurveFitLog(v, w)", 1.0 / 3, 1e-12);
    /* log x against 1 over log x, on 1..e: as x against 1 on 0..1 */
    scene_bind(&s, "one", sampled(power, p0, log_grid(1, exp(1), 5), false));
    MEASURES(&s, "CurveFitLogX(ln(v), one)", root3 / (1 + root3), 1e-4);
    /* exp(x) against exp(2x) over x */
    MEASURES(&s, "CurveFitLogY(exp(v), exp(2*v))", 1.0 / 3, 1e-12);
}

static void test_fit__straight_in_the_transformed_coordinates(void)
{
    /* a power law given by its ends is the same curve as by many points */
    double p[] = {3};
    scene  s = scene_of(sampled(power, p, log_grid(0.1, 10, 2), false));
    scene_bind(&s, "w", sampled(power, p, uneven_grid(0.1, 10, 300), false));
    MEASURES(&s, "CurveFitLog(v, w)", 0, 1e-14);
    CHECK(measured(&s, "CurveFit(v, w)") > 0.1);
}

static void test_fit__steps_have_two_values(void)
{
    scene s = data("xy([0, 1, 1, 2], [1, 1, 3, 3])", "xy([0, 2], [1, 1])");
    MEASURES(&s, "CurveFit(v, w)", 2 / (sqrt(10) + sqrt(2)), 1e-14);
    s = data("xy([0, 1, 1, 2], [1, 1, 3, 3])", "xy([1, 2, 2], [3, 3, 9])");
    MEASURES(&s, "CurveFit(v, w)", 0, 1e-14);
}

static void test_fit__says_why_there_is_none(void)
{
    scene s = data("xy([0, 1, 2], [1, 0, 1])", "xy([3, 4], [1, 1])");
    for (int i = 0; i < 4; i++) {
        REFUSES(&s, call(i, "v, w"), "no x range in common: ");
        REFUSES(&s, call(i, "v, [1, 2, 3]"), "the vector has no x values");
        REFUSES(&s, call(i, "[1, 2, 3], v"), "the vector has no x values");
        REFUSES(&s, call(i, "w, xy([3], [1])"), "no x range in common");
        REFUSES(&s, call(i, "w, w*(0, 1)"), "its values are complex");
    }
    REFUSES(&s, "CurveFit(v, w)", "0 to 2, 3 to 4");
    REFUSES(&s, "CurveFitLog(v, v)",
            "a value at x = 1 is not above 0: it has no logarithm");
    REFUSES(&s, "CurveFitLogY(v, v)", "a value at x = 1 is not above 0");
    MEASURES(&s, "CurveFitLogX(v, 2*v)", 1.0 / 3, 1e-12); /* x = 0 left out */
    REFUSES(&s, "CurveFitLogX(xy([-1, 0], [1, 1]), v)", "no x range in common");
    /* outside the overlap a negative value does no harm */
    s = data("xy([0.5, 1, 2, 3], [-1, 2, 2, 2])", "xy([1, 2, 3], [2, 2, 2])");
    MEASURES(&s, "CurveFitLog(v, w)", 0, 0);
}

static const check_test tests[] = {
    CHECK_TEST(test_fit__equal_curves_are_zero_apart),
    CHECK_TEST(test_fit__negatives_and_reciprocals_are_one_apart),
    CHECK_TEST(test_fit__is_symmetric_and_free_of_scale),
    CHECK_TEST(test_fit__union_of_both_grids),
    CHECK_TEST(test_fit__closed_forms),
    CHECK_TEST(test_fit__straight_in_the_transformed_coordinates),
    CHECK_TEST(test_fit__steps_have_two_values),
    CHECK_TEST(test_fit__says_why_there_is_none),
    {0},
};

int main(void)
{
    return check_main(tests);
}
