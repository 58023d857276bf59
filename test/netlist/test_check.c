/* Cards and parameters that are refused before the simulator sees them. */
#include "texts.h"

/* What is wrong with the circuit of a deck, with its place; "" nothing. */
static tp_str circuit_fault(const char *text)
{
    tp_deck   *d = deck_of(text);
    tp_err     err = {0};
    tp_circuit c;
    if (!d || tp_deck_circuit(&c, d, NULL, 0, NULL, 0, &err) == TP_OK)
        return TP_S("");
    return tp_str_fmt(check_mem(), "%s:%d:%d: %s", err.file, err.line, err.col,
                      err.msg);
}

static const struct row {
    const char *text, *fault;
} rows[] = {
    {"t\n*#SIMETRIX\nR1 a b\n",
     "d.net:3:1: the resistor R1 has no value (wanted: R1 a b 1k)"},
    {"t\n*#SIMETRIX\n c1 (a b)\n",
     "d.net:3:2: the capacitor c1 has no value (wanted: C1 a b 1n)"},
    {"t\n*#SIMETRIX\nL1 a\n",
     "d.net:3:1: the inductor L1 has no value (wanted: L1 a b 1u)"},
    {"t\n*#SIMETRIX\nR1 a b rmod\nR2 a b {x}\nR3 a b \"2*x\"\n"
     "R4 a b R=3\nC1 (a,b) 1n\nL1 a b\n+ 1u\n.model rmod r\n.param x 1\n",
     ""},
    {"t\nR1 a b\n", ""}, /* not SIMetrix's */
    {"t\na1 %v([o]) FS\n.model fs\n+ FileSource (file=\"x\")\n",
     "d.net:4:3: filesource opens a file by itself, which a simulator here "
     "can't: it reads only the system's files"},
    {"t\n.model t table2d(file=\"x\")\na1 %vd(a 0) %vd(b 0) %id(c 0) t\n",
     "d.net:2:10: table2d opens a file by itself, which a simulator here "
     "can't: it reads only the system's files"},
    {"t\n.model fs filesource file=x\na1 b c g\n.model g gain gain=2\n"
     "fs a b c\n",
     ""},
    {"t\n.param p={q}\n+ q={p}\n",
     "d.net:2:8: the parameter p is defined by itself: p > q > p"},
    {"t\n.param a=1 b={2*c}\n.param c={a+D1}\n.param d1={b*a}\n",
     "d.net:2:12: the parameter b is defined by itself: b > c > d1 > b"},
    {"t\n.param x={x+1}\n",
     "d.net:2:8: the parameter x is defined by itself: x > x"},
    {"t\n.param a={1e3*c} b={c} c=2 e=1e-3 k={e}\n", ""},
    {"t\n.param x=1\n.param x={x+1}\n", ""}, /* the simulator's to decide */
    {"t\n*#SIMETRIX\n.param p q q p\n",
     "d.net:3:8: the parameter p is defined by itself: p > q > p"},
};

static void test_check__says_what_is_wrong_where(void)
{
    for (int i = 0; i < TP_COUNT(rows); i++)
        CHECK_STR(circuit_fault(rows[i].text), rows[i].fault);
}

/* p0 = p1, p1 = p2, ... is no circle, however long. */
static void test_check__takes_long_chains(void)
{
    tp_buf b = {.mem = check_mem()};
    tp_buf_fmt(&b, "t\n");
    for (int i = 0; i < 5000; i++)
        tp_buf_fmt(&b, ".param p%d={p%d+p%d}\n", i, i + 1, i + 1);
    tp_buf_fmt(&b, ".param p5000=1\n");
    CHECK_STR(circuit_fault(tp_str_z(check_mem(), tp_buf_str(&b))), "");
}

static const check_test tests[] = {
    CHECK_TEST(test_check__says_what_is_wrong_where),
    CHECK_TEST(test_check__takes_long_chains),
    {0},
};

int main(void)
{
    return check_main(tests);
}
