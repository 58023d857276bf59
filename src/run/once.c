/* One evaluation without a store or a method. */
#include "run/inside.h"

static tp_status one(tp_run *r, tp_pending *p, tp_err *err)
{
    while (!p->done) {
        if (!p->out) TP_TRY(tp_workers_submit(r, p, err));
        TP_TRY(tp_workers_wait(r, -1, NULL, err));
    }
    return TP_OK;
}

static void keep_notices(tp_trial *out, const tp_run *r, const tp_result *res,
                         tp_arena *mem)
{
    tp_str *notice = TP_NEW(mem, tp_str, res->n_notice);
    for (int i = 0; i < res->n_notice; i++)
        notice[i] = tp_worker_notice(r, &res->notice[i], mem);
    out->n_notice = res->n_notice;
    out->notice = notice;
}

static void keep(tp_trial *out, const tp_problem *p, const tp_got *g,
                 double ctol, tp_arena *mem)
{
    const tp_result *res = &g->result;
    out->outcome = tp_str_of(tp_outcome_word(res->how));
    out->why = tp_str_copy(mem, res->why);
    out->attempts = g->attempts;
    out->seconds = g->seconds;
    out->sim_seconds = res->sim_seconds;
    if (res->how != TP_RAN && res->how != TP_NO_MEASURE) return;
    tp_reading *reading = TP_NEW(mem, tp_reading, res->n);
    for (int i = 0; i < res->n; i++) {
        reading[i] = res->reading[i];
        reading[i].unit = tp_str_copy(mem, res->reading[i].unit);
        reading[i].why = tp_str_copy(mem, res->reading[i].why);
    }
    out->reading = reading;
    if (tp_problem_objective(p) >= 0)
        out->score = tp_problem_score(p, reading, ctol, mem);
}

tp_status tp_run_once(tp_trial *out, const tp_problem *p,
                      const tp_run_settings *s, const double *x, tp_arena *mem,
                      tp_err *err)
{
    tp_run     r = {.mem = tp_arena_open((ptrdiff_t)1 << 34),
                    .scratch = tp_arena_open((ptrdiff_t)1 << 32),
                    .problem = p,
                    .set = *s,
                    .window = 1,
                    .n_pending = 1};
    tp_pending pending = {.trial = 1};
    double    *at = TP_NEW(mem, double, p->space.n);
    r.pending = &pending;
    tp_status st = tp_prepare_space(&r.space, p, s, &r.mem, err);
    for (int i = 0; !st && i < p->space.n; i++)
        at[i] = x ? x[i] : r.space.var[i].start;
    pending.x = at;
    *out = (tp_trial){.number = 1, .x = at};
    if (!st) st = tp_workers_open(&r, err);
    if (!st) st = one(&r, &pending, err);
    if (!st) keep(out, p, &pending.got, s->ctol, mem);
    if (!st) keep_notices(out, &r, &pending.got.result, mem);
    tp_workers_close(&r);
    tp_arena_close(&r.scratch);
    tp_arena_close(&r.mem);
    return st;
}
