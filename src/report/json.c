/* The one object of --json (doubles with 17 digits, SI units) and CSV. */
#include "report/format.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

tp_str tp_report_utf8(tp_str s, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    while (s.len) {
        int n = tp_utf8_length(s);
        tp_buf_add(&b, n ? tp_str_part(s, 0, n) : TP_S("?"));
        s = tp_str_from(s, n ? n : 1);
    }
    return tp_buf_str(&b);
}

static tp_str dump(json_t *j, tp_arena *mem)
{
    tp_str text = tp_report_json_text(j, false, mem);
    json_decref(j);
    return tp_str_fmt(mem, "%.*s\n", TP_F(text));
}

static json_t *measures(const tp_problem *p, const tp_trial *t, tp_arena *mem)
{
    json_t *o = json_object();
    for (int i = 0; t->reading && i < p->n_measure; i++) {
        const tp_reading *r = tp_problem_worst(p, t->reading, i, NULL);
        tp_report_set(o, p->measure[i].name,
                      r->ok ? tp_report_number(r->value) : json_null(), mem);
    }
    return o;
}

static json_t *units(const tp_problem *p, const tp_trial *t, tp_arena *mem)
{
    json_t *o = json_object();
    for (int i = 0; i < p->n_measure; i++)
        tp_report_set(
            o, p->measure[i].name,
            tp_report_text(
                tp_unit_of(&p->measure[i], t->reading ? &t->reading[i] : NULL),
                mem),
            mem);
    return o;
}

static json_t *best(const tp_account *a, tp_arena *mem)
{
    const tp_problem *p = a->problem;
    const tp_trial   *t = &a->trial[a->best - 1];
    int               k = tp_problem_objective(p);
    json_t           *o = json_object();
    json_object_set_new(o, "trial", json_integer(t->number));
    double objective = k >= 0 ? t->reading[k].value : NAN;
    if (p->n_spec) objective = t->score.f;
    json_object_set_new(o, "objective", tp_report_number(objective));
    json_object_set_new(o, "violation", tp_report_number(t->score.violation));
    json_object_set_new(o, "variables", tp_report_variables_json(p, t->x, mem));
    json_object_set_new(o, "measures", measures(p, t, mem));
    json_object_set_new(o, "units", units(p, t, mem));
    if (t->why.len)
        json_object_set_new(o, "remark", tp_report_text(t->why, mem));
    tp_report_specs_json(o, p, t, mem);
    tp_report_add_reasons(o, p, t, mem);
    return o;
}

/* The centre of the design. */
static json_t *centre(const tp_account *a, tp_arena *mem)
{
    const tp_trial *t = &a->trial[a->centre - 1];
    json_t         *o = json_object();
    json_object_set_new(o, "trial", json_integer(t->number));
    json_object_set_new(o, "distance", tp_report_number(a->centre_distance));
    json_object_set_new(o, "variables",
                        tp_report_variables_json(a->problem, t->x, mem));
    json_object_set_new(o, "measures", measures(a->problem, t, mem));
    return o;
}

static json_t *proof(const tp_proof *p, tp_arena *mem)
{
    if (!p->simulator.len) return json_null();
    json_t *o = json_object();
    json_object_set_new(o, "simulator", tp_report_text(p->simulator, mem));
    json_object_set_new(o, "done", json_boolean(p->done));
    json_object_set_new(o, "same", json_boolean(p->same));
    json_object_set_new(o, "max_relative_difference",
                        p->done ? tp_report_number(p->max_relative_difference)
                                : json_null());
    if (p->why.len) json_object_set_new(o, "why", tp_report_text(p->why, mem));
    json_object_set_new(o, "checked_trials", json_integer(p->checked));
    if (p->checked)
        json_object_set_new(o, "checked_max_relative_difference",
                            tp_report_number(p->checked_max));
    return o;
}

/* [{"version": "ngspice-39, built ...", "from_trial": 1}] */
static json_t *simulators(const tp_account *a, tp_arena *mem)
{
    json_t *list = json_array();
    for (int i = 0; i < a->n_simulator; i++) {
        json_t *o = json_object();
        json_object_set_new(o, "version",
                            tp_report_text(a->simulator[i].version, mem));
        json_object_set_new(o, "from_trial",
                            json_integer(a->simulator[i].trial));
        json_array_append_new(list, o);
    }
    return list;
}

tp_str tp_report_json(const tp_account *a, tp_arena *mem)
{
    bool    feasible = a->best && a->trial[a->best - 1].score.feasible;
    double  floor = 0;
    json_t *o = json_object();
    for (int i = 0; i < a->n_trial; i++) floor += a->trial[i].sim_seconds;
    json_object_set_new(o, "run", tp_report_text(a->run.id, mem));
    json_object_set_new(o, "status", tp_report_text(a->run.status, mem));
    json_object_set_new(o, "reason", tp_report_text(a->run.reason, mem));
    json_object_set_new(o, "method", tp_report_text(a->run.method, mem));
    json_object_set_new(o, "feasible", json_boolean(feasible));
    json_object_set_new(o, "trials", json_integer(a->n_trial));
    json_object_set_new(o, "failed", json_integer(a->run.n_failed));
    json_object_set_new(o, "repeats", json_integer(a->repeats));
    json_object_set_new(o, "spared",
                        json_pack("{s:i, s:i}", "not_needed", a->not_needed,
                                  "taken_over", a->taken_over));
    json_object_set_new(o, "seconds", tp_report_number(a->run.seconds));
    json_object_set_new(o, "simulator_seconds", tp_report_number(floor));
    json_object_set_new(o, "simulators", simulators(a, mem));
    json_object_set_new(o, "best", a->best ? best(a, mem) : json_null());
    if (a->centre) json_object_set_new(o, "centre", centre(a, mem));
    json_object_set_new(o, "proof", proof(&a->proof, mem));
    return dump(o, mem);
}

tp_str tp_report_measures_json(const tp_problem *p, const tp_trial *t,
                               tp_arena *mem)
{
    json_t *o = json_object();
    json_object_set_new(o, "outcome", tp_report_text(t->outcome, mem));
    if (t->why.len) json_object_set_new(o, "why", tp_report_text(t->why, mem));
    json_object_set_new(o, "variables", tp_report_variables_json(p, t->x, mem));
    json_object_set_new(o, "measures", measures(p, t, mem));
    json_object_set_new(o, "units", units(p, t, mem));
    tp_report_specs_json(o, p, t, mem);
    tp_report_add_reasons(o, p, t, mem);
    return dump(o, mem);
}

/* ---- CSV (RFC 4180) ------------------------------------------------------ */

static void field(tp_buf *b, tp_str s)
{
    bool quote = false;
    for (ptrdiff_t i = 0; i < s.len; i++)
        quote = quote || s.at[i] == ',' || s.at[i] == '"' || s.at[i] == '\n' ||
                s.at[i] == '\r';
    if (!quote) {
        tp_buf_add(b, s);
        return;
    }
    tp_buf_char(b, '"');
    for (ptrdiff_t i = 0; i < s.len; i++) {
        if (s.at[i] == '"') tp_buf_char(b, '"');
        tp_buf_char(b, s.at[i]);
    }
    tp_buf_char(b, '"');
}

static void csv_trial(tp_buf *b, const tp_problem *p, const tp_trial *t)
{
    char v[TP_NUMBER_MAX];
    tp_buf_fmt(b, "%d,%.*s", t->number, TP_F(t->outcome));
    for (int i = 0; i < p->space.n; i++)
        tp_buf_fmt(b, ",%s", tp_exact(t->x[i], v));
    for (int i = 0; i < p->n_derived; i++) {
        bool ok = t->derived && isfinite(t->derived[i]);
        tp_buf_fmt(b, ",%s", ok ? tp_exact(t->derived[i], v) : "");
    }
    for (int i = 0; i < tp_problem_readings(p); i++) {
        bool ok = t->reading && t->reading[i].ok;
        tp_buf_fmt(b, ",%s", ok ? tp_exact(t->reading[i].value, v) : "");
    }
    tp_buf_fmt(b, ",%s,", t->score.ok ? tp_exact(t->score.violation, v) : "");
    tp_buf_fmt(b, "%s,%d,%s,", t->score.feasible ? "1" : "0", t->attempts,
               tp_exact(t->sim_seconds, v));
    field(b, t->why);
    tp_buf_add(b, TP_S("\r\n"));
}

tp_str tp_report_csv(const tp_account *a, tp_arena *mem)
{
    const tp_problem *p = a->problem;
    tp_buf            b = {.mem = mem};
    tp_buf_add(&b, TP_S("trial,outcome"));
    for (int i = 0; i < p->space.n; i++) {
        tp_buf_char(&b, ',');
        field(&b, p->space.var[i].name);
    }
    for (int i = 0; i < p->n_derived; i++) {
        tp_buf_char(&b, ',');
        field(&b, p->derived[i].name);
    }
    for (int i = 0; i < tp_problem_readings(p); i++) {
        tp_str name = p->measure[i % p->n_measure].name;
        tp_buf_char(&b, ',');
        if (p->n_corner > 0)
            name = tp_str_fmt(mem, "%.*s@%.*s", TP_F(name),
                              TP_F(p->corner[i / p->n_measure].name));
        field(&b, name);
    }
    tp_buf_add(&b, TP_S(",violation,feasible,attempts,sim_seconds,why\r\n"));
    for (int i = 0; i < a->n_trial; i++) csv_trial(&b, p, &a->trial[i]);
    return tp_buf_str(&b);
}
