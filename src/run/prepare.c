/* What a run needs before anything starts: the space with start values and
   scales as the user wants them, and the method. */
#include "run/inside.h"

#include <math.h>

static tp_status set_start(tp_var *v, tp_str value, tp_err *err)
{
    double x;
    char   low[TP_NUMBER_MAX], high[TP_NUMBER_MAX];
    if (!tp_number_all(value, &x) || tp_number_is_odd(value))
        return tp_fail(err, TP_BAD_INPUT, "--set %.*s: '%.*s' is not a number",
                       TP_F(v->name), TP_F(value));
    if (!(x >= v->lo && x <= v->hi))
        return tp_fail(err, TP_BAD_INPUT,
                       "--set %.*s: %.*s is outside %s to %s", TP_F(v->name),
                       TP_F(value), tp_exact(v->lo, low),
                       tp_exact(v->hi, high));
    v->start = x;
    return TP_OK;
}

static tp_status unknown_variable(const char *flag, const tp_space *s,
                                  tp_str name, tp_err *err)
{
    tp_arena mem = tp_arena_open(1 << 20);
    tp_str  *all = TP_NEW(&mem, tp_str, s->n);
    for (int i = 0; i < s->n; i++) all[i] = s->var[i].name;
    tp_str    hint = tp_did_you_mean(&mem, name, all, s->n);
    tp_status st =
        tp_fail(err, TP_BAD_INPUT, "%s: there is no variable '%.*s'%.*s", flag,
                TP_F(name), TP_F(hint));
    tp_arena_close(&mem);
    return st;
}

static tp_status apply_set(tp_space *s, tp_var *var, tp_str list, tp_arena mem,
                           tp_err *err)
{
    bool *done = TP_NEW(&mem, bool, s->n);
    while (list.len) {
        tp_str    item = tp_str_word(&list, ",");
        ptrdiff_t eq = tp_str_find(item, '=', 0);
        if (!item.len) break;
        if (eq < 0)
            return tp_fail(err, TP_BAD_INPUT, "--set: '%.*s' is not NAME=VALUE",
                           TP_F(item));
        tp_str name = tp_str_trim(tp_str_part(item, 0, eq));
        int    i = tp_space_find(s, name);
        if (i < 0) return unknown_variable("--set", s, name, err);
        if (done[i])
            return tp_fail(err, TP_BAD_INPUT, "--set %.*s: given twice",
                           TP_F(name));
        done[i] = true;
        TP_TRY(set_start(&var[i], tp_str_trim(tp_str_from(item, eq + 1)), err));
    }
    return TP_OK;
}

static tp_status apply_lin(tp_space *s, tp_var *var, tp_str list, tp_err *err)
{
    for (tp_str word; (word = tp_str_word(&list, ",")).len;) {
        tp_str name = tp_str_trim(word);
        bool   all = tp_str_same(name, TP_S("all"));
        int    k = tp_space_find(s, name);
        if (!all && k < 0) return unknown_variable("--lin", s, name, err);
        for (int i = 0; i < s->n; i++)
            if (all || i == k) var[i].log = false;
    }
    return TP_OK;
}

tp_status tp_prepare_space(tp_space *out, const tp_problem *p,
                           const tp_run_settings *s, tp_arena *mem, tp_err *err)
{
    tp_var *var = TP_NEW(mem, tp_var, p->space.n);
    for (int i = 0; i < p->space.n; i++) var[i] = p->space.var[i];
    *out = (tp_space){.n = p->space.n, .var = var};
    TP_TRY(apply_set(out, var, s->set, *mem, err));
    TP_TRY(apply_lin(out, var, s->lin, err));
    return tp_space_check(out, err);
}

/* The method's name and the settings behind it, from the flag or the deck. */
static tp_status split_method(const tp_run *r, tp_str *name, tp_str *list,
                              tp_err *err)
{
    bool        flag = r->set.method.len > 0;
    const char *what = flag ? "--method" : "method";
    tp_str      m = flag ? r->set.method : r->problem->method;
    ptrdiff_t   comma = tp_str_find(m, ',', 0);
    *list = (tp_str){"", 0};
    if (comma >= 0) *list = tp_str_from(m, comma + 1);
    *name = comma >= 0 ? tp_str_part(m, 0, comma) : m;
    if (m.len && !tp_str_trim(*name).len)
        return tp_fail(err, TP_BAD_INPUT, "%s '%.*s' names no method", what,
                       TP_F(m));
    tp_str rest = *list, word = tp_str_word(&rest, ",");
    if (word.len && tp_str_find(word, '=', 0) < 0)
        return tp_fail(err, TP_BAD_INPUT,
                       "%s %.*s: '%.*s' is not SETTING=VALUE", what,
                       TP_F(*name), TP_F(word));
    if (!name->len && r->problem->n_spec) *name = TP_S("bo");
    if (!name->len)
        *name = tp_str_of(tp_opt_default(tp_problem_constraints(r->problem)));
    return TP_OK;
}

static tp_opt_stop stop_rules(const tp_run *r)
{
    int         k = tp_problem_objective(r->problem);
    tp_opt_stop s = {.abstol = r->set.abstol,
                     .reltol = r->set.reltol,
                     .max_trials = r->max_trials,
                     .planned = r->first_limit,
                     .has_goal = !isinf(r->set.stop_cost) && k >= 0,
                     .goal = r->set.stop_cost};
    if (s.has_goal && r->problem->measure[k].goal == TP_MAXIMISE)
        s.goal = -s.goal;
    if (r->max_trials && r->largest_limit > r->max_trials)
        s.max_trials = r->largest_limit; /* its asks were those of this one */
    if (s.abstol < 0) s.abstol = r->problem->abstol;
    if (!(s.abstol >= 0)) s.abstol = 1e-9;
    if (s.reltol < 0) s.reltol = r->problem->reltol;
    if (!(s.reltol >= 0)) s.reltol = 1e-3;
    return s;
}

/* The method wants all corners from its first trial. */
static void begin_last(tp_run *r)
{
    r->phase = tp_problem_phases(r->problem) - 1;
    tp_corners_want(r);
    if (r->method->raise) r->method->raise(&r->opt);
}

tp_status tp_prepare_method(tp_run *r, tp_err *err)
{
    tp_str name, list;
    TP_TRY(split_method(r, &name, &list, err));
    tp_status st =
        tp_opt_choose(&r->method, name, &r->space,
                      tp_problem_constraints(r->problem), &r->mem, err);
    if (st && !r->set.method.len && err && r->problem->method_at.in)
        tp_err_place(err, r->problem->method_at);
    if (st) return st;
    r->max_trials = r->set.max_trials ? r->set.max_trials : r->problem->iterlim;
    if (r->first_limit < 0) r->first_limit = r->limit_now = r->max_trials;
    r->opt = (tp_opt){.space = &r->space,
                      .n_g = tp_problem_constraints(r->problem),
                      .stop = stop_rules(r),
                      .seed = (uint64_t)r->set.seed,
                      .mem = tp_arena_open((ptrdiff_t)1 << 34)};
    r->opt_open = true;
    tp_corners_open(r);
    st = tp_opt_settings(&r->opt.settings, r->method, list, &r->mem, err);
    if (st && !r->set.method.len && err && r->problem->method_at.in)
        tp_err_place(err, r->problem->method_at);
    if (st) return st;
    r->row.method = tp_str_of(r->method->name);
    r->row.method_settings = list;
    r->window = r->set.window ? r->set.window : r->method->window;
    if (r->window < 1 || !(r->method->can & TP_OPT_PARALLEL)) r->window = 1;
    r->pending = TP_NEW(&r->mem, tp_pending, r->window);
    TP_TRY(r->method->init(&r->opt, err));
    if (r->opt.last) begin_last(r);
    return TP_OK;
}

static tp_status restart(tp_run *r, const double *start, tp_err *err)
{
    tp_var *var = TP_NEW(&r->mem, tp_var, r->space.n);
    for (int i = 0; i < r->space.n; i++) {
        var[i] = r->first_space.var[i];
        if (start) var[i].start = start[i];
    }
    r->space.var = var;
    r->opt.n_before = r->n_trial;
    if (r->opt.state) r->method->close(&r->opt);
    tp_arena_close(&r->opt.mem);
    r->opt.mem = tp_arena_open((ptrdiff_t)1 << 34);
    r->opt.state = NULL;
    return r->method->init(&r->opt, err);
}

tp_status tp_method_raise(tp_run *r, const double *start, tp_err *err)
{
    tp_corners_want(r);
    if (!tp_corners_kept(r)) return restart(r, start, err);
    r->method->raise(&r->opt);
    return TP_OK;
}

void tp_notice(const tp_run_watch *w, tp_str text)
{
    if (w && w->notice) w->notice(w->with, text);
}
