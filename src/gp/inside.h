/* What gp's files share. */
#ifndef TP_GP_INSIDE_H
#define TP_GP_INSIDE_H

#include "gp/gp.h"

/* Where the parts of theta begin. */
typedef struct tp_theta {
    const double *length, *noise, *a, *b;
} tp_theta;
tp_theta tp_gp_theta(const double *theta, int d);

/* One variable's values, warped and divided by its length scale. Where not
   NULL: the derivatives of z by x, log a and log b. */
typedef struct tp_scaled {
    double *z, *by_x, *by_a, *by_b; /* n each */
} tp_scaled;
typedef struct tp_gp_map {
    const double *theta;
    int           d;
    bool          warped;
} tp_gp_map;
void tp_gp_scale(const tp_gp_map *map, int i, const double *x, int n,
                 const tp_scaled *out, tp_arena scratch);

/* The lower triangle of the covariance of n points (z: d rows), rows from
   `from` on; slope: where not NULL, derivatives by the squared distance. */
typedef struct tp_covariance {
    tp_rows z;
    int     n, ld;
    double  noise;
    double *k, *slope;
} tp_covariance;
void tp_gp_covariance(const tp_covariance *c, int from, tp_arena scratch);

#endif
