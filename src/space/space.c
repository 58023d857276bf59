/* The maps between real values and what a method sees, one variable at a
   time. */
#include "space/space.h"

#include <float.h>
#include <math.h>

static bool has_both(const tp_var *v)
{
    return isfinite(v->lo) && isfinite(v->hi);
}

/* What a unit of a method is worth where bounds do not say. */
static double size_of(const tp_var *v)
{
    return v->start == 0 ? 1 : fabs(v->start);
}

static double unit_of(const tp_var *v, double x);

/* The value of the list that is nearest to x as a method sees it; of two the
   smaller. */
static double on_list(const tp_var *v, double x)
{
    int lo = 0, hi = v->n_list - 1;
    while (lo < hi) { /* the first that is not below x */
        int mid = lo + (hi - lo) / 2;
        if (v->list[mid] < x)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo == 0 || v->list[lo] <= x) return v->list[lo];
    double below = unit_of(v, x) - unit_of(v, v->list[lo - 1]);
    double above = unit_of(v, v->list[lo]) - unit_of(v, x);
    return v->list[above < below ? lo : lo - 1];
}

/* x on the variable's grid, inside the bounds. */
static double snap(const tp_var *v, double x)
{
    if (v->n_list > 0 && isfinite(x)) return on_list(v, x);
    if (!(v->step > 0) || !isfinite(x)) return x;
    double from = isfinite(v->lo) ? v->lo : v->start;
    double at = from + round((x - from) / v->step) * v->step;
    double slack = v->step * 1e-9; /* what lo + i*step is rounded by */
    if (at > v->hi + slack)
        at = from + floor((v->hi - from) / v->step + 1e-9) * v->step;
    if (at < v->lo) at = v->lo;
    return fabs(at - v->hi) <= slack ? v->hi : at;
}

static double unit_of(const tp_var *v, double x)
{
    if (v->lo == v->hi) return 0;
    if (has_both(v) && v->log)
        return (log(x) - log(v->lo)) / (log(v->hi) - log(v->lo));
    if (has_both(v)) {
        double range = v->hi - v->lo;
        if (isfinite(range)) return (x - v->lo) / range;
        return (x / 2 - v->lo / 2) / (v->hi / 2 - v->lo / 2);
    }
    return v->log ? log(x) - log(v->start) : x / size_of(v);
}

/* Without clipping; exact only up to rounding. */
static double real_of(const tp_var *v, double u)
{
    if (has_both(v) && v->log)
        return exp((1 - u) * log(v->lo) + u * log(v->hi));
    if (has_both(v)) return (1 - u) * v->lo + u * v->hi;
    return v->log ? v->start * exp(u) : u * size_of(v);
}

static double real_at(const tp_var *v, double u)
{
    if (v->lo == v->hi) return v->lo;
    if (u == unit_of(v, v->start)) return v->start;
    if (u <= unit_of(v, v->lo)) return v->lo;
    if (u >= unit_of(v, v->hi)) return snap(v, v->hi);
    double x = snap(v, real_of(v, u));
    if (x < v->lo) return v->lo;
    return x > v->hi ? v->hi : x;
}

void tp_space_real(const tp_space *s, const double *u, double *x)
{
    for (int i = 0; i < s->n; i++) x[i] = real_at(&s->var[i], u[i]);
}

void tp_space_snap(const tp_space *s, double *x)
{
    for (int i = 0; i < s->n; i++) {
        const tp_var *v = &s->var[i];
        if (x[i] != v->start) x[i] = snap(v, fmin(fmax(x[i], v->lo), v->hi));
    }
}

static void within_list(const tp_var *v, double range[2])
{
    int first = 0, last = v->n_list - 1;
    while (first < v->n_list - 1 && v->list[first] < range[0]) first++;
    while (last > 0 && v->list[last] > range[1]) last--;
    range[0] = v->list[first];
    range[1] = v->list[last];
}

static void within_grid(const tp_var *v, double range[2])
{
    double from = isfinite(v->lo) ? v->lo : v->start;
    double first = ceil((range[0] - from) / v->step - 1e-9);
    double last = floor((range[1] - from) / v->step + 1e-9);
    if (isfinite(first)) range[0] = snap(v, from + first * v->step);
    if (isfinite(last)) range[1] = snap(v, from + last * v->step);
}

bool tp_var_within(const tp_var *v, double range[2])
{
    double lo = range[0], hi = range[1];
    if (v->n_list > 0)
        within_list(v, range);
    else if (v->step > 0)
        within_grid(v, range);
    bool any = range[0] <= range[1];
    if (any || !(v->start >= lo && v->start <= hi)) return any;
    range[0] = range[1] = v->start;
    return true;
}

void tp_space_unit(const tp_space *s, const double *x, double *u)
{
    for (int i = 0; i < s->n; i++) u[i] = unit_of(&s->var[i], x[i]);
}

void tp_space_bounds(const tp_space *s, double *lo, double *hi)
{
    for (int i = 0; i < s->n; i++) {
        const tp_var *v = &s->var[i];
        lo[i] = isfinite(v->lo) ? unit_of(v, v->lo) : -INFINITY;
        hi[i] = isfinite(v->hi) ? unit_of(v, v->hi) : INFINITY;
    }
}

bool tp_var_wants_log(const tp_var *v)
{
    return v->lo > 0 && isfinite(v->hi) && v->hi / v->lo >= 10;
}

/* What is wrong with a list of values, or NULL. */
static const char *list_fault(const tp_var *v)
{
    for (int i = 0; i < v->n_list; i++) {
        if (!isfinite(v->list[i])) return "a value of the list is not finite";
        if (i > 0 && !(v->list[i] > v->list[i - 1]))
            return "the values of the list do not rise";
    }
    if (v->list[0] != v->lo || v->list[v->n_list - 1] != v->hi)
        return "the bounds are not the ends of the list";
    if (v->step > 0) return "a grid and a list of values exclude each other";
    if (on_list(v, v->start) != v->start)
        return "the start value is not in the list";
    return NULL;
}

/* What is wrong with a variable's numbers, or NULL. */
static const char *fault(const tp_var *v)
{
    if (!isfinite(v->start)) return "the start value is not finite";
    if (isnan(v->lo) || isnan(v->hi)) return "a bound is not a number";
    if (v->lo > v->hi) return "the lower bound is above the upper bound";
    if (v->start < v->lo) return "the start value is below the lower bound";
    if (v->start > v->hi) return "the start value is above the upper bound";
    if (v->log && (isfinite(v->lo) ? v->lo : v->start) <= 0)
        return "searched as a logarithm it must be positive";
    if (!(v->step >= 0) || !isfinite(v->step))
        return "the grid's step is negative or not finite";
    if (v->step > 0 && fabs(snap(v, v->start) - v->start) > 1e-6 * v->step)
        return "the start value is not on the grid";
    return v->n_list > 0 ? list_fault(v) : NULL;
}

tp_status tp_space_check(const tp_space *s, tp_err *err)
{
    for (int i = 0; i < s->n; i++) {
        const tp_var *v = &s->var[i];
        const char   *what = fault(v);
        if (!what) continue;
        char lo[TP_NUMBER_MAX], hi[TP_NUMBER_MAX], start[TP_NUMBER_MAX];
        return tp_fail(err, TP_BAD_INPUT,
                       "variable %.*s: %s (start %s, bounds %s to %s)",
                       TP_F(v->name), what, tp_exact(v->start, start),
                       tp_exact(v->lo, lo), tp_exact(v->hi, hi));
    }
    return TP_OK;
}

int tp_space_find(const tp_space *s, tp_str name)
{
    for (int i = 0; i < s->n; i++)
        if (tp_str_same(s->var[i].name, name)) return i;
    return -1;
}

double tp_space_slope(const tp_space *s, int i, double x)
{
    const tp_var *v = &s->var[i];
    if (v->lo == v->hi) return 0;
    if (has_both(v)) return v->log ? x * log(v->hi / v->lo) : v->hi - v->lo;
    return v->log ? x : size_of(v);
}
