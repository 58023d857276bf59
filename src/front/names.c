/* What the names of an expression stand for. */
#include "front/inside.h"

tp_place tp_origin_place(const tp_origin *o, ptrdiff_t at)
{
    if (o->card) return tp_card_place(o->card, o->at + at);
    tp_place p = o->from;
    for (ptrdiff_t i = 0; i < o->at + at && i < o->block.len; i++) {
        p.col++;
        if (o->block.at[i] != '\n') continue;
        p.line++;
        p.col = 1;
    }
    return p;
}

tp_status tp_origin_fail(const tp_origin *o, tp_err *err)
{
    if (!err) return TP_BAD_INPUT;
    ptrdiff_t at = err->col > 0 ? err->col - 1 : 0;
    if (!err->file[0]) {
        err->line = err->col = 0;
        tp_err_place(err, tp_origin_place(o, at));
    }
    return err->code;
}

int tp_front_analysis(const tp_reader *r, tp_str name)
{
    if (name.len == 0) return -1;
    for (int i = 0; i < r->n_analysis; i++)
        if (tp_str_same(r->analysis[i].id, name)) return i;
    for (int i = 0; i < r->n_analysis; i++)
        if (tp_str_same(r->analysis[i].runname, name) ||
            tp_str_same(r->analysis[i].ordinal, name))
            return i;
    return -1;
}

/* The name by which a user would know an analysis. */
static tp_str analysis_name(const tp_analysis *a)
{
    return a->id.len > 0 ? a->id : a->ordinal;
}

tp_str tp_front_analyses(const tp_reader *r, tp_str wanted)
{
    tp_str *name = TP_NEW(r->mem, tp_str, r->n_analysis);
    for (int i = 0; i < r->n_analysis; i++)
        name[i] = analysis_name(&r->analysis[i]);
    tp_str near = tp_did_you_mean(r->mem, wanted, name, r->n_analysis);
    if (near.len > 0) return near;
    tp_buf b = {.mem = r->mem};
    tp_buf_add(&b, r->n_analysis > 0 ? TP_S("; there is ")
                                     : TP_S("; the deck has no analysis"));
    for (int i = 0; i < r->n_analysis; i++)
        tp_buf_fmt(&b, "%s%.*s", i > 0 ? ", " : "", TP_F(name[i]));
    return tp_buf_str(&b);
}

/* One name being bound. */
typedef struct name {
    tp_reader      *r;
    const tp_names *in;
    tp_str          text;     /* as the expression has it: "tran1:vout" */
    tp_str          vector;   /* without its group */
    int             analysis; /* -1: none said */
    bool            op;
    tp_bind        *out;
    tp_err         *err;
} name;

static bool bind_local(name *n)
{
    for (int i = n->in->n_step - 1; i >= 0; i--) {
        const tp_step *s = &n->in->step[i];
        if (s->kind != TP_STEP_LET || !tp_str_same(s->name, n->text)) continue;
        *n->out = (tp_bind){.kind = TP_BIND_LOCAL, .at = i};
        return true;
    }
    return false;
}

static bool bind_data(name *n)
{
    for (int i = 0; i < n->r->p->n_data; i++) {
        if (!tp_str_same(n->r->p->data[i].name, n->text)) continue;
        *n->out = (tp_bind){.kind = TP_BIND_DATA, .at = i};
        return true;
    }
    return false;
}

static bool bind_variable(name *n)
{
    int i = tp_space_find(&n->r->p->space, n->text);
    if (i < 0) return false;
    *n->out = (tp_bind){.kind = TP_BIND_VAR, .at = i};
    return true;
}

/* The same vector of every trial is kept once. */
static int want(tp_reader *r, const tp_bind *bind)
{
    tp_problem *p = r->p;
    for (int i = 0; i < p->n_want; i++)
        if (r->want[i].analysis == bind->analysis &&
            tp_str_eq(r->want[i].signal.name, bind->signal.name))
            return i;
    tp_bind *one = TP_PUSH(r->mem, r->want, p->n_want, r->cap_want);
    *one = *bind;
    p->want = r->want;
    return p->n_want - 1;
}

/* An unknown vector: what it may have been, of the names that the netlist
   does not know of. */
static tp_status fail_unknown(name *n)
{
    const tp_problem *p = n->r->p;
    int               count = 0;
    tp_str           *near =
        TP_NEW(n->r->mem, tp_str, p->n_data + p->space.n + n->in->n_step);
    for (int i = 0; i < p->n_data; i++) near[count++] = p->data[i].name;
    for (int i = 0; i < p->space.n; i++) near[count++] = p->space.var[i].name;
    for (int i = 0; i < n->in->n_step; i++)
        if (n->in->step[i].kind == TP_STEP_LET)
            near[count++] = n->in->step[i].name;
    tp_str mean = tp_did_you_mean(n->r->mem, n->text, near, count);
    if (mean.len == 0) return TP_BAD_INPUT; /* netlist's own message */
    return tp_fail(n->err, TP_BAD_INPUT, "unknown name '%.*s'%.*s",
                   TP_F(n->text), TP_F(mean));
}

static tp_status bind_signal(name *n)
{
    tp_analysis *a = &n->r->analysis[n->analysis];
    tp_str       kind = n->op ? TP_S("op") : a->kind;
    tp_signal    signal;
    tp_status s = tp_deck_signal(n->r->deck, n->vector, kind, &signal, n->err);
    if (s != TP_OK) return bind_variable(n) ? TP_OK : s;
    a->op = a->op || n->op;
    *n->out = (tp_bind){.kind = TP_BIND_SIGNAL,
                        .analysis = n->analysis,
                        .op = n->op,
                        .signal = signal};
    if (!n->in->script) return TP_OK;
    int at = want(n->r, n->out);
    n->out->kind = TP_BIND_DIVISIONS;
    n->out->at = at;
    return TP_OK;
}

/* "ac_0:vout": the analysis is named. */
static tp_status split_group(name *n)
{
    ptrdiff_t colon = tp_str_find(n->text, ':', 0);
    if (colon < 0) return TP_OK;
    tp_str group = tp_str_part(n->text, 0, colon);
    n->vector = tp_str_from(n->text, colon + 1);
    n->analysis = tp_front_analysis(n->r, group);
    n->op = n->op && n->analysis == n->in->analysis;
    if (n->analysis >= 0) return TP_OK;
    return tp_fail(n->err, TP_BAD_INPUT, "no analysis '%.*s'%.*s", TP_F(group),
                   TP_F(tp_front_analyses(n->r, group)));
}

/* A script's name without a group: of the only analysis that is run. */
static tp_status pick_analysis(name *n)
{
    if (n->analysis >= 0) return TP_OK;
    if (n->r->n_analysis == 1) n->analysis = 0;
    if (n->analysis >= 0) return TP_OK;
    if (bind_variable(n)) return TP_OK;
    return tp_fail(n->err, TP_BAD_INPUT,
                   "%.*s: of which analysis? Write NAME:%.*s%.*s",
                   TP_F(n->text), TP_F(n->text),
                   TP_F(tp_front_analyses(n->r, (tp_str){"", 0})));
}

static tp_status bind(name *n)
{
    if (bind_local(n) || bind_data(n)) return TP_OK;
    TP_TRY(split_group(n));
    TP_TRY(pick_analysis(n));
    if (n->analysis < 0) return TP_OK;
    tp_status s = bind_signal(n);
    if (s == TP_BAD_INPUT) fail_unknown(n);
    return s;
}

tp_status tp_names_bind(const tp_bind **out, int *n, tp_reader *r,
                        const tp_expr *e, const tp_names *in, tp_err *err)
{
    const tp_slot *slot;
    *n = tp_expr_slots(e, &slot);
    tp_bind *list = TP_NEW(r->mem, tp_bind, *n);
    for (int i = 0; i < *n; i++) {
        tp_err own = {0};
        name   one = {.r = r,
                      .in = in,
                      .text = slot[i].name,
                      .vector = slot[i].name,
                      .analysis = in->analysis,
                      .op = in->op,
                      .out = &list[i],
                      .err = &own};
        if (bind(&one) == TP_OK) continue;
        return tp_fail_at(err, own.code, tp_origin_place(&in->from, slot[i].at),
                          "%s", own.msg);
    }
    *out = list;
    return TP_OK;
}
