/* Sub-circuits inside sub-circuits, and what is ground in them. */
#include "texts.h"

/* A gnd pin tied to -5 V: 2 V at the input, half of 7 V above -5 V. */
static const char divider[] =
    "t\n*#SIMETRIX\nVin in 0 2\nVn low 0 -5\nX1 in out low div\n"
    "R9 out GND 1k\n.subckt div in out gnd\nR1 in out 1k\nR2 out gnd 1k\n"
    "B1 out gnd i=v(in,gnd)*0\n.ends\n.ic v(gnd)=1\n";

static void test_ground__gnd_is_a_node_in_simetrix_language(void)
{
    tp_deck   *d = deck_of(divider);
    tp_err     err = {0};
    tp_circuit c;
    tp_signal  s;
    if (!d || !CHECK_OK(tp_deck_circuit(&c, d, NULL, 0, NULL, 0, &err), &err))
        return;
    CHECK_STR(c.text, "* t\nVin in 0 2\nVn low 0 -5\nX1 in out low div\n"
                      "R9 out gnd_ 1k\n.subckt div in out gnd_\n"
                      "R1 in out 1k\nR2 out gnd_ 1k\n"
                      "B1 out gnd_ i=v(in,gnd_)*0\n.ends\n.ic v(gnd_)=1\n"
                      ".end\n");
    if (!CHECK_OK(tp_deck_signal(d, TP_S("gnd"), TP_S("op"), &s, &err), &err))
        return;
    CHECK_STR(s.vector, "gnd_");
    CHECK_STR(s.name, "gnd");
    if (!CHECK_OK(tp_deck_signal(d, TP_S("x1.gnd"), TP_S("op"), &s, &err),
                  &err))
        return;
    CHECK_STR(s.vector, "low");
}

static void test_ground__the_new_name_is_nobodys(void)
{
    tp_deck   *d = deck_of("t\n*#SIMETRIX\nR1 gnd 0 1\nR2 gnd_ 0 1\n");
    tp_err     err = {0};
    tp_circuit c;
    if (d && CHECK_OK(tp_deck_circuit(&c, d, NULL, 0, NULL, 0, &err), &err))
        CHECK_STR(c.text, "* t\nR1 gnd__ 0 1\nR2 gnd_ 0 1\n.end\n");
}

static void test_ground__gnd_stays_where_it_is_meant(void)
{
    static const char *const text[] = {
        "t\nR1 gnd 0 1\n",                                      /* SPICE */
        "t\n*#HSPICE\nR1 gnd 0 1\n.optspec\n",                  /* HSPICE */
        ("t\n*#SIMETRIX\nR1 gnd a 1\nX1 a gnd s\n.subckt s a b" /* no 0 */
         "\nR1 a b 1\n.ends\n"),
    };
    for (int i = 0; i < TP_COUNT(text); i++) {
        tp_deck      *d = deck_of(text[i]);
        tp_err        err = {0};
        tp_circuit    c;
        const tp_str *notice;
        if (!d ||
            !CHECK_OK(tp_deck_circuit(&c, d, NULL, 0, NULL, 0, &err), &err))
            return;
        CHECK_HAS(c.text, "R1 gnd ");
        int n = tp_deck_notices(d, &notice);
        if (i == 2 && CHECK_INT(n, 1))
            CHECK_STR(notice[0], "d.net:3: node gnd is taken for ground: the "
                                 "deck has no node 0");
    }
}

static void test_nesting__a_circle_is_named_with_its_place(void)
{
    static const struct {
        const char *text, *fault;
    } row[] = {
        {"t\nX1 1 0 a\n.subckt a 1 2\nR1 1 2 1\nX2 1 2 a\n.ends\n",
         "d.net:5:1: sub-circuit a is inside itself: a > a"},
        {"t\nV1 1 0 1\nX1 1 0 top\n.subckt top 1 2\nX1 1 2 b\n.ends\n"
         ".subckt b 1 2\nX1 1 2 c\n.ends\n.subckt c 1 2\nX9 1 2 B\n.ends\n",
         "d.net:11:1: sub-circuit b is inside itself: b > c > b"},
        {"t\n.subckt a 1 2\nX2 1 2 a\n.ends\nR1 1 0 1\n", ""}, /* not used */
        /* the inner b is another one */
        {"t\nX1 1 0 b\n.subckt b 1 2\n.subckt b 1 2\nR1 1 2 1\n.ends\n"
         "X1 1 2 b\n.ends\n",
         ""},
    };
    for (int i = 0; i < TP_COUNT(row); i++)
        CHECK_STR(fault_of_text(row[i].text), row[i].fault);
}

/* s1 holds s2 holds s3 ...; `twice` each: 2^n devices, walked n times. */
static tp_str tower(int n)
{
    tp_buf b = {.mem = check_mem()};
    tp_buf_fmt(&b, "t\nX0 1 0 s1\n");
    for (int i = 1; i < n; i++)
        tp_buf_fmt(&b, ".subckt s%d 1 2\nX1 1 2 s%d\nX2 1 2 s%d\n.ends\n", i,
                   i + 1, i + 1);
    tp_buf_fmt(&b, ".subckt s%d 1 2\nR1 1 2 1\n.ends\n", n);
    return tp_buf_str(&b);
}

static void test_nesting__has_a_limit(void)
{
    CHECK_STR(fault_of_text(tp_str_z(check_mem(), tower(100))), "");
    CHECK_STR(fault_of_text(tp_str_z(check_mem(), tower(101))),
              "d.net:2:1: sub-circuits more than 100 deep below x0");
}

static const check_test tests[] = {
    CHECK_TEST(test_ground__gnd_is_a_node_in_simetrix_language),
    CHECK_TEST(test_ground__the_new_name_is_nobodys),
    CHECK_TEST(test_ground__gnd_stays_where_it_is_meant),
    CHECK_TEST(test_nesting__a_circle_is_named_with_its_place),
    CHECK_TEST(test_nesting__has_a_limit),
    {0},
};

int main(void)
{
    return check_main(tests);
}
