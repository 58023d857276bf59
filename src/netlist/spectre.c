/* Spectre netlists as templates: only the statements that a run changes are
   understood (top-level `parameters`, `include ... section=`, `temp` of an
   `options`), and only their values are replaced, in place: a parameter that is
   declared again after an include does not reach what depends on it. All else
   stays byte for byte. Syntax: Spectre's native language; parts in lang=spice
   are passed over. */
#include "netlist/netlist.h"

#include <math.h>
#include <string.h>

enum { TEXT_MAX = 64 << 20, STATEMENTS_MAX = 1 << 20 };

/* A value in the text, which may be replaced. */
typedef struct span {
    ptrdiff_t at, len;
} span;

typedef struct parameter {
    tp_str name;
    span   in;
} parameter;

typedef struct include {
    span whole;   /* the statement with its end of line */
    span file;    /* what is between the quotes */
    span section; /* len 0: none */
    bool lib;     /* has a section */
} include;

struct tp_spectre {
    tp_source *file;
    tp_str     folder;
    int        n_param, cap_param;
    parameter *param;
    int        n_include, cap_include;
    include   *include;
    int        n_temp, cap_temp;
    span      *temp;
    tp_arena  *mem;
};

/* ---- statements -------------------------------------------------------- */

/* One logical line: from `at` up to `end`, continuations and all. */
typedef struct scan {
    tp_str    s;
    ptrdiff_t at, end;
    int       depth; /* of sub-circuits */
    bool      spice; /* in the other language */
} scan;

static ptrdiff_t line_end(tp_str s, ptrdiff_t at)
{
    ptrdiff_t end = tp_str_find(s, '\n', at);
    return end < 0 ? s.len : end + 1;
}

/* Whether the line that ends at `end` goes on: a backslash before its end, or
   a '+' first in the next one. */
static bool goes_on(tp_str s, ptrdiff_t at, ptrdiff_t end)
{
    ptrdiff_t last = end - 1, next = end;
    while (last > at && tp_is_space(s.at[last])) last--;
    if (last >= at && s.at[last] == '\\') return true;
    while (next < s.len && (s.at[next] == ' ' || s.at[next] == '\t')) next++;
    return next < s.len && s.at[next] == '+';
}

static bool next_statement(scan *c)
{
    c->at = c->end;
    if (c->at >= c->s.len) return false;
    c->end = line_end(c->s, c->at);
    while (c->end < c->s.len && goes_on(c->s, c->at, c->end))
        c->end = line_end(c->s, c->end);
    return true;
}

static bool in_word(char c)
{
    return tp_is_alpha(c) || tp_is_digit(c) || c == '_' || c == '.' ||
           c == '$' || c == '!';
}

/* Blanks, continuation marks and comments. */
static ptrdiff_t skip(const scan *c, ptrdiff_t i)
{
    for (; i < c->end; i++) {
        char ch = c->s.at[i];
        bool first = i == c->at || c->s.at[i - 1] == '\n';
        if (ch == '/' && i + 1 < c->end && c->s.at[i + 1] == '/')
            i = line_end(c->s, i) - 1;
        else if (!tp_is_space(ch) && ch != '\\' && !(ch == '+' && first))
            break;
    }
    return i < c->end ? i : c->end;
}

static tp_str word_at(const scan *c, ptrdiff_t *i)
{
    *i = skip(c, *i);
    ptrdiff_t from = *i;
    while (*i < c->end && in_word(c->s.at[*i])) ++*i;
    return tp_str_part(c->s, from, *i - from);
}

/* "name =" at i, but not "name ==": moves behind the '='. */
static bool key_at(const scan *c, ptrdiff_t *i, tp_str *name)
{
    ptrdiff_t at = *i;
    *name = word_at(c, &at);
    at = skip(c, at);
    if (name->len == 0 || at >= c->end || c->s.at[at] != '=') return false;
    if (at + 1 < c->end && c->s.at[at + 1] == '=') return false;
    *i = at + 1;
    return true;
}

/* The end of a value that begins at i: where the next "name=" or the statement
   ends; quotes and brackets hold together. */
static ptrdiff_t value_end(const scan *c, ptrdiff_t i)
{
    ptrdiff_t last = i;
    int       depth = 0;
    bool      quoted = false;
    for (; i < c->end; i++) {
        char      ch = c->s.at[i];
        tp_str    name;
        ptrdiff_t at = i;
        if (ch == '"') quoted = !quoted;
        if (quoted) {
            last = i + 1;
            continue;
        }
        depth += (ch == '(' || ch == '[') - (ch == ')' || ch == ']');
        if (depth <= 0 && last < i && in_word(ch) && !in_word(c->s.at[i - 1]) &&
            key_at(c, &at, &name))
            break;
        if (skip(c, i) == i)
            last = i + 1;
        else
            i = skip(c, i) - 1;
    }
    return last;
}

/* Calls `found` for each "name=value" from i on. */
typedef void found_value(tp_spectre *d, const scan *c, tp_str name, span in);

static void each_value(tp_spectre *d, const scan *c, ptrdiff_t i,
                       found_value *found)
{
    while (skip(c, i) < c->end) {
        tp_str    name;
        ptrdiff_t key = i;
        if (!key_at(c, &key, &name)) {
            i = skip(c, i);
            ptrdiff_t was = i;
            word_at(c, &i);
            if (i == was) i++;
            continue;
        }
        ptrdiff_t from = skip(c, key), end = value_end(c, from);
        found(d, c, name, (span){from, end - from});
        i = end > key ? end : key;
    }
}

static void note_param(tp_spectre *d, const scan *c, tp_str name, span in)
{
    (void)c;
    *TP_PUSH(d->mem, d->param, d->n_param, d->cap_param) =
        (parameter){name, in};
}

static void note_temp(tp_spectre *d, const scan *c, tp_str name, span in)
{
    (void)c;
    if (tp_str_eq(name, TP_S("temp")))
        *TP_PUSH(d->mem, d->temp, d->n_temp, d->cap_temp) = in;
}

/* include "file" [section=name] */
static void note_include(tp_spectre *d, const scan *c, ptrdiff_t i)
{
    include   one = {.whole = {c->at, c->end - c->at}};
    ptrdiff_t open = skip(c, i);
    if (open >= c->end || c->s.at[open] != '"') return;
    ptrdiff_t close = tp_str_find(c->s, '"', open + 1);
    if (close < 0 || close >= c->end) return;
    one.file = (span){open + 1, close - open - 1};
    tp_str name;
    i = close + 1;
    if (key_at(c, &i, &name) && tp_str_eq(name, TP_S("section"))) {
        i = skip(c, i);
        ptrdiff_t from = i;
        one.lib = true;
        while (i < c->end && (in_word(c->s.at[i]) || c->s.at[i] == '-')) i++;
        one.section = (span){from, i - from};
    }
    *TP_PUSH(d->mem, d->include, d->n_include, d->cap_include) = one;
}

static bool is_comment(const scan *c)
{
    ptrdiff_t i = c->at;
    while (i < c->end && tp_is_space(c->s.at[i])) i++;
    return i == c->end || c->s.at[i] == '*' ||
           (c->s.at[i] == '/' && i + 1 < c->end && c->s.at[i + 1] == '/');
}

static void note_language(scan *c, ptrdiff_t i)
{
    tp_str name;
    if (!key_at(c, &i, &name) || !tp_str_eq(name, TP_S("lang"))) return;
    c->spice = tp_str_starts(tp_str_from(c->s, skip(c, i)), TP_S("spice"));
}

static void take_statement(tp_spectre *d, scan *c)
{
    ptrdiff_t i = c->at;
    if (is_comment(c)) return;
    tp_str first = word_at(c, &i);
    if (tp_str_eq(first, TP_S("simulator"))) {
        note_language(c, i);
        return;
    }
    if (c->spice) return;
    if (tp_str_eq(first, TP_S("inline"))) first = word_at(c, &i);
    if (tp_str_eq(first, TP_S("subckt")))
        c->depth++;
    else if (tp_str_eq(first, TP_S("ends")))
        c->depth -= c->depth > 0;
    else if (c->depth > 0)
        return;
    else if (tp_str_eq(first, TP_S("parameters")))
        each_value(d, c, i, note_param);
    else if (tp_str_eq(first, TP_S("include")))
        note_include(d, c, i);
    else if (tp_str_eq(word_at(c, &i), TP_S("options")))
        each_value(d, c, i, note_temp);
}

/* ---- reading ----------------------------------------------------------- */

tp_status tp_spectre_read(tp_spectre **out, const char *path,
                          const tp_files *files, tp_arena *mem, tp_err *err)
{
    tp_spectre *d = TP_NEW(mem, tp_spectre, 1);
    scan        c = {0};
    int         n = 0;
    d->mem = mem;
    d->file = TP_NEW(mem, tp_source, 1);
    d->file->name = tp_str_copy(mem, tp_str_of(path));
    d->folder = tp_path_folder(tp_path_absolute(d->file->name, mem));
    for (int i = 0; files && i < files->n; i++)
        if (tp_str_eq(files->file[i].name, d->file->name))
            d->file->text = files->file[i].text;
    if (!d->file->text.at)
        TP_TRY(tp_file_read(&d->file->text, path, TEXT_MAX, mem, err));
    c.s = d->file->text;
    if (memchr(c.s.at ? c.s.at : "", '\0', (size_t)c.s.len))
        return tp_fail(err, TP_BAD_INPUT, "%s: has a zero byte", path);
    while (next_statement(&c)) {
        if (++n > STATEMENTS_MAX)
            return tp_fail(err, TP_LIMIT, "%s: over %d statements", path,
                           STATEMENTS_MAX);
        take_statement(d, &c);
    }
    *out = d;
    return TP_OK;
}

tp_files tp_spectre_files(const tp_spectre *d)
{
    return (tp_files){.n = 1, .file = d->file};
}

static int param_of(const tp_spectre *d, tp_str name)
{
    for (int i = d->n_param - 1; i >= 0; i--)
        if (tp_str_eq(d->param[i].name, name)) return i;
    return -1;
}

static tp_str text_in(const tp_spectre *d, span in)
{
    return tp_str_part(d->file->text, in.at, in.len);
}

bool tp_spectre_param(const tp_spectre *d, tp_str name, tp_str *expr)
{
    int i = param_of(d, name);
    if (i < 0) return false;
    *expr = text_in(d, d->param[i].in);
    return true;
}

int tp_spectre_params(const tp_spectre *d, const tp_str **name)
{
    tp_str *all = TP_NEW(d->mem, tp_str, d->n_param);
    for (int i = 0; i < d->n_param; i++) all[i] = d->param[i].name;
    *name = all;
    return d->n_param;
}

/* ---- writing ----------------------------------------------------------- */

/* A stretch of the text and what stands in its place. */
typedef struct patch {
    span   in;
    tp_str with;
} patch;
typedef struct patches {
    int       n, cap;
    patch    *list;
    tp_arena *mem;
} patches;

static void put(patches *p, span in, tp_str with)
{
    *TP_PUSH(p->mem, p->list, p->n, p->cap) = (patch){in, with};
    for (int i = p->n - 1; i > 0 && p->list[i - 1].in.at > in.at; i--) {
        patch other = p->list[i - 1];
        p->list[i - 1] = p->list[i];
        p->list[i] = other;
    }
}

static tp_str patched(tp_str text, const patches *p)
{
    tp_buf    b = {.mem = p->mem};
    ptrdiff_t at = 0;
    for (int i = 0; i < p->n; i++) {
        span in = p->list[i].in;
        if (in.at < at) continue; /* inside one that is replaced */
        tp_buf_add(&b, tp_str_part(text, at, in.at - at));
        tp_buf_add(&b, p->list[i].with);
        at = in.at + in.len;
    }
    tp_buf_add(&b, tp_str_from(text, at));
    return tp_buf_str(&b);
}

static tp_str full_path(const tp_spectre *d, tp_str file)
{
    return tp_path_absolute(tp_path_join(d->folder, file, d->mem), d->mem);
}

/* The library whose sections a corner chooses: the one named, else that of the
   first include with a section; "" none. */
static tp_str library(const tp_spectre *d, tp_str named)
{
    if (named.len > 0) return tp_path_absolute(named, d->mem);
    for (int i = 0; i < d->n_include; i++)
        if (d->include[i].lib)
            return full_path(d, text_in(d, d->include[i].file));
    return TP_S("");
}

static tp_str include_text(const tp_spectre *d, tp_str file, tp_str section)
{
    if (section.len == 0)
        return tp_str_fmt(d->mem, "include \"%.*s\"\n", TP_F(file));
    return tp_str_fmt(d->mem, "include \"%.*s\" section=%.*s\n", TP_F(file),
                      TP_F(section));
}

/* Paths from the root, as the run is in another folder; a corner's sections in
   the place of the first of its library's, the others go. */
static tp_status put_includes(patches *p, const tp_spectre *d,
                              const tp_condition *in, tp_err *err)
{
    tp_str lib = library(d, in->lib), all = {"", 0};
    bool   placed = in->n_section == 0;
    if (in->n_section > 0 && lib.len == 0)
        return tp_fail(err, TP_BAD_INPUT,
                       "%.*s has no include with a section, and no model file "
                       "is named",
                       TP_F(d->file->name));
    for (int i = 0; i < in->n_section; i++)
        all = tp_str_fmt(d->mem, "%.*s%.*s", TP_F(all),
                         TP_F(include_text(d, lib, in->section[i])));
    for (int i = 0; i < d->n_include; i++) {
        const include *one = &d->include[i];
        tp_str         file = full_path(d, text_in(d, one->file));
        if (in->n_section == 0 || !one->lib || !tp_str_eq(file, lib)) {
            put(p, one->whole, include_text(d, file, text_in(d, one->section)));
            continue;
        }
        put(p, one->whole, placed ? TP_S("") : all);
        placed = true;
    }
    if (!placed)
        put(p, (span){d->file->text.len, 0},
            tp_str_fmt(d->mem, "\n%.*s", TP_F(all)));
    return TP_OK;
}

/* What stands for the value of parameter i until a run: a byte that is no
   text, the number, the byte again. */
static tp_str mark(int i, tp_arena *mem)
{
    return tp_str_fmt(mem, "\001%d\001", i);
}

static void put_temp(patches *p, const tp_spectre *d, double temp)
{
    char   v[TP_NUMBER_MAX];
    tp_str text;
    if (isnan(temp)) return;
    tp_exact(temp, v);
    for (int i = 0; i < d->n_temp; i++)
        put(p, d->temp[i], tp_str_copy(p->mem, tp_str_of(v)));
    if (d->n_temp > 0) return;
    text = tp_str_fmt(p->mem, "\ntpCorner options temp=%s\n", v);
    put(p, (span){d->file->text.len, 0}, text);
}

tp_status tp_spectre_circuit(tp_circuit *out, const tp_spectre *d,
                             const tp_condition *in, const tp_str *value,
                             int n_value, tp_err *err)
{
    patches p = {.mem = d->mem};
    tp_str *param = TP_NEW(d->mem, tp_str, n_value);
    *out = (tp_circuit){.param = param};
    TP_TRY(put_includes(&p, d, in, err));
    put_temp(&p, d, in->temp);
    for (int i = 0; i < n_value; i++) {
        int k = param_of(d, value[i]);
        if (k < 0) continue;
        put(&p, d->param[k].in, mark(out->n_param, d->mem));
        param[out->n_param++] = value[i];
    }
    out->text = patched(d->file->text, &p);
    return TP_OK;
}

tp_str tp_spectre_text(const tp_circuit *c, const double *value, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    tp_str rest = c->text;
    for (;;) {
        ptrdiff_t at = tp_str_find(rest, '\001', 0);
        ptrdiff_t end = at < 0 ? -1 : tp_str_find(rest, '\001', at + 1);
        double    i = -1;
        if (end < 0) break;
        tp_buf_add(&b, tp_str_part(rest, 0, at));
        tp_number_all(tp_str_part(rest, at + 1, end - at - 1), &i);
        if (i >= 0 && i < c->n_param) tp_buf_fmt(&b, "%.17g", value[(int)i]);
        rest = tp_str_from(rest, end + 1);
    }
    tp_buf_add(&b, rest);
    return tp_buf_str(&b);
}
