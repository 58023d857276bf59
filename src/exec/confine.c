/* Confinement of a process that reads what strangers wrote: files by Landlock
   (Linux Documentation/userspace-api/landlock.rst), calls by seccomp. */
#include "exec/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* What kernels of later versions know more than these headers. */
enum {
    FIRST = (1 << 13) - 1, /* version 1: all rights over files */
    REFER = 1 << 13,       /* 2 */
    TRUNCATE = 1 << 14,    /* 3 */
    IOCTL_DEV = 1 << 15,   /* 5 */
    BIND_CONNECT = 3,      /* 4: TCP */
    SCOPE = 3,             /* 6: abstract sockets, signals */
};
typedef struct ruleset {
    uint64_t files, net, scope;
} ruleset;

enum {
    READ = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
    WRITE = LANDLOCK_ACCESS_FS_WRITE_FILE,
    RUN = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE,
    ON_FILES = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |
               LANDLOCK_ACCESS_FS_READ_FILE | TRUNCATE | IOCTL_DEV,
};

static bool confined; /* this process, for ever */

/* Everything that this version of Landlock can refuse. */
static ruleset all_rights(long version)
{
    ruleset r = {.files = FIRST};
    if (version >= 2) r.files |= REFER;
    if (version >= 3) r.files |= TRUNCATE;
    if (version >= 4) r.net = BIND_CONNECT;
    if (version >= 5) r.files |= IOCTL_DEV;
    if (version >= 6) r.scope = SCOPE;
    return r;
}

/* What is not there is no loss. */
static bool allow(int rules, const char *path, uint64_t rights)
{
    struct stat s;
    int         fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0) return true;
    if (fstat(fd, &s) == 0 && !S_ISDIR(s.st_mode)) rights &= ON_FILES;
    struct landlock_path_beneath_attr at = {.allowed_access = rights,
                                            .parent_fd = fd};
    bool ok = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH,
                      &at, 0) == 0;
    close(fd);
    return ok;
}

static bool allow_all(int rules, const char *const *path, uint64_t rights)
{
    bool ok = true;
    for (int i = 0; path && path[i]; i++) ok &= allow(rules, path[i], rights);
    return ok;
}

static bool confine_files(const tp_confine_rules *c)
{
    static const char *const nothing[] = {"/dev/null", "/dev/zero", NULL};
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0,
                           LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1) return false;
    ruleset r = all_rights(version);
    int     rules = (int)syscall(SYS_landlock_create_ruleset, &r, sizeof r, 0);
    if (rules < 0) return false;
    uint64_t own = r.files & ~(uint64_t)LANDLOCK_ACCESS_FS_EXECUTE;
    bool     ok = allow_all(rules, c->read, READ) &&
              allow_all(rules, c->run, RUN) &&
              allow_all(rules, nothing, READ | WRITE) &&
              (!c->write || allow(rules, c->write, own)) &&
              (!c->temp || allow(rules, c->temp, READ | WRITE)) &&
              prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
              syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    close(rules);
    return ok;
}

unsigned tp_confine(const tp_confine_rules *c)
{
    unsigned lacks = 0;
    confined = true;
    if (!c->write) setrlimit(RLIMIT_FSIZE, &(struct rlimit){0, 0});
    if (!confine_files(c)) lacks |= TP_CONFINE_FILES;
    if (!tp_filter_calls(c->write, c->run)) lacks |= TP_CONFINE_CALLS;
    return lacks;
}

void tp_confine_worker(void)
{
    if (confined) tp_filter_worker();
}

bool tp_confined(void)
{
    return confined;
}

unsigned tp_confine_try(void)
{
    static const char *const nothing[] = {NULL};
    int                      status = 0;
    pid_t                    pid = fork();
    if (pid == 0) _exit((int)tp_confine(&(tp_confine_rules){.read = nothing}));
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
    if (pid > 0 && WIFEXITED(status)) return (unsigned)WEXITSTATUS(status);
    return TP_CONFINE_FILES | TP_CONFINE_CALLS;
}

const char *tp_confine_words(unsigned lacks)
{
    static const char *const words[] = {
        [0] = "",
        [TP_CONFINE_FILES] =
            "simulators can read the user's files: this kernel has no Landlock",
        [TP_CONFINE_CALLS] = "simulators are only confined to their folder: "
                             "this kernel has no seccomp filters",
        [TP_CONFINE_FILES | TP_CONFINE_CALLS] =
            "simulators are not confined: this kernel has neither Landlock nor "
            "seccomp filters",
    };
    return words[lacks];
}
