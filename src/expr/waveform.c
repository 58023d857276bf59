/* waveform: see the header. Second order means a parabola in each cell, bent
   like the two parabolas through three neighbouring samples that include it,
   but at most twice as much as any of the four around it, and straight where
   those don't all bend to one side or where the step changes much (a limiter
   as van Leer's of 1977): smooth curves gain an order, corners don't ring. */
#include "expr/waveform.h"
#include "expr/functions.h"

#include <math.h>

double tp_arg_number(const tp_value *arg, int n, int i, double def)
{
    if (i >= n) return def;
    if (arg[i].kind == TP_NUMBER || arg[i].kind == TP_COMPLEX) return arg[i].re;
    if (arg[i].kind == TP_WAVE && arg[i].wave.n == 1) return arg[i].wave.re[0];
    return def;
}

const char *tp_shown(double v, tp_str unit, tp_arena *mem)
{
    char text[TP_NUMBER_MAX];
    return tp_str_z(mem, tp_str_of(tp_engineering(v, unit, text)));
}

/* The argument as a wave: a number is one sample without x. */
static bool wave_of(tp_wave *w, const tp_value *v, tp_arena *mem,
                    tp_value *none)
{
    if (v->kind == TP_WAVE) {
        *w = v->wave;
        if (v->unit.len) w->unit = v->unit;
        return true;
    }
    if (v->kind == TP_NUMBER || v->kind == TP_COMPLEX) {
        double *re = TP_NEW(mem, double, 1), *im = TP_NEW(mem, double, 1);
        *re = v->re;
        *im = v->im;
        *w = (tp_wave){.unit = v->unit, .n = 1, .re = re};
        if (v->kind == TP_COMPLEX) w->im = im;
        return true;
    }
    *none = v->kind == TP_NONE ? *v : tp_none(mem, "needs a vector of values");
    return false;
}

static const double *reversed(const double *v, int n, tp_arena *mem)
{
    double *out = TP_NEW(mem, double, n);
    for (int i = 0; i < n; i++) out[i] = v[n - 1 - i];
    return out;
}

/* Turns a descending sweep round; false when x is in no order. */
static bool put_in_order(tp_wave *w, tp_arena *mem, tp_value *none)
{
    bool down = w->x[w->n - 1] < w->x[0];
    for (int i = 0; i < w->n; i++) {
        if (!isfinite(w->x[i])) {
            *none = tp_none(mem, "its x value %d is not finite", i + 1);
            return false;
        }
        if (i == 0 || w->x[i] == w->x[i - 1]) continue;
        if ((w->x[i] < w->x[i - 1]) == down) continue;
        *none = tp_none(mem, "its x values turn back at point %d: %s after %s",
                        i + 1, tp_shown(w->x[i], w->x_unit, mem),
                        tp_shown(w->x[i - 1], w->x_unit, mem));
        return false;
    }
    if (!down) return true;
    w->x = reversed(w->x, w->n, mem);
    w->re = reversed(w->re, w->n, mem);
    if (w->im) w->im = reversed(w->im, w->n, mem);
    return true;
}

/* True when x is a geometric series; of five points on its ends may be cut
   short. */
static bool is_geometric(const double *x, int n)
{
    if (n < 4 || x[0] <= 0) return false;
    double step = log(x[2] / x[1]);
    if (!(step > 0) || x[n - 1] < 1.5 * x[0]) return false;
    for (int i = 1; i < n; i++) {
        double ratio = log(x[i] / x[i - 1]) / step;
        bool   inner = n == 4 || (i > 1 && i < n - 1);
        if (ratio > 1.1 || (inner && ratio < 0.9)) return false;
    }
    return n == 4 || (x[n - 2] - x[n - 3]) > 1.01 * (x[2] - x[1]);
}

static void set_u(tp_curve *c, tp_arena *mem)
{
    c->u = c->x;
    if (!c->log_x) return;
    double *u = TP_NEW(mem, double, c->n);
    for (int i = 0; i < c->n; i++) u[i] = log(c->x[i]);
    c->u = u;
}

void tp_curve_linear(tp_curve *c)
{
    c->log_x = false;
    c->u = c->x;
}

static bool take_real(tp_curve *c, const tp_wave *w, tp_arena *mem,
                      tp_value *none)
{
    for (int i = 0; w->im && i < w->n; i++)
        if (w->im[i] != 0) {
            *none = tp_none(mem, "its values are complex: take db(), mag(), "
                                 "phase() or real() of them first");
            return false;
        }
    for (int i = 0; i < w->n; i++)
        if (!isfinite(w->re[i])) {
            if (w->x)
                *none = tp_none(mem, "its value at %s is not finite",
                                tp_shown(w->x[i], w->x_unit, mem));
            else
                *none = tp_none(mem, "its value %d is not finite", i + 1);
            return false;
        }
    c->y = w->re;
    c->unit = w->unit;
    return true;
}

static bool take_db(tp_curve *c, const tp_wave *w, tp_arena *mem,
                    tp_value *none)
{
    double *y = TP_NEW(mem, double, w->n);
    c->y = y;
    c->unit = TP_S("dB");
    if (tp_str_eq(w->unit, TP_S("dB"))) {
        *none = tp_none(mem, "its values are in dB already: give the vector "
                             "itself");
        return false;
    }
    for (int i = 0; i < w->n; i++) {
        y[i] = 20 * log10(hypot(w->re[i], w->im ? w->im[i] : 0));
        if (y[i] < INFINITY) continue;
        *none = tp_none(mem, "its value at %s is not finite",
                        tp_shown(w->x[i], w->x_unit, mem));
        return false;
    }
    return true;
}

static bool take_phase(tp_curve *c, const tp_wave *w, tp_arena *mem,
                       tp_value *none)
{
    double *y = TP_NEW(mem, double, w->n);
    c->y = y;
    c->unit = TP_S("deg");
    if (!w->im) {
        *none = tp_none(mem, "its values are real: the phase needs the complex "
                             "data of an ac analysis");
        return false;
    }
    for (int i = 0; i < w->n; i++) {
        y[i] = atan2(w->im[i], w->re[i]) * (180 / acos(-1.0));
        if (!isnan(y[i]) && (w->re[i] != 0 || w->im[i] != 0)) continue;
        *none = tp_none(mem, "its value at %s has no phase",
                        tp_shown(w->x[i], w->x_unit, mem));
        return false;
    }
    tp_add_turns(y, w->n, 360);
    return true;
}

bool tp_curve_of(tp_curve *c, const tp_value *v, tp_take take, tp_arena *mem,
                 tp_value *none)
{
    tp_wave w;
    if (!wave_of(&w, v, mem, none)) return false;
    if (w.n < 1) {
        *none = tp_none(mem, "the vector is empty");
        return false;
    }
    if (take == TP_TAKE_LIST) w.x_unit = w.x ? w.x_unit : TP_S("");
    if (take != TP_TAKE_LIST && !w.x) {
        *none = tp_none(mem, "the vector has no x values");
        return false;
    }
    if (take != TP_TAKE_LIST && !put_in_order(&w, mem, none)) return false;
    *c = (tp_curve){.n = w.n, .x = w.x, .x_unit = w.x_unit};
    static bool (*const takes[])(tp_curve *, const tp_wave *, tp_arena *,
                                 tp_value *) = {
        [TP_TAKE_LIST] = take_real,
        [TP_TAKE_REAL] = take_real,
        [TP_TAKE_DB] = take_db,
        [TP_TAKE_PHASE] = take_phase,
    };
    if (!takes[take](c, &w, mem, none)) return false;
    c->log_x = take != TP_TAKE_LIST && !tp_str_same(w.x_unit, TP_S("s")) &&
               is_geometric(w.x, w.n);
    set_u(c, mem);
    return true;
}

bool tp_curve_between(tp_curve *c, const tp_value *arg, int n, int i,
                      tp_arena *mem, tp_value *none)
{
    if (!tp_curve_of(c, &arg[0], TP_TAKE_REAL, mem, none)) return false;
    if (i >= n) return true;
    double x1 = tp_arg_number(arg, n, i, c->x[0]);
    double x2 = tp_arg_number(arg, n, i + 1, c->x[c->n - 1]);
    return tp_curve_window(c, x1, x2, mem, none);
}

void tp_curve_range(const tp_curve *c, double *lo, double *hi, int at[2])
{
    int least = 0, most = 0;
    for (int i = 1; i < c->n; i++) {
        if (c->y[i] < c->y[least]) least = i;
        if (c->y[i] > c->y[most]) most = i;
    }
    *lo = c->y[least];
    *hi = c->y[most];
    if (!at) return;
    at[0] = least;
    at[1] = most;
}

/* Second divided difference of samples i to i+2; false across a step. */
static bool divided(const tp_curve *c, int i, double *d)
{
    double h0 = c->u[i + 1] - c->u[i], h1 = c->u[i + 2] - c->u[i + 1];
    if (!(h0 > 0) || !(h1 > 0)) return false;
    double slope0 = (c->y[i + 1] - c->y[i]) / h0;
    double slope1 = (c->y[i + 2] - c->y[i + 1]) / h1;
    *d = (slope1 - slope0) / (h0 + h1);
    return isfinite(*d);
}

/* The steps beside the cell are of its own size, within a factor of 10; the
   largest change of y in and beside it. */
static bool is_regular(const tp_curve *c, int i, double *change)
{
    double h = c->u[i + 1] - c->u[i];
    *change = 0;
    for (int k = i - 1; k <= i + 1; k++) {
        if (k < 0 || k + 1 >= c->n) continue;
        double step = c->u[k + 1] - c->u[k];
        *change = fmax(*change, fabs(c->y[k + 1] - c->y[k]));
        if (step > 0 && (step > 10 * h || step < 0.1 * h)) return false;
    }
    return h > 0;
}

double tp_curve_bend(const tp_curve *c, int i)
{
    double flat = 0, near = 0, change, d, h = c->u[i + 1] - c->u[i];
    int    first = i + 1 > c->n - 3 ? c->n - 6 : i - 2, found = 0, beside = 0;
    if (first < 0) first = 0;
    if (!is_regular(c, i, &change)) return 0;
    for (int k = first; k < first + 4 && k + 2 < c->n; k++) {
        if (!divided(c, k, &d)) continue;
        if (found++ && (d > 0) != (flat > 0)) return 0;
        if (found == 1 || fabs(d) < fabs(flat)) flat = d;
        if (k != i - 1 && k != i) continue;
        near += d;
        beside++;
    }
    if (!beside) return 0;
    /* at most half the largest change off the chord */
    double most = fmin(2 * fabs(flat), 2 * change / (h * h));
    return fmax(-most, fmin(most, near / beside));
}

/* The last sample at or before x. */
static int locate(const tp_curve *c, double x)
{
    int lo = 0, hi = c->n;
    while (hi - lo > 1) {
        int mid = lo + (hi - lo) / 2;
        if (c->x[mid] <= x)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

static double straight(const tp_curve *c, int i, double t)
{
    return c->y[i] * (1 - t) + c->y[i + 1] * t;
}

/* A billionth of the curve's length, or of an end over log x, is rounding. */
static bool clamp_to(const tp_curve *c, double *x)
{
    double first = c->x[0], last = c->x[c->n - 1];
    double below = 1e-9 * (c->log_x ? first : last - first);
    double above = 1e-9 * (c->log_x ? last : last - first);
    if (!(*x >= first - below && *x <= last + above)) return false;
    *x = fmax(first, fmin(last, *x));
    return true;
}

bool tp_curve_at(const tp_curve *c, double x, int order, double *y)
{
    if (!clamp_to(c, &x)) return false;
    int i = locate(c, x);
    *y = c->y[i];
    if (c->x[i] == x) return true;
    double u = c->log_x ? log(x) : x, h = c->u[i + 1] - c->u[i];
    double t = (u - c->u[i]) / h;
    *y = straight(c, i, t);
    if (order > 1) *y -= tp_curve_bend(c, i) * h * h * t * (1 - t);
    return true;
}

/* The t in 0..1 where k t^2 + (step - k) t + start = 0, start and start + step
   having different signs. */
static double root(double k, double step, double start)
{
    double b = step - k;
    if (k == 0) return -start / step;
    double q = -0.5 * (b + copysign(sqrt(fmax(0, b * b - 4 * k * start)), b));
    double t1 = q / k, t2 = q != 0 ? start / q : t1;
    bool   first = t1 >= 0 && t1 <= 1;
    return first && !(t2 >= 0 && t2 <= 1 && fabs(t2 - 0.5) < fabs(t1 - 0.5))
               ? t1
               : t2;
}

double tp_curve_cross(const tp_curve *c, int i, double level, int order)
{
    double x0 = c->x[i], x1 = c->x[i + 1], y0 = c->y[i], y1 = c->y[i + 1], t;
    if (y1 == level) return x1;
    if (isinf(y0) || isinf(y1)) { /* decibels of zero: over the magnitude */
        double a = pow(10, (y0 - level) / 20), b = pow(10, (y1 - level) / 20);
        t = (1 - a) / (b - a);
    } else {
        double h = c->u[i + 1] - c->u[i];
        double k = order > 1 ? tp_curve_bend(c, i) * h * h : 0;
        t = root(k, y1 - y0, y0 - level);
    }
    t = fmax(0, fmin(1, t));
    return c->log_x ? x0 * pow(x1 / x0, t) : x0 + (x1 - x0) * t;
}

/* One step of the scan over sample i; true when it ends at a crossing. */
static bool scan_sample(tp_scan *s, int i)
{
    const tp_curve *c = s->c;
    int side = (c->y[i] > s->level) - (c->y[i] < s->level), was = s->side;
    if (side == 0) {
        if (!s->on) s->on = i + 1;
        return false;
    }
    bool crossed = was ? side != was : s->on > 0;
    if (crossed && s->on)
        s->x = c->x[was ? s->on - 1 : i - 1];
    else if (crossed)
        s->x = tp_curve_cross(c, i - 1, s->level, s->order);
    s->rises = side;
    s->side = side;
    s->on = 0;
    return crossed;
}

bool tp_scan_next(tp_scan *s, int want)
{
    while (s->next < s->c->n)
        if (scan_sample(s, s->next++) && (!want || s->rises == want))
            return true;
    if (!s->on || !s->side) return false;
    s->x = s->c->x[s->on - 1]; /* the curve ends on the level */
    s->rises = -s->side;
    s->on = 0;
    return !want || s->rises == want;
}

bool tp_curve_edge(const tp_curve *c, double y1, double y2, double at[2])
{
    int     way = y2 > y1 ? 1 : -1;
    tp_scan from = {.c = c, .level = y1, .order = 1};
    tp_scan to = {.c = c, .level = y2, .order = 1};
    bool    more = tp_scan_next(&from, way);
    while (tp_scan_next(&to, way)) {
        bool begun = false;
        for (; more && from.x <= to.x; more = tp_scan_next(&from, way)) {
            at[0] = from.x;
            begun = true;
        }
        at[1] = to.x;
        if (begun) return true;
    }
    return false;
}

/* Too few samples say nothing of how a curve bends. */
static int safe_order(const tp_curve *c)
{
    return c->n < 5 ? 1 : 2;
}

/* The value just before x, which is inside the curve. */
static double before(const tp_curve *c, double x)
{
    int    i = locate(c, x);
    double y = c->y[i];
    while (i > 0 && c->x[i - 1] == x) i--;
    if (c->x[i] == x) return c->y[i];
    tp_curve_at(c, x, safe_order(c), &y);
    return y;
}

bool tp_curve_window(tp_curve *c, double x1, double x2, tp_arena *mem,
                     tp_value *none)
{
    double first = c->x[0], last = c->x[c->n - 1], wanted[2] = {x1, x2};
    double end[2] = {x1, x2};
    for (int k = 0; k < 2; k++)
        if (!clamp_to(c, &end[k])) {
            *none = tp_none(mem, "x%d = %s is outside %s to %s", k + 1,
                            tp_shown(wanted[k], c->x_unit, mem),
                            tp_shown(first, c->x_unit, mem),
                            tp_shown(last, c->x_unit, mem));
            return false;
        }
    if (!(end[0] < end[1])) {
        *none =
            tp_none(mem, "x1 = %s is not below x2 = %s",
                    tp_shown(x1, c->x_unit, mem), tp_shown(x2, c->x_unit, mem));
        return false;
    }
    double *x = TP_NEW(mem, double, c->n + 2);
    double *y = TP_NEW(mem, double, c->n + 2);
    int     n = 1, i = locate(c, end[0]) + 1;
    x[0] = end[0];
    tp_curve_at(c, end[0], safe_order(c), &y[0]);
    for (; i < c->n && c->x[i] < end[1]; i++, n++) {
        x[n] = c->x[i];
        y[n] = c->y[i];
    }
    x[n] = end[1];
    y[n++] = before(c, end[1]);
    c->n = n;
    c->x = x;
    c->y = y;
    set_u(c, mem);
    return true;
}

double tp_curve_cell(const tp_curve *c, int i, double offset, int power)
{
    tp_curve over_x = *c;
    double   h = c->x[i + 1] - c->x[i];
    if (!(h > 0)) return 0;
    tp_curve_linear(&over_x);
    double a = c->y[i] - offset, b = c->y[i + 1] - offset;
    double bend = safe_order(c) > 1 ? tp_curve_bend(&over_x, i) : 0;
    double m = (a + b) / 2 - bend * h * h / 4;
    if (power == 2) {
        a *= a;
        b *= b;
        m *= m;
    }
    return h / 6 * (a + 4 * m + b); /* Simpson */
}

double tp_curve_integral(const tp_curve *c, double offset, int power)
{
    double sum = 0;
    for (int i = 0; i + 1 < c->n; i++)
        sum += tp_curve_cell(c, i, offset, power);
    return sum;
}
