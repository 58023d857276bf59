/* slope: gradient and second derivatives by differences, for the methods that
   need them, in the scale of a transformation. Private to opt. */
#ifndef TP_OPT_SLOPE_H
#define TP_OPT_SLOPE_H

#include "opt/line.h"

typedef struct tp_slope {
    tp_walk       *w;
    int            map;    /* transformation */
    bool           second; /* second derivatives as well */
    double         scale;  /* of f: 1/|first one| */
    double        *g;      /* n: of f * scale by y; valid after tp_slope_at */
    double        *whole;  /* n: g before tp_slope_flat */
    double        *h;      /* n x n, when `second` */
    tp_walk_point *pool;
    double        *off; /* offsets of the two points of each axis */
} tp_slope;

tp_slope *tp_slope_open(tp_walk *w, int map, bool second);
/* The first point of the method: the start (moved off its bounds when there
   is a transformation), with its differences at once; feasible after it. */
bool tp_slope_first(tp_slope *s, tp_walk_point *p);
/* g (and h) at p, which is told and feasible. A gradient that was told with p
   is used as it is. False: stop. */
bool tp_slope_at(tp_slope *s, tp_walk_point *p);
/* Without a transformation: clears g of variables at a bound that g pushes
   outward. True when nothing is left to go down by. */
bool tp_slope_flat(tp_slope *s, const tp_walk_point *p);

#endif
