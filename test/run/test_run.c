/* The loop over the simulator of formulas: counting, the best, failures as
   data, stop rules, bad settings, a store that fails. */
#include "run/setup.h"

#include <signal.h>
#include <sys/resource.h>

/* ---- counting ----------------------------------------------------------- */

/* The order in which trials are told. */
typedef struct told {
    int  n, last;
    bool ordered;
    int  stop_at;
    int  stop;
} told;

static void on_trial(void *with, const tp_trial *t, const tp_trial *best)
{
    told *w = with;
    (void)best;
    w->ordered = w->ordered && t->number == w->last + 1;
    w->last = t->number;
    w->n++;
    if (t->number == w->stop_at) w->stop = 1;
}

static void test_run__makes_exactly_the_trials_allowed(void)
{
    static const char *const methods[] = {"COBYLA", "RANDOM_SEARCH", "ISRES"};
    for (int k = 0; k < TP_COUNT(methods); k++)
        for (int limit = 1; limit < 30; limit += 7) {
            setup       *s = setup_make(methods[k], "fake");
            told         w = {.ordered = true};
            tp_run_watch watch = {.with = &w, .trial = on_trial};
            tp_status    st;
            tp_err       err;
            s->set.max_trials = limit;
            tp_run *r = setup_run(s, &watch, &st, &err);
            CHECK_OK(st, &err);
            const tp_trial *t;
            CHECK_INT(tp_run_trials(r, &t), limit);
            CHECK_INT(w.n, limit);
            CHECK(w.ordered);
            CHECK_STR(tp_run_status(r), "limit");
            CHECK_STR(tp_run_reason(r), "maxitersreached");
            record kept = setup_read(s->store, tp_run_id(r));
            CHECK_INT(kept.row.n_trial, limit);
            CHECK_INT(kept.n_trial, limit);
            CHECK_INT(kept.n_event, 2 * (limit + tp_run_repeats(r)) + 1);
            tp_run_close(r);
            setup_close(s);
        }
}

static void test_run__deck_limit_counts_when_no_flag_says_other(void)
{
    setup    *s = setup_make("COBYLA", "fake");
    tp_status st;
    tp_err    err;
    s->p.iterlim = 7;
    tp_run         *r = setup_run(s, NULL, &st, &err);
    const tp_trial *t;
    CHECK_INT(tp_run_trials(r, &t), 7);
    tp_run_close(r);
    s->set.max_trials = 5;
    r = setup_run(s, NULL, &st, &err);
    CHECK_INT(tp_run_trials(r, &t), 5);
    tp_run_close(r);
    setup_close(s);
}

/* On a grid of 3 x 3 points a random search soon repeats itself; when it has
   been everywhere the run ends. */
static void test_run__repeats_are_answered_and_not_counted(void)
{
    setup    *s = setup_make("RANDOM_SEARCH", "fake");
    tp_status st;
    tp_err    err;
    for (int i = 0; i < 2; i++) {
        s->var[i].hi = 2;
        s->var[i].step = 1;
        s->var[i].start = 1;
    }
    tp_run         *r = setup_run(s, NULL, &st, &err);
    const tp_trial *t;
    CHECK_OK(st, &err);
    CHECK_INT(tp_run_trials(r, &t), 9);
    CHECK(tp_run_repeats(r) >= 1000);
    CHECK_STR(tp_run_status(r), "converged");
    CHECK_STR(tp_run_reason(r), "xtolreached");
    for (int i = 0; i < 9; i++)
        for (int k = 0; k < i; k++)
            CHECK(t[i].x[0] != t[k].x[0] || t[i].x[1] != t[k].x[1]);
    record kept = setup_read(s->store, tp_run_id(r));
    CHECK_INT(kept.n_trial, 9);
    CHECK_INT(kept.n_event, 2 * (9 + tp_run_repeats(r)) + 1);
    tp_run_close(r);
    setup_close(s);
}

/* ---- the best ----------------------------------------------------------- */

static void test_run__finds_the_constrained_optimum(void)
{
    setup    *s = setup_make("COBYLA", "fake");
    tp_status st;
    tp_err    err;
    s->set.reltol = 1e-10;
    s->set.max_trials = 400;
    tp_run *r = setup_run(s, NULL, &st, &err);
    CHECK_OK(st, &err);
    const tp_trial *best = tp_run_best(r);
    if (CHECK(best != NULL)) { /* a = b = 2 - ctol, f = 2 (1 - ctol)^2 */
        CHECK(best->score.feasible);
        CHECK_NEAR(best->score.f, 2, 0.02);
        CHECK_NEAR(best->x[0], 2, 0.05);
        CHECK_NEAR(best->x[1], 2, 0.05);
    }
    CHECK_STR(tp_run_status(r), "converged");
    CHECK_STR(tp_run_reason(r), "ftolreached");
    tp_run_close(r);
    setup_close(s);
}

static void test_run__keeps_the_best_feasible_trial(void)
{
    setup    *s = setup_make("RANDOM_SEARCH", "fake");
    tp_status st;
    tp_err    err;
    s->set.max_trials = 60;
    tp_run         *r = setup_run(s, NULL, &st, &err);
    const tp_trial *t, *best = tp_run_best(r);
    int             n = tp_run_trials(r, &t), at = -1;
    for (int i = 0; i < n; i++) {
        double a = t[i].x[0], b = t[i].x[1];
        double f = (a - 1) * (a - 1) + (b - 1) * (b - 1);
        CHECK_NEAR(t[i].reading[0].value, f, 1e-12 * f);
        CHECK(t[i].score.feasible == (a + b >= 4 * (1 - 1e-3)));
        if (!t[i].score.feasible) continue;
        if (at < 0 || t[i].score.f < t[at].score.f) at = i;
    }
    if (CHECK(at >= 0 && best)) CHECK_INT(best->number, at + 1);
    CHECK(best->number < n);
    record kept = setup_read(s->store, tp_run_id(r));
    CHECK_INT(kept.row.best, best->number);
    tp_run_close(r);
    setup_close(s);
}

/* A miss of exactly ctol * limit is feasible, the next double is not. */
static void test_run__feasible_up_to_ctol(void)
{
    for (int over = 0; over < 2; over++) {
        setup    *s = setup_make("COBYLA", "fake");
        tp_status st;
        tp_err    err;
        s->set.ctol = 0.125; /* of 4: a + b >= 3.5 */
        s->set.max_trials = 1;
        s->var[0].start = 1;
        s->var[1].start = over ? nextafter(2.5, 0) : 2.5;
        if (over) s->var[1].start = 2.5 - 1e-12;
        tp_run *r = setup_run(s, NULL, &st, &err);
        CHECK(tp_run_best(r)->score.feasible == !over);
        tp_run_close(r);
        setup_close(s);
    }
}

/* ---- failures are data -------------------------------------------------- */

static void test_run__failed_trials_are_stored_and_passed_over(void)
{
    setup    *s = setup_make("RANDOM_SEARCH", "fake,trouble=diverge:a<1 "
                                                 "fail:b<1 nan:a>9");
    tp_status st;
    tp_err    err;
    int       seen[3] = {0};
    s->set.max_trials = 80;
    tp_run *r = setup_run(s, NULL, &st, &err);
    CHECK_OK(st, &err);
    record kept = setup_read(s->store, tp_run_id(r));
    CHECK_INT(kept.n_trial, 80);
    int failed = 0;
    for (int i = 0; i < kept.n_trial; i++) {
        const tp_trial_row *t = &kept.trial[i];
        const double       *x = setup_x(t);
        const char         *want = x[1] < 1   ? "sim-failed"
                                   : x[0] < 1 ? "no-convergence"
                                   : x[0] > 9 ? "sim-failed"
                                              : "ran";
        if (x[0] < 1 && x[1] < 1) want = "sim-failed"; /* the later word */
        CHECK_STR(t->outcome, want);
        failed += strcmp(want, "ran") != 0;
        seen[0] += x[0] < 1;
        seen[1] += x[1] < 1;
        seen[2] += x[0] > 9;
        if (x[1] < 1) CHECK_STR(t->why, "fake: told to fail");
    }
    CHECK(seen[0] && seen[1] && seen[2]);
    CHECK_INT(kept.row.n_failed, failed);
    CHECK(tp_run_best(r) && tp_run_best(r)->score.ok);
    tp_run_close(r);
    setup_close(s);
}

static void test_run__methods_go_on_after_failures(void)
{
    static const char *const methods[] = {"COBYLA", "ISRES", "NELDER_MEAD_AL"};
    for (int k = 0; k < TP_COUNT(methods); k++) {
        setup    *s = setup_make(methods[k], "fake,trouble=fail:a<2.2");
        tp_status st;
        tp_err    err;
        s->set.max_trials = 60;
        tp_run *r = setup_run(s, NULL, &st, &err);
        CHECK_OK(st, &err);
        record kept = setup_read(s->store, tp_run_id(r));
        CHECK(kept.row.n_failed > 0);
        CHECK(kept.row.n_failed < kept.row.n_trial);
        CHECK(tp_run_best(r)->x[0] >= 2.2);
        tp_run_close(r);
        setup_close(s);
    }
}

static void test_run__first_trial_must_simulate(void)
{
    setup    *s = setup_make("COBYLA", "fake,trouble=fail:a>2");
    tp_status st;
    tp_err    err;
    tp_run   *r = setup_run(s, NULL, &st, &err);
    CHECK_INT(st, TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "start values");
    CHECK_HAS(tp_str_of(err.msg), "fake: told to fail");
    record kept = setup_read(s->store, tp_run_id(r));
    CHECK_STR(kept.row.status, "failed");
    CHECK_HAS(kept.row.reason, "fake: told to fail");
    CHECK_INT(kept.n_trial, 1);
    CHECK_STR(kept.trial[0].outcome, "sim-failed");
    tp_run_close(r);
    setup_close(s);
}

static void test_run__without_any_result_has_failed(void)
{
    static const char *const methods[] = {"NELDER_MEAD_AL", "RANDOM_SEARCH"};
    for (int i = 0; i < TP_COUNT(methods); i++) {
        setup    *s = setup_make(methods[i], "fake");
        tp_status st;
        tp_err    err;
        s->set.max_trials = 20;
        s->bind[1].signal.vector = s->bind[1].signal.name = TP_S("nowhere");
        tp_run *r = setup_run(s, NULL, &st, &err);
        CHECK_OK(st, &err);
        CHECK(!tp_run_best(r));
        CHECK_STR(tp_run_status(r), "failed");
        CHECK_STR(tp_run_reason(r), "measurementfailed");
        record k = setup_read(s->store, tp_run_id(r));
        CHECK_STR(k.row.status, "failed");
        CHECK(k.n_trial > 0);
        CHECK_INT(k.row.n_failed, k.n_trial);
        tp_run_close(r);
        setup_close(s);
    }
}

static void test_run__simulator_that_refuses_ends_it(void)
{
    setup    *s = setup_make("COBYLA", "fake,trouble=burn:a<3");
    tp_status st;
    tp_err    err;
    tp_run   *r = setup_run(s, NULL, &st, &err);
    CHECK_INT(st, TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "burn:a<3");
    if (r) {
        CHECK_STR(tp_run_status(r), "failed");
        tp_run_close(r);
    }
    setup_close(s);
}

/* ---- stop rules --------------------------------------------------------- */

static void test_run__ends_at_the_time_limit(void)
{
    setup    *s = setup_make("RANDOM_SEARCH", "fake,trouble=sleep:a>-1,"
                                                 "seconds=0.03");
    tp_status st;
    tp_err    err;
    s->set.max_time = 0.25;
    tp_run         *r = setup_run(s, NULL, &st, &err);
    const tp_trial *t;
    int             n = r ? tp_run_trials(r, &t) : 0;
    CHECK_OK(st, &err);
    CHECK(n >= 1 && n <= 9);
    CHECK_STR(tp_run_status(r), "limit");
    CHECK_STR(tp_run_reason(r), "maxtimereached");
    CHECK(tp_run_seconds(r) >= 0.25);
    tp_run_close(r);
    setup_close(s);
}

static void test_run__stop_flag_interrupts(void)
{
    setup       *s = setup_make("RANDOM_SEARCH", "fake");
    told         w = {.ordered = true, .stop_at = 6};
    tp_run_watch watch = {.with = &w, .trial = on_trial, .stop = &w.stop};
    tp_status    st;
    tp_err       err;
    tp_run      *r = setup_run(s, &watch, &st, &err);
    CHECK_OK(st, &err);
    CHECK_STR(tp_run_status(r), "interrupted");
    CHECK_INT(w.n, 6);
    record kept = setup_read(s->store, tp_run_id(r));
    CHECK_STR(kept.row.status, "interrupted");
    CHECK_INT(kept.row.n_trial, 6);
    CHECK(kept.row.best > 0);
    tp_run_close(r);
    setup_close(s);
}

/* ---- what is wrong before it starts ------------------------------------- */

static void refuse(setup *s, const char *says)
{
    tp_run *r = NULL;
    tp_err  err = {0};
    CHECK_INT(tp_run_start(&r, &s->p, &s->set, s->store, &err), TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), says);
    CHECK(r == NULL);
    tp_params_default(tp_run_params, &s->set);
    s->set.exec = TP_S("inline");
    s->set.simulator = TP_S("fake");
}

static void test_run__refuses_bad_settings(void)
{
    setup *s = setup_make("", "fake");
    s->set.set = TP_S("a=20");
    refuse(s, "--set a: 20 is outside 0 to 10");
    s->set.set = TP_S("a=1k");
    refuse(s, "--set a: 1k is outside 0 to 10");
    s->set.set = TP_S("a=x");
    refuse(s, "--set a: 'x' is not a number");
    s->set.set = TP_S("a");
    refuse(s, "--set: 'a' is not NAME=VALUE");
    s->var[1].name = TP_S("rcurr");
    s->set.set = TP_S("rcur=1");
    refuse(s, "--set: there is no variable 'rcur' (did you mean rcurr?)");
    s->set.lin = TP_S("A,q");
    refuse(s, "--lin: there is no variable 'q'");
    s->set.method = TP_S("COBLYA");
    refuse(s, "COBYLA");
    s->set.method = TP_S("BOBYQA");
    refuse(s, "constraint");
    s->set.method = TP_S("COBYLA,steq=1");
    refuse(s, "steq");
    s->set.exec = TP_S("cloud");
    refuse(s, "exec: there is no 'cloud'");
    s->set.simulator = TP_S("nspice");
    refuse(s, "simulator: there is no 'nspice' (did you mean ngspice?)");
    s->var[0].hi = INFINITY;
    s->set.method = TP_S("ISRES");
    refuse(s, "a");
    s->p.space.n = 0;
    refuse(s, "t.net has no optimiser statement");
    const tp_run_row *row;
    int               n;
    tp_err            err = {0};
    CHECK_OK(tp_store_runs(s->store, &row, &n, check_mem(), &err), &err);
    CHECK_INT(n, 0); /* nothing of it was stored */
    setup_close(s);
}

/* Feasible is a + b >= 4 in 0..10: the centre is near (5.6, 5.6), far from the
   least sum at the border. */
static void test_run__goes_to_the_centre_after_the_search(void)
{
    tp_status st;
    tp_err    err;
    double    distance = 0;
    setup    *s = setup_make("hooke_jeeves", "fake");
    s->set.centering = true;
    tp_run *r = setup_run(s, NULL, &st, &err);
    if (CHECK_OK(st, &err)) {
        const tp_trial *best = tp_run_best(r);
        const tp_trial *final = tp_run_final(r, &distance);
        CHECK_NEAR(best->x[0] + best->x[1], 4, 0.1);
        CHECK(fmin(final->x[0], final->x[1]) > 4.5);
        CHECK(fmax(final->x[0], final->x[1]) < 6.5);
        CHECK(distance > 0.4 && distance <= 0.5);
        CHECK(!tp_str_eq(tp_run_reason(r), TP_S("centre found")));
    }
    tp_run_close(r);
    setup_close(s);
}

/* A cost above the stop cost is as good as infeasible. */
static void test_run__centre_keeps_the_stop_cost(void)
{
    tp_status st;
    tp_err    err;
    setup    *s = setup_make("hooke_jeeves", "fake");
    s->set.centering = true;
    s->set.stop_cost = 6;
    tp_run *r = setup_run(s, NULL, &st, &err);
    if (CHECK_OK(st, &err)) {
        const tp_trial *final = tp_run_final(r, NULL);
        CHECK(final->score.feasible && final->score.f <= 6);
        CHECK_STR(tp_run_reason(r), "stopvalreached");
    }
    tp_run_close(r);
    setup_close(s);
}

static void test_run__set_and_lin_change_the_space(void)
{
    setup   *s = setup_make("", "fake");
    tp_err   err = {0};
    tp_space space;
    s->var[0] = (tp_var){
        .name = TP_S("a"), .lo = 1, .hi = 100, .start = 10, .log = true};
    s->set.set = TP_S("B=2.5, a=20");
    CHECK_OK(tp_prepare_space(&space, &s->p, &s->set, check_mem(), &err), &err);
    CHECK_NEAR(space.var[0].start, 20, 0);
    CHECK_NEAR(space.var[1].start, 2.5, 0);
    CHECK(space.var[0].log);
    CHECK_NEAR(s->var[0].start, 10, 0); /* the problem stays as it was */
    static const char *const lin[] = {"all", "A", "b,a"};
    for (int i = 0; i < TP_COUNT(lin); i++) {
        s->set.lin = tp_str_of(lin[i]);
        CHECK_OK(tp_prepare_space(&space, &s->p, &s->set, check_mem(), &err),
                 &err);
        CHECK(!space.var[0].log);
    }
    setup_close(s);
}

typedef struct notices {
    int  n;
    char text[4][200];
} notices;

static void on_notice(void *with, tp_str text)
{
    notices *w = with;
    if (w->n < 4)
        snprintf(w->text[w->n++], sizeof w->text[0], "%.*s", TP_F(text));
}

static void test_run__says_what_a_window_means(void)
{
    notices      w = {0};
    tp_run_watch watch = {.with = &w, .notice = on_notice};
    setup       *s = setup_make("COBYLA", "fake");
    tp_status    st;
    tp_err       err;
    s->set.max_trials = 3;
    s->set.window = 8;
    s->set.jobs = 4;
    tp_run *r = setup_run(s, &watch, &st, &err);
    CHECK_INT(w.n, 2);
    CHECK_HAS(tp_str_of(w.text[0]), "COBYLA asks one point at a time");
    CHECK_HAS(tp_str_of(w.text[1]), "at most 1 of 4 workers");
    tp_run_close(r);
    setup_close(s);
}

/* ---- a store that fails ------------------------------------------------- */

static void no_more_room(void *with, const tp_trial *t, const tp_trial *best)
{
    (void)with, (void)best;
    struct rlimit limit = {4096, RLIM_INFINITY};
    if (t->number == 5) setrlimit(RLIMIT_FSIZE, &limit);
}

static void test_run__full_disk_ends_it(void)
{
    setup        *s = setup_make("RANDOM_SEARCH", "fake");
    tp_run_watch  watch = {.trial = no_more_room};
    struct rlimit none = {RLIM_INFINITY, RLIM_INFINITY};
    tp_status     st;
    tp_err        err;
    signal(SIGXFSZ, SIG_IGN);
    s->set.max_trials = 5000;
    tp_run *r = setup_run(s, &watch, &st, &err);
    setrlimit(RLIMIT_FSIZE, &none);
    CHECK_INT(st, TP_IO);
    CHECK(err.msg[0] != '\0');
    tp_str id = tp_str_copy(check_mem(), tp_run_id(r));
    tp_run_close(r);
    r = NULL; /* with room again it goes on where it was */
    s->set.max_trials = 0;
    record kept = setup_read(s->store, id);
    CHECK(kept.n_trial >= 5 && kept.n_trial < 5000);
    CHECK_OK(tp_run_resume(&r, &s->p, &s->set, s->store, id, &err), &err);
    told         w = {.ordered = true, .stop_at = kept.n_trial + 5};
    tp_run_watch next = {.with = &w, .trial = on_trial, .stop = &w.stop};
    if (r) CHECK_OK(tp_run_go(r, &next, &err), &err);
    CHECK_INT(w.n, kept.n_trial + 5);
    tp_run_close(r);
    setup_close(s);
}

static const check_test tests[] = {
    CHECK_TEST(test_run__makes_exactly_the_trials_allowed),
    CHECK_TEST(test_run__deck_limit_counts_when_no_flag_says_other),
    CHECK_TEST(test_run__repeats_are_answered_and_not_counted),
    CHECK_TEST(test_run__finds_the_constrained_optimum),
    CHECK_TEST(test_run__keeps_the_best_feasible_trial),
    CHECK_TEST(test_run__feasible_up_to_ctol),
    CHECK_TEST(test_run__failed_trials_are_stored_and_passed_over),
    CHECK_TEST(test_run__methods_go_on_after_failures),
    CHECK_TEST(test_run__first_trial_must_simulate),
    CHECK_TEST(test_run__without_any_result_has_failed),
    CHECK_TEST(test_run__simulator_that_refuses_ends_it),
    CHECK_TEST(test_run__ends_at_the_time_limit),
    CHECK_TEST(test_run__stop_flag_interrupts),
    CHECK_TEST(test_run__refuses_bad_settings),
    CHECK_TEST(test_run__goes_to_the_centre_after_the_search),
    CHECK_TEST(test_run__centre_keeps_the_stop_cost),
    CHECK_TEST(test_run__set_and_lin_change_the_space),
    CHECK_TEST(test_run__says_what_a_window_means),
    CHECK_TEST(test_run__full_disk_ends_it),
    {0},
};

int main(void)
{
    return check_main(tests);
}
