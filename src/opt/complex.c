/* Constrained simplex, the "complex" of M. J. Box (Computer J. 8 (1965) 42),
   as a method of SPICE OPUS's optimize: k points, of which the worst is
   mirrored at the centre of the others, 1 + alpha times as far. A point that
   is no good moves half-way to the centre, six times at most, then a fresh one
   is drawn. Where that fails too, oscillation detection goes half-way to the
   best point, and at last sits down on it, so that the simplex always
   shrinks. Every try is an evaluation. */
#include "opt/own.h"
#include "opt/walk.h"

#include <math.h>
#include <string.h>

enum { HALVINGS = 6, ROUNDS_MAX = 100 };

typedef struct settings {
    int    k; /* 0: 2n */
    double alpha, size;
    bool   oscillation_detection;
    int    nmirror;
    double width;
} settings;

static const tp_param params[] = {
    {.name = "k",
     .type = TP_INT,
     .at = offsetof(settings, k),
     .min = 0,
     .max = 10000,
     .text = "Points of the simplex, more than variables; 0: twice as many "
             "(SPICE OPUS manual)."},
    {.name = "alpha",
     .type = TP_REAL,
     .at = offsetof(settings, alpha),
     .def = 1.3,
     .min = 0.01,
     .max = 10,
     .text = "Mirroring factor (Box 1965)."},
    {.name = "size",
     .type = TP_REAL,
     .at = offsetof(settings, size),
     .def = 1,
     .min = 1e-9,
     .max = 100,
     .unit = "%",
     .text = "Ends when the points are on average this close to their centre, "
             "in per cent of the range (SPICE OPUS manual; default ours)."},
    {.name = "oscillation_detection",
     .type = TP_BOOL,
     .at = offsetof(settings, oscillation_detection),
     .def = 1,
     .text = "A point that can't get better goes half-way to the best one "
             "(SPICE OPUS manual; how is ours)."},
    {.name = "nmirror",
     .type = TP_INT,
     .at = offsetof(settings, nmirror),
     .def = 1,
     .min = 1,
     .max = 10000,
     .text = "Points mirrored at a time, fewer than k (SPICE OPUS manual)."},
    {.name = "width",
     .type = TP_REAL,
     .at = offsetof(settings, width),
     .def = 1,
     .min = 1e-6,
     .max = 1,
     .text = "Part of the range, around the start point, where the first "
             "points are drawn (SPICE OPUS manual; default ours)."},
    {0},
};

typedef struct simplex {
    tp_walk        *w;
    const settings *set;
    int             k, many;     /* points; of them mirrored at a time */
    tp_walk_point  *p, *trial;   /* p ranked, best first; a batch of trials */
    int            *which;       /* the point each trial is for */
    const tp_walk_point **rival; /* that it has to be better than, or NULL */
    double               *centre, *lo, *hi;
} simplex;

static int number_of_points(const tp_opt *o, int n)
{
    const settings *set = o->settings;
    return set->k > 0 ? set->k : 2 * n;
}

/* ---- geometry ---------------------------------------------------------- */

/* The centre of the first `count` points, and the box around them all. */
static void centre_of(simplex *s, int count)
{
    for (int i = 0; i < s->w->n; i++) {
        double sum = 0;
        s->lo[i] = s->hi[i] = s->p[0].x[i];
        for (int j = 0; j < s->k; j++) {
            s->lo[i] = fmin(s->lo[i], s->p[j].x[i]);
            s->hi[i] = fmax(s->hi[i], s->p[j].x[i]);
            if (j < count) sum += s->p[j].x[i];
        }
        s->centre[i] = sum / count;
    }
}

/* Mean distance of all points to their centre. */
static double size_of(simplex *s)
{
    double sum = 0;
    centre_of(s, s->k);
    for (int j = 0; j < s->k; j++) {
        double square = 0;
        for (int i = 0; i < s->w->n; i++) {
            double d = s->p[j].x[i] - s->centre[i];
            square += d * d;
        }
        sum += sqrt(square);
    }
    return sum / s->k;
}

static void half_way(const simplex *s, double *x, const double *to)
{
    for (int i = 0; i < s->w->n; i++) x[i] = (x[i] + to[i]) / 2;
}

static void draw(const simplex *s, double *x)
{
    tp_rng rng = tp_walk_rng(s->w);
    for (int i = 0; i < s->w->n; i++)
        x[i] = s->lo[i] + (s->hi[i] - s->lo[i]) * tp_rng_uniform(&rng);
}

/* Best first; equal ones stay in their order. */
static void rank(simplex *s)
{
    for (int j = 1; j < s->k; j++) {
        tp_walk_point p = s->p[j];
        int           at = j;
        for (; at > 0 && tp_walk_rank(&p, &s->p[at - 1]) < 0; at--)
            s->p[at] = s->p[at - 1];
        s->p[at] = p;
    }
}

static void swap(tp_walk_point *a, tp_walk_point *b)
{
    tp_walk_point keep = *a;
    *a = *b;
    *b = keep;
}

/* ---- tries ------------------------------------------------------------- */

/* What a try must be to be taken for a point. */
typedef bool good_enough(const tp_walk_point *trial, const tp_walk_point *was);

static bool feasible(const tp_walk_point *trial, const tp_walk_point *was)
{
    (void)was;
    return tp_walk_feasible(trial);
}

static bool better(const tp_walk_point *trial, const tp_walk_point *was)
{
    return tp_walk_rank(trial, was) < 0;
}

/* Puts the `*many` trials out; those that are good take the place of their
   point, the others are kept, in order, and counted. False: stop. */
static bool try_all(simplex *s, int *many, good_enough *good)
{
    int  left = 0;
    bool drops = good == better && s->set->oscillation_detection;
    for (int i = 0; i < *many; i++)
        s->rival[i] = drops ? &s->p[s->which[i]] : NULL;
    if (!tp_walk_eval_against(s->w, s->trial, *many, s->rival)) return false;
    for (int i = 0; i < *many; i++) {
        tp_walk_point *was = &s->p[s->which[i]];
        if (good(&s->trial[i], was)) {
            tp_walk_copy(s->w, was, &s->trial[i]);
            continue;
        }
        swap(&s->trial[left], &s->trial[i]);
        s->which[left++] = s->which[i];
    }
    *many = left;
    return true;
}

/* Up to six halvings of the way to `to`. */
static bool halve(simplex *s, int *many, const double *to, good_enough *good)
{
    for (int h = 0; h<HALVINGS && * many> 0; h++) {
        for (int i = 0; i < *many; i++) half_way(s, s->trial[i].x, to);
        if (!try_all(s, many, good)) return false;
    }
    return true;
}

static bool draw_again(simplex *s, int *many, good_enough *good)
{
    for (int i = 0; i < *many; i++) draw(s, s->trial[i].x);
    return *many == 0 || try_all(s, many, good);
}

/* ---- the first simplex ------------------------------------------------- */

/* The part of the range around the start, shifted inside. */
static void set_box(simplex *s)
{
    double width = s->set->width;
    for (int i = 0; i < s->w->n; i++) {
        s->lo[i] = fmin(fmax(s->w->start[i] - width / 2, 0), 1 - width);
        s->hi[i] = s->lo[i] + width;
    }
}

/* The points that break a constraint, as trials; the others come first. */
static int gather(simplex *s, double *centre)
{
    int n = s->w->n, good = 0, bad = 0;
    rank(s);
    while (good < s->k && tp_walk_feasible(&s->p[good])) good++;
    for (int i = 0; i < n; i++) {
        centre[i] = 0;
        for (int j = 0; j < good; j++) centre[i] += s->p[j].x[i] / good;
    }
    for (int j = good; j < s->k; j++, bad++) {
        s->which[bad] = j;
        tp_walk_copy(s->w, &s->trial[bad], &s->p[j]);
    }
    return bad;
}

/* All points feasible; those that don't get there sit on the best. */
static bool first_points(simplex *s)
{
    int     bad;
    double *to = TP_NEW(&s->w->opt->mem, double, s->w->n);
    memcpy(s->p[0].x, s->w->start, sizeof *to * (size_t)s->w->n);
    set_box(s);
    for (int j = 1; j < s->k; j++) draw(s, s->p[j].x);
    if (!tp_walk_eval(s->w, s->p, s->k)) return false;
    rank(s);
    if (!tp_walk_settle(s->w, &s->p[0])) return false;
    for (int round = 0; round < ROUNDS_MAX; round++) {
        bad = gather(s, to);
        if (!halve(s, &bad, to, feasible)) return false;
        if (!draw_again(s, &bad, feasible)) return false;
        if (bad == 0) return true;
        for (int i = 0; i < bad; i++) /* halved from where it was drawn */
            tp_walk_copy(s->w, &s->p[s->which[i]], &s->trial[i]);
    }
    for (int j = 1; j < s->k; j++)
        if (!tp_walk_feasible(&s->p[j])) tp_walk_copy(s->w, &s->p[j], s->p);
    return true;
}

/* ---- a turn ------------------------------------------------------------ */

/* What nothing helped goes to the best; without oscillation detection it
   stays where it was drawn last, if that is feasible. */
static bool give_up(simplex *s, int many)
{
    if (s->set->oscillation_detection && !halve(s, &many, s->p[0].x, better))
        return false;
    for (int i = 0; i < many; i++) {
        tp_walk_point *was = &s->p[s->which[i]];
        bool           stay =
            !s->set->oscillation_detection && tp_walk_feasible(&s->trial[i]);
        tp_walk_copy(s->w, was, stay ? &s->trial[i] : &s->p[0]);
    }
    return true;
}

static bool turn(simplex *s)
{
    double alpha = s->set->alpha;
    int    many = s->many, first = s->k - s->many;
    rank(s);
    centre_of(s, first);
    for (int i = 0; i < many; i++) {
        const double *was = s->p[s->k - 1 - i].x;
        s->which[i] = s->k - 1 - i;
        for (int j = 0; j < s->w->n; j++)
            s->trial[i].x[j] = s->centre[j] - alpha * (was[j] - s->centre[j]);
    }
    return try_all(s, &many, better) && halve(s, &many, s->centre, better) &&
           draw_again(s, &many, better) && give_up(s, many);
}

static void body(tp_walk *w)
{
    tp_arena *mem = &w->opt->mem;
    int       k = number_of_points(w->opt, w->n);
    simplex   s = {.w = w, .set = w->opt->settings, .k = k};
    s.many = s.set->nmirror;
    s.p = tp_walk_points(w, k);
    s.trial = tp_walk_points(w, k);
    s.which = TP_NEW(mem, int, k);
    s.rival = TP_NEW(mem, const tp_walk_point *, k);
    s.centre = TP_NEW(mem, double, w->n);
    s.lo = TP_NEW(mem, double, w->n);
    s.hi = TP_NEW(mem, double, w->n);
    if (!first_points(&s)) return;
    while (size_of(&s) >= s.set->size / 100)
        if (!turn(&s)) return;
    w->why = "simplex small enough";
}

static tp_status init(tp_opt *o, tp_err *err)
{
    const settings *set = o->settings;
    TP_TRY(tp_walk_init(o, body, err));
    int n = ((const tp_walk *)o->state)->n, k = number_of_points(o, n);
    if (n == 0 || (k > n && set->nmirror < k)) return TP_OK;
    tp_walk_close(o);
    if (k <= n)
        return tp_fail(err, TP_BAD_INPUT,
                       "complex: k: %d points for %d variables, wanted more "
                       "points than variables",
                       k, n);
    return tp_fail(err, TP_BAD_INPUT,
                   "complex: nmirror: %d of %d points, wanted fewer",
                   set->nmirror, k);
}

const tp_opt_ops tp_opt_complex = {
    .name = "complex",
    .aliases = "",
    .summary = "constrained simplex: the worst of k points is mirrored",
    .source = "Box, Computer J. 8 (1965) 42; SPICE OPUS manual",
    .can = TP_OPT_CONSTRAINTS | TP_OPT_NEEDS_BOUNDS | TP_OPT_RANDOM |
           TP_OPT_PARALLEL,
    .window = 8,
    .settings_size = sizeof(settings),
    .params = params,
    .init = init,
    TP_WALK_OPS,
    .bound = tp_walk_bound,
};
