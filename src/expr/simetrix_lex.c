/* Cuts SIMetrix's script language into words. A name is any run of characters
   but those the manual forbids, and may carry a group: "tran1:vout". */
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
    tp_lex_simetrix_number(t, s);
    ptrdiff_t end = name_end(s, t->end);
    if (end > t->end) {
        tp_str all = tp_str_part(s, t->at, end - t->at);
        return tp_fail_col(err, TP_BAD_INPUT, t->at,
                           "'%.*s' is no number; a name that starts with a "
                           "digit is written ':%.*s'",
                           TP_F(all), TP_F(all));
    }
    return tp_lex_finite(t, err);
}

tp_status tp_simetrix_lex(tp_word *out, tp_str text, ptrdiff_t from,
                          tp_err *err)
{
    while (from < text.len && tp_is_space(text.at[from])) from++;
    *out = (tp_word){.at = from, .end = from};
    if (from >= text.len) return TP_OK;
    char c = text.at[from];
    if (tp_lex_starts_number(text, from)) return lex_number(out, text, err);
    if (c == '\'' || c == '"') return tp_lex_quoted(out, text, err);
    if (in_name(c) ||
        (c == ':' && from + 1 < text.len && in_name(text.at[from + 1]))) {
        lex_name(out, text);
        return TP_OK;
    }
    return tp_lex_sign(out, text, signs, TP_COUNT(signs), err);
}
