/* Derivatives by differences: two points per variable, symmetric where the
   bounds allow it and both on the inner side where they don't; the parabola
   through three points gives slope and curvature. Mixed second derivatives
   take one more point per pair. All points of one call are asked at once. A
   point that is not feasible has no value and is left out. */
#include "opt/slope.h"

#include <math.h>
#include <string.h>

/* Steps as parts of the range: of a gradient, and where second derivatives
   divide by the square. */
static const double STEP = 1e-4, STEP_SECOND = 1e-3;

static int n_points(const tp_slope *s)
{
    int n = s->w->n;
    return 2 * n + (s->second ? n * (n - 1) / 2 : 0);
}

tp_slope *tp_slope_open(tp_walk *w, int map, bool second)
{
    tp_arena *mem = &w->opt->mem;
    tp_slope *s = TP_NEW(mem, tp_slope, 1);
    s->w = w;
    s->map = map;
    s->second = second;
    s->g = TP_NEW(mem, double, w->n);
    s->whole = TP_NEW(mem, double, w->n);
    s->off = TP_NEW(mem, double, 2 * (ptrdiff_t)w->n);
    s->h = TP_NEW(mem, double, (ptrdiff_t)w->n * w->n);
    s->pool = tp_walk_points(w, 1 + n_points(s));
    return s;
}

/* The two points of each axis, then the pairs, around x. */
static void place(tp_slope *s, const double *x)
{
    int            n = s->w->n;
    tp_walk_point *pair = s->pool + 1 + 2 * (ptrdiff_t)n;
    for (int k = 1; k <= n_points(s); k++)
        memcpy(s->pool[k].x, x, sizeof *x * (size_t)n);
    for (int i = 0; i < n; i++) {
        double *off = s->off + 2 * (ptrdiff_t)i;
        double  step = tp_walk_step(s->w, x, i, s->second ? STEP_SECOND : STEP);
        off[0] = x[i] + step > 1 ? -step : step;
        off[1] =
            x[i] - off[0] >= 0 && x[i] - off[0] <= 1 ? -off[0] : 2 * off[0];
        for (int k = 0; k < 2; k++) s->pool[1 + 2 * i + k].x[i] += off[k];
    }
    for (int i = 0; i < n && s->second; i++)
        for (int k = 0; k < i; k++, pair++) {
            pair->x[i] += s->off[2 * (ptrdiff_t)i];
            pair->x[k] += s->off[2 * (ptrdiff_t)k];
        }
}

/* A difference quotient's numerator, in the scale. */
static double rise(const tp_slope *s, const tp_walk_point *to,
                   const tp_walk_point *p)
{
    return to->f * s->scale - p->f * s->scale;
}

static bool has(const tp_walk_point *to, double off)
{
    return tp_walk_feasible(to) && off != 0;
}

/* Slope by x_i from the parabola through three points, or from two. */
static void axis(const tp_slope *s, const tp_walk_point *p, int i,
                 double *slope, double *bend)
{
    const tp_walk_point *a = s->pool + 1 + 2 * (ptrdiff_t)i, *b = a + 1;
    double               u = a->x[i] - p->x[i], v = b->x[i] - p->x[i];
    double               pu = has(a, u) ? rise(s, a, p) / u : 0;
    double               pv = has(b, v) ? rise(s, b, p) / v : 0;
    *bend = 0;
    if (has(a, u) && has(b, v) && u != v) {
        *bend = 2 * (pu - pv) / (u - v);
        *slope = (pu * v - pv * u) / (v - u);
    } else {
        *slope = has(a, u) ? pu : pv;
    }
}

static double finite_or_zero(double v)
{
    return isfinite(v) ? v : 0;
}

/* Mixed second derivative by x_i and x_k from p, a point on each axis, and the
   one off both. */
static double mixed(const tp_slope *s, const tp_walk_point *p, int i, int k)
{
    const tp_walk_point *a = &s->pool[1 + 2 * i], *b = &s->pool[1 + 2 * k];
    const tp_walk_point *c =
        s->pool + 1 + 2 * (ptrdiff_t)s->w->n + (ptrdiff_t)i * (i - 1) / 2 + k;
    double u = c->x[i] - p->x[i], v = c->x[k] - p->x[k];
    if (!has(a, u) || !has(b, v) || !has(c, u)) return 0;
    return finite_or_zero((rise(s, c, p) - rise(s, a, p) - rise(s, b, p)) /
                          (u * v));
}

/* From the told points: by x, then by the chain rule by y. */
static void derive(tp_slope *s, const tp_walk_point *p)
{
    int n = s->w->n;
    for (int i = 0; i < n; i++) {
        double slope, bend, by = tp_map_slope(s->map, p->x[i]);
        axis(s, p, i, &slope, &bend);
        if (p->has_df) slope = p->df[i] * s->scale;
        slope = finite_or_zero(slope);
        s->g[i] = s->whole[i] = slope * by;
        s->h[i * n + i] = finite_or_zero(bend) * by * by +
                          slope * tp_map_bend(s->map, p->x[i]);
        for (int k = 0; k < i && s->second; k++)
            s->h[i * n + k] = s->h[k * n + i] =
                mixed(s, p, i, k) * by * tp_map_slope(s->map, p->x[k]);
    }
}

static void set_scale(tp_slope *s, const tp_walk_point *p)
{
    s->scale = p->f != 0 ? 1 / fabs(p->f) : 1;
    if (!isfinite(s->scale)) s->scale = 1;
}

bool tp_slope_first(tp_slope *s, tp_walk_point *p)
{
    int n = s->w->n;
    memcpy(p->x, s->w->start, sizeof *p->x * (size_t)n);
    tp_map_start(s->map, p->x, n);
    memcpy(s->pool->x, p->x, sizeof *p->x * (size_t)n);
    place(s, p->x);
    if (!tp_walk_eval(s->w, s->pool, 1 + n_points(s))) return false;
    tp_walk_copy(s->w, p, s->pool);
    bool there = tp_walk_feasible(p);
    if (!tp_walk_settle(s->w, p)) return false;
    set_scale(s, p);
    if (!there) return tp_slope_at(s, p);
    derive(s, p);
    return true;
}

bool tp_slope_at(tp_slope *s, tp_walk_point *p)
{
    bool needed = s->second || !p->has_df;
    place(s, p->x);
    if (needed && !tp_walk_eval(s->w, s->pool + 1, n_points(s))) return false;
    derive(s, p);
    return true;
}

bool tp_slope_flat(tp_slope *s, const tp_walk_point *p)
{
    bool flat = true;
    for (int i = 0; i < s->w->n; i++) {
        bool out =
            (p->x[i] <= 0 && s->g[i] > 0) || (p->x[i] >= 1 && s->g[i] < 0);
        if (out && s->map == TP_MAP_NO) s->g[i] = 0;
        flat = flat && s->g[i] == 0;
    }
    return flat;
}
