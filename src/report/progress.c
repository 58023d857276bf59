/* Lines while a run goes: one per trial, or one that is drawn over. */
#include "report/format.h"

#include <math.h>

static void add_measures(tp_buf *b, const tp_problem *p, const tp_trial *t)
{
    for (int i = 0; i < p->n_measure; i++) {
        const tp_measure *m = &p->measure[i];
        const tp_reading *r = tp_problem_worst(p, t->reading, i, NULL);
        tp_str            value = {"", 0};
        if (r->skipped)
            value = TP_S("not simulated");
        else if (!r->ok)
            value = tp_str_fmt(b->mem, "none (%.*s)", TP_F(r->why));
        else if (tp_is_constraint(m))
            value = tp_beside(r->value, m->target, tp_unit_of(m, r), b->mem);
        else
            value = tp_engineered(r->value, tp_unit_of(m, r), b->mem);
        tp_buf_fmt(b, "  %.*s %.*s", TP_F(m->name), TP_F(value));
    }
}

static void add_miss(tp_buf *b, const tp_problem *p, const tp_trial *t,
                     int measure, int g)
{
    if (t->score.g[g] > 0)
        tp_buf_fmt(b, " %.*s off by %.3g %%", TP_F(p->measure[measure].name),
                   100 * t->score.g[g]);
}

/* "feasible", or each constraint that is missed and by how much. */
static void add_state(tp_buf *b, const tp_problem *p, const tp_trial *t)
{
    if (!t->score.ok) {
        bool ended = tp_str_eq(t->outcome, TP_S("ended-early"));
        tp_buf_fmt(b, ended ? "  ended early" : "  no result");
        return;
    }
    if (t->score.feasible) {
        tp_buf_fmt(b, tp_problem_constraints(p) ? "  feasible" : "");
        return;
    }
    tp_buf_add(b, TP_S("  not feasible:"));
    int g = 0;
    for (int i = 0; i < p->n_measure; i++)
        if (tp_is_constraint(&p->measure[i])) add_miss(b, p, t, i, g++);
    for (int i = 0; i < p->n_spec; i++) {
        const tp_spec *s = &p->spec[i];
        if (!isnan(s->min)) add_miss(b, p, t, s->measure, g++);
        if (!isnan(s->max)) add_miss(b, p, t, s->measure, g++);
    }
}

static void add_best(tp_buf *b, const tp_problem *p, const tp_trial *best)
{
    int k = tp_problem_objective(p);
    if (best && p->n_spec)
        tp_buf_fmt(b, "  best %.4g (#%d)",
                   tp_problem_cost_worst(p, best->reading).cost, best->number);
    if (!best || k < 0) return;
    const tp_reading *r = &best->reading[k];
    tp_str            unit = tp_unit_of(&p->measure[k], r);
    tp_str            v = tp_engineered(r->value, unit, b->mem);
    tp_buf_fmt(b, "  best %.*s%s (#%d)", TP_F(v),
               best->score.feasible ? "" : " infeasible", best->number);
}

tp_str tp_report_trial(const tp_problem *p, const tp_trial *t,
                       const tp_trial *best, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    tp_buf_fmt(&b, "%4d ", t->number);
    for (int i = 0; i < p->space.n; i++) {
        char v[TP_NUMBER_MAX];
        tp_buf_fmt(&b, " %.*s=%s", TP_F(p->space.var[i].name),
                   tp_engineering(t->x[i], p->space.var[i].unit, v));
    }
    if (t->reading)
        add_measures(&b, p, t);
    else
        tp_buf_fmt(&b, "  %.*s: %.*s", TP_F(t->outcome), TP_F(t->why));
    if (t->reading) add_state(&b, p, t);
    if (t->reading && t->score.ok && t->why.len)
        tp_buf_fmt(&b, "  (%.*s)", TP_F(t->why));
    add_best(&b, p, best);
    return tp_buf_str(&b);
}

tp_str tp_report_bar(const tp_problem *p, const tp_bar *at, int width,
                     tp_arena *mem)
{
    tp_buf          b = {.mem = mem};
    const tp_trial *best = at->best;
    if (at->max)
        tp_buf_fmt(&b, "%d/%d", at->n, at->max);
    else
        tp_buf_fmt(&b, "%d", at->n);
    add_best(&b, p, best);
    if (best && tp_problem_constraints(p) && !best->score.feasible)
        tp_buf_fmt(&b, "  violation %.3g", best->score.violation);
    if (at->seconds > 0) tp_buf_fmt(&b, "  %.3g/s", at->n / at->seconds);
    if (at->failed) tp_buf_fmt(&b, "  failed %d", at->failed);
    tp_str line = tp_report_plain(tp_buf_str(&b), mem);
    return tp_str_part(line, 0, line.len < width ? line.len : width);
}
