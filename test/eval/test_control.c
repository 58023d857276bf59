/* A bench whose analyses stand in .control blocks, in this process, over the
   fake simulator: what it measures, what ends a trial, and damaged bytes. */
#include "check.h"

#include "eval/eval.h"

typedef struct scene {
    tp_problem       p;
    tp_bench         bench;
    tp_circuit       circuit;
    tp_control       control;
    tp_control_block block;
    tp_source        file;
    tp_measure       measure[3];
    tp_var           var;
    tp_str           param;
} scene;

static scene *scene_of(const char *text)
{
    scene *s = TP_NEW(check_mem(), scene, 1);
    s->param = TP_S("a");
    s->var = (tp_var){.name = TP_S("a"), .unit = TP_S(""), .lo = 0, .hi = 9};
    s->circuit = (tp_circuit){
        .text = TP_S("* t\n.param a=1\nv1 out 0 1\nr1 out 0 1\n.end\n"),
        .behaviour = TP_S(""),
        .n_param = 1,
        .param = &s->param};
    s->file = (tp_source){TP_S("d.cir"), TP_S("")};
    s->block = (tp_control_block){
        .text = tp_str_of(text), .at = {&s->file, 7, 1}, .measure = TP_S("")};
    s->control = (tp_control){.n = 1, .block = &s->block};
    s->bench = (tp_bench){.circuit = &s->circuit, .control = &s->control};
    static const char *const name[] = {"q", "z", "nosuch"};
    for (int i = 0; i < 3; i++)
        s->measure[i] = (tp_measure){.name = tp_str_of(name[i]),
                                     .text = tp_str_of(name[i]),
                                     .unit = TP_S(""),
                                     .dialect = TP_NUTMEG,
                                     .scale = 1};
    s->p = (tp_problem){.space = {1, &s->var},
                        .n_bench = 1,
                        .bench = &s->bench,
                        .n_measure = 3,
                        .measure = s->measure};
    return s;
}

static tp_str load_of(const scene *s)
{
    return tp_eval_load(&s->p, 0, NULL, TP_S("fake,points=3"), check_mem());
}

static tp_result trial(void *with, const tp_want *want)
{
    const double x[] = {2};
    tp_result    r = {0};
    tp_err       err = {0};
    tp_str       ask = tp_eval_ask(x, 1, want, check_mem());
    CHECK_OK(tp_eval_answer(&r, tp_control_work(with, ask, check_mem()),
                            check_mem(), &err),
             &err);
    return r;
}

static void test_control__numbers_of_print_are_the_measures(void)
{
    scene *s =
        scene_of("op\nlet q = 2 + 1\nprint q\nlet q = 7\nprint q nosuch\n"
                 "let z = vector(3)\nprint z\n");
    tp_err err = {0};
    void  *with = tp_control_work_load(load_of(s), &err);
    if (!CHECK(with != NULL)) return;
    for (int k = 0; k < 2; k++) { /* a trial leaves nothing to the next */
        tp_result r = trial(with, &(tp_want){.all = true});
        CHECK_INT(r.how, TP_RAN);
        if (!CHECK_INT(r.n, 3)) return;
        CHECK(r.reading[0].ok && r.reading[0].value == 3);
        CHECK(!r.reading[1].ok && !r.reading[2].ok);
        CHECK_HAS(r.reading[1].why, "not one finite real number");
        CHECK_HAS(r.reading[2].why, "no statement that ran");
        CHECK_INT(r.n_notice, k == 0);
        if (k == 0) CHECK_HAS(r.notice[0].text, "d.cir:11:9: no such vector");
        if (CHECK_INT(r.all.n, 1)) CHECK_STR(r.all.plot[0].ordinal, "op1");
    }
}

static void test_control__an_analysis_that_fails_ends_the_trial(void)
{
    scene *s = scene_of("op\nlet q = 1\nprint q\ndc nosuch 0 1\nprint q\n");
    tp_err err = {0};
    void  *with = tp_control_work_load(load_of(s), &err);
    if (!CHECK(with != NULL)) return;
    tp_result r = trial(with, NULL);
    CHECK_INT(r.how, TP_SIM_FAILED);
    CHECK_HAS(r.why, "d.cir:10: ");
    CHECK_INT(r.n, 0);
}

/* Cards: {a} is the point's, {q} the measure's before; what fails costs its
   own measure only; behind a `quit` no analysis is made. */
static void test_control__cards_are_measured_at_the_point(void)
{
    scene           *s = scene_of("let q = 9\nprint q\nquit\n");
    tp_place         at = {&s->file, 9, 1};
    tp_control_block block[] = {
        s->block,
        {TP_S("op"), at, TP_BLOCK_ANALYSIS, TP_S("")},
        {TP_S("meas op q param={a*3}"), at, TP_BLOCK_MEASURE, TP_S("q")},
        {TP_S("meas tran z max v(out)"), at, TP_BLOCK_MEASURE, TP_S("z")},
        {TP_S("meas op nosuch param={q+z}"), at, TP_BLOCK_MEASURE,
         TP_S("nosuch")},
    };
    tp_err err = {0};
    s->control = (tp_control){.n = 5, .block = block};
    for (int quits = 1; quits >= 0; quits--) {
        if (!quits) block[0].text = TP_S("let q = 9\nprint q\n");
        void *with = tp_control_work_load(load_of(s), &err);
        if (!CHECK(with != NULL)) return;
        tp_result r = trial(with, NULL);
        CHECK_INT(r.how, TP_RAN);
        if (!CHECK_INT(r.n, 3)) return;
        CHECK(r.reading[0].ok == !quits);
        if (!quits) CHECK_NEAR(r.reading[0].value, 6, 0);
        CHECK(!r.reading[1].ok && !r.reading[2].ok);
        CHECK_HAS(r.reading[1].why, "no plot of a tran");
        CHECK_HAS(r.reading[2].why,
                  quits ? "q has no value" : "z has no value");
        CHECK_INT(r.n_notice, 0);
    }
}

/* A parameter that no circuit has. */
static void test_control__an_analysis_card_that_has_no_number_fails(void)
{
    scene           *s = scene_of("");
    tp_control_block b = {
        TP_S("dc v1 0 {nix} 1"), {&s->file, 9, 1}, TP_BLOCK_ANALYSIS, TP_S("")};
    tp_err err = {0};
    s->control.block = &b;
    void *with = tp_control_work_load(load_of(s), &err);
    if (!CHECK(with != NULL)) return;
    tp_result r = trial(with, NULL);
    CHECK_INT(r.how, TP_SIM_FAILED);
    CHECK_HAS(r.why, "d.cir:9: unknown parameter 'nix'");
}

static void test_control__damaged_bytes_are_refused(void)
{
    scene *s = scene_of("op\nlet q = 1\nprint q\n");
    tp_str load = load_of(s), ask;
    tp_err err = {0};
    double x[] = {2};
    for (ptrdiff_t n = 1; n < load.len; n += 1 + n / 8) {
        err = (tp_err){0};
        void *with = tp_control_work_load(tp_str_part(load, 0, n), &err);
        CHECK(with || err.msg[0]);
        if (with) CHECK(n > load.len - 60); /* only measures were cut off */
    }
    void *with = tp_control_work_load(load, &err);
    if (!CHECK(with != NULL)) return;
    ask = tp_eval_ask(x, 1, NULL, check_mem());
    for (ptrdiff_t n = 0; n < ask.len; n += 5) {
        tp_result r;
        tp_str    cut = tp_str_part(ask, 0, n);
        CHECK_OK(tp_eval_answer(&r, tp_control_work(with, cut, check_mem()),
                                check_mem(), &err),
                 &err);
        CHECK_INT(r.how, TP_SIM_FAILED);
        CHECK_HAS(r.why, "damaged");
    }
    CHECK_INT(trial(with, NULL).how, TP_RAN);
}

static const check_test tests[] = {
    CHECK_TEST(test_control__numbers_of_print_are_the_measures),
    CHECK_TEST(test_control__an_analysis_that_fails_ends_the_trial),
    CHECK_TEST(test_control__cards_are_measured_at_the_point),
    CHECK_TEST(test_control__an_analysis_card_that_has_no_number_fails),
    CHECK_TEST(test_control__damaged_bytes_are_refused),
    {0},
};

int main(void)
{
    return check_main(tests);
}
