/* psade's state, for whoever keeps its population (`sfreq`). Private to opt. */
#ifndef TP_OPT_PSADE_H
#define TP_OPT_PSADE_H

#include "opt/walk.h"

typedef struct tp_psade_set {
    int    np;
    double tmin, rmin;
    int    sfreq; /* 0: never */
    double min_cf, pl;
} tp_psade_set;

/* A copy of the whole population as it was after `told` tells, a multiple of
   sfreq. x are np rows of the variables of the space, in the unit scale. */
typedef struct tp_psade_people {
    int                  told; /* 0: none yet */
    int                  np, n;
    const double        *x;
    const tp_walk_point *p; /* ok, f and miss of each; its x leaves frozen
                               variables out */
} tp_psade_people;

/* The last one; valid until the next tell. */
tp_psade_people tp_psade_population(const tp_opt *o);

#endif
