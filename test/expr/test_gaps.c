/* Vectors with gaps, and that there are none where they are not allowed. */
#include "evaluate.h"

#include <math.h>

static const double at[] = {1, 2, 3, 4}, y[] = {5, NAN, 2, 8},
                    most[] = {4, NAN};

static scene gappy(void)
{
    scene   s = {.dialect = TP_NUTMEG, .gaps = true};
    tp_wave w = {.name = TP_S("c"), .n = 4, .x = at, .re = y};
    tp_wave full = {.name = TP_S("f"), .n = 4, .x = at, .re = at};
    tp_wave half = {.name = TP_S("h"), .n = 2, .re = most};
    tp_wave none = {.name = TP_S("g"), .n = 1, .re = &y[1]};
    scene_bind(&s, "c", tp_value_wave(&w));
    scene_bind(&s, "f", tp_value_wave(&full));
    scene_bind(&s, "g", tp_value_wave(&none));
    scene_bind(&s, "h", tp_value_wave(&half));
    return s;
}

static void test_gaps__values(void)
{
    static const struct {
        const char *text, *shows;
    } row[] = {
        {"2*c + 1", "xy([1, 2, 3, 4], [11, nan, 5, 17])"},
        {"f - c", "xy([1, 2, 3, 4], [-4, nan, 1, -4])"},
        {"log(10*c/c)", "xy([1, 2, 3, 4], [1, nan, 1, 1])"},
        {"c gt 2", "xy([1, 2, 3, 4], [1, 0, 0, 1])"},
        {"max(c, 3)", "xy([1, 2, 3, 4], [5, nan, 3, 8])"},
        {"min(c, f)", "xy([1, 2, 3, 4], [1, nan, 2, 4])"},
        /* a shorter one is made longer before the gaps are taken out */
        {"max(c, (9;9;7))", "xy([1, 2, 3, 4], [9, nan, 7, 8])"},
        {"min(c, h)", "xy([1, 2, 3, 4], [4, nan, nan, nan])"},
        {"min(c)", "2"},
        {"max(c)", "8"},
        {"mean(c)", "5"},
        {"sum(c)", "15"},
        {"length(c)", "4"},
        {"length(7)", "1"},
        {"sortorder(c)", "[2, 0, 3, 1]"},
        {"c[2]", "2"},
        {"c[0,2]", "xy([1, 2, 3], [5, nan, 2])"},
        {"c[1]", "none: there is a gap at this element"},
        {"max(c, g)", "none: max: there is no value between the gaps"},
        {"max(g, f)", "none: max: there is no value between the gaps"},
        {"mean(g)", "none: mean: there is no value between the gaps"},
        {"sqrt(-1)/0*c", "none: division by zero"},
    };
    scene s = gappy();
    for (int i = 0; i < TP_COUNT(row); i++)
        CHECK_STR(shown(&s, row[i].text), row[i].shows);
}

static void test_gaps__are_not_true(void)
{
    scene s = gappy();
    CHECK(tp_value_true(&s.bound[0].value));
    CHECK(!tp_value_true(&s.bound[2].value));
}

static void test_gaps__are_refused_where_not_allowed(void)
{
    scene s = gappy();
    s.gaps = false;
    CHECK_STR(shown(&s, "min(c)"), "none: the value at x = 2 is not finite");
    s.gaps = true;
    double  big[] = {1, INFINITY};
    tp_wave w = {.name = TP_S("b"), .n = 2, .re = big};
    scene_bind(&s, "b", tp_value_wave(&w));
    CHECK_STR(shown(&s, "min(b)"), "none: value 1 is not finite");
}

static const check_test tests[] = {
    CHECK_TEST(test_gaps__values),
    CHECK_TEST(test_gaps__are_not_true),
    CHECK_TEST(test_gaps__are_refused_where_not_allowed),
    {0},
};

int main(void)
{
    return check_main(tests);
}
