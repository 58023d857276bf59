/* The preset repair-only: the worst constraint is mended by the variable that
   moves it most, all others stay at the best point. A step of each variable
   says which one that is; then it is swept, where the models expect all
   constraints to hold. */
#include "opt/bo.h"

#include <math.h>
#include <string.h>

static const double PROBE = 0.1; /* step of each variable */
static const double SWEEP = 0.3; /* to both sides of the best */
enum { SWEEP_STEPS = 12 };

static int worst_spec(const tp_bo *b)
{
    const double *g = b->trial[b->best].g;
    int           worst = -1;
    for (int i = 0; i < b->n_g; i++)
        if (g[i] > 0 && (worst < 0 || g[i] > g[worst])) worst = i;
    return worst;
}

static tp_ask done(tp_bo *b, const char *why)
{
    b->why = why;
    return TP_ASK_DONE;
}

/* One variable moves by a tenth of its range, or a step of its grid. */
static void probe(tp_bo *b, int i, double *x)
{
    const double *base = b->trial[b->mend.base].p.x;
    double        by = fmax(PROBE, tp_bo_step(b, base, i));
    memcpy(x, base, sizeof *x * (size_t)b->n);
    x[i] += x[i] + by <= b->hi[i] ? by : -by;
    tp_walk_limit(&b->w, x);
}

/* Variables by what a probe changed of the constraint. */
static void rank_axes(tp_bo *b, tp_arena scratch)
{
    double *less = TP_NEW(&scratch, double, b->n);
    double  at = b->trial[b->mend.base].g[b->mend.spec];
    for (int i = 0; i < b->n; i++) {
        const tp_bo_trial *t = &b->trial[b->ask[b->mend.first + i].trial];
        less[i] = t->p.ok ? -fabs(t->g[b->mend.spec] - at) : 0;
    }
    b->mend.axis = TP_NEW(&b->w.opt->mem, int, b->n);
    tp_order(less, b->n, b->mend.axis, scratch);
}

/* There is a trial with numbers, whose constraints can be looked at. */
static bool has_base(const tp_bo *b)
{
    return b->best >= 0 && b->trial[b->best].p.ok;
}

static tp_ask sweep(tp_bo *b, double *x, tp_arena scratch)
{
    if (!has_base(b)) return done(b, "failed");
    const double *c = b->trial[b->best].p.x;
    double       *lo = TP_NEW(&scratch, double, b->n);
    double       *hi = TP_NEW(&scratch, double, b->n);
    tp_bo_mend   *m = &b->mend;
    if (b->trial[b->best].g[m->spec] <= 0) return done(b, "success");
    tp_bo_models_update(b, scratch);
    for (; m->at < b->n; m->at++, m->steps = 0) {
        int axis = m->axis[m->at];
        memcpy(lo, c, sizeof *lo * (size_t)b->n);
        memcpy(hi, c, sizeof *hi * (size_t)b->n);
        lo[axis] = fmax(c[axis] - SWEEP, 0);
        hi[axis] = fmin(c[axis] + SWEEP, 1);
        tp_walk_limit(&b->w, lo);
        tp_walk_limit(&b->w, hi);
        tp_bo_aim aim = {.kind = TP_BO_MEND,
                         .lo = lo,
                         .hi = hi,
                         .centre = c,
                         .from = b->best,
                         .seed = (uint64_t)tp_bo_number(b)};
        bool      found =
            m->steps++ < SWEEP_STEPS && tp_bo_seek(b, &aim, x, scratch);
        if (found) return TP_ASK_POINT;
    }
    return done(b, "xtolreached");
}

tp_ask tp_bo_mend_next(tp_bo *b, double *x, tp_arena scratch)
{
    tp_bo_mend *m = &b->mend;
    if (m->axis) return sweep(b, x, scratch);
    if (m->probes == 0 && b->n_pending > 0) return TP_ASK_WAIT;
    if (m->probes == 0) {
        if (!has_base(b)) return done(b, "failed");
        m->spec = worst_spec(b);
        if (m->spec < 0) return done(b, "success");
        m->base = b->best;
        m->first = b->n_ask;
    }
    if (m->probes < b->n) {
        probe(b, m->probes++, x);
        return TP_ASK_POINT;
    }
    if (b->n_pending > 0) return TP_ASK_WAIT;
    rank_axes(b, scratch);
    return sweep(b, x, scratch);
}
