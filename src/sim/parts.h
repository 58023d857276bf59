/* parts: what the simulators of this folder share: understanding ngspice's
   messages, and putting the vectors of single analyses together to a
   result. */
#ifndef TP_SIM_PARTS_H
#define TP_SIM_PARTS_H

#include "sim/sim.h"

/* ---- words.c: ngspice's messages --------------------------------- */

enum { TP_WORDS_MAX = 1200, TP_CARD_MAX = 200 };

/* What ngspice said since tp_words_clear(), without its chatter. */
typedef struct tp_words {
    int  len;
    char text[TP_WORDS_MAX]; /* its complaints, joined by "; " */
    char card[TP_CARD_MAX];  /* the circuit line it complains of, "" none */
    char name[64];           /* the parameter it does not know, "" none */
    char hint[TP_CARD_MAX];  /* the first singular matrix, "" none */
    int  line;               /* the line number it names, 0 none */
    bool card_next;          /* the next line is a card */
    bool error;              /* an error of a command or of reading */
    bool aborted;            /* an analysis was given up */
    bool transient_op;       /* an operating point made by a transient */
} tp_words;

void tp_words_clear(tp_words *w);
void tp_words_add(tp_words *w, tp_str line);
/* All in one line for people; `doing` ("ac dec 5 1 1k") in front. */
tp_str tp_words_text(const tp_words *w, tp_str doing, tp_arena *mem);
/* Whether these words speak of convergence. */
tp_outcome tp_words_outcome(const tp_words *w);
/* The line of `text` (1-based) the words are about, 0 unknown. */
int tp_words_line(const tp_words *w, tp_str text);

/* ---- gather.c: plots of single commands -> result ----------------------- */

typedef struct tp_gather {
    const tp_circuit *c;
    tp_arena         *mem;
    int               n; /* analyses and operating points */
    tp_plot          *plot;
    int              *of; /* plot i belongs to analysis of[i] */
} tp_gather;

/* Makes room for the plots of the wanted analyses. */
void tp_gather_start(tp_gather *g, const tp_circuit *c, const bool *want,
                     tp_arena *mem);
/* Takes the plot of one command (step `step` of a sweep of ours) as plot
   `at`; its waves must stay where they are, but for steps after the first.
   "" or why it can't be used: no points, a value that is not finite. */
tp_str tp_gather_put(tp_gather *g, int at, int step, const tp_plot *got);
/* Values of an analysis's sweep of ours, 1 without one. */
int tp_steps(const tp_analysis *a);

/* The principal parameter of a device kind, for `alter`: "gain" for an E. */
const char *tp_principal(tp_str device);

/* A new private folder under $TMPDIR or /tmp with an empty .spiceinit, so
   that nobody's start file is read. */
tp_status tp_private_folder(char *path, size_t size, tp_err *err);
void      tp_private_remove(const char *path);

extern const tp_sim_ops tp_sim_ngspice, tp_sim_spawn, tp_sim_fake;
#endif
