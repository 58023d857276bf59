/* A JSON or YAML text as JSON: what a history file keeps of its problem.
   Numbers are written so that they read back the same; suffixes are gone. */
#include "front/front.h"
#include "front/yaml.h"

static void put_text(tp_buf *b, tp_str s)
{
    tp_buf_char(b, '"');
    for (ptrdiff_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        if (c == '"' || c == '\\')
            tp_buf_fmt(b, "\\%c", c);
        else if (c < ' ')
            tp_buf_fmt(b, "\\u%04x", c);
        else
            tp_buf_char(b, (char)c);
    }
    tp_buf_char(b, '"');
}

static void put_scalar(tp_buf *b, const tp_yaml *y)
{
    char number[TP_NUMBER_MAX];
    if (y->kind == TP_YAML_NULL) tp_buf_add(b, TP_S("null"));
    if (y->kind == TP_YAML_BOOL)
        tp_buf_add(b, y->truth ? TP_S("true") : TP_S("false"));
    if (y->kind == TP_YAML_NUMBER)
        tp_buf_add(b, tp_str_of(tp_exact(y->number, number)));
    if (y->kind == TP_YAML_TEXT) put_text(b, y->text);
}

/* As deep as tp_yaml_read lets a text be. */
static void put(tp_buf *b, const tp_yaml *y)
{
    bool map = y->kind == TP_YAML_MAP;
    if (!map && y->kind != TP_YAML_LIST) {
        put_scalar(b, y);
        return;
    }
    tp_buf_char(b, map ? '{' : '[');
    for (int i = 0; i < y->n; i++) {
        if (i) tp_buf_add(b, TP_S(", "));
        if (map) put_text(b, y->part[i].key);
        if (map) tp_buf_add(b, TP_S(": "));
        put(b, &y->part[i]);
    }
    tp_buf_char(b, map ? '}' : ']');
}

tp_status tp_front_json(tp_str *out, const tp_source *file, tp_arena *mem,
                        tp_err *err)
{
    const tp_yaml *y;
    tp_buf         b = {.mem = mem};
    TP_TRY(tp_yaml_read(&y, file, mem, err));
    put(&b, y);
    *out = tp_buf_str(&b);
    return TP_OK;
}
