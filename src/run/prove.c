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

/* Compares two readings of a measure; the first that differs is named. */
static void compare_one(tp_proof *out, const tp_measure *m, tp_reading a,
                        tp_reading b, tp_arena *mem)
{
    double d = a.ok && b.ok ? difference(a.value, b.value) : INFINITY;
    if (!a.ok && !b.ok) d = 0;
    if (d > out->max_relative_difference) out->max_relative_difference = d;
    if (d <= agree || !out->same) return;
    char   was[TP_NUMBER_MAX], is[TP_NUMBER_MAX];
    tp_str other = b.ok ? tp_str_of(tp_exact(b.value, is)) : b.why;
    out->same = false;
    out->why =
        tp_str_fmt(mem, "%.*s: %s in the run, %.*s here", TP_F(m->name),
                   a.ok ? tp_exact(a.value, was) : "no value", TP_F(other));
}

/* Compares every measure of the deck. */
static void compare(tp_proof *out, const tp_run *r, int deck, const tp_trial *t,
                    const double *value, const tp_waves *w, tp_arena *mem)
{
    const tp_problem *p = r->problem;
    const tp_reading *had =
        t->reading + tp_problem_corner_of(p, deck) * p->n_measure;
    for (int i = 0; i < p->n_measure; i++) {
        const tp_measure *m = &p->measure[i];
        if (m->bench != tp_problem_bench_of(p, deck)) continue;
        tp_reading b = tp_eval_measure(m, p, w, value, mem);
        compare_one(out, m, had[i], b, mem);
    }
}

static tp_status simulate(tp_sim_result *out, const tp_circuit *c,
                          const double *value, tp_arena *mem, tp_err *err)
{
    const tp_sim_ops *ops = tp_sim_find(TP_S("spawn"));
    tp_sim            sim = {.mem = tp_arena_open((ptrdiff_t)1 << 34)};
    sim.settings = tp_alloc(&sim.mem, (ptrdiff_t)ops->settings_size,
                            (ptrdiff_t) _Alignof(max_align_t), 1);
    if (ops->params) tp_params_default(ops->params, sim.settings);
    tp_status st = ops->open(&sim, err);
    if (!st) {
        st = ops->load(&sim, c, err);
        if (!st) st = ops->run(&sim, value, NULL, mem, out, err);
        ops->close(&sim);
    }
    tp_arena_close(&sim.mem);
    return st;
}

/* One deck of the trial; false: `out` says why no more is to be looked at. */
static bool prove_deck(tp_proof *out, const tp_run *r, int deck,
                       const tp_trial *t, tp_arena *mem)
{
    const tp_problem *p = r->problem;
    double           *value = TP_NEW(mem, double, tp_problem_values(p));
    tp_str        why = {"", 0}, words = tp_problem_deck_words(p, deck, mem);
    tp_err        said = {0};
    tp_sim_result got = {0};
    if (tp_problem_derive(p, t->x, value, &why, mem)) {
        tp_problem_settings(p, tp_problem_corner_of(p, deck), value);
        if (simulate(&got, tp_problem_circuit(p, deck), value, mem, &said))
            why = tp_str_copy(mem, tp_str_of(said.msg));
        else if (got.how != TP_RAN)
            why = got.why.len ? got.why : tp_str_of(tp_outcome_words(got.how));
    }
    if (!why.len) compare(out, r, deck, t, value, &got.waves, mem);
    if (why.len) out->done = out->same = false;
    if (why.len) out->why = why;
    if (out->why.len && words.len)
        out->why = tp_str_fmt(mem, "%.*s: %.*s", TP_F(words), TP_F(out->why));
    return !out->why.len;
}

/* A bench that is a program: the interpreter runs its lines again, each
   analysis a fresh program over the reference deck. */
static void prove_program(tp_proof *out, const tp_run *r, const tp_trial *t,
                          tp_arena *mem)
{
    const tp_problem *p = r->problem;
    tp_result         got = {0};
    tp_err            said = {0};
    tp_str            spawn = TP_S("spawn");
    tp_status         st = tp_program_once(&got, p, spawn, t->x, mem, &said);
    bool              ran = got.how == TP_RAN || got.how == TP_NO_MEASURE;
    if (!st && ran && got.n == p->n_measure) {
        out->done = out->same = true;
        for (int i = 0; i < p->n_measure; i++)
            compare_one(out, &p->measure[i], t->reading[i], got.reading[i],
                        mem);
        return;
    }
    out->why = st            ? tp_str_copy(mem, tp_str_of(said.msg))
               : got.why.len ? got.why
                             : tp_str_of(tp_outcome_words(got.how));
}

/* Every deck that the trial was simulated on, until one differs. */
static void prove_trial(tp_proof *out, const tp_run *r, const tp_trial *t,
                        tp_arena *mem)
{
    const tp_problem *p = r->problem;
    out->done = out->same = true;
    for (int i = 0; i < tp_problem_decks(p); i++) {
        if (!tp_problem_asked(p, t->reading, tp_problem_corner_of(p, i)))
            continue;
        if (!prove_deck(out, r, i, t, mem)) return;
    }
}

tp_status tp_run_prove(tp_run *r, tp_proof *out, tp_arena *mem, tp_err *err)
{
    const tp_trial *t = tp_run_best(r);
    double          began = tp_now();
    *out = (tp_proof){.simulator = TP_S("ngspice -b")};
    if (t && r->problem->bench[0].program)
        prove_program(out, r, t, mem);
    else if (t)
        prove_trial(out, r, t, mem);
    else
        out->why = TP_S("no trial ran");
    out->seconds = tp_now() - began;
    tp_buf b = {.mem = &r->mem};
    tp_proof_pack(&b, out);
    r->row.proof = tp_buf_str(&b);
    return tp_store_run_end(r->store, &r->row, err);
}
