/* cli: the program. One row per command, one row per flag; help, manual page
   and completions are printed from the same rows. */
#ifndef TP_CLI_H
#define TP_CLI_H

#include "device/device.h"
#include "report/report.h"
#include "run/run.h"

#include <jansson.h>
#include <stdio.h>

enum { MAX_ARGUMENTS = 8 };

/* Of `gmid` and `bandgap` commands, as written; "" where not given. */
typedef struct gmid_options {
    tp_str model, polarity, inner, process, corner, netlist;
    tp_str pdk, process_data;
    tp_str l, w, vdd, vgs, vds, vsb, temp;
    tp_str gmid, gm, id, budget, branches, gbw, slew, c, factor, between;
    bool   check;
} gmid_options;

/* Of an outside mind's commands; "" and 0 where not given. */
typedef struct mind_options {
    tp_str note, failed, measure, limit;
    int    top, last, count, ask;
    double wait; /* seconds for another process that works on the run */
} mind_options;

typedef struct options {
    tp_run_settings run;
    gmid_options    gmid;
    tp_str          store, out, from, write_deck, write_deck_as, format;
    int             dialect; /* a tp_dialect */
    bool json, csv, sxopt, history, progress, engine, no_proof, no_history;
    bool help;
    mind_options mind;
    int          n_arg;
    tp_str       arg[MAX_ARGUMENTS];
    tp_str       vary;   /* check: "NAME=LO:HI,..." */
    int          points; /* check: random ones */
    int          trial;  /* replay, measure: 0 the best */
    tp_str       raw;    /* measure: instead of simulating */
} options;

/* A command's surroundings; all of it lives as long as the process. */
typedef struct session {
    tp_arena              mem;
    const struct command *command;
    options               opt;
    tp_reach              reach; /* of --include-dir */
    tp_files              disk;  /* the disk, as far as that goes */
    tp_store             *store;
} session;

typedef struct command {
    const char *name, *args; /* "run", "FILE"; a name may be two words */
    int         min_args, max_args;
    const char *flags;   /* names of its rows, blanks between */
    const char *summary; /* one line */
    const char *text;    /* a paragraph for the manual */
    tp_status (*go)(session *s, int *exit_status, tp_err *err);
    bool hidden;
} command;
extern const command commands[]; /* ends with a row without a name */
const command       *command_find(const char *name); /* NULL: none */

/* A flag: its tp_param row and how it is written. */
typedef struct flag {
    tp_param    row;
    const char *arg;    /* "FILE"; NULL: a switch */
    const char *repeat; /* values collect with this between; NULL: the last */
    bool        maybe;  /* the value may be missing: then `bare` */
    const char *bare;
    const char *same_as; /* an alias of this row */
} flag;

extern const flag gmid_flags[]; /* flags_gmid.c; ends with {0} */
extern const flag mind_flags[]; /* flags_mind.c; ends with {0} */

/* options.c */
const flag *flag_find(tp_str name); /* of all commands */
const flag *flag_at(int i);         /* every flag; name NULL at the end */
/* Fills s->opt from the words after the command's name. */
tp_status options_parse(session *s, int n, char **word, tp_err *err);
bool      command_takes(const command *c, const char *flag_name);

/* session.c */
const char *session_store_path(session *s);
tp_status   session_store(session *s, bool make, tp_err *err);
/* Reads a run's problem, settings and account back from the store. */
typedef struct stored_run {
    tp_run_row      row;
    tp_problem      problem;
    tp_run_settings set;
    tp_space        space;
    tp_account      account;
} stored_run;
/* `which`: id, prefix, "last", or an .sxopt or history file. Only to be read:
   the store must be there, and a file's run does not come into it. */
tp_status session_run(session *s, stored_run *out, tp_str which, tp_err *err);
/* The same to be worked on: the store is open to be changed, and a file's run
   is stored as a new one, which is said. */
tp_status session_go_on(session *s, stored_run *out, tp_str which, tp_err *err);
/* The same, with its account, only to be read: no store is open or changed
   after it. */
tp_status session_look(session *s, stored_run *out, tp_str which, tp_err *err);
/* TP_BAD_INPUT for a script's run, which has no deck of its own. */
tp_status session_needs_deck(const stored_run *r, tp_err *err);
/* Trial --trial of the run, else the best; it must have been simulated. */
tp_status session_trial(session *s, stored_run *r, const tp_trial **out,
                        tp_err *err);
tp_status session_account(session *s, stored_run *r, tp_err *err);
void      say(const char *fmt, ...) TP_PRINTF(1, 2); /* a line on stderr */
void      print(tp_str text);                        /* on stdout */
void      print_json(json_t *j);                     /* and drops it */
bool      colour_on(int fd);
int       columns_of(int fd);
const volatile int *stop_flag(void); /* set by Ctrl-C and SIGTERM */

/* output.c: what a finished run leaves on disk, checked before it starts. */
typedef struct outputs {
    tp_str folder;  /* where files of the deck go */
    tp_str results; /* .sxopt path, "" none */
    tp_str points;  /* the method's outfile, "" none */
    tp_str deck;    /* --write-deck */
} outputs;
/* TP_BAD_INPUT: a problem that an .sxopt file can not hold. */
tp_status outputs_fit_sxopt(const tp_problem *p, tp_err *err);
tp_status outputs_check(session *s, const tp_problem *p, outputs *out,
                        tp_err *err);
tp_status outputs_write(session *s, const tp_account *a, const outputs *out,
                        tp_err *err);
/* claims.c: no file that is written may be one that is read, or another that
   is written. */
typedef struct claim {
    tp_str   path;
    tp_str   what; /* "the deck", "results_file" */
    tp_place at;   /* where it is named, if in a deck */
} claim;
typedef struct claims {
    tp_arena *mem;
    claim    *list;
    int       n, cap;
} claims;
void claims_add(claims *c, tp_str path, const char *what);
/* Both paths name one file or folder. */
bool same_file(tp_str a, tp_str b, tp_arena mem);
/* TP_BAD_INPUT when the path is already claimed, by any of its names. */
tp_status claims_output(claims *c, const claim *out, tp_err *err);
/* 0 everything met and proved, 1 not. */
int verdict(const tp_account *a, bool proof_wanted);

/* cmd_store.c: to standard output, or as <--out>/<run>.<ending>. */
tp_status deliver(session *s, tp_str run, const char *ending, tp_str text,
                  tp_err *err);

/* cmd_run.c: a run of a problem to its end; `report` prints it. */
typedef void report_run(session *s, const tp_account *a, tp_str history);
tp_status    run_problem(session *s, const tp_problem *p, report_run *report,
                         int *exit_status, tp_err *err);

/* cmd_gmid.c: reads a lookup file. */
tp_status gmid_read(session *s, tp_str path, tp_gmid_table **out, tp_err *err);
/* One number of a flag; false: it is not given. */
tp_status gmid_number(const char *flag_name, tp_str text, bool *given,
                      double *out, tp_err *err);

/* cmd_script.c: the problem of the command's file; *script: its control block
   uses `optimize`, and `out` is not set. And the script's run. */
tp_status read_problem(session *s, tp_problem *out, bool *script, tp_err *err);
tp_status run_script(session *s, int *exit_status, tp_err *err);
/* Runs the script of a stored run again: its runs go on where they are. */
tp_status resume_script(session *s, const stored_run *of, int *exit_status,
                        tp_err *err);

/* cmd_run.c: how the problem's decks are simulated. */
tp_status say_engine(session *s, const tp_problem *p, tp_err *err);

tp_status cmd_bandgap_run(session *s, int *exit_status, tp_err *err);
tp_status cmd_bandgap_status(session *s, int *exit_status, tp_err *err);
tp_status cmd_bandgap_report(session *s, int *exit_status, tp_err *err);
tp_status cmd_gmid_table(session *s, int *exit_status, tp_err *err);
tp_status cmd_gmid_lookup(session *s, int *exit_status, tp_err *err);
tp_status cmd_gmid_plot(session *s, int *exit_status, tp_err *err);
tp_status cmd_problem(session *s, int *exit_status, tp_err *err);
tp_status cmd_spice(session *s, int *exit_status, tp_err *err);
tp_status cmd_run(session *s, int *exit_status, tp_err *err);
tp_status cmd_resume(session *s, int *exit_status, tp_err *err);
tp_status cmd_measure(session *s, int *exit_status, tp_err *err);
tp_status cmd_replay(session *s, int *exit_status, tp_err *err);
tp_status cmd_check(session *s, int *exit_status, tp_err *err);
tp_status cmd_methods(session *s, int *exit_status, tp_err *err);
tp_status cmd_functions(session *s, int *exit_status, tp_err *err);
tp_status cmd_list(session *s, int *exit_status, tp_err *err);
tp_status cmd_show(session *s, int *exit_status, tp_err *err);
tp_status cmd_export(session *s, int *exit_status, tp_err *err);
tp_status cmd_report(session *s, int *exit_status, tp_err *err);
tp_status cmd_mind(session *s, int *exit_status, tp_err *err);
tp_status cmd_mcp(session *s, int *exit_status, tp_err *err);
tp_status cmd_worker(session *s, int *exit_status, tp_err *err);
tp_status cmd_help(session *s, int *exit_status, tp_err *err);
tp_status cmd_man(session *s, int *exit_status, tp_err *err);
tp_status cmd_completion(session *s, int *exit_status, tp_err *err);
tp_status cmd_version(session *s, int *exit_status, tp_err *err);
void      help_command(tp_arena mem, const command *c);
void      help_all(void);
#endif
