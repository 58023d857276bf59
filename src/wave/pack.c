/* Waves <-> bytes, exact. A sweep that many vectors share is packed once and
   shared again on the other side. */
#include "wave/wave.h"

enum { VALUES_MAX = 1 << 27 };

/* How a vector's x is given: not at all, the values of an earlier vector of
   the plot (its index follows), the x of an earlier one (index), or its own
   values. */
typedef enum x_is { X_NONE, X_VALUES, X_SHARED, X_OWN } x_is;

static void pack_x(tp_buf *b, const tp_plot *plot, int i)
{
    const tp_wave *w = &plot->wave[i];
    for (int k = 0; k <= i && w->x; k++) {
        const tp_wave *other = &plot->wave[k];
        if (other->n != w->n) continue;
        if (other->re != w->x && (k == i || other->x != w->x)) continue;
        tp_pack_int(b, other->re == w->x ? X_VALUES : X_SHARED);
        tp_pack_int(b, k);
        return;
    }
    tp_pack_int(b, w->x ? X_OWN : X_NONE);
    if (w->x) tp_pack_doubles(b, w->x, w->n);
}

static void pack_wave(tp_buf *b, const tp_plot *plot, int i)
{
    const tp_wave *w = &plot->wave[i];
    tp_pack_str(b, w->name);
    tp_pack_str(b, w->unit);
    tp_pack_str(b, w->x_unit);
    tp_pack_int(b, w->im != NULL);
    tp_pack_doubles(b, w->re, w->n);
    if (w->im) tp_pack_doubles(b, w->im, w->n);
    pack_x(b, plot, i);
}

void tp_waves_pack(tp_buf *b, const tp_waves *w)
{
    tp_pack_int(b, w->n);
    for (int i = 0; i < w->n; i++) {
        const tp_plot *p = &w->plot[i];
        tp_pack_str(b, p->id);
        tp_pack_str(b, p->kind);
        tp_pack_str(b, p->ordinal);
        tp_pack_str(b, p->x_name);
        tp_pack_int(b, p->op);
        tp_pack_int(b, p->n_wave);
        for (int k = 0; k < p->n_wave; k++) pack_wave(b, p, k);
    }
}

static tp_str unpack_str(tp_unpack *u, tp_arena *mem)
{
    return tp_str_copy(mem, tp_unpack_str(u));
}

/* Exactly n doubles; bad otherwise. */
static const double *unpack_n(tp_unpack *u, int n, tp_arena *mem)
{
    int           got = 0;
    const double *v = tp_unpack_doubles(u, &got, mem);
    if (got != n) u->bad = true;
    return v;
}

static void unpack_x(tp_unpack *u, tp_wave *wave, int i, tp_arena *mem)
{
    int64_t is = tp_unpack_int(u), k = 0;
    if (is == X_NONE) return;
    if (is == X_OWN) {
        wave[i].x = unpack_n(u, wave[i].n, mem);
        return;
    }
    k = tp_unpack_int(u);
    if (k < 0 || k > i || (is != X_VALUES && is != X_SHARED) ||
        wave[k].n != wave[i].n) {
        u->bad = true;
        return;
    }
    wave[i].x = is == X_VALUES ? wave[k].re : wave[k].x;
}

static void unpack_wave(tp_unpack *u, tp_wave *wave, int i, tp_arena *mem)
{
    tp_wave *w = &wave[i];
    w->name = unpack_str(u, mem);
    w->unit = unpack_str(u, mem);
    w->x_unit = unpack_str(u, mem);
    bool complex = tp_unpack_int(u) != 0;
    w->re = tp_unpack_doubles(u, &w->n, mem);
    if (complex) w->im = unpack_n(u, w->n, mem);
    unpack_x(u, wave, i, mem);
}

static void unpack_plot(tp_unpack *u, tp_plot *p, tp_arena *mem)
{
    p->id = unpack_str(u, mem);
    p->kind = unpack_str(u, mem);
    p->ordinal = unpack_str(u, mem);
    p->x_name = unpack_str(u, mem);
    p->op = (int)tp_unpack_int(u);
    p->n_wave = tp_unpack_count(u, 6 * 8);
    tp_wave *wave = TP_NEW(mem, tp_wave, p->n_wave);
    for (int i = 0; i < p->n_wave && !u->bad; i++) unpack_wave(u, wave, i, mem);
    p->wave = wave;
}

tp_status tp_waves_unpack(tp_waves *out, tp_unpack *u, tp_arena *mem,
                          tp_err *err)
{
    if (u->rest.len / 8 > VALUES_MAX)
        return tp_fail(err, TP_LIMIT, "packed waves: over %d values",
                       VALUES_MAX);
    int      n = tp_unpack_count(u, 6 * 8);
    tp_plot *plot = TP_NEW(mem, tp_plot, n);
    for (int i = 0; i < n && !u->bad; i++) {
        unpack_plot(u, &plot[i], mem);
        if (plot[i].op < -1 || plot[i].op >= n) u->bad = true;
    }
    if (u->bad)
        return tp_fail(err, TP_BAD_INPUT,
                       "packed waves: the bytes are cut short or damaged");
    *out = (tp_waves){.n = n, .plot = plot};
    return TP_OK;
}
