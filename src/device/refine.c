/* Lengths where they are needed: binned models have kinks that no even spacing
   meets. */
#include "device/inside.h"

#include <math.h>

enum { ROUNDS = 8, MAX_LENGTHS = 100, PROBES = 3 };

static const double smallest_gap = 1.005;
static const double gain_share = 5; /* of the width's accuracy */
static const double least_gmid = 5, most_gmid = 25;

/* The default corner, voltages and temperature only. */
static void at_defaults(tp_device_spec *s, tp_arena *mem)
{
    if (s->n_corner > 1) s->n_corner = 1;
    for (int a = TP_GMID_VDS; a < TP_GMID_AXES; a++) {
        double *v = TP_NEW(mem, double, 1);
        *v = isnan(s->def[a]) ? s->axis[a].at[0] : s->def[a];
        s->axis[a] = (tp_gmid_axis){1, v};
    }
}

/* How far `t` is off at length l of `rows`, whose other axes are single. */
static double miss(const tp_gmid_table *t, const tp_gmid_table *rows, int l)
{
    tp_gmid_misses m;
    tp_gmid_table  one = *rows;
    one.axis[TP_GMID_L] = (tp_gmid_axis){1, &rows->axis[TP_GMID_L].at[l]};
    one.curve = &rows->curve[l];
    tp_gmid_compare(&m, t, &one, least_gmid, most_gmid);
    return fmax(m.worst_w, m.worst_gain / gain_share);
}

/* Lengths inside every gap, PROBES each: a kink that is near an end of a gap
   does not show in its middle. */
static void probe(tp_device_spec *off, tp_gmid_axis old, tp_arena *mem)
{
    int     n = PROBES * (old.n - 1);
    double *at = TP_NEW(mem, double, n);
    for (int i = 0; i < n; i++) {
        double ratio = old.at[i / PROBES + 1] / old.at[i / PROBES];
        double part = (i % PROBES + 1.0) / (PROBES + 1);
        at[i] = old.at[i / PROBES] * pow(ratio, part);
    }
    off->axis[TP_GMID_L] = (tp_gmid_axis){n, at};
}

/* The probe of a gap where the table is off the most, -1: nowhere by more than
   `within`. */
static int worst_probe(const tp_gmid_table *t, const tp_gmid_table *rows,
                       int gap, double within)
{
    int found = -1;
    for (int i = gap * PROBES; i < (gap + 1) * PROBES; i++) {
        double off = miss(t, rows, i);
        if (!(off > within)) continue;
        within = off;
        found = i;
    }
    return found;
}

/* A spec's table at its default corner, voltages and temperature, and what is
   simulated between its lengths. */
typedef struct trial {
    tp_device_spec few, off;
    tp_gmid_table *t, *rows;
} trial;

static tp_status try_spec(trial *k, const tp_device_spec *spec, tp_arena *mem,
                          tp_err *err)
{
    k->few = *spec;
    at_defaults(&k->few, mem);
    tp_device_between(&k->off, &k->few, mem);
    probe(&k->off, spec->axis[TP_GMID_L], mem);
    TP_TRY(tp_device_table(&k->t, &k->few, mem, err));
    return tp_device_table(&k->rows, &k->off, mem, err);
}

static bool is_narrow(const tp_gmid_axis *l, int i)
{
    return l->at[i + 1] / l->at[i] < smallest_gap;
}

/* The axis with a length more in the gaps where the table is off; *more: there
   were some. */
static tp_status add_lengths(tp_device_spec *spec, double within, bool *more,
                             tp_arena *mem, tp_err *err)
{
    trial        k;
    tp_gmid_axis old = spec->axis[TP_GMID_L];
    double      *at = TP_NEW(mem, double, (ptrdiff_t)2 * old.n);
    int          n = 0;
    TP_TRY(try_spec(&k, spec, mem, err));
    for (int i = 0; i < old.n; i++) {
        at[n++] = old.at[i];
        if (i + 1 == old.n || is_narrow(&old, i)) continue;
        int worst = worst_probe(k.t, k.rows, i, within);
        if (worst < 0 || old.n + n - i > MAX_LENGTHS) continue;
        at[n++] = k.rows->axis[TP_GMID_L].at[worst];
    }
    *more = n > old.n;
    spec->axis[TP_GMID_L] = (tp_gmid_axis){n, at};
    return TP_OK;
}

/* The axis with both sides of every jump in the place of the ends of its gap,
   which lie as near to it. */
static void put_jumps(tp_device_spec *spec, const tp_device_jump *jump, int n,
                      tp_arena *mem)
{
    tp_gmid_axis old = spec->axis[TP_GMID_L];
    double      *at = TP_NEW(mem, double, old.n + (ptrdiff_t)2 * n);
    int          m = 0;
    for (int i = 0, j = 0; i < old.n; i++) {
        bool begins = j < n && jump[j].gap == i;
        bool ends = j > 0 && jump[j - 1].gap == i - 1;
        bool last = i == 0 || i + 1 == old.n;
        if (last ? !(begins && jump[j].lo == old.at[i]) &&
                       !(ends && jump[j - 1].hi == old.at[i])
                 : !begins && !ends)
            at[m++] = old.at[i];
        if (!begins) continue;
        at[m++] = jump[j].lo;
        at[m++] = jump[j++].hi;
    }
    spec->axis[TP_GMID_L] = (tp_gmid_axis){m, at};
}

/* Where a narrow gap is still off, the model jumps. */
static tp_status settle_jumps(tp_device_spec *spec, double within,
                              tp_arena *mem, tp_err *err)
{
    trial           k;
    tp_gmid_axis    l = spec->axis[TP_GMID_L];
    tp_device_jump *jump = TP_NEW(mem, tp_device_jump, l.n);
    int             n = 0;
    TP_TRY(try_spec(&k, spec, mem, err));
    for (int i = 0; i + 1 < l.n; i++)
        if (is_narrow(&l, i) && worst_probe(k.t, k.rows, i, within) >= 0)
            jump[n++] = (tp_device_jump){i, l.at[i], l.at[i + 1]};
    TP_TRY(tp_device_find_jumps(&k.few, jump, n, mem, err));
    put_jumps(spec, jump, n, mem);
    return TP_OK;
}

tp_status tp_device_refine(tp_device_spec *spec, double within, tp_arena *mem,
                           tp_err *err)
{
    bool more = spec->axis[TP_GMID_L].n > 1;
    if (!more) return TP_OK;
    for (int round = 0; more && round < ROUNDS; round++)
        TP_TRY(add_lengths(spec, within, &more, mem, err));
    return settle_jumps(spec, within, mem, err);
}
