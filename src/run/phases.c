/* Phases: a run begins in few corners and goes up to more. It goes up when the
   specs are met well enough in the corners of now, when nothing has improved
   for a while, or when the method has ended; the best points are simulated
   again in the new corners, and the method starts anew from the best. In the
   last phase the same ends the run. The rules are those of the problem file
   (manual, "Phases"). */
#include "run/inside.h"

#include <math.h>

enum {
    INCUMBENTS = 3, /* simulated again after going up */
    INCUMBENTS_KEPT = 1,
    INCUMBENTS_MOST = 24,
};

static bool is_last(const tp_run *r)
{
    return r->phase + 1 >= tp_problem_phases(r->problem);
}

/* The first corner of the phase: where cost is judged. */
static int nominal(const tp_run *r)
{
    const tp_problem *p = r->problem;
    return p->n_phase ? p->phase[r->phase].corner[0] : 0;
}

/* Every spec is met in all corners of now, and the nominal one's targets are
   nearly reached. */
static bool is_good(const tp_run *r, const tp_trial *best)
{
    const tp_problem *p = r->problem;
    if (!p->n_spec || !(p->rules.converge_cost > 0)) return false;
    if (!best->score.feasible || best->phase != r->phase) return false;
    tp_cost c = tp_problem_cost(p, best->reading, nominal(r), true);
    return c.feasible && c.cost < p->rules.converge_cost;
}

static bool is_stalled(const tp_run *r)
{
    return r->problem->rules.stall > 0 && r->stall >= r->problem->rules.stall;
}

static const char *last_word(const tp_trial *best, bool good)
{
    if (good) return "stopvalreached";
    return best->score.feasible ? "specsmet" : "stalled";
}

/* What a trial is judged by: violation, or where it has none its cost. */
static double worth(const tp_trial *t)
{
    return t->score.feasible ? t->score.f : t->score.violation;
}

/* Better than the last improvement by more than the least that counts. */
static bool is_improved(const tp_run *r, const tp_trial *t)
{
    const tp_trial *was = r->improved > 0 ? &r->trial[r->improved - 1] : NULL;
    if (!tp_trial_better(t, was)) return false;
    if (!was || was->phase != t->phase) return true;
    if (was->score.feasible != t->score.feasible) return true;
    return worth(was) - worth(t) > r->problem->rules.improve * fabs(worth(was));
}

/* All is met, and the phase has had its share of the iterations: what is left
   is for the phases to come. */
static bool has_had_its_share(const tp_run *r, const tp_trial *best)
{
    int phases = tp_problem_phases(r->problem);
    if (!r->limit_now || !best->score.feasible || is_last(r)) return false;
    return r->asked >= r->limit_now * (r->phase + 1) / phases;
}

static void count(tp_run *r, const tp_trial *t)
{
    if (is_improved(r, t)) {
        r->improved = t->number;
        r->stall = 0;
    } else if (t->number > r->reviewed) {
        r->stall++;
    }
}

const char *tp_phases_told(tp_run *r, const tp_trial *t)
{
    const tp_trial *best = tp_run_best(r);
    if (!best || r->raising || r->centring) return NULL;
    count(r, t);
    bool good = is_good(r, best), all = r->problem->rules.all;
    bool up = good || is_stalled(r) || has_had_its_share(r, best);
    if (!up) return NULL;
    if (is_last(r) || (good && !all)) return last_word(best, good);
    r->raising = !r->limit_now || r->asked < r->limit_now;
    return NULL;
}

const char *tp_phases_done(tp_run *r, const char *why)
{
    if (is_last(r) || r->centring) return why;
    r->raising = true;
    return NULL;
}

/* ---- going up ------------------------------------------------------------ */

/* How many trials are simulated again after going up: one for a method that
   still knows them all; for one that learns from any trial as many as it would
   begin with at random, else a few. */
static int wanted(const tp_run *r)
{
    int n = r->space.n + 3;
    if (tp_corners_kept(r)) return INCUMBENTS_KEPT;
    if (!tp_foreign_takes(r)) return INCUMBENTS;
    return n > INCUMBENTS_MOST ? INCUMBENTS_MOST : n;
}

/* The best trials of the phase, best first: how many, at most `most`. */
static int incumbents(const tp_run *r, int *out, int most)
{
    int n = 0;
    for (int i = 0; i < r->n_trial; i++) {
        const tp_trial *t = &r->trial[i];
        int             k = n;
        if (t->phase != r->phase || !t->score.ok) continue;
        while (k > 0 && tp_trial_better(t, &r->trial[out[k - 1]])) k--;
        if (k == most) continue;
        if (n < most) n++;
        for (int m = n - 1; m > k; m--) out[m] = out[m - 1];
        out[k] = i;
    }
    return n;
}

static tp_status record(tp_run *r, tp_err *err)
{
    tp_arena mem = r->scratch;
    tp_buf   b = {.mem = &mem};
    tp_pack_int(&b, r->phase + 1);
    return tp_record_event(r, TP_S("phase"), tp_buf_str(&b), err);
}

/* "phase 2: tt_27 ff_27 ss_27"; "" where the problem has none. */
static tp_str phase_words(const tp_problem *p, int phase, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    if (!p->n_phase) return (tp_str){"", 0};
    tp_buf_fmt(&b, "phase %d:", phase + 1);
    for (int i = 0; i < p->phase[phase].n; i++)
        tp_buf_fmt(&b, " %.*s",
                   TP_F(p->corner[p->phase[phase].corner[i]].name));
    return tp_buf_str(&b);
}

tp_status tp_phases_raise(tp_run *r, tp_err *err)
{
    int index[INCUMBENTS_MOST];
    int n = incumbents(r, index, wanted(r));
    TP_TRY(record(r, err));
    r->queue = TP_NEW(&r->mem, const double *, n);
    r->n_queue = n;
    r->queue_at = 0;
    for (int i = 0; i < n; i++) r->queue[i] = r->trial[index[i]].x;
    r->reviewed = r->asked + n;
    r->phase++;
    r->raising = false;
    r->stall = r->repeats_in_a_row = 0;
    r->said = phase_words(r->problem, r->phase, &r->mem);
    r->queue_end = tp_corners_kept(r) ? r->reviewed : 0;
    return tp_method_raise(r, n ? r->queue[0] : NULL, err);
}

const char *tp_phases_limit(const tp_run *r)
{
    double seconds = 0;
    if (!(r->problem->sim_seconds > 0) || tp_replaying(r)) return NULL;
    for (int i = 0; i < r->n_trial; i++) seconds += r->trial[i].sim_seconds;
    return seconds > r->problem->sim_seconds ? "maxsimtimereached" : NULL;
}
