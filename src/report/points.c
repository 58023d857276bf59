/* The points of a run as columns of numbers, in the order asked and without the
   start point, which is no point of a grid: the `outfile` of SPICE OPUS's
   parameter_space. The form is ours, since its manual names none. */
#include "report/report.h"

/* In the user's sign. */
static double cost(const tp_account *a, int k, const tp_trial *t)
{
    return a->problem->measure[k].goal == TP_MAXIMISE ? -t->score.f
                                                      : t->score.f;
}

static void put_point(tp_buf *b, const tp_account *a, const tp_trial *t)
{
    char v[TP_NUMBER_MAX];
    int  k = tp_problem_objective(a->problem);
    for (int i = 0; i < a->problem->space.n; i++)
        tp_buf_fmt(b, "%s ", tp_exact(t->x[i], v));
    if (!t->score.ok || k < 0)
        tp_buf_add(b, TP_S("failed"));
    else if (!t->score.feasible)
        tp_buf_add(b, TP_S("infeasible"));
    else
        tp_buf_add(b, tp_str_of(tp_exact(cost(a, k, t), v)));
    tp_buf_char(b, '\n');
}

tp_str tp_report_points(const tp_account *a, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    bool   start = true;
    int    k = tp_problem_objective(a->problem);
    tp_buf_char(&b, '#');
    for (int i = 0; i < a->problem->space.n; i++)
        tp_buf_fmt(&b, " %.*s", TP_F(a->problem->space.var[i].name));
    if (k >= 0) tp_buf_fmt(&b, " %.*s", TP_F(a->problem->measure[k].name));
    tp_buf_char(&b, '\n');
    for (int i = 0; i < a->n_event; i++) {
        tp_unpack u = {.rest = a->event[i].data};
        if (!tp_str_eq(a->event[i].kind, TP_S("ask"))) continue;
        int64_t trial = tp_unpack_int(&u);
        if (!start && trial >= 1 && trial <= a->n_trial)
            put_point(&b, a, &a->trial[trial - 1]);
        start = false;
    }
    return tp_buf_str(&b);
}
