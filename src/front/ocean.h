/* Names of OCEAN expressions, for front ends whose measures are written in
   it. */
#ifndef TP_FRONT_OCEAN_H
#define TP_FRONT_OCEAN_H

#include "problem/problem.h"

/* What the names may be. */
typedef struct tp_ocean_scope {
    tp_deck     *deck; /* NULL: they are the simulator's own (Spectre) */
    int          n_analysis;
    tp_analysis *analysis;   /* `op` is set where a point of it is read */
    tp_str measure_analysis; /* the measure's: an id, or "ac" "tran" "dcOp"
                                "dc" "noise" */
    int n_value;             /* variables, derived values, settings, in the
                                order of TP_BIND_VAR's `at` */
    const tp_str *value;
} tp_ocean_scope;

/* Binds every name of the expression: one tp_bind per slot, signals resolved
   in the deck (tp_deck_signal). TP_BAD_INPUT with err->col in the expression's
   text says which name is unknown, and the nearest ones. */
tp_status tp_ocean_bind(const tp_bind **out, int *n, const tp_expr *e,
                        tp_ocean_scope *in, tp_arena *mem, tp_err *err);

/* What ngspice calls the net (or device) of a path: "/I0/net1" is i0.net1, or
   xi0.net1 where the deck has it with the letter; "/I0/V1" is v.xi0.v1.
   TP_BAD_INPUT names the nearest ones. */
tp_status tp_ocean_net(tp_str *out, const tp_deck *deck, tp_str path,
                       tp_arena *mem, tp_err *err);
tp_status tp_ocean_device(tp_str *out, const tp_deck *deck, tp_str path,
                          tp_arena *mem, tp_err *err);
#endif
