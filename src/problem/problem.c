/* Readings into a score: the only place where measured values become an
   objective and constraints. */
#include "problem/problem.h"

#include <math.h>

static const struct {
    const char *name;
    double      sign; /* of the objective, or of a miss; 0: neither */
    bool        objective;
} goals[] = {
    [TP_WATCH] = {"watch", 0, false},
    [TP_MINIMISE] = {"minimise", 1, true},
    [TP_MAXIMISE] = {"maximise", -1, true},
    [TP_AT_MOST] = {"at most", 1, false},
    [TP_AT_LEAST] = {"at least", -1, false},
};

const char *tp_goal_name(tp_goal g)
{
    return goals[g].name;
}

static bool is_constraint(const tp_measure *m)
{
    return !goals[m->goal].objective && goals[m->goal].sign != 0;
}

int tp_problem_objective(const tp_problem *p)
{
    for (int i = 0; i < p->n_measure; i++)
        if (goals[p->measure[i].goal].objective) return i;
    return -1;
}

int tp_problem_constraints(const tp_problem *p)
{
    int n = 0;
    for (int i = 0; i < p->n_measure; i++) n += is_constraint(&p->measure[i]);
    return n;
}

static double miss(const tp_measure *m, double value)
{
    return goals[m->goal].sign * (value - m->target) / m->scale;
}

tp_score tp_problem_score(const tp_problem *p, const tp_reading *r, double ctol,
                          tp_arena *mem)
{
    tp_score s = {.ok = true, .feasible = true};
    s.g = TP_NEW(mem, double, tp_problem_constraints(p));
    for (int i = 0; i < p->n_measure; i++) {
        const tp_measure *m = &p->measure[i];
        if (m->goal == TP_WATCH) continue;
        bool has = r && r[i].ok && isfinite(r[i].value);
        if (goals[m->goal].objective) {
            if (has) s.f = goals[m->goal].sign * r[i].value;
            s.no_f = !has;
            continue;
        }
        if (!has) return (tp_score){0};
        double g = s.g[s.n_g++] = miss(m, r[i].value);
        if (g > 0) s.violation += g;
        if (g > ctol) s.feasible = false;
    }
    return s.no_f && s.feasible ? (tp_score){0} : s;
}

/* 0 feasible, 1 infeasible, 2 failed. */
static int rank(const tp_score *s)
{
    return !s->ok ? 2 : !s->feasible;
}

int tp_score_compare(const tp_score *a, const tp_score *b)
{
    int by = rank(a) - rank(b);
    if (by || !a->ok) return by;
    double x = a->feasible ? a->f : a->violation;
    double y = b->feasible ? b->f : b->violation;
    return (x > y) - (x < y);
}

/* ---- readings as bytes ------------------------------------------------- */

void tp_readings_pack(tp_buf *b, const tp_reading *r, int n)
{
    tp_pack_int(b, n);
    for (int i = 0; i < n; i++) {
        tp_pack_int(b, r[i].ok);
        tp_pack_double(b, r[i].value);
        tp_pack_str(b, r[i].unit);
        tp_pack_str(b, r[i].why);
    }
}

tp_status tp_readings_unpack(const tp_reading **out, int *n, tp_unpack *u,
                             tp_arena *mem, tp_err *err)
{
    enum { LEAST = 4 * 8 }; /* bytes of one reading */
    int         count = tp_unpack_count(u, LEAST);
    tp_reading *r = TP_NEW(mem, tp_reading, count);
    for (int i = 0; i < count; i++) {
        r[i].ok = tp_unpack_int(u) != 0;
        r[i].value = tp_unpack_double(u);
        r[i].unit = tp_str_copy(mem, tp_unpack_str(u));
        r[i].why = tp_str_copy(mem, tp_unpack_str(u));
    }
    if (u->bad)
        return tp_fail(err, TP_BAD_INPUT, "the measured values are damaged");
    *out = r;
    *n = count;
    return TP_OK;
}
