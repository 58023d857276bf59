/* The inside of tables, for gmid's own files. */
#ifndef TP_GMID_INSIDE_H
#define TP_GMID_INSIDE_H

#include "gmid/gmid.h"

struct axis_row {
    const char *key, *unit, *name;
};
const struct axis_row *tp_gmid_axis_row(tp_gmid_axis_kind a);
bool                   tp_gmid_per_width(tp_gmid_column c);
/* To and from the scale in which a column is interpolated. */
double tp_gmid_scaled(tp_gmid_column c, double v);
double tp_gmid_unscaled(tp_gmid_column c, double y);
#endif
