/* Numbers beside limits, margins, verdict words, tables, base64. */
#include "check.h"
#include "report/base64.h"
#include "report/format.h"

static void test_beside__never_looks_like_the_limit(void)
{
    static const struct {
        double      v, limit;
        const char *unit, *shows;
    } row[] = {
        {2.4406e-3, 2e-3, "A", "2.441 mA"},
        {250e6, 250e6, "Hz", "250 MHz"},
        {249.99e6, 250e6, "Hz", "249.99 MHz"},
        {249.99999e6, 250e6, "Hz", "249.99999 MHz"},
        {0.010004, 0.01, "ratio", "1.0004 %"},
        {19.99999, 20, "dB", "19.99999 dB"},
        {-1e-9, 0, "V", "-1 nV"},
        {1000.0001, 1000, "", "1000.0001"},
    };
    for (int i = 0; i < TP_COUNT(row); i++)
        CHECK_STR(tp_beside(row[i].v, row[i].limit, tp_str_of(row[i].unit),
                            check_mem()),
                  row[i].shows);
}

static void test_beside__of_the_next_double(void)
{
    static const double limit[] = {250e6, 20, 0.01, 1e-12, 1. / 3, 4096};
    for (int i = 0; i < TP_COUNT(limit); i++)
        for (int up = 0; up < 2; up++) {
            double v = nextafter(limit[i], up ? 1e300 : -1e300);
            tp_str a = tp_beside(v, limit[i], TP_S("Hz"), check_mem());
            tp_str b = tp_beside(limit[i], limit[i], TP_S("Hz"), check_mem());
            CHECK(!tp_str_eq(a, b));
        }
    CHECK_STR(tp_beside(nextafter(20, 30), 20, TP_S("dB"), check_mem()),
              "just above 20 dB");
    CHECK_STR(tp_beside(nextafter(20, 0), 20, TP_S("dB"), check_mem()),
              "just below 20 dB");
}

static tp_measure limit_of(tp_goal goal, double target, double scale)
{
    return (tp_measure){.goal = goal, .target = target, .scale = scale};
}

static tp_reading value(double v)
{
    return (tp_reading){.ok = true, .value = v};
}

static void test_margin__is_positive_when_met(void)
{
    tp_measure least = limit_of(TP_AT_LEAST, 20, 20);
    tp_measure most = limit_of(TP_AT_MOST, 0.01, 0.01);
    tp_measure below = limit_of(TP_AT_MOST, -3, 3);
    CHECK_NEAR(tp_margin(&least, 22), 0.1, 1e-15);
    CHECK_NEAR(tp_margin(&least, 19), -0.05, 1e-15);
    CHECK_NEAR(tp_margin(&most, 0.012), -0.2, 1e-12);
    CHECK_NEAR(tp_margin(&most, 0.005), 0.5, 1e-12);
    CHECK_NEAR(tp_margin(&below, -6), 1, 0);
}

static void test_verdict__has_a_word_for_each_case(void)
{
    tp_measure m = limit_of(TP_AT_LEAST, 16, 16);
    static const struct {
        double      v;
        const char *word;
    } row[] = {
        {17, "met"},
        {16, "met"},
        {15.9, "met within ctol"},
        {15.75, "met within ctol"}, /* exactly ctol */
        {15.74, "NOT MET"},
        {-INFINITY, "NOT MET"},
    };
    for (int i = 0; i < TP_COUNT(row); i++) {
        tp_reading r = value(row[i].v);
        CHECK_Z(tp_verdict(&m, &r, 1. / 64), row[i].word);
    }
    tp_reading none = {.why = TP_S("never crosses")};
    CHECK_Z(tp_verdict(&m, &none, 1), "no value");
    CHECK_Z(tp_verdict(&m, NULL, 1), "no value");
    tp_measure watch = {.goal = TP_WATCH, .scale = 1};
    tp_reading r = value(3);
    CHECK_Z(tp_verdict(&watch, &r, 0), "");
}

static void test_active__within_a_hundredth(void)
{
    tp_measure m = limit_of(TP_AT_MOST, 1, 1), goal = {.goal = TP_MINIMISE};
    tp_reading near = value(0.991), over = value(1.009), far = value(0.98);
    CHECK(tp_is_active(&m, &near));
    CHECK(tp_is_active(&m, &over));
    CHECK(!tp_is_active(&m, &far));
    CHECK(!tp_is_active(&goal, &near));
    CHECK(!tp_is_active(&m, NULL));
}

static void test_unit__as_read_else_as_known(void)
{
    tp_measure m = {.unit = TP_S("V")};
    tp_reading r = {.ok = true, .unit = TP_S("mV")}, none = {0};
    CHECK_STR(tp_unit_of(&m, &r), "mV");
    CHECK_STR(tp_unit_of(&m, &none), "V");
    CHECK_STR(tp_unit_of(&m, NULL), "V");
}

static void test_table__aligns_its_columns(void)
{
    tp_table                 t = {.mem = check_mem(), .n_col = 3, .right = 2};
    static const char *const cell[][3] = {
        {"name", "value", "note"}, {"a", "1", ""}, {"longer", "1000", "x"}};
    for (int i = 0; i < TP_COUNT(cell); i++) {
        tp_str *row = tp_table_row(&t);
        for (int c = 0; c < 3; c++) row[c] = tp_str_of(cell[i][c]);
    }
    tp_buf b = {.mem = check_mem()};
    tp_table_print(&b, &t, "> ");
    CHECK_STR(tp_buf_str(&b), "> name    value  note\n"
                              "> a           1\n"
                              "> longer   1000  x\n");
}

/* Letters outside ASCII take one column each. */
static void test_table__counts_characters_not_bytes(void)
{
    tp_table t = {.mem = check_mem(), .n_col = 2};
    tp_str  *row = tp_table_row(&t);
    row[0] = TP_S("R\xc3\xb6hre");
    row[1] = TP_S("1");
    row = tp_table_row(&t);
    row[0] = TP_S("Tube");
    row[1] = TP_S("2");
    tp_buf b = {.mem = check_mem()};
    tp_table_print(&b, &t, "");
    CHECK_STR(tp_buf_str(&b), "R\xc3\xb6hre  1\nTube   2\n");
}

static void test_reproduce__is_one_line_for_a_shell(void)
{
    tp_var     var[] = {{.name = TP_S("rcurr")}, {.name = TP_S("c")}};
    double     x[] = {1. / 3, 1e-12};
    tp_trial   t = {.x = x};
    tp_problem p = {.path = TP_S("my deck's.net"), .space = {2, var}};
    CHECK_STR(tp_reproduce(&p, &t, check_mem()),
              "trimpot measure 'my deck'\\''s.net' "
              "--set rcurr=0.3333333333333333 --set c=1e-12");
    p.path = TP_S("a/b-c_1.net");
    CHECK_HAS(tp_reproduce(&p, &t, check_mem()), "measure a/b-c_1.net --set");
}

/* ---- base64: the vectors of RFC 4648, section 10 ------------------------- */

static void test_base64__gives_the_vectors_of_the_rfc(void)
{
    static const char *const row[][2] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
    };
    for (int i = 0; i < TP_COUNT(row); i++) {
        tp_str back;
        CHECK_STR(tp_base64(tp_str_of(row[i][0]), check_mem()), row[i][1]);
        CHECK(tp_base64_read(&back, tp_str_of(row[i][1]), check_mem()));
        CHECK_STR(back, row[i][0]);
    }
}

static void test_base64__round_trip_of_any_bytes(void)
{
    tp_rng rng = tp_rng_at(1, 1);
    for (int n = 0; n < 200; n++) {
        char *at = TP_NEW(check_mem(), char, n + 1);
        for (int i = 0; i < n; i++) at[i] = (char)tp_rng_below(&rng, 256);
        tp_str back, text = tp_base64((tp_str){at, n}, check_mem());
        CHECK_INT(text.len, (n + 2) / 3 * 4);
        CHECK(tp_base64_read(&back, text, check_mem()));
        CHECK(tp_str_eq(back, (tp_str){at, n}));
    }
}

static void test_base64__refuses_what_is_none(void)
{
    static const char *const bad[] = {
        "Z",    "Zg=",   "Zg===", "Z===", "Zg==Zg==",
        "=Zg=", "Zm9v!", "Zh==",  "====", "Zm9vY"};
    tp_str out;
    for (int i = 0; i < TP_COUNT(bad); i++)
        if (!CHECK(!tp_base64_read(&out, tp_str_of(bad[i]), check_mem())))
            puts(bad[i]);
    CHECK(tp_base64_read(&out, TP_S(" Zm\n9v\t"), check_mem()));
    CHECK_STR(out, "foo");
}

static void test_utf8__replaces_what_is_none(void)
{
    static const char *const row[][2] = {
        {"plain", "plain"},
        {"\xc3\xb6", "\xc3\xb6"},
        {"\xe2\x82\xac", "\xe2\x82\xac"},
        {"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
        {"a\xf6o", "a?o"},
        {"\xc3", "?"},
        {"\xc0\xaf", "??"},           /* overlong */
        {"\xed\xa0\x80", "???"},      /* surrogate */
        {"\xf5\x80\x80\x80", "????"}, /* above U+10FFFF */
        {"\x80", "?"},
    };
    for (int i = 0; i < TP_COUNT(row); i++)
        CHECK_STR(tp_report_utf8(tp_str_of(row[i][0]), check_mem()), row[i][1]);
}

static const check_test tests[] = {
    CHECK_TEST(test_beside__never_looks_like_the_limit),
    CHECK_TEST(test_beside__of_the_next_double),
    CHECK_TEST(test_margin__is_positive_when_met),
    CHECK_TEST(test_verdict__has_a_word_for_each_case),
    CHECK_TEST(test_active__within_a_hundredth),
    CHECK_TEST(test_unit__as_read_else_as_known),
    CHECK_TEST(test_table__aligns_its_columns),
    CHECK_TEST(test_table__counts_characters_not_bytes),
    CHECK_TEST(test_reproduce__is_one_line_for_a_shell),
    CHECK_TEST(test_base64__gives_the_vectors_of_the_rfc),
    CHECK_TEST(test_base64__round_trip_of_any_bytes),
    CHECK_TEST(test_base64__refuses_what_is_none),
    CHECK_TEST(test_utf8__replaces_what_is_none),
    {0},
};

int main(void)
{
    return check_main(tests);
}
