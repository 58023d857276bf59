/* Axes from text, and the grid between the points of a grid. */
#include "device/inside.h"

#include <math.h>
#include <stdlib.h>

enum { MAX_POINTS = 1000 };

static tp_status number(double *out, tp_str word, tp_err *err)
{
    if (tp_number_all(word, out) && isfinite(*out) && !tp_number_is_odd(word))
        return TP_OK;
    return tp_fail(err, TP_BAD_INPUT, "'%.*s' is not a number",
                   TP_F(tp_str_trim(word)));
}

static tp_status listed(double *v, int *n, tp_str text, tp_err *err)
{
    for (tp_str w; (w = tp_str_word(&text, ",")).len > 0;) {
        if (*n == MAX_POINTS)
            return tp_fail(err, TP_LIMIT, "over %d values", MAX_POINTS);
        TP_TRY(number(&v[(*n)++], w, err));
    }
    return TP_OK;
}

static tp_status spaced(double *v, int *n, tp_str text, bool ratio, tp_err *err)
{
    double from, to, count;
    TP_TRY(number(&from, tp_str_word(&text, ":"), err));
    TP_TRY(number(&to, tp_str_word(&text, ":"), err));
    TP_TRY(number(&count, tp_str_from(text, 1), err));
    if (!(count >= 2 && count <= MAX_POINTS && count == floor(count)))
        return tp_fail(err, TP_BAD_INPUT,
                       "the count %g is no whole number from 2 to %d", count,
                       MAX_POINTS);
    if (ratio && !(from > 0))
        return tp_fail(err, TP_BAD_INPUT, "%g is not above 0", from);
    *n = (int)count;
    for (int i = 0; i < *n; i++) {
        double t = i / (count - 1);
        v[i] = ratio ? from * pow(to / from, t) : from + (to - from) * t;
    }
    v[*n - 1] = to;
    return TP_OK;
}

double tp_device_tidy(double v)
{
    if (v == 0) return 0;
    double   unit = pow(10, floor(log10(fabs(v))) - 11);
    tp_arena mem = tp_arena_open(4096);
    tp_number_all(tp_str_fmt(&mem, "%.12g", round(v / unit) * unit), &v);
    tp_arena_close(&mem);
    return v;
}

static int rising(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

tp_status tp_device_axis(tp_gmid_axis *out, tp_str text, bool ratio,
                         tp_arena *mem, tp_err *err)
{
    double *v = TP_NEW(mem, double, MAX_POINTS);
    int     n = 0;
    if (tp_str_find(text, ':', 0) >= 0)
        TP_TRY(spaced(v, &n, text, ratio, err));
    else
        TP_TRY(listed(v, &n, text, err));
    if (n == 0) return tp_fail(err, TP_BAD_INPUT, "there is no value");
    for (int i = 0; i < n; i++) v[i] = tp_device_tidy(v[i]);
    qsort(v, (size_t)n, sizeof *v, rising);
    for (int i = 1; i < n; i++)
        if (v[i] == v[i - 1])
            return tp_fail(err, TP_BAD_INPUT, "%g is there twice", v[i]);
    *out = (tp_gmid_axis){n, v};
    return TP_OK;
}

static tp_gmid_axis between(const tp_gmid_axis *a, bool ratio, tp_arena *mem)
{
    double *v = TP_NEW(mem, double, a->n);
    int     n = 0;
    for (int i = 0; i + 1 < a->n; i++) {
        if (ratio && tp_gmid_jumps(a, i)) continue;
        v[n++] = tp_device_tidy(ratio ? sqrt(a->at[i] * a->at[i + 1])
                                      : (a->at[i] + a->at[i + 1]) / 2);
    }
    return n ? (tp_gmid_axis){n, v} : *a;
}

void tp_device_between(tp_device_spec *out, const tp_device_spec *spec,
                       tp_arena *mem)
{
    *out = *spec;
    out->vgs = between(&spec->vgs, false, mem);
    for (int a = 0; a < TP_GMID_AXES; a++) {
        out->axis[a] = between(&spec->axis[a], a == TP_GMID_L, mem);
        out->def[a] = out->axis[a].at[0];
    }
}
