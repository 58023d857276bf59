/* What the files of nutmeg share: the session, its vectors and variables, and
   the helpers that commands are made of. */
#ifndef TP_NUTMEG_INSIDE_H
#define TP_NUTMEG_INSIDE_H

#include "nutmeg/nutmeg.h"

#include <math.h>
#include <signal.h>
#include <string.h>

enum {
    TP_NM_TEXT_MAX = 1 << 16,   /* bytes of a statement, substituted */
    TP_NM_SCRIPT_MAX = 1 << 24, /* bytes of a script */
    TP_NM_NEST_MAX = 100,       /* blocks inside each other */
    TP_NM_CALL_MAX = 20,        /* `source` inside `source` */
    TP_NM_DIMS_MAX = 8,         /* indices of a vector */
    TP_NM_PLOTS_MAX = 10000,
    TP_NM_VARS_MAX = 10000,
};

/* ---- heap.c: memory of what a script makes and throws away ------------- */

/* Blocks of powers of two with a list of free ones each. */
typedef struct tp_nm_heap {
    tp_arena arena;
    void    *unused[48]; /* by the logarithm of the size */
    int      n_large;    /* blocks with address space of their own */
} tp_nm_heap;
void  *tp_nm_take(tp_nm_heap *h, ptrdiff_t size);    /* zeroed */
void   tp_nm_give(tp_nm_heap *h, const void *block); /* NULL is fine */
tp_str tp_nm_keep(tp_nm_heap *h, tp_str s);
/* An array with room for one more; moves. */
void *tp_nm_more(tp_nm_heap *h, void *old, int n, int *cap, ptrdiff_t size);
#define TP_NM_MORE(h, array, n, cap) \
    ((array) =                       \
         tp_nm_more((h), (array), (n), &(cap), (ptrdiff_t)sizeof *(array)))

/* ---- plots.c ------------------------------------------------------------ */

typedef struct tp_nm_vector {
    tp_str  name, unit;
    int     n;
    double *re, *im; /* im NULL: real */
    int     n_dim;   /* 0 or 1: plain */
    int     dim[TP_NM_DIMS_MAX];
    tp_str  scale; /* its own scale's name; "" the plot's */
} tp_nm_vector;

typedef struct tp_nm_plot {
    tp_str        name;  /* "ac1" */
    tp_str        kind;  /* "ac" */
    tp_str        title; /* of the circuit */
    tp_str        label; /* given by nameplot, "" none */
    tp_nm_vector *vector;
    int           n, cap;
    int           scale; /* index of the default scale, -1 none */
    double        step;  /* of a tran, 0 unknown */
    tp_wave      *wave;  /* the same vectors for lookups, see tp_nm_view */
    int           cap_wave;
    bool          stale; /* wave has to be made again */
} tp_nm_plot;

tp_nm_plot *tp_nm_plot_new(tp_nutmeg *m, tp_str kind); /* current; may be NULL:
                                                          too many */
tp_nm_plot *tp_nm_current(tp_nutmeg *m);
tp_nm_plot *tp_nm_plot_named(tp_nutmeg *m, tp_str name); /* NULL none */
void        tp_nm_plot_drop(tp_nutmeg *m, int index);
tp_plot     tp_nm_view(tp_nutmeg *m, tp_nm_plot *p); /* valid until changed */
/* Whether the vector of const is as it was at first ("c" the speed of light).
 */
bool tp_nm_is_constant(tp_nutmeg *m, tp_str name);
/* What the plot holds, in words: "AC Analysis". */
const char   *tp_nm_plot_words(const tp_nm_plot *p);
tp_nm_vector *tp_nm_vector_find(tp_nutmeg *m, tp_nm_plot *p, tp_str name);
/* "ac1.v(2)" -> the plot ac1 and "v(2)"; without a plot's name the current
   one, and `prefixed` is false. */
tp_nm_plot *tp_nm_split(tp_nutmeg *m, tp_str *name, bool *prefixed);
/* Gives the plot this vector, in place of one of its name. TP_LIMIT. */
tp_status tp_nm_vector_put(tp_nutmeg *m, tp_nm_plot *p, const tp_wave *w,
                           tp_err *err);
void      tp_nm_vector_drop(tp_nutmeg *m, tp_nm_plot *p, tp_nm_vector *v);
/* Room for n values, or TP_LIMIT. */
tp_status tp_nm_room(tp_nutmeg *m, double n, tp_err *err);
tp_status tp_nm_plot_copy(tp_nutmeg *m, const tp_plot *from, bool current,
                          tp_nm_plot **out, tp_err *err);
/* "2" -> "v(2)": the name as it is printed. */
tp_str tp_nm_shown_name(tp_str name, tp_arena *mem);

/* ---- variables.c -------------------------------------------------------- */

typedef struct tp_nm_variable {
    tp_str  name;
    bool    list; /* ( a b c ) */
    int     n;
    tp_str *word; /* n 0: set without a value */
} tp_nm_variable;

typedef struct tp_nm_define_row {
    tp_str name, params, body; /* "f", "a, b", "a + b" */
} tp_nm_define_row;
void tp_nm_undefine(tp_nutmeg *m, int index);
/* In place of one of its name (cmd_set.c). */
tp_status tp_nm_define(tp_nutmeg *m, tp_str name, tp_str params, tp_str body,
                       tp_err *err);

const tp_nm_variable *tp_nm_variable_find(const tp_nutmeg *m, tp_str name);
tp_status tp_nm_variable_set(tp_nutmeg *m, tp_str name, const tp_str *word,
                             int n, bool list, tp_err *err);
bool      tp_nm_variable_unset(tp_nutmeg *m, tp_str name);
/* The words behind $name, with those that are made up when asked for
   (curplot, plots, workdir); false: none such. */
bool tp_nm_variable_words(tp_nutmeg *m, tp_str name, const tp_str **word,
                          int *n);
/* A whole number in lo..hi, or `otherwise`. */
int tp_nm_variable_int(const tp_nutmeg *m, const char *name, int lo, int hi,
                       int otherwise);

/* ---- words.c ------------------------------------------------------------ */

/* Whether the line has nothing to run. */
bool tp_nm_blank(tp_str line);
/* Cuts the next statement off the front (at ';' outside quotes and
   brackets); false at the end. */
bool tp_nm_statement(tp_str *line, tp_str *out);
/* The text with its $... replaced; the same text (not a copy) where there are
   none. */
tp_status tp_nm_substitute(tp_nutmeg *m, tp_str text, tp_str *out, tp_err *err);
/* Words with their quotes and backslashes gone. */
int    tp_nm_words(tp_str text, const tp_str **out, tp_arena *mem);
tp_str tp_nm_unquote(tp_str word, tp_arena *mem);
/* "v(1) a + b" -> "v(1)", "a + b": expressions with only blanks between. */
int tp_nm_expressions(tp_str text, const tp_str **out, tp_arena *mem);
/* Index after the bracket that closes the one at `at`; text.len if none. */
ptrdiff_t tp_nm_matching(tp_str text, ptrdiff_t at);
/* The next blank-separated word, brackets and quotes kept together. */
tp_str tp_nm_word(tp_str *rest);

/* ---- value.c ------------------------------------------------------------ */

/* What an expression is; TP_BAD_INPUT: a value that can't be had, with its
   reason. As a vector, a number has one element; the name is the text. */
tp_status tp_nm_vector_of(tp_nutmeg *m, tp_str text, tp_wave *out, tp_err *err);
tp_status tp_nm_number_of(tp_nutmeg *m, tp_str text, double *out, tp_err *err);
tp_status tp_nm_truth_of(tp_nutmeg *m, tp_str text, bool *out, tp_err *err);
/* A vector by name alone (plot prefix, @dev[par]); out->name is the reason
   when there is none, out->n 0. */
tp_status tp_nm_lookup(tp_nutmeg *m, tp_str name, tp_wave *out, tp_err *err);

/* ---- flow.c ------------------------------------------------------------- */

typedef struct tp_nm_node tp_nm_node;

typedef enum tp_nm_flow {
    TP_NM_NEXT,
    TP_NM_BREAK,
    TP_NM_CONTINUE,
    TP_NM_GOTO,
    TP_NM_QUIT
} tp_nm_flow;

typedef struct tp_nm_collector {
    tp_arena     mem;
    tp_nm_node  *first, **tail;
    tp_nm_node  *open[TP_NM_NEST_MAX];
    tp_nm_node **open_tail[TP_NM_NEST_MAX];
    int          depth;
    bool         joined; /* the line is several of the text */
} tp_nm_collector;

tp_status tp_nm_collect(tp_nm_collector *c, tp_str line, tp_place at,
                        tp_err *err);
tp_status tp_nm_collected(const tp_nm_collector *c, tp_err *err);
tp_status tp_nm_execute(tp_nutmeg *m, const tp_nm_node *list, tp_err *err);
/* The i-th word of control flow ("while"), NULL after the last. */
const char *tp_nm_keyword(int i, const char **takes, const char **text);

/* ---- names.c: SPICE OPUS's names and the simulator's -------------------- */

/* "m1:x1:x2" -> "m.x2.x1.m1"; others as they are. */
tp_str tp_nm_device_name(tp_str name, tp_arena *mem);
/* "out:x1" -> "x1.out", also inside v(...) and with #branch. */
tp_str tp_nm_node_name(tp_str name, tp_arena *mem);
/* "@r1" -> "@r1[resistance]", "@@m[is]" -> "@m[is]", with the path of the
   device turned round. TP_BAD_INPUT: the device has no principal value. */
tp_status tp_nm_quantity_name(tp_str name, tp_str *out, tp_arena *mem,
                              tp_err *err);

/* ---- simulate.c --------------------------------------------------------- */

typedef struct tp_nm_alter {
    tp_str key, command; /* a later command with this key replaces it */
} tp_nm_alter;

/* Hands a command to the simulator; a design that fails is TP_BAD_INPUT. The
   plots it made join the session, the last one current; `plots` NULL. With
   `plots`, they don't: they are given. */
tp_status tp_nm_simulate(tp_nutmeg *m, tp_str command, tp_waves *plots,
                         tp_err *err);
bool      tp_nm_is_analysis(tp_str command); /* "op", "run" */
/* The next line of a text without its end; and with those that continue it
   ("+ ..."): *n: how many they are (control.c). */
tp_str    tp_nm_cut_line(tp_str *text);
tp_str    tp_nm_whole_line(tp_str *text, int *n, tp_arena *mem);
tp_status tp_nm_constants(tp_nutmeg *m, tp_err *err); /* const as at first */
/* A change of the circuit that a frozen session replays. */
tp_status tp_nm_change(tp_nutmeg *m, tp_str key, tp_str command, tp_err *err);
tp_status tp_nm_record(tp_nutmeg *m, tp_str key, tp_str command, tp_err *err);
/* What a `reset` undoes; or all. */
void tp_nm_forget_changes(tp_nutmeg *m, bool all);
/* Remembers what a quantity was before its first change, where the simulator
   tells it (changes.c). */
tp_status tp_nm_original_keep(tp_nutmeg *m, tp_str key, bool model,
                              tp_err *err);
void      tp_nm_originals_forget(tp_nutmeg *m);
/* Makes these the changes of the circuit. */
tp_status tp_nm_changes_become(tp_nutmeg *m, const tp_nm_alter *want, int n,
                               tp_err *err);
/* `@r1[resistance] = 10k` and the like: values already known. */
tp_status tp_nm_alter_quantity(tp_nutmeg *m, tp_str quantity, const double *v,
                               int n, tp_err *err);
tp_status tp_nm_dc(tp_nutmeg *m, void *owner, tp_str rest, const tp_str *arg,
                   int n, tp_err *err); /* the command */
/* An option of the simulator (temp, reltol ...) or not; `value` "" is a
   boolean one, NULL its default. */
bool      tp_nm_is_option(tp_str name);
tp_status tp_nm_option(tp_nutmeg *m, tp_str name, const tp_str *value,
                       tp_err *err);
/* As it was set, or its default; false: it has no number, or is none. */
bool tp_nm_option_value(const tp_nutmeg *m, tp_str name, double *out);
/* Its default, where it has one. */
tp_status tp_nm_option_default(tp_nutmeg *m, tp_str name, tp_err *err);
tp_status tp_nm_options_again(tp_nutmeg *m, tp_err *err);

/* ---- place.c ------------------------------------------------------------ */

/* A column behind the end of its line is in the lines that continue it. */
tp_place tp_nm_continued(tp_place at);
/* A column in a part of the statement that runs becomes one in the statement;
   in text that was put together there is none. */
void tp_nm_place_col(const tp_nutmeg *m, tp_str part, tp_err *err);
/* Gives an error of the statement that runs its place, by its column. */
void tp_nm_place_err(const tp_nutmeg *m, tp_err *err);

/* ---- files -------------------------------------------------------------- */

/* A file of the session's folder; paths that leave it are TP_BAD_INPUT. */
tp_status tp_nm_path(tp_nutmeg *m, tp_str name, const char **out, tp_err *err);

/* ---- the session -------------------------------------------------------- */

struct tp_nutmeg {
    tp_nutmeg_setup setup;
    tp_nm_heap      heap;
    tp_arena        scratch;      /* of the statement that runs; what it took is
                                     gone when it ends */
    ptrdiff_t values, values_max; /* doubles in all vectors */
    ptrdiff_t heap_least;         /* bytes the heap must have left */

    tp_nm_plot *plot; /* 0: const */
    int         n_plot, cap_plot, current;
    tp_plot    *view; /* for tp_nutmeg_plots */
    int         cap_view;

    tp_nm_variable   *variable;
    int               n_variable, cap_variable;
    tp_nm_define_row *define;
    int               n_define, cap_define;

    bool         loaded;
    tp_arena     circuit_mem; /* of `circuit` */
    tp_circuit   circuit;     /* as loaded */
    double       floor;       /* seconds of analyses since the session began */
    tp_str       title;
    tp_str      *analysis; /* the deck's, for `run` */
    int          n_analysis, cap_analysis;
    tp_str      *device; /* the deck's, for completion */
    int          n_device, cap_device;
    tp_nm_alter *alter;
    int          n_alter, cap_alter;
    tp_nm_alter *original; /* what takes an alter back */
    int          n_original, cap_original;

    tp_nm_collector line;
    tp_arena        line_empty; /* its memory with nothing collected */
    tp_nutmeg_said  now;        /* the statement that runs; of a keyword what
                                   stands behind it */
    int        calls;
    tp_nm_flow flow;
    int        levels; /* of break and continue */
    tp_str     label;  /* of goto; in the heap */
    bool       quit;
    bool       go_on;    /* after a statement that fails */
    tp_outcome failed;   /* how an analysis did; TP_RAN: none failed */
    int        pictures; /* made so far */
    tp_rng     rng;      /* of rnd() and the like */
    double     begun;    /* of timer() */
    double     used[3];  /* rusage: seconds, commands, iterations */

    volatile sig_atomic_t stop;
};

void tp_nm_print(tp_nutmeg *m, tp_str text);
void tp_nm_value_found(tp_nutmeg *m, tp_str name, tp_str unit, double v);
/* "-1.23456e+00": as Nutmeg prints a number, `digits` by numdgt. */
tp_str    tp_nm_number(const tp_nutmeg *m, double v, tp_arena *mem);
tp_status tp_nm_run_text(tp_nutmeg *m, tp_str text, tp_place from, tp_err *err);

typedef struct tp_nm_reason {
    const char *name, *why;
} tp_nm_reason;
/* Tables of commands, ending with NULL. */
extern const tp_nutmeg_command *const tp_nm_commands[];
extern const tp_nm_reason             tp_nm_pointless[];
const tp_nutmeg_command *tp_nm_command_find(const tp_nutmeg *m, tp_str name,
                                            bool *owners);
/* The i-th of all commands, the owner's first; NULL after the last. */
const tp_nutmeg_command *tp_nm_command_at(const tp_nutmeg *m, int i);

/* The columns of `print` (print.c). */
void tp_nm_print_vectors(tp_nutmeg *m, tp_wave *wave, int n, int columns);
#endif
