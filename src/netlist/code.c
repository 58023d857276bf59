/* code: expressions as a list of steps, run over numbers for a point and over
   intervals for a box (Moore, "Interval Analysis", 1966). */
#include "netlist/flat.h"

#include <math.h>

tp_term tp_number_term(double k)
{
    return (tp_term){k, -1};
}

/* ---- numbers ------------------------------------------------------------- */

static double power_hspice(double x, double y)
{
    if (x < 0) return pow(x, round(y));
    return x == 0 ? 0 : pow(x, y);
}

static double sign(double x)
{
    return x > 0 ? 1 : x < 0 ? -1 : 0;
}

static double (*const function[TP_OPS])(double) = {
    [TP_OP_SQRT] = sqrt,      [TP_OP_EXP] = exp,     [TP_OP_LOG] = log,
    [TP_OP_LOG10] = log10,    [TP_OP_SIN] = sin,     [TP_OP_COS] = cos,
    [TP_OP_TAN] = tan,        [TP_OP_ASIN] = asin,   [TP_OP_ACOS] = acos,
    [TP_OP_ATAN] = atan,      [TP_OP_SINH] = sinh,   [TP_OP_COSH] = cosh,
    [TP_OP_TANH] = tanh,      [TP_OP_ASINH] = asinh, [TP_OP_ACOSH] = acosh,
    [TP_OP_ATANH] = atanh,    [TP_OP_ABS] = fabs,    [TP_OP_INT] = trunc,
    [TP_OP_NINT] = nearbyint, [TP_OP_FLOOR] = floor, [TP_OP_CEIL] = ceil,
    [TP_OP_SGN] = sign,
};

static double apply(tp_op op, double x, double y, double z)
{
    if (function[op]) return function[op](x);
    switch (op) {
    case TP_OP_NEGATE: return -x;
    case TP_OP_NOT: return x == 0;
    case TP_OP_CHOOSE: return x != 0 ? y : z;
    case TP_OP_POWER:
    case TP_OP_PWR: return pow(fabs(x), y);
    case TP_OP_POWER_HSPICE: return power_hspice(x, y);
    case TP_OP_POW: return pow(x, y);
    case TP_OP_TIMES: return x * y;
    case TP_OP_OVER: return x / y;
    case TP_OP_MOD: return fmod(x, y);
    case TP_OP_QUOTIENT: return trunc(x / y);
    case TP_OP_PLUS: return x + y;
    case TP_OP_MINUS: return x - y;
    case TP_OP_EQ: return x == y;
    case TP_OP_NE: return x != y;
    case TP_OP_LT: return x < y;
    case TP_OP_GT: return x > y;
    case TP_OP_LE: return x <= y;
    case TP_OP_GE: return x >= y;
    case TP_OP_AND: return x != 0 && y != 0;
    case TP_OP_OR: return x != 0 || y != 0;
    case TP_OP_MIN: return y < x ? y : x;
    case TP_OP_MAX: return y > x ? y : x;
    case TP_OP_SQR: return x * x;
    default: return 0;
    }
}

/* ---- building ------------------------------------------------------------ */

bool tp_is_random(const tp_code *code, tp_term t)
{
    return t.node >= 0 && code->step[t.node].random;
}

bool tp_is_temper(const tp_code *code, tp_term t)
{
    return t.node >= 0 && code->step[t.node].temper;
}

bool tp_depends(const tp_code *code, tp_term t)
{
    return t.node >= 0 && code->step[t.node].varies;
}

static bool is_zero(tp_term t)
{
    return t.node < 0 && t.k == 0;
}

tp_term tp_step(tp_code *code, tp_op op, tp_term a, tp_term b, tp_term c)
{
    bool fixed = a.node < 0 && b.node < 0 && c.node < 0;
    bool given = op == TP_OP_VAR || op == TP_OP_RANDOM || op == TP_OP_TEMPER;
    if (!given && fixed) return tp_number_term(apply(op, a.k, b.k, c.k));
    if (!code) return (tp_term){NAN, -1};
    bool random = op == TP_OP_RANDOM || tp_is_random(code, a) ||
                  tp_is_random(code, b) || tp_is_random(code, c);
    bool varies = op == TP_OP_VAR || tp_depends(code, a) ||
                  tp_depends(code, b) || tp_depends(code, c);
    bool temper = op == TP_OP_TEMPER || tp_is_temper(code, a) ||
                  tp_is_temper(code, b) || tp_is_temper(code, c);
    bool zero = (op == TP_OP_TIMES && (is_zero(a) || is_zero(b))) ||
                (op == TP_OP_OVER && is_zero(a));
    if (zero) return tp_number_term(0);
    *TP_PUSH(code->mem, code->step, code->n, code->cap) =
        (struct tp_code_step){op, random, temper, varies, a, b, c};
    return (tp_term){0, code->n - 1};
}

double tp_term_value(tp_term t, const double *value)
{
    return t.node < 0 ? t.k : value[t.node];
}

void tp_code_run(const tp_code *code, const double *var, double *value)
{
    for (int i = 0; i < code->n; i++) {
        const struct tp_code_step *s = &code->step[i];
        if (s->op == TP_OP_VAR)
            value[i] = var[(int)s->a.k];
        else
            value[i] =
                apply(s->op, tp_term_value(s->a, value),
                      tp_term_value(s->b, value), tp_term_value(s->c, value));
    }
}

/* ---- intervals ----------------------------------------------------------- */

static const tp_range all = {-INFINITY, INFINITY};

/* Of four values at corners; nothing is known where one is no number. */
static tp_range hull(const double *v, int n)
{
    tp_range r = {v[0], v[0]};
    for (int i = 0; i < n; i++) {
        if (isnan(v[i])) return all;
        r.lo = fmin(r.lo, v[i]);
        r.hi = fmax(r.hi, v[i]);
    }
    return r;
}

/* For operations that are monotone in each operand over the box. */
static tp_range corners(tp_op op, tp_range x, tp_range y)
{
    double v[4] = {apply(op, x.lo, y.lo, 0), apply(op, x.lo, y.hi, 0),
                   apply(op, x.hi, y.lo, 0), apply(op, x.hi, y.hi, 0)};
    return hull(v, 4);
}

/* 0, 1 or both: whether x is 0. */
static bool never_zero(tp_range x)
{
    return x.lo > 0 || x.hi < 0;
}

static bool always_zero(tp_range x)
{
    return x.lo == 0 && x.hi == 0;
}

static tp_range both(tp_range x, tp_range y)
{
    return (tp_range){fmin(x.lo, y.lo), fmax(x.hi, y.hi)};
}

static tp_range magnitude(tp_range x)
{
    double least = never_zero(x) ? fmin(fabs(x.lo), fabs(x.hi)) : 0;
    return (tp_range){least, fmax(fabs(x.lo), fabs(x.hi))};
}

static tp_range square(tp_range magnitude_of)
{
    return (tp_range){magnitude_of.lo * magnitude_of.lo,
                      magnitude_of.hi * magnitude_of.hi};
}

/* What an operation needs of its operands to be monotone in them. */
typedef enum needs {
    NOTHING_IS_KNOWN,
    ANY,
    FIRST_POSITIVE,
    FIRST_NOT_NEGATIVE,
    SECOND_NOT_ZERO,
    TRUTH, /* gives 0 or 1 */
    UNIT,  /* gives -1 to 1 */
} needs;
static const needs need[TP_OPS] = {
    [TP_OP_NEGATE] = ANY,
    [TP_OP_NOT] = TRUTH,
    [TP_OP_POWER] = FIRST_POSITIVE,
    [TP_OP_PWR] = FIRST_POSITIVE,
    [TP_OP_POW] = FIRST_POSITIVE,
    [TP_OP_POWER_HSPICE] = FIRST_POSITIVE,
    [TP_OP_TIMES] = ANY,
    [TP_OP_OVER] = SECOND_NOT_ZERO,
    [TP_OP_QUOTIENT] = SECOND_NOT_ZERO,
    [TP_OP_PLUS] = ANY,
    [TP_OP_MINUS] = ANY,
    [TP_OP_EQ] = TRUTH,
    [TP_OP_NE] = TRUTH,
    [TP_OP_LT] = TRUTH,
    [TP_OP_GT] = TRUTH,
    [TP_OP_LE] = TRUTH,
    [TP_OP_GE] = TRUTH,
    [TP_OP_AND] = TRUTH,
    [TP_OP_OR] = TRUTH,
    [TP_OP_MIN] = ANY,
    [TP_OP_MAX] = ANY,
    [TP_OP_SQRT] = FIRST_NOT_NEGATIVE,
    [TP_OP_EXP] = ANY,
    [TP_OP_LOG] = FIRST_POSITIVE,
    [TP_OP_LOG10] = FIRST_POSITIVE,
    [TP_OP_SIN] = UNIT,
    [TP_OP_COS] = UNIT,
    [TP_OP_ATAN] = ANY,
    [TP_OP_SINH] = ANY,
    [TP_OP_TANH] = ANY,
    [TP_OP_ASINH] = ANY,
    [TP_OP_INT] = ANY,
    [TP_OP_NINT] = ANY,
    [TP_OP_FLOOR] = ANY,
    [TP_OP_CEIL] = ANY,
    [TP_OP_SGN] = ANY,
};

static tp_range general(tp_op op, tp_range x, tp_range y)
{
    bool known = false;
    switch (need[op]) {
    case NOTHING_IS_KNOWN: return all;
    case TRUTH: return (tp_range){0, 1};
    case UNIT: return (tp_range){-1, 1};
    case ANY: known = true; break;
    case FIRST_POSITIVE: known = x.lo > 0; break;
    case FIRST_NOT_NEGATIVE: known = x.lo >= 0; break;
    case SECOND_NOT_ZERO: known = never_zero(y); break;
    }
    return known ? corners(op, x, y) : all;
}

static tp_range choose(tp_range x, tp_range y, tp_range z)
{
    if (never_zero(x)) return y;
    return always_zero(x) ? z : both(y, z);
}

/* Comparisons that hold, or fail, everywhere in the box. */
static tp_range compare(tp_op op, tp_range x, tp_range y)
{
    tp_range r = {0, 1};
    bool less = x.hi<y.lo, more = x.lo> y.hi;
    if (op == TP_OP_LT || op == TP_OP_LE) {
        if (less) r.lo = 1;
        if (more) r.hi = 0;
    } else if (op == TP_OP_GT || op == TP_OP_GE) {
        if (more) r.lo = 1;
        if (less) r.hi = 0;
    }
    return r;
}

static tp_range bound(const struct tp_code_step *s, const tp_range *range)
{
    tp_range x = tp_term_range(s->a, range), y = tp_term_range(s->b, range);
    tp_range z = tp_term_range(s->c, range);
    bool     fixed = x.lo == x.hi && y.lo == y.hi && z.lo == z.hi;
    if (fixed) {
        double v = apply(s->op, x.lo, y.lo, z.lo);
        return isnan(v) ? all : (tp_range){v, v};
    }
    switch (s->op) {
    case TP_OP_CHOOSE: return choose(x, y, z);
    case TP_OP_ABS: return magnitude(x);
    case TP_OP_SQR: return square(magnitude(x));
    case TP_OP_LT:
    case TP_OP_LE:
    case TP_OP_GT:
    case TP_OP_GE: return compare(s->op, x, y);
    default: return general(s->op, x, y);
    }
}

tp_range tp_term_range(tp_term t, const tp_range *range)
{
    return t.node < 0 ? (tp_range){t.k, t.k} : range[t.node];
}

void tp_code_bound(const tp_code *code, const tp_range *var, tp_range *range)
{
    for (int i = 0; i < code->n; i++) {
        const struct tp_code_step *s = &code->step[i];
        if (s->op == TP_OP_VAR)
            range[i] = var[(int)s->a.k];
        else if (s->random || s->op == TP_OP_TEMPER)
            range[i] = all;
        else
            range[i] = bound(s, range);
    }
}
