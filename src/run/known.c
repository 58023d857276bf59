/* What is known of a point already: when a run goes up a phase its best points
   are simulated in the new corners, and the results of those corners that they
   were simulated in before are taken over from the trial that has them. Only
   results of this run's own simulator, whole trials of which nothing has to be
   said; a measure over several corners is made anew. */
#include "run/inside.h"

#include <string.h>

/* The last told trial of another phase at this point; NULL: there is none. */
static const tp_trial *before(const tp_run *r, const double *x)
{
    size_t size = sizeof *x * (size_t)r->space.n;
    for (int i = r->n_trial - 1; i >= 0; i--) {
        const tp_trial *t = &r->trial[i];
        bool            own = t->attempts > 0; /* no values from elsewhere */
        if (t->number < r->same_from) return NULL;
        bool whole = tp_str_eq(t->outcome, TP_S("ran")) && t->why.len == 0;
        if (own && whole && t->reading && t->phase != r->phase &&
            memcmp(t->x, x, size) == 0)
            return t;
    }
    return NULL;
}

/* Every measure of the job has a value there. */
static bool has_all(const tp_run *r, const tp_task *t, const tp_reading *in)
{
    bool any = false;
    for (int i = 0; i < r->problem->n_measure; i++) {
        if (!tp_task_has(r, t, i)) continue;
        if (in[i].skipped || !in[i].ok) return false;
        any = true;
    }
    return any;
}

/* The readings of its bench, as a worker would have given them. */
static void take(tp_run *r, tp_task *t, const tp_reading *in)
{
    const tp_problem *p = r->problem;
    int               bench = tp_problem_bench_of(p, t->deck), n = 0;
    tp_reading       *reading = TP_NEW(&r->mem, tp_reading, p->n_measure);
    for (int i = 0; i < p->n_measure; i++)
        if (p->measure[i].bench == bench) reading[n++] = in[i];
    t->done = t->taken = true;
    t->got = (tp_got){
        .result = {.how = TP_RAN, .why = TP_S(""), .n = n, .reading = reading},
        .log = TP_S("")};
}

void tp_known_take(tp_run *r, tp_pending *p)
{
    const tp_trial *t = NULL;
    p->from = 0;
    if (r->phase > 0 && !r->want.all) t = before(r, p->x);
    for (int i = 0; t && i < p->n_task; i++) {
        tp_task          *task = &p->task[i];
        ptrdiff_t         corner = tp_problem_corner_of(r->problem, task->deck);
        const tp_reading *in = t->reading + corner * r->problem->n_measure;
        bool waves = task->deck == 0 && r->want.n > 0; /* are not kept */
        if (waves || !has_all(r, task, in)) continue;
        take(r, task, in);
        p->from = t->number;
    }
}

/* What has not been put together yet is simulated in this trial, too. */
static void give_back(tp_run *r, tp_pending *p)
{
    for (int i = 0; i < p->n_task; i++) {
        tp_task *t = &p->task[i];
        if (t->taken)
            *t = (tp_task){.deck = t->deck,
                           .only = t->only,
                           .n_part = t->n_part,
                           .wanted = t->wanted};
    }
    p->from = 0;
    p->strategy = tp_str_fmt(
        &r->mem, "%.*s; simulated after all: the simulator is another one",
        TP_F(p->strategy));
}

void tp_known_forget(tp_run *r)
{
    r->same_from = r->pending[r->head].trial;
    for (int i = 0; i < r->n_pending; i++) {
        tp_pending *p = &r->pending[(r->head + i) % r->window];
        if (p->from && !p->done) give_back(r, p);
    }
}

tp_str tp_known_words(const tp_run *r, const tp_pending *p, tp_arena *mem)
{
    int all = 0, taken = 0;
    for (int i = 0; i < p->n_task; i++) {
        all += p->task[i].n_part;
        taken += p->task[i].taken ? p->task[i].n_part : 0;
    }
    if (!p->from) return p->strategy;
    return tp_str_fmt(mem,
                      "%.*s%strial %d again, in phase %d: %d of %d simulations "
                      "are taken over",
                      TP_F(p->strategy), p->strategy.len ? "; " : "", p->from,
                      r->phase + 1, taken, all);
}
