/* Monotone cubics against known values and their own promises. */
#include "check.h"

#include "num/num.h"

/* By hand: inner slope 2*2*1/(2+1) = 4/3 (harmonic mean), at the left end
   (3*2 - 1*1)/2 = 5/2, at the right end (3*1 - 2)/2 = 1/2; the middle of an
   interval is (y0 + y1)/2 + h (d0 - d1)/8. */
static void test_pchip__gives_the_hand_made_values(void)
{
    static const double x[] = {0, 1, 2}, y[] = {0, 2, 3};
    CHECK_NEAR(tp_pchip(x, y, 3, 0.5), 1 + (5.0 / 2 - 4.0 / 3) / 8, 1e-15);
    CHECK_NEAR(tp_pchip(x, y, 3, 1.5), 2.5 + (4.0 / 3 - 1.0 / 2) / 8, 1e-15);
    CHECK_NEAR(tp_pchip(x, y, 3, 1), 2, 0);
}

/* Uneven steps 1 and 3, secants 4 and 1: weights 7 and 5, slope
   12 / (7/4 + 5/1) = 16/9. */
static void test_pchip__weighs_uneven_steps(void)
{
    static const double x[] = {0, 1, 4}, y[] = {0, 4, 7};
    CHECK_NEAR(tp_pchip_slope(x, y, 3, 1), 16.0 / 9, 1e-14);
}

static void test_pchip__is_flat_at_an_extremum(void)
{
    static const double x[] = {0, 1, 2, 3}, y[] = {0, 2, 1, 1};
    CHECK_NEAR(tp_pchip_slope(x, y, 4, 1), 0, 0);
    CHECK_NEAR(tp_pchip_slope(x, y, 4, 2), 0, 0);
}

static void test_pchip__is_straight_through_two_points(void)
{
    static const double x[] = {1, 3}, y[] = {5, 1};
    CHECK_NEAR(tp_pchip(x, y, 2, 1.5), 4, 1e-15);
    CHECK_NEAR(tp_pchip(x, y, 1, 9), 5, 0);
}

static void test_pchip__keeps_a_parabola_at_its_ends(void)
{
    static const double x[] = {0, 1, 2.5}, y[] = {0, 1, 6.25};
    CHECK_NEAR(tp_pchip_slope(x, y, 3, 2), 5, 1e-14);
    CHECK_NEAR(tp_pchip_slope(x, y, 3, 0), 0, 1e-14);
}

/* Steps of very different size, where a plain spline overshoots. */
static void test_pchip__never_leaves_its_data(void)
{
    tp_rng rng = tp_rng_at(7, 0);
    for (int run = 0; run < 300; run++) {
        double x[9], y[9];
        for (int i = 0; i < 9; i++) {
            x[i] = (i ? x[i - 1] : 0) + 0.01 + tp_rng_uniform(&rng);
            double step = pow(10, -6 * tp_rng_uniform(&rng));
            y[i] = (i ? y[i - 1] : 0) + step;
        }
        double last = y[0];
        for (int k = 1; k <= 400; k++) {
            double at = x[0] + (x[8] - x[0]) * k / 400;
            double v = tp_pchip(x, y, 9, at);
            if (!CHECK(v >= last - 1e-12)) return;
            last = v;
        }
    }
}

static void test_pchip__finds_its_interval(void)
{
    static const double x[] = {0, 1, 2, 5};
    CHECK_INT(tp_interval(x, 4, -1), 0);
    CHECK_INT(tp_interval(x, 4, 1), 1);
    CHECK_INT(tp_interval(x, 4, 4.9), 2);
    CHECK_INT(tp_interval(x, 4, 5), 2);
    CHECK_INT(tp_interval(x, 4, 99), 2);
}

static void test_cubic__is_solved_both_ways(void)
{
    tp_cubic_piece up = {1, 3, -2, 7, 0.5, 1}, down = {1, 3, 7, -2, -0.5, -9};
    for (int i = 0; i <= 10; i++) {
        double at = 1 + 0.2 * i;
        CHECK_NEAR(tp_cubic_solve(up, tp_hermite(up, at)), at, 1e-12);
        CHECK_NEAR(tp_cubic_solve(down, tp_hermite(down, at)), at, 1e-12);
    }
}

static const check_test tests[] = {
    CHECK_TEST(test_pchip__gives_the_hand_made_values),
    CHECK_TEST(test_pchip__weighs_uneven_steps),
    CHECK_TEST(test_pchip__is_flat_at_an_extremum),
    CHECK_TEST(test_pchip__is_straight_through_two_points),
    CHECK_TEST(test_pchip__keeps_a_parabola_at_its_ends),
    CHECK_TEST(test_pchip__never_leaves_its_data),
    CHECK_TEST(test_pchip__finds_its_interval),
    CHECK_TEST(test_cubic__is_solved_both_ways),
    {0},
};

int main(void)
{
    return check_main(tests);
}
