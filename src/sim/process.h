/* process: a program run to its end, with a limit. */
#ifndef TP_SIM_PROCESS_H
#define TP_SIM_PROCESS_H

#include "sim/parts.h"

#include <sys/types.h>

typedef struct tp_process {
    tp_str       name;     /* as the user calls it, for messages */
    char *const *argv;     /* [0] a path or a name found in PATH */
    char *const *env;      /* NULL: this process's, OpenMP held to one thread */
    const char  *folder;   /* where it runs; NULL: here */
    const char  *out;      /* file in `folder` for its standard output; NULL:
                              nowhere */
    const char       *log; /* the same for its messages; may be the same file */
    double            seconds; /* wall clock it may take */
    const tp_sandbox *sandbox; /* what it is confined to; NULL: nothing */
    bool may_stop; /* somebody may stop it (SIGSTOP) and let it go on, as users
                      of licences do; else it is killed when it stays so */
} tp_process;

typedef struct tp_process_end {
    int    error;   /* errno: it could not be started */
    bool   in_time; /* false: it was killed */
    bool   by_signal;
    int    status; /* its exit status, or the signal */
    double cpu;    /* seconds, with the processes it waited for */
} tp_process_end;

/* Runs it as the head of a process group of its own, which is gone when this
   returns: with the limit, the whole group is killed. It is killed, too, when
   this process dies. Nothing but the three standard descriptors is handed
   on; standard input is empty. */
void tp_process_run(tp_process_end *out, const tp_process *p, tp_arena mem);
/* "can't start X: No such file", "ended by signal 11 (Segmentation fault)",
   "over 3 s", "exit status 1"; "" it ended well. */
tp_str tp_process_words(const tp_process_end *e, const tp_process *p,
                        tp_arena *mem);

/* A program's arguments, put together word by word. */
typedef struct tp_argv {
    char    **word; /* ends with NULL after tp_argv_end */
    int       n, cap;
    tp_arena *mem;
} tp_argv;
void tp_argv_add(tp_argv *a, tp_str word); /* copied */
void tp_argv_end(tp_argv *a);
/* "-r out.raw" -> its words, in a list that ends with NULL: blanks separate,
   quotes of both kinds hold together, a backslash takes the next character as
   it is. TP_BAD_INPUT for an open quote. */
tp_status tp_argument_words(char ***out, int *n, tp_str text, tp_arena *mem,
                            tp_err *err);
#endif
