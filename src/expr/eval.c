/* The evaluator: one walk over the tree. A none stays a none with its reason,
   divisions are gone through part by part, and whatever is not a finite
   number becomes a none. */
#include <math.h>

#include "expr/tree.h"

typedef struct run {
    const tp_value *bound;
    const tp_env   *env;
    tp_arena       *mem;
} run;

/* An operator or a builtin, applied to values. */
typedef struct action {
    tp_value (*call)(const tp_value *arg, int n, const tp_env *env,
                     tp_arena *mem);
    const tp_fn       *fn;   /* NULL: an operator */
    const tp_arg_kind *want; /* of a builtin */
    bool               extend;
} action;

static tp_value not_finite(const tp_wave *w, int i, tp_arena *mem)
{
    if (w->x && isfinite(w->x[i]))
        return tp_none(mem, "the value at x = %g is not finite", w->x[i]);
    return tp_none(mem, "value %d is not finite", i);
}

static bool is_value(double v, bool gaps)
{
    return isfinite(v) || (gaps && isnan(v));
}

static tp_value checked_wave(tp_value v, bool gaps, tp_arena *mem)
{
    const tp_wave *w = &v.wave;
    if (w->n < 1 || !w->re) return tp_none(mem, "the vector is empty");
    for (int i = 0; i < w->n; i++) {
        if (!is_value(w->re[i], gaps) || (w->im && !is_value(w->im[i], gaps)) ||
            (w->x && !isfinite(w->x[i])))
            return not_finite(w, i, mem);
    }
    if (v.unit.len == 0) v.unit = w->unit;
    v.wave.unit = v.unit;
    return v;
}

/* Made without memory. */
static tp_value no_memory(void)
{
    return (tp_value){.kind = TP_NONE,
                      .why = "no memory left for the expression"};
}

/* The value itself when it is fit for use, else a none. `gaps`: a vector may
   have some. */
static tp_value checked(tp_value v, bool gaps, tp_arena *mem)
{
    switch (v.kind) {
    case TP_NONE:
        if (!v.why) v.why = "no value";
        return v;
    case TP_NUMBER: v.im = 0; break;
    case TP_COMPLEX: break;
    case TP_WAVE: return checked_wave(v, gaps, mem);
    case TP_STRING:
    case TP_DIVISIONS: return v;
    }
    if (isfinite(v.re) && isfinite(v.im)) return v;
    return tp_none(mem, "the result is not finite");
}

static tp_value bound_value(const run *r, int slot)
{
    bool     gaps = r->env->gaps;
    tp_value v = checked(r->bound[slot], gaps, r->mem);
    if (v.kind != TP_DIVISIONS) return v;
    if (v.n < 1) return tp_none(r->mem, "there are no divisions");
    if (!tp_room(r->mem, 2.0 * v.n)) return no_memory();
    tp_value *part = TP_NEW(r->mem, tp_value, v.n);
    for (int i = 0; i < v.n; i++) {
        part[i] = checked(v.part[i], gaps, r->mem);
        if (part[i].kind == TP_DIVISIONS)
            part[i] = tp_none(r->mem, "divisions inside divisions");
    }
    v.part = part;
    return v;
}

/* Brings an argument to the kind the row wants; a none when it can't be. */
static tp_value coerce(const tp_value *v, tp_arg_kind want, int i,
                       tp_arena *mem)
{
    bool text = v->kind == TP_STRING;
    bool vector = want == TP_WANT_WAVE || want == TP_WANT_VECTOR;
    bool any = want == TP_WANT_ANY || want == TP_WANT_WHOLE;
    if (any || (vector && v->kind == TP_WAVE)) return *v;
    if (text != (want == TP_WANT_TEXT))
        return tp_none(mem, "argument %d: wanted %s, got %s", i + 1,
                       tp_want_words[want], tp_value_what(v, mem));
    if (text) return *v;
    if (want == TP_WANT_NUMBER) {
        tp_value number = tp_value_scalar(v, mem);
        if (number.kind == TP_NONE)
            return tp_none(mem, "argument %d: %s", i + 1, number.why);
        return number;
    }
    double *re = TP_NEW(mem, double, 2);
    re[0] = v->re;
    re[1] = v->im;
    return tp_vector(re, v->kind == TP_COMPLEX ? re + 1 : NULL, 1, v->unit);
}

/* The call without the gaps, unless it is for whole vectors. Vectors get one
   length first, so that the gaps of all stand at the same elements. */
static tp_value call(const action *a, tp_value *arg, int n, const run *r)
{
    tp_gaps g = {0};
    bool    out_of = r->env->gaps && a->fn && n > 0;
    if (out_of && a->want[0] == TP_WANT_WHOLE) out_of = false;
    if (a->extend) tp_extend(arg, n, r->mem);
    if (out_of && !tp_gaps_out(&g, arg, n, r->mem))
        return tp_none(r->mem, "there is no value between the gaps");
    tp_value v = a->call(arg, n, r->env, r->mem);
    tp_gaps_back(&g, &v, r->mem);
    return v;
}

/* The call on values of which none is TP_NONE or TP_DIVISIONS. */
static tp_value call_once(const action *a, tp_value *arg, int n, const run *r)
{
    tp_value out;
    bool     gaps = false;
    double   points = 0;
    for (int i = 0; i < n; i++)
        points += arg[i].kind == TP_WAVE ? arg[i].wave.n : 1;
    if (!tp_room(r->mem, points)) return no_memory();
    for (int i = 0; i < n && a->fn; i++) {
        arg[i] = coerce(&arg[i], a->want[i], i, r->mem);
        if (arg[i].kind == TP_NONE)
            return tp_none(r->mem, "%s: %s", a->fn->name, arg[i].why);
    }
    for (int i = 0; i < n && r->env->gaps; i++)
        gaps = gaps || tp_has_gap(&arg[i]);
    out = checked(call(a, arg, n, r), gaps, r->mem);
    if (out.kind == TP_NONE && a->fn)
        return tp_none(r->mem, "%s: %s", a->fn->name, out.why);
    return out;
}

/* The first none among the arguments, or NULL. */
static const tp_value *first_none(const tp_value *arg, int n)
{
    for (int i = 0; i < n; i++)
        if (arg[i].kind == TP_NONE) return &arg[i];
    return NULL;
}

static tp_value part_call(const action *a, const tp_value *arg, int n, int k,
                          const run *r)
{
    tp_value *one = TP_NEW(r->mem, tp_value, n);
    for (int i = 0; i < n; i++)
        one[i] = arg[i].kind == TP_DIVISIONS ? arg[i].part[k] : arg[i];
    const tp_value *none = first_none(one, n);
    return none ? *none : call_once(a, one, n, r);
}

static tp_value apply(const action *a, tp_value *arg, int n, const run *r)
{
    const tp_value *none = first_none(arg, n);
    if (none) return *none;
    int parts = 0;
    for (int i = 0; i < n; i++) {
        if (arg[i].kind != TP_DIVISIONS) continue;
        if (parts && arg[i].n != parts)
            return tp_none(r->mem, "%d divisions against %d", parts, arg[i].n);
        parts = arg[i].n;
    }
    if (!parts) return call_once(a, arg, n, r);
    if (!tp_room(r->mem, 2.0 * parts * (n + 1))) return no_memory();
    tp_value *part = TP_NEW(r->mem, tp_value, parts);
    for (int k = 0; k < parts; k++) part[k] = part_call(a, arg, n, k, r);
    return (tp_value){
        .kind = TP_DIVISIONS, .n = parts, .part = part, .unit = part[0].unit};
}

static tp_value eval(const tp_node *node, const run *r);

static tp_value choose(const tp_node *node, const run *r)
{
    tp_value test = eval(node->arg[0], r);
    if (test.kind == TP_NONE) return test;
    return eval(node->arg[tp_value_true(&test) ? 1 : 2], r);
}

static tp_value eval(const tp_node *node, const run *r)
{
    switch (node->kind) {
    case TP_NODE_NUMBER: return tp_value_number(node->number, TP_S(""));
    case TP_NODE_TEXT: return tp_value_text(node->text);
    case TP_NODE_NAME: return bound_value(r, node->slot);
    case TP_NODE_OP:
    case TP_NODE_CALL: break;
    }
    bool op = node->kind == TP_NODE_OP;
    if (op && node->op == TP_OP_CHOOSE) return choose(node, r);
    if (!tp_room(r->mem, 2.0 * node->n)) return no_memory();
    tp_value *arg = TP_NEW(r->mem, tp_value, node->n);
    for (int i = 0; i < node->n; i++) arg[i] = eval(node->arg[i], r);
    action a = {.fn = node->fn, .want = node->want, .extend = node->extend};
    a.call = node->fn ? node->fn->call : tp_ops[node->op].call;
    bool index = op && node->op == TP_OP_INDEX;
    if (!index || first_none(arg, node->n)) return apply(&a, arg, node->n, r);
    if (arg[1].kind == TP_DIVISIONS)
        return tp_none(r->mem, "the index: it is divisions, not one number");
    return call_once(&a, arg, node->n, r);
}

tp_value tp_expr_eval(const tp_expr *e, const tp_value *bound,
                      const tp_env *env, tp_arena *mem)
{
    tp_env no_run = {.degrees = e->degrees};
    run    r = {.bound = bound, .env = env ? env : &no_run, .mem = mem};
    return eval(e->root, &r);
}
