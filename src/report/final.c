/* The final table of a run, and the table of one measurement. */
#include "report/format.h"

#include <math.h>

static tp_str fmt_margin(const tp_measure *m, const tp_reading *r,
                         tp_arena *mem)
{
    if (!tp_is_constraint(m) || !r || !r->ok) return (tp_str){"", 0};
    return tp_str_fmt(mem, "%+.3g %%", 100 * tp_margin(m, r->value));
}

static tp_str bound(double v, tp_str unit, tp_arena *mem)
{
    if (isinf(v)) return TP_S("-");
    return tp_engineered(v, unit, mem);
}

static void add_variables(tp_buf *b, const tp_account *a)
{
    const tp_trial *t = &a->trial[a->best - 1];
    tp_table        tab = {.mem = b->mem, .n_col = 6, .right = 0x1e};
    tp_str         *c = tp_table_row(&tab);
    c[0] = TP_S("variable");
    c[1] = TP_S("start");
    c[2] = TP_S("best");
    c[3] = TP_S("min");
    c[4] = TP_S("max");
    c[5] = TP_S("searched");
    for (int i = 0; i < a->space->n; i++) {
        const tp_var *v = &a->space->var[i];
        c = tp_table_row(&tab);
        c[0] = v->name;
        c[1] = tp_engineered(v->start, v->unit, b->mem);
        c[2] = tp_engineered(t->x[i], v->unit, b->mem);
        c[3] = bound(v->lo, v->unit, b->mem);
        c[4] = bound(v->hi, v->unit, b->mem);
        c[5] = v->log ? TP_S("log") : TP_S("linear");
        if (t->x[i] == v->lo)
            c[5] = tp_str_fmt(b->mem, "%.*s, at its minimum", TP_F(c[5]));
        if (t->x[i] == v->hi)
            c[5] = tp_str_fmt(b->mem, "%.*s, at its maximum", TP_F(c[5]));
    }
    tp_table_print(b, &tab, "  ");
}

static tp_str value_cell(const tp_measure *m, const tp_reading *r,
                         tp_arena *mem)
{
    if (!r || !r->ok) return TP_S("none");
    tp_str unit = tp_unit_of(m, r);
    if (tp_is_constraint(m)) return tp_beside(r->value, m->target, unit, mem);
    return tp_engineered(r->value, unit, mem);
}

static tp_str verdict_cell(const tp_measure *m, const tp_reading *r,
                           double ctol, tp_arena *mem)
{
    if (!r) return (tp_str){"", 0};
    if (!r->ok) return r->why;
    return tp_str_fmt(mem, "%s%s", tp_verdict(m, r, ctol),
                      tp_is_active(m, r) ? ", active" : "");
}

static void add_specs(tp_buf *b, const tp_account *a)
{
    const tp_problem *p = a->problem;
    tp_table          tab = {.mem = b->mem, .n_col = 7, .right = 0x3c};
    tp_str           *c = tp_table_row(&tab);
    c[0] = TP_S("spec");
    c[1] = TP_S("goal");
    c[2] = TP_S("limit");
    c[3] = TP_S("start");
    c[4] = TP_S("best");
    c[5] = TP_S("margin");
    for (int i = 0; i < p->n_measure; i++) {
        const tp_measure *m = &p->measure[i];
        const tp_reading *r = &a->trial[a->best - 1].reading[i];
        const tp_reading *first =
            a->trial[0].reading ? &a->trial[0].reading[i] : NULL;
        c = tp_table_row(&tab);
        c[0] = m->name;
        c[1] = tp_str_of(tp_goal_name(m->goal));
        if (tp_is_constraint(m))
            c[2] = tp_engineered(m->target, tp_unit_of(m, r), b->mem);
        c[3] = value_cell(m, first, b->mem);
        c[4] = value_cell(m, r, b->mem);
        c[5] = fmt_margin(m, r, b->mem);
        c[6] = verdict_cell(m, r, a->ctol, b->mem);
    }
    tp_table_print(b, &tab, "  ");
}

/* The same of a problem with specs. */
static void add_spec_tables(tp_buf *b, const tp_problem *p, const tp_trial *t,
                            double ctol)
{
    if (p->n_derived) {
        tp_derived_table(b, p, t);
        tp_buf_char(b, '\n');
    }
    tp_specs_table(b, p, t, ctol);
    if (p->n_corner > 1) {
        tp_buf_char(b, '\n');
        tp_corners_table(b, p, t);
    }
    tp_buf_char(b, '\n');
    tp_cost_line(b, p, t);
}

static const char *ink(bool colour, const char *code)
{
    return colour ? code : "";
}

static void add_verdict(tp_buf *b, const tp_account *a, bool colour)
{
    const tp_trial *t = &a->trial[a->best - 1];
    if (t->score.feasible && tp_problem_constraints(a->problem))
        tp_buf_fmt(b, "%severy constraint is met%s (trial %d)\n",
                   ink(colour, "\033[32m"), ink(colour, "\033[0m"), t->number);
    else if (t->score.feasible)
        tp_buf_fmt(b, "best is trial %d\n", t->number);
    else
        tp_buf_fmt(b,
                   "%snot every constraint is met%s: the nearest is trial %d, "
                   "violation %.3g\n",
                   ink(colour, "\033[31m"), ink(colour, "\033[0m"), t->number,
                   t->score.violation);
}

/* What has to be known of values that are there. */
static bool ran(const tp_trial *t)
{
    return t->reading && tp_str_eq(t->outcome, TP_S("ran"));
}

static void add_remark(tp_buf *b, const tp_trial *t)
{
    if (ran(t) && t->why.len)
        tp_buf_fmt(b, "trial %d: %.*s\n", t->number, TP_F(t->why));
}

static void add_checked(tp_buf *b, const tp_account *a)
{
    const tp_proof *p = &a->proof;
    if (p->checked)
        tp_buf_fmt(b, "       and with %d trial%s during the search: %.2g\n",
                   p->checked, p->checked > 1 ? "s" : "", p->checked_max);
}

void tp_put_proof(tp_buf *b, const tp_account *a, bool colour)
{
    const tp_proof *p = &a->proof;
    const char     *of = a->centre ? " of the centre" : "";
    if (!p->simulator.len) {
        tp_buf_add(b, TP_S("proof: not made\n"));
    } else if (!p->done) {
        tp_buf_fmt(b, "%sproof%s: could not be made%s: %.*s\n",
                   ink(colour, "\033[31m"), of, ink(colour, "\033[0m"),
                   TP_F(p->why));
    } else if (p->same) {
        tp_buf_fmt(b,
                   "proof%s: a fresh %.*s agrees; largest relative difference "
                   "%.2g\n",
                   of, TP_F(p->simulator), p->max_relative_difference);
        if (p->why.len) tp_buf_fmt(b, "       %.*s\n", TP_F(p->why));
    } else {
        tp_buf_fmt(b,
                   "%sproof%s: a fresh %.*s DIFFERS%s: %.*s\n       largest "
                   "relative difference of all %.2g\n",
                   ink(colour, "\033[31m"), of, TP_F(p->simulator),
                   ink(colour, "\033[0m"), TP_F(p->why),
                   p->max_relative_difference);
    }
    add_checked(b, a);
    tp_put_simulators(b, a);
}

/* Where a run with --centering ends. */
static void add_centre(tp_buf *b, const tp_account *a, tp_arena *mem)
{
    const tp_problem *p = a->problem;
    if (!a->centre) return;
    const tp_trial *t = &a->trial[a->centre - 1];
    tp_buf_fmt(b,
               "centre (trial %d, %.3g of the ranges from bounds and "
               "infeasible points):",
               t->number, a->centre_distance);
    for (int i = 0; i < p->space.n; i++)
        tp_buf_fmt(b, " %.*s=%.*s", TP_F(p->space.var[i].name),
                   TP_F(tp_engineered(t->x[i], p->space.var[i].unit, mem)));
    tp_buf_char(b, '\n');
}

void tp_put_nothing(tp_buf *b, const tp_account *a)
{
    const tp_problem *p = a->problem;
    tp_buf_add(b, TP_S("no trial gave a result\n"));
    if (!a->n_trial) return;
    const tp_trial *t = &a->trial[0];
    if (!t->reading)
        tp_buf_fmt(b, "trial 1: %.*s: %.*s\n", TP_F(t->outcome), TP_F(t->why));
    for (int i = 0; t->reading && i < p->n_measure; i++)
        if (!t->reading[i].ok)
            tp_buf_fmt(b, "trial 1: %.*s: %.*s\n", TP_F(p->measure[i].name),
                       TP_F(t->reading[i].why));
}

tp_str tp_report_final(const tp_account *a, bool colour, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    tp_buf_fmt(&b, "%s%.*s%s: %.*s (%.*s), %.*s, %d trials",
               ink(colour, "\033[1m"), TP_F(a->run.id), ink(colour, "\033[0m"),
               TP_F(a->run.status), TP_F(a->run.reason), TP_F(a->run.method),
               a->n_trial);
    if (a->run.n_failed) tp_buf_fmt(&b, ", %d failed", a->run.n_failed);
    if (a->repeats) tp_buf_fmt(&b, ", %d repeats", a->repeats);
    tp_put_spared(&b, a);
    tp_buf_fmt(&b, ", %.3g s\n\n", a->run.seconds);
    if (!a->best) {
        tp_put_nothing(&b, a);
        return tp_buf_str(&b);
    }
    add_variables(&b, a);
    tp_buf_char(&b, '\n');
    if (a->problem->n_spec)
        add_spec_tables(&b, a->problem, &a->trial[a->best - 1], a->ctol);
    else
        add_specs(&b, a);
    tp_buf_char(&b, '\n');
    add_verdict(&b, a, colour);
    add_remark(&b, &a->trial[a->best - 1]);
    add_centre(&b, a, mem);
    tp_put_proof(&b, a, colour);
    tp_str again = tp_reproduce(a->problem, tp_account_final(a), mem);
    tp_buf_fmt(&b, "again: %.*s\n", TP_F(again));
    return tp_buf_str(&b);
}

static void add_measures(tp_buf *b, const tp_problem *p, const tp_trial *t)
{
    tp_table tab = {.mem = b->mem, .n_col = 5, .right = 0x2};
    for (int i = 0; i < p->n_measure; i++) {
        const tp_measure *m = &p->measure[i];
        const tp_reading *r = &t->reading[i];
        tp_str           *c = tp_table_row(&tab);
        c[0] = m->name;
        c[1] = value_cell(m, r, b->mem);
        c[2] = tp_str_of(tp_goal_name(m->goal));
        if (tp_is_constraint(m))
            c[3] = tp_engineered(m->target, tp_unit_of(m, r), b->mem);
        c[4] = verdict_cell(m, r, 0, b->mem);
    }
    tp_table_print(b, &tab, "  ");
}

tp_str tp_report_measures(const tp_problem *p, const tp_trial *t, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    for (int i = 0; i < p->space.n; i++)
        tp_buf_fmt(&b, "%s%.*s=%.*s", i ? " " : "", TP_F(p->space.var[i].name),
                   TP_F(tp_engineered(t->x[i], p->space.var[i].unit, mem)));
    if (p->space.n) tp_buf_char(&b, '\n');
    if (!t->reading)
        tp_buf_fmt(&b, "%.*s: %.*s\n", TP_F(t->outcome), TP_F(t->why));
    else if (!p->n_measure)
        tp_buf_add(&b, TP_S("the deck simulates; it states no measure "
                            "(.optspec)\n"));
    else if (p->n_spec)
        add_spec_tables(&b, p, t, 0);
    else
        add_measures(&b, p, t);
    if (ran(t) && t->why.len) tp_buf_fmt(&b, "%.*s\n", TP_F(t->why));
    return tp_buf_str(&b);
}
