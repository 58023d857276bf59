/* Davidon, Fletcher and Powell's variable metric method (Fletcher, Powell,
   Computer J. 6 (1963) 163), as a method of SPICE OPUS's optimize. Its manual
   names four modifications and explains none; here: no = the formula as it
   was published, modified = restarted every n steps, first = BFGS (Fletcher,
   Computer J. 13 (1970) 317), second = symmetric rank one (Broyden, Math.
   Comp. 21 (1967) 368). The matrix is begun anew when a step does not curve
   upward or leads nowhere. */
#include "opt/descend.h"
#include "opt/own.h"

#include <math.h>
#include <string.h>

typedef struct settings {
    tp_line_set line;
    int         modification;
} settings;

enum { DFP, RESTARTED, BFGS, RANK_ONE };
static const char *const modifications[] = {"no", "modified", "first", "second",
                                            NULL};

static const tp_param params[] = {
    TP_LINE_ROWS,
    {.name = "modification",
     .type = TP_CHOICE,
     .at = offsetof(settings, modification),
     .choices = modifications,
     .text = "no: Davidon-Fletcher-Powell; modified: restarted every n steps; "
             "first: BFGS; second: symmetric rank one (words: SPICE OPUS "
             "manual)."},
    TP_LINE_TRANSFORMATION,
    {0},
};

typedef struct state {
    int     modification, n, steps;
    bool    begun;                /* y and g are of the point before */
    double *h;                    /* approximate inverse of the Hessian */
    double *y, *g, *dy, *dg, *hg; /* dy, dg: change; hg = h dg */
} state;

static void restart(tp_descend *c, const tp_walk_point *p)
{
    state *s = c->own;
    memset(s->h, 0, sizeof *s->h * (size_t)s->n * (size_t)s->n);
    for (int i = 0; i < s->n; i++)
        s->h[i * s->n + i] = 1 / tp_descend_metric(c, p, i);
    s->steps = 0;
}

static double dot(const double *a, const double *b, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++) sum += a[i] * b[i];
    return sum;
}

/* h by the formula; sg = dy'dg, ghg = dg'h dg. */
static double updated(const state *s, int i, int k, double sg, double ghg)
{
    const double *p = s->dy, *q = s->hg;
    double        h = s->h[i * s->n + k];
    if (s->modification == RANK_ONE)
        return h + (p[i] - q[i]) * (p[k] - q[k]) / (sg - ghg);
    if (s->modification == BFGS)
        return h + (1 + ghg / sg) * p[i] * p[k] / sg -
               (q[i] * p[k] + p[i] * q[k]) / sg;
    return h + p[i] * p[k] / sg - q[i] * q[k] / ghg;
}

/* Takes the step into h; false: it can't be. */
static bool update(state *s)
{
    int n = s->n;
    for (int i = 0; i < n; i++)
        s->hg[i] = dot(s->h + (ptrdiff_t)i * n, s->dg, n);
    double sg = dot(s->dy, s->dg, n), ghg = dot(s->dg, s->hg, n);
    if (s->modification == RANK_ONE) {
        if (!(fabs(sg - ghg) > 1e-8 * (fabs(sg) + fabs(ghg)))) return true;
    } else if (!(sg > 0) || !(ghg > 0)) {
        return false;
    }
    for (int i = 0; i < n; i++)
        for (int k = 0; k <= i; k++) {
            double v = updated(s, i, k, sg, ghg);
            if (!isfinite(v)) return false;
            s->h[i * n + k] = s->h[k * n + i] = v;
        }
    return true;
}

static bool direction(tp_descend *c, const tp_walk_point *p, double *d)
{
    state *s = c->own;
    int    n = s->n;
    bool   good = s->begun;
    for (int i = 0; i < n; i++) {
        double y = tp_map_y(c->set->transformation, p->x[i]);
        s->dy[i] = y - s->y[i];
        s->dg[i] = c->slope->whole[i] - s->g[i];
        s->y[i] = y;
        s->g[i] = c->slope->whole[i];
    }
    s->begun = true;
    if (good && s->modification == RESTARTED && ++s->steps % n == 0)
        good = false;
    if (!good || !update(s)) return false;
    for (int i = 0; i < n; i++)
        d[i] = -dot(s->h + (ptrdiff_t)i * n, c->slope->g, n);
    return true;
}

static void body(tp_walk *w)
{
    const settings *set = w->opt->settings;
    tp_arena       *mem = &w->opt->mem;
    int             n = w->n;
    state           s = {.n = n,
                         .modification = set->modification,
                         .h = TP_NEW(mem, double, (ptrdiff_t)n *n),
                         .y = TP_NEW(mem, double, n),
                         .g = TP_NEW(mem, double, n),
                         .dy = TP_NEW(mem, double, n),
                         .dg = TP_NEW(mem, double, n),
                         .hg = TP_NEW(mem, double, n)};
    tp_descend      c = {.set = &set->line,
                         .own = &s,
                         .direction = direction,
                         .restart = restart};
    tp_descend_run(w, &c, false);
}

static tp_status init(tp_opt *o, tp_err *err)
{
    return tp_walk_init(o, body, err);
}

const tp_opt_ops tp_opt_davidon_fletcher_powell = {
    .name = "davidon_fletcher_powell",
    .aliases = "DFP",
    .summary = "line searches, an inverse Hessian learnt from gradients",
    .source = "Fletcher, Powell, Computer J. 6 (1963) 163; SPICE OPUS manual",
    .can = TP_OPT_CONSTRAINTS | TP_OPT_NEEDS_BOUNDS | TP_OPT_PARALLEL |
           TP_OPT_GRADIENT,
    .window = 16,
    .settings_size = sizeof(settings),
    .params = params,
    .init = init,
    TP_WALK_OPS,
};
