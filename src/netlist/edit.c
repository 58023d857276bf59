/* edit: the user's own text with some stretches replaced. */
#include "netlist/deck.h"

/* Offset of a place in a text, or -1. */
static ptrdiff_t offset_of(tp_str text, tp_place at)
{
    ptrdiff_t from = 0;
    for (int line = 1; line < at.line; line++) {
        ptrdiff_t end = tp_str_find(text, '\n', from);
        if (end < 0) return -1;
        from = end + 1;
    }
    ptrdiff_t end = tp_str_find(text, '\n', from);
    if (end < 0) end = text.len;
    ptrdiff_t here = from + at.col - 1;
    return at.line < 1 || at.col < 1 || here > end ? -1 : here;
}

struct stretch {
    ptrdiff_t at, len;
    tp_str    with;
};

/* By place; the few there are, by insertion. */
static void sort(struct stretch *s, int n)
{
    for (int i = 1; i < n; i++) {
        struct stretch one = s[i];
        int            k = i;
        for (; k > 0 && s[k - 1].at > one.at; k--) s[k] = s[k - 1];
        s[k] = one;
    }
}

tp_status tp_source_edit(tp_str *out, const tp_source *in, const tp_edit *edit,
                         int n, tp_arena *mem, tp_err *err)
{
    tp_str          text = in->text;
    struct stretch *s = TP_NEW(mem, struct stretch, n);
    tp_buf          b = {.mem = mem};
    ptrdiff_t       done = 0;
    for (int i = 0; i < n; i++) {
        bool here = !edit[i].at.in || edit[i].at.in == in ||
                    tp_str_eq(edit[i].at.in->name, in->name);
        if (!here)
            return tp_fail_at(err, TP_BAD_INPUT, edit[i].at,
                              "this is not in the main file: only '%.*s' is "
                              "written",
                              TP_F(in->name));
        s[i] = (struct stretch){offset_of(text, edit[i].at), edit[i].len,
                                edit[i].with};
        if (s[i].at < 0 || s[i].len < 0 || s[i].at + s[i].len > text.len)
            return tp_fail(err, TP_BAD_INPUT,
                           "line %d, column %d: there is no text of %d bytes "
                           "to replace",
                           edit[i].at.line, edit[i].at.col, edit[i].len);
    }
    sort(s, n);
    for (int i = 0; i < n; i++) {
        if (s[i].at < done)
            return tp_fail(err, TP_BAD_INPUT, "two edits overlap");
        tp_buf_add(&b, tp_str_part(text, done, s[i].at - done));
        tp_buf_add(&b, s[i].with);
        done = s[i].at + s[i].len;
    }
    tp_buf_add(&b, tp_str_from(text, done));
    *out = tp_buf_str(&b);
    return TP_OK;
}
