/* Cuts Nutmeg's expressions into words. */
#include <string.h>

#include "expr/lex.h"

static const char *const signs[] = {
    /* the longer ones first */
    "<=", ">=", "==", "!=", "<>", "&&", "||", "(", ")", "[", "]", "+", "-", "*",
    "/",  "%",  "^",  "<",  ">",  "&",  "|",  "~", "=", ",", "?", ":", ";",
};

static bool printable(char c)
{
    return (unsigned char)c > ' ' && c != 0x7F;
}

static bool in_name(char c)
{
    return printable(c) && !strchr("\\\"'`&+-*/^%<>=@$(){}[]!~?;:|,", c);
}

bool tp_nutmeg_in_node(char c)
{
    return printable(c) && !strchr("(),\"'`", c);
}

static bool at_name(tp_str s, ptrdiff_t i)
{
    return i >= 0 && i < s.len && in_name(s.at[i]);
}

/* The end of a name at i, where ':' between its characters belongs to it. */
static ptrdiff_t path_end(tp_str s, ptrdiff_t i, bool colons)
{
    for (;; i++) {
        if (at_name(s, i)) continue;
        bool colon = colons && i < s.len && s.at[i] == ':';
        if (!colon || !at_name(s, i - 1) || !at_name(s, i + 1)) return i;
    }
}

/* "@r1", "@@dm[is]", "@m1:x1[gm]"; `i` is at the '@'. */
static ptrdiff_t device_end(tp_str s, ptrdiff_t i)
{
    while (i < s.len && s.at[i] == '@') i++;
    ptrdiff_t end = path_end(s, i, true), in = end + 1;
    if (end == i || end >= s.len || s.at[end] != '[') return end;
    if (in >= s.len || !(tp_is_alpha(s.at[in]) || s.at[in] == '_')) return end;
    while (at_name(s, in)) in++;
    return in < s.len && s.at[in] == ']' ? in + 1 : end;
}

static tp_status lex_name(tp_word *t, tp_str s, bool choice, tp_err *err)
{
    ptrdiff_t end = path_end(s, t->at, !choice), at = end;
    if (end < s.len && s.at[end] == '@' &&
        (end == t->at || s.at[end - 1] == '.')) {
        while (at < s.len && s.at[at] == '@') at++;
        end = device_end(s, end);
        if (end == at)
            return tp_fail_col(err, TP_BAD_INPUT, t->at,
                               "'@' wants a device: @r1[resistance]");
    }
    t->kind = TP_WORD_NAME;
    t->end = end;
    t->text = tp_str_part(s, t->at, end - t->at);
    return TP_OK;
}

static tp_status lex_number(tp_word *t, tp_str s, tp_err *err)
{
    tp_lex_spice_number(t, s);
    ptrdiff_t end = path_end(s, t->end, false);
    if (end > t->end) {
        tp_str all = tp_str_part(s, t->at, end - t->at);
        return tp_fail_col(err, TP_BAD_INPUT, t->at,
                           "'%.*s' is no number; a node's voltage is written "
                           "v(%.*s)",
                           TP_F(all), TP_F(all));
    }
    return tp_lex_finite(t, err);
}

tp_status tp_nutmeg_lex(tp_word *out, tp_str text, ptrdiff_t from, bool choice,
                        tp_err *err)
{
    while (from < text.len && tp_is_space(text.at[from])) from++;
    *out = (tp_word){.at = from, .end = from};
    if (from >= text.len) return TP_OK;
    char c = text.at[from];
    if (tp_lex_starts_number(text, from)) return lex_number(out, text, err);
    if (c == '\'' || c == '"') return tp_lex_quoted(out, text, err);
    if (in_name(c) || c == '@') return lex_name(out, text, choice, err);
    return tp_lex_sign(out, text, signs, TP_COUNT(signs), err);
}

/* ngspice's vdb(out) and the like: a function of the voltage. */
static const struct {
    tp_str name, fn;
} parts[] = {
    {{"vm", 2}, {"mag", 3}}, {{"vp", 2}, {"ph", 2}},  {{"vr", 2}, {"re", 2}},
    {{"vi", 2}, {"im", 2}},  {{"vdb", 3}, {"db", 2}},
};

const tp_fn *tp_nutmeg_part(tp_str name)
{
    for (int i = 0; i < TP_COUNT(parts); i++)
        if (tp_str_same(parts[i].name, name))
            return tp_function_find(TP_NUTMEG, parts[i].fn);
    return NULL;
}

tp_str tp_nutmeg_last_part(tp_str name)
{
    ptrdiff_t dot = name.len;
    while (dot > 0 && name.at[dot - 1] != '.') dot--;
    return tp_str_from(name, dot);
}
