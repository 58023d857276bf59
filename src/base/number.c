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
    {"p", -12, 1}, {"f", -15, 1},       {"a", -18, 1},
};

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

/* Sign, digits, exponent and suffix. */
static ptrdiff_t read_number(tp_str s, double *value)
{
    decimal   d = {.n = 0};
    ptrdiff_t i = 0;
    bool      minus = s.len > 0 && s.at[0] == '-';
    if (minus || (s.len > 0 && s.at[0] == '+')) i++;
    i = read_digits(&d, s, i);
    if (!d.any) return 0;
    i = read_exponent(&d, s, i);
    double factor = 1;
    for (int k = 0; k < TP_COUNT(suffix); k++) {
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

ptrdiff_t tp_number(tp_str s, double *value)
{
    ptrdiff_t i = read_number(s, value);
    while (i > 0 && i < s.len && tp_is_alpha(s.at[i])) i++;
    return i;
}

bool tp_number_all(tp_str s, double *value)
{
    double v = 0;
    s = tp_str_trim(s);
    if (s.len == 0 || tp_number(s, &v) != s.len) return false;
    *value = v;
    return true;
}

bool tp_number_bare(tp_str s, double *value)
{
    double v = 0;
    s = tp_str_trim(s);
    if (s.len == 0 || read_number(s, &v) != s.len) return false;
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
