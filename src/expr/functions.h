/* What the files of builtins (fn_*.c) share. A builtin is a row of tp_fn; rows
   that belong together are one file and one line in functions.c.

   What a row's `call` may rely on, because the evaluator sees to it:
   - no argument is TP_NONE (its reason becomes the result) nor TP_DIVISIONS
     (the call is made once per part, the results are divisions again);
   - "wave": a TP_WAVE with n >= 1 and finite values (a plain number becomes
     a wave of one point without x); it may have no x;
   - "vector": the same; a literal number is accepted when compiling, too;
   - "number": a TP_NUMBER (a vector of length 1 was reduced to it);
   - "whole": any, and elements of a TP_WAVE may be NAN (tp_env.gaps);
   - "text": a TP_STRING; "any": TP_NUMBER, TP_COMPLEX, TP_STRING or TP_WAVE;
   - [kind=v] that was not written is there with v; [kind] may be missing (n
     is smaller).
   What `call` owes: a value, or tp_none() with a reason that does not repeat
   the function's name (the evaluator puts "LPBW: " in front). A number that
   is not finite is turned into TP_NONE by the evaluator. */
#ifndef TP_EXPR_FUNCTIONS_H
#define TP_EXPR_FUNCTIONS_H

#include "expr/expr.h"

/* One array a file, ending with {0}; functions.c lists them in the order of
   the manual. */
extern const tp_fn tp_fn_complex[];  /* fn_complex.c */
extern const tp_fn tp_fn_math[];     /* fn_math.c */
extern const tp_fn tp_fn_vector[];   /* fn_vector.c */
extern const tp_fn tp_fn_cross[];    /* crossings */
extern const tp_fn tp_fn_band[];     /* bandwidths and margins */
extern const tp_fn tp_fn_pulse[];    /* edges, periods */
extern const tp_fn tp_fn_stats[];    /* means, extremes */
extern const tp_fn tp_fn_fit[];      /* CurveFit */
extern const tp_fn tp_fn_spectrum[]; /* Fourier, distortion */
/* Nutmeg's */
extern const tp_fn tp_fn_nm_complex[]; /* parts, phase */
extern const tp_fn tp_fn_nm_math[];    /* elementary functions */
extern const tp_fn tp_fn_nm_vector[];  /* lengths, extremes, means */
extern const tp_fn tp_fn_nm_scale[];   /* slopes, integrals */
extern const tp_fn tp_fn_nm_state[];   /* random numbers, time */
/* OCEAN's */
extern const tp_fn tp_fn_oc_access[];   /* results, by name */
extern const tp_fn tp_fn_oc_value[];    /* values and crossings */
extern const tp_fn tp_fn_oc_each[];     /* of each value */
extern const tp_fn tp_fn_oc_whole[];    /* of a whole waveform */
extern const tp_fn tp_fn_oc_edge[];     /* edges, delays, periods */
extern const tp_fn tp_fn_oc_band[];     /* bandwidths and margins */
extern const tp_fn tp_fn_oc_spectrum[]; /* samples, spectra */

/* Builtins that are the same in several dialects. */
typedef tp_value tp_fn_call(const tp_value *arg, int n, const tp_env *env,
                            tp_arena *mem);
tp_fn_call tp_do_mag, tp_do_db, tp_do_arg, tp_do_arg_rad, tp_do_re, tp_do_im,
    tp_do_exp, tp_do_ln, tp_do_log10, tp_do_length, tp_do_integ, tp_do_mean;
/* ... and in SIMetrix's and OCEAN's: */
tp_fn_call tp_do_phase, tp_do_phase_rad, tp_do_sqrt, tp_do_floor, tp_do_ceil,
    tp_do_round, tp_do_sin, tp_do_cos, tp_do_tan, tp_do_atan, tp_do_min,
    tp_do_max, tp_do_xy, tp_do_x, tp_do_slope, tp_do_y_at_x, tp_do_truncate,
    tp_do_mean_over_x, tp_do_rms_over_x, tp_do_least, tp_do_most,
    tp_do_peak_to_peak, tp_do_maxima, tp_do_minima, tp_do_gain_margin,
    tp_do_phase_margin, tp_do_band_pass, tp_do_rise, tp_do_fall,
    tp_do_overshoot, tp_do_frequency, tp_do_duty;
/* Whole turns added so that no step is over half a turn; one of exactly half a
   turn stays. To n values, and to a wave's. */
void     tp_add_turns(double *y, int n, double turn);
tp_value tp_unwrap(tp_value v, double turn, tp_arena *mem);

/* One element of a value; `cx` (complex): im counts. */
typedef struct tp_cell {
    double re, im;
    bool   cx;
} tp_cell;
/* Changes one element; NULL, or why it can't be done ("is negative"). */
typedef const char *tp_cell_fn(tp_cell *z, const tp_env *env);
/* `f` of every element of a number, complex or wave; x is kept. TP_NONE: "-1
   is negative (at x = 0.5)". */
tp_value tp_each(const tp_value *v, tp_cell_fn *f, const tp_env *env,
                 tp_str unit, tp_arena *mem);
/* The builtin `name` that does so to its argument `arg`. */
#define TP_EACH(name, cell, gives_unit)                          \
    tp_value name(const tp_value *arg, int n, const tp_env *env, \
                  tp_arena *mem)                                 \
    {                                                            \
        (void)n;                                                 \
        return tp_each(arg, cell, env, gives_unit, mem);         \
    }
/* The same of one file alone. */
#define TP_OWN_EACH(name, cell, gives_unit) \
    static TP_EACH(name, cell, gives_unit)
/* The same for two values and broadcasting, as operators do it; `f` leaves
   the result in *a and its reason stands alone ("division by zero"). */
typedef const char *tp_cell2_fn(tp_cell *a, const tp_cell *b);
tp_value tp_each2(const tp_value *a, const tp_value *b, tp_cell2_fn *f,
                  tp_str unit, tp_arena *mem);

/* A wave over the sweep of `like` with other values (im NULL: real). */
tp_value tp_wave_like(const tp_wave *like, const double *re, const double *im,
                      tp_str unit);
/* A vector without x. */
tp_value tp_vector(const double *re, const double *im, int n, tp_str unit);

/* 1: x rises from point to point (equal neighbours allowed), -1: it falls, 0:
   neither, or there is no x. A wave of one point with x rises. */
int tp_sweep_way(const tp_wave *w);
/* The value at x by a polynomial of `order` 1 (linear) or 2 (quadratic
   through the nearest three points; linear where there are two, or where
   neighbours share an x) into out[0] (re) and out[1] (im); exact at samples.
   `way` is the sweep's, not 0. false: x is outside the sweep. */
bool tp_wave_at(const tp_wave *w, int way, double x, int order, double out[2]);

/* There is room in the arena to work on a vector of so many points (the
   evaluator asks for the arguments of a call; a builtin that makes a longer
   vector than it got asks itself). */
bool tp_room(const tp_arena *mem, double points);

/* "a number", "a complex vector of 27 points": for messages. */
const char *tp_value_what(const tp_value *v, tp_arena *mem);

#endif
