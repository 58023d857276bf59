/* The words of the dialects. */
#ifndef TP_EXPR_LEX_H
#define TP_EXPR_LEX_H

#include "expr/tree.h"

typedef enum tp_word_kind {
    TP_WORD_END,
    TP_WORD_NUMBER,
    TP_WORD_TEXT, /* quoted; text is what is between the quotes */
    TP_WORD_NAME, /* text; SIMetrix: without a leading ':' */
    TP_WORD_SIGN, /* operator or punctuation */
    TP_WORD_KEY,  /* OCEAN: "?result"; text is without the mark */
} tp_word_kind;

typedef struct tp_word {
    tp_word_kind kind;
    ptrdiff_t    at, end; /* in the text */
    tp_str       text;
    double       number;
} tp_word;

/* lex_parts.c: what the lexers share. A digit, or a point and a digit; a SPICE
   number at t->at, and SIMetrix's; whether it is finite; a text between two of
   the quote at t->at, without escapes; one of these signs (the longer ones
   first), or TP_BAD_INPUT for a character that starts nothing. */
bool      tp_lex_starts_number(tp_str s, ptrdiff_t i);
void      tp_lex_spice_number(tp_word *t, tp_str s);
void      tp_lex_simetrix_number(tp_word *t, tp_str s);
tp_status tp_lex_finite(const tp_word *t, tp_err *err);
tp_status tp_lex_quoted(tp_word *t, tp_str s, tp_err *err);
tp_status tp_lex_sign(tp_word *t, tp_str s, const char *const *sign, int n,
                      tp_err *err);

/* The token at or after `from`. TP_BAD_INPUT for a character that starts
   none, an open quote, a number that runs into a name or is too large. */
tp_status tp_simetrix_lex(tp_word *out, tp_str text, ptrdiff_t from,
                          tp_err *err);
/* The same for Nutmeg. A name may have ':' inside (a path of sub-circuits)
   unless `choice`: then it is the operator of a ? b : c. "@r1[resistance]" is
   one name. */
tp_status tp_nutmeg_lex(tp_word *out, tp_str text, ptrdiff_t from, bool choice,
                        tp_err *err);
/* The same for OCEAN. Text between double quotes has its escapes undone (a
   backslash before any other character than n and t stands for that one) and
   lives in `mem`, as does the name of a quoted symbol ('rising), which is a
   text, too. */
tp_status tp_ocean_lex(tp_word *out, tp_str text, ptrdiff_t from, tp_arena *mem,
                       tp_err *err);
/* A character of a node's name inside v(...). */
bool   tp_nutmeg_in_node(char c);
tp_str tp_nutmeg_last_part(tp_str name); /* "v" of "ac1.v" */
/* The function of a voltage that "vdb" and its kin are, or NULL. */
const tp_fn *tp_nutmeg_part(tp_str name);
#endif
