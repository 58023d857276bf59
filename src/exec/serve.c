/* The other side: one frame in, one or two out, until the parent closes. A
   process that has a load is a template: it forks workers, which go on here
   with a socket of their own. */
#include "exec/child.h"
#include "exec/confine.h"
#include "exec/talk.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

enum { ARENAS_MB = 4096 }; /* reserved by loads, and never filled */

static bool serving, retired; /* this process */

void tp_exec_retire(void)
{
    retired = true;
}

unsigned tp_exec_confine(const tp_confine_rules *c)
{
    return serving ? tp_confine(c) : 0;
}

/* The head of a frame and what descriptors came with it; false at the end of
   the stream. */
static bool read_head(int fd, char head[TP_FRAME_HEAD], tp_ends *ends)
{
    union {
        char           at[CMSG_SPACE(sizeof *ends)];
        struct cmsghdr align;
    } control;
    *ends = (tp_ends){-1, -1};
    for (ptrdiff_t len = 0; len < TP_FRAME_HEAD;) {
        struct iovec  iov = {head + len, (size_t)(TP_FRAME_HEAD - len)};
        struct msghdr m = {.msg_iov = &iov,
                           .msg_iovlen = 1,
                           .msg_control = control.at,
                           .msg_controllen = sizeof control.at};
        ssize_t       n = recvmsg(fd, &m, MSG_CMSG_CLOEXEC);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        const struct cmsghdr *c = CMSG_FIRSTHDR(&m);
        if (c && c->cmsg_len == CMSG_LEN(sizeof *ends))
            memcpy(ends, CMSG_DATA(c), sizeof *ends);
        len += n;
    }
    return true;
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
    tp_ends       ends; /* that came with this frame */
    tp_work_load *load;
    tp_work      *work;
    void         *with;
    tp_arena      loads, jobs;
    tp_talk       talk;    /* what is said */
    bool          several; /* processors */
    bool          quick;   /* the last job was, and there are several */
} worker;

/* The next frame may be there at once. */
static void wait_awake(const worker *w)
{
    char   one;
    double until = tp_now() + TP_SOON;
    while (w->quick && tp_now() < until)
        if (recv(w->fd, &one, 1, MSG_DONTWAIT | MSG_PEEK) >= 0) return;
}

/* One frame, at once: the parent wakes up once for it. False: it is gone. */
static bool reply(worker *w, tp_frame_type type, tp_str front, tp_str rest)
{
    if (rest.len > TP_FRAME_MAX - front.len) return false;
    tp_talk_say(&w->talk, type, front, rest);
    return tp_talk_send(&w->talk, w->fd);
}

/* ---- memory ------------------------------------------------------ */

/* MB of address space in use; 0 unknown. */
static double space_used(void)
{
    char    text[100] = "";
    double  pages = 0;
    int     fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
    if (fd >= 0) close(fd);
    if (n > 0) tp_number(tp_str_of(text), &pages);
    return pages * (double)sysconf(_SC_PAGESIZE) / (1 << 20);
}

/* From now on this process may take `mb` more than it has; no less than the
   user's own limit. */
static void limit_memory(double mb)
{
    struct rlimit limit;
    double        used = space_used(), all = (used + mb) * (1 << 20);
    if (!(used > 0) || !(mb > 0) || getrlimit(RLIMIT_AS, &limit) != 0) return;
    if (!(all < 9e18)) return;
    rlim_t most = (rlim_t)all;
    if (limit.rlim_max != RLIM_INFINITY && most > limit.rlim_max)
        most = limit.rlim_max;
    setrlimit(RLIMIT_AS, &(struct rlimit){most, limit.rlim_max});
}

/* ---- what is asked ----------------------------------------------- */

/* A load is read within its own limits. What it reserves of address space for
   arenas is no memory yet, and does not count afterwards. */
static bool do_load(worker *w, tp_unpack u)
{
    tp_err err = {0};
    double seconds = tp_unpack_double(&u), mb = tp_unpack_double(&u);
    limit_memory(ARENAS_MB + mb);
    limit_cpu(seconds);
    w->with = u.bad ? NULL : w->load(u.rest, &err);
    limit_cpu(0);
    limit_memory(mb);
    if (w->with) return reply(w, TP_FRAME_LOADED, TP_S(""), TP_S(""));
    if (!err.code) tp_fail(&err, TP_BAD_INPUT, "the load is not understood");
    tp_buf b = {.mem = &w->jobs};
    tp_frame_pack_err(&b, &err);
    return reply(w, TP_FRAME_REFUSED, TP_S(""), tp_buf_str(&b));
}

/* A copy of this process that is its parent's child. No handlers of fork()
   run: there are no threads to be held still. */
static pid_t fork_sibling(void)
{
    return (pid_t)syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
}

/* In the copy: takes its own socket and output in the places of the
   template's. */
static bool become_worker(worker *w, pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);
    bool ok = dup3(w->ends.sock, w->fd, O_CLOEXEC) >= 0 &&
              dup2(w->ends.out, 1) >= 0 && dup2(w->ends.out, 2) >= 0;
    tp_ends_close(&w->ends);
    tp_confine_worker();
    return ok;
}

static bool do_fork(worker *w, tp_unpack u)
{
    tp_buf b = {.mem = &w->jobs};
    if (!w->with || u.rest.len > 0 || w->ends.sock < 0) return false;
    pid_t parent = getppid(), pid = fork_sibling();
    if (pid == 0) return become_worker(w, parent);
    int why = errno;
    tp_ends_close(&w->ends);
    tp_pack_int(&b, pid < 0 ? -why : pid);
    return reply(w, TP_FRAME_FORKED, tp_buf_str(&b), TP_S(""));
}

static bool do_job(worker *w, tp_unpack u)
{
    tp_buf  id = {.mem = &w->jobs};
    int64_t number = tp_unpack_int(&u);
    double  seconds = tp_unpack_double(&u);
    if (u.bad || !w->with) return false;
    tp_pack_int(&id, number);
    if (seconds > 0) limit_cpu(seconds);
    double began = tp_now();
    tp_str answer = w->work(w->with, u.rest, &w->jobs);
    w->quick = w->several && tp_now() - began < TP_QUICK;
    if (seconds > 0) limit_cpu(0);
    return reply(w, retired ? TP_FRAME_LAST : TP_FRAME_ANSWER, tp_buf_str(&id),
                 answer);
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
        [TP_FRAME_FORK] = do_fork,
    };
    worker w = {.fd = fd,
                .load = load,
                .work = work,
                .several = tp_several_processors()};
    char   head[TP_FRAME_HEAD];
    int    status = 0;
    prepare(fd);
    serving = true;
    w.loads = tp_arena_open(arena_size((ptrdiff_t)1 << 30));
    w.jobs = tp_arena_open(arena_size((ptrdiff_t)1 << 32));
    tp_arena empty = w.jobs;
    while (status == 0 && read_head(fd, head, &w.ends)) {
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
        tp_ends_close(&w.ends);
        wait_awake(&w);
    }
    tp_ends_close(&w.ends);
    if (tp_confined()) _exit(status); /* what runs at exit may want files */
    serving = false;
    w.jobs = empty;
    tp_arena_close(&w.loads);
    tp_arena_close(&w.jobs);
    return status;
}
