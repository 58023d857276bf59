/* Numbers: SPICE's in, exact and engineering out; random numbers, hashes. */
#include "check.h"

#include <float.h>
#include <limits.h>
#include <stdlib.h>

static void test_number__reads_spice_numbers(void)
{
    static const struct {
        const char *text;
        double      value;
        int         used;
    } row[] = {
        {"1", 1, 1},         {"-2.5", -2.5, 4},    {"+.5", .5, 3},
        {"5.", 5, 2},        {"1e3", 1e3, 3},      {"1E-3", 1e-3, 4},
        {"1e+3x", 1e3, 5},   {"1.5e", 1.5, 4},     {"1e+", 1, 2},
        {"1t", 1e12, 2},     {"1g", 1e9, 2},       {"1Meg", 1e6, 4},
        {"1MEGohm", 1e6, 7}, {"4.7k", 4700, 4},    {"1mil", 25.4e-6, 4},
        {"1m", 1e-3, 2},     {"1M", 1e-3, 2},      {"2.2u", 2.2e-6, 4},
        {"1n", 1e-9, 2},     {"100p", 1e-10, 4},   {"3f", 3e-15, 2},
        {"1a", 1, 2},        {"10kOhm", 1e4, 6},   {"5V", 5, 2},
        {"1e3k", 1e6, 4},    {"0.1e1u2", 1e-6, 6}, {"1.2.3", 1.2, 3},
        {"1k*2", 1e3, 2},    {"0", 0, 1},          {"0.000", 0, 5},
        {"000123", 123, 6},  {"", 99, 0},          {".", 99, 0},
        {"-", 99, 0},        {"e5", 99, 0},        {"k", 99, 0},
        {" 1", 99, 0},       {"inf", 99, 0},       {"--1", 99, 0},
    };
    for (int i = 0; i < TP_COUNT(row); i++) {
        double    v = 99;
        ptrdiff_t used = tp_number(tp_str_of(row[i].text), &v);
        if (used != row[i].used || v != row[i].value)
            printf("in '%s'\n", row[i].text);
        CHECK_INT(used, row[i].used);
        CHECK_NEAR(v, row[i].value, 0);
    }
}

static void test_number__atto_is_simetrixs(void)
{
    double v = 0;
    CHECK(tp_number_all_atto(TP_S("2a"), &v) && v == 2e-18);
    CHECK(tp_number_all_atto(TP_S("2Amp"), &v) && v == 2e-18);
    CHECK(tp_number_all_atto(TP_S("4.7kohm"), &v) && v == 4700);
    CHECK(tp_number_atto(TP_S("3a*2"), &v) == 2 && v == 3e-18);
    CHECK(tp_number_all(TP_S("2Amp"), &v) && v == 2);
}

static void test_number__units_and_what_is_none(void)
{
    static const char *const fine[] = {
        "1",     "1k",      "10kOhm", "5V",     "1MEGHz", "1mohm",
        "2.5uF", "1nFarad", "3mA",    "10usec", "27C",    "1A",
        "-3dBm", "1M",      "x",      "",       "1e-3",   "4e3Hz",
        "1mil",  "2*3",     "5ns",    "10um",   "1F",
    };
    static const struct {
        const char *text, *says;
    } odd[] = {
        {"100z", "100z is read as 100: 'z' behind it is no unit and is passed "
                 "over"},
        {"1kz", "1kz is read as 1000: 'z'"},
        {"4k7", "4k7 is read as 4000: '7'"},
        {"3farad", "3farad is read as 3e-15: 'arad'"},
        {"1e-3xy", "1e-3xy is read as 0.001: 'xy'"},
        {"0x1F", "0x1F is read as 0: 'x1F'"},
        {"1MHz", "1MHz is 0.001 Hz: M is milli; mega is MEG"},
        {"2mhz", "2mhz is 0.002 hz: M is milli"},
        {"1Mohm", "1Mohm is 0.001 ohm: M is milli"},
    };
    tp_arena *mem = check_mem();
    for (int i = 0; i < TP_COUNT(fine); i++) {
        CHECK_STR(tp_number_doubt(tp_str_of(fine[i]), mem), "");
        CHECK(!tp_number_is_odd(tp_str_of(fine[i])));
    }
    for (int i = 0; i < TP_COUNT(odd); i++) {
        CHECK_HAS(tp_number_doubt(tp_str_of(odd[i].text), mem), odd[i].says);
        CHECK(tp_number_is_odd(tp_str_of(odd[i].text)));
    }
    CHECK_STR(tp_number_remark(TP_S("250M"), mem),
              "250M is 0.25 (milli); 250Meg is 250000000");
    CHECK_STR(tp_number_remark(TP_S("0.5M"), mem), "");
    CHECK_HAS(tp_number_remark(TP_S("9z"), mem), "9z is read as 9");
}

static void test_number__is_rounded_once(void)
{
    double v = 0;
    /* 0.3 and 4.35 are wrong by a bit when multiplied by a power of ten. */
    CHECK(tp_number(TP_S("300u"), &v) && v == 300e-6);
    CHECK(tp_number(TP_S("4.35k"), &v) && v == 4350);
    CHECK(tp_number(TP_S("1.1meg"), &v) && v == 1100000);
    CHECK(tp_number(TP_S("9007199254740993"), &v) && v == 9007199254740992);
    CHECK(tp_number(TP_S("9007199254740993.0000000001"), &v) &&
          v == 9007199254740994);
    CHECK(tp_number(TP_S("4.9406564584124654e-324"), &v) && v == 0x1p-1074);
    CHECK(tp_number(TP_S("1.7976931348623157e308"), &v) && v == DBL_MAX);
}

static void test_number__of_many_digits_is_exact(void)
{
    tp_arena *mem = check_mem();
    tp_buf    b = {.mem = mem};
    double    v = 0;
    /* Half way between two doubles for 5000 digits, then a little above. */
    tp_buf_add(&b, TP_S("9007199254740993."));
    for (int i = 0; i < 5000; i++) tp_buf_char(&b, '0');
    CHECK_INT(tp_number(tp_buf_str(&b), &v), 5017);
    CHECK_NEAR(v, 9007199254740992, 0);
    tp_buf_char(&b, '1');
    CHECK_INT(tp_number(tp_buf_str(&b), &v), 5018);
    CHECK_NEAR(v, 9007199254740994, 0);
    /* Digits dropped before the point still count as places. */
    b.len = 0;
    tp_buf_char(&b, '1');
    for (int i = 0; i < 2000; i++) tp_buf_char(&b, '0');
    tp_buf_add(&b, TP_S("e-2000"));
    CHECK(tp_number(tp_buf_str(&b), &v) && v == 1);
    b.len = 0;
    tp_buf_add(&b, TP_S("0."));
    for (int i = 0; i < 2000; i++) tp_buf_char(&b, '0');
    tp_buf_add(&b, TP_S("1e2001"));
    CHECK(tp_number(tp_buf_str(&b), &v) && v == 1);
}

static void test_number__beyond_the_range_is_infinite_or_zero(void)
{
    double v = 0;
    CHECK(tp_number(TP_S("1e999"), &v) && v == INFINITY);
    CHECK(tp_number(TP_S("-1e99999999999999999999"), &v) && v == -INFINITY);
    CHECK(tp_number(TP_S("1e-99999999999999999999"), &v) && v == 0);
    CHECK(tp_number(TP_S("0e99999999999999999999"), &v) && v == 0);
    CHECK(tp_number(TP_S("-0"), &v) && v == 0 && signbit(v));
}

static void test_number__all_takes_nothing_else(void)
{
    double v = 7;
    CHECK(tp_number_all(TP_S(" 10kOhm\t"), &v) && v == 1e4);
    v = 7;
    CHECK(!tp_number_all(TP_S("10k 5"), &v));
    CHECK(!tp_number_all(TP_S("1+2"), &v));
    CHECK(!tp_number_all(TP_S("  "), &v));
    CHECK(!tp_number_all(TP_S("nan"), &v));
    CHECK_NEAR(v, 7, 0);
}

static void test_exact__is_the_shortest_that_reads_back(void)
{
    static const struct {
        double      v;
        const char *text;
    } row[] = {
        {0.1, "0.1"},          {1.0 / 3, "0.3333333333333333"},
        {1e-9, "1e-09"},       {100000, "100000"},
        {1e22, "1e+22"},       {0.1 + 0.2, "0.30000000000000004"},
        {0x1p-1074, "5e-324"}, {DBL_MAX, "1.7976931348623157e+308"},
        {INFINITY, "inf"},     {-INFINITY, "-inf"},
        {NAN, "nan"},          {-NAN, "nan"},
        {-0.0, "-0"},
    };
    char out[TP_NUMBER_MAX];
    for (int i = 0; i < TP_COUNT(row); i++)
        CHECK_Z(tp_exact(row[i].v, out), row[i].text);
}

static void test_exact__reads_back_bit_for_bit(void)
{
    tp_rng r = tp_rng_at(1, 0);
    int    wrong = 0;
    for (int i = 0; i < 100000; i++) {
        uint64_t word = tp_rng_next(&r);
        double   v, again = 0;
        char     out[TP_NUMBER_MAX];
        memcpy(&v, &word, sizeof v);
        if (!isfinite(v)) continue;
        tp_number_all(tp_str_of(tp_exact(v, out)), &again);
        wrong += memcmp(&v, &again, sizeof v) != 0;
    }
    CHECK_INT(wrong, 0);
}

static int digits_differ(double v)
{
    char out[TP_NUMBER_MAX], wanted[TP_NUMBER_MAX];
    snprintf(wanted, sizeof wanted, "%.15e", v);
    return strcmp(tp_digits(v, out), wanted) != 0;
}

/* Numbers that a hair divides from another last digit or exponent, too. */
static void test_digits__are_those_of_printf(void)
{
    static const double row[] = {
        0,       -0.0,     1,        -1,      10,         9.9999999999999995,
        1e15,    1e16,     1e-36,    1e36,    0.1,        999999999999999.9,
        42.118,  0x1p53,   0x1.8p53, DBL_MAX, 0x1p-1074,  9999999999999999.0,
        0x1p119, 0x1p-119, INFINITY, NAN,     123456.5e9, 1234567890123456.5,
        1e22,    1e23,     2.5e-15,  1e-15,   5e-324,     8191999999999999.5,
    };
    tp_rng r = tp_rng_at(2, 0);
    int    wrong = 0;
    for (int i = 0; i < TP_COUNT(row); i++) wrong += digits_differ(row[i]);
    for (int i = 0; i < 300000; i++) {
        uint64_t word = tp_rng_next(&r);
        double   any, near = pow(10, (double)(i % 80) - 40);
        memcpy(&any, &word, sizeof any);
        near *= tp_rng_uniform(&r) < 0.1 ? 1 : 0.1 + tp_rng_uniform(&r);
        wrong += digits_differ(any) + digits_differ(near);
        wrong += digits_differ(nextafter(near, 0));
        wrong += digits_differ((double)(word >> 10) / 1024);
    }
    CHECK_INT(wrong, 0);
}

static void test_engineering__has_prefix_unit_and_few_digits(void)
{
    static const struct {
        double      v;
        const char *unit, *text;
    } row[] = {
        {2.4406e-3, "A", "2.441 mA"},
        {277e6, "Hz", "277 MHz"},
        {18.7812, "dB", "18.78 dB"},
        {0.0132, "ratio", "1.32 %"},
        {0, "A", "0 A"},
        {1, "V", "1 V"},
        {-0.5, "V", "-500 mV"},
        {999.96, "Hz", "1 kHz"},
        {999.94, "Hz", "999.9 Hz"},
        {1e-18, "F", "1 aF"},
        {1e-19, "F", "1e-19 F"},
        {5e15, "Hz", "5e+15 Hz"},
        {12.5e12, "Hz", "12.5 THz"},
        {2e6, "V/us", "2 MV/us"},
        {3e-9, "V/rtHz", "3 nV/rtHz"},
        {0.001, "V^2", "0.001 V^2"},
        {60.126, "deg", "60.13 deg"},
        {12345, "dB", "12345 dB"},
        {1234567, "", "1.235e+06"},
        {0.000123456, "", "0.0001235"},
        {0.0000123456, "", "1.235e-05"},
        {0.25, "", "0.25"},
        {100, "%", "100 %"},
        {INFINITY, "A", "inf A"},
        {NAN, "", "nan"},
    };
    char out[TP_NUMBER_MAX];
    for (int i = 0; i < TP_COUNT(row); i++)
        CHECK_Z(tp_engineering(row[i].v, tp_str_of(row[i].unit), out),
                row[i].text);
}

static void test_engineering__has_the_digits_asked_for(void)
{
    char out[TP_NUMBER_MAX];
    CHECK_Z(tp_engineering_digits(277e6, TP_S("Hz"), 2, out), "280 MHz");
    CHECK_Z(tp_engineering_digits(277e6, TP_S("Hz"), 1, out), "300 MHz");
    CHECK_Z(tp_engineering_digits(M_PI, TP_S("V"), 7, out), "3.141593 V");
    CHECK_Z(tp_engineering_digits(1.0 / 3, TP_S(""), 15, out),
            "0.333333333333333");
    CHECK_Z(tp_engineering_digits(1.0 / 3, TP_S(""), 99, out),
            "0.333333333333333");
    CHECK_Z(tp_engineering_digits(-0.125, TP_S("V"), 0, out), "-100 mV");
}

static void test_engineering__stays_inside_its_bytes(void)
{
    char   out[TP_NUMBER_MAX + 1];
    tp_str unit = TP_S("volts per root of a hertz and a good deal more");
    out[TP_NUMBER_MAX] = 'x';
    CHECK_HAS(tp_str_of(tp_engineering_digits(-1.0 / 3, unit, 15, out)),
              "-0.333333333333333 volts");
    CHECK_INT(strlen(out), TP_NUMBER_MAX - 1);
    CHECK_INT(out[TP_NUMBER_MAX], 'x');
}

static void test_rng__is_splitmix64(void)
{
    /* From the reference implementation by S. Vigna, state 1234567. */
    tp_rng r = {1234567};
    CHECK(tp_rng_next(&r) == UINT64_C(6457827717110365317));
    CHECK(tp_rng_next(&r) == UINT64_C(3203168211198807973));
    CHECK(tp_rng_next(&r) == UINT64_C(9817491932198370423));
}

static void test_rng__streams_differ(void)
{
    uint64_t first[64];
    for (int k = 0; k < 64; k++) {
        tp_rng r = tp_rng_at((uint64_t)(k / 8), (uint64_t)(k % 8));
        first[k] = tp_rng_next(&r);
        for (int i = 0; i < k; i++) CHECK(first[i] != first[k]);
    }
    tp_rng a = tp_rng_at(3, 9), b = tp_rng_at(3, 9);
    CHECK(tp_rng_next(&a) == tp_rng_next(&b));
}

static void test_rng__has_the_right_moments(void)
{
    enum { N = 200000 };
    tp_rng r = tp_rng_at(1, 1);
    double u = 0, uu = 0, n = 0, nn = 0, nnnn = 0;
    for (int i = 0; i < N; i++) {
        double x = tp_rng_uniform(&r), z = tp_rng_normal(&r);
        if (x < 0 || x >= 1) CHECK(x >= 0 && x < 1);
        u += x / N;
        uu += x * x / N;
        n += z / N;
        nn += z * z / N;
        nnnn += z * z * z * z / N;
    }
    /* Five standard errors of each mean. */
    CHECK_NEAR(u, 0.5, 5 * sqrt(1.0 / 12 / N));
    CHECK_NEAR(uu, 1.0 / 3, 5 * sqrt(4.0 / 45 / N));
    CHECK_NEAR(n, 0, 5 * sqrt(1.0 / N));
    CHECK_NEAR(nn, 1, 5 * sqrt(2.0 / N));
    CHECK_NEAR(nnnn, 3, 5 * sqrt(96.0 / N));
}

static void test_rng__below_is_even(void)
{
    tp_rng r = tp_rng_at(1, 2);
    int    count[6] = {0};
    for (int i = 0; i < 60000; i++) count[tp_rng_below(&r, 6)]++;
    for (int i = 0; i < 6; i++) CHECK_NEAR(count[i], 10000, 5 * 91.3);
    CHECK_INT(tp_rng_below(&r, 1), 0);
    CHECK_INT(tp_rng_below(&r, 0), 0);
    int v = tp_rng_below(&r, INT_MAX);
    CHECK(v >= 0 && v < INT_MAX);
}

static void test_hash__depends_on_every_byte_and_on_the_parts(void)
{
    uint64_t a = tp_hash(0, TP_S("abc"));
    CHECK(a == tp_hash(0, TP_S("abc")));
    CHECK(a != tp_hash(0, TP_S("abd")));
    CHECK(a != tp_hash(0, TP_S("abc\0")));
    CHECK(a != tp_hash(1, TP_S("abc")));
    uint64_t two = tp_hash(tp_hash(0, TP_S("ab")), TP_S("c"));
    CHECK(two != tp_hash(tp_hash(0, TP_S("a")), TP_S("bc")));
    CHECK(tp_hash(0, TP_S("")) != 0);
}

static const check_test tests[] = {
    CHECK_TEST(test_number__reads_spice_numbers),
    CHECK_TEST(test_number__atto_is_simetrixs),
    CHECK_TEST(test_number__units_and_what_is_none),
    CHECK_TEST(test_number__is_rounded_once),
    CHECK_TEST(test_number__of_many_digits_is_exact),
    CHECK_TEST(test_number__beyond_the_range_is_infinite_or_zero),
    CHECK_TEST(test_number__all_takes_nothing_else),
    CHECK_TEST(test_exact__is_the_shortest_that_reads_back),
    CHECK_TEST(test_exact__reads_back_bit_for_bit),
    CHECK_TEST(test_digits__are_those_of_printf),
    CHECK_TEST(test_engineering__has_prefix_unit_and_few_digits),
    CHECK_TEST(test_engineering__has_the_digits_asked_for),
    CHECK_TEST(test_engineering__stays_inside_its_bytes),
    CHECK_TEST(test_rng__is_splitmix64),
    CHECK_TEST(test_rng__streams_differ),
    CHECK_TEST(test_rng__has_the_right_moments),
    CHECK_TEST(test_rng__below_is_even),
    CHECK_TEST(test_hash__depends_on_every_byte_and_on_the_parts),
    {0},
};

int main(void)
{
    return check_main(tests);
}
