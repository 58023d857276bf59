/* The ladder: each rung saves a circuit that the ones below it don't, a trial
   that needs none is what it is without, and nothing of a rung stays. */
#include "check.h"
#include "circuits.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static const tp_sim_ops *ops;
static tp_sim            sim;

static bool start(const char *settings, const tp_circuit *c)
{
    tp_err err = {0};
    ops = tp_sim_find(TP_S("ngspice"));
    sim = (tp_sim){.mem = tp_arena_open(1 << 26)};
    sim.settings = tp_sim_settings(ops, &sim.mem);
    return CHECK_OK(tp_params_set_list(ops->params, sim.settings,
                                       tp_str_of(settings), &sim.mem, &err),
                    &err) &&
           CHECK_OK(ops->open(&sim, &err), &err) &&
           CHECK_OK(ops->load(&sim, c, &err), &err);
}

static void stop(void)
{
    ops->close(&sim);
    tp_arena_close(&sim.mem);
}

static tp_sim_result run(double v)
{
    tp_sim_result out;
    tp_err        err = {0};
    CHECK_OK(ops->run(&sim, &v, NULL, check_mem(), &out, &err), &err);
    return out;
}

#define BODY_MODELS                                        \
    ".model d1 d(is=1e-14 cjo=1p bv=5)\n"                  \
    ".model d2 d(is=1e-30 n=0.1 tt=1n)\n"                  \
    ".model qn npn(bf=300 is=1e-16 cje=1p vaf=50)\n"       \
    ".model qp pnp(bf=50 is=1e-18 cjc=1p)\n"               \
    ".model nm nmos(level=1 vto=0.7 kp=1e-3 lambda=0.1)\n" \
    ".model pm pmos(level=1 vto=-0.7 kp=4e-4)\n"           \
    ".model sw sw(vt=0.5 vh=0.01 ron=1m roff=1e12)\n.end\n"

/* Found by trying random circuits, then made as small as they go. */
static const struct {
    const char *rung, *command, *text;
} saved[] = {
    {"more iterations", "op",
     "* i\n.param v=100\nv1 1 0 {v}\nm3 n5 2 1 0 pm w=1000u l=1u\n"
     "q8 n6 2 n3 qp\n" BODY_MODELS},
    {"gmin stepping", "op",
     "* g\n.param v=1\nv2 2 0 {v}\nb1 2 n0 i=1*tanh(1e6*v(n2,n0))\n"
     "b6 0 n0 i=0.001*tanh(1e6*v(2,n0))\nq7 2 n1 n2 qp\n" BODY_MODELS},
    {"source stepping", "op",
     "* s\n.param v=10000\nv1 1 0 {v}\nv2 2 0 3\nq1 n7 n1 n5 qp\n"
     "m2 n4 1 n2 0 nm w=1000u l=1u\nr3 n1 n4 1000000000.0\n"
     "m4 n1 n0 0 0 nm w=1u l=1u\nd5 n6 n0 d1\n"
     "m6 n7 n1 2 0 pm w=1000u l=1u\ns7 n2 n4 n3 0 sw\n"
     "b10 n1 n6 i=1000.0*tanh(1000000.0*v(n7,n6))\nl14 1 n1 1e-09\n"
     "q15 n1 2 n7 qn\nl16 n5 n6 1e-06\n"
     ".options gminsteps=0 srcsteps=0\n" BODY_MODELS},
    {"Gear's method", "tran 1n 300n",
     "* t\n.param v=1\nv1 1 0 dc 100 pulse(0 {v} 1n 1n 1n 50n 100n)\n"
     "v2 2 0 3\nc13 1 2 1e-09\nd14 1 0 d2\n" BODY_MODELS},
    {"wider tolerances", "op",
     "* w\n.param v=10000\nv1 1 0 {v}\nd13 0 n5 d1\n"
     "m14 n4 n5 1 0 pm w=1u l=1u\n" BODY_MODELS},
};
static const double value_of[] = {100, 1, 10000, 1, 10000};
static const double easy[] = {0.01, 1e-6, 5, 1e-3, 0.01};

static const tp_circuit *circuit(int i)
{
    const char *command[] = {saved[i].command, NULL};
    return circuit_of(saved[i].text, "v", command, check_mem());
}

static void test_ladder__each_rung_saves_a_circuit(void)
{
    for (int i = 0; i < TP_COUNT(saved); i++) {
        if (!start("", circuit(i))) return;
        tp_sim_result r = run(value_of[i]);
        CHECK_INT(r.how, TP_RAN);
        CHECK_STR(r.rung, saved[i].rung);
        CHECK_STR(r.why, "");
        CHECK_INT(r.waves.n, 1);
        stop();
    }
}

static void test_ladder__of_no_rungs_fails_at_once(void)
{
    for (int i = 0; i < TP_COUNT(saved); i++) {
        if (!start("ladder=0", circuit(i))) return;
        tp_sim_result r = run(value_of[i]);
        CHECK_INT(r.how, TP_NO_CONVERGENCE);
        CHECK_STR(r.rung, "");
        for (ptrdiff_t at = 0; at < r.why.len; at++)
            CHECK(!tp_str_starts(tp_str_from(r.why, at), TP_S("(nor")));
        stop();
    }
}

static void test_ladder__names_the_rungs_that_did_not_help(void)
{
    if (!start("ladder=3", circuit(4))) return;
    tp_sim_result r = run(value_of[4]);
    CHECK_INT(r.how, TP_NO_CONVERGENCE);
    CHECK_HAS(r.why, "(nor with more iterations, gmin stepping)");
    stop();
}

/* Plot 0 of a circuit at v, after another value has failed or not. */
static tp_waves after(const tp_circuit *c, const char *settings, double first,
                      double v)
{
    tp_sim_result r = {0};
    if (!start(settings, c)) return r.waves;
    if (first != 0) run(first);
    r = run(v);
    CHECK_INT(r.how, TP_RAN);
    CHECK_STR(r.rung, "");
    stop();
    return r.waves;
}

static void test_ladder__leaves_nothing_behind(void)
{
    for (int i = 0; i < TP_COUNT(saved); i++) {
        tp_waves alone = after(circuit(i), "ladder=0", 0, easy[i]);
        tp_waves then = after(circuit(i), "", value_of[i], easy[i]);
        CHECK_INT(first_difference(&alone, &then), -1);
    }
}

static void test_ladder__is_not_climbed_without_need(void)
{
    static const char *const all[] = {"op", "ac dec 5 1k 1g", "tran 10n 2u",
                                      NULL};
    const tp_circuit *c = circuit_of(amp_text, "rcurr", all, check_mem());
    tp_waves          with = after(c, "", 0, 1100),
             without = after(c, "ladder=0", 0, 1100);
    CHECK_INT(first_difference(&with, &without), -1);
}

static void test_ladder__describes_its_rungs(void)
{
    int n = 0;
    for (; tp_ladder(n); n++)
        CHECK(tp_ladder(n)->name[0] && tp_ladder(n)->text[0]);
    CHECK_INT(n, 6);
    CHECK(tp_ladder(-1) == NULL);
}

static const check_test tests[] = {
    CHECK_TEST(test_ladder__each_rung_saves_a_circuit),
    CHECK_TEST(test_ladder__of_no_rungs_fails_at_once),
    CHECK_TEST(test_ladder__names_the_rungs_that_did_not_help),
    CHECK_TEST(test_ladder__leaves_nothing_behind),
    CHECK_TEST(test_ladder__is_not_climbed_without_need),
    CHECK_TEST(test_ladder__describes_its_rungs),
    {0},
};

int main(int argc, char **argv)
{
    (void)argc, (void)argv;
    return check_main(tests);
}
