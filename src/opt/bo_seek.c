/* Where the acquisition is highest: the logarithm of the expected improvement
   (Jones 1998; Ament 2023) times the probability that every constraint holds
   (Schonlau 1998; Gardner 2014) and that the trial gives numbers. While nothing
   is feasible: in the trust region the least violation that is expected,
   anywhere else that probability alone. A cloud of candidates, then L-BFGS from
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
    bool             drawn;   /* values are a draw: there is no slope */
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

/* ---- the acquisition ----------------------------------------------------- */

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

/* Of two corners the one where less is to be hoped decides. */
static bool is_worse(const hunt *h, double part, double than)
{
    return h->descend ? part > than : part < than;
}

/* The parts of model m at many points, in the corner that decides each. */
static void add_parts(const hunt *h, int m, const double *x, int count,
                      double *out, tp_arena scratch)
{
    const tp_bo *b = h->b;
    double      *mean = TP_NEW(&scratch, double, count), slope[2];
    double      *variance = TP_NEW(&scratch, double, count);
    double      *worst = TP_NEW(&scratch, double, count);
    for (int k = 0; k < b->n_on; k++) {
        tp_bo_at at = {m, b->on[k], x, count};
        tp_bo_predict(b, &at, mean, variance, scratch);
        for (int p = 0; p < count; p++) {
            double v = part(h, m, mean[p], variance[p], slope);
            if (k == 0 || is_worse(h, v, worst[p])) worst[p] = v;
        }
    }
    for (int p = 0; p < count; p++) out[p] += worst[p];
}

/* The acquisition of many points. */
static void acquire(const hunt *h, const double *x, int count, double *out,
                    tp_arena scratch)
{
    const tp_bo *b = h->b;
    double       by_sum;
    for (int p = 0; p < count; p++) out[p] = 0;
    for (int m = 0; m <= b->n_g; m++)
        if (counts(h, m)) add_parts(h, m, x, count, out, scratch);
    for (int p = 0; p < count; p++)
        out[p] = whole(h, out[p], &by_sum) +
                 tp_bo_log_runs(b, x + (ptrdiff_t)p * b->n, NULL, scratch);
}

/* The corner that decides model m's part at one point. */
static int deciding(const hunt *h, int m, const double *x, tp_arena scratch)
{
    const tp_bo *b = h->b;
    int          at = b->on[0];
    double       worst = 0;
    for (int k = 0; k < b->n_on && b->n_on > 1; k++) {
        double   mean, variance, slope[2];
        tp_bo_at where = {m, b->on[k], x, 1};
        tp_bo_predict(b, &where, &mean, &variance, scratch);
        double v = part(h, m, mean, variance, slope);
        if (k > 0 && !is_worse(h, v, worst)) continue;
        worst = v;
        at = b->on[k];
    }
    return at;
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
        tp_bo_at at = {m, deciding(h, m, x, scratch), x, 1};
        tp_bo_gradient(b, &at, &s, scratch);
        sum += part(h, m, s.mean, s.variance, slope);
        tp_axpy(slope[0], s.d_mean, d, b->n);
        tp_axpy(slope[1], s.d_variance, d, b->n);
    }
    double value = whole(h, sum, &by_sum) + tp_bo_log_runs(b, x, runs, scratch);
    for (int i = 0; i < b->n; i++) g[i] = -by_sum * d[i] - runs[i];
    return -value;
}

/* ---- what it is measured against ----------------------------------------- */

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

/* What model m predicts at the points, of the worst corner. */
static void worst_means(const tp_bo *b, int m, const double *x, int count,
                        double *out, tp_arena scratch)
{
    double *mean = TP_NEW(&scratch, double, count);
    for (int k = 0; k < b->n_on; k++) {
        tp_bo_at at = {m, b->on[k], x, count};
        tp_bo_predict(b, &at, mean, NULL, scratch);
        for (int p = 0; p < count; p++)
            out[p] = k ? fmax(out[p], mean[p]) : mean[p];
    }
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
        worst_means(b, m, x, n, g, scratch);
        for (int k = 0; k < n; k++)
            if (g[k] > h->limit[m - 1]) fine[k] = false;
    }
    if (b->model[0].flat) return;
    worst_means(b, 0, x, n, f, scratch);
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

/* ---- the cloud ----------------------------------------------------------- */

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

static bool all_fixed(const hunt *h)
{
    for (int i = 0; i < h->b->n; i++)
        if (!h->fixed[i]) return false;
    return true;
}

/* From x uphill, in the box of the aim; with `stay` the variables on a grid
   are not moved. */
static double ascend(hunt *h, double *x, bool stay, tp_arena scratch)
{
    const tp_bo *b = h->b;
    for (int i = 0; i < b->n; i++) {
        bool moves = !stay || !h->fixed[i];
        h->lo[i] = moves ? h->aim->lo[i] : x[i];
        h->hi[i] = moves ? h->aim->hi[i] : x[i];
    }
    if (stay && all_fixed(h))
        return -descend(h, x, TP_NEW(&scratch, double, b->n), scratch);
    tp_box box = {b->n, h->lo, h->hi, CLIMB_STEPS, 1e-7};
    return -tp_minimise(descend, h, &box, x, scratch);
}

/* As if there were no grid, and from the nearest point of it on. */
static double climb(hunt *h, double *x, bool across, tp_arena scratch)
{
    if (across) {
        ascend(h, x, false, scratch);
        tp_bo_snap(h->b, x, scratch);
    }
    return ascend(h, x, true, scratch);
}

/* The best that is climbed to from the first points of the order, not known
   before; minus infinity: none. */
static double reach(hunt *h, const double *x, const int *order, double *out,
                    tp_arena scratch)
{
    const tp_bo *b = h->b;
    double      *at = TP_NEW(&scratch, double, b->n), best = -INFINITY;
    size_t       size = sizeof *x * (size_t)b->n;
    bool         grids = b->discrete && b->n <= TP_BO_FEW;
    for (int k = 0; k < 2 * CLIMBS; k++) {
        bool across = k % 2;
        if (across ? !grids : all_fixed(h)) continue;
        memcpy(at, x + (ptrdiff_t)order[k / 2] * b->n, size);
        double got = climb(h, at, across, scratch);
        if (!(got > best) || taken(h, at)) continue;
        best = got;
        memcpy(out, at, size);
    }
    return best;
}

/* The best of the cloud and of what is reached from it, not known before. */
static bool best_of(hunt *h, double *x, const double *value, int count,
                    double *out, tp_arena scratch)
{
    bool    climbs = !h->aim->level && !h->drawn;
    int    *order = TP_NEW(&scratch, int, count);
    double *less = TP_NEW(&scratch, double, count), best = -INFINITY;
    for (int p = 0; p < count; p++) less[p] = -value[p];
    tp_order(less, count, order, scratch);
    if (climbs) best = reach(h, x, order, out, scratch);
    for (int k = 0; k < count; k++) {
        const double *p = x + (ptrdiff_t)order[k] * h->b->n;
        if (!(value[order[k]] > best)) break;
        if (taken(h, p)) continue;
        memcpy(out, p, sizeof *x * (size_t)h->b->n);
        return true;
    }
    return best > -INFINITY;
}

/* ---- Thompson's way ------------------------------------------------------ */

/* One draw of model m in all wanted corners, the worst of each point. */
static void draw_worst(const tp_bo *b, const tp_bo_at *what, double *out,
                       tp_rng *rng, tp_arena scratch)
{
    int     count = what->count, all = count * b->n_on, d = b->n + b->n_place;
    double *normal = TP_NEW(&scratch, double, all);
    double *v = TP_NEW(&scratch, double, all);
    double *x = TP_NEW(&scratch, double, (ptrdiff_t)all *d);
    for (int p = 0; p < all; p++) normal[p] = tp_rng_normal(rng);
    if (b->model[what->model].flat) return;
    for (int k = 0; k < b->n_on; k++) {
        tp_bo_at at = {what->model, b->on[k], what->x, count};
        memcpy(x + (ptrdiff_t)k * count * d, tp_bo_placed(b, &at, &scratch),
               sizeof *x * (size_t)count * (size_t)d);
    }
    tp_gp_sample(&b->model[what->model].gp, x, all, normal, v, scratch);
    for (int p = 0; p < all; p++)
        out[p % count] = p < count ? v[p] : fmax(out[p % count], v[p]);
}

/* Minus the rank of one draw: its objective where all constraints hold, else
   behind all of these by the sum of what is missed. */
static void draw(const hunt *h, const double *x, int count, double *out,
                 tp_arena scratch)
{
    const tp_bo *b = h->b;
    tp_rng       rng = tp_rng_at(h->aim->seed, 2);
    double      *v = TP_NEW(&scratch, double, count);
    double      *miss = TP_NEW(&scratch, double, count);
    for (int m = b->n_g; m >= 0; m--) {
        const tp_bo_model *model = &b->model[m];
        tp_bo_at           what = {m, 0, x, count};
        draw_worst(b, &what, v, &rng, scratch);
        if (model->flat) continue;
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
    h.drawn = thompson;
    if (thompson)
        draw(&h, at, count, value, scratch);
    else
        acquire(&h, at, count, value, scratch);
    return best_of(&h, at, value, count, x, scratch);
}

/* ---- what is thought of a point ------------------------------------------ */

/* The probability, as a logarithm, that the limit of constraint m holds in one
   corner. */
static double log_met(const tp_bo *b, int m, int corner, const double *x,
                      tp_arena scratch)
{
    const tp_bo_model *g = &b->model[m];
    double             mean, variance, slope[2];
    tp_bo_at           at = {m, corner, x, 1};
    if (g->flat)
        return tp_bo_part(b, &b->trial[b->best], corner, m) > 0 ? -745 : 0;
    tp_bo_predict(b, &at, &mean, &variance, scratch);
    return log_below(tp_transform_to(&g->t, 0), mean, variance, slope);
}

/* Feasible where every constraint holds in the corner that decides it; a corner
   comes first the less all of them are expected to hold there. */
static void judge_limits(const tp_bo *b, tp_bo_ask *ask, tp_arena scratch)
{
    double sum = 0;
    for (int m = 1; m <= b->n_g; m++) {
        double worst = 0;
        for (int k = 0; k < b->n_on; k++) {
            double met = log_met(b, m, b->on[k], ask->x, scratch);
            if (ask->first) ask->first[b->on[k]] -= met;
            worst = fmin(worst, met);
        }
        sum += worst;
    }
    ask->feasible = tp_exp(sum);
}

/* The objective where it is expected to be worst; with something feasible to
   be beaten, a corner comes first the less it is expected to be there. */
static void judge_objective(const tp_bo *b, tp_bo_ask *ask, double *mean,
                            double *variance, tp_arena scratch)
{
    const tp_bo_model   *f = &b->model[0];
    const tp_walk_point *best = &b->trial[b->best].p;
    for (int k = 0; k < b->n_on; k++) {
        double   m, v, slope[2];
        tp_bo_at at = {0, b->on[k], ask->x, 1};
        tp_bo_predict(b, &at, &m, &v, scratch);
        if (ask->first && tp_walk_feasible(best))
            ask->first[b->on[k]] -=
                log_below(tp_transform_to(&f->t, best->f), m, v, slope);
        if (k > 0 && m <= *mean) continue;
        *mean = m;
        *variance = v;
    }
}

void tp_bo_judge(const tp_bo *b, tp_bo_ask *ask, tp_arena scratch)
{
    const tp_bo_model *f = &b->model[0];
    double             mean = 0, variance = 0;
    ask->seen = true;
    ask->runs = tp_exp(tp_bo_log_runs(b, ask->x, NULL, scratch));
    if (b->n_on > 1) ask->first = TP_NEW(&b->w.opt->mem, double, b->n_corner);
    judge_limits(b, ask, scratch);
    ask->f = b->trial[b->best].p.f;
    if (f->flat) return;
    judge_objective(b, ask, &mean, &variance, scratch);
    double s = sqrt(variance);
    ask->f = tp_transform_from(&f->t, mean);
    ask->f_sigma = 0.5 * (tp_transform_from(&f->t, mean + s) -
                          tp_transform_from(&f->t, mean - s));
}
