/* skips: what need not be read of the files that a deck includes. A model
   library defines thousands of sub-circuits, models, parameters and functions,
   of which a circuit reaches a few. What it can't reach by any word is noted
   once; the next reading passes over it, where the file is the same and no
   word that is read names any of it. What is read then, and all that follows
   from it, is as if the rest had been read, too. */
#ifndef TP_NETLIST_SKIPS_H
#define TP_NETLIST_SKIPS_H

#include "netlist/read.h"

/* Whole lines of a file with definitions and comments alone. */
typedef struct tp_skip {
    ptrdiff_t beg, end;              /* bytes */
    int       first_line, last_line; /* 1-based */
    int       n_card;
} tp_skip;

typedef struct tp_skip_file {
    tp_str            name;
    ptrdiff_t         size;
    tp_digest         digest;
    int               n_skip;
    const tp_skip    *skip; /* in the order of the file */
    int               n_section;
    const tp_section *section;
} tp_skip_file;

typedef struct tp_skips {
    tp_deck_dialect     kind;
    char                mark; /* of in-line comments in a SIMetrix deck */
    int                 n_file;
    const tp_skip_file *file;   /* those with skips */
    int                 n_name; /* what is defined in skips: */
    const uint64_t     *name;   /* hashes of first words, rising, each once */
} tp_skips;

/* unreached.c: what nothing reaches in the deck that was read whole; the names
   of files are borrowed. False: nothing that would be worth it. */
bool tp_skips_make(tp_skips *out, tp_reader *r, tp_arena *mem);
/* Whether a text has a word of these definitions' names. Words are the longest
   runs of letters, digits, _ and bytes above 127, case ignored: a name that
   has other bytes ("nch.12") counts by its first word, which stands wherever
   the name stands. */
bool tp_skips_named(const tp_skips *s, tp_str text);
/* Whether the title or any card of the deck has one. */
bool                tp_skips_reached(const tp_skips *s, const tp_deck *d);
const tp_skip_file *tp_skips_file(const tp_skips *s, tp_str name);

/* skips_file.c: kept in a folder, one file for a deck in a condition. A file
   that is damaged or of another version counts as none; one that can't be
   written is not there the next time: both cost time alone. */
const tp_skips *tp_skips_load(const char *folder, tp_str main_file,
                              const tp_condition *in, tp_arena *mem);
void tp_skips_keep(const tp_skips *s, const char *folder, tp_str main_file,
                   const tp_condition *in, tp_arena mem);
#endif
