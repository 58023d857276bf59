/* Templates: a load is read once, whatever happens to its workers; many loads
   share a few processes. */
#include "worker.h"

static pid_t pid_of(uint64_t key, const char *ask)
{
    tp_str s = one(key, ask, 0).answer;
    double v = 0;
    tp_number_all(s, &v);
    return (pid_t)v;
}

static void put_all(int n)
{
    tp_err err = {0};
    for (int i = 2; i <= n; i++) {
        tp_str name = tp_str_fmt(check_mem(), "load %d", i);
        CHECK_OK(ops->put(&x, (uint64_t)i, name, &err), &err);
    }
}

static void test_template__is_loaded_once_for_all_workers(void)
{
    int fds = count_fds();
    if (!start("jobs=1")) return;
    pid_t of = pid_of(1, "template"), before = 0;
    CHECK(of > 0);
    for (int i = 0; i < 10; i++) {
        pid_t pid = pid_of(1, "pid");
        CHECK(pid > 0 && pid != of && pid != before);
        CHECK_INT(pid_of(1, "pid"), pid);
        CHECK_INT(getpgid(pid), pid);
        before = pid;
        if (i % 2)
            CHECK_INT(one(1, "crash", 0).signal, SIGSEGV);
        else
            kill(pid, SIGKILL);
        CHECK_INT(pid_of(1, "template"), of);
    }
    finish(fds);
}

static void test_template__serves_workers_side_by_side(void)
{
    enum { JOBS = 4 };
    int    fds = count_fds();
    tp_str pid[JOBS], of[JOBS];
    if (!start("jobs=4")) return;
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < JOBS; i++)
            submit((uint64_t)i + 1, 1, round ? "pid" : "template", 0);
        for (int i = 0; i < JOBS; i++)
            (round ? pid : of)[i] = wait_ms(5000).answer;
    }
    for (int i = 1; i < JOBS; i++) {
        CHECK(tp_str_eq(of[i], of[0]));
        for (int k = 0; k < i; k++) CHECK(!tp_str_eq(pid[i], pid[k]));
    }
    finish(fds);
}

static void test_template__killed_is_loaded_again(void)
{
    static const int how[] = {SIGKILL, SIGSTOP, SIGTERM};
    int              fds = count_fds();
    for (int i = 0; i < TP_COUNT(how); i++) {
        if (!start("jobs=1,load=0.3")) return;
        pid_t of = pid_of(1, "template"), pid = pid_of(1, "pid");
        kill(of, how[i]);
        nap(0.3);                         /* so that it is buried */
        CHECK_INT(pid_of(1, "pid"), pid); /* its workers live on */
        kill(pid, SIGKILL);
        CHECK_STR(one(1, "a", 0).answer, "fine/a");
        CHECK(pid_of(1, "template") != of);
        finish(fds);
    }
}

/* With the limits as a run has them: minutes. */
static void test_template__stopped_is_noticed(void)
{
    int fds = count_fds();
    if (!start("jobs=1")) return;
    pid_t  of = pid_of(1, "template"), pid = pid_of(1, "pid");
    double began = tp_now();
    kill(of, SIGSTOP);
    kill(pid, SIGKILL);
    CHECK_STR(one(1, "a", 0).answer, "fine/a"); /* needs a fork */
    CHECK(pid_of(1, "template") != of);
    CHECK(tp_now() - began < 10);
    finish(fds);
}

static void test_worker__stopped_is_noticed(void)
{
    int fds = count_fds();
    if (!start("jobs=1")) return;
    pid_t  pid = pid_of(1, "pid");
    double began = tp_now();
    kill(pid, SIGSTOP); /* before the job: another one takes it up */
    CHECK_STR(one(1, "a", 0).answer, "fine/a");
    CHECK(pid_of(1, "pid") != pid);
    tp_done d = one(1, "stop", 0); /* in the middle of it: lost, no limit */
    CHECK_INT(d.how, TP_END_DIED);
    CHECK_INT(d.signal, SIGKILL);
    CHECK_HAS(d.log, "was stopped and did not go on");
    CHECK(tp_now() - began < 15);
    kill(pid_of(1, "pid"), SIGSTOP);
    finish(fds); /* one that is stopped at the end */
}

/* Whoever goes on in time is left alone. */
static void test_worker__stopped_for_a_moment_goes_on(void)
{
    int fds = count_fds();
    if (!start("jobs=1")) return;
    pid_t pid = pid_of(1, "pid"), helper = fork();
    if (helper == 0) {
        kill(pid, SIGSTOP);
        nap(1);
        kill(pid, SIGCONT);
        _exit(0);
    }
    nap(0.1);
    CHECK_STR(one(1, "a", 0).answer, "fine/a");
    CHECK_INT(pid_of(1, "pid"), pid);
    waitpid(helper, NULL, 0);
    finish(fds);
}

static void test_template__fork_is_faster_than_a_load(void)
{
    enum { N = 20 };
    int    fds = count_fds();
    double took[N], load = tp_now();
    if (!start("jobs=1")) return;
    one(1, "a", 0);
    load = tp_now() - load;
    for (int i = 0; i < N; i++) {
        kill(pid_of(1, "pid"), SIGKILL);
        double begun = tp_now();
        CHECK_STR(one(1, "b", 0).answer, "fine/b");
        took[i] = tp_now() - begun;
    }
    int quick = 0;
    for (int i = 0; i < N; i++) quick += took[i] < load;
    CHECK(quick > N / 2);
    finish(fds);
}

static void test_template__of_many_loads_stay_loaded(void)
{
    enum { KEYS = 30 };
    int   fds = count_fds();
    pid_t of[KEYS + 1], pid[KEYS + 1];
    if (!start("jobs=2")) return;
    put_all(KEYS);
    for (uint64_t k = 1; k <= KEYS; k++) {
        of[k] = pid_of(k, "template");
        pid[k] = pid_of(k, "pid");
    }
    for (uint64_t k = 1; k <= KEYS; k++) {
        CHECK_INT(pid_of(k, "template"), of[k]);
        CHECK_INT(pid_of(k, "pid"), pid[k]);
    }
    finish(fds);
}

static int processes(void)
{
    char path[80];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    FILE *f = fopen(path, "r");
    int   n = 0, pid;
    while (f && fscanf(f, "%d", &pid) == 1) n++;
    if (f) fclose(f);
    return n;
}

static void test_template__not_used_for_longest_goes(void)
{
    int   fds = count_fds();
    pid_t of[5];
    if (!start("jobs=1,keep=2")) return;
    put_all(4);
    for (uint64_t k = 1; k <= 3; k++) of[k] = pid_of(k, "template");
    CHECK_INT(processes(), 4); /* templates and workers of 2 and 3 */
    CHECK_INT(pid_of(2, "template"), of[2]);
    CHECK_INT(pid_of(3, "template"), of[3]);
    CHECK(pid_of(1, "template") != of[1]);
    CHECK_INT(processes(), 4);
    for (int i = 0; i < 20; i++) {
        uint64_t k = (uint64_t)i % 4 + 1;
        tp_str   wanted = k == 1 ? TP_S("fine/a")
                                 : tp_str_fmt(check_mem(), "load %d/a", (int)k);
        CHECK(tp_str_eq(one(k, "a", 0).answer, wanted));
        CHECK(processes() <= 4);
    }
    finish(fds);
}

static void test_template__is_not_believed(void)
{
    int    fds = count_fds(), claims[] = {1, 0, 0, -EAGAIN};
    tp_err err = {0};
    pid_t  other = fork();
    if (other == 0) {
        nap(60);
        _exit(0);
    }
    if (!start("jobs=1,load=2")) return;
    claims[1] = other;
    for (int i = 0; i < TP_COUNT(claims); i++) {
        tp_str load = tp_str_fmt(check_mem(), "claim %d", claims[i]);
        ops->put(&x, 10 + (uint64_t)i, load, &err);
        CHECK_INT(one(10 + (uint64_t)i, "a", 0).how, TP_END_DIED);
        CHECK_STR(one(1, "a", 0).answer, "fine/a");
    }
    CHECK_INT(kill(other, 0), 0);
    CHECK_INT(getpgid(other), getpgrp());
    kill(other, SIGKILL);
    waitpid(other, NULL, 0);
    finish(fds);
}

static void test_template__buries_what_dies_at_rest(void)
{
    int fds = count_fds();
    if (!start("jobs=1")) return;
    put_all(2);
    pid_t of = pid_of(2, "template"), pid = pid_of(2, "pid");
    one(1, "a", 0);
    kill(of, SIGKILL);
    kill(pid, SIGKILL);
    nap(0.25);
    one(1, "a", 0);
    CHECK(kill(of, 0) != 0 && kill(pid, 0) != 0); /* no zombies either */
    finish(fds);
}

static void test_template__killed_while_it_forks_loses_no_job(void)
{
    enum { JOBS = 100 };
    int    fds = count_fds(), lost = 0;
    tp_rng rng = tp_rng_at(1, 7);
    if (!start("jobs=2")) return;
    tp_arena whole = *check_mem();
    for (int i = 0; i < JOBS; i++) {
        *check_mem() = whole;
        pid_t of = pid_of(1, "template"), pid = pid_of(1, "pid");
        kill(pid, SIGKILL);
        submit(1000, 1, "a", 0);
        submit(1001, 1, "a", 0);
        if (tp_rng_below(&rng, 2) == 0) nap(0.0005 * tp_rng_uniform(&rng));
        kill(of, SIGKILL);
        for (int k = 0; k < 2; k++) {
            tp_done d = wait_ms(5000);
            if (!CHECK(d.id == 1000 || d.id == 1001)) return;
            lost += d.how != TP_END_DONE;
        }
    }
    CHECK_INT(lost, 0);
    finish(fds);
}

static void test_template__ends_with_its_parent(void)
{
    int pipes[2], pid[2] = {0};
    if (!CHECK(pipe(pipes) == 0)) return;
    pid_t parent = fork();
    if (parent == 0) {
        if (!start("jobs=1")) _exit(1);
        int both[2] = {pid_of(1, "template"), pid_of(1, "pid")};
        if (write(pipes[1], both, sizeof both) < 0) _exit(1);
        raise(SIGKILL);
    }
    close(pipes[1]);
    CHECK(read(pipes[0], pid, sizeof pid) == sizeof pid);
    close(pipes[0]);
    waitpid(parent, NULL, 0);
    for (int i = 0; i < 2; i++) {
        int tries = 0;
        while (pid[i] > 0 && kill(pid[i], 0) == 0 && tries++ < 200) nap(0.01);
        CHECK(pid[i] > 0 && tries < 200);
    }
}

static const check_test tests[] = {
    CHECK_TEST(test_template__is_loaded_once_for_all_workers),
    CHECK_TEST(test_template__serves_workers_side_by_side),
    CHECK_TEST(test_template__killed_is_loaded_again),
    CHECK_TEST(test_template__stopped_is_noticed),
    CHECK_TEST(test_worker__stopped_is_noticed),
    CHECK_TEST(test_worker__stopped_for_a_moment_goes_on),
    CHECK_TEST(test_template__fork_is_faster_than_a_load),
    CHECK_TEST(test_template__of_many_loads_stay_loaded),
    CHECK_TEST(test_template__not_used_for_longest_goes),
    CHECK_TEST(test_template__is_not_believed),
    CHECK_TEST(test_template__buries_what_dies_at_rest),
    CHECK_TEST(test_template__killed_while_it_forks_loses_no_job),
    CHECK_TEST(test_template__ends_with_its_parent),
    {0},
};

int main(int argc, char **argv)
{
    return exec_main(argc, argv, tests);
}
