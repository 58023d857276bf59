/* `.meas` cards of a plain deck (ngspice manual, ".MEASURE"): each becomes a
   statement of the interpreter, whose {expr} are evaluated at the point. */
#include "front/inside.h"

#include <string.h>

typedef struct word {
    tp_str    text; /* "=" stands alone */
    ptrdiff_t at;   /* in the card's text */
} word;

typedef struct meas {
    tp_reader     *r;
    const tp_card *card;
    int            n, i; /* words, and the one that is read next */
    word          *word;
    tp_buf         out; /* the statement */
    tp_str         kind, name;
    tp_err        *err;
} meas;

/* ---- words --------------------------------------------------------------- */

/* After the bracket or quote that closes the one at `at`; the end if none. */
static ptrdiff_t closed(tp_str s, ptrdiff_t at)
{
    int depth = 0;
    if (s.at[at] == '\'' || s.at[at] == '"') {
        ptrdiff_t end = tp_str_find(s, s.at[at], at + 1);
        return end < 0 ? s.len : end + 1;
    }
    for (ptrdiff_t i = at; i < s.len; i++) {
        depth += strchr("([{", s.at[i]) != NULL;
        depth -= strchr(")]}", s.at[i]) != NULL;
        if (depth == 0) return i + 1;
    }
    return s.len;
}

static ptrdiff_t word_end(tp_str s, ptrdiff_t at)
{
    if (s.at[at] == '=') return at + 1;
    while (at < s.len && !tp_is_space(s.at[at]) && s.at[at] != '=')
        at = strchr("([{'\"", s.at[at]) ? closed(s, at) : at + 1;
    return at;
}

static void split(meas *m)
{
    tp_str s = m->card->text;
    int    cap = 0;
    for (ptrdiff_t at = 0; at < s.len;) {
        if (tp_is_space(s.at[at])) {
            at++;
            continue;
        }
        ptrdiff_t end = word_end(s, at);
        *TP_PUSH(m->r->mem, m->word, m->n, cap) =
            (word){tp_str_part(s, at, end - at), at};
        at = end;
    }
}

/* Word k from here; empty behind the end. */
static tp_str peek(const meas *m, int k)
{
    return m->i + k < m->n ? m->word[m->i + k].text : TP_S("");
}

static bool is(tp_str text, const char *name)
{
    return tp_str_same(text, tp_str_of(name));
}

/* The word under the cursor is not what is expected. */
static tp_status wrong(const meas *m, const char *expected)
{
    tp_str    found = peek(m, 0), name = m->name;
    ptrdiff_t end = m->card->text.len;
    tp_place  at =
        tp_card_place(m->card, m->i < m->n ? m->word[m->i].at : end - 1);
    if (m->i >= m->n) at.col++;
    return tp_fail_at(m->err, TP_BAD_INPUT, at,
                      ".meas%s%.*s: found %s%.*s%s (expected: %s)",
                      name.len ? " " : "", TP_F(name),
                      found.len ? "'" : "the end of the statement", TP_F(found),
                      found.len ? "'" : "", expected);
}

/* ---- parts --------------------------------------------------------------- */

static bool is_name(tp_str s)
{
    if (s.len == 0 || !(tp_is_alpha(s.at[0]) || s.at[0] == '_')) return false;
    for (ptrdiff_t i = 0; i < s.len; i++)
        if (!tp_is_alpha(s.at[i]) && !tp_is_digit(s.at[i]) && s.at[i] != '_')
            return false;
    return true;
}

static bool is_enclosed(tp_str s, char open, char close)
{
    return s.len > 2 && s.at[0] == open && closed(s, 0) == s.len &&
           s.at[s.len - 1] == close;
}

/* A number, or what stands for one. */
static tp_status value(meas *m)
{
    tp_str s = peek(m, 0);
    double v;
    bool   quoted = is_enclosed(s, '\'', '\'') || is_enclosed(s, '"', '"');
    if (quoted)
        tp_buf_fmt(&m->out, "{%.*s}", TP_F(tp_str_part(s, 1, s.len - 2)));
    else if (is_enclosed(s, '{', '}') || tp_number_all(s, &v))
        tp_buf_add(&m->out, s);
    else if (is_name(s))
        tp_buf_fmt(&m->out, "{%.*s}", TP_F(s));
    else
        return wrong(m, "a number, a parameter, {expression} or 'expression'");
    m->i++;
    return TP_OK;
}

/* A name's end; where none begins, `at` itself. */
static ptrdiff_t name_end(tp_str s, ptrdiff_t at)
{
    ptrdiff_t i = at;
    while (i < s.len && (tp_is_alpha(s.at[i]) || s.at[i] == '_' ||
                         (i > at && tp_is_digit(s.at[i]))))
        i++;
    return i;
}

/* The end of what begins at `at`: a name with the brackets behind it, where
   these are a vector's, a number with its suffix, or one character. */
static ptrdiff_t piece_end(tp_str s, ptrdiff_t at)
{
    ptrdiff_t end = name_end(s, at);
    bool      called = end > at && end < s.len && s.at[end] == '(';
    if (called && strchr("vViI", s.at[at])) return closed(s, end);
    if (s.at[at] == '{' || s.at[at] == '[') return closed(s, at);
    if (end > at || !tp_is_digit(s.at[at])) return end > at ? end : at + 1;
    for (end = at + 1; end < s.len; end++) {
        char c = s.at[end];
        bool sign = (c == '-' || c == '+') && tp_lower(s.at[end - 1]) == 'e';
        if (!sign && !tp_is_alpha(c) && !tp_is_digit(c) && c != '.') break;
    }
    return end;
}

/* The expression of a par(): parameters of the deck in braces, names of nodes
   and devices as they are. */
static void put_expression(meas *m, tp_str s)
{
    for (ptrdiff_t at = 0, end; at < s.len; at = end) {
        end = piece_end(s, at);
        tp_str part = tp_str_part(s, at, end - at);
        bool   free = (end == s.len || s.at[end] != '(') &&
                    (at == 0 || s.at[at - 1] != '@');
        bool param =
            free && is_name(part) && tp_deck_uses_param(m->r->deck, part);
        if (param)
            tp_buf_fmt(&m->out, "{%.*s}", TP_F(part));
        else
            tp_buf_add(&m->out, part);
    }
}

/* Where a run of factors ("2*v(1)/k") ends: at a sign that is no exponent's. */
static ptrdiff_t term_end(tp_str s, ptrdiff_t at)
{
    while (at < s.len && s.at[at] != '+' && s.at[at] != '-')
        at = piece_end(s, at);
    return at;
}

/* One vector, as a factor, and numbers or parameters. */
static bool is_linear_term(tp_str s)
{
    int  vectors = 0;
    bool over = false;
    for (ptrdiff_t at = 0, end; at < s.len; at = end) {
        double v;
        tp_str part;
        end = piece_end(s, at);
        part = tp_str_part(s, at, end - at);
        bool vector = strchr("vViI", s.at[at]) && s.at[end - 1] == ')';
        bool times = s.at[at] == '*' || s.at[at] == '/';
        if (vector && over) return false;
        if (vector) vectors++;
        if (times) over = s.at[at] == '/';
        if (!vector && !times && !tp_is_space(s.at[at]) && !is_name(part) &&
            !tp_number_all(part, &v))
            return false;
    }
    return vectors == 1;
}

/* A sum of vectors with factors. Of others ngspice linearises in an AC what is
   not linear, at an operating point that no plot has. */
static bool is_linear(tp_str s)
{
    bool linear = true;
    s = tp_str_trim(s);
    if (s.len > 0 && s.at[0] == '-') s = tp_str_from(s, 1);
    for (ptrdiff_t at = 0, end; linear && at <= s.len; at = end + 1) {
        end = term_end(s, at);
        linear = is_linear_term(tp_str_part(s, at, end - at));
    }
    return linear;
}

static tp_status vector(meas *m)
{
    tp_str s = peek(m, 0);
    bool   par = tp_str_starts(s, TP_S("par("));
    bool   whole = par && is_enclosed(tp_str_from(s, 3), '(', ')');
    tp_str inner = whole ? tp_str_trim(tp_str_part(s, 4, s.len - 5)) : TP_S("");
    bool   quoted = is_enclosed(inner, '\'', '\'');
    bool   named = s.len > 0 &&
                 (tp_is_alpha(s.at[0]) || s.at[0] == '_' || s.at[0] == '@') &&
                 !tp_str_has(s, TP_S("'")) && !is(peek(m, 1), "=");
    if (quoted) inner = tp_str_part(inner, 1, inner.len - 2);
    if (par && quoted && is(m->kind, "ac") && !is_linear(inner))
        return wrong(m, "in an AC a sum of vectors with factors; a source of "
                        "the circuit, B, does what is not linear");
    if (par && quoted) {
        tp_buf_fmt(&m->out, "par('");
        put_expression(m, inner);
        tp_buf_fmt(&m->out, "')");
    } else if (!par && named) {
        tp_buf_add(&m->out, s);
    } else {
        return wrong(m, "a vector: v(node), i(source), @device[parameter], "
                        "vdb(node), par('expression')");
    }
    m->i++;
    return TP_OK;
}

/* ---- settings ------------------------------------------------------------ */

static bool is_listed(tp_str name, const char *known)
{
    tp_str rest = tp_str_of(known), one;
    while ((one = tp_str_word(&rest, ", ")).len > 0)
        if (tp_str_same(one, name)) return true;
    return false;
}

/* "last", or a value. */
static tp_status count(meas *m)
{
    if (!is(peek(m, 0), "last")) return value(m);
    tp_buf_fmt(&m->out, "last");
    m->i++;
    return TP_OK;
}

/* "from=1u to=2u": words of `known`. */
static tp_status settings(meas *m, const char *known)
{
    while (is(peek(m, 1), "=")) {
        tp_str name = peek(m, 0);
        if (!is_listed(name, known)) return wrong(m, known);
        m->i += 2;
        tp_buf_fmt(&m->out, " %.*s=", TP_F(name));
        bool counts = is_listed(name, "rise, fall, cross");
        TP_TRY(counts ? count(m) : value(m));
    }
    return TP_OK;
}

static tp_status equals(meas *m, const char *expected)
{
    if (!is(peek(m, 0), "=")) return wrong(m, expected);
    m->i++;
    tp_buf_char(&m->out, '=');
    return TP_OK;
}

/* ---- forms --------------------------------------------------------------- */

static tp_status range(meas *m)
{
    tp_buf_char(&m->out, ' ');
    TP_TRY(vector(m));
    return settings(m, "from, to, td");
}

static const char of_when[] = "rise, fall, cross, td, from, to";

/* "v(1)=0.5 rise=1", "v(1)=v(2)" */
static tp_status when(meas *m)
{
    int    n = m->n;
    tp_str right;
    if (m->i >= m->n) return wrong(m, "VECTOR=LEVEL or VECTOR=VECTOR");
    tp_buf_char(&m->out, ' ');
    m->n = m->i + 1; /* the = belongs to it */
    tp_status bad = vector(m);
    m->n = n;
    if (bad) return bad;
    TP_TRY(equals(m, "=LEVEL or =VECTOR"));
    right = peek(m, 0);
    bool other = right.len > 0 && right.at[0] != '{' && right.at[0] != '\'' &&
                 (right.at[0] == '@' || tp_str_find(right, '(', 0) >= 0);
    TP_TRY(other ? vector(m) : value(m));
    return settings(m, of_when);
}

/* Behind FIND and DERIV. */
static tp_status spot(meas *m)
{
    tp_buf_char(&m->out, ' ');
    TP_TRY(vector(m));
    if (is(peek(m, 0), "when")) {
        m->i++;
        tp_buf_fmt(&m->out, " when");
        return when(m);
    }
    if (!is(peek(m, 0), "at")) return wrong(m, "AT=VALUE or WHEN");
    m->i++;
    tp_buf_fmt(&m->out, " at");
    TP_TRY(equals(m, "=VALUE"));
    return value(m);
}

/* The val= of a trig or targ, wherever among its settings it stands, is told
   first. */
static tp_status level(meas *m)
{
    for (int k = m->i; k + 2 < m->n && is(m->word[k + 1].text, "="); k += 3) {
        if (!is(m->word[k].text, "val")) continue;
        word v[3] = {m->word[k], m->word[k + 1], m->word[k + 2]};
        for (int j = k; j > m->i; j--) m->word[j + 2] = m->word[j - 1];
        for (int j = 0; j < 3; j++) m->word[m->i + j] = v[j];
        m->i += 2;
        tp_buf_fmt(&m->out, " val=");
        return value(m);
    }
    return wrong(m, "VAL=LEVEL");
}

static tp_status edge(meas *m)
{
    tp_buf_char(&m->out, ' ');
    if (is(peek(m, 0), "at") && is(peek(m, 1), "=")) {
        m->i += 2;
        tp_buf_fmt(&m->out, "at=");
        return value(m);
    }
    TP_TRY(vector(m));
    TP_TRY(level(m));
    return settings(m, "rise, fall, cross, td");
}

static tp_status trig(meas *m)
{
    TP_TRY(edge(m));
    if (!is(peek(m, 0), "targ")) return wrong(m, "TARG");
    m->i++;
    tp_buf_fmt(&m->out, " targ");
    return edge(m);
}

static tp_status param(meas *m)
{
    TP_TRY(equals(m, "='expression'"));
    return value(m);
}

static const struct form {
    const char *name;
    tp_status (*read)(meas *m);
} forms[] = {
    {"trig", trig},   {"find", spot},      {"when", when},    {"avg", range},
    {"max", range},   {"min", range},      {"pp", range},     {"rms", range},
    {"integ", range}, {"integral", range}, {"min_at", range}, {"max_at", range},
    {"deriv", spot},  {"param", param},
};

static const char *const kinds[] = {"tran", "ac", "dc", "sp"};

/* ---- cards --------------------------------------------------------------- */

static tp_status read_kind(meas *m)
{
    for (int i = 0; i < TP_COUNT(kinds); i++) {
        if (!is(peek(m, 0), kinds[i])) continue;
        m->kind = tp_str_of(kinds[i]);
        m->i++;
        tp_buf_fmt(&m->out, "meas %s ", kinds[i]);
        return TP_OK;
    }
    return wrong(m, "TRAN, AC, DC or SP");
}

static tp_status read_name(meas *m)
{
    tp_str name = peek(m, 0);
    bool   bad = name.len == 0 || is(peek(m, 1), "=");
    for (ptrdiff_t i = 0; i < name.len; i++)
        bad |= strchr("=(){}[]'\"`$;", name.at[i]) != NULL;
    if (bad) return wrong(m, "a name for the measure");
    m->name = name;
    m->i++;
    return TP_OK;
}

static tp_status read_form(meas *m)
{
    for (int i = 0; i < TP_COUNT(forms); i++) {
        if (!is(peek(m, 0), forms[i].name)) continue;
        m->i++;
        tp_buf_fmt(&m->out, "%s", forms[i].name);
        TP_TRY(forms[i].read(m));
        return m->i == m->n ? TP_OK : wrong(m, "the end of the statement");
    }
    return wrong(m, "TRIG, FIND, WHEN, AVG, MAX, MIN, PP, RMS, INTEG, MIN_AT, "
                    "MAX_AT, DERIV or PARAM");
}

static tp_status read_card(tp_meas *out, tp_reader *r, const tp_card *card,
                           tp_err *err)
{
    meas m = {.r = r,
              .card = card,
              .out = {.mem = r->mem},
              .name = TP_S(""),
              .err = err};
    split(&m);
    m.i = 1;
    TP_TRY(read_kind(&m));
    out->kind = m.kind;
    TP_TRY(read_name(&m));
    out->name = m.name;
    out->param = is(peek(&m, 0), "param");
    tp_str head = tp_buf_str(&m.out);
    m.out = (tp_buf){.mem = r->mem};
    TP_TRY(read_form(&m));
    tp_str words = tp_str_lower(r->mem, tp_buf_str(&m.out));
    out->words = words;
    out->text = tp_str_fmt(r->mem, "%.*s%.*s %.*s", TP_F(head), TP_F(m.name),
                           TP_F(words));
    out->at = tp_card_place(card, 0);
    return TP_OK;
}

bool tp_front_is_meas(const tp_card *card)
{
    tp_str rest = card->text, first = tp_str_word(&rest, " \t");
    return is(first, ".meas") || is(first, ".measure");
}

tp_status tp_read_meas(tp_meas **out, int *n, tp_reader *r, tp_err *err)
{
    const tp_card *card;
    int            cards = tp_deck_cards(r->deck, &card), cap = 0;
    *out = NULL;
    *n = 0;
    for (int i = 0; i < cards; i++) {
        if (!tp_front_is_meas(&card[i])) continue;
        TP_TRY(read_card(TP_PUSH(r->mem, *out, *n, cap), r, &card[i], err));
    }
    return TP_OK;
}
