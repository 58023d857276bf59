/* Figures of merit of a bandgap: the one that vcli's circuit-optimizer writes
   down, and the same repaired. */
#include "front/front.h"

#include <math.h>

static const double second_psrr = 0.5, second_tc = 0.3;

double tp_bandgap_literal(const tp_bandgap_goal *g, double vbg, double psrr,
                          double tc)
{
    double miss = fabs(vbg - g->vbg) / g->vbg, cost = 0;
    if (!isnan(g->psrr)) miss += fmax(0, (g->psrr_min - psrr) / g->psrr_min);
    if (!isnan(g->tc)) miss += fmax(0, (tc - g->tc_max) / g->tc_max);
    if (miss > 0) return 1000 + miss;
    if (!isnan(g->psrr))
        cost += g->w_psrr * fabs(1 - psrr / g->psrr) * second_psrr;
    if (!isnan(g->tc)) cost += g->w_tc * fabs(1 - g->tc / tc) * second_tc;
    return cost;
}

double tp_bandgap_repaired(const tp_bandgap_goal *g, double vbg, double psrr,
                           double tc)
{
    double off = fabs(vbg - g->vbg), band = g->vbg_tolerance * g->vbg;
    double miss = fmax(0, off - band) / g->vbg;
    double cost = g->w_vbg * off / g->vbg;
    if (!isnan(g->psrr)) {
        miss += fmax(0, g->psrr_min - psrr) / fabs(g->psrr_min);
        cost += g->w_psrr * fmax(0, 1 - psrr / g->psrr);
    }
    if (!isnan(g->tc)) {
        miss += fmax(0, tc - g->tc_max) / fabs(g->tc_max);
        cost += g->w_tc * fmax(0, tc / g->tc - 1);
    }
    return miss > 0 ? 1000 + miss : cost;
}
