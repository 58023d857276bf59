/* Where the acquisition is highest: the logarithm of the expected improvement
   (Jones 1998; Ament 2023) times the probability that every constraint holds
   (Schonlau 1998; Gardner 2014) and that the trial gives numbers. While nothing
   is feasible, that probability alone. A cloud of candidates, then L-BFGS from
   the best of them. Thompson's way instead: one draw of every model on the
   cloud, its best point (Eriksson and Poloczek 2021). */
#include "opt/bo.h"

#include <math.h>
#include <string.h>

enum { CLIMBS = 3, CLIMB_STEPS = 24, DRAWN = 200 };
static const double NEAR = 1e-7; /* closer points are the same */

typedef struct hunt {
    tp_bo           *b;
    const tp_bo_aim *aim;
    bool             descend; /* only the expected violation counts */
    bool             improve; /* the objective counts */
    double           best;    /* transformed: to be improved on */
    const double    *limit;   /* transformed, of each constraint */
    bool            *fixed;   /* variables on a grid */
    double          *lo, *hi;
} hunt;

bool tp_bo_known(const tp_bo *b, const double *x)
{
    for (int i = 0; i < b->n_trial; i++)
        if (tp_walk_moved(&b->w, x, b->trial[i].p.x) < NEAR) return true;
    for (int k = 0; k < b->n_pending; k++)
        if (tp_walk_moved(&b->w, x, b->ask[b->pending[k]].x) < NEAR)
            return true;
    return false;
}

/* It was asked before, or lies where the aim does not want it. */
static bool taken(const hunt *h, const double *x)
{
    const tp_bo_aim *aim = h->aim;
    bool             in = aim->not_lo != NULL;
    for (int i = 0; i < h->b->n && in; i++)
        in = x[i] >= aim->not_lo[i] && x[i] <= aim->not_hi[i];
    if (aim->kind == TP_BO_EXPLOIT || aim->kind == TP_BO_EXPLORE)
        in = in || tp_bo_region_left(h->b, x);
    return in || tp_bo_known(h->b, x);
}

/* ---- the acquisition
 * ------------------------------------------------------------ */

/* log Phi((limit - mean) / sigma); its slopes by mean and variance. */
static double log_below(double limit, double mean, double variance,
                        double slope[2])
{
    double sigma = sqrt(variance), z = (limit - mean) / sigma;
    double by_z = tp_normal_mills(z);
    slope[0] = -by_z / sigma;
    slope[1] = -by_z * z / (2 * variance);
    return tp_normal_log_cdf(z);
}

static double log_improvement(double best, double mean, double variance,
                              double slope[2])
{
    double sigma = sqrt(variance), z = (best - mean) / sigma, by_z;
    double h = tp_log_h(z, &by_z);
    slope[0] = -by_z / sigma;
    slope[1] = (1 - by_z * z) / (2 * variance);
    return 0.5 * tp_log(variance) + h;
}

/* What constraint m is expected to miss: E max(0, g) around its limit, in the
   unit of g. */
static double expected_miss(const hunt *h, int m, double mean, double variance,
                            double slope[2])
{
    const tp_bo_model *model = &h->b->model[m];
    double sigma = sqrt(variance), u = (mean - h->limit[m - 1]) / sigma;
    double unit = tp_exp(-tp_transform_log_slope(&model->t, 0));
    double above = tp_normal_cdf(u), pdf = tp_normal_pdf(u);
    slope[0] = unit * above;
    slope[1] = unit * pdf / (2 * sigma);
    return unit * sigma * (pdf + u * above);
}

/* The part of model m, its slopes by mean and variance. */
static double part(const hunt *h, int m, double mean, double variance,
                   double slope[2])
{
    if (h->descend) return expected_miss(h, m, mean, variance, slope);
    if (m > 0) return log_below(h->limit[m - 1], mean, variance, slope);
    return log_improvement(h->best, mean, variance, slope);
}

static bool counts(const hunt *h, int m)
{
    return !h->b->model[m].flat && (m > 0 || h->improve);
}

static const double LEAST_MISS = 1e-12;

/* The sum of the parts -> the acquisition; its slope by the sum. */
static double whole(const hunt *h, double sum, double *by_sum)
{
    *by_sum = h->descend ? -1 / (sum + LEAST_MISS) : 1;
    return h->descend ? -tp_log(sum + LEAST_MISS) : sum;
}

/* The acquisition of many points. */
static void acquire(const hunt *h, const double *x, int count, double *out,
                    tp_arena scratch)
{
    const tp_bo *b = h->b;
    double      *mean = TP_NEW(&scratch, double, count), slope[2], by_sum;
    double      *variance = TP_NEW(&scratch, double, count);
    for (int p = 0; p < count; p++) out[p] = 0;
    for (int m = 0; m <= b->n_g; m++) {
        if (!counts(h, m)) continue;
        tp_gp_predict(&b->model[m].gp, x, count, mean, variance, scratch);
        for (int p = 0; p < count; p++)
            out[p] += part(h, m, mean[p], variance[p], slope);
    }
    for (int p = 0; p < count; p++)
        out[p] = whole(h, out[p], &by_sum) +
                 tp_bo_log_runs(b, x + (ptrdiff_t)p * b->n, NULL, scratch);
}

/* Minus the acquisition at one point, with its gradient. */
static double descend(void *with, const double *x, double *g, tp_arena scratch)
{
    const hunt  *h = with;
    const tp_bo *b = h->b;
    double       slope[2], sum = 0, by_sum;
    double      *d = TP_NEW(&scratch, double, b->n);
    double      *runs = TP_NEW(&scratch, double, b->n);
    tp_gp_slopes s = {.d_mean = TP_NEW(&scratch, double, b->n),
                      .d_variance = TP_NEW(&scratch, double, b->n)};
    for (int m = 0; m <= b->n_g; m++) {
        if (!counts(h, m)) continue;
        tp_gp_gradient(&b->model[m].gp, x, &s, scratch);
        sum += part(h, m, s.mean, s.variance, slope);
        tp_axpy(slope[0], s.d_mean, d, b->n);
        tp_axpy(slope[1], s.d_variance, d, b->n);
    }
    double value = whole(h, sum, &by_sum) + tp_bo_log_runs(b, x, runs, scratch);
    for (int i = 0; i < b->n; i++) g[i] = -by_sum * d[i] - runs[i];
    return -value;
}

/* ---- what it is measured against
 * -------------------------------------------------- */

/* Limits of the constraints: 0; for the preset harden nothing may become worse
   than at the best. */
static void set_limits(hunt *h, double *limit)
{
    const tp_bo       *b = h->b;
    const tp_bo_trial *best = &b->trial[b->best];
    for (int i = 0; i < b->n_g; i++) {
        double at = 0;
        if (b->set->preset == TP_BO_HARDEN) at = fmin(best->g[i], 0);
        limit[i] = tp_transform_to(&b->model[i + 1].t, at);
    }
    h->limit = limit;
}

/* A pending point is believed to be feasible when each constraint is more
   likely met than not. */
static void believe(hunt *h, tp_arena scratch)
{
    const tp_bo *b = h->b;
    int          n = b->n_pending;
    double      *x = TP_NEW(&scratch, double, (ptrdiff_t)n * b->n);
    double      *f = TP_NEW(&scratch, double, n);
    double      *g = TP_NEW(&scratch, double, n);
    bool        *fine = TP_NEW(&scratch, bool, n);
    for (int k = 0; k < n; k++) {
        fine[k] = true;
        memcpy(x + (ptrdiff_t)k * b->n, b->ask[b->pending[k]].x,
               sizeof *x * (size_t)b->n);
    }
    for (int m = 1; m <= b->n_g; m++) {
        if (b->model[m].flat) continue;
        tp_gp_predict(&b->model[m].gp, x, n, g, NULL, scratch);
        for (int k = 0; k < n; k++)
            if (g[k] > h->limit[m - 1]) fine[k] = false;
    }
    if (b->model[0].flat) return;
    tp_gp_predict(&b->model[0].gp, x, n, f, NULL, scratch);
    for (int k = 0; k < n; k++) {
        if (!fine[k]) continue;
        h->best = h->improve ? fmin(h->best, f[k]) : f[k];
        h->improve = true;
    }
}

static bool met_where_flat(const tp_bo *b)
{
    for (int m = 1; m <= b->n_g; m++)
        if (b->model[m].flat && b->trial[b->best].g[m - 1] > 0) return false;
    return true;
}

static void open_hunt(hunt *h, tp_bo *b, const tp_bo_aim *aim, tp_arena *mem)
{
    const tp_walk_point *from = &b->trial[aim->from].p;
    *h = (hunt){.b = b, .aim = aim};
    h->lo = TP_NEW(mem, double, b->n);
    h->hi = TP_NEW(mem, double, b->n);
    h->fixed = TP_NEW(mem, bool, b->n);
    for (int i = 0; i < b->n; i++)
        h->fixed[i] = tp_bo_step(b, aim->centre, i) > 0;
    set_limits(h, TP_NEW(mem, double, b->n_g));
    if (!b->model[0].flat && tp_walk_feasible(from)) {
        h->improve = true;
        h->best = tp_transform_to(&b->model[0].t, from->f);
    }
    if (b->n_pending > 0 && met_where_flat(b)) believe(h, *mem);
    h->descend = aim->kind == TP_BO_EXPLOIT && !h->improve && b->n_g > 0;
}

/* ---- the cloud
 * ---------------------------------------------------------------------- */

/* Points of the box; of some, most variables stay at the centre, and some are
   drawn in a fifth of the box around it. */
static void cloud(const hunt *h, double *x, int count, tp_arena scratch)
{
    static const double part_moved[] = {1, 1, 0.5, 0.2};
    const tp_bo        *b = h->b;
    tp_rng              rng = tp_rng_at(h->aim->seed, 1);
    tp_sobol(x, b->n, 0, count, h->aim->seed);
    for (int p = 0; p < count; p++) {
        double *at = x + (ptrdiff_t)p * b->n;
        bool    global =
            h->aim->kind == TP_BO_EXPLORE && (h->aim->not_lo || p % 2 == 0);
        double moves = part_moved[p / 2 % TP_COUNT(part_moved)];
        double shrink = p % 3 == 2 ? 0.2 : 1;
        int    sure = tp_rng_below(&rng, b->n);
        for (int i = 0; i < b->n; i++) {
            double c = h->aim->centre[i];
            double v = h->aim->lo[i] + (h->aim->hi[i] - h->aim->lo[i]) * at[i];
            bool   moved = tp_rng_uniform(&rng) < moves || i == sure;
            if (!global) v = moved ? c + shrink * (v - c) : c;
            at[i] = fmin(fmax(v, h->aim->lo[i]), h->aim->hi[i]);
        }
        if (b->discrete) tp_bo_snap(b, at, scratch);
    }
}

/* From x uphill; variables on a grid stay where they are. */
static double climb(hunt *h, double *x, tp_arena scratch)
{
    const tp_bo *b = h->b;
    for (int i = 0; i < b->n; i++) {
        h->lo[i] = h->fixed[i] ? x[i] : h->aim->lo[i];
        h->hi[i] = h->fixed[i] ? x[i] : h->aim->hi[i];
    }
    tp_box box = {b->n, h->lo, h->hi, CLIMB_STEPS, 1e-7};
    return -tp_minimise(descend, h, &box, x, scratch);
}

static bool all_fixed(const hunt *h)
{
    for (int i = 0; i < h->b->n; i++)
        if (!h->fixed[i]) return false;
    return true;
}

/* The best of the cloud and of what is reached from it, not known before. */
static bool best_of(hunt *h, double *x, const double *value, int count,
                    double *out, tp_arena scratch)
{
    const tp_bo *b = h->b;
    int         *order = TP_NEW(&scratch, int, count);
    double      *less = TP_NEW(&scratch, double, count), best = -INFINITY;
    double      *at = TP_NEW(&scratch, double, b->n);
    size_t       size = sizeof *x * (size_t)b->n;
    int          climbs = all_fixed(h) ? 0 : CLIMBS;
    for (int p = 0; p < count; p++) less[p] = -value[p];
    tp_order(less, count, order, scratch);
    for (int k = 0; k < climbs && k < count; k++) {
        memcpy(at, x + (ptrdiff_t)order[k] * b->n, size);
        double got = climb(h, at, scratch);
        if (!(got > best) || taken(h, at)) continue;
        best = got;
        memcpy(out, at, size);
    }
    for (int k = 0; k < count; k++) {
        const double *p = x + (ptrdiff_t)order[k] * b->n;
        if (!(value[order[k]] > best)) break;
        if (taken(h, p)) continue;
        memcpy(out, p, size);
        return true;
    }
    return best > -INFINITY;
}

/* ---- Thompson's way
 * ------------------------------------------------------------------ */

/* Minus the rank of one draw: its objective where all constraints hold, else
   behind all of these by the sum of what is missed. */
static void draw(const hunt *h, const double *x, int count, double *out,
                 tp_arena scratch)
{
    const tp_bo *b = h->b;
    tp_rng       rng = tp_rng_at(h->aim->seed, 2);
    double      *normal = TP_NEW(&scratch, double, count);
    double      *v = TP_NEW(&scratch, double, count);
    double      *miss = TP_NEW(&scratch, double, count);
    for (int m = b->n_g; m >= 0; m--) {
        const tp_bo_model *model = &b->model[m];
        for (int p = 0; p < count; p++) normal[p] = tp_rng_normal(&rng);
        if (model->flat) continue;
        tp_gp_sample(&model->gp, x, count, normal, v, scratch);
        for (int p = 0; p < count; p++) {
            if (m > 0)
                miss[p] += fmax(0, tp_transform_from(&model->t, v[p]));
            else
                out[p] = -v[p];
        }
    }
    for (int p = 0; p < count; p++) {
        if (miss[p] > 0) out[p] = -1e6 - tp_log(1 + miss[p]);
        out[p] += tp_bo_log_runs(b, x + (ptrdiff_t)p * b->n, NULL, scratch);
    }
}

bool tp_bo_seek(tp_bo *b, const tp_bo_aim *aim, double *x, tp_arena scratch)
{
    hunt h;
    int  count = b->set->candidates;
    bool thompson =
        b->set->acquisition == TP_BO_THOMPSON && aim->kind == TP_BO_EXPLOIT;
    if (thompson && count > DRAWN) count = DRAWN;
    open_hunt(&h, b, aim, &scratch);
    double *at = TP_NEW(&scratch, double, (ptrdiff_t)count * b->n);
    double *value = TP_NEW(&scratch, double, count);
    cloud(&h, at, count, scratch);
    if (thompson) {
        draw(&h, at, count, value, scratch);
        for (int i = 0; i < b->n; i++) h.fixed[i] = true; /* no climbing */
    } else
        acquire(&h, at, count, value, scratch);
    return best_of(&h, at, value, count, x, scratch);
}

/* ---- what is thought of a point
 * -------------------------------------------------------- */

void tp_bo_judge(const tp_bo *b, tp_bo_ask *ask, tp_arena scratch)
{
    const tp_bo_model *f = &b->model[0];
    double             mean, variance, slope[2], sum = 0;
    ask->seen = true;
    ask->runs = tp_exp(tp_bo_log_runs(b, ask->x, NULL, scratch));
    for (int m = 1; m <= b->n_g; m++) {
        const tp_bo_model *g = &b->model[m];
        if (g->flat) {
            sum += b->trial[b->best].g[m - 1] > 0 ? -745 : 0;
            continue;
        }
        tp_gp_predict(&g->gp, ask->x, 1, &mean, &variance, scratch);
        sum += log_below(tp_transform_to(&g->t, 0), mean, variance, slope);
    }
    ask->feasible = tp_exp(sum);
    ask->f = b->trial[b->best].p.f;
    if (f->flat) return;
    tp_gp_predict(&f->gp, ask->x, 1, &mean, &variance, scratch);
    double s = sqrt(variance);
    ask->f = tp_transform_from(&f->t, mean);
    ask->f_sigma = 0.5 * (tp_transform_from(&f->t, mean + s) -
                          tp_transform_from(&f->t, mean - s));
}
