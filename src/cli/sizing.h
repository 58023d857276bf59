/* sizing: what `trimpot run` and `resume` add for a problem file. */
#ifndef TP_CLI_SIZING_H
#define TP_CLI_SIZING_H

#include "cli/cli.h"

typedef struct sizing {
    session          *s;
    tp_run           *run;
    const tp_problem *problem;
    double            ctol;
    int               of; /* trials it may make; 0: no limit */
    const tp_trial   *before;
    tp_str            path;
    tp_history       *history; /* NULL: none is kept */
    bool              lost;    /* it could not be written */
} sizing;

/* <process_data>/<pdk>/opt_history, below --out where that is given. */
tp_str sizing_folder(const session *s, const tp_problem *p, tp_arena *mem);
/* Before a run: the history could be written. */
tp_status sizing_check(session *s, const tp_problem *p, tp_err *err);
/* When the run has its row. Nothing for a problem without specs. */
tp_status sizing_begin(sizing *z, tp_err *err);
/* After a trial: its block on stderr, and the history with it. */
void sizing_trial(sizing *z, const tp_trial *t, const tp_trial *best);
/* The history with the run's end and proof; its path, "" none. */
tp_str sizing_end(sizing *z);
#endif
