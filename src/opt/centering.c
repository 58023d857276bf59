/* Design centring, as SPICE OPUS's option `centering` names it; what it does
   there is not documented, so the rule is ours: from the best point known it
   goes where the distance, in the unit cube, to the nearest point that is known
   to be infeasible and to the bounds is greatest (after Director, Hachtel, IEEE
   Trans. CAS 24 (1977) 363, who centre in what is known of the feasible
   region). Points of an earlier search are told with tag -1. Where no move
   leads away from the best point, at a bound, it goes on from the known
   feasible point that is best placed. Where it arrives it looks along the axes,
   both ways, and towards the nearest infeasible point for one that is nearer
   than it thinks, and goes on when there is. */
#include "opt/walk.h"

#include <math.h>
#include <string.h>

enum { DRAWS = 400, START = 0, MOVE = 1, PROBE = 2 /* and up */ };

static const double gain = 1.005; /* what a move must bring */

typedef struct settings {
    double epsilon, ctol;
    int    most;
} settings;

static const tp_param params[] = {
    {.name = "epsilon",
     .type = TP_REAL,
     .at = offsetof(settings, epsilon),
     .def = 0.1,
     .min = 1e-6,
     .max = 10,
     .text = "A move smaller than this, in per cent of the range, is not "
             "made (ours)."},
    {.name = "ctol",
     .type = TP_REAL,
     .at = offsetof(settings, ctol),
     .def = 1e-3,
     .min = 0,
     .max = 1,
     .text = "A constraint missed by up to this part of its limit counts as "
             "met (ours)."},
    {.name = "most",
     .type = TP_INT,
     .at = offsetof(settings, most),
     .def = 0,
     .min = 0,
     .max = 1000000,
     .text = "Points that it may evaluate; 0: 100 for each variable (ours)."},
    {0},
};

typedef struct probe {
    double radius; /* from the centre; 0: nothing more to ask */
    bool   out;
} probe;

typedef struct state {
    tp_walk        w;
    tp_walk_point *told, *centre;
    bool           has;      /* a centre */
    double         distance; /* of the centre */
    int            n_bad, cap_bad, n_good, cap_good;
    double       **bad, **good;
    double        *next, *whole;
    double         reach; /* of the next move */
    bool           probing;
    double         probed_from; /* distance when probing began */
    int            n_probe;
    probe         *probe;   /* two for each variable, and one: */
    double        *towards; /* the nearest infeasible point, length 1 */
    bool           hopped;
    int            asked, out;
    const char    *why;
} state;

/* ---- what is known ------------------------------------------------------ */

static bool is_good(const state *s, const tp_walk_point *p)
{
    const settings *set = s->w.opt->settings;
    const tp_opt   *o = s->w.opt;
    return p->ok && p->miss <= set->ctol * (o->n_g > 0 ? o->n_g : 1) &&
           !(o->stop.has_goal && p->f > o->stop.goal);
}

static double *copy_of(state *s, const tp_walk_point *p)
{
    double *x = TP_NEW(&s->w.opt->mem, double, s->w.n);
    memcpy(x, p->x, sizeof *x * (size_t)s->w.n);
    return x;
}

/* What was told of the feasible region: a point of it, or outside. */
static bool learn(state *s, const tp_walk_point *p)
{
    tp_arena *mem = &s->w.opt->mem;
    bool      good = is_good(s, p);
    double  **kept = good ? TP_PUSH(mem, s->good, s->n_good, s->cap_good)
                          : TP_PUSH(mem, s->bad, s->n_bad, s->cap_bad);
    *kept = copy_of(s, p);
    return good;
}

/* A point of an earlier search, or the start. */
static void know(state *s, const tp_walk_point *p)
{
    if (!learn(s, p) || (s->has && p->f >= s->centre->f)) return;
    tp_walk_copy(&s->w, s->centre, p);
    s->has = true;
}

static double apart(const state *s, const double *a, const double *b)
{
    double sum = 0;
    for (int i = 0; i < s->w.n; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sqrt(sum);
}

/* To the nearest of these points and of the bounds; exact where it is above
   `least`. */
static double distance(const state *s, const double *x, double *const *bad,
                       int n, double least)
{
    double d = INFINITY;
    for (int i = 0; i < s->w.n; i++) d = fmin(d, fmin(x[i], 1 - x[i]));
    for (int i = 0; i < n && d > least; i++) d = fmin(d, apart(s, x, bad[i]));
    return d;
}

static void measure(state *s)
{
    s->distance = distance(s, s->centre->x, s->bad, s->n_bad, -1);
}

/* ---- moves -------------------------------------------------------------- */

/* The infeasible points that matter to a move. */
static double **near(const state *s, int *n, tp_arena *mem)
{
    double **out = TP_NEW(mem, double *, s->n_bad);
    double   far = s->distance + 2 * s->reach;
    *n = 0;
    for (int i = 0; i < s->n_bad; i++)
        if (apart(s, s->bad[i], s->centre->x) <= far) out[(*n)++] = s->bad[i];
    return out;
}

/* A point around `from`, within reach of the centre and in the box. */
static void draw(const state *s, const double *from, double radius, tp_rng *rng,
                 double *x)
{
    for (int i = 0; i < s->w.n; i++)
        x[i] = from[i] + radius * (2 * tp_rng_uniform(rng) - 1);
    double away = apart(s, x, s->centre->x);
    double by = away > s->reach ? s->reach / away : 1;
    for (int i = 0; i < s->w.n; i++) {
        double c = s->centre->x[i];
        x[i] = fmin(fmax(c + by * (x[i] - c), 0), 1);
    }
}

/* The best place within reach, in s->next; false: none is better enough. */
static bool better_place(state *s)
{
    tp_arena mem = s->w.opt->mem;
    tp_rng   rng = tp_rng_at(s->w.opt->seed, (uint64_t)s->asked);
    int      n;
    double **bad = near(s, &n, &mem), best = s->distance, radius = s->reach;
    double  *x = TP_NEW(&mem, double, s->w.n);
    memcpy(s->next, s->centre->x, sizeof *x * (size_t)s->w.n);
    for (int k = 0; k < DRAWS; k++) {
        draw(s, s->next, radius, &rng, x);
        double d = distance(s, x, bad, n, best);
        if (k > DRAWS / 2) radius *= 0.97;
        if (d <= best) continue;
        best = d;
        memcpy(s->next, x, sizeof *x * (size_t)s->w.n);
    }
    return best > gain * s->distance && best > s->distance + 1e-6;
}

/* To the known feasible point with the greatest distance, once; false: none
   has a greater one. */
static bool hop(state *s)
{
    double best = s->distance;
    int    at = -1;
    for (int i = 0; i < s->n_good && !s->hopped; i++) {
        double d = distance(s, s->good[i], s->bad, s->n_bad, best);
        if (d > best) at = i;
        best = fmax(best, d);
    }
    s->hopped = true;
    if (at < 0) return false;
    memcpy(s->centre->x, s->good[at], sizeof(double) * (size_t)s->w.n);
    measure(s);
    s->reach = fmax(2 * s->distance, 0.1);
    return true;
}

/* The direction to the nearest infeasible point; none known: no probe. */
static void aim(state *s)
{
    double least = INFINITY;
    probe *last = &s->probe[s->n_probe - 1];
    *last = (probe){.radius = 0.7 * s->distance};
    for (int i = 0; i < s->n_bad; i++) {
        double d = apart(s, s->bad[i], s->centre->x);
        if (d >= least || d == 0) continue;
        least = d;
        for (int k = 0; k < s->w.n; k++)
            s->towards[k] = (s->bad[i][k] - s->centre->x[k]) / d;
    }
    if (isinf(least)) last->radius = 0;
}

static void start_probing(state *s)
{
    s->probing = true;
    s->probed_from = s->distance;
    for (int k = 0; k < s->n_probe; k++)
        s->probe[k] = (probe){.radius = 0.999 * s->distance};
    aim(s);
}

static void place_probe(state *s, int k)
{
    double radius = s->probe[k].radius;
    memcpy(s->next, s->centre->x, sizeof *s->next * (size_t)s->w.n);
    if (k < 2 * s->w.n)
        s->next[k / 2] += k % 2 ? -radius : radius;
    else
        for (int i = 0; i < s->w.n; i++) s->next[i] += radius * s->towards[i];
}

/* ---- ask ---------------------------------------------------------------- */

static tp_ask put(state *s, const double *point, int as, double *x, int *tag)
{
    tp_walk_put(&s->w, point, x);
    *tag = as;
    s->asked++;
    s->out++;
    return TP_ASK_POINT;
}

static tp_ask ask_probe(state *s, double *x, int *tag)
{
    for (int k = 0; k < s->n_probe; k++) {
        probe *p = &s->probe[k];
        if (p->out || !(p->radius > 0)) continue;
        place_probe(s, k);
        p->out = true;
        return put(s, s->next, PROBE + k, x, tag);
    }
    return TP_ASK_WAIT;
}

static tp_ask end(state *s, const char *why)
{
    s->why = why;
    return TP_ASK_DONE;
}

static tp_ask ask(tp_opt *o, double *x, int *tag)
{
    const settings *set = o->settings;
    state          *s = o->state;
    s->w.opt = o;
    if (s->why) return TP_ASK_DONE;
    if (s->probing) return ask_probe(s, x, tag);
    if (s->out) return TP_ASK_WAIT;
    if (!s->has && s->asked) return end(s, "failed");
    if (!s->has) return put(s, s->w.start, START, x, tag);
    if (s->w.n == 0) return end(s, "xtolreached");
    int most = set->most ? set->most : 100 * s->w.n;
    if (s->asked >= most) return end(s, "maxitersreached");
    if (!(s->reach > 0)) { /* the first move */
        measure(s);
        s->reach = fmax(2 * s->distance, 0.1);
    }
    for (; s->reach > set->epsilon / 100; s->reach /= 2)
        if (better_place(s)) return put(s, s->next, MOVE, x, tag);
    if (s->distance < set->epsilon / 100) {
        if (hop(s)) return ask(o, x, tag);
        return end(s, "no way from the bounds");
    }
    start_probing(s);
    return ask_probe(s, x, tag);
}

/* ---- tell --------------------------------------------------------------- */

static void told_move(state *s, const tp_walk_point *p)
{
    bool good = learn(s, p);
    bool nearer = distance(s, p->x, s->bad, s->n_bad, -1) <= s->distance;
    if (good && !nearer) {
        tp_walk_copy(&s->w, s->centre, p);
        s->reach = fmin(2 * s->reach, 0.5);
    } else {
        s->reach /= 2;
    }
    measure(s);
}

/* An infeasible one is followed by one half as far. */
static void told_probe(state *s, int k, const tp_walk_point *p)
{
    bool good = learn(s, p), left = false;
    s->probe[k].out = false;
    s->probe[k].radius /= 2;
    if (good || s->probe[k].radius < 0.1 * s->probed_from)
        s->probe[k].radius = 0;
    for (int i = 0; i < s->n_probe; i++)
        left = left || s->probe[i].out || s->probe[i].radius > 0;
    if (left) return;
    s->probing = false;
    measure(s);
    if (s->distance > 0.98 * s->probed_from)
        s->why = "centre found";
    else
        s->reach = fmax(s->distance, 0.05);
}

static void tell(tp_opt *o, int tag, const double *x, const tp_obs *y)
{
    state *s = o->state;
    s->w.opt = o;
    tp_walk_take(&s->w, s->told, x, y);
    if (tag >= 0) s->out--;
    if (tag < MOVE)
        know(s, s->told);
    else if (tag == MOVE)
        told_move(s, s->told);
    else if (tag - PROBE < s->n_probe && s->probe[tag - PROBE].out)
        told_probe(s, tag - PROBE, s->told);
}

static const char *finished(const tp_opt *o)
{
    return ((const state *)o->state)->why;
}

static void close(tp_opt *o)
{
    o->state = NULL; /* all of it is in o->mem */
}

static const double *chosen(const tp_opt *o, double *worth)
{
    const state *s = o->state;
    if (!s->has) return NULL;
    tp_walk_put(&s->w, s->centre->x, s->whole);
    *worth = distance(s, s->centre->x, s->bad, s->n_bad, -1);
    return s->whole;
}

static tp_status init(tp_opt *o, tp_err *err)
{
    state *s = TP_NEW(&o->mem, state, 1);
    TP_TRY(tp_walk_on(&s->w, o, err));
    s->told = tp_walk_points(&s->w, 1);
    s->centre = tp_walk_points(&s->w, 1);
    s->next = TP_NEW(&o->mem, double, s->w.n);
    s->whole = TP_NEW(&o->mem, double, o->space->n);
    s->n_probe = 2 * s->w.n + 1;
    s->probe = TP_NEW(&o->mem, probe, s->n_probe);
    s->towards = TP_NEW(&o->mem, double, s->w.n);
    o->state = s;
    return TP_OK;
}

const tp_opt_ops tp_opt_centering = {
    .name = "centering",
    .aliases = "",
    .summary = "design centring: away from bounds and infeasible points",
    .source = "SPICE OPUS manual (the word); Director, Hachtel, IEEE Trans. "
              "CAS 24 (1977) 363",
    .can = TP_OPT_CONSTRAINTS | TP_OPT_NEEDS_BOUNDS | TP_OPT_RANDOM |
           TP_OPT_PARALLEL,
    .window = 4,
    .settings_size = sizeof(settings),
    .params = params,
    .init = init,
    .ask = ask,
    .tell = tell,
    .finished = finished,
    .close = close,
    .chosen = chosen,
};
