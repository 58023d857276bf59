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

/* The same with doubles of the other byte order in "Binary:" parts (nutbin of
   Spectre: the largest byte first). */
tp_status tp_raw_read_big(tp_waves *out, tp_str bytes, tp_arena *mem,
                          tp_err *err);

/* ---- PSF-ASCII: what Spectre writes ------------------------------------- */

/* A property of the head, or a value that is a text. */
typedef struct tp_psf_text {
    tp_str name; /* a field of a structure: "M0:region" */
    tp_str text;
} tp_psf_text;
typedef struct tp_psf {
    int                n_head;
    const tp_psf_text *head; /* "analysis type": "ac"; numbers as written */
    tp_plot            plot; /* id: the analysis's name; kind "op" for a dc
                                analysis without a sweep, "info" ...; vectors of
                                structures are called "M0:gm", names are as
                                written without their backslashes */
    int                n_text;
    const tp_psf_text *text;
} tp_psf;

/* A whole file: swept or not; scalars, complex numbers, structures, groups. A
   signal that a point leaves out keeps its value, NAN before its first. With
   several sweeps in one file the last named one is x, the others are vectors.
   TP_BAD_INPUT says line and what was expected, and that a file without END was
   not written to its end. Format: as Spectre's psfascii output shows it. */
tp_status tp_psf_read(tp_psf *out, tp_str bytes, tp_arena *mem, tp_err *err);
/* A property of the head or a text value of that name; "" there is none. */
tp_str tp_psf_head(const tp_psf *p, const char *name);
tp_str tp_psf_value(const tp_psf *p, tp_str name);
/* One plot as such a file, numbers with `digits` significant digits. Vectors
   must have the length of the sweep. */
tp_str tp_psf_write(const tp_plot *plot, int digits, tp_arena *mem);

/* Waves <-> bytes, for the pipe between worker and parent and for blobs in
   the store; exact. Unpacked waves live in `mem`. */
void      tp_waves_pack(tp_buf *b, const tp_waves *w);
tp_status tp_waves_unpack(tp_waves *out, tp_unpack *u, tp_arena *mem,
                          tp_err *err);
#endif
