/* device: a transistor of a model file, simulated over its terminal voltages,
   lengths, corners and temperatures: the tables of module gmid. One worker
   process for each corner holds one device of every length; each drain and
   bulk voltage and temperature is one DC sweep of the gate. */
#ifndef TP_DEVICE_H
#define TP_DEVICE_H

#include "gmid/gmid.h"
#include "sim/sim.h"

typedef enum tp_polarity { TP_POLARITY_AUTO, TP_NMOS, TP_PMOS } tp_polarity;

typedef struct tp_device_spec {
    tp_str          models; /* the model file's path */
    const tp_reach *disk;   /* what it may include beside the usual */
    tp_str          model;  /* its .model or .subckt */
    tp_str        inner; /* MOSFET in the sub-circuit, "": the only one there */
    tp_polarity   polarity; /* AUTO: from the model's type, else its name */
    double        w;        /* m, as simulated */
    tp_gmid_axis  vgs, axis[TP_GMID_AXES];
    double        def[TP_GMID_AXES]; /* the table's defaults; NAN: the first */
    int           n_corner;          /* 0: the file is included as a whole */
    const tp_str *corner;  /* a library section, or several: "tt+res_tt" */
    tp_str        process; /* for the table's head */
    tp_str        simulator;
    const volatile int *stop; /* non-zero ends it; may be NULL */
} tp_device_spec;

/* An axis from text: "0.18u,0.5u,1u", or "from:to:count" evenly spaced, by a
   factor when `ratio`. Sorted; 1 to 1000 values. */
tp_status tp_device_axis(tp_gmid_axis *out, tp_str text, bool ratio,
                         tp_arena *mem, tp_err *err);

/* Adds lengths between those of the spec until the width is within `within`
   (relative), and the gain within 5 times that, in the middle of each gap, at
   the defaults of the other axes and gm/Id 5 to 25, as tp_gmid_compare()
   counts; gaps below 2 % are left. Starts again from the models each time, some
   tens of milliseconds. */
tp_status tp_device_refine(tp_device_spec *spec, double within, tp_arena *mem,
                           tp_err *err);

/* Simulates the whole grid. Rows whose current or gm is below 1e-15 are left
   out, lengths of which nothing is left too. Values are for 1 um of width,
   rounded to 7 (gm/Id, id) or 5 digits. TP_BAD_INPUT: what the models, sections
   or names lack; TP_SIM: the simulator's own words. */
tp_status tp_device_table(tp_gmid_table **out, const tp_device_spec *spec,
                          tp_arena *mem, tp_err *err);

/* The same grid half a step off: midway between the lengths (geometric),
   gate, drain and bulk voltages and temperatures. Its table tests the other:
   none of its points is a point of that (but for axes of one value). */
void tp_device_between(tp_device_spec *out, const tp_device_spec *spec,
                       tp_arena *mem);
#endif
