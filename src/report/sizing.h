/* sizing: what the blocks of a sizing run share (a problem with specs, corners
   and derived values): short numbers, marks, phases. */
#ifndef TP_REPORT_SIZING_H
#define TP_REPORT_SIZING_H

#include "report/format.h"

/* Three digits and a prefix: "650n", "14.2uA" with a unit; more digits where it
   would look like `beside` and is not (NAN: nothing to be beside of). */
tp_str tp_short(double v, tp_str unit, double beside, tp_arena *mem);
/* The marks of a limit and of a target. */
const char *tp_mark_limit(const tp_spec *s, double v);
const char *tp_mark_target(const tp_spec *s, double v);
/* The limit that a value is closer to; NAN: there is none. */
double tp_near_limit(const tp_spec *s, double v);
/* A limit is met, and the value is closer to it than 5 % of it. */
bool tp_is_marginal(const tp_spec *s, double v);
/* Whether all specs are met in a corner, to the letter. */
bool tp_corner_met(const tp_problem *p, const tp_reading *r, int corner);
/* "tt", "tt ff ss": the sections of a phase's corners. */
tp_str tp_phase_corners(const tp_problem *p, int phase, tp_arena *mem);
/* " gmid_M1=13.2 L_M1=650n" of the variables (or derived values, with units)
   whose name ends in `_tag`; all when the tag is empty. */
void tp_put_variables(tp_buf *b, const tp_problem *p, const double *x,
                      tp_str tag);
void tp_put_derived(tp_buf *b, const tp_problem *p, const tp_trial *t,
                    tp_str tag);
/* A rule of box-drawing characters up to column 55, after `text`. */
void tp_put_rule(tp_buf *b, const char *line, tp_str text);
#endif
