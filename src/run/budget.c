/* The limits of a run. Those of its start are settings; a resumed run may get
   others, each noted as an event of kind "budget", so that the log says which
   limits held when: a replay decides by those.

   At a limit nothing more is asked, and what is out is told. With a larger one
   there would have been asks between these tells. So a budget event says which
   event stays the last: what was told after the last ask is taken back and told
   again, with the asks between that the new limit allows. A resumed run is then
   the one that had the larger limit from its start. */
#include "run/inside.h"

typedef struct limits {
    int    trials;
    double time;
    int    last; /* number of the event that stays the last; 0: all stay */
} limits;

static void note(tp_run *r, tp_str text)
{
    *TP_PUSH(&r->mem, r->notice, r->n_notice, r->cap_notice) = text;
}

static int limit_of(const tp_run *r)
{
    return r->set.max_trials ? r->set.max_trials : r->problem->iterlim;
}

static bool is_budget(const tp_event_row *e)
{
    return tp_str_eq(e->kind, TP_S("budget"));
}

static bool read(limits *out, const tp_event_row *e)
{
    tp_unpack u = {.rest = e->data};
    out->trials = tp_unpack_small(&u);
    out->time = tp_unpack_double(&u);
    out->last = u.rest.len ? tp_unpack_small(&u) : 0; /* older logs: none */
    return !u.bad && out->trials >= 0 && out->time >= 0 && out->last >= 0;
}

static tp_status follow(tp_run *r, const tp_event_row *e, tp_err *err)
{
    limits l;
    if (!read(&l, e))
        return tp_fail(err, TP_BAD_INPUT, "event %d: the limits are damaged",
                       e->number);
    r->set.max_trials = l.trials;
    r->set.max_time = l.time;
    if (limit_of(r) > r->largest_limit) r->largest_limit = limit_of(r);
    return TP_OK;
}

void tp_budget_pass(tp_run *r, const tp_event_row *e)
{
    limits l;
    if (is_budget(e) && read(&l, e))
        r->limit_now = l.trials ? l.trials : r->problem->iterlim;
}

/* ---- what is taken back -------------------------------------------------- */

/* What follows from the trials alone: it is made again. */
static bool can_be_made_again(const tp_event_row *e)
{
    static const char *const kind[] = {"tell", "phase", "population"};
    for (int i = 0; i < TP_COUNT(kind); i++)
        if (tp_str_eq(e->kind, tp_str_of(kind[i]))) return true;
    return false;
}

/* The number of the last ask, when only such events and marks follow it, else
   0. */
static int last_ask(const tp_run *r)
{
    for (int i = r->n_stored_event - 1; i >= 0; i--) {
        const tp_event_row *e = &r->stored_event[i];
        if (tp_str_eq(e->kind, TP_S("ask"))) return e->number;
        if (!tp_record_is_mark(e) && !can_be_made_again(e)) return 0;
    }
    return 0;
}

/* The first n events without what came after `last` and is made again; how
   many they are then. */
static int take_back(tp_event_row *e, int n, int last)
{
    int kept = 0;
    for (int i = 0; i < n; i++)
        if (e[i].number <= last || !can_be_made_again(&e[i])) e[kept++] = e[i];
    return kept;
}

tp_status tp_budget_events(tp_run *r, tp_err *err)
{
    const tp_event_row *all;
    int                 n, kept = 0;
    TP_TRY(tp_store_events(r->store, r->row.id, &all, &n, &r->mem, err));
    tp_event_row *e = TP_NEW(&r->mem, tp_event_row, n);
    for (int i = 0; i < n; i++) {
        limits l = {0};
        if (is_budget(&all[i]) && read(&l, &all[i]) && l.last)
            kept = take_back(e, kept, l.last);
        e[kept++] = all[i];
    }
    r->stored_event = e;
    r->n_stored_event = kept;
    return TP_OK;
}

/* ---- limits of this session ---------------------------------------------- */

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
    r->largest_limit = r->first_limit = r->limit_now = limit_of(r);
    for (int i = 0; i < r->n_stored_event; i++)
        if (is_budget(&r->stored_event[i]))
            TP_TRY(follow(r, &r->stored_event[i], err));
    int was = limit_of(r);
    if (now->max_trials) trials_given(r, now->max_trials);
    if (now->max_time > 0) time_given(r, now->max_time);
    bool converged = tp_str_eq(r->row.status, TP_S("converged"));
    r->goes_back = !converged && was > 0 && limit_of(r) > was;
    if (r->budget && converged)
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
    if (r->goes_back && r->window > 1) tp_pack_int(&b, last_ask(r));
    tp_event_row e = {.number = tp_record_last(r) + 1,
                      .kind = TP_S("budget"),
                      .data = tp_buf_str(&b)};
    TP_TRY(tp_store_event_add(r->store, r->row.id, &e, err));
    return tp_budget_events(r, err);
}
