/* The simulator of formulas, the list of simulators, and ngspice's words. */
#include "check.h"
#include "circuits.h"
#include "sim/parts.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static tp_sim            sim;
static const tp_sim_ops *ops;
static const char *const commands[] = {"ac", "tran", "op", "dc", NULL};
static const double      point[] = {4, 100};

static tp_circuit *start(const char *settings)
{
    tp_err      err = {0};
    tp_circuit *c = circuit_of("* t\n.end\n", "a b", commands, check_mem());
    analysis_of(c, 0)->op = analysis_of(c, 2)->op = true;
    ops = tp_sim_find(TP_S("fake"));
    sim = (tp_sim){.mem = tp_arena_open(1 << 20)};
    sim.settings = tp_sim_settings(ops, &sim.mem);
    CHECK_OK(tp_params_set_list(ops->params, sim.settings, tp_str_of(settings),
                                &sim.mem, &err),
             &err);
    CHECK_OK(ops->open(&sim, &err), &err);
    CHECK_OK(ops->load(&sim, c, &err), &err);
    return c;
}

static tp_sim_result run(double a)
{
    tp_sim_result out;
    tp_err        err = {0};
    const double  v[] = {a, point[1]};
    CHECK_OK(ops->run(&sim, v, NULL, check_mem(), &out, &err), &err);
    return out;
}

static void stop(void)
{
    ops->close(&sim);
    tp_arena_close(&sim.mem);
}

static void test_fake__computes_its_formulas(void)
{
    start("points=2");
    tp_sim_result r = run(4);
    CHECK_INT(r.how, TP_RAN);
    if (!CHECK_INT(r.waves.n, 5)) return;
    const tp_plot *ac = &r.waves.plot[0], *tran = ac + 1, *op = ac + 2;
    const tp_wave *out = tp_plot_find(ac, TP_S("V(out)"));
    CHECK_STR(ac->x_name, "frequency");
    CHECK_INT(out->n, 13);
    CHECK_NEAR(out->x[4], 100, 1e-9);
    CHECK_NEAR(out->re[4], 2, 1e-9); /* 4 / (1 + j) */
    CHECK_NEAR(out->im[4], -2, 1e-9);
    out = tp_plot_find(tran, TP_S("out"));
    CHECK_NEAR(out->re[2], 4 * (1 - exp(-1.0 / 100)), 1e-12);
    CHECK_STR(out->x_unit, "s");
    CHECK_NEAR(tp_plot_find(op, TP_S("out"))->re[0], 104, 1e-12);
    CHECK_NEAR(tp_plot_find(op, TP_S("sum"))->re[0], 9 + 99 * 99, 1e-9);
    CHECK_NEAR(tp_plot_find(op, TP_S("a"))->re[0], 4, 0);
    CHECK_NEAR(tp_plot_find(ac + 3, TP_S("out"))->re[1], 102, 1e-12);
    CHECK_INT(ac->op, 4); /* after the analyses */
    CHECK_INT(op->op, 2); /* its own */
    CHECK_INT(tran->op, -1);
    CHECK(tp_plot_find(ac + 4, TP_S("out"))->x == NULL);
    CHECK_STR(ac->id, "id0");
    CHECK_STR(ac->ordinal, "ac1");
    stop();
}

static void test_fake__sweeps(void)
{
    static const double v[] = {5, 6, 7};
    tp_circuit         *c = start("points=2");
    analysis_of(c, 2)->sweep =
        (tp_sweep){TP_SWEEP_TEMP, TP_S("TEMP"), TP_S(""), TP_S("degC"), 3, v};
    tp_sim_result  r = run(4);
    const tp_wave *out = tp_plot_find(&r.waves.plot[2], TP_S("out"));
    CHECK_INT(r.how, TP_RAN);
    CHECK_INT(out->n, 3);
    CHECK_NEAR(out->x[2], 7, 0);
    CHECK_NEAR(out->re[2], 104, 1e-12);
    CHECK_STR(out->x_unit, "degC");
    CHECK_STR(r.waves.plot[2].x_name, "temp");
    stop();
}

static void test_fake__skips_what_is_not_wanted(void)
{
    tp_sim_result out;
    tp_err        err = {0};
    const bool    want[] = {false, true, false, false};
    start("");
    CHECK_OK(ops->run(&sim, point, want, check_mem(), &out, &err), &err);
    CHECK_INT(out.waves.n, 4);
    CHECK_INT(out.waves.plot[0].n_wave, 0);
    CHECK(out.waves.plot[1].n_wave > 0);
    stop();
}

/* How a process ends in which the point a is simulated. */
static int status_of(const char *settings, double a)
{
    pid_t pid = fork();
    if (pid == 0) {
        start(settings);
        alarm(1);
        run(a);
        _exit(0);
    }
    int status = -1;
    waitpid(pid, &status, 0);
    return status;
}

static void test_fake__makes_trouble_where_it_is_told(void)
{
    const char *all = "seconds=0.01,trouble=crash:a>10 exit:a<-10 hang:a<-20 "
                      "sleep:a>-5";
    int         crashed = status_of(all, 11);
    CHECK(WIFSIGNALED(crashed) && WTERMSIG(crashed) == SIGSEGV);
    int left = status_of(all, -11);
    CHECK(WIFEXITED(left) && WEXITSTATUS(left) == 7);
    int hung = status_of("trouble=hang:a<-20", -21);
    CHECK(WIFSIGNALED(hung) && WTERMSIG(hung) == SIGALRM);
    CHECK_INT(status_of(all, 1), 0);
    start("trouble=fail:a>1 nan:a<0");
    CHECK_INT(run(1).how, TP_RAN);
    CHECK_INT(run(2).how, TP_SIM_FAILED);
    tp_sim_result r = run(-1);
    CHECK_INT(r.how, TP_SIM_FAILED);
    CHECK_HAS(r.why, "'out' has a value that is not finite");
    stop();
    start("trouble=diverge:b>1 lost:a>3");
    CHECK_INT(run(1).how, TP_NO_CONVERGENCE);
    CHECK_INT(ops->run(&sim, point, NULL, check_mem(), &r, NULL), TP_SIM);
    stop();
}

static void test_fake__refuses_other_words(void)
{
    static const char *const bad[] = {"burn:a<3",  "crash:c<3", "crash:a=3",
                                      "crash:a<x", "crash",     "crash:<3"};
    for (int i = 0; i < TP_COUNT(bad); i++) {
        tp_err      err = {0};
        tp_circuit *c = start("");
        tp_params_set(ops->params, sim.settings, TP_S("trouble"),
                      tp_str_of(bad[i]), &sim.mem, &err);
        CHECK_INT(ops->load(&sim, c, &err), TP_BAD_INPUT);
        CHECK_HAS(tp_str_of(err.msg), bad[i]);
        stop();
    }
}

/* ---- the list, outcomes ------------------------------------------ */

static void test_sims__are_found_by_name(void)
{
    for (int i = 0; tp_sims()[i]; i++)
        CHECK(tp_sim_find(tp_str_of(tp_sims()[i]->name)) == tp_sims()[i]);
    CHECK(tp_sim_find(TP_S("hspice")) == NULL);
    for (int o = 0; o < TP_OUTCOMES; o++) {
        tp_outcome back = TP_OUTCOMES;
        CHECK(tp_outcome_of(tp_str_of(tp_outcome_word((tp_outcome)o)), &back));
        CHECK_INT(back, o);
        CHECK(strlen(tp_outcome_words((tp_outcome)o)) > 5);
    }
    tp_outcome none;
    CHECK(!tp_outcome_of(TP_S("fine"), &none));
}

/* ---- words ------------------------------------------------------- */

static tp_words said(const char *text)
{
    tp_words w;
    tp_str   rest = tp_str_of(text), line;
    tp_words_clear(&w);
    while ((line = tp_str_word(&rest, "\n")).len > 0) tp_words_add(&w, line);
    return w;
}

static const struct {
    const char *said, *text;
    tp_outcome  how;
    bool        error, aborted;
} words[] = {
    {"Note: Starting dynamic gmin stepping\n"
     "Trying gmin =   1.0000E-03 Warning: singular matrix:  check node v1\n"
     "Warning: source stepping failed\n"
     "doAnalyses: iteration limit reached\n"
     "op simulation(s) aborted\n",
     "x: doAnalyses: iteration limit reached; op simulation(s) aborted; "
     "singular matrix:  check node v1",
     TP_NO_CONVERGENCE, false, true},
    {"doAnalyses: TRAN:  Timestep too small; time = 1e-09, timestep = "
     "1e-20: trouble with node \"out\"\ntran simulation(s) aborted\n",
     "x: doAnalyses: TRAN:  Timestep too small; time = 1e-09, timestep = "
     "1e-20: trouble with node \"out\"; tran simulation(s) aborted",
     TP_NO_CONVERGENCE, false, true},
    {"Fatal error: DC Transfer Function: no \"v9\" in the circuit\n"
     "doAnalyses: no such device\n",
     "x: Fatal error: DC Transfer Function: no \"v9\" in the circuit; "
     "doAnalyses: no such device",
     TP_SIM_FAILED, true, true},
    {"Error: parameter 'foo' not found,\ncommand 'alterparam' skipped\n",
     "x: Error: parameter 'foo' not found,", TP_SIM_FAILED, true, false},
    {"Error on line 7 or its substitute:\nd1 b 0 nomod\n"
     "could not find a valid modelname\n",
     "x: could not find a valid modelname (in: d1 b 0 nomod)", TP_SIM_FAILED,
     true, false},
    {"Error: no such function 'f'\nError: no such function 'f'\n",
     "x: Error: no such function 'f'", TP_SIM_FAILED, true, false},
    {"Note: Transient op finished successfully\n", "x: ngspice gave no reason",
     TP_NO_CONVERGENCE, false, false},
    {"", "x: ngspice gave no reason", TP_SIM_FAILED, false, false},
};

static void test_words__keep_what_matters(void)
{
    for (int i = 0; i < TP_COUNT(words); i++) {
        tp_words w = said(words[i].said);
        CHECK_STR(tp_words_text(&w, TP_S("x"), check_mem()), words[i].text);
        CHECK_INT(tp_words_outcome(&w), words[i].how);
        CHECK_INT(w.error, words[i].error);
        CHECK_INT(w.aborted, words[i].aborted);
    }
}

static void test_words__have_an_end(void)
{
    tp_words w;
    tp_words_clear(&w);
    for (int i = 0; i < 10000; i++)
        tp_words_add(&w, tp_str_fmt(check_mem(),
                                    "Error: trouble %d of a long "
                                    "story that goes on",
                                    i));
    CHECK(w.len < TP_WORDS_MAX && w.len == (int)strlen(w.text));
    CHECK_HAS(tp_str_of(w.text), "trouble 0 of");
}

static void test_words__find_their_line(void)
{
    static const char text[] = "* d1 in the title\nr1 a b 1\n* d1\n"
                               ".subckt s a b\nd1 a b dm\n+ area={zz}\n.ends\n"
                               "d1 c 0 dm\n.end\n";
    static const struct {
        const char *said;
        int         line;
    } rows[] = {
        {"Error on line 8 or its substitute:\nd1 c 0 dm\nbad\n", 8},
        {"Error on line 0 or its substitute:\nd.x1.d1 a b dm\nbad\n", 5},
        {"Undefined parameter [zz]\n", 6},
        {"Undefined parameter [z]\n", 0},
        {"Error: unknown subckt: R1 a b 1\n", 2},
        {"Error: no idea\n", 0},
    };
    for (int i = 0; i < TP_COUNT(rows); i++) {
        tp_words w = said(rows[i].said);
        CHECK_INT(tp_words_line(&w, tp_str_of(text)), rows[i].line);
    }
}

static const check_test tests[] = {
    CHECK_TEST(test_fake__computes_its_formulas),
    CHECK_TEST(test_fake__sweeps),
    CHECK_TEST(test_fake__skips_what_is_not_wanted),
    CHECK_TEST(test_fake__makes_trouble_where_it_is_told),
    CHECK_TEST(test_fake__refuses_other_words),
    CHECK_TEST(test_sims__are_found_by_name),
    CHECK_TEST(test_words__keep_what_matters),
    CHECK_TEST(test_words__have_an_end),
    CHECK_TEST(test_words__find_their_line),
    {0},
};

int main(void)
{
    return check_main(tests);
}
