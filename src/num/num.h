/* num: dense linear algebra, statistics, point sets, minimisation,
   interpolation. Everything has a fixed order of operations and its own
   exponential and logarithm, so that the same input gives the same bits on
   every machine with IEEE doubles, whatever its vector instructions. No clock,
   no state, no output. */
#ifndef TP_NUM_H
#define TP_NUM_H

#include "base/base.h"

/* ---- elementary functions, the same bits everywhere --------------------- */

/* Within 2 units in the last place; 0 below -708, clamped above 709. */
double tp_exp(double x);
/* Within 2 units in the last place for positive normal x; x <= 0 gives -745. */
double tp_log(double x);
void   tp_exp_many(double *x, int n); /* in place */
void   tp_log_many(double *x, int n);

/* ---- dense matrices: rows one after another ----------------------------- */

/* A row takes `ld` doubles, a multiple of TP_LANES. What is beyond the last
   column is 0 where a function writes. Only the lower triangle of a symmetric
   or triangular matrix is read or written but where said otherwise. */
enum { TP_LANES = 4 };
int     tp_num_ld(int n); /* n rounded up to a multiple of TP_LANES */
double *tp_num_matrix(int rows, int columns, tp_arena *mem); /* zeros */
double  tp_dot(const double *a, const double *b, int n);
double  tp_norm2(const double *a, int n); /* of the square */
/* y += c x */
void tp_axpy(double c, const double *x, double *y, int n);
/* c[i][j] = sum over k < n of a[i][k] b[j][k]: a is rows_a x n, b rows_b x n.
   Both have rows of ld doubles, c rows of ld_c. */
typedef struct tp_rows {
    double *at;
    int     rows, ld;
} tp_rows;
void tp_num_product(tp_rows a, tp_rows b, int n, tp_rows c);

/* A = L L^T in place (Cholesky), in blocks of fixed order; rows before `from`
   are a factor already, so that n - from rows are appended to it, with the
   bits a whole factorisation would give. The first row that has no positive
   pivot, or -1: done. */
int tp_chol(double *a, int n, int ld, int from);
/* Solves L y = b for each of the `rows` right-hand sides, each a row of b, in
   place; columns before `from` are solved already. */
void tp_chol_forward(const double *l, int n, int ld, tp_rows b, int from);
void tp_chol_back(const double *l, int n, int ld, double *b); /* L^T x = b */
/* inv = (L L^T)^-1, both triangles; needs an n x ld scratch. */
void   tp_chol_inverse(const double *l, int n, int ld, double *inv,
                       tp_arena scratch);
double tp_chol_log_det(const double *l, int n, int ld); /* of L L^T */

/* out[j] = squared distance of the point p[z.rows] to the j-th of n points,
   coordinate i of all of them in row i of z. n is rounded up to TP_LANES. */
void tp_num_distances(tp_rows z, const double *p, int n, double *out);
/* The Matern-5/2 kernel of squared distances (in length scales), and its
   derivative by the squared distance; three different arrays. */
void tp_matern(const double *r2, int n, double *k, double *slope);

/* Eigenvalues (ascending) and eigenvectors (rows of v) of a symmetric matrix,
   whose lower triangle is read; both n x n without padding (cyclic Jacobi,
   Golub and van Loan, Matrix Computations, 8.5). */
void tp_eigen(const double *a, int n, double *value, double *v,
              tp_arena scratch);

/* ---- statistics ---------------------------------------------------------- */

/* Of the standard normal distribution: mean 0, deviation 1. */
double tp_normal_pdf(double z);
double tp_normal_cdf(double z);
double tp_normal_log_cdf(double z); /* accurate in the far tail */
/* log(phi(z) + z Phi(z)), the logarithm of the expected improvement in units
   of sigma, accurate for any z (Ament et al., Unexpected improvements to
   expected improvement, NeurIPS 2023), and its derivative by z. */
double tp_log_h(double z, double *slope);
/* Phi'(z) / Phi(z), the derivative of the logarithm of the cdf. */
double tp_normal_mills(double z);
double tp_mean(const double *x, int n);
double tp_deviation(const double *x, int n); /* of the population; 0: n < 2 */
double tp_median(const double *x, int n, tp_arena scratch);
double tp_quantile(const double *x, int n, double p, tp_arena scratch);
/* order[k] is the index of the k-th smallest; equal ones by index, NaN last. */
void tp_order(const double *x, int n, int *order, tp_arena scratch);

/* ---- point sets in the unit cube ----------------------------------------- */

/* Points first..first+count-1 of a Sobol sequence with a random digital shift
   (direction numbers: Joe and Kuo, SIAM J. Sci. Comput. 30 (2008) 2635, for 53
   dimensions; further ones are drawn evenly). */
void tp_sobol(double *x, int n, int first, int count, uint64_t seed);
/* count points, one in each layer of every axis (McKay 1979). */
void tp_latin(double *x, int n, int count, tp_rng *rng, tp_arena scratch);

/* ---- minimisation in a box ----------------------------------------------- */

/* f at x, its gradient in g; not finite where there is none. */
typedef double tp_function(void *with, const double *x, double *g,
                           tp_arena scratch);

typedef struct tp_box {
    int           n;
    const double *lo, *hi;
    int           most; /* evaluations at most */
    double        tol;  /* ends when a step gains less than tol (1 + |f|) */
} tp_box;
/* Limited-memory BFGS with projection onto the box (the active set of
   Bertsekas, SIAM J. Control Optim. 20 (1982) 221, and Armijo steps along the
   projected path). x is the start and then the best point; returns f there. */
double tp_minimise(tp_function *f, void *with, const tp_box *box, double *x,
                   tp_arena scratch);

/* ---- monotone cubic interpolation (PCHIP) ------------------------------ */

/* One cubic between two points with its slopes there. */
typedef struct tp_cubic_piece {
    double x0, x1, y0, y1, d0, d1;
} tp_cubic_piece;

/* The i with x[i] <= at < x[i+1], the first or last interval for what is
   outside; x rises strictly, n >= 2. */
int tp_interval(const double *x, int n, double at);
/* The slope at point i of the monotone cubic through n points. */
double tp_pchip_slope(const double *x, const double *y, int n, int i);
/* Its piece over x[i]..x[i+1]. */
tp_cubic_piece tp_pchip_piece(const double *x, const double *y, int n, int i);
/* Its value; beyond the ends the outermost pieces go on. n >= 1. */
double tp_pchip(const double *x, const double *y, int n, double at);
double tp_hermite(tp_cubic_piece p, double at);
/* The x of a monotone piece where it has the value y, which lies between
   p.y0 and p.y1; to the last bit. */
double tp_cubic_solve(tp_cubic_piece p, double y);
#endif
