/* The start of a simulator that is a program of its own. */
#include "sim/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { ARGS_MAX = 16 };
static const rlim_t output_max = (rlim_t)1 << 34; /* bytes of one file */

/* What the child needs; made before the fork, because there it may not
   allocate. */
typedef struct plan {
    char      *argv[ARGS_MAX], **env;
    tp_sandbox sandbox;
} plan;

/* The environment with OpenMP held to one thread. */
static char **environment(tp_arena *mem)
{
    static char limit[] = "OMP_THREAD_LIMIT=1";
    int         n = 0, k = 0;
    while (environ[n]) n++;
    char **env = TP_NEW(mem, char *, n + 2);
    for (int i = 0; i < n; i++)
        if (strncmp(environ[i], "OMP_", 4) != 0) env[k++] = environ[i];
    env[k] = limit;
    return env;
}

static void arguments(const tp_spawn_job *j, char **argv, tp_arena *mem)
{
    static const char *const plain[] = {"-n", "-b",     "-D", "ng_nomodcheck=1",
                                        "-r", "out.raw"};
    tp_str                   behaviour = j->s->c->behaviour;
    int                      n = 0;
    argv[n++] = tp_str_z(mem, j->set->binary);
    for (int i = 0; i < TP_COUNT(plain); i++)
        argv[n++] = tp_str_z(mem, tp_str_of(plain[i]));
    if (behaviour.len > 0) {
        argv[n++] = tp_str_z(mem, TP_S("-D"));
        argv[n++] =
            tp_str_z(mem, tp_str_fmt(mem, "ngbehavior=%.*s", TP_F(behaviour)));
    }
    argv[n++] = tp_str_z(mem, TP_S("deck.cir"));
    argv[n] = NULL;
}

static void redirect(int fd, const char *path, int flags)
{
    int at = open(path, flags, 0600);
    if (at < 0) _exit(127);
    if (at == fd) return;
    dup2(at, fd);
    close(at);
}

/* In the child: becomes the program. Only what is safe after a fork. */
static _Noreturn void become(const plan *p, int tell)
{
    sigset_t none;
    if (chdir(p->sandbox.folder) != 0) _exit(127);
    redirect(0, "/dev/null", O_RDONLY);
    redirect(1, "/dev/null", O_WRONLY);
    redirect(2, "log.txt", O_WRONLY | O_CREAT | O_TRUNC);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){output_max, output_max});
    for (int s = 1; s < NSIG; s++) signal(s, SIG_DFL);
    tp_sandbox_enter(&p->sandbox);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(p->sandbox.program, p->argv, p->env);
    int     why = errno;
    ssize_t n = write(tell, &why, sizeof why);
    (void)n;
    _exit(127);
}

/* 0, or the errno of an exec that did not work; waits for it. */
static int read_why(int fd)
{
    int     why = 0;
    ssize_t n;
    do n = read(fd, &why, sizeof why);
    while (n < 0 && errno == EINTR);
    return n == (ssize_t)sizeof why ? why : 0;
}

int tp_spawn_start(pid_t *pid, const tp_spawn_job *j, tp_arena mem)
{
    int      tell[2];
    sigset_t all, before;
    plan     p = {.env = environment(&mem)};
    arguments(j, p.argv, &mem);
    tp_sandbox_program(&p.sandbox, j->set->binary, j->s->folder, &mem);
    if (!p.sandbox.program[0]) return ENOENT;
    if (pipe2(tell, O_CLOEXEC) != 0) return errno;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    *pid = fork();
    if (*pid == 0) become(&p, tell[1]);
    int bad = *pid < 0 ? errno : 0;
    sigprocmask(SIG_SETMASK, &before, NULL);
    close(tell[1]);
    if (!bad) bad = read_why(tell[0]);
    while (bad && *pid > 0 && waitpid(*pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    close(tell[0]);
    return bad;
}
