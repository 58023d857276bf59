/* A new circuit; the session as bytes; names for completion. */
#include "nutmeg/inside.h"

enum { VERSION = 1 };

static void drop_texts(tp_nutmeg *m, tp_str *list, int *n)
{
    for (int i = 0; i < *n; i++) tp_nm_give(&m->heap, list[i].at);
    *n = 0;
}

static tp_status keep_analyses(tp_nutmeg *m, const tp_circuit *c, tp_err *err)
{
    for (int i = 0; i < c->n_analysis; i++) {
        tp_str command;
        if (c->analysis[i].sweep.kind != TP_SWEEP_NONE)
            return tp_fail_at(err, TP_BAD_INPUT, c->analysis[i].at,
                              "this kind of sweep can't be run from a script; "
                              "use `dc` with @device[parameter]");
        TP_TRY(tp_command_at(&command, c, i, NULL, &m->scratch, err));
        TP_NM_MORE(&m->heap, m->analysis, m->n_analysis, m->cap_analysis);
        m->analysis[m->n_analysis++] = tp_nm_keep(&m->heap, command);
    }
    return TP_OK;
}

/* The session's own copy: it lives as long as the circuit is loaded. */
static tp_status keep_circuit(tp_nutmeg *m, const tp_circuit *c, tp_err *err)
{
    tp_buf b = {.mem = &m->scratch};
    tp_circuit_pack(&b, c);
    tp_arena   mem = tp_arena_open(4 * b.len + (1 << 20));
    tp_unpack  u = {.rest = tp_str_copy(&mem, tp_buf_str(&b))};
    tp_circuit own;
    tp_status  bad = tp_circuit_unpack(&own, &u, &mem, err);
    if (bad) {
        tp_arena_close(&mem);
        return bad;
    }
    m->circuit_mem = mem;
    m->circuit = own;
    return TP_OK;
}

const tp_circuit *tp_nutmeg_circuit(const tp_nutmeg *m)
{
    return m->loaded ? &m->circuit : NULL;
}

tp_str tp_nutmeg_changes(const tp_nutmeg *m, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    for (int i = 0; i < m->n_alter; i++)
        tp_buf_fmt(&b, "%.*s\n", TP_F(m->alter[i].command));
    return tp_buf_str(&b);
}

double tp_nutmeg_sim_seconds(const tp_nutmeg *m)
{
    return m->floor;
}

tp_status tp_nutmeg_load(tp_nutmeg *m, const tp_circuit *c, tp_str title,
                         tp_err *err)
{
    tp_arena saved = m->scratch;
    tp_arena before = m->circuit_mem; /* the simulator may still look at it */
    m->loaded = false;
    TP_TRY(keep_circuit(m, c, err));
    c = &m->circuit;
    tp_nm_forget_changes(m, true);
    tp_nm_originals_forget(m);
    drop_texts(m, m->analysis, &m->n_analysis);
    drop_texts(m, m->device, &m->n_device);
    tp_status refused = m->setup.sim.load(m->setup.sim.with, c, err);
    if (before.base) tp_arena_close(&before);
    if (refused) return refused;
    m->loaded = true;
    tp_nm_give(&m->heap, m->title.at);
    m->title = tp_nm_keep(&m->heap, tp_str_trim(title));
    tp_status s = keep_analyses(m, c, err);
    if (!s) s = tp_nm_options_again(m, err);
    m->scratch = saved;
    if (!s) tp_nutmeg_print(m, "Circuit: %.*s\n", TP_F(m->title));
    return s;
}

/* ---- freeze and thaw ---------------------------------------------------- */

static void pack_variables(const tp_nutmeg *m, tp_buf *b)
{
    tp_pack_int(b, m->n_variable);
    for (int i = 0; i < m->n_variable; i++) {
        const tp_nm_variable *v = &m->variable[i];
        tp_pack_str(b, v->name);
        tp_pack_int(b, v->list);
        tp_pack_int(b, v->n);
        for (int k = 0; k < v->n; k++) tp_pack_str(b, v->word[k]);
    }
    tp_pack_int(b, m->n_define);
    for (int i = 0; i < m->n_define; i++) {
        tp_pack_str(b, m->define[i].name);
        tp_pack_str(b, m->define[i].params);
        tp_pack_str(b, m->define[i].body);
    }
    tp_pack_int(b, m->n_alter);
    for (int i = 0; i < m->n_alter; i++) {
        tp_pack_str(b, m->alter[i].key);
        tp_pack_str(b, m->alter[i].command);
    }
}

static void pack_plot(const tp_nm_plot *p, tp_buf *b)
{
    tp_pack_str(b, p->name);
    tp_pack_str(b, p->kind);
    tp_pack_str(b, p->title);
    tp_pack_double(b, p->step);
    tp_pack_int(b, p->scale);
    tp_pack_int(b, p->n);
    for (int i = 0; i < p->n; i++) {
        const tp_nm_vector *v = &p->vector[i];
        tp_pack_str(b, v->name);
        tp_pack_str(b, v->unit);
        tp_pack_str(b, v->scale);
        tp_pack_int(b, v->n_dim);
        for (int k = 0; k < v->n_dim; k++) tp_pack_int(b, v->dim[k]);
        tp_pack_doubles(b, v->re, v->n);
        tp_pack_doubles(b, v->im, v->im ? v->n : 0);
    }
}

static bool is_kept(const tp_nm_plot *p, const tp_str *keep, int n)
{
    for (int i = 0; i < n; i++)
        if (tp_str_same(p->name, keep[i])) return true;
    return !keep;
}

tp_str tp_nutmeg_freeze(const tp_nutmeg *m, const tp_str *keep, int n,
                        tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    int    kept = 0, current = 0;
    tp_pack_int(&b, VERSION);
    pack_variables(m, &b);
    tp_pack_int(&b, (int64_t)m->rng.s);
    for (int i = 1; i < m->n_plot; i++) {
        kept += is_kept(&m->plot[i], keep, n);
        if (i == m->current && is_kept(&m->plot[i], keep, n)) current = kept;
    }
    tp_pack_int(&b, kept);
    tp_pack_int(&b, current);
    for (int i = 0; i < m->n_plot; i++)
        if (i == 0 || is_kept(&m->plot[i], keep, n)) pack_plot(&m->plot[i], &b);
    return tp_buf_str(&b);
}

static tp_status broken(tp_err *err)
{
    return tp_fail(err, TP_BAD_INPUT, "these bytes are no frozen session");
}

static tp_status unpack_variables(tp_nutmeg *m, tp_unpack *u, tp_err *err)
{
    int n = tp_unpack_count(u, 24);
    for (int i = 0; i < n && !u->bad; i++) {
        tp_str  name = tp_unpack_str(u);
        bool    list = tp_unpack_int(u) != 0;
        int     words = tp_unpack_count(u, 8);
        tp_str *word = TP_NEW(&m->scratch, tp_str, words + 1);
        for (int k = 0; k < words; k++) word[k] = tp_unpack_str(u);
        if (!u->bad)
            TP_TRY(tp_nm_variable_set(m, name, word, words, list, err));
    }
    n = tp_unpack_count(u, 24);
    for (int i = 0; i < n && !u->bad; i++) {
        tp_str name = tp_unpack_str(u), params = tp_unpack_str(u);
        tp_str body = tp_unpack_str(u);
        if (!u->bad) TP_TRY(tp_nm_define(m, name, params, body, err));
    }
    return TP_OK;
}

/* The changes are made again in the simulator, in their order. */
static tp_status unpack_changes(tp_nutmeg *m, tp_unpack *u, tp_err *err)
{
    int          n = tp_unpack_count(u, 16);
    tp_nm_alter *want = TP_NEW(&m->scratch, tp_nm_alter, n + 1);
    for (int i = 0; i < n; i++) {
        want[i].key = tp_unpack_str(u);
        want[i].command = tp_unpack_str(u);
    }
    if (u->bad || (n == 0 && m->n_alter == 0)) return TP_OK;
    return tp_nm_changes_become(m, want, n, err);
}

static tp_status unpack_vector(tp_nutmeg *m, tp_nm_plot *p, tp_unpack *u,
                               tp_err *err)
{
    tp_wave w = {.name = tp_unpack_str(u)};
    w.unit = tp_unpack_str(u);
    tp_str  scale = tp_unpack_str(u);
    int     dim[TP_NM_DIMS_MAX] = {0}, n = 0;
    int64_t dims = tp_unpack_int(u);
    if (u->bad || dims < 0 || dims > TP_NM_DIMS_MAX) return broken(err);
    for (int k = 0; k < dims; k++) {
        int64_t size = tp_unpack_int(u);
        if (size < 0 || size > INT32_MAX) return broken(err);
        dim[k] = (int)size;
    }
    w.re = tp_unpack_doubles(u, &w.n, &m->scratch);
    w.im = tp_unpack_doubles(u, &n, &m->scratch);
    if (u->bad || (w.im && n != w.n) || w.name.len == 0) return broken(err);
    TP_TRY(tp_nm_vector_put(m, p, &w, err));
    tp_nm_vector *v = tp_nm_vector_find(m, p, w.name);
    double        product = 1;
    for (int k = 0; k < dims; k++) product *= dim[k];
    v->n_dim = product == v->n ? (int)dims : 0;
    memcpy(v->dim, dim, sizeof dim);
    tp_nm_give(&m->heap, v->scale.at);
    v->scale = scale.len > 0 ? tp_nm_keep(&m->heap, scale) : (tp_str){0};
    return TP_OK;
}

static tp_status unpack_plot(tp_nutmeg *m, bool first, tp_unpack *u,
                             tp_err *err)
{
    tp_str  name = tp_unpack_str(u), kind = tp_unpack_str(u);
    tp_str  title = tp_unpack_str(u);
    double  step = tp_unpack_double(u);
    int64_t scale = tp_unpack_int(u);
    int     n = tp_unpack_count(u, 40);
    if (u->bad) return broken(err);
    tp_nm_plot *p = first ? m->plot : tp_nm_plot_new(m, kind);
    if (!p) return tp_fail(err, TP_LIMIT, "over %d plots", TP_NM_PLOTS_MAX);
    if (!first) {
        tp_nm_give(&m->heap, p->name.at);
        tp_nm_give(&m->heap, p->title.at);
        p->name = tp_nm_keep(&m->heap, name);
        p->title = tp_nm_keep(&m->heap, title);
    }
    for (int i = 0; i < n; i++) TP_TRY(unpack_vector(m, p, u, err));
    p->scale = scale >= 0 && scale < p->n ? (int)scale : -1;
    p->step = step;
    p->stale = true;
    return TP_OK;
}

static tp_status thaw(tp_nutmeg *m, tp_str frozen, tp_err *err)
{
    tp_unpack u = {.rest = frozen};
    if (tp_unpack_int(&u) != VERSION) return broken(err);
    TP_TRY(unpack_variables(m, &u, err));
    TP_TRY(unpack_changes(m, &u, err));
    m->rng.s = (uint64_t)tp_unpack_int(&u);
    int     kept = tp_unpack_count(&u, 40);
    int64_t current = tp_unpack_int(&u);
    if (u.bad) return broken(err);
    for (int i = 0; i <= kept; i++) TP_TRY(unpack_plot(m, i == 0, &u, err));
    m->current = current >= 0 && current < m->n_plot ? (int)current : 0;
    return u.bad ? broken(err) : TP_OK;
}

tp_status tp_nutmeg_thaw(tp_nutmeg *m, tp_str frozen, tp_err *err)
{
    tp_arena saved = m->scratch;
    while (m->n_plot > 1) tp_nm_plot_drop(m, m->n_plot - 1);
    while (m->n_variable > 0)
        tp_nm_variable_unset(m, m->variable[m->n_variable - 1].name);
    while (m->n_define > 0) tp_nm_undefine(m, m->n_define - 1);
    tp_status s = thaw(m, frozen, err);
    m->scratch = saved;
    return s;
}

/* ---- completion --------------------------------------------------------- */

typedef struct offers {
    tp_str    beginning;
    tp_str   *out;
    int       n, max;
    tp_arena *mem;
} offers;

static void offer(offers *o, tp_str name)
{
    if (o->n >= o->max || !tp_str_starts(name, o->beginning)) return;
    for (int i = 0; i < o->n; i++)
        if (tp_str_eq(o->out[i], name)) return;
    o->out[o->n++] = tp_str_copy(o->mem, name);
}

int tp_nutmeg_complete(const tp_nutmeg *m, tp_str beginning, tp_str *out,
                       int max, tp_arena *mem)
{
    offers            o = {beginning, out, 0, max, mem};
    const tp_nm_plot *p = &m->plot[m->current];
    const char       *takes, *text, *word;
    for (int i = 0; (word = tp_nm_keyword(i, &takes, &text)); i++)
        offer(&o, tp_str_of(word));
    for (int i = 0; tp_nm_command_at(m, i); i++)
        offer(&o, tp_str_of(tp_nm_command_at(m, i)->name));
    for (int i = 0; i < p->n; i++) {
        const tp_nm_vector *v = &p->vector[i];
        tp_str              shown = tp_nm_shown_name(v->name, mem);
        offer(&o, shown);
        if (tp_str_eq(shown, v->name) && tp_str_eq(v->unit, TP_S("V")))
            offer(&o, tp_str_fmt(mem, "v(%.*s)", TP_F(v->name)));
    }
    for (int i = 0; i < m->n_plot; i++) offer(&o, m->plot[i].name);
    for (int i = 0; i < m->n_device; i++) {
        offer(&o, m->device[i]);
        offer(&o, tp_str_fmt(mem, "@%.*s", TP_F(m->device[i])));
    }
    for (int i = 0; i < m->n_define; i++) offer(&o, m->define[i].name);
    return o.n;
}
