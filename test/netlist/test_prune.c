/* What is left of a circuit, and that ngspice sees no difference. */
#include "ngspice.h"
#include "texts.h"

#include <math.h>

static tp_pruned how;

/* The text without its first line and ".end", pruned for tunable `p` between
   lo and hi. */
static tp_str pruned_in(const char *body, const char *mode, double lo,
                        double hi)
{
    tp_arena     *mem = check_mem();
    static tp_str name = {"p", 1};
    tp_circuit    out;
    tp_circuit c = {.text = tp_str_fmt(mem, "* t\n.param p=1\n%s.end\n", body),
                    .behaviour = tp_str_of(mode),
                    .n_param = 1,
                    .param = &name};
    tp_range   box = {lo, hi};
    tp_circuit_prune(&out, &c, &box, NULL, &how, mem);
    CHECK(tp_str_starts(out.text, TP_S("* t\n.param p=1\n")));
    return tp_str_part(out.text, 15, out.text.len - 5 - 15);
}

static tp_str pruned(const char *body)
{
    return pruned_in(body, "", -INFINITY, INFINITY);
}

static void test_prune__keeps_what_is_named_and_no_more(void)
{
    static const char *const row[][2] = {
        {"r1 a 0 {q}\n.param q={p*s} r=2 s=3\n.param u=1\n",
         "r1 a 0 {q}\n.param q={p*s}\n.param s=3\n"},
        {"d1 a 0 dx\n.model dx d\n.model dy d (is={z})\n.param z=1\n",
         "d1 a 0 dx\n.model dx d\n"},
        {"x1 a s2\n.subckt s1 a\nr1 a 0 1\n.ends\n.subckt s2 a\n"
         "r2 a 0 {f(2)}\n.model loc r\n.ends\n.func f(x) {x*g}\n"
         ".func h(x) {x}\n.param g=1\n",
         "x1 a s2\n.subckt s2 a\nr2 a 0 {f(2)}\n.model loc r\n.ends\n"
         ".func f(x) {x*g}\n.param g=1\n"},
        {"x1 a o\n.subckt o a\nx2 a i\n.subckt i a\nr1 a 0 1\n.ends\n"
         ".subckt j a\nr1 a 0 1\n.ends\n.ends\n",
         "x1 a o\n.subckt o a\nx2 a i\n.subckt i a\nr1 a 0 1\n.ends\n"
         ".ends\n"},
        {"r1 a 0 1\n.options scale={k}\n.param k=1\n.ic v(a)={m}\n"
         ".param m=0 n=1\n.global vdd\n.temp 27\n",
         "r1 a 0 1\n.options scale={k}\n.param k=1\n.ic v(a)={m}\n"
         ".param m=0\n.global vdd\n.temp 27\n"},
        {"m1 d g s b n l=1 w=1\n.if (k==1)\n.model n nmos\n.else\n"
         ".model n nmos level=8\n.model q nmos\n.endif\n.param k=1\n",
         "m1 d g s b n l=1 w=1\n.if (k==1)\n.model n nmos\n.else\n"
         ".model n nmos level=8\n.endif\n.param k=1\n"},
        {"b1 a 0 v=ff(v(b))+c*e\n.func ff(x) {x}\n.param c=1 d=2\n.param e=3\n",
         "b1 a 0 v=ff(v(b))+c*e\n.func ff(x) {x}\n.param c=1\n"
         ".param e=3\n"},
        {".param f2(x)={x+w} w=2 v=3\nr1 a 0 {f2(1)}\n",
         ".param f2(x)={x+w}\n.param w=2\nr1 a 0 {f2(1)}\n"},
        {"r1 a 0 1\n.param k=1 2 i=3\n.param c={i}\n.param i=3\n",
         "r1 a 0 1\n"},
    };
    for (int i = 0; i < TP_COUNT(row); i++)
        CHECK_STR(pruned(row[i][0]), row[i][1]);
}

static void test_prune__keeps_lines_as_they_are(void)
{
    CHECK_STR(pruned("x1 a 0 s  W = 3\n+ l= {p}\n.param u=1\n"
                     ".subckt s a b w=1\n+ l=2\nR1  a b  {w*l}\n.ends s\n"),
              "x1 a 0 s  W = 3\n+ l= {p}\n"
              ".subckt s a b w=1\n+ l=2\nR1  a b  {w*l}\n.ends s\n");
    CHECK_INT(how.rows, 8);
    CHECK_INT(how.kept, 7);
}

static void test_prune__keeps_what_analyses_name(void)
{
    tp_arena   *mem = check_mem();
    tp_analysis a = {.command = TP_S("tran {t} {2*t}")};
    tp_circuit  out, c = {.text = TP_S("* t\nr1 a 0 1\n.param t=1 u=2\n.end\n"),
                          .n_analysis = 1,
                          .analysis = &a};
    tp_circuit_prune(&out, &c, NULL, NULL, &how, mem);
    CHECK_STR(out.text, "* t\nr1 a 0 1\n.param t=1\n.end\n");
}

/* A 2 x 2 grid of bins over l and w, in um. */
#define BIN(n, l0, l1, w0, w1) \
    ".model n." #n " nmos lmin=" l0 " lmax=" l1 " wmin=" w0 " wmax=" w1 "\n"
static const char bins[] =
    BIN(1, "1u", "2u", "1u", "2u") BIN(2, "1u", "2u", "2u", "9u")
        BIN(3, "2u", "9u", "1u", "2u") BIN(4, "2u", "9u", "2u", "9u");

/* Which bins are left, "1 4". */
static tp_str bins_left(const char *body, const char *mode, double lo,
                        double hi)
{
    tp_arena *mem = check_mem();
    tp_buf    b = {.mem = mem};
    tp_str text = pruned_in(tp_str_z(mem, tp_str_fmt(mem, "%s%s", body, bins)),
                            mode, lo, hi);
    while (text.len > 0) {
        tp_str line = tp_str_word(&text, "\n");
        if (tp_str_starts(line, TP_S(".model n.")))
            tp_buf_fmt(&b, "%s%c", b.len > 0 ? " " : "", line.at[9]);
    }
    return tp_buf_str(&b);
}

static void test_prune__drops_bins_that_nothing_can_be_in(void)
{
    static const struct {
        const char *body;
        double      lo, hi;
        const char *left;
    } row[] = {
        {"m1 d g s b n l=1.5u w={p}\n", 1.2e-6, 1.8e-6, "1"},
        {"m1 d g s b n l=1.5u w={p}\n", 1.2e-6, 2.5e-6, "1 2"},
        {"m1 d g s b n l='p*2' w=5u\n", 0.6e-6, 0.9e-6, "2"},
        {"m1 d g s b n l='p*2' w=5u\n", 0.6e-6, INFINITY, "2 4"},
        {"m1 d g s b n l=2u w=1.5u\n", 0, 1, "1 3"}, /* an edge is in both */
        {"m1 d g s b n l=1.5u w={p}\n", 1.2e-6, 1.9995e-6, "1 2"}, /* 1 nm */
        {"m1 d g s b n l=1.5u w={p}\n", 2.0005e-6, 3e-6, "1 2"},
        {"m1 d g s b n l=1.5u w={p}\n", 1.2e-6, 1.998e-6, "1"},
        {"m1 d g s b n l=1.5u w=1.5u\nm2 d g s b n l=5u w=5u\n", 0, 1, "1 4"},
        /* w over nf, or not: ngspice's mode says which */
        {"m1 d g s b n l=1.5u w=3u nf=2\n", 0, 1, "1 2"},
        /* through sub-circuits, defaults, a formal set by an expression */
        {"x1 a s w={p}\n.subckt s a w=5u l=1.5u\nm1 a a 0 0 n l=l w='w'\n"
         ".ends\n",
         1.2e-6, 1.8e-6, "1"},
        {"x1 a s\n.subckt s a\n.param w=5u l={w/2}\nm1 a a 0 0 n l={l} w={w}\n"
         ".ends\n",
         0, 1, "4"},
        {"x1 a s l='nf*1u' nf=3\n.subckt s a l=1u nf=1\n"
         "m1 a a 0 0 n l={l} w=1.5u\n.ends\n",
         0, 1, "3"},
        {"x1 a o k=3\n.subckt o a k=1\nx2 a i l='k*1u'\n.ends\n"
         ".subckt i a l=1.5u\nm1 a a 0 0 n l={l} w=1.5u\n.ends\n",
         0, 1, "3"},
        /* options */
        {".option scale=1u\nm1 d g s b n l=1.5 w={p}\n", 3, 8, "2"},
        /* what can't be told keeps all */
        {"m1 d g s b n l=1.5u w='sqrt(p)'\n", -1, 1, "1 2"},
        {"m1 d g s b n l=1.5u w={nowhere}\n", 0, 1, "1 2 3 4"},
        {"m1 d g s b n\n", 0, 1, "1 2 3 4"},
        {"m1 d g s b n l=1.5u w=1.5u\nr1 a b n\n", 0, 1, "1 2 3 4"},
        {".option scale={p}\nm1 d g s b n l=1.5u w=1.5u\n", 1, 1, "1 2 3 4"},
        {".if (p>1)\n.option scale=2\n.endif\nm1 d g s b n l=1.5u w=1.5u\n", 1,
         1, "1 2 3 4"},
        {"r1 a b 1\n", 0, 1, ""},
    };
    for (int i = 0; i < TP_COUNT(row); i++)
        CHECK_STR(bins_left(row[i].body, "", row[i].lo, row[i].hi),
                  row[i].left);
    CHECK_STR(bins_left("m1 d g s b n l='-2u**1' w=3u\n", "hsa", 0, 1), "");
    CHECK_STR(bins_left("m1 d g s b n l='(-2u)**1' w=3u\n", "", 0, 1), "2 4");
}

static void test_prune__says_why_bins_are_kept(void)
{
    bins_left("m1 d g s b n l=1.5u w={nowhere}\n", "", 0, 1);
    CHECK_HAS(how.left, "unknown parameter nowhere");
    CHECK_INT(how.left_line, 3);
    CHECK_INT(how.bins, 4);
    CHECK_INT(how.bins_kept, 4);
    bins_left("m1 d g s b n l=1.5u w=1.5u\n", "", 0, 1);
    CHECK_STR(how.left, "");
    CHECK_INT(how.bins_kept, 1);
}

/* The text pruned for a program that does this, between 1.2u and 1.8u. */
static tp_str pruned_with(const char *body, const tp_touch *touch)
{
    tp_arena     *mem = check_mem();
    static tp_str name = {"p", 1};
    tp_circuit    out;
    tp_circuit c = {.text = tp_str_fmt(mem, "* t\n.param p=1\n%s.end\n", body),
                    .behaviour = TP_S(""),
                    .n_param = 1,
                    .param = &name};
    tp_range   box = {1.2e-6, 1.8e-6};
    tp_circuit_prune(&out, &c, &box, touch, &how, mem);
    return out.text;
}

static void test_prune__keeps_what_a_program_names(void)
{
    tp_str   text[] = {TP_S("altermod @dx[is]=1e-9\nprint @x1:dz[n]"),
                       TP_S("alterparam u = $&v")};
    tp_touch touch = {.n_text = 2, .text = text};
    CHECK_STR(pruned_with("r1 a 0 1\n.param u={v} v=2 w=3\n.model dx d\n"
                          ".model dy d\n.model dz d\n",
                          &touch),
              "* t\n.param p=1\nr1 a 0 1\n.param u={v}\n.param v=2\n"
              ".model dx d\n.model dz d\n.end\n");
    CHECK_STR(how.notice, "");
}

static void test_prune__keeps_the_bins_that_a_program_can_reach(void)
{
    static const char two[] =
        "m1 d g s b n l=1.5u w={p}\n"
        "m2 d g s b k l=1.5u w={q*1u}\n.param q=1.5\n"
        ".model k.1 nmos lmin=1u lmax=2u wmin=1u wmax=2u\n"
        ".model k.2 nmos lmin=1u lmax=2u wmin=2u wmax=9u\n";
    tp_str    body = tp_str_fmt(check_mem(), "%s%s", two, bins);
    tp_source file = {TP_S("d.cir"), TP_S("")};
    tp_str    q = TP_S("q"), p = TP_S("p");
    tp_str    m2 = TP_S("M2"), inner = TP_S("m.x1.m1"), other = TP_S("xm1");
    tp_said   said = {TP_S("alter m2 w = 2u"), {&file, 7, 1}};
    tp_touch  row[] = {
         {0},
         {.n_param = 1, .param = &q},
         {.n_param = 1, .param = &p},
         {.sizes = {TP_S("alter $m w = 2u"), {&file, 7, 1}}},
         {.one = said, .n_sized = 1, .sized = &m2},
         {.one = said, .n_sized = 1, .sized = &inner},
         {.one = said, .n_sized = 1, .sized = &other},
    };
    static const int   kept[] = {2, 3, 3, 6, 3, 5, 2};
    static const char *left[] = {"", "", "",
                                 "`alter $m w = 2u` (d.cir:7) sets a size",
                                 "`alter m2 w = 2u` (d.cir:7) sets a size"};
    for (int i = 0; i < TP_COUNT(row); i++) {
        pruned_with(tp_str_z(check_mem(), body), &row[i]);
        CHECK_INT(how.bins_kept, kept[i]);
        CHECK_STR(how.left, left[i < 4 ? i : 4]);
    }
}

/* A parameter that switches random numbers on, and a name that is not known. */
static void test_prune__leaves_what_a_program_may_do_whole(void)
{
    static const char body[] = "r1 a 0 {1+sw*gauss(1,1,3)}\n.param sw=0 u=1\n";
    tp_source         file = {TP_S("d.cir"), TP_S("")};
    tp_str            sw = TP_S("sw");
    tp_touch          random = {.n_param = 1, .param = &sw};
    tp_touch untold = {.untold = {TP_S("alterparam $p = 1"), {&file, 9, 1}}};
    CHECK_HAS(pruned_with(body, &random), "u=1");
    CHECK_HAS(how.notice, "random numbers decide here");
    CHECK_HAS(pruned_with(body, &untold), "u=1");
    CHECK_STR(how.notice, "d.cir:9: the deck is simulated as a whole: what "
                          "`alterparam $p = 1` changes is known only when it "
                          "runs");
}

static void test_prune__leaves_random_decks_whole(void)
{
    static const struct {
        const char *body;
        bool        whole;
    } row[] = {
        {"r1 a 0 {agauss(1,1,3)}\n.param u=1\n", true},
        {"r1 a 0 {q}\n.param q='1+aunif(0,1)' u=1\n", true},
        {"r1 a 0 {1+sw*gauss(1,1,3)}\n.param sw=0 u=1\n", false},
        {"r1 a 0 {1+sw*gauss(1,1,3)}\n.param sw=1 u=1\n", true},
        {"x1 a s\n.subckt s a v='agauss(0,1,3)'\nr1 a 0 {1+v*sw}\n.ends\n"
         ".param sw=0 u=1\n",
         false},
        {"x1 a s\n.subckt s a v='agauss(0,1,3)'\nr1 a 0 {1+v*sw}\n.ends\n"
         ".param sw=1 u=1\n",
         true},
        {"x1 a s\n.subckt s a v='agauss(0,1,3)'\nr1 a 0 v\n.ends\n"
         ".param u=1\n",
         true},
    };
    for (int i = 0; i < TP_COUNT(row); i++) {
        tp_str text = pruned(row[i].body);
        CHECK_INT(how.notice.len > 0, row[i].whole);
        CHECK_INT(tp_str_eq(text, tp_str_of(row[i].body)), row[i].whole);
    }
}

static void test_prune__leaves_broken_nesting_alone(void)
{
    CHECK_STR(pruned("r1 a 0 1\n.ends\n.param u=1\n"),
              "r1 a 0 1\n.ends\n.param u=1\n");
    CHECK_HAS(how.notice, "this sub-circuit has no end");
    CHECK_STR(pruned(".subckt s a\nr1 a 0 1\n"), ".subckt s a\nr1 a 0 1\n");
    CHECK_HAS(how.notice, "this sub-circuit has no end");
}

/* A call inside itself, long chains: an end is reached. */
static void test_prune__ends_on_circles(void)
{
    pruned("x1 a s\n.subckt s a\nx1 a s\n.ends\nm1 d g s b n l=1 w=1\n"
           ".model n.1 nmos lmin=1 lmax=2 wmin=1 wmax=2\n");
    CHECK_HAS(how.left, "no sub-circuit s");
    CHECK_HAS(pruned("r1 a 0 {q}\n.param q={r} r={q}\n.func f(x) {f(x)}\n"),
              ".param q={r} r={q}");
}

static void test_prune__same_numbers_in_ngspice(void)
{
    tp_arena         *mem = check_mem();
    const char *const body =
        "v1 d 0 1.8\nv2 g 0 {p}\nx1 d g s w=3 l='k*0.5'\n"
        ".param k=2 unused={k}\n.option scale=1u\n"
        ".subckt t d g\nr1 d g 1\n.ends\n"
        ".subckt s d g w=1 l=1\nm1 d g 0 0 n w={w} l={l} ad={w*0.3}\n"
        ".model n.1 nmos level=8 lmin=0.5u lmax=2u wmin=1u wmax=2u\n"
        ".model n.2 nmos level=8 lmin=0.5u lmax=2u wmin=2u wmax=9u vth0=0.4\n"
        ".ends\n.model other nmos level=1\n.op\n";
    tp_str small = pruned(body);
    CHECK(tp_str_find(small, '1', 0) >= 0 && how.kept < how.rows);
    CHECK_INT(how.bins_kept, 1);
    ng_run a =
        ng_batch(tp_str_fmt(mem, "* t\n.param p=1\n%s.end\n", body), mem);
    ng_run b = ng_batch(
        tp_str_fmt(mem, "* t\n.param p=1\n%.*s.end\n", TP_F(small)), mem);
    if (!CHECK(a.n > 0 && b.n > 0)) return;
    const ng_vector *x = ng_vector_of(&a.plot[0], TP_S("v1#branch"));
    const ng_vector *y = ng_vector_of(&b.plot[0], TP_S("v1#branch"));
    if (!CHECK(x && y)) return;
    CHECK(x->re[0] < -1e-6 && x->re[0] == y->re[0]);
}

static const check_test tests[] = {
    CHECK_TEST(test_prune__keeps_what_is_named_and_no_more),
    CHECK_TEST(test_prune__keeps_lines_as_they_are),
    CHECK_TEST(test_prune__keeps_what_analyses_name),
    CHECK_TEST(test_prune__drops_bins_that_nothing_can_be_in),
    CHECK_TEST(test_prune__says_why_bins_are_kept),
    CHECK_TEST(test_prune__keeps_what_a_program_names),
    CHECK_TEST(test_prune__keeps_the_bins_that_a_program_can_reach),
    CHECK_TEST(test_prune__leaves_what_a_program_may_do_whole),
    CHECK_TEST(test_prune__leaves_random_decks_whole),
    CHECK_TEST(test_prune__leaves_broken_nesting_alone),
    CHECK_TEST(test_prune__ends_on_circles),
    CHECK_TEST(test_prune__same_numbers_in_ngspice),
    {0},
};

int main(void)
{
    return check_main(tests);
}
