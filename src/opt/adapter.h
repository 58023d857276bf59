/* The adapter that puts NLopt's methods, unchanged, behind ask/tell. Private
   to opt. */
#ifndef TP_OPT_ADAPTER_H
#define TP_OPT_ADAPTER_H

#include "opt/opt.h"
#include "opt/own.h"

#include <nlopt.h>

/* Local methods that AUGLAG and MLSL may run, in the order of the setting
   `local`. */
enum {
    TP_LOCAL_CHOSEN = -2, /* the setting says which */
    TP_LOCAL_NONE = -1,
    TP_LOCAL_COBYLA,
    TP_LOCAL_NELDER_MEAD,
    TP_LOCAL_BOBYQA,
    TP_LOCAL_SUBPLEX,
    TP_LOCAL_PRAXIS,
    TP_LOCAL_NEWUOA_BOUND
};

typedef struct tp_nlopt_set { /* settings of every row; each shows its own */
    double step;              /* first step in the unit scale; 0: NLopt's */
    int    population;        /* 0: NLopt's */
    int    local;             /* TP_LOCAL_... */
    double local_reltol;      /* 0: the run's, or 1e-4 when that is off */
    double ctol;              /* what a constraint may miss, relative */
} tp_nlopt_set;

typedef struct tp_nlopt_row {
    const char     *name;
    nlopt_algorithm how;
    int             local;            /* TP_LOCAL_... */
    bool            least_population; /* variables + 1 */
    bool            two;              /* fails with one variable */
    bool            sized; /* reserves memory for its evaluation limit */
} tp_nlopt_row;

tp_status   tp_nlopt_init(tp_opt *o, const tp_nlopt_row *row, tp_err *err);
tp_ask      tp_nlopt_ask(tp_opt *o, double *x, int *tag);
void        tp_nlopt_tell(tp_opt *o, int tag, const double *x, const tp_obs *y);
const char *tp_nlopt_finished(const tp_opt *o);
void        tp_nlopt_close(tp_opt *o);

/* Every method of opt, ends with NULL: NLopt's and our own. */
extern const tp_opt_ops *const tp_opts_all[];

#endif
