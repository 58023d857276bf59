/* flat: instances of sub-circuits with the parameters each of them sees, as
   ngspice's numparam gives them: a sub-circuit's formal parameters are those
   of its .subckt line, then the .param inside it in the order of what they
   need; each is set from the call or, where the call does not name it, from
   its own expression, one after the other, in a scope whose unknown names are
   the caller's. */
#include "netlist/flat.h"
#include "netlist/text.h"

#include <string.h>

enum {
    INSTANCES_MAX = 200000, /* devices and models visited */
    NESTING_MAX = 40,       /* sub-circuits in sub-circuits, functions */
    FORMALS_MAX = 512
};

static void trouble(tp_flat *f, int row, const char *what, tp_str name)
{
    if (f->trouble.len > 0) return;
    f->trouble = tp_str_fmt(f->mem, "%s%.*s", what, TP_F(name));
    f->trouble_row = row;
}

/* ---- rows ---------------------------------------------------------------- */

/* Whether "name =", not "name ==", begins at `at`, a word's begin. */
static bool entry_at(tp_str s, ptrdiff_t at)
{
    ptrdiff_t end = at;
    while (end < s.len && tp_is_name_byte(s.at[end])) end++;
    if (end == at || tp_is_digit(s.at[at])) return false;
    while (end < s.len && tp_is_space(s.at[end])) end++;
    return end < s.len && s.at[end] == '=' &&
           !(end + 1 < s.len && s.at[end + 1] == '=');
}

tp_str tp_row_type(const tp_row *row, ptrdiff_t *rest)
{
    tp_str    s = row->text, last = TP_S("");
    ptrdiff_t at = 0;
    *rest = s.len;
    for (tp_str f = tp_field(s, &at); f.len > 0; f = tp_field(s, &at)) {
        ptrdiff_t from = f.at - s.at;
        if (entry_at(s, from)) {
            *rest = from;
            return last;
        }
        if (!tp_str_same(f, TP_S("params:"))) last = f;
    }
    return last;
}

tp_str tp_row_value(const tp_row *row, tp_str name, tp_arena *mem)
{
    const tp_entry *e = NULL;
    ptrdiff_t       rest;
    (void)tp_row_type(row, &rest);
    int n = tp_param_entries(row->text, rest, false, &e, mem);
    for (int i = n - 1; i >= 0; i--) {
        tp_str is =
            tp_str_part(row->text, e[i].name, e[i].name_end - e[i].name);
        if (tp_str_same(is, name))
            return tp_str_part(row->text, e[i].value,
                               e[i].value_end - e[i].value);
    }
    return TP_S("");
}

/* ---- names in expressions ------------------------------------------------ */

/* What an expression is read in. */
struct reading {
    tp_flat        *f;
    const tp_scope *s;
    int             row;
    /* The arguments of a function, which hide other names. */
    int            n_arg;
    const tp_str  *arg_name;
    const tp_term *arg;
};

static tp_status read_expr(struct reading *in, tp_str text, tp_term *out);

static bool global_term(tp_flat *f, int i, tp_term *out)
{
    struct tp_global *g = &f->global[i];
    if (g->state == 0) {
        struct reading in = {.f = f, .s = &f->top, .row = g->row};
        g->state = 1;
        bool ok = f->depth < NESTING_MAX * 10 &&
                  read_expr(&in, g->expr, &g->term) == TP_OK;
        g->state = ok ? 2 : 3;
    }
    *out = g->term;
    return g->state == 2;
}

bool tp_flat_knows(const tp_flat *f, const tp_scope *s, tp_str name)
{
    for (; s; s = s->up)
        if (tp_table_find(&s->name, name) >= 0) return true;
    return tp_table_find(&f->param, name) >= 0;
}

static bool look(void *with, tp_str name, tp_term *out)
{
    struct reading *in = with;
    for (int i = 0; i < in->n_arg; i++)
        if (tp_str_same(in->arg_name[i], name)) {
            *out = in->arg[i];
            return true;
        }
    for (const tp_scope *s = in->s; s; s = s->up) {
        int e = tp_table_find(&s->name, name);
        if (e < 0) continue;
        *out = s->term[s->name.entry[e].value];
        return true;
    }
    int e = tp_table_find(&in->f->param, name);
    if (e >= 0) return global_term(in->f, in->f->param.entry[e].value, out);
    tp_term none = tp_number_term(0);
    *out = tp_step(&in->f->code, TP_OP_TEMPER, none, none, none);
    return tp_str_same(name, TP_S("temper"));
}

/* ".func f(a,b) {expr}", ".func f(a,b) = 'expr'": its arguments' names. */
static int func_arguments(tp_str text, tp_str *name, int most, tp_str *expr)
{
    ptrdiff_t open = tp_str_find(text, '(', 0);
    ptrdiff_t close = open < 0 ? -1 : tp_str_find(text, ')', open);
    int       n = 0;
    if (close < 0) return -1;
    tp_str rest = tp_str_part(text, open + 1, close - open - 1);
    for (tp_str w = tp_str_word(&rest, ", \t"); w.len > 0;
         w = tp_str_word(&rest, ", \t")) {
        if (n == most) return -1;
        name[n++] = w;
    }
    *expr = tp_str_trim(tp_str_from(text, close + 1));
    if (expr->len > 0 && expr->at[0] == '=')
        *expr = tp_str_trim(tp_str_from(*expr, 1));
    return n;
}

static bool call(void *with, tp_str name, const tp_term *arg, int n,
                 tp_term *out)
{
    struct reading *in = with;
    enum { MOST = 8 };
    tp_str formal[MOST], expr = TP_S("");
    int    e = tp_table_find(&in->f->func, name);
    if (e < 0) return false;
    int    row = in->f->func.entry[e].value;
    bool   twice = in->f->func.entry[e].next >= 0;
    tp_str text = in->f->r->row[row].text;
    if (twice || func_arguments(text, formal, MOST, &expr) != n) return false;
    struct reading inner = {.f = in->f,
                            .s = in->s,
                            .row = row,
                            .n_arg = n,
                            .arg_name = formal,
                            .arg = arg};
    return read_expr(&inner, expr, out) == TP_OK;
}

bool tp_is_hspice(tp_str mode)
{
    bool has = false;
    for (ptrdiff_t i = 0; i + 1 < mode.len; i++)
        has |= mode.at[i] == 'h' && mode.at[i + 1] == 's';
    return has;
}

static tp_status read_expr(struct reading *in, tp_str text, tp_term *out)
{
    tp_err       err = {0};
    tp_arith_env env = {.look = look,
                        .call = call,
                        .with = in,
                        .code = &in->f->code,
                        .hspice = tp_is_hspice(in->f->c->behaviour)};
    if (in->f->depth >= NESTING_MAX * 10) return TP_LIMIT;
    in->f->depth++;
    tp_status s = tp_arith_term(out, tp_bare(text), &env, &err);
    in->f->depth--;
    if (s) trouble(in->f, in->row, "", tp_str_of(err.msg));
    return s;
}

bool tp_flat_term(tp_flat *f, const tp_scope *s, tp_str text, tp_term *out,
                  int row)
{
    struct reading in = {.f = f, .s = s, .row = row};
    return read_expr(&in, text, out) == TP_OK;
}

/* ---- the top ------------------------------------------------------------- */

static int variable_of(const tp_flat *f, tp_str name)
{
    const tp_circuit *c = f->c;
    for (int i = 0; i < c->n_param; i++)
        if (tp_str_same(c->param[i], name)) return i;
    for (int i = 0; i < c->n_analysis; i++)
        if (c->analysis[i].sweep.kind == TP_SWEEP_PARAM &&
            tp_str_same(c->analysis[i].sweep.name, name))
            return c->n_param + i;
    return -1;
}

static void add_global(tp_flat *f, int row, tp_str name, tp_str value)
{
    struct tp_global g = {.expr = value, .row = row};
    int              var = variable_of(f, name);
    int              e = tp_table_find(&f->param, name);
    if (var >= 0) {
        g.term = tp_step(&f->code, TP_OP_VAR, tp_number_term(var),
                         tp_number_term(0), tp_number_term(0));
        g.state = 2;
    } else if (e >= 0) { /* which one counts is ngspice's to know */
        struct tp_global *first = &f->global[f->param.entry[e].value];
        bool same = tp_str_eq(tp_str_trim(first->expr), tp_str_trim(value));
        if (!same) first->state = 3;
        return;
    }
    tp_table_add(&f->param, name, f->n_global);
    *TP_PUSH(f->mem, f->global, f->n_global, f->cap_global) = g;
}

static void add_globals(tp_flat *f, int i)
{
    const tp_row   *row = &f->r->row[i];
    const tp_entry *e = NULL;
    ptrdiff_t       from = tp_first_word(row->text).len;
    int             n = tp_param_entries(row->text, from, false, &e, f->mem);
    for (int k = 0; k < n; k++) {
        tp_str name =
            tp_str_part(row->text, e[k].name, e[k].name_end - e[k].name);
        tp_str value =
            tp_str_part(row->text, e[k].value, e[k].value_end - e[k].value);
        if (row->maybe) value = TP_S(""); /* it depends */
        if (tp_is_name(name)) add_global(f, i, name, value);
    }
}

void tp_flat_open(tp_flat *f, const tp_rows *r, const tp_circuit *c,
                  tp_arena *mem)
{
    *f = (tp_flat){.mem = mem, .r = r, .c = c, .trouble = TP_S("")};
    f->n_var = c->n_param + c->n_analysis;
    f->code.mem = f->subckt.mem = f->func.mem = f->param.mem = mem;
    f->formals = TP_NEW(mem, struct tp_formals, r->n);
    f->top = (tp_scope){.path = TP_S(""), .subckt = -1, .name = {.mem = mem}};
    for (int i = 0; i < r->n; i++) {
        const tp_row *row = &r->row[i];
        tp_str        name = tp_row_name(row);
        if (row->kind == TP_ROW_SUBCKT) tp_table_add(&f->subckt, name, i);
        if (row->kind == TP_ROW_FUNC) tp_table_add(&f->func, name, i);
        if (row->kind == TP_ROW_PARAM && row->in < 0) add_globals(f, i);
    }
    tp_spread_read(f);
}

/* ---- calls --------------------------------------------------------------- */

bool tp_names_in(tp_str expr, tp_str name)
{
    for (ptrdiff_t i = 0; i + name.len <= expr.len; i++) {
        ptrdiff_t end = i + name.len;
        bool      starts = i == 0 || !tp_is_name_byte(expr.at[i - 1]);
        bool      ends = end == expr.len || !tp_is_name_byte(expr.at[end]);
        if (starts && ends && tp_str_same(tp_str_part(expr, i, name.len), name))
            return true;
    }
    return false;
}

static int add_formals(struct tp_formal *out, int n, tp_str text,
                       ptrdiff_t from, int level, tp_arena *mem)
{
    const tp_entry *e = NULL;
    int             m = tp_param_entries(text, from, false, &e, mem);
    for (int k = 0; k < m && n < FORMALS_MAX; k++)
        out[n++] = (struct tp_formal){
            tp_str_part(text, e[k].name, e[k].name_end - e[k].name),
            tp_str_part(text, e[k].value, e[k].value_end - e[k].value), level};
    return n;
}

/* Those inside the sub-circuit get levels above the ones they name. */
static void set_levels(struct tp_formal *a, int n)
{
    bool changed = true;
    for (int round = 0; changed && round < n; round++) {
        changed = false;
        for (int i = 0; i < n; i++)
            for (int k = 0; k < n && a[i].level > 0; k++) {
                bool above = a[k].level < a[i].level || k == i || !a[k].level;
                if (above || !tp_names_in(a[i].value, a[k].name)) continue;
                a[i].level = a[k].level + 1;
                changed = true;
            }
    }
}

static int top_level(const struct tp_formal *a, int n)
{
    int top = 0;
    for (int i = 0; i < n; i++)
        if (a[i].level > top) top = a[i].level;
    return top;
}

static const struct tp_formals *formals_of(tp_flat *f, int subckt)
{
    struct tp_formals *all = &f->formals[subckt];
    const tp_row      *row = &f->r->row[subckt];
    ptrdiff_t          rest;
    int                n = 0;
    if (all->formal) return all;
    struct tp_formal *a = TP_NEW(f->mem, struct tp_formal, FORMALS_MAX);
    (void)tp_row_type(row, &rest);
    n = add_formals(a, n, row->text, rest, 0, f->mem);
    for (int i = tp_rows_inside(f->r, subckt); i >= 0; i = f->r->row[i].next) {
        const tp_row *p = &f->r->row[i];
        if (p->kind == TP_ROW_PARAM)
            n = add_formals(a, n, p->text, tp_first_word(p->text).len, 1,
                            f->mem);
    }
    set_levels(a, n);
    if (f->spread[subckt] && n < FORMALS_MAX)
        a[n] = (struct tp_formal){TP_S("m"), TP_S("1"), top_level(a, n) + 1};
    n += f->spread[subckt] && n < FORMALS_MAX;
    *all = (struct tp_formals){n, a};
    return all;
}

/* The value of a formal parameter in that call: plain numbers are set before
   all else. */
static bool bind_one(tp_flat *f, tp_scope *s, const struct tp_formal *a,
                     int call_row, bool numbers)
{
    tp_term t;
    double  v;
    tp_str  given = tp_row_value(&f->r->row[call_row], a->name, f->mem);
    tp_str  value = given.len > 0 ? given : a->value;
    bool spread = tp_flat_spreads(f, s->up) && tp_str_same(a->name, TP_S("m"));
    if ((!spread && tp_number_all(tp_bare(value), &v)) != numbers) return true;
    bool told = spread ? tp_flat_multiplier(f, s->up, call_row, &t)
                       : tp_flat_term(f, s, value, &t, call_row);
    if (!told) return false;
    f->has_random |= tp_is_random(&f->code, t);
    tp_table_add(&s->name, a->name, s->n);
    *TP_PUSH(f->mem, s->term, s->n, s->cap) = t;
    return true;
}

/* The formal parameters of instance `s`, as the call row sets them. */
static bool bind(tp_flat *f, tp_scope *s, int call_row)
{
    const struct tp_formals *all = formals_of(f, s->subckt);
    int                      top = top_level(all->formal, all->n);
    if (all->n == FORMALS_MAX) {
        trouble(f, s->subckt, "too many parameters", TP_S(""));
        return false;
    }
    for (int i = 0; i < all->n; i++)
        bind_one(f, s, &all->formal[i], call_row, true);
    for (int level = 0; level <= top; level++)
        for (int i = 0; i < all->n; i++) {
            const struct tp_formal *a = &all->formal[i];
            if (a->level == level && !bind_one(f, s, a, call_row, false))
                return false;
        }
    return true;
}

/* The sub-circuit that a call in scope `s` means: the nearest one. */
static int subckt_of(const tp_flat *f, const tp_scope *s, tp_str name)
{
    int any = -1;
    for (int up = s->subckt;; up = f->r->row[up].in) {
        for (int e = tp_table_find(&f->subckt, name); e >= 0;
             e = f->subckt.entry[e].next) {
            any = f->subckt.entry[e].value;
            if (f->r->row[any].in == up) return any;
        }
        if (up < 0) return any;
    }
}

static bool walk_scope(tp_flat *f, const tp_scope *s, int nesting);

static bool walk_call(tp_flat *f, const tp_scope *s, int row, int nesting)
{
    ptrdiff_t rest;
    tp_str    type = tp_row_type(&f->r->row[row], &rest);
    tp_scope  inner = {.up = s, .name = {.mem = f->mem}};
    inner.subckt = subckt_of(f, s, type);
    if (inner.subckt < 0 || nesting == NESTING_MAX) {
        trouble(f, row, "no sub-circuit ", type);
        return false;
    }
    ptrdiff_t at = 0;
    tp_str name = tp_str_lower(f->mem, tp_plain_word(f->r->row[row].text, &at));
    inner.path = tp_str_fmt(f->mem, "%.*s%s%.*s", TP_F(s->path),
                            s->path.len > 0 ? "." : "", TP_F(name));
    return bind(f, &inner, row) && walk_scope(f, &inner, nesting + 1);
}

static bool walk_scope(tp_flat *f, const tp_scope *s, int nesting)
{
    int i = s->subckt < 0 ? f->r->first : tp_rows_inside(f->r, s->subckt);
    for (; i >= 0; i = f->r->row[i].next) {
        const tp_row *row = &f->r->row[i];
        bool          device = row->kind == TP_ROW_DEVICE;
        if (!device && row->kind != TP_ROW_MODEL) continue;
        if (f->n_visit++ == INSTANCES_MAX) {
            trouble(f, i, "too many devices", TP_S(""));
            return false;
        }
        f->visit(f, f->with, i, s);
        bool call = device && tp_lower(row->text.at[0]) == 'x';
        if (call && !walk_call(f, s, i, nesting)) return false;
    }
    return true;
}

bool tp_flat_walk(tp_flat *f)
{
    return walk_scope(f, &f->top, 0);
}
