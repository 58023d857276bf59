/* A deck while it is read: read.c makes cards of lines, include.c follows
   what isn't a plain line, deck.c ties it together. */
#ifndef TP_NETLIST_READ_H
#define TP_NETLIST_READ_H

#include "netlist/text.h"

typedef struct tp_part { /* what one line gives to a card */
    tp_str   text;
    tp_place from;
} tp_part;

typedef struct tp_reader {
    tp_deck  *d;
    tp_texts  texts;
    int       n_part, cap_part; /* the card being gathered */
    tp_part  *part;
    bool      goes_on;    /* the last line ended in two backslashes */
    int       subckt;     /* the open .subckt's card, or -1 */
    int       depth;      /* of open sub-circuits */
    int       conditions; /* .if without their .endif so far */
    int       lines, includes;
    ptrdiff_t bytes;
    char      mark;        /* in-line comments in SIMetrix decks */
    bool      is_simetrix; /* read as SPICE, but it is the other one: again */
    bool      has_data;    /* .data was seen */
    bool      has_enddata; /* .enddata was seen: HSPICE's .data */
    bool      said_hash, said_control;

    const tp_condition *in;         /* NULL: none */
    tp_str              library;    /* whose sections it replaces; "" not met */
    bool                replaced;   /* its sections have been read */
    bool                in_library; /* they are being read */
} tp_reader;

/* A file, or a section of one, that is being read. */
typedef struct tp_frame {
    const struct tp_frame *up;
    int                    file, depth;
    tp_str                 section; /* "" the whole file */
} tp_frame;

/* A comment line, or line 1: it may name the language. */
void tp_reader_comment(tp_reader *r, const tp_cursor *c, tp_str line);
/* Reads the cursor's lines; stops at once when r->is_simetrix gets set. */
tp_status tp_reader_lines(tp_reader *r, tp_cursor *c, const tp_frame *in,
                          tp_err *err);
/* Statements that are not cards by themselves (include.c). */
bool      tp_is_directive(const tp_reader *r, tp_str line);
tp_status tp_directive(tp_reader *r, tp_cursor *c, ptrdiff_t at,
                       const tp_frame *in, tp_err *err);
/* At the deck's end: the sections of the condition, if no call of one was met.
 */
tp_status tp_sections_left(tp_reader *r, const tp_frame *top, tp_err *err);
#endif
