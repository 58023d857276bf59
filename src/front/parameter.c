/* `parameters` of a problem file: what is searched, its range, scale, grid or
   values; and `fixed`. */
#include "front/job.h"

#include <math.h>
#include <stdlib.h>

static const char *const types[] = {"gmid", "L",     "comp", "W",
                                    "M",    "value", NULL};
enum { TYPE_GMID, TYPE_L, TYPE_COMP, TYPE_W, TYPE_M, TYPE_VALUE };
static const char *const units[] = {"1/V", "m", "", "m", "", ""};

static const char *const scales[] = {"lin", "log", NULL};

/* ---- series (IEC 60063) -------------------------------------------------- */

static const int e24[] = {10, 11, 12, 13, 15, 16, 18, 20, 22, 24, 27, 30,
                          33, 36, 39, 43, 47, 51, 56, 62, 68, 75, 82, 91};

static const char *const series_names[] = {"E3",  "E6",  "E12",  "E24",
                                           "E48", "E96", "E192", NULL};
static const int         series_sizes[] = {3, 6, 12, 24, 48, 96, 192};

/* Value k of the decade 100 to 1000. */
static double series_value(int size, int k)
{
    int every = size <= 24 ? 24 / size : 0;
    if (every) return 10.0 * e24[(ptrdiff_t)k * every];
    double v = round(100 * pow(10, (double)k / size));
    return v == 919 && size == 192 ? 920 : v; /* the one that isn't rounded */
}

static void series(tp_var *v, int size, tp_arena *mem)
{
    int     first = (int)floor(log10(v->lo)) - 3;
    int     last = (int)ceil(log10(v->hi)) + 1, cap = 0;
    double *list = NULL;
    v->n_list = 0;
    for (int d = first; d <= last; d++)
        for (int k = 0; k < size; k++) {
            double x = series_value(size, k), p = pow(10, abs(d));
            x = d < 0 ? x / p : x * p;
            if (x < v->lo * (1 - 1e-9) || x > v->hi * (1 + 1e-9)) continue;
            *TP_PUSH(mem, list, v->n_list, cap) = x;
        }
    v->list = list;
}

/* ---- one parameter ------------------------------------------------------ */

static double nearest(const tp_var *v, double x)
{
    double best = v->list[0];
    for (int i = 1; i < v->n_list; i++)
        if (fabs(v->list[i] - x) < fabs(best - x)) best = v->list[i];
    return best;
}

static tp_status read_list(tp_var *v, const tp_yaml *y, tp_arena *mem,
                           tp_err *err)
{
    int kind = -1;
    TP_TRY(tp_yaml_numbers(&v->list, &v->n_list, y, "values", mem, err));
    TP_TRY(tp_yaml_choice(&kind, y, "series", series_names, err));
    if (kind >= 0 && v->n_list)
        return tp_yaml_fail(y, err, "'values' and 'series' exclude each other");
    if (kind >= 0 && !(v->lo > 0))
        return tp_yaml_fail(
            y, err, "a series needs a 'range' above 0, not from %g", v->lo);
    if (kind >= 0) series(v, series_sizes[kind], mem);
    if (kind >= 0 && !v->n_list)
        return tp_yaml_fail(y, err, "no value of %s is between %g and %g",
                            series_names[kind], v->lo, v->hi);
    if (!v->n_list) return TP_OK;
    for (int i = 1; i < v->n_list; i++)
        if (!(v->list[i] > v->list[i - 1]))
            return tp_yaml_fail(&tp_yaml_get(y, "values")->part[i], err,
                                "%g does not rise above %g", v->list[i],
                                v->list[i - 1]);
    v->lo = v->list[0];
    v->hi = v->list[v->n_list - 1];
    return TP_OK;
}

static tp_status read_range(tp_var *v, const tp_yaml *y, tp_arena *mem,
                            tp_err *err)
{
    const double  *range;
    int            n = 0;
    const tp_yaml *at = tp_yaml_get(y, "range");
    TP_TRY(tp_yaml_numbers(&range, &n, y, "range", mem, err));
    if (!n && !at && tp_yaml_get(y, "values")) return TP_OK;
    if (!n) TP_TRY(tp_yaml_need(&at, y, "range", err));
    if (n != 2)
        return tp_yaml_fail(at, err,
                            "a list of %d, where [least, most] is expected", n);
    if (!(range[0] <= range[1]))
        return tp_yaml_fail(at, err,
                            "%g is above %g: [least, most] is expected",
                            range[0], range[1]);
    v->lo = range[0];
    v->hi = range[1];
    return TP_OK;
}

/* A start outside is moved to the bound; onto the grid or the list. */
static void place_start(tp_plan_reader *r, tp_var *v, const tp_yaml *y)
{
    double was = v->start;
    char   a[TP_NUMBER_MAX], b[TP_NUMBER_MAX];
    if (isnan(was))
        v->start = v->log ? sqrt(v->lo * v->hi) : v->lo / 2 + v->hi / 2;
    v->start = fmin(fmax(v->start, v->lo), v->hi);
    if (v->n_list) v->start = nearest(v, v->start);
    if (v->step > 0) {
        v->start = v->lo + v->step * round((v->start - v->lo) / v->step);
        if (v->start > v->hi) v->start -= v->step;
    }
    if (isnan(was) || was == v->start) return;
    tp_plan_notice(r, tp_yaml_get(y, "init"),
                   tp_str_fmt(r->mem,
                              "%s is outside the range or between its values: "
                              "the search starts at %s",
                              tp_exact(was, a), tp_exact(v->start, b)));
}

static tp_status read_scale(tp_var *v, const tp_yaml *y, tp_err *err)
{
    int scale = tp_var_wants_log(v);
    TP_TRY(tp_yaml_choice(&scale, y, "scale", scales, err));
    v->log = scale == 1;
    if (v->log && !(v->lo > 0))
        return tp_yaml_fail(tp_yaml_get(y, "scale"), err,
                            "a range that begins at %g has no logarithms",
                            v->lo);
    return TP_OK;
}

tp_str tp_plan_unit(tp_str name)
{
    static const struct {
        const char *end, *unit;
    } row[] = {
        {"_db", "dB"},   {"_hz", "Hz"}, {"_deg", "deg"}, {"_w", "W"},
        {"_v", "V"},     {"_a", "A"},   {"_s", "s"},     {"_Vus", "V/us"},
        {"_ohm", "Ohm"}, {"_f", "F"},   {"_m", "m"},     {"_Vs", "V/s"},
    };
    for (int i = 0; i < TP_COUNT(row); i++) {
        tp_str e = tp_str_of(row[i].end);
        if (name.len > e.len &&
            tp_str_same(tp_str_from(name, name.len - e.len), e))
            return tp_str_of(row[i].unit);
    }
    return (tp_str){"", 0};
}

/* Of a component: by its letter, as in a deck. */
static tp_str unit_of(int type, tp_str name)
{
    tp_str unit = tp_str_of(units[type]);
    char   c = tp_lower(name.at[0]);
    if (type == TYPE_COMP && c == 'c') return TP_S("F");
    if (type == TYPE_COMP && c == 'r') return TP_S("Ohm");
    if (type == TYPE_COMP && c == 'l') return TP_S("H");
    return type == TYPE_VALUE ? tp_plan_unit(name) : unit;
}

/* gmid_M1 is a device's. */
static tp_status add_device(tp_plan_reader *r, const tp_yaml *y, tp_str name,
                            int value, tp_err *err)
{
    ptrdiff_t at = tp_str_find(name, '_', 0);
    tp_str    role = {"", 0};
    if (at < 0 || at + 1 >= name.len)
        return tp_yaml_fail(tp_yaml_get(y, "name"), err,
                            "'%.*s' names no device: gmid_M1 is that of M1",
                            TP_F(name));
    TP_TRY(tp_yaml_text(&role, y, "device", err));
    tp_plan_device *d = TP_PUSH(r->mem, r->device, r->n_device, r->cap_device);
    *d = (tp_plan_device){.tag = tp_str_from(name, at + 1),
                          .role = role,
                          .parameter = y,
                          .gmid = value};
    return TP_OK;
}

/* A fixed value that the checks would refuse at every point. */
static tp_status check_fixed(const tp_plan_reader *r, const tp_yaml *y,
                             int type, double v, const double gmid[2],
                             tp_err *err)
{
    const double *range = NULL, least[2] = {r->l_min, INFINITY};
    int           n = 0;
    const char   *what = "the range";
    TP_TRY(tp_yaml_numbers(&range, &n, y, "range", r->mem, err));
    if (n != 2) range = NULL;
    if (!range && type == TYPE_GMID) {
        range = gmid;
        what = "gm/Id";
    } else if (!range && type == TYPE_L && !isnan(r->l_min)) {
        range = least;
        what = "the process's lengths";
    }
    if (!range || (v >= range[0] && v <= range[1])) return TP_OK;
    return tp_yaml_fail(tp_yaml_get(y, "fixed"), err,
                        "%g is outside %g to %g (%s)", v, range[0], range[1],
                        what);
}

static tp_status fix(tp_plan_reader *r, const tp_yaml *y, int type, tp_str name,
                     tp_str unit, tp_err *err)
{
    tp_amount a = {0};
    TP_TRY(tp_yaml_number(&a.number, y, "fixed", err));
    TP_TRY(tp_plan_derive_amount(r, name, unit, &a, y, err));
    int value = r->p->space.n + r->p->n_derived - 1;
    return type == TYPE_GMID ? add_device(r, y, name, value, err) : TP_OK;
}

static tp_status read_var(tp_plan_reader *r, const tp_yaml *y, int type,
                          tp_var *v, tp_err *err)
{
    v->lo = v->hi = v->start = NAN;
    TP_TRY(read_range(v, y, r->mem, err));
    if (type == TYPE_M) v->step = 1;
    TP_TRY(tp_yaml_number(&v->start, y, "init", err));
    TP_TRY(tp_yaml_number(&v->step, y, "step", err));
    TP_TRY(read_list(v, y, r->mem, err));
    const tp_yaml *step = tp_yaml_get(y, "step");
    if (step && v->n_list)
        return tp_yaml_fail(step, err,
                            "a list of values has its own steps: give one of "
                            "step, values and series");
    if (v->n_list) v->step = 0;
    if (step && !(v->step > 0))
        return tp_yaml_fail(step, err, "%g, where a step above 0 is expected",
                            v->step);
    TP_TRY(read_scale(v, y, err));
    place_start(r, v, y);
    return TP_OK;
}

static void add_checks(tp_plan_reader *r, int type, int value,
                       const double gmid[2])
{
    if (type == TYPE_GMID)
        tp_plan_check(r, (tp_check){value, gmid[0], gmid[1], false, "gm/Id"});
    if (type == TYPE_L && !isnan(r->l_min))
        tp_plan_check(r, (tp_check){value, r->l_min, INFINITY, false,
                                    "the process's least length"});
    if (type != TYPE_W) return;
    bool none = isnan(r->w_min);
    tp_plan_check(r, (tp_check){value, none ? 0 : r->w_min,
                                isnan(r->w_max) ? INFINITY : r->w_max, none,
                                "width"});
}

/* Where the start value stands, so that a tuned file can be written. */
static void note_start(tp_plan_reader *r, const tp_yaml *y)
{
    const tp_yaml *init = tp_yaml_get(y, "init");
    int            n = r->p->space.n - 1; /* of the variable just added */
    tp_edit       *edit = TP_PUSH(r->mem, r->start, n, r->cap_start);
    if (!init) r->no_start = true;
    if (init) *edit = (tp_edit){init->at, (int)init->text.len, {"", 0}};
    r->p->start_edit = r->no_start ? NULL : r->start;
}

static tp_status read_one(tp_plan_reader *r, const tp_yaml *y,
                          const double gmid[2], tp_err *err)
{
    tp_str         name = {"", 0};
    int            type = TYPE_VALUE;
    const tp_yaml *at;
    TP_TRY(tp_yaml_known(y,
                         "name type device range init unit step values series "
                         "scale fixed description",
                         err));
    TP_TRY(tp_yaml_need(&at, y, "name", err));
    TP_TRY(tp_yaml_text(&name, y, "name", err));
    if (tp_plan_value(r, name) >= 0)
        return tp_yaml_fail(at, err, "'%.*s' stands twice", TP_F(name));
    TP_TRY(tp_yaml_choice(&type, y, "type", types, err));
    tp_str unit = unit_of(type, name);
    TP_TRY(tp_yaml_text(&unit, y, "unit", err));
    if (tp_yaml_get(y, "fixed")) {
        double v = NAN;
        TP_TRY(tp_yaml_number(&v, y, "fixed", err));
        TP_TRY(check_fixed(r, y, type, v, gmid, err));
        return fix(r, y, type, name, unit, err);
    }
    tp_var v = {.name = name, .unit = unit};
    TP_TRY(read_var(r, y, type, &v, err));
    int value = r->p->space.n;
    *TP_PUSH(r->mem, r->var, r->p->space.n, r->cap_var) = v;
    r->p->space.var = r->var;
    note_start(r, y);
    add_checks(r, type, value, gmid);
    return type == TYPE_GMID ? add_device(r, y, name, value, err) : TP_OK;
}

/* Of a fixed value: W_M1 and the like are of a device, CL of a component. */
static tp_str fixed_unit(tp_str name)
{
    static const struct {
        const char *begin, *unit;
    } row[] = {{"W_", "m"}, {"L_", "m"}, {"Id_", "A"}, {"gm_", "S"}};
    for (int i = 0; i < TP_COUNT(row); i++) {
        tp_str b = tp_str_of(row[i].begin);
        if (tp_str_same(tp_str_part(name, 0, b.len), b))
            return tp_str_of(row[i].unit);
    }
    return unit_of(TYPE_COMP, name);
}

/* `fixed`: {"CL": 2e-12, ...}. */
static tp_status read_fixed(tp_plan_reader *r, tp_err *err)
{
    const tp_yaml *y = tp_yaml_get(r->top, "fixed");
    if (y && y->kind != TP_YAML_MAP)
        return tp_yaml_fail(y, err, "a map of names and numbers is expected");
    for (int i = 0; y && i < y->n; i++) {
        tp_amount a = {0};
        TP_TRY(tp_yaml_as_number(&a.number, &y->part[i], err));
        TP_TRY(tp_plan_derive_amount(r, y->part[i].key,
                                     fixed_unit(y->part[i].key), &a,
                                     &y->part[i], err));
    }
    return TP_OK;
}

tp_status tp_plan_parameters(tp_plan_reader *r, tp_err *err)
{
    const tp_yaml *list;
    const double  *gmid, usual[2] = {5, 25};
    int            n = 2;
    gmid = usual;
    TP_TRY(tp_yaml_numbers(&gmid, &n, r->top, "gmid_range", r->mem, err));
    if (n != 2 || !(gmid[0] > 0 && gmid[0] < gmid[1]))
        return tp_yaml_fail(tp_yaml_get(r->top, "gmid_range"), err,
                            "[least, most] is expected, as in [5, 25]");
    TP_TRY(tp_yaml_need(&list, r->top, "parameters", err));
    if (list->kind != TP_YAML_LIST || !list->n)
        return tp_yaml_fail(list, err, "a list of parameters is expected");
    for (int pass = 0; pass < 2; pass++) /* variables stand before the rest */
        for (int i = 0; i < list->n; i++) {
            bool fixed = tp_yaml_get(&list->part[i], "fixed") != NULL;
            if (fixed == (pass == 1))
                TP_TRY(read_one(r, &list->part[i], gmid, err));
        }
    return read_fixed(r, err);
}
