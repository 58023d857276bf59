/* Printing expressions and values. */
#include "expr/tree.h"

enum { SHOWN_MAX = 16 };

/* ---- expressions --------------------------------------------------------- */

static void put_node(tp_buf *b, const tp_expr *e, const tp_node *node);

static void put_args(tp_buf *b, const tp_expr *e, const tp_node *node)
{
    for (int i = 0; i < node->n; i++) {
        if (i > 0) tp_buf_add(b, TP_S(", "));
        put_node(b, e, node->arg[i]);
    }
}

/* SIMetrix and Nutmeg: a text has no quote of its own kind inside; it can't
   have both. */
static void put_text(tp_buf *b, tp_str s)
{
    char quote = tp_str_find(s, '\'', 0) < 0 ? '\'' : '"';
    tp_buf_char(b, quote);
    tp_buf_add(b, s);
    tp_buf_char(b, quote);
}

static void put_name(tp_buf *b, tp_str name)
{
    bool dot = name.at[0] == '.' && name.len > 1;
    if (tp_is_digit(name.at[0]) || (dot && tp_is_digit(name.at[1])))
        tp_buf_char(b, ':');
    tp_buf_add(b, name);
}

/* "(a; b)": all arguments with `between` between them. */
static void put_joined(tp_buf *b, const tp_expr *e, const tp_node *node,
                       const char *between)
{
    tp_buf_char(b, '(');
    for (int i = 0; i < node->n; i++) {
        if (i > 0) tp_buf_add(b, tp_str_of(between));
        put_node(b, e, node->arg[i]);
    }
    tp_buf_char(b, ')');
}

/* The middle stands in brackets: a name there may have a ':' of its own. */
static void put_choice(tp_buf *b, const tp_expr *e, const tp_node *node)
{
    tp_buf_char(b, '(');
    put_node(b, e, node->arg[0]);
    tp_buf_add(b, TP_S(" ? ("));
    put_node(b, e, node->arg[1]);
    tp_buf_add(b, TP_S(") : "));
    put_node(b, e, node->arg[2]);
    tp_buf_char(b, ')');
}

static void put_index(tp_buf *b, const tp_expr *e, const tp_node *node)
{
    put_node(b, e, node->arg[0]);
    tp_buf_add(b, tp_str_of(tp_ops[node->op].text));
    put_node(b, e, node->arg[1]);
    tp_buf_add(b, tp_str_of(tp_ops[node->op].close));
}

/* How the dialect spells an operator. */
static const char *spelling(const tp_expr *e, tp_op_id op)
{
    static const struct {
        tp_op_id    op;
        const char *text;
    } ocean[] = {{TP_OP_POWER, "**"},
                 {TP_OP_NOT, "!"},
                 {TP_OP_AND, "&&"},
                 {TP_OP_OR, "||"}};
    for (int i = 0; e->dialect == TP_OCEAN && i < TP_COUNT(ocean); i++)
        if (ocean[i].op == op) return ocean[i].text;
    return tp_ops[op].text;
}

static void put_op(tp_buf *b, const tp_expr *e, const tp_node *node)
{
    const tp_op *op = &tp_ops[node->op];
    const char  *text = spelling(e, node->op);
    if (op->close) {
        put_index(b, e, node);
    } else if (node->op == TP_OP_VECTOR) {
        tp_buf_char(b, '[');
        put_args(b, e, node);
        tp_buf_char(b, ']');
    } else if (node->op == TP_OP_COMPLEX) {
        put_joined(b, e, node, ", ");
    } else if (node->op == TP_OP_CHAIN) {
        put_joined(b, e, node, "; ");
    } else if (node->op == TP_OP_CHOOSE) {
        put_choice(b, e, node);
    } else if (node->n == 1) {
        tp_buf_fmt(b, "(%s", text);
        put_node(b, e, node->arg[0]);
        tp_buf_char(b, ')');
    } else {
        tp_buf_char(b, '(');
        put_node(b, e, node->arg[0]);
        tp_buf_fmt(b, " %s ", text);
        put_node(b, e, node->arg[1]);
        tp_buf_char(b, ')');
    }
}

static void put_node(tp_buf *b, const tp_expr *e, const tp_node *node)
{
    char out[TP_NUMBER_MAX];
    switch (node->kind) {
    case TP_NODE_NUMBER:
        tp_buf_add(b, tp_str_of(tp_exact(node->number, out)));
        return;
    case TP_NODE_TEXT:
        if (e->dialect == TP_OCEAN)
            tp_ocean_quote(b, node->text);
        else
            put_text(b, node->text);
        return;
    case TP_NODE_NAME: put_name(b, e->slot[node->slot].name); return;
    case TP_NODE_OP: put_op(b, e, node); return;
    case TP_NODE_CALL:
        tp_buf_fmt(b, "%s(", node->fn->name);
        put_args(b, e, node);
        tp_buf_char(b, ')');
        return;
    }
}

tp_str tp_expr_text(const tp_expr *e, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    put_node(&b, e, e->root);
    return tp_buf_str(&b);
}

/* ---- values -------------------------------------------------------------- */

static void put_number(tp_buf *b, double re, const double *im, int digits)
{
    if (im)
        tp_buf_fmt(b, "(%.*g, %.*g)", digits, re, digits, *im);
    else
        tp_buf_fmt(b, "%.*g", digits, re);
}

static void put_vector(tp_buf *b, const double *re, const double *im, int n,
                       int digits)
{
    tp_buf_char(b, '[');
    for (int i = 0; i < n && i < SHOWN_MAX; i++) {
        if (i > 0) tp_buf_add(b, TP_S(", "));
        put_number(b, re[i], im ? &im[i] : NULL, digits);
    }
    if (n > SHOWN_MAX) tp_buf_add(b, TP_S(", ..."));
    tp_buf_char(b, ']');
}

static void put_wave(tp_buf *b, const tp_wave *w, int digits)
{
    if (!w->x) {
        put_vector(b, w->re, w->im, w->n, digits);
        return;
    }
    tp_buf_add(b, TP_S("xy("));
    put_vector(b, w->x, NULL, w->n, digits);
    tp_buf_add(b, TP_S(", "));
    put_vector(b, w->re, w->im, w->n, digits);
    tp_buf_char(b, ')');
}

/* Everything but divisions. */
static void put_single(tp_buf *b, const tp_value *v, int digits)
{
    switch (v->kind) {
    case TP_NONE:
        tp_buf_fmt(b, "none: %s", v->why ? v->why : "no value");
        return;
    case TP_NUMBER: put_number(b, v->re, NULL, digits); break;
    case TP_COMPLEX: put_number(b, v->re, &v->im, digits); break;
    case TP_STRING: put_text(b, v->text); return;
    case TP_WAVE: put_wave(b, &v->wave, digits); break;
    case TP_DIVISIONS: tp_buf_fmt(b, "%d divisions", v->n); return;
    }
    if (v->unit.len > 0) tp_buf_fmt(b, " %.*s", TP_F(v->unit));
}

tp_str tp_value_show(const tp_value *v, int digits, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    if (v->kind != TP_DIVISIONS) {
        put_single(&b, v, digits);
        return tp_buf_str(&b);
    }
    tp_buf_char(&b, '{');
    for (int i = 0; i < v->n && i < SHOWN_MAX; i++) {
        if (i > 0) tp_buf_add(&b, TP_S(", "));
        put_single(&b, &v->part[i], digits);
    }
    if (v->n > SHOWN_MAX) tp_buf_add(&b, TP_S(", ..."));
    tp_buf_char(&b, '}');
    return tp_buf_str(&b);
}
