#include "exec/child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* What the child needs between fork and exec; made before, because there it
   may not allocate. */
typedef struct plan {
    const char *program;
    char      **argv, **env;
    tp_ends     ends;
    pid_t       parent;
} plan;

char **tp_exec_environment(tp_arena *mem)
{
    static char limit[] = "OMP_THREAD_LIMIT=1", zone[] = "TZ=:/etc/localtime";
    int         n = 0, k = 0;
    while (environ[n]) n++;
    char **env = TP_NEW(mem, char *, n + 3);
    for (int i = 0; i < n; i++)
        if (strncmp(environ[i], "OMP_", 4) != 0) env[k++] = environ[i];
    env[k++] = limit;
    if (!getenv("TZ")) env[k] = zone;
    return env;
}

static void say(const char *words)
{
    ssize_t n = write(2, words, strlen(words));
    (void)n;
}

/* In the child: becomes the program. Only what is safe after a fork. */
static _Noreturn void become(const plan *p)
{
    sigset_t none;
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != p->parent) _exit(1);
    int null = open("/dev/null", O_RDONLY);
    dup2(null, 0);
    dup2(p->ends.out, 1);
    dup2(p->ends.out, 2);
    dup2(p->ends.sock, 3);
    close_range(4, ~0U, 0);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    for (int s = 1; s < NSIG; s++) signal(s, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(p->program, p->argv, p->env);
    const char *why = strerrordesc_np(errno);
    say("can't start ");
    say(p->argv[0]);
    say(": ");
    say(why ? why : "unknown error");
    say("\n");
    _exit(127);
}

/* `fd` with a number above those the child uses, closed on exec. */
static int raise_fd(int fd)
{
    int high = fcntl(fd, F_DUPFD_CLOEXEC, 10);
    close(fd);
    return high;
}

static void close_if(int *fd)
{
    if (*fd >= 0) close(*fd);
    *fd = -1;
}

void tp_ends_close(tp_ends *ends)
{
    close_if(&ends->sock);
    close_if(&ends->out);
}

/* All four descriptors, or none. */
static bool make_pipes(tp_child *c, tp_ends *ends)
{
    int sock[2], out[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sock) != 0)
        return false;
    if (pipe2(out, O_CLOEXEC) != 0) {
        close(sock[0]);
        close(sock[1]);
        return false;
    }
    c->fd = raise_fd(sock[0]);
    ends->sock = raise_fd(sock[1]);
    c->out = raise_fd(out[0]);
    ends->out = raise_fd(out[1]);
    return c->fd >= 0 && ends->sock >= 0 && c->out >= 0 && ends->out >= 0 &&
           fcntl(c->fd, F_SETFL, O_NONBLOCK) == 0 &&
           fcntl(c->out, F_SETFL, O_NONBLOCK) == 0;
}

static tp_status no_process(tp_child *c, tp_ends *ends, int why, tp_err *err)
{
    tp_ends_close(ends);
    close_if(&c->fd);
    close_if(&c->out);
    return tp_fail(err, TP_IO, "can't start a worker process: %s",
                   strerror(why));
}

tp_status tp_child_pipes(tp_child *c, tp_ends *ends, tp_err *err)
{
    *c = TP_NO_CHILD;
    *ends = (tp_ends){-1, -1};
    if (make_pipes(c, ends)) return TP_OK;
    return no_process(c, ends, errno, err);
}

/* The program's path and name; "" is this program. */
static void set_program(plan *p, tp_str program, tp_arena *mem)
{
    static char word[] = "worker";
    static char self[] = "/proc/self/exe";
    char      **argv = TP_NEW(mem, char *, 3);
    char       *name = TP_NEW(mem, char, 4096);
    p->program = self; /* also when its file has been replaced */
    if (program.len > 0)
        p->program = argv[0] = tp_str_z(mem, program);
    else
        argv[0] = readlink(self, name, 4095) > 0 ? name : self;
    argv[1] = word;
    p->argv = argv;
}

tp_status tp_child_start(tp_child *c, tp_str program, tp_arena mem, tp_err *err)
{
    plan     p = {.parent = getpid()};
    sigset_t all, before;
    TP_TRY(tp_child_pipes(c, &p.ends, err));
    set_program(&p, program, &mem);
    p.env = tp_exec_environment(&mem);
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    pid_t pid = fork();
    if (pid == 0) become(&p);
    int why = errno;
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (pid < 0) return no_process(c, &p.ends, why, err);
    tp_ends_close(&p.ends);
    setpgid(pid, pid); /* whoever of the two is first */
    c->pid = pid;
    c->end = pidfd_open(pid, 0);
    return TP_OK;
}

bool tp_child_adopt(tp_child *c, const tp_child *of, int64_t pid)
{
    siginfo_t info;
    pid_t     it = (pid_t)pid;
    if (pid <= 0 || pid > INT_MAX || it == of->pid || getpgid(it) != of->pid ||
        waitid(P_PID, (id_t)it, &info, WEXITED | WNOHANG | WNOWAIT) != 0)
        return false;
    setpgid(it, it);
    c->pid = it;
    c->end = pidfd_open(it, 0);
    return true;
}

/* The last TP_LOG_MAX bytes of all that is said are kept. */
static void keep(tp_child *c, const char *more, int n)
{
    int old = TP_LOG_MAX - n;
    if (old > c->log_len) old = c->log_len;
    memmove(c->log, c->log + c->log_len - old, (size_t)old);
    memcpy(c->log + old, more, (size_t)n);
    c->log_len = old + n;
}

void tp_child_listen(tp_child *c)
{
    char    more[TP_LOG_MAX];
    ssize_t n;
    while (c->out >= 0 && (n = read(c->out, more, sizeof more)) != 0) {
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return;
        keep(c, more, (int)n);
        if (n < TP_LOG_MAX) return;
    }
    close_if(&c->out); /* it has no stderr any more */
}

void tp_child_note(tp_child *c, tp_str line)
{
    tp_child_listen(c);
    if (c->log_len > 0 && c->log[c->log_len - 1] != '\n') keep(c, "\n", 1);
    if (line.len <= TP_LOG_MAX) keep(c, line.at, (int)line.len);
}

bool tp_child_ended(const tp_child *c)
{
    siginfo_t info = {0};
    return waitid(P_PID, (id_t)c->pid, &info, WEXITED | WNOHANG | WNOWAIT) ==
               0 &&
           info.si_pid == c->pid;
}

/* Whether it is stopped now. */
static bool is_stopped(pid_t pid)
{
    siginfo_t info = {0};
    return waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == pid;
}

double tp_exec_stopped_ms(int pid, double ms, double since)
{
    double step = 1e3 * since;
    if (!is_stopped(pid)) return 0;
    return ms + (step < 2 * TP_STOPPED_LOOK_MS ? step : TP_STOPPED_LOOK_MS);
}

/* Whether it ended within `ms`. */
static bool ended(const tp_child *c, int ms)
{
    double        end = tp_now() + 1e-3 * ms;
    struct pollfd p = {.fd = c->end, .events = POLLIN};
    while (c->end >= 0 && tp_now() < end)
        if (poll(&p, 1, (int)(1e3 * (end - tp_now())) + 1) > 0) break;
    return tp_child_ended(c);
}

int tp_child_end(tp_child *c, int ms)
{
    int status = 0;
    close_if(&c->fd);
    if (c->pid) {
        if (is_stopped(c->pid)) ms = 0;
        if (!ended(c, ms)) kill(c->pid, SIGKILL);
        kill(-c->pid, SIGKILL); /* what it has started */
        while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR) continue;
        /* a template's: workers that nobody has adopted */
        while (waitpid(-c->pid, NULL, 0) > 0 || errno == EINTR) continue;
        tp_child_listen(c);
    }
    close_if(&c->out);
    close_if(&c->end);
    c->pid = 0;
    return status;
}
