/* cost_profile and parameter_space: exactly these points, told or not. */
#include "drive.h"

static bool bowl(const double *x, int n, double *f, double *g)
{
    (void)g;
    *f = 0;
    for (int i = 0; i < n; i++) *f += (x[i] - 0.25) * (x[i] - 0.25);
    return true;
}

static drive *run(const char *method, int n, int most)
{
    tp_err err;
    drive *d = drive_box(check_mem(), n, 0.4);
    d->function = bowl;
    if (!CHECK_OK(drive_open(d, method, &err), &err)) return d;
    drive_run(d, most);
    return d;
}

static void asked(const drive *d, int i, double a, double b)
{
    CHECK_NEAR(d->asked[i][0], a, 1e-15);
    CHECK_NEAR(d->asked[i][1], b, 1e-15);
}

static void test_cost_profile__goes_through_the_start_point(void)
{
    static const double at[] = {0, 0.25, 0.5, 0.75, 1};

    drive *d = run("cost_profile,resolution=5", 2, 1000);
    CHECK_INT(d->n_ask, 1 + 2 * 5);
    asked(d, 0, 0.4, 0.4);
    for (int i = 0; i < 5; i++) {
        asked(d, 1 + i, at[i], 0.4);
        asked(d, 6 + i, 0.4, at[i]);
    }
    CHECK_Z(d->ops->finished(&d->opt), "all points evaluated");
    drive_close(d);
}

static void test_parameter_space__is_a_full_grid(void)
{
    drive *d = run("parameter_space,npts0=3,npts1=2", 2, 1000);
    CHECK_INT(d->n_ask, 1 + 3 * 2);
    asked(d, 0, 0.4, 0.4);
    for (int i = 0; i < 6; i++) asked(d, 1 + i, i % 3 / 2.0, i / 3);
    CHECK_Z(d->ops->finished(&d->opt), "all points evaluated");
    drive_close(d);
    d = run("parameter_space", 3, 2000);
    CHECK_INT(d->n_ask, 1 + 10 * 10 * 10);
    CHECK_NEAR(d->asked[1000][2], 1, 0);
    drive_close(d);
}

static void test_parameter_space__one_point_is_the_start(void)
{
    drive *d = run("parameter_space,npts0=1,npts1=3", 2, 1000);
    CHECK_INT(d->n_ask, 1 + 3);
    for (int i = 0; i < 3; i++) asked(d, 1 + i, 0.4, i / 2.0);
    drive_close(d);
}

static void test_parameter_space__counts_every_variable(void)
{
    tp_err err;
    drive *d = drive_box(check_mem(), 3, 0.4);
    d->function = bowl;
    d->var[0].lo = d->var[0].hi = 0.4; /* frozen: npts0 is of no use */
    if (!CHECK_OK(
            drive_open(d, "parameter_space,npts0=9,npts1=2,npts2=4", &err),
            &err))
        return;
    drive_run(d, 100);
    CHECK_INT(d->n_ask, 1 + 2 * 4);
    CHECK_NEAR(d->asked[8][1], 1, 0);
    CHECK_NEAR(d->asked[8][2], 1, 0);
    drive_close(d);
}

static void test_parameter_space__refuses_what_never_ends(void)
{
    tp_err err;
    drive *d = drive_box(check_mem(), 10, 0.4);
    CHECK_INT(drive_open(d, "parameter_space,npts=8", &err), TP_LIMIT);
    CHECK_HAS(tp_str_of(err.msg), "npts0");
    CHECK_INT(drive_open(d, "cost_profile,resolution=1000000", &err), TP_OK);
    drive_close(d);
}

static void test_scans__need_not_be_told(void)
{
    tp_err err;
    double x[DRIVE_MAX];
    int    tag;
    drive *d = drive_box(check_mem(), 2, 0.4);
    tp_obs y = {.ok = false};
    if (!CHECK_OK(drive_open(d, "parameter_space,npts=3", &err), &err)) return;
    for (int i = 0; i < 10; i++)
        CHECK_INT(d->ops->ask(&d->opt, x, &tag), TP_ASK_POINT);
    CHECK_INT(d->ops->ask(&d->opt, x, &tag), TP_ASK_WAIT);
    for (int i = 0; i < 10; i++) {
        CHECK(d->ops->finished(&d->opt) == NULL);
        d->ops->tell(&d->opt, tag, x, &y);
    }
    CHECK_INT(d->ops->ask(&d->opt, x, &tag), TP_ASK_DONE);
    CHECK(d->ops->finished(&d->opt) != NULL);
    drive_close(d);
}

static const check_test tests[] = {
    CHECK_TEST(test_cost_profile__goes_through_the_start_point),
    CHECK_TEST(test_parameter_space__is_a_full_grid),
    CHECK_TEST(test_parameter_space__one_point_is_the_start),
    CHECK_TEST(test_parameter_space__counts_every_variable),
    CHECK_TEST(test_parameter_space__refuses_what_never_ends),
    CHECK_TEST(test_scans__need_not_be_told),
    {0},
};

int main(void)
{
    return check_main(tests);
}
