/* Design centring: the centre of regions whose centre is known. */
#include "drive.h"

#include <math.h>

/* Feasible: x + y <= 1. The greatest circle has its centre at (r, r) with
   r = 1 - 1/sqrt 2. */
static bool triangle(const double *x, int n, double *f, double *g)
{
    (void)n;
    *f = x[0];
    g[0] = x[0] + x[1] - 1;
    return true;
}

static bool everywhere(const double *x, int n, double *f, double *g)
{
    (void)n;
    *f = x[0];
    g[0] = 0;
    return true;
}

/* Half of the box gives no numbers. */
static bool left_half(const double *x, int n, double *f, double *g)
{
    (void)n;
    *f = x[1];
    g[0] = 0;
    return x[0] <= 0.5;
}

static drive *open_at(drive_function *function, double x, double y)
{
    tp_err err;
    void  *set;
    drive *d = drive_box(check_mem(), 2, 0);
    d->var[0].start = x;
    d->var[1].start = y;
    d->function = function;
    d->opt.n_g = 1;
    d->ops = &tp_opt_centering;
    d->opt.mem = tp_arena_open((ptrdiff_t)1 << 26);
    CHECK_OK(tp_opt_settings(&set, d->ops, TP_S(""), &d->opt.mem, &err), &err);
    d->opt.settings = set;
    CHECK_OK(d->ops->init(&d->opt, &err), &err);
    return d;
}

/* Tells a point that was not asked. */
static void tell_known(drive *d, double x, double y)
{
    double at[2] = {x, y}, f, g;
    bool   ok = d->function(at, 2, &f, &g);
    tp_obs seen = {.ok = ok, .f = f, .n_g = 1, .g = &g};
    d->ops->tell(&d->opt, -1, at, &seen);
}

static void close(drive *d)
{
    drive_close(d);
    tp_arena_close(&d->opt.mem);
}

static const double *chosen(drive *d, double *worth)
{
    const double *x = d->ops->chosen(&d->opt, worth);
    CHECK(x != NULL);
    return x ? x : d->asked[0];
}

static void test_centering__finds_the_middle_of_the_box(void)
{
    double worth;
    drive *d = open_at(everywhere, 0.1, 0.9);
    CHECK_Z(drive_run(d, 500), "centre found");
    const double *x = chosen(d, &worth);
    CHECK_NEAR(x[0], 0.5, 5e-3);
    CHECK_NEAR(x[1], 0.5, 5e-3);
    CHECK_NEAR(worth, fmin(fmin(x[0], 1 - x[0]), fmin(x[1], 1 - x[1])), 1e-12);
    CHECK(!d->bad_x);
    close(d);
}

static void test_centering__finds_the_circle_in_a_triangle(void)
{
    double worth, r = 1 - sqrt(0.5);
    drive *d = open_at(triangle, 0.05, 0.05);
    CHECK_Z(drive_run(d, 500), "centre found");
    const double *x = chosen(d, &worth);
    CHECK(worth > 0.95 * r && worth < 1.2 * r);
    CHECK(fmin(x[0], x[1]) > 0.9 * r && fmax(x[0], x[1]) < 1.25 * r);
    CHECK(d->n_ask < 200);
    close(d);
}

static void test_centering__keeps_off_what_failed(void)
{
    double worth;
    drive *d = open_at(left_half, 0.1, 0.5);
    CHECK_Z(drive_run(d, 500), "centre found");
    const double *x = chosen(d, &worth);
    CHECK(x[0] > 0.2 && x[0] < 0.32);
    CHECK(worth > 0.2 && worth < 0.32);
    close(d);
}

/* The start is known already, and the cheapest point is where it begins. */
static void test_centering__begins_at_the_best_known_point(void)
{
    int    tag;
    double x[2];
    drive *d = open_at(triangle, 0.4, 0.4);
    tell_known(d, 0.4, 0.4);
    tell_known(d, 0.1, 0.2);
    tell_known(d, 0.7, 0.7);
    CHECK_INT(d->ops->ask(&d->opt, x, &tag), TP_ASK_POINT);
    CHECK(hypot(x[0] - 0.1, x[1] - 0.2) <= 0.2 + 1e-12);
    CHECK(fmin(x[0], x[1]) > 0.1); /* farther from the bounds */
    close(d);
}

/* Where no feasible step leads away from a corner. */
static void test_centering__leaves_a_corner_by_a_known_point(void)
{
    double worth;
    drive *d = open_at(triangle, 0, 1);
    tell_known(d, 0, 1);
    tell_known(d, 0.2, 0.3);
    CHECK_Z(drive_run(d, 500), "centre found");
    chosen(d, &worth);
    CHECK(worth > 0.2);
    close(d);
}

static void test_centering__counts_a_bad_cost_as_infeasible(void)
{
    double worth;
    drive *d = open_at(everywhere, 0.05, 0.5);
    d->opt.stop.has_goal = true;
    d->opt.stop.goal = 0.4; /* f is x */
    CHECK_Z(drive_run(d, 500), "centre found");
    const double *x = chosen(d, &worth);
    CHECK(x[0] > 0.17 && x[0] < 0.25);
    close(d);
}

static void test_centering__has_nothing_without_a_feasible_point(void)
{
    double worth;
    drive *d = open_at(triangle, 0.9, 0.9);
    CHECK_Z(drive_run(d, 500), "failed");
    CHECK(!d->ops->chosen(&d->opt, &worth));
    close(d);
}

static const check_test tests[] = {
    CHECK_TEST(test_centering__finds_the_middle_of_the_box),
    CHECK_TEST(test_centering__finds_the_circle_in_a_triangle),
    CHECK_TEST(test_centering__keeps_off_what_failed),
    CHECK_TEST(test_centering__begins_at_the_best_known_point),
    CHECK_TEST(test_centering__leaves_a_corner_by_a_known_point),
    CHECK_TEST(test_centering__counts_a_bad_cost_as_infeasible),
    CHECK_TEST(test_centering__has_nothing_without_a_feasible_point),
    {0},
};

int main(void)
{
    return check_main(tests);
}
