/* child: one process of ours: its start, its last words, its end. It is a
   template, which is this program started anew, or a worker, which a template
   has forked: a child of this process, too. */
#ifndef TP_EXEC_CHILD_H
#define TP_EXEC_CHILD_H

#include "exec/exec.h"

#include <sys/types.h>

enum { TP_LOG_MAX = 4096 };

typedef struct tp_child {
    pid_t  pid;     /* 0: there is none */
    int    fd;      /* the socket, non-blocking */
    int    out;     /* its stdout and stderr, non-blocking */
    int    end;     /* readable when it has ended */
    double stopped; /* ms that it has been seen stopped */
    int    log_len;
    char   log[TP_LOG_MAX]; /* the end of what it wrote */
} tp_child;
#define TP_NO_CHILD ((tp_child){.fd = -1, .out = -1, .end = -1})

/* The other ends of a child's socket and output. */
typedef struct tp_ends {
    int sock, out;
} tp_ends;

/* Makes socket and output of a child that is still to come. */
tp_status tp_child_pipes(tp_child *c, tp_ends *ends, tp_err *err);
void      tp_ends_close(tp_ends *ends);
/* Starts `program worker` with the socket as its descriptor 3, in a process
   group of its own, that dies with this process. */
tp_status tp_child_start(tp_child *c, tp_str program, tp_arena mem,
                         tp_err *err);
/* Takes the process that template `of` says it has forked for these pipes,
   and gives it a group of its own; false: that can't be. Until then it
   belongs to the template's group, and ends with it. */
bool tp_child_adopt(tp_child *c, const tp_child *of, int64_t pid);
/* Takes what it has written. */
void tp_child_listen(tp_child *c);
/* Puts a line of ours behind its words. */
void tp_child_note(tp_child *c, tp_str line);
/* Whether it has ended; it is not reaped. */
bool tp_child_ended(const tp_child *c);
/* Closes the socket, waits at most `ms` until it ends by itself (it is not
   stopped), then kills it and its group. Its wait status. */
int tp_child_end(tp_child *c, int ms);
#endif
