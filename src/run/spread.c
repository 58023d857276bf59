/* How far plain ngspice agrees with itself at a point: run again, without
   pseudo-transients, with a smaller gmin and with a tighter tolerance. An
   operating point is what Newton's method happens to find within reltol; what
   these move is no fault of the fast way. */
#include "run/inside.h"

#include <math.h>

static const struct way {
    const char *settings, *what;
} ways[] = {
    {"spawn", "when it is run again"},
    {"spawn,optran=off", "without pseudo-transients (optran)"},
    {"spawn,gmin=1e-13", "with gmin=1e-13"},
    {"spawn,reltol=1e-6", "with reltol=1e-6"},
};

static tp_compared *find(tp_compare *c, tp_str name)
{
    for (int i = 0; i < c->n; i++)
        if (tp_str_eq(c->row[i].name, name)) return &c->row[i];
    return NULL;
}

/* What one way moves each row by that is worst at this point. */
static void add_way(tp_compare *c, const tp_compare *moved, const char *what)
{
    for (int i = 0; i < moved->n; i++) {
        const tp_compared *m = &moved->row[i];
        tp_compared       *r = find(c, m->name);
        if (!r || r->point != c->point || !(m->worst > r->allowed)) continue;
        r->allowed = m->worst;
        r->cause =
            tp_str_fmt(c->mem, "ngspice itself differs by %.2g from itself %s",
                       m->worst, what);
    }
}

/* One point by one simulator; the batch has to be closed in any case. */
static tp_status one(tp_run *r, const tp_problem *p, const tp_run_settings *s,
                     const double *x, const tp_run_watch *watch, tp_err *err)
{
    TP_TRY(tp_batch_open(r, p, s, 1, err));
    r->want.all = p->n_measure == 0;
    r->every = true; /* rows of other corners are not asked about */
    tp_batch_add(r, x);
    return tp_batch_finish(r, watch, err);
}

/* A deck whose values are others every time says nothing of anybody. */
static bool draws(tp_compare *c, const tp_compare *again)
{
    double most = 0;
    for (int i = 0; i < again->n; i++) most = fmax(most, again->row[i].worst);
    for (int i = 0; i < c->n && most > 0; i++) {
        c->row[i].allowed = INFINITY;
        c->row[i].cause = TP_S("ngspice gives other values each time it is "
                               "run: the deck draws random numbers");
    }
    return most > 0;
}

static tp_status one_way(tp_compare *c, const tp_run *plain,
                         const struct way *way, const tp_run_watch *watch,
                         bool *random, tp_err *err)
{
    tp_run          other;
    tp_run_settings set = plain->set;
    tp_compare      moved = {.mem = c->mem};
    set.simulator = tp_str_of(way->settings);
    tp_status st =
        one(&other, plain->problem, &set, plain->pending[0].x, watch, err);
    if (!st) tp_compare_point(&moved, plain, 0, &other, 0);
    if (!st && moved.found == TP_ALIKE && way == ways)
        *random = draws(c, &moved);
    else if (!st && moved.found == TP_ALIKE)
        add_way(c, &moved, way->what);
    tp_batch_close(&other);
    return st;
}

tp_status tp_spread(tp_compare *c, const tp_problem *p,
                    const tp_run_settings *s, const double *x,
                    const tp_run_watch *watch, tp_err *err)
{
    tp_run          plain;
    tp_run_settings set = *s;
    bool            random = false;
    set.simulator = tp_str_of(ways[0].settings);
    tp_status st = one(&plain, p, &set, x, watch, err);
    for (int k = 0; !st && !random && k < TP_COUNT(ways); k++)
        st = one_way(c, &plain, &ways[k], watch, &random, err);
    tp_batch_close(&plain);
    return st;
}
