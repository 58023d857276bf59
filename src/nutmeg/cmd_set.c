/* Variables, user functions, and words to the user. */
#include "nutmeg/inside.h"

#include <stdlib.h>

/* ---- set ---------------------------------------------------------------- */

static void show_variable(tp_nutmeg *m, const tp_nm_variable *v)
{
    tp_arena scratch = m->scratch;
    tp_buf   b = {.mem = &scratch};
    tp_buf_fmt(&b, "  %.*s", TP_F(v->name));
    if (v->list || v->n > 0) tp_buf_char(&b, '\t');
    if (v->list) tp_buf_add(&b, TP_S("( "));
    for (int i = 0; i < v->n; i++)
        tp_buf_fmt(&b, "%s%.*s", i && !v->list ? " " : "", TP_F(v->word[i])),
            v->list ? tp_buf_char(&b, ' ') : (void)0;
    if (v->list) tp_buf_char(&b, ')');
    tp_buf_char(&b, '\n');
    tp_nm_print(m, tp_buf_str(&b));
}

static int by_name(const void *a, const void *b)
{
    const tp_nm_variable *const *x = a, *const *y = b;
    return tp_str_cmp((*x)->name, (*y)->name);
}

static void show_variables(tp_nutmeg *m)
{
    int                    n = m->n_variable;
    const tp_nm_variable **v =
        TP_NEW(&m->scratch, const tp_nm_variable *, n + 1);
    for (int i = 0; i < n; i++) v[i] = &m->variable[i];
    qsort(v, (size_t)n, sizeof *v, by_name);
    for (int i = 0; i < n; i++) show_variable(m, v[i]);
}

static tp_status choose_plot(tp_nutmeg *m, tp_str name, tp_err *err)
{
    tp_nm_plot *p = tp_nm_plot_named(m, name);
    if (!p)
        return tp_fail(err, TP_BAD_INPUT, "set: no such plot '%.*s'",
                       TP_F(name));
    m->current = (int)(p - m->plot);
    return TP_OK;
}

/* One name with its words: variables that mean more than themselves. */
static tp_status assign(tp_nutmeg *m, tp_str name, const tp_str *word, int n,
                        bool list, tp_err *err)
{
    tp_str first = n > 0 ? word[0] : (tp_str){0};
    if (tp_str_eq(name, TP_S("curplot"))) return choose_plot(m, first, err);
    if (tp_nm_is_option(name) && !list)
        TP_TRY(tp_nm_option(m, name, &first, err));
    return tp_nm_variable_set(m, name, word, n, list, err);
}

static void skip_blanks(tp_str *s)
{
    while (s->len > 0 && tp_is_space(s->at[0])) *s = tp_str_from(*s, 1);
}

static tp_status set_one(tp_nutmeg *m, tp_str *rest, tp_err *err)
{
    ptrdiff_t     i = 0;
    const tp_str *word = NULL;
    while (i < rest->len && rest->at[i] != '=' && !tp_is_space(rest->at[i]))
        i++;
    tp_str name = tp_str_part(*rest, 0, i);
    *rest = tp_str_from(*rest, i);
    if (name.len == 0)
        return tp_fail(err, TP_BAD_INPUT, "set: there is no name before '='");
    skip_blanks(rest);
    if (rest->len == 0 || rest->at[0] != '=')
        return assign(m, name, NULL, 0, false, err);
    *rest = tp_str_from(*rest, 1);
    skip_blanks(rest);
    if (rest->len == 0)
        return tp_fail(err, TP_BAD_INPUT, "set: '%.*s =' lacks its value",
                       TP_F(name));
    if (rest->at[0] != '(') {
        tp_str value = tp_nm_unquote(tp_nm_word(rest), &m->scratch);
        skip_blanks(rest);
        return assign(m, name, &value, 1, false, err);
    }
    ptrdiff_t end = tp_nm_matching(*rest, 0);
    if (rest->at[end - 1] != ')')
        return tp_fail(err, TP_BAD_INPUT, "set: the list of '%.*s' lacks ')'",
                       TP_F(name));
    int n = tp_nm_words(tp_str_part(*rest, 1, end - 2), &word, &m->scratch);
    *rest = tp_str_from(*rest, end);
    skip_blanks(rest);
    return assign(m, name, word, n, true, err);
}

static tp_status set(tp_nutmeg *m, void *owner, tp_str rest, const tp_str *arg,
                     int n, tp_err *err)
{
    (void)owner, (void)arg, (void)n;
    if (rest.len == 0) show_variables(m);
    while (rest.len > 0) TP_TRY(set_one(m, &rest, err));
    return TP_OK;
}

static tp_status unset_one(tp_nutmeg *m, tp_str name, tp_err *err)
{
    if (tp_nm_is_option(name) && tp_nm_variable_find(m, name))
        TP_TRY(tp_nm_option(m, name, NULL, err));
    tp_nm_variable_unset(m, name);
    return TP_OK;
}

static tp_status unset_all(tp_nutmeg *m, tp_err *err)
{
    while (m->n_variable > 0)
        TP_TRY(unset_one(m, m->variable[m->n_variable - 1].name, err));
    return TP_OK;
}

static tp_status unset(tp_nutmeg *m, void *owner, tp_str rest,
                       const tp_str *arg, int n, tp_err *err)
{
    (void)owner, (void)rest;
    for (int i = 0; i < n; i++) {
        bool all = tp_str_eq(arg[i], TP_S("*"));
        TP_TRY(all ? unset_all(m, err) : unset_one(m, arg[i], err));
    }
    return TP_OK;
}

static tp_status option(tp_nutmeg *m, void *owner, tp_str rest,
                        const tp_str *arg, int n, tp_err *err)
{
    (void)owner, (void)arg, (void)n;
    tp_str look = rest;
    for (int i = 0; i < m->n_variable && rest.len == 0; i++)
        if (tp_nm_is_option(m->variable[i].name))
            show_variable(m, &m->variable[i]);
    while (look.len > 0) { /* all known before the first is set */
        tp_str name = look, before = look;
        name = tp_str_word(&name, " \t=");
        if (!tp_nm_is_option(name))
            return tp_fail(err, TP_BAD_INPUT,
                           "option: the simulator has no option '%.*s' that "
                           "can be set here",
                           TP_F(name));
        look = tp_str_trim(tp_str_from(look, name.len));
        if (look.len == 0 || look.at[0] != '=') continue;
        look = tp_str_trim(tp_str_from(look, 1));
        tp_nm_word(&look);
        look = tp_str_trim(look);
        if (look.len >= before.len) break;
    }
    while (rest.len > 0) TP_TRY(set_one(m, &rest, err));
    return TP_OK;
}

/* ---- user functions ----------------------------------------------------- */

static bool is_function_name(tp_str s)
{
    if (s.len == 0 || !(tp_is_alpha(s.at[0]) || s.at[0] == '_')) return false;
    for (ptrdiff_t i = 0; i < s.len; i++)
        if (!tp_is_alpha(s.at[i]) && !tp_is_digit(s.at[i]) && s.at[i] != '_')
            return false;
    return true;
}

static int parameters_of(tp_str params)
{
    int n = 0;
    while (tp_str_word(&params, ", \t").len > 0) n++;
    return n;
}

static int define_find(const tp_nutmeg *m, tp_str name, int params)
{
    for (int i = 0; i < m->n_define; i++)
        if (tp_str_same(m->define[i].name, name) &&
            (params < 0 || parameters_of(m->define[i].params) == params))
            return i;
    return -1;
}

void tp_nm_undefine(tp_nutmeg *m, int i)
{
    tp_nm_give(&m->heap, m->define[i].name.at);
    tp_nm_give(&m->heap, m->define[i].params.at);
    tp_nm_give(&m->heap, m->define[i].body.at);
    for (m->n_define--; i < m->n_define; i++) m->define[i] = m->define[i + 1];
}

tp_status tp_nm_define(tp_nutmeg *m, tp_str name, tp_str params, tp_str body,
                       tp_err *err)
{
    tp_nm_heap *h = &m->heap;
    int         i = define_find(m, name, parameters_of(params));
    TP_TRY(tp_nm_room(m, 0, err));
    if (m->n_define >= TP_NM_VARS_MAX)
        return tp_fail(err, TP_LIMIT, "over %d functions", TP_NM_VARS_MAX);
    tp_nm_define_row row = {tp_nm_keep(h, name), tp_nm_keep(h, params),
                            tp_nm_keep(h, body)};
    if (i >= 0) tp_nm_undefine(m, i);
    TP_NM_MORE(h, m->define, m->n_define, m->cap_define);
    m->define[m->n_define++] = row;
    return TP_OK;
}

static void show_define(tp_nutmeg *m, const tp_nm_define_row *d)
{
    tp_nutmeg_print(m, "%.*s (%.*s) = %.*s\n", TP_F(d->name), TP_F(d->params),
                    TP_F(d->body));
}

static tp_status define(tp_nutmeg *m, void *owner, tp_str rest,
                        const tp_str *arg, int n, tp_err *err)
{
    (void)owner, (void)arg, (void)n;
    ptrdiff_t open = tp_str_find(rest, '(', 0);
    tp_str    name = tp_str_trim(open < 0 ? rest : tp_str_part(rest, 0, open));
    int       known = define_find(m, name, -1);
    for (int i = 0; i < m->n_define && rest.len == 0; i++)
        show_define(m, &m->define[i]);
    if (rest.len == 0) return TP_OK;
    if (!is_function_name(name))
        return tp_fail(err, TP_BAD_INPUT,
                       "define: wanted NAME(PARAMETERS) EXPRESSION, got "
                       "'%.*s'",
                       TP_F(rest));
    if (open < 0 && known < 0)
        return tp_fail(err, TP_BAD_INPUT, "define: no function '%.*s'",
                       TP_F(name));
    if (open < 0) {
        show_define(m, &m->define[known]);
        return TP_OK;
    }
    tp_user_fn f = {0};
    tp_buf     params = {.mem = &m->scratch};
    TP_TRY(tp_user_fn_read(&f, rest, &m->scratch, err));
    for (int i = 0; i < f.n_param; i++)
        tp_buf_fmt(&params, "%s%.*s", i ? ", " : "", TP_F(f.param[i]));
    return tp_nm_define(m, f.name, tp_buf_str(&params), f.body, err);
}

static tp_status undefine(tp_nutmeg *m, void *owner, tp_str rest,
                          const tp_str *arg, int n, tp_err *err)
{
    (void)owner, (void)rest;
    for (int i = 0; i < n; i++) {
        int  at = define_find(m, arg[i], -1);
        bool all = tp_str_eq(arg[i], TP_S("*"));
        if (at < 0 && !all)
            return tp_fail(err, TP_BAD_INPUT, "undefine: no function '%.*s'",
                           TP_F(arg[i]));
        while (all ? m->n_define > 0 : at >= 0) {
            tp_nm_undefine(m, all ? m->n_define - 1 : at);
            at = define_find(m, arg[i], -1);
        }
    }
    return TP_OK;
}

/* ---- words -------------------------------------------------------------- */

static tp_status echo(tp_nutmeg *m, void *owner, tp_str rest, const tp_str *arg,
                      int n, tp_err *err)
{
    (void)owner, (void)rest, (void)err;
    tp_buf b = {.mem = &m->scratch};
    int    first = n > 0 && tp_str_eq(arg[0], TP_S("-n"));
    for (int i = first; i < n; i++) {
        if (i > first) tp_buf_char(&b, ' ');
        tp_buf_add(&b, arg[i]);
    }
    if (!first) tp_buf_char(&b, '\n');
    tp_nm_print(m, tp_buf_str(&b));
    return TP_OK;
}

static tp_status setseed(tp_nutmeg *m, void *owner, tp_str rest,
                         const tp_str *arg, int n, tp_err *err)
{
    (void)owner, (void)arg, (void)n;
    double seed = 0;
    TP_TRY(tp_nm_number_of(m, rest, &seed, err));
    if (!(seed >= 0 && seed < 9e15))
        return tp_fail(err, TP_BAD_INPUT,
                       "setseed: wanted a number from 0 to 9e15, got %g", seed);
    m->rng = tp_rng_at((uint64_t)seed, 0);
    return TP_OK;
}

static tp_status quit(tp_nutmeg *m, void *owner, tp_str rest, const tp_str *arg,
                      int n, tp_err *err)
{
    (void)owner, (void)rest, (void)arg, (void)n, (void)err;
    m->quit = true;
    m->flow = TP_NM_QUIT;
    return TP_OK;
}

static bool help_row(tp_nutmeg *m, const char *name, const char *takes,
                     const char *text)
{
    tp_nutmeg_print(m, "%s %s\n    %s\n", name, takes, text);
    return true;
}

static bool help_on(tp_nutmeg *m, tp_str name)
{
    const char              *takes, *text;
    bool                     owners;
    const tp_nutmeg_command *c = tp_nm_command_find(m, name, &owners);
    if (c) return help_row(m, c->name, c->takes, c->text);
    const char *word = NULL;
    for (int i = 0; (word = tp_nm_keyword(i, &takes, &text)); i++)
        if (tp_str_eq(name, tp_str_of(word)))
            return help_row(m, word, takes, text);
    for (const tp_nm_reason *r = tp_nm_pointless; r->name; r++)
        if (tp_str_eq(name, tp_str_of(r->name)))
            return help_row(m, r->name, "", r->why);
    return false;
}

static tp_status help(tp_nutmeg *m, void *owner, tp_str rest, const tp_str *arg,
                      int n, tp_err *err)
{
    (void)owner, (void)rest;
    const char *takes, *text, *word = NULL;
    for (int i = 0; i < n; i++)
        if (!help_on(m, arg[i]))
            return tp_fail(err, TP_BAD_INPUT,
                           "help: there is no command '%.*s'", TP_F(arg[i]));
    if (n > 0) return TP_OK;
    for (int i = 0; (word = tp_nm_keyword(i, &takes, &text)); i++)
        help_row(m, word, takes, text);
    for (int i = 0; tp_nm_command_at(m, i); i++) {
        const tp_nutmeg_command *c = tp_nm_command_at(m, i);
        help_row(m, c->name, c->takes, c->text);
    }
    return TP_OK;
}

static tp_status rusage(tp_nutmeg *m, void *owner, tp_str rest,
                        const tp_str *arg, int n, tp_err *err)
{
    (void)owner, (void)rest, (void)arg, (void)n, (void)err;
    tp_nutmeg_print(m,
                    "Total elapsed time: %.3f seconds.\n"
                    "Time in the simulator: %.3f seconds.\n"
                    "Commands run: %.0f.\nTotal iterations = %.0f\n"
                    "Values kept: %td.\n",
                    tp_now() - m->begun, m->used[0], m->used[1], m->used[2],
                    m->values);
    return TP_OK;
}

const tp_nutmeg_command tp_nm_set_commands[] = {
    {"set", "[NAME [= VALUE | = ( VALUE... )]]...", 0, -1, true,
     "Sets variables; those the simulator has as options (temp, reltol ...) "
     "go to it.",
     set},
    {"unset", "NAME... | *", 1, -1, false,
     "Forgets variables; options get their defaults.", unset},
    {"option", "[NAME = VALUE]...", 0, -1, true,
     "Sets options of the simulator, or shows those that were set.", option},
    {"define", "[NAME(PARAMETERS) EXPRESSION]", 0, -1, true,
     "Makes a function; the names in it are looked up when it is called.",
     define},
    {"undefine", "NAME... | *", 1, -1, false, "Forgets functions.", undefine},
    {"echo", "[-n] TEXT...", 0, -1, false,
     "Prints words; -n without the end of the line.", echo},
    {"setseed", "NUMBER", 1, 1, true,
     "Begins the random numbers of rnd() and the like anew.", setseed},
    {"rusage", "[NAME...]", 0, -1, false,
     "Prints the time, commands and iterations used.", rusage},
    {"help", "[COMMAND...]", 0, -1, false, "Says what commands do.", help},
    {"quit", "", 0, 1, false, "Ends the session.", quit},
    {"exit", "", 0, 1, false, "Ends the session; the same as quit.", quit},
    {0},
};
