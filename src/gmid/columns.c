/* The columns of a table and the place of a curve in it. */
#include "gmid/inside.h"

#include <math.h>

enum { MAX_CURVES = 1000000 };

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

int tp_gmid_index(const tp_gmid_table *t, int corner,
                  const int at[TP_GMID_AXES])
{
    int i = corner;
    for (int a = TP_GMID_AXES - 1; a >= 0; a--) i = i * t->axis[a].n + at[a];
    return i;
}

const tp_gmid_curve *tp_gmid_curve_at(const tp_gmid_table *t, int corner,
                                      const int at[TP_GMID_AXES])
{
    return &t->curve[tp_gmid_index(t, corner, at)];
}

static const double most_rise = 1.02;

/* The rows of the branch into `row`; how many. */
static int find_branch(const tp_gmid_curve *c, int *row)
{
    const double *g = c->v[TP_GMID_RATIO], *j = c->v[TP_GMID_JD];
    int           n = 1;
    row[0] = 0;
    for (int i = 1; i < c->n; i++)
        if (g[i] >= g[row[0]]) row[0] = i;
    for (int i = row[0] + 1; i < c->n; i++) {
        int last = row[n - 1];
        if (g[i] > most_rise * g[last]) break;
        if (g[i] < g[last] && j[i] > j[last]) row[n++] = i;
    }
    return n;
}

/* Columns without any value are none. */
static void drop_empty(tp_gmid_curve *c)
{
    for (int k = 0; k < TP_GMID_COLUMNS; k++) {
        bool any = false;
        for (int i = 0; c->v[k] && i < c->n; i++)
            any = any || !isnan(c->v[k][i]);
        if (!any) c->v[k] = NULL;
    }
}

void tp_gmid_curve_done(tp_gmid_curve *c, tp_arena *mem)
{
    if (c->n == 0) return;
    int *row = TP_NEW(mem, int, c->n);
    drop_empty(c);
    c->row = row;
    c->n_use = find_branch(c, row);
    for (int k = 0; k < TP_GMID_COLUMNS; k++) {
        if (!c->v[k]) continue;
        double *y = TP_NEW(mem, double, c->n_use);
        for (int i = 0; i < c->n_use; i++)
            y[i] = tp_gmid_scaled((tp_gmid_column)k, c->v[k][row[i]]);
        c->y[k] = y;
    }
}

tp_status tp_gmid_grid(tp_gmid_curve **out, tp_gmid_table *t, tp_arena *mem,
                       tp_err *err)
{
    double n = t->n_corner;
    for (int a = 0; a < TP_GMID_AXES; a++) n *= t->axis[a].n;
    if (n > MAX_CURVES)
        return tp_fail(err, TP_LIMIT, "%.*s: the axes have %g places, over %d",
                       TP_F(t->name), n, MAX_CURVES);
    t->curve = *out = TP_NEW(mem, tp_gmid_curve, (ptrdiff_t)n);
    return TP_OK;
}
