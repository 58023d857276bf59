/* The adapter of NLopt: exact first steps by hand, the same calls as NLopt
   makes directly, the start point, scales, failures, frozen variables. */
#include "drive.h"

#include <nlopt.h>
#include <stdlib.h>

static bool plane(const double *x, int n, double *f, double *g)
{
    (void)n;
    (void)g;
    *f = x[0] + 2 * x[1];
    return true;
}

static bool bowl(const double *x, int n, double *f, double *g)
{
    (void)g;
    *f = 0;
    for (int i = 0; i < n; i++) *f += (i + 1) * (x[i] - 0.3) * (x[i] - 0.3);
    return true;
}

/* A bowl outside a disc and below a line: both constraints active. */
static bool fenced(const double *x, int n, double *f, double *g)
{
    (void)n;
    *f = 3 * (x[0] + 1) + 5 * (x[1] + 1) * (x[1] + 1);
    g[0] = 0.5 - x[0] - x[1];
    g[1] = x[0] * x[0] - x[1];
    return true;
}

/* Fails in a part of the box that the methods come through. */
static bool holed(const double *x, int n, double *f, double *g)
{
    (void)n;
    fenced(x, n, f, g);
    *f += x[2] * x[2];
    return x[0] + x[2] < 1.2 || x[1] > 0.6;
}

/* The same, and the start point fails too. */
static bool bad_start(const double *x, int n, double *f, double *g)
{
    return holed(x, n, f, g) && fabs(x[0] - 0.5) + fabs(x[1] - 0.5) > 0.01;
}

/* f = x + 2y on the unit square from (1/2, 1/2). NLopt's default step is a
   quarter of the range, so the simplex is (.5,.5) (.75,.5) (.5,.75), worth
   1.5, 1.75, 2. Reflecting the worst through (.625,.5): (.75,.25), 1.25, the
   best yet, so expanded to (.875,0), .875. Now (.75,.5) is the worst, the
   centroid (.6875,.25), the reflection (.625,0), .625, the best yet; the
   expansion (.5625,-.25) is put on the bound. */
static void test_nelder_mead__first_steps_are_the_ones_by_hand(void)
{
    static const double wanted[][2] = {
        {0.5, 0.5},  {0.75, 0.5},  {0.5, 0.75},   {0.75, 0.25},
        {0.875, 0.}, {0.625, 0.0}, {0.5625, 0.0},
    };
    tp_err err;
    drive *d = drive_box(check_mem(), 2, 0.5);
    d->function = plane;
    if (!CHECK_OK(drive_open(d, "NELDER_MEAD", &err), &err)) return;
    drive_run(d, TP_COUNT(wanted));
    CHECK_INT(d->n_ask, TP_COUNT(wanted));
    for (int i = 0; i < d->n_ask; i++) {
        CHECK_NEAR(d->asked[i][0], wanted[i][0], 1e-15);
        CHECK_NEAR(d->asked[i][1], wanted[i][1], 1e-15);
    }
    drive_close(d);
}

typedef struct direct { /* NLopt called the ordinary way, its points kept */
    drive_function *function;
    nlopt_opt       nlopt;
    int             n_call;
    double          scale;
    double          lo[3], hi[3]; /* of f, g0, g1 told so far */
    bool            any;
    double          last[DRIVE_MAX], f, g[DRIVE_MAX];
    double          asked[DRIVE_ASKS][DRIVE_MAX];
} direct;

/* In place of a trial that failed. */
static double made_up(const direct *d, int i)
{
    if (!d->any) return i == 0 ? 2 : 1;
    double spread = d->hi[i] - d->lo[i];
    return d->hi[i] + (spread > 0 ? spread : 1);
}

static void told(direct *d)
{
    double v[3] = {d->f, d->g[0], d->g[1]};
    for (int i = 0; i < 3; i++) {
        d->lo[i] = d->any && d->lo[i] < v[i] ? d->lo[i] : v[i];
        d->hi[i] = d->any && d->hi[i] > v[i] ? d->hi[i] : v[i];
    }
    d->any = true;
}

static void evaluate(direct *d, const double *x, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (!isfinite(x[i])) nlopt_force_stop(d->nlopt);
    if (nlopt_get_force_stop(d->nlopt)) return;
    if (d->n_call && !memcmp(d->last, x, n * sizeof *x)) return;
    memcpy(d->last, x, n * sizeof *x);
    memcpy(d->asked[d->n_call++], x, n * sizeof *x);
    if (d->function(x, (int)n, &d->f, d->g)) {
        if (d->scale == 0) d->scale = fabs(d->f);
        d->f /= d->scale;
        told(d);
        return;
    }
    d->f = made_up(d, 0);
    d->g[0] = made_up(d, 1);
    d->g[1] = made_up(d, 2);
}

static double direct_f(unsigned n, const double *x, double *grad, void *with)
{
    direct *d = with;
    (void)grad;
    evaluate(d, x, n);
    return d->f;
}

static double direct_g0(unsigned n, const double *x, double *grad, void *with)
{
    direct *d = with;
    (void)grad;
    evaluate(d, x, n);
    return d->g[0];
}

static double direct_g1(unsigned n, const double *x, double *grad, void *with)
{
    direct *d = with;
    (void)grad;
    evaluate(d, x, n);
    return d->g[1];
}

static nlopt_result run_direct(direct *d, nlopt_algorithm how, unsigned n,
                               int n_g, double reltol)
{
    double    x[DRIVE_MAX], f;
    nlopt_opt o = d->nlopt = nlopt_create(how, n);
    for (unsigned i = 0; i < n; i++) x[i] = 0.5;
    nlopt_srand(1);
    nlopt_set_lower_bounds1(o, 0);
    nlopt_set_upper_bounds1(o, 1);
    nlopt_set_min_objective(o, direct_f, d);
    if (n_g > 0) nlopt_add_inequality_constraint(o, direct_g0, d, 0);
    if (n_g > 1) nlopt_add_inequality_constraint(o, direct_g1, d, 0);
    nlopt_set_ftol_rel(o, reltol);
    nlopt_set_maxeval(o, 1500);
    nlopt_result result = nlopt_optimize(o, x, &f);
    nlopt_destroy(o);
    return result;
}

/* What the adapter asks where a direct call has these points: what failed
   before the first number is known is asked once; the point that gave the
   number twice, because the search is begun again with it. */
static int expected(const direct *want, int *index)
{
    double f, g[2];
    int    first = 0, n = 0;
    while (!want->function(want->asked[first], 3, &f, g)) first++;
    for (int i = 0; i < want->n_call; i++) {
        bool known = false;
        for (int k = 0; k < first && i > first; k++)
            known |=
                !memcmp(want->asked[i], want->asked[k], 3 * sizeof(double));
        if (!known) index[n++] = i;
        if (i == first && first > 0) index[n++] = i;
    }
    return n;
}

static void same_points(const char *name, nlopt_algorithm how, int n_g,
                        drive_function *function)
{
    tp_err  err;
    int     different = 0, *index = TP_NEW(check_mem(), int, DRIVE_ASKS);
    direct *want = TP_NEW(check_mem(), direct, 1);
    want->function = function;
    run_direct(want, how, 3, n_g, 1e-6);
    int    n = expected(want, index);
    drive *d = drive_box(check_mem(), 3, 0.5);
    d->function = function;
    d->opt.n_g = n_g;
    d->opt.stop.reltol = 1e-6;
    if (!CHECK_OK(drive_open(d, name, &err), &err)) return;
    drive_run(d, n);
    bool all = CHECK_INT(d->n_ask, n);
    for (int i = 0; i < d->n_ask && all; i++)
        different +=
            memcmp(d->asked[i], want->asked[index[i]], 3 * sizeof(double)) != 0;
    if (!CHECK_INT(different, 0) || !all) printf("  %s\n", name);
    drive_close(d);
}

static const struct {
    const char     *name;
    nlopt_algorithm how;
    int             n_g;
} some[] = {
    {"COBYLA", NLOPT_LN_COBYLA, 2},
    {"COBYLA", NLOPT_LN_COBYLA, 0},
    {"NELDER_MEAD", NLOPT_LN_NELDERMEAD, 0},
    {"BOBYQA", NLOPT_LN_BOBYQA, 0},
    {"SUBPLEX", NLOPT_LN_SBPLX, 0},
    {"PRAXIS", NLOPT_LN_PRAXIS, 0},
    {"CRS2_LM", NLOPT_GN_CRS2_LM, 0},
    {"ISRES", NLOPT_GN_ISRES, 2},
    {"ESCH", NLOPT_GN_ESCH, 0},
};

static void test_adapter__asks_what_nlopt_calls_bit_for_bit(void)
{
    for (int i = 0; i < TP_COUNT(some); i++)
        same_points(some[i].name, some[i].how, some[i].n_g,
                    some[i].n_g ? fenced : bowl);
    /* Here only: with jumps its inner problem takes it minutes. */
    same_points("NEWUOA_BOUND", NLOPT_LN_NEWUOA_BOUND, 0, bowl);
}

static void test_adapter__gives_failures_the_worst_and_the_spread(void)
{
    for (int i = 0; i < TP_COUNT(some); i++)
        same_points(some[i].name, some[i].how, some[i].n_g, holed);
}

static void test_adapter__begins_again_when_the_start_failed(void)
{
    for (int i = 0; i < TP_COUNT(some); i++)
        same_points(some[i].name, some[i].how, some[i].n_g, bad_start);
}

/* DIRECT begins in the middle of the box, whatever the start. */
static void test_adapter__asks_the_start_before_the_methods_own_first(void)
{
    tp_err err;
    drive *d = drive_box(check_mem(), 2, 0.125);
    d->function = bowl;
    if (!CHECK_OK(drive_open(d, "DIRECT", &err), &err)) return;
    drive_run(d, 2);
    CHECK_NEAR(d->asked[0][0], 0.125, 0);
    CHECK_NEAR(d->asked[1][0], 0.5, 0);
    drive_close(d);
}

/* ---- tolerances and results ------------------------------------------ */

static bool bowl_1024(const double *x, int n, double *f, double *g)
{
    bowl(x, n, f, g);
    *f = 1024 * (*f + 1);
    return true;
}

static bool bowl_plus(const double *x, int n, double *f, double *g)
{
    bowl(x, n, f, g);
    *f += 1;
    return true;
}

/* The same, but for the start. */
static bool late_1024(const double *x, int n, double *f, double *g)
{
    return bowl_1024(x, n, f, g) && x[0] != 0.5;
}

static drive *finish(const char *method, drive_function *function,
                     tp_opt_stop stop, const char *word)
{
    tp_err err;
    drive *d = drive_box(check_mem(), 3, 0.5);
    d->function = function;
    d->opt.stop = stop;
    if (!CHECK_OK(drive_open(d, method, &err), &err)) return d;
    const char *how = drive_run(d, 5000);
    CHECK_Z(how ? how : "goes on", word);
    drive_close(d);
    return d;
}

static void test_adapter__scales_the_objective_and_abstol_together(void)
{
    drive *one = finish("COBYLA", bowl_plus, (tp_opt_stop){.abstol = 1e-4},
                        "ftolreached");
    drive *big = finish("COBYLA", bowl_1024,
                        (tp_opt_stop){.abstol = 1024 * 1e-4}, "ftolreached");
    drive *fine = finish("COBYLA", bowl_plus, (tp_opt_stop){.abstol = 1e-8},
                         "ftolreached");
    CHECK_INT(one->n_ask, big->n_ask);
    CHECK(!memcmp(one->asked, big->asked, sizeof one->asked));
    CHECK(fine->n_ask > one->n_ask);
    /* abstol keeps its unit also when the first trial gives no number */
    drive *late = finish("COBYLA", late_1024, (tp_opt_stop){.abstol = 1e-3},
                         "ftolreached");
    drive *later = finish("COBYLA", late_1024, (tp_opt_stop){.abstol = 1e-9},
                          "ftolreached");
    CHECK(late->n_ask < later->n_ask);
}

static void test_adapter__says_how_it_ended(void)
{
    finish("NELDER_MEAD", bowl_plus, (tp_opt_stop){.reltol = 1e-3},
           "ftolreached");
    finish("BOBYQA", bowl_plus, (tp_opt_stop){0}, "roundofflimited");
    finish("COBYLA", bowl_plus, (tp_opt_stop){0}, "roundofflimited");
    finish("ORIG_DIRECT", bowl_plus, (tp_opt_stop){.max_trials = 100},
           "maxitersreached");
    finish("CRS", bowl_plus, (tp_opt_stop){.reltol = 1e-3}, "ftolreached");
}

/* ---- one at a time, bad settings ------------------------------------- */

static void test_adapter__one_method_at_a_time(void)
{
    tp_err err;
    drive *a = drive_box(check_mem(), 2, 0.5),
          *b = drive_box(check_mem(), 2, 0);
    a->function = b->function = bowl;
    if (!CHECK_OK(drive_open(a, "COBYLA", &err), &err)) return;
    drive_run(a, 5);
    CHECK_INT(drive_open(b, "NELDER_MEAD", &err), TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "another NLopt method is open");
    drive_close(a);
    CHECK_OK(drive_open(b, "NELDER_MEAD", &err), &err);
    drive_close(b);
}

static void test_adapter__names_settings_that_do_not_fit(void)
{
    static const struct {
        const char *method;
        int         n;
        const char *says;
    } rows[] = {
        {"CRS,population=3", 3, "population: 3 is too small, CRS2_LM needs 4"},
        {"AUGLAG,local=PRAXIS", 1, "local: PRAXIS needs two variables"},
        {"MLSL,local=NEWUOA_BOUND", 1, "local: NEWUOA_BOUND needs two"},
    };
    for (int i = 0; i < TP_COUNT(rows); i++) {
        tp_err err;
        drive *d = drive_box(check_mem(), rows[i].n, 0.5);
        CHECK_INT(drive_open(d, rows[i].method, &err), TP_BAD_INPUT);
        CHECK_HAS(tp_str_of(err.msg), rows[i].says);
    }
    tp_err err;
    drive *d = drive_box(check_mem(), 3, 0.5);
    CHECK_OK(drive_open(d, "CRS,population=4", &err), &err);
    drive_close(d);
}

/* Frozen variables are taken out: the others move as if they were alone. */
static void test_adapter__frozen_variables_change_nothing_for_others(void)
{
    tp_err err;
    drive *two = drive_box(check_mem(), 2, 0.5);
    drive *three = drive_box(check_mem(), 3, 0.5);
    two->function = three->function = plane;
    three->var[2] = (tp_var){.name = TP_S("c"), .lo = 4, .hi = 4, .start = 4};
    CHECK_OK(drive_open(two, "COBYLA", &err), &err);
    drive_run(two, 40);
    drive_close(two);
    CHECK_OK(drive_open(three, "COBYLA", &err), &err);
    drive_run(three, 40);
    drive_close(three);
    CHECK(two->n_ask > 10);
    CHECK_INT(three->n_ask, two->n_ask);
    for (int i = 0; i < two->n_ask; i++)
        CHECK(!memcmp(two->asked[i], three->asked[i], 2 * sizeof(double)));
}

static const check_test tests[] = {
    CHECK_TEST(test_nelder_mead__first_steps_are_the_ones_by_hand),
    CHECK_TEST(test_adapter__asks_what_nlopt_calls_bit_for_bit),
    CHECK_TEST(test_adapter__gives_failures_the_worst_and_the_spread),
    CHECK_TEST(test_adapter__begins_again_when_the_start_failed),
    CHECK_TEST(test_adapter__asks_the_start_before_the_methods_own_first),
    CHECK_TEST(test_adapter__scales_the_objective_and_abstol_together),
    CHECK_TEST(test_adapter__says_how_it_ended),
    CHECK_TEST(test_adapter__one_method_at_a_time),
    CHECK_TEST(test_adapter__names_settings_that_do_not_fit),
    CHECK_TEST(test_adapter__frozen_variables_change_nothing_for_others),
    {0},
};

int main(void)
{
    return check_main(tests);
}
