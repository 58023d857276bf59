/* The methods that search along lines: first steps by hand, the analytical
   case of SPICE OPUS's examples, settings that must show. */
#include "drive.h"

#include "opt/line.h"

/* A bowl, minimum 0 at 0.3, 0.6, 0.3, ...; curvatures 2, 4, 6, ... */
static bool bowl(const double *x, int n, double *f, double *g)
{
    (void)g;
    *f = 0;
    for (int i = 0; i < n; i++) {
        double a = x[i] - (i % 2 ? 0.6 : 0.3);
        *f += (i + 1) * a * a;
    }
    return true;
}

/* Better to the right, nothing beyond 0.6. */
static bool edge(const double *x, int n, double *f, double *g)
{
    (void)n;
    (void)g;
    *f = -x[0];
    return x[0] <= 0.6;
}

static drive *run(const char *method, drive_function *function, int n,
                  double start)
{
    tp_err err;
    drive *d = drive_box(check_mem(), n, start);
    d->function = function;
    if (!CHECK_OK(drive_open(d, method, &err), &err)) return d;
    drive_run(d, 3000);
    CHECK(!d->bad_x);
    return d;
}

/* The first asks of one or two variables are these. */
static void check_asks(const drive *d, const double *x, int count)
{
    int n = d->space.n;
    CHECK(d->n_ask >= count);
    for (int k = 0; k < count; k++)
        for (int i = 0; i < n; i++)
            if (!CHECK_NEAR(d->asked[k][i], x[k * n + i], 1e-9))
                printf("  ask %d, variable %d\n", k, i);
}

/* ---- one line ---------------------------------------------------------- */

static void test_line__brackets_then_fits_a_parabola(void)
{
    /* 0.01 up is worse; down in steps 0.01 0.02 0.04 0.08 0.16; the parabola
       of a parabola is exact. The second round confirms. */
    static const double x[] = {0.5,  0.51, 0.49, 0.47, 0.43,
                               0.35, 0.19, 0.3,  0.4,  0.2};

    drive *d = run("axis_search,r=2", bowl, 1, 0.5);
    check_asks(d, x, TP_COUNT(x));
    CHECK_INT(d->n_ask, TP_COUNT(x));
    CHECK_Z(d->ops->finished(&d->opt), "step small enough");
    drive_close(d);
}

static void test_line__cuts_by_the_golden_section(void)
{
    /* From the bracket 0.43, 0.35, 0.19: into the wider side. */
    drive *d = run("axis_search,r=2,method=golden", bowl, 1, 0.5);
    CHECK_NEAR(d->asked[7][0], 0.35 - 0.3819660112501 * 0.16, 1e-12);
    CHECK_NEAR(d->best_f, 0, 1e-6);
    drive_close(d);
}

static void test_line__cuts_by_fibonacci_s_section(void)
{
    /* 0.24 is 24 epsilons, 34 the first Fibonacci number above, the eighth:
       seven points, of which the first two are 13/34 and 21/34 along. */
    drive *d = run("axis_search,r=2,method=fibonacci,epsilon=1", bowl, 1, 0.5);
    CHECK_NEAR(d->asked[7][0], 0.43 - 0.24 * 13 / 34, 1e-12);
    CHECK_NEAR(d->asked[8][0], 0.43 - 0.24 * 21 / 34, 1e-12);
    CHECK_NEAR(d->asked[9][0], 0.43 - 0.24 * 26 / 34 + 0.24 * 13 / 34, 0.11);
    CHECK_NEAR(sqrt(d->best_f), 0, 0.24 / 34 + 1e-9);
    drive_close(d);
}

static void test_line__stops_at_a_bound_and_at_a_failure(void)
{
    drive *d = run("axis_search", bowl, 1, 1);
    CHECK_NEAR(d->asked[1][0], 0.99, 1e-12); /* nothing beyond 1 is asked */
    drive_close(d);
    static const char *const methods[] = {
        "axis_search", "axis_search,method=golden",
        "axis_search,method=fibonacci", "powell", "hooke_jeeves"};
    for (int i = 0; i < TP_COUNT(methods); i++) {
        d = run(methods[i], edge, 1, 0.1);
        CHECK_NEAR(d->best_f, -0.6, 2e-3);
        drive_close(d);
    }
}

static void test_line__keeps_to_its_number_of_iterations(void)
{
    /* Two to bracket, two to narrow: the way down takes more rounds. */
    static const double x[] = {0.5, 0.51, 0.49, 0.47};

    drive *d = run("axis_search,r=2,method=golden,number_of_iterations=2", bowl,
                   1, 0.5);
    check_asks(d, x, TP_COUNT(x));
    CHECK(d->asked[4][0] > 0.47 && d->asked[4][0] < 0.49);
    CHECK(d->asked[5][0] > 0.47 && d->asked[5][0] < 0.49);
    drive_close(d);
}

/* ---- transformations --------------------------------------------------- */

static void test_map__comes_back_and_has_its_slope(void)
{
    const double h = 1e-5;
    CHECK_NEAR(tp_map_x(TP_MAP_SIN, 0.5235987755982988), 0.25, 1e-15);
    CHECK_NEAR(tp_map_x(TP_MAP_ARCCTG, 1), 0.75, 1e-15);
    for (int map = TP_MAP_NO; map <= TP_MAP_ARCCTG; map++)
        for (int i = 1; i < 10; i += 2) {
            double x = i / 10.0, y = tp_map_y(map, x);
            double up = tp_map_x(map, y + h), down = tp_map_x(map, y - h);
            CHECK_NEAR(tp_map_x(map, y), x, 1e-14);
            CHECK_NEAR(tp_map_slope(map, x), (up - down) / (2 * h), 1e-9);
            CHECK_NEAR(tp_map_bend(map, x), (up - 2 * x + down) / (h * h),
                       1e-4);
        }
}

static void test_map__moves_a_start_off_its_bounds(void)
{
    static const char *const methods[] = {"steepest_descent", "newton",
                                          "davidon_fletcher_powell", "powell"};
    for (int i = 0; i < TP_COUNT(methods); i++)
        for (int map = TP_MAP_SIN; map <= TP_MAP_ARCCTG; map++) {
            tp_str method = tp_str_fmt(check_mem(), "%s,transformation=%s%c",
                                       methods[i], tp_map_names[map], 0);
            drive *d = run(method.at, bowl, 2, 1);
            CHECK_NEAR(d->asked[0][0], 0.999, 1e-12);
            CHECK_NEAR(d->best_f, 0, 1e-4);
            drive_close(d);
        }
}

/* ---- derivatives ------------------------------------------------------- */

static void test_steepest_descent__goes_against_the_gradient(void)
{
    /* Gradient (0.4, -0.4): the first step is a hundredth of the range. */
    static const double x[] = {0.5, 0.5,    0.5001, 0.5,    0.4999, 0.5,
                               0.5, 0.5001, 0.5,    0.4999, 0.49,   0.51};

    drive *d = run("steepest_descent", bowl, 2, 0.5);
    check_asks(d, x, TP_COUNT(x) / 2);
    CHECK_NEAR(d->best_f, 0, 1e-5);
    drive_close(d);
    d = run("steepest_descent", bowl, 2, 1); /* differences stay inside */
    CHECK_NEAR(d->asked[1][0], 0.9999, 1e-12);
    CHECK_NEAR(d->asked[2][0], 0.9998, 1e-12);
    drive_close(d);
}

static void test_newton__steps_to_the_minimum_of_a_bowl(void)
{
    /* Two points per variable and one for the pair; the way to the minimum is
       (-0.2, 0.1), asked in parts of at most a tenth. */
    static const double x[] = {0.5,   0.5, 0.501, 0.5,   0.499, 0.5, 0.5,
                               0.501, 0.5, 0.499, 0.501, 0.501, 0.4, 0.55};

    drive *d = run("newton", bowl, 2, 0.5);
    check_asks(d, x, TP_COUNT(x) / 2);
    CHECK_NEAR(d->best_f, 0, 1e-12);
    CHECK(d->n_ask < 30);
    drive_close(d);
}

/* Asks until the first line search of six variables is over. */
static double after_dfp(const char *modification, int *n_ask)
{
    tp_str method =
        tp_str_fmt(check_mem(),
                   "davidon_fletcher_powell,epsilon=1e-5,method=golden,"
                   "number_of_iterations=60,modification=%s%c",
                   modification, 0);
    drive *d = run(method.at, bowl, 6, 0.5);
    double f = d->best_f;
    *n_ask = d->n_ask;
    drive_close(d);
    return f;
}

static void test_dfp__learns_a_bowl_in_n_steps(void)
{
    /* With exact searches DFP and BFGS go the same way (Dixon 1972) and are
       done in n of them; a gradient and a search take about 12 + 45. */
    int dfp, bfgs, rank_one, restarted, cauchy;
    CHECK_NEAR(after_dfp("no", &dfp), 0, 1e-11);
    CHECK_NEAR(after_dfp("first", &bfgs), 0, 1e-11);
    CHECK_NEAR(after_dfp("second", &rank_one), 0, 1e-11);
    CHECK_NEAR(after_dfp("modified", &restarted), 0, 1e-11);
    drive *d = run("steepest_descent,epsilon=1e-5,method=golden,"
                   "number_of_iterations=60",
                   bowl, 6, 0.5);
    cauchy = d->n_ask;
    drive_close(d);
    CHECK(dfp < 9 * 60);
    CHECK_NEAR(bfgs, dfp, 60);
    CHECK(rank_one < 10 * 60);
    CHECK(cauchy > dfp);
}

/* Curved and tilted: no method is done in a few steps. */
static bool valley(const double *x, int n, double *f, double *g)
{
    double a = 2 * x[1] - 4 * x[0] * x[0], b = 0.8 - x[0];
    (void)n;
    (void)g;
    *f = 10 * a * a + b * b;
    return true;
}

/* Asks at the same place (within tol) from the first one on. */
static int alike(const char *one, const char *two, drive_function *function,
                 double tol)
{
    int    n = 0;
    drive *a = run(one, function, 2, 0.5);
    drive_close(a); /* one is open at a time; its asks stay */
    drive *b = run(two, function, 2, 0.5);
    drive_close(b);
    while (n < a->n_ask && n < b->n_ask &&
           fabs(a->asked[n][0] - b->asked[n][0]) <= tol &&
           fabs(a->asked[n][1] - b->asked[n][1]) <= tol)
        n++;
    return n;
}

static void test_dfp__modifications_agree_on_a_bowl_only(void)
{
    /* With parabolas a search on a bowl is exact, and the second direction of
       each formula meets the minimum: start, 4 differences, a search of 8, 4
       differences, a search. */
    static const char *const other[] = {"dfp,modification=first",
                                        "dfp,modification=second",
                                        "dfp,modification=modified"};
    for (int i = 0; i < TP_COUNT(other); i++) {
        CHECK(alike("dfp", other[i], bowl, 1e-5) >= 20);
        drive *d = run("dfp", valley, 2, 0.5);
        drive_close(d);
        CHECK(alike("dfp", other[i], valley, 1e-9) < d->n_ask);
    }
}

static void test_bfgs__bears_searches_that_are_not_exact(void)
{
    /* One point to bracket and one to narrow: every term of the formula
       counts. DFP itself is known to suffer more. */
    tp_err err;
    drive *d = drive_box(check_mem(), 6, 0.5);
    d->function = bowl;
    if (!CHECK_OK(drive_open(d,
                             "dfp,modification=first,r=2,epsilon=1e-4,"
                             "number_of_iterations=1",
                             &err),
                  &err))
        return;
    while (drive_step(d) && d->best_f > 1e-8) continue;
    CHECK(d->n_ask < 250);
    drive_close(d);
}

/* A narrow ditch along the diagonal. */
static bool ditch(const double *x, int n, double *f, double *g)
{
    double a = x[0] + x[1] - 1.2, b = x[0] - x[1];
    (void)n;
    (void)g;
    *f = a * a + 100 * b * b;
    return true;
}

static void test_powell__takes_the_direction_of_a_round(void)
{
    /* Along the axes each round gains little and ends the search early. */
    drive *d = run("powell", ditch, 2, 0.1);
    CHECK_NEAR(d->best_f, 0, 1e-5);
    CHECK(d->n_ask < 60);
    drive_close(d);
    d = run("axis_search,epsilon=0.001", ditch, 2, 0.1);
    CHECK(d->best_f > 1e-5 || d->n_ask > 200);
    drive_close(d);
}

/* A gradient told with a point takes the place of differences. */
static void test_gradient__is_used_when_told(void)
{
    tp_err err;
    int    tag, n_ask = 0, near = 0;
    double x[DRIVE_MAX], df[2], f = INFINITY, last[2] = {0};
    drive *d = drive_box(check_mem(), 2, 0.5);
    if (!CHECK_OK(drive_open(d, "dfp", &err), &err)) return;
    while (d->ops->ask(&d->opt, x, &tag) == TP_ASK_POINT && n_ask < 200) {
        bowl(x, 2, &f, NULL);
        df[0] = 2 * (x[0] - 0.3);
        df[1] = 4 * (x[1] - 0.6);
        if (n_ask >= 5 && f > 1e-6) /* the first come with the start */
            near += x[1] == last[1] && fabs(x[0] - last[0]) < 1e-3;
        memcpy(last, x, sizeof last);
        n_ask++;
        d->ops->tell(&d->opt, tag, x, &(tp_obs){.ok = true, .f = f, .df = df});
    }
    CHECK_NEAR(f, 0, 1e-4);
    CHECK_INT(near, 0);
    CHECK(n_ask < 25);
    drive_close(d);
}

/* ---- SPICE OPUS's analytical example ----------------------------------- */

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

static void check_example(const char *method, double wanted, double tol)
{
    tp_err err;
    drive *d = drive_box(check_mem(), 2, 10);
    d->var[0].hi = d->var[1].hi = 10;
    d->function = example;
    d->opt.n_g = 1;
    if (!CHECK_OK(drive_open(d, method, &err), &err)) return;
    drive_run(d, 3000);
    CHECK_NEAR(d->told[0], 3.7616844, 1e-7);
    if (!CHECK_NEAR(d->best_f, wanted, tol)) printf("  %s\n", method);
    drive_close(d);
}

static void test_example__ends_in_the_known_minima(void)
{
    static const struct {
        const char *name;
        double      f;
        bool        trims; /* has `method` */
    } methods[] = {
        {"steepest_descent", 2.2057843, true},
        {"newton", 2.2057843, true},
        {"davidon_fletcher_powell", 2.2057843, true},
        {"hooke_jeeves", 2.2057843, false},
        {"axis_search", 1.8529169, true},
        {"powell", 1.8529169, true},
    };
    for (int i = 0; i < TP_COUNT(methods); i++)
        for (int k = 0; k < (methods[i].trims ? 3 : 1); k++) {
            tp_str more =
                tp_str_fmt(check_mem(), ",method=%s", tp_line_names[k]);
            if (!methods[i].trims) more.len = 0;
            tp_str method = tp_str_fmt(check_mem(), "%s,epsilon=0.01%.*s%c",
                                       methods[i].name, TP_F(more), 0);
            check_example(method.at, methods[i].f, 1e-4);
        }
    check_example("steepest_descent", 2.2057843, 1e-4); /* by default too */
    check_example("newton", 2.2057843, 1e-6);
    check_example("davidon_fletcher_powell", 2.2057843, 1e-4);
    check_example("axis_search", 1.8529169, 1e-4);
    check_example("powell", 1.8529169, 1e-4);
}

static const check_test tests[] = {
    CHECK_TEST(test_line__brackets_then_fits_a_parabola),
    CHECK_TEST(test_line__cuts_by_the_golden_section),
    CHECK_TEST(test_line__cuts_by_fibonacci_s_section),
    CHECK_TEST(test_line__stops_at_a_bound_and_at_a_failure),
    CHECK_TEST(test_line__keeps_to_its_number_of_iterations),
    CHECK_TEST(test_map__comes_back_and_has_its_slope),
    CHECK_TEST(test_map__moves_a_start_off_its_bounds),
    CHECK_TEST(test_steepest_descent__goes_against_the_gradient),
    CHECK_TEST(test_newton__steps_to_the_minimum_of_a_bowl),
    CHECK_TEST(test_dfp__learns_a_bowl_in_n_steps),
    CHECK_TEST(test_dfp__modifications_agree_on_a_bowl_only),
    CHECK_TEST(test_bfgs__bears_searches_that_are_not_exact),
    CHECK_TEST(test_powell__takes_the_direction_of_a_round),
    CHECK_TEST(test_gradient__is_used_when_told),
    CHECK_TEST(test_example__ends_in_the_known_minima),
    {0},
};

int main(void)
{
    return check_main(tests);
}
