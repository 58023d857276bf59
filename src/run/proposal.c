/* The method's proposals to an outside mind. */
#include "run/foreign.h"

tp_status tp_foreign_refuse(const tp_run *r, tp_err *err)
{
    tp_arena mem = r->scratch;
    tp_buf   able = {.mem = &mem};
    for (const tp_opt_ops *const *m = tp_opts(); *m; m++)
        if ((*m)->can & TP_OPT_FOREIGN)
            tp_buf_fmt(&able, "%s%s", able.len ? ", " : "", (*m)->name);
    tp_str names = tp_buf_str(&able);
    return tp_fail(err, TP_BAD_INPUT,
                   "%s can't go on from points that it did not ask for; these "
                   "methods can: %.*s",
                   r->method->name, TP_F(names));
}

int tp_proposal_at(const tp_run *r, int number)
{
    for (int i = 0; i < r->n_open; i++)
        if (r->open[i].number == number) return i;
    return -1;
}

void tp_proposal_drop(tp_run *r, int number)
{
    int at = tp_proposal_at(r, number);
    if (at < 0) return;
    for (int i = at + 1; i < r->n_open; i++) r->open[i - 1] = r->open[i];
    r->n_open--;
}

tp_status tp_proposal_close(tp_run *r, int number, int trial, tp_err *err)
{
    tp_buf b = {.mem = &r->mem};
    tp_pack_int(&b, number);
    tp_pack_int(&b, trial);
    tp_proposal_drop(r, number);
    return tp_record_event(r, TP_S("close"), tp_buf_str(&b), err);
}

/* The method's next point, on the grid; *why in its own words. */
static tp_ask next_point(tp_run *r, double *x, tp_str *why, tp_status *bad,
                         tp_err *err)
{
    tp_arena mem = r->scratch;
    double  *u = TP_NEW(&mem, double, r->space.n);
    int      tag;
    tp_ask   a = r->method->ask(&r->opt, u, &tag);
    *bad = a == TP_ASK_POINT ? tp_run_point(r, u, x, err) : TP_OK;
    if (a == TP_ASK_POINT) *why = tp_ask_words(r, tag, &r->mem);
    return a;
}

/* The open proposals were asked for already: the method is where it was after
   them. */
static tp_status pass_open(tp_run *r, tp_err *err)
{
    tp_arena  mem = r->scratch;
    double   *x = TP_NEW(&mem, double, r->space.n);
    tp_str    why;
    tp_status bad;
    if (!tp_foreign_takes(r)) return tp_foreign_refuse(r, err);
    for (int i = 0; i < r->n_open; i++) {
        if (next_point(r, x, &why, &bad, err) != TP_ASK_POINT) break;
        TP_TRY(bad);
    }
    return TP_OK;
}

tp_status tp_foreign_suggest(tp_run *r, tp_proposal *out, int *n, tp_err *err)
{
    int       wanted = *n;
    tp_status bad;
    *n = 0;
    TP_TRY(pass_open(r, err));
    while (*n < wanted) {
        tp_str  why;
        double *x = TP_NEW(&r->mem, double, r->space.n);
        if (next_point(r, x, &why, &bad, err) != TP_ASK_POINT) break;
        TP_TRY(bad);
        out[(*n)++] = (tp_proposal){.x = x, .why = why};
    }
    return TP_OK;
}

tp_status tp_foreign_ask(tp_run *r, tp_proposal *out, tp_err *err)
{
    int    n = 1;
    tp_buf b = {.mem = &r->mem};
    TP_TRY(tp_foreign_suggest(r, out, &n, err));
    if (!n)
        return tp_fail(err, TP_BAD_INPUT,
                       "%s wants to be told of its %d open proposals first",
                       r->method->name, r->n_open);
    out->number = ++r->n_proposal;
    tp_pack_int(&b, out->number);
    tp_pack_doubles(&b, out->x, r->space.n);
    TP_TRY(tp_record_event(r, TP_S("open"), tp_buf_str(&b), err));
    *TP_PUSH(&r->mem, r->open, r->n_open, r->cap_open) = *out;
    return TP_OK;
}

int tp_foreign_open(const tp_run *r, const tp_proposal **open)
{
    *open = r->open;
    return r->n_open;
}
