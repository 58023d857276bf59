/* A run that is resumed with a larger limit is the run that had it from its
   start, whatever was out when the limit came; and phases, which go up by
   parts of the limit, stay where the log has them. */
#include "run/cut.h"

/* Resumed with at most `trials`, 0: with no flag. */
static record go_to(setup *s, tp_str id, int trials)
{
    tp_run_settings set = plain();
    set.max_trials = trials;
    return go_on(s, &set, id);
}

static bool same(const record *a, const record *b)
{
    bool ok = CHECK_INT(a->n_trial, b->n_trial);
    for (int i = 0; ok && i < a->n_trial; i++)
        ok = CHECK(tp_str_eq(a->trial[i].x, b->trial[i].x)) &&
             CHECK(tp_str_eq(a->trial[i].readings, b->trial[i].readings));
    return ok && CHECK(tp_str_eq(a->row.status, b->row.status)) &&
           CHECK(tp_str_eq(a->row.reason, b->row.reason)) &&
           CHECK_INT(a->row.best, b->row.best) &&
           CHECK_INT(a->row.n_failed, b->row.n_failed);
}

/* First with `few` trials, then with 17, then with 23; with 23 at once. */
static void grow(setup *s, int few)
{
    s->set.max_trials = 23;
    record whole = whole_run(s);
    s->set.max_trials = few;
    record first = whole_run(s);
    go_to(s, first.row.id, 17);
    record more = go_to(s, first.row.id, 23);
    CHECK(same(&more, &whole));
    record last = go_to(s, first.row.id, 0);
    CHECK(same(&last, &whole));
    CHECK_INT(last.n_event, more.n_event);
}

static void test_limits__of_every_window(void)
{
    static const char *const method[] = {
        "RANDOM_SEARCH", "COBYLA",    "psade",  "genetic",
        "grid_search",   "narrowing", "powell", "monte_carlo"};
    for (int i = 0; i < TP_COUNT(method); i++)
        for (int window = 1; window < 20; window += 6) {
            setup *s = setup_make(method[i], "fake");
            s->set.window = window;
            grow(s, 8);
            grow(s, 3); /* less than the window */
            setup_close(s);
        }
}

/* A remark after the limit changes nothing; a point told there stays where it
   is, and the log goes on from it. */
static tp_run *open_mind(setup *s, tp_str id)
{
    tp_run_settings set = plain();
    tp_run         *r = NULL;
    tp_err          err = {0};
    CHECK_OK(tp_run_resume(&r, &s->p, &set, s->store, id, &err), &err);
    CHECK_OK(tp_foreign_begin(r, &err), &err);
    return r;
}

static void close_mind(tp_run *r)
{
    tp_err err = {0};
    CHECK_OK(tp_foreign_leave(r, &err), &err);
    tp_run_close(r);
}

static void test_limits__with_remarks_and_points_between(void)
{
    tp_err err = {0};
    setup *s = setup_make("RANDOM_SEARCH", "fake");
    s->set.window = 4;
    s->set.max_trials = 20;
    record whole = whole_run(s);
    s->set.max_trials = 9;
    record  first = whole_run(s);
    tp_run *r = open_mind(s, first.row.id);
    CHECK_OK(tp_store_note(s->store, first.row.id, TP_S("wait"), &err), &err);
    close_mind(r);
    record more = go_to(s, first.row.id, 20);
    CHECK(same(&more, &whole));

    first = whole_run(s);
    r = open_mind(s, first.row.id);
    const tp_trial *t;
    double          x[2] = {0.25, 0.75};
    tp_foreign      f = {.x = x, .origin = TP_S("outside"), .note = TP_S("")};
    CHECK_OK(tp_foreign_tell(r, &f, NULL, TP_S("no"), &t, &err), &err);
    close_mind(r);
    more = go_to(s, first.row.id, 20);
    CHECK_INT(more.n_trial, 20);
    record again = go_to(s, first.row.id, 0);
    CHECK(same(&again, &more));
    setup_close(s);
}

/* Going up by a part of the limit: the log's limit, not the new one's. */
static void test_limits__with_phases(void)
{
    static const int first[] = {2, 4, 6, 9};
    for (int i = 0; i < TP_COUNT(first); i++) {
        pvt *k = pvt_make(i % 2 ? "COBYLA" : "RANDOM_SEARCH", "fake");
        pvt_phases(k, 50, 1e-9);
        k->s->set.window = 1 + 2 * i;
        k->s->set.max_trials = first[i];
        record few = whole_run(k->s);
        record more = go_to(k->s, few.row.id, 11);
        CHECK(more.n_trial >= few.n_trial);
        more = go_to(k->s, few.row.id, 30);
        for (int t = 0; t < few.n_trial; t++)
            CHECK(tp_str_eq(few.trial[t].x, more.trial[t].x));
        record again = go_to(k->s, few.row.id, 0);
        CHECK(same(&again, &more));
        setup_close(k->s);
    }
}

/* Where nothing goes up by a part of the limit, phases differ by nothing. */
static void test_limits__with_phases_that_stall(void)
{
    for (int window = 1; window < 8; window += 3) {
        pvt *k = pvt_make("RANDOM_SEARCH", "fake");
        pvt_phases(k, 4, 1e-9);
        k->spec[0].max = -1; /* never met */
        k->s->set.window = window;
        grow(k->s, 9);
        setup_close(k->s);
    }
}

static const check_test tests[] = {
    CHECK_TEST(test_limits__of_every_window),
    CHECK_TEST(test_limits__with_remarks_and_points_between),
    CHECK_TEST(test_limits__with_phases),
    CHECK_TEST(test_limits__with_phases_that_stall),
    {0},
};

int main(void)
{
    return check_main(tests);
}
