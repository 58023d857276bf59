/* spread: how a sub-circuit's multiplier reaches its devices. ngspice does it
   on the text, before anything is evaluated (measured with its `set ngdebug`
   output, version 39): where a call names m and the sub-circuit has no
   parameter m, it gets one, which is 1 in calls that name none; and what stands
   in it and can be multiplied, calls included, gets " m={m}" behind all it has.
   That takes the place of a multiplier of its own; in the mode for HSPICE both
   are multiplied. */
#include "netlist/flat.h"

#include <string.h>

static char letter_of(const tp_row *r)
{
    return r->kind == TP_ROW_DEVICE ? tp_lower(r->text.at[0]) : '\0';
}

bool tp_is_multiplied(const tp_row *r)
{
    char c = letter_of(r);
    return c != '\0' && !strchr("abehknopstuvwy", c);
}

bool tp_flat_spreads(const tp_flat *f, const tp_scope *s)
{
    return s->subckt >= 0 && f->spread[s->subckt];
}

static bool names_m(const tp_flat *f, int row)
{
    return tp_row_value(&f->r->row[row], TP_S("m"), f->mem).len > 0;
}

/* Whether it is a parameter of the sub-circuit by the deck's own text. */
static bool has_own(const tp_flat *f, int subckt)
{
    bool has = names_m(f, subckt);
    for (int i = tp_rows_inside(f->r, subckt); i >= 0 && !has;
         i = f->r->row[i].next)
        has = f->r->row[i].kind == TP_ROW_PARAM && names_m(f, i);
    return has;
}

/* Marks what a call of that row multiplies; whether that was new. */
static bool mark(tp_flat *f, int call)
{
    ptrdiff_t rest;
    tp_str    type = tp_row_type(&f->r->row[call], &rest);
    bool      marked = false;
    for (int e = tp_table_find(&f->subckt, type); e >= 0;
         e = tp_table_next(&f->subckt, e)) {
        int row = tp_table_value(&f->subckt, e);
        if (f->spread[row] || has_own(f, row)) continue;
        f->spread[row] = marked = true;
    }
    return marked;
}

void tp_spread_read(tp_flat *f)
{
    bool any = true;
    int  n = 0, *call = TP_NEW(f->mem, int, f->r->n);
    f->spread = TP_NEW(f->mem, bool, f->r->n);
    for (int i = 0; i < f->r->n; i++)
        if (letter_of(&f->r->row[i]) == 'x') call[n++] = i;
    for (int i = 0; i < n; i++)
        if (names_m(f, call[i])) mark(f, call[i]);
    for (int round = 0; any && round < TP_SPREAD_MAX; round++) {
        any = false;
        for (int i = 0; i < n; i++) {
            int in = f->r->row[call[i]].in;
            any |= in >= 0 && f->spread[in] && mark(f, call[i]);
        }
    }
}

bool tp_flat_multiplier(tp_flat *f, const tp_scope *s, int row, tp_term *out)
{
    tp_term times;
    tp_str  own = tp_row_value(&f->r->row[row], TP_S("m"), f->mem);
    bool    is = own.len > 0 && tp_flat_term(f, s, own, out, row);
    if (!tp_flat_spreads(f, s) || !tp_is_multiplied(&f->r->row[row])) return is;
    if (!tp_flat_term(f, s, TP_S("m"), &times, row)) return false;
    if (own.len == 0 || !tp_is_hspice(f->c->behaviour))
        *out = times;
    else if (is)
        *out = tp_step(&f->code, TP_OP_TIMES, *out, times, times);
    return is || own.len == 0 || !tp_is_hspice(f->c->behaviour);
}

bool tp_spread_is_plain(tp_flat *f, int call)
{
    ptrdiff_t rest;
    tp_str    type = tp_row_type(&f->r->row[call], &rest);
    int       e = tp_table_find(&f->subckt, type);
    if (e < 0) return true;
    int subckt = tp_table_value(&f->subckt, e);
    if (tp_table_next(&f->subckt, e) >= 0) return false;
    for (int i = tp_rows_inside(f->r, subckt); i >= 0 && f->spread[subckt];
         i = f->r->row[i].next) {
        const tp_row *r = &f->r->row[i];
        if (r->kind == TP_ROW_SUBCKT) return false;
        if (r->kind == TP_ROW_PARAM && tp_names_in(r->text, TP_S("m")))
            return false;
    }
    return !f->spread[subckt] ||
           !tp_names_in(f->r->row[subckt].text, TP_S("m"));
}
