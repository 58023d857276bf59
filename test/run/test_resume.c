/* Resume: a run cut after any event goes on to the same trials, events and
   answer, bit for bit; and what a changed store gets. */
#include "run/cut.h"

static void cut_everywhere(setup *s)
{
    record   whole = whole_run(s);
    tp_arena free = *check_mem();
    CHECK(whole.n_event > 10);
    for (int n = 0; n <= whole.n_event; n++) {
        tp_run_settings set = plain();
        *check_mem() = free;
        tp_str id = cut(s->store, &whole, n);
        record again = go_on(s, &set, id);
        if (!same_run(&again, &whole)) {
            printf("cut after event %d of %d\n", n, whole.n_event);
            break;
        }
    }
    setup_close(s);
}

static void test_resume__after_any_event_of_a_local_method(void)
{
    setup *s = setup_make("COBYLA", "fake,trouble=diverge:a<1.5");
    s->set.max_trials = 25;
    cut_everywhere(s);
}

static void test_resume__after_any_event_with_a_window(void)
{
    setup *s = setup_make("RANDOM_SEARCH,near=0.7", "fake,trouble=fail:b<1");
    s->set.window = 5;
    s->set.seed = 7;
    s->set.max_trials = 23;
    cut_everywhere(s);
}

static void test_resume__after_any_event_of_a_random_method(void)
{
    setup *s = setup_make("ISRES", "fake");
    s->set.seed = 42;
    s->set.max_trials = 30;
    cut_everywhere(s);
}

static void test_resume__after_any_event_with_repeats(void)
{
    setup *s = setup_make("RANDOM_SEARCH", "fake");
    s->var[0].step = s->var[1].step = 2.5;
    s->var[0].start = s->var[1].start = 5;
    s->set.max_trials = 12;
    cut_everywhere(s);
}

/* What follows a search that a limit, or the method itself, ended. */
static void test_resume__after_any_event_of_centring(void)
{
    static const int limit[] = {18, 0};
    for (int i = 0; i < TP_COUNT(limit); i++) {
        setup *s = setup_make(i ? "hooke_jeeves,epsilon=5" : "RANDOM_SEARCH",
                              "fake,trouble=fail:a>6");
        s->set.window = 3;
        s->set.centering = true;
        s->set.max_trials = limit[i];
        cut_everywhere(s);
    }
}

static void test_resume__after_any_event_of_a_kept_population(void)
{
    setup *s = setup_make("psade,np=5,sfreq=4", "fake");
    s->set.max_trials = 25;
    cut_everywhere(s);
}

static void test_resume__after_any_event_with_phases(void)
{
    pvt *k = pvt_make("COBYLA", "fake");
    pvt_phases(k, 3, 0);
    k->s->set.max_trials = 30;
    cut_everywhere(k->s);
}

static void test_resume__with_phases_and_a_window(void)
{
    pvt *k = pvt_make("RANDOM_SEARCH", "fake,trouble=fail:a<2");
    pvt_phases(k, 4, 0);
    k->s->set.window = 3;
    cut_everywhere(k->s);
}

static void test_resume__of_a_converged_run(void)
{
    setup *s = setup_make("COBYLA", "fake");
    s->set.reltol = 0.05;
    record whole = whole_run(s);
    CHECK_STR(whole.row.status, "converged");
    for (int i = 0; i < 2; i++) { /* adds nothing, not even an event */
        tp_run_settings set = plain();
        record          again = go_on(s, &set, whole.row.id);
        CHECK(same_run(&again, &whole));
        CHECK_INT(again.n_event, whole.n_event);
    }
    setup_close(s);
}

typedef struct stopper {
    int at, stop;
} stopper;

static void stop_at(void *with, const tp_trial *t, const tp_trial *best)
{
    stopper *w = with;
    (void)best;
    if (t->number == w->at) w->stop = 1;
}

/* Interrupted again and again, once in the middle of the replay. */
static void test_resume__after_interrupts(void)
{
    setup *s = setup_make("RANDOM_SEARCH", "fake");
    s->set.max_trials = 20;
    record    whole = whole_run(s);
    stopper   w = {4, 0};
    tp_status st;
    tp_err    err;
    tp_str    id;

    tp_run_watch watch = {.with = &w, .trial = stop_at, .stop = &w.stop};
    tp_run      *r = setup_run(s, &watch, &st, &err);
    id = tp_str_copy(check_mem(), tp_run_id(r));
    tp_run_close(r);
    static const int stops[] = {9, 3, 12};
    for (int i = 0; i < TP_COUNT(stops); i++) {
        tp_run_settings set = plain();
        w = (stopper){stops[i], 0};
        if (!CHECK_OK(tp_run_resume(&r, &s->p, &set, s->store, id, &err), &err))
            return;
        CHECK_OK(tp_run_go(r, &watch, &err), &err);
        CHECK_STR(tp_run_status(r), "interrupted");
        tp_run_close(r);
        record part = setup_read(s->store, id);
        CHECK_INT(part.row.n_trial, stops[i] < 9 ? 9 : stops[i]);
    }
    tp_run_settings set = plain();
    record          again = go_on(s, &set, id);
    CHECK(same_run(&again, &whole));
    setup_close(s);
}

/* More trials than before: the first ones are the same, and a later resume
   without the flag keeps what there is. */
static void test_resume__with_more_trials(void)
{
    setup *s = setup_make("COBYLA", "fake");
    s->set.max_trials = 10;
    record          first = whole_run(s);
    tp_run_settings set = plain();
    set.max_trials = 18;
    record more = go_on(s, &set, first.row.id);
    CHECK_INT(more.n_trial, 18);
    s->set.max_trials = 18;
    record unbroken = whole_run(s);
    CHECK(same_run(&more, &unbroken));
    CHECK_INT(count_kind(&more, "budget"), 1);
    set = plain(); /* no flag: the last limit holds */
    record last = go_on(s, &set, first.row.id);
    CHECK(same_run(&last, &unbroken));
    CHECK_INT(last.n_event, more.n_event);
    set.max_trials = 18; /* what it is already */
    last = go_on(s, &set, first.row.id);
    CHECK_INT(last.n_event, more.n_event);
    setup_close(s);
}

/* Smaller limits, and a larger one again. */
static void test_resume__with_fewer_trials(void)
{
    setup *s = setup_make("RANDOM_SEARCH", "fake");
    s->set.max_trials = 30;
    record          whole = whole_run(s);
    tp_str          id = cut(s->store, &whole, 17);
    tp_run_settings set = plain();
    set.max_trials = 20;
    record less = go_on(s, &set, id);
    CHECK_INT(less.n_trial, 20);
    CHECK_STR(less.row.status, "limit");
    set.max_trials = 5; /* those that are made stay */
    less = go_on(s, &set, id);
    CHECK_INT(less.n_trial, 20);
    CHECK_STR(less.row.status, "limit");
    CHECK_INT(count_kind(&less, "budget"), 2);
    set.max_trials = 30;
    less = go_on(s, &set, id);
    CHECK(same_trials(&less, &whole));
    for (int i = 0; i < less.n_event; i++)
        CHECK_INT(less.event[i].number, i + 1);
    setup_close(s);
}

static void test_resume__with_a_first_limit(void)
{
    setup *s = setup_make("COBYLA", "fake");
    s->set.reltol = s->set.abstol = 1e-9;
    record whole = whole_run(s);
    CHECK(whole.n_trial > 20);
    tp_run_settings set = plain();
    set.max_trials = 15;
    tp_str id = cut(s->store, &whole, 9);
    record less = go_on(s, &set, id);
    CHECK_INT(less.n_trial, 15);
    CHECK_STR(less.row.status, "limit");
    id = cut(s->store, &whole, 9);
    set = plain();
    set.max_time = 1e-9;
    less = go_on(s, &set, id);
    CHECK_STR(less.row.reason, "maxtimereached");
    set.max_time = 1e6;
    less = go_on(s, &set, id);
    CHECK(same_run(&less, &whole));
    setup_close(s);
}

/* A method that is told its limit when it begins. */
static void test_resume__with_other_limits_of_a_sized_method(void)
{
    setup *s = setup_make("RANDOM_SEARCH", "fake");
    s->set.method = TP_S("ORIG_DIRECT");
    s->set.max_trials = 40;
    record          whole = whole_run(s);
    tp_run_settings set = plain();
    s->set.max_trials = 10;
    record first = whole_run(s);
    set.max_trials = 25;
    CHECK_INT(go_on(s, &set, first.row.id).n_trial, 25);
    set.max_trials = 12;
    CHECK_INT(go_on(s, &set, first.row.id).n_trial, 25);
    set.max_trials = 40;
    record more = go_on(s, &set, first.row.id);
    CHECK_INT(whole.n_trial, 40);
    CHECK(same_trials(&more, &whole));
    setup_close(s);
}

typedef struct hearer {
    int  n;
    char text[4][100];
} hearer;

static void hear(void *with, tp_str text)
{
    hearer *h = with;
    snprintf(h->text[h->n++ & 3], 100, "%.*s", TP_F(text));
}

static void test_resume__says_when_a_limit_changes_nothing(void)
{
    static const struct {
        int         trials;
        double      time;
        const char *says;
    } row[] = {
        {30, 0, "--max-trials: 30 is its limit already"},
        {0, 50, "--max-time: 50 s is its limit already"},
        {4, 0, "trials are made already, they stay"},
    };
    setup *s = setup_make("COBYLA", "fake");
    s->set.reltol = 0.05;
    s->set.max_trials = 30;
    s->set.max_time = 50;
    record whole = whole_run(s);
    CHECK_STR(whole.row.status, "converged");
    for (int i = 0; i < TP_COUNT(row); i++) {
        tp_run_settings set = plain();
        hearer          h = {0};
        tp_run_watch    watch = {.with = &h, .notice = hear};
        tp_run         *r = NULL;
        tp_err          err = {0};
        set.max_trials = row[i].trials;
        set.max_time = row[i].time;
        if (!CHECK_OK(
                tp_run_resume(&r, &s->p, &set, s->store, whole.row.id, &err),
                &err))
            break;
        CHECK_OK(tp_run_go(r, &watch, &err), &err);
        CHECK_HAS(tp_str_of(h.text[0]), row[i].says);
        CHECK_INT(h.n, row[i].trials == 4 ? 2 : 1);
        if (h.n == 2) CHECK_HAS(tp_str_of(h.text[1]), "it has converged (");
        tp_run_close(r);
    }
    setup_close(s);
}

/* The stored run's settings count, whatever the later session says. */
static void test_resume__keeps_the_stored_settings(void)
{
    setup *s = setup_make("RANDOM_SEARCH", "fake");
    s->set.seed = 3;
    s->set.window = 4;
    s->set.ctol = 0.05;
    s->set.set = TP_S("a=5,b=6");
    s->set.max_trials = 12;
    record          whole = whole_run(s);
    tp_run_settings set = plain();
    set.seed = 4;
    set.window = 1;
    set.ctol = 1e-6;
    set.method = TP_S("COBYLA");
    set.simulator = TP_S("ngspice");
    set.trial_time = 0.01;
    CHECK_NEAR(setup_x(&whole.trial[0])[0], 5, 0);
    record again = go_on(s, &set, cut(s->store, &whole, 9));
    CHECK(same_run(&again, &whole));
    setup_close(s);
}

/* ---- changed stores ----------------------------------------------------- */

static void refuse(setup *s, const record *bent, const char *says)
{
    tp_run_settings set = plain();
    tp_run         *r = NULL;
    tp_err          err = {0};
    tp_str          id = cut(s->store, bent, bent->n_event);
    if (!CHECK_OK(tp_run_resume(&r, &s->p, &set, s->store, id, &err), &err))
        return;
    CHECK_INT(tp_run_go(r, NULL, &err), TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "cannot be resumed");
    CHECK_HAS(tp_str_of(err.msg), says);
    tp_run_close(r);
}

/* The record with one event replaced. */
static record with_event(const record *k, int at, tp_event_row e)
{
    record        out = *k;
    tp_event_row *all = TP_NEW(check_mem(), tp_event_row, k->n_event);
    memcpy(all, k->event, sizeof *all * (size_t)k->n_event);
    e.number = all[at].number;
    all[at] = e;
    out.event = all;
    return out;
}

static void test_resume__refuses_a_changed_store(void)
{
    setup *s = setup_make("COBYLA", "fake");
    s->set.max_trials = 8;
    record        whole = whole_run(s);
    double        x[2] = {setup_x(&whole.trial[2])[0],
                          nextafter(setup_x(&whole.trial[2])[1], 100)};
    tp_buf        b = {.mem = check_mem()};
    tp_trial_row *trial = TP_NEW(check_mem(), tp_trial_row, whole.n_trial);
    tp_pack_doubles(&b, x, 2);
    memcpy(trial, whole.trial, sizeof *trial * (size_t)whole.n_trial);
    trial[2].x = tp_buf_str(&b);
    record bent = whole;
    bent.trial = trial;
    refuse(s, &bent, "its trial 3 is at another point now");

    tp_event_row e = {0, TP_S("snapshot"), TP_S("of a newer version")};
    bent = with_event(&whole, 4, e);
    refuse(s, &bent, "its event 5 was 'snapshot' and is 'ask' now");
    e = whole.event[6];
    bent = with_event(&whole, 4, e);
    refuse(s, &bent, "its event 5 is another 'ask' now");

    trial[2] = whole.trial[2];
    trial[2].outcome = TP_S("odd");
    bent = whole;
    bent.trial = trial;
    tp_run_settings set = plain();
    tp_run         *r = NULL;
    tp_err          err = {0};
    tp_str          id = cut(s->store, &bent, bent.n_event);
    CHECK_OK(tp_run_resume(&r, &s->p, &set, s->store, id, &err), &err);
    CHECK_INT(tp_run_go(r, NULL, &err), TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "trial 3: unknown outcome 'odd'");
    tp_run_close(r);
    setup_close(s);
}

/* Fewer or more values than the deck has measures. */
static void test_resume__refuses_values_of_another_deck(void)
{
    setup *s = setup_make("COBYLA", "fake");
    s->set.max_trials = 8;
    record whole = whole_run(s);
    setup_measure(s, "a", TP_WATCH, 0);
    tp_run_settings set = plain();
    tp_run         *r = NULL;
    tp_err          err = {0};
    CHECK_OK(tp_run_resume(&r, &s->p, &set, s->store, whole.row.id, &err),
             &err);
    CHECK_INT(tp_run_go(r, NULL, &err), TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg),
              "trial 1: 2 values are stored for 3 measures");
    tp_run_close(r);
    setup_close(s);
}

static void test_resume__needs_a_run(void)
{
    setup          *s = setup_make("COBYLA", "fake");
    tp_run_settings set = plain();
    tp_run         *r = NULL;
    tp_err          err = {0};
    CHECK_INT(tp_run_resume(&r, &s->p, &set, s->store, TP_S("nope"), &err),
              TP_BAD_INPUT);
    CHECK(r == NULL && err.msg[0]);
    setup_close(s);
}

static const check_test tests[] = {
    CHECK_TEST(test_resume__after_any_event_of_a_local_method),
    CHECK_TEST(test_resume__after_any_event_with_a_window),
    CHECK_TEST(test_resume__after_any_event_of_a_random_method),
    CHECK_TEST(test_resume__after_any_event_with_repeats),
    CHECK_TEST(test_resume__after_any_event_of_centring),
    CHECK_TEST(test_resume__after_any_event_of_a_kept_population),
    CHECK_TEST(test_resume__after_any_event_with_phases),
    CHECK_TEST(test_resume__with_phases_and_a_window),
    CHECK_TEST(test_resume__of_a_converged_run),
    CHECK_TEST(test_resume__after_interrupts),
    CHECK_TEST(test_resume__with_more_trials),
    CHECK_TEST(test_resume__with_fewer_trials),
    CHECK_TEST(test_resume__with_a_first_limit),
    CHECK_TEST(test_resume__with_other_limits_of_a_sized_method),
    CHECK_TEST(test_resume__says_when_a_limit_changes_nothing),
    CHECK_TEST(test_resume__keeps_the_stored_settings),
    CHECK_TEST(test_resume__refuses_a_changed_store),
    CHECK_TEST(test_resume__refuses_values_of_another_deck),
    CHECK_TEST(test_resume__needs_a_run),
    {0},
};

int main(void)
{
    return check_main(tests);
}
