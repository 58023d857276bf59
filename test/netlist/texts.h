/* Decks from texts in memory, for netlist's tests. */
#ifndef TP_TEST_TEXTS_H
#define TP_TEST_TEXTS_H

#include "../check.h"

#include "netlist/netlist.h"

/* Reads a deck of up to 8 files: name, text, name, text, ... NULL. */
static inline tp_status read_files(tp_deck **out, const char *const *pair,
                                   tp_err *err)
{
    tp_source *file = TP_NEW(check_mem(), tp_source, 8);
    tp_files   files = {.file = file};
    for (; *pair && files.n < 8; pair += 2)
        file[files.n++] = (tp_source){tp_str_of(pair[0]), tp_str_of(pair[1])};
    return tp_deck_read(out, pair[0], &files, check_mem(), err);
}

/* The deck of one text, "d.net"; NULL after a failed check. */
static inline tp_deck *deck_of(const char *text)
{
    tp_err            err = {0};
    tp_deck          *d = NULL;
    const char *const pair[] = {"d.net", text, NULL};
    return CHECK_OK(read_files(&d, pair, &err), &err) ? d : NULL;
}

/* What is wrong with a deck, "d.net:2:1: message"; "" when it can be read. */
static inline tp_str fault_of(const char *const *pair)
{
    tp_err   err = {0};
    tp_deck *d = NULL;
    if (read_files(&d, pair, &err) == TP_OK) return TP_S("");
    return tp_str_fmt(check_mem(), "%s:%d:%d: %s", err.file, err.line, err.col,
                      err.msg);
}

static inline tp_str fault_of_text(const char *text)
{
    const char *const pair[] = {"d.net", text, NULL};
    return fault_of(pair);
}

/* The texts of the cards, one a line; "(n)" in front: inside card n. */
static inline tp_str cards_of(const tp_deck *d)
{
    tp_buf         b = {.mem = check_mem()};
    const tp_card *card;
    int            n = tp_deck_cards(d, &card);
    for (int i = 0; i < n; i++) {
        if (card[i].subckt >= 0) tp_buf_fmt(&b, "(%d)", card[i].subckt);
        tp_buf_fmt(&b, "%.*s\n", TP_F(card[i].text));
    }
    return tp_buf_str(&b);
}

/* The deck for the simulator without its first line and ".end". */
static inline tp_str written(const tp_deck *d, const tp_tunable *t, int n)
{
    tp_err     err = {0};
    tp_circuit c;
    if (!CHECK_OK(tp_deck_circuit(&c, d, t, n, NULL, 0, &err), &err))
        return TP_S("");
    ptrdiff_t first = tp_str_find(c.text, '\n', 0) + 1;
    CHECK(tp_str_starts(c.text, TP_S("* ")));
    CHECK_STR(tp_str_from(c.text, c.text.len - 5), ".end\n");
    return tp_str_part(c.text, first, c.text.len - 5 - first);
}
#endif
