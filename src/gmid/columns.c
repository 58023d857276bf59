/* The columns of a table and the place of a curve in it. */
#include "gmid/inside.h"

#include <math.h>

static const struct {
    const char *key, *unit, *words;
    bool        per_width;
} column[] = {
#define X(name, key, unit, per_width, words) {key, unit, words, per_width},
    TP_GMID_LIST(X)
#undef X
};

const char *tp_gmid_key(tp_gmid_column c)
{
    return column[c].key;
}

const char *tp_gmid_unit(tp_gmid_column c)
{
    return column[c].unit;
}

const char *tp_gmid_words(tp_gmid_column c)
{
    return column[c].words;
}

bool tp_gmid_per_width(tp_gmid_column c)
{
    return column[c].per_width;
}

/* How a column is interpolated: positive ones that span decades as their
   logarithm, the gain (which may be infinite) as its inverse. */
static double plain(double v)
{
    return v;
}

static double inverse(double v)
{
    return 1 / v;
}

static const struct {
    double (*to)(double), (*from)(double);
} scale[TP_GMID_COLUMNS] = {
    [TP_GMID_JD] = {log, exp},  [TP_GMID_GAIN] = {inverse, inverse},
    [TP_GMID_FT] = {log, exp},  [TP_GMID_GDS] = {log, exp},
    [TP_GMID_CGS] = {log, exp}, [TP_GMID_CGG] = {log, exp},
};

double tp_gmid_scaled(tp_gmid_column c, double v)
{
    return (scale[c].to ? scale[c].to : plain)(v);
}

double tp_gmid_unscaled(tp_gmid_column c, double y)
{
    return (scale[c].from ? scale[c].from : plain)(y);
}

/* Key, unit and name of each axis. */
static const struct axis_row axes[TP_GMID_AXES] = {
    [TP_GMID_L] = {"l", "m", "L"},
    [TP_GMID_VDS] = {"vds", "V", "vds"},
    [TP_GMID_VSB] = {"vsb", "V", "vsb"},
    [TP_GMID_TEMP] = {"temp", "C", "temperature"},
};

const struct axis_row *tp_gmid_axis_row(tp_gmid_axis_kind a)
{
    return &axes[a];
}

int tp_gmid_curve_index(const tp_gmid_table *t, int corner,
                        const int at[TP_GMID_AXES])
{
    int i = corner;
    for (int a = TP_GMID_AXES - 1; a >= 0; a--) i = i * t->axis[a].n + at[a];
    return i;
}

const tp_gmid_curve *tp_gmid_curve_at(const tp_gmid_table *t, int corner,
                                      const int at[TP_GMID_AXES])
{
    return &t->curve[tp_gmid_curve_index(t, corner, at)];
}

/* The largest gm/Id and what follows it downwards. */
static void find_branch(tp_gmid_curve *c)
{
    const double *g = c->v[TP_GMID_RATIO], *j = c->v[TP_GMID_JD];
    c->from = 0;
    for (int i = 1; i < c->n; i++)
        if (g[i] >= g[c->from]) c->from = i;
    c->to = c->from;
    while (c->to + 1 < c->n && g[c->to + 1] < g[c->to] &&
           j[c->to + 1] > j[c->to])
        c->to++;
}

void tp_gmid_prepare(tp_gmid_curve *c, tp_arena *mem)
{
    for (int k = 0; k < TP_GMID_COLUMNS; k++) {
        if (!c->v[k]) continue;
        double *y = TP_NEW(mem, double, c->n);
        for (int i = 0; i < c->n; i++)
            y[i] = tp_gmid_scaled((tp_gmid_column)k, c->v[k][i]);
        c->y[k] = y;
    }
    find_branch(c);
}
