/* Scoring: objective and constraints in closed form, ranking of trials, and
   readings as bytes. */
#include "check.h"
#include "problem/problem.h"

#include <float.h>
#include <math.h>

/* amp-700: minimise a current under three limits; one measure is watched. */
static tp_measure measures[] = {
    {.goal = TP_MINIMISE},
    {.goal = TP_AT_LEAST, .target = 2.5e8, .scale = 2.5e8},
    {.goal = TP_WATCH},
    {.goal = TP_AT_LEAST, .target = 20, .scale = 20},
    {.goal = TP_AT_MOST, .target = 0.01, .scale = 0.01},
};
static const tp_problem amp = {.n_measure = TP_COUNT(measures),
                               .measure = measures};

enum { N = TP_COUNT(measures) };

/* Readings of these values. */
static const tp_reading *read_all(const double v[N])
{
    tp_reading *r = TP_NEW(check_mem(), tp_reading, N);
    for (int i = 0; i < N; i++) r[i] = (tp_reading){.ok = true, .value = v[i]};
    return r;
}

static tp_score score_of(double f, double bw, double gain, double dist)
{
    return tp_problem_score(&amp, read_all((double[]){f, bw, 7, gain, dist}),
                            1e-3, check_mem());
}

static void test_score__is_miss_over_scale(void)
{
    tp_score s = score_of(2.44061e-3, 2.7696e8, 18.7781, 0.013213);
    CHECK(s.ok);
    CHECK_NEAR(s.f, 2.44061e-3, 0);
    CHECK_INT(s.n_g, 3);
    CHECK_NEAR(s.g[0], -0.10784, 1e-9);
    CHECK_NEAR(s.g[1], 0.061095, 1e-9);
    CHECK_NEAR(s.g[2], 0.3213, 1e-9);
    CHECK_NEAR(s.violation, 0.061095 + 0.3213, 1e-9);
    CHECK(!s.feasible);
}

static void test_score__feasible_within_ctol(void)
{
    tp_score s = score_of(1, 2.5e8, 20 * (1 - 0.9e-3), 0.01);
    CHECK(s.feasible);
    CHECK_NEAR(s.violation, 0.9e-3, 1e-12);
    CHECK(!score_of(1, 2.5e8, 20 * (1 - 1.1e-3), 0.01).feasible);
}

static void test_score__maximise_is_negated(void)
{
    tp_measure m = {.goal = TP_MAXIMISE};
    tp_problem p = {.n_measure = 1, .measure = &m};
    tp_reading r = {.ok = true, .value = 18.5};
    CHECK_NEAR(tp_problem_score(&p, &r, 0, check_mem()).f, -18.5, 0);
}

static void test_score__a_limit_of_zero_has_scale_one(void)
{
    tp_measure m = {.goal = TP_AT_LEAST, .target = 0, .scale = 1};
    tp_problem p = {.n_measure = 1, .measure = &m};
    tp_reading r = {.ok = true, .value = -0.25};
    tp_score   s = tp_problem_score(&p, &r, 0, check_mem());
    CHECK(s.ok && !s.feasible);
    CHECK_NEAR(s.g[0], 0.25, 0);
    CHECK_NEAR(s.f, 0, 0);
}

static void test_score__a_missing_value_is_no_number(void)
{
    double good[N] = {1, 3e8, 7, 21, 0.001};
    for (int i = 0; i < N; i++) {
        tp_reading r[N];
        memcpy(r, read_all(good), sizeof r);
        r[i] = (tp_reading){.why = TP_S("never crosses")};
        tp_score s = tp_problem_score(&amp, r, 1e-3, check_mem());
        CHECK_INT(s.ok, measures[i].goal == TP_WATCH);
        CHECK_INT(s.feasible, measures[i].goal == TP_WATCH);
        r[i] = (tp_reading){.ok = true, .value = NAN};
        s = tp_problem_score(&amp, r, 1e-3, check_mem());
        CHECK_INT(s.ok, measures[i].goal == TP_WATCH);
    }
    CHECK(!tp_problem_score(&amp, NULL, 1e-3, check_mem()).ok);
}

static void test_score__an_infeasible_point_needs_no_cost(void)
{
    double     bad[N] = {1, 3e8, 7, 19, 0.001}; /* gain below its limit */
    tp_reading r[N];
    memcpy(r, read_all(bad), sizeof r);
    r[tp_problem_objective(&amp)] = (tp_reading){.why = TP_S("not asked")};
    tp_score s = tp_problem_score(&amp, r, 1e-3, check_mem());
    CHECK(s.ok && s.no_f && !s.feasible);
    CHECK(s.violation > 0);
}

/* Two corners of amp: what is known of each; the score is the worst of them. */
static void test_part__the_worst_of_the_corners_is_the_score(void)
{
    const double   tt[N] = {2e-3, 3e8, 7, 21, 0.02};
    const double   ff[N] = {3e-3, 2e8, 7, 25, 0.005};
    tp_corner      corner[2] = {{.name = TP_S("tt")}, {.name = TP_S("ff")}};
    tp_problem     p = amp;
    tp_reading     r[2 * N];
    double         part[2][4];
    const tp_bound any = {INFINITY, INFINITY}, cost = {INFINITY, 2.5e-3};
    p.n_corner = 2;
    p.corner = corner;
    memcpy(r, read_all(tt), sizeof *r * N);
    memcpy(r + N, read_all(ff), sizeof *r * N);
    tp_score s = tp_problem_score(&p, r, 1e-3, check_mem());
    for (int c = 0; c < 2; c++) tp_problem_part(&p, r, c, part[c]);
    CHECK_NEAR(fmax(part[0][0], part[1][0]), s.f, 0);
    for (int i = 0; i < 3; i++)
        CHECK_NEAR(fmax(part[0][1 + i], part[1][1 + i]), s.g[i], 0);
    CHECK(!tp_problem_lost(&p, r, 1e-3, &any));
    CHECK(tp_problem_lost(&p, r, 1e-3, &cost));
    for (int i = 0; i < N; i++) r[N + i] = (tp_reading){.skipped = true};
    CHECK(!tp_problem_lost(&p, r, 1e-3, &cost)); /* 2e-3 in tt */
    r[1] = (tp_reading){.why = TP_S("never crosses")};
    for (int c = 0; c < 2; c++) tp_problem_part(&p, r, c, part[c]);
    CHECK(part[0][0] == 2e-3 && isnan(part[0][1]) && part[0][3] == 1);
    for (int i = 0; i < 4; i++) CHECK(isnan(part[1][i]));
    CHECK(!tp_problem_over_corners(&p));
    p.measure++; /* nothing is minimised: f is 0, as the score's */
    p.n_measure--;
    tp_problem_part(&p, read_all(tt) + 1, 0, part[0]);
    CHECK(part[0][0] == 0 && part[0][1] < 0 && part[0][3] == 1);
}

static void test_score__ranks_feasible_then_violation_then_failed(void)
{
    tp_score order[] = {
        {.ok = true, .feasible = true, .f = -2},
        {.ok = true, .feasible = true, .f = 3, .violation = 1e-4},
        {.ok = true, .f = -9, .violation = 0.1},
        {.ok = true, .f = -99, .violation = 0.2},
        {.ok = false},
    };
    for (int i = 0; i < TP_COUNT(order); i++)
        for (int k = 0; k < TP_COUNT(order); k++) {
            int c = tp_score_compare(&order[i], &order[k]);
            CHECK_INT((c > 0) - (c < 0), (i > k) - (i < k));
        }
}

static void test_problem__counts_objective_and_constraints(void)
{
    CHECK_INT(tp_problem_objective(&amp), 0);
    CHECK_INT(tp_problem_constraints(&amp), 3);
    tp_problem none = {.n_measure = 4, .measure = measures + 1};
    CHECK_INT(tp_problem_objective(&none), -1);
}

static void test_goal__has_words(void)
{
    static const struct {
        tp_goal     goal;
        const char *name;
    } rows[] = {{TP_WATCH, "watch"},
                {TP_MINIMISE, "minimise"},
                {TP_MAXIMISE, "maximise"},
                {TP_AT_MOST, "at most"},
                {TP_AT_LEAST, "at least"}};
    for (int i = 0; i < TP_COUNT(rows); i++)
        CHECK_Z(tp_goal_name(rows[i].goal), rows[i].name);
}

static const tp_reading some[] = {
    {.ok = true, .value = 0.1, .unit = {"A", 1}},
    {.ok = true, .value = -DBL_MIN / 4},
    {.ok = false, .value = 0, .why = {"never crosses -3 dB", 19}},
};

static void test_readings__come_back_exactly(void)
{
    tp_buf b = {.mem = check_mem()};
    tp_readings_pack(&b, some, TP_COUNT(some));
    tp_unpack         u = {.rest = tp_buf_str(&b)};
    const tp_reading *r;
    int               n;
    tp_err            err = {0};
    if (!CHECK_OK(tp_readings_unpack(&r, &n, &u, check_mem(), &err), &err))
        return;
    CHECK_INT(n, TP_COUNT(some));
    for (int i = 0; i < n; i++) {
        CHECK_INT(r[i].ok, some[i].ok);
        CHECK_NEAR(r[i].value, some[i].value, 0);
        CHECK(tp_str_eq(r[i].unit, some[i].unit));
        CHECK(tp_str_eq(r[i].why, some[i].why));
    }
}

static void test_readings__cut_bytes_are_refused(void)
{
    tp_buf b = {.mem = check_mem()};
    tp_readings_pack(&b, some, TP_COUNT(some));
    for (ptrdiff_t len = 0; len < b.len; len++) {
        tp_unpack         u = {.rest = {b.at, len}};
        const tp_reading *r;
        int               n;
        tp_err            err = {0};
        CHECK_INT(tp_readings_unpack(&r, &n, &u, check_mem(), &err),
                  TP_BAD_INPUT);
    }
}

static void test_proof__comes_back(void)
{
    tp_proof p = {.done = true,
                  .simulator = TP_S("ngspice -b"),
                  .max_relative_difference = 2.1e-9,
                  .why = TP_S("gain differs"),
                  .seconds = 0.3};
    tp_buf   b = {.mem = check_mem()};
    tp_err   err = {0};
    tp_proof q;
    tp_proof_pack(&b, &p);
    CHECK_OK(tp_proof_unpack(&q, tp_buf_str(&b), &err), &err);
    CHECK(q.done && !q.same);
    CHECK_STR(q.simulator, "ngspice -b");
    CHECK_NEAR(q.max_relative_difference, 2.1e-9, 0);
    CHECK_INT(tp_proof_unpack(&q, tp_str_part(tp_buf_str(&b), 0, 20), &err),
              TP_BAD_INPUT);
    CHECK_OK(tp_proof_unpack(&q, (tp_str){0}, &err), &err);
    CHECK(!q.done);
}

static const check_test tests[] = {
    CHECK_TEST(test_score__is_miss_over_scale),
    CHECK_TEST(test_score__feasible_within_ctol),
    CHECK_TEST(test_score__maximise_is_negated),
    CHECK_TEST(test_score__a_limit_of_zero_has_scale_one),
    CHECK_TEST(test_score__a_missing_value_is_no_number),
    CHECK_TEST(test_score__an_infeasible_point_needs_no_cost),
    CHECK_TEST(test_part__the_worst_of_the_corners_is_the_score),
    CHECK_TEST(test_score__ranks_feasible_then_violation_then_failed),
    CHECK_TEST(test_problem__counts_objective_and_constraints),
    CHECK_TEST(test_goal__has_words),
    CHECK_TEST(test_readings__come_back_exactly),
    CHECK_TEST(test_readings__cut_bytes_are_refused),
    CHECK_TEST(test_proof__comes_back),
    {0},
};

int main(void)
{
    return check_main(tests);
}
