/* What `optimize` prints of its present setting, as lines that could be typed
   again. */
#include "script/optimize.h"

#include <math.h>

static void lines(tp_nutmeg *m, const tp_optlines *l)
{
    for (int i = 0; i < l->n; i++)
        tp_nutmeg_print(m, "optimize %s %d %.*s\n", l->what, l->line[i].number,
                        TP_F(l->line[i].is.text));
    if (!l->n) tp_nutmeg_print(m, "optimize %s: none\n", l->what);
}

static void show_analysis(const tp_optimize *o, tp_nutmeg *m)
{
    lines(m, &o->analysis);
}

static void show_implicit(const tp_optimize *o, tp_nutmeg *m)
{
    lines(m, &o->implicit);
}

static void show_cost(const tp_optimize *o, tp_nutmeg *m)
{
    if (o->cost.text.len)
        tp_nutmeg_print(m, "optimize cost %.*s\n", TP_F(o->cost.text));
    else
        tp_nutmeg_print(m, "optimize cost: none\n");
}

static void value(tp_nutmeg *m, const char *word, double v)
{
    char text[TP_NUMBER_MAX];
    if (!isnan(v)) tp_nutmeg_print(m, " %s %s", word, tp_exact(v, text));
}

void tp_optimize_show_par(const tp_optpar *p, tp_nutmeg *m)
{
    tp_nutmeg_print(m, "optimize parameter %d %.*s", p->number, TP_F(p->name));
    value(m, "low", p->low);
    value(m, "high", p->high);
    value(m, "initial", p->initial);
    if (p->increment > 0) value(m, "increment", p->increment);
    value(m, "mean", p->mean);
    value(m, "deviation", p->deviation);
    if (p->abstol > 0) value(m, "abstol", p->abstol);
    if (p->reltol > 0) value(m, "reltol", p->reltol);
    tp_nutmeg_print(m, " %s\n", p->log ? "log" : "lin");
}

static void show_parameter(const tp_optimize *o, tp_nutmeg *m)
{
    for (int i = 0; i < o->n_par; i++) tp_optimize_show_par(&o->par[i], m);
    if (!o->n_par) tp_nutmeg_print(m, "optimize parameter: none\n");
}

static void show_method(const tp_optimize *o, tp_nutmeg *m)
{
    if (!o->method) {
        tp_nutmeg_print(m, "optimize method: none\n");
        return;
    }
    tp_nutmeg_print(m, "optimize method %s", o->method->name);
    tp_str list = o->method_list;
    for (tp_str w = tp_str_word(&list, ",="); w.len;
         w = tp_str_word(&list, ",="))
        tp_nutmeg_print(m, " %.*s", TP_F(w));
    for (int i = 0; i < o->gradient.n; i++)
        tp_nutmeg_print(m, " gradient%d %.*s", i,
                        TP_F(o->gradient.line[i].is.text));
    tp_nutmeg_print(m, "\n");
}

static void show_options(const tp_optimize *o, tp_nutmeg *m)
{
    char text[TP_NUMBER_MAX];
    tp_nutmeg_print(m,
                    "optimize options initial_guess %g number_of_iterations %d "
                    "stop_cost %s centering %s discrete_space %s\n",
                    o->option.initial_guess, o->option.number_of_iterations,
                    tp_exact(o->option.stop_cost, text),
                    o->option.centering ? "on" : "off",
                    o->option.discrete_space ? "on" : "off");
}

static const struct {
    const char *word;
    void (*show)(const tp_optimize *o, tp_nutmeg *m);
} part_row[] = {
    {"analysis", show_analysis},   {"cost", show_cost},
    {"implicit", show_implicit},   {"method", show_method},
    {"parameter", show_parameter}, {"options", show_options},
};

void tp_optimize_show(const tp_optimize *o, tp_nutmeg *m, tp_str part)
{
    for (int i = 0; i < TP_COUNT(part_row); i++)
        if (tp_str_eq(part, tp_str_of(part_row[i].word)))
            part_row[i].show(o, m);
}
