/* bo and what trials don't say: values that are missing, corners that were not
   simulated, other corners in a later phase. */
#include "drive.h"

#include <stdlib.h>

enum { CORNERS = 3, G = 2, ROW = 1 + G, VARS = 5 };

/* What a trial gives in each corner; false: something is missing. */
typedef bool part_function(const double *x, double part[CORNERS][ROW]);

typedef struct bench {
    drive         *d;
    part_function *function;
    bool           wanted[CORNERS];
    bool           secret; /* a trial that lacks something says nothing */
    int            simulated, n_ask;
    double         at[DRIVE_MAX]; /* last asked */
    int            tag;
    double         miss, f; /* of the last one, over the wanted corners */
} bench;

/* Three corners on a line: alike are 0 and 1. */
static const double place[CORNERS] = {0, 0.2, 1};

static bench *open_bench(int n, part_function *f, const char *method)
{
    bench *b = TP_NEW(check_mem(), bench, 1);
    tp_err err;
    b->d = drive_box(check_mem(), n, 0.5);
    b->function = f;
    b->wanted[0] = true;
    b->d->opt.n_g = G;
    b->d->opt.n_corner = CORNERS;
    b->d->opt.n_place = 1;
    b->d->opt.place = place;
    b->d->opt.wanted = b->wanted;
    return CHECK_OK(drive_open(b->d, method, &err), &err) ? b : NULL;
}

static void tell(bench *b, int tag, const double *x)
{
    double part[CORNERS][ROW], f = -INFINITY, g[G] = {-INFINITY, -INFINITY};
    tp_obs y = {.n_g = G, .g = g};
    y.ok = b->function(x, part);
    b->miss = 0;
    for (int c = 0; c < CORNERS; c++) {
        for (int m = 0; m < ROW && !b->wanted[c]; m++) part[c][m] = NAN;
        if (!b->wanted[c]) continue;
        b->simulated++;
        f = fmax(f, part[c][0]);
        for (int k = 0; k < G; k++) g[k] = fmax(g[k], part[c][1 + k]);
    }
    for (int k = 0; k < G; k++) b->miss += fmax(0, g[k]);
    if (!b->secret || y.ok) y.part = part[0];
    y.f = b->f = f;
    if (!y.ok) b->miss = INFINITY;
    b->d->ops->tell(&b->d->opt, tag, x, &y);
}

static bool step(bench *b)
{
    bool got = b->d->ops->ask(&b->d->opt, b->at, &b->tag) == TP_ASK_POINT;
    if (!CHECK(got)) return false;
    b->n_ask++;
    tell(b, b->tag, b->at);
    return true;
}

/* Asks until one is feasible; how many, at most `most`. */
static int until_feasible(bench *b, int most)
{
    for (int k = 1; k <= most && step(b); k++)
        if (b->miss <= 0) return k;
    return most + 1;
}

/* ---- values that are missing --------------------------------------------- */

/* The second limit can be read only near to where the first holds, which is a
   small part of the box. */
static bool one_after_the_other(const double *x, double part[CORNERS][ROW])
{
    double away = 0;
    for (int i = 0; i < VARS; i++) away += fabs(x[i] - (i % 2 ? 0.15 : 0.8));
    for (int c = 0; c < CORNERS; c++) {
        part[c][0] = x[0];
        part[c][1] = away - 0.5;
        part[c][2] = away < 0.7 ? x[0] - 0.85 : NAN;
    }
    return away < 0.7;
}

static void test_bo__finds_what_few_trials_can_read(void)
{
    bench *b = open_bench(VARS, one_after_the_other, "bo");
    if (!b) return;
    int n = until_feasible(b, 60);
    if (!CHECK(n <= 25)) printf("%d\n", n);
    drive_close(b->d);
}

/* Nothing ever gives all. */
static bool never_whole(const double *x, double part[CORNERS][ROW])
{
    one_after_the_other(x, part);
    for (int c = 0; c < CORNERS; c++) part[c][2] = NAN;
    return false;
}

/* The least of the first limit that 25 trials find. */
static double least_of_25(bool secret)
{
    bench *b = open_bench(VARS, never_whole, "bo");
    double least = INFINITY, part[CORNERS][ROW];
    if (!b) return NAN;
    b->secret = secret;
    for (int k = 0; k < 25 && step(b); k++) {
        never_whole(b->at, part);
        least = fmin(least, part[0][1]);
    }
    drive_close(b->d);
    return least;
}

static void test_bo__learns_from_trials_that_lack_a_value(void)
{
    CHECK(least_of_25(false) < 0);
    CHECK(least_of_25(true) > 0);
}

/* ---- corners ------------------------------------------------------------- */

/* Minimum at (0.3, 0.6) + a corner's shift; the first limit moves with it. */
static bool shifted(const double *x, double part[CORNERS][ROW])
{
    static const double by[CORNERS] = {0, 0.05, 0.2};
    for (int c = 0; c < CORNERS; c++) {
        double a = x[0] - 0.3 - by[c], b = x[1] - 0.6 + by[c];
        part[c][0] = 1 + 4 * a * a + 4 * b * b;
        part[c][1] = 0.25 + by[c] - x[0];
        part[c][2] = x[1] - 0.9 + by[c];
    }
    return true;
}

static void raise(bench *b)
{
    double best[2] = {0.3, 0.6};
    for (int c = 0; c < CORNERS; c++) b->wanted[c] = true;
    b->d->ops->raise(&b->d->opt);
    tell(b, TP_OPT_FOREIGN_TAG, best);
}

/* The least f over all corners that 6 more points find. */
static double next_six(bench *b)
{
    double least = INFINITY;
    for (int k = 0; k < 6 && step(b); k++)
        if (b->miss <= 0) least = fmin(least, b->f);
    return least;
}

/* Corner 2 wants x to be 0.45 or more; there the two outer corners are alike at
   y = 0.55. */
static void test_bo__a_phase_goes_on_with_what_is_known(void)
{
    bench *b = open_bench(2, shifted, "bo");
    if (!b) return;
    for (int k = 0; k < 14; k++) step(b);
    raise(b);
    CHECK_NEAR(next_six(b), 1 + 4 * (0.15 * 0.15 + 0.05 * 0.05), 5e-3);
    drive_close(b->d);
}

/* What is asked in a later phase is bounded by the best of that phase, and the
   corner that decides comes first. */
static void test_bo__says_which_corner_decides(void)
{
    bench       *b = open_bench(2, shifted, "bo");
    double       first[CORNERS] = {0};
    tp_opt_bound bound = {INFINITY, INFINITY, first, -1};
    int          tag, last = 0, bounded = 0;
    if (!b) return;
    CHECK(step(b));
    CHECK(!b->d->ops->bound(&b->d->opt, b->tag, &bound)); /* one corner */
    for (int k = 1; k < 14; k++) step(b);
    raise(b);
    for (int k = 0; k < 8; k++) {
        CHECK(b->d->ops->ask(&b->d->opt, b->at, &tag) == TP_ASK_POINT);
        memset(first, 0, sizeof first);
        if (!b->d->ops->bound(&b->d->opt, tag, &bound)) continue;
        bounded++;
        CHECK(bound.violation >= 0 && first[0] >= 0 && first[2] >= 0);
        last += first[2] > first[0];
        tell(b, tag, b->at);
    }
    CHECK_INT(bounded, 8);
    if (!CHECK(last >= 5)) printf("%d\n", last);
    drive_close(b->d);
}

/* innovate looks at the first corner alone three times; harden begins with the
   corners of the last phase. */
static void test_bo__presets_begin_in_their_corners(void)
{
    bench *b = open_bench(2, shifted, "bo,preset=innovate");
    double first[CORNERS] = {0};
    if (!b) return;
    CHECK(!b->d->opt.last);
    for (int c = 1; c < CORNERS; c++) b->wanted[c] = true;
    b->d->ops->raise(&b->d->opt);
    for (int k = 0; k < 5; k++) {
        tp_opt_bound bound = {INFINITY, INFINITY, first, -1};
        CHECK(b->d->ops->ask(&b->d->opt, b->at, &b->tag) == TP_ASK_POINT);
        b->d->ops->bound(&b->d->opt, b->tag, &bound);
        CHECK_INT(bound.only, k < 3 ? 0 : -1);
        tell(b, b->tag, b->at);
    }
    drive_close(b->d);
    b = open_bench(2, shifted, "bo,preset=harden");
    if (!b) return;
    CHECK(b->d->opt.last);
    drive_close(b->d);
}

static void test_bo__whole_trials_only_where_it_is_told_so(void)
{
    bench       *b = open_bench(2, shifted, "bo,corners=off");
    double       first[CORNERS] = {0};
    tp_opt_bound bound = {INFINITY, INFINITY, first, -1};
    if (!b) return;
    CHECK_INT(b->d->opt.n_corner, 0);
    for (int k = 0; k < 10; k++) step(b);
    CHECK(!b->d->ops->bound(&b->d->opt, b->tag, &bound));
    drive_close(b->d);
}

/* The first points don't depend on what was found: variables + 3. */
static void test_bo__says_what_it_draws(void)
{
    bench *b = open_bench(2, shifted, "bo");
    if (!b) return;
    for (int k = 0; k < 12 && step(b); k++)
        CHECK(b->d->ops->drawn(&b->d->opt, b->tag) == (k < 5));
    CHECK(!b->d->ops->drawn(&b->d->opt, TP_OPT_FOREIGN_TAG));
    drive_close(b->d);
}

/* Same told values, same points, also when some are missing. */
static void test_bo__is_the_same_again_with_corners(void)
{
    double first[20][2];
    for (int again = 0; again < 2; again++) {
        bench *b = open_bench(2, shifted, "bo");
        if (!b) return;
        for (int k = 0; k < 20; k++) {
            if (k == 10) raise(b);
            step(b);
            if (again) CHECK(!memcmp(first[k], b->at, sizeof first[k]));
            memcpy(first[k], b->at, sizeof first[k]);
        }
        drive_close(b->d);
    }
}

static const check_test tests[] = {
    CHECK_TEST(test_bo__finds_what_few_trials_can_read),
    CHECK_TEST(test_bo__learns_from_trials_that_lack_a_value),
    CHECK_TEST(test_bo__a_phase_goes_on_with_what_is_known),
    CHECK_TEST(test_bo__says_which_corner_decides),
    CHECK_TEST(test_bo__presets_begin_in_their_corners),
    CHECK_TEST(test_bo__whole_trials_only_where_it_is_told_so),
    CHECK_TEST(test_bo__says_what_it_draws),
    CHECK_TEST(test_bo__is_the_same_again_with_corners),
    {0},
};

int main(void)
{
    return check_main(tests);
}
