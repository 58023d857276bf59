/* The simulator of a session, whichever it is: circuits one after the other,
   commands and queries, in this process and in one of its own. This program
   is its own worker. */
#include "check.h"
#include "exec/exec.h"
#include "nutmeg/nutmeg.h"

#include <stdlib.h>
#include <unistd.h>

static tp_nutmeg_handle *handle;
static tp_nutmeg_sim     sim;

static tp_circuit circuit(const char *text)
{
    return (tp_circuit){.text = tp_str_of(text)};
}

static double value_of(const char *command, const char *name)
{
    tp_sim_result r = {0};
    tp_err        err = {0};
    CHECK_OK(sim.command(sim.with, tp_str_of(command), check_mem(), &r, &err),
             &err);
    if (!CHECK_INT(r.how, TP_RAN)) printf("%.*s\n", TP_F(r.why));
    if (!name) return 0;
    const tp_wave *w =
        r.waves.n > 0 ? tp_plot_find(&r.waves.plot[0], tp_str_of(name)) : NULL;
    return CHECK(w != NULL) ? w->re[0] : NAN;
}

static double asked(const char *name)
{
    tp_wave w = {0};
    tp_err  err = {0};
    CHECK_OK(sim.query(sim.with, tp_str_of(name), check_mem(), &w, &err), &err);
    return CHECK_INT(w.n, 1) ? w.re[0] : NAN;
}

static void session(const tp_sim_ops *ops, const char *settings)
{
    tp_circuit one = circuit("* one\nv1 in 0 1\nr1 in out 1k\n"
                             "r2 out 0 1k\n.end\n");
    tp_circuit two = circuit("* two\nv1 in 0 8\nr1 in out 1k\n"
                             "r2 out 0 3k\n.end\n");
    tp_circuit bad = circuit("* bad\nq1 1 2 3 nomodel\n.end\n");
    tp_err     err = {0};
    if (!CHECK_OK(tp_nutmeg_handle_open(&handle, ops, tp_str_of(settings), NULL,
                                        &err),
                  &err))
        return;
    sim = tp_nutmeg_handle_sim(handle);
    tp_sim_result r;
    CHECK_INT(sim.command(sim.with, TP_S("op"), check_mem(), &r, &err), TP_SIM);
    CHECK_OK(sim.load(sim.with, &one, &err), &err);
    CHECK_NEAR(value_of("op", "out"), 0.5, 1e-9);
    value_of("alter r1 = 3k", NULL);
    CHECK_NEAR(value_of("op", "out"), 0.25, 1e-9);
    CHECK_OK(sim.load(sim.with, &two, &err), &err);
    CHECK_NEAR(asked("@r1[resistance]"), 1000, 0);
    CHECK_NEAR(value_of("op", "out"), 6, 1e-8);
    CHECK_INT(sim.load(sim.with, &bad, &err), TP_BAD_INPUT);
    CHECK_INT(err.line, 2);
    tp_nutmeg_handle_close(handle);
}

static void test_handle__a_worker_takes_circuits_one_after_the_other(void)
{
    session(&tp_sim_remote, "seconds=20");
}

/* What `trimpot worker` makes of the same load; where it is built. */
static void test_handle__the_program_is_such_a_worker(void)
{
    const char *program = getenv("TRIMPOT");
    if (!program || access(program, X_OK) != 0) return;
    tp_str settings = tp_str_fmt(check_mem(), "program=\"%s\"", program);
    session(&tp_sim_remote, tp_str_z(check_mem(), settings));
}

/* The last one: a circuit that ngspice refuses ends its use in a process. */
static void test_handle__so_does_this_process(void)
{
    session(tp_sim_find(TP_S("ngspice")), "");
}

static void test_handle__refuses_what_takes_no_commands(void)
{
    tp_err     err = {0};
    tp_sim_ops dumb = *tp_sim_find(TP_S("spawn"));
    dumb.command = NULL;
    CHECK_INT(tp_nutmeg_handle_open(&handle, &dumb, TP_S(""), NULL, &err),
              TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "'spawn' takes no commands");
    CHECK_INT(tp_nutmeg_handle_open(&handle, &tp_sim_remote, TP_S("second=1"),
                                    NULL, &err),
              TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "did you mean");
}

static void test_handle__the_fake_is_a_session_too(void)
{
    static const tp_str name[] = {{"a", 1}};
    tp_circuit c = {.text = TP_S("* fake\n"), .n_param = 1, .param = name};
    tp_err     err = {0};
    CHECK_OK(tp_nutmeg_handle_open(&handle, tp_sim_find(TP_S("fake")),
                                   TP_S("points=3"), NULL, &err),
             &err);
    sim = tp_nutmeg_handle_sim(handle);
    CHECK_OK(sim.load(sim.with, &c, &err), &err);
    value_of("alter a = 4", NULL);
    CHECK_NEAR(asked("@a[value]"), 4, 0);
    CHECK_NEAR(value_of("op", "out"), 4 + 1, 0);
    CHECK_OK(sim.load(sim.with, &c, &err), &err);
    CHECK_NEAR(asked("@a[value]"), 1, 0);
    tp_nutmeg_handle_close(handle);
}

static const check_test tests[] = {
    CHECK_TEST(test_handle__the_fake_is_a_session_too),
    CHECK_TEST(test_handle__refuses_what_takes_no_commands),
    CHECK_TEST(test_handle__a_worker_takes_circuits_one_after_the_other),
    CHECK_TEST(test_handle__the_program_is_such_a_worker),
    CHECK_TEST(test_handle__so_does_this_process),
    {0},
};

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "worker") == 0)
        return tp_exec_serve(3, tp_remote_work_load, tp_remote_work);
    return check_main(tests);
}
