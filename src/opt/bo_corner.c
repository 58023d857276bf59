/* What bo knows of a trial: its objective and constraints in each corner, as
   far as they were told. A trial that was ended early, lacks a measure, or was
   made when other corners were wanted still teaches the models what it has. */
#include "opt/bo.h"
#include "opt/own.h"

#include <math.h>
#include <string.h>

enum {
    WHOLE = 3,   /* trials with all corners, before any is ended early */
    NOMINAL = 3, /* of innovate, that are only simulated in the first corner */
};

static int values(const tp_bo *b)
{
    return 1 + b->n_g;
}

static void want(tp_bo *b)
{
    const tp_opt *o = b->w.opt;
    b->n_on = 0;
    for (int c = 0; c < b->n_corner; c++)
        if (!o->n_corner || o->wanted[c]) b->on[b->n_on++] = c;
}

void tp_bo_corners_open(tp_bo *b)
{
    const tp_opt *o = b->w.opt;
    b->n_corner = o->n_corner > 0 ? o->n_corner : 1;
    b->n_place = o->n_corner > 0 ? o->n_place : 0;
    b->place = o->place;
    b->on = TP_NEW(&b->w.opt->mem, int, b->n_corner);
    want(b);
}

double tp_bo_part(const tp_bo *b, const tp_bo_trial *t, int corner, int m)
{
    return t->part[corner * values(b) + m];
}

bool tp_bo_known_in(const tp_bo *b, const tp_bo_trial *t, int corner)
{
    for (int m = 0; m < values(b); m++)
        if (!isnan(tp_bo_part(b, t, corner, m))) return true;
    return false;
}

/* ---- a trial is told ----------------------------------------------------- */

/* The greatest known value over the wanted corners; NAN: there is none. */
static double worst_part(const tp_bo *b, const tp_bo_trial *t, int m)
{
    double worst = NAN;
    for (int k = 0; k < b->n_on; k++)
        worst = fmax(worst, tp_bo_part(b, t, b->on[k], m));
    return worst;
}

static void count_lacking(const tp_bo *b, tp_bo_trial *t)
{
    t->lacks = 0;
    for (int k = 0; k < b->n_on; k++)
        for (int m = 0; m < values(b); m++)
            t->lacks += isnan(tp_bo_part(b, t, b->on[k], m));
}

/* What its known constraints miss, of a trial that lacks others. */
static void count_missed(const tp_bo *b, tp_bo_trial *t)
{
    t->p.miss = 0;
    for (int m = 1; m < values(b); m++)
        t->p.miss += fmax(0, worst_part(b, t, m));
}

/* What was simulated to its end has no values in the wanted corners but those
   that it gives now. */
static void drop_parts(const tp_bo *b, tp_bo_trial *t, const tp_obs *y)
{
    if (y->early || (!y->part && b->n_corner > 1)) return;
    for (int k = 0; k < b->n_on; k++)
        for (int m = 0; m < values(b); m++)
            t->part[b->on[k] * values(b) + m] = NAN;
}

static void add_parts(const tp_bo *b, tp_bo_trial *t, const tp_obs *y)
{
    int n = b->n_corner * values(b);
    for (int i = 0; y->part && i < n; i++)
        if (isfinite(y->part[i])) t->part[i] = y->part[i];
    if (y->part || !t->p.ok || b->n_corner > 1) return;
    t->part[0] = t->p.f;
    memcpy(t->part + 1, t->g, sizeof *t->g * (size_t)b->n_g);
}

void tp_bo_take(tp_bo *b, tp_bo_trial *t, const double *x, const tp_obs *y)
{
    tp_walk_take(&b->w, &t->p, x, y);
    if (y->ok && y->n_g < b->n_g) t->p.ok = false;
    if (t->p.ok) memcpy(t->g, y->g, sizeof *y->g * (size_t)b->n_g);
    t->failed = !t->p.ok && !y->early;
    drop_parts(b, t, y);
    add_parts(b, t, y);
    count_lacking(b, t);
    if (!t->p.ok) count_missed(b, t);
}

/* ---- the best one -------------------------------------------------------- */

bool tp_bo_better(const tp_bo *b, int index, int other)
{
    const tp_bo_trial *t = &b->trial[index];
    if (!t->p.ok && t->lacks == b->n_on * values(b)) return false;
    if (other < 0) return true;
    const tp_bo_trial *q = &b->trial[other];
    if (t->p.ok || q->p.ok) return tp_walk_rank(&t->p, &q->p) < 0;
    if (t->lacks != q->lacks) return t->lacks < q->lacks;
    return t->p.miss < q->p.miss;
}

static bool knows_some(const tp_bo *b, const tp_bo_trial *t)
{
    for (int c = 0; c < b->n_corner; c++)
        if (tp_bo_known_in(b, t, c)) return true;
    return t->p.ok;
}

/* harden takes no point for a better one where a constraint became worse. */
static bool refused(const tp_bo *b, int index, int best)
{
    const tp_bo_trial *t = &b->trial[index], *q = &b->trial[best];
    if (b->set->preset != TP_BO_HARDEN || !t->p.ok || !q->p.ok) return false;
    for (int i = 0; i < b->n_g; i++)
        if (t->g[i] > q->g[i]) return true;
    return false;
}

void tp_bo_count(tp_bo *b, int index)
{
    const tp_bo_trial *t = &b->trial[index];
    b->n_ok += t->p.ok;
    b->n_known += knows_some(b, t);
    b->n_failed += t->failed;
    bool better = tp_bo_better(b, index, b->best);
    if (better && !(b->best >= 0 && refused(b, index, b->best)))
        b->best = index;
}

void tp_bo_set_best(tp_bo *b)
{
    b->best = -1;
    b->n_ok = b->n_known = b->n_failed = 0;
    for (int i = 0; i < b->n_trial; i++) tp_bo_count(b, i);
}

int tp_bo_by_rank(const tp_bo *b, int *order, tp_arena scratch)
{
    double *key = TP_NEW(&scratch, double, b->n_trial);
    int    *feasible = TP_NEW(&scratch, int, b->n_trial), n = 0;
    for (int i = 0; i < b->n_trial; i++) {
        const tp_walk_point *p = &b->trial[i].p;
        if (p->ok) key[i] = p->miss > 0 ? p->miss : -1;
        if (!p->ok) key[i] = INFINITY;
    }
    tp_order(key, b->n_trial, order, scratch);
    while (n < b->n_trial && key[order[n]] < 0) feasible[n] = order[n], n++;
    double *f = TP_NEW(&scratch, double, n);
    int    *at = TP_NEW(&scratch, int, n);
    for (int k = 0; k < n; k++) f[k] = b->trial[feasible[k]].p.f;
    tp_order(f, n, at, scratch);
    for (int k = 0; k < n; k++) order[k] = feasible[at[k]];
    return b->n_ok;
}

/* ---- other corners ------------------------------------------------------- */

/* What the trial is now, by the corners that are wanted. */
static void score(const tp_bo *b, tp_bo_trial *t)
{
    count_lacking(b, t);
    t->p.ok = t->lacks == 0;
    t->p.has_df = t->p.has_df && t->p.ok;
    t->p.f = t->p.ok ? worst_part(b, t, 0) : 0;
    for (int m = 1; m < values(b) && t->p.ok; m++)
        t->g[m - 1] = worst_part(b, t, m);
    count_missed(b, t);
}

void tp_bo_raise(tp_opt *o)
{
    tp_bo *b = o->state;
    b->w.opt = o;
    want(b);
    for (int i = 0; i < b->n_trial; i++) score(b, &b->trial[i]);
    tp_bo_set_best(b);
    tp_bo_region_open(b);
    b->region.since = b->n_left = 0;
    b->mend = (tp_bo_mend){.spec = -1};
    b->gate_f = INFINITY;
    b->gate_rounds = b->gate_told = 0;
    b->fitted = -1;
    tp_bo_child_close(b);
    b->why = NULL;
}

/* ---- ending early -------------------------------------------------------- */

/* A trial that can't beat the best one has said enough by the corner that says
   so, once the models know how corners differ. */
bool tp_bo_bound(const tp_opt *o, int tag, tp_opt_bound *out)
{
    const tp_bo *b = o->state;
    bool all = b->set->preset == TP_BO_HARDEN; /* its corners are all wanted */
    if (b->n_on < 2 || tag < 0 || tag >= b->n_ask || all) return false;
    const tp_bo_ask *a = &b->ask[tag];
    if (b->set->preset == TP_BO_INNOVATE && tag < NOMINAL) {
        out->only = b->on[0];
        return true;
    }
    if (b->best < 0 || a->kind == TP_BO_MEND || a->kind == TP_BO_EVOLVE)
        return false;
    const tp_walk_point *best = &b->trial[b->best].p;
    if (!best->ok || (a->kind == TP_BO_DESIGN && b->n_ok < WHOLE)) return false;
    for (int c = 0; c < b->n_corner && a->first; c++)
        out->first[c] = 1 - tp_exp(-a->first[c]);
    out->violation = best->miss;
    if (tp_walk_feasible(best)) out->f = best->f;
    return true;
}

bool tp_bo_drawn(const tp_opt *o, int tag)
{
    const tp_bo *b = o->state;
    return tag >= 0 && tag < b->n_ask && tag < b->design &&
           b->ask[tag].kind == TP_BO_DESIGN;
}
