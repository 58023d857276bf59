/* table: names and what they stand for, case ignored, several of one name. */
#include "netlist/flat.h"

uint64_t tp_name_hash(tp_str s)
{
    uint64_t h = 14695981039346656037u;
    for (ptrdiff_t i = 0; i < s.len; i++)
        h = (h ^ (unsigned char)tp_lower(s.at[i])) * 1099511628211u;
    return h ^ (h >> 29);
}

static int slot_of(const tp_table *t, tp_str name)
{
    uint64_t mask = (uint64_t)t->n_slot - 1, at = tp_name_hash(name) & mask;
    while (t->slot[at] > 0 &&
           !tp_str_same(t->entry[t->slot[at] - 1].name, name))
        at = (at + 1) & mask;
    return (int)at;
}

/* Puts entry `i` in front of those of its name. */
static void link_in(tp_table *t, int i)
{
    int at = slot_of(t, t->entry[i].name);
    t->entry[i].next = t->slot[at] - 1;
    t->slot[at] = i + 1;
}

static void widen(tp_table *t)
{
    t->n_slot = t->n_slot > 0 ? 4 * t->n_slot : 64;
    t->slot = TP_NEW(t->mem, int, t->n_slot);
    for (int i = 0; i < t->n; i++) link_in(t, i);
}

void tp_table_add(tp_table *t, tp_str name, int value)
{
    if (2 * (t->n + 1) > t->n_slot) widen(t);
    struct tp_table_entry *e = TP_PUSH(t->mem, t->entry, t->n, t->cap);
    *e = (struct tp_table_entry){name, value, -1};
    link_in(t, t->n - 1);
}

int tp_table_find(const tp_table *t, tp_str name)
{
    return t->n_slot > 0 ? t->slot[slot_of(t, name)] - 1 : -1;
}

int tp_table_value(const tp_table *t, int entry)
{
    return t->entry[entry].value;
}

int tp_table_next(const tp_table *t, int entry)
{
    return t->entry[entry].next;
}
