/* Workers that crash, hang, babble and are killed: no job is lost, and each
   end is told. */
#include "worker.h"

#include <sys/stat.h>

static void test_exec_end__says_how_a_worker_died(void)
{
    int fds = count_fds();
    if (!start("jobs=1")) return;
    tp_done d = one(1, "crash", 0);
    CHECK_INT(d.how, TP_END_DIED);
    CHECK_INT(d.signal, SIGSEGV);
    d = one(1, "exit 5", 0);
    CHECK_INT(d.how, TP_END_DIED);
    CHECK_INT(d.signal, 0);
    CHECK_INT(d.status, 5);
    d = one(1, "talk 3", 0);
    CHECK_STR(d.log, "line 0\nline 1\nline 2\n");
    d = one(1, "talk 5000", 0);
    CHECK_INT(d.log.len, 4096);
    CHECK_HAS(d.log, "line 4999\n");
    CHECK_STR(one(1, "on we go", 0).answer, "fine/on we go");
    finish(fds);
}

static void test_exec_end__ends_jobs_over_their_limits(void)
{
    static const char *const asks[] = {"hang", "stop", "sleep 60"};
    int                      fds = count_fds();
    if (!start("jobs=1,grace=0.2")) return;
    for (int i = 0; i < TP_COUNT(asks); i++) {
        double  begun = tp_now();
        tp_done d = one(1, asks[i], 0.1);
        CHECK_INT(d.how, TP_END_OVERDUE);
        CHECK_INT(d.signal, i == 0 ? 0 : SIGKILL); /* CPU or wall */
        CHECK_NEAR(tp_now() - begun, 0.5, 0.49);
        CHECK_STR(one(1, "more", 0.1).answer, "fine/more");
    }
    CHECK_INT(one(1, "sleep 0.3", 0).how, TP_END_DONE);   /* no limit */
    CHECK_INT(one(1, "sleep 0.3", 0.1).how, TP_END_DONE); /* wall: 0.7 s */
    finish(fds);
}

static void test_exec_end__has_a_limit_for_jobs_without_one(void)
{
    int fds = count_fds();
    if (!start("jobs=1,seconds=0.1,grace=20")) return;
    double begun = tp_now();
    CHECK_INT(one(1, "hang", 0).how, TP_END_OVERDUE);
    CHECK(tp_now() - begun < 5); /* the worker ended itself, on CPU time */
    finish(fds);
}

static void test_exec_end__believes_no_frame(void)
{
    static const char *const asks[] = {"garbage",  "bad-type", "our-type",
                                       "too-long", "wrong-id", "no-id"};
    int                      fds = count_fds();
    if (!start("jobs=1")) return;
    for (int i = 0; i < TP_COUNT(asks); i++) {
        tp_done d = one(1, asks[i], 0);
        CHECK_INT(d.how, TP_END_DIED);
        CHECK_HAS(d.log, "broken frame");
        CHECK_STR(one(1, "next", 0).answer, "fine/next");
    }
    CHECK_INT(one(1, "half-answer", 0).status, 9);
    CHECK_INT(one(1, "half-head", 0).status, 9);
    tp_done d = one(1, "deaf", 0);
    CHECK_INT(d.how, TP_END_DIED);
    finish(fds);
}

static void test_exec_end__starts_again_when_a_load_dies_once(void)
{
    static const char *const what[] = {"crash", "exit 1", "garbage",
                                       "stop",  "hang",   "half-head"};
    int                      fds = count_fds();
    tp_err                   err = {0};
    if (!start("jobs=1,load=0.3")) return;
    for (int i = 0; i < TP_COUNT(what); i++) {
        char path[] = "/tmp/test-exec-XXXXXX";
        int  fd = mkstemp(path);
        if (!CHECK(fd >= 0)) return;
        close(fd);
        tp_str text = tp_str_fmt(check_mem(), "once %s %s", path, what[i]);
        ops->put(&x, 10 + (uint64_t)i, text, &err);
        tp_done d = one(10 + (uint64_t)i, "a", 0);
        bool    once = strcmp(what[i], "garbage") != 0;
        CHECK_INT(d.how, once ? TP_END_DONE : TP_END_DIED);
        unlink(path);
    }
    finish(fds);
}

static void test_exec_end__gives_no_job_to_a_worker_that_says_too_much(void)
{
    int fds = count_fds();
    if (!start("jobs=1")) return;
    submit(7, 1, "babble", 0);
    CHECK_INT(wait_ms(-1).how, TP_END_DONE);
    CHECK_STR(one(1, "a", 0).answer, "fine/a");
    finish(fds);
}

static void test_exec_end__gives_up_on_a_load_that_always_dies(void)
{
    int    fds = count_fds();
    tp_err err = {0};
    if (!start("jobs=1,load=0.3")) return;
    ops->put(&x, 2, TP_S("crash"), &err);
    ops->put(&x, 3, TP_S("hang"), &err);
    tp_done d = one(2, "a", 0);
    CHECK_INT(d.how, TP_END_DIED);
    CHECK_INT(d.signal, SIGSEGV);
    CHECK_INT(one(3, "a", 0).how, TP_END_OVERDUE);
    CHECK_STR(one(1, "a", 0).answer, "fine/a");
    finish(fds);
}

static void test_exec_end__says_which_program_it_can_not_start(void)
{
    static const struct {
        const char *settings, *says;
    } row[] = {
        {"program=/nowhere/to/be/found", "/nowhere/to/be/found': No such file"},
        {"program=/etc/passwd", "/etc/passwd': Permission denied"},
        {"program=/tmp", "/tmp': not a file"},
    };
    int fds = count_fds();
    ops = tp_exec_find(TP_S("local"));
    for (int i = 0; i < TP_COUNT(row); i++) {
        tp_err err = {0};
        x = (tp_exec){.settings = tp_exec_settings(ops, check_mem())};
        CHECK_OK(tp_params_set_list(ops->params, x.settings,
                                    tp_str_of(row[i].settings), check_mem(),
                                    &err),
                 &err);
        CHECK_INT(ops->open(&x, &err), TP_SIM);
        CHECK_HAS(tp_str_of(err.msg), row[i].says);
    }
    CHECK_INT(count_fds(), fds);
}

static void test_exec_end__says_why_a_program_did_not_start(void)
{
    int  fds = count_fds();
    char path[] = "/tmp/tp_exec_XXXXXX";
    int  fd = mkstemp(path);
    CHECK_INT(write(fd, "#!/nowhere\n", 11), 11);
    CHECK_INT(fchmod(fd, 0755), 0);
    close(fd);
    tp_str set = tp_str_fmt(check_mem(), "jobs=2,program=%s", path);
    if (!start(tp_str_z(check_mem(), set))) return;
    tp_done d = one(1, "a", 0);
    CHECK_INT(d.how, TP_END_DIED);
    CHECK_INT(d.status, 127);
    CHECK_HAS(d.log, "can't start /tmp/tp_exec_");
    CHECK_HAS(d.log, ": No such file");
    finish(fds);
    unlink(path);
}

static int children(pid_t *pid, int max)
{
    char path[80];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    FILE *f = fopen(path, "r");
    int   n = 0;
    while (f && n < max && fscanf(f, "%d", &pid[n]) == 1) n++;
    if (f) fclose(f);
    return n;
}

static void kill_one(tp_rng *rng, int signal)
{
    pid_t pid[16];
    int   n = children(pid, 16);
    if (n > 0) kill(pid[tp_rng_below(rng, n)], signal);
}

static void test_exec_end__loses_no_job_when_workers_are_killed(void)
{
    enum { JOBS = 500 };
    static bool seen[JOBS + 1];
    int         fds = count_fds(), sent = 0, n = 0, died = 0;
    tp_rng      rng = tp_rng_at(1, 1);
    memset(seen, 0, sizeof seen);
    if (!start("jobs=3")) return;
    tp_arena whole = *check_mem();
    while (n < JOBS) {
        *check_mem() = whole;
        for (; ops->room(&x) > 0 && sent < JOBS; sent++) {
            bool slow = tp_rng_below(&rng, 4) == 0;
            submit((uint64_t)sent + 1, 1, slow ? "sleep 0.002" : "quick", 0);
        }
        if (tp_rng_below(&rng, 4) == 0) nap(0.002 * tp_rng_uniform(&rng));
        if (tp_rng_below(&rng, 4) == 0) kill_one(&rng, SIGKILL);
        tp_done d = wait_ms(5000);
        if (!CHECK(d.id >= 1 && d.id <= JOBS && !seen[d.id])) break;
        seen[d.id] = true;
        n++;
        if (d.how == TP_END_DONE) continue;
        died++;
        CHECK_INT(d.how, TP_END_DIED);
        CHECK_INT(d.signal, SIGKILL);
    }
    CHECK_INT(n, JOBS);
    CHECK(died > 0 && died < 200);
    finish(fds);
}

static void test_exec_end__replaces_a_worker_killed_while_idle(void)
{
    int    fds = count_fds();
    tp_rng rng = tp_rng_at(1, 2);
    if (!start("jobs=1")) return;
    for (int i = 0; i < 20; i++) {
        CHECK_STR(one(1, "a", 0).answer, "fine/a");
        kill_one(&rng, SIGKILL);
        if (i % 2) nap(0.001);
    }
    CHECK_STR(one(1, "a", 0).answer, "fine/a");
    kill_one(&rng, SIGSTOP); /* stopped before the job: overdue, at most */
    ops->close(&x);
    if (!start("jobs=1,load=0.3")) return;
    one(1, "a", 0);
    kill_one(&rng, SIGSTOP);
    CHECK_STR(one(1, "b", 0).answer, "fine/b");
    finish(fds);
}

static void test_exec_end__kills_what_a_worker_has_started(void)
{
    int fds = count_fds();
    if (!start("jobs=1")) return;
    CHECK_INT(one(1, "orphan", 0).status, 4);
    finish(fds);
}

static void test_exec_end__lets_no_worker_outlive_its_parent(void)
{
    int pipes[2];
    if (!CHECK(pipe(pipes) == 0)) return;
    pid_t parent = fork();
    if (parent == 0) {
        if (!start("jobs=1")) _exit(1);
        tp_str pid = one(1, "pid", 0).answer;
        if (write(pipes[1], pid.at, (size_t)pid.len) < 0) _exit(1);
        submit(9, 1, "hang", 0);
        raise(SIGKILL);
    }
    char text[20] = "";
    close(pipes[1]);
    CHECK(read(pipes[0], text, sizeof text - 1) > 0);
    close(pipes[0]);
    waitpid(parent, NULL, 0);
    int pid = atoi(text), tries = 0;
    while (pid > 0 && kill(pid, 0) == 0 && tries++ < 200) nap(0.01);
    CHECK(pid > 0 && tries < 200);
}

static void test_exec_end__counts_what_came_before_it_looked(void)
{
    int fds = count_fds();
    if (!start("jobs=1,grace=0,load=0.2")) return;
    submit(1, 1, "quick", 0.01);
    nap(0.5); /* all limits are over, the answer is there */
    tp_done d = wait_ms(1000);
    CHECK_INT(d.how, TP_END_DONE);
    submit(2, 1, "sleep 0.1", 0);
    d = wait_ms(1000);
    CHECK_NEAR(d.seconds, 0.15, 0.1); /* without the nap, without the load */
    finish(fds);
}

static const check_test tests[] = {
    CHECK_TEST(test_exec_end__says_how_a_worker_died),
    CHECK_TEST(test_exec_end__ends_jobs_over_their_limits),
    CHECK_TEST(test_exec_end__has_a_limit_for_jobs_without_one),
    CHECK_TEST(test_exec_end__believes_no_frame),
    CHECK_TEST(test_exec_end__starts_again_when_a_load_dies_once),
    CHECK_TEST(test_exec_end__gives_no_job_to_a_worker_that_says_too_much),
    CHECK_TEST(test_exec_end__gives_up_on_a_load_that_always_dies),
    CHECK_TEST(test_exec_end__says_which_program_it_can_not_start),
    CHECK_TEST(test_exec_end__says_why_a_program_did_not_start),
    CHECK_TEST(test_exec_end__loses_no_job_when_workers_are_killed),
    CHECK_TEST(test_exec_end__replaces_a_worker_killed_while_idle),
    CHECK_TEST(test_exec_end__kills_what_a_worker_has_started),
    CHECK_TEST(test_exec_end__counts_what_came_before_it_looked),
    CHECK_TEST(test_exec_end__lets_no_worker_outlive_its_parent),
    {0},
};

int main(int argc, char **argv)
{
    return exec_main(argc, argv, tests);
}
