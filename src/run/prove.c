/* The best trial again, by a fresh plain simulator from the reference deck;
   and one evaluation without a run. */
#include "run/inside.h"

#include <math.h>

static const double agree = 1e-6; /* relative, of a measure */

static double difference(double a, double b)
{
    double big = fmax(fabs(a), fabs(b));
    return a == b ? 0 : fabs(a - b) / big;
}

/* Compares every measure; the first that differs is named. */
static void compare(tp_proof *out, const tp_run *r, const tp_trial *t,
                    const tp_waves *w, tp_arena *mem)
{
    out->done = out->same = true;
    for (int i = 0; i < r->problem->n_measure; i++) {
        const tp_measure *m = &r->problem->measure[i];
        tp_reading        a = t->reading[i];
        tp_reading        b = tp_eval_measure(m, r->problem, w, t->x, mem);
        double d = a.ok && b.ok ? difference(a.value, b.value) : INFINITY;
        if (!a.ok && !b.ok) d = 0;
        if (d > out->max_relative_difference) out->max_relative_difference = d;
        if (d <= agree || !out->same) continue;
        char   had[TP_NUMBER_MAX], got[TP_NUMBER_MAX];
        tp_str other = b.ok ? tp_str_of(tp_exact(b.value, got)) : b.why;
        out->same = false;
        out->why =
            tp_str_fmt(mem, "%.*s: %s in the run, %.*s here", TP_F(m->name),
                       a.ok ? tp_exact(a.value, had) : "no value", TP_F(other));
    }
}

static tp_status simulate(tp_sim_result *out, const tp_run *r,
                          const tp_trial *t, tp_arena *mem, tp_err *err)
{
    const tp_sim_ops *ops = tp_sim_find(TP_S("spawn"));
    tp_sim            sim = {.mem = tp_arena_open((ptrdiff_t)1 << 34)};
    sim.settings = tp_alloc(&sim.mem, (ptrdiff_t)ops->settings_size,
                            (ptrdiff_t) _Alignof(max_align_t), 1);
    if (ops->params) tp_params_default(ops->params, sim.settings);
    tp_status st = ops->open(&sim, err);
    if (!st) {
        st = ops->load(&sim, r->problem->bench[0].circuit, err);
        if (!st) st = ops->run(&sim, t->x, NULL, mem, out, err);
        ops->close(&sim);
    }
    tp_arena_close(&sim.mem);
    return st;
}

tp_status tp_run_prove(tp_run *r, tp_proof *out, tp_arena *mem, tp_err *err)
{
    const tp_trial *t = tp_run_best(r);
    tp_err          said = {0};
    tp_sim_result   got = {0};
    double          began = tp_now();
    *out = (tp_proof){.simulator = TP_S("ngspice -b")};
    if (!t) {
        out->why = TP_S("no trial ran");
    } else if (simulate(&got, r, t, mem, &said)) {
        out->why = tp_str_copy(mem, tp_str_of(said.msg));
    } else if (got.how != TP_RAN) {
        out->why = got.why.len ? got.why : tp_str_of(tp_outcome_words(got.how));
    } else {
        compare(out, r, t, &got.waves, mem);
    }
    out->seconds = tp_now() - began;
    tp_buf b = {.mem = &r->mem};
    tp_proof_pack(&b, out);
    r->row.proof = tp_buf_str(&b);
    return tp_store_run_end(r->store, &r->row, err);
}
