/* Running a script again from its stored runs: its n-th `optimize` goes on with
   the n-th of them, which must be of the same problem. */
#include "script/session.h"

#include <unistd.h>

static uint64_t hash_number(uint64_t h, double v)
{
    char text[TP_NUMBER_MAX];
    return tp_hash(h, tp_str_of(tp_exact(v, text)));
}

/* The method and what ends the run. */
static uint64_t hash_of_search(const tp_session *s)
{
    const tp_optimize *o = &s->optimize;
    uint64_t           h = tp_hash(0, tp_str_of(o->method->name));
    h = tp_hash(h, o->method_list);
    h = hash_number(h, o->option.number_of_iterations);
    h = hash_number(h, o->option.centering);
    for (int i = 0; i < o->n_par; i++) {
        const tp_optpar *p = &o->par[i];
        const double     more[] = {p->mean, p->deviation, p->abstol, p->reltol};
        for (int k = 0; k < TP_COUNT(more); k++) h = hash_number(h, more[k]);
    }
    return hash_number(h, o->option.stop_cost);
}

/* The circuit and the analysis lines. */
static uint64_t hash_of_bench(const tp_bench *b)
{
    uint64_t h = tp_hash(0, b->circuit->text);
    for (int i = 0; i < b->program->n; i++) h = tp_hash(h, b->program->line[i]);
    return h;
}

static tp_str settings_list(const tp_session *s, tp_arena *mem)
{
    return tp_params_list(tp_run_params, &s->setup.set, mem);
}

/* A name for this run of the script, which no other has. */
static tp_str new_token(tp_arena *mem)
{
    return tp_str_fmt(mem, "%.*s %d", TP_F(tp_utc_text(mem)), (int)getpid());
}

tp_str tp_again_mark(tp_session *s, const tp_problem *p, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    if (!s->setup.script) return TP_S("");
    if (!s->token.len) s->token = s->setup.token;
    if (!s->token.len) s->token = new_token(&s->mem);
    tp_pack_str(&b, s->token);
    tp_pack_int(&b, s->n_run + 1);
    tp_pack_str(&b, settings_list(s, mem));
    tp_pack_int(&b, (int64_t)hash_of_search(s));
    tp_pack_int(&b, (int64_t)hash_of_bench(&p->bench[0]));
    return tp_buf_str(&b);
}

bool tp_script_mark_read(tp_script_mark *out, tp_str bytes)
{
    tp_unpack u = {.rest = bytes};
    out->token = tp_unpack_str(&u);
    out->number = (int)tp_unpack_int(&u);
    out->settings = tp_unpack_str(&u);
    out->search = tp_unpack_int(&u);
    out->bench = tp_unpack_int(&u);
    return !u.bad && out->token.len > 0 && out->number > 0;
}

const tp_stored_script *tp_again_next(const tp_session *s)
{
    return s->n_run < s->setup.n_stored ? &s->setup.stored[s->n_run] : NULL;
}

static bool same_variables(const tp_space *a, const tp_space *b)
{
    if (a->n != b->n) return false;
    for (int i = 0; i < a->n; i++) {
        const tp_var *v = &a->var[i], *w = &b->var[i];
        if (!tp_str_eq(v->name, w->name) || v->lo != w->lo || v->hi != w->hi ||
            v->start != w->start || v->step != w->step || v->log != w->log)
            return false;
    }
    return true;
}

static bool same_measures(const tp_problem *a, const tp_problem *b)
{
    if (a->n_measure != b->n_measure) return false;
    for (int i = 0; i < a->n_measure; i++)
        if (!tp_str_eq(a->measure[i].name, b->measure[i].name) ||
            !tp_str_eq(a->measure[i].text, b->measure[i].text))
            return false;
    return true;
}

tp_status tp_again_check(const tp_session *s, const tp_problem *p, tp_err *err)
{
    const tp_stored_script *was = tp_again_next(s);
    tp_script_mark          mark, now;
    tp_script_mark_read(&mark, was->problem.script);
    tp_script_mark_read(&now, p->script);
    const char *differs = mark.bench != now.bench ? "circuit or analysis lines"
                          : !same_variables(&p->space, &was->problem.space)
                              ? "parameters (names, bounds, initial values)"
                          : !same_measures(p, &was->problem)
                              ? "cost, conditions or gradient"
                          : mark.search != now.search ? "method or options"
                                                      : NULL;
    if (!differs) return TP_OK;
    return tp_fail(err, TP_BAD_INPUT,
                   "optimize: run %d of the script is not the one stored as "
                   "%.*s, its %s differ; `trimpot run` makes new runs of a "
                   "changed script",
                   s->n_run + 1, TP_F(was->id), differs);
}
