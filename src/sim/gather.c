/* Plots of single commands -> the result of a run: one plot an analysis, in
   the order of the circuit, then the operating points that were asked for.
   A sweep that the simulator can't make by itself is put together here from
   one point a value. */
#include "sim/parts.h"

#include <math.h>

int tp_steps(const tp_analysis *a)
{
    return a->sweep.kind == TP_SWEEP_NONE ? 1 : a->sweep.n;
}

tp_str tp_plot_kind(const tp_analysis *a)
{
    tp_str command = a->command;
    return tp_str_word(&command, " \t");
}

const char *tp_principal(tp_str device)
{
    static const struct {
        char        letter;
        const char *par;
    } rows[] = {
        {'e', "gain"}, {'f', "gain"}, {'g', "gain"},
        {'h', "gain"}, {'v', "dc"},   {'i', "dc"},
    };
    char letter = device.len > 0 ? tp_lower(device.at[0]) : '\0';
    for (int i = 0; i < TP_COUNT(rows); i++)
        if (rows[i].letter == letter) return rows[i].par;
    return NULL;
}

void tp_gather_start(tp_gather *g, const tp_circuit *c, const bool *want,
                     tp_arena *mem)
{
    int n = c->n_analysis, most = 2 * n;
    *g = (tp_gather){.c = c, .mem = mem, .n = n};
    g->plot = TP_NEW(mem, tp_plot, most);
    g->of = TP_NEW(mem, int, most);
    for (int i = 0; i < n; i++) {
        const tp_analysis *a = &c->analysis[i];
        g->of[i] = i;
        g->plot[i] = (tp_plot){.id = a->id,
                               .kind = a->kind,
                               .op = -1,
                               .ordinal = a->ordinal,
                               .x_name = TP_S("")};
    }
    for (int i = 0; i < n; i++) {
        const tp_analysis *a = &c->analysis[i];
        if (!a->op || (want && !want[i])) continue;
        if (tp_str_same(a->kind, TP_S("op"))) {
            g->plot[i].op = i;
            continue;
        }
        g->plot[i].op = g->n;
        g->of[g->n] = i;
        g->plot[g->n++] = (tp_plot){
            .kind = TP_S("op"),
            .op = -1,
            .x_name = TP_S(""),
            .id = a->id,
            .ordinal = tp_str_fmt(mem, "op_of_%.*s", TP_F(a->ordinal))};
    }
}

/* "V(1)" -> "1", "i(v1)" -> "v1#branch", else lower case. */
static tp_str plain_name(tp_str name, tp_arena *mem)
{
    tp_str s = tp_str_lower(mem, name);
    bool   call = s.len > 3 && s.at[1] == '(' && s.at[s.len - 1] == ')';
    if (!call) return s;
    tp_str in = tp_str_part(s, 2, s.len - 3);
    if (s.at[0] == 'v' || (s.at[0] == 'i' && in.at[0] == '@')) return in;
    return s.at[0] == 'i' ? tp_str_fmt(mem, "%.*s#branch", TP_F(in)) : s;
}

static bool all_finite(const double *v, int n)
{
    double sum = 0; /* 0 * v is NaN where v is not finite */
    for (int i = 0; v && i < n; i++) sum += 0 * v[i];
    return sum == 0;
}

/* A scale is real: what ngspice -b writes as the imaginary part of a frequency
   is whatever its memory held. */
static tp_str check(const tp_plot *got, tp_arena *mem)
{
    if (got->n_wave == 0) return TP_S("the simulator gave no vectors");
    for (int i = 0; i < got->n_wave; i++) {
        const tp_wave *w = &got->wave[i];
        if (w->n == 0)
            return tp_str_fmt(mem, "vector '%.*s' is empty", TP_F(w->name));
        const double *im = i == 0 && w->x ? NULL : w->im; /* a scale's */
        if (!all_finite(w->re, w->n) || !all_finite(im, w->n))
            return tp_str_fmt(mem,
                              "vector '%.*s' has a value that is not "
                              "finite",
                              TP_F(w->name));
    }
    return TP_S("");
}

void tp_plot_plain(tp_plot *p, const tp_plot *got, tp_arena *mem)
{
    tp_wave *w = TP_NEW(mem, tp_wave, got->n_wave);
    for (int i = 0; i < got->n_wave; i++) {
        w[i] = got->wave[i];
        w[i].name = plain_name(w[i].name, mem);
    }
    p->x_name = TP_S("");
    if (got->n_wave > 0 && w[0].x) {
        w[0].im = NULL;
        w[0].x = w[0].re;
        p->x_name = w[0].name;
    }
    for (int i = 0; i < got->n_wave; i++) {
        w[i].x = w[i].n == w[0].n ? w[0].x : NULL;
        w[i].x_unit = w[i].x ? w[0].unit : TP_S("");
    }
    p->n_wave = got->n_wave;
    p->wave = w;
}

/* Room for the whole sweep, named after the first step's vectors. */
static void begin_sweep(tp_gather *g, tp_plot *p, const tp_plot *got,
                        const tp_sweep *sweep)
{
    tp_wave *w = TP_NEW(g->mem, tp_wave, got->n_wave);
    for (int i = 0; i < got->n_wave; i++) {
        w[i] = got->wave[i];
        w[i].name = plain_name(w[i].name, g->mem);
        w[i].n = sweep->n;
        w[i].x = sweep->value;
        w[i].x_unit = sweep->unit;
        w[i].re = TP_NEW(g->mem, double, sweep->n);
        bool scale = i == 0 && got->wave[0].x;
        w[i].im = w[i].im && !scale ? TP_NEW(g->mem, double, sweep->n) : NULL;
    }
    p->x_name = tp_str_lower(g->mem, sweep->name);
    p->n_wave = got->n_wave;
    p->wave = w;
}

static tp_str take_step(tp_gather *g, tp_plot *p, const tp_plot *got, int step)
{
    const tp_sweep *sweep = &g->c->analysis[g->of[p - g->plot]].sweep;
    if (step == 0) begin_sweep(g, p, got, sweep);
    if (got->n_wave != p->n_wave)
        return tp_str_fmt(g->mem,
                          "%d vectors at value %d of the sweep, %d at "
                          "the first",
                          got->n_wave, step + 1, p->n_wave);
    for (int i = 0; i < p->n_wave; i++) {
        const tp_wave *from = &got->wave[i], *to = &p->wave[i];
        if (from->n != 1)
            return tp_str_fmt(g->mem,
                              "%d points at value %d of the sweep, "
                              "wanted 1",
                              from->n, step + 1);
        ((double *)(uintptr_t)to->re)[step] = from->re[0];
        if (to->im && from->im)
            ((double *)(uintptr_t)to->im)[step] = from->im[0];
    }
    return TP_S("");
}

tp_str tp_gather_put(tp_gather *g, int at, int step, const tp_plot *got)
{
    tp_plot *p = &g->plot[at];
    tp_str   why = check(got, g->mem);
    if (why.len > 0) return why;
    if (g->c->analysis[g->of[at]].sweep.kind != TP_SWEEP_NONE)
        return take_step(g, p, got, step);
    tp_plot_plain(p, got, g->mem);
    return why;
}

bool tp_starts_own(const tp_analysis *a)
{
    return tp_str_same(a->kind, TP_S("tran"));
}

static bool has_word(tp_str s, tp_str word)
{
    for (tp_str w = tp_str_word(&s, " "); w.len; w = tp_str_word(&s, " "))
        if (tp_str_same(w, word)) return true;
    return false;
}

void tp_gather_start_of(tp_gather *g, int at)
{
    const tp_plot *p = &g->plot[at];
    tp_plot       *op = &g->plot[p->op];
    if (has_word(g->c->analysis[at].command, TP_S("uic"))) return;
    if (p->n_wave == 0 || p->wave[0].re[0] != 0) return;
    tp_wave *w = TP_NEW(g->mem, tp_wave, p->n_wave);
    for (int i = 1; i < p->n_wave; i++) {
        w[i - 1] = p->wave[i];
        w[i - 1].n = 1;
        w[i - 1].x = NULL;
        w[i - 1].x_unit = TP_S("");
    }
    op->n_wave = p->n_wave - 1;
    op->wave = w;
}
