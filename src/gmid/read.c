/* Reading a lookup file: first the entries of `data` one after the other, each
   a curve with its place on the axes, then the axes themselves from what the
   entries say, and the curves sorted onto them. */
#include "gmid/inside.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

enum { MAX_ENTRIES = 100000, MAX_ROWS = 100000 };

/* An entry of `data`. */
typedef struct entry {
    tp_str        corner;
    double        at[TP_GMID_AXES];
    tp_gmid_curve curve;
    int           number; /* in the file */
} entry;

typedef struct reader {
    tp_gmid_table *t;
    tp_arena      *mem;
    tp_err        *err;
    tp_str         def_corner;
    int            n, cap;
    entry         *list;
} reader;

static tp_status bad(const reader *r, tp_str path, const char *what)
{
    tp_source src = {.name = r->t->name};
    return tp_fail_at(r->err, TP_BAD_INPUT, (tp_place){.in = &src}, "%.*s: %s",
                      TP_F(path), what);
}

static tp_str member(const reader *r, tp_str path, const char *key)
{
    if (path.len == 0) return tp_str_of(key);
    return tp_str_fmt(r->mem, "%.*s.%s", TP_F(path), key);
}

/* A number above `least`; *out stays as it is where the key is absent (or
   null) and not required. */
typedef struct number_rule {
    const char *key;
    bool        required, null; /* null: it stands for infinity */
    double      least;
} number_rule;

static tp_status read_number(const reader *r, const json_t *object, tp_str path,
                             const number_rule *rule, double *out)
{
    const json_t *j = json_object_get(object, rule->key);
    bool          null = json_is_null(j);
    if (null && rule->null) *out = INFINITY;
    if (null && rule->null) return TP_OK;
    if (!rule->required && (!j || null)) return TP_OK;
    tp_str where = member(r, path, rule->key);
    if (!j) return bad(r, where, "is missing");
    if (!json_is_number(j)) return bad(r, where, "is not a number");
    double v = json_number_value(j);
    if (!(v > rule->least)) {
        tp_str what = tp_str_fmt(r->mem, "%g is not above %g", v, rule->least);
        return bad(r, where, what.at);
    }
    *out = v;
    return TP_OK;
}

static tp_status read_text(const reader *r, const json_t *object, tp_str path,
                           const char *key, tp_str *out)
{
    const json_t *j = json_object_get(object, key);
    if (!j || json_is_null(j)) return TP_OK;
    if (!json_is_string(j))
        return bad(r, member(r, path, key), "is not a text");
    *out = tp_str_copy(r->mem, (tp_str){json_string_value(j),
                                        (ptrdiff_t)json_string_length(j)});
    return TP_OK;
}

/* What each column has to be: vgs of any sign, the currents above zero. */
static number_rule column_rule(tp_gmid_column c)
{
    bool must = c == TP_GMID_VGS || c == TP_GMID_RATIO || c == TP_GMID_JD ||
                c == TP_GMID_GAIN;
    bool positive = must && c != TP_GMID_VGS;
    return (number_rule){.key = tp_gmid_key(c),
                         .required = must,
                         .null = c == TP_GMID_GAIN,
                         .least = positive ? 0 : -INFINITY};
}

static tp_status read_row(const reader *r, const json_t *row, tp_str path,
                          double *v)
{
    if (!json_is_object(row)) return bad(r, path, "is not an object");
    for (int k = 0; k < TP_GMID_COLUMNS; k++) {
        number_rule rule = column_rule((tp_gmid_column)k);
        v[k] = NAN;
        TP_TRY(read_number(r, row, path, &rule, &v[k]));
    }
    return TP_OK;
}

static tp_status read_points(const reader *r, const json_t *points, tp_str path,
                             tp_gmid_curve *c)
{
    double *v[TP_GMID_COLUMNS];
    if (!json_is_array(points)) return bad(r, path, "is not an array");
    if (json_array_size(points) > MAX_ROWS)
        return bad(r, path, "has too many rows");
    c->n = (int)json_array_size(points);
    if (c->n < 2) return bad(r, path, "needs at least two rows");
    for (int k = 0; k < TP_GMID_COLUMNS; k++)
        c->v[k] = v[k] = TP_NEW(r->mem, double, c->n);
    for (int i = 0; i < c->n; i++) {
        double row[TP_GMID_COLUMNS];
        tp_str at = tp_str_fmt(r->mem, "%.*s[%d]", TP_F(path), i);
        TP_TRY(read_row(r, json_array_get(points, (size_t)i), at, row));
        for (int k = 0; k < TP_GMID_COLUMNS; k++) v[k][i] = row[k];
        if (i && !(v[TP_GMID_VGS][i] > v[TP_GMID_VGS][i - 1]))
            return bad(r, at, "vgs is not above that of the row before");
    }
    tp_gmid_curve_done(c, r->mem);
    return TP_OK;
}

static tp_status read_axes(const reader *r, const json_t *object, tp_str path,
                           bool length, double at[TP_GMID_AXES])
{
    for (int a = length ? TP_GMID_L : TP_GMID_VDS; a < TP_GMID_AXES; a++) {
        number_rule rule = {.key = tp_gmid_axis_row((tp_gmid_axis_kind)a)->key,
                            .required = a == TP_GMID_L,
                            .least = a == TP_GMID_L ? 0 : -INFINITY};
        TP_TRY(read_number(r, object, path, &rule, &at[a]));
    }
    return TP_OK;
}

static tp_status read_entry(reader *r, const json_t *j, int i)
{
    tp_str path = tp_str_fmt(r->mem, "data[%d]", i);
    if (!json_is_object(j)) return bad(r, path, "is not an object");
    const json_t *points = json_object_get(j, "points");
    if (json_is_array(points) && json_array_size(points) == 0)
        return TP_OK; /* a length that gave nothing */
    entry *e = TP_PUSH(r->mem, r->list, r->n, r->cap);
    *e = (entry){.corner = r->def_corner, .number = i};
    for (int a = 0; a < TP_GMID_AXES; a++) e->at[a] = r->t->def[a];
    TP_TRY(read_axes(r, j, path, true, e->at));
    TP_TRY(read_text(r, j, path, "corner", &e->corner));
    return read_points(r, points, member(r, path, "points"), &e->curve);
}

static tp_status read_data(reader *r, const json_t *data)
{
    if (!json_is_array(data)) return bad(r, TP_S("data"), "is not an array");
    if (json_array_size(data) > MAX_ENTRIES)
        return bad(r, TP_S("data"), "has too many entries");
    for (size_t i = 0; i < json_array_size(data); i++)
        TP_TRY(read_entry(r, json_array_get(data, i), (int)i));
    return r->n ? TP_OK : bad(r, TP_S("data"), "has no entry with rows");
}

static tp_status read_head(reader *r, const json_t *top)
{
    tp_gmid_table *t = r->t;
    tp_str         none = {"", 0};
    number_rule    w = {.key = "w_testbench"};
    t->w = 1e-6;
    for (int a = 0; a < TP_GMID_AXES; a++) t->def[a] = NAN;
    TP_TRY(read_number(r, top, none, &w, &t->w));
    TP_TRY(read_text(r, top, none, "process", &t->process));
    TP_TRY(read_text(r, top, none, "device", &t->device));
    TP_TRY(read_text(r, top, none, "model", &t->model));
    TP_TRY(read_text(r, top, none, "characterized", &t->characterized));
    TP_TRY(read_text(r, top, none, "corner", &r->def_corner));
    t->pmos = tp_str_starts(t->device, TP_S("p"));
    return read_axes(r, top, none, false, t->def);
}

/* ---- the axes ------------------------------------------------------------ */

static int rising(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The values of the entries, sorted, each once. */
static tp_status make_axis(reader *r, int a)
{
    double *at = TP_NEW(r->mem, double, r->n);
    int     n = 0, said = 0;
    for (int i = 0; i < r->n; i++) {
        at[i] = r->list[i].at[a];
        said += !isnan(at[i]);
    }
    if (said && said < r->n) {
        const char *key = tp_gmid_axis_row((tp_gmid_axis_kind)a)->key;
        return bad(r, tp_str_of(key),
                   "only some entries of data say it, and "
                   "there is none at the top");
    }
    if (said) qsort(at, (size_t)r->n, sizeof *at, rising);
    for (int i = 0; i < r->n; i++)
        if (i == 0 || at[i] > at[n - 1]) at[n++] = at[i];
    r->t->axis[a] = (tp_gmid_axis){n, at};
    if (a != TP_GMID_L && isnan(r->t->def[a])) r->t->def[a] = r->list[0].at[a];
    return TP_OK;
}

static int corner_index(const tp_gmid_table *t, tp_str name)
{
    for (int i = 0; i < t->n_corner; i++)
        if (tp_str_same(t->corner[i], name)) return i;
    return -1;
}

static void make_corners(reader *r)
{
    tp_gmid_table *t = r->t;
    tp_str        *name = TP_NEW(r->mem, tp_str, r->n);
    t->corner = name;
    for (int i = 0; i < r->n; i++)
        if (corner_index(t, r->list[i].corner) < 0)
            name[t->n_corner++] = r->list[i].corner;
    int def = corner_index(t, r->def_corner);
    t->def_corner = def < 0 ? 0 : def;
}

static int index_on(const tp_gmid_axis *axis, double at)
{
    for (int i = 0; i < axis->n; i++)
        if (axis->at[i] == at) return i;
    return 0; /* not stated: one value */
}

static tp_status place(reader *r, const entry *e, tp_gmid_curve *curve)
{
    tp_gmid_table *t = r->t;
    int            at[TP_GMID_AXES];
    for (int a = 0; a < TP_GMID_AXES; a++)
        at[a] = index_on(&t->axis[a], e->at[a]);
    tp_gmid_curve *c = &curve[tp_gmid_index(t, corner_index(t, e->corner), at)];
    tp_str         path = tp_str_fmt(r->mem, "data[%d]", e->number);
    if (c->n) return bad(r, path, "an earlier entry is for the same place");
    *c = e->curve;
    return TP_OK;
}

static tp_status make_grid(reader *r)
{
    tp_gmid_curve *curve;
    for (int a = 0; a < TP_GMID_AXES; a++) TP_TRY(make_axis(r, a));
    make_corners(r);
    TP_TRY(tp_gmid_grid(&curve, r->t, r->mem, r->err));
    for (int i = 0; i < r->n; i++) TP_TRY(place(r, &r->list[i], curve));
    return TP_OK;
}

static tp_status read_top(reader *r, const json_t *top)
{
    if (!json_is_object(top))
        return bad(r, TP_S("the file"), "is not a JSON object");
    TP_TRY(read_head(r, top));
    TP_TRY(read_data(r, json_object_get(top, "data")));
    return make_grid(r);
}

tp_status tp_gmid_read(tp_gmid_table **out, tp_str json, tp_str name,
                       tp_arena *mem, tp_err *err)
{
    json_error_t   where;
    tp_source      src = {name, json};
    tp_gmid_table *t = TP_NEW(mem, tp_gmid_table, 1);
    reader         r = {.t = t, .mem = mem, .err = err};
    t->name = tp_str_copy(mem, name);
    t->process = t->device = t->model = t->characterized = TP_S("");
    r.def_corner = TP_S("");
    json_t *top = json_loadb(json.len ? json.at : "", (size_t)json.len,
                             JSON_REJECT_DUPLICATES, &where);
    if (!top)
        return tp_fail_at(err, TP_BAD_INPUT,
                          (tp_place){&src, where.line, where.column}, "%s",
                          where.text);
    tp_status st = read_top(&r, top);
    json_decref(top);
    *out = t;
    return st;
}
