/* What simulators are confined to, in a worker and as programs of their own:
   the system's files for reading, a folder of their own, no other program. */
#include "sim/parts.h"

#include "exec/exec.h"

#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

/* Libraries, code models, fonts, the time zone, and what a C library asks of
   the system. */
#define SYSTEM                                                           \
    "/usr", "/lib", "/lib32", "/lib64", "/etc", "/proc", "/dev/urandom", \
        "/sys/devices/system"

unsigned tp_sandbox_worker(const char *const *file)
{
    const char *read[32] = {SYSTEM};
    int         n = 0;
    while (read[n]) n++;
    for (int i = 0; i < TP_SANDBOX_FILES && file[i]; i++) read[n++] = file[i];
    return tp_exec_confine(&(tp_confine_rules){.read = read});
}

/* A name without a '/' as the shell would find it; "" not at all. */
static char *find_program(tp_str name, tp_arena *mem)
{
    tp_str path = tp_str_of(getenv("PATH"));
    char  *at = tp_str_z(mem, name);
    if (tp_str_find(name, '/', 0) >= 0) return at;
    if (path.len == 0) path = TP_S("/usr/local/bin:/usr/bin:/bin");
    for (tp_str dir; (dir = tp_str_word(&path, ":")).len > 0;) {
        at = tp_str_z(mem, tp_str_fmt(mem, "%.*s/%.*s", TP_F(dir), TP_F(name)));
        if (access(at, X_OK) == 0) return at;
    }
    return tp_str_z(mem, TP_S(""));
}

/* A script needs its interpreter, and with a shell anything can be started. */
static bool is_script(const char *path)
{
    char mark[2] = "";
    int  fd = open(path, O_RDONLY | O_CLOEXEC);
    bool is = fd >= 0 && read(fd, mark, 2) == 2 && memcmp(mark, "#!", 2) == 0;
    if (fd >= 0) close(fd);
    return is;
}

/* "/opt/ngspice/bin/ngspice" -> "/opt/ngspice/lib" */
static char *beside(const char *program, const char *folder, tp_arena *mem)
{
    tp_str path = tp_str_of(program);
    tp_str bin = tp_str_part(path, 0, path.len - tp_path_name(path).len);
    return tp_str_z(mem, tp_str_fmt(mem, "%.*s../%s", TP_F(bin), folder));
}

void tp_sandbox_program(tp_sandbox *out, tp_str program, const char *folder,
                        tp_arena *mem)
{
    char *path = find_program(program, mem);
    bool  any = is_script(path);
    *out = (tp_sandbox){
        .program = path,
        .read = {SYSTEM, path, beside(path, "lib", mem),
                 beside(path, "share", mem), NULL},
        .run = {any ? "/" : path, "/lib64/ld-linux-x86-64.so.2",
                "/lib/ld-linux-aarch64.so.1", NULL},
        .folder = folder,
    };
}

/* Puts the folder in the place of /tmp, for this process alone: `ngspice -b`
   copies its deck to a nameless file there. */
static bool own_tmp(const char *folder)
{
    return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 &&
           mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount(folder, "/tmp", NULL, MS_BIND, NULL) == 0;
}

void tp_sandbox_enter(const tp_sandbox *s)
{
    bool own = strncmp(s->program, "/tmp/", 5) != 0 && own_tmp(s->folder);
    tp_confine(&(tp_confine_rules){.read = s->read,
                                   .run = s->run,
                                   .write = own ? "/tmp" : s->folder,
                                   .temp = own ? NULL : "/tmp"});
}
