/* whole: a circuit with what was passed over when its deck was read. */
#include "netlist/prune.h"
#include "netlist/skips.h"

#include <string.h>

const struct tp_reduced *tp_reduced_of(const tp_deck    *d,
                                       const tp_tunable *tunable, int n)
{
    if (!d->skips) return NULL;
    struct tp_reduced *r = TP_NEW(d->mem, struct tp_reduced, 1);
    tp_tunable        *own = TP_NEW(d->mem, tp_tunable, n);
    bool              *taken = TP_NEW(d->mem, bool, d->n_card + 1);
    for (int i = 0; i < n; i++) own[i] = tunable[i];
    memcpy(taken, d->taken, (size_t)d->n_card);
    *r = (struct tp_reduced){d, own, d->n_ammeter, d->n_tune, taken};
    return r;
}

/* Whether the card stands in lines that were passed over. */
static bool is_skipped(const tp_skips *s, const tp_card *c)
{
    tp_place            at = tp_card_place(c, 0);
    const tp_skip_file *f = tp_skips_file(s, at.in->name);
    int                 lo = 0, hi = f ? f->n_skip : 0;
    while (lo < hi) {
        int mid = lo + (hi - lo) / 2;
        if (f->skip[mid].last_line < at.line)
            lo = mid + 1;
        else
            hi = mid;
    }
    return f && lo < f->n_skip && f->skip[lo].first_line <= at.line;
}

bool tp_deck_find_cards(int *at, const tp_deck *whole, const tp_deck *d)
{
    int n = 0;
    for (int i = 0; i < whole->n_card; i++) {
        if (is_skipped(d->skips, &whole->card[i])) continue;
        if (n == d->n_card) return false;
        if (!tp_str_eq(whole->card[i].text, d->card[n].text)) return false;
        at[n++] = i;
    }
    return n == d->n_card;
}

static void put_ammeters(tp_deck *whole, const struct tp_reduced *r,
                         const int *at, tp_arena *mem)
{
    const tp_deck *d = r->deck;
    int           *device = TP_NEW(mem, int, whole->n_card + 1); /* by card */
    for (int i = 0; i < whole->n_device; i++) device[whole->device[i].card] = i;
    for (int i = 0; i < r->n_ammeter; i++) {
        tp_ammeter *m =
            TP_PUSH(mem, whole->ammeter, whole->n_ammeter, whole->cap_ammeter);
        *m = d->ammeter[i];
        m->device = device[at[d->device[m->device].card]];
    }
}

/* What happened to the deck since it was read. */
static void catch_up(tp_deck *whole, const struct tp_reduced *r, const int *at,
                     tp_arena *mem)
{
    const tp_deck *d = r->deck;
    for (int i = 0; i < d->n_card; i++) whole->taken[at[i]] = r->taken[i];
    for (int i = 0; i < r->n_tune; i++) {
        tp_tune *t = TP_PUSH(mem, whole->tune, whole->n_tune, whole->cap_tune);
        *t = d->tune[i];
        t->card = at[t->card];
    }
    put_ammeters(whole, r, at, mem);
}

tp_status tp_deck_read_whole(tp_deck **whole, const tp_deck *d, tp_arena *mem,
                             tp_err *err)
{
    tp_files files = {.n = d->n_file, .file = d->file};
    return tp_deck_read_in(whole, tp_str_z(mem, d->file[0].name), &files,
                           &d->in, mem, err);
}

static tp_status make(tp_circuit *out, tp_deck **whole, const tp_circuit *c,
                      tp_arena *mem, tp_err *err)
{
    const struct tp_reduced *r = c->reduced;
    const tp_deck           *d = r->deck;
    TP_TRY(tp_deck_read_whole(whole, d, mem, err));
    int *at = TP_NEW(mem, int, d->n_card + 1);
    if (!tp_deck_find_cards(at, *whole, d))
        return tp_fail(err, TP_BAD_INPUT,
                       "reading all of the deck gives other cards");
    catch_up(*whole, r, at, mem);
    return tp_deck_circuit(out, *whole, r->tunable, c->n_param, c->analysis,
                           c->n_analysis, err);
}

/* Places of the other reading's files as places in the deck's own. */
static const tp_place *own_places(const tp_circuit *c, const tp_deck *whole,
                                  const tp_deck *d, tp_arena *mem)
{
    tp_place *place = TP_NEW(mem, tp_place, c->n_place);
    int       own[TP_MAX_FILES] = {0};
    for (int i = 0; i < whole->n_file; i++)
        while (own[i] < d->n_file - 1 &&
               !tp_str_eq(d->file[own[i]].name, whole->file[i].name))
            own[i]++;
    for (int i = 0; i < c->n_place; i++) {
        place[i] = c->place[i];
        if (place[i].in) place[i].in = &d->file[own[place[i].in - whole->file]];
    }
    return place;
}

/* The texts were read before, so that only a fault of ours can make this fail:
   it is told where a simulator would show its circuit. */
static tp_str no_circuit(const tp_err *err, tp_arena *mem)
{
    return tp_str_fmt(mem, "* no circuit: %s\n.end\n", err->msg);
}

void tp_circuit_whole(tp_circuit *out, const tp_circuit *c, tp_arena *mem)
{
    *out = *c;
    if (!c->reduced) return;
    tp_arena   own = tp_arena_open((ptrdiff_t)1 << 33);
    tp_circuit all;
    tp_deck   *whole;
    tp_err     err = {0};
    tp_status  st = make(&all, &whole, c, &own, &err);
    out->reduced = NULL;
    out->text = st ? no_circuit(&err, mem) : tp_str_copy(mem, all.text);
    if (!st) {
        out->place = own_places(&all, whole, c->reduced->deck, mem);
        out->n_place = all.n_place;
    }
    tp_arena_close(&own);
}

int tp_whole_rows(const tp_circuit *c, int n)
{
    return c->reduced ? n + c->reduced->deck->n_passed : n;
}

bool tp_whole_is_named(const tp_circuit *c, const tp_touch *t)
{
    if (!c->reduced) return false;
    const tp_skips *s = c->reduced->deck->skips;
    bool            named = false;
    for (int i = 0; i < c->n_param; i++)
        named |= tp_skips_named(s, c->param[i]);
    for (int i = 0; i < c->n_save; i++) named |= tp_skips_named(s, c->save[i]);
    for (int i = 0; t && i < t->n_text; i++)
        named |= tp_skips_named(s, t->text[i]);
    for (int i = 0; t && i < t->n_param; i++)
        named |= tp_skips_named(s, t->param[i]);
    return named;
}
