/* narrowing: which points, in which order, and when it ends. */
#include "drive.h"

static double best_a, best_b;

static bool bowl(const double *x, int n, double *f, double *g)
{
    (void)g;
    *f = 1 + (x[0] - best_a) * (x[0] - best_a);
    if (n > 1) *f += (x[1] - best_b) * (x[1] - best_b);
    return true;
}

static drive *run(const char *method, int n)
{
    tp_err err;
    drive *d = drive_box(check_mem(), n, 0);
    d->function = bowl;
    if (CHECK_OK(drive_open(d, method, &err), &err)) drive_run(d, 5000);
    return d;
}

static void asked(const drive *d, int from, int n, const double (*wanted)[2])
{
    for (int i = 0; i < n && from + i < d->n_ask; i++)
        for (int k = 0; k < d->space.n; k++)
            CHECK_NEAR(d->asked[from + i][k], wanted[i][k], 1e-12);
}

/* The first variable slowest; then one old step around 0.5 0.5, halved. */
static void test_narrowing__asks_grids_around_the_best(void)
{
    static const double first[][2] = {{0, 0},   {0, 0},     {0, 0.5}, {0, 1},
                                      {0.5, 0}, {0.5, 0.5}, {0.5, 1}, {1, 0},
                                      {1, 0.5}, {1, 1}};
    static const double second[][2] = {{0, 0},    {0, 0.25}, {0, 0.5},
                                       {0, 0.75}, {0, 1},    {0.25, 0}};
    best_a = 0.45;
    best_b = 0.6;
    drive *d = run("narrowing,npts0=3,npts1=3,rounds=1", 2);
    CHECK_INT(d->n_ask, 1 + 9 + 25);
    asked(d, 0, 10, first);
    asked(d, 10, 6, second);
    CHECK_NEAR(d->asked[d->best][0], 0.5, 0);
    CHECK_NEAR(d->asked[d->best][1], 0.5, 0);
    CHECK_Z(d->ops->finished(&d->opt), "all points evaluated");
    drive_close(d);
}

/* Each value of an axis once, then a grid as far as these are apart. */
static void test_narrowing__begins_with_a_latin_hypercube(void)
{
    int seen[2][5] = {{0}};
    best_a = best_b = 0.5;
    drive *d = run("narrowing,npts0=5,npts1=5,sample=5,rounds=1", 2);
    CHECK_INT(d->n_ask, 1 + 5 + 25);
    for (int i = 1; i < 6; i++)
        for (int k = 0; k < 2; k++) {
            double at = 4 * d->asked[i][k];
            if (CHECK_NEAR(at, round(at), 1e-12)) seen[k][(int)round(at)]++;
        }
    for (int i = 0; i < 5; i++) CHECK(seen[0][i] == 1 && seen[1][i] == 1);
    drive_close(d);
    d = run("narrowing,npts=101,sample=5,rounds=1", 1);
    CHECK_INT(d->n_ask, 1 + 5 + 5);
    double step = fabs(d->asked[7][0] - d->asked[6][0]);
    CHECK_NEAR(step, 0.1, 1e-12); /* half of 20 points of the first grid */
    drive_close(d);
}

/* At the bound the grid is one-sided; seven points and thirds: old points are
   asked again bit for bit. */
static void test_narrowing__keeps_to_the_box_and_to_its_points(void)
{
    best_a = 0;
    drive *d = run("narrowing,npts0=7,rounds=4,shrink=0.34,gate=0", 1);
    CHECK_INT(d->n_ask, 1 + 7 + 4 * 3);
    for (int i = 8; i < d->n_ask; i++) CHECK(d->asked[i][0] <= 1.0 / 6);
    drive_close(d);
    best_a = 0.61;
    d = run("narrowing,npts0=7,rounds=6,gate=0", 1);
    int again = 0;
    for (int i = 8; i < d->n_ask; i++)
        for (int k = 0; k < i; k++)
            if (d->asked[i][0] == d->asked[k][0]) {
                again++;
                break;
            }
    CHECK_INT(again, 6 * 3); /* both ends and the middle of each round */
    CHECK_NEAR(d->asked[d->best][0], 0.61, 1.0 / 6 / 64);
    drive_close(d);
}

static void test_narrowing__ends_when_rounds_gain_little(void)
{
    best_a = 0.4;
    drive *d = run("narrowing,npts0=6,rounds=50,gate=1,patience=3", 1);
    CHECK_Z(d->ops->finished(&d->opt), "ftolreached");
    CHECK_INT(d->n_ask, 1 + 6 + 3 * 5);
    drive_close(d);
}

static void test_narrowing__refuses_a_grid_too_large(void)
{
    tp_err err = {0};
    drive *d = drive_box(check_mem(), 8, 0);
    CHECK_INT(drive_open(d, "narrowing,npts=3", &err), TP_LIMIT);
    CHECK_HAS(tp_str_of(err.msg), "more than 100000 points");
    CHECK_OK(drive_open(d, "narrowing,npts=3,rounds=0", &err), &err);
    drive_close(d);
}

static const check_test tests[] = {
    CHECK_TEST(test_narrowing__asks_grids_around_the_best),
    CHECK_TEST(test_narrowing__begins_with_a_latin_hypercube),
    CHECK_TEST(test_narrowing__keeps_to_the_box_and_to_its_points),
    CHECK_TEST(test_narrowing__ends_when_rounds_gain_little),
    CHECK_TEST(test_narrowing__refuses_a_grid_too_large),
    {0},
};

int main(void)
{
    return check_main(tests);
}
