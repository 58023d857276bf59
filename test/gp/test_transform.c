/* Transforms of measured values: rising, invertible, with the slope they say;
   and the choice among them. */
#include "check.h"
#include "gp/gp.h"

enum { N = 40 };

static void positive(double *y)
{
    tp_rng rng = tp_rng_at(4, 0);
    for (int j = 0; j < N; j++) y[j] = exp(2 * tp_rng_normal(&rng));
}

static void one_kind(int kind, const double *y)
{
    tp_transform t;
    if (!tp_transform_set(&t, kind, y, N, *check_mem())) return;
    double sum = 0, square = 0, before = -INFINITY;
    for (int j = 0; j < N; j++) {
        double v = tp_transform_to(&t, y[j]), h = 1e-6 * fmax(1, fabs(y[j]));
        sum += v / N;
        square += v * v / N;
        CHECK_NEAR(tp_transform_from(&t, v), y[j], 1e-9 * fmax(1, fabs(y[j])));
        double slope =
            (tp_transform_to(&t, y[j] + h) - tp_transform_to(&t, y[j] - h)) /
            (2 * h);
        CHECK_NEAR(log(slope), tp_transform_log_slope(&t, y[j]), 1e-4);
    }
    CHECK_NEAR(sum, 0, 1e-12);
    CHECK_NEAR(square, 1, 1e-12);
    for (double at = -300; at < 300; at += 0.7) {
        double v = tp_transform_to(&t, at);
        CHECK(v > before);
        before = v;
    }
}

static void test_transform__each_is_rising_invertible_and_standard(void)
{
    double y[N];
    for (int kind = 0; kind < tp_transforms(); kind++) {
        CHECK(tp_transform_name(kind)[0]);
        positive(y);
        one_kind(kind, y);
        for (int j = 0; j < N; j++) y[j] = 3 * sin(j) + (j % 7 == 0) * 50 - 4;
        one_kind(kind, y);
    }
}

static void test_transform__takes_what_is_no_sample(void)
{
    double same[N], far[N];
    for (int j = 0; j < N; j++) {
        same[j] = 7;
        far[j] = (j % 2 ? 1 : -1) * 1e305;
    }
    for (int kind = 0; kind < tp_transforms(); kind++) {
        tp_transform t;
        tp_transform_set(&t, kind, same, N, *check_mem());
        CHECK(isfinite(tp_transform_to(&t, 7)));
        tp_transform_set(&t, kind, far, N, *check_mem());
        CHECK(isfinite(tp_transform_to(&t, 1e308)));
        CHECK(isfinite(tp_transform_to(&t, -INFINITY)));
    }
}

/* y = exp(g) with a smooth g is a logarithm's case, g itself is not. */
static void test_choose__takes_the_logarithm_of_an_exponential(void)
{
    double x[2 * N], y[N], g[N];
    tp_gp  model;
    tp_sobol(x, 2, 0, N, 3);
    for (int j = 0; j < N; j++) {
        g[j] = 3 * sin(4 * x[2 * j]) + 4 * x[2 * j + 1];
        y[j] = exp(g[j]);
    }
    tp_gp_open(&model, 2, check_mem());
    tp_transform t = tp_gp_choose(&model, x, y, N, *check_mem());
    CHECK_Z(tp_transform_name(t.kind), "logarithm");
    t = tp_gp_choose(&model, x, g, N, *check_mem());
    CHECK_Z(tp_transform_name(t.kind), "identity");
    for (int j = 0; j < N; j++) y[j] = copysign(exp(fabs(g[j])) - 1, g[j] - 3);
    t = tp_gp_choose(&model, x, y, N, *check_mem());
    CHECK(strcmp(tp_transform_name(t.kind), "identity") != 0);
}

static const check_test tests[] = {
    CHECK_TEST(test_transform__each_is_rising_invertible_and_standard),
    CHECK_TEST(test_transform__takes_what_is_no_sample),
    CHECK_TEST(test_choose__takes_the_logarithm_of_an_exponential),
    {0},
};

int main(void)
{
    return check_main(tests);
}
