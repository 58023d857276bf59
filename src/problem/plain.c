/* A problem without its deck: what the reports of a script's run need. The
   script itself is what can be run again. */
#include "problem/problem.h"

void tp_problem_pack(tp_buf *b, const tp_problem *p)
{
    tp_pack_str(b, p->name);
    tp_pack_str(b, p->path);
    tp_pack_int(b, p->space.n);
    for (int i = 0; i < p->space.n; i++) {
        const tp_var *v = &p->space.var[i];
        const double  number[] = {v->lo, v->hi, v->start, v->step};
        tp_pack_str(b, v->name);
        tp_pack_str(b, v->unit);
        tp_pack_doubles(b, number, TP_COUNT(number));
        tp_pack_int(b, v->log);
    }
    tp_pack_int(b, p->n_measure);
    for (int i = 0; i < p->n_measure; i++) {
        const tp_measure *m = &p->measure[i];
        const double      number[] = {m->target, m->scale};
        tp_pack_str(b, m->name);
        tp_pack_str(b, m->unit);
        tp_pack_str(b, m->text);
        tp_pack_int(b, (int64_t)m->dialect);
        tp_pack_int(b, (int64_t)m->goal);
        tp_pack_doubles(b, number, TP_COUNT(number));
    }
    tp_pack_str(b, p->script);
}

/* `n` doubles into `to`; anything else spoils the reader. */
static void numbers(tp_unpack *u, double *to, int n, tp_arena *mem)
{
    int           got;
    const double *v = tp_unpack_doubles(u, &got, mem);
    if (got != n) u->bad = true;
    for (int i = 0; i < n && !u->bad; i++) to[i] = v[i];
}

static void unpack_var(tp_var *v, tp_unpack *u, tp_arena *mem)
{
    double number[4] = {0};
    v->name = tp_str_copy(mem, tp_unpack_str(u));
    v->unit = tp_str_copy(mem, tp_unpack_str(u));
    numbers(u, number, TP_COUNT(number), mem);
    v->lo = number[0];
    v->hi = number[1];
    v->start = number[2];
    v->step = number[3];
    v->log = tp_unpack_int(u) != 0;
}

static void unpack_measure(tp_measure *m, tp_unpack *u, tp_arena *mem)
{
    double number[2] = {0};
    m->name = tp_str_copy(mem, tp_unpack_str(u));
    m->unit = tp_str_copy(mem, tp_unpack_str(u));
    m->text = tp_str_copy(mem, tp_unpack_str(u));
    int64_t dialect = tp_unpack_int(u), goal = tp_unpack_int(u);
    numbers(u, number, TP_COUNT(number), mem);
    if (dialect < 0 || dialect > TP_OCEAN || goal < 0 || goal > TP_TO_SPEC)
        u->bad = true;
    if (u->bad) return;
    m->dialect = (tp_dialect)dialect;
    m->goal = (tp_goal)goal;
    m->target = number[0];
    m->scale = number[1];
}

tp_status tp_problem_unpack(tp_problem *out, tp_unpack *u, tp_arena *mem,
                            tp_err *err)
{
    *out = (tp_problem){0};
    out->name = tp_str_copy(mem, tp_unpack_str(u));
    out->path = tp_str_copy(mem, tp_unpack_str(u));
    out->space.n = tp_unpack_count(u, 8);
    tp_var *var = TP_NEW(mem, tp_var, out->space.n);
    for (int i = 0; i < out->space.n; i++) unpack_var(&var[i], u, mem);
    out->space.var = var;
    out->n_measure = tp_unpack_count(u, 8);
    tp_measure *measure = TP_NEW(mem, tp_measure, out->n_measure);
    for (int i = 0; i < out->n_measure; i++)
        unpack_measure(&measure[i], u, mem);
    out->measure = measure;
    if (u->rest.len) out->script = tp_str_copy(mem, tp_unpack_str(u));
    if (!u->bad) return TP_OK;
    return tp_fail(err, TP_BAD_INPUT, "the stored problem is damaged");
}
