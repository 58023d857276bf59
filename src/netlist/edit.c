/* The user's own text with some stretches replaced, all else byte for byte. */
#include "netlist/deck.h"

#include <stdlib.h>

/* Offset in the text of a line and column, or -1. */
static ptrdiff_t offset_of(tp_str text, int line, int col)
{
    ptrdiff_t at = 0;
    for (int l = 1; l < line; l++) {
        ptrdiff_t end = tp_str_find(text, '\n', at);
        if (end < 0) return -1;
        at = end + 1;
    }
    at += col - 1;
    return line > 0 && col > 0 && at <= text.len ? at : -1;
}

typedef struct cut {
    ptrdiff_t at, len;
    tp_str    with;
} cut;

static int by_place(const void *a, const void *b)
{
    ptrdiff_t x = ((const cut *)a)->at, y = ((const cut *)b)->at;
    return (x > y) - (x < y);
}

tp_status tp_deck_edit(tp_str *out, const tp_deck *d, const tp_edit *edit,
                       int n, tp_arena *mem, tp_err *err)
{
    tp_str    text = d->file[0].text;
    cut      *c = TP_NEW(mem, cut, n);
    ptrdiff_t done = 0;
    tp_buf    b = {.mem = mem};
    for (int i = 0; i < n; i++) {
        c[i] = (cut){offset_of(text, edit[i].at.line, edit[i].at.col),
                     edit[i].len, edit[i].with};
        if (edit[i].at.in != &d->file[0])
            return tp_fail_at(err, TP_BAD_INPUT, edit[i].at,
                              "this value is not in the main file: the deck "
                              "cannot be written with another one");
    }
    qsort(c, (size_t)n, sizeof *c, by_place);
    for (int i = 0; i < n; i++) {
        if (c[i].at < done || c[i].at + c[i].len > text.len)
            return tp_fail(err, TP_BAD_INPUT,
                           "two edits of the deck overlap or lie outside it");
        tp_buf_add(&b, tp_str_part(text, done, c[i].at - done));
        tp_buf_add(&b, c[i].with);
        done = c[i].at + c[i].len;
    }
    tp_buf_add(&b, tp_str_from(text, done));
    *out = tp_buf_str(&b);
    return TP_OK;
}
