/* The inside of the Bayesian method `bo`, for its own files. Private to opt.

   bo.c        settings, ask and tell, which kind of point comes next
   bo_corner.c what is known of a trial: in which corners, which values
   bo_model.c  the Gaussian processes of the objective and of each constraint
   bo_seek.c   where the acquisition is highest
   bo_region.c the trust region
   bo_repair.c the preset repair-only
   bo_why.c    a proposal in words */
#ifndef TP_OPT_BO_H
#define TP_OPT_BO_H

#include "gp/gp.h"
#include "opt/walk.h"

enum { TP_BO_BALANCED, TP_BO_INNOVATE, TP_BO_HARDEN, TP_BO_REPAIR };
enum { TP_BO_IMPROVEMENT, TP_BO_THOMPSON };
/* Variables with which it is worth to look everywhere, and to climb over what
   is a grid. */
enum { TP_BO_FEW = 12 };

typedef struct tp_bo_set {
    int  preset, acquisition;
    int  init; /* points before the first model; 0: by the preset */
    int  candidates, points, refit, handover;
    bool corners, warp, gate;
} tp_bo_set;

typedef enum tp_bo_kind {
    TP_BO_FOREIGN, /* told without having been asked */
    TP_BO_DESIGN,  /* the start, and points that fill the box */
    TP_BO_EXPLOIT, /* in the trust region */
    TP_BO_EXPLORE, /* anywhere */
    TP_BO_POLISH,  /* close to the best, at the end */
    TP_BO_MEND,    /* of repair-only */
    TP_BO_EVOLVE   /* of the method it handed over to */
} tp_bo_kind;

typedef struct tp_bo_trial {
    tp_walk_point p;
    double       *g;
    double       *part;   /* per corner f and each g; NAN: not known */
    int           lacks;  /* how many of those of the wanted corners */
    bool          failed; /* some were to be had, and weren't */
    int           number; /* of the run's trial; 0: an earlier run's */
    tp_bo_kind    kind;
} tp_bo_trial;

/* A point asked and what was thought of it. */
typedef struct tp_bo_ask {
    tp_bo_kind kind;
    double    *x;
    int        trial;  /* -1: not told yet */
    int        centre; /* trial it is near to; -1: none */
    bool       seen;   /* by the models; what follows is theirs */
    double     f, f_sigma, feasible, runs; /* predicted; probabilities */
    double     length;                     /* of the trust region */
    double    *first; /* per corner: -ln of the chance that it does not lose
                         there; NULL */
    int child_tag;
} tp_bo_ask;

typedef struct tp_bo_model {
    tp_gp        gp;
    tp_transform t;
    bool         flat; /* all values were equal: nothing to model */
} tp_bo_model;

typedef struct tp_bo_region {
    double length;
    int    good, bad; /* in a row */
    int    since;     /* its first trial */
    int    fill;      /* points still to be drawn before it starts */
    int    looked;    /* its best trial when it was widened last; -1: never */
} tp_bo_region;

typedef struct tp_bo_mend { /* repair-only */
    int  spec;              /* the constraint to be mended; -1: not known yet */
    int  base;              /* the trial it began at */
    int  first;             /* ask of the first probe */
    int  probes;            /* variables tried one by one */
    int *axis;  /* variables, the one that moves the constraint most first */
    int  at;    /* which of them is swept */
    int  steps; /* trials of this sweep */
} tp_bo_mend;

typedef struct tp_bo {
    tp_walk          w;       /* variables, start, the order of points */
    tp_arena         scratch; /* for one ask; w.opt->mem only grows */
    const tp_bo_set *set;
    int              n, n_g;
    bool             discrete;          /* some variable has a grid or a list */
    int              n_corner, n_place; /* n_place more inputs of the models */
    const double    *place;
    int             *on, n_on; /* the corners that are wanted */

    tp_bo_trial *trial;
    int          n_trial, cap_trial, n_ok;
    int          n_known, n_failed; /* trials with some value; that failed */
    int          n_told, n_earlier; /* of this run, of an earlier one */
    tp_bo_ask   *ask;
    int          n_ask, cap_ask;
    int         *pending, n_pending, cap_pending; /* indices of ask */
    int          design;                          /* points of the design */
    double      *lo, *hi; /* where it may ask, see tp_opt.lo */
    double      *layout;  /* the design, `design` rows */
    int          drawn;   /* further points that fill the box */
    int          best;    /* of all trials; -1: nothing is known yet */
    tp_bo_region region;
    int         *left, n_left, cap_left; /* centres of regions given up */
    tp_bo_mend   mend;
    double       gate_f; /* the best at the last round's end */
    int          gate_rounds, gate_told;
    const char  *why;

    tp_bo_model *model; /* 1 + n_g: the objective, then each constraint */
    tp_gp        fails; /* +1 ran, -1 failed */
    bool         has_fails;
    int         *active, n_active, cap_active; /* rows of the models: trial *
                                                  n_corner + corner */
    char *seen;   /* per row: it was considered for active */
    int   fitted; /* n_known at the fit; -1: fit at once */

    tp_opt            child; /* after the handover, with child_ops */
    const tp_opt_ops *child_ops;
} tp_bo;

/* Points so far, told or out: what comes next depends on it, whoever asked. */
int tp_bo_number(const tp_bo *b);
/* x as it would be simulated: on its grid. */
void tp_bo_snap(const tp_bo *b, double *x, tp_arena scratch);
/* The smallest move of variable i at x that changes what is simulated; 0 for
   a continuous one. */
double tp_bo_step(const tp_bo *b, const double *x, int i);

/* ---- bo_corner.c --------------------------------------------------------- */

void tp_bo_corners_open(tp_bo *b);
/* The values of a trial, as it was told. */
void tp_bo_take(tp_bo *b, tp_bo_trial *t, const double *x, const tp_obs *y);
/* Value m (0: f, then each g) in a corner; NAN: not known. */
double tp_bo_part(const tp_bo *b, const tp_bo_trial *t, int corner, int m);
/* Some value is known of the trial there. */
bool tp_bo_known_in(const tp_bo *b, const tp_bo_trial *t, int corner);
/* The trial with `index` is better than the other; -1 is worse than any.
   Those with all values come first, then those that lack fewer. */
bool tp_bo_better(const tp_bo *b, int index, int other);
/* The best, and how many there are of each outcome, with one trial more. */
void tp_bo_count(tp_bo *b, int index);
/* The same of all trials, after some of them changed. */
void tp_bo_set_best(tp_bo *b);
/* The trials in the order of their ranks; how many are whole. */
int tp_bo_by_rank(const tp_bo *b, int *order, tp_arena scratch);
/* Functions of the method's row. */
void tp_bo_raise(tp_opt *o);
bool tp_bo_bound(const tp_opt *o, int tag, tp_opt_bound *out);
bool tp_bo_drawn(const tp_opt *o, int tag);
/* bo.c: the method it handed over to is given up. */
void tp_bo_child_close(tp_bo *b);

/* ---- bo_model.c ---------------------------------------------------------- */

void tp_bo_models_open(tp_bo *b);
/* Fitted as often as the setting says, with every told and pending point. */
void tp_bo_models_update(tp_bo *b, tp_arena scratch);
typedef struct tp_bo_at { /* a model and where it is asked */
    int           model, corner;
    const double *x; /* `count` points */
    int           count;
} tp_bo_at;
/* See tp_gp_predict. */
void tp_bo_predict(const tp_bo *b, const tp_bo_at *at, double *mean,
                   double *variance, tp_arena scratch);
/* At one point, with the slopes by its variables. */
void tp_bo_gradient(const tp_bo *b, const tp_bo_at *at, tp_gp_slopes *out,
                    tp_arena scratch);
/* Rows of a model: the points, each with the corner's place. */
double *tp_bo_placed(const tp_bo *b, const tp_bo_at *at, tp_arena *mem);
/* Natural logarithm of the probability that the trial gives numbers: by the
   model and by the nearest neighbours; its gradient is added to d where not
   NULL. */
double tp_bo_log_runs(const tp_bo *b, const double *x, double *d,
                      tp_arena scratch);

/* ---- bo_seek.c ----------------------------------------------------------- */

typedef struct tp_bo_aim { /* what a proposal is looked for */
    tp_bo_kind    kind;
    const double *lo, *hi; /* the box */
    const double *centre;  /* a point in it */
    int           from;    /* the trial to be improved on */
    bool          level;   /* the best looked at: no climbing from there */
    const double *not_lo, *not_hi; /* a box to keep out of; NULL: none */
    uint64_t      seed;
} tp_bo_aim;
/* The best point found that was not asked before; false: there is none. */
bool tp_bo_seek(tp_bo *b, const tp_bo_aim *aim, double *x, tp_arena scratch);
/* Fills in what the models say of ask->x. */
void tp_bo_judge(const tp_bo *b, tp_bo_ask *ask, tp_arena scratch);
/* A point that was told or is out lies at x. */
bool tp_bo_known(const tp_bo *b, const double *x);

/* ---- bo_region.c --------------------------------------------------------- */

void tp_bo_region_open(tp_bo *b);
/* The trial was just told. */
void tp_bo_region_told(tp_bo *b, int trial);
/* x is in the surroundings of a centre that was given up. */
bool tp_bo_region_left(const tp_bo *b, const double *x);
/* The trial it is around; -1: none has run. */
int tp_bo_region_centre(const tp_bo *b);
/* Its box in the unit cube, of n values each. */
void tp_bo_region_box(const tp_bo *b, tp_bo_kind kind, double *lo, double *hi,
                      tp_arena scratch);
/* Ten per cent of the values at x to both sides, as a box of the unit cube. */
void tp_bo_tenth(const tp_bo *b, const double *x, double *lo, double *hi,
                 tp_arena scratch);

/* ---- bo_repair.c --------------------------------------------------------- */

/* The next point of repair-only; DONE sets b->why. */
tp_ask tp_bo_mend_next(tp_bo *b, double *x, tp_arena scratch);

/* ---- bo_why.c ------------------------------------------------------------ */

void tp_bo_why(const tp_opt *o, int tag, tp_buf *out);

#endif
