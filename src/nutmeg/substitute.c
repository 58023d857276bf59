/* What `$` stands for in a statement: variables of `set` ($name, {$name},
   $(name), $name[2], $#name, $?name), values of vectors ($&vec, $&vec[i]), and
   $(#plots). Inside '...' nothing is replaced (SPICE OPUS manual, "Nutmeg";
   Berkeley's front end, "variable substitution"). */
#include "nutmeg/inside.h"

typedef struct substitution {
    tp_nutmeg *m;
    tp_str     text;
    ptrdiff_t  at;
    tp_buf    *out;
    tp_err    *err;
} substitution;

static tp_status replace(substitution *s, int depth);

static bool is_word(char c)
{
    return tp_is_alpha(c) || tp_is_digit(c) || c == '_';
}

static tp_str take_name(substitution *s)
{
    ptrdiff_t from = s->at;
    while (s->at < s->text.len && is_word(s->text.at[s->at])) s->at++;
    return tp_str_part(s->text, from, s->at - from);
}

static bool next_is(const substitution *s, char c)
{
    return s->at < s->text.len && s->text.at[s->at] == c;
}

/* The inside of the bracket at `at`, with its own $... replaced. */
static tp_status take_bracket(substitution *s, int depth, tp_str *inside)
{
    ptrdiff_t end = tp_nm_matching(s->text, s->at);
    char      close = s->text.at[s->at] == '(' ? ')' : ']';
    if (s->text.at[end - 1] != close || end - s->at < 2)
        return tp_fail(s->err, TP_BAD_INPUT, "'%c' is not closed by '%c'",
                       s->text.at[s->at], close);
    tp_buf       b = {.mem = &s->m->scratch};
    substitution in = *s;
    in.text = tp_str_part(s->text, s->at + 1, end - s->at - 2);
    in.at = 0;
    in.out = &b;
    TP_TRY(replace(&in, depth + 1));
    *inside = tp_buf_str(&b);
    s->at = end;
    return TP_OK;
}

static tp_status unknown(substitution *s, tp_str name)
{
    tp_nutmeg *m = s->m;
    tp_arena  *mem = &m->scratch;
    tp_str    *all = TP_NEW(mem, tp_str, m->n_variable + 1);
    for (int i = 0; i < m->n_variable; i++) all[i] = m->variable[i].name;
    tp_str mean = tp_did_you_mean(mem, name, all, m->n_variable);
    return tp_fail(s->err, TP_BAD_INPUT, "%.*s: no such variable%.*s",
                   TP_F(name), TP_F(mean));
}

/* "2", "2-", "-3", "2-3": which of n words, from 1. */
static bool index_range(tp_str text, int n, int *from, int *to)
{
    double    lo = 1, hi = n;
    ptrdiff_t dash = tp_str_find(text, '-', 0);
    tp_str    left = dash < 0 ? text : tp_str_part(text, 0, dash);
    tp_str    right = dash < 0 ? text : tp_str_from(text, dash + 1);
    left = tp_str_trim(left);
    right = tp_str_trim(right);
    if (left.len > 0 && !tp_number_all(left, &lo)) return false;
    if (right.len > 0 && !tp_number_all(right, &hi)) return false;
    if (!(lo >= 1 && hi <= n && lo <= hi)) return false;
    *from = (int)lo - 1;
    *to = (int)hi;
    return true;
}

static tp_status put_variable(substitution *s, tp_str name, int depth)
{
    const tp_str *word = NULL;
    int           n = 0, from = 0;
    if (!tp_nm_variable_words(s->m, name, &word, &n)) return unknown(s, name);
    int to = n;
    if (next_is(s, '[')) {
        tp_str which = {0};
        TP_TRY(take_bracket(s, depth, &which));
        if (!index_range(which, n, &from, &to))
            return tp_fail(s->err, TP_BAD_INPUT,
                           "$%.*s[%.*s]: wanted a number in 1 to %d, or two "
                           "with '-' between",
                           TP_F(name), TP_F(which), n);
    }
    for (int i = from; i < to; i++) {
        if (i > from) tp_buf_char(s->out, ' ');
        tp_buf_add(s->out, word[i]);
    }
    return TP_OK;
}

/* The end of a vector's name as it may follow "$&": brackets belong to it. */
static tp_str take_vector(substitution *s)
{
    ptrdiff_t from = s->at;
    while (s->at < s->text.len) {
        char c = s->text.at[s->at];
        if (c == '(' || c == '[')
            s->at = tp_nm_matching(s->text, s->at);
        else if (is_word(c) || strchr(".#@:%", c))
            s->at++;
        else
            break;
    }
    return tp_str_part(s->text, from, s->at - from);
}

static tp_status put_vector(substitution *s, int depth)
{
    tp_buf       b = {.mem = &s->m->scratch};
    substitution in = *s;
    tp_wave      w;
    char         number[TP_NUMBER_MAX];
    in.text = take_vector(s);
    in.at = 0;
    in.out = &b;
    if (in.text.len == 0)
        return tp_fail(s->err, TP_BAD_INPUT,
                       "'$&' wants the name of a vector behind it");
    TP_TRY(replace(&in, depth + 1));
    TP_TRY(tp_nm_vector_of(s->m, tp_buf_str(&b), &w, s->err));
    for (int i = 0; i < w.n; i++) {
        if (i > 0) tp_buf_char(s->out, ' ');
        tp_buf_fmt(s->out, "%s", tp_exact(w.re[i], number));
        if (w.im) tp_buf_fmt(s->out, ",%s", tp_exact(w.im[i], number));
        if (s->out->len > TP_NM_TEXT_MAX) break; /* refused by the caller */
    }
    return TP_OK;
}

static void put_int(substitution *s, int v)
{
    tp_buf_fmt(s->out, "%d", v);
}

/* Behind the dollar. */
static tp_status put_dollar(substitution *s, int depth)
{
    const tp_str *word = NULL;
    int           n = 0;
    char          c = s->at < s->text.len ? s->text.at[s->at] : ' ';
    if (c == '&') {
        s->at++;
        return put_vector(s, depth);
    }
    if (c == '#' || c == '?') {
        s->at++;
        tp_str name = take_name(s);
        bool   there = tp_nm_variable_words(s->m, name, &word, &n);
        if (c == '#' && !there) return unknown(s, name);
        put_int(s, c == '#' ? n : there);
        return TP_OK;
    }
    if (c == '(') {
        tp_str       inside = {0};
        substitution in = *s;
        TP_TRY(take_bracket(s, depth, &inside));
        in.text = tp_str_trim(inside);
        in.at = 0;
        TP_TRY(put_dollar(&in, depth + 1));
        if (in.at == in.text.len) return TP_OK;
        return tp_fail(s->err, TP_BAD_INPUT,
                       "$(%.*s): wanted the name of a variable", TP_F(inside));
    }
    tp_str name = take_name(s);
    if (name.len > 0) return put_variable(s, name, depth);
    tp_buf_char(s->out, '$');
    return TP_OK;
}

/* "{$name}": the same without the braces; other braces stay. */
static tp_status put_brace(substitution *s, int depth)
{
    ptrdiff_t end = tp_nm_matching(s->text, s->at);
    bool      ours = end - s->at > 3 && s->text.at[s->at + 1] == '$' &&
                s->text.at[end - 1] == '}';
    if (!ours) {
        tp_buf_char(s->out, s->text.at[s->at++]);
        return TP_OK;
    }
    substitution in = *s;
    in.text = tp_str_part(s->text, s->at + 2, end - s->at - 3);
    in.at = 0;
    s->at = end;
    TP_TRY(put_dollar(&in, depth + 1));
    tp_buf_add(s->out, tp_str_from(in.text, in.at));
    return TP_OK;
}

/* At a backslash: it goes in front of a dollar, else both stay. */
static void put_escaped(substitution *s)
{
    tp_str behind = tp_str_from(s->text, s->at + 1);
    if (behind.len == 0 || behind.at[0] != '$') tp_buf_char(s->out, '\\');
    s->at++;
    if (behind.len > 0) tp_buf_char(s->out, s->text.at[s->at++]);
}

/* The next character, or what it begins, replaced. */
static tp_status put_next(substitution *s, int depth)
{
    char c = s->text.at[s->at];
    if (c == '{') return put_brace(s, depth);
    if (c == '\\') {
        put_escaped(s);
        return TP_OK;
    }
    s->at++;
    if (c == '$') return put_dollar(s, depth);
    tp_buf_char(s->out, c);
    return TP_OK;
}

static tp_status replace(substitution *s, int depth)
{
    bool single = false, dual = false;
    if (depth > 10)
        return tp_fail(s->err, TP_LIMIT, "over 10 '$' inside each other");
    while (s->at < s->text.len) {
        char c = s->text.at[s->at];
        if (c == '\'' && !dual) single = !single;
        if (c == '"' && !single) dual = !dual;
        if (single)
            tp_buf_char(s->out, s->text.at[s->at++]);
        else
            TP_TRY(put_next(s, depth));
        if (s->out->len > TP_NM_TEXT_MAX)
            return tp_fail(s->err, TP_LIMIT,
                           "the statement is over %d bytes long with its '$' "
                           "replaced",
                           TP_NM_TEXT_MAX);
    }
    return TP_OK;
}

tp_status tp_nm_substitute(tp_nutmeg *m, tp_str text, tp_str *out, tp_err *err)
{
    *out = text;
    if (tp_str_find(text, '$', 0) < 0) return TP_OK;
    tp_buf       b = {.mem = &m->scratch};
    substitution s = {m, text, 0, &b, err};
    TP_TRY(replace(&s, 0));
    *out = tp_buf_str(&b);
    return TP_OK;
}
