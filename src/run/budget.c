/* The limits of a run. Those of its start are settings; a resumed run may get
   others, each noted as an event of kind "budget", so that the log says which
   limits held when. A replay follows the log and looks at no limit. */
#include "run/inside.h"

static void note(tp_run *r, tp_str text)
{
    *TP_PUSH(&r->mem, r->notice, r->n_notice, r->cap_notice) = text;
}

static int limit_of(const tp_run *r)
{
    return r->set.max_trials ? r->set.max_trials : r->problem->iterlim;
}

static tp_status follow(tp_run *r, const tp_event_row *e, tp_err *err)
{
    tp_unpack u = {.rest = e->data};
    r->set.max_trials = (int)tp_unpack_int(&u);
    r->set.max_time = tp_unpack_double(&u);
    if (u.bad || r->set.max_trials < 0 || !(r->set.max_time >= 0))
        return tp_fail(err, TP_BAD_INPUT, "event %d: the limits are damaged",
                       e->number);
    if (limit_of(r) > r->largest_limit) r->largest_limit = limit_of(r);
    return TP_OK;
}

/* What a flag that changes nothing is told. */
static void trials_given(tp_run *r, int now)
{
    if (now == limit_of(r))
        note(r,
             tp_str_fmt(&r->mem, "--max-trials: %d is its limit already", now));
    else if (now < r->n_stored_trial)
        note(r, tp_str_fmt(&r->mem,
                           "--max-trials: %d trials are made already, they "
                           "stay",
                           r->n_stored_trial));
    r->budget = r->budget || now != limit_of(r);
    r->set.max_trials = now;
}

static void time_given(tp_run *r, double now)
{
    if (now == r->set.max_time)
        note(r,
             tp_str_fmt(&r->mem, "--max-time: %g s is its limit already", now));
    r->budget = r->budget || now != r->set.max_time;
    r->set.max_time = now;
}

tp_status tp_budget_set(tp_run *r, const tp_run_settings *now, tp_err *err)
{
    r->largest_limit = r->first_limit = limit_of(r);
    for (int i = 0; i < r->n_stored_event; i++)
        if (tp_str_eq(r->stored_event[i].kind, TP_S("budget")))
            TP_TRY(follow(r, &r->stored_event[i], err));
    if (now->max_trials) trials_given(r, now->max_trials);
    if (now->max_time > 0) time_given(r, now->max_time);
    if (r->budget && tp_str_eq(r->row.status, TP_S("converged")))
        note(r, tp_str_fmt(&r->mem,
                           "it has converged (%.*s): other limits change "
                           "nothing",
                           TP_F(r->row.reason)));
    return TP_OK;
}

tp_status tp_budget_record(tp_run *r, tp_err *err)
{
    tp_buf b = {.mem = &r->mem};
    if (!r->budget) return TP_OK;
    tp_pack_int(&b, r->set.max_trials);
    tp_pack_double(&b, r->set.max_time);
    tp_event_row e = {.number = r->n_stored_event + 1,
                      .kind = TP_S("budget"),
                      .data = tp_buf_str(&b)};
    TP_TRY(tp_store_event_add(r->store, r->row.id, &e, err));
    return tp_store_events(r->store, r->row.id, &r->stored_event,
                           &r->n_stored_event, &r->mem, err);
}
