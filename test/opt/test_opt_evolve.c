/* lshade and cmaes: what their own papers say of them, step by step. */
#include "drive.h"

#include <stdlib.h>

static bool bowl(const double *x, int n, double *f, double *g)
{
    (void)g;
    *f = 0;
    for (int i = 0; i < n; i++) *f += (x[i] - 0.3) * (x[i] - 0.3);
    return true;
}

/* Long and narrow along the diagonal, minimum 0 at 0.4 each. */
static bool ridge(const double *x, int n, double *f, double *g)
{
    double along = 0, across = 0;
    (void)g;
    for (int i = 0; i < n; i++) {
        double next = x[(i + 1) % n];
        along += x[i] - 0.4;
        across += (x[i] - next) * (x[i] - next);
    }
    *f = along * along + 1e4 * across;
    return true;
}

/* Feasible only where the sum is above 1.2. */
static bool beyond(const double *x, int n, double *f, double *g)
{
    double sum = 0;
    bowl(x, n, f, g);
    for (int i = 0; i < n; i++) sum += x[i];
    g[0] = 1.2 - sum;
    return true;
}

static drive *open_on(int n, int n_g, drive_function *f, const char *method)
{
    tp_err err;
    drive *d = drive_box(check_mem(), n, 0.5);
    d->function = f;
    d->opt.n_g = n_g;
    return CHECK_OK(drive_open(d, method, &err), &err) ? d : NULL;
}

/* ---- lshade -------------------------------------------------------------- */

/* The start, then one point in each of 12 layers of every axis. */
static void test_lshade__begins_with_a_latin_hypercube(void)
{
    drive *d = open_on(3, 0, bowl, "lshade,population=12");
    if (!d) return;
    drive_run(d, 12);
    for (int i = 0; i < 3; i++) {
        int seen = 0;
        CHECK_NEAR(d->asked[0][i], 0.5, 0);
        for (int k = 1; k < 12; k++) seen |= 1 << (int)(d->asked[k][i] * 12);
        int layers = 0;
        for (int k = 0; k < 12; k++) layers += seen >> k & 1;
        CHECK_INT(layers, 11);
    }
    drive_close(d);
}

/* How many points it asks before it waits: a generation. */
static int generation(drive *d)
{
    double x[DRIVE_MAX], f, g[1];
    double u[64][DRIVE_MAX];
    int    tag[64], n = 0;
    while (n < 64 && d->ops->ask(&d->opt, x, &tag[n]) == TP_ASK_POINT)
        memcpy(u[n++], x, sizeof x);
    for (int k = 0; k < n; k++) {
        bowl(u[k], d->space.n, &f, g);
        d->ops->tell(&d->opt, tag[k], u[k],
                     &(tp_obs){.ok = true, .f = f, .n_g = 0, .g = g});
    }
    return n;
}

static void test_lshade__population_shrinks_to_four(void)
{
    drive *d = open_on(2, 0, bowl, "lshade,population=40,evaluations=400");
    if (!d) return;
    int first = generation(d), last = first, told = first;
    CHECK_INT(first, 40);
    while (told < 400) {
        int now = generation(d);
        if (!CHECK(now > 0 && now <= last)) break;
        /* the linear plan, up to a rounding */
        CHECK(abs(now - (int)round(40 - 36.0 * told / 400)) <= 1);
        last = now;
        told += now;
    }
    CHECK_INT(generation(d), 4);
    drive_close(d);
}

static void test_lshade__takes_guests_for_its_first_generation(void)
{
    drive *d = open_on(3, 0, bowl, "lshade,population=20");
    if (!d) return;
    for (int k = 0; k < 15; k++) {
        double x[3] = {k / 15.0, 0.4, 0.2}, f, g[1];
        bowl(x, 3, &f, g);
        d->ops->tell(&d->opt, TP_OPT_FOREIGN_TAG, x,
                     &(tp_obs){.ok = true, .f = f, .n_g = 0, .g = g});
    }
    CHECK_INT(generation(d), 5); /* the start and four of its own */
    CHECK(generation(d) >= 15);
    drive_close(d);
}

static void test_lshade__keeps_to_the_feasibility_rules(void)
{
    drive *d = open_on(3, 1, beyond, "lshade,population=20,evaluations=800");
    if (!d) return;
    drive_run(d, 800);
    CHECK_NEAR(d->best_f, 3 * 0.1 * 0.1, 1e-3); /* 0.4 each */
    drive_close(d);
}

/* ---- cmaes --------------------------------------------------------------- */

static void test_cmaes__learns_a_ridge(void)
{
    drive *d = open_on(5, 0, ridge, "cmaes");
    if (!d) return;
    drive_run(d, 2500);
    CHECK(d->best_f < 1e-8);
    drive_close(d);
}

/* Generations of 4 + 3 ln n points; twice as many after a restart, which a
   bowl brings when the distribution has become small. */
static void test_cmaes__restarts_with_twice_the_points(void)
{
    drive *d = open_on(2, 0, bowl, "cmaes,tolerance=1e-4");
    if (!d) return;
    int first = 1, size = 0;
    CHECK_INT(generation(d), 1 + 6); /* the start, and 4 + 3 ln 2 */
    for (int k = 0; k < 200 && size != 12; k++) {
        size = generation(d);
        CHECK(size == 6 || size == 12);
        first += size == 6;
    }
    CHECK_INT(size, 12);
    CHECK(first > 5);
    drive_close(d);
}

static void test_cmaes__begins_at_the_best_from_outside(void)
{
    drive *d = open_on(3, 0, bowl, "cmaes,sigma=1e-3");
    if (!d) return;
    double x[3] = {0.9, 0.8, 0.7}, far[3] = {0, 1, 0};
    d->ops->tell(&d->opt, TP_OPT_FOREIGN_TAG, x, &(tp_obs){.ok = true, .f = 1});
    d->ops->tell(&d->opt, TP_OPT_FOREIGN_TAG, far,
                 &(tp_obs){.ok = true, .f = 2});
    drive_run(d, 8);
    for (int k = 1; k < 8; k++)
        for (int i = 0; i < 3; i++) CHECK_NEAR(d->asked[k][i], x[i], 1e-2);
    drive_close(d);
}

static const check_test tests[] = {
    CHECK_TEST(test_lshade__begins_with_a_latin_hypercube),
    CHECK_TEST(test_lshade__population_shrinks_to_four),
    CHECK_TEST(test_lshade__takes_guests_for_its_first_generation),
    CHECK_TEST(test_lshade__keeps_to_the_feasibility_rules),
    CHECK_TEST(test_cmaes__learns_a_ridge),
    CHECK_TEST(test_cmaes__restarts_with_twice_the_points),
    CHECK_TEST(test_cmaes__begins_at_the_best_from_outside),
    {0},
};

int main(void)
{
    return check_main(tests);
}
