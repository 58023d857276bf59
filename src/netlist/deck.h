/* The inside of a deck, for netlist's own files. */
#ifndef TP_NETLIST_DECK_H
#define TP_NETLIST_DECK_H

#include "netlist/netlist.h"

/* One device, in the table made from the cards on first need. */
typedef struct tp_device {
    tp_str name;   /* lower case: "q1" */
    char   letter; /* 'q' */
    int    card;
    int    subckt; /* card of the .subckt it is inside, or -1 */
    int    n_node; /* nodes that have pins (a BJT's substrate included) */
    const tp_token *node;
    tp_str          model; /* lower case; X: the sub-circuit's name; "" none */
} tp_device;

/* One .subckt card. */
typedef struct tp_subckt {
    tp_str        name; /* lower case */
    int           card;
    int           n_pin;
    const tp_str *pin; /* lower case */
} tp_subckt;

/* A 0 V source in series with a pin: node `pin` of the device is replaced by
   a node of ours, and the source stands between, positive end outside, so
   that its current is the current into the device. */
typedef struct tp_ammeter {
    int    device; /* index in the device table */
    int    pin;    /* index in the device's nodes */
    tp_str source; /* its name inside its scope: "vtp_d1_0" */
    tp_str node;   /* the new node: "tp_d1_0" */
} tp_ammeter;

struct tp_deck {
    tp_arena       *mem;
    tp_deck_dialect kind;
    bool            log_is_ln; /* a SIMetrix deck with PSpice's or HSPICE's
                                  words: log() is the natural one */
    tp_str gnd;            /* what the simulator calls a node `gnd` that is not
                              ground, as in SIMetrix's language; "": it is */
    tp_str      behaviour; /* ngspice's mode of compatibility, "": its own */
    double      temp;      /* instead of any .temp; NAN: none */
    tp_str      title;
    int         n_file, cap_file;
    tp_source  *file; /* main first; addresses of texts are stable */
    int         n_card, cap_card;
    tp_card    *card;
    bool       *taken; /* n_card: not part of the circuit any more */
    int         n_notice, cap_notice;
    tp_str     *notice;
    int         n_device; /* -1: table not made yet */
    tp_device  *device;
    int         n_node; /* names of top-level and x-path nodes */
    tp_str     *node;
    int         n_path; /* names of top-level and x-path devices */
    tp_str     *path;
    int         n_ammeter, cap_ammeter;
    tp_ammeter *ammeter;
    int         n_subckt, cap_subckt; /* made with the device table */
    tp_subckt  *subckt;
    int         n_model, cap_model; /* names of .model cards, lower case */
    tp_str     *model;
    int         n_tune, cap_tune;
    tp_tune    *tune;
    bool       *library;              /* per file: a section of it was called */
    int         n_global, cap_global; /* names of .global nodes */
    tp_str     *global;
    int         n_analysis; /* what tp_deck_analyses gave */
    const tp_analysis *analysis;

    const struct tp_skips *skips;    /* what was passed over, or NULL; then: */
    int                    n_passed; /* cards that were */
    tp_condition           in;       /* what it was read in */
};

/* What a circuit was made of that lacks lines of its deck's files. */
struct tp_reduced {
    const tp_deck    *deck;
    const tp_tunable *tunable;
    int               n_ammeter, n_tune; /* of the deck's, those before */
    const bool       *taken;
};

/* whole.c: NULL where the deck was read whole. */
const struct tp_reduced *tp_reduced_of(const tp_deck    *d,
                                       const tp_tunable *tunable, int n);
/* The same deck without notes, from its own texts. */
tp_status tp_deck_read_whole(tp_deck **whole, const tp_deck *d, tp_arena *mem,
                             tp_err *err);
/* Where each card of a deck that was not read whole is in the same deck read
   whole, at[d->n_card]; false: they are not the same. */
bool tp_deck_find_cards(int *at, const tp_deck *whole, const tp_deck *d);

/* deck.c */
void tp_deck_notice(tp_deck *d, tp_str text); /* copies */
/* translate.c: a node's name as it is written for the simulator (case kept):
   itself, but for what ngspice can't take in a SIMetrix deck: odd bytes, and
   `gnd`, which it would make ground. */
tp_str tp_node_name(const tp_deck *d, tp_str node, tp_arena *mem);
/* devices.c: fills device and node; fine to call again. */
tp_status tp_deck_index(tp_deck *d, tp_err *err);
/* The sub-circuit of that name seen from `scope` (a .subckt card, -1 the top):
   the nearest one that encloses the place, else any; NULL: none. */
const tp_subckt *tp_deck_subckt(const tp_deck *d, tp_str name, int scope);
/* nesting.c: TP_BAD_INPUT for a sub-circuit that is inside itself. */
tp_status tp_deck_nesting(const tp_deck *d, tp_err *err);
/* Index of the device a path names ("q1", "x1.q1"), or -1; for a path the
   device of the definition. */
int tp_deck_device(const tp_deck *d, tp_str path);
/* The name of pin k of a device: "c" for a BJT's 0, a sub-circuit's own node
   name; "" none. */
tp_str tp_device_pin(const tp_deck *d, const tp_device *dev, int k,
                     tp_arena *mem);
/* The simulator's name of the device at the end of a path ("x1.r1" ->
   "r.x1.r1"), in `mem`; `last` (may be empty) instead of the last name. */
tp_str tp_deck_flat(const tp_deck *d, tp_str path, tp_str last, tp_arena *mem);
/* Whether the path ("out", "x1.out") is a node; `out` is its simulator's name
   (that of the outer node for a sub-circuit's pin, "0" for ground). */
bool tp_deck_node(const tp_deck *d, tp_str path, tp_str *out, tp_arena *mem);
/* arith.c: numparam's arithmetic over names the caller resolves. `look`
   returns false for an unknown name. TP_BAD_INPUT with err->col = position in
   text. */
typedef bool tp_arith_look(void *with, tp_str name, double *value);
tp_status    tp_arith(double *out, tp_str text, tp_arith_look *look, void *with,
                      tp_err *err);
#endif
