/* survey: one walk over a circuit's instances; above all, which bins of a model
   transistors can be in. ngspice takes the first bin whose lmin..lmax and
   wmin..wmax hold the transistor's l and w times the option `scale`; w is
   divided by nf in some modes (ngspice manual, "Binning"; HSPICE's `wnflag`),
   so a bin counts as reached under either reading. What can't be bounded
   reaches all bins of its model. */
#include "netlist/prune.h"

#include <math.h>

/* What a transistor asks of a model. */
struct use {
    tp_str  base;
    bool    known; /* l, w and nf are all that tells its bin */
    tp_term l, w, nf;
};

struct work {
    tp_flat     f;
    tp_arena   *mem;
    tp_pruned  *how;
    tp_bins     bins;
    int         n_use, cap_use;
    struct use *use;
    int         random; /* the first row that random numbers decide, or -1 */

    const tp_touch *touch; /* what may move transistors into any bin */
};

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

/* The first statement that sets sizes. */
static void note_sizes(struct work *w)
{
    const tp_said *s = &w->touch->sizes;
    if (s->text.len == 0) s = &w->touch->one;
    if (s->text.len == 0) return;
    w->how->left =
        tp_str_fmt(w->mem, "%.*s sets a size", TP_F(tp_said_words(s, w->mem)));
}

/* A card counts wherever it stands: that of "m.x1.m1" may be any m1's. */
static bool is_sized(const struct work *w, tp_str card)
{
    for (int i = 0; i < w->touch->n_sized; i++) {
        tp_str    name = w->touch->sized[i];
        ptrdiff_t at = name.len - card.len;
        bool      own = at == 0 || (at > 0 && name.at[at - 1] == '.');
        if (own && tp_str_same(tp_str_from(name, at), card)) return true;
    }
    return w->touch->sizes.text.len > 0;
}

static void visit(tp_flat *f, void *with, int row, const tp_scope *s)
{
    struct work  *w = with;
    const tp_row *r = &f->r->row[row];
    ptrdiff_t     at = 0;
    if (w->random < 0 && tp_random_in(f, row, s)) w->random = row;
    if (r->kind != TP_ROW_DEVICE || tp_lower(r->text.at[0]) == 'x') return;
    bool sized = is_sized(w, tp_plain_word(r->text, &at));
    for (tp_str word = tp_plain_word(r->text, &at); word.len > 0;
         word = tp_plain_word(r->text, &at)) {
        struct use u = {.base = word};
        if (tp_table_find(&w->bins.base, word) < 0) continue;
        u.known = tp_lower(r->text.at[0]) == 'm' &&
                  term_of(w, s, row, TP_S("l"), "", &u.l) &&
                  term_of(w, s, row, TP_S("w"), "", &u.w) &&
                  term_of(w, s, row, TP_S("nf"), "1", &u.nf);
        if (!u.known) note_unknown(w, row);
        u.known = u.known && !sized;
        *TP_PUSH(w->mem, w->use, w->n_use, w->cap_use) = u;
    }
}

static bool overlap(tp_range value, double scale, tp_range bin)
{
    double lo = value.lo * scale, hi = value.hi * scale;
    return lo <= bin.hi + tp_bin_slack(bin.hi) &&
           hi >= bin.lo - tp_bin_slack(bin.lo);
}

static bool reaches(const struct work *w, const struct use *u,
                    const tp_range *range, const tp_bin *b)
{
    if (!u->known || !b->bounded || isnan(w->bins.scale)) return true;
    tp_range l = tp_term_range(u->l, range), wide = tp_term_range(u->w, range);
    tp_range nf = tp_term_range(u->nf, range);
    if (!overlap(l, w->bins.scale, b->l)) return false;
    if (overlap(wide, w->bins.scale, b->w) || !(nf.lo > 0)) return true;
    double   v[4] = {wide.lo / nf.lo, wide.lo / nf.hi, wide.hi / nf.lo,
                     wide.hi / nf.hi};
    tp_range per = {fmin(fmin(v[0], v[1]), fmin(v[2], v[3])),
                    fmax(fmax(v[0], v[1]), fmax(v[2], v[3]))};
    return isnan(per.lo) || overlap(per, w->bins.scale, b->w);
}

/* ---- the whole ----------------------------------------------------------- */

static void mark(struct work *w, const tp_range *range)
{
    for (int i = 0; i < w->n_use; i++)
        for (int e = tp_table_find(&w->bins.base, w->use[i].base); e >= 0;
             e = w->bins.base.entry[e].next) {
            tp_bin *b = &w->bins.bin[w->bins.base.entry[e].value];
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
    for (int i = 0; i < w->bins.n; i++) {
        how->bins += w->bins.bin[i].used;
        how->bins_kept += w->bins.bin[i].reached;
        out[w->bins.bin[i].row] =
            w->bins.bin[i].used && !w->bins.bin[i].reached;
    }
}

tp_survey tp_circuit_survey(const tp_rows *r, const tp_circuit *c,
                            const tp_range *box, const tp_touch *touch,
                            tp_pruned *how, tp_arena *mem)
{
    static const tp_touch none = {0};
    bool                 *out = TP_NEW(mem, bool, r->n);
    struct work           w = {
                  .mem = mem, .how = how, .touch = touch ? touch : &none, .random = -1};
    note_sizes(&w);
    tp_flat_open(&w.f, r, c, mem);
    tp_bins_read(&w.bins, &w.f);
    w.f.visit = visit;
    w.f.with = &w;
    w.random = tp_random_global(&w.f);
    bool whole = tp_flat_walk(&w.f);
    if (!whole && w.bins.n > 0) note_unknown(&w, w.f.trouble_row);
    if (whole) {
        mark(&w, bounds(&w, box));
        count(&w, out, how);
    }
    return (tp_survey){.unreached = out, .random = w.random};
}
