/* Runs post-process scripts: values of Let steps, graphs of plot and curve
   steps. SIMetrix's reading of the options: /xlog and /ylog force a
   logarithmic axis, /xauto takes one when the x values are spaced
   logarithmically, /yauto when the values are positive over two decades. */
#include "script/script.h"

#include <math.h>

enum { MAX_CURVES = 2000 };

typedef struct machine {
    const tp_problem        *p;
    const tp_script_results *r;
    const tp_post           *post;
    tp_value                *local; /* one per step */
    tp_graph                 graph;
    bool                     open; /* a graph is being drawn */
    bool                     x_auto, y_auto;
    tp_curve                *curve;
    int                      cap_curve, n_file, n_bad;
    tp_str                   folder;
    const tp_script_sink    *sink;
    tp_arena                *mem;
} machine;

static void tell(const machine *m, const tp_step *s, tp_str what)
{
    if (!m->sink->text) return;
    tp_str name = s->at.in ? s->at.in->name : m->p->path;
    m->sink->text(m->sink->with, tp_str_fmt(m->mem, "%.*s:%d: %.*s", TP_F(name),
                                            s->at.line, TP_F(what)));
}

/* The wave of every trial; a trial without one is a TP_NONE part. */
static tp_value divisions(const machine *m, int want)
{
    tp_value *part = TP_NEW(m->mem, tp_value, m->r->n_trial);
    for (int i = 0; i < m->r->n_trial; i++) {
        const tp_waves *w = m->r->trial[i].waves;
        bool            has = w && w->n && want < w->plot[0].n_wave;
        part[i] = has ? tp_value_wave(&w->plot[0].wave[want])
                      : tp_none(m->mem, "trial %d left no waves", i + 1);
    }
    return (tp_value){.kind = TP_DIVISIONS, .n = m->r->n_trial, .part = part};
}

static tp_value bound(const machine *m, const tp_bind *b)
{
    switch (b->kind) {
    case TP_BIND_DATA: return tp_value_wave(&m->p->data[b->at].wave);
    case TP_BIND_DIVISIONS: return divisions(m, b->at);
    case TP_BIND_LOCAL: return m->local[b->at];
    case TP_BIND_VAR:
        if (m->r->best)
            return tp_value_number(m->r->trial[m->r->best - 1].x[b->at],
                                   m->p->space.var[b->at].unit);
        break;
    case TP_BIND_SIGNAL:
    case TP_BIND_MEASURE: break;
    }
    return tp_none(m->mem, "it has no value after the run");
}

static tp_value value_of(const machine *m, const tp_expr *e,
                         const tp_bind *bind, int n)
{
    double   *best = TP_NEW(m->mem, double, 1); /* the value may keep it */
    tp_env    env = {.n_result = m->r->best > 0, .result = best};
    tp_value *value = TP_NEW(m->mem, tp_value, n);
    *best = m->r->best;
    for (int i = 0; i < n; i++) value[i] = bound(m, &bind[i]);
    return tp_expr_eval(e, value, &env, m->mem);
}

static tp_str option(const tp_step *s, const char *name, bool *there)
{
    for (int i = 0; i < s->n_option; i++)
        if (tp_str_same(s->option[i].name, tp_str_of(name))) {
            if (there) *there = true;
            return s->option[i].value;
        }
    return (tp_str){"", 0};
}

/* ---- graphs -------------------------------------------------------------- */

static const double *magnitudes(const tp_wave *w, tp_arena *mem)
{
    if (!w->im) return w->re;
    double *y = TP_NEW(mem, double, w->n);
    for (int i = 0; i < w->n; i++) y[i] = hypot(w->re[i], w->im[i]);
    return y;
}

static const double *counted(int n, tp_arena *mem)
{
    double *x = TP_NEW(mem, double, n);
    for (int i = 0; i < n; i++) x[i] = i;
    return x;
}

static bool add_wave(machine *m, const tp_step *s, const tp_wave *w,
                     const tp_value *over, tp_str label)
{
    const double *x = w->x;
    if (over && (over->kind != TP_WAVE || over->wave.n != w->n)) {
        tell(m, s, TP_S("the x values are no vector of the same length"));
        return false;
    }
    if (over) x = magnitudes(&over->wave, m->mem);
    if (!x) x = counted(w->n, m->mem);
    if (m->graph.n == MAX_CURVES) return true; /* said when it got there */
    tp_curve *c = TP_PUSH(m->mem, m->curve, m->graph.n, m->cap_curve);
    *c = (tp_curve){label, w->n, x, magnitudes(w, m->mem), TP_MARK_LINE, -1};
    if (m->graph.n == MAX_CURVES)
        tell(m, s,
             tp_str_fmt(m->mem, "the graph is full: %d curves", MAX_CURVES));
    if (!m->graph.x_unit.len) m->graph.x_unit = over ? over->unit : w->x_unit;
    if (!m->graph.y_unit.len) m->graph.y_unit = w->unit;
    return true;
}

static bool add_curve(machine *m, const tp_step *s)
{
    tp_value v = value_of(m, s->expr, s->bind, s->n_bind), over;
    tp_str   label = option(s, "name", NULL);
    if (!label.len) label = s->text;
    if (s->over) over = value_of(m, s->over, s->over_bind, s->n_over_bind);
    if (v.kind == TP_WAVE)
        return add_wave(m, s, &v.wave, s->over ? &over : NULL, label);
    bool any = false;
    for (int i = 0; v.kind == TP_DIVISIONS && i < v.n; i++)
        if (v.part[i].kind == TP_WAVE)
            any |= add_wave(m, s, &v.part[i].wave, s->over ? &over : NULL,
                            i ? (tp_str){"", 0} : label);
    if (any) return true;
    tp_str why = v.kind == TP_NONE ? tp_str_of(v.why)
                                   : TP_S("it is no vector that can be drawn");
    tell(m, s, tp_str_fmt(m->mem, "'%.*s': %.*s", TP_F(s->text), TP_F(why)));
    return false;
}

static bool spaced_logarithmically(const tp_curve *c)
{
    if (c->n < 3 || !(c->x[0] > 0) || !(c->x[c->n - 1] > 10 * c->x[0]))
        return false;
    double ratio = c->x[1] / c->x[0];
    for (int i = 2; i < c->n; i++)
        if (fabs(c->x[i] / c->x[i - 1] - ratio) > 0.01 * ratio) return false;
    return true;
}

static bool spans_two_decades(const tp_curve *c)
{
    double lo = INFINITY, hi = 0;
    for (int i = 0; i < c->n; i++) {
        if (!(c->y[i] > 0)) return false;
        lo = fmin(lo, c->y[i]);
        hi = fmax(hi, c->y[i]);
    }
    return hi >= 100 * lo;
}

tp_str tp_script_file(const tp_problem *p, const tp_post *post, int k,
                      const char *ending, tp_arena *mem)
{
    tp_str name = tp_str_fmt(mem, "%.*s-%.*s-%d.%s", TP_F(p->name),
                             TP_F(post->name), k, ending);
    char  *z = tp_str_z(mem, name);
    for (char *c = z; *c; c++)
        if (*c == '/') *c = '_';
    return (tp_str){z, name.len};
}

static tp_status write_graph(machine *m, const char *ending, tp_err *err)
{
    tp_str name = tp_script_file(m->p, m->post, m->n_file, ending, m->mem);
    tp_str path = tp_path_join(m->folder, name, m->mem);
    TP_TRY(tp_graph_write(&m->graph, tp_str_z(m->mem, path), err));
    if (m->sink->file) m->sink->file(m->sink->with, path);
    return TP_OK;
}

/* Writes the graph that was being drawn, if any. */
static tp_status finish_graph(machine *m, tp_err *err)
{
    if (!m->open) return TP_OK;
    m->open = false;
    m->graph.curve = m->curve;
    for (int i = 0; i < m->graph.n; i++) {
        if (m->x_auto && spaced_logarithmically(&m->curve[i]))
            m->graph.x_log = true;
        if (m->y_auto && spans_two_decades(&m->curve[i])) m->graph.y_log = true;
    }
    m->n_file++;
    TP_TRY(write_graph(m, "svg", err));
    return write_graph(m, "png", err);
}

static tp_status begin_graph(machine *m, const tp_step *s, tp_err *err)
{
    TP_TRY(finish_graph(m, err));
    m->open = true;
    m->curve = NULL;
    m->cap_curve = 0;
    m->graph = (tp_graph){.title = option(s, "title", NULL),
                          .x_label = option(s, "xlabel", NULL),
                          .y_label = option(s, "ylabel", NULL)};
    m->x_auto = m->y_auto = false;
    if (!m->graph.title.len) m->graph.title = m->p->name;
    option(s, "xlog", &m->graph.x_log);
    option(s, "ylog", &m->graph.y_log);
    option(s, "xauto", &m->x_auto);
    option(s, "yauto", &m->y_auto);
    return TP_OK;
}

/* ---- steps --------------------------------------------------------------- */

static bool let(machine *m, const tp_step *s)
{
    tp_value *v = &m->local[s - m->post->step];
    *v = value_of(m, s->expr, s->bind, s->n_bind);
    if (v->kind != TP_NONE) return true;
    tell(m, s, tp_str_fmt(m->mem, "Let %.*s: %s", TP_F(s->name), v->why));
    return false;
}

static bool echo(machine *m, const tp_step *s)
{
    char     text[TP_NUMBER_MAX];
    tp_value v = {.kind = TP_STRING, .text = s->text};
    if (s->expr) v = value_of(m, s->expr, s->bind, s->n_bind);
    tp_value one = v.kind == TP_STRING ? v : tp_value_scalar(&v, m->mem);
    if (one.kind == TP_NONE) {
        tell(m, s, tp_str_of(one.why));
        return false;
    }
    tp_str line =
        one.kind == TP_STRING ? one.text : tp_str_of(tp_exact(one.re, text));
    if (m->sink->text) m->sink->text(m->sink->with, line);
    return true;
}

static tp_status step(machine *m, const tp_step *s, tp_err *err)
{
    bool ok = true;
    switch (s->kind) {
    case TP_STEP_LET: ok = let(m, s); break;
    case TP_STEP_ECHO: ok = echo(m, s); break;
    case TP_STEP_PLOT:
        TP_TRY(begin_graph(m, s, err));
        ok = add_curve(m, s);
        break;
    case TP_STEP_CURVE:
        if (!m->open) TP_TRY(begin_graph(m, s, err));
        ok = add_curve(m, s);
        break;
    }
    m->n_bad += !ok;
    return TP_OK;
}

tp_status tp_scripts_run(const tp_problem *p, const tp_script_results *r,
                         tp_str folder, const tp_script_sink *sink,
                         tp_arena *mem, tp_err *err)
{
    int  bad = 0;
    int *made = TP_NEW(mem, int, p->n_post); /* graphs of scripts so far */
    for (int i = 0; i < p->n_post; i++) {
        const tp_post *post = &p->post[i];
        machine        m = {.p = p,
                            .r = r,
                            .post = post,
                            .local = TP_NEW(mem, tp_value, post->n),
                            .folder = folder,
                            .sink = sink,
                            .mem = mem};
        for (int k = 0; k < i; k++)
            if (tp_str_eq(p->post[k].name, post->name)) m.n_file = made[k];
        for (int k = 0; k < post->n; k++) TP_TRY(step(&m, &post->step[k], err));
        TP_TRY(finish_graph(&m, err));
        made[i] = m.n_file;
        bad += m.n_bad;
    }
    if (bad)
        return tp_fail(err, TP_BAD_INPUT,
                       "%d step%s of the post-process script had no value", bad,
                       bad > 1 ? "s" : "");
    return TP_OK;
}
