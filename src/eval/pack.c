/* What goes over the pipe: the load, the ask, the answer. Nothing read here
   is believed: counts, kinds and references are checked. */
#include "eval/parts.h"

#include <limits.h>

enum { VERSION = 1, LEAST_BIND = 10 * 8, LEAST_MEASURE = 9 * 8 };

static int small(tp_unpack *u)
{
    int64_t v = tp_unpack_int(u);
    if (v >= INT_MIN && v <= INT_MAX) return (int)v;
    u->bad = true;
    return 0;
}

/* A number in 0..n-1. */
static int index_of(tp_unpack *u, int n)
{
    int v = small(u);
    if (v >= 0 && v < n) return v;
    u->bad = true;
    return 0;
}

static tp_str own(tp_unpack *u, tp_arena *mem)
{
    return tp_str_copy(mem, tp_unpack_str(u));
}

/* ---- binds -----------------------------------------------------------------
 */

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
        b[i].kind = (tp_bind_kind)small(u);
        b[i].at = small(u);
        b[i].analysis = small(u);
        b[i].op = small(u) != 0;
        b[i].signal.name = own(u, mem);
        b[i].signal.vector = own(u, mem);
        b[i].signal.factor = tp_unpack_double(u);
        b[i].signal.unit = own(u, mem);
        b[i].signal.save = small(u) != 0;
        if (!refers_well(&b[i], load)) u->bad = true;
    }
    return b;
}

/* ---- load ------------------------------------------------------------------
 */

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
    tp_pack_int(b, m->bench);
    tp_pack_int(b, m->analysis);
    tp_pack_int(b, m->op);
    tp_pack_int(b, (int64_t)m->goal);
    pack_binds(b, m->bind, m->n_bind);
}

tp_str tp_eval_load(const tp_problem *p, int bench, tp_str simulator,
                    tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    if (p->bench[bench].program)
        return tp_program_load(p, bench, simulator, mem);
    tp_buf_char(&b, TP_EVAL_MARK);
    tp_pack_int(&b, VERSION);
    tp_pack_str(&b, simulator);
    tp_circuit_pack(&b, p->bench[bench].circuit);
    tp_pack_int(&b, bench);
    tp_pack_int(&b, p->space.n);
    for (int i = 0; i < p->space.n; i++) {
        tp_pack_str(&b, p->space.var[i].name);
        tp_pack_str(&b, p->space.var[i].unit);
    }
    pack_data(&b, p, mem);
    tp_pack_int(&b, p->n_measure);
    for (int i = 0; i < p->n_measure; i++) pack_measure(&b, &p->measure[i]);
    return tp_buf_str(&b);
}

static void unpack_vars(tp_problem *p, tp_unpack *u, tp_arena *mem)
{
    p->space.n = tp_unpack_count(u, 2 * 8);
    tp_var *var = TP_NEW(mem, tp_var, p->space.n);
    for (int i = 0; i < p->space.n; i++) {
        var[i].name = own(u, mem);
        var[i].unit = own(u, mem);
    }
    p->space.var = var;
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
    m->dialect = (tp_dialect)index_of(u, TP_NUTMEG + 1);
    m->bench = small(u);
    m->analysis = small(u);
    m->op = small(u) != 0;
    m->goal = (tp_goal)index_of(u, TP_AT_LEAST + 1);
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
    int bench = small(&u);
    unpack_vars(p, &u, mem);
    TP_TRY(unpack_data(p, &u, mem, err));
    p->n_measure = tp_unpack_count(&u, LEAST_MEASURE);
    tp_measure *m = TP_NEW(mem, tp_measure, p->n_measure);
    p->measure = m;
    for (int i = 0; i < p->n_measure; i++) {
        TP_TRY(unpack_measure(&m[i], out, &u, mem, err));
        m[i].bench = m[i].bench == bench ? 0 : -1; /* the only one here */
    }
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
    return tp_buf_str(&b);
}

tp_status tp_ask_unpack(tp_ask *out, const tp_bench_load *load, tp_str bytes,
                        tp_arena *mem, tp_err *err)
{
    tp_unpack u = {.rest = bytes};
    bool      known = tp_unpack_int(&u) == VERSION;
    out->x = tp_unpack_doubles(&u, &out->n, mem);
    out->want.bind = unpack_binds(&out->want.n, load, &u, mem);
    if (known && !u.bad && out->n == load->problem.space.n) return TP_OK;
    return tp_fail(err, TP_BAD_INPUT, "the job is damaged");
}

tp_str tp_answer_pack(const tp_result *r, tp_arena *mem)
{
    tp_buf   b = {.mem = mem};
    tp_plot  plot = {.n_wave = r->n_wave, .wave = r->wave, .op = -1};
    tp_waves waves = {.n = 1, .plot = &plot};
    tp_pack_int(&b, VERSION);
    tp_pack_int(&b, (int64_t)r->how);
    tp_pack_str(&b, r->why);
    tp_readings_pack(&b, r->reading, r->n);
    tp_pack_double(&b, r->sim_seconds);
    tp_pack_double(&b, r->total_seconds);
    tp_pack_int(&b, r->iterations);
    tp_waves_pack(&b, &waves);
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
        notice[i].line = small(u);
    }
    out->notice = notice;
}

tp_status tp_eval_answer(tp_result *out, tp_str answer, tp_arena *mem,
                         tp_err *err)
{
    tp_unpack u = {.rest = answer};
    tp_waves  waves;
    *out = (tp_result){0};
    if (tp_unpack_int(&u) != VERSION)
        return tp_fail(err, TP_BAD_INPUT, "the answer is of another version");
    out->how = (tp_outcome)index_of(&u, TP_OUTCOMES);
    out->why = own(&u, mem);
    TP_TRY(tp_readings_unpack(&out->reading, &out->n, &u, mem, err));
    out->sim_seconds = tp_unpack_double(&u);
    out->total_seconds = tp_unpack_double(&u);
    out->iterations = small(&u);
    TP_TRY(tp_waves_unpack(&waves, &u, mem, err));
    unpack_notices(out, &u, mem);
    if (u.bad || u.rest.len > 0 || waves.n != 1)
        return tp_fail(err, TP_BAD_INPUT, "the answer is damaged");
    out->n_wave = waves.plot[0].n_wave;
    out->wave = waves.plot[0].wave;
    return TP_OK;
}

void tp_eval_refusal(tp_err *out, tp_str answer)
{
    tp_exec_refusal(out, answer);
}
