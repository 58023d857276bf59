/* Products of rows and the Cholesky factor, everything made of one operation:
   the scalar products of four rows with two others. Each sum has four partial
   sums, added in one order, so that the result does not depend on how rows are
   grouped: a row appended later has the bits that a whole factorisation gives
   it. Rows are stored one after another, so all access is along rows. */
#include "lanes.h"

#include <math.h>

enum { BLOCK = TP_LANES };

int tp_num_ld(int n)
{
    return (n + TP_LANES - 1) / TP_LANES * TP_LANES;
}

double *tp_num_matrix(int rows, int columns, tp_arena *mem)
{
    return TP_NEW(mem, double, (ptrdiff_t)rows *tp_num_ld(columns));
}

TP_KERNEL double sum_lanes(const double *s)
{
    return (s[0] + s[1]) + (s[2] + s[3]);
}

/* out[i][j] = a_i . b_j over `n` columns, a multiple of TP_LANES. */
TP_KERNEL void products(tp_rows a, tp_rows b, int n, double out[BLOCK][BLOCK])
{
    tp_v4 s[BLOCK][2];
    for (int i = 0; i < a.rows; i++)
        for (int j = 0; j < b.rows; j++) s[i][j] = (tp_v4){0, 0, 0, 0};
    for (int k = 0; k < n; k += TP_LANES)
        for (int j = 0; j < b.rows; j++) {
            tp_v4 y = *(const tp_v4 *)(b.at + (ptrdiff_t)j * b.ld + k);
            for (int i = 0; i < a.rows; i++)
                s[i][j] += *(const tp_v4 *)(a.at + (ptrdiff_t)i * a.ld + k) * y;
        }
    for (int i = 0; i < a.rows; i++)
        for (int j = 0; j < b.rows; j++)
            out[i][j] = sum_lanes((const double *)&s[i][j]);
}

/* The same for up to four rows of each: in fours and twos where they fit, so
   that the sums stay in registers. */
TP_KERNEL void block(tp_rows a, tp_rows b, int n, double out[BLOCK][BLOCK])
{
    double part[BLOCK][BLOCK];
    for (int j = 0; j < b.rows; j += 2) {
        tp_rows two = {b.at + (ptrdiff_t)j * b.ld, 2, b.ld};
        tp_rows four = {a.at, BLOCK, a.ld};
        bool    even = j + 1 < b.rows;
        if (a.rows == BLOCK && even)
            products(four, two, n, part);
        else
            for (int i = 0; i < a.rows; i++) {
                tp_rows one = {a.at + (ptrdiff_t)i * a.ld, 1, a.ld};
                double  row[BLOCK][BLOCK];
                tp_rows last = {two.at, 1, two.ld};
                row[0][1] = 0;
                if (even)
                    products(one, two, n, row);
                else
                    products(one, last, n, row);
                part[i][0] = row[0][0];
                part[i][1] = even ? row[0][1] : 0;
            }
        for (int i = 0; i < a.rows; i++) {
            out[i][j] = part[i][0];
            if (even) out[i][j + 1] = part[i][1];
        }
    }
}

TP_KERNEL tp_rows part_of(tp_rows a, int first, int columns_from)
{
    int rows = a.rows - first < BLOCK ? a.rows - first : BLOCK;
    return (tp_rows){a.at + (ptrdiff_t)first * a.ld + columns_from, rows, a.ld};
}

TP_KERNEL void product_kernel(tp_rows a, tp_rows b, int n, tp_rows c)
{
    double out[BLOCK][BLOCK];
    int    whole = tp_num_ld(n);
    for (int i = 0; i < a.rows; i += BLOCK)
        for (int j = 0; j < b.rows; j += BLOCK) {
            tp_rows x = part_of(a, i, 0), y = part_of(b, j, 0);
            block(x, y, whole, out);
            for (int p = 0; p < x.rows; p++)
                for (int q = 0; q < y.rows; q++)
                    c.at[(ptrdiff_t)(i + p) * c.ld + j + q] = out[p][q];
        }
}
TP_BOTH(product, (tp_rows a, tp_rows b, int n, tp_rows c), (a, b, n, c))

void tp_num_product(tp_rows a, tp_rows b, int n, tp_rows c)
{
    product(a, b, n, c);
}

/* ---- the factor ---------------------------------------------------------- */

typedef struct factor {
    const double *l;
    int           n, ld;
} factor;

/* Columns j0.. of up to four right-hand sides, after the products with the
   columns before them. Columns before `from` are solved already. */
TP_KERNEL void finish(factor f, tp_rows b, int j0, int from,
                      double out[BLOCK][BLOCK])
{
    int end = j0 + BLOCK < f.n ? j0 + BLOCK : f.n;
    for (int i = 0; i < b.rows; i++) {
        double *y = b.at + (ptrdiff_t)i * b.ld;
        for (int j = j0 > from ? j0 : from; j < end; j++) {
            const double *l = f.l + (ptrdiff_t)j * f.ld;
            double        s = y[j] - out[i][j - j0];
            for (int k = j0; k < j; k++) s -= y[k] * l[k];
            y[j] = s / l[j];
        }
    }
}

/* Solves for up to four right-hand sides whose columns before `begin`, a
   multiple of BLOCK, are zero, and those before `from` solved. */
TP_KERNEL void solve(factor f, tp_rows b, int begin, int from)
{
    double  out[BLOCK][BLOCK];
    tp_rows l = {(double *)f.l, f.n, f.ld};
    tp_rows y = {b.at + begin, b.rows, b.ld};
    int     start = from - from % BLOCK > begin ? from - from % BLOCK : begin;
    for (int j = start; j < f.n; j += BLOCK) {
        block(y, part_of(l, j, begin), j - begin, out);
        finish(f, b, j, from, out);
    }
}

TP_KERNEL void forward_kernel(factor f, tp_rows b, int from)
{
    for (int i = 0; i < b.rows; i += BLOCK) solve(f, part_of(b, i, 0), 0, from);
}
TP_BOTH(forward, (factor f, tp_rows b, int from), (f, b, from))

void tp_chol_forward(const double *l, int n, int ld, tp_rows b, int from)
{
    forward((factor){l, n, ld}, b, from);
}

/* Rows first..end-1 of one block, their columns before the block solved. The
   row without a positive pivot, or -1. */
TP_KERNEL int diagonal(tp_rows a, int begin, int first, int end)
{
    for (int i = first; i < end; i++) {
        double *x = a.at + (ptrdiff_t)i * a.ld, out[BLOCK][BLOCK];
        tp_rows row = {x, 1, a.ld};
        tp_rows l = {a.at + (ptrdiff_t)begin * a.ld, i - begin + 1, a.ld};
        block(row, l, begin, out);
        for (int j = begin; j <= i; j++) {
            const double *y = a.at + (ptrdiff_t)j * a.ld;
            double        s = x[j] - out[0][j - begin];
            for (int k = begin; k < j; k++) s -= x[k] * y[k];
            if (j < i)
                x[j] = s / y[j];
            else if (s > 0 && s < INFINITY)
                x[j] = sqrt(s);
            else
                return i;
        }
    }
    return -1;
}

TP_KERNEL void factorise_kernel(tp_rows a, int from, int *bad)
{
    *bad = -1;
    for (int i = from; i < a.rows && *bad < 0;) {
        int     begin = i - i % BLOCK, end = begin + BLOCK;
        tp_rows rows = part_of(a, i, 0);
        if (end > a.rows) end = a.rows;
        rows.rows = end - i;
        solve((factor){a.at, begin, a.ld}, rows, 0, 0);
        *bad = diagonal(a, begin, i, end);
        i = end;
    }
}
TP_BOTH(factorise, (tp_rows a, int from, int *bad), (a, from, bad))

int tp_chol(double *a, int n, int ld, int from)
{
    int bad;
    factorise((tp_rows){a, n, ld}, from, &bad);
    return bad;
}

TP_KERNEL void add_kernel(double c, const double *x, double *y, int n)
{
    int   i = 0;
    tp_v4 zero = {0, 0, 0, 0}, many = zero + c;
    for (; i + TP_LANES <= n; i += TP_LANES)
        *(tp_v4 *)(y + i) += many * *(const tp_v4 *)(x + i);
    for (; i < n; i++) y[i] += c * x[i];
}
TP_BOTH(add, (double c, const double *x, double *y, int n), (c, x, y, n))

void tp_axpy(double c, const double *x, double *y, int n)
{
    add(c, x, y, n);
}

void tp_chol_back(const double *l, int n, int ld, double *b)
{
    for (int i = n - 1; i >= 0; i--) {
        const double *row = l + (ptrdiff_t)i * ld;
        b[i] /= row[i];
        add(-b[i], row, b, i);
    }
}

double tp_chol_log_det(const double *l, int n, int ld)
{
    double sum = 0, product = 1;
    for (int i = 0; i < n; i++) {
        product *= l[(ptrdiff_t)i * ld + i];
        if (product > 1e-100 && product < 1e100 && i + 1 < n) continue;
        sum += tp_log(product);
        product = 1;
    }
    return 2 * sum;
}

/* Row j of `t` is column j of the inverse of L: zero before j. */
TP_KERNEL void inverse_kernel(factor f, double *t, double *inv)
{
    double  out[BLOCK][BLOCK];
    tp_rows all = {t, f.n, f.ld};
    int     whole = tp_num_ld(f.n);
    for (int j = 0; j < f.n; j++) t[(ptrdiff_t)j * f.ld + j] = 1;
    for (int j = 0; j < f.n; j += BLOCK) solve(f, part_of(all, j, 0), j, 0);
    for (int i = 0; i < f.n; i += BLOCK)
        for (int j = 0; j <= i; j += BLOCK) {
            tp_rows x = part_of(all, i, i), y = part_of(all, j, i);
            block(x, y, whole - i, out);
            for (int p = 0; p < x.rows; p++)
                for (int q = 0; q < y.rows; q++)
                    inv[(ptrdiff_t)(i + p) * f.ld + j + q] =
                        inv[(ptrdiff_t)(j + q) * f.ld + i + p] = out[p][q];
        }
}
TP_BOTH(inverse, (factor f, double *t, double *inv), (f, t, inv))

void tp_chol_inverse(const double *l, int n, int ld, double *inv,
                     tp_arena scratch)
{
    double *t = TP_NEW(&scratch, double, (ptrdiff_t)n *ld);
    inverse((factor){l, n, ld}, t, inv);
}

double tp_dot(const double *a, const double *b, int n)
{
    double s[TP_LANES] = {0}, rest = 0;
    int    i = 0;
    for (; i + TP_LANES <= n; i += TP_LANES)
        for (int k = 0; k < TP_LANES; k++) s[k] += a[i + k] * b[i + k];
    for (; i < n; i++) rest += a[i] * b[i];
    return sum_lanes(s) + rest;
}

double tp_norm2(const double *a, int n)
{
    return tp_dot(a, a, n);
}
