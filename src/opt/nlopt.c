/* NLopt's methods behind ask/tell: nlopt_optimize runs on a coroutine, its
   callback yields the point it wants and goes on when that point is told.
   NLopt's code and defaults are used as they are; what is ours is the start
   point as the first ask, the scale of the objective, and a finite number in
   place of a trial that gave none. */
#include "opt/adapter.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* A method that asks the same point this often in a row gets nowhere. */
enum { SAME_MAX = 10000 };
/* What NLopt is told stays inside this, so that its sums stay finite. */
static const double BIG = 1e100;

typedef struct range { /* of the numbers told so far */
    double lo, hi;
    bool   any;
} range;

typedef struct state {
    const tp_nlopt_row *row;
    const tp_nlopt_set *set;
    nlopt_opt           nlopt;
    tp_coro            *coro;
    tp_arena           *mem;
    int                 n, n_free, n_g;
    int                *free;    /* which variables are not frozen */
    double             *lo, *hi; /* bounds of the free ones */
    double             *start;   /* all variables */
    double             *begin;   /* the free ones of it */
    double             *walk;    /* NLopt's own copy, which it changes */
    double             *last;    /* the free ones, as NLopt wants them */
    double             *x;       /* all variables, as asked */
    double              f, *g;   /* NLopt's answer for `last` */
    range               range_f, *range_g;
    double              scale; /* of f; 0: no number told yet */
    tp_opt_stop         stop;
    unsigned long       seed;
    double             *early; /* points failed before the first number */
    int                 n_early, cap_early;
    int                 same;    /* calls for `last` since it was told */
    bool                fresh;   /* the search has asked for nothing yet */
    bool                have;    /* `last` is set */
    bool                wanted;  /* asked, not told */
    bool                leaving; /* nlopt_optimize is to return */
    bool                again;   /* ... and to be called again */
    const char         *why;     /* how it ended */
} state;

/* NLopt's generator belongs to the thread, so one method at a time has it. */
static _Thread_local bool busy;

static double clamp(double v, double lo, double hi)
{
    return v < lo ? lo : v > hi ? hi : v;
}

static void widen(range *r, double v)
{
    r->lo = r->any ? fmin(r->lo, v) : v;
    r->hi = r->any ? fmax(r->hi, v) : v;
    r->any = true;
}

/* The worst told plus the spread; one number has no spread: plus 1. */
static double worse(const range *r)
{
    return r->hi + (r->hi > r->lo ? r->hi - r->lo : 1);
}

/* The answer for a trial that failed before any number was told. The first
   number will be 1, -1 or 0 in its scale: 2 is worse. */
static void answer_early(state *s)
{
    s->f = 2;
    for (int i = 0; i < s->n_g; i++) s->g[i] = 1;
}

/* The answer for any other trial without numbers. */
static void answer_bad(state *s)
{
    if (s->scale == 0) {
        answer_early(s);
        return;
    }
    s->f = worse(&s->range_f);
    for (int i = 0; i < s->n_g; i++) s->g[i] = worse(&s->range_g[i]);
}

static void answer_ok(state *s, const tp_obs *y)
{
    if (s->scale == 0) s->scale = y->f != 0 ? fabs(y->f) : 1;
    s->f = clamp(y->f / s->scale, -BIG, BIG);
    widen(&s->range_f, s->f);
    for (int i = 0; i < s->n_g; i++) {
        s->g[i] = clamp(y->g[i], -BIG, BIG);
        widen(&s->range_g[i], s->g[i]);
    }
}

static bool all_finite(const double *v, int n)
{
    for (int i = 0; i < n; i++)
        if (!isfinite(v[i])) return false;
    return true;
}

static bool equal(const double *a, const double *b, int n)
{
    for (int i = 0; i < n; i++)
        if (a[i] != b[i]) return false;
    return true;
}

/* Equal but for the rounding of a method that scales its variables. */
static bool about_equal(const double *a, const double *b, int n)
{
    for (int i = 0; i < n; i++)
        if (!(fabs(a[i] - b[i]) <= 16e-16 * fmax(fabs(a[i]), fabs(b[i]))))
            return false;
    return true;
}

static bool failed_early(const state *s, const double *x)
{
    for (int i = 0; i < s->n_early; i++)
        if (equal(s->early + (ptrdiff_t)i * s->n_free, x, s->n_free))
            return true;
    return false;
}

static void remember_early(state *s)
{
    if (s->n_early == s->cap_early) {
        int     cap = s->cap_early ? 2 * s->cap_early : 8;
        double *more = TP_NEW(s->mem, double, (ptrdiff_t)cap * s->n_free);
        if (s->n_early)
            memcpy(more, s->early,
                   sizeof *more * (size_t)s->n_early * (size_t)s->n_free);
        s->early = more;
        s->cap_early = cap;
    }
    memcpy(s->early + (ptrdiff_t)s->n_early++ * s->n_free, s->last,
           sizeof *s->last * (size_t)s->n_free);
}

/* nlopt_optimize returns at its next look at the flag. */
static void leave(state *s)
{
    s->leaving = true;
    if (s->nlopt) nlopt_force_stop(s->nlopt);
}

static void end(state *s, const char *why)
{
    if (!s->why) s->why = why;
    leave(s);
}

/* s->f and s->g are NLopt's answer for x: from the last point when it is that
   one, else asked for and waited for. Runs on the coroutine. */
static void obtain(state *s, const double *x)
{
    if (s->fresh && about_equal(s->begin, x, s->n_free)) x = s->begin;
    s->fresh = false;
    if (s->have && equal(s->last, x, s->n_free)) {
        if (++s->same > SAME_MAX) end(s, "roundofflimited");
        return;
    }
    if (!all_finite(x, s->n_free)) end(s, "roundofflimited");
    if (s->leaving) {
        answer_bad(s);
        return;
    }
    memcpy(s->last, x, sizeof *x * (size_t)s->n_free);
    s->have = true;
    s->same = 0;
    if (failed_early(s, x)) {
        answer_early(s);
        return;
    }
    memcpy(s->x, s->start, sizeof *s->x * (size_t)s->n);
    for (int i = 0; i < s->n_free; i++)
        s->x[s->free[i]] = clamp(x[i], s->lo[i], s->hi[i]);
    s->wanted = true;
    tp_coro_yield(s->coro);
}

static double objective(unsigned n, const double *x, double *gradient,
                        void *with)
{
    state *s = with;
    (void)n;
    (void)gradient;
    obtain(s, x);
    return s->f;
}

static void constraints(unsigned m, double *result, unsigned n, const double *x,
                        double *gradient, void *with)
{
    state *s = with;
    (void)n;
    (void)gradient;
    obtain(s, x);
    memcpy(result, s->g, sizeof *result * m);
}

/* ---- one run of NLopt ------------------------------------------------- */

/* The methods that others search locally with, by TP_LOCAL_... */
static const struct {
    const char     *name;
    nlopt_algorithm how;
    bool            two; /* fails with one variable */
} locals[] = {
    [TP_LOCAL_COBYLA] = {"COBYLA", NLOPT_LN_COBYLA, false},
    [TP_LOCAL_NELDER_MEAD] = {"NELDER_MEAD", NLOPT_LN_NELDERMEAD, false},
    [TP_LOCAL_BOBYQA] = {"BOBYQA", NLOPT_LN_BOBYQA, false},
    [TP_LOCAL_SUBPLEX] = {"SUBPLEX", NLOPT_LN_SBPLX, false},
    [TP_LOCAL_PRAXIS] = {"PRAXIS", NLOPT_LN_PRAXIS, true},
    [TP_LOCAL_NEWUOA_BOUND] = {"NEWUOA_BOUND", NLOPT_LN_NEWUOA_BOUND, true},
};

/* The words of the status table for NLopt's results. */
static const struct {
    nlopt_result code;
    const char  *word;
} words[] = {
    {NLOPT_SUCCESS, "success"},
    {NLOPT_STOPVAL_REACHED, "stopvalreached"},
    {NLOPT_FTOL_REACHED, "ftolreached"},
    {NLOPT_XTOL_REACHED, "xtolreached"},
    {NLOPT_MAXEVAL_REACHED, "maxitersreached"},
    {NLOPT_MAXTIME_REACHED, "maxtimereached"},
    {NLOPT_FAILURE, "failed"},
    {NLOPT_INVALID_ARGS, "invalidargs"},
    {NLOPT_OUT_OF_MEMORY, "outofmemory"},
    {NLOPT_ROUNDOFF_LIMITED, "roundofflimited"},
    {NLOPT_FORCED_STOP, "forcedstop"},
};

static const char *word_of(nlopt_result code)
{
    for (int i = 0; i < TP_COUNT(words); i++)
        if (words[i].code == code) return words[i].word;
    return "unknown";
}

/* Which of `locals` the row runs, or TP_LOCAL_NONE. */
static int local_of(const state *s)
{
    return s->row->local == TP_LOCAL_CHOSEN ? s->set->local : s->row->local;
}

/* Gives NLopt a copy of the local method with its own tolerances. */
static nlopt_result set_local(state *s, double abstol)
{
    int which = local_of(s);
    if (which == TP_LOCAL_NONE) return NLOPT_SUCCESS;
    nlopt_opt local = nlopt_create(locals[which].how, (unsigned)s->n_free);
    if (!local) return NLOPT_OUT_OF_MEMORY;
    double reltol = s->set->local_reltol;
    if (reltol == 0) reltol = s->stop.reltol > 0 ? s->stop.reltol : 1e-4;
    nlopt_set_ftol_rel(local, reltol);
    nlopt_set_ftol_abs(local, abstol);
    nlopt_result result = nlopt_set_local_optimizer(s->nlopt, local);
    nlopt_destroy(local);
    return result;
}

static nlopt_result search(state *s)
{
    double f, abstol = s->scale != 0 ? s->stop.abstol / s->scale : 0;
    memcpy(s->walk, s->begin, sizeof *s->walk * (size_t)s->n_free);
    s->again = s->leaving = false;
    s->fresh = true;
    nlopt_srand(s->seed);
    nlopt_set_ftol_abs(s->nlopt, abstol);
    nlopt_result result = set_local(s, abstol);
    return result < 0 ? result : nlopt_optimize(s->nlopt, s->walk, &f);
}

/* The start point first, whatever the method does with it: its value is the
   scale of the objective. When it fails the search goes on without, and is
   begun again once a number is known; the failures until then are not asked
   twice. */
static void body(tp_coro *self, void *with)
{
    state       *s = with;
    nlopt_result result = NLOPT_XTOL_REACHED; /* every variable is frozen */
    (void)self;
    obtain(s, s->begin);
    bool go = s->n_free > 0 && !s->leaving;
    while (go) {
        result = search(s);
        go = s->again && !s->why;
    }
    if (!s->why) s->why = word_of(result);
}

/* ---- ask and tell ----------------------------------------------------- */

tp_ask tp_nlopt_ask(tp_opt *o, double *x, int *tag)
{
    state *s = o->state;
    s->mem = &o->mem;
    if (s->wanted) return TP_ASK_WAIT;
    if (!tp_coro_resume(s->coro)) return TP_ASK_DONE;
    memcpy(x, s->x, sizeof *x * (size_t)s->n);
    *tag = 0;
    return TP_ASK_POINT;
}

void tp_nlopt_tell(tp_opt *o, int tag, const double *x, const tp_obs *y)
{
    state *s = o->state;
    s->mem = &o->mem;
    (void)tag;
    (void)x;
    if (!s->wanted) return;
    s->wanted = false;
    bool ok = y->ok && isfinite(y->f) && all_finite(y->g, s->n_g);
    bool first = ok && s->scale == 0;
    if (ok) answer_ok(s, y);
    if (!ok) answer_bad(s);
    if (!ok && s->scale == 0) remember_early(s);
    if (first && s->n_early > 0) {
        s->again = true;
        leave(s);
    }
}

const char *tp_nlopt_finished(const tp_opt *o)
{
    const state *s = o->state;
    return tp_coro_done(s->coro) ? s->why : NULL;
}

void tp_nlopt_close(tp_opt *o)
{
    state *s = o->state;
    if (!s) return;
    if (s->coro) {
        end(s, "forcedstop");
        while (tp_coro_resume(s->coro)) continue;
        tp_coro_close(s->coro);
    }
    if (s->nlopt) nlopt_destroy(s->nlopt);
    o->state = NULL;
    busy = false;
}

/* ---- init ------------------------------------------------------------- */

/* The free variables and their bounds; the start inside them. */
static void set_space(state *s, const tp_space *space, tp_arena scratch)
{
    int     n = s->n = space->n;
    double *lo = TP_NEW(&scratch, double, n), *hi = TP_NEW(&scratch, double, n);
    double *real = TP_NEW(&scratch, double, n);
    for (int i = 0; i < n; i++) real[i] = space->var[i].start;
    tp_space_unit(space, real, s->start);
    tp_space_bounds(space, lo, hi);
    for (int i = 0; i < n; i++) {
        const tp_var *v = &space->var[i];
        if (v->lo == v->hi) continue;
        s->start[i] = clamp(s->start[i], lo[i], hi[i]);
        s->lo[s->n_free] = lo[i];
        s->hi[s->n_free] = hi[i];
        s->begin[s->n_free] = s->start[i];
        s->free[s->n_free++] = i;
    }
}

static tp_status check(const state *s, tp_err *err)
{
    const tp_nlopt_row *row = s->row;
    int                 pop = s->set->population, local = local_of(s);
    if (pop > 0 && row->least_population && pop < s->n_free + 1)
        return tp_fail(err, TP_BAD_INPUT,
                       "population: %d is too small, %s needs %d at least for "
                       "%d variables",
                       pop, row->name, s->n_free + 1, s->n_free);
    if (row->two && s->n_free == 1)
        return tp_fail(err, TP_BAD_INPUT,
                       "%s needs two variables that can move, here is 1",
                       row->name);
    if (local != TP_LOCAL_NONE && locals[local].two && s->n_free == 1)
        return tp_fail(err, TP_BAD_INPUT,
                       "local: %s needs two variables that can move, here is 1",
                       locals[local].name);
    return TP_OK;
}

static tp_status set_up(state *s, tp_err *err)
{
    s->nlopt = nlopt_create(s->row->how, (unsigned)s->n_free);
    s->coro = s->nlopt ? tp_coro_open(body, s) : NULL;
    if (!s->coro)
        return tp_fail(err, TP_LIMIT, "%s: no memory for %d variables",
                       s->row->name, s->n_free);
    nlopt_set_min_objective(s->nlopt, objective, s);
    nlopt_set_lower_bounds(s->nlopt, s->lo);
    nlopt_set_upper_bounds(s->nlopt, s->hi);
    nlopt_set_ftol_rel(s->nlopt, s->stop.reltol);
    if (s->set->step > 0) nlopt_set_initial_step1(s->nlopt, s->set->step);
    if (s->set->population > 0)
        nlopt_set_population(s->nlopt, (unsigned)s->set->population);
    if (s->row->sized && s->stop.max_trials > 0)
        nlopt_set_maxeval(s->nlopt, s->stop.max_trials);
    if (s->n_g == 0) return TP_OK;
    double *tol = TP_NEW(s->mem, double, s->n_g);
    for (int i = 0; i < s->n_g; i++) tol[i] = s->set->ctol;
    if (nlopt_add_inequality_mconstraint(s->nlopt, (unsigned)s->n_g,
                                         constraints, s, tol) < 0)
        return tp_fail(err, TP_BAD_INPUT,
                       "%s can't take constraints, here are %d", s->row->name,
                       s->n_g);
    return TP_OK;
}

tp_status tp_nlopt_init(tp_opt *o, const tp_nlopt_row *row, tp_err *err)
{
    if (busy)
        return tp_fail(err, TP_BAD_INPUT,
                       "%s: another NLopt method is open in this process; "
                       "close it first",
                       row->name);
    int    n = o->space->n;
    state *s = o->state = TP_NEW(&o->mem, state, 1);
    s->row = row;
    s->set = o->settings;
    s->mem = &o->mem;
    s->n_g = o->n_g;
    s->stop = o->stop;
    s->seed = (unsigned long)(o->seed & 0xffffffff);
    s->free = TP_NEW(&o->mem, int, n);
    s->lo = TP_NEW(&o->mem, double, n);
    s->hi = TP_NEW(&o->mem, double, n);
    s->start = TP_NEW(&o->mem, double, n);
    s->begin = TP_NEW(&o->mem, double, n);
    s->walk = TP_NEW(&o->mem, double, n);
    s->last = TP_NEW(&o->mem, double, n);
    s->x = TP_NEW(&o->mem, double, n);
    s->g = TP_NEW(&o->mem, double, s->n_g);
    s->range_g = TP_NEW(&o->mem, range, s->n_g);
    set_space(s, o->space, o->mem);
    busy = true;
    tp_status status = check(s, err);
    if (!status) status = set_up(s, err);
    if (status) tp_nlopt_close(o);
    return status;
}
