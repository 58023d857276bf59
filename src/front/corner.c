/* `corners` of a problem file: phases, each a list of corners; a corner that
   stands in several phases is one. */
#include "front/job.h"

#include <math.h>

enum { CORNERS_MAX = 1000, PHASES_MAX = 20 };

/* A corner as written. */
typedef struct raw {
    tp_corner      c;
    const tp_yaml *at;
    int            n_set, cap_set;
    tp_str        *name; /* of what it sets, */
    double        *value;
} raw;

typedef struct corners {
    tp_plan_reader *r;
    int             n, cap;
    raw            *corner;
} corners;

/* "ff_m40", "tt_27", "ss"; 2.5 degrees are 2p5. */
static tp_str usual_name(const tp_corner *c, tp_arena *mem)
{
    char   t[TP_NUMBER_MAX];
    tp_str first = c->n_section ? c->section[0] : TP_S("corner");
    if (isnan(c->temp)) return first;
    tp_exact(fabs(c->temp), t);
    for (char *p = t; *p; p++)
        if (*p == '.') *p = 'p';
    return tp_str_fmt(mem, "%.*s_%s%s", TP_F(first), c->temp < 0 ? "m" : "", t);
}

/* {"vdd": 3.0, ...} of `supplies` and `parameters`. */
static tp_status read_settings(raw *out, tp_plan_reader *r, const char *key,
                               tp_err *err)
{
    const tp_yaml *y = tp_yaml_get(out->at, key);
    if (!y) return TP_OK;
    if (y->kind != TP_YAML_MAP)
        return tp_yaml_fail(y, err,
                            "a map of parameters and numbers is expected");
    for (int i = 0; i < y->n; i++) {
        double v = 0;
        int    n = out->n_set, cap = out->cap_set;
        TP_TRY(tp_yaml_as_number(&v, &y->part[i], err));
        if (tp_plan_value(r, y->part[i].key) >= 0)
            return tp_yaml_fail(&y->part[i], err,
                                "'%.*s' is a parameter of the search; a corner "
                                "can't set it",
                                TP_F(y->part[i].key));
        *TP_PUSH(r->mem, out->name, n, cap) = y->part[i].key;
        *TP_PUSH(r->mem, out->value, out->n_set, out->cap_set) = v;
    }
    return TP_OK;
}

static tp_status read_corner(raw *out, tp_plan_reader *r, const tp_yaml *y,
                             tp_err *err)
{
    tp_corner *c = &out->c;
    tp_str     file = {"", 0};
    *out = (raw){.at = y, .c.temp = NAN, .c.model_file = file};
    TP_TRY(tp_yaml_known(y,
                         "name model sections model_file temp supplies "
                         "parameters description",
                         err));
    TP_TRY(tp_yaml_texts(&c->section, &c->n_section, y, "model", r->mem, err));
    if (c->n_section && tp_yaml_get(y, "sections"))
        return tp_yaml_fail(y, err,
                            "'model' and 'sections' say the same: give one");
    TP_TRY(
        tp_yaml_texts(&c->section, &c->n_section, y, "sections", r->mem, err));
    TP_TRY(tp_yaml_text(&file, y, "model_file", err));
    if (file.len) c->model_file = tp_path_join(r->folder, file, r->mem);
    tp_plan_named(r, c->model_file);
    if (file.len && !c->n_section)
        return tp_yaml_fail(tp_yaml_get(y, "model_file"), err,
                            "of which 'model'? The corner names no section");
    TP_TRY(tp_yaml_number(&c->temp, y, "temp", err));
    if (c->temp < -273.15)
        return tp_yaml_fail(tp_yaml_get(y, "temp"), err,
                            "%g degrees C are below absolute zero", c->temp);
    TP_TRY(read_settings(out, r, "supplies", err));
    TP_TRY(read_settings(out, r, "parameters", err));
    c->name = usual_name(c, r->mem);
    return tp_yaml_text(&c->name, y, "name", err);
}

static bool same_corner(const raw *a, const raw *b)
{
    bool temp =
        a->c.temp == b->c.temp || (isnan(a->c.temp) && isnan(b->c.temp));
    if (!temp || a->c.n_section != b->c.n_section || a->n_set != b->n_set ||
        !tp_str_eq(a->c.model_file, b->c.model_file))
        return false;
    for (int i = 0; i < a->c.n_section; i++)
        if (!tp_str_eq(a->c.section[i], b->c.section[i])) return false;
    for (int i = 0; i < a->n_set; i++)
        if (!tp_str_same(a->name[i], b->name[i]) || a->value[i] != b->value[i])
            return false;
    return true;
}

/* Its index: of an earlier one that is the same, or a new one. */
static tp_status add_corner(int *out, corners *all, const raw *one, tp_err *err)
{
    for (int i = 0; i < all->n; i++) {
        if (!tp_str_same(all->corner[i].c.name, one->c.name)) continue;
        *out = i;
        if (same_corner(&all->corner[i], one)) return TP_OK;
        return tp_yaml_fail(one->at, err,
                            "another corner is called '%.*s' (line %d): give "
                            "one of them a 'name'",
                            TP_F(one->c.name), all->corner[i].at->at.line);
    }
    if (all->n == CORNERS_MAX)
        return tp_yaml_fail(one->at, err, "more than %d corners",
                            (int)CORNERS_MAX);
    *TP_PUSH(all->r->mem, all->corner, all->n, all->cap) = *one;
    *out = all->n - 1;
    return TP_OK;
}

static tp_status read_phase(tp_phase *out, corners *all, const tp_yaml *y,
                            tp_err *err)
{
    if (y->kind != TP_YAML_LIST || !y->n)
        return tp_yaml_fail(y, err, "a list of corners is expected");
    int *corner = TP_NEW(all->r->mem, int, y->n);
    *out = (tp_phase){.name = y->key, .n = y->n, .corner = corner};
    for (int i = 0; i < y->n; i++) {
        raw one;
        TP_TRY(read_corner(&one, all->r, &y->part[i], err));
        TP_TRY(add_corner(&corner[i], all, &one, err));
        for (int k = 0; k < i; k++)
            if (corner[k] == corner[i])
                return tp_yaml_fail(&y->part[i], err,
                                    "'%.*s' stands twice in this phase",
                                    TP_F(one.c.name));
    }
    return TP_OK;
}

/* What any corner sets, each name once. */
static void gather_settings(const corners *all)
{
    tp_plan_reader *r = all->r;
    int             most = 0;
    for (int i = 0; i < all->n; i++) most += all->corner[i].n_set;
    tp_str *name = TP_NEW(r->mem, tp_str, most);
    for (int i = 0; i < all->n; i++)
        for (int k = 0; k < all->corner[i].n_set; k++) {
            tp_str one = all->corner[i].name[k];
            bool   known = false;
            for (int j = 0; j < r->p->n_setting; j++)
                known |= tp_str_same(name[j], one);
            if (!known) name[r->p->n_setting++] = one;
        }
    r->p->setting = name;
}

static double set_in(const raw *c, tp_str name)
{
    for (int k = 0; k < c->n_set; k++)
        if (tp_str_same(c->name[k], name)) return c->value[k];
    return NAN;
}

static void finish(corners *all)
{
    tp_plan_reader *r = all->r;
    tp_problem     *p = r->p;
    tp_corner      *out = TP_NEW(r->mem, tp_corner, all->n);
    gather_settings(all);
    for (int i = 0; i < all->n; i++) {
        double *value = TP_NEW(r->mem, double, p->n_setting);
        for (int k = 0; k < p->n_setting; k++)
            value[k] = set_in(&all->corner[i], p->setting[k]);
        out[i] = all->corner[i].c;
        out[i].value = value;
    }
    p->n_corner = all->n;
    p->corner = out;
}

tp_status tp_plan_corners(tp_plan_reader *r, tp_err *err)
{
    const tp_yaml *y = tp_yaml_get(r->top, "corners");
    corners        all = {.r = r};
    tp_phase      *phase = TP_NEW(r->mem, tp_phase, PHASES_MAX);
    if (!y) return TP_OK;
    if (y->kind != TP_YAML_MAP || !y->n || y->n > PHASES_MAX)
        return tp_yaml_fail(y, err,
                            "a map of phases is expected: {\"phase1\": "
                            "[{\"model\": \"tt\", \"temp\": 27}], ...}");
    for (int i = 0; i < y->n; i++) {
        tp_str wanted = tp_str_fmt(r->mem, "phase%d", i + 1);
        if (!tp_str_eq(y->part[i].key, wanted))
            return tp_yaml_fail(&y->part[i], err,
                                "phases stand in order: '%.*s' is expected",
                                TP_F(wanted));
        TP_TRY(read_phase(&phase[i], &all, &y->part[i], err));
    }
    r->p->n_phase = y->n;
    r->p->phase = phase;
    finish(&all);
    return TP_OK;
}
