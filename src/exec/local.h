/* local: a worker's slot: the process in it, the job it has, and the frames
   under way in both directions. */
#ifndef TP_EXEC_LOCAL_H
#define TP_EXEC_LOCAL_H

#include "exec/child.h"
#include "exec/frame.h"

enum { TP_SLOT_PARTS = 4 };

typedef struct tp_slot {
    tp_child child;
    uint64_t key;    /* of the load the process has or is given */
    bool     loaded; /* it said so */
    int      served; /* jobs it has answered */
    double   used;   /* when it was given a job last */

    bool     busy;
    tp_job   job;      /* ask: in `hold` */
    bool     started;  /* the worker has the job in its hands */
    int      starts;   /* processes this job was given to in vain */
    double   handed;   /* when */
    double   deadline; /* INFINITY: none */
    tp_arena hold, hold_empty;

    tp_str    part[TP_SLOT_PARTS]; /* to be sent */
    int       n_part;
    char      load_head[TP_FRAME_HEAD + 8];
    char      job_head[TP_FRAME_HEAD + 16];
    tp_arena  in; /* a frame being read stands at in.beg */
    ptrdiff_t in_len;
} tp_slot;

/* Queues the load (NULL: it has it) and the job of a slot. */
void tp_slot_queue(tp_slot *s, const tp_str *load, double load_seconds);
/* Sends what the socket takes; false: the worker is gone. */
bool tp_slot_send(tp_slot *s);

typedef enum tp_got {
    TP_GOT_NOTHING, /* not a whole frame yet */
    TP_GOT_FRAME,
    TP_GOT_END,     /* the worker is gone */
    TP_GOT_GARBAGE, /* no frame */
} tp_got;
/* Reads at most one frame; its bytes stay until the next call. */
tp_got tp_slot_read(tp_slot *s, tp_frame_type *type, tp_str *bytes);

extern const tp_exec_ops tp_exec_local, tp_exec_inline;
#endif
