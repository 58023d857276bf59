/* space: the variables that are searched, and the only place that maps them
   between real values and what a method sees. A variable with both bounds is
   0..1 for a method; else it is divided by |start| (1 if 0). A `log` variable
   with both bounds is 0..1 of its logarithm, else the logarithm of x/start, so
   that a method's unit is a factor of e whatever the unit of x. A variable
   with equal bounds is frozen: 0 for a method. */
#ifndef TP_SPACE_H
#define TP_SPACE_H

#include "base/base.h"

typedef struct tp_var { /* step > 0: a grid lo + i*step, e.g. integers (no lo:
                           start + i*step) */
    tp_str name, unit;
    double lo, hi; /* -INFINITY, INFINITY: none */
    double start, step;
    bool   log; /* searched as its logarithm; lo > 0 or (no lo) start > 0 */
    double abstol, reltol;  /* settled when it moves by less than
                               abstol + reltol |x|; both 0: no rule */
    double mean, deviation; /* of normal random draws; deviation 0: the
                               middle and a sixth of the range */
    int           n_list;   /* > 0: these values and no others; lo and hi are */
    const double *list;     /* the first and the last. Rising; step is 0 */
} tp_var;

typedef struct tp_space {
    int           n;
    const tp_var *var;
} tp_space;

/* TP_OK when every variable has lo <= start <= hi, finite start, a positive
   range where `log`, and its start on its grid or list; else TP_BAD_INPUT
   naming variable and values. */
tp_status tp_space_check(const tp_space *s, tp_err *err);
/* Whether a variable should be searched as its logarithm when nobody said:
   lo > 0 and hi/lo >= 10; never without both bounds, see
   doc/decisions/004-scaling.md. */
bool tp_var_wants_log(const tp_var *v);
/* u (what a method sees) -> x (real values): clipped to the bounds, on the
   grid (where a bound is not on it: the last grid point inside) or on the list
   (the nearest in u). At a bound,
   and at the start point, x is exactly the bound or the start value. */
void tp_space_real(const tp_space *s, const double *u, double *x);
/* x as it would be simulated: inside the bounds, on the grid. */
void tp_space_snap(const tp_space *s, double *x);
/* Narrows a range to the first and the last value that the variable takes in
   it: of its grid or list, else its start value. False: it takes none. */
bool tp_var_within(const tp_var *v, double range[2]);
/* x -> u; the inverse up to rounding. */
void tp_space_unit(const tp_space *s, const double *x, double *u);
/* dx/du of variable i at x: what turns a derivative by x into one by u. */
double tp_space_slope(const tp_space *s, int i, double x);
/* The bounds a method sees (0 and 1, or scaled, or +-INFINITY). */
void tp_space_bounds(const tp_space *s, double *lo, double *hi);
/* Index of the variable of that name (ASCII case ignored), or -1. */
int tp_space_find(const tp_space *s, tp_str name);
#endif
