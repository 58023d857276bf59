/* The suffixes of numbers that are read otherwise than they look: M is milli,
   A is atto, of two suffixes only the first counts, and other letters not at
   all. */
#include "front/inside.h"

/* Where the letters behind a number's digits and exponent begin. */
static ptrdiff_t letters_at(tp_str s)
{
    double v;
    for (ptrdiff_t i = 1; i < s.len; i++) {
        bool e = tp_lower(s.at[i]) == 'e' && i + 1 < s.len &&
                 !tp_is_alpha(s.at[i + 1]);
        if (tp_is_alpha(s.at[i]) && !e)
            return tp_number_all(tp_str_part(s, 0, i), &v) ? i : s.len;
    }
    return s.len;
}

static bool is_one_of(tp_str s, const char *const *list, int n)
{
    for (int i = 0; i < n; i++)
        if (tp_str_same(s, tp_str_of(list[i]))) return true;
    return false;
}

/* Two suffixes, where the second is no unit (as in 10mA, 1fF). */
static bool is_double(tp_str letters)
{
    static const char *const first[] = {"meg", "mil", "t", "g", "k", "m",
                                        "u",   "n",   "p", "f", "a"};
    static const char *const second[] = {"meg", "g", "k", "u", "n", "p"};
    for (ptrdiff_t n = 3; n > 0; n -= 2) /* the longer ones first */
        if (is_one_of(tp_str_part(letters, 0, n), first, TP_COUNT(first)))
            return is_one_of(tp_str_from(letters, n), second, TP_COUNT(second));
    return false;
}

tp_str tp_front_milli(tp_arena *mem, const tp_item *item)
{
    if (!tp_number_is_mega(item->text)) return (tp_str){"", 0};
    return tp_str_fmt(mem, " (in %.*s, M is milli)", TP_F(item->text));
}

/* What is to be said of a number that is read. */
static tp_str remark(const tp_item *item, tp_str digits, tp_str letters,
                     tp_arena *mem)
{
    char is[TP_NUMBER_MAX];
    if (!letters.len || tp_lower(letters.at[0]) != 'a')
        return tp_number_remark(item->text, mem);
    if (letters.at[0] == 'a') return TP_S("");
    return tp_str_fmt(mem, "%.*s is %s (atto); %.*s has no suffix",
                      TP_F(item->text), tp_exact(item->number, is),
                      TP_F(digits));
}

tp_status tp_front_suffix(tp_reader *r, const tp_card *card,
                          const tp_item *item, tp_err *err)
{
    tp_place  at = tp_card_place(card, item->at);
    ptrdiff_t from = letters_at(item->text);
    tp_str    letters = tp_str_from(item->text, from);
    tp_str    digits = tp_str_part(item->text, 0, from);
    if (is_double(letters))
        return tp_fail_at(err, TP_BAD_INPUT, at,
                          "%.*s: '%.*s' is a suffix after a suffix",
                          TP_F(item->text), TP_F(letters));
    tp_str text = remark(item, digits, letters, r->mem);
    if (text.len) tp_front_notice(r, at, text);
    return TP_OK;
}
