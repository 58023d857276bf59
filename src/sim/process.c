/* process: see the header. Between this process and the program stands one
   of ours: it leads the group, and ends it when this process dies (Linux's
   parent-death signal), however that happens. */
#include "sim/process.h"
#include "exec/exec.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* ---- between the fork and the program: no memory, no locks ------------- */

static void end_group(int sig)
{
    (void)sig;
    kill(0, SIGKILL);
}

static bool onto(int fd, const char *path)
{
    int from = path ? open(path, O_WRONLY | O_CREAT | O_APPEND, 0600)
                    : open("/dev/null", O_RDWR);
    return from >= 0 && dup2(from, fd) >= 0;
}

static void no_handlers(void)
{
    struct sigaction plain = {.sa_handler = SIG_DFL};
    sigset_t         none;
    for (int sig = 1; sig < 32; sig++) sigaction(sig, &plain, NULL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Becomes the program; errno through `report` where it can't. */
static void become(const tp_process *p, char *const *env, int report)
{
    static const rlim_t output_max = (rlim_t)1 << 34; /* of one file */
    no_handlers();
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){output_max, output_max});
    if ((!p->folder || chdir(p->folder) == 0) && onto(0, NULL) &&
        onto(1, p->out) && onto(2, p->log)) {
        if (p->sandbox) tp_sandbox_enter(p->sandbox);
        errno = ENOENT;
        if (!p->sandbox)
            execvpe(p->argv[0], p->argv, env);
        else if (p->sandbox->program[0])
            execve(p->sandbox->program, p->argv, env);
    }
    int     why = errno;
    ssize_t written = write(report, &why, sizeof why);
    _exit(written == sizeof why ? 127 : 126);
}

/* Whether the program has stopped for too long. */
static bool stays_stopped(pid_t pid)
{
    const double    look = 1e-3 * TP_STOPPED_LOOK_MS;
    struct timespec pause = {.tv_nsec = TP_STOPPED_LOOK_MS * 1000000L};
    double          ms = 0;
    do {
        nanosleep(&pause, NULL);
        ms = tp_exec_stopped_ms(pid, ms, look);
    } while (ms > 0 && ms < TP_STOPPED_MS);
    return ms > 0;
}

/* Waits until the program has ended; one that stays stopped ends with all of
   its group. A stop is looked at without taking it, as it is seen only once. */
static void wait_for_end(pid_t pid)
{
    siginfo_t info;
    for (;;) {
        info.si_code = 0;
        if (waitid(P_PID, (id_t)pid, &info, WEXITED | WSTOPPED | WNOWAIT) < 0 &&
            errno != EINTR)
            return;
        bool stopped = info.si_code == CLD_STOPPED;
        if (stopped && stays_stopped(pid)) kill(0, SIGKILL);
        if (!stopped && info.si_code != 0) return;
    }
}

/* Ends as the program ended. */
static void pass_on(pid_t pid, bool may_stop)
{
    int status = 0;
    if (!may_stop) wait_for_end(pid);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
    if (WIFSIGNALED(status)) {
        setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
        signal(WTERMSIG(status), SIG_DFL);
        raise(WTERMSIG(status));
    }
    _exit(WEXITSTATUS(status));
}

static void lead(const tp_process *p, char *const *env, int report,
                 pid_t parent)
{
    struct sigaction stop = {.sa_handler = end_group};
    setpgid(0, 0);
    no_handlers();
    sigaction(SIGTERM, &stop, NULL);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) _exit(125);
    if (report > 3) close_range(3, (unsigned)report - 1, 0);
    close_range((unsigned)report + 1, ~0U, 0);
    pid_t pid = fork();
    if (pid == 0) become(p, env, report);
    int why = errno;
    if (pid < 0 && write(report, &why, sizeof why) < 0) _exit(126);
    if (pid < 0) _exit(127);
    close(report);
    pass_on(pid, p->may_stop);
}

/* ---- the parent -------------------------------------------------------- */

/* Until the descriptor has something to say, the process has been stopped for
   too long, or the time is over, which is true then. */
static bool waits_in_vain(int fd, pid_t pid, const tp_process *p)
{
    struct pollfd poller = {.fd = fd, .events = POLLIN};
    double        now = tp_now(), end = now + p->seconds, stopped = 0;
    if (fd < 0) return true; /* no way to wait with a limit */
    while (now < end && stopped < TP_STOPPED_MS) {
        double ms = fmin(TP_STOPPED_LOOK_MS, 1 + 1e3 * (end - now));
        if (poll(&poller, 1, (int)ms) > 0) return false;
        double since = tp_now() - now;
        now += since;
        if (!p->may_stop) stopped = tp_exec_stopped_ms(pid, stopped, since);
    }
    return now >= end;
}

/* Waits at most `seconds`, then kills; the group is empty afterwards. */
static void wait_for(tp_process_end *out, pid_t pid, const tp_process *p)
{
    int           fd = pidfd_open(pid, 0), status = 0;
    struct rusage use = {0};
    bool          over = waits_in_vain(fd, pid, p);
    if (fd >= 0) close(fd);
    kill(-pid, SIGKILL); /* its leader is not waited for: the id is ours */
    kill(pid, SIGKILL);  /* it may not have made its group yet */
    while (wait4(pid, &status, 0, &use) < 0 && errno == EINTR) continue;
    out->in_time = !over;
    out->by_signal = WIFSIGNALED(status);
    out->status = out->by_signal ? WTERMSIG(status) : WEXITSTATUS(status);
    out->cpu = (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
               1e-6 * (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec);
}

/* What is there to be read, without waiting. */
static ssize_t read_now(int fd, void *to, size_t len)
{
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return read(fd, to, len);
}

void tp_process_run(tp_process_end *out, const tp_process *p, tp_arena mem)
{
    char *const *env = p->env ? p->env : tp_exec_environment(&mem);
    pid_t        parent = getpid();
    int          report[2], why = 0;
    *out = (tp_process_end){.in_time = true};
    if (pipe2(report, O_CLOEXEC) < 0) {
        out->error = errno;
        return;
    }
    pid_t pid = fork();
    if (pid == 0) lead(p, env, report[1], parent);
    if (pid < 0) out->error = errno;
    close(report[1]);
    if (pid > 0) waits_in_vain(report[0], pid, p);
    if (pid > 0 && read_now(report[0], &why, sizeof why) != sizeof why) why = 0;
    close(report[0]);
    if (pid < 0) return;
    wait_for(out, pid, p);
    if (why) out->error = why;
}

tp_str tp_process_words(const tp_process_end *e, const tp_process *p,
                        tp_arena *mem)
{
    if (e->error)
        return tp_str_fmt(mem, "can't start %.*s: %s", TP_F(p->name),
                          strerror(e->error));
    if (!e->in_time) return tp_str_fmt(mem, "over %g s", p->seconds);
    if (e->by_signal)
        return tp_str_fmt(mem, "%.*s: ended by signal %d (%s)", TP_F(p->name),
                          e->status, strsignal(e->status));
    if (e->status != 0)
        return tp_str_fmt(mem, "%.*s: exit status %d", TP_F(p->name),
                          e->status);
    return TP_S("");
}

/* ---- words of a command line ------------------------------------------- */

/* One word at *at, which moves behind it; false at an open quote. */
static bool one_word(tp_buf *b, tp_str text, ptrdiff_t *at)
{
    char quote = '\0';
    for (; *at < text.len; ++*at) {
        char c = text.at[*at];
        if (!quote && tp_is_space(c)) break;
        if (c == '\\' && quote != '\'' && *at + 1 < text.len)
            tp_buf_char(b, text.at[++*at]);
        else if (quote ? c == quote : c == '"' || c == '\'')
            quote = quote ? '\0' : c;
        else
            tp_buf_char(b, c);
    }
    return quote == '\0';
}

void tp_argv_add(tp_argv *a, tp_str word)
{
    char *copy = tp_str_z(a->mem, word);
    *TP_PUSH(a->mem, a->word, a->n, a->cap) = copy;
}

void tp_argv_end(tp_argv *a)
{
    *TP_PUSH(a->mem, a->word, a->n, a->cap) = NULL;
}

tp_status tp_argument_words(char ***out, int *n, tp_str text, tp_arena *mem,
                            tp_err *err)
{
    int       cap = 0;
    ptrdiff_t at = 0;
    *out = NULL;
    for (*n = 0;;) {
        tp_buf b = {.mem = mem};
        while (at < text.len && tp_is_space(text.at[at])) at++;
        if (at >= text.len) break;
        if (!one_word(&b, text, &at))
            return tp_fail(err, TP_BAD_INPUT, "a quote is not closed in '%.*s'",
                           TP_F(text));
        char *word = tp_str_z(mem, tp_buf_str(&b));
        *TP_PUSH(mem, *out, *n, cap) = word;
    }
    *TP_PUSH(mem, *out, *n, cap) = NULL;
    --*n;
    return TP_OK;
}
