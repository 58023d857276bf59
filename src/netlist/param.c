/* The entries of .param cards, in ngspice's form ("a=1 b={2*a}") and in
   SIMetrix's, which may leave the '=' out ("a 1 b {2*a}"). */
#include "netlist/text.h"

#include <string.h>

static ptrdiff_t skip_blanks(tp_str s, ptrdiff_t at)
{
    while (at < s.len && (tp_is_space(s.at[at]) || s.at[at] == ',')) at++;
    return at;
}

static ptrdiff_t name_end(tp_str s, ptrdiff_t at)
{
    while (at < s.len && tp_is_name_byte(s.at[at])) at++;
    return at;
}

/* "name =" or "name(a,b) =" at `at`, not "name ==": where the name ends, or
   -1. */
static ptrdiff_t named_value(tp_str s, ptrdiff_t at)
{
    ptrdiff_t end = name_end(s, at);
    if (end == at || tp_is_digit(s.at[at])) return -1;
    if (end < s.len && s.at[end] == '(') {
        ptrdiff_t close = tp_str_find(s, ')', end);
        if (close > 0) end = close + 1;
    }
    ptrdiff_t eq = end;
    while (eq < s.len && tp_is_space(s.at[eq])) eq++;
    bool yes = eq < s.len && s.at[eq] == '=' &&
               !(eq + 1 < s.len && s.at[eq + 1] == '=');
    return yes ? end : -1;
}

static bool is_operator(char c)
{
    return c != '\0' && strchr("+-*/^%<>=!&|?:(", c);
}

/* One step over a value: a quoted text, a group in brackets, one byte. */
static ptrdiff_t step(tp_str s, ptrdiff_t at)
{
    static const char open[] = "{([", close[] = "})]";
    char              c = s.at[at];
    if (c == '"' || c == '\'') {
        ptrdiff_t end = tp_str_find(s, c, at + 1);
        return end < 0 ? s.len : end + 1;
    }
    const char *o = strchr(open, c);
    if (!o) return at + 1;
    int depth = 0;
    for (; at < s.len; at++) {
        if (s.at[at] == c) depth++;
        if (s.at[at] == close[o - open] && --depth == 0) return at + 1;
    }
    return s.len;
}

/* The end of the value that begins at `at`: up to a blank or comma that no
   operator stands beside, or (not `loose`) to the next "name =". */
static ptrdiff_t value_end(tp_str s, ptrdiff_t at, bool loose)
{
    ptrdiff_t end = at;
    while (at < s.len) {
        if (!tp_is_space(s.at[at]) && s.at[at] != ',') {
            end = at = step(s, at);
            continue;
        }
        at = skip_blanks(s, at);
        if (at == s.len || named_value(s, at) >= 0) break;
        bool goes_on = is_operator(s.at[at]) || is_operator(s.at[end - 1]);
        if (loose && !goes_on) break;
    }
    return end;
}

int tp_param_entries(tp_str s, ptrdiff_t at, bool loose, const tp_entry **out,
                     tp_arena *mem)
{
    int       n = 0, cap = 0;
    tp_entry *list = NULL;
    for (at = skip_blanks(s, at); at < s.len; at = skip_blanks(s, at)) {
        tp_entry e = {.name = at, .name_end = named_value(s, at)};
        if (e.name_end >= 0) {
            e.value = skip_blanks(s, tp_str_find(s, '=', e.name_end) + 1);
        } else {
            e.name_end = name_end(s, at);
            e.value = skip_blanks(s, e.name_end);
            if (!loose || e.name_end == at) break;
        }
        e.value_end = value_end(s, e.value, loose);
        if (e.value_end <= e.value) break;
        *TP_PUSH(mem, list, n, cap) = e;
        at = e.value_end;
    }
    *out = list;
    return n;
}

tp_str tp_bare(tp_str s)
{
    s = tp_str_trim(s);
    if (s.len < 2) return s;
    char open = s.at[0], close = s.at[s.len - 1];
    bool whole =
        (open == '{' && close == '}' && step(s, 0) == s.len) ||
        ((open == '\'' || open == '"') && close == open && step(s, 0) == s.len);
    return whole ? tp_str_trim(tp_str_part(s, 1, s.len - 2)) : s;
}

bool tp_is_param_card(tp_str text)
{
    tp_str word = tp_first_word(text);
    return tp_str_same(word, TP_S(".param")) ||
           tp_str_same(word, TP_S(".params"));
}
