/* trimpot check: the fast way against a fresh plain ngspice. */
#include "cli/cli.h"
#include "front/front.h"

#include <math.h>

/* "x1.xm1[w]=1:2" -> out. */
static tp_status read_vary(tp_vary *out, tp_str text, tp_err *err)
{
    ptrdiff_t eq = tp_str_find(text, '=', 0);
    ptrdiff_t colon = tp_str_find(text, ':', eq < 0 ? 0 : eq);
    *out = (tp_vary){.name = tp_str_part(text, 0, eq < 0 ? 0 : eq)};
    if (eq > 0 && colon > eq &&
        tp_number_all(tp_str_part(text, eq + 1, colon - eq - 1), &out->lo) &&
        tp_number_all(tp_str_from(text, colon + 1), &out->hi) &&
        isfinite(out->lo) && isfinite(out->hi) &&
        !tp_number_is_odd(tp_str_part(text, eq + 1, colon - eq - 1)) &&
        !tp_number_is_odd(tp_str_from(text, colon + 1)))
        return TP_OK;
    return tp_fail(err, TP_BAD_INPUT,
                   "--vary %.*s: wanted NAME=LO:HI, as in x1.xm1[w]=1:2",
                   TP_F(text));
}

/* The variables of the check. */
static tp_status vary(session *s, tp_problem *p, tp_err *err)
{
    tp_str   rest = s->opt.vary, word;
    tp_vary *list = NULL;
    int      n = 0, cap = 0;
    while ((word = tp_str_word(&rest, ",")).len > 0)
        TP_TRY(read_vary(TP_PUSH(&s->mem, list, n, cap), word, err));
    return tp_front_vary(p, list, n, &s->mem, err);
}

/* ---- as text ------------------------------------------------------------- */

static void print_row(tp_buf *b, const tp_compared *r, int width)
{
    tp_buf_fmt(b, "  %-*.*s  %.2g", width, TP_F(r->name), r->worst);
    if (r->worst > r->allowed) tp_buf_fmt(b, "  differs at point %d", r->point);
    if (r->cause.len)
        tp_buf_fmt(b, "  allowed %.2g: %.*s", r->allowed, TP_F(r->cause));
    tp_buf_char(b, '\n');
}

/* Measures one by one; of many vectors those that differ at all. */
static tp_str as_text(session *s, const tp_problem *p, const tp_checked *c)
{
    tp_buf b = {.mem = &s->mem};
    int    width = 8, shown = 0, none = 0;
    for (int i = 0; i < c->n; i++)
        if (c->row[i].name.len > width) width = (int)c->row[i].name.len;
    if (width > 40) width = 40;
    tp_buf_fmt(&b, "%d point%s, %d compared", c->n_point,
               c->n_point == 1 ? "" : "s", c->n_compared);
    if (c->n_failed) tp_buf_fmt(&b, ", %d fail on both sides", c->n_failed);
    if (c->n_false_op)
        tp_buf_fmt(&b, ", %d false operating points of plain ngspice",
                   c->n_false_op);
    if (c->n_ladder) tp_buf_fmt(&b, ", %d not comparable", c->n_ladder);
    tp_buf_fmt(&b, "; %d variable%s\nlargest relative difference:\n",
               p->space.n, p->space.n == 1 ? "" : "s");
    for (int i = 0; i < c->n; i++) {
        const tp_compared *r = &c->row[i];
        none += r->n == 0;
        bool boring = p->n_measure == 0 && r->worst == 0;
        if (boring || r->n == 0) continue;
        print_row(&b, r, width);
        shown++;
    }
    if (p->n_measure == 0)
        tp_buf_fmt(&b, "  %d vectors are the same in every bit\n",
                   c->n - shown - none);
    if (none) tp_buf_fmt(&b, "  %d without a value on both sides\n", none);
    if (c->same && c->n_compared == 0)
        tp_buf_add(&b, TP_S("can't be told (no point could be compared)"));
    else if (c->same)
        tp_buf_fmt(&b, "the same: %.3g", c->max_relative_difference);
    else
        tp_buf_fmt(&b, "%s: %.3g (%.*s)",
                   c->untold ? "can't be told" : "DIFFERENT",
                   c->max_relative_difference, TP_F(c->why));
    tp_buf_fmt(&b, "\n%.3g s as a run, %.3g s by plain ngspice\n", c->seconds,
               c->plain_seconds);
    return tp_buf_str(&b);
}

/* ---- as JSON ------------------------------------------------------------- */

static json_t *number(double v)
{
    return isfinite(v) ? json_real(v) : json_null();
}

static json_t *json_of_row(const tp_compared *r)
{
    json_t *j = json_object();
    json_object_set_new(j, "compared", json_integer(r->n));
    json_object_set_new(j, "max_relative_difference", number(r->worst));
    json_object_set_new(j, "allowed", number(r->allowed));
    if (r->point >= 0) {
        json_object_set_new(j, "point", json_integer(r->point));
        json_object_set_new(j, "value", number(r->mine));
        json_object_set_new(j, "reference", number(r->plain));
    }
    if (r->cause.len)
        json_object_set_new(j, "cause",
                            json_stringn(r->cause.at, (size_t)r->cause.len));
    return j;
}

static json_t *json_of_variables(const tp_problem *p)
{
    json_t *all = json_object();
    for (int i = 0; i < p->space.n; i++) {
        const tp_var *v = &p->space.var[i];
        json_object_setn_new(all, v->name.at, (size_t)v->name.len,
                             json_pack("[oo]", number(v->lo), number(v->hi)));
    }
    return all;
}

static json_t *as_json(const tp_problem *p, const tp_checked *c)
{
    json_t *rows = json_object(), *notes = json_array();
    for (int i = 0; i < c->n; i++)
        json_object_setn_new(rows, c->row[i].name.at,
                             (size_t)c->row[i].name.len,
                             json_of_row(&c->row[i]));
    for (int i = 0; i < c->n_note; i++)
        json_array_append_new(
            notes, json_stringn(c->note[i].at, (size_t)c->note[i].len));
    json_t *j = json_pack(
        "{s:b,s:s%,s:o,s:i,s:i,s:i,s:i,s:i,s:o,s:o,s:o,s:f,s:f}", "same",
        c->same, "why", c->why.at, (size_t)c->why.len,
        "max_relative_difference", number(c->max_relative_difference), "points",
        c->n_point, "compared", c->n_compared, "failed_alike", c->n_failed,
        "false_operating_points", c->n_false_op, "not_comparable", c->n_ladder,
        "variables", json_of_variables(p),
        p->n_measure ? "measures" : "vectors", rows, "notes", notes, "seconds",
        c->seconds, "reference_seconds", c->plain_seconds);
    return j;
}

/* ---- the command --------------------------------------------------------- */

tp_status cmd_check(session *s, int *exit_status, tp_err *err)
{
    tp_problem   p;
    tp_checked   c;
    tp_run_watch watch = {.stop = stop_flag()};
    const char  *path = tp_str_z(&s->mem, s->opt.arg[0]);
    bool         script;
    TP_TRY(read_problem(s, &p, &script, err));
    if (script)
        return tp_fail(err, TP_BAD_INPUT,
                       "%s: a script of SPICE OPUS; its runs are checked as "
                       "they are made",
                       path);
    if (p.n_bench > 0 && !p.bench[0].deck && !p.bench[0].program)
        return tp_fail(err, TP_BAD_INPUT,
                       "%s is simulated by %.*s: there is no plain ngspice to "
                       "check it with",
                       path, TP_F(p.simulator));
    TP_TRY(vary(s, &p, err));
    for (int i = 0; i < p.n_notice; i++) say("%.*s", TP_F(p.notice[i]));
    if (s->opt.engine) TP_TRY(say_engine(s, &p, err));
    tp_check_ask ask = {s->opt.points, &watch};
    TP_TRY(tp_run_check(&c, &p, &s->opt.run, &ask, &s->mem, err));
    for (int i = 0; i < c.n_note; i++) say("%.*s", TP_F(c.note[i]));
    if (s->opt.json)
        print_json(as_json(&p, &c));
    else
        print(as_text(s, &p, &c));
    *exit_status = c.same && c.n_compared > 0 ? 0 : 1;
    return TP_OK;
}
