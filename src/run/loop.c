/* The loop: fill the window, submit, wait, tell in the order asked. After
   each tell the window is filled again before the next, so that what a method
   sees depends on the window and never on timing. */
#include "run/inside.h"

#include <math.h>
#include <string.h>

enum {
    WAIT_MS = 200,
    REPEATS_MAX = 1000, /* in a row: the method has nothing new to ask */
};

static const char *const no_room = "maxitersreached";
static const char *const nothing_new = "xtolreached";

static tp_pending *slot(tp_run *r, int i)
{
    return &r->pending[(r->head + i) % r->window];
}

static bool at_limit(const tp_run *r)
{
    bool counts = r->max_trials && !r->centring; /* which has its own */
    return counts && r->asked >= r->max_trials && !tp_replaying(r);
}

/* Real values of what the method asked; a point that is no number ends the
   run. */
tp_status tp_run_point(const tp_run *r, const double *u, double *x, tp_err *err)
{
    for (int i = 0; i < r->space.n; i++)
        if (isnan(u[i]))
            return tp_fail(err, TP_BAD_INPUT,
                           "%s asked for a point that is no number in %.*s",
                           r->method->name, TP_F(r->space.var[i].name));
    tp_space_real(&r->space, u, x);
    for (int i = 0; r->opt.lo && i < r->space.n; i++)
        x[i] = fmin(fmax(x[i], r->least[i]), r->most[i]);
    return TP_OK;
}

tp_str tp_ask_words(const tp_run *r, int tag, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    if (r->method->why) r->method->why(&r->opt, tag, &b);
    return tp_buf_str(&b);
}

void tp_trial_new(tp_run *r, tp_pending *p)
{
    double **x = TP_PUSH(&r->mem, r->asked_x, r->asked, r->cap_asked);
    *x = p->x;
    *TP_PUSH(&r->mem, r->asked_phase, r->n_asked_phase, r->cap_asked_phase) =
        r->phase;
    tp_seen_add(r, p->x, r->asked - 1);
    tp_trial_begin(r, p);
}

/* The index of a trial that was at this point and says enough; -1: none. What
   a replayed log had answered by one stays so. */
static int answer_of(tp_run *r, const tp_pending *p)
{
    int  seen = tp_seen_find(r, p->x);
    bool enough = seen >= 0 && (tp_record_repeats(r, seen + 1) ||
                                tp_early_answers(r, p, seen));
    return enough ? seen : -1;
}

/* A new trial, or the number of the one that was already at this point. */
static tp_status admit(tp_run *r, tp_pending *p, int seen, tp_err *err)
{
    bool found;
    p->repeat = seen >= 0;
    p->trial = p->repeat ? seen + 1 : r->asked + 1;
    TP_TRY(tp_record_ask(r, p, err));
    if (p->repeat) {
        r->repeats++;
        r->repeats_in_a_row++;
        return TP_OK;
    }
    r->repeats_in_a_row = 0;
    tp_trial_new(r, p);
    return tp_record_replay(r, p, &found, err);
}

/* The next point: of those to be looked at again, else of the method. POINT:
   p->x and p->tag are set. */
static tp_ask next_point(tp_run *r, tp_pending *p, tp_status *bad, tp_err *err)
{
    tp_arena mem = r->scratch;
    double  *u = TP_NEW(&mem, double, r->space.n);
    *bad = TP_OK;
    if (r->queue_at < r->n_queue) {
        const double *x = r->queue[r->queue_at++];
        for (int i = 0; i < r->space.n; i++) p->x[i] = x[i];
        p->tag = TP_OPT_FOREIGN_TAG;
        return TP_ASK_POINT;
    }
    tp_ask a = r->method->ask(&r->opt, u, &p->tag);
    if (a == TP_ASK_POINT) *bad = tp_run_point(r, u, p->x, err);
    return a;
}

/* A new trial of the method's first design: no sign of how the search goes. */
static bool is_drawn(const tp_run *r, const tp_pending *p)
{
    bool own = !p->repeat && p->tag != TP_OPT_FOREIGN_TAG;
    return own && r->method->drawn && r->method->drawn(&r->opt, p->tag);
}

/* One ask; *more: there may be another. */
static tp_status ask(tp_run *r, const char **why, bool *more, tp_err *err)
{
    tp_pending *p = slot(r, r->n_pending);
    tp_status   bad;
    *p =
        (tp_pending){.x = TP_NEW(&r->mem, double, r->space.n), .task = p->task};
    tp_ask a = next_point(r, p, &bad, err);
    *more = a == TP_ASK_POINT;
    if (a == TP_ASK_WAIT) return TP_OK;
    if (a == TP_ASK_DONE) {
        *why = r->method->finished(&r->opt);
        *why = tp_phases_done(r, *why ? *why : "success");
        *more = r->raising;
        return TP_OK;
    }
    TP_TRY(bad);
    int seen = answer_of(r, p);
    if (at_limit(r) && seen < 0) {
        *why = no_room;
        return TP_OK;
    }
    p->strategy = tp_ask_words(r, p->tag, &r->mem);
    if (r->n_earlier && r->asked == 0) p->strategy = tp_earlier_words(r);
    TP_TRY(admit(r, p, seen, err));
    if (!p->repeat) p->strategy = tp_known_words(r, p, &r->mem);
    if (is_drawn(r, p)) r->reviewed = p->trial;
    r->n_pending++;
    if (r->repeats_in_a_row == REPEATS_MAX)
        *why = tp_phases_done(r, nothing_new);
    return tp_foreign_meet(r, err);
}

/* Asks until the window is full or the method waits; `*why` is set when there
   is nothing more to ask. A run that goes up first lets come back what is
   out. */
static tp_status fill(tp_run *r, const char **why, tp_err *err)
{
    bool more = true;
    TP_TRY(tp_foreign_meet(r, err));
    tp_earlier_queue(r);
    while (more && !*why && r->n_pending < r->window && tp_may_ask(r)) {
        bool queued = r->queue_at < r->n_queue;
        if (r->raising && r->n_pending) return TP_OK;
        if (!queued && r->n_trial < r->queue_end) return TP_OK;
        if (r->raising) TP_TRY(tp_phases_raise(r, err));
        TP_TRY(ask(r, why, &more, err));
    }
    return TP_OK;
}

typedef tp_status hand_out(tp_run *r, tp_pending *p, tp_err *err);

/* What no other job can make needless goes before what one may. */
static tp_status submit(tp_run *r, tp_err *err)
{
    hand_out *const by[] = {tp_workers_submit_needed, tp_workers_submit};
    for (int k = 0; k < TP_COUNT(by) * r->n_pending; k++) {
        tp_pending *p = slot(r, k % r->n_pending);
        if (p->repeat || p->done) continue;
        if (!r->exec_ops->room(&r->exec)) return TP_OK;
        TP_TRY(by[k / r->n_pending](r, p, err));
    }
    return TP_OK;
}

tp_trial *tp_trial_finish(tp_run *r, const tp_pending *p)
{
    tp_trial *t = TP_PUSH(&r->mem, r->trial, r->n_trial, r->cap_trial);
    *t = tp_trial_of(r, p, &r->mem);
    t->score = tp_trial_score(r->problem, t->outcome, t->reading, r->set.ctol,
                              &r->mem);
    bool ended = p->got.result.how == TP_ENDED_EARLY;
    if (!t->score.ok && !ended) r->n_failed++;
    tp_parts_learn(r, p, t);
    tp_warm_told(r, t);
    if (tp_trial_better(t, tp_run_best(r))) r->best = r->n_trial - 1;
    return t;
}

/* A program's names are known when it runs: a measure without a value at the
   start will not have one later. */
static bool can_begin(const tp_run *r, const tp_trial *t, tp_outcome how)
{
    if (!t->reading) return false;
    return !r->problem->bench[0].program || how != TP_NO_MEASURE;
}

/* Without a first trial that simulates there is nothing to search from. When
   not even the process lived the deck need not be the cause. */
static tp_status first_failed(const tp_trial *t, tp_outcome how, tp_err *err)
{
    tp_str why = t->why.len ? t->why : tp_str_of(tp_outcome_words(how));
    if (how == TP_DIED)
        return tp_fail(err, TP_SIM,
                       "the simulator gave no answer at the start values "
                       "(%.*s): %.*s",
                       TP_F(t->outcome), TP_F(why));
    if (how == TP_NO_MEASURE || how == TP_REFUSED)
        return tp_fail(err, TP_BAD_INPUT, "at the start values: %.*s",
                       TP_F(why));
    return tp_fail(err, TP_BAD_INPUT,
                   "the deck does not simulate at its start values (%.*s): "
                   "%.*s",
                   TP_F(t->outcome), TP_F(why));
}

/* The gradient by what the method sees, where all of it was measured. */
static const double *gradient_of(const tp_run *r, const tp_trial *t,
                                 tp_arena *mem)
{
    int k = r->problem->gradient;
    if (!k || !t->reading) return NULL;
    double *df = TP_NEW(mem, double, r->space.n);
    for (int i = 0; i < r->space.n; i++) {
        if (!t->reading[k + i].ok) return NULL;
        df[i] = t->reading[k + i].value * tp_space_slope(&r->space, i, t->x[i]);
    }
    return df;
}

void tp_tell(tp_run *r, const tp_trial *t, int tag)
{
    tp_arena mem = r->scratch;
    double  *u = TP_NEW(&mem, double, r->space.n);
    tp_obs   y = {.ok = t->score.ok && !t->score.no_f,
                  .f = t->score.f,
                  .n_g = t->score.n_g,
                  .g = t->score.g,
                  .df = gradient_of(r, t, &mem),
                  .early = tp_str_eq(t->outcome, TP_S("ended-early")),
                  .part = tp_corners_part(r, t, &mem)};
    tp_space_unit(&r->space, t->x, u);
    r->method->tell(&r->opt, tag, u, &y);
}

void tp_trial_tell(tp_run *r, const tp_pending *p, const tp_trial *t)
{
    tp_tell(r, t, p->tag);
}

/* Tells the oldest ask: recorded first, then told. `*show` is the new trial,
   NULL for a repeat. */
static tp_status tell(tp_run *r, const tp_trial **show, tp_err *err)
{
    tp_pending *p = slot(r, 0);
    *show = NULL;
    TP_TRY(tp_record_told(r, p, err));
    tp_trial *t = p->repeat ? &r->trial[p->trial - 1] : tp_trial_finish(r, p);
    if (!p->repeat && t->number == 1 && !can_begin(r, t, p->got.result.how)) {
        r->wrong = p->got.result.wrong;
        return first_failed(t, p->got.result.how, err);
    }
    if (p->tag != TP_OPT_FOREIGN_TAG || tp_foreign_takes(r))
        tp_trial_tell(r, p, t);
    TP_TRY(tp_population_keep(r, err));
    if (!p->repeat) *show = t;
    r->head = (r->head + 1) % r->window;
    r->n_pending--;
    return TP_OK;
}

static bool head_ready(const tp_run *r)
{
    if (!r->n_pending) return false;
    const tp_pending *p = &r->pending[r->head];
    return p->done || (p->repeat && p->trial <= r->n_trial);
}

/* Status word of the store for a method's or the run's reason to stop. */
static const char *status_of(const char *why)
{
    static const struct {
        const char *why, *status;
    } row[] = {
        {"maxitersreached", "limit"},   {"maxtimereached", "limit"},
        {"interrupted", "interrupted"}, {"failed", "failed"},
        {"invalidargs", "failed"},      {"outofmemory", "failed"},
        {"forcedstop", "stopped"},      {"measurementfailed", "failed"},
        {"stalled", "stopped"},         {"maxsimtimereached", "limit"},
    };
    for (int i = 0; i < TP_COUNT(row); i++)
        if (!strcmp(row[i].why, why)) return row[i].status;
    return "converged";
}

static void stop_early(const tp_run *r, const tp_run_watch *watch,
                       const char **why, bool *now)
{
    if (watch && watch->stop && *watch->stop) {
        *why = "interrupted";
        *now = true;
    } else if (r->set.max_time > 0 && !tp_replaying(r) &&
               tp_run_seconds(r) > r->set.max_time) {
        *why = "maxtimereached";
        *now = true;
    }
}

static void tell_doubts(const tp_run *r, const tp_trial *t,
                        const tp_run_watch *watch)
{
    tp_arena      mem = r->scratch;
    const tp_str *doubt;
    int           n = 0;
    if (t->reading && r->problem->n_spec)
        n = tp_problem_doubts(&doubt, r->problem, t->reading, &mem);
    for (int i = 0; i < n; i++) tp_notice(watch, doubt[i]);
}

/* The rules that end a run by what was told. They hold too while the last
   points before the limit come back: a replay doesn't know when that was. */
static void judge(tp_run *r, const tp_trial *show, const char **why)
{
    const char *ends = NULL;
    if (*why && *why != no_room) return;
    ends = tp_settled(r);
    if (!ends && show) ends = tp_phases_told(r, show);
    if (!ends && !*why) ends = tp_phases_limit(r);
    if (ends) *why = ends;
}

/* One tell and the asks it allows, recorded together. Their jobs go out before
   they are on disk, for which no worker has to wait: should this process end
   there, the jobs end with it, and nobody has seen anything of them. */
static tp_status step(tp_run *r, const tp_run_watch *watch, const char **why,
                      tp_err *err)
{
    const tp_trial *show;
    TP_TRY(tp_store_begin(r->store, err));
    tp_status st = tell(r, &show, err);
    if (!st) judge(r, show, why);
    if (!st) st = fill(r, why, err);
    if (!st) st = tp_record_count(r, err);
    if (!st) st = submit(r, err);
    tp_status kept = tp_store_commit(r->store, st ? NULL : err);
    if (st || kept) return st ? st : kept;
    if (show && watch && watch->trial)
        watch->trial(watch->with, show, tp_run_best(r));
    if (show && show->number == 1) tell_doubts(r, show, watch);
    if (r->said.len) tp_notice(watch, r->said);
    r->said.len = 0;
    tp_record_say(r, watch);
    if (show) TP_TRY(tp_guard_told(r, show, err));
    return TP_OK;
}

static tp_status turn(tp_run *r, const tp_run_watch *watch, const char **why,
                      tp_err *err)
{
    TP_TRY(tp_guard_look(r, err));
    TP_TRY(submit(r, err));
    if (head_ready(r)) return step(r, watch, why, err);
    return tp_workers_wait(r, WAIT_MS, watch, err);
}

static tp_status failed(tp_run *r, tp_err *err)
{
    tp_err second = {0};
    tp_record_end(r, "failed", tp_str_of(err ? err->msg : ""), &second);
    return err ? err->code : TP_SIM;
}

/* How many jobs can be out at a time: a trial is one per deck. */
static void advise_jobs(const tp_run *r, const tp_run_watch *watch)
{
    tp_arena mem = r->scratch;
    int      most = 1, out;
    for (int i = 0; i < r->problem->n_phase; i++)
        if (r->problem->phase[i].n > most) most = r->problem->phase[i].n;
    if (!r->problem->n_phase) most = tp_problem_corners(r->problem);
    out = r->window * most * r->problem->n_bench;
    if (r->set.jobs < 2 || 4 * r->set.jobs <= out) return;
    if (out > r->window && r->set.jobs <= out) return;
    tp_notice(watch,
              tp_str_fmt(&mem,
                         "jobs: %s has %d point%s out at a time: expect at "
                         "most %d of %d workers to be busy",
                         r->method->name, r->window, r->window > 1 ? "s" : "",
                         out < r->set.jobs ? out : r->set.jobs, r->set.jobs));
}

static void advise(const tp_run *r, const tp_run_watch *watch)
{
    tp_arena mem = r->scratch;
    for (int i = 0; i < r->n_notice; i++) tp_notice(watch, r->notice[i]);
    if ((r->method->can & TP_OPT_ENDLESS) && !r->opt.ends && !r->max_trials &&
        !(r->set.max_time > 0))
        tp_notice(watch, tp_str_fmt(&mem,
                                    "%s ends only at a limit (--max-trials, "
                                    "--max-time) or by Ctrl-C",
                                    r->method->name));
    if (r->set.window > 1 && r->window == 1)
        tp_notice(watch, tp_str_fmt(&mem, "window: %s asks one point at a time",
                                    r->method->name));
    advise_jobs(r, watch);
}

/* A run without any result has found nothing, however it ended; its first
   trial simulated, so it was the measures that had no value. */
static tp_status end(tp_run *r, const char *why, tp_err *err)
{
    bool interrupted = !strcmp(why, "interrupted");
    if (r->best < 0 && r->n_trial && !interrupted) why = "measurementfailed";
    return tp_record_end(r, status_of(why), tp_str_of(why), err);
}

/* Until the method has nothing to ask and is told everything; *now: before
   that. */
static tp_status go(tp_run *r, const tp_run_watch *watch, const char **why,
                    bool *now, tp_err *err)
{
    TP_TRY(fill(r, why, err));
    while (r->n_pending && !*now) {
        stop_early(r, watch, why, now);
        if (!*now) TP_TRY(turn(r, watch, why, err));
    }
    return TP_OK;
}

/* The search, then what comes after it. */
static tp_status go_all(tp_run *r, const tp_run_watch *watch, const char **why,
                        tp_err *err)
{
    bool now = false;
    TP_TRY(go(r, watch, why, &now, err));
    if (!now && tp_centre_due(r, *why)) {
        TP_TRY(tp_centre_begin(r, why, err));
        TP_TRY(go(r, watch, why, &now, err));
    }
    if (now) return TP_OK;
    if (r->centring) *why = r->searched;
    TP_TRY(tp_centre_end(r, err));
    return tp_guard_end(r, watch, err);
}

tp_status tp_run_go(tp_run *r, const tp_run_watch *watch, tp_err *err)
{
    tp_err      local = {0}, *e = err ? err : &local;
    const char *why = NULL;
    advise(r, watch);
    if (go_all(r, watch, &why, e)) return failed(r, e);
    if (!why) why = "failed"; /* it waits for what it was told already */
    return end(r, why, e);
}
