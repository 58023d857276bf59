/* Transistors that are sized: gm/Id and length from the search, the current
   from what the problem file requires of the device (gm, id, or its share of a
   budget), the width from the process's table. Where nothing is required, the
   role says what follows from the specs, and a notice says so. Formulas: P.
   Jespers and B. Murmann, "Systematic Design of Analog CMOS Circuits", 2017. */
#include "front/job.h"

#include <math.h>

/* What is required of a device, and where its width is looked up. */
typedef struct sizing {
    const tp_gmid_table *table;
    tp_gmid_given        given;
    tp_amount            amount, branches;
    int                  gmid, l; /* values */
    tp_gmid_at           at;      /* but for the length */
} sizing;

/* ---- the rules ---------------------------------------------------------- */

static bool size(tp_gmid_size *out, const sizing *s, const double *value,
                 tp_str *why, tp_arena *mem)
{
    double       amount, branches;
    tp_err       err = {0};
    tp_gmid_at   at = s->at;
    tp_gmid_need need = {.given = s->given};
    if (!tp_amount_at(&amount, &s->amount, value, why, mem)) return false;
    if (!tp_amount_at(&branches, &s->branches, value, why, mem)) return false;
    at.l = value[s->l];
    need.gm = need.id = need.budget = amount;
    need.branches = branches;
    if (tp_gmid_fit(out, s->table, value[s->gmid], &at, &need, &err)) {
        *why = tp_str_fmt(mem, "%s", err.msg);
        return false;
    }
    return true;
}

static bool width_rule(const void *with, const double *value, double *out,
                       tp_str *why, tp_arena *mem)
{
    tp_gmid_size got;
    bool         ok = size(&got, with, value, why, mem);
    if (ok) *out = got.w;
    return ok;
}

/* The current and gm need no table. */
static bool current(double *id, double *gm, const sizing *s,
                    const double *value, tp_str *why, tp_arena *mem)
{
    double a, branches, ratio = value[s->gmid];
    if (!tp_amount_at(&a, &s->amount, value, why, mem)) return false;
    if (!tp_amount_at(&branches, &s->branches, value, why, mem)) return false;
    if (!(a > 0 && branches > 0)) {
        *why = tp_str_fmt(mem, "%.*s is %g, not above 0", TP_F(s->amount.text),
                          a > 0 ? branches : a);
        return false;
    }
    *id = s->given == TP_GMID_BY_GM ? a / ratio : a / branches;
    *gm = *id * ratio;
    return true;
}

static bool id_rule(const void *with, const double *value, double *out,
                    tp_str *why, tp_arena *mem)
{
    double gm;
    return current(out, &gm, with, value, why, mem);
}

static bool gm_rule(const void *with, const double *value, double *out,
                    tp_str *why, tp_arena *mem)
{
    double id;
    return current(&id, out, with, value, why, mem);
}

/* ---- what is required --------------------------------------------------- */

static const char device_keys[] =
    "polarity role instance gm id budget branches matched table L vds vsb "
    "temp corner description";

static bool role_is(tp_str role, const char *words)
{
    tp_str rest = tp_str_of(words);
    for (tp_str w; (w = tp_str_word(&rest, " ")).len;)
        if (tp_str_same(w, role)) return true;
    return false;
}

static const tp_plan_device *with_role(const tp_plan_reader *r,
                                       const char           *words)
{
    for (int i = 0; i < r->n_device; i++)
        if (role_is(r->device[i].role, words)) return &r->device[i];
    return NULL;
}

/* The gain-bandwidth that the specs want: target, else least value. */
static double wanted_gbw(const tp_plan_reader *r)
{
    static const char *const name[] = {"gbw", "ugbw", "ugf", "gain_bandwidth"};
    const tp_yaml           *specs = tp_yaml_get(r->top, "specs");
    for (int i = 0; specs && i < specs->n; i++)
        for (int k = 0; k < TP_COUNT(name); k++) {
            double v = NAN;
            if (!tp_str_starts(specs->part[i].key, tp_str_of(name[k])))
                continue;
            if (tp_yaml_number(&v, &specs->part[i], "target", NULL)) continue;
            if (isnan(v)) tp_yaml_number(&v, &specs->part[i], "min", NULL);
            return v;
        }
    return NAN;
}

static const char pair_roles[] = "input_pair input diff_pair";

/* gm or id that follow from the role; "" where nothing does. */
static tp_str by_role(const tp_plan_reader *r, const tp_plan_device *d,
                      tp_gmid_given *given)
{
    const tp_plan_device *pair = with_role(r, pair_roles);
    double                gbw = wanted_gbw(r);
    char                  v[TP_NUMBER_MAX];
    bool                  miller = tp_plan_value(r, TP_S("Cc")) >= 0;
    bool                  load = tp_plan_value(r, TP_S("CL")) >= 0;
    *given = TP_GMID_BY_GM;
    if (role_is(d->role, pair_roles) && !isnan(gbw) && (miller || load))
        return tp_str_fmt(r->mem, "2*pi*%s*%s", tp_exact(gbw, v),
                          miller ? "Cc" : "CL*1.2");
    if (role_is(d->role, "output_stage output second_stage driver") && pair &&
        miller && load)
        return tp_str_fmt(r->mem, "2.2*gm_%.*s*CL/Cc", TP_F(pair->tag));
    *given = TP_GMID_BY_ID;
    if (role_is(d->role, "active_load load mirror cascode") && pair)
        return tp_str_fmt(r->mem, "Id_%.*s", TP_F(pair->tag));
    if (role_is(d->role, "tail") && pair)
        return tp_str_fmt(r->mem, "2*Id_%.*s", TP_F(pair->tag));
    return (tp_str){"", 0};
}

static const struct {
    const char   *key;
    tp_gmid_given given;
} ways[] = {{"gm", TP_GMID_BY_GM},
            {"id", TP_GMID_BY_ID},
            {"budget", TP_GMID_BY_BUDGET}};

static tp_status nothing_required(const tp_plan_reader *r,
                                  const tp_plan_device *d, tp_err *err)
{
    const tp_yaml *at = d->at ? d->at : d->parameter;
    return tp_yaml_fail(at, err,
                        "nothing fixes the current of %.*s: give devices.%.*s "
                        "a gm, an id or a budget with branches%s",
                        TP_F(d->tag), TP_F(d->tag),
                        r->n_device > 1 ? ", or roles that say it" : "");
}

/* The text of what is required, and of which kind. */
static tp_status required(tp_str *text, sizing *s, tp_plan_reader *r,
                          const tp_plan_device *d, tp_err *err)
{
    int n = 0;
    for (int i = 0; i < TP_COUNT(ways); i++) {
        if (!tp_yaml_get(d->at, ways[i].key)) continue;
        s->given = ways[i].given;
        TP_TRY(tp_yaml_text(text, d->at, ways[i].key, err));
        n++;
    }
    if (n > 1)
        return tp_yaml_fail(d->at, err,
                            "gm, id and budget exclude each other: give one");
    if (tp_yaml_get(d->at, "branches") && s->given != TP_GMID_BY_BUDGET)
        return tp_yaml_fail(tp_yaml_get(d->at, "branches"), err,
                            "branches share a 'budget', and none is given");
    if (n == 1) return TP_OK;
    *text = by_role(r, d, &s->given);
    return text->len ? TP_OK : nothing_required(r, d, err);
}

static void say_derived(tp_plan_reader *r, const tp_plan_device *d,
                        const sizing *s)
{
    tp_plan_notice(r, d->at ? d->at : d->parameter,
                   tp_str_fmt(r->mem,
                              "%s of %.*s is not given: %.*s is taken, "
                              "from its role and the specs",
                              s->given == TP_GMID_BY_GM ? "gm" : "Id",
                              TP_F(d->tag), TP_F(s->amount.text)));
}

/* ---- tables ------------------------------------------------------------- */

static const char *const polarities[] = {"nmos", "pmos", NULL};

/* The table's path: said, or nmos_lookup.json of the process. */
static tp_status table_path(tp_str *out, const tp_plan_reader *r,
                            const tp_plan_device *d, bool pmos, tp_err *err)
{
    static const char *const names[] = {"lookup", "gmid_lookup"};
    tp_str                   said = {"", 0};
    TP_TRY(tp_yaml_text(&said, d->at, "table", err));
    *out = tp_path_join(r->folder, said, r->mem);
    if (said.len) return TP_OK;
    if (!r->pdk.len)
        return tp_yaml_fail(d->parameter, err,
                            "%.*s needs a table: give 'pdk', or devices.%.*s "
                            "its 'table'",
                            TP_F(d->tag), TP_F(d->tag));
    for (int i = 0; i < TP_COUNT(names); i++) {
        tp_str file =
            tp_str_fmt(r->mem, "%s_%s.json", polarities[pmos], names[i]);
        *out = tp_path_join(r->process, file, r->mem);
        if (tp_plan_has_file(r, *out)) return TP_OK;
    }
    return tp_yaml_fail(tp_yaml_get(r->top, "pdk"), err,
                        "%.*s has no %s_lookup.json; `trimpot gmid table` "
                        "makes one",
                        TP_F(r->process), polarities[pmos]);
}

/* Whether the table has the corner, voltages and temperature of the device. */
static tp_status check_place(const sizing *s, const tp_plan_device *d,
                             tp_err *err)
{
    static const char *const key[] = {"corner", "vds", "vsb", "temp"};
    tp_gmid_at               at = s->at;
    tp_err                   own = {0};
    double                   lo, hi;
    at.l = s->table->axis[TP_GMID_L].at[0];
    if (!tp_gmid_range(&lo, &hi, s->table, &at, &own)) return TP_OK;
    for (int i = 0; i < TP_COUNT(key); i++)
        if (tp_yaml_get(d->at, key[i]))
            return tp_yaml_fail(d->at, err, "%s", own.msg);
    return TP_OK; /* its first length is no place to judge by */
}

static tp_status read_table(sizing *s, tp_plan_reader *r,
                            const tp_plan_device *d, tp_err *err)
{
    int              pmos = -1;
    tp_str           path;
    const tp_source *file;
    tp_gmid_table   *table;
    tp_err           own = {0};
    TP_TRY(tp_yaml_choice(&pmos, d->at, "polarity", polarities, err));
    if (pmos < 0)
        return tp_yaml_fail(d->at ? d->at : d->parameter, err,
                            "devices.%.*s.polarity is missing: nmos or pmos",
                            TP_F(d->tag));
    TP_TRY(table_path(&path, r, d, pmos == 1, err));
    const tp_yaml *said = tp_yaml_get(d->at, "table");
    TP_TRY(tp_plan_file(&file, r, path, said ? said : d->parameter, err));
    if (tp_gmid_read(&table, file->text, path, r->mem, &own))
        return tp_yaml_fail(d->parameter, err, "%.*s:%d:%d: %s", TP_F(path),
                            own.line, own.col, own.msg);
    s->table = table;
    s->at = tp_gmid_where(NAN);
    TP_TRY(tp_yaml_number(&s->at.vds, d->at, "vds", err));
    TP_TRY(tp_yaml_number(&s->at.vsb, d->at, "vsb", err));
    TP_TRY(tp_yaml_number(&s->at.temp, d->at, "temp", err));
    TP_TRY(tp_yaml_text(&s->at.corner, d->at, "corner", err));
    return check_place(s, d, err);
}

/* ---- one device --------------------------------------------------------- */

static tp_str name_of(const tp_plan_reader *r, const char *what, tp_str tag)
{
    return tp_str_fmt(r->mem, "%s_%.*s", what, TP_F(tag));
}

/* L_M1: a parameter, or `L` of the device. */
static tp_status find_length(sizing *s, tp_plan_reader *r,
                             const tp_plan_device *d, tp_err *err)
{
    tp_str    name = name_of(r, "L", d->tag);
    tp_amount a = {.number = NAN};
    TP_TRY(tp_yaml_number(&a.number, d->at, "L", err));
    if (!isnan(a.number))
        TP_TRY(tp_plan_derive_amount(r, name, TP_S("m"), &a, d->at, err));
    s->l = tp_plan_value(r, name);
    tp_plan_note_read(r, name);
    if (s->l >= 0) return TP_OK;
    return tp_yaml_fail(d->at ? d->at : d->parameter, err,
                        "%.*s has no length: a parameter '%.*s' is missing, or "
                        "devices.%.*s.L",
                        TP_F(d->tag), TP_F(name), TP_F(d->tag));
}

/* What a device gives, in this order. */
static const struct {
    const char *what, *unit;
    tp_derive  *rule;
} sizes[] = {
    {"Id", "A", id_rule}, {"gm", "S", gm_rule}, {"W", "m", width_rule}};

static tp_status derive(tp_plan_reader *r, const tp_plan_device *d, int k,
                        const sizing *s, tp_err *err)
{
    tp_str text = tp_str_fmt(r->mem, "gm/Id of %.*s, %s %.*s", TP_F(d->tag),
                             s->given == TP_GMID_BY_GM ? "gm" : "Id",
                             TP_F(s->amount.text));
    if (!tp_str_eq(s->branches.text, TP_S("1")))
        text = tp_str_fmt(r->mem, "%.*s / %.*s", TP_F(text),
                          TP_F(s->branches.text));
    return tp_plan_derive(r,
                          (tp_derived){name_of(r, sizes[k].what, d->tag),
                                       tp_str_of(sizes[k].unit), text,
                                       sizes[k].rule, s},
                          d->parameter, err);
}

static void check_width(tp_plan_reader *r, const tp_plan_device *d)
{
    bool none = isnan(r->w_min);
    tp_plan_check(r, (tp_check){tp_plan_value(r, name_of(r, "W", d->tag)),
                                none ? 0 : r->w_min,
                                isnan(r->w_max) ? INFINITY : r->w_max, none,
                                "width"});
}

/* Where its current is required. */
static const tp_yaml *place_of(const tp_plan_device *d)
{
    for (int i = 0; i < TP_COUNT(ways); i++)
        if (tp_yaml_get(d->at, ways[i].key))
            return tp_yaml_get(d->at, ways[i].key);
    return d->at ? d->at : d->parameter;
}

/* Sizes the device when all that its current needs is there. */
static tp_status try_device(tp_plan_reader *r, tp_plan_device *d, bool *moved,
                            tp_err *err)
{
    tp_str  text = {"", 0};
    bool    unknown = false;
    sizing *s = TP_NEW(r->mem, sizing, 1);
    *s = (sizing){.gmid = d->gmid, .branches = {.number = 1}};
    TP_TRY(required(&text, s, r, d, err));
    const tp_yaml *at = place_of(d);
    TP_TRY(
        tp_plan_amount(&s->amount, r, text, at, moved ? &unknown : NULL, err));
    if (unknown) return TP_OK;
    tp_str branches = TP_S("1");
    TP_TRY(tp_yaml_text(&branches, d->at, "branches", err));
    TP_TRY(tp_plan_amount(&s->branches, r, branches, at, NULL, err));
    TP_TRY(find_length(s, r, d, err));
    TP_TRY(read_table(s, r, d, err));
    for (int k = 0; k < TP_COUNT(sizes); k++) TP_TRY(derive(r, d, k, s, err));
    check_width(r, d);
    tp_plan_note_read(r, d->parameter ? tp_yaml_get(d->parameter, "name")->text
                                      : d->tag);
    if (!tp_yaml_get(d->at, "gm") && !tp_yaml_get(d->at, "id") &&
        !tp_yaml_get(d->at, "budget"))
        say_derived(r, d, s);
    d->sized = true;
    if (moved) *moved = true;
    return TP_OK;
}

/* ---- all devices -------------------------------------------------------- */

static tp_plan_device *device_of(const tp_plan_reader *r, tp_str name)
{
    for (int i = 0; i < r->n_device; i++)
        if (tp_str_eq(r->device[i].tag, name)) return &r->device[i];
    for (int i = 0; i < r->n_device; i++)
        if (tp_str_eq(r->device[i].role, name)) return &r->device[i];
    return NULL;
}

/* Entries of `devices`, by a device's tag or its role. */
static tp_status read_entries(tp_plan_reader *r, tp_err *err)
{
    const tp_yaml *y = tp_yaml_get(r->top, "devices");
    if (y && y->kind != TP_YAML_MAP)
        return tp_yaml_fail(y, err, "a map of devices is expected");
    for (int i = 0; y && i < y->n; i++) {
        tp_plan_device *d = device_of(r, y->part[i].key);
        TP_TRY(tp_yaml_known(&y->part[i], device_keys, err));
        if (!d)
            return tp_yaml_fail(&y->part[i], err,
                                "no parameter gmid_%.*s makes it a device",
                                TP_F(y->part[i].key));
        if (d->at)
            return tp_yaml_fail(&y->part[i], err,
                                "%.*s has an entry already (line %d)",
                                TP_F(d->tag), d->at->at.line);
        d->at = &y->part[i];
        TP_TRY(tp_yaml_text(&d->role, d->at, "role", err));
    }
    return TP_OK;
}

/* W or L of another device, where a deck has it; *any: it has. */
static tp_status copy_size(tp_plan_reader *r, const tp_plan_device *d,
                           const char *what, tp_str tag, bool *any, tp_err *err)
{
    tp_amount a;
    tp_str    from = name_of(r, what, d->tag), to = name_of(r, what, tag);
    if (!tp_plan_used(r, to)) return TP_OK;
    *any = true;
    TP_TRY(tp_plan_amount(&a, r, from, d->at, NULL, err));
    return tp_plan_derive_amount(r, to, TP_S("m"), &a, d->at, err);
}

/* W_M2 = W_M1 and L_M2 = L_M1 where a deck has them. */
static tp_status match(tp_plan_reader *r, const tp_plan_device *d, tp_err *err)
{
    const tp_str *tag;
    int           n = 0;
    TP_TRY(tp_yaml_texts(&tag, &n, d->at, "matched", r->mem, err));
    for (int i = 0; i < n; i++) {
        bool any = false;
        TP_TRY(copy_size(r, d, "W", tag[i], &any, err));
        TP_TRY(copy_size(r, d, "L", tag[i], &any, err));
        if (any) continue;
        tp_plan_notice(r, tp_yaml_get(d->at, "matched"),
                       tp_str_fmt(r->mem,
                                  "no deck has W_%.*s or L_%.*s: that %.*s is "
                                  "like %.*s is the deck's to say",
                                  TP_F(tag[i]), TP_F(tag[i]), TP_F(tag[i]),
                                  TP_F(d->tag)));
    }
    return TP_OK;
}

tp_status tp_plan_devices(tp_plan_reader *r, tp_err *err)
{
    bool moved = true;
    TP_TRY(read_entries(r, err));
    while (moved) { /* those first that others are derived from */
        moved = false;
        for (int i = 0; i < r->n_device; i++)
            if (!r->device[i].sized)
                TP_TRY(try_device(r, &r->device[i], &moved, err));
    }
    for (int i = 0; i < r->n_device; i++)
        if (!r->device[i].sized)
            TP_TRY(try_device(r, &r->device[i], NULL, err));
    for (int i = 0; i < r->n_device; i++)
        if (r->device[i].at) TP_TRY(match(r, &r->device[i], err));
    return TP_OK;
}
