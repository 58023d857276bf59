/* A worker that does what it is told, and the parent's side of a test. A test
   program that includes this is its own worker: exec_main(). */
#ifndef TP_TEST_EXEC_WORKER_H
#define TP_TEST_EXEC_WORKER_H

#include "check.h"
#include "exec/exec.h"
#include "exec/frame.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* ---- the worker's side ------------------------------------------- */

static inline void nap(double seconds)
{
    struct timespec t = {(time_t)seconds,
                         (long)(1e9 * (seconds - (double)(time_t)seconds))};
    while (nanosleep(&t, &t) != 0 && errno == EINTR) continue;
}

static inline void raw(tp_str bytes)
{
    if (write(3, bytes.at, (size_t)bytes.len) != bytes.len) _exit(2);
}

/* A frame of any type and length, right or wrong. */
static inline void raw_frame(int type, ptrdiff_t len, tp_str bytes)
{
    char head[TP_FRAME_HEAD];
    tp_frame_head(head, (tp_frame_type)type, len);
    raw((tp_str){head, TP_FRAME_HEAD});
    raw(bytes);
}

static inline void crash(tp_str rest)
{
    (void)rest;
    signal(SIGSEGV, SIG_DFL);
    raise(SIGSEGV);
}

static inline void leave(tp_str rest)
{
    double status = 0;
    tp_number_all(rest, &status);
    _exit((int)status);
}

static inline void hang(tp_str rest)
{
    (void)rest;
    for (volatile bool on = true; on;) continue;
}

static inline void rest_a_while(tp_str rest)
{
    double seconds = 0;
    tp_number_all(rest, &seconds);
    nap(seconds);
}

static inline void stop(tp_str rest)
{
    (void)rest;
    raise(SIGSTOP);
}

static inline void talk(tp_str rest)
{
    double lines = 0;
    tp_number_all(rest, &lines);
    for (int i = 0; i < (int)lines; i++) fprintf(stderr, "line %d\n", i);
    _exit(3);
}

static inline void garbage(tp_str rest)
{
    (void)rest;
    raw(TP_S("what is this? certainly no frame"));
    nap(60);
}

static inline void bad_type(tp_str rest)
{
    (void)rest;
    raw_frame(77, 0, TP_S(""));
    nap(60);
}

static inline void our_type(tp_str rest)
{
    (void)rest;
    raw_frame(TP_FRAME_JOB, 0, TP_S(""));
    nap(60);
}

static inline void too_long(tp_str rest)
{
    (void)rest;
    raw_frame(TP_FRAME_ANSWER, (ptrdiff_t)TP_FRAME_MAX + 1, TP_S(""));
    nap(60);
}

static inline void wrong_id(tp_str rest)
{
    (void)rest;
    raw_frame(TP_FRAME_ANSWER, 8, TP_S("\1\2\3\4\5\6\7\10"));
    nap(60);
}

static inline void no_id(tp_str rest)
{
    (void)rest;
    raw_frame(TP_FRAME_ANSWER, 3, TP_S("abc"));
    nap(60);
}

static inline void half(tp_str rest)
{
    (void)rest;
    raw_frame(TP_FRAME_ANSWER, 100, TP_S("only this much"));
    _exit(9);
}

static inline void half_head(tp_str rest)
{
    (void)rest;
    raw(TP_S("TPW2"));
    _exit(9);
}

/* The answer to job 7 as it should be, and something behind it. */
static inline void babble(tp_str rest)
{
    char answer[TP_FRAME_HEAD + 12];
    (void)rest;
    tp_frame_head(answer, TP_FRAME_ANSWER, 8);
    memcpy(answer + TP_FRAME_HEAD, "\7\0\0\0\0\0\0\0more", 12);
    raw((tp_str){answer, sizeof answer});
    nap(60);
}

static inline void deaf(tp_str rest)
{
    (void)rest;
    close(3);
    nap(60);
}

static inline void retire(tp_str rest)
{
    (void)rest;
    tp_exec_retire();
}

static inline void orphan(tp_str rest)
{
    (void)rest;
    if (fork() == 0) nap(60);
    _exit(4);
}

/* Takes memory and fills it; says "full" when there is no more. */
static inline tp_str eat(tp_str rest, tp_arena *mem)
{
    double mb = 0;
    tp_number_all(rest, &mb);
    size_t size = (size_t)mb << 20;
    char  *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) return TP_S("full");
    memset(at, 1, size);
    munmap(at, size);
    return tp_str_fmt(mem, "%g MB", mb);
}

/* Says that it has forked a process that it has not. */
static inline void claim(tp_str rest)
{
    double pid = 0;
    char   room[64];
    tp_buf b = {.mem = &(tp_arena){room, room + sizeof room, NULL}};
    tp_number_all(rest, &pid);
    tp_pack_int(&b, (int64_t)pid);
    raw_frame(TP_FRAME_LOADED, 0, TP_S(""));
    raw_frame(TP_FRAME_FORKED, 8, tp_buf_str(&b));
    nap(60);
}

static pid_t loaded_in; /* the process that has loaded: the template */

static const struct {
    const char *word;
    void (*act)(tp_str rest);
} acts[] = {
    {"crash", crash},        {"exit", leave},          {"hang", hang},
    {"sleep", rest_a_while}, {"stop", stop},           {"talk", talk},
    {"garbage", garbage},    {"bad-type", bad_type},   {"our-type", our_type},
    {"too-long", too_long},  {"wrong-id", wrong_id},   {"no-id", no_id},
    {"half-answer", half},   {"half-head", half_head}, {"deaf", deaf},
    {"babble", babble},      {"retire", retire},       {"orphan", orphan},
    {"claim", claim},
};

static inline int count_fds(void)
{
    int  n = 0;
    DIR *d = opendir("/proc/self/fd");
    while (d && readdir(d)) n++;
    if (d) closedir(d);
    return n - 3; /* ".", "..", its own */
}

/* Answers "load/ask"; the ask's first word may be one of `acts`, or "pid" or
   "fds". */
static inline tp_str work(void *with, tp_str ask, tp_arena *mem)
{
    tp_str rest = ask, word = tp_str_word(&rest, " ");
    for (int i = 0; i < TP_COUNT(acts); i++)
        if (tp_str_eq(word, tp_str_of(acts[i].word)))
            acts[i].act(tp_str_trim(rest));
    if (tp_str_eq(word, TP_S("pid")) || tp_str_eq(word, TP_S("retire")))
        return tp_str_fmt(mem, "%d", (int)getpid());
    if (tp_str_eq(word, TP_S("eat"))) return eat(tp_str_trim(rest), mem);
    if (tp_str_eq(word, TP_S("template")))
        return tp_str_fmt(mem, "%d", (int)loaded_in);
    if (tp_str_eq(word, TP_S("fds"))) return tp_str_fmt(mem, "%d", count_fds());
    if (tp_str_eq(word, TP_S("env")))
        return tp_str_fmt(mem, "%s %s", getenv("OMP_THREAD_LIMIT"),
                          getenv("TZ"));
    return tp_str_fmt(mem, "%s/%.*s", (const char *)with, TP_F(ask));
}

/* True once for each file name. */
static inline bool first_time(tp_str path)
{
    char name[400];
    snprintf(name, sizeof name, "%.*s", TP_F(path));
    return unlink(name) == 0;
}

/* A load is a name, or "WHAT...": "once PATH WHAT" does WHAT where it can
   remove the file PATH. */
static inline void *load(tp_str text, tp_err *err)
{
    static char name[100];
    tp_str      rest = text, word = tp_str_word(&rest, " ");
    bool        act = true;
    loaded_in = getpid();
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

/* ---- the parent's side ------------------------------------------- */

static tp_exec            x;
static const tp_exec_ops *ops;

static inline bool start(const char *settings)
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

static inline bool submit(uint64_t id, uint64_t key, const char *ask,
                          double seconds)
{
    tp_err err = {0};
    tp_job job = {id, key, tp_str_of(ask), seconds};
    return CHECK_OK(ops->submit(&x, &job, &err), &err);
}

static inline tp_done wait_ms(int ms)
{
    tp_done out;
    tp_err  err = {0};
    CHECK_OK(ops->wait(&x, ms, check_mem(), &out, &err), &err);
    return out;
}

static inline tp_done one(uint64_t key, const char *ask, double seconds)
{
    static uint64_t id;
    if (!submit(++id, key, ask, seconds)) return (tp_done){0};
    tp_done out = wait_ms(-1);
    CHECK_INT(out.id, id);
    return out;
}

/* Closes; nothing is left of it. */
static inline void finish(int fds)
{
    ops->close(&x);
    CHECK_INT(count_fds(), fds);
    errno = 0;
    CHECK(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
}

static inline int exec_main(int argc, char **argv, const check_test *tests)
{
    if (argc > 1 && strcmp(argv[1], "worker") == 0)
        return tp_exec_serve(3, load, work);
    return check_main(tests);
}
#endif
