/* Edges, periods and pulses against closed forms. */
#include "measure.h"

static double complex step_up(double t, const double *p)
{
    return t < 0 ? p[1] : p[1] + p[2] * (1 - exp(-t / p[0]));
}

static double complex sine(double t, const double *p)
{
    return p[0] + p[1] * sin(2 * PI * p[2] * t + p[3]);
}

/* Unit step response of a second-order system: damping, natural frequency. */
static double complex damped(double t, const double *p)
{
    double z = p[0], wn = p[1], wd = wn * sqrt(1 - z * z);
    double phi = acos(z);
    return 1 - exp(-z * wn * t) * sin(wd * t + phi) / sqrt(1 - z * z);
}

static void test_edge__exponential_rise_is_ln9_tau(void)
{
    double p[] = {1e-6, -1, 4};
    scene  s = scene_of(sampled(step_up, p, uneven_grid(0, 3e-5, 2000), false));
    MEASURES(&s, "Rise(v)", log(9) * 1e-6, 2e-5 * 1e-6);
    MEASURES(&s, "Rise(v, 0, 30u)", log(9) * 1e-6, 2e-5 * 1e-6);
    CHECK_STR(unit_of(&s, "Rise(v)"), "s");
    MEASURES(&s, "Fall(-v)", log(9) * 1e-6, 2e-5 * 1e-6);
    REFUSES(&s, "Fall(v)", "Fall: no whole falling edge");
    REFUSES(&s, "Fall(v, 0, 1u)", "no falling edge: it goes from -1 V to");
}

static void test_edge__levels_come_from_the_range(void)
{
    scene s = {0};
    scene_bind(
        &s, "v",
        evaluate(&s, TP_S("xy([0,1,2,3,4,5],[0,0,10,10,20,20])"), check_mem()));
    MEASURES(&s, "Rise(v)", 3.8 - 1.2, 1e-9);
    MEASURES(&s, "Rise(v, 0, 2.5)", 0.8, 1e-9);
    MEASURES(&s, "Rise(v, 2.5, 5)", 0.8, 1e-9);
    REFUSES(&s, "Rise(v, 0, 6)", "x2 = 6 is outside 0 to 5");
    REFUSES(&s, "Rise(v, -1, 6)", "x1 = -1 is outside 0 to 5");
    REFUSES(&s, "Rise(v, 3, 2)", "x1 = 3 is not below x2 = 2");
    REFUSES(&s, "Rise(v, 2.2, 2.8)", "never changes: it stays at 10");
}

static void test_edge__a_start_in_mid_edge_is_passed_over(void)
{
    scene s = {0};
    MEASURES(&s, "Rise(xy([0,1,2,3,4],[5,10,0,0,10]))", 0.8, 1e-9);
    /* a dip back below 10 % starts the edge anew */
    MEASURES(&s, "Rise(xy([0,1,2,3],[0,5,0,10]))", 0.8, 1e-9);
    REFUSES(&s, "Rise(xy([0,1],[5,5]))", "never changes: it stays at 5");
    REFUSES(&s, "Rise(xy([0],[5]))", "never changes");
    REFUSES(&s, "Rise(xy([0,1,2],[5,10,0]))", "no whole rising edge");
}

static void test_edge__damped_overshoot(void)
{
    double p[] = {0.3, 1e6};
    scene  s = scene_of(sampled(damped, p, uneven_grid(0, 6e-5, 20000), false));
    double wanted = 100 * exp(-PI * 0.3 / sqrt(1 - 0.09));
    MEASURES(&s, "Overshoot(v)", wanted, 1e-3);
    MEASURES(&s, "Overshoot(3 - 5*v)", wanted, 1e-3);
    MEASURES(&s, "Overshoot(v, 0, 50u)", wanted, 1e-3);
    CHECK_STR(unit_of(&s, "Overshoot(v)"), "%");
}

static void test_edge__overshoot_needs_a_step(void)
{
    scene s = {0};
    MEASURES(&s, "Overshoot(xy([0, 1, 2], [0, 4, 5]))", 0, 1e-12);
    MEASURES(&s, "Overshoot(xy([0, 1, 2, 3], [0, 9, 5, 7]), 0, 2)", 80, 1e-9);
    REFUSES(&s, "Overshoot(xy([0, 1, 2], [1, 2, 1]))",
            "no step: it starts and ends at 1");
    REFUSES(&s, "Overshoot([1, 2, 3])", "no x values");
}

static void test_period__sampled_sine(void)
{
    double p[] = {1.5, 0.7, 123e3, 0.4};
    scene  s = scene_of(sampled(sine, p, uneven_grid(0, 1e-4, 1500), false));
    MEASURES(&s, "Period(v)", 1 / 123e3, 2e-6 / 123e3);
    MEASURES(&s, "Frequency(v)", 123e3, 0.3);
    MEASURES(&s, "Frequency(v, 1.9)", 123e3, 0.3);
    CHECK_STR(unit_of(&s, "Frequency(v)"), "Hz");
    CHECK_STR(unit_of(&s, "Period(v)"), "s");
    MEASURES(&s, "Duty(v, 1.5)", 0.5, 1e-4);
    MEASURES(&s, "Duty(v, 1.85)", 1.0 / 3, 1e-4);
    MEASURES(&s, "PulseWidth(v, 1.85)", 1 / 123e3 / 3, 1e-9);
}

/* Trapezoids with edges of 10 ns: high for 0.3 of 1 us, from 0 V to 5 V. */
static tp_value square(int cycles, bool steps)
{
    double  at[] = {0, steps ? 0 : 1e-8, 3e-7, steps ? 3e-7 : 3.1e-7};
    double  level[] = {0, 5, 5, 0};
    int     n = 4 * cycles;
    double *x = TP_NEW(check_mem(), double, n);
    double *y = TP_NEW(check_mem(), double, n);
    for (int i = 0; i < n; i++) {
        x[i] = (i / 4) * 1e-6 + at[i % 4];
        y[i] = level[i % 4];
    }
    tp_wave w = {.x_unit = TP_S("s"), .n = n, .x = x, .re = y};
    return tp_value_wave(&w);
}

static void test_period__square_wave(void)
{
    for (int steps = 0; steps < 2; steps++) {
        scene s = scene_of(square(4, steps));
        MEASURES(&s, "Period(v)", 1e-6, 1e-18);
        MEASURES(&s, "Frequency(v)", 1e6, 1e-6);
        MEASURES(&s, "Duty(v)", 0.3, 1e-12);
        MEASURES(&s, "PulseWidth(v)", 3e-7, 1e-19);
        CHECK_STR(unit_of(&s, "Duty(v)"), "ratio");
        CHECK_STR(unit_of(&s, "PulseWidth(v)"), "s");
        MEASURES(&s, "Rise(v)", steps ? 0 : 8e-9, 1e-18);
        MEASURES(&s, "Fall(v)", steps ? 0 : 8e-9, 1e-18);
    }
}

static void test_period__part_cycles_do_not_count_for_duty(void)
{
    scene s = {0};
    /* high at the start and the end, whole cycle 2..6 with 1 high */
    MEASURES(&s, "Duty(xy([0,1,1,2,2,3,3,6,6,9],[1,1,0,0,1,1,0,0,1,1]))", 0.25,
             1e-12);
    MEASURES(&s, "PulseWidth(xy([0,1,1,2,2,3,3,6],[1,1,0,0,1,1,0,0]))", 1,
             1e-12);
}

static void test_period__says_why_there_is_none(void)
{
    scene s = {0};
    REFUSES(&s, "Period(xy([0,1,2],[0,1,0]))",
            "needs two rising crossings of 0.5, has 1");
    REFUSES(&s, "Frequency(xy([0,1,2],[0,1,0]), 3)",
            "two rising crossings of 3, has 0: it stays in 0 to 1");
    REFUSES(&s, "Duty(xy([0,1,2],[0,1,0]))", "has 1");
    REFUSES(&s, "Duty(xy([0,1,2],[4,4,4]))", "never changes: it stays at 4");
    REFUSES(&s, "Period(xy([0],[4]))", "never changes");
    REFUSES(&s, "PulseWidth(xy([0,1],[0,1]))",
            "rises through 0.5 at 0.5 and does not fall again");
    REFUSES(&s, "PulseWidth(xy([0,1],[1,0]))", "never rises through 0.5");
    REFUSES(&s, "Period([0,1,0,1,0])", "no x values");
    REFUSES(&s, "Period(xy([0,1,2],[(0,1),(1,1),(0,1)]))", "complex");
}

static const check_test tests[] = {
    CHECK_TEST(test_edge__exponential_rise_is_ln9_tau),
    CHECK_TEST(test_edge__levels_come_from_the_range),
    CHECK_TEST(test_edge__a_start_in_mid_edge_is_passed_over),
    CHECK_TEST(test_edge__damped_overshoot),
    CHECK_TEST(test_edge__overshoot_needs_a_step),
    CHECK_TEST(test_period__sampled_sine),
    CHECK_TEST(test_period__square_wave),
    CHECK_TEST(test_period__part_cycles_do_not_count_for_duty),
    CHECK_TEST(test_period__says_why_there_is_none),
    {0},
};

int main(void)
{
    return check_main(tests);
}
