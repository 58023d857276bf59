/* One evaluation without a store or a method. */
#include "run/inside.h"

static tp_status one(tp_run *r, tp_pending *p, tp_err *err)
{
    tp_trial_begin(r, p);
    while (!p->done) {
        TP_TRY(tp_workers_submit(r, p, err));
        TP_TRY(tp_workers_wait(r, -1, NULL, err));
    }
    return TP_OK;
}

static void keep_notices(tp_trial *out, const tp_run *r, const tp_pending *p,
                         tp_arena *mem)
{
    int           n = 0, n_doubt = 0;
    tp_str       *notice;
    const tp_str *doubt = NULL;
    if (out->reading && r->problem->n_spec)
        n_doubt = tp_problem_doubts(&doubt, r->problem, out->reading, mem);
    for (int d = 0; d < p->n_task; d++) n += p->task[d].got.result.n_notice;
    out->notice = notice = TP_NEW(mem, tp_str, n + r->n_notice + n_doubt);
    for (int i = 0; i < n_doubt; i++) notice[out->n_notice++] = doubt[i];
    for (int i = 0; i < r->n_notice; i++)
        notice[out->n_notice++] = tp_str_copy(mem, r->notice[i]);
    for (int d = 0; d < p->n_task; d++) {
        const tp_result *res = &p->task[d].got.result;
        for (int i = 0; i < res->n_notice; i++)
            notice[out->n_notice++] =
                tp_worker_notice(r, p->task[d].deck, &res->notice[i], mem);
    }
}

static void keep_readings(tp_trial *out, const tp_run *r, tp_arena *mem)
{
    int         n = tp_problem_readings(r->problem);
    tp_reading *reading = TP_NEW(mem, tp_reading, n);
    for (int i = 0; i < n; i++) {
        reading[i] = out->reading[i];
        reading[i].unit = tp_str_copy(mem, reading[i].unit);
        reading[i].why = tp_str_copy(mem, reading[i].why);
    }
    out->reading = reading;
    if (tp_problem_scored(r->problem))
        out->score = tp_problem_score(r->problem, reading, r->set.ctol, mem);
}

/* Everything in `mem`, as the run ends. */
static void keep(tp_trial *out, const tp_run *r, const tp_pending *p,
                 tp_arena *mem)
{
    int     n = r->problem->n_derived;
    double *derived = TP_NEW(mem, double, n);
    *out = tp_trial_of(r, p, mem);
    out->waves = NULL;
    out->why = tp_str_copy(mem, out->why);
    for (int i = 0; i < n; i++) derived[i] = out->derived[i];
    if (n) out->derived = derived;
    if (out->reading) keep_readings(out, r, mem);
    keep_notices(out, r, p, mem);
}

static tp_status choose_phase(tp_run *r, tp_err *err)
{
    int n = tp_problem_phases(r->problem), wanted = r->set.phase;
    if (wanted > n)
        return tp_fail(err, TP_BAD_INPUT, "--phase: %d, of %d", wanted, n);
    if (wanted > 0) r->phase = wanted - 1;
    return TP_OK;
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
    tp_status st = choose_phase(&r, err);
    if (!st) st = tp_prepare_space(&r.space, p, s, &r.mem, err);
    for (int i = 0; !st && i < p->space.n; i++)
        at[i] = x ? x[i] : r.space.var[i].start;
    pending.x = at;
    *out = (tp_trial){.number = 1, .x = at};
    if (!st) st = tp_workers_open(&r, err);
    if (!st) st = one(&r, &pending, err);
    if (!st) keep(out, &r, &pending, mem);
    tp_workers_close(&r);
    tp_arena_close(&r.scratch);
    tp_arena_close(&r.mem);
    return st;
}
