/* PSF-ASCII files, and raw files in the other byte order: what is read is
   written and read again as the same. An input that starts with 'T' is a raw
   file. */
#include "fuzz.h"

#include "wave/wave.h"

#include <math.h>
#include <stdlib.h>

static void same_values(const tp_wave *a, const tp_wave *b)
{
    if (a->n != b->n || !a->im != !b->im) abort();
    for (int i = 0; i < a->n; i++)
        if (a->re[i] != b->re[i] && !isnan(a->re[i])) abort();
}

/* Files whose names differ; a zero-point sweep has nothing to compare. */
static void check_write(const tp_psf *p, tp_arena mem)
{
    tp_psf q;
    for (int i = 0; i < p->plot.n_wave; i++)
        for (int k = 0; k < i; k++)
            if (tp_str_eq(p->plot.wave[i].name, p->plot.wave[k].name)) return;
    if (p->plot.n_wave == 0 || p->plot.n_wave > 200) return;
    tp_str bytes = tp_psf_write(&p->plot, 17, &mem);
    if (tp_psf_read(&q, bytes, &mem, NULL)) abort();
    if (q.plot.n_wave != p->plot.n_wave) abort();
    if (p->plot.wave[0].n == 0) return;
    for (int i = 0; i < p->plot.n_wave; i++)
        for (int k = 0; k < q.plot.n_wave; k++)
            if (tp_str_eq(p->plot.wave[i].name, q.plot.wave[k].name))
                same_values(&p->plot.wave[i], &q.plot.wave[k]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tp_str    bytes = {(const char *)data, (ptrdiff_t)size};
    tp_arena  mem = tp_arena_open((ptrdiff_t)1 << 28);
    tp_err    err = {0};
    tp_psf    p = {0};
    tp_waves  w = {0};
    bool      raw = size > 0 && data[0] == 'T';
    tp_status s = raw ? tp_raw_read_big(&w, bytes, &mem, &err)
                      : tp_psf_read(&p, bytes, &mem, &err);
    if (s && !err.msg[0]) abort();
    if (s == TP_OK && !raw) check_write(&p, mem);
    tp_arena_close(&mem);
    return 0;
}
