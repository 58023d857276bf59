/* Base64 (RFC 4648). */
#include "report/base64.h"

static const char digit[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

tp_str tp_base64(tp_str bytes, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    for (ptrdiff_t i = 0; i < bytes.len; i += 3) {
        ptrdiff_t left = bytes.len - i;
        unsigned  v = 0;
        for (ptrdiff_t k = 0; k < 3; k++)
            v = v << 8 | (k < left ? (unsigned char)bytes.at[i + k] : 0u);
        tp_buf_char(&b, digit[v >> 18 & 63]);
        tp_buf_char(&b, digit[v >> 12 & 63]);
        tp_buf_char(&b, left > 1 ? digit[v >> 6 & 63] : '=');
        tp_buf_char(&b, left > 2 ? digit[v & 63] : '=');
    }
    return tp_buf_str(&b);
}

bool tp_base64_read(tp_str *out, tp_str text, tp_arena *mem)
{
    tp_buf   b = {.mem = mem};
    unsigned v = 0;
    int      bits = 0, padding = 0;
    for (ptrdiff_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (tp_is_space(c)) continue;
        if (c == '=') {
            padding++;
            continue;
        }
        ptrdiff_t k = tp_str_find(tp_str_of(digit), c, 0);
        if (k < 0 || padding) return false;
        v = (v << 6 | (unsigned)k) & 0xffffff;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            tp_buf_char(&b, (char)(v >> bits & 0xff));
        }
    }
    /* Whole groups of four, and nothing in the bits that padding leaves. */
    *out = tp_buf_str(&b);
    return padding <= 2 && bits == 2 * padding && !(v & ((1u << bits) - 1));
}
