/* The syntax tree that every dialect lowers to, and the operators in it. */
#ifndef TP_EXPR_TREE_H
#define TP_EXPR_TREE_H

#include "expr/functions.h"

enum {
    TP_DEPTH_MAX = 200,    /* of the tree, and of brackets in the text */
    TP_ARG_MAX = 8,        /* arguments of a builtin */
    TP_TEXT_MAX = 1 << 16, /* bytes of one expression */
    TP_SLOT_MAX = 1000,    /* names in one */
};

/* What an operator does; its spelling and binding belong to a dialect. Called
   like a builtin (no argument is TP_NONE or TP_DIVISIONS). */
typedef struct tp_op {
    const char *text; /* as printed between operands, or in front of one */
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
typedef enum tp_want {
    TP_WANT_ANY,
    TP_WANT_WAVE,
    TP_WANT_NUMBER,
    TP_WANT_TEXT,
} tp_want;

typedef struct tp_node {
    tp_node_kind           kind;
    ptrdiff_t              at;    /* in the text, for messages */
    int                    depth; /* 1: a leaf */
    double                 number;
    tp_str                 text;
    int                    slot;
    tp_op_id               op;
    const tp_fn           *fn;
    int                    n;
    const struct tp_node **arg;
    tp_want                want[TP_ARG_MAX]; /* of a call, per argument */
} tp_node;

struct tp_expr {
    const tp_node *root;
    const tp_slot *slot;
    int            n_slot;
    bool           degrees;
};

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

/* The parser of the dialect TP_SIMETRIX; simetrix.c. */
tp_status tp_simetrix_parse(struct tp_expr *out, tp_str text, tp_arena *mem,
                            tp_err *err);
#endif
