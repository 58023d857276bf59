/* Decks whose analyses and measures stand in .control blocks, as ngspice's
   users write them: the blocks become the bench's program, and what `meas` and
   `print` give numbers to its measures. */
#include "front/inside.h"
#include "nutmeg/nutmeg.h"

#include <string.h>

/* The blocks of the deck; none when one of them is a script of SPICE OPUS. */
static int blocks_of(const tp_reader *r, tp_control_block **out)
{
    const tp_card *card;
    int            n = tp_deck_cards(r->deck, &card), found = 0;
    *out = TP_NEW(r->mem, tp_control_block, n);
    for (int i = 0; i < n; i++) {
        if (!tp_str_starts(card[i].text, TP_S(".control"))) continue;
        if (tp_str_has(card[i].body, TP_S("optimize"))) return 0;
        (*out)[found++] = (tp_control_block){card[i].body, card[i].body_at};
    }
    return found;
}

static void add_measure(tp_reader *r, tp_measure **list, int *cap,
                        const tp_nm_told *told, tp_place at)
{
    int *n = &r->p->n_measure;
    for (int i = 0; *list && i < *n; i++)
        if (tp_str_same((*list)[i].name, told->name)) return;
    *TP_PUSH(r->mem, *list, *n, *cap) = (tp_measure){.name = told->name,
                                                     .unit = TP_S(""),
                                                     .text = told->name,
                                                     .dialect = TP_NUTMEG,
                                                     .analysis = -1,
                                                     .transient = told->tran,
                                                     .goal = TP_WATCH,
                                                     .scale = 1,
                                                     .at = at};
}

const tp_control *tp_front_control(tp_reader *r)
{
    tp_control       *c = TP_NEW(r->mem, tp_control, 1);
    tp_control_block *block;
    tp_measure       *list = NULL;
    int               cap = 0;
    bool              analyses = false;
    c->n = blocks_of(r, &block);
    c->block = block;
    for (int i = 0; i < c->n; i++) {
        tp_nutmeg_look k = tp_nutmeg_read(block[i].text, block[i].at, r->mem);
        analyses |= k.analyses;
        tp_touch_add(&c->touch, &k.touch, r->mem);
        for (int m = 0; m < k.n; m++)
            add_measure(r, &list, &cap, &k.told[m], block[i].at);
    }
    r->p->measure = list;
    if (!analyses) r->p->n_measure = 0;
    return analyses ? c : NULL;
}

bool tp_front_about_control(tp_str notice)
{
    return tp_str_has(notice, TP_S("of .control blocks are not executed"));
}
