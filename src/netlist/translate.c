/* SIMetrix's netlist dialect -> ngspice's: what a card needs to be read, and
   nothing more. */
#include "netlist/text.h"

#include <stdlib.h>
#include <string.h>

struct tp_names {
    const tp_deck *d;
    int            n_param, n_model; /* sorted, lower case */
    const tp_str  *param, *model;
};

/* ---- names of the deck -------------------------------------------------- */

struct list {
    tp_arena *mem;
    int       n, cap;
    tp_str   *name;
};

static void add(struct list *l, tp_str name)
{
    *TP_PUSH(l->mem, l->name, l->n, l->cap) = tp_str_lower(l->mem, name);
}

static int by_name(const void *a, const void *b)
{
    return tp_str_cmp(*(const tp_str *)a, *(const tp_str *)b);
}

static void sort(struct list *l)
{
    if (l->n > 1) qsort(l->name, (size_t)l->n, sizeof *l->name, by_name);
}

static bool has(const tp_str *list, int n, tp_str name)
{
    int lo = 0, hi = n;
    while (lo < hi) {
        int mid = lo + (hi - lo) / 2;
        int c = 0, both = 0;
        while (c == 0 && both < name.len && both < list[mid].len) {
            c = list[mid].at[both] - tp_lower(name.at[both]);
            both++;
        }
        if (c == 0) c = (list[mid].len > name.len) - (list[mid].len < name.len);
        if (c == 0) return true;
        if (c < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return false;
}

/* The names before each '=' of a card: a sub-circuit's parameters. */
static void add_named(struct list *l, tp_str text)
{
    ptrdiff_t at = 0;
    for (tp_str f = tp_field(text, &at); f.len; f = tp_field(text, &at)) {
        ptrdiff_t eq = at;
        while (eq < text.len && tp_is_space(text.at[eq])) eq++;
        if (eq < text.len && text.at[eq] == '=' && tp_is_name(f)) add(l, f);
    }
}

static void add_card(struct list *param, struct list *model, tp_str text)
{
    if (text.at[0] != '.') return;
    ptrdiff_t at = 0;
    tp_str    word = tp_field(text, &at);
    if (tp_str_same(word, TP_S(".model"))) add(model, tp_field(text, &at));
    if (tp_str_same(word, TP_S(".subckt"))) add_named(param, text);
    if (!tp_is_param_card(text)) return;
    const tp_entry *e = NULL;
    int             n = tp_param_entries(text, at, true, &e, param->mem);
    for (int i = 0; i < n; i++)
        add(param, tp_str_part(text, e[i].name, e[i].name_end - e[i].name));
}

tp_names *tp_names_make(const tp_deck *d, const tp_tunable *tunable, int n,
                        tp_arena *mem)
{
    tp_names *names = TP_NEW(mem, tp_names, 1);
    names->d = d;
    if (d->kind != TP_DECK_SIMETRIX) return names;
    struct list param = {.mem = mem}, model = {.mem = mem};
    for (int i = 0; i < n; i++) add(&param, tunable[i].name);
    for (int i = 0; i < d->n_card; i++)
        add_card(&param, &model, d->card[i].text);
    sort(&param);
    sort(&model);
    names->n_param = param.n;
    names->param = param.name;
    names->n_model = model.n;
    names->model = model.name;
    return names;
}

static bool is_param(const tp_names *names, tp_str s)
{
    return tp_is_name(s) && has(names->param, names->n_param, s);
}

/* ---- values ------------------------------------------------------------- */

/* The value `f` of a card: quotes become braces, a parameter by its bare name
   gets them (where `bare` allows), and the words inside are translated. */
static void value(tp_str text, tp_str f, bool bare, const tp_names *names,
                  tp_changes *out)
{
    ptrdiff_t at = f.at - text.at, end = at + f.len;
    char      open = f.at[0];
    if (open == '"' || open == '{' || open == '\'') {
        tp_str inside = tp_bare(f);
        if (inside.at == f.at) return; /* not closed, or only a part */
        tp_str now = tp_translate_expr(inside, names);
        if (open != '"' && tp_str_eq(now, inside)) return;
        bool quote = open == '\'';
        tp_change_add(
            out, at, end,
            tp_str_fmt(out->mem, quote ? "'%.*s'" : "{%.*s}", TP_F(now)));
    } else if (bare && is_param(names, f)) {
        tp_change_add(out, at, end, tp_str_fmt(out->mem, "{%.*s}", TP_F(f)));
    } else if (bare) {
        tp_str number = tp_translate_number(f, out->mem);
        if (number.len) tp_change_add(out, at, end, number);
    }
}

static bool after_equals(tp_str text, tp_str f)
{
    ptrdiff_t at = f.at - text.at - 1;
    while (at > 0 && tp_is_space(text.at[at])) at--;
    return at > 0 && text.at[at] == '=';
}

/* Values of a card: those after '=', and from offset `from` on also those
   without one. A lone ':' is SIMetrix's "params:". */
static void values(tp_str text, ptrdiff_t from, const tp_names *names,
                   tp_changes *out)
{
    ptrdiff_t at = 0;
    for (tp_str f = tp_field(text, &at); f.len; f = tp_field(text, &at)) {
        ptrdiff_t beg = f.at - text.at;
        if (tp_str_eq(f, TP_S(":")))
            tp_change_add(out, beg, at, TP_S("params:"));
        bool bare = after_equals(text, f) || beg >= from;
        if (beg > 0)
            value(text, f, bare && !tp_before_equals(text, at), names, out);
    }
}

/* ---- devices ------------------------------------------------------------ */

/* Which words of a device (counted at blanks, its name is 0) can be values by
   a bare name. */
static const struct device {
    char letter;
    int  from; /* first such word; 0: those after the model's name */
} device[] = {
    {'r', 3}, {'c', 3}, {'l', 3}, {'v', 3}, {'i', 3}, {'e', 5}, {'g', 5},
    {'f', 4}, {'h', 4}, {'k', 3}, {'d', 4}, {'q', 0}, {'j', 0}, {'z', 0},
};

/* Where word k begins, or the end. */
static ptrdiff_t word_at(tp_str text, int k)
{
    tp_str rest = text, w = tp_str_word(&rest, " \t");
    for (int i = 0; i < k && w.len > 0; i++) w = tp_str_word(&rest, " \t");
    return w.len > 0 ? w.at - text.at : text.len;
}

/* The word after the first one that names a model. */
static ptrdiff_t after_model(tp_str text, const tp_names *names)
{
    tp_str rest = text, w = tp_str_word(&rest, " \t");
    for (int i = 0; w.len > 0; i++) {
        if (i > 3 && has(names->model, names->n_model, w))
            return w.at + w.len - text.at;
        w = tp_str_word(&rest, " \t");
    }
    return text.len;
}

/* "E1 a b POLY(2) c d e f p0 p1": the word after the controlling nodes. */
static int after_poly(tp_str text, int from, char letter)
{
    ptrdiff_t at = word_at(text, 3);
    tp_str    w = tp_str_from(text, at);
    double    n = 0;
    if (!tp_str_starts(w, TP_S("poly("))) return from;
    if (tp_number(tp_str_from(w, 5), &n) == 0 || n < 1 || n > 99) return from;
    return 4 + (int)n * (letter == 'e' || letter == 'g' ? 2 : 1);
}

/* "Q1 c b e [s] model": the substrate's brackets. */
static void substrate(tp_str text, tp_changes *out)
{
    ptrdiff_t at = word_at(text, 4);
    tp_str    rest = tp_str_from(text, at), w = tp_str_word(&rest, " \t");
    if (w.len < 3 || w.at[0] != '[' || w.at[w.len - 1] != ']') return;
    tp_change_add(out, at, at + w.len, tp_str_part(w, 1, w.len - 2));
}

static void device_values(tp_str text, const tp_names *names, tp_changes *out)
{
    char      letter = tp_lower(text.at[0]);
    ptrdiff_t from = text.len;
    for (int i = 0; i < TP_COUNT(device); i++) {
        if (device[i].letter != letter) continue;
        int k = after_poly(text, device[i].from, letter);
        from = k > 0 ? word_at(text, k) : after_model(text, names);
    }
    values(text, from, names, out);
    if (letter == 'q') substrate(text, out);
}

/* ---- statements --------------------------------------------------------- */

static void params(tp_str text, const tp_names *names, tp_changes *out)
{
    const tp_entry *e = NULL;
    ptrdiff_t       from = tp_first_word(text).len;
    int             n = tp_param_entries(text, from, true, &e, out->mem);
    for (int i = 0; i < n; i++) {
        ptrdiff_t gap = e[i].value - e[i].name_end;
        tp_str v = tp_str_part(text, e[i].value, e[i].value_end - e[i].value);
        tp_str between = tp_str_part(text, e[i].name_end, gap);
        double number = 0;
        if (tp_str_find(between, '=', 0) < 0)
            tp_change_add(out, e[i].name_end, e[i].value, TP_S("="));
        if (tp_number_all(v, &number)) {
            tp_str plain = tp_translate_number(v, out->mem);
            if (plain.len)
                tp_change_add(out, e[i].value, e[i].value_end, plain);
            continue;
        }
        tp_str now = tp_translate_expr(tp_bare(v), names);
        bool   braced = v.at[0] == '{' && tp_bare(v).at != v.at;
        if (braced && tp_str_eq(now, tp_bare(v))) continue;
        tp_change_add(out, e[i].value, e[i].value_end,
                      tp_str_fmt(out->mem, "{%.*s}", TP_F(now)));
    }
}

/* ".func f(x) {expr}": the expression's words. */
static void function(tp_str text, const tp_names *names, tp_changes *out)
{
    ptrdiff_t close = tp_str_find(text, ')', 0);
    if (close < 0) return;
    tp_str body = tp_str_trim(tp_str_from(text, close + 1));
    if (body.len > 0 && body.at[0] == '=')
        body = tp_str_trim(tp_str_from(body, 1));
    tp_str now = tp_translate_expr(tp_bare(body), names);
    if (body.len == 0 || tp_str_eq(now, tp_bare(body))) return;
    tp_change_add(out, body.at - text.at, text.len,
                  tp_str_fmt(out->mem, "{%.*s}", TP_F(now)));
}

static void temperature(tp_str text, const tp_names *names, tp_changes *out)
{
    values(text, tp_first_word(text).len, names, out);
}

static void named_values(tp_str text, const tp_names *names, tp_changes *out)
{
    values(text, text.len, names, out);
}

static const struct rule {
    tp_str word;
    void (*apply)(tp_str text, const tp_names *names, tp_changes *out);
} rule[] = {
    {{".param", 6}, params},         {{".params", 7}, params},
    {{".func", 5}, function},        {{".temp", 5}, temperature},
    {{".model", 6}, named_values},   {{".subckt", 7}, named_values},
    {{".macro", 6}, named_values},   {{".ic", 3}, named_values},
    {{".nodeset", 8}, named_values}, {{".option", 7}, named_values},
    {{".options", 8}, named_values}, {{".opts", 5}, named_values},
};

void tp_translate(const tp_deck *d, int card, const tp_names *names,
                  tp_changes *out)
{
    tp_str text = d->card[card].text;
    if (text.at[0] != '.') {
        device_values(text, names, out);
        return;
    }
    tp_str word = tp_first_word(text);
    for (int i = 0; i < TP_COUNT(rule); i++)
        if (tp_str_same(word, rule[i].word)) rule[i].apply(text, names, out);
}

bool tp_names_param(const tp_names *names, tp_str name)
{
    return is_param(names, name);
}

const tp_deck *tp_names_deck(const tp_names *names)
{
    return names->d;
}

/* ---- names of nodes ----------------------------------------------------- */

/* What ngspice doesn't take in a name: bytes that aren't ASCII, '$' in front
   and a second '/' (both begin a comment) become "_x24". */
static bool is_odd(tp_str s, ptrdiff_t i)
{
    unsigned char c = (unsigned char)s.at[i];
    bool first = i == 0 || tp_is_space(s.at[i - 1]) || s.at[i - 1] == '(' ||
                 s.at[i - 1] == ',';
    return c >= 0x80 || (c == '$' && first) ||
           (c == '/' && i > 0 && s.at[i - 1] == '/');
}

static bool is_edge(tp_str s, ptrdiff_t i)
{
    return i < 0 || i >= s.len || tp_is_space(s.at[i]) ||
           tp_str_find(TP_S("(),"), s.at[i], 0) >= 0;
}

/* Whether the simulator would make ground of s[i..]. */
static bool is_gnd(const tp_deck *d, tp_str s, ptrdiff_t i)
{
    return d->gnd.len > 0 && is_edge(s, i - 1) && is_edge(s, i + 3) &&
           tp_str_same(tp_str_part(s, i, 3), TP_S("gnd"));
}

tp_str tp_plain_text(const tp_deck *d, tp_str s, tp_arena *mem)
{
    ptrdiff_t i = 0;
    while (i < s.len && !is_odd(s, i) && !is_gnd(d, s, i)) i++;
    if (i == s.len) return s;
    tp_buf b = {.mem = mem};
    for (i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        bool          two =
            c == 0xC2 && i + 1 < s.len && (unsigned char)s.at[i + 1] == 0xB5;
        if (i > 0 && tp_is_digit(s.at[i - 1]) && (two || c == 0xB5)) {
            tp_buf_char(&b, 'u'); /* micro, in UTF-8 or Latin-1 */
            i += two;
        } else if (is_gnd(d, s, i)) {
            tp_buf_add(&b, d->gnd);
            i += 2;
        } else if (is_odd(s, i)) {
            tp_buf_fmt(&b, "_x%02x", c);
        } else {
            tp_buf_char(&b, s.at[i]);
        }
    }
    return tp_buf_str(&b);
}

tp_str tp_node_name(const tp_deck *d, tp_str node, tp_arena *mem)
{
    return d->kind == TP_DECK_SIMETRIX ? tp_plain_text(d, node, mem) : node;
}
