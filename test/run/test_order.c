/* The order in which the analyses of a deck are simulated where a trial may end
   early: learnt from what they cost and how often they decide, the same
   whoever simulates and after a resume. */
#include "run/cut.h"

typedef struct two {
    setup      *s;
    tp_analysis analysis[2];
} two;

/* Least (a-1)^2 + (b-1)^2, which `first` gives; its `out` is a + b after an
   operating point or a sweep. `second` is the transient, a (1 - exp(-1/b)) at
   its end. */
static two *two_make(const char *method, const char *simulator,
                     const char *first)
{
    two   *k = TP_NEW(check_mem(), two, 1);
    setup *s = k->s = setup_make(method, simulator);
    k->analysis[0] =
        (tp_analysis){.id = TP_S("one"),
                      .kind = tp_str_of(first),
                      .ordinal = tp_str_fmt(check_mem(), "%s1", first),
                      .command = tp_str_of(first)};
    k->analysis[1] = (tp_analysis){.id = TP_S("two"),
                                   .kind = TP_S("tran"),
                                   .ordinal = TP_S("tran1"),
                                   .command = TP_S("tran")};
    s->circuit.n_analysis = 2;
    s->circuit.analysis = k->analysis;
    setup_measure(s, "maximum(out)", TP_AT_LEAST, 0);
    s->bind[2].analysis = 1;
    s->bind[2].signal.name = s->bind[2].signal.vector = TP_S("out");
    s->measure[0].text = s->measure[1].text = TP_S("maximum(out)");
    for (int i = 0; i < 2; i++) {
        tp_scope scope = {.dialect = TP_SIMETRIX};
        tp_str   text = tp_str_of(i ? "maximum(out)" : "maximum(sum)");
        tp_err   err = {0};
        CHECK_OK(tp_expr_compile(&s->measure[i].expr, text, &scope, check_mem(),
                                 &err),
                 &err);
        s->measure[i].text = text;
    }
    s->set.max_trials = 60;
    return k;
}

static void limits(two *k, double first, double second)
{
    for (int i = 1; i < 3; i++) {
        k->s->measure[i].target = i == 1 ? first : second;
        k->s->measure[i].scale = 10;
    }
}

/* Trials that ended before this measure was read. */
static int without(const record *r, int measure)
{
    int count = 0;
    for (int i = 0; i < r->n_trial; i++) {
        const tp_reading *one;
        int               n;
        tp_unpack         u = {.rest = r->trial[i].readings};
        CHECK_OK(tp_readings_unpack(&one, &n, &u, check_mem(), NULL), NULL);
        count += n == 3 && one[measure].skipped;
    }
    return count;
}

static int ended(const record *r)
{
    int n = 0;
    for (int i = 0; i < r->n_trial; i++)
        n += tp_str_eq(r->trial[i].outcome, TP_S("ended-early"));
    return n;
}

/* What the log says that a part has cost in all. */
static int work_of(const record *r, int part)
{
    int sum = 0;
    for (int i = 0; i < r->n_event; i++) {
        tp_jobs jobs;
        if (!tp_jobs_of(&jobs, &r->event[i], check_mem())) continue;
        for (int k = 0; k < jobs.n; k++)
            if (jobs.one[k].part == part) sum += jobs.one[k].work;
    }
    return sum;
}

static void same_points(const record *a, const record *b)
{
    if (!CHECK_INT(a->n_trial, b->n_trial)) return;
    for (int i = 0; i < a->n_trial; i++)
        CHECK(tp_str_eq(a->trial[i].x, b->trial[i].x));
    CHECK_INT(a->row.best, b->row.best);
}

static record run_two(const char *method, const char *first, double low,
                      double high, bool no_early)
{
    two *k = two_make(method, "fake,points=200", first);
    limits(k, low, high);
    k->s->set.no_early = no_early;
    record got = whole_run(k->s);
    setup_close(k->s);
    return got;
}

/* An operating point costs 1, the transient 201: that comes only where the
   first does not decide. */
static void test_order__what_costs_less_goes_first(void)
{
    static const char *const method[] = {"RANDOM_SEARCH", "lshade"};
    for (int m = 0; m < TP_COUNT(method); m++) {
        record whole = run_two(method[m], "op", 12, 0.5, true);
        record early = run_two(method[m], "op", 12, 0.5, false);
        same_points(&early, &whole);
        CHECK_INT(ended(&whole), 0);
        CHECK(ended(&early) >= 5);
        CHECK_INT(without(&early, 1), 0);
        CHECK_INT(without(&early, 2), ended(&early));
        CHECK_INT(work_of(&early, 0), 60);
        CHECK_INT(work_of(&early, 1), 201 * (60 - ended(&early)));
    }
}

/* Of two that cost alike, the one that decides. */
static void test_order__what_decides_goes_first(void)
{
    record whole = run_two("RANDOM_SEARCH", "dc", 0, 5, true);
    record early = run_two("RANDOM_SEARCH", "dc", 0, 5, false);
    same_points(&early, &whole);
    CHECK(ended(&early) >= 5);
    CHECK_INT(without(&early, 2), 0);
    CHECK_INT(without(&early, 1), ended(&early));
}

/* A job costs something by itself: what decides nothing is not taken out. */
static void test_order__what_gains_nothing_stays_together(void)
{
    record early = run_two("RANDOM_SEARCH", "op", 0, 5, false);
    CHECK(without(&early, 2) <= 5); /* while nothing is known */
}

/* What the method asked: tag and point of each ask, without the numbers of the
   trials that answered. */
static int asks_of(const record *r, tp_str *out)
{
    int n = 0;
    for (int i = 0; i < r->n_event; i++)
        if (is_kind(&r->event[i], "ask"))
            out[n++] = tp_str_from(r->event[i].data, 16);
    return n;
}

/* Whether both asked the same, as far as both went. */
static bool same_asks(const record *a, const record *b)
{
    tp_str *x = TP_NEW(check_mem(), tp_str, a->n_event);
    tp_str *y = TP_NEW(check_mem(), tp_str, b->n_event);
    int     n = asks_of(a, x), k = asks_of(b, y), i = 0;
    if (k < n) n = k;
    while (i < n && tp_str_eq(x[i], y[i])) i++;
    return CHECK(n >= 50) && CHECK_INT(i, n);
}

static void test_order__asks_are_the_same_with_every_method(void)
{
    static const char *const method[] = {
        "hooke_jeeves",        "complex", "psade", "genetic,elitism=on",
        "simulated_annealing", "lshade"};
    for (int m = 0; m < TP_COUNT(method); m++) {
        record whole = run_two(method[m], "op", 12, 5, true);
        record early = run_two(method[m], "op", 12, 5, false);
        if (!same_asks(&whole, &early)) printf("%s\n", method[m]);
    }
}

/* A point that was ended early and is asked again may have to be whole then:
   hooke_jeeves moves on to where a step had lost before. It is simulated again,
   as another trial; so it is after a resume. */
static void test_order__what_was_ended_is_made_whole_when_wanted(void)
{
    record got[2];
    for (int i = 0; i < 2; i++) {
        two *k = two_make("hooke_jeeves", "fake,points=200", "op");
        limits(k, 8, 1);
        k->s->set.set = TP_S("a=0,b=1");
        k->s->set.no_early = i == 0;
        got[i] = whole_run(k->s);
        if (i) cuts_end_alike(k->s, &got[i], 41, 7);
        setup_close(k->s);
    }
    CHECK(same_asks(&got[0], &got[1]));
    CHECK_INT(got[1].n_trial, got[0].n_trial + 2);
    CHECK(tp_str_eq(got[0].trial[got[0].row.best - 1].x,
                    got[1].trial[got[1].row.best - 1].x));
}

static void test_order__a_measure_over_both_keeps_them_together(void)
{
    two     *k = two_make("RANDOM_SEARCH", "fake,points=200", "op");
    tp_scope scope = {.dialect = TP_SIMETRIX};
    tp_bind  bind[2];
    tp_err   err = {0};
    limits(k, 12, 0.5);
    bind[0] = bind[1] = k->s->bind[2];
    bind[0].analysis = 0;
    bind[0].signal.name = bind[0].signal.vector = TP_S("sum");
    tp_measure *m = &k->s->measure[2];
    m->text = TP_S("maximum(sum)+maximum(out)");
    m->bind = bind;
    m->n_bind = 2;
    CHECK_OK(tp_expr_compile(&m->expr, m->text, &scope, check_mem(), &err),
             &err);
    record got = whole_run(k->s);
    CHECK_INT(ended(&got), 0);
    CHECK_INT(count_kind(&got, "jobs"), 0);
    setup_close(k->s);
}

static void test_order__does_not_depend_on_workers(void)
{
    record got[2];
    for (int i = 0; i < 2; i++) {
        two *k = two_make("RANDOM_SEARCH", "fake,points=200", "op");
        limits(k, 12, 3);
        k->s->set.exec = tp_str_of(i ? "local" : "inline");
        k->s->set.jobs = i ? 3 : 1;
        got[i] = whole_run(k->s);
        setup_close(k->s);
    }
    CHECK(ended(&got[0]) >= 5);
    CHECK(same_run(&got[0], &got[1]));
}

static void test_order__is_the_same_after_a_resume(void)
{
    two *k = two_make("RANDOM_SEARCH", "fake,points=200", "op");
    limits(k, 12, 3);
    record whole = whole_run(k->s);
    CHECK(ended(&whole) >= 5);
    cuts_end_alike(k->s, &whole, 1, 7);
    setup_close(k->s);
}

static const check_test tests[] = {
    CHECK_TEST(test_order__what_costs_less_goes_first),
    CHECK_TEST(test_order__what_decides_goes_first),
    CHECK_TEST(test_order__what_gains_nothing_stays_together),
    CHECK_TEST(test_order__asks_are_the_same_with_every_method),
    CHECK_TEST(test_order__what_was_ended_is_made_whole_when_wanted),
    CHECK_TEST(test_order__a_measure_over_both_keeps_them_together),
    CHECK_TEST(test_order__does_not_depend_on_workers),
    CHECK_TEST(test_order__is_the_same_after_a_resume),
    {0},
};

int main(int argc, char **argv)
{
    if (argc > 1 && !strcmp(argv[1], "worker"))
        return tp_exec_serve(3, tp_eval_work_load, tp_eval_work);
    return check_main(tests);
}
