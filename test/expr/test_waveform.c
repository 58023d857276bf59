/* The curve behind the measurements: what it takes and refuses, limited
   parabolas, crossings against a plain search, windows and integrals. */
#include "measure.h"

#include "expr/waveform.h"

static tp_value wave_value(int n, const double *x, const double *y)
{
    tp_wave w = {.n = n, .x = x, .re = y};
    return tp_value_wave(&w);
}

static tp_curve curve(int n, const double *x, const double *y)
{
    tp_curve c = {0};
    tp_value v = wave_value(n, x, y), none = {0};
    if (!CHECK(tp_curve_of(&c, &v, TP_TAKE_REAL, check_mem(), &none)))
        printf("  %s\n", none.why);
    return c;
}

static void refuses(const tp_value *v, tp_take take, const char *why)
{
    tp_curve c;
    tp_value none = {0};
    CHECK(!tp_curve_of(&c, v, take, check_mem(), &none));
    if (CHECK(none.kind == TP_NONE && none.why))
        CHECK_HAS(tp_str_of(none.why), why);
}

static void test_curve__refuses_what_it_cannot_measure(void)
{
    double x[] = {0, 1, 2, 3}, y[] = {1, 2, 3, 4}, bad[] = {1, NAN, 3, 4};
    double inf[] = {1, 2, INFINITY, 4}, knot[] = {0, 2, 1, 3},
           im[] = {0, 0, 1, 0};
    tp_value v = wave_value(4, x, bad);
    refuses(&v, TP_TAKE_REAL, "its value at 1 is not finite");
    refuses(&v, TP_TAKE_DB, "its value at 1 is not finite");
    v.wave.x = NULL;
    refuses(&v, TP_TAKE_LIST, "its value 2 is not finite");
    refuses(&v, TP_TAKE_REAL, "the vector has no x values");
    v = wave_value(4, x, inf);
    refuses(&v, TP_TAKE_REAL, "its value at 2 is not finite");
    refuses(&v, TP_TAKE_DB, "its value at 2 is not finite");
    v = wave_value(4, bad, y);
    refuses(&v, TP_TAKE_REAL, "its x value 2 is not finite");
    v = wave_value(4, inf, y);
    refuses(&v, TP_TAKE_REAL, "its x value 3 is not finite");
    v = wave_value(4, knot, y);
    refuses(&v, TP_TAKE_REAL, "its x values turn back at point 3: 1 after 2");
    v = wave_value(0, x, y);
    refuses(&v, TP_TAKE_REAL, "the vector is empty");
    refuses(&v, TP_TAKE_LIST, "the vector is empty");
    v = wave_value(4, x, y);
    refuses(&v, TP_TAKE_PHASE, "its values are real");
    v.wave.im = im;
    refuses(&v, TP_TAKE_REAL, "its values are complex");
    refuses(&v, TP_TAKE_LIST, "its values are complex");
    v = tp_value_text(TP_S("word"));
    refuses(&v, TP_TAKE_LIST, "needs a vector of values");
    v = tp_none(check_mem(), "an earlier reason");
    refuses(&v, TP_TAKE_REAL, "an earlier reason");
    v = tp_value_number(3, TP_S("V"));
    refuses(&v, TP_TAKE_REAL, "the vector has no x values");
}

static void test_curve__takes_lists_and_turns_sweeps_round(void)
{
    double   x[] = {3, 2, 2, 0}, y[] = {9, 5, 4, 0}, zero[] = {0, 0, 0, 0};
    tp_value v = wave_value(4, x, y), none;
    tp_curve c;
    v.wave.im = zero; /* complex, but real in truth */
    if (!CHECK(tp_curve_of(&c, &v, TP_TAKE_REAL, check_mem(), &none))) return;
    CHECK(c.n == 4 && c.x[0] == 0 && c.x[3] == 3 && c.y[1] == 4 && c.y[2] == 5);
    v = tp_value_number(3, TP_S("V"));
    CHECK(tp_curve_of(&c, &v, TP_TAKE_LIST, check_mem(), &none));
    CHECK(c.n == 1 && c.y[0] == 3);
    CHECK_STR(c.unit, "V");
}

static void test_curve__phase_is_continuous(void)
{
    enum { N = 400 };
    double x[N], re[N], im[N];
    for (int i = 0; i < N; i++) {
        x[i] = i;
        re[i] = cos(-0.1 * i);
        im[i] = sin(-0.1 * i);
    }
    tp_value v = wave_value(N, x, re), none;
    v.wave.im = im;
    tp_curve c;
    if (!CHECK(tp_curve_of(&c, &v, TP_TAKE_PHASE, check_mem(), &none))) return;
    for (int i = 0; i < N; i++) CHECK_NEAR(c.y[i], -0.1 * i * 180 / PI, 1e-9);
}

static void test_curve__knows_logarithmic_sweeps(void)
{
    grid   g = log_grid(1e3, 1e9, 151);
    double cut[] = {3, 10, 100, 1000, 2000}, even[] = {100, 101, 102, 103, 104};
    double zero[] = {0, 10, 100, 1000, 10000}, few[] = {1, 10, 100};
    double mixed[] = {1, 10, 100, 200, 2000}, y[151] = {0};
    CHECK(curve(g.n, g.x, y).log_x);
    CHECK(curve(5, cut, y).log_x);
    CHECK(!curve(5, even, y).log_x);
    CHECK(!curve(5, zero, y).log_x);
    CHECK(!curve(3, few, y).log_x);
    double four[] = {1, 10, 100, 1000}, no_four[] = {1, 10, 100, 300};
    double even_four[] = {1, 2, 3, 4};
    CHECK(curve(4, four, y).log_x);
    CHECK(!curve(4, no_four, y).log_x);
    CHECK(!curve(4, even_four, y).log_x);
    double gap[] = {1, 10, 100, 1000, 1e6};
    CHECK(!curve(5, mixed, y).log_x);
    CHECK(!curve(5, gap, y).log_x);
    grid lin = linear_grid(1e3, 1e6, 100);
    CHECK(!curve(lin.n, lin.x, y).log_x);
}

static void random_curve(tp_rng *r, int n, double *x, double *y)
{
    for (int i = 0; i < n; i++) {
        double step = tp_rng_below(r, 4) ? tp_rng_uniform(r) : 0;
        if (tp_rng_below(r, 6) == 0) step *= 1e-3;
        x[i] = i ? x[i - 1] + step : tp_rng_uniform(r);
        y[i] = tp_rng_below(r, 5) - 2; /* often on a whole level */
        if (tp_rng_below(r, 2)) y[i] += tp_rng_normal(r);
    }
}

/* Off the chord by at most half of the largest change around. */
static void test_curve__parabolas_are_held_back(void)
{
    enum { N = 12 };
    double x[N], y[N], got;
    tp_rng r = tp_rng_at(11, 1);
    for (int round = 0; round < 500; round++) {
        random_curve(&r, N, x, y);
        tp_curve c = curve(N, x, y);
        for (int i = 0; i + 1 < N; i++) {
            if (!(x[i + 1] > x[i])) continue;
            double change = 0, mid = x[i] + 0.5 * (x[i + 1] - x[i]);
            for (int k = i - 1; k <= i + 1; k++)
                if (k >= 0 && k + 1 < N)
                    change = fmax(change, fabs(y[k + 1] - y[k]));
            CHECK(tp_curve_at(&c, mid, 2, &got));
            CHECK(fabs(got - (y[i] + y[i + 1]) / 2) <= change / 2 + 1e-12);
        }
    }
}

/* Crossings by their definition: signs of the samples, zeros passed over. */
static int crossings(int n, const double *y, double level, int want)
{
    int count = 0, side = 0, on = 0;
    for (int i = 0; i < n; i++) {
        int s = (y[i] > level) - (y[i] < level);
        if (s == 0)
            on = 1;
        else if ((side == 0 && on) || (side != 0 && s != side))
            count += !want || want == s;
        if (s) side = s;
        if (s) on = 0;
    }
    if (on && side) count += !want || want == -side;
    return count;
}

static void test_scan__finds_what_a_plain_search_finds(void)
{
    enum { N = 15 };
    double x[N], y[N], at;
    tp_rng r = tp_rng_at(12, 1);
    for (int round = 0; round < 2000; round++) {
        random_curve(&r, N, x, y);
        tp_curve c = curve(N, x, y);
        double   level = tp_rng_below(&r, 3) - 1, last = x[0];
        int      want = tp_rng_below(&r, 3) - 1, order = 1 + round % 2;
        tp_scan  s = {.c = &c, .level = level, .order = order};
        int      count = 0;
        while (tp_scan_next(&s, want)) {
            count++;
            CHECK(s.x >= last && s.x <= x[N - 1]);
            last = s.x;
            bool step = false; /* at a vertical step y is only on one side */
            for (int i = 0; i + 1 < N; i++)
                step |= x[i] == x[i + 1] && fabs(x[i] - s.x) < 1e-12;
            if (!step && tp_curve_at(&c, s.x, order, &at))
                CHECK(fabs(at - level) < 1e-6);
        }
        CHECK_INT(count, crossings(N, y, level, want));
        CHECK(!tp_scan_next(&s, want));
    }
}

static void test_window__parts_add_up_to_the_whole(void)
{
    enum { N = 20 };
    double x[N], y[N];
    tp_rng r = tp_rng_at(13, 1);
    for (int round = 0; round < 300; round++) {
        random_curve(&r, N, x, y);
        tp_value none;
        tp_curve whole = curve(4, x, y), a = whole, b = whole;
        double   first = x[0], last = x[3];
        if (!(last > first)) continue;
        double mid = first + tp_rng_uniform(&r) * (last - first);
        if (!(mid > first && mid < last)) continue;
        CHECK(tp_curve_window(&a, first, mid, check_mem(), &none));
        CHECK(tp_curve_window(&b, mid, last, check_mem(), &none));
        CHECK(a.x[a.n - 1] == mid && b.x[0] == mid && a.x[0] == first);
        for (int power = 1; power <= 2; power++)
            CHECK_NEAR(tp_curve_integral(&a, 0.3, power) +
                           tp_curve_integral(&b, 0.3, power),
                       tp_curve_integral(&whole, 0.3, power), 1e-11);
    }
}

static double complex gauss(double x, const double *p)
{
    return exp(-x * x) * p[0];
}

/* Halving the step divides the error by 4 at least; by 8 for a smooth curve. */
static void test_integral__is_better_than_straight(void)
{
    double one[] = {1}, wanted = sqrt(PI), error[2];
    for (int k = 0; k < 2; k++) {
        tp_value v =
            sampled(gauss, one, uneven_grid(-6, 6, k ? 241 : 121), false);
        tp_curve c = curve(v.wave.n, v.wave.x, v.wave.re);
        double   straight = 0;
        for (int i = 0; i + 1 < c.n; i++)
            straight += (c.x[i + 1] - c.x[i]) *
                        (c.y[i] * c.y[i] + c.y[i] * c.y[i + 1] +
                         c.y[i + 1] * c.y[i + 1]) /
                        3;
        error[k] = fabs(tp_curve_integral(&c, 0, 1) - wanted);
        double square = tp_curve_integral(&c, 0, 2), half = sqrt(PI / 2);
        CHECK(fabs(square - half) < fabs(straight - half) / 4);
    }
    CHECK(error[0] < 1e-3 && error[1] < error[0] / 4);
}

static const check_test tests[] = {
    CHECK_TEST(test_curve__refuses_what_it_cannot_measure),
    CHECK_TEST(test_curve__takes_lists_and_turns_sweeps_round),
    CHECK_TEST(test_curve__phase_is_continuous),
    CHECK_TEST(test_curve__knows_logarithmic_sweeps),
    CHECK_TEST(test_curve__parabolas_are_held_back),
    CHECK_TEST(test_scan__finds_what_a_plain_search_finds),
    CHECK_TEST(test_window__parts_add_up_to_the_whole),
    CHECK_TEST(test_integral__is_better_than_straight),
    {0},
};

int main(void)
{
    return check_main(tests);
}
