/* SIMetrix decks in ngspice's words, and what only they may have. */
#include "ngspice.h"
#include "texts.h"

/* Each row: cards of a SIMetrix deck, and what ngspice gets. */
static const struct row {
    const char *deck, *expected;
} row[] = {
    /* what needs nothing stays as it is */
    {"R1 a 0 1k\n", "R1 a 0 1k\n"},
    {"Q1 c b e 0 N1\n", "Q1 c b e 0 N1\n"},
    {".model N1 npn IS=1e-15 BF=220\n", ".model N1 npn IS=1e-15 BF=220\n"},
    {".MODEL n1 NPN(is={is} bf = 200)\n", ".MODEL n1 NPN(is={is} bf = 200)\n"},
    {".TEMP 100\n.options reltol=1e-6\n", ".TEMP 100\n.options reltol=1e-6\n"},
    {"V1 a 0 DC 1 AC 1 0 Sin(0 500m 500k 0 0)\n",
     "V1 a 0 DC 1 AC 1 0 Sin(0 500m 500k 0 0)\n"},
    {"R1 Q1_E a+b 1k\nR2 a#b a/b {x}\n", "R1 Q1_E a+b 1k\nR2 a#b a/b {x}\n"},
    {"Q1 c b e [sub] N1\n", "Q1 c b e sub N1\n"},
    {"R1 a[1] [b] 1\n", "R1 a[1] [b] 1\n"},
    /* .param */
    {".PARAM F0 1k Alpha 1 C1 {2*c2}\n", ".PARAM F0=1k Alpha=1 C1={2*c2}\n"},
    {".param a = 1 b=2\n", ".param a = 1 b=2\n"},
    {".param a=\"b*2\" b='3'\n", ".param a={b*2} b={3}\n"},
    {".param a b\n", ".param a={b}\n"},
    {".param a=b * 2 c=1\n", ".param a={b * 2} c=1\n"},
    {".param a {b} c \"a + 1\"\n", ".param a={b} c={a + 1}\n"},
    /* expressions without braces */
    {".param LL 1u\nL1 a 0 LL\nL2 a 0 L=LL\n",
     ".param LL=1u\nL1 a 0 {LL}\nL2 a 0 L={LL}\n"},
    {".param is=1e-14\n.model m d IS=is N=1\nD1 a 0 m\n",
     ".param is=1e-14\n.model m d IS={is} N=1\nD1 a 0 m\n"},
    {".param k=2\nR1 a 0 \"k*2\"\nR2 a 0 'k*2'\n",
     ".param k=2\nR1 a 0 {k*2}\nR2 a 0 'k*2'\n"},
    {".param v=2 f=1k\nV1 a 0 v AC v sin(0 v f)\n",
     ".param v=2 f=1k\nV1 a 0 {v} AC {v} sin(0 {v} {f})\n"},
    {".param g=2\nE1 a 0 g b g\nF1 a 0 V1 g\nG1 a 0 POLY(1) g 0 0 g\n",
     ".param g=2\nE1 a 0 g b {g}\nF1 a 0 V1 {g}\n"
     "G1 a 0 POLY(1) g 0 0 {g}\n"},
    {".param ar=2\n.model m d\n.model q npn\nD1 ar 0 m ar\nQ1 a b c ar q ar\n",
     ".param ar=2\n.model m d\n.model q npn\nD1 ar 0 m {ar}\n"
     "Q1 a b c ar q {ar}\n"},
    {".param t=1\nR1 a 0 1k TC1=t\n.ic v(a)=t\n.temp t\n.options temp=t\n",
     ".param t=1\nR1 a 0 1k TC1={t}\n.ic v(a)={t}\n.temp {t}\n"
     ".options temp={t}\n"},
    /* words of expressions */
    {"R1 a 0 {if(x>1, limit(x,0,2), log(x))}\n",
     "R1 a 0 {ternary_fcn(x>1,min(max(x,0),2),log10(x))}\n"},
    {"R1 a 0 {2*PI*1e3 + pint}\n",
     "R1 a 0 {2*3.1415926535897932*1e3 + pint}\n"},
    {".param e=1\nR1 a 0 {e*pi}\n",
     ".param e=1\nR1 a 0 {e*3.1415926535897932}\n"},
    {"B1 a 0 V=\"log(V(log))*I(v1)\"\n", "B1 a 0 V={log10(V(log))*I(v1)}\n"},
    {"*#PSPICE\nR1 a 0 {log(x)}\n", "R1 a 0 {log(x)}\n"},
    {".func f(x) {round(x)}\n", ".func f(x) {nint(x)}\n"},
    /* sub-circuits */
    {".subckt s a b : r=1k q=\"r*2\"\nR1 a b r\n.ends\nX1 1 0 s : r=\"2*x\"\n",
     ".subckt s a b params: r=1k q={r*2}\nR1 a b {r}\n.ends\n"
     "X1 1 0 s params: r={2*x}\n"},
    {".subckt s a b params: r=1k\nR1 a b {r}\n.ends s\nX1 1 0 s\n",
     ".subckt s a b params: r=1k\nR1 a b {r}\n.ends s\nX1 1 0 s\n"},
    {".global vdd\n", ".global vdd\n"},
    /* names ngspice can't take */
    {"R1 $n caf\xC3\xA9 10\xC2\xB5\nR2 a//b 0 4.7\xB5\n",
     "R1 _x24n caf_xc3_xa9 10u\nR2 a/_x2fb 0 4.7u\n"},
    /* what is no circuit */
    {".keep v1#p\n.print tran v(a)\n.plot ac v(a)\n.graph x\n.four 1k v(a)\n"
     ".save all\nR1 a 0 1\n",
     "R1 a 0 1\n"},
    {".control\nrun\n.endc\n.csparam a=1\n*# run\nR1 a 0 1\n", "R1 a 0 1\n"},
    {".op\n.ac dec 1 1 10 analysis_id=a\n.file f\nx\n.endf\n.data d 1\n"
     ".post_process f\n.optimiser\nR1 a 0 1\n",
     "R1 a 0 1\n"},
};

static void test_dialect__rows(void)
{
    for (int i = 0; i < TP_COUNT(row); i++) {
        tp_str text =
            tp_str_fmt(check_mem(), "title\n%s.optspec op\n", row[i].deck);
        tp_deck *d = deck_of(text.at);
        if (!d) continue;
        CHECK_INT(tp_deck_kind(d), TP_DECK_SIMETRIX);
        CHECK_STR(written(d, NULL, 0), row[i].expected);
    }
}

static void test_dialect__a_plain_deck_stays_byte_for_byte(void)
{
    static const char text[] = ".param a = 'b * 2'  b=2\n"
                               ".subckt s x y r=1k\n"
                               "R1 x y r=\"2\"\n"
                               ".ends\n"
                               "X1 n 0 s   r = {a}\n"
                               "C1 n 0 c={ if(1) }\n"
                               ".unknown thing\n"
                               ".ic v(n)=1\n"
                               ".options rshunt = 1e12\n";
    tp_deck *d = deck_of(tp_str_fmt(check_mem(), "title\n%s", text).at);
    if (!d) return;
    CHECK_INT(tp_deck_kind(d), TP_DECK_SPICE);
    CHECK_STR(written(d, NULL, 0), text);
}

static void test_dialect__signs_of_simetrix(void)
{
    static const char *const sign[] = {
        ".optimiser\n",
        ".OPTSPEC op\n",
        ".data d 1 2\n",
        ".post_process x\n",
        ".file x\n.endf\n",
        "*#simetrix\n",
        ".dc v1 0 1 1 sweep\n+ opt\n",
    };
    for (int i = 0; i < TP_COUNT(sign); i++) {
        tp_str   text = tp_str_fmt(check_mem(), "t\n%s", sign[i]);
        tp_deck *d = deck_of(text.at);
        if (d) CHECK_INT(tp_deck_kind(d), TP_DECK_SIMETRIX);
    }
    tp_deck *d = deck_of("t\n.data d a b\n+ 1 2\n.enddata\n"
                         ".dc v1 0 1 1 sweep data=d\n");
    if (!d) return;
    CHECK_INT(tp_deck_kind(d), TP_DECK_SPICE);
    CHECK_STR(written(d, NULL, 0), ".data d a b 1 2\n.enddata\n");
}

static void test_dialect__unknown_statements_have_a_place(void)
{
    CHECK_STR(fault_of_text("t\nr1 a 0 1\n  .optimizer\n+ alg=x\n"),
              "d.net:3:3: unknown statement '.optimizer' (did you mean "
              ".optimiser?)");
    CHECK_STR(fault_of_text("t\n.optspec op\n.xyzzyx 1\n"),
              "d.net:3:1: unknown statement '.xyzzyx'");
    CHECK_STR(fault_of_text("t\n.optspec\n+ label=\"a b\n+ op\n"),
              "d.net:3:9: the quote that opens here is not closed");
}

static void test_dialect__what_ngspice_would_execute_never_passes(void)
{
    tp_deck *d = deck_of("t\n.controls\nshell ls\n.endcx\n*#shell ls\n"
                         ".CSPARAMS a=1\nPRE_osdi x\nr1 a 0 1\n");
    if (d) CHECK_STR(written(d, NULL, 0), "r1 a 0 1\n");
}

static void test_dialect__parameters_in_use(void)
{
    tp_deck *d = deck_of(
        "t\n.optspec measure=\"nowhere\"\n.param own 1\nR1 n1 0 bare\n"
        "C1 n1 0 {x*inside + 1}\nL1 n1 0 'quoted'\n.model m d rs=after n=2\n"
        ".ac dec 10 1 {stop}\n.subckt s a b : local=2\nR1 a b 1\n.ends\n"
        "X1 a 0 s : pass=1\n");
    if (!d) return;
    static const char *const used[] = {"own",    "OWN",   "bare", "inside",
                                       "quoted", "after", "stop", "local"};
    static const char *const not [] = {"nowhere", "n1", "rs", "insid",
                                       "pass",    "",   "R1", "m"};
    for (int i = 0; i < TP_COUNT(used); i++)
        if (!CHECK(tp_deck_uses_param(d, tp_str_of(used[i]))))
            printf("  %s\n", used[i]);
    for (int i = 0; i < TP_COUNT(not ); i++)
        if (!CHECK(!tp_deck_uses_param(d, tp_str_of(not [i]))))
            printf("  %s\n", not [i]);
}

/* ---- with ngspice ------------------------------------------------------- */

/* The operating point of a SIMetrix deck: v(out). */
static double out_of(const char *deck)
{
    tp_str   text = tp_str_fmt(check_mem(), "title\n%s.optspec op\n", deck);
    tp_deck *d = deck_of(text.at);
    if (!d) return NAN;
    tp_str           cir = tp_str_fmt(check_mem(), "title\n%.*s.op\n.end\n",
                                      TP_F(written(d, NULL, 0)));
    ng_run           run = ng_batch(cir, check_mem());
    const ng_plot   *p = ng_find(&run, "Operating Point");
    const ng_vector *v = ng_vector_of(p, TP_S("out"));
    if (!v) printf("%.*s%.*s", TP_F(cir), TP_F(run.log));
    return v ? v->re[0] : NAN;
}

static void test_dialect__ngspice_gets_the_same_numbers(void)
{
    CHECK_NEAR(out_of("V1 out 0 val\n.param val {2*w} w 3\nR1 out 0 1\n"), 6,
               1e-12);
    CHECK_NEAR(out_of(".param a=\"2**3\" b=2^3\nV1 out 0 \"a+b\"\n"
                      "R1 out 0 1\n"),
               16, 1e-12);
    CHECK_NEAR(out_of("V1 out 0 {if(2>1 && 1<2, log(1000), 5)}\n"
                      "R1 out 0 1\n"),
               3, 1e-12);
    CHECK_NEAR(out_of("V1 out 0 {limit(5,0,2)+pwrs(-2,3)+stp(1)+u(-1)}\n"
                      "R1 out 0 1\n"),
               -5, 1e-12);
    CHECK_NEAR(out_of("V1 out 0 {2*pi + e + round(1.6)}\nR1 out 0 1\n"),
               2 * 3.14159265358979323846 + 2.71828182845904523536 + 2, 1e-12);
    CHECK_NEAR(out_of("I1 0 out 1\nX1 out 0 s : r=\"2*3\"\n"
                      ".subckt s a b : r=1 k=\"r/2\"\nR1 a b k\n.ends\n"),
               3, 1e-12);
    CHECK_NEAR(out_of("V1 in 0 4\nR1 in out rr\nR2 out 0 rr\n.param rr 1k\n"),
               2, 1e-12);
    CHECK_NEAR(out_of("V1 in 0 3\nB1 out 0 V=\"V(in)*k + log(100)\"\n"
                      ".param k 2\nR1 out 0 1\n"),
               8, 1e-12);
    CHECK_NEAR(out_of("V1 caf\xC3\xA9 0 4\nR1 caf\xC3\xA9 out 1k\n"
                      "R2 out 0 1k\n"),
               2, 1e-12);
}

static void test_dialect__temperature_and_models_pass(void)
{
    /* 1 mA through IS=1e-14, N=1 at 27 C: V = kT/q ln(1e11 + 1). */
    double vt = 1.38064852e-23 * 300.15 / 1.6021766208e-19;
    CHECK_NEAR(out_of(".param is0 1e-14\nI1 0 out 1m\nD1 out 0 m\n"
                      ".model m d IS=is0 N=\"2/2\"\n.temp 27\n"),
               vt * log(1e11), 1e-4);
}

static const check_test tests[] = {
    CHECK_TEST(test_dialect__rows),
    CHECK_TEST(test_dialect__a_plain_deck_stays_byte_for_byte),
    CHECK_TEST(test_dialect__signs_of_simetrix),
    CHECK_TEST(test_dialect__unknown_statements_have_a_place),
    CHECK_TEST(test_dialect__what_ngspice_would_execute_never_passes),
    CHECK_TEST(test_dialect__parameters_in_use),
    CHECK_TEST(test_dialect__ngspice_gets_the_same_numbers),
    CHECK_TEST(test_dialect__temperature_and_models_pass),
    {0},
};

int main(void)
{
    return check_main(tests);
}
