/* Decks in tests: read from a text instead of a file. */
#ifndef TP_TEST_FRONT_DECK_H
#define TP_TEST_FRONT_DECK_H

#include "check.h"
#include "front/front.h"

/* Reads a deck named "deck.net" of this text. */
static inline tp_status deck_try(tp_problem *p, tp_str text, tp_err *err)
{
    tp_source *source = TP_NEW(check_mem(), tp_source, 1);
    tp_files  *files = TP_NEW(check_mem(), tp_files, 1);
    *source = (tp_source){TP_S("deck.net"), text};
    *files = (tp_files){.n = 1, .file = source};
    return tp_front_read(p, "deck.net", files, check_mem(), err);
}

/* The same, which must go well. */
static inline bool deck_read(tp_problem *p, const char *text)
{
    tp_err    err = {0};
    tp_status s = deck_try(p, tp_str_of(text), &err);
    if (s != TP_OK) printf("%.*s", TP_F(tp_err_text(&err, check_mem())));
    return CHECK_OK(s, &err);
}
#endif
