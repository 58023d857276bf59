/* One element at a time: functions and operators over numbers and waves, with
   broadcasting, and with the second of two waves brought to the sweep of the
   first. */
#include <math.h>

#include "expr/tree.h"

/* A number or a wave, read by index. */
typedef struct side {
    tp_wave w;
    bool    wave;
    double  re, im; /* no wave: what w points at */
} side;

static bool fill(side *s, const tp_value *v)
{
    *s = (side){.re = v->re, .im = v->im, .wave = v->kind == TP_WAVE};
    if (v->kind == TP_WAVE) {
        s->w = v->wave;
    } else if (v->kind == TP_NUMBER || v->kind == TP_COMPLEX) {
        s->w.n = 1;
        s->w.re = &s->re;
        s->w.im = v->kind == TP_COMPLEX ? &s->im : NULL;
    } else {
        return false;
    }
    return true;
}

static tp_cell cell_of(const tp_wave *w, int i)
{
    return (tp_cell){
        .re = w->re[i], .im = w->im ? w->im[i] : 0, .cx = w->im != NULL};
}

/* "... (at x = 0.5)": where in a wave. */
static tp_value close_reason(tp_buf *b, const tp_wave *w, int i)
{
    if (w->x)
        tp_buf_fmt(b, " (at x = %g)", w->x[i]);
    else if (w->n > 1)
        tp_buf_fmt(b, " (element %d)", i);
    tp_buf_char(b, '\0');
    return (tp_value){.kind = TP_NONE, .why = b->at};
}

/* "-1 is negative (at x = 0.5)" */
static tp_value because(const tp_wave *w, int i, const char *why, tp_arena *mem)
{
    tp_buf  b = {.mem = mem};
    tp_cell z = cell_of(w, i);
    if (z.cx)
        tp_buf_fmt(&b, "(%g, %g) %s", z.re, z.im, why);
    else
        tp_buf_fmt(&b, "%g %s", z.re, why);
    return close_reason(&b, w, i);
}

static tp_value wrong_kind(const tp_value *v, tp_arena *mem)
{
    return tp_none(mem, "wanted numbers, got %s", tp_value_what(v, mem));
}

/* The result: a number when both sides were, else a wave over `like`. */
static tp_value wrap(bool wave, const tp_wave *like, const double *re,
                     const double *im, tp_str unit)
{
    if (wave) return tp_wave_like(like, re, im, unit);
    tp_value v = tp_value_number(re[0], unit);
    if (im) {
        v.kind = TP_COMPLEX;
        v.im = im[0];
    }
    return v;
}

tp_value tp_each(const tp_value *v, tp_cell_fn *f, const tp_env *env,
                 tp_str unit, tp_arena *mem)
{
    side s;
    if (!fill(&s, v)) return wrong_kind(v, mem);
    double *re = TP_NEW(mem, double, s.w.n), *im = TP_NEW(mem, double, s.w.n);
    bool    complex = false;
    for (int i = 0; i < s.w.n; i++) {
        tp_cell     z = cell_of(&s.w, i);
        const char *why = f(&z, env);
        if (why) return because(&s.w, i, why, mem);
        re[i] = z.re;
        im[i] = z.im;
        complex |= z.cx;
    }
    return wrap(s.wave, &s.w, re, complex ? im : NULL, unit);
}

static bool same_sweep(const tp_wave *a, const tp_wave *b)
{
    if (a->n != b->n) return false;
    if (a->x == b->x || !a->x || !b->x) return true;
    for (int i = 0; i < a->n; i++)
        if (a->x[i] != b->x[i]) return false;
    return true;
}

/* Cuts `a` to the samples inside the sweep of `b`, a hair (rounding of the
   sweep's ends) allowed. */
static void cut(tp_wave *a, const tp_wave *b)
{
    double first = b->x[0], last = b->x[b->n - 1];
    double hair = 1e-12 * fabs(last - first);
    double lo = fmin(first, last) - hair, hi = fmax(first, last) + hair;
    int    from = 0, to = a->n;
    while (from < to && (a->x[from] < lo || a->x[from] > hi)) from++;
    while (to > from && (a->x[to - 1] < lo || a->x[to - 1] > hi)) to--;
    a->x += from;
    a->re += from;
    if (a->im) a->im += from;
    a->n = to - from;
}

/* `b` at the x of `a`, which lies inside it; linear. */
static tp_wave resample(const tp_wave *b, int way, const tp_wave *a,
                        tp_arena *mem)
{
    tp_wave out = *b;
    double *re = TP_NEW(mem, double, a->n), *im = TP_NEW(mem, double, a->n);
    double  lo = fmin(b->x[0], b->x[b->n - 1]);
    double  hi = fmax(b->x[0], b->x[b->n - 1]);
    for (int i = 0; i < a->n; i++) {
        double at[2] = {0, 0};
        tp_wave_at(b, way, fmax(lo, fmin(hi, a->x[i])), 1, at);
        re[i] = at[0];
        im[i] = at[1];
    }
    out.n = a->n;
    out.x = a->x;
    out.re = re;
    out.im = b->im ? im : NULL;
    return out;
}

/* Brings two waves of several points to one sweep; NULL when done, else why
   not. */
static const char *match(tp_wave *a, tp_wave *b, tp_arena *mem)
{
    if (same_sweep(a, b)) {
        if (!a->x) a->x = b->x, a->x_unit = b->x_unit;
        return NULL;
    }
    if (!a->x || !b->x)
        return tp_none(mem, "the vectors have %d and %d points", a->n, b->n)
            .why;
    int way = tp_sweep_way(b);
    if (!tp_sweep_way(a) || !way)
        return "the vectors have different x, and one of them does not run "
               "one way, so it can't be interpolated";
    tp_wave whole = *a;
    cut(a, b);
    if (a->n < 1)
        return tp_none(mem,
                       "no overlap: x of the first is %g to %g, of the "
                       "second %g to %g",
                       whole.x[0], whole.x[whole.n - 1], b->x[0],
                       b->x[b->n - 1])
            .why;
    *b = resample(b, way, a, mem);
    return NULL;
}

tp_value tp_each2(const tp_value *a, const tp_value *b, tp_cell2_fn *f,
                  tp_str unit, tp_arena *mem)
{
    side p, q;
    if (!fill(&p, a)) return wrong_kind(a, mem);
    if (!fill(&q, b)) return wrong_kind(b, mem);
    if (p.w.n > 1 && q.w.n > 1) {
        const char *why = match(&p.w, &q.w, mem);
        if (why) return (tp_value){.kind = TP_NONE, .why = why};
    }
    int            i_step = p.w.n > 1 || q.w.n <= 1;
    int            j_step = q.w.n > 1 || p.w.n <= 1;
    const tp_wave *like = i_step && p.wave ? &p.w : &q.w;
    double        *re = TP_NEW(mem, double, like->n);
    double        *im = TP_NEW(mem, double, like->n);
    bool           complex = false;
    for (int k = 0; k < like->n; k++) {
        tp_cell     z = cell_of(&p.w, k * i_step);
        tp_cell     y = cell_of(&q.w, k * j_step);
        const char *why = f(&z, &y);
        if (why) {
            tp_buf text = {.mem = mem};
            tp_buf_add(&text, tp_str_of(why));
            return close_reason(&text, like, k);
        }
        re[k] = z.re;
        im[k] = z.im;
        complex |= z.cx;
    }
    return wrap(p.wave || q.wave, like, re, complex ? im : NULL, unit);
}

/* `w` with n points, the last one repeated; n >= its own. */
static void stretch(tp_wave *w, int n, tp_arena *mem)
{
    double *re = TP_NEW(mem, double, n);
    double *im = w->im ? TP_NEW(mem, double, n) : NULL;
    for (int i = 0; i < n; i++) {
        int from = i < w->n ? i : w->n - 1;
        re[i] = w->re[from];
        if (im) im[i] = w->im[from];
    }
    w->n = n;
    w->re = re;
    w->im = im;
}

void tp_extend(tp_value *arg, int n, tp_arena *mem)
{
    const tp_wave *longest = NULL;
    for (int i = 0; i < n; i++) {
        if (arg[i].kind != TP_WAVE || arg[i].wave.n < 2) continue;
        const tp_wave *w = &arg[i].wave;
        if (!longest || w->n > longest->n ||
            (w->n == longest->n && !longest->x))
            longest = w;
    }
    for (int i = 0; longest && i < n; i++) {
        tp_wave *w = &arg[i].wave;
        if (arg[i].kind != TP_WAVE || w->n < 2 || w == longest) continue;
        if (w->n < longest->n) stretch(w, longest->n, mem);
        w->x = longest->x;
        w->x_unit = longest->x_unit;
    }
}
