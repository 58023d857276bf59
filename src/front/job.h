/* job: a problem file (JSON or YAML) on its way to a problem. One file for
   each part of it; they fill the reader, in this order. */
#ifndef TP_FRONT_PLAN_H
#define TP_FRONT_PLAN_H

#include "front/front.h"
#include "front/yaml.h"
#include "gmid/gmid.h"

/* A deck that is simulated, in every corner. */
typedef struct tp_plan_bench {
    tp_str         name, path;
    const tp_yaml *at;
    tp_deck      **deck;    /* one per corner; NULL: not ngspice's */
    tp_spectre    *spectre; /* its netlist for Spectre, or NULL */
    int            n_bring, cap_bring;
    tp_str        *bring; /* what Virtuoso has to bring (outside.c) */
    int            n_analysis, cap_analysis;
    tp_analysis   *analysis; /* at the end those that somebody reads */
    int            n_timeout, cap_timeout;
    double        *timeout; /* s, of each */
} tp_plan_bench;

/* A transistor that is sized by its gm/Id. */
typedef struct tp_plan_device {
    tp_str         tag;       /* "M1": what follows the first _ of gmid_M1 */
    tp_str         role;      /* "input_pair"; "" not said */
    const tp_yaml *parameter; /* its gmid parameter */
    const tp_yaml *at;        /* its entry in `devices`, or NULL */
    int            gmid;      /* index of the value */
    bool           sized;
} tp_plan_device;

typedef struct tp_plan_reader {
    tp_problem     *p;
    const tp_files *files; /* instead of the disk, or NULL */
    const char     *cache; /* as tp_files has it */
    tp_reach        reach; /* what decks may name there: also what is beside
                              the files that the problem file names */
    tp_arena      *mem;
    const tp_yaml *top;    /* `optimization` */
    tp_str         folder; /* of the problem file */
    tp_str         by;     /* the simulator asked for; "": the file's */
    int            cap_file;
    tp_source     *file_list; /* p->files as it grows */

    /* process.c */
    tp_str pdk, process; /* process: the folder of its tables */
    tp_str model_file;
    double l_min, w_min, w_max; /* m; NAN: not known */

    int             n_bench;
    tp_plan_bench  *bench;
    int             cap_var, cap_derived, cap_check, cap_notice, cap_device;
    int             cap_measure, n_device;
    tp_var         *var;
    tp_derived     *derived;
    tp_check       *check;
    tp_str         *notice;
    tp_plan_device *device;
    tp_measure     *measure;
    bool           *early; /* of `derived`: made already */
    int             cap_start;
    tp_edit        *start;    /* where start values stand */
    bool            no_start; /* of one variable */
    int             n_read, cap_read;
    tp_str         *read; /* values that others are derived from */
} tp_plan_reader;

/* ---- job.c --------------------------------------------------------------- */

/* A file named in the problem file, from the disk or from what was stored; it
   becomes one of the problem's files. */
tp_status tp_plan_file(const tp_source **out, tp_plan_reader *r, tp_str path,
                       const tp_yaml *at, tp_err *err);
/* What the problem file names may be read, and what is beside it. */
void tp_plan_named(tp_plan_reader *r, tp_str path);
/* Whether there is one. */
bool tp_plan_has_file(const tp_plan_reader *r, tp_str path);
void tp_plan_keep_files(tp_plan_reader *r, tp_files files);
void tp_plan_notice(tp_plan_reader *r, const tp_yaml *at, tp_str text);
/* The index of a value: a variable, space.n + a derived one, then what corners
   set; -1: none. ASCII case ignored. */
int tp_plan_value(const tp_plan_reader *r, tp_str name);
/* " (did you mean ...?)" of all values. */
tp_str tp_plan_values_like(const tp_plan_reader *r, tp_str name);
/* A value that others are derived from, and whether it is one. */
void tp_plan_note_read(tp_plan_reader *r, tp_str name);
bool tp_plan_is_read(const tp_plan_reader *r, tp_str name);
/* Whether a deck has or uses a parameter of that name. */
bool tp_plan_used(const tp_plan_reader *r, tp_str name);

/* ---- parts --------------------------------------------------------------- */

tp_status tp_plan_process(tp_plan_reader *r, tp_err *err);    /* process.c */
tp_status tp_plan_parameters(tp_plan_reader *r, tp_err *err); /* parameter.c */
tp_status tp_plan_corners(tp_plan_reader *r, tp_err *err);    /* corner.c */
tp_status tp_plan_benches(tp_plan_reader *r, tp_err *err);    /* bench.c */
/* derived.c: those that need no device, then the others */
tp_status tp_plan_derived_early(tp_plan_reader *r, tp_err *err);
tp_status tp_plan_devices(tp_plan_reader *r, tp_err *err);  /* device.c */
tp_status tp_plan_derived(tp_plan_reader *r, tp_err *err);  /* derived.c */
tp_status tp_plan_measures(tp_plan_reader *r, tp_err *err); /* measurement.c */
tp_status tp_plan_specs(tp_plan_reader *r, tp_err *err);    /* spec.c */
tp_status tp_plan_circuits(tp_plan_reader *r, tp_err *err); /* bench.c */

/* outside.c: benches for simulators that read netlists of their own */
/* What a bench's measures read that has to be saved by name. */
void      tp_plan_saves(tp_circuit *out, const tp_plan_reader *r, int bench);
bool      tp_plan_outside(const tp_plan_reader *r); /* the simulator is one */
tp_status tp_plan_outside_read(tp_plan_reader *r, tp_plan_bench *b,
                               tp_err *err);
bool      tp_plan_virtuoso(const tp_plan_reader *r);
/* What a measure that is bound asks of Virtuoso. */
tp_status tp_plan_outside_ask(tp_plan_reader *r, tp_measure *m, tp_err *err);
/* Whether its netlist has a parameter of that name; *expr: its value. */
bool tp_plan_outside_param(const tp_plan_bench *b, tp_str name, tp_str *expr);
/* One circuit per corner; `value`: the names of all values. */
tp_status tp_plan_outside_circuits(tp_circuit *out, tp_plan_reader *r,
                                   int bench, const tp_str *value, tp_err *err);

/* ---- derived.c ----------------------------------------------------------- */

/* An amount: a number, or an expression over values. */
typedef struct tp_amount {
    double         number; /* where `expr` is NULL */
    const tp_expr *expr;
    int            n;
    const int     *value; /* one per name of the expression; -1: of */
    const double  *constant;
    tp_str         text;
} tp_amount;
/* From text; *unknown (may be NULL: an error) is set when a name is no value
   yet. `at` gives places to errors. */
tp_status tp_plan_amount(tp_amount *out, tp_plan_reader *r, tp_str text,
                         const tp_yaml *at, bool *unknown, tp_err *err);
bool      tp_amount_at(double *out, const tp_amount *a, const double *value,
                       tp_str *why, tp_arena *mem);
/* Adds a derived value. */
tp_status tp_plan_derive(tp_plan_reader *r, tp_derived d, const tp_yaml *at,
                         tp_err *err);
tp_status tp_plan_derive_amount(tp_plan_reader *r, tp_str name, tp_str unit,
                                const tp_amount *a, const tp_yaml *at,
                                tp_err *err);
void      tp_plan_check(tp_plan_reader *r, tp_check c);

/* ---- bind.c -------------------------------------------------------------- */

/* Leaves out the bench's analyses that no measure reads. */
void tp_plan_prune(tp_plan_reader *r, int bench);
/* The unit that the name of a measure or variable ends with: "gain_db" -> dB;
   "" none. */
tp_str tp_plan_unit(tp_str name);
/* Binds the names of a measure's expression. */
tp_status tp_plan_bind(tp_plan_reader *r, tp_measure *m, tp_str analysis,
                       const tp_yaml *at, tp_err *err);
#endif
