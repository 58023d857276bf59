/* What goes over the pipe: the load, the ask, the answer. Nothing read here
   is believed: counts, kinds and references are checked. */
#include "eval/parts.h"

#include <limits.h>

enum { VERSION = 1, ANSWER_VERSION = 3, LEAST_MEASURE = 8 * 8 };

static tp_str own(tp_unpack *u, tp_arena *mem)
{
    return tp_str_copy(mem, tp_unpack_str(u));
}

/* ---- binds --------------------------------------------------------------- */

static void pack_binds(tp_buf *b, const tp_bind *bind, int n)
{
    tp_pack_int(b, n);
    for (int i = 0; i < n; i++) {
        tp_pack_int(b, (int64_t)bind[i].kind);
        tp_pack_int(b, bind[i].at);
        tp_pack_int(b, bind[i].analysis);
        tp_pack_int(b, bind[i].op);
        tp_pack_str(b, bind[i].signal.name);
        tp_pack_str(b, bind[i].signal.vector);
        tp_pack_double(b, bind[i].signal.factor);
        tp_pack_str(b, bind[i].signal.unit);
        tp_pack_int(b, bind[i].signal.save);
    }
}

/* References outside the load would be read outside of arrays. */
static bool refers_well(const tp_bind *b, const tp_bench_load *load)
{
    const int limit[] = {
        [TP_BIND_SIGNAL] = INT_MAX,
        [TP_BIND_DATA] = load->problem.n_data,
        [TP_BIND_VAR] = load->problem.space.n,
        [TP_BIND_DIVISIONS] = INT_MAX,
        [TP_BIND_LOCAL] = INT_MAX,
        [TP_BIND_MEASURE] = 0, /* never sent */
    };
    if ((int)b->kind < 0 || (int)b->kind >= TP_COUNT(limit)) return false;
    if (b->kind != TP_BIND_SIGNAL) return b->at >= 0 && b->at < limit[b->kind];
    return b->analysis >= 0 && b->analysis < load->circuit.n_analysis;
}

static const tp_bind *unpack_binds(int *n, const tp_bench_load *load,
                                   tp_unpack *u, tp_arena *mem)
{
    *n = tp_unpack_count(u, 9 * 8);
    tp_bind *b = TP_NEW(mem, tp_bind, *n);
    for (int i = 0; i < *n && !u->bad; i++) {
        b[i].kind = (tp_bind_kind)tp_unpack_small(u);
        b[i].at = tp_unpack_small(u);
        b[i].analysis = tp_unpack_small(u);
        b[i].op = tp_unpack_small(u) != 0;
        b[i].signal.name = own(u, mem);
        b[i].signal.vector = own(u, mem);
        b[i].signal.factor = tp_unpack_double(u);
        b[i].signal.unit = own(u, mem);
        b[i].signal.save = tp_unpack_small(u) != 0;
        if (!refers_well(&b[i], load)) u->bad = true;
    }
    return b;
}

/* ---- load ---------------------------------------------------------------- */

static void pack_data(tp_buf *b, const tp_problem *p, tp_arena *mem)
{
    tp_wave *w = TP_NEW(mem, tp_wave, p->n_data);
    for (int i = 0; i < p->n_data; i++) {
        w[i] = p->data[i].wave;
        w[i].name = p->data[i].name;
    }
    tp_plot  plot = {.n_wave = p->n_data, .wave = w, .op = -1};
    tp_waves all = {.n = 1, .plot = &plot};
    tp_waves_pack(b, &all);
}

static void pack_measure(tp_buf *b, const tp_measure *m)
{
    tp_pack_str(b, m->name);
    tp_pack_str(b, m->unit);
    tp_pack_str(b, m->text);
    tp_pack_int(b, (int64_t)m->dialect);
    tp_pack_int(b, m->analysis);
    tp_pack_int(b, m->op);
    tp_pack_int(b, (int64_t)m->goal);
    pack_binds(b, m->bind, m->n_bind);
}

void tp_values_pack(tp_buf *b, const tp_problem *p, int deck)
{
    int corner = tp_problem_corner_of(p, deck);
    tp_pack_int(b, tp_problem_values(p));
    for (int i = 0; i < p->space.n; i++) {
        tp_pack_str(b, p->space.var[i].name);
        tp_pack_str(b, p->space.var[i].unit);
    }
    for (int i = 0; i < p->n_derived; i++) {
        tp_pack_str(b, p->derived[i].name);
        tp_pack_str(b, p->derived[i].unit);
    }
    for (int i = 0; i < p->n_setting; i++) {
        tp_pack_str(b, p->setting[i]);
        tp_pack_str(b, TP_S(""));
    }
    tp_pack_doubles(b, p->n_setting ? p->corner[corner].value : NULL,
                    p->n_setting);
}

static void pack_measures(tp_buf *b, const tp_problem *p, int bench)
{
    int n = 0;
    for (int i = 0; i < p->n_measure; i++) n += p->measure[i].bench == bench;
    tp_pack_int(b, n);
    for (int i = 0; i < p->n_measure; i++)
        if (p->measure[i].bench == bench) pack_measure(b, &p->measure[i]);
}

tp_str tp_eval_load(const tp_problem *p, int deck, const tp_circuit *c,
                    tp_str simulator, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    int    bench = tp_problem_bench_of(p, deck);
    if (p->bench[bench].control)
        return tp_control_load(p, deck, c, simulator, mem);
    if (p->bench[bench].program)
        return tp_program_load(p, deck, c, simulator, mem);
    tp_buf_char(&b, TP_EVAL_MARK);
    tp_pack_int(&b, VERSION);
    tp_pack_str(&b, simulator);
    tp_circuit_pack(&b, c ? c : tp_problem_circuit(p, deck));
    tp_values_pack(&b, p, deck);
    pack_data(&b, p, mem);
    pack_measures(&b, p, bench);
    return tp_buf_str(&b);
}

void tp_values_unpack(tp_bench_load *out, tp_unpack *u, tp_arena *mem)
{
    tp_problem *p = &out->problem;
    p->space.n = tp_unpack_count(u, 2 * 8);
    tp_var *var = TP_NEW(mem, tp_var, p->space.n);
    for (int i = 0; i < p->space.n; i++) {
        var[i].name = own(u, mem);
        var[i].unit = own(u, mem);
    }
    p->space.var = var;
    out->setting = tp_unpack_doubles(u, &out->n_setting, mem);
    if (out->n_setting > p->space.n) u->bad = true;
}

static tp_status unpack_data(tp_problem *p, tp_unpack *u, tp_arena *mem,
                             tp_err *err)
{
    tp_waves w;
    TP_TRY(tp_waves_unpack(&w, u, mem, err));
    p->n_data = w.n > 0 ? w.plot[0].n_wave : 0;
    tp_data *data = TP_NEW(mem, tp_data, p->n_data);
    for (int i = 0; i < p->n_data; i++)
        data[i] = (tp_data){w.plot[0].wave[i].name, w.plot[0].wave[i]};
    p->data = data;
    return TP_OK;
}

static tp_status unpack_measure(tp_measure *m, const tp_bench_load *load,
                                tp_unpack *u, tp_arena *mem, tp_err *err)
{
    m->name = own(u, mem);
    m->unit = own(u, mem);
    m->text = own(u, mem);
    m->dialect = (tp_dialect)tp_unpack_index(u, TP_OCEAN + 1);
    m->analysis = tp_unpack_small(u);
    m->op = tp_unpack_small(u) != 0;
    m->goal = (tp_goal)tp_unpack_index(u, TP_TO_SPEC + 1);
    m->bind = unpack_binds(&m->n_bind, load, u, mem);
    if (u->bad) return tp_fail(err, TP_BAD_INPUT, "the load is damaged");
    const tp_slot *slot;
    tp_scope       scope = {.dialect = m->dialect};
    TP_TRY(tp_expr_compile(&m->expr, m->text, &scope, mem, err));
    if (tp_expr_slots(m->expr, &slot) == m->n_bind) return TP_OK;
    return tp_fail(err, TP_BAD_INPUT, "%.*s: %d names are bound", TP_F(m->name),
                   m->n_bind);
}

tp_status tp_bench_load_unpack(tp_bench_load *out, tp_str bytes, tp_arena *mem,
                               tp_err *err)
{
    tp_unpack   u = {.rest = tp_str_from(bytes, 1)};
    tp_problem *p = &out->problem;
    *out = (tp_bench_load){0};
    if (bytes.len == 0 || bytes.at[0] != TP_EVAL_MARK ||
        tp_unpack_int(&u) != VERSION)
        return tp_fail(err, TP_BAD_INPUT, "the load is of another version");
    out->simulator = own(&u, mem);
    TP_TRY(tp_circuit_unpack(&out->circuit, &u, mem, err));
    tp_values_unpack(out, &u, mem);
    TP_TRY(unpack_data(p, &u, mem, err));
    p->n_measure = tp_unpack_count(&u, LEAST_MEASURE);
    tp_measure *m = TP_NEW(mem, tp_measure, p->n_measure);
    p->measure = m;
    for (int i = 0; i < p->n_measure; i++)
        TP_TRY(unpack_measure(&m[i], out, &u, mem, err));
    if (!u.bad && u.rest.len == 0) return TP_OK;
    return tp_fail(err, TP_BAD_INPUT, "the load is damaged");
}

/* ---- ask and answer ---------------------------------------------- */

tp_str tp_eval_ask(const double *x, int n, const tp_want *want, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    tp_pack_int(&b, VERSION);
    tp_pack_doubles(&b, x, n);
    pack_binds(&b, want ? want->bind : NULL, want ? want->n : 0);
    tp_pack_int(&b, want && want->all);
    tp_pack_int(&b, want && want->work);
    tp_pack_int(&b, want ? (int64_t)want->warmth : 0);
    tp_pack_int(&b, want ? want->n_only : 0);
    for (int i = 0; want && i < want->n_only; i++)
        tp_pack_int(&b, want->only[i]);
    return tp_buf_str(&b);
}

/* The analyses of a job: none named, or one mark for each of the circuit's. */
static void unpack_only(tp_want *want, const tp_bench_load *load, tp_unpack *u,
                        tp_arena *mem)
{
    want->n_only = tp_unpack_count(u, 8);
    bool *only = TP_NEW(mem, bool, want->n_only);
    for (int i = 0; i < want->n_only; i++) only[i] = tp_unpack_int(u) != 0;
    want->only = only;
    if (want->n_only != 0 && want->n_only != load->circuit.n_analysis)
        u->bad = true;
}

tp_status tp_ask_unpack(tp_ask *out, const tp_bench_load *load, tp_str bytes,
                        tp_arena *mem, tp_err *err)
{
    tp_unpack     u = {.rest = bytes};
    bool          known = tp_unpack_int(&u) == VERSION;
    int           n, all = load->problem.space.n, own = all - load->n_setting;
    const double *x = tp_unpack_doubles(&u, &n, mem);
    double       *value = TP_NEW(mem, double, all);
    out->want.bind = unpack_binds(&out->want.n, load, &u, mem);
    out->want.all = tp_unpack_int(&u) != 0;
    out->want.work = tp_unpack_int(&u) != 0;
    out->want.warmth = (tp_warmth)tp_unpack_index(&u, TP_WARMTHS);
    unpack_only(&out->want, load, &u, mem);
    if (!known || u.bad || n != own)
        return tp_fail(err, TP_BAD_INPUT, "the job is damaged");
    for (int i = 0; i < all; i++)
        value[i] = i < own ? x[i] : load->setting[i - own];
    out->x = value;
    return TP_OK;
}

tp_str tp_answer_pack(const tp_result *r, tp_arena *mem)
{
    tp_buf   b = {.mem = mem};
    tp_plot *plot = TP_NEW(mem, tp_plot, 1 + r->all.n);
    tp_waves waves = {.n = 1 + r->all.n, .plot = plot};
    plot[0] = (tp_plot){.n_wave = r->n_wave, .wave = r->wave, .op = -1};
    for (int i = 0; i < r->all.n; i++) plot[1 + i] = r->all.plot[i];
    tp_pack_int(&b, ANSWER_VERSION);
    tp_pack_int(&b, (int64_t)r->how);
    tp_pack_str(&b, r->why);
    tp_pack_int(&b, (int64_t)r->wrong.in);
    tp_pack_int(&b, r->wrong.at);
    tp_pack_int(&b, r->wrong.col);
    tp_readings_pack(&b, r->reading, r->n);
    tp_pack_double(&b, r->sim_seconds);
    tp_pack_double(&b, r->total_seconds);
    tp_pack_int(&b, r->iterations);
    tp_pack_int(&b, r->n_work);
    for (int i = 0; i < r->n_work; i++) tp_pack_int(&b, r->work[i]);
    tp_waves_pack(&b, &waves);
    tp_pack_str(&b, r->version);
    tp_pack_int(&b, r->n_notice);
    for (int i = 0; i < r->n_notice; i++) {
        tp_pack_str(&b, r->notice[i].text);
        tp_pack_int(&b, r->notice[i].line);
    }
    return tp_buf_str(&b);
}

static void unpack_notices(tp_result *out, tp_unpack *u, tp_arena *mem)
{
    out->n_notice = tp_unpack_count(u, 2 * 8);
    tp_sim_notice *notice = TP_NEW(mem, tp_sim_notice, out->n_notice);
    for (int i = 0; i < out->n_notice; i++) {
        notice[i].text = own(u, mem);
        notice[i].line = tp_unpack_small(u);
    }
    out->notice = notice;
}

static void unpack_work(tp_result *out, tp_unpack *u, tp_arena *mem)
{
    out->n_work = tp_unpack_count(u, 8);
    int *work = TP_NEW(mem, int, out->n_work);
    for (int i = 0; i < out->n_work; i++) {
        work[i] = tp_unpack_small(u);
        if (work[i] < 0) u->bad = true;
    }
    out->work = work;
}

tp_status tp_eval_answer(tp_result *out, tp_str answer, tp_arena *mem,
                         tp_err *err)
{
    tp_unpack u = {.rest = answer};
    tp_waves  waves;
    *out = (tp_result){0};
    if (tp_unpack_int(&u) != ANSWER_VERSION)
        return tp_fail(err, TP_BAD_INPUT, "the answer is of another version");
    out->how = (tp_outcome)tp_unpack_index(&u, TP_OUTCOMES);
    out->why = own(&u, mem);
    out->wrong.in = (tp_wrong_in)tp_unpack_index(&u, TP_WRONG_LINE + 1);
    out->wrong.at = tp_unpack_small(&u);
    out->wrong.col = tp_unpack_small(&u);
    TP_TRY(tp_readings_unpack(&out->reading, &out->n, &u, mem, err));
    out->sim_seconds = tp_unpack_double(&u);
    out->total_seconds = tp_unpack_double(&u);
    out->iterations = tp_unpack_small(&u);
    unpack_work(out, &u, mem);
    TP_TRY(tp_waves_unpack(&waves, &u, mem, err));
    out->version = own(&u, mem);
    unpack_notices(out, &u, mem);
    if (u.bad || u.rest.len > 0 || waves.n < 1)
        return tp_fail(err, TP_BAD_INPUT, "the answer is damaged");
    out->n_wave = waves.plot[0].n_wave;
    out->wave = waves.plot[0].wave;
    out->all = (tp_waves){waves.n - 1, waves.plot + 1};
    return TP_OK;
}

void tp_eval_refusal(tp_err *out, tp_str answer)
{
    tp_exec_refusal(out, answer);
}
