/* parts: what the two sides of a trial share inside this module. */
#ifndef TP_EVAL_PARTS_H
#define TP_EVAL_PARTS_H

#include "eval/eval.h"

/* What a worker is given, unpacked. */
typedef struct tp_bench_load {
    tp_str        simulator; /* "ngspice" or "fake,points=5" */
    tp_circuit    circuit;
    tp_problem    problem;   /* values (as variables), data and measures only */
    int           n_setting; /* the last of the values, */
    const double *setting;   /* which never change */
} tp_bench_load;
tp_status tp_bench_load_unpack(tp_bench_load *out, tp_str bytes, tp_arena *mem,
                               tp_err *err);

/* A job, unpacked. */
typedef struct tp_ask {
    const double *x; /* one per variable of the load's problem */
    tp_want       want;
} tp_ask;
/* `load`: what its numbers may refer to. */
tp_status tp_ask_unpack(tp_ask *out, const tp_bench_load *load, tp_str bytes,
                        tp_arena *mem, tp_err *err);
/* The names of all values, those that the corner sets with theirs. */
void tp_values_pack(tp_buf *b, const tp_problem *p, int deck);
void tp_values_unpack(tp_bench_load *out, tp_unpack *u, tp_arena *mem);
/* control.c */
tp_str tp_control_load(const tp_problem *p, int deck, const tp_circuit *circuit,
                       tp_str simulator, tp_arena *mem);
/* program.c */
tp_str tp_program_load(const tp_problem *p, int deck, const tp_circuit *circuit,
                       tp_str simulator, tp_arena *mem);
tp_str tp_answer_pack(const tp_result *r, tp_arena *mem);

/* eval.c: a value as an expression sees it, and an expression as a reading. */
tp_value   tp_eval_value(const tp_problem *p, int at, const double *value);
tp_reading tp_eval_reading(const tp_measure *m, const tp_value *bound,
                           tp_arena *mem);
#endif
