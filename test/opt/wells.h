/* wells: two variables 0..10, four minima, the middle forbidden. The analytic
   example that SPICE OPUS is shipped with, in closed form. */
#ifndef TP_TEST_WELLS_H
#define TP_TEST_WELLS_H

#include "drive.h"

static inline double wells_square(const double *x, double a, double b)
{
    return (x[0] - a) * (x[0] - a) + (x[1] - b) * (x[1] - b);
}

/* Minima 0.5 at (2, 2), 1.8529169 at (2, 7.88154) and (7.88154, 2), 2.2057843
   at (7.8807, 7.8807). */
static inline bool wells(const double *x, int n, double *f, double *g)
{
    double r = wells_square(x, 2, 2);
    (void)n;
    *f = 2.5 + r / 100 - 2 * exp(-r) - exp(-wells_square(x, 2, 8) / 2) -
         exp(-wells_square(x, 8, 2) / 2) - exp(-wells_square(x, 8, 8) / 2);
    g[0] = 9 - wells_square(x, 5, 5);
    return true;
}

typedef struct wells_end {
    double      f, x[2]; /* the best feasible */
    int         asked;
    const char *why; /* NULL: ended by `most` */
} wells_end;

/* From (10, 10) with at most `most` points. */
static inline wells_end wells_run(const char *method, uint64_t seed, int most)
{
    tp_err    err;
    tp_arena  mem = *check_mem();
    wells_end e = {.f = INFINITY};
    drive    *d = drive_box(&mem, 2, 10);
    for (int i = 0; i < 2; i++) d->var[i].hi = 10;
    d->opt.n_g = 1;
    d->opt.seed = seed;
    if (!CHECK_OK(drive_open(d, method, &err), &err)) return e;
    for (; e.asked < most; e.asked++) {
        double u[2], x[2], f, g;
        int    tag;
        if (d->ops->ask(&d->opt, u, &tag) != TP_ASK_POINT) break;
        tp_space_real(&d->space, u, x);
        wells(x, 2, &f, &g);
        tp_obs y = {.ok = true, .f = f, .n_g = 1, .g = &g};
        d->ops->tell(&d->opt, tag, u, &y);
        if (g > 0 || f >= e.f) continue;
        e.f = f;
        memcpy(e.x, x, sizeof e.x);
    }
    e.why = d->ops->finished(&d->opt);
    drive_close(d);
    return e;
}

/* How many of ten seeds end at or below `target`. */
static inline int wells_seeds(const char *method, int most, double target)
{
    int met = 0;
    for (uint64_t seed = 1; seed <= 10; seed++)
        met += wells_run(method, seed, most).f <= target;
    return met;
}

#endif
