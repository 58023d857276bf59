/* Reading a tree: each value of the kind that is wanted, or a message with its
   path, what is there, and what was expected. */
#include "front/yaml.h"

#include <math.h>
#include <stdio.h>

static void add_path(tp_buf *b, const tp_yaml *y)
{
    if (!y->up) return;
    add_path(b, y->up); /* at most 64 deep, by the reader */
    if (y->up->kind == TP_YAML_LIST)
        tp_buf_fmt(b, "[%d]", y->index);
    else
        tp_buf_fmt(b, "%s%.*s", b->len ? "." : "", TP_F(y->key));
}

tp_str tp_yaml_path(const tp_yaml *y, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    add_path(&b, y);
    return b.len ? tp_buf_str(&b) : TP_S("the file");
}

tp_status tp_yaml_fail(const tp_yaml *y, tp_err *err, const char *fmt, ...)
{
    char     words[300], room[1 << 12];
    tp_arena fixed = {.beg = room, .end = room + sizeof room};
    tp_buf   b = {.mem = &fixed};
    va_list  ap;
    va_start(ap, fmt);
    vsnprintf(words, sizeof words, fmt, ap);
    va_end(ap);
    add_path(&b, y);
    tp_str path = tp_buf_str(&b);
    if (path.len > 200) path.len = 200;
    return tp_fail_at(err, TP_BAD_INPUT, y->at, "%.*s%s%s", TP_F(path),
                      path.len ? ": " : "", words);
}

const tp_yaml *tp_yaml_get(const tp_yaml *y, const char *key)
{
    for (int i = 0; y && i < y->n; i++)
        if (tp_str_eq(y->part[i].key, tp_str_of(key))) return &y->part[i];
    return NULL;
}

/* "a text", "a list of 3", "the number 4" for messages; in mem. */
static tp_str words_of(const tp_yaml *y, tp_arena *mem)
{
    tp_str shown = tp_str_part(y->text, 0, 40);
    switch (y->kind) {
    case TP_YAML_NULL: return TP_S("nothing");
    case TP_YAML_LIST: return tp_str_fmt(mem, "a list of %d", y->n);
    case TP_YAML_MAP: return TP_S("a map");
    case TP_YAML_TEXT: return tp_str_fmt(mem, "the text '%.*s'", TP_F(shown));
    case TP_YAML_NUMBER:
    case TP_YAML_BOOL: return tp_str_copy(mem, shown);
    }
    return TP_S("something else");
}

static tp_status not_a(const tp_yaml *y, const char *wanted, tp_err *err)
{
    char     room[400];
    tp_arena fixed = {.beg = room, .end = room + sizeof room};
    tp_str   is = words_of(y, &fixed);
    return tp_yaml_fail(y, err, "%.*s, where %s is expected", TP_F(is), wanted);
}

/* Where the number is one of a deck's that people read in two ways. */
static bool is_capital_m(const tp_yaml *y)
{
    double v;
    return y->kind == TP_YAML_TEXT && tp_number_all(y->text, &v) &&
           tp_str_find(y->text, 'M', 0) > 0;
}

tp_status tp_yaml_as_number(double *out, const tp_yaml *y, tp_err *err)
{
    if (is_capital_m(y))
        return tp_yaml_fail(y, err,
                            "'%.*s': M is milli in a deck and mega elsewhere; "
                            "write m or meg",
                            TP_F(y->text));
    if (y->kind == TP_YAML_TEXT && tp_number_all(y->text, out) &&
        tp_number_is_odd(y->text)) {
        tp_str shown = tp_str_part(y->text, 0, 40);
        return tp_yaml_fail(y, err,
                            "'%.*s': what stands behind the number is no unit",
                            TP_F(shown));
    }
    if (y->kind != TP_YAML_NUMBER) return not_a(y, "a number", err);
    *out = y->number;
    return TP_OK;
}

static const tp_yaml *given(const tp_yaml *y, const char *key)
{
    const tp_yaml *part = tp_yaml_get(y, key);
    return part && part->kind != TP_YAML_NULL ? part : NULL;
}

tp_status tp_yaml_known(const tp_yaml *y, const char *keys, tp_err *err)
{
    char     room[1 << 13];
    tp_arena fixed = {.beg = room, .end = room + sizeof room};
    tp_str   name[64], rest = tp_str_of(keys);
    int      n = 0;
    if (!y) return TP_OK;
    if (y->kind != TP_YAML_MAP) return not_a(y, "a map", err);
    for (tp_str w; n < 64 && (w = tp_str_word(&rest, " ")).len;) name[n++] = w;
    for (int i = 0; i < y->n; i++) {
        bool known = false;
        for (int k = 0; k < n; k++) known |= tp_str_eq(name[k], y->part[i].key);
        if (known) continue;
        tp_str key = tp_str_part(y->part[i].key, 0, 80);
        tp_str hint = tp_did_you_mean(&fixed, key, name, n);
        if (hint.len)
            return tp_yaml_fail(&y->part[i], err, "unknown name%.*s",
                                TP_F(hint));
        return tp_yaml_fail(&y->part[i], err, "unknown name; known are %s",
                            keys);
    }
    return TP_OK;
}

tp_status tp_yaml_need(const tp_yaml **out, const tp_yaml *y, const char *key,
                       tp_err *err)
{
    if (y->kind != TP_YAML_MAP) return not_a(y, "a map", err);
    *out = given(y, key);
    if (*out) return TP_OK;
    return tp_yaml_fail(y, err, "'%s' is missing", key);
}

tp_status tp_yaml_number(double *out, const tp_yaml *y, const char *key,
                         tp_err *err)
{
    const tp_yaml *part = given(y, key);
    return part ? tp_yaml_as_number(out, part, err) : TP_OK;
}

tp_status tp_yaml_count(int *out, const tp_yaml *y, const char *key,
                        tp_err *err)
{
    const tp_yaml *part = given(y, key);
    double         v = 0;
    if (!part) return TP_OK;
    TP_TRY(tp_yaml_as_number(&v, part, err));
    if (!(v >= 0 && v <= 1e9) || v != floor(v))
        return not_a(part, "a whole number >= 0", err);
    *out = (int)v;
    return TP_OK;
}

tp_status tp_yaml_bool(bool *out, const tp_yaml *y, const char *key,
                       tp_err *err)
{
    const tp_yaml *part = given(y, key);
    if (!part) return TP_OK;
    if (part->kind != TP_YAML_BOOL) return not_a(part, "true or false", err);
    *out = part->truth;
    return TP_OK;
}

static bool is_text(const tp_yaml *y)
{
    return y->kind == TP_YAML_TEXT || y->kind == TP_YAML_NUMBER;
}

tp_status tp_yaml_text(tp_str *out, const tp_yaml *y, const char *key,
                       tp_err *err)
{
    const tp_yaml *part = given(y, key);
    if (!part) return TP_OK;
    if (!is_text(part) || !part->text.len) return not_a(part, "a text", err);
    *out = part->text;
    return TP_OK;
}

tp_status tp_yaml_choice(int *out, const tp_yaml *y, const char *key,
                         const char *const *words, tp_err *err)
{
    char           room[1 << 12];
    tp_arena       fixed = {.beg = room, .end = room + sizeof room};
    tp_buf         all = {.mem = &fixed};
    const tp_yaml *part = given(y, key);
    if (!part) return TP_OK;
    for (int i = 0; words[i]; i++) {
        tp_buf_fmt(&all, "%s%s", i ? ", " : "", words[i]);
        if (!tp_str_eq(part->text, tp_str_of(words[i]))) continue;
        *out = i;
        return TP_OK;
    }
    tp_str is = words_of(part, &fixed);
    return tp_yaml_fail(part, err, "%.*s, where one of %.*s is expected",
                        TP_F(is), TP_F(tp_buf_str(&all)));
}

tp_status tp_yaml_texts(const tp_str **out, int *n, const tp_yaml *y,
                        const char *key, tp_arena *mem, tp_err *err)
{
    const tp_yaml *part = given(y, key);
    if (!part) return TP_OK;
    bool    list = part->kind == TP_YAML_LIST;
    tp_str *text = TP_NEW(mem, tp_str, list ? part->n : 1);
    int     count = list ? part->n : 1;
    for (int i = 0; i < count; i++) {
        const tp_yaml *one = list ? &part->part[i] : part;
        if (!is_text(one) || !one->text.len)
            return not_a(one, list ? "a text" : "a text or a list of texts",
                         err);
        text[i] = one->text;
    }
    *out = text;
    *n = count;
    return TP_OK;
}

tp_status tp_yaml_numbers(const double **out, int *n, const tp_yaml *y,
                          const char *key, tp_arena *mem, tp_err *err)
{
    const tp_yaml *part = given(y, key);
    if (!part) return TP_OK;
    if (part->kind != TP_YAML_LIST)
        return not_a(part, "a list of numbers", err);
    double *v = TP_NEW(mem, double, part->n);
    for (int i = 0; i < part->n; i++)
        TP_TRY(tp_yaml_as_number(&v[i], &part->part[i], err));
    *out = v;
    *n = part->n;
    return TP_OK;
}
