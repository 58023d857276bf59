/* bo's own behaviour: few trials, grids, presets, failures, trials from
   outside, words, the handover. */
#include "drive.h"
#include "num/num.h"
#include "opt/bo.h"

#include <stdlib.h>

static tp_str why_of(drive *d, int tag)
{
    tp_buf line = {.mem = check_mem()};
    d->ops->why(&d->opt, tag, &line);
    return tp_buf_str(&line);
}

static drive *open_bo(int n, int n_g, drive_function *f, const char *method)
{
    tp_err err;
    drive *d = drive_box(check_mem(), n, 0.5);
    d->function = f;
    d->opt.n_g = n_g;
    return CHECK_OK(drive_open(d, method, &err), &err) ? d : NULL;
}

/* Minimum 0.5 where x = 0.8, y = 0.3; only x + y >= 1.1 is feasible. */
static bool slope(const double *x, int n, double *f, double *g)
{
    *f = 0.5;
    for (int i = 0; i < n; i++) {
        double at = i == 0 ? 0.8 : 0.3;
        *f += (i + 1) * (x[i] - at) * (x[i] - at);
    }
    g[0] = (1.1 - x[0] - x[1]) / 1.1;
    return true;
}

/* ---- few trials ---------------------------------------------------------- */

static void test_bo__needs_few_trials(void)
{
    drive *d = open_bo(4, 1, slope, "bo");
    if (!d) return;
    drive_run(d, 40);
    CHECK(d->best >= 0);
    CHECK_NEAR(d->best_f, 0.5, 1e-3);
    drive_close(d);
    d = open_bo(4, 1, slope, "bo,acquisition=thompson");
    if (!d) return;
    drive_run(d, 40);
    CHECK_NEAR(d->best_f, 0.5, 2e-2);
    drive_close(d);
}

/* Feasible is a box of 1 % of the range in each of three variables. */
static bool needle(const double *x, int n, double *f, double *g)
{
    *f = x[0];
    for (int i = 0; i < n; i++) g[i] = fabs(x[i] - 0.73) * 10 - 0.1;
    return true;
}

static void test_bo__finds_what_hardly_is_feasible(void)
{
    drive *d = open_bo(3, 3, needle, "bo");
    if (!d) return;
    drive_run(d, 45);
    CHECK(d->best >= 0);
    drive_close(d);
}

/* ---- windows ------------------------------------------------------------- */

/* Four points out at a time, told in the order asked. */
static void run_window(drive *d, int most)
{
    double u[4][DRIVE_MAX] = {{0}}, f, g[2] = {0};
    int    tag[4], out = 0, asked = 0;
    for (;;) {
        while (out < 4 && asked < most &&
               d->ops->ask(&d->opt, u[out], &tag[out]) == TP_ASK_POINT) {
            memcpy(d->asked[asked++], u[out], sizeof u[out]);
            out++;
        }
        if (out == 0) return;
        slope(u[0], d->space.n, &f, g);
        tp_obs y = {.ok = true, .f = f, .n_g = d->opt.n_g, .g = g};
        d->ops->tell(&d->opt, tag[0], u[0], &y);
        memmove(u, u + 1, sizeof u[0] * 3);
        memmove(tag, tag + 1, sizeof tag[0] * 3);
        out--;
    }
}

static void test_bo__keeps_points_that_are_out_apart(void)
{
    static double first[60][DRIVE_MAX];
    for (int again = 0; again < 2; again++) {
        drive *d = open_bo(2, 1, slope, "bo");
        if (!d) return;
        run_window(d, 40);
        if (again) CHECK(!memcmp(first, d->asked, sizeof first[0] * 40));
        memcpy(first, d->asked, sizeof first);
        drive_close(d);
    }
    double best = INFINITY, nearest = INFINITY;
    for (int k = 0; k < 40; k++) {
        double f, g[2];
        slope(first[k], 2, &f, g);
        if (g[0] <= 0) best = fmin(best, f);
        for (int j = k < 4 ? 0 : k - 4; j < k; j++)
            nearest = fmin(nearest, fabs(first[k][0] - first[j][0]) +
                                        fabs(first[k][1] - first[j][1]));
    }
    CHECK_NEAR(best, 0.5, 1e-3);
    CHECK(nearest >= 1e-7); /* what counts as another point */
}

/* ---- grids --------------------------------------------------------------- */

static void test_bo__asks_each_point_of_a_grid_once_and_ends(void)
{
    static const double list[] = {1, 2.2, 4.7};
    tp_err              err;
    drive              *d = drive_box(check_mem(), 2, 0.5);
    d->var[0] =
        (tp_var){.name = TP_S("m"), .lo = 1, .hi = 5, .start = 2, .step = 1};
    d->var[1] = (tp_var){.name = TP_S("r"),
                         .lo = 1,
                         .hi = 4.7,
                         .start = 2.2,
                         .log = true,
                         .n_list = 3,
                         .list = list};
    d->function = slope;
    d->opt.n_g = 1;
    if (!CHECK_OK(drive_open(d, "bo", &err), &err)) return;
    const char *word = drive_run(d, 40);
    CHECK_Z(word ? word : "none", "xtolreached");
    CHECK_INT(d->n_ask, 15);
    for (int k = 0; k < d->n_ask; k++) {
        double x[2], back[2];
        tp_space_real(&d->space, d->asked[k], x);
        tp_space_unit(&d->space, x, back);
        CHECK_NEAR(back[0], d->asked[k][0], 1e-12);
        CHECK_NEAR(back[1], d->asked[k][1], 1e-12);
        for (int j = 0; j < k; j++)
            CHECK(memcmp(d->asked[j], d->asked[k], sizeof back) != 0);
    }
    drive_close(d);
}

/* A bowl, 0 at 0.31, 0.38, 0.45 ... */
static bool bowl(const double *x, int n, double *f, double *g)
{
    (void)g;
    *f = 0;
    for (int i = 0; i < n; i++) {
        double at = x[i] - 0.31 - 0.07 * i;
        *f += (1 + i % 3) * at * at;
    }
    return true;
}

/* Where every variable is on a fine grid it climbs across the grid. */
static void test_bo__climbs_across_a_fine_grid(void)
{
    static const uint64_t seed[] = {2, 6, 7};
    for (int k = 0; k < TP_COUNT(seed); k++) {
        tp_err err;
        drive *d = drive_box(check_mem(), 6, 0.9);
        for (int i = 0; i < 6; i++) d->var[i].step = 0.01;
        d->function = bowl;
        d->opt.seed = seed[k];
        if (!CHECK_OK(drive_open(d, "bo", &err), &err)) return;
        drive_run(d, 50);
        CHECK(d->best_f < 1e-6);
        drive_close(d);
    }
}

/* ---- regions ------------------------------------------------------------- */

/* A bowl with ripples 0.04 apart that are deeper than it is steep. */
static bool ripples(const double *x, int n, double *f, double *g)
{
    (void)g;
    *f = 0;
    for (int i = 0; i < n; i++) {
        double at = x[i] - 0.37;
        *f += at * at + 2e-3 * (1 - cos(at * 2 * acos(-1.0) / 0.04));
    }
    return true;
}

/* A region that has become small between ripples is widened once more. */
static void test_bo__looks_again_before_it_gives_a_region_up(void)
{
    static const uint64_t seed[] = {1, 4, 6};
    double                sum = 0;
    for (int k = 0; k < TP_COUNT(seed); k++) {
        tp_err err;
        drive *d = drive_box(check_mem(), 5, 0.5);
        d->function = ripples;
        d->opt.seed = seed[k];
        if (!CHECK_OK(drive_open(d, "bo", &err), &err)) return;
        drive_run(d, 200);
        sum += d->best_f;
        drive_close(d);
    }
    CHECK(sum < 0.015);
}

/* ---- failures ------------------------------------------------------------ */

/* Nothing runs where x > 0.6; the minimum is near there. */
static bool cliff(const double *x, int n, double *f, double *g)
{
    double y[DRIVE_MAX] = {0};
    for (int i = 0; i < n; i++) y[i] = x[i] + (i == 0 ? 0.25 : 0);
    slope(y, n, f, g); /* at 0.55 */
    return x[0] <= 0.6;
}

/* The half where nothing runs is the better one: its border is found. */
static bool lost(const double *x, int n, double *f, double *g)
{
    slope(x, n, f, g);
    return x[0] <= 0.6;
}

static void test_bo__learns_where_trials_fail(void)
{
    drive *d = open_bo(2, 0, cliff, "bo");
    if (!d) return;
    drive_run(d, 48);
    int failed = 0;
    for (int k = 8; k < 48; k++) failed += d->asked[k][0] > 0.6;
    if (!CHECK(failed <= 10)) printf("  %d of 40\n", failed);
    CHECK_NEAR(d->best_f, 0.5, 1e-4);
    CHECK_HAS(why_of(d, 40), "runs with probability");
    drive_close(d);
    d = open_bo(2, 0, lost, "bo");
    if (!d) return;
    drive_run(d, 48);
    CHECK_NEAR(d->best_f, 0.5 + 0.04, 1e-3);
    drive_close(d);
}

/* Tells the point again that is `at` in each of two variables. */
static void tell_at(drive *d, double at, bool ok)
{
    double x[DRIVE_MAX] = {at, at}, f, g[2];
    slope(x, 2, &f, g);
    tp_obs y = {.ok = ok, .f = f, .n_g = d->opt.n_g, .g = g};
    d->ops->tell(&d->opt, TP_OPT_FOREIGN_TAG, x, &y);
}

/* The only failure is told again as a trial that ran. */
static void test_bo__forgets_a_failure_that_is_none(void)
{
    drive *d = open_bo(2, 1, slope, "bo");
    if (!d) return;
    drive_run(d, 26);
    tell_at(d, 0.875, false);
    drive_run(d, 27);
    CHECK_HAS(why_of(d, 26), "runs with probability");
    tell_at(d, 0.875, true);
    drive_run(d, 30);
    CHECK_INT(d->n_ask, 30);
    CHECK(!tp_str_has(why_of(d, 29), TP_S("runs with probability")));
    drive_close(d);
}

/* What ran at first and fails when it is told again has no values left. */
static void test_bo__forgets_what_fails_at_last(void)
{
    drive *d = open_bo(2, 1, slope, "bo");
    if (!d) return;
    tell_at(d, 0.5625, true);
    tell_at(d, 0.875, true);
    const tp_bo *b = d->opt.state;
    CHECK_INT(b->best, 0);
    tell_at(d, 0.5625, false);
    CHECK_INT(b->best, 1);
    CHECK_INT(b->n_known, 1);
    d->ops->raise(&d->opt);
    CHECK_INT(b->best, 1);
    drive_close(d);
}

/* Barred everywhere. */
static bool shut(const double *x, int n, double *f, double *g)
{
    slope(x, n, f, g);
    g[0] = 1 + x[0];
    return true;
}

/* Nothing is left to be repaired when every trial is told to have failed. */
static void test_bo__repairs_nothing_where_all_failed(void)
{
    double u[DRIVE_MAX];
    int    tag;
    drive *d = open_bo(2, 1, shut, "bo,preset=repair-only");
    if (!d) return;
    drive_run(d, 5);
    CHECK_INT(d->n_ask, 5);
    tp_obs failed = {.n_g = 1};
    for (int k = 0; k < 5; k++)
        d->ops->tell(&d->opt, TP_OPT_FOREIGN_TAG, d->asked[k], &failed);
    CHECK_INT(d->ops->ask(&d->opt, u, &tag), TP_ASK_DONE);
    CHECK_Z(d->ops->finished(&d->opt), "failed");
    drive_close(d);
}

/* ---- presets ------------------------------------------------------------- */

static int says(drive *d, int from, int to, const char *word)
{
    int n = 0;
    for (int k = from; k < to; k++)
        n += tp_str_starts(why_of(d, k), tp_str_of(word));
    return n;
}

/* No point is feasible. */
static bool barred(const double *x, int n, double *f, double *g)
{
    slope(x, n, f, g);
    g[0] = 1 + x[0] * x[n - 1];
    return true;
}

static void test_bo__presets_explore_as_they_say(void)
{
    static const struct {
        const char     *method;
        int             n_g;
        drive_function *function;
        int             explore;
    } row[] = {{"bo", 0, slope, 8},
               {"bo", 1, barred, 16},
               {"bo,preset=innovate", 0, slope, 24},
               {"bo,preset=innovate", 1, barred, 24},
               {"bo,preset=harden", 0, slope, 0}};
    for (int i = 0; i < TP_COUNT(row); i++) {
        drive *d = open_bo(3, row[i].n_g, row[i].function, row[i].method);
        if (!d) return;
        drive_run(d, 6 + 32);
        CHECK_INT(says(d, 0, 6, "fills"), 6);
        CHECK_INT(says(d, 6, d->n_ask, "explores"), row[i].explore);
        drive_close(d);
    }
}

static void test_bo__harden_stays_near_and_makes_nothing_worse(void)
{
    drive *d = open_bo(3, 1, slope, "bo,preset=harden");
    if (!d) return;
    d->opt.n_g = 1;
    drive_run(d, 20);
    for (int k = 0; k < 6; k++)
        for (int i = 0; i < 3; i++)
            CHECK(fabs(d->asked[k][i] - 0.5) <= 0.05 + 1e-12);
    drive_close(d);
}

static bool two_specs(const double *x, int n, double *f, double *g)
{
    *f = x[0];
    g[0] = 0.19 - 0.1 * x[0] - 0.3 * x[n - 1]; /* the last one moves it most */
    g[1] = -1;
    return true;
}

static void test_bo__repair_only_moves_one_variable(void)
{
    drive *d = open_bo(4, 2, two_specs, "bo,preset=repair-only");
    if (!d) return;
    for (int i = 0; i < 4; i++) CHECK(d->var[i].start >= 0.5);
    const char *word = drive_run(d, 30);
    CHECK_INT(d->n_ask, 1); /* met at the start: nothing to repair */
    CHECK_Z(word ? word : "none", "success");
    drive_close(d);
    tp_err err;
    d = drive_box(check_mem(), 4, 0.2);
    d->function = two_specs;
    d->opt.n_g = 2;
    if (!CHECK_OK(drive_open(d, "bo,preset=repair-only", &err), &err)) return;
    word = drive_run(d, 30);
    CHECK_Z(word ? word : "none", "success");
    CHECK(d->n_ask > 5 && d->n_ask < 15);
    double last[2], f;
    two_specs(d->asked[d->n_ask - 1], 4, &f, last);
    CHECK(last[0] <= 0);
    for (int i = 0; i < 3; i++)
        CHECK_NEAR(d->asked[d->n_ask - 1][i], i == 0 ? 0.3 : 0.2, 0.1001);
    drive_close(d);
    d = drive_box(check_mem(), 2, 0.2);
    CHECK_INT(drive_open(d, "bo,preset=repair-only", &err), TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "no constraint");
}

static void test_bo__gate_ends_when_nothing_is_gained(void)
{
    drive *d = open_bo(2, 0, slope, "bo,gate=yes");
    if (!d) return;
    const char *word = drive_run(d, 200);
    CHECK_Z(word ? word : "none", "ftolreached");
    CHECK(d->n_ask < 60);
    CHECK_NEAR(d->best_f, 0.5, 0.02);
    drive_close(d);
}

/* ---- the rest ------------------------------------------------------------ */

static void test_bo__begins_with_trials_from_outside(void)
{
    double x[DRIVE_MAX], f, g[2];
    int    tag;
    drive *d = open_bo(4, 1, slope, "bo");
    if (!d) return;
    for (int k = 0; k < 20; k++) {
        tp_sobol(x, 4, k, 1, 3);
        slope(x, 4, &f, g);
        d->ops->tell(&d->opt, TP_OPT_FOREIGN_TAG, x,
                     &(tp_obs){.ok = true, .f = f, .n_g = 1, .g = g});
    }
    drive_run(d, 12);
    CHECK_INT(says(d, 1, 12, "fills"), 0); /* the models begin at once */
    CHECK_NEAR(d->best_f, 0.5, 0.02);
    CHECK_INT(d->ops->ask(&d->opt, x, &tag), TP_ASK_POINT);
    drive_close(d);
}

static void test_bo__says_what_moves_and_what_it_expects(void)
{
    drive *d = open_bo(3, 1, slope, "bo");
    if (!d) return;
    drive_run(d, 12);
    int named = 0;
    for (int k = 6; k < 12; k++) {
        tp_str line = why_of(d, k);
        if (!tp_str_starts(line, TP_S("exploits"))) continue;
        named++;
        CHECK_HAS(line, " of the range: ");
        CHECK_HAS(line, " -> ");
        CHECK_HAS(line, "(from trial ");
        CHECK_HAS(line, "predicted 0.");
        CHECK_HAS(line, "feasible with probability");
    }
    CHECK(named >= 4);
    drive_close(d);
}

static void test_bo__hands_over_and_polishes_at_the_end(void)
{
    tp_err err;
    drive *d = drive_box(check_mem(), 3, 0.5);
    d->function = slope;
    d->opt.n_g = 1;
    d->opt.stop.planned = 80;
    if (!CHECK_OK(drive_open(d, "bo,handover=30", &err), &err)) return;
    drive_run(d, 80);
    CHECK_INT(says(d, 0, 30, "L-SHADE"), 0);
    CHECK_INT(says(d, 30, 72, "L-SHADE"), 42);
    CHECK_INT(says(d, 72, 80, "polishes"), 8);
    CHECK_NEAR(d->best_f, 0.5, 1e-5);
    drive_close(d);
}

static const check_test tests[] = {
    CHECK_TEST(test_bo__needs_few_trials),
    CHECK_TEST(test_bo__finds_what_hardly_is_feasible),
    CHECK_TEST(test_bo__keeps_points_that_are_out_apart),
    CHECK_TEST(test_bo__asks_each_point_of_a_grid_once_and_ends),
    CHECK_TEST(test_bo__climbs_across_a_fine_grid),
    CHECK_TEST(test_bo__looks_again_before_it_gives_a_region_up),
    CHECK_TEST(test_bo__learns_where_trials_fail),
    CHECK_TEST(test_bo__forgets_a_failure_that_is_none),
    CHECK_TEST(test_bo__forgets_what_fails_at_last),
    CHECK_TEST(test_bo__repairs_nothing_where_all_failed),
    CHECK_TEST(test_bo__presets_explore_as_they_say),
    CHECK_TEST(test_bo__harden_stays_near_and_makes_nothing_worse),
    CHECK_TEST(test_bo__repair_only_moves_one_variable),
    CHECK_TEST(test_bo__gate_ends_when_nothing_is_gained),
    CHECK_TEST(test_bo__begins_with_trials_from_outside),
    CHECK_TEST(test_bo__says_what_moves_and_what_it_expects),
    CHECK_TEST(test_bo__hands_over_and_polishes_at_the_end),
    {0},
};

int main(void)
{
    return check_main(tests);
}
