/* A simulator in a worker process: the same answers as in this one, and the
   circuit as it was whatever happens to the process. This program is its own
   worker. */
#include "check.h"
#include "circuits.h"
#include "exec/exec.h"
#include "exec/frame.h"
#include "sim/parts.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- the worker, which misbehaves when told to ------------------- */

static tp_str broken_frame(void)
{
    char head[TP_FRAME_HEAD];
    memset(head, 'x', sizeof head);
    if (write(3, head, sizeof head) != (ssize_t)sizeof head) _exit(2);
    return TP_S("");
}

static void spin(void)
{
    for (volatile bool on = true; on;) continue;
}

static tp_str own_pid(tp_arena *mem)
{
    tp_remote_answer a = {.result.how = TP_RAN};
    a.result.text = tp_str_fmt(mem, "%d", (int)getpid());
    return tp_remote_answer_pack(&a, mem);
}

static tp_str misbehave(void *with, tp_str bytes, tp_arena *mem)
{
    tp_remote_ask ask;
    tp_err        err = {0};
    tp_str        word = TP_S("");
    if (tp_remote_ask_unpack(&ask, bytes, mem, &err) == TP_OK && ask.n > 0)
        word = ask.text[ask.n - 1];
    if (tp_str_eq(word, TP_S("rusage garbage"))) return TP_S("garbage");
    if (tp_str_eq(word, TP_S("rusage nothing"))) return TP_S("");
    if (tp_str_eq(word, TP_S("rusage frame"))) return broken_frame();
    if (tp_str_eq(word, TP_S("rusage die"))) raise(SIGKILL);
    if (tp_str_eq(word, TP_S("rusage leave"))) _exit(7);
    if (tp_str_eq(word, TP_S("rusage spin"))) spin();
    if (tp_str_eq(word, TP_S("rusage sleep"))) sleep(1000);
    if (tp_str_eq(word, TP_S("rusage pid"))) return own_pid(mem);
    return tp_remote_work(with, bytes, mem);
}

/* ---- the session's side ------------------------------------------ */

static const tp_sim_ops *const ops = &tp_sim_remote;
static tp_sim                  sim;

static void end(void)
{
    ops->close(&sim);
    tp_arena_close(&sim.mem);
}

static bool start(const char *settings, const char *text, const char *params)
{
    static const char *const one[] = {"op", NULL};
    tp_err                   err = {0};
    sim = (tp_sim){.mem = tp_arena_open(1 << 26)};
    sim.settings = tp_sim_settings(ops, &sim.mem);
    CHECK_OK(tp_params_set_list(ops->params, sim.settings, tp_str_of(settings),
                                &sim.mem, &err),
             &err);
    return CHECK_OK(ops->open(&sim, &err), &err) &&
           CHECK_OK(ops->load(&sim, circuit_of(text, params, one, check_mem()),
                              &err),
                    &err);
}

static tp_sim_result say(const char *command)
{
    tp_sim_result out = {0};
    tp_err        err = {0};
    CHECK_OK(ops->command(&sim, tp_str_of(command), check_mem(), &out, &err),
             &err);
    return out;
}

static tp_sim_result works(const char *command)
{
    tp_sim_result out = say(command);
    if (!CHECK_INT(out.how, TP_RAN))
        printf("%s: %.*s\n", command, TP_F(out.why));
    return out;
}

static double asked(const char *name)
{
    tp_wave out = {0};
    tp_err  err = {0};
    CHECK_OK(ops->query(&sim, tp_str_of(name), check_mem(), &out, &err), &err);
    if (CHECK_INT(out.n, 1)) return out.re[0];
    printf("%s: %.*s\n", name, TP_F(out.name));
    return NAN;
}

static pid_t worker(void)
{
    double pid = 0;
    CHECK(tp_number_all(works("rusage pid").text, &pid));
    return (pid_t)pid;
}

static void kill_worker(void)
{
    pid_t pid = worker();
    CHECK(pid > 1 && pid != getpid() && kill(pid, SIGKILL) == 0);
}

static double out_at(const char *command)
{
    tp_sim_result  r = works(command);
    const tp_wave *w =
        r.waves.n > 0 ? tp_plot_find(&r.waves.plot[0], TP_S("out")) : NULL;
    return CHECK(w != NULL) ? w->re[w->n - 1] : NAN;
}

static void test_remote__answers_like_the_simulator(void)
{
    if (!start("", rc_text, "r c")) return;
    CHECK_NEAR(out_at("op"), 0.5, 1e-9);
    works("alter r1 = 3k");
    CHECK_NEAR(asked("@r1[resistance]"), 3000, 0);
    CHECK_NEAR(out_at("op"), 0.25, 1e-9);
    tp_sim_result r = works("ac dec 5 1 1meg");
    if (CHECK_INT(r.waves.n, 1)) {
        const tp_plot *p = &r.waves.plot[0];
        CHECK_STR(p->ordinal, "ac1");
        CHECK_STR(p->x_name, "frequency");
        CHECK_INT(p->wave[0].n, 31);
        CHECK(p->wave[1].x == p->wave[0].re && p->wave[1].im != NULL);
    }
    CHECK_INT(works("noise v(out) v1 dec 1 1 10 1").waves.n, 2);
    r = say("alter nosuch x = 1");
    CHECK_INT(r.how, TP_SIM_FAILED);
    CHECK_HAS(r.why, "no such device or model name nosuch");
    r = say("shell ls");
    CHECK_INT(r.how, TP_SIM_FAILED);
    CHECK_HAS(works("show r1").text, "resistance");
    tp_wave w;
    CHECK_OK(ops->query(&sim, TP_S("@no[x]"), check_mem(), &w, NULL), NULL);
    CHECK_INT(w.n, 0);
    CHECK_HAS(w.name, "no such device");
    end();
}

static void test_remote__alters_survive_kill(void)
{
    if (!start("", rc_text, "r c")) return;
    kill_worker(); /* nothing changed yet */
    CHECK_NEAR(out_at("op"), 0.5, 1e-9);
    works("alterparam r = 2k");
    works("reset");
    works("alter r2 = 6k");
    works("alter r2 = 4k");
    works("altermod dm is = 1e-13");
    works("option temp = 50");
    works("save out @r1[resistance]");
    pid_t before = worker();
    kill_worker();
    CHECK_NEAR(asked("@r1[resistance]"), 2000, 0);
    CHECK(worker() != before);
    CHECK_NEAR(asked("@r2[resistance]"), 4000, 0);
    CHECK_NEAR(asked("@dm[is]"), 1e-13, 1e-28);
    tp_sim_result r = works("op");
    CHECK_INT(r.waves.plot[0].n_wave, 2);
    kill_worker();
    CHECK_NEAR(out_at("op"), 4.0 / 6, 1e-9);
    kill_worker(); /* a change is said to the fresh one, too */
    works("alter r1 = 4k");
    CHECK_NEAR(out_at("op"), 0.5, 1e-9);
    CHECK_HAS(works("option").text, "temp = 323.15");
    works("reset");
    kill_worker();
    CHECK_NEAR(asked("@r1[resistance]"), 2000, 0);
    CHECK_NEAR(asked("@r2[resistance]"), 1000, 0);
    end();
}

static void test_remote__a_death_is_a_failed_command(void)
{
    if (!start("", rc_text, "r c")) return;
    works("alter r1 = 3k");
    tp_sim_result r = say("rusage die");
    CHECK_INT(r.how, TP_DIED);
    CHECK_HAS(r.why, "ended by signal 9");
    CHECK_NEAR(asked("@r1[resistance]"), 3000, 0);
    r = say("rusage leave");
    CHECK_INT(r.how, TP_DIED);
    CHECK_HAS(r.why, "with status 7");
    CHECK_NEAR(out_at("op"), 0.25, 1e-9);
    static const char *const bad[] = {"rusage garbage", "rusage nothing",
                                      "rusage frame"};
    for (int i = 0; i < TP_COUNT(bad); i++) {
        r = say(bad[i]);
        CHECK_INT(r.how, TP_DIED);
        CHECK(r.why.len > 0);
        CHECK_NEAR(asked("@r1[resistance]"), 3000, 0);
    }
    end();
}

static void test_remote__a_hang_is_a_failed_command(void)
{
    if (!start("seconds=0.2,grace=0.5", rc_text, "r c")) return;
    works("alter r1 = 3k");
    double        begun = tp_now();
    tp_sim_result r = say("rusage spin"); /* CPU */
    CHECK_INT(r.how, TP_TIMED_OUT);
    CHECK_STR(r.why, "the simulator was over its time limit (0.2 s)");
    CHECK_NEAR(out_at("op"), 0.25, 1e-9);
    CHECK_INT(say("rusage sleep").how, TP_TIMED_OUT); /* wall */
    CHECK_NEAR(out_at("op"), 0.25, 1e-9);
    CHECK(tp_now() - begun < 30);
    r = say("tran 1n 1000"); /* more than there is time for */
    CHECK(r.how == TP_TIMED_OUT || r.how == TP_DIED || r.how == TP_SIM_FAILED);
    CHECK_NEAR(out_at("op"), 0.25, 1e-9);
    end();
}

static volatile int stop;

static void on_alarm(int signal)
{
    (void)signal;
    stop = 1;
}

static void test_remote__the_user_can_stop_it(void)
{
    if (!start("", rc_text, "r c")) return;
    works("alter r1 = 3k");
    sim.stop = &stop;
    signal(SIGALRM, on_alarm);
    alarm(1);
    tp_sim_result r = say("rusage spin");
    CHECK_INT(r.how, TP_SIM_FAILED);
    CHECK_STR(r.why, "stopped by the user");
    stop = 0;
    CHECK_NEAR(out_at("op"), 0.25, 1e-9);
    end();
}

/* The root of a negative parameter: ngspice has no circuit after that. */
static void test_remote__a_lost_circuit_comes_back(void)
{
    static const char deck[] = "* divides\n.param r=1k\n.param g={sqrt(r)}\n"
                               "v1 in 0 1\nr1 in out {g*g}\n"
                               "r2 out 0 1k\n.end\n";
    if (!start("", deck, "r")) return;
    works("alter r2 = 3k");
    works("alterparam r = -1");
    tp_sim_result r = say("reset");
    CHECK_INT(r.how, TP_SIM_FAILED);
    CHECK(r.why.len > 0);
    CHECK_NEAR(out_at("op"), 0.75, 1e-9);
    works("alterparam r = 3k");
    works("reset");
    CHECK_NEAR(out_at("op"), 0.25, 1e-9);
    end();
}

static void test_remote__a_bad_circuit_is_refused_with_its_line(void)
{
    static const char *const one[] = {"op", NULL};
    static const char bad[] = "* bad\nv1 1 0 1\nq1 1 0 0 nomodel\n.end\n";
    tp_err            err = {0};
    sim = (tp_sim){.mem = tp_arena_open(1 << 26)};
    sim.settings = tp_sim_settings(ops, &sim.mem);
    CHECK_OK(ops->open(&sim, &err), &err);
    CHECK_INT(ops->load(&sim, circuit_of(bad, "", one, check_mem()), &err),
              TP_BAD_INPUT);
    CHECK_INT(err.line, 3);
    CHECK_HAS(tp_str_of(err.msg), "nomodel");
    end();
}

static void test_remote__runs_any_simulator(void)
{
    if (!start("simulator=\"fake,points=5\"", "* fake\n", "a b")) return;
    works("alter a = 3");
    CHECK_INT(works("ac dec 1 1 10").waves.plot[0].wave[0].n, 31);
    kill_worker();
    CHECK_NEAR(out_at("op"), 4, 0);
    end();
    if (!start("simulator=\"fake,trouble=\"\"lost:a>5 crash:b>5\"\"\"",
               "* fake\n", "a b"))
        return;
    works("alter a = 6");
    tp_sim_result r = say("op"); /* TP_SIM there is a failed command here */
    CHECK_INT(r.how, TP_SIM_FAILED);
    CHECK_HAS(r.why, "told to be lost");
    CHECK_NEAR(asked("@a[value]"), 6, 0);
    works("alter a = 2");
    works("alter b = 6");
    CHECK_INT(say("op").how, TP_DIED);
    works("alter b = 5");
    CHECK_NEAR(out_at("op"), 2 + 5, 0);
    end();
}

static void test_remote__many_changes_stay_small(void)
{
    if (!start("simulator=fake", "* fake\n", "a b")) return;
    for (int i = 0; i < 5000; i++)
        works(i % 2 ? "alter a = 2.5" : "alter a = 3.5");
    kill_worker();
    double begun = tp_now();
    CHECK_NEAR(asked("@a[value]"), 2.5, 0);
    CHECK(tp_now() - begun < 5);
    end();
}

static void test_remote__only_its_own_bytes_are_read(void)
{
    tp_circuit               c;
    tp_str                   simulator, bytes;
    tp_remote_ask            ask = {.n = 1, .text = &simulator}, got;
    tp_remote_answer         answer = {.result.how = TP_DIED}, back;
    static const char *const one[] = {"op", NULL};
    simulator = TP_S("ngspice");
    bytes = tp_remote_load_pack(
        simulator, circuit_of(rc_text, "r c", one, check_mem()), check_mem());
    CHECK_OK(tp_remote_load_unpack(&simulator, &c, bytes, check_mem(), NULL),
             NULL);
    CHECK_STR(c.text, rc_text);
    for (ptrdiff_t n = 0; n < bytes.len; n++)
        CHECK(tp_remote_load_unpack(&simulator, &c, tp_str_part(bytes, 0, n),
                                    check_mem(), NULL) != TP_OK);
    bytes = tp_remote_ask_pack(&ask, check_mem());
    CHECK_OK(tp_remote_ask_unpack(&got, bytes, check_mem(), NULL), NULL);
    for (ptrdiff_t n = 0; n < bytes.len; n++)
        CHECK(tp_remote_ask_unpack(&got, tp_str_part(bytes, 0, n), check_mem(),
                                   NULL) != TP_OK);
    bytes = tp_remote_answer_pack(&answer, check_mem());
    CHECK_OK(tp_remote_answer_unpack(&back, bytes, check_mem(), NULL), NULL);
    CHECK_INT(back.result.how, TP_DIED);
    for (ptrdiff_t n = 0; n < bytes.len; n++)
        CHECK(tp_remote_answer_unpack(&back, tp_str_part(bytes, 0, n),
                                      check_mem(), NULL) != TP_OK);
}

static const check_test tests[] = {
    CHECK_TEST(test_remote__answers_like_the_simulator),
    CHECK_TEST(test_remote__alters_survive_kill),
    CHECK_TEST(test_remote__a_death_is_a_failed_command),
    CHECK_TEST(test_remote__a_hang_is_a_failed_command),
    CHECK_TEST(test_remote__the_user_can_stop_it),
    CHECK_TEST(test_remote__a_lost_circuit_comes_back),
    CHECK_TEST(test_remote__a_bad_circuit_is_refused_with_its_line),
    CHECK_TEST(test_remote__runs_any_simulator),
    CHECK_TEST(test_remote__many_changes_stay_small),
    CHECK_TEST(test_remote__only_its_own_bytes_are_read),
    {0},
};

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "worker") == 0)
        return tp_exec_serve(3, tp_remote_work_load, misbehave);
    return check_main(tests);
}
