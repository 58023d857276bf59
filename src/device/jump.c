/* Where a model jumps: at the edge of a bin its values need not go on where
   those of the next begin, and simulators choose bins with tolerances of their
   own (ngspice 39: 1 nm). No length between stands for both sides, so the table
   gets one on each, found by simulation. */
#include "device/inside.h"

#include <math.h>

enum { PARTS = 10, STEPS = 4 };

/* How far curve i + 1 is from curve i, beyond what lengths do: id L is nearly
   the same on both sides. */
static double apart(const tp_gmid_table *t, int i)
{
    const double        *l = &t->axis[TP_GMID_L].at[i];
    const tp_gmid_curve *a = &t->curve[i], *b = &t->curve[i + 1];
    double               sum = 0;
    for (int k = 1; k <= a->n && k <= b->n; k++)
        sum += fabs(log(a->v[TP_GMID_JD][a->n - k] * l[0] /
                        (b->v[TP_GMID_JD][b->n - k] * l[1])));
    return sum;
}

/* The decimal between lo and hi that has the fewest digits, as people say
   lengths; lo: there is none. */
static double round_between(double lo, double hi)
{
    enum { DIGITS_MAX = 12 };
    double largest = pow(10, ceil(log10(hi)));
    for (int digits = 0; digits <= DIGITS_MAX; digits++) {
        double unit = largest / pow(10, digits);
        double v = tp_device_tidy((floor(lo / unit) + 1) * unit);
        if (v > lo && v < hi) return v;
    }
    return lo;
}

/* Its range in `parts`; 2: at the round number, if there is one. */
static int divide(const tp_device_jump *j, int parts, double *at)
{
    int    n = 0;
    double middle = round_between(j->lo, j->hi);
    at[n++] = j->lo;
    for (int i = 1; i < parts && parts > 2; i++)
        at[n++] = tp_device_tidy(j->lo * pow(j->hi / j->lo, (double)i / parts));
    if (parts == 2 && middle > j->lo) at[n++] = middle;
    at[n++] = j->hi;
    return n;
}

/* Each jump's range becomes the part of it where the curves are apart the
   most. */
static tp_status narrow(tp_device_spec *few, tp_device_jump *jump, int n_jump,
                        int parts, tp_arena mem, tp_err *err)
{
    double *at = TP_NEW(&mem, double, (ptrdiff_t)n_jump *(PARTS + 1));
    int    *end = TP_NEW(&mem, int, n_jump), n = 0;
    for (int k = 0; k < n_jump; k++)
        end[k] = n += divide(&jump[k], parts, &at[n]);
    tp_gmid_table *t;
    few->axis[TP_GMID_L] = (tp_gmid_axis){n, at};
    TP_TRY(tp_device_table(&t, few, &mem, err));
    for (int k = 0, i = 0; k < n_jump; k++, i++) {
        double most = -1;
        for (; i + 1 < end[k]; i++) {
            double d = apart(t, i);
            if (d <= most) continue;
            most = d;
            jump[k].lo = at[i];
            jump[k].hi = at[i + 1];
        }
    }
    return TP_OK;
}

tp_status tp_device_find_jumps(const tp_device_spec *few, tp_device_jump *jump,
                               int n, tp_arena *mem, tp_err *err)
{
    tp_device_spec own = *few;
    if (!n) return TP_OK;
    for (int step = 0; step < STEPS; step++)
        TP_TRY(narrow(&own, jump, n, PARTS, *mem, err));
    return narrow(&own, jump, n, 2, *mem, err);
}
