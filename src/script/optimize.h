/* The problem that `optimize` sub-commands describe, between runs. Private to
   script. SPICE OPUS manual, "Circuit Optimization with SPICE OPUS". */
#ifndef TP_SCRIPT_OPTIMIZE_H
#define TP_SCRIPT_OPTIMIZE_H

#include "nutmeg/nutmeg.h"
#include "opt/opt.h"
#include "run/run.h"

/* `optimize parameter N ...` */
typedef struct tp_optpar {
    int    number;
    tp_str name; /* "@r1[resistance]" */
    double low, high, initial, increment, mean, deviation, abstol, reltol;
    bool   log;
} tp_optpar;

/* A text of the description, and the statement it stands in. */
typedef struct tp_opttext {
    tp_str         text;
    tp_nutmeg_said from;
} tp_opttext;

/* `optimize analysis N text`, `optimize implicit N text`. */
typedef struct tp_optline {
    int        number;
    tp_opttext is;
} tp_optline;
typedef struct tp_optlines { /* by number */
    const char *what;        /* "analysis", "implicit" */
    int         n, cap;
    tp_optline *line;
} tp_optlines;

typedef struct tp_optoptions {
    double initial_guess; /* >= 1: on */
    int    number_of_iterations;
    double stop_cost; /* -INFINITY: none */
    bool   centering, discrete_space;
} tp_optoptions;

/* A point that was evaluated since the last reset, for initial_guess. */
typedef struct tp_optseen {
    double *x; /* of each parameter, in its unit */
    double  cost;
    bool    feasible;
} tp_optseen;

typedef struct tp_optimize {
    tp_arena          mem;
    int               n_par, cap_par;
    tp_optpar        *par; /* by number */
    tp_optlines       analysis, implicit;
    tp_opttext        cost;
    const tp_opt_ops *method;
    tp_str            method_list; /* "k=10,size=0.1" */
    tp_optlines       gradient;    /* number: of the parameter, from 0 */
    tp_optoptions     option;
    int               n_seen, cap_seen;
    tp_optseen       *seen;
    int               runs; /* optimize1, optimize2, ... */
    tp_str            word; /* the last one read of the statement that runs */
    int               n_warned, cap_warned;
    tp_place         *warned; /* numbers that were warned of */
    int               n_source, cap_source;
    const tp_source **source; /* whose statements are kept */
} tp_optimize;

/* Keeps a part of the statement that runs, with its place; and the place of a
   column of it (0: of its first), which lives as long as the description
   (optimize_text.c). */
tp_opttext tp_optimize_keep(tp_optimize *o, const tp_nutmeg *m, tp_str part);
tp_place   tp_opttext_place(const tp_opttext *t, int col);
/* Warns of a number that looks otherwise than it is read, once where it
   stands. */
void tp_optimize_remark(tp_optimize *o, tp_nutmeg *m, tp_str number);
/* The name in "k 10 size 0.1" that the method refuses with its value; "" none
   on its own. */
tp_str tp_optimize_wrong_setting(const tp_opt_ops *ops, tp_str list,
                                 tp_arena *mem);

void tp_optimize_open(tp_optimize *o);
void tp_optimize_close(tp_optimize *o);
/* One line after the word `optimize`; *run: there was nothing after it. What
   a sub-command prints goes to `m`. */
tp_status tp_optimize_line(tp_optimize *o, tp_nutmeg *m, tp_str rest, bool *run,
                           tp_err *err);
/* Prints one part of the present setting ("analysis", "cost", ...). */
void tp_optimize_show(const tp_optimize *o, tp_nutmeg *m, tp_str part);
void tp_optimize_show_par(const tp_optpar *p, tp_nutmeg *m);
/* Writes the initial values into the circuit. */
tp_status tp_optimize_apply(const tp_optimize *o, tp_nutmeg *m, tp_err *err);
/* The same of other values, one a parameter. */
tp_status tp_optimize_set(const tp_optimize *o, const double *x, tp_nutmeg *m,
                          tp_err *err);
/* The file that the method's settings name, "" none; and taking the plots of
   populations away (optimize_keep.c). */
tp_status tp_optimize_outfile(const tp_optimize *o, tp_str *out, tp_arena *mem,
                              tp_err *err);
void      tp_optimize_drop_populations(tp_nutmeg *m);
#endif
