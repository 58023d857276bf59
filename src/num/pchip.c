/* Monotone piecewise cubic interpolation: F. N. Fritsch and J. Butland, "A
   method for constructing local monotone piecewise cubic interpolants", SIAM
   J. Sci. Stat. Comput. 5 (1984) 300-304, with the three-point ends of PCHIP
   (D. Kahaner, C. Moler and S. Nash, "Numerical Methods and Software", 1989,
   section 4.8). The curve has no extremum that the data have not. */
#include "num/num.h"

#include <math.h>

int tp_interval(const double *x, int n, double at)
{
    int lo = 0, hi = n - 1;
    while (hi - lo > 1) {
        int mid = lo + (hi - lo) / 2;
        if (x[mid] <= at)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

static double secant(const double *x, const double *y, int i)
{
    return (y[i + 1] - y[i]) / (x[i + 1] - x[i]);
}

/* Weighted harmonic mean of both secants; 0 at an extremum. */
static double inner_slope(double h0, double h1, double d0, double d1)
{
    if (d0 * d1 <= 0) return 0;
    double w0 = 2 * h1 + h0, w1 = h1 + 2 * h0;
    return (w0 + w1) / (w0 / d0 + w1 / d1);
}

/* Of the parabola through three points at its end, held back so that the
   curve stays monotone. h0, d0: the interval at the end. */
static double end_slope(double h0, double h1, double d0, double d1)
{
    double d = ((2 * h0 + h1) * d0 - h0 * d1) / (h0 + h1);
    if (d * d0 <= 0) return 0;
    if (d0 * d1 <= 0 && fabs(d) > 3 * fabs(d0)) return 3 * d0;
    return d;
}

double tp_pchip_slope(const double *x, const double *y, int n, int i)
{
    if (n < 2) return 0;
    if (n == 2) return secant(x, y, 0);
    int    a = i == 0 ? 0 : i == n - 1 ? n - 3 : i - 1;
    double h0 = x[a + 1] - x[a], h1 = x[a + 2] - x[a + 1];
    double d0 = secant(x, y, a), d1 = secant(x, y, a + 1);
    if (i == 0) return end_slope(h0, h1, d0, d1);
    if (i == n - 1) return end_slope(h1, h0, d1, d0);
    return inner_slope(h0, h1, d0, d1);
}

double tp_hermite(tp_cubic_piece p, double at)
{
    double h = p.x1 - p.x0, t = (at - p.x0) / h, u = 1 - t;
    return u * u * ((1 + 2 * t) * p.y0 + t * h * p.d0) +
           t * t * ((1 + 2 * u) * p.y1 - u * h * p.d1);
}

tp_cubic_piece tp_pchip_piece(const double *x, const double *y, int n, int i)
{
    return (tp_cubic_piece){x[i],
                            x[i + 1],
                            y[i],
                            y[i + 1],
                            tp_pchip_slope(x, y, n, i),
                            tp_pchip_slope(x, y, n, i + 1)};
}

double tp_pchip(const double *x, const double *y, int n, double at)
{
    if (n == 1) return y[0];
    return tp_hermite(tp_pchip_piece(x, y, n, tp_interval(x, n, at)), at);
}

double tp_cubic_solve(tp_cubic_piece p, double y)
{
    double lo = p.x0, hi = p.x1;
    bool   rises = p.y1 > p.y0;
    for (int i = 0; i < 60 && lo < hi; i++) {
        double mid = lo + (hi - lo) / 2;
        if ((tp_hermite(p, mid) < y) == rises)
            lo = mid;
        else
            hi = mid;
    }
    return lo + (hi - lo) / 2;
}
