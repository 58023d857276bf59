/* netlist: SPICE decks. Reads a deck with everything it includes into cards
   that know their place, understands enough of it (dialect, devices and pins,
   nodes, parameters, analyses) to translate it for the simulator, and writes
   it out. The deck is translated where the simulator needs it and nowhere
   else. Nothing in a deck is executed: .control blocks, "*#" command lines,
   .csparam and pre_ commands never reach the simulator. */
#ifndef TP_NETLIST_H
#define TP_NETLIST_H

#include "base/base.h"

/* ---- reading ----------------------------------------------------------- */

/* The texts of a deck: the main file first, then what it includes. With
   these alone (no file system) the same deck is read again: they are what the
   store keeps. Name: as found by the reader (main: the path given; an
   include: the path as resolved). */
typedef struct tp_files {
    int              n;
    const tp_source *file;
    const tp_reach  *disk; /* not NULL: no texts, they are read from the disk,
                              where the user allows this beside the usual */
    const char *cache;     /* folder of notes which lines of the files a deck
                              can't reach; NULL: all are read each time */
} tp_files;
/* Whether these are texts that stand for the disk; f may be NULL. */
bool tp_files_given(const tp_files *f);

/* The texts as bytes, and back (in mem); TP_BAD_INPUT: other bytes. */
void      tp_files_pack(tp_buf *b, const tp_files *f);
tp_status tp_files_unpack(tp_files *out, tp_unpack *u, tp_arena *mem,
                          tp_err *err);

typedef enum tp_deck_dialect {
    TP_DECK_SPICE,    /* as ngspice reads it */
    TP_DECK_SIMETRIX, /* has optimiser statements or "*#SIMETRIX" */
} tp_deck_dialect;

/* One stretch of a card's text that came from one line. */
typedef struct tp_piece {
    ptrdiff_t at; /* offset in the card's text */
    tp_place  from;
} tp_piece;

/* One statement or device: a logical line, continuations joined by one blank,
   comments gone, case kept. A .file block is one card with `body`. */
typedef struct tp_card {
    tp_str          text;
    tp_str          body; /* .file/.endf and .control/.endc: lines between */
    tp_place        body_at;
    int             n_piece;
    const tp_piece *piece;
    int             subckt; /* index of the .subckt card it is inside, or -1 */
} tp_card;
/* Where text[at] of a card was written. */
tp_place tp_card_place(const tp_card *c, ptrdiff_t at);

typedef struct tp_deck tp_deck;

/* Reads the deck `main_path` from disk with its .include/.lib files (relative
   to the file that names them; cycles, missing files, more than 64 MB, depth
   over 40, NUL bytes and lines over 1 MB are errors with their place).
   Files that it names are read only inside the homes of its folder and the
   process's (tp_reach_from) and where files->disk allows it.
   `files` (NULL or the same deck's tp_deck_files of an earlier time) replaces
   the disk. Front ends take their statements from the cards. With
   files->cache, definitions in included files that no word of the deck
   reaches may be missing among them: what was noted of such files (by their
   contents, XXH3) is passed over while it still holds. */
tp_status tp_deck_read(tp_deck **out, const char *main_path,
                       const tp_files *files, tp_arena *mem, tp_err *err);
/* What a corner changes of a deck. */
typedef struct tp_condition {
    tp_str lib; /* path of the model library; "": the one whose section the
                   deck calls first */
    tp_str        from; /* where the sections are read from; "": that library */
    int           n_section;
    const tp_str *section; /* read in the place of the first `.lib LIB x` of
                              the deck (the others are passed over), at its
                              end where it has none; n_section 0: as written */
    double temp;           /* degrees C, instead of any .temp; NAN: none */
} tp_condition;
/* The same in a condition; NULL: as the deck is. TP_BAD_INPUT where the
   sections have no library to come from. */
tp_status tp_deck_read_in(tp_deck **out, const char *main_path,
                          const tp_files *files, const tp_condition *in,
                          tp_arena *mem, tp_err *err);
/* The same for a main file that is a text of ours; what it includes is read
   from disk, as seen from the folder in its name. `in` and `disk` may be NULL.
 */
tp_status       tp_deck_read_text(tp_deck **out, tp_source main_file,
                                  const tp_condition *in, const tp_reach *disk,
                                  tp_arena *mem, tp_err *err);
tp_files        tp_deck_files(const tp_deck *d);
tp_deck_dialect tp_deck_kind(const tp_deck *d);
tp_str          tp_deck_title(const tp_deck *d);
int             tp_deck_cards(const tp_deck *d, const tp_card **card);
/* Takes a card out of the circuit (a front end has understood it). */
void tp_deck_take(tp_deck *d, int card);
/* Notices for the user ("line 1 is a device, not a title"), one text each. */
int tp_deck_notices(const tp_deck *d, const tp_str **notice);

/* ---- statements: what front ends read ---------------------------------- */

/* A cursor over a card's words with their places: blanks and commas outside
   quotes and brackets separate. */
typedef enum tp_token_kind {
    TP_TOKEN_END,
    TP_TOKEN_WORD,   /* name or number */
    TP_TOKEN_QUOTED, /* "..." or '...': text without the quotes */
    TP_TOKEN_BRACED, /* {...}: text without the braces */
    TP_TOKEN_PUNCT,  /* one of = , ( ) [ ] */
} tp_token_kind;
typedef struct tp_token {
    tp_token_kind kind;
    tp_str        text;
    ptrdiff_t     at;  /* offset in the card's text of its first byte */
    ptrdiff_t     end; /* offset after its last byte */
} tp_token;
typedef struct tp_lexer {
    const tp_card *card;
    ptrdiff_t      at;
} tp_lexer;
tp_token tp_lex(tp_lexer *l);     /* the next token */
tp_token tp_lex_peek(tp_lexer l); /* without moving */

/* ---- analyses ----------------------------------------------------------- */

typedef enum tp_sweep_kind {
    TP_SWEEP_NONE,   /* the simulator sweeps by itself */
    TP_SWEEP_DEVICE, /* a device's principal value, one run each */
    TP_SWEEP_TEMP,
    TP_SWEEP_PARAM,
    TP_SWEEP_MODEL, /* a model's parameter */
} tp_sweep_kind;
typedef struct tp_sweep {
    tp_sweep_kind kind;
    tp_str        name; /* device, parameter or model, as in the circuit */
    tp_str        par;  /* model parameter */
    tp_str        unit;
    int           n;
    const double *value;
} tp_sweep;

typedef struct tp_analysis {
    tp_str id;          /* analysis_id as written; "" none */
    tp_str runname;     /* RUNNAME=, "" none */
    tp_str kind;        /* "op" "dc" "ac" "tran" "noise" "tf" */
    tp_str ordinal;     /* "ac1" */
    tp_str command;     /* ngspice's: "ac dec 25 1k 1e9"; {expr} may stand for a
                           number and is replaced by tp_command_at() */
    tp_sweep  sweep;    /* the command is run once per value */
    bool      op;       /* somebody reads its operating point */
    bool      optimise; /* carried `sweep opt` (what follows: opt_card) */
    tp_place  at;
    int       card; /* index of its card */
    ptrdiff_t rest; /* offset in the card's text after `sweep opt` */
} tp_analysis;

/* The analysis cards of the deck, translated. Errors have their place:
   unknown form, missing numbers, a step of the wrong sign, two analyses with
   one id, a nested or other kind of SWEEP (named, and said to be unsupported).
   Settings of the optimiser behind `sweep opt` are not read, but an
   analysis_id and a runname among them are. .sens, .pz, .disto and the like
   are taken out with a notice. The cards are taken out of the circuit;
   tp_circuit carries the commands. */
tp_status tp_deck_analyses(tp_deck *d, const tp_analysis **out, int *n,
                           tp_err *err);
/* ---- names: vectors, devices, nodes ------------------------------------- */

/* How a name of a measure is got from the simulator. */
typedef struct tp_signal {
    tp_str name;   /* as asked, lower case: "d1#p", "vout" */
    tp_str vector; /* the simulator's vector: "vtp_1#branch", "vout" */
    double factor; /* 1 or -1: value = factor * vector */
    tp_str unit;   /* "V", "A", "V/rtHz" */
    bool   save;   /* has to be named in a save command (@dev[par]) */
} tp_signal;

/* Resolves a vector name for an analysis of that kind. `node`, `x1.node`,
   `dev#pin`, `x1.dev#pin`, `dev#branch`, `v(node)`, `i(dev)`, "@dev[par]",
   sweep names ("frequency", "time", "freq"), `onoise` and `inoise`,
   `transfer_function` (`gain`), `input_impedance` (`zin`) and
   `output_impedance` (`zout`) of a .tf. A current
   is into the device at the pin. Where the simulator has no vector for it in
   every analysis, a 0 V source is put in series with the pin when the circuit
   is written. TP_BAD_INPUT names the unknown part (node, device, pin) and the
   nearest names. */
tp_status tp_deck_signal(tp_deck *d, tp_str name, tp_str kind, tp_signal *out,
                         tp_err *err);
/* Names for completion and suggestions, lower case, with the paths of those
   inside sub-circuits. */
int tp_deck_nodes(const tp_deck *d, const tp_str **name);
int tp_deck_devices(const tp_deck *d, const tp_str **name);
/* Whether the deck uses (in an expression) or declares this parameter. */
bool tp_deck_uses_param(const tp_deck *d, tp_str name);

/* ---- tuning: numbers on devices' cards ----------------------------------- */

typedef struct tp_tune {
    tp_str target; /* "x1.xm1[w]" */
    tp_str param;  /* of the circuit: what is put there */
    tp_str text;   /* what stood there, without braces or quotes */
    bool   factor; /* the value stays and is multiplied by it; else the
                      parameter is the value */
    int       card;
    ptrdiff_t at, end; /* of the value, in the card's text */
} tp_tune;

/* Puts a parameter of ours in the place of a value like "x1.xm1[w]", in the
   card's own unit; in a sub-circuit it is one card, so that all instances
   move. TP_BAD_INPUT: no such device, or no such value on its card. */
tp_status tp_deck_tune(tp_deck *d, tp_str target, tp_str *param, tp_err *err);
/* Every w, l and m that stands on the card of a device outside of `.lib`
   sections is multiplied by a parameter of ours; how many. */
int tp_deck_tune_geometry(tp_deck *d);
/* What was tuned so far, in order; tp_deck_circuit must be given their
   parameters among the tunables. */
int tp_deck_tunes(const tp_deck *d, const tp_tune **out);

/* ---- writing ------------------------------------------------------------- */

typedef struct tp_tunable { /* a .param the optimiser sets */
    tp_str name;
    double value; /* what is written into the text */
} tp_tunable;

typedef struct tp_define { /* a top-level .param of the deck */
    tp_str name, expr;
} tp_define;

/* What a simulator is given: plain data, can be packed. */
typedef struct tp_circuit {
    tp_str             text;      /* ngspice deck: title .. .end, no analyses */
    tp_str             behaviour; /* ngspice's `ngbehavior`, "": unset */
    int                n_param;
    const tp_str      *param; /* names of the tunables, in order */
    int                n_define;
    const tp_define   *define; /* the deck's other parameters, in order */
    int                n_analysis;
    const tp_analysis *analysis; /* commands; {expr} not yet replaced */
    int                n_save;
    const tp_str      *save; /* vectors that need a save command */
    int                n_place;
    const tp_place    *place; /* of line i (0-based) of text; in NULL: ours */
    const struct tp_reduced *reduced; /* not NULL: lines that its deck's files
                                         have were not read */
} tp_circuit;

/* The deck for ngspice: translated from its dialect, sanitised, with the
   tunables as top-level .param (replacing the deck's own of that name), with
   the series sources that tp_deck_signal asked for so far. */
tp_status tp_deck_circuit(tp_circuit *out, const tp_deck *d,
                          const tp_tunable *tunable, int n_tunable,
                          const tp_analysis *analysis, int n_analysis,
                          tp_err *err);
/* The circuit with all lines of its deck's files, in `mem`: what
   tp_deck_circuit gives without a cache; the same again where none is missing.
   `c` and its deck must still be there. */
void tp_circuit_whole(tp_circuit *out, const tp_circuit *c, tp_arena *mem);
/* The whole circuit. Exact, but that places have their file's name without its
 * text. */
void      tp_circuit_pack(tp_buf *b, const tp_circuit *c);
tp_status tp_circuit_unpack(tp_circuit *out, tp_unpack *u, tp_arena *mem,
                            tp_err *err);

/* ---- pruning ------------------------------------------------------------- */

typedef struct tp_range { /* of a tunable; infinite where it has no bound */
    double lo, hi;
} tp_range;
typedef struct tp_pruned {  /* what was done */
    int    rows, kept;      /* statements and devices */
    int    bins, bins_kept; /* bins of models that devices use */
    tp_str left;            /* why bins that might be unused are kept; "" */
    tp_str notice;          /* for the user: why nothing was pruned; "" */
    int    left_line;       /* of the circuit, 1-based */
} tp_pruned;
/* A statement of a program, for people; text "": there is none. */
typedef struct tp_said {
    tp_str   text;
    tp_place at;
} tp_said;
/* What a program that runs over a circuit names in it and does to it. */
typedef struct tp_touch {
    int           n_text;
    const tp_str *text; /* what names of the circuit may stand in */
    int           n_param;
    const tp_str *param;   /* parameters that it sets */
    tp_said       changes; /* the first that changes the circuit, */
    tp_said       sizes;   /* that may move any transistor into any bin, */
    tp_said       one;     /* that does so with one of `sized`, */
    tp_said       untold;  /* and that changes what is known when it runs */
    int           n_sized;
    const tp_str *sized; /* transistors whose size it sets: "m1", "m.x1.m1" */
} tp_touch;
/* What both do, one after the other. */
void tp_touch_add(tp_touch *all, const tp_touch *one, tp_arena *mem);
/* "`alter m1 w = 2u` (tb.cir:31)" */
tp_str tp_said_words(const tp_said *s, tp_arena *mem);
/* The circuit without what its devices, its analyses and a program over it
   (NULL: none) can't reach: sub-circuits, models, functions, parameters; and,
   while the tunables stay in `box` (one a parameter; NULL: they may be
   anything), without the bins of models that no transistor can be in. What is
   kept keeps its text and order. Strings are borrowed from `c` or in `mem`. */
void tp_circuit_prune(tp_circuit *out, const tp_circuit *c, const tp_range *box,
                      const tp_touch *touch, tp_pruned *how, tp_arena *mem);

/* ---- numbers that devices get from the tunables -------------------------- */

/* One of them, as the simulator's `alter` (or `altermod`) names it. */
typedef struct tp_dial {
    tp_str device; /* "m.x1.xm1.m1"; of a model: a device that has it */
    tp_str par;    /* "w" */
    tp_str reads;  /* what it is read back from: the device, or the model */
    bool   model;
    int    user, bin; /* counts only while transistor `user` is in that bin of
                         its model; -1: always */
} tp_dial;
typedef struct tp_dials {
    int            n;
    const tp_dial *dial;
    int            n_user; /* transistors with binned models */
    tp_str         why;    /* why setting these would not make the circuit
                              that the tunables make; "": it would */
    int         line;      /* of the circuit, 1-based; 0 none */
    const char *tran;      /* the same, were a transient made that is
                              not among the circuit's analyses; NULL */
    struct tp_dials_inside *inside;
} tp_dials;
/* Reads the circuit's expressions: numparam's, through all instances (ngspice
   manual, "Parametric netlists"). */
void tp_dials_make(tp_dials *out, const tp_circuit *c, tp_arena *mem);
/* What a point comes to, in the caller's arrays. */
typedef struct tp_dials_point {
    double *number; /* [n] NAN: does not count now, infinite: the expression
                       has no value; "%.15e" prints it as numparam does */
    int    *bin;    /* [n_user] where the transistors are; -2: can't be told */
    double *edge;   /* [2 * n_user] their lengths and widths that are within
                       1 nm of where one bin ends and the next begins, NAN
                       others: the bin is the next one's, if ngspice agrees */
} tp_dials_point;
/* False: a transistor is in no bin; `*why` says which. */
bool tp_dials_at(const tp_dials *d, const double *value,
                 const tp_dials_point *out, tp_str *why, tp_arena *mem);

/* What the names in a text's {expr} are at a point, before those of the
   circuit's own .param. */
typedef struct tp_point_names {
    const double *value; /* of the circuit's tunables */
    int           n;     /* and, last, of what else has a name: */
    const tp_str *name;
    const double *number; /* NAN: it has no value, and an error says so */
} tp_point_names;
/* The text with its {expr} replaced by numbers (17 digits). TP_BAD_INPUT when
   an expression can't be evaluated. Expressions: numparam's arithmetic (ngspice
   manual, "Parametric netlists"). */
tp_status tp_text_at(tp_str *out, const tp_circuit *c, tp_str text,
                     const tp_point_names *in, tp_arena *mem, tp_err *err);
/* An analysis's command with its {expr} replaced by numbers (17 digits), the
   tunables at `value` on top of the deck's own .param; TP_BAD_INPUT as above,
   and for a .dc that leads nowhere. */
tp_status tp_command_at(tp_str *out, const tp_circuit *c, int analysis,
                        const double *value, tp_arena *mem, tp_err *err);

/* A complete deck for a plain `ngspice -b -r FILE`: the circuit at these
   values with its analyses as cards (numbers with 17 digits), `.options
   keepopinfo` or `.op` where an operating point is read. Analyses with a
   sweep of ours need one deck per value: `which` picks the analysis (-1: all
   that need none), `step` the value. ngspice writes the plots of one kind in
   the order of c->analysis; a command `op` (and the operating point that
   somebody reads) gives one of kind op, whatever the analysis's own kind; but a
   transient's operating point is the first point of its own plot. */
typedef struct tp_reference_part {
    int         which, step;
    const bool *want; /* of all that need none, these; NULL: each */
} tp_reference_part;
tp_status tp_circuit_reference(tp_str *out, const tp_circuit *c,
                               const double            *value,
                               const tp_reference_part *part, tp_arena *mem,
                               tp_err *err);

/* The circuit for a plain `ngspice -b` with parameters set (tunables or the
   deck's own) and lines of ours before its end. */
tp_str tp_circuit_with(const tp_circuit *c, const tp_tunable *set, int n,
                       tp_str lines, tp_arena *mem);

/* The user's own text of the main file with some stretches replaced (start
   values of a tuned deck): everything else byte for byte. Edits must not
   overlap. */
typedef struct tp_edit {
    tp_place at; /* first byte */
    int      len;
    tp_str   with;
} tp_edit;
tp_status tp_source_edit(tp_str *out, const tp_source *in, const tp_edit *edit,
                         int n, tp_arena *mem, tp_err *err);

/* ---- Spectre netlists as templates ------------------------------------- */

typedef struct tp_spectre tp_spectre;

/* Reads the main file alone: what it includes is the simulator's to read.
   `files` as for tp_deck_read. */
tp_status tp_spectre_read(tp_spectre **out, const char *path,
                          const tp_files *files, tp_arena *mem, tp_err *err);
tp_files  tp_spectre_files(const tp_spectre *d);
/* A parameter of a top-level `parameters` statement, and its value as
   written; names have their case. */
bool tp_spectre_param(const tp_spectre *d, tp_str name, tp_str *expr);
int  tp_spectre_params(const tp_spectre *d, const tp_str **name);
/* The netlist in a condition: the corner's sections in the place of the first
   include with a section of that library (the others go), its temperature in
   the place of an `options` statement's, paths from the root. Of `value` those
   that are parameters become out->param: their values are replaced where they
   stand. out->analysis and out->save stay empty. TP_BAD_INPUT where the
   sections have no library to come from. */
tp_status tp_spectre_circuit(tp_circuit *out, const tp_spectre *d,
                             const tp_condition *in, const tp_str *value,
                             int n_value, tp_err *err);
/* Its text with numbers (17 digits) in the place of the parameters. */
tp_str tp_spectre_text(const tp_circuit *c, const double *value, tp_arena *mem);
#endif
