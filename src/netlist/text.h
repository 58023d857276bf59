/* Reading, translating and writing of decks: what those files share. */
#ifndef TP_NETLIST_TEXT_H
#define TP_NETLIST_TEXT_H

#include "netlist/deck.h"

/* ---- words (lex.c) ------------------------------------------------------ */

/* The next field at or after *at: a run without blanks and = , ( ) [ ], with
   quoted texts and braces kept whole. Empty at the end. */
tp_str tp_field(tp_str s, ptrdiff_t *at);
/* Where a quote opens that never closes, or -1. */
ptrdiff_t tp_open_quote(tp_str s);
/* Whether the next byte that is no blank, from offset `at` on, is '='. */
bool tp_before_equals(tp_str text, ptrdiff_t at);
bool tp_is_name_byte(char c); /* letter, digit, _ */
bool tp_is_name(tp_str s);    /* a parameter's name */

/* ---- source texts (source.c) -------------------------------------------- */

enum {
    TP_MAX_LINE = 1 << 20,   /* bytes */
    TP_MAX_DECK = 64 << 20,  /* bytes of text read, repetitions counted */
    TP_MAX_LINES = 2 << 20,  /* lines read, repetitions counted */
    TP_MAX_FILES = 1024,     /* different files */
    TP_MAX_INCLUDES = 20000, /* statements */
    TP_MAX_DEPTH = 40,       /* files inside files, sub-circuits */
};

/* ".lib name" to ".endl" of a library file. */
typedef struct tp_section {
    tp_str    name;
    ptrdiff_t beg, end; /* its lines */
    int       line;     /* the first one's number */
    int       end_line; /* the .endl's number */
} tp_section;

/* Lines of a text, one after the other. */
typedef struct tp_cursor {
    const tp_source *in;
    ptrdiff_t        at, end; /* what is left */
    int              line;    /* of the line last given, 1-based */
    ptrdiff_t        from;    /* where that line begins */
    tp_str           text;    /* it, without its end */
} tp_cursor;
bool tp_next_line(tp_cursor *c);
/* The place of byte `at` of the cursor's line. */
tp_place tp_line_place(const tp_cursor *c, ptrdiff_t at);
/* The first word of a line or card, lower case not applied: ".lib". */
tp_str tp_first_word(tp_str line);

typedef struct tp_texts { /* the files of a deck while it is read */
    tp_deck               *d;
    const tp_files        *given; /* NULL: from disk */
    const tp_source       *own;   /* a text that stands in no file, or NULL */
    tp_reach               reach; /* what its lines may name on the disk */
    ptrdiff_t              total; /* bytes of all files */
    const struct tp_skips *skips; /* what may be passed over, or NULL */
    struct tp_text {
        bool                       indexed;
        int                        n_section, cap_section;
        const tp_section          *section;
        const struct tp_skip_file *skips; /* of this very text, or NULL */
    } * text;                             /* TP_MAX_FILES, beside d->file */
} tp_texts;
/* The file of that name, read at first need and checked for NUL bytes and
   long lines; `at` is where it was named. Gives its index in d->file. */
tp_status tp_text_load(tp_texts *t, tp_str name, tp_place at, int *file,
                       tp_err *err);
/* Its library sections. */
const struct tp_text *tp_text_sections(tp_texts *t, int file);

/* What the deck's .spiceinit says of it, if there is one (spiceinit.c). */
tp_status tp_start_read(tp_texts *t, tp_err *err);

/* ---- dialects (dialect.c) ----------------------------------------------- */

typedef enum tp_duty {                   /* what becomes of a statement */
                       TP_DUTY_PASS,     /* the simulator reads it */
                       TP_DUTY_OUTPUT,   /* printing and saving: not for us */
                       TP_DUTY_ANALYSIS, /* tp_deck_analyses takes it */
                       TP_DUTY_FRONT, /* optimiser statements: a front end takes
                                         it */
                       TP_DUTY_COMMAND, /* executes something: never passed on
                                         */
                       TP_DUTY_FILES,   /* done while reading */
} tp_duty;
typedef struct tp_statement {
    const char *name; /* "optspec" */
    tp_duty     duty;
    bool        simetrix; /* seen only in decks for SIMetrix */
} tp_statement;
/* The row of a statement ".name", or NULL. */
const tp_statement *tp_statement_of(tp_str word);
tp_duty             tp_duty_of(tp_str text); /* of a card */
/* Whether the card can be only in a deck for SIMetrix. */
bool tp_is_simetrix_card(tp_str text);
/* Takes out what isn't circuit; in a SIMetrix deck unknown statements and
   open quotes are errors. */
tp_status tp_dialect_check(tp_deck *d, tp_err *err);
/* Whether line 1, read as card 0, is a device and not a title; a notice says
   so where one could think otherwise (title.c). */
bool tp_title_is_device(tp_deck *d, tp_arena *mem);

/* ---- parameters (param.c) ----------------------------------------------- */

/* One "name = value" of a .param card: ranges in the card's text. */
typedef struct tp_entry {
    ptrdiff_t name, name_end, value, value_end;
} tp_entry;
/* The entries of a .param card (or of what follows "params:"), from offset
   `at`; `loose`: '=' may be missing. Returns how many; *out in mem. */
int tp_param_entries(tp_str text, ptrdiff_t at, bool loose,
                     const tp_entry **out, tp_arena *mem);
/* An expression without its braces or quotes. */
tp_str tp_bare(tp_str value);
bool   tp_is_param_card(tp_str text);

/* ---- checks (check.c) --------------------------------------------------- */

/* A card whose braces don't match; a model in use that opens files by itself,
   which no simulator here can; in a SIMetrix deck also a resistor,
   capacitor or inductor without a value. */
tp_status tp_check_card(const tp_deck *d, const tp_card *c, tp_err *err);
/* .if, .elseif, .else and .endif that do not belong together. */
tp_status tp_check_conditions(const tp_deck *d, tp_err *err);
/* Parameters that are defined by themselves, at their places `at`. */
tp_status tp_check_defines(const tp_define *define, const tp_place *at, int n,
                           tp_arena mem, tp_err *err);

/* Notices of numbers that look otherwise than SPICE reads them (units.c). */
void tp_units_check(tp_deck *d);

/* ---- translation (translate.c) ------------------------------------------ */

typedef struct tp_change { /* text[at..end) becomes `with` */
    ptrdiff_t at, end;
    tp_str    with;
    int       order; /* of two at one place the first added counts */
} tp_change;
typedef struct tp_changes {
    tp_arena  *mem;
    int        n, cap;
    tp_change *change;
} tp_changes;
void   tp_change_add(tp_changes *c, ptrdiff_t at, ptrdiff_t end, tp_str with);
tp_str tp_changed(tp_changes *c, tp_str text); /* `text` when there are none */

/* What a translation needs to know of the whole deck. */
typedef struct tp_names tp_names;
tp_names *tp_names_make(const tp_deck *d, const tp_tunable *tunable, int n,
                        tp_arena *mem);
/* An expression (no braces) in numparam's words; itself in a SPICE deck. */
tp_str tp_translate_expr(tp_str expr, const tp_names *names);
/* A number that SPICE reads otherwise (a: atto) in plain digits; "" others. */
tp_str tp_translate_number(tp_str number, tp_arena *mem);
/* A SIMetrix card's text without names and bytes in them that ngspice takes
   for something else. */
tp_str tp_plain_text(const tp_deck *d, tp_str s, tp_arena *mem);
bool   tp_names_param(const tp_names *names, tp_str name); /* of the deck? */
/* tune.c: the parameters of ours on a card. */
void           tp_tune_card(const tp_deck *d, int card, const tp_names *names,
                            tp_changes *changes);
const tp_deck *tp_names_deck(const tp_names *names);
/* Changes that make a card of a SIMetrix deck one that ngspice reads. */
void tp_translate(const tp_deck *d, int card, const tp_names *names,
                  tp_changes *out);
#endif
