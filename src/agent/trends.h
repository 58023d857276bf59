/* trends: what the trials so far say of the variables: which way a measure
   goes with a variable, where a specification was never met, and pairs of
   trials that differ in one variable only. */
#ifndef TP_AGENT_TRENDS_H
#define TP_AGENT_TRENDS_H

#include "base/base.h"

/* Trials in rows. NAN: no value. */
typedef struct tp_trend_data {
    int           n, n_var, n_measure;
    const double *x;     /* n x n_var, real values */
    const double *value; /* n x n_measure */
    const double *miss;  /* n x n_measure: > 0 not met; NAN: no limit */
} tp_trend_data;

/* Spearman's rank correlation over the trials where the measure has a value
   (Spearman 1904; equal values share their mean rank). */
typedef struct tp_trend {
    int    var, measure;
    double rho; /* -1..1 */
    int    n;   /* trials it is from */
} tp_trend;
/* Every pair whose |rho| could be chance with less than about 5 % (|rho| >
   1.96 / sqrt(n - 1), n >= 5, and of either at least 3 trials differ from its
   commonest value), strongest first per measure. */
int tp_trends(const tp_trend **out, const tp_trend_data *d, tp_arena *mem);

/* "below 6 the specification was never met, above it was": at least `n`
   trials on the failing side, three or more, and one met trial beyond. */
typedef struct tp_trend_wall {
    int    var, measure;
    bool   below; /* else above */
    double at;    /* the first value that met it */
    int    n;     /* trials that failed on that side */
} tp_trend_wall;
int tp_trend_walls(const tp_trend_wall **out, const tp_trend_data *d,
                   tp_arena *mem);

/* Two trials alike in all variables but one. */
typedef struct tp_trend_step {
    int var, from, to; /* trials, 0-based; from the smaller value */
} tp_trend_step;
/* The latest `max` of them. */
int tp_trend_steps(tp_trend_step *out, int max, const tp_trend_data *d);
#endif
