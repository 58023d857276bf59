/* The point of a table with a given gm/Id. Within a curve gm/Id and the other
   columns are monotone cubics over vgs; as gm/Id is the derivative of ln(id)
   by vgs, it gives that curve its slopes. Between curves the columns are
   interpolated once more, one axis after the other: over log L, over voltages
   and temperatures as they are; not at this gm/Id, but at the same share of
   each curve's largest one, which follows the temperature and the bulk. */
#include "gmid/inside.h"
#include "num/num.h"

#include <math.h>

enum { STENCIL = 4 };

/* The nodes of an axis that count for a place on it. */
typedef struct stencil {
    int    n, index[STENCIL];
    bool   must[STENCIL]; /* the place lies beside it */
    double x[STENCIL], at;
} stencil;

typedef struct search {
    const tp_gmid_table *t;
    double               gmid;
    double               largest; /* gm/Id at this place; 0: not asked */
    tp_gmid_between      between;
    int                  corner;
    stencil              on[TP_GMID_AXES];
} search;

tp_gmid_at tp_gmid_where(double l)
{
    return (tp_gmid_at){.l = l, .vds = NAN, .vsb = NAN, .temp = NAN};
}

/* ---- one curve ----------------------------------------------------------- */

static int nearest_row(const tp_gmid_curve *c, double gmid)
{
    const double *g = c->v[TP_GMID_RATIO];
    int           best = 0;
    for (int i = 1; i < c->n; i++)
        if (fabs(g[i] - gmid) < fabs(g[best] - gmid)) best = i;
    return best;
}

/* The branch's row whose gm/Id is the last one not below `gmid`. */
static int row_before(const tp_gmid_curve *c, double gmid)
{
    const double *g = c->y[TP_GMID_RATIO];
    int           i = 0;
    while (i + 2 < c->n_use && g[i + 1] >= gmid) i++;
    return i;
}

/* ln(id) over vgs with gm/Id as its slopes, where these fit the data. */
static tp_cubic_piece current_piece(const tp_gmid_curve *c, int i)
{
    const double  *vgs = c->y[TP_GMID_VGS], *g = c->y[TP_GMID_RATIO];
    tp_cubic_piece p = tp_pchip_piece(vgs, c->y[TP_GMID_JD], c->n_use, i);
    double         secant = (p.y1 - p.y0) / (p.x1 - p.x0);
    if (g[i] < secant || g[i + 1] > secant || g[i] > 3 * secant) return p;
    p.d0 = g[i];
    p.d1 = g[i + 1];
    return p;
}

static void cubic_row(const tp_gmid_curve *c, double gmid, double *y)
{
    const double  *vgs = c->y[TP_GMID_VGS];
    int            i = row_before(c, gmid), n = c->n_use;
    tp_cubic_piece ratio = tp_pchip_piece(vgs, c->y[TP_GMID_RATIO], n, i);
    double         v = tp_cubic_solve(ratio, gmid);
    for (int k = 0; k < TP_GMID_COLUMNS; k++)
        y[k] =
            c->y[k] ? tp_hermite(tp_pchip_piece(vgs, c->y[k], n, i), v) : NAN;
    y[TP_GMID_JD] = tp_hermite(current_piece(c, i), v);
}

static void linear_row(const tp_gmid_curve *c, double gmid, double *y)
{
    const double *g = c->y[TP_GMID_RATIO];
    int           i = row_before(c, gmid);
    double        t = (gmid - g[i]) / (g[i + 1] - g[i]);
    for (int k = 0; k < TP_GMID_COLUMNS; k++)
        y[k] = c->y[k] ? c->y[k][i] + t * (c->y[k][i + 1] - c->y[k][i]) : NAN;
}

static void nearest_columns(const tp_gmid_curve *c, double gmid, double *y)
{
    int i = nearest_row(c, gmid);
    for (int k = 0; k < TP_GMID_COLUMNS; k++)
        y[k] = c->v[k] ? tp_gmid_scaled((tp_gmid_column)k, c->v[k][i]) : NAN;
}

/* The gm/Id to look for in a curve. */
static double own_gmid(const search *s, const tp_gmid_curve *c)
{
    bool share = s->between == TP_GMID_PCHIP;
    return share ? s->gmid / s->largest * c->y[TP_GMID_RATIO][0] : s->gmid;
}

/* The columns at this gm/Id, as interpolated; false: the curve has none. A
   curve that only lends its slope stays at the ends of its branch instead. */
static bool on_curve(const search *s, const tp_gmid_curve *c, bool must,
                     double *y)
{
    if (c->n_use < 2) return false;
    const double *g = c->y[TP_GMID_RATIO];
    double        hi = g[0], lo = g[c->n_use - 1], slack = 1e-9 * hi;
    double        want = own_gmid(s, c), gmid = fmax(lo, fmin(hi, want));
    bool          inside = want <= hi + slack && want >= lo - slack;
    if (must && !inside) return false;
    if (s->between == TP_GMID_NEAREST)
        nearest_columns(c, gmid, y);
    else if (s->between == TP_GMID_LINEAR)
        linear_row(c, gmid, y);
    else
        cubic_row(c, gmid, y);
    return true;
}

/* ---- between curves ------------------------------------------------------ */

static void put_together(double at, int n, const double *x,
                         double y[][TP_GMID_COLUMNS], double *out)
{
    for (int k = 0; k < TP_GMID_COLUMNS; k++) {
        double column[STENCIL];
        for (int i = 0; i < n; i++) column[i] = y[i][k];
        out[k] = tp_pchip(x, column, n, at);
    }
}

/* Where on_axes is: its indices so far, and whether all of them lie beside the
   place. */
typedef struct path {
    int  index[TP_GMID_AXES];
    bool must;
} path;

/* The curve's columns at this gm/Id, or at its largest one while that is not
   known. */
static bool at_curve(const search *s, path at, double *out)
{
    const tp_gmid_curve *c = tp_gmid_curve_at(s->t, s->corner, at.index);
    if (s->largest > 0) return on_curve(s, c, at.must, out);
    for (int k = 0; k < TP_GMID_COLUMNS; k++) out[k] = 0;
    if (c->n_use < 2) return false;
    out[TP_GMID_RATIO] = c->y[TP_GMID_RATIO][0];
    return true;
}

/* The columns at this gm/Id with the indices of the axes above `axis` given;
   the depth is the number of axes. */
static bool on_axes(const search *s, int axis, path at, double *out)
{
    if (axis < 0) return at_curve(s, at, out);
    const stencil *on = &s->on[axis];
    double         y[STENCIL][TP_GMID_COLUMNS], x[STENCIL];
    int            n = 0;
    for (int i = 0; i < on->n; i++) {
        path next = at;
        next.index[axis] = on->index[i];
        next.must = at.must && on->must[i];
        bool found = on_axes(s, axis - 1, next, y[n]);
        if (!found && on->must[i]) return false;
        if (found) x[n++] = on->x[i];
    }
    put_together(on->at, n, x, y, out);
    return true;
}

/* ---- the place ----------------------------------------------------------- */

static tp_status outside(const tp_gmid_table *t, tp_gmid_axis_kind a, double at,
                         tp_err *err)
{
    const struct axis_row *row = tp_gmid_axis_row(a);
    const tp_gmid_axis    *axis = &t->axis[a];
    char found[TP_NUMBER_MAX], lo[TP_NUMBER_MAX], hi[TP_NUMBER_MAX];
    tp_exact(at, found);
    if (isnan(axis->at[0]))
        return tp_fail(err, TP_BAD_INPUT,
                       "%s = %s %s: %.*s does not say its %s", row->name, found,
                       row->unit, TP_F(t->name), row->name);
    return tp_fail(err, TP_BAD_INPUT, "%s = %s %s is outside %s to %s of %.*s",
                   row->name, found, row->unit, tp_exact(axis->at[0], lo),
                   tp_exact(axis->at[axis->n - 1], hi), TP_F(t->name));
}

static double on_scale(tp_gmid_axis_kind a, double v)
{
    return a == TP_GMID_L ? log(v) : v;
}

bool tp_gmid_jumps(const tp_gmid_axis *length, int i)
{
    static const double least_gap = 1e-4;
    return i >= 0 && i + 1 < length->n &&
           length->at[i + 1] - length->at[i] < least_gap * length->at[i];
}

/* Node k lends its slope to the gap behind node i: it is on the same side of
   every jump. */
static bool lends(tp_gmid_axis_kind a, const tp_gmid_axis *axis, int i, int k)
{
    if (k < 0 || k >= axis->n) return false;
    bool beside = k == i || k == i + 1;
    return beside || a != TP_GMID_L || !tp_gmid_jumps(axis, k < i ? k : i + 1);
}

static void add_node(stencil *s, tp_gmid_axis_kind a, const tp_gmid_axis *axis,
                     int i)
{
    s->must[s->n] = true;
    s->x[s->n] = on_scale(a, axis->at[i]);
    s->index[s->n++] = i;
}

/* One node where the place is on it (or a nearest one is wanted), else those
   around it; false: outside. */
static bool around(stencil *s, tp_gmid_axis_kind a, const tp_gmid_axis *axis,
                   double at, tp_gmid_between between)
{
    double slack = 1e-9 * fabs(axis->at[axis->n - 1]);
    *s = (stencil){.at = on_scale(a, at)};
    if (!(at >= axis->at[0] - slack && at <= axis->at[axis->n - 1] + slack))
        return false;
    int i = axis->n > 1 ? tp_interval(axis->at, axis->n, at) : 0;
    if (i + 1 < axis->n && at - axis->at[i] > axis->at[i + 1] - at) i++;
    if (between == TP_GMID_NEAREST || fabs(at - axis->at[i]) <= slack) {
        add_node(s, a, axis, i);
        return true;
    }
    i = tp_interval(axis->at, axis->n, at);
    bool cubic = between == TP_GMID_PCHIP;
    for (int k = cubic ? i - 1 : i; k <= (cubic ? i + 2 : i + 1); k++) {
        if (!lends(a, axis, i, k)) continue;
        add_node(s, a, axis, k);
        s->must[s->n - 1] = k == i || k == i + 1;
    }
    return true;
}

static tp_status find_corner(const tp_gmid_table *t, tp_str name, int *out,
                             tp_err *err)
{
    *out = t->def_corner;
    if (name.len == 0) return TP_OK;
    for (int i = 0; i < t->n_corner; i++) {
        *out = i;
        if (tp_str_same(t->corner[i], name)) return TP_OK;
    }
    tp_arena mem = tp_arena_open(1 << 16);
    tp_str   hint = tp_did_you_mean(&mem, name, t->corner, t->n_corner);
    tp_fail(err, TP_BAD_INPUT, "%.*s has no corner '%.*s'%.*s", TP_F(t->name),
            TP_F(name), TP_F(hint));
    tp_arena_close(&mem);
    return TP_BAD_INPUT;
}

static tp_status prepare(search *s, const tp_gmid_table *t,
                         const tp_gmid_at *at, tp_err *err)
{
    double want[TP_GMID_AXES] = {[TP_GMID_L] = at->l,
                                 [TP_GMID_VDS] = at->vds,
                                 [TP_GMID_VSB] = at->vsb,
                                 [TP_GMID_TEMP] = at->temp};
    *s = (search){.t = t, .between = at->between};
    TP_TRY(find_corner(t, at->corner, &s->corner, err));
    if (!(at->l > 0)) return outside(t, TP_GMID_L, at->l, err);
    for (int i = 0; i < TP_GMID_AXES; i++) {
        tp_gmid_axis_kind   a = (tp_gmid_axis_kind)i;
        const tp_gmid_axis *axis = &t->axis[a];
        bool                unsaid = isnan(axis->at[0]) && isnan(want[a]);
        if (isnan(want[a])) want[a] = t->def[a];
        if (unsaid)
            s->on[a] = (stencil){.n = 1, .must = {true}};
        else if (!around(&s->on[a], a, axis, want[a], at->between))
            return outside(t, a, want[a], err);
    }
    return TP_OK;
}

/* What the curves beside the place have in common. */
typedef struct common {
    double lo, hi; /* of gm/Id */
    double share;  /* lo as a share of the largest, the highest of them */
} common;

static void narrow(const search *s, int axis, int *index, common *all)
{
    if (axis < 0) {
        const tp_gmid_curve *c = tp_gmid_curve_at(s->t, s->corner, index);
        const double        *g = c->y[TP_GMID_RATIO];
        bool                 use = c->n_use >= 2;
        double lo = use ? g[c->n_use - 1] : INFINITY, hi = use ? g[0] : 0;
        all->lo = fmax(all->lo, lo);
        all->hi = fmin(all->hi, hi);
        all->share = fmax(all->share, lo / hi);
        return;
    }
    for (int i = 0; i < s->on[axis].n; i++) {
        if (!s->on[axis].must[i]) continue;
        index[axis] = s->on[axis].index[i];
        narrow(s, axis - 1, index, all);
    }
}

/* Sets s->largest; lo and hi of gm/Id at this place. */
static tp_status range_of(search *s, double *lo, double *hi, double l,
                          tp_err *err)
{
    common all = {.hi = INFINITY};
    path   from = {.must = true};
    int    index[TP_GMID_AXES];
    double y[TP_GMID_COLUMNS];
    bool   share = s->between == TP_GMID_PCHIP;
    s->largest = 0;
    narrow(s, TP_GMID_AXES - 1, index, &all);
    if (!(all.lo < all.hi) || !on_axes(s, TP_GMID_AXES - 1, from, y))
        return tp_fail(err, TP_BAD_INPUT,
                       "%.*s has no rows around L = %g m there",
                       TP_F(s->t->name), l);
    s->largest = y[TP_GMID_RATIO];
    *lo = share ? all.share * s->largest : all.lo;
    *hi = share ? s->largest : all.hi;
    return TP_OK;
}

tp_status tp_gmid_range(double *lo, double *hi, const tp_gmid_table *t,
                        const tp_gmid_at *at, tp_err *err)
{
    search s;
    TP_TRY(prepare(&s, t, at, err));
    return range_of(&s, lo, hi, at->l, err);
}

/* The point from what was interpolated. */
static void finish(tp_gmid_point *out, const search *s, const double *y)
{
    double *v = out->v;
    for (int k = 0; k < TP_GMID_COLUMNS; k++) {
        v[k] = tp_gmid_unscaled((tp_gmid_column)k, y[k]);
        if (tp_gmid_per_width((tp_gmid_column)k)) v[k] /= s->t->w;
    }
    if (s->between != TP_GMID_NEAREST) v[TP_GMID_RATIO] = s->gmid;
    if (v[TP_GMID_GAIN] > 1e15) v[TP_GMID_GAIN] = INFINITY;
    v[TP_GMID_GDS] = v[TP_GMID_RATIO] * v[TP_GMID_JD] / v[TP_GMID_GAIN];
}

tp_status tp_gmid_find(tp_gmid_point *out, const tp_gmid_table *t, double gmid,
                       const tp_gmid_at *at, tp_err *err)
{
    search s;
    path   from = {.must = true};
    double y[TP_GMID_COLUMNS], lo, hi;
    char   found[TP_NUMBER_MAX];
    TP_TRY(prepare(&s, t, at, err));
    TP_TRY(range_of(&s, &lo, &hi, at->l, err));
    s.gmid = gmid;
    if (on_axes(&s, TP_GMID_AXES - 1, from, y)) {
        finish(out, &s, y);
        return TP_OK;
    }
    return tp_fail(err, TP_BAD_INPUT,
                   "gm/Id = %s 1/V is outside %.4g to %.4g of %.*s at L = %g m",
                   tp_exact(gmid, found), lo, hi, TP_F(t->name), at->l);
}
