/* One trial of a bench that is a Nutmeg program: the frozen session, the
   values, the analysis lines, then conditions and cost. What the lines do to
   the session ends with the trial. */
#include "eval/parts.h"
#include "nutmeg/nutmeg.h"

#include <math.h>

enum { VERSION = 1, PROGRAM_MEMORY = 1 << 30 };

typedef struct tp_program_eval tp_program_eval;

typedef struct text_measure {
    tp_str  name, text;
    tp_goal goal;
} text_measure;

struct tp_program_eval {
    tp_arena          mem;
    tp_str            simulator, session;
    tp_circuit        circuit;
    int               n_var, n_line, n_measure;
    tp_str           *var, *line;
    text_measure     *measure;
    tp_nutmeg_handle *handle;
    tp_nutmeg        *nutmeg;
    bool              said; /* the simulator's version */
};

/* ---- the load ------------------------------------------------------------ */

static void pack_strs(tp_buf *b, const tp_str *s, int n)
{
    tp_pack_int(b, n);
    for (int i = 0; i < n; i++) tp_pack_str(b, s[i]);
}

static tp_str *unpack_strs(tp_unpack *u, int *n, tp_arena *mem)
{
    *n = tp_unpack_count(u, 8);
    tp_str *s = TP_NEW(mem, tp_str, *n);
    for (int i = 0; i < *n; i++) s[i] = tp_str_copy(mem, tp_unpack_str(u));
    return s;
}

tp_str tp_program_load(const tp_problem *p, int deck, const tp_circuit *circuit,
                       tp_str simulator, tp_arena *mem)
{
    const tp_program *g = p->bench[tp_problem_bench_of(p, deck)].program;
    tp_buf            b = {.mem = mem};
    tp_buf_char(&b, TP_PROGRAM_MARK);
    tp_pack_int(&b, VERSION);
    tp_pack_str(&b, simulator);
    tp_circuit_pack(&b, circuit ? circuit : tp_problem_circuit(p, deck));
    tp_pack_str(&b, g->session);
    tp_pack_int(&b, p->space.n);
    for (int i = 0; i < p->space.n; i++) tp_pack_str(&b, p->space.var[i].name);
    pack_strs(&b, g->line, g->n);
    tp_pack_int(&b, p->n_measure);
    for (int i = 0; i < p->n_measure; i++) {
        tp_pack_str(&b, p->measure[i].name);
        tp_pack_str(&b, p->measure[i].text);
        tp_pack_int(&b, (int64_t)p->measure[i].goal);
    }
    return tp_buf_str(&b);
}

static tp_status unpack(tp_program_eval *e, tp_str bytes, tp_err *err)
{
    tp_unpack u = {.rest = tp_str_from(bytes, 1)};
    if (tp_unpack_int(&u) != VERSION)
        return tp_fail(err, TP_BAD_INPUT, "the load is of another version");
    e->simulator = tp_str_copy(&e->mem, tp_unpack_str(&u));
    TP_TRY(tp_circuit_unpack(&e->circuit, &u, &e->mem, err));
    e->session = tp_str_copy(&e->mem, tp_unpack_str(&u));
    e->var = unpack_strs(&u, &e->n_var, &e->mem);
    e->line = unpack_strs(&u, &e->n_line, &e->mem);
    e->n_measure = tp_unpack_count(&u, 3 * 8);
    e->measure = TP_NEW(&e->mem, text_measure, e->n_measure);
    for (int i = 0; i < e->n_measure; i++) {
        text_measure *m = &e->measure[i];
        m->name = tp_str_copy(&e->mem, tp_unpack_str(&u));
        m->text = tp_str_copy(&e->mem, tp_unpack_str(&u));
        int64_t goal = tp_unpack_int(&u);
        if (goal < TP_WATCH || goal > TP_TO_SPEC) u.bad = true;
        m->goal = u.bad ? TP_WATCH : (tp_goal)goal;
    }
    if (!u.bad && !u.rest.len) return TP_OK;
    return tp_fail(err, TP_BAD_INPUT, "the load is damaged");
}

static void close_program(tp_program_eval *e)
{
    if (e->nutmeg) tp_nutmeg_close(e->nutmeg);
    if (e->handle) tp_nutmeg_handle_close(e->handle);
    tp_arena mem = e->mem;
    tp_arena_close(&mem);
}

/* "ngspice", or "NAME,setting=value,...". */
static tp_status open_simulator(tp_program_eval *e, tp_err *err)
{
    tp_str            rest = e->simulator, name = tp_str_word(&rest, ",");
    const tp_sim_ops *ops = tp_sim_find(name);
    tp_nutmeg_setup   setup = {
          .name = TP_S("trial"), .folder = TP_S("."), .trial = true};
    if (!ops)
        return tp_fail(err, TP_BAD_INPUT, "simulator: there is no '%.*s'",
                       TP_F(name));
    rest = tp_str_from(e->simulator, name.len + 1);
    TP_TRY(tp_nutmeg_handle_open(&e->handle, ops, rest, NULL, err));
    setup.sim = tp_nutmeg_handle_sim(e->handle);
    TP_TRY(tp_nutmeg_open(&e->nutmeg, &setup, err));
    return tp_nutmeg_load(e->nutmeg, &e->circuit, TP_S("trial"), err);
}

void *tp_program_work_load(tp_str load, tp_err *err)
{
    tp_arena         mem = tp_arena_open(PROGRAM_MEMORY);
    tp_program_eval *e = TP_NEW(&mem, tp_program_eval, 1);
    e->mem = mem;
    if (!unpack(e, load, err) && !open_simulator(e, err)) return e;
    close_program(e);
    return NULL;
}

/* ---- a trial ------------------------------------------------------------- */

/* The session as frozen, with the values set and the lines run; *wrong: the
   line that failed. */
static tp_status prepare(tp_program_eval *e, const double *x, tp_wrong *wrong,
                         tp_arena *mem, tp_err *err)
{
    char v[TP_NUMBER_MAX];
    TP_TRY(tp_nutmeg_thaw(e->nutmeg, e->session, err));
    for (int i = 0; i < e->n_var; i++) {
        tp_str line = tp_str_fmt(mem, "let %.*s = %s", TP_F(e->var[i]),
                                 tp_exact(x[i], v));
        TP_TRY(tp_nutmeg_line(e->nutmeg, line, (tp_place){0}, NULL, err));
    }
    for (int i = 0; i < e->n_line; i++) {
        tp_place first = {NULL, 1, 1};
        if (!tp_nutmeg_run(e->nutmeg, e->line[i], first, err)) continue;
        bool script = tp_str_find(e->line[i], '\n', 0) >= 0;
        *wrong = (tp_wrong){TP_WRONG_LINE, i,
                            err->line == 1 && !script ? err->col : 0};
        if (script)
            return tp_while(err, "line %d of the script that an analysis reads",
                            err->line);
        return tp_while(err, "analysis '%.*s'", TP_F(e->line[i]));
    }
    return TP_OK;
}

static tp_reading none(tp_arena *mem, const char *why)
{
    return (tp_reading){.why = tp_str_copy(mem, tp_str_of(why)),
                        .unit = TP_S("")};
}

/* A condition is 1 or 0; a cost is one number, of a complex one the real
   part. */
static tp_reading read_measure(tp_program_eval *e, const text_measure *m,
                               int *col, tp_arena *mem)
{
    tp_err   err = {0};
    tp_value v = tp_nutmeg_eval(e->nutmeg, m->text, mem, &err);
    *col = err.col;
    if (err.code) return none(mem, err.msg);
    if (v.kind == TP_NONE) {
        *col = tp_nutmeg_missing(e->nutmeg, m->text, mem);
        return none(mem, v.why);
    }
    tp_reading r = {.ok = true, .unit = TP_S(""), .why = TP_S("")};
    if (m->goal == TP_AT_LEAST)
        r.value = tp_value_true(&v);
    else if (v.kind == TP_NUMBER || v.kind == TP_COMPLEX)
        r.value = v.re;
    else if (v.kind == TP_WAVE && v.wave.n == 1)
        r.value = v.wave.re[0];
    else if (v.kind == TP_WAVE)
        return none(mem, tp_str_z(mem, tp_str_fmt(mem,
                                                  "it has %d values where one "
                                                  "is wanted: mean(...), "
                                                  "max(...) or [0]",
                                                  v.wave.n)));
    else
        return none(mem, "it is no number");
    return isfinite(r.value) ? r : none(mem, "it is not finite");
}

/* Measure i into `to`; one without a value is why the trial failed. */
static void read_one(tp_program_eval *e, int i, tp_reading *to, tp_result *r,
                     tp_arena *mem)
{
    const text_measure *m = &e->measure[i];
    int                 col = 0;
    *to = read_measure(e, m, &col, mem);
    if (to->ok || r->how != TP_RAN) return;
    r->how = TP_NO_MEASURE;
    r->why = tp_str_fmt(mem, "%.*s: %.*s", TP_F(m->name), TP_F(to->why));
    r->wrong = (tp_wrong){TP_WRONG_MEASURE, i, col};
}

/* Conditions first; the cost when all hold. */
static void measure_all(tp_program_eval *e, tp_result *r, tp_arena *mem)
{
    tp_reading *reading = TP_NEW(mem, tp_reading, e->n_measure);
    bool        all = true;
    for (int i = 0; i < e->n_measure; i++) {
        if (e->measure[i].goal != TP_AT_LEAST) continue;
        read_one(e, i, &reading[i], r, mem);
        all = all && reading[i].ok && reading[i].value > 0;
    }
    for (int i = 0; i < e->n_measure; i++) {
        if (e->measure[i].goal == TP_AT_LEAST) continue;
        if (all)
            read_one(e, i, &reading[i], r, mem);
        else
            reading[i] = none(mem, "a condition does not hold");
    }
    r->n = e->n_measure;
    r->reading = reading;
}

tp_str tp_program_work(void *with, tp_str ask, tp_arena *mem)
{
    tp_program_eval *e = with;
    tp_result        r = {.how = TP_RAN, .why = TP_S("")};
    tp_unpack        u = {.rest = ask};
    double           began = tp_cpu_now();
    double           floor = tp_nutmeg_sim_seconds(e->nutmeg);
    tp_err           err = {0};
    int              n;
    bool             known = tp_unpack_int(&u) == VERSION;
    const double    *x = tp_unpack_doubles(&u, &n, mem);
    tp_status        bad = TP_OK;
    if (!known || u.bad || n != e->n_var)
        bad = tp_fail(&err, TP_SIM, "the job is damaged");
    if (!bad) bad = prepare(e, x, &r.wrong, mem, &err);
    tp_outcome how = tp_nutmeg_failed(e->nutmeg);
    if (bad) {
        r.how = how == TP_RAN ? TP_SIM_FAILED : how;
        r.why = tp_str_fmt(mem, "%s", err.msg);
        if (bad == TP_SIM) tp_exec_retire();
    } else {
        measure_all(e, &r, mem);
    }
    r.sim_seconds = tp_nutmeg_sim_seconds(e->nutmeg) - floor;
    if (!e->said) r.version = tp_nutmeg_handle_version(e->handle);
    e->said = true;
    r.total_seconds = tp_cpu_now() - began;
    return tp_answer_pack(&r, mem);
}
