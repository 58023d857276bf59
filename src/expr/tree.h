/* The syntax tree that every dialect lowers to, and the operators in it. */
#ifndef TP_EXPR_TREE_H
#define TP_EXPR_TREE_H

#include "expr/functions.h"

enum {
    TP_DEPTH_MAX = 200,    /* of the tree, and of brackets in the text */
    TP_ARG_MAX = 12,       /* arguments of a builtin */
    TP_TEXT_MAX = 1 << 16, /* bytes of one expression */
    TP_SLOT_MAX = 1000,    /* names in one */
    TP_SIZE_MAX = 100000,  /* values, operators, calls that one walks through */
};

/* What an operator does; its spelling and binding belong to a dialect. Called
   like a builtin (no argument is TP_NONE or TP_DIVISIONS). */
typedef struct tp_op {
    const char *text;  /* as printed between operands, or in front of one */
    const char *close; /* an index: `text` opens it, this closes it */
    tp_value (*call)(const tp_value *arg, int n, const tp_env *env,
                     tp_arena *mem);
} tp_op;
typedef enum tp_op_id {
    TP_OP_NEGATE,
    TP_OP_PLUS,
    TP_OP_NOT,
    TP_OP_POWER,
    TP_OP_TIMES,
    TP_OP_OVER,
    TP_OP_REMAINDER,
    TP_OP_ADD,
    TP_OP_SUBTRACT,
    TP_OP_LESS,
    TP_OP_GREATER,
    TP_OP_AT_MOST,
    TP_OP_AT_LEAST,
    TP_OP_EQUAL,
    TP_OP_UNEQUAL,
    TP_OP_AND,
    TP_OP_OR,
    TP_OP_JOIN,
    TP_OP_COMPLEX, /* (re, im) */
    TP_OP_VECTOR,  /* [a, b, c] */
    TP_OP_INDEX,   /* a[i]; sees divisions whole */
    /* Nutmeg's own; ops_nutmeg.c */
    TP_OP_MODULO, /* of whole parts, signs dropped */
    TP_OP_GT,     /* these hold when real and imaginary parts hold */
    TP_OP_LT,
    TP_OP_GE,
    TP_OP_LE,
    TP_OP_EQ,
    TP_OP_NE,
    TP_OP_BOTH,
    TP_OP_EITHER,
    TP_OP_NEITHER, /* not: both parts are 0 */
    TP_OP_CHOOSE,  /* a ? b : c; only one of b and c is evaluated */
    TP_OP_CHAIN,   /* (a; b; c) end to end */
    TP_OP_ELEMENT, /* a[i], and a[i,j]: elements i to j */
    TP_OP_BETWEEN, /* a[%i], a[%i,j]: between elements, interpolated */
    TP_OP_RANGE,   /* a[[lo,hi]]: where the scale is in this range */
    TP_OP_COUNT
} tp_op_id;
extern const tp_op tp_ops[TP_OP_COUNT];

typedef enum tp_node_kind {
    TP_NODE_NUMBER,
    TP_NODE_TEXT,
    TP_NODE_NAME, /* a slot */
    TP_NODE_OP,
    TP_NODE_CALL,
} tp_node_kind;

/* The kinds of arguments a row's `takes` may name. */
typedef enum tp_arg_kind {
    TP_WANT_ANY,
    TP_WANT_WAVE,
    TP_WANT_NUMBER,
    TP_WANT_TEXT,
    TP_WANT_VECTOR, /* a wave; a number is welcome as one of one point */
    TP_WANT_WHOLE,  /* any, and a vector with its gaps */
} tp_arg_kind;
extern const char *const tp_want_words[]; /* "a wave", by tp_arg_kind */

typedef struct tp_node {
    tp_node_kind           kind;
    ptrdiff_t              at;    /* in the text, for messages */
    int                    depth; /* 1: a leaf */
    int                    size;  /* nodes below and itself, as walked */
    double                 number;
    tp_str                 text;
    int                    slot;
    tp_op_id               op;
    const tp_fn           *fn;
    int                    n;
    const struct tp_node **arg;
    bool                   extend; /* vectors of several points are brought to
                                      the length and scale of the longest, the
                                      last value repeated, before the call */
    tp_arg_kind want[TP_ARG_MAX];  /* of a call, per argument */
} tp_node;

struct tp_expr {
    const tp_node *root;
    const tp_slot *slot;
    int            n_slot;
    bool           degrees;
    tp_dialect     dialect;
};

/* Elements that are no number; gaps.c. */
typedef struct tp_gaps {
    int           n, kept; /* elements with and without the gaps; n 0: none */
    const int    *pick;    /* where the kept ones were */
    const double *x;       /* of n elements, or NULL */
} tp_gaps;
bool tp_has_gap(const tp_value *v);
/* Takes the gaps out of the arguments; false: nothing is left. */
bool tp_gaps_out(tp_gaps *g, tp_value *arg, int n, tp_arena *mem);
/* Puts them into a vector of as many elements as were kept. */
void tp_gaps_back(const tp_gaps *g, tp_value *v, tp_arena *mem);

/* Units of a result; unit.c. A sum keeps the unit of both; a plain number (no
   unit) takes the other's. */
tp_str tp_unit_product(tp_str a, tp_str b);
tp_str tp_unit_quotient(tp_str a, tp_str b);
tp_str tp_unit_sum(tp_str a, tp_str b);

/* Checks a call whose fn, at, n and arg are set: count and kinds of its
   arguments as far as they can be told now. Fills `want` and adds the
   defaults that were not written. err->col is the place in the text. */
tp_status tp_check_call(tp_node *call, tp_arena *mem, tp_err *err);

/* tp_fail with a column: `at` is 0-based. */
tp_status tp_fail_col(tp_err *err, tp_status code, ptrdiff_t at,
                      const char *fmt, ...) TP_PRINTF(4, 5);

/* A node without arguments; and its arguments, with depth and size checked
   (TP_LIMIT). Builders of the parsers; tree.c. */
tp_node  *tp_node_new(tp_node_kind kind, ptrdiff_t at, tp_arena *mem);
tp_status tp_node_args(tp_node *node, const tp_node **arg, int n, tp_err *err);
/* An operator's node with its arguments, which are copied. */
tp_status tp_node_op(const tp_node **out, const tp_node *model,
                     const tp_node *const *arg, int n, tp_arena *mem,
                     tp_err *err);

/* How many arguments a builtin takes at most, and at least. */
int tp_fn_most(const tp_fn *fn);
int tp_fn_least(const tp_fn *fn);
/* What argument i is called, "" nothing; and its default, or NULL. */
tp_str         tp_fn_key(const tp_fn *fn, int i);
const tp_node *tp_fn_default(const tp_fn *fn, int i, ptrdiff_t at,
                             tp_arena *mem);
/* "unknown function 'snh' (did you mean sinh?)" */
tp_status tp_unknown_function(tp_dialect dialect, tp_str name, ptrdiff_t at,
                              tp_arena mem, tp_err *err);

/* The slot of a name, new where there is none (TP_LIMIT: too many), and a node
   with it. */
typedef struct tp_slots {
    tp_slot *slot;
    int      n, cap;
} tp_slots;
tp_status tp_slot_of(int *slot, tp_slots *all, tp_str name, ptrdiff_t at,
                     tp_arena *mem, tp_err *err);
tp_status tp_slot_node(const tp_node **out, tp_slots *all, tp_str name,
                       ptrdiff_t at, tp_arena *mem, tp_err *err);

/* OCEAN's accesses to results, by their first word; ocean_name.c. */
typedef struct tp_access_row {
    const char *name;
    tp_access   kind;
    const char *result;
    int         least, most; /* texts in its brackets */
    bool        at_result;   /* ?result may follow */
} tp_access_row;
const tp_access_row *tp_access_find(tp_str name);
/* The texts of an access as written, and its canonical form. */
typedef struct tp_access_text {
    const tp_access_row *row;
    int                  n;
    tp_str               text[2], result;
} tp_access_text;
tp_str tp_access_print(const tp_access_text *a, tp_arena *mem);
/* A text in double quotes, with its escapes; ocean_name.c. */
void tp_ocean_quote(tp_buf *b, tp_str s);

/* The parsers of the dialects; simetrix.c, nutmeg.c, ocean.c. */
tp_status tp_simetrix_parse(struct tp_expr *out, tp_str text,
                            const tp_scope *in, tp_arena *mem, tp_err *err);
tp_status tp_nutmeg_parse(struct tp_expr *out, tp_str text, const tp_scope *in,
                          tp_arena *mem, tp_err *err);
tp_status tp_ocean_parse(struct tp_expr *out, tp_str text, const tp_scope *in,
                         tp_arena *mem, tp_err *err);

/* What Nutmeg's own operators do; ops_nutmeg.c. */
typedef tp_value tp_op_fn(const tp_value *arg, int n, const tp_env *env,
                          tp_arena *mem);
tp_op_fn         tp_nutmeg_modulo, tp_nutmeg_gt, tp_nutmeg_lt, tp_nutmeg_ge,
    tp_nutmeg_le, tp_nutmeg_eq, tp_nutmeg_ne, tp_nutmeg_both, tp_nutmeg_either,
    tp_nutmeg_neither, tp_nutmeg_chain, tp_nutmeg_element, tp_nutmeg_between,
    tp_nutmeg_range;
/* Two texts, or two values by `f`: 1 where they are equal (`same`) or differ;
   ops.c. */
tp_value tp_compare(const tp_value *arg, tp_cell2_fn *f, bool same,
                    tp_arena *mem);
/* Brings the waves of several points among the arguments to one length. */
void tp_extend(tp_value *arg, int n, tp_arena *mem);
#endif
