/* What the trials of another problem say of this one: by the names of
   variables, corners and measures. */
#include "run/foreign.h"

#include <math.h>

/* Where this problem's things are in the other one; -1: nowhere. */
struct tp_inherit {
    const tp_problem *to, *from;
    const tp_trial   *trial;
    int               n; /* trials */
    int              *variable, *corner, *measure;
    int               n_measure; /* that are the same */
};

static int variable_of(const tp_problem *p, tp_str name)
{
    for (int i = 0; i < p->space.n; i++)
        if (tp_str_eq(p->space.var[i].name, name)) return i;
    return -1;
}

static int corner_of(const tp_inherit *m, int corner)
{
    if (!m->to->n_corner && !m->from->n_corner) return 0;
    for (int c = 0; c < m->from->n_corner && m->to->n_corner; c++)
        if (tp_str_eq(m->from->corner[c].name, m->to->corner[corner].name))
            return c;
    return -1;
}

static int measure_of(const tp_inherit *m, int measure)
{
    const tp_measure *a = &m->to->measure[measure];
    for (int i = 0; i < m->from->n_measure; i++) {
        const tp_measure *b = &m->from->measure[i];
        if (!tp_str_eq(a->name, b->name)) continue;
        return tp_str_eq(a->text, b->text) && a->over == b->over ? i : -1;
    }
    return -1;
}

static tp_status match_variables(tp_inherit *m, tp_arena *mem, tp_err *err)
{
    const tp_space *space = &m->to->space;
    m->variable = TP_NEW(mem, int, space->n);
    for (int i = 0; i < space->n; i++) {
        m->variable[i] = variable_of(m->from, space->var[i].name);
        if (m->variable[i] >= 0) continue;
        return tp_fail(err, TP_BAD_INPUT, "it has no variable '%.*s'",
                       TP_F(space->var[i].name));
    }
    return TP_OK;
}

static tp_status match_names(tp_inherit *m, tp_arena *mem, tp_err *err)
{
    const tp_problem *p = m->to;
    int               corners = tp_problem_corners(p), n_corner = 0;
    m->corner = TP_NEW(mem, int, corners);
    m->measure = TP_NEW(mem, int, p->n_measure);
    TP_TRY(match_variables(m, mem, err));
    for (int c = 0; c < corners; c++) {
        m->corner[c] = corner_of(m, c);
        n_corner += m->corner[c] >= 0;
    }
    for (int i = 0; i < p->n_measure; i++) {
        m->measure[i] = measure_of(m, i);
        m->n_measure += m->measure[i] >= 0;
    }
    if (!n_corner)
        return tp_fail(err, TP_BAD_INPUT, "it has no corner of this one");
    if (!m->n_measure)
        return tp_fail(err, TP_BAD_INPUT, "it has no measure of this one");
    return TP_OK;
}

/* The trial's point here; false: it is outside the range or off the grid. */
static bool point_of(const tp_inherit *m, const tp_space *space,
                     const tp_trial *t, double *x, tp_arena mem)
{
    double *at = TP_NEW(&mem, double, space->n);
    for (int i = 0; i < space->n; i++) {
        const tp_var *v = &space->var[i];
        x[i] = at[i] = t->x[m->variable[i]];
        if (!(x[i] >= v->lo && x[i] <= v->hi)) return false;
    }
    tp_space_snap(space, at);
    for (int i = 0; i < space->n; i++)
        if (fabs(at[i] - x[i]) > 1e-9 * fabs(x[i])) return false;
    for (int i = 0; i < space->n; i++) x[i] = at[i];
    return true;
}

/* Its readings here; NULL: it gave none at all. */
static const tp_reading *readings_of(const tp_inherit *m, const tp_trial *t,
                                     tp_arena *mem)
{
    const tp_problem *p = m->to;
    int               n = tp_problem_readings(p);
    tp_reading       *out = TP_NEW(mem, tp_reading, n);
    if (!t->reading) return NULL;
    for (int i = 0; i < n; i++) {
        int c = m->corner[i / p->n_measure], k = m->measure[i % p->n_measure];
        out[i] = (tp_reading){.skipped = true};
        if (c >= 0 && k >= 0)
            out[i] = t->reading[(ptrdiff_t)c * m->from->n_measure + k];
    }
    return out;
}

static void note(tp_run *r, const tp_inherit *m, int told, int left)
{
    tp_buf b = {.mem = &r->mem};
    tp_buf_fmt(&b, "%d point%s of an earlier run told", told,
               told == 1 ? "" : "s");
    if (left)
        tp_buf_fmt(&b, "; %d left out, outside the ranges or off their grids",
                   left);
    if (m->n_measure < m->to->n_measure)
        tp_buf_fmt(&b, "; %d of %d measures are the same", m->n_measure,
                   m->to->n_measure);
    *TP_PUSH(&r->mem, r->notice, r->n_notice, r->cap_notice) = tp_buf_str(&b);
}

tp_status tp_inherit_tell(tp_run *r, const tp_inherit *m, tp_err *err)
{
    int told = 0, left = 0;
    for (int i = 0; i < m->n; i++) {
        const tp_trial  *t = &m->trial[i];
        double          *x = TP_NEW(&r->mem, double, r->space.n);
        tp_earlier_point p = {x, readings_of(m, t, &r->mem)};
        bool             fits = point_of(m, &r->space, t, x, r->scratch);
        if (fits) TP_TRY(tp_earlier_add(r, &p, err));
        told += fits;
        left += !fits;
    }
    note(r, m, told, left);
    return TP_OK;
}

tp_status tp_inherit_match(tp_inherit **out, tp_run *r, const tp_earlier *e,
                           tp_err *err)
{
    tp_inherit *m = *out = TP_NEW(&r->mem, tp_inherit, 1);
    *m = (tp_inherit){
        .to = r->problem, .from = e->problem, .trial = e->trial, .n = e->n};
    if (!tp_foreign_takes(r)) return tp_foreign_refuse(r, err);
    return match_names(m, &r->mem, err);
}
