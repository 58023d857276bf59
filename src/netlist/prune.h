/* The parts of pruning. */
#ifndef TP_NETLIST_PRUNE_H
#define TP_NETLIST_PRUNE_H

#include "netlist/flat.h"
#include "netlist/text.h"

/* What a walk over all instances finds. */
typedef struct tp_survey {
    const bool *unreached; /* by row: a bin of a model that no transistor can
                              be in while the parameters are in the box */
    int random;            /* a row that random numbers decide, or -1 */
} tp_survey;
/* `box` NULL: nothing is known of the parameters; `touch` (or NULL): where it
   sets sizes, every bin of a model in use, or in use by those transistors,
   counts as reached. Also fills in how->bins, bins_kept, left and left_line. */
tp_survey tp_circuit_survey(const tp_rows *r, const tp_circuit *c,
                            const tp_range *box, const tp_touch *touch,
                            tp_pruned *how, tp_arena *mem);

/* whole.c: the rows of the whole circuit, of which `n` are in the text. */
int tp_whole_rows(const tp_circuit *c, int n);
/* whole.c: whether a variable, a saved vector or a program, which are no words
   of the deck, names what was passed over. */
bool tp_whole_is_named(const tp_circuit *c, const tp_touch *t);

/* random.c: whether a text calls agauss, gauss, aunif, unif or limit. */
bool tp_draws(tp_str text);
/* Whether random numbers decide anything in a device or model row,
   as that instance sees it. */
bool tp_random_in(tp_flat *f, int row, const tp_scope *s);
/* A row at the top whose parameter is random, or -1. */
int tp_random_global(tp_flat *f);
#endif
