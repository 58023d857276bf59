/* Strings, buffers, nearest names. */
#include "check.h"

static void test_str__compares_by_bytes_and_ignoring_case(void)
{
    CHECK(tp_str_eq(TP_S("abc"), TP_S("abc")));
    CHECK(!tp_str_eq(TP_S("abc"), TP_S("abC")));
    CHECK(tp_str_same(TP_S("aBc"), TP_S("AbC")));
    CHECK(!tp_str_same(TP_S("abc"), TP_S("abcd")));
    CHECK(tp_str_starts(TP_S(".OPTspec"), TP_S(".opt")));
    CHECK(!tp_str_starts(TP_S(".op"), TP_S(".opt")));
    CHECK(tp_str_cmp(TP_S("ab"), TP_S("abc")) < 0);
    CHECK(tp_str_cmp(TP_S("b"), TP_S("abc")) > 0);
    CHECK_INT(tp_str_cmp(TP_S(""), TP_S("")), 0);
    CHECK(tp_str_cmp(TP_S("\xff"), TP_S("a")) > 0);
}

static const check_test tests[] = {
    CHECK_TEST(test_str__compares_by_bytes_and_ignoring_case),
    {0},
};

int main(void)
{
    return check_main(tests);
}
