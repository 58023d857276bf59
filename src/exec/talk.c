/* The frames of one process, sent and read as the socket takes and gives them,
   so that no process can make the parent wait. */
#include "exec/talk.h"

#include <errno.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

void tp_talk_begin(tp_talk *t)
{
    t->n_part = 0;
    t->in_len = t->told = 0;
    t->unread = false;
}

void tp_talk_say(tp_talk *t, tp_frame_type type, tp_str front, tp_str rest)
{
    memmove(t->head + TP_FRAME_HEAD, front.at, (size_t)front.len);
    tp_frame_head(t->head, type, front.len + rest.len);
    t->part[0] = (tp_str){t->head, TP_FRAME_HEAD + front.len};
    t->part[1] = rest;
    t->n_part = TP_TALK_PARTS;
}

static void drop_sent(tp_talk *t, ptrdiff_t sent)
{
    int done = 0;
    while (done < t->n_part && t->part[done].len <= sent)
        sent -= t->part[done++].len;
    t->n_part -= done;
    memmove(t->part, t->part + done, sizeof *t->part * (size_t)t->n_part);
    if (t->n_part > 0) t->part[0] = tp_str_from(t->part[0], sent);
}

static bool try_again(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK;
}

bool tp_talk_send(tp_talk *t, int fd)
{
    while (t->n_part > 0) {
        struct iovec iov[TP_TALK_PARTS];
        for (int i = 0; i < t->n_part; i++)
            iov[i] = (struct iovec){(void *)(uintptr_t)t->part[i].at,
                                    (size_t)t->part[i].len};
        struct msghdr m = {.msg_iov = iov, .msg_iovlen = (size_t)t->n_part};
        ssize_t       n = sendmsg(fd, &m, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return try_again();
        drop_sent(t, n);
    }
    return true;
}

bool tp_talk_heard(const tp_talk *t, int fd)
{
    int left = 0;
    return t->n_part == 0 && !t->unread && ioctl(fd, SIOCOUTQ, &left) == 0 &&
           left == 0;
}

tp_sent tp_talk_pass(int fd, tp_frame_type type, const tp_ends *ends)
{
    char         head[TP_FRAME_HEAD];
    struct iovec iov = {head, TP_FRAME_HEAD};
    union {
        char           at[CMSG_SPACE(sizeof *ends)];
        struct cmsghdr align;
    } control = {{0}};
    struct msghdr   m = {.msg_iov = &iov,
                         .msg_iovlen = 1,
                         .msg_control = control.at,
                         .msg_controllen = sizeof control.at};
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    ssize_t         n;
    *c = (struct cmsghdr){.cmsg_level = SOL_SOCKET,
                          .cmsg_type = SCM_RIGHTS,
                          .cmsg_len = CMSG_LEN(sizeof *ends)};
    memcpy(CMSG_DATA(c), ends, sizeof *ends);
    tp_frame_head(head, type, 0);
    do n = sendmsg(fd, &m, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    if (n == TP_FRAME_HEAD) return TP_SENT;
    return n < 0 && try_again() ? TP_SENT_LATER : TP_SENT_NEVER;
}

/* Reads what there is, until `in` has `len` bytes. */
static tp_got fill(tp_talk *t, int fd, ptrdiff_t len)
{
    ptrdiff_t room = t->in.end - t->in.beg;
    while (t->in_len < len) {
        ssize_t n =
            recv(fd, t->in.beg + t->in_len, (size_t)(room - t->in_len), 0);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && try_again()) return TP_GOT_NOTHING;
        if (n < 0) t->unread = errno == ECONNRESET;
        if (n <= 0) return TP_GOT_END;
        t->in_len += n;
    }
    return TP_GOT_FRAME;
}

tp_got tp_talk_read(tp_talk *t, int fd, tp_frame_type *type, tp_str *bytes)
{
    ptrdiff_t len, room = t->in.end - t->in.beg - TP_FRAME_HEAD;
    t->in_len -= t->told;
    if (t->told > 0) memmove(t->in.beg, t->in.beg + t->told, (size_t)t->in_len);
    t->told = 0;
    tp_got got = fill(t, fd, TP_FRAME_HEAD);
    if (got != TP_GOT_FRAME) return got;
    if (!tp_frame_read_head(t->in.beg, true, type, &len) || len > room)
        return TP_GOT_GARBAGE;
    got = fill(t, fd, TP_FRAME_HEAD + len);
    if (got != TP_GOT_FRAME) return got;
    *bytes = (tp_str){t->in.beg + TP_FRAME_HEAD, len};
    t->told = TP_FRAME_HEAD + len;
    return TP_GOT_FRAME;
}

bool tp_talk_more(const tp_talk *t)
{
    return t->in_len > t->told;
}
