/* The ground for sequential methods: a body on a coroutine, its batch of
   points behind ask and tell. */
#include "opt/walk.h"

#include <math.h>
#include <string.h>

enum { DRAWS_MAX = 10000 };

/* ---- ask and tell ------------------------------------------------------ */

static double clip(double v)
{
    return v > 0 ? fmin(v, 1) : 0; /* 0 also for what is no number */
}

tp_ask tp_walk_ask(tp_opt *o, double *x, int *tag)
{
    tp_walk *w = o->state;
    w->opt = o;
    if (w->n_asked == w->n_batch) {
        if (w->n_told < w->n_batch) return TP_ASK_WAIT;
        if (!tp_coro_resume(w->coro)) return TP_ASK_DONE;
    }
    tp_walk_put(w, w->batch[w->n_asked].x, x);
    *tag = w->n_asked++;
    return TP_ASK_POINT;
}

void tp_walk_put(const tp_walk *w, const double *point, double *x)
{
    memcpy(x, w->x, sizeof *x * (size_t)w->opt->space->n);
    for (int i = 0; i < w->n; i++) x[w->free[i]] = clip(point[i]);
}

void tp_walk_limits(const tp_walk *w, double *lo, double *hi)
{
    const tp_opt *o = w->opt;
    for (int i = 0; i < w->n; i++) {
        lo[i] = o->lo ? clip(o->lo[w->free[i]]) : 0;
        hi[i] = o->hi ? clip(o->hi[w->free[i]]) : 1;
    }
}

void tp_walk_limit(const tp_walk *w, double *point)
{
    const tp_opt *o = w->opt;
    for (int i = 0; i < w->n; i++) {
        if (o->lo) point[i] = fmax(point[i], clip(o->lo[w->free[i]]));
        if (o->hi) point[i] = fmin(point[i], clip(o->hi[w->free[i]]));
    }
}

/* A number that is none makes the trial a failed one. */
static void take_values(tp_walk_point *p, const tp_obs *y)
{
    p->ok = y->ok && isfinite(y->f);
    p->f = p->ok ? y->f : 0;
    p->miss = 0;
    for (int i = 0; p->ok && i < y->n_g; i++) {
        p->miss += fmax(0, y->g[i]);
        if (!isfinite(y->g[i]) || !isfinite(p->miss)) p->ok = false;
    }
}

void tp_walk_take(const tp_walk *w, tp_walk_point *p, const double *x,
                  const tp_obs *y)
{
    take_values(p, y);
    p->has_df = p->ok && y->df;
    for (int i = 0; i < w->n; i++) {
        p->x[i] = clip(x[w->free[i]]);
        if (!p->has_df) continue;
        p->df[i] = y->df[w->free[i]];
        if (!isfinite(p->df[i])) p->has_df = false;
    }
}

void tp_walk_tell(tp_opt *o, int tag, const double *x, const tp_obs *y)
{
    tp_walk *w = o->state;
    w->opt = o;
    if (tag < 0 || tag >= w->n_asked || w->n_told == w->n_asked) return;
    tp_walk_take(w, &w->batch[tag], x, y);
    w->n_told++;
}

bool tp_walk_beat(const tp_walk_point *rival, tp_opt_bound *out)
{
    if (!rival || !rival->ok) return false;
    out->violation = rival->miss;
    if (tp_walk_feasible(rival)) out->f = rival->f;
    return true;
}

double tp_walk_uphill(double f, double t, double u)
{
    return t > 0 ? nextafter(f - t * log(u) * (1 + 1e-12), INFINITY) : f;
}

bool tp_walk_bound(const tp_opt *o, int tag, tp_opt_bound *out)
{
    const tp_walk *w = o->state;
    bool           known = w->rival && tag >= 0 && tag < w->n_batch;
    return known && tp_walk_beat(w->rival[tag], out);
}

const char *tp_walk_finished(const tp_opt *o)
{
    const tp_walk *w = o->state;
    if (!tp_coro_done(w->coro)) return NULL;
    return w->why ? w->why : "forcedstop";
}

void tp_walk_close(tp_opt *o)
{
    tp_walk *w = o->state;
    if (!w) return;
    w->leaving = true;
    w->opt = o;
    if (w->n_batch > 0) /* else it was never resumed */
        while (tp_coro_resume(w->coro)) continue;
    tp_coro_close(w->coro);
    o->state = NULL;
}

/* ---- init -------------------------------------------------------------- */

static void body(tp_coro *self, void *with)
{
    tp_walk *w = with;
    (void)self;
    if (w->n > 0) {
        w->body(w);
        return;
    }
    tp_walk_point *p = tp_walk_points(w, 1);
    if (tp_walk_eval(w, p, 1)) w->why = "xtolreached";
}

tp_status tp_walk_on(tp_walk *w, tp_opt *o, tp_err *err)
{
    const tp_space *space = o->space;
    w->opt = o;
    int     n = space->n, *free = TP_NEW(&w->opt->mem, int, n);
    double *real = TP_NEW(&w->opt->mem, double, n);
    w->x = TP_NEW(&w->opt->mem, double, n);
    w->start = TP_NEW(&w->opt->mem, double, n);
    for (int i = 0; i < n; i++) {
        const tp_var *v = &space->var[i];
        if (!(v->hi - v->lo < INFINITY))
            return tp_fail(err, TP_BAD_INPUT, "%.*s needs both bounds",
                           TP_F(v->name));
        real[i] = v->start;
        if (v->lo < v->hi) free[w->n++] = i;
    }
    tp_space_unit(space, real, w->x);
    w->free = free;
    for (int i = 0; i < w->n; i++) w->start[i] = clip(w->x[free[i]]);
    return TP_OK;
}

tp_status tp_axes_fit(const tp_opt *o, const char *method, tp_err *err)
{
    if (o->space->n <= TP_AXES_MAX) return TP_OK;
    return tp_fail(err, TP_LIMIT, "%s: %d variables, at most %d are possible",
                   method, o->space->n, TP_AXES_MAX);
}

tp_status tp_walk_init(tp_opt *o, tp_walk_body *own, tp_err *err)
{
    tp_walk *w = TP_NEW(&o->mem, tp_walk, 1);
    w->body = own;
    TP_TRY(tp_walk_on(w, o, err));
    w->coro = tp_coro_open(body, w);
    if (!w->coro)
        return tp_fail(err, TP_LIMIT, "no memory for a method's stack");
    o->state = w;
    return TP_OK;
}

/* ---- for bodies -------------------------------------------------------- */

tp_walk_point *tp_walk_points(tp_walk *w, int count)
{
    tp_arena      *mem = &w->opt->mem;
    tp_walk_point *p = TP_NEW(mem, tp_walk_point, count);
    for (int i = 0; i < count; i++) {
        p[i].x = TP_NEW(mem, double, w->n);
        p[i].df = TP_NEW(mem, double, w->n);
    }
    return p;
}

void tp_walk_copy(const tp_walk *w, tp_walk_point *to, const tp_walk_point *p)
{
    double *x = to->x, *df = to->df;
    if (to == p) return;
    memcpy(x, p->x, sizeof *x * (size_t)w->n);
    memcpy(df, p->df, sizeof *df * (size_t)w->n);
    *to = *p;
    to->x = x;
    to->df = df;
}

bool tp_walk_eval(tp_walk *w, tp_walk_point *points, int count)
{
    if (w->leaving) return false;
    if (count <= 0) return true;
    for (int k = 0; k < count; k++)
        for (int i = 0; i < w->n; i++) points[k].x[i] = clip(points[k].x[i]);
    w->batch = points;
    w->n_batch = count;
    w->n_asked = w->n_told = 0;
    tp_coro_yield(w->coro);
    return !w->leaving;
}

bool tp_walk_eval_against(tp_walk *w, tp_walk_point *points, int count,
                          const tp_walk_point *const *rival)
{
    w->rival = rival;
    bool go_on = tp_walk_eval(w, points, count);
    w->rival = NULL;
    return go_on;
}

bool tp_walk_feasible(const tp_walk_point *p)
{
    return p->ok && p->miss <= 0;
}

static int order(double a, double b)
{
    return (a > b) - (a < b);
}

int tp_walk_rank(const tp_walk_point *a, const tp_walk_point *b)
{
    if (a->ok != b->ok) return a->ok ? -1 : 1;
    if (!a->ok) return 0;
    if (a->miss > 0 || b->miss > 0) return order(a->miss, b->miss);
    return order(a->f, b->f);
}

void tp_walk_sort(const tp_walk_point *const *p, int n, int *order)
{
    for (int i = 1; i < n; i++) {
        int one = order[i], k = i;
        for (; k > 0 && tp_walk_rank(p[one], p[order[k - 1]]) < 0; k--)
            order[k] = order[k - 1];
        order[k] = one;
    }
}

tp_rng tp_walk_rng(tp_walk *w)
{
    return tp_rng_at(w->opt->seed, w->draws++);
}

bool tp_walk_settle(tp_walk *w, tp_walk_point *p)
{
    static const double near = 0.1; /* deviation around the best */
    if (w->leaving) return false;
    if (tp_walk_feasible(p)) return true;
    tp_walk_point *next = tp_walk_points(w, 1);
    for (int k = 0; k < DRAWS_MAX; k++) {
        tp_rng rng = tp_rng_at(0, (uint64_t)k);
        for (int i = 0; i < w->n; i++)
            next->x[i] = k % 2 ? p->x[i] + near * tp_rng_normal(&rng)
                               : tp_rng_uniform(&rng);
        if (!tp_walk_eval(w, next, 1)) return false;
        if (tp_walk_rank(next, p) < 0) tp_walk_copy(w, p, next);
        if (tp_walk_feasible(p)) return true;
    }
    w->why = "failed";
    return false;
}

double tp_walk_step(const tp_walk *w, const double *x, int i, double least)
{
    const tp_var *v = &w->opt->space->var[w->free[i]];
    tp_var        one = *v;
    tp_space      line = {.n = 1, .var = &one};
    double        real, unit;
    if (!(v->step > 0)) return least;
    tp_space_real(&line, &x[i], &real);
    real += real + v->step <= v->hi ? v->step : -v->step;
    tp_space_unit(&line, &real, &unit);
    return fmax(least, fabs(unit - x[i]));
}

double tp_walk_moved(const tp_walk *w, const double *a, const double *b)
{
    double most = 0;
    for (int i = 0; i < w->n; i++) most = fmax(most, fabs(a[i] - b[i]));
    return most;
}
