/* num: numerical methods on plain arrays. Nothing here allocates, prints or
   reads a clock. */
#ifndef TP_NUM_H
#define TP_NUM_H

#include "base/base.h"

/* ---- monotone cubic interpolation (PCHIP) ------------------------------ */

/* One cubic between two points with its slopes there. */
typedef struct tp_cubic_piece {
    double x0, x1, y0, y1, d0, d1;
} tp_cubic_piece;

/* The i with x[i] <= at < x[i+1], the first or last interval for what is
   outside; x rises strictly, n >= 2. */
int tp_interval(const double *x, int n, double at);
/* The slope at point i of the monotone cubic through n points. */
double tp_pchip_slope(const double *x, const double *y, int n, int i);
/* Its piece over x[i]..x[i+1]. */
tp_cubic_piece tp_pchip_piece(const double *x, const double *y, int n, int i);
/* Its value; beyond the ends the outermost pieces go on. n >= 1. */
double tp_pchip(const double *x, const double *y, int n, double at);
double tp_hermite(tp_cubic_piece p, double at);
/* The x of a monotone piece where it has the value y, which lies between
   p.y0 and p.y1; to the last bit. */
double tp_cubic_solve(tp_cubic_piece p, double y);
#endif
