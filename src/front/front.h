/* front: a user's file -> a problem. One row per kind of file. */
#ifndef TP_FRONT_H
#define TP_FRONT_H

#include "problem/problem.h"

typedef struct tp_front {
    const char *name, *summary;
    /* Whether the deck is of this kind. */
    bool (*knows)(const tp_deck *deck);
    /* Fills `out`, whose name, path and files are there. */
    tp_status (*read)(tp_problem *out, tp_deck *deck, const tp_files *files,
                      tp_arena *mem, tp_err *err);
} tp_front;
const tp_front *tp_fronts(void); /* ends with a row without a name */

/* Reads the file and all it includes into a complete, checked problem: every
   expression compiled, every name resolved, bounds and start values checked.
   `files` NULL: from disk; else only from there (a stored run).
   A deck without optimiser statements gives a problem without variables and
   measures. Everything wrong is TP_BAD_INPUT with its place. */
tp_status tp_front_read(tp_problem *out, const char *path,
                        const tp_files *files, tp_arena *mem, tp_err *err);

/* What is moved: a variable, a parameter of the deck, or "x1.xm1[w]". */
typedef struct tp_vary {
    tp_str name;
    double lo, hi;
} tp_vary;
/* Makes them variables of the problem of one deck. n 0: every variable, and
   every w, l and m on a device's card outside of libraries, by up to 20 % (a
   problem of several decks: nothing changes). */
tp_status tp_front_vary(tp_problem *p, const tp_vary *by, int n, tp_arena *mem,
                        tp_err *err);
#endif
