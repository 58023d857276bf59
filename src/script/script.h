/* script: runs a deck's post-process scripts over the results of a run. */
#ifndef TP_SCRIPT_H
#define TP_SCRIPT_H

#include "plot/plot.h"
#include "problem/problem.h"
#include "run/run.h"

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

/* "<stem>-<script>-<k>.svg": what graph `k` of a script is written to; a
   slash in the script's name becomes '_'. */
tp_str tp_script_file(const tp_problem *p, const tp_post *post, int k,
                      const char *ending, tp_arena *mem);

/* Runs them in order. Every graph is written to `folder` as .svg and .png. A
   step that has no value is reported with its place and the script goes on;
   TP_BAD_INPUT at the end if any had none. */
tp_status tp_scripts_run(const tp_problem *p, const tp_script_results *r,
                         tp_str folder, const tp_script_sink *sink,
                         tp_arena *mem, tp_err *err);

/* ---- Nutmeg sessions with `optimize` ------------------------------------ */

/* What a script's run notes of the script, in tp_problem.script. */
typedef struct tp_script_mark {
    tp_str  token;         /* the same for all runs of one execution */
    int     number;        /* of the optimize, from 1 */
    tp_str  settings;      /* tp_run_settings of the whole script */
    int64_t search, bench; /* hashes of what tp_problem does not pack */
} tp_script_mark;
/* False: it is no script's run, or not one that can be run again. */
bool tp_script_mark_read(tp_script_mark *out, tp_str bytes);

/* A run of an earlier execution. */
typedef struct tp_stored_script {
    tp_str     id;
    tp_problem problem; /* tp_problem_unpack */
} tp_stored_script;

typedef struct tp_session_setup {
    bool   script; /* a file is run, from its first line: it can be again */
    tp_str token;  /* of the earlier execution that is gone on with, "" none */
    int    n_stored;
    const tp_stored_script *stored; /* its runs in order: the n-th optimize goes
                                       on with the n-th, or is refused */
    int             max_trials; /* of stored runs, a new limit; 0: as it was */
    double          max_time;   /* the same */
    tp_str          folder;     /* files are written and read here */
    tp_str          decks;      /* where decks and scripts are; "": there too */
    tp_str          name;       /* of runs and pictures */
    tp_str          path;       /* of the script, for the store; "" none */
    const char     *store; /* the store's file, made at the first optimize */
    tp_run_settings set;   /* of every optimize; its own words win */
    bool            prove; /* every run's best point (tp_run_prove) */
    tp_run_watch    watch;
    void           *with;
    void (*print)(void *with, tp_str text);
    void (*warning)(void *with, tp_str text);
    void (*file)(void *with, tp_str path);
} tp_session_setup;

typedef struct tp_session tp_session;

/* A Nutmeg session whose simulator is a worker process, with the command
   `optimize` (SPICE OPUS manual). The strings of the setup live as long. */
tp_status tp_session_open(tp_session **out, const tp_session_setup *setup,
                          tp_err *err);
void      tp_session_close(tp_session *s); /* no process is left */
/* One line of input; *more: a block is open. TP_BAD_INPUT leaves the session
   as it was. */
tp_status tp_session_line(tp_session *s, tp_str line, tp_place at, bool *more,
                          tp_err *err);
/* Forgets a block that waits for its end. */
void tp_session_give_up(tp_session *s);
bool tp_session_quit(const tp_session *s);
void tp_session_interrupt(tp_session *s); /* from a signal handler */
int  tp_session_complete(const tp_session *s, tp_str beginning, tp_str *out,
                         int max, tp_arena *mem);
/* Ids of the runs that `optimize` made, oldest first. */
int tp_session_runs(const tp_session *s, const tp_str **id);
#endif
