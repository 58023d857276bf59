/* Whether line 1 of a deck is its title, as SPICE has it, or a card: some
   decks are printed without a title, and reading those by the rule would drop
   a device. */
#include "netlist/text.h"

enum { MAX_WORDS = 8 };

struct look { /* line 1, cut at blanks */
    const tp_deck *d;
    tp_str         text;
    int            n;
    tp_str         word[MAX_WORDS];
};

/* Whether a ".model name" or ".subckt name" is in the deck. */
static bool defines(const tp_deck *d, tp_str statement, tp_str name)
{
    for (int i = 0; i < d->n_card && name.len > 0; i++) {
        tp_str    text = d->card[i].text;
        ptrdiff_t at = 0;
        if (text.at[0] != '.') continue;
        if (!tp_str_same(tp_field(text, &at), statement)) continue;
        if (tp_str_same(tp_field(text, &at), name)) return true;
    }
    return false;
}

static bool is_value(tp_str s)
{
    double v = 0;
    if (s.len == 0) return false;
    return tp_number(s, &v) > 0 || s.at[0] == '{' || s.at[0] == '\'';
}

static bool is_source(const struct look *l)
{
    static const char *const words[] = {"dc",  "ac",   "sin", "pulse",
                                        "pwl", "sffm", "exp", "am"};
    tp_str                   w = l->word[3];
    ptrdiff_t                bracket = tp_str_find(w, '(', 0);
    if (bracket > 0) w.len = bracket;
    for (int i = 0; i < TP_COUNT(words); i++)
        if (tp_str_same(w, tp_str_of(words[i]))) return true;
    return is_value(w);
}

static bool has_model(const struct look *l)
{
    for (int i = 3; i < l->n; i++)
        if (defines(l->d, TP_S(".model"), l->word[i])) return true;
    return false;
}

static bool has_subckt(const struct look *l)
{
    for (int i = 1; i < l->n; i++)
        if (defines(l->d, TP_S(".subckt"), l->word[i])) return true;
    return false;
}

static bool has_value_3(const struct look *l)
{
    return is_value(l->word[3]);
}

static bool has_value_4(const struct look *l)
{
    return is_value(l->word[4]);
}

static bool has_value_5(const struct look *l)
{
    return is_value(l->word[5]);
}

static bool has_equals(const struct look *l)
{
    return tp_str_find(l->text, '=', 0) > 0;
}

static const struct kind {
    char letter;
    bool (*complete)(const struct look *l);
} kind[] = {
    {'r', has_value_3}, {'c', has_value_3}, {'l', has_value_3},
    {'k', has_value_3}, {'v', is_source},   {'i', is_source},
    {'e', has_value_5}, {'g', has_value_5}, {'f', has_value_4},
    {'h', has_value_4}, {'b', has_equals},  {'d', has_model},
    {'q', has_model},   {'m', has_model},   {'j', has_model},
    {'x', has_subckt},
};

static bool is_complete(const tp_deck *d, tp_str text)
{
    struct look l = {.d = d, .text = text};
    tp_str      rest = text;
    while (l.n < MAX_WORDS) {
        l.word[l.n] = tp_str_word(&rest, " \t");
        if (l.word[l.n].len == 0) break;
        l.n++;
    }
    for (int i = l.n; i < MAX_WORDS; i++) l.word[i] = (tp_str){"", 0};
    for (int i = 0; i < TP_COUNT(kind); i++)
        if (kind[i].letter == tp_lower(text.at[0]))
            return l.n >= 4 && kind[i].complete(&l);
    return false;
}

/* Where `name` stands alone in `text`, from `from` on, or -1. */
static ptrdiff_t find_name(tp_str text, tp_str name, ptrdiff_t from)
{
    for (ptrdiff_t i = from; i + name.len <= text.len; i++) {
        if (tp_lower(text.at[i]) != tp_lower(name.at[0])) continue;
        if (i > 0 && (tp_is_name_byte(text.at[i - 1]) || text.at[i - 1] == '.'))
            continue;
        ptrdiff_t end = i + name.len;
        if (end < text.len && tp_is_name_byte(text.at[end])) continue;
        if (tp_str_same(tp_str_part(text, i, name.len), name)) return i;
    }
    return -1;
}

/* "name#p", "i(name)", "@name[p]": only a device is named so. */
static bool names_device(tp_str text, tp_str name)
{
    for (ptrdiff_t i = find_name(text, name, 0); i >= 0;
         i = find_name(text, name, i + 1)) {
        ptrdiff_t end = i + name.len;
        if (end < text.len && text.at[end] == '#') return true;
        if (i > 0 && text.at[i - 1] == '@') return true;
        if (i > 1 && text.at[i - 1] == '(' && tp_lower(text.at[i - 2]) == 'i')
            return true;
    }
    return false;
}

static bool is_used(const tp_deck *d, tp_str name)
{
    for (int i = 1; i < d->n_card; i++) {
        const tp_card *c = &d->card[i];
        char           first = tp_lower(c->text.at[0]);
        bool           refers = first == 'f' || first == 'h' || first == 'w' ||
                      first == 'k' || tp_duty_of(c->text) == TP_DUTY_ANALYSIS;
        if (refers && find_name(c->text, name, 0) > 0) return true;
        if (names_device(c->text, name)) return true;
        if (c->body.len > 0 && names_device(c->body, name)) return true;
    }
    return false;
}

bool tp_title_is_device(tp_deck *d, tp_arena *mem)
{
    tp_str text = d->card[0].text;
    if (!is_complete(d, text)) return false;
    tp_str name = tp_first_word(text), file = d->file[0].name;
    bool   used = is_used(d, name);
    if (used)
        tp_deck_notice(d, tp_str_fmt(mem,
                                     "%.*s:1: the deck has no title: line 1 "
                                     "is the device %.*s, which is used "
                                     "elsewhere",
                                     TP_F(file), TP_F(name)));
    else
        tp_deck_notice(d, tp_str_fmt(mem,
                                     "%.*s:1: line 1 is the title, although "
                                     "it looks like a device (%.*s)",
                                     TP_F(file), TP_F(name)));
    return used;
}
