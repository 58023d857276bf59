/* One trial: the simulator at these values, then every measure over its
   waves. A measure without a value is a reading with the reason; where the
   objective or a constraint has none the whole trial says so. */
#include "eval/parts.h"

#include <math.h>

enum { SIM_MEMORY = 1 << 30 };

struct tp_evaluator {
    tp_arena          mem;
    tp_bench_load     load;
    const tp_sim_ops *ops;
    tp_sim            sim;
    tp_arena          sim_mem; /* as it was when empty */
    bool              open;
    const int        *var_of; /* variable that sets parameter i */
    bool              said;   /* the simulator's notices */
};

/* ---- measures ---------------------------------------------------- */

static const tp_plot *plot_of(const tp_bind *b, const tp_waves *w)
{
    if (b->analysis >= w->n) return NULL;
    const tp_plot *p = &w->plot[b->analysis];
    if (!b->op) return p;
    return p->op >= 0 && p->op < w->n ? &w->plot[p->op] : NULL;
}

static const tp_wave *negated(const tp_wave *w, double factor, tp_arena *mem)
{
    tp_wave *out = TP_NEW(mem, tp_wave, 1);
    double  *re = TP_NEW(mem, double, w->n);
    double  *im = w->im ? TP_NEW(mem, double, w->n) : NULL;
    for (int i = 0; i < w->n; i++) re[i] = factor * w->re[i];
    for (int i = 0; im && i < w->n; i++) im[i] = factor * w->im[i];
    *out = *w;
    out->re = re;
    out->im = im;
    return out;
}

/* Why a plot that is there has an empty operating point. */
static tp_str no_point(const tp_plot *p)
{
    if (!tp_str_same(p->kind, TP_S("tran")))
        return TP_S("the simulator gave no operating point");
    return TP_S("a transient with UIC or with a start time above 0 has no "
                "operating point");
}

/* The wave of a signal, its factor applied; NULL and why there is none. */
static const tp_wave *signal_wave(const tp_bind *b, const tp_waves *w,
                                  tp_arena *mem, tp_str *why)
{
    const tp_plot *plot = plot_of(b, w);
    const tp_wave *found = plot ? tp_plot_find(plot, b->signal.vector) : NULL;
    if (!found && b->op && plot && plot->n_wave == 0) {
        *why = no_point(&w->plot[b->analysis]);
        return NULL;
    }
    if (!found) {
        *why = tp_str_fmt(mem, "the simulator gave no '%.*s' (%.*s)%s",
                          TP_F(b->signal.name), TP_F(b->signal.vector),
                          plot && plot->n_wave > 0 ? "" : ": it did not run");
        return NULL;
    }
    if (b->signal.factor != 1) found = negated(found, b->signal.factor, mem);
    tp_wave *out = TP_NEW(mem, tp_wave, 1);
    *out = *found;
    out->name = b->signal.name;
    if (b->signal.unit.len > 0) out->unit = b->signal.unit;
    return out;
}

/* What the binds of a measure are looked up in. */
typedef struct setting {
    const tp_problem *p;
    const tp_waves   *w;
    const double     *x;
    tp_arena         *mem;
} setting;

static tp_value signal_value(const tp_bind *b, const setting *s)
{
    tp_str         why;
    const tp_wave *w = signal_wave(b, s->w, s->mem, &why);
    return w ? tp_value_wave(w) : tp_none(s->mem, "%.*s", TP_F(why));
}

static tp_value data_value(const tp_bind *b, const setting *s)
{
    return tp_value_wave(&s->p->data[b->at].wave);
}

tp_value tp_eval_value(const tp_problem *p, int at, const double *value)
{
    int    k = at - p->space.n; /* of the derived values */
    tp_str unit = {"", 0};
    if (k < 0) unit = p->space.var[at].unit;
    if (k >= 0 && k < p->n_derived) unit = p->derived[k].unit;
    return tp_value_number(value[at], unit);
}

static tp_value var_value(const tp_bind *b, const setting *s)
{
    return tp_eval_value(s->p, b->at, s->x);
}

static tp_value script_value(const tp_bind *b, const setting *s)
{
    (void)b;
    return tp_none(s->mem, "it is known to scripts only");
}

static tp_value (*const bound_value[])(const tp_bind *b, const setting *s) = {
    [TP_BIND_SIGNAL] = signal_value, [TP_BIND_DATA] = data_value,
    [TP_BIND_VAR] = var_value,       [TP_BIND_DIVISIONS] = script_value,
    [TP_BIND_LOCAL] = script_value,  [TP_BIND_MEASURE] = script_value,
};

tp_reading tp_eval_measure(const tp_measure *m, const tp_problem *p,
                           const tp_waves *w, const double *x, tp_arena *mem)
{
    setting   s = {p, w, x, mem};
    tp_value *bound = TP_NEW(mem, tp_value, m->n_bind);
    for (int i = 0; i < m->n_bind; i++)
        bound[i] = bound_value[m->bind[i].kind](&m->bind[i], &s);
    return tp_eval_reading(m, bound, mem);
}

tp_reading tp_eval_reading(const tp_measure *m, const tp_value *bound,
                           tp_arena *mem)
{
    tp_value   v = tp_expr_eval(m->expr, bound, NULL, mem);
    tp_value   one = tp_value_scalar(&v, mem);
    tp_reading r = {.unit = m->unit.len > 0 ? m->unit : one.unit,
                    .why = TP_S("")};
    if (one.kind != TP_NUMBER) {
        r.why = tp_str_of(one.why);
    } else if (!isfinite(one.re)) {
        r.why = tp_str_fmt(mem, "it is %g", one.re);
    } else {
        r.ok = true;
        r.value = one.re;
    }
    return r;
}

/* ---- the evaluator ----------------------------------------------- */

static tp_status start_simulator(tp_evaluator *e, tp_err *err)
{
    e->sim = (tp_sim){.mem = e->sim_mem};
    TP_TRY(tp_sim_start(&e->ops, &e->sim, e->load.simulator, err));
    e->open = true;
    return e->ops->load(&e->sim, &e->load.circuit, err);
}

static void stop_simulator(tp_evaluator *e)
{
    if (e->open) e->ops->close(&e->sim);
    e->open = false;
}

/* Which variable each parameter of the circuit is. */
static tp_status match_params(tp_evaluator *e, tp_err *err)
{
    const tp_circuit *c = &e->load.circuit;
    const tp_space   *s = &e->load.problem.space;
    int              *var_of = TP_NEW(&e->mem, int, c->n_param);
    for (int i = 0; i < c->n_param; i++) {
        int k = 0;
        while (k < s->n && !tp_str_same(s->var[k].name, c->param[i])) k++;
        if (k == s->n)
            return tp_fail(err, TP_BAD_INPUT,
                           "parameter '%.*s' of the circuit "
                           "is no variable",
                           TP_F(c->param[i]));
        var_of[i] = k;
    }
    e->var_of = var_of;
    return TP_OK;
}

tp_status tp_evaluator_open(tp_evaluator **out, tp_str load, tp_err *err)
{
    tp_arena      mem = tp_arena_open(SIM_MEMORY);
    tp_evaluator *e = TP_NEW(&mem, tp_evaluator, 1);
    e->mem = mem;
    e->sim_mem = tp_arena_open(SIM_MEMORY);
    tp_status bad = tp_bench_load_unpack(&e->load, load, &e->mem, err);
    if (!bad) bad = match_params(e, err);
    if (!bad) bad = start_simulator(e, err);
    if (bad)
        tp_evaluator_close(e);
    else
        *out = e;
    return bad;
}

void tp_evaluator_close(tp_evaluator *e)
{
    stop_simulator(e);
    tp_arena_close(&e->sim_mem);
    tp_arena mem = e->mem;
    tp_arena_close(&mem);
}

bool tp_says(tp_str why, const char *words)
{
    return tp_str_has(why, tp_str_of(words));
}

/* Whether the job simulates it. */
static bool is_asked(const tp_want *want, int analysis)
{
    return want->n_only == 0 || want->only[analysis];
}

/* Analyses that somebody reads; all, where nobody reads any: whether they
   simulate is the question then. */
static const bool *wanted(const tp_evaluator *e, const tp_want *more,
                          tp_arena *mem)
{
    const tp_problem *p = &e->load.problem;
    bool             *want = TP_NEW(mem, bool, e->load.circuit.n_analysis);
    if (more->all || p->n_measure + more->n == 0) return NULL;
    for (int i = 0; i < p->n_measure; i++)
        for (int k = 0; k < p->measure[i].n_bind; k++) {
            const tp_bind *b = &p->measure[i].bind[k];
            if (b->kind == TP_BIND_SIGNAL) want[b->analysis] = true;
        }
    for (int k = 0; k < more->n; k++)
        if (more->bind[k].kind == TP_BIND_SIGNAL)
            want[more->bind[k].analysis] = true;
    for (int i = 0; i < e->load.circuit.n_analysis; i++)
        want[i] = want[i] && is_asked(more, i);
    return want;
}

static bool reads_others(const tp_measure *m, const tp_want *want)
{
    for (int k = 0; k < m->n_bind; k++)
        if (m->bind[k].kind == TP_BIND_SIGNAL &&
            !is_asked(want, m->bind[k].analysis))
            return true;
    return false;
}

static void measure_all(tp_result *r, const tp_evaluator *e, const tp_ask *ask,
                        const tp_waves *w, tp_arena *mem)
{
    const tp_problem *p = &e->load.problem;
    tp_reading       *reading = TP_NEW(mem, tp_reading, p->n_measure);
    for (int i = 0; i < p->n_measure; i++) {
        const tp_measure *m = &p->measure[i];
        reading[i] = (tp_reading){.skipped = true, .why = TP_S("")};
        if (reads_others(m, &ask->want)) continue;
        reading[i] = tp_eval_measure(m, p, w, ask->x, mem);
        bool fatal = !reading[i].ok && m->goal != TP_WATCH;
        if (!fatal || r->how != TP_RAN) continue;
        r->how = TP_NO_MEASURE;
        r->why =
            tp_str_fmt(mem, "%.*s: %.*s", TP_F(m->name), TP_F(reading[i].why));
    }
    r->n = p->n_measure;
    r->reading = reading;
}

/* The waves asked for, in that order; an empty one where there is none. */
static void take_waves(tp_result *r, const tp_want *want, const tp_waves *w,
                       tp_arena *mem)
{
    tp_wave *out = TP_NEW(mem, tp_wave, want->n);
    for (int i = 0; i < want->n; i++) {
        tp_str         why;
        const tp_wave *found = NULL;
        out[i].name = want->bind[i].signal.name;
        if (want->bind[i].kind == TP_BIND_SIGNAL)
            found = signal_wave(&want->bind[i], w, mem, &why);
        if (found) out[i] = *found;
    }
    r->n_wave = want->n;
    r->wave = out;
}

/* What each analysis cost, in what does not depend on the machine. */
static void count_work(tp_result *r, const tp_circuit *c,
                       const tp_sim_result *got, tp_arena *mem)
{
    int *work = TP_NEW(mem, int, c->n_analysis);
    for (int i = 0; i < c->n_analysis && i < got->waves.n; i++) {
        const tp_plot *plot = &got->waves.plot[i];
        work[i] = got->spent ? got->spent[i] : 0;
        if (plot->n_wave > 0) work[i] += plot->wave[0].n;
    }
    r->n_work = c->n_analysis;
    r->work = work;
}

/* Why it failed; where it ran, what has to be known of its values. */
static tp_str remark(const tp_sim_result *got, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    if (got->how != TP_RAN) return got->why;
    if (got->second.len > 0)
        tp_buf_fmt(&b, TP_SECOND_SOLUTION ": %.*s", TP_F(got->second));
    if (got->rung.len > 0)
        tp_buf_fmt(&b, "%sconverged by %.*s: " TP_NOT_COMPARABLE,
                   b.len > 0 ? "; " : "", TP_F(got->rung));
    if (got->warm) tp_buf_fmt(&b, TP_WARM_START);
    return tp_buf_str(&b);
}

/* Sets r->how where it did not simulate. */
static void simulate(tp_evaluator *e, const tp_ask *ask, tp_result *r,
                     tp_waves *w, tp_arena *mem)
{
    const tp_circuit *c = &e->load.circuit;
    tp_err            err = {0};
    tp_sim_result     got = {.how = TP_SIM_FAILED, .why = TP_S("")};
    double           *value = TP_NEW(mem, double, c->n_param);
    tp_status         bad = e->open ? TP_OK : start_simulator(e, &err);
    for (int i = 0; i < c->n_param; i++) value[i] = ask->x[e->var_of[i]];
    e->sim.counts = ask->want.work;
    e->sim.warmth = ask->want.warmth;
    if (!bad)
        bad = e->ops->run(&e->sim, value, wanted(e, &ask->want, mem), mem, &got,
                          &err);
    if (bad) { /* this process is of no more use; a later job tries again */
        stop_simulator(e);
        tp_exec_retire();
        got.how = TP_SIM_FAILED;
        got.why = tp_str_fmt(mem, "%s", err.msg);
    }
    if (!bad && !e->said) {
        r->version = e->sim.version;
        r->n_notice = e->sim.n_notice;
        r->notice = e->sim.notice;
        e->said = true;
    }
    r->how = got.how;
    r->why = remark(&got, mem);
    r->sim_seconds = got.seconds;
    r->iterations = got.iterations;
    if (got.how == TP_RAN && ask->want.work) count_work(r, c, &got, mem);
    *w = got.waves;
}

tp_str tp_evaluator_work(tp_evaluator *e, tp_str bytes, tp_arena *mem)
{
    double    begun = tp_cpu_now();
    tp_result r = {.how = TP_SIM_FAILED, .why = TP_S("")};
    tp_err    err = {0};
    tp_ask    ask;
    tp_waves  w = {0};
    if (tp_ask_unpack(&ask, &e->load, bytes, mem, &err)) {
        r.why = tp_str_fmt(mem, "%s", err.msg);
        return tp_answer_pack(&r, mem);
    }
    simulate(e, &ask, &r, &w, mem);
    if (r.how == TP_RAN) {
        tp_str said = r.why;
        measure_all(&r, e, &ask, &w, mem);
        if (r.how != TP_RAN && said.len > 0 &&
            !tp_says(said, TP_NOT_COMPARABLE))
            r.why = tp_str_fmt(mem, "%.*s; %.*s", TP_F(r.why), TP_F(said));
        take_waves(&r, &ask.want, &w, mem);
        if (ask.want.all) r.all = w;
    }
    r.total_seconds = tp_cpu_now() - begun;
    return tp_answer_pack(&r, mem);
}

void *tp_eval_work_load(tp_str load, tp_err *err)
{
    tp_evaluator *e = NULL;
    return tp_evaluator_open(&e, load, err) == TP_OK ? e : NULL;
}

tp_str tp_eval_work(void *with, tp_str ask, tp_arena *mem)
{
    return tp_evaluator_work(with, ask, mem);
}
