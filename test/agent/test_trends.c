/* Trends over small tables whose answer is known by hand. */
#include "agent/trends.h"
#include "check.h"

/* x0 and x1, two measures: m0 = x0^3 (monotone), m1 has no values in row 2. */
static const double x[] = {1, 5, 2, 3, 3, 9, 4, 1, 5, 7, 6, 2};
static const double value[] = {1, 2, 8, 5, 27, NAN, 64, 3, 125, 1, 216, 4};
static const double miss[] = {.3,  NAN, .2,  NAN, .1,  NAN,
                              -.1, NAN, -.2, NAN, -.3, NAN};
static const tp_trend_data table = {6, 2, 2, x, value, miss};

static void test_trends__rank_correlation_sees_any_rising_curve(void)
{
    const tp_trend *t;
    if (!CHECK_INT(tp_trends(&t, &table, check_mem()), 1)) return;
    CHECK_INT(t[0].var, 0);
    CHECK_INT(t[0].measure, 0);
    CHECK_NEAR(t[0].rho, 1, 1e-12);
    CHECK_INT(t[0].n, 6);
}

static void test_trends__equal_values_share_their_rank(void)
{
    /* ranks of x: 0.5 0.5 2 3 4 5, of y: 0 to 5 */
    const double        tx[] = {1, 1, 2, 3, 4, 5}, ty[] = {1, 2, 3, 4, 5, 6};
    const double        none[] = {NAN, NAN, NAN, NAN, NAN, NAN};
    const tp_trend_data d = {6, 1, 1, tx, ty, none};
    const tp_trend     *t;
    if (!CHECK_INT(tp_trends(&t, &d, check_mem()), 1)) return;
    CHECK_NEAR(t[0].rho, 17 / sqrt(17 * 17.5), 1e-12);
}

static void test_trends__few_trials_and_still_variables_say_nothing(void)
{
    const double        tx[] = {1, 1, 1, 1, 1, 1}, ty[] = {1, 2, 3, 4, 5, 6};
    const tp_trend_data still = {6, 1, 1, tx, ty, tx};
    const tp_trend_data few = {4, 1, 1, ty, ty, tx};
    const tp_trend     *t;
    CHECK_INT(tp_trends(&t, &still, check_mem()), 0);
    CHECK_INT(tp_trends(&t, &few, check_mem()), 0);
}

/* One or two trials that differ from all others in both say nothing. */
static void test_trends__a_lone_trial_is_no_trend(void)
{
    const double    none[] = {NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    const double    tx[] = {6, 6, 4, 6, 6, 4, 6, 4};
    const double    ty[] = {3, 3, 1, 3, 3, 2, 3, 1};
    tp_trend_data   d = {7, 1, 1, tx, ty, none};
    const tp_trend *t;
    CHECK_INT(tp_trends(&t, &d, check_mem()), 0);
    d.n = 8;
    if (!CHECK_INT(tp_trends(&t, &d, check_mem()), 1)) return;
    CHECK(t[0].rho > 0.9);
}

static void test_trends__a_wall_is_where_a_limit_was_never_met(void)
{
    const tp_trend_wall *w;
    if (!CHECK_INT(tp_trend_walls(&w, &table, check_mem()), 1)) return;
    CHECK_INT(w[0].var, 0);
    CHECK_INT(w[0].measure, 0);
    CHECK(w[0].below);
    CHECK_NEAR(w[0].at, 4, 0);
    CHECK_INT(w[0].n, 3);
}

static void test_trends__failed_trials_at_the_walls_value_do_not_count(void)
{
    const double         tx[] = {1, 2, 3, 3}, m[] = {1, 1, 1, -1};
    const tp_trend_data  d = {4, 1, 1, tx, tx, m};
    const tp_trend_wall *w;
    CHECK_INT(tp_trend_walls(&w, &d, check_mem()), 0);
}

static void test_trends__a_limit_met_nowhere_is_no_wall(void)
{
    const double         tx[] = {1, 2, 3, 4}, m[] = {1, 1, 1, 1};
    const tp_trend_data  d = {4, 1, 1, tx, tx, m};
    const tp_trend_wall *w;
    CHECK_INT(tp_trend_walls(&w, &d, check_mem()), 0);
}

static void test_trends__steps_differ_in_one_variable(void)
{
    const double        tx[] = {1, 1, 2, 1, 2, 2, 0, 2};
    const tp_trend_data d = {4, 2, 0, tx, NULL, NULL};
    tp_trend_step       s[8];
    if (!CHECK_INT(tp_trend_steps(s, 8, &d), 3)) return;
    CHECK_INT(s[0].var, 0); /* trials 3 and 2, the latest first */
    CHECK_INT(s[0].from, 3);
    CHECK_INT(s[0].to, 2);
    CHECK_INT(s[1].var, 1);
    CHECK_INT(s[1].from, 1);
    CHECK_INT(s[1].to, 2);
    CHECK_INT(tp_trend_steps(s, 1, &d), 1);
}

static const check_test tests[] = {
    CHECK_TEST(test_trends__rank_correlation_sees_any_rising_curve),
    CHECK_TEST(test_trends__equal_values_share_their_rank),
    CHECK_TEST(test_trends__few_trials_and_still_variables_say_nothing),
    CHECK_TEST(test_trends__a_lone_trial_is_no_trend),
    CHECK_TEST(test_trends__a_wall_is_where_a_limit_was_never_met),
    CHECK_TEST(test_trends__failed_trials_at_the_walls_value_do_not_count),
    CHECK_TEST(test_trends__a_limit_met_nowhere_is_no_wall),
    CHECK_TEST(test_trends__steps_differ_in_one_variable),
    {0},
};

int main(void)
{
    return check_main(tests);
}
