/* The check of the fast way against a plain one: random points are simulated
   as a run would, and each by a fresh `ngspice -b` from the reference deck.
   Where they differ, the plain program itself is asked four times how far it
   agrees with itself: as it is, without pseudo-transients, with a smaller gmin
   and with a tighter tolerance. */
#include "run/inside.h"

#include <math.h>

enum { SPREAD_POINTS = 5, NOTES_MAX = 10 };

typedef struct checker {
    const tp_problem      *p;
    const tp_run_settings *set;
    const tp_run_watch    *watch;
    int                    n; /* points */
    double               **x;
    tp_checked            *out;
    tp_compare             compare;
    tp_arena              *mem;
    int                    cap_note;
} checker;

static void add_note(checker *c, tp_str text)
{
    tp_checked *o = c->out;
    tp_str     *list = (tp_str *)(uintptr_t)o->note;
    if (o->n_note == NOTES_MAX) return;
    *TP_PUSH(c->mem, list, o->n_note, c->cap_note) = text;
    o->note = list;
}

/* ---- points -------------------------------------------------------------- */

static double drawn(const tp_var *v, double u)
{
    double by = 0.2 * (v->start != 0 ? fabs(v->start) : 1);
    double lo = isfinite(v->lo) ? v->lo : v->start - by;
    double hi = isfinite(v->hi) ? v->hi : v->start + by;
    if (v->log && lo > 0) return lo * exp(u * log(hi / lo));
    return lo + u * (hi - lo);
}

/* The start values, then random ones. */
static void draw_points(checker *c, const tp_space *s)
{
    c->x = TP_NEW(c->mem, double *, c->n);
    for (int k = 0; k < c->n; k++) {
        tp_rng rng = tp_rng_at((uint64_t)c->set->seed, (uint64_t)k);
        c->x[k] = TP_NEW(c->mem, double, s->n);
        for (int i = 0; i < s->n; i++)
            c->x[k][i] =
                k ? drawn(&s->var[i], tp_rng_uniform(&rng)) : s->var[i].start;
        if (k) tp_space_snap(s, c->x[k]);
    }
}

/* ---- simulating ---------------------------------------------------------- */

/* All points by one simulator; close the batch, whatever it returns. */
static tp_status simulate(checker *c, tp_run *r, const char *simulator,
                          double *const *x, int n, tp_err *err)
{
    tp_run_settings set = *c->set;
    if (simulator) set.simulator = tp_str_of(simulator);
    TP_TRY(tp_batch_open(r, c->p, &set, n, err));
    r->want.all = c->p->n_measure == 0;
    r->every = true;
    for (int i = 0; i < n; i++) tp_batch_add(r, x[i]);
    return tp_batch_finish(r, c->watch, err);
}

static double seconds_of(const tp_run *r)
{
    double sum = 0;
    for (int i = 0; i < r->n_pending; i++) sum += r->pending[i].got.seconds;
    return sum;
}

/* ---- what ngspice itself differs by -------------------------------------- */

static bool differs(const tp_compared *r)
{
    return r->worst > r->allowed;
}

/* Points at which something differs, each once. */
static tp_status spread(checker *c, tp_err *err)
{
    int done[SPREAD_POINTS], n = 0;
    for (int i = 0; i < c->compare.n; i++) {
        const tp_compared *r = &c->compare.row[i];
        bool               again = false;
        for (int k = 0; k < n; k++) again |= done[k] == r->point;
        if (!differs(r) || isinf(r->worst) || again) continue;
        if (n == SPREAD_POINTS) return TP_OK;
        done[n++] = c->compare.point = r->point;
        TP_TRY(tp_spread(&c->compare, c->p, c->set, c->x[r->point], c->watch,
                         err));
    }
    return TP_OK;
}

/* ---- the verdict --------------------------------------------------------- */

static void blame(checker *c, tp_str why)
{
    if (c->out->same || c->out->untold) c->out->why = why;
    c->out->same = c->out->untold = false;
}

static void doubt(checker *c, tp_str why)
{
    if (!c->out->same) return;
    c->out->why = why;
    c->out->same = false;
    c->out->untold = true;
}

static void count_point(checker *c, int k)
{
    tp_compare *m = &c->compare;
    tp_checked *o = c->out;
    switch (m->found) {
    case TP_ALIKE: o->n_compared++; return;
    case TP_BOTH_FAILED: o->n_failed++; break;
    case TP_FALSE_OP: o->n_false_op++; break;
    case TP_LADDER: o->n_ladder++; break;
    case TP_NOT_ASKED:
    case TP_ONE_FAILED:
        o->max_relative_difference = INFINITY;
        blame(c, tp_str_fmt(c->mem, "point %d fails on one side only: %.*s", k,
                            TP_F(m->why)));
        return;
    }
    static const char *const words[] = {
        [TP_BOTH_FAILED] = "fails on both sides alike",
        [TP_FALSE_OP] = "a false operating point of plain ngspice",
        [TP_LADDER] = "not compared",
    };
    add_note(c, tp_str_fmt(c->mem, "point %d: %s: %.*s", k, words[m->found],
                           TP_F(m->why)));
}

static void judge(checker *c)
{
    tp_checked *o = c->out;
    for (int i = 0; i < c->compare.n; i++) {
        const tp_compared *r = &c->compare.row[i];
        o->max_relative_difference = fmax(o->max_relative_difference, r->worst);
        if (isinf(r->allowed)) doubt(c, r->cause);
        if (!differs(r)) continue;
        blame(c, tp_str_fmt(c->mem,
                            "%.*s: %.17g as a run simulates it, %.17g "
                            "by plain ngspice (point %d)",
                            TP_F(r->name), r->mine, r->plain, r->point));
    }
    o->n = c->compare.n;
    o->row = c->compare.row;
}

static tp_status compare_all(checker *c, const tp_run *mine,
                             const tp_run *plain, tp_err *err)
{
    for (int k = 0; k < c->n; k++) {
        c->compare.point = k;
        tp_compare_point(&c->compare, mine, k, plain, k);
        count_point(c, k);
    }
    for (int i = 0; i < c->compare.n; i++)
        c->compare.row[i].allowed = tp_compared_limit(&c->compare.row[i]);
    TP_TRY(spread(c, err));
    judge(c);
    return TP_OK;
}

static tp_status check(checker *c, tp_run *mine, tp_run *plain, tp_err *err)
{
    TP_TRY(simulate(c, mine, NULL, c->x, c->n, err));
    c->out->seconds = seconds_of(mine);
    TP_TRY(simulate(c, plain, "spawn", c->x, c->n, err));
    c->out->plain_seconds = seconds_of(plain);
    for (int i = 0; i < mine->n_notice; i++)
        add_note(c, tp_str_copy(c->mem, mine->notice[i]));
    return compare_all(c, mine, plain, err);
}

tp_status tp_run_check(tp_checked *out, const tp_problem *p,
                       const tp_run_settings *s, const tp_check_ask *ask,
                       tp_arena *mem, tp_err *err)
{
    tp_space space;
    tp_run   mine = {0}, plain = {0};
    checker  c = {.p = p,
                  .set = s,
                  .watch = ask->watch,
                  .n = 1 + ask->points,
                  .out = out,
                  .compare = {.mem = mem},
                  .mem = mem};
    *out = (tp_checked){.same = true, .why = TP_S("")};
    TP_TRY(tp_prepare_space(&space, p, s, mem, err));
    if (space.n == 0) c.n = 1;
    out->n_point = c.n;
    out->x = (const double *const *)c.x;
    draw_points(&c, &space);
    out->x = (const double *const *)c.x;
    tp_status st = check(&c, &mine, &plain, err);
    if (mine.mem.base) tp_batch_close(&mine);
    if (plain.mem.base) tp_batch_close(&plain);
    return st;
}
