/* Warm starts of a run (--warm): the simulator compares some of them with cold
   ones and says where they lead elsewhere. That is told in the order of the
   trials, so the run goes on cold at the same ask, whoever simulated what.
   Where plain ngspice finds it, whose checks go by the clock, the log says from
   which ask on (event "cold"). */
#include "run/inside.h"

enum { FIRST = 3, ONE_IN = 32 }; /* trials that are compared */

tp_warmth tp_warm_of(const tp_run *r, int trial)
{
    tp_rng rng = tp_rng_at((uint64_t)r->set.seed, (uint64_t)trial);
    bool   drawn = ONE_IN * tp_rng_uniform(&rng) < 1;
    if (r->cold || (r->cold_at > 0 && trial >= r->cold_at)) return TP_COLD;
    return trial <= FIRST || drawn ? TP_COMPARED : TP_WARM;
}

void tp_warm_load(tp_run *r)
{
    for (int i = r->n_stored_event - 1; i >= 0; i--) {
        const tp_event_row *e = &r->stored_event[i];
        tp_unpack           u = {.rest = e->data};
        if (!tp_str_eq(e->kind, TP_S("cold"))) continue;
        int asked = tp_unpack_small(&u);
        if (!u.bad && asked >= 0) r->cold_at = asked + 1;
    }
}

void tp_warm_end(tp_run *r, const tp_trial *t, tp_str why)
{
    if (r->cold || !r->set.warm) return;
    r->cold = true;
    r->turned = tp_str_fmt(&r->mem,
                           "trial %d: %.*s; no operating point is sought from "
                           "another one any more",
                           t->number, TP_F(why));
}

void tp_warm_told(tp_run *r, const tp_trial *t)
{
    if (tp_says(t->why, TP_SECOND_SOLUTION)) tp_warm_end(r, t, t->why);
}

/* The first job of the trial that says so, in its own words; "" none. */
static tp_str first_with(tp_run *r, const tp_pending *p, const char *mark)
{
    for (int i = 0; i < p->n_task; i++) {
        const tp_task *t = &p->task[i];
        tp_str         why = t->got.result.why;
        if (!t->wanted || !tp_says(why, mark)) continue;
        tp_str deck = tp_problem_deck_words(r->problem, t->deck, &r->mem);
        return tp_str_fmt(&r->mem, "%.*s%s%.*s", TP_F(deck),
                          deck.len > 0 ? ": " : "", TP_F(why));
    }
    return TP_S("");
}

tp_str tp_warm_words(tp_run *r, const tp_pending *p, int decisive)
{
    const tp_result *res = &p->task[decisive].got.result;
    tp_str           words = first_with(r, p, TP_SECOND_SOLUTION);
    if (tp_says(res->why, TP_SECOND_SOLUTION) && res->how != TP_RAN)
        return TP_S("");
    if (words.len > 0 || !tp_result_read(res)) return words;
    return first_with(r, p, TP_WARM_START);
}

void tp_warm_add(tp_run *r, tp_result *res, tp_str words)
{
    if (words.len == 0 || tp_str_eq(res->why, words)) return;
    res->why = tp_str_fmt(&r->mem, "%.*s%s%.*s", TP_F(res->why),
                          res->why.len > 0 ? "; " : "", TP_F(words));
}

tp_str tp_warm_refusal(tp_run *r, const tp_sim_ops *sim)
{
    const tp_bench *b = r->problem->bench;
    if (!r->set.warm) return TP_S("");
    if (!tp_params_find(sim->params, TP_S("warm")))
        return tp_str_fmt(&r->mem,
                          "warm: %s starts every operating point from nothing",
                          sim->name);
    if (b && (b->control || b->program))
        return TP_S("warm: analyses that a script makes start from nothing");
    return TP_S("");
}
