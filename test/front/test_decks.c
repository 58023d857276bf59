/* The two printed decks become complete problems. */
#include "check.h"
#include "front/front.h"

#define DIODE "examples/simetrix/diode.net"
#define AMP "examples/simetrix/amp-700.net"

static bool read_deck(tp_problem *p, const char *path)
{
    tp_err    err = {0};
    tp_status s = tp_front_read(p, path, NULL, check_mem(), &err);
    if (s != TP_OK) printf("%.*s", TP_F(tp_err_text(&err, check_mem())));
    return CHECK_OK(s, &err);
}

static bool has(tp_str text, const char *part)
{
    tp_str p = tp_str_of(part);
    for (ptrdiff_t i = 0; i + p.len <= text.len; i++)
        if (tp_str_eq(tp_str_part(text, i, p.len), p)) return true;
    return false;
}

/* ---- amp-700 ------------------------------------------------------------ */

static void test_amp__variables(void)
{
    static const struct {
        const char *name;
        double      start, lo, hi;
    } rows[] = {{"rcurr", 1000, 50, 20000},
                {"rtail", 1000, 50, 20000},
                {"rcoll", 10000, 100, 50000},
                {"routput", 10000, 100, 50000}};
    tp_problem p;
    if (!read_deck(&p, AMP)) return;
    CHECK_STR(p.name, "amp-700");
    CHECK_STR(p.path, AMP);
    CHECK(!p.single);
    if (!CHECK_INT(p.space.n, 4)) return;
    for (int i = 0; i < 4; i++) {
        const tp_var *v = &p.space.var[i];
        CHECK_STR(v->name, rows[i].name);
        CHECK_NEAR(v->start, rows[i].start, 0);
        CHECK_NEAR(v->lo, rows[i].lo, 0);
        CHECK_NEAR(v->hi, rows[i].hi, 0);
        CHECK(v->log);
    }
    CHECK_INT(p.n_notice, 0);
}

static void test_amp__run_settings(void)
{
    tp_problem p;
    if (!read_deck(&p, AMP)) return;
    CHECK_STR(p.method, "COBYLA");
    CHECK_NEAR(p.abstol, 1e-9, 0);
    CHECK_NEAR(p.reltol, 1e-3, 0);
    CHECK_INT(p.iterlim, 25);
    CHECK(p.show_progress);
    CHECK_STR(p.results_file, "amp-700_results.sxopt");
    CHECK_STR(p.schematic, "");
    CHECK_INT(p.files.n, 1);
}

static void test_amp__measures(void)
{
    static const struct {
        const char *name, *text;
        int         analysis;
        bool        op;
        tp_goal     goal;
        double      target, scale;
    } rows[] = {
        {"Supply_current", "-(v3#p+v2#p)", 0, true, TP_MINIMISE, 0, 1},
        {"Bandwidth", "lpbw(vout, 3)", 0, false, TP_AT_LEAST, 2.5e8, 2.5e8},
        {"Gain_at_1meg", "yatx(db(vout),1meg)", 0, false, TP_AT_LEAST, 20, 20},
        {"Distortion", "MeasureDistortion(vout)", 1, false, TP_AT_MOST, 0.01,
         0.01},
    };
    tp_problem p;
    if (!read_deck(&p, AMP)) return;
    if (!CHECK_INT(p.n_measure, 4)) return;
    for (int i = 0; i < 4; i++) {
        const tp_measure *m = &p.measure[i];
        CHECK_STR(m->name, rows[i].name);
        CHECK_STR(m->text, rows[i].text);
        CHECK_INT(m->bench, 0);
        CHECK_INT(m->analysis, rows[i].analysis);
        CHECK_INT(m->op, rows[i].op);
        CHECK_INT(m->goal, rows[i].goal);
        CHECK_NEAR(m->target, rows[i].target, 0);
        CHECK_NEAR(m->scale, rows[i].scale, 0);
        CHECK(m->expr != NULL);
    }
    CHECK_INT(tp_problem_objective(&p), 0);
    CHECK_INT(tp_problem_constraints(&p), 3);
}

static void test_amp__names_are_bound(void)
{
    tp_problem p;
    if (!read_deck(&p, AMP)) return;
    const tp_measure *m = &p.measure[0];
    if (!CHECK_INT(m->n_bind, 2)) return;
    CHECK_INT(m->bind[0].kind, TP_BIND_SIGNAL);
    CHECK_INT(m->bind[0].analysis, 0);
    CHECK(m->bind[0].op);
    CHECK_STR(m->bind[0].signal.name, "v3#p");
    CHECK_STR(m->bind[0].signal.unit, "A");
    CHECK_NEAR(m->bind[0].signal.factor, 1, 0);
    m = &p.measure[3];
    CHECK_INT(m->n_bind, 1);
    CHECK_INT(m->bind[0].analysis, 1);
    CHECK(!m->bind[0].op);
    CHECK_STR(m->bind[0].signal.name, "vout");
    CHECK_STR(m->bind[0].signal.unit, "V");
}

static void test_amp__bench(void)
{
    tp_problem p;
    if (!read_deck(&p, AMP)) return;
    CHECK_INT(p.n_bench, 1);
    const tp_circuit *c = p.bench->circuit;
    CHECK_STR(p.bench->name, "amp-700");
    CHECK_INT(c->n_param, 4);
    if (!CHECK_INT(c->n_analysis, 2)) return;
    CHECK_STR(c->analysis[0].id, "ac_0");
    CHECK(c->analysis[0].op);
    CHECK(!c->analysis[1].op);
    CHECK_STR(c->analysis[1].command, "tran 1e-08 1e-05 0 1e-08");
    CHECK(has(c->text, "R3 Q2_E R3_N {Rtail}"));
    CHECK(!has(c->text, "optim") && !has(c->text, "optspec"));
}

static void test_amp__start_values_have_places(void)
{
    tp_problem p;
    if (!read_deck(&p, AMP)) return;
    tp_edit edit[4];
    for (int i = 0; i < 4; i++) {
        edit[i] = p.start_edit[i];
        CHECK_INT(edit[i].len, i < 2 ? 4 : 5);
        edit[i].with = TP_S("7.5");
    }
    tp_str    text;
    tp_err    err = {0};
    tp_status status = tp_source_edit(&text, tp_deck_files(p.bench->deck).file,
                                      edit, 4, check_mem(), &err);
    if (!CHECK_OK(status, &err)) return;
    CHECK(has(text, "+ optinitvals=[7.5,7.5,7.5,7.5]\n+ optminvals=[50,50,"));
    CHECK_INT(text.len, p.files.file[0].text.len - (1 + 1 + 2 + 2));
}

/* ---- diode -------------------------------------------------------------- */

static void test_diode__variables(void)
{
    static const struct {
        const char *name;
        double      start, lo;
    } rows[] = {{"RS", 0.01, 1e-6}, {"IKF", 0.1, 1e-3}, {"N", 1, 0.1}};
    tp_problem p;
    if (!read_deck(&p, DIODE)) return;
    CHECK(p.single);
    if (!CHECK_INT(p.space.n, 3)) return;
    for (int i = 0; i < 3; i++) {
        const tp_var *v = &p.space.var[i];
        CHECK_STR(v->name, rows[i].name);
        CHECK_NEAR(v->start, rows[i].start, 0);
        CHECK_NEAR(v->lo, rows[i].lo, 0);
        CHECK_NEAR(v->hi, INFINITY, 0);
        CHECK(!v->log); /* one bound only */
    }
    CHECK_STR(p.method, "");
    CHECK_INT(p.iterlim, 0);
    CHECK_NEAR(p.abstol, 1e-9, 0);
    CHECK(p.show_progress);
}

static void test_diode__data(void)
{
    tp_problem p;
    if (!read_deck(&p, DIODE)) return;
    if (!CHECK_INT(p.n_data, 1)) return;
    const tp_wave *w = &p.data[0].wave;
    CHECK_STR(p.data[0].name, "Diode_data");
    CHECK_STR(w->name, "diode_data");
    CHECK_INT(w->n, 27);
    CHECK_NEAR(w->x[0], 0.2, 0);
    CHECK_NEAR(w->re[0], 0.017530716724236, 0);
    CHECK_NEAR(w->x[26], 1.6, 0);
    CHECK_NEAR(w->re[26], 128.180625221171, 0);
    CHECK(w->im == NULL);
}

static void test_diode__measure(void)
{
    tp_problem p;
    if (!read_deck(&p, DIODE)) return;
    if (!CHECK_INT(p.n_measure, 1)) return;
    const tp_measure *m = p.measure;
    CHECK_STR(m->name, "CurveFitLog(Diode_data,d1#p)");
    CHECK_INT(m->goal, TP_MINIMISE);
    if (!CHECK_INT(m->n_bind, 2)) return;
    CHECK_INT(m->bind[0].kind, TP_BIND_DATA);
    CHECK_INT(m->bind[0].at, 0);
    CHECK_INT(m->bind[1].kind, TP_BIND_SIGNAL);
    CHECK_STR(m->bind[1].signal.name, "d1#p");
}

static void test_diode__script(void)
{
    tp_problem p;
    if (!read_deck(&p, DIODE)) return;
    if (!CHECK_INT(p.n_post, 1) || !CHECK_INT(p.post->n, 5)) return;
    const tp_step *s = p.post->step;
    CHECK_STR(p.post->name, "finish");
    CHECK_INT(s[0].kind, TP_STEP_LET);
    CHECK_STR(s[0].name, "data");
    CHECK_INT(s[0].bind[0].kind, TP_BIND_DATA);
    CHECK_INT(s[1].kind, TP_STEP_PLOT);
    CHECK_INT(s[1].n_option, 3);
    CHECK_STR(s[1].option[0].name, "ylog");
    CHECK_STR(s[1].option[2].name, "name");
    CHECK_STR(s[1].option[2].value, "Target");
    CHECK_STR(s[1].text, "data");
    CHECK_INT(s[1].bind[0].kind, TP_BIND_LOCAL);
    CHECK_INT(s[1].bind[0].at, 0);
    CHECK_STR(s[2].text, "OptimiserSimulatorResults()");
    CHECK_INT(s[2].n_bind, 0);
    CHECK_STR(s[3].name, "bestindex");
    CHECK_INT(s[3].bind[0].at, 2);
    CHECK_INT(s[4].kind, TP_STEP_CURVE);
    CHECK_STR(s[4].option[0].value, "Best fit");
    CHECK_STR(s[4].text, "d1#p[bestIndex]");
    CHECK_INT(s[4].n_bind, 2);
    CHECK_INT(s[4].bind[0].kind, TP_BIND_DIVISIONS);
    CHECK_INT(s[4].bind[1].kind, TP_BIND_LOCAL);
    CHECK_INT(s[4].at.line, 14);
    if (!CHECK_INT(p.n_want, 1)) return;
    CHECK_STR(p.want[0].signal.name, "d1#p");
    CHECK_INT(p.want[0].analysis, 0);
}

static void test_diode__notices_that_line_1_is_a_device(void)
{
    tp_problem p;
    if (!read_deck(&p, DIODE)) return;
    if (!CHECK_INT(p.n_notice, 1)) return;
    CHECK_HAS(p.notice[0], "diode.net:1");
    CHECK_HAS(p.notice[0], "V1");
}

/* ---- both --------------------------------------------------------------- */

static void test_decks__are_read_again_from_their_texts(void)
{
    static const char *const path[] = {DIODE, AMP};
    for (int i = 0; i < 2; i++) {
        tp_problem a, b;
        tp_err     err = {0};
        if (!read_deck(&a, path[i])) return;
        CHECK_OK(tp_front_read(&b, path[i], &a.files, check_mem(), &err), &err);
        CHECK_INT(b.n_measure, a.n_measure);
        CHECK(tp_str_eq(b.bench->circuit->text, a.bench->circuit->text));
    }
}

static const check_test tests[] = {
    CHECK_TEST(test_amp__variables),
    CHECK_TEST(test_amp__run_settings),
    CHECK_TEST(test_amp__measures),
    CHECK_TEST(test_amp__names_are_bound),
    CHECK_TEST(test_amp__bench),
    CHECK_TEST(test_amp__start_values_have_places),
    CHECK_TEST(test_diode__variables),
    CHECK_TEST(test_diode__data),
    CHECK_TEST(test_diode__measure),
    CHECK_TEST(test_diode__script),
    CHECK_TEST(test_diode__notices_that_line_1_is_a_device),
    CHECK_TEST(test_decks__are_read_again_from_their_texts),
    {0},
};

int main(void)
{
    return check_main(tests);
}
