/* Nutmeg's random numbers and time. Both come from the caller; each value of
   the argument draws one number (both parts one each). */
#include <math.h>

#include "expr/functions.h"

static double below(tp_rng *rng, double limit)
{
    return floor(tp_rng_uniform(rng) * floor(fabs(limit)));
}

static const char *rnd_cell(tp_cell *z, const tp_env *env)
{
    z->re = below(env->rng, z->re);
    if (z->cx) z->im = below(env->rng, z->im);
    return NULL;
}

static const char *unif_cell(tp_cell *z, const tp_env *env)
{
    z->re *= tp_rng_uniform(env->rng);
    if (z->cx) z->im *= tp_rng_uniform(env->rng);
    return NULL;
}

static const char *gauss_cell(tp_cell *z, const tp_env *env)
{
    z->re *= tp_rng_normal(env->rng);
    if (z->cx) z->im *= tp_rng_normal(env->rng);
    return NULL;
}

static const char *sunif_cell(tp_cell *z, const tp_env *env)
{
    z->re = 2 * tp_rng_uniform(env->rng) - 1;
    if (z->cx) z->im = 2 * tp_rng_uniform(env->rng) - 1;
    return NULL;
}

static const char *sgauss_cell(tp_cell *z, const tp_env *env)
{
    z->re = tp_rng_normal(env->rng);
    if (z->cx) z->im = tp_rng_normal(env->rng);
    return NULL;
}

static tp_value drawn(const tp_value *arg, tp_cell_fn *cell, const tp_env *env,
                      tp_arena *mem)
{
    if (!env->rng) return tp_none(mem, "there are no random numbers here");
    return tp_each(arg, cell, env, arg->unit, mem);
}

#define DRAWN(name, cell)                                               \
    static tp_value name(const tp_value *arg, int n, const tp_env *env, \
                         tp_arena *mem)                                 \
    {                                                                   \
        (void)n;                                                        \
        return drawn(arg, cell, env, mem);                              \
    }
DRAWN(rnd, rnd_cell)
DRAWN(rndunif, unif_cell)
DRAWN(rndgauss, gauss_cell)
DRAWN(sunif, sunif_cell)
DRAWN(sgauss, sgauss_cell)
#undef DRAWN

static tp_value seconds(double now, const tp_value *arg, const tp_env *env,
                        tp_arena *mem)
{
    if (!env->timed) return tp_none(mem, "there is no clock here");
    return tp_value_number(now - arg[0].re, TP_S("s"));
}

static tp_value clock_of(const tp_value *arg, int n, const tp_env *env,
                         tp_arena *mem)
{
    (void)n;
    return seconds(env->clock, arg, env, mem);
}

static tp_value timer_of(const tp_value *arg, int n, const tp_env *env,
                         tp_arena *mem)
{
    (void)n;
    return seconds(env->timer, arg, env, mem);
}

const tp_fn tp_fn_nm_state[] = {
    {"rnd", "any", "any", rnd,
     "A random whole number from 0 to below each value's magnitude.",
     "rnd((1000;1))", "[693, 0]"},
    {"rndunif", "any", "any", rndunif,
     "A random number from 0 to each value, evenly distributed.",
     "rndunif((1;0))", "[0.693512, 0]"},
    {"rndgauss", "any", "any", rndgauss,
     "A normally distributed random number with mean 0 and each value as its "
     "deviation.",
     "rndgauss(10)", "-3.17144"},
    {"sunif", "any", "any", sunif,
     "For each value a random number from -1 to 1, evenly distributed.",
     "sunif(0)", "0.387024"},
    {"sgauss", "any", "any", sgauss,
     "For each value a normally distributed random number with mean 0 and "
     "deviation 1.",
     "sgauss(0)", "-0.317144"},
    {"clock", "[number=0]", "number", clock_of,
     "Seconds of the wall clock, or since a time it gave before.",
     "clock(1.7e9)", "5 s"},
    {"timer", "[number=0]", "number", timer_of,
     "Seconds since the session began, or since a time it gave before.",
     "timer()", "2 s"},
    {0},
};
