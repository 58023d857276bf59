/* plot: axes, curves and labels as SVG and PNG. */
#ifndef TP_PLOT_H
#define TP_PLOT_H

#include "base/base.h"
#include "wave/wave.h"

typedef enum tp_mark {
    TP_MARK_LINE,
    TP_MARK_POINTS,
    TP_MARK_STEP,
    TP_MARK_DASHED, /* a grey line to compare with */
    TP_MARK_BAND    /* the points go round an area, tinted under the lines */
} tp_mark;
typedef struct tp_curve {
    tp_str        label; /* in the legend; "" none */
    int           n;
    const double *x, *y; /* NAN: a gap */
    tp_mark       mark;
    int           colour; /* -1: the next of the palette */
} tp_curve;
typedef struct tp_graph {
    tp_str          title, x_label, y_label, x_unit, y_unit;
    bool            x_log, y_log; /* points that can't be shown are gaps */
    int             n;
    const tp_curve *curve;
    int             width, height; /* pixels; 0: 800 x 500 */
    bool            beside;        /* the legend stands right of the frame,
                                      which gives up to half its width */
} tp_graph;

/* The picture in that format: "svg" or "png" (by the file's ending).
   TP_BAD_INPUT for another; a graph without a point to show says so in the
   picture. The same graph gives the same PNG on the same machine. */
tp_status tp_graph_write(const tp_graph *g, const char *path, tp_err *err);
/* The same as the bytes of an SVG in `mem`. TP_IO: cairo could not draw it. */
tp_status tp_graph_svg(tp_str *out, const tp_graph *g, tp_arena *mem,
                       tp_err *err);
#endif
