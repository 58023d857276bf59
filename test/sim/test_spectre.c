/* Spectre as far as it can be tried without it: its log judged, our analyses in
   its words, every form of its results and every way a run can fail, played by
   the stand-in. */
#include "check.h"
#include "circuits.h"
#include "sim/spectre.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- the log ------------------------------------------------------------- */

#define DONE "spectre completes with 0 errors, 2 warnings, and 1 notice.\n"
#define FATAL "spectre terminated prematurely due to fatal error.\n"

static void test_spectre__log_is_judged_by_its_lines(void)
{
    static const struct {
        const char        *log;
        tp_spectre_verdict verdict;
        const char        *why;
    } rows[] = {
        {"Circuit read-in complete.\n" DONE, TP_SPECTRE_RAN, ""},
        {"No convergence difficulties.\n" DONE, TP_SPECTRE_RAN, ""},
        {"WARNING (SPECTRE-16): license expires soon\n" DONE, TP_SPECTRE_RAN,
         ""},
        {"Trying to check out a license...\n" DONE, TP_SPECTRE_RAN, NULL},
        {"", TP_SPECTRE_UNFINISHED, "the log is empty"},
        {"DC Analysis `dcOp'\n", TP_SPECTRE_UNFINISHED,
         "the log ends with: DC Analysis `dcOp'"},
        {"ERROR (SFE-675): \"m.scs\" 3: section `xx' was not found.\n" FATAL,
         TP_SPECTRE_FAILED,
         "ERROR (SFE-675): \"m.scs\" 3: section `xx' was not found.; spectre "
         "terminated prematurely due to fatal error."},
        {"ERROR (SFE-868): cannot open input file `m.scs'\n", TP_SPECTRE_FAILED,
         "ERROR (SFE-868): cannot open input file `m.scs'"},
        {"ERROR (SPCRTRF-15177): PSS analysis failed to converge.\n" DONE,
         TP_SPECTRE_NO_CONVERGENCE,
         "ERROR (SPCRTRF-15177): PSS analysis failed to converge."},
        {"ERROR (SPECTRE-16080): No DC solution found (no "
         "convergence).\n" FATAL,
         TP_SPECTRE_NO_CONVERGENCE, NULL},
        {"ERROR (SPECTRE-200): no license for `Spectre'.\n" FATAL,
         TP_SPECTRE_NO_LICENCE, NULL},
        {"Internal error found in spectre.\n", TP_SPECTRE_FAILED,
         "Internal error found in spectre."},
        {"ERROR (SFE-23): x\nERROR (SFE-30): y\nERROR (SFE-45): z\nERROR "
         "(SFE-46): w\n",
         TP_SPECTRE_FAILED,
         "ERROR (SFE-23): x; ERROR (SFE-30): y; ERROR (SFE-45): z"},
        {"ERROR (SFE-23): x\n" DONE, TP_SPECTRE_FAILED, "ERROR (SFE-23): x"},
    };
    for (int i = 0; i < TP_COUNT(rows); i++) {
        tp_str             why;
        tp_spectre_verdict v = tp_spectre_judge(tp_str_of(rows[i].log),
                                                TP_S("completes with 0 errors"),
                                                &why, check_mem());
        if (!CHECK_INT(v, rows[i].verdict)) printf("  %s\n", rows[i].log);
        if (rows[i].why) CHECK_STR(why, rows[i].why);
    }
}

/* ---- analyses ------------------------------------------------------------ */

static tp_str text_of(const char *const *commands, tp_str *why)
{
    tp_circuit *c = circuit_of(rc_text, "r c", commands, check_mem());
    tp_buf      b = {.mem = check_mem()};
    if (c->n_analysis > 1) analysis_of(c, 1)->id = TP_S("7-bit ac");
    *why = tp_spectre_analyses(&b, c, NULL, check_mem());
    return tp_buf_str(&b);
}

static void test_spectre__analyses_in_its_words(void)
{
    static const char *const commands[] = {"op",
                                           "ac dec 20 1 1e10",
                                           "tran 1e-8 2e-5 0 1e-8 uic",
                                           "dc V1 0 2 0.5",
                                           "noise v(OUT) V1 lin 5 1 1k",
                                           NULL};
    tp_str                   why, text = text_of(commands, &why);
    CHECK_STR(why, "");
    CHECK_HAS(text, "id0 dc\nid0Info info what=oppoint where=rawfile\n");
    CHECK_HAS(text, "tp2 ac start=1 stop=1e10 dec=20\n");
    CHECK_HAS(text, "id2 tran step=1e-8 stop=2e-5 outputstart=0 maxstep=1e-8 "
                    "skipdc=yes\n");
    CHECK_HAS(text, "id3 dc dev=V1 param=dc start=0 stop=2 step=0.5\n");
    CHECK_HAS(text, "id4 (OUT 0) noise iprobe=V1 start=1 stop=1k lin=5\n");
    static const char *const other[] = {"tf v(out) v1", NULL};
    text_of(other, &why);
    CHECK_STR(why, "'tf v(out) v1' can't be said to Spectre");
}

/* ---- runs by the stand-in ------------------------------------------------ */

#define NETLIST                                              \
    "simulator lang=spectre\n"                               \
    "parameters r=\001"                                      \
    "0\001 c=\001"                                           \
    "1\001\n"                                                \
    "V1 (in 0) vsource dc=1 mag=1 type=pulse val0=0 val1=1 " \
    "delay=1u rise=1n fall=1n width=1 period=2\n"            \
    "R1 (in out) resistor r=r\nC1 (out 0) capacitor c=c\n"

static char *standin(void)
{
    static char path[4096];
    if (!CHECK(realpath("test/standin/spectre", path) != NULL)) path[0] = '\0';
    return path;
}

static tp_sim_result run_it(const char *text, const char *settings,
                            const char *const *commands)
{
    static const double value[] = {1000, 1e-9};
    static tp_str       param[] = {{"r", 1}, {"c", 1}};
    static tp_str       save[] = {{"V1:p", 4}};
    tp_circuit         *c = circuit_of(rc_text, "r c", commands, check_mem());
    tp_sim_result       out = {0};
    tp_err              err = {0};
    const tp_sim_ops   *ops = tp_sim_find(TP_S("spectre"));
    tp_sim              sim = {.mem = tp_arena_open(1 << 24)};
    c->text = tp_str_of(text);
    c->param = param;
    c->n_param = 2;
    c->save = save;
    c->n_save = 1;
    for (int i = 0; i < c->n_analysis; i++)
        analysis_of(c, i)->op =
            tp_str_starts(c->analysis[i].command, TP_S("op"));
    sim.settings = tp_sim_settings(ops, &sim.mem);
    tp_str set = tp_str_fmt(check_mem(), "binary=%s,%s", standin(), settings);
    if (CHECK_OK(
            tp_params_set_list(ops->params, sim.settings, set, &sim.mem, &err),
            &err) &&
        CHECK_OK(ops->open(&sim, &err), &err) &&
        CHECK_OK(ops->load(&sim, c, &err), &err)) {
        CHECK_OK(ops->run(&sim, value, NULL, check_mem(), &out, &err), &err);
        ops->close(&sim);
    }
    tp_arena_close(&sim.mem);
    return out;
}

static const char *const all[] = {"op", "ac dec 5 1k 1meg",
                                  "tran 1e-7 1e-5 0 1e-7", NULL};

/* A low-pass of 1 us: the same numbers from every form of the results. */
static void test_spectre__results_in_every_form(void)
{
    static const char *const form[] = {"format=psfascii", "format=nutascii",
                                       "format=nutbin"};
    setenv("TRIMPOT_STANDIN_DIGITS", "17", 1);
    for (int i = 0; i < TP_COUNT(form); i++) {
        tp_sim_result r = run_it(NETLIST, form[i], all);
        if (!CHECK_INT(r.how, TP_RAN)) {
            printf("  %.*s\n", TP_F(r.why));
            continue;
        }
        const tp_wave *ac = tp_plot_find(&r.waves.plot[1], TP_S("OUT"));
        const tp_wave *op = tp_plot_find(&r.waves.plot[0], TP_S("v1:p"));
        const tp_wave *tran = tp_plot_find(&r.waves.plot[2], TP_S("out"));
        if (!CHECK(ac && ac->im && op && tran && tran->x)) continue;
        CHECK_STR(ac->x_unit, "Hz");
        CHECK_STR(tran->x_unit, "s");
        for (int k = 0; k < ac->n; k++) {
            double a = 2 * acos(-1) * ac->x[k] * 1e-6;
            CHECK_NEAR(ac->re[k], 1 / (1 + a * a), 1e-9);
            CHECK_NEAR(ac->im[k], -a / (1 + a * a), 1e-9);
        }
        CHECK_NEAR(tran->re[tran->n - 1], 1 - exp(-9), 2e-3);
        CHECK_NEAR(op->re[0], 0, 1e-12);
    }
    unsetenv("TRIMPOT_STANDIN_DIGITS");
}

/* What is played, and what becomes of it. */
static void test_spectre__every_failure_in_its_own_words(void)
{
    static const struct {
        const char *play, *text, *settings;
        tp_outcome  how;
        const char *why;
    } rows[] = {
        {"licence", NETLIST, "retries=1,backoff=0.01", TP_SIM_FAILED,
         "no licence in 2 attempts: ERROR (SPECTRE-200): Cannot check out a "
         "license"},
        {"converge", NETLIST, "", TP_NO_CONVERGENCE,
         "ERROR (SPCRTRF-15177): PSS analysis failed to converge"},
        {"converge0", NETLIST, "", TP_NO_CONVERGENCE, "failed to converge"},
        {"crash", NETLIST, "", TP_DIED, "ended by signal 11 (Segmentation"},
        {"hang", NETLIST, "seconds=1", TP_TIMED_OUT, "over 1 s"},
        {"silent", NETLIST, "", TP_SIM_FAILED, "exit status 1; the log ends"},
        {"truncate", NETLIST, "", TP_SIM_FAILED,
         "it was not written to its end"},
        {"truncate", NETLIST, "format=nutbin", TP_SIM_FAILED, "raw file"},
        {"nodata", NETLIST, "", TP_SIM_FAILED, "id0.dc: can't open"},
        {"", NETLIST "include \"/nowhere.scs\" section=tt\n", "", TP_SIM_FAILED,
         "ERROR (SFE-868)"},
        {"", NETLIST "X1 (in 0) nothing\n", "", TP_SIM_FAILED, "ERROR (SFE-"},
        {"", NETLIST, "binary=/nowhere/spectre", TP_DIED,
         "can't start /nowhere/spectre: No such file"},
        {"", NETLIST, "options='open", TP_SIM_FAILED,
         "options: a quote is not closed"},
        {"", NETLIST, "completion=\"never said\"", TP_SIM_FAILED,
         "the log ends with: spectre completes with 0 errors"},
    };
    for (int i = 0; i < TP_COUNT(rows); i++) {
        setenv("TRIMPOT_STANDIN", rows[i].play, 1);
        tp_sim_result r = run_it(rows[i].text, rows[i].settings, all);
        if (!CHECK_INT(r.how, rows[i].how)) printf("  %s\n", rows[i].play);
        CHECK_HAS(r.why, rows[i].why);
    }
    unsetenv("TRIMPOT_STANDIN");
}

static void test_spectre__waits_for_a_licence(void)
{
    char count[] = "/tmp/trimpot-count-XXXXXX";
    int  fd = mkstemp(count);
    CHECK(fd >= 0);
    close(fd);
    setenv("TRIMPOT_STANDIN", "licence:2", 1);
    setenv("TRIMPOT_STANDIN_COUNT", count, 1);
    tp_sim_result r = run_it(NETLIST, "retries=2,backoff=0.01", all);
    CHECK_INT(r.how, TP_RAN);
    tp_str text;
    CHECK(tp_file_read(&text, count, 10, check_mem(), NULL) == TP_OK);
    CHECK_STR(text, "3");
    unsetenv("TRIMPOT_STANDIN");
    unsetenv("TRIMPOT_STANDIN_COUNT");
    unlink(count);
}

/* The program, more arguments and the words of success from the environment. */
static void test_spectre__settings_from_the_environment(void)
{
    setenv("VB_SPECTRE_BIN", "/nowhere/from-bin", 1);
    setenv("VB_SPECTRE_CMD", "/nowhere/from-cmd", 1);
    tp_sim_result r = run_it(NETLIST, "binary=", all);
    CHECK_HAS(r.why, "can't start /nowhere/from-bin");
    unsetenv("VB_SPECTRE_BIN");
    r = run_it(NETLIST, "binary=", all);
    CHECK_HAS(r.why, "can't start /nowhere/from-cmd");
    unsetenv("VB_SPECTRE_CMD");
    setenv("VB_SPECTRE_ARGS", "-format nonsense", 1);
    r = run_it(NETLIST, "", all);
    CHECK_HAS(r.why, "has no format `nonsense'");
    unsetenv("VB_SPECTRE_ARGS");
    setenv("VB_SPECTRE_COMPLETION_PATTERN", "never said", 1);
    r = run_it(NETLIST, "", all);
    CHECK_HAS(r.why, "the log ends with");
    unsetenv("VB_SPECTRE_COMPLETION_PATTERN");
}

static void test_spectre__time_limit_from_the_environment(void)
{
    setenv("TRIMPOT_STANDIN", "hang", 1);
    setenv("VB_TIMEOUT", "0.3", 1);
    tp_sim_result r = run_it(NETLIST, "", all);
    CHECK_INT(r.how, TP_TIMED_OUT);
    setenv("VB_TIMEOUT", "1000", 1);
    r = run_it(NETLIST, "seconds=0.3", all);
    CHECK_INT(r.how, TP_TIMED_OUT);
    unsetenv("TRIMPOT_STANDIN");
    setenv("VB_TIMEOUT", "soon", 1);
    r = run_it(NETLIST, "", all);
    CHECK_STR(r.why, "VB_TIMEOUT: 'soon', where a number above 0 is expected");
    unsetenv("VB_TIMEOUT");
    CHECK_INT(run_it(NETLIST, "", all).how, TP_RAN);
}

static void test_spectre__how_many_from_the_environment(void)
{
    tp_err err = {0};
    int    n = -1;
    CHECK_OK(tp_sim_spectre.at_most(&n, &err), &err);
    CHECK_INT(n, 0);
    setenv("VB_SPECTRE_MAX_WORKERS", "3", 1);
    CHECK_OK(tp_sim_spectre.at_most(&n, &err), &err);
    CHECK_INT(n, 3);
    setenv("VB_SPECTRE_MAX_WORKERS", "many", 1);
    CHECK_INT(tp_sim_spectre.at_most(&n, &err), TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "VB_SPECTRE_MAX_WORKERS: 'many'");
    unsetenv("VB_SPECTRE_MAX_WORKERS");
}

/* A stand-in for csh that shows what it was given; then csh itself, where the
   machine has one, with a file and arguments that a shell would read. */
static void test_spectre__environment_of_a_csh_file(void)
{
    char   folder[] = "/tmp/tp-csh-XXXXXX", path[2000];
    tp_err err = {0};
    if (!CHECK(mkdtemp(folder) != NULL)) return;
    tp_str was = tp_str_copy(check_mem(), tp_str_of(getenv("PATH")));
    char  *rc = tp_str_z(check_mem(),
                         tp_str_fmt(check_mem(), "%s/it's $x;`id`", folder));
    setenv("VB_CADENCE_CSHRC", rc, 1);
    CHECK_HAS(run_it(NETLIST, "", all).why, "VB_CADENCE_CSHRC: can't read");
    CHECK_OK(tp_file_write(rc, TP_S("setenv TRIMPOT_STANDIN licence\n"), &err),
             &err);
    setenv("VB_SPECTRE_ARGS", "'+$HOME;`id`*'", 1);
    tp_sim_result r = run_it(NETLIST, "retries=0", all);
    bool          none = access("/bin/csh", X_OK) != 0;
    CHECK(none || r.how == TP_SIM_FAILED);
    if (!none) CHECK_HAS(r.why, "icense");
    char *csh =
        tp_str_z(check_mem(), tp_str_fmt(check_mem(), "%s/csh", folder));
    CHECK_OK(tp_file_write(csh,
                           TP_S("#!/bin/sh\n"
                                "[ \"$1 $2\" = '-f -c' ] || exit 9\n"
                                "[ -r \"$4\" ] || exit 8\n"
                                "shift 4; exec \"$@\"\n"),
                           &err),
             &err);
    chmod(csh, 0755);
    snprintf(path, sizeof path, "%s:%.*s", folder, TP_F(was));
    setenv("PATH", path, 1);
    CHECK_STR(run_it(NETLIST, "", all).why, "");
    setenv("PATH", tp_str_z(check_mem(), was), 1);
    unsetenv("VB_SPECTRE_ARGS");
    unsetenv("VB_CADENCE_CSHRC");
    unlink(csh);
    unlink(rc);
    rmdir(folder);
}

static const check_test tests[] = {
    CHECK_TEST(test_spectre__log_is_judged_by_its_lines),
    CHECK_TEST(test_spectre__analyses_in_its_words),
    CHECK_TEST(test_spectre__results_in_every_form),
    CHECK_TEST(test_spectre__every_failure_in_its_own_words),
    CHECK_TEST(test_spectre__waits_for_a_licence),
    CHECK_TEST(test_spectre__settings_from_the_environment),
    CHECK_TEST(test_spectre__time_limit_from_the_environment),
    CHECK_TEST(test_spectre__how_many_from_the_environment),
    CHECK_TEST(test_spectre__environment_of_a_csh_file),
    {0},
};

int main(void)
{
    return check_main(tests);
}
