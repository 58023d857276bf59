/* Whether a deck has to do with a parameter: uses it in an expression or
   declares it. */
#include "netlist/skips.h"

/* What is known at one byte of a card. */
struct state {
    int  depth;  /* of braces */
    char quote;  /* the open one, or 0 */
    bool equals; /* an '=' stood before */
    int  word;   /* blanks passed: which word of the card this is */
};

static void pass(struct state *s, char c)
{
    if (s->quote)
        s->quote = c == s->quote ? '\0' : s->quote;
    else if (c == '"' || c == '\'')
        s->quote = c;
    s->depth += (c == '{') - (c == '}');
    s->equals |= c == '=';
}

static bool is_at(tp_str text, ptrdiff_t at, tp_str name)
{
    ptrdiff_t end = at + name.len;
    if (tp_lower(text.at[at]) != tp_lower(name.at[0])) return false;
    if (at > 0 && tp_is_name_byte(text.at[at - 1])) return false;
    if (end < text.len && tp_is_name_byte(text.at[end])) return false;
    return tp_str_same(tp_str_part(text, at, name.len), name);
}

static bool is_declaration(tp_str text)
{
    tp_str word = tp_first_word(text);
    return tp_is_param_card(text) || tp_str_same(word, TP_S(".func")) ||
           tp_str_same(word, TP_S(".subckt"));
}

static bool card_uses(tp_str text, tp_str name, bool bare)
{
    struct state s = {0};
    bool         declares = is_declaration(text);
    for (ptrdiff_t i = 0; i + name.len <= text.len; i++) {
        if (i > 0 && tp_is_space(text.at[i - 1]) && !tp_is_space(text.at[i]))
            s.word++;
        if (is_at(text, i, name)) {
            bool named = tp_before_equals(text, i + name.len);
            if (s.depth > 0 || s.quote) return true;
            if (declares && s.word > 0 && (named || bare)) return true;
            if (s.equals && !named) return true;
            if (bare && text.at[0] != '.' && s.word > 2 && !named) return true;
        }
        pass(&s, text.at[i]);
    }
    return false;
}

/* An analysis without the optimiser's settings behind `sweep opt`. */
static tp_str before_sweep(tp_str text)
{
    ptrdiff_t at = 0;
    for (tp_str f = tp_field(text, &at); f.len; f = tp_field(text, &at))
        if (tp_str_same(f, TP_S("sweep")))
            return tp_str_part(text, 0, f.at - text.at);
    return text;
}

static bool cards_use(const tp_deck *d, tp_str name)
{
    for (int i = 0; i < d->n_card; i++) {
        tp_str  text = d->card[i].text;
        tp_duty duty = tp_duty_of(text);
        if (duty != TP_DUTY_PASS && duty != TP_DUTY_ANALYSIS) continue;
        if (duty == TP_DUTY_ANALYSIS) text = before_sweep(text);
        if (card_uses(text, name, d->kind == TP_DECK_SIMETRIX)) return true;
    }
    return false;
}

/* ---- what was passed over ------------------------------------------------ */

static bool stands_in(tp_str text, tp_str name)
{
    for (ptrdiff_t i = 0; i + name.len <= text.len; i++)
        if (is_at(text, i, name)) return true;
    return false;
}

/* Whether lines that were passed over have the word. */
static bool is_passed(const tp_deck *d, tp_str name)
{
    for (int i = 0; i < d->n_file; i++) {
        tp_str              text = d->file[i].text;
        const tp_skip_file *f = tp_skips_file(d->skips, d->file[i].name);
        for (int k = 0; f && k < f->n_skip; k++) {
            ptrdiff_t beg = f->skip[k].beg;
            if (stands_in(tp_str_part(text, beg, f->skip[k].end - beg), name))
                return true;
        }
    }
    return false;
}

static bool whole_uses(const tp_deck *d, tp_str name)
{
    tp_arena mem = tp_arena_open((ptrdiff_t)1 << 33);
    tp_deck *whole;
    bool     uses = tp_deck_read_whole(&whole, d, &mem, NULL) == TP_OK &&
                cards_use(whole, name);
    tp_arena_close(&mem);
    return uses;
}

bool tp_deck_uses_param(const tp_deck *d, tp_str name)
{
    if (name.len == 0) return false;
    if (cards_use(d, name)) return true;
    return d->skips && is_passed(d, name) && whole_uses(d, name);
}
