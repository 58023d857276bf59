/* Parameter space, as in SPICE OPUS's optimize: a full grid over the box, the
   first variable fastest, after the start point. The manual leaves open
   whether the bounds are grid points: they are. Its setting `outfile` is read
   by whoever keeps the trials; a method writes no file. */
#include "opt/own.h"
#include "opt/scan.h"

typedef struct settings {
    tp_str outfile;
    int    npts[TP_AXES_MAX];
} settings;

static const tp_param params[] = {
    {.name = "outfile",
     .type = TP_TEXT,
     .at = offsetof(settings, outfile),
     .text_def = "",
     .text = "File of the points and their costs, in the run's folder; none: "
             "it is not written (SPICE OPUS manual; its form is ours)."},
    {.name = "npts",
     .type = TP_INT,
     .at = offsetof(settings, npts),
     .count = TP_AXES_MAX,
     .def = 10,
     .min = 1,
     .max = 1000000,
     .text = "Grid points along the first (npts0), second (npts1), ... "
             "variable, bounds included; 1: it stays at its start (SPICE OPUS "
             "manual; default ours)."},
    {0},
};

/* Grid points along the i-th variable that can move. */
static int points_along(const tp_walk *w, int i)
{
    const settings *set = w->opt->settings;
    return set->npts[w->free[i]];
}

static void point(const tp_scan *s, long long k, double *x)
{
    for (int i = 0; i < s->w.n; i++) {
        int many = points_along(&s->w, i);
        if (many > 1) x[i] = (double)(k % many) / (many - 1);
        k /= many;
    }
}

static tp_status init(tp_opt *o, tp_err *err)
{
    tp_scan  *s;
    long long total = 1;
    TP_TRY(tp_axes_fit(o, "parameter_space", err));
    TP_TRY(tp_scan_init(&s, o, err));
    s->point = point;
    for (int i = 0; i < s->w.n; i++) {
        total *= points_along(&s->w, i);
        if (total > TP_SCAN_MAX)
            return tp_fail(err, TP_LIMIT,
                           "parameter_space: the grid over %d variables has "
                           "more than %d points; set npts0, npts1, ... lower",
                           s->w.n, TP_SCAN_MAX);
    }
    if (s->w.n > 0) s->total += total;
    return TP_OK;
}

const tp_opt_ops tp_opt_parameter_space = {
    .name = "parameter_space",
    .aliases = "",
    .summary = "a full grid over the box",
    .source = "SPICE OPUS manual",
    .can = TP_OPT_CONSTRAINTS | TP_OPT_NEEDS_BOUNDS | TP_OPT_GLOBAL |
           TP_OPT_PARALLEL,
    .window = 16,
    .settings_size = sizeof(settings),
    .params = params,
    .init = init,
    TP_SCAN_OPS,
};
