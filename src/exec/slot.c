/* The frames of one worker, sent and read as the socket takes and gives
   them, so that no worker can make the parent wait. */
#include "exec/local.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

void tp_slot_queue(tp_slot *s, const tp_str *load, double load_seconds)
{
    char     room[64];
    tp_arena fixed = {.beg = room, .end = room + sizeof room};
    tp_buf   b = {.mem = &fixed};
    s->n_part = 0;
    s->in_len = 0;
    if (load) {
        tp_pack_double(&b, load_seconds);
        tp_frame_head(s->load_head, TP_FRAME_LOAD, 8 + load->len);
        memcpy(s->load_head + TP_FRAME_HEAD, b.at, 8);
        s->part[s->n_part++] = (tp_str){s->load_head, TP_FRAME_HEAD + 8};
        s->part[s->n_part++] = *load;
    }
    fixed.beg = room;
    b = (tp_buf){.mem = &fixed};
    tp_pack_int(&b, (int64_t)s->job.id);
    tp_pack_double(&b, s->job.seconds);
    tp_frame_head(s->job_head, TP_FRAME_JOB, 16 + s->job.ask.len);
    memcpy(s->job_head + TP_FRAME_HEAD, b.at, 16);
    s->part[s->n_part++] = (tp_str){s->job_head, TP_FRAME_HEAD + 16};
    s->part[s->n_part++] = s->job.ask;
}

static void drop_sent(tp_slot *s, ptrdiff_t sent)
{
    int done = 0;
    while (done < s->n_part && s->part[done].len <= sent)
        sent -= s->part[done++].len;
    s->n_part -= done;
    memmove(s->part, s->part + done, sizeof *s->part * (size_t)s->n_part);
    if (s->n_part > 0) s->part[0] = tp_str_from(s->part[0], sent);
}

bool tp_slot_send(tp_slot *s)
{
    while (s->n_part > 0) {
        struct iovec iov[TP_SLOT_PARTS];
        for (int i = 0; i < s->n_part; i++)
            iov[i] = (struct iovec){(void *)(uintptr_t)s->part[i].at,
                                    (size_t)s->part[i].len};
        struct msghdr m = {.msg_iov = iov, .msg_iovlen = (size_t)s->n_part};
        ssize_t       n = sendmsg(s->child.fd, &m, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
        drop_sent(s, n);
    }
    return true;
}

/* Reads until `in` has `len` bytes. */
static tp_got fill(tp_slot *s, ptrdiff_t len)
{
    while (s->in_len < len) {
        ssize_t n = recv(s->child.fd, s->in.beg + s->in_len,
                         (size_t)(len - s->in_len), 0);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return TP_GOT_NOTHING;
        if (n <= 0) return TP_GOT_END;
        s->in_len += n;
    }
    return TP_GOT_FRAME;
}

tp_got tp_slot_read(tp_slot *s, tp_frame_type *type, tp_str *bytes)
{
    ptrdiff_t len;
    tp_got    got = fill(s, TP_FRAME_HEAD);
    if (got != TP_GOT_FRAME) return got;
    if (!tp_frame_read_head(s->in.beg, true, type, &len)) return TP_GOT_GARBAGE;
    got = fill(s, TP_FRAME_HEAD + len);
    if (got != TP_GOT_FRAME) return got;
    *bytes = (tp_str){s->in.beg + TP_FRAME_HEAD, len};
    s->in_len = 0;
    return TP_GOT_FRAME;
}
