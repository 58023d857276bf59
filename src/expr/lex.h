/* The words of SIMetrix's script language. */
#ifndef TP_EXPR_LEX_H
#define TP_EXPR_LEX_H

#include "expr/tree.h"

typedef enum tp_token_kind {
    TP_TOKEN_END,
    TP_TOKEN_NUMBER,
    TP_TOKEN_TEXT, /* quoted; text is what is between the quotes */
    TP_TOKEN_NAME, /* text without a leading ':' */
    TP_TOKEN_SIGN, /* operator or punctuation */
} tp_token_kind;

typedef struct tp_token {
    tp_token_kind kind;
    ptrdiff_t     at, end; /* in the text */
    tp_str        text;
    double        number;
} tp_token;

/* The token at or after `from`. TP_BAD_INPUT for a character that starts
   none, an open quote, a number that runs into a name or is too large. */
tp_status tp_lex(tp_token *out, tp_str text, ptrdiff_t from, tp_err *err);
#endif
