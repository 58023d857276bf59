/* The circuits that a run's workers get: those of the problem without what
   they can't reach while the variables stay within their bounds. */
#include "run/inside.h"

#include <math.h>

/* What a circuit's parameter may become. */
static tp_range range_of(const tp_run *r, int deck, tp_str name)
{
    const tp_problem *p = r->problem;
    int               at = tp_problem_corner_of(p, deck);
    int               i = tp_space_find(&r->space, name);
    if (i >= 0) return (tp_range){r->space.var[i].lo, r->space.var[i].hi};
    for (int k = 0; k < p->n_setting && p->n_corner > 0; k++)
        if (tp_str_same(p->setting[k], name))
            return (tp_range){p->corner[at].value[k], p->corner[at].value[k]};
    return (tp_range){-INFINITY, INFINITY};
}

static const tp_circuit *pruned(tp_run *r, int deck)
{
    const tp_bench *b =
        &r->problem->bench[tp_problem_bench_of(r->problem, deck)];
    tp_touch          touch = {0};
    const tp_circuit *c = tp_problem_circuit(r->problem, deck);
    tp_circuit       *out = TP_NEW(&r->mem, tp_circuit, 1);
    tp_range         *box = TP_NEW(&r->mem, tp_range, c->n_param);
    tp_pruned        *how = &r->how[deck];
    for (int i = 0; i < c->n_param; i++)
        box[i] = range_of(r, deck, c->param[i]);
    if (b->control) touch = b->control->touch;
    if (b->program) touch = b->program->touch;
    tp_circuit_prune(out, c, box, &touch, how, &r->mem);
    if (how->notice.len > 0)
        *TP_PUSH(&r->mem, r->notice, r->n_notice, r->cap_notice) = how->notice;
    return out;
}

void tp_decks_make(tp_run *r)
{
    const tp_problem *p = r->problem;
    tp_str            rest = r->set.simulator;
    const tp_sim_ops *sim = tp_sim_find(tp_str_word(&rest, ","));
    r->n_deck = tp_problem_decks(p);
    r->circuit = TP_NEW(&r->mem, const tp_circuit *, r->n_deck);
    r->how = TP_NEW(&r->mem, tp_pruned, r->n_deck);
    for (int i = 0; i < r->n_deck; i++) {
        bool whole = r->set.no_prune || !sim || !sim->pruned;
        r->circuit[i] = whole ? tp_problem_circuit(p, i) : pruned(r, i);
    }
}
