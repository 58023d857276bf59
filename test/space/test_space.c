/* The maps of search variables: exact at bounds and start, inverse up to
   rounding, on the grid, and what is refused. */
#include "check.h"
#include "space/space.h"

#include <float.h>

#define NO_LO -INFINITY
#define NO_HI INFINITY

static double real_of(tp_var v, double u)
{
    double   x;
    tp_space s = {1, &v};
    tp_space_real(&s, &u, &x);
    return x;
}

static double unit_of(tp_var v, double x)
{
    double   u;
    tp_space s = {1, &v};
    tp_space_unit(&s, &x, &u);
    return u;
}

static const tp_var kinds[] = {
    {.lo = 50, .hi = 20000, .start = 1000},
    {.lo = 50, .hi = 20000, .start = 1000, .log = true},
    {.lo = 1e-6, .hi = NO_HI, .start = 0.01},
    {.lo = 1e-6, .hi = NO_HI, .start = 0.01, .log = true},
    {.lo = 0.1, .hi = NO_HI, .start = 1, .log = true},
    {.lo = NO_LO, .hi = 7.3, .start = 0.7},
    {.lo = NO_LO, .hi = 7.3, .start = 0.7, .log = true},
    {.lo = NO_LO, .hi = NO_HI, .start = 0},
    {.lo = NO_LO, .hi = NO_HI, .start = -3.3},
    {.lo = -0.1, .hi = 0.3, .start = 0.1},
    {.lo = -DBL_MAX, .hi = DBL_MAX, .start = 1e308},
    {.lo = 1e-300, .hi = 1e300, .start = 3, .log = true},
};

static void test_space__round_trips(void)
{
    tp_rng rng = tp_rng_at(1, 0);
    for (int k = 0; k < TP_COUNT(kinds); k++) {
        tp_var   v = kinds[k];
        tp_space s = {1, &v};
        double   lo, hi;
        tp_space_bounds(&s, &lo, &hi);
        for (int i = 0; i < 1000; i++) {
            double from = isfinite(lo) ? lo : -4, to = isfinite(hi) ? hi : 4;
            double u = from + (to - from) * tp_rng_uniform(&rng);
            double x = real_of(v, u);
            CHECK(x >= v.lo && x <= v.hi);
            CHECK_NEAR(unit_of(v, x), u, 1e-12);
            double again = real_of(v, unit_of(v, x));
            CHECK_NEAR(again, x, 1e-12 * fabs(x) * (v.log ? 100 : 1));
        }
    }
}

static void test_space__is_exact_at_bounds_and_start(void)
{
    for (int k = 0; k < TP_COUNT(kinds); k++) {
        tp_var   v = kinds[k];
        tp_space s = {1, &v};
        double   lo, hi;
        tp_space_bounds(&s, &lo, &hi);
        if (isfinite(v.lo)) CHECK_NEAR(real_of(v, lo), v.lo, 0);
        if (isfinite(v.hi)) CHECK_NEAR(real_of(v, hi), v.hi, 0);
        CHECK_NEAR(real_of(v, unit_of(v, v.start)), v.start, 0);
        CHECK_OK(tp_space_check(&s, NULL), NULL);
    }
}

static void test_space__start_at_awkward_values_is_exact(void)
{
    tp_rng rng = tp_rng_at(2, 0);
    for (int i = 0; i < 10000; i++) {
        double start = 1 + 9 * tp_rng_uniform(&rng);
        tp_var v = {.lo = 1, .hi = 10, .start = start, .log = i & 1};
        CHECK_NEAR(real_of(v, unit_of(v, start)), start, 0);
        v.lo = 0.3, v.hi = NO_HI;
        CHECK_NEAR(real_of(v, unit_of(v, start)), start, 0);
    }
}

static void test_space__bounds_are_the_unit_interval_or_scaled(void)
{
    double lo[5], hi[5];
    tp_var v[] = {
        {.lo = 50, .hi = 20000, .start = 1000},
        {.lo = 1, .hi = NO_HI, .start = -4},
        {.lo = 0.01, .hi = NO_HI, .start = 1, .log = true},
        {.lo = NO_LO, .hi = 3, .start = 0},
        {.lo = 7, .hi = 7, .start = 7},
    };
    tp_space s = {5, v};
    tp_space_bounds(&s, lo, hi);
    CHECK_NEAR(lo[0], 0, 0);
    CHECK_NEAR(hi[0], 1, 0);
    CHECK_NEAR(lo[1], 0.25, 0);
    CHECK_NEAR(hi[1], INFINITY, 0);
    CHECK_NEAR(lo[2], -2 * log(10), 1e-14);
    CHECK_NEAR(hi[3], 3, 0);
    CHECK_NEAR(lo[3], -INFINITY, 0);
    CHECK_NEAR(lo[4], 0, 0);
    CHECK_NEAR(hi[4], 0, 0);
}

static void test_space__middle_is_arithmetic_or_geometric(void)
{
    tp_var v = {.lo = 1, .hi = 100, .start = 3};
    CHECK_NEAR(real_of(v, 0.5), 50.5, 1e-12);
    v.log = true;
    CHECK_NEAR(real_of(v, 0.5), 10, 1e-12);
    v.hi = NO_HI;
    CHECK_NEAR(real_of(v, log(2)), 6, 1e-12);
    v = (tp_var){.lo = NO_LO, .hi = NO_HI, .start = -4};
    CHECK_NEAR(real_of(v, 2.5), 10, 0);
}

static void test_space__clips(void)
{
    tp_var v = {.lo = 50, .hi = 20000, .start = 1000};
    CHECK_NEAR(real_of(v, -0.2), 50, 0);
    CHECK_NEAR(real_of(v, 1.7), 20000, 0);
    v.hi = NO_HI, v.log = true;
    CHECK_NEAR(real_of(v, -1e6), 50, 0);
    v.lo = v.hi = 1000;
    CHECK_NEAR(real_of(v, 0.4), 1000, 0);
    CHECK_NEAR(unit_of(v, 1000), 0, 0);
}

static void test_space__keeps_to_the_grid(void)
{
    tp_var v = {.lo = 1, .hi = 10, .start = 3, .step = 1};
    for (int i = 0; i <= 100; i++) {
        double x = real_of(v, i / 100.0);
        CHECK_NEAR(x, round(1 + 9 * (i / 100.0)), 0);
    }
    v.hi = 10.5; /* not on the grid */
    CHECK_NEAR(real_of(v, 1), 10, 0);
    CHECK_NEAR(real_of(v, 0.999), 10, 0);
    v = (tp_var){.lo = 0.1, .hi = 0.7, .start = 0.3, .step = 0.1};
    CHECK_NEAR(real_of(v, 1), 0.7, 0);
    CHECK_NEAR(real_of(v, 0.52), 0.4, 1e-16);
    v = (tp_var){.lo = 1, .hi = 1000, .start = 10, .step = 1, .log = true};
    CHECK_NEAR(real_of(v, 0.5), 32, 0);
    v = (tp_var){.lo = NO_LO, .hi = NO_HI, .start = 0.5, .step = 2};
    CHECK_NEAR(real_of(v, 7), 4.5, 0); /* 3.5 lies between 2.5 and 4.5 */
}

static void test_space__wants_log(void)
{
    static const struct {
        tp_var v;
        bool   wants;
    } rows[] = {
        {{.lo = 50, .hi = 20000, .start = 1000}, true},
        {{.lo = 100, .hi = 1000, .start = 999}, true},
        {{.lo = 100, .hi = 999, .start = 100}, false},
        {{.lo = 0, .hi = 1000, .start = 1}, false},
        {{.lo = -1, .hi = 1000, .start = 1}, false},
        {{.lo = 1e-6, .hi = NO_HI, .start = 0.01}, false},
        {{.lo = 0.11, .hi = NO_HI, .start = 1}, false},
        {{.lo = NO_LO, .hi = 10, .start = 1}, false},
        {{.lo = NO_LO, .hi = NO_HI, .start = 1}, false},
    };
    for (int i = 0; i < TP_COUNT(rows); i++)
        CHECK_INT(tp_var_wants_log(&rows[i].v), rows[i].wants);
}

static void test_space__check_names_variable_and_values(void)
{
    static const struct {
        tp_var      v;
        const char *says;
    } rows[] = {
        {{.lo = 2, .hi = 1, .start = 1}, "lower bound is above"},
        {{.lo = 2, .hi = 3, .start = 1}, "below the lower bound (start 1, "},
        {{.lo = 2, .hi = 3, .start = 4}, "above the upper bound"},
        {{.lo = 2, .hi = 3, .start = NAN}, "start value is not finite"},
        {{.lo = NAN, .hi = 3, .start = 1}, "bound is not a number"},
        {{.lo = 0, .hi = 3, .start = 1, .log = true}, "must be positive"},
        {{.lo = NO_LO, .hi = 3, .start = -1, .log = true}, "must be positive"},
        {{.lo = 1, .hi = 3, .start = 1.5, .step = 1}, "not on the grid"},
        {{.lo = 1, .hi = 3, .start = 2, .step = -1}, "negative"},
    };
    for (int i = 0; i < TP_COUNT(rows); i++) {
        tp_var v[2] = {{.lo = 0, .hi = 1, .start = 0.5}, rows[i].v};
        v[0].name = TP_S("fine"), v[1].name = TP_S("Rtail");
        tp_space s = {2, v};
        tp_err   err = {0};
        CHECK_INT(tp_space_check(&s, &err), TP_BAD_INPUT);
        CHECK_HAS(tp_str_of(err.msg), "variable Rtail: ");
        CHECK_HAS(tp_str_of(err.msg), rows[i].says);
    }
}

static void test_space__finds_names_in_any_case(void)
{
    tp_var   v[] = {{.name = {"rcurr", 5}}, {.name = {"Rtail", 5}}};
    tp_space s = {2, v};
    CHECK_INT(tp_space_find(&s, TP_S("RTAIL")), 1);
    CHECK_INT(tp_space_find(&s, TP_S("rtai")), -1);
}

static const double e6[] = {1, 1.5, 2.2, 3.3, 4.7, 6.8, 10};

static void test_space__takes_values_of_a_list_only(void)
{
    tp_var v = {.lo = 1, .hi = 10, .start = 2.2, .n_list = 7, .list = e6};
    tp_var l = v;
    tp_err err = {0};
    l.log = true;
    CHECK_OK(tp_space_check(&(tp_space){1, &v}, &err), &err);
    for (int k = 0; k < 7; k++) {
        CHECK_NEAR(real_of(v, unit_of(v, e6[k])), e6[k], 0);
        CHECK_NEAR(real_of(l, unit_of(l, e6[k])), e6[k], 0);
    }
    CHECK_NEAR(real_of(v, unit_of(v, 5.7)), 4.7, 0); /* 5.75 is the middle */
    CHECK_NEAR(real_of(l, unit_of(l, 5.7)), 6.8, 0); /* 5.653 is the middle */
    CHECK_NEAR(real_of(v, -3), 1, 0);
    CHECK_NEAR(real_of(v, 3), 10, 0);
}

static void test_space__refuses_lists_that_are_none(void)
{
    static const double falls[] = {1, 3, 2}, three[] = {1, 2, 3};
    tp_var falling = {.lo = 1, .hi = 2, .start = 1, .n_list = 3, .list = falls};
    tp_var off = {.lo = 1, .hi = 3, .start = 1.5, .n_list = 3, .list = three};
    tp_var wide = {.lo = 1, .hi = 4, .start = 1, .n_list = 3, .list = three};
    const struct {
        tp_var      v;
        const char *why;
    } row[] = {{falling, "do not rise"},
               {off, "the start value is not in the list"},
               {wide, "the bounds are not the ends of the list"}};
    for (int i = 0; i < TP_COUNT(row); i++) {
        tp_err err = {0};
        CHECK_INT(tp_space_check(&(tp_space){1, &row[i].v}, &err),
                  TP_BAD_INPUT);
        CHECK_HAS(tp_str_of(err.msg), row[i].why);
    }
}

static void test_space__a_range_has_first_and_last_values(void)
{
    static const double some[] = {1, 2.5, 4};
    const tp_var        grid = {.lo = 1, .hi = 12, .start = 3.5, .step = 2};
    const tp_var        list = {
               .lo = 1, .hi = 4, .start = 1, .n_list = 3, .list = some};
    const tp_var any = {.lo = 1, .hi = 4, .start = 2};
    const struct {
        const tp_var *v;
        double        lo, hi;
        bool          has;
        double        first, last;
    } row[] = {
        {&grid, 1, 12, true, 1, 11},
        {&grid, 4.4, 9.6, true, 5, 9},
        {&grid, 5, 7, true, 5, 7},
        {&grid, 3.4, 3.6, true, 3.5, 3.5},
        {&grid, 5.1, 6.9, false, 0, 0},
        {&list, 1.2, 3.9, true, 2.5, 2.5},
        {&list, 2.5, 4, true, 2.5, 4},
        {&list, 2.6, 3.9, false, 0, 0},
        {&any, 1.25, 3.75, true, 1.25, 3.75},
    };
    for (int i = 0; i < TP_COUNT(row); i++) {
        double range[2] = {row[i].lo, row[i].hi};
        CHECK_INT(tp_var_within(row[i].v, range), row[i].has);
        if (!row[i].has) continue;
        CHECK(range[0] == row[i].first);
        CHECK(range[1] == row[i].last);
    }
}

static const check_test tests[] = {
    CHECK_TEST(test_space__round_trips),
    CHECK_TEST(test_space__is_exact_at_bounds_and_start),
    CHECK_TEST(test_space__start_at_awkward_values_is_exact),
    CHECK_TEST(test_space__bounds_are_the_unit_interval_or_scaled),
    CHECK_TEST(test_space__middle_is_arithmetic_or_geometric),
    CHECK_TEST(test_space__clips),
    CHECK_TEST(test_space__keeps_to_the_grid),
    CHECK_TEST(test_space__wants_log),
    CHECK_TEST(test_space__check_names_variable_and_values),
    CHECK_TEST(test_space__finds_names_in_any_case),
    CHECK_TEST(test_space__takes_values_of_a_list_only),
    CHECK_TEST(test_space__refuses_lists_that_are_none),
    CHECK_TEST(test_space__a_range_has_first_and_last_values),
    {0},
};

int main(void)
{
    return check_main(tests);
}
