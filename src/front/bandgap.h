/* The inside of a bandgap sweep's reader. */
#ifndef TP_FRONT_BANDGAP_H
#define TP_FRONT_BANDGAP_H

#include "front/front.h"
#include "front/template.h"
#include "front/yaml.h"

enum { TP_SWEEP_PARAMS = 64 };

typedef struct tp_sweep_param {
    const tp_yaml *at;
    double         lo, step, start;
    int            points;
} tp_sweep_param;

typedef struct tp_sweep_plan {
    const tp_bandgap_ask *ask;
    tp_arena             *mem;
    tp_err               *err;
    const tp_yaml        *top;
    tp_bandgap_goal       goal;
    bool                  literal;
    int                   strategy;
    bool                  typical_first; /* the corner it begins in is tt */
    int                   sample;        /* points of the first grid; 0: all */
    tp_str                netlist;       /* its path */
    tp_str                deck; /* of the deck made of it, as the problem
                                   names it */
    int            n;
    tp_sweep_param param[TP_SWEEP_PARAMS];
    tp_hole        hole[TP_SWEEP_PARAMS];
} tp_sweep_plan;

/* bandgap.c: whether a file's top is a sweep's. */
bool tp_sweep_knows(const tp_yaml *top);
/* The method with its settings: "narrowing,rounds=8,...". */
tp_str tp_sweep_method(const tp_sweep_plan *s);
/* bandgap_text.c: the sweep as the text of a problem file. */
tp_status tp_sweep_text(tp_str *out, const tp_sweep_plan *s);
#endif
