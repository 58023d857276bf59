/* Values derived from others: expressions, constants, copies. The language is
   that of SIMetrix's measures: arithmetic and its functions. */
#include "front/job.h"

#include <math.h>

/* ---- amounts ------------------------------------------------------------- */

static tp_status bind_amount(tp_amount *out, tp_plan_reader *r,
                             const tp_yaml *at, bool *unknown, tp_err *err)
{
    const tp_slot *slot;
    out->n = tp_expr_slots(out->expr, &slot);
    int    *value = TP_NEW(r->mem, int, out->n);
    double *constant = TP_NEW(r->mem, double, out->n);
    for (int i = 0; i < out->n; i++) {
        value[i] = tp_plan_value(r, slot[i].name);
        if (value[i] < 0 && tp_constant(slot[i].name, &constant[i])) continue;
        bool setting = value[i] >= r->p->space.n + r->p->n_derived;
        if (value[i] >= 0 && !setting) continue;
        if (unknown) *unknown = true;
        if (unknown) return TP_OK;
        if (setting)
            return tp_yaml_fail(at, err,
                                "'%.*s' is set by the corners: a derived value "
                                "is the same in all of them",
                                TP_F(slot[i].name));
        tp_str like = tp_plan_values_like(r, slot[i].name);
        return tp_yaml_fail(at, err, "unknown name '%.*s'%.*s",
                            TP_F(slot[i].name), TP_F(like));
    }
    out->value = value;
    out->constant = constant;
    for (int i = 0; i < out->n; i++) tp_plan_note_read(r, slot[i].name);
    return TP_OK;
}

tp_status tp_plan_amount(tp_amount *out, tp_plan_reader *r, tp_str text,
                         const tp_yaml *at, bool *unknown, tp_err *err)
{
    tp_err   own = {0};
    tp_scope scope = {.dialect = TP_SIMETRIX};
    *out = (tp_amount){.text = text};
    if (unknown) *unknown = false;
    if (tp_number_all(text, &out->number) && isfinite(out->number))
        return TP_OK;
    if (tp_expr_compile(&out->expr, text, &scope, r->mem, &own))
        return tp_yaml_fail(at, err, "column %d of '%.*s': %s", own.col,
                            TP_F(text), own.msg);
    return bind_amount(out, r, at, unknown, err);
}

bool tp_amount_at(double *out, const tp_amount *a, const double *value,
                  tp_str *why, tp_arena *mem)
{
    *out = a->number;
    if (!a->expr) return true;
    tp_value *bound = TP_NEW(mem, tp_value, a->n);
    for (int i = 0; i < a->n; i++)
        bound[i] = tp_value_number(
            a->value[i] < 0 ? a->constant[i] : value[a->value[i]], TP_S(""));
    tp_value v = tp_expr_eval(a->expr, bound, NULL, mem);
    tp_value one = tp_value_scalar(&v, mem);
    bool     ok = one.kind == TP_NUMBER && isfinite(one.re);
    if (ok) *out = one.re;
    if (!ok && one.kind == TP_NUMBER)
        *why = tp_str_fmt(mem, "%.*s is not finite", TP_F(a->text));
    if (one.kind != TP_NUMBER)
        *why = tp_str_fmt(mem, "%.*s: %s", TP_F(a->text),
                          one.why ? one.why : "no number");
    return ok;
}

/* ---- derived values ------------------------------------------------------ */

static bool amount_rule(const void *with, const double *value, double *out,
                        tp_str *why, tp_arena *mem)
{
    return tp_amount_at(out, with, value, why, mem);
}

tp_status tp_plan_derive(tp_plan_reader *r, tp_derived d, const tp_yaml *at,
                         tp_err *err)
{
    if (tp_plan_value(r, d.name) >= 0)
        return tp_yaml_fail(at, err,
                            "'%.*s' is there already: a parameter, a fixed or "
                            "a derived value",
                            TP_F(d.name));
    *TP_PUSH(r->mem, r->derived, r->p->n_derived, r->cap_derived) = d;
    r->p->derived = r->derived;
    return TP_OK;
}

tp_status tp_plan_derive_amount(tp_plan_reader *r, tp_str name, tp_str unit,
                                const tp_amount *a, const tp_yaml *at,
                                tp_err *err)
{
    char       v[TP_NUMBER_MAX];
    tp_amount *own = TP_NEW(r->mem, tp_amount, 1);
    *own = *a;
    if (!own->text.len)
        own->text = tp_str_fmt(r->mem, "%s", tp_exact(a->number, v));
    return tp_plan_derive(
        r, (tp_derived){name, unit, own->text, amount_rule, own}, at, err);
}

void tp_plan_check(tp_plan_reader *r, tp_check c)
{
    *TP_PUSH(r->mem, r->check, r->p->n_check, r->cap_check) = c;
    r->p->check = r->check;
}

/* ---- the sections ------------------------------------------------------- */

/* "2*W_M3", or {"expr": "2*W_M3", "unit": "m"}. `early`: left for later when
   it needs what is not there yet. */
static tp_status read_derived(tp_plan_reader *r, const tp_yaml *y, bool early,
                              tp_err *err)
{
    tp_str    text = {"", 0}, unit = tp_plan_unit(y->key);
    bool      unknown = false;
    tp_amount a;
    if (y->kind == TP_YAML_MAP) {
        const tp_yaml *at;
        TP_TRY(tp_yaml_known(y, "expr unit description", err));
        TP_TRY(tp_yaml_need(&at, y, "expr", err));
        TP_TRY(tp_yaml_text(&text, y, "expr", err));
        TP_TRY(tp_yaml_text(&unit, y, "unit", err));
    } else {
        TP_TRY(tp_yaml_text(&text, y->up, tp_str_z(r->mem, y->key), err));
    }
    TP_TRY(tp_plan_amount(&a, r, text, y, early ? &unknown : NULL, err));
    if (unknown) return TP_OK;
    return tp_plan_derive_amount(r, y->key, unit, &a, y, err);
}

/* `simulator.variables`: {"W_M1": "wn1"}: what a deck calls a value. */
static tp_status read_names(tp_plan_reader *r, tp_err *err)
{
    const tp_yaml *y =
        tp_yaml_get(tp_yaml_get(r->top, "simulator"), "variables");
    if (y && y->kind != TP_YAML_MAP)
        return tp_yaml_fail(y, err,
                            "a map of values and deck parameters is expected");
    for (int i = 0; y && i < y->n; i++) {
        const tp_yaml *one = &y->part[i];
        tp_amount      a;
        if (tp_plan_value(r, one->key) < 0)
            return tp_yaml_fail(one, err, "there is no value of that name%.*s",
                                TP_F(tp_plan_values_like(r, one->key)));
        if (one->kind != TP_YAML_TEXT || !tp_plan_used(r, one->text))
            return tp_yaml_fail(one, err, "no deck has a parameter '%.*s'",
                                TP_F(one->text));
        TP_TRY(tp_plan_amount(&a, r, one->key, one, NULL, err));
        TP_TRY(
            tp_plan_derive_amount(r, one->text, (tp_str){"", 0}, &a, one, err));
    }
    return TP_OK;
}

static tp_status read_all(tp_plan_reader *r, bool early, tp_err *err)
{
    const tp_yaml *y = tp_yaml_get(r->top, "derived");
    if (y && y->kind != TP_YAML_MAP)
        return tp_yaml_fail(y, err,
                            "a map of names and expressions is expected");
    if (early && y) r->early = TP_NEW(r->mem, bool, y->n);
    for (int i = 0; y && i < y->n; i++) {
        int before = r->p->n_derived;
        if (!early && r->early[i]) continue;
        TP_TRY(read_derived(r, &y->part[i], early, err));
        if (early) r->early[i] = r->p->n_derived > before;
    }
    return TP_OK;
}

tp_status tp_plan_derived_early(tp_plan_reader *r, tp_err *err)
{
    return read_all(r, true, err);
}

tp_status tp_plan_derived(tp_plan_reader *r, tp_err *err)
{
    TP_TRY(read_all(r, false, err));
    return read_names(r, err);
}
