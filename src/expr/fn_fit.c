/* How alike two curves are: ||a - b|| / (||a|| + ||b||) in the L2 norm over
   the x that both have. It is 0 for equal curves and 1 for b = -a, whatever
   the scale. The integrals are trapezoidal over the union of both x grids; the
   curves are straight between their own samples in the transformed
   coordinates. */
#include <math.h>

#include "expr/functions.h"
#include "expr/waveform.h"

enum { LOG_X = 1, LOG_Y = 2 };

/* The curve in its transformed coordinates, in u and y, without the x that
   have no logarithm. A value without one is NaN: it matters only where it is
   used. */
static void transform(tp_curve *c, int how, tp_arena *mem)
{
    for (; how & LOG_X && c->n > 1 && c->x[0] <= 0; c->n--) c->x++, c->y++;
    double *u = TP_NEW(mem, double, c->n), *y = TP_NEW(mem, double, c->n);
    for (int i = 0; i < c->n; i++) {
        u[i] = how & LOG_X ? log(c->x[i]) : c->x[i];
        y[i] = how & LOG_Y ? (c->y[i] > 0 ? log(c->y[i]) : NAN) : c->y[i];
    }
    c->u = u;
    c->y = y;
}

/* The first cell at or after `cell` that goes on beyond u. */
static int cell_of(const tp_curve *c, int cell, double u)
{
    while (cell + 2 < c->n && c->u[cell + 1] <= u) cell++;
    return cell;
}

static double value(const tp_curve *c, int i, double u)
{
    double t = (u - c->u[i]) / (c->u[i + 1] - c->u[i]);
    if (t <= 0) return c->y[i];
    return t >= 1 ? c->y[i + 1] : c->y[i] * (1 - t) + c->y[i + 1] * t;
}

/* The next grid point of either curve after u, at most `end`. */
static double next_point(const tp_curve *c, int cell, double u, double end)
{
    while (cell < c->n && c->u[cell] <= u) cell++;
    return cell < c->n ? fmin(end, c->u[cell]) : end;
}

typedef struct fit {
    double diff, a, b; /* integrals of the squares */
    double bad;        /* x of a value that has no logarithm */
} fit;

static double pair(double y0, double y1)
{
    return (y0 * y0 + y1 * y1) / 2;
}

static bool integrate(fit *f, const tp_curve *a, const tp_curve *b, double from,
                      double to)
{
    int    ia = 0, ib = 0;
    double u = from;
    while (u < to) {
        double next = next_point(b, ib, u, next_point(a, ia, u, to));
        ia = cell_of(a, ia, u);
        ib = cell_of(b, ib, u);
        double h = next - u;
        double a0 = value(a, ia, u), a1 = value(a, ia, next);
        double b0 = value(b, ib, u), b1 = value(b, ib, next);
        f->diff += h * pair(a0 - b0, a1 - b1);
        f->a += h * pair(a0, a1);
        f->b += h * pair(b0, b1);
        f->bad = isnan(a0) || isnan(b0) ? u : next;
        if (isnan(f->diff)) return false;
        u = next;
    }
    return true;
}

/* Divides both by the largest value, so that no square over- or underflows. */
static void normalise(tp_curve *a, tp_curve *b, tp_arena *mem)
{
    tp_curve *both[2] = {a, b};
    double    most = 0;
    for (int k = 0; k < 2; k++)
        for (int i = 0; i < both[k]->n; i++)
            most = fmax(most, fabs(both[k]->y[i])); /* fmax passes over NaN */
    for (int k = 0; most > 0 && k < 2; k++) {
        double *y = TP_NEW(mem, double, both[k]->n);
        for (int i = 0; i < both[k]->n; i++) y[i] = both[k]->y[i] / most;
        both[k]->y = y;
    }
}

static tp_value no_logarithm(double x, int how, tp_str unit, tp_arena *mem)
{
    return tp_none(mem, "a value at x = %s is not above 0: it has no logarithm",
                   tp_shown(how & LOG_X ? exp(x) : x, unit, mem));
}

static tp_value compare(const tp_value *arg, int how, tp_arena *mem)
{
    tp_curve a, b;
    tp_value none;
    fit      f = {0};
    if (!tp_curve_of(&a, &arg[0], TP_TAKE_REAL, mem, &none)) return none;
    if (!tp_curve_of(&b, &arg[1], TP_TAKE_REAL, mem, &none)) return none;
    transform(&a, how, mem);
    transform(&b, how, mem);
    double from = fmax(a.x[0], b.x[0]);
    double to = fmin(a.x[a.n - 1], b.x[b.n - 1]);
    if (!(from < to))
        return tp_none(mem,
                       "the two have no x range in common: %s to %s, %s "
                       "to %s",
                       tp_shown(a.x[0], a.x_unit, mem),
                       tp_shown(a.x[a.n - 1], a.x_unit, mem),
                       tp_shown(b.x[0], b.x_unit, mem),
                       tp_shown(b.x[b.n - 1], b.x_unit, mem));
    if (how & LOG_X) {
        from = log(from);
        to = log(to);
    }
    normalise(&a, &b, mem);
    if (!integrate(&f, &a, &b, from, to))
        return no_logarithm(f.bad, how, a.x_unit, mem);
    double size = sqrt(f.a) + sqrt(f.b);
    return tp_value_number(size > 0 ? sqrt(f.diff) / size : 0, TP_S(""));
}

static tp_value fit_plain(const tp_value *arg, int n, const tp_env *env,
                          tp_arena *mem)
{
    (void)n, (void)env;
    return compare(arg, 0, mem);
}

static tp_value fit_log(const tp_value *arg, int n, const tp_env *env,
                        tp_arena *mem)
{
    (void)n, (void)env;
    return compare(arg, LOG_X | LOG_Y, mem);
}

static tp_value fit_log_x(const tp_value *arg, int n, const tp_env *env,
                          tp_arena *mem)
{
    (void)n, (void)env;
    return compare(arg, LOG_X, mem);
}

static tp_value fit_log_y(const tp_value *arg, int n, const tp_env *env,
                          tp_arena *mem)
{
    (void)n, (void)env;
    return compare(arg, LOG_Y, mem);
}

const tp_fn tp_fn_fit[] = {
    {"CurveFit", "wave wave", "number", fit_plain,
     "How far apart two curves are: ||a-b||/(||a||+||b||) over the x range "
     "both have; 0 equal, 1 exact negatives. The x grids may differ.",
     "CurveFit(xy([0, 1], [3, 3]), xy([0, 2], [1, 1]))", "0.5"},
    {"CurveFitLog", "wave wave", "number", fit_log,
     "CurveFit of the logarithms of the values over the logarithm of x; 0 "
     "equal, 1 if one curve is the reciprocal of the other. Values must be "
     "above 0.",
     "CurveFitLog(xy([1, 2], [5, 5]), xy([1, 4], [0.2, 0.2]))", "1"},
    {"CurveFitLogX", "wave wave", "number", fit_log_x,
     "CurveFit over the logarithm of x; x at or below 0 do not count.",
     "CurveFitLogX(xy([1, 2], [5, 6]), xy([1, 2], [-5, -6]))", "1"},
    {"CurveFitLogY", "wave wave", "number", fit_log_y,
     "CurveFit of the logarithms of the values.",
     "CurveFitLogY(xy([0, 2], [5, 5]), xy([0, 2], [0.2, 0.2]))", "1"},
    {0},
};
