/* Words of a card, with their places. Two cuts: tokens (tp_lex), for
   statements made of names, numbers and lists; fields, for devices: what
   stands between blanks, with brackets and quotes kept whole. */
#include "netlist/text.h"

tp_place tp_card_place(const tp_card *c, ptrdiff_t at)
{
    if (c->n_piece == 0) return (tp_place){0};
    int lo = 0, hi = c->n_piece - 1;
    while (lo < hi) {
        int mid = lo + (hi - lo + 1) / 2;
        if (c->piece[mid].at <= at)
            lo = mid;
        else
            hi = mid - 1;
    }
    tp_place p = c->piece[lo].from;
    if (at > c->piece[lo].at) p.col += (int)(at - c->piece[lo].at);
    return p;
}

/* After the quote that closes the one at `at`, or the end. */
static ptrdiff_t quote_end(tp_str s, ptrdiff_t at)
{
    ptrdiff_t end = tp_str_find(s, s.at[at], at + 1);
    return end < 0 ? s.len : end + 1;
}

static ptrdiff_t brace_end(tp_str s, ptrdiff_t at)
{
    int depth = 0;
    for (ptrdiff_t i = at; i < s.len; i++) {
        if (s.at[i] == '{') depth++;
        if (s.at[i] == '}' && --depth == 0) return i + 1;
    }
    return s.len;
}

static bool is_punct(char c)
{
    return c == '=' || c == ',' || c == '(' || c == ')' || c == '[' || c == ']';
}

static bool is_quote(char c)
{
    return c == '"' || c == '\'';
}

static ptrdiff_t word_end(tp_str s, ptrdiff_t at)
{
    while (at < s.len && !tp_is_space(s.at[at]) && !is_punct(s.at[at]) &&
           !is_quote(s.at[at]) && s.at[at] != '{')
        at++;
    return at;
}

/* A token with an opening and a closing byte, which may be missing. */
static tp_token enclosed(tp_str s, ptrdiff_t at, ptrdiff_t end, char close,
                         tp_token_kind kind)
{
    bool closed = end - at > 1 && s.at[end - 1] == close;
    return (tp_token){.kind = kind,
                      .text = tp_str_part(s, at + 1, end - at - 1 - closed),
                      .at = at,
                      .end = end};
}

tp_token tp_lex(tp_lexer *l)
{
    tp_str    s = l->card->text;
    ptrdiff_t at = l->at;
    while (at < s.len && tp_is_space(s.at[at])) at++;
    tp_token t = {.kind = TP_TOKEN_END, .text = {"", 0}, .at = at, .end = at};
    if (at >= s.len) {
        l->at = at;
        return t;
    }
    if (is_quote(s.at[at])) {
        t = enclosed(s, at, quote_end(s, at), s.at[at], TP_TOKEN_QUOTED);
    } else if (s.at[at] == '{') {
        t = enclosed(s, at, brace_end(s, at), '}', TP_TOKEN_BRACED);
    } else {
        bool punct = is_punct(s.at[at]);
        t.kind = punct ? TP_TOKEN_PUNCT : TP_TOKEN_WORD;
        t.end = punct ? at + 1 : word_end(s, at);
        t.text = tp_str_part(s, at, t.end - at);
    }
    l->at = t.end;
    return t;
}

tp_token tp_lex_peek(tp_lexer l)
{
    return tp_lex(&l);
}

ptrdiff_t tp_open_quote(tp_str s)
{
    for (ptrdiff_t i = 0; i < s.len; i++) {
        if (!is_quote(s.at[i])) continue;
        ptrdiff_t end = tp_str_find(s, s.at[i], i + 1);
        if (end < 0) return i;
        i = end;
    }
    return -1;
}

/* The end of the group that opens at `at`: a quoted text, braces. */
static ptrdiff_t group_end(tp_str s, ptrdiff_t at)
{
    if (is_quote(s.at[at])) return quote_end(s, at);
    if (s.at[at] == '{') return brace_end(s, at);
    return at + 1;
}

tp_str tp_field(tp_str s, ptrdiff_t *at)
{
    ptrdiff_t i = *at;
    while (i < s.len && (tp_is_space(s.at[i]) || is_punct(s.at[i]))) i++;
    ptrdiff_t from = i;
    while (i < s.len && !tp_is_space(s.at[i]) && !is_punct(s.at[i]))
        i = group_end(s, i);
    *at = i;
    return tp_str_part(s, from, i - from);
}

bool tp_is_name_byte(char c)
{
    return tp_is_alpha(c) || tp_is_digit(c) || c == '_';
}

bool tp_is_name(tp_str s)
{
    if (s.len == 0 || tp_is_digit(s.at[0])) return false;
    for (ptrdiff_t i = 0; i < s.len; i++)
        if (!tp_is_name_byte(s.at[i])) return false;
    return true;
}

bool tp_before_equals(tp_str text, ptrdiff_t at)
{
    while (at < text.len && tp_is_space(text.at[at])) at++;
    return at < text.len && text.at[at] == '=';
}
