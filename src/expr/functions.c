/* The list of builtins. One more group is one file and one line here; one more
   builtin is one row in its file. */
#include "expr/functions.h"

static const tp_fn_group simetrix[] = {
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

static const tp_fn_group nutmeg[] = {
    {"Complex numbers", tp_fn_nm_complex},
    {"Elementary functions", tp_fn_nm_math},
    {"Vectors, means and extremes", tp_fn_nm_vector},
    {"Slopes, integrals, scales", tp_fn_nm_scale},
    {"Random numbers and time", tp_fn_nm_state},
    {0},
};

static const tp_fn_group ocean[] = {
    {"Access to results", tp_fn_oc_access},
    {"Values and crossings", tp_fn_oc_value},
    {"Edges, delays and periods", tp_fn_oc_edge},
    {"Bandwidths and margins", tp_fn_oc_band},
    {"Whole waveforms", tp_fn_oc_whole},
    {"Samples and spectra", tp_fn_oc_spectrum},
    {"Each value", tp_fn_oc_each},
    {0},
};

const tp_fn_group *tp_functions_of(tp_dialect dialect)
{
    static const tp_fn_group *const lists[] = {simetrix, nutmeg, ocean};
    return lists[dialect];
}

const tp_fn *tp_function_find(tp_dialect dialect, tp_str name)
{
    for (const tp_fn_group *g = tp_functions_of(dialect); g->title; g++)
        for (const tp_fn *f = g->fn; f->name; f++)
            if (tp_str_same(name, tp_str_of(f->name))) return f;
    return NULL;
}
