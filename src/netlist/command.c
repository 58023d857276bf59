/* command: an analysis's command at a point: its {expr} replaced by numbers,
   with the tunables and the deck's own parameters, in whatever order these
   are defined. */
#include "netlist/deck.h"

#include <math.h>
#include <stdio.h>

enum { DEPTH_MAX = 100 };

enum state { UNKNOWN, BUSY, KNOWN };
struct env {
    const tp_circuit     *c;
    const tp_point_names *in;
    tp_arena             *mem;
    enum state           *state; /* of the defines */
    double               *known;
    int                   depth;
    tp_err               *err;
};

static int define_of(const tp_circuit *c, tp_str name)
{
    for (int i = c->n_define - 1; i >= 0; i--)
        if (tp_str_same(c->define[i].name, name)) return i;
    return -1;
}

static tp_status unknown(struct env *e, tp_str name)
{
    const tp_circuit *c = e->c;
    tp_str           *all = TP_NEW(e->mem, tp_str, c->n_param + c->n_define);
    for (int i = 0; i < c->n_param; i++) all[i] = c->param[i];
    for (int i = 0; i < c->n_define; i++)
        all[c->n_param + i] = c->define[i].name;
    return tp_fail(
        e->err, TP_BAD_INPUT, "unknown parameter '%.*s'%.*s", TP_F(name),
        TP_F(tp_did_you_mean(e->mem, name, all, c->n_param + c->n_define)));
}

static bool look(void *with, tp_str name, double *value);

static bool evaluate_define(struct env *e, int i)
{
    tp_str name = e->c->define[i].name;
    if (e->state[i] == BUSY || e->depth == DEPTH_MAX) {
        tp_fail(e->err, TP_BAD_INPUT,
                e->state[i] == BUSY
                    ? "the parameter %.*s is defined by itself"
                    : "the parameter %.*s: definitions are nested too deeply",
                TP_F(name));
        return false;
    }
    e->state[i] = BUSY;
    e->depth++;
    tp_status s = tp_arith(&e->known[i], e->c->define[i].expr, look, e, e->err);
    e->depth--;
    e->state[i] = KNOWN;
    if (s) tp_while(e->err, "parameter %.*s", TP_F(name));
    return s == TP_OK;
}

/* One of the names that the caller knows; of those without a value it is said.
 */
static bool look_more(struct env *e, tp_str name, double *value, bool *found)
{
    for (int i = 0; i < e->in->n; i++) {
        if (!tp_str_same(e->in->name[i], name)) continue;
        *found = true;
        *value = e->in->number[i];
        if (!isnan(*value)) return true;
        tp_fail(e->err, TP_BAD_INPUT, "%.*s has no value", TP_F(name));
        return false;
    }
    return false;
}

static bool look(void *with, tp_str name, double *value)
{
    struct env *e = with;
    bool        found = false;
    for (int i = 0; i < e->c->n_param; i++) {
        if (!tp_str_same(e->c->param[i], name)) continue;
        *value = e->in->value[i];
        return true;
    }
    int  i = define_of(e->c, name);
    bool has = i < 0 && look_more(e, name, value, &found);
    if (i < 0 && !found) unknown(e, name);
    if (i < 0) return has;
    if (e->state[i] != KNOWN && !evaluate_define(e, i)) return false;
    *value = e->known[i];
    return true;
}

/* After the brace that closes the one at `at`, or the end. */
static ptrdiff_t close_of(tp_str s, ptrdiff_t at)
{
    int depth = 0;
    for (ptrdiff_t i = at; i < s.len; i++) {
        depth += (s.at[i] == '{') - (s.at[i] == '}');
        if (depth == 0) return i + 1;
    }
    return s.len;
}

/* The simulator never returns from a .dc whose step has the wrong sign. */
static tp_status check_dc(tp_str command, tp_err *err)
{
    tp_str rest = tp_str_from(command, 2);
    if (!tp_str_starts(command, TP_S("dc "))) return TP_OK;
    for (;;) {
        double v[3];
        tp_str name = tp_str_word(&rest, " ");
        if (name.len == 0) return TP_OK;
        for (int i = 0; i < 3; i++)
            if (!tp_number_all(tp_str_word(&rest, " "), &v[i]))
                return tp_fail(err, TP_BAD_INPUT,
                               "`%.*s`: start, stop and step of %.*s have to "
                               "be numbers",
                               TP_F(command), TP_F(name));
        double width = v[1] - v[0];
        if (v[2] == 0 || width * v[2] < 0 || width / v[2] > 1e7)
            return tp_fail(err, TP_BAD_INPUT,
                           "`%.*s`: the step %g does not lead from %g to %g "
                           "(in at most 1e7 points)",
                           TP_F(command), v[2], v[0], v[1]);
    }
}

tp_status tp_text_at(tp_str *out, const tp_circuit *c, tp_str text,
                     const tp_point_names *in, tp_arena *mem, tp_err *err)
{
    tp_err     own;
    tp_buf     b = {.mem = mem};
    struct env e = {.c = c,
                    .in = in,
                    .mem = mem,
                    .err = err ? err : &own,
                    .state = TP_NEW(mem, enum state, c->n_define),
                    .known = TP_NEW(mem, double, c->n_define)};
    for (ptrdiff_t at = 0; at < text.len;) {
        double    v;
        ptrdiff_t open = tp_str_find(text, '{', at);
        if (open < 0) open = text.len;
        tp_buf_add(&b, tp_str_part(text, at, open - at));
        if (open == text.len) break;
        at = close_of(text, open);
        tp_str expr = tp_str_part(text, open + 1, at - open - 2);
        TP_TRY(tp_arith(&v, expr, look, &e, e.err));
        tp_buf_fmt(&b, "%.17g", v);
    }
    *out = tp_buf_str(&b);
    return TP_OK;
}

tp_status tp_command_at(tp_str *out, const tp_circuit *c, int analysis,
                        const double *value, tp_arena *mem, tp_err *err)
{
    const tp_analysis *a = &c->analysis[analysis];
    tp_point_names     in = {.value = value};
    tp_err             own;
    if (!err) err = &own;
    tp_status bad = tp_text_at(out, c, a->command, &in, mem, err);
    if (!bad && check_dc(*out, err) == TP_OK) return TP_OK;
    tp_err_place(err, a->at);
    return bad ? tp_while(err, "`%.*s`", TP_F(a->command)) : TP_BAD_INPUT;
}
