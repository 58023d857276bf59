/* Powell's method of conjugate directions, as a method of SPICE OPUS's
   optimize: Computer J. 7 (1964) 155, with his test of whether the new
   direction may take the place of the one that gained most. */
#include "opt/line.h"
#include "opt/own.h"

#include <math.h>
#include <string.h>

static const double FIRST = 0.01, LONGEST = 0.1; /* steps, of the range */

static const tp_param params[] = {TP_LINE_ROWS, TP_LINE_TRANSFORMATION, {0}};

typedef struct state {
    tp_walk           *w;
    const tp_line_set *set;
    tp_line           *line;
    tp_walk_point     *p, *was, *far; /* now, at the round's begin, beyond */
    double            *d;             /* n directions of n */
    double            *step;          /* how far each one went */
    double            *now, *whole;   /* x before a search; a round's way */
    int                best;          /* the direction that gained most */
    double             gain;
} state;

/* Along direction k; its step is how far the search went. */
static bool along(state *s, int k)
{
    int    n = s->w->n;
    double least = 0.1 * s->set->epsilon / 100;
    memcpy(s->now, s->p->x, sizeof *s->now * (size_t)n);
    if (!tp_line_search(s->line, s->p, s->d + (ptrdiff_t)k * n, s->step[k]))
        return false;
    double moved = tp_walk_moved(s->w, s->now, s->p->x);
    s->step[k] = fmin(fmax(moved, least), LONGEST);
    return true;
}

static bool round_of(state *s)
{
    s->gain = 0;
    tp_walk_copy(s->w, s->was, s->p);
    for (int k = 0; k < s->w->n; k++) {
        double f = s->p->f;
        if (!along(s, k)) return false;
        if (f - s->p->f <= s->gain) continue;
        s->gain = f - s->p->f;
        s->best = k;
    }
    return true;
}

/* Powell's test with f at the begin, now, and as far again beyond. */
static bool worth(const state *s)
{
    if (tp_walk_rank(s->far, s->was) >= 0) return false;
    double a = s->was->f - s->p->f, b = s->was->f - s->far->f;
    double bend = s->was->f - s->p->f + (s->far->f - s->p->f);
    return 2 * bend * ((a - s->gain) / s->gain) * ((a - s->gain) / s->gain) <
           b * (b / s->gain);
}

/* Searches along the whole round's direction and puts it behind the others,
   the last of which takes the place of the best; nothing when the test says
   no. False: stop. */
static bool replace(state *s)
{
    int     n = s->w->n, last = n - 1, map = s->set->transformation;
    size_t  size = sizeof(double) * (size_t)n;
    double *v = s->whole, *end = s->d + (ptrdiff_t)last * n;
    if (!(s->gain > 0) || n < 2) return true;
    for (int i = 0; i < n; i++) {
        double y = tp_map_y(map, s->p->x[i]);
        v[i] = y - tp_map_y(map, s->was->x[i]);
        s->far->x[i] = tp_map_x(map, y + v[i]);
    }
    if (!tp_walk_eval(s->w, s->far, 1)) return false;
    if (!worth(s)) return true;
    memmove(s->d + (ptrdiff_t)s->best * n, end, size);
    s->step[s->best] = s->step[last];
    memcpy(end, v, size);
    return along(s, last);
}

static void set_up(state *s, tp_walk *w)
{
    tp_arena      *mem = &w->opt->mem;
    tp_walk_point *p = tp_walk_points(w, 3);
    s->w = w;
    s->set = w->opt->settings;
    s->line = tp_line_open(w, s->set);
    s->p = p;
    s->was = p + 1;
    s->far = p + 2;
    s->d = TP_NEW(mem, double, (ptrdiff_t)w->n * w->n);
    s->step = TP_NEW(mem, double, w->n);
    s->now = TP_NEW(mem, double, w->n);
    s->whole = TP_NEW(mem, double, w->n);
    for (int i = 0; i < w->n; i++) {
        s->d[i * w->n + i] = 1;
        s->step[i] = FIRST;
    }
}

static void body(tp_walk *w)
{
    state s = {0};
    set_up(&s, w);
    memcpy(s.p->x, w->start, sizeof *s.p->x * (size_t)w->n);
    tp_map_start(s.set->transformation, s.p->x, w->n);
    if (!tp_walk_eval(w, s.p, 1) || !tp_walk_settle(w, s.p)) return;
    do {
        if (!round_of(&s) || !replace(&s)) return;
    } while (tp_walk_moved(w, s.was->x, s.p->x) >= s.set->epsilon / 100);
    w->why = "step small enough";
}

static tp_status init(tp_opt *o, tp_err *err)
{
    return tp_walk_init(o, body, err);
}

const tp_opt_ops tp_opt_powell = {
    .name = "powell",
    .aliases = "",
    .summary = "line searches along directions that become conjugate",
    .source = "Powell, Computer J. 7 (1964) 155; SPICE OPUS manual",
    .can = TP_OPT_CONSTRAINTS | TP_OPT_NEEDS_BOUNDS,
    .window = 1,
    .settings_size = sizeof(tp_line_set),
    .params = params,
    .init = init,
    TP_WALK_OPS,
};
