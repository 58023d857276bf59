/* Executors: every job comes back once, whatever happens to the workers. This
   program is its own worker: `test_exec worker`. */
#include "check.h"
#include "exec/exec.h"
#include "exec/frame.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* ---- the worker's side
 * -------------------------------------------------------- */

static void nap(double seconds)
{
    struct timespec t = {(time_t)seconds,
                         (long)(1e9 * (seconds - (double)(time_t)seconds))};
    while (nanosleep(&t, &t) != 0 && errno == EINTR) continue;
}

static void raw(tp_str bytes)
{
    if (write(3, bytes.at, (size_t)bytes.len) != bytes.len) _exit(2);
}

/* A frame of any type and length, right or wrong. */
static void raw_frame(int type, ptrdiff_t len, tp_str bytes)
{
    char head[TP_FRAME_HEAD];
    tp_frame_head(head, (tp_frame_type)type, len);
    raw((tp_str){head, TP_FRAME_HEAD});
    raw(bytes);
}

static void crash(tp_str rest)
{
    (void)rest;
    signal(SIGSEGV, SIG_DFL);
    raise(SIGSEGV);
}

static void leave(tp_str rest)
{
    double status = 0;
    tp_number_all(rest, &status);
    _exit((int)status);
}

static void hang(tp_str rest)
{
    (void)rest;
    for (volatile bool on = true; on;) continue;
}

static void rest_a_while(tp_str rest)
{
    double seconds = 0;
    tp_number_all(rest, &seconds);
    nap(seconds);
}

static void stop(tp_str rest)
{
    (void)rest;
    raise(SIGSTOP);
}

static void talk(tp_str rest)
{
    double lines = 0;
    tp_number_all(rest, &lines);
    for (int i = 0; i < (int)lines; i++) fprintf(stderr, "line %d\n", i);
    _exit(3);
}

static void garbage(tp_str rest)
{
    (void)rest;
    raw(TP_S("what is this? certainly no frame"));
    nap(60);
}

static void bad_type(tp_str rest)
{
    (void)rest;
    raw_frame(77, 0, TP_S(""));
    nap(60);
}

static void our_type(tp_str rest)
{
    (void)rest;
    raw_frame(TP_FRAME_JOB, 0, TP_S(""));
    nap(60);
}

static void too_long(tp_str rest)
{
    (void)rest;
    raw_frame(TP_FRAME_ANSWER, (ptrdiff_t)TP_FRAME_MAX + 1, TP_S(""));
    nap(60);
}

static void wrong_id(tp_str rest)
{
    (void)rest;
    raw_frame(TP_FRAME_ANSWER, 8, TP_S("\1\2\3\4\5\6\7\10"));
    nap(60);
}

static void no_id(tp_str rest)
{
    (void)rest;
    raw_frame(TP_FRAME_ANSWER, 3, TP_S("abc"));
    nap(60);
}

static void half(tp_str rest)
{
    (void)rest;
    raw_frame(TP_FRAME_ANSWER, 100, TP_S("only this much"));
    _exit(9);
}

static void half_head(tp_str rest)
{
    (void)rest;
    raw(TP_S("TPW1"));
    _exit(9);
}

static void deaf(tp_str rest)
{
    (void)rest;
    close(3);
    nap(60);
}

static void retire(tp_str rest)
{
    (void)rest;
    tp_exec_retire();
}

static void orphan(tp_str rest)
{
    (void)rest;
    if (fork() == 0) nap(60);
    _exit(4);
}

static const struct {
    const char *word;
    void (*act)(tp_str rest);
} acts[] = {
    {"crash", crash},        {"exit", leave},          {"hang", hang},
    {"sleep", rest_a_while}, {"stop", stop},           {"talk", talk},
    {"garbage", garbage},    {"bad-type", bad_type},   {"our-type", our_type},
    {"too-long", too_long},  {"wrong-id", wrong_id},   {"no-id", no_id},
    {"half-answer", half},   {"half-head", half_head}, {"deaf", deaf},
    {"retire", retire},      {"orphan", orphan},
};

static int count_fds(void)
{
    int  n = 0;
    DIR *d = opendir("/proc/self/fd");
    while (d && readdir(d)) n++;
    if (d) closedir(d);
    return n - 3; /* ".", "..", its own */
}

/* Answers "load/ask"; the ask's first word may be one of `acts`, or "pid" or
   "fds". */
static tp_str work(void *with, tp_str ask, tp_arena *mem)
{
    tp_str rest = ask, word = tp_str_word(&rest, " ");
    for (int i = 0; i < TP_COUNT(acts); i++)
        if (tp_str_eq(word, tp_str_of(acts[i].word)))
            acts[i].act(tp_str_trim(rest));
    if (tp_str_eq(word, TP_S("pid")) || tp_str_eq(word, TP_S("retire")))
        return tp_str_fmt(mem, "%d", (int)getpid());
    if (tp_str_eq(word, TP_S("fds"))) return tp_str_fmt(mem, "%d", count_fds());
    if (tp_str_eq(word, TP_S("env")))
        return tp_str_copy(mem, tp_str_of(getenv("OMP_THREAD_LIMIT")));
    return tp_str_fmt(mem, "%s/%.*s", (const char *)with, TP_F(ask));
}

/* True once for each file name. */
static bool first_time(tp_str path)
{
    char name[400];
    snprintf(name, sizeof name, "%.*s", TP_F(path));
    return unlink(name) == 0;
}

/* A load is a name, or "WHAT...": "once PATH WHAT" does WHAT where it can
   remove the file PATH. */
static void *load(tp_str text, tp_err *err)
{
    static char name[100];
    tp_str      rest = text, word = tp_str_word(&rest, " ");
    bool        act = true;
    if (tp_str_eq(word, TP_S("once"))) {
        act = first_time(tp_str_word(&rest, " "));
        word = tp_str_word(&rest, " ");
    }
    if (act && tp_str_eq(word, TP_S("refuse"))) {
        tp_source from = {TP_S("amp.cir"), TP_S("one\nr1 a b {zz}\n")};
        tp_fail_at(err, TP_BAD_INPUT, (tp_place){&from, 2, 8}, "no zz here");
        return NULL;
    }
    for (int i = 0; act && i < TP_COUNT(acts); i++)
        if (tp_str_eq(word, tp_str_of(acts[i].word)))
            acts[i].act(tp_str_trim(rest));
    snprintf(name, sizeof name, "%.*s", TP_F(text));
    return name;
}

/* ---- the parent's side
 * --------------------------------------------------------- */

static tp_exec            x;
static const tp_exec_ops *ops;

static bool start(const char *settings)
{
    tp_err err = {0};
    ops = tp_exec_find(TP_S("local"));
    x = (tp_exec){.settings = tp_exec_settings(ops, check_mem())};
    return CHECK_OK(tp_params_set_list(ops->params, x.settings,
                                       tp_str_of(settings), check_mem(), &err),
                    &err) &&
           CHECK_OK(ops->open(&x, &err), &err) &&
           CHECK_OK(ops->put(&x, 1, TP_S("fine"), &err), &err);
}

static bool submit(uint64_t id, uint64_t key, const char *ask, double seconds)
{
    tp_err err = {0};
    tp_job job = {id, key, tp_str_of(ask), seconds};
    return CHECK_OK(ops->submit(&x, &job, &err), &err);
}

static tp_done wait_ms(int ms)
{
    tp_done out;
    tp_err  err = {0};
    CHECK_OK(ops->wait(&x, ms, check_mem(), &out, &err), &err);
    return out;
}

static tp_done one(uint64_t key, const char *ask, double seconds)
{
    static uint64_t id;
    if (!submit(++id, key, ask, seconds)) return (tp_done){0};
    tp_done out = wait_ms(-1);
    CHECK_INT(out.id, id);
    return out;
}

/* Closes; nothing is left of it. */
static void finish(int fds)
{
    ops->close(&x);
    CHECK_INT(count_fds(), fds);
    errno = 0;
    CHECK(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
}

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

static void test_exec__says_how_a_worker_died(void)
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

static void test_exec__ends_jobs_over_their_limits(void)
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

static void test_exec__has_a_limit_for_jobs_without_one(void)
{
    int fds = count_fds();
    if (!start("jobs=1,seconds=0.1,grace=20")) return;
    double begun = tp_now();
    CHECK_INT(one(1, "hang", 0).how, TP_END_OVERDUE);
    CHECK(tp_now() - begun < 5); /* the worker ended itself, on CPU time */
    finish(fds);
}

static void test_exec__believes_no_frame(void)
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

/* ---- loads
 * -------------------------------------------------------------------- */

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

static void test_exec__starts_again_when_a_load_dies_once(void)
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

static void test_exec__gives_up_on_a_load_that_always_dies(void)
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

static void test_exec__says_which_program_it_can_not_start(void)
{
    int fds = count_fds();
    if (!start("jobs=2,program=/nowhere/to/be/found")) return;
    tp_done d = one(1, "a", 0);
    CHECK_INT(d.how, TP_END_DIED);
    CHECK_INT(d.status, 127);
    CHECK_HAS(d.log, "can't start /nowhere/to/be/found: No such file");
    finish(fds);
}

/* ---- kills
 * ---------------------------------------------------------------------- */

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

static void test_exec__loses_no_job_when_workers_are_killed(void)
{
    enum { JOBS = 500 };
    static bool seen[JOBS + 1];
    int         fds = count_fds(), sent = 0, n = 0, died = 0;
    tp_rng      rng = tp_rng_at(1, 1);
    tp_arena    whole = *check_mem();
    memset(seen, 0, sizeof seen);
    if (!start("jobs=3")) return;
    whole = *check_mem();
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

static void test_exec__replaces_a_worker_killed_while_idle(void)
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

static void test_exec__kills_what_a_worker_has_started(void)
{
    int fds = count_fds();
    if (!start("jobs=1")) return;
    CHECK_INT(one(1, "orphan", 0).status, 4);
    finish(fds);
}

static void test_exec__lets_no_worker_outlive_its_parent(void)
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

/* ---- the rest
 * ------------------------------------------------------------------- */

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
    if (!start("jobs=1")) return;
    CHECK_STR(one(1, "fds", 0).answer, "4");
    CHECK_STR(one(1, "env", 0).answer, "1");
    unsetenv("OMP_THREAD_LIMIT");
    finish(fds);
}

static void test_exec__limits_memory(void)
{
#ifndef __SANITIZE_ADDRESS__
    int fds = count_fds();
    if (!start("jobs=1,memory=400")) return;
    CHECK_STR(one(1, "a", 0).answer, "fine/a");
    finish(fds);
#endif
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
    CHECK_TEST(test_exec__says_how_a_worker_died),
    CHECK_TEST(test_exec__ends_jobs_over_their_limits),
    CHECK_TEST(test_exec__has_a_limit_for_jobs_without_one),
    CHECK_TEST(test_exec__believes_no_frame),
    CHECK_TEST(test_exec__gives_each_key_its_load),
    CHECK_TEST(test_exec__passes_a_refusal_on_with_its_place),
    CHECK_TEST(test_exec__starts_again_when_a_load_dies_once),
    CHECK_TEST(test_exec__gives_up_on_a_load_that_always_dies),
    CHECK_TEST(test_exec__says_which_program_it_can_not_start),
    CHECK_TEST(test_exec__loses_no_job_when_workers_are_killed),
    CHECK_TEST(test_exec__replaces_a_worker_killed_while_idle),
    CHECK_TEST(test_exec__kills_what_a_worker_has_started),
    CHECK_TEST(test_exec__lets_no_worker_outlive_its_parent),
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
    if (argc > 1 && strcmp(argv[1], "worker") == 0)
        return tp_exec_serve(3, load, work);
    return check_main(tests);
}
