/* What is known of a program before it runs. */
#include "check.h"

#include "nutmeg/nutmeg.h"

static tp_source file = {{"d.cir", 5}, {"", 0}};

static tp_nutmeg_look look(const char *text)
{
    return tp_nutmeg_read(tp_str_of(text), (tp_place){&file, 10, 1},
                          check_mem());
}

/* c: the circuit is changed, s: a size of any transistor, o: of one, u: it
   can't be told what, p: a parameter is set; "" nothing of it. */
static tp_str letters(const char *text)
{
    tp_touch t = look(text).touch;
    CHECK_INT(t.n_sized > 0, t.one.text.len > 0);
    return tp_str_fmt(check_mem(), "%s%s%s%s%s", t.changes.text.len ? "c" : "",
                      t.sizes.text.len ? "s" : "", t.one.text.len ? "o" : "",
                      t.untold.text.len ? "u" : "", t.n_param ? "p" : "");
}

static void test_look__what_changes_the_circuit(void)
{
    static const char *const row[][2] = {
        {"op\nlet a = v(1)\nprint a @m1[w]\nsave all @m1[id]\nreset\n", ""},
        {"* alter m1 w=2u\necho alter m1 w=2u\n", ""},
        {"dc v1 0 1 0.1\ndc temp 0 100 lin 3\ndc r1 1 2 1 V2 0 1 dec 3\n", ""},
        {"set filetype=ascii x=( temp 1 ) units=degrees\noption numdgt=7\n",
         ""},
        {"alter v1 dc = 2\n", "c"},
        {"ALTER @r1[resistance] = 2\n", "c"},
        {"op; alter c1=2p\n", "c"},
        {"let @r1 = 2\n", "c"},
        {"let @@nch[vto] = 2\n", "c"},
        {"altermod nch vto=2\n", "c"},
        {"dc @@nch[vto] 0 1 0.1\n", "c"},
        {"dc c1 1p 2p 1p\n", "c"},
        {"dc v1 0 1 0.1 @c1[capacitance] 1p 2p lin 3\n", "c"},
        {"set temp=50\n", "c"},
        {"set x=1 reltol = 1e-5\n", "c"},
        {"option gmin=1e-10\n", "c"},
        {"unset temp\n", "c"},
        {"if 1\n  foreach x 1 2\n  alter rl = $x\n  end\nend\n", "c"},
        {"alter rl\n+ = 2\n", "c"},
        /* sizes of transistors */
        {"alter m1 w = 2u\n", "co"},
        {"alter m1 = 2u\n", "co"},
        {"alter m1 2u\n", "co"},
        {"alter m1 wn\n", "co"},
        {"alter @m.x1.m1[L]=2u\n", "co"},
        {"alter @M1 [w] = 2u\n", "co"},
        {"alter x1.m1 w=2u\n", "co"},
        {"alter @m1:x1[nf] = 2\n", "cs"},
        {"alter $dev $par = 2\n", "cs"},
        {"let @m1 = 2u\n", "co"},
        {"dc @m1[w] 1u 2u 1u\n", "co"},
        {"dc m1 1u 2u 1u\n", "co"},
        {"alter m1 $par = 2\n", "co"},
        {"alter m1.a w = 2\n", "co"},
        {"alter m1 w=2u\nalter @$m[w]=2u\n", "cso"},
        {"alter m1 ad = 2p\n", "c"},
        {"alter @m1[ad] = 2p\n", "c"},
        {"alter x1.r1 w=2u\n", "c"},
        {"alter @r.x1.m[w]=2u\n", "co"}, /* a name, not a letter: no harm */
        /* parameters */
        {"alterparam p = 2\n", "cp"},
        {"alterparam s1 p = 2\n", "csp"},
        {"foreach k p q\nalterparam $k = 2\nend\n", "cup"},
        /* what stands elsewhere */
        {"source other.cir\n", "cu"},
        {"$what m1 w=2u\n", "cu"},
    };
    for (int i = 0; i < TP_COUNT(row); i++)
        if (!CHECK_STR(letters(row[i][0]), row[i][1]))
            printf("of: %s", row[i][0]);
}

static void test_look__says_where(void)
{
    tp_nutmeg_look k =
        look("op\n\nprint a\n+ b\nalter v1 = 3; alter m1 w=2u\nalterparam a=1\n"
             "alterparam b=1\n");
    CHECK_STR(k.touch.changes.text, "alter v1 = 3");
    CHECK_INT(k.touch.changes.at.line, 14);
    CHECK_STR(tp_said_words(&k.touch.one, check_mem()),
              "`alter m1 w=2u` (d.cir:14)");
    if (CHECK_INT(k.touch.n_param, 2)) CHECK_STR(k.touch.param[1], "b");
    CHECK_INT(k.touch.n_text, 1);
    CHECK(k.analyses);
    if (CHECK_INT(k.n, 2)) CHECK_STR(k.told[1].name, "b");
}

static void test_look__a_long_statement_is_cut(void)
{
    tp_nutmeg_look k = look("alter r1 = 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + "
                            "10 + 11 + 12 + 13 + 14\n");
    tp_str         words = tp_said_words(&k.touch.changes, check_mem());
    CHECK_HAS(words, "11 + ...` (d.cir:10)");
}

static void test_look__texts_of_several_blocks_are_joined(void)
{
    tp_touch all = {0}, one = look("alterparam a=1\n").touch;
    tp_touch two = look("alter m1 w=2\nalterparam b=1\n").touch;
    tp_touch_add(&all, &one, check_mem());
    tp_touch_add(&all, &two, check_mem());
    CHECK_INT(all.n_text, 2);
    if (CHECK_INT(all.n_param, 2)) CHECK_STR(all.param[1], "b");
    CHECK_STR(all.changes.text, "alterparam a=1");
    CHECK_STR(all.sizes.text, "");
    CHECK_STR(all.one.text, "alter m1 w=2");
    if (CHECK_INT(all.n_sized, 1)) CHECK_STR(all.sized[0], "m1");
    CHECK_STR(all.untold.text, "");
}

static const check_test tests[] = {
    CHECK_TEST(test_look__what_changes_the_circuit),
    CHECK_TEST(test_look__says_where),
    CHECK_TEST(test_look__a_long_statement_is_cut),
    CHECK_TEST(test_look__texts_of_several_blocks_are_joined),
    {0},
};

int main(void)
{
    return check_main(tests);
}
