/* OCEAN's accesses to results: VT("/OUT"), OP("/M1" "gm"), getData("/OUT"
   ?result "noise"). In an expression each one is a name. */
#include "expr/lex.h"

/* "dcOp" stands for the operating point whatever the simulator calls it. */
static const tp_access_row rows[] = {
    {"VT", TP_ACCESS_VOLTAGE, "tran", 1, 1, false},
    {"VF", TP_ACCESS_VOLTAGE, "ac", 1, 1, false},
    {"VDC", TP_ACCESS_VOLTAGE, "dcOp", 1, 1, false},
    {"VS", TP_ACCESS_VOLTAGE, "dc", 1, 1, false},
    {"v", TP_ACCESS_VOLTAGE, "", 1, 1, true},
    {"IT", TP_ACCESS_CURRENT, "tran", 1, 1, false},
    {"IF", TP_ACCESS_CURRENT, "ac", 1, 1, false},
    {"IDC", TP_ACCESS_CURRENT, "dcOp", 1, 1, false},
    {"IS", TP_ACCESS_CURRENT, "dc", 1, 1, false},
    {"i", TP_ACCESS_CURRENT, "", 1, 1, true},
    {"OP", TP_ACCESS_QUANTITY, "dcOp", 2, 2, false},
    {"OS", TP_ACCESS_QUANTITY, "dc", 2, 2, false},
    {"OT", TP_ACCESS_QUANTITY, "tran", 2, 2, false},
    {"pv", TP_ACCESS_QUANTITY, "dcOp", 2, 2, true},
    {"getData", TP_ACCESS_DATA, "", 1, 1, true},
    {"VN", TP_ACCESS_NOISE, "noise", 0, 0, false},
    {"VAR", TP_ACCESS_VARIABLE, "", 1, 1, false},
};

const tp_access_row *tp_access_find(tp_str name)
{
    for (int i = 0; i < TP_COUNT(rows); i++)
        if (tp_str_eq(name, tp_str_of(rows[i].name))) return &rows[i];
    return NULL;
}

void tp_ocean_quote(tp_buf *b, tp_str s)
{
    tp_buf_char(b, '"');
    for (ptrdiff_t i = 0; i < s.len; i++) {
        if (s.at[i] == '"' || s.at[i] == '\\') tp_buf_char(b, '\\');
        tp_buf_char(b, s.at[i]);
    }
    tp_buf_char(b, '"');
}

tp_str tp_access_print(const tp_access_text *a, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    tp_buf_fmt(&b, "%s(", a->row->name);
    for (int i = 0; i < a->n; i++) {
        if (i > 0) tp_buf_char(&b, ' ');
        tp_ocean_quote(&b, a->text[i]);
    }
    if (a->result.len > 0) {
        tp_buf_add(&b, TP_S(" ?result "));
        tp_ocean_quote(&b, a->result);
    }
    tp_buf_char(&b, ')');
    return tp_buf_str(&b);
}

/* "/V0/PLUS": instance and terminal. */
static tp_status split_terminal(tp_ocean_name *out, tp_err *err)
{
    ptrdiff_t slash = out->object.len - 1;
    while (slash >= 0 && out->object.at[slash] != '/') slash--;
    out->part = tp_str_from(out->object, slash + 1);
    if (slash < 1 || out->part.len == 0)
        return tp_fail(err, TP_BAD_INPUT,
                       "'%.*s' names no terminal: wanted \"/INSTANCE/TERMINAL\""
                       ", for example \"/V0/PLUS\"",
                       TP_F(out->object));
    out->object = tp_str_part(out->object, 0, slash);
    return TP_OK;
}

tp_status tp_ocean_name_read(tp_ocean_name *out, tp_str slot, tp_arena *mem,
                             tp_err *err)
{
    tp_word        w, text[3] = {0};
    tp_access_text a = {0};
    int            n = 0;
    *out = (tp_ocean_name){0};
    TP_TRY(tp_ocean_lex(&w, slot, 0, mem, err));
    a.row = w.kind == TP_WORD_NAME ? tp_access_find(w.text) : NULL;
    while (w.kind != TP_WORD_END && n < 3) {
        TP_TRY(tp_ocean_lex(&w, slot, w.end, mem, err));
        if (w.kind == TP_WORD_TEXT) text[n++] = w;
        if (w.kind == TP_WORD_KEY) out->result = TP_S("?");
    }
    int own = n - (out->result.len > 0);
    if (!a.row || own < a.row->least || own > a.row->most)
        return tp_fail(err, TP_BAD_INPUT, "'%.*s' is no access to a result",
                       TP_F(slot));
    out->kind = a.row->kind;
    out->result = own < n ? text[own].text : tp_str_of(a.row->result);
    if (own > 0) out->object = text[0].text;
    if (own > 1) out->part = text[1].text;
    return out->kind == TP_ACCESS_CURRENT ? split_terminal(out, err) : TP_OK;
}
