/* Nutmeg's functions of each value: parts of complex numbers, phases, the
   elementary functions. Angles are radians, degrees with `set units=degrees`;
   complex arguments give the principal value. */
#include <complex.h>
#include <math.h>

#include "expr/functions.h"

static const double pi = 3.14159265358979323846;

static tp_value phase(const tp_value *arg, int n, const tp_env *env,
                      tp_arena *mem)
{
    if (env->degrees) return tp_do_arg(arg, n, env, mem);
    return tp_do_arg_rad(arg, n, env, mem);
}

static double turn(const tp_env *env)
{
    return env->degrees ? 360 : 2 * pi;
}

static tp_value phase_on(const tp_value *arg, int n, const tp_env *env,
                         tp_arena *mem)
{
    return tp_unwrap(phase(arg, n, env, mem), turn(env), mem);
}

static tp_value unwrap(const tp_value *arg, int n, const tp_env *env,
                       tp_arena *mem)
{
    tp_value v = tp_do_re(arg, n, env, mem);
    return tp_unwrap(v, turn(env), mem);
}

static const char *j_cell(tp_cell *z, const tp_env *env)
{
    (void)env;
    *z = (tp_cell){.re = -z->im, .im = z->re, .cx = true};
    return NULL;
}

static double complex number(const tp_cell *z)
{
    return z->re + z->im * I;
}

static const char *put(tp_cell *z, double complex v)
{
    z->re = creal(v);
    z->im = cimag(v);
    return NULL;
}

/* The root of a negative number is imaginary. */
static const char *sqrt_cell(tp_cell *z, const tp_env *env)
{
    (void)env;
    z->cx |= z->re < 0;
    if (z->cx) return put(z, csqrt(number(z)));
    z->re = sqrt(z->re);
    return NULL;
}

static void to_radians(tp_cell *z, const tp_env *env)
{
    if (!env->degrees) return;
    z->re *= pi / 180;
    z->im *= pi / 180;
}

static const char *sin_cell(tp_cell *z, const tp_env *env)
{
    to_radians(z, env);
    if (z->cx) return put(z, csin(number(z)));
    z->re = sin(z->re);
    return NULL;
}

static const char *cos_cell(tp_cell *z, const tp_env *env)
{
    to_radians(z, env);
    if (z->cx) return put(z, ccos(number(z)));
    z->re = cos(z->re);
    return NULL;
}

static const char *tan_cell(tp_cell *z, const tp_env *env)
{
    if (env->degrees && !z->cx && fabs(remainder(z->re, 180)) == 90)
        return "degrees have no tangent";
    to_radians(z, env);
    if (z->cx) return put(z, ctan(number(z)));
    z->re = tan(z->re);
    return NULL;
}

static const char *atan_cell(tp_cell *z, const tp_env *env)
{
    if (z->cx && z->re == 0 && fabs(z->im) == 1) return "has no arc tangent";
    put(z, z->cx ? catan(number(z)) : atan(z->re));
    if (env->degrees) {
        z->re *= 180 / pi;
        z->im *= 180 / pi;
    }
    return NULL;
}

static const char *sinh_cell(tp_cell *z, const tp_env *env)
{
    (void)env;
    return put(z, z->cx ? csinh(number(z)) : sinh(z->re));
}

static const char *cosh_cell(tp_cell *z, const tp_env *env)
{
    (void)env;
    return put(z, z->cx ? ccosh(number(z)) : cosh(z->re));
}

static const char *tanh_cell(tp_cell *z, const tp_env *env)
{
    (void)env;
    return put(z, z->cx ? ctanh(number(z)) : tanh(z->re));
}

/* Whole numbers are taken of both parts. */
static const char *floor_cell(tp_cell *z, const tp_env *env)
{
    (void)env;
    z->re = floor(z->re);
    z->im = floor(z->im);
    return NULL;
}

static const char *ceil_cell(tp_cell *z, const tp_env *env)
{
    (void)env;
    z->re = ceil(z->re);
    z->im = ceil(z->im);
    return NULL;
}

static const char *round_cell(tp_cell *z, const tp_env *env)
{
    (void)env;
    z->re = round(z->re);
    z->im = round(z->im);
    return NULL;
}

static const char *nint_cell(tp_cell *z, const tp_env *env)
{
    (void)env;
    z->re = rint(z->re);
    z->im = rint(z->im);
    return NULL;
}

TP_OWN_EACH(j_of, j_cell, arg->unit)
TP_OWN_EACH(sqrt_of, sqrt_cell, TP_S(""))
TP_OWN_EACH(sin_of, sin_cell, TP_S(""))
TP_OWN_EACH(cos_of, cos_cell, TP_S(""))
TP_OWN_EACH(tan_of, tan_cell, TP_S(""))
TP_OWN_EACH(atan_of, atan_cell, env->degrees ? TP_S("deg") : TP_S("rad"))
TP_OWN_EACH(sinh_of, sinh_cell, TP_S(""))
TP_OWN_EACH(cosh_of, cosh_cell, TP_S(""))
TP_OWN_EACH(tanh_of, tanh_cell, TP_S(""))
TP_OWN_EACH(floor_of, floor_cell, arg->unit)
TP_OWN_EACH(ceil_of, ceil_cell, arg->unit)
TP_OWN_EACH(round_of, round_cell, arg->unit)
TP_OWN_EACH(nint_of, nint_cell, arg->unit)

const tp_fn tp_fn_nm_complex[] = {
    {"mag", "any", "any", tp_do_mag, "Magnitude of each value.", "mag(3,4)",
     "5"},
    {"magnitude", "any", "any", tp_do_mag, "The same as mag.",
     "magnitude((3,4))", "5"},
    {"abs", "any", "any", tp_do_mag, "The same as mag.", "abs(-2)", "2"},
    {"db", "any", "any", tp_do_db,
     "Decibels: 20 log10 of the magnitude; none of 0.", "db((1;10;100))",
     "[0, 20, 40] dB"},
    {"ph", "any", "any", phase,
     "Phase, wrapped to -pi to pi; in degrees with set units=degrees.",
     "ph((0,-1))", "-1.5708 rad"},
    {"phase", "any", "any", phase, "The same as ph.", "phase(-1)",
     "3.14159 rad"},
    {"cph", "any", "any", phase_on,
     "Phase without jumps: whole turns are added so that no step is over half "
     "a turn.",
     "cph((i;-1;-i))", "[1.5708, 3.14159, 4.71239] rad"},
    {"unwrap", "any", "any", unwrap,
     "A vector of phases without jumps: whole turns are added so that no step "
     "is over half a turn.",
     "unwrap((3;-3;3))", "[3, 3.28319, 3]"},
    {"re", "any", "any", tp_do_re, "Real part.", "re((3,4))", "3"},
    {"real", "any", "any", tp_do_re, "Real part; the same as re.",
     "real((3,4))", "3"},
    {"im", "any", "any", tp_do_im, "Imaginary part, 0 of a real value.",
     "im((3,4))", "4"},
    {"imag", "any", "any", tp_do_im, "Imaginary part; the same as im.",
     "imag(5)", "0"},
    {"j", "any", "any", j_of, "Each value times the square root of -1.",
     "j((3,4))", "(-4, 3)"},
    {0},
};

const tp_fn tp_fn_nm_math[] = {
    {"ln", "any", "any", tp_do_ln, "Natural logarithm.", "ln(10)", "2.30259"},
    {"log", "any", "any", tp_do_log10, "Logarithm to base 10.", "log(100)",
     "2"},
    {"log10", "any", "any", tp_do_log10, "Logarithm to base 10.",
     "log10((1;1k;1meg))", "[0, 3, 6]"},
    {"exp", "any", "any", tp_do_exp, "e to the power of x; none above 709.016.",
     "exp(1)", "2.71828"},
    {"sqrt", "any", "any", sqrt_of,
     "Square root; of a negative number an imaginary one.", "sqrt(-4)",
     "(0, 2)"},
    {"sin", "any", "any", sin_of, "Sine.", "sin(0.5)", "0.479426"},
    {"cos", "any", "any", cos_of, "Cosine.", "cos((0;1))", "[1, 0.540302]"},
    {"tan", "any", "any", tan_of, "Tangent.", "tan(0.5)", "0.546302"},
    {"atan", "any", "any", atan_of, "Arc tangent.", "atan(1)", "0.785398 rad"},
    {"sinh", "any", "any", sinh_of, "Hyperbolic sine.", "sinh(1)", "1.1752"},
    {"cosh", "any", "any", cosh_of, "Hyperbolic cosine.", "cosh(1)", "1.54308"},
    {"tanh", "any", "any", tanh_of, "Hyperbolic tangent.", "tanh(1)",
     "0.761594"},
    {"floor", "any", "any", floor_of,
     "The next whole number below, of both parts.", "floor(-1.5)", "-2"},
    {"ceil", "any", "any", ceil_of,
     "The next whole number above, of both parts.", "ceil(1.2)", "2"},
    {"round", "any", "any", round_of,
     "The nearest whole number, of both parts; halves away from zero.",
     "round((2.5;-2.4))", "[3, -2]"},
    {"nint", "any", "any", nint_of,
     "The nearest whole number, of both parts; halves to the even one.",
     "nint((2.5;3.5))", "[2, 4]"},
    {0},
};
