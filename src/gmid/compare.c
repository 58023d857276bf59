/* The accuracy of a table: rows of another, simulated elsewhere, against what
   the table gives at their gm/Id. */
#include "gmid/inside.h"

#include <math.h>

static const double most_sensitive = 12, above_vdsat = 1.2;

typedef struct place {
    int    corner, at[TP_GMID_AXES];
    double v[TP_GMID_AXES];
} place;

/* -d ln(id) / d ln(gm/Id) between rows i and i + 1 of the branch. */
static double sensitivity(const tp_gmid_curve *c, int i)
{
    const double *g = c->y[TP_GMID_RATIO], *j = c->y[TP_GMID_JD];
    return (j[i + 1] - j[i]) / log(g[i] / g[i + 1]);
}

/* Row i of the branch. */
static bool counts(const tp_gmid_curve *c, int i, double vds, double lo,
                   double hi)
{
    double g = c->y[TP_GMID_RATIO][i];
    double sat = c->y[TP_GMID_VDSAT] ? c->y[TP_GMID_VDSAT][i] : NAN;
    bool   triode = vds < above_vdsat * sat; /* false: one is not known */
    bool   steep = i > 0 && sensitivity(c, i - 1) > most_sensitive;
    steep = steep || (i + 1 < c->n_use && sensitivity(c, i) > most_sensitive);
    return g >= lo && g <= hi && !triode && !steep;
}

static void compare_row(tp_gmid_misses *m, const tp_gmid_table *t,
                        const tp_gmid_table *rows, const tp_gmid_curve *c,
                        int i, const place *p)
{
    tp_gmid_point q;
    tp_gmid_at    at = {.l = p->v[TP_GMID_L],
                        .vds = p->v[TP_GMID_VDS],
                        .vsb = p->v[TP_GMID_VSB],
                        .temp = p->v[TP_GMID_TEMP],
                        .corner = rows->corner[p->corner]};
    int           row = c->row[i];
    double        g = c->v[TP_GMID_RATIO][row];
    if (tp_gmid_find(&q, t, g, &at, NULL)) {
        m->outside++;
        return;
    }
    double jd = c->v[TP_GMID_JD][row] / rows->w;
    double w = fabs(jd / q.v[TP_GMID_JD] - 1);
    double gain = fabs(q.v[TP_GMID_GAIN] / c->v[TP_GMID_GAIN][row] - 1);
    m->n++;
    m->mean_w += w;
    if (w > m->worst_w) {
        m->worst_w = w;
        m->gmid = g;
        m->l = at.l;
    }
    m->worst_gain = fmax(m->worst_gain, gain);
    m->worst_vgs =
        fmax(m->worst_vgs, fabs(q.v[TP_GMID_VGS] - c->v[TP_GMID_VGS][row]));
}

static bool next(const tp_gmid_table *t, place *p)
{
    for (int a = 0; a < TP_GMID_AXES; a++) {
        if (++p->at[a] < t->axis[a].n) return true;
        p->at[a] = 0;
    }
    return ++p->corner < t->n_corner;
}

void tp_gmid_compare(tp_gmid_misses *out, const tp_gmid_table *t,
                     const tp_gmid_table *rows, double lo, double hi)
{
    place p = {0};
    *out = (tp_gmid_misses){0};
    do {
        const tp_gmid_curve *c = tp_gmid_curve_at(rows, p.corner, p.at);
        for (int a = 0; a < TP_GMID_AXES; a++)
            p.v[a] = rows->axis[a].at[p.at[a]];
        for (int i = 0; i < c->n_use; i++)
            if (counts(c, i, p.v[TP_GMID_VDS], lo, hi))
                compare_row(out, t, rows, c, i, &p);
    } while (next(rows, &p));
    if (out->n) out->mean_w /= out->n;
}
