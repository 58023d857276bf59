/* A trial from the load to the readings, over the simulator of formulas; and
   the bytes between parent and worker. This program is its own worker. */
#include "check.h"
#include "eval/eval.h"
#include "sim/circuits.h"

#include <signal.h>

/* A circuit with two analyses, two variables, data, and five measures. */
typedef struct setup {
    tp_problem  p;
    tp_bench    bench;
    tp_circuit  circuit;
    tp_str      param[2];
    tp_analysis analysis[2];
    tp_var      var[2];
    tp_data     data[1];
    tp_measure  measure[6];
    tp_bind     bind[6];
} setup;

static const double ref_x[] = {0, 1, 2}, ref_y[] = {10, 20, 40};

static void add(setup *s, const char *name, const char *text, tp_goal goal,
                tp_bind bind)
{
    int         i = s->p.n_measure++;
    tp_scope    scope = {.dialect = TP_SIMETRIX};
    tp_err      err = {0};
    tp_measure *m = &s->measure[i];
    s->bind[i] = bind;
    *m = (tp_measure){.name = tp_str_of(name),
                      .text = tp_str_of(text),
                      .goal = goal,
                      .n_bind = 1,
                      .bind = &s->bind[i]};
    CHECK_OK(tp_expr_compile(&m->expr, m->text, &scope, check_mem(), &err),
             &err);
}

static tp_bind signal_of(const char *name, const char *vector, int analysis,
                         double factor)
{
    return (tp_bind){.kind = TP_BIND_SIGNAL,
                     .analysis = analysis,
                     .signal = {.name = tp_str_of(name),
                                .vector = tp_str_of(vector),
                                .factor = factor}};
}

static setup *make(void)
{
    setup *s = TP_NEW(check_mem(), setup, 1);
    s->param[0] = TP_S("fc"); /* the fake's p0, p1 in the order of params */
    s->param[1] = TP_S("a");
    s->var[0] = (tp_var){.name = TP_S("A"), .unit = TP_S("V")};
    s->var[1] = (tp_var){.name = TP_S("fc"), .unit = TP_S("Hz")};
    s->analysis[0] = (tp_analysis){.id = TP_S("ac_0"),
                                   .kind = TP_S("ac"),
                                   .ordinal = TP_S("ac1"),
                                   .command = TP_S("ac"),
                                   .op = true};
    s->analysis[1] = (tp_analysis){.id = TP_S("op_1"),
                                   .kind = TP_S("op"),
                                   .ordinal = TP_S("op1"),
                                   .command = TP_S("op")};
    s->circuit = (tp_circuit){.text = TP_S("* t\n.end\n"),
                              .n_param = 2,
                              .param = s->param,
                              .n_analysis = 2,
                              .analysis = s->analysis};
    s->data[0] = (tp_data){TP_S("ref"), {.n = 3, .x = ref_x, .re = ref_y}};
    s->bench.circuit = &s->circuit;
    s->p = (tp_problem){.space = {.n = 2, .var = s->var},
                        .n_bench = 1,
                        .bench = &s->bench,
                        .n_data = 1,
                        .data = s->data,
                        .measure = s->measure};
    tp_bind op = signal_of("out", "out", 0, -1);
    op.op = true;
    add(s, "sum", "sum", TP_MINIMISE, signal_of("sum", "SUM", 1, 1));
    add(s, "gain", "yatx(db(vout),1000)", TP_AT_LEAST,
        signal_of("vout", "out", 0, 1));
    add(s, "ref", "yatx(ref,1.5)", TP_WATCH,
        (tp_bind){.kind = TP_BIND_DATA, .at = 0});
    add(s, "twice", "2*a", TP_WATCH, (tp_bind){.kind = TP_BIND_VAR, .at = 0});
    add(s, "op", "out", TP_WATCH, op);
    add(s, "missing", "nope", TP_WATCH, signal_of("nope", "nope", 0, 1));
    return s;
}

static tp_evaluator *evaluator(const setup *s, const char *simulator)
{
    tp_err        err = {0};
    tp_evaluator *e = NULL;
    tp_str        load =
        tp_eval_load(&s->p, 0, NULL, tp_str_of(simulator), check_mem());
    CHECK_OK(tp_evaluator_open(&e, load, &err), &err);
    return e;
}

static tp_result trial(tp_evaluator *e, double a, double fc,
                       const tp_want *want)
{
    tp_result    r = {0};
    tp_err       err = {0};
    const double x[] = {a, fc};
    tp_str       ask = tp_eval_ask(x, 2, want, check_mem());
    tp_str       answer = tp_evaluator_work(e, ask, check_mem());
    CHECK_OK(tp_eval_answer(&r, answer, check_mem(), &err), &err);
    return r;
}

/* ---- trials ------------------------------------------------------ */

static void test_eval__measures_a_trial(void)
{
    setup        *s = make();
    tp_evaluator *e = evaluator(s, "fake");
    if (!CHECK(e != NULL)) return;
    for (int k = 2; k < 4; k++) {
        double    a = k;
        tp_result r = trial(e, a, 500, NULL);
        CHECK_INT(r.how, TP_RAN);
        if (!CHECK_INT(r.n, 6)) break;
        CHECK_NEAR(r.reading[0].value, (a - 1) * (a - 1) + 499.0 * 499, 1e-9);
        /* p0 is the parameter fc, p1 is a: |p0 / (1 + j 1000 / p1)| */
        double h = 500 / sqrt(1 + 1e6 / (a * a));
        CHECK(r.reading[1].ok);
        CHECK_NEAR(r.reading[1].value, 20 * log10(h), 1e-9);
        CHECK_NEAR(r.reading[2].value, 30, 1e-12);
        CHECK_NEAR(r.reading[3].value, 2 * a, 0);
        CHECK_STR(r.reading[3].unit, "V");
        CHECK_NEAR(r.reading[4].value, -(500 + a), 1e-9);
        CHECK(!r.reading[5].ok);
        CHECK_HAS(r.reading[5].why, "nope");
        CHECK_INT(r.n_wave, 0);
        CHECK(r.total_seconds > 0);
    }
    tp_evaluator_close(e);
}

static void test_eval__brings_waves_back(void)
{
    setup        *s = make();
    tp_evaluator *e = evaluator(s, "fake,points=4");
    const tp_bind bind[] = {signal_of("mine", "out", 0, -1),
                            signal_of("none", "none", 0, 1),
                            signal_of("sum", "sum", 1, 1)};
    tp_want       want = {.n = 3, .bind = bind};
    if (!CHECK(e != NULL)) return;
    tp_result r = trial(e, 2, 3, &want);
    if (!CHECK_INT(r.n_wave, 3)) return;
    CHECK_STR(r.wave[0].name, "mine");
    CHECK_INT(r.wave[0].n, 25);
    CHECK_NEAR(r.wave[0].x[4], 10, 1e-12);
    CHECK_NEAR(r.wave[0].re[4], -3 / (1 + 25.0), 1e-12);
    CHECK_NEAR(r.wave[0].im[4], 3 * 5 / (1 + 25.0), 1e-12);
    CHECK_INT(r.wave[1].n, 0);
    CHECK_NEAR(r.wave[2].re[0], 5, 1e-12);
    tp_evaluator_close(e);
}

static void test_eval__says_what_a_trial_came_to(void)
{
    static const struct {
        double      a;
        tp_outcome  how;
        const char *why;
    } rows[] = {
        {1, TP_RAN, ""},
        {20, TP_NO_CONVERGENCE, "fake: told not to converge"},
        {-20, TP_SIM_FAILED, "fake: told to fail"},
        {1, TP_RAN, ""},
        {-200, TP_SIM_FAILED, "not finite"},
        {200, TP_SIM_FAILED, "fake: told to be lost"},
        {2, TP_RAN, ""}, /* a fresh one */
    };
    setup        *s = make();
    tp_evaluator *e = evaluator(
        s, "fake,trouble=diverge:a>10 fail:a<-10 nan:a<-100 lost:a>100");
    if (!CHECK(e != NULL)) return;
    for (int i = 0; i < TP_COUNT(rows); i++) {
        tp_result r = trial(e, rows[i].a, 3, NULL);
        if (rows[i].a == -200) continue; /* both: whichever is first */
        CHECK_INT(r.how, rows[i].how);
        CHECK_HAS(r.why, rows[i].why);
        CHECK_INT(r.n, rows[i].how == TP_RAN ? 6 : 0);
    }
    tp_evaluator_close(e);
}

static void test_eval__misses_only_what_is_wanted(void)
{
    setup *s = make();
    s->measure[5].goal = TP_AT_MOST;
    s->measure[5].name = TP_S("Wanted");
    tp_evaluator *e = evaluator(s, "fake");
    if (!CHECK(e != NULL)) return;
    tp_result r = trial(e, 1, 2, NULL);
    CHECK_INT(r.how, TP_NO_MEASURE);
    CHECK_HAS(r.why, "Wanted: ");
    CHECK_HAS(r.why, "nope");
    CHECK_INT(r.n, 6);
    CHECK(r.reading[0].ok);
    tp_evaluator_close(e);
}

static void test_eval__says_that_there_is_no_operating_point(void)
{
    static const double x[2] = {0, 0};
    setup              *s = make();
    tp_plot             plot[2] = {{.kind = TP_S("tran"), .op = 1}, {.op = -1}};
    tp_waves            w = {2, plot};
    tp_reading r = tp_eval_measure(&s->measure[4], &s->p, &w, x, check_mem());
    CHECK(!r.ok);
    CHECK_STR(r.why, "a transient with UIC or with a start time above 0 has no "
                     "operating point");
}

static void test_eval__simulates_only_what_is_read(void)
{
    setup *s = make();
    s->p.n_measure = 1; /* analysis 1 only */
    s->analysis[0].command = TP_S("ac");
    tp_evaluator *e = evaluator(s, "fake");
    const tp_bind bind[] = {signal_of("out", "out", 0, 1)};
    if (!CHECK(e != NULL)) return;
    CHECK_INT(trial(e, 1, 2, NULL).how, TP_RAN);
    CHECK_INT(trial(e, 1, 2, &(tp_want){.n = 1, .bind = bind}).wave[0].n, 61);
    tp_evaluator_close(e);
}

/* ---- bad bytes --------------------------------------------------- */

static void refuse(const setup *s, const char *simulator, const char *says)
{
    tp_err        err = {0};
    tp_evaluator *e = NULL;
    tp_str        load =
        tp_eval_load(&s->p, 0, NULL, tp_str_of(simulator), check_mem());
    CHECK_INT(tp_evaluator_open(&e, load, &err), TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), says);
    CHECK(e == NULL && tp_eval_work_load(load, &err) == NULL);
}

static void test_eval__refuses_what_does_not_fit(void)
{
    setup *s = make();
    refuse(s, "hspice", "there is no 'hspice'");
    refuse(s, "fake,pionts=3", "points");
    refuse(s, "fake,trouble=burn:a<3", "burn:a<3");
    s->param[1] = TP_S("b");
    refuse(s, "fake", "'b' of the circuit is no variable");
    s->param[1] = TP_S("a");
    s->bind[2].at = 1;
    refuse(s, "fake", "damaged");
    s->bind[2].at = 0;
    s->bind[1].analysis = 2;
    refuse(s, "fake", "damaged");
    s->bind[1].analysis = 0;
    s->measure[1].n_bind = 0;
    refuse(s, "fake", "0 names are bound");
}

static void test_eval__survives_damaged_bytes(void)
{
    setup        *s = make();
    tp_evaluator *e = evaluator(s, "fake,points=2");
    const double  x[] = {2, 3};
    const tp_bind bind[] = {signal_of("out", "out", 0, 1)};
    tp_want       want = {.n = 1, .bind = bind};
    tp_str load = tp_eval_load(&s->p, 0, NULL, TP_S("fake"), check_mem());
    tp_str ask = tp_eval_ask(x, 2, &want, check_mem());
    if (!CHECK(e != NULL)) return;
    tp_str    answer = tp_evaluator_work(e, ask, check_mem());
    tp_arena  whole = *check_mem();
    tp_err    err = {0};
    tp_result r;
    for (ptrdiff_t n = 0; n < answer.len; n++) {
        *check_mem() = whole;
        CHECK_INT(
            tp_eval_answer(&r, tp_str_part(answer, 0, n), check_mem(), &err),
            TP_BAD_INPUT);
    }
    for (ptrdiff_t n = 0; n < load.len; n++) {
        *check_mem() = whole;
        CHECK(tp_eval_work_load(tp_str_part(load, 0, n), &err) == NULL);
    }
    for (ptrdiff_t n = 0; n < ask.len; n++) {
        *check_mem() = whole;
        answer = tp_evaluator_work(e, tp_str_part(ask, 0, n), check_mem());
        CHECK_OK(tp_eval_answer(&r, answer, check_mem(), &err), &err);
        CHECK_INT(r.how, TP_SIM_FAILED);
        CHECK_HAS(r.why, "damaged");
    }
    tp_evaluator_close(e);
}

/* Some bytes changed, anywhere. */
static tp_str bend(tp_str bytes, tp_rng *rng)
{
    char *at = TP_NEW(check_mem(), char, bytes.len);
    memcpy(at, bytes.at, (size_t)bytes.len);
    for (int i = tp_rng_below(rng, 4); i >= 0; i--)
        at[tp_rng_below(rng, (int)bytes.len)] = (char)tp_rng_below(rng, 256);
    return (tp_str){at, bytes.len};
}

static void test_eval__survives_bent_bytes(void)
{
    setup        *s = make();
    tp_evaluator *e = evaluator(s, "fake,points=2");
    const double  x[] = {2, 3};
    const tp_bind bind[] = {signal_of("out", "out", 0, 1)};
    tp_want       want = {.n = 1, .bind = bind};
    tp_str load = tp_eval_load(&s->p, 0, NULL, TP_S("fake"), check_mem());
    tp_str ask = tp_eval_ask(x, 2, &want, check_mem());
    tp_rng rng = tp_rng_at(5, 5);
    if (!CHECK(e != NULL)) return;
    tp_str   answer = tp_evaluator_work(e, ask, check_mem());
    tp_arena whole = *check_mem();
    int      fine = 0;
    for (int i = 0; i < 3000; i++) {
        *check_mem() = whole;
        tp_err    err = {0};
        tp_result r;
        fine +=
            tp_eval_answer(&r, bend(answer, &rng), check_mem(), &err) == TP_OK;
        answer = tp_evaluator_work(e, bend(ask, &rng), check_mem());
        fine += tp_eval_answer(&r, answer, check_mem(), &err) == TP_OK;
        *check_mem() = whole;
        answer = tp_evaluator_work(e, ask, check_mem());
        whole = i == 0 ? *check_mem() : whole;
        tp_evaluator *other = NULL;
        if (i % 10 == 0 &&
            tp_evaluator_open(&other, bend(load, &rng), &err) == TP_OK)
            tp_evaluator_close(other);
    }
    CHECK(fine > 3000);
    tp_evaluator_close(e);
}

/* ---- with worker processes --------------------------------------- */

static void test_eval__works_in_worker_processes(void)
{
    setup             *s = make();
    tp_err             err = {0};
    const tp_exec_ops *ops = tp_exec_find(TP_S("local"));
    tp_exec            x = {.settings = tp_exec_settings(ops, check_mem())};
    tp_params_set_list(ops->params, x.settings, TP_S("jobs=2,grace=1"),
                       check_mem(), &err);
    CHECK_OK(ops->open(&x, &err), &err);
    tp_str load = tp_eval_load(
        &s->p, 0, NULL,
        TP_S("fake,trouble=crash:a>10 hang:a<-10 lost:a>5 exit:a<-5"),
        check_mem());
    CHECK_OK(ops->put(&x, 1, load, &err), &err);
    CHECK_OK(ops->put(&x, 2,
                      tp_eval_load(&s->p, 0, NULL, TP_S("no"), check_mem()),
                      &err),
             &err);
    static const struct {
        double a;
        tp_end how;
    } rows[] = {{1, TP_END_DONE},   {11, TP_END_DIED}, {-11, TP_END_OVERDUE},
                {6, TP_END_DONE},   {-6, TP_END_DIED}, {2, TP_END_DONE},
                {0, TP_END_REFUSED}};
    for (int i = 0; i < TP_COUNT(rows); i++) {
        const double v[] = {rows[i].a, 3};
        bool         no = rows[i].how == TP_END_REFUSED;
        tp_job       job = {(uint64_t)i + 1, no ? 2 : 1,
                            tp_eval_ask(v, 2, NULL, check_mem()), 0.2};
        tp_done      d;
        CHECK_OK(ops->submit(&x, &job, &err), &err);
        CHECK_OK(ops->wait(&x, 10000, check_mem(), &d, &err), &err);
        CHECK_INT(d.how, rows[i].how);
        tp_result r = {0};
        tp_err    why;
        if (no) {
            tp_eval_refusal(&why, d.answer);
            CHECK_HAS(tp_str_of(why.msg), "there is no 'no'");
        } else if (d.how == TP_END_DONE) {
            CHECK_OK(tp_eval_answer(&r, d.answer, check_mem(), &err), &err);
            CHECK_INT(r.how, rows[i].a > 5 ? TP_SIM_FAILED : TP_RAN);
        }
    }
    ops->close(&x);
}

/* The amplifier of SIMetrix's optimiser manual, by hand. */
static setup *amplifier(void)
{
    static const char *const commands[] = {"ac dec 25 1k 1000000000",
                                           "tran 10n 10u 0 10n", NULL};
    static const tp_bind     supply[] = {
            {.kind = TP_BIND_SIGNAL,
             .op = true,
             .signal = {{"v3#p", 4}, {"v3#branch", 9}, 1, {"A", 1}, false}},
            {.kind = TP_BIND_SIGNAL,
             .op = true,
             .signal = {{"v2#p", 4}, {"v2#branch", 9}, 1, {"A", 1}, false}}};
    setup *s = make();
    s->p.n_measure = 0;
    s->bench.circuit = circuit_of(amp_text, "rcurr rtail rcoll routput",
                                  commands, check_mem());
    analysis_of(s->bench.circuit, 0)->op = true;
    tp_var *var = TP_NEW(check_mem(), tp_var, 4);
    for (int i = 0; i < 4; i++) var[i].name = s->bench.circuit->param[i];
    s->p.space = (tp_space){.n = 4, .var = var};
    add(s, "Supply", "-(v3#p+v2#p)", TP_MINIMISE, supply[0]);
    s->measure[0].bind = supply;
    s->measure[0].n_bind = 2;
    add(s, "Bandwidth", "lpbw(vout,3)", TP_AT_LEAST,
        signal_of("vout", "vout", 0, 1));
    add(s, "Gain", "yatx(db(vout),1meg)", TP_AT_LEAST,
        signal_of("vout", "vout", 0, 1));
    add(s, "Distortion", "MeasureDistortion(vout)", TP_AT_MOST,
        signal_of("vout", "vout", 1, 1));
    return s;
}

static void test_eval__measures_the_amplifier_in_workers(void)
{
    setup             *s = amplifier();
    tp_err             err = {0};
    const tp_exec_ops *ops = tp_exec_find(TP_S("local"));
    tp_exec            x = {.settings = tp_exec_settings(ops, check_mem())};
    CHECK_OK(ops->open(&x, &err), &err);
    tp_str load = tp_eval_load(&s->p, 0, NULL, TP_S("ngspice"), check_mem());
    CHECK_OK(ops->put(&x, 1, load, &err), &err);
    tp_reading first[4] = {0};
    for (uint64_t k = 1; k <= 3; k++) {
        const double odd[] = {1000, 1000, 1e-300, 10000};
        tp_job       job = {k, 1, {0}, 20};
        tp_done      d;
        tp_result    r = {0};
        job.ask = tp_eval_ask(k == 2 ? odd : amp_start, 4, NULL, check_mem());
        CHECK_OK(ops->submit(&x, &job, &err), &err);
        CHECK_OK(ops->wait(&x, 20000, check_mem(), &d, &err), &err);
        CHECK_INT(d.how, TP_END_DONE);
        CHECK_OK(tp_eval_answer(&r, d.answer, check_mem(), &err), &err);
        if (k == 2) continue;
        CHECK_INT(r.how, TP_RAN);
        if (!CHECK_INT(r.n, 4)) break;
        CHECK_NEAR(r.reading[0].value, 2.4406e-3, 1e-7);
        CHECK_NEAR(r.reading[1].value, 277e6, 0.5e6);
        CHECK_NEAR(r.reading[2].value, 18.78, 0.005);
        CHECK_NEAR(r.reading[3].value, 0.0132, 0.00005);
        for (int i = 0; i < 4 && k == 3; i++) /* bit for bit */
            CHECK_NEAR(r.reading[i].value, first[i].value, 0);
        memcpy(first, r.reading, sizeof first);
    }
    ops->close(&x);
}

static void test_eval__ends_an_analysis_over_its_time(void)
{
    static const char *const commands[] = {"dc v1 0 1 1u", NULL};
    setup                   *s = amplifier();
    tp_err                   err = {0};
    const tp_exec_ops       *ops = tp_exec_find(TP_S("local"));
    tp_exec x = {.settings = tp_exec_settings(ops, check_mem())};
    s->p.n_measure = 1;
    s->bench.circuit = circuit_of(amp_text, "rcurr rtail rcoll routput",
                                  commands, check_mem());
    tp_bind *bind = TP_NEW(check_mem(), tp_bind, 2);
    bind[0] = bind[1] = signal_of("vout", "vout", 0, 1);
    s->measure[0].bind = bind;
    CHECK_OK(ops->open(&x, &err), &err);
    tp_str load = tp_eval_load(&s->p, 0, NULL, TP_S("ngspice"), check_mem());
    CHECK_OK(ops->put(&x, 1, load, &err), &err);
    tp_job  job = {1, 1, tp_eval_ask(amp_start, 4, NULL, check_mem()), 0.2};
    tp_done d;
    CHECK_OK(ops->submit(&x, &job, &err), &err);
    CHECK_OK(ops->wait(&x, 20000, check_mem(), &d, &err), &err);
    CHECK_INT(d.how, TP_END_OVERDUE);
    CHECK_INT(d.signal, 0); /* by its own clock */
    ops->close(&x);
}

static const check_test tests[] = {
    CHECK_TEST(test_eval__measures_a_trial),
    CHECK_TEST(test_eval__brings_waves_back),
    CHECK_TEST(test_eval__says_what_a_trial_came_to),
    CHECK_TEST(test_eval__misses_only_what_is_wanted),
    CHECK_TEST(test_eval__says_that_there_is_no_operating_point),
    CHECK_TEST(test_eval__simulates_only_what_is_read),
    CHECK_TEST(test_eval__refuses_what_does_not_fit),
    CHECK_TEST(test_eval__survives_damaged_bytes),
    CHECK_TEST(test_eval__survives_bent_bytes),
    CHECK_TEST(test_eval__works_in_worker_processes),
    CHECK_TEST(test_eval__measures_the_amplifier_in_workers),
    CHECK_TEST(test_eval__ends_an_analysis_over_its_time),
    {0},
};

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "worker") == 0)
        return tp_exec_serve(3, tp_eval_work_load, tp_eval_work);
    return check_main(tests);
}
