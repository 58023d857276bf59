/* Changes of a card's text: gathered in any order, applied at once. */
#include "netlist/text.h"

#include <stdlib.h>

void tp_change_add(tp_changes *c, ptrdiff_t at, ptrdiff_t end, tp_str with)
{
    tp_change *new = TP_PUSH(c->mem, c->change, c->n, c->cap);
    *new = (tp_change){at, end, with, c->n};
}

static int by_place(const void *a, const void *b)
{
    const tp_change *x = a, *y = b;
    if (x->at != y->at) return x->at < y->at ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

tp_str tp_changed(tp_changes *c, tp_str text)
{
    if (c->n == 0) return text;
    qsort(c->change, (size_t)c->n, sizeof *c->change, by_place);
    tp_buf    b = {.mem = c->mem};
    ptrdiff_t done = 0;
    for (int i = 0; i < c->n; i++) {
        const tp_change *k = &c->change[i];
        if (k->at < done) continue; /* inside one that is made already */
        tp_buf_add(&b, tp_str_part(text, done, k->at - done));
        tp_buf_add(&b, k->with);
        done = k->end;
    }
    tp_buf_add(&b, tp_str_from(text, done));
    return tp_buf_str(&b);
}
