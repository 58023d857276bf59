/* parts: what the simulators of this folder share: understanding ngspice's
   messages, and putting the vectors of single analyses together to a
   result. */
#ifndef TP_SIM_PARTS_H
#define TP_SIM_PARTS_H

#include "sim/sim.h"

/* ---- messages.c: what ngspice says --------------------------------------- */

enum { TP_WORDS_MAX = 1200, TP_CARD_MAX = 200 };

/* What ngspice said since tp_words_clear(), without its chatter. */
typedef struct tp_words {
    int  len;
    char text[TP_WORDS_MAX]; /* its complaints, joined by "; " */
    char card[TP_CARD_MAX];  /* the circuit line it complains of, "" none */
    char name[64];           /* the parameter it does not know, "" none */
    bool defined;            /* where that is defined, not used */
    char hint[TP_CARD_MAX];  /* the first singular matrix, "" none */
    int  line;               /* the line number it names, 0 none */
    bool card_next;          /* the next line is a card */
    bool error;              /* an error of a command or of reading */
    bool aborted;            /* an analysis was given up */
    bool transient_op;       /* an operating point made by a transient */
    bool stepped;            /* one found by gmin or source stepping */
} tp_words;

void tp_words_clear(tp_words *w);
void tp_words_add(tp_words *w, tp_str line);
/* All in one line for people; `doing` ("ac dec 5 1 1k") in front. */
tp_str tp_words_text(const tp_words *w, tp_str doing, tp_arena *mem);
/* Whether these words speak of convergence. */
tp_outcome tp_words_outcome(const tp_words *w);
/* Whether a step in time failed, so that the operating point was found. */
bool tp_words_step(const tp_words *w);
/* The line of `text` (1-based) the words are about, 0 unknown. */
int tp_words_line(const tp_words *w, tp_str text);

/* ---- warnings.c: what is said while a circuit is read -------------------- */

enum { TP_WARNINGS_MAX = 20 };

typedef struct tp_warnings {
    int n;
    struct tp_warning {
        char text[TP_CARD_MAX];
        char card[TP_CARD_MAX]; /* the circuit line it is about, "" none */
    } row[TP_WARNINGS_MAX];
    char card[TP_CARD_MAX]; /* the model it speaks of now */
    int  next, last;        /* inside: what the next line may be */
} tp_warnings;

void tp_warnings_add(tp_warnings *w, tp_str line);
/* All of them, with their lines in the circuit `text`. */
const tp_sim_notice *tp_warnings_take(const tp_warnings *w, tp_str text, int *n,
                                      tp_arena *mem);

/* ---- kept.c: simulators that keep nothing but the circuit between runs --- */

tp_status tp_kept_open(tp_sim *sim, tp_err *err);
tp_status tp_kept_load(tp_sim *sim, const tp_circuit *c, tp_err *err);
/* The circuit that was loaded last; TP_SIM: none was. */
tp_status tp_kept(const tp_circuit **out, const tp_sim *sim, tp_err *err);
void      tp_kept_close(tp_sim *sim);

/* ---- gather.c: plots of single commands -> result ------------------------ */

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
/* Whether analysis i starts from an operating point that only its own plot
   shows: a transient's, at its sources' values of time 0. */
bool tp_starts_own(const tp_analysis *a);
/* Its operating point, out of the plot it has put: its first values. There is
   none with UIC and where its points begin later: the plot stays empty. */
void tp_gather_start_of(tp_gather *g, int at);
/* Values of an analysis's sweep of ours, 1 without one. */
int tp_steps(const tp_analysis *a);

/* The kind of the plot its command makes: a sweep of ours over operating
   points is of kind dc, its plots are of kind op. */
tp_str tp_plot_kind(const tp_analysis *a);

/* The principal parameter of a device kind, for `alter`: "gain" for an E. */
const char *tp_principal(tp_str device);

/* ---- folder.c ------------------------------------------------------------ */

/* A new private folder under $TMPDIR or /tmp with an empty .spiceinit, so
   that nobody's start file is read. */
tp_status tp_private_folder(char *path, size_t size, tp_err *err);
void      tp_private_remove(const char *path);

/* ---- sandbox.c: what simulators are confined to -------------------------- */

enum { TP_SANDBOX_FILES = 16 };
/* Confines this process, where it is a worker, to reading the system's files
   and these (at most TP_SANDBOX_FILES, ends with NULL); what the kernel does
   not have of it (tp_confine_words). */
unsigned tp_sandbox_worker(const char *const *file);

/* A simulator that is a program of its own. */
typedef struct tp_sandbox {
    const char *program; /* its path; "": there is none */
    const char *folder;  /* where it may write */
    const char *read[16], *run[8];
} tp_sandbox;
void tp_sandbox_program(tp_sandbox *out, tp_str program, const char *folder,
                        tp_arena *mem);
/* Between fork and exec. A script may start other programs. */
void tp_sandbox_enter(const tp_sandbox *s);

/* ---- commands.c: what a session may say to a simulator ------------------- */

typedef enum tp_command_kind {
    TP_COMMAND_ANALYSIS,
    TP_COMMAND_ALTER, /* a device: name, par, value */
    TP_COMMAND_MODEL, /* a model: name, par, value */
    TP_COMMAND_PARAM, /* a parameter, from the next reset on: name, value */
    TP_COMMAND_RESET,
    TP_COMMAND_OPTION,
    TP_COMMAND_SAVE,
    TP_COMMAND_ASK, /* prints something, changes nothing */
} tp_command_kind;

/* One command, understood: in lower case, numbers with 17 digits. */
typedef struct tp_command {
    tp_command_kind kind;
    tp_str          verb; /* "ac" */
    tp_str          text; /* as ngspice takes it */
    tp_str          name; /* "r1", "@" cut off */
    tp_str          par;  /* "resistance"; "": the principal one */
    int             n;
    const double   *value;
    bool            list; /* the value is a vector, even with n 1 */
    tp_str          key;  /* a later command with the same one undoes it */
} tp_command;

/* Only rows of a table are commands, and only what can't start a program,
   touch a file or say two things at once: "", or why it is refused. */
tp_str tp_command_read(tp_command *out, tp_str text, tp_arena *mem);
bool   tp_command_changes(const tp_command *c); /* the circuit */
/* "@r1[resistance]" -> its parts, in lower case; par "" without brackets. */
bool tp_quantity_read(tp_str *name, tp_str *par, tp_str text, tp_arena *mem);

/* ---- change.c ------------------------------------------------------------ */

/* "x1.r1" -> "r.x1.r1", ngspice's name of a device in a sub-circuit. */
tp_str tp_ng_device(tp_str name, tp_arena *mem);
/* "@r1[resistance]" with ngspice's device name; "" where the device has no
   value of its own. */
tp_str tp_quantity_text(tp_str name, tp_str par, tp_arena *mem);
/* A change as ngspice takes it; "", or why it can't be made. */
tp_str tp_change_text(tp_str *out, const tp_command *c, const tp_circuit *in,
                      tp_arena *mem);

/* ---- commands.c, again --------------------------------------------------- */

/* The changes made to a circuit since it was loaded, without those that later
   ones undid: said again in this order they make the same circuit. */
typedef struct tp_changes {
    int         n, cap;
    tp_command *made;
} tp_changes;
/* Notes a command that worked; `c` and its strings are borrowed. */
void tp_changes_add(tp_changes *all, const tp_command *c, tp_arena *mem);

/* ---- wire.c: what remote and its worker say to each other ---------------- */

typedef enum tp_remote_what {
    TP_REMOTE_COMMAND, /* one text */
    TP_REMOTE_QUERY,   /* one text */
    TP_REMOTE_REPLAY,  /* changes, for a circuit as it was loaded */
} tp_remote_what;

/* `state` counts the changes made to the circuit: a worker whose circuit is
   in another state than `from` does nothing and says so. */
typedef struct tp_remote_ask {
    tp_remote_what what;
    int64_t        from, to; /* state before, and after it worked */
    int            n;
    const tp_str  *text;
} tp_remote_ask;
typedef struct tp_remote_answer {
    bool          behind; /* the state is another one; nothing was done */
    tp_sim_result result; /* of a query: one plot with one wave */
} tp_remote_answer;

tp_str    tp_remote_load_pack(tp_str simulator, const tp_circuit *c,
                              tp_arena *mem);
tp_status tp_remote_load_unpack(tp_str *simulator, tp_circuit *c, tp_str bytes,
                                tp_arena *mem, tp_err *err);
tp_str    tp_remote_ask_pack(const tp_remote_ask *a, tp_arena *mem);
tp_status tp_remote_ask_unpack(tp_remote_ask *out, tp_str bytes, tp_arena *mem,
                               tp_err *err);
tp_str    tp_remote_answer_pack(const tp_remote_answer *a, tp_arena *mem);
tp_status tp_remote_answer_unpack(tp_remote_answer *out, tp_str bytes,
                                  tp_arena *mem, tp_err *err);

/* ---- gather.c, again ----------------------------------------------------- */

/* A plot with its names plain ("V(1)" -> "1"), its scale real and everybody's
   x. */
void tp_plot_plain(tp_plot *p, const tp_plot *got, tp_arena *mem);

extern const tp_sim_ops tp_sim_ngspice, tp_sim_spawn, tp_sim_spectre,
    tp_sim_vcli, tp_sim_fake, tp_sim_raw;
#endif
