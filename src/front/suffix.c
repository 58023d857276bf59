/* The suffixes of numbers that are read otherwise than they look: M is milli,
   and of two suffixes only the first counts. */
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

static bool is_milli(tp_str letters)
{
    return letters.len > 0 && letters.at[0] == 'M' &&
           !tp_str_starts(letters, TP_S("meg")) &&
           !tp_str_starts(letters, TP_S("mil"));
}

static bool looks_like_mega(const tp_item *item)
{
    double    plain = 0;
    ptrdiff_t from = letters_at(item->text);
    tp_number_all(tp_str_part(item->text, 0, from), &plain);
    return is_milli(tp_str_from(item->text, from)) &&
           (plain >= 1 || plain <= -1);
}

tp_str tp_front_milli(tp_arena *mem, const tp_item *item)
{
    if (!looks_like_mega(item)) return (tp_str){"", 0};
    return tp_str_fmt(mem, " (in %.*s, M is milli)", TP_F(item->text));
}

tp_status tp_front_suffix(tp_reader *r, const tp_card *card,
                          const tp_item *item, tp_err *err)
{
    char      is[TP_NUMBER_MAX], mega[TP_NUMBER_MAX];
    double    plain = 0;
    tp_place  at = tp_card_place(card, item->at);
    ptrdiff_t from = letters_at(item->text);
    tp_str    letters = tp_str_from(item->text, from);
    tp_str    digits = tp_str_part(item->text, 0, from);
    if (is_double(letters))
        return tp_fail_at(err, TP_BAD_INPUT, at,
                          "%.*s: '%.*s' is a suffix after a suffix",
                          TP_F(item->text), TP_F(letters));
    tp_number_all(digits, &plain);
    if (!looks_like_mega(item)) return TP_OK;
    tp_front_notice(r, at,
                    tp_str_fmt(r->mem, "%.*s is %s (milli); %.*sMeg is %s",
                               TP_F(item->text), tp_exact(item->number, is),
                               TP_F(digits), tp_exact(plain * 1e6, mega)));
    return TP_OK;
}
