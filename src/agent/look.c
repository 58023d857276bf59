/* Tools that look at a run: how it stands, its best trials, their trends. */
#include "agent/mind.h"
#include "agent/trends.h"

#include <math.h>
#include <stdlib.h>

/* ---- trials with their origin -------------------------------------------- */

typedef struct remarks {
    int              n;
    const tp_remark *said;
} remarks;

/* What came from outside, from the account's own events. */
static remarks remarks_of(const tp_account *a, tp_arena *mem)
{
    tp_remark *said = TP_NEW(mem, tp_remark, a->n_event);
    remarks    r = {0, said};
    for (int i = 0; i < a->n_event; i++)
        if (tp_remark_of(&said[r.n], &a->event[i])) r.n++;
    return r;
}

json_t *tp_look_check(const tp_point_check *c, tp_arena *mem)
{
    bool compared = !tp_str_eq(c->verdict, TP_S("none"));
    return json_pack("{s:o, s:o, s:o}", "verdict",
                     tp_report_text(c->verdict, mem), "max_relative_difference",
                     compared ? tp_report_number(c->max) : json_null(), "why",
                     c->why.len ? tp_report_text(c->why, mem) : json_null());
}

static void add_check(json_t *o, const tp_account *a, int trial, tp_arena *mem)
{
    tp_point_check c;
    for (int i = 0; i < a->n_event; i++)
        if (tp_point_check_of(&c, &a->event[i]) && c.trial == trial)
            json_object_set_new(o, "check", tp_look_check(&c, mem));
}

static json_t *trial_json(const tp_account *a, const tp_trial *t,
                          const remarks *said, tp_arena *mem)
{
    json_t   *o = tp_report_trial_json(a->problem, t, mem);
    tp_remark of = {.origin = TP_S("engine")};
    for (int i = 0; i < said->n; i++)
        if (said->said[i].trial == t->number) of = said->said[i];
    json_object_set_new(o, "origin", tp_report_text(of.origin, mem));
    if (of.note.len)
        json_object_set_new(o, "note", tp_report_text(of.note, mem));
    add_check(o, a, t->number, mem);
    return o;
}

/* ---- status ------------------------------------------------------------- */

static json_t *limits(const tp_spec *s)
{
    return json_pack("{s:o, s:o, s:o, s:s}", "min", tp_report_number(s->min),
                     "max", tp_report_number(s->max), "target",
                     tp_report_number(s->target), "sense",
                     tp_sense_name(s->sense));
}

/* What is wanted of each measure. */
static json_t *goals(const tp_problem *p, tp_arena *mem)
{
    json_t *o = json_object();
    for (int i = 0; i < p->n_measure; i++) {
        const tp_measure *m = &p->measure[i];
        if (m->goal == TP_TO_SPEC) continue;
        json_t *g = json_pack("{s:s}", "goal", tp_goal_name(m->goal));
        if (m->goal == TP_AT_MOST || m->goal == TP_AT_LEAST)
            json_object_set_new(g, "limit", tp_report_number(m->target));
        tp_report_set(o, m->name, g, mem);
    }
    for (int i = 0; i < p->n_spec; i++)
        tp_report_set(o, p->measure[p->spec[i].measure].name,
                      limits(&p->spec[i]), mem);
    return o;
}

static json_t *bounds(const tp_space *s, tp_arena *mem)
{
    json_t *o = json_object();
    for (int i = 0; i < s->n; i++)
        tp_report_set(o, s->var[i].name,
                      json_pack("{s:o, s:o, s:o}", "lo",
                                tp_report_number(s->var[i].lo), "hi",
                                tp_report_number(s->var[i].hi), "start",
                                tp_report_number(s->var[i].start)),
                      mem);
    return o;
}

/* The limits that hold now, of the variables that have some: the last said. */
static json_t *narrowed(const tp_account *a, tp_arena *mem)
{
    json_t *o = json_object();
    for (int i = 0; i < a->n_event; i++) {
        tp_unpack u = {.rest = a->event[i].data};
        if (!tp_str_eq(a->event[i].kind, TP_S("limit"))) continue;
        int64_t at = tp_unpack_int(&u);
        double  lo = tp_unpack_double(&u), hi = tp_unpack_double(&u);
        if (u.bad || at < 0 || at >= a->space->n) continue;
        const tp_var *v = &a->space->var[at];
        tp_report_set(o, v->name,
                      json_pack("{s:o, s:o}", "lo", tp_report_number(lo), "hi",
                                tp_report_number(hi)),
                      mem);
        if (lo == v->lo && hi == v->hi) /* given back */
            json_object_del(o, tp_str_z(mem, tp_report_utf8(v->name, mem)));
    }
    return o;
}

/* 0-based: that of the latest trial, or what was said after it. */
static int phase_of(const tp_account *a)
{
    int phase = a->n_trial ? a->trial[a->n_trial - 1].phase : 0;
    for (int i = 0; i < a->n_event; i++) {
        tp_unpack u = {.rest = a->event[i].data};
        if (!tp_str_eq(a->event[i].kind, TP_S("up"))) continue;
        int up = tp_unpack_small(&u);
        if (!u.bad && up > phase) phase = up;
    }
    return phase;
}

tp_status tp_look_status(const tp_account *a, const json_t *arguments,
                         json_t *out, tp_arena *mem, tp_err *err)
{
    remarks said = remarks_of(a, mem);
    json_t *notes = json_array();
    (void)arguments, (void)err;
    json_object_set_new(out, "status", tp_report_text(a->run.status, mem));
    json_object_set_new(out, "reason", tp_report_text(a->run.reason, mem));
    json_object_set_new(out, "method", tp_report_text(a->run.method, mem));
    if (a->problem->n_phase) {
        json_object_set_new(out, "phase", json_integer(phase_of(a) + 1));
        json_object_set_new(out, "phases", json_integer(a->problem->n_phase));
    }
    json_object_set_new(out, "trials", json_integer(a->n_trial));
    json_object_set_new(out, "failed", json_integer(a->run.n_failed));
    json_object_set_new(out, "variables", bounds(a->space, mem));
    json_object_set_new(out, "limits", narrowed(a, mem));
    json_object_set_new(out, "goals", goals(a->problem, mem));
    json_object_set_new(out, "best",
                        a->best
                            ? trial_json(a, &a->trial[a->best - 1], &said, mem)
                            : json_null());
    for (int i = 0; i < said.n; i++)
        if (!said.said[i].trial)
            json_array_append_new(notes,
                                  tp_report_text(said.said[i].note, mem));
    json_object_set_new(out, "notes", notes);
    return TP_OK;
}

/* ---- history ------------------------------------------------------------- */

/* Indices of the trials, best first, failed ones last; else the latest. */
static int *ordered(const tp_account *a, bool latest, tp_arena *mem)
{
    int *at = TP_NEW(mem, int, a->n_trial);
    for (int i = 0; i < a->n_trial; i++) {
        int k = i;
        while (k > 0 && (latest ||
                         tp_trial_better(&a->trial[i], &a->trial[at[k - 1]]))) {
            at[k] = at[k - 1];
            k--;
        }
        at[k] = i;
    }
    return at;
}

tp_status tp_look_history(const tp_account *a, const json_t *arguments,
                          json_t *out, tp_arena *mem, tp_err *err)
{
    int     top = tp_argument_int(arguments, "top", 5);
    int     last = tp_argument_int(arguments, "last", 0);
    int     n = last ? last : top;
    json_t *trials = json_array();
    if (n < 1)
        return tp_fail(err, TP_BAD_INPUT, "history: %d trials can't be listed",
                       n);
    int    *at = ordered(a, last > 0, mem);
    remarks said = remarks_of(a, mem);
    for (int i = 0; i < n && i < a->n_trial; i++)
        json_array_append_new(trials,
                              trial_json(a, &a->trial[at[i]], &said, mem));
    json_object_set_new(out, "of", json_integer(a->n_trial));
    json_object_set_new(out, "order", json_string(last ? "latest" : "best"));
    json_object_set_new(out, "trials", trials);
    return TP_OK;
}

/* ---- trends -------------------------------------------------------------- */

/* How far the measure misses what is wanted of it; NAN: nothing is. */
static double miss_of(const tp_problem *p, int measure, const tp_reading *r)
{
    const tp_measure *m = &p->measure[measure];
    double            miss = NAN;
    if (!r->ok) return NAN;
    if (m->goal == TP_AT_MOST) miss = r->value - m->target;
    if (m->goal == TP_AT_LEAST) miss = m->target - r->value;
    for (int i = 0; i < p->n_spec; i++) {
        if (p->spec[i].measure != measure) continue;
        miss = fmax(fmax(miss, p->spec[i].min - r->value),
                    r->value - p->spec[i].max);
    }
    return miss;
}

static tp_trend_data table_of(const tp_account *a, tp_arena *mem)
{
    const tp_problem *p = a->problem;
    int               nv = p->space.n, nm = p->n_measure;
    ptrdiff_t         n = a->n_trial;
    double           *x = TP_NEW(mem, double, n *nv);
    double           *value = TP_NEW(mem, double, n *nm);
    double           *miss = TP_NEW(mem, double, n *nm);
    for (int i = 0; i < a->n_trial; i++) {
        const tp_trial *t = &a->trial[i];
        for (int v = 0; v < nv; v++) x[i * nv + v] = t->x[v];
        for (int m = 0; m < nm; m++) {
            value[i * nm + m] = miss[i * nm + m] = NAN;
            if (!t->reading) continue;
            const tp_reading *r = tp_problem_worst(p, t->reading, m, NULL);
            if (r->ok) value[i * nm + m] = r->value;
            miss[i * nm + m] = miss_of(p, m, r);
        }
    }
    return (tp_trend_data){a->n_trial, nv, nm, x, value, miss};
}

static json_t *name_of(tp_str s, tp_arena *mem)
{
    return tp_report_text(s, mem);
}

static json_t *ranks_json(const tp_problem *p, const tp_trend_data *d,
                          tp_arena *mem)
{
    const tp_trend *t;
    int             n = tp_trends(&t, d, mem);
    json_t         *all = json_array();
    for (int i = 0; i < n; i++)
        json_array_append_new(
            all,
            json_pack("{s:o, s:o, s:f, s:i}", "measure",
                      name_of(p->measure[t[i].measure].name, mem), "variable",
                      name_of(p->space.var[t[i].var].name, mem), "rho",
                      t[i].rho, "trials", t[i].n));
    return all;
}

static json_t *walls_json(const tp_problem *p, const tp_trend_data *d,
                          tp_arena *mem)
{
    const tp_trend_wall *w;
    int                  n = tp_trend_walls(&w, d, mem);
    json_t              *all = json_array();
    for (int i = 0; i < n; i++)
        json_array_append_new(
            all,
            json_pack("{s:o, s:s, s:f, s:o, s:i}", "variable",
                      name_of(p->space.var[w[i].var].name, mem), "side",
                      w[i].below ? "below" : "above", "at", w[i].at,
                      "never_met", name_of(p->measure[w[i].measure].name, mem),
                      "trials", w[i].n));
    return all;
}

static json_t *change_json(const tp_problem *p, const tp_trend_data *d,
                           const tp_trend_step *s, tp_arena *mem)
{
    json_t *o = json_object();
    for (int m = 0; m < d->n_measure; m++)
        tp_report_set(o, p->measure[m].name,
                      tp_report_number(d->value[s->to * d->n_measure + m] -
                                       d->value[s->from * d->n_measure + m]),
                      mem);
    return o;
}

enum { STEPS = 10 };

static json_t *steps_json(const tp_account *a, const tp_trend_data *d,
                          tp_arena *mem)
{
    tp_trend_step s[STEPS];
    int           n = tp_trend_steps(s, STEPS, d);
    json_t       *all = json_array();
    for (int i = 0; i < n; i++) {
        const tp_trial *from = &a->trial[s[i].from], *to = &a->trial[s[i].to];
        json_array_append_new(
            all, json_pack("{s:o, s:f, s:f, s:[i, i], s:o}", "variable",
                           name_of(a->problem->space.var[s[i].var].name, mem),
                           "from", from->x[s[i].var], "to", to->x[s[i].var],
                           "trials", from->number, to->number, "changes",
                           change_json(a->problem, d, &s[i], mem)));
    }
    return all;
}

tp_status tp_look_trends(const tp_account *a, const json_t *arguments,
                         json_t *out, tp_arena *mem, tp_err *err)
{
    tp_trend_data d = table_of(a, mem);
    (void)arguments, (void)err;
    json_object_set_new(out, "of", json_integer(a->n_trial));
    json_object_set_new(out, "rank_correlations",
                        ranks_json(a->problem, &d, mem));
    json_object_set_new(out, "walls", walls_json(a->problem, &d, mem));
    json_object_set_new(out, "single_steps", steps_json(a, &d, mem));
    return TP_OK;
}
