/* The trust region: a box around the best point that grows after successes
   and shrinks after failures (Eriksson et al., Scalable global optimization via
   local Bayesian optimization, NeurIPS 2019; with constraints: Eriksson and
   Poloczek, Scalable constrained Bayesian optimization, AISTATS 2021). */
#include "opt/bo.h"

#include <math.h>

static const double FIRST = 0.8, AGAIN = 0.4, LOOK = 0.1, WIDEST = 1.6,
                    LEAST = 0x1p-8;
static const double LEFT = 0.1;  /* half side of what is not looked at again */
static const double GAIN = 1e-3; /* relative, that counts as a success */
static const double NARROW = 0.05; /* side at least while polishing */
enum { SUCCESSES = 3 };

static int patience(const tp_bo *b)
{
    return b->n / 2 > 4 ? b->n / 2 : 4;
}

void tp_bo_region_open(tp_bo *b)
{
    b->region =
        (tp_bo_region){.length = FIRST, .since = b->n_trial, .looked = -1};
}

/* Another one is begun, elsewhere. */
static void restart(tp_bo *b)
{
    *TP_PUSH(&b->w.opt->mem, b->left, b->n_left, b->cap_left) =
        tp_bo_region_centre(b);
    tp_bo_region_open(b);
    b->region.length = AGAIN;
    b->region.fill = b->n + 2;
}

static bool success(const tp_bo *b, int trial, int before)
{
    const tp_walk_point *p = &b->trial[trial].p, *q = &b->trial[before].p;
    if (!tp_bo_better(b, trial, before)) return false;
    if (!q->ok) return true;
    if (!tp_walk_feasible(q)) return p->miss < q->miss * (1 - GAIN);
    return p->f < q->f - GAIN * fabs(q->f);
}

/* Too small to find anything: around the best point of all it is widened once
   more, as long as that gains; any other is given up. */
static void too_small(tp_bo *b)
{
    tp_bo_region *r = &b->region;
    bool          first = r->looked < 0;
    if (tp_bo_region_centre(b) != b->best ||
        !(first || success(b, b->best, r->looked))) {
        restart(b);
        return;
    }
    r->looked = b->best;
    r->length = LOOK;
}

void tp_bo_region_told(tp_bo *b, int trial)
{
    tp_bo_region *r = &b->region;
    tp_bo_kind    kind = b->trial[trial].kind;
    int           before = -1;
    if (kind != TP_BO_EXPLOIT && kind != TP_BO_POLISH) return;
    for (int i = r->since; i < trial; i++)
        if (tp_bo_better(b, i, before)) before = i;
    bool good = before < 0 || success(b, trial, before);
    r->good = good ? r->good + 1 : 0;
    r->bad = good ? 0 : r->bad + 1;
    if (r->good == SUCCESSES) {
        r->length = fmin(2 * r->length, WIDEST);
        r->good = 0;
    } else if (r->bad == patience(b)) {
        r->length /= 2;
        r->bad = 0;
    }
    if (r->length < LEAST) too_small(b);
}

/* Squared distance of a trial to the nearest other one. */
static double isolation(const tp_bo *b, int trial)
{
    double least = INFINITY;
    for (int j = 0; j < b->n_trial; j++) {
        double sum = 0;
        for (int i = 0; i < b->n; i++) {
            double gap = b->trial[j].p.x[i] - b->trial[trial].p.x[i];
            sum += gap * gap;
        }
        if (j != trial) least = fmin(least, sum);
    }
    return least;
}

/* The preset innovate takes up to a tenth worse where less is known. */
static int lonely(const tp_bo *b, int best)
{
    const tp_walk_point *p = &b->trial[best].p;
    if (!tp_walk_feasible(p)) return best;
    double least = p->f + 0.1 * fabs(p->f), most = isolation(b, best);
    for (int i = b->region.since; i < b->n_trial; i++) {
        const tp_walk_point *q = &b->trial[i].p;
        if (!tp_walk_feasible(q) || q->f > least) continue;
        double alone = isolation(b, i);
        if (!(alone > most)) continue;
        most = alone;
        best = i;
    }
    return best;
}

bool tp_bo_region_left(const tp_bo *b, const double *x)
{
    for (int k = 0; k < b->n_left; k++)
        if (tp_walk_moved(&b->w, x, b->trial[b->left[k]].p.x) < LEFT)
            return true;
    return false;
}

int tp_bo_region_centre(const tp_bo *b)
{
    int best = -1;
    if (b->set->preset == TP_BO_HARDEN) return b->best;
    for (int i = b->region.since; i < b->n_trial; i++)
        if (tp_bo_better(b, i, best) && !tp_bo_region_left(b, b->trial[i].p.x))
            best = i;
    if (best < 0) best = b->best;
    bool wide = b->set->preset == TP_BO_INNOVATE && best >= 0;
    return wide ? lonely(b, best) : best;
}

/* Sides in proportion to the objective's length scales, or those of what is
   violated at the centre; their geometric mean is 1. */
static void weights(const tp_bo *b, const tp_bo_trial *centre, double *w)
{
    double mean = 0;
    int    used = 0;
    for (int i = 0; i < b->n; i++) w[i] = 0;
    for (int m = 0; m <= b->n_g; m++) {
        bool feasible = tp_walk_feasible(&centre->p);
        bool counts = m == 0 ? feasible : !feasible && centre->g[m - 1] > 0;
        if (!counts || b->model[m].flat) continue;
        used++;
        for (int i = 0; i < b->n; i++) w[i] += b->model[m].gp.theta[i];
    }
    for (int i = 0; i < b->n; i++) {
        w[i] /= used ? used : 1;
        mean += w[i] / b->n;
    }
    for (int i = 0; i < b->n; i++)
        w[i] = fmin(fmax(tp_exp(w[i] - mean), 0.3), 3);
}

void tp_bo_tenth(const tp_bo *b, const double *x, double *lo, double *hi,
                 tp_arena scratch)
{
    const tp_space *space = b->w.opt->space;
    double         *u = TP_NEW(&scratch, double, space->n);
    double         *real = TP_NEW(&scratch, double, space->n);
    for (int side = 0; side < 2; side++) {
        tp_walk_put(&b->w, x, u);
        tp_space_real(space, u, real);
        for (int i = 0; i < space->n; i++) {
            const tp_var *v = &space->var[i];
            double by = 0.1 * (real[i] == 0 ? v->hi - v->lo : fabs(real[i]));
            real[i] = fmin(fmax(real[i] + (side ? by : -by), v->lo), v->hi);
        }
        tp_space_unit(space, real, u);
        for (int i = 0; i < b->n; i++) (side ? hi : lo)[i] = u[b->w.free[i]];
    }
}

void tp_bo_region_box(const tp_bo *b, tp_bo_kind kind, double *lo, double *hi,
                      tp_arena scratch)
{
    double            *w = TP_NEW(&scratch, double, b->n);
    bool               polish = kind == TP_BO_POLISH;
    int                at = polish ? b->best : tp_bo_region_centre(b);
    const tp_bo_trial *centre = &b->trial[at];
    double             length = b->region.length;
    if (polish) length = fmin(fmax(length / 4, LEAST), NARROW);
    weights(b, centre, w);
    if (b->set->preset == TP_BO_HARDEN)
        tp_bo_tenth(b, centre->p.x, lo, hi, scratch);
    for (int i = 0; i < b->n; i++) {
        double x = centre->p.x[i], half = length / 2 * w[i];
        double step = tp_bo_step(b, centre->p.x, i);
        if (b->set->preset == TP_BO_HARDEN) half = fmax(x - lo[i], hi[i] - x);
        half = fmax(half, step);
        lo[i] = fmin(fmax(x - half, b->lo[i]), b->hi[i]);
        hi[i] = fmin(fmax(x + half, b->lo[i]), b->hi[i]);
    }
}
