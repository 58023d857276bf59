/* One trial of a bench whose analyses and measures stand in .control blocks:
   the circuit at the point's parameters, then the blocks as ngspice would run
   them. A measure is the last number that `meas` or `print` gave its name. */
#include "eval/parts.h"
#include "nutmeg/nutmeg.h"

#include <math.h>

enum { VERSION = 2, CONTROL_MEMORY = 1 << 30, WARNINGS_MAX = 50 };

typedef struct control {
    tp_arena          mem, trial; /* `trial`: of the one that goes on */
    tp_bench_load     load;       /* measures: only their names */
    int               n_block;
    tp_control_block *block;
    tp_nutmeg_handle *handle;
    tp_nutmeg        *nutmeg;
    bool              lost; /* the simulator has to be opened anew */
    bool              said; /* the warnings were passed on */
    int               n_warning;
    tp_sim_notice     warning[WARNINGS_MAX];
    tp_reading       *reading; /* of the trial that goes on, or NULL */
    const double     *value;   /* and of the circuit's parameters in it */
} control;

/* ---- the load ---------------------------------------------------- */

tp_str tp_control_load(const tp_problem *p, int deck, const tp_circuit *circuit,
                       tp_str simulator, tp_arena *mem)
{
    int               bench = tp_problem_bench_of(p, deck);
    const tp_control *c = p->bench[bench].control;
    tp_buf            b = {.mem = mem};
    tp_buf_char(&b, TP_CONTROL_MARK);
    tp_pack_int(&b, VERSION);
    tp_pack_str(&b, simulator);
    tp_circuit_pack(&b, circuit ? circuit : tp_problem_circuit(p, deck));
    tp_values_pack(&b, p, deck);
    tp_pack_int(&b, c->n);
    for (int i = 0; i < c->n; i++) {
        tp_place at = c->block[i].at;
        tp_pack_str(&b, c->block[i].text);
        tp_pack_str(&b, at.in ? at.in->name : TP_S(""));
        tp_pack_int(&b, at.line);
        tp_pack_int(&b, c->block[i].kind);
        tp_pack_str(&b, c->block[i].measure);
    }
    for (int i = 0; i < p->n_measure; i++)
        if (p->measure[i].bench == bench) tp_pack_str(&b, p->measure[i].name);
    return tp_buf_str(&b);
}

static void unpack_blocks(control *e, tp_unpack *u)
{
    e->n_block = tp_unpack_count(u, 5 * 8);
    e->block = TP_NEW(&e->mem, tp_control_block, e->n_block);
    tp_source *file = TP_NEW(&e->mem, tp_source, e->n_block);
    for (int i = 0; i < e->n_block; i++) {
        e->block[i].text = tp_str_copy(&e->mem, tp_unpack_str(u));
        file[i] = (tp_source){tp_str_copy(&e->mem, tp_unpack_str(u)), TP_S("")};
        int64_t line = tp_unpack_int(u);
        if (line < 0 || line > INT32_MAX) u->bad = true;
        e->block[i].at = (tp_place){&file[i], u->bad ? 0 : (int)line, 1};
        int64_t kind = tp_unpack_int(u);
        if (kind < 0 || kind > TP_BLOCK_MEASURE) u->bad = true;
        e->block[i].kind = u->bad ? TP_BLOCK_TEXT : (tp_block_kind)kind;
        e->block[i].measure = tp_str_copy(&e->mem, tp_unpack_str(u));
    }
}

static tp_status unpack(control *e, tp_str bytes, tp_err *err)
{
    tp_unpack   u = {.rest = tp_str_from(bytes, 1)};
    tp_problem *p = &e->load.problem;
    tp_measure *m = NULL;
    int         cap = 0;
    if (tp_unpack_int(&u) != VERSION)
        return tp_fail(err, TP_BAD_INPUT, "the load is of another version");
    e->load.simulator = tp_str_copy(&e->mem, tp_unpack_str(&u));
    TP_TRY(tp_circuit_unpack(&e->load.circuit, &u, &e->mem, err));
    tp_values_unpack(&e->load, &u, &e->mem);
    unpack_blocks(e, &u);
    while (!u.bad && u.rest.len > 0)
        TP_PUSH(&e->mem, m, p->n_measure, cap)->name =
            tp_str_copy(&e->mem, tp_unpack_str(&u));
    p->measure = m;
    if (!u.bad) return TP_OK;
    return tp_fail(err, TP_BAD_INPUT, "the load is damaged");
}

/* ---- the session ------------------------------------------------- */

/* A number of `meas` or `print`. Its unit is not believed: scripts scale. */
static void on_value(void *with, tp_str name, tp_str unit, double v)
{
    control *e = with;
    (void)unit;
    for (int i = 0; e->reading && i < e->load.problem.n_measure; i++)
        if (tp_str_same(e->load.problem.measure[i].name, name))
            e->reading[i] = (tp_reading){
                .ok = isfinite(v),
                .value = v,
                .unit = TP_S(""),
                .why = TP_S("it is not one finite real number"),
            };
}

static void on_warning(void *with, tp_str text)
{
    control *e = with;
    if (e->said || e->n_warning == WARNINGS_MAX) return;
    for (int i = 0; i < e->n_warning; i++)
        if (tp_str_eq(e->warning[i].text, text)) return;
    e->warning[e->n_warning++] =
        (tp_sim_notice){tp_str_copy(&e->mem, text), TP_NOTICE_PLACED};
}

static void stop(control *e)
{
    if (e->nutmeg) tp_nutmeg_close(e->nutmeg);
    if (e->handle) tp_nutmeg_handle_close(e->handle);
    e->nutmeg = NULL;
    e->handle = NULL;
}

static tp_status start(control *e, tp_err *err)
{
    tp_str            rest = e->load.simulator, name = tp_str_word(&rest, ",");
    const tp_sim_ops *ops = tp_sim_find(name);
    tp_nutmeg_setup   setup = {
          .name = TP_S("trial"),
          .folder = TP_S("/nowhere"),
          .no_files = true,
          .sink = {.with = e, .warning = on_warning, .value = on_value}};
    if (!ops)
        return tp_fail(err, TP_BAD_INPUT, "simulator: there is no '%.*s'",
                       TP_F(name));
    rest = tp_str_from(e->load.simulator, name.len + 1);
    TP_TRY(tp_nutmeg_handle_open(&e->handle, ops, rest, NULL, err));
    setup.sim = tp_nutmeg_handle_sim(e->handle);
    TP_TRY(tp_nutmeg_open(&e->nutmeg, &setup, err));
    return tp_nutmeg_load(e->nutmeg, &e->load.circuit, TP_S("trial"), err);
}

void *tp_control_work_load(tp_str load, tp_err *err)
{
    tp_arena mem = tp_arena_open(CONTROL_MEMORY);
    control *e = TP_NEW(&mem, control, 1);
    e->mem = mem;
    if (!unpack(e, load, err) && !start(e, err)) return e;
    stop(e);
    mem = e->mem;
    tp_arena_close(&mem);
    return NULL;
}

/* ---- a trial ----------------------------------------------------- */

/* The circuit's parameters out of the values. */
static tp_status set_values(control *e, const double *x, tp_err *err)
{
    const tp_circuit *c = &e->load.circuit;
    const tp_space   *s = &e->load.problem.space;
    tp_tunable       *set = TP_NEW(&e->trial, tp_tunable, c->n_param);
    double           *value = TP_NEW(&e->trial, double, c->n_param);
    for (int i = 0; i < c->n_param; i++) {
        int k = 0;
        while (k < s->n && !tp_str_same(s->var[k].name, c->param[i])) k++;
        if (k == s->n)
            return tp_fail(err, TP_BAD_INPUT,
                           "parameter '%.*s' of the circuit is no variable",
                           TP_F(c->param[i]));
        set[i] = (tp_tunable){c->param[i], x[k]};
        value[i] = x[k];
    }
    e->value = value;
    return tp_nutmeg_restart(e->nutmeg, set, c->n_param, err);
}

/* Where the simulator can't be used any more, this process can't either. */
static void fail(control *e, tp_result *r, tp_outcome how, const tp_err *err)
{
    r->how = how == TP_RAN ? TP_SIM_FAILED : how;
    r->why = tp_str_fmt(&e->trial, "%s", err->msg);
    if (err->file[0] && err->line > 0)
        r->why =
            tp_str_fmt(&e->trial, "%s:%d: %s", err->file, err->line, err->msg);
    if (err->code != TP_SIM) return;
    e->lost = true;
    tp_exec_retire();
}

/* The session as it was, at the trial's values. */
static tp_status prepare(control *e, tp_ask *ask, tp_str bytes, tp_err *err)
{
    TP_TRY(tp_ask_unpack(ask, &e->load, bytes, &e->trial, err));
    if (e->lost) stop(e);
    if (e->lost) TP_TRY(start(e, err));
    e->lost = false;
    return set_values(e, ask->x, err);
}

static tp_reading *no_readings(control *e)
{
    int         n = e->load.problem.n_measure;
    tp_reading *r = TP_NEW(&e->trial, tp_reading, n);
    for (int i = 0; i < n; i++)
        r[i] =
            (tp_reading){.unit = TP_S(""),
                         .why = TP_S("no statement that ran gave it a number")};
    return r;
}

/* A card's statement at the trial's values; those of measures so far are
   names, too. */
static tp_status at_point(control *e, tp_str *text, bool measures, tp_err *err)
{
    int            n = measures ? e->load.problem.n_measure : 0;
    tp_str        *name = TP_NEW(&e->trial, tp_str, n);
    double        *number = TP_NEW(&e->trial, double, n);
    tp_point_names in = {
        .value = e->value, .n = n, .name = name, .number = number};
    for (int i = 0; i < n; i++) {
        name[i] = e->load.problem.measure[i].name;
        number[i] = e->reading[i].ok ? e->reading[i].value : NAN;
    }
    return tp_text_at(text, &e->load.circuit, *text, &in, &e->trial, err);
}

/* TP_SIM: the simulator is gone. Else a measure that fails has no value, and
   the statement's own words why. */
static tp_status run_measure(control *e, const tp_control_block *b, tp_err *err)
{
    tp_str    text = b->text;
    tp_err    why = {0};
    tp_status bad = at_point(e, &text, true, &why);
    if (!bad) bad = tp_nutmeg_run(e->nutmeg, text, b->at, &why);
    if (bad == TP_SIM && err) *err = why;
    if (bad == TP_SIM) return bad;
    for (int i = 0; bad && i < e->load.problem.n_measure; i++)
        if (tp_str_same(e->load.problem.measure[i].name, b->measure))
            e->reading[i] = (tp_reading){
                .unit = TP_S(""), .why = tp_str_fmt(&e->trial, "%s", why.msg)};
    return TP_OK;
}

static tp_status run_block(control *e, const tp_control_block *b,
                           tp_outcome *how, tp_err *err)
{
    tp_str text = b->text;
    if (b->kind == TP_BLOCK_MEASURE) return run_measure(e, b, err);
    if (b->kind == TP_BLOCK_ANALYSIS && at_point(e, &text, false, err)) {
        tp_err_place(err, b->at);
        return TP_BAD_INPUT;
    }
    return tp_nutmeg_control(e->nutmeg, text, b->at, how, err);
}

/* Behind a `quit` what there is so far is still measured. */
static void run_blocks(control *e, tp_result *r)
{
    double floor = tp_nutmeg_sim_seconds(e->nutmeg);
    bool   quit = false;
    for (int i = 0; i < e->n_block && r->how == TP_RAN; i++) {
        const tp_control_block *b = &e->block[i];
        tp_err                  err = {0};
        tp_outcome              how = TP_RAN;
        if (quit && b->kind != TP_BLOCK_MEASURE) continue;
        if (run_block(e, b, &how, &err)) fail(e, r, how, &err);
        quit |= tp_nutmeg_quit(e->nutmeg);
    }
    r->sim_seconds = tp_nutmeg_sim_seconds(e->nutmeg) - floor;
}

/* Runs the blocks; where what they found may depend on the trial before, they
   are run once more, over the circuit read again. */
static void run_trial(control *e, tp_ask *ask, tp_result *r)
{
    tp_err err = {0};
    double first = 0;
    run_blocks(e, r);
    if (e->lost || !tp_nutmeg_handle_doubts(e->handle)) return;
    first = r->sim_seconds;
    *r = (tp_result){.how = TP_RAN, .why = TP_S("")};
    e->reading = no_readings(e);
    if (!e->said) e->n_warning = 0;
    if (set_values(e, ask->x, &err))
        fail(e, r, TP_RAN, &err);
    else
        run_blocks(e, r);
    r->sim_seconds += first;
}

/* The plots without the constants'. */
static void give(control *e, const tp_ask *ask, tp_result *r)
{
    const tp_plot *plot;
    int            current, n = tp_nutmeg_plots(e->nutmeg, &plot, &current);
    r->n = e->load.problem.n_measure;
    r->reading = e->reading;
    if (ask->want.all) r->all = (tp_waves){n - 1, plot + 1};
}

tp_str tp_control_work(void *with, tp_str bytes, tp_arena *mem)
{
    control  *e = with;
    tp_result r = {.how = TP_RAN, .why = TP_S("")};
    tp_ask    ask;
    tp_err    err = {0};
    double    begun = tp_cpu_now();
    e->trial = *mem;
    e->reading = no_readings(e);
    if (prepare(e, &ask, bytes, &err))
        fail(e, &r, TP_RAN, &err);
    else
        run_trial(e, &ask, &r);
    if (r.how == TP_RAN) give(e, &ask, &r);
    if (!e->said && e->handle) r.version = tp_nutmeg_handle_version(e->handle);
    r.n_notice = e->said ? 0 : e->n_warning;
    r.notice = e->warning;
    e->said = true;
    r.total_seconds = tp_cpu_now() - begun;
    e->reading = NULL;
    tp_str answer = tp_answer_pack(&r, &e->trial);
    *mem = e->trial;
    return answer;
}
