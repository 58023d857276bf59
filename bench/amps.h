/* Two-stage amplifiers of three transistor models, as problems of one bench
   with analyses and measures to choose from, and a real worker for them. */
#ifndef TP_BENCH_AMPS_H
#define TP_BENCH_AMPS_H

#include "eval/eval.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct amp {
    tp_problem  p;
    tp_bench    bench;
    tp_circuit  circuit;
    tp_str      param[2];
    tp_var      var[2];
    tp_analysis analysis[3];
    tp_measure  measure[3];
    tp_bind     bind[3];
} amp;

static const char *const amp_models[][2] = {
    {"level 1", ".model n nmos(level=1 vto=0.6 kp=120u lambda=0.05 tox=9n)\n"
                ".model p pmos(level=1 vto=-0.7 kp=40u lambda=0.06 tox=9n)\n"},
    {"BSIM3",
     ".model n nmos(level=8 version=3.3 tox=7n vth0=0.6 u0=450 k1=0.5)\n"
     ".model p pmos(level=8 version=3.3 tox=7n vth0=-0.7 u0=150 k1=0.5)\n"},
    {"BSIM4", ".model n nmos(level=14 version=4.5 toxe=4n vth0=0.5 u0=0.04)\n"
              ".model p pmos(level=14 version=4.5 toxe=4n vth0=-0.5 "
              "u0=0.015)\n"},
};
static const char amp_text[] =
    "* two stages with a Miller capacitor\n"
    ".param w1=20u w6=60u\n"
    "v1 vdd 0 3\n"
    "v2 inp 0 dc 1.2 ac 1 pulse(1.1 1.3 100n 1n 1n 1u 2u)\n"
    "m1 a inp t 0 n w={w1} l=1u\nm2 b out t 0 n w={w1} l=1u\n"
    "m3 a a vdd vdd p w=10u l=1u\nm4 b a vdd vdd p w=10u l=1u\n"
    "m5 t bias 0 0 n w=10u l=1u\nm6 out b vdd vdd p w={w6} l=1u\n"
    "m7 out bias 0 0 n w=30u l=1u\nm8 bias bias 0 0 n w=10u l=1u\n"
    "r1 vdd bias 150k\nc1 b out 2p\ncl out 0 5p\n%s.end\n";

static inline void amp_die(const char *what, const tp_err *err)
{
    fprintf(stderr, "%s: %s\n", what, err->msg);
    exit(3);
}

static inline void amp_add(amp *a, const char *command, const char *measure,
                           tp_arena *mem)
{
    int         i = a->circuit.n_analysis++;
    tp_err      err = {0};
    tp_scope    scope = {.dialect = TP_SIMETRIX};
    tp_str      words = tp_str_of(command), kind = tp_str_word(&words, " ");
    tp_measure *m = &a->measure[i];
    a->analysis[i] =
        (tp_analysis){.id = kind,
                      .kind = kind,
                      .ordinal = tp_str_fmt(mem, "%.*s1", TP_F(kind)),
                      .command = tp_str_of(command)};
    a->bind[i] = (tp_bind){
        .kind = TP_BIND_SIGNAL,
        .analysis = i,
        .signal = {.name = TP_S("out"), .vector = TP_S("out"), .factor = 1}};
    *m = (tp_measure){.name = tp_str_of(measure),
                      .text = tp_str_of(measure),
                      .analysis = i,
                      .n_bind = 1,
                      .bind = &a->bind[i]};
    if (tp_expr_compile(&m->expr, m->text, &scope, mem, &err))
        amp_die(measure, &err);
    a->p.n_measure = i + 1;
}

/* Model 0, 1 or 2 with 1 (op), 2 (ac, too) or 3 (transient, too) analyses. */
static inline amp *amp_make(int model, int analyses, tp_arena *mem)
{
    static const char *const rows[][2] = {
        {"op", "out"},
        {"ac dec 10 1k 1g", "LPBW(out,3)"},
        {"tran 2n 4u", "Mean1(out)"},
    };
    amp *a = TP_NEW(mem, amp, 1);
    char text[2000];
    snprintf(text, sizeof text, amp_text, amp_models[model][1]);
    a->param[0] = a->var[0].name = TP_S("w1");
    a->param[1] = a->var[1].name = TP_S("w6");
    a->circuit = (tp_circuit){.text = tp_str_copy(mem, tp_str_of(text)),
                              .n_param = 2,
                              .param = a->param,
                              .analysis = a->analysis};
    a->bench.circuit = &a->circuit;
    a->p = (tp_problem){.space = {.n = 2, .var = a->var},
                        .n_bench = 1,
                        .bench = &a->bench,
                        .measure = a->measure};
    for (int i = 0; i < analyses; i++) amp_add(a, rows[i][0], rows[i][1], mem);
    return a;
}

/* Widths for trial k. */
static inline void amp_point(uint64_t k, double *x)
{
    tp_rng rng = tp_rng_at(1, k);
    x[0] = 20e-6 * (0.8 + 0.4 * tp_rng_uniform(&rng));
    x[1] = 60e-6 * (0.8 + 0.4 * tp_rng_uniform(&rng));
}

static inline void amp_open(tp_exec *x, const char *program, int jobs,
                            tp_str load, tp_arena *mem)
{
    tp_err             err = {0};
    const tp_exec_ops *ops = tp_exec_find(TP_S("local"));
    tp_str             n = tp_str_fmt(mem, "%d", jobs);
    *x = (tp_exec){.settings = tp_exec_settings(ops, mem)};
    if (tp_params_set(ops->params, x->settings, TP_S("program"),
                      tp_str_of(program), mem, &err) ||
        tp_params_set(ops->params, x->settings, TP_S("jobs"), n, mem, &err) ||
        ops->open(x, &err) || ops->put(x, 1, load, &err))
        amp_die("workers", &err);
}

static inline void amp_submit(tp_exec *x, uint64_t id, const double *v, int n,
                              tp_arena mem)
{
    const tp_exec_ops *ops = tp_exec_find(TP_S("local"));
    tp_err             err = {0};
    tp_job j = {.id = id, .key = 1, .ask = tp_eval_ask(v, n, NULL, &mem)};
    if (ops->submit(x, &j, &err)) amp_die("submit", &err);
}

/* The next answer; its bytes are in `mem`. Ends the program when there is
   none, or when it is not one of a trial that ran. */
static inline tp_result amp_wait(tp_exec *x, tp_arena *mem)
{
    const tp_exec_ops *ops = tp_exec_find(TP_S("local"));
    tp_err             err = {0};
    tp_done            d = {0};
    tp_result          r;
    while (d.id == 0)
        if (ops->wait(x, -1, mem, &d, &err)) amp_die("wait", &err);
    if (d.how == TP_END_REFUSED) tp_exec_refusal(&err, d.answer);
    if (d.how != TP_END_DONE) amp_die("a job was lost", &err);
    if (tp_eval_answer(&r, d.answer, mem, &err)) amp_die("answer", &err);
    if (r.how != TP_RAN) snprintf(err.msg, sizeof err.msg, "%.*s", TP_F(r.why));
    if (r.how != TP_RAN) amp_die("a trial did not run", &err);
    return r;
}
#endif
