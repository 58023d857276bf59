/* The best trial again, by a fresh plain simulator from the reference deck, on
   every deck that it was simulated on. */
#include "run/inside.h"

#include <math.h>

static void conclude(tp_proof *out, const tp_compare *c, tp_str why)
{
    out->done = c->found == TP_ALIKE;
    out->same = out->done && !why.len;
    out->why = why;
    if (!out->done && !why.len) out->why = c->why;
    for (int i = 0; i < c->n; i++)
        out->max_relative_difference =
            fmax(out->max_relative_difference, c->row[i].worst);
    for (int i = 0; i < c->n; i++)
        if (isinf(c->row[i].allowed)) out->done = out->same = false;
    for (int i = 0; i < c->n && !out->why.len; i++)
        if (c->row[i].cause.len)
            out->why = tp_str_fmt(c->mem, "%.*s: %.*s", TP_F(c->row[i].name),
                                  TP_F(c->row[i].cause));
}

static tp_status prove(tp_proof *out, tp_run *r, const tp_trial *t,
                       tp_arena *mem, tp_err *err)
{
    tp_run          batch;
    tp_compare      c = {.mem = mem};
    tp_run_settings set = r->set;
    tp_str          why = {"", 0};
    set.simulator = TP_S("spawn");
    tp_status st = tp_batch_open(&batch, r->problem, &set, 1, err);
    batch.phase = t->phase;
    if (!st) tp_batch_add(&batch, t->x);
    if (!st) st = tp_batch_finish(&batch, NULL, err);
    if (!st) {
        tp_trial plain = tp_trial_of(&batch, &batch.pending[0], mem);
        tp_compare_trials(&c, r->problem, t, &plain);
        st = tp_guard_judge(&c, r, t, &why, err);
    }
    if (!st) conclude(out, &c, why);
    tp_batch_close(&batch);
    return st;
}

tp_status tp_run_prove(tp_run *r, tp_proof *out, tp_arena *mem, tp_err *err)
{
    const tp_trial *t = tp_run_final(r, NULL);
    tp_err          said = {0};
    double          began = tp_now();
    *out = (tp_proof){.simulator = TP_S("ngspice -b"),
                      .checked = r->checked.n,
                      .checked_max = r->checked.max};
    if (!t)
        out->why = TP_S("no trial ran");
    else if (!tp_guard_can(r))
        out->why = TP_S("plain ngspice does not load the compiled models of "
                        "osdi=");
    else if (prove(out, r, t, mem, &said))
        out->why = tp_str_copy(mem, tp_str_of(said.msg));
    out->seconds = tp_now() - began;
    tp_buf b = {.mem = &r->mem};
    tp_proof_pack(&b, out);
    r->row.proof = tp_buf_str(&b);
    return tp_store_run_end(r->store, &r->row, err);
}
