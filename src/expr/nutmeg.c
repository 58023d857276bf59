/* The parser of Nutmeg's expressions: precedence climbing over a table of
   operators, with the bindings of ngspice ("-2^2" is -4, "2^3^2" is 512). A
   call of a user function is replaced by its body. */
#include "expr/infix.h"

#include <assert.h>

enum {
    NEST_MAX = 1000,   /* of this parser on the stack */
    MADE_MAX = 400000, /* nodes made, those of user functions included */
};

/* How tight operators bind, the loosest first. */
enum {
    ANY_LEVEL,
    OR,
    AND,
    COMPARE,
    NOT,
    COMMA,
    SUM,
    PRODUCT,
    SIGN,
    POWER,
};

static const tp_infix binary[] = {
    {"|", OR, TP_OP_EITHER},     {"or", OR, TP_OP_EITHER},
    {"||", OR, TP_OP_EITHER},    {"&", AND, TP_OP_BOTH},
    {"and", AND, TP_OP_BOTH},    {"&&", AND, TP_OP_BOTH},
    {"=", COMPARE, TP_OP_EQ},    {"eq", COMPARE, TP_OP_EQ},
    {"==", COMPARE, TP_OP_EQ},   {"<>", COMPARE, TP_OP_NE},
    {"ne", COMPARE, TP_OP_NE},   {"!=", COMPARE, TP_OP_NE},
    {">", COMPARE, TP_OP_GT},    {"gt", COMPARE, TP_OP_GT},
    {"<", COMPARE, TP_OP_LT},    {"lt", COMPARE, TP_OP_LT},
    {">=", COMPARE, TP_OP_GE},   {"ge", COMPARE, TP_OP_GE},
    {"<=", COMPARE, TP_OP_LE},   {"le", COMPARE, TP_OP_LE},
    {",", COMMA, TP_OP_COMPLEX}, {"+", SUM, TP_OP_ADD},
    {"-", SUM, TP_OP_SUBTRACT},  {"*", PRODUCT, TP_OP_TIMES},
    {"/", PRODUCT, TP_OP_OVER},  {"%", PRODUCT, TP_OP_MODULO},
    {"^", POWER, TP_OP_POWER},   {0},
};
/* `binds`: what the operand's operators bind tighter than. */
static const tp_infix unary[] = {
    {"-", SIGN, TP_OP_NEGATE},
    {"+", SIGN, TP_OP_PLUS},
    {"not", NOT, TP_OP_NEITHER},
    {"~", NOT, TP_OP_NEITHER},
    {0},
};

/* What the parsers of a text and of the bodies in it share. */
typedef struct shared {
    const tp_scope *in;
    bool            any_function; /* unknown functions are let pass */
    tp_slots        slots;
    tp_node       **name; /* every node that names a slot */
    int             n_name, cap_name;
    int             made, nest;
    tp_arena       *mem;
    tp_err         *err;
} shared;

/* A user function whose body is being parsed. */
typedef struct call {
    const tp_user_fn     *fn;
    const tp_node *const *arg;
    ptrdiff_t             at; /* of the outermost call */
    const struct call    *from;
} call;

/* What a bracket puts aside. */
typedef struct context {
    bool list;    /* commas separate arguments */
    int  choices; /* open "a ? b" that wait for their ':' */
} context;

typedef struct parser {
    shared     *all;
    tp_str      text;
    tp_word     now;
    context     is;
    const call *inside;
} parser;

typedef struct list {
    const tp_node **node;
    int             n, cap;
} list;

static tp_status parse_expression(parser *p, int binds, const tp_node **out);

static tp_status next(parser *p)
{
    return tp_nutmeg_lex(&p->now, p->text, p->now.end, p->is.choices > 0,
                         p->all->err);
}

static bool at_sign(const parser *p, const char *sign)
{
    return tp_at_sign(&p->now, sign);
}

static tp_status unexpected(parser *p, const char *wanted)
{
    tp_unexpected(&p->now, p->text, wanted, p->all->err);
    return TP_BAD_INPUT;
}

/* The bracket that p is at opens; what is inside has a context of its own. */
static tp_status open_bracket(parser *p, bool as_list, context *outside)
{
    *outside = p->is;
    p->is = (context){.list = as_list};
    return next(p);
}

static tp_status close_bracket(parser *p, const char *sign, context outside)
{
    char wanted[] = "')'";
    wanted[1] = sign[0];
    if (!at_sign(p, sign)) return unexpected(p, wanted);
    p->is = outside;
    return next(p);
}

/* Where a thing at `at` of this text is in the whole one. */
static ptrdiff_t place(const parser *p, ptrdiff_t at)
{
    return p->inside ? p->inside->at : at;
}

static tp_status count(parser *p)
{
    if (++p->all->made <= MADE_MAX) return TP_OK;
    return tp_fail_col(p->all->err, TP_LIMIT, p->now.at,
                       "the expression is too long with the user functions it "
                       "calls");
}

/* An operator whose vectors are brought to one length. */
static tp_status new_op(parser *p, tp_op_id op, ptrdiff_t at, list args,
                        const tp_node **out)
{
    tp_node model = {.op = op, .at = at, .extend = args.n > 1};
    TP_TRY(count(p));
    return tp_node_op(out, &model, args.node, args.n, p->all->mem, p->all->err);
}

/* ---- names ------------------------------------------------------------- */

static tp_status new_name(parser *p, tp_str name, ptrdiff_t at,
                          const tp_node **out)
{
    shared  *all = p->all;
    tp_node *node = tp_node_new(TP_NODE_NAME, place(p, at), all->mem);
    *out = node;
    TP_TRY(count(p));
    *TP_PUSH(all->mem, all->name, all->n_name, all->cap_name) = node;
    return tp_slot_of(&node->slot, &all->slots, name, node->at, all->mem,
                      all->err);
}

static bool is_ground(tp_str node)
{
    return tp_str_eq(node, TP_S("0")) || tp_str_same(node, TP_S("gnd"));
}

/* The vector of one node; the ground's is the number 0. */
static tp_status node_value(parser *p, const tp_word *of, tp_str node,
                            const tp_node **out)
{
    for (ptrdiff_t i = 0; i < node.len; i++)
        if (!tp_nutmeg_in_node(node.at[i])) node.len = 0;
    if (node.len == 0)
        return tp_fail_col(p->all->err, TP_BAD_INPUT, of->at,
                           "%.*s() wants a name in its brackets: %.*s(out)",
                           TP_F(of->text), TP_F(of->text));
    if (!is_ground(node) ||
        !tp_str_same(tp_nutmeg_last_part(of->text), TP_S("v"))) {
        tp_str name =
            tp_str_fmt(p->all->mem, "%.*s(%.*s)", TP_F(of->text), TP_F(node));
        return new_name(p, name, of->at, out);
    }
    *out = tp_node_new(TP_NODE_NUMBER, place(p, of->at), p->all->mem);
    return count(p);
}

/* v(3), ac1.v(a,b), i(v1): p is at the '('. */
static tp_status parse_vector_name(parser *p, const tp_word *of,
                                   const tp_node **out)
{
    ptrdiff_t close = tp_str_find(p->text, ')', p->now.end);
    if (close < 0)
        return tp_fail_col(p->all->err, TP_BAD_INPUT, p->now.at,
                           "the bracket of %.*s( is not closed",
                           TP_F(of->text));
    tp_str in = tp_str_part(p->text, p->now.end, close - p->now.end);
    p->now.end = close + 1;
    TP_TRY(next(p));
    ptrdiff_t comma = tp_str_find(in, ',', 0);
    bool      voltage = tp_str_same(tp_nutmeg_last_part(of->text), TP_S("v"));
    if (comma < 0 || !voltage) return node_value(p, of, tp_str_trim(in), out);
    tp_str         other = tp_str_trim(tp_str_from(in, comma + 1));
    const tp_node *pair[2] = {NULL, NULL};
    in = tp_str_trim(tp_str_part(in, 0, comma));
    TP_TRY(node_value(p, of, in, &pair[0]));
    TP_TRY(node_value(p, of, other, &pair[1]));
    assert(pair[0] && pair[1]);
    *out = pair[0];
    if (is_ground(other)) return TP_OK;
    return new_op(p, TP_OP_SUBTRACT, pair[0]->at, (list){.node = pair, .n = 2},
                  out);
}

/* ---- calls ------------------------------------------------------------- */

/* Arguments up to the ')', which is consumed. */
static tp_status parse_args(parser *p, list *out)
{
    context outside;
    *out = (list){0};
    TP_TRY(open_bracket(p, true, &outside));
    while (!at_sign(p, ")")) {
        const tp_node *node = NULL;
        TP_TRY(parse_expression(p, ANY_LEVEL, &node));
        *TP_PUSH(p->all->mem, out->node, out->n, out->cap) = node;
        if (!at_sign(p, ",")) break;
        TP_TRY(next(p));
        if (at_sign(p, ")")) return unexpected(p, "a value");
    }
    if (!at_sign(p, ")")) return unexpected(p, "',' or ')'");
    return close_bracket(p, ")", outside);
}

/* The body of a user function in the place of its call. */
static tp_status expand(parser *p, const tp_user_fn *fn, const tp_word *name,
                        const list *args, const tp_node **out)
{
    call   here = {fn, args->node, place(p, name->at), p->inside};
    parser body = {.all = p->all, .text = fn->body, .inside = &here};
    for (const call *c = p->inside; c; c = c->from)
        if (c->fn == fn)
            return tp_fail_col(p->all->err, TP_BAD_INPUT, name->at,
                               "the user function %.*s calls itself",
                               TP_F(fn->name));
    TP_TRY(count(p));
    tp_status s = next(&body);
    if (!s) s = parse_expression(&body, ANY_LEVEL, out);
    if (!s && body.now.kind != TP_WORD_END)
        s = unexpected(&body, "an operator");
    if (s && p->all->err) {
        tp_while(p->all->err, "in the user function %.*s", TP_F(fn->name));
        p->all->err->col = (int)here.at + 1;
    }
    return s;
}

/* The user function of that name and count; *other: one of that name only. */
static const tp_user_fn *user_function(const tp_scope *in, tp_str name, int n,
                                       const tp_user_fn **other)
{
    *other = NULL;
    for (int i = 0; i < in->n_user; i++) {
        const tp_user_fn *f = &in->user[i];
        if (!tp_str_same(f->name, name)) continue;
        if (f->n_param == n) return f;
        *other = f;
    }
    return NULL;
}

static tp_status no_function(parser *p, const tp_word *name, int n,
                             const tp_user_fn *other)
{
    if (other)
        return tp_fail_col(p->all->err, TP_BAD_INPUT, name->at,
                           "the user function %.*s takes %d argument%s, got "
                           "%d",
                           TP_F(other->name), other->n_param,
                           other->n_param == 1 ? "" : "s", n);
    return tp_unknown_function(TP_NUTMEG, name->text, name->at, *p->all->mem,
                               p->all->err);
}

/* "mag(3, 4)" of a builtin with one argument: the comma makes a complex
   number. */
static tp_status parse_call(parser *p, const tp_word *name, const tp_node **out)
{
    const tp_user_fn *other;
    list              args;
    TP_TRY(parse_args(p, &args));
    const tp_user_fn *user =
        user_function(p->all->in, name->text, args.n, &other);
    if (user) return expand(p, user, name, &args, out);
    const tp_fn *fn = tp_function_find(TP_NUTMEG, name->text);
    tp_node *node = tp_node_new(TP_NODE_CALL, place(p, name->at), p->all->mem);
    *out = node;
    if (!fn && p->all->any_function) node->kind = TP_NODE_NUMBER;
    if (!fn && p->all->any_function) return count(p);
    if (!fn) return no_function(p, name, args.n, other);
    if (args.n == 2 && tp_fn_most(fn) == 1) {
        TP_TRY(new_op(p, TP_OP_COMPLEX, node->at, args, &args.node[0]));
        args.n = 1;
    }
    node->fn = fn;
    node->extend = args.n > 1;
    TP_TRY(count(p));
    TP_TRY(tp_node_args(node, args.node, args.n, p->all->err));
    return tp_check_call(node, p->all->mem, p->all->err);
}

/* A user's function of that name comes first. */
static const tp_fn *part_of(const parser *p, tp_str name)
{
    const tp_user_fn *other;
    if (user_function(p->all->in, name, -1, &other) || other) return NULL;
    return tp_nutmeg_part(name);
}

static tp_status parse_part(parser *p, const tp_word *name, const tp_fn *fn,
                            const tp_node **out)
{
    tp_word  v = *name;
    tp_str   plot = v.text;
    tp_node *node = tp_node_new(TP_NODE_CALL, place(p, name->at), p->all->mem);
    list     args = {0};
    plot.len -= tp_nutmeg_last_part(v.text).len;
    v.text = tp_str_fmt(p->all->mem, "%.*sv", TP_F(plot));
    *out = node;
    TP_TRY(parse_vector_name(
        p, &v, TP_PUSH(p->all->mem, args.node, args.n, args.cap)));
    node->fn = fn;
    TP_TRY(count(p));
    TP_TRY(tp_node_args(node, args.node, args.n, p->all->err));
    return tp_check_call(node, p->all->mem, p->all->err);
}

static tp_status parse_name(parser *p, const tp_node **out)
{
    tp_word name = p->now;
    TP_TRY(next(p));
    if (at_sign(p, "(")) {
        tp_str       last = tp_nutmeg_last_part(name.text);
        const tp_fn *part = part_of(p, last);
        if (part) return parse_part(p, &name, part, out);
        if (tp_str_same(last, TP_S("v")) || tp_str_same(last, TP_S("i")))
            return parse_vector_name(p, &name, out);
        return parse_call(p, &name, out);
    }
    const tp_user_fn *fn = p->inside ? p->inside->fn : NULL;
    for (int i = 0; fn && i < fn->n_param; i++) {
        if (!tp_str_same(fn->param[i], name.text)) continue;
        *out = p->inside->arg[i];
        return TP_OK;
    }
    return new_name(p, name.text, name.at, out);
}

/* ---- values ------------------------------------------------------------ */

/* (a), the complex (re, im), or (a; b; c) end to end. */
static tp_status parse_group(parser *p, const tp_node **out)
{
    *out = NULL;
    ptrdiff_t at = p->now.at;
    context   outside;
    list      items = {0};
    TP_TRY(open_bracket(p, false, &outside));
    for (;;) {
        TP_TRY(parse_expression(p, ANY_LEVEL, out));
        *TP_PUSH(p->all->mem, items.node, items.n, items.cap) = *out;
        if (!at_sign(p, ";")) break;
        TP_TRY(next(p));
    }
    TP_TRY(close_bracket(p, ")", outside));
    if (items.n == 1) return TP_OK;
    tp_node model = {.op = TP_OP_CHAIN, .at = place(p, at)};
    TP_TRY(count(p));
    return tp_node_op(out, &model, items.node, items.n, p->all->mem,
                      p->all->err);
}

static tp_status parse_leaf(parser *p, const tp_node **out)
{
    bool number = p->now.kind == TP_WORD_NUMBER;
    if (at_sign(p, "(")) return parse_group(p, out);
    if (tp_infix_find(binary, &p->now)) return unexpected(p, "a value");
    if (p->now.kind == TP_WORD_NAME) return parse_name(p, out);
    if (!number && p->now.kind != TP_WORD_TEXT) return unexpected(p, "a value");
    *out = tp_literal(&p->now, place(p, p->now.at), p->all->mem);
    TP_TRY(count(p));
    return next(p);
}

/* [i], [i,j], [%c], [[lo,hi]]: p is at the '['. */
static tp_status parse_index(parser *p, const tp_node **out)
{
    ptrdiff_t      at = place(p, p->now.at);
    const tp_node *pair[2] = {*out};
    tp_op_id       op = TP_OP_ELEMENT;
    context        outside;
    TP_TRY(open_bracket(p, false, &outside));
    if (at_sign(p, "%")) op = TP_OP_BETWEEN;
    if (at_sign(p, "[")) op = TP_OP_RANGE;
    if (op != TP_OP_ELEMENT) TP_TRY(next(p));
    TP_TRY(parse_expression(p, ANY_LEVEL, &pair[1]));
    if (op == TP_OP_RANGE) TP_TRY(close_bracket(p, "]", p->is));
    TP_TRY(close_bracket(p, "]", outside));
    TP_TRY(count(p));
    return tp_node_op(out, &(tp_node){.op = op, .at = at}, pair, 2, p->all->mem,
                      p->all->err);
}

static tp_status parse_operand(parser *p, const tp_node **out)
{
    const tp_infix *o = tp_infix_find(unary, &p->now);
    if (o) {
        ptrdiff_t      at = place(p, p->now.at);
        const tp_node *arg[1];
        TP_TRY(next(p));
        TP_TRY(parse_expression(p, o->binds, &arg[0]));
        return new_op(p, o->op, at, (list){.node = arg, .n = 1}, out);
    }
    TP_TRY(parse_leaf(p, out));
    while (at_sign(p, "[")) TP_TRY(parse_index(p, out));
    return TP_OK;
}

/* a ? b : c, of which a is there. */
static tp_status parse_choice(parser *p, const tp_node **out)
{
    const tp_node *arg[3] = {*out};
    p->is.choices++;
    TP_TRY(next(p));
    TP_TRY(parse_expression(p, ANY_LEVEL, &arg[1]));
    if (!at_sign(p, ":")) return unexpected(p, "':'");
    p->is.choices--;
    TP_TRY(next(p));
    TP_TRY(parse_expression(p, ANY_LEVEL, &arg[2]));
    tp_node model = {.op = TP_OP_CHOOSE, .at = arg[0]->at};
    TP_TRY(count(p));
    return tp_node_op(out, &model, arg, 3, p->all->mem, p->all->err);
}

/* The operator at p when it binds tighter than `binds`. */
static const tp_infix *continues(const parser *p, int binds)
{
    const tp_infix *o = tp_infix_find(binary, &p->now);
    if (!o || o->binds <= binds) return NULL;
    return o->binds == COMMA && p->is.list ? NULL : o;
}

static tp_status parse_binary(parser *p, int binds, const tp_node **out)
{
    TP_TRY(parse_operand(p, out));
    for (const tp_infix *o; (o = continues(p, binds)) != NULL;) {
        const tp_node *pair[2] = {*out, NULL};
        int            right = o->binds == POWER ? SIGN : o->binds;
        TP_TRY(next(p));
        TP_TRY(parse_expression(p, right, &pair[1]));
        assert(pair[0] && pair[1]);
        TP_TRY(
            new_op(p, o->op, pair[0]->at, (list){.node = pair, .n = 2}, out));
    }
    if (binds == ANY_LEVEL && at_sign(p, "?")) return parse_choice(p, out);
    return TP_OK;
}

/* Operands joined by operators that bind tighter than `binds`. */
static tp_status parse_expression(parser *p, int binds, const tp_node **out)
{
    if (p->all->nest >= NEST_MAX)
        return tp_fail_col(p->all->err, TP_LIMIT, p->now.at,
                           "the expression is nested too deep");
    p->all->nest++;
    tp_status s = parse_binary(p, binds, out);
    p->all->nest--;
    return s;
}

static void mark_slots(const tp_node *node, bool *used)
{
    if (node->kind == TP_NODE_NAME) used[node->slot] = true;
    for (int i = 0; i < node->n; i++) mark_slots(node->arg[i], used);
}

/* Drops the names that only stood in arguments a body does not use. */
static void drop_unused(shared *all, const tp_node *root)
{
    tp_arena scratch = *all->mem;
    bool    *used = TP_NEW(&scratch, bool, all->slots.n + 1);
    int     *becomes = TP_NEW(&scratch, int, all->slots.n + 1), n = 0;
    mark_slots(root, used);
    for (int i = 0; i < all->slots.n; i++) {
        becomes[i] = n;
        if (used[i]) all->slots.slot[n++] = all->slots.slot[i];
    }
    for (int i = 0; n < all->slots.n && i < all->n_name; i++)
        all->name[i]->slot = becomes[all->name[i]->slot];
    all->slots.n = n;
}

tp_status tp_nutmeg_parse(struct tp_expr *out, tp_str text, const tp_scope *in,
                          tp_arena *mem, tp_err *err)
{
    shared all = {.in = in, .mem = mem, .err = err};
    parser p = {.all = &all, .text = text};
    TP_TRY(next(&p));
    TP_TRY(parse_expression(&p, ANY_LEVEL, &out->root));
    if (p.now.kind != TP_WORD_END) return unexpected(&p, "an operator");
    drop_unused(&all, out->root);
    out->slot = all.slots.slot;
    out->n_slot = all.slots.n;
    return TP_OK;
}

/* ---- define ------------------------------------------------------------ */

/* "f(x, y)": p is at the name. */
static tp_status read_head(parser *p, tp_user_fn *out)
{
    tp_str *param = NULL;
    int     cap = 0;
    out->name = p->now.text;
    bool vector =
        tp_str_same(out->name, TP_S("v")) || tp_str_same(out->name, TP_S("i"));
    if (p->now.kind != TP_WORD_NAME || tp_infix_find(binary, &p->now) ||
        tp_infix_find(unary, &p->now) || tp_str_find(out->name, '.', 0) >= 0)
        return unexpected(p, "the name of a function");
    if (vector)
        return tp_fail_col(p->all->err, TP_BAD_INPUT, p->now.at,
                           "%.*s(...) is a vector, it can't be a function",
                           TP_F(out->name));
    TP_TRY(next(p));
    if (!at_sign(p, "(")) return unexpected(p, "'(' and the parameters");
    do {
        TP_TRY(next(p));
        if (out->n_param == 0 && at_sign(p, ")")) break;
        if (p->now.kind != TP_WORD_NAME) return unexpected(p, "a parameter");
        *TP_PUSH(p->all->mem, param, out->n_param, cap) = p->now.text;
        TP_TRY(next(p));
    } while (at_sign(p, ","));
    out->param = param;
    if (!at_sign(p, ")")) return unexpected(p, "',' or ')'");
    return next(p);
}

tp_status tp_user_fn_read(tp_user_fn *out, tp_str text, tp_arena *mem,
                          tp_err *err)
{
    tp_scope in = {.dialect = TP_NUTMEG};
    shared   all = {.in = &in, .any_function = true, .mem = mem, .err = err};
    parser   p = {.all = &all, .text = text};
    const tp_node *root;
    *out = (tp_user_fn){0};
    if (text.len > TP_TEXT_MAX)
        return tp_fail(err, TP_LIMIT, "the definition is over %d bytes long",
                       TP_TEXT_MAX);
    TP_TRY(next(&p));
    TP_TRY(read_head(&p, out));
    if (at_sign(&p, "=")) TP_TRY(next(&p));
    out->body = tp_str_trim(tp_str_from(text, p.now.at));
    TP_TRY(parse_expression(&p, ANY_LEVEL, &root));
    if (p.now.kind != TP_WORD_END) return unexpected(&p, "an operator");
    return TP_OK;
}
