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
    double          last[DRIVE_MAX], f, g[DRIVE_MAX];
    double          asked[DRIVE_ASKS][DRIVE_MAX];
} direct;

static void evaluate(direct *d, const double *x, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (!isfinite(x[i])) nlopt_force_stop(d->nlopt);
    if (nlopt_get_force_stop(d->nlopt)) return;
    if (d->n_call && !memcmp(d->last, x, n * sizeof *x)) return;
    memcpy(d->last, x, n * sizeof *x);
    memcpy(d->asked[d->n_call++], x, n * sizeof *x);
    d->function(x, (int)n, &d->f, d->g);
    if (d->scale == 0) d->scale = fabs(d->f);
}

static double direct_f(unsigned n, const double *x, double *grad, void *with)
{
    direct *d = with;
    (void)grad;
    evaluate(d, x, n);
    return d->f / d->scale;
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

static void same_points(const char *name, nlopt_algorithm how, int n_g)
{
    tp_err  err;
    direct *want = TP_NEW(check_mem(), direct, 1);
    want->function = n_g ? fenced : bowl;
    run_direct(want, how, 3, n_g, 1e-6);
    drive *d = drive_box(check_mem(), 3, 0.5);
    d->function = want->function;
    d->opt.n_g = n_g;
    d->opt.stop.reltol = 1e-6;
    if (!CHECK_OK(drive_open(d, name, &err), &err)) return;
    drive_run(d, want->n_call);
    if (!CHECK_INT(d->n_ask, want->n_call)) printf("  %s\n", name);
    int different = 0;
    for (int i = 0; i < d->n_ask; i++)
        different +=
            memcmp(d->asked[i], want->asked[i], 3 * sizeof(double)) != 0;
    if (!CHECK_INT(different, 0)) printf("  %s\n", name);
    drive_close(d);
}

static void test_adapter__asks_what_nlopt_calls_bit_for_bit(void)
{
    same_points("COBYLA", NLOPT_LN_COBYLA, 2);
    same_points("COBYLA", NLOPT_LN_COBYLA, 0);
    same_points("NELDER_MEAD", NLOPT_LN_NELDERMEAD, 0);
    same_points("BOBYQA", NLOPT_LN_BOBYQA, 0);
    same_points("SUBPLEX", NLOPT_LN_SBPLX, 0);
    same_points("PRAXIS", NLOPT_LN_PRAXIS, 0);
    same_points("NEWUOA_BOUND", NLOPT_LN_NEWUOA_BOUND, 0);
    same_points("DIRECT_L", NLOPT_GN_DIRECT_L, 0);
    same_points("CRS2_LM", NLOPT_GN_CRS2_LM, 0);
    same_points("ISRES", NLOPT_GN_ISRES, 2);
    same_points("ESCH", NLOPT_GN_ESCH, 0);
}

static const check_test tests[] = {
    CHECK_TEST(test_nelder_mead__first_steps_are_the_ones_by_hand),
    CHECK_TEST(test_adapter__asks_what_nlopt_calls_bit_for_bit),
    {0},
};

int main(void)
{
    return check_main(tests);
}
