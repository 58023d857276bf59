/* Warm starts: the same solution with fewer Newton steps, whatever was
   simulated before; a cold start where there is another solution, and where
   start values can't be used. */
#include "apart.h"
#include "circuits.h"
#include "sim/ng.h"
#include "stepped.h"

#include <math.h>

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

static void stop(void)
{
    ops->close(&sim);
    tp_arena_close(&sim.mem);
}

static tp_sim_result run(const double *x, tp_warmth how)
{
    tp_sim_result out = {0};
    tp_err        err = {0};
    sim.warmth = how;
    CHECK_OK(ops->run(&sim, x, NULL, check_mem(), &out, &err), &err);
    CHECK_INT(out.how, TP_RAN);
    return out;
}

static double value(const tp_sim_result *r, int plot, const char *name)
{
    if (!CHECK(r->waves.n > plot)) return NAN;
    const tp_wave *w = tp_plot_find(&r->waves.plot[plot], tp_str_of(name));
    return CHECK(w && w->n > 0) ? w->re[w->n - 1] : NAN;
}

/* ---- an amplifier whose operating point ngspice finds by stepping -------- */

static const tp_circuit *amplifier(const char *const *command, const char *bias,
                                   const char *params)
{
    tp_str n = stepped_model("NMOS_VTG"), p = stepped_model("PMOS_VTG");
    tp_str whole =
        tp_str_fmt(check_mem(),
                   "* t\n.param p=2u\n.param k=6\n%.*s\n%.*s\nv0 vdd 0 1.2\n"
                   "vin inp 0 0.7 ac 1\n"
                   "m1 d1 inn tail 0 NMOS_VTG w={p} l=500n\n"
                   "m2 d2 inp tail 0 NMOS_VTG w={p} l=500n\n"
                   "m3 d1 d1 vdd vdd PMOS_VTG w=2u l=500n\n"
                   "m4 d2 d1 vdd vdd PMOS_VTG w=2u l=500n\n"
                   "m5 tail nb 0 0 NMOS_VTG w=2u l=500n\n"
                   "m6 out d2 vdd vdd PMOS_VTG w=2u l=500n m={k}\n"
                   "m7 out nb 0 0 NMOS_VTG w=2u l=500n m={k/2}\n"
                   "m8 nb nb 0 0 NMOS_VTG w=2u l=500n\nib vdd nb {b}\n"
                   "cc out d2 1p\nlfb out inn 1meg\ncfb inn 0 1k\n"
                   ".param b=%s\n.end\n",
                   TP_F(n), TP_F(p), bias);
    return circuit_of(tp_str_z(check_mem(), whole), params, command,
                      check_mem());
}

enum { POINTS = 6 };
static const double at[POINTS][2] = {{2e-6, 6},     {3e-6, 5}, {1e-6, 8},
                                     {2.2e-6, 6.5}, {4e-6, 4}, {2e-6, 6}};

/* The last values of the output in op and ac, and the steps. */
typedef struct seen {
    double v[POINTS][2];
    int    steps[POINTS];
} seen;

static seen look(const tp_circuit *c, const char *simulator, tp_warmth how,
                 int first)
{
    seen out = {0};
    bool asked = strstr(simulator, "warm") != NULL;
    if (!start(c, simulator)) return out;
    for (int i = 0; i < POINTS; i++) {
        int           k = (i + first) % POINTS;
        tp_sim_result r = run(at[k], how);
        CHECK_INT(r.warm, asked && how != TP_COLD);
        CHECK_STR(r.second, "");
        CHECK_STR(r.rung, "");
        out.v[k][0] = value(&r, 0, "out");
        out.v[k][1] = value(&r, 1, "out");
        out.steps[k] = r.iterations;
    }
    CHECK_INT(sim.n_notice, 0);
    stop();
    return out;
}

static void saves_steps(void)
{
    static const char *const command[] = {"op", "ac dec 5 1 1e9", NULL};
    const tp_circuit        *c = amplifier(command, "20u", "p k");
    seen                     cold = look(c, "ngspice", TP_WARM, 0);
    seen                     warm = look(c, "ngspice,warm=yes", TP_WARM, 0);
    for (int i = 0; i < POINTS; i++) {
        CHECK(warm.steps[i] < 30 && cold.steps[i] > 150);
        for (int k = 0; k < 2; k++)
            CHECK_NEAR(warm.v[i][k], cold.v[i][k], 1e-6 * fabs(cold.v[i][k]));
    }
    /* The same bits in another order, by the other way to set values, and where
       each is compared with a cold start. */
    seen other = look(c, "ngspice,warm=yes", TP_WARM, 3);
    CHECK(same_bits(&warm.v[0][0], &other.v[0][0], 2 * POINTS));
    other = look(c, "ngspice,warm=yes,path=reset", TP_WARM, 1);
    CHECK(same_bits(&warm.v[0][0], &other.v[0][0], 2 * POINTS));
    other = look(c, "ngspice,warm=yes", TP_COMPARED, 2);
    CHECK(same_bits(&warm.v[0][0], &other.v[0][0], 2 * POINTS));
    CHECK(memcmp(warm.steps, other.steps, sizeof warm.steps) == 0);
    /* A cold one is that of plain ngspice. */
    other = look(c, "ngspice,warm=yes", TP_COLD, 0);
    CHECK(same_bits(&cold.v[0][0], &other.v[0][0], 2 * POINTS));
}

static void test_warm__finds_the_same_in_fewer_steps(void)
{
    apart(saves_steps);
}

/* From a bias of 1 mA Newton's method does not get to one of 31 uA: that point
   is found from nothing, by stepping. */
static void falls_back(void)
{
    static const char *const command[] = {"op", NULL};
    static const double      near[] = {2e-6, 6, 0.9e-3},
                        far[] = {2e-6, 6, 3.13481e-5};
    const tp_circuit *c = amplifier(command, "1m", "p k b");
    if (!start(c, "ngspice")) return;
    tp_sim_result cold = run(far, TP_WARM);
    double        v = value(&cold, 0, "out");
    CHECK(cold.iterations > 100);
    stop();
    if (!start(c, "ngspice,warm=yes")) return;
    for (int i = 0; i < 2; i++) {
        tp_sim_result r = run(near, TP_WARM);
        CHECK(r.warm && r.iterations < 20);
        r = run(far, TP_WARM);
        CHECK(!r.warm);
        CHECK_STR(r.second, "");
        CHECK(value(&r, 0, "out") == v);
    }
    stop();
}

static void test_warm__is_cold_where_it_does_not_converge(void)
{
    apart(falls_back);
}

/* ---- two solutions ------------------------------------------------------- */

/* A latch that is set by the current {p}; without one it stays as it is. */
static const char latch[] =
    "* latch\n.param p=5u\nv1 vdd 0 1.8\nm1 a b 0 0 n w=2u l=1u\n"
    "m2 a b vdd vdd p w=4u l=1u\nm3 b a 0 0 n w=2u l=1u\n"
    "m4 b a vdd vdd p w=4u l=1u\ni1 0 a {p}\nr1 a 0 10meg\nr2 b 0 10meg\n"
    ".model n nmos level=1 vto=0.5 kp=100u lambda=0.05\n"
    ".model p pmos level=1 vto=-0.5 kp=50u lambda=0.05\n.end\n";

static void second_solution(void)
{
    static const char *const command[] = {"op", NULL};
    static const double      x[] = {2e-6, -1e-6};
    tp_circuit              *c = circuit_of(latch, "p", command, check_mem());
    if (!start(c, "ngspice,warm=yes")) return;
    tp_sim_result r = run(&x[0], TP_COMPARED);
    CHECK(r.warm);
    CHECK_STR(r.second, "");
    r = run(&x[1], TP_COMPARED);
    CHECK(!r.warm);
    CHECK_HAS(r.second, "v(a) is 1.795 V, -0.00384 V by a cold start");
    CHECK_NEAR(value(&r, 0, "a"), -0.00384, 1e-5);
    r = run(&x[0], TP_COLD);
    CHECK(!r.warm);
    CHECK_NEAR(value(&r, 0, "a"), 1.807, 1e-3);
    stop();
}

static void test_warm__gives_a_cold_start_where_there_are_two_solutions(void)
{
    apart(second_solution);
}

/* ---- where there are no start values ------------------------------------- */

static void refused(void)
{
    static const struct {
        const char *text, *command, *why;
    } row[] = {
        {rc_text, "tran 1n 10n", "its .tran goes by the deck's tolerances"},
        {rc_text, "dc v1 0 1 0.1", "its .dc goes by the deck's tolerances"},
        {"* t\n.param r=1\n.param c=1\nr1 a 0 {r}\nr2 a b {c}\n"
         "a1 [%v(a)] [x] adc\n.model adc adc_bridge(in_low=0.1 in_high=0.9)\n"
         "v1 b 0 1\n.end\n",
         "op", "it has parts that are simulated by events"},
        {"* t\n.param r=1k\n.param c=1\nv1 a 0 {c}\nr1 a b {r}\nv2 c 0 1\n"
         "b1 c b v=v(b)*v(b)+3\n.end\n",
         "op", "there is no operating point at the start values"},
    };
    for (int i = 0; i < TP_COUNT(row); i++) {
        const char *const command[] = {row[i].command, NULL};
        tp_circuit *c = circuit_of(row[i].text, "r c", command, check_mem());
        if (!start(c, "ngspice,warm=yes")) continue;
        if (CHECK_INT(sim.n_notice, 1))
            CHECK_HAS(sim.notice[0].text, row[i].why);
        CHECK(!tp_ng_start_is_usable(sim.state));
        stop();
    }
}

static void test_warm__says_where_it_is_not_used(void)
{
    apart(refused);
}

/* Between two diodes that block a node's voltage is told by gmin. */
static void floating(void)
{
    static const char text[] =
        "* t\n.param r=1k\nv1 a 0 5\nr1 a b {r}\nr2 b 0 1k\nd1 f a dm\n"
        "d2 0 f dm area=100\nc1 f 0 1p\n.model dm d is=1e-12\n.end\n";
    static const char *const command[] = {"op", NULL};
    const tp_str            *node;
    tp_circuit              *c = circuit_of(text, "r", command, check_mem());
    if (!start(c, "ngspice,warm=yes")) return;
    CHECK(tp_ng_start_is_usable(sim.state));
    int n = tp_ng_start_nodes(sim.state, &node);
    if (CHECK_INT(n, 2)) {
        CHECK_STR(node[0], "a");
        CHECK_STR(node[1], "b");
    }
    double        x = 2e3;
    tp_sim_result r = run(&x, TP_COMPARED);
    CHECK(r.warm);
    CHECK_NEAR(value(&r, 0, "b"), 5.0 / 3, 1e-9);
    stop();
}

static void test_warm__leaves_floating_nodes_alone(void)
{
    apart(floating);
}

/* A command of a session is for the circuit as it is. */
static void sessions(void)
{
    static const char *const command[] = {"op", NULL};
    tp_circuit              *c = circuit_of(latch, "p", command, check_mem());
    tp_err                   err = {0};
    if (!start(c, "ngspice,warm=yes")) return;
    static const char *const said[] = {"alterparam p=-1u", "reset", "op"};
    tp_sim_result            r = {0};
    for (int i = 0; i < TP_COUNT(said); i++)
        CHECK_OK(ops->command(&sim, tp_str_of(said[i]), check_mem(), &r, &err),
                 &err);
    CHECK_NEAR(value(&r, 0, "a"), -0.00384, 1e-5);
    stop();
}

static void test_warm__is_not_for_sessions(void)
{
    apart(sessions);
}

static const check_test tests[] = {
    CHECK_TEST(test_warm__finds_the_same_in_fewer_steps),
    CHECK_TEST(test_warm__is_cold_where_it_does_not_converge),
    CHECK_TEST(test_warm__gives_a_cold_start_where_there_are_two_solutions),
    CHECK_TEST(test_warm__says_where_it_is_not_used),
    CHECK_TEST(test_warm__leaves_floating_nodes_alone),
    CHECK_TEST(test_warm__is_not_for_sessions),
    {0},
};

int main(void)
{
    return check_main(tests);
}
