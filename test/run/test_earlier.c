/* A run that begins with the trials of an earlier one: matched by name, told
   and recorded, none of its own, the best of them simulated first. */
#include "run/setup.h"

typedef struct pair {
    setup          *old, *now;
    const tp_trial *trial;
    tp_run         *ran; /* the old one, open as long as its trials are used */
    tp_str          said;
} pair;

static void hear(void *with, tp_str text)
{
    pair *p = with;
    if (!p->said.len) p->said = tp_str_copy(check_mem(), text);
}

/* The old run, made. */
static pair open_pair(const char *method, int trials)
{
    pair      p = {.old = setup_make("bo", "fake,trouble=fail:b>9"),
                   .now = setup_make(method, "fake,trouble=fail:b>9")};
    tp_err    err;
    tp_status st;
    p.old->set.max_trials = trials;
    p.ran = setup_run(p.old, NULL, &st, &err);
    CHECK_OK(st, &err);
    return p;
}

static void close_pair(pair *p)
{
    tp_run_close(p->ran);
    setup_close(p->old);
    setup_close(p->now);
}

/* The new run with the old one's trials, to its end; NULL and err: refused. */
static tp_run *run_from(pair *p, tp_err *err)
{
    tp_run      *r = NULL;
    tp_run_watch watch = {.with = p, .notice = hear};
    tp_earlier   e = {.problem = &p->old->p};
    *err = (tp_err){0};
    e.n = tp_run_trials(p->ran, &e.trial);
    p->trial = e.trial;
    p->said.len = 0;
    if (tp_run_start_from(&r, &p->now->p, &p->now->set, &e, p->now->store, err))
        return NULL;
    tp_status st = tp_run_go(r, &watch, err);
    if (!st) return r;
    tp_run_close(r);
    return NULL;
}

static void test_earlier__the_best_comes_first_and_none_is_drawn(void)
{
    pair            p = open_pair("bo", 20);
    tp_err          err;
    const tp_trial *t, *best = tp_run_best(p.ran);
    p.now->set.max_trials = 6;
    tp_run *r = run_from(&p, &err);
    if (!CHECK(r != NULL)) return;
    CHECK_STR(p.said, "20 points of an earlier run told");
    CHECK_INT(tp_run_trials(r, &t), 6);
    for (int i = 0; i < 2; i++) CHECK_NEAR(t[0].x[i], best->x[i], 0);
    CHECK_STR(t[0].strategy, "the best point of an earlier run");
    CHECK_HAS(t[1].strategy, "(from ");
    for (int i = 1; i < 6; i++) /* each new, none to fill the box */
        for (int k = 0; k < 20; k++) {
            bool same =
                t[i].x[0] == p.trial[k].x[0] && t[i].x[1] == p.trial[k].x[1];
            CHECK(!same && !tp_str_starts(t[i].strategy, TP_S("fills")));
        }
    CHECK(tp_run_best(r)->score.f <= best->score.f);
    tp_run_close(r);
    close_pair(&p);
}

/* Workers and what they take change nothing. */
static void test_earlier__is_the_same_with_workers(void)
{
    record rec[2];
    for (int i = 0; i < 2; i++) {
        pair   p = open_pair("bo", 12);
        tp_err err;
        p.now->set.max_trials = 10;
        p.now->set.exec = tp_str_of(i ? "local" : "inline");
        p.now->set.jobs = 1 + i;
        tp_run *r = run_from(&p, &err);
        if (!CHECK_OK(err.code, &err)) return;
        rec[i] = setup_read(p.now->store, tp_run_id(r));
        tp_run_close(r);
        close_pair(&p);
    }
    if (!CHECK_INT(rec[0].n_event, rec[1].n_event)) return;
    CHECK_STR(rec[0].event[11].kind, "earlier");
    CHECK_STR(rec[0].event[12].kind, "ask");
    for (int i = 0; i < rec[0].n_event; i++)
        CHECK(tp_str_eq(rec[0].event[i].data, rec[1].event[i].data));
}

static void test_earlier__any_method_that_learns_from_others_takes_them(void)
{
    static const char *const method[] = {"RANDOM_SEARCH", "lshade", "cmaes"};
    for (int m = 0; m < TP_COUNT(method); m++) {
        pair            p = open_pair(method[m], 20);
        tp_err          err;
        const tp_trial *best = tp_run_best(p.ran);
        p.now->set.max_trials = 3;
        tp_run *r = run_from(&p, &err);
        if (CHECK_OK(err.code, &err))
            CHECK(tp_run_best(r)->score.f <= best->score.f);
        tp_run_close(r);
        close_pair(&p);
    }
}

static void test_earlier__matches_by_name_and_leaves_out_what_differs(void)
{
    pair   p = open_pair("bo", 20);
    tp_err err;
    int    inside = 0;
    tp_var one = p.now->var[0]; /* b, a; b to 5 only */
    p.now->var[0] = p.now->var[1];
    p.now->var[1] = one;
    p.now->param[0] = TP_S("b");
    p.now->param[1] = TP_S("a");
    p.now->var[0].hi = 5;
    p.now->measure[1].text = TP_S("2*out");
    p.now->set.max_trials = 4;
    tp_run *r = run_from(&p, &err);
    if (!CHECK_OK(err.code, &err)) return;
    for (int k = 0; k < 20; k++) inside += p.trial[k].x[1] <= 5;
    CHECK(inside > 0 && inside < 20);
    CHECK_STR(p.said,
              tp_str_z(check_mem(),
                       tp_str_fmt(check_mem(),
                                  "%d points of an earlier run told; %d left "
                                  "out, outside the ranges or off their "
                                  "grids; 1 of 2 measures are the same",
                                  inside, 20 - inside)));
    tp_run_close(r);
    close_pair(&p);
}

static void test_earlier__says_why_it_can_not(void)
{
    pair              p = open_pair("COBYLA", 5);
    tp_err            err;
    const tp_run_row *row;
    int               n = -1;
    CHECK(!run_from(&p, &err));
    CHECK_OK(tp_store_runs(p.now->store, &row, &n, check_mem(), NULL), &err);
    CHECK_INT(n, 0); /* nothing is left of it */
    CHECK_INT(err.code, TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "can't go on from points");
    p.now->set.method = TP_S("bo");
    p.now->var[1].name = p.now->param[1] = TP_S("c");
    CHECK(!run_from(&p, &err));
    CHECK_STR(tp_str_of(err.msg), "the earlier run: it has no variable 'c'");
    p.now->var[1].name = p.now->param[1] = TP_S("b");
    for (int i = 0; i < 2; i++) p.now->measure[i].name = TP_S("other");
    CHECK(!run_from(&p, &err));
    CHECK_STR(tp_str_of(err.msg),
              "the earlier run: it has no measure of this one");
    close_pair(&p);
}

static const check_test tests[] = {
    CHECK_TEST(test_earlier__the_best_comes_first_and_none_is_drawn),
    CHECK_TEST(test_earlier__is_the_same_with_workers),
    CHECK_TEST(test_earlier__any_method_that_learns_from_others_takes_them),
    CHECK_TEST(test_earlier__matches_by_name_and_leaves_out_what_differs),
    CHECK_TEST(test_earlier__says_why_it_can_not),
    {0},
};

int main(int argc, char **argv)
{
    if (argc > 1 && !strcmp(argv[1], "worker"))
        return tp_exec_serve(3, tp_eval_work_load, tp_eval_work);
    return check_main(tests);
}
