/* What the parsers of the dialects share: the rows of their operators, and
   what they ask of the word they are at. */
#ifndef TP_EXPR_INFIX_H
#define TP_EXPR_INFIX_H

#include "expr/lex.h"

/* An operator as it is written; of two, the one with the greater `binds` takes
   its operands first. A table ends with {0}. */
typedef struct tp_infix {
    const char *text;
    int         binds; /* a level of the dialect's parser */
    tp_op_id    op;
} tp_infix;

/* Whether the word is this operator or punctuation. */
bool tp_at_sign(const tp_word *w, const char *sign);
/* The row that the word names, in capitals or not, or NULL. */
const tp_infix *tp_infix_find(const tp_infix *table, const tp_word *w);
/* err is TP_BAD_INPUT, "unexpected 'x', wanted ...", at the word of `text`. */
void tp_unexpected(const tp_word *w, tp_str text, const char *wanted,
                   tp_err *err);
/* The node of a number or a text, at `at` of the whole expression. */
tp_node *tp_literal(const tp_word *w, ptrdiff_t at, tp_arena *mem);
#endif
