/* A fresh `ngspice -b` a point: the same bits as the embedded ngspice, and
   every way a program can fail. */
#include "apart.h"
#include "check.h"
#include "circuits.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static bool start(tp_sim *sim, const char *name, const char *settings,
                  const tp_circuit *c)
{
    tp_err            err = {0};
    const tp_sim_ops *ops = tp_sim_find(tp_str_of(name));
    *sim = (tp_sim){.mem = tp_arena_open(1 << 24)};
    sim->settings = tp_sim_settings(ops, &sim->mem);
    return CHECK_OK(tp_params_set_list(ops->params, sim->settings,
                                       tp_str_of(settings), &sim->mem, &err),
                    &err) &&
           CHECK_OK(ops->open(sim, &err), &err) &&
           CHECK_OK(ops->load(sim, c, &err), &err);
}

static void stop(tp_sim *sim, const char *name)
{
    tp_sim_find(tp_str_of(name))->close(sim);
    tp_arena_close(&sim->mem);
}

static tp_sim_result run(tp_sim *sim, const char *name, const double *v)
{
    tp_sim_result out;
    tp_err        err = {0};
    CHECK_OK(tp_sim_find(tp_str_of(name))
                 ->run(sim, v, NULL, check_mem(), &out, &err),
             &err);
    if (out.how != TP_RAN)
        printf("%s: %s: %.*s\n", name, tp_outcome_word(out.how), TP_F(out.why));
    return out;
}

static void compare(const tp_circuit *c, const double *from, int n)
{
    tp_sim a, b;
    if (!start(&a, "ngspice", "", c) || !start(&b, "spawn", "", c)) return;
    for (uint64_t k = 0; k < 6; k++) {
        tp_rng rng = tp_rng_at(11, k);
        double v[8];
        for (int i = 0; i < n; i++)
            v[i] =
                k == 0 ? from[i] : from[i] * exp(2 * tp_rng_uniform(&rng) - 1);
        tp_sim_result ra = run(&a, "ngspice", v), rb = run(&b, "spawn", v);
        CHECK(ra.how == TP_RAN && rb.how == TP_RAN);
        CHECK_INT(first_difference(&ra.waves, &rb.waves), -1);
        CHECK(rb.seconds > 0);
    }
    stop(&a, "ngspice");
    stop(&b, "spawn");
}

static void amp(void)
{
    const char *const commands[] = {"ac dec 25 1k 1g", "tran 10n 10u 0 10n",
                                    NULL};
    tp_circuit *c = circuit_of(amp_text, "rcurr rtail rcoll routput", commands,
                               check_mem());
    analysis_of(c, 0)->op = true;
    compare(c, amp_start, 4);
}

static void test_spawn__gives_the_bits_of_the_embedded_one(void)
{
    apart(amp);
}

static void kinds(void)
{
    const char *const commands[] = {"tran 1u 2m 0 10u",
                                    "ac dec 5 1 1meg",
                                    "noise v(out) v1 dec 2 1 1k",
                                    "dc v1 0 2 0.5",
                                    "tf v(out) v1",
                                    "ac dec 3 10 1k",
                                    "op",
                                    NULL};
    static tp_str     save[] = {{"@d1[id]", 7}};
    tp_circuit       *c = circuit_of(rc_text, "r c", commands, check_mem());
    c->save = save;
    c->n_save = 1;
    analysis_of(c, 0)->op = analysis_of(c, 5)->op = true;
    analysis_of(c, 6)->op = true;
    compare(c, rc_start, 2);
}

static void test_spawn__knows_every_kind_of_analysis(void)
{
    apart(kinds);
}

static void sweeps(void)
{
    static const double v[] = {500, 1000, 4000}, t[] = {0, 50};
    const char *const   commands[] = {"op", "op", "op", "ac lin 1 1k 1k",
                                      "op", NULL};
    tp_circuit         *c = circuit_of(rc_text, "r c", commands, check_mem());
    for (int i = 0; i < 3; i++) /* what ".dc V1 DEC" is read as */
        analysis_of(c, i)->kind = TP_S("dc");
    analysis_of(c, 0)->sweep =
        (tp_sweep){TP_SWEEP_DEVICE, TP_S("r2"), TP_S(""), TP_S("Ohm"), 3, v};
    analysis_of(c, 1)->sweep =
        (tp_sweep){TP_SWEEP_TEMP, TP_S("temp"), TP_S(""), TP_S("degC"), 2, t};
    analysis_of(c, 2)->sweep =
        (tp_sweep){TP_SWEEP_PARAM, TP_S("r"), TP_S(""), TP_S(""), 3, v};
    analysis_of(c, 3)->sweep =
        (tp_sweep){TP_SWEEP_DEVICE, TP_S("e1"), TP_S(""), TP_S(""), 3, v};
    compare(c, rc_start, 2);
}

static void test_spawn__sweeps_as_the_embedded_one(void)
{
    apart(sweeps);
}

/* A source of 1 V that is 0.2 V at time 0: the transient starts from there,
   and a DC analysis doesn't. */
static void begins(void)
{
    static const char text[] =
        "* pulse\n.param p=1000\nv1 in 0 dc 1 pulse(0.2 0.8 1u 1n 1n 5u 10u)\n"
        "r1 in out {p}\nr2 out 0 1k\n.end\n";
    const char *const commands[] = {
        "tran 1u 3u 0 100n", "tran 1u 3u 0 100n uic", "tran 1u 3u 2u 100n",
        "ac lin 1 1k 1k", NULL};
    const double v[] = {1000};
    tp_circuit  *c = circuit_of(text, "p", commands, check_mem());
    for (int i = 0; i < 4; i++) analysis_of(c, i)->op = true;
    compare(c, v, 1);
    for (int k = 0; k < 2; k++) {
        const char *name = k ? "spawn" : "ngspice";
        tp_sim      sim;
        if (!start(&sim, name, "", c)) return;
        tp_sim_result r = run(&sim, name, v);
        if (!CHECK_INT(r.waves.n, 8)) return;
        const tp_wave *out = tp_plot_find(&r.waves.plot[4], TP_S("out"));
        if (!CHECK(out != NULL)) return;
        CHECK_NEAR(out->re[0], 0.1, 1e-12);
        CHECK(out->n == 1 && !out->x);
        CHECK(!tp_plot_find(&r.waves.plot[4], TP_S("time")));
        CHECK_INT(r.waves.plot[5].n_wave, 0);
        CHECK_INT(r.waves.plot[6].n_wave, 0);
        out = tp_plot_find(&r.waves.plot[7], TP_S("out"));
        if (CHECK(out != NULL)) CHECK_NEAR(out->re[0], 0.5, 1e-12);
        stop(&sim, name);
    }
}

static void test_spawn__a_transient_has_its_own_operating_point(void)
{
    apart(begins);
}

/* A script that stands for the program. */
static tp_str script(const char *body, char path[40])
{
    snprintf(path, 40, "/tmp/test-spawn-XXXXXX");
    int    fd = mkstemp(path);
    tp_str text = tp_str_fmt(check_mem(), "#!/bin/sh\n%s\n", body);
    CHECK(fd >= 0 && write(fd, text.at, (size_t)text.len) == text.len);
    CHECK(fchmod(fd, 0700) == 0);
    close(fd);
    return tp_str_fmt(check_mem(), "binary=%s,seconds=0.5%c", path, '\0');
}

/* ---- commands -------------------------------------------------------- */

static tp_sim_result say(tp_sim *sim, const char *name, const char *command)
{
    tp_sim_result out = {0};
    tp_err        err = {0};
    CHECK_OK(tp_sim_find(tp_str_of(name))
                 ->command(sim, tp_str_of(command), check_mem(), &out, &err),
             &err);
    return out;
}

static tp_wave ask(tp_sim *sim, const char *name, const char *quantity)
{
    tp_wave out = {0};
    tp_err  err = {0};
    CHECK_OK(tp_sim_find(tp_str_of(name))
                 ->query(sim, tp_str_of(quantity), check_mem(), &out, &err),
             &err);
    return out;
}

/* A session: changes last, a reset takes back all but parameters, and
   parameters count from the reset on. */
static void session(void)
{
    static const char *const line[] = {
        "op",
        "alter r2 = 3k",
        "op",
        "alter @x1.r1[resistance] = 700",
        "ac dec 3 10 1k",
        "alterparam r=2500",
        "op",
        "reset",
        "op",
        "tran 1u 100u",
        "altermod dm is = 1e-13",
        "option temp=80",
        "save all @d1[id]",
        "dc v1 0 1 0.25",
        "noise v(out) v1 dec 2 1 1k",
        "alterparam c=2u",
        "alterparam r=300",
        "reset",
        "tf v(out) v1",
        "alter @v1[pulse] = [ 0 2 0 1u 1u 1 2 ]",
        "tran 1u 50u",
    };
    const char *const none[] = {NULL};
    tp_circuit       *c = circuit_of(rc_text, "r c", none, check_mem());
    tp_sim            a, b;
    if (!start(&a, "ngspice", "", c) || !start(&b, "spawn", "", c)) return;
    for (int i = 0; i < TP_COUNT(line); i++) {
        tp_sim_result ra = say(&a, "ngspice", line[i]);
        tp_sim_result rb = say(&b, "spawn", line[i]);
        CHECK(ra.how == TP_RAN && rb.how == TP_RAN);
        bool same = ra.waves.n + rb.waves.n == 0 ||
                    first_difference(&ra.waves, &rb.waves) < 0;
        if (!CHECK(same)) printf("after '%s'\n", line[i]);
        for (int k = 0; k < ra.waves.n && k < rb.waves.n; k++)
            CHECK(
                tp_str_eq(ra.waves.plot[k].ordinal, rb.waves.plot[k].ordinal));
    }
    tp_wave ra = ask(&a, "ngspice", "@r1[resistance]");
    tp_wave rb = ask(&b, "spawn", "@r1[resistance]");
    if (CHECK(ra.n == 1 && rb.n == 1))
        CHECK(ra.re[0] == 300 && rb.re[0] == 300);
    CHECK_INT(ask(&b, "spawn", "@nothing[resistance]").n, 0);
    stop(&a, "ngspice");
    stop(&b, "spawn");
}

static void test_spawn__follows_a_session_as_the_embedded_one(void)
{
    apart(session);
}

static void test_spawn__refuses_what_a_session_may_not_say(void)
{
    const char *const none[] = {NULL};
    tp_circuit       *c = circuit_of(rc_text, "r c", none, check_mem());
    tp_sim            b;
    if (!start(&b, "spawn", "", c)) return;
    CHECK_INT(say(&b, "spawn", "shell touch /tmp/x").how, TP_SIM_FAILED);
    CHECK_INT(say(&b, "spawn", "alter m1 = 3").how, TP_SIM_FAILED);
    tp_sim_result r = say(&b, "spawn", "alterparam s p=5");
    CHECK_HAS(r.why, "sub-circuit");
    r = say(&b, "spawn", "dc v9 0 1 0.25");
    CHECK_INT(r.how, TP_SIM_FAILED);
    CHECK_INT(r.waves.n, 0);
    stop(&b, "spawn");
}

/* Without pseudo-transients and with options of its own. */
static void test_spawn__has_options_of_its_own(void)
{
    const char *const commands[] = {"op", NULL};
    const double      v[] = {1000, 1e-6};
    tp_circuit       *c = circuit_of(rc_text, "r c", commands, check_mem());
    double            at[3];
    const char *const settings[] = {"", "optran=off", "reltol=1e-9,gmin=1e-6"};
    for (int i = 0; i < 3; i++) {
        tp_sim sim;
        if (!start(&sim, "spawn", settings[i], c)) return;
        tp_sim_result r = run(&sim, "spawn", v);
        if (!CHECK_INT(r.waves.n, 1)) return;
        at[i] = tp_plot_find(&r.waves.plot[0], TP_S("1"))->re[0];
        stop(&sim, "spawn");
    }
    CHECK(at[0] == at[1]);
    CHECK(at[2] != at[0]);
    CHECK_NEAR(at[2], at[0], 1e-2);
}

/* In ngspice's mode `hsa` a .lib's name may be quoted and `;` stays; what can
   be seen from outside is that the mode reaches the program. */
static void test_spawn__passes_the_mode_of_compatibility(void)
{
    char              path[40];
    tp_str            settings = script("echo \"Error: $*\" >&2", path);
    tp_sim            sim;
    const char *const commands[] = {"op", NULL};
    const double      v[] = {1};
    tp_circuit *c = circuit_of("* fine\n.param p=1\nv1 a 0 {p}\nr1 a 0 1\n"
                               ".end\n",
                               "p", commands, check_mem());
    c->behaviour = TP_S("hsa");
    tp_sim_result out = {0};
    if (!start(&sim, "spawn", settings.at, c)) return;
    tp_sim_find(TP_S("spawn"))->run(&sim, v, NULL, check_mem(), &out, NULL);
    CHECK_HAS(out.why, "-D ngbehavior=hsa");
    stop(&sim, "spawn");
    unlink(path);
}

/* ---- failures ---------------------------------------------------- */

static tp_sim_result fail_with(const char *text, const char *command,
                               const char *settings)
{
    const char *const commands[] = {command, NULL};
    tp_circuit       *c = circuit_of(text, "p", commands, check_mem());
    tp_sim            sim;
    tp_sim_result     out = {0};
    tp_err            err = {0};
    const double      v[] = {1};
    if (!start(&sim, "spawn", settings, c)) return out;
    CHECK_OK(
        tp_sim_find(TP_S("spawn"))->run(&sim, v, NULL, check_mem(), &out, &err),
        &err);
    stop(&sim, "spawn");
    CHECK_INT(out.waves.n, 0);
    return out;
}

static void test_spawn__reports_what_does_not_converge(void)
{
    tp_sim_result r = fail_with("* loop of sources\n.param p=1\nv1 a 0 {p}\n"
                                "v2 a 0 2\nr1 a 0 1\n.end\n",
                                "op", "");
    CHECK_INT(r.how, TP_NO_CONVERGENCE);
    CHECK(r.why.len > 10);
}

static void test_spawn__reports_a_bad_circuit(void)
{
    tp_sim_result r = fail_with("* no model\n.param p=1\nv1 a 0 1\n"
                                "d1 a 0 nomod\n.end\n",
                                "op", "");
    CHECK_INT(r.how, TP_SIM_FAILED);
    CHECK_HAS(r.why, "could not find a valid modelname");
    CHECK_HAS(r.why, "d1 a 0 nomod");
}

static const char fine[] = "* fine\n.param p=1\nv1 a 0 {p}\nr1 a 0 1\n.end\n";

static void test_spawn__survives_its_program(void)
{
    static const struct {
        const char *body, *why;
        tp_outcome  how;
    } rows[] = {
        {"sleep 60", "over 0.5 s", TP_TIMED_OUT},
        {"kill -SEGV $$", "ended by signal 11", TP_DIED},
        {"exit 3", "out.raw", TP_SIM_FAILED},
        {"echo 'Error: no way' >&2", "Error: no way", TP_SIM_FAILED},
        {"echo nonsense > out.raw", "", TP_SIM_FAILED},
        {": > out.raw", "", TP_SIM_FAILED},
        {"exec ngspice \"$@\" 2>/dev/null", NULL, TP_RAN},
        {"echo 'Note: Transient op finished successfully' >&2; exec ngspice "
         "\"$@\"",
         "transient op", TP_NO_CONVERGENCE},
    };
    for (int i = 0; i < TP_COUNT(rows); i++) {
        char   path[40];
        tp_str settings = script(rows[i].body, path);
        if (rows[i].how == TP_RAN) {
            unlink(path);
            continue;
        }
        tp_sim_result r = fail_with(fine, "op", settings.at);
        CHECK_INT(r.how, rows[i].how);
        CHECK_HAS(r.why, rows[i].why);
        unlink(path);
    }
    tp_sim_result r = fail_with(fine, "op", "binary=/nowhere/ngspice");
    CHECK_INT(r.how, TP_DIED);
    CHECK_HAS(r.why, "can't start /nowhere/ngspice: No such file");
    errno = 0;
    CHECK(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
}

/* ---- other programs ------------------------------------------------------ */

static tp_str standin(const char *more)
{
    char *path = realpath("test/standin/batch", NULL);
    CHECK(path != NULL);
    tp_str text =
        tp_str_fmt(check_mem(), "%s,binary=%s%c", more, path ? path : "", '\0');
    (free)(path);
    return text;
}

/* One analysis a run, by a row and by settings alone: the same bits. */
static void test_spawn__other_programs_are_a_row_or_settings(void)
{
    static const char *const more[] = {
        "program=xyce", "arguments=\"-r {raw} {deck}\",raw=own.bin,apart=on"};
    const char *const commands[] = {"tran 1u 2m 0 10u",
                                    "ac dec 5 1 1meg",
                                    "ac dec 3 10 1k",
                                    "dc v1 0 2 0.5",
                                    "op",
                                    NULL};
    tp_circuit       *c = circuit_of(rc_text, "r c", commands, check_mem());
    analysis_of(c, 1)->op = true;
    for (int i = 0; i < TP_COUNT(more); i++) {
        tp_sim a, b;
        if (!start(&a, "spawn", "", c)) return;
        if (!start(&b, "spawn", standin(more[i]).at, c)) return;
        tp_sim_result ra = run(&a, "spawn", rc_start);
        tp_sim_result rb = run(&b, "spawn", rc_start);
        CHECK(ra.how == TP_RAN && rb.how == TP_RAN);
        CHECK_INT(first_difference(&ra.waves, &rb.waves), -1);
        stop(&a, "spawn");
        stop(&b, "spawn");
    }
}

/* The settings matter: without `apart` this program refuses the deck, and says
   so in its own words. */
static void test_spawn__other_programs_fail_in_their_words(void)
{
    const char *const commands[] = {"ac dec 5 1 1meg", "dc v1 0 2 0.5", NULL};
    tp_circuit       *c = circuit_of(rc_text, "r c", commands, check_mem());
    tp_sim            sim;
    if (!start(&sim, "spawn", standin("arguments=\"-r {raw} {deck}\"").at, c))
        return;
    tp_sim_result r;
    tp_err        err = {0};
    tp_sim_find(TP_S("spawn"))
        ->run(&sim, rc_start, NULL, check_mem(), &r, &err);
    CHECK_INT(r.how, TP_SIM_FAILED);
    CHECK_HAS(r.why, "2 analyses, one is allowed");
    stop(&sim, "spawn");
    r = fail_with("* fine\n.param p=1\nv1 a 0 {p}\nr1 a 0 1\n.end\n", "op",
                  "arguments=\"-r 'open\"");
    CHECK_INT(r.how, TP_DIED);
    CHECK_HAS(r.why, "arguments: a quote is not closed");
}

static int sleepers(void)
{
    FILE *f = (popen)("ps -eo args | grep -c '^sleep 3333$'", "r");
    int   n = -1;
    if (!f || fscanf(f, "%d", &n) != 1) n = -1;
    if (f) (pclose)(f);
    return n;
}

/* What the program started is killed with it. */
static void test_spawn__the_whole_group_is_killed(void)
{
    int before = sleepers();
    setenv("TRIMPOT_BATCH", "orphan", 1);
    tp_sim_result r =
        fail_with("* fine\n.param p=1\nv1 a 0 {p}\nr1 a 0 1\n.end\n", "op",
                  standin("program=xyce,seconds=0.5").at);
    unsetenv("TRIMPOT_BATCH");
    CHECK_INT(r.how, TP_TIMED_OUT);
    CHECK_HAS(r.why, "over 0.5 s");
    CHECK_INT(sleepers(), before);
}

/* ... and when this process dies. */
static void test_spawn__nothing_outlives_this_process(void)
{
    int before = sleepers(), tries = 0;
    setenv("TRIMPOT_BATCH", "orphan", 1);
    pid_t pid = fork();
    if (pid == 0) {
        fail_with("* fine\n.param p=1\nv1 a 0 {p}\nr1 a 0 1\n.end\n", "op",
                  standin("program=xyce,seconds=100").at);
        _exit(0);
    }
    unsetenv("TRIMPOT_BATCH");
    while (sleepers() == before && tries++ < 100) usleep(50000);
    CHECK(sleepers() > before);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    for (tries = 0; sleepers() > before && tries < 100; tries++) usleep(50000);
    CHECK_INT(sleepers(), before);
}

static const check_test tests[] = {
    CHECK_TEST(test_spawn__gives_the_bits_of_the_embedded_one),
    CHECK_TEST(test_spawn__knows_every_kind_of_analysis),
    CHECK_TEST(test_spawn__sweeps_as_the_embedded_one),
    CHECK_TEST(test_spawn__a_transient_has_its_own_operating_point),
    CHECK_TEST(test_spawn__follows_a_session_as_the_embedded_one),
    CHECK_TEST(test_spawn__refuses_what_a_session_may_not_say),
    CHECK_TEST(test_spawn__has_options_of_its_own),
    CHECK_TEST(test_spawn__passes_the_mode_of_compatibility),
    CHECK_TEST(test_spawn__reports_what_does_not_converge),
    CHECK_TEST(test_spawn__reports_a_bad_circuit),
    CHECK_TEST(test_spawn__survives_its_program),
    CHECK_TEST(test_spawn__other_programs_are_a_row_or_settings),
    CHECK_TEST(test_spawn__other_programs_fail_in_their_words),
    CHECK_TEST(test_spawn__the_whole_group_is_killed),
    CHECK_TEST(test_spawn__nothing_outlives_this_process),
    {0},
};

int main(void)
{
    return check_main(tests);
}
