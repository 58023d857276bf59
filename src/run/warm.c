/* Warm starts of a run (--warm): the simulator compares some of them with cold
   ones and says where they lead elsewhere. That is told in the order of the
   trials, so the run goes on cold at the same ask, whoever simulated what. */
#include "run/inside.h"

enum { FIRST = 3, ONE_IN = 32 }; /* trials that are compared */

tp_warmth tp_warm_of(const tp_run *r, int trial)
{
    tp_rng rng = tp_rng_at((uint64_t)r->set.seed, (uint64_t)trial);
    bool   drawn = ONE_IN * tp_rng_uniform(&rng) < 1;
    if (r->cold) return TP_COLD;
    return trial <= FIRST || drawn ? TP_COMPARED : TP_WARM;
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

tp_str tp_warm_words(tp_run *r, const tp_pending *p, int decisive)
{
    bool known = tp_says(p->task[decisive].got.result.why, TP_SECOND_SOLUTION);
    for (int i = 0; i < p->n_task && !known; i++) {
        const tp_task *t = &p->task[i];
        tp_str deck = tp_problem_deck_words(r->problem, t->deck, &r->mem);
        if (!t->wanted || !tp_says(t->got.result.why, TP_SECOND_SOLUTION))
            continue;
        return tp_str_fmt(&r->mem, "; %.*s%s%.*s", TP_F(deck),
                          deck.len > 0 ? ": " : "", TP_F(t->got.result.why));
    }
    return TP_S("");
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
