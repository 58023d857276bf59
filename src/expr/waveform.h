/* waveform: a measured vector made ready for the measurement functions: real,
   finite, x rising. Private to expr. */
#ifndef TP_WAVEFORM_H
#define TP_WAVEFORM_H

#include "expr/expr.h"

/* n samples with x[0] <= x[1] <= ...; equal x is a vertical step. */
typedef struct tp_curve {
    int           n;
    const double *x, *y;
    const double *u; /* what is interpolated over: x, or its logarithm */
    bool          log_x;
    tp_str        unit, x_unit;
} tp_curve;

typedef enum tp_take {
    TP_TAKE_LIST,  /* real values, with or without x */
    TP_TAKE_REAL,  /* real values over x */
    TP_TAKE_DB,    /* 20 log10 |value| over x; -inf where it is 0 */
    TP_TAKE_PHASE, /* continuous phase in degrees over x, complex data only */
} tp_take;

/* The curve of an argument; descending sweeps are turned round. x that is
   spaced evenly in its logarithm (an ac sweep) and is no time is interpolated
   there. False: *none says why there is no such curve. */
bool tp_curve_of(tp_curve *c, const tp_value *v, tp_take take, tp_arena *mem,
                 tp_value *none);
/* The same with the TP_TAKE_REAL curve cut to arguments i and i+1, its x1 and
   x2, where they are given. */
bool tp_curve_between(tp_curve *c, const tp_value *arg, int n, int i,
                      tp_arena *mem, tp_value *none);
/* Cuts to x1..x2, ends interpolated (second order from 5 samples on); none
   outside the curve. */
bool tp_curve_window(tp_curve *c, double x1, double x2, tp_arena *mem,
                     tp_value *none);
/* Interpolates over x itself, as integrals do. */
void tp_curve_linear(tp_curve *c);
/* Smallest and largest value; `at` gets the index of each (may be NULL). */
void tp_curve_range(const tp_curve *c, double *lo, double *hi, int at[2]);

/* y at x, order 1 (straight) or 2 (parabola, limited where the samples have a
   corner); at a vertical step the later value. False outside the curve; a
   billionth of its length (over log x: of the end) beyond an end is still the
   end. */
bool tp_curve_at(const tp_curve *c, double x, int order, double *y);
/* x where samples cell and cell+1, on different sides of `level`, meet it, by
   the same orders; decibels of zero (-inf) are read over the magnitude. */
double tp_curve_cross(const tp_curve *c, int cell, double level, int order);

/* The crossings of a level from left to right. A sample that is exactly on the
   level counts once, where the curve then is on the other side, begins or
   ends; touching is no crossing. Start with {curve, level, order}. */
typedef struct tp_scan {
    const tp_curve *c;
    double          level;
    int             order;
    double          x;     /* the crossing */
    int             rises; /* 1 rising, -1 falling */
    int             next;  /* the first sample not looked at */
    int             side;  /* of the last sample that was off the level */
    int             on;    /* 1 + the first of a run of samples on it, or 0 */
} tp_scan;
bool tp_scan_next(tp_scan *s, int want); /* want 1, -1, or 0 for either */

/* The first edge that goes all the way from y1 to y2, which differ: x of the
   last crossing of y1 before the first one of y2 that has one. */
bool tp_curve_edge(const tp_curve *c, double y1, double y2, double at[2]);

/* Integral of (y - offset)^power over x, power 1 or 2, of one cell and of
   the whole curve; second order from 5 samples on, straight below. */
double tp_curve_cell(const tp_curve *c, int cell, double offset, int power);
double tp_curve_integral(const tp_curve *c, double offset, int power);
/* Second divided difference of the parabola in a cell, over u; 0: straight. */
double tp_curve_bend(const tp_curve *c, int cell);

/* Radix-2 transform in place (Cooley and Tukey 1965); n is a power of two. */
void tp_fft(double *re, double *im, int n);

/* Argument i as a number; `def` where it is missing. */
double tp_arg_number(const tp_value *arg, int n, int i, double def);
/* "18.78 dB", for reasons. */
const char *tp_shown(double v, tp_str unit, tp_arena *mem);
#endif
