/* Search along a line as in SPICE OPUS's manual: a step along the direction,
   r times longer as long as it gets better, the other way when the first one
   does not; then the bracket is narrowed by parabolas, by the golden section
   or by Fibonacci's (Kiefer, Proc. Amer. Math. Soc. 4 (1953) 502). A point
   that is infeasible or failed is worse than any other, so it becomes an end
   of the bracket. Transformations: Box, Computer J. 9 (1966) 67. */
#include "opt/line.h"

#include <math.h>

enum { POOL = 4, FIBONACCI_MAX = 80 };
static const double SECTION = 0.38196601125010515; /* (3 - sqrt 5) / 2 */
static const double PI = 3.14159265358979324;
static const double INSIDE = 1e-6, START_INSIDE = 1e-3;

const char *const tp_map_names[] = {"no", "sin", "arcctg", NULL};
const char *const tp_line_names[] = {"quadratic", "golden", "fibonacci", NULL};

/* ---- transformations --------------------------------------------------- */

double tp_map_x(int map, double y)
{
    if (map == TP_MAP_SIN) return sin(y) * sin(y);
    if (map == TP_MAP_ARCCTG) return 0.5 + atan(y) / PI;
    return y;
}

double tp_map_y(int map, double x)
{
    double in = fmin(fmax(x, INSIDE), 1 - INSIDE);
    if (map == TP_MAP_SIN) return asin(sqrt(in));
    if (map == TP_MAP_ARCCTG) return tan(PI * (in - 0.5));
    return x;
}

double tp_map_slope(int map, double x)
{
    double y = tp_map_y(map, x);
    if (map == TP_MAP_SIN) return sin(2 * y);
    if (map == TP_MAP_ARCCTG) return 1 / (PI * (1 + y * y));
    return 1;
}

double tp_map_bend(int map, double x)
{
    double y = tp_map_y(map, x);
    if (map == TP_MAP_SIN) return 2 * cos(2 * y);
    if (map == TP_MAP_ARCCTG) return -2 * y / (PI * (1 + y * y) * (1 + y * y));
    return 0;
}

void tp_map_start(int map, double *x, int n)
{
    for (int i = 0; i < n && map != TP_MAP_NO; i++)
        if (x[i] <= 0 || x[i] >= 1)
            x[i] = x[i] <= 0 ? START_INSIDE : 1 - START_INSIDE;
}

/* ---- the line ---------------------------------------------------------- */

static void place(const tp_line *l, double t, double *x)
{
    for (int i = 0; i < l->w->n; i++) {
        double v = tp_map_x(l->set->transformation, l->y[i] + t * l->d[i]);
        x[i] = v > 0 ? fmin(v, 1) : 0;
    }
}

static double distance(const tp_line *l, double t, double u)
{
    place(l, t, l->from);
    place(l, u, l->to);
    return tp_walk_moved(l->w, l->from, l->to);
}

/* Near enough, in the setting's sense. */
static bool close_by(const tp_line *l, double t, double u)
{
    return distance(l, t, u) < l->set->epsilon / 100;
}

static bool better(const tp_spot *a, const tp_spot *b)
{
    return tp_walk_rank(a->at, b->at) < 0;
}

/* A point of the pool that no end of the bracket is at. */
static tp_walk_point *spare(const tp_line *l)
{
    tp_walk_point *p = l->pool;
    while (p == l->a.at || p == l->b.at || p == l->c.at) p++;
    return p;
}

/* Evaluates the line at t. */
static bool probe(const tp_line *l, double t, tp_spot *out)
{
    *out = (tp_spot){t, spare(l)};
    place(l, t, out->at->x);
    return tp_walk_eval(l->w, out->at, 1);
}

/* The t whose point is `far` away from that of 0, or the last one that
   moves. */
static double step_of(const tp_line *l, double far)
{
    double t = 0, hi = fmin(far, l->end);
    if (l->set->transformation == TP_MAP_NO) return hi;
    for (int k = 0; k < 200 && distance(l, 0, hi) < far; k++) hi *= 2;
    for (int k = 0; k < 60; k++) {
        double mid = 0.5 * (t + hi);
        *(distance(l, 0, mid) < far ? &t : &hi) = mid;
    }
    return hi;
}

/* Beyond this t every variable that moves is at a bound. */
static double end_of(const tp_line *l)
{
    double end = 0;
    if (l->set->transformation != TP_MAP_NO) return INFINITY;
    for (int i = 0; i < l->w->n; i++) {
        double room = l->d[i] > 0 ? 1 - l->y[i] : l->y[i];
        if (l->d[i] != 0) end = fmax(end, room / fabs(l->d[i]));
    }
    return end;
}

static void turn_round(tp_line *l)
{
    for (int i = 0; i < l->w->n; i++) l->d[i] = -l->d[i];
    l->end = end_of(l);
}

/* From a (t = 0) over b, better than a, onward until it gets worse. */
static bool expand(tp_line *l)
{
    double step = l->b.t;
    for (int k = 1; k < l->set->number_of_iterations; k++) {
        tp_spot next;
        step *= l->set->r;
        double t = fmin(l->b.t + step, l->end);
        if (distance(l, l->b.t, t) <= 0) break;
        if (!probe(l, t, &next)) return false;
        if (!better(&next, &l->b)) {
            l->c = next;
            return true;
        }
        l->a = l->b;
        l->b = next;
    }
    l->c = l->b; /* as far as it goes */
    return true;
}

/* One step from 0 in the present direction; `out` stays there when nothing
   would move. */
static bool first_step(tp_line *l, double first, tp_spot *out)
{
    double t = step_of(l, first);
    if (distance(l, 0, t) > 0) return probe(l, t, out);
    *out = l->a;
    return true;
}

/* a, b, c on the line, b the best of them; b may be an end of it. */
static bool bracket(tp_line *l, double first)
{
    if (!first_step(l, first, &l->b)) return false;
    if (better(&l->b, &l->a)) return expand(l);
    l->c = (tp_spot){-l->b.t, l->b.at};
    turn_round(l);
    if (!first_step(l, first, &l->b)) return false;
    if (better(&l->b, &l->a)) return expand(l);
    tp_spot forth = l->b;
    l->b = l->a;
    l->a = l->c;
    l->c = forth;
    return true;
}

/* The bracket is narrower by `next`, and b the best again. */
static void take(tp_line *l, const tp_spot *next)
{
    bool right = next->t > l->b.t;
    if (better(next, &l->b)) {
        *(right ? &l->a : &l->c) = l->b;
        l->b = *next;
    } else {
        *(right ? &l->c : &l->a) = *next;
    }
}

/* ---- narrowing --------------------------------------------------------- */

/* A part of the wider side of the bracket, away from b. */
static double golden_t(const tp_line *l)
{
    double left = l->b.t - l->a.t, right = l->c.t - l->b.t;
    return l->b.t + (right > left ? SECTION * right : -SECTION * left);
}

static bool golden(tp_line *l)
{
    for (int k = 0; k < l->set->number_of_iterations; k++) {
        tp_spot next;
        if (close_by(l, l->a.t, l->c.t)) return true;
        if (!probe(l, golden_t(l), &next)) return false;
        take(l, &next);
    }
    return true;
}

/* Lowest point of the parabola through the bracket; false: there is none. */
static bool parabola(const tp_line *l, double *t)
{
    double u = l->a.t - l->b.t, v = l->c.t - l->b.t;
    if (!tp_walk_feasible(l->a.at) || !tp_walk_feasible(l->c.at)) return false;
    if (!(u < 0 && v > 0)) return false;
    double p = (l->a.at->f - l->b.at->f) / u, q = (l->c.at->f - l->b.at->f) / v;
    double bend = (q - p) / (v - u); /* f = fb + slope s + bend s^2 */
    *t = l->b.t - (p - bend * u) / (2 * bend);
    return bend > 0 && *t > l->a.t && *t < l->c.t;
}

static bool quadratic(tp_line *l)
{
    for (int k = 0; k < l->set->number_of_iterations; k++) {
        tp_spot next;
        double  t, best = l->b.t;
        if (close_by(l, l->a.t, l->c.t)) return true;
        bool fits = parabola(l, &t);
        if (fits && close_by(l, t, best)) return true;
        if (!probe(l, fits ? t : golden_t(l), &next)) return false;
        take(l, &next);
    }
    return true;
}

/* How many points, less one: the index of the first Fibonacci number at or
   above the bracket's length in epsilons; fib[k] is the k-th. */
static int fibonacci_count(const tp_line *l, double *fib)
{
    double wanted = 100 * distance(l, l->a.t, l->c.t) / l->set->epsilon;
    int    n = 1, most = l->set->number_of_iterations + 1;
    fib[0] = fib[1] = 1;
    while (n < 3 || (fib[n] < wanted && n < FIBONACCI_MAX && n < most)) {
        n++;
        fib[n] = fib[n - 1] + fib[n - 2];
    }
    return n;
}

/* Which of the inner points a and c ends the interval next: the worse one, of
   equal ones (both failed) the farther from the best. */
static bool drop_right(const tp_line *l)
{
    int rank = tp_walk_rank(l->a.at, l->c.at);
    if (rank != 0) return rank < 0;
    return fabs(l->a.t - l->b.t) < fabs(l->c.t - l->b.t);
}

/* The section places its own two points, here a and c; b stays the best point
   seen. */
static bool fibonacci(tp_line *l)
{
    double fib[FIBONACCI_MAX + 1], lo = l->a.t, hi = l->c.t;
    bool   left = true, right = true; /* which of the two is to be made */
    if (close_by(l, lo, hi)) return true;
    for (int k = fibonacci_count(l, fib); k >= 3; k--) {
        double size = hi - lo;
        if (left && !probe(l, lo + size * fib[k - 2] / fib[k], &l->a))
            return false;
        if (left && better(&l->a, &l->b)) l->b = l->a;
        if (right && !probe(l, lo + size * fib[k - 1] / fib[k], &l->c))
            return false;
        if (right && better(&l->c, &l->b)) l->b = l->c;
        left = drop_right(l);
        right = !left;
        *(left ? &hi : &lo) = left ? l->c.t : l->a.t;
        *(left ? &l->c : &l->a) = left ? l->a : l->c;
    }
    return true;
}

/* ---- search ------------------------------------------------------------ */

tp_line *tp_line_open(tp_walk *w, const tp_line_set *set)
{
    tp_arena *mem = &w->opt->mem;
    tp_line  *l = TP_NEW(mem, tp_line, 1);
    l->w = w;
    l->set = set;
    l->y = TP_NEW(mem, double, w->n);
    l->d = TP_NEW(mem, double, w->n);
    l->from = TP_NEW(mem, double, w->n);
    l->to = TP_NEW(mem, double, w->n);
    l->pool = tp_walk_points(w, POOL);
    return l;
}

static bool usable(const double *d, int n)
{
    bool any = false;
    for (int i = 0; i < n; i++) {
        if (!isfinite(d[i])) return false;
        any = any || d[i] != 0;
    }
    return any;
}

/* A first step shorter than this moves no variable on its grid. */
static double least_step(const tp_line *l, const double *x)
{
    double least = INFINITY;
    for (int i = 0; i < l->w->n; i++)
        if (l->d[i] != 0)
            least = fmin(least, tp_walk_step(l->w, x, i, 0) / fabs(l->d[i]));
    return least;
}

bool tp_line_search(tp_line *l, tp_walk_point *p, const double *d, double first)
{
    static bool (*const narrow[])(tp_line *) = {quadratic, golden, fibonacci};

    int n = l->w->n;
    if (!usable(d, n)) return true;
    double most = 0;
    for (int i = 0; i < n; i++) most = fmax(most, fabs(d[i]));
    for (int i = 0; i < n; i++) {
        l->y[i] = tp_map_y(l->set->transformation, p->x[i]);
        l->d[i] = d[i] / most;
    }
    l->end = end_of(l);
    l->a = l->b = l->c = (tp_spot){0, &l->pool[0]};
    tp_walk_copy(l->w, &l->pool[0], p);
    first = fmax(first, least_step(l, p->x));
    bool go = bracket(l, first) && narrow[l->set->method](l);
    if (tp_walk_rank(l->b.at, p) < 0) tp_walk_copy(l->w, p, l->b.at);
    return go;
}
