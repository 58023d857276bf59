/* Values set one by one against the circuit read again: the same results, and
   read again where they can't be. */
#include "apart.h"
#include "circuits.h"
#include "sim/ng.h"
#include "stepped.h"

#include <math.h>
#include <sys/wait.h>
#include <unistd.h>

static tp_sim            sim;
static const tp_sim_ops *ops;

static bool start(const tp_circuit *c, const char *simulator)
{
    tp_err err = {0};
    sim = (tp_sim){.mem = tp_arena_open(1 << 26)};
    return CHECK_OK(tp_sim_start(&ops, &sim, tp_str_of(simulator), &err),
                    &err) &&
           CHECK_OK(ops->load(&sim, c, &err), &err);
}

/* What a child tells its parent of one simulator: plot 0's named wave at each
   point, first its last value, then the real part at the first. */
enum { POINTS = 8, TALK = 4 * POINTS };
typedef struct said {
    double value[TALK];
    int    n;
    int    how[POINTS];
    char   why[200];
} said;

static void tell(said *out, const tp_circuit *c, const char *simulator,
                 const double *x, int n, const char *name)
{
    tp_err err = {0};
    if (!start(c, simulator)) return;
    for (int k = 0; k < n; k++) {
        tp_sim_result r;
        tp_arena      job = *check_mem();
        if (ops->run(&sim, x + k * c->n_param, NULL, &job, &r, &err)) {
            out->how[k] = -1;
            return;
        }
        out->how[k] = (int)r.how;
        if (r.how != TP_RAN) {
            snprintf(out->why, sizeof out->why, "%.*s", TP_F(r.why));
            continue;
        }
        const tp_wave *w = tp_plot_find(&r.waves.plot[0], tp_str_of(name));
        if (!CHECK(w != NULL)) return;
        out->value[out->n++] = w->re[w->n - 1];
        out->value[out->n++] = w->im ? w->im[0] : w->re[0];
    }
    tp_ng *s = sim.state;
    if (s->dials && out->why[0] == '\0')
        snprintf(out->why, sizeof out->why, "%.*s", TP_F(tp_ng_dials_why(s)));
}

/* One ngspice a process: what it said comes back through a pipe. */
static said talk(const tp_circuit *c, const char *simulator, const double *x,
                 int n, const char *name)
{
    int  end[2], status = 1;
    said out = {0};
    fflush(stdout);
    CHECK(pipe(end) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        check_failures = 0;
        tell(&out, c, simulator, x, n, name);
        fflush(stdout);
        bool sent = write(end[1], &out, sizeof out) == sizeof out;
        _exit(check_failures > 0 || !sent);
    }
    close(end[1]);
    CHECK(read(end[0], &out, sizeof out) == sizeof out);
    close(end[0]);
    waitpid(pid, &status, 0);
    CHECK_INT(status, 0);
    return out;
}

static void same(const said *a, const said *b, double tol)
{
    CHECK_INT(a->n, b->n);
    for (int i = 0; i < a->n && i < b->n; i++)
        CHECK_NEAR(a->value[i], b->value[i], tol * fabs(b->value[i]));
}

static void test_alter__gives_what_reading_again_gives(void)
{
    static const char text[] =
        "* t\n.param p=1k\n.param q=2\n"
        "v1 a 0 dc {q} ac 1\nr1 a b {p}\nc1 b 0 {p*1e-15*g(q)}\n"
        "e1 d 0 b 0 {q*2}\nx1 d c s w={q}\nq1 d c 0 qm\n"
        ".func g(x) {x>2 ? x : sqrt(x)}\n"
        ".subckt s a b w=1 l='w/2'\nm1 a b 0 0 mm w={w*1u} l=1u ad={w*l*1p}\n"
        "r1 a b {10k/w}\n.model mm nmos level=1 kp={w*2e-5}\n.ends\n"
        ".model qm npn bf={q*50}\n.end\n";
    static const double      x[2 * POINTS] = {1e3, 2, 1.1e3, 2.2, 900, 1.9,
                                              5e3, 3, 2e3,   2.5, 7e2, 1.1,
                                              1e3, 2, 1e3,   2};
    static const char *const command[] = {"ac dec 2 1 1e9", NULL};
    tp_circuit              *c = circuit_of(text, "p q", command, check_mem());
    said                     fast = talk(c, "ngspice", x, POINTS, "d");
    said slow = talk(c, "ngspice,path=reset", x, POINTS, "d");
    CHECK_STR(tp_str_of(fast.why), "");
    CHECK_INT(fast.n, 2 * POINTS);
    same(&fast, &slow, 0);
    CHECK(fast.value[0] != fast.value[2]);
    /* The first point again, after others: to the bit. */
    CHECK(fast.value[0] == fast.value[12] && fast.value[1] == fast.value[13]);
}

/* Every kind of device that a sub-circuit's multiplier reaches, in both ways
   of the simulator to treat a multiplier of its own. */
static const char multiplied[] =
    "* t\n.param p=1\n.param q=2\nv1 a 0 dc 1 ac 1\nx0 a b s m={p}\n"
    "x1 b c s m={q/3}\nx2 c 0 s\n"
    ".subckt s a b\nr1 a b 1k\nr2 a b 3k m=2\nc1 a b 1p\nl1 a e 1u\n"
    "r3 e b 7k m={q}\ni1 a b 1u\nd1 a b dm\nd2 a b dm pj=2 m=3\n"
    "q1 a g b qm\nr4 a g 1meg\nj1 a b b jm\nm1 a a b b mm w=2u l=1u\n"
    "m2 a a b b mm w={p*1u} l=1u m=2\nv9 h b 0\nr5 a h 9k\n"
    "e1 k b a b 2\nr6 k a 5k\nx9 a b i\nx8 a b i m={p*2}\n"
    "x7 a b o m=3\n.model dm d\n.model qm npn\n.model jm njf\n.ends\n"
    ".subckt i a b\nr1 a b 2k\nc1 a b 2p\n.ends\n"
    ".subckt o a b m=1\nr1 a b {1k/m}\n.ends\n"
    ".model mm nmos level=1\n.end\n";

static void test_alter__sets_multipliers_of_subcircuits(void)
{
    static const double x[2 * POINTS] = {1,   2, 1.3, 2.1, 0.7, 1.9, 3,   7,
                                         2.5, 2, 1.1, 4.3, 1,   2,   0.1, 9};
    static const char *const command[] = {"ac dec 2 1 1e9", NULL};
    static const char *const mode[] = {"", "hsa"};
    for (int i = 0; i < TP_COUNT(mode); i++) {
        tp_circuit *c = circuit_of(multiplied, "p q", command, check_mem());
        c->behaviour = tp_str_of(mode[i]);
        said fast = talk(c, "ngspice", x, POINTS, "c");
        said slow = talk(c, "ngspice,path=reset", x, POINTS, "c");
        CHECK_STR(tp_str_of(fast.why), "");
        CHECK_INT(fast.n, 2 * POINTS);
        same(&fast, &slow, 0);
        CHECK(fast.value[0] != fast.value[2]);
        CHECK(fast.value[0] == fast.value[12] &&
              fast.value[1] == fast.value[13]);
    }
}

/* ngspice's own error, which reading the circuit again takes away. */
static void test_alter__is_not_for_diodes_with_area_and_m(void)
{
    static const char        text[] = "* t\n.param p=1k\nv1 a 0 1\nr1 a b {p}\n"
                                      "d1 b 0 dm area=2 m=3\n.model dm d\n.end\n";
    static const char *const command[] = {"op", NULL};
    static const double      x[] = {1e3, 2e3, 1e3, 3e3, 1e3};
    tp_circuit              *c = circuit_of(text, "p", command, check_mem());
    said                     got = talk(c, "ngspice", x, 5, "b");
    CHECK_HAS(tp_str_of(got.why), "area by m");
    CHECK(got.value[0] == got.value[4] && got.value[0] == got.value[8]);
}

static void test_alter__is_not_for_transients_of_coupled_inductors(void)
{
    static const char   text[] = "* t\n.param p=1u\nv1 a 0 dc 0 sin(0 1 1e8)\n"
                                 "r0 a b 100\nl1 b 0 {p}\nl2 c 0 1u\n"
                                 "r5 c 0 100\nk1 l1 l2 0.5\n.end\n";
    static const double x[] = {1e-6, 1.3e-6, 2e-6, 1e-6};
    static const char *const tran[] = {"tran 1n 22n", NULL};
    static const char *const ac[] = {"ac lin 1 1e7 1e7", NULL};
    said                     got =
        talk(circuit_of(text, "p", tran, check_mem()), "ngspice", x, 4, "b");
    CHECK_HAS(tp_str_of(got.why), "coupled inductors");
    CHECK(got.value[0] == got.value[6]);
    got = talk(circuit_of(text, "p", ac, check_mem()), "ngspice", x, 4, "b");
    CHECK_STR(tp_str_of(got.why), "");
    CHECK(got.value[0] == got.value[6]);
}

static const char binned[] =
    "* t\n.param p=1.5\nv1 d 0 1.8\nv2 g 0 1\nx1 d g s w={p}\n"
    ".option scale=1u\n.subckt s d g w=1\nm1 d g 0 0 n w={w} l=1.5 ad={w*0.3}\n"
    ".model n.1 nmos level=8 lmin=1u lmax=2u wmin=1u wmax=2u rsh={w*10}\n"
    ".model n.2 nmos level=8 lmin=1u lmax=2u wmin=2u wmax=9u rsh={w*20} "
    "vth0=0.4\n.ends\n.end\n";

static void test_alter__reads_again_across_bins(void)
{
    static const char *const command[] = {"op", NULL};
    static const double      x[POINTS] = {1.5, 1.6, 1.7, 1.8, 3, 1.5, 2, 4};
    tp_circuit              *c = circuit_of(binned, "p", command, check_mem());
    said                     fast = talk(c, "ngspice", x, POINTS, "v1#branch");
    said slow = talk(c, "ngspice,path=reset", x, POINTS, "v1#branch");
    CHECK_STR(tp_str_of(fast.why), "");
    CHECK_INT(slow.n, 2 * POINTS);
    same(&fast, &slow, 0);
    CHECK(fast.value[0] == fast.value[10]); /* 1.5 again */
    CHECK(fabs(fast.value[8] / fast.value[0]) > 1.5);
}

static void test_alter__reads_again_across_bins_of_the_main_circuit(void)
{
    static const char text[] =
        "* t\n.param p=1.5\nv1 d 0 1.8\nv2 g 0 1\n"
        "m1 d g 0 0 n w={p*1u} l=1.5u ad={p*0.3p}\n"
        "m2 d g 0 0 n w=3u l={1u+p*0.1u}\n"
        ".model n.1 nmos level=8 lmin=1u lmax=2u wmin=1u wmax=2u\n"
        ".model n.2 nmos level=8 lmin=1u lmax=2u wmin=2u wmax=9u vth0=0.4\n"
        ".end\n";
    static const char *const command[] = {"op", NULL};
    static const double      x[POINTS] = {1.5, 1.6, 1.7, 1.8, 1.9, 3, 4, 1.5};
    tp_circuit              *c = circuit_of(text, "p", command, check_mem());
    said                     fast = talk(c, "ngspice", x, POINTS, "v1#branch");
    said slow = talk(c, "ngspice,path=reset", x, POINTS, "v1#branch");
    CHECK_STR(tp_str_of(fast.why), "");
    CHECK_INT(slow.n, 2 * POINTS);
    same(&fast, &slow, 0);
    CHECK(fast.value[0] == fast.value[14]); /* 1.5 again */
}

/* A length where two bins meet: one of them as long as it stays there; with
   models in the sub-circuit and at the top. Where the last bit of 2 um makes
   ngspice take the bin below, that is seen. */
static const char *const meeting[] = {
    "* t\n.param p=1.5\n.param q=2\nv1 d 0 1.8\nv2 g 0 1\nx1 d g s w={p} "
    "l={q}\n"
    ".subckt s d g w=1 l=1\nm1 d g 0 0 n w={w*1u} l={l*1u} ad={w*0.3p}\n"
    ".model n.1 nmos level=8 lmin=1u lmax=2e-6 wmin=1u wmax=9u rsh={w*10}\n"
    ".model n.2 nmos level=8 lmin=2e-6 lmax=9u wmin=1u wmax=9u rsh={w*20} "
    "vth0=0.4\n.ends\n.end\n",
    "* t\n.param p=1.5\n.param q=2\nv1 d 0 1.8\nv2 g 0 1\nx1 d g s w={p} "
    "l={q}\n"
    ".subckt s d g w=1 l=1\nm1 d g 0 0 n w={w*1u} l={l*1u} "
    "ad={w*0.3p}\n.ends\n"
    ".model n.2 nmos level=8 lmin=2e-6 lmax=9u wmin=1u wmax=9u vth0=0.4\n"
    ".model n.1 nmos level=8 lmin=1u lmax=2e-6 wmin=1u wmax=9u\n.end\n",
    "* t\n.param p=1.5\n.param q=2\nv1 d 0 1.8\nv2 g 0 1\nx1 d g s w={p} "
    "l={q}\n"
    ".option scale=1u\n.subckt s d g w=1 l=1\n"
    "m1 d g 0 0 n w={w} l={l} ad={w*0.3}\n"
    ".model n.1 nmos level=8 lmin=1u lmax=2u wmin=1u wmax=9u rsh={w*10}\n"
    ".model n.2 nmos level=8 lmin=2u lmax=9u wmin=1u wmax=9u rsh={w*20} "
    "vth0=0.4\n.ends\n.end\n",
};

/* The circuits where bins meet give the same bits in both ways. */
static void same_in_bins(const double x[2 * POINTS])
{
    static const char *const command[] = {"op", NULL};
    for (int i = 0; i < TP_COUNT(meeting); i++) {
        tp_circuit *c = circuit_of(meeting[i], "p q", command, check_mem());
        said        fast = talk(c, "ngspice", x, POINTS, "v1#branch");
        said slow = talk(c, "ngspice,path=reset", x, POINTS, "v1#branch");
        CHECK_STR(tp_str_of(fast.why), "");
        CHECK_INT(slow.n, 2 * POINTS);
        same(&fast, &slow, 0);
    }
}

static void test_alter__keeps_the_bin_of_an_edge(void)
{
    static const double x[2 * POINTS] = {1.5, 2, 1.6, 2, 1.7, 2,   1.8, 2,
                                         1.5, 2, 3,   2, 3.1, 1.5, 1.5, 2};
    same_in_bins(x);
}

/* ngspice takes what is up to 1 nm from a bin's end as in it, the first bin in
   the deck where that are two: in the second circuit the upper one. */
static void test_alter__knows_that_bins_overlap_by_a_nanometre(void)
{
    static const double x[2 * POINTS] = {1.5, 1.5,    1.6, 1.9995, 1.7, 2.0005,
                                         1.8, 2.0005, 1.5, 2.0011, 3,   0.9995,
                                         3.1, 1.9985, 1.5, 9.0005};
    same_in_bins(x);
}

static void test_alter__a_size_outside_all_bins_fails_one_point(void)
{
    static const char *const command[] = {"op", NULL};
    static const double      x[] = {1.5, 20, 1.5};
    tp_circuit              *c = circuit_of(binned, "p", command, check_mem());
    said                     got = talk(c, "ngspice", x, 3, "v1#branch");
    CHECK_INT(got.how[0], TP_RAN);
    CHECK_INT(got.how[1], TP_SIM_FAILED);
    CHECK_INT(got.how[2], TP_RAN);
    CHECK_HAS(tp_str_of(got.why),
              "m.x1.m1: no bin of model n holds l=1.5 and w=20");
    CHECK(got.value[0] == got.value[2]);
}

/* ngspice reads -(x)^2 behind a choice in its own way. */
static void test_alter__believes_ngspice_more_than_itself(void)
{
    static const char        text[] = "* t\n.param p=1\nv1 a 0 1\nr1 a b 1\n"
                                      "r2 b 0 {10+g(p)}\n"
                                      ".func g(x) {x<2 ? x : -x^2}\n.end\n";
    static const char *const command[] = {"op", NULL};
    static const double      x[] = {1, 3, 2.5, 1.5, 3};
    tp_circuit              *c = circuit_of(text, "p", command, check_mem());
    said                     fast = talk(c, "ngspice", x, 5, "b");
    said                     slow = talk(c, "ngspice,path=reset", x, 5, "b");
    CHECK_HAS(tp_str_of(fast.why),
              "the simulator has another number: r2[resistance]");
    same(&fast, &slow, 0);
}

static void test_alter__is_not_for_what_is_more_than_a_number(void)
{
    static const char        text[] = "* t\n.param p=1\nv1 a 0 1\nr1 a b 1\n"
                                      "b1 b 0 i={p}*v(b)\n.end\n";
    static const char *const command[] = {"op", NULL};
    static const double      x[] = {1, 3};
    tp_circuit              *c = circuit_of(text, "p", command, check_mem());
    said                     got = talk(c, "ngspice", x, 2, "b");
    CHECK_HAS(tp_str_of(got.why), "it can't be set later: {p}*v");
    CHECK_NEAR(got.value[0], 0.5, 1e-9);
    CHECK_NEAR(got.value[2], 0.25, 1e-9);
}

/* Transistors of one model are added up in the order in which they were read:
   in another one, an operating point that gmin stepping finds differs in its
   last digits. Two of five are altered. */
static void test_alter__keeps_the_order_of_a_models_transistors(void)
{
    static const double x[] = {2e-6, 3e-6, 2e-6, 1e-6, 5e-6, 2e-6, 3e-6, 2e-6};
    static const char *const command[] = {"op", NULL};
    tp_circuit *c = circuit_of(stepped_amp(".param p=2u", "p", "1.2"), "p",
                               command, check_mem());
    said        fast = talk(c, "ngspice", x, POINTS, "out");
    said        slow = talk(c, "ngspice,path=reset", x, POINTS, "out");
    CHECK_INT(fast.n, 2 * POINTS);
    CHECK_STR(tp_str_of(fast.why), "");
    same(&fast, &slow, 0);
    CHECK(fast.value[0] == fast.value[4] && fast.value[0] == fast.value[14]);
}

/* ---- set, for commands --------------------------------------------------- */

static const char divider[] = "* t\n.param p=1k\nv1 a 0 1\nr1 a b {p}\n"
                              "m1 b b 0 0 n w={p*1n} l=1u\n"
                              ".model n nmos level=1 vto=0.3\n.end\n";

static void set_to(double p)
{
    tp_sim_result r;
    tp_err        err = {0};
    CHECK_OK(ops->set(&sim, &p, check_mem(), &r, &err), &err);
    CHECK_INT(r.how, TP_RAN);
}

/* The node b, NAN: the command did not do it. */
static double say(const char *command)
{
    tp_sim_result r;
    tp_err        err = {0};
    CHECK_OK(ops->command(&sim, tp_str_of(command), check_mem(), &r, &err),
             &err);
    const tp_wave *w = r.how == TP_RAN && r.waves.n > 0
                           ? tp_plot_find(&r.waves.plot[0], TP_S("b"))
                           : NULL;
    return w ? w->re[0] : NAN;
}

static double ask(const char *name)
{
    tp_wave w = {0};
    tp_err  err = {0};
    CHECK_OK(ops->query(&sim, tp_str_of(name), check_mem(), &w, &err), &err);
    return w.n > 0 ? w.re[0] : NAN;
}

static void reads_again_after_changes_only(void)
{
    static const char *const none[] = {NULL};
    tp_circuit              *c = circuit_of(divider, "p", none, check_mem());
    if (!start(c, "ngspice")) return;
    tp_ng *s = sim.state;
    for (int k = 0; k < 5; k++) { /* the first ones are compared */
        set_to(1e3 + k);
        CHECK_INT(s->warm, k == 4);
        CHECK(say("op") > 0);
    }
    static const struct {
        const char *command;
        bool        warm; /* the next point is set without reading it again */
    } row[] = {
        {"save b", true},          {"reset", true},
        {"delete all", true},      {"alter v1 = 2", false},
        {"alterparam p=3", false}, {"option reltol = 1e-4", false},
        {"nonsense", true},
    };
    for (int i = 0; i < TP_COUNT(row); i++) {
        set_to(2e3 + i);
        say(row[i].command);
        set_to(3e3 + i);
        if (!CHECK_INT(s->warm, row[i].warm)) printf("%s\n", row[i].command);
        CHECK(!sim.doubts);
        CHECK(say("op") > 0);
    }
}

static void test_set__reads_again_after_changes_only(void)
{
    apart(reads_again_after_changes_only);
}

static void doubts_what_a_fresh_circuit_would_not_show(void)
{
    static const char *const none[] = {NULL};
    tp_circuit              *c = circuit_of(divider, "p", none, check_mem());
    if (!start(c, "ngspice")) return;
    tp_ng *s = sim.state;
    for (int k = 0; k < 5; k++) set_to(1e3 + k);
    CHECK(s->warm);
    say("op");
    CHECK(ask("@m1[id]") > 0 && s->warm && !sim.doubts);
    set_to(2e3); /* nothing is analysed yet: read again at once */
    CHECK(ask("@m1[id]") == 0 && !s->warm && !sim.doubts);
    set_to(3e3);
    CHECK(s->warm);
    say("alter v1 = 2"); /* that can't be read again: it would be lost */
    ask("@m1[id]");
    CHECK(sim.doubts);
    set_to(3e3);
    CHECK(!s->warm && !sim.doubts && ask("@m1[id]") == 0);
    set_to(3.5e3);
    CHECK(s->warm);
    CHECK(isnan(say("dc nosuch 0 1 1")));
    CHECK(sim.doubts);
    set_to(3.5e3);
    CHECK(!s->warm && !sim.doubts);
    double        nan = NAN;
    tp_sim_result r;
    CHECK_INT(ops->set(&sim, &nan, check_mem(), &r, NULL), TP_OK);
    CHECK_HAS(r.why, "p: nan is not a finite number");
}

static void test_set__doubts_what_a_fresh_circuit_would_not_show(void)
{
    apart(doubts_what_a_fresh_circuit_would_not_show);
}

static const check_test tests[] = {
    CHECK_TEST(test_set__reads_again_after_changes_only),
    CHECK_TEST(test_set__doubts_what_a_fresh_circuit_would_not_show),
    CHECK_TEST(test_alter__keeps_the_order_of_a_models_transistors),
    CHECK_TEST(test_alter__gives_what_reading_again_gives),
    CHECK_TEST(test_alter__sets_multipliers_of_subcircuits),
    CHECK_TEST(test_alter__is_not_for_diodes_with_area_and_m),
    CHECK_TEST(test_alter__is_not_for_transients_of_coupled_inductors),
    CHECK_TEST(test_alter__reads_again_across_bins),
    CHECK_TEST(test_alter__reads_again_across_bins_of_the_main_circuit),
    CHECK_TEST(test_alter__keeps_the_bin_of_an_edge),
    CHECK_TEST(test_alter__knows_that_bins_overlap_by_a_nanometre),
    CHECK_TEST(test_alter__a_size_outside_all_bins_fails_one_point),
    CHECK_TEST(test_alter__believes_ngspice_more_than_itself),
    CHECK_TEST(test_alter__is_not_for_what_is_more_than_a_number),
    {0},
};

int main(void)
{
    return check_main(tests);
}
