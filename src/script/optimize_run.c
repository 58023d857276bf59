/* `optimize` alone: the description becomes a problem whose bench is the
   session itself, frozen; the run searches; the best values become the initial
   ones and the circuit's, and the analyses are run once more there, so that
   their plots are those of the best point (of the circuit as it is, where no
   point met all conditions). */
#include "script/session.h"

#include <math.h>

/* The circuit's own value where no initial one was given. */
static tp_status initial_of(tp_session *s, const tp_optpar *p, double *out,
                            tp_err *err)
{
    tp_arena mem = s->mem;
    *out = p->initial;
    if (!isnan(p->initial)) return TP_OK;
    tp_value v = tp_nutmeg_eval(s->nutmeg, p->name, &mem, err);
    tp_value one = tp_value_scalar(&v, &mem);
    if (one.kind != TP_NUMBER)
        return tp_fail(err, TP_BAD_INPUT,
                       "optimize parameter %d: the circuit has no %.*s (and no "
                       "initial value is given)",
                       p->number, TP_F(p->name));
    *out = fmin(fmax(one.re, p->low), p->high);
    return TP_OK;
}

static tp_status make_space(tp_session *s, tp_space *out, tp_arena *mem,
                            tp_err *err)
{
    const tp_optimize *o = &s->optimize;
    tp_var            *var = TP_NEW(mem, tp_var, o->n_par);
    for (int i = 0; i < o->n_par; i++) {
        const tp_optpar *p = &o->par[i];
        var[i] = (tp_var){.name = p->name,
                          .lo = p->low,
                          .hi = p->high,
                          .log = p->log,
                          .mean = p->mean,
                          .deviation = p->deviation,
                          .abstol = p->abstol,
                          .reltol = p->reltol,
                          .step = o->option.discrete_space ? p->increment : 0};
        if (isnan(p->mean)) var[i].mean = (p->low + p->high) / 2;
        if (isnan(p->deviation)) var[i].deviation = (p->high - p->low) / 6;
        TP_TRY(initial_of(s, p, &var[i].start, err));
        if (var[i].step > 0)
            var[i].start =
                p->low +
                var[i].step * round((var[i].start - p->low) / var[i].step);
    }
    *out = (tp_space){o->n_par, var};
    return TP_OK;
}

static tp_measure measure(tp_str name, tp_str text, tp_goal goal)
{
    return (tp_measure){.name = name,
                        .text = text,
                        .dialect = TP_NUTMEG,
                        .goal = goal,
                        .target = goal == TP_AT_LEAST,
                        .scale = 1};
}

/* The cost, the conditions, then the components of a given gradient. */
static tp_measure *make_measures(const tp_optimize *o, tp_problem *p,
                                 tp_arena *mem)
{
    int         n = 0;
    tp_measure *m = TP_NEW(mem, tp_measure, 1 + o->implicit.n + o->gradient.n);
    m[n++] = measure(TP_S("cost"), o->cost.text, TP_MINIMISE);
    for (int i = 0; i < o->implicit.n; i++) {
        const tp_optline *l = &o->implicit.line[i];
        m[n++] = measure(tp_str_fmt(mem, "implicit%d", l->number), l->is.text,
                         TP_AT_LEAST);
    }
    p->gradient = o->gradient.n ? n : 0;
    for (int i = 0; i < o->gradient.n; i++)
        m[n++] = measure(tp_str_fmt(mem, "gradient%d", i),
                         o->gradient.line[i].is.text, TP_WATCH);
    p->n_measure = n;
    return m;
}

/* Plots of earlier runs and of the script's own vectors (setplot new); not
   populations, of which there may be a thousand. */
static bool is_kept(const tp_plot *p)
{
    return tp_str_eq(p->kind, TP_S("unknown")) ||
           tp_str_eq(p->kind, TP_S("optimize"));
}

/* Plots that are no analysis's stay: a trial's own count from 1 again. */
static tp_str freeze(tp_session *s, tp_arena *mem)
{
    const tp_plot *plot;
    int            current, n = tp_nutmeg_plots(s->nutmeg, &plot, &current);
    tp_str        *keep = TP_NEW(mem, tp_str, n);
    int            kept = 0;
    for (int i = 0; i < n; i++)
        if (is_kept(&plot[i])) keep[kept++] = plot[i].ordinal;
    return tp_nutmeg_freeze(s->nutmeg, keep, kept, mem);
}

/* An analysis line as a worker runs it; one that reads a script becomes that
   script, for a worker reads no files. */
static tp_status line_of(tp_session *s, const tp_optline *l, tp_str *out,
                         tp_arena *mem, tp_err *err)
{
    tp_str rest = l->is.text;
    *out = l->is.text;
    if (!tp_str_eq(tp_str_word(&rest, " \t"), TP_S("source"))) return TP_OK;
    if (!tp_nutmeg_script(s->nutmeg, tp_str_trim(rest), out, mem, err))
        return TP_OK;
    return tp_while(err, "optimize analysis %d", l->number);
}

/* What a trial does to the circuit: the changes so far, the variables, the
   lines; and what the session's functions and the measures name in it. */
static tp_touch touch_of(const tp_session *s, const tp_program *g,
                         const tp_problem *p, tp_arena *mem)
{
    tp_buf  b = {.mem = mem};
    tp_str *text = TP_NEW(mem, tp_str, 1 + p->n_measure);
    tp_buf_add(&b, tp_nutmeg_changes(s->nutmeg, mem));
    for (int i = 0; i < p->space.n; i++)
        tp_buf_fmt(&b, "let %.*s = 0\n", TP_F(p->space.var[i].name));
    for (int i = 0; i < g->n; i++) tp_buf_fmt(&b, "%.*s\n", TP_F(g->line[i]));
    tp_touch all = tp_nutmeg_read(tp_buf_str(&b), (tp_place){0}, mem).touch;
    text[0] = g->session;
    for (int i = 0; i < p->n_measure; i++) text[1 + i] = p->measure[i].text;
    tp_touch names = {.n_text = 1 + p->n_measure, .text = text};
    tp_touch_add(&all, &names, mem);
    return all;
}

static tp_status make_problem(tp_session *s, tp_problem *p, tp_arena *mem,
                              tp_err *err)
{
    const tp_optimize *o = &s->optimize;
    const tp_circuit  *c = tp_nutmeg_circuit(s->nutmeg);
    tp_bench          *bench = TP_NEW(mem, tp_bench, 1);
    tp_program        *program = TP_NEW(mem, tp_program, 1);
    tp_source         *file = TP_NEW(mem, tp_source, 1);
    tp_str            *line = TP_NEW(mem, tp_str, o->analysis.n);
    if (!c)
        return tp_fail(err, TP_BAD_INPUT,
                       "optimize: there is no circuit (source FILE)");
    for (int i = 0; i < o->analysis.n; i++)
        TP_TRY(line_of(s, &o->analysis.line[i], &line[i], mem, err));
    *program = (tp_program){
        .session = freeze(s, mem), .n = o->analysis.n, .line = line};
    *bench =
        (tp_bench){.name = s->setup.name, .circuit = c, .program = program};
    *file = (tp_source){s->setup.path, TP_S("")};
    *p = (tp_problem){.name = s->setup.name,
                      .path = s->setup.path,
                      .files = {.n = 1, .file = file},
                      .n_bench = 1,
                      .bench = bench,
                      .abstol = NAN,
                      .reltol = NAN};
    p->measure = make_measures(o, p, mem);
    p->script = tp_again_mark(s, p, mem);
    TP_TRY(make_space(s, &p->space, mem, err));
    program->touch = touch_of(s, program, p, mem);
    return TP_OK;
}

/* A file that can't be written is said before the run. */
static tp_status check_outfile(tp_session *s, tp_arena *mem, tp_err *err)
{
    tp_str name;
    TP_TRY(tp_optimize_outfile(&s->optimize, &name, mem, err));
    if (!name.len) return TP_OK;
    if (!tp_nutmeg_can_write(s->nutmeg, name, err)) return TP_OK;
    return tp_while(err, "optimize: outfile");
}

static tp_status open_store(tp_session *s, tp_err *err)
{
    if (s->store) return TP_OK;
    return tp_store_open(&s->store, s->setup.store, err);
}

static tp_run_settings settings_of(const tp_session *s, tp_arena *mem)
{
    const tp_optimize *o = &s->optimize;
    tp_run_settings    set = s->setup.set;
    set.method =
        tp_str_fmt(mem, "%s%s%.*s", o->method->name,
                   o->method_list.len ? "," : "", TP_F(o->method_list));
    /* The loop tests `iterations > max` before each turn. */
    if (!set.max_trials) set.max_trials = o->option.number_of_iterations + 1;
    if (!isinf(o->option.stop_cost)) set.stop_cost = o->option.stop_cost;
    set.centering = o->option.centering;
    set.ctol = 0.5; /* conditions are 1 or 0 */
    return set;
}

static void warn(const tp_session *s, tp_str text)
{
    if (s->setup.warning) s->setup.warning(s->setup.with, text);
}

/* The plots and vectors of the analysis lines, for what the script does with
   them next. */
static tp_status run_lines(tp_session *s, tp_err *err)
{
    const tp_optimize *o = &s->optimize;
    for (int i = 0; i < o->analysis.n; i++)
        TP_TRY(tp_nutmeg_line(s->nutmeg, o->analysis.line[i].is.text,
                              (tp_place){0}, NULL, err));
    return TP_OK;
}

/* The circuit at the best point; where no point met all conditions it stays as
   it is, and may be one that does not simulate. */
static tp_status show_best(tp_session *s, const tp_trial *best, tp_err *err)
{
    tp_err why = {0};
    if (best->score.feasible) {
        TP_TRY(tp_optimize_set(&s->optimize, best->x, s->nutmeg, err));
        return run_lines(s, err);
    }
    tp_arena mem = s->mem;
    if (run_lines(s, &why))
        warn(s, tp_str_fmt(&mem, "no plots are left of this run: %s", why.msg));
    return TP_OK;
}

/* The best point by a fresh ngspice for every analysis. What does not agree
   is said; all else is in the store. */
static tp_status prove(tp_session *s, tp_run *r, tp_err *err)
{
    tp_proof  proof;
    tp_arena  mem = tp_arena_open((ptrdiff_t)1 << 34);
    tp_status st = tp_run_prove(r, &proof, &mem, err);
    if (!st && !(proof.done && proof.same))
        warn(s, tp_str_fmt(&mem, "%.*s: a fresh %.*s %s: %.*s",
                           TP_F(tp_run_id(r)), TP_F(proof.simulator),
                           proof.done ? "differs" : "could not be asked",
                           TP_F(proof.why)));
    tp_arena_close(&mem);
    return st;
}

static tp_status finish(tp_session *s, const tp_problem *p, tp_run *r,
                        tp_err *err)
{
    const tp_trial *best = tp_run_final(r, NULL);
    tp_optimize_report(s, r);
    tp_optimize_learn(s, r);
    if (best && s->setup.prove) TP_TRY(prove(s, r, err));
    if (best) TP_TRY(show_best(s, best, err));
    tp_optimize_populations(s, r);
    tp_optimize_plot(s, r);
    return tp_optimize_write_points(s, p, r, err);
}

/* A new run, or the stored one whose turn it is. */
static tp_status begin(tp_session *s, tp_run **r, const tp_problem *p,
                       tp_arena *mem, tp_err *err)
{
    const tp_stored_script *again = tp_again_next(s);
    tp_run_settings         set = settings_of(s, mem);
    if (!again) return tp_run_start(r, p, &set, s->store, err);
    TP_TRY(tp_again_check(s, p, err));
    set.max_trials = s->setup.max_trials; /* else those of the stored run */
    set.max_time = s->setup.max_time;
    return tp_run_resume(r, p, &set, s->store, again->id, err);
}

/* The text of the description that a first trial could not do. */
static const tp_opttext *wrong_text(const tp_optimize *o, tp_wrong w)
{
    int implicit = w.at - 1, gradient = implicit - o->implicit.n;
    if (w.in == TP_WRONG_LINE && w.at >= 0 && w.at < o->analysis.n)
        return &o->analysis.line[w.at].is;
    if (w.in != TP_WRONG_MEASURE) return NULL;
    if (w.at == 0) return &o->cost;
    if (implicit >= 0 && implicit < o->implicit.n)
        return &o->implicit.line[implicit].is;
    if (gradient >= 0 && gradient < o->gradient.n)
        return &o->gradient.line[gradient].is;
    return NULL;
}

/* An error of the first trial stands where its text stands, not at the
   `optimize` that ran it. */
static void place_wrong(const tp_optimize *o, const tp_run *r, tp_err *err)
{
    tp_wrong          w = tp_run_wrong(r);
    const tp_opttext *t = wrong_text(o, w);
    tp_place          at = t ? tp_opttext_place(t, w.col) : (tp_place){0};
    if (at.in) tp_err_place(err, at);
}

tp_status tp_optimize_run(tp_session *s, tp_err *err)
{
    tp_arena   mem = tp_arena_open((ptrdiff_t)1 << 32);
    tp_problem p;
    tp_run    *r = NULL;
    tp_status  st = make_problem(s, &p, &mem, err);
    if (!st) st = check_outfile(s, &mem, err);
    if (!st) st = open_store(s, err);
    if (!st) st = begin(s, &r, &p, &mem, err);
    if (!st) {
        *TP_PUSH(&s->mem, s->run, s->n_run, s->cap_run) =
            tp_str_copy(&s->mem, tp_run_id(r));
        st = tp_run_go(r, &s->setup.watch, err);
        if (st) place_wrong(&s->optimize, r, err);
    }
    if (!st) st = finish(s, &p, r, err);
    if (!st && tp_str_eq(tp_run_status(r), TP_S("interrupted")))
        st = tp_fail(err, TP_INTERRUPTED, "interrupted");
    tp_run_close(r);
    tp_arena_close(&mem);
    return st;
}
