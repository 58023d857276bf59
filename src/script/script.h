/* script: runs a deck's post-process scripts over the results of a run. */
#ifndef TP_SCRIPT_H
#define TP_SCRIPT_H

#include "plot/plot.h"
#include "problem/problem.h"

typedef struct tp_script_results {
    int             n_trial;
    const tp_trial *trial; /* with waves where problem.want asks for them */
    int             best;  /* 1-based number, 0 none */
} tp_script_results;

typedef struct tp_script_sink {
    void *with;
    void (*text)(void *with, tp_str line); /* echo, notices */
    void (*file)(void *with, tp_str path); /* a picture was written */
} tp_script_sink;

/* Runs them in order. Every graph is written as <folder>/<stem>-<script>-<k>
   .svg and .png. A step that has no value is reported with its place and the
   script goes on; TP_BAD_INPUT at the end if any had none. */
tp_status tp_scripts_run(const tp_problem *p, const tp_script_results *r,
                         tp_str folder, const tp_script_sink *sink,
                         tp_arena *mem, tp_err *err);
#endif
