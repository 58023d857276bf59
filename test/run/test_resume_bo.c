/* Resume of a method that keeps what it knows: over phases, trials that were
   ended early, points of an earlier run. */
#include "run/cut.h"

/* Trials that were ended early, and a method that keeps what it knows. */
static void test_resume__with_phases_and_what_bo_knows(void)
{
    pvt *k = pvt_make("bo,candidates=32", "fake,trouble=fail:a<2");
    pvt_phases(k, 3, 0);
    k->s->set.max_trials = 24;
    record whole = whole_run(k->s);
    int    ended = 0;
    for (int i = 0; i < whole.n_trial; i++)
        ended += tp_str_eq(whole.trial[i].outcome, TP_S("ended-early"));
    CHECK(ended > 0);
    CHECK_INT(count_kind(&whole, "phase"), 2);
    cuts_end_alike(k->s, &whole, 1, 3);
    setup_close(k->s);
}

/* What an earlier run knew stands in the log. */
static void test_resume__after_points_of_an_earlier_run(void)
{
    setup     *s = setup_make("bo,candidates=32", "fake");
    tp_err     err = {0};
    tp_run    *old, *r;
    tp_earlier e = {.problem = &s->p};
    tp_status  st;
    s->set.max_trials = 12;
    old = setup_run(s, NULL, &st, &err);
    e.n = tp_run_trials(old, &e.trial);
    CHECK_OK(tp_run_start_from(&r, &s->p, &s->set, &e, s->store, &err), &err);
    CHECK_OK(tp_run_go(r, NULL, &err), &err);
    record whole = setup_read(s->store, tp_run_id(r));
    tp_run_close(r);
    tp_run_close(old);
    CHECK_INT(count_kind(&whole, "earlier"), 12);
    CHECK_INT(whole.n_trial, 12);
    cuts_end_alike(s, &whole, 12, 3);
    setup_close(s);
}

static const check_test tests[] = {
    CHECK_TEST(test_resume__with_phases_and_what_bo_knows),
    CHECK_TEST(test_resume__after_points_of_an_earlier_run),
    {0},
};

int main(void)
{
    return check_main(tests);
}
