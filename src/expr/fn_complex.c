/* Parts of complex numbers: magnitude, decibels, phase. Waves keep their
   sweep. */
#include <math.h>
#include <string.h>

#include "expr/functions.h"

static const double pi = 3.14159265358979323846;

static const char *mag_cell(tp_cell *z, const tp_env *env)
{
    (void)env;
    *z = (tp_cell){.re = hypot(z->re, z->im)};
    return NULL;
}

static const char *db_cell(tp_cell *z, const tp_env *env)
{
    mag_cell(z, env);
    if (z->re == 0) return "has no logarithm";
    z->re = 20 * log10(z->re);
    return NULL;
}

static const char *arg_cell(tp_cell *z, const tp_env *env)
{
    (void)env;
    *z = (tp_cell){.re = atan2(z->im, z->re)};
    return NULL;
}

static const char *arg_deg_cell(tp_cell *z, const tp_env *env)
{
    arg_cell(z, env);
    z->re *= 180 / pi;
    return NULL;
}

static const char *re_cell(tp_cell *z, const tp_env *env)
{
    (void)env;
    *z = (tp_cell){.re = z->re};
    return NULL;
}

static const char *im_cell(tp_cell *z, const tp_env *env)
{
    (void)env;
    *z = (tp_cell){.re = z->im};
    return NULL;
}

tp_value tp_do_mag(const tp_value *arg, int n, const tp_env *env, tp_arena *mem)
{
    (void)n;
    return tp_each(arg, mag_cell, env, arg->unit, mem);
}

tp_value tp_do_db(const tp_value *arg, int n, const tp_env *env, tp_arena *mem)
{
    (void)n;
    return tp_each(arg, db_cell, env, TP_S("dB"), mem);
}

tp_value tp_do_arg(const tp_value *arg, int n, const tp_env *env, tp_arena *mem)
{
    (void)n;
    return tp_each(arg, arg_deg_cell, env, TP_S("deg"), mem);
}

tp_value tp_do_arg_rad(const tp_value *arg, int n, const tp_env *env,
                       tp_arena *mem)
{
    (void)n;
    return tp_each(arg, arg_cell, env, TP_S("rad"), mem);
}

void tp_add_turns(double *y, int n, double turn)
{
    double turns = 0, before = n > 0 ? y[0] : 0;
    for (int i = 0; i < n; i++) {
        turns -= rint((y[i] - before) / turn);
        before = y[i];
        y[i] += turns * turn;
    }
}

tp_value tp_unwrap(tp_value v, double turn, tp_arena *mem)
{
    if (v.kind != TP_WAVE) return v;
    double *out = TP_NEW(mem, double, v.wave.n);
    memcpy(out, v.wave.re, sizeof *out * (size_t)v.wave.n);
    tp_add_turns(out, v.wave.n, turn);
    v.wave.re = out;
    return v;
}

tp_value tp_do_phase(const tp_value *arg, int n, const tp_env *env,
                     tp_arena *mem)
{
    return tp_unwrap(tp_do_arg(arg, n, env, mem), 360, mem);
}

tp_value tp_do_phase_rad(const tp_value *arg, int n, const tp_env *env,
                         tp_arena *mem)
{
    return tp_unwrap(tp_do_arg_rad(arg, n, env, mem), 2 * pi, mem);
}

tp_value tp_do_re(const tp_value *arg, int n, const tp_env *env, tp_arena *mem)
{
    (void)n;
    return tp_each(arg, re_cell, env, arg->unit, mem);
}

tp_value tp_do_im(const tp_value *arg, int n, const tp_env *env, tp_arena *mem)
{
    (void)n;
    return tp_each(arg, im_cell, env, arg->unit, mem);
}

const tp_fn tp_fn_complex[] = {
    {"abs", "any", "any", tp_do_mag, "Magnitude; the same as mag.", "abs(-2)",
     "2"},
    {"mag", "any", "any", tp_do_mag, "Magnitude of each value.", "mag((3,4))",
     "5"},
    {"db", "any", "any", tp_do_db, "Decibels: 20 log10 of the magnitude.",
     "db([1, 10, (0,100)])", "[0, 20, 40] dB"},
    {"arg", "any", "any", tp_do_arg,
     "Phase in degrees, wrapped to -180 to 180.", "arg([(0,1), -1, (0,-1)])",
     "[90, 180, -90] deg"},
    {"phase", "any", "any", tp_do_phase,
     "Phase in degrees without jumps: whole turns are added so that no step "
     "is over 180.",
     "phase([(0,1), -1, (0,-1)])", "[90, 180, 270] deg"},
    {"ph", "any", "any", tp_do_phase, "The same as phase.", "ph((1,-1))",
     "-45 deg"},
    {"arg_rad", "any", "any", tp_do_arg_rad,
     "Phase in radians, wrapped to -pi to pi.", "arg_rad((0,-1))",
     "-1.5708 rad"},
    {"phase_rad", "any", "any", tp_do_phase_rad,
     "Phase in radians without jumps.", "phase_rad([(0,1), -1, (0,-1)])",
     "[1.5708, 3.14159, 4.71239] rad"},
    {"re", "any", "any", tp_do_re, "Real part.", "re((3,4))", "3"},
    {"real", "any", "any", tp_do_re, "Real part; the same as re.",
     "real((3,4))", "3"},
    {"im", "any", "any", tp_do_im, "Imaginary part, 0 of a real value.",
     "im((3,4))", "4"},
    {"imag", "any", "any", tp_do_im, "Imaginary part; the same as im.",
     "imag([5, (3,4)])", "[0, 4]"},
    {0},
};
