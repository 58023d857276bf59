/* What a program does to the circuit it runs over, as far as it can be told. */
#include "netlist/netlist.h"

tp_str tp_said_words(const tp_said *s, tp_arena *mem)
{
    enum { MOST = 60 };
    tp_str text = s->text;
    bool   cut = text.len > MOST;
    if (cut) text = tp_str_part(text, 0, MOST - 4);
    if (!s->at.in) return tp_str_fmt(mem, "`%.*s`", TP_F(text));
    return tp_str_fmt(mem, "`%.*s%s` (%.*s:%d)", TP_F(text), cut ? " ..." : "",
                      TP_F(s->at.in->name), s->at.line);
}

static const tp_str *joined(const tp_str *a, int n, const tp_str *b, int m,
                            tp_arena *mem)
{
    tp_str *out = TP_NEW(mem, tp_str, n + m);
    for (int i = 0; i < n; i++) out[i] = a[i];
    for (int i = 0; i < m; i++) out[n + i] = b[i];
    return out;
}

static void first(tp_said *s, const tp_said *other)
{
    if (s->text.len == 0) *s = *other;
}

void tp_touch_add(tp_touch *all, const tp_touch *one, tp_arena *mem)
{
    all->text = joined(all->text, all->n_text, one->text, one->n_text, mem);
    all->n_text += one->n_text;
    all->param =
        joined(all->param, all->n_param, one->param, one->n_param, mem);
    all->n_param += one->n_param;
    first(&all->changes, &one->changes);
    all->sized =
        joined(all->sized, all->n_sized, one->sized, one->n_sized, mem);
    all->n_sized += one->n_sized;
    first(&all->sizes, &one->sizes);
    first(&all->one, &one->one);
    first(&all->untold, &one->untold);
}
