/* Plots and their vectors. Plot 0, "const", is always there; its vectors are
   seen from every plot. */
#include "nutmeg/inside.h"

static const struct {
    const char *kind, *words;
} kinds[] = {
    {"op", "Operating Point"},    {"dc", "DC transfer characteristic"},
    {"ac", "AC Analysis"},        {"tran", "Transient Analysis"},
    {"noise", "Noise Analysis"},  {"tf", "Transfer Function"},
    {"sp", "Spectrum"},           {"const", "constants"},
    {"optimize", "Optimization"}, {"psade_pop", "Population"},
};

const char *tp_nm_plot_words(const tp_nm_plot *p)
{
    for (int i = 0; i < TP_COUNT(kinds); i++)
        if (tp_str_eq(p->kind, tp_str_of(kinds[i].kind))) return kinds[i].words;
    return "Anonymous";
}

/* One more than the greatest number behind this kind's name. */
static int next_number(const tp_nutmeg *m, tp_str kind)
{
    int most = 0;
    for (int i = 0; i < m->n_plot; i++) {
        tp_str name = m->plot[i].name;
        double v = 0;
        if (!tp_str_starts(name, kind) || name.len == kind.len ||
            !tp_is_digit(name.at[kind.len]))
            continue;
        if (tp_number_all(tp_str_from(name, kind.len), &v) && v > most &&
            v < TP_NM_PLOTS_MAX * 10.)
            most = (int)v;
    }
    return most + 1;
}

static tp_str stem(tp_str name)
{
    while (name.len > 0 && tp_is_digit(name.at[name.len - 1])) name.len--;
    return name;
}

tp_nm_plot *tp_nm_plot_new(tp_nutmeg *m, tp_str kind)
{
    tp_nm_heap *h = &m->heap;
    if (m->n_plot >= TP_NM_PLOTS_MAX) return NULL;
    tp_arena scratch = m->scratch;
    tp_str   name =
        tp_str_fmt(&scratch, "%.*s%d", TP_F(kind), next_number(m, kind));
    TP_NM_MORE(h, m->plot, m->n_plot, m->cap_plot);
    m->plot[m->n_plot] = (tp_nm_plot){.name = tp_nm_keep(h, name),
                                      .kind = tp_nm_keep(h, kind),
                                      .title = tp_nm_keep(h, m->title),
                                      .scale = -1,
                                      .stale = true};
    m->current = m->n_plot++;
    return &m->plot[m->current];
}

tp_nm_plot *tp_nm_current(tp_nutmeg *m)
{
    return &m->plot[m->current];
}

tp_nm_plot *tp_nm_plot_named(tp_nutmeg *m, tp_str name)
{
    for (int i = 0; i < m->n_plot; i++)
        if (tp_str_same(m->plot[i].name, name)) return &m->plot[i];
    for (int i = m->n_plot - 1; i >= 0; i--) /* what nameplot gave */
        if (m->plot[i].label.len > 0 && tp_str_same(m->plot[i].label, name))
            return &m->plot[i];
    return NULL;
}

static void give_vector(tp_nutmeg *m, tp_nm_vector *v)
{
    m->values -= (ptrdiff_t)v->n * (v->im ? 2 : 1);
    tp_nm_give(&m->heap, v->re);
    tp_nm_give(&m->heap, v->im);
    tp_nm_give(&m->heap, v->name.at);
    tp_nm_give(&m->heap, v->unit.at);
    tp_nm_give(&m->heap, v->scale.at);
    *v = (tp_nm_vector){0};
}

void tp_nm_plot_drop(tp_nutmeg *m, int index)
{
    tp_nm_plot *p = &m->plot[index];
    for (int i = 0; i < p->n; i++) give_vector(m, &p->vector[i]);
    tp_nm_give(&m->heap, p->vector);
    tp_nm_give(&m->heap, p->wave);
    tp_nm_give(&m->heap, p->name.at);
    tp_nm_give(&m->heap, p->kind.at);
    tp_nm_give(&m->heap, p->title.at);
    tp_nm_give(&m->heap, p->label.at);
    m->n_plot--;
    memmove(p, p + 1, (size_t)(m->n_plot - index) * sizeof *p);
    if (m->current >= index && m->current > 0) m->current--;
}

tp_plot tp_nm_view(tp_nutmeg *m, tp_nm_plot *p)
{
    const tp_nm_vector *scale = p->scale >= 0 ? &p->vector[p->scale] : NULL;
    if (p->stale) {
        for (int i = 0; i < p->n; i++) {
            const tp_nm_vector *v = &p->vector[i], *x = scale;
            TP_NM_MORE(&m->heap, p->wave, i, p->cap_wave);
            for (int k = 0; k < p->n && v->scale.len > 0; k++)
                if (tp_str_same(p->vector[k].name, v->scale)) x = &p->vector[k];
            bool fits = x && x->n == v->n;
            p->wave[i] = (tp_wave){.name = v->name,
                                   .unit = v->unit,
                                   .n = v->n,
                                   .x = fits ? x->re : NULL,
                                   .re = v->re,
                                   .im = v->im,
                                   .x_unit = fits ? x->unit : (tp_str){0}};
        }
        p->stale = false;
    }
    return (tp_plot){.id = p->label.len > 0 ? p->label : p->name,
                     .kind = p->kind,
                     .ordinal = p->name,
                     .x_name = scale ? scale->name : (tp_str){0},
                     .n_wave = p->n,
                     .wave = p->wave,
                     .op = -1};
}

tp_nm_vector *tp_nm_vector_find(tp_nutmeg *m, tp_nm_plot *p, tp_str name)
{
    tp_plot        view = tp_nm_view(m, p);
    const tp_wave *w = tp_plot_find(&view, name);
    return w ? &p->vector[w - p->wave] : NULL;
}

tp_nm_plot *tp_nm_split(tp_nutmeg *m, tp_str *name, bool *prefixed)
{
    ptrdiff_t dot = tp_str_find(*name, '.', 0);
    *prefixed = false;
    if (dot <= 0) return tp_nm_current(m);
    tp_nm_plot *p = tp_nm_plot_named(m, tp_str_part(*name, 0, dot));
    if (!p) return tp_nm_current(m);
    *prefixed = true;
    *name = tp_str_from(*name, dot + 1);
    return p;
}

tp_status tp_nm_room(tp_nutmeg *m, double n, tp_err *err)
{
    const tp_arena *a = &m->heap.arena;
    if (a->end - a->beg < m->heap_least)
        return tp_fail(err, TP_LIMIT, "the session's memory is used up");
    if ((double)m->values + n <= (double)m->values_max && n < 1e9) return TP_OK;
    return tp_fail(err, TP_LIMIT,
                   "%.0f values are too many: all vectors together may have "
                   "%.0f, and have %.0f (destroy plots that are not needed)",
                   n, (double)m->values_max, (double)m->values);
}

static double *keep_values(tp_nutmeg *m, const double *v, int n)
{
    double *copy = tp_nm_take(&m->heap, (n + 1) * (ptrdiff_t)sizeof *v);
    if (n > 0) memcpy(copy, v, (size_t)n * sizeof *v);
    return copy;
}

static bool is_scale_of(const tp_nm_plot *p, const tp_nm_vector *v)
{
    return p->scale >= 0 && v == &p->vector[p->scale];
}

tp_status tp_nm_vector_put(tp_nutmeg *m, tp_nm_plot *p, const tp_wave *w,
                           tp_err *err)
{
    tp_nm_heap *h = &m->heap;
    tp_nm_vector new = {.n = w->n};
    TP_TRY(tp_nm_room(m, (w->im ? 2. : 1.) * w->n, err));
    new.re = keep_values(m, w->re, w->n);
    if (w->im) new.im = keep_values(m, w->im, w->n);
    new.unit = tp_nm_keep(h, w->unit);
    tp_nm_vector *v = tp_nm_vector_find(m, p, w->name);
    if (v) { /* the wave may be what the old one holds: freed after */
        new.name = v->name;
        new.scale = v->scale;
        v->name = v->scale = (tp_str){0};
        give_vector(m, v);
    } else {
        TP_NM_MORE(h, p->vector, p->n, p->cap);
        v = &p->vector[p->n++];
        tp_arena scratch = m->scratch;
        new.name = tp_nm_keep(h, tp_str_lower(&scratch, w->name));
    }
    m->values += (ptrdiff_t) new.n *(new.im ? 2 : 1);
    *v = new;
    p->stale = true;
    return TP_OK;
}

void tp_nm_vector_drop(tp_nutmeg *m, tp_nm_plot *p, tp_nm_vector *v)
{
    int at = (int)(v - p->vector);
    if (is_scale_of(p, v)) p->scale = -1;
    if (p->scale > at) p->scale--;
    give_vector(m, v);
    for (p->n--; at < p->n; at++) p->vector[at] = p->vector[at + 1];
    p->stale = true;
}

/* The values a simulator gives with a plot: its sweep may be a vector of its
   own or only in the others' x. */
static tp_status copy_vectors(tp_nutmeg *m, tp_nm_plot *p, const tp_plot *from,
                              tp_err *err)
{
    for (int i = 0; i < from->n_wave; i++)
        TP_TRY(tp_nm_vector_put(m, p, &from->wave[i], err));
    if (from->x_name.len == 0 || from->n_wave == 0) return TP_OK;
    tp_nm_vector *x = tp_nm_vector_find(m, p, from->x_name);
    if (!x && from->wave[0].x) {
        tp_wave w = from->wave[0];
        w.name = from->x_name;
        w.unit = w.x_unit;
        w.re = w.x;
        w.im = NULL;
        TP_TRY(tp_nm_vector_put(m, p, &w, err));
        x = &p->vector[p->n - 1];
    }
    if (!x) return TP_OK;
    p->scale = (int)(x - p->vector);
    p->stale = true;
    return TP_OK;
}

tp_status tp_nm_plot_copy(tp_nutmeg *m, const tp_plot *from, bool current,
                          tp_nm_plot **out, tp_err *err)
{
    int         was = m->current;
    tp_nm_plot *p = tp_nm_plot_new(
        m, stem(from->kind.len > 0 ? from->kind : from->ordinal));
    if (!p)
        return tp_fail(err, TP_LIMIT, "over %d plots (destroy some)",
                       TP_NM_PLOTS_MAX);
    tp_status s = copy_vectors(m, p, from, err);
    if (s) {
        tp_nm_plot_drop(m, m->current);
        m->current = was;
        return s;
    }
    if (out) *out = p;
    if (!current) m->current = was;
    return TP_OK;
}

tp_str tp_nm_shown_name(tp_str name, tp_arena *mem)
{
    double v = 0;
    bool   digits = name.len > 0 && tp_number(name, &v) == name.len;
    return digits ? tp_str_fmt(mem, "v(%.*s)", TP_F(name)) : name;
}

/* ---- what others see ---------------------------------------------------- */

int tp_nutmeg_plots(const tp_nutmeg *session, const tp_plot **plot,
                    int *current)
{
    tp_nutmeg *m = (tp_nutmeg *)(uintptr_t)session; /* its views are a cache */
    for (int i = 0; i < m->n_plot; i++) {
        TP_NM_MORE(&m->heap, m->view, i, m->cap_view);
        m->view[i] = tp_nm_view(m, &m->plot[i]);
    }
    *plot = m->view;
    if (current) *current = m->current;
    return m->n_plot;
}

tp_str tp_nutmeg_add_plot(tp_nutmeg *m, const tp_plot *plot, bool current)
{
    tp_nm_plot *p = NULL;
    tp_err      err;
    if (tp_nm_plot_copy(m, plot, current, &p, &err)) {
        tp_nutmeg_warn(m, "the plot is not kept: %s", err.msg);
        return (tp_str){0};
    }
    return p->name;
}

void tp_nutmeg_destroy_plot(tp_nutmeg *m, tp_str name)
{
    tp_nm_plot *p = tp_nm_plot_named(m, name);
    if (p && p != m->plot) tp_nm_plot_drop(m, (int)(p - m->plot));
}
