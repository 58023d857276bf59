/* JSON as text (RFC 8259) with every number in the fewest digits that give it
   back; a real stays one ("200.0"). jansson itself writes 17 digits or too few.
   */
#include "report/report.h"

#include <string.h>

enum { DEPTH_MAX = 200 };

typedef struct form {
    tp_buf     *to;
    const char *comma, *colon;
} form;

static void put(const form *f, const json_t *j, int depth);

static void put_real(const form *f, double v)
{
    char text[TP_NUMBER_MAX];
    tp_exact(v, text);
    tp_buf_add(f->to, tp_str_of(text));
    if (!strpbrk(text, ".e")) tp_buf_add(f->to, TP_S(".0"));
}

static void put_object(const form *f, const json_t *j, int depth)
{
    json_t     *in, *o = (json_t *)j; /* jansson iterates without const */
    const char *name, *between = "";
    tp_buf_char(f->to, '{');
    json_object_foreach(o, name, in)
    {
        tp_buf_add(f->to, tp_str_of(between));
        tp_buf_json(f->to, tp_str_of(name));
        tp_buf_add(f->to, tp_str_of(f->colon));
        put(f, in, depth);
        between = f->comma;
    }
    tp_buf_char(f->to, '}');
}

static void put_array(const form *f, const json_t *j, int depth)
{
    tp_buf_char(f->to, '[');
    for (size_t i = 0; i < json_array_size(j); i++) {
        if (i) tp_buf_add(f->to, tp_str_of(f->comma));
        put(f, json_array_get(j, i), depth);
    }
    tp_buf_char(f->to, ']');
}

static tp_str string_of(const json_t *j)
{
    return (tp_str){json_string_value(j), (ptrdiff_t)json_string_length(j)};
}

static void put(const form *f, const json_t *j, int depth)
{
    if (depth <= 0 || json_is_null(j)) {
        tp_buf_add(f->to, TP_S("null"));
    } else if (json_is_object(j)) {
        put_object(f, j, depth - 1);
    } else if (json_is_array(j)) {
        put_array(f, j, depth - 1);
    } else if (json_is_string(j)) {
        tp_buf_json(f->to, string_of(j));
    } else if (json_is_real(j)) {
        put_real(f, json_real_value(j));
    } else if (json_is_integer(j)) {
        tp_buf_fmt(f->to, "%lld", (long long)json_integer_value(j));
    } else {
        tp_buf_add(f->to, json_is_true(j) ? TP_S("true") : TP_S("false"));
    }
}

tp_str tp_report_json_text(const json_t *j, bool compact, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    form   f = {&b, compact ? "," : ", ", compact ? ":" : ": "};
    put(&f, j, DEPTH_MAX);
    return tp_buf_str(&b);
}
