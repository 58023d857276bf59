/* Downhill by derivatives. A variable on a bound that would be pushed outward
   rests for that step. A direction that does not lead down is replaced by the
   negative gradient; so is, once, one along which nothing was gained. */
#include "opt/descend.h"

#include <math.h>
#include <string.h>

static const double FIRST = 0.01, LONGEST = 0.1; /* steps, of the range */

double tp_descend_metric(const tp_descend *c, const tp_walk_point *p, int i)
{
    double by = tp_map_slope(c->set->transformation, p->x[i]);
    return by * by;
}

/* -g, or the method's direction when it leads down; says whether it did. */
static bool choose(tp_descend *c, const tp_walk_point *p, bool steepest,
                   double *d)
{
    int           n = c->w->n;
    const double *g = c->slope->g;
    bool          own = !steepest && c->direction(c, p, d);
    double        down = 0, longest = 0;
    for (int i = 0; i < n && own; i++) {
        bool out = (p->x[i] <= 0 && d[i] < 0) || (p->x[i] >= 1 && d[i] > 0);
        if (out && c->set->transformation == TP_MAP_NO) d[i] = 0;
        if (!isfinite(d[i])) own = false;
        longest = fmax(longest, fabs(d[i]));
    }
    for (int i = 0; i < n && own; i++) down += d[i] / longest * g[i];
    if (own && down < 0) return true;
    for (int i = 0; i < n; i++) d[i] = -g[i] / tp_descend_metric(c, p, i);
    if (c->restart) c->restart(c, p);
    return false;
}

/* How far x goes when y goes by all of d. */
static double reach(const tp_descend *c, const tp_walk_point *p,
                    const double *d)
{
    int    map = c->set->transformation;
    double far = 0;
    for (int i = 0; i < c->w->n; i++) {
        double y = tp_map_y(map, p->x[i]);
        far = fmax(far, fabs(tp_map_x(map, y + d[i]) - p->x[i]));
    }
    return far;
}

void tp_descend_run(tp_walk *w, tp_descend *c, bool second)
{
    size_t         size = sizeof(double) * (size_t)w->n;
    tp_walk_point *p = tp_walk_points(w, 1);
    tp_line       *line = tp_line_open(w, c->set);
    double        *d = TP_NEW(&w->opt->mem, double, w->n);
    double        *was = TP_NEW(&w->opt->mem, double, w->n);
    double         least = c->set->epsilon / 100, moved = FIRST;
    bool           steepest = false;
    c->w = w;
    c->slope = tp_slope_open(w, c->set->transformation, second);
    if (!tp_slope_first(c->slope, p)) return;
    for (;;) {
        if (tp_slope_flat(c->slope, p)) {
            w->why = "gradient is zero";
            return;
        }
        bool   own = choose(c, p, steepest, d);
        double first = own ? reach(c, p, d) : moved;
        memcpy(was, p->x, size);
        first = fmin(fmax(first, 0.1 * least), LONGEST);
        if (!tp_line_search(line, p, d, first)) return;
        moved = tp_walk_moved(w, was, p->x);
        if (moved < least && !own) {
            w->why = "step small enough";
            return;
        }
        steepest = moved < least;
        if (moved > 0 && !tp_slope_at(c->slope, p)) return;
    }
}
