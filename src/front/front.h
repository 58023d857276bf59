/* front: a user's file -> a problem. One row per kind of file. */
#ifndef TP_FRONT_H
#define TP_FRONT_H

#include "problem/problem.h"

typedef struct tp_front {
    const char *name, *summary;
    /* Whether the deck is of this kind. */
    bool (*knows)(const tp_deck *deck);
    /* Fills `out`, whose name, path and files are there. */
    tp_status (*read)(tp_problem *out, tp_deck *deck, const tp_files *files,
                      tp_arena *mem, tp_err *err);
} tp_front;

/* Reads the file and all it includes into a complete, checked problem: every
   expression compiled, every name resolved, bounds and start values checked.
   `files` NULL: from disk, with files->disk what a deck may name there beside
   the usual (tp_deck_read); else only from there (a stored run).
   A deck without optimiser statements gives a problem without variables and
   measures. Everything wrong is TP_BAD_INPUT with its place. */
tp_status tp_front_read(tp_problem *out, const char *path,
                        const tp_files *files, tp_arena *mem, tp_err *err);

/* A problem file's text, JSON or YAML, as JSON. */
tp_status tp_front_json(tp_str *out, const tp_source *file, tp_arena *mem,
                        tp_err *err);

/* The same for a simulator ("NAME,setting=value"; "": the one that the file
   names): a problem file may have netlists of a circuit for several. */
tp_status tp_front_read_for(tp_problem *out, const char *path,
                            const tp_files *files, tp_str simulator,
                            tp_arena *mem, tp_err *err);

/* Whether the path is a problem file's, not a deck's; and the same as
   tp_front_read_for() of a deck that has been read from there. */
bool      tp_front_is_problem(const char *path);
tp_status tp_front_read_deck(tp_problem *out, const char *path, tp_deck *deck,
                             const tp_files *files, tp_arena *mem, tp_err *err);

/* What is moved: a variable, a parameter of the deck, or "x1.xm1[w]". */
typedef struct tp_vary {
    tp_str name;
    double lo, hi;
} tp_vary;
/* Makes them variables of the problem of one deck. n 0: every variable, and
   every w, l and m on a device's card outside of libraries, by up to 20 % (a
   problem of several decks: nothing changes). */
tp_status tp_front_vary(tp_problem *p, const tp_vary *by, int n, tp_arena *mem,
                        tp_err *err);

/* ---- sweeps of a bandgap ------------------------------------------------- */

/* What is wanted; NAN: PSRR or TC is not. */
typedef struct tp_bandgap_goal {
    double vbg, vbg_tolerance; /* V; relative */
    double psrr, psrr_min;     /* dB of rejection */
    double tc, tc_max;         /* ppm/K */
    double w_vbg, w_psrr, w_tc;
} tp_bandgap_goal;

/* The figure of merit as vcli's circuit-optimizer has it: any difference from
   Vbg is infeasible (1000 + the sum of the relative misses); else the
   distances of PSRR and TC (upside down) from their targets, each weighted
   twice. Infinite at a TC of 0. */
double tp_bandgap_literal(const tp_bandgap_goal *g, double vbg, double psrr,
                          double tc);
/* Repaired: a tolerance of Vbg, weights once, TC over its target, and nothing
   to pay for what is better than wanted. It is the cost that specs with
   one-sided targets have. */
double tp_bandgap_repaired(const tp_bandgap_goal *g, double vbg, double psrr,
                           double tc);

/* What a sweep's file may be told beside itself; "" nothing. */
typedef struct tp_bandgap_ask {
    const char     *path;
    tp_str          netlist; /* instead of its `netlist` */
    tp_str          corner;  /* "tt+res_tt,ff": instead of its corners */
    const tp_reach *disk;    /* what its netlist may name beside the usual */
} tp_bandgap_ask;

/* Reads a sweep (the YAML of vcli's run_bandgap_sweep.py, with measurements
   and corners of our own) into a problem, as if a problem file stood at its
   path. tp_front_read() takes such a file too. The goal can be had from the
   problem again. */
tp_status tp_bandgap_read(tp_problem *out, const tp_bandgap_ask *ask,
                          tp_arena *mem, tp_err *err);
/* False: the problem is no sweep of a bandgap. */
bool tp_bandgap_goal_of(tp_bandgap_goal *out, const tp_problem *p);
/* Its measures: Vbg, PSRR, TC; -1: not wanted. */
void tp_bandgap_measures(int out[3], const tp_problem *p);

/* ---- drafts of problem files --------------------------------------------- */

typedef struct tp_draft tp_draft;
typedef struct tp_draft_ask {
    const tp_reach *disk;     /* what the deck may name beside the usual */
    tp_str pdk, process_data; /* "": widths are searched as they are; else
                                 W_<tag> of a deck with L_<tag> is found from
                                 gm/Id, as problem files name them */
} tp_draft_ask;
/* What the deck has at its own values; NAN: not known. */
typedef struct tp_draft_seen {
    bool    any;     /* it gave a result at all */
    double *gm, *id; /* per device of the draft */
    double  usual[4];
} tp_draft_seen;

/* Looks a deck through: MOSFETs with polarity, role and what is matched,
   parameters that size something, supplies, output, library sections.
   TP_BAD_INPUT where there is no such parameter. */
tp_status tp_draft_read(tp_draft **out, const char *path,
                        const tp_draft_ask *ask, tp_arena *mem, tp_err *err);
/* A problem whose first trial gives what the draft wants to see. */
tp_status tp_draft_probe(tp_problem *out, const tp_draft *d, tp_err *err);
/* Takes that trial's readings; r NULL: it gave none. */
void tp_draft_see(tp_draft_seen *out, const tp_draft *d, const tp_problem *p,
                  const tp_reading *r);
/* The problem file; `deck`: the deck's path as seen from it. Limits of its
   specs are the deck's own values, two digits, rounded so that it meets them;
   none of a deck that gave no result. seen NULL: the probe's text. */
tp_str tp_draft_text(const tp_draft *d, const tp_draft_seen *seen, tp_str deck);
#endif
