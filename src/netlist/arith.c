/* arith: the arithmetic of .param expressions as ngspice's numparam does it
   (ngspice manual, "Parametric netlists"), checked against it in the tests:
   '^' and '**' are powers of the magnitude (but in the mode for HSPICE) and
   group from the left; '=' compares; the suffixes are t g meg k
   m u n p f. What only has numbers in it becomes a number at once, the rest
   becomes steps of a tp_code. */
#include "netlist/flat.h"

#include <math.h>

enum { DEPTH_MAX = 200, ARGS_MAX = 8 };

/* ---- functions ---------------------------------------------------------- */

static const struct function {
    const char *name;
    int         least, most;
    tp_op       op;
} functions[] = {
    {"sqr", 1, 1, TP_OP_SQR},        {"sqrt", 1, 1, TP_OP_SQRT},
    {"exp", 1, 1, TP_OP_EXP},        {"ln", 1, 1, TP_OP_LOG},
    {"log", 1, 1, TP_OP_LOG},        {"log10", 1, 1, TP_OP_LOG10},
    {"sin", 1, 1, TP_OP_SIN},        {"cos", 1, 1, TP_OP_COS},
    {"tan", 1, 1, TP_OP_TAN},        {"asin", 1, 1, TP_OP_ASIN},
    {"acos", 1, 1, TP_OP_ACOS},      {"atan", 1, 1, TP_OP_ATAN},
    {"arctan", 1, 1, TP_OP_ATAN},    {"sinh", 1, 1, TP_OP_SINH},
    {"cosh", 1, 1, TP_OP_COSH},      {"tanh", 1, 1, TP_OP_TANH},
    {"asinh", 1, 1, TP_OP_ASINH},    {"acosh", 1, 1, TP_OP_ACOSH},
    {"atanh", 1, 1, TP_OP_ATANH},    {"abs", 1, 1, TP_OP_ABS},
    {"int", 1, 1, TP_OP_INT},        {"nint", 1, 1, TP_OP_NINT},
    {"floor", 1, 1, TP_OP_FLOOR},    {"ceil", 1, 1, TP_OP_CEIL},
    {"sgn", 1, 1, TP_OP_SGN},        {"pow", 2, 2, TP_OP_POW},
    {"pwr", 2, 2, TP_OP_PWR},        {"min", 2, ARGS_MAX, TP_OP_MIN},
    {"max", 2, ARGS_MAX, TP_OP_MAX}, {"ternary_fcn", 3, 3, TP_OP_CHOOSE},
    {"agauss", 3, 3, TP_OP_RANDOM},  {"gauss", 3, 3, TP_OP_RANDOM},
    {"aunif", 2, 2, TP_OP_RANDOM},   {"unif", 2, 2, TP_OP_RANDOM},
    {"limit", 2, 2, TP_OP_RANDOM},
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
    tp_str              text;
    ptrdiff_t           at;
    int                 depth;
    bool                start; /* nothing of this expression has been read */
    const tp_arith_env *env;
    tp_err             *err;
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

static tp_status expression(struct parse *p, bool start, tp_term *out);

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

static tp_status number(struct parse *p, tp_term *out)
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
    double v;
    if (!tp_number_all(tp_str_part(p->text, from, at - from), &v))
        return fail(p, from, "not a number", TP_S(""));
    ptrdiff_t end = at;
    while (end < p->text.len && is_name_byte(p->text.at[end])) end++;
    *out = tp_number_term(v * suffix(tp_str_part(p->text, at, end - at)));
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

static tp_status call(struct parse *p, tp_str name, ptrdiff_t at, tp_term *out)
{
    const struct function *f = function_of(name);
    tp_term                x[ARGS_MAX];
    int                    n = 0;
    do {
        if (n == ARGS_MAX)
            return fail(p, p->at, "too many arguments for ", name);
        TP_TRY(expression(p, true, &x[n++]));
    } while (take(p, ","));
    if (!take(p, ")")) return fail(p, p->at, "')' is missing", TP_S(""));
    const tp_arith_env *e = p->env;
    if (!f && e->call && e->call(e->with, name, x, n, out)) return TP_OK;
    if (!f) return unknown_function(p, name, at);
    if (n < f->least || n > f->most)
        return fail(p, at, "wrong number of arguments for ", name);
    *out = tp_step(e->code, f->op, x[0], x[n > 1], x[n > 2 ? 2 : 0]);
    for (int i = 2; i < n && f->most == ARGS_MAX; i++)
        *out = tp_step(e->code, f->op, *out, x[i], x[i]);
    return TP_OK;
}

static tp_status name_or_call(struct parse *p, tp_term *out)
{
    ptrdiff_t at = p->at, end = at;
    while (end < p->text.len && is_name_byte(p->text.at[end])) end++;
    tp_str name = tp_str_part(p->text, at, end - at);
    p->at = end;
    if (take(p, "(")) return call(p, name, at, out);
    if (p->env->look(p->env->with, name, out)) return TP_OK;
    /* the caller's own message, when it has one, is better */
    if (p->err && p->err->code) return p->err->code;
    return fail(p, at, "unknown parameter ", name);
}

static tp_status operand(struct parse *p, tp_term *out)
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
static tp_status with_sign(struct parse *p, tp_term *out)
{
    if (p->depth++ > DEPTH_MAX)
        return fail(p, p->at, "nested too deeply", TP_S(""));
    char      c = next(p);
    tp_status s;
    p->start = false;
    if (c == '-' || c == '+' || c == '!') {
        p->at++;
        s = with_sign(p, out);
        tp_op op = c == '-' ? TP_OP_NEGATE : TP_OP_NOT;
        if (c != '+') *out = tp_step(p->env->code, op, *out, *out, *out);
    } else {
        s = operand(p, out);
    }
    p->depth--;
    return s;
}

/* ---- operators, tightest first ------------------------------------------ */

static const struct infix {
    const char *text; /* longer ones first where one starts another */
    int         level;
    tp_op       op;
} infixes[] = {
    {"**", 1, TP_OP_POWER}, {"^", 1, TP_OP_POWER}, {"*", 2, TP_OP_TIMES},
    {"/", 2, TP_OP_OVER},   {"%", 2, TP_OP_MOD},   {"\\", 2, TP_OP_QUOTIENT},
    {"+", 3, TP_OP_PLUS},   {"-", 3, TP_OP_MINUS}, {"==", 4, TP_OP_EQ},
    {"=", 4, TP_OP_EQ},     {"!=", 4, TP_OP_NE},   {"<>", 4, TP_OP_NE},
    {"<=", 4, TP_OP_LE},    {">=", 4, TP_OP_GE},   {"<", 4, TP_OP_LT},
    {">", 4, TP_OP_GT},     {"&&", 5, TP_OP_AND},  {"||", 6, TP_OP_OR},
};
enum { LEVELS = 6 };

/* The operator of that level that stands next, or NULL; not taken. */
static const struct infix *infix_at(struct parse *p, int level)
{
    skip_blanks(p);
    for (int i = 0; i < TP_COUNT(infixes); i++) {
        tp_str text = tp_str_of(infixes[i].text);
        if (!tp_str_eq(tp_str_part(p->text, p->at, text.len), text)) continue;
        return infixes[i].level == level ? &infixes[i] : NULL;
    }
    return NULL;
}

/* Operators of one level, from the left. A minus that begins an expression
   is one between 0 and the first term (-2^2 is -4); any other sign belongs to
   its operand (2*-3^2 is 18). */
static tp_status chain(struct parse *p, int level, tp_term *out)
{
    if (level == 0) return with_sign(p, out);
    char c = next(p);
    bool minus = level == 3 && p->start && c == '-';
    if (minus) p->at++;
    if (minus || (c != '-' && level == 3)) p->start = false;
    TP_TRY(chain(p, level - 1, out));
    tp_code *code = p->env->code;
    if (minus) *out = tp_step(code, TP_OP_NEGATE, *out, *out, *out);
    for (;;) {
        const struct infix *o = infix_at(p, level);
        tp_term             right = tp_number_term(0);
        if (!o) break;
        p->at += tp_str_of(o->text).len;
        TP_TRY(chain(p, level - 1, &right));
        tp_op op =
            o->op == TP_OP_POWER && p->env->hspice ? TP_OP_POWER_HSPICE : o->op;
        *out = tp_step(code, op, *out, right, right);
    }
    return TP_OK;
}

/* `start`: the value of a whole expression, not of a branch of a choice. */
static tp_status expression(struct parse *p, bool start, tp_term *out)
{
    tp_term yes = tp_number_term(0), no = tp_number_term(0);
    if (p->depth++ > DEPTH_MAX)
        return fail(p, p->at, "nested too deeply", TP_S(""));
    p->start = start;
    TP_TRY(chain(p, LEVELS, out));
    p->start = false;
    if (take(p, "?")) {
        TP_TRY(expression(p, false, &yes));
        if (!take(p, ":")) return fail(p, p->at, "':' is missing", TP_S(""));
        TP_TRY(expression(p, false, &no));
        *out = tp_step(p->env->code, TP_OP_CHOOSE, *out, yes, no);
    }
    p->depth--;
    return TP_OK;
}

tp_status tp_arith_term(tp_term *out, tp_str text, const tp_arith_env *env,
                        tp_err *err)
{
    struct parse p = {.text = text, .env = env, .err = err};
    *out = tp_number_term(0);
    if (err) err->code = TP_OK;
    TP_TRY(expression(&p, true, out));
    if (next(&p) == '\0') return TP_OK;
    return fail(&p, p.at, "an operator is missing here", TP_S(""));
}

/* Names that stand for numbers. */
struct numbers {
    tp_arith_look *look;
    void          *with;
};

static bool number_of(void *with, tp_str name, tp_term *out)
{
    const struct numbers *n = with;
    double                v;
    if (!n->look(n->with, name, &v)) return false;
    *out = tp_number_term(v);
    return true;
}

tp_status tp_arith(double *out, tp_str text, tp_arith_look *look, void *with,
                   tp_err *err)
{
    struct numbers names = {look, with};
    tp_arith_env   env = {.look = number_of, .with = &names};
    tp_term        t;
    struct parse   p = {.text = text, .env = &env, .err = err};
    TP_TRY(tp_arith_term(&t, text, &env, err));
    *out = t.k;
    if (t.node >= 0 || !isfinite(t.k))
        return fail(&p, 0,
                    t.node >= 0 ? "the value is random"
                                : "the value is not a finite number",
                    TP_S(""));
    return TP_OK;
}
