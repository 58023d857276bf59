/* The numbers that devices get from tunables: which there are, their values
   against ngspice's own expansion, and what has none. */
#include "ngspice.h"
#include "texts.h"

#include <math.h>

enum { TUNABLES = 2 };
static const tp_str name[TUNABLES] = {{"p", 1}, {"q", 1}};

static tp_circuit circuit_of(const char *body, const char *mode)
{
    return (tp_circuit){
        .text = tp_str_fmt(check_mem(), "* t\n.param p=1\n.param q=2\n%s.end\n",
                           body),
        .behaviour = tp_str_of(mode),
        .n_param = TUNABLES,
        .param = name};
}

static tp_dials dials_of(const char *body, const char *mode)
{
    tp_dials    d;
    tp_circuit  c = circuit_of(body, mode);
    tp_circuit *kept = TP_NEW(check_mem(), tp_circuit, 1);
    *kept = c;
    tp_dials_make(&d, kept, check_mem());
    return d;
}

static const char *mode = ""; /* of numbers_at */

/* "r1[resistance]=1000 x1.m1[w]=2" at p and q; "" and why. */
static tp_str numbers_at(const char *body, double p, double q)
{
    tp_arena      *mem = check_mem();
    tp_dials       d = dials_of(body, mode);
    double         x[TUNABLES] = {p, q};
    double        *number = TP_NEW(mem, double, d.n);
    int           *bin = TP_NEW(mem, int, d.n_user);
    double        *edge = TP_NEW(mem, double, 2 * (ptrdiff_t)d.n_user);
    tp_dials_point at = {number, bin, edge};
    tp_buf         b = {.mem = mem};
    tp_str         why = TP_S("");
    if (d.why.len > 0) return tp_str_fmt(mem, "why: %.*s", TP_F(d.why));
    if (!tp_dials_at(&d, x, &at, &why, mem)) return why;
    for (int i = 0; i < d.n; i++) {
        char text[TP_NUMBER_MAX];
        if (isnan(number[i])) continue;
        tp_buf_fmt(&b, "%s%s%.*s[%.*s]=%s", b.len > 0 ? " " : "",
                   d.dial[i].model ? "model of " : "", TP_F(d.dial[i].device),
                   TP_F(d.dial[i].par), tp_exact(number[i], text));
    }
    return tp_buf_str(&b);
}

static void test_dials__are_the_numbers_with_a_tunable_behind(void)
{
    static const struct {
        const char *body, *wanted;
    } row[] = {
        {"r1 a 0 {p*1k}\nr2 a 0 5\nc1 a 0 q tc1=3\nl1 a b {k}\n.param "
         "k={q/4}\n",
         "r1[resistance]=2000 c1[capacitance]=3 l1[inductance]=0.75"},
        {"v1 a 0 dc {p} ac {q}\nv2 b 0 {p}\ni1 a 0 dc 1 ac 'q'\n",
         "v1[dc]=2 v1[acmag]=3 v2[dc]=2 i1[acmag]=3"},
        {"e1 a 0 b 0 {p}\nf1 a 0 v1 {q}\nk1 l1 l2 {q/4}\n",
         "e1[gain]=2 f1[gain]=3 k1[coefficient]=0.75"},
        {"d1 a 0 dm area={p}\nm1 a b 0 0 n W={p} l=1u AD='p*q'\n"
         ".model dm d is={q}\n",
         "d1[area]=2 m1[w]=2 m1[ad]=6 model of dm[is]=3"},
        {"x1 a s w={q} r=3\n.subckt s a w=1 r='w*2' t='r+w'\n"
         "r1 a 0 {t}\nx2 a i v=t\n.ends\n.subckt i a v=1\nr1 a 0 {v*10}\n"
         ".ends\n",
         "r.x1.r1[resistance]=6 r.x1.x2.r1[resistance]=60"},
        {"x1 a s\n.subckt s a\nd1 a 0 dm\n.model dm d is={p}\n.ends\n",
         "model of d.x1.d1[is]=2"},
        {"r1 a 0 {f(p)}\n.func f(x) {x*x+q}\n", "r1[resistance]=7"},
        {"v1 p 0 dc {p}\nr1 p q 5\nm1 p q 0 0 n w={q}\n",
         "v1[dc]=2 m1[w]=3"}, /* nodes may be called like parameters */
        {"x1 a s w={p}\n.subckt s a w=1 v='agauss(0,1,1)/w'\n"
         "r1 a 0 {w+0*v}\n.ends\n",
         "r.x1.r1[resistance]=2"}, /* drawn, but decides nothing */
        {"r1 a 0 1\n", ""},
    };
    for (int i = 0; i < TP_COUNT(row); i++)
        CHECK_STR(numbers_at(row[i].body, 2, 3), row[i].wanted);
}

/* A deck's numbers at p=2, q=3 in a mode of the simulator. */
static tp_str numbers_in(const char *body, const char *in_mode)
{
    mode = in_mode;
    tp_str s = numbers_at(body, 2, 3);
    mode = "";
    return s;
}

static void test_dials__of_a_multiplied_subcircuit(void)
{
    static const struct {
        const char *body, *plain, *hspice;
    } row[] = {
        {"x1 a s M={p}\nx2 a s\n.subckt s a\nr1 a 0 1\nv1 b 0 1\n"
         "m1 a b 0 0 n w=1\n.ends\n",
         "r.x1.r1[m]=2 m.x1.m1[m]=2", "r.x1.r1[m]=2 m.x1.m1[m]=2"},
        /* a multiplier of its own */
        {"x1 a s m={p}\n.subckt s a\nr1 a 0 1 m=4\nr2 a 0 1 m={q+1}\n"
         ".ends\n",
         "r.x1.r1[m]=2 r.x1.r2[m]=2", "r.x1.r1[m]=8 r.x1.r2[m]=8"},
        {"x1 a s m=4\n.subckt s a\nr1 a 0 1 m={q}\n.ends\n", "",
         "r.x1.r1[m]=12"},
        /* calls in it */
        {"x1 a s m={p}\n.subckt s a\nx2 a i\nx3 a i m={q}\nx4 a j m=5\n"
         ".ends\n.subckt i a\nc1 a 0 1\n.ends\n"
         ".subckt j a m=1 w={m}\nc1 a 0 {m*10}\n.ends\n",
         "c.x1.x2.c1[m]=2 c.x1.x3.c1[m]=2 c.x1.x4.c1[capacitance]=20",
         "c.x1.x2.c1[m]=2 c.x1.x3.c1[m]=6 c.x1.x4.c1[capacitance]=100"},
        /* its own parameter is one like others, wherever it stands */
        {"x1 a s m={p}\n.subckt s a m=1\nr1 a 0 {m}\nr2 a 0 1 m={m}\n.ends\n",
         "r.x1.r1[resistance]=2 r.x1.r2[m]=2",
         "r.x1.r1[resistance]=2 r.x1.r2[m]=2"},
        {"x1 a s m={p}\n.subckt s a\n.param m=1 u={m*2}\nr1 a 0 {u}\n.ends\n",
         "r.x1.r1[resistance]=4", "r.x1.r1[resistance]=4"},
        /* a name m in it is the multiplier; one at the top is another */
        {".param m=7\nx1 a s m={p}\nr1 a 0 {m*q}\n.subckt s a\n"
         "r1 a 0 {m}\n.ends\n",
         "r.x1.r1[resistance]=2 r.x1.r1[m]=2 r1[resistance]=21",
         "r.x1.r1[resistance]=2 r.x1.r1[m]=2 r1[resistance]=21"},
    };
    for (int i = 0; i < TP_COUNT(row); i++) {
        CHECK_STR(numbers_in(row[i].body, ""), row[i].plain);
        CHECK_STR(numbers_in(row[i].body, "hsa"), row[i].hspice);
    }
}

static const char bins[] =
    ".model n.1 nmos lmin=1 lmax=2 wmin=1 wmax=2 rsh={q}\n"
    ".model n.2 nmos lmin=1 lmax=2 wmin=2 wmax=9 rsh={q*2}\n";

static tp_str binned(double p)
{
    tp_arena *mem = check_mem();
    return numbers_at(
        tp_str_z(mem, tp_str_fmt(mem,
                                 "x1 a s w={p}\n.subckt s a w=1\n"
                                 "m1 a a 0 0 n l=1.5 w={w}\n%s.ends\n",
                                 bins)),
        p, 3);
}

static void test_dials__of_bins_count_in_that_bin(void)
{
    CHECK_STR(binned(1.5), "m.x1.m1[w]=1.5 model of m.x1.m1[rsh]=3");
    CHECK_STR(binned(3), "m.x1.m1[w]=3 model of m.x1.m1[rsh]=6");
    CHECK_STR(binned(2), "m.x1.m1[w]=2 model of m.x1.m1[rsh]=6");
    CHECK_STR(binned(10), "m.x1.m1: no bin of model n holds l=1.5 and w=10");
}

static void test_dials__count_fingers_in_hspices_mode(void)
{
    const char              *body = "m1 a a 0 0 n l=1.5 w={p} nf=2\n"
                                    ".model n.1 nmos lmin=1 lmax=2 wmin=1 wmax=2\n"
                                    ".model n.2 nmos lmin=1 lmax=2 wmin=2 wmax=9\n";
    static const char *const modes[] = {"", "hsa"};
    for (int i = 0; i < 2; i++) {
        tp_dials       d = dials_of(body, modes[i]);
        double         x[TUNABLES] = {3, 0}, number[4], edge[8];
        int            bin[4];
        tp_dials_point at = {number, bin, edge};
        tp_str         why;
        if (!CHECK_INT(d.n_user, 1)) return;
        CHECK(tp_dials_at(&d, x, &at, &why, check_mem()));
        CHECK_INT(bin[0], i == 0 ? 1 : 0);
    }
}

static void test_dials__say_why_there_are_none(void)
{
    static const struct {
        const char *body, *why;
        int         line;
    } row[] = {
        {"b1 a 0 v={p}*v(b)\n", "it can't be set later: {p}*v", 4},
        {"b1 a 0 v=p*v(b)\n", "", 4},
        {"r1 a 0 r='p*(1+temper)'\n", "the temperature is in ", 4},
        {"r1 a 0 1\n.ic v(a)={p}\n", "a statement that can't be set later: .ic",
         5},
        {"r1 a 0 1\n.temp {q}\n", "a statement that can't be set later: .temp",
         5},
        {".options reltol={p}\nr1 a 0 1\n",
         "a statement that can't be set later: .options", 4},
        {"v1 a 0 pulse(0 {p} 1n 1n 1n 1u 1)\n", "it can't be set later: {p}",
         4},
        {"x1 a s m={p}\n.subckt s a\nr1 a 0 1\n.ends\n"
         ".subckt s a\nr2 a 0 1\n.ends\n",
         "a multiplier of a sub-circuit: x1", 4},
        {"x1 a s m={p}\n.subckt s a\nr1 a 0 1\n.subckt i a\n.ends\n.ends\n",
         "a multiplier of a sub-circuit: x1", 4},
        {".param m=3\nx1 a s m={p}\n.subckt s a u={m*2}\nr1 a 0 {u}\n.ends\n",
         "a multiplier of a sub-circuit: x1", 5},
        {"x1 a s m={p}\n.subckt s a\nb1 a 0 i=v(a)\n.ends\n",
         "a multiplier of a sub-circuit at b.x1.b1", 6},
        {"x1 a s m={p}\n.subckt s a\ng1 a 0 a 0 1\n.ends\n",
         "a multiplier of a sub-circuit at g.x1.g1", 6},
        {"r1 a 0 {p}\nd1 a 0 dm area=2 m=3\n.model dm d\n",
         "the simulator multiplies area by m at each analysis: d1", 5},
        {"x1 a s m={p*(1+temper)}\n.subckt s a\nr1 a 0 1\n.ends\n",
         "the temperature is in m", 6},
        {"r1 a 0 {p+agauss(0,1,3)}\n", "random numbers", 4},
        {"s1 a 0 b 0 sw\n.model sw sw vt={p}\n.if (p>1)\n.endif\n",
         "a statement that can't be set later: .if", 6},
        {"x1 a s\n.subckt s a\nm1 a a 0 0 n l=1 w={p}\n.ic v(a)={p}\n.ends\n",
         "a statement that can't be set later: .ic", 7},
        {"x1 a s\n.subckt s a\n.model dm d is={p}\nx2 a i\n.ends\n"
         ".subckt i a\nd1 a 0 dm\n.ends\n",
         "no device of its own has model dm", 6},
        {".ends\n", "a sub-circuit has no end", 0},
    };
    for (int i = 0; i < TP_COUNT(row); i++) {
        tp_dials d = dials_of(row[i].body, "");
        CHECK_HAS(d.why, row[i].why);
        CHECK(d.why.len > 0);
        CHECK_INT(d.line, row[i].line);
    }
}

/* The value ngspice's expansion gives is its own resistance at 0 V: measured
   as the current that 1 V drives. */
static void test_dials__have_ngspices_own_values(void)
{
    tp_arena         *mem = check_mem();
    const char *const plain =
        "v1 a 0 1\nr1 a 0 {g(p)*s+2**q}\nx1 a t l=p w=q\n"
        ".func g(x) {x<2 ? x : x*x}\n.param s='max(p,q)/3' \n"
        ".subckt t a w=1 l=2 u='l*10+w' nr={0.29/w}\n"
        "r1 a 0 {u*nf+int((nf+1)/2)}\nr2 a 0 {nr}\n.param nf=3\n.ends\n.op\n";
    static const double pq[][2] = {{1, 2}, {2.5, 0.7}, {3, 5}};
    for (int k = 0; k < TP_COUNT(pq); k++) {
        double         x[TUNABLES] = {pq[k][0], pq[k][1]}, number[8], edge[2];
        int            bin[1];
        tp_dials_point at = {number, bin, edge};
        tp_str         why;
        tp_dials       d = dials_of(plain, "");
        if (!CHECK_INT(d.n, 3)) return;
        CHECK(tp_dials_at(&d, x, &at, &why, mem));
        ng_run         r = ng_batch(tp_str_fmt(mem,
                                               "* t\n.param p=%g q=%g\n%s"
                                                       ".options savecurrents\n.end\n",
                                               x[0], x[1], plain),
                                    mem);
        const ng_plot *p = r.n > 0 ? &r.plot[0] : NULL;
        for (int i = 0; p && i < d.n; i++) {
            tp_str n = tp_str_fmt(mem, "@%.*s[i]", TP_F(d.dial[i].device));
            const ng_vector *v = ng_vector_of(p, n);
            if (!CHECK(v != NULL)) continue;
            CHECK_NEAR(1 / v->re[0], number[i], 1e-12 * fabs(number[i]));
        }
        CHECK(p != NULL);
    }
}

static const check_test tests[] = {
    CHECK_TEST(test_dials__are_the_numbers_with_a_tunable_behind),
    CHECK_TEST(test_dials__of_a_multiplied_subcircuit),
    CHECK_TEST(test_dials__of_bins_count_in_that_bin),
    CHECK_TEST(test_dials__count_fingers_in_hspices_mode),
    CHECK_TEST(test_dials__say_why_there_are_none),
    CHECK_TEST(test_dials__have_ngspices_own_values),
    {0},
};

int main(void)
{
    return check_main(tests);
}
