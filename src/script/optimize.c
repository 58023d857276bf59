/* The sub-commands of `optimize`: each changes one part of the description. */
#include "script/optimize.h"

#include <math.h>

#define AT(field) offsetof(tp_optoptions, field)

static const tp_param option_rows[] = {
    {.name = "initial_guess",
     .type = TP_REAL,
     .at = AT(initial_guess),
     .def = 0,
     .min = 0,
     .max = 1e9,
     .text = "At 1 and above the next run starts where nothing was searched; "
             "the weight of the worst point, the best one's is 1."},
    {.name = "number_of_iterations",
     .type = TP_INT,
     .at = AT(number_of_iterations),
     .def = 10000,
     .min = 1,
     .max = 100000000,
     .text = "Most iterations; one iteration is one evaluation."},
    {.name = "stop_cost",
     .type = TP_REAL,
     .at = AT(stop_cost),
     .def = -INFINITY,
     .min = -INFINITY,
     .max = INFINITY,
     .text = "Stop at a feasible cost of this or less."},
    {.name = "centering",
     .type = TP_BOOL,
     .at = AT(centering),
     .text = "After the search to the point that is farthest from bounds and "
             "infeasible points."},
    {.name = "discrete_space",
     .type = TP_BOOL,
     .at = AT(discrete_space),
     .text = "Parameters move on the grid of their increments."},
    {0},
};

void tp_optimize_open(tp_optimize *o)
{
    *o = (tp_optimize){.mem = tp_arena_open((ptrdiff_t)1 << 34)};
    tp_params_default(option_rows, &o->option);
    o->analysis.what = "analysis";
    o->implicit.what = "implicit";
    o->gradient.what = "gradient";
}

void tp_optimize_close(tp_optimize *o)
{
    tp_arena_close(&o->mem);
}

/* The next word; an error stands at the last one. */
static tp_str word(tp_optimize *o, tp_str *rest)
{
    return o->word = tp_str_word(rest, " \t");
}

/* A non-negative integer; false: it is something else. */
static bool read_number(tp_str w, int *n)
{
    double v;
    for (ptrdiff_t i = 0; i < w.len; i++)
        if (!tp_is_digit(w.at[i])) return false;
    if (!w.len || !tp_number_all(w, &v) || v > 1e6) return false;
    *n = (int)v;
    return true;
}

static tp_status want_number(const char *what, tp_str w, int *n, tp_err *err)
{
    if (read_number(w, n)) return TP_OK;
    return tp_fail(err, TP_BAD_INPUT,
                   "optimize %s: a number from 0 on is wanted, not '%.*s'",
                   what, TP_F(w));
}

/* ---- numbered lines: analysis, implicit ---------------------------------- */

static int find_line(const tp_optlines *l, int number)
{
    for (int i = 0; i < l->n; i++)
        if (l->line[i].number == number) return i;
    return -1;
}

static void put_line(tp_optimize *o, tp_optlines *l, tp_optline new)
{
    int at = find_line(l, new.number);
    if (at < 0) {
        l->line =
            tp_grow(&o->mem, l->line, l->n, &l->cap, (ptrdiff_t)sizeof new,
                    (ptrdiff_t) _Alignof(tp_optline));
        for (at = l->n++; at > 0 && l->line[at - 1].number > new.number; at--)
            l->line[at] = l->line[at - 1];
    }
    l->line[at] = new;
}

static tp_status drop_line(tp_optlines *l, int number, tp_err *err)
{
    int at = find_line(l, number);
    if (at < 0)
        return tp_fail(err, TP_BAD_INPUT, "optimize %s: there is no number %d",
                       l->what, number);
    l->n--;
    for (int i = at; i < l->n; i++) l->line[i] = l->line[i + 1];
    return TP_OK;
}

static tp_status numbered(tp_optimize *o, tp_nutmeg *m, tp_optlines *l,
                          tp_str rest, tp_err *err)
{
    int number = 0;
    TP_TRY(want_number(l->what, word(o, &rest), &number, err));
    tp_str text = tp_str_trim(rest);
    if (!text.len)
        return tp_fail(err, TP_BAD_INPUT,
                       "optimize %s %d: its text is missing (or: delete)",
                       l->what, number);
    if (tp_str_eq(text, TP_S("delete"))) return drop_line(l, number, err);
    put_line(o, l, (tp_optline){number, tp_optimize_keep(o, m, text)});
    return TP_OK;
}

static tp_status analysis(tp_optimize *o, tp_nutmeg *m, tp_str rest,
                          tp_err *err)
{
    return numbered(o, m, &o->analysis, rest, err);
}

static tp_status implicit(tp_optimize *o, tp_nutmeg *m, tp_str rest,
                          tp_err *err)
{
    return numbered(o, m, &o->implicit, rest, err);
}

static tp_status cost(tp_optimize *o, tp_nutmeg *m, tp_str rest, tp_err *err)
{
    (void)err;
    o->cost = tp_optimize_keep(o, m, tp_str_trim(rest));
    return TP_OK;
}

/* ---- parameters ---------------------------------------------------------- */

static const struct {
    const char *word;
    size_t      at;
} value_word[] = {
    {"low", offsetof(tp_optpar, low)},
    {"high", offsetof(tp_optpar, high)},
    {"initial", offsetof(tp_optpar, initial)},
    {"increment", offsetof(tp_optpar, increment)},
    {"mean", offsetof(tp_optpar, mean)},
    {"deviation", offsetof(tp_optpar, deviation)},
    {"abstol", offsetof(tp_optpar, abstol)},
    {"reltol", offsetof(tp_optpar, reltol)},
};

static tp_optpar *find_par(const tp_optimize *o, int number)
{
    for (int i = 0; i < o->n_par; i++)
        if (o->par[i].number == number) return &o->par[i];
    return NULL;
}

static tp_optpar empty_par(int number)
{
    return (tp_optpar){.number = number,
                       .low = NAN,
                       .high = NAN,
                       .initial = NAN,
                       .mean = NAN,
                       .deviation = NAN};
}

static tp_optpar *new_par(tp_optimize *o, int number)
{
    o->par =
        tp_grow(&o->mem, o->par, o->n_par, &o->cap_par,
                (ptrdiff_t)sizeof *o->par, (ptrdiff_t) _Alignof(tp_optpar));
    int at = o->n_par++;
    for (; at > 0 && o->par[at - 1].number > number; at--)
        o->par[at] = o->par[at - 1];
    o->par[at] = empty_par(number);
    o->n_seen = 0; /* those points had other parameters */
    return &o->par[at];
}

static tp_status unknown_word(tp_optimize *o, tp_str w, tp_err *err)
{
    tp_str known[TP_COUNT(value_word) + 4];
    int    n = 0;
    o->word = w;
    for (int i = 0; i < TP_COUNT(value_word); i++)
        known[n++] = tp_str_of(value_word[i].word);
    known[n++] = TP_S("name");
    known[n++] = TP_S("lin");
    known[n++] = TP_S("log");
    known[n++] = TP_S("delete");
    tp_arena mem = o->mem;
    tp_str   hint = tp_did_you_mean(&mem, w, known, n);
    return tp_fail(err, TP_BAD_INPUT,
                   "optimize parameter: unknown word '%.*s'%.*s", TP_F(w),
                   TP_F(hint.len ? hint
                                 : TP_S(" (a quantity of the circuit is "
                                        "written @device[parameter])")));
}

static tp_status set_value(tp_optpar *p, tp_str w, tp_str text, bool *known,
                           tp_err *err)
{
    for (int i = 0; i < TP_COUNT(value_word); i++) {
        if (!tp_str_eq(w, tp_str_of(value_word[i].word))) continue;
        *known = true;
        double *to = (double *)(void *)((char *)p + value_word[i].at);
        if (tp_number_all(text, to)) return TP_OK;
        return tp_fail(err, TP_BAD_INPUT,
                       "optimize parameter %d %.*s: a number is wanted, not "
                       "'%.*s'",
                       p->number, TP_F(w), TP_F(text));
    }
    return TP_OK;
}

/* A word that stands alone or the name; *taken says that it was one. */
static void set_word(tp_optimize *o, tp_optpar *p, tp_str w, tp_str *rest,
                     bool *taken)
{
    *taken = true;
    if (tp_str_eq(w, TP_S("lin")))
        p->log = false;
    else if (tp_str_eq(w, TP_S("log")))
        p->log = true;
    else if (tp_str_eq(w, TP_S("name")))
        p->name = tp_str_copy(&o->mem, word(o, rest));
    else if (w.at[0] == '@')
        p->name = tp_str_copy(&o->mem, w);
    else
        *taken = false;
}

static void delete_par(tp_optimize *o, tp_optpar *p)
{
    o->n_seen = 0;
    for (; p + 1 < o->par + o->n_par; p++) *p = p[1];
    o->n_par--;
}

static tp_status check_par(const tp_optpar *p, tp_err *err)
{
    const struct {
        const char *word;
        double      v;
    } part[] = {{"increment", p->increment},
                {"deviation", p->deviation},
                {"abstol", p->abstol},
                {"reltol", p->reltol}};
    for (int i = 0; i < TP_COUNT(part); i++)
        if (part[i].v < 0)
            return tp_fail(err, TP_BAD_INPUT,
                           "optimize parameter %d: %s %g is below 0", p->number,
                           part[i].word, part[i].v);
    if (p->low > p->high)
        return tp_fail(err, TP_BAD_INPUT,
                       "optimize parameter %d: low %g is above high %g",
                       p->number, p->low, p->high);
    if (p->log && p->low <= 0)
        return tp_fail(err, TP_BAD_INPUT,
                       "optimize parameter %d: log needs low above 0, it is %g",
                       p->number, p->low);
    if (p->initial < p->low || p->initial > p->high)
        return tp_fail(err, TP_BAD_INPUT,
                       "optimize parameter %d: initial %g is outside %g to %g",
                       p->number, p->initial, p->low, p->high);
    return TP_OK;
}

/* Takes the words of one parameter. */
static tp_status read_par(tp_optimize *o, tp_nutmeg *m, tp_optpar *p,
                          tp_str rest, tp_err *err)
{
    for (tp_str w = word(o, &rest); w.len; w = word(o, &rest)) {
        bool taken, known = false;
        set_word(o, p, w, &rest, &taken);
        if (taken) continue;
        tp_str text = rest;
        text = word(o, &text);
        TP_TRY(set_value(p, w, text, &known, err));
        if (!known) return unknown_word(o, w, err);
        tp_optimize_remark(o, m, text);
        word(o, &rest);
    }
    return TP_OK;
}

static tp_status parameter(tp_optimize *o, tp_nutmeg *m, tp_str rest,
                           tp_err *err)
{
    int number = 0;
    TP_TRY(want_number("parameter", word(o, &rest), &number, err));
    tp_str     first = o->word;
    tp_optpar *old = find_par(o, number);
    rest = tp_str_trim(rest);
    bool gone = tp_str_eq(rest, TP_S("delete"));
    if (!old && (gone || !rest.len))
        return tp_fail(err, TP_BAD_INPUT,
                       "optimize parameter: there is no number %d", number);
    if (gone) {
        delete_par(o, old);
        return TP_OK;
    }
    if (!rest.len) {
        tp_optimize_show_par(old, m);
        return TP_OK;
    }
    tp_optpar p = old ? *old : empty_par(number);
    TP_TRY(read_par(o, m, &p, rest, err)); /* all or nothing is changed */
    o->word = first;
    TP_TRY(check_par(&p, err));
    if (old && !tp_str_eq(old->name, p.name)) o->n_seen = 0;
    *(old ? old : new_par(o, number)) = p;
    return TP_OK;
}

/* ---- method and options -------------------------------------------------- */

/* Takes "name=..." out of a list of settings. */
static void forget(tp_buf *list, tp_str name)
{
    tp_str rest = tp_buf_str(list);
    tp_buf kept = {.mem = list->mem};
    for (tp_str w; (w = tp_str_word(&rest, ",")).len;) {
        tp_str part = w, key = tp_str_word(&part, "=");
        if (!tp_str_same(key, name))
            tp_buf_fmt(&kept, "%s%.*s", kept.len ? "," : "", TP_F(w));
    }
    *list = kept;
}

/* "k 10 size 0.1" as "k=10,size=0.1" behind what was set before. */
static tp_status pairs(tp_str rest, tp_buf *list, tp_optlines *gradient,
                       tp_optimize *o, tp_nutmeg *m, tp_err *err)
{
    tp_str prefix = TP_S("gradient");
    for (tp_str w = word(o, &rest); w.len; w = word(o, &rest)) {
        tp_str value = word(o, &rest);
        int    number = 0;
        if (!value.len)
            return tp_fail(err, TP_BAD_INPUT,
                           "optimize method: %.*s has no value", TP_F(w));
        if (tp_str_starts(w, prefix) &&
            read_number(tp_str_from(w, prefix.len), &number)) {
            tp_optline line = {number, tp_optimize_keep(o, m, value)};
            put_line(o, gradient, line);
            continue;
        }
        if (tp_str_find(value, ',', 0) >= 0)
            return tp_fail(
                err, TP_BAD_INPUT,
                "optimize method: %.*s '%.*s': a comma is not possible here",
                TP_F(w), TP_F(value));
        forget(list, w);
        tp_buf_fmt(list, "%s%.*s=%.*s", list->len ? "," : "", TP_F(w),
                   TP_F(value));
    }
    return TP_OK;
}

/* One expression per parameter, in their order, or none. */
static tp_status check_gradient(const tp_optimize *o, const tp_opt_ops *ops,
                                const tp_optlines *g, tp_err *err)
{
    if (!g->n) return TP_OK;
    if (!(ops->can & TP_OPT_GRADIENT))
        return tp_fail(err, TP_BAD_INPUT,
                       "optimize method %s: it takes no gradient", ops->name);
    for (int i = 0; i < o->n_par; i++)
        if (i >= g->n || g->line[i].number != i)
            return tp_fail(err, TP_BAD_INPUT,
                           "optimize method %s: gradient%d is missing (one for "
                           "each of %d parameters)",
                           ops->name, i, o->n_par);
    if (g->n == o->n_par) return TP_OK;
    return tp_fail(err, TP_BAD_INPUT,
                   "optimize method %s: gradient%d belongs to no parameter",
                   ops->name, g->line[o->n_par].number);
}

static tp_status method(tp_optimize *o, tp_nutmeg *m, tp_str rest, tp_err *err)
{
    tp_str            name = word(o, &rest);
    const tp_opt_ops *ops = tp_opt_find(name);
    void             *settings;
    tp_buf            list = {.mem = &o->mem};
    if (!ops) { /* the same message as everywhere */
        tp_space none = {0};
        tp_arena mem = o->mem;
        return tp_opt_choose(&ops, name, &none, 0, &mem, err);
    }
    if (!o->n_par)
        return tp_fail(err, TP_BAD_INPUT,
                       "optimize method %s: define the parameters first "
                       "(optimize parameter 0 ...)",
                       ops->name);
    tp_optlines gradient = {.what = "gradient"};
    if (ops == o->method) {
        tp_buf_add(&list, o->method_list);
        for (int i = 0; i < o->gradient.n; i++)
            put_line(o, &gradient, o->gradient.line[i]);
    }
    TP_TRY(pairs(rest, &list, &gradient, o, m, err));
    o->word = name;
    TP_TRY(check_gradient(o, ops, &gradient, err));
    tp_arena scratch = o->mem; /* from here on nothing is kept but the list */
    if (tp_opt_settings(&settings, ops, tp_buf_str(&list), &scratch, err)) {
        o->word = tp_optimize_wrong_setting(ops, rest, &scratch);
        return err ? err->code : TP_BAD_INPUT;
    }
    o->method = ops;
    o->method_list = tp_buf_str(&list);
    o->gradient = gradient;
    return TP_OK;
}

static tp_status options(tp_optimize *o, tp_nutmeg *m, tp_str rest, tp_err *err)
{
    tp_optoptions new = o->option;
    bool apply = false;
    for (tp_str w = word(o, &rest); w.len; w = word(o, &rest)) {
        if (tp_str_eq(w, TP_S("setparams"))) {
            apply = true;
            continue;
        }
        tp_str value = word(o, &rest);
        if (!value.len)
            return tp_fail(err, TP_BAD_INPUT,
                           "optimize options: %.*s has no value", TP_F(w));
        o->word = w;
        TP_TRY(tp_params_set(option_rows, &new, w, value, &o->mem, err));
    }
    o->option = new;
    return apply ? tp_optimize_apply(o, m, err) : TP_OK;
}

/* ---- reset --------------------------------------------------------------- */

static void reset_analysis(tp_optimize *o, tp_nutmeg *m)
{
    (void)m;
    o->analysis.n = 0;
}
static void reset_cost(tp_optimize *o, tp_nutmeg *m)
{
    (void)m;
    o->cost = (tp_opttext){0};
}
static void reset_implicit(tp_optimize *o, tp_nutmeg *m)
{
    (void)m;
    o->implicit.n = 0;
}
static void reset_parameter(tp_optimize *o, tp_nutmeg *m)
{
    (void)m;
    o->n_par = 0;
    o->n_seen = 0;
}
static void reset_population(tp_optimize *o, tp_nutmeg *m)
{
    tp_optimize_drop_populations(m);
    o->n_seen = 0;
}

static void reset_method(tp_optimize *o, tp_nutmeg *m)
{
    (void)m;
    o->method = NULL;
    o->method_list = (tp_str){"", 0};
}

static void reset_options(tp_optimize *o, tp_nutmeg *m)
{
    (void)m;
    tp_params_default(option_rows, &o->option);
}

static const struct {
    const char *word;
    void (*call)(tp_optimize *o, tp_nutmeg *m);
} reset_row[] = {
    {"analysis", reset_analysis},     {"cost", reset_cost},
    {"implicit", reset_implicit},     {"method", reset_method},
    {"parameter", reset_parameter},   {"options", reset_options},
    {"population", reset_population},
};

static tp_status reset(tp_optimize *o, tp_nutmeg *m, tp_str rest, tp_err *err)
{
    bool   all = true;
    tp_str known[TP_COUNT(reset_row)];
    for (int i = 0; i < TP_COUNT(reset_row); i++)
        known[i] = tp_str_of(reset_row[i].word);
    for (tp_str w = word(o, &rest); w.len; w = word(o, &rest)) {
        int i = 0;
        while (i < TP_COUNT(reset_row) && !tp_str_eq(w, known[i])) i++;
        if (i == TP_COUNT(reset_row)) {
            tp_arena mem = o->mem;
            tp_str hint = tp_did_you_mean(&mem, w, known, TP_COUNT(reset_row));
            return tp_fail(err, TP_BAD_INPUT,
                           "optimize reset: unknown word '%.*s'%.*s", TP_F(w),
                           TP_F(hint));
        }
        reset_row[i].call(o, m);
        all = false;
    }
    for (int i = 0; all && i < TP_COUNT(reset_row); i++)
        reset_row[i].call(o, m);
    return TP_OK;
}

/* ---- the sub-commands ---------------------------------------------------- */

static const struct {
    const char *word;
    bool        alone; /* acts without arguments too; else it is shown then */
    tp_status (*call)(tp_optimize *o, tp_nutmeg *m, tp_str rest, tp_err *err);
} sub_command[] = {
    {"analysis", false, analysis},   {"cost", false, cost},
    {"implicit", false, implicit},   {"method", false, method},
    {"parameter", false, parameter}, {"options", false, options},
    {"reset", true, reset},
};

/* Whether the description is complete: TP_BAD_INPUT says what to add. */
static tp_status check(const tp_optimize *o, tp_err *err)
{
    const char *missing =
        !o->n_par ? "parameter 0 @r1[resistance] low 1k high 10k initial 2k"
        : !o->analysis.n    ? "analysis 0 op"
        : !o->cost.text.len ? "cost v(out)"
        : !o->method        ? "method hooke_jeeves"
                            : NULL;
    if (missing)
        return tp_fail(err, TP_BAD_INPUT,
                       "optimize: the description is not complete; say for "
                       "example: optimize %s",
                       missing);
    for (int i = 0; i < o->n_par; i++) {
        const tp_optpar *p = &o->par[i];
        if (!p->name.len)
            return tp_fail(
                err, TP_BAD_INPUT,
                "optimize parameter %d has no name (@r1[resistance])",
                p->number);
        if (isnan(p->low) || isnan(p->high))
            return tp_fail(err, TP_BAD_INPUT,
                           "optimize parameter %d (%.*s): low and high are "
                           "wanted",
                           p->number, TP_F(p->name));
    }
    return TP_OK;
}

static tp_status call(tp_optimize *o, tp_nutmeg *m, tp_str rest, tp_err *err)
{
    tp_str known[TP_COUNT(sub_command)];
    tp_str w = word(o, &rest);
    rest = tp_str_trim(rest);
    for (int i = 0; i < TP_COUNT(sub_command); i++) {
        known[i] = tp_str_of(sub_command[i].word);
        if (!tp_str_eq(w, known[i])) continue;
        if (rest.len || sub_command[i].alone)
            return sub_command[i].call(o, m, rest, err);
        tp_optimize_show(o, m, w);
        return TP_OK;
    }
    tp_arena mem = o->mem;
    tp_str   hint = tp_did_you_mean(&mem, w, known, TP_COUNT(sub_command));
    return tp_fail(err, TP_BAD_INPUT, "optimize: unknown command '%.*s'%.*s",
                   TP_F(w), TP_F(hint));
}

tp_status tp_optimize_line(tp_optimize *o, tp_nutmeg *m, tp_str rest, bool *run,
                           tp_err *err)
{
    rest = tp_str_trim(rest);
    *run = rest.len == 0;
    if (*run) return check(o, err);
    if (!call(o, m, rest, err)) return TP_OK;
    tp_place at = tp_nutmeg_place_of(m, o->word);
    if (err && at.in) tp_err_place(err, at);
    return err ? err->code : TP_BAD_INPUT;
}
