/* Parts of JSON objects that several reports are made of. */
#include "report/report.h"

#include <math.h>

json_t *tp_report_text(tp_str s, tp_arena *mem)
{
    tp_str clean = tp_report_utf8(s, mem);
    return json_stringn(clean.at ? clean.at : "", (size_t)clean.len);
}

json_t *tp_report_number(double v)
{
    return isfinite(v) ? json_real(v) : json_null();
}

void tp_report_set(json_t *object, tp_str key, json_t *value, tp_arena *mem)
{
    json_object_set_new(object, tp_str_z(mem, tp_report_utf8(key, mem)), value);
}

json_t *tp_report_variables_json(const tp_problem *p, const double *x,
                                 tp_arena *mem)
{
    json_t *o = json_object();
    for (int i = 0; i < p->space.n; i++)
        tp_report_set(o, p->space.var[i].name, tp_report_number(x[i]), mem);
    return o;
}

static json_t *derived(const tp_problem *p, const tp_trial *t, tp_arena *mem)
{
    json_t *o = json_object();
    for (int i = 0; i < p->n_derived; i++)
        tp_report_set(o, p->derived[i].name,
                      tp_report_number(t->derived ? t->derived[i] : NAN), mem);
    return o;
}

static json_t *reading(const tp_reading *r)
{
    return tp_report_number(r->ok ? r->value : NAN);
}

static json_t *worst(const tp_problem *p, const tp_trial *t, tp_arena *mem)
{
    json_t *o = json_object();
    for (int i = 0; t->reading && i < p->n_measure; i++)
        tp_report_set(o, p->measure[i].name,
                      reading(tp_problem_worst(p, t->reading, i, NULL)), mem);
    return o;
}

static json_t *corners(const tp_problem *p, const tp_trial *t, tp_arena *mem)
{
    json_t *o = json_object();
    for (int c = 0; t->reading && c < p->n_corner; c++) {
        if (!tp_problem_asked(p, t->reading, c)) continue;
        json_t *in = json_object();
        for (int i = 0; i < p->n_measure; i++)
            tp_report_set(in, p->measure[i].name,
                          reading(&t->reading[c * p->n_measure + i]), mem);
        tp_report_set(o, p->corner[c].name, in, mem);
    }
    return o;
}

/* In the user's sign. */
static double objective(const tp_problem *p, const tp_trial *t)
{
    int k = tp_problem_objective(p);
    if (!t->score.ok || t->score.no_f) return NAN;
    return k >= 0 && p->measure[k].goal == TP_MAXIMISE ? -t->score.f
                                                       : t->score.f;
}

static void add_score(json_t *o, const tp_problem *p, const tp_trial *t)
{
    json_object_set_new(o, "objective", tp_report_number(objective(p, t)));
    if (p->n_spec && t->reading)
        json_object_set_new(
            o, "cost",
            tp_report_number(tp_problem_cost_worst(p, t->reading).cost));
    json_object_set_new(
        o, "violation",
        tp_report_number(t->score.ok ? t->score.violation : NAN));
    json_object_set_new(o, "feasible", json_boolean(t->score.feasible));
}

void tp_report_add_reasons(json_t *to, const tp_problem *p, const tp_trial *t,
                           tp_arena *mem)
{
    json_t *o = json_object();
    for (int i = 0; t->reading && i < p->n_measure; i++) {
        const tp_reading *r = tp_problem_worst(p, t->reading, i, NULL);
        if (!r->ok)
            tp_report_set(o, p->measure[i].name, tp_report_text(r->why, mem),
                          mem);
    }
    if (json_object_size(o))
        json_object_set_new(to, "none_because", o);
    else
        json_decref(o);
}

json_t *tp_report_trial_json(const tp_problem *p, const tp_trial *t,
                             tp_arena *mem)
{
    json_t *o = json_object();
    json_object_set_new(o, "trial", json_integer(t->number));
    if (p->n_phase) json_object_set_new(o, "phase", json_integer(t->phase + 1));
    json_object_set_new(o, "outcome", tp_report_text(t->outcome, mem));
    if (t->why.len) json_object_set_new(o, "why", tp_report_text(t->why, mem));
    json_object_set_new(o, "variables", tp_report_variables_json(p, t->x, mem));
    if (p->n_derived) json_object_set_new(o, "derived", derived(p, t, mem));
    json_object_set_new(o, "measures", worst(p, t, mem));
    tp_report_add_reasons(o, p, t, mem);
    if (p->n_corner) json_object_set_new(o, "corners", corners(p, t, mem));
    add_score(o, p, t);
    return o;
}
