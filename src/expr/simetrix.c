/* The parser of SIMetrix's script language: precedence climbing over a table
   of operators (SIMetrix script reference manual, "Expressions"). Operators
   of one level group to the left; a sign binds tighter than a power. */
#include "expr/infix.h"

/* The levels of the manual, loosest first; 0 is in front of one operand. */
static const tp_infix binary[] = {
    {"&", 1, TP_OP_JOIN},
    {"OR", 2, TP_OP_OR},
    {"||", 2, TP_OP_OR},
    {"AND", 3, TP_OP_AND},
    {"&&", 3, TP_OP_AND},
    {"<", 4, TP_OP_LESS},
    {">", 4, TP_OP_GREATER},
    {"<=", 4, TP_OP_AT_MOST},
    {">=", 4, TP_OP_AT_LEAST},
    {"==", 4, TP_OP_EQUAL},
    {"!=", 4, TP_OP_UNEQUAL},
    {"<>", 4, TP_OP_UNEQUAL},
    {"+", 5, TP_OP_ADD},
    {"-", 5, TP_OP_SUBTRACT},
    {"*", 6, TP_OP_TIMES},
    {"/", 6, TP_OP_OVER},
    {"%", 6, TP_OP_REMAINDER},
    {"^", 7, TP_OP_POWER},
    {0},
};
static const tp_infix unary[] = {
    {"-", 0, TP_OP_NEGATE},
    {"+", 0, TP_OP_PLUS},
    {"NOT", 0, TP_OP_NOT},
    {"!", 0, TP_OP_NOT},
    {0},
};

typedef struct parser {
    tp_str    text;
    tp_word   now;
    int       nest; /* open brackets */
    tp_slots  slots;
    tp_arena *mem;
    tp_err   *err;
} parser;

typedef struct list {
    const tp_node **node;
    int             n, cap;
} list;

static tp_status parse_expression(parser *p, int binds, const tp_node **out);

static tp_status next(parser *p)
{
    return tp_simetrix_lex(&p->now, p->text, p->now.end, p->err);
}

static bool at_sign(const parser *p, const char *sign)
{
    return tp_at_sign(&p->now, sign);
}

/* "unexpected '*': wanted a value" */
static tp_status unexpected(parser *p, const char *wanted)
{
    if (at_sign(p, "="))
        return tp_fail_col(p->err, TP_BAD_INPUT, p->now.at,
                           "'=' assigns, which an expression can't; "
                           "is equal to is written '=='");
    tp_unexpected(&p->now, p->text, wanted, p->err);
    return TP_BAD_INPUT;
}

static tp_status expect(parser *p, const char *sign)
{
    char wanted[] = "')'";
    wanted[1] = sign[0];
    if (!at_sign(p, sign)) return unexpected(p, wanted);
    return next(p);
}

static tp_status open_bracket(parser *p)
{
    if (++p->nest > TP_DEPTH_MAX)
        return tp_fail_col(p->err, TP_LIMIT, p->now.at,
                           "over %d brackets inside each other", TP_DEPTH_MAX);
    return next(p);
}

static tp_status new_op(parser *p, tp_op_id op, ptrdiff_t at, list args,
                        const tp_node **out)
{
    tp_node model = {.op = op, .at = at};
    return tp_node_op(out, &model, args.node, args.n, p->mem, p->err);
}

/* Expressions with commas between them up to the closing bracket, which is
   consumed. */
static tp_status parse_list(parser *p, const char *closing, list *out)
{
    *out = (list){0};
    if (at_sign(p, closing)) return next(p);
    for (;;) {
        const tp_node *node = NULL;
        TP_TRY(parse_expression(p, 0, &node));
        *TP_PUSH(p->mem, out->node, out->n, out->cap) = node;
        if (!at_sign(p, ",")) break;
        TP_TRY(next(p));
    }
    if (!at_sign(p, closing))
        return unexpected(p, closing[0] == ')' ? "',' or ')'" : "',' or ']'");
    return next(p);
}

/* Habits from SPICE. */
static const struct {
    const char *function, *instead;
} habits[] = {
    {"v", "a node's voltage is written as the node alone: vout"},
    {"i", "a current is written as device#pin: v1#p"},
};

/* With the nearest of the names of all builtins. */
static tp_status unknown_function(parser *p, const tp_word *name)
{
    for (int i = 0; i < TP_COUNT(habits); i++)
        if (tp_str_same(name->text, tp_str_of(habits[i].function)))
            return tp_fail_col(p->err, TP_BAD_INPUT, name->at,
                               "unknown function '%.*s'; %s", TP_F(name->text),
                               habits[i].instead);
    return tp_unknown_function(TP_SIMETRIX, name->text, name->at, *p->mem,
                               p->err);
}

static tp_status parse_call(parser *p, const tp_word *name, const tp_node **out)
{
    const tp_fn *fn = tp_function_find(TP_SIMETRIX, name->text);
    if (!fn) return unknown_function(p, name);
    tp_node *node = tp_node_new(TP_NODE_CALL, name->at, p->mem);
    list     args;
    node->fn = fn;
    *out = node;
    TP_TRY(open_bracket(p));
    TP_TRY(parse_list(p, ")", &args));
    p->nest--;
    TP_TRY(tp_node_args(node, args.node, args.n, p->err));
    return tp_check_call(node, p->mem, p->err);
}

static tp_status parse_name(parser *p, const tp_node **out)
{
    tp_word name = p->now;
    TP_TRY(next(p));
    if (at_sign(p, "(")) return parse_call(p, &name, out);
    return tp_slot_node(out, &p->slots, tp_str_lower(p->mem, name.text),
                        name.at, p->mem, p->err);
}

/* (a) or the complex (re, im). */
static tp_status parse_group(parser *p, const tp_node **out)
{
    ptrdiff_t at = p->now.at;
    TP_TRY(open_bracket(p));
    TP_TRY(parse_expression(p, 0, out));
    p->nest--;
    if (!at_sign(p, ",")) return expect(p, ")");
    p->nest++;
    const tp_node *part[2] = {*out};
    TP_TRY(next(p));
    TP_TRY(parse_expression(p, 0, &part[1]));
    TP_TRY(expect(p, ")"));
    p->nest--;
    return new_op(p, TP_OP_COMPLEX, at, (list){.node = part, .n = 2}, out);
}

static tp_status parse_vector(parser *p, const tp_node **out)
{
    ptrdiff_t at = p->now.at;
    list      items;
    TP_TRY(open_bracket(p));
    if (at_sign(p, "]")) return unexpected(p, "the values of a vector");
    TP_TRY(parse_list(p, "]", &items));
    p->nest--;
    return new_op(p, TP_OP_VECTOR, at, items, out);
}

static tp_status parse_leaf(parser *p, const tp_node **out)
{
    bool number = p->now.kind == TP_WORD_NUMBER;
    if (at_sign(p, "(")) return parse_group(p, out);
    if (at_sign(p, "[")) return parse_vector(p, out);
    if (tp_infix_find(binary, &p->now)) return unexpected(p, "a value");
    if (p->now.kind == TP_WORD_NAME) return parse_name(p, out);
    if (!number && p->now.kind != TP_WORD_TEXT) return unexpected(p, "a value");
    *out = tp_literal(&p->now, p->now.at, p->mem);
    return next(p);
}

/* A value with its indices: d1#p[0][3]. */
static tp_status parse_value(parser *p, const tp_node **out)
{
    TP_TRY(parse_leaf(p, out));
    while (at_sign(p, "[")) {
        ptrdiff_t      at = p->now.at;
        const tp_node *pair[2] = {*out};
        TP_TRY(open_bracket(p));
        TP_TRY(parse_expression(p, 0, &pair[1]));
        TP_TRY(expect(p, "]"));
        p->nest--;
        TP_TRY(new_op(p, TP_OP_INDEX, at, (list){.node = pair, .n = 2}, out));
    }
    return TP_OK;
}

/* Signs in front of a value: "-a", "NOT -a". */
static tp_status parse_signed(parser *p, const tp_node **out)
{
    struct {
        tp_op_id  op;
        ptrdiff_t at;
    } sign[TP_DEPTH_MAX];
    int n = 0;
    for (const tp_infix *o; (o = tp_infix_find(unary, &p->now)) != NULL; n++) {
        if (n == TP_DEPTH_MAX)
            return tp_fail_col(p->err, TP_LIMIT, p->now.at,
                               "over %d signs in a row", TP_DEPTH_MAX);
        sign[n].op = o->op;
        sign[n].at = p->now.at;
        TP_TRY(next(p));
    }
    TP_TRY(parse_value(p, out));
    while (n-- > 0) {
        const tp_node *arg[1] = {*out};
        TP_TRY(new_op(p, sign[n].op, sign[n].at, (list){.node = arg, .n = 1},
                      out));
    }
    return TP_OK;
}

/* Operands joined by operators that bind tighter than `binds`. */
static tp_status parse_expression(parser *p, int binds, const tp_node **out)
{
    TP_TRY(parse_signed(p, out));
    for (const tp_infix *o;
         (o = tp_infix_find(binary, &p->now)) != NULL && o->binds > binds;) {
        const tp_node *pair[2] = {*out};
        TP_TRY(next(p));
        TP_TRY(parse_expression(p, o->binds, &pair[1]));
        TP_TRY(
            new_op(p, o->op, pair[0]->at, (list){.node = pair, .n = 2}, out));
    }
    return TP_OK;
}

tp_status tp_simetrix_parse(struct tp_expr *out, tp_str text,
                            const tp_scope *in, tp_arena *mem, tp_err *err)
{
    (void)in;
    parser p = {.text = text, .mem = mem, .err = err};
    TP_TRY(next(&p));
    TP_TRY(parse_expression(&p, 0, &out->root));
    if (p.now.kind != TP_WORD_END) return unexpected(&p, "an operator");
    out->slot = p.slots.slot;
    out->n_slot = p.slots.n;
    return TP_OK;
}
