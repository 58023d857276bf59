/* What report's files share: numbers beside limits, small tables. */
#ifndef TP_REPORT_FORMAT_H
#define TP_REPORT_FORMAT_H

#include "report/report.h"

/* The value for people, with as many digits as it takes to look different
   from `limit` when it is. */
tp_str tp_beside(double v, double limit, tp_str unit, tp_arena *mem);
tp_str tp_engineered(double v, tp_str unit, tp_arena *mem);
tp_str tp_exactly(double v, tp_arena *mem);
/* The unit of a measure: as read, else as known before. */
tp_str tp_unit_of(const tp_measure *m, const tp_reading *r);
/* Signed distance to the limit over the measure's scale, > 0: met. */
double tp_margin(const tp_measure *m, double value);
bool   tp_is_constraint(const tp_measure *m);
/* "met", "met within ctol", "NOT MET", "no value". */
const char *tp_verdict(const tp_measure *m, const tp_reading *r, double ctol);
/* A constraint within 1 % of its limit. */
bool tp_is_active(const tp_measure *m, const tp_reading *r);
/* The command that measures a trial again: exact values, one line. */
tp_str tp_reproduce(const tp_problem *p, const tp_trial *t, tp_arena *mem);

/* specs.c: a problem with specs. Limits, the worst corner's value, its margin;
   what was derived; a row per corner; the cost in the problem file's own terms.
 */
void tp_specs_table(tp_buf *b, const tp_problem *p, const tp_trial *t,
                    double ctol);
void tp_derived_table(tp_buf *b, const tp_problem *p, const tp_trial *t);
void tp_corners_table(tp_buf *b, const tp_problem *p, const tp_trial *t);
void tp_cost_line(tp_buf *b, const tp_problem *p, const tp_trial *t);
/* The proof, a line. */
void tp_put_proof(tp_buf *b, const tp_account *a, bool colour);
/* A line for each change of the simulator while the run went on; none where it
   was one. */
void tp_put_simulators(tp_buf *b, const tp_account *a);
/* ", 24 simulations not needed, 2 taken over"; nothing where there are none. */
void tp_put_spared(tp_buf *b, const tp_account *a);
/* That no trial gave a result: why the first one has none stands for all. */
void tp_put_nothing(tp_buf *b, const tp_account *a);

/* Rows of cells with aligned columns: text left, `right` bit k: column k is
   right-aligned. */
enum { TP_TABLE_COLUMNS = 8 };
typedef struct tp_table {
    tp_arena *mem;
    int       n_col, n, cap;
    unsigned  right;
    tp_str (*row)[TP_TABLE_COLUMNS];
} tp_table;
tp_str *tp_table_row(tp_table *t); /* a new row of empty cells */
void    tp_table_print(tp_buf *b, const tp_table *t, const char *indent);
#endif
