/* A deck in a corner: other library sections, another temperature. */
#include "texts.h"

static const char lib[] = ".lib tt\nr1 a b 1\n.endl\n"
                          ".lib ff\nr1 a b 2\n.endl\n"
                          ".lib res\nr2 b 0 3\n.endl\n";

static tp_str in_condition(const char *deck, const tp_condition *in)
{
    tp_err          err = {0};
    tp_deck        *d = NULL;
    const tp_source file[] = {{TP_S("d/d.net"), tp_str_of(deck)},
                              {TP_S("d/m.lib"), tp_str_of(lib)},
                              {TP_S("m2.lib"), tp_str_of(lib)}};
    const tp_files  files = {.n = 3, .file = file};
    if (tp_deck_read_in(&d, "d/d.net", &files, in, check_mem(), &err))
        return tp_str_fmt(check_mem(), "%s", err.msg);
    return written(d, NULL, 0);
}

static tp_condition sections(const char *a, const char *b)
{
    tp_str *s = TP_NEW(check_mem(), tp_str, 2);
    s[0] = tp_str_of(a);
    s[1] = tp_str_of(b);
    return (tp_condition){
        .lib = TP_S(""), .n_section = b ? 2 : 1, .section = s, .temp = NAN};
}

static const char calls[] =
    "t\n.lib m.lib tt\n.lib \"./m.lib\" res\nc1 a 0 1\n";

static void test_condition__none_is_the_deck(void)
{
    CHECK_STR(in_condition(calls, NULL), "r1 a b 1\nr2 b 0 3\nc1 a 0 1\n");
}

static void test_condition__replaces_all_calls_of_the_library(void)
{
    tp_condition ff = sections("ff", NULL), both = sections("ff", "res");
    CHECK_STR(in_condition(calls, &ff), "r1 a b 2\nc1 a 0 1\n");
    CHECK_STR(in_condition(calls, &both), "r1 a b 2\nr2 b 0 3\nc1 a 0 1\n");
}

static void test_condition__names_the_library(void)
{
    tp_condition ff = sections("ff", NULL);
    const char   two[] = "t\n.lib m.lib res\n.lib ../m2.lib tt\nc1 a 0 1\n";
    ff.lib = TP_S("m2.lib");
    CHECK_STR(in_condition(two, &ff), "r2 b 0 3\nr1 a b 2\nc1 a 0 1\n");
    CHECK_STR(in_condition("t\nc1 a 0 1\n", &ff), "c1 a 0 1\nr1 a b 2\n");
}

/* The library of a problem file may be named from the root. */
static void test_condition__knows_the_library_by_another_path(void)
{
    tp_condition    ff = sections("ff", NULL);
    tp_err          err = {0};
    tp_deck        *d = NULL;
    const char     *path[] = {"/home/d/m.lib", "/home/d/n.lib"};
    const tp_source file[] = {
        {TP_S("d/d.net"), TP_S("t\n.lib m.lib tt\nc1 a 0 1\n")},
        {TP_S("d/m.lib"), tp_str_of(lib)},
        {TP_S("/home/d/m.lib"), tp_str_of(lib)},
        {TP_S("/home/d/n.lib"), tp_str_of(lib)}};
    const tp_files files = {.n = 4, .file = file};
    for (int i = 0; i < 2; i++) {
        ff.lib = tp_str_of(path[i]);
        CHECK_OK(tp_deck_read_in(&d, "d/d.net", &files, &ff, check_mem(), &err),
                 &err);
        CHECK_STR(written(d, NULL, 0), i ? "r1 a b 1\nc1 a 0 1\nr1 a b 2\n"
                                         : "r1 a b 2\nc1 a 0 1\n");
    }
}

static void test_condition__takes_sections_from_another_file(void)
{
    tp_condition ff = sections("ff", NULL);
    ff.from = TP_S("m2.lib");
    CHECK_STR(in_condition(calls, &ff), "r1 a b 2\nc1 a 0 1\n");
    CHECK_STR(in_condition("t\nc1 a 0 1\n", &ff), "c1 a 0 1\nr1 a b 2\n");
    ff.from = TP_S("m3.lib");
    CHECK_HAS(in_condition(calls, &ff), "m3.lib is not among the files");
}

static void test_condition__needs_a_library(void)
{
    tp_condition ff = sections("ff", NULL), no = sections("fast", NULL);
    CHECK_HAS(in_condition("t\nc1 a 0 1\n", &ff),
              "no .lib calls a section of a library that 'ff' could be");
    CHECK_HAS(in_condition(calls, &no), "has no library section 'fast'");
}

static void test_condition__sets_the_temperature(void)
{
    tp_condition hot = {.lib = TP_S(""), .temp = 125};
    CHECK_STR(in_condition("t\n.temp 27\nc1 a 0 1\n", &hot),
              "c1 a 0 1\n.temp 125\n");
}

static const check_test tests[] = {
    CHECK_TEST(test_condition__none_is_the_deck),
    CHECK_TEST(test_condition__replaces_all_calls_of_the_library),
    CHECK_TEST(test_condition__names_the_library),
    CHECK_TEST(test_condition__knows_the_library_by_another_path),
    CHECK_TEST(test_condition__takes_sections_from_another_file),
    CHECK_TEST(test_condition__needs_a_library),
    CHECK_TEST(test_condition__sets_the_temperature),
    {0},
};

int main(void)
{
    return check_main(tests);
}
