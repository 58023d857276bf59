/* bins: the bins of a circuit's models, and the option `scale` that their
   bounds are compared with. ngspice takes the first bin whose lmin..lmax and
   wmin..wmax hold a transistor's l and w times `scale` (ngspice manual,
   "Binning"), give or take 1 nm. */
#include "netlist/flat.h"
#include "netlist/text.h"

#include <math.h>

/* The number that "name = number" gives in a .model row; NAN: none. */
static double bound_of(tp_flat *flat, int row, tp_str name)
{
    tp_str    s = flat->r->row[row].text;
    ptrdiff_t at = 0;
    for (tp_str f = tp_field(s, &at); f.len > 0; f = tp_field(s, &at)) {
        tp_term t;
        if (!tp_str_same(f, name) || !tp_before_equals(s, at)) continue;
        tp_str value = tp_field(s, &at);
        if (!tp_flat_term(flat, &flat->top, value, &t, row)) return NAN;
        return t.node < 0 ? t.k : NAN;
    }
    return NAN;
}

static void add_bin(tp_bins *b, tp_flat *flat, int row)
{
    tp_str name = tp_row_name(&flat->r->row[row]), base = tp_bin_base(name);
    if (base.len == name.len) return;
    tp_bin new = {.base = base,
                  .row = row,
                  .l = {bound_of(flat, row, TP_S("lmin")),
                        bound_of(flat, row, TP_S("lmax"))},
                  .w = {bound_of(flat, row, TP_S("wmin")),
                        bound_of(flat, row, TP_S("wmax"))}};
    new.bounded = new.l.lo <= new.l.hi &&new.w.lo <= new.w.hi;
    tp_table_add(&b->base, base, b->n);
    *TP_PUSH(flat->mem, b->bin, b->n, b->cap) = new;
}

static void read_scale(tp_bins *b, const tp_row *r)
{
    ptrdiff_t at = 0;
    double    v = NAN;
    for (tp_str f = tp_field(r->text, &at); f.len > 0;
         f = tp_field(r->text, &at)) {
        if (!tp_str_same(f, TP_S("scale")) || !tp_before_equals(r->text, at))
            continue;
        bool number = tp_number_all(tp_field(r->text, &at), &v);
        bool other = b->scale != 1 && b->scale != v;
        b->scale = !number || other || r->maybe || r->in >= 0 ? NAN : v;
        if (isnan(b->scale)) return;
    }
}

void tp_bins_read(tp_bins *out, tp_flat *flat)
{
    *out = (tp_bins){.base = {.mem = flat->mem}, .scale = 1};
    for (int i = 0; i < flat->r->n; i++) {
        const tp_row *row = &flat->r->row[i];
        if (row->kind == TP_ROW_MODEL) add_bin(out, flat, i);
        if (row->kind == TP_ROW_OPTION) read_scale(out, row);
    }
}

double tp_bin_slack(double bound)
{
    return 1.001e-9 + 1e-9 * fabs(bound); /* and what rounding may add */
}

bool tp_bins_by_finger(tp_str mode)
{
    for (ptrdiff_t i = 0; i + 1 < mode.len; i++) {
        tp_str two = tp_str_part(mode, i, 2);
        if (tp_str_eq(two, TP_S("hs")) || tp_str_eq(two, TP_S("sp")))
            return true;
    }
    return false;
}
