/* Bytes for messages and blobs: little-endian, eight per number, a count in
   front of what has a length. A reader never looks behind the end and never
   believes a count that the bytes left can't hold. */
#include "base/base.h"

#include <limits.h>
#include <string.h>

static void pack_word(tp_buf *b, uint64_t v)
{
    char byte[8];
    for (int i = 0; i < 8; i++) byte[i] = (char)(unsigned char)(v >> (8 * i));
    tp_buf_add(b, (tp_str){byte, 8});
}

static uint64_t word_at(const char *at)
{
    uint64_t v = 0;
    for (int i = 0; i < 8; i++) v |= (uint64_t)(unsigned char)at[i] << (8 * i);
    return v;
}

static double double_of(uint64_t word)
{
    double v;
    memcpy(&v, &word, sizeof v);
    return v;
}

void tp_pack_int(tp_buf *b, int64_t v)
{
    pack_word(b, (uint64_t)v);
}

void tp_pack_double(tp_buf *b, double v)
{
    uint64_t word;
    memcpy(&word, &v, sizeof word);
    pack_word(b, word);
}

void tp_pack_doubles(tp_buf *b, const double *v, int n)
{
    if (!v) n = 0;
    tp_pack_int(b, n);
    for (int i = 0; i < n; i++) tp_pack_double(b, v[i]);
}

void tp_pack_str(tp_buf *b, tp_str s)
{
    tp_pack_int(b, s.len);
    tp_buf_add(b, s);
}

/* The next `len` bytes, or NULL and bad. */
static const char *take(tp_unpack *u, ptrdiff_t len)
{
    if (u->bad || len > u->rest.len) {
        u->bad = true;
        return NULL;
    }
    const char *at = u->rest.at;
    u->rest = tp_str_from(u->rest, len);
    return at;
}

int64_t tp_unpack_int(tp_unpack *u)
{
    const char *at = take(u, 8);
    return at ? (int64_t)word_at(at) : 0;
}

int tp_unpack_small(tp_unpack *u)
{
    int64_t v = tp_unpack_int(u);
    if (v >= INT_MIN && v <= INT_MAX) return (int)v;
    u->bad = true;
    return 0;
}

int tp_unpack_index(tp_unpack *u, int n)
{
    int v = tp_unpack_small(u);
    if (v >= 0 && v < n) return v;
    u->bad = true;
    return 0;
}

int tp_unpack_count(tp_unpack *u, int min_bytes_each)
{
    int64_t n = tp_unpack_int(u);
    int64_t each = min_bytes_each > 0 ? min_bytes_each : 0;
    if (n >= 0 && n <= INT_MAX && n * each <= u->rest.len) return (int)n;
    u->bad = true;
    return 0;
}

double tp_unpack_double(tp_unpack *u)
{
    const char *at = take(u, 8);
    return at ? double_of(word_at(at)) : 0;
}

const double *tp_unpack_doubles(tp_unpack *u, int *n, tp_arena *mem)
{
    *n = tp_unpack_count(u, 8);
    if (*n == 0) return NULL;
    const char *at = take(u, 8 * (ptrdiff_t)*n);
    double     *v = TP_NEW(mem, double, *n);
    for (int i = 0; i < *n; i++)
        v[i] = double_of(word_at(at + 8 * (ptrdiff_t)i));
    return v;
}

tp_str tp_unpack_str(tp_unpack *u)
{
    int64_t len = tp_unpack_int(u);
    if (len < 0 || len > u->rest.len) u->bad = true;
    const char *at = u->bad ? NULL : take(u, (ptrdiff_t)len);
    return at ? (tp_str){at, (ptrdiff_t)len} : (tp_str){"", 0};
}
