/* sim: simulators. One per process, treated as mortal. A design that does not
   simulate is TP_OK with `how` set; any other status means: replace this
   process. */
#ifndef TP_SIM_H
#define TP_SIM_H

#include "netlist/netlist.h"
#include "wave/wave.h"

#define TP_OUTCOME_LIST(X) /* name, word in stores and reports, words */   \
    X(RAN, "ran", "simulated")                                             \
    X(NO_CONVERGENCE, "no-convergence", "the simulation did not converge") \
    X(SIM_FAILED, "sim-failed", "the simulator reported an error")         \
    X(NO_MEASURE, "no-measure", "a measure has no value")                  \
    X(TIMED_OUT, "timed-out", "over the time limit")                       \
    X(DIED, "died", "the simulator's process ended")                       \
    X(REFUSED, "refused", "not simulated: a check failed")                 \
    X(ENDED_EARLY, "ended-early", "it had lost before all was simulated")
#define X(name, word, words) TP_##name,
typedef enum tp_outcome { TP_OUTCOME_LIST(X) TP_OUTCOMES } tp_outcome;
#undef X
/* "ran", as it is stored, and what it means for people; the outcome of a stored
   word, false: of none. */
const char *tp_outcome_word(tp_outcome o);
const char *tp_outcome_words(tp_outcome o);
bool        tp_outcome_of(tp_str word, tp_outcome *out);

/* Whether these are the words of a plain simulator whose operating point is the
   state after a transient: a false one. */
bool tp_says_transient_op(tp_str why);

typedef struct tp_sim_result {
    tp_outcome how;
    tp_str     why;     /* the simulator's own words when it did not run */
    tp_str     rung;    /* of the ladder that made it converge; "" none */
    bool       warm;    /* its operating points were sought from another one */
    tp_str     second;  /* where a cold start found another solution, which
                           the values are of then; "" nowhere */
    tp_waves waves;     /* plot i belongs to analysis i; operating points
                           that were asked for follow them (plot.op) */
    double     seconds; /* wall time of the analyses themselves: the floor */
    double     setup_seconds; /* of setting values, reading vectors */
    int        iterations;    /* Newton iterations, 0 unknown */
    const int *spent;         /* the same by analysis; NULL: unknown */
    tp_str     text;          /* what a command printed, whole lines */
} tp_sim_result;

/* What a simulator warns of while it reads a circuit. */
enum { TP_NOTICE_PLACED = -1 };
typedef struct tp_sim_notice {
    tp_str text;
    int    line; /* of circuit->text, 1-based; 0 unknown; TP_NOTICE_PLACED: the
                    text says where, and is no simulator's */
} tp_sim_notice;

typedef enum tp_warmth {
    TP_WARM,     /* operating points are sought from the start values' one */
    TP_COMPARED, /* and then from nothing, which must lead to the same */
    TP_COLD,     /* from nothing */
    TP_WARMTHS
} tp_warmth;

typedef struct tp_sim {
    void    *settings, *state;
    tp_arena mem;     /* as long as the simulator */
    bool     counts;  /* a run is to say what each analysis spent */
    tp_str   version; /* "ngspice-39, built ..."; known after the first
                         run, "": nobody says */
    tp_warmth           warmth; /* of a run, where it has start values */
    const volatile int *stop;   /* remote: non-zero ends the command that runs;
                                   may be NULL */
    int                  n_notice; /* known after the first run */
    const tp_sim_notice *notice;
    bool doubts; /* a command since `set` may have failed, or shown, what it
                    would not in a circuit just read: the next `set` reads it */
} tp_sim;

typedef struct tp_sim_ops {
    const char     *name, *summary;
    size_t          settings_size;
    const tp_param *params;
    bool pruned; /* it is given circuits without what they can't reach; not
                    who proves that this makes no difference */
    bool apart;  /* asking for its analyses one by one costs little more than
                    for all at once */
    /* How many of it the environment lets run at a time, 0: no limit. NULL:
       nobody may say. */
    tp_status (*at_most)(int *out, tp_err *err);
    tp_status (*open)(tp_sim *s, tp_err *err);
    /* Reads the circuit; its messages, where it refuses, in err: err->line is
       then the line of circuit->text (1-based), 0 unknown. */
    tp_status (*load)(tp_sim *s, const tp_circuit *c, tp_err *err);
    /* All analyses at these tunables; out lives in `mem`. `want[i]`: analysis
       i is needed (NULL: all). Undoes what commands have changed. NULL: this
       simulator takes commands only. */
    tp_status (*run)(tp_sim *s, const double *value, const bool *want,
                     tp_arena *mem, tp_sim_result *out, tp_err *err);
    void (*close)(tp_sim *s);
    /* One command of the simulator's own language (an analysis, alter,
       option ...); out->waves: every plot it made, in its order, ordinal as
       the simulator names it after `destroy all`. A command that is not
       allowed or does not work is out->how TP_SIM_FAILED with the reason, and
       changes nothing. NULL: this simulator takes none. */
    tp_status (*command)(tp_sim *s, tp_str command, tp_arena *mem,
                         tp_sim_result *out, tp_err *err);
    /* The circuit as it was loaded, at these tunables, for commands: undoes
       what commands have changed but options. Values that the circuit can't
       have are out->how and the reason, and change nothing. NULL: it is told
       `alterparam` and `reset`. */
    tp_status (*set)(tp_sim *s, const double *value, tp_arena *mem,
                     tp_sim_result *out, tp_err *err);
    /* A quantity as it is now ("@r1[resistance]"): one point; n 0: there is
       none, and out->name holds the simulator's words. NULL: none. */
    tp_status (*query)(tp_sim *s, tp_str name, tp_arena *mem, tp_wave *out,
                       tp_err *err);
} tp_sim_ops;

/* The same handle over a pipe to a worker process of its own, for who may not
   hold a simulator: commands and queries, no run. A worker that dies or is
   overdue is replaced, and the circuit brought to the state it had. Not among
   the rows below: it runs one of them in its worker. */
extern const tp_sim_ops tp_sim_remote;
/* Its worker's side, as exec's callbacks. */
void  *tp_remote_work_load(tp_str load, tp_err *err);
tp_str tp_remote_work(void *with, tp_str ask, tp_arena *mem);
enum { TP_REMOTE_MARK = 'S' }; /* the first byte of its load */

/* One thing that is tried where a circuit does not converge: ngspice's options
   for it, and what they come to. From the first one tried; NULL ends them. */
typedef struct tp_rung {
    const char *name, *options, *text;
} tp_rung;
const tp_rung *tp_ladder(int i);

/* A deck for people: a plain `ngspice -b` makes the circuit's analyses at these
   values, or runs the blocks (what starts programs or writes files is left
   out), and writes every plot into one raw file, from which the row "raw" gives
   them back. */
typedef struct tp_replay {
    tp_str        title, raw; /* the raw file's name */
    const double *value;      /* one per parameter of the circuit */
    int           n_line;
    const struct tp_replay_line {
        int    after; /* analysis i */
        tp_str text;  /* "meas tran x max v(1)" */
    } * line;
    int           n_block;
    const tp_str *block; /* bodies of .control blocks, instead of analyses */
} tp_replay;
tp_status tp_sim_replay(tp_str *out, const tp_circuit *c, const tp_replay *r,
                        tp_arena *mem, tp_err *err);

/* Rows: "ngspice" (libngspice in this process), "spawn" (a fresh `ngspice -b`
   per point from the reference deck), "fake" (formulas, for tests). */
const tp_sim_ops        *tp_sim_find(tp_str name);
const tp_sim_ops *const *tp_sims(void); /* ends with NULL */
/* Ready-made settings for a row: allocated in `mem`, defaults. */
void *tp_sim_settings(const tp_sim_ops *ops, tp_arena *mem);
/* Finds and opens "fake,points=5": a row and its settings. `sim` has its mem;
   close it when this is TP_OK. */
tp_status tp_sim_start(const tp_sim_ops **ops, tp_sim *sim, tp_str simulator,
                       tp_err *err);
#endif
