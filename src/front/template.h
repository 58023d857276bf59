/* A netlist with holes: `${NAME}`, as vcli's bandgap sweeps write them. */
#ifndef TP_FRONT_TEMPLATE_H
#define TP_FRONT_TEMPLATE_H

#include "base/base.h"

typedef struct tp_hole {
    tp_str name;
    double value; /* what the deck says until somebody sets it */
    int    uses;  /* how often it was found */
} tp_hole;

/* The deck with parameters in the places of the holes: {NAME}, or NAME inside
   an expression, and a .param line for each behind the first line. Holes
   without a use get none. TP_BAD_INPUT at the place of a `${...}` that is
   none of them. */
tp_status tp_template_fill(tp_str *out, const tp_source *netlist, tp_hole *hole,
                           int n, tp_arena *mem, tp_err *err);
#endif
