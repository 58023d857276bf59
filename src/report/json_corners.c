/* JSON of what only problems with specs and corners have. */
#include "report/format.h"

#include <jansson.h>
#include <math.h>

static json_t *corner(const tp_problem *p, const tp_reading *r, tp_arena *mem)
{
    json_t *o = json_object();
    for (int i = 0; i < p->n_measure; i++)
        tp_report_set(o, p->measure[i].name,
                      r[i].ok ? tp_report_number(r[i].value) : json_null(),
                      mem);
    return o;
}

static json_t *corners_json(const tp_problem *p, const tp_trial *t,
                            tp_arena *mem)
{
    json_t *o = json_object();
    for (int c = 0; t->reading && c < p->n_corner; c++)
        if (tp_problem_asked(p, t->reading, c))
            tp_report_set(
                o, p->corner[c].name,
                corner(p, t->reading + (ptrdiff_t)c * p->n_measure, mem), mem);
    return o;
}

static json_t *derived_json(const tp_problem *p, const tp_trial *t,
                            tp_arena *mem)
{
    json_t *o = json_object();
    for (int i = 0; t->derived && i < p->n_derived; i++)
        tp_report_set(o, p->derived[i].name, tp_report_number(t->derived[i]),
                      mem);
    return o;
}

void tp_report_specs_json(json_t *to, const tp_problem *p, const tp_trial *t,
                          tp_arena *mem)
{
    if (p->n_derived)
        json_object_set_new(to, "derived", derived_json(p, t, mem));
    if (p->n_corner > 0)
        json_object_set_new(to, "corners", corners_json(p, t, mem));
    if (p->n_phase)
        json_object_set_new(to, "phase", json_integer(t->phase + 1));
    if (p->n_spec && t->reading)
        json_object_set_new(
            to, "cost",
            tp_report_number(tp_problem_cost_worst(p, t->reading).cost));
}
