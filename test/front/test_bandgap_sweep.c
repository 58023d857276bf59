/* Figures of merit, netlists with holes, and the files of bandgap sweeps. */
#include "check.h"

#include "front/bandgap.h"

#include <jansson.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- figures of merit ---------------------------------------------------- */

static const tp_bandgap_goal goal = {.vbg = 1.2,
                                     .vbg_tolerance = 0.01,
                                     .psrr = 80,
                                     .psrr_min = 80,
                                     .tc = 20,
                                     .tc_max = 20,
                                     .w_vbg = 1,
                                     .w_psrr = 0.5,
                                     .w_tc = 0.3};

static double number(const json_t *j, const char *key)
{
    return json_number_value(json_object_get(j, key));
}

static void test_fom__literal_is_as_written(void)
{
    json_error_t err;
    json_t      *all =
        json_load_file("test/data/bandgap/bandgap_fom_vectors.json", 0, &err);
    json_t *list = json_object_get(all, "cases");
    CHECK_INT(json_array_size(list), 7);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *j = json_array_get(list, i);
        double        cost = tp_bandgap_literal(&goal, number(j, "Vbg"),
                                                number(j, "PSRR"), number(j, "TC"));
        CHECK_NEAR(cost, number(j, "cost"), 1e-9);
    }
    json_decref(all);
}

/* Better never costs; the tolerance holds; each weight counts once. */
static void test_fom__repaired_is_sane(void)
{
    CHECK_NEAR(tp_bandgap_repaired(&goal, 1.2, 80, 20), 0, 0);
    CHECK_NEAR(tp_bandgap_repaired(&goal, 1.2, 120, 5), 0, 0);
    CHECK_NEAR(tp_bandgap_repaired(&goal, 1.2, 80, 0), 0, 0);
    CHECK_NEAR(tp_bandgap_repaired(&goal, 1.206, 90, 10), 0.005, 1e-12);
    CHECK_NEAR(tp_bandgap_repaired(&goal, 1.224, 80, 20), 1000.01, 1e-9);
    CHECK_NEAR(tp_bandgap_repaired(&goal, 1.2, 60, 20), 1000.25, 1e-9);
    CHECK_NEAR(tp_bandgap_repaired(&goal, 1.2, 80, 30), 1000.5, 1e-9);
    tp_bandgap_goal wide = goal;
    wide.psrr_min = 40;
    wide.tc_max = 40;
    CHECK_NEAR(tp_bandgap_repaired(&wide, 1.2, 60, 30), 0.5 * 0.25 + 0.3 * 0.5,
               1e-12);
    wide.psrr = wide.tc = NAN;
    CHECK_NEAR(tp_bandgap_repaired(&wide, 1.2, NAN, NAN), 0, 0);
    CHECK_NEAR(tp_bandgap_literal(&wide, 1.2, NAN, NAN), 0, 0);
}

/* ---- netlists with holes ------------------------------------------------- */

static void test_template__has_parameters_in_its_holes(void)
{
    tp_err    err = {0};
    tp_str    out;
    tp_source in = {TP_S("n.sp"),
                    TP_S("a title\nR1 a b ${RA}\nR2 b 0 '2*${RB}' m={1+${ RA "
                         "}}\n.end")};
    tp_hole   hole[] = {{.name = TP_S("RA"), .value = 1e3},
                        {.name = TP_S("RB"), .value = 0.5},
                        {.name = TP_S("RC"), .value = 1}};
    CHECK_OK(tp_template_fill(&out, &in, hole, 3, check_mem(), &err), &err);
    CHECK_STR(out, "a title\n.param RA=1000\n.param RB=0.5\nR1 a b {RA}\n"
                   "R2 b 0 '2*RB' m={1+RA}\n.end\n");
    CHECK_INT(hole[0].uses, 2);
    CHECK_INT(hole[2].uses, 0);
}

static void test_template__refuses_other_holes(void)
{
    tp_str    out;
    tp_hole   hole = {.name = TP_S("RA")};
    tp_source in[] = {{TP_S("n.sp"), TP_S("t\nR1 a 0 ${RB}\n")},
                      {TP_S("n.sp"), TP_S("t\nR1 a 0 ${RA\n")}};
    tp_err    err = {0};
    CHECK_INT(tp_template_fill(&out, &in[0], &hole, 1, check_mem(), &err),
              TP_BAD_INPUT);
    CHECK_STR(tp_err_text(&err, check_mem()),
              "n.sp:2:8: ${RB} is no parameter of the sweep (did you mean "
              "RA?)\n  R1 a 0 ${RB}\n         ^\n");
    err = (tp_err){0};
    CHECK_INT(tp_template_fill(&out, &in[1], &hole, 1, check_mem(), &err),
              TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "the '${' has no '}'");
}

/* ---- files of sweeps ----------------------------------------------------- */

static char folder[] = "/tmp/tp_bandgap_XXXXXX";

static const char *put(const char *name, const char *text)
{
    tp_err err = {0};
    tp_str path = tp_str_fmt(check_mem(), "%s/%s", folder, name);
    char  *z = tp_str_z(check_mem(), path);
    CHECK_OK(tp_file_write(z, tp_str_of(text), &err), &err);
    return z;
}

static const char netlist[] =
    "a divider\n.param vdd=3\nV1 vdd 0 {vdd} ac 1\nR1 vdd vref ${RA} "
    "tc1=1e-4\nR2 vref 0 2k\n.end\n";

#define TARGET "target: {Vbg: 1.2, PSRR: 5, PSRR_min: 4, TC: 15}\n"
#define PARAMS "params:\n  RA: {min: 0.18e3, max: 1e3, step: 180}\n"
#define NET "netlist: n.sp\n"

static tp_status sweep_read(tp_problem *p, const char *yaml, tp_err *err)
{
    tp_bandgap_ask ask = {.path = put("s.yaml", yaml)};
    put("n.sp", netlist);
    return tp_bandgap_read(p, &ask, check_mem(), err);
}

/* The script's 0.18 to 1.0 by 0.18 is five values, not six up to 1.08. */
static void test_sweep__is_a_problem(void)
{
    tp_err          err = {0};
    tp_problem      p;
    tp_bandgap_goal g;
    int             m[3];
    if (!CHECK_OK(
            sweep_read(&p,
                       "ip_type: bandgap\n" NET TARGET PARAMS
                       "corners:\n  - {temp: 27}\n  - {temp: 100, supplies: "
                       "{vdd: 3.3}}\nweights: {TC: 0.2}\n",
                       &err),
            &err))
        return;
    CHECK_STR(p.name, "bg");
    CHECK_INT(p.space.n, 1);
    CHECK_NEAR(p.space.var[0].lo, 180, 1e-9);
    CHECK_NEAR(p.space.var[0].hi, 900, 1e-9);
    CHECK_NEAR(p.space.var[0].start, 180, 1e-9);
    CHECK(!p.space.var[0].log);
    CHECK_INT(p.n_corner, 2);
    CHECK_STR(p.method, "narrowing,rounds=8,patience=2,shrink=0.5,gate=1,"
                        "npts0=5");
    CHECK(tp_bandgap_goal_of(&g, &p));
    CHECK_NEAR(g.vbg, 1.2, 1e-12);
    CHECK_NEAR(g.vbg_tolerance, 0.01, 1e-12);
    CHECK_NEAR(g.psrr_min, 4, 0);
    CHECK_NEAR(g.tc_max, 15, 0);
    CHECK_NEAR(g.w_tc, 0.2, 1e-15);
    tp_bandgap_measures(m, &p);
    CHECK_STR(p.measure[m[1]].name, "PSRR");
    CHECK_STR(p.measure[m[1]].unit, "dB");
    CHECK_INT(p.spec[1].sense, TP_HIGHER);
    CHECK(p.rules.stall == 0 && p.rules.converge_cost == 0);
}

static void test_sweep__strategies_and_literal_differ(void)
{
    tp_err          err = {0};
    tp_problem      p;
    tp_bandgap_goal g;
    CHECK_OK(sweep_read(&p,
                        NET TARGET PARAMS
                        "fom: literal\nevolution_strategy: innovate\n",
                        &err),
             &err);
    CHECK_STR(p.method, "bo,preset=innovate,gate=true,init=6");
    CHECK_NEAR(p.space.var[0].start, 540, 1e-9); /* nobody knows: the middle */
    CHECK_NEAR(p.spec[0].min, p.spec[0].max, 0);
    CHECK_NEAR(p.spec[1].weight, 0.25, 1e-15);
    CHECK(tp_bandgap_goal_of(&g, &p));
    CHECK_NEAR(g.w_psrr, 0.5, 1e-15);
    CHECK_NEAR(g.w_tc, 0.3, 1e-15);
    CHECK_OK(sweep_read(&p,
                        NET TARGET
                        "params:\n  RA: {min: 100, max: 1000, step: 100, "
                        "init: 500}\nevolution_strategy: harden\n",
                        &err),
             &err);
    CHECK_NEAR(p.space.var[0].lo, 460, 1e-9); /* 500 +- 10 % by 20 */
    CHECK_NEAR(p.space.var[0].hi, 540, 1e-9);
    CHECK_HAS(p.method, "npts0=5");
}

static void test_sweep__says_what_is_wrong(void)
{
    static const struct {
        const char *yaml, *wanted;
    } bad[] = {
        {TARGET PARAMS, "the netlist is missing"},
        {NET TARGET, "'params' is missing"},
        {NET PARAMS, "'target' is missing"},
        {NET PARAMS "target: {PSRR: 3}\n", "target: 'Vbg' is missing"},
        {NET PARAMS "target: {Vbg: 0}\n", "target.Vbg: 0, where"},
        {NET PARAMS "target: {Vbg: 1, TC: -3}\n", "target.TC: -3, where"},
        {NET PARAMS "target: {Vbg: 1, Psrr: 3}\n", "Psrr: unknown name"},
        {NET TARGET PARAMS "ip_type: ldo\n", "'ldo', where bandgap"},
        {NET TARGET PARAMS "evolution_strategy: soften\n",
         "evolution_strategy: "},
        {NET TARGET PARAMS "fom: best\n", "fom: "},
        {NET TARGET PARAMS "corner: tt\ncorners: []\n", "exclude each other"},
        {NET TARGET "params: {RA: {min: 1, max: 2}}\n",
         "params.RA: 'step' is missing"},
        {NET TARGET "params: {RA: {min: 1, max: 2, step: 0}}\n",
         "params.RA.step: 0, where a number above 0"},
        {NET TARGET "params: {RA: {min: 3, max: 2, step: 1}}\n",
         "params.RA.max: 2 is below min, 3"},
        {NET TARGET "params: {RA: {min: 1, max: 2, step: 1e-9}}\n",
         "params.RA.step: 1e+09 points"},
        {NET TARGET "params: {RA: {min: 1, max: 5, step: 1, init: 9}}\n",
         "params.RA.init: 9 is outside 1 to 5"},
        {NET TARGET "params: {RA: {min: 1, max: 5, step: x}}\n",
         "params.RA.step: "},
        {NET TARGET "params: [1]\n", "params: a map of 1 to 64"},
        {NET TARGET "params: {RB: {min: 1, max: 5, step: 1}}\n",
         "${RA} is no parameter"},
        {NET TARGET PARAMS "  RB: {min: 1, max: 5, step: 1}\n", "has no ${RB}"},
        {NET TARGET PARAMS "evolution_strategy: harden\n", "'init' is missing"},
        {"netlist: none.sp\n" TARGET PARAMS, "none.sp"},
        {NET TARGET PARAMS "corner: tt\n", "tt"},
        {NET TARGET PARAMS "output: nowhere\n", "nowhere"},
    };
    for (int i = 0; i < TP_COUNT(bad); i++) {
        tp_err     err = {0};
        tp_problem p;
        CHECK(sweep_read(&p, bad[i].yaml, &err) != TP_OK);
        CHECK_HAS(tp_err_text(&err, check_mem()), bad[i].wanted);
    }
}

static const check_test tests[] = {
    CHECK_TEST(test_fom__literal_is_as_written),
    CHECK_TEST(test_fom__repaired_is_sane),
    CHECK_TEST(test_template__has_parameters_in_its_holes),
    CHECK_TEST(test_template__refuses_other_holes),
    CHECK_TEST(test_sweep__is_a_problem),
    CHECK_TEST(test_sweep__strategies_and_literal_differ),
    CHECK_TEST(test_sweep__says_what_is_wrong),
    {0},
};

int main(void)
{
    if (!mkdtemp(folder)) return 1;
    int failed = check_main(tests);
    for (int i = 0; i < 2; i++) {
        char path[80];
        snprintf(path, sizeof path, "%s/%s", folder, i ? "s.yaml" : "n.sp");
        unlink(path);
    }
    rmdir(folder);
    return failed;
}
