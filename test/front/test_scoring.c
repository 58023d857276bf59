/* Costs of a problem file's specs: worked vectors for the rule as written, and
   for what it leaves open (limits at or below zero, missing values, one-sided
   targets). */
#include "check.h"
#include "front/yaml.h"
#include "problem/problem.h"

#define VECTORS "test/data/scoring/scoring_vectors.json"

enum { MOST = 8 };

/* A problem of specs alone. */
typedef struct specs {
    tp_problem p;
    tp_measure measure[MOST];
    tp_spec    spec[MOST];
    tp_corner  corner[MOST];
    tp_reading reading[MOST * MOST];
} specs;

static double get(const tp_yaml *y, const char *key)
{
    double v = NAN;
    CHECK_OK(tp_yaml_number(&v, y, key, NULL), NULL);
    return v;
}

static const tp_yaml *vectors(void)
{
    tp_source     *file = TP_NEW(check_mem(), tp_source, 1);
    const tp_yaml *y = NULL;
    tp_err         err = {0};
    file->name = TP_S(VECTORS);
    CHECK_OK(tp_file_read(&file->text, VECTORS, 1 << 20, check_mem(), &err),
             &err);
    CHECK_OK(tp_yaml_read(&y, file, check_mem(), &err), &err);
    return y;
}

static specs *make(int n, int corners)
{
    specs *s = TP_NEW(check_mem(), specs, 1);
    s->p = (tp_problem){.n_measure = n,
                        .measure = s->measure,
                        .n_spec = n,
                        .spec = s->spec,
                        .n_corner = corners,
                        .corner = s->corner};
    for (int i = 0; i < n; i++) {
        s->measure[i].goal = TP_TO_SPEC;
        s->spec[i] = (tp_spec){.measure = i,
                               .min = NAN,
                               .max = NAN,
                               .target = NAN,
                               .weight = 1,
                               .min_scale = 1,
                               .max_scale = 1,
                               .target_scale = 1};
    }
    return s;
}

static specs *specs_of(const tp_yaml *list, int corners)
{
    specs *s = make(list->n, corners);
    for (int i = 0; i < list->n; i++) {
        const tp_yaml *y = &list->part[i];
        tp_spec       *one = &s->spec[i];
        s->measure[i].name = y->key;
        one->min = get(y, "min");
        one->max = get(y, "max");
        one->target = get(y, "target");
        one->weight = get(y, "weight");
        one->min_scale = fabs(one->min);
        one->max_scale = fabs(one->max);
        one->target_scale = fabs(one->target);
    }
    return s;
}

static bool boolean(const tp_yaml *y, const char *key)
{
    bool v = false;
    CHECK_OK(tp_yaml_bool(&v, y, key, NULL), NULL);
    return v;
}

static void check_corner(const specs *s, int corner, const tp_yaml *wanted)
{
    tp_cost c = tp_problem_cost(&s->p, s->reading, corner, false);
    CHECK_NEAR(c.feasibility, get(wanted, "feasibility_cost"), 1e-12);
    CHECK_NEAR(c.target, get(wanted, "target_cost"), 1e-12);
    CHECK_NEAR(c.cost, get(wanted, "cost"), 1e-9);
    CHECK_INT(c.feasible, boolean(wanted, "feasible"));
}

static void check_case(const tp_yaml *list, const tp_yaml *one)
{
    const tp_yaml *measured = tp_yaml_get(one, "measured");
    const tp_yaml *wanted = tp_yaml_get(one, "expected_per_corner");
    specs         *s = specs_of(list, measured->n);
    for (int c = 0; c < measured->n; c++)
        for (int i = 0; i < list->n; i++) {
            const char *name = tp_str_z(check_mem(), s->measure[i].name);
            s->reading[c * list->n + i] = (tp_reading){
                .ok = true, .value = get(&measured->part[c], name)};
        }
    for (int c = 0; c < measured->n; c++) check_corner(s, c, &wanted->part[c]);
    tp_cost worst = tp_problem_cost_worst(&s->p, s->reading);
    CHECK_NEAR(worst.cost, get(one, "expected_cost"), 1e-9);
    CHECK_INT(worst.feasible, boolean(one, "expected_feasible"));
    tp_score score = tp_problem_score(&s->p, s->reading, 0, check_mem());
    CHECK(score.ok);
    CHECK_INT(score.feasible, worst.feasible);
    CHECK_INT(score.n_g, 5); /* one per limit */
}

static void test_scoring__is_the_rule_as_written(void)
{
    const tp_yaml *y = vectors();
    const tp_yaml *cases = tp_yaml_get(y, "cases");
    if (!CHECK(cases != NULL) || !CHECK(cases->n >= 7)) return;
    for (int i = 0; i < cases->n; i++)
        check_case(tp_yaml_get(y, "specs"), &cases->part[i]);
}

/* What the method sees of the final report's example: per limit the worst
   corner, over the corners the dearest targets. */
static void test_scoring__a_method_sees_the_worst_corner(void)
{
    const tp_yaml *y = vectors();
    specs         *s = specs_of(tp_yaml_get(y, "specs"), 2);
    const double   v[2][5] = {{76.3, 9.2e6, 63, 185e-6, 7.1},
                              {70.1, 12.8e6, 56, 220e-6, 9.2}};
    for (int c = 0; c < 2; c++)
        for (int i = 0; i < 5; i++)
            s->reading[5 * c + i] = (tp_reading){.ok = true, .value = v[c][i]};
    tp_score score = tp_problem_score(&s->p, s->reading, 0, check_mem());
    if (!CHECK_INT(score.n_g, 5)) return;
    CHECK_NEAR(score.g[0], (70 - 70.1) / 70, 1e-12);
    CHECK_NEAR(score.g[1], (5e6 - 9.2e6) / 5e6, 1e-12);
    CHECK_NEAR(score.g[3], 0.1, 1e-12);
    CHECK_NEAR(score.g[4], (5 - 7.1) / 5, 1e-12);
    CHECK_NEAR(score.violation, 0.1, 1e-12);
    CHECK_NEAR(score.f, 1.1145192307692309, 1e-12);
    CHECK(!score.feasible);
    for (int i = 0; i < 5; i++) s->reading[5 + i].skipped = true;
    for (int i = 0; i < 5; i++) s->reading[5 + i].ok = false;
    score = tp_problem_score(&s->p, s->reading, 0, check_mem());
    CHECK(score.ok && score.feasible); /* ff was not asked for */
}

static tp_cost one_spec(tp_spec spec, double value, bool one_sided)
{
    specs *s = make(1, 0);
    spec.measure = 0;
    s->spec[0] = spec;
    s->reading[0] = (tp_reading){.ok = true, .value = value};
    return tp_problem_cost(&s->p, s->reading, 0, one_sided);
}

static void test_scoring__limits_at_and_below_zero(void)
{
    tp_spec psr = {.min = NAN,
                   .max = -60,
                   .target = -80,
                   .weight = 1,
                   .max_scale = 60,
                   .target_scale = 80};
    CHECK_NEAR(one_spec(psr, -54, false).cost, 1000.1, 1e-9);
    CHECK_NEAR(one_spec(psr, -60, false).cost, 0.25, 1e-12);
    CHECK_NEAR(one_spec(psr, -88, false).cost, 0.1, 1e-12);
    tp_spec off = {
        .min = 0, .max = NAN, .target = NAN, .weight = 1, .min_scale = 1e-3};
    CHECK_NEAR(one_spec(off, -1e-4, false).feasibility, 0.1, 1e-12);
    CHECK(one_spec(off, 0, false).feasible);
    tp_spec zero = {
        .min = NAN, .max = NAN, .target = 0, .weight = 2, .target_scale = 0.5};
    CHECK_NEAR(one_spec(zero, -0.25, false).cost, 1, 1e-12);
}

static void test_scoring__targets_from_one_side(void)
{
    tp_spec gain = {.min = 70,
                    .max = NAN,
                    .target = 80,
                    .weight = 1,
                    .min_scale = 70,
                    .target_scale = 80};
    CHECK_NEAR(one_spec(gain, 90, false).cost, 0.125, 1e-12);
    CHECK_NEAR(one_spec(gain, 90, true).cost, 0, 0); /* as min says so */
    CHECK_NEAR(one_spec(gain, 76, true).cost, 0.05, 1e-12);
    gain.sense = TP_HIGHER;
    CHECK_NEAR(one_spec(gain, 90, false).cost, 0, 0);
    CHECK_NEAR(one_spec(gain, 72, false).cost, 0.1, 1e-12);
    gain.sense = TP_LOWER;
    CHECK_NEAR(one_spec(gain, 72, false).cost, 0, 0);
    CHECK_NEAR(one_spec(gain, 84, true).cost, 0.05, 1e-12);
    gain.sense = TP_BOTH;
    gain.max = 100; /* limits on both sides: no side is the better one */
    gain.max_scale = 100;
    CHECK_NEAR(one_spec(gain, 84, true).cost, 0.05, 1e-12);
}

static void test_scoring__a_missing_value_is_a_miss_of_one(void)
{
    specs *s = make(2, 0);
    s->spec[0].min = 1;
    s->spec[1].max = 1;
    s->reading[0] = (tp_reading){.ok = true, .value = 2};
    s->reading[1] = (tp_reading){.why = TP_S("never crosses 0 dB")};
    tp_cost c = tp_problem_cost(&s->p, s->reading, 0, false);
    CHECK_NEAR(c.cost, 1001, 0);
    CHECK_INT(c.missing, 1);
    CHECK(!c.feasible);
    CHECK(!tp_problem_score(&s->p, s->reading, 0, check_mem()).ok);
    s->reading[1] = (tp_reading){.ok = true, .value = NAN};
    CHECK_INT(tp_problem_cost(&s->p, s->reading, 0, false).missing, 1);
}

static const check_test tests[] = {
    CHECK_TEST(test_scoring__is_the_rule_as_written),
    CHECK_TEST(test_scoring__a_method_sees_the_worst_corner),
    CHECK_TEST(test_scoring__limits_at_and_below_zero),
    CHECK_TEST(test_scoring__targets_from_one_side),
    CHECK_TEST(test_scoring__a_missing_value_is_a_miss_of_one),
    {0},
};

int main(void)
{
    return check_main(tests);
}
