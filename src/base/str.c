/* Strings: a pointer and a length. ASCII rules for blanks, letters and case,
   whatever the locale. */
#include "base/base.h"

#include <stdio.h>
#include <string.h>

char tp_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool tp_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool tp_is_alpha(char c)
{
    return tp_lower(c) >= 'a' && tp_lower(c) <= 'z';
}

tp_str tp_str_of(const char *zero_terminated)
{
    if (!zero_terminated) return (tp_str){"", 0};
    return (tp_str){zero_terminated, (ptrdiff_t)strlen(zero_terminated)};
}

bool tp_str_eq(tp_str a, tp_str b)
{
    if (a.len != b.len) return false;
    return a.len == 0 || memcmp(a.at, b.at, (size_t)a.len) == 0;
}

bool tp_str_starts(tp_str s, tp_str with)
{
    if (s.len < with.len) return false;
    for (ptrdiff_t i = 0; i < with.len; i++)
        if (tp_lower(s.at[i]) != tp_lower(with.at[i])) return false;
    return true;
}

bool tp_str_has(tp_str s, tp_str part)
{
    if (part.len == 0) return true;
    char first = tp_lower(part.at[0]); /* most bytes need no more */
    for (ptrdiff_t i = 0; i + part.len <= s.len; i++)
        if (tp_lower(s.at[i]) == first &&
            tp_str_starts(tp_str_from(s, i), part))
            return true;
    return false;
}

bool tp_str_same(tp_str a, tp_str b)
{
    return a.len == b.len && tp_str_starts(a, b);
}

int tp_str_cmp(tp_str a, tp_str b)
{
    ptrdiff_t both = a.len < b.len ? a.len : b.len;
    int       c = both > 0 ? memcmp(a.at, b.at, (size_t)both) : 0;
    return c ? c : (a.len > b.len) - (a.len < b.len);
}

tp_str tp_str_trim(tp_str s)
{
    while (s.len > 0 && tp_is_space(s.at[0])) s = tp_str_from(s, 1);
    while (s.len > 0 && tp_is_space(s.at[s.len - 1])) s.len--;
    return s;
}

tp_str tp_str_from(tp_str s, ptrdiff_t at)
{
    return tp_str_part(s, at, s.len);
}

tp_str tp_str_part(tp_str s, ptrdiff_t at, ptrdiff_t len)
{
    if (!s.at) return (tp_str){"", 0};
    if (at < 0) at = 0;
    if (at > s.len) at = s.len;
    if (len < 0) len = 0;
    if (len > s.len - at) len = s.len - at;
    return (tp_str){s.at + at, len};
}

ptrdiff_t tp_str_find(tp_str s, char c, ptrdiff_t from)
{
    if (from < 0) from = 0;
    if (from >= s.len) return -1;
    const char *at = memchr(s.at + from, c, (size_t)(s.len - from));
    return at ? at - s.at : -1;
}

static bool is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c);
}

tp_str tp_str_word(tp_str *rest, const char *separators)
{
    tp_str    s = *rest;
    ptrdiff_t beg = 0;
    while (beg < s.len && is_one_of(s.at[beg], separators)) beg++;
    ptrdiff_t end = beg;
    while (end < s.len && !is_one_of(s.at[end], separators)) end++;
    *rest = tp_str_from(s, end);
    return tp_str_part(s, beg, end - beg);
}

char *tp_str_z(tp_arena *a, tp_str s)
{
    char *at = TP_NEW(a, char, s.len + 1);
    if (s.len > 0) memcpy(at, s.at, (size_t)s.len);
    return at;
}

tp_str tp_str_copy(tp_arena *a, tp_str s)
{
    return (tp_str){tp_str_z(a, s), s.len};
}

tp_str tp_str_lower(tp_arena *a, tp_str s)
{
    char *at = tp_str_z(a, s);
    for (ptrdiff_t i = 0; i < s.len; i++) at[i] = tp_lower(at[i]);
    return (tp_str){at, s.len};
}

tp_str tp_str_fmt(tp_arena *a, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int   len = vsnprintf(NULL, 0, fmt, ap);
    char *at = TP_NEW(a, char, (ptrdiff_t)(len < 0 ? 0 : len) + 1);
    if (len > 0) vsnprintf(at, (size_t)len + 1, fmt, again);
    va_end(again);
    va_end(ap);
    return (tp_str){at, len < 0 ? 0 : len};
}

int tp_utf8_length(tp_str s)
{
    static const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned              c = s.len > 0 ? (unsigned char)s.at[0] : 0xff;
    int                   n = c < 0x80   ? 1
                              : c < 0xc0 ? 0
                              : c < 0xe0 ? 2
                              : c < 0xf0 ? 3
                              : c < 0xf8 ? 4
                                         : 0;
    if (n < 2 || n > s.len) return n < 2 ? n : 0;
    unsigned v = c & (0xffu >> (n + 1));
    for (int i = 1; i < n; i++) {
        unsigned more = (unsigned char)s.at[i];
        if ((more & 0xc0) != 0x80) return 0;
        v = v << 6 | (more & 0x3f);
    }
    bool surrogate = v >= 0xd800 && v < 0xe000;
    return v < least[n] || v > 0x10ffff || surrogate ? 0 : n;
}
