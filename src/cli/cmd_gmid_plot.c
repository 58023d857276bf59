/* trimpot gmid plot: the design charts of a table. */
#include "cli/cli.h"

#include <math.h>

enum { POINTS = 200, MAX_CURVES = 7 /* colours */ };

/* A chart: which columns over which. */
typedef struct chart {
    const char    *name, *title;
    tp_gmid_column x, y;
    const char    *x_label, *y_label;
    bool           y_log;
} chart;
static const chart charts[] = {
    {"gmid-vov", "gm/Id over the overdrive", TP_GMID_VOV, TP_GMID_RATIO, "vov",
     "gm/Id", false},
    {"jd-gmid", "Current density", TP_GMID_RATIO, TP_GMID_JD, "gm/Id", "Id/W",
     true},
    {"gain-gmid", "Intrinsic gain", TP_GMID_RATIO, TP_GMID_GAIN, "gm/Id",
     "gm/gds", true},
    {"ft-gmid", "Transit frequency", TP_GMID_RATIO, TP_GMID_FT, "gm/Id", "fT",
     true},
};

typedef struct drawing {
    session             *s;
    const tp_gmid_table *t;
    tp_gmid_at           at;
} drawing;

/* One length's curve over its range of gm/Id. */
static tp_status curve(const drawing *d, const chart *c, double l,
                       tp_curve *out, tp_err *err)
{
    char       shown[TP_NUMBER_MAX];
    tp_arena  *mem = &d->s->mem;
    double    *x = TP_NEW(mem, double, POINTS), lo, hi;
    double    *y = TP_NEW(mem, double, POINTS);
    tp_gmid_at at = d->at;
    at.l = l;
    TP_TRY(tp_gmid_range(&lo, &hi, d->t, &at, err));
    for (int i = 0; i < POINTS; i++) {
        tp_gmid_point p;
        double        g = lo + (hi - lo) * i / (POINTS - 1);
        TP_TRY(tp_gmid_find(&p, d->t, g, &at, err));
        x[i] = p.v[c->x];
        y[i] = p.v[c->y];
    }
    tp_str label =
        tp_str_copy(mem, tp_str_of(tp_engineering(l, TP_S("m"), shown)));
    *out = (tp_curve){label, POINTS, x, y, TP_MARK_LINE, -1};
    return TP_OK;
}

static tp_status draw(const drawing *d, const chart *c, tp_err *err)
{
    static const char *const ending[] = {"svg", "png"};
    tp_arena                *mem = &d->s->mem;
    const tp_gmid_axis      *l = &d->t->axis[TP_GMID_L];
    int       every = (l->n + MAX_CURVES - 1) / MAX_CURVES, n = 0;
    tp_curve *list = TP_NEW(mem, tp_curve, l->n);
    for (int i = 0; i < l->n; i += every)
        TP_TRY(curve(d, c, l->at[i], &list[n++], err));
    tp_graph g = {
        .title = tp_str_fmt(mem, "%s, %.*s %.*s", c->title, TP_F(d->t->process),
                            TP_F(d->t->device)),
        .x_label = tp_str_of(c->x_label),
        .y_label = tp_str_of(c->y_label),
        .x_unit = tp_str_of(tp_gmid_unit(c->x)),
        .y_unit = tp_str_of(tp_gmid_unit(c->y)),
        .y_log = c->y_log,
        .n = n,
        .curve = list,
    };
    for (int i = 0; i < TP_COUNT(ending); i++) {
        tp_str name = tp_str_fmt(mem, "%.*s-%s.%s", TP_F(d->t->device), c->name,
                                 ending[i]);
        char  *path = tp_str_z(mem, tp_path_join(d->s->opt.out, name, mem));
        TP_TRY(tp_graph_write(&g, path, err));
        say("wrote %s", path);
    }
    return TP_OK;
}

tp_status cmd_gmid_plot(session *s, int *exit_status, tp_err *err)
{
    tp_gmid_table      *t;
    const gmid_options *o = &s->opt.gmid;
    drawing             d = {.s = s, .at = tp_gmid_where(1)};
    bool                given;
    (void)exit_status;
    TP_TRY(gmid_number("vds", o->vds, &given, &d.at.vds, err));
    TP_TRY(gmid_number("vsb", o->vsb, &given, &d.at.vsb, err));
    TP_TRY(gmid_number("temp", o->temp, &given, &d.at.temp, err));
    d.at.corner = o->corner;
    TP_TRY(gmid_read(s, s->opt.arg[0], &t, err));
    d.t = t;
    if (!t->device.len) t->device = TP_S("device");
    if (!s->opt.out.len) s->opt.out = TP_S(".");
    TP_TRY(tp_folder_make(tp_str_z(&s->mem, s->opt.out), err));
    for (int i = 0; i < TP_COUNT(charts); i++)
        TP_TRY(draw(&d, &charts[i], err));
    return TP_OK;
}
