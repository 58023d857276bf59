/* child: one worker process: its start, its last words, its end. */
#ifndef TP_EXEC_CHILD_H
#define TP_EXEC_CHILD_H

#include "exec/exec.h"

#include <sys/types.h>

enum { TP_LOG_MAX = 4096 };

typedef struct tp_child {
    pid_t pid; /* 0: there is none */
    int   fd;  /* the socket, non-blocking */
    int   out; /* its stdout and stderr, non-blocking */
    int   end; /* readable when it has ended */
    int   log_len;
    char  log[TP_LOG_MAX]; /* the end of what it wrote */
} tp_child;

/* Starts `program worker` with the socket as its descriptor 3, in a process
   group of its own, that dies with this process. `memory`: MB of address
   space, 0: no limit. */
tp_status tp_child_start(tp_child *c, tp_str program, double memory,
                         tp_arena mem, tp_err *err);
/* Takes what it has written. */
void tp_child_listen(tp_child *c);
/* Closes the socket, waits at most `ms` until it ends by itself, then kills
   it and its group. Its wait status. */
int tp_child_end(tp_child *c, int ms);
#endif
