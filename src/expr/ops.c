/* What the operators do. */
#include <complex.h>
#include <math.h>

#include "expr/tree.h"

static const char zero_division[] = "division by zero";
static const char needs_real[] = "the operator needs real numbers, got complex";

static bool imaginary(const tp_cell *z)
{
    return z->cx && z->im != 0;
}

static const char *add_cell(tp_cell *a, const tp_cell *b)
{
    *a = (tp_cell){a->re + b->re, a->im + b->im, a->cx || b->cx};
    return NULL;
}

static const char *subtract_cell(tp_cell *a, const tp_cell *b)
{
    *a = (tp_cell){a->re - b->re, a->im - b->im, a->cx || b->cx};
    return NULL;
}

static const char *times_cell(tp_cell *a, const tp_cell *b)
{
    if (!a->cx && !b->cx) {
        a->re *= b->re;
        return NULL;
    }
    *a = (tp_cell){a->re * b->re - a->im * b->im, a->re * b->im + a->im * b->re,
                   true};
    return NULL;
}

/* The divisor is scaled by its larger part (Smith 1962), so that its square
   does not overflow. */
static const char *over_cell(tp_cell *a, const tp_cell *b)
{
    if (b->re == 0 && b->im == 0) return zero_division;
    if (!b->cx) {
        a->re /= b->re;
        a->im /= b->re;
        return NULL;
    }
    bool   wide = fabs(b->re) >= fabs(b->im);
    double r = wide ? b->im / b->re : b->re / b->im;
    double den = wide ? b->re + b->im * r : b->re * r + b->im;
    double re = wide ? a->re + a->im * r : a->re * r + a->im;
    double im = wide ? a->im - a->re * r : a->im * r - a->re;
    *a = (tp_cell){re / den, im / den, true};
    return NULL;
}

static const char *remainder_cell(tp_cell *a, const tp_cell *b)
{
    if (imaginary(a) || imaginary(b)) return needs_real;
    if (b->re == 0) return zero_division;
    *a = (tp_cell){.re = fmod(a->re, b->re)};
    return NULL;
}

static const char *power_cell(tp_cell *a, const tp_cell *b)
{
    bool zero = a->re == 0 && a->im == 0;
    if (zero && (b->re < 0 || imaginary(b))) return zero_division;
    if (!a->cx && !b->cx) {
        if (a->re < 0 && b->re != floor(b->re))
            return "a negative number to a broken power";
        a->re = pow(a->re, b->re);
        return NULL;
    }
    double complex v = 1;
    if (zero)
        v = b->re == 0;
    else
        v = cpow(a->re + a->im * I, b->re + b->im * I);
    *a = (tp_cell){creal(v), cimag(v), true};
    return NULL;
}

#define COMPARE(name, test)                                  \
    static const char *name(tp_cell *a, const tp_cell *b)    \
    {                                                        \
        if (imaginary(a) || imaginary(b)) return needs_real; \
        *a = (tp_cell){.re = (test)};                        \
        return NULL;                                         \
    }
COMPARE(less_cell, a->re < b->re)
COMPARE(greater_cell, a->re > b->re)
COMPARE(at_most_cell, a->re <= b->re)
COMPARE(at_least_cell, a->re >= b->re)
COMPARE(and_cell, a->re != 0 && b->re != 0)
COMPARE(or_cell, a->re != 0 || b->re != 0)
#undef COMPARE

static const char *equal_cell(tp_cell *a, const tp_cell *b)
{
    *a = (tp_cell){.re = a->re == b->re && a->im == b->im};
    return NULL;
}

static const char *unequal_cell(tp_cell *a, const tp_cell *b)
{
    *a = (tp_cell){.re = a->re != b->re || a->im != b->im};
    return NULL;
}

static const char *complex_cell(tp_cell *a, const tp_cell *b)
{
    if (imaginary(a) || imaginary(b)) return needs_real;
    *a = (tp_cell){a->re, b->re, true};
    return NULL;
}

static const char *negate_cell(tp_cell *z, const tp_env *env)
{
    (void)env;
    z->re = -z->re;
    if (z->cx) z->im = -z->im;
    return NULL;
}

static const char *plus_cell(tp_cell *z, const tp_env *env)
{
    (void)z, (void)env;
    return NULL;
}

static const char *not_cell(tp_cell *z, const tp_env *env)
{
    (void)env;
    if (imaginary(z)) return "is complex";
    *z = (tp_cell){.re = z->re == 0};
    return NULL;
}

#define BINARY(name, cell, gives_unit)                                  \
    static tp_value name(const tp_value *arg, int n, const tp_env *env, \
                         tp_arena *mem)                                 \
    {                                                                   \
        (void)n, (void)env;                                             \
        return tp_each2(&arg[0], &arg[1], cell, gives_unit, mem);       \
    }
#define UNARY(name, cell, gives_unit)                                   \
    static tp_value name(const tp_value *arg, int n, const tp_env *env, \
                         tp_arena *mem)                                 \
    {                                                                   \
        (void)n;                                                        \
        return tp_each(arg, cell, env, gives_unit, mem);                \
    }
UNARY(negate, negate_cell, arg->unit)
UNARY(plus, plus_cell, arg->unit)
UNARY(not, not_cell, TP_S(""))
BINARY(power, power_cell, TP_S(""))
BINARY(times, times_cell, tp_unit_product(arg[0].unit, arg[1].unit))
BINARY(over, over_cell, tp_unit_quotient(arg[0].unit, arg[1].unit))
BINARY(rest, remainder_cell, arg[0].unit)
BINARY(add, add_cell, tp_unit_sum(arg[0].unit, arg[1].unit))
BINARY(subtract, subtract_cell, tp_unit_sum(arg[0].unit, arg[1].unit))
BINARY(less, less_cell, TP_S(""))
BINARY(greater, greater_cell, TP_S(""))
BINARY(at_most, at_most_cell, TP_S(""))
BINARY(at_least, at_least_cell, TP_S(""))
BINARY(both, and_cell, TP_S(""))
BINARY(either, or_cell, TP_S(""))
BINARY(complex_of, complex_cell, tp_unit_sum(arg[0].unit, arg[1].unit))
#undef BINARY
#undef UNARY

tp_value tp_compare(const tp_value *arg, tp_cell2_fn *f, bool same,
                    tp_arena *mem)
{
    if (arg[0].kind != TP_STRING || arg[1].kind != TP_STRING)
        return tp_each2(&arg[0], &arg[1], f, TP_S(""), mem);
    return tp_value_number(tp_str_eq(arg[0].text, arg[1].text) == same,
                           TP_S(""));
}

static tp_value equal(const tp_value *arg, int n, const tp_env *env,
                      tp_arena *mem)
{
    (void)n, (void)env;
    return tp_compare(arg, equal_cell, true, mem);
}

static tp_value unequal(const tp_value *arg, int n, const tp_env *env,
                        tp_arena *mem)
{
    (void)n, (void)env;
    return tp_compare(arg, unequal_cell, false, mem);
}

static void join_one(tp_buf *b, const tp_value *v)
{
    char out[TP_NUMBER_MAX];
    if (v->kind == TP_STRING)
        tp_buf_add(b, v->text);
    else
        tp_buf_add(b, tp_str_of(tp_exact(v->re, out)));
}

/* Texts end to end; a number is written out. */
static tp_value join(const tp_value *arg, int n, const tp_env *env,
                     tp_arena *mem)
{
    (void)env;
    tp_buf b = {.mem = mem};
    for (int i = 0; i < n; i++) {
        tp_value v = arg[i];
        if (v.kind != TP_STRING) v = tp_value_scalar(&v, mem);
        if (v.kind == TP_NONE) return v;
        join_one(&b, &v);
    }
    return tp_value_text(tp_buf_str(&b));
}

/* A vector of one to n numbers, real or complex. */
static tp_value vector(const tp_value *arg, int n, const tp_env *env,
                       tp_arena *mem)
{
    (void)env;
    double *re = TP_NEW(mem, double, n), *im = TP_NEW(mem, double, n);
    tp_str  unit = arg[0].unit;
    bool    cx = false;
    for (int i = 0; i < n; i++) {
        tp_value v = arg[i];
        if (v.kind != TP_COMPLEX) v = tp_value_scalar(&v, mem);
        if (v.kind == TP_NONE) return v;
        re[i] = v.re;
        if (v.kind == TP_COMPLEX) {
            im[i] = v.im;
            cx = true;
        }
        if (!tp_str_eq(unit, v.unit)) unit = TP_S("");
    }
    return tp_vector(re, cx ? im : NULL, n, unit);
}

static tp_value element(const tp_wave *w, int i, tp_str unit)
{
    tp_value v = tp_value_number(w->re[i], unit);
    if (w->im) {
        v.kind = TP_COMPLEX;
        v.im = w->im[i];
    }
    return v;
}

/* a[i], counted from 0: a division, or an element of a vector. An index that
   is a vector counts with its first value. */
static tp_value at_index(const tp_value *arg, int n, const tp_env *env,
                         tp_arena *mem)
{
    (void)n, (void)env;
    const tp_value *of = &arg[0];
    tp_value        i = arg[1];
    if (i.kind == TP_WAVE) i = element(&i.wave, 0, i.unit);
    i = tp_value_scalar(&i, mem);
    if (i.kind == TP_NONE) return tp_none(mem, "the index: %s", i.why);
    const char *what = of->kind == TP_DIVISIONS ? "division" : "element";
    int         many = of->kind == TP_DIVISIONS ? of->n
                       : of->kind == TP_WAVE    ? of->wave.n
                                                : 1;
    if (of->kind == TP_STRING)
        return tp_none(mem, "a text has no elements to index");
    if (i.re != floor(i.re))
        return tp_none(mem, "the index %g is no whole number", i.re);
    if (!(i.re >= 0 && i.re < many))
        return tp_none(mem, "there is no %s %g; there are %d, counted from 0",
                       what, i.re, many);
    if (of->kind == TP_DIVISIONS) return of->part[(int)i.re];
    if (of->kind == TP_WAVE) return element(&of->wave, (int)i.re, of->unit);
    return *of;
}

const tp_op tp_ops[TP_OP_COUNT] = {
    [TP_OP_NEGATE] = {"-", NULL, negate},
    [TP_OP_PLUS] = {"+", NULL, plus},
    [TP_OP_NOT] = {"NOT ", NULL, not },
    [TP_OP_POWER] = {"^", NULL, power},
    [TP_OP_TIMES] = {"*", NULL, times},
    [TP_OP_OVER] = {"/", NULL, over},
    [TP_OP_REMAINDER] = {"%", NULL, rest},
    [TP_OP_ADD] = {"+", NULL, add},
    [TP_OP_SUBTRACT] = {"-", NULL, subtract},
    [TP_OP_LESS] = {"<", NULL, less},
    [TP_OP_GREATER] = {">", NULL, greater},
    [TP_OP_AT_MOST] = {"<=", NULL, at_most},
    [TP_OP_AT_LEAST] = {">=", NULL, at_least},
    [TP_OP_EQUAL] = {"==", NULL, equal},
    [TP_OP_UNEQUAL] = {"!=", NULL, unequal},
    [TP_OP_AND] = {"AND", NULL, both},
    [TP_OP_OR] = {"OR", NULL, either},
    [TP_OP_JOIN] = {"&", NULL, join},
    [TP_OP_COMPLEX] = {",", NULL, complex_of},
    [TP_OP_VECTOR] = {",", NULL, vector},
    [TP_OP_INDEX] = {"[", "]", at_index},
    [TP_OP_MODULO] = {"%", NULL, tp_nutmeg_modulo},
    [TP_OP_GT] = {"gt", NULL, tp_nutmeg_gt},
    [TP_OP_LT] = {"lt", NULL, tp_nutmeg_lt},
    [TP_OP_GE] = {"ge", NULL, tp_nutmeg_ge},
    [TP_OP_LE] = {"le", NULL, tp_nutmeg_le},
    [TP_OP_EQ] = {"eq", NULL, tp_nutmeg_eq},
    [TP_OP_NE] = {"ne", NULL, tp_nutmeg_ne},
    [TP_OP_BOTH] = {"and", NULL, tp_nutmeg_both},
    [TP_OP_EITHER] = {"or", NULL, tp_nutmeg_either},
    [TP_OP_NEITHER] = {"not ", NULL, tp_nutmeg_neither},
    [TP_OP_CHOOSE] = {"?", NULL, NULL},
    [TP_OP_CHAIN] = {";", NULL, tp_nutmeg_chain},
    [TP_OP_ELEMENT] = {"[", "]", tp_nutmeg_element},
    [TP_OP_BETWEEN] = {"[%", "]", tp_nutmeg_between},
    [TP_OP_RANGE] = {"[[", "]]", tp_nutmeg_range},
};
