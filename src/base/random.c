/* Random numbers: SplitMix64 (G. Steele, D. Lea, C. Flood: Fast splittable
   pseudorandom number generators, OOPSLA 2014), and a hash: FNV-1a with
   SplitMix64's finaliser behind it. */
#include "base/base.h"

#include <math.h>

#define GOLDEN UINT64_C(0x9E3779B97F4A7C15)

static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

tp_rng tp_rng_at(uint64_t seed, uint64_t k)
{
    return (tp_rng){mix(mix(seed + GOLDEN) + (k + 1) * GOLDEN)};
}

uint64_t tp_rng_next(tp_rng *r)
{
    r->s += GOLDEN;
    return mix(r->s);
}

double tp_rng_uniform(tp_rng *r)
{
    return (double)(tp_rng_next(r) >> 11) * 0x1p-53;
}

/* Marsaglia's polar method; the second number is not kept, so that the state
   stays one word. */
double tp_rng_normal(tp_rng *r)
{
    double x, y, s;
    do {
        x = 2 * tp_rng_uniform(r) - 1;
        y = 2 * tp_rng_uniform(r) - 1;
        s = x * x + y * y;
    } while (s >= 1 || s <= 0);
    return x * sqrt(-2 * log(s) / s);
}

int tp_rng_below(tp_rng *r, int n)
{
    if (n <= 1) return 0;
    uint64_t bound = (uint64_t)n, v, over = UINT64_MAX - UINT64_MAX % bound;
    do v = tp_rng_next(r);
    while (v >= over);
    return (int)(v % bound);
}

uint64_t tp_hash(uint64_t seed, tp_str bytes)
{
    uint64_t h = UINT64_C(0xCBF29CE484222325) ^ seed;
    for (ptrdiff_t i = 0; i < bytes.len; i++) {
        h ^= (unsigned char)bytes.at[i];
        h *= UINT64_C(0x100000001B3);
    }
    return mix(h);
}
