/* The circuit for the simulator: tunables, definitions, series sources,
   places, long lines; and the two printed decks in a real ngspice. */
#include "ngspice.h"
#include "texts.h"

#include "netlist/deck.h"

static bool circuit_of(tp_circuit *c, const tp_deck *d, const tp_tunable *t,
                       int n)
{
    tp_err err = {0};
    return CHECK_OK(tp_deck_circuit(c, d, t, n, NULL, 0, &err), &err);
}

static void test_write__tunables_stand_in_front_and_replace_the_decks_own(void)
{
    tp_deck   *d = deck_of("a title\n"
                             ".param Rx=1 keep={rx*2} cx = 3\n"
                             ".param cx=4\n"
                             ".subckt s a b\n.param rx=5\nr1 a b {rx}\n.ends\n"
                             "x1 n 0 s\n");
    tp_tunable t[] = {{TP_S("rx"), 0.1}, {TP_S("CX"), 1e-9}, {TP_S("new"), -2}};
    tp_circuit c;
    if (!d || !circuit_of(&c, d, t, 3)) return;
    CHECK_STR(c.text, "* a title\n"
                      ".param rx=0.1\n.param CX=1e-09\n.param new=-2\n"
                      ".param  keep={rx*2} \n"
                      ".subckt s a b\n.param rx=5\nr1 a b {rx}\n.ends\n"
                      "x1 n 0 s\n.end\n");
    CHECK_INT(c.n_param, 3);
    CHECK_STR(c.param[1], "CX");
}

static void test_write__lists_the_decks_definitions_in_order(void)
{
    tp_deck   *d = deck_of("t\n.optspec op\n.param b {c*2} c 1k a=\"log(b)\"\n"
                             ".param t 1 f=b+1\n.subckt s 1\n.param in=1\n.ends\n");
    tp_tunable t = {TP_S("t"), 0};
    tp_circuit c;
    if (!d || !circuit_of(&c, d, &t, 1)) return;
    static const char *const name[] = {"b", "c", "a", "f"};
    static const char *const expr[] = {"c*2", "1k", "log10(b)", "b+1"};
    if (!CHECK_INT(c.n_define, 4)) return;
    for (int i = 0; i < 4; i++) {
        CHECK_STR(c.define[i].name, name[i]);
        CHECK_STR(c.define[i].expr, expr[i]);
    }
}

static void test_write__refuses_what_is_no_parameter(void)
{
    tp_deck   *d = deck_of("t\nr1 a 0 1\n");
    tp_err     err = {0};
    tp_circuit c;
    tp_tunable name = {TP_S("a b"), 1}, value = {TP_S("a"), INFINITY};
    if (!d) return;
    CHECK_INT(tp_deck_circuit(&c, d, &name, 1, NULL, 0, &err), TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "'a b' is no name for a parameter");
    CHECK_INT(tp_deck_circuit(&c, d, &value, 1, NULL, 0, &err), TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "the value of a is not a finite number");
}

static void test_write__leaves_out_what_is_taken_and_analyses(void)
{
    tp_deck *d =
        deck_of("t\nr1 a 0 1\nr2 a 0 2\n.op\n.tran 1u 2u\n.tf v(a) v1\n"
                ".sens v(a)\n.meas tran x max v(a)\n.probe v(a)\n");
    if (!d) return;
    tp_deck_take(d, 0);
    tp_deck_take(d, -1);
    tp_deck_take(d, 1000);
    CHECK_STR(written(d, NULL, 0), "r2 a 0 2\n");
}

static void test_write__every_line_has_its_place(void)
{
    tp_deck   *d = deck_of("t\n\nr1 a 0\n+ 1\n* c\n  r2 a 0 2\n");
    tp_tunable t = {TP_S("x"), 1};
    tp_circuit c;
    if (!d || !circuit_of(&c, d, &t, 1)) return;
    static const int line[] = {1, 0, 3, 6, 0}, col[] = {1, 0, 1, 3, 0};
    if (!CHECK_INT(c.n_place, 5)) return;
    for (int i = 0; i < 5; i++) {
        CHECK((c.place[i].in == NULL) == (line[i] == 0));
        CHECK_INT(c.place[i].line, line[i]);
        CHECK_INT(c.place[i].col, col[i]);
    }
}

static void test_write__long_lines_are_continued(void)
{
    tp_buf b = {.mem = check_mem()};
    tp_buf_add(&b, TP_S("t\nv1 a 0 pwl("));
    for (int i = 0; i < 5000; i++) tp_buf_fmt(&b, "%du %d ", i, i % 7);
    tp_buf_add(&b, TP_S(")\nr1 a 0 {1"));
    for (int i = 0; i < 3000; i++) tp_buf_add(&b, TP_S(" + 1"));
    tp_buf_add(&b, TP_S("} tc1=0\n"));
    tp_deck   *d = deck_of(tp_buf_str(&b).at);
    tp_circuit c;
    if (!d || !circuit_of(&c, d, NULL, 0)) return;
    tp_str    rest = c.text;
    int       n = 0;
    ptrdiff_t longest = 0;
    for (tp_str l = tp_str_word(&rest, "\n"); l.len > 0;
         l = tp_str_word(&rest, "\n"), n++) {
        bool expr = tp_str_starts(l, TP_S("+ {1 + 1"));
        if (!expr && l.len > longest) longest = l.len;
    }
    CHECK_INT(c.n_place, n);
    CHECK(longest <= 4001);
    /* joined again it is the same */
    tp_source      file = {TP_S("again"), c.text};
    tp_files       files = {.n = 1, .file = &file};
    tp_deck       *e;
    const tp_card *was, *is;
    if (!CHECK_OK(tp_deck_read(&e, "", &files, check_mem(), NULL), NULL))
        return;
    if (!CHECK_INT(tp_deck_cards(e, &is), 2)) return;
    tp_deck_cards(d, &was);
    CHECK(tp_str_eq(was[0].text, is[0].text));
    CHECK(tp_str_eq(was[1].text, is[1].text));
}

/* ---- series sources ----------------------------------------------------- */

/* A device table with the words `nodes` of a card as its nodes, by hand. */
static tp_device device_of(const tp_deck *d, int card, int n)
{
    tp_token *node = TP_NEW(check_mem(), tp_token, n);
    tp_lexer  l = {&d->card[card], 0};
    tp_lex(&l);
    for (int i = 0; i < n; i++) node[i] = tp_lex(&l);
    return (tp_device){.card = card, .n_node = n, .node = node};
}

static void test_write__puts_sources_into_pins_in_the_devices_scope(void)
{
    tp_deck *d = deck_of("t\nr1 in 0 1\n.subckt s a b\nd1 a b dm\n.ends\n"
                         "x1 in 0 s\nq1 c \xC3\xA9 0 qm\n.optspec op\n");
    if (!d) return;
    tp_device  device[] = {device_of(d, 0, 2), device_of(d, 2, 2),
                           device_of(d, 5, 3)};
    tp_ammeter ammeter[] = {
        {2, 1, TP_S("vtp_q1_1"), TP_S("tp_q1_1")},
        {1, 0, TP_S("vtp_d1_0"), TP_S("tp_d1_0")},
        {2, 0, TP_S("vtp_q1_0"), TP_S("tp_q1_0")},
    };
    d->n_device = 3;
    d->device = device;
    d->n_ammeter = 3;
    d->ammeter = ammeter;
    CHECK_STR(written(d, NULL, 0),
              "r1 in 0 1\n.subckt s a b\nd1 tp_d1_0 b dm\n"
              "vtp_d1_0 a tp_d1_0 0\n.ends\nx1 in 0 s\n"
              "q1 tp_q1_0 tp_q1_1 0 qm\n"
              "vtp_q1_1 _xc3_xa9 tp_q1_1 0\nvtp_q1_0 c tp_q1_0 0\n");
}

/* ---- the printed decks -------------------------------------------------- */

static tp_deck *example(const char *name)
{
    tp_err      err = {0};
    tp_deck    *d = NULL;
    const char *path = tp_str_fmt(check_mem(), "examples/simetrix/%s", name).at;
    tp_status   s = tp_deck_read(&d, path, NULL, check_mem(), &err);
    return CHECK_OK(s, &err) ? d : NULL;
}

static ng_run simulate(const tp_deck *d, const tp_tunable *t, int n,
                       const char *analysis)
{
    tp_str cir = tp_str_fmt(check_mem(), "title\n%.*s%s\n.end\n",
                            TP_F(written(d, t, n)), analysis);
    return ng_batch(cir, check_mem());
}

static void test_write__amp_700_has_the_known_operating_point(void)
{
    tp_deck   *d = example("amp-700.net");
    tp_tunable t[] = {{TP_S("rcurr"), 1000},
                      {TP_S("rtail"), 1000},
                      {TP_S("rcoll"), 10000},
                      {TP_S("routput"), 10000}};
    if (!d) return;
    CHECK_INT(tp_deck_kind(d), TP_DECK_SIMETRIX);
    CHECK_STR(tp_deck_title(d), "** Differential amplifier");
    ng_run           run = simulate(d, t, 4, ".op");
    const ng_plot   *p = ng_find(&run, "Operating Point");
    const ng_vector *v3 = ng_vector_of(p, TP_S("v3#branch"));
    const ng_vector *v2 = ng_vector_of(p, TP_S("v2#branch"));
    if (!CHECK(v2 && v3)) return;
    CHECK_NEAR(v3->re[0], -1.07015e-3, 0.5e-8);
    CHECK_NEAR(v2->re[0], -1.37046e-3, 0.5e-8);
}

/* The current of the deck's diode at a junction voltage: Shockley at 100 C
   with IS scaled from 27 C, and ngspice's high-level injection. */
static double diode(double vd, double ikf, double n)
{
    double k_q = 1.38064852e-23 / 1.6021766208e-19, vt = k_q * 373.15;
    double ratio = 373.15 / 300.15;
    double is = 1e-8 * pow(ratio, 3 / n) * exp((ratio - 1) * 1.11 / (n * vt));
    double id = is * (exp(vd / (n * vt)) - 1);
    return id / (1 + sqrt(id / ikf));
}

static void test_write__the_diode_deck_sweeps_its_first_line(void)
{
    tp_deck   *d = example("diode.net");
    tp_tunable t[] = {{TP_S("RS"), 0.00813047},
                      {TP_S("IKF"), 0.0413595},
                      {TP_S("N"), 1.15267}};
    if (!d) return;
    CHECK_STR(tp_deck_title(d), "");
    CHECK_STR(written(d, NULL, 0),
              "V1 V1_P 0 5\nD1 V1_P 0 DUT\n"
              ".model DUT d RS={RS} IS=1e-8 IKF={IKF} N={N}\n.TEMP 100\n");
    ng_run           run = simulate(d, t, 3, ".dc v1 400m 1.4 100m");
    const ng_plot   *p = ng_find(&run, "DC");
    const ng_vector *i = ng_vector_of(p, TP_S("v1#branch"));
    if (!CHECK(i && p->points == 11)) return;
    for (int k = 0; k < p->points; k++) {
        double v = 0.4 + 0.1 * k, got = -i->re[k];
        CHECK_NEAR(diode(v - got * t[0].value, t[1].value, t[2].value) / got, 1,
                   5e-3);
    }
}

static const check_test tests[] = {
    CHECK_TEST(test_write__tunables_stand_in_front_and_replace_the_decks_own),
    CHECK_TEST(test_write__lists_the_decks_definitions_in_order),
    CHECK_TEST(test_write__refuses_what_is_no_parameter),
    CHECK_TEST(test_write__leaves_out_what_is_taken_and_analyses),
    CHECK_TEST(test_write__every_line_has_its_place),
    CHECK_TEST(test_write__long_lines_are_continued),
    CHECK_TEST(test_write__puts_sources_into_pins_in_the_devices_scope),
    CHECK_TEST(test_write__amp_700_has_the_known_operating_point),
    CHECK_TEST(test_write__the_diode_deck_sweeps_its_first_line),
    {0},
};

int main(void)
{
    return check_main(tests);
}
