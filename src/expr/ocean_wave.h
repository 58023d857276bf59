/* What the files of OCEAN's builtins share. */
#ifndef TP_EXPR_OCEAN_WAVE_H
#define TP_EXPR_OCEAN_WAVE_H

#include "expr/functions.h"
#include "expr/waveform.h"

/* "rising" 1, "falling" -1, "either" 0; *none says what else it was. */
bool tp_ocean_way(tp_str edge, int *way, tp_arena *mem, tp_value *none);
/* Which crossing of a level is meant: the nth, from the right when nth < 0. */
typedef struct tp_ocean_nth {
    double level, nth;
    int    way;
} tp_ocean_nth;
/* Its x, straight between samples. */
bool tp_ocean_crossing(double *x, const tp_curve *c, tp_ocean_nth which,
                       tp_arena *mem, tp_value *none);
#endif
