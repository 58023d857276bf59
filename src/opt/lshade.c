/* L-SHADE: differential evolution whose scale and crossover rate are drawn
   from a memory of what succeeded, with an archive of what was replaced and a
   population that shrinks linearly (Tanabe and Fukunaga, CEC 2014, 1658).
   Constraints by the feasibility rules of Deb (2000): feasible by objective,
   before infeasible by violation, before failed. A generation is asked at
   once. */
#include "num/num.h"
#include "opt/own.h"
#include "opt/walk.h"

#include <math.h>
#include <string.h>

enum { MEMORY = 6, LEAST = 4, MOST_DEFAULT = 200 };

typedef struct settings {
    int    population, evaluations;
    double archive, greed;
} settings;

static const tp_param params[] = {
    {.name = "population",
     .type = TP_INT,
     .at = offsetof(settings, population),
     .min = 0,
     .max = 10000,
     .text = "Individuals at first; 0: 8 for each variable, but at most 200 "
             "and a fifteenth of the evaluations, at least 12."},
    {.name = "evaluations",
     .type = TP_INT,
     .at = offsetof(settings, evaluations),
     .min = 0,
     .max = 100000000,
     .text = "Over which the population shrinks to 4; 0: the trial limit of "
             "the run, without one 400 for each variable."},
    {.name = "archive",
     .type = TP_REAL,
     .at = offsetof(settings, archive),
     .def = 2.6,
     .min = 0,
     .max = 10,
     .text = "Size of the archive in populations (Tanabe 2014)."},
    {.name = "greed",
     .type = TP_REAL,
     .at = offsetof(settings, greed),
     .def = 0.11,
     .min = 0.01,
     .max = 1,
     .text = "Part of the population that counts as best (Tanabe 2014)."},
    {0},
};

typedef struct member {
    tp_walk_point *at, *trial;
    double         f, cr; /* scale and rate that made the trial */
} member;

typedef struct state {
    tp_walk        w;
    int            size, first, most, told_all; /* evaluations */
    member        *one;
    int           *order;        /* best first */
    int            asked, told;  /* of this generation */
    bool           begun, young; /* young: the first generation */
    tp_walk_point *archive;
    int            n_archive, cap_archive;
    double         scale[MEMORY], rate[MEMORY]; /* rate < 0: always 0 */
    int            at_memory;
    uint64_t       draws;
    tp_walk_point *guest;
    int            n_guest; /* told before the first ask */
    const char    *why;
} state;

/* ---- the population ------------------------------------------------------ */

static void sort(state *s)
{
    tp_arena              scratch = s->w.opt->mem;
    const tp_walk_point **p = TP_NEW(&scratch, const tp_walk_point *, s->size);
    for (int i = 0; i < s->size; i++) p[i] = s->one[i].at;
    tp_walk_sort(p, s->size, s->order);
}

/* The worst leave until the size is that of the plan. */
static void shrink(state *s)
{
    double part = fmin(1, (double)s->told_all / s->most);
    int    size = (int)round(s->first + (LEAST - s->first) * part);
    if (size < LEAST) size = LEAST;
    for (; s->size > size; s->size--) {
        int    gone = s->order[s->size - 1], last = s->size - 1;
        member keep = s->one[gone];
        s->one[gone] = s->one[last];
        s->one[last] = keep;
        for (int k = 0; k < last; k++)
            if (s->order[k] == last) s->order[k] = gone;
    }
    s->cap_archive =
        (int)(((const settings *)s->w.opt->settings)->archive * s->size);
    if (s->n_archive > s->cap_archive) s->n_archive = s->cap_archive;
}

static void put_in_archive(state *s, const tp_walk_point *p, tp_rng *rng)
{
    if (s->cap_archive == 0) return;
    int at = s->n_archive < s->cap_archive ? s->n_archive++
                                           : tp_rng_below(rng, s->n_archive);
    tp_walk_copy(&s->w, &s->archive[at], p);
}

/* ---- trials -------------------------------------------------------------- */

static double cauchy(tp_rng *rng, double middle)
{
    double v;
    do v = middle + 0.1 * tan(3.14159265358979 * (tp_rng_uniform(rng) - 0.5));
    while (v <= 0);
    return fmin(v, 1);
}

/* A member or, with b, an archived point, that is none of the two others. */
static const tp_walk_point *other(const state *s, tp_rng *rng, int not_a,
                                  int not_b, bool archived, int *which)
{
    int all = s->size + (archived ? s->n_archive : 0);
    do *which = tp_rng_below(rng, all);
    while (*which == not_a || *which == not_b);
    return *which < s->size ? s->one[*which].at : &s->archive[*which - s->size];
}

/* Halfway back to the parent where a bound is passed. */
static double inside(double v, double parent)
{
    if (v < 0) return parent / 2;
    return v > 1 ? (1 + parent) / 2 : v;
}

/* current-to-pbest/1/bin. */
static void make_trial(state *s, int i, tp_rng *rng)
{
    const settings *set = s->w.opt->settings;
    member         *one = &s->one[i];
    int             r = tp_rng_below(rng, MEMORY), a, b;
    int             good = (int)ceil(set->greed * s->size);
    one->cr = s->rate[r] < 0 ? 0 : s->rate[r] + 0.1 * tp_rng_normal(rng);
    one->cr = fmin(fmax(one->cr, 0), 1);
    one->f = cauchy(rng, s->scale[r]);
    const double *best =
        s->one[s->order[tp_rng_below(rng, good > 2 ? good : 2)]].at->x;
    const double *p = other(s, rng, i, -1, false, &a)->x;
    const double *q = other(s, rng, i, a, true, &b)->x, *x = one->at->x;
    int           sure = tp_rng_below(rng, s->w.n);
    for (int k = 0; k < s->w.n; k++) {
        bool   moved = tp_rng_uniform(rng) < one->cr || k == sure;
        double v = x[k] + one->f * (best[k] - x[k] + p[k] - q[k]);
        one->trial->x[k] = moved ? inside(v, x[k]) : x[k];
    }
}

/* ---- what succeeded ------------------------------------------------------ */

/* How much better, as a part of the spread of what is compared. */
static double gain_of(const state *s, const member *one)
{
    const tp_walk_point *p = one->trial, *q = one->at;
    bool                 f = tp_walk_feasible(p) && tp_walk_feasible(q);
    double               lo = INFINITY, hi = -INFINITY;
    if (!q->ok) return 1;
    for (int j = 0; j < s->size; j++) {
        const tp_walk_point *o = s->one[j].at;
        if (!o->ok || (f && !tp_walk_feasible(o))) continue;
        lo = fmin(lo, f ? o->f : o->miss);
        hi = fmax(hi, f ? o->f : o->miss);
    }
    double gain = f ? q->f - p->f : q->miss - p->miss;
    double part = gain / (hi - lo);
    return isfinite(part) ? fmin(fmax(part, 1e-12), 1) : 1;
}

/* Weighted Lehmer means of the scales and rates of what got better. */
static void learn(state *s)
{
    double sum[2] = {0}, square[2] = {0}, most = 0;
    for (int i = 0; i < s->size; i++) {
        const member *one = &s->one[i];
        if (tp_walk_rank(one->trial, one->at) >= 0) continue;
        double w = gain_of(s, one);
        sum[0] += w * one->f;
        square[0] += w * one->f * one->f;
        sum[1] += w * one->cr;
        square[1] += w * one->cr * one->cr;
        most = fmax(most, one->cr);
    }
    if (!(sum[0] > 0)) return;
    int k = s->at_memory;
    s->scale[k] = square[0] / sum[0];
    s->rate[k] = s->rate[k] < 0 || most <= 0 ? -1 : square[1] / sum[1];
    s->at_memory = (k + 1) % MEMORY;
}

static bool all_alike(const state *s)
{
    for (int i = 1; i < s->size; i++)
        if (tp_walk_moved(&s->w, s->one[i].at->x, s->one[0].at->x) > 1e-12)
            return false;
    return true;
}

static void end_generation(state *s)
{
    tp_rng rng = tp_rng_at(s->w.opt->seed, s->draws++);
    if (!s->young) learn(s);
    for (int i = 0; i < s->size; i++) {
        member *one = &s->one[i];
        int     order = tp_walk_rank(one->trial, one->at);
        if (!s->young && order > 0) continue;
        if (!s->young && order < 0) put_in_archive(s, one->at, &rng);
        tp_walk_copy(&s->w, one->at, one->trial);
    }
    s->young = false;
    sort(s);
    shrink(s);
    s->asked = s->told = 0;
    if (all_alike(s)) s->why = "xtolreached";
    for (int i = 0; i < s->size && !s->why; i++) make_trial(s, i, &rng);
}

/* ---- ask and tell -------------------------------------------------------- */

static bool welcome(state *s)
{
    int at = 1;
    for (int k = 0; k < s->n_guest && at < s->size; k++, at++) {
        tp_walk_copy(&s->w, s->one[at].at, &s->guest[k]);
        tp_walk_copy(&s->w, s->one[at].trial, &s->guest[k]);
    }
    return s->n_guest >= s->size - 1;
}

/* The start, guests, and a Latin hypercube. */
static void begin(state *s)
{
    tp_arena scratch = s->w.opt->mem;
    tp_rng   rng = tp_rng_at(s->w.opt->seed, s->draws++);
    double  *x = TP_NEW(&scratch, double, (ptrdiff_t)s->size * s->w.n);
    tp_latin(x, s->w.n, s->size, &rng, scratch);
    for (int i = 0; i < s->size; i++)
        memcpy(s->one[i].trial->x, i ? x + (ptrdiff_t)i * s->w.n : s->w.start,
               sizeof *x * (size_t)s->w.n);
    s->begun = s->young = true;
    welcome(s);
}

/* Of the first generation guests are told already. */
static bool is_guest(const state *s, int i)
{
    return s->young && i > 0 && i <= s->n_guest;
}

static tp_ask ask(tp_opt *o, double *x, int *tag)
{
    state *s = o->state;
    s->w.opt = o;
    if (!s->begun) begin(s);
    if (s->why || (s->w.n == 0 && s->asked > 0)) return TP_ASK_DONE;
    while (s->asked < s->size && is_guest(s, s->asked)) {
        s->asked++;
        s->told++;
    }
    if (s->asked >= s->size) return TP_ASK_WAIT;
    *tag = s->asked++;
    tp_walk_limit(&s->w, s->one[*tag].trial->x);
    tp_walk_put(&s->w, s->one[*tag].trial->x, x);
    return TP_ASK_POINT;
}

/* A point from outside takes the place of the worst when it is better. */
static void foreign(state *s, const double *x, const tp_obs *y)
{
    tp_arena       scratch = s->w.opt->mem;
    tp_walk_point  p = {.x = TP_NEW(&scratch, double, s->w.n),
                        .df = TP_NEW(&scratch, double, s->w.n)};
    tp_walk_point *to = NULL;
    tp_walk_take(&s->w, &p, x, y);
    if (!s->begun && s->n_guest < s->size - 1)
        to = &s->guest[s->n_guest++];
    else if (s->begun && !s->young) {
        to = s->one[s->order[s->size - 1]].at;
        if (tp_walk_rank(&p, to) >= 0) return;
    }
    if (to) tp_walk_copy(&s->w, to, &p);
    if (s->begun && !s->young) sort(s);
}

static void tell(tp_opt *o, int tag, const double *x, const tp_obs *y)
{
    state *s = o->state;
    s->w.opt = o;
    if (tag < 0) {
        foreign(s, x, y);
        return;
    }
    if (tag >= s->asked) return;
    tp_walk_take(&s->w, s->one[tag].trial, x, y);
    s->told++;
    s->told_all++;
    bool guests = true; /* the rest of the first generation */
    for (int i = s->asked; i < s->size; i++) guests = guests && is_guest(s, i);
    if (s->told == s->asked && guests && s->w.n > 0) end_generation(s);
}

/* A trial vector replaces its parent or is forgotten. */
static bool bound(const tp_opt *o, int tag, tp_opt_bound *out)
{
    const state *s = o->state;
    return !s->young && tp_walk_beat(s->one[tag].at, out);
}

static const char *finished(const tp_opt *o)
{
    const state *s = o->state;
    if (s->w.n == 0 && s->told > 0) return "xtolreached";
    return s->why;
}

static void close(tp_opt *o)
{
    o->state = NULL; /* all of it is in o->mem */
}

/* ---- init ---------------------------------------------------------------- */

static void set_sizes(state *s, const tp_opt *o)
{
    const settings *set = o->settings;
    int             n = s->w.n, size = 8 * n;
    s->most = set->evaluations;
    if (s->most == 0) s->most = o->stop.planned;
    if (s->most == 0) s->most = 400 * (n > 1 ? n : 1);
    if (size > MOST_DEFAULT) size = MOST_DEFAULT;
    if (size > s->most / 15) size = s->most / 15;
    if (size < 12) size = 12;
    if (set->population > 0) size = set->population;
    s->size = s->first = n > 0 ? (size > LEAST ? size : LEAST) : 1;
    s->cap_archive = (int)(set->archive * s->size);
}

static tp_status init(tp_opt *o, tp_err *err)
{
    state *s = TP_NEW(&o->mem, state, 1);
    TP_TRY(tp_walk_on(&s->w, o, err));
    set_sizes(s, o);
    s->one = TP_NEW(&o->mem, member, s->size);
    s->order = TP_NEW(&o->mem, int, s->size);
    tp_walk_point *p = tp_walk_points(&s->w, 2 * s->size);
    for (int i = 0; i < s->size; i++) {
        s->one[i] = (member){.at = &p[i], .trial = &p[s->size + i]};
        s->order[i] = i;
    }
    s->archive = tp_walk_points(&s->w, s->cap_archive);
    s->guest = tp_walk_points(&s->w, s->size);
    for (int k = 0; k < MEMORY; k++) s->scale[k] = s->rate[k] = 0.5;
    o->state = s;
    return TP_OK;
}

const tp_opt_ops tp_opt_lshade = {
    .name = "lshade",
    .aliases = "L_SHADE",
    .summary = "differential evolution that adapts, its population shrinks",
    .source = "Tanabe and Fukunaga, IEEE CEC 2014, 1658",
    .can = TP_OPT_CONSTRAINTS | TP_OPT_NEEDS_BOUNDS | TP_OPT_GLOBAL |
           TP_OPT_RANDOM | TP_OPT_PARALLEL | TP_OPT_ENDLESS | TP_OPT_FOREIGN,
    .window = 16,
    .settings_size = sizeof(settings),
    .params = params,
    .init = init,
    .ask = ask,
    .tell = tell,
    .bound = bound,
    .finished = finished,
    .close = close,
};
