/* Linear algebra, statistics, point sets and minimisation, against definitions,
   the C library and known values. */
#include "check.h"
#include "num/num.h"

/* A symmetric positive definite matrix, n x n with rows of ld. */
static double *definite(int n, int ld, uint64_t seed)
{
    double *a = tp_num_matrix(n, n, check_mem());
    tp_rng  rng = tp_rng_at(seed, 0);
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++)
            a[i * ld + j] = (i == j ? n : 0) + tp_rng_uniform(&rng);
    return a;
}

static double *copy_of(const double *a, int count)
{
    double *b = TP_NEW(check_mem(), double, count);
    memcpy(b, a, sizeof *a * (size_t)count);
    return b;
}

static uint64_t bits_of(const double *a, int count)
{
    return tp_hash(0, (tp_str){(const char *)a, count * (ptrdiff_t)sizeof *a});
}

/* ---- elementary functions ---------------------------------------------- */

static void test_num__exponential_and_logarithm_are_the_c_librarys(void)
{
    double worst_exp = 0, worst_log = 0;
    tp_rng rng = tp_rng_at(1, 0);
    for (int i = 0; i < 20000; i++) {
        double x = -700 + 1400 * tp_rng_uniform(&rng);
        if (i % 2) x /= 700;
        worst_exp = fmax(worst_exp, fabs(tp_exp(x) / exp(x) - 1));
        double y = exp(x), l = log(y);
        worst_log = fmax(worst_log, fabs(tp_log(y) - l) / fmax(fabs(l), 1e-9));
    }
    CHECK(worst_exp < 4.5e-16);
    CHECK(worst_log < 4.5e-16);
    CHECK_NEAR(tp_exp(0), 1, 0);
    CHECK_NEAR(tp_log(1), 0, 0);
    CHECK_NEAR(tp_exp(-1e4), 0, 0);
    CHECK_NEAR(tp_exp(709), exp(709), 1e294);
    CHECK_NEAR(tp_exp(1e5), tp_exp(709), 0);
    CHECK_NEAR(tp_log(0), -745, 0);
    CHECK_NEAR(tp_log(-3), -745, 0);
}

static void test_num__many_at_once_are_the_single_ones(void)
{
    double x[11], y[11];
    for (int n = 0; n <= 11; n++) {
        for (int i = 0; i < 11; i++) x[i] = y[i] = 0.7 * i - 3;
        tp_exp_many(x, n);
        for (int i = 0; i < 11; i++)
            CHECK_NEAR(x[i], i < n ? tp_exp(y[i]) : y[i], 0);
    }
}

/* What every machine must give: recorded, not derived. */
static void test_num__bits_are_those_of_every_machine(void)
{
    double x[64];
    for (int i = 0; i < 64; i++) x[i] = 1.37 * i - 40;
    tp_exp_many(x, 64);
    CHECK(bits_of(x, 64) == UINT64_C(0xcb6913ae27c99d89));
    tp_log_many(x, 64);
    CHECK(bits_of(x, 64) == UINT64_C(0x593d81527e622e25));
    int     n = 37, ld = tp_num_ld(n);
    double *a = definite(n, ld, 3);
    CHECK_INT(tp_chol(a, n, ld, 0), -1);
    CHECK(bits_of(a, n * ld) == UINT64_C(0x92f97c4ce1e69735));
}

/* ---- matrices ------------------------------------------------------------ */

static void test_chol__times_its_transpose_is_the_matrix(void)
{
    for (int n = 1; n <= 45; n += 4 - n % 3) {
        int     ld = tp_num_ld(n);
        double *a = definite(n, ld, 7), *l = copy_of(a, n * ld), worst = 0;
        CHECK_INT(tp_chol(l, n, ld, 0), -1);
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= i; j++) {
                double sum = 0;
                for (int k = 0; k <= j; k++)
                    sum += l[i * ld + k] * l[j * ld + k];
                worst = fmax(worst, fabs(sum - a[i * ld + j]));
            }
        CHECK(worst < 1e-13 * n);
    }
}

static void test_chol__appended_rows_have_the_same_bits(void)
{
    int     n = 41, ld = tp_num_ld(n);
    double *a = definite(n, ld, 5), *whole = copy_of(a, n * ld);
    CHECK_INT(tp_chol(whole, n, ld, 0), -1);
    for (int from = 1; from < n; from += 3) {
        double *l = copy_of(a, n * ld);
        CHECK_INT(tp_chol(l, from, ld, 0), -1);
        CHECK_INT(tp_chol(l, n, ld, from), -1);
        CHECK(!memcmp(l, whole, sizeof *l * (size_t)(n * ld)));
    }
}

static void test_chol__names_the_row_that_is_not_definite(void)
{
    for (int bad = 0; bad < 12; bad++) {
        double *a = definite(12, 12, 2);
        a[bad * 12 + bad] = bad % 2 ? -1 : NAN;
        CHECK_INT(tp_chol(a, 12, 12, 0), bad);
    }
}

static void test_chol__solves_forward_back_and_inverts(void)
{
    int     n = 23, ld = tp_num_ld(n);
    double *a = definite(n, ld, 9), *l = copy_of(a, n * ld);
    double *inv = tp_num_matrix(n, n, check_mem()), worst = 0;
    double *b = tp_num_matrix(6, n, check_mem());
    CHECK_INT(tp_chol(l, n, ld, 0), -1);
    tp_chol_inverse(l, n, ld, inv, *check_mem());
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            double sum = 0;
            for (int k = 0; k < n; k++)
                sum +=
                    (k <= i ? a[i * ld + k] : a[k * ld + i]) * inv[k * ld + j];
            worst = fmax(worst, fabs(sum - (i == j)));
        }
    CHECK(worst < 1e-14);
    for (int r = 0; r < 6; r++)
        for (int i = 0; i < n; i++) b[r * ld + i] = i + r;
    tp_chol_forward(l, n, ld, (tp_rows){b, 6, ld}, 0);
    for (int r = 0; r < 6; r++) {
        tp_chol_back(l, n, ld, b + r * ld);
        for (int i = 0; i < n; i++) {
            double x = 0;
            for (int k = 0; k < n; k++) x += inv[i * ld + k] * (k + r);
            CHECK_NEAR(b[r * ld + i], x, 1e-13);
        }
    }
}

/* A longer system whose first columns are solved already. */
static void test_chol__goes_on_with_solved_columns(void)
{
    int     n = 30, ld = tp_num_ld(n);
    double *l = definite(n, ld, 4), *b = tp_num_matrix(3, n, check_mem());
    CHECK_INT(tp_chol(l, n, ld, 0), -1);
    for (int i = 0; i < 3 * ld; i++) b[i] = i % ld < n ? sin(i) : 0;
    double *once = copy_of(b, 3 * ld);
    tp_chol_forward(l, n, ld, (tp_rows){once, 3, ld}, 0);
    tp_chol_forward(l, 18, ld, (tp_rows){b, 3, ld}, 0);
    tp_chol_forward(l, n, ld, (tp_rows){b, 3, ld}, 18);
    CHECK(!memcmp(b, once, sizeof *b * (size_t)(3 * ld)));
}

static void test_chol__log_det_does_not_overflow(void)
{
    int     n = 300, ld = n;
    double *l = tp_num_matrix(n, n, check_mem()), wanted = 0;
    for (int i = 0; i < n; i++) {
        l[i * ld + i] = i < 150 ? 1e-8 : 1e9;
        wanted += 2 * log(l[i * ld + i]);
    }
    CHECK_NEAR(tp_chol_log_det(l, n, ld), wanted, 1e-9);
}

static void test_num__products_are_the_sums(void)
{
    double *a = tp_num_matrix(7, 10, check_mem());
    double *b = tp_num_matrix(5, 10, check_mem());
    double *c = tp_num_matrix(7, 5, check_mem());
    for (int i = 0; i < 7 * 12; i++) a[i] = i % 12 < 10 ? cos(i) : 0;
    for (int i = 0; i < 5 * 12; i++) b[i] = i % 12 < 10 ? sin(i) : 0;
    tp_num_product((tp_rows){a, 7, 12}, (tp_rows){b, 5, 12}, 10,
                   (tp_rows){c, 7, 8});
    for (int i = 0; i < 7; i++)
        for (int j = 0; j < 5; j++) {
            double sum = 0;
            for (int k = 0; k < 10; k++) sum += a[i * 12 + k] * b[j * 12 + k];
            CHECK_NEAR(c[i * 8 + j], sum, 1e-15 * 10);
        }
    CHECK_NEAR(tp_dot(a, b, 10), c[0], 1e-15);
}

/* By the kernel's definition, and its slope by differences. */
static void test_matern__is_the_formula_of_distances(void)
{
    enum { N = 6 };
    double z[3 * 8] = {0}, p[3] = {0.4, -0.2, 1}, r2[8], k[8], slope[8];
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < N; j++) z[i * 8 + j] = sin(i + 3 * j);
    tp_num_distances((tp_rows){z, 3, 8}, p, N, r2);
    for (int j = 0; j < N; j++) {
        double sum = 0;
        for (int i = 0; i < 3; i++)
            sum += (z[i * 8 + j] - p[i]) * (z[i * 8 + j] - p[i]);
        CHECK_NEAR(r2[j], sum, 1e-15);
    }
    tp_matern(r2, N, k, slope);
    for (int j = 0; j < N; j++) {
        double s = sqrt(5 * r2[j]), near[2], got[2], none[2], h = 1e-6;
        CHECK_NEAR(k[j], (1 + s + s * s / 3) * exp(-s), 1e-15);
        near[0] = r2[j] + h;
        near[1] = r2[j] - h;
        tp_matern(near, 2, got, none);
        CHECK_NEAR((got[0] - got[1]) / (2 * h), slope[j], 1e-8);
    }
    double zero = 0, one, flat;
    tp_matern(&zero, 1, &one, &flat);
    CHECK_NEAR(one, 1, 0);
    CHECK_NEAR(flat, -5.0 / 6, 1e-16);
}

static void test_eigen__vectors_are_stretched_by_values(void)
{
    int     n = 9;
    double *a = definite(n, n, 11), value[9], v[81];
    tp_eigen(a, n, value, v, *check_mem());
    for (int k = 0; k < n; k++) {
        CHECK(k == 0 || value[k] >= value[k - 1]);
        CHECK_NEAR(tp_norm2(v + k * n, n), 1, 1e-14);
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int j = 0; j < n; j++)
                sum += a[i >= j ? i * n + j : j * n + i] * v[k * n + j];
            CHECK_NEAR(sum, value[k] * v[k * n + i], 1e-13);
        }
    }
}

/* ---- statistics ---------------------------------------------------------- */

static void test_normal__agrees_with_the_error_function(void)
{
    for (double z = -8; z <= 8; z += 0.13) {
        double cdf = 0.5 * erfc(-z / sqrt(2));
        CHECK_NEAR(tp_normal_cdf(z) / cdf, 1, 3e-14);
        CHECK_NEAR(tp_normal_log_cdf(z), log(cdf), 3e-14);
        CHECK_NEAR(tp_normal_mills(z), tp_normal_pdf(z) / cdf,
                   1e-13 * fmax(1, fabs(z)));
    }
    /* log Phi(-40): -z^2/2 - log(z sqrt(2 pi)) - 1/z^2 + 5/(2 z^4) */
    CHECK_NEAR(tp_normal_log_cdf(-40),
               -800 - log(40 * sqrt(2 * acos(-1))) - 1 / 1600.0 +
                   2.5 / 2560000.0,
               1e-7);
}

static void test_log_h__is_smooth_and_its_slope_right(void)
{
    for (double z = -60; z < 6; z += 0.37) {
        double up, down, slope, h = 1e-5;
        double value = tp_log_h(z, &slope);
        double rise = tp_log_h(z + h, &up) - tp_log_h(z - h, &down);
        CHECK_NEAR(rise / (2 * h), slope, 2e-5 * fmax(1, fabs(slope)));
        if (z > -4)
            CHECK_NEAR(value, log(tp_normal_pdf(z) + z * tp_normal_cdf(z)),
                       1e-9);
    }
    double slope;
    CHECK(fabs(tp_log_h(-2.5, &slope) - tp_log_h(-2.5000001, &slope)) < 1e-6);
    CHECK_NEAR(tp_log_h(-1000, &slope), -500000 - log(1e6) - 0.9189385, 1e-3);
}

static void test_num__orders_and_quantiles(void)
{
    const double x[] = {3, NAN, 1, 2, 1};
    const double y[] = {4, 1, 3, 2};
    int          order[5];
    tp_order(x, 5, order, *check_mem());
    static const int wanted[] = {2, 4, 3, 0, 1};
    for (int i = 0; i < 5; i++) CHECK_INT(order[i], wanted[i]);
    CHECK_NEAR(tp_median(y, 4, *check_mem()), 2.5, 0);
    CHECK_NEAR(tp_quantile(y, 4, 0.25, *check_mem()), 1.75, 1e-15);
    CHECK_NEAR(tp_mean(y, 4), 2.5, 1e-15);
    CHECK_NEAR(tp_deviation(y, 4), sqrt(1.25), 1e-15);
    const double far[] = {1e300, -1e300};
    CHECK_NEAR(tp_deviation(far, 2), 1e300, 1e285);
}

/* ---- points -------------------------------------------------------------- */

/* A fair set of 2^k points: one in each of 2^k layers of every axis. */
static void test_points__one_in_each_layer_of_every_axis(void)
{
    enum { N = 53, MANY = 64 };
    static double x[MANY * N];
    tp_rng        rng = tp_rng_at(5, 0);
    for (int way = 0; way < 3; way++) {
        if (way < 2)
            tp_sobol(x, N, way * MANY, MANY, 9);
        else
            tp_latin(x, N, MANY, &rng, *check_mem());
        for (int i = 0; i < N; i++) {
            uint64_t seen = 0;
            for (int p = 0; p < MANY; p++) {
                double v = x[p * N + i];
                CHECK(v > 0 && v < 1);
                seen |= UINT64_C(1) << (int)(v * MANY);
            }
            CHECK(seen == UINT64_MAX);
        }
    }
}

/* The first points of the sequence, as Joe and Kuo's own program prints them,
   seen through the shift. */
static void test_sobol__is_joe_and_kuos(void)
{
    static const double first[4][4] = {{0, 0, 0, 0},
                                       {0.5, 0.5, 0.5, 0.5},
                                       {0.75, 0.25, 0.25, 0.25},
                                       {0.25, 0.75, 0.75, 0.75}};
    double              x[16];
    tp_sobol(x, 4, 0, 4, 1);
    for (int p = 0; p < 4; p++)
        for (int i = 0; i < 4; i++) {
            uint32_t shift = (uint32_t)(x[i] * 0x1p32);
            uint32_t at = (uint32_t)(x[4 * p + i] * 0x1p32) ^ shift;
            CHECK_NEAR(at * 0x1p-32, first[p][i], 0);
        }
    double y[4];
    tp_sobol(y, 4, 3, 1, 1);
    CHECK(!memcmp(y, x + 12, sizeof y));
    tp_sobol(y, 4, 3, 1, 2);
    CHECK(memcmp(y, x + 12, sizeof y) != 0);
}

/* ---- minimisation -------------------------------------------------------- */

static double rosenbrock(void *with, const double *x, double *g, tp_arena mem)
{
    (void)mem;
    int    n = *(const int *)with;
    double f = 0;
    for (int i = 0; i < n; i++) g[i] = 0;
    for (int i = 0; i + 1 < n; i++) {
        double a = x[i + 1] - x[i] * x[i], b = 1 - x[i];
        f += 100 * a * a + b * b;
        g[i] += -400 * a * x[i] - 2 * b;
        g[i + 1] += 200 * a;
    }
    return f;
}

static void test_minimise__follows_a_valley(void)
{
    int    n = 10;
    double x[10], lo[10], hi[10];
    for (int i = 0; i < n; i++) {
        x[i] = -1.2;
        lo[i] = -3;
        hi[i] = 3;
    }
    tp_box box = {.n = n, .lo = lo, .hi = hi, .most = 400, .tol = 1e-15};
    double f = tp_minimise(rosenbrock, &n, &box, x, *check_mem());
    CHECK(f < 1e-10 || fabs(f - 3.9866) < 1e-3); /* its other minimum */
}

static void test_minimise__stops_at_bounds(void)
{
    int    n = 2;
    double x[2] = {-5, 0.2}, lo[2] = {-2, -2}, hi[2] = {0.5, 2};
    tp_box box = {.n = n, .lo = lo, .hi = hi, .most = 200, .tol = 1e-14};
    double f = tp_minimise(rosenbrock, &n, &box, x, *check_mem());
    CHECK_NEAR(x[0], 0.5, 0);
    CHECK_NEAR(x[1], 0.25, 1e-6);
    CHECK_NEAR(f, 0.25, 1e-9);
}

static double cliff(void *with, const double *x, double *g, tp_arena mem)
{
    (void)mem;
    (void)with;
    g[0] = 2 * (x[0] - 3);
    return x[0] > 3.5 ? NAN : (x[0] - 3) * (x[0] - 3);
}

static void test_minimise__steps_back_from_where_there_is_no_value(void)
{
    double x[1] = {-40}, lo[1] = {-100}, hi[1] = {100};
    tp_box box = {.n = 1, .lo = lo, .hi = hi, .most = 60, .tol = 1e-14};
    CHECK_NEAR(tp_minimise(cliff, NULL, &box, x, *check_mem()), 0, 1e-9);
    x[0] = 10;
    CHECK(tp_minimise(cliff, NULL, &box, x, *check_mem()) == INFINITY);
}

static const check_test tests[] = {
    CHECK_TEST(test_num__exponential_and_logarithm_are_the_c_librarys),
    CHECK_TEST(test_num__many_at_once_are_the_single_ones),
    CHECK_TEST(test_num__bits_are_those_of_every_machine),
    CHECK_TEST(test_chol__times_its_transpose_is_the_matrix),
    CHECK_TEST(test_chol__appended_rows_have_the_same_bits),
    CHECK_TEST(test_chol__names_the_row_that_is_not_definite),
    CHECK_TEST(test_chol__solves_forward_back_and_inverts),
    CHECK_TEST(test_chol__goes_on_with_solved_columns),
    CHECK_TEST(test_chol__log_det_does_not_overflow),
    CHECK_TEST(test_num__products_are_the_sums),
    CHECK_TEST(test_matern__is_the_formula_of_distances),
    CHECK_TEST(test_eigen__vectors_are_stretched_by_values),
    CHECK_TEST(test_normal__agrees_with_the_error_function),
    CHECK_TEST(test_log_h__is_smooth_and_its_slope_right),
    CHECK_TEST(test_num__orders_and_quantiles),
    CHECK_TEST(test_points__one_in_each_layer_of_every_axis),
    CHECK_TEST(test_sobol__is_joe_and_kuos),
    CHECK_TEST(test_minimise__follows_a_valley),
    CHECK_TEST(test_minimise__stops_at_bounds),
    CHECK_TEST(test_minimise__steps_back_from_where_there_is_no_value),
    {0},
};

int main(void)
{
    return check_main(tests);
}
