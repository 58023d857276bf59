/* opt: search methods behind ask/tell, one file each. A method sees a space,
   its own settings and what it is told; never a circuit, a clock or a file.
   Same seed + same told values = same points. */
#ifndef TP_OPT_H
#define TP_OPT_H

#include "base/base.h"
#include "space/space.h"

typedef struct tp_obs { /* lower f is better; g <= 0 is feasible */
    bool          ok;   /* false: the trial gave no numbers; f, g are unset */
    double        f;    /* the user's unit, negated for maximise */
    int           n_g;
    const double *g;     /* relative: miss / |limit| */
    const double *df;    /* gradient of f in the unit scale; NULL: none */
    bool          early; /* not ok, as it was ended: it had lost already */
    /* tp_opt.n_corner rows of 1 + n_g: what f and each g are in one corner,
       also where not ok; NAN: not known. NULL: nobody says. */
    const double *part;
} tp_obs;

enum {
    TP_OPT_CONSTRAINTS = 1,  /* takes constraints */
    TP_OPT_NEEDS_BOUNDS = 2, /* every variable needs lo and hi */
    TP_OPT_GLOBAL = 4,
    TP_OPT_RANDOM = 8,     /* uses the seed */
    TP_OPT_PARALLEL = 16,  /* several asks before a tell are possible */
    TP_OPT_TWO = 32,       /* needs two variables (that can move) at least */
    TP_OPT_GRADIENT = 128, /* uses tp_obs.df where it is told */
    TP_OPT_ENDLESS = 64,   /* tolerances don't end it: give it a trial limit */
    TP_OPT_FOREIGN = 256,  /* can be told points that it did not ask for (tag
                              TP_OPT_FOREIGN_TAG), at any time, in any number;
                              keeps to tp_opt.lo and hi */
    TP_OPT_THOROUGH = 512, /* milliseconds or more of thought per point */
};
/* Tags of points that were not asked for: of this run; of another one, told
   before the first ask, which count for no limit. */
enum { TP_OPT_FOREIGN_TAG = -1, TP_OPT_EARLIER_TAG = -2 };

/* What the run wants of every method; each uses what applies to it. */
typedef struct tp_opt_stop {
    double abstol, reltol; /* of the objective, user's unit; 0: off */
    int    max_trials;     /* a hint (ISRES, ORIG_DIRECT); 0: none */
    bool   has_goal;       /* an f above `goal` is as good as infeasible */
    double goal;           /* (centering) */
    int    planned;        /* the limit at the run's start, whatever it became
                              when it was resumed; 0: none */
} tp_opt_stop;

typedef struct tp_opt {
    const tp_space *space;
    int             n_g; /* constraints */
    tp_opt_stop     stop;
    uint64_t        seed;
    void           *settings, *state;
    tp_arena        mem; /* as long as the optimiser */
    /* A box inside the space's, in the unit scale; NULL: all of it. May change
       between two asks, which keep to it; what is told may be outside. */
    const double *lo, *hi;
    /* Corners that points are simulated in; f and g are the worst of those
       that are wanted. Corners that are alike have near places. */
    int n_corner;           /* 0: one, and nothing is known of it; a method
                               may say so in init, and is told no parts */
    int           n_place;  /* coordinates of a corner */
    const double *place;    /* n_corner rows of them, 0..1 */
    const bool   *wanted;   /* n_corner; may change before `raise` */
    int           n_before; /* trials of the run before init */
    bool          last;     /* a method sets it in init: the run begins in its
                               last phase, which `raise` then tells */
    bool ends;              /* the same: its settings make it end by itself,
                               though TP_OPT_ENDLESS */
} tp_opt;

/* What a point has to beat: with more violation, or a greater f, it may be
   told as ended early, whatever else it is. */
typedef struct tp_opt_bound {
    double  violation; /* the sum of the positive g */
    double  f;         /* INFINITY: any */
    double *first;     /* n_corner, 0 at first: the chance that it loses there;
                          all 0: nobody knows */
    int only;          /* -1; else the one corner that it is simulated in */
} tp_opt_bound;

/* A whole population that a method wants to have kept, as it was after `told`
   tells. */
typedef struct tp_people {
    int           told; /* 0: there is none yet */
    int           n;    /* points */
    const double *x;    /* n rows of the space's variables, unit scale */
    const double *f;    /* n costs; NAN: the point gave none */
    const double *miss; /* n sums of what the constraints miss; 0: feasible */
} tp_people;

typedef enum tp_ask { TP_ASK_POINT, TP_ASK_WAIT, TP_ASK_DONE } tp_ask;

typedef struct tp_opt_ops {
    const char     *name;             /* the one word: "COBYLA" */
    const char     *aliases;          /* other spellings, blanks between */
    const char     *summary, *source; /* source: the paper */
    unsigned        can;
    int             window; /* points out at a time by default */
    size_t          settings_size;
    const tp_param *params; /* NULL: none */
    tp_status (*init)(tp_opt *o, tp_err *err);
    /* POINT: x[n] in the unit scale of tp_space, *tag the method's own note.
       WAIT: tell me more first. DONE: finished() says why. */
    tp_ask (*ask)(tp_opt *o, double *x, int *tag);
    /* x as simulated (clipped, gridded), in the order asked. */
    void (*tell)(tp_opt *o, int tag, const double *x, const tp_obs *y);
    const char *(*finished)(const tp_opt *o); /* status word of the table:
                                                 "ftolreached", ... */
    void (*close)(tp_opt *o); /* gives up what mem does not hold; any time */
    /* The last population to be kept, valid until the next tell. NULL: this
       method has none. */
    tp_people (*people)(const tp_opt *o);
    /* The point that it settled on, in the unit scale, and what it was chosen
       for; NULL: there is none. Of a method whose result is not the best
       trial (centering); NULL: it is. */
    const double *(*chosen)(const tp_opt *o, double *worth);
    /* What the point with this tag has to beat. False: its values are wanted,
       whatever they are. NULL: always. */
    bool (*bound)(const tp_opt *o, int tag, tp_opt_bound *out);
    /* Other corners are wanted from now on, nothing is out: goes on with what
       is known of every corner. NULL: it starts anew. */
    void (*raise)(tp_opt *o);
    /* The point with this tag was to be drawn whatever was found before it:
       a first design. NULL: none is. */
    bool (*drawn)(const tp_opt *o, int tag);
    /* Adds one line: why it asks the point with this tag, what it moves and
       what it expects. NULL: this method has nothing to say. */
    void (*why)(const tp_opt *o, int tag, tp_buf *out);
} tp_opt_ops;

const tp_opt_ops *const *tp_opts(void); /* every method, ends with NULL */
/* Design centring (centering.c): in no list, for it comes after a search. */
extern const tp_opt_ops tp_opt_centering;
/* By name or alias, case, '-' and '_' ignored; NULL unknown. */
const tp_opt_ops *tp_opt_find(tp_str name);
/* TP_BAD_INPUT with the nearest names when there is none; with the reason
   (and methods that could) when it can't take this problem. */
tp_status tp_opt_choose(const tp_opt_ops **out, tp_str name,
                        const tp_space *space, int n_constraints, tp_arena *mem,
                        tp_err *err);
/* The method when nobody named one: NELDER_MEAD, with constraints COBYLA. */
const char *tp_opt_default(int n_constraints);
/* "NAME,setting=value,..." -> settings filled (defaults first), in mem. */
tp_status tp_opt_settings(void **settings, const tp_opt_ops *ops, tp_str list,
                          tp_arena *mem, tp_err *err);

/* The file that the points of a run are to be written to (parameter_space); ""
   none. Who keeps the trials writes it. */
tp_str tp_opt_outfile(const tp_opt_ops *ops, const void *settings);

/* ---- coroutine for sequential methods (private to opt's files) --------- */

typedef struct tp_coro tp_coro;
/* A second stack (1 MiB, a guard page below) on which `body(with)` runs when
   resumed; NULL when there is no memory for it. */
tp_coro *tp_coro_open(void (*body)(tp_coro *self, void *with), void *with);
/* Runs it until it yields or returns; false: it has returned. */
bool tp_coro_resume(tp_coro *c);
void tp_coro_yield(tp_coro *self);
bool tp_coro_done(const tp_coro *c);
/* Only when it has returned, or was never resumed. */
void tp_coro_close(tp_coro *c);
#endif
