/* What the parsers of the dialects share. */
#include "expr/infix.h"

bool tp_at_sign(const tp_word *w, const char *sign)
{
    return w->kind == TP_WORD_SIGN && tp_str_eq(w->text, tp_str_of(sign));
}

const tp_infix *tp_infix_find(const tp_infix *table, const tp_word *w)
{
    if (w->kind != TP_WORD_SIGN && w->kind != TP_WORD_NAME) return NULL;
    for (const tp_infix *o = table; o->text; o++)
        if (tp_str_same(w->text, tp_str_of(o->text))) return o;
    return NULL;
}

void tp_unexpected(const tp_word *w, tp_str text, const char *wanted,
                   tp_err *err)
{
    tp_str word = tp_str_part(text, w->at, w->end - w->at);
    if (w->kind == TP_WORD_END)
        tp_fail_col(err, TP_BAD_INPUT, w->at,
                    "the expression ends here, wanted %s", wanted);
    else
        tp_fail_col(err, TP_BAD_INPUT, w->at, "unexpected '%.*s', wanted %s",
                    TP_F(word), wanted);
}

tp_node *tp_literal(const tp_word *w, ptrdiff_t at, tp_arena *mem)
{
    bool     number = w->kind == TP_WORD_NUMBER;
    tp_node *node =
        tp_node_new(number ? TP_NODE_NUMBER : TP_NODE_TEXT, at, mem);
    node->number = w->number;
    node->text = tp_str_copy(mem, w->text);
    return node;
}
