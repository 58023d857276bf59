/* From a line to statements, and from a statement to words: quotes,
   backslashes, separators and brackets of Nutmeg. */
#include "nutmeg/inside.h"

/* At a quote: the index after the one that closes it. */
static ptrdiff_t after_quote(tp_str s, ptrdiff_t at)
{
    char quote = s.at[at++];
    while (at < s.len && s.at[at] != quote)
        at += s.at[at] == '\\' && quote == '"' ? 2 : 1;
    return at < s.len ? at + 1 : s.len;
}

bool tp_nm_blank(tp_str line)
{
    tp_str s = tp_str_trim(line);
    return s.len == 0 || s.at[0] == '*';
}

bool tp_nm_statement(tp_str *line, tp_str *out)
{
    tp_str    s = *line;
    int       depth = 0;
    ptrdiff_t i = 0;
    if (s.len == 0) return false;
    while (i < s.len && !(s.at[i] == ';' && depth <= 0)) {
        char c = s.at[i];
        if (c == '"' || c == '\'') {
            i = after_quote(s, i);
            continue;
        }
        if (c == '(' || c == '[') depth++;
        if (c == ')' || c == ']') depth--;
        i += c == '\\' && i + 1 < s.len ? 2 : 1;
    }
    *out = tp_str_trim(tp_str_part(s, 0, i));
    *line = tp_str_from(s, i + 1);
    return true;
}

ptrdiff_t tp_nm_matching(tp_str s, ptrdiff_t at)
{
    static const char open[] = "([{", close[] = ")]}";
    const char       *kind = strchr(open, s.at[at]);
    int               depth = 0;
    if (!kind) return s.len;
    for (ptrdiff_t i = at; i < s.len; i++) {
        if (s.at[i] == *kind) depth++;
        if (s.at[i] == close[kind - open] && --depth == 0) return i + 1;
    }
    return s.len;
}

tp_str tp_nm_word(tp_str *rest)
{
    tp_str    s = tp_str_trim(*rest);
    ptrdiff_t i = 0;
    while (i < s.len && !tp_is_space(s.at[i])) {
        char c = s.at[i];
        if (c == '"' || c == '\'')
            i = after_quote(s, i);
        else if (c == '(' || c == '[' || c == '{')
            i = tp_nm_matching(s, i);
        else
            i += c == '\\' && i + 1 < s.len ? 2 : 1;
    }
    *rest = tp_str_from(s, i);
    return tp_str_part(s, 0, i);
}

tp_str tp_nm_unquote(tp_str word, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    char   quote = 0;
    bool   plain = true;
    for (ptrdiff_t i = 0; i < word.len; i++)
        plain = plain && !strchr("\"'\\", word.at[i]);
    if (plain) return word;
    for (ptrdiff_t i = 0; i < word.len; i++) {
        char c = word.at[i];
        if (c == '\\' && quote != '\'' && i + 1 < word.len)
            tp_buf_char(&b, word.at[++i]);
        else if (quote ? c == quote : c == '"' || c == '\'')
            quote = quote ? 0 : c;
        else
            tp_buf_char(&b, c);
    }
    return tp_buf_str(&b);
}

/* Blanks separate, and brackets do not hold together: `( 1 2 3 )` is five
   words, as the commands that take lists want it. */
int tp_nm_words(tp_str text, const tp_str **out, tp_arena *mem)
{
    tp_str   *word = NULL;
    int       n = 0, cap = 0;
    ptrdiff_t i = 0;
    for (;;) {
        while (i < text.len && tp_is_space(text.at[i])) i++;
        if (i >= text.len) break;
        ptrdiff_t from = i;
        while (i < text.len && !tp_is_space(text.at[i])) {
            char c = text.at[i];
            if (c == '"' || c == '\'')
                i = after_quote(text, i);
            else
                i += c == '\\' && i + 1 < text.len ? 2 : 1;
        }
        *TP_PUSH(mem, word, n, cap) =
            tp_nm_unquote(tp_str_part(text, from, i - from), mem);
    }
    *out = word;
    return n;
}

static const char *const word_operators[] = {"gt", "lt", "ge",  "le", "eq",
                                             "ne", "or", "and", NULL};

static bool is_name(char c)
{
    return tp_is_alpha(c) || tp_is_digit(c) || c == '_';
}

static bool is_word_operator(tp_str s)
{
    for (int i = 0; word_operators[i]; i++)
        if (tp_str_same(s, tp_str_of(word_operators[i]))) return true;
    return false;
}

/* Whether text[..end) ends with an operand. */
static bool ends_operand(tp_str text, ptrdiff_t end)
{
    char c = text.at[end - 1];
    if (c == ')' || c == ']' || c == '}' || c == '"' || c == '\'') return true;
    if (c == '#' || c == '.' || c == ':') return true;
    if (!is_name(c)) return false;
    ptrdiff_t from = end;
    while (from > 0 && is_name(text.at[from - 1])) from--;
    tp_str word = tp_str_part(text, from, end - from);
    return !is_word_operator(word) && !tp_str_same(word, TP_S("not"));
}

static bool begins_operand(tp_str text, ptrdiff_t at)
{
    char c = text.at[at];
    if (c == '(' || c == '@' || c == '"' || c == '\'' || c == '.' || c == '~' ||
        c == '!')
        return !(c == '!' && at + 1 < text.len && text.at[at + 1] == '=');
    if (!is_name(c)) return false;
    ptrdiff_t end = at;
    while (end < text.len && is_name(text.at[end])) end++;
    return !is_word_operator(tp_str_part(text, at, end - at));
}

/* Behind the quotes, the brackets or the one character at `at`. */
static ptrdiff_t after_piece(tp_str text, ptrdiff_t at)
{
    char c = text.at[at];
    if (c == '"' || c == '\'') return after_quote(text, at);
    if (c == '(' || c == '[' || c == '{') return tp_nm_matching(text, at);
    return at + 1;
}

int tp_nm_expressions(tp_str text, const tp_str **out, tp_arena *mem)
{
    tp_str   *part = NULL;
    int       n = 0, cap = 0;
    ptrdiff_t from = 0, i = 0;
    text = tp_str_trim(text);
    while (i < text.len) {
        if (!tp_is_space(text.at[i])) {
            i = after_piece(text, i);
            continue;
        }
        ptrdiff_t next = i;
        while (tp_is_space(text.at[next])) next++;
        if (ends_operand(text, i) && begins_operand(text, next)) {
            *TP_PUSH(mem, part, n, cap) = tp_str_part(text, from, i - from);
            from = next;
        }
        i = next;
    }
    if (text.len > from) *TP_PUSH(mem, part, n, cap) = tp_str_from(text, from);
    *out = part;
    return n;
}
