/* walk: the ground for methods that are straight code, one batch of points
   after another (line searches, pattern moves, simplex, populations). The body
   runs on a coroutine; tp_walk_eval puts points out and returns when all of
   them are told. A method sees only variables that can move, each 0..1; a
   frozen one is put back in when asked. Private to opt. */
#ifndef TP_OPT_WALK_H
#define TP_OPT_WALK_H

#include "opt/opt.h"

typedef struct tp_walk_point { /* a point and what was told of it */
    double *x;                 /* n values 0..1: as wanted, then as told */
    bool    ok;   /* false: the trial gave no numbers (finite ones) */
    double  f;    /* set when ok */
    double  miss; /* sum of what the constraints miss; 0: feasible */
    bool    has_df;
    double *df; /* its gradient, n values, when has_df */
} tp_walk_point;

typedef struct tp_walk tp_walk;
typedef void           tp_walk_body(tp_walk *w);

struct tp_walk {
    tp_opt     *opt;   /* settings, seed, space; o->mem */
    int         n;     /* variables that can move */
    const int  *free;  /* which of the space they are */
    double     *start; /* n values */
    const char *why;   /* the body sets it before it returns */
    /* private: */
    tp_walk_body               *body;
    tp_coro                    *coro;
    double                     *x; /* of all variables, frozen ones set */
    tp_walk_point              *batch;
    const tp_walk_point *const *rival; /* one for each of the batch, or NULL */
    int                         n_batch, n_asked, n_told;
    uint64_t                    draws;
    bool                        leaving;
};

/* o->state becomes a walk that will run `body` from the first ask on. With
   nothing to move the start is asked and the body never runs. */
tp_status tp_walk_init(tp_opt *o, tp_walk_body *body, tp_err *err);
/* For methods with a setting for each variable (npts0, npts1, ...): TP_LIMIT,
   with the method's name in front, where there are more variables. */
enum { TP_AXES_MAX = 64 };
tp_status tp_axes_fit(const tp_opt *o, const char *method, tp_err *err);
/* The functions of a method's row, all but init. */
tp_ask      tp_walk_ask(tp_opt *o, double *x, int *tag);
void        tp_walk_tell(tp_opt *o, int tag, const double *x, const tp_obs *y);
const char *tp_walk_finished(const tp_opt *o);
void        tp_walk_close(tp_opt *o);
bool        tp_walk_bound(const tp_opt *o, int tag, tp_opt_bound *out);
#define TP_WALK_OPS                                                         \
    .ask = tp_walk_ask, .tell = tp_walk_tell, .finished = tp_walk_finished, \
    .close = tp_walk_close

/* ---- for bodies -------------------------------------------------------- */

/* `count` empty points with their own arrays, in the optimiser's memory. */
tp_walk_point *tp_walk_points(tp_walk *w, int count);
void tp_walk_copy(const tp_walk *w, tp_walk_point *to, const tp_walk_point *p);
/* Puts the points out, clipped to 0..1, and returns when all are told: x is
   as simulated then. False: return from the body, without another eval. */
bool tp_walk_eval(tp_walk *w, tp_walk_point *points, int count);
/* The same where nothing is done with a point that is worse than its rival
   (which is told already; NULL: there is none) but to drop it: its trial may
   end early, and then is not ok. For methods whose row has tp_walk_bound. */
bool tp_walk_eval_against(tp_walk *w, tp_walk_point *points, int count,
                          const tp_walk_point *const *rival);
bool tp_walk_feasible(const tp_walk_point *p);
/* < 0: a is better. Feasible by f, then infeasible by miss, then failed. */
int tp_walk_rank(const tp_walk_point *a, const tp_walk_point *b);
/* Sorts `order`, indices into `p`, the best first; equal ones stay as they
   were. */
void tp_walk_sort(const tp_walk_point *const *p, int n, int *order);
/* A new stream of random numbers: the k-th call has the k-th of the seed. */
tp_rng tp_walk_rng(tp_walk *w);
/* When `p`, already told, is not feasible: draws points, by turns anywhere in
   the box and around the best, until one is, and p is that one. The draws are
   the same for every seed. False: return from the body (`why` is set when
   there is none in 10000 draws). */
bool tp_walk_settle(tp_walk *w, tp_walk_point *p);
/* The smallest step along variable i at x that is at least `least` and moves
   it on its grid. */
double tp_walk_step(const tp_walk *w, const double *x, int i, double least);
/* Largest difference of two points' values. */
double tp_walk_moved(const tp_walk *w, const double *a, const double *b);

/* ---- for methods that answer asks as they come, without a coroutine ----- */

/* Sets opt, n, free and start of a zeroed walk; what is above for bodies works
   on it, but for tp_walk_eval and tp_walk_settle. */
tp_status tp_walk_on(tp_walk *w, tp_opt *o, tp_err *err);
/* Into the box of o->lo and hi, which may have changed since the last ask. */
void tp_walk_limit(const tp_walk *w, double *point);
/* That box: 0 and 1 where there is none. */
void tp_walk_limits(const tp_walk *w, double *lo, double *hi);
/* What has to be beaten to be better than `rival`; false: anything is. */
bool tp_walk_beat(const tp_walk_point *rival, tp_opt_bound *out);
/* The greatest cost that Metropolis' rule takes in the place of f at this
   temperature and draw, or a little more. */
double tp_walk_uphill(double f, double t, double u);
/* x of the whole space from n values, clipped. */
void tp_walk_put(const tp_walk *w, const double *point, double *x);
/* The point as it was told. */
void tp_walk_take(const tp_walk *w, tp_walk_point *p, const double *x,
                  const tp_obs *y);

#endif
