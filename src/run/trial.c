/* One trial and its jobs: a point on every deck (bench x corner) that its phase
   asks for. Split before they leave, put together when they are back. */
#include "run/inside.h"

#include <math.h>

bool tp_result_read(const tp_result *res)
{
    return res->n > 0 || res->how == TP_RAN || res->how == TP_NO_MEASURE;
}

/* One job for each deck of the phase. */
static void whole_decks(tp_run *r, tp_pending *p)
{
    const tp_problem *problem = r->problem;
    if (!p->task) p->task = TP_NEW(&r->mem, tp_task, r->n_part);
    p->n_task = p->dropped = 0;
    p->work = NULL;
    for (int d = 0; d < r->n_deck; d++) {
        int corner = tp_problem_corner_of(problem, d);
        if (!r->every && !tp_problem_phase_has(problem, p->phase, corner))
            continue;
        p->task[p->n_task++] =
            (tp_task){.deck = d, .n_part = tp_parts_of(r, d), .wanted = true};
    }
}

void tp_trial_begin(tp_run *r, tp_pending *p)
{
    const tp_problem *problem = r->problem;
    tp_str            why = {"", 0};
    p->phase = r->phase;
    p->warmth = tp_warm_of(r, p->trial);
    p->value = TP_NEW(&r->mem, double, problem->space.n + problem->n_derived);
    whole_decks(r, p);
    tp_early_begin(r, p);
    tp_known_take(r, p);
    if (tp_problem_derive(problem, p->x, p->value, &why, &r->mem)) {
        if (p->from) tp_trial_settle(r, p);
        return;
    }
    p->from = 0;
    p->got =
        (tp_got){.result = {.how = TP_REFUSED, .why = why}, .log = TP_S("")};
    p->done = true;
}

/* ---- putting together --------------------------------------------------- */

void tp_trial_place(const tp_run *r, const tp_task *t, tp_reading *to)
{
    const tp_problem *p = r->problem;
    const tp_result  *res = &t->got.result;
    int               bench = tp_problem_bench_of(p, t->deck), k = 0;
    to += (ptrdiff_t)tp_problem_corner_of(p, t->deck) * p->n_measure;
    for (int i = 0; i < p->n_measure; i++) {
        if (p->measure[i].bench != bench) continue;
        tp_reading one = {.unit = p->measure[i].unit, .why = res->why};
        if (tp_result_read(res)) one = res->reading[k++];
        if (tp_task_has(r, t, i)) to[i] = one;
    }
}

/* The job that says how the trial ended: one that did not simulate before one
   that lacks a measure, before one with a remark, else the first. */
static int decisive(const tp_pending *p)
{
    int lacks = -1, remark = -1, first = -1;
    for (int i = 0; i < p->n_task; i++) {
        if (!p->task[i].wanted) continue;
        tp_outcome how = p->task[i].got.result.how;
        if (how != TP_RAN && how != TP_NO_MEASURE) return i;
        if (how == TP_NO_MEASURE && lacks < 0) lacks = i;
        if (p->task[i].got.result.why.len > 0 && remark < 0) remark = i;
        if (first < 0) first = i;
    }
    return lacks >= 0 ? lacks : remark >= 0 ? remark : first;
}

/* A derived measure without a value counts like any other. */
static void lacks_derived(const tp_problem *p, const tp_reading *reading,
                          tp_result *res, tp_arena *mem)
{
    for (int i = 0; i < tp_problem_readings(p); i++) {
        const tp_measure *m = &p->measure[i % p->n_measure];
        const tp_reading *r = &reading[i];
        if (m->bench != TP_BENCH_NONE || m->goal == TP_WATCH) continue;
        if (r->ok || r->skipped) continue;
        res->how = TP_NO_MEASURE;
        res->why = tp_str_fmt(mem, "%.*s: %.*s", TP_F(m->name), TP_F(r->why));
        return;
    }
}

static void add(tp_got *sum, const tp_got *g)
{
    sum->result.sim_seconds += g->result.sim_seconds;
    sum->result.total_seconds += g->result.total_seconds;
    sum->result.iterations += g->result.iterations;
    sum->seconds += g->seconds;
    if (g->attempts > sum->attempts) sum->attempts = g->attempts;
}

/* The trial was decided before its last parts. */
static void ended(tp_run *r, const tp_pending *p, tp_result *res)
{
    int made = 0;
    for (int i = 0; i < p->n_task; i++)
        made += p->task[i].wanted ? p->task[i].n_part : 0;
    res->how = TP_ENDED_EARLY;
    int all = made + p->dropped;
    if (p->only)
        res->why = tp_str_fmt(&r->mem,
                              "%s wants %d of %d simulations: it begins with a "
                              "look at one corner",
                              r->method->name, made, all);
    else if (p->bound.violation > 0 || !(p->bound.f < INFINITY))
        res->why = tp_str_fmt(&r->mem,
                              "it misses more than %.3g after %d of %d "
                              "simulations, which is what it had to beat",
                              p->bound.violation, made, all);
    else
        res->why = tp_str_fmt(&r->mem,
                              "it misses a limit or costs more than %.4g after "
                              "%d of %d simulations, which is what it had to "
                              "beat",
                              p->bound.f, made, all);
}

/* What was simulated, by its parts. */
static void count_work(tp_run *r, tp_pending *p)
{
    p->work = TP_NEW(&r->mem, int, r->n_part);
    for (int k = 0; k < r->n_part; k++) p->work[k] = TP_PART_LEFT;
    for (int i = 0; i < p->n_task; i++) {
        const tp_task *t = &p->task[i];
        if (!t->wanted) continue;
        for (int k = r->first_part[t->deck]; k < r->first_part[t->deck + 1];
             k++)
            if (!t->only || t->only[r->part[k].at])
                p->work[k] = t->taken ? TP_PART_TAKEN : tp_task_work(r, t, k);
    }
}

/* The job of the first deck, which has the waves; NULL: it has none. */
static const tp_got *of_first_deck(const tp_pending *p)
{
    for (int i = 0; i < p->n_task; i++)
        if (p->task[i].deck == 0 && p->task[i].wanted) return &p->task[i].got;
    return NULL;
}

void tp_trial_assemble(tp_run *r, tp_pending *p)
{
    const tp_problem *problem = r->problem;
    int               n = tp_problem_readings(problem), at = decisive(p);
    tp_reading       *reading = TP_NEW(&r->mem, tp_reading, n);
    bool              read = false;
    tp_got            sum = {0};
    for (int i = 0; i < n; i++) reading[i].skipped = true;
    for (int i = 0; i < p->n_task; i++) {
        if (!p->task[i].wanted) continue;
        tp_trial_place(r, &p->task[i], reading);
        read |= tp_result_read(&p->task[i].got.result);
        add(&sum, &p->task[i].got);
    }
    if (read) tp_eval_derived(problem, reading, p->value, &r->mem);
    const tp_got *main = &p->task[at].got, *first = of_first_deck(p);
    tp_str deck = tp_problem_deck_words(problem, p->task[at].deck, &r->mem);
    sum.result.how = main->result.how;
    sum.result.why = main->result.why;
    sum.result.wrong = main->result.wrong;
    if (deck.len && sum.result.why.len)
        sum.result.why = tp_str_fmt(&r->mem, "%.*s: %.*s", TP_F(deck),
                                    TP_F(main->result.why));
    tp_str warm = tp_warm_words(r, p, at);
    sum.result.n = read ? n : 0;
    if (sum.result.how == TP_RAN)
        lacks_derived(problem, reading, &sum.result, &r->mem);
    sum.result.reading = reading;
    if (sum.result.how == TP_RAN && p->dropped) ended(r, p, &sum.result);
    tp_warm_add(r, &sum.result, warm);
    sum.result.n_wave = first ? first->result.n_wave : 0;
    sum.result.wave = first ? first->result.wave : NULL;
    sum.log = main->log;
    count_work(r, p);
    p->got = sum;
    p->done = true;
}

void tp_trial_settle(tp_run *r, tp_pending *p)
{
    tp_early_look(r, p);
    for (int i = 0; i < p->n_task; i++)
        if (p->task[i].wanted && !p->task[i].done) return;
    tp_trial_assemble(r, p);
}

/* ---- the finished trial -------------------------------------------------- */

static const tp_waves *keep_waves(const tp_result *res, tp_arena *mem)
{
    if (!res->n_wave) return NULL;
    tp_plot  *plot = TP_NEW(mem, tp_plot, 1);
    tp_waves *w = TP_NEW(mem, tp_waves, 1);
    *plot = (tp_plot){.n_wave = res->n_wave, .wave = res->wave, .op = -1};
    *w = (tp_waves){1, plot};
    return w;
}

tp_trial tp_trial_of(const tp_run *r, const tp_pending *p, tp_arena *mem)
{
    const tp_result *res = &p->got.result;
    return (tp_trial){.number = p->trial,
                      .phase = p->phase,
                      .x = p->x,
                      .derived =
                          r->problem->n_derived ? p->value + r->space.n : NULL,
                      .outcome = tp_str_of(tp_outcome_word(res->how)),
                      .why = res->why,
                      .reading = tp_result_read(res) ? res->reading : NULL,
                      .attempts = p->got.attempts,
                      .sim_seconds = res->sim_seconds,
                      .seconds = p->got.seconds,
                      .waves = keep_waves(res, mem),
                      .strategy = p->strategy};
}
