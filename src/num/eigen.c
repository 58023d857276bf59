/* Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi
   rotations (Golub, van Loan, Matrix Computations, section 8.5). */
#include "num/num.h"

#include <math.h>
#include <string.h>

enum { SWEEPS = 60 };

static void rotate(double *p, double *q, int n, double c, double s)
{
    for (int k = 0; k < n; k++) {
        double x = p[k], y = q[k];
        p[k] = c * x - s * y;
        q[k] = s * x + c * y;
    }
}

/* Makes a[p][q] zero, in rows and columns of `a` and in rows of v. */
static void annihilate(double *a, double *v, int n, int p, int q)
{
    double off = a[(ptrdiff_t)p * n + q];
    double gap = a[(ptrdiff_t)q * n + q] - a[(ptrdiff_t)p * n + p];
    if (off == 0) return;
    double theta = gap / (2 * off);
    double t = (theta < 0 ? -1 : 1) / (fabs(theta) + hypot(1, theta));
    double c = 1 / sqrt(1 + t * t), s = t * c;
    for (int k = 0; k < n; k++) {
        double *row = a + (ptrdiff_t)k * n, x = row[p], y = row[q];
        row[p] = c * x - s * y;
        row[q] = s * x + c * y;
    }
    rotate(a + (ptrdiff_t)p * n, a + (ptrdiff_t)q * n, n, c, s);
    rotate(v + (ptrdiff_t)p * n, v + (ptrdiff_t)q * n, n, c, s);
    a[(ptrdiff_t)p * n + q] = a[(ptrdiff_t)q * n + p] = 0;
}

static bool diagonal_enough(const double *a, int n)
{
    double off = 0, whole = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++) {
            double v = fabs(a[(ptrdiff_t)i * n + j]);
            if (i == j)
                whole = fmax(whole, v);
            else
                off = fmax(off, v);
        }
    return !(off > 1e-15 * whole);
}

void tp_eigen(const double *a, int n, double *value, double *v,
              tp_arena scratch)
{
    double *m = TP_NEW(&scratch, double, (ptrdiff_t)n *n);
    double *w = TP_NEW(&scratch, double, (ptrdiff_t)n *n);
    int    *order = TP_NEW(&scratch, int, n);
    for (int i = 0; i < n; i++) {
        w[(ptrdiff_t)i * n + i] = 1;
        for (int j = 0; j <= i; j++)
            m[(ptrdiff_t)i * n + j] = m[(ptrdiff_t)j * n + i] =
                a[(ptrdiff_t)i * n + j];
    }
    for (int k = 0; k < SWEEPS && !diagonal_enough(m, n); k++)
        for (int p = 0; p < n - 1; p++)
            for (int q = p + 1; q < n; q++) annihilate(m, w, n, p, q);
    double *got = TP_NEW(&scratch, double, n);
    for (int i = 0; i < n; i++) got[i] = m[(ptrdiff_t)i * n + i];
    tp_order(got, n, order, scratch);
    for (int i = 0; i < n; i++) {
        value[i] = got[order[i]];
        memcpy(v + (ptrdiff_t)i * n, w + (ptrdiff_t)order[i] * n,
               sizeof *v * (size_t)n);
    }
}
