/* What the files that translate analysis cards share. */
#ifndef TP_NETLIST_ANALYSIS_H
#define TP_NETLIST_ANALYSIS_H

#include "netlist/deck.h"

enum { /* kinds of analysis, for tables */
       TP_IN_OP = 1,
       TP_IN_DC = 2,
       TP_IN_AC = 4,
       TP_IN_TRAN = 8,
       TP_IN_NOISE = 16,
       TP_IN_TF = 32,
       TP_IN_SWEPT = TP_IN_DC | TP_IN_AC | TP_IN_NOISE | TP_IN_TF,
       TP_IN_ALL = 63,
};
typedef enum tp_mode { /* what a sweep moves */
                       TP_MODE_NONE,
                       TP_MODE_DEVICE,
                       TP_MODE_TEMP,
                       TP_MODE_PARAM,
                       TP_MODE_MODEL,
                       TP_MODE_FREQ,
} tp_mode;
typedef enum tp_step { /* and how */
                       TP_STEP_NONE,
                       TP_STEP_BY, /* start stop step */
                       TP_STEP_DEC,
                       TP_STEP_OCT,
                       TP_STEP_LIN, /* n start stop */
                       TP_STEP_LIST,
} tp_step;

/* An analysis card taken apart; a token of kind END is absent. */
typedef struct tp_spec {
    tp_mode         mode;
    tp_token        name, par; /* of the device, parameter or model */
    tp_step         step;
    int             n_number;
    const tp_token *number;
    tp_token        v, vn, i, insrc, f;
    bool            uic;
    int             n_loose; /* what no keyword claimed, in order */
    tp_token       *loose;
} tp_spec;

/* One card on its way to a tp_analysis. */
typedef struct tp_analyser {
    tp_deck       *d;
    const tp_card *card;
    unsigned       in;      /* its kind, one bit */
    const char    *dot;     /* ".ac" */
    int            n_token; /* without commas and what concerns every kind */
    tp_token      *token;
    ptrdiff_t      end; /* offset after the last of them */
    tp_spec        spec;
    tp_analysis   *out;
    tp_err        *err;
} tp_analyser;

/* A number of a card: a constant, or an expression for tp_command_at. */
typedef struct tp_argument {
    bool   constant;
    double value; /* constant */
    tp_str text;  /* as it stands in a command: "1000", "{2*f0}" */
} tp_argument;

bool tp_token_is(tp_token t, const char *word);
bool tp_token_punct(tp_token t, char c);

/* Fills r->spec from r->token. */
tp_status tp_spec_read(tp_analyser *r);
/* The number that a token is. */
tp_status tp_spec_number(tp_analyser *r, tp_token t, tp_argument *out);
/* " (1M is 0.001 (milli); ...)" of a number that is refused; "" mostly. */
tp_str tp_spec_remark(const tp_analyser *r, tp_token t);
/* "`.ac dec 25 1k`: the stop frequency is missing", place after the end. */
tp_status tp_spec_missing(tp_analyser *r, const char *what);
/* "unknown word 'x' in .ac (did you mean y?)". */
tp_status tp_spec_unknown(tp_analyser *r, tp_token t);
/* r->out->sweep from the spec's mode and steps, all constants. */
tp_status tp_spec_sweep(tp_analyser *r);
/* The step spec of a frequency sweep as "dec 25 1000 1000000". */
tp_status tp_spec_frequencies(tp_analyser *r, tp_str *out);
/* The device a token names, as the simulator calls it; checks that its letter
   is one of `letters`. */
tp_status tp_spec_device(tp_analyser *r, tp_token t, const char *letters,
                         tp_str *out);
/* The node a token names, as the simulator calls it. */
tp_status tp_spec_node(tp_analyser *r, tp_token t, tp_str *out);

/* dc.c: the command and sweep of a .dc card. */
tp_status tp_dc_read(tp_analyser *r);
#endif
