/* The session: opening, running lines and texts, output, the tables of
   commands. */
#include "nutmeg/inside.h"

#include <stdio.h>

enum { LINE_MEMORY = 1 << 26 };

/* The vectors of the plot const (ngspice manual, "Constants"; CODATA 2018). */
static const struct {
    const char *name;
    double      re, im;
} constants[] = {
    {"pi", 3.14159265358979323846, 0},
    {"e", 2.71828182845904523536, 0},
    {"c", 299792458, 0},
    {"i", 0, 1},
    {"kelvin", -273.15, 0},
    {"echarge", 1.602176634e-19, 0},
    {"boltz", 1.380649e-23, 0},
    {"planck", 6.62607015e-34, 0},
    {"yes", 1, 0},
    {"no", 0, 0},
    {"true", 1, 0},
    {"false", 0, 0},
};

tp_status tp_nm_constants(tp_nutmeg *m, tp_err *err)
{
    tp_nm_plot *p = m->plot;
    while (p->n > 0) tp_nm_vector_drop(m, p, &p->vector[p->n - 1]);
    for (int i = 0; i < TP_COUNT(constants); i++) {
        double  re = constants[i].re, im = constants[i].im;
        tp_wave w = {.name = tp_str_of(constants[i].name), .n = 1, .re = &re};
        if (im != 0) w.im = &im;
        TP_TRY(tp_nm_vector_put(m, p, &w, err));
    }
    return TP_OK;
}

tp_status tp_nutmeg_open(tp_nutmeg **out, const tp_nutmeg_setup *setup,
                         tp_err *err)
{
    ptrdiff_t memory = setup->memory > 0 ? setup->memory : (ptrdiff_t)1 << 33;
    if (memory < (ptrdiff_t)1 << 24)
        return tp_fail(err, TP_LIMIT,
                       "a session needs 16 MB of address space, "
                       "got %td bytes",
                       memory);
    ptrdiff_t  line = memory / 16 < LINE_MEMORY ? memory / 16 : LINE_MEMORY;
    tp_arena   heap = tp_arena_open(memory / 2);
    tp_nutmeg *m = TP_NEW(&heap, tp_nutmeg, 1);
    m->setup = *setup;
    m->heap.arena = heap;
    m->scratch = tp_arena_open(memory / 2 - line);
    m->line.mem = tp_arena_open(line);
    m->values_max = memory / 64; /* blocks are up to twice their values, and
                                    free ones wait for their size */
    m->heap_least = memory / 16;
    m->rng = tp_rng_at(setup->seed, 0);
    m->begun = tp_now();
    *out = m;
    tp_nm_plot *p = tp_nm_plot_new(m, TP_S("const"));
    tp_nm_give(&m->heap, p->name.at);
    tp_nm_give(&m->heap, p->title.at);
    p->name = tp_nm_keep(&m->heap, TP_S("const"));
    p->title = tp_nm_keep(&m->heap, TP_S("Constant values"));
    return tp_nm_constants(m, err);
}

bool tp_nm_is_constant(tp_nutmeg *m, tp_str name)
{
    const tp_nm_vector *v = tp_nm_vector_find(m, m->plot, name);
    for (int i = 0; i < TP_COUNT(constants) && v; i++)
        if (tp_str_same(name, tp_str_of(constants[i].name)))
            return v->n == 1 && v->re[0] == constants[i].re;
    return false;
}

void tp_nutmeg_close(tp_nutmeg *m)
{
    if (!m) return;
    tp_arena heap = m->heap.arena;
    if (m->circuit_mem.base) tp_arena_close(&m->circuit_mem);
    tp_arena_close(&m->scratch);
    tp_arena_close(&m->line.mem);
    tp_arena_close(&heap);
}

bool tp_nutmeg_quit(const tp_nutmeg *m)
{
    return m->quit;
}

void tp_nutmeg_interrupt(tp_nutmeg *m)
{
    m->stop = 1;
}

/* ---- output ------------------------------------------------------------- */

void tp_nm_print(tp_nutmeg *m, tp_str text)
{
    const tp_nutmeg_sink *s = &m->setup.sink;
    if (s->print && text.len > 0) s->print(s->with, text);
}

void tp_nutmeg_print(tp_nutmeg *m, const char *fmt, ...)
{
    char    text[4096];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (n >= (int)sizeof text) n = (int)sizeof text - 1;
    if (n > 0) tp_nm_print(m, (tp_str){text, n});
}

void tp_nm_value_found(tp_nutmeg *m, tp_str name, tp_str unit, double v)
{
    const tp_nutmeg_sink *s = &m->setup.sink;
    if (s->value) s->value(s->with, name, unit, v);
}

void tp_nutmeg_warn(tp_nutmeg *m, const char *fmt, ...)
{
    const tp_nutmeg_sink *s = &m->setup.sink;
    char                  text[600];
    va_list               ap;
    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (n >= (int)sizeof text) n = (int)sizeof text - 1;
    if (s->warning && n > 0) s->warning(s->with, (tp_str){text, n});
}

/* ---- running ------------------------------------------------------------ */

/* After the outermost statement: what no block took. */
static tp_status settle(tp_nutmeg *m, tp_err *err)
{
    tp_nm_flow flow = m->flow;
    if (flow == TP_NM_QUIT) return TP_OK;
    m->flow = TP_NM_NEXT;
    if (flow == TP_NM_GOTO)
        return tp_fail(err, TP_BAD_INPUT, "goto: there is no label '%.*s'",
                       TP_F(m->label));
    if (flow != TP_NM_NEXT)
        return tp_fail(err, TP_BAD_INPUT,
                       "%s: there are not that many loops "
                       "around it",
                       flow == TP_NM_BREAK ? "break" : "continue");
    return TP_OK;
}

static tp_status execute(tp_nutmeg *m, const tp_nm_node *list, tp_err *err)
{
    if (m->calls == 0) {
        m->stop = 0;
        m->flow = TP_NM_NEXT;
        m->quit = false;
    }
    if (m->calls >= TP_NM_CALL_MAX)
        return tp_fail(err, TP_LIMIT, "over %d scripts inside each other",
                       TP_NM_CALL_MAX);
    m->calls++;
    tp_status s = tp_nm_execute(m, list, err);
    m->calls--;
    if (!s) s = settle(m, err);
    if (s) m->flow = TP_NM_NEXT;
    return s;
}

tp_status tp_nutmeg_line(tp_nutmeg *m, tp_str line, tp_place at, bool *open,
                         tp_err *err)
{
    tp_nm_collector *c = &m->line;
    tp_arena         empty = c->mem;
    bool             fresh = c->depth == 0;
    /* what was collected before stays: the block began in an earlier line */
    if (fresh) *c = (tp_nm_collector){.mem = empty};
    if (line.len > TP_NM_TEXT_MAX || line.len > c->mem.end - c->mem.beg)
        return tp_fail_at(err, TP_LIMIT, at, "the line is over %d bytes long",
                          TP_NM_TEXT_MAX);
    if (fresh) m->line_empty = empty;
    tp_status s = tp_nm_collect(c, tp_str_copy(&c->mem, line), at, err);
    if (open) *open = !s && c->depth > 0;
    if (!s && c->depth > 0) return TP_OK;
    tp_nm_collector run = *c;
    *c = (tp_nm_collector){.mem = run.mem}; /* lines from inside come behind */
    tp_arena back = m->line_empty;
    if (!s) s = execute(m, run.first, err);
    c->mem = back;
    return s;
}

void tp_nutmeg_give_up(tp_nutmeg *m)
{
    if (m->line.depth > 0) m->line = (tp_nm_collector){.mem = m->line_empty};
}

tp_status tp_nm_run_text(tp_nutmeg *m, tp_str text, tp_place from, tp_err *err)
{
    tp_arena        saved = m->scratch;
    tp_nm_collector c = {.mem = m->scratch};
    tp_status       s = TP_OK;
    tp_place        at = from;
    if (text.len > TP_NM_SCRIPT_MAX)
        return tp_fail_at(err, TP_LIMIT, from, "the script is over %d bytes",
                          TP_NM_SCRIPT_MAX);
    while (text.len > 0 && !s) {
        int    n = 1;
        tp_str line = tp_nm_whole_line(&text, &n, &c.mem);
        c.joined = n > 1;
        s = tp_nm_collect(&c, line, at, err);
        at.line += n;
        at.col = 1;
    }
    if (!s) s = tp_nm_collected(&c, err);
    m->scratch = c.mem;
    if (!s) s = execute(m, c.first, err);
    m->scratch = saved;
    return s;
}

tp_status tp_nutmeg_run(tp_nutmeg *m, tp_str text, tp_place from, tp_err *err)
{
    return tp_nm_run_text(m, text, from, err);
}

/* ---- commands ----------------------------------------------------------- */

const tp_nutmeg_command *tp_nm_command_at(const tp_nutmeg *m, int i)
{
    const tp_nutmeg_command *c = m->setup.more;
    for (; c && c->name; c++)
        if (i-- == 0) return c;
    for (int t = 0; tp_nm_commands[t]; t++)
        for (c = tp_nm_commands[t]; c->name; c++)
            if (i-- == 0) return c;
    return NULL;
}

const tp_nutmeg_command *tp_nm_command_find(const tp_nutmeg *m, tp_str name,
                                            bool *owners)
{
    const tp_nutmeg_command *c = m->setup.more;
    for (; c && c->name; c++) {
        *owners = tp_str_eq(name, tp_str_of(c->name));
        if (*owners) return c;
    }
    for (int t = 0; tp_nm_commands[t]; t++)
        for (c = tp_nm_commands[t]; c->name; c++)
            if (tp_str_eq(name, tp_str_of(c->name)) ||
                (m->go_on && tp_str_same(name, tp_str_of(c->name))))
                return c; /* ngspice: in lower case, whatever is written */
    return NULL;
}
