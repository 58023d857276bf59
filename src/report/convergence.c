/* The picture of how a run went: every trial's objective, feasible or not,
   and the best feasible so far. */
#include "report/format.h"

#include <math.h>

typedef struct series {
    double *x, *y;
    int     n;
} series;

static series empty(int n, tp_arena *mem)
{
    return (series){TP_NEW(mem, double, n), TP_NEW(mem, double, n), 0};
}

static void push(series *s, double x, double y)
{
    s->x[s->n] = x;
    s->y[s->n++] = y;
}

/* Logarithmic when everything is positive and spans a decade. */
static bool wants_log(const series *s, int n)
{
    double lo = INFINITY, hi = 0;
    for (int k = 0; k < n; k++)
        for (int i = 0; i < s[k].n; i++) {
            lo = fmin(lo, s[k].y[i]);
            hi = fmax(hi, s[k].y[i]);
        }
    return lo > 0 && hi >= 10 * lo;
}

/* What is drawn of a trial: its objective, or its specs' cost. */
static double height(const tp_problem *p, const tp_trial *t)
{
    int k = tp_problem_objective(p);
    return k >= 0 ? t->reading[k].value : t->score.f;
}

void tp_report_convergence(tp_graph *out, const tp_account *a, tp_arena *mem)
{
    const tp_problem *p = a->problem;
    int               k = tp_problem_objective(p), best = -1;
    series            s[3]; /* feasible, infeasible, best so far */
    tp_str            unit = k >= 0 ? p->measure[k].unit : (tp_str){"", 0};
    for (int i = 0; i < 3; i++) s[i] = empty(a->n_trial, mem);
    bool drawn = tp_problem_scored(p);
    for (int i = 0; drawn && i < a->n_trial; i++) {
        const tp_trial *t = &a->trial[i];
        if (!t->score.ok || t->score.no_f) continue;
        if (k >= 0) unit = tp_unit_of(&p->measure[k], &t->reading[k]);
        push(&s[t->score.feasible ? 0 : 1], t->number, height(p, t));
        if (!t->score.feasible) continue;
        if (tp_trial_better(t, best < 0 ? NULL : &a->trial[best])) best = i;
        push(&s[2], t->number, height(p, &a->trial[best]));
    }
    static const struct {
        const char *label;
        tp_mark     mark;
        int         colour;
    } look[] = {{"feasible", TP_MARK_POINTS, 2},
                {"not feasible", TP_MARK_POINTS, 1},
                {"best so far", TP_MARK_STEP, 0}};
    tp_curve *c = TP_NEW(mem, tp_curve, 3);
    *out = (tp_graph){.title = a->run.id,
                      .x_label = TP_S("trial"),
                      .y_label = k >= 0 ? p->measure[k].name : TP_S("cost"),
                      .y_unit = unit,
                      .y_log = wants_log(s, 3),
                      .curve = c};
    for (int i = 0; i < 3; i++)
        if (s[i].n)
            c[out->n++] = (tp_curve){tp_str_of(look[i].label),
                                     s[i].n,
                                     s[i].x,
                                     s[i].y,
                                     look[i].mark,
                                     look[i].colour};
}
