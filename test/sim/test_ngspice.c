/* The embedded ngspice: values against closed forms, the same bits whatever
   was simulated before, failures as data, and what has to end a process. */
#include "apart.h"
#include "check.h"
#include "circuits.h"

#ifdef __SANITIZE_ADDRESS__
size_t __sanitizer_get_current_allocated_bytes(void);
#endif
#include <sys/wait.h>
#include <unistd.h>

static tp_sim sim;

static const tp_sim_ops *ngspice(void)
{
    return tp_sim_find(TP_S("ngspice"));
}

/* The simulator with a circuit; tests call it in a process of their own. */
static bool start(const tp_circuit *c)
{
    tp_err err = {0};
    sim = (tp_sim){.mem = tp_arena_open(1 << 24)};
    return CHECK_OK(ngspice()->open(&sim, &err), &err) &&
           CHECK_OK(ngspice()->load(&sim, c, &err), &err);
}

static tp_sim_result run(const double *value)
{
    tp_sim_result out;
    tp_err        err = {0};
    CHECK_OK(ngspice()->run(&sim, value, NULL, check_mem(), &out, &err), &err);
    return out;
}

static bool ran(const tp_sim_result *r)
{
    if (r->how == TP_RAN) return true;
    printf("%s: %.*s\n", tp_outcome_word(r->how), TP_F(r->why));
    return CHECK(r->how == TP_RAN);
}

static const tp_wave *wave(const tp_sim_result *r, int plot, const char *name)
{
    static const double  zero[4] = {0};
    static const tp_wave none = {.n = 0, .x = zero, .re = zero, .im = zero};
    const tp_wave *w = tp_plot_find(&r->waves.plot[plot], tp_str_of(name));
    CHECK(w != NULL);
    return w ? w : &none;
}

/* ---- results ------------------------------------------------------------- */

static void rc_in_ac(void)
{
    const char *const command[] = {"ac dec 5 1 1meg", NULL};
    tp_circuit       *c = circuit_of(rc_text, "r c", command, check_mem());
    analysis_of(c, 0)->op = true;
    if (!start(c)) return;
    tp_sim_result r = run(rc_start);
    if (!ran(&r)) return;
    const tp_wave *out = wave(&r, 0, "out"), *f = wave(&r, 0, "frequency");
    CHECK_INT(out->n, 31);
    CHECK_STR(r.waves.plot[0].x_name, "frequency");
    CHECK_STR(out->unit, "V");
    CHECK_STR(out->x_unit, "Hz");
    CHECK(out->im && !f->im);
    for (int i = 0; i < out->n; i++) {
        double wt = 2 * acos(-1) * out->x[i] * 1e-6 * 500;
        CHECK_NEAR(out->re[i], 0.5 / (1 + wt * wt), 1e-9);
        CHECK_NEAR(out->im[i], -0.5 * wt / (1 + wt * wt), 1e-9);
    }
    CHECK_INT(r.waves.n, 2);
    CHECK_INT(r.waves.plot[0].op, 1);
    CHECK_NEAR(wave(&r, 1, "out")->re[0], 0.5, 1e-12);
    CHECK(wave(&r, 1, "out")->x == NULL);
    CHECK(wave(&r, 1, "v1#branch")->re[0] < 0);
    CHECK_NEAR(wave(&r, 1, "x")->re[0], 0.5, 1e-12);
    CHECK(r.iterations > 0 && r.seconds > 0 && r.seconds < 1);
}

static void test_ngspice__gives_the_ac_response_of_an_rc(void)
{
    apart(rc_in_ac);
}

static void rc_in_tran(void)
{
    const char *const command[] = {"tran 1u 2m 0 10u", NULL};
    tp_circuit       *c = circuit_of(rc_text, "r c", command, check_mem());
    analysis_of(c, 0)->op = true;
    if (!start(c)) return;
    tp_sim_result r = run(rc_start);
    if (!ran(&r)) return;
    const tp_wave *out = wave(&r, 0, "out");
    CHECK_STR(out->x_unit, "s");
    for (int i = 0; i < out->n; i++)
        CHECK_NEAR(out->re[i], 0.5 * (1 - exp(-out->x[i] / 0.5e-3)), 2e-4);
    CHECK_NEAR(out->x[out->n - 1], 2e-3, 1e-15);
    CHECK_NEAR(wave(&r, 1, "out")->re[0], 0.0, 1e-12);
}

static void test_ngspice__gives_the_step_response_of_an_rc(void)
{
    apart(rc_in_tran);
}

static void many_kinds(void)
{
    const char *const command[] = {
        "op",           "dc v1 0 2 0.5",    "noise v(out) v1 dec 2 1 1k",
        "tf v(out) v1", "dc temp 0 100 50", NULL};
    tp_circuit   *c = circuit_of(rc_text, "r c", command, check_mem());
    static tp_str save[] = {{"@d1[id]", 7}};
    c->save = save;
    c->n_save = 1;
    if (!start(c)) return;
    for (int k = 0; k < 2; k++) {
        tp_sim_result r = run((const double[]){1000 * (1 + k), 1e-6});
        if (!ran(&r)) return;
        double half = 1 / (2.0 + k);
        CHECK_NEAR(wave(&r, 0, "out")->re[0], half, 1e-9);
        CHECK(wave(&r, 0, "@d1[id]")->re[0] > 0);
        CHECK_INT(wave(&r, 1, "out")->n, 5);
        CHECK_NEAR(wave(&r, 1, "out")->re[4], 2 * half, 1e-9);
        CHECK_NEAR(wave(&r, 1, "out")->x[3], 1.5, 1e-12);
        double r_out = 1000 * (1 - half); /* 4kTR at 27 C */
        CHECK_NEAR(wave(&r, 2, "onoise_spectrum")->re[0] /
                       sqrt(4 * 1.380649e-23 * 300.15 * r_out),
                   1, 1e-4);
        CHECK_NEAR(wave(&r, 3, "transfer_function")->re[0], half, 1e-9);
        CHECK_NEAR(wave(&r, 4, "out")->x[2], 100, 1e-9);
        CHECK(wave(&r, 4, "1")->re[2] < wave(&r, 4, "1")->re[0] + 1e-9);
    }
}

static void test_ngspice__runs_every_kind_of_analysis(void)
{
    apart(many_kinds);
}

/* ---- sweeps of ours ---------------------------------------------- */

static void sweeps(void)
{
    static const double v[] = {500, 1000, 4000}, t[] = {0, 50}, g[] = {1, 3};
    const char *const   command[] = {
          "op", "op", "op", "op", "op", "ac lin 1 1k 1k", "op", "op", NULL};
    tp_circuit            *c = circuit_of(rc_text, "r c", command, check_mem());
    static const tp_define def[] = {{{"k", 1}, {"r*2", 3}}};
    c->define = def;
    c->n_define = 1;
    for (int i = 0; i < 4; i++) /* what ".dc V1 DEC" is read as */
        analysis_of(c, i)->kind = TP_S("dc");
    analysis_of(c, 0)->sweep =
        (tp_sweep){TP_SWEEP_DEVICE, TP_S("r2"), TP_S(""), TP_S("Ohm"), 3, v};
    analysis_of(c, 1)->sweep =
        (tp_sweep){TP_SWEEP_TEMP, TP_S("temp"), TP_S(""), TP_S("Cel"), 2, t};
    analysis_of(c, 2)->sweep =
        (tp_sweep){TP_SWEEP_PARAM, TP_S("r"), TP_S(""), TP_S(""), 3, v};
    analysis_of(c, 3)->sweep =
        (tp_sweep){TP_SWEEP_DEVICE, TP_S("e1"), TP_S(""), TP_S(""), 2, g};
    analysis_of(c, 5)->sweep =
        (tp_sweep){TP_SWEEP_DEVICE, TP_S("x1.r1"), TP_S(""), TP_S(""), 3, v};
    analysis_of(c, 5)->op = true;
    analysis_of(c, 6)->sweep =
        (tp_sweep){TP_SWEEP_PARAM, TP_S("k"), TP_S(""), TP_S(""), 3, v};
    if (!start(c)) return;
    for (int k = 0; k < 3; k++) {
        tp_sim_result r = run(rc_start);
        if (!ran(&r)) return;
        CHECK_INT(r.waves.n, 9);
        for (int i = 0; i < 3; i++) {
            CHECK_NEAR(wave(&r, 0, "out")->re[i], v[i] / (v[i] + 1000), 1e-9);
            CHECK_NEAR(wave(&r, 0, "out")->x[i], v[i], 0);
            CHECK_NEAR(wave(&r, 2, "out")->re[i], 1000 / (v[i] + 1000), 1e-9);
            CHECK_NEAR(wave(&r, 5, "x")->re[i], 1000 / (v[i] + 1000), 1e-9);
            CHECK_NEAR(wave(&r, 8, "x")->re[i], 1000 / (v[i] + 1000), 1e-9);
            CHECK_NEAR(wave(&r, 6, "1")->re[i],
                       fmin(wave(&r, 6, "1")->re[i], 1000 / (v[i] + 1000)),
                       1e-4);
        }
        CHECK(wave(&r, 5, "x")->im && !wave(&r, 8, "x")->im);
        CHECK(wave(&r, 6, "1")->re[0] > wave(&r, 6, "1")->re[2] + 0.1);
        CHECK(wave(&r, 1, "1")->re[1] < wave(&r, 1, "1")->re[0]);
        CHECK_NEAR(wave(&r, 3, "e")->re[1], 3, 1e-9);
        CHECK_NEAR(wave(&r, 4, "e")->re[0], 2, 1e-9); /* undone */
        CHECK_NEAR(wave(&r, 4, "out")->re[0], 0.5, 1e-9);
        double at_2k = wave(&r, 7, "1")->re[0];
        CHECK_NEAR(at_2k, 1.0 / 3, 1e-3);
    }
}

static void test_ngspice__sweeps_what_it_has_no_command_for(void)
{
    apart(sweeps);
}

static const char warm_text[] = "* all depends on all\n"
                                ".param p=2\n.temp 40\n"
                                "v1 a 0 1\n"
                                "r1 a b {1k*p} tc=0.01\n"
                                "d1 b 0 dm\n"
                                ".model dm d(is=1e-12)\n"
                                "e1 c 0 poly(1) b 0 0 {p} 1\n" /* XSPICE */
                                "rc c 0 1k\n"
                                ".end\n";

static void undone(void)
{
    static const double v[] = {0.5, 90}, t[] = {-20, 90}, is[] = {1e-9, 1e-10};
    static const struct {
        tp_sweep_kind kind;
        const char   *name, *par;
        const double *value;
    } rows[] = {
        {TP_SWEEP_TEMP, "temp", "", t}, {TP_SWEEP_MODEL, "dm", "is", is},
        {TP_SWEEP_PARAM, "p", "", v},   {TP_SWEEP_DEVICE, "r1", "", v},
        {TP_SWEEP_DEVICE, "v1", "", v},
    };
    const char *const command[] = {"op", "op", "op", NULL};
    for (int i = 0; i < TP_COUNT(rows); i++) {
        tp_circuit *c = circuit_of(warm_text, "p", command, check_mem());
        analysis_of(c, 1)->sweep = (tp_sweep){rows[i].kind,
                                              tp_str_of(rows[i].name),
                                              tp_str_of(rows[i].par),
                                              TP_S(""),
                                              2,
                                              rows[i].value};
        if (!start(c)) return;
        for (int k = 0; k < 3; k++) {
            tp_sim_result r = run((const double[]){2});
            if (!ran(&r)) return;
            double b = wave(&r, 0, "b")->re[0], c0 = wave(&r, 0, "c")->re[0];
            CHECK_NEAR(c0, 2 * b + b * b, 1e-6);
            CHECK_NEAR(wave(&r, 2, "b")->re[0], b, 0); /* not a bit of it */
            CHECK(fabs(wave(&r, 1, "b")->re[0] - b) > 0.003);
            CHECK(fabs(wave(&r, 1, "b")->re[1] - b) > 0.003);
        }
        ngspice()->close(&sim);
        tp_arena_close(&sim.mem);
    }
}

static void test_ngspice__undoes_its_sweeps(void)
{
    apart(undone);
}

/* ---- history ----------------------------------------------------- */

static const char *const amp_commands[] = {"ac dec 5 1k 1g",
                                           "tran 10n 2u 0 10n", NULL};

static void random_amp(uint64_t k, double *v)
{
    tp_rng rng = tp_rng_at(7, k);
    for (int i = 0; i < 4; i++)
        v[i] = amp_start[i] * exp(2 * tp_rng_uniform(&rng) - 1);
}

/* The waves of point k as bytes, from a fresh process. */
static void send_fresh(const tp_circuit *c, uint64_t k, int to)
{
    double v[4];
    random_amp(k, v);
    if (!start(c)) _exit(1);
    tp_sim_result r = run(v);
    uint64_t      sum = 1;
    for (int i = 0; i < r.waves.n; i++)
        for (int w = 0; w < r.waves.plot[i].n_wave; w++) {
            const tp_wave *x = &r.waves.plot[i].wave[w];
            ptrdiff_t      size = (ptrdiff_t)sizeof(double) * x->n;
            sum = tp_hash(sum, (tp_str){(const char *)x->re, size});
        }
    if (write(to, &sum, sizeof sum) != sizeof sum) _exit(1);
}

static uint64_t hash_of(const tp_waves *waves)
{
    uint64_t sum = 1;
    for (int i = 0; i < waves->n; i++)
        for (int w = 0; w < waves->plot[i].n_wave; w++) {
            const tp_wave *x = &waves->plot[i].wave[w];
            ptrdiff_t      size = (ptrdiff_t)sizeof(double) * x->n;
            sum = tp_hash(sum, (tp_str){(const char *)x->re, size});
        }
    return sum;
}

static void two_hundred(void)
{
    tp_circuit *c = circuit_of(amp_text, "rcurr rtail rcoll routput",
                               amp_commands, check_mem());
    uint64_t    fresh[20];
    for (uint64_t k = 0; k < 20; k++) { /* every tenth from a fresh process */
        int pipes[2];
        if (!CHECK(pipe(pipes) == 0)) return;
        pid_t pid = fork();
        if (pid == 0) {
            send_fresh(c, 10 * k, pipes[1]);
            _exit(0);
        }
        close(pipes[1]);
        CHECK(read(pipes[0], &fresh[k], sizeof fresh[k]) == sizeof fresh[k]);
        close(pipes[0]);
        waitpid(pid, NULL, 0);
    }
    if (!start(c)) return;
    tp_arena whole = *check_mem();
    uint64_t first[200];
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < 200; i++) {
            int    k = pass ? 199 - i : i;
            double v[4];
            *check_mem() = whole;
            random_amp((uint64_t)k, v);
            tp_sim_result r = run(v);
            uint64_t      h = hash_of(&r.waves);
            if (!pass) first[k] = h;
            if (!ran(&r) || !CHECK(h == first[k])) return;
            if (k % 10 == 0 && !CHECK(h == fresh[k / 10])) return;
        }
}

static void test_ngspice__gives_the_same_bits_whatever_was_before(void)
{
    apart(two_hundred);
}

/* Memory in use; under the address sanitizer, which keeps what is freed for a
   while, the heap without that. */
static long memory_kb(void)
{
#ifdef __SANITIZE_ADDRESS__
    return (long)(__sanitizer_get_current_allocated_bytes() / 1024);
#else
    FILE *f = fopen("/proc/self/statm", "r");
    long  size = 0, resident = 0;
    if (!CHECK(f != NULL)) return 0;
    CHECK(fscanf(f, "%ld %ld", &size, &resident) == 2);
    fclose(f);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
#endif
}

static void memory(void)
{
    const char *const command[] = {"op", NULL};
    tp_circuit       *c = circuit_of(rc_text, "r c", command, check_mem());
    if (!start(c)) return;
    tp_arena whole = *check_mem();
    long     before = 0;
    for (int i = 0; i < 2200; i++) {
        *check_mem() = whole;
        double        v[] = {1000 + i, 1e-6};
        tp_sim_result r = run(v);
        if (!ran(&r)) return;
        if (i == 199) before = memory_kb();
    }
    printf("memory grew by %ld kB in 2000 runs\n", memory_kb() - before);
    CHECK(memory_kb() - before < 400);
}

static void test_ngspice__keeps_its_memory_over_2000_runs(void)
{
    apart(memory);
}

/* ---- failures ---------------------------------------------------- */

static const char fail_text[] = "* fails where p says\n"
                                ".param p=1\n"
                                "v1 a 0 1\n"
                                "r1 a b 1k\n"
                                "b1 c 0 v={p}*sqrt(v(b)+1)\n"
                                "r2 b 0 1k\n"
                                "r3 c 0 {1/p}\n"
                                ".end\n";

static void no_convergence(void)
{
    static const char text[] = "* loop of sources\n.param p=1\n"
                               "v1 a 0 {p}\nv2 a 0 2\n.end\n";
    const char *const command[] = {"op", NULL};
    tp_circuit       *c = circuit_of(text, "p", command, check_mem());
    if (!start(c)) return;
    for (int i = 0; i < 3; i++) {
        tp_sim_result r = run((const double[]){1 + i});
        CHECK_INT(r.how, TP_NO_CONVERGENCE);
        CHECK_HAS(r.why, "op: ");
        CHECK_HAS(r.why, "iteration limit reached");
        CHECK_HAS(r.why, "singular matrix");
        CHECK_INT(r.waves.n, 0);
    }
}

static void test_ngspice__reports_a_circuit_that_does_not_converge(void)
{
    apart(no_convergence);
}

static void bad_values(void)
{
    const char *const command[] = {"op", NULL};
    tp_circuit       *c = circuit_of(fail_text, "p", command, check_mem());
    if (!start(c)) return;
    tp_sim_result r = run((const double[]){NAN});
    CHECK_INT(r.how, TP_SIM_FAILED);
    CHECK_HAS(r.why, "p: nan is not a finite number");
    r = run((const double[]){2});
    ran(&r);
    CHECK_NEAR(wave(&r, 0, "c")->re[0], 2 * sqrt(1.5), 1e-6);
    tp_sim_result out;
    tp_err        err = {0};
    CHECK_INT(ngspice()->run(&sim, (const double[]){0}, NULL, check_mem(), &out,
                             &err),
              TP_SIM);
    CHECK_HAS(tp_str_of(err.msg), "inf");
    CHECK_HAS(out.why, "inf");
    CHECK_INT(out.how, TP_SIM_FAILED);
    CHECK_INT(ngspice()->run(&sim, (const double[]){1}, NULL, check_mem(), &out,
                             &err),
              TP_SIM);
}

static void test_ngspice__says_when_it_can_not_go_on(void)
{
    apart(bad_values);
}

static void failed_command(void)
{
    const char *const command[] = {"dc v9 0 1 0.5", "op", NULL};
    tp_circuit       *c = circuit_of(fail_text, "p", command, check_mem());
    if (!start(c)) return;
    tp_sim_result r = run((const double[]){2});
    CHECK_INT(r.how, TP_SIM_FAILED);
    CHECK_HAS(r.why, "v9");
    tp_err     err = {0};
    const bool want[] = {false, true};
    CHECK_OK(
        ngspice()->run(&sim, (const double[]){2}, want, check_mem(), &r, &err),
        &err);
    ran(&r);
    CHECK_INT(r.waves.plot[0].n_wave, 0);
    CHECK_NEAR(wave(&r, 1, "b")->re[0], 0.5, 1e-9);
}

static void test_ngspice__goes_on_after_a_failed_analysis(void)
{
    apart(failed_command);
}

/* Digital parts keep their state where the circuit is not read again: the
   second operating point of the bridge's output was 0 V. */
static const char events_text[] =
    "* digital\n.param p=0\nv1 a 0 {p}\na1 [a] [d1] adc\na2 d1 d2 inv\n"
    "a3 [d2] [b] dac\nr1 b 0 1k\n"
    ".model adc adc_bridge(in_low=1 in_high=4)\n"
    ".model inv d_inverter(rise_delay=1n fall_delay=1n)\n"
    ".model dac dac_bridge(out_low=0 out_high=5)\n.end\n";

static void events(void)
{
    const char *const command[] = {"op", "op", NULL};
    if (!start(circuit_of(events_text, "p", command, check_mem()))) return;
    for (int k = 0; k < 4; k++) {
        tp_sim_result r = run((const double[]){k < 2 ? 0 : 5});
        if (!ran(&r)) return;
        CHECK_NEAR(wave(&r, 0, "b")->re[0], k < 2 ? 5 : 0, 1e-9);
        CHECK_NEAR(wave(&r, 1, "b")->re[0], k < 2 ? 5 : 0, 1e-9);
    }
}

static void test_ngspice__reads_digital_parts_afresh(void)
{
    apart(events);
}

static const struct {
    const char *text, *says;
    int         line;
} refused[] = {
    {"* t\nv1 a 0 1\n* c\nr1 a b 1k\nd1 b 0 nomod\n.end\n",
     "could not find a valid modelname (in: d1 b 0 nomod)", 5},
    {"* t\n.param p=3 q=4\nv1 a 0 1\n\n* c\nr1 a b {zz*2}\n+ tc=1\nr2 b 0 1\n"
     ".end\n",
     "Undefined parameter [zz]", 6},
    {"* t\nv1 a 0 1\nx1 a 0 nosub\n.end\n", "unknown subckt: x1 a 0 nosub", 3},
    {"* t\nv1 a 0 1\nr1 a 0 1k foo=3\n.end\n", "unknown parameter (foo)", 3},
    {"* t\nv1 a 0 1\n.subckt s a b\nr1 a b 1\nr9 a b {qq}\n.ends\nx1 a 0 s\n"
     ".end\n",
     "Undefined parameter [qq]", 5},
    {"* t\nv1 a 0 1\nb1 b 0 v=foo(v(a))\nr1 b 0 1\n.end\n",
     "no such function 'foo'", 3},
    {"* t\nv1 a 0 1\nd1 a 0 dm\n.model dm zener(is=1)\n.end\n",
     "incorrect model type", 3},
    {"* t\n.param a={1+*3}\nv1 a 0 {a}\nr1 a 0 1k\n.end\n",
     "Misplaced operator", 2},
    {"* t\nv1 a 0 1\nr1 a 0 1k\n.subckt foo 1 2\nr1 1 2 1\n.end\n", ".ends", 4},
};
static int refused_row;

static void refuse(void)
{
    const char *const command[] = {"op", NULL};
    tp_circuit       *c =
        circuit_of(refused[refused_row].text, "", command, check_mem());
    tp_err err = {0};
    sim = (tp_sim){.mem = tp_arena_open(1 << 24)};
    if (!CHECK_OK(ngspice()->open(&sim, &err), &err)) return;
    CHECK_INT(ngspice()->load(&sim, c, &err), TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), refused[refused_row].says);
    CHECK_INT(err.line, refused[refused_row].line);
    ngspice()->close(&sim);
}

static void test_ngspice__says_what_is_wrong_with_a_circuit(void)
{
    for (refused_row = 0; refused_row < TP_COUNT(refused); refused_row++)
        apart(refuse);
}

static void closing(void)
{
    const char *const command[] = {"op", NULL};
    tp_circuit       *c = circuit_of(rc_text, "r c", command, check_mem());
    char              before[400], after[400];
    CHECK(getcwd(before, sizeof before) != NULL);
    for (int i = 0; i < 3; i++) {
        if (!start(c)) return;
        tp_sim_result r = run(rc_start);
        ran(&r);
        tp_sim second = {.mem = sim.mem};
        CHECK_INT(ngspice()->open(&second, NULL), TP_SIM);
        CHECK(getcwd(after, sizeof after) == NULL); /* a folder that is gone */
        ngspice()->close(&sim);
        tp_arena_close(&sim.mem);
        CHECK(getcwd(after, sizeof after) && strcmp(before, after) == 0);
    }
}

static void test_ngspice__closes_and_opens_again(void)
{
    apart(closing);
}

static const check_test tests[] = {
    CHECK_TEST(test_ngspice__gives_the_ac_response_of_an_rc),
    CHECK_TEST(test_ngspice__gives_the_step_response_of_an_rc),
    CHECK_TEST(test_ngspice__runs_every_kind_of_analysis),
    CHECK_TEST(test_ngspice__sweeps_what_it_has_no_command_for),
    CHECK_TEST(test_ngspice__undoes_its_sweeps),
    CHECK_TEST(test_ngspice__gives_the_same_bits_whatever_was_before),
    CHECK_TEST(test_ngspice__keeps_its_memory_over_2000_runs),
    CHECK_TEST(test_ngspice__reports_a_circuit_that_does_not_converge),
    CHECK_TEST(test_ngspice__says_when_it_can_not_go_on),
    CHECK_TEST(test_ngspice__goes_on_after_a_failed_analysis),
    CHECK_TEST(test_ngspice__reads_digital_parts_afresh),
    CHECK_TEST(test_ngspice__says_what_is_wrong_with_a_circuit),
    CHECK_TEST(test_ngspice__closes_and_opens_again),
    {0},
};

int main(void)
{
    return check_main(tests);
}
