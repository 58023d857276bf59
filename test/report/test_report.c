/* Progress lines, final table, JSON, CSV, HTML of a finished run. */
#include "report/account.h"

static void test_progress__one_line_says_it_all(void)
{
    finished *f = finished_make();
    CHECK_STR(tp_report_trial(&f->p, &f->trial[0], &f->trial[0], check_mem()),
              "   1  r1=1000 c,1=1e-12  I \"x\" 2.441 mA  BW 277 MHz  feasible"
              "  best 2.441 mA (#1)");
    tp_str line =
        tp_report_trial(&f->p, &f->trial[1], &f->trial[0], check_mem());
    CHECK_HAS(line, "no-convergence: singular");
    line = tp_report_trial(&f->p, &f->trial[2], &f->trial[2], check_mem());
    CHECK_HAS(line, "BW 249.9 MHz  feasible  best 1.7 mA (#3)");
    f->trial[2].score.feasible = false;
    line = tp_report_trial(&f->p, &f->trial[2], &f->trial[2], check_mem());
    CHECK_HAS(line, "not feasible: BW off by 0.04 %");
    CHECK_HAS(line, "best 1.7 mA infeasible (#3)");
}

static void test_bar__fits_its_width(void)
{
    finished *f = finished_make();
    tp_bar    at = {12, 1, 25, 2, &f->trial[2]}, begun = {.n = 3};
    tp_str    bar = tp_report_bar(&f->p, &at, 79, check_mem());
    CHECK_STR(bar, "12/25  best 1.7 mA (#3)  6/s  failed 1");
    at.max = 0;
    for (int width = 1; width < 50; width++)
        CHECK(tp_report_bar(&f->p, &at, width, check_mem()).len <= width);
    CHECK_STR(tp_report_bar(&f->p, &begun, 79, check_mem()), "3");
}

static void test_final__shows_limits_margins_and_proof(void)
{
    finished *f = finished_make();
    tp_str    t = tp_report_final(&f->a, false, check_mem());
    CHECK_HAS(t, "d-12ab: limit (maxitersreached), COBYLA, 3 trials, 1 failed, "
                 "1.5 s\n");
    CHECK_HAS(t, "  r1         1000  2222   50  50000  log\n");
    CHECK_HAS(t, "linear, at its minimum\n");
    CHECK_HAS(t, "-0.04 %  met within ctol, active\n");
    CHECK_HAS(t, "every constraint is met (trial 3)");
    CHECK_HAS(t, "proof: not made");
    CHECK_HAS(t, "again: trimpot measure dir/d.net --set r1=2222.5");
    CHECK_INT(tp_str_find(t, '\033', 0), -1);
    f->a.proof = (tp_proof){.done = true,
                            .simulator = TP_S("ngspice -b"),
                            .max_relative_difference = 0.02,
                            .why = TP_S("BW: 1 in the run, 2 here")};
    t = tp_report_final(&f->a, true, check_mem());
    CHECK_HAS(t, ": BW: 1 in the run, 2 here\n       largest relative "
                 "difference of all 0.02\n");
    CHECK(tp_str_find(t, '\033', 0) >= 0);
}

static void test_final__without_a_result(void)
{
    finished *f = finished_make();
    f->a.best = 0;
    CHECK_HAS(tp_report_final(&f->a, false, check_mem()),
              "no trial gave a result\n");
    f->reading[0][1] = (tp_reading){.why = TP_S("never falls by 3 dB")};
    CHECK_HAS(tp_report_final(&f->a, false, check_mem()),
              "a result\ntrial 1: BW: never falls by 3 dB\n");
    f->trial[0].reading = NULL;
    f->trial[0].outcome = TP_S("died");
    f->trial[0].why = TP_S("ended by Killed");
    CHECK_HAS(tp_report_final(&f->a, false, check_mem()),
              "a result\ntrial 1: died: ended by Killed\n");
    tp_str out;
    tp_err err = {0};
    CHECK_INT(tp_report_deck(&out, &f->a, check_mem(), &err), TP_BAD_INPUT);
    CHECK_HAS(tp_report_json(&f->a, check_mem()), "\"best\": null");
}

static void test_measures__value_or_reason(void)
{
    finished *f = finished_make();
    f->reading[0][1] = (tp_reading){.why = TP_S("never falls by 3 dB")};
    tp_str t = tp_report_measures(&f->p, &f->trial[0], check_mem());
    CHECK_HAS(t, "r1=1000 c,1=1e-12\n");
    CHECK_HAS(t, "2.441 mA");
    CHECK_HAS(t, "none");
    CHECK_HAS(t, "never falls by 3 dB");
    t = tp_report_measures_json(&f->p, &f->trial[0], check_mem());
    CHECK_HAS(t, "\"BW\": null");
    CHECK_HAS(t, "\"none_because\": {\"BW\": \"never falls by 3 dB\"}");
    t = tp_report_measures(&f->p, &f->trial[1], check_mem());
    CHECK_HAS(t, "no-convergence: singular");
}

static void test_json__is_exact_and_has_no_infinities(void)
{
    finished *f = finished_make();
    tp_str    t = tp_report_json(&f->a, check_mem());
    CHECK_HAS(t, "\"objective\": 0.0017");
    CHECK_HAS(t, "\"I \\\"x\\\"\": 0.0017");
    CHECK_HAS(t, "\"feasible\": true");
    CHECK_HAS(t, "\"proof\": null");
    CHECK_HAS(t, "\"simulator_seconds\": 0.75");
    CHECK_INT(tp_str_find(t, '\n', 0), t.len - 1);
    f->reading[2][0].value = INFINITY;
    f->a.run.seconds = NAN;
    f->a.proof = (tp_proof){.simulator = TP_S("s"),
                            .done = true,
                            .max_relative_difference = INFINITY};
    f->a.run.status = TP_S("l\xf6st");
    t = tp_report_json(&f->a, check_mem());
    CHECK_HAS(t, "\"objective\": null");
    CHECK_HAS(t, "\"seconds\": null");
    CHECK_HAS(t, "\"max_relative_difference\": null");
    CHECK_HAS(t, "\"status\": \"l?st\"");
}

static void test_json__objective_in_the_users_sign(void)
{
    finished *f = finished_make();
    f->measure[0].goal = TP_MAXIMISE;
    finished_trials(f);
    CHECK_NEAR(f->trial[2].score.f, -1.7e-3, 0);
    CHECK_HAS(tp_report_json(&f->a, check_mem()), "\"objective\": 0.0017");
}

static void test_csv__quotes_and_keeps_every_digit(void)
{
    finished *f = finished_make();
    tp_str    t = tp_report_csv(&f->a, check_mem());
    CHECK_STR(t, "trial,outcome,r1,\"c,1\",\"I \"\"x\"\"\",BW,violation,"
                 "feasible,attempts,sim_seconds,why\r\n"
                 "1,ran,1000,1e-12,0.00244061,276960000,0,1,1,0.25,\r\n"
                 "2,no-convergence,50,0.3333333333333333,,,,0,2,0.25,"
                 "\"singular, \"\"net\"\" <3>\nline two\"\r\n"
                 "3,ran,2222.5,0,0.0017,249900000,0.0004,1,3,0.25,\r\n");
}

static void test_html__stands_alone(void)
{
    finished *f = finished_make();
    tp_str    t;
    tp_err    err = {0};
    CHECK_OK(tp_report_html(&t, &f->a, check_mem(), &err), &err);
    CHECK_HAS(t, "<!DOCTYPE html>");
    CHECK_HAS(t, "I &quot;x&quot;");
    CHECK_HAS(t, "&lt;3&gt;");
    CHECK_HAS(t, "<svg");
    CHECK_HAS(t, "class='ok best'");
}

static void test_convergence__marks_feasible_and_best(void)
{
    finished *f = finished_make();
    tp_graph  g;
    f->trial[0].score.feasible = false;
    tp_report_convergence(&g, &f->a, check_mem());
    if (!CHECK_INT(g.n, 3)) return;
    CHECK_INT(g.curve[0].n, 1); /* feasible */
    CHECK_NEAR(g.curve[0].x[0], 3, 0);
    CHECK_INT(g.curve[1].n, 1); /* not */
    CHECK_NEAR(g.curve[1].y[0], 2.44061e-3, 0);
    CHECK_INT(g.curve[2].n, 1); /* best so far */
    CHECK_STR(g.y_unit, "A");
    CHECK(!g.y_log);
}

/* What jansson reads back is what was written, in its few digits. */
static void test_json__text_is_short_and_exact(void)
{
    static const char text[] =
        "{\"a\": [0.1, 200.0, -0.0, 1e+300, 5e-324, 2.220446049250313e-16, "
        "333.3, 3, -9007199254740993], \"b \\\"q\\\"\": {\"t\": true, "
        "\"f\": false, \"n\": null, \"s\": \"\\u0001 \\u000a\"}, "
        "\"e\": [[], {}]}";
    json_t *j = json_loads(text, 0, NULL);
    if (!CHECK(j != NULL)) return;
    tp_str  out = tp_report_json_text(j, false, check_mem());
    tp_str  compact = tp_report_json_text(j, true, check_mem());
    json_t *again = json_loads(tp_str_z(check_mem(), compact), 0, NULL);
    CHECK_STR(out, text);
    CHECK(json_equal(j, again));
    CHECK(tp_str_find(compact, ' ', 0) == tp_str_find(compact, 'b', 0) + 1);
    json_decref(j);
    json_decref(again);
}

static const check_test tests[] = {
    CHECK_TEST(test_json__text_is_short_and_exact),
    CHECK_TEST(test_progress__one_line_says_it_all),
    CHECK_TEST(test_bar__fits_its_width),
    CHECK_TEST(test_final__shows_limits_margins_and_proof),
    CHECK_TEST(test_final__without_a_result),
    CHECK_TEST(test_measures__value_or_reason),
    CHECK_TEST(test_json__is_exact_and_has_no_infinities),
    CHECK_TEST(test_json__objective_in_the_users_sign),
    CHECK_TEST(test_csv__quotes_and_keeps_every_digit),
    CHECK_TEST(test_html__stands_alone),
    CHECK_TEST(test_convergence__marks_feasible_and_best),
    {0},
};

int main(void)
{
    return check_main(tests);
}
