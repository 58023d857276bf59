/* Numbers on cards as parameters: where they are found, what is written in
   their place, what is refused. */
#include "texts.h"

static const char deck_text[] =
    "t\n"
    ".param wn=2u\n"
    "v1 a 0 1\n"
    "x1 a 0 amp\n"
    "x2 a 0 amp\n"
    "m1 a a 0 0 nch W=wn l = 0.5u m='1+1' ad={wn*1u}\n"
    "r1 a 0 1k m=2\n"
    "m2 a a 0 0 nch w=min(1u,2u) l=1u\n"
    ".subckt amp p n\n"
    "xm1 p n cell L={2*wn} w=1\n"
    ".ends\n"
    ".subckt cell p n\n"
    "r2 p n 1k\n"
    ".ends\n"
    ".lib lib.l tt\n"
    ".end\n";
static const char lib_text[] =
    ".lib tt\n.subckt inner a b\nm9 a b 0 0 nch w=1u "
    "l=1u\n.ends\n.model nch nmos level=1\n.endl\n";

static tp_deck *deck_with_library(void)
{
    const char *const pair[] = {"d.net", deck_text, "lib.l", lib_text, NULL};
    tp_err            err = {0};
    tp_deck          *d = NULL;
    return CHECK_OK(read_files(&d, pair, &err), &err) ? d : NULL;
}

/* The circuit with every tuned number at `value`. */
static tp_str circuit_with(tp_deck *d, double value)
{
    const tp_tune *tune;
    tp_circuit     c;
    tp_err         err = {0};
    int            n = tp_deck_tunes(d, &tune);
    tp_tunable    *t = TP_NEW(check_mem(), tp_tunable, n);
    for (int i = 0; i < n; i++) t[i] = (tp_tunable){tune[i].param, value};
    CHECK_OK(tp_deck_circuit(&c, d, t, n, NULL, 0, &err), &err);
    return c.text;
}

static void test_tune__puts_a_parameter_on_the_card(void)
{
    tp_deck *d = deck_with_library();
    tp_str   param;
    tp_err   err = {0};
    if (!d) return;
    CHECK_OK(tp_deck_tune(d, TP_S("m1[l]"), &param, &err), &err);
    CHECK_STR(param, "tp_m1_l");
    CHECK_OK(tp_deck_tune(d, TP_S("X1.Xm1[w]"), &param, &err), &err);
    CHECK_STR(param, "tp_x1_xm1_w");
    tp_str text = circuit_with(d, 3);
    CHECK_HAS(text, ".param tp_m1_l=3\n.param tp_x1_xm1_w=3\n");
    CHECK_HAS(text, "nch W=wn l = {tp_m1_l} m='1+1'");
    CHECK_HAS(text, "xm1 p n cell L={2*wn} w={tp_x1_xm1_w}\n");
}

static void test_tune__multiplies_every_w_l_and_m_of_the_user(void)
{
    tp_deck       *d = deck_with_library();
    const tp_tune *tune;
    tp_buf         b = {.mem = check_mem()};
    if (!d) return;
    CHECK_INT(tp_deck_tune_geometry(d), 7);
    int n = tp_deck_tunes(d, &tune);
    for (int i = 0; i < n; i++) tp_buf_fmt(&b, "%.*s ", TP_F(tune[i].target));
    CHECK_STR(tp_buf_str(&b),
              "m1[w] m1[l] m1[m] r1[m] m2[l] x1.xm1[w] x1.xm1[l] ");
    tp_str text = circuit_with(d, 1);
    CHECK_HAS(text, "W={(wn)*tp_m1_w} l = {(0.5u)*tp_m1_l} "
                    "m={(1+1)*tp_m1_m} ad={wn*1u}\n");
    CHECK_HAS(text, "w=min(1u,2u) l={(1u)*tp_m2_l}\n");
    CHECK_HAS(text, "L={(2*wn)*tp_x1_xm1_l} w={(1)*tp_x1_xm1_w}\n");
    CHECK_HAS(text, "m9 a b 0 0 nch w=1u l=1u\n");
}

static void test_tune__refuses_what_is_not_there(void)
{
    static const struct {
        const char *target, *says;
    } rows[] = {
        {"m1", "'m1' is neither a parameter nor like x1.m1[w]"},
        {"m1[]", "neither a parameter nor"},
        {"m7[w]", "there is no device 'm7' (did you mean m1, m2?)"},
        {"x3.xm1[w]", "there is no device 'x3.xm1'"},
        {"v1[w]", "v1 has no 'w='"},
        {"m2[w]", "m2 has no 'w=' with a number, a name or an expression"},
        {"x2.xm1[w]", "x2.xm1[w] is moved twice"},
    };
    tp_deck *d = deck_with_library();
    tp_err   err = {0};
    tp_str   param;
    if (!d) return;
    CHECK_OK(tp_deck_tune(d, TP_S("x1.xm1[w]"), &param, &err), &err);
    for (int i = 0; i < TP_COUNT(rows); i++) {
        CHECK_INT(tp_deck_tune(d, tp_str_of(rows[i].target), &param, &err),
                  TP_BAD_INPUT);
        CHECK_HAS(tp_str_of(err.msg), rows[i].says);
    }
}

static const check_test tests[] = {
    CHECK_TEST(test_tune__puts_a_parameter_on_the_card),
    CHECK_TEST(test_tune__multiplies_every_w_l_and_m_of_the_user),
    CHECK_TEST(test_tune__refuses_what_is_not_there),
    {0},
};

int main(void)
{
    return check_main(tests);
}
