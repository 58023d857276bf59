/* Texts of decks, for the benchmarks. */
#ifndef TP_BENCH_TEXT_H
#define TP_BENCH_TEXT_H

#include "base/base.h"

#include <string.h>

/* `text` with every `what` replaced. */
static inline tp_str replaced(tp_str text, const char *what, tp_str with,
                              tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    size_t len = strlen(what);
    while (text.len > 0) {
        const char *at = memmem(text.at, (size_t)text.len, what, len);
        ptrdiff_t   n = at ? at - text.at : text.len;
        tp_buf_add(&b, tp_str_part(text, 0, n));
        if (at) tp_buf_add(&b, with);
        text = tp_str_from(text, n + (at ? (ptrdiff_t)len : 0));
    }
    return tp_buf_str(&b);
}
#endif
