/* What becomes of units in arithmetic; "" is a plain number or unknown. */
#include "expr/tree.h"

/* a * b = b * a = product, so product / a = b and product / b = a. */
static const struct {
    const char *a, *b, *product;
} rules[] = {
    {"V", "A", "W"}, {"A", "Ohm", "V"}, {"V", "S", "A"}, {"W", "s", "J"},
    {"A", "s", "C"}, {"V", "F", "C"},   {"Hz", "s", ""}, {"Ohm", "S", ""},
};

static bool is(tp_str unit, const char *name)
{
    return tp_str_eq(unit, tp_str_of(name));
}

tp_str tp_unit_product(tp_str a, tp_str b)
{
    if (a.len == 0) return b;
    if (b.len == 0) return a;
    for (int i = 0; i < TP_COUNT(rules); i++)
        if ((is(a, rules[i].a) && is(b, rules[i].b)) ||
            (is(a, rules[i].b) && is(b, rules[i].a)))
            return tp_str_of(rules[i].product);
    return TP_S("");
}

tp_str tp_unit_quotient(tp_str a, tp_str b)
{
    if (b.len == 0) return a;
    for (int i = 0; i < TP_COUNT(rules); i++) {
        if (!is(a, rules[i].product)) continue;
        if (is(b, rules[i].a)) return tp_str_of(rules[i].b);
        if (is(b, rules[i].b)) return tp_str_of(rules[i].a);
    }
    return TP_S("");
}

tp_str tp_unit_sum(tp_str a, tp_str b)
{
    if (a.len == 0 || tp_str_eq(a, b)) return b;
    return b.len == 0 ? a : TP_S("");
}
