/* A string that grows in an arena: by doubling, and in place as long as it is
   the arena's last object. */
#include "base/base.h"

#include <stdio.h>
#include <string.h>

static void make_room(tp_buf *b, ptrdiff_t more)
{
    if (more <= b->cap - b->len) return;
    ptrdiff_t wider = b->cap > 32 ? 2 * b->cap : 64;
    if (wider - b->len < more) wider = b->len + more;
    if (b->at && b->at + b->cap == b->mem->beg) {
        TP_NEW(b->mem, char, wider - b->cap);
    } else {
        char *at = TP_NEW(b->mem, char, wider);
        if (b->at) memcpy(at, b->at, (size_t)b->len);
        b->at = at;
    }
    b->cap = wider;
}

void tp_buf_add(tp_buf *b, tp_str s)
{
    if (s.len <= 0) return;
    make_room(b, s.len);
    memcpy(b->at + b->len, s.at, (size_t)s.len);
    b->len += s.len;
}

void tp_buf_char(tp_buf *b, char c)
{
    tp_buf_add(b, (tp_str){&c, 1});
}

void tp_buf_fmt(tp_buf *b, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int len = vsnprintf(NULL, 0, fmt, ap);
    if (len > 0) {
        make_room(b, (ptrdiff_t)len + 1);
        vsnprintf(b->at + b->len, (size_t)len + 1, fmt, again);
        b->len += len;
    }
    va_end(again);
    va_end(ap);
}

void tp_buf_json(tp_buf *b, tp_str s)
{
    tp_buf_char(b, '"');
    for (ptrdiff_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        if (c < 0x20)
            tp_buf_fmt(b, "\\u%04x", c);
        else if (c == '"' || c == '\\')
            tp_buf_fmt(b, "\\%c", c);
        else
            tp_buf_char(b, s.at[i]);
    }
    tp_buf_char(b, '"');
}

tp_str tp_buf_str(const tp_buf *b)
{
    return (tp_str){b->at ? b->at : "", b->len};
}
