/* The texts of `optimize`'s description outlive the statement and often the
   file they were read from: they are kept with what their place needs. */
#include "script/optimize.h"

/* A lasting copy of a text that statements come from, one for each. */
static const tp_source *keep_source(tp_optimize *o, const tp_source *in)
{
    for (int i = 0; i < o->n_source; i++)
        if (tp_str_eq(o->source[i]->name, in->name) &&
            tp_str_eq(o->source[i]->text, in->text))
            return o->source[i];
    tp_source *s = TP_NEW(&o->mem, tp_source, 1);
    *s = (tp_source){tp_str_copy(&o->mem, in->name),
                     tp_str_copy(&o->mem, in->text)};
    *TP_PUSH(&o->mem, o->source, o->n_source, o->cap_source) = s;
    return s;
}

tp_opttext tp_optimize_keep(tp_optimize *o, const tp_nutmeg *m, tp_str part)
{
    tp_nutmeg_said now = tp_nutmeg_now(m);
    ptrdiff_t      at = part.at - now.said.at;
    tp_nutmeg_said kept = {tp_str_copy(&o->mem, now.written),
                           tp_str_copy(&o->mem, now.said), now.at};
    if (now.at.in) kept.at.in = keep_source(o, now.at.in);
    return (tp_opttext){tp_str_part(kept.said, at, part.len), kept};
}

tp_place tp_opttext_place(const tp_opttext *t, int col)
{
    ptrdiff_t from = t->text.at - t->from.said.at;
    return tp_nutmeg_place(&t->from, from + (col > 0 ? col - 1 : 0));
}

tp_str tp_optimize_wrong_setting(const tp_opt_ops *ops, tp_str list,
                                 tp_arena *mem)
{
    for (tp_str w; (w = tp_str_word(&list, " \t")).len > 0;) {
        void  *made;
        tp_str value = tp_str_word(&list, " \t");
        tp_str one = tp_str_fmt(mem, "%.*s=%.*s", TP_F(w), TP_F(value));
        if (tp_str_starts(w, TP_S("gradient"))) continue;
        if (tp_opt_settings(&made, ops, one, mem, NULL)) return w;
    }
    return (tp_str){"", 0};
}

/* Whether it is the first time at this place; a prompt's lines have one each.
 */
static bool is_new(tp_optimize *o, tp_place at)
{
    for (int i = 0; i < o->n_warned; i++) {
        const tp_place *p = &o->warned[i];
        if (p->in == at.in && p->line == at.line && p->col == at.col)
            return false;
    }
    *TP_PUSH(&o->mem, o->warned, o->n_warned, o->cap_warned) = at;
    return true;
}

void tp_optimize_remark(tp_optimize *o, tp_nutmeg *m, tp_str number)
{
    tp_place at = tp_nutmeg_place_of(m, number);
    if (!tp_number_is_odd(number) && !tp_number_is_mega(number)) return;
    if (at.in) at.in = keep_source(o, at.in);
    if (at.in && !is_new(o, at)) return;
    tp_arena mem = o->mem;
    tp_str   text = tp_number_remark(number, &mem);
    if (at.in)
        tp_nutmeg_warn(m, "%.*s:%d:%d: %.*s", TP_F(at.in->name), at.line,
                       at.col, TP_F(text));
    else
        tp_nutmeg_warn(m, "%.*s", TP_F(text));
}
