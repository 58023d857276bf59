/* What front's files share: the words of statements, and the reader that
   fills a problem. */
#ifndef TP_FRONT_INSIDE_H
#define TP_FRONT_INSIDE_H

#include "front/front.h"

/* ---- statement.c: `name=value` words ------------------------------------ */

typedef enum tp_form {
    TP_FORM_FLAG,    /* a bare word */
    TP_FORM_NUMBER,  /* finite, SPICE suffixes */
    TP_FORM_AMOUNT,  /* a number >= 0 */
    TP_FORM_COUNT,   /* a whole number >= 0 */
    TP_FORM_WORD,    /* one word, quoted or not */
    TP_FORM_TEXT,    /* quoted, or what stands up to the next blank */
    TP_FORM_NUMBERS, /* a list, in brackets or not */
    TP_FORM_NAMES,
} tp_form;

typedef struct tp_item {
    tp_str    text;
    double    number;
    ptrdiff_t at; /* offset in the card's text */
} tp_item;

/* A word of a statement that was there. */
typedef struct tp_given {
    bool           is;
    ptrdiff_t      word; /* offset of the word */
    ptrdiff_t      at;   /* offset of the value (inside its quotes) */
    tp_str         text;
    double         number;
    int            n;
    const tp_item *item;
} tp_given;

/* One word a statement knows; the table ends with {0}. */
typedef struct tp_word {
    const char *name;
    tp_form     form;
    size_t      at; /* offsetof a tp_given */
} tp_word;

/* Reads the word under the cursor with its value into `into`. `what` names
   the statement in messages. */
tp_status tp_word_read(void *into, const tp_word *words, const char *what,
                       tp_lexer *l, tp_arena *mem, tp_err *err);
/* All words up to the card's end. */
tp_status tp_words_read(void *into, const tp_word *words, const char *what,
                        tp_lexer *l, tp_arena *mem, tp_err *err);
/* The number that a token is, or an error saying what it is instead. */
tp_status tp_token_number(double *out, const tp_card *card, tp_token t,
                          const char *what, tp_err *err);

/* ---- the reader --------------------------------------------------------- */

/* A text inside the deck, so that a position in it has a place: in a card
   after `at`, or in a block of lines that begins at `from`. */
typedef struct tp_origin {
    const tp_card *card; /* NULL: a block */
    ptrdiff_t      at;
    tp_str         block;
    tp_place       from;
} tp_origin;
tp_place tp_origin_place(const tp_origin *o, ptrdiff_t at);
/* Gives an error whose column is a position in the text its place. */
tp_status tp_origin_fail(const tp_origin *o, tp_err *err);

typedef struct tp_statements { /* the cards of one kind of statement */
    int             n, cap;
    const tp_card **list;
} tp_statements;

typedef struct tp_reader {
    tp_problem       *p;
    tp_deck          *deck;
    const tp_files   *files; /* instead of the disk, or NULL */
    tp_arena         *mem;
    tp_statements     optimiser, optspec, data, file, post;
    int               n_analysis; /* that are run */
    int               n_left_out; /* behind them: with sweep opt, the others */
    tp_analysis      *analysis;
    const tp_control *control;          /* instead of analyses, or NULL */
    int               n_file, cap_file; /* problem.files as it grows */
    tp_source        *file_list;
    int               cap_notice, cap_want, cap_data;
    tp_str           *notice; /* these three: of the problem, growing */
    tp_bind          *want;
    tp_data          *data_list;
} tp_reader;
/* A notice with its place, where there is one: "FILE:LINE: text". */
void tp_front_notice(tp_reader *r, tp_place at, tp_str text);
/* utf8.c: a text for people as UTF-8: itself, or read as Windows-1252. */
tp_str tp_front_utf8(tp_arena *mem, tp_str s);
/* suffix.c: a number with two suffixes is TP_BAD_INPUT; a notice where M, which
   is milli, looks as if mega was meant. */
tp_str tp_front_milli(tp_arena *mem, const tp_item *item); /* a hint, or "" */
tp_status tp_front_suffix(tp_reader *r, const tp_card *card,
                          const tp_item *item, tp_err *err);

/* Where a name stands: in a measure of an analysis, or in a script. */
typedef struct tp_names {
    tp_origin      from;     /* the expression's text */
    int            analysis; /* whose vectors names without a group are; -1 */
    bool           op;
    bool           script;
    int            n_step; /* script: Let statements so far */
    const tp_step *step;
} tp_names;
/* Binds every name of the expression. */
tp_status tp_names_bind(const tp_bind **out, int *n, tp_reader *r,
                        const tp_expr *e, const tp_names *in, tp_err *err);
/* Index of the analysis of that id, ordinal or run name, or -1. */
int tp_front_analysis(const tp_reader *r, tp_str name);
/* " (did you mean ...?)" or "; there is ac_0, tran_1", of the analyses. */
tp_str tp_front_analyses(const tp_reader *r, tp_str wanted);

/* One file each; they fill r->p. */
tp_status tp_read_optimiser(tp_reader *r, tp_err *err); /* optimiser.c */
tp_status tp_read_data(tp_reader *r, tp_err *err);      /* data.c */
tp_status tp_read_specs(tp_reader *r, tp_err *err);     /* optspec.c */
tp_status tp_read_posts(tp_reader *r, tp_err *err);     /* post.c */
/* simetrix.c: a deck with the statements of SIMetrix's optimiser. */
bool      tp_simetrix_knows(const tp_deck *deck);
tp_status tp_simetrix_read(tp_problem *out, tp_deck *deck,
                           const tp_files *files, tp_arena *mem, tp_err *err);
/* job.c: a problem file, known by its name: .json, .yaml, .yml; `by`: the
   simulator, "" the file's own. */
bool      tp_plan_knows(const char *path);
tp_status tp_plan_read(tp_problem *out, const char *path, const tp_files *files,
                       tp_str by, tp_arena *mem, tp_err *err);
/* plain.c: any other SPICE deck: its analyses. */
bool      tp_plain_knows(const tp_deck *deck);
tp_status tp_plain_read(tp_problem *out, tp_deck *deck, const tp_files *files,
                        tp_arena *mem, tp_err *err);
/* meas.c: a `.meas` card as a statement. TP_BAD_INPUT: no form of ngspice's,
   with what was found and what is expected. */
typedef struct tp_meas {
    tp_str   name, kind; /* "bw", "ac" */
    tp_str   words;      /* "max v(out) from={a}" */
    tp_str   text;       /* "meas ac bw max ..." */
    bool     param;      /* over others: they come first */
    tp_place at;
} tp_meas;
bool      tp_front_is_meas(const tp_card *card);
tp_status tp_read_meas(tp_meas **out, int *n, tp_reader *r, tp_err *err);
/* control.c: the deck's .control blocks, where analyses are run in them and
   nothing is optimised, and its `.meas` cards with the analyses that they
   measure: r->control, NULL where it has neither. Their measures are the
   problem's. Needs the deck's analyses. */
tp_status tp_front_control(tp_reader *r, tp_err *err);
bool      tp_front_runs_blocks(const tp_reader *r); /* r->control has any */
/* Whether it says that blocks are not executed. */
bool tp_front_about_control(tp_str notice);
/* "the deck has no analysis (...)", and what stands in its place. */
tp_str tp_front_no_analysis(const tp_reader *r);
/* The analyses of the deck into r; and, at the end, the one bench of the
   problem with what the simulator is given. */
tp_status tp_front_analyse(tp_reader *r, tp_err *err);
tp_status tp_front_bench(tp_reader *r, tp_err *err);
#endif
