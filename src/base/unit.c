/* The letters behind a number, which SPICE skips whatever they are: the units
   among them, and what is said of the others. */
#include "base/base.h"

/* As people write them behind a number or its suffix; case ignored. */
static const char *const units[] = {
    "v",       "volt",    "volts",   "vpp",      "vrms",    "a",       "amp",
    "amps",    "ampere",  "amperes", "arms",     "s",       "sec",     "secs",
    "second",  "seconds", "hz",      "hertz",    "ohm",     "ohms",    "f",
    "farad",   "farads",  "h",       "henry",    "henries", "henrys",  "w",
    "watt",    "watts",   "va",      "m",        "meter",   "meters",  "metre",
    "metres",  "c",       "cel",     "celsius",  "deg",     "degc",    "degree",
    "degrees", "k",       "kelvin",  "rad",      "radian",  "radians", "db",
    "dbm",     "dbv",     "mho",     "mhos",     "siemens", "j",       "joule",
    "joules",  "coul",    "coulomb", "coulombs", "ev",      "g",       "tesla",
    "wb",      "weber",   "ppm",     "bar",
};

static bool is_unit(tp_str s)
{
    for (int i = 0; i < TP_COUNT(units); i++)
        if (tp_str_same(s, tp_str_of(units[i]))) return true;
    return false;
}

static bool is_plain(tp_str s)
{
    for (ptrdiff_t i = 0; i < s.len; i++)
        if (!tp_is_alpha(s.at[i]) && !tp_is_digit(s.at[i]) && s.at[i] != '_')
            return false;
    return s.len > 0;
}

/* "MHz" as it is written for mega; an ohm may well be milli when it is so
   written. */
static bool is_mega(char suffix, tp_str unit)
{
    if (tp_str_same(unit, TP_S("hz"))) return tp_lower(suffix) == 'm';
    return suffix == 'M' &&
           (tp_str_same(unit, TP_S("ohm")) || tp_str_same(unit, TP_S("ohms")));
}

bool tp_number_is_odd(tp_str number)
{
    ptrdiff_t from = tp_number_letters(number);
    tp_str    rest = tp_str_from(number, from);
    if (!from || !is_plain(rest)) return false;
    return is_mega(number.at[from - 1], rest) || !is_unit(rest);
}

tp_str tp_number_doubt(tp_str number, tp_arena *mem)
{
    char      is[TP_NUMBER_MAX];
    double    v = 0;
    ptrdiff_t from = tp_number_letters(number);
    tp_str    rest = tp_str_from(number, from);
    if (!tp_number_is_odd(number)) return TP_S("");
    tp_number_all(tp_str_part(number, 0, from), &v);
    if (is_mega(number.at[from - 1], rest))
        return tp_str_fmt(mem, "%.*s is %s %.*s: M is milli; mega is MEG",
                          TP_F(number), tp_exact(v, is), TP_F(rest));
    return tp_str_fmt(mem,
                      "%.*s is read as %s: '%.*s' behind it is no unit and is "
                      "passed over",
                      TP_F(number), tp_exact(v, is), TP_F(rest));
}

bool tp_number_is_mega(tp_str number)
{
    double    plain = 0;
    ptrdiff_t from = tp_number_letters(number);
    bool      milli = from > 1 && number.at[from - 1] == 'M';
    return milli && tp_number_all(tp_str_part(number, 0, from - 1), &plain) &&
           (plain >= 1 || plain <= -1);
}

tp_str tp_number_remark(tp_str number, tp_arena *mem)
{
    char   is[TP_NUMBER_MAX], mega[TP_NUMBER_MAX];
    double v = 0;
    if (!tp_number_is_mega(number)) return tp_number_doubt(number, mem);
    tp_number_all(number, &v);
    tp_str digits = tp_str_part(number, 0, tp_number_letters(number) - 1);
    return tp_str_fmt(mem, "%.*s is %s (milli); %.*sMeg is %s", TP_F(number),
                      tp_exact(v, is), TP_F(digits), tp_exact(v * 1e9, mega));
}
