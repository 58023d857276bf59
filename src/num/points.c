/* Sets of points that fill the unit cube evenly. */
#include "num/num.h"

/* Joe and Kuo's direction numbers (new-joe-kuo-6), dimensions 2 to 53: degree
   s and inner coefficients a of a primitive polynomial, then m_1 .. m_s. */
enum { DEGREE_MAX = 9, BITS = 32 };
typedef struct direction {
    unsigned char  s, a;
    unsigned short m[DEGREE_MAX];
} direction;

/* clang-format off */
static const direction known[] = {
    {1, 0, {1}}, {2, 1, {1, 3}}, {3, 1, {1, 3, 1}}, {3, 2, {1, 1, 1}},
    {4, 1, {1, 1, 3, 3}}, {4, 4, {1, 3, 5, 13}}, {5, 2, {1, 1, 5, 5, 17}},
    {5, 4, {1, 1, 5, 5, 5}}, {5, 7, {1, 1, 7, 11, 19}},
    {5, 11, {1, 1, 5, 1, 1}}, {5, 13, {1, 1, 1, 3, 11}},
    {5, 14, {1, 3, 5, 5, 31}}, {6, 1, {1, 3, 3, 9, 7, 49}},
    {6, 13, {1, 1, 1, 15, 21, 21}}, {6, 16, {1, 3, 1, 13, 27, 49}},
    {6, 19, {1, 1, 1, 15, 7, 5}}, {6, 22, {1, 3, 1, 15, 13, 25}},
    {6, 25, {1, 1, 5, 5, 19, 61}}, {7, 1, {1, 3, 7, 11, 23, 15, 103}},
    {7, 4, {1, 3, 7, 13, 13, 15, 69}}, {7, 7, {1, 1, 3, 13, 7, 35, 63}},
    {7, 8, {1, 3, 5, 9, 1, 25, 53}}, {7, 14, {1, 3, 1, 13, 9, 35, 107}},
    {7, 19, {1, 3, 1, 5, 27, 61, 31}}, {7, 21, {1, 1, 5, 11, 19, 41, 61}},
    {7, 28, {1, 3, 5, 3, 3, 13, 69}}, {7, 31, {1, 1, 7, 13, 1, 19, 1}},
    {7, 32, {1, 3, 7, 5, 13, 19, 59}}, {7, 37, {1, 1, 3, 9, 25, 29, 41}},
    {7, 41, {1, 3, 5, 13, 23, 1, 55}}, {7, 42, {1, 3, 7, 3, 13, 59, 17}},
    {7, 50, {1, 3, 1, 3, 5, 53, 69}}, {7, 55, {1, 1, 5, 5, 23, 33, 13}},
    {7, 56, {1, 1, 7, 7, 1, 61, 123}}, {7, 59, {1, 1, 7, 9, 13, 61, 49}},
    {7, 62, {1, 3, 3, 5, 3, 55, 33}},
    {8, 14, {1, 3, 1, 15, 31, 13, 49, 245}},
    {8, 21, {1, 3, 5, 15, 31, 59, 63, 97}},
    {8, 22, {1, 3, 1, 11, 11, 11, 77, 249}},
    {8, 38, {1, 3, 1, 11, 27, 43, 71, 9}},
    {8, 47, {1, 1, 7, 15, 21, 11, 81, 45}},
    {8, 49, {1, 3, 7, 3, 25, 31, 65, 79}},
    {8, 50, {1, 3, 1, 1, 19, 11, 3, 205}},
    {8, 52, {1, 1, 5, 9, 19, 21, 29, 157}},
    {8, 56, {1, 3, 7, 11, 1, 33, 89, 185}},
    {8, 67, {1, 3, 3, 3, 15, 9, 79, 71}},
    {8, 70, {1, 3, 7, 11, 15, 39, 119, 27}},
    {8, 84, {1, 1, 3, 1, 11, 31, 97, 225}},
    {8, 97, {1, 1, 1, 3, 23, 43, 57, 177}},
    {8, 103, {1, 3, 7, 7, 17, 17, 37, 71}},
    {8, 115, {1, 3, 1, 5, 27, 63, 123, 213}},
    {8, 122, {1, 1, 3, 5, 11, 43, 53, 133}},
};
/* clang-format on */

/* v[k], k = 1..BITS, the k-th direction of axis `i`, as a fraction of 2^32. */
static void directions(int i, uint64_t v[BITS + 1])
{
    const direction *d = &known[i ? i - 1 : 0];
    for (int k = 1; k <= BITS; k++) {
        if (i == 0 || k <= d->s) {
            uint64_t m = i == 0 ? 1 : d->m[k - 1];
            v[k] = m << (BITS - k);
            continue;
        }
        v[k] = v[k - d->s] ^ (v[k - d->s] >> d->s);
        for (int j = 1; j < d->s; j++)
            if (d->a >> (d->s - 1 - j) & 1) v[k] ^= v[k - j];
    }
}

void tp_sobol(double *x, int n, int first, int count, uint64_t seed)
{
    for (int i = 0; i < n; i++) {
        tp_rng   rng = tp_rng_at(seed, (uint64_t)i);
        uint64_t shift = tp_rng_next(&rng) >> 32, v[BITS + 1] = {0};
        double   inside = 0.5; /* of the cell that 32 bits leave */
        if (i <= TP_COUNT(known)) directions(i, v);
        for (int p = 0; p < count; p++) {
            uint64_t at = shift, index = (uint64_t)first + (uint64_t)p;
            uint64_t gray = index ^ (index >> 1);
            for (int k = 1; k <= BITS && gray; k++, gray >>= 1)
                if (gray & 1) at ^= v[k];
            tp_rng free = tp_rng_at(seed + index, (uint64_t)i);
            if (i > TP_COUNT(known)) at = tp_rng_next(&free) >> 32;
            x[(ptrdiff_t)p * n + i] = ((double)at + inside) * 0x1p-32;
        }
    }
}

void tp_latin(double *x, int n, int count, tp_rng *rng, tp_arena scratch)
{
    int *layer = TP_NEW(&scratch, int, count);
    for (int i = 0; i < n; i++) {
        for (int p = 0; p < count; p++) layer[p] = p;
        for (int p = count - 1; p > 0; p--) {
            int k = tp_rng_below(rng, p + 1), keep = layer[p];
            layer[p] = layer[k];
            layer[k] = keep;
        }
        for (int p = 0; p < count; p++)
            x[(ptrdiff_t)p * n + i] = (layer[p] + tp_rng_uniform(rng)) / count;
    }
}
