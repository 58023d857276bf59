/* trimpot bandgap report: a sweep as Markdown. */
#include "cli/bandgap.h"

#include <math.h>
#include <stdlib.h>

static void cell(tp_buf *b, double v, int digits)
{
    if (isnan(v))
        tp_buf_add(b, TP_S(" none |"));
    else
        tp_buf_fmt(b, " %.*g |", digits, v);
}

/* The head of a table: names of the variables, then `rest` ("a | b"). */
static void head(tp_buf *b, const tp_problem *p, const char *first,
                 const char *rest, int n_rest)
{
    tp_buf_fmt(b, "| %s |", first);
    for (int i = 0; i < p->space.n; i++)
        tp_buf_fmt(b, " %.*s |", TP_F(p->space.var[i].name));
    tp_buf_fmt(b, " %s |\n|", rest);
    for (int i = 0; i < 1 + p->space.n + n_rest; i++)
        tp_buf_add(b, TP_S(" --- |"));
    tp_buf_char(b, '\n');
}

static void goal(tp_buf *b, const judged_sweep *s)
{
    const tp_bandgap_goal *g = &s->goal;
    tp_buf_fmt(b, "Wanted: Vbg %.6g V within %.3g %%", g->vbg,
               100 * g->vbg_tolerance);
    if (s->measure[1] >= 0)
        tp_buf_fmt(b, ", PSRR %.4g dB (at least %.4g)", g->psrr, g->psrr_min);
    if (s->measure[2] >= 0)
        tp_buf_fmt(b, ", TC %.4g ppm/K (at most %.4g)", g->tc, g->tc_max);
    tp_buf_add(b, TP_S(".\n\n"));
}

/* A job in each corner. */
static void corners(tp_buf *b, const judged_sweep *s, const char *title, int i)
{
    const tp_problem *p = s->account->problem;
    char              v[TP_NUMBER_MAX];
    if (i < 0) return;
    const judged_job *j = &s->job[i];
    tp_buf_fmt(b, "## %s: job %d\n\n", title, j->trial->number - 1);
    for (int k = 0; k < p->space.n; k++)
        tp_buf_fmt(b, "%s%.*s = %s", k ? ", " : "", TP_F(p->space.var[k].name),
                   tp_exact(j->trial->x[k], v));
    tp_buf_fmt(b, "; figure of merit %.6g, literal %.6g.\n\n", j->cost,
               j->literal);
    tp_buf_add(b, TP_S("| corner | Vbg (V) | PSRR (dB) | TC (ppm/K) |\n"
                       "| --- | --- | --- | --- |\n"));
    for (int c = 0; c < tp_problem_corners(p); c++) {
        tp_buf_fmt(b, "| %.*s |", TP_F(bandgap_corner(p, c)));
        for (int k = 0; k < 3; k++) cell(b, bandgap_value(s, j, c, k), 6);
        tp_buf_char(b, '\n');
    }
    tp_buf_char(b, '\n');
}

/* Best first, those of fewer corners and then those without a cost last, then
   as they came. */
static int better_first(const void *a, const void *b)
{
    const judged_job *x = *(judged_job *const *)a, *y = *(judged_job *const *)b;
    if (x->ok != y->ok) return x->ok ? -1 : 1;
    if (x->corners != y->corners) return y->corners - x->corners;
    if (x->cost < y->cost) return -1;
    if (x->cost > y->cost) return 1;
    return x->trial->number - y->trial->number;
}

static bool left_out(const judged_sweep *s, const judged_job *j)
{
    return j->ok && j->corners < tp_problem_corners(s->account->problem);
}

static bool some_left_out(const judged_sweep *s)
{
    for (int i = 0; i < s->n; i++)
        if (left_out(s, &s->job[i])) return true;
    return false;
}

static void merit(tp_buf *b, const judged_sweep *s, const judged_job *j,
                  double v)
{
    if (left_out(s, j) && !isnan(v))
        tp_buf_fmt(b, " (%.6g) |", v);
    else
        cell(b, v, 6);
}

static void jobs(tp_buf *b, const judged_sweep *s, tp_arena *mem)
{
    const tp_problem  *p = s->account->problem;
    const judged_job **order = TP_NEW(mem, const judged_job *, s->n + 1);
    for (int i = 0; i < s->n; i++) order[i] = &s->job[i];
    qsort(order, (size_t)s->n, sizeof *order, better_first);
    tp_buf_add(b, TP_S("## Every job, best first\n\nValues are those of the "
                       "corner where each is worst.\n"));
    if (some_left_out(s))
        tp_buf_add(b, TP_S("A merit in brackets is one of fewer corners: what "
                           "was known of them was enough.\n"));
    tp_buf_char(b, '\n');
    head(b, p, "job", "Vbg (V) | PSRR (dB) | TC (ppm/K) | merit | literal", 5);
    for (int i = 0; i < s->n; i++) {
        tp_buf_fmt(b, "| %d |", order[i]->trial->number - 1);
        for (int k = 0; k < p->space.n; k++) cell(b, order[i]->trial->x[k], 6);
        for (int k = 0; k < 3; k++) cell(b, order[i]->value[k], 6);
        merit(b, s, order[i], order[i]->cost);
        merit(b, s, order[i], order[i]->literal);
        tp_buf_char(b, '\n');
    }
}

static tp_str markdown(const judged_sweep *s, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    tp_buf_fmt(&b,
               "# Bandgap sweep %.*s\n\n%s after %d %s%s: %d jobs, %d "
               "failed.\n",
               TP_F(s->account->run.id), bandgap_status(s), s->iteration,
               s->grids ? "grid" : "iteration", s->iteration == 1 ? "" : "s",
               s->n, s->failed);
    goal(&b, s);
    corners(&b, s, "Best", s->best);
    if (s->best_literal != s->best)
        corners(&b, s, "Best by the literal figure of merit", s->best_literal);
    jobs(&b, s, mem);
    return tp_buf_str(&b);
}

tp_status cmd_bandgap_report(session *s, int *exit_status, tp_err *err)
{
    stored_run   r;
    judged_sweep j;
    (void)exit_status;
    TP_TRY(session_run(s, &r, s->opt.arg[0], err));
    TP_TRY(session_account(s, &r, err));
    TP_TRY(bandgap_judge(&j, &r.account, &s->mem, err));
    return deliver(s, r.row.id, "md", markdown(&j, &s->mem), err);
}
