/* Numbers as SPICE writes them, read with one rounding: the digits, the
   exponent and the suffix become one decimal integer with one exponent, which
   strtod() rounds correctly whatever the locale. */
#include "base/base.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 768 digits decide the rounding of any double; a 1 behind them stands for
   all that follow. */
enum { DIGITS_MAX = 800, EXPONENT_MAX = 100000 };

static const struct {
    const char *name;
    int         exponent; /* of ten */
    double      factor;   /* what is left of it */
} suffix[] = {
    /* the longer ones first */
    {"meg", 6, 1}, {"mil", 0, 25.4e-6}, {"t", 12, 1},  {"g", 9, 1},
    {"k", 3, 1},   {"m", -3, 1},        {"u", -6, 1},  {"n", -9, 1},
    {"p", -12, 1}, {"f", -15, 1},       {"a", -18, 1}, /* not in SPICE */
};
enum { SUFFIXES = TP_COUNT(suffix), SPICE_SUFFIXES = SUFFIXES - 1 };

typedef struct decimal {
    char      digit[DIGITS_MAX + 32];
    int       n;        /* digits kept, without leading zeros */
    ptrdiff_t exponent; /* of ten, of the last digit kept */
    bool      any;      /* there was a digit, if only a zero */
} decimal;

static void add_digit(decimal *d, char c, bool after_point)
{
    d->any = true;
    if (d->n == 0 && c == '0') {
        d->exponent -= after_point;
    } else if (d->n < DIGITS_MAX) {
        d->digit[d->n++] = c;
        d->exponent -= after_point;
    } else {
        if (c != '0') d->digit[DIGITS_MAX - 1] = '1';
        d->exponent += !after_point;
    }
}

/* Reads digits with at most one point among them; returns where they end. */
static ptrdiff_t read_digits(decimal *d, tp_str s, ptrdiff_t i)
{
    bool point = false;
    for (; i < s.len; i++) {
        if (s.at[i] == '.' && !point)
            point = true;
        else if (tp_is_digit(s.at[i]))
            add_digit(d, s.at[i], point);
        else
            break;
    }
    return i;
}

/* The same for "e-12"; an e that no digit follows is a unit letter. */
static ptrdiff_t read_exponent(decimal *d, tp_str s, ptrdiff_t i)
{
    if (i >= s.len || tp_lower(s.at[i]) != 'e') return i;
    ptrdiff_t at = i + 1;
    bool      minus = at < s.len && s.at[at] == '-';
    if (minus || (at < s.len && s.at[at] == '+')) at++;
    if (at >= s.len || !tp_is_digit(s.at[at])) return i;
    int e = 0;
    for (; at < s.len && tp_is_digit(s.at[at]); at++)
        if (e < EXPONENT_MAX) e = 10 * e + (s.at[at] - '0');
    d->exponent += minus ? -e : e;
    return at;
}

static double rounded(decimal *d)
{
    if (d->n == 0) return 0;
    ptrdiff_t e = d->exponent;
    if (e > EXPONENT_MAX) e = EXPONENT_MAX;
    if (e < -EXPONENT_MAX) e = -EXPONENT_MAX;
    snprintf(d->digit + d->n, sizeof d->digit - (size_t)d->n, "e%d", (int)e);
    return strtod(d->digit, NULL);
}

/* Sign, digits, exponent and one of the first n suffixes. */
static ptrdiff_t read_number(tp_str s, int n, double *value)
{
    decimal   d = {.n = 0};
    ptrdiff_t i = 0;
    bool      minus = s.len > 0 && s.at[0] == '-';
    if (minus || (s.len > 0 && s.at[0] == '+')) i++;
    i = read_digits(&d, s, i);
    if (!d.any) return 0;
    i = read_exponent(&d, s, i);
    double factor = 1;
    for (int k = 0; k < n; k++) {
        tp_str name = tp_str_of(suffix[k].name);
        if (!tp_str_starts(tp_str_from(s, i), name)) continue;
        d.exponent += suffix[k].exponent;
        factor = suffix[k].factor;
        i += name.len;
        break;
    }
    double v = rounded(&d) * factor;
    *value = minus ? -v : v;
    return i;
}

static ptrdiff_t read_with_unit(tp_str s, int n, double *value)
{
    ptrdiff_t i = read_number(s, n, value);
    while (i > 0 && i < s.len && tp_is_alpha(s.at[i])) i++;
    return i;
}

ptrdiff_t tp_number(tp_str s, double *value)
{
    return read_with_unit(s, SPICE_SUFFIXES, value);
}

ptrdiff_t tp_number_atto(tp_str s, double *value)
{
    return read_with_unit(s, SUFFIXES, value);
}

ptrdiff_t tp_number_letters(tp_str s)
{
    double v;
    return read_number(s, SPICE_SUFFIXES, &v);
}

static bool all(tp_str s, int n, double *value)
{
    double v = 0;
    s = tp_str_trim(s);
    if (s.len == 0 || read_with_unit(s, n, &v) != s.len) return false;
    *value = v;
    return true;
}

bool tp_number_all(tp_str s, double *value)
{
    return all(s, SPICE_SUFFIXES, value);
}

bool tp_number_all_atto(tp_str s, double *value)
{
    return all(s, SUFFIXES, value);
}

bool tp_number_bare(tp_str s, double *value)
{
    double v = 0;
    s = tp_str_trim(s);
    if (s.len == 0 || read_number(s, SPICE_SUFFIXES, &v) != s.len) return false;
    *value = v;
    return true;
}

char *tp_exact(double v, char out[TP_NUMBER_MAX])
{
    if (isnan(v)) return memcpy(out, "nan", 4);
    if (isinf(v)) return v < 0 ? memcpy(out, "-inf", 5) : memcpy(out, "inf", 4);
    /* 15 digits give a number of up to 15 digits back as it is, and %g drops
       the zeros behind it; below the normal range fewer digits do. */
    int digits = fabs(v) < DBL_MIN ? 1 : DBL_DIG;
    for (; digits <= 17; digits++) {
        snprintf(out, TP_NUMBER_MAX, "%.*g", digits, v);
        if (strtod(out, NULL) == v) break;
    }
    return out;
}

/* a times 10^n, |n| <= 54, right to two units of its last place: powers up to
   10^27 are exact in 64 bits. */
static long double scaled(double a, int n)
{
    static const long double ten[] = {
        1e0L,  1e1L,  1e2L,  1e3L,  1e4L,  1e5L,  1e6L,  1e7L,  1e8L,  1e9L,
        1e10L, 1e11L, 1e12L, 1e13L, 1e14L, 1e15L, 1e16L, 1e17L, 1e18L, 1e19L,
        1e20L, 1e21L, 1e22L, 1e23L, 1e24L, 1e25L, 1e26L, 1e27L,
    };
    long double v = a;
    if (n < 0) return v / ten[-n];
    return n > 27 ? v * ten[27] * ten[n - 27] : v * ten[n];
}

/* The 16 digits of a > 0 as an integer and its decimal exponent; false where
   64 bits can't tell which way to round. */
static bool sixteen(double a, uint64_t *digits, int *exponent)
{
    int binary, e;
    frexp(a, &binary);
    e = (int)floor(0.30103 * (binary - 1)); /* or one more */
    if (scaled(a, 15 - e) >= 1e16L) e++;
    long double v = scaled(a, 15 - e) + 0.5L;
    uint64_t    d = (uint64_t)v;
    long double rest = v - (long double)d;
    *digits = d;
    *exponent = e;
    return rest > 0.02L && rest < 0.98L && d >= 1000000000000000 &&
           d < 10000000000000000;
}

char *tp_digits(double v, char out[TP_NUMBER_MAX])
{
    double   a = fabs(v);
    char    *at = out;
    uint64_t d;
    int      e;
    bool     is_easy = LDBL_MANT_DIG >= 64 && a > 1e-36 && a < 1e36;
    if (!is_easy || !sixteen(a, &d, &e)) {
        snprintf(out, TP_NUMBER_MAX, "%.15e", v);
        return out;
    }
    if (v < 0) *at++ = '-';
    for (int i = 16; i > 0; i--, d /= 10) at[i] = (char)('0' + d % 10);
    at[0] = at[1];
    at[1] = '.';
    at[17] = 'e';
    at[18] = e < 0 ? '-' : '+';
    at[19] = (char)('0' + abs(e) / 10);
    at[20] = (char)('0' + abs(e) % 10);
    at[21] = '\0';
    return out;
}
