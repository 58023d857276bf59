/* What a run checks beside its search: its first trial, and random ones as long
   as they take no more than their part of the time, are simulated again by a
   fresh plain ngspice, in a process beside the workers. Nothing of it reaches
   the method; a trial that differs ends the run. */
#include "run/inside.h"

#include <math.h>

enum {
    POINTS_MAX = 4096,
    CAUTION = 10, /* three other ways are few to tell a spread by: a run is not
                     ended for less than so many times what they differ by */
};

/* What the tolerances of a cold start leave of an operating point that a warm
   one finds more exactly, relative. */
static const double WARM_LIMIT = 1e-4;

struct tp_guard {
    tp_run     batch; /* of the plain simulator */
    bool       off;   /* nothing more is added */
    int        n_judged;
    int        trial[POINTS_MAX]; /* index of the run's trial of each point */
    tp_compare compare;
    double     searched; /* seconds of the trials so far */
    double     spent;    /* on random trials */
    int        random;   /* draws so far */
};

bool tp_guard_can(const tp_run *r)
{
    tp_str rest = r->set.simulator;
    for (tp_str w; (w = tp_str_word(&rest, ",")).len > 0;)
        if (tp_str_starts(w, TP_S("osdi="))) return false;
    return true;
}

/* The embedded simulator is what has to be checked; others are plain, or not
   ngspice. */
static bool wanted(const tp_run *r)
{
    tp_str            rest = r->set.simulator;
    const tp_sim_ops *sim = tp_sim_find(tp_str_word(&rest, ","));
    return r->set.check_share >= 0 && sim && sim->pruned && tp_guard_can(r) &&
           tp_str_starts(r->set.exec, TP_S("local")) && r->problem->n_bench > 0;
}

static tp_status open_guard(tp_run *r, tp_err *err)
{
    tp_run_settings set = r->set;
    tp_guard       *g = TP_NEW(&r->mem, tp_guard, 1);
    set.simulator = TP_S("spawn");
    set.exec = TP_S("local");
    set.jobs = 1;
    r->guard = g;
    TP_TRY(tp_batch_open(&g->batch, r->problem, &set, POINTS_MAX, err));
    g->compare.mem = &g->batch.mem;
    return TP_OK;
}

/* On every deck of its phase, with every value, simulated by ourselves. */
static bool whole(const tp_trial *t)
{
    return t->reading && t->attempts > 0 &&
           tp_str_eq(t->outcome, tp_str_of(tp_outcome_word(TP_RAN)));
}

static void add(tp_guard *g, const tp_run *r, int trial)
{
    g->trial[g->batch.n_pending] = trial;
    g->batch.phase = r->trial[trial].phase;
    tp_batch_add(&g->batch, r->trial[trial].x);
}

/* ---- judging ------------------------------------------------------------- */

static tp_status stop(const tp_trial *t, tp_str why, tp_err *err)
{
    return tp_fail(err, TP_SIM,
                   "trial %d is not what plain ngspice gives, so the search is "
                   "not to be trusted: %.*s",
                   t->number, TP_F(why));
}

static const char *value_words(double v, char text[TP_NUMBER_MAX])
{
    return isnan(v) ? "no value" : tp_exact(v, text);
}

/* `reason`: why plain ngspice has no value. */
static tp_str say_row(const tp_compared *r, tp_str reason, tp_arena *mem)
{
    char mine[TP_NUMBER_MAX], plain[TP_NUMBER_MAX];
    bool says = isnan(r->plain) && reason.len > 0;
    return tp_str_fmt(mem, "%.*s: %s in the run, %s by ngspice -b%s%.*s%s",
                      TP_F(r->name), value_words(r->mine, mine),
                      value_words(r->plain, plain), says ? " (" : "",
                      says ? (int)reason.len : 0, says ? reason.at : "",
                      says ? ")" : "");
}

tp_status tp_guard_judge(tp_compare *c, const tp_run *r, const tp_trial *t,
                         tp_str *why, tp_err *err)
{
    bool asked = false;
    *why = TP_S("");
    if (c->found == TP_ONE_FAILED) *why = c->why;
    if (c->found != TP_ALIKE) return TP_OK;
    double warm = tp_says(t->why, TP_WARM_START) ? WARM_LIMIT : 0;
    for (int i = 0; i < c->n; i++) /* of all, before ngspice is asked */
        c->row[i].allowed =
            fmax(fmax(c->row[i].allowed, warm), tp_compared_limit(&c->row[i]));
    for (int i = 0; i < c->n; i++) {
        tp_compared *row = &c->row[i];
        if (row->point != c->point || !(row->worst > row->allowed)) continue;
        if (!asked && isfinite(row->worst))
            TP_TRY(tp_spread(c, r->problem, &r->set, t->x, NULL, err));
        asked = true;
        double part = row->cause.len ? 1.0 / CAUTION : 1;
        if (part * row->worst > row->allowed && !why->len)
            *why = say_row(row, c->why, c->mem);
    }
    return TP_OK;
}

static tp_status judge(tp_run *r, int i, tp_err *err)
{
    tp_guard       *g = r->guard;
    const tp_trial *t = &r->trial[g->trial[i]];
    tp_trial plain = tp_trial_of(&g->batch, &g->batch.pending[i], &r->scratch);
    tp_str   why;
    g->n_judged++;
    g->compare.point = i;
    tp_compare_trials(&g->compare, r->problem, t, &plain);
    TP_TRY(tp_guard_judge(&g->compare, r, t, &why, err));
    if (i > 0) g->spent += g->batch.pending[i].got.seconds;
    g->off |= g->compare.found == TP_NOT_ASKED;
    if (g->compare.found != TP_ALIKE && !why.len) return TP_OK;
    r->checked.n++;
    for (int k = 0; k < g->compare.n; k++)
        r->checked.max = fmax(r->checked.max, g->compare.row[k].worst);
    if (!why.len) return TP_OK;
    if (!tp_says(t->why, TP_WARM_START)) return stop(t, why, err);
    if (!r->cold) TP_TRY(tp_record_cold(r, err));
    tp_warm_end(r, t,
                tp_str_fmt(&r->mem, TP_SECOND_SOLUTION ": %.*s", TP_F(why)));
    return TP_OK;
}

/* ---- an outside mind's points -------------------------------------------- */

/* Why this trial is not compared, "" where it is: the first that simulated, the
   best and a share of the others, told by its number alone. */
static tp_str excuse(const tp_run *r, const tp_trial *t)
{
    bool   first = true;
    tp_rng rng = tp_rng_at((uint64_t)r->set.seed, (uint64_t)t->number);
    for (int i = 0; i < t->number - 1 && first; i++)
        first = !whole(&r->trial[i]);
    if (!t->reading) return TP_S("it has no values");
    if (r->set.check_share < 0) return TP_S("the run was begun without checks");
    if (!wanted(r)) return TP_S("plain ngspice can't simulate what this does");
    if (!whole(t)) return TP_S("a measure has no value");
    bool drawn = 100 * tp_rng_uniform(&rng) < r->set.check_share;
    if (first || drawn || t == tp_run_best(r)) return TP_S("");
    return TP_S("neither the best one nor drawn");
}

static tp_status compare_one(tp_run *r, const tp_trial *t,
                             const tp_run_watch *watch, tp_point_check *out,
                             tp_err *err)
{
    TP_TRY(open_guard(r, err));
    tp_guard *g = r->guard;
    tp_str    why;
    add(g, r, t->number - 1);
    TP_TRY(tp_batch_finish(&g->batch, watch, err));
    tp_trial plain = tp_trial_of(&g->batch, &g->batch.pending[0], &r->mem);
    tp_compare_trials(&g->compare, r->problem, t, &plain);
    TP_TRY(tp_guard_judge(&g->compare, r, t, &why, err));
    for (int k = 0; k < g->compare.n; k++)
        out->max = fmax(out->max, g->compare.row[k].worst);
    bool alike = g->compare.found == TP_ALIKE;
    out->verdict = why.len > 0 ? TP_S("differs")
                   : alike     ? TP_S("agrees")
                               : TP_S("none");
    out->why =
        tp_str_copy(&r->mem, why.len > 0 || alike ? why : g->compare.why);
    return TP_OK;
}

tp_status tp_guard_point(tp_run *r, const tp_trial *t, bool told,
                         const tp_run_watch *watch, tp_point_check *out,
                         tp_err *err)
{
    tp_status st = TP_OK;
    *out = (tp_point_check){.trial = t->number, .verdict = TP_S("none")};
    out->why = told && t->reading ? TP_S("its values come from elsewhere")
                                  : excuse(r, t);
    if (out->why.len == 0) st = compare_one(r, t, watch, out, err);
    tp_guard_close(r);
    return st;
}

tp_status tp_guard_stop(const tp_point_check *c, const tp_trial *t, tp_err *err)
{
    if (!tp_str_eq(c->verdict, TP_S("differs"))) return TP_OK;
    return stop(t, c->why, err);
}

/* ---- the run's own trials ------------------------------------------------ */

/* What one more check will take: as long as the ones before. */
static double expected(const tp_guard *g)
{
    double sum = 0;
    for (int i = 0; i < g->n_judged; i++)
        sum += g->batch.pending[i].got.seconds;
    return g->n_judged ? sum / g->n_judged : INFINITY;
}

static bool chosen(const tp_guard *g, int trial)
{
    for (int i = 0; i < g->batch.n_pending; i++)
        if (g->trial[i] == trial) return true;
    return false;
}

/* A trial that was told, at random, where the time allows it. */
static void add_random(tp_run *r)
{
    tp_guard *g = r->guard;
    double    part = r->set.check_share / 100;
    bool      idle = g->n_judged == g->batch.n_pending;
    if (!idle || g->off || g->batch.n_pending == POINTS_MAX || r->n_trial < 2 ||
        g->spent + expected(g) > part * g->searched)
        return;
    tp_rng rng = tp_rng_at((uint64_t)r->set.seed, (uint64_t)g->random++);
    int    at = (int)(tp_rng_uniform(&rng) * r->n_trial);
    if (at < r->n_trial && whole(&r->trial[at]) && !chosen(g, at))
        add(g, r, at);
}

tp_status tp_guard_told(tp_run *r, const tp_trial *t, tp_err *err)
{
    if (!r->guard && whole(t) && wanted(r) && !tp_replaying(r)) {
        TP_TRY(open_guard(r, err));
        add(r->guard, r, t->number - 1);
    }
    if (r->guard) r->guard->searched += t->seconds;
    return TP_OK;
}

static tp_status judge_done(tp_run *r, tp_err *err)
{
    tp_guard *g = r->guard;
    while (g->n_judged < g->batch.n_pending &&
           g->batch.pending[g->n_judged].done)
        TP_TRY(judge(r, g->n_judged, err));
    return TP_OK;
}

tp_status tp_guard_look(tp_run *r, tp_err *err)
{
    tp_guard *g = r->guard;
    if (!g) return TP_OK;
    add_random(r);
    if (g->n_judged == g->batch.n_pending) return TP_OK;
    TP_TRY(tp_batch_step(&g->batch, 0, err));
    return judge_done(r, err);
}

tp_status tp_guard_end(tp_run *r, const tp_run_watch *watch, tp_err *err)
{
    tp_guard *g = r->guard;
    tp_status st = TP_OK;
    if (g && g->n_judged == 0) { /* a random one is not waited for */
        st = tp_batch_finish(&g->batch, watch, err);
        if (!st) st = judge_done(r, err);
    }
    tp_record_say(r, watch);
    tp_guard_close(r);
    return st;
}

void tp_guard_close(tp_run *r)
{
    if (r->guard) tp_batch_close(&r->guard->batch);
    r->guard = NULL;
}
