/* What the reader and the writer of raw files share: words of the format. */
#ifndef TP_WAVE_RAW_H
#define TP_WAVE_RAW_H

#include "wave/wave.h"

/* One row a kind of plot; `title` is what "Plotname:" begins with. */
typedef struct tp_plot_kind {
    const char *title, *kind;
    bool        swept; /* vector 0 is the sweep */
} tp_plot_kind;
/* By a title (any text after it), the row whose title starts it, or NULL; of
   two with one title, that for a plot which is swept or is not. */
const tp_plot_kind *tp_plot_kind_of_title(tp_str title, bool swept);
const tp_plot_kind *tp_plot_kind_find(tp_str kind, bool swept);

/* "voltage" -> "V"; "" for what has no unit here. */
tp_str tp_raw_unit(tp_str type);
/* The type a vector of this unit is written with. */
const char *tp_raw_type(tp_str unit);

/* A vector's name without its dress: "v(out)" and "out" have core "out";
   "i(v1)" and "v1#branch" have core "v1" and are branch currents; "i(@m1[id])"
   and "@m1[id]" have core "@m1[id]". */
typedef struct tp_vector_name {
    tp_str core;
    bool   branch;
} tp_vector_name;
tp_vector_name tp_vector_name_of(tp_str name);
#endif
