/* The words of PSF-ASCII: strings in double quotes, numbers, brackets, '*' and
   words in capitals. Lines mean nothing but to messages. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "wave/psf.h"

tp_status tp_psf_bad(const tp_psf_lexer *l, tp_status code, const char *fmt,
                     ...)
{
    char    text[300];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    tp_fail(l->err, code, "PSF file, line %d: %s", l->line, text);
    if (l->err) l->err->line = l->line;
    return code;
}

tp_status tp_psf_unexpected(const tp_psf_lexer *l, const char *wanted)
{
    if (l->now == TP_PSF_END)
        return tp_psf_bad(l, TP_BAD_INPUT,
                          "the file ends where %s is wanted: it was not "
                          "written to its end",
                          wanted);
    tp_str text = tp_str_part(l->text, 0, 40);
    return tp_psf_bad(l, TP_BAD_INPUT, "wanted %s, got '%.*s'", wanted,
                      TP_F(text));
}

tp_status tp_psf_expect(tp_psf_lexer *l, tp_psf_word word, const char *wanted)
{
    if (l->now != word) return tp_psf_unexpected(l, wanted);
    return tp_psf_next(l);
}

bool tp_psf_at_key(const tp_psf_lexer *l, const char *key)
{
    return l->now == TP_PSF_KEY && tp_str_eq(l->text, tp_str_of(key));
}

static bool ends_word(char c)
{
    return tp_is_space(c) || c == '(' || c == ')' || c == '"';
}

static tp_status lex_string(tp_psf_lexer *l)
{
    ptrdiff_t i = l->at + 1, from = i;
    bool      escaped = false;
    for (; i < l->all.len && l->all.at[i] != '"' && l->all.at[i] != '\n'; i++)
        if (l->all.at[i] == '\\') {
            escaped = true;
            i++;
        }
    if (i >= l->all.len)
        return tp_psf_bad(l, TP_BAD_INPUT,
                          "the file ends inside a string: it was not written "
                          "to its end");
    if (l->all.at[i] != '"')
        return tp_psf_bad(l, TP_BAD_INPUT,
                          "the string that starts here has no closing '\"'");
    l->now = TP_PSF_STRING;
    l->text = tp_str_part(l->all, from, i - from);
    l->at = i + 1;
    if (!escaped) return TP_OK;
    tp_buf b = {.mem = l->mem};
    for (ptrdiff_t k = 0; k < l->text.len; k++) {
        if (l->text.at[k] == '\\') k++;
        tp_buf_char(&b, l->text.at[k]);
    }
    l->text = tp_buf_str(&b);
    return TP_OK;
}

static bool odd_number(tp_str word, double *out)
{
    static const struct {
        const char *word;
        double      value;
    } odd[] = {{"nan", NAN},
               {"-nan", NAN},
               {"inf", HUGE_VAL},
               {"-inf", -HUGE_VAL},
               {"+inf", HUGE_VAL}};
    for (int i = 0; i < TP_COUNT(odd); i++) {
        if (!tp_str_same(word, tp_str_of(odd[i].word))) continue;
        *out = odd[i].value;
        return true;
    }
    return false;
}

static tp_status lex_word(tp_psf_lexer *l)
{
    ptrdiff_t end = l->at;
    while (end < l->all.len && !ends_word(l->all.at[end])) end++;
    l->text = tp_str_part(l->all, l->at, end - l->at);
    bool number = tp_number_all(l->text, &l->number);
    char last = l->text.at[l->text.len - 1];
    number = number && (tp_is_digit(last) || last == '.');
    l->now = TP_PSF_KEY;
    if (number || odd_number(l->text, &l->number)) l->now = TP_PSF_NUMBER;
    l->at = end;
    return TP_OK;
}

tp_status tp_psf_next(tp_psf_lexer *l)
{
    static const struct {
        char        sign;
        tp_psf_word word;
    } signs[] = {{'(', TP_PSF_OPEN}, {')', TP_PSF_CLOSE}, {'*', TP_PSF_STAR}};
    for (; l->at < l->all.len && tp_is_space(l->all.at[l->at]); l->at++)
        l->line += l->all.at[l->at] == '\n';
    l->now = TP_PSF_END;
    l->text = tp_str_part(l->all, l->at, 1);
    if (l->at >= l->all.len) return TP_OK;
    char c = l->all.at[l->at];
    if (c == '"') return lex_string(l);
    for (int i = 0; i < TP_COUNT(signs); i++) {
        if (c != signs[i].sign) continue;
        l->now = signs[i].word;
        l->at++;
        return TP_OK;
    }
    return lex_word(l);
}
