/* What the MOSFETs of a deck are for, by how they are connected. Words are
   those of problem files (roles), "" where nothing fits. */
#include "front/draft.h"

enum { D, G, S, B };

bool tp_draft_is_rail(tp_str net)
{
    static const char *const start[] = {"vdd",  "vcc",  "vss", "gnd",
                                        "avdd", "avss", "agnd"};
    if (tp_str_eq(net, TP_S("0"))) return true;
    for (int i = 0; i < TP_COUNT(start); i++)
        if (tp_str_starts(net, tp_str_of(start[i]))) return true;
    return false;
}

/* Also the nets of supplies, whose names mean nothing in a sub-circuit. */
static bool source_on_rail(const tp_draft *d, const tp_draft_mos *m)
{
    tp_str net = m->node[S];
    if (tp_draft_is_rail(net)) return true;
    if (m->scope >= 0) return false;
    for (int i = 0; i < d->n_supply; i++)
        if (tp_str_same(net, d->supply[i].net)) return true;
    return false;
}

static bool on(const tp_draft_mos *a, int x, const tp_draft_mos *b, int y)
{
    return a->scope == b->scope && tp_str_eq(a->node[x], b->node[y]);
}

static bool same_size(const tp_draft_mos *a, const tp_draft_mos *b)
{
    for (int k = 0; k < 3; k++)
        if (a->value[k] != b->value[k] && !tp_str_same(a->size[k], b->size[k]))
            return false;
    return a->pmos == b->pmos && a->scope == b->scope;
}

static void give(tp_draft_mos *m, const char *role)
{
    if (!m->role[0]) m->role = role;
}

static void swap(tp_draft_mos *m)
{
    tp_str drain = m->node[D];
    m->node[D] = m->node[S];
    m->node[S] = drain;
}

static bool is_low(tp_str net)
{
    return tp_str_eq(net, TP_S("0")) || tp_str_starts(net, TP_S("vss")) ||
           tp_str_starts(net, TP_S("gnd"));
}

/* Devices drawn with their source where the drain should be. */
static void turn_round(tp_draft *d)
{
    for (int i = 0; i < d->n_mos; i++) {
        tp_draft_mos *m = &d->mos[i];
        bool          rail = tp_draft_is_rail(m->node[D]);
        if (rail && !tp_draft_is_rail(m->node[S]) &&
            is_low(m->node[D]) != m->pmos)
            swap(m);
    }
}

static bool is_pair(const tp_draft *d, const tp_draft_mos *a,
                    const tp_draft_mos *b)
{
    return same_size(a, b) && on(a, S, b, S) && !on(a, G, b, G) &&
           !on(a, D, b, D) && !source_on_rail(d, a);
}

/* Also with one of them turned round, when no drain is on a rail then. */
static bool make_pair(const tp_draft *d, tp_draft_mos *a, tp_draft_mos *b)
{
    tp_draft_mos x = *a, y = *b;
    if (is_pair(d, a, b)) return true;
    swap(&x);
    swap(&y);
    bool first = is_pair(d, &x, b) && !tp_draft_is_rail(x.node[D]);
    bool second = is_pair(d, a, &y) && !tp_draft_is_rail(y.node[D]);
    if (first) swap(a);
    if (second && !first) swap(b);
    return first || second;
}

static void find_pairs(tp_draft *d)
{
    for (int i = 0; i < d->n_mos; i++)
        for (int k = i + 1; k < d->n_mos; k++) {
            if (!make_pair(d, &d->mos[i], &d->mos[k])) continue;
            give(&d->mos[i], "input_pair");
            give(&d->mos[k], "input_pair");
        }
}

static bool is(const tp_draft_mos *m, const char *role)
{
    return tp_str_eq(tp_str_of(m->role), tp_str_of(role));
}

/* Whether `m` has the relation to some device of that role. */
static bool any(const tp_draft *d, const tp_draft_mos *m, int x,
                const char *role, int y)
{
    for (int i = 0; i < d->n_mos; i++)
        if (&d->mos[i] != m && is(&d->mos[i], role) && on(m, x, &d->mos[i], y))
            return true;
    return false;
}

static bool has_diode(const tp_draft *d, const tp_draft_mos *m)
{
    for (int i = 0; i < d->n_mos; i++) {
        const tp_draft_mos *o = &d->mos[i];
        if (on(o, D, o, G) && on(o, G, m, G) && on(o, S, m, S) &&
            o->pmos == m->pmos)
            return true;
    }
    return false;
}

/* Another device's drain at its source, which is no rail. */
static bool is_cascode(const tp_draft *d, const tp_draft_mos *m)
{
    for (int i = 0; i < d->n_mos; i++)
        if (&d->mos[i] != m && d->mos[i].pmos == m->pmos &&
            on(m, S, &d->mos[i], D) && !source_on_rail(d, m))
            return true;
    return false;
}

/* One role after the other, as later ones lean on earlier ones. */
static void find_others(tp_draft *d)
{
    for (int i = 0; i < d->n_mos; i++)
        if (any(d, &d->mos[i], D, "input_pair", S)) give(&d->mos[i], "tail");
    for (int i = 0; i < d->n_mos; i++)
        if (any(d, &d->mos[i], D, "input_pair", D) &&
            source_on_rail(d, &d->mos[i]))
            give(&d->mos[i], "active_load");
    for (int i = 0; i < d->n_mos; i++)
        if (is_cascode(d, &d->mos[i])) give(&d->mos[i], "cascode");
    for (int i = 0; i < d->n_mos; i++) {
        tp_draft_mos *m = &d->mos[i];
        bool          second =
            any(d, m, G, "input_pair", D) || any(d, m, G, "cascode", D);
        if (second && !on(m, G, m, D)) give(m, "output_stage");
    }
    for (int i = 0; i < d->n_mos; i++)
        if (has_diode(d, &d->mos[i])) give(&d->mos[i], "mirror");
}

static void find_likes(tp_draft *d)
{
    for (int i = 0; i < d->n_mos; i++)
        for (int k = 0; k < i && d->mos[i].like < 0; k++)
            if (d->mos[i].role[0] && same_size(&d->mos[k], &d->mos[i]) &&
                is(&d->mos[k], d->mos[i].role))
                d->mos[i].like = k;
}

/* A net with a usual name, else the drain of the output stage at the top. */
static void find_output(tp_draft *d)
{
    static const char *const usual[] = {"out", "vout", "output", "vo", "vref"};
    const tp_str            *net;
    int                      n = tp_deck_nodes(d->deck, &net);
    for (int k = 0; k < TP_COUNT(usual); k++)
        for (int i = 0; i < n; i++)
            if (!d->output.len && tp_str_same(net[i], tp_str_of(usual[k])))
                d->output = net[i];
    for (int i = 0; i < d->n_mos && !d->output.len; i++)
        if (d->mos[i].scope < 0 && is(&d->mos[i], "output_stage"))
            d->output = d->mos[i].node[D];
}

void tp_draft_roles(tp_draft *d)
{
    turn_round(d);
    find_pairs(d);
    find_others(d);
    find_likes(d);
    find_output(d);
}
