/* flat: a circuit's text as ngspice reads it, understood far enough to tell
   what it can reach and which numbers it gives its devices. For the files
   that prune a circuit and that evaluate its expressions. */
#ifndef TP_NETLIST_FLAT_H
#define TP_NETLIST_FLAT_H

#include "netlist/deck.h"

/* ---- rows.c: the text's logical lines ---------------------------------- */

typedef enum tp_row_kind {
    TP_ROW_DEVICE,
    TP_ROW_PARAM,
    TP_ROW_FUNC,
    TP_ROW_MODEL,
    TP_ROW_SUBCKT,
    TP_ROW_ENDS,
    TP_ROW_OPTION,
    TP_ROW_OTHER, /* any other statement, the title and .end */
} tp_row_kind;

typedef struct tp_row {
    tp_row_kind kind;
    bool        maybe;   /* between .if and .endif */
    tp_str      text;    /* its lines, joined by blanks */
    int         line, n; /* the first of its lines (0-based), how many */
    int         in;      /* the row of the .subckt it is inside, or -1 */
    int         next;    /* the next row with the same `in`, or -1 */
} tp_row;
typedef struct tp_rows {
    int     n;
    tp_row *row;
    tp_str *line; /* every line, without its end */
    int     n_line;
    int     first; /* the first row with `in` -1 */
} tp_rows;
/* False: a .subckt or .ends without its partner, in *bad (a row). */
bool tp_rows_read(tp_rows *out, tp_str text, int *bad, tp_arena *mem);
/* The first row inside a .subckt's row, -1 none. */
int tp_rows_inside(const tp_rows *r, int subckt);

/* The next run of bytes that are none of blank , ( ) = { } ' " at or after
 *at; empty at the end. */
tp_str tp_plain_word(tp_str s, ptrdiff_t *at);
/* "nch.12" -> "nch": the name that devices give a bin of a model; other names
   as they are. */
tp_str tp_bin_base(tp_str model);
/* The second word: the name of what the row defines. */
tp_str tp_row_name(const tp_row *r);

/* ---- code.c: expressions as steps ---------------------------------------- */

typedef enum tp_op {
    TP_OP_VAR,    /* a variable of the code: a.k is its index */
    TP_OP_RANDOM, /* any number, another one each time */
    TP_OP_TEMPER, /* the temperature, whatever it is */
    TP_OP_NEGATE,
    TP_OP_NOT,
    TP_OP_CHOOSE,
    TP_OP_POWER,
    TP_OP_POWER_HSPICE,
    TP_OP_POW,
    TP_OP_PWR,
    TP_OP_TIMES,
    TP_OP_OVER,
    TP_OP_MOD,
    TP_OP_QUOTIENT,
    TP_OP_PLUS,
    TP_OP_MINUS,
    TP_OP_EQ,
    TP_OP_NE,
    TP_OP_LT,
    TP_OP_GT,
    TP_OP_LE,
    TP_OP_GE,
    TP_OP_AND,
    TP_OP_OR,
    TP_OP_MIN,
    TP_OP_MAX,
    TP_OP_SQR,
    TP_OP_SQRT,
    TP_OP_EXP,
    TP_OP_LOG,
    TP_OP_LOG10,
    TP_OP_SIN,
    TP_OP_COS,
    TP_OP_TAN,
    TP_OP_ASIN,
    TP_OP_ACOS,
    TP_OP_ATAN,
    TP_OP_SINH,
    TP_OP_COSH,
    TP_OP_TANH,
    TP_OP_ASINH,
    TP_OP_ACOSH,
    TP_OP_ATANH,
    TP_OP_ABS,
    TP_OP_INT,
    TP_OP_NINT,
    TP_OP_FLOOR,
    TP_OP_CEIL,
    TP_OP_SGN,
    TP_OPS
} tp_op;

/* A value: the number k where node is -1, else what that step gives. */
typedef struct tp_term {
    double k;
    int    node;
} tp_term;
typedef struct tp_code {
    tp_arena *mem;
    int       n, cap;
    struct tp_code_step {
        tp_op op;
        bool  random, temper,
            varies; /* what it depends on: `varies` any variable
                     */
        tp_term a, b, c;
    } * step;
} tp_code;
tp_term tp_number_term(double k);
/* One operation; at once a number where its operands are, or where 0 is
   multiplied or divided. `code` NULL: random numbers are refused
   by giving NAN. */
tp_term tp_step(tp_code *code, tp_op op, tp_term a, tp_term b, tp_term c);
bool    tp_is_random(const tp_code *code, tp_term t);
bool    tp_is_temper(const tp_code *code, tp_term t);
bool    tp_depends(const tp_code *code, tp_term t); /* on a variable */

/* What every step gives at these values of the variables, into value[n];
   random ones as 0. */
void   tp_code_run(const tp_code *code, const double *var, double *value);
double tp_term_value(tp_term t, const double *value);
/* Bounds of what every step can give while variable i is in var[i]. Sound for
   every operation, infinite where nothing better is known; rounding is not
   counted. */
void tp_code_bound(const tp_code *code, const tp_range *var, tp_range *range);
tp_range tp_term_range(tp_term t, const tp_range *range);

/* ---- arith.c: numparam's expressions as terms ---------------------------- */

typedef struct tp_arith_env {
    bool (*look)(void *with, tp_str name, tp_term *out); /* false: unknown */
    /* A function that is none of numparam's; may be NULL. */
    bool (*call)(void *with, tp_str name, const tp_term *arg, int n,
                 tp_term *out);
    void    *with;
    tp_code *code;
    bool     hspice; /* ngbehavior hs: powers of negative numbers */
} tp_arith_env;
tp_status tp_arith_term(tp_term *out, tp_str text, const tp_arith_env *env,
                        tp_err *err);

/* ---- table.c: a table of names of names, case ignored -------------------- */

uint64_t tp_name_hash(tp_str name); /* FNV-1a, case ignored */
typedef struct tp_table {
    tp_arena *mem;
    int       n, cap, n_slot; /* n_slot: a power of 2 */
    int      *slot;           /* 1 + an index in `entry`, 0 empty */
    struct tp_table_entry {
        tp_str name;
        int    value, next; /* the next entry of that name, or -1 */
    } * entry;
} tp_table;
void tp_table_add(tp_table *t, tp_str name, int value);
/* The last entry of that name, or -1. */
int tp_table_find(const tp_table *t, tp_str name);
int tp_table_value(const tp_table *t, int entry);
int tp_table_next(const tp_table *t, int entry); /* of the same name, or -1 */

/* ---- flat.c: a circuit's instances, with their parameters ---------------- */

/* Parameters as one instance of a sub-circuit sees them. */
typedef struct tp_scope {
    const struct tp_scope *up;     /* who calls; NULL: the top */
    tp_str                 path;   /* "x1.xm1", "" at the top; lower case */
    int                    subckt; /* its row, -1 the top */
    tp_table               name;   /* -> index in `term` */
    int                    n, cap;
    tp_term               *term;
} tp_scope;

/* A parameter of a sub-circuit. */
struct tp_formal {
    tp_str name, value;
    int    level; /* 0 on the .subckt line; after those it needs */
};

typedef struct tp_flat {
    tp_arena         *mem;
    const tp_rows    *r;
    const tp_circuit *c;
    tp_code           code; /* variables: c->param, then swept parameters */
    int               n_var;
    tp_scope          top;
    tp_table          subckt, func; /* -> row */
    tp_table          param;        /* -> index in `global` */
    int               n_global, cap_global;
    struct tp_global { /* a parameter at the top */
        tp_str  expr;
        int     row;
        int     state; /* 0 not looked at, 1 at it, 2 known, 3 it can't be */
        tp_term term;
    } * global;
    struct tp_formals {
        int               n;
        struct tp_formal *formal;
    } * formals;  /* by .subckt row, made at the first call */
    bool *spread; /* by row: a .subckt whose devices its calls multiply */
    int   depth, n_visit;
    /* Called for every instance of a device, call or model, in the order in
       which ngspice expands them; for a call with the caller's scope. */
    void (*visit)(struct tp_flat *f, void *with, int row, const tp_scope *s);
    void  *with;
    tp_str trouble;     /* the first thing that was not understood; "" */
    int    trouble_row; /* and where */
    bool   has_random;  /* a parameter of an instance is random */
} tp_flat;

/* Reads the parameters at the top; visits nothing yet. */
void tp_flat_open(tp_flat *f, const tp_rows *r, const tp_circuit *c,
                  tp_arena *mem);
/* Visits everything. False: something on the way there was not understood
   (`trouble`), so that not everything was visited as it is. */
bool tp_flat_walk(tp_flat *f);
/* An expression (with or without braces or quotes) as that instance sees it;
   false: it can't be told, and a trouble is noted. */
bool tp_flat_term(tp_flat *f, const tp_scope *s, tp_str text, tp_term *out,
                  int row);
/* Whether the name is a parameter there. */
bool tp_flat_knows(const tp_flat *f, const tp_scope *s, tp_str name);
/* The value text of "name = value" of a device or instance row; empty: not
   there. */
tp_str tp_row_value(const tp_row *row, tp_str name, tp_arena *mem);
/* The last plain word before the first "name =": the model of a transistor,
   the sub-circuit of an instance; *rest: where the first entry begins. */
tp_str tp_row_type(const tp_row *row, ptrdiff_t *rest);

/* Whether `name` stands as a word in an expression. */
bool tp_names_in(tp_str expr, tp_str name);
bool tp_is_hspice(tp_str mode); /* of ngbehavior */

/* ---- spread.c: multipliers of sub-circuits ------------------------------- */

enum { TP_SPREAD_MAX = 40 }; /* sub-circuits in sub-circuits */
/* Fills f->spread; part of tp_flat_open. */
void tp_spread_read(tp_flat *f);
/* Whether devices of that instance get its multiplier. */
bool tp_flat_spreads(const tp_flat *f, const tp_scope *s);
/* Whether such a row gets one there: sources of voltage, for example, do not.
 */
bool tp_is_multiplied(const tp_row *r);
/* The multiplier that ngspice gives a device or call of that instance; false:
   none, or it can't be told and a trouble is noted. */
bool tp_flat_multiplier(tp_flat *f, const tp_scope *s, int row, tp_term *out);
/* Whether it is known what the multiplier of that call comes to: one
   sub-circuit of the name, without others in it, no parameter made from m. */
bool tp_spread_is_plain(tp_flat *f, int call);

/* ---- bins.c: bins of models ---------------------------------------------- */

typedef struct tp_bin { /* a .model row "base.N" */
    tp_str   base;
    int      row;
    tp_range l, w; /* lmin lmax wmin wmax, in metres */
    bool     bounded, reached, used;
} tp_bin;
typedef struct tp_bins {
    int      n, cap;
    tp_bin  *bin;
    tp_table base;  /* -> bin */
    double   scale; /* the option; NAN: it can't be told */
} tp_bins;
void tp_bins_read(tp_bins *out, tp_flat *flat);
/* How far, in metres, from a bin's bound ngspice may still count a length or
   width as in the bin, on either side: 1 nm, whatever the size, and of the bins
   that hold it so the first in the deck is taken (its INPgetModBin). */
double tp_bin_slack(double bound);
/* Whether ngspice in that mode looks for a bin with w / nf, not w. */
bool tp_bins_by_finger(tp_str mode);

#endif
