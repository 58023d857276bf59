/* Executors: every job is answered once, by a worker with the right load in a
   clean world. */
#include "worker.h"

#include <sys/time.h>

static void test_exec__answers_every_job_once(void)
{
    int  fds = count_fds(), sent = 0, n = 0;
    bool seen[101] = {false};
    if (!start("jobs=3")) return;
    CHECK_INT(ops->room(&x), 3);
    while (n < 100) {
        for (; ops->room(&x) > 0 && sent < 100; sent++) {
            tp_str ask = tp_str_fmt(check_mem(), "ask %d%c", sent + 1, '\0');
            submit((uint64_t)sent + 1, 1, ask.at, 0);
        }
        tp_done d = wait_ms(5000);
        if (!CHECK(d.id >= 1 && d.id <= 100 && !seen[d.id])) break;
        seen[d.id] = true;
        n++;
        CHECK_INT(d.how, TP_END_DONE);
        char wanted[40];
        snprintf(wanted, sizeof wanted, "fine/ask %d", (int)d.id);
        CHECK_STR(d.answer, wanted);
        CHECK(d.seconds >= 0 && d.seconds < 5);
    }
    CHECK_INT(wait_ms(-1).id, 0); /* nothing under way: at once */
    finish(fds);
}

static void test_exec__gives_each_key_its_load(void)
{
    int    fds = count_fds();
    tp_err err = {0};
    if (!start("jobs=2")) return;
    CHECK_OK(ops->put(&x, 2, TP_S("two"), &err), &err);
    CHECK_OK(ops->put(&x, 3, TP_S("three"), &err), &err);
    CHECK_INT(ops->put(&x, 3, TP_S("three"), &err), TP_BAD_INPUT);
    tp_str first = one(1, "pid", 0).answer;
    for (int i = 0; i < 5; i++) {
        CHECK_STR(one(1, "a", 0).answer, "fine/a");
        CHECK_STR(one(2, "a", 0).answer, "two/a");
    }
    CHECK(tp_str_eq(one(1, "pid", 0).answer, first));
    CHECK_STR(one(3, "a", 0).answer, "three/a");
    CHECK_STR(one(2, "a", 0).answer, "two/a");
    tp_job job = {99, 4, TP_S("a"), 0};
    CHECK_INT(ops->submit(&x, &job, &err), TP_BAD_INPUT);
    finish(fds);
}

static void test_exec__passes_a_refusal_on_with_its_place(void)
{
    int    fds = count_fds();
    tp_err err = {0};
    if (!start("jobs=1")) return;
    ops->put(&x, 2, TP_S("refuse"), &err);
    for (int i = 0; i < 2; i++) {
        tp_done d = one(2, "a", 0);
        CHECK_INT(d.how, TP_END_REFUSED);
        tp_err why;
        tp_exec_refusal(&why, d.answer);
        CHECK_INT(why.code, TP_BAD_INPUT);
        CHECK_INT(why.line, 2);
        CHECK_INT(why.caret, 8);
        CHECK_Z(why.msg, "no zz here");
        CHECK_Z(why.file, "amp.cir");
        CHECK_Z(why.text, "r1 a b {zz}");
        tp_exec_refusal(&why, tp_str_part(d.answer, 0, d.answer.len - 1));
        CHECK_HAS(tp_str_of(why.msg), "can't be read");
    }
    CHECK_STR(one(1, "a", 0).answer, "fine/a");
    finish(fds);
}

static void test_exec__replaces_a_worker_that_retires(void)
{
    int fds = count_fds();
    if (!start("jobs=1")) return;
    tp_str  a = one(1, "pid", 0).answer, b = one(1, "pid", 0).answer;
    tp_done d = one(1, "retire", 0);
    CHECK(tp_str_eq(a, b) && tp_str_eq(a, d.answer));
    CHECK_INT(d.how, TP_END_DONE);
    CHECK(!tp_str_eq(a, one(1, "pid", 0).answer));
    finish(fds);
}

static void test_exec__carries_large_asks_and_answers(void)
{
    int    fds = count_fds(), n = 20000000;
    tp_err err = {0};
    if (!start("jobs=2")) return;
    char *big = TP_NEW(check_mem(), char, n + 1);
    memset(big, 'x', (size_t)n);
    submit(1, 1, big, 0);
    submit(2, 1, "small", 0);
    for (int i = 0; i < 2; i++) {
        tp_done d = wait_ms(20000);
        CHECK_INT(d.how, TP_END_DONE);
        CHECK_INT(d.answer.len, d.id == 1 ? n + 5 : 10);
    }
    tp_arena tiny = {.beg = big, .end = big + 10000};
    tp_done  d = {0};
    submit(3, 1, big, 0);
    CHECK_INT(ops->wait(&x, 20000, &tiny, &d, &err), TP_LIMIT);
    finish(fds);
}

static void on_alarm(int signal)
{
    (void)signal;
}

static void test_exec__returns_when_a_signal_comes(void)
{
    int              fds = count_fds();
    struct sigaction act = {.sa_handler = on_alarm}, before;
    struct itimerval t = {.it_value = {0, 100000}};
    if (!start("jobs=1")) return;
    sigaction(SIGALRM, &act, &before);
    submit(1, 1, "sleep 5", 0);
    setitimer(ITIMER_REAL, &t, NULL);
    double  begun = tp_now();
    tp_done d = wait_ms(-1);
    while (d.id == 0 && tp_now() - begun < 0.05) d = wait_ms(-1);
    CHECK_INT(d.id, 0);
    CHECK(tp_now() - begun < 2);
    CHECK_INT(wait_ms(10).id, 0);
    CHECK_INT(wait_ms(0).id, 0);
    CHECK_INT(ops->room(&x), 0);
    tp_job job = {2, 1, TP_S("a"), 0};
    CHECK_INT(ops->submit(&x, &job, NULL), TP_LIMIT);
    sigaction(SIGALRM, &before, NULL);
    begun = tp_now();
    finish(fds); /* with a job under way */
    CHECK(tp_now() - begun < 0.4);
}

static void test_exec__gives_workers_a_clean_world(void)
{
    int fds = count_fds();
    setenv("OMP_THREAD_LIMIT", "8", 1);
    unsetenv("TZ");
    if (!start("jobs=1")) return;
    CHECK_STR(one(1, "fds", 0).answer, "4");
    CHECK_STR(one(1, "env", 0).answer, "1 :/etc/localtime");
    finish(fds);
    setenv("TZ", "EST", 1);
    if (!start("jobs=1")) return;
    CHECK_STR(one(1, "env", 0).answer, "1 EST");
    unsetenv("TZ");
    unsetenv("OMP_THREAD_LIMIT");
    finish(fds);
}

static void test_exec__limits_memory(void)
{
    int fds = count_fds();
    if (!start("jobs=1,memory=200")) return;
    CHECK_STR(one(1, "eat 100", 0).answer, "100 MB");
    CHECK_STR(one(1, "eat 300", 0).answer, "full");
    CHECK_STR(one(1, "eat 100", 0).answer, "100 MB");
    finish(fds);
    if (!start("jobs=1")) return; /* there is a limit, but a wide one */
    CHECK_STR(one(1, "eat 300", 0).answer, "300 MB");
    CHECK_STR(one(1, "eat 100000000", 0).answer, "full");
    finish(fds);
}

static void test_exec__knows_a_head_of_a_frame(void)
{
    tp_rng        rng = tp_rng_at(3, 3);
    char          head[TP_FRAME_HEAD], bad[TP_FRAME_HEAD];
    tp_frame_type type = TP_FRAME_LOAD;
    ptrdiff_t     len = 0;
    tp_frame_head(head, TP_FRAME_ANSWER, 123456789);
    CHECK(tp_frame_read_head(head, true, &type, &len));
    CHECK(type == TP_FRAME_ANSWER && len == 123456789);
    CHECK(!tp_frame_read_head(head, false, &type, &len));
    for (int i = 0; i < 20000; i++) {
        memcpy(bad, head, sizeof head);
        for (int k = 0; k <= i % 3; k++)
            bad[tp_rng_below(&rng, TP_FRAME_HEAD)] ^=
                (char)(1 << tp_rng_below(&rng, 8));
        if (tp_frame_read_head(bad, true, &type, &len))
            CHECK(len >= 0 && len <= TP_FRAME_MAX && type >= TP_FRAME_LOADED);
    }
}

static void test_exec__works_inline(void)
{
    tp_err err = {0};
    ops = tp_exec_find(TP_S("inline"));
    x = (tp_exec){.settings = tp_exec_settings(ops, check_mem())};
    CHECK_INT(ops->open(&x, &err), TP_BAD_INPUT);
    x.load = load;
    x.work = work;
    CHECK_OK(ops->open(&x, &err), &err);
    ops->put(&x, 1, TP_S("fine"), &err);
    ops->put(&x, 2, TP_S("refuse"), &err);
    CHECK_INT(wait_ms(-1).id, 0);
    CHECK_INT(ops->room(&x), 1);
    CHECK_STR(one(1, "a", 0).answer, "fine/a");
    CHECK_INT(one(2, "a", 0).how, TP_END_REFUSED);
    submit(7, 1, "a", 0);
    CHECK_INT(ops->room(&x), 0);
    tp_job job = {8, 1, TP_S("a"), 0};
    CHECK_INT(ops->submit(&x, &job, &err), TP_LIMIT);
    CHECK_INT(wait_ms(0).id, 7);
    ops->close(&x);
}

static void test_exec__lists_its_kinds(void)
{
    for (int i = 0; tp_execs()[i]; i++)
        CHECK(tp_exec_find(tp_str_of(tp_execs()[i]->name)) == tp_execs()[i]);
    CHECK(tp_exec_find(TP_S("slurm")) == NULL);
}

static const check_test tests[] = {
    CHECK_TEST(test_exec__answers_every_job_once),
    CHECK_TEST(test_exec__gives_each_key_its_load),
    CHECK_TEST(test_exec__passes_a_refusal_on_with_its_place),
    CHECK_TEST(test_exec__replaces_a_worker_that_retires),
    CHECK_TEST(test_exec__carries_large_asks_and_answers),
    CHECK_TEST(test_exec__returns_when_a_signal_comes),
    CHECK_TEST(test_exec__gives_workers_a_clean_world),
    CHECK_TEST(test_exec__limits_memory),
    CHECK_TEST(test_exec__knows_a_head_of_a_frame),
    CHECK_TEST(test_exec__works_inline),
    CHECK_TEST(test_exec__lists_its_kinds),
    {0},
};

int main(int argc, char **argv)
{
    return exec_main(argc, argv, tests);
}
