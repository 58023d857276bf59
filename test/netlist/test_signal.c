/* Names of measures -> the simulator's vectors, and their signs: every pin of
   every kind of device in op, dc, ac and tran against ngspice. */
#include "netlist/deck.h"
#include "ngspice.h"
#include "texts.h"

#include <complex.h>

/* ---- every kind of device ----------------------------------------------- */

static const char devices[] =
    "every kind of device\n"
    "V1 in 0 dc 1 ac 1 sin(1 0.5 1meg)\n"
    "R1 in a 1k\n"
    "C1 a 0 1n\n"
    "L1 a b 10u\n"
    "R2 b 0 100\n"
    "I1 0 c 1m ac 1m\n"
    "D1 c cc DM\n"
    "R3 cc 0 1k\n"
    "V2 vdd 0 5\n"
    "Q1 qc qb qe 0 NP\n"
    "R4 vdd qc 1k\n"
    "R5 in qb 10k\n"
    "R6 qe 0 100\n"
    "Q2 pc pb vdd PN\n"
    "R7 pc 0 1k\n"
    "R8 pb 0 100k\n"
    "M1 md in ms 0 NM W=10u L=1u\n"
    "R9 vdd md 10k\n"
    "R10 ms 0 1k\n"
    "J1 jd 0 js NJ\n"
    "R11 vdd jd 1k\n"
    "R12 js 0 100\n"
    "Z1 zd 0 zs NZ\n"
    "R13 vdd zd 1k\n"
    "R14 zs 0 100\n"
    "E1 e 0 a b 2\n"
    "R15 e 0 1k\n"
    "F1 0 f V1 2\n"
    "R16 f 0 1k\n"
    "G1 0 g a 0 1m\n"
    "R17 g 0 1k\n"
    "H1 h 0 V1 100\n"
    "R18 h 0 1k\n"
    "B1 0 bi I=V(a)*1m\n"
    "R19 bi 0 1k\n"
    "B2 bv 0 V=2*V(a)\n"
    "R20 bv 0 1k\n"
    "S1 in sw vdd 0 SW\n"
    "R21 sw 0 1k\n"
    "W1 in wsw V1 CSW\n"
    "R22 wsw 0 1k\n"
    "X1 in xo part\n"
    "R24 xo 0 1k\n"
    ".subckt part p q\n"
    "R1 p m 1k\n"
    "X2 m q inner\n"
    ".ends\n"
    ".subckt inner u v\n"
    "Q1 u u v NI\n"
    "C1 u v 1p\n"
    "L1 u w 1m\n"
    "R1 w v 1k\n"
    ".ends\n"
    ".model DM D IS=1e-14 CJO=1p\n"
    ".model NP NPN IS=1e-16 BF=100 CJE=1p CJC=1p CJS=1p\n"
    ".model NI NPN IS=1e-16 BF=100 CJE=1p\n"
    ".model PN PNP IS=1e-16 BF=50 CJE=1p\n"
    ".model NM NMOS VTO=0.5 KP=1e-4 CGSO=1e-10 CGDO=1e-10 CBD=1f\n"
    ".model NJ NJF VTO=-1 BETA=1m CGS=1p\n"
    ".model NZ NMF VTO=-1 BETA=1m CGS=1p CGD=1p\n"
    ".model SW SW VT=2 VH=0.1 RON=1 ROFF=1meg\n"
    ".model CSW CSW IT=-1 IH=0.1 RON=1 ROFF=1meg\n";

static const char line[] = "a transmission line\n"
                           "V1 in 0 dc 1 ac 1 sin(1 0.5 1meg)\n"
                           "R1 in a 50\n"
                           "T1 a 0 b 0 Z0=50 TD=100n\n"
                           "R2 b 0 75\n";

enum { PINS_MAX = 400 };

struct pin {
    tp_str    node; /* of the simulator */
    tp_signal signal;
};

struct pins {
    tp_deck   *d;
    int        n;
    struct pin pin[PINS_MAX];
    ng_run     run;
};

/* Every pin of every top-level device, asked for by name. */
static void ask_pins(struct pins *w)
{
    tp_err err = {0};
    for (int i = 0; i < w->d->n_device; i++) {
        const tp_device *dev = &w->d->device[i];
        for (int k = 0; dev->subckt < 0 && k < dev->n_node; k++) {
            tp_str      pin = tp_device_pin(w->d, dev, k, check_mem());
            struct pin *p = &w->pin[w->n++];
            p->node = tp_str_lower(check_mem(), dev->node[k].text);
            CHECK_OK(tp_deck_signal(w->d,
                                    tp_str_fmt(check_mem(), "%.*s#%.*s",
                                               TP_F(dev->name), TP_F(pin)),
                                    TP_S("ac"), &p->signal, &err),
                     &err);
        }
    }
}

static void ask(struct pins *w, const char *name)
{
    tp_err err = {0};
    CHECK_OK(tp_deck_signal(w->d, tp_str_of(name), TP_S("tran"),
                            &w->pin[w->n++].signal, &err),
             &err);
}

/* The circuit with the ammeters that were asked for, and four analyses. */
static bool simulate(struct pins *w)
{
    tp_circuit c;
    tp_err     err = {0};
    if (!CHECK_OK(tp_deck_circuit(&c, w->d, NULL, 0, NULL, 0, &err), &err))
        return false;
    ptrdiff_t end = c.text.len - 5;
    CHECK_STR(tp_str_from(c.text, end), ".end\n");
    tp_str text = tp_str_fmt(
        check_mem(),
        "%.*s.op\n.dc v1 0.5 1.5 0.25\n.ac dec 2 1k 100meg\n"
        ".tran 10n 2u 0 10n\n.options reltol=1e-6 gmin=1e-15\n.end\n",
        (int)end, c.text.at);
    w->run = ng_batch(text, check_mem());
    if (CHECK_INT(w->run.n, 4)) return true;
    printf("%.*s\n%.*s\n", TP_F(text), TP_F(tp_str_part(w->run.log, 0, 2000)));
    return false;
}

static double complex value(const ng_plot *p, const tp_signal *s, int k)
{
    const ng_vector *v = ng_vector_of(p, s->vector);
    if (!CHECK(v != NULL)) {
        printf("  vector %.*s in %.*s\n", TP_F(s->vector), TP_F(p->name));
        return 0;
    }
    return s->factor * (v->re[k] + I * v->im[k]);
}

/* The sum of the currents into all pins at a node is 0. */
static bool node_balances(const struct pins *w, const ng_plot *p, tp_str node,
                          int k)
{
    double complex sum = 0;
    double         size = 0;
    int            n = 0;
    for (int i = 0; i < w->n; i++) {
        if (!tp_str_eq(w->pin[i].node, node)) continue;
        double complex x = value(p, &w->pin[i].signal, k);
        sum += x;
        size += cabs(x);
        n++;
    }
    CHECK(n > 1);
    if (CHECK(cabs(sum) <= 1e-8 * size + 1e-16)) return true;
    printf("  node %.*s, point %d of %.*s: %g of %g\n", TP_F(node), k,
           TP_F(p->name), cabs(sum), size);
    return false;
}

static void balances(const char *deck)
{
    struct pins *w = TP_NEW(check_mem(), struct pins, 1);
    tp_err       err = {0};
    w->d = deck_of(deck);
    if (!w->d || !CHECK_OK(tp_deck_index(w->d, &err), &err)) return;
    ask_pins(w);
    if (!simulate(w)) return;
    for (int i = 0; i < w->run.n; i++)
        for (int k = 0; k < w->run.plot[i].points; k++)
            for (int j = 0; j < w->d->n_node; j++) {
                if (tp_str_find(w->d->node[j], '.', 0) >= 0) continue;
                if (!node_balances(w, &w->run.plot[i], w->d->node[j], k))
                    return;
            }
}

static void test_signal__currents_of_all_pins_balance_at_every_node(void)
{
    balances(devices);
    balances(line);
}

/* (v(a)-v(b))/r, at every point of every analysis. */
static void is_resistor(const struct pins *w, int pin, const char *a,
                        const char *b, double r)
{
    for (int i = 0; i < w->run.n; i++) {
        const ng_plot   *p = &w->run.plot[i];
        const ng_vector *va = ng_vector_of(p, tp_str_of(a));
        const ng_vector *vb = ng_vector_of(p, tp_str_of(b));
        if (!CHECK(va && (vb || b[0] == '0'))) return;
        for (int k = 0; k < p->points; k++) {
            double complex want = va->re[k] + I * va->im[k];
            if (vb) want -= vb->re[k] + I * vb->im[k];
            want /= r;
            double complex got = value(p, &w->pin[pin].signal, k);
            double         size = cabs(va->re[k] + I * va->im[k]) / r;
            if (CHECK(cabs(got - want) <= 1e-9 * cabs(want) + 1e-12 * size))
                continue;
            printf("  pin %d, point %d of %.*s: got %g%+gj, wanted %g%+gj\n",
                   pin, k, TP_F(p->name), creal(got), cimag(got), creal(want),
                   cimag(want));
            return;
        }
    }
}

static double at_op(const struct pins *w, int pin)
{
    return creal(value(ng_find(&w->run, "Operating"), &w->pin[pin].signal, 0));
}

static void test_signal__signs_are_into_the_device(void)
{
    static const char *const name[] = {
        "r1#p",  "r1#n", "c1#p", "v2#p",    "d1#p", "q1#c",    "q1#b",
        "q1#e",  "q2#c", "m1#d", "m1#s",    "j1#d", "i1#p",    "v2#branch",
        "i(r1)", "x1#p", "x1#q", "x1.r1#p", "l1#p", "x1.x2#u", "x1.x2.r1#n"};
    struct pins *w = TP_NEW(check_mem(), struct pins, 1);
    w->d = deck_of(devices);
    if (!w->d) return;
    for (int i = 0; i < TP_COUNT(name); i++) ask(w, name[i]);
    if (!simulate(w)) return;
    is_resistor(w, 0, "in", "a", 1000);
    is_resistor(w, 1, "a", "in", 1000);
    is_resistor(w, 14, "in", "a", 1000);
    is_resistor(w, 17, "in", "x1.m", 1000);
    is_resistor(w, 15, "in", "x1.m", 1000);
    is_resistor(w, 16, "x1.m", "in", 1000);
    is_resistor(w, 19, "in", "x1.m", 1000);
    is_resistor(w, 20, "xo", "x1.x2.w", 1000);
    is_resistor(w, 18, "b", "0", 100);
    CHECK(at_op(w, 3) < -1e-3); /* a supply gives current */
    CHECK_NEAR(at_op(w, 4), 1e-3, 1e-9);
    CHECK(at_op(w, 5) > 1e-4); /* an active NPN: in, in, out */
    CHECK(at_op(w, 6) > 1e-7);
    CHECK(at_op(w, 7) < -1e-4);
    CHECK(at_op(w, 8) < -1e-4); /* a PNP's collector: out */
    CHECK(at_op(w, 9) > 1e-6);
    CHECK(at_op(w, 10) < -1e-6);
    CHECK(at_op(w, 11) > 1e-4);
    CHECK_NEAR(at_op(w, 12), 1e-3, 1e-12);
    CHECK_NEAR(at_op(w, 13), at_op(w, 3), 0);
}

static void test_signal__a_capacitor_draws_j_omega_c_v(void)
{
    struct pins *w = TP_NEW(check_mem(), struct pins, 1);
    w->d = deck_of(devices);
    if (!w->d) return;
    ask(w, "c1#p");
    if (!simulate(w)) return;
    const ng_plot   *p = ng_find(&w->run, "AC");
    const ng_vector *f = ng_vector_of(p, TP_S("frequency"));
    const ng_vector *v = ng_vector_of(p, TP_S("a"));
    if (!CHECK(f && v)) return;
    for (int k = 0; k < p->points; k++) {
        double complex want =
            2 * acos(-1) * f->re[k] * 1e-9 * I * (v->re[k] + I * v->im[k]);
        CHECK(cabs(value(p, &w->pin[0].signal, k) - want) <= 1e-9 * cabs(want));
    }
}

/* ---- names -------------------------------------------------------------- */

static const char names[] = "names\n"
                            "V1 VIN 0 5\n"
                            "R1 VIN vout 1k\n"
                            "Q1 vout b e 0 N1\n"
                            "R2 b 0 1k\n"
                            "R3 e gnd 1k\n"
                            "L1 VIN l2 1m\n"
                            "R4 l2 0 1\n"
                            "V3#a n1 0 1\n"
                            "R5 n1 node#x 1\n"
                            "R6 node#x 0 1\n"
                            "X1 vout 0 amp\n"
                            ".subckt amp in gn\n"
                            "V1 in mid 0\n"
                            "D1 mid gn DD\n"
                            "L1 mid gn 1\n"
                            "R1 sup 0 1\n"
                            ".ends\n"
                            ".global sup\n"
                            "R7 sup 0 1\n"
                            ".model N1 NPN\n.model DD D\n";

static void test_signal__names_resolve(void)
{
    static const struct {
        const char *name, *kind, *vector;
        double      factor;
        const char *unit;
        bool        save;
    } row[] = {
        {"vout", "ac", "vout", 1, "V", false},
        {" VOUT ", "tran", "vout", 1, "V", false},
        {"v(VIN)", "op", "vin", 1, "V", false},
        {"x1.mid", "dc", "x1.mid", 1, "V", false},
        {"x1.in", "dc", "vout", 1, "V", false},
        {"x1.sup", "dc", "sup", 1, "V", false},
        {"node#x", "dc", "node#x", 1, "V", false},
        {"v1#p", "ac", "v1#branch", 1, "A", false},
        {"V1#N", "ac", "v1#branch", -1, "A", false},
        {"i(V1)", "ac", "v1#branch", 1, "A", false},
        {"v1#branch", "ac", "v1#branch", 1, "A", false},
        {"l1#p", "ac", "l1#branch", 1, "A", false},
        {"l1#n", "op", "l1#branch", -1, "A", false},
        {"x1.v1#p", "ac", "v.x1.v1#branch", 1, "A", false},
        {"v.x1.v1#branch", "ac", "v.x1.v1#branch", 1, "A", false},
        {"x1.l1#n", "ac", "l.x1.l1#branch", -1, "A", false},
        {"x1.d1#p", "ac", "v.x1.vtp_d1_0#branch", 1, "A", false},
        {"x1.d1#n", "ac", "v.x1.vtp_d1_0#branch", -1, "A", false},
        {"x1#in", "ac", "vtp_x1_0#branch", 1, "A", false},
        {"q1#c", "ac", "vtp_q1_0#branch", 1, "A", false},
        {"q1#s", "ac", "vtp_q1_3#branch", 1, "A", false},
        {"r1#p", "ac", "vtp_r1_0#branch", 1, "A", false},
        {"@q1[IC]", "op", "@q1[ic]", 1, "A", true},
        {"@q1[gm]", "op", "@q1[gm]", 1, "S", true},
        {"@q1[vbe]", "op", "@q1[vbe]", 1, "V", true},
        {"@x1.d1[id]", "op", "@d.x1.d1[id]", 1, "A", true},
        {"@d.x1.d1[id]", "op", "@d.x1.d1[id]", 1, "A", true},
        {"frequency", "ac", "frequency", 1, "Hz", false},
        {"freq", "noise", "frequency", 1, "Hz", false},
        {"Time", "tran", "time", 1, "s", false},
        {"v-sweep", "dc", "v-sweep", 1, "V", false},
        {"onoise", "noise", "onoise_spectrum", 1, "V/rtHz", false},
        {"inoise", "noise", "inoise_spectrum", 1, "V/rtHz", false},
    };
    tp_deck *d = deck_of(names);
    for (int i = 0; d && i < TP_COUNT(row); i++) {
        tp_signal s;
        tp_err    err = {0};
        bool      ok = CHECK_OK(tp_deck_signal(d, tp_str_of(row[i].name),
                                               tp_str_of(row[i].kind), &s, &err),
                                &err);
        if (ok) {
            ok &= CHECK_STR(s.vector, row[i].vector);
            ok &= CHECK_NEAR(s.factor, row[i].factor, 0);
            ok &= CHECK_STR(s.unit, row[i].unit);
            ok &= CHECK_INT(s.save, row[i].save);
        }
        if (!ok) printf("  name %s\n", row[i].name);
    }
    if (d) CHECK_INT(d->n_ammeter, 5);
}

static void test_signal__unknown_names_get_the_nearest(void)
{
    static const struct {
        const char *name, *kind, *part;
    } row[] = {
        {"vuot", "ac", "no node or device 'vuot' (did you mean vout"},
        {"v(vuot)", "ac", "did you mean vout"},
        {"x1.mdi", "ac", "did you mean x1.mid"},
        {"v11#p", "ac", "no device 'v11' (did you mean v1"},
        {"x9.d1#p", "ac", "no device 'x9.d1' (did you mean x1.d1"},
        {"x1.d2#p", "ac", "no device 'x1.d2' (did you mean x1.d1"},
        {"q1#x", "ac", "q1 has no pin 'x' (pins: c, b, e, s)"},
        {"r1#c", "ac", "r1 has no pin 'c' (pins: p, n)"},
        {"x1#out", "ac", "x1 has no pin 'out' (pins: in, gn)"},
        {"q1#branch", "ac", "q1 has no pin 'branch'"},
        {"i(q1)", "ac", "more than two pins; name one, for example q1#c"},
        {"i(r99)", "ac", "no device 'r99'"},
        {"@r99[i]", "op", "no device 'r99'"},
        {"@r1", "op", "not of the form @device[parameter]"},
        {"r1", "ac", "'r1' is a device, not a node: name a pin"},
        {"0", "ac", "is ground"},
        {"gnd", "ac", "is ground"},
        {"x1.gn", "ac", "is ground"},
        {"", "ac", "is empty"},
        {"onoise", "ac", "'onoise' is a result of a .noise analysis"},
        {"time", "ac", "result of a .tran analysis, this one is .ac"},
        {"vout", "noise", "has no vector 'vout' (it has frequency, freq, on"},
        {"vout", "tf", "has no vector 'vout' (it has transfer_function"},
    };
    tp_deck *d = deck_of(names);
    for (int i = 0; d && i < TP_COUNT(row); i++) {
        tp_signal s;
        tp_err    err = {0};
        bool      ok = CHECK_INT(tp_deck_signal(d, tp_str_of(row[i].name),
                                                tp_str_of(row[i].kind), &s, &err),
                                 TP_BAD_INPUT);
        ok &= CHECK_HAS(tp_str_of(err.msg), row[i].part);
        if (!ok) printf("  name %s\n", row[i].name);
    }
    if (d) CHECK_INT(d->n_ammeter, 0);
}

static void test_signal__lists_nodes_and_devices(void)
{
    tp_deck      *d = deck_of(names);
    const tp_str *name;
    tp_err        err;
    if (!d || !CHECK_OK(tp_deck_index(d, &err), &err)) return;
    int    n = tp_deck_nodes(d, &name);
    tp_buf b = {.mem = check_mem()};
    for (int i = 0; i < n; i++) tp_buf_fmt(&b, "%.*s ", TP_F(name[i]));
    CHECK_STR(tp_buf_str(&b), "vin vout b e l2 n1 node#x x1.mid sup ");
    n = tp_deck_devices(d, &name);
    CHECK_INT(n, 16);
    CHECK_STR(name[0], "v1");
    CHECK_STR(name[10], "x1");
    CHECK_STR(name[11], "x1.v1");
}

/* "[s]" is how SIMetrix writes a substrate node. */
static void test_signal__a_substrate_in_brackets_is_a_pin(void)
{
    struct pins *w = TP_NEW(check_mem(), struct pins, 1);
    w->d = deck_of("t\n*#SIMETRIX\nV1 in 0 dc 1 ac 1\nV2 s1 0 -1\n"
                   "R1 in b 10k\nQ1 in b 0 [s1] NP\n"
                   ".model NP NPN CJS=1p\n");
    if (!w->d) return;
    ask(w, "q1#s");
    ask(w, "v2#p");
    if (!simulate(w)) return;
    const ng_plot *p = ng_find(&w->run, "AC");
    for (int k = 0; p && k < p->points; k++) {
        double complex into = value(p, &w->pin[0].signal, k);
        CHECK(cabs(into) > 1e-9);
        CHECK(cabs(into + value(p, &w->pin[1].signal, k)) <= 1e-9 * cabs(into));
    }
}

/* For ngspice that is a node's name. */
static void test_signal__other_decks_have_no_such_brackets(void)
{
    tp_deck  *d = deck_of("t\nQ1 in b 0 [s1] NP\n.model NP NPN\n");
    tp_signal s;
    tp_err    err = {0};
    if (!d) return;
    CHECK_INT(tp_deck_signal(d, TP_S("q1#s"), TP_S("op"), &s, &err),
              TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "pins: c, b, e");
}

static void test_signal__nodes_of_code_models_are_known(void)
{
    tp_deck  *d = deck_of("t\nA1 [in1 in2] out1 adder\nV1 in1 0 1\n"
                           ".model adder summer\n");
    tp_signal s;
    tp_err    err = {0};
    if (!d) return;
    CHECK_OK(tp_deck_signal(d, TP_S("in2"), TP_S("op"), &s, &err), &err);
    CHECK_OK(tp_deck_signal(d, TP_S("out1"), TP_S("op"), &s, &err), &err);
    CHECK_INT(tp_deck_signal(d, TP_S("a1#p"), TP_S("op"), &s, &err),
              TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "a1 has no pins whose current is known");
}

static void test_signal__own_names_give_way(void)
{
    tp_deck  *d = deck_of("t\nr1 tp_r1_0 0 1k\nvtp_r1_0 tp_r1_0 0 1\n");
    tp_signal s;
    tp_err    err;
    if (!d ||
        !CHECK_OK(tp_deck_signal(d, TP_S("r1#p"), TP_S("op"), &s, &err), &err))
        return;
    CHECK_STR(s.vector, "vtp_r1_0_#branch");
}

/* ---- noise and transfer functions --------------------------------------- */

static void test_signal__noise_is_a_density_per_root_hertz(void)
{
    ng_run run = ng_batch(TP_S("noise\nv1 in 0 0 ac 1\nr1 in out 1k\n"
                               "r2 out 0 1k\n.noise v(out) v1 lin 1 1k 1k\n"
                               ".end\n"),
                          check_mem());
    double want = sqrt(4 * 1.38064852e-23 * 300.15 * 500);
    if (!CHECK(run.n > 0)) return;
    const ng_vector *o = ng_vector_of(&run.plot[0], TP_S("onoise_spectrum"));
    const ng_vector *i = ng_vector_of(&run.plot[0], TP_S("inoise_spectrum"));
    if (!CHECK(o && i)) return;
    CHECK_NEAR(o->re[0], want, 1e-5 * want);
    CHECK_NEAR(i->re[0], 2 * want, 2e-5 * want);
}

static void transfer(const char *card, double gain, double zin, double zout)
{
    static const char *const name[] = {"transfer_function", "input_impedance",
                                       "output_impedance"};
    double                   want[] = {gain, zin, zout};
    tp_deck                 *d = deck_of(tp_str_z(
                        check_mem(), tp_str_fmt(check_mem(),
                                                "tf\nV1 in 0 5\nR1 in out 1k\nR2 out x 1k\n"
                                                                "V2 x 0 0\nI1 0 out 0\n%s\n",
                                                card)));
    const tp_analysis       *a;
    int                      n;
    tp_circuit               c;
    tp_err                   err = {0};
    if (!d || !CHECK_OK(tp_deck_analyses(d, &a, &n, &err), &err)) return;
    CHECK_OK(tp_deck_circuit(&c, d, NULL, 0, a, n, &err), &err);
    ng_run run =
        ng_batch(tp_str_fmt(check_mem(), "%.*s.%.*s\n.end\n",
                            (int)c.text.len - 5, c.text.at, TP_F(a[0].command)),
                 check_mem());
    for (int i = 0; i < 3 && CHECK_INT(run.n, 1); i++) {
        tp_signal s;
        if (want[i] == 0) continue;
        CHECK_OK(tp_deck_signal(d, tp_str_of(name[i]), TP_S("tf"), &s, &err),
                 &err);
        const ng_vector *v = ng_vector_of(&run.plot[0], s.vector);
        if (CHECK(v != NULL)) CHECK_NEAR(v->re[0], want[i], 1e-9 * want[i]);
    }
}

static void test_signal__transfer_function_results_have_names(void)
{
    transfer(".tf v(out) v1", 0.5, 2000, 500);
    transfer(".tf v(out,x) v1", 0.5, 2000, 500);
    transfer(".tf i(v2) v1", 0.0005, 2000, 0); /* ngspice: 1e20 */
    transfer(".tf v(out) i1", 500, 500, 500);
}

static void test_signal__input_noise_has_the_unit_of_its_source(void)
{
    tp_deck           *d = deck_of("n\nI1 0 out 0\nR1 out 0 1\n"
                                             ".noise v(out) i1 dec 1 1 10\n");
    const tp_analysis *a;
    int                n;
    tp_signal          s;
    tp_err             err = {0};
    if (!d || !CHECK_OK(tp_deck_analyses(d, &a, &n, &err), &err)) return;
    CHECK_OK(tp_deck_signal(d, TP_S("inoise"), TP_S("noise"), &s, &err), &err);
    CHECK_STR(s.unit, "A/rtHz");
    CHECK_OK(tp_deck_signal(d, TP_S("onoise"), TP_S("noise"), &s, &err), &err);
    CHECK_STR(s.unit, "V/rtHz");
}

static const check_test tests[] = {
    CHECK_TEST(test_signal__currents_of_all_pins_balance_at_every_node),
    CHECK_TEST(test_signal__signs_are_into_the_device),
    CHECK_TEST(test_signal__a_capacitor_draws_j_omega_c_v),
    CHECK_TEST(test_signal__names_resolve),
    CHECK_TEST(test_signal__unknown_names_get_the_nearest),
    CHECK_TEST(test_signal__lists_nodes_and_devices),
    CHECK_TEST(test_signal__a_substrate_in_brackets_is_a_pin),
    CHECK_TEST(test_signal__other_decks_have_no_such_brackets),
    CHECK_TEST(test_signal__nodes_of_code_models_are_known),
    CHECK_TEST(test_signal__own_names_give_way),
    CHECK_TEST(test_signal__noise_is_a_density_per_root_hertz),
    CHECK_TEST(test_signal__transfer_function_results_have_names),
    CHECK_TEST(test_signal__input_noise_has_the_unit_of_its_source),
    {0},
};

int main(void)
{
    return check_main(tests);
}
