/* The Gaussian process against differences, definitions and its own other
   routes. */
#include "check.h"
#include "gp/gp.h"

enum { D = 3, N = 22 };

typedef struct sample {
    double x[N * D], y[N];
} sample;

static double wave_at(const double *x)
{
    return sin(5 * x[0]) + 2 * x[1] * x[1] - 0.3 * x[2] + x[0] * x[1];
}

static void draw(sample *s, uint64_t seed)
{
    tp_sobol(s->x, D, 0, N, seed);
    for (int j = 0; j < N; j++) s->y[j] = wave_at(s->x + j * D);
}

static void some_theta(double *theta)
{
    for (int i = 0; i < tp_gp_parameters(D); i++) theta[i] = 0.2 * sin(3 * i);
    theta[D] = -5;
}

/* ---- hyperparameters ----------------------------------------------------- */

static void gradient_is_differences(bool warped)
{
    sample     s;
    double     theta[16], g[16], none[16], h = 1e-5;
    int        parameters = warped ? tp_gp_parameters(D) : D + 1;
    tp_gp_data all = {s.x, s.y, N, D};
    draw(&s, 1);
    some_theta(theta);
    tp_gp_posterior(&all, theta, warped, g, *check_mem());
    for (int i = 0; i < parameters; i++) {
        double keep = theta[i];
        theta[i] = keep + h;
        double up = tp_gp_posterior(&all, theta, warped, NULL, *check_mem());
        theta[i] = keep - h;
        double down = tp_gp_posterior(&all, theta, warped, none, *check_mem());
        theta[i] = keep;
        CHECK_NEAR(g[i], (up - down) / (2 * h), 1e-5 * fmax(1, fabs(g[i])));
    }
}

static void test_posterior__gradient_is_that_of_differences(void)
{
    gradient_is_differences(false);
    gradient_is_differences(true);
}

/* By the definition: the density of a normal vector with the best mean and
   variance, on a case small enough to do by hand. */
static void test_posterior__of_two_points_is_the_formula(void)
{
    double     x[2] = {0.2, 0.7}, y[2] = {1, 4};
    tp_gp_data two = {x, y, 2, 1};
    double     theta[4] = {log(0.5), -40, 0, 0}, s = sqrt(5), r = 1;
    double     k = (1 + s * r + 5.0 / 3) * exp(-s * r);
    /* mean 2.5; quadratic form 2 * 1.5^2 / (1 - k), over two points */
    double scale = 2.25 / (1 - k);
    double like = -0.5 * (2 * log(scale) + log(1 - k * k));
    double length = (log(0.5) - sqrt(2)) / sqrt(3), noise = (-40 + 16) / 4.0;
    double prior = -0.5 * (length * length + noise * noise);
    CHECK_NEAR(tp_gp_posterior(&two, theta, false, NULL, *check_mem()),
               like + prior, 1e-9);
}

static void test_fit__beats_its_start_and_repeats(void)
{
    sample       s;
    tp_gp        g, again;
    tp_gp_effort one = {.starts = 1, .most = 1};
    tp_gp_effort good = {.starts = 4, .most = 60, .warp = true};
    draw(&s, 2);
    tp_gp_open(&g, D, check_mem());
    tp_gp_data all = {s.x, s.y, N, D};
    double     first = tp_gp_fit(&g, s.x, s.y, N, &one, *check_mem());
    double     best = tp_gp_fit(&g, s.x, s.y, N, &good, *check_mem());
    CHECK(best > first + 5);
    CHECK_NEAR(tp_gp_posterior(&all, g.theta, g.warped, NULL, *check_mem()),
               best, 1e-9);
    tp_gp_open(&again, D, check_mem());
    tp_gp_fit(&again, s.x, s.y, N, &good, *check_mem());
    CHECK(!memcmp(again.theta, g.theta, sizeof(double) * (3 * D + 1)));
    /* the third variable hardly matters: its length scale is the longest */
    CHECK(g.theta[2] > log(2) + g.theta[0]);
}

/* A function of x^4 is one of a straight line after warping. */
static void test_fit__warps_where_it_pays(void)
{
    double       x[30], y[30];
    tp_gp        g;
    tp_gp_effort effort = {.starts = 3, .most = 80, .warp = true};
    for (int j = 0; j < 30; j++) {
        x[j] = (j + 0.5) / 30;
        y[j] = sin(14 * pow(x[j], 4));
    }
    tp_gp_open(&g, 1, check_mem());
    tp_gp_fit(&g, x, y, 30, &effort, *check_mem());
    CHECK(g.warped);
    CHECK(g.theta[2] > 0.5); /* exponent a well above 1 */
    for (int j = 0; j < 30; j++) y[j] = 3 * x[j];
    tp_gp_fit(&g, x, y, 30, &effort, *check_mem());
    CHECK(!g.warped);
}

/* ---- predictions --------------------------------------------------------- */

static void fitted(tp_gp *g, const sample *s, bool warped)
{
    tp_gp_open(g, D, check_mem());
    some_theta(g->theta);
    g->theta[D] = -20;
    g->warped = warped;
    tp_gp_update(g, s->x, s->y, N, N, check_mem());
}

static void test_predict__meets_the_data_and_is_unsure_far_away(void)
{
    sample s, other;
    tp_gp  g;
    double mean[N], variance[N], far[D] = {1, 1, 0}, m, v;
    draw(&s, 3);
    draw(&other, 77);
    fitted(&g, &s, false);
    tp_gp_predict(&g, s.x, N, mean, variance, *check_mem());
    for (int j = 0; j < N; j++) {
        CHECK_NEAR(mean[j], s.y[j], 1e-6);
        CHECK(variance[j] < 1e-6 * g.scale);
    }
    tp_gp_predict(&g, far, 1, &m, &v, *check_mem());
    CHECK(v > 1e-3 * g.scale && v < g.scale);
    double inside = 0, error = 0;
    tp_gp_predict(&g, other.x, N, mean, variance, *check_mem());
    for (int j = 0; j < N; j++) {
        double off = fabs(mean[j] - other.y[j]);
        inside += off < 2 * sqrt(variance[j]);
        error = fmax(error, off);
    }
    CHECK(inside >= 0.8 * N);
    CHECK(error < 0.5);
}

static void slopes_are_differences(bool warped)
{
    sample       s;
    tp_gp        g;
    double       dm[D], dv[D], x[D] = {0.31, 0.62, 0.17}, h = 1e-5;
    tp_gp_slopes at = {.d_mean = dm, .d_variance = dv};
    draw(&s, 4);
    fitted(&g, &s, warped);
    tp_gp_gradient(&g, x, &at, *check_mem());
    double m, v;
    tp_gp_predict(&g, x, 1, &m, &v, *check_mem());
    CHECK_NEAR(at.mean, m, 1e-12);
    CHECK_NEAR(at.variance, v, 1e-12);
    for (int i = 0; i < D; i++) {
        double keep = x[i], mean[2], variance[2];
        for (int k = 0; k < 2; k++) {
            x[i] = keep + (k ? -h : h);
            tp_gp_predict(&g, x, 1, mean + k, variance + k, *check_mem());
        }
        x[i] = keep;
        CHECK_NEAR(dm[i], (mean[0] - mean[1]) / (2 * h), 1e-6);
        CHECK_NEAR(dv[i], (variance[0] - variance[1]) / (2 * h), 1e-6);
    }
}

static void test_gradient__is_that_of_differences(void)
{
    slopes_are_differences(false);
    slopes_are_differences(true);
}

static bool same_model(const tp_gp *a, const tp_gp *b)
{
    bool same = a->n == b->n && a->mean == b->mean && a->scale == b->scale;
    for (int i = 0; same && i < a->n; i++)
        same = a->alpha[i] == b->alpha[i] &&
               !memcmp(a->l + (ptrdiff_t)i * a->ld, b->l + (ptrdiff_t)i * b->ld,
                       sizeof(double) * (size_t)(i + 1));
    return same;
}

/* Beyond the first room of 64 points too. */
static void test_update__appends_with_the_bits_of_a_whole_one(void)
{
    enum { MANY = 150 };
    static double x[MANY * D], y[MANY];
    tp_gp         grown, whole;
    tp_sobol(x, D, 0, MANY, 8);
    for (int j = 0; j < MANY; j++) y[j] = wave_at(x + j * D);
    tp_gp_open(&grown, D, check_mem());
    some_theta(grown.theta);
    for (int n = 5; n <= MANY; n += 29) {
        tp_gp_update(&grown, x, y, n, n, check_mem());
        tp_gp_open(&whole, D, check_mem());
        some_theta(whole.theta);
        tp_gp_update(&whole, x, y, n, n, check_mem());
        CHECK(same_model(&grown, &whole));
    }
    /* and a point taken out of the middle */
    memmove(x + 40 * D, x + 41 * D, sizeof(double) * D * (MANY - 41));
    memmove(y + 40, y + 41, sizeof(double) * (MANY - 41));
    tp_gp_update(&grown, x, y, MANY - 5, MANY - 1, check_mem());
    tp_gp_open(&whole, D, check_mem());
    some_theta(whole.theta);
    tp_gp_update(&whole, x, y, MANY - 5, MANY - 1, check_mem());
    CHECK(same_model(&grown, &whole));
}

/* A believed point changes no mean, and takes the doubt away. */
static void test_update__believes_what_it_predicts(void)
{
    sample s, other;
    tp_gp  told, believer;
    double m[N], v[N], m2[N], v2[N];
    draw(&s, 5);
    draw(&other, 6);
    tp_gp_open(&told, D, check_mem());
    some_theta(told.theta);
    tp_gp_open(&believer, D, check_mem());
    some_theta(believer.theta);
    told.theta[D] = believer.theta[D] = -14;
    tp_gp_update(&told, s.x, s.y, N - 3, N - 3, check_mem());
    tp_gp_update(&believer, s.x, s.y, N - 3, N, check_mem());
    tp_gp_predict(&told, other.x, N, m, v, *check_mem());
    tp_gp_predict(&believer, other.x, N, m2, v2, *check_mem());
    for (int j = 0; j < N; j++) {
        CHECK_NEAR(m2[j], m[j], 1e-9);
        CHECK(v2[j] <= v[j] + 1e-12);
    }
    tp_gp_predict(&told, s.x + (N - 1) * D, 1, m, v, *check_mem());
    tp_gp_predict(&believer, s.x + (N - 1) * D, 1, m2, v2, *check_mem());
    CHECK(v2[0] < 0.1 * v[0]);
}

static void test_update__survives_equal_points(void)
{
    double x[8] = {0.5, 0.5, 0.5, 0.5, 0.2, 0.2, 0.9, 0.9};
    double y[8] = {1, 1, 1, 1, 2, 2, 3, 3}, at = 0.5, m, v;
    tp_gp  g;
    tp_gp_open(&g, 1, check_mem());
    g.theta[1] = -90; /* no noise that a double could show */
    tp_gp_update(&g, x, y, 8, 8, check_mem());
    tp_gp_predict(&g, &at, 1, &m, &v, *check_mem());
    CHECK_NEAR(m, 1, 1e-3);
}

static void test_sample__has_the_posteriors_mean_and_spread(void)
{
    enum { DRAWS = 3000 };
    sample s;
    tp_gp  g;
    double x[4 * D], mean[4], variance[4], sum[4] = {0}, square[4] = {0};
    draw(&s, 9);
    fitted(&g, &s, true);
    g.theta[D] = -8;
    tp_gp_update(&g, s.x, s.y, 8, 8, check_mem());
    tp_sobol(x, D, 100, 4, 3);
    tp_gp_predict(&g, x, 4, mean, variance, *check_mem());
    tp_rng rng = tp_rng_at(1, 1);
    for (int k = 0; k < DRAWS; k++) {
        double normal[4], out[4];
        for (int i = 0; i < 4; i++) normal[i] = tp_rng_normal(&rng);
        tp_gp_sample(&g, x, 4, normal, out, *check_mem());
        for (int i = 0; i < 4; i++) {
            sum[i] += (out[i] - mean[i]) / DRAWS;
            square[i] += (out[i] - mean[i]) * (out[i] - mean[i]) / DRAWS;
        }
    }
    for (int i = 0; i < 4; i++) {
        CHECK_NEAR(sum[i], 0, 5 * sqrt(variance[i] / DRAWS));
        CHECK_NEAR(square[i] / variance[i], 1, 0.15);
    }
    /* equal points are drawn equal */
    double twice[2 * D], two[2], both[2] = {0.3, -1.5};
    memcpy(twice, x, sizeof(double) * D);
    memcpy(twice + D, x, sizeof(double) * D);
    tp_gp_sample(&g, twice, 2, both, two, *check_mem());
    CHECK_NEAR(two[0], two[1], 1e-3 * sqrt(g.scale));
}

static const check_test tests[] = {
    CHECK_TEST(test_posterior__gradient_is_that_of_differences),
    CHECK_TEST(test_posterior__of_two_points_is_the_formula),
    CHECK_TEST(test_fit__beats_its_start_and_repeats),
    CHECK_TEST(test_fit__warps_where_it_pays),
    CHECK_TEST(test_predict__meets_the_data_and_is_unsure_far_away),
    CHECK_TEST(test_gradient__is_that_of_differences),
    CHECK_TEST(test_update__appends_with_the_bits_of_a_whole_one),
    CHECK_TEST(test_update__believes_what_it_predicts),
    CHECK_TEST(test_update__survives_equal_points),
    CHECK_TEST(test_sample__has_the_posteriors_mean_and_spread),
    {0},
};

int main(void)
{
    return check_main(tests);
}
