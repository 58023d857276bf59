/* Texts for people, which everything behind a problem takes for UTF-8: decks
   are older than that, and those of Windows programs are in code page 1252. */
#include "front/inside.h"

/* What 0x80 to 0x9f are there; 0: nothing. */
static const unsigned short above[32] = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
    0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017d, 0,
    0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
    0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178,
};

static unsigned byte_at(tp_str s, ptrdiff_t i)
{
    return i < s.len ? (unsigned char)s.at[i] : 0;
}

static bool is_utf8(tp_str s)
{
    for (ptrdiff_t i = 0; i < s.len;) {
        int n = tp_utf8_length(tp_str_from(s, i));
        if (n == 0) return false;
        i += n;
    }
    return true;
}

static void add(tp_buf *b, unsigned c)
{
    unsigned v = c >= 0x80 && c < 0xa0 ? above[c - 0x80] : c;
    if (v == 0) v = 0xfffd;
    if (v >= 0x800) tp_buf_char(b, (char)(0xe0 | v >> 12));
    if (v >= 0x800) tp_buf_char(b, (char)(0x80 | (v >> 6 & 0x3f)));
    if (v >= 0x80 && v < 0x800) tp_buf_char(b, (char)(0xc0 | v >> 6));
    tp_buf_char(b, (char)(v < 0x80 ? v : 0x80 | (v & 0x3f)));
}

tp_str tp_front_utf8(tp_arena *mem, tp_str s)
{
    if (is_utf8(s)) return s;
    tp_buf b = {.mem = mem};
    for (ptrdiff_t i = 0; i < s.len; i++) add(&b, byte_at(s, i));
    return tp_buf_str(&b);
}
