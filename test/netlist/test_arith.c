/* The arithmetic of .param expressions against ngspice's own. */
#include "netlist/deck.h"
#include "ngspice.h"

static bool look(void *with, tp_str name, double *value)
{
    (void)with;
    if (tp_str_same(name, TP_S("a"))) {
        *value = 5;
        return true;
    }
    if (tp_str_same(name, TP_S("b_2"))) {
        *value = -0.25;
        return true;
    }
    return false;
}

/* Each is put into a deck; ngspice's value is the truth. */
static const char *const same[] = {
    "-2^2",
    "2^-1",
    "2^3^2",
    "2**3**2",
    "(-2)^3",
    "(-2)^0.5",
    "pow(-2,3)",
    "pow(2,0.5)",
    "pwr(-2,3)",
    "-3*-2",
    "2--3",
    "2*-3",
    "7%3",
    "-7%3",
    "7.5%2",
    "7\\2",
    "-7\\2",
    "1/3",
    "log(10)",
    "ln(10)",
    "log10(50)",
    "sqr(3)",
    "sqrt(2)",
    "int(2.7)",
    "int(-2.7)",
    "nint(2.5)",
    "nint(3.5)",
    "nint(-2.5)",
    "nint(2.4)",
    "floor(-2.5)",
    "ceil(-2.5)",
    "ceil(2.1)",
    "sgn(-3)",
    "sgn(0)",
    "sgn(4)",
    "abs(-3)",
    "min(1,2)",
    "max(1,2)",
    "arctan(1)",
    "atan(2)",
    "asin(0.5)",
    "acos(0.5)",
    "sin(1)",
    "cos(1)",
    "tan(1)",
    "sinh(1)",
    "cosh(1)",
    "tanh(1)",
    "asinh(1)",
    "acosh(2)",
    "atanh(0.5)",
    "exp(1)",
    "1<2",
    "2<1",
    "1<=1",
    "1>=2",
    "2>1",
    "1==1",
    "1=1",
    "1!=2",
    "1<>2",
    "1&&0",
    "1&&1",
    "1||0",
    "0||0",
    "!1",
    "!0",
    "!5",
    "1?2:3",
    "0?2:3",
    "1>2?3:4",
    "1?2:0?3:4",
    "0?2:0?3:4",
    "ternary_fcn(1,2,3)",
    "ternary_fcn(0,2,3)",
    "1+2*3",
    "(1+2)*3",
    "2*3^2",
    "-2*3",
    "10-5-2",
    "16/4/2",
    "2^2*3",
    "1+1==2",
    "1<2&&2<3",
    "1||0&&0",
    "0&&0||1",
    "1k",
    "1meg",
    "1Meg",
    "1mil",
    "1K+1m",
    "2.5u",
    "1e-3",
    "1.5e3k",
    "3pF",
    "1x",
    "1g",
    "1t",
    "1a",
    "1f",
    "10kOhm",
    ".5",
    "5.",
    "a",
    "A",
    "b_2",
    "a*b_2",
    "((1+2))",
    "+3",
    "2+-3",
    "- 3",
    "2 ^ 2",
    "-(2)^2",
    "3-2^2",
    "!1+1",
    "!(1)==0",
    "1-1?5:6",
    "2>1==1",
    "3>2>1",
    "5%3*2",
    "2*5%3",
    "2+3%2",
    "-2**2",
    "abs(-2)^2",
    "-abs(2)^2",
    "max(1, 2)+3",
    "a>4 ? 2*a : a/2",
    "2*-3^2",
    "2^-2^2",
    "-a^2",
    "1-!0",
    "1+1?2:3",
    "1?2:3+4",
    "1==1==1",
    "a=5?1:2",
    "-sin(1)",
    "2*(3-(4-5))",
    "1e3",
    "1E3",
    "2-3+4",
    "2/4*8",
    "a-b_2-1",
    "0||1?2:3",
    "1<2==2>1",
    "!0&&0",
    "-1<0",
    "2*!0",
    "!a",
    "1-2-3*4/5^6",
    "min(a,b_2)*max(a,b_2)",
    "sqrt(sqr(3)+sqr(4))",
    "1?-2^2:3",
    "0?1:-2^2",
    "-2^2==-4",
    "1==-2^2",
    "(-2^2)",
    "max(-2^2,-9)",
    "3+-2^2",
    "!0^2",
    "!2^2",
    "+2^2",
    "--2",
    "-2^2^3",
    "4==-2^2",
    "1&&-2^2",
    "-2^2+1",
    "-3+2*5",
    "-1-2",
    "-6/2*3",
    "-1<0&&1",
    "1m+1u+1n+1p",
};

static void test_arith__agrees_with_ngspice(void)
{
    tp_arena *mem = check_mem();
    tp_buf    b = {.mem = mem};
    tp_buf_add(&b, TP_S("arithmetic\n.param a=5\n.param b_2=-0.25\n"));
    for (int i = 0; i < TP_COUNT(same); i++)
        tp_buf_fmt(&b, ".param q%d={%s}\nv%d n%d 0 {q%d}\n", i, same[i], i, i,
                   i);
    tp_buf_add(&b, TP_S(".op\n.end\n"));
    ng_run run = ng_batch(tp_buf_str(&b), mem);
    if (!CHECK_INT(run.n, 1)) {
        printf("%.*s\n", TP_F(run.log));
        return;
    }
    for (int i = 0; i < TP_COUNT(same); i++) {
        double got = NAN;
        tp_err err;
        if (!CHECK_OK(tp_arith(&got, tp_str_of(same[i]), look, NULL, &err),
                      &err))
            continue;
        const ng_vector *v =
            ng_vector_of(&run.plot[0], tp_str_fmt(mem, "n%d", i));
        if (!CHECK(v != NULL)) continue;
        if (!CHECK_NEAR(got, v->re[0], 1e-12 * fabs(v->re[0])))
            printf("  expression %s\n", same[i]);
    }
}

static void fails(const char *text, const char *part, int col)
{
    double v;
    tp_err err = {0};
    if (!CHECK_INT(tp_arith(&v, tp_str_of(text), look, NULL, &err),
                   TP_BAD_INPUT))
        printf("  expression %s\n", text);
    CHECK_HAS(tp_str_of(err.msg), part);
    if (!CHECK_INT(err.col, col)) printf("  expression %s\n", text);
}

static void test_arith__says_where_it_fails(void)
{
    fails("", "too early", 1);
    fails("1+", "too early", 3);
    fails("2*(3", "closing bracket", 5);
    fails("1 2", "operator is missing", 3);
    fails("a+zz", "unknown parameter zz", 3);
    fails("sqart(2)", "nearest is sqrt", 1);
    fails("foo(2)", "unknown function", 1);
    fails("min(1)", "number of arguments", 1);
    fails("sin(1,2)", "number of arguments", 1);
    fails("1?2", "':' is missing", 4);
    fails("1/0", "finite", 1);
    fails("sqrt(-1)", "finite", 1);
    fails("1&1", "operator is missing", 2);
    fails(")", "value is missing", 1);
    fails("max(1,2,3,4,5,6,7,8,9)", "too many", 21);
}

static void test_arith__bounds_its_depth(void)
{
    tp_buf b = {.mem = check_mem()};
    for (int i = 0; i < 100000; i++) tp_buf_char(&b, '(');
    double v;
    tp_err err = {0};
    CHECK_INT(tp_arith(&v, tp_buf_str(&b), look, NULL, &err), TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "deeply");
    b.len = 0;
    for (int i = 0; i < 100000; i++) tp_buf_char(&b, '-');
    CHECK_INT(tp_arith(&v, tp_buf_str(&b), look, NULL, &err), TP_BAD_INPUT);
}

static void test_arith__reads_many_terms(void)
{
    tp_buf b = {.mem = check_mem()};
    tp_buf_char(&b, '1');
    for (int i = 0; i < 5000; i++) tp_buf_add(&b, TP_S("+(1)"));
    double v;
    tp_err err = {0};
    CHECK_OK(tp_arith(&v, tp_buf_str(&b), look, NULL, &err), &err);
    CHECK_NEAR(v, 5001, 0);
}

static const check_test tests[] = {
    CHECK_TEST(test_arith__agrees_with_ngspice),
    CHECK_TEST(test_arith__says_where_it_fails),
    CHECK_TEST(test_arith__bounds_its_depth),
    CHECK_TEST(test_arith__reads_many_terms),
    {0},
};

int main(void)
{
    return check_main(tests);
}
