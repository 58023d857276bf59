/* The constants of the dialects. Nutmeg's physical ones are those of the SI
   of 2019 (CODATA 2018). */
#include "expr/expr.h"

static const tp_const simetrix[] = {
    {.name = "pi", .re = 3.14159265358979323846, .text = "Pi."},
    {.name = "true", .re = 1, .text = "True."},
    {.name = "false", .re = 0, .text = "False."},
    {0},
};
static const tp_const nutmeg[] = {
    {.name = "pi", .re = 3.14159265358979323846, .text = "Pi."},
    {.name = "e", .re = 2.71828182845904523536, .text = "Euler's number."},
    {.name = "c",
     .re = 299792458,
     .text = "The speed of light in metres per second."},
    {.name = "i", .im = 1, .cx = true, .text = "The square root of -1."},
    {.name = "kelvin", .re = -273.15, .text = "0 K in degrees Celsius."},
    {.name = "echarge",
     .re = 1.602176634e-19,
     .unit = "C",
     .text = "The charge of the electron."},
    {.name = "boltz",
     .re = 1.380649e-23,
     .text = "Boltzmann's constant in joules per kelvin."},
    {.name = "planck",
     .re = 6.62607015e-34,
     .text = "Planck's constant in joule seconds."},
    {.name = "yes", .re = 1, .text = "True."},
    {.name = "no", .re = 0, .text = "False."},
    {.name = "true", .re = 1, .text = "True."},
    {.name = "false", .re = 0, .text = "False."},
    {0},
};

static const tp_const ocean[] = {
    {.name = "t", .re = 1, .text = "True."},
    {.name = "nil", .re = 0, .text = "False, nothing."},
    {.name = "pi", .re = 3.14159265358979323846, .text = "Pi."},
    {0},
};

const tp_const *tp_constants_of(tp_dialect dialect)
{
    static const tp_const *const tables[] = {simetrix, nutmeg, ocean};
    return tables[dialect];
}

static const tp_const *find(const tp_const *rows, tp_str name)
{
    for (const tp_const *c = rows; c->name; c++)
        if (tp_str_same(name, tp_str_of(c->name))) return c;
    return NULL;
}

bool tp_constant(tp_str name, double *value)
{
    const tp_const *c = find(simetrix, name);
    if (c) *value = c->re;
    return c != NULL;
}

bool tp_constant_of(tp_dialect dialect, tp_str name, tp_value *value)
{
    if (dialect == TP_NUTMEG && tp_str_starts(name, TP_S("const.")))
        name = tp_str_from(name, 6);
    const tp_const *c = find(tp_constants_of(dialect), name);
    if (!c) return false;
    *value = tp_value_number(c->re, tp_str_of(c->unit));
    value->im = c->im;
    if (c->cx) value->kind = TP_COMPLEX;
    return true;
}
