/* The inside of module device. */
#ifndef TP_DEVICE_INSIDE_H
#define TP_DEVICE_INSIDE_H

#include "device/device.h"
#include "netlist/netlist.h"

/* What the model file says of the device. */
typedef struct tp_device_kind {
    bool   subckt;
    bool   pmos;
    double scale; /* metres of one unit of w and l: `.option scale` */
    tp_str inner; /* path inside the sub-circuit, "" a plain M device */
} tp_device_kind;

/* Looks the model up in one corner's files. */
tp_status tp_device_find(tp_device_kind *out, const tp_device_spec *spec,
                         int corner, tp_arena *mem, tp_err *err);
/* The circuit: device k (of length k) as m<k> or x<k>, sources vg, vd, vb.
   Sets kind->inner. */
tp_status tp_device_circuit(tp_circuit *out, const tp_device_spec *spec,
                            tp_device_kind *kind, int corner, tp_arena *mem,
                            tp_err *err);
/* "m3", "m.x3.m0": the simulator's name of the MOSFET of length k. */
tp_str tp_device_name(const tp_device_kind *kind, int k, tp_arena *mem);
/* axis.c: without what binary fractions add: 0.30000000000000004 is 0.3. */
double tp_device_tidy(double v);
/* Two lengths of the table between which the model jumps. */
typedef struct tp_device_jump {
    int    gap; /* of the table's lengths */
    double lo, hi;
} tp_device_jump;
/* jump.c: draws lo and hi together around each jump until they are some 1e-6
   apart, one of them on a round number where that is beside it. The other axes
   of `few` have one value. */
tp_status tp_device_find_jumps(const tp_device_spec *few, tp_device_jump *jump,
                               int n, tp_arena *mem, tp_err *err);
#endif
