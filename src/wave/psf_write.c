/* Writes a plot as PSF-ASCII, in the form of Spectre's own files. */
#include "wave/psf.h"

static void put_string(tp_buf *b, tp_str s)
{
    tp_buf_char(b, '"');
    for (ptrdiff_t i = 0; i < s.len; i++) {
        if (s.at[i] == '"' || s.at[i] == '\\') tp_buf_char(b, '\\');
        tp_buf_char(b, s.at[i] == '\n' ? ' ' : s.at[i]);
    }
    tp_buf_char(b, '"');
}

/* A type's name: its unit, and whether it is complex. */
static void put_type_name(tp_buf *b, const tp_wave *w)
{
    tp_str unit =
        tp_str_fmt(b->mem, "%.*s%s", TP_F(w->unit), w->im ? " complex" : "");
    put_string(b, unit);
}

static bool same_type(const tp_wave *a, const tp_wave *b)
{
    return tp_str_eq(a->unit, b->unit) && !a->im == !b->im;
}

static void put_types(tp_buf *b, const tp_plot *plot)
{
    tp_buf_add(b, TP_S("TYPE\n"));
    for (int i = 0; i < plot->n_wave; i++) {
        const tp_wave *w = &plot->wave[i];
        int            k = 0;
        while (!same_type(&plot->wave[k], w)) k++;
        if (k < i) continue;
        put_type_name(b, w);
        tp_buf_fmt(b, " %s DOUBLE PROP(\n\"units\" ",
                   w->im ? "COMPLEX" : "FLOAT");
        put_string(b, w->unit);
        tp_buf_add(b, TP_S("\n)\n"));
    }
}

static void put_value(tp_buf *b, const tp_wave *w, int p, int digits)
{
    if (w->im)
        tp_buf_fmt(b, "(%.*e %.*e)\n", digits - 1, w->re[p], digits - 1,
                   w->im[p]);
    else
        tp_buf_fmt(b, "%.*e\n", digits - 1, w->re[p]);
}

static void put_trace(tp_buf *b, const tp_wave *w)
{
    put_string(b, w->name);
    tp_buf_char(b, ' ');
    put_type_name(b, w);
    tp_buf_char(b, '\n');
}

/* The vector that is everybody's x, or -1. */
static int sweep_of(const tp_plot *plot)
{
    for (int i = 0; i < plot->n_wave && plot->x_name.len > 0; i++)
        if (tp_str_eq(plot->wave[i].name, plot->x_name)) return i;
    return -1;
}

static void put_swept(tp_buf *b, const tp_plot *plot, int x, int digits)
{
    tp_buf_add(b, TP_S("SWEEP\n"));
    put_trace(b, &plot->wave[x]);
    tp_buf_add(b, TP_S("TRACE\n"));
    for (int i = 0; i < plot->n_wave; i++)
        if (i != x) put_trace(b, &plot->wave[i]);
    tp_buf_add(b, TP_S("VALUE\n"));
    for (int p = 0; p < plot->wave[x].n; p++) {
        for (int k = 0; k < plot->n_wave; k++) {
            const tp_wave *w = &plot->wave[k == 0 ? x : k <= x ? k - 1 : k];
            put_string(b, w->name);
            tp_buf_char(b, ' ');
            put_value(b, w, p, digits);
        }
    }
}

static void put_plain(tp_buf *b, const tp_plot *plot, int digits)
{
    tp_buf_add(b, TP_S("VALUE\n"));
    for (int i = 0; i < plot->n_wave; i++) {
        if (plot->wave[i].n < 1) continue;
        put_string(b, plot->wave[i].name);
        tp_buf_char(b, ' ');
        put_type_name(b, &plot->wave[i]);
        tp_buf_char(b, ' ');
        put_value(b, &plot->wave[i], 0, digits);
    }
}

tp_str tp_psf_write(const tp_plot *plot, int digits, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    int    x = sweep_of(plot);
    bool   op = tp_str_eq(plot->kind, TP_S("op"));
    tp_buf_add(&b, TP_S("HEADER\n\"PSFversion\" \"1.00\"\n\"analysis type\" "));
    put_string(&b, op ? TP_S("dc") : plot->kind);
    tp_buf_add(&b, TP_S("\n\"analysis name\" "));
    put_string(&b, plot->id);
    tp_buf_char(&b, '\n');
    put_types(&b, plot);
    if (x >= 0)
        put_swept(&b, plot, x, digits);
    else
        put_plain(&b, plot, digits);
    tp_buf_add(&b, TP_S("END\n"));
    return tp_buf_str(&b);
}
