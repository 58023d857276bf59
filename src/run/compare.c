/* What two simulations of a point differ by: its measures, or every vector of
   every plot where there are none. */
#include "run/inside.h"

#include <math.h>

static const double vector_floor = 1e-9; /* of a vector's largest value */

double tp_relative(double a, double b, double least)
{
    double big = fmax(fmax(fabs(a), fabs(b)), least);
    return a == b ? 0 : fabs(a - b) / big;
}

static bool is_transient(const tp_problem *p, const tp_measure *m)
{
    const tp_circuit *c = p->bench[m->bench].circuit;
    if (m->transient) return true;
    return c && m->analysis >= 0 && m->analysis < c->n_analysis &&
           tp_str_same(c->analysis[m->analysis].kind, TP_S("tran"));
}

/* ---- rows ---------------------------------------------------------------- */

static tp_compared *row_of(tp_compare *c, tp_str name, bool transient)
{
    for (int i = 0; i < c->n; i++)
        if (tp_str_eq(c->row[i].name, name)) return &c->row[i];
    tp_compared *r = TP_PUSH(c->mem, c->row, c->n, c->cap);
    *r = (tp_compared){.name = tp_str_copy(c->mem, name),
                       .transient = transient,
                       .point = -1,
                       .cause = TP_S("")};
    return r;
}

/* One pair of values; `d` infinite: only one of them is there. */
static void note(tp_compared *r, const tp_compare *c, double d, double mine,
                 double plain)
{
    r->n++;
    if (r->point >= 0 && !(d > r->worst)) return;
    r->worst = d;
    r->point = c->point;
    r->mine = mine;
    r->plain = plain;
}

/* ---- measures ------------------------------------------------------------ */

static void compare_measures(tp_compare *c, const tp_problem *p,
                             const tp_trial *mine, const tp_trial *plain)
{
    for (int k = 0; k < tp_problem_readings(p); k++) {
        const tp_measure *m = &p->measure[k % p->n_measure];
        int               deck = tp_problem_deck(p, m->bench, k / p->n_measure);
        tp_str words = tp_problem_deck_words(p, deck, c->mem), name = m->name;
        tp_reading a = mine->reading[k], b = plain->reading[k];
        if (a.skipped || b.skipped) continue;
        if (words.len)
            name = tp_str_fmt(c->mem, "%.*s: %.*s", TP_F(words), TP_F(m->name));
        tp_compared *r = row_of(c, name, is_transient(p, m));
        if (a.ok != b.ok)
            note(r, c, INFINITY, a.ok ? a.value : NAN, b.ok ? b.value : NAN);
        else if (a.ok)
            note(r, c, tp_relative(a.value, b.value, 0), a.value, b.value);
    }
}

/* ---- vectors ------------------------------------------------------------- */

/* The value of b at a's sample i, straight between b's samples where they are
   others. */
static double at_sample(const tp_wave *a, const tp_wave *b, const double *v,
                        int i)
{
    if (a->n == b->n || !a->x || !b->x) return i < b->n ? v[i] : NAN;
    int k = 0;
    while (k + 2 < b->n && b->x[k + 1] < a->x[i]) k++;
    if (b->n < 2) return v[0];
    double dx = b->x[k + 1] - b->x[k];
    double u = dx == 0 ? 0 : (a->x[i] - b->x[k]) / dx;
    return v[k] + (v[k + 1] - v[k]) * fmin(fmax(u, 0), 1);
}

static double largest(const tp_wave *w)
{
    double big = 0;
    for (int i = 0; i < w->n; i++)
        big = fmax(big, w->im ? hypot(w->re[i], w->im[i]) : fabs(w->re[i]));
    return big;
}

static void compare_wave(tp_compare *c, tp_compared *r, const tp_wave *a,
                         const tp_wave *b)
{
    double least = vector_floor * fmax(largest(a), largest(b));
    for (int i = 0; i < a->n; i++) {
        double re = at_sample(a, b, b->re, i), d;
        double im = b->im ? at_sample(a, b, b->im, i) : 0;
        double own = a->im ? a->im[i] : 0;
        if (!a->im && !b->im) {
            d = tp_relative(a->re[i], re, least);
        } else {
            double big = fmax(fmax(hypot(a->re[i], own), hypot(re, im)), least);
            d = big > 0 ? hypot(a->re[i] - re, own - im) / big : 0;
        }
        note(r, c, isnan(d) ? INFINITY : d, a->re[i], re);
    }
}

static const tp_plot *same_plot(const tp_waves *w, const tp_plot *p, int i)
{
    for (int k = 0; k < w->n; k++)
        if (tp_str_eq(w->plot[k].ordinal, p->ordinal)) return &w->plot[k];
    return i < w->n ? &w->plot[i] : NULL;
}

static void compare_waves(tp_compare *c, tp_str words, const tp_waves *mine,
                          const tp_waves *plain)
{
    for (int i = 0; i < mine->n; i++) {
        const tp_plot *p = &mine->plot[i], *q = same_plot(plain, p, i);
        bool           tran = tp_str_same(p->kind, TP_S("tran"));
        for (int k = 0; k < p->n_wave; k++) {
            const tp_wave *a = &p->wave[k];
            const tp_wave *b = q ? tp_plot_find(q, a->name) : NULL;
            tp_str name = tp_str_fmt(c->mem, "%.*s%s%.*s.%.*s", TP_F(words),
                                     words.len ? ": " : "", TP_F(p->ordinal),
                                     TP_F(a->name));
            tp_compared *r = row_of(c, name, tran);
            if (b && b->n > 0)
                compare_wave(c, r, a, b);
            else if (a->n > 0)
                note(r, c, INFINITY, a->re[0], NAN);
        }
    }
}

/* ---- the whole ----------------------------------------------------------- */

static bool read(const tp_run *r, int i)
{
    return tp_result_read(&r->pending[i].got.result);
}

static tp_str why(const tp_run *r, int i)
{
    const tp_result *res = &r->pending[i].got.result;
    return res->why.len ? res->why : tp_str_of(tp_outcome_words(res->how));
}

void tp_compare_point(tp_compare *c, const tp_run *mine, int i,
                      const tp_run *plain, int k)
{
    const tp_problem *p = mine->problem;
    c->found = TP_ALIKE;
    c->why = TP_S("");
    if (!read(mine, i) && !read(plain, k)) {
        c->found = TP_BOTH_FAILED;
        c->why = tp_str_copy(c->mem, why(mine, i));
    } else if (!read(plain, k)) {
        tp_str words = why(plain, k);
        c->why = tp_str_copy(c->mem, words);
        c->found = tp_says_transient_op(words) ? TP_FALSE_OP : TP_ONE_FAILED;
    } else if (!read(mine, i)) {
        c->why = tp_str_copy(c->mem, why(mine, i));
        c->found = TP_ONE_FAILED;
    } else if (p->n_measure > 0) {
        tp_trial a = tp_trial_of(mine, &mine->pending[i], c->mem);
        tp_trial b = tp_trial_of(plain, &plain->pending[k], c->mem);
        compare_measures(c, p, &a, &b);
    } else {
        for (int d = 0; d < mine->n_deck; d++)
            compare_waves(c, tp_problem_deck_words(p, d, c->mem),
                          &mine->pending[i].task[d].got.result.all,
                          &plain->pending[k].task[d].got.result.all);
    }
}

double tp_compared_limit(const tp_compared *r)
{
    return r->transient ? 1e-4 : 1e-6;
}
