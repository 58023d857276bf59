/* The words of a statement: flags and name=value in any order, values as
   SIMetrix writes them: numbers with suffixes, words, quoted texts, lists in
   brackets or bare. */
#include "front/inside.h"

#include <math.h>
#include <stddef.h>

static tp_status fail(const tp_card *card, ptrdiff_t at, tp_err *err,
                      const char *what, tp_str text)
{
    return tp_fail_at(err, TP_BAD_INPUT, tp_card_place(card, at), "%s '%.*s'",
                      what, TP_F(text));
}

/* The token as it stands in the card, quotes and braces included. */
static tp_str written(const tp_card *card, tp_token t)
{
    return tp_str_part(card->text, t.at, t.end - t.at);
}

static bool is_punct(tp_token t, char c)
{
    return t.kind == TP_TOKEN_PUNCT && t.text.at[0] == c;
}

static bool is_closed(tp_token t)
{
    return t.end - t.at == t.text.len + 2;
}

tp_status tp_token_number(double *out, const tp_card *card, tp_token t,
                          const char *what, tp_err *err)
{
    tp_place at = tp_card_place(card, t.at);
    if (t.kind == TP_TOKEN_END)
        return tp_fail_at(err, TP_BAD_INPUT, at, "%s: a number is missing",
                          what);
    if (t.kind == TP_TOKEN_BRACED || t.kind == TP_TOKEN_QUOTED)
        return tp_fail_at(err, TP_BAD_INPUT, at,
                          "%s: %.*s is an expression, a number is wanted here",
                          what, TP_F(written(card, t)));
    if (t.kind != TP_TOKEN_WORD || !tp_number_all_atto(t.text, out))
        return tp_fail_at(err, TP_BAD_INPUT, at, "%s: '%.*s' is no number",
                          what, TP_F(t.text));
    if (!isfinite(*out))
        return tp_fail_at(err, TP_BAD_INPUT, at, "%s: %.*s is too large", what,
                          TP_F(t.text));
    return TP_OK;
}

static const tp_word *find(const tp_word *words, tp_str name)
{
    for (; words->name; words++)
        if (tp_str_same(tp_str_of(words->name), name)) return words;
    return NULL;
}

/* " (did you mean ...?)" of a statement's words. */
static tp_str nearest(const tp_word *words, tp_str name, tp_arena *mem)
{
    int n = 0;
    while (words[n].name) n++;
    tp_str *list = TP_NEW(mem, tp_str, n);
    for (int i = 0; i < n; i++) list[i] = tp_str_of(words[i].name);
    return tp_did_you_mean(mem, name, list, n);
}

/* What is being read. */
typedef struct cursor {
    tp_lexer      *l;
    const tp_word *words, *word;
    tp_given      *to;
    tp_arena      *mem;
    tp_err        *err;
} cursor;

static tp_status read_number(cursor *c)
{
    const tp_card *card = c->l->card;
    tp_token       t = tp_lex(c->l);
    TP_TRY(tp_token_number(&c->to->number, card, t, c->word->name, c->err));
    double   v = c->to->number;
    tp_place at = tp_card_place(card, t.at);
    c->to->at = t.at;
    c->to->text = t.text;
    if (c->word->form == TP_FORM_NUMBER) return TP_OK;
    if (v < 0)
        return tp_fail_at(c->err, TP_BAD_INPUT, at, "%s: %.*s is negative",
                          c->word->name, TP_F(t.text));
    if (c->word->form == TP_FORM_COUNT && (v != floor(v) || v > 1e9))
        return tp_fail_at(c->err, TP_BAD_INPUT, at,
                          "%s: %.*s is no whole number from 0 to 1e9",
                          c->word->name, TP_F(t.text));
    return TP_OK;
}

/* Where what begins at `at` without quotes ends: at a blank outside of
   brackets. */
static ptrdiff_t bare_end(tp_str s, ptrdiff_t at)
{
    int depth = 0;
    for (; at < s.len; at++) {
        char ch = s.at[at];
        if (ch == '(' || ch == '[' || ch == '{') depth++;
        if (ch == ')' || ch == ']' || ch == '}') depth--;
        if (tp_is_space(ch) && depth <= 0) return at;
    }
    return at;
}

static tp_status read_text(cursor *c)
{
    const tp_card *card = c->l->card;
    tp_token       t = tp_lex(c->l);
    if (t.kind == TP_TOKEN_QUOTED && !is_closed(t))
        return fail(card, t.at, c->err, "the quote is not closed:", t.text);
    if (t.kind == TP_TOKEN_QUOTED) {
        c->to->at = t.at + 1;
        c->to->text = t.text;
    } else {
        ptrdiff_t end = bare_end(card->text, t.at);
        if (c->word->form == TP_FORM_WORD)
            end = t.kind == TP_TOKEN_WORD ? t.end : t.at;
        c->to->at = t.at;
        c->to->text = tp_str_part(card->text, t.at, end - t.at);
        c->l->at = end;
    }
    if (tp_str_trim(c->to->text).len > 0) return TP_OK;
    return tp_fail_at(c->err, TP_BAD_INPUT, tp_card_place(card, t.at),
                      "%s: the value is missing", c->word->name);
}

/* Whether a word begins like a number. */
static bool is_numeric(tp_str s)
{
    ptrdiff_t i = s.len > 0 && (s.at[0] == '+' || s.at[0] == '-');
    if (i < s.len && s.at[i] == '.') i++;
    return i < s.len && tp_is_digit(s.at[i]);
}

/* Whether a list without brackets goes on after a comma or a blank. */
static bool goes_on(const cursor *c, bool comma)
{
    tp_lexer l = *c->l;
    tp_token t = tp_lex(&l);
    if (is_punct(tp_lex_peek(l), '=')) return false;
    if (comma || t.kind != TP_TOKEN_WORD) return comma;
    bool numbers = c->word->form == TP_FORM_NUMBERS;
    if (is_numeric(t.text) != numbers) return false;
    return numbers ||
           (!find(c->words, t.text) && !nearest(c->words, t.text, c->mem).len);
}

static tp_status read_item(cursor *c, tp_item *item)
{
    tp_token t = tp_lex(c->l);
    *item = (tp_item){.text = t.text, .at = t.at};
    if (c->word->form == TP_FORM_NUMBERS)
        return tp_token_number(&item->number, c->l->card, t, c->word->name,
                               c->err);
    if (t.kind == TP_TOKEN_WORD) return TP_OK;
    return tp_fail_at(c->err, TP_BAD_INPUT, tp_card_place(c->l->card, t.at),
                      "%s: a name is missing here", c->word->name);
}

static tp_status read_list(cursor *c)
{
    int      cap = 0, n = 0;
    tp_item *list = NULL;
    bool     open = is_punct(tp_lex_peek(*c->l), '[');
    tp_token bracket = tp_lex_peek(*c->l);
    if (open) tp_lex(c->l);
    c->to->at = tp_lex_peek(*c->l).at;
    for (;;) {
        if (open && is_punct(tp_lex_peek(*c->l), ']')) break;
        if (open && tp_lex_peek(*c->l).kind == TP_TOKEN_END)
            return fail(c->l->card, bracket.at, c->err,
                        "the list's bracket is not closed:", bracket.text);
        TP_TRY(read_item(c, TP_PUSH(c->mem, list, n, cap)));
        bool comma = is_punct(tp_lex_peek(*c->l), ',');
        if (comma) tp_lex(c->l);
        if (!open && !goes_on(c, comma)) break;
    }
    if (open) tp_lex(c->l);
    c->to->n = n;
    c->to->item = list;
    return TP_OK;
}

static tp_status (*const readers[])(cursor *c) = {
    [TP_FORM_NUMBER] = read_number, [TP_FORM_AMOUNT] = read_number,
    [TP_FORM_COUNT] = read_number,  [TP_FORM_WORD] = read_text,
    [TP_FORM_TEXT] = read_text,     [TP_FORM_NUMBERS] = read_list,
    [TP_FORM_NAMES] = read_list,
};

tp_status tp_word_read(void *into, const tp_word *words, const char *what,
                       tp_lexer *l, tp_arena *mem, tp_err *err)
{
    tp_token       t = tp_lex(l);
    const tp_card *card = l->card;
    tp_place       at = tp_card_place(card, t.at);
    if (t.kind != TP_TOKEN_WORD)
        return tp_fail_at(err, TP_BAD_INPUT, at,
                          "%s: a word is wanted here, not %.*s", what,
                          TP_F(written(card, t)));
    const tp_word *word = find(words, t.text);
    if (!word)
        return tp_fail_at(err, TP_BAD_INPUT, at, "%s: unknown word '%.*s'%.*s",
                          what, TP_F(t.text),
                          TP_F(t.text.at[0] == '$'
                                   ? TP_S(" (a comment begins with ';' here)")
                                   : nearest(words, t.text, mem)));
    tp_given *to = (tp_given *)(void *)((char *)into + word->at);
    if (to->is)
        return tp_fail_at(err, TP_BAD_INPUT, at, "%s: %s is given twice", what,
                          word->name);
    *to = (tp_given){.is = true, .word = t.at};
    bool valued = is_punct(tp_lex_peek(*l), '=');
    if (word->form == TP_FORM_FLAG && valued)
        return tp_fail_at(err, TP_BAD_INPUT, at, "%s: %s takes no value", what,
                          word->name);
    if (word->form == TP_FORM_FLAG) return TP_OK;
    if (!valued)
        return tp_fail_at(err, TP_BAD_INPUT, at, "%s: %s wants a value: %s=...",
                          what, word->name, word->name);
    tp_lex(l);
    return readers[word->form](&(cursor){l, words, word, to, mem, err});
}

tp_status tp_words_read(void *into, const tp_word *words, const char *what,
                        tp_lexer *l, tp_arena *mem, tp_err *err)
{
    while (tp_lex_peek(*l).kind != TP_TOKEN_END) {
        if (is_punct(tp_lex_peek(*l), ','))
            tp_lex(l);
        else
            TP_TRY(tp_word_read(into, words, what, l, mem, err));
    }
    return TP_OK;
}
