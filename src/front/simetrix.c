/* SIMetrix decks: the statements of its optimiser, in the order in which they
   depend on each other. Reference: SIMetrix Simulator Reference, "Optimiser
   Modes", ".OPTIMISER", ".DATA", ".POST_PROCESS". */
#include "front/inside.h"

#include <math.h>
#include <stddef.h>

static const struct {
    const char *name;
    size_t      at; /* of its list in the reader */
} statements[] = {
    {".optimiser", offsetof(tp_reader, optimiser)},
    {".optspec", offsetof(tp_reader, optspec)},
    {".data", offsetof(tp_reader, data)},
    {".file", offsetof(tp_reader, file)},
    {".post_process", offsetof(tp_reader, post)},
};

static tp_statements *list_of(tp_reader *r, tp_str word)
{
    for (int i = 0; i < TP_COUNT(statements); i++)
        if (tp_str_same(word, tp_str_of(statements[i].name)))
            return (tp_statements *)(void *)((char *)r + statements[i].at);
    return NULL;
}

/* Our statements leave the circuit and stand in their lists. */
static void collect(tp_reader *r)
{
    const tp_card *card;
    int            n = tp_deck_cards(r->deck, &card);
    for (int i = 0; i < n; i++) {
        tp_str         rest = card[i].text;
        tp_statements *s = list_of(r, tp_str_word(&rest, " \t"));
        if (!s) continue;
        *TP_PUSH(r->mem, s->list, s->n, s->cap) = &card[i];
        tp_deck_take(r->deck, i);
    }
}

bool tp_simetrix_knows(const tp_deck *deck)
{
    return tp_deck_kind(deck) == TP_DECK_SIMETRIX;
}

tp_status tp_simetrix_read(tp_problem *out, tp_deck *deck,
                           const tp_files *files, tp_arena *mem, tp_err *err)
{
    tp_reader r = {.p = out, .deck = deck, .files = files, .mem = mem};
    collect(&r);
    TP_TRY(tp_front_analyse(&r, err));
    TP_TRY(tp_read_optimiser(&r, err));
    TP_TRY(tp_read_data(&r, err));
    TP_TRY(tp_read_specs(&r, err));
    TP_TRY(tp_read_posts(&r, err));
    return tp_front_bench(&r, err);
}
