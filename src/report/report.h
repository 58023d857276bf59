/* report: what a run says to people and programs: progress lines, the final
   table, JSON, CSV, .sxopt, the tuned deck, HTML. Reads finished data only;
   everything is returned as text, nothing is printed here. */
#ifndef TP_REPORT_H
#define TP_REPORT_H

#include "plot/plot.h"
#include "problem/problem.h"
#include "store/store.h"

#include <jansson.h>

/* Everything a report is made from. */
typedef struct tp_account {
    const tp_problem   *problem;
    const tp_space     *space; /* as searched */
    tp_run_row          run;
    int                 n_trial;
    const tp_trial     *trial;
    int                 n_event;
    int                 n_waiting; /* of them, the last ones: not logged yet */
    const tp_event_row *event;
    int                 best;            /* 1-based, 0 none */
    int                 centre;          /* of the design, 1-based, 0 none */
    double              centre_distance; /* parts of the ranges */
    int                 repeats;
    int                 not_needed; /* simulations: trials were ended early */
    int                 taken_over; /* from a trial of an earlier phase */
    double              ctol;
    int                 n_simulator; /* that its trials are of, in order; 0:
                                        nobody knows */
    const tp_simulator *simulator;
    tp_proof            proof;
} tp_account;

/* The trial that the run ends with: the centre, else the best; there is one. */
static inline const tp_trial *tp_account_final(const tp_account *a)
{
    return &a->trial[(a->centre ? a->centre : a->best) - 1];
}

/* Where an account comes from. */
typedef struct tp_account_of {
    const tp_problem *problem;
    const tp_space   *space; /* as searched */
    tp_store         *store;
    tp_str            run;
    double            ctol;
} tp_account_of;
/* From the store: rows decoded and scored. TP_BAD_INPUT for damaged rows. */
tp_status tp_account_read(tp_account *out, const tp_account_of *of,
                          tp_arena *mem, tp_err *err);

/* "  7  rcurr=2.61k ...  Supply_current 2.03 mA  Bandwidth 318 MHz ...
   feasible  best 2.03 mA (#7)" */
tp_str tp_report_trial(const tp_problem *p, const tp_trial *t,
                       const tp_trial *best, tp_arena *mem);
/* How far a run is. */
typedef struct tp_bar {
    int             n, failed, max; /* max 0: unknown */
    double          seconds;
    const tp_trial *best;
} tp_bar;
/* "123  best 1.72 mA feasible  14.2/s  failed 2", at most `width` columns. */
tp_str tp_report_bar(const tp_problem *p, const tp_bar *at, int width,
                     tp_arena *mem);
/* Variables, specs (limit, value, margin, met, active), proof, how to
   reproduce it. `colour`: ANSI. */
tp_str tp_report_final(const tp_account *a, bool colour, tp_arena *mem);
/* A trial of a sizing run (a problem with specs) as a block: parameters and
   what is derived from them, each spec's worst value beside its limits and
   target, cost, and what was moved and why. Marks: a tick for met, a triangle
   for a target missed by up to 25 %, a cross beyond and for any limit missed.
 */
typedef struct tp_iteration {
    const tp_problem *problem;
    const tp_trial   *trial, *best; /* best: with it */
    const tp_trial   *before;       /* the best before it, NULL: none */
    int               of;           /* trials the run may make, 0: no limit */
    tp_str            why;          /* the method's own words, "" none */
} tp_iteration;
tp_str tp_report_iteration(const tp_iteration *it, tp_arena *mem);
/* The final report of such a run; `history`: the path of its file, "" none. */
tp_str tp_report_sizing(const tp_account *a, tp_str history, tp_arena *mem);

/* ---- the history file of a sizing run ------------------------------------ */

/* Its members "meta", "problem", "best" and "history" are those of the circuit
   optimiser that sizing comes from ("iter" and "iteration" count from 0); the
   member "trimpot" holds the run itself, bit for bit. */
typedef struct tp_history tp_history;
/* `json`: the problem as JSON. The problem has to live as long. */
tp_history *tp_history_open(const tp_problem *p, tp_str path, tp_str json);
/* The file has all trials and events that are in the store; TP_IO leaves it as
   it was. */
tp_status tp_history_write(tp_history *h, const tp_account_of *of, tp_err *err);
/* What the file of a stored run would hold. */
tp_status tp_history_text(tp_str *out, const tp_account_of *of, tp_str json,
                          tp_arena *mem, tp_err *err);
void      tp_history_close(tp_history *h); /* NULL is fine */
/* Reads one back as rows that can be stored and resumed; TP_BAD_INPUT names
   the member that is wrong. */
typedef struct tp_sxopt tp_sxopt;
tp_status tp_history_read(tp_sxopt *out, tp_str bytes, tp_arena *mem,
                          tp_err *err);

/* `trimpot measure`: every measure with its unit, or why there is none. */
tp_str tp_report_measures(const tp_problem *p, const tp_trial *t,
                          tp_arena *mem);
/* The one object of --json. */
tp_str tp_report_json(const tp_account *a, tp_arena *mem);
tp_str tp_report_measures_json(const tp_problem *p, const tp_trial *t,
                               tp_arena *mem);
/* Parts of JSON objects: a text of valid UTF-8; a number, null where it is not
   finite; a member, whose value is taken. */
json_t *tp_report_text(tp_str s, tp_arena *mem);
json_t *tp_report_number(double v);
void    tp_report_set(json_t *object, tp_str key, json_t *value, tp_arena *mem);
/* As text, numbers in the fewest digits that give them back; compact: without
   blanks. */
tp_str tp_report_json_text(const json_t *j, bool compact, tp_arena *mem);
/* Values of the variables, and of the derived parameters, by name. */
json_t *tp_report_variables_json(const tp_problem *p, const double *x,
                                 tp_arena *mem);
/* A trial: {"trial", "phase", "outcome", "why", "variables", "derived",
   "measures" (worst corner each), "none_because" (why some have no value),
   "corners" (where the problem has any), "objective", "cost", "violation",
   "feasible"}; null for what is unknown. */
json_t *tp_report_trial_json(const tp_problem *p, const tp_trial *t,
                             tp_arena *mem);
/* "none_because": {measure: why}, absent when all have a value. */
void tp_report_add_reasons(json_t *to, const tp_problem *p, const tp_trial *t,
                           tp_arena *mem);
/* The text with '?' for each byte that is not UTF-8; as it is if all is. */
tp_str tp_report_utf8(tp_str s, tp_arena *mem);
/* Of a problem with specs: {"tt_27": {"gain_db": 76.3}}, {"W_M1": 3e-6}; and
   both with the phase (from 1) and the cost in the problem file's terms, put
   into `to`. */
void tp_report_specs_json(json_t *to, const tp_problem *p, const tp_trial *t,
                          tp_arena *mem);
/* The text with '?' for each control byte: nothing that a terminal obeys. */
tp_str tp_report_plain(tp_str s, tp_arena *mem);
/* One line a trial, header first, RFC 4180, 17 digits. */
tp_str tp_report_csv(const tp_account *a, tp_arena *mem);
/* "x y ... cost" a line, in the order asked, after a line of names; a point
   without a cost says "infeasible" or "failed". */
tp_str tp_report_points(const tp_account *a, tp_arena *mem);
/* Our schema doc/sxopt.xsd: whole specification, deck texts, every trial. */
tp_str tp_report_sxopt(const tp_account *a, tp_arena *mem);
/* Reads an .sxopt back as rows that can be stored and resumed. */
struct tp_sxopt {
    tp_run_row          run;
    int                 n_trial, n_event;
    const tp_trial_row *trial;
    const tp_event_row *event;
};
tp_status tp_report_sxopt_read(tp_sxopt *out, tp_str bytes, tp_arena *mem,
                               tp_err *err);
/* The user's deck with the best values as start values, all else byte for
   byte; and the same circuit for plain ngspice. */
tp_status tp_report_deck(tp_str *out, const tp_account *a, tp_arena *mem,
                         tp_err *err);
tp_status tp_report_deck_ngspice(tp_str *out, const tp_account *a,
                                 tp_arena *mem, tp_err *err);
/* Objective and best so far over the trials, infeasible ones marked. */
void tp_report_convergence(tp_graph *out, const tp_account *a, tp_arena *mem);
/* One self-contained page. */
tp_status tp_report_html(tp_str *out, const tp_account *a, tp_arena *mem,
                         tp_err *err);
#endif
