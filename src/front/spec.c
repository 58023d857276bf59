/* `specs` of a problem file: limits, target and weight of a measurement. */
#include "front/job.h"

#include <math.h>

static const char *const senses[] = {"both", "higher", "lower", NULL};

static int measure_named(const tp_plan_reader *r, tp_str name)
{
    for (int i = 0; i < r->p->n_measure; i++)
        if (tp_str_eq(r->measure[i].name, name)) return i;
    return -1;
}

static tp_status no_measure(const tp_plan_reader *r, const tp_yaml *y,
                            tp_err *err)
{
    tp_str *all = TP_NEW(r->mem, tp_str, r->p->n_measure);
    for (int i = 0; i < r->p->n_measure; i++) all[i] = r->measure[i].name;
    return tp_yaml_fail(
        y, err, "there is no measurement '%.*s'%.*s", TP_F(y->key),
        TP_F(tp_did_you_mean(r->mem, y->key, all, r->p->n_measure)));
}

/* What a miss is relative to: the limit itself, or where it is 0 what else
   gives a size. */
static double scale_of(double limit, const tp_spec *s, double given)
{
    const double other[] = {s->max, s->min, s->target};
    if (given > 0) return given;
    if (limit != 0 && !isnan(limit)) return fabs(limit);
    for (int i = 0; i < 3; i++)
        if (!isnan(other[i]) && other[i] != 0) return fabs(other[i]);
    return 1;
}

static tp_status check_spec(const tp_spec *s, const tp_yaml *y, tp_err *err)
{
    const char *key = "min";
    if (isnan(s->min) && isnan(s->max) && isnan(s->target))
        return tp_yaml_fail(y, err, "one of min, max and target is expected");
    if (s->min > s->max)
        return tp_yaml_fail(tp_yaml_get(y, key), err, "%g is above max, %g",
                            s->min, s->max);
    if (!(s->weight >= 0))
        return tp_yaml_fail(tp_yaml_get(y, "weight"), err,
                            "%g, where a number >= 0 is expected", s->weight);
    return TP_OK;
}

static tp_status read_spec(tp_spec *s, tp_plan_reader *r, const tp_yaml *y,
                           tp_err *err)
{
    double scale = 0;
    int    sense = 0;
    *s = (tp_spec){.min = NAN, .max = NAN, .target = NAN, .weight = 1};
    s->measure = measure_named(r, y->key);
    if (s->measure < 0) return no_measure(r, y, err);
    TP_TRY(tp_yaml_known(y,
                         "min max target weight sense unit scale "
                         "description",
                         err));
    TP_TRY(tp_yaml_number(&s->min, y, "min", err));
    TP_TRY(tp_yaml_number(&s->max, y, "max", err));
    TP_TRY(tp_yaml_number(&s->target, y, "target", err));
    TP_TRY(tp_yaml_number(&s->weight, y, "weight", err));
    TP_TRY(tp_yaml_choice(&sense, y, "sense", senses, err));
    TP_TRY(tp_yaml_number(&scale, y, "scale", err));
    TP_TRY(tp_yaml_text(&r->measure[s->measure].unit, y, "unit", err));
    TP_TRY(check_spec(s, y, err));
    if (tp_yaml_get(y, "scale") && !(scale > 0))
        return tp_yaml_fail(tp_yaml_get(y, "scale"), err,
                            "%g, where a number above 0 is expected", scale);
    s->sense = (tp_sense)sense;
    s->min_scale = scale_of(s->min, s, scale);
    s->max_scale = scale_of(s->max, s, scale);
    s->target_scale = scale_of(s->target, s, scale);
    s->at = y->at;
    r->measure[s->measure].goal = TP_TO_SPEC;
    return TP_OK;
}

static void check_target(tp_plan_reader *r, const tp_spec *s, const tp_yaml *y)
{
    const char *side = NULL;
    if (s->target < s->min) side = "below min";
    if (s->target > s->max) side = "above max";
    if (side)
        tp_plan_notice(r, tp_yaml_get(y, "target"),
                       tp_str_fmt(r->mem,
                                  "%g is %s: it can't be reached within "
                                  "the limits",
                                  s->target, side));
}

/* Limits are met or not; only targets are weighed. */
static void check_weight(tp_plan_reader *r, const tp_spec *s, const tp_yaml *y)
{
    const tp_yaml *weight = tp_yaml_get(y, "weight");
    if (weight && isnan(s->target))
        tp_plan_notice(r, weight,
                       TP_S("it has no effect: there is no target to weigh"));
}

tp_status tp_plan_specs(tp_plan_reader *r, tp_err *err)
{
    const tp_yaml *y;
    TP_TRY(tp_yaml_need(&y, r->top, "specs", err));
    if (y->kind != TP_YAML_MAP || !y->n)
        return tp_yaml_fail(y, err, "a map of specs is expected");
    tp_spec *spec = TP_NEW(r->mem, tp_spec, y->n);
    for (int i = 0; i < y->n; i++) {
        TP_TRY(read_spec(&spec[i], r, &y->part[i], err));
        check_target(r, &spec[i], &y->part[i]);
        check_weight(r, &spec[i], &y->part[i]);
    }
    r->p->n_spec = y->n;
    r->p->spec = spec;
    return TP_OK;
}
