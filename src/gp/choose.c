/* Which transform: the one under which the data are most likely. */
#include "gp/gp.h"

#include <math.h>
#include <string.h>

enum { SHORT_FIT = 12 };
static const double PLAIN = 2; /* what another must gain on the identity */

/* The logarithm of the likelihood of y under transform t and a short fit. */
static double likelihood(tp_gp *g, const tp_transform *t, const double *x,
                         const double *y, int n, tp_arena scratch)
{
    tp_gp_effort effort = {.starts = 1, .most = SHORT_FIT};
    double      *v = TP_NEW(&scratch, double, n), sum = 0;
    for (int j = 0; j < n; j++) {
        v[j] = tp_transform_to(t, y[j]);
        sum += tp_transform_log_slope(t, y[j]);
    }
    return sum + tp_gp_fit(g, x, v, n, &effort, scratch);
}

tp_transform tp_gp_choose(tp_gp *g, const double *x, const double *y, int n,
                          tp_arena scratch)
{
    size_t       size = sizeof(double) * (size_t)tp_gp_parameters(g->d);
    double      *theta = TP_NEW(&scratch, double, tp_gp_parameters(g->d));
    double       best = -INFINITY;
    tp_transform chosen, t;
    tp_transform_set(&chosen, 0, y, n, scratch);
    for (int kind = 0; kind < tp_transforms(); kind++) {
        if (!tp_transform_set(&t, kind, y, n, scratch)) continue;
        double got = likelihood(g, &t, x, y, n, scratch);
        if (!(got > best + (kind ? PLAIN * (chosen.kind == 0) : 0))) continue;
        best = got;
        chosen = t;
        memcpy(theta, g->theta, size);
    }
    if (best > -INFINITY) memcpy(g->theta, theta, size);
    return chosen;
}
