/* Tools that go on with a run: proposals, points, limits, remarks. */
#include "agent/mind.h"

#include <math.h>
#include <string.h>

/* ---- proposals ----------------------------------------------------------- */

static json_t *proposal_json(const tp_hand *h, const tp_proposal *p)
{
    json_t *o = json_object();
    if (p->number) json_object_set_new(o, "ask", json_integer(p->number));
    json_object_set_new(o, "variables",
                        tp_report_variables_json(h->problem, p->x, h->mem));
    if (p->why.len)
        json_object_set_new(o, "why", tp_report_text(p->why, h->mem));
    return o;
}

static void add_open(json_t *out, const tp_hand *h)
{
    const tp_proposal *open;
    int                n = tp_foreign_open(h->run, &open);
    json_t            *all = json_array();
    for (int i = 0; i < n; i++)
        json_array_append_new(all, proposal_json(h, &open[i]));
    json_object_set_new(out, "open", all);
}

tp_status tp_hand_suggest(tp_hand *h, const json_t *arguments, json_t *out,
                          tp_err *err)
{
    int n = tp_argument_int(arguments, "count", 1);
    if (n < 1 || n > 100)
        return tp_fail(err, TP_BAD_INPUT, "count: %d is outside 1 to 100", n);
    tp_proposal *p = TP_NEW(h->mem, tp_proposal, n);
    json_t      *all = json_array();
    json_object_set_new(out, "method",
                        tp_report_text(tp_run_method(h->run), h->mem));
    json_object_set_new(out, "proposals", all);
    TP_TRY(tp_foreign_suggest(h->run, p, &n, err));
    for (int i = 0; i < n; i++)
        json_array_append_new(all, proposal_json(h, &p[i]));
    add_open(out, h);
    return TP_OK;
}

tp_status tp_hand_ask(tp_hand *h, const json_t *arguments, json_t *out,
                      tp_err *err)
{
    tp_proposal p;
    (void)arguments;
    TP_TRY(tp_foreign_ask(h->run, &p, err));
    json_object_set_new(out, "method",
                        tp_report_text(tp_run_method(h->run), h->mem));
    json_object_set_new(out, "proposal", proposal_json(h, &p));
    return TP_OK;
}

/* ---- points ------------------------------------------------------------- */

/* Where the variables are that the arguments don't name: of the proposal they
   answer, else of the best trial, else the start. */
static const double *base_of(const tp_hand *h, int ask, tp_arena *mem)
{
    const tp_proposal *open;
    const tp_trial    *best = tp_run_best(h->run);
    const tp_space    *s = tp_run_space(h->run);
    int                n = tp_foreign_open(h->run, &open);
    for (int i = 0; i < n; i++)
        if (open[i].number == ask) return open[i].x;
    if (best) return best->x;
    double *start = TP_NEW(mem, double, s->n);
    for (int i = 0; i < s->n; i++) start[i] = s->var[i].start;
    return start;
}

static tp_status read_point(tp_foreign *out, const tp_hand *h,
                            const json_t *arguments, tp_err *err)
{
    int     ask = tp_argument_int(arguments, "ask", 0);
    double *x = TP_NEW(h->mem, double, h->problem->space.n);
    if (!ask && !json_object_get(arguments, "variables"))
        return tp_fail(err, TP_BAD_INPUT,
                       "say the variables, or the ask whose point it is");
    TP_TRY(tp_argument_point(x, arguments, h->problem, base_of(h, ask, h->mem),
                             h->mem, err));
    bool own = json_object_size(json_object_get(arguments, "variables")) > 0;
    *out = (tp_foreign){.x = x,
                        .origin = own ? TP_S("outside") : TP_S("engine"),
                        .note = tp_argument_text(arguments, "note"),
                        .proposal = ask};
    return TP_OK;
}

static void add_trial(json_t *out, const tp_hand *h, const tp_trial *t)
{
    const tp_trial       *best = tp_run_best(h->run);
    const tp_point_check *c = tp_foreign_checked(h->run, t);
    json_object_set_new(out, "trial",
                        tp_report_trial_json(h->problem, t, h->mem));
    json_object_set_new(out, "check",
                        c ? tp_look_check(c, h->mem) : json_null());
    json_object_set_new(out, "is_best", json_boolean(t == best));
    json_object_set_new(out, "best_trial",
                        best ? json_integer(best->number) : json_null());
}

static void on_notice(void *with, tp_str text)
{
    tp_mind *m = with;
    if (m->mcp) tp_mcp_progress(m->mcp, m->mcp->done + 1, 0, text, m->mem);
}

tp_status tp_hand_eval(tp_hand *h, const json_t *arguments, json_t *out,
                       tp_err *err)
{
    tp_foreign      f;
    const tp_trial *t;
    bool            repeat;
    tp_run_watch    watch = {
           .with = h->mind, .notice = on_notice, .stop = h->mind->stop};
    TP_TRY(read_point(&f, h, arguments, err));
    TP_TRY(tp_foreign_eval(h->run, &f, &watch, &t, &repeat, err));
    add_trial(out, h, t);
    json_object_set_new(out, "repeat", json_boolean(repeat));
    return TP_OK;
}

tp_status tp_hand_tell(tp_hand *h, const json_t *arguments, json_t *out,
                       tp_err *err)
{
    tp_foreign        f;
    const tp_trial   *t;
    const tp_reading *reading = NULL;
    tp_str            failed = tp_argument_text(arguments, "failed");
    bool              given = json_object_get(arguments, "measures") != NULL;
    if (given == (failed.len > 0))
        return tp_fail(err, TP_BAD_INPUT,
                       "say either the measures or why it failed");
    TP_TRY(read_point(&f, h, arguments, err));
    if (given)
        TP_TRY(
            tp_argument_readings(&reading, arguments, h->problem, h->mem, err));
    TP_TRY(tp_foreign_tell(h->run, &f, reading, failed, &t, err));
    add_trial(out, h, t);
    return TP_OK;
}

/* ---- phases -------------------------------------------------------------- */

static json_t *corners_json(const tp_hand *h)
{
    const tp_problem *p = h->problem;
    const tp_phase   *in = &p->phase[tp_run_phase(h->run)];
    json_t           *all = json_array();
    for (int i = 0; p->n_phase && i < in->n; i++)
        json_array_append_new(
            all, tp_report_text(p->corner[in->corner[i]].name, h->mem));
    return all;
}

/* Up, and the best point simulated again in the new corners. */
tp_status tp_hand_raise(tp_hand *h, const json_t *arguments, json_t *out,
                        tp_err *err)
{
    const tp_trial *best = tp_run_best(h->run), *t;
    bool            repeat;
    tp_foreign      f = {.origin = TP_S("engine"),
                         .note = TP_S("the best point again")};
    tp_run_watch    watch = {
           .with = h->mind, .notice = on_notice, .stop = h->mind->stop};
    TP_TRY(tp_foreign_raise(h->run, tp_argument_text(arguments, "note"), err));
    json_object_set_new(out, "phase", json_integer(tp_run_phase(h->run) + 1));
    json_object_set_new(out, "corners", corners_json(h));
    if (!best) return TP_OK;
    f.x = best->x;
    TP_TRY(tp_foreign_eval(h->run, &f, &watch, &t, &repeat, err));
    add_trial(out, h, t);
    return TP_OK;
}

/* ---- limits ------------------------------------------------------------- */

/* {"lo", "hi"}, a number to freeze at, or null for the variable's own. */
static tp_status read_limit(double lim[2], const json_t *v, const tp_var *var,
                            tp_err *err)
{
    const json_t *lo = json_object_get(v, "lo"), *hi = json_object_get(v, "hi");
    lim[0] = var->lo;
    lim[1] = var->hi;
    if (json_is_null(v)) return TP_OK;
    if (json_is_number(v)) lim[0] = lim[1] = json_number_value(v);
    if (json_is_number(lo)) lim[0] = json_number_value(lo);
    if (json_is_number(hi)) lim[1] = json_number_value(hi);
    if (json_is_number(v) || json_is_number(lo) || json_is_number(hi))
        return TP_OK;
    return tp_fail(err, TP_BAD_INPUT,
                   "%.*s: its limit is {\"lo\": a, \"hi\": b}, a number to "
                   "freeze it at, or null to give it back",
                   TP_F(var->name));
}

static json_t *box_json(const tp_hand *h)
{
    int     n = h->problem->space.n;
    double *lo = TP_NEW(h->mem, double, n), *hi = TP_NEW(h->mem, double, n);
    json_t *o = json_object();
    tp_foreign_box(h->run, lo, hi);
    for (int i = 0; i < n; i++)
        tp_report_set(o, h->problem->space.var[i].name,
                      json_pack("{s:o, s:o}", "lo", tp_report_number(lo[i]),
                                "hi", tp_report_number(hi[i])),
                      h->mem);
    return o;
}

tp_status tp_hand_limit(tp_hand *h, const json_t *arguments, json_t *out,
                        tp_err *err)
{
    json_t     *all = json_object_get(arguments, "limits"), *value;
    tp_str      note = tp_argument_text(arguments, "note");
    const char *name;
    json_object_foreach(all, name, value)
    {
        int    i;
        double lim[2];
        TP_TRY(tp_argument_variable(&i, name, h->problem, h->mem, err));
        TP_TRY(read_limit(lim, value, &tp_run_space(h->run)->var[i], err));
        TP_TRY(tp_foreign_limit(h->run, i, lim[0], lim[1], note, err));
    }
    json_object_set_new(out, "limits", box_json(h));
    return TP_OK;
}
