/* random: whether random numbers (agauss, gauss, aunif, unif, limit) decide
   anything in a circuit. Where they do, what is left out of it would change
   which number each of the others draws. */
#include "netlist/prune.h"

static bool is_source(tp_str word)
{
    static const char *const name[] = {"agauss", "gauss", "aunif", "unif",
                                       "limit"};
    for (int i = 0; i < TP_COUNT(name); i++)
        if (tp_str_same(word, tp_str_of(name[i]))) return true;
    return false;
}

bool tp_draws(tp_str text)
{
    for (ptrdiff_t at = tp_str_find(text, '(', 0); at > 0;
         at = tp_str_find(text, '(', at + 1)) {
        ptrdiff_t from = at;
        while (from > 0 && tp_is_space(text.at[from - 1])) from--;
        ptrdiff_t end = from;
        while (from > 0 && tp_is_name_byte(text.at[from - 1])) from--;
        if (is_source(tp_str_part(text, from, end - from))) return true;
    }
    return false;
}

/* What can't be told is taken for random where it draws. */
static bool is_random(tp_flat *f, const tp_scope *s, tp_str expr, int row)
{
    tp_term t;
    if (tp_flat_term(f, s, expr, &t, row)) return tp_is_random(&f->code, t);
    return tp_draws(expr);
}

bool tp_random_in(tp_flat *f, int row, const tp_scope *s)
{
    tp_str    text = f->r->row[row].text;
    ptrdiff_t at = 0;
    if (!f->has_random && !tp_draws(text)) return false;
    for (tp_str w = tp_field(text, &at); w.len > 0; w = tp_field(text, &at)) {
        bool group = w.at[0] == '{' || w.at[0] == '\'';
        bool name = tp_is_name(w) && tp_flat_knows(f, s, w);
        if (is_source(w) && at < text.len && text.at[at] == '(') return true;
        if ((group || name) && is_random(f, s, w, row)) return true;
    }
    return false;
}

int tp_random_global(tp_flat *f)
{
    for (int i = 0; i < f->n_global; i++) {
        const struct tp_global *g = &f->global[i];
        if (tp_draws(g->expr) && is_random(f, &f->top, g->expr, g->row))
            return g->row;
    }
    return -1;
}
