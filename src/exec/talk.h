/* talk: the frames of one process, under way in both directions. */
#ifndef TP_EXEC_TALK_H
#define TP_EXEC_TALK_H

#include "exec/child.h"
#include "exec/frame.h"

enum { TP_TALK_PARTS = 2, TP_TALK_FRONT = 16 };

typedef struct tp_talk {
    tp_str    part[TP_TALK_PARTS]; /* to be sent */
    int       n_part;
    char      head[TP_FRAME_HEAD + TP_TALK_FRONT];
    tp_arena  in;           /* what was read stands at in.beg */
    ptrdiff_t in_len, told; /* bytes; of them, those of the frame told last */
    bool      unread;       /* it ended before it had read all */
} tp_talk;

/* With a fresh process. */
void tp_talk_begin(tp_talk *t);
/* The frame to be sent: at most TP_TALK_FRONT bytes, which are copied, then
   bytes that stay where they are until they are sent. */
void tp_talk_say(tp_talk *t, tp_frame_type type, tp_str front, tp_str rest);
/* Sends what the socket takes; false: the process is gone. */
bool tp_talk_send(tp_talk *t, int fd);

/* Whether the process has read what it was sent; also when it has ended since
   (a socket that is closed with bytes to be read says ECONNRESET, not the end:
   unix(7)). */
bool tp_talk_heard(const tp_talk *t, int fd);

typedef enum tp_sent { TP_SENT, TP_SENT_LATER, TP_SENT_NEVER } tp_sent;
/* An empty frame with two descriptors. */
tp_sent tp_talk_pass(int fd, tp_frame_type type, const tp_ends *ends);

typedef enum tp_got {
    TP_GOT_NOTHING, /* not a whole frame yet */
    TP_GOT_FRAME,
    TP_GOT_END,     /* the process is gone */
    TP_GOT_GARBAGE, /* no frame */
} tp_got;
/* Reads at most one frame; its bytes stay until the next call. */
tp_got tp_talk_read(tp_talk *t, int fd, tp_frame_type *type, tp_str *bytes);
/* Whether there are bytes behind that frame. */
bool tp_talk_more(const tp_talk *t);
#endif
