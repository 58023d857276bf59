/* wave: what a simulation gives: plots of named real or complex vectors over
   one sweep, and the raw files that carry them between programs. */
#ifndef TP_WAVE_H
#define TP_WAVE_H

#include "base/base.h"

/* One vector over its sweep. Plain data in somebody's arena. */
typedef struct tp_wave {
    tp_str        name;   /* lower case, "vout", "v1#branch" */
    tp_str        unit;   /* "V", "A", "" unknown */
    tp_str        x_unit; /* "s", "Hz", "V", ... */
    int           n;
    const double *x;  /* n sweep values, NULL: none (an operating point) */
    const double *re; /* n values */
    const double *im; /* n values, NULL: real */
} tp_wave;

/* The vectors of one analysis. */
typedef struct tp_plot {
    tp_str         id;      /* as the user wrote it: "ac_0" */
    tp_str         kind;    /* "op" "dc" "ac" "tran" "noise" "tf" */
    tp_str         ordinal; /* "ac1": counted per kind */
    tp_str         x_name;  /* "frequency", "time", "" */
    int            n_wave;
    const tp_wave *wave;
    int            op; /* index of the plot of its operating point, or -1 */
} tp_plot;

typedef struct tp_waves {
    int            n;
    const tp_plot *plot;
} tp_waves;

/* The wave of that name (ASCII case ignored; "v(out)" and "out" are one, as
   are "i(v1)" and "v1#branch"), or NULL. */
const tp_wave *tp_plot_find(const tp_plot *plot, tp_str name);

/* All plots of a raw file of SPICE3/ngspice, ASCII or binary, in the file's
   order, real or complex, padded or not; `id` is the ordinal. The vector 0 of
   a swept plot becomes every other's x (and is a wave itself). TP_BAD_INPUT
   says line or byte and what was expected; TP_LIMIT above 2^27 values.
   Format: ngspice manual, chapter "Raw file format". */
tp_status tp_raw_read(tp_waves *out, tp_str bytes, tp_arena *mem, tp_err *err);
/* The same plots as one binary raw file that ngspice's `load` reads. */
tp_str tp_raw_write(const tp_waves *w, tp_str title, tp_arena *mem);

/* Waves <-> bytes, for the pipe between worker and parent and for blobs in
   the store; exact. Unpacked waves live in `mem`. */
void      tp_waves_pack(tp_buf *b, const tp_waves *w);
tp_status tp_waves_unpack(tp_waves *out, tp_unpack *u, tp_arena *mem,
                          tp_err *err);
#endif
