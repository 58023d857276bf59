/* descend: the loop of the methods that go downhill by derivatives: gradient,
   direction, search along it, again. Private to opt. */
#ifndef TP_OPT_DESCEND_H
#define TP_OPT_DESCEND_H

#include "opt/line.h"
#include "opt/slope.h"

typedef struct tp_descend {
    tp_walk           *w;
    const tp_line_set *set;
    tp_slope          *slope;
    void              *own; /* the method's */
    /* d of the y of the transformation at p; d as long as the method means it
       to go. False: -g is to be taken instead. */
    bool (*direction)(struct tp_descend *c, const tp_walk_point *p, double *d);
    void (*restart)(struct tp_descend *c, const tp_walk_point *p); /* NULL, or:
                                                         -g was taken */
} tp_descend;

/* The length of a step of y_i in x, squared: -g is taken by x, so that a
   variable that a transformation makes stiff near its bound does not stall. */
double tp_descend_metric(const tp_descend *c, const tp_walk_point *p, int i);
/* Runs until a step along -g is smaller than epsilon or g is 0. The caller
   sets set, own, direction, restart; `second`: the slope has h. */
void tp_descend_run(tp_walk *w, tp_descend *c, bool second);

#endif
