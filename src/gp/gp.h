/* gp: Gaussian process regression in the unit cube (Rasmussen and Williams,
   Gaussian Processes for Machine Learning, 2006): Matern-5/2 kernel with a
   length scale for each variable, inputs warped by Kumaraswamy's distribution
   (Snoek et al., Input warping, ICML 2014), a constant mean and the signal's
   variance by generalised least squares, noise as a part of that variance.
   Same data, same answer, bit for bit. */
#ifndef TP_GP_H
#define TP_GP_H

#include "base/base.h"
#include "num/num.h"

/* ---- the model ----------------------------------------------------------- */

/* Logarithms of: d length scales, the noise's part, d exponents a, d
   exponents b of w = 1 - (1 - x^a)^b. */
int tp_gp_parameters(int d);

typedef struct tp_gp {
    int     d, n, n_told, cap, ld; /* ld: of a row of l and of z */
    double *theta;                 /* tp_gp_parameters(d) of them */
    bool    warped;                /* a and b are used */
    double *x;                     /* n rows of d values 0..1 */
    double *z;                     /* d rows: x warped and in length scales */
    double *l;     /* the covariance's factor, in units of `scale` */
    double *y;     /* n_told values */
    double *alpha; /* weights of the predicted mean */
    double  mean;  /* of the process */
    double  scale; /* the signal's variance */
} tp_gp;

/* An empty model of d variables: length scales sqrt(d), hardly any noise, no
   warping. */
void tp_gp_open(tp_gp *g, int d, tp_arena *mem);
/* What a fit may cost. */
typedef struct tp_gp_effort {
    int  starts; /* points of the hyperparameters that are tried out */
    int  most;   /* evaluations of the likelihood from the best of them */
    bool warp;   /* fit the warping too, if it pays */
    bool quiet;  /* the values have no noise: it stays at its least */
} tp_gp_effort;
/* theta becomes the best of the posterior that was found, given n points;
   returns its logarithm. The model's own data stay as they are: update next.
   Priors: length scales log-normal around exp(sqrt 2) sqrt(d), deviation
   sqrt 3 (Hvarfner et al., Vanilla Bayesian optimization, ICML 2024). */
double tp_gp_fit(tp_gp *g, const double *x, const double *y, int n,
                 const tp_gp_effort *effort, tp_arena scratch);
/* The logarithm of the posterior at `theta` and its gradient: what the fit
   maximises. `gradient` may be NULL; d + 1 values, or all when `warped`.
   -INFINITY where the covariance has no factor; no gradient then. */
typedef struct tp_gp_data { /* n points of d values, and what was measured */
    const double *x, *y;
    int           n, d;
} tp_gp_data;
double tp_gp_posterior(const tp_gp_data *data, const double *theta, bool warped,
                       double *gradient, tp_arena scratch);
/* The model has these n points (rows already there are kept, and the factor
   for them); the first n_told have values, the others are taken to give what
   is predicted of them (kriging believer: Ginsbourger 2010). More noise is
   added where the covariance has no factor. Room for more points comes from
   `mem`. */
void tp_gp_update(tp_gp *g, const double *x, const double *y, int n_told, int n,
                  tp_arena *mem);
/* After theta was changed: the next update computes everything anew. */
void tp_gp_forget(tp_gp *g);

/* Means and, where not NULL, variances (without noise) at `count` points. */
void tp_gp_predict(const tp_gp *g, const double *x, int count, double *mean,
                   double *variance, tp_arena scratch);
typedef struct tp_gp_slopes {
    double  mean, variance;
    double *d_mean, *d_variance; /* d values each, by x */
} tp_gp_slopes;
void tp_gp_gradient(const tp_gp *g, const double *x, tp_gp_slopes *out,
                    tp_arena scratch);
/* One function drawn from the posterior at `count` points together; `normal`
   are as many independent standard normal numbers. */
void tp_gp_sample(const tp_gp *g, const double *x, int count,
                  const double *normal, double *out, tp_arena scratch);

/* ---- what is modelled: a value, transformed ------------------------------ */

/* Rising functions of a measured value, standardised to mean 0, deviation 1 */
typedef struct tp_transform {
    int    kind;            /* index of the rows in transform.c */
    double centre, width;   /* before: (y - centre) / width */
    double least;           /* logarithm: goes on straight below this */
    double lambda;          /* Yeo and Johnson's */
    double mean, deviation; /* after: (t - mean) / deviation */
} tp_transform;
int         tp_transforms(void);
const char *tp_transform_name(int kind); /* "identity", "log", ... */
/* Its constants for these values; false: not for them. */
bool   tp_transform_set(tp_transform *t, int kind, const double *y, int n,
                        tp_arena scratch);
double tp_transform_to(const tp_transform *t, double y);
double tp_transform_from(const tp_transform *t, double v);
double tp_transform_log_slope(const tp_transform *t, double y);
/* The transform with the highest likelihood of y, its slope counted, under
   short fits of g; g's theta is the best one's. */
tp_transform tp_gp_choose(tp_gp *g, const double *x, const double *y, int n,
                          tp_arena scratch);
#endif
