/* The words of the optimiser's statements: forms of lists and values, order,
   bounds, data, goals, names of measures, scripts. */
#include "deck.h"

#define DIVIDER                            \
    "a divider\n"                          \
    "V1 in 0 1 AC 1\n"                     \
    "R1 in out {ra}\n"                     \
    "R2 out 0 {rb}\n"                      \
    "C1 out 0 1n\n"                        \
    ".ac dec 10 1 1meg analysis_id=ac_0\n" \
    ".tran 1u 1m analysis_id=tran_1 runname=step\n"
#define GOAL \
    ".optspec measure=\"minimum(mag(out))\" type=minimise analysis_id=ac_0\n"

/* ---- .optimiser --------------------------------------------------------- */

static void check_variables(const char *words)
{
    tp_problem  p;
    const char *text =
        tp_str_fmt(check_mem(), DIVIDER GOAL ".optimiser %s\n", words).at;
    if (!deck_read(&p, text) || !CHECK_INT(p.space.n, 2)) return;
    const tp_var *v = p.space.var;
    CHECK_STR(v[0].name, "ra");
    CHECK_STR(v[1].name, "rb");
    CHECK_NEAR(v[0].start, 1e3, 0);
    CHECK_NEAR(v[1].start, 2e6, 0);
    CHECK_NEAR(v[0].lo, 10, 0);
    CHECK_NEAR(v[1].lo, 1e-3, 0);
}

static void test_optimiser__lists_in_every_form(void)
{
    static const char *const forms[] = {
        "optparams=[ra,rb] optinitvals=[1k,2meg] optminvals=[10,1m]",
        "optparams=ra,rb optinitvals=1k,2meg optminvals=10,1m",
        "optparams=[ ra , rb ] optinitvals=[ 1k , 2meg ] optminvals = [10 1m]",
        "optparams=[ra rb] optinitvals=1k 2meg optminvals=10 1m",
        "optparams=ra rb optinitvals=1000, 2e6 optminvals=10 ,0.001",
        "optminvals=[10,1e-3]\n+ optinitvals=[1e3\n +,2000k] optparams=ra,rb",
        "OPTPARAMS=[ra,rb] OptInitVals=[1K,2MEG] optMinVals=[1E1,1M]",
        ("show_progress optparams=ra,rb, optinitvals=[1k,2MegOhm] "
         "optminvals=10,1m reltol=1m"),
    };
    for (int i = 0; i < TP_COUNT(forms); i++) check_variables(forms[i]);
}

static void test_optimiser__bounds_and_logarithm(void)
{
    tp_problem p;
    if (!deck_read(&p, DIVIDER GOAL
                   ".optimiser optparams=[ra,rb] optinitvals=[1k,-3] "
                   "optminvals=[100,-5] optmaxvals=[1k,99]\n"))
        return;
    CHECK_NEAR(p.space.var[0].hi, 1000, 0);
    CHECK(p.space.var[0].log);
    CHECK(!p.space.var[1].log);
    if (!deck_read(&p, DIVIDER GOAL
                   ".optimiser optparams=[ra,rb] optinitvals=[1k,-3]\n"))
        return;
    CHECK_NEAR(p.space.var[0].lo, -INFINITY, 0);
    CHECK_NEAR(p.space.var[1].hi, INFINITY, 0);
    CHECK(!p.space.var[0].log);
}

static void test_optimiser__every_word(void)
{
    tp_problem p;
    if (!deck_read(&p, DIVIDER GOAL
                   ".optimiser optparams=[ra] optinitvals=[1k] "
                   "alg=NELDER_MEAD abstol=1n reltol=0.5m iterlim=1k\n"
                   "+ schematic=\"C:\\my files\\a.sxsch\" "
                   "results_file=out/best.sxopt show_progress\n"))
        return;
    CHECK_STR(p.method, "NELDER_MEAD");
    CHECK_INT(p.method_at.line, 9);
    CHECK_INT(p.method_at.col, 48);
    CHECK_NEAR(p.abstol, 1e-9, 1e-24);
    CHECK_NEAR(p.reltol, 0.5e-3, 1e-18);
    CHECK_INT(p.iterlim, 1000);
    CHECK_STR(p.schematic, "C:\\my files\\a.sxsch");
    CHECK_STR(p.results_file, "out/best.sxopt");
    CHECK_INT(p.results_at.line, 10);
    CHECK(p.show_progress);
}

static void test_optimiser__says_nothing_of_the_run(void)
{
    tp_problem p;
    if (!deck_read(&p, DIVIDER GOAL
                   ".optimiser optparams=[ra,rb] optinitvals=[1k,1k]\n"))
        return;
    CHECK_STR(p.method, "");
    CHECK_NEAR(p.abstol, NAN, 0);
    CHECK_NEAR(p.reltol, NAN, 0);
    CHECK_INT(p.iterlim, 0);
    CHECK(!p.show_progress);
    CHECK_STR(p.results_file, "");
}

static bool noticed(const tp_problem *p, const char *part)
{
    tp_str want = tp_str_of(part);
    for (int i = 0; i < p->n_notice; i++)
        for (ptrdiff_t k = 0; k < p->notice[i].len; k++)
            if (tp_str_eq(tp_str_part(p->notice[i], k, want.len), want))
                return true;
    return false;
}

static void test_optimiser__notices_unused_and_replaced_parameters(void)
{
    tp_problem p;
    if (!deck_read(&p, DIVIDER GOAL
                   ".param dummy 4 ra 5k\n"
                   ".optimiser optparams=[ra,rb,rx] optinitvals=[1k,1,1]\n"))
        return;
    CHECK(noticed(&p, "deck.net:10: variable rx is used nowhere in the deck"));
    CHECK(!noticed(&p, "variable rb"));
    CHECK(noticed(&p,
                  ".net:9: the optimiser's values of ra replace this .param"));
    CHECK_INT(p.n_notice, 2);
    CHECK_INT(p.bench->circuit->n_define, 1);
}

static void test_sweep__the_words_follow_the_analysis(void)
{
    tp_problem p;
    if (!deck_read(&p, "a divider\nV1 in 0 1\nR1 in out {ra}\nR2 out 0 1k\n"
                       ".dc V1 0 1 0.5 sweep opt analysis_id=dc_0 "
                       "optparams=ra optinitvals=4.7k\n+ iterlim=9\n"
                       ".optspec measure=\"maximum(out)\" type=maximise "
                       "analysis=DC_0\n"))
        return;
    CHECK(p.single);
    CHECK_INT(p.iterlim, 9);
    CHECK_NEAR(p.space.var[0].start, 4700, 0);
    CHECK_STR(p.bench->circuit->analysis[0].id, "dc_0");
    CHECK_INT(p.measure[0].goal, TP_MAXIMISE);
    CHECK_INT(p.start_edit[0].at.line, 5);
    CHECK_INT(p.start_edit[0].at.col, 68);
    CHECK_INT(p.start_edit[0].len, 4);
}

static void test_sweep__leaves_other_analyses_out(void)
{
    tp_problem p;
    if (!deck_read(&p, "a divider\nV1 in 0 1\nR1 in out {ra}\nR2 out 0 1k\n"
                       ".tran 1u 1m\n"
                       ".dc V1 0 1 0.5 analysis_id=d sweep opt optparams=ra "
                       "optinitvals=1k\n.op\n"
                       ".optspec measure=maximum(out) type=maximise "
                       "analysis_id=d\n"))
        return;
    if (!CHECK_INT(p.bench->circuit->n_analysis, 1)) return;
    CHECK_STR(p.bench->circuit->analysis[0].kind, "dc");
    CHECK_INT(p.measure[0].analysis, 0);
    CHECK(noticed(
        &p,
        ".net:5: with sweep opt only its own analysis is run, not this tran"));
    CHECK(noticed(
        &p,
        ".net:7: with sweep opt only its own analysis is run, not this op"));
}

/* ---- decks without an optimiser ----------------------------------------- */

static void test_deck__without_optimiser_has_no_variables(void)
{
    tp_problem p;
    if (!deck_read(&p, "a divider\nV1 in 0 1\nR1 in 0 1k\n.op\n.end\n")) return;
    CHECK_INT(p.space.n, 0);
    CHECK_INT(p.n_measure, 0);
    CHECK_INT(p.n_bench, 1);
    CHECK_INT(p.bench->circuit->n_analysis, 1);
    CHECK_STR(p.method, "");
}

static void test_deck__words_of_spice_are_not_mistyped_ones_of_ours(void)
{
    tp_problem p;
    deck_read(&p, "a divider\nV1 in 0 1\nR1 in 0 1k\n.options reltol=1e-4\n"
                  ".option gmin=1e-13\n.opts abstol=1e-13\n.op\n"
                  ".print op v(in)\n.prot\n.end\n");
}

static void test_deck__specs_alone_are_measured(void)
{
    tp_problem p;
    if (!deck_read(&p, "a divider\nV1 in 0 1 AC 1\nR1 in 0 1k\n"
                       ".ac dec 1 1 10 analysis_id=a\n"
                       ".optspec measure=v1#p type=constraint_maximum "
                       "value=0 analysis_id=a op\n"))
        return;
    CHECK_INT(p.space.n, 0);
    CHECK_INT(p.n_measure, 1);
    CHECK_STR(p.measure[0].name, "v1#p");
    CHECK_STR(p.measure[0].unit, "A");
    CHECK_NEAR(p.measure[0].target, 0, 0);
    CHECK_NEAR(p.measure[0].scale, 1, 0);
    CHECK(p.bench->circuit->analysis[0].op);
}

/* ---- .optspec ----------------------------------------------------------- */

static void test_optspec__every_type_word(void)
{
    static const struct {
        const char *word;
        tp_goal     goal;
    } rows[] = {{"minimise", TP_MINIMISE},
                {"minimize", TP_MINIMISE},
                {"minimum", TP_MINIMISE},
                {"MAXIMISE", TP_MAXIMISE},
                {"maximize", TP_MAXIMISE},
                {"\"maximum\"", TP_MAXIMISE},
                {"constraint_minimum", TP_AT_LEAST},
                {"Constraint_Maximum", TP_AT_MOST}};
    for (int i = 0; i < TP_COUNT(rows); i++) {
        bool       limit = i >= 6;
        tp_str     text = tp_str_fmt(check_mem(),
                                     DIVIDER ".param ra=1 rb=1\n.optspec "
                                                 "measure=\"minimum(out)\" type=%s "
                                                 "analysis_id=tran_1 %s\n",
                                     rows[i].word, limit ? "value=-2m" : "");
        tp_problem p;
        if (!deck_read(&p, text.at)) return;
        CHECK_INT(p.measure[0].goal, rows[i].goal);
        CHECK_NEAR(p.measure[0].target, limit ? -2e-3 : 0, 1e-18);
        CHECK_NEAR(p.measure[0].scale, limit ? 2e-3 : 1, 1e-18);
    }
}

static void test_optspec__equal_labels_are_told_apart(void)
{
    tp_problem p;
    if (!deck_read(&p, DIVIDER
                   ".param ra=1 rb=1\n"
                   ".optspec measure=in type=constraint_minimum value=1 "
                   "analysis_id=ac_0 op label=\"V in\"\n"
                   ".optspec measure=in type=constraint_maximum value=2 "
                   "analysis_id=ac_0 op label=\"V in\"\n"
                   ".optspec measure=in type=constraint_maximum value=3 "
                   "analysis_id=ac_0 op label=\"v in\"\n"))
        return;
    CHECK_STR(p.measure[0].name, "V in");
    CHECK_STR(p.measure[1].name, "V in#2");
    CHECK_STR(p.measure[2].name, "v in#3");
}

static void test_optimiser__notices_unused_variables_of_sweep_opt(void)
{
    tp_problem p;
    if (!deck_read(&p, "t\nV1 in 0 1\nR1 in out ra\nR2 out 0 1k\n"
                       ".optspec measure=out type=minimum analysis_id=o\n"
                       ".op analysis_id=o sweep opt optparams=[ra, rx]\n"
                       "+ optinitvals=[1k, 1]\n"))
        return;
    CHECK(noticed(&p, "deck.net:6: variable rx is used nowhere"));
    CHECK(!noticed(&p, "variable ra"));
}

/* Windows-1252, UTF-8, neither; as labels, titles and texts. */
static void test_texts__are_utf8(void)
{
    static const struct {
        const char *written, *is;
    } row[] = {
        {"Gain (V)", "Gain (V)"},
        {"\xc2\xb5"
         "A",
         "\xc2\xb5"
         "A"},
        {"\xb5"
         "A at 25\xb0",
         "\xc2\xb5"
         "A at 25\xc2\xb0"},
        {"5\x80 \xff", "5\xe2\x82\xac \xc3\xbf"},
        {"\x81", "\xef\xbf\xbd"},
        {"\xc3\xa9\xc3", "\xc3\x83\xc2\xa9\xc3\x83"},
        {"\xed\xa0\x80", "\xc3\xad\xc2\xa0\xe2\x82\xac"},
        {"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
    };
    for (int i = 0; i < TP_COUNT(row); i++) {
        tp_problem p;
        tp_str     text = tp_str_fmt(
                check_mem(),
                DIVIDER GOAL ".param ra=1 rb=1\n"
                                 ".optspec measure=in type=constraint_minimum value=1 "
                                 "analysis_id=ac_0 op label=\"%s\"\n"
                                 ".post_process s\n.file s\nplot 1 /title \"%s\"\n"
                                 "echo %s\n.endf\n",
                row[i].written, row[i].written, row[i].written);
        if (!deck_read(&p, tp_str_z(check_mem(), text))) continue;
        CHECK_STR(p.measure[p.n_measure - 1].name, row[i].is);
        if (!CHECK_INT(p.n_post, 1) || !CHECK_INT(p.post->n, 2)) continue;
        CHECK_STR(p.post->step[0].option[0].value, row[i].is);
        CHECK_STR(p.post->step[1].text, row[i].is);
    }
}

static void test_notices__of_what_is_read_otherwise(void)
{
    tp_problem p;
    if (!deck_read(&p, DIVIDER GOAL ".param ra=1 rb=1 ; fine $ here\n"
                                    ".temp 27\n.temp 27 127\n"
                                    "R9 out 0 1k $ a load\n"))
        return;
    CHECK(noticed(&p, "deck.net:11: .temp has several values: only the first, "
                      "27, is used"));
    CHECK(noticed(&p, "deck.net:12: '$' begins no comment here: ';' does"));
    CHECK_INT(p.n_notice, 2);
}

static void test_suffix__milli_is_noticed_where_mega_seems_meant(void)
{
    static const struct {
        const char *number, *says;
    } row[] = {
        {"250M", "deck.net:10: 250M is 0.25 (milli); 250Meg is 250000000"},
        {"1.5MHz", "deck.net:10: 1.5MHz is 0.0015 (milli); 1.5Meg is 1500000"},
        {"-2M", "-2M is -0.002 (milli); -2Meg is -2000000"},
        {"0.5M", NULL},
        {"250m", NULL},
        {"250Meg", NULL},
        {"25MIL", NULL},
        {"10mA", NULL},
        {"1e3", NULL},
        {"1E3kHz", NULL},
        {"1fF", NULL},
    };
    for (int i = 0; i < TP_COUNT(row); i++) {
        tp_problem p;
        tp_str     text = tp_str_fmt(
                check_mem(),
                DIVIDER GOAL ".param ra=1 rb=1\n"
                                 ".optspec measure=in type=constraint_minimum value=%s "
                                 "analysis_id=ac_0 op\n",
                row[i].number);
        if (!deck_read(&p, tp_str_z(check_mem(), text))) continue;
        CHECK_INT(p.n_notice, row[i].says != NULL);
        if (row[i].says) CHECK(noticed(&p, row[i].says));
    }
    tp_problem p;
    if (!deck_read(&p, DIVIDER GOAL
                   ".optimiser optparams=[ra,rb] optinitvals=[2M,1m]\n"
                   "+ optmaxvals=[3k,\n+ 4M]\n"))
        return;
    CHECK(noticed(&p, "deck.net:9: 2M is 0.002 (milli)"));
    CHECK(noticed(&p, "deck.net:11: 4M is 0.004 (milli)"));
}

static void test_optspec__value_of_an_objective_is_noticed(void)
{
    tp_problem p;
    if (!deck_read(&p, DIVIDER ".param ra=1 rb=1\n"
                               ".optspec measure=in type=minimum value=1 "
                               "analysis_id=ac_0 op\n"))
        return;
    CHECK(noticed(&p, ".net:9: value= means nothing for the objective in"));
}

static void test_optspec__names_of_other_analyses_and_variables(void)
{
    tp_problem p;
    if (!deck_read(&p, DIVIDER
                   ".data lim 1 2 3 types=V\n"
                   ".optimiser optparams=[ra,rb] optinitvals=[1k,1k]\n"
                   ".optspec measure=\"ac_0:in + tran1:out + step:out + out + "
                   "lim[0] + ra\" op type=minimise analysis_id=ac_0\n"))
        return;
    static const struct {
        tp_bind_kind kind;
        int          analysis;
        bool         op;
        const char  *name;
    } rows[] = {
        {TP_BIND_SIGNAL, 0, true, "in"},   {TP_BIND_SIGNAL, 1, false, "out"},
        {TP_BIND_SIGNAL, 1, false, "out"}, {TP_BIND_SIGNAL, 0, true, "out"},
        {TP_BIND_DATA, 0, false, NULL},    {TP_BIND_VAR, 0, false, NULL},
    };
    const tp_measure *m = p.measure;
    if (!CHECK_INT(m->n_bind, TP_COUNT(rows))) return;
    for (int i = 0; i < TP_COUNT(rows); i++) {
        CHECK_INT(m->bind[i].kind, rows[i].kind);
        CHECK_INT(m->bind[i].analysis, rows[i].analysis);
        CHECK_INT(m->bind[i].op, rows[i].op);
        if (rows[i].name) CHECK_STR(m->bind[i].signal.name, rows[i].name);
    }
    CHECK(p.bench->circuit->analysis[0].op);
    CHECK(!p.bench->circuit->analysis[1].op);
}

static void test_optspec__a_node_hides_a_variable_of_its_name(void)
{
    tp_problem p;
    if (!deck_read(&p,
                   DIVIDER ".optimiser optparams=[ra,out] optinitvals=[1k,1k]\n"
                           ".optspec measure=\"minimum(out)\" type=minimise "
                           "analysis_id=tran_1\n"))
        return;
    CHECK_INT(p.measure[0].bind[0].kind, TP_BIND_SIGNAL);
}

/* ---- .data -------------------------------------------------------------- */

static bool read_data(tp_problem *p, const char *statement)
{
    tp_str text = tp_str_fmt(check_mem(),
                             "*#SIMETRIX deck\n*#SIMETRIX\nV1 a 0 1\n"
                             "R1 a 0 1\n.op\n%s\n",
                             statement);
    return deck_read(p, text.at);
}

static void test_data__simple(void)
{
    tp_problem p;
    if (!read_data(&p, ".data Lim 1k, -2.5e-3\n+ 3meg types=Hertz")) return;
    if (!CHECK_INT(p.n_data, 1)) return;
    const tp_wave *w = &p.data[0].wave;
    CHECK_STR(w->name, "lim");
    CHECK_STR(w->unit, "Hz");
    CHECK_INT(w->n, 3);
    CHECK(w->x == NULL && w->im == NULL);
    CHECK_NEAR(w->re[0], 1e3, 0);
    CHECK_NEAR(w->re[1], -2.5e-3, 0);
    CHECK_NEAR(w->re[2], 3e6, 0);
}

static void test_data__xy(void)
{
    tp_problem p;
    if (!read_data(&p, ".data c types=V,A format=xy 0 1 0.5 2 1 4")) return;
    const tp_wave *w = &p.data[0].wave;
    CHECK_INT(w->n, 3);
    CHECK_STR(w->x_unit, "V");
    CHECK_STR(w->unit, "A");
    CHECK_NEAR(w->x[1], 0.5, 0);
    CHECK_NEAR(w->re[1], 2, 0);
    CHECK_NEAR(w->re[2], 4, 0);
}

static void test_data__columns(void)
{
    tp_problem p;
    if (!read_data(&p, ".data tab format=COLUMNS types=[Secs,V,Vs] "
                       "columns=t,u,flux 1 2 3 4 5 6"))
        return;
    static const char *const name[] = {"t", "u", "flux"};
    static const char *const unit[] = {"s", "V", "Vs"};
    if (!CHECK_INT(p.n_data, 3)) return;
    for (int i = 0; i < 3; i++) {
        CHECK_STR(p.data[i].name, name[i]);
        CHECK_STR(p.data[i].wave.unit, unit[i]);
        CHECK_INT(p.data[i].wave.n, 2);
        CHECK_NEAR(p.data[i].wave.re[0], i + 1, 0);
        CHECK_NEAR(p.data[i].wave.re[1], i + 4, 0);
    }
}

static const check_test tests[] = {
    CHECK_TEST(test_optimiser__lists_in_every_form),
    CHECK_TEST(test_optimiser__bounds_and_logarithm),
    CHECK_TEST(test_optimiser__every_word),
    CHECK_TEST(test_optimiser__says_nothing_of_the_run),
    CHECK_TEST(test_optimiser__notices_unused_and_replaced_parameters),
    CHECK_TEST(test_sweep__the_words_follow_the_analysis),
    CHECK_TEST(test_sweep__leaves_other_analyses_out),
    CHECK_TEST(test_deck__without_optimiser_has_no_variables),
    CHECK_TEST(test_deck__words_of_spice_are_not_mistyped_ones_of_ours),
    CHECK_TEST(test_deck__specs_alone_are_measured),
    CHECK_TEST(test_optspec__every_type_word),
    CHECK_TEST(test_optspec__equal_labels_are_told_apart),
    CHECK_TEST(test_optimiser__notices_unused_variables_of_sweep_opt),
    CHECK_TEST(test_texts__are_utf8),
    CHECK_TEST(test_notices__of_what_is_read_otherwise),
    CHECK_TEST(test_suffix__milli_is_noticed_where_mega_seems_meant),
    CHECK_TEST(test_optspec__value_of_an_objective_is_noticed),
    CHECK_TEST(test_optspec__names_of_other_analyses_and_variables),
    CHECK_TEST(test_optspec__a_node_hides_a_variable_of_its_name),
    CHECK_TEST(test_data__simple),
    CHECK_TEST(test_data__xy),
    CHECK_TEST(test_data__columns),
    {0},
};

int main(void)
{
    return check_main(tests);
}
