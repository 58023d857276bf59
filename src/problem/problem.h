/* problem: what the user asked for, as plain immutable data that front ends
   fill and everybody reads; and the only place that turns measured values
   into an objective and constraints. */
#ifndef TP_PROBLEM_H
#define TP_PROBLEM_H

#include "base/base.h"
#include "expr/expr.h"
#include "netlist/netlist.h"
#include "space/space.h"

typedef enum tp_goal {
    TP_WATCH, /* measured, not wanted to be anything */
    TP_MINIMISE,
    TP_MAXIMISE,
    TP_AT_MOST,
    TP_AT_LEAST,
    TP_TO_SPEC, /* what problem.spec says of it */
} tp_goal;
const char *tp_goal_name(tp_goal g); /* "minimise", "at most", ... */

/* A named vector of the deck (.data): bound to measures that name it. */
typedef struct tp_data {
    tp_str  name;
    tp_wave wave;
} tp_data;

/* What one name of a measure is bound to. */
typedef enum tp_bind_kind {
    TP_BIND_SIGNAL,    /* a vector of an analysis */
    TP_BIND_DATA,      /* a .data vector */
    TP_BIND_VAR,       /* a variable's or parameter's value */
    TP_BIND_DIVISIONS, /* script: a vector of every trial, problem.want[at] */
    TP_BIND_LOCAL,     /* script: what an earlier step `at` computed */
    TP_BIND_MEASURE,   /* in the parent: measure `at` */
} tp_bind_kind;
typedef struct tp_bind {
    tp_bind_kind kind;
    int          at;       /* data, variable, want or step index */
    int          analysis; /* signal: whose plot */
    bool         op;       /* signal: of its operating point */
    tp_signal    signal;
} tp_bind;

enum { TP_BENCH_NONE = -1 }; /* a measure over others, made in the parent */
typedef struct tp_measure {
    tp_str         name; /* the label, else made from the expression */
    tp_str         unit; /* known before running, or "" */
    tp_str         text; /* the expression as written */
    tp_dialect     dialect;
    int            bench, analysis;
    bool           saturation; /* of a device: |vds| - |vdsat| */
    bool           over;       /* corners: of all of them, one value for each */
    bool           op;         /* of the analysis's operating point */
    bool           transient;  /* without an analysis: of a transient */
    const tp_expr *expr;
    int            n_bind;
    const tp_bind *bind; /* one per slot of the expression */
    tp_goal        goal;
    double         target; /* TP_AT_MOST, TP_AT_LEAST; in the measure's unit */
    double         scale;  /* > 0: a miss of this much is a violation of 1 */
    tp_place       at;     /* of the statement */
} tp_measure;

/* A bench that is a small Nutmeg program: every trial starts from the frozen
   session, sets the variables (named as quantities of the circuit), runs the
   lines, then evaluates the measures' texts in the session. Constraints are
   conditions, read as 1 or 0; the objective is evaluated when all hold. */
typedef struct tp_program {
    tp_str        session; /* tp_nutmeg_freeze */
    int           n;
    const tp_str *line;
    tp_touch      touch; /* what all that does to the circuit */
} tp_program;

/* A bench whose analyses and measures stand in .control blocks of its deck:
   they are run as ngspice would run them, but by us. The measures are what
   `meas` and `print` give numbers to; they have a name and no expression. Cards
   of the deck (.tran, .meas) become blocks of one statement. */
typedef enum tp_block_kind {
    TP_BLOCK_TEXT,     /* a .control block */
    TP_BLOCK_ANALYSIS, /* a card's command, or what it needs saved; its {expr}
                          are the parameters' */
    TP_BLOCK_MEASURE,  /* a .meas as `meas`; {expr} of parameters and measures;
                          where it fails its measure has no value */
} tp_block_kind;
typedef struct tp_control_block {
    tp_str        text;
    tp_place      at; /* of its first byte */
    tp_block_kind kind;
    tp_str        measure; /* whose name a TP_BLOCK_MEASURE gives a value */
} tp_control_block;
typedef struct tp_control {
    int                     n;
    const tp_control_block *block;
    tp_touch                touch; /* what they do to the circuit */
} tp_control;

/* A circuit and its analyses. */
typedef struct tp_bench {
    tp_str            name;
    tp_deck          *deck;    /* of the first corner */
    const tp_circuit *circuit; /* one per corner of the problem */
    const tp_program *program; /* NULL: the circuit's analyses are run, */
    const tp_control *control; /* or, where it is not NULL, these blocks */
} tp_bench;

/* Conditions that a design has to work in. Front ends make a circuit for each
   bench in each of them. */
typedef struct tp_corner {
    tp_str        name;      /* "tt_27", "ff_m40" */
    int           n_section; /* library sections, in order */
    const tp_str *section;
    tp_str        model_file; /* they are taken from; "": as for all */
    double        temp;       /* degrees C; NAN: the deck's own */
    const double *value; /* one per problem.setting: supplies and the like */
} tp_corner;

/* A stage of a run: the corners that its trials are simulated in. */
typedef struct tp_phase {
    tp_str     name; /* "phase1" */
    int        n;
    const int *corner;
} tp_phase;

/* A parameter of the circuits that is set in the parent, from the variables
   and the derived values before it. */
typedef bool tp_derive(const void *with, const double *value, double *out,
                       tp_str *why, tp_arena *mem);
typedef struct tp_derived {
    tp_str      name, unit;
    tp_str      text; /* how it is got: "gm/(gmid_M1 JD(gmid_M1, L_M1))" */
    tp_derive  *rule; /* false: there is none, because */
    const void *with; /* the rule's own */
} tp_derived;

/* What must hold of a value before it is worth simulating. */
typedef struct tp_check {
    int         value; /* index of a variable, or space.n + a derived value */
    double      lo, hi;
    bool        open; /* lo itself is refused */
    const char *what; /* "gm/Id", "the least length of the process" */
} tp_check;

/* Limits and a target of one measure; NAN where there is none. */
typedef enum tp_sense {
    TP_BOTH,   /* as near to the target as can be, from both sides */
    TP_HIGHER, /* the target or more */
    TP_LOWER,  /* the target or less */
} tp_sense;
const char *tp_sense_name(tp_sense s); /* "both", "higher", "lower" */
typedef struct tp_spec {
    int    measure;
    double min, max, target;
    double weight;               /* of the target */
    double min_scale, max_scale; /* > 0: a miss of this much is a violation
                                    of 1; |limit| where it is not 0 */
    double   target_scale;
    tp_sense sense;
    tp_place at;
} tp_spec;

/* One statement of a script over the results, checked before the run. */
typedef enum tp_step_kind {
    TP_STEP_LET,   /* name = expr */
    TP_STEP_PLOT,  /* begins a graph, with its first curve */
    TP_STEP_CURVE, /* adds a curve to the graph */
    TP_STEP_ECHO,  /* prints a text or value */
} tp_step_kind;
typedef struct tp_option { /* "/name Target": {"name", "Target"} */
    tp_str name, value;
} tp_option;
typedef struct tp_step {
    tp_step_kind     kind;
    tp_str           name; /* Let: lower case */
    tp_str           text; /* the expression as written */
    int              n_option;
    const tp_option *option;
    const tp_expr   *expr, *over; /* over: a curve's x expression, or NULL */
    int              n_bind, n_over_bind;
    const tp_bind   *bind, *over_bind;
    tp_place         at;
} tp_step;
/* A script to run over the results (.post_process). */
typedef struct tp_post {
    tp_str         name, arguments;
    int            n;
    const tp_step *step;
    tp_place       at;
} tp_post;

/* When a run in phases goes up, and when it has converged. */
typedef struct tp_phase_rules {
    int    stall;   /* iterations without an improvement; 0: no such rule */
    double improve; /* relative, of cost or violation: less is none */
    double converge_cost; /* the nominal corner's cost, its targets one-sided;
                             0: no such rule */
    bool all;             /* it has not converged before the last phase */
} tp_phase_rules;

typedef struct tp_problem {
    tp_str            name;  /* the deck's file name without its ending */
    tp_str            path;  /* of the main file, as given */
    tp_files          files; /* everything it was read from */
    tp_space          space;
    int               n_bench, n_measure, n_data, n_post, n_notice;
    const tp_bench   *bench;
    int               n_corner;  /* 0: one, without a name */
    const tp_corner  *corner;    /* the first one is the nominal */
    int               n_setting; /* parameters that corners set */
    const tp_str     *setting;
    int               n_phase; /* 0: one, with all corners */
    const tp_phase   *phase;
    int               n_derived;
    const tp_derived *derived;
    int               n_check;
    const tp_check   *check;
    int               n_spec;
    const tp_spec    *spec;
    const tp_measure *measure;
    const tp_data    *data;
    const tp_post    *post;
    const tp_str     *notice;   /* for the user, before the run */
    int               gradient; /* the first of space.n measures that are the
                                   objective's derivatives by the variables;
                                   0: none */
    bool single;                /* single-analysis mode: waves are kept as
                                   divisions, one a trial */
    tp_str library, cell;       /* the Virtuoso cell, or "" */
    tp_str pdk, process_data;   /* the process and the folder of processes */
    tp_phase_rules rules;
    double         sim_seconds; /* of simulation a run may take; 0: no limit */
    double         trial_seconds; /* CPU of one job; 0: not said */
    int            n_want;
    const tp_bind *want; /* vectors of every trial that scripts
 read: TP_BIND_SIGNAL, each once */
    /* What the deck says of the run; NAN, 0, "" where it says nothing. */
    tp_str   method, simulator;
    tp_place method_at;
    double   abstol, reltol;
    int      iterlim;
    bool     show_progress;
    tp_str   results_file;
    tp_place results_at;
    tp_str   schematic;
    tp_str   script; /* a script's run: what the script notes (tp_script_mark);
                        packed with the problem */
    tp_edit *start_edit; /* where the start values stand in the deck: n of
                            space; `with` empty */
} tp_problem;

/* One measured value, or why there is none. */
typedef struct tp_reading {
    bool   ok;
    bool   skipped; /* not ok, as this corner was not asked for */
    double value;
    tp_str unit;
    tp_str why; /* where !ok */
} tp_reading;

/* Readings <-> bytes, exact, for the pipe and the store. */
void      tp_readings_pack(tp_buf *b, const tp_reading *r, int n);
tp_status tp_readings_unpack(const tp_reading **out, int *n, tp_unpack *u,
                             tp_arena *mem, tp_err *err);

/* ---- corners, decks, values --------------------------------------------- */

int tp_problem_corners(const tp_problem *p); /* 1 at least */
/* A deck is one bench in one corner: what one job simulates. */
int               tp_problem_decks(const tp_problem *p);
int               tp_problem_deck(const tp_problem *p, int bench, int corner);
int               tp_problem_bench_of(const tp_problem *p, int deck);
int               tp_problem_corner_of(const tp_problem *p, int deck);
const tp_circuit *tp_problem_circuit(const tp_problem *p, int deck);
/* "tt_27", "ac in tt_27", "ac"; "" where there is but one deck. */
tp_str tp_problem_deck_words(const tp_problem *p, int deck, tp_arena *mem);
int    tp_problem_phases(const tp_problem *p); /* 1 at least */
/* Whether trials of phase 0.. are simulated in that corner. */
bool tp_problem_phase_has(const tp_problem *p, int phase, int corner);

/* How many values a circuit's parameters and the measures are given: the
   variables, the derived values, what the corner sets. */
int tp_problem_values(const tp_problem *p);
/* The first two of these at `x`. False and why: a derived value can't be had
   or a check fails; `value` is then filled as far as it goes, NAN behind. */
bool tp_problem_derive(const tp_problem *p, const double *x, double *value,
                       tp_str *why, tp_arena *mem);
/* All of them for one corner. */
void tp_problem_settings(const tp_problem *p, int corner, double *value);

/* ---- scores ------------------------------------------------------------- */

/* Readings are one per measure, corner after corner: reading[corner *
   n_measure + measure]. */
int tp_problem_readings(const tp_problem *p);
/* Whether the corner was simulated, or should have been. */
bool tp_problem_asked(const tp_problem *p, const tp_reading *r, int corner);
/* A measure in the corner where it is worst for what is wanted of it; one
   without a value is worst. `*corner` (may be NULL) is that corner. */
const tp_reading *tp_problem_worst(const tp_problem *p, const tp_reading *r,
                                   int measure, int *corner);

/* A trial as a method sees it; lower f is better, g <= 0 is feasible. */
typedef struct tp_score {
    bool   ok;   /* g is there, and f where the point is feasible */
    bool   no_f; /* infeasible, and its objective has no value */
    double f;    /* user's unit; negated for TP_MAXIMISE. With specs: the
                    weighted misses of the targets. Of the worst corner */
    int     n_g;
    double *g;        /* per constraint, in measure order, miss / scale; then
                         per limit of each spec. Of the worst corner each */
    double violation; /* sum of the positive g */
    bool   feasible;  /* every g <= ctol */
} tp_score;

/* Readings -> score. A constraint without a value, or an objective without one
   at a feasible point: ok is false. `ctol` is relative to each constraint's
   scale. Corners that were skipped don't count. */
tp_score tp_problem_score(const tp_problem *p, const tp_reading *r, double ctol,
                          tp_arena *mem);
/* The same of a trial: one that ended early has none. */
tp_score tp_trial_score(const tp_problem *p, tp_str outcome,
                        const tp_reading *r, double ctol, tp_arena *mem);
/* What the score's f and each g are in one corner alone (1 + n_g values): NAN
   where it has no value. Of the corners asked for, the greatest are the
   score's. */
void tp_problem_part(const tp_problem *p, const tp_reading *r, int corner,
                     double *part);
/* Some measure is made over several corners: it is of none of them alone. */
bool tp_problem_over_corners(const tp_problem *p);
/* What a point has to beat. */
typedef struct tp_bound {
    double violation; /* the sum of what limits are missed by */
    double f;         /* INFINITY: any */
} tp_bound;
/* Whether what was read so far misses limits by more than the bound in all, and
   by more than `ctol` in one, or costs more: what is still to come can only add
   to it. */
bool tp_problem_lost(const tp_problem *p, const tp_reading *r, double ctol,
                     const tp_bound *bound);
/* The greatest miss among a deck's own measures; at most 0: none. */
double tp_problem_deck_miss(const tp_problem *p, int deck, const tp_reading *r);
/* Negative when a is better: feasible by f, then infeasible by violation,
   then failed. 0 for equals (the earlier trial then stays the best). */
int tp_score_compare(const tp_score *a, const tp_score *b);

/* One corner's cost as the problem file's authors wrote it down: infeasible
   1000 + the sum of the misses, else the weighted targets. */
typedef struct tp_cost {
    bool   feasible;
    double feasibility, target, cost;
    int    missing; /* specs without a value: each a miss of 1 */
} tp_cost;
/* `one_sided`: a target that is bettered costs nothing, whatever its spec's
   sense (where that is TP_BOTH, the side without a limit is the better). */
tp_cost tp_problem_cost(const tp_problem *p, const tp_reading *r, int corner,
                        bool one_sided);
/* The greatest over the corners asked for. */
tp_cost tp_problem_cost_worst(const tp_problem *p, const tp_reading *r);

/* What is odd about measured values of a problem with specs (a phase margin of
   233 degrees, a negative supply power, a unity-gain frequency without gain, a
   device out of saturation), in words: how many. */
int tp_problem_doubts(const tp_str **out, const tp_problem *p,
                      const tp_reading *r, tp_arena *mem);

/* A finished trial as reports and progress lines see it. */
typedef struct tp_trial {
    int               number;  /* 1-based, in the order asked */
    int               phase;   /* 0-based */
    const double     *x;       /* real values of the variables */
    const double     *derived; /* problem.n_derived; NULL none, NAN unknown */
    tp_str            outcome; /* "ran", "no-convergence", ... */
    tp_str            why;
    const tp_reading *reading; /* per corner and measure; NULL when it did not
                                  run */
    tp_score        score;
    int             attempts;
    double          sim_seconds, seconds;
    const tp_waves *waves;    /* problem.want's vectors in one plot, or NULL */
    int             n_notice; /* of the simulator, for who has no watch */
    const tp_str   *notice;
    tp_str strategy; /* the method's own words for why it asked; "" none */
} tp_trial;
/* Whether a is to be kept instead of b: of a later phase, or better. NULL: no
   trial; one without a score is never kept. */
bool tp_trial_better(const tp_trial *a, const tp_trial *b);
/* What a store keeps of where a trial was: its values (tp_problem_derive's)
   and its phase. Unpacking sets x, derived and phase; false for damaged
   bytes. */
void tp_trial_point_pack(tp_buf *b, const tp_problem *p, const double *value,
                         int phase);
bool tp_trial_point_unpack(tp_trial *out, const tp_problem *p, tp_str bytes,
                           tp_arena *mem);

/* Name, path, variables and measures as bytes: a problem that reports can read
   but nothing can run (a script's: the script is what is run again). */
void      tp_problem_pack(tp_buf *b, const tp_problem *p);
tp_status tp_problem_unpack(tp_problem *out, tp_unpack *u, tp_arena *mem,
                            tp_err *err);

/* The check of a trial against a fresh plain simulator. */
typedef struct tp_proof {
    bool   done;      /* it could be made */
    bool   same;      /* every measure agrees within 1e-6 */
    tp_str simulator; /* "ngspice -b" */
    double max_relative_difference;
    tp_str why; /* where it could not be made or differs, or what ngspice
                   itself is not sure of */
    double seconds;
    int    checked;     /* trials compared during the search */
    double checked_max; /* their largest relative difference */
} tp_proof;
void tp_proof_pack(tp_buf *b, const tp_proof *p);
/* TP_BAD_INPUT for other bytes; empty bytes: a proof that is not done. */
tp_status tp_proof_unpack(tp_proof *out, tp_str bytes, tp_err *err);

int  tp_problem_objective(const tp_problem *p); /* its measure, or -1 */
int  tp_problem_constraints(const tp_problem *p);
bool tp_problem_scored(const tp_problem *p); /* has an objective or specs */
#endif
