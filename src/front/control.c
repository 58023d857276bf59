/* Decks whose analyses and measures stand in .control blocks, as ngspice's
   users write them: the blocks become the bench's program, and what `meas` and
   `print` give numbers to its measures. */
#include "front/inside.h"
#include "nutmeg/nutmeg.h"

#include <string.h>

static bool mentions(tp_str text, tp_str word)
{
    for (ptrdiff_t i = 0; i + word.len <= text.len; i++)
        if (tp_str_starts(tp_str_from(text, i), word)) return true;
    return false;
}

/* The blocks of the deck; none when one of them is a script of SPICE OPUS. */
static int blocks_of(const tp_reader *r, tp_control_block **out)
{
    const tp_card *card;
    int            n = tp_deck_cards(r->deck, &card), found = 0;
    *out = TP_NEW(r->mem, tp_control_block, n);
    for (int i = 0; i < n; i++) {
        if (!tp_str_starts(card[i].text, TP_S(".control"))) continue;
        if (mentions(card[i].body, TP_S("optimize"))) return 0;
        (*out)[found++] = (tp_control_block){card[i].body, card[i].body_at};
    }
    return found;
}

static tp_measure watched(tp_str name, tp_place at)
{
    return (tp_measure){.name = name,
                        .unit = TP_S(""),
                        .text = name,
                        .dialect = TP_NUTMEG,
                        .analysis = -1,
                        .goal = TP_WATCH,
                        .scale = 1,
                        .at = at};
}

/* Each name once, whatever block it is in. */
static void add_measures(tp_reader *r, const tp_control *c)
{
    tp_problem *p = r->p;
    tp_measure *list = NULL;
    int         cap = 0;
    for (int i = 0; i < c->n; i++) {
        const tp_str *name;
        bool          analyses = false;
        int n = tp_nutmeg_measured(c->block[i].text, &name, &analyses, r->mem);
        for (int k = 0; k < n; k++) {
            int at = 0;
            while (at < p->n_measure && !tp_str_same(list[at].name, name[k]))
                at++;
            if (at == p->n_measure)
                *TP_PUSH(r->mem, list, p->n_measure, cap) =
                    watched(name[k], c->block[i].at);
        }
    }
    p->measure = list;
}

const tp_control *tp_front_control(tp_reader *r)
{
    tp_control       *c = TP_NEW(r->mem, tp_control, 1);
    tp_control_block *block;
    bool              analyses = false;
    c->n = blocks_of(r, &block);
    c->block = block;
    for (int i = 0; i < c->n; i++) {
        const tp_str *name;
        tp_nutmeg_measured(block[i].text, &name, &analyses, r->mem);
    }
    if (!analyses) return NULL;
    add_measures(r, c);
    return c;
}

bool tp_front_about_control(tp_str notice)
{
    return mentions(notice, TP_S("of .control blocks are not executed"));
}
