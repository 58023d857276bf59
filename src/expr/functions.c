/* The list of builtins. One more group is one file and one line here; one more
   builtin is one row in its file. */
#include "expr/functions.h"

static const tp_fn_group groups[] = {
    {"Complex numbers", tp_fn_complex},
    {"Elementary functions", tp_fn_math},
    {"Vectors", tp_fn_vector},
    {"Values and crossings", tp_fn_cross},
    {"Bandwidths and margins", tp_fn_band},
    {"Edges, periods and pulses", tp_fn_pulse},
    {"Means and extremes", tp_fn_stats},
    {"Comparing curves", tp_fn_fit},
    {"Spectra and distortion", tp_fn_spectrum},
    {0},
};

const tp_fn_group *tp_functions(void)
{
    return groups;
}

const tp_fn *tp_function_find(tp_str name)
{
    for (const tp_fn_group *g = groups; g->title; g++)
        for (const tp_fn *f = g->fn; f->name; f++)
            if (tp_str_same(name, tp_str_of(f->name))) return f;
    return NULL;
}
