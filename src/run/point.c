/* An outside mind's trials: simulated here, or told with values from
   elsewhere. */
#include "run/foreign.h"

static tp_status check_point(const tp_run *r, const tp_foreign *f, tp_err *err)
{
    char low[TP_NUMBER_MAX], high[TP_NUMBER_MAX], got[TP_NUMBER_MAX];
    for (int i = 0; i < r->space.n; i++) {
        const tp_var *v = &r->space.var[i];
        if (f->x[i] >= v->lo && f->x[i] <= v->hi) continue;
        return tp_fail(err, TP_BAD_INPUT, "%.*s: %s is outside %s to %s",
                       TP_F(v->name), tp_exact(f->x[i], got),
                       tp_exact(v->lo, low), tp_exact(v->hi, high));
    }
    if (f->proposal && tp_proposal_at(r, f->proposal) < 0)
        return tp_fail(err, TP_BAD_INPUT,
                       "there is no open proposal %d (%d are open)",
                       f->proposal, r->n_open);
    return TP_OK;
}

static double *on_grid(tp_run *r, const double *x)
{
    double *at = TP_NEW(&r->mem, double, r->space.n);
    for (int i = 0; i < r->space.n; i++) at[i] = x[i];
    tp_space_snap(&r->space, at);
    return at;
}

static tp_str point_data(const tp_run *r, const tp_pending *p,
                         const tp_foreign *f, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    tp_pack_int(&b, p->trial);
    tp_pack_str(&b, f->origin);
    tp_pack_str(&b, f->note);
    tp_pack_doubles(&b, p->x, r->space.n);
    return tp_buf_str(&b);
}

/* The trial, its events and the run's counts: all or none of them. */
static tp_status record(tp_run *r, const tp_pending *p, const tp_foreign *f,
                        const tp_trial **out, tp_err *err)
{
    tp_str data = point_data(r, p, f, &r->mem);
    TP_TRY(tp_store_begin(r->store, err));
    tp_status st = tp_record_point(r, p, data, err);
    if (!st && f->proposal)
        st = tp_proposal_close(r, f->proposal, p->trial, err);
    if (!st) *out = tp_foreign_land(r, p);
    if (!st) st = tp_record_count(r, err);
    tp_status kept = tp_store_commit(r->store, st ? NULL : err);
    return st ? st : kept;
}

static tp_status simulate(tp_run *r, const tp_run_watch *watch, tp_err *err)
{
    tp_pending *p = &r->pending[0];
    while (!p->done) {
        if (watch && watch->stop && *watch->stop)
            return tp_fail(err, TP_INTERRUPTED, "stopped before it was done");
        if (r->exec_ops->room(&r->exec)) TP_TRY(tp_workers_submit(r, p, err));
        TP_TRY(tp_workers_wait(r, 100, watch, err));
    }
    return TP_OK;
}

/* What a plain simulator makes of the trial, in the log. */
static tp_status check(tp_run *r, const tp_trial *t, bool told,
                       const tp_run_watch *watch, tp_err *err)
{
    tp_point_check c;
    TP_TRY(tp_guard_point(r, t, told, watch, &c, err));
    TP_TRY(tp_record_event(r, TP_S("checked"), tp_point_check_pack(&c, &r->mem),
                           err));
    r->point_check = c;
    return tp_guard_stop(&c, t, err);
}

const tp_point_check *tp_foreign_checked(const tp_run *r, const tp_trial *t)
{
    return r->point_check.trial == t->number ? &r->point_check : NULL;
}

static tp_status run_new(tp_run *r, const tp_foreign *f, double *x,
                         const tp_run_watch *watch, const tp_trial **out,
                         tp_err *err)
{
    tp_pending *p = &r->pending[0];
    *p = (tp_pending){.tag = TP_OPT_FOREIGN_TAG,
                      .trial = r->asked + 1,
                      .x = x,
                      .task = p->task};
    r->head = 0;
    r->n_pending = 1;
    tp_trial_new(r, p);
    tp_status st = simulate(r, watch, err);
    r->n_pending = 0;
    if (!st) st = record(r, p, f, out, err);
    tp_record_say(r, watch);
    return st ? st : check(r, *out, false, watch, err);
}

tp_status tp_foreign_eval(tp_run *r, const tp_foreign *f,
                          const tp_run_watch *watch, const tp_trial **out,
                          bool *repeat, tp_err *err)
{
    TP_TRY(check_point(r, f, err));
    double *x = on_grid(r, f->x);
    int     seen = tp_seen_find(r, x);
    *repeat = seen >= 0 && !tp_seen_ended(r, seen);
    if (!*repeat) return run_new(r, f, x, watch, out, err);
    *out = &r->trial[seen];
    return f->proposal ? tp_proposal_close(r, f->proposal, seen + 1, err)
                       : TP_OK;
}

static tp_got told_result(const tp_problem *p, const tp_reading *reading,
                          tp_str failed)
{
    tp_result res = {.how = reading ? TP_RAN : TP_SIM_FAILED,
                     .why = failed,
                     .n = reading ? tp_problem_readings(p) : 0,
                     .reading = reading};
    return (tp_got){.result = res, .log = TP_S("")};
}

tp_status tp_foreign_tell(tp_run *r, const tp_foreign *f,
                          const tp_reading *reading, tp_str failed,
                          const tp_trial **out, tp_err *err)
{
    TP_TRY(check_point(r, f, err));
    tp_pending p = {.tag = TP_OPT_FOREIGN_TAG,
                    .trial = r->asked + 1,
                    .x = on_grid(r, f->x)};
    int        seen = tp_seen_find(r, p.x);
    if (seen >= 0 && !tp_seen_ended(r, seen))
        return tp_fail(err, TP_BAD_INPUT, "trial %d is at this point already",
                       seen + 1);
    tp_trial_new(r, &p); /* done: refused, there is no such design */
    if (!p.done) p.got = told_result(r->problem, reading, failed);
    p.done = true;
    TP_TRY(record(r, &p, f, out, err));
    return check(r, *out, true, NULL, err);
}
