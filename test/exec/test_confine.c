/* What a confined process can't do any more, tried by a process that is
   confined: each attempt says what became of it. */
#include "check.h"
#include "exec/exec.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/test-confine-XXXXXX"; /* with a file "there" */

static char *in(const char *name)
{
    static char path[400];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/* 0, or the errno of what went wrong. */
static int why(long result)
{
    return result < 0 ? errno : 0;
}

static int opened(const char *path, int flags)
{
    int fd = open(path, flags, 0600);
    if (fd < 0) return errno;
    close(fd);
    return 0;
}

static int make(void)
{
    return opened(in("made"), O_WRONLY | O_CREAT);
}

static int overwrite(void)
{
    return opened(in("there"), O_RDWR);
}

static int empty(void)
{
    return opened(in("there"), O_RDONLY | O_TRUNC);
}

static int cut(void)
{
    return why(truncate(in("there"), 0));
}

static int read_there(void)
{
    return opened(in("there"), O_RDONLY);
}

static int read_system(void)
{
    return opened("/usr/bin/env", O_RDONLY);
}

static int erase(void)
{
    return why(unlink(in("there")));
}

static int make_folder(void)
{
    return why(mkdir(in("made"), 0700));
}

static int move(void)
{
    char to[400];
    snprintf(to, sizeof to, "%s", in("made"));
    return why(rename(in("there"), to));
}

static int change_mode(void)
{
    return why(chmod(in("there"), 0777));
}

static int run(const char *program)
{
    char *argv[] = {(char *)(uintptr_t)program, NULL}, *env[] = {NULL};
    pid_t pid = fork();
    int   status = 0;
    if (pid < 0) return errno;
    if (pid == 0) {
        execve(program, argv, env);
        _exit(errno);
    }
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int run_true(void)
{
    return run("/bin/true");
}

static int run_by_fd(void)
{
    char *argv[] = {NULL}, *env[] = {NULL};
    int   fd = open("/bin/true", O_RDONLY);
    return why(syscall(SYS_execveat, fd, "", argv, env, AT_EMPTY_PATH));
}

static int run_shell(void)
{
    int status = system("/bin/true"); /* 127 where nothing could be started */
    return status == 0 ? 0 : EPERM;
}

static int talk(void)
{
    int sock[2];
    return why(socket(AF_INET, SOCK_STREAM, 0)) &&
                   why(socketpair(AF_UNIX, SOCK_STREAM, 0, sock))
               ? EPERM
               : 0;
}

static int kill_parent(void)
{
    return why(kill(getppid(), 0));
}

static int trace(void)
{
    return why(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static int queue(void)
{
    char room[200] = {0};
    return why(syscall(SYS_io_uring_setup, 1, room));
}

static int remember(void)
{
    char *at = malloc(1 << 20);
    if (!at) return ENOMEM;
    memset(at, 1, 1 << 20);
    free(at);
    return 0;
}

static int say_nothing(void)
{
    return opened("/dev/null", O_RDONLY);
}

static const struct {
    const char *name;
    int (*try)(void);
    bool tight, wide; /* may be done: without and with a folder to write in */
} attempts[] = {
    {"make", make, false, true},
    {"overwrite", overwrite, false, true},
    {"empty", empty, false, true},
    {"cut", cut, false, false}, /* nobody needs it */
    {"read_there", read_there, false, true},
    {"read_system", read_system, true, true},
    {"change_mode", change_mode, false, true},
    {"make_folder", make_folder, false, false}, /* "made" is a file then */
    {"move", move, false, true},
    {"erase", erase, false, false}, /* it has moved */
    {"run_true", run_true, false, false},
    {"run_by_fd", run_by_fd, false, false},
    {"run_shell", run_shell, false, false},
    {"talk", talk, false, false},
    {"kill_parent", kill_parent, false, false},
    {"trace", trace, false, false},
    {"queue", queue, false, false},
    {"remember", remember, true, true},
    {"say_nothing", say_nothing, true, true},
};

static void prepare(void)
{
    unlink(in("made"));
    int fd = open(in("there"), O_WRONLY | O_CREAT, 0600);
    CHECK(fd >= 0 && write(fd, "content", 7) == 7);
    close(fd);
}

/* Each attempt's error, by a process confined to these rules. */
static unsigned confined(const tp_confine_rules *rules,
                         int                     got[TP_COUNT(attempts)])
{
    int      pipes[2];
    unsigned lacks = 99;
    if (!CHECK(pipe(pipes) == 0)) return lacks;
    pid_t pid = fork();
    if (pid == 0) {
        lacks = tp_confine(rules);
        for (int i = 0; i < TP_COUNT(attempts); i++) got[i] = attempts[i].try();
        bool sent = write(pipes[1], &lacks, sizeof lacks) > 0 &&
                    write(pipes[1], got, sizeof *got * TP_COUNT(attempts)) > 0;
        _exit(sent ? 0 : 1);
    }
    close(pipes[1]);
    bool came = read(pipes[0], &lacks, sizeof lacks) > 0 &&
                read(pipes[0], got, sizeof *got * TP_COUNT(attempts)) > 0;
    CHECK(came);
    close(pipes[0]);
    waitpid(pid, NULL, 0);
    return lacks;
}

static void check_attempts(const int *got, bool wide)
{
    for (int i = 0; i < TP_COUNT(attempts); i++) {
        bool allowed = wide ? attempts[i].wide : attempts[i].tight;
        char said[100];
        snprintf(said, sizeof said, "%s %s", attempts[i].name,
                 got[i] == 0 ? "works" : "fails");
        char wanted[100];
        snprintf(wanted, sizeof wanted, "%s %s", attempts[i].name,
                 allowed ? "works" : "fails");
        CHECK_Z(said, wanted);
    }
}

static const char *const system_folders[] = {"/usr", "/lib", "/lib64",
                                             "/etc", "/bin", NULL};

static void test_confine__without_a_folder_nothing_is_changed(void)
{
    tp_confine_rules rules = {.read = system_folders};
    int              got[TP_COUNT(attempts)] = {0};
    struct stat      s;
    prepare();
    if (!CHECK_INT(confined(&rules, got), 0)) return; /* an old kernel */
    check_attempts(got, false);
    CHECK(stat(in("made"), &s) != 0);
    CHECK(stat(in("there"), &s) == 0 && s.st_size == 7);
}

static void test_confine__in_a_folder_files_are_its_own(void)
{
    static const char *const nothing[] = {"/bin/false", NULL};
    tp_confine_rules         rules = {
                .read = system_folders, .run = nothing, .write = folder};
    int got[TP_COUNT(attempts)] = {0};
    prepare();
    CHECK_INT(confined(&rules, got), 0);
    check_attempts(got, true);
}

static void test_confine__named_programs_can_be_run(void)
{
    static const char *const programs[] = {"/bin/true",
                                           "/lib64/ld-linux-x86-64.so.2",
                                           "/lib/ld-linux-aarch64.so.1", NULL};
    tp_confine_rules         rules = {
                .read = system_folders, .run = programs, .write = folder};
    int status = 0, pid = fork();
    if (pid == 0) {
        tp_confine(&rules);
        int ran = run("/bin/true"), shell = run("/bin/sh");
        _exit(ran == 0 && shell == EACCES ? 0 : 1);
    }
    waitpid(pid, &status, 0);
    CHECK_INT(status, 0);
}

static void test_confine__is_for_workers_only(void)
{
    tp_confine_rules rules = {.read = system_folders};
    CHECK_INT(tp_exec_confine(&rules), 0);
    prepare();
    CHECK_INT(overwrite(), 0); /* this process is no worker */
    CHECK_INT(run_true(), 0);
}

static void test_confine__is_tried_by_another_process(void)
{
    tp_confine_rules rules = {.read = system_folders};
    int              got[TP_COUNT(attempts)] = {0};
    CHECK_INT(tp_confine_try(), confined(&rules, got));
    CHECK_INT(overwrite(), 0); /* this one is as free as before */
    errno = 0;
    CHECK(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
}

static void test_confine__says_what_is_missing(void)
{
    CHECK_Z(tp_confine_words(0), "");
    CHECK_HAS(tp_str_of(tp_confine_words(TP_CONFINE_FILES)), "Landlock");
    CHECK_HAS(tp_str_of(tp_confine_words(TP_CONFINE_CALLS)), "seccomp");
    CHECK_HAS(tp_str_of(tp_confine_words(TP_CONFINE_FILES | TP_CONFINE_CALLS)),
              "neither");
}

static const check_test tests[] = {
    CHECK_TEST(test_confine__without_a_folder_nothing_is_changed),
    CHECK_TEST(test_confine__in_a_folder_files_are_its_own),
    CHECK_TEST(test_confine__named_programs_can_be_run),
    CHECK_TEST(test_confine__is_for_workers_only),
    CHECK_TEST(test_confine__is_tried_by_another_process),
    CHECK_TEST(test_confine__says_what_is_missing),
    {0},
};

int main(int argc, char **argv)
{
    (void)argc, (void)argv;
    if (!mkdtemp(folder)) return 1;
    int status = check_main(tests);
    unlink(in("there"));
    unlink(in("made"));
    rmdir(folder);
    return status;
}
