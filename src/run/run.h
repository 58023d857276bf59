/* run: the loop: ask, submit, wait, record, tell; stop rules, attempts,
   resume by replay of the event log, the final proof. */
#ifndef TP_RUN_H
#define TP_RUN_H

#include "eval/eval.h"
#include "exec/exec.h"
#include "opt/opt.h"
#include "problem/problem.h"
#include "store/store.h"

/* One row each in tp_run_params: flag, check, manual. */
typedef struct tp_run_settings {
    tp_str method; /* "NAME,setting=value,..."; "": deck's, else default */
    int    seed, window;   /* window 0: the method's own */
    int    jobs;           /* busy worker processes at most */
    int    max_trials;     /* 0: the deck's iterlim, else none */
    double max_time;       /* seconds of wall clock, 0: none */
    double trial_time;     /* CPU seconds a trial may take */
    double abstol, reltol; /* < 0: the deck's, else 1e-9 and 1e-3 */
    double ctol;           /* feasible: every miss <= ctol * |limit| */
    double stop_cost;      /* a feasible objective this good ends the run;
                              infinite: none */
    bool   centering;      /* after the search (centre.c) */
    int    attempts;       /* of a trial whose worker died */
    double check_share;    /* per cent of the time for random checks; < 0: not
                              even the first trial is checked */
    tp_str simulator, exec;
    bool   warm;        /* operating points are sought from that of the start */
    bool   no_early;    /* a trial that has lost is simulated to its end */
    bool   no_prune;    /* simulators get the decks as they are */
    tp_str lin;         /* variables searched linearly: "a,b" or "all" */
    tp_str set;         /* start values: "a=1k,b=2" */
    tp_str program;     /* the worker's program; "": this one */
    tp_str include_dir; /* what decks may name beside the usual: "DIR:FILE" */
    int    phase;       /* of tp_run_once: 1, 2, ...; 0: the first */
} tp_run_settings;
extern const tp_param tp_run_params[];

/* The problem's space with `set` and `lin` of the settings applied, checked;
   TP_BAD_INPUT names an unknown variable or a value outside its bounds. */
tp_status tp_prepare_space(tp_space *out, const tp_problem *p,
                           const tp_run_settings *s, tp_arena *mem,
                           tp_err *err);

/* What the run tells while it goes; any may be NULL. Called in this process,
   in the order of the trials. */
typedef struct tp_run_watch {
    void *with;
    void (*trial)(void *with, const tp_trial *t, const tp_trial *best);
    void (*notice)(void *with, tp_str text);
    const volatile int *stop; /* non-zero: end soon, status "interrupted" */
} tp_run_watch;

typedef struct tp_run tp_run;

/* Whether a run would begin: its variables, method, simulator and executor are
   there. Makes nothing. */
tp_status tp_run_may_start(const tp_problem *p, const tp_run_settings *s,
                           tp_err *err);
/* A new run in the store. The problem must live as long. Applies `set`,
   `lin`, chooses the method, checks everything that can be known before the
   first simulation. */
tp_status tp_run_start(tp_run **out, const tp_problem *p,
                       const tp_run_settings *s, tp_store *store, tp_err *err);

/* What another problem's trials say of this one: variables, corners and
   measures are matched by name, a measure only where it is written alike. */
typedef struct tp_earlier {
    const tp_problem *problem;
    int               n;
    const tp_trial   *trial;
} tp_earlier;
/* The same run, whose method is told these trials first, which are none of its
   own, and are recorded with it. The best of them, or else the start point, is
   then simulated first. Notices say how many were told and what was left out.
   TP_BAD_INPUT, and no run: the method takes no foreign points, a variable is
   missing there, or no measure is the same. */
tp_status tp_run_start_from(tp_run **out, const tp_problem *p,
                            const tp_run_settings *s, const tp_earlier *e,
                            tp_store *store, tp_err *err);
/* Goes on with a stored run that no other process works on: its trials are told
   again, asks compared bit for bit. `p` is read from the run's own bundle by
   the caller. Of the settings
   given only jobs, exec, program and, where not 0, max_trials and max_time
   count, smaller or larger than before; all else is the stored run's. */
tp_status tp_run_resume(tp_run **out, const tp_problem *p,
                        const tp_run_settings *s, tp_store *store,
                        tp_str run_id, tp_err *err);
/* ---- an outside mind in the method's place ------------------------------ */

/* Instead of tp_run_go: the stored trials are read and told to the method,
   where it takes points that it did not ask for (TP_OPT_FOREIGN). TP_BAD_INPUT
   when trials were asked for and never finished: tp_run_go does that. */
tp_status tp_foreign_begin(tp_run *r, tp_err *err);

/* A point that the method proposes and nobody has tried yet. */
typedef struct tp_proposal {
    int           number; /* 1-based; 0: not recorded */
    const double *x;
    tp_str        why; /* the method's own words, "" none */
} tp_proposal;
/* What the method would ask next, told all trials: up to *n points, fewer
   where it wants to be told first. Records nothing. TP_BAD_INPUT when the
   method takes no foreign points. */
tp_status tp_foreign_suggest(tp_run *r, tp_proposal *out, int *n, tp_err *err);
/* The next suggestion, recorded as open until a point names it. */
tp_status tp_foreign_ask(tp_run *r, tp_proposal *out, tp_err *err);
/* The open ones, oldest first. */
int tp_foreign_open(const tp_run *r, const tp_proposal **open);

/* A point from outside, as an engineer or a program wants it. */
typedef struct tp_foreign {
    const double *x;      /* inside the variables' bounds; put on their grid */
    tp_str        origin; /* "outside", "engine" */
    tp_str        note;   /* why, "" none */
    int           proposal; /* the open one that it answers; 0: none */
} tp_foreign;
/* Simulates it with the checks, attempts and limits of every trial, records it
   and tells the method. A point that was there already is answered from its
   trial (*repeat). */
tp_status tp_foreign_eval(tp_run *r, const tp_foreign *f,
                          const tp_run_watch *watch, const tp_trial **out,
                          bool *repeat, tp_err *err);
/* The same with values from elsewhere: tp_problem_readings of them, or (NULL)
   the reason why there are none. TP_BAD_INPUT for a point that has a trial. */
tp_status tp_foreign_tell(tp_run *r, const tp_foreign *f,
                          const tp_reading *reading, tp_str failed,
                          const tp_trial **out, tp_err *err);
/* What a plain simulator made of the trial that eval or tell just recorded;
   NULL: it was there already. A trial that differs is TP_SIM, and recorded. */
const tp_point_check *tp_foreign_checked(const tp_run *r, const tp_trial *t);
/* From now on the method keeps to lo..hi (equal: frozen) in one variable; its
   own bounds give it back. */
tp_status tp_foreign_limit(tp_run *r, int variable, double lo, double hi,
                           tp_str note, tp_err *err);
/* Goes up to the corners of the next phase, from where points are simulated in
   them; TP_BAD_INPUT: it is the last. */
tp_status tp_foreign_raise(tp_run *r, tp_str note, tp_err *err);
/* The box as it is now, in real values, one per variable each. */
void tp_foreign_box(const tp_run *r, double *lo, double *hi);

/* The row's counts; status "stopped": the run waits for its next point. */
tp_status tp_foreign_leave(tp_run *r, tp_err *err);

/* ---- the loop ------------------------------------------------------------ */

/* Until a stop rule holds. TP_OK also when nothing feasible was found. A
   first trial that does not simulate ends it: TP_BAD_INPUT with the
   simulator's words, TP_SIM when its process died. A run in which no trial
   gave a result has failed, whatever ended it but the user. */
tp_status tp_run_go(tp_run *r, const tp_run_watch *watch, tp_err *err);
/* The best trial again by a fresh plain simulator from the reference deck.
   Stored with the run. */
tp_status tp_run_prove(tp_run *r, tp_proof *out, tp_arena *mem, tp_err *err);
void      tp_run_close(tp_run *r); /* no process is left */

/* A whole population of the method's, as it was after `told` tells. */
typedef struct tp_population {
    int           told, n;
    const double *x;    /* n rows of the variables' values */
    const double *f;    /* n costs, negated for a maximum; NAN: none */
    const double *miss; /* n violations; 0: feasible */
} tp_population;
/* Those that the method wanted kept, oldest first; in the store they are
   events of kind "population". */
int tp_run_populations(const tp_run *r, const tp_population **population);

const tp_problem *tp_run_problem(const tp_run *r);
tp_str            tp_run_id(const tp_run *r);
int               tp_run_trials(const tp_run *r, const tp_trial **trial);
const tp_trial   *tp_run_best(const tp_run *r); /* NULL: none ran */
/* The trial that the run ends with: the best one, or the centre and how far
   from it, in parts of the ranges, the nearest infeasible point or bound is
   (else *distance 0). */
const tp_trial *tp_run_final(const tp_run *r, double *distance);
tp_str          tp_run_status(const tp_run *r); /* as in the store */
/* Of a program that did not do at the start values: which of its texts. */
tp_wrong        tp_run_wrong(const tp_run *r);
tp_str          tp_run_reason(const tp_run *r);
const tp_space *tp_run_space(const tp_run *r); /* with set and lin applied */
tp_str          tp_run_method(const tp_run *r);
int             tp_run_phase(const tp_run *r); /* 0-based */
int             tp_run_limit(const tp_run *r); /* of trials; 0: none */
int    tp_run_repeats(const tp_run *r);        /* asks answered from the log */
double tp_run_seconds(const tp_run *r);        /* wall, all sessions */

/* What one measure, or one vector where a deck states no measure, differs by
   between the fast way and a fresh plain simulator. */
typedef struct tp_compared {
    tp_str name; /* "gain", "ff_125: gain", "ac1.vout" */
    bool   transient;
    int    n;           /* values compared */
    int    point;       /* where it is worst, 0 the start values; -1 none */
    double worst;       /* relative; infinite: one side has no value */
    double mine, plain; /* the values there */
    double allowed;
    tp_str cause; /* why more is allowed: what ngspice itself differs by */
} tp_compared;
typedef struct tp_checked {
    bool   same;
    bool   untold; /* not the same only because it can't be told */
    tp_str why;    /* the first thing that is not */
    int    n_point, n_compared;
    int    n_failed;               /* points that fail on both sides */
    int    n_false_op;             /* where only a transient's state was an
                                      operating point of plain ngspice */
    int                  n_ladder; /* that plain ngspice has no values for */
    int                  n;
    const tp_compared   *row;
    double               max_relative_difference;
    const double *const *x;                      /* point i's variables */
    double               seconds, plain_seconds; /* of all points */
    int                  n_note;
    const tp_str        *note; /* of single points, the first ones */
} tp_checked;
typedef struct tp_check_ask {
    int                 points;
    const tp_run_watch *watch; /* its `stop` */
} tp_check_ask;
/* Simulates the start values and `points` random ones (seeded; uniform in the
   bounds, or within 20 % of a start value without them) as a run would, and
   each by a fresh `ngspice -b` from the reference deck. A point that fails on
   both sides is agreement. TP_BAD_INPUT: the deck is refused. */
tp_status tp_run_check(tp_checked *out, const tp_problem *p,
                       const tp_run_settings *s, const tp_check_ask *ask,
                       tp_arena *mem, tp_err *err);
/* How the problem's decks are simulated, a line or two each: what pruning
   leaves of them, and how values are set. Nothing is simulated. */
tp_status tp_run_engine(const tp_str **line, int *n, const tp_problem *p,
                        const tp_run_settings *s, tp_arena *mem, tp_err *err);

/* The point on one deck of the problem as a self-contained text for a plain
   `ngspice -b`: it makes the analyses, prints the measures that ngspice can
   make, and writes a raw file; the rest is measured with the simulator
   "raw,file=...". TP_BAD_INPUT: a script's trial, or one that was refused. */
typedef struct tp_replay_names {
    int    deck;       /* of the problem */
    tp_str title, raw; /* the raw file's name, for the deck's folder */
} tp_replay_names;
tp_status tp_run_replay(tp_str *out, const tp_problem *p, const double *x,
                        const tp_replay_names *names, tp_arena *mem,
                        tp_err *err);

/* One evaluation at `x` (NULL: the start values) without a store: `trimpot
   measure`. */
tp_status tp_run_once(tp_trial *out, const tp_problem *p,
                      const tp_run_settings *s, const double *x, tp_arena *mem,
                      tp_err *err);
#endif
