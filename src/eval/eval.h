/* eval: one job, a trial on one deck: values of the variables -> measured
   values, outcome, log; waves where asked. What a worker does; the parent packs
   and unpacks. */
#ifndef TP_EVAL_H
#define TP_EVAL_H

#include "exec/exec.h"
#include "problem/problem.h"
#include "sim/sim.h"

/* Of values that plain ngspice does not give for the deck: it gives none. */
#define TP_NOT_COMPARABLE "not comparable with plain ngspice"
/* Of values whose operating points were sought from another one; and where a
   cold start had found something else. */
#define TP_WARM_START "warm start"
#define TP_SECOND_SOLUTION "a second solution"

typedef enum tp_wrong_in {
    TP_WRONG_UNKNOWN,
    TP_WRONG_MEASURE,
    TP_WRONG_LINE
} tp_wrong_in;
/* Where in a program's own texts the cause of a failure stands. */
typedef struct tp_wrong {
    tp_wrong_in in;
    int         at;  /* which one, from 0 */
    int         col; /* 1-based, in its text; 0: nobody knows */
} tp_wrong;

/* What one job gave; or, put together by run, a trial: then reading is one per
   corner and measure. */
typedef struct tp_result {
    tp_outcome how;
    tp_str     why;          /* in the simulator's words, where it failed; where
                                it ran, what has to be known of its values */
    tp_wrong          wrong; /* of a program that failed */
    int               n;     /* the bench's measures, in the problem's order */
    const tp_reading *reading;
    double            sim_seconds;   /* wall time of the analyses (the floor) */
    double            total_seconds; /* CPU of the whole evaluation */
    int               iterations;
    int               n_work; /* analyses of the bench; 0: nobody says */
    const int        *work;   /* of each: points and Newton iterations, the same
                                 whoever simulates it and when; 0: not wanted */
    int                  n_wave; /* asked for with tp_want, in that order */
    const tp_wave       *wave;
    tp_waves             all;      /* every plot, where asked for */
    tp_str               version;  /* the simulator's, in its first answer */
    int                  n_notice; /* of the simulator, in its first answer */
    const tp_sim_notice *notice;
} tp_result;

/* Whether one of the words above is in what a result or trial says. */
bool tp_says(tp_str why, const char *words);

/* A vector to be brought back, in the measurement language: "d1#p". */
typedef struct tp_want {
    int            n;
    const tp_bind *bind;   /* signals */
    bool           all;    /* every vector of every analysis, too */
    int            n_only; /* 0: all analyses; else one mark for each: those */
    const bool    *only;   /* that are to be simulated. A measure that reads
                              others is skipped. */
    bool      work;        /* what each analysis cost is to be said */
    tp_warmth warmth;
} tp_want;

enum { /* a load's first byte */
       TP_EVAL_MARK = 'E',
       TP_PROGRAM_MARK = 'P',
       TP_CONTROL_MARK = 'C',
};
/* The first message to a worker: circuit, data and measures of a deck (a bench
   in a corner), so that the worker needs no file. */
tp_str tp_eval_load(const tp_problem *p, int deck, const tp_circuit *c,
                    tp_str simulator, tp_arena *mem);
/* A job: values of the variables, then the derived ones (real values). */
tp_str tp_eval_ask(const double *x, int n, const tp_want *want, tp_arena *mem);
/* The answer to it. TP_BAD_INPUT when the bytes are no answer (a broken
   worker). */
tp_status tp_eval_answer(tp_result *out, tp_str answer, tp_arena *mem,
                         tp_err *err);

/* The other side of the pipe: load once, then work. One evaluator per
   process. `deadline` CPU seconds per trial end the process by itself. */
typedef struct tp_evaluator tp_evaluator;
tp_status tp_evaluator_open(tp_evaluator **out, tp_str load, tp_err *err);
tp_str    tp_evaluator_work(tp_evaluator *e, tp_str ask, tp_arena *mem);
void      tp_evaluator_close(tp_evaluator *e);

/* The same as exec's callbacks: load makes an evaluator, work uses it. */
void  *tp_eval_work_load(tp_str load, tp_err *err);
tp_str tp_eval_work(void *with, tp_str ask, tp_arena *mem);
/* The same for a bench that is a Nutmeg program: tp_eval_load gives its load,
   the asks and answers are the same. */
void  *tp_program_work_load(tp_str load, tp_err *err);
tp_str tp_program_work(void *with, tp_str ask, tp_arena *mem);
/* And for one whose analyses stand in .control blocks. */
void  *tp_control_work_load(tp_str load, tp_err *err);
tp_str tp_control_work(void *with, tp_str ask, tp_arena *mem);
/* What a worker said when it refused its load (tp_done.answer). */
void tp_eval_refusal(tp_err *out, tp_str answer);

/* A measure over finished waves, bound as the problem says, at all values
   (tp_problem_values); used by the worker and, for the proof, by the parent. */
tp_reading tp_eval_measure(const tp_measure *m, const tp_problem *p,
                           const tp_waves *w, const double *x, tp_arena *mem);

/* The measures that are made of others (bench TP_BENCH_NONE), in the parent,
   where the others' readings are there: of each corner asked for from those of
   the same corner, or, `over` corners, one for all of them, where a measure is
   its values over the corners' temperatures. `value`: variables and derived
   values. */
void tp_eval_derived(const tp_problem *p, tp_reading *reading,
                     const double *value, tp_arena *mem);
#endif
