/* Post-process scripts: Let, plot, curve and echo of the SIMetrix script
   language, one statement a line ("+" goes on, "*" is a comment). */
#include "front/script.h"

/* One statement being read: `line` is a stretch of `text`, in which the line
   ends before a "+" are blanks; `at` moves along it. */
typedef struct line {
    tp_reader            *r;
    const tp_script_text *from;
    tp_str                text;
    ptrdiff_t             at, end;
    tp_step              *out;
    int                   n_step; /* so far */
    const tp_step        *step;
    tp_err               *err;
} line;

static tp_place place(const line *l, ptrdiff_t at)
{
    tp_origin o = {.block = l->from->text, .from = l->from->from};
    return tp_origin_place(&o, at);
}

static void skip_blanks(line *l)
{
    while (l->at < l->end && tp_is_space(l->text.at[l->at])) l->at++;
}

static tp_str cut(const line *l, ptrdiff_t from, ptrdiff_t to)
{
    return tp_str_trim(tp_str_part(l->text, from, to - from));
}

/* ---- expressions -------------------------------------------------------- */

/* How names are bound in a text at `at`. */
static tp_names names_at(const line *l, ptrdiff_t at)
{
    return (tp_names){
        .from = {.at = at, .block = l->from->text, .from = l->from->from},
        .analysis = -1,
        .script = true,
        .n_step = l->n_step,
        .step = l->step};
}

/* Compiles and binds what stands from `from` to `to`. */
static tp_status read_expr(const line *l, ptrdiff_t from, ptrdiff_t to,
                           const tp_expr **e, const tp_bind **bind, int *n)
{
    while (from < to && tp_is_space(l->text.at[from])) from++;
    tp_str   text = cut(l, from, to);
    tp_scope scope = {.dialect = TP_SIMETRIX};
    tp_names names = names_at(l, from);
    if (text.len == 0)
        return tp_fail_at(l->err, TP_BAD_INPUT, place(l, from),
                          "an expression is missing here");
    if (tp_expr_compile(e, text, &scope, l->r->mem, l->err) != TP_OK)
        return tp_origin_fail(&names.from, l->err);
    return tp_names_bind(bind, n, l->r, *e, &names, l->err);
}

static bool is_name_byte(char c)
{
    static const char not_in_names[] = "\\\"&+-*/^<>'@{}()[]!%;:|=,";
    for (const char *p = not_in_names; *p; p++)
        if (*p == c) return false;
    return !tp_is_space(c);
}

static tp_status read_let(line *l)
{
    skip_blanks(l);
    ptrdiff_t from = l->at;
    while (l->at < l->end && is_name_byte(l->text.at[l->at])) l->at++;
    tp_str name = cut(l, from, l->at);
    skip_blanks(l);
    if (name.len == 0 || l->at >= l->end || l->text.at[l->at] != '=')
        return tp_fail_at(l->err, TP_BAD_INPUT,
                          place(l, name.len ? l->at : from),
                          "Let wants NAME = EXPRESSION");
    l->out->name = tp_str_lower(l->r->mem, name);
    l->out->text = cut(l, l->at + 1, l->end);
    return read_expr(l, l->at + 1, l->end, &l->out->expr, &l->out->bind,
                     &l->out->n_bind);
}

/* ---- plot and curve ----------------------------------------------------- */

static const struct {
    const char *name;
    bool        valued;
} options[] = {
    {"name", true},  {"title", true}, {"xlabel", true}, {"ylabel", true},
    {"xlog", false}, {"ylog", false}, {"xauto", false}, {"yauto", false},
};

/* The option that begins with the "/" at `at`: its row, or -1. */
static int find_option(const line *l, ptrdiff_t at, tp_str *word)
{
    ptrdiff_t end = at + 1;
    while (end < l->end &&
           (tp_is_alpha(l->text.at[end]) || tp_is_digit(l->text.at[end]) ||
            l->text.at[end] == '_'))
        end++;
    *word = tp_str_part(l->text, at + 1, end - at - 1);
    for (int i = 0; i < TP_COUNT(options); i++)
        if (tp_str_same(*word, tp_str_of(options[i].name))) return i;
    return -1;
}

static tp_status fail_option(const line *l, tp_str word)
{
    tp_str list[TP_COUNT(options)];
    for (int i = 0; i < TP_COUNT(options); i++)
        list[i] = tp_str_of(options[i].name);
    return tp_fail_at(
        l->err, TP_BAD_INPUT, place(l, l->at),
        "unknown option '/%.*s'%.*s; known: /name /title /xlabel /ylabel "
        "/xlog /ylog /xauto /yauto",
        TP_F(word),
        TP_F(tp_did_you_mean(l->r->mem, word, list, TP_COUNT(options))));
}

/* The value of an option: quoted, or up to the next blank. */
static tp_status read_value(line *l, tp_str word, tp_str *out)
{
    skip_blanks(l);
    ptrdiff_t from = l->at;
    char      c = from < l->end ? l->text.at[from] : '/';
    if (c == '"' || c == '\'') {
        ptrdiff_t close = tp_str_find(l->text, c, from + 1);
        if (close < 0 || close >= l->end)
            return tp_fail_at(l->err, TP_BAD_INPUT, place(l, from),
                              "the quote is not closed");
        l->at = close + 1;
        *out = tp_str_part(l->text, from + 1, close - from - 1);
        return TP_OK;
    }
    while (l->at < l->end && !tp_is_space(l->text.at[l->at])) l->at++;
    *out = cut(l, from, l->at);
    if (c != '/') return TP_OK;
    return tp_fail_at(l->err, TP_BAD_INPUT, place(l, from),
                      "/%.*s wants a value", TP_F(word));
}

static tp_status read_option(line *l, tp_option *list)
{
    tp_str word;
    int    row = find_option(l, l->at, &word);
    if (row < 0) return fail_option(l, word);
    tp_option *o = &list[l->out->n_option++];
    l->at += 1 + word.len;
    *o = (tp_option){tp_str_of(options[row].name), {"", 0}};
    if (options[row].valued) TP_TRY(read_value(l, word, &o->value));
    o->value = tp_front_utf8(l->r->mem, o->value);
    return TP_OK;
}

static bool is_word_operator(tp_str s)
{
    return tp_str_same(s, TP_S("and")) || tp_str_same(s, TP_S("or")) ||
           tp_str_same(s, TP_S("not"));
}

/* The word that ends at `end`, or begins at `from` (the other is -1). */
static tp_str word_around(const line *l, ptrdiff_t from, ptrdiff_t end)
{
    if (from < 0)
        for (from = end; from > 0 && is_name_byte(l->text.at[from - 1]);)
            from--;
    else
        for (end = from; end < l->end && is_name_byte(l->text.at[end]);) end++;
    return tp_str_part(l->text, from, end - from);
}

/* Whether the blanks from `blank` to `next` stand between two expressions:
   a value ends before them and another begins after them. */
static bool separates(const line *l, ptrdiff_t blank, ptrdiff_t next)
{
    char   before = l->text.at[blank - 1], after = l->text.at[next];
    tp_str word, last = word_around(l, -1, blank);
    if (after == '/') return find_option(l, next, &word) >= 0;
    bool ends = is_name_byte(before) || before == ')' || before == ']' ||
                before == '\'' || before == '"';
    bool begins =
        is_name_byte(after) || after == '(' || after == '\'' || after == '"';
    if (!ends || !begins || is_word_operator(last)) return false;
    if (after == '(') return !tp_function_find(TP_SIMETRIX, last);
    return !is_word_operator(word_around(l, next, -1));
}

/* Moves to the end of the expression that begins here. */
static void skip_expression(line *l)
{
    ptrdiff_t begin = l->at;
    int       depth = 0;
    for (; l->at < l->end; l->at++) {
        char c = l->text.at[l->at];
        if (c == '"' || c == '\'') {
            ptrdiff_t close = tp_str_find(l->text, c, l->at + 1);
            l->at = close < 0 || close >= l->end ? l->end - 1 : close;
            continue;
        }
        depth += (c == '(' || c == '[') - (c == ')' || c == ']');
        if (depth > 0) continue;
        if (c == ',') return;
        if (!tp_is_space(c) || l->at == begin) continue;
        ptrdiff_t next = l->at;
        while (next < l->end && tp_is_space(l->text.at[next])) next++;
        if (next == l->end || separates(l, l->at, next)) return;
        l->at = next - 1;
    }
}

/* The y expression, then the x expression. */
static tp_status read_curve_expr(line *l, int already)
{
    ptrdiff_t from = l->at;
    tp_step  *s = l->out;
    if (already == 2)
        return tp_fail_at(l->err, TP_BAD_INPUT, place(l, from),
                          "a curve has a y and an x expression, here is a "
                          "third");
    skip_expression(l);
    if (already == 1)
        return read_expr(l, from, l->at, &s->over, &s->over_bind,
                         &s->n_over_bind);
    s->text = cut(l, from, l->at);
    return read_expr(l, from, l->at, &s->expr, &s->bind, &s->n_bind);
}

/* One option, comma or expression of a curve. */
static tp_status read_part(line *l, tp_option *list, int *n)
{
    char c = l->text.at[l->at];
    if (c == '/') return read_option(l, list);
    if (c != ',' || *n != 1) return read_curve_expr(l, (*n)++);
    l->at++;
    return TP_OK;
}

static tp_status read_curve(line *l)
{
    int n = 0, most = 0;
    for (ptrdiff_t i = l->at; i < l->end; i++) most += l->text.at[i] == '/';
    tp_option *list = TP_NEW(l->r->mem, tp_option, most);
    l->out->option = list;
    for (skip_blanks(l); l->at < l->end; skip_blanks(l))
        TP_TRY(read_part(l, list, &n));
    if (n > 0) return TP_OK;
    return tp_fail_at(l->err, TP_BAD_INPUT, place(l, l->end),
                      "the vector to plot is missing");
}

/* ---- echo --------------------------------------------------------------- */

/* "a {x} b" -> 'a ' & (x) & ' b': texts joined with values. */
static tp_status read_braces(line *l, ptrdiff_t from, ptrdiff_t to)
{
    tp_buf b = {.mem = l->r->mem};
    tp_buf_add(&b, TP_S("''"));
    while (from < to) {
        ptrdiff_t open = tp_str_find(l->text, '{', from), close = -1;
        if (open < 0 || open >= to) open = to;
        tp_str plain = tp_str_part(l->text, from, open - from);
        char   quote = tp_str_find(plain, '\'', 0) < 0 ? '\'' : '"';
        if (plain.len > 0)
            tp_buf_fmt(&b, " & %c%.*s%c", quote, TP_F(plain), quote);
        if (open == to) break;
        close = tp_str_find(l->text, '}', open);
        if (close < 0 || close >= to)
            return tp_fail_at(l->err, TP_BAD_INPUT, place(l, open),
                              "the brace is not closed");
        TP_TRY(read_expr(l, open + 1, close, &l->out->expr, &l->out->bind,
                         &l->out->n_bind));
        tp_buf_fmt(&b, " & (%.*s)", TP_F(cut(l, open + 1, close)));
        from = close + 1;
    }
    tp_scope scope = {.dialect = TP_SIMETRIX};
    tp_names names = names_at(l, l->at);
    if (tp_expr_compile(&l->out->expr, tp_buf_str(&b), &scope, l->r->mem,
                        l->err) != TP_OK) {
        if (l->err) l->err->col = 0; /* a position in the joined text */
        return tp_origin_fail(&names.from, l->err);
    }
    return tp_names_bind(&l->out->bind, &l->out->n_bind, l->r, l->out->expr,
                         &names, l->err);
}

static tp_status read_echo(line *l)
{
    skip_blanks(l);
    ptrdiff_t from = l->at, to = from + cut(l, from, l->end).len;
    char      c = from < to ? l->text.at[from] : ' ';
    if ((c == '"' || c == '\'') && to - from > 1 && l->text.at[to - 1] == c) {
        from++;
        to--;
    }
    l->out->text = tp_str_part(l->text, from, to - from);
    if (tp_str_find(l->out->text, '{', 0) < 0) return TP_OK;
    return read_braces(l, from, to);
}

/* ---- statements --------------------------------------------------------- */

static const struct {
    const char  *name;
    tp_step_kind kind;
    tp_status (*read)(line *l);
} commands[] = {
    {"Let", TP_STEP_LET, read_let},
    {"plot", TP_STEP_PLOT, read_curve},
    {"curve", TP_STEP_CURVE, read_curve},
    {"echo", TP_STEP_ECHO, read_echo},
};

static tp_status read_statement(line *l)
{
    skip_blanks(l);
    ptrdiff_t begin = l->at;
    tp_str    list[TP_COUNT(commands)];
    while (l->at < l->end && !tp_is_space(l->text.at[l->at])) l->at++;
    tp_str word = cut(l, begin, l->at);
    l->out->at = place(l, begin);
    for (int i = 0; i < TP_COUNT(commands); i++) {
        list[i] = tp_str_of(commands[i].name);
        if (!tp_str_same(list[i], word)) continue;
        l->out->kind = commands[i].kind;
        return commands[i].read(l);
    }
    return tp_fail_at(
        l->err, TP_BAD_INPUT, l->out->at,
        "unknown script command '%.*s'%.*s; known: Let, plot, curve, echo",
        TP_F(word),
        TP_F(tp_did_you_mean(l->r->mem, word, list, TP_COUNT(commands))));
}

/* A copy of the same length in which the line ends before a "+" line, and the
   "+", are blanks. */
static tp_str fold(tp_str text, tp_arena *mem)
{
    char     *s = TP_NEW(mem, char, text.len + 1);
    ptrdiff_t last = -1; /* end of the last line that was not blank */
    for (ptrdiff_t i = 0; i < text.len; i++) s[i] = text.at[i];
    for (ptrdiff_t i = 0; i < text.len;) {
        ptrdiff_t end = tp_str_find(text, '\n', i), first = i;
        if (end < 0) end = text.len;
        while (first < end && tp_is_space(s[first])) first++;
        if (first < end && s[first] == '+' && last >= 0)
            for (ptrdiff_t k = last; k <= first; k++) s[k] = ' ';
        if (first < end) last = end;
        i = end + 1;
    }
    return (tp_str){s, text.len};
}

static bool is_comment(const line *l)
{
    tp_str s = cut(l, l->at, l->end);
    return s.len == 0 || s.at[0] == '*';
}

tp_status tp_script_read(tp_reader *r, const tp_script_text *text,
                         const tp_step **step, int *n, tp_err *err)
{
    tp_step *list = NULL;
    int      cap = 0;
    tp_str   folded = fold(text->text, r->mem);
    *n = 0;
    for (ptrdiff_t at = 0; at < folded.len;) {
        ptrdiff_t end = tp_str_find(folded, '\n', at);
        if (end < 0) end = folded.len;
        tp_step one = {.name = {"", 0}, .text = {"", 0}};
        line    l = {r, text, folded, at, end, &one, *n, list, err};
        at = end + 1;
        if (is_comment(&l)) continue;
        TP_TRY(read_statement(&l));
        one.text = tp_front_utf8(r->mem, one.text);
        *TP_PUSH(r->mem, list, *n, cap) = one;
    }
    *step = list;
    return TP_OK;
}
