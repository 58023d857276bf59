/* Search along the coordinate axes in turn, as a method of SPICE OPUS's
   optimize (Gauss-Seidel's scheme: Friedman, Savage, in Techniques of
   Statistical Analysis (1947) 363). */
#include "opt/line.h"
#include "opt/own.h"

#include <math.h>
#include <string.h>

static const double FIRST = 0.01, LONGEST = 0.1; /* steps, of the range */

static const tp_param params[] = {TP_LINE_ROWS, {0}};

/* One search along each axis; step[i]: how far the last one went. */
static bool round_of(tp_line *line, tp_walk_point *p, double *step, double *d)
{
    tp_walk *w = line->w;
    double   least = 0.1 * line->set->epsilon / 100;
    for (int i = 0; i < w->n; i++) {
        double was = p->x[i];
        memset(d, 0, sizeof *d * (size_t)w->n);
        d[i] = 1;
        if (!tp_line_search(line, p, d, step[i])) return false;
        step[i] = fmin(fmax(fabs(p->x[i] - was), least), LONGEST);
    }
    return true;
}

static void body(tp_walk *w)
{
    const tp_line_set *set = w->opt->settings;
    tp_arena          *mem = &w->opt->mem;
    tp_walk_point     *p = tp_walk_points(w, 1);
    tp_line           *line = tp_line_open(w, set);
    double            *step = TP_NEW(mem, double, w->n);
    double            *d = TP_NEW(mem, double, w->n);
    double            *was = TP_NEW(mem, double, w->n);
    memcpy(p->x, w->start, sizeof *p->x * (size_t)w->n);
    if (!tp_walk_eval(w, p, 1) || !tp_walk_settle(w, p)) return;
    for (int i = 0; i < w->n; i++) step[i] = FIRST;
    do {
        memcpy(was, p->x, sizeof *was * (size_t)w->n);
        if (!round_of(line, p, step, d)) return;
    } while (tp_walk_moved(w, was, p->x) >= set->epsilon / 100);
    w->why = "step small enough";
}

static tp_status init(tp_opt *o, tp_err *err)
{
    return tp_walk_init(o, body, err);
}

const tp_opt_ops tp_opt_axis_search = {
    .name = "axis_search",
    .aliases = "",
    .summary = "line searches along each axis in turn",
    .source = "Friedman, Savage, in Techniques of Statistical Analysis "
              "(1947) 363; SPICE OPUS manual",
    .can = TP_OPT_CONSTRAINTS | TP_OPT_NEEDS_BOUNDS,
    .window = 1,
    .settings_size = sizeof(tp_line_set),
    .params = params,
    .init = init,
    TP_WALK_OPS,
};
