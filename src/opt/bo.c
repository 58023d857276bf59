/* bo: Bayesian optimisation with constraints. A Gaussian process for the
   objective and one for each constraint; inside a trust region three times,
   anywhere the fourth time; by turns while nothing is feasible. Points that
   are out are believed to give what is predicted. After `handover` trials the
   differential evolution of lshade goes on. */
#include "opt/bo.h"
#include "opt/own.h"

#include <math.h>
#include <string.h>

static const char *const presets[] = {"balanced", "innovate", "harden",
                                      "repair-only", NULL};
static const char *const acquisitions[] = {"improvement", "thompson", NULL};

static const tp_param params[] = {
    {.name = "preset",
     .type = TP_CHOICE,
     .at = offsetof(tp_bo_set, preset),
     .choices = presets,
     .text =
         "balanced: 3 points near the best, then 1 anywhere, by turns while "
         "nothing is feasible and variables are 12 at most. innovate: 1 near "
         "the best, 3 anywhere, the region may lie around a point up to 10 % "
         "worse where less is known, and the first 3 points are simulated in "
         "the first corner only. harden: only within 10 % of the best point's "
         "values, where no constraint may become worse, in the corners of the "
         "last phase from the first trial. "
         "repair-only: the worst constraint is mended by the one variable "
         "that moves it most."},
    {.name = "init",
     .type = TP_INT,
     .at = offsetof(tp_bo_set, init),
     .min = 0,
     .max = 10000,
     .text = "Points before the first model, with the start; 0: variables + 3, "
             "at most 12; innovate 6."},
    {.name = "acquisition",
     .type = TP_CHOICE,
     .at = offsetof(tp_bo_set, acquisition),
     .choices = acquisitions,
     .text = "In the region: expected improvement times the probability of "
             "being feasible, or one draw of all models (Thompson)."},
    {.name = "candidates",
     .type = TP_INT,
     .at = offsetof(tp_bo_set, candidates),
     .def = 512,
     .min = 8,
     .max = 100000,
     .text = "Points of the models that are looked at for each proposal."},
    {.name = "points",
     .type = TP_INT,
     .at = offsetof(tp_bo_set, points),
     .def = 400,
     .min = 8,
     .max = 3000,
     .text = "Trials that the models hold at most: the nearest and a part of "
             "the others."},
    {.name = "refit",
     .type = TP_INT,
     .at = offsetof(tp_bo_set, refit),
     .def = 10,
     .min = 1,
     .max = 1000,
     .text = "Trials between two full fits of the models, at most."},
    {.name = "handover",
     .type = TP_INT,
     .at = offsetof(tp_bo_set, handover),
     .def = 2000,
     .min = 10,
     .max = 1000000,
     .text = "Trials after which lshade goes on with the best of them."},
    {.name = "corners",
     .type = TP_BOOL,
     .at = offsetof(tp_bo_set, corners),
     .def = 1,
     .text = "The models cover all corners: a trial that has lost in one is "
             "not simulated in the others, and a new phase begins with what "
             "is known. Off: whole trials by their worst corner, a new phase "
             "begins anew."},
    {.name = "warp",
     .type = TP_BOOL,
     .at = offsetof(tp_bo_set, warp),
     .def = 1,
     .text = "Variables may be bent where that makes the trials more likely."},
    {.name = "gate",
     .type = TP_BOOL,
     .at = offsetof(tp_bo_set, gate),
     .text = "Ends when the best gains less, over a round of 4 trials, than "
             "1 % twice in a row; innovate 5 % or 30 trials; harden 0.2 % "
             "three times."},
    {0},
};

enum { ROUND = 4, FILL_TRIES = 200, INNOVATE_TRIALS = 30 };
enum { DESIGN_MOST = 12 };

/* ---- points -------------------------------------------------------------- */

int tp_bo_number(const tp_bo *b)
{
    return b->n_trial + b->n_pending;
}

void tp_bo_snap(const tp_bo *b, double *x, tp_arena mem)
{
    const tp_space *space = b->w.opt->space;
    double         *u = TP_NEW(&mem, double, space->n);
    double         *real = TP_NEW(&mem, double, space->n);
    tp_walk_put(&b->w, x, u);
    if (b->discrete) {
        tp_space_real(space, u, real);
        tp_space_unit(space, real, u);
    }
    for (int i = 0; i < b->n; i++) x[i] = fmin(fmax(u[b->w.free[i]], 0), 1);
}

double tp_bo_step(const tp_bo *b, const double *x, int i)
{
    tp_var   one = b->w.opt->space->var[b->w.free[i]];
    tp_space line = {.n = 1, .var = &one};
    double   from, to, unit;
    if (!(one.step > 0) && one.n_list == 0) return 0;
    tp_space_real(&line, &x[i], &from);
    double by = 1e-4;
    for (int k = 0; k < 23; k++, by *= 1.5)
        for (int side = -1; side <= 1; side += 2) {
            double at = fmin(fmax(x[i] + side * by, 0), 1);
            tp_space_real(&line, &at, &to);
            if (to == from) continue;
            tp_space_unit(&line, &to, &unit);
            return fabs(unit - x[i]) * 1.001;
        }
    return 1;
}

/* The next point that fills the box and is not known. */
static bool fill(tp_bo *b, double *x, tp_arena scratch)
{
    for (int k = 0; k < FILL_TRIES; k++) {
        tp_sobol(x, b->n, b->drawn++, 1, b->w.opt->seed);
        for (int i = 0; i < b->n; i++)
            x[i] = b->lo[i] + (b->hi[i] - b->lo[i]) * x[i];
        tp_bo_snap(b, x, scratch);
        if (!tp_bo_known(b, x)) return true;
    }
    return false;
}

/* ---- what comes next ----------------------------------------------------- */

/* The last tenth of a run with a limit polishes. */
static bool at_end(const tp_bo *b)
{
    int most = b->w.opt->stop.planned, last = most / 10;
    if (last > 2 * b->n + 4) last = 2 * b->n + 4;
    int number = tp_bo_number(b) - b->n_earlier;
    return number < most && number >= most - last && b->best >= 0 &&
           tp_walk_feasible(&b->trial[b->best].p);
}

static tp_bo_kind kind_of_turn(const tp_bo *b)
{
    int  turn = tp_bo_number(b) - b->design;
    bool fourth = turn % ROUND == ROUND - 1;
    bool none = !tp_walk_feasible(&b->trial[b->best].p);
    if (at_end(b)) return TP_BO_POLISH;
    if (b->set->preset == TP_BO_HARDEN) return TP_BO_EXPLOIT;
    if (b->set->preset == TP_BO_INNOVATE) fourth = !fourth;
    if (b->set->preset == TP_BO_BALANCED && none && b->n <= TP_BO_FEW)
        fourth = turn % 2 == 1;
    return fourth ? TP_BO_EXPLORE : TP_BO_EXPLOIT;
}

/* Out of the inner half of the region that aim->lo and hi are. */
static void keep_out(const tp_bo *b, tp_bo_aim *aim, tp_arena *mem)
{
    double *lo = TP_NEW(mem, double, b->n), *hi = TP_NEW(mem, double, b->n);
    for (int i = 0; i < b->n; i++) {
        lo[i] = (aim->lo[i] + aim->centre[i]) / 2;
        hi[i] = (aim->hi[i] + aim->centre[i]) / 2;
    }
    aim->not_lo = lo;
    aim->not_hi = hi;
}

/* With 7 to 12 variables only every third point in the region is climbed to:
   the highest expectation lies where little is known. */
static bool stays_level(const tp_bo *b, tp_bo_kind kind)
{
    int  turn = tp_bo_number(b) - b->design;
    bool some = kind == TP_BO_EXPLOIT && b->n > TP_BO_FEW / 2 &&
                b->n <= TP_BO_FEW && b->set->preset == TP_BO_BALANCED;
    return some && turn % ROUND != ROUND - 2;
}

/* By the models; false: nothing new was found. */
static bool propose(tp_bo *b, tp_bo_kind kind, double *x, tp_arena scratch)
{
    double *lo = TP_NEW(&scratch, double, b->n);
    double *hi = TP_NEW(&scratch, double, b->n);
    tp_rng  rng = tp_rng_at(b->w.opt->seed, (uint64_t)tp_bo_number(b));
    int     centre = kind == TP_BO_POLISH ? b->best : tp_bo_region_centre(b);
    tp_bo_region_box(b, kind, lo, hi, scratch);
    tp_bo_aim aim = {.kind = kind,
                     .lo = lo,
                     .hi = hi,
                     .centre = b->trial[centre].p.x,
                     .from = kind == TP_BO_EXPLOIT ? centre : b->best,
                     .level = stays_level(b, kind),
                     .seed = tp_rng_next(&rng)};
    if (kind == TP_BO_EXPLORE && tp_walk_feasible(&b->trial[b->best].p))
        keep_out(b, &aim, &scratch);
    for (int i = 0; i < b->n && kind == TP_BO_EXPLORE; i++) {
        lo[i] = b->lo[i];
        hi[i] = b->hi[i];
    }
    return tp_bo_seek(b, &aim, x, scratch);
}

static tp_ask modelled(tp_bo *b, double *x, tp_bo_kind *kind, tp_arena scratch)
{
    tp_bo_models_update(b, scratch);
    *kind = kind_of_turn(b);
    if (propose(b, *kind, x, scratch)) return TP_ASK_POINT;
    if (*kind != TP_BO_EXPLORE && b->set->preset != TP_BO_HARDEN) {
        *kind = TP_BO_EXPLORE;
        if (propose(b, *kind, x, scratch)) return TP_ASK_POINT;
    }
    *kind = TP_BO_DESIGN;
    if (b->set->preset != TP_BO_HARDEN && fill(b, x, scratch))
        return TP_ASK_POINT;
    if (b->n_pending > 0) return TP_ASK_WAIT;
    b->why = "xtolreached";
    return TP_ASK_DONE;
}

/* A point of the design, or where that is known already another that fills
   the box. */
static bool design(tp_bo *b, double *x, tp_arena scratch)
{
    int k = tp_bo_number(b);
    if (k >= b->design) return fill(b, x, scratch);
    memcpy(x, b->layout + (ptrdiff_t)k * b->n, sizeof *x * (size_t)b->n);
    tp_walk_limit(&b->w, x);
    tp_bo_snap(b, x, scratch);
    return k == 0 || !tp_bo_known(b, x) || fill(b, x, scratch);
}

static tp_ask choose(tp_bo *b, double *x, tp_bo_kind *kind, tp_arena scratch)
{
    *kind = TP_BO_DESIGN;
    if (tp_bo_number(b) > 0 && b->set->preset == TP_BO_REPAIR) {
        *kind = TP_BO_MEND;
        return tp_bo_mend_next(b, x, scratch);
    }
    if (tp_bo_number(b) < b->design || b->n_known < 2 || b->best < 0) {
        if (design(b, x, scratch)) return TP_ASK_POINT;
        if (b->n_pending > 0) return TP_ASK_WAIT;
        b->why = "xtolreached";
        return TP_ASK_DONE;
    }
    if (b->region.fill > 0 && !at_end(b)) {
        b->region.fill--;
        if (fill(b, x, scratch)) return TP_ASK_POINT;
    }
    return modelled(b, x, kind, scratch);
}

/* ---- the handover -------------------------------------------------------- */

/* Tells the child a trial that it did not ask for. */
static void pass_on(tp_bo *b, int trial, tp_arena mem)
{
    const tp_bo_trial *t = &b->trial[trial];
    double            *u = TP_NEW(&mem, double, b->w.opt->space->n);
    tp_obs y = {.ok = t->p.ok, .f = t->p.f, .n_g = b->n_g, .g = t->g};
    tp_walk_put(&b->w, t->p.x, u);
    b->child_ops->tell(&b->child, TP_OPT_FOREIGN_TAG, u, &y);
}

static void hand_over(tp_bo *b, tp_arena scratch)
{
    const tp_opt *o = b->w.opt;
    int          *order = TP_NEW(&scratch, int, b->n_trial);
    b->child = (tp_opt){.space = o->space,
                        .n_g = o->n_g,
                        .stop = o->stop,
                        .seed = o->seed,
                        .mem = tp_arena_open((ptrdiff_t)1 << 32)};
    b->child.stop.planned =
        o->stop.planned > b->n_trial ? o->stop.planned - b->n_trial : 0;
    b->child_ops = &tp_opt_lshade;
    if (tp_opt_settings(&b->child.settings, b->child_ops, TP_S(""),
                        &b->child.mem, NULL) ||
        b->child_ops->init(&b->child, NULL)) {
        b->child_ops = NULL; /* lshade takes whatever bo takes */
        return;
    }
    int n = tp_bo_by_rank(b, order, scratch);
    for (int k = 0; k < n; k++) pass_on(b, order[k], scratch);
}

static tp_ask child_ask(tp_bo *b, double *x, int *child_tag, tp_arena scratch)
{
    double *u = TP_NEW(&scratch, double, b->w.opt->space->n);
    b->child.lo = b->w.opt->lo;
    b->child.hi = b->w.opt->hi;
    tp_ask got = b->child_ops->ask(&b->child, u, child_tag);
    if (got == TP_ASK_DONE) b->why = b->child_ops->finished(&b->child);
    for (int i = 0; i < b->n; i++) x[i] = u[b->w.free[i]];
    return got;
}

/* ---- ask ----------------------------------------------------------------- */

/* The ask that was just made; its tag is its number. */
static tp_bo_ask *record(tp_bo *b, tp_bo_kind kind, const double *x,
                         tp_arena scratch)
{
    tp_arena  *mem = &b->w.opt->mem;
    tp_bo_ask *a = TP_PUSH(mem, b->ask, b->n_ask, b->cap_ask);
    *a = (tp_bo_ask){.kind = kind,
                     .x = TP_NEW(mem, double, b->n),
                     .trial = -1,
                     .centre = -1,
                     .length = b->region.length};
    memcpy(a->x, x, sizeof *x * (size_t)b->n);
    tp_bo_snap(b, a->x, scratch);
    bool by_model = kind == TP_BO_EXPLOIT || kind == TP_BO_EXPLORE ||
                    kind == TP_BO_POLISH ||
                    (kind == TP_BO_MEND && b->mend.axis);
    if (by_model) tp_bo_judge(b, a, scratch);
    if (by_model)
        a->centre = kind == TP_BO_EXPLOIT ? tp_bo_region_centre(b) : b->best;
    if (kind == TP_BO_MEND && !by_model) a->centre = b->mend.base;
    *TP_PUSH(mem, b->pending, b->n_pending, b->cap_pending) = b->n_ask - 1;
    return a;
}

static tp_ask next_point(tp_bo *b, double *x, tp_bo_kind *kind, int *child_tag,
                         tp_arena scratch)
{
    bool evolve = b->n_trial >= b->set->handover && b->n_ok > 0 &&
                  b->set->preset != TP_BO_REPAIR && !at_end(b);
    if (evolve && !b->child_ops) hand_over(b, scratch);
    if (!evolve || !b->child_ops) return choose(b, x, kind, scratch);
    *kind = TP_BO_EVOLVE;
    return child_ask(b, x, child_tag, scratch);
}

static tp_ask ask(tp_opt *o, double *x, int *tag)
{
    tp_bo     *b = o->state;
    tp_bo_kind kind = TP_BO_DESIGN;
    int        child_tag = -1;
    b->w.opt = o;
    if (b->why || (b->n == 0 && b->n_ask > 0)) return TP_ASK_DONE;
    tp_arena scratch = b->scratch;
    double  *point = TP_NEW(&scratch, double, b->n);
    tp_walk_limits(&b->w, b->lo, b->hi);
    tp_ask got = next_point(b, point, &kind, &child_tag, scratch);
    if (got == TP_ASK_POINT) {
        *tag = b->n_ask;
        tp_bo_ask *a = record(b, kind, point, scratch);
        a->child_tag = child_tag;
        tp_walk_put(&b->w, a->x, x);
    }
    return got;
}

/* ---- tell ---------------------------------------------------------------- */

static tp_bo_trial *new_trial(tp_bo *b, tp_bo_kind kind)
{
    tp_arena    *mem = &b->w.opt->mem;
    tp_bo_trial *t = TP_PUSH(mem, b->trial, b->n_trial, b->cap_trial);
    int          parts = b->n_corner * (1 + b->n_g);
    *t = (tp_bo_trial){.kind = kind,
                       .g = TP_NEW(mem, double, b->n_g),
                       .part = TP_NEW(mem, double, parts)};
    for (int i = 0; i < parts; i++) t->part[i] = NAN;
    t->p.x = TP_NEW(mem, double, b->n);
    t->p.df = TP_NEW(mem, double, b->n);
    return t;
}

/* The preset's rule to end, at the end of each round. */
static void gate(tp_bo *b)
{
    static const struct {
        double gain;
        int    rounds, most;
    } rule[] = {{0.01, 2, 0},
                {0.05, 1, INNOVATE_TRIALS},
                {0.002, 3, 0},
                {0, 1000000, 0}};
    int most = rule[b->set->preset].most;
    if (!b->set->gate || b->n_trial < b->design || b->best < 0) return;
    if (most && b->n_trial >= most) b->why = "maxitersreached";
    const tp_walk_point *p = &b->trial[b->best].p;
    if (!tp_walk_feasible(p) || ++b->gate_told % ROUND) return;
    double gain = b->gate_f - p->f;
    bool   small = gain <= rule[b->set->preset].gain * fabs(p->f);
    b->gate_rounds = small ? b->gate_rounds + 1 : 0;
    b->gate_f = p->f;
    if (b->gate_rounds >= rule[b->set->preset].rounds) b->why = "ftolreached";
}

static void tell_child(tp_bo *b, const tp_bo_ask *a, const double *x,
                       const tp_obs *y)
{
    int tag = TP_OPT_FOREIGN_TAG;
    if (!b->child_ops) return;
    if (a && a->kind == TP_BO_EVOLVE) tag = a->child_tag;
    b->child_ops->tell(&b->child, tag, x, y);
}

/* The pending ask of that tag; of a point from outside, the one there. -1. */
static int find_pending(const tp_bo *b, int tag, const double *point)
{
    for (int k = 0; k < b->n_pending; k++) {
        bool there = tag < 0 &&
                     tp_walk_moved(&b->w, point, b->ask[b->pending[k]].x) == 0;
        if (b->pending[k] == tag || there) return k;
    }
    return -1;
}

/* The trial at exactly this point, or -1. */
static int find_trial(const tp_bo *b, const double *point)
{
    for (int i = 0; i < b->n_trial; i++)
        if (tp_walk_moved(&b->w, point, b->trial[i].p.x) == 0) return i;
    return -1;
}

/* What was out is told, or told again, or comes from outside. */
static tp_bo_ask *settle(tp_bo *b, int k)
{
    if (k < 0) return NULL;
    tp_bo_ask *a = &b->ask[b->pending[k]];
    memmove(b->pending + k, b->pending + k + 1,
            sizeof *b->pending * (size_t)(b->n_pending - k - 1));
    b->n_pending--;
    a->trial = b->n_trial;
    return a;
}

static void tell(tp_opt *o, int tag, const double *x, const tp_obs *y)
{
    tp_bo   *b = o->state;
    tp_arena scratch = b->scratch;
    double  *point = TP_NEW(&scratch, double, b->n);
    b->w.opt = o;
    for (int i = 0; i < b->n; i++) point[i] = fmin(fmax(x[b->w.free[i]], 0), 1);
    int k = find_pending(b, tag, point);
    if (k < 0 && tag >= 0) return;
    tp_bo_ask *a = settle(b, k);
    int        again = a ? -1 : find_trial(b, point);
    tp_bo_kind kind = a ? a->kind : TP_BO_FOREIGN;
    bool       earlier = tag == TP_OPT_EARLIER_TAG;
    if (!earlier) b->n_told++;
    if (earlier && again < 0) b->n_earlier++;
    tp_bo_trial *t = again < 0 ? new_trial(b, kind) : &b->trial[again];
    if (!earlier) t->number = b->n_told;
    tp_bo_take(b, t, x, y); /* told again: what it gives now holds */
    if (again >= 0) {
        tp_bo_set_best(b);
        return;
    }
    tp_bo_count(b, b->n_trial - 1);
    tp_bo_region_told(b, b->n_trial - 1);
    tell_child(b, a, x, y);
    gate(b);
}

static const char *finished(const tp_opt *o)
{
    const tp_bo *b = o->state;
    if (b->n == 0 && b->n_trial > 0) return "xtolreached";
    return b->why;
}

void tp_bo_child_close(tp_bo *b)
{
    if (!b->child.mem.base) return;
    if (b->child_ops) b->child_ops->close(&b->child);
    tp_arena_close(&b->child.mem);
    b->child_ops = NULL;
}

static void close(tp_opt *o)
{
    tp_bo *b = o->state;
    if (!b) return;
    tp_bo_child_close(b);
    tp_arena_close(&b->scratch);
    o->state = NULL;
}

/* ---- init ---------------------------------------------------------------- */

static int design_size(const tp_bo *b)
{
    int most = b->w.opt->stop.planned, n = b->n + 3;
    if (b->set->init > 0) return b->set->init;
    if (b->set->preset == TP_BO_INNOVATE) return 6;
    if (n > DESIGN_MOST) n = DESIGN_MOST;
    if (most > 0 && n > most / 3) n = most / 3;
    return n > 2 ? n : 2;
}

/* The start, then a Latin hypercube; for harden in its own small box. */
static void lay_out(tp_bo *b)
{
    tp_arena scratch = b->scratch;
    tp_rng   rng = tp_rng_at(b->w.opt->seed, 0);
    b->design = design_size(b);
    b->layout = TP_NEW(&b->w.opt->mem, double, (ptrdiff_t)b->design * b->n);
    memcpy(b->layout, b->w.start, sizeof(double) * (size_t)b->n);
    tp_latin(b->layout + b->n, b->n, b->design - 1, &rng, scratch);
    if (b->set->preset != TP_BO_HARDEN) return;
    double *lo = TP_NEW(&scratch, double, b->n);
    double *hi = TP_NEW(&scratch, double, b->n);
    tp_bo_tenth(b, b->w.start, lo, hi, scratch);
    for (int k = 1; k < b->design; k++)
        for (int i = 0; i < b->n; i++) {
            double *v = b->layout + (ptrdiff_t)k * b->n + i;
            *v = lo[i] + (hi[i] - lo[i]) * *v;
        }
}

static tp_status init(tp_opt *o, tp_err *err)
{
    tp_bo *b = TP_NEW(&o->mem, tp_bo, 1);
    TP_TRY(tp_walk_on(&b->w, o, err));
    b->set = o->settings;
    b->n = b->w.n;
    b->n_g = o->n_g;
    b->best = -1;
    b->n_told = o->n_before;
    b->mend.spec = -1;
    b->gate_f = INFINITY;
    if (b->set->preset == TP_BO_REPAIR && o->n_g == 0)
        return tp_fail(err, TP_BAD_INPUT,
                       "bo: preset repair-only has no constraint to repair");
    for (int i = 0; i < b->n; i++) {
        const tp_var *v = &o->space->var[b->w.free[i]];
        if (v->step > 0 || v->n_list > 0) b->discrete = true;
    }
    b->scratch = tp_arena_open((ptrdiff_t)1 << 32);
    b->lo = TP_NEW(&o->mem, double, b->n);
    b->hi = TP_NEW(&o->mem, double, b->n);
    if (!b->set->corners) o->n_corner = 0;
    tp_bo_corners_open(b);
    o->last = b->set->preset == TP_BO_HARDEN;
    o->ends = b->set->preset == TP_BO_REPAIR || b->set->gate;
    tp_bo_region_open(b);
    if (b->n > 0) {
        tp_bo_models_open(b);
        lay_out(b);
    }
    o->state = b;
    return TP_OK;
}

const tp_opt_ops tp_opt_bo = {
    .name = "bo",
    .aliases = "BAYES",
    .summary = "Gaussian processes of objective and constraints; few trials",
    .source = "Eriksson and Poloczek, AISTATS 2021 (SCBO); Hvarfner et al., "
              "ICML 2024 (priors); Ament et al., NeurIPS 2023 (acquisition)",
    .can = TP_OPT_CONSTRAINTS | TP_OPT_NEEDS_BOUNDS | TP_OPT_GLOBAL |
           TP_OPT_RANDOM | TP_OPT_PARALLEL | TP_OPT_ENDLESS | TP_OPT_FOREIGN |
           TP_OPT_THOROUGH,
    .window = 4,
    .settings_size = sizeof(tp_bo_set),
    .params = params,
    .init = init,
    .ask = ask,
    .tell = tell,
    .finished = finished,
    .close = close,
    .bound = tp_bo_bound,
    .why = tp_bo_why,
    .raise = tp_bo_raise,
    .drawn = tp_bo_drawn,
};
