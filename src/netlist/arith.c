/* arith: the arithmetic of .param expressions as ngspice's numparam does it
   (ngspice manual, "Parametric netlists"), checked against it in the tests:
   '^' and '**' are powers of the magnitude and group from the left; '='
   compares; the suffixes are t g meg k
   m u n p f. */
#include "netlist/deck.h"

#include <math.h>

enum { DEPTH_MAX = 200, ARGS_MAX = 8 };

/* ---- functions ---------------------------------------------------------- */

static double sqr(const double *x, int n)
{
    (void)n;
    return x[0] * x[0];
}

static double sgn(const double *x, int n)
{
    (void)n;
    return x[0] > 0 ? 1 : x[0] < 0 ? -1 : 0;
}

static double least(const double *x, int n)
{
    double v = x[0];
    for (int i = 1; i < n; i++) v = x[i] < v ? x[i] : v;
    return v;
}

static double most(const double *x, int n)
{
    double v = x[0];
    for (int i = 1; i < n; i++) v = x[i] > v ? x[i] : v;
    return v;
}

static double power(const double *x, int n)
{
    (void)n;
    return pow(x[0], x[1]);
}

static double power_of_magnitude(const double *x, int n)
{
    (void)n;
    return pow(fabs(x[0]), x[1]);
}

static double choose(const double *x, int n)
{
    (void)n;
    return x[0] != 0 ? x[1] : x[2];
}

struct function {
    const char *name;
    int         least, most;
    double (*one)(double);
    double (*many)(const double *x, int n);
};
static const struct function functions[] = {
    {"sqr", 1, 1, NULL, sqr},
    {"sqrt", 1, 1, sqrt, NULL},
    {"exp", 1, 1, exp, NULL},
    {"ln", 1, 1, log, NULL},
    {"log", 1, 1, log, NULL},
    {"log10", 1, 1, log10, NULL},
    {"sin", 1, 1, sin, NULL},
    {"cos", 1, 1, cos, NULL},
    {"tan", 1, 1, tan, NULL},
    {"asin", 1, 1, asin, NULL},
    {"acos", 1, 1, acos, NULL},
    {"atan", 1, 1, atan, NULL},
    {"arctan", 1, 1, atan, NULL},
    {"sinh", 1, 1, sinh, NULL},
    {"cosh", 1, 1, cosh, NULL},
    {"tanh", 1, 1, tanh, NULL},
    {"asinh", 1, 1, asinh, NULL},
    {"acosh", 1, 1, acosh, NULL},
    {"atanh", 1, 1, atanh, NULL},
    {"abs", 1, 1, fabs, NULL},
    {"int", 1, 1, trunc, NULL},
    {"nint", 1, 1, nearbyint, NULL},
    {"floor", 1, 1, floor, NULL},
    {"ceil", 1, 1, ceil, NULL},
    {"sgn", 1, 1, NULL, sgn},
    {"pow", 2, 2, NULL, power},
    {"pwr", 2, 2, NULL, power_of_magnitude},
    {"min", 2, ARGS_MAX, NULL, least},
    {"max", 2, ARGS_MAX, NULL, most},
    {"ternary_fcn", 3, 3, NULL, choose},
};

static const struct function *function_of(tp_str name)
{
    for (int i = 0; i < TP_COUNT(functions); i++)
        if (tp_str_same(name, tp_str_of(functions[i].name)))
            return &functions[i];
    return NULL;
}

/* ---- the text being read ------------------------------------------------ */

struct parse {
    tp_str         text;
    ptrdiff_t      at;
    int            depth;
    bool           start; /* nothing of this expression has been read */
    tp_arith_look *look;
    void          *with;
    tp_err        *err;
};

static tp_status fail(struct parse *p, ptrdiff_t at, const char *what,
                      tp_str name)
{
    enum { SHOWN = 80 };
    bool      cut = p->text.len > SHOWN;
    tp_status s =
        tp_fail(p->err, TP_BAD_INPUT, "%s%.*s in '%.*s%s'", what, TP_F(name),
                TP_F(tp_str_part(p->text, 0, SHOWN)), cut ? "..." : "");
    if (p->err) p->err->col = (int)at + 1;
    return s;
}

static void skip_blanks(struct parse *p)
{
    while (p->at < p->text.len && tp_is_space(p->text.at[p->at])) p->at++;
}

static char next(struct parse *p)
{
    skip_blanks(p);
    return p->at < p->text.len ? p->text.at[p->at] : '\0';
}

static bool take(struct parse *p, const char *op)
{
    tp_str word = tp_str_of(op);
    skip_blanks(p);
    if (!tp_str_eq(tp_str_part(p->text, p->at, word.len), word)) return false;
    p->at += word.len;
    return true;
}

/* ---- operands ----------------------------------------------------------- */

static tp_status expression(struct parse *p, bool start, double *out);

static double suffix(tp_str s)
{
    static const struct {
        const char *text;
        double      factor;
    } row[] = {{"meg", 1e6}, {"t", 1e12},  {"g", 1e9},
               {"k", 1e3},   {"m", 1e-3},  {"u", 1e-6},
               {"n", 1e-9},  {"p", 1e-12}, {"f", 1e-15}};
    for (int i = 0; i < TP_COUNT(row); i++)
        if (tp_str_starts(s, tp_str_of(row[i].text))) return row[i].factor;
    return 1;
}

static bool is_name_byte(char c)
{
    return tp_is_alpha(c) || tp_is_digit(c) || c == '_' || c == '.';
}

static bool digit_at(const struct parse *p, ptrdiff_t at)
{
    return at < p->text.len && tp_is_digit(p->text.at[at]);
}

static ptrdiff_t digits(const struct parse *p, ptrdiff_t at)
{
    while (digit_at(p, at)) at++;
    return at;
}

static tp_status number(struct parse *p, double *out)
{
    ptrdiff_t from = p->at, at = digits(p, from);
    if (at < p->text.len && p->text.at[at] == '.') at = digits(p, at + 1);
    if (at < p->text.len && tp_lower(p->text.at[at]) == 'e') {
        ptrdiff_t sign = at + 1;
        if (sign < p->text.len &&
            (p->text.at[sign] == '+' || p->text.at[sign] == '-'))
            sign++;
        if (digit_at(p, sign)) at = digits(p, sign);
    }
    if (!tp_number_all(tp_str_part(p->text, from, at - from), out))
        return fail(p, from, "not a number", TP_S(""));
    ptrdiff_t end = at;
    while (end < p->text.len && is_name_byte(p->text.at[end])) end++;
    *out *= suffix(tp_str_part(p->text, at, end - at));
    p->at = end;
    return TP_OK;
}

static tp_status unknown_function(struct parse *p, tp_str name, ptrdiff_t at)
{
    tp_str known[TP_COUNT(functions)];
    int    near;
    for (int i = 0; i < TP_COUNT(functions); i++)
        known[i] = tp_str_of(functions[i].name);
    if (tp_nearest(name, known, TP_COUNT(functions), &near, 1) == 0)
        return fail(p, at, "unknown function ", name);
    return fail(p, at, "unknown function; the nearest is ", known[near]);
}

static tp_status call(struct parse *p, tp_str name, ptrdiff_t at, double *out)
{
    const struct function *f = function_of(name);
    double                 x[ARGS_MAX];
    int                    n = 0;
    if (!f) return unknown_function(p, name, at);
    do {
        if (n == ARGS_MAX)
            return fail(p, p->at, "too many arguments for ", name);
        TP_TRY(expression(p, true, &x[n++]));
    } while (take(p, ","));
    if (!take(p, ")")) return fail(p, p->at, "')' is missing", TP_S(""));
    if (n < f->least || n > f->most)
        return fail(p, at, "wrong number of arguments for ", name);
    *out = f->one ? f->one(x[0]) : f->many(x, n);
    return TP_OK;
}

static tp_status name_or_call(struct parse *p, double *out)
{
    ptrdiff_t at = p->at, end = at;
    while (end < p->text.len && is_name_byte(p->text.at[end])) end++;
    tp_str name = tp_str_part(p->text, at, end - at);
    p->at = end;
    if (take(p, "(")) return call(p, name, at, out);
    if (p->look(p->with, name, out)) return TP_OK;
    /* the caller's own message, when it has one, is better */
    if (p->err && p->err->code) return p->err->code;
    return fail(p, at, "unknown parameter ", name);
}

static tp_status operand(struct parse *p, double *out)
{
    char c = next(p);
    if (tp_is_digit(c) || c == '.') return number(p, out);
    if (tp_is_alpha(c) || c == '_') return name_or_call(p, out);
    if (c != '(' && c != '{' && c != '\'')
        return fail(p, p->at,
                    c ? "a value is missing here"
                      : "the expression ends too early",
                    TP_S(""));
    p->at++;
    TP_TRY(expression(p, true, out));
    if (!take(p, c == '(' ? ")" : c == '{' ? "}" : "'"))
        return fail(p, p->at, "a closing bracket is missing", TP_S(""));
    return TP_OK;
}

/* A sign or '!' before an operand. */
static tp_status with_sign(struct parse *p, double *out)
{
    if (p->depth++ > DEPTH_MAX)
        return fail(p, p->at, "nested too deeply", TP_S(""));
    char      c = next(p);
    tp_status s;
    p->start = false;
    if (c == '-' || c == '+' || c == '!') {
        p->at++;
        s = with_sign(p, out);
        *out = c == '-' ? -*out : c == '!' ? *out == 0 : *out;
    } else {
        s = operand(p, out);
    }
    p->depth--;
    return s;
}

/* ---- operators, tightest first ------------------------------------------ */

enum op {
    POWER,
    TIMES,
    OVER,
    MOD,
    QUOTIENT,
    PLUS,
    MINUS,
    EQ,
    NE,
    LT,
    GT,
    LE,
    GE,
    AND,
    OR
};
static const struct operator
{
    const char *text; /* longer ones first where one starts another */
    int         level;
    enum op     op;
}
operators[] = {
    {"**", 1, POWER}, {"^", 1, POWER},     {"*", 2, TIMES}, {"/", 2, OVER},
    {"%", 2, MOD},    {"\\", 2, QUOTIENT}, {"+", 3, PLUS},  {"-", 3, MINUS},
    {"==", 4, EQ},    {"=", 4, EQ},        {"!=", 4, NE},   {"<>", 4, NE},
    {"<=", 4, LE},    {">=", 4, GE},       {"<", 4, LT},    {">", 4, GT},
    {"&&", 5, AND},   {"||", 6, OR},
};
enum { LEVELS = 6 };

static double apply(enum op op, double x, double y)
{
    switch (op) {
    case POWER: return pow(fabs(x), y);
    case TIMES: return x * y;
    case OVER: return x / y;
    case MOD: return fmod(x, y);
    case QUOTIENT: return trunc(x / y);
    case PLUS: return x + y;
    case MINUS: return x - y;
    case EQ: return x == y;
    case NE: return x != y;
    case LT: return x < y;
    case GT: return x > y;
    case LE: return x <= y;
    case GE: return x >= y;
    case AND: return x != 0 && y != 0;
    case OR: return x != 0 || y != 0;
    }
    return 0;
}

/* The operator of that level that stands next, or NULL; not taken. */
static const struct operator* operator_at(struct parse *p, int level)
{
    skip_blanks(p);
    for (int i = 0; i < TP_COUNT(operators); i++) {
        tp_str text = tp_str_of(operators[i].text);
        if (!tp_str_eq(tp_str_part(p->text, p->at, text.len), text)) continue;
        return operators[i].level == level ? &operators[i] : NULL;
    }
    return NULL;
}

/* Operators of one level, from the left. A minus that begins an expression
   is one between 0 and the first term (-2^2 is -4); any other sign belongs to
   its operand (2*-3^2 is 18). */
static tp_status chain(struct parse *p, int level, double *out)
{
    if (level == 0) return with_sign(p, out);
    char c = next(p);
    bool minus = level == 3 && p->start && c == '-';
    if (minus) p->at++;
    if (minus || (c != '-' && level == 3)) p->start = false;
    TP_TRY(chain(p, level - 1, out));
    if (minus) *out = -*out;
    for (;;) {
        const struct operator* o = operator_at(p, level);
        double       right = 0;
        if (!o) break;
        p->at += tp_str_of(o->text).len;
        TP_TRY(chain(p, level - 1, &right));
        *out = apply(o->op, *out, right);
    }
    return TP_OK;
}

/* `start`: the value of a whole expression, not of a branch of a choice. */
static tp_status expression(struct parse *p, bool start, double *out)
{
    double yes = 0, no = 0;
    if (p->depth++ > DEPTH_MAX)
        return fail(p, p->at, "nested too deeply", TP_S(""));
    p->start = start;
    TP_TRY(chain(p, LEVELS, out));
    p->start = false;
    if (take(p, "?")) {
        TP_TRY(expression(p, false, &yes));
        if (!take(p, ":")) return fail(p, p->at, "':' is missing", TP_S(""));
        TP_TRY(expression(p, false, &no));
        *out = *out != 0 ? yes : no;
    }
    p->depth--;
    return TP_OK;
}

tp_status tp_arith(double *out, tp_str text, tp_arith_look *look, void *with,
                   tp_err *err)
{
    struct parse p = {.text = text, .look = look, .with = with, .err = err};
    if (err) err->code = TP_OK;
    TP_TRY(expression(&p, true, out));
    if (next(&p) != '\0')
        return fail(&p, p.at, "an operator is missing here", TP_S(""));
    if (!isfinite(*out))
        return fail(&p, 0, "the value is not a finite number", TP_S(""));
    return TP_OK;
}
