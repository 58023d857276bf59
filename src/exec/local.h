/* local: the parts of the executor. A job sits in a slot until it is done; the
   slot has a worker, or waits until the template of the job's load has forked
   one. Workers without a job are parked. */
#ifndef TP_EXEC_LOCAL_H
#define TP_EXEC_LOCAL_H

#include "exec/talk.h"

#include <poll.h>

enum {
    TP_STARTS_MAX = 4,     /* processes for a job that is never taken up */
    TP_SERVED_MAX = 20000, /* jobs of one worker: what it leaks ends there */
    TP_END_MS = 500,       /* for a process to end by itself */
};

typedef struct tp_local_settings {
    int    jobs, keep;
    tp_str program;
    double seconds, grace, load, memory;
} tp_local_settings;

/* The process that holds a load and forks workers. */
typedef struct tp_template {
    uint64_t key;
    tp_str   load;
    tp_child child;
    bool     ready; /* it has loaded */
    int      asked; /* forks that it has not answered yet */
    double   used;  /* when it was asked last */
    double   deadline;
    tp_talk  talk;
} tp_template;

typedef enum tp_slot_state {
    TP_SLOT_FREE,
    TP_SLOT_WAITS, /* for its template to be ready */
    TP_SLOT_ASKED, /* the template has been asked to fork */
    TP_SLOT_LOST,  /* the template it waited for is gone */
    TP_SLOT_RUNS,  /* its worker has been given the job */
    TP_SLOT_OVER,  /* `done` is still to be told */
} tp_slot_state;

typedef struct tp_slot {
    tp_slot_state state;
    tp_template  *of;
    tp_child      child;
    tp_ends       ends; /* of the worker that is to be forked */
    int64_t       turn; /* in which its template was asked */
    int           served;

    tp_job   job;      /* ask: in `hold` */
    int      starts;   /* processes this job was given to in vain */
    double   handed;   /* when */
    double   deadline; /* INFINITY: none */
    tp_done  done;
    tp_arena hold, hold_empty;
    tp_talk  talk;
} tp_slot;

/* A worker without a job. */
typedef struct tp_parked {
    tp_child     child;
    tp_template *of;
    int          served;
    double       used;
} tp_parked;

/* A process that wait() looks at: its socket, its stderr, its end. */
enum { TP_POLLS = 3 };
typedef struct tp_watch {
    struct pollfd *of;
    tp_slot       *p; /* the worker of this slot, or ... */
    tp_template   *m; /* ... this template */
    pid_t          pid;
} tp_watch;

typedef struct tp_local {
    tp_arena      mem;
    int           n_slot, n_template, cap_template, n_parked;
    tp_slot      *slot;
    tp_template **all; /* templates, running or not */
    tp_parked    *parked;
    int           next;  /* the slot that is looked at first */
    int64_t       turns; /* forks asked for */
    double        swept; /* when processes at rest were looked at */
    double    looked;    /* when those at work were, whether they are stopped */
    tp_watch *watch;     /* room for one a slot */
    bool      several;   /* processors */
    bool      quick;     /* the last answer was, and there are several */
} tp_local;

/* One call of wait. */
typedef struct tp_turn {
    tp_exec  *x;
    tp_local *l;
    tp_arena *mem;
    tp_done  *out;
    tp_err   *err;
} tp_turn;

/* ---- template.c -------------------------------------------------- */

/* Puts the slot on the list of its template, which is started if need be. */
tp_status tp_template_want(tp_exec *x, tp_slot *p, tp_err *err);
/* Takes what it has sent. */
tp_status tp_template_read(tp_turn *t, tp_template *m);
/* Sends what is to be sent: the load, or wishes for workers. */
void tp_template_send(tp_turn *t, tp_template *m);
bool tp_template_sends(const tp_local *l, const tp_template *m);
/* It is gone, or has to go: whoever waits for it gets another one, or has
   tried often enough. */
tp_status tp_template_lost(tp_turn *t, tp_template *m, bool overdue, int ms);
/* Ends the process; its wait status. */
int tp_template_end(tp_template *m, int ms);

/* ---- park.c: workers and templates at rest ----------------------- */

/* Lets the slot's worker rest. */
void tp_park(tp_local *l, tp_slot *p, int keep);
/* Gives the slot a worker at rest that has its load; false: there is none. */
bool tp_unpark(tp_local *l, tp_slot *p);
/* Makes room for one more template among `keep`, and for its memory where
   that is scarce: the one that was not used for longest goes. */
void tp_park_make_room(tp_local *l, int keep);
/* Buries processes that ended while they rested, now and then. */
void tp_park_sweep(tp_local *l);
void tp_park_close(tp_local *l);

/* ---- job.c ------------------------------------------------------- */

/* Gives the slot's job to a worker at rest, or waits for a fresh one. */
tp_status tp_job_hand_over(tp_exec *x, tp_slot *p, tp_err *err);
/* The slot's worker is there: the job goes to it. */
void tp_job_give(tp_exec *x, tp_slot *p);
/* The process that the job was for is gone, or has to go: the job goes to
   another one if it never began, else it is over. */
tp_status tp_job_retry(tp_turn *t, tp_slot *p, bool overdue, int status);
tp_status tp_job_lose(tp_turn *t, tp_slot *p, bool overdue, int ms);
/* The job is over, with the last words of the slot's child. */
void tp_job_over(tp_slot *p, tp_end how, tp_str answer, int status);
/* Tells the end of the job. */
void tp_job_tell(tp_turn *t, tp_slot *p);
/* Takes what the slot's worker has sent, until it finishes the job. */
tp_status tp_job_read(tp_turn *t, tp_slot *p);

extern const tp_exec_ops tp_exec_local, tp_exec_inline;
#endif
