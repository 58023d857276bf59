/* Netlists with holes, made decks with parameters. */
#include "front/template.h"

/* A line of the netlist while it is copied. */
typedef struct copy {
    const tp_source *in;
    tp_hole         *hole;
    int              n;
    tp_buf           out;
    int              line;
} copy;

static tp_status unknown(const copy *c, ptrdiff_t at, tp_str name, tp_arena mem,
                         tp_err *err)
{
    tp_str *known = TP_NEW(&mem, tp_str, c->n);

    for (int i = 0; i < c->n; i++) known[i] = c->hole[i].name;
    tp_str hint = tp_did_you_mean(&mem, name, known, c->n);
    return tp_fail_at(
        err, TP_BAD_INPUT, (tp_place){c->in, c->line, (int)at + 1},
        "${%.*s} is no parameter of the sweep%.*s", TP_F(name), TP_F(hint));
}

/* Writes the parameter of the hole at *at, bare where an expression is open;
 *at is behind it then. */
static tp_status fill(copy *c, tp_str line, bool open, ptrdiff_t *at,
                      tp_err *err)
{
    ptrdiff_t begin = *at, end = tp_str_find(line, '}', begin);
    if (end < 0)
        return tp_fail_at(err, TP_BAD_INPUT,
                          (tp_place){c->in, c->line, (int)begin + 1},
                          "the '${' has no '}' on its line");
    if (begin > 0 && line.at[begin - 1] == '$')
        return tp_fail_at(err, TP_BAD_INPUT,
                          (tp_place){c->in, c->line, (int)begin},
                          "a '$' stands before '${'");
    tp_str name = tp_str_trim(tp_str_part(line, begin + 2, end - begin - 2));
    *at = end + 1;
    for (int i = 0; i < c->n; i++) {
        if (!tp_str_eq(c->hole[i].name, name)) continue;
        c->hole[i].uses++;
        tp_buf_fmt(&c->out, open ? "%.*s" : "{%.*s}", TP_F(name));
        return TP_OK;
    }
    return unknown(c, begin, name, *c->out.mem, err);
}

/* Whether text after this byte is inside an expression: in braces or quotes. */
typedef struct inside {
    int  depth;
    bool quoted;
} inside;

static void pass(inside *in, char c)
{
    if (c == '{') in->depth++;
    if (c == '}') in->depth--;
    if (c == '\'' || c == '"') in->quoted = !in->quoted;
}

static bool hole_at(tp_str line, ptrdiff_t i)
{
    return tp_str_starts(tp_str_from(line, i), TP_S("${"));
}

static tp_status copy_line(copy *c, tp_str line, tp_err *err)
{
    inside    in = {0};
    ptrdiff_t i = 0;
    while (i < line.len) {
        for (; i < line.len && !hole_at(line, i); i++) {
            pass(&in, line.at[i]);
            tp_buf_char(&c->out, line.at[i]);
        }
        bool open = in.depth > 0 || in.quoted;
        if (i < line.len) TP_TRY(fill(c, line, open, &i, err));
    }
    tp_buf_char(&c->out, '\n');
    return TP_OK;
}

static tp_str params(const copy *c, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    char   v[TP_NUMBER_MAX];
    for (int i = 0; i < c->n; i++)
        if (c->hole[i].uses)
            tp_buf_fmt(&b, ".param %.*s=%s\n", TP_F(c->hole[i].name),
                       tp_exact(c->hole[i].value, v));
    return tp_buf_str(&b);
}

tp_status tp_template_fill(tp_str *out, const tp_source *netlist, tp_hole *hole,
                           int n, tp_arena *mem, tp_err *err)
{
    copy      c = {.in = netlist, .hole = hole, .n = n, .out.mem = mem};
    ptrdiff_t title = 0;
    tp_str    text = netlist->text;
    for (ptrdiff_t at = 0; at < text.len;) {
        ptrdiff_t end = tp_str_find(text, '\n', at);
        if (end < 0) end = text.len;
        c.line++;
        TP_TRY(copy_line(&c, tp_str_part(text, at, end - at), err));
        if (c.line == 1) title = c.out.len;
        at = end + 1;
    }
    tp_str whole = tp_buf_str(&c.out);
    tp_buf all = {.mem = mem};
    tp_buf_add(&all, tp_str_part(whole, 0, title));
    tp_buf_add(&all, params(&c, mem));
    tp_buf_add(&all, tp_str_from(whole, title));
    *out = tp_buf_str(&all);
    return TP_OK;
}
