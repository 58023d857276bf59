/* Numbers on the deck's own lines that SPICE reads otherwise than they look:
   .param values, analyses, and what stands on devices where nothing but a value
   can. The circuit is as SPICE reads it; the user is told. Libraries and what
   comes from other folders are not looked at. */
#include "netlist/text.h"

/* Which words of a device (its name is 0) are values, where they are numbers;
   of all others what stands behind '='. */
static int first_value(char letter)
{
    return tp_str_find(TP_S("rclvi"), letter, 0) >= 0 ? 3 : 1000;
}

static void note(tp_deck *d, const tp_card *c, ptrdiff_t at, tp_str number)
{
    tp_place from = tp_card_place(c, at);
    if (!tp_number_is_odd(number)) return;
    tp_str doubt = tp_number_doubt(number, d->mem);
    tp_deck_notice(d, tp_str_fmt(d->mem, "%.*s:%d: %.*s", TP_F(from.in->name),
                                 from.line, TP_F(doubt)));
}

/* The numbers of an expression. */
static void look_at_expression(tp_deck *d, const tp_card *c, ptrdiff_t from,
                               ptrdiff_t end)
{
    tp_str s = tp_str_part(c->text, 0, end);
    for (ptrdiff_t at = from; at < end;) {
        ptrdiff_t beg = at;
        bool      number = tp_is_digit(s.at[at]) || s.at[at] == '.';
        while (at < end && (tp_is_name_byte(s.at[at]) || s.at[at] == '.')) at++;
        ptrdiff_t used = tp_number_letters(tp_str_from(s, beg));
        if (number && beg + used > at) at = beg + used; /* 1e-3 */
        while (number && at < end && tp_is_name_byte(s.at[at])) at++;
        if (number) note(d, c, beg, tp_str_part(s, beg, at - beg));
        if (at == beg) at++;
    }
}

static void look_at_params(tp_deck *d, const tp_card *c)
{
    const tp_entry *e = NULL;
    ptrdiff_t       from = tp_first_word(c->text).len;
    int             n = tp_param_entries(c->text, from, true, &e, d->mem);
    for (int i = 0; i < n; i++)
        if (c->text.at[e[i].value] != '"')
            look_at_expression(d, c, e[i].value, e[i].value_end);
}

/* Plain words from word `first` on, and all behind '='; what stands in brackets
   may be a node. */
static void look_at_words(tp_deck *d, const tp_card *c, int first)
{
    tp_lexer l = {c, 0};
    int      depth = 0;
    bool     named = false;
    for (int i = 0;; i++) {
        tp_token t = tp_lex(&l);
        char     p = t.kind == TP_TOKEN_PUNCT ? t.text.at[0] : 0;
        if (t.kind == TP_TOKEN_END) return;
        if (p == '(' || p == '[') depth++;
        if (p == ')' || p == ']') depth--;
        bool value = named || (i >= first && depth == 0);
        if (t.kind == TP_TOKEN_WORD && value) note(d, c, t.at, t.text);
        named = p == '=';
    }
}

static bool is_own(const tp_deck *d, const tp_card *c)
{
    tp_place at = tp_card_place(c, 0);
    if (!at.in || d->library[at.in - d->file]) return false;
    return tp_str_eq(tp_path_folder(at.in->name),
                     tp_path_folder(d->file[0].name));
}

void tp_units_check(tp_deck *d)
{
    for (int i = 0; i < d->n_card; i++) {
        const tp_card *c = &d->card[i];
        if (!c->text.len || !is_own(d, c)) continue;
        if (tp_is_param_card(c->text))
            look_at_params(d, c);
        else if (tp_is_alpha(c->text.at[0]))
            look_at_words(d, c, first_value(tp_lower(c->text.at[0])));
        else if (tp_duty_of(c->text) == TP_DUTY_ANALYSIS)
            look_at_words(d, c, 1);
    }
}
