/* The inside of drafts of problem files: what a deck holds. */
#ifndef TP_FRONT_DRAFT_H
#define TP_FRONT_DRAFT_H

#include "front/front.h"

enum { TP_DRAFT_MAX = 400 };

/* A MOSFET of the main file: an M card, or an X card of a model's
   sub-circuit. */
typedef struct tp_draft_mos {
    tp_str      name;    /* as written: "M1" */
    tp_str      path;    /* of the MOSFET itself: "xol.m1", "xm1.m0" */
    int         scope;   /* card of its .subckt, -1 the top */
    tp_str      node[4]; /* d g s b */
    bool        pmos;
    tp_str      size[3]; /* w, l, m as written, without braces; "" none */
    double      value[3];
    const char *role; /* "" not known */
    int         like; /* the first device of its role and size, or -1 */
} tp_draft_mos;

typedef enum tp_draft_type {
    TP_DRAFT_W,
    TP_DRAFT_L,
    TP_DRAFT_M,
    TP_DRAFT_COMP,
    TP_DRAFT_VALUE
} tp_draft_type;
/* A parameter of the deck that sizes something. */
typedef struct tp_draft_param {
    tp_str        name;
    double        value;
    tp_draft_type type;
    tp_str        unit;
    int           mos;   /* the first device that has it, -1: none */
    tp_str        users; /* "M1, M2" */
} tp_draft_param;

typedef struct tp_draft_supply {
    tp_str name, net, param; /* param: "" a plain number */
    double value;
} tp_draft_supply;

struct tp_draft {
    tp_arena       *mem;
    tp_deck        *deck;
    tp_draft_ask    ask;
    tp_str          file;   /* the deck's name */
    bool           *design; /* of the deck's files: no library */
    int             n_mos, n_param, n_supply;
    tp_draft_mos    mos[TP_DRAFT_MAX];
    tp_draft_param  param[TP_DRAFT_MAX];
    tp_draft_supply supply[TP_DRAFT_MAX];
    tp_str          output;          /* a net, "" none */
    bool            ac;              /* a source has an ac part */
    double          scale;           /* m of one unit of w and l */
    tp_str          section, models; /* the first .lib's */
    bool            corners;         /* its file has ff and ss too */
};

/* A net that is named like a supply or ground. */
bool tp_draft_is_rail(tp_str net);
/* draft_role.c: fills role and like of every device, and d->output. */
void tp_draft_roles(tp_draft *d);
#endif
