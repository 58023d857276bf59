/* store: runs, their trials and their event log in one SQLite file. Every
   acknowledged row survives kill -9. */
#ifndef TP_STORE_H
#define TP_STORE_H

#include "base/base.h"

typedef struct tp_store tp_store;

/* Opens or makes the file; TP_IO when it can't be written or is none of
   ours; a newer schema is TP_BAD_INPUT. */
tp_status tp_store_open(tp_store **out, const char *path, tp_err *err);
/* Opens an existing file for reading; TP_IO when it is not there. */
tp_status tp_store_open_read(tp_store **out, const char *path, tp_err *err);
void      tp_store_close(tp_store *s);

/* A run as stored. Strings are borrowed from the arena given on reading. */
typedef struct tp_run_row {
    tp_str id; /* "amp-700-3f9c" */
    tp_str name, path, created;
    tp_str bundle; /* packed files of the deck (tp_files_pack) */
    tp_str method, method_settings;
    tp_str settings; /* the run's own, "seed=1,window=1,..." */
    tp_str status;   /* "running" "converged" "limit" "stopped" "interrupted"
                        "failed"; read back it is "running" while another
                        living process works on the run, "interrupted" where
                        one did and is gone */
    tp_str reason;
    int    n_trial, n_failed, best; /* best trial (1-based), 0 none */
    double seconds;
    tp_str proof; /* tp_proof_pack, "" none yet */
} tp_run_row;

/* Makes the row; out_id: name plus 4 hex digits, unique in the store. */
tp_status tp_store_run_add(tp_store *s, const tp_run_row *row, tp_str *out_id,
                           tp_arena *mem, tp_err *err);
tp_status tp_store_run_end(tp_store *s, const tp_run_row *row, tp_err *err);
/* How far the run is: n_trial, n_failed, best and seconds of its row, until it
   ends. Cheap, for every trial. */
tp_status tp_store_progress(tp_store *s, const tp_run_row *row, tp_err *err);
/* By id, unique prefix, or "last". TP_BAD_INPUT: none or several, named. */
tp_status tp_store_run_get(tp_store *s, tp_run_row *out, tp_str which,
                           tp_arena *mem, tp_err *err);
/* All, newest first. */
tp_status tp_store_runs(tp_store *s, const tp_run_row **out, int *n,
                        tp_arena *mem, tp_err *err);

/* One trial. number is 1-based in the order asked. */
typedef struct tp_trial_row {
    int    number;
    tp_str x;       /* packed doubles: real values; then, where there are
                       any, derived values and the phase */
    tp_str outcome; /* word of tp_outcome */
    tp_str why;
    tp_str readings; /* packed: per measure ok, value, unit, why */
    tp_str waves;    /* packed waves, "" none */
    double sim_seconds, seconds;
    int    iterations, attempts;
    tp_str log;
} tp_trial_row;
tp_status tp_store_trial_add(tp_store *s, tp_str run, const tp_trial_row *t,
                             tp_err *err);
/* In order of number. */
tp_status tp_store_trials(tp_store *s, tp_str run, const tp_trial_row **out,
                          int *n, tp_arena *mem, tp_err *err);

/* The event log of a run, numbered from 1 without a gap: written before it
   acts. kind: "ask" (x as asked, tag), "tell" (trial number), "stop", ... */
typedef struct tp_event_row {
    int    number;
    tp_str kind, data;
} tp_event_row;
tp_status tp_store_event_add(tp_store *s, tp_str run, const tp_event_row *e,
                             tp_err *err);
tp_status tp_store_events(tp_store *s, tp_str run, const tp_event_row **out,
                          int *n, tp_arena *mem, tp_err *err);
/* What an event says for people: the words of an outside mind, beside its
   trial or about the run. */
typedef struct tp_remark {
    int    trial; /* that it speaks of; 0: of the run */
    tp_str origin, note;
} tp_remark;
/* False: this event says nothing. */
bool tp_remark_of(tp_remark *out, const tp_event_row *e);
/* What a plain simulator made of an outside mind's trial (event "checked"):
   "agrees" or "differs", by at most `max`, relative; or "none", and why. */
typedef struct tp_point_check {
    int    trial;
    tp_str verdict, why;
    double max;
} tp_point_check;
tp_str tp_point_check_pack(const tp_point_check *c, tp_arena *mem);
bool   tp_point_check_of(tp_point_check *out, const tp_event_row *e);
/* A remark about the run, at any time and whoever works on it: it waits beside
   the log, whose numbers are of that process, until the next tp_store_take. */
tp_status tp_store_note(tp_store *s, tp_str run, tp_str note, tp_err *err);
/* The log, and behind it the remarks that wait, numbered on. */
typedef struct tp_log {
    int                 n, n_waiting; /* all, and how many of them wait */
    const tp_event_row *event;
} tp_log;
tp_status tp_store_log(tp_store *s, tp_str run, tp_log *out, tp_arena *mem,
                       tp_err *err);
/* The parts (a deck, or some of its analyses) that a trial was simulated in
   (event "jobs"). */
typedef struct tp_jobs_part {
    int  part;  /* 0-based, in the run's own numbering */
    int  work;  /* points and Newton iterations; 0: not known */
    bool taken; /* not simulated: the values are an earlier trial's */
} tp_jobs_part;
typedef struct tp_jobs {
    int                 trial;
    int                 from;    /* the earlier trial; 0: none */
    int                 dropped; /* parts that were not needed any more */
    int                 n;
    const tp_jobs_part *one;
} tp_jobs;
tp_str tp_jobs_pack(const tp_jobs *j, tp_arena *mem);
bool   tp_jobs_of(tp_jobs *out, const tp_event_row *e, tp_arena *mem);
/* What simulates from a trial on: "ngspice-39, built ..." (event "simulator").
 */
typedef struct tp_simulator {
    int    trial;
    tp_str version;
} tp_simulator;
tp_str tp_simulator_pack(const tp_simulator *s, tp_arena *mem);
bool   tp_simulator_of(tp_simulator *out, const tp_event_row *e);
/* The run is this process's until tp_store_leave or its death, whatever kind;
   TP_BUSY names a live process that works on it. Also inside a transaction. */
tp_status tp_store_take(tp_store *s, tp_str run, tp_err *err);
void      tp_store_leave(tp_store *s, tp_str run);
/* Several adds as one transaction: all or none. */
tp_status tp_store_begin(tp_store *s, tp_err *err);
tp_status tp_store_commit(tp_store *s, tp_err *err);
#endif
