#include "exec/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
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
    const char   *program;
    char        **argv, **env;
    int           sock, out; /* its ends */
    pid_t         parent;
    struct rlimit memory;
    bool          limited;
} plan;

static char **environment(tp_arena *mem)
{
    static char limit[] = "OMP_THREAD_LIMIT=1";
    int         n = 0, k = 0;
    while (environ[n]) n++;
    char **env = TP_NEW(mem, char *, n + 2);
    for (int i = 0; i < n; i++)
        if (strncmp(environ[i], limit, 16) != 0) env[k++] = environ[i];
    env[k] = limit;
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
    dup2(p->out, 1);
    dup2(p->out, 2);
    dup2(p->sock, 3);
    close_range(4, ~0U, 0);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    if (p->limited) setrlimit(RLIMIT_AS, &p->memory);
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

static bool make_pipes(tp_child *c, plan *p)
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
    p->sock = raise_fd(sock[1]);
    c->out = raise_fd(out[0]);
    p->out = raise_fd(out[1]);
    return c->fd >= 0 && p->sock >= 0 && c->out >= 0 && p->out >= 0 &&
           fcntl(c->fd, F_SETFL, O_NONBLOCK) == 0 &&
           fcntl(c->out, F_SETFL, O_NONBLOCK) == 0;
}

static void close_if(int fd)
{
    if (fd >= 0) close(fd);
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

tp_status tp_child_start(tp_child *c, tp_str program, double memory,
                         tp_arena mem, tp_err *err)
{
    plan     p = {.parent = getpid(), .sock = -1, .out = -1};
    sigset_t all, before;
    *c = (tp_child){.fd = -1, .out = -1, .end = -1};
    set_program(&p, program, &mem);
    p.env = environment(&mem);
    p.limited = memory > 0;
    p.memory.rlim_cur = p.memory.rlim_max = (rlim_t)(memory * 1048576);
    pid_t pid = -1;
    if (make_pipes(c, &p)) {
        sigfillset(&all);
        sigprocmask(SIG_SETMASK, &all, &before);
        pid = fork();
        if (pid == 0) become(&p);
        sigprocmask(SIG_SETMASK, &before, NULL);
    }
    int why = errno;
    close_if(p.sock);
    close_if(p.out);
    if (pid > 0) {
        setpgid(pid, pid); /* whoever of the two is first */
        c->pid = pid;
        c->end = pidfd_open(pid, 0);
        return TP_OK;
    }
    close_if(c->fd);
    close_if(c->out);
    return tp_fail(err, TP_IO, "can't start a worker process: %s",
                   strerror(why));
}

void tp_child_listen(tp_child *c)
{
    char    more[TP_LOG_MAX];
    ssize_t n;
    while (c->out >= 0 && (n = read(c->out, more, sizeof more)) != 0) {
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return;
        int keep = TP_LOG_MAX - (int)n;
        if (keep > c->log_len) keep = c->log_len;
        memmove(c->log, c->log + c->log_len - keep, (size_t)keep);
        memcpy(c->log + keep, more, (size_t)n);
        c->log_len = keep + (int)n;
        if (n < TP_LOG_MAX) return;
    }
    close_if(c->out); /* it has no stderr any more */
    c->out = -1;
}

/* Whether it ended within `ms`; it is not reaped. */
static bool ended(const tp_child *c, int ms)
{
    siginfo_t     info = {0};
    double        end = tp_now() + 1e-3 * ms;
    struct pollfd p = {.fd = c->end, .events = POLLIN};
    while (c->end >= 0 && tp_now() < end)
        if (poll(&p, 1, (int)(1e3 * (end - tp_now())) + 1) > 0) break;
    return waitid(P_PID, (id_t)c->pid, &info, WEXITED | WNOHANG | WNOWAIT) ==
               0 &&
           info.si_pid == c->pid;
}

int tp_child_end(tp_child *c, int ms)
{
    int status = 0;
    if (c->pid == 0) return 0;
    close_if(c->fd);
    if (!ended(c, ms)) kill(c->pid, SIGKILL);
    kill(-c->pid, SIGKILL); /* what it has started */
    while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR) continue;
    tp_child_listen(c);
    close_if(c->out);
    close_if(c->end);
    c->pid = 0;
    c->fd = c->out = c->end = -1;
    return status;
}
