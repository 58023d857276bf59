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

/* The lock of the first session that is free; as try_lock. */
static int first_free(tp_str *session, tp_str list, tp_arena *mem)
{
    int held = -1;
    do {
        *session = tp_str_word(&list, " :;");
        held = try_lock(*session, mem);
    } while (held == -1 && list.len > 0);
    return held;
}

int tp_vcli_session_take(tp_str *session, const tp_vcli_settings *set,
                         tp_str *why, tp_arena *mem)
{
    tp_str list = tp_str_trim(set->sessions);
    int    held;
    if (list.len == 0) list = tp_str_trim(tp_str_of(getenv("VB_SESSION")));
    while ((held = first_free(session, list, mem)) == -1)
        nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    if (held >= 0) return held;
    *why = tp_str_fmt(mem, "can't lock the session: %s", strerror(errno));
    return -1;
}

void tp_vcli_session_leave(int held)
{
    if (held >= 0) close(held);
}
