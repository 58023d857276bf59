/* Trials over several benches and corners: split into jobs, put together,
   derived values and checks, the same history whoever does the work. */
#include "run/pvt.h"

static void test_corners__one_trial_is_all_its_decks(void)
{
    pvt     *k = pvt_make("COBYLA", "fake");
    tp_trial t;
    tp_err   err = {0};
    CHECK_OK(tp_run_once(&t, &k->s->p, &k->s->set, NULL, check_mem(), &err),
             &err);
    CHECK_STR(t.outcome, "ran");
    for (ptrdiff_t c = 0; c < 3 && CHECK(t.reading != NULL); c++) {
        CHECK_NEAR(t.reading[2 * c].value, 3 + k->b[c], 1e-12);
        CHECK_NEAR(t.reading[2 * c + 1].value, 6, 1e-12);
    }
    CHECK_NEAR(t.derived[0], 6, 0);
    CHECK(t.score.ok && t.score.feasible);
    CHECK_INT(t.score.n_g, 2);
    CHECK_NEAR(t.score.g[0], (10.0 - 12) / 12, 1e-12); /* ss_125 */
    CHECK_NEAR(t.score.f, 0.5, 1e-12);                 /* ff_m40: 4 for 8 */
    int c;
    CHECK_NEAR(tp_problem_worst(&k->s->p, t.reading, 0, &c)->value, 10, 1e-12);
    CHECK_INT(c, 2);
    setup_close(k->s);
}

static void test_corners__a_failed_corner_keeps_the_others(void)
{
    pvt     *k = pvt_make("COBYLA", "fake,trouble=fail:b>6");
    tp_trial t;
    tp_err   err = {0};
    CHECK_OK(tp_run_once(&t, &k->s->p, &k->s->set, NULL, check_mem(), &err),
             &err);
    CHECK_STR(t.outcome, "sim-failed");
    CHECK_STR(t.why, "dc in ss_125: fake: told to fail");
    if (CHECK(t.reading != NULL)) {
        CHECK(t.reading[0].ok && t.reading[2].ok && !t.reading[4].ok);
        CHECK_STR(t.reading[4].why, "fake: told to fail");
    }
    CHECK(!t.score.ok);
    setup_close(k->s);
}

static void test_corners__what_a_check_refuses_is_not_simulated(void)
{
    pvt         *k = pvt_make("COBYLA", "fake,trouble=crash:a>4.9");
    tp_trial     t;
    tp_err       err = {0};
    const double low = 0.5, none = 4.95;
    CHECK_OK(tp_run_once(&t, &k->s->p, &k->s->set, &low, check_mem(), &err),
             &err);
    CHECK_STR(t.outcome, "refused");
    CHECK_STR(t.why, "a is 0.5, below 1 (a's range)");
    CHECK(t.reading == NULL);
    CHECK_OK(tp_run_once(&t, &k->s->p, &k->s->set, &none, check_mem(), &err),
             &err);
    CHECK_STR(t.outcome, "refused");
    CHECK_STR(t.why, "twice: a is just below five");
    CHECK(isnan(t.derived[0]));
    setup_close(k->s);
}

static record whole_run(const char *method, const char *exec, int jobs)
{
    pvt      *k = pvt_make(method, "fake");
    tp_err    err;
    tp_status st;
    k->s->set.exec = tp_str_of(exec);
    k->s->set.jobs = jobs;
    k->s->set.max_trials = 40;
    tp_run *r = setup_run(k->s, NULL, &st, &err);
    record  got = {0};
    if (CHECK_OK(st, &err)) got = setup_read(k->s->store, tp_run_id(r));
    tp_run_close(r);
    setup_close(k->s);
    return got;
}

static void same_history(const record *a, const record *b)
{
    if (!CHECK_INT(a->n_trial, b->n_trial)) return;
    CHECK(a->n_trial >= 10);
    for (int i = 0; i < a->n_trial; i++) {
        CHECK(tp_str_eq(a->trial[i].x, b->trial[i].x));
        CHECK(tp_str_eq(a->trial[i].readings, b->trial[i].readings));
        CHECK(tp_str_eq(a->trial[i].outcome, b->trial[i].outcome));
    }
    if (!CHECK_INT(a->n_event, b->n_event)) return;
    for (int i = 0; i < a->n_event; i++)
        CHECK(tp_str_eq(a->event[i].data, b->event[i].data));
}

static void test_corners__workers_do_not_change_the_history(void)
{
    record one = whole_run("COBYLA", "inline", 1);
    record two = whole_run("COBYLA", "local", 2);
    record three = whole_run("COBYLA", "local", 3);
    same_history(&one, &two);
    same_history(&one, &three);
}

static void test_corners__a_run_finds_the_best_over_all(void)
{
    pvt      *k = pvt_make("COBYLA", "fake");
    tp_err    err;
    tp_status st;
    tp_run   *r = setup_run(k->s, NULL, &st, &err);
    if (!CHECK_OK(st, &err)) return;
    const tp_trial *t = tp_run_best(r);
    /* out is a + 1, a + 3, a + 7 for a target of 8 and a limit of 12: the
       worst miss is least where a + 7 - 8 = 8 - (a + 1) */
    CHECK_NEAR(t->x[0], 4, 1e-2);
    CHECK_NEAR(t->score.f, 3.0 / 8, 1e-3);
    CHECK(t->score.feasible);
    record   rec = setup_read(k->s->store, tp_run_id(r));
    tp_trial back;
    CHECK(tp_trial_point_unpack(&back, &k->s->p, rec.trial[2].x, check_mem()));
    CHECK_NEAR(back.derived[0], 2 * back.x[0], 0);
    tp_run_close(r);
    setup_close(k->s);
}

/* ---- phases -------------------------------------------------------------- */

static int phase_of(const pvt *k, const tp_trial_row *row)
{
    tp_trial t;
    CHECK(tp_trial_point_unpack(&t, &k->s->p, row->x, check_mem()));
    return t.phase;
}

/* Corners that a stored trial was simulated in; 0: it was refused. */
static int corners_of(const pvt *k, const tp_trial_row *row)
{
    const tp_reading *r;
    int               n, count = 0;
    tp_unpack         u = {.rest = row->readings};
    if (tp_readings_unpack(&r, &n, &u, check_mem(), NULL)) return -1;
    for (int c = 0; c < 3 && n > 0; c++)
        count += tp_problem_asked(&k->s->p, r, c);
    return count;
}

static void test_phases__go_up_and_look_at_the_best_again(void)
{
    pvt      *k = pvt_make("COBYLA", "fake");
    tp_err    err;
    tp_status st;
    pvt_phases(k, 5, 0);
    tp_run *r = setup_run(k->s, NULL, &st, &err);
    if (!CHECK_OK(st, &err)) return;
    record rec = setup_read(k->s->store, tp_run_id(r));
    int    last = 0, first[3] = {0, -1, -1}, events = 0;
    for (int i = 0; i < rec.n_trial; i++) {
        int phase = phase_of(k, &rec.trial[i]);
        int n = corners_of(k, &rec.trial[i]);
        CHECK(n == phase + 1 ||
              (n == 0 && tp_str_eq(rec.trial[i].outcome, TP_S("refused"))));
        CHECK(phase == last || phase == last + 1);
        if (phase > last) first[phase] = i;
        last = phase;
    }
    for (int i = 0; i < rec.n_event; i++)
        events += tp_str_eq(rec.event[i].kind, TP_S("phase"));
    CHECK_INT(last, 2);
    CHECK_INT(events, 2);
    CHECK_INT(tp_run_phase(r), 2);
    /* the first trial of a phase is the best of the one before */
    const tp_trial *t, *best = NULL;
    tp_run_trials(r, &t);
    for (int i = 0; i < first[1]; i++)
        if (tp_trial_better(&t[i], best)) best = &t[i];
    if (CHECK(first[1] > 0 && best))
        CHECK_NEAR(t[first[1]].x[0], best->x[0], 0);
    /* over all corners: as without phases */
    CHECK_NEAR(tp_run_best(r)->x[0], 4, 0.1);
    CHECK_INT(tp_run_best(r)->phase, 2);
    CHECK_STR(tp_run_status(r), "converged");
    CHECK_NEAR(tp_run_space(r)->var[0].start, 3, 0); /* the user's own */
    tp_run_close(r);
    setup_close(k->s);
}

/* The jobs of a trial by the log; trial 0: the log says nothing of them. */
static tp_jobs jobs_of(const record *r, int trial)
{
    for (int i = 0; i < r->n_event; i++) {
        tp_jobs jobs;
        if (tp_jobs_of(&jobs, &r->event[i], check_mem()) && jobs.trial == trial)
            return jobs;
    }
    return (tp_jobs){0};
}

static const tp_reading *readings_of(const record *r, int trial)
{
    const tp_reading *out = NULL;
    int               n;
    tp_unpack         u = {.rest = r->trial[trial - 1].readings};
    CHECK_OK(tp_readings_unpack(&out, &n, &u, check_mem(), NULL), NULL);
    CHECK_INT(n, 6);
    return out;
}

/* Trial t is an earlier one again, with one corner more: that one alone was
   simulated, on both benches. The decks are dc in tt, ff, ss, then dc2. */
static void took_over(const record *r, int t, int phase)
{
    tp_jobs           j = jobs_of(r, t);
    const tp_reading *now = readings_of(r, t), *was = readings_of(r, j.from);
    if (!CHECK(j.from > 0 && j.from < t) || !CHECK_INT(j.n, 2 * (phase + 1)))
        return;
    CHECK(tp_str_part(r->trial[t - 1].x, 0, 16).len == 16 &&
          tp_str_eq(tp_str_part(r->trial[t - 1].x, 0, 16),
                    tp_str_part(r->trial[j.from - 1].x, 0, 16)));
    for (int i = 0; i < j.n; i++)
        CHECK(j.one[i].taken == (j.one[i].part % 3 < phase));
    int known = 2 * phase; /* readings */
    for (int i = 0; i < known; i++)
        CHECK(now[i].ok && now[i].value == was[i].value);
    CHECK(now[known].ok && was[known].skipped);
    double slept = r->trial[t - 1].sim_seconds; /* in ff_m40 */
    CHECK(phase == 1 ? slept >= 0.06 : slept < 0.06);
}

static void test_phases__known_corners_are_taken_over(void)
{
    pvt      *k = pvt_make("COBYLA", "fake,trouble=sleep:b<2,seconds=0.03");
    tp_err    err;
    tp_status st;
    pvt_phases(k, 5, 0);
    tp_run *r = setup_run(k->s, NULL, &st, &err);
    if (!CHECK_OK(st, &err)) return;
    record rec = setup_read(k->s->store, tp_run_id(r));
    int    last = 0, taken = 0;
    for (int i = 0; i < rec.n_trial; i++) {
        int phase = phase_of(k, &rec.trial[i]);
        if (jobs_of(&rec, i + 1).from) taken++;
        if (phase > last) took_over(&rec, i + 1, phase);
        last = phase;
    }
    CHECK_INT(last, 2);
    CHECK(taken >= 2 && taken <= 2 * 3); /* the best three of each phase */
    tp_run_close(r);
    setup_close(k->s);
}

/* The cost of the nominal corner with one-sided targets: out = a + 3 for 8. */
static void test_phases__converge_at_a_cost(void)
{
    pvt      *k = pvt_make("COBYLA", "fake");
    tp_err    err;
    tp_status st;
    pvt_phases(k, 0, 0.05);
    k->spec[0].sense = TP_HIGHER;
    k->s->p.rules.all = false;
    tp_run *r = setup_run(k->s, NULL, &st, &err);
    if (!CHECK_OK(st, &err)) return;
    CHECK_INT(tp_run_phase(r), 0);
    CHECK_STR(tp_run_reason(r), "stopvalreached");
    CHECK(tp_run_best(r)->x[0] > 5 - 0.05 * 8);
    const tp_trial *t;
    CHECK(tp_run_trials(r, &t) > 1 && t[0].x[0] < 5 - 0.05 * 8);
    tp_run_close(r);
    setup_close(k->s);
    k = pvt_make("COBYLA", "fake");
    pvt_phases(k, 0, 0.05);
    k->spec[0].sense = TP_HIGHER;
    r = setup_run(k->s, NULL, &st, &err);
    if (!CHECK_OK(st, &err)) return;
    CHECK_INT(tp_run_phase(r), 2); /* all phases are wanted */
    tp_run_close(r);
    setup_close(k->s);
}

static void test_phases__simulation_time_is_a_limit(void)
{
    pvt *k = pvt_make("RANDOM_SEARCH", "fake,trouble=sleep:a>-1,seconds=0.01");
    tp_err    err;
    tp_status st;
    k->s->p.sim_seconds = 0.5; /* six sleeps a trial */
    tp_run *r = setup_run(k->s, NULL, &st, &err);
    if (!CHECK_OK(st, &err)) return;
    CHECK_STR(tp_run_status(r), "limit");
    CHECK_STR(tp_run_reason(r), "maxsimtimereached");
    const tp_trial *t;
    CHECK(tp_run_trials(r, &t) < 20);
    tp_run_close(r);
    setup_close(k->s);
}

/* ---- early ends ---------------------------------------------------------- */

static record early_run(const char *method, const char *exec, int jobs,
                        bool no_early)
{
    pvt      *k = pvt_make(method, "fake");
    tp_err    err;
    tp_status st;
    k->s->p.n_check = 0;
    k->s->p.n_measure = k->s->p.n_spec = 1;
    k->spec[0].max = 9; /* out = a + b, at most 9 in ss_125: a <= 2 */
    k->spec[0].max_scale = 9;
    k->s->set.exec = tp_str_of(exec);
    k->s->set.jobs = jobs;
    k->s->set.no_early = no_early;
    k->s->set.max_trials = 40;
    tp_run *r = setup_run(k->s, NULL, &st, &err);
    record  got = {0};
    if (CHECK_OK(st, &err)) got = setup_read(k->s->store, tp_run_id(r));
    tp_run_close(r);
    setup_close(k->s);
    return got;
}

static int ended(const record *a)
{
    int n = 0;
    for (int i = 0; i < a->n_trial; i++)
        n += tp_str_eq(a->trial[i].outcome, TP_S("ended-early"));
    return n;
}

static void test_early__the_search_is_the_same_and_shorter(void)
{
    static const char *const method[] = {"RANDOM_SEARCH", "lshade"};
    for (int m = 0; m < TP_COUNT(method); m++) {
        record whole = early_run(method[m], "inline", 1, true);
        record early = early_run(method[m], "inline", 1, false);
        if (!CHECK_INT(early.n_trial, whole.n_trial)) continue;
        for (int i = 0; i < early.n_trial; i++)
            CHECK(tp_str_eq(early.trial[i].x, whole.trial[i].x));
        CHECK_INT(early.row.best, whole.row.best);
        CHECK_INT(ended(&whole), 0);
        CHECK(ended(&early) >= 3);
        CHECK_INT(early.row.n_failed, whole.row.n_failed);
    }
}

static void test_early__does_not_depend_on_workers(void)
{
    record one = early_run("RANDOM_SEARCH", "inline", 1, false);
    record three = early_run("RANDOM_SEARCH", "local", 3, false);
    same_history(&one, &three);
}

/* bo learns from the corner that it was ended in: another search, in which
   every best point is whole. */
static void test_early__bo_learns_from_what_it_ended(void)
{
    record whole = early_run("bo", "inline", 1, true);
    record early = early_run("bo", "inline", 1, false);
    record three = early_run("bo", "local", 3, false);
    CHECK_INT(ended(&whole), 0);
    CHECK(ended(&early) >= 6);
    CHECK_INT(early.row.n_failed, 0);
    CHECK_STR(early.trial[early.row.best - 1].outcome, "ran");
    same_history(&early, &three);
}

/* COBYLA models every value. */
static void test_early__is_not_for_methods_that_need_values(void)
{
    record got = early_run("COBYLA", "inline", 1, false);
    CHECK_INT(ended(&got), 0);
}

/* bo goes up with what it knows: one point is simulated again, and none is
   drawn at random. Its first design, variables + 3, is no sign of a stall. */
static void test_phases__bo_goes_up_with_what_it_knows(void)
{
    pvt      *k = pvt_make("bo", "fake");
    tp_err    err;
    tp_status st;
    int       first[3] = {0}, trials[3] = {0};
    pvt_phases(k, 3, 0);
    k->s->set.max_trials = 60;
    tp_run *r = setup_run(k->s, NULL, &st, &err);
    if (!CHECK_OK(st, &err)) return;
    record          rec = setup_read(k->s->store, tp_run_id(r));
    const tp_trial *t;
    int             n = tp_run_trials(r, &t);
    for (int i = 0; i < n; i++)
        if (trials[t[i].phase]++ == 0) first[t[i].phase] = i;
    CHECK(trials[0] >= 4 + 3 && trials[1] > 1 && trials[2] > 1);
    for (int p = 1; p < 3 && CHECK(trials[p] > 1); p++) {
        bool again = false, second = false;
        for (int i = 0; i < first[p]; i++) {
            again |= t[i].x[0] == t[first[p]].x[0];
            second |= t[i].x[0] == t[first[p] + 1].x[0];
        }
        CHECK(again && !second);
    }
    CHECK_INT(corners_of(k, &rec.trial[tp_run_best(r)->number - 1]), 3);
    CHECK_NEAR(tp_run_best(r)->x[0], 4, 0.1);
    tp_run_close(r);
    setup_close(k->s);
}

/* harden wants all corners from its first trial; innovate looks at one. */
static void test_phases__presets_begin_where_they_say(void)
{
    static const char *const method[] = {"bo,preset=harden",
                                         "bo,preset=innovate"};
    for (int m = 0; m < 2; m++) {
        pvt      *k = pvt_make(method[m], "fake");
        tp_err    err;
        tp_status st;
        if (m == 0) pvt_phases(k, 0, 0);
        k->s->set.max_trials = 8;
        tp_run *r = setup_run(k->s, NULL, &st, &err);
        if (!CHECK_OK(st, &err)) return;
        record rec = setup_read(k->s->store, tp_run_id(r));
        for (int i = 0; i < 3; i++)
            CHECK_INT(corners_of(k, &rec.trial[i]), m == 0 ? 3 : 1);
        CHECK_INT(phase_of(k, &rec.trial[0]), m == 0 ? 2 : 0);
        if (m == 1)
            CHECK_STR(rec.trial[0].why,
                      "bo wants 2 of 6 simulations: it begins with a look at "
                      "one corner");
        CHECK_INT(corners_of(k, &rec.trial[tp_run_best(r)->number - 1]), 3);
        tp_run_close(r);
        setup_close(k->s);
    }
}

/* Going up with each kind of method: nobody is told what it did not ask. */
static void test_phases__go_up_with_any_method(void)
{
    static const char *const method[] = {
        "RANDOM_SEARCH", "hooke_jeeves", "complex", "genetic",
        "psade",         "lshade",       "bo",      "ISRES"};
    for (int m = 0; m < TP_COUNT(method); m++) {
        pvt      *k = pvt_make(method[m], "fake");
        tp_err    err;
        tp_status st;
        pvt_phases(k, 3, 0);
        k->s->set.max_trials = 60;
        tp_run *r = setup_run(k->s, NULL, &st, &err);
        if (!CHECK_OK(st, &err)) continue;
        if (!CHECK_INT(tp_run_phase(r), 2)) printf("%s\n", method[m]);
        CHECK(tp_run_best(r) && tp_run_best(r)->phase == 2);
        tp_run_close(r);
        setup_close(k->s);
    }
}

static const check_test tests[] = {
    CHECK_TEST(test_corners__one_trial_is_all_its_decks),
    CHECK_TEST(test_corners__a_failed_corner_keeps_the_others),
    CHECK_TEST(test_corners__what_a_check_refuses_is_not_simulated),
    CHECK_TEST(test_corners__workers_do_not_change_the_history),
    CHECK_TEST(test_corners__a_run_finds_the_best_over_all),
    CHECK_TEST(test_phases__go_up_and_look_at_the_best_again),
    CHECK_TEST(test_phases__known_corners_are_taken_over),
    CHECK_TEST(test_phases__converge_at_a_cost),
    CHECK_TEST(test_phases__simulation_time_is_a_limit),
    CHECK_TEST(test_phases__go_up_with_any_method),
    CHECK_TEST(test_phases__presets_begin_where_they_say),
    CHECK_TEST(test_phases__bo_goes_up_with_what_it_knows),
    CHECK_TEST(test_early__the_search_is_the_same_and_shorter),
    CHECK_TEST(test_early__does_not_depend_on_workers),
    CHECK_TEST(test_early__bo_learns_from_what_it_ended),
    CHECK_TEST(test_early__is_not_for_methods_that_need_values),
    {0},
};

int main(int argc, char **argv)
{
    if (argc > 1 && !strcmp(argv[1], "worker"))
        return tp_exec_serve(3, tp_eval_work_load, tp_eval_work);
    return check_main(tests);
}
