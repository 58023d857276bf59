/* survey: one walk over a circuit's instances; above all, which bins of a model
   transistors can be in. ngspice takes the first bin whose lmin..lmax and
   wmin..wmax hold the transistor's l and w times the option `scale`; w is
   divided by nf in some modes (ngspice manual, "Binning"; HSPICE's `wnflag`),
   so a bin counts as reached under either reading. What can't be bounded
   reaches all bins of its model. */
#include "netlist/prune.h"

#include <math.h>

/* Of one .model row that is a bin. */
struct bin {
    tp_str   base;
    int      row;
    tp_range l, w;
    bool     bounded, reached, used;
};

/* What a transistor asks of a model. */
struct use {
    tp_str  base;
    bool    known;
    tp_term l, w, nf;
};

struct work {
    tp_flat     f;
    tp_arena   *mem;
    int         n_bin, cap_bin;
    tp_pruned  *how;
    struct bin *bin;
    tp_table    base; /* -> bin */
    int         n_use, cap_use;
    struct use *use;
    double      scale;  /* NAN: unknown */
    int         random; /* the first row that random numbers decide, or -1 */
};

static const double slack = 1e-9; /* relative, around a bin's bounds */

/* ---- bins ---------------------------------------------------------------- */

/* The number that "name = number" gives in a .model row; NAN: none. */
static double bound_of(struct work *w, int row, tp_str name)
{
    tp_str    s = w->f.r->row[row].text;
    ptrdiff_t at = 0;
    for (tp_str f = tp_field(s, &at); f.len > 0; f = tp_field(s, &at)) {
        tp_term t;
        if (!tp_str_same(f, name) || !tp_before_equals(s, at)) continue;
        tp_str value = tp_field(s, &at);
        if (!tp_flat_term(&w->f, &w->f.top, value, &t, row)) return NAN;
        return t.node < 0 ? t.k : NAN;
    }
    return NAN;
}

static void add_bin(struct work *w, int row)
{
    tp_str name = tp_row_name(&w->f.r->row[row]), base = tp_bin_base(name);
    if (base.len == name.len) return;
    struct bin b = {
        .base = base,
        .row = row,
        .l = {bound_of(w, row, TP_S("lmin")), bound_of(w, row, TP_S("lmax"))},
        .w = {bound_of(w, row, TP_S("wmin")), bound_of(w, row, TP_S("wmax"))}};
    b.bounded = b.l.lo <= b.l.hi && b.w.lo <= b.w.hi;
    tp_table_add(&w->base, base, w->n_bin);
    *TP_PUSH(w->mem, w->bin, w->n_bin, w->cap_bin) = b;
}

/* ---- uses ---------------------------------------------------------------- */

static bool term_of(struct work *w, const tp_scope *s, int row, tp_str name,
                    const char *otherwise, tp_term *out)
{
    tp_str value = tp_row_value(&w->f.r->row[row], name, w->mem);
    if (value.len == 0) value = tp_str_of(otherwise);
    return value.len > 0 && tp_flat_term(&w->f, s, value, out, row);
}

/* Why a transistor's l and w can't be told, for the first of them. */
static void note_unknown(struct work *w, int row)
{
    if (w->how->left.len > 0) return;
    w->how->left =
        w->f.trouble.len > 0 ? w->f.trouble : TP_S("no l and w stand here");
    w->how->left_line = w->f.r->row[row].line + 1;
}

static void visit(tp_flat *f, void *with, int row, const tp_scope *s)
{
    struct work  *w = with;
    const tp_row *r = &f->r->row[row];
    ptrdiff_t     at = 0;
    if (w->random < 0 && tp_random_in(f, row, s)) w->random = row;
    if (r->kind != TP_ROW_DEVICE) return;
    (void)tp_plain_word(r->text, &at);
    for (tp_str word = tp_plain_word(r->text, &at); word.len > 0;
         word = tp_plain_word(r->text, &at)) {
        struct use u = {.base = word};
        if (tp_table_find(&w->base, word) < 0) continue;
        u.known = tp_lower(r->text.at[0]) == 'm' &&
                  term_of(w, s, row, TP_S("l"), "", &u.l) &&
                  term_of(w, s, row, TP_S("w"), "", &u.w) &&
                  term_of(w, s, row, TP_S("nf"), "1", &u.nf);
        if (!u.known) note_unknown(w, row);
        *TP_PUSH(w->mem, w->use, w->n_use, w->cap_use) = u;
    }
}

static bool overlap(tp_range value, double scale, tp_range bin)
{
    double lo = value.lo * scale, hi = value.hi * scale;
    return lo <= bin.hi + slack * fabs(bin.hi) &&
           hi >= bin.lo - slack * fabs(bin.lo);
}

static bool reaches(const struct work *w, const struct use *u,
                    const tp_range *range, const struct bin *b)
{
    if (!u->known || !b->bounded || isnan(w->scale)) return true;
    tp_range l = tp_term_range(u->l, range), wide = tp_term_range(u->w, range);
    tp_range nf = tp_term_range(u->nf, range);
    if (!overlap(l, w->scale, b->l)) return false;
    if (overlap(wide, w->scale, b->w) || !(nf.lo > 0)) return true;
    double   v[4] = {wide.lo / nf.lo, wide.lo / nf.hi, wide.hi / nf.lo,
                     wide.hi / nf.hi};
    tp_range per = {fmin(fmin(v[0], v[1]), fmin(v[2], v[3])),
                    fmax(fmax(v[0], v[1]), fmax(v[2], v[3]))};
    return isnan(per.lo) || overlap(per, w->scale, b->w);
}

/* ---- the scale ----------------------------------------------------------- */

static void read_scale(struct work *w, int row)
{
    const tp_row *r = &w->f.r->row[row];
    ptrdiff_t     at = 0;
    double        v = NAN;
    for (tp_str f = tp_field(r->text, &at); f.len > 0;
         f = tp_field(r->text, &at)) {
        if (!tp_str_same(f, TP_S("scale")) || !tp_before_equals(r->text, at))
            continue;
        bool number = tp_number_all(tp_field(r->text, &at), &v);
        bool other = w->scale != 1 && w->scale != v;
        w->scale = !number || other || r->maybe || r->in >= 0 ? NAN : v;
        if (isnan(w->scale)) return;
    }
}

/* ---- the whole ----------------------------------------------------------- */

static void mark(struct work *w, const tp_range *range)
{
    for (int i = 0; i < w->n_use; i++)
        for (int e = tp_table_find(&w->base, w->use[i].base); e >= 0;
             e = w->base.entry[e].next) {
            struct bin *b = &w->bin[w->base.entry[e].value];
            b->used = true;
            b->reached = b->reached || reaches(w, &w->use[i], range, b);
        }
}

static const tp_range *bounds(struct work *w, const tp_range *box)
{
    const tp_circuit *c = w->f.c;
    tp_range         *var = TP_NEW(w->mem, tp_range, w->f.n_var);
    for (int i = 0; i < w->f.n_var; i++)
        var[i] = (tp_range){-INFINITY, INFINITY};
    for (int i = 0; i < c->n_param && box; i++) var[i] = box[i];
    for (int i = 0; i < c->n_analysis; i++) {
        const tp_sweep *s = &c->analysis[i].sweep;
        tp_range        r = {INFINITY, -INFINITY};
        for (int k = 0; k < s->n; k++) {
            r.lo = fmin(r.lo, s->value[k]);
            r.hi = fmax(r.hi, s->value[k]);
        }
        if (s->kind == TP_SWEEP_PARAM) var[c->n_param + i] = r;
    }
    tp_range *range = TP_NEW(w->mem, tp_range, w->f.code.n + 1);
    tp_code_bound(&w->f.code, var, range);
    return range;
}

static void count(const struct work *w, bool *out, tp_pruned *how)
{
    for (int i = 0; i < w->n_bin; i++) {
        how->bins += w->bin[i].used;
        how->bins_kept += w->bin[i].reached;
        out[w->bin[i].row] = w->bin[i].used && !w->bin[i].reached;
    }
}

tp_survey tp_circuit_survey(const tp_rows *r, const tp_circuit *c,
                            const tp_range *box, tp_pruned *how, tp_arena *mem)
{
    bool       *out = TP_NEW(mem, bool, r->n);
    struct work w = {
        .mem = mem, .how = how, .base = {.mem = mem}, .scale = 1, .random = -1};
    tp_flat_open(&w.f, r, c, mem);
    for (int i = 0; i < r->n; i++) {
        if (r->row[i].kind == TP_ROW_MODEL) add_bin(&w, i);
        if (r->row[i].kind == TP_ROW_OPTION) read_scale(&w, i);
    }
    w.f.visit = visit;
    w.f.with = &w;
    w.random = tp_random_global(&w.f);
    bool whole = tp_flat_walk(&w.f);
    if (!whole && w.n_bin > 0) note_unknown(&w, w.f.trouble_row);
    if (whole) {
        mark(&w, bounds(&w, box));
        count(&w, out, how);
    }
    return (tp_survey){.unreached = out, .random = w.random};
}
