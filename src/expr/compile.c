/* Compiling: the dialect's parser, and the check of calls against the rows of
   the builtins. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "expr/tree.h"

typedef tp_status tp_parser(struct tp_expr *out, tp_str text,
                            const tp_scope *in, tp_arena *mem, tp_err *err);
/* One row a dialect, in the order of tp_dialect. */
static tp_parser *const parsers[] = {tp_simetrix_parse, tp_nutmeg_parse,
                                     tp_ocean_parse};

const char *const tp_dialect_names[] = {"simetrix", "nutmeg", "ocean", NULL};

const char *const tp_want_words[] = {"a value", "a wave",   "a number",
                                     "a text",  "a vector", "a value"};

tp_status tp_fail_col(tp_err *err, tp_status code, ptrdiff_t at,
                      const char *fmt, ...)
{
    char    text[400];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    tp_fail(err, code, "%s", text);
    if (err) err->col = (int)at + 1;
    return code;
}

/* A row's `takes`, taken apart. */
typedef struct signature {
    int         least, most; /* arguments */
    tp_arg_kind want[TP_ARG_MAX];
    tp_str      def[TP_ARG_MAX]; /* at NULL: none */
    tp_str      key[TP_ARG_MAX]; /* "" none */
} signature;

static tp_arg_kind want_of(tp_str word)
{
    static const char *const name[] = {"any",  "wave",   "number",
                                       "text", "vector", "whole"};
    for (int i = 0; i < TP_COUNT(name); i++)
        if (tp_str_eq(word, tp_str_of(name[i]))) return (tp_arg_kind)i;
    return TP_WANT_ANY;
}

/* "[key:kind=default]" as argument i; whether it may be missing. */
static bool read_argument(signature *s, int i, tp_str w)
{
    bool optional = w.at[0] == '[';
    if (optional) w = tp_str_part(w, 1, w.len - 2);
    ptrdiff_t equals = tp_str_find(w, '=', 0);
    if (equals >= 0) {
        s->def[i] = tp_str_from(w, equals + 1);
        w = tp_str_part(w, 0, equals);
    }
    ptrdiff_t colon = tp_str_find(w, ':', 0);
    if (colon > 0) s->key[i] = tp_str_part(w, 0, colon);
    s->want[i] = want_of(tp_str_from(w, colon + 1));
    return optional;
}

static signature read_takes(const char *takes)
{
    signature s = {0};
    tp_str    rest = tp_str_of(takes);
    for (tp_str w;
         (w = tp_str_word(&rest, " ")).len > 0 && s.most < TP_ARG_MAX;) {
        bool optional = read_argument(&s, s.most++, w);
        if (!optional) s.least = s.most;
    }
    return s;
}

int tp_fn_most(const tp_fn *fn)
{
    return read_takes(fn->takes).most;
}

int tp_fn_least(const tp_fn *fn)
{
    return read_takes(fn->takes).least;
}

static tp_status wrong_count(const tp_node *call, const signature *s,
                             tp_err *err)
{
    char many[40] = "";
    if (s->most > s->least)
        snprintf(many, sizeof many, "%d to %d", s->least, s->most);
    else
        snprintf(many, sizeof many, "%d", s->most);
    return tp_fail_col(err, TP_BAD_INPUT, call->at,
                       "%s takes %s argument%s%s%s%s, got %d", call->fn->name,
                       many, s->most == 1 ? "" : "s", s->most ? " (" : "",
                       call->fn->takes, s->most ? ")" : "", call->n);
}

/* What a node is for certain: TP_WANT_ANY when only running it tells. */
static tp_arg_kind sure_kind(const tp_node *node)
{
    switch (node->kind) {
    case TP_NODE_NUMBER: return TP_WANT_NUMBER;
    case TP_NODE_TEXT: return TP_WANT_TEXT;
    case TP_NODE_NAME: return TP_WANT_ANY;
    case TP_NODE_CALL:
        return strcmp(node->fn->gives, "text") == 0 ? TP_WANT_TEXT
                                                    : TP_WANT_ANY;
    case TP_NODE_OP: break;
    }
    if (node->op == TP_OP_JOIN) return TP_WANT_TEXT;
    if (node->op == TP_OP_VECTOR || node->op == TP_OP_CHAIN)
        return TP_WANT_WAVE;
    if (tp_ops[node->op].close || node->op == TP_OP_CHOOSE || node->n == 0)
        return TP_WANT_ANY;
    for (int i = 0; i < node->n; i++)
        if (sure_kind(node->arg[i]) != TP_WANT_NUMBER) return TP_WANT_ANY;
    return TP_WANT_NUMBER;
}

static tp_status check_kind(const tp_node *call, int i, tp_arg_kind want,
                            tp_err *err)
{
    const tp_node *arg = call->arg[i];
    tp_arg_kind    got = sure_kind(arg);
    if (want == TP_WANT_ANY || want == TP_WANT_WHOLE) return TP_OK;
    if (got == TP_WANT_ANY || got == want) return TP_OK;
    if (want == TP_WANT_VECTOR && got != TP_WANT_TEXT) return TP_OK;
    if (want == TP_WANT_NUMBER && got == TP_WANT_WAVE && arg->n == 1)
        return TP_OK;
    return tp_fail_col(err, TP_BAD_INPUT, arg->at,
                       "argument %d of %s: wanted %s, got %s", i + 1,
                       call->fn->name, tp_want_words[want], tp_want_words[got]);
}

static const tp_node *default_node(tp_str def, tp_arg_kind want, ptrdiff_t at,
                                   tp_arena *mem)
{
    tp_node *node = tp_node_new(
        want == TP_WANT_TEXT ? TP_NODE_TEXT : TP_NODE_NUMBER, at, mem);
    node->text = def;
    bool negative = def.len > 0 && def.at[0] == '-';
    if (want != TP_WANT_TEXT)
        tp_number_all(tp_str_from(def, negative), &node->number);
    if (!negative || want == TP_WANT_TEXT) return node;
    const tp_node *arg = node, *minus = NULL;
    tp_node        model = {.op = TP_OP_NEGATE, .at = at};
    tp_node_op(&minus, &model, &arg, 1, mem, NULL); /* depth 2: can't fail */
    return minus;
}

tp_str tp_fn_key(const tp_fn *fn, int i)
{
    return read_takes(fn->takes).key[i];
}

const tp_node *tp_fn_default(const tp_fn *fn, int i, ptrdiff_t at,
                             tp_arena *mem)
{
    signature s = read_takes(fn->takes);
    return i < s.most && s.def[i].at
               ? default_node(s.def[i], s.want[i], at, mem)
               : NULL;
}

tp_status tp_check_call(tp_node *call, tp_arena *mem, tp_err *err)
{
    signature s = read_takes(call->fn->takes);
    if (call->n < s.least || call->n > s.most)
        return wrong_count(call, &s, err);
    for (int i = 0; i < call->n; i++)
        TP_TRY(check_kind(call, i, s.want[i], err));
    memcpy(call->want, s.want, sizeof s.want);
    if (call->n == s.most || !s.def[call->n].at) return TP_OK;
    const tp_node **arg = TP_NEW(mem, const tp_node *, s.most);
    for (int i = 0; i < call->n; i++) arg[i] = call->arg[i];
    call->arg = arg;
    int n = call->n;
    for (; n < s.most && s.def[n].at; n++)
        arg[n] = default_node(s.def[n], s.want[n], call->at, mem);
    call->size = 1;
    return tp_node_args(call, arg, n, err);
}

tp_status tp_expr_compile(const tp_expr **out, tp_str text, const tp_scope *in,
                          tp_arena *mem, tp_err *err)
{
    tp_expr *e = TP_NEW(mem, tp_expr, 1);
    if (text.len > TP_TEXT_MAX)
        return tp_fail(err, TP_LIMIT, "the expression is over %d bytes long",
                       TP_TEXT_MAX);
    TP_TRY(parsers[in->dialect](e, text, in, mem, err));
    e->degrees = in->degrees;
    e->dialect = in->dialect;
    *out = e;
    return TP_OK;
}

int tp_expr_slots(const tp_expr *e, const tp_slot **slot)
{
    *slot = e->slot;
    return e->n_slot;
}
