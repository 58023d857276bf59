/* nutmeg: Nutmeg statements, plots, vectors, variables, user functions and
   control flow over a simulator handle. It owns everything a script sees and
   hands only simulator commands (analyses, alter, option) on. The dialect is
   SPICE OPUS's where it differs from ngspice's (SPICE OPUS manual, "Nutmeg").
   Nothing here prints, opens a shell or writes outside the session's folder. */
#ifndef TP_NUTMEG_H
#define TP_NUTMEG_H

#include "expr/expr.h"
#include "sim/sim.h"

/* The simulator as a session sees it. A command that fails in the simulator is
   TP_OK with out->how set; any other status: the simulator is gone. */
typedef struct tp_nutmeg_sim {
    void *with;
    /* A new circuit, as if by `source`; its plots and alters are gone. */
    tp_status (*load)(void *with, const tp_circuit *c, tp_err *err);
    /* One simulator command ("ac dec 10 1 1k", "alter @r1[resistance] = 5k");
       out->waves: every plot it made, in the simulator's order. */
    tp_status (*command)(void *with, tp_str command, tp_arena *mem,
                         tp_sim_result *out, tp_err *err);
    /* A quantity as it is now: "@r1[resistance]", "@dm[is]". One point; n 0:
       there is none, and out->name says the simulator's words. */
    tp_status (*query)(void *with, tp_str name, tp_arena *mem, tp_wave *out,
                       tp_err *err);
    /* The circuit as loaded, at these values of its parameters: tp_sim_ops.set.
       NULL: it is told `alterparam` and `reset`. */
    tp_status (*set)(void *with, const double *value, tp_arena *mem,
                     tp_sim_result *out, tp_err *err);
} tp_nutmeg_sim;

/* Where output goes; any may be NULL. */
typedef struct tp_nutmeg_sink {
    void *with;
    void (*print)(void *with, tp_str text);   /* whole lines or parts */
    void (*warning)(void *with, tp_str text); /* one line */
    void (*file)(void *with, tp_str path);    /* a file was written */
    /* `meas` and `print` gave a number; NAN: it is not one real number */
    void (*value)(void *with, tp_str name, tp_str unit, double v);
} tp_nutmeg_sink;

typedef struct tp_nutmeg tp_nutmeg;

/* One command = one row. The interpreter, completion, `help` and the manual
   read the same rows; an owner (script) adds its own. */
typedef struct tp_nutmeg_command {
    const char *name;               /* "setplot"; case matters, as in Nutmeg */
    const char *takes;              /* "[name]" for help */
    int         min_args, max_args; /* words; -1: any number */
    bool        raw;                /* wants the rest of the line, not words */
    const char *text;
    tp_status (*call)(tp_nutmeg *m, void *owner, tp_str rest, const tp_str *arg,
                      int n, tp_err *err);
} tp_nutmeg_command; /* a table ends with {0} */

typedef struct tp_nutmeg_setup {
    tp_nutmeg_sim  sim;
    tp_nutmeg_sink sink;
    tp_str         folder; /* files are written and read here, relative paths
                              only, and never through a link out of it */
    tp_str decks;          /* where `source` looks first, and `load` when the
                              file is not in folder; "": folder */
    const tp_reach *reach; /* not NULL: files are also read where it, and the
                              homes of these folders, allow it */
    tp_str                   name; /* stem of pictures */
    const tp_nutmeg_command *more; /* the owner's commands, or NULL */
    void                    *owner;
    uint64_t                 seed; /* of rnd() and the like */
    bool typed;    /* lines come from the user's own hand: they may read files
                      anywhere, paths being seen from the process's folder; what
                      a file says may not */
    bool trial;    /* of a run: no file is read or written, and a vector with an
                      element that is no number has no value (else that is a gap,
                      expr.h) */
    bool no_files; /* a command that reads or writes a file fails, as a wrong
                      word does */
    ptrdiff_t memory; /* bytes of address space, 0: 8 GB; vectors may fill an
                         eighth of it */
} tp_nutmeg_setup;

/* A session without a circuit, whose current plot is `const`; what `setup`
   points to must live as long. */
tp_status tp_nutmeg_open(tp_nutmeg **out, const tp_nutmeg_setup *setup,
                         tp_err *err);
void      tp_nutmeg_close(tp_nutmeg *m);

/* One line at `at`. Control blocks (if, while, foreach ...) are collected
   until their `end` and then run; `*open` (may be NULL) says whether more
   lines are wanted. An error ends the statement, not the session: TP_BAD_INPUT
   with its place. */
tp_status tp_nutmeg_line(tp_nutmeg *m, tp_str line, tp_place at, bool *open,
                         tp_err *err);
/* Forgets a block that waits for more lines. */
void tp_nutmeg_give_up(tp_nutmeg *m);
/* All lines of a text; stops at the first error or `quit`. `from` is the
   place of its first byte. */
tp_status tp_nutmeg_run(tp_nutmeg *m, tp_str text, tp_place from, tp_err *err);
/* A .control block as ngspice runs it: a statement that fails is a warning,
   and the next one runs; an analysis that fails ends it: *how (may be NULL)
   and err say why, else *how is TP_RAN. */
tp_status tp_nutmeg_control(tp_nutmeg *m, tp_str text, tp_place from,
                            tp_outcome *how, tp_err *err);
/* The session as it was when its circuit was loaded, but with these parameters
   (the circuit's, in its order) at these values: no plots, no variables,
   nothing altered. TP_BAD_INPUT: the circuit can't have them, as the simulator
   says; TP_SIM: it is gone. */
tp_status tp_nutmeg_restart(tp_nutmeg *m, const tp_tunable *set, int n,
                            tp_err *err);
/* What `meas` and `print` would tell a sink. */
typedef struct tp_nm_told {
    tp_str name;
    bool   tran; /* measured on a transient */
} tp_nm_told;
/* What can be known of a text without running it. */
typedef struct tp_nutmeg_look {
    int               n;
    const tp_nm_told *told;     /* n of them, each name once */
    bool              analyses; /* it runs some */
    tp_touch          touch;    /* what it does to the circuit */
} tp_nutmeg_look;
/* `at` is the place of its first byte. */
tp_nutmeg_look tp_nutmeg_read(tp_str text, tp_place at, tp_arena *mem);
/* How an analysis failed since this was last asked; TP_RAN: none did. */
tp_outcome tp_nutmeg_failed(tp_nutmeg *m);
bool       tp_nutmeg_quit(const tp_nutmeg *m); /* `quit` was met */
/* Ends a running loop soon (Ctrl-C); may be called from a signal handler. */
void tp_nutmeg_interrupt(tp_nutmeg *m);
/* A new circuit: `source FILE` does the same. */
tp_status tp_nutmeg_load(tp_nutmeg *m, const tp_circuit *c, tp_str title,
                         tp_err *err);

/* The circuit as loaded, without later alters; NULL: none. The commands that
   have changed it, one a line. */
const tp_circuit *tp_nutmeg_circuit(const tp_nutmeg *m);
tp_str            tp_nutmeg_changes(const tp_nutmeg *m, tp_arena *mem);
/* Wall seconds that analyses took in the simulator so far. */
double tp_nutmeg_sim_seconds(const tp_nutmeg *m);

/* An expression in the current plot, user functions and all; err's column is
   one in the text. */
tp_value tp_nutmeg_eval(tp_nutmeg *m, tp_str text, tp_arena *mem, tp_err *err);
/* The column in an expression where its first name without a value stands; 0:
   all have one, or it stands in a user function. */
int tp_nutmeg_missing(tp_nutmeg *m, tp_str text, tp_arena *mem);
/* A statement as it is written and with its `$` replaced, and where it stands
   (in NULL: nobody knows). */
typedef struct tp_nutmeg_said {
    tp_str   written, said;
    tp_place at; /* of its first byte */
} tp_nutmeg_said;
/* The statement that runs, as long as it does. */
tp_nutmeg_said tp_nutmeg_now(const tp_nutmeg *m);
/* Where byte `at` of what was said stands: for text of a variable that is its
   `$`. */
tp_place tp_nutmeg_place(const tp_nutmeg_said *s, ptrdiff_t at);
/* Where a part of the statement that runs stands: `part` lies in what a command
   is given as its `rest`. */
tp_place tp_nutmeg_place_of(const tp_nutmeg *m, tp_str part);
/* Plots, newest last; the current one's index in *current. */
int tp_nutmeg_plots(const tp_nutmeg *m, const tp_plot **plot, int *current);
/* Adds a plot (copied) and makes it the current one when wanted; its name
   (plot->ordinal) is made unique by counting. */
tp_str tp_nutmeg_add_plot(tp_nutmeg *m, const tp_plot *plot, bool current);
void   tp_nutmeg_destroy_plot(tp_nutmeg *m, tp_str name);
/* The first word of a variable of `set`; empty: it has none. */
tp_str tp_nutmeg_get(const tp_nutmeg *m, tp_str variable);
/* The text of a script that `source` would read; TP_BAD_INPUT for a deck. */
tp_status tp_nutmeg_script(tp_nutmeg *m, tp_str name, tp_str *text,
                           tp_arena *mem, tp_err *err);
/* Writes a file below the session's folder; TP_BAD_INPUT: it would be outside.
   _can_write makes that check alone. */
tp_status tp_nutmeg_write(tp_nutmeg *m, tp_str name, tp_str bytes, tp_err *err);
tp_status tp_nutmeg_can_write(tp_nutmeg *m, tp_str name, tp_err *err);
/* Warnings and texts on the session's sink. */
void tp_nutmeg_warn(tp_nutmeg *m, const char *fmt, ...) TP_PRINTF(2, 3);
void tp_nutmeg_print(tp_nutmeg *m, const char *fmt, ...) TP_PRINTF(2, 3);

/* The session as bytes: variables, user functions, plots named in `keep` (all
   when NULL), and the alters made since the circuit was loaded; what a worker
   starts every trial from. */
tp_str    tp_nutmeg_freeze(const tp_nutmeg *m, const tp_str *keep, int n,
                           tp_arena *mem);
tp_status tp_nutmeg_thaw(tp_nutmeg *m, tp_str frozen, tp_err *err);
/* Names for completion: commands, vectors of the current plot, devices. */
int tp_nutmeg_complete(const tp_nutmeg *m, tp_str beginning, tp_str *out,
                       int max, tp_arena *mem);

/* A session's simulator out of any that takes commands: "ngspice" in this
   process, tp_sim_remote in one of its own, "fake". `settings`: "seconds=10";
   `stop` (may be NULL): non-zero ends the command that runs, where the
   simulator can be stopped. A circuit must live as long as it is loaded. */
typedef struct tp_nutmeg_handle tp_nutmeg_handle;
tp_status tp_nutmeg_handle_open(tp_nutmeg_handle **out, const tp_sim_ops *ops,
                                tp_str settings, const volatile int *stop,
                                tp_err *err);
void      tp_nutmeg_handle_close(tp_nutmeg_handle *h);
tp_nutmeg_sim tp_nutmeg_handle_sim(tp_nutmeg_handle *h);
tp_str tp_nutmeg_handle_version(const tp_nutmeg_handle *h); /* tp_sim.version */
/* What failed, or was shown, since the values were set may depend on what came
   before: set again, the circuit is read again for them. */
bool tp_nutmeg_handle_doubts(const tp_nutmeg_handle *h);
#endif
