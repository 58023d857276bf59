/* What a run writes down, before it acts on it: the event log and the trials;
   and reading them back when a run is resumed. */
#include "run/inside.h"

#include <string.h>

static tp_status differs(const tp_run *r, tp_str what, tp_err *err)
{
    return tp_fail(err, TP_BAD_INPUT,
                   "%.*s cannot be resumed: %.*s (another version of the "
                   "program, or a changed store)",
                   TP_F(r->row.id), TP_F(what));
}

static tp_status event_differs(const tp_run *r, const tp_event_row *e,
                               tp_str now, tp_err *err)
{
    tp_arena mem = r->scratch;
    if (tp_str_eq(e->kind, now))
        return differs(r,
                       tp_str_fmt(&mem, "its event %d is another '%.*s' now",
                                  e->number, TP_F(now)),
                       err);
    return differs(r,
                   tp_str_fmt(&mem, "its event %d was '%.*s' and is '%.*s' now",
                              e->number, TP_F(e->kind), TP_F(now)),
                   err);
}

bool tp_record_is_mark(const tp_event_row *e)
{
    static const char *const mark[] = {"end",   "budget",    "open",
                                       "close", "note",      "checked",
                                       "jobs",  "simulator", "cold"};
    for (int i = 0; i < TP_COUNT(mark); i++)
        if (tp_str_eq(e->kind, tp_str_of(mark[i]))) return true;
    return false;
}

int tp_record_last(const tp_run *r)
{
    int n = r->n_stored_event;
    return n ? r->stored_event[n - 1].number : 0;
}

static void skip_marks(tp_run *r)
{
    while (r->stored_at < r->n_stored_event &&
           tp_record_is_mark(&r->stored_event[r->stored_at]))
        tp_budget_pass(r, &r->stored_event[r->stored_at++]);
}

const tp_event_row *tp_record_next(const tp_run *r)
{
    for (int i = r->stored_at; i < r->n_stored_event; i++)
        if (!tp_record_is_mark(&r->stored_event[i])) return &r->stored_event[i];
    return NULL;
}

bool tp_replaying(const tp_run *r)
{
    return tp_record_next(r) != NULL;
}

bool tp_may_ask(const tp_run *r)
{
    const tp_event_row *e = tp_record_next(r);
    return !e || !(tp_str_eq(e->kind, TP_S("tell")) ||
                   tp_str_eq(e->kind, TP_S("centre")));
}

static tp_status add_event(tp_run *r, tp_str kind, tp_str data, tp_err *err)
{
    if (r->n_event < tp_record_last(r)) r->n_event = tp_record_last(r);
    tp_event_row e = {.number = ++r->n_event, .kind = kind, .data = data};
    return tp_store_event_add(r->store, r->row.id, &e, err);
}

/* A replayed event must be the stored one; a new one is written. */
tp_status tp_record_event(tp_run *r, tp_str kind, tp_str data, tp_err *err)
{
    skip_marks(r);
    if (r->stored_at < r->n_stored_event) {
        const tp_event_row *e = &r->stored_event[r->stored_at++];
        if (!tp_str_eq(e->kind, kind) || !tp_str_eq(e->data, data))
            return event_differs(r, e, kind, err);
        r->n_event = e->number;
        return TP_OK;
    }
    return add_event(r, kind, data, err);
}

tp_status tp_record_ask(tp_run *r, const tp_pending *p, tp_err *err)
{
    tp_arena mem = r->scratch;
    tp_buf   b = {.mem = &mem};
    tp_pack_int(&b, p->trial);
    tp_pack_int(&b, p->repeat);
    tp_pack_int(&b, p->tag);
    tp_pack_doubles(&b, p->x, r->space.n);
    return tp_record_event(r, TP_S("ask"), tp_buf_str(&b), err);
}

tp_status tp_record_cold(tp_run *r, tp_err *err)
{
    tp_arena mem = r->scratch;
    tp_buf   b = {.mem = &mem};
    tp_pack_int(&b, r->asked);
    return add_event(r, TP_S("cold"), tp_buf_str(&b), err);
}

bool tp_record_repeats(const tp_run *r, int trial)
{
    const tp_event_row *e = tp_record_next(r);
    if (!e || !tp_str_eq(e->kind, TP_S("ask"))) return false;
    tp_unpack u = {.rest = e->data};
    int64_t   number = tp_unpack_int(&u), repeat = tp_unpack_int(&u);
    return !u.bad && repeat != 0 && number == trial;
}

static tp_status add_tell(tp_run *r, const tp_pending *p, tp_err *err)
{
    tp_arena mem = r->scratch;
    tp_buf   b = {.mem = &mem};
    tp_pack_int(&b, p->trial);
    return tp_record_event(r, TP_S("tell"), tp_buf_str(&b), err);
}

static void count(tp_run *r)
{
    r->row.n_trial = r->n_trial;
    r->row.n_failed = r->n_failed;
    r->row.best = r->best + 1;
    r->row.seconds = tp_run_seconds(r);
}

/* Nothing has happened since the stored end, and it was this one. */
static bool ended_already(const tp_run *r)
{
    if (!r->n_stored_event || r->n_event > tp_record_last(r)) return false;
    const tp_event_row *last = &r->stored_event[r->n_stored_event - 1];
    return tp_str_eq(last->kind, TP_S("end")) &&
           tp_str_eq(last->data, r->row.status);
}

static tp_status add_end(tp_run *r, tp_err *err)
{
    if (!tp_replaying(r) && !ended_already(r))
        TP_TRY(add_event(r, TP_S("end"), r->row.status, err));
    return tp_store_run_end(r->store, &r->row, err);
}

/* Ends a transaction; the first error counts. */
static tp_status commit(tp_run *r, tp_status st, tp_err *err)
{
    tp_err    second = {0};
    tp_status end = tp_store_commit(r->store, st ? &second : err);
    return st ? st : end;
}

tp_status tp_record_end(tp_run *r, const char *status, tp_str reason,
                        tp_err *err)
{
    r->row.status = tp_str_of(status);
    r->row.reason = reason;
    if (!tp_replaying(r)) count(r);
    TP_TRY(tp_store_begin(r->store, err));
    return commit(r, add_end(r, err), err);
}

static tp_str waves_bytes(const tp_result *res, tp_arena *mem)
{
    if (!res->n_wave) return (tp_str){"", 0};
    tp_plot  plot = {.n_wave = res->n_wave, .wave = res->wave, .op = -1};
    tp_waves w = {1, &plot};
    tp_buf   b = {.mem = mem};
    tp_waves_pack(&b, &w);
    return tp_buf_str(&b);
}

/* An earlier session noted the trial's parts as its last deed. */
static bool is_noted(const tp_run *r, int trial)
{
    for (int i = r->n_stored_event - 1; i >= 0; i--) {
        tp_arena            mem = r->scratch;
        tp_jobs             jobs;
        const tp_event_row *e = &r->stored_event[i];
        if (tp_str_eq(e->kind, TP_S("tell"))) return false;
        if (tp_jobs_of(&jobs, e, &mem)) return jobs.trial == trial;
    }
    return false;
}

/* What the trial's parts cost, where that says how the next ones go. */
static tp_status add_jobs(tp_run *r, const tp_pending *p, tp_err *err)
{
    tp_arena mem = r->scratch;
    tp_jobs  jobs = {.trial = p->trial, .from = p->from, .dropped = p->dropped};
    tp_jobs_part *one = TP_NEW(&mem, tp_jobs_part, r->n_part);
    bool          wanted = tp_early_may(r) || p->from;
    if (!p->work || !wanted || is_noted(r, p->trial)) return TP_OK;
    for (int k = 0; k < r->n_part; k++) {
        bool taken = p->work[k] == TP_PART_TAKEN;
        if (p->work[k] != TP_PART_LEFT)
            one[jobs.n++] = (tp_jobs_part){k, taken ? 0 : p->work[k], taken};
    }
    jobs.one = one;
    return add_event(r, TP_S("jobs"), tp_jobs_pack(&jobs, &mem), err);
}

void tp_record_versions(tp_run *r)
{
    bool any = false;
    for (int i = 0; i < r->n_stored_event; i++) {
        tp_simulator s;
        if (!tp_simulator_of(&s, &r->stored_event[i])) continue;
        if (any) r->same_from = s.trial;
        any = true;
    }
}

/* The version that the log names last; "" none. */
static tp_str last_version(const tp_run *r)
{
    tp_simulator s;
    for (int i = r->n_stored_event - 1; i >= 0; i--)
        if (tp_simulator_of(&s, &r->stored_event[i])) return s.version;
    return TP_S("");
}

bool tp_record_is_another(const tp_run *r)
{
    tp_str was = last_version(r);
    return was.len > 0 && !tp_str_eq(was, r->version);
}

/* What simulates, before its first trial. */
static tp_status add_simulator(tp_run *r, const tp_pending *p, tp_err *err)
{
    tp_arena mem = r->scratch;
    tp_str   was = last_version(r);
    bool     known = r->versioned || tp_str_eq(was, r->version);
    if (known || r->version.len == 0) return TP_OK;
    r->versioned = true;
    if (was.len > 0)
        r->changed = tp_str_fmt(
            &r->mem,
            "from trial %d on the simulator is %.*s; the trials before are of "
            "%.*s, which may give other values",
            p->trial, TP_F(r->version), TP_F(was));
    tp_simulator now = {p->trial, r->version};
    return add_event(r, TP_S("simulator"), tp_simulator_pack(&now, &mem), err);
}

void tp_record_say(tp_run *r, const tp_run_watch *watch)
{
    if (r->turned.len) tp_notice(watch, r->turned);
    if (r->changed.len) tp_notice(watch, r->changed);
    r->turned.len = r->changed.len = 0;
}

static tp_status add_trial(tp_run *r, const tp_pending *p, tp_err *err)
{
    tp_arena         mem = r->scratch;
    const tp_result *res = &p->got.result;
    tp_buf           x = {.mem = &mem}, readings = {.mem = &mem};
    TP_TRY(add_simulator(r, p, err)); /* before anything is in scratch */
    tp_trial_point_pack(&x, r->problem, p->value, p->phase);
    tp_readings_pack(&readings, res->reading, res->n);
    tp_trial_row row = {.number = p->trial,
                        .x = tp_buf_str(&x),
                        .outcome = tp_str_of(tp_outcome_word(res->how)),
                        .why = res->why,
                        .readings = tp_buf_str(&readings),
                        .waves = waves_bytes(res, &mem),
                        .sim_seconds = res->sim_seconds,
                        .seconds = p->got.seconds,
                        .iterations = res->iterations,
                        .attempts = p->got.attempts,
                        .log = p->got.log};
    TP_TRY(tp_store_trial_add(r->store, r->row.id, &row, err));
    return add_jobs(r, p, err);
}

tp_status tp_record_told(tp_run *r, const tp_pending *p, tp_err *err)
{
    bool new = !p->repeat && p->trial > r->n_stored_trial;
    if (new &&tp_replaying(r))
        return differs(
            r, tp_str_fmt(&r->mem, "its trial %d is missing", p->trial), err);
    if (new) TP_TRY(add_trial(r, p, err));
    return add_tell(r, p, err);
}

tp_status tp_record_point(tp_run *r, const tp_pending *p, tp_str data,
                          tp_err *err)
{
    if (p->trial > r->n_stored_trial) TP_TRY(add_trial(r, p, err));
    return tp_record_event(r, TP_S("point"), data, err);
}

tp_status tp_record_count(tp_run *r, tp_err *err)
{
    if (tp_replaying(r) || r->n_trial <= r->n_stored_trial) return TP_OK;
    count(r);
    return tp_store_progress(r->store, &r->row, err);
}

static tp_status decode(tp_run *r, tp_pending *p, const tp_trial_row *t,
                        tp_err *err)
{
    tp_result *res = &p->got.result;
    tp_unpack  u = {.rest = t->readings};
    if (!tp_outcome_of(t->outcome, &res->how))
        return tp_fail(err, TP_BAD_INPUT, "trial %d: unknown outcome '%.*s'",
                       t->number, TP_F(t->outcome));
    TP_TRY(tp_readings_unpack(&res->reading, &res->n, &u, &r->mem, err));
    int want = tp_problem_readings(r->problem);
    if (tp_result_read(res) && res->n != want)
        return tp_fail(err, TP_BAD_INPUT,
                       "trial %d: %d values are stored for %d measures",
                       t->number, res->n, want);
    if (t->waves.len) {
        tp_waves  w;
        tp_unpack v = {.rest = t->waves};
        TP_TRY(tp_waves_unpack(&w, &v, &r->mem, err));
        res->n_wave = w.n ? w.plot[0].n_wave : 0;
        res->wave = w.n ? w.plot[0].wave : NULL;
    }
    res->why = t->why;
    res->sim_seconds = t->sim_seconds;
    res->iterations = t->iterations;
    p->got.seconds = t->seconds;
    p->got.attempts = t->attempts;
    p->got.log = t->log;
    return TP_OK;
}

/* What the log says of the trial's parts, from where the last one's stood. */
static void decode_jobs(tp_run *r, tp_pending *p)
{
    tp_jobs jobs;
    int     n = r->n_stored_event;
    p->work = NULL;
    for (int i = 0; i < n && tp_early_may(r); i++) {
        tp_arena mem = r->scratch;
        int      at = (r->jobs_at + i) % n;
        if (!tp_jobs_of(&jobs, &r->stored_event[at], &mem)) continue;
        if (jobs.trial != p->trial) continue;
        r->jobs_at = at;
        p->work = TP_NEW(&r->mem, int, r->n_part);
        for (int k = 0; k < jobs.n; k++)
            if (jobs.one[k].part >= 0 && jobs.one[k].part < r->n_part)
                p->work[jobs.one[k].part] = jobs.one[k].work;
        return;
    }
}

tp_status tp_record_replay(tp_run *r, tp_pending *p, bool *found, tp_err *err)
{
    const tp_trial_row *t = NULL;
    *found = false;
    for (int i = p->trial - 1; i >= 0 && !t; i--)
        if (i < r->n_stored_trial && r->stored_trial[i].number == p->trial)
            t = &r->stored_trial[i];
    if (!t) return TP_OK;
    tp_trial was = {0};
    bool     same = tp_trial_point_unpack(&was, r->problem, t->x, &r->mem) &&
                was.phase == p->phase;
    if (!same || memcmp(was.x, p->x, (size_t)r->space.n * sizeof(double)) != 0)
        return differs(r,
                       tp_str_fmt(&r->mem,
                                  "its trial %d is at another point now",
                                  p->trial),
                       err);
    TP_TRY(decode(r, p, t, err));
    decode_jobs(r, p);
    p->done = *found = true;
    return TP_OK;
}

/* ---- points already seen ------------------------------------------------ */

static uint64_t hash_of(const tp_run *r, const double *x)
{
    tp_str bytes = {(const char *)x,
                    (ptrdiff_t)sizeof(double) * (ptrdiff_t)r->space.n};
    return tp_hash(0, bytes);
}

static bool same_point(const tp_run *r, const double *a, const double *b)
{
    return memcmp(a, b, (size_t)r->space.n * sizeof(double)) == 0;
}

bool tp_seen_ended(const tp_run *r, int index)
{
    return index < r->n_trial &&
           tp_str_eq(r->trial[index].outcome, TP_S("ended-early"));
}

int tp_seen_find(const tp_run *r, const double *x)
{
    if (!r->n_hash) return -1;
    uint64_t mask = (uint64_t)r->n_hash - 1;
    int      found = -1;
    for (uint64_t h = hash_of(r, x) & mask; r->hash[h]; h = (h + 1) & mask) {
        int at = r->hash[h] - 1;
        if (!same_point(r, r->asked_x[at], x) || r->asked_phase[at] != r->phase)
            continue;
        found = at;
        if (!tp_seen_ended(r, at)) return at;
    }
    return found;
}

static void insert(tp_run *r, const double *x, int index)
{
    uint64_t mask = (uint64_t)r->n_hash - 1, h = hash_of(r, x) & mask;
    while (r->hash[h]) h = (h + 1) & mask;
    r->hash[h] = index + 1;
}

void tp_seen_add(tp_run *r, const double *x, int index)
{
    if (2 * (index + 1) > r->n_hash) {
        r->n_hash = r->n_hash ? 4 * r->n_hash : 256;
        r->hash = TP_NEW(&r->mem, int, r->n_hash);
        for (int i = 0; i < index; i++) insert(r, r->asked_x[i], i);
    }
    insert(r, x, index);
}
