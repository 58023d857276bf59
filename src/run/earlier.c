/* Points of an earlier run: what they gave is told to the method before it asks
   anything, and stands in the log in front of all else, so that a resumed run
   needs nothing but its own store. They are no trials of this run. The best of
   them is simulated again first: a run's result is its own. */
#include "run/inside.h"

/* Whether all corners of the first phase are there. */
static bool has_corners(const tp_run *r, const tp_reading *reading)
{
    for (int c = 0; c < tp_problem_corners(r->problem); c++)
        if (tp_problem_phase_has(r->problem, r->phase, c) &&
            !tp_problem_asked(r->problem, reading, c))
            return false;
    return true;
}

/* The readings of the first phase's corners alone. */
static const tp_reading *in_phase(const tp_run *r, const tp_reading *reading,
                                  tp_arena *mem)
{
    const tp_problem *p = r->problem;
    int               n = tp_problem_readings(p);
    tp_reading       *out = TP_NEW(mem, tp_reading, n);
    for (int i = 0; i < n; i++) {
        out[i] = reading[i];
        if (!tp_problem_phase_has(p, r->phase, i / p->n_measure))
            out[i] = (tp_reading){.skipped = true};
    }
    return out;
}

/* Its score in the first phase; without all of that one's corners it is like a
   trial that was ended early. */
static tp_trial trial_of(tp_run *r, const tp_earlier_point *p)
{
    tp_trial t = {.x = p->x, .reading = p->reading, .outcome = TP_S("ran")};
    if (!p->reading) t.outcome = TP_S("sim-failed");
    if (!p->reading) return t;
    if (!has_corners(r, p->reading))
        t.outcome = TP_S("ended-early");
    else
        t.score = tp_problem_score(r->problem, in_phase(r, p->reading, &r->mem),
                                   r->set.ctol, &r->mem);
    return t;
}

static void tell(tp_run *r, const tp_earlier_point *p)
{
    tp_trial t = trial_of(r, p);
    bool     better =
        tp_trial_better(&t, r->earlier_best.x ? &r->earlier_best : NULL);
    tp_tell(r, &t, TP_OPT_EARLIER_TAG);
    r->n_earlier++;
    if (better) r->earlier_best = t;
}

tp_status tp_earlier_add(tp_run *r, const tp_earlier_point *p, tp_err *err)
{
    tp_arena mem = r->scratch;
    tp_buf   b = {.mem = &mem};
    int      n = p->reading ? tp_problem_readings(r->problem) : 0;
    tp_pack_doubles(&b, p->x, r->space.n);
    tp_readings_pack(&b, p->reading, n);
    TP_TRY(tp_record_event(r, TP_S("earlier"), tp_buf_str(&b), err));
    tell(r, p);
    return TP_OK;
}

tp_status tp_earlier_meet(tp_run *r, const tp_event_row *e, tp_err *err)
{
    int              n, n_x, want = tp_problem_readings(r->problem);
    tp_unpack        u = {.rest = e->data};
    tp_earlier_point p = {.x = tp_unpack_doubles(&u, &n_x, &r->mem)};
    tp_status        st = tp_readings_unpack(&p.reading, &n, &u, &r->mem, err);
    if (st || n_x != r->space.n || (n != 0 && n != want) || r->asked > 0)
        return tp_fail(err, TP_BAD_INPUT,
                       "event %d (earlier) of the run is damaged", e->number);
    if (n == 0) p.reading = NULL;
    tell(r, &p);
    return TP_OK;
}

void tp_earlier_queue(tp_run *r)
{
    if (!r->n_earlier || r->asked > 0 || r->n_queue > 0) return;
    double *x = TP_NEW(&r->mem, double, r->space.n);
    for (int i = 0; i < r->space.n; i++)
        x[i] = r->earlier_best.x ? r->earlier_best.x[i] : r->space.var[i].start;
    tp_space_snap(&r->space, x);
    const double **queue = TP_NEW(&r->mem, const double *, 1);
    queue[0] = x;
    r->queue = queue;
    r->n_queue = r->queue_end = r->reviewed = 1;
    r->queue_at = 0;
}

tp_str tp_earlier_words(const tp_run *r)
{
    return r->earlier_best.x ? TP_S("the best point of an earlier run")
                             : TP_S("the start point");
}
