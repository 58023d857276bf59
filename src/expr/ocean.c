/* The parser of OCEAN's measurement expressions: SKILL's infix operators and
   calls, with blanks (or commas) between arguments and ?key value for named
   ones (Cadence SKILL Language User Guide, "Syntax"). A call's bracket follows
   its name without a blank. Between arguments "a -1" is two, "a - 1" is one. */
#include "expr/infix.h"

/* Of this parser on the stack: a printed sign or power stands in a bracket, so
   that a tree of the greatest depth needs two for each level. */
enum { NEST_MAX = 2 * TP_DEPTH_MAX + 10 };

/* How tight operators bind, the loosest first. */
enum {
    ANY_LEVEL,
    OR,
    AND,
    EQUALITY,
    ORDER,
    SUM,
    PRODUCT,
    SIGN,
    POWER,
};

static const tp_infix binary[] = {
    {"||", OR, TP_OP_OR},          {"&&", AND, TP_OP_AND},
    {"==", EQUALITY, TP_OP_EQUAL}, {"!=", EQUALITY, TP_OP_UNEQUAL},
    {"<", ORDER, TP_OP_LESS},      {">", ORDER, TP_OP_GREATER},
    {"<=", ORDER, TP_OP_AT_MOST},  {">=", ORDER, TP_OP_AT_LEAST},
    {"+", SUM, TP_OP_ADD},         {"-", SUM, TP_OP_SUBTRACT},
    {"*", PRODUCT, TP_OP_TIMES},   {"/", PRODUCT, TP_OP_OVER},
    {"**", POWER, TP_OP_POWER},    {0},
};
static const tp_infix unary[] = {
    {"-", SIGN, TP_OP_NEGATE},
    {"+", SIGN, TP_OP_PLUS},
    {"!", SIGN, TP_OP_NOT},
    {0},
};

typedef struct parser {
    tp_str    text;
    tp_word   now;
    ptrdiff_t before; /* where the word before this one ended */
    int       nest;
    bool      list; /* blanks separate arguments here */
    tp_slots  slots;
    tp_arena *mem;
    tp_err   *err;
} parser;

/* The arguments of a call by position; NULL: not given. */
typedef struct args {
    const tp_node *node[TP_ARG_MAX];
    int            n; /* those given by position come first */
    tp_word        key[TP_ARG_MAX];
    const tp_node *of_key[TP_ARG_MAX];
    int            n_key;
} args;

static tp_status parse_expression(parser *p, int binds, const tp_node **out);

static tp_status next(parser *p)
{
    p->before = p->now.end;
    return tp_ocean_lex(&p->now, p->text, p->now.end, p->mem, p->err);
}

static bool at_sign(const parser *p, const char *sign)
{
    return tp_at_sign(&p->now, sign);
}

static tp_status unexpected(parser *p, const char *wanted)
{
    tp_unexpected(&p->now, p->text, wanted, p->err);
    return TP_BAD_INPUT;
}

static tp_status deeper(parser *p)
{
    if (++p->nest <= NEST_MAX) return TP_OK;
    return tp_fail_col(p->err, TP_LIMIT, p->now.at,
                       "over %d brackets or signs inside each other", NEST_MAX);
}

static tp_status new_op(parser *p, tp_op_id op, ptrdiff_t at,
                        const tp_node *const *arg, int n, const tp_node **out)
{
    tp_node model = {.op = op, .at = at};
    return tp_node_op(out, &model, arg, n, p->mem, p->err);
}

/* ---- accesses to results ----------------------------------------------- */

/* The texts up to the ')', which is consumed. */
static tp_status parse_access_texts(parser *p, tp_access_text *a)
{
    while (!at_sign(p, ")")) {
        bool key = p->now.kind == TP_WORD_KEY;
        if (key &&
            !(a->row->at_result && tp_str_eq(p->now.text, TP_S("result"))))
            return tp_fail_col(p->err, TP_BAD_INPUT, p->now.at,
                               "%s has no ?%.*s%s", a->row->name,
                               TP_F(p->now.text),
                               a->row->at_result ? ", only ?result" : "");
        if (key) TP_TRY(next(p));
        if (p->now.kind != TP_WORD_TEXT || p->now.text.len == 0)
            return unexpected(p, "a name in double quotes");
        if (!key && a->n == a->row->most) return unexpected(p, "')'");
        if (key)
            a->result = p->now.text;
        else
            a->text[a->n++] = p->now.text;
        TP_TRY(next(p));
        if (at_sign(p, ",")) TP_TRY(next(p));
    }
    return next(p);
}

/* VT("/OUT"): p is at the '('. */
static tp_status parse_access(parser *p, const tp_word *name,
                              const tp_access_row *row, const tp_node **out)
{
    tp_access_text a = {.row = row};
    tp_ocean_name  meant;
    TP_TRY(next(p));
    TP_TRY(parse_access_texts(p, &a));
    if (a.n < row->least)
        return tp_fail_col(p->err, TP_BAD_INPUT, name->at,
                           "%s wants %d name%s in double quotes, got %d",
                           row->name, row->least, row->least == 1 ? "" : "s",
                           a.n);
    tp_str text = tp_access_print(&a, p->mem);
    tp_err err = {0};
    if (tp_ocean_name_read(&meant, text, p->mem, &err))
        return tp_fail_col(p->err, err.code, name->at, "%s", err.msg);
    return tp_slot_node(out, &p->slots, text, name->at, p->mem, p->err);
}

/* ---- calls ------------------------------------------------------------- */

/* Arguments up to the ')', which is consumed. */
static tp_status parse_args(parser *p, args *out)
{
    bool outside = p->list;
    p->list = true;
    TP_TRY(deeper(p));
    TP_TRY(next(p));
    while (!at_sign(p, ")")) {
        const tp_node *node = NULL;
        tp_word        at = p->now;
        bool           key = at.kind == TP_WORD_KEY;
        if (key) TP_TRY(next(p));
        TP_TRY(parse_expression(p, ANY_LEVEL, &node));
        if (out->n + out->n_key >= TP_ARG_MAX)
            return tp_fail_col(p->err, TP_BAD_INPUT, at.at, "over %d arguments",
                               TP_ARG_MAX);
        if (key) {
            out->key[out->n_key] = at;
            out->of_key[out->n_key++] = node;
        } else if (out->n_key > 0) {
            return tp_fail_col(p->err, TP_BAD_INPUT, at.at,
                               "an argument without a key after one with a "
                               "key");
        } else {
            out->node[out->n++] = node;
        }
        if (at_sign(p, ",")) TP_TRY(next(p));
    }
    p->list = outside;
    p->nest--;
    return next(p);
}

/* Position of a key among a row's arguments, or -1. */
static int key_at(const tp_fn *fn, tp_str key)
{
    int most = tp_fn_most(fn);
    for (int i = 0; i < most; i++)
        if (tp_str_eq(tp_fn_key(fn, i), key)) return i;
    return -1;
}

static tp_status no_key(parser *p, const tp_fn *fn, const tp_word *key)
{
    tp_buf b = {.mem = p->mem};
    for (int i = 0; i < tp_fn_most(fn); i++)
        if (tp_fn_key(fn, i).len > 0)
            tp_buf_fmt(&b, "%s?%.*s", b.len > 0 ? " " : "; it has ",
                       TP_F(tp_fn_key(fn, i)));
    return tp_fail_col(p->err, TP_BAD_INPUT, key->at, "%s has no ?%.*s%.*s",
                       fn->name, TP_F(key->text), TP_F(tp_buf_str(&b)));
}

/* Puts the arguments with keys in their places and defaults in between. */
static tp_status place_keys(parser *p, const tp_fn *fn, args *a)
{
    for (int k = 0; k < a->n_key; k++) {
        const tp_word *key = &a->key[k];
        int            at = key_at(fn, key->text);
        if (at < 0) return no_key(p, fn, key);
        if (a->node[at])
            return tp_fail_col(p->err, TP_BAD_INPUT, key->at,
                               "?%.*s is given twice", TP_F(key->text));
        a->node[at] = a->of_key[k];
        if (at >= a->n) a->n = at + 1;
    }
    for (int i = 0; i < a->n; i++) {
        if (!a->node[i]) a->node[i] = tp_fn_default(fn, i, p->before, p->mem);
        if (a->node[i]) continue;
        return tp_fail_col(p->err, TP_BAD_INPUT, a->key[0].at,
                           "%s wants ?%.*s, too", fn->name,
                           TP_F(tp_fn_key(fn, i)));
    }
    return TP_OK;
}

/* The row of that name that takes so many arguments; else the last one of the
   name, or NULL. */
static const tp_fn *row_of(tp_str name, int n)
{
    const tp_fn *last = NULL;
    for (const tp_fn_group *g = tp_functions_of(TP_OCEAN); g->title; g++)
        for (const tp_fn *f = g->fn; f->name; f++) {
            if (!f->call || !tp_str_eq(name, tp_str_of(f->name))) continue;
            last = f;
            if (n >= tp_fn_least(f) && n <= tp_fn_most(f)) return f;
        }
    return last;
}

/* Functions of a result that the text does not name. */
static tp_status add_implied(parser *p, const tp_word *name, args *a)
{
    if (!tp_str_eq(name->text, TP_S("rmsNoise")) || a->n != 2 || a->n_key > 0)
        return TP_OK;
    a->node[2] = a->node[1];
    a->node[1] = a->node[0];
    a->n = 3;
    return tp_slot_node(&a->node[0], &p->slots, TP_S("VN()"), name->at, p->mem,
                        p->err);
}

static tp_status parse_call(parser *p, const tp_word *name, const tp_node **out)
{
    args a = {0};
    *out = NULL;
    TP_TRY(parse_args(p, &a));
    TP_TRY(add_implied(p, name, &a));
    const tp_fn *fn = row_of(name->text, a.n + a.n_key);
    if (!fn)
        return tp_unknown_function(TP_OCEAN, name->text, name->at, *p->mem,
                                   p->err);
    TP_TRY(place_keys(p, fn, &a));
    tp_node        *node = tp_node_new(TP_NODE_CALL, name->at, p->mem);
    const tp_node **arg = TP_NEW(p->mem, const tp_node *, a.n);
    for (int i = 0; i < a.n; i++) arg[i] = a.node[i];
    node->fn = fn;
    *out = node;
    TP_TRY(tp_node_args(node, arg, a.n, p->err));
    return tp_check_call(node, p->mem, p->err);
}

/* VN2(): the square of VN(). */
static tp_status parse_square(parser *p, const tp_word *name,
                              const tp_node **out)
{
    const tp_node *pair[2];
    tp_node       *two = tp_node_new(TP_NODE_NUMBER, name->at, p->mem);
    two->number = 2;
    pair[1] = two;
    TP_TRY(parse_access(p, name, tp_access_find(TP_S("VN")), &pair[0]));
    return new_op(p, TP_OP_POWER, name->at, pair, 2, out);
}

/* ---- values ------------------------------------------------------------ */

/* t, nil and pi are values; any other name is a design variable. */
static tp_status bare_name(parser *p, const tp_word *name, const tp_node **out)
{
    for (const tp_const *c = tp_constants_of(TP_OCEAN); c->name; c++) {
        if (!tp_str_eq(name->text, tp_str_of(c->name))) continue;
        tp_node *node = tp_node_new(TP_NODE_NUMBER, name->at, p->mem);
        node->number = c->re;
        *out = node;
        return TP_OK;
    }
    tp_access_text a = {.row = tp_access_find(TP_S("VAR")), .n = 1};
    a.text[0] = name->text;
    return tp_slot_node(out, &p->slots, tp_access_print(&a, p->mem), name->at,
                        p->mem, p->err);
}

static tp_status parse_name(parser *p, const tp_node **out)
{
    tp_word name = p->now;
    TP_TRY(next(p));
    if (!at_sign(p, "(") || p->now.at > name.end)
        return bare_name(p, &name, out);
    const tp_access_row *row = tp_access_find(name.text);
    if (row) return parse_access(p, &name, row, out);
    if (tp_str_eq(name.text, TP_S("VN2"))) return parse_square(p, &name, out);
    return parse_call(p, &name, out);
}

static tp_status parse_group(parser *p, const tp_node **out)
{
    bool outside = p->list;
    p->list = false;
    TP_TRY(deeper(p));
    TP_TRY(next(p));
    TP_TRY(parse_expression(p, ANY_LEVEL, out));
    if (!at_sign(p, ")"))
        return unexpected(p,
                          "an operator or ')' (a call is written NAME(...))");
    p->list = outside;
    p->nest--;
    return next(p);
}

static tp_status parse_leaf(parser *p, const tp_node **out)
{
    bool number = p->now.kind == TP_WORD_NUMBER;
    if (at_sign(p, "(")) return parse_group(p, out);
    if (p->now.kind == TP_WORD_NAME) return parse_name(p, out);
    if (!number && p->now.kind != TP_WORD_TEXT) return unexpected(p, "a value");
    *out = tp_literal(&p->now, p->now.at, p->mem);
    return next(p);
}

/* A value, or a sign with its operand. */
static tp_status parse_signed(parser *p, const tp_node **out)
{
    const tp_infix *o = tp_infix_find(unary, &p->now);
    ptrdiff_t       at = p->now.at;
    if (!o) return parse_leaf(p, out);
    const tp_node *arg[1] = {NULL};
    TP_TRY(deeper(p));
    TP_TRY(next(p));
    TP_TRY(parse_expression(p, o->binds, &arg[0]));
    p->nest--;
    return new_op(p, o->op, at, arg, 1, out);
}

/* Between arguments, a sign with a blank before it and none behind. */
static bool begins_argument(const parser *p)
{
    bool sign = at_sign(p, "-") || at_sign(p, "+");
    return p->list && sign && p->now.at > p->before &&
           p->now.end < p->text.len && !tp_is_space(p->text.at[p->now.end]);
}

/* Operands joined by operators that bind tighter than `binds`; powers group
   to the right. */
static tp_status parse_expression(parser *p, int binds, const tp_node **out)
{
    TP_TRY(parse_signed(p, out));
    for (const tp_infix *o;
         (o = tp_infix_find(binary, &p->now)) && o->binds > binds;) {
        const tp_node *pair[2] = {*out};
        if (begins_argument(p)) return TP_OK;
        bool right = o->binds == POWER;
        TP_TRY(next(p));
        if (right) TP_TRY(deeper(p));
        TP_TRY(parse_expression(p, right ? SIGN : o->binds, &pair[1]));
        if (right) p->nest--;
        TP_TRY(new_op(p, o->op, pair[0]->at, pair, 2, out));
    }
    return TP_OK;
}

tp_status tp_ocean_parse(struct tp_expr *out, tp_str text, const tp_scope *in,
                         tp_arena *mem, tp_err *err)
{
    (void)in;
    parser p = {.text = text, .mem = mem, .err = err};
    TP_TRY(next(&p));
    TP_TRY(parse_expression(&p, ANY_LEVEL, &out->root));
    if (at_sign(&p, "("))
        return unexpected(&p, "an operator (a function's name and its bracket "
                              "have no blank between them)");
    if (p.now.kind != TP_WORD_END) return unexpected(&p, "an operator");
    out->slot = p.slots.slot;
    out->n_slot = p.slots.n;
    return TP_OK;
}
