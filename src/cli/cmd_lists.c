/* trimpot methods, functions: tables printed from the rows themselves. */
#include "cli/cli.h"

#include "expr/expr.h"

#include <math.h>
#include <string.h>

static const struct {
    unsigned    bit;
    const char *word;
} ability[] = {
    {TP_OPT_CONSTRAINTS, "constraints"},
    {TP_OPT_NEEDS_BOUNDS, "needs-bounds"},
    {TP_OPT_GLOBAL, "global"},
    {TP_OPT_RANDOM, "random"},
    {TP_OPT_PARALLEL, "parallel"},
    {TP_OPT_TWO, "needs-2-variables"},
    {TP_OPT_GRADIENT, "takes-gradients"},
    {TP_OPT_FOREIGN, "learns-from-other-trials"},
    {TP_OPT_THOROUGH, "thinks-long"},
};

static const char *const ends_early = "ends-trials-early";

static tp_str abilities(const tp_opt_ops *m, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    for (int i = 0; i < TP_COUNT(ability); i++)
        if (m->can & ability[i].bit)
            tp_buf_fmt(&b, "%s%s", b.len ? " " : "", ability[i].word);
    if (m->bound) tp_buf_fmt(&b, "%s%s", b.len ? " " : "", ends_early);
    return tp_buf_str(&b);
}

static tp_str default_text(const tp_param *p, tp_arena *mem)
{
    char v[TP_NUMBER_MAX];
    if (p->type == TP_TEXT) return tp_str_of(p->text_def);
    if (p->type == TP_BOOL) return p->def != 0 ? TP_S("on") : TP_S("off");
    if (p->type == TP_CHOICE) return tp_str_of(p->choices[(int)p->def]);
    return tp_str_copy(mem, tp_str_of(tp_exact(p->def, v)));
}

static tp_str range_text(const tp_param *p, tp_arena *mem)
{
    char   lo[TP_NUMBER_MAX], hi[TP_NUMBER_MAX];
    tp_buf b = {.mem = mem};
    if (p->type == TP_REAL || p->type == TP_INT)
        return tp_str_fmt(mem, "%s to %s", tp_exact(p->min, lo),
                          tp_exact(p->max, hi));
    for (int i = 0; p->type == TP_CHOICE && p->choices[i]; i++)
        tp_buf_fmt(&b, "%s%s", i ? ", " : "", p->choices[i]);
    return tp_buf_str(&b);
}

static json_t *method_json(const tp_opt_ops *m, tp_arena *mem)
{
    json_t *can = json_array(), *settings = json_array();
    for (int i = 0; i < TP_COUNT(ability); i++)
        if (m->can & ability[i].bit)
            json_array_append_new(can, json_string(ability[i].word));
    if (m->bound) json_array_append_new(can, json_string(ends_early));
    for (const tp_param *p = m->params; p && p->name; p++) {
        tp_str def = default_text(p, mem), range = range_text(p, mem);
        json_array_append_new(
            settings, json_pack("{s:s, s:s%, s:s%, s:s}", "name", p->name,
                                "default", def.at, (size_t)def.len, "range",
                                range.at, (size_t)range.len, "text", p->text));
    }
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:i, s:o}", "name", m->name,
                     "aliases", m->aliases ? m->aliases : "", "summary",
                     m->summary, "source", m->source, "can", can, "window",
                     m->window, "settings", settings);
}

static void describe_method(const tp_opt_ops *m, tp_arena *mem)
{
    tp_str can = abilities(m, mem);
    printf("%s  %s\n  source    %s\n  also      %s\n  can       %.*s\n",
           m->name, m->summary, m->source, m->aliases ? m->aliases : "",
           TP_F(can));
    if (m->params && m->params->name) puts("  settings");
    for (const tp_param *p = m->params; p && p->name; p++) {
        tp_str def = default_text(p, mem), range = range_text(p, mem);
        printf("    %-14s %-12.*s %-24.*s %s\n", p->name, TP_F(def),
               TP_F(range), p->text);
    }
}

/* " (step, population)", or nothing. */
static tp_str setting_names(const tp_opt_ops *m, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    for (const tp_param *p = m->params; p && p->name; p++)
        tp_buf_fmt(&b, "%s%s", b.len ? ", " : " (", p->name);
    if (b.len) tp_buf_char(&b, ')');
    return tp_buf_str(&b);
}

static tp_status no_method(tp_str name, tp_arena *mem, tp_err *err)
{
    tp_str known[256];
    int    n = 0;
    for (const tp_opt_ops *const *m = tp_opts(); *m && n < 256; m++)
        known[n++] = tp_str_of((*m)->name);
    tp_str hint = tp_did_you_mean(mem, name, known, n);
    return tp_fail(err, TP_BAD_INPUT, "there is no method '%.*s'%.*s",
                   TP_F(name), TP_F(hint));
}

tp_status cmd_methods(session *s, int *exit_status, tp_err *err)
{
    (void)exit_status;
    if (s->opt.n_arg) {
        const tp_opt_ops *m = tp_opt_find(s->opt.arg[0]);
        if (!m) return no_method(s->opt.arg[0], &s->mem, err);
        if (s->opt.json)
            print_json(method_json(m, &s->mem));
        else
            describe_method(m, &s->mem);
        return TP_OK;
    }
    if (s->opt.json) {
        json_t *all = json_array();
        for (const tp_opt_ops *const *m = tp_opts(); *m; m++)
            json_array_append_new(all, method_json(*m, &s->mem));
        print_json(json_pack("{s:o}", "methods", all));
        return TP_OK;
    }
    for (const tp_opt_ops *const *m = tp_opts(); *m; m++) {
        tp_str can = abilities(*m, &s->mem);
        tp_str set = setting_names(*m, &s->mem);
        printf("%-22s %s%s%.*s%s%.*s\n", (*m)->name, (*m)->summary,
               can.len ? " [" : "", TP_F(can), can.len ? "]" : "", TP_F(set));
    }
    return TP_OK;
}

static json_t *function_json(const tp_fn *f)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "name", f->name, "takes",
                     f->takes, "gives", f->gives, "text", f->text, "example",
                     f->example ? f->example : "", "shows",
                     f->shows ? f->shows : "");
}

static tp_status no_function(tp_dialect dialect, tp_str name, tp_arena *mem,
                             tp_err *err)
{
    tp_str known[512];
    int    n = 0;
    for (const tp_fn_group *g = tp_functions_of(dialect); g->title; g++)
        for (const tp_fn *f = g->fn; f->name && n < 512; f++)
            known[n++] = tp_str_of(f->name);
    tp_str hint = tp_did_you_mean(mem, name, known, n);
    return tp_fail(err, TP_BAD_INPUT, "there is no function '%.*s'%.*s",
                   TP_F(name), TP_F(hint));
}

static void describe_function(const tp_fn *f)
{
    printf("%s(%s) -> %s\n  %s\n", f->name, f->takes, f->gives, f->text);
    if (f->example) printf("  %s -> %s\n", f->example, f->shows);
}

/* Every row of that name (any: NULL). */
static json_t *functions_json(tp_dialect dialect, const tp_str *name)
{
    json_t *all = json_array();
    for (const tp_fn_group *g = tp_functions_of(dialect); g->title; g++)
        for (const tp_fn *f = g->fn; f->name; f++)
            if (!name || tp_str_same(*name, tp_str_of(f->name)))
                json_array_append_new(all, function_json(f));
    return all;
}

/* One function; in OCEAN its name may have several rows. */
static tp_status one_function(session *s, tp_dialect dialect, tp_str name,
                              tp_err *err)
{
    const tp_fn *f = tp_function_find(dialect, name);
    if (!f) return no_function(dialect, name, &s->mem, err);
    if (s->opt.json) {
        json_t *all = functions_json(dialect, &name);
        bool    one = json_array_size(all) == 1;
        print_json(one ? json_incref(json_array_get(all, 0))
                       : json_pack("{s:O}", "functions", all));
        json_decref(all);
        return TP_OK;
    }
    for (const tp_fn_group *g = tp_functions_of(dialect); g->title; g++)
        for (f = g->fn; f->name; f++)
            if (tp_str_same(name, tp_str_of(f->name))) describe_function(f);
    return TP_OK;
}

tp_status cmd_functions(session *s, int *exit_status, tp_err *err)
{
    tp_dialect dialect = (tp_dialect)s->opt.dialect;
    (void)exit_status;
    if (s->opt.n_arg) return one_function(s, dialect, s->opt.arg[0], err);
    if (s->opt.json) {
        print_json(
            json_pack("{s:o}", "functions", functions_json(dialect, NULL)));
        return TP_OK;
    }
    for (const tp_fn_group *g = tp_functions_of(dialect); g->title; g++) {
        printf("%s\n", g->title);
        for (const tp_fn *f = g->fn; f->name; f++)
            printf("  %-14s %s\n", f->name, f->text);
    }
    return TP_OK;
}
