/* The size of a device from its gm/Id and what fixes its current. */
#include "gmid/gmid.h"

#include <math.h>

static const double two_pi = 6.283185307179586;

/* gm or Id (whichever is_gm says) from what is given. */
static double by_gm(const tp_gmid_need *n)
{
    return n->gm;
}

static double by_id(const tp_gmid_need *n)
{
    return n->id;
}

static double by_budget(const tp_gmid_need *n)
{
    return n->budget / n->branches;
}

static double by_gbw(const tp_gmid_need *n)
{
    return two_pi * n->gbw * n->c * n->factor;
}

static double by_slew(const tp_gmid_need *n)
{
    return n->slew * n->c * n->factor;
}

static const struct {
    double (*value)(const tp_gmid_need *n);
    bool        is_gm, derived;
    const char *how;
} given[TP_GMID_GIVENS] = {
    [TP_GMID_BY_GM] = {by_gm, true, false, "gm given"},
    [TP_GMID_BY_ID] = {by_id, false, false, "id given"},
    [TP_GMID_BY_BUDGET] = {by_budget, false, false, "id = budget / branches"},
    [TP_GMID_BY_GBW] = {by_gbw, true, true, "gm = 2 pi gbw c factor"},
    [TP_GMID_BY_SLEW] = {by_slew, false, true, "id = slew c factor"},
};

tp_status tp_gmid_fit(tp_gmid_size *out, const tp_gmid_table *t, double gmid,
                      const tp_gmid_at *at, const tp_gmid_need *need,
                      tp_err *err)
{
    double v = given[need->given].value(need);
    bool   is_gm = given[need->given].is_gm;
    *out = (tp_gmid_size){.derived = given[need->given].derived,
                          .how = given[need->given].how};
    if (!(v > 0 && isfinite(v)))
        return tp_fail(err, TP_BAD_INPUT, "%s: %s = %g %s is not above 0",
                       out->how, is_gm ? "gm" : "Id", v, is_gm ? "S" : "A");
    TP_TRY(tp_gmid_find(&out->at, t, gmid, at, err));
    out->id = is_gm ? v / gmid : v;
    out->gm = is_gm ? v : v * gmid;
    out->w = out->id / out->at.v[TP_GMID_JD];
    return TP_OK;
}
