/* frame: what runs over the socket between parent and child: frames of
   {version, type, length} and that many bytes. Neither side believes the
   other: a frame of another version, an unknown type or an impossible length
   ends the conversation. */
#ifndef TP_EXEC_FRAME_H
#define TP_EXEC_FRAME_H

#include "exec/exec.h"

#define TP_FRAME_LIST(X) /* name, from the worker */                   \
    X(LOAD, false)       /* doubles seconds and MB, the load */        \
    X(JOB, false)        /* id, double seconds, the ask */             \
    X(LOADED, true)      /* - */                                       \
    X(REFUSED, true)     /* a packed tp_err */                         \
    X(ANSWER, true)      /* id, the answer */                          \
    X(LAST, true)        /* the same; the worker takes no more jobs */ \
    X(FORK, false)       /* -; with it a worker's socket and stderr */ \
    X(FORKED, true)      /* its pid, or minus an errno */
#define X(name, from_worker) TP_FRAME_##name,
typedef enum tp_frame_type { TP_FRAME_LIST(X) TP_FRAME_TYPES } tp_frame_type;
#undef X

enum {
    TP_FRAME_HEAD = 16,
    TP_FRAME_MAX = 1 << 28, /* bytes of one frame */
    TP_EXIT_OVERDUE = 113,  /* a worker's status when its CPU time is used up */
};

void tp_frame_head(char head[TP_FRAME_HEAD], tp_frame_type type, ptrdiff_t len);
/* False when it is no head of a frame that this side may get. */
bool tp_frame_read_head(const char head[TP_FRAME_HEAD], bool from_worker,
                        tp_frame_type *type, ptrdiff_t *len);

/* An error as tp_exec_refusal() reads it. */
void tp_frame_pack_err(tp_buf *b, const tp_err *err);

/* ---- waiting for what comes at once --------------------------------------
   A process that sleeps is woken up on another processor in about 20 us, twice
   a job. Seconds: a job under TP_QUICK is waited for awake, and so is the next
   job, for TP_SOON, behind one (doc/decisions/022). */
#define TP_QUICK 300e-6
#define TP_SOON 60e-6
/* Whether this process may use more than one processor. */
bool tp_several_processors(void);
#endif
