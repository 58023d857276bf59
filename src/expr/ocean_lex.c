/* Cuts OCEAN's expressions, which are SKILL's, into words. Numbers carry
   SKILL's scale letters, where M is mega and m is milli. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "expr/lex.h"

enum { NUMBER_MAX = 300 };

static const char *const signs[] = {
    /* the longer ones first */
    "**", "<=", ">=", "==", "!=", "&&", "||", "(", ")",
    "+",  "-",  "*",  "/",  "<",  ">",  "!",  ",",
};

static const struct {
    char letter;
    int  power;
} scales[] = {
    {'Y', 24}, {'Z', 21},  {'E', 18},  {'P', 15},  {'T', 12},  {'G', 9},
    {'M', 6},  {'k', 3},   {'K', 3},   {'%', -2},  {'m', -3},  {'u', -6},
    {'n', -9}, {'p', -12}, {'f', -15}, {'a', -18}, {'z', -21}, {'y', -24},
};

static bool in_name(char c)
{
    return tp_is_alpha(c) || tp_is_digit(c) || c == '_';
}

static ptrdiff_t digits_end(tp_str s, ptrdiff_t i)
{
    while (i < s.len && tp_is_digit(s.at[i])) i++;
    return i;
}

/* The end of "12.5" at i, and of its exponent. */
static ptrdiff_t mantissa_end(tp_str s, ptrdiff_t i)
{
    i = digits_end(s, i);
    if (i < s.len && s.at[i] == '.') i = digits_end(s, i + 1);
    return i;
}

static ptrdiff_t exponent_end(tp_str s, ptrdiff_t i)
{
    ptrdiff_t at = i + 1;
    if (i >= s.len || tp_lower(s.at[i]) != 'e') return i;
    if (at < s.len && (s.at[at] == '+' || s.at[at] == '-')) at++;
    return at < s.len && tp_is_digit(s.at[at]) ? digits_end(s, at) : i;
}

/* Its scale letter as a power of ten, and where the number ends. */
static int scale_at(tp_str s, ptrdiff_t *end)
{
    for (int i = 0; *end < s.len && i < TP_COUNT(scales); i++) {
        if (scales[i].letter != s.at[*end]) continue;
        ++*end;
        return scales[i].power;
    }
    return 0;
}

static tp_status lex_number(tp_word *t, tp_str s, tp_err *err)
{
    char      text[NUMBER_MAX + 20];
    ptrdiff_t end = mantissa_end(s, t->at), exponent = exponent_end(s, end);
    int       power = 0;
    tp_str    m = tp_str_part(s, t->at, end - t->at);
    if (m.len > NUMBER_MAX)
        return tp_fail_col(err, TP_LIMIT, t->at, "a number of over %d digits",
                           NUMBER_MAX);
    double e = 0;
    if (exponent > end)
        tp_number_all(tp_str_part(s, end + 1, exponent - end - 1), &e);
    else
        power = scale_at(s, &exponent);
    snprintf(text, sizeof text, "%.*se%d", TP_F(m),
             (int)fmax(-9999, fmin(9999, e)) + power);
    t->kind = TP_WORD_NUMBER;
    t->end = exponent;
    t->text = tp_str_part(s, t->at, t->end - t->at);
    tp_number_all(tp_str_of(text), &t->number);
    while (exponent < s.len && in_name(s.at[exponent])) exponent++;
    if (exponent > t->end)
        return tp_fail_col(err, TP_BAD_INPUT, t->at,
                           "'%.*s' is no number (SKILL's scale letters are "
                           "T G M k m u n p f a, and M is mega)",
                           TP_F(tp_str_part(s, t->at, exponent - t->at)));
    return tp_lex_finite(t, err);
}

static tp_status lex_text(tp_word *t, tp_str s, tp_arena *mem, tp_err *err)
{
    tp_buf    b = {.mem = mem};
    ptrdiff_t i = t->at + 1;
    for (; i < s.len && s.at[i] != '"'; i++) {
        char c = s.at[i];
        if (c == '\\' && i + 1 < s.len) {
            c = s.at[++i];
            c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
        }
        tp_buf_char(&b, c);
    }
    if (i >= s.len)
        return tp_fail_col(err, TP_BAD_INPUT, t->at,
                           "the text that starts here has no closing \"");
    t->kind = TP_WORD_TEXT;
    t->text = tp_buf_str(&b);
    t->end = i + 1;
    return TP_OK;
}

/* A name after `skip` characters: itself, 'symbol or ?key. */
static tp_status lex_name(tp_word *t, tp_str s, int skip, tp_word_kind kind,
                          tp_err *err)
{
    ptrdiff_t end = t->at + skip;
    bool      named = end < s.len && in_name(s.at[end]);
    if (!named || tp_is_digit(s.at[end]))
        return tp_fail_col(err, TP_BAD_INPUT, t->at,
                           "'%c' wants a name behind it", s.at[t->at]);
    while (end < s.len && in_name(s.at[end])) end++;
    t->kind = kind;
    t->end = end;
    t->text = tp_str_part(s, t->at + skip, end - t->at - skip);
    return TP_OK;
}

static tp_status lex_sign(tp_word *t, tp_str s, tp_err *err)
{
    if (s.at[t->at] == '^')
        return tp_fail_col(err, TP_BAD_INPUT, t->at,
                           "a power is written ** in OCEAN");
    return tp_lex_sign(t, s, signs, TP_COUNT(signs), err);
}

tp_status tp_ocean_lex(tp_word *out, tp_str text, ptrdiff_t from, tp_arena *mem,
                       tp_err *err)
{
    while (from < text.len && tp_is_space(text.at[from])) from++;
    *out = (tp_word){.at = from, .end = from};
    if (from >= text.len) return TP_OK;
    char c = text.at[from];
    if (tp_lex_starts_number(text, from)) return lex_number(out, text, err);
    if (c == '"') return lex_text(out, text, mem, err);
    if (c == '\'') return lex_name(out, text, 1, TP_WORD_TEXT, err);
    if (c == '?') return lex_name(out, text, 1, TP_WORD_KEY, err);
    if (in_name(c)) return lex_name(out, text, 0, TP_WORD_NAME, err);
    return lex_sign(out, text, err);
}
