/* Pattern, grid and random search, and the ground they stand on. */
#include "drive.h"

#include "opt/walk.h"

/* A bowl, minimum 0 at (0.3, 0.6). */
static bool bowl(const double *x, int n, double *f, double *g)
{
    (void)n;
    (void)g;
    *f = (x[0] - 0.3) * (x[0] - 0.3) + (x[1] - 0.6) * (x[1] - 0.6);
    return true;
}

/* Feasible in a small square only; says how far away it is. */
static bool square(const double *x, int n, double *f, double *g)
{
    bowl(x, n, f, g);
    g[0] = fmax(fabs(x[0] - 0.8), fabs(x[1] - 0.15)) - 0.02;
    return true;
}

static bool example(const double *x, int n, double *f, double *g)
{
    double a = x[0] - 2, b = x[1] - 2, c = x[0] - 8, d = x[1] - 8;
    double near = a * a + b * b, u = x[0] - 5, v = x[1] - 5;
    (void)n;
    *f = 2.5 + near / 100 - 2 * exp(-near) - exp(-(a * a + d * d) / 2) -
         exp(-(c * c + b * b) / 2) - exp(-(c * c + d * d) / 2);
    g[0] = u * u + v * v > 9 ? -1 : 1;
    return true;
}

static drive *open_on(const char *method, drive_function *function, int n_g)
{
    tp_err err;
    drive *d = drive_box(check_mem(), 2, 0.5);
    d->function = function;
    d->opt.n_g = n_g;
    CHECK_OK(drive_open(d, method, &err), &err);
    return d;
}

static void check_asks(const char *method, const double (*x)[2], int count)
{
    drive *d = open_on(method, bowl, 0);
    drive_run(d, 2000);
    CHECK(d->n_ask >= count && !d->bad_x);
    for (int k = 0; k < count; k++)
        for (int i = 0; i < 2; i++)
            if (!CHECK_NEAR(d->asked[k][i], x[k][i], 1e-12))
                printf("  ask %d, variable %d\n", k, i);
    CHECK_NEAR(d->best_f, 0, 1e-5);
    drive_close(d);
}

static void test_hooke_jeeves__explores_then_goes_on_in_the_pattern(void)
{
    static const double x[][2] = {
        {.5, .5}, {.6, .5}, {.4, .5}, {.4, .6}, /* down, then up: both gain */
        {.3, .7},                               /* twice (-0.1, 0.1) */
        {.4, .7}, {.2, .7}, {.3, .8}, {.3, .6}, /* the last one gains */
        {.2, .6},                               /* twice (-0.1, 0) */
    };
    static const double further[][2] = {{.5, .5}, {.6, .5}, {.4, .5},
                                        {.4, .6}, {.2, .8}, {.3, .8}};
    check_asks("hooke_jeeves", x, TP_COUNT(x));
    check_asks("hooke_jeeves,alpha=3", further, TP_COUNT(further));
}

static void test_hooke_jeeves__halves_down_to_epsilon(void)
{
    /* On the minimum nothing gains: 0.1, 0.05, 0.025; 0.0125 < 2 %. */
    tp_err err;
    drive *d = drive_box(check_mem(), 2, 0.5);
    d->function = bowl;
    d->var[0].start = 0.3;
    d->var[1].start = 0.6;
    if (!CHECK_OK(drive_open(d, "hooke_jeeves,epsilon=2", &err), &err)) return;
    CHECK_Z(drive_run(d, 100), "step small enough");
    CHECK_INT(d->n_ask, 1 + 3 * 4);
    CHECK_NEAR(d->asked[12][1], 0.575, 1e-12);
    drive_close(d);
}

static void test_grid_search__moves_and_grows(void)
{
    static const double nine[][2] = {
        {.5, .5}, {.4, .4}, {.5, .4}, {.6, .4}, {.4, .5},
        {.6, .5}, {.4, .6}, {.5, .6}, {.6, .6}, {.2, .4}, /* around .4, .6 */
    };
    static const double four[][2] = {{.5, .5}, {.4, .4}, {.6, .4},
                                     {.4, .6}, {.6, .6}, {.1, .3}};
    check_asks("grid_search", nine, TP_COUNT(nine));
    check_asks("grid_search,level=2,alpha=3", four, TP_COUNT(four));
}

static void test_grid_search__refuses_a_grid_too_large(void)
{
    enum { N = 11 };
    tp_err    err;
    void     *set;
    tp_arena *mem = check_mem();
    tp_var   *var = TP_NEW(mem, tp_var, N);
    for (int i = 0; i < N; i++)
        var[i] = (tp_var){.name = TP_S("v"), .hi = 1, .start = 0.5};
    tp_space          space = {N, var};
    const tp_opt_ops *ops = tp_opt_find(TP_S("grid_search"));
    tp_opt            o = {.space = &space, .seed = 1, .mem = *mem};
    if (!CHECK_OK(tp_opt_settings(&set, ops, TP_S(""), &o.mem, &err), &err))
        return;
    o.settings = set;
    CHECK_INT(ops->init(&o, &err), TP_LIMIT);
    CHECK_HAS(tp_str_of(err.msg), "3 points on each of 11 axes");
    var[0].hi = 0; /* can't move */
    var[0].start = 0;
    if (!CHECK_OK(ops->init(&o, &err), &err)) return;
    ops->close(&o);
}

static void test_grid_search__ends_low_on_the_example(void)
{
    static const char *const methods[] = {"grid_search", "grid_search,level=2",
                                          "grid_search,alpha=1.5"};
    for (int i = 0; i < TP_COUNT(methods); i++) {
        drive *d = open_on(methods[i], example, 1);
        d->ops->close(&d->opt);
        d->var[0] = d->var[1] =
            (tp_var){.name = TP_S("v"), .hi = 10, .start = 10};
        if (!CHECK_OK(drive_open(d, methods[i], NULL), NULL)) return;
        CHECK_Z(drive_run(d, 3000), "grid small enough");
        CHECK(d->best_f <= 2.21);
        drive_close(d);
    }
}

/* ---- random search ----------------------------------------------------- */

static void check_spread(const char *method, double deviation)
{
    enum { N = 4000 };
    double sum = 0, squares = 0;
    drive *d = open_on(method, bowl, 0);
    drive_run(d, N);
    CHECK_INT(d->n_ask, N);
    CHECK_NEAR(d->asked[0][0], 0.5, 0);
    for (int k = 0; k < N; k++) {
        sum += d->asked[k][1];
        squares += d->asked[k][1] * d->asked[k][1];
    }
    CHECK_NEAR(sum / N, 0.5, 4 * deviation / sqrt(N));
    CHECK_NEAR(sqrt(squares / N - sum * sum / N / N), deviation, 0.006);
    drive_close(d);
}

static void test_monte_carlo__draws_evenly_or_normally(void)
{
    check_spread("monte_carlo", sqrt(1.0 / 12));
    check_spread("monte_carlo,distribution=normal", 1.0 / 6);
}

static void test_monte_carlo__searches_along_random_lines(void)
{
    static const char *const how[] = {"quadratic", "golden", "fibonacci"};
    int                      took[3] = {0}; /* asks until 1e-6 */
    for (int i = 0; i < TP_COUNT(how); i++) {
        tp_str method =
            tp_str_fmt(check_mem(), "monte_carlo,direction=%s%c", how[i], 0);
        drive *d = open_on(method.at, bowl, 0);
        drive_run(d, 200);
        CHECK_NEAR(d->best_f, 0, 1e-5);
        while (took[i] < 199 && d->told[took[i]] > 1e-6) took[i]++;
        for (int k = 1; k <= 3; k += 2) { /* start and two asks: one line */
            double u = d->asked[k][0] - 0.5, v = d->asked[k][1] - 0.5;
            double s = d->asked[2][0] - 0.5, t = d->asked[2][1] - 0.5;
            CHECK_NEAR(u * t - v * s, 0, 1e-12);
        }
        CHECK(fabs(d->asked[1][0] - 0.5) < 0.0101);
        drive_close(d);
    }
    CHECK(took[0] < took[1]); /* a parabola is exact on a bowl */
    CHECK(took[1] != took[2]);
}

/* ---- the ground -------------------------------------------------------- */

static void test_walk__ranks_feasible_then_near_then_failed(void)
{
    tp_walk_point good = {.ok = true, .f = 5}, better = {.ok = true, .f = 4};
    tp_walk_point near = {.ok = true, .f = 1, .miss = 0.1};
    tp_walk_point far = {.ok = true, .f = 0, .miss = 0.2}, failed = {0};
    CHECK(tp_walk_rank(&better, &good) < 0);
    CHECK(tp_walk_rank(&good, &near) < 0);
    CHECK(tp_walk_rank(&near, &far) < 0);
    CHECK(tp_walk_rank(&far, &failed) < 0);
    CHECK(tp_walk_rank(&failed, &good) > 0);
    CHECK_INT(tp_walk_rank(&failed, &failed), 0);
    CHECK(tp_walk_feasible(&good) && !tp_walk_feasible(&near));
    CHECK(!tp_walk_feasible(&failed));
}

static void test_walk__draws_until_a_point_is_feasible(void)
{
    /* The square is 0.16 % of the box: even draws alone would take 600. */
    static const char *const methods[] = {"hooke_jeeves", "axis_search",
                                          "powell", "newton", "grid_search"};
    for (int i = 0; i < TP_COUNT(methods); i++) {
        drive *d = open_on(methods[i], square, 1);
        drive_run(d, 2000);
        CHECK(d->best >= 0 && !d->bad_x);
        CHECK(d->n_ask < 300);
        CHECK_NEAR(d->best_f, 0.48 * 0.48 + 0.43 * 0.43, 0.03);
        drive_close(d);
    }
}

/* 0..80 in steps of two, told as gridded: a first step of the range's
   hundredth would not move. */
static void check_grid(const char *method)
{
    tp_err err;
    int    tag, n = 0;
    double u, x, best = INFINITY;
    drive *d = drive_box(check_mem(), 1, 20);
    d->var[0].hi = 80;
    d->var[0].step = 2;
    if (!CHECK_OK(drive_open(d, method, &err), &err)) return;
    while (d->ops->ask(&d->opt, &u, &tag) == TP_ASK_POINT && n++ < 300) {
        tp_space_real(&d->space, &u, &x);
        tp_space_unit(&d->space, &x, &u);
        best = fmin(best, (x - 62.2) * (x - 62.2));
        d->ops->tell(&d->opt, tag, &u,
                     &(tp_obs){.ok = true, .f = (x - 62.2) * (x - 62.2)});
    }
    if (!CHECK_NEAR(best, 0.04, 1e-9)) printf("  %s\n", method);
    CHECK(n < 100);
    drive_close(d);
}

static void test_walk__steps_over_a_grid(void)
{
    static const char *const methods[] = {
        "hooke_jeeves", "grid_search", "axis_search",     "powell",
        "newton",       "dfp",         "steepest_descent"};
    for (int i = 0; i < TP_COUNT(methods); i++) check_grid(methods[i]);
}

static const check_test tests[] = {
    CHECK_TEST(test_hooke_jeeves__explores_then_goes_on_in_the_pattern),
    CHECK_TEST(test_hooke_jeeves__halves_down_to_epsilon),
    CHECK_TEST(test_grid_search__moves_and_grows),
    CHECK_TEST(test_grid_search__refuses_a_grid_too_large),
    CHECK_TEST(test_grid_search__ends_low_on_the_example),
    CHECK_TEST(test_monte_carlo__draws_evenly_or_normally),
    CHECK_TEST(test_monte_carlo__searches_along_random_lines),
    CHECK_TEST(test_walk__ranks_feasible_then_near_then_failed),
    CHECK_TEST(test_walk__draws_until_a_point_is_feasible),
    CHECK_TEST(test_walk__steps_over_a_grid),
    {0},
};

int main(void)
{
    return check_main(tests);
}
