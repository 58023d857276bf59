/* Making values and reducing them to the number that a measure is. */
#include <stdarg.h>
#include <stdio.h>

#include "expr/functions.h"

tp_value tp_none(tp_arena *mem, const char *fmt, ...)
{
    char    line[400];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    return (tp_value){.kind = TP_NONE, .why = tp_str_z(mem, tp_str_of(line))};
}

tp_value tp_value_number(double v, tp_str unit)
{
    return (tp_value){.kind = TP_NUMBER, .re = v, .unit = unit};
}

tp_value tp_value_text(tp_str s)
{
    return (tp_value){.kind = TP_STRING, .text = s};
}

tp_value tp_value_wave(const tp_wave *w)
{
    return (tp_value){.kind = TP_WAVE, .wave = *w, .unit = w->unit};
}

bool tp_room(const tp_arena *mem, double points)
{
    /* 24 arrays of doubles, and a little for everything else */
    return (double)(mem->end - mem->beg) > 65536 + points * 24 * 8;
}

tp_value tp_wave_like(const tp_wave *like, const double *re, const double *im,
                      tp_str unit)
{
    tp_wave w = {.unit = unit,
                 .x_unit = like->x_unit,
                 .n = like->n,
                 .x = like->x,
                 .re = re,
                 .im = im};
    return tp_value_wave(&w);
}

tp_value tp_vector(const double *re, const double *im, int n, tp_str unit)
{
    tp_wave w = {.unit = unit, .n = n, .re = re, .im = im};
    return tp_value_wave(&w);
}

const char *tp_value_what(const tp_value *v, tp_arena *mem)
{
    switch (v->kind) {
    case TP_NONE: return "nothing";
    case TP_NUMBER: return "a number";
    case TP_COMPLEX: return "a complex number";
    case TP_STRING: return "a text";
    case TP_WAVE:
        return tp_str_fmt(mem, "a %svector of %d point%s%c",
                          v->wave.im ? "complex " : "", v->wave.n,
                          v->wave.n == 1 ? "" : "s", 0)
            .at;
    case TP_DIVISIONS: return tp_str_fmt(mem, "%d divisions%c", v->n, 0).at;
    }
    return "nothing";
}

static tp_value real_part(double re, double im, tp_str unit, tp_arena *mem)
{
    if (im != 0)
        return tp_none(mem, "it is complex (%g, %g); take mag, re or phase", re,
                       im);
    return tp_value_number(re, unit);
}

tp_value tp_value_scalar(const tp_value *v, tp_arena *mem)
{
    switch (v->kind) {
    case TP_NONE:
    case TP_NUMBER: return *v;
    case TP_COMPLEX: return real_part(v->re, v->im, v->unit, mem);
    case TP_WAVE:
        if (v->wave.n == 1)
            return real_part(v->wave.re[0], v->wave.im ? v->wave.im[0] : 0,
                             v->unit, mem);
        break;
    case TP_DIVISIONS:
        if (v->n == 1) return tp_value_scalar(&v->part[0], mem);
        break;
    case TP_STRING: break;
    }
    return tp_none(mem, "it is %s, not one number", tp_value_what(v, mem));
}

static bool any_true(const tp_wave *w)
{
    for (int i = 0; i < w->n; i++) { /* a gap is not true */
        if (w->re[i] < 0 || w->re[i] > 0) return true;
        if (w->im && (w->im[i] < 0 || w->im[i] > 0)) return true;
    }
    return false;
}

bool tp_value_true(const tp_value *v)
{
    switch (v->kind) {
    case TP_NONE: return false;
    case TP_NUMBER: return v->re != 0;
    case TP_COMPLEX: return v->re != 0 || v->im != 0;
    case TP_STRING: return v->text.len > 0;
    case TP_WAVE: return any_true(&v->wave);
    case TP_DIVISIONS: break;
    }
    for (int i = 0; i < v->n; i++)
        if (v->part[i].kind != TP_DIVISIONS && tp_value_true(&v->part[i]))
            return true;
    return false;
}
