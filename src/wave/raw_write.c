/* Writes plots as a binary raw file that ngspice's `load` reads. */
#include "wave/raw.h"

#include <math.h>

static int points_of(const tp_plot *plot)
{
    int n = 0;
    for (int i = 0; i < plot->n_wave; i++)
        if (plot->wave[i].n > n) n = plot->wave[i].n;
    return n;
}

static bool any_complex(const tp_plot *plot)
{
    for (int i = 0; i < plot->n_wave; i++)
        if (plot->wave[i].im) return true;
    return false;
}

/* No blank nor control character, which would end the name in the file. */
static void put_word(tp_buf *b, tp_str s)
{
    for (ptrdiff_t i = 0; i < s.len; i++) {
        bool ends = (unsigned char)s.at[i] <= ' ' || s.at[i] == 0x7F;
        tp_buf_char(b, ends ? '_' : s.at[i]);
    }
}

static void put_line(tp_buf *b, const char *key, tp_str s)
{
    tp_buf_fmt(b, "%s: ", key);
    for (ptrdiff_t i = 0; i < s.len; i++)
        tp_buf_char(b, (unsigned char)s.at[i] < ' ' ? ' ' : s.at[i]);
    tp_buf_char(b, '\n');
}

/* As ngspice dresses them: v(out), i(v1), i(@m1[id]). */
static void put_name(tp_buf *b, const tp_wave *w)
{
    tp_vector_name name = tp_vector_name_of(w->name);
    bool           volt = tp_str_eq(w->unit, TP_S("V"));
    bool           amp = tp_str_eq(w->unit, TP_S("A"));
    bool           special = name.core.len > 0 && name.core.at[0] == '@';
    if (name.branch || (amp && special))
        tp_buf_add(b, TP_S("i("));
    else if (volt)
        tp_buf_add(b, TP_S("v("));
    put_word(b, name.core);
    if (name.branch || (amp && special) || volt) tp_buf_char(b, ')');
}

static void put_vectors(tp_buf *b, const tp_plot *plot, int points)
{
    tp_buf_add(b, TP_S("Variables:\n"));
    for (int i = 0; i < plot->n_wave; i++) {
        const tp_wave *w = &plot->wave[i];
        tp_buf_fmt(b, "\t%d\t", i);
        put_name(b, w);
        tp_buf_fmt(b, "\t%s", tp_raw_type(w->unit));
        if (w->n != points) tp_buf_fmt(b, "\tdims=%d", w->n);
        tp_buf_char(b, '\n');
    }
}

/* Point by point; a shorter vector goes on with what is no number (ngspice 39
   takes no notice of its length), or is left out. */
static void put_values(tp_buf *b, const tp_plot *plot, int points, bool pad)
{
    bool complex = any_complex(plot);
    tp_buf_add(b, TP_S("Binary:\n"));
    for (int p = 0; p < points; p++) {
        for (int i = 0; i < plot->n_wave; i++) {
            const tp_wave *w = &plot->wave[i];
            bool           here = p < w->n;
            if (!here && !pad) continue;
            tp_pack_double(b, here ? w->re[p] : NAN);
            if (complex) tp_pack_double(b, here && w->im ? w->im[p] : 0);
        }
    }
}

/* ngspice 39 can't read the unpadded form (not even its own), so that is only
   for a plot which padding would blow up. */
static bool wants_padding(const tp_plot *plot, int points)
{
    double values = 0, padded = (double)points * plot->n_wave;
    for (int i = 0; i < plot->n_wave; i++) values += plot->wave[i].n;
    return padded <= 4 * values + 1000;
}

static void put_plot(tp_buf *b, const tp_plot *plot, tp_str title)
{
    bool                swept = plot->x_name.len > 0;
    const tp_plot_kind *row = tp_plot_kind_find(plot->kind, swept);
    int                 points = points_of(plot);
    bool                pad = wants_padding(plot, points);
    put_line(b, "Title", title);
    put_line(b, "Plotname", row ? tp_str_of(row->title) : plot->kind);
    tp_buf_fmt(b, "Flags: %s%s\nNo. Variables: %d\nNo. Points: %d\n",
               any_complex(plot) ? "complex" : "real", pad ? "" : " unpadded",
               plot->n_wave, points);
    put_vectors(b, plot, points);
    put_values(b, plot, points, pad);
}

tp_str tp_raw_write(const tp_waves *w, tp_str title, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    for (int i = 0; i < w->n; i++) put_plot(&b, &w->plot[i], title);
    return tp_buf_str(&b);
}
