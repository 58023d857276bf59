/* Numbers for people: a few significant digits, an engineering prefix where
   the unit takes one. */
#include "base/base.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS_MAX = 15 };

static const char *const prefixed[] = {
    "V",  "A", "W", "VA", "F", "H", "Ohm", "ohm", "Ohms", "\u03A9",
    "Hz", "s", "S", "C",  "J", "m", "g",   "Vpp", "Vrms", "Arms",
};

static const struct {
    int         exponent;
    const char *name;
} prefix[] = {
    {-18, "a"}, {-15, "f"}, {-12, "p"}, {-9, "n"}, {-6, "u"}, {-3, "m"},
    {0, ""},    {3, "k"},   {6, "M"},   {9, "G"},  {12, "T"},
};

/* True for an SI unit, alone or over another one ("V/us", "A/V"). */
static bool takes_prefix(tp_str unit)
{
    ptrdiff_t over = tp_str_find(unit, '/', 0);
    if (over > 0) unit.len = over;
    for (int i = 0; i < TP_COUNT(prefixed); i++)
        if (tp_str_eq(unit, tp_str_of(prefixed[i]))) return true;
    return false;
}

/* A number rounded once: 0.d1d2d3... times ten to the `exponent` + 1. */
typedef struct rounded {
    bool minus;
    char digit[DIGITS_MAX + 1];
    int  n, exponent;
} rounded;

static rounded to_digits(double v, int digits)
{
    char    text[TP_NUMBER_MAX];
    rounded r = {.minus = v < 0, .n = digits};
    snprintf(text, sizeof text, "%.*e", digits - 1, fabs(v));
    r.digit[0] = text[0];
    for (int i = 1; i < digits; i++) r.digit[i] = text[i + 1];
    r.exponent = (int)strtol(strchr(text, 'e') + 1, NULL, 10);
    while (r.n > 1 && r.digit[r.n - 1] == '0') r.n--;
    return r;
}

/* Writes r / 10^shift without an exponent; returns the bytes written. */
static int put_digits(const rounded *r, int shift, char *out)
{
    int at = 0, whole = r->exponent - shift + 1; /* digits before the point */
    if (r->minus) out[at++] = '-';
    if (whole <= 0) out[at++] = '0';
    for (int i = 0; i < whole; i++) out[at++] = i < r->n ? r->digit[i] : '0';
    if (whole < r->n) out[at++] = '.';
    for (int i = whole; i < 0; i++) out[at++] = '0';
    for (int i = whole > 0 ? whole : 0; i < r->n; i++) out[at++] = r->digit[i];
    out[at] = '\0';
    return at;
}

static void with_prefix(double v, tp_str unit, int digits, char *out)
{
    rounded     r = to_digits(v, digits);
    const char *name = NULL;
    int         at = 0;
    for (int i = 0; i < TP_COUNT(prefix); i++) {
        int left = r.exponent - prefix[i].exponent;
        if (left < 0 || left > 2) continue;
        name = prefix[i].name;
        at = put_digits(&r, prefix[i].exponent, out);
    }
    if (!name) at = snprintf(out, TP_NUMBER_MAX, "%.*g", digits, v);
    snprintf(out + at, TP_NUMBER_MAX - (size_t)at, " %s%.*s", name ? name : "",
             TP_F(unit));
}

static void without_prefix(double v, tp_str unit, int digits, char *out)
{
    rounded r = to_digits(v, digits);
    int     at;
    if (r.exponent >= digits && r.exponent < 6)
        r = to_digits(v, r.exponent + 1); /* whole numbers are not rounded */
    if (r.exponent >= -4 && r.exponent < 6)
        at = put_digits(&r, 0, out);
    else
        at = snprintf(out, TP_NUMBER_MAX, "%.*g", digits, v);
    snprintf(out + at, TP_NUMBER_MAX - (size_t)at, "%s%.*s",
             unit.len > 0 ? " " : "", TP_F(unit));
}

char *tp_engineering(double v, tp_str unit, char out[TP_NUMBER_MAX])
{
    return tp_engineering_digits(v, unit, 4, out);
}

char *tp_engineering_digits(double v, tp_str unit, int digits,
                            char out[TP_NUMBER_MAX])
{
    if (digits < 1) digits = 1;
    if (digits > DIGITS_MAX) digits = DIGITS_MAX;
    if (tp_str_eq(unit, TP_S("ratio"))) {
        v *= 100;
        unit = TP_S("%");
    }
    if (!isfinite(v)) {
        int at = snprintf(out, TP_NUMBER_MAX, "%s",
                          isnan(v) ? "nan"
                          : v < 0  ? "-inf"
                                   : "inf");
        snprintf(out + at, TP_NUMBER_MAX - (size_t)at, "%s%.*s",
                 unit.len > 0 ? " " : "", TP_F(unit));
    } else if (v != 0 && takes_prefix(unit)) {
        with_prefix(v, unit, digits, out);
    } else {
        without_prefix(v, unit, digits, out);
    }
    return out;
}
