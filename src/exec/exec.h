/* exec: bytes in, bytes out, in other processes. Never sees a simulator. */
#ifndef TP_EXEC_H
#define TP_EXEC_H

#include "base/base.h"

typedef struct tp_job {
    uint64_t id;  /* not 0 */
    uint64_t key; /* which load it needs */
    tp_str   ask;
    double   seconds; /* CPU limit of this job, 0: none */
} tp_job;

typedef enum tp_end {
    TP_END_DONE,
    TP_END_DIED,    /* the worker crashed, exited or was killed */
    TP_END_OVERDUE, /* over its limit; the worker is gone */
    TP_END_REFUSED, /* the load failed; tp_exec_refusal(answer) says why */
} tp_end;
typedef struct tp_done {
    uint64_t id;
    tp_end   how;
    tp_str   answer;
    tp_str   log;            /* its last words on stderr, at most 4 kB */
    int      signal, status; /* of a worker that is gone: how it ended */
    double   seconds;        /* wall, from hand-over to answer */
} tp_done;

/* In a worker: answers one ask. */
typedef tp_str tp_work(void *with, tp_str ask, tp_arena *mem);
/* In a worker: makes the `with` of a load; NULL and err when it can't. */
typedef void *tp_work_load(tp_str load, tp_err *err);

typedef struct tp_exec {
    void         *settings, *state;
    tp_work_load *load; /* inline only */
    tp_work      *work;
} tp_exec;

typedef struct tp_exec_ops {
    const char     *name, *summary;
    size_t          settings_size;
    const tp_param *params; /* local: jobs, keep, seconds, memory ... */
    tp_status (*open)(tp_exec *x, tp_err *err);
    /* Hands a load over once; borrowed until close. */
    tp_status (*put)(tp_exec *x, uint64_t key, tp_str load, tp_err *err);
    int (*room)(const tp_exec *x); /* jobs it would take now */
    tp_status (*submit)(tp_exec *x, const tp_job *job, tp_err *err);
    /* The next finished job, in any order; out->id stays 0 when nothing came
       back within `ms` (-1: for ever) or a signal interrupted the wait. */
    tp_status (*wait)(tp_exec *x, int ms, tp_arena *mem, tp_done *out,
                      tp_err *err);
    void (*close)(tp_exec *x); /* no process is left */
} tp_exec_ops;

/* "local": worker processes; each load has a template, this program started
   as `trimpot worker`, which forks them. "inline": in this process, for
   tests. */
const tp_exec_ops        *tp_exec_find(tp_str name);
const tp_exec_ops *const *tp_execs(void); /* ends with NULL */
/* The error of a worker that refused its load, with its place. */
void tp_exec_refusal(tp_err *out, tp_str answer);
/* Ready-made settings for the rows above: allocated in `mem`, defaults. */
void *tp_exec_settings(const tp_exec_ops *ops, tp_arena *mem);

/* Rows for settings of type T that are handed on to "local": its fields
   program, seconds, grace and load. */
#define TP_EXEC_LIMIT_ROWS(T)                                                 \
    {.name = "program",                                                       \
     .type = TP_TEXT,                                                         \
     .at = offsetof(T, program),                                              \
     .text_def = "",                                                          \
     .text = "What is started as `program worker`; empty: this program."},    \
        {.name = "seconds",                                                   \
         .type = TP_REAL,                                                     \
         .at = offsetof(T, seconds),                                          \
         .def = 0,                                                            \
         .min = 0,                                                            \
         .max = 1e6,                                                          \
         .unit = "s",                                                         \
         .text = "CPU time of a job that has no limit of its own; 0: "        \
                 "none."},                                                    \
        {.name = "grace",                                                     \
         .type = TP_REAL,                                                     \
         .at = offsetof(T, grace),                                            \
         .def = 10,                                                           \
         .min = 0,                                                            \
         .max = 1e6,                                                          \
         .unit = "s",                                                         \
         .text = "Wall clock a job may take beyond 5 times its CPU time."},   \
    {                                                                         \
        .name = "load", .type = TP_REAL, .at = offsetof(T, load), .def = 120, \
        .min = 0.01, .max = 1e6, .unit = "s",                                 \
        .text = "Wall clock in which a circuit must be loaded."               \
    }

/* This process's environment for a program that simulates: OpenMP is held to
   one thread, and the time zone is named, or the C library looks at its file
   for each date that ngspice writes, which is one an analysis. */
char **tp_exec_environment(tp_arena *mem);

/* ---- processes that are stopped ------------------------------------
   A child that is stopped (SIGSTOP) answers nothing and does not end. */

enum {
    TP_STOPPED_MS = 2000,     /* one that stays so for so long is given up */
    TP_STOPPED_LOOK_MS = 500, /* how often that is looked at */
};
/* Goes on counting from `ms` how long it has been, `since` the last look; a
   look that this process was late for counts as one. */
double tp_exec_stopped_ms(int pid, double ms, double since);

/* ---- confinement --------------------------------------------------
   A process gives up, for ever and for all that it starts, what a simulator
   has no use for: files but those named (Landlock), the network, other
   processes, and, where no program is named, new programs (seccomp). */

typedef struct tp_confine_rules {
    const char *const *read; /* files and folders it may read; ends with NULL */
    const char *const *run;  /* programs it may start; NULL: none */
    const char        *write; /* the folder it may write in; NULL: none */
    const char        *temp;  /* where it may make files without a name (and
                                 write into those that are there); NULL: none */
} tp_confine_rules;

enum { TP_CONFINE_FILES = 1, TP_CONFINE_CALLS = 2 };
/* What of it the kernel does not have (0: nothing). Allocates nothing: may
   stand between fork and exec. */
unsigned tp_confine(const tp_confine_rules *c);
/* The same in a process of tp_exec_serve; any other is left as it is. */
unsigned    tp_exec_confine(const tp_confine_rules *c);
const char *tp_confine_words(unsigned lacks); /* "" or what to tell the user */
/* What this kernel does not have of it, tried by a process of its own. */
unsigned tp_confine_try(void);

/* The worker's side: reads frames from `fd`, calls load and work, answers;
   returns the process's exit status when the parent closes. */
int tp_exec_serve(int fd, tp_work_load *load, tp_work *work);
/* Called by `work`: the answer it is about to give counts, but this process
   must not get another job (its simulator is lost). The parent replaces it. */
void tp_exec_retire(void);
#endif
