/* Steepest descent (Cauchy, Comptes Rendus 25 (1847) 536), as a method of
   SPICE OPUS's optimize; its manual leaves the list of settings out, so they
   are those of its other gradient methods. */
#include "opt/descend.h"
#include "opt/own.h"

static const tp_param params[] = {TP_LINE_ROWS, TP_LINE_TRANSFORMATION, {0}};

static bool direction(tp_descend *c, const tp_walk_point *p, double *d)
{
    (void)c;
    (void)p;
    (void)d;
    return false;
}

static void body(tp_walk *w)
{
    tp_descend c = {.set = w->opt->settings, .direction = direction};
    tp_descend_run(w, &c, false);
}

static tp_status init(tp_opt *o, tp_err *err)
{
    return tp_walk_init(o, body, err);
}

const tp_opt_ops tp_opt_steepest_descent = {
    .name = "steepest_descent",
    .aliases = "",
    .summary = "line searches along the negative gradient",
    .source = "Cauchy, Comptes Rendus 25 (1847) 536; SPICE OPUS manual",
    .can = TP_OPT_CONSTRAINTS | TP_OPT_NEEDS_BOUNDS | TP_OPT_PARALLEL |
           TP_OPT_GRADIENT,
    .window = 16,
    .settings_size = sizeof(tp_line_set),
    .params = params,
    .init = init,
    TP_WALK_OPS,
};
