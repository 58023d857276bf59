/* A trial that has lost already: where a method only asks whether a point beats
   another one, the simulations that are left can't change the answer, and are
   not made. They are looked at in one fixed order, whichever comes back first,
   so the history does not depend on timing: by what each is expected to cost
   for its chance to decide, least first, which makes the cost until one decides
   least (Simon and Kadane, Artificial Intelligence 6 (1975) 235). The chances
   are the method's for each corner, where it has any, and what was learnt. */
#include "run/inside.h"

#include <math.h>

/* What a job costs by itself, in points or iterations: below that two analyses
   of a deck are not taken apart. */
static const double JOB = 30;

/* ---- the order ----------------------------------------------------------- */

typedef struct rank {
    int    part;
    double work, chance, price;
} rank;

/* What was learnt of the parts of a corner says how the method's chance of
   losing there is shared out. */
static double share_of(const tp_run *r, int part)
{
    const tp_problem *p = r->problem;
    int               corner = tp_problem_corner_of(p, r->part[part].deck);
    double            own = tp_part_chance(r, part), most = own;
    for (int k = 0; k < r->n_part; k++)
        if (tp_problem_corner_of(p, r->part[k].deck) == corner)
            most = fmax(most, tp_part_chance(r, k));
    return own / most;
}

static rank rank_of(const tp_run *r, int part, const double *first, bool known)
{
    int  deck = r->part[part].deck;
    rank out = {.part = part,
                .work = tp_part_work(r, part),
                .chance = tp_part_chance(r, part)};
    if (known) {
        double lost = first[tp_problem_corner_of(r->problem, deck)];
        out.chance = lost * share_of(r, part);
    }
    out.chance = fmax(out.chance, 1e-6);
    out.price = out.work * r->devices[deck] / out.chance;
    return out;
}

/* The parts of the trial's decks, cheapest for what it may decide first. */
static int ranks(const tp_run *r, const tp_pending *p, const double *first,
                 rank *out)
{
    bool known = false;
    int  n = 0;
    for (int c = 0; c < tp_problem_corners(r->problem); c++)
        known |= first[c] > 0;
    for (int i = 0; i < p->n_task; i++) {
        int deck = p->task[i].deck;
        for (int k = r->first_part[deck]; k < r->first_part[deck + 1]; k++) {
            rank one = rank_of(r, k, first, known);
            int  at = n++;
            for (; at > 0 && one.price < out[at - 1].price; at--)
                out[at] = out[at - 1];
            out[at] = one;
        }
    }
    return n;
}

/* Adds a part to a job on its deck. */
static void widen(tp_run *r, tp_task *t, int part)
{
    int         n = r->circuit[t->deck]->n_analysis;
    const bool *more = r->part[part].analysis, *was = t->only;
    bool       *only = TP_NEW(&r->mem, bool, n);
    if (++t->n_part == tp_parts_of(r, t->deck)) {
        t->only = NULL;
        return;
    }
    for (int i = 0; i < n; i++) only[i] = (was && was[i]) || (more && more[i]);
    t->only = only;
}

static void put_in_order(tp_run *r, tp_pending *p, const double *first)
{
    tp_arena mem = r->scratch;
    rank    *row = TP_NEW(&mem, rank, r->n_part);
    int      n = ranks(r, p, first, row);
    double   decided = 0; /* the chance that the last job has decided */
    p->n_task = 0;
    for (int i = 0; i < n; i++) {
        const tp_part *part = &r->part[row[i].part];
        tp_task       *last = p->n_task ? &p->task[p->n_task - 1] : NULL;
        bool           same = last && last->deck == part->deck;
        if (same && decided * row[i].work < JOB) {
            widen(r, last, row[i].part);
            decided += (1 - decided) * row[i].chance;
            continue;
        }
        p->task[p->n_task++] = (tp_task){.deck = part->deck,
                                         .only = part->analysis,
                                         .n_part = 1,
                                         .wanted = true};
        decided = row[i].chance;
    }
}

/* ---- what the method wants ----------------------------------------------- */

/* The method wants the trial in this corner alone. */
static void keep_only(const tp_run *r, tp_pending *p, int corner)
{
    int n = 0;
    p->only = true;
    for (int i = 0; i < p->n_task; i++) {
        if (tp_problem_corner_of(r->problem, p->task[i].deck) == corner)
            p->task[n++] = p->task[i];
        else
            p->dropped += p->task[i].n_part;
    }
    p->n_task = n;
}

bool tp_early_may(const tp_run *r)
{
    bool may = !r->set.no_early && !r->every && r->method && r->method->bound;
    return may && r->n_part > 1;
}

/* What the method says of this ask; false: it wants the values. */
static bool bound_of(tp_run *r, const tp_pending *p, tp_opt_bound *out,
                     tp_arena *mem)
{
    int corners = tp_problem_corners(r->problem);
    *out = (tp_opt_bound){INFINITY, INFINITY, TP_NEW(mem, double, corners), -1};
    if (!tp_early_may(r) || p->tag == TP_OPT_FOREIGN_TAG) return false;
    return r->method->bound(&r->opt, p->tag, out);
}

static const tp_pending *pending_of(const tp_run *r, int trial)
{
    for (int i = 0; i < r->n_pending; i++) {
        const tp_pending *q = &r->pending[(r->head + i) % r->window];
        if (!q->repeat && q->trial == trial) return q;
    }
    return NULL;
}

bool tp_early_answers(tp_run *r, const tp_pending *p, int index)
{
    tp_arena          mem = r->scratch;
    tp_opt_bound      b;
    bool              told = index < r->n_trial;
    const tp_pending *q = told ? NULL : pending_of(r, index + 1);
    bool whole = told ? !tp_seen_ended(r, index) : q && !q->early && !q->only;
    if (whole) return true;
    if (!bound_of(r, p, &b, &mem) || b.only >= 0) return false;
    tp_bound bound = {b.violation, b.f};
    if (told)
        return tp_problem_lost(r->problem, r->trial[index].reading, r->set.ctol,
                               &bound);
    return q && q->early && b.violation <= q->bound.violation &&
           b.f <= q->bound.f;
}

void tp_early_begin(tp_run *r, tp_pending *p)
{
    tp_arena     mem = r->scratch;
    tp_opt_bound b;
    p->early = p->only = false;
    if (!bound_of(r, p, &b, &mem)) return;
    if (b.only >= 0) {
        keep_only(r, p, b.only);
        return;
    }
    p->early = true;
    p->bound = (tp_bound){b.violation, b.f};
    put_in_order(r, p, b.first);
}

/* ---- what is left -------------------------------------------------------- */

/* The jobs behind place `at` of the order are not needed. */
static void drop(tp_pending *p, int at)
{
    for (int k = at + 1; k < p->n_task; k++) {
        p->task[k].wanted = false;
        p->dropped += p->task[k].n_part;
    }
}

void tp_early_look(tp_run *r, tp_pending *p)
{
    const tp_problem *problem = r->problem;
    tp_arena          mem = r->scratch;
    int               n = tp_problem_readings(problem);
    if (!p->early || p->done) return;
    tp_reading *reading = TP_NEW(&mem, tp_reading, n);
    for (int i = 0; i < n; i++) reading[i].skipped = true;
    for (int k = 0; k < p->n_task && p->task[k].wanted; k++) {
        const tp_task *t = &p->task[k];
        if (!t->done) return;
        tp_trial_place(r, t, reading);
        bool lost = tp_problem_lost(problem, reading, r->set.ctol, &p->bound);
        if (!lost && t->got.result.how == TP_RAN) continue;
        drop(p, k);
        return;
    }
}
