/* The worker's side: one frame in, one or two out, until the parent closes. */
#include "exec/frame.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

static bool retired; /* of this process */

void tp_exec_retire(void)
{
    retired = true;
}

/* Reads exactly `len` bytes; false at the end of the stream. */
static bool read_exactly(int fd, char *at, ptrdiff_t len)
{
    while (len > 0) {
        ssize_t n = recv(fd, at, (size_t)len, 0);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        at += n;
        len -= n;
    }
    return true;
}

static bool write_exactly(int fd, tp_str bytes)
{
    while (bytes.len > 0) {
        ssize_t n = send(fd, bytes.at, (size_t)bytes.len, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        bytes = tp_str_from(bytes, n);
    }
    return true;
}

static bool reply(int fd, tp_frame_type type, tp_str bytes, tp_str more)
{
    char head[TP_FRAME_HEAD];
    if (more.len > TP_FRAME_MAX - bytes.len) return false;
    tp_frame_head(head, type, bytes.len + more.len);
    return write_exactly(fd, (tp_str){head, TP_FRAME_HEAD}) &&
           write_exactly(fd, bytes) && write_exactly(fd, more);
}

static void on_overdue(int signal)
{
    (void)signal;
    _exit(TP_EXIT_OVERDUE);
}

/* Ends the process after that much CPU time; 0: no limit from now on. */
static void limit_cpu(double seconds)
{
    struct itimerval t = {{0, 0}, {0, 0}};
    if (seconds > 0 && seconds < 1e9) {
        t.it_value.tv_sec = (time_t)seconds;
        t.it_value.tv_usec =
            (suseconds_t)(1e6 * (seconds - (double)(time_t)seconds));
        if (t.it_value.tv_sec == 0 && t.it_value.tv_usec == 0)
            t.it_value.tv_usec = 1;
    }
    setitimer(ITIMER_PROF, &t, NULL);
}

/* What a worker holds. */
typedef struct worker {
    int           fd;
    tp_work_load *load;
    tp_work      *work;
    void         *with;
    tp_arena      loads, jobs;
} worker;

static bool do_load(worker *w, tp_unpack u)
{
    tp_err err = {0};
    limit_cpu(tp_unpack_double(&u));
    w->with = u.bad ? NULL : w->load(u.rest, &err);
    limit_cpu(0);
    if (w->with) return reply(w->fd, TP_FRAME_LOADED, TP_S(""), TP_S(""));
    if (!err.code) tp_fail(&err, TP_BAD_INPUT, "the load is not understood");
    tp_buf b = {.mem = &w->jobs};
    tp_frame_pack_err(&b, &err);
    return reply(w->fd, TP_FRAME_REFUSED, tp_buf_str(&b), TP_S(""));
}

static bool do_job(worker *w, tp_unpack u)
{
    tp_buf  id = {.mem = &w->jobs};
    int64_t number = tp_unpack_int(&u);
    double  seconds = tp_unpack_double(&u);
    if (u.bad || !w->with) return false;
    tp_pack_int(&id, number);
    if (!reply(w->fd, TP_FRAME_STARTED, tp_buf_str(&id), TP_S("")))
        return false;
    limit_cpu(seconds);
    tp_str answer = w->work(w->with, u.rest, &w->jobs);
    limit_cpu(0);
    return reply(w->fd, retired ? TP_FRAME_LAST : TP_FRAME_ANSWER,
                 tp_buf_str(&id), answer);
}

static void prepare(int fd)
{
    struct sigaction act = {.sa_handler = on_overdue};
    sigset_t         interrupt;
    sigaction(SIGPROF, &act, NULL);
    signal(SIGPIPE, SIG_IGN);
    /* The parent decides when a worker ends. Blocked, not only ignored: a
       simulator may put a handler of its own there. */
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    sigprocmask(SIG_BLOCK, &interrupt, NULL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    fcntl(fd, F_SETFD, FD_CLOEXEC); /* not for programs it starts */
}

/* As much address space as may be had: a quarter where it is limited. */
static ptrdiff_t arena_size(ptrdiff_t wanted)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return wanted;
    ptrdiff_t quarter = (ptrdiff_t)(limit.rlim_cur / 4);
    return quarter < wanted ? quarter : wanted;
}

int tp_exec_serve(int fd, tp_work_load *load, tp_work *work)
{
    static bool (*const act[])(worker * w, tp_unpack u) = {
        [TP_FRAME_LOAD] = do_load,
        [TP_FRAME_JOB] = do_job,
    };
    worker w = {.fd = fd, .load = load, .work = work};
    char   head[TP_FRAME_HEAD];
    int    status = 0;
    prepare(fd);
    w.loads = tp_arena_open(arena_size((ptrdiff_t)1 << 30));
    w.jobs = tp_arena_open(arena_size((ptrdiff_t)1 << 32));
    tp_arena empty = w.jobs;
    while (status == 0 && read_exactly(fd, head, TP_FRAME_HEAD)) {
        tp_frame_type type;
        ptrdiff_t     len;
        w.jobs = empty;
        status = 1;
        if (!tp_frame_read_head(head, false, &type, &len)) break;
        tp_arena *mem = type == TP_FRAME_LOAD ? &w.loads : &w.jobs;
        if (len > mem->end - mem->beg) break;
        char *at = TP_NEW(mem, char, len);
        if (!read_exactly(fd, at, len)) break;
        status = act[type](&w, (tp_unpack){.rest = {at, len}}) ? 0 : 1;
    }
    w.jobs = empty;
    tp_arena_close(&w.loads);
    tp_arena_close(&w.jobs);
    return status;
}
