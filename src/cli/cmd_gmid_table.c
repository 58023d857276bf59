/* trimpot gmid table: a lookup file by simulation, and the folder it lies in.
 */
#include "cli/cli.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

enum { MAX_CORNERS = 64, MAX_CONFIG = 1 << 24 };
#define CONFIG_FORM (JSON_INDENT(2) | JSON_REAL_PRECISION(12))

/* ---- what is asked ------------------------------------------------------- */

static tp_status axis(const char *name, tp_str text, const char *otherwise,
                      tp_gmid_axis *out, tp_arena *mem, tp_err *err)
{
    bool      ratio = !strcmp(name, "l");
    tp_str    use = text.len ? text : tp_str_of(otherwise);
    tp_status st = TP_BAD_INPUT;
    if (use.len)
        st = tp_device_axis(out, use, ratio, mem, err);
    else
        tp_fail(err, st, "is needed%s", ratio ? "" : ", or --vdd");
    return st ? tp_while(err, "--%s", name) : TP_OK;
}

/* "0.15u:8u": lengths are added between until the table is accurate. */
enum { FIRST_LENGTHS = 8 };
static const double wanted_accuracy = 0.006;

static bool wants_refining(tp_str l)
{
    ptrdiff_t colon = tp_str_find(l, ':', 0);
    return colon >= 0 && tp_str_find(l, ':', colon + 1) < 0;
}

/* The default is the value that was named first, whatever the order. */
static double first_of(tp_str text, const tp_gmid_axis *a)
{
    double v = NAN;
    (void)tp_number(tp_str_trim(text), &v);
    return tp_str_find(text, ':', 0) >= 0 || isnan(v) ? a->at[0] : v;
}

static tp_status read_polarity(tp_str text, tp_polarity *out, tp_err *err)
{
    *out = tp_str_eq(text, TP_S("nmos"))   ? TP_NMOS
           : tp_str_eq(text, TP_S("pmos")) ? TP_PMOS
                                           : TP_POLARITY_AUTO;
    if (text.len == 0 || *out != TP_POLARITY_AUTO) return TP_OK;
    return tp_fail(err, TP_BAD_INPUT, "--polarity: '%.*s' is not nmos or pmos",
                   TP_F(text));
}

static tp_status read_corners(session *s, tp_device_spec *d, tp_err *err)
{
    tp_str *name = TP_NEW(&s->mem, tp_str, MAX_CORNERS);
    tp_str  list = s->opt.gmid.corner;
    d->corner = name;
    for (tp_str w; (w = tp_str_word(&list, ", ")).len > 0;) {
        if (d->n_corner == MAX_CORNERS)
            return tp_fail(err, TP_LIMIT, "--corner: over %d", MAX_CORNERS);
        for (int i = 0; i < d->n_corner; i++)
            if (tp_str_same(name[i], w))
                return tp_fail(err, TP_BAD_INPUT, "--corner: '%.*s' twice",
                               TP_F(w));
        name[d->n_corner++] = w;
    }
    return TP_OK;
}

static tp_status read_axes(session *s, tp_device_spec *d, tp_err *err)
{
    const gmid_options *o = &s->opt.gmid;
    tp_arena           *mem = &s->mem;
    tp_str              vgs = {"", 0}, vds = {"", 0};
    double              vdd = 0;
    bool                given;
    TP_TRY(gmid_number("vdd", o->vdd, &given, &vdd, err));
    if (given && !(vdd > 0))
        return tp_fail(err, TP_BAD_INPUT, "--vdd: %g is not above 0", vdd);
    if (given) {
        double n = fmax(2, ceil(vdd / 0.025 - 1e-9));
        vgs = tp_str_fmt(mem, "0:%.12g:%.0f", vdd, n + 1);
        vds = tp_str_fmt(mem, "%.12g", vdd / 2);
    }
    tp_str l = o->l;
    if (wants_refining(l))
        l = tp_str_fmt(mem, "%.*s:%d", TP_F(l), FIRST_LENGTHS);
    const struct {
        const char   *name;
        tp_str        text;
        const char   *otherwise;
        tp_gmid_axis *to;
        double       *def;
    } row[] = {
        {"l", l, "", &d->axis[TP_GMID_L], &d->def[TP_GMID_L]},
        {"vgs", o->vgs, tp_str_z(mem, vgs), &d->vgs, NULL},
        {"vds", o->vds, tp_str_z(mem, vds), &d->axis[TP_GMID_VDS],
         &d->def[TP_GMID_VDS]},
        {"vsb", o->vsb, "0", &d->axis[TP_GMID_VSB], &d->def[TP_GMID_VSB]},
        {"temp", o->temp, "27", &d->axis[TP_GMID_TEMP], &d->def[TP_GMID_TEMP]},
    };
    for (int i = 0; i < TP_COUNT(row); i++) {
        TP_TRY(axis(row[i].name, row[i].text, row[i].otherwise, row[i].to, mem,
                    err));
        if (row[i].def) *row[i].def = first_of(row[i].text, row[i].to);
    }
    return TP_OK;
}

static tp_status read_spec(session *s, tp_device_spec *d, tp_err *err)
{
    const gmid_options *o = &s->opt.gmid;
    bool                given;
    *d = (tp_device_spec){.models = s->opt.arg[0],
                          .disk = &s->reach,
                          .model = o->model,
                          .inner = o->inner,
                          .process = o->process,
                          .w = 10e-6,
                          .simulator = s->opt.run.simulator,
                          .stop = stop_flag()};
    if (d->model.len == 0)
        return tp_fail(err, TP_BAD_INPUT, "gmid table needs --model NAME");
    if (d->process.len == 0) d->process = tp_path_stem(d->models);
    TP_TRY(gmid_number("w", o->w, &given, &d->w, err));
    TP_TRY(read_polarity(o->polarity, &d->polarity, err));
    TP_TRY(read_corners(s, d, err));
    return read_axes(s, d, err);
}

/* ---- config.json --------------------------------------------------------- */

static json_t *numbers(const tp_gmid_axis *a)
{
    json_t *list = json_array();
    for (int i = 0; i < a->n; i++)
        json_array_append_new(list, json_real(a->at[i]));
    return list;
}

/* The keys of a process's folder; those that are there and not ours stay. */
static void set_config(json_t *o, session *s, const tp_device_spec *d,
                       const tp_gmid_table *t)
{
    const tp_gmid_axis *l = &d->axis[TP_GMID_L], *g = &d->vgs;
    json_t             *sections = json_array();
    double              vdd;
    for (int i = 0; i < d->n_corner; i++)
        json_array_append_new(sections, tp_report_text(d->corner[i], &s->mem));
    json_object_set_new(o, "name", tp_report_text(d->process, &s->mem));
    json_object_set_new(o, t->pmos ? "pmos_device" : "nmos_device",
                        tp_report_text(d->model, &s->mem));
    json_object_set_new(o, "l_min", json_real(l->at[0]));
    json_object_set_new(o, "l_values", numbers(l));
    json_object_set_new(o, "w_default", json_real(d->w));
    json_object_set_new(o, "vgs_range",
                        json_pack("[f,f]", g->at[0], g->at[g->n - 1]));
    json_object_set_new(o, "vgs_step",
                        json_real((g->at[g->n - 1] - g->at[0]) / (g->n - 1)));
    json_object_set_new(
        o, "model_file",
        tp_report_text(tp_path_seen_from(s->opt.out, d->models, &s->mem),
                       &s->mem));
    json_object_set_new(o, "model_sections", sections);
    if (s->opt.gmid.vdd.len && tp_number_all(s->opt.gmid.vdd, &vdd))
        json_object_set_new(o, "vdd_options", json_pack("[f]", vdd));
}

static tp_status read_config(session *s, const char *path, json_t **out,
                             tp_err *err)
{
    json_error_t where;
    tp_str       bytes;
    *out = json_object();
    if (access(path, F_OK) != 0) return TP_OK;
    TP_TRY(tp_file_read(&bytes, path, MAX_CONFIG, &s->mem, err));
    json_decref(*out);
    *out = json_loadb(bytes.at, (size_t)bytes.len, 0, &where);
    if (json_is_object(*out)) return TP_OK;
    return tp_fail(err, TP_BAD_INPUT,
                   "%s is there and is no JSON object: it is not overwritten",
                   path);
}

static tp_status write_config(session *s, const tp_device_spec *d,
                              const tp_gmid_table *t, tp_err *err)
{
    json_t *o;
    char   *path = tp_str_z(
          &s->mem, tp_path_join(s->opt.out, TP_S("config.json"), &s->mem));
    tp_status st = read_config(s, path, &o, err);
    if (!st) {
        set_config(o, s, d, t);
        size_t n = json_dumpb(o, NULL, 0, CONFIG_FORM);
        char  *text = TP_NEW(&s->mem, char, (ptrdiff_t)n + 2);
        json_dumpb(o, text, n, CONFIG_FORM);
        text[n] = '\n';
        st = tp_file_write(path, (tp_str){text, (ptrdiff_t)n + 1}, err);
    }
    json_decref(o);
    if (!st) say("wrote %s", path);
    return st;
}

/* ---- the table ----------------------------------------------------------- */

static void say_jumps(const tp_gmid_axis *l)
{
    char text[TP_NUMBER_MAX];
    for (int i = 0; i + 1 < l->n; i++)
        if (tp_gmid_jumps(l, i))
            say("the model jumps at L = %s: the table has a length on each "
                "side of it",
                tp_engineering(l->at[i], TP_S("m"), text));
}

static tp_status check(session *s, const tp_device_spec *d,
                       const tp_gmid_table *t, tp_err *err)
{
    tp_device_spec off;
    tp_gmid_table *rows;
    tp_gmid_misses m;
    char           l[TP_NUMBER_MAX];
    tp_device_between(&off, d, &s->mem);
    TP_TRY(tp_device_table(&rows, &off, &s->mem, err));
    tp_gmid_compare(&m, t, rows, 5, 25);
    say("checked at %d points between those of the table (gm/Id 5 to 25, in "
        "saturation): W within %.3g %% (mean %.2g %%; the worst at gm/Id "
        "%.3g, L %s), gain within %.3g %%, vgs within %.2g mV",
        m.n, 100 * m.worst_w, 100 * m.mean_w, m.gmid,
        tp_engineering(m.l, TP_S("m"), l), 100 * m.worst_gain,
        1e3 * m.worst_vgs);
    if (m.outside) say("%d of its points are outside the table", m.outside);
    say_jumps(&t->axis[TP_GMID_L]);
    return TP_OK;
}

static tp_status write_table(session *s, const tp_device_spec *d,
                             const tp_gmid_table *t, tp_err *err)
{
    tp_str text = tp_gmid_write(t, &s->mem);
    if (!s->opt.out.len) {
        print(text);
        return TP_OK;
    }
    tp_str name = t->pmos ? TP_S("pmos_lookup.json") : TP_S("nmos_lookup.json");
    char  *path = tp_str_z(&s->mem, tp_path_join(s->opt.out, name, &s->mem));
    TP_TRY(tp_file_write(path, text, err));
    say("wrote %s", path);
    return write_config(s, d, t, err);
}

tp_status cmd_gmid_table(session *s, int *exit_status, tp_err *err)
{
    tp_device_spec d;
    tp_gmid_table *t;
    (void)exit_status;
    TP_TRY(read_spec(s, &d, err));
    if (s->opt.out.len)
        TP_TRY(tp_folder_make(tp_str_z(&s->mem, s->opt.out), err));
    if (wants_refining(s->opt.gmid.l))
        TP_TRY(tp_device_refine(&d, wanted_accuracy, &s->mem, err));
    TP_TRY(tp_device_table(&t, &d, &s->mem, err));
    TP_TRY(write_table(s, &d, t, err));
    return s->opt.gmid.check ? check(s, &d, t, err) : TP_OK;
}
