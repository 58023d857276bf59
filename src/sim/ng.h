/* ng: what the files of the embedded ngspice share. */
#ifndef TP_SIM_NG_H
#define TP_SIM_NG_H

#include "sim/parts.h"

enum {
    TP_NG_COMMAND_MAX = 1000,
    TP_NG_TEXT_MAX = 1 << 16,
    TP_LADDER_MAX = 6, /* rungs */
};

typedef struct tp_ng {
    const tp_circuit *c;
    tp_words          words;
    bool              reads; /* the circuit; what it says is in `warnings` */
    tp_warnings       warnings;
    char              last[200]; /* the last line on stdout */
    bool              lost;      /* the library must not be called again */
    bool              loaded;
    bool              events; /* it has to be read again before each analysis */
    bool              dirty;  /* something but parameters was altered */
    bool              plots;  /* there are some */
    bool              saves;  /* commands have said what to save */
    bool              warm;   /* values were set without reading it again */
    bool              stepped;    /* an operating point of this run was found by
                                     gmin or source stepping */
    bool                unsaid;   /* its parameters don't know of `at` */
    bool                analysed; /* since the values were set, by a command */
    struct tp_ng_dials *dials;    /* numbers set without a reset; NULL: none */
    struct tp_ng_start *start;    /* of operating points; NULL: not asked for */
    int                 ladder;   /* rungs that may be climbed */
    bool                step_failed; /* in time, not the operating point */
    const char         *options;     /* of the rung, said after each reset */
    int      counted;    /* iterations when they were counted; -1 unknown */
    int      iterations; /* of this run, as far as they were counted */
    double  *current;    /* the parameters as set; NAN unknown */
    double  *at;         /* those of the point that the circuit was set to */
    int      home;       /* the folder this process was in */
    int      version;    /* of the library, 0 unknown */
    unsigned lacks;      /* of confinement, see tp_confine() */
    double   floor;      /* wall seconds of this run's analyses */
    bool     listens;    /* what is printed is kept in `text` */
    int      text_len;
    char     text[TP_NG_TEXT_MAX];
} tp_ng;

/* Sends one command; false when it is too long or the library is lost. */
bool tp_ng_send(tp_ng *s, const char *fmt, ...) TP_PRINTF(2, 3);
/* Reads the circuit again at its parameters; false: it could not. */
bool tp_ng_reset(tp_ng *s);
/* Runs one analysis command into empty plots; "" or why it failed. */
tp_str tp_ng_analyse(tp_ng *s, tp_str command, tp_outcome *how, tp_arena *mem);
int    tp_ng_iterations(tp_ng *s); /* since the circuit was read */
void   tp_ng_count(tp_ng *s); /* adds those since the last count to the run's */
void   tp_ng_forget(tp_ng *s); /* the commands so far, which it keeps else */

/* ---- ng_load.c ---------------------------------------------------- */

/* Reads a circuit into a library that holds none; false: its words, or it is
   lost. */
bool tp_ng_read_circuit(tp_ng *s, tp_str text, tp_arena mem);
/* Says what `reset` forgets. */
bool tp_ng_wishes(tp_ng *s);
/* What is saved is what the circuit wishes, whatever commands have said. */
bool tp_ng_saves_back(tp_ng *s);
/* Sets the parameters and, where any changed, reads the circuit again. */
bool tp_ng_set_params(tp_ng *s, const double *value);
/* Says those that ngspice does not know yet: the circuit is dirty then. */
bool tp_ng_say_params(tp_ng *s, const double *value);
/* Whether it has parts that are simulated by events (devices a...): ngspice
   keeps their state from one analysis to the next, whose values are then
   others than those of the circuit read afresh. */
bool tp_ng_has_events(tp_str text);

/* ---- ng_start.c --------------------------------------------------- */

/* An operating point: the voltages of the nodes that have start values. */
typedef struct tp_ng_voltages {
    const double *v;
} tp_ng_voltages;
/* Finds the operating point of the circuit's own values, and reads the circuit
   again with it as the start (.nodeset). Where that can't be, or leads
   elsewhere, tp_ng_start_why says so. */
void   tp_ng_start_open(tp_ng *s, tp_arena *mem);
bool   tp_ng_start_is_usable(const tp_ng *s);
int    tp_ng_start_nodes(const tp_ng *s, const tp_str **node);
tp_str tp_ng_start_why(const tp_ng *s); /* for the user; "": nothing to say */
/* The circuit with or without start values; false: it could not be read. */
bool tp_ng_start_use(tp_ng *s, bool with, tp_arena mem);
/* Options that hold while it has them; NULL: it has none. */
const char *tp_ng_start_options(const tp_ng *s);
/* The operating point of the circuit as it is; false: there is none. */
bool tp_ng_start_find(tp_ng *s, tp_ng_voltages *out, tp_arena *mem);
/* Where two are not the same one, in words; "": nowhere. */
tp_str tp_ng_start_differs(const tp_ng *s, const tp_ng_voltages *warm,
                           const tp_ng_voltages *cold, tp_arena *mem);

/* ---- ng_version.c ------------------------------------------------- */

/* The number in what `version` prints ("ngspice-46"); 0: there is none. */
int tp_ng_version(tp_str said);
int tp_ng_ask_version(tp_ng *s);
/* "ngspice-39, built Sun Feb 5 13:44:35 UTC 2023" of what it or the program
   (`ngspice -v`) says; "": no version is in it. */
tp_str tp_ng_version_words(tp_str said, tp_arena *mem);
/* The files of "a.osdi:b.osdi", as absolute paths, NULL behind the last (room
   for max + 1). TP_BAD_INPUT names the one that can't be. */
tp_status tp_ng_osdi_paths(const char **out, int max, tp_str list,
                           tp_arena *mem, tp_err *err);
/* Loads compiled models; TP_SIM and ngspice's words when it can't. */
tp_status tp_ng_load_osdi(tp_ng *s, const char *const *path, tp_err *err);

/* ---- ng_sweep.c --------------------------------------------------- */

/* Says a parameter's value, which the next reset puts into effect; false: it
   could not be said. */
bool tp_ng_param(tp_ng *s, tp_str name, const char *value);
bool tp_ng_param_to(tp_ng *s, tp_str name, double v);
/* One value of a sweep that ngspice has no command for. */
bool tp_ng_sweep_set(tp_ng *s, const tp_sweep *w, double v, tp_arena mem);
/* Undoes a sweep: the deck as it was, at the same parameters. */
bool tp_ng_sweep_end(tp_ng *s, const tp_sweep *w, tp_arena mem);

/* ---- ng_ladder.c -------------------------------------------------- */

/* The rung to try after a failure, at or after `from`; -1: there is none.
   `step_failed`: a step in time, not the operating point. */
int tp_ladder_next(const tp_ng *s, int from, bool step_failed);
/* Whether what it gives is not what plain ngspice gives for the deck. */
bool tp_ladder_changes(int i);

/* ---- ng_alter.c -------------------------------------------------- */

typedef enum tp_ng_set {
    TP_NG_SET,
    TP_NG_NO_BIN, /* a transistor is in no bin: nothing was changed */
    TP_NG_LOST,   /* ngspice can't read the circuit so */
} tp_ng_set;
/* Prepares s->dials for the circuit that is loaded. */
void tp_ng_dials_open(tp_ng *s, tp_arena *mem);
/* The circuit at these values of its parameters. `*why` of TP_NG_NO_BIN. */
tp_ng_set tp_ng_dials_set(tp_ng *s, const double *value, tp_str *why,
                          tp_arena *mem);
/* The circuit read again at the values that were set last. */
bool tp_ng_again(tp_ng *s, const double *value);
/* What ngspice held is gone: the next point is read. */
void tp_ng_dials_forget(tp_ng *s);
/* Whether commands may be given after it: gives it up where some would find
   other than in the circuit read again. */
bool tp_ng_dials_command(tp_ng *s);
/* Why the circuit is read again for every point; "": it is not. */
tp_str tp_ng_dials_why(const tp_ng *s);

/* ---- ng_read.c --------------------------------------------------- */

/* Copies a plot ("ac1") into `mem`, the scale first; "" or why not. */
tp_str tp_ng_read_plot(tp_plot *out, tp_str name, tp_str kind, tp_arena *mem);
/* Names of all plots but the constants', oldest first. */
int tp_ng_plots(const tp_str **name, tp_arena *mem);
/* A vector or quantity; false: there is none. */
bool tp_ng_read_vector(tp_wave *out, tp_str name, tp_arena *mem);

/* ---- ng_command.c ------------------------------------------------ */

tp_status tp_ng_command(tp_sim *sim, tp_str command, tp_arena *mem,
                        tp_sim_result *out, tp_err *err);
tp_status tp_ng_query(tp_sim *sim, tp_str name, tp_arena *mem, tp_wave *out,
                      tp_err *err);
#endif
