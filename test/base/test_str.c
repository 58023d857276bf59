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
    CHECK(tp_str_has(TP_S("so Singular Matrix"), TP_S("matrix")));
    CHECK(tp_str_has(TP_S("mamatrix"), TP_S("matrix")));
    CHECK(tp_str_has(TP_S(""), TP_S("")));
    CHECK(!tp_str_has(TP_S("matri"), TP_S("matrix")));
    CHECK(!tp_str_has(TP_S("a matri"), TP_S("matrix")));
    CHECK(tp_str_cmp(TP_S("ab"), TP_S("abc")) < 0);
    CHECK(tp_str_cmp(TP_S("b"), TP_S("abc")) > 0);
    CHECK_INT(tp_str_cmp(TP_S(""), TP_S("")), 0);
    CHECK(tp_str_cmp(TP_S("\xff"), TP_S("a")) > 0);
    CHECK(tp_str_eq((tp_str){NULL, 0}, TP_S("")));
}

static void test_str__knows_ascii_only(void)
{
    CHECK_INT(tp_lower('Z'), 'z');
    CHECK_INT(tp_lower('['), '[');
    CHECK_INT(tp_lower((char)0xC4), (char)0xC4);
    CHECK(tp_is_space('\v') && tp_is_space('\r') && !tp_is_space('\0'));
    CHECK(tp_is_digit('0') && tp_is_digit('9') && !tp_is_digit(':'));
    CHECK(tp_is_alpha('a') && tp_is_alpha('Z') && !tp_is_alpha('_'));
    CHECK(!tp_is_alpha((char)0xE4));
}

static void test_str__parts_are_clamped(void)
{
    CHECK_STR(tp_str_part(TP_S("abcdef"), 2, 3), "cde");
    CHECK_STR(tp_str_part(TP_S("abc"), 2, 99), "c");
    CHECK_STR(tp_str_part(TP_S("abc"), -5, 2), "ab");
    CHECK_STR(tp_str_part(TP_S("abc"), 9, 2), "");
    CHECK_STR(tp_str_part(TP_S("abc"), 1, -1), "");
    CHECK_STR(tp_str_from(TP_S("abc"), 1), "bc");
    CHECK_STR(tp_str_from((tp_str){NULL, 0}, 3), "");
    CHECK_STR(tp_str_trim(TP_S(" \t a b\r\n")), "a b");
    CHECK_STR(tp_str_trim(TP_S(" \n ")), "");
}

static void test_str__finds_from_a_place_on(void)
{
    CHECK_INT(tp_str_find(TP_S("a.b.c"), '.', 0), 1);
    CHECK_INT(tp_str_find(TP_S("a.b.c"), '.', 2), 3);
    CHECK_INT(tp_str_find(TP_S("a.b.c"), '.', 4), -1);
    CHECK_INT(tp_str_find(TP_S("abc"), 'a', -3), 0);
    CHECK_INT(tp_str_find(TP_S(""), 'a', 0), -1);
    CHECK_INT(tp_str_find(TP_S("a\0b"), 'b', 0), 2);
}

static void test_str__cuts_words(void)
{
    tp_str rest = TP_S("  one, two,,three ");
    CHECK_STR(tp_str_word(&rest, " ,"), "one");
    CHECK_STR(rest, ", two,,three ");
    CHECK_STR(tp_str_word(&rest, " ,"), "two");
    CHECK_STR(tp_str_word(&rest, " ,"), "three");
    CHECK_INT(tp_str_word(&rest, " ,").len, 0);
    CHECK_INT(rest.len, 0);
    rest = TP_S("a\0b c"); /* a zero byte separates nothing */
    CHECK_INT(tp_str_word(&rest, " ").len, 3);
}

static void test_str__copies_end_in_zero(void)
{
    tp_arena *mem = check_mem();
    tp_str    copy = tp_str_copy(mem, TP_S("Abc"));
    CHECK_STR(copy, "Abc");
    CHECK_INT(copy.at[3], '\0');
    CHECK_STR(tp_str_lower(mem, TP_S("R1-ÄB")), "r1-Äb");
    CHECK_Z(tp_str_z(mem, tp_str_part(TP_S("abcdef"), 1, 2)), "bc");
    CHECK_Z(tp_str_z(mem, (tp_str){NULL, 0}), "");
    CHECK_STR(tp_str_of(NULL), "");
}

static void test_str__formats_any_length(void)
{
    tp_arena *mem = check_mem();
    tp_str    word = TP_S("xy");
    CHECK_STR(tp_str_fmt(mem, "%d-%.*s!", 7, TP_F(word)), "7-xy!");
    CHECK_STR(tp_str_fmt(mem, "%s", ""), "");
    tp_str wide = tp_str_fmt(mem, "%5000d", 1);
    CHECK_INT(wide.len, 5000);
    CHECK_INT(wide.at[4999], '1');
}

static void test_buf__grows_in_place_and_when_it_must_move(void)
{
    tp_arena *mem = check_mem();
    tp_buf    b = {.mem = mem};
    CHECK_STR(tp_buf_str(&b), "");
    for (int i = 0; i < 1000; i++) tp_buf_char(&b, (char)('a' + i % 26));
    const char *first = b.at;
    int        *wall = TP_NEW(mem, int, 1);
    *wall = 42;
    tp_buf_add(&b, TP_S("<"));
    for (int i = 0; i < 1000; i++) tp_buf_fmt(&b, "%d", i % 10);
    tp_str s = tp_buf_str(&b);
    CHECK_INT(s.len, 2001);
    CHECK_STR(tp_str_part(s, 24, 4), "yzab");
    CHECK_STR(tp_str_part(s, 1000, 4), "<012");
    CHECK_STR(tp_str_from(s, 1998), "789");
    CHECK(b.at != first);
    CHECK_INT(*wall, 42);
}

static void test_buf__takes_a_large_part_at_once(void)
{
    tp_arena *mem = check_mem();
    tp_buf    b = {.mem = mem};
    tp_str    wide = tp_str_fmt(mem, "%100000d", 5);
    tp_buf_add(&b, TP_S("a"));
    tp_buf_add(&b, wide);
    tp_buf_add(&b, (tp_str){NULL, 0});
    CHECK_INT(tp_buf_str(&b).len, 100001);
    tp_str s = tp_buf_str(&b);
    CHECK_STR(tp_str_from(s, 99999), " 5");
}

static const tp_str fns[] = {{"gain_margin", 11}, {"GainMargin", 10},
                             {"PhaseMargin", 11}, {"Mean1", 5},
                             {"RMS1", 4},         {"Bandwidth", 9}};

static void test_nearest__is_best_first(void)
{
    int out[6];
    int n = tp_nearest(TP_S("gainmargin"), fns, TP_COUNT(fns), out, 6);
    if (!CHECK_INT(n, 3)) return;
    CHECK_INT(out[0], 1); /* same but for case */
    CHECK_INT(out[1], 0); /* one letter more */
    CHECK_INT(out[2], 2); /* four others */
    CHECK_INT(tp_nearest(TP_S("gainmargin"), fns, TP_COUNT(fns), out, 1), 1);
    CHECK_INT(out[0], 1);
}

static void test_nearest__counts_a_swap_as_one(void)
{
    static const tp_str names[] = {{"ac", 2}, {"dc", 2}, {"tran", 4}};
    int                 out[3];
    CHECK_INT(tp_nearest(TP_S("ca"), names, 3, out, 3), 1);
    CHECK_INT(out[0], 0);
    CHECK_INT(tp_nearest(TP_S("trna"), names, 3, out, 3), 1);
    CHECK_INT(out[0], 2);
    CHECK_INT(tp_nearest(TP_S("noise"), names, 3, out, 3), 0);
    CHECK_INT(tp_nearest(TP_S(""), names, 3, out, 3), 0);
    CHECK_INT(tp_nearest(TP_S("q"), names, 3, out, 3), 0);
}

static void test_nearest__takes_long_words(void)
{
    tp_arena *mem = check_mem();
    tp_str    wide = tp_str_fmt(mem, "%065d", 1);
    int       out[1];
    CHECK_INT(tp_nearest(wide, &wide, 1, out, 1), 0);
    tp_str most = tp_str_fmt(mem, "%064d", 1);
    CHECK_INT(tp_nearest(most, &most, 1, out, 1), 1);
    CHECK_INT(tp_nearest(most, &wide, 1, out, 1), 0);
}

static void test_nearest__makes_a_phrase(void)
{
    tp_arena *mem = check_mem();
    CHECK_STR(tp_did_you_mean(mem, TP_S("Bandwith"), fns, TP_COUNT(fns)),
              " (did you mean Bandwidth?)");
    CHECK_STR(tp_did_you_mean(mem, TP_S("zzz"), fns, TP_COUNT(fns)), "");
    CHECK_STR(tp_did_you_mean(mem, TP_S("gainmargin"), fns, TP_COUNT(fns)),
              " (did you mean GainMargin, gain_margin, PhaseMargin?)");
}

static const check_test tests[] = {
    CHECK_TEST(test_str__compares_by_bytes_and_ignoring_case),
    CHECK_TEST(test_str__knows_ascii_only),
    CHECK_TEST(test_str__parts_are_clamped),
    CHECK_TEST(test_str__finds_from_a_place_on),
    CHECK_TEST(test_str__cuts_words),
    CHECK_TEST(test_str__copies_end_in_zero),
    CHECK_TEST(test_str__formats_any_length),
    CHECK_TEST(test_buf__grows_in_place_and_when_it_must_move),
    CHECK_TEST(test_buf__takes_a_large_part_at_once),
    CHECK_TEST(test_nearest__is_best_first),
    CHECK_TEST(test_nearest__counts_a_swap_as_one),
    CHECK_TEST(test_nearest__takes_long_words),
    CHECK_TEST(test_nearest__makes_a_phrase),
    {0},
};

int main(void)
{
    return check_main(tests);
}
