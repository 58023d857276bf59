/* Simulating a device's grid. The program that asks holds no simulator: each
   corner has a worker process (sim/remote), which is told one DC sweep of the
   gate for each drain and bulk voltage and temperature. */
#include "device/inside.h"

#include <math.h>

enum {
    SIM_MEMORY = 1 << 29,
    SWEEP_MEMORY = 1 << 28,
    QUANTITIES = 7,
    MAX_DEVICES = 1000
};

static const double least = 1e-15; /* of id and gm, A and S for 1 um */
static const double one_um = 1e-6;

/* What is saved of each MOSFET. BSIM's gate capacitances are derivatives
   without the overlaps, cgs with the other sign. */
static const char *const quantity[QUANTITIES] = {"id",  "gm",  "gds",  "vth",
                                                 "cgs", "cgg", "vdsat"};
enum { ID, GM, GDS, VTH, CGS, CGG, VDSAT };

typedef struct work {
    const tp_device_spec *spec;
    tp_device_kind        kind;
    tp_gmid_table        *t;
    tp_gmid_curve        *curve; /* t's */
    tp_sim                sim;
    tp_arena             *mem;
    int                   corner;
} work;

/* ---- numbers ------------------------------------------------------------- */

/* The decimal with so many digits nearest to v. */
static double rounded(double v, int digits)
{
    char     text[64];
    tp_arena mem = {text, text + sizeof text, text};
    if (isfinite(v) && v != 0)
        tp_number_all(tp_str_fmt(&mem, "%.*g", digits, v), &v);
    return v;
}

/* A row of the table from what the MOSFET has; false: nothing flows. */
static bool make_row(const work *k, double vgs, const double *q, double *v)
{
    double unit = one_um / k->spec->w;
    double id = fabs(q[ID]) * unit, gm = fabs(q[GM]) * unit;
    double gds = fabs(q[GDS]) * unit, cgs = fabs(q[CGS]) * unit;
    if (!(id >= least && gm >= least)) return false;
    v[TP_GMID_VGS] = vgs;
    v[TP_GMID_RATIO] = gm / id;
    v[TP_GMID_JD] = id;
    v[TP_GMID_GAIN] = gm / gds;
    v[TP_GMID_VOV] = vgs - q[VTH];
    v[TP_GMID_FT] = cgs > 0 ? gm / (2 * M_PI * cgs) : NAN;
    v[TP_GMID_VTH] = q[VTH];
    v[TP_GMID_GDS] = gds;
    v[TP_GMID_CGS] = cgs;
    v[TP_GMID_CGG] = fabs(q[CGG]) * unit;
    v[TP_GMID_VDSAT] = fabs(q[VDSAT]);
    for (int c = 0; c < TP_GMID_COLUMNS; c++)
        v[c] = rounded(v[c], c == TP_GMID_RATIO || c == TP_GMID_JD ? 7 : 5);
    return true;
}

/* ---- one sweep ----------------------------------------------------------- */

static tp_status say(work *k, tp_str command, tp_arena *mem, tp_sim_result *out,
                     tp_err *err)
{
    TP_TRY(tp_sim_remote.command(&k->sim, command, mem, out, err));
    if (out->how == TP_RAN) return TP_OK;
    if (k->spec->stop && *k->spec->stop)
        return tp_fail(err, TP_INTERRUPTED, "stopped by the user");
    return tp_fail(err, TP_SIM, "%.*s: %.*s", TP_F(command),
                   TP_F(tp_str_trim(out->why)));
}

/* The vectors of length l, NULL where the model has no such quantity. */
static tp_status find_vectors(const work *k, const tp_plot *plot, int l,
                              const double **re, tp_arena mem, tp_err *err)
{
    tp_str name = tp_device_name(&k->kind, l, &mem);
    for (int q = 0; q < QUANTITIES; q++) {
        tp_str vector = tp_str_fmt(&mem, "@%.*s[%s]", TP_F(name), quantity[q]);
        const tp_wave *w = tp_plot_find(plot, vector);
        re[q] = w && w->n == k->spec->vgs.n ? w->re : NULL;
        if (q <= GDS && !re[q])
            return tp_fail(err, TP_SIM, "the simulator gave no %.*s",
                           TP_F(vector));
    }
    return TP_OK;
}

static tp_status take_length(work *k, const tp_plot *plot,
                             const int at[TP_GMID_AXES], tp_arena mem,
                             tp_err *err)
{
    const double  *re[QUANTITIES];
    double        *v[TP_GMID_COLUMNS], row[TP_GMID_COLUMNS];
    int            n = k->spec->vgs.n;
    tp_gmid_curve *c = &k->curve[tp_gmid_index(k->t, k->corner, at)];
    TP_TRY(find_vectors(k, plot, at[TP_GMID_L], re, mem, err));
    for (int j = 0; j < TP_GMID_COLUMNS; j++)
        c->v[j] = v[j] = TP_NEW(k->mem, double, n);
    for (int i = 0; i < n; i++) {
        double q[QUANTITIES];
        for (int j = 0; j < QUANTITIES; j++) q[j] = re[j] ? re[j][i] : NAN;
        if (!make_row(k, k->spec->vgs.at[i], q, row)) continue;
        for (int j = 0; j < TP_GMID_COLUMNS; j++) v[j][c->n] = row[j];
        c->n++;
    }
    if (c->n < 2) c->n = 0;
    tp_gmid_curve_done(c, k->mem);
    return TP_OK;
}

/* The gate swept, all else as it is; a quarter step more, so that rounding
   does not lose the last point. */
static tp_status sweep(work *k, const int place[TP_GMID_AXES], tp_arena mem,
                       tp_err *err)
{
    const tp_gmid_axis *vgs = &k->spec->vgs;
    tp_sim_result       r;
    int                 at[TP_GMID_AXES];
    double sign = k->kind.pmos ? -1 : 1, last = vgs->at[vgs->n - 1];
    double step = (last - vgs->at[0]) / (vgs->n - 1);
    tp_str command =
        tp_str_fmt(&mem, "dc vg %.12g %.12g %.12g", sign * vgs->at[0],
                   sign * (last + step / 4), sign * step);
    TP_TRY(say(k, command, &mem, &r, err));
    if (r.waves.n != 1)
        return tp_fail(err, TP_SIM, "%.*s: %d plots instead of one",
                       TP_F(command), r.waves.n);
    for (int a = 0; a < TP_GMID_AXES; a++) at[a] = place[a];
    for (int l = 0; l < k->spec->axis[TP_GMID_L].n; l++) {
        at[TP_GMID_L] = l;
        TP_TRY(take_length(k, &r.waves.plot[0], at, mem, err));
    }
    return TP_OK;
}

/* Sets the axis to its value i. */
static tp_status set_axis(work *k, tp_gmid_axis_kind a, int i, tp_arena mem,
                          tp_err *err)
{
    static const struct {
        const char *set;
        double      nmos; /* the sign of what is set; 0: the same for both */
    } row[TP_GMID_AXES] = {[TP_GMID_VDS] = {"alter vd =", 1},
                           [TP_GMID_VSB] = {"alter vb =", -1},
                           [TP_GMID_TEMP] = {"option temp =", 0}};
    tp_sim_result r;
    double        v = k->spec->axis[a].at[i];
    if (row[a].nmos != 0) v *= k->kind.pmos ? -row[a].nmos : row[a].nmos;
    return say(k, tp_str_fmt(&mem, "%s %.12g", row[a].set, v), &mem, &r, err);
}

/* Every place of the axes above the length; depth: their number. */
static tp_status walk(work *k, int axis, int at[TP_GMID_AXES], tp_arena mem,
                      tp_err *err)
{
    if (axis == TP_GMID_L) return sweep(k, at, mem, err);
    for (int i = 0; i < k->spec->axis[axis].n; i++) {
        at[axis] = i;
        TP_TRY(set_axis(k, (tp_gmid_axis_kind)axis, i, mem, err));
        TP_TRY(walk(k, axis - 1, at, mem, err));
    }
    return TP_OK;
}

/* ---- a corner ------------------------------------------------------------ */

static tp_status save_all(work *k, tp_arena mem, tp_err *err)
{
    tp_sim_result r;
    for (int l = 0; l < k->spec->axis[TP_GMID_L].n; l++) {
        tp_buf b = {.mem = &mem};
        tp_str name = tp_device_name(&k->kind, l, &mem);
        tp_buf_add(&b, TP_S("save"));
        for (int q = 0; q < QUANTITIES; q++)
            tp_buf_fmt(&b, " @%.*s[%s]", TP_F(name), quantity[q]);
        TP_TRY(say(k, tp_buf_str(&b), &mem, &r, err));
    }
    return TP_OK;
}

static tp_status run_corner(work *k, tp_arena mem, tp_err *err)
{
    tp_circuit c;
    int        at[TP_GMID_AXES] = {0};
    TP_TRY(tp_device_circuit(&c, k->spec, &k->kind, k->corner, &mem, err));
    TP_TRY(tp_sim_remote.load(&k->sim, &c, err));
    TP_TRY(save_all(k, mem, err));
    return walk(k, TP_GMID_AXES - 1, at, mem, err);
}

static tp_status open_corner(work *k, tp_err *err)
{
    const tp_sim_ops *ops = &tp_sim_remote;
    k->sim.settings = tp_sim_settings(ops, &k->sim.mem);
    k->sim.stop = k->spec->stop;
    if (k->spec->simulator.len)
        TP_TRY(tp_params_set(ops->params, k->sim.settings, TP_S("simulator"),
                             k->spec->simulator, &k->sim.mem, err));
    return ops->open(&k->sim, err);
}

static tp_status corner(work *k, tp_err *err)
{
    tp_arena  sim = tp_arena_open(SIM_MEMORY);
    tp_arena  sweeps = tp_arena_open(SWEEP_MEMORY);
    tp_status st;
    k->sim = (tp_sim){.mem = sim};
    st = open_corner(k, err);
    if (!st) st = run_corner(k, sweeps, err);
    tp_sim_remote.close(&k->sim);
    tp_arena_close(&sim);
    tp_arena_close(&sweeps);
    if (st && err) err->line = err->col = 0; /* the circuit's, which is ours */
    if (st && k->spec->n_corner)
        return tp_while(err, "corner %.*s", TP_F(k->spec->corner[k->corner]));
    return st;
}

/* ---- the table ----------------------------------------------------------- */

static tp_status check_spec(const tp_device_spec *s, tp_err *err)
{
    const tp_gmid_axis *g = &s->vgs;
    if (!(s->w > 0)) return tp_fail(err, TP_BAD_INPUT, "the width %g", s->w);
    if (s->axis[TP_GMID_L].n > MAX_DEVICES)
        return tp_fail(err, TP_LIMIT, "over %d lengths", MAX_DEVICES);
    if (g->n < 3)
        return tp_fail(err, TP_BAD_INPUT, "vgs: at least 3 values are needed");
    double step = (g->at[g->n - 1] - g->at[0]) / (g->n - 1);
    for (int i = 0; i < g->n; i++)
        if (fabs(g->at[i] - g->at[0] - i * step) > 1e-6 * step)
            return tp_fail(err, TP_BAD_INPUT, "vgs: the steps are not equal");
    if (!(s->axis[TP_GMID_L].at[0] > 0 && s->axis[TP_GMID_VDS].at[0] > 0))
        return tp_fail(err, TP_BAD_INPUT, "l and vds have to be above 0");
    return TP_OK;
}

static void head(work *k)
{
    static const tp_str   none[] = {{"", 0}};
    const tp_device_spec *s = k->spec;
    tp_gmid_table        *t = k->t;
    t->name = t->model = s->model;
    t->process = s->process;
    t->device = k->kind.pmos ? TP_S("pmos") : TP_S("nmos");
    t->pmos = k->kind.pmos;
    t->characterized = tp_str_part(tp_utc_text(k->mem), 0, 10);
    t->w = one_um;
    t->n_corner = s->n_corner ? s->n_corner : 1;
    t->corner = s->n_corner ? s->corner : none;
    for (int a = 0; a < TP_GMID_AXES; a++) {
        t->axis[a] = s->axis[a];
        t->def[a] = isnan(s->def[a]) ? s->axis[a].at[0] : s->def[a];
    }
}

tp_status tp_device_table(tp_gmid_table **out, const tp_device_spec *spec,
                          tp_arena *mem, tp_err *err)
{
    work k = {.spec = spec, .mem = mem};
    *out = k.t = TP_NEW(mem, tp_gmid_table, 1);
    TP_TRY(check_spec(spec, err));
    TP_TRY(tp_device_find(&k.kind, spec, 0, mem, err));
    head(&k);
    TP_TRY(tp_gmid_grid(&k.curve, k.t, mem, err));
    for (k.corner = 0; k.corner < k.t->n_corner; k.corner++)
        TP_TRY(corner(&k, err));
    return TP_OK;
}
