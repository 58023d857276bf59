#include "exec/frame.h"

#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

static const char version[4] = {'T', 'P', 'W', '2'}; /* of the protocol */

static void put32(char *at, uint32_t v)
{
    for (int i = 0; i < 4; i++) at[i] = (char)(unsigned char)(v >> (8 * i));
}

static uint32_t get32(const char *at)
{
    uint32_t v = 0;
    for (int i = 0; i < 4; i++) v |= (uint32_t)(unsigned char)at[i] << (8 * i);
    return v;
}

void tp_frame_head(char head[TP_FRAME_HEAD], tp_frame_type type, ptrdiff_t len)
{
    memcpy(head, version, 4);
    put32(head + 4, (uint32_t)type);
    put32(head + 8, (uint32_t)len);
    put32(head + 12, ~(uint32_t)len);
}

bool tp_frame_read_head(const char head[TP_FRAME_HEAD], bool from_worker,
                        tp_frame_type *type, ptrdiff_t *len)
{
    static const bool theirs[] = {
#define X(name, from_worker) from_worker,
        TP_FRAME_LIST(X)
#undef X
    };
    uint32_t t = get32(head + 4), n = get32(head + 8);
    if (memcmp(head, version, 4) != 0 || t >= TP_FRAME_TYPES) return false;
    if (n > TP_FRAME_MAX || get32(head + 12) != ~n) return false;
    *type = (tp_frame_type)t;
    *len = (ptrdiff_t)n;
    return theirs[t] == from_worker;
}

void tp_frame_pack_err(tp_buf *b, const tp_err *err)
{
    tp_pack_int(b, (int64_t)err->code);
    tp_pack_int(b, err->line);
    tp_pack_int(b, err->col);
    tp_pack_int(b, err->caret);
    tp_pack_str(b, tp_str_of(err->file));
    tp_pack_str(b, tp_str_of(err->text));
    tp_pack_str(b, tp_str_of(err->msg));
}

static int small(int64_t v)
{
    return v >= 0 && v <= INT_MAX ? (int)v : 0;
}

static void keep(char *to, size_t size, tp_str s)
{
    size_t n = (size_t)s.len < size - 1 ? (size_t)s.len : size - 1;
    memcpy(to, s.at, n);
    to[n] = '\0';
}

void tp_exec_refusal(tp_err *out, tp_str answer)
{
    tp_unpack u = {.rest = answer};
    int       code = small(tp_unpack_int(&u));
    *out = (tp_err){.code = TP_BAD_INPUT};
    if (code > TP_OK && code <= TP_IO) out->code = (tp_status)code;
    out->line = small(tp_unpack_int(&u));
    out->col = small(tp_unpack_int(&u));
    out->caret = small(tp_unpack_int(&u));
    keep(out->file, sizeof out->file, tp_unpack_str(&u));
    keep(out->text, sizeof out->text, tp_unpack_str(&u));
    keep(out->msg, sizeof out->msg, tp_unpack_str(&u));
    if (u.bad)
        tp_fail(out, TP_SIM,
                "a worker refused in words that can't be "
                "read");
}

bool tp_several_processors(void)
{
    cpu_set_t mine;
    return sched_getaffinity(0, sizeof mine, &mine) == 0 &&
           CPU_COUNT(&mine) > 1;
}
