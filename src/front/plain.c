/* SPICE decks without statements of an optimiser: nothing is searched, but the
   analyses can be run, and what `.meas` cards and .control blocks measure is
   measured. */
#include "front/inside.h"

/* Words that, alone in a deck, only ever are mistyped ones of SIMetrix. */
static const tp_str ours[] = {
    {".optimiser", 10}, {".optspec", 8}, {".post_process", 13}};

bool tp_plain_knows(const tp_deck *deck)
{
    return tp_deck_kind(deck) == TP_DECK_SPICE;
}

static tp_status check_statement(const tp_card *card, tp_arena *mem,
                                 tp_err *err)
{
    tp_str rest = card->text;
    tp_str word = tp_str_word(&rest, " \t=");
    if (word.len == 0 || word.at[0] != '.') return TP_OK;
    tp_str mean = tp_did_you_mean(mem, word, ours, TP_COUNT(ours));
    if (mean.len == 0) return TP_OK;
    return tp_fail_at(err, TP_BAD_INPUT, tp_card_place(card, 0),
                      "unknown statement '%.*s'%.*s", TP_F(word), TP_F(mean));
}

tp_status tp_plain_read(tp_problem *out, tp_deck *deck, const tp_files *files,
                        tp_arena *mem, tp_err *err)
{
    const tp_card *card;
    int            n = tp_deck_cards(deck, &card);
    tp_reader      r = {.p = out, .deck = deck, .files = files, .mem = mem};
    for (int i = 0; i < n; i++) TP_TRY(check_statement(&card[i], mem, err));
    TP_TRY(tp_front_analyse(&r, err));
    TP_TRY(tp_front_control(&r, err));
    return tp_front_bench(&r, err);
}
