/* race: methods run against each other on the same problem from the same
   starts; medians and quartiles of the best value, as a table and as a graph
   with quartile bands. */
#ifndef TP_BENCH_RACE_H
#define TP_BENCH_RACE_H

#include "num/num.h"
#include "opt/opt.h"
#include "plot/plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RACE_WINDOW_MAX = 64 };

typedef struct race_problem {
    const char *name;
    int         n, n_g, trials;
    /* f and g (relative misses) at real values; false: the trial failed. */
    bool (*value)(const double *x, double *f, double *g);
    void (*space)(tp_var *var);
    double known; /* the minimum: what is shown is the distance to it */
} race_problem;

/* The best feasible f after each trial (INFINITY: none yet), and when the
   first one was met (0: never). */
typedef struct race_run {
    double *best;
    int     first, told;
    double  seconds; /* CPU of the method alone */
} race_run;

static inline void race_die(const char *what, const tp_err *err)
{
    fprintf(stderr, "%s: %s\n", what, err->msg);
    exit(3);
}

typedef struct race_out {
    double *u;
    int     tag;
} race_out;

static inline void race_tell(const race_problem *p, const tp_opt_ops *ops,
                             tp_opt *o, const race_out *out, race_run *r)
{
    double x[64], g[64] = {0}, f = NAN, miss = 0;
    tp_space_real(o->space, out->u, x);
    tp_obs y = {.n_g = p->n_g, .g = g};
    y.ok = p->value(x, &f, g);
    y.f = f;
    for (int i = 0; i < p->n_g; i++) miss += fmax(0, g[i]);
    double before = r->told ? r->best[r->told - 1] : INFINITY;
    bool   fine = y.ok && miss <= 0;
    if (fine && r->first == 0) r->first = r->told + 1;
    r->best[r->told++] = fine ? fmin(before, f - p->known) : before;
    tp_space_unit(o->space, x, out->u);
    double began = tp_cpu_now();
    ops->tell(o, out->tag, out->u, &y);
    r->seconds += tp_cpu_now() - began;
}

/* One run: the window is filled, the oldest point told, as `run` does it. */
static inline race_run race(const race_problem *p, const char *method,
                            const tp_space *space, uint64_t seed, int window,
                            tp_arena *mem)
{
    tp_err            err = {0};
    const tp_opt_ops *ops;
    race_out          out[RACE_WINDOW_MAX];
    race_run          r = {.best = TP_NEW(mem, double, p->trials)};
    tp_opt            o = {.space = space,
                           .n_g = p->n_g,
                           .seed = seed,
                           .stop = {.max_trials = p->trials, .planned = p->trials},
                           .mem = tp_arena_open((ptrdiff_t)1 << 34)};
    tp_str            rest = tp_str_of(method), name = tp_str_word(&rest, ",");
    if (tp_opt_choose(&ops, name, space, p->n_g, &o.mem, &err) ||
        tp_opt_settings(&o.settings, ops, tp_str_of(method), &o.mem, &err) ||
        ops->init(&o, &err))
        race_die(method, &err);
    if (!(ops->can & TP_OPT_PARALLEL)) window = 1;
    for (int i = 0; i < window; i++) out[i].u = TP_NEW(mem, double, space->n);
    int  asked = 0, n = 0;
    bool more = true;
    do {
        while (more && n < window && asked < p->trials) {
            double began = tp_cpu_now();
            tp_ask a = ops->ask(&o, out[n].u, &out[n].tag);
            r.seconds += tp_cpu_now() - began;
            if (a == TP_ASK_DONE) more = false;
            if (a != TP_ASK_POINT) break;
            asked++;
            n++;
        }
        if (n == 0) break;
        race_tell(p, ops, &o, &out[0], &r);
        race_out first = out[0];
        memmove(out, out + 1, sizeof *out * (size_t)(n - 1));
        out[--n] = first;
    } while (n > 0 || (more && asked < p->trials));
    ops->close(&o);
    tp_arena_close(&o.mem);
    for (int k = r.told; k < p->trials && k > 0; k++) r.best[k] = r.best[k - 1];
    return r;
}

/* The same start for every method: evenly drawn by the seed, on the grid. */
static inline tp_space race_space(const race_problem *p, uint64_t seed,
                                  tp_arena *mem)
{
    tp_var  *var = TP_NEW(mem, tp_var, p->n);
    tp_space space = {p->n, var};
    tp_rng   rng = tp_rng_at(seed, 1000);
    double  *u = TP_NEW(mem, double, p->n), *x = TP_NEW(mem, double, p->n);
    p->space(var);
    for (int i = 0; i < p->n; i++) {
        var[i].start = var[i].lo;
        u[i] = tp_rng_uniform(&rng);
    }
    tp_space_real(&space, u, x);
    for (int i = 0; i < p->n; i++) var[i].start = x[i];
    return space;
}

static inline double race_quantile(const race_run *run, int seeds, int trial,
                                   double q, tp_arena scratch)
{
    double *v = TP_NEW(&scratch, double, seeds);
    for (int s = 0; s < seeds; s++) v[s] = run[s].best[trial];
    int *order = TP_NEW(&scratch, int, seeds);
    tp_order(v, seeds, order, scratch);
    /* no interpolation: some may be infinite */
    return v[order[(int)floor(q * (seeds - 1) + 0.5)]];
}

typedef struct race_graph {
    tp_curve curve[32];
    int      n, methods;
    double   least; /* smaller values are shown there */
} race_graph;

/* The quantile after each trial as the corners of a step line; what changes by
   less than a fiftieth, as can't be seen, waits for more. */
static inline tp_curve race_steps(const race_run *run, int seeds, int trials,
                                  double q, double least, tp_arena *mem)
{
    tp_curve out = {.x = TP_NEW(mem, double, 2 * trials),
                    .y = TP_NEW(mem, double, 2 * trials)};
    double  *x = (double *)out.x, *y = (double *)out.y;
    for (int k = 0; k < trials; k++) {
        double v = fmax(race_quantile(run, seeds, k, q, *mem), least);
        bool   turn = out.n == 0 || v < 0.98 * y[out.n - 1];
        if (turn && out.n > 0) {
            x[out.n] = k + 1;
            y[out.n] = y[out.n - 1];
            out.n++;
        }
        if (!turn && k < trials - 1) continue;
        x[out.n] = k + 1;
        y[out.n++] = v;
    }
    return out;
}

/* Adds a method's median as a curve and its quartiles as a band. */
static inline void race_add(race_graph *g, const char *method,
                            const race_run *run, int seeds, int trials,
                            tp_arena *mem)
{
    tp_curve band = race_steps(run, seeds, trials, 0.25, g->least, mem);
    tp_curve high = race_steps(run, seeds, trials, 0.75, g->least, mem);
    tp_curve middle = race_steps(run, seeds, trials, 0.5, g->least, mem);
    double  *x = TP_NEW(mem, double, band.n + high.n);
    double  *y = TP_NEW(mem, double, band.n + high.n);
    for (int k = 0; k < band.n; k++) {
        x[k] = band.x[k];
        y[k] = band.y[k];
    }
    for (int k = 0; k < high.n; k++) {
        x[band.n + k] = high.x[high.n - 1 - k];
        y[band.n + k] = high.y[high.n - 1 - k];
    }
    g->curve[g->n++] =
        (tp_curve){TP_S(""), band.n + high.n, x, y, TP_MARK_BAND, g->methods};
    middle.label = tp_str_of(method);
    middle.colour = g->methods++;
    g->curve[g->n++] = middle;
}

/* A dashed line to compare with. */
static inline void race_add_level(race_graph *g, const char *label,
                                  double value, int trials, tp_arena *mem)
{
    double *x = TP_NEW(mem, double, 2), *y = TP_NEW(mem, double, 2);
    x[0] = 1;
    x[1] = trials;
    y[0] = y[1] = value;
    g->curve[g->n++] = (tp_curve){tp_str_of(label), 2, x, y, TP_MARK_DASHED, 0};
}

static inline void race_draw(const race_graph *g, const char *title,
                             const char *y_label, const char *path)
{
    tp_err   err = {0};
    tp_graph graph = {.title = tp_str_of(title),
                      .x_label = TP_S("trials"),
                      .y_label = tp_str_of(y_label),
                      .y_log = true,
                      .n = g->n,
                      .curve = g->curve,
                      .beside = true};
    if (tp_graph_write(&graph, path, &err)) race_die(path, &err);
}

#endif
