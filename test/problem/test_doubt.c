/* What is said of odd values at the first point, and what is not. */
#include "check.h"
#include "problem/problem.h"

enum { N = 5 };
static const tp_measure measures[N] = {
    {.name = {"gain_db", 7}, .unit = {"dB", 2}},
    {.name = {"gbw_hz", 6}, .unit = {"Hz", 2}},
    {.name = {"pm_deg", 6}, .unit = {"deg", 3}},
    {.name = {"power_w", 7}, .unit = {"W", 1}},
    {.name = {"sat_M1", 6}, .unit = {"V", 1}, .saturation = true},
};
static const tp_corner  corners[] = {{.name = {"tt", 2}}, {.name = {"ss", 2}}};
static const tp_problem amp = {.n_measure = N, .measure = measures};

/* The doubts about these values, one a line. */
static tp_str doubts(const tp_problem *p, const double *v, int n)
{
    tp_reading   *r = TP_NEW(check_mem(), tp_reading, n);
    const tp_str *list;
    tp_buf        b = {.mem = check_mem()};
    for (int i = 0; i < n; i++)
        r[i] = (tp_reading){.ok = !isnan(v[i]), .value = v[i]};
    int many = tp_problem_doubts(&list, p, r, check_mem());
    for (int i = 0; i < many; i++) tp_buf_fmt(&b, "%.*s\n", TP_F(list[i]));
    return b.len ? tp_buf_str(&b) : TP_S("");
}

static void test_doubt__nothing_is_said_of_usual_values(void)
{
    CHECK_STR(doubts(&amp, (double[]){80, 1e7, 60, 1e-4, 0.1}, N), "");
    CHECK_STR(doubts(&amp, (double[]){80, NAN, -179, 0, NAN}, N), "");
}

static void test_doubt__each_kind_is_named(void)
{
    static const struct {
        double      v[N];
        const char *says;
    } row[] = {
        {{80, 1e7, 233, 1e-4, 0.1}, "pm_deg: 233 degrees: the phase seems not"},
        {{80, 1e7, -233, 1e-4, 0.1}, "pm_deg: -233 degrees"},
        {{80, 1e7, 60, -1e-4, 0.1}, "power_w: -0.0001 W is negative"},
        {{-3, 1e7, 60, 1e-4, 0.1},
         "gbw_hz: it has a value though gain_db is -3 dB"},
        {{80, 1e7, 60, 1e-4, -0.05},
         "sat_M1: the device is out of saturation by 0.05 V"},
    };
    for (int i = 0; i < TP_COUNT(row); i++) {
        tp_str said = doubts(&amp, row[i].v, N);
        CHECK_HAS(said, row[i].says);
        CHECK_INT(tp_str_find(said, '\n', 0), said.len - 1); /* only that */
    }
}

static void test_doubt__names_the_corner(void)
{
    tp_problem p = amp;
    double     v[2 * N] = {80, 1e7, 60, 1e-4, 0.1, 70, 8e6, 50, 1e-4, -0.02};
    p.n_corner = 2;
    p.corner = corners;
    CHECK_HAS(doubts(&p, v, 2 * N), "sat_M1 in ss: the device is out of");
    tp_reading r[2 * N] = {{0}};
    for (int i = 0; i < 2 * N; i++)
        r[i] = (tp_reading){.ok = true, .value = v[i]};
    int c;
    CHECK_NEAR(tp_problem_worst(&p, r, 4, &c)->value, -0.02, 0);
    CHECK_INT(c, 1);
}

static const check_test tests[] = {
    CHECK_TEST(test_doubt__nothing_is_said_of_usual_values),
    CHECK_TEST(test_doubt__each_kind_is_named),
    CHECK_TEST(test_doubt__names_the_corner),
    {0},
};

int main(void)
{
    return check_main(tests);
}
