/* Cost profile, as in SPICE OPUS's optimize: for each variable in turn,
   `resolution` points from bound to bound through the start point. The manual
   leaves open whether the bounds are among them: they are. */
#include "opt/own.h"
#include "opt/scan.h"

typedef struct settings {
    int resolution;
} settings;

static const tp_param params[] = {
    {.name = "resolution",
     .type = TP_INT,
     .at = offsetof(settings, resolution),
     .def = 100,
     .min = 2,
     .max = 1000000,
     .text = "Points along each axis, bounds included (SPICE OPUS manual; "
             "default ours)."},
    {0},
};

static void point(const tp_scan *s, long long k, double *x)
{
    const settings *set = s->w.opt->settings;
    int             many = set->resolution;
    x[k / many] = (double)(k % many) / (many - 1);
}

static tp_status init(tp_opt *o, tp_err *err)
{
    const settings *set = o->settings;
    tp_scan        *s;
    TP_TRY(tp_scan_init(&s, o, err));
    s->point = point;
    s->total += (long long)s->w.n * set->resolution;
    if (s->total <= TP_SCAN_MAX) return TP_OK;
    return tp_fail(err, TP_LIMIT,
                   "cost_profile: resolution %d for %d variables is over %d "
                   "points",
                   set->resolution, s->w.n, TP_SCAN_MAX);
}

const tp_opt_ops tp_opt_cost_profile = {
    .name = "cost_profile",
    .aliases = "",
    .summary = "points along each axis through the start point",
    .source = "SPICE OPUS manual",
    .can = TP_OPT_CONSTRAINTS | TP_OPT_NEEDS_BOUNDS | TP_OPT_PARALLEL,
    .window = 16,
    .settings_size = sizeof(settings),
    .params = params,
    .init = init,
    TP_SCAN_OPS,
};
