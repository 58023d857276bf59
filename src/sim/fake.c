/* fake: waves out of formulas, and every kind of trouble on demand, so that
   what stands on simulators can be tested fast and exactly.

   With parameters p0, p1, ... (p1 is 1 where there is one only) each plot has
   the vectors
     out   ac: p0 / (1 + j f / p1)     f 1 to 1e6, `points` a decade
           tran: p0 (1 - exp(-t / p1)) t 0 to 1, `points` steps
           else: p0 x + p1             x 0 to 1, `points` steps; op: x = 1
     sum   (p0 - 1)^2 + (p1 - 1)^2 + ...
   and one of each parameter's own name.

   A session sees each parameter as a device: `alter p0 = 2` sets it until the
   next reset, `alterparam p0 = 2` from there on, "@p0[value]" is its value. At
   first all are 1. */
#include "sim/parts.h"

#include <complex.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

struct settings {
    tp_str trouble;
    double seconds;
    int    points;
};

static const tp_param params[] = {
    {.name = "trouble",
     .type = TP_TEXT,
     .at = offsetof(struct settings, trouble),
     .text_def = "",
     .text = "What goes wrong where: words like 'crash:a<3' with crash, hang, "
             "sleep, exit, fail, diverge, nan or lost, a parameter, '<' or "
             "'>', and a number."},
    {.name = "seconds",
     .type = TP_REAL,
     .at = offsetof(struct settings, seconds),
     .def = 1,
     .min = 0,
     .max = 1e6,
     .unit = "s",
     .text = "How long 'sleep' sleeps."},
    {.name = "points",
     .type = TP_INT,
     .at = offsetof(struct settings, points),
     .def = 10,
     .min = 1,
     .max = 100000,
     .text = "Points of a decade or of a sweep."},
    {0},
};

struct state {
    const tp_circuit *c;
    double *deck, *now; /* the parameters as of the last reset, and altered */
    double *pending;    /* for the next reset */
};

/* One run. */
typedef struct job {
    const struct settings *set;
    const tp_circuit      *c;
    const double          *value;
    tp_arena              *mem;
    tp_sim_result         *out;
    bool                   nan, lost;
} job;

/* ---- trouble ----------------------------------------------------- */

static void crash(job *j)
{
    (void)j;
    signal(SIGSEGV, SIG_DFL);
    raise(SIGSEGV);
}

static void hang(job *j)
{
    (void)j;
    for (volatile bool on = true; on;) continue;
}

static void sleep_on(job *j)
{
    double          s = j->set->seconds;
    struct timespec t = {(time_t)s, (long)(1e9 * (s - floor(s)))};
    while (nanosleep(&t, &t) != 0) continue;
}

static void leave(job *j)
{
    (void)j;
    _exit(7);
}

static void go_wrong(job *j)
{
    j->out->how = TP_SIM_FAILED;
    j->out->why = TP_S("fake: told to fail");
}

static void diverge(job *j)
{
    j->out->how = TP_NO_CONVERGENCE;
    j->out->why = TP_S("fake: told not to converge");
}

static void give_nan(job *j)
{
    j->nan = true;
}

static void be_lost(job *j)
{
    j->lost = true;
}

static const struct {
    const char *word;
    void (*act)(job *j);
} troubles[] = {
    {"crash", crash},  {"hang", hang},     {"sleep", sleep_on},
    {"exit", leave},   {"fail", go_wrong}, {"diverge", diverge},
    {"nan", give_nan}, {"lost", be_lost},
};

/* One word of `trouble`, taken apart; false: it is none. */
static bool read_trouble(const tp_circuit *c, tp_str word, int *what, int *par,
                         bool *above, double *limit)
{
    ptrdiff_t colon = tp_str_find(word, ':', 0);
    tp_str    kind = tp_str_part(word, 0, colon < 0 ? 0 : colon);
    word = tp_str_from(word, colon + 1);
    ptrdiff_t at = tp_str_find(word, '<', 0);
    *above = at < 0;
    if (at < 0) at = tp_str_find(word, '>', 0);
    *what = *par = -1;
    for (int i = 0; i < TP_COUNT(troubles); i++)
        if (tp_str_same(kind, tp_str_of(troubles[i].word))) *what = i;
    for (int i = 0; at > 0 && i < c->n_param; i++)
        if (tp_str_same(tp_str_part(word, 0, at), c->param[i])) *par = i;
    return *what >= 0 && *par >= 0 &&
           tp_number_all(tp_str_from(word, at + 1), limit);
}

static void make_trouble(job *j)
{
    tp_str rest = j->set->trouble;
    for (tp_str w; (w = tp_str_word(&rest, " \t")).len > 0;) {
        int    what, par;
        bool   above;
        double limit;
        if (!read_trouble(j->c, w, &what, &par, &above, &limit)) continue;
        double v = j->value[par];
        if (above ? v > limit : v < limit) troubles[what].act(j);
    }
}

/* ---- waves ------------------------------------------------------- */

static double p(const job *j, int i)
{
    return i < j->c->n_param ? j->value[i] : 1;
}

static double complex ac_out(const job *j, double f)
{
    return p(j, 0) / (1 + I * f / p(j, 1));
}

static double complex tran_out(const job *j, double t)
{
    return p(j, 0) * (1 - exp(-t / p(j, 1)));
}

static double complex line_out(const job *j, double x)
{
    return p(j, 0) * x + p(j, 1);
}

static double decades(int i, int points)
{
    return pow(10, (double)i / points);
}

static double linear(int i, int points)
{
    return (double)i / points;
}

static double at_one(int i, int points)
{
    (void)i, (void)points;
    return 1;
}

typedef struct shape {
    const char *kind, *x_name, *x_unit;
    int         decades; /* points: decades * points + 1 */
    bool        complex_out;
    double (*x)(int i, int points);
    double complex (*out)(const job *j, double x);
} shape;
static const shape shapes[] = {
    {"ac", "frequency", "Hz", 6, true, decades, ac_out},
    {"tran", "time", "s", 1, false, linear, tran_out},
    {"op", "", "", 0, false, at_one, line_out},
    {"", "x", "V", 1, false, linear, line_out}, /* everything else */
};

static const shape *shape_of(tp_str kind)
{
    int i = 0;
    while (shapes[i].kind[0] && !tp_str_same(kind, tp_str_of(shapes[i].kind)))
        i++;
    return &shapes[i];
}

static tp_wave constant(const job *j, tp_str name, double v, int n)
{
    double *re = TP_NEW(j->mem, double, n);
    for (int i = 0; i < n; i++) re[i] = v;
    return (tp_wave){.name = name, .unit = TP_S("V"), .n = n, .re = re};
}

static tp_plot plot_of(job *j, tp_str kind)
{
    const shape *sh = shape_of(kind);
    int          n = sh->decades * j->set->points + 1, k = 0;
    bool         swept = sh->x_name[0] != '\0';
    tp_wave     *w = TP_NEW(j->mem, tp_wave, j->c->n_param + 3);
    double      *x = TP_NEW(j->mem, double, n), *re = TP_NEW(j->mem, double, n);
    double      *im = TP_NEW(j->mem, double, n), sum = 0;
    for (int i = 0; i < n; i++) {
        x[i] = sh->x(i, j->set->points);
        double complex v = sh->out(j, x[i]);
        re[i] = j->nan ? NAN : creal(v);
        im[i] = cimag(v);
    }
    for (int i = 0; i < j->c->n_param; i++)
        sum += (j->value[i] - 1) * (j->value[i] - 1);
    if (swept)
        w[k++] = (tp_wave){.name = tp_str_of(sh->x_name),
                           .n = n,
                           .re = x,
                           .unit = tp_str_of(sh->x_unit)};
    w[k++] = (tp_wave){.name = TP_S("out"),
                       .unit = TP_S("V"),
                       .n = n,
                       .re = re,
                       .im = sh->complex_out ? im : NULL};
    w[k++] = constant(j, TP_S("sum"), sum, n);
    for (int i = 0; i < j->c->n_param; i++)
        w[k++] = constant(j, j->c->param[i], j->value[i], n);
    for (int i = 0; swept && i < k; i++) w[i].x = x;
    return (tp_plot){.kind = kind, .n_wave = k, .wave = w, .op = -1};
}

static void make_waves(job *j, const bool *want)
{
    tp_gather g;
    tp_gather_start(&g, j->c, want, j->mem);
    for (int at = 0; at < g.n; at++) {
        int                i = g.of[at];
        const tp_analysis *a = &j->c->analysis[i];
        if (want && !want[i]) continue;
        for (int step = 0; step < tp_steps(a); step++) {
            bool    single = a->sweep.kind != TP_SWEEP_NONE;
            tp_plot got = plot_of(j, single ? TP_S("op") : g.plot[at].kind);
            tp_str  why = tp_gather_put(&g, at, step, &got);
            if (why.len == 0) continue;
            j->out->how = TP_SIM_FAILED;
            j->out->why = why;
            return;
        }
    }
    j->out->waves = (tp_waves){.n = g.n, .plot = g.plot};
}

/* ---- the simulator ----------------------------------------------- */

static tp_status open_fake(tp_sim *sim, tp_err *err)
{
    (void)err;
    sim->state = TP_NEW(&sim->mem, struct state, 1);
    return TP_OK;
}

static tp_status load(tp_sim *sim, const tp_circuit *c, tp_err *err)
{
    struct state          *s = sim->state;
    const struct settings *set = sim->settings;
    tp_str                 rest = set->trouble;
    for (tp_str w; (w = tp_str_word(&rest, " \t")).len > 0;) {
        int    what, par;
        bool   above;
        double limit;
        if (!read_trouble(c, w, &what, &par, &above, &limit))
            return tp_fail(err, TP_BAD_INPUT,
                           "trouble: '%.*s' is not like "
                           "'crash:a<3' with a parameter of the circuit",
                           TP_F(w));
    }
    s->c = c;
    s->deck = TP_NEW(&sim->mem, double, c->n_param);
    s->now = TP_NEW(&sim->mem, double, c->n_param);
    s->pending = TP_NEW(&sim->mem, double, c->n_param);
    for (int i = 0; i < c->n_param; i++)
        s->deck[i] = s->now[i] = s->pending[i] = 1;
    return TP_OK;
}

static tp_status run(tp_sim *sim, const double *value, const bool *want,
                     tp_arena *mem, tp_sim_result *out, tp_err *err)
{
    struct state *s = sim->state;
    double        begun = tp_now();
    job           j = {.set = sim->settings,
                       .c = s->c,
                       .value = value,
                       .mem = mem,
                       .out = out};
    *out = (tp_sim_result){.how = TP_RAN, .why = TP_S("")};
    if (!s->c) return tp_fail(err, TP_SIM, "no circuit is loaded");
    make_trouble(&j);
    if (j.lost) return tp_fail(err, TP_SIM, "fake: told to be lost");
    if (out->how == TP_RAN) make_waves(&j, want);
    for (int i = 0; i < s->c->n_param; i++)
        s->now[i] = s->deck[i] = s->pending[i] = value[i];
    out->seconds = tp_now() - begun;
    return TP_OK;
}

/* ---- commands ---------------------------------------------------- */

static void refuse(job *j, tp_str why)
{
    j->out->how = TP_SIM_FAILED;
    j->out->why = why;
}

static int find(const job *j, tp_str name)
{
    for (int i = 0; i < j->c->n_param; i++)
        if (tp_str_same(j->c->param[i], name)) return i;
    return -1;
}

typedef void act_on(job *j, struct state *s, const tp_command *c);

static void run_analysis(job *j, struct state *s, const tp_command *c)
{
    (void)s;
    tp_plot  got = plot_of(j, c->verb);
    tp_plot *plot = TP_NEW(j->mem, tp_plot, 1);
    *plot = (tp_plot){.kind = c->verb, .op = -1};
    plot->id = plot->ordinal = tp_str_fmt(j->mem, "%.*s1", TP_F(c->verb));
    tp_plot_plain(plot, &got, j->mem);
    j->out->waves = (tp_waves){.n = 1, .plot = plot};
}

static void set(job *j, double *to, const tp_command *c)
{
    int i = find(j, c->name);
    if (i >= 0)
        to[i] = c->value[0];
    else
        refuse(j,
               tp_str_fmt(j->mem, "fake: there is no '%.*s'", TP_F(c->name)));
}

static void run_alter(job *j, struct state *s, const tp_command *c)
{
    set(j, s->now, c);
}

static void run_param(job *j, struct state *s, const tp_command *c)
{
    set(j, s->pending, c);
}

static void run_reset(job *j, struct state *s, const tp_command *c)
{
    (void)c;
    for (int i = 0; i < j->c->n_param; i++)
        s->now[i] = s->deck[i] = s->pending[i];
}

static void run_silently(job *j, struct state *s, const tp_command *c)
{
    (void)j, (void)s, (void)c;
}

static void run_ask(job *j, struct state *s, const tp_command *c)
{
    (void)s;
    j->out->text = tp_str_fmt(j->mem, "fake: %.*s\n", TP_F(c->text));
}

static act_on *const act[] = {
    [TP_COMMAND_ANALYSIS] = run_analysis, [TP_COMMAND_ALTER] = run_alter,
    [TP_COMMAND_MODEL] = run_alter,       [TP_COMMAND_PARAM] = run_param,
    [TP_COMMAND_RESET] = run_reset,       [TP_COMMAND_OPTION] = run_silently,
    [TP_COMMAND_SAVE] = run_silently,     [TP_COMMAND_ASK] = run_ask,
};

static tp_status command(tp_sim *sim, tp_str text, tp_arena *mem,
                         tp_sim_result *out, tp_err *err)
{
    struct state *s = sim->state;
    tp_command    c;
    job           j = {.set = sim->settings,
                       .c = s->c,
                       .value = s->now,
                       .mem = mem,
                       .out = out};
    *out = (tp_sim_result){.how = TP_RAN, .why = TP_S(""), .text = TP_S("")};
    if (!s->c) return tp_fail(err, TP_SIM, "no circuit is loaded");
    tp_str refused = tp_command_read(&c, text, mem);
    if (refused.len > 0) {
        refuse(&j, refused);
        return TP_OK;
    }
    if (c.kind == TP_COMMAND_ANALYSIS) make_trouble(&j);
    if (j.lost) return tp_fail(err, TP_SIM, "fake: told to be lost");
    if (out->how == TP_RAN) act[c.kind](&j, s, &c);
    return TP_OK;
}

static tp_status query(tp_sim *sim, tp_str name, tp_arena *mem, tp_wave *out,
                       tp_err *err)
{
    struct state *s = sim->state;
    job           j = {.c = s->c, .mem = mem};
    tp_str        device, par;
    *out = (tp_wave){0};
    if (!s->c) return tp_fail(err, TP_SIM, "no circuit is loaded");
    int i = -1;
    if (tp_quantity_read(&device, &par, name, mem)) i = find(&j, device);
    if (i >= 0)
        *out = constant(&j, tp_str_copy(mem, name), s->now[i], 1);
    else
        out->name = tp_str_fmt(mem, "fake: there is no '%.*s'", TP_F(name));
    return TP_OK;
}

static void close_fake(tp_sim *sim)
{
    sim->state = NULL;
}

const tp_sim_ops tp_sim_fake = {
    .name = "fake",
    .summary = "waves out of formulas, for tests",
    .apart = true,
    .settings_size = sizeof(struct settings),
    .params = params,
    .open = open_fake,
    .load = load,
    .run = run,
    .close = close_fake,
    .command = command,
    .query = query,
};
