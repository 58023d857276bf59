/* Minimisation in a box: limited-memory BFGS in the subspace of the variables
   that are not held at a bound (Bertsekas, SIAM J. Control Optim. 20 (1982)
   221), Armijo's rule along the projected path. */
#include "num/num.h"

#include <math.h>
#include <string.h>

enum { PAIRS = 8, HALVINGS = 20 };

typedef struct search {
    tp_function  *function;
    void         *with;
    const tp_box *box;
    int           n, evaluations, pairs, next;
    double       *x, *g, *to, *g_to, *d;
    double       *s[PAIRS], *y[PAIRS]; /* steps and changes of the gradient */
    bool         *held;                /* at a bound, pushed outwards */
    tp_arena      scratch;
} search;

static double evaluate(search *m, const double *x, double *g)
{
    m->evaluations++;
    double f = m->function(m->with, x, g, m->scratch);
    for (int i = 0; i < m->n && isfinite(f); i++)
        if (!isfinite(g[i])) f = INFINITY;
    return isfinite(f) ? f : INFINITY;
}

static void hold(search *m)
{
    for (int i = 0; i < m->n; i++)
        m->held[i] = (m->x[i] <= m->box->lo[i] && m->g[i] > 0) ||
                     (m->x[i] >= m->box->hi[i] && m->g[i] < 0);
}

static double dot_free(const search *m, const double *a, const double *b)
{
    double sum = 0;
    for (int i = 0; i < m->n; i++)
        if (!m->held[i]) sum += a[i] * b[i];
    return sum;
}

static void steepest(search *m)
{
    for (int i = 0; i < m->n; i++) m->d[i] = m->held[i] ? 0 : -m->g[i];
}

/* d = -H g by the two loops over the pairs (Nocedal 1980), among the free
   variables; a direction that does not descend becomes the steepest. */
static void direct(search *m)
{
    double alpha[PAIRS], scale = 0;
    steepest(m);
    for (int k = 0; k < m->pairs; k++) {
        int    at = (m->next - 1 - k + 2 * PAIRS) % PAIRS;
        double sy = dot_free(m, m->s[at], m->y[at]);
        double yy = dot_free(m, m->y[at], m->y[at]);
        alpha[at] = 0;
        if (!(sy > 1e-14 * yy)) continue;
        if (scale == 0) scale = sy / yy;
        alpha[at] = dot_free(m, m->s[at], m->d) / sy;
        tp_axpy(-alpha[at], m->y[at], m->d, m->n);
    }
    if (scale == 0) return;
    for (int i = 0; i < m->n; i++) m->d[i] *= scale;
    for (int k = m->pairs - 1; k >= 0; k--) {
        int    at = (m->next - 1 - k + 2 * PAIRS) % PAIRS;
        double sy = dot_free(m, m->s[at], m->y[at]);
        if (alpha[at] == 0) continue;
        double beta = dot_free(m, m->y[at], m->d) / sy;
        tp_axpy(alpha[at] - beta, m->s[at], m->d, m->n);
    }
    for (int i = 0; i < m->n; i++)
        if (m->held[i]) m->d[i] = 0;
    if (!(dot_free(m, m->d, m->g) < 0)) steepest(m);
}

/* to = x + t d, put back into the box; returns g . (to - x). */
static double project(search *m, double t)
{
    double slope = 0;
    for (int i = 0; i < m->n; i++) {
        double v = m->x[i] + t * m->d[i];
        m->to[i] = fmin(fmax(v, m->box->lo[i]), m->box->hi[i]);
        slope += m->g[i] * (m->to[i] - m->x[i]);
    }
    return slope;
}

/* A step along d that gains enough: f there, or INFINITY. */
static double step(search *m, double f, double t)
{
    for (int k = 0; k < HALVINGS && m->evaluations < m->box->most; k++) {
        double slope = project(m, t);
        if (!(slope < 0)) return INFINITY;
        double got = evaluate(m, m->to, m->g_to);
        if (got <= f + 1e-4 * slope) return got;
        double curve = got - f - slope; /* of the parabola through both */
        double part = curve < INFINITY ? -slope / (2 * curve) : 0.1;
        t *= fmin(fmax(part, 0.1), 0.5);
    }
    return INFINITY;
}

static void remember(search *m)
{
    double *s = m->s[m->next], *y = m->y[m->next];
    for (int i = 0; i < m->n; i++) {
        s[i] = m->to[i] - m->x[i];
        y[i] = m->g_to[i] - m->g[i];
    }
    m->next = (m->next + 1) % PAIRS;
    if (m->pairs < PAIRS) m->pairs++;
    memcpy(m->x, m->to, sizeof *m->x * (size_t)m->n);
    memcpy(m->g, m->g_to, sizeof *m->g * (size_t)m->n);
}

static void open_search(search *m, tp_arena *mem)
{
    m->g = TP_NEW(mem, double, m->n);
    m->to = TP_NEW(mem, double, m->n);
    m->g_to = TP_NEW(mem, double, m->n);
    m->d = TP_NEW(mem, double, m->n);
    m->held = TP_NEW(mem, bool, m->n);
    for (int k = 0; k < PAIRS; k++) {
        m->s[k] = TP_NEW(mem, double, m->n);
        m->y[k] = TP_NEW(mem, double, m->n);
    }
}

double tp_minimise(tp_function *f, void *with, const tp_box *box, double *x,
                   tp_arena scratch)
{
    search m = {.function = f, .with = with, .box = box, .n = box->n, .x = x};
    open_search(&m, &scratch);
    m.scratch = scratch;
    for (int i = 0; i < m.n; i++)
        x[i] = fmin(fmax(x[i], box->lo[i]), box->hi[i]);
    double at = evaluate(&m, x, m.g);
    while (at < INFINITY && m.evaluations < box->most) {
        hold(&m);
        direct(&m);
        double length = sqrt(tp_norm2(m.d, m.n));
        if (!(length > 0)) break;
        double got = step(&m, at, m.pairs ? 1 : fmin(1, 1 / length));
        if (got == INFINITY && m.pairs == 0) break;
        if (got == INFINITY) {
            m.pairs = 0; /* once more along the gradient */
            continue;
        }
        double gain = at - got;
        at = got;
        remember(&m);
        if (gain < box->tol * (1 + fabs(at))) break;
    }
    return at;
}
