/* drive: opens a method on a problem with known values and goes round ask and
   tell, keeping what was asked. */
#ifndef TP_TEST_DRIVE_H
#define TP_TEST_DRIVE_H

#include "opt/opt.h"

#include "check.h"

enum { DRIVE_MAX = 10, DRIVE_ASKS = 6000 };

/* f at real values x; fills g; false: the trial failed. */
typedef bool drive_function(const double *x, int n, double *f, double *g);

typedef struct drive {
    const tp_opt_ops *ops;
    tp_opt            opt;
    tp_space          space;
    tp_var            var[DRIVE_MAX];
    drive_function   *function;
    int               n_ask, best; /* best: index of an ask, -1 none */
    double            best_f;
    bool              bad_x; /* an ask outside the bounds or not finite */
    double            asked[DRIVE_ASKS][DRIVE_MAX];
    double            told[DRIVE_ASKS];
} drive;

/* n variables 0..1 from `start`. */
static inline drive *drive_box(tp_arena *mem, int n, double start)
{
    static const char *const names[DRIVE_MAX] = {"a", "b", "c", "d", "e",
                                                 "f", "g", "h", "k", "l"};

    drive *d = TP_NEW(mem, drive, 1);
    for (int i = 0; i < n; i++)
        d->var[i] = (tp_var){
            .name = tp_str_of(names[i]), .lo = 0, .hi = 1, .start = start};
    d->space = (tp_space){.n = n, .var = d->var};
    d->opt.space = &d->space;
    d->opt.seed = 1;
    d->best = -1;
    return d;
}

/* Opens the method of "NAME,setting=value". */
static inline tp_status drive_open(drive *d, const char *method, tp_err *err)
{
    static tp_arena mem; /* one reservation for all; taken by value */
    if (!mem.base) mem = tp_arena_open((ptrdiff_t)1 << 30);
    d->opt.mem = mem;
    tp_str    all = tp_str_of(method);
    ptrdiff_t comma = tp_str_find(all, ',', 0);
    tp_str    name = comma < 0 ? all : tp_str_part(all, 0, comma);
    TP_TRY(
        tp_opt_choose(&d->ops, name, &d->space, d->opt.n_g, &d->opt.mem, err));
    TP_TRY(tp_opt_settings(&d->opt.settings, d->ops, all, &d->opt.mem, err));
    return d->ops->init(&d->opt, err);
}

/* One ask, told at once; false: done, or DRIVE_ASKS reached. */
static inline bool drive_step(drive *d)
{
    double x[DRIVE_MAX], lo[DRIVE_MAX], hi[DRIVE_MAX], u[DRIVE_MAX] = {0};
    double g[DRIVE_MAX] = {0}, f = NAN, miss = 0;
    int    tag, n = d->space.n;
    if (d->n_ask == DRIVE_ASKS) return false;
    if (d->ops->ask(&d->opt, u, &tag) != TP_ASK_POINT) return false;
    tp_space_bounds(&d->space, lo, hi);
    for (int i = 0; i < n; i++)
        if (!isfinite(u[i]) || u[i] < lo[i] || u[i] > hi[i]) d->bad_x = true;
    tp_space_real(&d->space, u, x);
    memcpy(d->asked[d->n_ask], u, sizeof u);
    tp_obs y = {.n_g = d->opt.n_g, .g = g};
    y.ok = d->function(x, n, &f, g);
    y.f = f;
    d->told[d->n_ask] = f;
    for (int i = 0; i < y.n_g; i++) miss = fmax(miss, g[i]);
    if (y.ok && miss <= 1e-3 && (d->best < 0 || f < d->best_f)) {
        d->best = d->n_ask;
        d->best_f = f;
    }
    d->n_ask++;
    d->ops->tell(&d->opt, tag, u, &y);
    return true;
}

/* Asks and tells until the method is done or `most` were told. */
static inline const char *drive_run(drive *d, int most)
{
    while (d->n_ask < most && drive_step(d)) continue;
    return d->ops->finished(&d->opt);
}

static inline void drive_close(drive *d)
{
    d->ops->close(&d->opt);
}

#endif
