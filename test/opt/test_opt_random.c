/* RANDOM_SEARCH: near the best point, which is feasible before it is good. */
#include "drive.h"

/* Better to the right, feasible left of a half, nothing at the far right. */
static bool ramp(const double *x, int n, double *f, double *g)
{
    (void)n;
    *f = -x[0];
    g[0] = x[0] - 0.5;
    return x[0] < 0.9;
}

static drive *run(const char *method, double start, int most)
{
    tp_err err;
    drive *d = drive_box(check_mem(), 2, start);
    d->function = ramp;
    d->opt.n_g = 1;
    if (!CHECK_OK(drive_open(d, method, &err), &err)) return d;
    drive_run(d, most);
    drive_close(d);
    return d;
}

static void test_random_search__stays_near_the_best_when_told_to(void)
{
    drive *d = run("RANDOM_SEARCH,near=1,radius=0.001", 0.3, 300);
    CHECK(d->best_f < -0.32); /* 300 small steps, kept when better */
    for (int i = 1; i < d->n_ask; i++)
        CHECK_NEAR(d->asked[i][0], 0.3 + 0.1, 0.11);
    d = run("RANDOM_SEARCH,near=0", 0.3, 300);
    double lo = 1, hi = 0;
    for (int i = 0; i < d->n_ask; i++) {
        lo = fmin(lo, d->asked[i][1]);
        hi = fmax(hi, d->asked[i][1]);
    }
    CHECK(lo < 0.02 && hi > 0.98); /* all of the box */
}

static void test_random_search__goes_to_the_feasible_side(void)
{
    drive *d = run("RANDOM_SEARCH,near=0.9,radius=0.05", 0.85, 400);
    CHECK(d->best >= 0);
    CHECK_NEAR(d->best_f, -0.5, 0.01); /* on the fence */
    int left = 0;
    for (int i = 300; i < d->n_ask; i++) left += d->asked[i][0] < 0.65;
    CHECK(left > 85); /* not drawn to the better, forbidden side */
}

static void test_random_search__asks_many_before_it_is_told(void)
{
    tp_err err;
    double x[DRIVE_MAX], first = 0;
    int    tag;
    drive *d = drive_box(check_mem(), 2, 0.5);
    if (!CHECK_OK(drive_open(d, "RANDOM_SEARCH", &err), &err)) return;
    for (int i = 0; i < 20; i++) {
        CHECK_INT(d->ops->ask(&d->opt, x, &tag), TP_ASK_POINT);
        CHECK(i == 0 || x[0] != first);
        first = x[0];
    }
    drive_close(d);
}

static const check_test tests[] = {
    CHECK_TEST(test_random_search__stays_near_the_best_when_told_to),
    CHECK_TEST(test_random_search__goes_to_the_feasible_side),
    CHECK_TEST(test_random_search__asks_many_before_it_is_told),
    {0},
};

int main(void)
{
    return check_main(tests);
}
