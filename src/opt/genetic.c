/* Simple genetic algorithm (Goldberg, Genetic Algorithms in Search,
   Optimization and Machine Learning, 1989, chapter 3), as a method of SPICE
   OPUS's optimize: bit strings, roulette wheel on linearly scaled fitness,
   one-point crossover, bit mutation; children replace their parents. A
   generation is asked at once. The first one is random but for the start
   point, which is asked as it is and lives on as the nearest string. */
#include "opt/own.h"
#include "opt/walk.h"

#include <math.h>
#include <string.h>

enum { BINARY, GRAY };

typedef struct settings {
    int    popsize, lchrom, maxgen;
    double pcross, pmutation; /* < 0: one bit of a string */
    double scaling;
    int    coding;
    bool   elitism;
} settings;

static const char *const codings[] = {"binary", "gray", NULL};

static const tp_param params[] = {
    {.name = "popsize",
     .type = TP_INT,
     .at = offsetof(settings, popsize),
     .def = 50,
     .min = 2,
     .max = 10000,
     .text = "Population, an even number (SPICE OPUS manual; default ours)."},
    {.name = "lchrom",
     .type = TP_INT,
     .at = offsetof(settings, lchrom),
     .def = 2,
     .min = 1,
     .max = 4,
     .unit = "byte",
     .text = "Bytes that code a variable (SPICE OPUS manual; default ours)."},
    {.name = "maxgen",
     .type = TP_INT,
     .at = offsetof(settings, maxgen),
     .def = 100,
     .min = 1,
     .max = 1000000,
     .text = "Generations, with the first (SPICE OPUS manual; default ours)."},
    {.name = "pcross",
     .type = TP_REAL,
     .at = offsetof(settings, pcross),
     .def = 0.6,
     .min = 0,
     .max = 1,
     .text = "Crossover probability (Goldberg 1989)."},
    {.name = "pmutation",
     .type = TP_REAL,
     .at = offsetof(settings, pmutation),
     .def = -1,
     .min = -1,
     .max = 1,
     .text = "Mutation probability of a bit; below 0: one bit of an individual "
             "on average (SPICE OPUS manual; default ours)."},
    {.name = "scaling",
     .type = TP_REAL,
     .at = offsetof(settings, scaling),
     .def = 2,
     .min = 1.001,
     .max = 100,
     .text = "Copies expected of the best individual (Goldberg 1989)."},
    {.name = "coding",
     .type = TP_CHOICE,
     .at = offsetof(settings, coding),
     .choices = codings,
     .text = "How bits code a value (SPICE OPUS manual)."},
    {.name = "elitism",
     .type = TP_BOOL,
     .at = offsetof(settings, elitism),
     .text = "The best individual is copied to the next generation (SPICE OPUS "
             "manual)."},
    {0},
};

typedef struct breed {
    tp_walk              *w;
    const settings       *set;
    int                   n, bits; /* variables; bits of each */
    double                pmutation;
    tp_walk_point        *p, *next;     /* a generation and its children */
    uint32_t             *code, *young; /* popsize x n, as coded */
    double               *fitness;
    const tp_walk_point **rival; /* one for each child */
} breed;

/* ---- coding ------------------------------------------------------------ */

static double levels(const breed *b)
{
    return (double)((UINT64_C(1) << b->bits) - 1);
}

static uint32_t encode(const breed *b, double x)
{
    uint32_t v = (uint32_t)(x * levels(b) + 0.5);
    return b->set->coding == GRAY ? v ^ v >> 1 : v;
}

/* The string of the j-th individual. */
static uint32_t *string(const breed *b, uint32_t *code, int j)
{
    return code + (ptrdiff_t)j * b->n;
}

static double decode(const breed *b, uint32_t v)
{
    if (b->set->coding == GRAY)
        for (int shift = 1; shift < 32; shift *= 2) v ^= v >> shift;
    return v / levels(b);
}

/* The strings of what was simulated, which may lie on a grid. */
static void encode_all(const breed *b, const tp_walk_point *p, uint32_t *code)
{
    for (int j = 0; j < b->set->popsize; j++)
        for (int i = 0; i < b->n; i++)
            string(b, code, j)[i] = encode(b, p[j].x[i]);
}

/* ---- selection --------------------------------------------------------- */

/* What is minimised: f of feasible ones; while there are none, the miss.
   False: the individual has none. */
static bool cost_of(const tp_walk_point *p, bool any, double *cost)
{
    *cost = any ? p->f : p->miss;
    return any ? tp_walk_feasible(p) : p->ok;
}

/* Raw fitness: how far below the worst. 0 for those without a cost. */
static void set_raw(breed *b, bool any)
{
    double worst = -INFINITY, cost;
    for (int j = 0; j < b->set->popsize; j++)
        if (cost_of(&b->p[j], any, &cost)) worst = fmax(worst, cost);
    for (int j = 0; j < b->set->popsize; j++) {
        bool has = cost_of(&b->p[j], any, &cost);
        b->fitness[j] = has ? fmin(worst - cost, 1e300 / b->set->popsize) : 0;
    }
}

/* Goldberg's linear scaling a*f + b keeps the mean and takes the best to
   `scaling` times the mean, or the least to 0 when it would fall below. */
static void scale(double *fitness, int n, double scaling)
{
    double sum = 0, least = INFINITY, most = 0, a = 1;
    for (int j = 0; j < n; j++) {
        sum += fitness[j] / n;
        least = fmin(least, fitness[j]);
        most = fmax(most, fitness[j]);
    }
    if (!(most > sum)) return; /* all equal */
    a = (scaling - 1) * sum / (most - sum);
    if (sum + a * (least - sum) < 0) a = sum / (sum - least);
    for (int j = 0; j < n; j++)
        fitness[j] = fmax(0, sum + a * (fitness[j] - sum));
}

static void set_fitness(breed *b)
{
    bool any = false;
    int  n = b->set->popsize;
    for (int j = 0; j < n; j++) any = any || tp_walk_feasible(&b->p[j]);
    set_raw(b, any);
    scale(b->fitness, n, b->set->scaling);
    double cost;
    for (int j = 0; j < n; j++)
        if (!cost_of(&b->p[j], any, &cost)) b->fitness[j] = 0;
}

/* Roulette wheel; with nothing on it, anyone. */
static int pick(const breed *b, tp_rng *rng)
{
    int    n = b->set->popsize;
    double sum = 0, at = 0;
    for (int j = 0; j < n; j++) sum += b->fitness[j];
    if (!(sum > 0)) return tp_rng_below(rng, n);
    double stop = sum * tp_rng_uniform(rng);
    for (int j = 0; j < n; j++) {
        at += b->fitness[j];
        if (stop < at) return j;
    }
    return n - 1;
}

/* ---- children ---------------------------------------------------------- */

/* Bits from `cut` on change sides; the string is n words of `bits` bits, the
   highest bit of a word first. */
static void cross(const breed *b, int cut, uint32_t *x, uint32_t *y)
{
    for (int i = cut / b->bits; i < b->n; i++) {
        int      keep = i == cut / b->bits ? cut % b->bits : 0;
        uint32_t low = (uint32_t)((UINT64_C(1) << (b->bits - keep)) - 1);
        uint32_t swap = (x[i] ^ y[i]) & low;
        x[i] ^= swap;
        y[i] ^= swap;
    }
}

static void mutate(const breed *b, uint32_t *x, tp_rng *rng)
{
    for (int i = 0; i < b->n; i++)
        for (int bit = 0; bit < b->bits; bit++)
            if (tp_rng_uniform(rng) < b->pmutation) x[i] ^= UINT32_C(1) << bit;
}

/* Two parents' strings, crossed or not, mutated. */
static void mate(const breed *b, uint32_t *x, uint32_t *y)
{
    tp_rng rng = tp_walk_rng(b->w);
    size_t size = sizeof *x * (size_t)b->n;
    int    cut = 1;
    memcpy(x, string(b, b->code, pick(b, &rng)), size);
    memcpy(y, string(b, b->code, pick(b, &rng)), size);
    bool crossed = tp_rng_uniform(&rng) < b->set->pcross;
    if (b->n * b->bits > 1) cut += tp_rng_below(&rng, b->n * b->bits - 1);
    if (crossed) cross(b, cut, x, y);
    mutate(b, x, &rng);
    mutate(b, y, &rng);
}

static int best_of(const breed *b)
{
    int best = 0;
    for (int j = 1; j < b->set->popsize; j++)
        if (tp_walk_rank(&b->p[j], &b->p[best]) < 0) best = j;
    return best;
}

/* With a feasible elite an infeasible child has no fitness, however little it
   misses; what a feasible one costs counts. */
static const tp_walk_point *const *rivals(const breed *b)
{
    static const tp_walk_point feasible = {.ok = true, .f = INFINITY};
    bool elite = b->set->elitism && tp_walk_feasible(&b->next[0]);
    for (int j = 0; j < b->set->popsize; j++)
        b->rival[j] = elite ? &feasible : NULL;
    return b->rival;
}

/* The next generation in p. With elitism its first is the best so far, which
   need not be asked again. */
static bool next_generation(breed *b)
{
    int elite = b->set->elitism, many = b->set->popsize;
    set_fitness(b);
    for (int j = 0; j < many; j += 2)
        mate(b, string(b, b->young, j), string(b, b->young, j + 1));
    for (int j = 0; j < many; j++)
        for (int i = 0; i < b->n; i++)
            b->next[j].x[i] = decode(b, string(b, b->young, j)[i]);
    if (elite) tp_walk_copy(b->w, &b->next[0], &b->p[best_of(b)]);
    if (!tp_walk_eval_against(b->w, b->next + elite, many - elite, rivals(b)))
        return false;
    tp_walk_point *swap = b->p;
    b->p = b->next;
    b->next = swap;
    encode_all(b, b->p, b->code);
    return true;
}

static bool first_generation(breed *b)
{
    memcpy(b->p[0].x, b->w->start, sizeof(double) * (size_t)b->n);
    for (int j = 1; j < b->set->popsize; j++) {
        tp_rng rng = tp_walk_rng(b->w);
        for (int i = 0; i < b->n; i++)
            b->p[j].x[i] = decode(b, encode(b, tp_rng_uniform(&rng)));
    }
    if (!tp_walk_eval(b->w, b->p, b->set->popsize)) return false;
    encode_all(b, b->p, b->code);
    return true;
}

static void body(tp_walk *w)
{
    const settings *set = w->opt->settings;
    tp_arena       *mem = &w->opt->mem;
    breed b = {.w = w, .set = set, .n = w->n, .bits = 8 * set->lchrom};
    b.pmutation = set->pmutation < 0 ? 1.0 / (b.n * b.bits) : set->pmutation;
    b.p = tp_walk_points(w, set->popsize);
    b.next = tp_walk_points(w, set->popsize);
    b.code = TP_NEW(mem, uint32_t, (ptrdiff_t)set->popsize * b.n);
    b.young = TP_NEW(mem, uint32_t, (ptrdiff_t)set->popsize * b.n);
    b.fitness = TP_NEW(mem, double, set->popsize);
    b.rival = TP_NEW(mem, const tp_walk_point *, set->popsize);
    if (!first_generation(&b)) return;
    for (int g = 1; g < set->maxgen; g++)
        if (!next_generation(&b)) return;
    w->why = "last generation made";
}

static tp_status init(tp_opt *o, tp_err *err)
{
    const settings *set = o->settings;
    if (set->popsize % 2)
        return tp_fail(err, TP_BAD_INPUT,
                       "genetic: popsize: %d is not an even number",
                       set->popsize);
    return tp_walk_init(o, body, err);
}

const tp_opt_ops tp_opt_genetic = {
    .name = "genetic",
    .aliases = "SGA",
    .summary = "simple genetic algorithm on bit strings",
    .source = "Goldberg, Genetic Algorithms, 1989; SPICE OPUS manual",
    .can = TP_OPT_CONSTRAINTS | TP_OPT_NEEDS_BOUNDS | TP_OPT_GLOBAL |
           TP_OPT_RANDOM | TP_OPT_PARALLEL,
    .window = 16,
    .settings_size = sizeof(settings),
    .params = params,
    .init = init,
    TP_WALK_OPS,
    .bound = tp_walk_bound,
};
