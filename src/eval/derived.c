/* Measures over measures: the second tier, evaluated where a trial is put
   together. */
#include "eval/parts.h"

#include <math.h>

typedef struct whole {
    const tp_problem *p;
    const tp_reading *reading;
    const double     *value; /* of the corner */
    int               corner;
    tp_arena         *mem;
} whole;

static const tp_reading *reading_of(const whole *w, int corner, int measure)
{
    return &w->reading[corner * w->p->n_measure + measure];
}

static tp_value one_value(const whole *w, int measure)
{
    const tp_reading *r = reading_of(w, w->corner, measure);
    if (r->ok) return tp_value_number(r->value, r->unit);
    return tp_none(w->mem, "%.*s: %.*s", TP_F(w->p->measure[measure].name),
                   TP_F(r->why));
}

/* Its values in all corners asked for; none where one is missing. */
static tp_value all_values(const whole *w, int measure)
{
    const tp_problem *p = w->p;
    int               n = 0, corners = tp_problem_corners(p);
    double           *x = TP_NEW(w->mem, double, corners);
    double           *y = TP_NEW(w->mem, double, corners);
    for (int c = 0; c < corners; c++) {
        const tp_reading *r = reading_of(w, c, measure);
        if (r->skipped) continue;
        if (!r->ok)
            return tp_none(w->mem, "%.*s in %.*s: %.*s",
                           TP_F(p->measure[measure].name),
                           TP_F(p->corner[c].name), TP_F(r->why));
        x[n] = p->n_corner && !isnan(p->corner[c].temp) ? p->corner[c].temp : c;
        y[n++] = r->value;
    }
    tp_wave wave = {.name = p->measure[measure].name,
                    .unit = p->measure[measure].unit,
                    .n = n,
                    .x = x,
                    .re = y};
    return tp_value_wave(&wave);
}

static tp_reading derive(const whole *w, const tp_measure *m)
{
    tp_value *bound = TP_NEW(w->mem, tp_value, m->n_bind);
    for (int i = 0; i < m->n_bind; i++) {
        int at = m->bind[i].at;
        if (m->bind[i].kind == TP_BIND_VAR)
            bound[i] = tp_eval_value(w->p, at, w->value);
        else
            bound[i] = m->over ? all_values(w, at) : one_value(w, at);
    }
    return tp_eval_reading(m, bound, w->mem);
}

void tp_eval_derived(const tp_problem *p, tp_reading *reading,
                     const double *value, tp_arena *mem)
{
    double *all = TP_NEW(mem, double, tp_problem_values(p));
    whole   w = {p, reading, all, 0, mem};
    for (int i = 0; i < p->space.n + p->n_derived; i++) all[i] = value[i];
    for (int i = 0; i < p->n_measure; i++) {
        const tp_measure *m = &p->measure[i];
        tp_reading        once = {0};
        bool              made = false;
        if (m->bench != TP_BENCH_NONE) continue;
        for (w.corner = 0; w.corner < tp_problem_corners(p); w.corner++) {
            tp_reading *to = &reading[w.corner * p->n_measure + i];
            if (!tp_problem_asked(p, reading, w.corner)) continue;
            if (p->n_setting) tp_problem_settings(p, w.corner, all);
            if (!made) once = derive(&w, m);
            made = m->over;
            *to = once;
        }
    }
}
