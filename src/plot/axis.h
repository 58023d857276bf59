/* One axis: its range, its ticks, and where a value lies on it. */
#ifndef TP_PLOT_AXIS_H
#define TP_PLOT_AXIS_H

#include "plot/plot.h"

enum { MAX_TICKS = 64 };

typedef struct tp_tick {
    double value;
    bool   major; /* has a label */
} tp_tick;

typedef struct tp_axis {
    bool    log;
    double  lo, hi; /* lo < hi */
    int     n;
    tp_tick tick[MAX_TICKS];
} tp_axis;

/* An axis that shows lo..hi, of which it can show both, widened to whole
   ticks, with about `wanted` labels. Steps of 1, 2 or 5 times a power of ten;
   decades where `log`. Ends that differ by rounding alone are one value, which
   gets room around it. */
void tp_axis_make(tp_axis *a, double lo, double hi, bool log, int wanted);
/* 0 at lo, 1 at hi. */
double tp_axis_at(const tp_axis *a, double v);
/* Whether v can be shown: at most 1e300 in size, and where `log` 1e-300 at
   least. */
bool tp_axis_shows(const tp_axis *a, double v);
/* The label of a tick: as many digits as the step needs, with the SI prefix
   that suits the tick. */
tp_str tp_axis_label(const tp_axis *a, double v, tp_arena *mem);
#endif
