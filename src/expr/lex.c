/* Cuts SIMetrix's script language into words. A name is any run of characters
   but those the manual forbids, and may carry a group: "tran1:vout". */
#include <math.h>
#include <string.h>

#include "expr/lex.h"

static const char *const signs[] = {
    /* the longer ones first */
    "<=", ">=", "==", "!=", "<>", "&&", "||", "(", ")", "[", "]", "+",
    "-",  "*",  "/",  "%",  "^",  "<",  ">",  "!", "&", ",", "=",
};

static bool in_name(char c)
{
    if ((unsigned char)c <= ' ' || c == 0x7F) return false;
    return !strchr("\\\"&+-*/^<>'@{}()[]!%;:|=,", c);
}

static ptrdiff_t name_end(tp_str s, ptrdiff_t i)
{
    while (i < s.len && in_name(s.at[i])) i++;
    return i;
}

static void lex_name(tp_word *t, tp_str s)
{
    ptrdiff_t from = t->at + (s.at[t->at] == ':');
    ptrdiff_t end = name_end(s, from);
    if (s.at[t->at] != ':' && end + 1 < s.len && s.at[end] == ':' &&
        in_name(s.at[end + 1]))
        end = name_end(s, end + 1);
    t->kind = TP_WORD_NAME;
    t->end = end;
    t->text = tp_str_part(s, from, end - from);
}

static tp_status lex_number(tp_word *t, tp_str s, tp_err *err)
{
    ptrdiff_t used = tp_number(tp_str_from(s, t->at), &t->number);
    t->kind = TP_WORD_NUMBER;
    t->end = t->at + used;
    t->text = tp_str_part(s, t->at, used);
    ptrdiff_t end = name_end(s, t->end);
    if (end > t->end) {
        tp_str all = tp_str_part(s, t->at, end - t->at);
        return tp_fail_col(err, TP_BAD_INPUT, t->at,
                           "'%.*s' is no number; a name that starts with a "
                           "digit is written ':%.*s'",
                           TP_F(all), TP_F(all));
    }
    if (!isfinite(t->number))
        return tp_fail_col(err, TP_BAD_INPUT, t->at,
                           "the number '%.*s' is too large", TP_F(t->text));
    return TP_OK;
}

static tp_status lex_text(tp_word *t, tp_str s, tp_err *err)
{
    char      quote = s.at[t->at];
    ptrdiff_t end = tp_str_find(s, quote, t->at + 1);
    if (end < 0)
        return tp_fail_col(err, TP_BAD_INPUT, t->at,
                           "the text that starts here has no closing %c",
                           quote);
    t->kind = TP_WORD_TEXT;
    t->text = tp_str_part(s, t->at + 1, end - t->at - 1);
    t->end = end + 1;
    return TP_OK;
}

static tp_status unknown(tp_str s, ptrdiff_t at, tp_err *err)
{
    unsigned char c = (unsigned char)s.at[at];
    if (c < ' ' || c == 0x7F)
        return tp_fail_col(err, TP_BAD_INPUT, at, "unexpected byte 0x%02x", c);
    return tp_fail_col(err, TP_BAD_INPUT, at, "unexpected '%c'", c);
}

static bool starts_number(tp_str s, ptrdiff_t i)
{
    if (s.at[i] == '.') i++;
    return i < s.len && tp_is_digit(s.at[i]);
}

tp_status tp_expr_lex(tp_word *out, tp_str text, ptrdiff_t from, tp_err *err)
{
    while (from < text.len && tp_is_space(text.at[from])) from++;
    *out = (tp_word){.at = from, .end = from};
    if (from >= text.len) return TP_OK;
    char c = text.at[from];
    if (starts_number(text, from)) return lex_number(out, text, err);
    if (c == '\'' || c == '"') return lex_text(out, text, err);
    if (in_name(c) ||
        (c == ':' && from + 1 < text.len && in_name(text.at[from + 1]))) {
        lex_name(out, text);
        return TP_OK;
    }
    for (int i = 0; i < TP_COUNT(signs); i++) {
        tp_str sign = tp_str_of(signs[i]);
        if (!tp_str_eq(tp_str_part(text, from, sign.len), sign)) continue;
        out->kind = TP_WORD_SIGN;
        out->text = sign;
        out->end = from + sign.len;
        return TP_OK;
    }
    return unknown(text, from, err);
}
