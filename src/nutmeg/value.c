/* Values of expressions: names are looked up in the current plot, then in
   const, then, for @device[parameter], in the simulator. */
#include "nutmeg/inside.h"

static bool in_plot(tp_nutmeg *m, tp_nm_plot *p, tp_str name, tp_wave *out)
{
    tp_plot        view = tp_nm_view(m, p);
    const tp_wave *w = tp_plot_find(&view, name);
    if (!w && tp_str_find(name, ':', 0) >= 0)
        w = tp_plot_find(&view, tp_nm_node_name(name, &m->scratch));
    if (!w) return false;
    *out = *w;
    return true;
}

/* The saved vector of a quantity, as it may be spelt. */
static bool quantity_in_plot(tp_nutmeg *m, tp_nm_plot *p, tp_str name,
                             tp_wave *out)
{
    tp_str spelt;
    if (in_plot(m, p, name, out)) return true;
    return name.at[0] == '@' &&
           !tp_nm_quantity_name(name, &spelt, &m->scratch, NULL) &&
           in_plot(m, p, spelt, out);
}

static tp_status ask_simulator(tp_nutmeg *m, tp_str name, tp_wave *out,
                               tp_err *err)
{
    tp_str  asked;
    tp_err  why = {0};
    double *option = TP_NEW(&m->scratch, double, 1);
    if (tp_str_starts(name, TP_S("@@@")) &&
        tp_nm_option_value(m, tp_str_from(name, 3), option)) {
        *out = (tp_wave){.name = name, .n = 1, .re = option};
        return TP_OK;
    }
    if (tp_nm_quantity_name(name, &asked, &m->scratch, &why)) {
        out->name = tp_str_copy(&m->scratch, tp_str_of(why.msg));
        return TP_OK;
    }
    if (!m->loaded) {
        out->name =
            tp_str_fmt(&m->scratch, "'%.*s': there is no circuit", TP_F(name));
        return TP_OK;
    }
    TP_TRY(m->setup.sim.query(m->setup.sim.with, asked, &m->scratch, out, err));
    if (out->n > 0) return TP_OK;
    tp_str words = tp_str_trim(out->name);
    out->name =
        tp_str_fmt(&m->scratch, "'%.*s': %.*s", TP_F(name),
                   TP_F(words.len > 0 ? words : TP_S("no such quantity")));
    return TP_OK;
}

static tp_str missing(tp_nutmeg *m, tp_str name)
{
    const tp_nm_plot *p = tp_nm_current(m);
    tp_str           *all = TP_NEW(&m->scratch, tp_str, p->n + 1);
    for (int i = 0; i < p->n; i++) all[i] = p->vector[i].name;
    tp_str mean = p->n < 1000 ? tp_did_you_mean(&m->scratch, name, all, p->n)
                              : (tp_str){0};
    return tp_str_fmt(&m->scratch, "no such vector '%.*s'%.*s", TP_F(name),
                      TP_F(mean));
}

tp_status tp_nm_lookup(tp_nutmeg *m, tp_str name, tp_wave *out, tp_err *err)
{
    bool        prefixed = false;
    tp_str      plain = name;
    tp_nm_plot *p = tp_nm_split(m, &plain, &prefixed);
    *out = (tp_wave){0};
    if (name.len == 0) {
        out->name = TP_S("an empty name");
        return TP_OK;
    }
    if (quantity_in_plot(m, p, plain, out)) return TP_OK;
    if (p->scale >= 0 && tp_str_eq(p->kind, TP_S("dc")) &&
        tp_str_same(plain, TP_S("sweep"))) { /* SPICE OPUS's name for it */
        *out = tp_nm_view(m, p).wave[p->scale];
        return TP_OK;
    }
    if (!prefixed && in_plot(m, m->plot, name, out)) return TP_OK;
    if (!prefixed && name.at[0] == '@') return ask_simulator(m, name, out, err);
    out->name = missing(m, name);
    return TP_OK;
}

/* ---- expressions -------------------------------------------------------- */

static void scope_of(tp_nutmeg *m, tp_scope *out)
{
    tp_user_fn *user = TP_NEW(&m->scratch, tp_user_fn, m->n_define + 1);
    for (int i = 0; i < m->n_define; i++) {
        tp_str *param = NULL, rest = m->define[i].params, word;
        int     n = 0, cap = 0;
        while ((word = tp_str_word(&rest, ", \t")).len > 0)
            *TP_PUSH(&m->scratch, param, n, cap) = word;
        user[i] = (tp_user_fn){m->define[i].name, n, param, m->define[i].body};
    }
    *out = (tp_scope){
        .dialect = TP_NUTMEG,
        .degrees =
            tp_str_same(tp_nutmeg_get(m, TP_S("units")), TP_S("degrees")),
        .n_user = m->n_define,
        .user = user,
    };
}

static tp_status bind(tp_nutmeg *m, tp_str name, tp_value *out, tp_err *err)
{
    tp_wave w;
    TP_TRY(tp_nm_lookup(m, name, &w, err));
    if (w.n > 0)
        *out = tp_value_wave(&w);
    else if (!tp_constant_of(TP_NUTMEG, name, out))
        *out = tp_none(&m->scratch, "%.*s", TP_F(w.name));
    return TP_OK;
}

static tp_status value_of(tp_nutmeg *m, tp_str text, tp_value *out, tp_err *err)
{
    const tp_expr *e = NULL;
    const tp_slot *slot = NULL;
    tp_scope       in;
    tp_arena      *mem = &m->scratch;
    double         number = 0;
    if (text.len > 0 && text.len < 40 && tp_number_all(text, &number)) {
        *out = tp_value_number(number, (tp_str){0});
        return TP_OK;
    }
    scope_of(m, &in);
    tp_status s = tp_expr_compile(&e, text, &in, mem, err);
    if (s) {
        tp_nm_place_col(m, text, err);
        return s;
    }
    int       n = tp_expr_slots(e, &slot);
    tp_value *bound = TP_NEW(mem, tp_value, n + 1);
    for (int i = 0; i < n; i++) TP_TRY(bind(m, slot[i].name, &bound[i], err));
    tp_plot view = tp_nm_view(m, tp_nm_current(m));
    int     scale = tp_nm_current(m)->scale;
    tp_env  env = {.degrees = in.degrees,
                   .rng = &m->rng,
                   .timed = true,
                   .gaps = !m->setup.trial,
                   .clock = tp_wall_now(),
                   .timer = tp_now() - m->begun,
                   .scale = scale >= 0 ? &view.wave[scale] : NULL};
    *out = tp_expr_eval(e, bound, &env, mem);
    return TP_OK;
}

tp_value tp_nutmeg_eval(tp_nutmeg *m, tp_str text, tp_arena *mem, tp_err *err)
{
    tp_arena       saved = m->scratch;
    tp_nutmeg_said now = m->now;
    tp_value       v;
    tp_err         own = {0};
    m->scratch = *mem; /* the value stays in the caller's memory */
    m->now = (tp_nutmeg_said){text, text, {0}};
    tp_status s = value_of(m, text, &v, err ? err : &own);
    *mem = m->scratch;
    m->scratch = saved;
    m->now = now;
    return s ? tp_none(mem, "%s", err ? err->msg : own.msg) : v;
}

/* Whether a slot's name stands at its offset: one out of a user function's body
   has an offset there. */
static bool stands_in(tp_str text, const tp_slot *slot)
{
    return slot->at < text.len && slot->name.len > 0 &&
           text.at[slot->at] == slot->name.at[0];
}

int tp_nutmeg_missing(tp_nutmeg *m, tp_str text, tp_arena *mem)
{
    const tp_expr *e = NULL;
    const tp_slot *slot = NULL;
    tp_scope       in;
    tp_arena       saved = m->scratch;
    int            n = 0, col = 0;
    m->scratch = *mem;
    scope_of(m, &in);
    if (!tp_expr_compile(&e, text, &in, &m->scratch, NULL))
        n = tp_expr_slots(e, &slot);
    for (int i = 0; i < n && !col; i++) {
        tp_value v;
        bool     there = bind(m, slot[i].name, &v, NULL) == TP_OK;
        if (there && v.kind == TP_NONE && stands_in(text, &slot[i]))
            col = (int)slot[i].at + 1;
    }
    m->scratch = saved;
    return col;
}

static tp_status no_value(tp_nutmeg *m, tp_str text, const char *why,
                          tp_err *err)
{
    tp_str   word = tp_str_of(why);
    tp_arena mem = m->scratch;
    if (tp_str_starts(word, TP_S("no such vector")))
        tp_fail(err, TP_BAD_INPUT, "%s", why);
    else
        tp_fail(err, TP_BAD_INPUT, "'%.*s' has no value: %s", TP_F(text), why);
    if (err) err->col = tp_nutmeg_missing(m, text, &mem);
    tp_nm_place_col(m, text, err);
    return TP_BAD_INPUT;
}

tp_status tp_nm_vector_of(tp_nutmeg *m, tp_str text, tp_wave *out, tp_err *err)
{
    tp_value v;
    text = tp_str_trim(text);
    TP_TRY(value_of(m, text, &v, err));
    double *re = TP_NEW(&m->scratch, double, 2);
    switch (v.kind) {
    case TP_NONE: return no_value(m, text, v.why, err);
    case TP_WAVE: *out = v.wave; break;
    case TP_STRING: /* "v-sweep" */
        TP_TRY(tp_nm_lookup(m, v.text, out, err));
        if (out->n > 0) break;
        return tp_fail(err, TP_BAD_INPUT, "%.*s", TP_F(out->name));
    case TP_NUMBER:
    case TP_COMPLEX:
        re[0] = v.re;
        re[1] = v.im;
        *out = (tp_wave){.n = 1, .re = re, .unit = v.unit};
        if (v.kind == TP_COMPLEX) out->im = re + 1;
        break;
    default:
        return tp_fail(err, TP_BAD_INPUT, "'%.*s' is no vector", TP_F(text));
    }
    if (v.kind == TP_WAVE && v.unit.len > 0) out->unit = v.unit;
    out->name = text;
    return TP_OK;
}

tp_status tp_nm_number_of(tp_nutmeg *m, tp_str text, double *out, tp_err *err)
{
    tp_value v;
    text = tp_str_trim(text);
    if (text.len == 0) return tp_fail(err, TP_BAD_INPUT, "a number is missing");
    TP_TRY(value_of(m, text, &v, err));
    if (v.kind == TP_NONE) return no_value(m, text, v.why, err);
    v = tp_value_scalar(&v, &m->scratch);
    if (v.kind == TP_NONE) return no_value(m, text, v.why, err);
    *out = v.re;
    return TP_OK;
}

/* What is not there is false, with a warning, as Nutmeg has it. */
tp_status tp_nm_truth_of(tp_nutmeg *m, tp_str text, bool *out, tp_err *err)
{
    tp_value v;
    if (tp_str_trim(text).len == 0)
        return tp_fail(err, TP_BAD_INPUT, "the condition is missing");
    TP_TRY(value_of(m, text, &v, err));
    if (v.kind == TP_NONE)
        tp_nutmeg_warn(m, "'%.*s' has no value (%s) and counts as false",
                       TP_F(text), v.why);
    *out = tp_value_true(&v);
    return TP_OK;
}
