/* Readings into a score: the only place where measured values become an
   objective and constraints. */
#include "problem/problem.h"

#include <math.h>

static const struct {
    const char *name;
    double      sign; /* of the objective, or of a miss; 0: neither */
    bool        objective;
} goals[] = {
    [TP_WATCH] = {"watch", 0, false},
    [TP_MINIMISE] = {"minimise", 1, true},
    [TP_MAXIMISE] = {"maximise", -1, true},
    [TP_AT_MOST] = {"at most", 1, false},
    [TP_AT_LEAST] = {"at least", -1, false},
    [TP_TO_SPEC] = {"to spec", 0, false},
};

const char *tp_goal_name(tp_goal g)
{
    return goals[g].name;
}

static bool is_constraint(const tp_measure *m)
{
    return !goals[m->goal].objective && goals[m->goal].sign != 0;
}

int tp_problem_objective(const tp_problem *p)
{
    for (int i = 0; i < p->n_measure; i++)
        if (goals[p->measure[i].goal].objective) return i;
    return -1;
}

int tp_problem_constraints(const tp_problem *p)
{
    int n = 0;
    for (int i = 0; i < p->n_measure; i++) n += is_constraint(&p->measure[i]);
    for (int i = 0; i < p->n_spec; i++)
        n += !isnan(p->spec[i].min) + !isnan(p->spec[i].max);
    return n;
}

bool tp_problem_scored(const tp_problem *p)
{
    return p->n_spec > 0 || tp_problem_objective(p) >= 0;
}

/* A value that counts. */
static bool has_value(const tp_reading *r)
{
    return r->ok && isfinite(r->value);
}

/* ---- a measure that is a goal by itself --------------------------------- */

/* The worst over the corners asked for of sign * (value - target) / scale;
   false: one of them has no value. */
static bool worst_miss(const tp_problem *p, const tp_reading *r, int measure,
                       double *out)
{
    const tp_measure *m = &p->measure[measure];
    bool              objective = goals[m->goal].objective;
    double            from = objective ? 0 : m->target;
    double            by = objective ? 1 : m->scale;
    *out = -INFINITY;
    for (int c = 0; c < tp_problem_corners(p); c++) {
        const tp_reading *one = &r[c * p->n_measure + measure];
        if (one->skipped) continue;
        if (!has_value(one)) return false;
        *out = fmax(*out, goals[m->goal].sign * (one->value - from) / by);
    }
    return *out > -INFINITY;
}

static void add_g(tp_score *s, double g, double ctol)
{
    s->g[s->n_g++] = g;
    if (g > 0) s->violation += g;
    if (g > ctol) s->feasible = false;
}

/* ---- specs -------------------------------------------------------------- */

static const char *const senses[] = {
    [TP_BOTH] = "both",
    [TP_HIGHER] = "higher",
    [TP_LOWER] = "lower",
};

const char *tp_sense_name(tp_sense s)
{
    return senses[s];
}

static double below(const tp_spec *s, double v)
{
    return (s->min - v) / s->min_scale;
}

static double above(const tp_spec *s, double v)
{
    return (v - s->max) / s->max_scale;
}

/* The side on which more is better still, where the spec itself says so by
   its limits. */
static tp_sense better_side(const tp_spec *s)
{
    if (s->sense != TP_BOTH) return s->sense;
    if (isnan(s->max) && !isnan(s->min)) return TP_HIGHER;
    if (isnan(s->min) && !isnan(s->max)) return TP_LOWER;
    return TP_BOTH;
}

static double target_miss(const tp_spec *s, double v, tp_sense sense)
{
    if (isnan(s->target)) return 0;
    double d = (s->target - v) / s->target_scale;
    if (sense == TP_HIGHER) d = fmax(0, d);
    if (sense == TP_LOWER) d = fmax(0, -d);
    return s->weight * fabs(d);
}

tp_cost tp_problem_cost(const tp_problem *p, const tp_reading *r, int corner,
                        bool one_sided)
{
    tp_cost out = {.feasible = true};
    for (int i = 0; i < p->n_spec; i++) {
        const tp_spec    *s = &p->spec[i];
        const tp_reading *one = &r[corner * p->n_measure + s->measure];
        if (!has_value(one)) {
            out.missing++;
            out.feasibility += 1;
            continue;
        }
        if (below(s, one->value) > 0) out.feasibility += below(s, one->value);
        if (above(s, one->value) > 0) out.feasibility += above(s, one->value);
        out.target +=
            target_miss(s, one->value, one_sided ? better_side(s) : s->sense);
    }
    out.feasible = !(out.feasibility > 0);
    out.cost = out.feasible ? out.target : 1000 + out.feasibility;
    return out;
}

tp_cost tp_problem_cost_worst(const tp_problem *p, const tp_reading *r)
{
    tp_cost worst = {.cost = -INFINITY};
    for (int c = 0; c < tp_problem_corners(p); c++) {
        if (!tp_problem_asked(p, r, c)) continue;
        tp_cost one = tp_problem_cost(p, r, c, false);
        if (one.cost > worst.cost) worst = one;
    }
    return worst;
}

/* One limit over the corners asked for; NAN: one of them has no value. */
static double worst_limit(const tp_problem *p, const tp_reading *r,
                          const tp_spec *s,
                          double (*miss)(const tp_spec *s, double v))
{
    double worst = -INFINITY;
    for (int c = 0; c < tp_problem_corners(p); c++) {
        const tp_reading *one = &r[c * p->n_measure + s->measure];
        if (one->skipped) continue;
        if (!has_value(one)) return NAN;
        worst = fmax(worst, miss(s, one->value));
    }
    return isinf(worst) ? NAN : worst;
}

/* False: a spec has no value somewhere. */
static bool score_specs(tp_score *out, const tp_problem *p, const tp_reading *r,
                        double ctol)
{
    out->f = 0;
    for (int c = 0; c < tp_problem_corners(p); c++) {
        if (!tp_problem_asked(p, r, c)) continue;
        tp_cost one = tp_problem_cost(p, r, c, false);
        if (one.missing) return false;
        out->f = fmax(out->f, one.target);
    }
    for (int i = 0; i < p->n_spec; i++) {
        const tp_spec *s = &p->spec[i];
        double         low = worst_limit(p, r, s, below);
        double         high = worst_limit(p, r, s, above);
        if (!isnan(s->min) && isnan(low)) return false;
        if (!isnan(s->max) && isnan(high)) return false;
        if (!isnan(s->min)) add_g(out, low, ctol);
        if (!isnan(s->max)) add_g(out, high, ctol);
    }
    return true;
}

/* ---- the score ---------------------------------------------------------- */

tp_score tp_problem_score(const tp_problem *p, const tp_reading *r, double ctol,
                          tp_arena *mem)
{
    tp_score s = {.ok = true, .feasible = true};
    s.g = TP_NEW(mem, double, tp_problem_constraints(p));
    for (int i = 0; i < p->n_measure; i++) {
        const tp_measure *m = &p->measure[i];
        double            v;
        if (goals[m->goal].sign == 0) continue;
        bool has = r && worst_miss(p, r, i, &v);
        if (goals[m->goal].objective) {
            if (has) s.f = v;
            s.no_f = !has;
            continue;
        }
        if (!has) return (tp_score){0};
        add_g(&s, v, ctol);
    }
    if (p->n_spec > 0 && (!r || !score_specs(&s, p, r, ctol)))
        return (tp_score){0};
    return s.no_f && s.feasible ? (tp_score){0} : s;
}

tp_score tp_trial_score(const tp_problem *p, tp_str outcome,
                        const tp_reading *r, double ctol, tp_arena *mem)
{
    if (!r || tp_str_eq(outcome, TP_S("ended-early"))) return (tp_score){0};
    return tp_problem_score(p, r, ctol, mem);
}

bool tp_problem_over_corners(const tp_problem *p)
{
    for (int i = 0; i < p->n_measure; i++)
        if (p->measure[i].over) return true;
    return false;
}

/* ---- one corner ---------------------------------------------------------- */

static double value_or_nan(const tp_reading *r)
{
    return has_value(r) ? r->value : NAN;
}

static double cost_part(const tp_problem *p, const tp_reading *r, int corner)
{
    tp_cost c = tp_problem_cost(p, r, corner, false);
    return c.missing ? NAN : c.target;
}

void tp_problem_part(const tp_problem *p, const tp_reading *r, int corner,
                     double *part)
{
    const tp_reading *in = r + (ptrdiff_t)corner * p->n_measure;
    int               n = 1;
    part[0] = tp_problem_scored(p) ? NAN : 0; /* as the score's */
    for (int i = 0; i < p->n_measure; i++) {
        const tp_measure *m = &p->measure[i];
        double            v = value_or_nan(&in[i]), sign = goals[m->goal].sign;
        if (goals[m->goal].objective) part[0] = sign * v;
        if (is_constraint(m)) part[n++] = sign * (v - m->target) / m->scale;
    }
    if (p->n_spec > 0) part[0] = cost_part(p, r, corner);
    for (int i = 0; i < p->n_spec; i++) {
        const tp_spec *s = &p->spec[i];
        double         v = value_or_nan(&in[s->measure]);
        if (!isnan(s->min)) part[n++] = below(s, v);
        if (!isnan(s->max)) part[n++] = above(s, v);
    }
}

static const tp_spec *spec_of(const tp_problem *p, int measure)
{
    for (int i = 0; i < p->n_spec; i++)
        if (p->spec[i].measure == measure) return &p->spec[i];
    return NULL;
}

/* ---- before all is known ------------------------------------------------- */

/* The misses of a measure's value, at most two. */
static int misses_of(const tp_problem *p, int measure, double v, double miss[2])
{
    const tp_measure *m = &p->measure[measure];
    const tp_spec    *s = spec_of(p, measure);
    int               n = 0;
    if (is_constraint(m)) {
        miss[0] = goals[m->goal].sign * (v - m->target) / m->scale;
        return 1;
    }
    if (s && !isnan(s->min)) miss[n++] = below(s, v);
    if (s && !isnan(s->max)) miss[n++] = above(s, v);
    return n;
}

/* The worst of each limit of a measure over what was read. */
static void worst_so_far(const tp_problem *p, const tp_reading *r, int measure,
                         double worst[2])
{
    worst[0] = worst[1] = 0;
    for (int c = 0; c < tp_problem_corners(p); c++) {
        const tp_reading *one = &r[(ptrdiff_t)c * p->n_measure + measure];
        double            miss[2] = {0};
        if (!has_value(one)) continue;
        int n = misses_of(p, measure, one->value, miss);
        for (int k = 0; k < n; k++) worst[k] = fmax(worst[k], miss[k]);
    }
}

/* The least that the trial's f can be, by the corners read so far. */
static double cost_so_far(const tp_problem *p, const tp_reading *r)
{
    int    k = tp_problem_objective(p);
    double most = -INFINITY;
    if (k < 0 && !p->n_spec) return most;
    for (int c = 0; c < tp_problem_corners(p); c++) {
        const tp_reading *in = &r[(ptrdiff_t)c * p->n_measure];
        if (!tp_problem_asked(p, r, c)) continue;
        if (p->n_spec > 0)
            most = fmax(most, tp_problem_cost(p, r, c, false).target);
        else if (has_value(&in[k]))
            most = fmax(most, goals[p->measure[k].goal].sign * in[k].value);
    }
    return most;
}

bool tp_problem_lost(const tp_problem *p, const tp_reading *r, double ctol,
                     const tp_bound *bound)
{
    double sum = 0, most = 0;
    if (bound->f < INFINITY && cost_so_far(p, r) > bound->f) return true;
    for (int i = 0; i < p->n_measure; i++) {
        double worst[2];
        worst_so_far(p, r, i, worst);
        sum += worst[0] + worst[1];
        most = fmax(most, fmax(worst[0], worst[1]));
    }
    return most > ctol && sum > bound->violation;
}

double tp_problem_deck_miss(const tp_problem *p, int deck, const tp_reading *r)
{
    int    corner = tp_problem_corner_of(p, deck);
    double most = -INFINITY;
    for (int i = 0; i < p->n_measure; i++) {
        const tp_reading *one = &r[(ptrdiff_t)corner * p->n_measure + i];
        double            miss[2] = {0};
        bool own = p->measure[i].bench == tp_problem_bench_of(p, deck);
        if (!own || !has_value(one)) continue;
        int n = misses_of(p, i, one->value, miss);
        for (int k = 0; k < n; k++) most = fmax(most, miss[k]);
    }
    return most;
}

/* ---- comparing ----------------------------------------------------------- */

/* 0 feasible, 1 infeasible, 2 failed. */
static int rank(const tp_score *s)
{
    return !s->ok ? 2 : !s->feasible;
}

int tp_score_compare(const tp_score *a, const tp_score *b)
{
    int by = rank(a) - rank(b);
    if (by || !a->ok) return by;
    double x = a->feasible ? a->f : a->violation;
    double y = b->feasible ? b->f : b->violation;
    return (x > y) - (x < y);
}

bool tp_trial_better(const tp_trial *a, const tp_trial *b)
{
    if (!a || !a->score.ok) return false;
    if (!b || !b->score.ok || a->phase != b->phase)
        return !b || !b->score.ok || a->phase > b->phase;
    return tp_score_compare(&a->score, &b->score) < 0;
}

/* ---- the worst corner --------------------------------------------------- */

/* How bad a value is for its measure; comparable between corners. */
static double badness(const tp_problem *p, int measure, double v)
{
    const tp_measure *m = &p->measure[measure];
    const tp_spec    *s = spec_of(p, measure);
    if (m->saturation) return -v;
    if (!s) return goals[m->goal].sign * v;
    double worst = -INFINITY;
    if (!isnan(s->min)) worst = fmax(worst, below(s, v));
    if (!isnan(s->max)) worst = fmax(worst, above(s, v));
    return isinf(worst) ? target_miss(s, v, s->sense) : worst;
}

const tp_reading *tp_problem_worst(const tp_problem *p, const tp_reading *r,
                                   int measure, int *corner)
{
    int    worst = 0;
    double most = -INFINITY;
    for (int c = 0; c < tp_problem_corners(p); c++) {
        const tp_reading *one = &r[c * p->n_measure + measure];
        if (one->skipped) continue;
        double bad =
            has_value(one) ? badness(p, measure, one->value) : INFINITY;
        if (bad <= most) continue;
        most = bad;
        worst = c;
    }
    if (corner) *corner = worst;
    return &r[worst * p->n_measure + measure];
}
