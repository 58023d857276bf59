/* Exponential and logarithm on four lanes at once. libm's may use other
   instructions on another processor and round differently; these do not.
   Reduction by multiples of ln 2 in two parts (Cody and Waite, Software Manual
   for the Elementary Functions, 1980), then power series. */
#include "lanes.h"

static const double LOG2E = 0x1.71547652b82fep0;
static const double LN2_HIGH = 0x1.62e42fee00000p-1;
static const double LN2_LOW = 0x1.a39ef35793c76p-33;
static const double ROUND = 0x1.8p52; /* added, it leaves a whole number */
static const double LOWEST = -708, HIGHEST = 709;

/* 1/13!, 1/12!, ..., 1/2! */
static const double taylor[] = {
    1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800,
    1.0 / 362880,     1.0 / 40320,     1.0 / 5040,     1.0 / 720,
    1.0 / 120,        1.0 / 24,        1.0 / 6,        1.0 / 2,
};

/* 2/23, 2/21, ..., 2/3: of log((1+s)/(1-s)) = 2s + 2s^3/3 + 2s^5/5 ... */
static const double odd[] = {
    2.0 / 23, 2.0 / 21, 2.0 / 19, 2.0 / 17, 2.0 / 15, 2.0 / 13,
    2.0 / 11, 2.0 / 9,  2.0 / 7,  2.0 / 5,  2.0 / 3,
};

/* a where the mask is set, else b. */
#define PICK(mask, a, b) \
    ((tp_v4)(((mask) & (tp_i4)(a)) | (~(mask) & (tp_i4)(b))))

TP_KERNEL void exp_all_lanes(double *x)
{
    tp_v4 v = *(tp_v4 *)x, zero = {0, 0, 0, 0};
    tp_i4 under = v<LOWEST, over = v> HIGHEST;
    v = PICK(under, zero + LOWEST, v);
    v = PICK(over, zero + HIGHEST, v);
    tp_v4 t = v * LOG2E + ROUND;
    tp_v4 k = t - ROUND;
    tp_v4 r = (v - k * LN2_HIGH) - k * LN2_LOW;
    tp_v4 p = r * taylor[0] + taylor[1];
    for (int i = 2; i < TP_COUNT(taylor); i++) p = p * r + taylor[i];
    p = p * r * r + r + 1.0;
    tp_i4 bits = (tp_i4)p + ((tp_i4)t << 52); /* p 2^k */
    *(tp_v4 *)x = PICK(under, zero, bits);
}

/* x = 2^k m with m in sqrt(1/2) .. sqrt(2); log x = k ln 2 + log m. */
TP_KERNEL void log_all_lanes(double *x)
{
    const int64_t half = 0x3fe6a09e00000000; /* sqrt(1/2), its high word */
    const int64_t one = 0x3ff0000000000000, whole = 0x4338000000000000;
    tp_v4         v = *(tp_v4 *)x, zero = {0, 0, 0, 0};
    tp_i4         good = v > 0x1p-1022;
    v = PICK(good, v, zero + 1.0);
    tp_i4 up = (tp_i4)v + (one - half);
    tp_i4 power = (up >> 52) - 1023;
    tp_v4 m = (tp_v4)((up & 0x000fffffffffffff) + half);
    tp_v4 k = (tp_v4)(power + whole) - ROUND;
    tp_v4 f = m - 1.0, s = f / (f + 2.0), z = s * s;
    tp_v4 p = z * odd[0] + odd[1];
    for (int i = 2; i < TP_COUNT(odd); i++) p = p * z + odd[i];
    /* 2s = f - s f, so that what is rounded is small */
    tp_v4 low = s * (z * p - f) + k * LN2_LOW;
    *(tp_v4 *)x = PICK(good, k * LN2_HIGH + (f + low), zero - 745.0);
}

#define MANY(name)                                                    \
    TP_KERNEL void name##_kernel(double *x, int n)                    \
    {                                                                 \
        int    i = 0;                                                 \
        double rest[TP_LANES] = {0};                                  \
        for (; i + TP_LANES <= n; i += TP_LANES) name##_lanes(x + i); \
        if (i == n) return;                                           \
        memcpy(rest, x + i, sizeof *x * (size_t)(n - i));             \
        name##_lanes(rest);                                           \
        memcpy(x + i, rest, sizeof *x * (size_t)(n - i));             \
    }                                                                 \
    TP_BOTH(name, (double *x, int n), (x, n))
MANY(exp_all)
MANY(log_all)

void tp_exp_many(double *x, int n)
{
    exp_all(x, n);
}

void tp_log_many(double *x, int n)
{
    log_all(x, n);
}

double tp_exp(double x)
{
    tp_exp_many(&x, 1);
    return x;
}

double tp_log(double x)
{
    tp_log_many(&x, 1);
    return x;
}
