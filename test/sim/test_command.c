/* Single commands and quantities of the simulators a session talks to: what
   is refused, what plots come back, what alter and query agree on. */
#include "check.h"
#include "circuits.h"
#include "sim/parts.h"

#include <sys/wait.h>
#include <unistd.h>

static const char text[] = "* everything there is to alter\n"
                           ".param p=1k\n"
                           "v1 in 0 dc 1 ac 1 pulse(0 1 0 1u 1u 1 2)\n"
                           "i1 0 x 1m\n"
                           "rx x 0 1k\n"
                           "r1 in out {p}\n"
                           "r2 out 0 1k\n"
                           "c1 out 0 1u\n"
                           "l1 in l 1m\n"
                           "rl l 0 1k\n"
                           "d1 a 0 dm\n"
                           "ra in a 1k\n"
                           ".model dm d(is=1e-14)\n"
                           "e1 e 0 in 0 2\n"
                           "re e 0 1k\n"
                           "m1 dd in 0 0 nm w=10u l=1u\n"
                           "vd dd 0 5\n"
                           ".model nm nmos level=1 vto=0.5 kp=100u\n"
                           "x1 in xx s\n"
                           ".subckt s a b q=1k\n"
                           "r1 a b {q}\n"
                           "r2 b 0 1k\n"
                           ".ends\n"
                           ".end\n";

static const tp_sim_ops *ops;
static tp_sim            sim;

static bool start(const char *simulator, const char *deck, const char *params)
{
    static const char *const one[] = {"op", NULL};
    tp_err                   err = {0};
    ops = tp_sim_find(tp_str_of(simulator));
    sim = (tp_sim){.mem = tp_arena_open(1 << 24)};
    sim.settings = tp_sim_settings(ops, &sim.mem);
    tp_circuit *c = circuit_of(deck, params, one, check_mem());
    return CHECK_OK(ops->open(&sim, &err), &err) &&
           CHECK_OK(ops->load(&sim, c, &err), &err);
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
    if (out.how != TP_RAN)
        printf("%s: %s: %.*s\n", command, tp_outcome_word(out.how),
               TP_F(out.why));
    CHECK(out.how == TP_RAN);
    return out;
}

static tp_str refused(const char *command)
{
    tp_sim_result out = say(command);
    if (!CHECK_INT(out.how, TP_SIM_FAILED)) printf("%s\n", command);
    CHECK_INT(out.waves.n, 0);
    return out.why;
}

static const tp_wave *wave(const tp_sim_result *r, int plot, const char *name)
{
    static const double  zero[64] = {0};
    static const tp_wave none = {.n = 0, .x = zero, .re = zero, .im = zero};
    const tp_wave       *w = NULL;
    if (plot < r->waves.n)
        w = tp_plot_find(&r->waves.plot[plot], tp_str_of(name));
    if (!w) printf("no %s\n", name);
    CHECK(w != NULL);
    return w ? w : &none;
}

static tp_wave asked(const char *name)
{
    tp_wave out = {0};
    tp_err  err = {0};
    CHECK_OK(ops->query(&sim, tp_str_of(name), check_mem(), &out, &err), &err);
    return out;
}

/* ngspice reads decimals to a few parts in 1e16. */
static void is(const char *name, double wanted)
{
    tp_wave w = asked(name);
    if (!CHECK_INT(w.n, 1)) {
        printf("%s: %.*s\n", name, TP_F(w.name));
        return;
    }
    if (!CHECK_NEAR(w.re[0], wanted, 5e-16 * fabs(wanted)))
        printf("%s\n", name);
}

/* Each test has a process of its own, as every simulator must. */
static void apart(void (*test)(void))
{
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        check_failures = 0;
        test();
        ops->close(&sim);
        fflush(stdout);
        _exit(check_failures > 0);
    }
    int status = 1;
    waitpid(pid, &status, 0);
    CHECK_INT(status, 0);
}

/* ---- reading commands -------------------------------------------- */

static const char *const dangerous[] = {
    "shell touch x",
    "!touch x",
    "source a.cir",
    "load a.raw",
    "write a.raw",
    "quit",
    "codemodel a.cm",
    "pre_osdi a.osdi",
    "echo a > x",
    "op > x",
    "op ; shell ls",
    "alter r1 = `ls`",
    "save $home",
    "tran 1u 1m\nop",
    "wrdata x v(1)",
    "hardcopy x v(1)",
    "snsave x",
    "use x",
    "set editor = vi",
    "cd /",
    "save {ls}",
    "alter r1 = 1 & ls",
    "bug",
    "ac dec 1 1 10 | x",
    "listing > x",
    "remcirc",
    "setcirc 1",
    "option x=`ls`",
    "save \"a\"",
    "show r1 >> x",
    "destroy all",
    "",
    "  ",
    "rusage all > x",
    "aspice x",
    "rspice",
    "gnuplot x v(1)",
    "set sourcepath=/",
    "save ~/x",
    "alterparam p=1; op",
    "reset now",
    "op\top2",
    "save none",
    "delete 1",
    "option editor=vi",
    "circbyline r1 1 0 1",
    "sens v(out)",
};

static void test_command__refuses_what_is_not_on_its_list(void)
{
    tp_command c;
    for (int i = 0; i < TP_COUNT(dangerous); i++) {
        tp_str why = tp_command_read(&c, tp_str_of(dangerous[i]), check_mem());
        if (!CHECK(why.len > 0)) printf("%s\n", dangerous[i]);
    }
    CHECK_HAS(tp_command_read(&c, TP_S("shell ls"), check_mem()),
              "'shell' is no command that the simulator is given (op dc ac");
    CHECK_HAS(tp_command_read(&c, TP_S("sens v(out)"), check_mem()),
              "ngspice 39 dies of it");
    CHECK_STR(tp_command_read(&c, TP_S("op > x"), check_mem()),
              "op: byte 1 of it, '>', can't stand in a command");
    CHECK_STR(tp_command_read(&c, TP_S("option reltoll=1"), check_mem()),
              "option: the simulator has no option 'reltoll' (did you mean "
              "reltol?)");
}

static void test_command__takes_alters_apart(void)
{
    static const struct {
        const char *text, *name, *par;
        int         n;
        double      last;
        const char *why;
    } rows[] = {
        {"alter r1 = 2k", "r1", "", 1, 2000, ""},
        {"alter R1 2K", "r1", "", 1, 2000, ""},
        {"alter r1=2k", "r1", "", 1, 2000, ""},
        {"alter @r1[resistance] = 2k", "r1", "resistance", 1, 2000, ""},
        {"alter @r1[resistance]=2k", "r1", "resistance", 1, 2000, ""},
        {"alter @r1[resistance] 2k", "r1", "resistance", 1, 2000, ""},
        {"alter @r1[ resistance ] 2k", "", "", 0, 0,
         "alter: '@r1[ resistance ] 2k' is not like @r1[resistance]"},
        {"alter r1 resistance = 2k", "r1", "resistance", 1, 2000, ""},
        {"alter r1 resistance 2k", "r1", "resistance", 1, 2000, ""},
        {"alter @r1 = 2k", "r1", "", 1, 2000, ""},
        {"alter @v1[pulse] = [ 0 2 1u ]", "v1", "pulse", 3, 1e-6, ""},
        {"alter v1 pulse = [0,2]", "v1", "pulse", 2, 2, ""},
        {"alter v1 dc -1m", "v1", "dc", 1, -1e-3, ""},
        {"alter x1.r1 = 3", "x1.r1", "", 1, 3, ""},
        {"alterparam p = 2k", "p", "", 1, 2000, ""},
        {"alterparam p 2k", "p", "", 1, 2000, ""},
        {"alterparam s q=2k", "s q", "", 1, 2000, ""},
        {"alterparam s q 2k", "", "", 0, 0,
         "alterparam: 'q 2k' is more than one value"},
        {"altermod dm is = 2f", "dm", "is", 1, 2e-15, ""},
        {"altermod @dm[is] = 2f", "dm", "is", 1, 2e-15, ""},
        {"alter r1 = abc", "", "", 0, 0, "alter: 'abc' is not a number"},
        {"alter r1 = 1 2", "", "", 0, 0, "alter: '1 2' is more than one value"},
        {"alter r1 = 1e999", "", "", 0, 0,
         "alter: '1e999' is not a finite number"},
        {"alter v1 pulse = [ 0 1", "", "", 0, 0,
         "alter: the list has no ']' at its end"},
        {"alter v1 pulse = [ ]", "", "", 0, 0, "alter: there is no value"},
        {"alter r1", "", "", 0, 0, "alter: words are missing"},
        {"altermod dm 5", "", "", 0, 0,
         "altermod: which parameter of the model?"},
    };
    for (int i = 0; i < TP_COUNT(rows); i++) {
        tp_command c;
        tp_str why = tp_command_read(&c, tp_str_of(rows[i].text), check_mem());
        if (!CHECK_STR(why, rows[i].why)) printf("%s\n", rows[i].text);
        if (why.len > 0 || rows[i].why[0]) continue;
        CHECK_STR(c.name, rows[i].name);
        CHECK_STR(c.par, rows[i].par);
        if (CHECK_INT(c.n, rows[i].n))
            CHECK_NEAR(c.value[c.n - 1], rows[i].last,
                       1e-15 * fabs(rows[i].last));
    }
}

/* "a; b; c" noted one by one -> what is left. */
static tp_str left_of(const char *script)
{
    tp_changes all = {0};
    tp_str     rest = tp_str_of(script);
    tp_buf     b = {.mem = check_mem()};
    for (tp_str w; (w = tp_str_word(&rest, ";")).len > 0;) {
        tp_command c;
        CHECK_STR(tp_command_read(&c, w, check_mem()), "");
        c.text = tp_str_trim(w);
        tp_changes_add(&all, &c, check_mem());
    }
    for (int i = 0; i < all.n; i++)
        tp_buf_fmt(&b, "%s%.*s", i > 0 ? "; " : "", TP_F(all.made[i].text));
    return tp_buf_str(&b);
}

static void test_changes__keeps_what_counts(void)
{
    CHECK_STR(left_of("op; alter r1=1; ac dec 1 1 10; alter r1=2; rusage"),
              "alter r1=2");
    CHECK_STR(left_of("alter r1=1; alter r2=1; alter r1=2; altermod m is=1"),
              "alter r2=1; alter r1=2; altermod m is=1");
    CHECK_STR(left_of("alter r1=1; option reltol=1; save all; reset"), "");
    CHECK_STR(left_of("alterparam p=1; alter r1=1; reset; alter r2=1"),
              "alterparam p=1; reset; alter r2=1");
    /* the second value is not in effect yet */
    CHECK_STR(left_of("alterparam p=1; reset; alterparam p=2"),
              "alterparam p=1; reset; alterparam p=2");
    CHECK_STR(left_of("alterparam p=1; alterparam q=1; reset; alterparam p=2; "
                      "reset"),
              "alterparam q=1; alterparam p=2; reset");
    CHECK_STR(left_of("alterparam p=1; alterparam p=2"), "alterparam p=2");
    CHECK_STR(left_of("option reltol=1; set temp=50; option temp=60"),
              "option reltol=1; option temp=60");
    CHECK_STR(left_of("save a; save b; delete all; save a"),
              "save b; delete all; save a");
}

/* ---- the fake ---------------------------------------------------- */

static void fake_session(void)
{
    if (!start("fake", "* fake\n", "a b")) return;
    is("@a[value]", 1);
    works("alter a = 3");
    works("alterparam b=5");
    is("@a[value]", 3);
    is("@b[value]", 1);
    tp_sim_result r = works("op");
    CHECK_INT(r.waves.n, 1);
    CHECK_STR(r.waves.plot[0].ordinal, "op1");
    CHECK_NEAR(wave(&r, 0, "out")->re[0], 3 + 1, 0);
    CHECK(wave(&r, 0, "out")->x == NULL);
    works("reset");
    is("@a[value]", 1);
    is("@b[value]", 5);
    r = works("ac dec 10 1 1meg");
    CHECK_STR(r.waves.plot[0].x_name, "frequency");
    CHECK_INT(wave(&r, 0, "out")->n, 61);
    CHECK_HAS(refused("alter c = 3"), "there is no 'c'");
    CHECK_HAS(refused("shell ls"), "no command");
    CHECK_STR(works("rusage").text, "fake: rusage\n");
    CHECK_INT(asked("@c[value]").n, 0);
    CHECK_HAS(asked("@c[value]").name, "there is no '@c[value]'");
}

static void test_fake__is_a_session(void)
{
    apart(fake_session);
}

/* ---- ngspice: plots ---------------------------------------------- */

static void plots(void)
{
    if (!start("ngspice", text, "p")) return;
    for (int again = 0; again < 2; again++) {
        tp_sim_result r = works("op");
        CHECK_INT(r.waves.n, 1);
        CHECK_STR(r.waves.plot[0].ordinal, "op1");
        CHECK_STR(r.waves.plot[0].kind, "op");
        CHECK_STR(r.waves.plot[0].x_name, "");
        CHECK_NEAR(wave(&r, 0, "v(out)")->re[0], 0.5, 1e-6);
        CHECK_STR(wave(&r, 0, "out")->unit, "V");
        CHECK_STR(wave(&r, 0, "i(v1)")->unit, "A");
        CHECK(wave(&r, 0, "out")->x == NULL);
        CHECK(r.iterations > 0);
    }
    tp_sim_result  r = works("AC DEC 5 1 1MEG");
    const tp_wave *out = wave(&r, 0, "out"), *f = wave(&r, 0, "frequency");
    CHECK_STR(r.waves.plot[0].ordinal, "ac1");
    CHECK_INT(out->n, 31);
    CHECK(f->im == NULL && out->im != NULL && out->x == f->re);
    CHECK_STR(out->x_unit, "Hz");
    double w = 2 * acos(-1) * 1e-6 * 500 * f->re[15]; /* 1/(R1+R2) RC */
    CHECK_NEAR(out->re[15], 0.5 / (1 + w * w), 1e-6);
    CHECK_NEAR(out->im[15], -0.5 * w / (1 + w * w), 1e-6);
    r = works("dc v1 0 2 0.5");
    CHECK_STR(r.waves.plot[0].x_name, "v-sweep");
    CHECK_INT(wave(&r, 0, "out")->n, 5);
    CHECK_NEAR(wave(&r, 0, "out")->re[4], 1, 1e-6);
    CHECK_NEAR(wave(&r, 0, "out")->x[4], 2, 1e-12);
    r = works("dc v1 0 1 1 r2 1k 3k 1k");
    CHECK_INT(wave(&r, 0, "out")->n, 6);
    CHECK_NEAR(wave(&r, 0, "out")->re[5], 0.75, 1e-6);
    r = works("tran 10u 5m");
    CHECK_STR(r.waves.plot[0].x_name, "time");
    int last = wave(&r, 0, "out")->n - 1;
    CHECK_NEAR(wave(&r, 0, "time")->re[last], 5e-3, 1e-9);
    CHECK_NEAR(wave(&r, 0, "out")->re[last], 0.5 * (1 - exp(-10)), 2e-4);
}

static void test_ngspice__gives_every_plot(void)
{
    apart(plots);
}

static void more_plots(void)
{
    if (!start("ngspice", text, "p")) return;
    tp_sim_result r = works("noise v(xx) v1 dec 1 1 100 1");
    if (!CHECK_INT(r.waves.n, 2)) return;
    CHECK_STR(r.waves.plot[0].ordinal, "noise1");
    CHECK_STR(r.waves.plot[1].ordinal, "noise2");
    CHECK_INT(wave(&r, 0, "onoise_spectrum")->n, 3);
    CHECK(wave(&r, 0, "onoise_spectrum")->x == wave(&r, 0, "frequency")->re);
    /* 500 Ohm at 300.15 K; over 99 Hz the total */
    double density = sqrt(4 * 1.380649e-23 * 300.15 * 500);
    CHECK_NEAR(wave(&r, 0, "onoise_spectrum")->re[1], density, 1e-5 * density);
    CHECK_INT(wave(&r, 1, "onoise_total")->n, 1);
    CHECK(wave(&r, 1, "onoise_total")->x == NULL);
    r = works("tf v(out) v1");
    CHECK_NEAR(wave(&r, 0, "transfer_function")->re[0], 0.5, 1e-6);
    CHECK_NEAR(wave(&r, 0, "output_impedance_at_v(out)")->re[0], 500, 1e-3);
    r = works("pz in 0 out 0 vol pol");
    CHECK_STR(r.waves.plot[0].kind, "pz");
    double slow =
        fmax(wave(&r, 0, "pole(1)")->re[0], wave(&r, 0, "pole(2)")->re[0]);
    CHECK_NEAR(slow, -1 / (500 * 1e-6), 1e-2); /* the other: -rl / l1 */
    works("save out @r1[resistance] @m1[id]");
    r = works("op");
    CHECK_INT(r.waves.plot[0].n_wave, 3);
    CHECK_NEAR(wave(&r, 0, "@r1[resistance]")->re[0], 1000, 0);
    CHECK_STR(wave(&r, 0, "@r1[resistance]")->unit, "");
    CHECK_STR(wave(&r, 0, "@m1[id]")->unit, "A");
    works("delete all");
    r = works("op");
    CHECK(r.waves.plot[0].n_wave > 8);
}

static void test_ngspice__gives_noise_tf_pz_and_saved(void)
{
    apart(more_plots);
}

/* ---- ngspice: changes -------------------------------------------- */

static double at(const char *command, const char *name, int i)
{
    tp_sim_result r = works(command);
    return wave(&r, 0, name)->re[i];
}

static void alters(void)
{
    static const struct {
        const char *command, *query;
        double      value;
    } rows[] = {
        {"alter r1 = 2.2k", "@r1[resistance]", 2200},
        {"alter r1 resistance 3.3k", "@r1[resistance]", 3300},
        {"alter @r1[resistance] = 0.1", "@r1", 0.1},
        {"alter c1 = 4.7n", "@c1[capacitance]", 4.7e-9},
        {"alter l1 10u", "@l1[inductance]", 10e-6},
        {"alter v1 = 3", "@v1[dc]", 3},
        {"alter v1 acmag = 2", "@v1[acmag]", 2},
        {"alter i1 = 2m", "@i1[dc]", 2e-3},
        {"alter e1 = 7", "@e1[gain]", 7},
        {"alter m1 w = 20u", "@m1[w]", 20e-6},
        {"alter @m1[l] = 2u", "@m1[l]", 2e-6},
        {"altermod nm vto = 0.7", "@nm[vto]", 0.7},
        {"altermod @dm[is] = 1e-13", "@dm[is]", 1e-13},
        {"alter d1 area = 3", "@d1[area]", 3},
        {"alter x1.r1 = 5k", "@r.x1.r1[resistance]", 5000},
        {"alter r.x1.r2 = 6k", "@x1.r2[resistance]", 6000},
        {"ALTER R2 = 1.23456789012345678e3", "@R2[Resistance]",
         1234.56789012345678},
    };
    if (!start("ngspice", text, "p")) return;
    for (int i = 0; i < TP_COUNT(rows); i++) {
        works(rows[i].command);
        is(rows[i].query, rows[i].value);
    }
    works("alter @v1[pulse] = [ 0 5 1u 2u 3u 4u 5u ]");
    tp_wave w = asked("@v1[pulse]");
    if (CHECK_INT(w.n, 7)) {
        CHECK_NEAR(w.re[1], 5, 0);
        CHECK_NEAR(w.re[6], 5e-6, 1e-20);
    }
    works("reset");
    is("@r1[resistance]", 1000);
    is("@e1[gain]", 2);
    works("alterparam P = 4k");
    is("@r1[resistance]", 1000);
    works("reset");
    is("@r1[resistance]", 4000);
    CHECK_NEAR(at("op", "out", 0), 0.2, 1e-9);
    works("alterparam s q = 3k");
    works("reset");
    is("@x1.r1[resistance]", 3000);
}

static void test_ngspice__query_sees_what_alter_did(void)
{
    apart(alters);
}

/* Against closed forms: that what was altered is what is simulated. */
static void alters_count(void)
{
    if (!start("ngspice", text, "p")) return;
    works("alter r1 = 3k");
    CHECK_NEAR(at("op", "out", 0), 0.25, 1e-9);
    works("alter e1 = 5");
    CHECK_NEAR(at("op", "e", 0), 5, 1e-9);
    works("alter i1 = 2m");
    CHECK_NEAR(at("op", "x", 0), 2, 1e-8);
    works("alter m1 w = 20u");
    CHECK_NEAR(at("op", "vd#branch", 0), -0.5 * 100e-6 * 20 * 0.25, 1e-9);
    works("altermod nm vto = 0.6");
    CHECK_NEAR(at("op", "vd#branch", 0), -0.5 * 100e-6 * 20 * 0.16, 1e-9);
    works("altermod dm is = 1e-12");
    works("set temp = 50");
    double va = at("op", "a", 0), vt = 1.380649e-23 * 323.15 / 1.602176634e-19;
    works("option temp = 27");
    double vb = at("op", "a", 0);
    double vt27 = 1.380649e-23 * 300.15 / 1.602176634e-19;
    CHECK_NEAR(vb, vt27 * log(1e-3 * (1 - vb) / 1e-12 + 1), 1e-6);
    CHECK(va < vb && vt > vt27);
    works("option reltol=1e-5 abstol=1p");
    tp_sim_result r = works("show r2");
    CHECK_HAS(r.text, "resistance");
    CHECK_HAS(works("rusage totiter").text, "iterations");
    const double value[] = {1000}; /* a run starts from the deck again */
    tp_err       err = {0};
    CHECK_OK(ops->run(&sim, value, NULL, check_mem(), &r, &err), &err);
    is("@e1[gain]", 2);
}

static void test_ngspice__simulates_what_alter_did(void)
{
    apart(alters_count);
}

static void failures(void)
{
    if (!start("ngspice", text, "p")) return;
    CHECK_HAS(refused("alter nosuch r = 5"), "no such device or model name");
    CHECK_HAS(refused("alter r1 nosuch = 5"), "no such parameter nosuch");
    CHECK_HAS(refused("altermod nosuch is = 5"), "nosuch");
    CHECK_HAS(refused("altermod dm nosuch = 5"), "no such parameter nosuch");
    CHECK_HAS(refused("altermod r1 is = 5"), "name of a device");
    CHECK_HAS(refused("alter m1 = 5"), "no value of its own");
    CHECK_HAS(refused("alterparam nosuch = 5"), "nosuch");
    CHECK_HAS(refused("dc nosuch 0 1 1"), "nosuch");
    CHECK_HAS(refused("tran 1u 0"), "TSTOP");
    CHECK_HAS(refused("ac dec 2 10 1"), "ac dec 2 10 1:");
    CHECK_HAS(refused("op now"), "nothing may follow");
    CHECK_HAS(refused("shell ls"), "no command");
    CHECK_HAS(refused("option reltol=1 editor=vi"), "no option 'editor'");
    static const char *const none[] = {
        "@r1[nosuch]", "@nosuch[is]", "@dm[x]",    "@m1",     "r1",   "@",
        "@r1[",        "@m1[]",       "@dm[type]", "@r1[a]b", "`ls`", ""};
    for (int i = 0; i < TP_COUNT(none); i++) {
        tp_wave w = asked(none[i]);
        if (!CHECK_INT(w.n, 0) || !CHECK(w.name.len > 0))
            printf("%s\n", none[i]);
    }
    CHECK_HAS(asked("@r1[nosuch]").name, "no such parameter nosuch");
    is("@r1[resistance]", 1000); /* nothing of it is left */
    CHECK_NEAR(at("op", "out", 0), 0.5, 1e-6);
}

static void test_ngspice__failures_have_words(void)
{
    apart(failures);
}

static void no_convergence(void)
{
    static const char deck[] = "* no solution\n"
                               "v1 1 0 1\n"
                               "r1 1 0 1\n"
                               "b1 a 0 i=v(a)*v(a)+1\n"
                               "r2 a 0 1k\n"
                               ".end\n";
    if (!start("ngspice", deck, "")) return;
    tp_sim_result r = say("op");
    CHECK_INT(r.how, TP_NO_CONVERGENCE);
    CHECK_INT(r.waves.n, 0);
    works("alter @b1[temp] = 20"); /* and it is still there */
    r = say("op");
    CHECK_INT(r.how, TP_NO_CONVERGENCE);
}

static void test_ngspice__a_circuit_without_solution(void)
{
    apart(no_convergence);
}

static const check_test tests[] = {
    CHECK_TEST(test_command__refuses_what_is_not_on_its_list),
    CHECK_TEST(test_command__takes_alters_apart),
    CHECK_TEST(test_changes__keeps_what_counts),
    CHECK_TEST(test_fake__is_a_session),
    CHECK_TEST(test_ngspice__gives_every_plot),
    CHECK_TEST(test_ngspice__gives_noise_tf_pz_and_saved),
    CHECK_TEST(test_ngspice__query_sees_what_alter_did),
    CHECK_TEST(test_ngspice__simulates_what_alter_did),
    CHECK_TEST(test_ngspice__failures_have_words),
    CHECK_TEST(test_ngspice__a_circuit_without_solution),
    {0},
};

int main(void)
{
    return check_main(tests);
}
