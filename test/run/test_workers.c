/* Runs in worker processes: attempts, time limits, workers that are killed;
   one evaluation alone; the proof. This program is its own worker. */
#include "run/setup.h"

#include <dirent.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

static setup *make_local(const char *simulator)
{
    setup *s = setup_make("RANDOM_SEARCH,near=0", simulator);
    s->set.exec = TP_S("local");
    return s;
}

static void rest(int ms)
{
    struct timespec t = {ms / 1000, ms % 1000 * 1000000L};
    nanosleep(&t, NULL);
}

/* The worker of `parent`: its last process but for `me` (the first is the
   template); 0 none. */
static pid_t child_of(pid_t parent, pid_t me)
{
    DIR  *d = opendir("/proc");
    pid_t found = 0;
    int   n = 0;
    for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
        char  path[300], state;
        int   pid = atoi(e->d_name), of;
        FILE *f;
        if (pid < 2 || pid == me) continue;
        snprintf(path, sizeof path, "/proc/%d/stat", pid);
        if (!(f = fopen(path, "r"))) continue;
        if (fscanf(f, "%*d (%*[^)]) %c %d", &state, &of) == 2 && of == parent &&
            state != 'Z') {
            if (pid > found) found = pid;
            n++;
        }
        fclose(f);
    }
    if (d) closedir(d);
    return n > 1 ? found : 0;
}

/* Kills a worker of this process `ms` after it was first seen. */
static pid_t kill_one_after(int ms)
{
    pid_t parent = getpid(), pid = fork(), worker = 0;
    if (pid) return pid;
    for (int i = 0; i < 1000 && !worker; i++) {
        rest(10);
        worker = child_of(parent, getpid());
    }
    rest(ms);
    if (worker) kill(worker, SIGKILL);
    _exit(0);
}

static void test_workers__give_what_one_process_gives(void)
{
    setup    *s = setup_make("RANDOM_SEARCH", "fake");
    tp_status st;
    tp_err    err;
    s->set.max_trials = 40;
    tp_run *r = setup_run(s, NULL, &st, &err);
    record  one = setup_read(s->store, tp_run_id(r));
    tp_run_close(r);
    s->set.exec = TP_S("local");
    for (int jobs = 1; jobs <= 4; jobs += 3) {
        s->set.jobs = jobs;
        r = setup_run(s, NULL, &st, &err);
        CHECK_OK(st, &err);
        record many = setup_read(s->store, tp_run_id(r));
        CHECK_INT(many.n_trial, one.n_trial);
        CHECK_INT(many.n_event, one.n_event);
        for (int i = 0; i < one.n_trial; i++) {
            CHECK(tp_str_eq(many.trial[i].x, one.trial[i].x));
            CHECK(tp_str_eq(many.trial[i].readings, one.trial[i].readings));
        }
        for (int i = 0; i < one.n_event; i++)
            CHECK(tp_str_eq(many.event[i].data, one.event[i].data));
        tp_run_close(r);
        CHECK_INT(child_of(getpid(), 0), 0);
    }
    setup_close(s);
}

static void test_workers__that_die_three_times_fail_the_trial(void)
{
    setup    *s = make_local("fake,trouble=crash:a>8 exit:b<1");
    tp_status st;
    tp_err    err;
    int       crashed = 0, left = 0;
    s->set.max_trials = 16;
    tp_run *r = setup_run(s, NULL, &st, &err);
    CHECK_OK(st, &err);
    record k = setup_read(s->store, tp_run_id(r));
    for (int i = 0; i < k.n_trial; i++) {
        const tp_trial_row *t = &k.trial[i];
        const double       *x = setup_x(t);
        bool                dies = x[0] > 8 || x[1] < 1;
        CHECK_STR(t->outcome, dies ? "died" : "ran");
        CHECK_INT(t->attempts, dies ? 3 : 1);
        if (x[0] > 8) CHECK_HAS(t->why, "ended by Segmentation fault");
        if (x[0] <= 8 && dies) CHECK_HAS(t->why, "exited with status 7");
        crashed += x[0] > 8;
        left += x[0] <= 8 && dies;
    }
    CHECK(crashed && left);
    CHECK_INT(k.row.n_failed, crashed + left);
    tp_run_close(r);
    setup_close(s);
}

static void test_workers__attempts_are_a_setting(void)
{
    setup    *s = make_local("fake,trouble=crash:a>2");
    tp_status st;
    tp_err    err;
    s->set.attempts = 2;
    tp_run *r = setup_run(s, NULL, &st, &err);
    CHECK_INT(st, TP_SIM); /* the first trial dies */
    CHECK_HAS(tp_str_of(err.msg), "died");
    record k = setup_read(s->store, tp_run_id(r));
    CHECK_INT(k.trial[0].attempts, 2);
    tp_run_close(r);
    setup_close(s);
}

static void test_workers__killed_from_outside_cost_one_attempt(void)
{
    setup *s = make_local("fake,trouble=sleep:a>2.9,seconds=1.2");
    s->var[0].hi = 3; /* the start sleeps, few others */
    tp_status st;
    tp_err    err;
    s->set.max_trials = 3;
    pid_t   killer = kill_one_after(600);
    tp_run *r = setup_run(s, NULL, &st, &err);
    waitpid(killer, NULL, 0);
    CHECK_OK(st, &err);
    record k = setup_read(s->store, tp_run_id(r));
    CHECK_INT(k.n_trial, 3);
    CHECK_STR(k.trial[0].outcome, "ran");
    CHECK_INT(k.trial[0].attempts, 2);
    CHECK_INT(k.row.n_failed, 0);
    tp_run_close(r);
    setup_close(s);
}

static void test_workers__overdue_trials_are_not_tried_again(void)
{
    setup    *s = make_local("fake,trouble=hang:a>8");
    tp_status st;
    tp_err    err;
    int       late = 0;
    s->set.max_trials = 12;
    s->set.trial_time = 0.1;
    tp_run *r = setup_run(s, NULL, &st, &err);
    CHECK_OK(st, &err);
    record k = setup_read(s->store, tp_run_id(r));
    for (int i = 0; i < k.n_trial; i++) {
        bool hangs = setup_x(&k.trial[i])[0] > 8;
        CHECK_STR(k.trial[i].outcome, hangs ? "timed-out" : "ran");
        CHECK_INT(k.trial[i].attempts, 1);
        if (hangs) CHECK_HAS(k.trial[i].why, "over the time limit");
        late += hangs;
    }
    CHECK(late > 0);
    tp_run_close(r);
    setup_close(s);
}

/* ---- one evaluation ----------------------------------------------------- */

static void test_once__measures_at_the_start_and_elsewhere(void)
{
    setup       *s = setup_make("", "fake");
    tp_err       err = {0};
    tp_trial     t;
    const double x[] = {2, 5};
    CHECK_OK(tp_run_once(&t, &s->p, &s->set, NULL, check_mem(), &err), &err);
    CHECK_STR(t.outcome, "ran");
    CHECK_NEAR(t.x[0], 3, 0);
    CHECK_NEAR(t.reading[0].value, 13, 1e-12);
    CHECK_NEAR(t.reading[1].value, 7, 1e-12);
    CHECK(t.score.feasible);
    CHECK_OK(tp_run_once(&t, &s->p, &s->set, x, check_mem(), &err), &err);
    CHECK_NEAR(t.reading[0].value, 17, 1e-12);
    s->set.set = TP_S("a=1,b=2");
    CHECK_OK(tp_run_once(&t, &s->p, &s->set, NULL, check_mem(), &err), &err);
    CHECK_NEAR(t.reading[1].value, 3, 1e-12);
    CHECK(!t.score.feasible);
    setup_close(s);
}

static void test_once__failure_is_a_trial_and_nonsense_an_error(void)
{
    setup   *s = setup_make("", "fake,trouble=diverge:a>2");
    tp_err   err = {0};
    tp_trial t;
    CHECK_OK(tp_run_once(&t, &s->p, &s->set, NULL, check_mem(), &err), &err);
    CHECK_STR(t.outcome, "no-convergence");
    CHECK_STR(t.why, "fake: told not to converge");
    CHECK(t.reading == NULL);
    s->set.simulator = TP_S("nope");
    CHECK_INT(tp_run_once(&t, &s->p, &s->set, NULL, check_mem(), &err),
              TP_BAD_INPUT);
    s->set.simulator = TP_S("fake,pionts=1");
    CHECK_INT(tp_run_once(&t, &s->p, &s->set, NULL, check_mem(), &err),
              TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "points");
    setup_close(s);
}

/* ---- the proof ---------------------------------------------------------- */

/* A divider: out = a / (1 + b), simulated by ngspice. */
static setup *divider(void)
{
    setup *s = make_local("ngspice");
    s->circuit.text = TP_S("divider\n.param a=3\n.param b=4\nV1 in 0 {a}\n"
                           "R1 in out {b}\nR2 out 0 1\n.end\n");
    s->p.n_measure = 0;
    setup_measure(s, "out", TP_MINIMISE, 0);
    s->var[1].lo = 0.5;
    s->set.max_trials = 4;
    return s;
}

static void test_prove__agrees_with_a_fresh_simulator(void)
{
    setup    *s = divider();
    tp_status st;
    tp_err    err;
    tp_proof  proof, stored;
    tp_run   *r = setup_run(s, NULL, &st, &err);
    if (!CHECK_OK(st, &err)) return;
    const tp_trial *best = tp_run_best(r);
    CHECK_NEAR(best->reading[0].value, best->x[0] / (1 + best->x[1]), 1e-9);
    CHECK_OK(tp_run_prove(r, &proof, check_mem(), &err), &err);
    CHECK(proof.done && proof.same);
    CHECK(proof.max_relative_difference <= 1e-6);
    CHECK_STR(proof.simulator, "ngspice -b");
    CHECK(proof.seconds > 0);
    record k = setup_read(s->store, tp_run_id(r));
    CHECK_OK(tp_proof_unpack(&stored, k.row.proof, &err), &err);
    CHECK(stored.done && stored.same);
    tp_run_close(r);
    setup_close(s);
}

static void test_prove__names_what_differs(void)
{
    setup    *s = divider();
    tp_status st;
    tp_err    err;
    tp_proof  proof;
    tp_run   *r = setup_run(s, NULL, &st, &err);
    if (!CHECK_OK(st, &err)) return;
    tp_reading *bent = (tp_reading *)(uintptr_t)tp_run_best(r)->reading;
    bent->value *= 1.001;
    CHECK_OK(tp_run_prove(r, &proof, check_mem(), &err), &err);
    CHECK(proof.done && !proof.same);
    CHECK_NEAR(proof.max_relative_difference, 0.001 / 1.001, 1e-9);
    CHECK_HAS(proof.why, "out: ");
    CHECK_HAS(proof.why, " in the run, ");
    *bent = (tp_reading){.why = TP_S("never")};
    CHECK_OK(tp_run_prove(r, &proof, check_mem(), &err), &err);
    CHECK(proof.done && !proof.same);
    CHECK(isinf(proof.max_relative_difference));
    CHECK_HAS(proof.why, "out: no value in the run");
    tp_run_close(r);
    setup_close(s);
}

static void test_prove__without_the_program_says_so(void)
{
    setup      *s = divider();
    tp_status   st;
    tp_err      err;
    tp_proof    proof;
    tp_run     *r = setup_run(s, NULL, &st, &err);
    const char *path = getenv("PATH");
    char       *had = tp_str_z(check_mem(), tp_str_of(path));
    if (!CHECK_OK(st, &err)) return;
    setenv("PATH", "/nonexistent", 1);
    CHECK_OK(tp_run_prove(r, &proof, check_mem(), &err), &err);
    setenv("PATH", had, 1);
    CHECK(!proof.done && !proof.same);
    CHECK_HAS(proof.why, "ngspice");
    tp_run_close(r);
    setup_close(s);
}

static void test_prove__without_a_result(void)
{
    setup    *s = setup_make("COBYLA", "fake,trouble=fail:a>2");
    tp_status st;
    tp_err    err;
    tp_proof  proof;
    tp_run   *r = setup_run(s, NULL, &st, &err);
    CHECK(tp_run_best(r) == NULL);
    CHECK_OK(tp_run_prove(r, &proof, check_mem(), &err), &err);
    CHECK(!proof.done);
    CHECK_STR(proof.why, "no trial ran");
    tp_run_close(r);
    setup_close(s);
}

static const check_test tests[] = {
    CHECK_TEST(test_workers__give_what_one_process_gives),
    CHECK_TEST(test_workers__that_die_three_times_fail_the_trial),
    CHECK_TEST(test_workers__attempts_are_a_setting),
    CHECK_TEST(test_workers__killed_from_outside_cost_one_attempt),
    CHECK_TEST(test_workers__overdue_trials_are_not_tried_again),
    CHECK_TEST(test_once__measures_at_the_start_and_elsewhere),
    CHECK_TEST(test_once__failure_is_a_trial_and_nonsense_an_error),
    CHECK_TEST(test_prove__agrees_with_a_fresh_simulator),
    CHECK_TEST(test_prove__names_what_differs),
    CHECK_TEST(test_prove__without_the_program_says_so),
    CHECK_TEST(test_prove__without_a_result),
    {0},
};

int main(int argc, char **argv)
{
    if (argc > 1 && !strcmp(argv[1], "worker"))
        return tp_exec_serve(3, tp_eval_work_load, tp_eval_work);
    return check_main(tests);
}
