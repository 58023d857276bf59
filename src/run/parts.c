/* The simulations that a trial is made of: a deck, or where its analyses can be
   asked for one by one, each of those that no measure needs another one for.
   What each costs and how often it decides is learnt from the trials in the
   order told: costs are points and Newton iterations, never seconds, so that a
   run is the same whoever simulates it. */
#include "run/inside.h"

#include <math.h>

static const double FADE = 0.97; /* what a told trial leaves of those before */

/* ---- which there are ----------------------------------------------------- */

/* The analyses that a measure reads get one label: the first of them. */
static void join(int *label, int n, const tp_measure *m)
{
    int first = -1;
    for (int k = 0; k < m->n_bind; k++) {
        const tp_bind *b = &m->bind[k];
        if (b->kind != TP_BIND_SIGNAL || b->analysis >= n) continue;
        if (label[b->analysis] < 0) label[b->analysis] = b->analysis;
        int other = label[b->analysis];
        if (first < 0) first = other;
        for (int i = 0; i < n; i++)
            if (label[i] == other) label[i] = first;
    }
}

/* label[i]: the first of those that analysis i goes with; -1: nobody reads
   it. */
static int *labels(const tp_problem *p, int bench, int n, tp_arena *mem)
{
    int *label = TP_NEW(mem, int, n);
    for (int i = 0; i < n; i++) label[i] = -1;
    for (int i = 0; i < p->n_measure; i++)
        if (p->measure[i].bench == bench) join(label, n, &p->measure[i]);
    return label;
}

static bool can_split(const tp_run *r, int bench)
{
    const tp_bench   *b = &r->problem->bench[bench];
    tp_str            rest = r->set.simulator;
    const tp_sim_ops *sim = tp_sim_find(tp_str_word(&rest, ","));
    bool whole = b->program || b->control || (bench == 0 && r->problem->n_want);
    return sim && sim->apart && !whole;
}

static void add(tp_run *r, int deck, int label, const int *label_of, int n)
{
    bool *analysis = TP_NEW(&r->mem, bool, n);
    for (int i = 0; i < n; i++) analysis[i] = label_of[i] == label;
    r->part[r->n_part++] =
        (tp_part){.deck = deck, .at = label, .analysis = analysis};
}

static void add_deck(tp_run *r, int deck, const int *label, int n)
{
    int first = r->n_part;
    for (int i = 0; i < n; i++)
        if (label && label[i] == i) add(r, deck, i, label, n);
    if (r->n_part - first > 1) return;
    r->n_part = first;
    r->part[r->n_part++] = (tp_part){.deck = deck};
}

static int analyses(const tp_run *r, int deck)
{
    return r->circuit[deck] ? r->circuit[deck]->n_analysis : 0;
}

/* Lines that may be devices. */
static int devices(const tp_circuit *c)
{
    int  n = 0;
    bool begins = false; /* the title is none */
    for (ptrdiff_t i = 0; c && i < c->text.len; i++) {
        n += begins && tp_is_alpha(c->text.at[i]);
        begins = c->text.at[i] == '\n';
    }
    return n > 0 ? n : 1;
}

void tp_parts_make(tp_run *r)
{
    const tp_problem *p = r->problem;
    int               all = 0;
    for (int d = 0; d < r->n_deck; d++) all += 1 + analyses(r, d);
    r->part = TP_NEW(&r->mem, tp_part, all);
    r->first_part = TP_NEW(&r->mem, int, r->n_deck + 1);
    r->devices = TP_NEW(&r->mem, int, r->n_deck);
    for (int d = 0; d < r->n_deck; d++) {
        tp_arena mem = r->scratch;
        int      bench = tp_problem_bench_of(p, d), n = analyses(r, d);
        r->first_part[d] = r->n_part;
        r->devices[d] = devices(r->circuit[d]);
        bool split = can_split(r, bench);
        add_deck(r, d, split ? labels(p, bench, n, &mem) : NULL, n);
    }
    r->first_part[r->n_deck] = r->n_part;
}

/* ---- what is in them ----------------------------------------------------- */

int tp_parts_of(const tp_run *r, int deck)
{
    return r->first_part[deck + 1] - r->first_part[deck];
}

/* One that reads no analysis is its deck's first part's. */
static bool measures(const tp_part *part, const tp_measure *m, bool first)
{
    if (!part->analysis) return true;
    for (int k = 0; k < m->n_bind; k++)
        if (m->bind[k].kind == TP_BIND_SIGNAL)
            return part->analysis[m->bind[k].analysis];
    return first;
}

static bool part_has(const tp_run *r, int part, int measure)
{
    const tp_problem *p = r->problem;
    const tp_part    *one = &r->part[part];
    const tp_measure *m = &p->measure[measure];
    return m->bench == tp_problem_bench_of(p, one->deck) &&
           measures(one, m, part == r->first_part[one->deck]);
}

bool tp_task_has(const tp_run *r, const tp_task *t, int measure)
{
    for (int k = r->first_part[t->deck]; k < r->first_part[t->deck + 1]; k++)
        if (part_has(r, k, measure)) return !t->only || t->only[r->part[k].at];
    return false;
}

int tp_task_work(const tp_run *r, const tp_task *t, int part)
{
    const tp_part   *one = &r->part[part];
    const tp_result *res = &t->got.result;
    int              sum = 0;
    for (int i = 0; i < res->n_work; i++)
        if (!one->analysis || one->analysis[i]) sum += res->work[i];
    return sum;
}

/* ---- what is learnt of them ---------------------------------------------- */

/* The readings of this part alone, all others skipped; false: there are
   none. */
static bool alone(const tp_run *r, int part, const tp_reading *from,
                  tp_reading *to, bool *lacks)
{
    const tp_problem *p = r->problem;
    bool              any = *lacks = false;
    ptrdiff_t         corner = tp_problem_corner_of(p, r->part[part].deck);
    for (int i = 0; i < tp_problem_readings(p); i++) to[i].skipped = true;
    for (int i = 0; i < tp_problem_readings(p); i++) to[i].ok = false;
    for (int i = 0; i < p->n_measure; i++) {
        ptrdiff_t at = corner * p->n_measure + i;
        if (!part_has(r, part, i) || from[at].skipped) continue;
        to[at] = from[at];
        *lacks |= !from[at].ok && p->measure[i].goal != TP_WATCH;
        any = true;
    }
    return any;
}

void tp_parts_learn(tp_run *r, const tp_pending *p, const tp_trial *t)
{
    tp_arena    mem = r->scratch;
    tp_bound    bound = {0, INFINITY}; /* a limit that is missed counts */
    bool        lacks;
    tp_reading *own = TP_NEW(&mem, tp_reading, tp_problem_readings(r->problem));
    if (!t->reading || r->n_part < 2) return;
    if (p->early) bound = p->bound;
    for (int k = 0; k < r->n_part; k++) {
        tp_part *part = &r->part[k];
        if (!alone(r, k, t->reading, own, &lacks)) continue;
        bool lost = tp_problem_lost(r->problem, own, r->set.ctol, &bound);
        part->seen = FADE * part->seen + 1;
        part->decided = FADE * part->decided + (lost || lacks);
        if (!p->work || p->work[k] <= 0) continue;
        part->counted = FADE * part->counted + 1;
        part->work = FADE * part->work + p->work[k];
    }
}

/* ---- what is expected of them -------------------------------------------- */

/* Of the part itself, else of its like in other corners, else of any. */
double tp_part_work(const tp_run *r, int part)
{
    const tp_part *one = &r->part[part];
    double         like[2] = {0}, all[2] = {0};
    if (one->counted > 0) return one->work / one->counted;
    int bench = tp_problem_bench_of(r->problem, one->deck);
    for (int k = 0; k < r->n_part; k++) {
        const tp_part *q = &r->part[k];
        bool           same = q->at == one->at &&
                    tp_problem_bench_of(r->problem, q->deck) == bench;
        all[0] += q->work;
        all[1] += q->counted;
        like[0] += same ? q->work : 0;
        like[1] += same ? q->counted : 0;
    }
    if (like[1] > 0) return like[0] / like[1];
    return all[1] > 0 ? all[0] / all[1] : 1;
}

double tp_part_chance(const tp_run *r, int part)
{
    const tp_part *one = &r->part[part];
    return (one->decided + 0.5) / (one->seen + 1);
}
