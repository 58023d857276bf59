/* A finished run by hand: two variables, an objective and a constraint, three
   trials of which one failed. */
#ifndef TP_TEST_REPORT_ACCOUNT_H
#define TP_TEST_REPORT_ACCOUNT_H

#include "check.h"
#include "report/format.h"

typedef struct finished {
    tp_problem   p;
    tp_bench     bench;
    tp_circuit   circuit;
    tp_analysis  analysis[1];
    tp_source    file[2];
    tp_var       var[2];
    tp_measure   measure[2];
    double       x[3][2];
    tp_reading   reading[3][2];
    tp_trial     trial[3];
    tp_event_row event[2];
    tp_account   a;
} finished;

static inline void finished_problem(finished *f)
{
    f->file[0] = (tp_source){TP_S("dir/d.net"), TP_S("* d\n.end\n")};
    f->file[1] = (tp_source){TP_S("dir/m.lib"), TP_S("* m\n")};
    f->var[0] = (tp_var){
        .name = TP_S("r1"), .lo = 50, .hi = 5e4, .start = 1000, .log = true};
    f->var[1] =
        (tp_var){.name = TP_S("c,1"), .lo = 0, .hi = INFINITY, .start = 1e-12};
    f->analysis[0] = (tp_analysis){.id = TP_S("ac_0"),
                                   .kind = TP_S("ac"),
                                   .command = TP_S("ac dec 5 1 1k")};
    f->circuit = (tp_circuit){.n_analysis = 1, .analysis = f->analysis};
    f->bench.circuit = &f->circuit;
    f->measure[0] = (tp_measure){.name = TP_S("I \"x\""),
                                 .text = TP_S("-(v3#p)"),
                                 .goal = TP_MINIMISE,
                                 .scale = 1};
    f->measure[1] = (tp_measure){.name = TP_S("BW"),
                                 .text = TP_S("lpbw(vout, 3)"),
                                 .goal = TP_AT_LEAST,
                                 .target = 2.5e8,
                                 .scale = 2.5e8};
    f->p = (tp_problem){.name = TP_S("d"),
                        .path = TP_S("dir/d.net"),
                        .files = {.n = 2, .file = f->file},
                        .space = {2, f->var},
                        .n_bench = 1,
                        .bench = &f->bench,
                        .n_measure = 2,
                        .measure = f->measure,
                        .abstol = NAN,
                        .reltol = 1e-3,
                        .iterlim = 25};
}

static inline void finished_trials(finished *f)
{
    static const double x[3][2] = {{1000, 1e-12}, {50, 1. / 3}, {2222.5, 0}};
    static const double v[3][2] = {
        {2.44061e-3, 2.7696e8}, {0, 0}, {1.7e-3, 2.499e8}};
    for (int i = 0; i < 3; i++) {
        tp_trial *t = &f->trial[i];
        *t =
            (tp_trial){.number = i + 1,
                       .x = f->x[i],
                       .outcome = i == 1 ? TP_S("no-convergence") : TP_S("ran"),
                       .attempts = 1 + i,
                       .sim_seconds = 0.25,
                       .seconds = 0.5};
        if (i == 1) t->why = TP_S("singular, \"net\" <3>\nline two");
        for (int k = 0; k < 2; k++) {
            f->x[i][k] = x[i][k];
            f->reading[i][k] = (tp_reading){.ok = true,
                                            .value = v[i][k],
                                            .unit = k ? TP_S("Hz") : TP_S("A")};
        }
        if (i == 1) continue;
        t->reading = f->reading[i];
        t->score = tp_problem_score(&f->p, t->reading, 1e-3, check_mem());
    }
}

static inline finished *finished_make(void)
{
    finished *f = TP_NEW(check_mem(), finished, 1);
    finished_problem(f);
    finished_trials(f);
    f->event[0] = (tp_event_row){1, TP_S("ask"), {"\0\1\xff", 3}};
    f->event[1] = (tp_event_row){2, TP_S("tell"), {"", 0}};
    f->a = (tp_account){.problem = &f->p,
                        .space = &f->p.space,
                        .run = {.id = TP_S("d-12ab"),
                                .name = TP_S("d"),
                                .path = TP_S("dir/d.net"),
                                .created = TP_S("2026-11-21T02:40:00Z"),
                                .method = TP_S("COBYLA"),
                                .method_settings = TP_S("step=0.5"),
                                .settings = TP_S("seed=1,method=\"A,b=1\""),
                                .status = TP_S("limit"),
                                .reason = TP_S("maxitersreached"),
                                .n_trial = 3,
                                .n_failed = 1,
                                .best = 3,
                                .seconds = 1.5},
                        .n_trial = 3,
                        .trial = f->trial,
                        .n_event = 2,
                        .event = f->event,
                        .best = 3,
                        .ctol = 1e-3};
    return f;
}
#endif
