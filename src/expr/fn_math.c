/* Elementary functions of each value. The roots and logarithms of a negative
   real number are none; of a complex one they are the principal values. */
#include <complex.h>
#include <math.h>

#include "expr/functions.h"

static const double pi = 3.14159265358979323846;

static const char is_negative[] = "is negative";
static const char has_no_logarithm[] = "has no logarithm";
static const char is_complex[] = "is complex";

static double complex number(const tp_cell *z)
{
    return z->re + z->im * I;
}

static void put(tp_cell *z, double complex v)
{
    z->re = creal(v);
    z->im = cimag(v);
}

static const char *sqrt_cell(tp_cell *z, const tp_env *env)
{
    (void)env;
    if (!z->cx && z->re < 0) return is_negative;
    if (z->cx)
        put(z, csqrt(number(z)));
    else
        z->re = sqrt(z->re);
    return NULL;
}

static const char *exp_cell(tp_cell *z, const tp_env *env)
{
    (void)env;
    if (z->re > 709.016) return "is over 709.016";
    if (z->cx)
        put(z, cexp(number(z)));
    else
        z->re = exp(z->re);
    return NULL;
}

static const char *ln_cell(tp_cell *z, const tp_env *env)
{
    (void)env;
    if (z->re == 0 && z->im == 0) return has_no_logarithm;
    if (!z->cx && z->re < 0) return "is negative: it has no logarithm";
    if (z->cx)
        put(z, clog(number(z)));
    else
        z->re = log(z->re);
    return NULL;
}

static const char *log10_cell(tp_cell *z, const tp_env *env)
{
    if (!z->cx && z->re > 0) {
        z->re = log10(z->re);
        return NULL;
    }
    const char *why = ln_cell(z, env);
    z->re /= log(10);
    z->im /= log(10);
    return why;
}

static const char *sign_cell(tp_cell *z, const tp_env *env)
{
    (void)env;
    if (z->cx) return is_complex;
    z->re = (z->re > 0) - (z->re < 0);
    return NULL;
}

static const char *floor_cell(tp_cell *z, const tp_env *env)
{
    (void)env;
    if (z->cx) return is_complex;
    z->re = floor(z->re);
    return NULL;
}

static const char *ceil_cell(tp_cell *z, const tp_env *env)
{
    (void)env;
    if (z->cx) return is_complex;
    z->re = ceil(z->re);
    return NULL;
}

static const char *round_cell(tp_cell *z, const tp_env *env)
{
    (void)env;
    if (z->cx) return is_complex;
    z->re = round(z->re);
    return NULL;
}

/* Exact at multiples of 90 degrees. */
static double sin_of_degrees(double d)
{
    double r = remainder(d, 360);
    if (r == 90) return 1;
    if (r == -90) return -1;
    if (r == 0 || fabs(r) == 180) return 0;
    return sin(r * pi / 180);
}

static const char *sin_deg_cell(tp_cell *z, const tp_env *env)
{
    (void)env;
    if (z->cx) return is_complex;
    z->re = sin_of_degrees(z->re);
    return NULL;
}

static const char *cos_deg_cell(tp_cell *z, const tp_env *env)
{
    z->re = remainder(z->re, 360) + 90;
    return sin_deg_cell(z, env);
}

static const char *tan_deg_cell(tp_cell *z, const tp_env *env)
{
    (void)env;
    if (z->cx) return is_complex;
    double r = remainder(z->re, 180);
    if (fabs(r) == 90) return "degrees have no tangent";
    z->re = tan(r * pi / 180);
    return NULL;
}

static const char *sin_cell(tp_cell *z, const tp_env *env)
{
    if (env->degrees) return sin_deg_cell(z, env);
    if (z->cx) return is_complex;
    z->re = sin(z->re);
    return NULL;
}

static const char *cos_cell(tp_cell *z, const tp_env *env)
{
    if (env->degrees) return cos_deg_cell(z, env);
    if (z->cx) return is_complex;
    z->re = cos(z->re);
    return NULL;
}

static const char *tan_cell(tp_cell *z, const tp_env *env)
{
    if (env->degrees) return tan_deg_cell(z, env);
    if (z->cx) return is_complex;
    z->re = tan(z->re);
    return NULL;
}

static const char *atan_deg_cell(tp_cell *z, const tp_env *env)
{
    (void)env;
    if (z->cx) return is_complex;
    z->re = atan(z->re) * 180 / pi;
    return NULL;
}

static const char *atan_cell(tp_cell *z, const tp_env *env)
{
    if (env->degrees) return atan_deg_cell(z, env);
    if (z->cx) return is_complex;
    z->re = atan(z->re);
    return NULL;
}

static const char *min_cell(tp_cell *a, const tp_cell *b)
{
    if (a->cx || b->cx) return "a value is complex";
    if (b->re < a->re) a->re = b->re;
    return NULL;
}

static const char *max_cell(tp_cell *a, const tp_cell *b)
{
    if (a->cx || b->cx) return "a value is complex";
    if (b->re > a->re) a->re = b->re;
    return NULL;
}

/* What `call` of a row is for a function of one element. */
TP_EACH(tp_do_sqrt, sqrt_cell, TP_S(""))
TP_EACH(tp_do_exp, exp_cell, TP_S(""))
TP_EACH(tp_do_ln, ln_cell, TP_S(""))
TP_EACH(tp_do_log10, log10_cell, TP_S(""))
TP_OWN_EACH(sign, sign_cell, TP_S(""))
TP_EACH(tp_do_floor, floor_cell, arg->unit)
TP_EACH(tp_do_ceil, ceil_cell, arg->unit)
TP_EACH(tp_do_round, round_cell, arg->unit)
TP_EACH(tp_do_sin, sin_cell, TP_S(""))
TP_EACH(tp_do_cos, cos_cell, TP_S(""))
TP_EACH(tp_do_tan, tan_cell, TP_S(""))
TP_EACH(tp_do_atan, atan_cell, env->degrees ? TP_S("deg") : TP_S("rad"))
TP_OWN_EACH(sin_deg, sin_deg_cell, TP_S(""))
TP_OWN_EACH(cos_deg, cos_deg_cell, TP_S(""))
TP_OWN_EACH(tan_deg, tan_deg_cell, TP_S(""))
TP_OWN_EACH(atan_deg, atan_deg_cell, TP_S("deg"))

tp_value tp_do_min(const tp_value *arg, int n, const tp_env *env, tp_arena *mem)
{
    (void)n, (void)env;
    return tp_each2(&arg[0], &arg[1], min_cell, arg->unit, mem);
}

tp_value tp_do_max(const tp_value *arg, int n, const tp_env *env, tp_arena *mem)
{
    (void)n, (void)env;
    return tp_each2(&arg[0], &arg[1], max_cell, arg->unit, mem);
}

const tp_fn tp_fn_math[] = {
    {"sqrt", "any", "any", tp_do_sqrt,
     "Square root; none for a negative real number.", "sqrt([2, 9])",
     "[1.41421, 3]"},
    {"exp", "any", "any", tp_do_exp, "e to the power of x; none above 709.016.",
     "exp(1)", "2.71828"},
    {"ln", "any", "any", tp_do_ln, "Natural logarithm.", "ln(10)", "2.30259"},
    {"log10", "any", "any", tp_do_log10, "Logarithm to base 10.",
     "log10([1, 1k, 1meg])", "[0, 3, 6]"},
    {"sign", "any", "any", sign, "1 above zero, 0 at zero, -1 below.",
     "sign([-3, 0, 2m])", "[-1, 0, 1]"},
    {"floor", "any", "any", tp_do_floor, "The next whole number below.",
     "floor(-1.5)", "-2"},
    {"ceil", "any", "any", tp_do_ceil, "The next whole number above.",
     "ceil(1.2)", "2"},
    {"round", "any", "any", tp_do_round,
     "The nearest whole number; halves away from zero.", "round([1.5, -2.4])",
     "[2, -2]"},
    {"min", "any any", "any", tp_do_min,
     "The smaller of each pair of values (minimum finds the smallest of a "
     "vector).",
     "min([1, 5, 3], 2)", "[1, 2, 2]"},
    {"max", "any any", "any", tp_do_max,
     "The larger of each pair of values (maximum finds the largest of a "
     "vector).",
     "max([1, 5, 3], 2)", "[2, 5, 3]"},
    {"sin", "any", "any", tp_do_sin,
     "Sine of radians, of degrees when the degrees option is on.", "sin(0.5)",
     "0.479426"},
    {"cos", "any", "any", tp_do_cos,
     "Cosine of radians, of degrees when the degrees option is on.",
     "cos([0, 1])", "[1, 0.540302]"},
    {"tan", "any", "any", tp_do_tan,
     "Tangent of radians, of degrees when the degrees option is on.",
     "tan(0.5)", "0.546302"},
    {"atan", "any", "any", tp_do_atan,
     "Arc tangent in radians, in degrees when the degrees option is on.",
     "atan(1)", "0.785398 rad"},
    {"sin_deg", "any", "any", sin_deg, "Sine of degrees.", "sin_deg(30)",
     "0.5"},
    {"cos_deg", "any", "any", cos_deg, "Cosine of degrees.",
     "cos_deg([60, 90])", "[0.5, 0]"},
    {"tan_deg", "any", "any", tan_deg,
     "Tangent of degrees; none at 90 and every 180 from there.", "tan_deg(45)",
     "1"},
    {"atan_deg", "any", "any", atan_deg, "Arc tangent in degrees.",
     "atan_deg(-1)", "-45 deg"},
    {0},
};
