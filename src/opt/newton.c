/* Newton's method with a line search, as a method of SPICE OPUS's optimize:
   gradient and Hessian by differences; the negative gradient where the Hessian
   is not positive definite. */
#include "opt/descend.h"
#include "opt/own.h"

#include <math.h>

static const tp_param params[] = {TP_LINE_ROWS, TP_LINE_TRANSFORMATION, {0}};

typedef struct state {
    int     m;    /* variables that do not rest on a bound */
    int    *in;   /* which */
    double *root; /* m x m: Cholesky's lower factor of their Hessian */
} state;

/* Cholesky's factor in `root`; false: not positive definite. */
static bool factor(state *s, const double *h, int n)
{
    int     m = s->m;
    double *l = s->root;
    for (int j = 0; j < m; j++) {
        double whole = h[s->in[j] * n + s->in[j]], left = whole;
        for (int k = 0; k < j; k++) left -= l[j * m + k] * l[j * m + k];
        if (!(left > 1e-10 * fabs(whole))) return false;
        l[j * m + j] = sqrt(left);
        for (int i = j + 1; i < m; i++) {
            double v = h[s->in[i] * n + s->in[j]];
            for (int k = 0; k < j; k++) v -= l[i * m + k] * l[j * m + k];
            l[i * m + j] = v / l[j * m + j];
        }
    }
    return true;
}

/* d = -(L L')^-1 g, by substitution forth and back. */
static void solve(const state *s, const double *g, double *d)
{
    int           m = s->m;
    const double *l = s->root;
    for (int i = 0; i < m; i++) {
        double v = -g[s->in[i]];
        for (int k = 0; k < i; k++) v -= l[i * m + k] * d[s->in[k]];
        d[s->in[i]] = v / l[i * m + i];
    }
    for (int i = m - 1; i >= 0; i--) {
        double v = d[s->in[i]];
        for (int k = i + 1; k < m; k++) v -= l[k * m + i] * d[s->in[k]];
        d[s->in[i]] = v / l[i * m + i];
    }
}

static bool direction(tp_descend *c, const tp_walk_point *p, double *d)
{
    state *s = c->own;
    int    n = c->w->n;
    s->m = 0;
    for (int i = 0; i < n; i++) {
        bool rests = (p->x[i] <= 0 || p->x[i] >= 1) && c->slope->g[i] == 0;
        d[i] = 0;
        if (!rests) s->in[s->m++] = i;
    }
    if (!factor(s, c->slope->h, n)) return false;
    solve(s, c->slope->g, d);
    return true;
}

static void body(tp_walk *w)
{
    ptrdiff_t  n = w->n;
    state      s = {.in = TP_NEW(&w->opt->mem, int, n),
                    .root = TP_NEW(&w->opt->mem, double, n *n)};
    tp_descend c = {.set = w->opt->settings, .own = &s, .direction = direction};
    tp_descend_run(w, &c, true);
}

static tp_status init(tp_opt *o, tp_err *err)
{
    return tp_walk_init(o, body, err);
}

const tp_opt_ops tp_opt_newton = {
    .name = "newton",
    .aliases = "",
    .summary = "Newton's direction by differences, line searches along it",
    .source = "Dennis, Schnabel, Numerical Methods for Unconstrained "
              "Optimization, 1983; SPICE OPUS manual",
    .can = TP_OPT_CONSTRAINTS | TP_OPT_NEEDS_BOUNDS | TP_OPT_PARALLEL,
    .window = 16,
    .settings_size = sizeof(tp_line_set),
    .params = params,
    .init = init,
    TP_WALK_OPS,
};
