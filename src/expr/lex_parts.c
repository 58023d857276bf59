/* What the lexers of the dialects share. */
#include <math.h>

#include "expr/lex.h"

bool tp_lex_starts_number(tp_str s, ptrdiff_t i)
{
    if (s.at[i] == '.') i++;
    return i < s.len && tp_is_digit(s.at[i]);
}

static void number(tp_word *t, tp_str s, ptrdiff_t used)
{
    t->kind = TP_WORD_NUMBER;
    t->end = t->at + used;
    t->text = tp_str_part(s, t->at, used);
}

void tp_lex_spice_number(tp_word *t, tp_str s)
{
    number(t, s, tp_number(tp_str_from(s, t->at), &t->number));
}

void tp_lex_simetrix_number(tp_word *t, tp_str s)
{
    number(t, s, tp_number_atto(tp_str_from(s, t->at), &t->number));
}

tp_status tp_lex_finite(const tp_word *t, tp_err *err)
{
    if (isfinite(t->number)) return TP_OK;
    return tp_fail_col(err, TP_BAD_INPUT, t->at,
                       "the number '%.*s' is too large", TP_F(t->text));
}

tp_status tp_lex_quoted(tp_word *t, tp_str s, tp_err *err)
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

tp_status tp_lex_sign(tp_word *t, tp_str s, const char *const *sign, int n,
                      tp_err *err)
{
    for (int i = 0; i < n; i++) {
        tp_str one = tp_str_of(sign[i]);
        if (!tp_str_eq(tp_str_part(s, t->at, one.len), one)) continue;
        t->kind = TP_WORD_SIGN;
        t->text = one;
        t->end = t->at + one.len;
        return TP_OK;
    }
    unsigned char c = (unsigned char)s.at[t->at];
    if (c <= ' ' || c >= 0x7F)
        return tp_fail_col(err, TP_BAD_INPUT, t->at, "unexpected byte 0x%02x",
                           c);
    return tp_fail_col(err, TP_BAD_INPUT, t->at, "unexpected '%c'", c);
}
