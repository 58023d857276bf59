/* The constrained simplex: where its points go, step by step. */
#include "wells.h"

static drive *open_line(const char *method, int n)
{
    tp_err err;
    drive *d = drive_box(check_mem(), n, 0.5);
    d->opt.n_g = 1;
    CHECK_OK(drive_open(d, method, &err), &err);
    return d;
}

/* The next point, told f and g at once; NAN when there is none. */
static double step_told(drive *d, double f, double g)
{
    double u[DRIVE_MAX];
    int    tag;
    tp_obs y = {.ok = true, .f = f, .n_g = 1, .g = &g};
    if (d->ops->ask(&d->opt, u, &tag) != TP_ASK_POINT) return NAN;
    d->ops->tell(&d->opt, tag, u, &y);
    return u[0];
}

static double clip(double v)
{
    return fmin(fmax(v, 0), 1);
}

/* Both points are asked before one is told: the batch of the first simplex. */
static double first_two(drive *d, double f0, double f1)
{
    double a[2], g = 0;
    int    tag[2];
    for (int i = 0; i < 2; i++)
        CHECK_INT(d->ops->ask(&d->opt, &a[i], &tag[i]), TP_ASK_POINT);
    CHECK_NEAR(a[0], 0.5, 0);
    for (int i = 0; i < 2; i++) {
        tp_obs y = {.ok = true, .f = i ? f1 : f0, .n_g = 1, .g = &g};
        d->ops->tell(&d->opt, tag[i], &a[i], &y);
    }
    return a[1];
}

static void test_complex__mirrors_the_worst_at_the_centre_of_others(void)
{
    drive *d = open_line("complex,alpha=1.3", 1);
    double worst = first_two(d, 1, 2);
    double trial = step_told(d, 0.5, 0); /* better than both */
    CHECK_NEAR(trial, clip(0.5 - 1.3 * (worst - 0.5)), 1e-15);
    /* now 0.5 is the worst */
    CHECK_NEAR(step_told(d, 0, 0), clip(trial - 1.3 * (0.5 - trial)), 1e-15);
    drive_close(d);
}

static void test_complex__halves_draws_goes_to_the_best(void)
{
    drive *d = open_line("complex", 1);
    double worst = first_two(d, 1, 2);
    double x = clip(0.5 - 1.3 * (worst - 0.5));
    for (int i = 0; i <= 6; i++, x = (x + 0.5) / 2)
        CHECK_NEAR(step_told(d, 3, 0), x, 1e-15);
    x = step_told(d, 3, 0); /* a fresh one between the points */
    CHECK(x >= fmin(0.5, worst) && x <= fmax(0.5, worst));
    for (int i = 0; i < 6; i++) {
        x = (x + 0.5) / 2;
        CHECK_NEAR(step_told(d, 3, 0), x, 1e-15);
    }
    CHECK(isnan(step_told(d, 0, 0))); /* both points at 0.5 */
    CHECK_Z(d->ops->finished(&d->opt), "simplex small enough");
    drive_close(d);
}

static void test_complex__stays_there_without_oscillation_detection(void)
{
    drive *d = open_line("complex,oscillation_detection=off", 1);
    double drawn = 0;
    first_two(d, 1, 2);
    for (int i = 0; i < 8; i++) drawn = step_told(d, 3, 0);
    CHECK_NEAR(step_told(d, 3, 0), clip(0.5 - 1.3 * (drawn - 0.5)), 1e-15);
    drive_close(d);
}

/* An infeasible first point goes half-way to the centre of the good ones. */
static void test_complex__halves_into_the_feasible_part(void)
{
    drive *d = open_line("complex", 1);
    double a[2], g[2] = {0, 1};
    int    tag[2];
    for (int i = 0; i < 2; i++) d->ops->ask(&d->opt, &a[i], &tag[i]);
    for (int i = 0; i < 2; i++) {
        tp_obs y = {.ok = true, .f = -i, .n_g = 1, .g = &g[i]};
        d->ops->tell(&d->opt, tag[i], &a[i], &y);
    }
    double x = a[1];
    for (int i = 0; i < 6; i++) {
        x = (x + 0.5) / 2;
        CHECK_NEAR(step_told(d, -1, 1), x, 1e-15);
    }
    double drawn = step_told(d, -1, 1); /* anywhere in the box */
    CHECK_NEAR(step_told(d, 2, 0), (drawn + 0.5) / 2, 1e-15);
    x = (drawn + 0.5) / 2; /* feasible, and the worst */
    CHECK_NEAR(step_told(d, 2, 0), clip(0.5 - 1.3 * (x - 0.5)), 1e-15);
    drive_close(d);
}

static bool plane(const double *x, int n, double *f, double *g)
{
    (void)n;
    *f = x[0] + x[1];
    g[0] = 0;
    return true;
}

static void test_complex__draws_the_first_points_in_its_width(void)
{
    static const double start[] = {0.5, 0.95}, low[] = {0.4, 0.8};
    for (int k = 0; k < 2; k++) {
        tp_err err;
        double most = 0, least = 1;
        drive *d = drive_box(check_mem(), 2, start[k]);
        d->function = plane;
        CHECK_OK(drive_open(d, "complex,k=100,width=0.2", &err), &err);
        drive_run(d, 100);
        for (int i = 0; i < 100; i++) {
            least = fmin(least, d->asked[i][0]);
            most = fmax(most, d->asked[i][0]);
        }
        CHECK_NEAR(least, low[k] + 0.01, 0.01);
        CHECK_NEAR(most, low[k] + 0.19, 0.01);
        drive_close(d);
    }
}

static void test_complex__mirrors_several_at_once(void)
{
    tp_err err;
    double x[DRIVE_MAX];
    int    tag, out = 0;
    drive *d = drive_box(check_mem(), 2, 0.5);
    d->function = plane;
    CHECK_OK(drive_open(d, "complex,k=8,nmirror=3", &err), &err);
    drive_run(d, 8);
    while (d->ops->ask(&d->opt, x, &tag) == TP_ASK_POINT) out++;
    CHECK_INT(out, 3);
    drive_close(d);
}

static void test_complex__ends_at_its_size(void)
{
    static const char *const size[] = {"complex,size=10", "complex,size=1",
                                       "complex,size=0.1"};
    int                      before = 0;
    for (int i = 0; i < TP_COUNT(size); i++) {
        wells_end e = wells_run(size[i], 1, 10000);
        CHECK(e.asked > before);
        CHECK_Z(e.why ? e.why : "none", "simplex small enough");
        before = e.asked;
    }
}

static void test_complex__reaches_a_well_from_nine_seeds_of_ten(void)
{
    CHECK(wells_seeds("complex,size=0.1", 10000, 2.21) >= 9);
}

static void test_complex__refuses_too_few_points(void)
{
    tp_err err;
    drive *d = drive_box(check_mem(), 3, 0.5);
    CHECK_INT(drive_open(d, "complex,k=3", &err), TP_BAD_INPUT);
    CHECK_Z(err.msg, "complex: k: 3 points for 3 variables, wanted more points "
                     "than variables");
    CHECK_INT(drive_open(d, "complex,nmirror=6", &err), TP_BAD_INPUT);
    CHECK_Z(err.msg, "complex: nmirror: 6 of 6 points, wanted fewer");
}

static const check_test tests[] = {
    CHECK_TEST(test_complex__mirrors_the_worst_at_the_centre_of_others),
    CHECK_TEST(test_complex__halves_draws_goes_to_the_best),
    CHECK_TEST(test_complex__stays_there_without_oscillation_detection),
    CHECK_TEST(test_complex__halves_into_the_feasible_part),
    CHECK_TEST(test_complex__draws_the_first_points_in_its_width),
    CHECK_TEST(test_complex__mirrors_several_at_once),
    CHECK_TEST(test_complex__ends_at_its_size),
    CHECK_TEST(test_complex__reaches_a_well_from_nine_seeds_of_ten),
    CHECK_TEST(test_complex__refuses_too_few_points),
    {0},
};

int main(void)
{
    return check_main(tests);
}
