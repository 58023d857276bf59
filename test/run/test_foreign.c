/* An outside mind in the method's place: its points land in the run's history,
   the method goes on from them, and a later session finds all of it. */
#include "run/setup.h"

static const tp_foreign at_one = {.x = (const double[]){1, 1},
                                  .origin = {"outside", 7},
                                  .note = {"try the middle", 14}};

/* A session on a new run, or on the last one. */
static tp_run *session(setup *s, const char *id)
{
    tp_run *r = NULL;
    tp_err  err = {0};
    bool    ok;
    if (id)
        ok = CHECK_OK(
            tp_run_resume(&r, &s->p, &s->set, s->store, tp_str_of(id), &err),
            &err);
    else
        ok = CHECK_OK(tp_run_start(&r, &s->p, &s->set, s->store, &err), &err);
    if (ok && CHECK_OK(tp_foreign_begin(r, &err), &err)) return r;
    if (r) tp_run_close(r);
    return NULL;
}

static record last(setup *s)
{
    tp_run_row row = {0};
    tp_err     err = {0};
    CHECK_OK(tp_store_run_get(s->store, &row, TP_S("last"), check_mem(), &err),
             &err);
    return setup_read(s->store, row.id);
}

static setup *make(const char *method)
{
    return setup_make(method, "fake");
}

static const tp_trial *eval(tp_run *r, double a, double b, int proposal)
{
    const double    x[] = {a, b};
    tp_foreign      f = at_one;
    const tp_trial *t = NULL;
    tp_err          err = {0};
    bool            repeat;
    f.x = x;
    f.proposal = proposal;
    CHECK_OK(tp_foreign_eval(r, &f, NULL, &t, &repeat, &err), &err);
    return t;
}

static void test_foreign__a_point_is_a_trial_of_the_run(void)
{
    setup  *s = make("RANDOM_SEARCH");
    tp_run *r = session(s, NULL);
    if (!r) return;
    const tp_trial *t = eval(r, 2, 3, 0);
    if (!CHECK(t != NULL)) return;
    CHECK_INT(t->number, 1);
    CHECK_STR(t->outcome, "ran");
    CHECK(t->score.ok && t->score.feasible);
    CHECK(tp_run_best(r) == t);
    tp_err err = {0};
    CHECK_OK(tp_foreign_leave(r, &err), &err);
    tp_run_close(r);

    record k = last(s);
    CHECK_INT(k.n_trial, 1);
    CHECK_STR(k.event[0].kind, "point");
    CHECK_STR(k.row.status, "stopped");
    CHECK_INT(k.row.best, 1);
    tp_remark said;
    CHECK(tp_remark_of(&said, &k.event[0]));
    CHECK_INT(said.trial, 1);
    CHECK_STR(said.origin, "outside");
    CHECK_STR(said.note, "try the middle");
    setup_close(s);
}

static void test_foreign__the_same_point_again_is_no_new_trial(void)
{
    setup  *s = make("RANDOM_SEARCH");
    tp_run *r = session(s, NULL);
    if (!r) return;
    const tp_trial *first = eval(r, 2, 3, 0), *again;
    tp_foreign      f = at_one;
    tp_err          err = {0};
    bool            repeat = false;
    f.x = (const double[]){2, 3};
    CHECK_OK(tp_foreign_eval(r, &f, NULL, &again, &repeat, &err), &err);
    CHECK(repeat);
    CHECK(again == first);
    tp_run_close(r);
    setup_close(s);
}

static void test_foreign__a_suggestion_hangs_on_the_trials_alone(void)
{
    setup      *s = make("RANDOM_SEARCH");
    tp_proposal p[3], q[3], after[3];
    int         n = 3, m = 3, k = 3;
    tp_err      err = {0};
    tp_run     *r = session(s, NULL);
    if (!r) return;
    eval(r, 2, 3, 0);
    CHECK_OK(tp_foreign_suggest(r, p, &n, &err), &err);
    CHECK_INT(n, 3);
    double first[2] = {p[0].x[0], p[0].x[1]};
    double third[2] = {p[2].x[0], p[2].x[1]};
    tp_run_close(r);

    r = session(s, "last");
    if (!r) return;
    CHECK_OK(tp_foreign_suggest(r, q, &m, &err), &err);
    CHECK_NEAR(q[0].x[0], first[0], 0);
    CHECK_NEAR(q[0].x[1], first[1], 0);
    CHECK_NEAR(q[2].x[0], third[0], 0);
    tp_run_close(r);

    r = session(s, "last");
    if (!r) return;
    eval(r, 1, 3, 0);
    CHECK_OK(tp_foreign_suggest(r, after, &k, &err), &err);
    CHECK(after[0].x[0] != first[0]);
    tp_run_close(r);
    setup_close(s);
}

static void test_foreign__a_limit_holds_in_later_sessions(void)
{
    setup      *s = make("RANDOM_SEARCH");
    tp_proposal p[40];
    int         n = 40;
    double      lo[2], hi[2];
    tp_err      err = {0};
    tp_run     *r = session(s, NULL);
    if (!r) return;
    CHECK_INT(tp_foreign_limit(r, 0, -1, 2, TP_S(""), &err), TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "a: the limits have to rise and to be inside "
                                  "0 to 10");
    CHECK_OK(tp_foreign_limit(r, 0, 2, 2.5, TP_S("keep a small"), &err), &err);
    CHECK_OK(tp_foreign_limit(r, 1, 7, 7, TP_S(""), &err), &err);
    tp_run_close(r);
    r = session(s, "last");
    if (!r) return;
    tp_foreign_box(r, lo, hi);
    CHECK_NEAR(lo[0], 2, 1e-12);
    CHECK_NEAR(hi[0], 2.5, 1e-12);
    CHECK_OK(tp_foreign_suggest(r, p, &n, &err), &err);
    CHECK_INT(n, 40);
    for (int i = 0; i < n; i++) {
        CHECK(p[i].x[0] > 2 - 1e-9 && p[i].x[0] < 2.5 + 1e-9);
        CHECK_NEAR(p[i].x[1], 7, 1e-12);
    }
    /* the mind itself is not held by it */
    CHECK(eval(r, 9, 9, 0) != NULL);
    tp_run_close(r);
    setup_close(s);
}

static void test_foreign__a_proposal_is_open_until_a_point_names_it(void)
{
    setup             *s = make("RANDOM_SEARCH");
    tp_proposal        one, two;
    const tp_proposal *open;
    tp_err             err = {0};
    tp_run            *r = session(s, NULL);
    if (!r) return;
    eval(r, 2, 3, 0);
    CHECK_OK(tp_foreign_ask(r, &one, &err), &err);
    double x = one.x[0], y = one.x[1];
    CHECK_INT(one.number, 1);
    tp_run_close(r);

    r = session(s, "last");
    if (!r) return;
    CHECK_OK(tp_foreign_ask(r, &two, &err), &err);
    CHECK_INT(two.number, 2);
    CHECK(two.x[0] != x);
    CHECK_INT(tp_foreign_open(r, &open), 2);
    CHECK_NEAR(open[0].x[0], x, 0);
    eval(r, x, y, 1);
    CHECK_INT(tp_foreign_open(r, &open), 1);
    CHECK_INT(open[0].number, 2);
    tp_foreign      f = at_one;
    const tp_trial *t;
    bool            repeat;
    f.proposal = 1;
    CHECK_INT(tp_foreign_eval(r, &f, NULL, &t, &repeat, &err), TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "there is no open proposal 1");
    tp_run_close(r);
    r = session(s, "last");
    if (!r) return;
    CHECK_INT(tp_foreign_open(r, &open), 1);
    tp_run_close(r);
    setup_close(s);
}

static void test_foreign__values_from_elsewhere_are_told(void)
{
    setup          *s = make("RANDOM_SEARCH");
    tp_reading      value[2] = {{.ok = true, .value = 0.25, .unit = {"", 0}},
                                {.ok = true, .value = 5, .unit = {"", 0}}};
    tp_foreign      f = at_one;
    tp_err          err = {0};
    const tp_trial *t;
    tp_run         *r = session(s, NULL);
    if (!r) return;
    CHECK_OK(tp_foreign_tell(r, &f, value, TP_S(""), &t, &err), &err);
    CHECK_NEAR(t->score.f, 0.25, 0);
    CHECK_INT(tp_foreign_tell(r, &f, value, TP_S(""), &t, &err), TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "trial 1 is at this point already");
    f.x = (const double[]){2, 2};
    CHECK_OK(tp_foreign_tell(r, &f, NULL, TP_S("no licence"), &t, &err), &err);
    CHECK_STR(t->outcome, "sim-failed");
    CHECK_STR(t->why, "no licence");
    CHECK(!t->score.ok);
    tp_run_close(r);
    r = session(s, "last");
    if (!r) return;
    CHECK_INT(tp_run_trials(r, &t), 2);
    CHECK_NEAR(tp_run_best(r)->score.f, 0.25, 0);
    tp_run_close(r);
    setup_close(s);
}

static void test_foreign__a_point_outside_the_bounds_is_refused(void)
{
    setup          *s = make("RANDOM_SEARCH");
    tp_foreign      f = at_one;
    const tp_trial *t;
    tp_err          err = {0};
    bool            repeat;
    tp_run         *r = session(s, NULL);
    if (!r) return;
    f.x = (const double[]){1, 11};
    CHECK_INT(tp_foreign_eval(r, &f, NULL, &t, &repeat, &err), TP_BAD_INPUT);
    CHECK_STR(tp_str_of(err.msg), "b: 11 is outside 0 to 10");
    tp_run_close(r);
    record k = last(s);
    CHECK_INT(k.n_event, 0);
    setup_close(s);
}

/* COBYLA can't be told points; they are in the history all the same, and the
   loop goes on, twice the same way. */
static void test_foreign__a_method_that_takes_no_points_goes_on(void)
{
    setup  *s = make("COBYLA");
    tp_err  err = {0};
    int     n = 1;
    tp_run *r = session(s, NULL);
    if (!r) return;
    CHECK(eval(r, 9, 9, 0) != NULL);
    tp_proposal p;
    CHECK_INT(tp_foreign_suggest(r, &p, &n, &err), TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "COBYLA can't go on from points");
    CHECK_HAS(tp_str_of(err.msg), "RANDOM_SEARCH");
    tp_run_close(r);

    r = NULL;
    CHECK_OK(tp_run_resume(&r, &s->p, &s->set, s->store, TP_S("last"), &err),
             &err);
    CHECK_OK(tp_run_go(r, NULL, &err), &err);
    tp_run_close(r);
    record k = last(s);
    CHECK_STR(k.row.status, "converged");
    CHECK(k.n_trial > 10);
    CHECK_NEAR(setup_x(&k.trial[0])[0], 9, 0);
    CHECK_NEAR(setup_x(&k.trial[1])[0], 3, 0); /* the method's start */

    r = session(s, "last");
    if (!r) return;
    CHECK(eval(r, 8, 8, 0) != NULL);
    tp_run_close(r);
    CHECK_OK(tp_run_resume(&r, &s->p, &s->set, s->store, TP_S("last"), &err),
             &err);
    CHECK_OK(tp_run_go(r, NULL, &err), &err);
    tp_run_close(r);
    record again = last(s);
    CHECK_INT(again.n_trial, k.n_trial + 1);
    CHECK_INT(again.row.best, k.row.best);
    setup_close(s);
}

/* The last event of a killed run is an ask. */
static void test_foreign__an_unfinished_trial_is_left_to_resume(void)
{
    setup       *s = make("RANDOM_SEARCH");
    tp_run      *r = NULL;
    tp_err       err = {0};
    int          stop = 1;
    tp_run_watch watch = {.stop = &stop};
    CHECK_OK(tp_run_start(&r, &s->p, &s->set, s->store, &err), &err);
    CHECK_OK(tp_run_go(r, &watch, &err), &err);
    tp_run_close(r);
    CHECK_OK(tp_run_resume(&r, &s->p, &s->set, s->store, TP_S("last"), &err),
             &err);
    CHECK_INT(tp_foreign_begin(r, &err), TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "trial 1 was asked for and not finished");
    tp_run_close(r);
    setup_close(s);
}

static const check_test tests[] = {
    CHECK_TEST(test_foreign__a_point_is_a_trial_of_the_run),
    CHECK_TEST(test_foreign__the_same_point_again_is_no_new_trial),
    CHECK_TEST(test_foreign__a_suggestion_hangs_on_the_trials_alone),
    CHECK_TEST(test_foreign__a_limit_holds_in_later_sessions),
    CHECK_TEST(test_foreign__a_proposal_is_open_until_a_point_names_it),
    CHECK_TEST(test_foreign__values_from_elsewhere_are_told),
    CHECK_TEST(test_foreign__a_point_outside_the_bounds_is_refused),
    CHECK_TEST(test_foreign__a_method_that_takes_no_points_goes_on),
    CHECK_TEST(test_foreign__an_unfinished_trial_is_left_to_resume),
    {0},
};

int main(void)
{
    return check_main(tests);
}
