/* A bandgap sweep's run, judged. */
#ifndef TP_CLI_BANDGAP_H
#define TP_CLI_BANDGAP_H

#include "cli/cli.h"
#include "front/front.h"

typedef struct judged_job {
    const tp_trial *trial;
    bool            ok;            /* no measure failed */
    int             corners;       /* in which every measure has a value */
    double          value[3];      /* Vbg, PSRR, TC where each is worst; NAN */
    double          cost, literal; /* of the worst of them; NAN */
} judged_job;

typedef struct judged_sweep {
    const tp_account *account;
    tp_bandgap_goal   goal;
    int               measure[3]; /* -1: not wanted */
    int               n, failed;
    bool              grids;     /* it goes from grid to grid */
    int               iteration; /* a grid, else a job */
    judged_job       *job;
    int               best, best_literal; /* indices, -1 none */
} judged_sweep;

extern const char *const bandgap_names[3];
/* TP_BAD_INPUT for a run that is no bandgap sweep. */
tp_status bandgap_judge(judged_sweep *out, const tp_account *a, tp_arena *mem,
                        tp_err *err);
/* "completed", "partial", "failed" (no job gave a result), or the run's own
   word while it is not at its end. */
const char *bandgap_status(const judged_sweep *s);
/* One value of a job in one corner, NAN: none. */
double bandgap_value(const judged_sweep *s, const judged_job *j, int corner,
                     int k);
tp_str bandgap_corner(const tp_problem *p, int corner);
#endif
