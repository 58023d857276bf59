/* Expressions: functions and constants of SIMetrix that ngspice's numparam
   does not have, in its words. */
#include "netlist/text.h"

#include <string.h>

enum { MAX_NESTING = 10, MAX_ARGS = 8, MAX_SIGNAL = 250 };

/* $1, $2 ... stand for the arguments. */
static const struct function {
    const char *name;
    int         n_arg;
    const char *is;
} function[] = {
    {"if", 3, "ternary_fcn($1,$2,$3)"},
    {"iff", 3, "ternary_fcn($1,$2,$3)"},
    {"limit", 3, "min(max($1,$2),$3)"},
    {"log", 1, "log10($1)"},
    {"pwrs", 2, "(sgn($1)*pwr($1,$2))"},
    {"round", 1, "nint($1)"},
    {"stp", 1, "ternary_fcn(($1)>0,1,0)"},
    {"u", 1, "ternary_fcn(($1)>0,1,0)"},
    {"uramp", 1, "max($1,0)"},
};

static const struct constant {
    const char *name, *is;
} constant[] = {
    {"pi", "3.1415926535897932"},
    {"e", "2.7182818284590452"},
    {"true", "1"},
    {"false", "0"},
    {"echarge", "1.602176634e-19"},
    {"boltz", "1.380649e-23"},
};

struct work {
    const tp_names *names;
    tp_buf          out;
    bool            open; /* a bracket is never closed: no more calls */
};

static void translate(struct work *w, tp_str s, int depth);

/* Cuts "a,b)..." after an opening bracket at `at` into arguments; the offset
   after the closing one, or -1. */
static ptrdiff_t arguments(tp_str s, ptrdiff_t at, tp_str arg[MAX_ARGS], int *n)
{
    int       depth = 0;
    ptrdiff_t from = at + 1;
    *n = 0;
    for (ptrdiff_t i = at; i < s.len; i++) {
        char c = s.at[i];
        depth += (c == '(') - (c == ')');
        bool last = c == ')' && depth == 0;
        if (!last && !(c == ',' && depth == 1)) continue;
        if (*n == MAX_ARGS) return -1;
        arg[(*n)++] = tp_str_trim(tp_str_part(s, from, i - from));
        from = i + 1;
        if (last) return i + 1;
    }
    return -1;
}

static void pattern(struct work *w, const char *is, const tp_str *arg,
                    int depth)
{
    for (; *is; is++) {
        if (*is == '$')
            translate(w, arg[*++is - '1'], depth + 1);
        else
            tp_buf_char(&w->out, *is);
    }
}

/* A call at s[at..] whose name ends at `end`: the offset after what was
   written, or -1 when nothing had to change. */
static ptrdiff_t call(struct work *w, tp_str s, ptrdiff_t at, ptrdiff_t end,
                      int depth)
{
    tp_str name = tp_str_part(s, at, end - at), arg[MAX_ARGS];
    bool   log_is_ln = tp_names_deck(w->names)->log_is_ln;
    for (int i = 0; i < TP_COUNT(function); i++) {
        if (!tp_str_same(name, tp_str_of(function[i].name))) continue;
        if (log_is_ln && strcmp(function[i].name, "log") == 0) return -1;
        int       n = 0;
        ptrdiff_t bracket = tp_str_find(s, '(', end);
        ptrdiff_t after = arguments(s, bracket, arg, &n);
        w->open |= after < 0 && n < MAX_ARGS;
        if (after < 0 || n != function[i].n_arg) return -1;
        pattern(w, function[i].is, arg, depth);
        return after;
    }
    return -1;
}

static const char *constant_of(const struct work *w, tp_str name)
{
    if (tp_names_param(w->names, name)) return NULL;
    for (int i = 0; i < TP_COUNT(constant); i++)
        if (tp_str_same(name, tp_str_of(constant[i].name)))
            return constant[i].is;
    return NULL;
}

static ptrdiff_t name(struct work *w, tp_str s, ptrdiff_t at, int depth)
{
    ptrdiff_t end = at;
    while (end < s.len && (tp_is_name_byte(s.at[end]) || s.at[end] == '.'))
        end++;
    tp_str    word = tp_str_part(s, at, end - at);
    ptrdiff_t next = end;
    while (next < s.len && tp_is_space(s.at[next])) next++;
    bool is_call = next < s.len && s.at[next] == '(';
    if (is_call) {
        bool      may = depth < MAX_NESTING && !w->open;
        ptrdiff_t after = may ? call(w, s, at, end, depth) : -1;
        if (after >= 0) return after;
    }
    const char *is = is_call ? NULL : constant_of(w, word);
    tp_buf_add(&w->out, is ? tp_str_of(is) : word);
    return end;
}

/* Bytes at s[at..] that stay: v(node) and i(dev), whose names are none of
   ours, numbers, anything else one by one; 0 when a name begins here. */
static ptrdiff_t untouched(tp_str s, ptrdiff_t at)
{
    char   c = tp_lower(s.at[at]);
    double v = 0;
    if ((c == 'v' || c == 'i') && at + 1 < s.len && s.at[at + 1] == '(') {
        tp_str    near = tp_str_part(s, at, MAX_SIGNAL);
        ptrdiff_t close = tp_str_find(near, ')', 0);
        if (close > 0) return close + 1;
    }
    if (tp_is_alpha(c) || c == '_') return 0;
    bool      number = tp_is_digit(c) || c == '.';
    ptrdiff_t used = number ? tp_number(tp_str_from(s, at), &v) : 0;
    return used > 0 ? used : 1;
}

tp_str tp_translate_number(tp_str number, tp_arena *mem)
{
    double here = 0, there = 0;
    char   text[TP_NUMBER_MAX];
    if (!tp_number_all(number, &there) || !tp_number_all_atto(number, &here) ||
        here == there)
        return (tp_str){"", 0};
    return tp_str_copy(mem, tp_str_of(tp_exact(here, text)));
}

static void translate(struct work *w, tp_str s, int depth)
{
    ptrdiff_t at = 0;
    while (at < s.len) {
        ptrdiff_t stays = untouched(s, at);
        tp_str    part = tp_str_part(s, at, stays);
        tp_str    number = tp_translate_number(part, w->out.mem);
        tp_buf_add(&w->out, number.len ? number : part);
        at = stays > 0 ? at + stays : name(w, s, at, depth);
    }
}

tp_str tp_translate_expr(tp_str expr, const tp_names *names)
{
    const tp_deck *d = tp_names_deck(names);
    if (d->kind != TP_DECK_SIMETRIX) return expr;
    struct work w = {.names = names, .out = {.mem = d->mem}};
    translate(&w, expr, 0);
    return tp_buf_str(&w.out);
}
