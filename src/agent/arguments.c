/* Members of a tool's arguments as the engine wants them. */
#include "agent/mind.h"

#include <string.h>

tp_str tp_argument_text(const json_t *arguments, const char *name)
{
    return tp_str_of(json_string_value(json_object_get(arguments, name)));
}

int tp_argument_int(const json_t *arguments, const char *name, int def)
{
    const json_t *v = json_object_get(arguments, name);
    json_int_t    i = json_integer_value(v);
    if (!v) return def;
    return i < -1000000 ? -1000000 : i > 1000000 ? 1000000 : (int)i;
}

/* "no variable 'w1' (did you mean ...)" of any list of names. */
static tp_status no_such(const char *what, const char *name, const tp_str *all,
                         int n, tp_arena *mem, tp_err *err)
{
    tp_str hint = tp_did_you_mean(mem, tp_str_of(name), all, n);
    return tp_fail(err, TP_BAD_INPUT, "there is no %s '%s'%.*s", what, name,
                   TP_F(hint));
}

tp_status tp_argument_variable(int *out, const char *name, const tp_problem *p,
                               tp_arena *mem, tp_err *err)
{
    *out = tp_space_find(&p->space, tp_str_of(name));
    if (*out >= 0) return TP_OK;
    tp_str *all = TP_NEW(mem, tp_str, p->space.n);
    for (int i = 0; i < p->space.n; i++) all[i] = p->space.var[i].name;
    return no_such("variable", name, all, p->space.n, mem, err);
}

/* A number, or a text that is one ("500n"). */
static tp_status read_number(double *out, const json_t *v, const char *name,
                             tp_err *err)
{
    const char *text = json_string_value(v);
    if (json_is_number(v)) {
        *out = json_number_value(v);
        return TP_OK;
    }
    if (text && tp_number_all(tp_str_of(text), out)) return TP_OK;
    return tp_fail(err, TP_BAD_INPUT, "%s: %s is not a number", name,
                   text ? text : "its value");
}

tp_status tp_argument_point(double *x, const json_t *arguments,
                            const tp_problem *p, const double *base,
                            tp_arena *mem, tp_err *err)
{
    json_t     *all = json_object_get(arguments, "variables"), *value;
    const char *name;
    for (int i = 0; i < p->space.n; i++) x[i] = base[i];
    json_object_foreach(all, name, value)
    {
        int i;
        TP_TRY(tp_argument_variable(&i, name, p, mem, err));
        TP_TRY(read_number(&x[i], value, name, err));
    }
    return TP_OK;
}

static int corner_of(const tp_problem *p, const char *name)
{
    for (int i = 0; i < p->n_corner; i++)
        if (tp_str_same(p->corner[i].name, tp_str_of(name))) return i;
    return -1;
}

static tp_status no_corner(const tp_problem *p, const char *name, tp_arena *mem,
                           tp_err *err)
{
    tp_str *all = TP_NEW(mem, tp_str, p->n_corner);
    for (int i = 0; i < p->n_corner; i++) all[i] = p->corner[i].name;
    return no_such("corner", name, all, p->n_corner, mem, err);
}

static tp_status no_measure(const tp_problem *p, const char *name,
                            tp_arena *mem, tp_err *err)
{
    tp_str *all = TP_NEW(mem, tp_str, p->n_measure);
    for (int i = 0; i < p->n_measure; i++) all[i] = p->measure[i].name;
    return no_such("measure", name, all, p->n_measure, mem, err);
}

/* One measure's value in one corner. */
static tp_status put(tp_reading *r, const json_t *v, const char *name,
                     tp_err *err)
{
    TP_TRY(read_number(&r->value, v, name, err));
    r->ok = true;
    r->skipped = false;
    return TP_OK;
}

static tp_status put_corners(tp_reading *all, int measure, json_t *v,
                             const tp_problem *p, tp_arena *mem, tp_err *err)
{
    const char *name;
    json_t     *one;
    json_object_foreach(v, name, one)
    {
        int c = corner_of(p, name);
        if (c < 0) return no_corner(p, name, mem, err);
        TP_TRY(put(&all[c * p->n_measure + measure], one, name, err));
    }
    return TP_OK;
}

static int measure_of(const tp_problem *p, const char *name)
{
    for (int i = 0; i < p->n_measure; i++)
        if (tp_str_same(p->measure[i].name, tp_str_of(name))) return i;
    return -1;
}

/* A corner with any value was simulated: what it lacks is then missing. */
static void settle_skipped(tp_reading *all, const tp_problem *p)
{
    for (int c = 0; c < tp_problem_corners(p); c++) {
        tp_reading *r = &all[(ptrdiff_t)c * p->n_measure];
        bool        any = false;
        for (int i = 0; i < p->n_measure; i++) any |= r[i].ok;
        for (int i = 0; any && i < p->n_measure; i++) r[i].skipped = false;
    }
}

tp_status tp_argument_readings(const tp_reading **out, const json_t *arguments,
                               const tp_problem *p, tp_arena *mem, tp_err *err)
{
    json_t     *given = json_object_get(arguments, "measures"), *value;
    int         n = tp_problem_readings(p);
    tp_reading *all = TP_NEW(mem, tp_reading, n);
    const char *name;
    for (int i = 0; i < n; i++)
        all[i] = (tp_reading){.skipped = true,
                              .unit = p->measure[i % p->n_measure].unit,
                              .why = TP_S("it was not told")};
    json_object_foreach(given, name, value)
    {
        int m = measure_of(p, name);
        if (m < 0) return no_measure(p, name, mem, err);
        if (json_is_object(value))
            TP_TRY(put_corners(all, m, value, p, mem, err));
        else
            TP_TRY(put(&all[m], value, name, err));
    }
    settle_skipped(all, p);
    *out = all;
    return TP_OK;
}
