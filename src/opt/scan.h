/* scan: methods whose points are known before the first is told: the start
   point, then point 0, 1, ... of a plan. Any number can be out at a time.
   Private to opt. */
#ifndef TP_OPT_SCAN_H
#define TP_OPT_SCAN_H

#include "opt/walk.h"

enum { TP_SCAN_MAX = 1000000000 }; /* points */

typedef struct tp_scan tp_scan;
struct tp_scan {
    tp_walk   w;
    long long total, asked, told; /* with the start point */
    /* x of n values, which are the start's; k counts from 0. */
    void (*point)(const tp_scan *s, long long k, double *x);
    double *x;
};

/* o->state becomes a scan; the caller sets `point` and adds to `total`. */
tp_status tp_scan_init(tp_scan **out, tp_opt *o, tp_err *err);
/* The functions of a method's row, all but init. */
tp_ask      tp_scan_ask(tp_opt *o, double *x, int *tag);
void        tp_scan_tell(tp_opt *o, int tag, const double *x, const tp_obs *y);
const char *tp_scan_finished(const tp_opt *o);
void        tp_scan_close(tp_opt *o);
#define TP_SCAN_OPS                                                         \
    .ask = tp_scan_ask, .tell = tp_scan_tell, .finished = tp_scan_finished, \
    .close = tp_scan_close

#endif
