/* What names of OCEAN expressions are bound to, with a deck and without. */
#include "check.h"
#include "front/ocean.h"

#define DECK                          \
    "ota\n"                           \
    "V0 vdd 0 3.3\n"                  \
    "Vin in 0 dc 1 ac 1\n"            \
    "M1 d1 in 0 0 nm w=1u l=1u\n"     \
    "R1 vdd d1 10k\n"                 \
    "XI0 d1 out amp\n"                \
    "XM5 out in 0 0 wrap w=1\n"       \
    ".subckt amp a b\n"               \
    "R1 a net1 1k\n"                  \
    "MN1 net1 b 0 0 nm w=1u l=1u\n"   \
    "MN2 b a 0 0 nm w=1u l=1u\n"      \
    ".ends\n"                         \
    ".subckt wrap d g s b w=1\n"      \
    "Mfet d g s b nm w={w} l=1u\n"    \
    ".ends\n"                         \
    ".model nm nmos level=1\n"        \
    ".ac dec 10 1 1g\n"               \
    ".tran 1u 1m\n"                   \
    ".noise v(out) vin dec 10 1 1g\n" \
    ".end\n"

static tp_analysis *analysis;
static int          n_analysis;
static const tp_str values[] = {{"Cc", 2}, {"W_M1", 4}};

static tp_deck *deck(void)
{
    tp_source          source = {TP_S("ota.cir"), TP_S(DECK)};
    tp_files           files = {.n = 1, .file = &source};
    tp_err             err = {0};
    tp_deck           *d = NULL;
    const tp_analysis *list = NULL;
    CHECK_OK(tp_deck_read(&d, "ota.cir", &files, check_mem(), &err), &err);
    CHECK_OK(tp_deck_analyses(d, &list, &n_analysis, &err), &err);
    analysis = TP_NEW(check_mem(), tp_analysis, n_analysis);
    for (int i = 0; i < n_analysis; i++) analysis[i] = list[i];
    return d;
}

static tp_status try_bind(const tp_bind **out, int *n, tp_deck *d,
                          const char *text, tp_err *err)
{
    tp_scope       scope = {.dialect = TP_OCEAN};
    tp_ocean_scope in = {.deck = d,
                         .n_analysis = n_analysis,
                         .analysis = analysis,
                         .measure_analysis = TP_S("ac"),
                         .n_value = TP_COUNT(values),
                         .value = values};
    const tp_expr *e;
    TP_TRY(tp_expr_compile(&e, tp_str_of(text), &scope, check_mem(), err));
    return tp_ocean_bind(out, n, e, &in, check_mem(), err);
}

static void test_ocean_names__become_signals_of_the_deck(void)
{
    static const struct {
        const char *text, *kind, *vector;
        double      factor;
        bool        op;
    } rows[] = {
        {"VF(\"/OUT\")", "ac", "out", 1, false},
        {"VT(\"/out\")", "tran", "out", 1, false},
        {"v(\"/d1\")", "ac", "d1", 1, false},
        {"v(\"/d1\" ?result \"tran\")", "tran", "d1", 1, false},
        {"VF(\"/I0/net1\")", "ac", "xi0.net1", 1, false},
        {"VDC(\"/XI0/net1\")", "ac", "xi0.net1", 1, true},
        {"IDC(\"/V0/PLUS\")", "ac", "v0#branch", 1, true},
        {"IDC(\"/V0/MINUS\")", "ac", "v0#branch", -1, true},
        {"IT(\"/M1/D\")", "tran", "vtp_m1_0#branch", 1, false},
        {"OP(\"/M1\" \"gm\")", "ac", "@m1[gm]", 1, true},
        {"OP(\"/M1\" \"ids\")", "ac", "@m1[id]", 1, true},
        {"OP(\"/I0/N1\" \"gm\")", "ac", "@m.xi0.mn1[gm]", 1, true},
        {"OP(\"/M5\" \"gm\")", "ac", "@m.xm5.mfet[gm]", 1, true},
        {"getData(\"/M1:gds\" ?result \"dcOpInfo\")", "ac", "@m1[gds]", 1,
         true},
        {"getData(\"/OUT\")", "ac", "out", 1, false},
        {"getData(\"/V0/PLUS\" ?result \"tran\")", "tran", "v0#branch", 1,
         false},
        {"getData(\"/OUT\" ?result \"noise\")", "noise", "onoise_spectrum", 1,
         false},
        {"getData(\"in\" ?result \"noise\")", "noise", "inoise_spectrum", 1,
         false},
        {"VN()", "noise", "onoise_spectrum", 1, false},
    };
    for (int i = 0; i < TP_COUNT(rows); i++) {
        tp_deck       *d = deck();
        const tp_bind *b = NULL;
        int            n = 0;
        tp_err         err = {0};
        CHECK_OK(try_bind(&b, &n, d, rows[i].text, &err), &err);
        if (!CHECK_INT(n, 1)) continue;
        CHECK_INT(b->kind, TP_BIND_SIGNAL);
        CHECK_STR(analysis[b->analysis].kind, rows[i].kind);
        CHECK_STR(b->signal.vector, rows[i].vector);
        CHECK_NEAR(b->signal.factor, rows[i].factor, 0);
        CHECK_INT(b->op, rows[i].op);
        CHECK_INT(analysis[b->analysis].op, rows[i].op);
    }
}

static void test_ocean_names__are_values_too(void)
{
    tp_deck       *d = deck();
    const tp_bind *b = NULL;
    int            n = 0;
    tp_err         err = {0};
    CHECK_OK(try_bind(&b, &n, d, "Cc * VAR(\"W_M1\")", &err), &err);
    if (!CHECK_INT(n, 2)) return;
    CHECK(b[0].kind == TP_BIND_VAR && b[0].at == 0);
    CHECK(b[1].kind == TP_BIND_VAR && b[1].at == 1);
}

static void test_ocean_names__without_a_deck_are_the_simulators(void)
{
    static const struct {
        const char *text, *vector;
        double      factor;
    } rows[] = {
        {"VF(\"/I0/OUT\")", "I0.OUT", 1},
        {"IDC(\"/V0/PLUS\")", "V0:p", 1},
        {"IDC(\"/V0/MINUS\")", "V0:p", -1},
        {"OP(\"/I0/M1\" \"gm\")", "I0.M1:gm", 1},
        {"getData(\"/NM0:gm\" ?result \"dcOpInfo\")", "NM0:gm", 1},
        {"VN()", "out", 1},
    };
    deck();
    for (int i = 0; i < TP_COUNT(rows); i++) {
        const tp_bind *b = NULL;
        int            n = 0;
        tp_err         err = {0};
        CHECK_OK(try_bind(&b, &n, NULL, rows[i].text, &err), &err);
        if (!CHECK_INT(n, 1)) continue;
        CHECK_STR(b->signal.vector, rows[i].vector);
        CHECK_NEAR(b->signal.factor, rows[i].factor, 0);
    }
}

static void test_ocean_names__unknown_ones_are_refused_with_their_place(void)
{
    static const struct {
        const char *text;
        int         col;
        const char *msg;
    } rows[] = {
        {"1 + VF(\"/OUTT\")", 5,
         "VF(\"/OUTT\"): no node or device 'outt' (did you mean out?)"},
        {"OP(\"/M9\" \"gm\")", 1,
         "OP(\"/M9\" \"gm\"): no device 'm9' (did you mean m1?)"},
        {"IDC(\"/M1/X\")", 1,
         "IDC(\"/M1/X\"): m1 has no pin 'x' (pins: d, g, s, b)"},
        {"VS(\"/OUT\")", 1,
         "VS(\"/OUT\"): there is no result 'dc'; the analyses are ac, tran, "
         "noise"},
        {"v(\"/OUT\" ?result \"x\")", 1,
         "v(\"/OUT\" ?result \"x\"): there is no result 'x'; the analyses are "
         "ac, tran, noise"},
        {"2 * Cx", 5,
         "VAR(\"Cx\"): there is no variable 'Cx' (did you mean Cc?)"},
    };
    for (int i = 0; i < TP_COUNT(rows); i++) {
        tp_deck       *d = deck();
        const tp_bind *b = NULL;
        int            n = 0;
        tp_err         err = {0};
        CHECK_INT(try_bind(&b, &n, d, rows[i].text, &err), TP_BAD_INPUT);
        CHECK_STR(tp_str_of(err.msg), rows[i].msg);
        CHECK_INT(err.col, rows[i].col);
    }
}

static const check_test tests[] = {
    CHECK_TEST(test_ocean_names__become_signals_of_the_deck),
    CHECK_TEST(test_ocean_names__are_values_too),
    CHECK_TEST(test_ocean_names__without_a_deck_are_the_simulators),
    CHECK_TEST(test_ocean_names__unknown_ones_are_refused_with_their_place),
    {0},
};

int main(void)
{
    return check_main(tests);
}
