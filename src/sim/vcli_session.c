/* Virtuoso's sessions: one trial at a time in each, whichever process it is
   of. A file in the system's folder for such things is locked while a session
   is used; the lock ends with the process that holds it. */
#include "sim/vcli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

/* A file for the session; its name holds nothing but letters, digits, '_'. */
static char *lock_path(tp_str session, tp_arena *mem)
{
    const char *folder = getenv("XDG_RUNTIME_DIR");
    tp_buf      b = {.mem = mem};
    if (!folder || folder[0] != '/' || access(folder, W_OK) != 0)
        folder = "/tmp";
    tp_buf_fmt(&b, "%s/trimpot-vcli-%u-", folder, (unsigned)getuid());
    for (ptrdiff_t i = 0; i < session.len && i < 100; i++) {
        char c = session.at[i];
        tp_buf_char(&b, tp_is_alpha(c) || tp_is_digit(c) ? c : '_');
    }
    tp_buf_add(&b, TP_S(".lock"));
    return tp_str_z(mem, tp_buf_str(&b));
}

/* The lock, -1 when another has it, -2 when there can be none. */
static int try_lock(tp_str session, tp_arena *mem)
{
    int fd = open(lock_path(session, mem),
                  O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return -2;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
    close(fd);
    return -1;
}

int tp_vcli_session_take(tp_str *session, const tp_vcli_settings *set,
                         tp_str *why, tp_arena *mem)
{
    tp_str own = set->sessions, one;
    if (own.len == 0) own = tp_str_of(getenv("VB_SESSION"));
    for (;;) {
        tp_str rest = own;
        for (bool first = true;; first = false) {
            one = tp_str_word(&rest, " :;");
            if (one.len == 0 && !(first && own.len == 0)) break;
            int held = try_lock(one, mem);
            *session = one;
            if (held >= 0) return held;
            if (held == -2) {
                *why = tp_str_fmt(mem, "can't lock the session: %s",
                                  strerror(errno));
                return -1;
            }
        }
        nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    }
}

void tp_vcli_session_leave(int held)
{
    if (held >= 0) close(held);
}
