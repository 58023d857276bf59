/* A trial that has lost already: where a method only asks whether a point beats
   another one, the decks that are left can't change the answer, and are not
   simulated. Decks are looked at in one fixed order, whichever comes back
   first, so the history does not depend on timing. The order puts those in
   front where the method expects to lose, then those that were the worst of
   their trials most often. */
#include "run/inside.h"

#include <math.h>

/* ---- which decks decide ------------------------------------------------- */

void tp_early_learn(tp_run *r, const tp_trial *t)
{
    const tp_problem *p = r->problem;
    double            most = 0;
    int               worst = -1;
    if (!r->decides) r->decides = TP_NEW(&r->mem, int, r->n_deck);
    if (!t->reading) return;
    for (int d = 0; d < r->n_deck; d++) {
        double miss = tp_problem_deck_miss(p, d, t->reading);
        if (!(miss > most)) continue;
        most = miss;
        worst = d;
    }
    if (worst >= 0) r->decides[worst]++;
}

/* Whether deck a is looked at before b: its corner is more likely to decide, or
   it did so more often. */
static bool before(const tp_run *r, const double *first, int a, int b)
{
    double x = first[tp_problem_corner_of(r->problem, a)];
    double y = first[tp_problem_corner_of(r->problem, b)];
    if (x != y) return x > y;
    return r->decides && r->decides[a] > r->decides[b];
}

static int *order_of(tp_run *r, const double *first)
{
    int *order = TP_NEW(&r->mem, int, r->n_deck);
    for (int d = 0; d < r->n_deck; d++) {
        int k = d;
        while (k > 0 && before(r, first, d, order[k - 1])) k--;
        for (int m = d; m > k; m--) order[m] = order[m - 1];
        order[k] = d;
    }
    return order;
}

/* The method wants the trial in this corner alone. */
static void keep_only(const tp_run *r, tp_pending *p, int corner)
{
    p->only = true;
    for (int d = 0; d < r->n_deck; d++) {
        tp_task *t = &p->task[d];
        if (!t->wanted || tp_problem_corner_of(r->problem, d) == corner)
            continue;
        t->wanted = false;
        p->dropped++;
    }
}

void tp_early_begin(tp_run *r, tp_pending *p)
{
    tp_arena     mem = r->scratch;
    int          corners = tp_problem_corners(r->problem);
    tp_opt_bound b = {INFINITY, INFINITY, TP_NEW(&mem, double, corners), -1};
    p->order = NULL;
    p->only = false;
    if (r->set.no_early || r->every || !r->method || !r->method->bound) return;
    if (p->tag == TP_OPT_FOREIGN_TAG) return; /* looked at for its values */
    if (!r->method->bound(&r->opt, p->tag, &b)) return;
    if (b.only >= 0) {
        keep_only(r, p, b.only);
        return;
    }
    p->order = order_of(r, b.first);
    p->bound = (tp_bound){b.violation, b.f};
}

/* ---- what is left -------------------------------------------------------- */

/* The jobs behind place `at` of the order are not needed. */
static void drop(tp_run *r, tp_pending *p, int at)
{
    for (int k = at + 1; k < r->n_deck; k++) {
        tp_task *t = &p->task[p->order[k]];
        if (!t->wanted) continue;
        t->wanted = false;
        p->dropped++;
    }
}

static bool has_failed(const tp_task *t)
{
    tp_outcome how = t->got.result.how;
    return how != TP_RAN;
}

void tp_early_look(tp_run *r, tp_pending *p)
{
    const tp_problem *problem = r->problem;
    tp_arena          mem = r->scratch;
    int               n = tp_problem_readings(problem);
    if (!p->order || p->done) return;
    tp_reading *reading = TP_NEW(&mem, tp_reading, n);
    for (int i = 0; i < n; i++) reading[i].skipped = true;
    for (int k = 0; k < r->n_deck; k++) {
        int            d = p->order[k];
        const tp_task *t = &p->task[d];
        if (!t->wanted) continue;
        if (!t->done) return;
        tp_trial_place(problem, d, &t->got.result, reading);
        bool lost = tp_problem_lost(problem, reading, r->set.ctol, &p->bound);
        if (!lost && !has_failed(t)) continue;
        drop(r, p, k);
        return;
    }
}
