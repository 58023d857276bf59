/* The block that a sizing run prints after every iteration. */
#include "report/sizing.h"

#include <math.h>

static const char line[] = "\u2500"; /* box drawing */

static void put_head(tp_buf *b, const tp_iteration *it)
{
    const tp_trial *t = it->trial;
    tp_buf          head = {.mem = b->mem};
    tp_buf_fmt(&head, "%s%s Iteration %d", line, line, t->number);
    if (it->of) tp_buf_fmt(&head, "/%d", it->of);
    if (it->problem->n_phase) {
        tp_str in = tp_phase_corners(it->problem, t->phase, b->mem);
        tp_buf_fmt(&head, " (Phase %d: %.*s)", t->phase + 1, TP_F(in));
    }
    tp_buf_char(&head, ' ');
    tp_put_rule(b, line, tp_buf_str(&head));
}

static void put_limit(tp_buf *b, const char *name, double limit,
                      const tp_spec *s, const tp_reading *r)
{
    if (isnan(limit)) return;
    tp_buf_fmt(b, "%s:%.*s %s", name,
               TP_F(tp_short(limit, TP_S(""), r->ok ? r->value : NAN, b->mem)),
               r->ok ? tp_mark_limit(s, r->value) : "\u2717");
}

static int n_asked(const tp_problem *p, const tp_trial *t)
{
    int n = 0;
    for (int c = 0; c < p->n_corner; c++)
        n += tp_problem_asked(p, t->reading, c);
    return n;
}

/* "  gain_db: 74.2 in ff_27 (min:70 v target:80 ^)" */
static void put_spec(tp_buf *b, const tp_iteration *it, const tp_spec *s)
{
    const tp_problem *p = it->problem;
    int               corner = 0;
    const tp_reading *r =
        tp_problem_worst(p, it->trial->reading, s->measure, &corner);
    double limit = tp_near_limit(s, r->value);
    tp_buf_fmt(b, "  %.*s: ", TP_F(p->measure[s->measure].name));
    if (r->ok)
        tp_buf_add(b, tp_short(r->value, TP_S(""), limit, b->mem));
    else
        tp_buf_fmt(b, "none, %.*s", TP_F(r->why));
    if (n_asked(p, it->trial) > 1)
        tp_buf_fmt(b, " in %.*s", TP_F(p->corner[corner].name));
    tp_buf_add(b, TP_S(" ("));
    put_limit(b, "min", s->min, s, r);
    if (!isnan(s->min) && !isnan(s->max)) tp_buf_char(b, ' ');
    put_limit(b, "max", s->max, s, r);
    if (!isnan(s->target))
        tp_buf_fmt(b, "%starget:%.*s %s",
                   isnan(s->min) && isnan(s->max) ? "" : " ",
                   TP_F(tp_short(s->target, TP_S(""), NAN, b->mem)),
                   r->ok ? tp_mark_target(s, r->value) : "\u2717");
    tp_buf_add(b, TP_S(")\n"));
}

static void put_results(tp_buf *b, const tp_iteration *it)
{
    const tp_trial *t = it->trial;
    if (!t->reading) {
        tp_buf_fmt(b, "No results: %.*s: %.*s\n", TP_F(t->outcome),
                   TP_F(t->why));
        return;
    }
    tp_buf_add(b, TP_S("Results vs Spec:\n"));
    for (int i = 0; i < it->problem->n_spec; i++)
        put_spec(b, it, &it->problem->spec[i]);
}

static void put_cost(tp_buf *b, const tp_iteration *it)
{
    const tp_problem *p = it->problem;
    if (it->trial->reading) {
        tp_cost c = tp_problem_cost_worst(p, it->trial->reading);
        tp_buf_fmt(b, "Cost: %.6g (feasible %s)", c.cost,
                   c.feasible ? "\u2713" : "\u2717");
    } else {
        tp_buf_add(b, TP_S("Cost: none"));
    }
    if (it->best && it->best->reading)
        tp_buf_fmt(b, "  Best: %.6g @ iter %d",
                   tp_problem_cost_worst(p, it->best->reading).cost,
                   it->best->number);
    tp_buf_char(b, '\n');
}

/* What this point moved of the best one before it. */
static void put_moves(tp_buf *b, const tp_iteration *it)
{
    const tp_problem *p = it->problem;
    int               moved = 0;
    if (!it->before) {
        tp_buf_add(b, TP_S("the start point"));
        return;
    }
    for (int i = 0; i < p->space.n; i++) {
        double from = it->before->x[i], to = it->trial->x[i];
        if (from == to) continue;
        tp_buf_fmt(b, "%s%.*s %.*s \u2192 %.*s", moved++ ? ", " : "moves ",
                   TP_F(p->space.var[i].name),
                   TP_F(tp_short(from, TP_S(""), to, b->mem)),
                   TP_F(tp_short(to, TP_S(""), from, b->mem)));
    }
    if (!moved) tp_buf_add(b, TP_S("the best point again"));
}

tp_str tp_report_iteration(const tp_iteration *it, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    put_head(&b, it);
    tp_buf_add(&b, TP_S("Parameters:"));
    tp_put_variables(&b, it->problem, it->trial->x, TP_S(""));
    if (it->problem->n_derived) tp_buf_add(&b, TP_S("\nDerived:"));
    tp_put_derived(&b, it->problem, it->trial, TP_S(""));
    tp_buf_char(&b, '\n');
    put_results(&b, it);
    put_cost(&b, it);
    tp_buf_add(&b, TP_S("Strategy: "));
    if (it->why.len)
        tp_buf_add(&b, it->why);
    else
        put_moves(&b, it);
    tp_buf_char(&b, '\n');
    tp_put_rule(&b, line, TP_S(""));
    return tp_buf_str(&b);
}
