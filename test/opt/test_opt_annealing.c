/* Simulated annealing: its temperatures, its range and its rule. */
#include "wells.h"

static const char *const short_run =
    "simulated_annealing,init_num_of_pts=1,moves=3,alpha=0.5,tmin=1m,"
    "range_min=0.25";

static drive *open_line(const char *method, uint64_t seed)
{
    tp_err err;
    drive *d = drive_box(check_mem(), 1, 0.5);
    d->opt.seed = seed;
    CHECK_OK(drive_open(d, method, &err), &err);
    return d;
}

/* The next point, told f or, when that is NAN, a failure; NAN at the end. */
static double step_told(drive *d, double f)
{
    double u;
    int    tag;
    tp_obs y = {.ok = !isnan(f), .f = f};
    if (d->ops->ask(&d->opt, &u, &tag) != TP_ASK_POINT) return NAN;
    d->ops->tell(&d->opt, tag, &u, &y);
    return u;
}

/* Costs 0 and 2 deviate by sqrt 2: halved, that is 1m or more 11 times. */
static void test_annealing__cools_from_the_spread_to_tmin(void)
{
    drive *d = open_line(short_run, 1);
    int    asked = 2;
    CHECK_NEAR(step_told(d, 0), 0.5, 0);
    step_told(d, 2);
    while (!isnan(step_told(d, 0)) && asked < 1000) asked++;
    CHECK_INT(asked, 2 + 11 * 3);
    CHECK_Z(d->ops->finished(&d->opt), "final temperature reached");
    drive_close(d);
}

static void test_annealing__range_shrinks_to_its_least(void)
{
    drive *d = open_line(short_run, 1);
    double widest = 0;
    step_told(d, 0);
    step_told(d, 2);
    for (int stage = 0; stage < 11; stage++) {
        double range = fmax(sqrt(pow(0.5, stage)), 0.25);
        for (int m = 0; m < 3; m++) {
            double off = fabs(step_told(d, NAN) - 0.5); /* never taken */
            CHECK(off <= fmin(range, 0.5));
            if (range <= 0.25) widest = fmax(widest, off);
        }
    }
    CHECK(widest > 0.2);
    drive_close(d);
}

/* A first move up by T ln 2 is taken half the times: then the second, whose
   range is a tenth, is near it. */
static void test_annealing__goes_up_by_metropolis_rule(void)
{
    int counted = 0, taken = 0;
    for (uint64_t seed = 1; seed <= 600; seed++) {
        tp_arena keep = *check_mem();
        drive   *d = open_line("simulated_annealing,init_num_of_pts=1,moves=1,"
                                 "alpha=0.01,tmin=1m",
                               seed);
        step_told(d, 0);
        step_told(d, 2);
        double up = step_told(d, sqrt(2) * log(2)), next = step_told(d, 0);
        drive_close(d);
        *check_mem() = keep;
        if (fabs(up - 0.5) < 0.2) continue;
        counted++;
        taken += fabs(next - up) <= 0.1;
        CHECK(fabs(next - up) <= 0.1 || fabs(next - 0.5) <= 0.1);
    }
    CHECK(counted > 300);
    CHECK_NEAR((double)taken / counted, 0.5, 0.08);
}

static void test_annealing__asks_its_first_points_at_once(void)
{
    double u;
    int    tag, out = 0;
    drive *d = open_line("simulated_annealing,init_num_of_pts=7", 1);
    while (d->ops->ask(&d->opt, &u, &tag) == TP_ASK_POINT) out++;
    CHECK_INT(out, 8);
    drive_close(d);
}

static void test_annealing__starts_from_the_best_feasible(void)
{
    double u[3], g[3] = {1, 0, 0}, f[3] = {-9, 5, 4};
    int    tag[3];
    drive *d = open_line("simulated_annealing,init_num_of_pts=2,moves=1,"
                         "alpha=0.001,range_min=0.01,tmin=1u",
                         3);
    d->opt.n_g = 1;
    for (int i = 0; i < 3; i++) d->ops->ask(&d->opt, &u[i], &tag[i]);
    for (int i = 0; i < 3; i++) {
        tp_obs y = {.ok = true, .f = f[i], .n_g = 1, .g = &g[i]};
        d->ops->tell(&d->opt, tag[i], &u[i], &y);
    }
    step_told(d, NAN);
    CHECK_NEAR(step_told(d, NAN), u[2], sqrt(0.001));
    drive_close(d);
}

static void test_annealing__finds_the_global_well(void)
{
    CHECK(wells_seeds("simulated_annealing,moves=50,alpha=0.95", 10000,
                      0.501) >= 9);
}

static const check_test tests[] = {
    CHECK_TEST(test_annealing__cools_from_the_spread_to_tmin),
    CHECK_TEST(test_annealing__range_shrinks_to_its_least),
    CHECK_TEST(test_annealing__goes_up_by_metropolis_rule),
    CHECK_TEST(test_annealing__asks_its_first_points_at_once),
    CHECK_TEST(test_annealing__starts_from_the_best_feasible),
    CHECK_TEST(test_annealing__finds_the_global_well),
    {0},
};

int main(void)
{
    return check_main(tests);
}
