/* What two simulations of a point differ by: its measures, or every vector of
   every plot where there are none. */
#include "run/inside.h"

#include <math.h>

static const double vector_floor = 1e-9; /* of a vector's largest value */

/* |a - b| by the larger one, or by `least` where both are smaller. */
static double relative(double a, double b, double least)
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
            note(r, c, relative(a.value, b.value, 0), a.value, b.value);
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

/* What no Newton iteration tells from 0: a tenth of ngspice's abstol for
   currents, as little for voltages. */
static double nothing_of(const tp_plot *p, const tp_wave *w)
{
    bool small = tp_str_same(p->kind, TP_S("ac")) ||
                 tp_str_same(p->kind, TP_S("noise")) ||
                 tp_str_same(p->kind, TP_S("tf"));
    if (small) return 0;
    if (tp_str_eq(w->unit, TP_S("A"))) return 1e-13;
    return tp_str_eq(w->unit, TP_S("V")) ? 1e-12 : 0;
}

static void compare_wave(tp_compare *c, tp_compared *r, const tp_plot *p,
                         const tp_wave *a, const tp_wave *b)
{
    double least = vector_floor * fmax(largest(a), largest(b));
    double nothing = nothing_of(p, a);
    for (int i = 0; i < a->n; i++) {
        double re = at_sample(a, b, b->re, i), d;
        double im = b->im ? at_sample(a, b, b->im, i) : 0;
        double own = a->im ? a->im[i] : 0;
        if (!a->im && !b->im) {
            d = relative(a->re[i], re, least);
        } else {
            double big = fmax(fmax(hypot(a->re[i], own), hypot(re, im)), least);
            d = big > 0 ? hypot(a->re[i] - re, own - im) / big : 0;
        }
        if (fabs(a->re[i] - re) <= nothing && !b->im) d = 0;
        note(r, c, isnan(d) ? INFINITY : d, a->re[i], re);
    }
}

static const tp_plot *same_plot(const tp_waves *w, const tp_plot *p, int i)
{
    for (int k = 0; k < w->n; k++)
        if (tp_str_eq(w->plot[k].ordinal, p->ordinal)) return &w->plot[k];
    return i < w->n ? &w->plot[i] : NULL;
}

/* "a1" of "a1#branch_1_0", one of the branches of a code model; "" others. */
static tp_str code_model(tp_str vector)
{
    tp_str    branch = TP_S("#branch_");
    ptrdiff_t at = tp_str_find(vector, '#', 0);
    if (at <= 0 || !tp_str_starts(tp_str_from(vector, at), branch))
        return TP_S("");
    return tp_str_part(vector, 0, at);
}

/* The vector of q that vector k of p is. In a raw file all branches of a code
   model are "i(a1)": the nth there is the nth here. */
static const tp_wave *twin(const tp_plot *q, const tp_plot *p, int k,
                           tp_arena mem)
{
    const tp_wave *found = tp_plot_find(q, p->wave[k].name);
    tp_str         device = code_model(p->wave[k].name);
    int            before = 0;
    if (found || device.len == 0) return found;
    for (int i = 0; i < k; i++)
        before += tp_str_same(code_model(p->wave[i].name), device);
    tp_str written = tp_str_fmt(&mem, "%.*s#branch", TP_F(device));
    for (int i = 0; i < q->n_wave; i++)
        if (tp_str_same(q->wave[i].name, written) && before-- == 0)
            return &q->wave[i];
    return NULL;
}

static void compare_waves(tp_compare *c, tp_str words, const tp_waves *mine,
                          const tp_waves *plain)
{
    for (int i = 0; i < mine->n; i++) {
        const tp_plot *p = &mine->plot[i], *q = same_plot(plain, p, i);
        bool           tran = tp_str_same(p->kind, TP_S("tran"));
        for (int k = 0; k < p->n_wave; k++) {
            const tp_wave *a = &p->wave[k];
            const tp_wave *b = q ? twin(q, p, k, *c->mem) : NULL;
            tp_str name = tp_str_fmt(c->mem, "%.*s%s%.*s.%.*s", TP_F(words),
                                     words.len ? ": " : "", TP_F(p->ordinal),
                                     TP_F(a->name));
            tp_compared *r = row_of(c, name, tran);
            if (b && b->n > 0)
                compare_wave(c, r, p, a, b);
            else if (a->n > 0)
                note(r, c, INFINITY, a->re[0], NAN);
        }
    }
}

/* ---- the whole ----------------------------------------------------------- */

static tp_outcome outcome_of(const tp_trial *t)
{
    tp_outcome how = TP_SIM_FAILED;
    tp_outcome_of(t->outcome, &how);
    return how;
}

static tp_str words_of(const tp_trial *t)
{
    if (t->why.len) return t->why;
    return tp_str_of(tp_outcome_words(outcome_of(t)));
}

/* It converged by what plain ngspice does not try. */
static bool took_the_ladder(const tp_trial *t)
{
    return tp_says(t->why, TP_NOT_COMPARABLE);
}

/* By what one or both failed. */
static tp_found failure(const tp_trial *mine, const tp_trial *plain)
{
    tp_outcome how = outcome_of(plain);
    if (!mine->reading && plain->reading) return TP_ONE_FAILED;
    if (how == TP_TIMED_OUT && outcome_of(mine) == how) return TP_BOTH_FAILED;
    if (how == TP_DIED || how == TP_TIMED_OUT) return TP_NOT_ASKED;
    if (!mine->reading) return TP_BOTH_FAILED;
    return tp_says_transient_op(words_of(plain)) ? TP_FALSE_OP : TP_ONE_FAILED;
}

void tp_compare_trials(tp_compare *c, const tp_problem *p, const tp_trial *mine,
                       const tp_trial *plain)
{
    c->found = TP_ALIKE;
    c->why = TP_S("");
    if (mine->reading && took_the_ladder(mine)) {
        c->found = TP_LADDER;
        c->why = tp_str_copy(c->mem, mine->why);
        return;
    }
    if (mine->reading && plain->reading) {
        tp_outcome how = outcome_of(plain);
        if (how != TP_RAN) c->why = tp_str_copy(c->mem, words_of(plain));
        if (how == TP_DIED || how == TP_TIMED_OUT)
            c->found = TP_NOT_ASKED; /* in one of its corners */
        else
            compare_measures(c, p, mine, plain);
        return;
    }
    c->found = failure(mine, plain);
    c->why = tp_str_copy(c->mem, words_of(plain->reading ? mine : plain));
}

void tp_compare_point(tp_compare *c, const tp_run *mine, int i,
                      const tp_run *plain, int k)
{
    const tp_pending *a = &mine->pending[i], *b = &plain->pending[k];
    tp_trial          s = tp_trial_of(mine, a, c->mem);
    tp_trial          t = tp_trial_of(plain, b, c->mem);
    tp_compare_trials(c, mine->problem, &s, &t);
    if (c->found != TP_ALIKE || mine->problem->n_measure > 0) return;
    for (int d = 0; d < a->n_task && d < b->n_task; d++)
        compare_waves(
            c, tp_problem_deck_words(mine->problem, a->task[d].deck, c->mem),
            &a->task[d].got.result.all, &b->task[d].got.result.all);
}

double tp_compared_limit(const tp_compared *r)
{
    return r->transient ? 1e-4 : 1e-6;
}
