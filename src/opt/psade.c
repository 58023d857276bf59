/* PSADE, parallel simulated annealing with differential evolution (Olensek,
   Tuma, Puhan, Burmen, Applied Soft Computing 11 (2011) 1481), as a method of
   SPICE OPUS's optimize. Each of np individuals holds an annealer: a fixed
   temperature, range, and weight and probability of differential evolution.
   Individuals take their turns in a circle; one whose trial is out is passed
   over, so that as many trials are out as are asked for. The state is what was
   told, in its order. */
#include "opt/own.h"
#include "opt/walk.h"

#include <math.h>
#include <string.h>

static const double PI = 3.14159265358979323846;

typedef struct settings {
    int    np;
    double tmin, rmin;
    int    sfreq; /* 0: never */
    double min_cf, pl;
} settings;

static const tp_param params[] = {
    {.name = "np",
     .type = TP_INT,
     .at = offsetof(settings, np),
     .def = 20,
     .min = 5,
     .max = 10000,
     .text = "Population (SPICE OPUS manual; default and least of PyOPUS)."},
    {.name = "tmin",
     .type = TP_REAL,
     .at = offsetof(settings, tmin),
     .def = 1e-10,
     .min = 1e-300,
     .max = 1e300,
     .text = "Lowest temperature, in units of the cost (SPICE OPUS manual; "
             "default of PyOPUS)."},
    {.name = "rmin",
     .type = TP_REAL,
     .at = offsetof(settings, rmin),
     .def = 1e-10,
     .min = 1e-300,
     .max = 1,
     .text = "Smallest range of random moves, as a part of the variable's "
             "range (SPICE OPUS manual; default of PyOPUS)."},
    {.name = "sfreq",
     .type = TP_INT,
     .at = offsetof(settings, sfreq),
     .min = 0,
     .max = 1000000000,
     .text = "The population is kept every so many trials; 0: never (SPICE "
             "OPUS manual; default ours)."},
    {.name = "minCF",
     .type = TP_REAL,
     .at = offsetof(settings, min_cf),
     .def = -INFINITY,
     .min = -INFINITY,
     .max = INFINITY,
     .text = "Ends at a feasible cost of this or less (SPICE OPUS manual; "
             "default: none)."},
    {.name = "pL",
     .type = TP_REAL,
     .at = offsetof(settings, pl),
     .def = 0.01,
     .min = 0,
     .max = 1,
     .text = "Probability of a local step after a trial that was not taken "
             "(SPICE OPUS manual; default of PyOPUS)."},
    {0},
};

typedef struct annealer {
    double t, r, w, px; /* t is 0 until two costs are known */
} annealer;

/* A local step has two or three points on the line base + s*d: the second is
   beyond or before it, the third the bottom of the parabola through them. */
typedef enum phase { IDLE, FIRST, TRIAL, LOCAL_1, LOCAL_2, LOCAL_3 } phase;

typedef struct individual {
    tp_walk_point *at;    /* it */
    tp_walk_point *trial; /* its trial, or the point of its local step */
    int            annealer;
    phase          phase; /* of the point that is out, or is to be asked */
    bool           out;   /* asked and not told */
    double         t, u;  /* temperature and draw that take the trial */
    bool           tries; /* a local step even when the trial isn't taken */
    bool           down;  /* the first point of the local step was better */
    double        *base, *d;
    double         s[3], f[3]; /* of the base and the two points */
    bool           has[3];     /* a cost */
} individual;

typedef struct state {
    tp_walk     w;
    int         np;
    individual *one;
    annealer   *annealer;
    bool        hot;            /* temperatures are set */
    int        *order;          /* individuals, best first */
    int        *ready, n_ready; /* whose local step is to be asked */
    int         asked, told, turn;
    bool        low;  /* minCF was reached */
    tp_people   kept; /* its arrays are these */
    double     *kept_x, *kept_f, *kept_miss;
} state;

/* ---- annealers --------------------------------------------------------- */

static double between(double most, double least, int j, int np)
{
    return np > 1 ? most * pow(least / most, (double)j / (np - 1)) : most;
}

static void set_annealers(state *s, const settings *set)
{
    for (int j = 0; j < s->np; j++)
        s->annealer[j] = (annealer){.r = between(1, set->rmin, j, s->np),
                                    .w = between(1.5, 0.5, j, s->np),
                                    .px = between(0.9, 0.1, j, s->np)};
}

/* Temperatures, once two individuals have different costs: at the highest, a
   step up by all the spread is taken with probability 0.9. */
static void heat(state *s, double tmin)
{
    double least = INFINITY, most = -INFINITY;
    for (int j = 0; j < s->np; j++) {
        const tp_walk_point *p = s->one[j].at;
        if (!tp_walk_feasible(p)) continue;
        least = fmin(least, p->f);
        most = fmax(most, p->f);
    }
    if (!(most > least)) return;
    double tmax = fmin(-(most - least) / log(0.9), 1e300);
    for (int j = 0; j < s->np; j++)
        s->annealer[j].t = between(fmax(tmax, tmin), tmin, j, s->np);
    s->hot = true;
}

static void sort(state *s)
{
    tp_arena              scratch = s->w.opt->mem;
    const tp_walk_point **p = TP_NEW(&scratch, const tp_walk_point *, s->np);
    for (int i = 0; i < s->np; i++) p[i] = s->one[i].at;
    tp_walk_sort(p, s->np, s->order);
}

/* The better one tends to the colder annealer. Costs that are not comparable
   as numbers are as if they were infinitely apart. */
static double swap_chance(const state *s, const individual *p,
                          const individual *q)
{
    int order = tp_walk_rank(p->at, q->at);
    if (p->annealer == q->annealer || order == 0) return 1;
    if (s->hot && tp_walk_feasible(p->at) && tp_walk_feasible(q->at)) {
        double tp = s->annealer[p->annealer].t, tq = s->annealer[q->annealer].t;
        return fmin(1, exp((p->at->f - q->at->f) * (1 / tp - 1 / tq)));
    }
    return (order > 0) == (p->annealer > q->annealer);
}

static void contest(state *s, int p, tp_rng *rng)
{
    int q = tp_rng_below(rng, s->np - 1);
    q += q >= p;
    bool swap = tp_rng_uniform(rng) < swap_chance(s, &s->one[p], &s->one[q]);
    if (!swap) return;
    int keep = s->one[p].annealer;
    s->one[p].annealer = s->one[q].annealer;
    s->one[q].annealer = keep;
}

/* That of an individual drawn by exp(-rank). */
static const annealer *pick_annealer(state *s, tp_rng *rng)
{
    double at = tp_rng_uniform(rng) * (1 - exp(-s->np)) / (1 - exp(-1));
    int    rank = 0;
    for (double weight = 1; rank < s->np - 1; rank++, weight *= exp(-1)) {
        at -= weight;
        if (at < 0) break;
    }
    return &s->annealer[s->one[s->order[rank]].annealer];
}

/* ---- trials ------------------------------------------------------------ */

/* `count` different individuals. */
static void pick(const state *s, tp_rng *rng, int *out, int count)
{
    for (int i = 0; i < count;) {
        bool fresh = true;
        out[i] = tp_rng_below(rng, s->np);
        for (int k = 0; k < i; k++) fresh = fresh && out[k] != out[i];
        i += fresh;
    }
}

/* A value outside is drawn between the parent's and the bound it crossed. */
static double inside(double v, double parent, tp_rng *rng)
{
    double u = tp_rng_uniform(rng);
    if (v >= 0 && v <= 1) return v;
    double bound = v > 1;
    return parent + (bound - parent) * u;
}

static void make_trial(state *s, int p, tp_rng *rng)
{
    individual     *one = &s->one[p];
    const double   *parent = one->at->x, *x[5];
    int             of[5];
    const annealer *a = pick_annealer(s, rng);
    pick(s, rng, of, 5);
    for (int k = 0; k < 5; k++) x[k] = s->one[of[k]].at->x;
    double first = a->w * tp_rng_uniform(rng);
    double second = a->w * tp_rng_uniform(rng);
    for (int i = 0; i < s->w.n; i++) {
        bool   mutated = tp_rng_uniform(rng) < a->px;
        double v = mutated ? x[0][i] + first * (x[1][i] - x[2][i]) +
                                 second * (x[3][i] - x[4][i])
                           : parent[i];
        v += a->r * tan(PI * (tp_rng_uniform(rng) - 0.5));
        one->trial->x[i] = inside(v, parent[i], rng);
    }
    one->t = a->t;
}

static void ask_trial(state *s, int p, tp_rng *rng)
{
    const settings *set = s->w.opt->settings;
    individual     *one = &s->one[p];
    sort(s);
    contest(s, p, rng);
    make_trial(s, p, rng);
    one->u = tp_rng_uniform(rng);
    one->tries = tp_rng_uniform(rng) < set->pl;
    one->phase = TRIAL;
}

/* Metropolis' rule, but nothing worse takes the place of the best. */
static bool takes(const state *s, const individual *one)
{
    const tp_walk_point *was = one->at, *now = one->trial;
    if (tp_walk_rank(now, was) <= 0) return true;
    if (!tp_walk_feasible(now) || !tp_walk_feasible(was)) return false;
    if (one == &s->one[s->order[0]]) return false;
    return one->t > 0 && one->u < exp((was->f - now->f) / one->t);
}

/* What a point that is out has to be to count. Of a trial that the temperature
   may take: not too much worse; whether its individual is the best, which is
   never given up for less, is not known before it is told. A local step's cost
   counts wherever it is feasible, but for that of the third point. */
static bool bound(const tp_opt *o, int tag, tp_opt_bound *out)
{
    const state      *s = o->state;
    const individual *one = &s->one[tag];
    if (one->phase == FIRST || !tp_walk_beat(one->at, out)) return false;
    if (one->phase == TRIAL) out->f = tp_walk_uphill(out->f, one->t, one->u);
    if (one->phase == LOCAL_1 || one->phase == LOCAL_2) out->f = INFINITY;
    return true;
}

/* ---- local steps ------------------------------------------------------- */

/* The trial at base + step*d, the step halved until that is inside. */
static double go(const state *s, individual *one, double step)
{
    for (;; step /= 2) {
        bool in = true;
        for (int i = 0; i < s->w.n; i++) {
            double v = one->base[i] + step * one->d[i];
            one->trial->x[i] = v;
            in = in && v >= 0 && v <= 1;
        }
        if (in || fabs(step) < 1e-15) return step;
    }
}

static void start_local(state *s, individual *one, tp_rng *rng)
{
    int of[2];
    pick(s, rng, of, 2);
    memcpy(one->base, one->at->x, sizeof *one->base * (size_t)s->w.n);
    for (int i = 0; i < s->w.n; i++)
        one->d[i] = s->one[of[0]].at->x[i] - s->one[of[1]].at->x[i];
    one->s[0] = 0;
    one->f[0] = one->at->f;
    one->has[0] = tp_walk_feasible(one->at);
    one->s[1] = go(s, one, tp_rng_uniform(rng));
}

/* Beyond the first point when that was better, else on the other side. */
static void second_local(state *s, individual *one, tp_rng *rng)
{
    double u = tp_rng_uniform(rng);
    one->s[2] = go(s, one, one->s[1] * (one->down ? 1 + u : -2 * u));
}

/* The bottom of the parabola through the three; false: there is none. */
static bool bottom(const individual *one, double *at)
{
    const double *x = one->s, *f = one->f;
    if (!one->has[0] || !one->has[1] || !one->has[2]) return false;
    double to1 = (f[1] - f[0]) / x[1], to2 = (f[2] - f[0]) / x[2];
    double bend = (to2 - to1) / (x[2] - x[1]);
    *at = (x[1] - to1 / bend) / 2;
    return bend > 0 && isfinite(*at);
}

/* ---- ask --------------------------------------------------------------- */

static tp_ask put(state *s, int p, const double *point, double *x, int *tag)
{
    tp_walk_put(&s->w, point, x);
    s->one[p].out = true;
    s->asked++;
    *tag = p;
    return TP_ASK_POINT;
}

/* The local step that waits longest. */
static int next_ready(state *s)
{
    int p = s->ready[0];
    memmove(s->ready, s->ready + 1, sizeof *s->ready * (size_t)--s->n_ready);
    return p;
}

/* The next individual in the circle that has nothing out, or -1. */
static int next_idle(state *s)
{
    for (int i = 0; i < s->np; i++) {
        int p = (s->turn + i) % s->np;
        if (s->one[p].phase != IDLE) continue;
        s->turn = (p + 1) % s->np;
        return p;
    }
    return -1;
}

static tp_ask ask_first(state *s, double *x, int *tag)
{
    s->one[s->asked].phase = FIRST;
    return put(s, s->asked, s->one[s->asked].at->x, x, tag);
}

static tp_ask ask(tp_opt *o, double *x, int *tag)
{
    state *s = o->state;
    int    p;
    s->w.opt = o;
    if (s->low) return TP_ASK_DONE;
    if (s->asked < s->np) return ask_first(s, x, tag);
    if (s->told < s->np) return TP_ASK_WAIT;
    if (s->w.n == 0) return TP_ASK_DONE;
    tp_rng rng = tp_rng_at(o->seed, (uint64_t)s->asked);
    if (s->n_ready > 0) {
        individual *one = &s->one[p = next_ready(s)];
        if (one->phase == LOCAL_1) start_local(s, one, &rng);
        if (one->phase == LOCAL_2) second_local(s, one, &rng);
        return put(s, p, one->trial->x, x, tag);
    }
    p = next_idle(s);
    if (p < 0) return TP_ASK_WAIT;
    ask_trial(s, p, &rng);
    return put(s, p, s->one[p].trial->x, x, tag);
}

/* ---- tell -------------------------------------------------------------- */

static void go_on(state *s, individual *one, phase next)
{
    one->phase = next;
    if (next != IDLE) s->ready[s->n_ready++] = (int)(one - s->one);
}

static void told_trial(state *s, individual *one)
{
    bool taken = takes(s, one);
    if (taken) tp_walk_copy(&s->w, one->at, one->trial);
    sort(s);
    bool best = one == &s->one[s->order[0]];
    go_on(s, one, taken || best || one->tries ? LOCAL_1 : IDLE);
}

static void told_local(state *s, individual *one)
{
    double at;
    int    k = one->phase == LOCAL_1 ? 1 : 2;
    bool   better = tp_walk_rank(one->trial, one->at) < 0;
    phase  next = one->phase == LOCAL_1 ? LOCAL_2 : IDLE;
    if (one->phase != LOCAL_3) {
        one->f[k] = one->trial->f;
        one->has[k] = tp_walk_feasible(one->trial);
    }
    if (one->phase == LOCAL_1) one->down = better;
    if (better) tp_walk_copy(&s->w, one->at, one->trial);
    if (one->phase == LOCAL_2 && bottom(one, &at)) {
        go(s, one, at);
        next = LOCAL_3;
    }
    go_on(s, one, next);
}

static void keep(state *s)
{
    int n = s->w.opt->space->n;
    for (int j = 0; j < s->np; j++) {
        const tp_walk_point *p = s->one[j].at;
        tp_walk_put(&s->w, p->x, s->kept_x + (ptrdiff_t)j * n);
        s->kept_f[j] = p->ok ? p->f : NAN;
        s->kept_miss[j] = p->miss;
    }
    s->kept.told = s->told;
}

static void tell(tp_opt *o, int tag, const double *x, const tp_obs *y)
{
    const settings *set = o->settings;
    state          *s = o->state;
    s->w.opt = o;
    if (tag < 0 || tag >= s->np || !s->one[tag].out) return;
    individual    *one = &s->one[tag];
    tp_walk_point *p = one->phase == FIRST ? one->at : one->trial;
    tp_walk_take(&s->w, p, x, y);
    one->out = false;
    s->told++;
    if (one->phase == FIRST)
        one->phase = IDLE;
    else if (one->phase == TRIAL)
        told_trial(s, one);
    else
        told_local(s, one);
    if (!s->hot && s->told >= s->np) heat(s, set->tmin);
    if (tp_walk_feasible(p) && p->f <= set->min_cf) s->low = true;
    if (set->sfreq && s->told >= s->np && s->told % set->sfreq == 0) keep(s);
}

static const char *finished(const tp_opt *o)
{
    const state *s = o->state;
    if (s->low) return "cost is at minCF";
    return s->w.n == 0 && s->told > 0 ? "xtolreached" : NULL;
}

static void close(tp_opt *o)
{
    o->state = NULL; /* all of it is in o->mem */
}

static tp_people people(const tp_opt *o)
{
    return ((const state *)o->state)->kept;
}

/* ---- init -------------------------------------------------------------- */

static void shuffle(int *v, int n, tp_rng *rng)
{
    for (int i = n - 1; i > 0; i--) {
        int k = tp_rng_below(rng, i + 1), keep = v[i];
        v[i] = v[k];
        v[k] = keep;
    }
}

/* The start, and a point in every layer of every axis (Latin hypercube). */
static void first_population(state *s, tp_rng *rng)
{
    int layers = s->np - 1, *layer = TP_NEW(&s->w.opt->mem, int, s->np);
    if (layers == 0) return;
    memcpy(s->one[0].at->x, s->w.start, sizeof(double) * (size_t)s->w.n);
    for (int i = 0; i < s->w.n; i++) {
        for (int j = 0; j < layers; j++) layer[j] = j;
        shuffle(layer, layers, rng);
        for (int j = 0; j < layers; j++)
            s->one[j + 1].at->x[i] = (layer[j] + tp_rng_uniform(rng)) / layers;
    }
    for (int j = 0; j < s->np; j++) layer[j] = j;
    shuffle(layer, s->np, rng);
    for (int j = 0; j < s->np; j++) s->one[j].annealer = layer[j];
}

static void set_kept(state *s, tp_opt *o)
{
    s->kept_x = TP_NEW(&o->mem, double, (ptrdiff_t)s->np * o->space->n);
    s->kept_f = TP_NEW(&o->mem, double, s->np);
    s->kept_miss = TP_NEW(&o->mem, double, s->np);
    s->kept = (tp_people){
        .n = s->np, .x = s->kept_x, .f = s->kept_f, .miss = s->kept_miss};
}

static tp_status init(tp_opt *o, tp_err *err)
{
    const settings *set = o->settings;
    state          *s = TP_NEW(&o->mem, state, 1);
    tp_rng          rng = tp_rng_at(o->seed, 0);
    TP_TRY(tp_walk_on(&s->w, o, err));
    s->np = s->w.n > 0 ? set->np : 1;
    s->one = TP_NEW(&o->mem, individual, s->np);
    s->annealer = TP_NEW(&o->mem, annealer, s->np);
    s->order = TP_NEW(&o->mem, int, s->np);
    s->ready = TP_NEW(&o->mem, int, s->np);
    tp_walk_point *p = tp_walk_points(&s->w, 2 * s->np);
    for (int j = 0; j < s->np; j++) {
        s->one[j] = (individual){.at = &p[j], .trial = &p[s->np + j]};
        s->one[j].base = TP_NEW(&o->mem, double, s->w.n);
        s->one[j].d = TP_NEW(&o->mem, double, s->w.n);
        s->order[j] = j;
    }
    set_annealers(s, set);
    first_population(s, &rng);
    if (set->sfreq) set_kept(s, o);
    o->state = s;
    return TP_OK;
}

const tp_opt_ops tp_opt_psade = {
    .name = "psade",
    .aliases = "",
    .summary = "simulated annealing and differential evolution in parallel",
    .source = "Olensek, Tuma, Puhan, Burmen, Applied Soft Computing 11 (2011) "
              "1481; SPICE OPUS manual",
    .can = TP_OPT_CONSTRAINTS | TP_OPT_NEEDS_BOUNDS | TP_OPT_GLOBAL |
           TP_OPT_RANDOM | TP_OPT_PARALLEL | TP_OPT_ENDLESS,
    .window = 16,
    .settings_size = sizeof(settings),
    .params = params,
    .init = init,
    .ask = ask,
    .tell = tell,
    .bound = bound,
    .finished = finished,
    .close = close,
    .people = people,
};
