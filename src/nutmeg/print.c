/* Numbers and tables as Nutmeg prints them: a value a line when all vectors
   have one element, else columns behind the index and the scale (ngspice's
   com_print). No date is printed, so that the same script prints the same. */
#include "nutmeg/inside.h"

enum { WIDTH = 80 };

tp_str tp_nm_number(const tp_nutmeg *m, double v, tp_arena *mem)
{
    int digits = tp_nm_variable_int(m, "numdgt", 1, 16, 6);
    int shown = signbit(v) && digits > 1 ? digits - 1 : digits;
    return tp_str_fmt(mem, "%.*e", shown, v);
}

static void put_scalar(const tp_nutmeg *m, tp_buf *b, const tp_wave *w, int i,
                       const char *comma)
{
    tp_buf_add(b, tp_nm_number(m, w->re[i], b->mem));
    if (!w->im) return;
    tp_buf_add(b, tp_str_of(comma));
    tp_buf_add(b, tp_nm_number(m, w->im[i], b->mem));
}

static void print_lines(tp_nutmeg *m, const tp_wave *wave, int n)
{
    for (int k = 0; k < n; k++) {
        tp_arena       scratch = m->scratch;
        tp_buf         b = {.mem = &scratch};
        const tp_wave *w = &wave[k];
        tp_buf_fmt(&b, "%.*s = ", TP_F(w->name));
        if (w->n != 1) tp_buf_add(&b, TP_S("(  "));
        for (int i = 0, at = 10; i < w->n; i++) {
            ptrdiff_t before = b.len;
            put_scalar(m, &b, w, i, ",");
            if (w->n == 1) continue;
            at = (at + (int)(b.len - before) + 7) / 8 * 8 + 1;
            tp_buf_add(&b, at > WIDTH ? TP_S("\n\t") : TP_S("\t"));
            if (at > WIDTH) at = 9;
        }
        tp_buf_add(&b, w->n != 1 ? TP_S(")\n") : TP_S("\n"));
        tp_nm_print(m, tp_buf_str(&b));
    }
}

static void rule(tp_buf *b)
{
    for (int i = 0; i < WIDTH; i++) tp_buf_char(b, '-');
    tp_buf_char(b, '\n');
}

static void put_heading(tp_buf *b, const tp_nm_plot *p, const tp_wave *wave,
                        int n, int column)
{
    int pad = p->title.len < WIDTH ? (WIDTH - (int)p->title.len) / 2 : 0;
    tp_buf_fmt(b, "%*s%.*s\n", pad, "", TP_F(p->title));
    tp_buf_fmt(b, "%*s%s\n", pad, "", tp_nm_plot_words(p));
    rule(b);
    tp_buf_fmt(b, "Index   ");
    for (int k = 0; k < n; k++) {
        int width = wave[k].im ? 2 * column : column;
        int shown =
            wave[k].name.len < width ? (int)wave[k].name.len : width - 1;
        tp_buf_fmt(b, "%-*.*s", width, shown, wave[k].name.at);
    }
    tp_buf_char(b, '\n');
    rule(b);
}

static void print_rows(tp_nutmeg *m, const tp_wave *wave, int n)
{
    int rows = 0;
    for (int k = 0; k < n; k++)
        if (wave[k].n > rows) rows = wave[k].n;
    for (int i = 0; i < rows && !m->stop; i++) {
        tp_arena scratch = m->scratch;
        tp_buf   b = {.mem = &scratch};
        tp_buf_fmt(&b, "%d\t", i);
        for (int k = 0; k < n; k++) {
            if (i < wave[k].n)
                put_scalar(m, &b, &wave[k], i, ",\t");
            else
                tp_buf_add(&b, wave[k].im ? TP_S("\t\t\t") : TP_S("\t"));
            tp_buf_char(&b, '\t');
        }
        tp_buf_char(&b, '\n');
        tp_nm_print(m, tp_buf_str(&b));
    }
}

/* As many columns as fit behind the scale, then the rest in tables of their
   own. */
static void print_columns(tp_nutmeg *m, const tp_wave *scale,
                          const tp_wave *wave, int n)
{
    int digits = tp_nm_variable_int(m, "numdgt", 1, 16, 6);
    int column = digits > 6 ? digits + 10 : 16;
    for (int k = 0; k < n;) {
        tp_arena scratch = m->scratch;
        tp_buf   b = {.mem = &scratch};
        tp_wave *part = TP_NEW(&scratch, tp_wave, n + 1);
        int      taken = 0, width = 8, from = k;
        if (scale) part[taken++] = *scale;
        if (scale) width += scale->im ? 2 * column : column;
        for (; k < n; k++) {
            width += wave[k].im ? 2 * column : column;
            if (k > from && width > WIDTH) break;
            part[taken++] = wave[k];
        }
        if (from > 0) tp_buf_char(&b, '\n');
        put_heading(&b, tp_nm_current(m), part, taken, column);
        tp_nm_print(m, tp_buf_str(&b));
        tp_arena saved = m->scratch;
        m->scratch = scratch;
        print_rows(m, part, taken);
        m->scratch = saved;
    }
}

void tp_nm_print_vectors(tp_nutmeg *m, tp_wave *wave, int n, int columns)
{
    tp_nm_plot *p = tp_nm_current(m);
    tp_wave     scale = {0};
    bool        scaled = false;
    for (int k = 0; k < n && columns < 0; k++)
        if (wave[k].n != 1) columns = 1;
    if (columns <= 0) {
        print_lines(m, wave, n);
        return;
    }
    if (p->scale >= 0 && !tp_nm_variable_find(m, TP_S("noprintscale"))) {
        const tp_nm_vector *v = &p->vector[p->scale];
        scale = (tp_wave){.name = v->name, .n = v->n, .re = v->re, .im = v->im};
        scaled = n == 0 || !tp_str_same(wave[0].name, v->name);
    }
    print_columns(m, scaled ? &scale : NULL, wave, n);
}
