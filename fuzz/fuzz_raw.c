/* Raw files, and packed waves: what is read is written and read again as the
   same. An input that starts with '!' is packed waves. */
#include "fuzz.h"

#include "wave/wave.h"

#include <stdlib.h>
#include <string.h>

static void check_same(const tp_waves *a, const tp_waves *b)
{
    if (a->n != b->n) abort();
    for (int i = 0; i < a->n; i++) {
        const tp_plot *p = &a->plot[i], *q = &b->plot[i];
        if (p->n_wave != q->n_wave) abort();
        for (int k = 0; k < p->n_wave; k++) {
            const tp_wave *v = &p->wave[k], *w = &q->wave[k];
            if (v->n != w->n) abort();
            if (v->n == 0) continue;
            if (!v->x != !w->x || !v->im != !w->im) abort();
            if (memcmp(v->re, w->re, (size_t)v->n * sizeof *v->re) != 0)
                abort();
        }
    }
}

static void check_pack(const tp_waves *w, tp_arena mem)
{
    tp_buf   b = {.mem = &mem};
    tp_waves again;
    tp_waves_pack(&b, w);
    tp_unpack u = {.rest = tp_buf_str(&b)};
    if (tp_waves_unpack(&again, &u, &mem, NULL)) abort();
    check_same(w, &again);
}

static void check_write(const tp_waves *w, tp_arena mem)
{
    tp_waves again;
    tp_str   bytes = tp_raw_write(w, TP_S("title"), &mem);
    if (w->n == 0) return;
    if (tp_raw_read(&again, bytes, &mem, NULL) == TP_OK && again.n != w->n)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tp_str    bytes = {(const char *)data, (ptrdiff_t)size};
    tp_arena  mem = tp_arena_open((ptrdiff_t)1 << 28);
    tp_err    err = {0};
    tp_waves  w = {0};
    tp_unpack u = {.rest = tp_str_from(bytes, 1)};
    bool      packed = size > 0 && data[0] == '!';
    tp_status s = packed ? tp_waves_unpack(&w, &u, &mem, &err)
                         : tp_raw_read(&w, bytes, &mem, &err);
    if (s && !err.msg[0]) abort();
    if (s == TP_OK) check_pack(&w, mem);
    if (s == TP_OK && !packed) check_write(&w, mem);
    tp_arena_close(&mem);
    return 0;
}
