/* expr: the measurement language. One syntax tree and one evaluator; a
   dialect is a parser, a list of builtins and a list of constants: SIMetrix
   script, Nutmeg, OCEAN. A measurement that can't be made is a value, TP_NONE
   with a reason, never a wrong number, never NaN. */
#ifndef TP_EXPR_H
#define TP_EXPR_H

#include "base/base.h"
#include "wave/wave.h"

typedef enum tp_kind {
    TP_NONE,      /* `why` says why */
    TP_NUMBER,    /* re */
    TP_COMPLEX,   /* re, im */
    TP_STRING,    /* text */
    TP_WAVE,      /* wave: n values, real or complex, x or no x */
    TP_DIVISIONS, /* n parts, one a trial of a multi-step run */
} tp_kind;

typedef struct tp_value {
    tp_kind                kind;
    double                 re, im;
    tp_str                 text;
    tp_wave                wave;
    int                    n;
    const struct tp_value *part;
    tp_str      unit; /* "V" "A" "Hz" "s" "dB" "deg" "ratio" "%" ... "" */
    const char *why;  /* "never crosses -3 dB" */
} tp_value;

/* No value, because (in mem); a number; a text, borrowed. */
tp_value tp_none(tp_arena *mem, const char *fmt, ...) TP_PRINTF(2, 3);
tp_value tp_value_number(double v, tp_str unit);
tp_value tp_value_text(tp_str s);
tp_value tp_value_wave(const tp_wave *w); /* a one-point wave without x stays
                                             a wave; tp_value_scalar reduces */
/* The number a measure is: a number, or a vector of length 1 (real, or
   complex with imaginary part 0); else TP_NONE saying what it was. */
tp_value tp_value_scalar(const tp_value *v, tp_arena *mem);
/* Truth as Nutmeg's `if` sees it: any element, of any part, that is not 0; a
   text that is not empty. TP_NONE is false. */
bool tp_value_true(const tp_value *v);

/* Any value as text: "2.5 V", "(3, 4)", "'text'", "[1, 2, 3]", "xy([0, 1],
   [5, 6])", "{[1, 2], [3]}" for divisions, "none: why". Long vectors are cut
   after 16 values ("..."). */
tp_str tp_value_show(const tp_value *v, int digits, tp_arena *mem);

typedef enum tp_dialect {
    TP_SIMETRIX,
    TP_NUTMEG,
    TP_OCEAN, /* Cadence's: value(dB20(VF("/OUT")) 1) */
} tp_dialect;
extern const char *const tp_dialect_names[]; /* "simetrix" ..., then NULL */

/* A constant, for names that nothing else defines. */
typedef struct tp_const {
    const char *name;
    double      re, im;
    bool        cx;
    const char *unit;
    const char *text; /* one sentence for the manual */
} tp_const;           /* a table ends with {0} */
const tp_const *tp_constants_of(tp_dialect dialect);
/* SIMetrix's (pi, true, false). */
bool tp_constant(tp_str name, double *value);
/* Of a dialect: "pi" and, in Nutmeg, "const.pi". */
bool tp_constant_of(tp_dialect dialect, tp_str name, tp_value *value);

/* What a builtin sees of its surroundings. */
typedef struct tp_env {
    bool degrees;           /* trigonometric functions take degrees, phases
                               are in degrees */
    int           n_result; /* OptimiserSimulatorResults(): the 1-based best */
    const double *result;   /* trial first; n 0: no run here, TP_NONE */
    tp_rng       *rng;      /* rnd() and the like draw from it; NULL: none */
    bool          timed;    /* clock and timer are set */
    double        clock;    /* clock(): seconds of the wall clock */
    double        timer;    /* timer(): seconds since the session began */
    bool          gaps;     /* a bound vector may have gaps: elements that are
                               NAN. Operators keep them; builtins that do not
                               take "whole" see the other elements */
    const tp_wave *scale;   /* Nutmeg's interpolate(): the default scale of the
                               current plot (its values count), or NULL */
} tp_env;

/* One builtin = one row. The checker, the evaluator, `trimpot functions`,
   completion, the manual and the tests read the same row. */
typedef struct tp_fn {
    const char *name;  /* as documented: "XatNthYp"; case ignored */
    const char *takes; /* "wave number [number=2]": kinds in order; [..=v] has
                          a default, [..] may be missing; kinds: wave number
                          text any, vector (a wave or a number), whole (any;
                          a vector with its gaps). OCEAN: "wf1:wave": may be
                          given as ?wf1, too */
    const char *gives; /* "number", "wave", "any" */
    tp_value (*call)(const tp_value *arg, int n, const tp_env *env,
                     tp_arena *mem); /* NULL: OCEAN's access to a result; the
                                        parser makes a name of it */
    const char *text;                /* one sentence for the manual */
    const char *example, *shows;     /* example -> shows is run as a test */
} tp_fn;
/* Rows that belong together, one file each; `fn` ends with a row without a
   name. */
typedef struct tp_fn_group {
    const char  *title; /* a heading of the manual: "Crossings" */
    const tp_fn *fn;
} tp_fn_group;
/* Every group, in the order of the manual, ending with one without a title. In
   OCEAN one name may have several rows, of which the count of arguments picks
   one. */
const tp_fn_group *tp_functions_of(tp_dialect dialect);
/* A dialect's builtin by name, the first of several; NULL: unknown. */
const tp_fn *tp_function_find(tp_dialect dialect, tp_str name);

/* Nutmeg's `define f(x,y) body`. A call is replaced by its body, with the
   arguments in the place of the parameters; other names of the body are names
   of the expression that calls. */
typedef struct tp_user_fn {
    tp_str        name;
    int           n_param;
    const tp_str *param;
    tp_str        body;
} tp_user_fn;
/* Takes "f(x, y) body" or "f(x, y) = body" apart (parts of `text`, the list in
   `mem`) and parses the body, whose functions need not exist yet. */
tp_status tp_user_fn_read(tp_user_fn *out, tp_str text, tp_arena *mem,
                          tp_err *err);

typedef struct tp_scope {
    tp_dialect        dialect;
    bool              degrees;
    int               n_user; /* user functions; the same name may be there */
    const tp_user_fn *user;   /* with several counts of parameters. They hide
                                 builtins of that name and count */
} tp_scope;

/* A name an expression reads that is no function: a vector of the simulator,
   data of the deck, a script's variable, a parameter. */
typedef struct tp_slot {
    tp_str name;  /* with its group. SIMetrix: lower case, "tran1:vout".
                     Nutmeg: as written, without blanks: "ac1.v(3)",
                     "i(v1)", "v1#branch", "@r1[resistance]", "@r1",
                     "@@dm[is]", "const.pi", "all"; v(a,b) is two names,
                     "v(a)" and "v(b)"; v(0) is the number 0.
                     OCEAN: the access, tp_ocean_name_read() takes it apart:
                     'VT("/OUT")', 'OP("/M1" "gm")', 'VAR("Cc")' */
    ptrdiff_t at; /* offset of its first use in the text */
} tp_slot;

/* What a name of an OCEAN expression means, before anybody knows the circuit.
   Paths are as written, with the "/" in front of each part. */
typedef enum tp_access {
    TP_ACCESS_VOLTAGE,  /* of the net `object` */
    TP_ACCESS_CURRENT,  /* into the terminal `part` of the instance `object` */
    TP_ACCESS_QUANTITY, /* `part` ("gm") of the instance `object` */
    TP_ACCESS_DATA,     /* getData: a net, "/I/PIN" or "/M1:gm", in `object` */
    TP_ACCESS_NOISE,    /* the output's noise density in V/rtHz */
    TP_ACCESS_VARIABLE, /* the design variable `object` */
} tp_access;
typedef struct tp_ocean_name {
    tp_access kind;
    tp_str    result; /* whose data: "tran" "ac" "dcOp" "dc" "noise", what
                         ?result says; "": those of the measure's analysis */
    tp_str object, part;
} tp_ocean_name;
/* Takes the name of a slot of an OCEAN expression apart; parts live in `mem`.
   TP_BAD_INPUT when the text is no such name. */
tp_status tp_ocean_name_read(tp_ocean_name *out, tp_str slot, tp_arena *mem,
                             tp_err *err);

typedef struct tp_expr tp_expr;

/* Compiles one expression. TP_BAD_INPUT with err->col = 1-based position in
   `text`: syntax, unknown function (nearest names), wrong number or kind of
   arguments where that can be told before running. Nesting is limited to 200
   (TP_LIMIT). */
tp_status tp_expr_compile(const tp_expr **out, tp_str text, const tp_scope *in,
                          tp_arena *mem, tp_err *err);
/* Its names, each once, in order of first use; `slot` is borrowed. */
int tp_expr_slots(const tp_expr *e, const tp_slot **slot);
/* The value with `bound[i]` for slot i; env NULL: the scope's `degrees` and no
   run. Pure: same in (env->rng included), same out. */
tp_value tp_expr_eval(const tp_expr *e, const tp_value *bound,
                      const tp_env *env, tp_arena *mem);
/* Prints it back, fully parenthesised; compiles to the same tree. */
tp_str tp_expr_text(const tp_expr *e, tp_arena *mem);
#endif
