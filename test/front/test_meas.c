/* `.meas` cards: what the interpreter is told for each form, in which order,
   and what is said of wrong ones, with its place. */
#include "check.h"
#include "front/front.h"

static const char head[] =
    "t\n.param vt=0.5 td1=1u\nv1 in 0 dc 0 ac 1 sin(0 1 1k)\nr1 in out 1k\n"
    "c1 out 0 1n\n.tran 1u 1m\n.ac dec 5 1 1k\n";

static tp_status read_text(tp_problem *p, const char *body, tp_err *err)
{
    tp_source file = {TP_S("m.cir"),
                      tp_str_fmt(check_mem(), "%s%s.end\n", head, body)};
    tp_files  files = {.n = 1, .file = &file};
    *p = (tp_problem){0};
    return tp_front_read(p, "m.cir", &files, check_mem(), err);
}

static void test_meas__forms_become_statements(void)
{
    static const struct {
        const char *card, *text;
    } row[] = {
        {".meas tran a max v(out)", "meas tran a max v(out)"},
        {".MEASURE TRAN A PP V(OUT) FROM=1u TO = 2u",
         "meas tran A pp v(out) from=1u to=2u"},
        {".meas tran a avg v(out) from=td1 to='td1*2'",
         "meas tran a avg v(out) from={td1} to={td1*2}"},
        {".meas tran a rms i(v1) td={td1}", "meas tran a rms i(v1) td={td1}"},
        {".meas tran a integ @r1[i]\n+ from=1u", "meas tran a integ @r1[i] "
                                                 "from=1u"},
        {".meas ac a find vdb(out) at=1k", "meas ac a find vdb(out) at=1k"},
        {".meas ac a deriv vdb(out) at = 1k", "meas ac a deriv vdb(out) at=1k"},
        {".meas ac a find vp(out) when vdb(out)=-3 fall=1",
         "meas ac a find vp(out) when vdb(out)=-3 fall=1"},
        {".meas tran a when v(out) = v(in) cross=LAST",
         "meas tran a when v(out)=v(in) cross=last"},
        {".meas tran a when v(out)=vt rise=2 from=1u",
         "meas tran a when v(out)={vt} rise=2 from=1u"},
        {".meas tran a trig v(in) td=1u val=vt rise=1 targ v(out) val=0.5 "
         "fall=last",
         "meas tran a trig v(in) val={vt} td=1u rise=1 targ v(out) val=0.5 "
         "fall=last"},
        {".meas tran a trig at=1u targ v(out) val='vt' cross=2",
         "meas tran a trig at=1u targ v(out) val={vt} cross=2"},
        {".meas tran a param='b*2+vt'", "meas tran a param={b*2+vt}"},
        {".meas tran a param = b", "meas tran a param={b}"},
        {".meas tran a max par('v(vt)*vt - 2k*abs(v(out,in))+@r1[i]')",
         "meas tran a max par('v(vt)*{vt} - 2k*abs(v(out,in))+@r1[i]')"},
        {".meas ac a max par('-v(out)*vt + 2k/vt*v(in,out) - i(v1)/1e-3')",
         "meas ac a max par('-v(out)*{vt} + 2k/{vt}*v(in,out) - i(v1)/1e-3')"},
        {".meas sp a max v(out)", "meas sp a max v(out)"},
    };
    for (int i = 0; i < TP_COUNT(row); i++) {
        tp_problem p;
        tp_err     err = {0};
        tp_str     body = tp_str_fmt(check_mem(), "%s\n", row[i].card);
        if (!CHECK_OK(read_text(&p, tp_str_z(check_mem(), body), &err), &err))
            continue;
        const tp_control *c = p.bench[0].control;
        if (!CHECK(c != NULL) || !CHECK(c->n >= 3)) continue;
        const tp_control_block *b = &c->block[c->n - 1];
        CHECK_STR(b->text, row[i].text);
        CHECK_INT(b->kind, TP_BLOCK_MEASURE);
        CHECK_INT(b->at.line, 8);
        CHECK_INT(c->n, 3 + tp_str_has(b->text, TP_S("@")));
        if (c->n > 3) CHECK_STR(c->block[0].text, "save all @r1[i]");
        CHECK_INT(p.n_measure, 1);
        CHECK_INT(p.n_notice, 0);
    }
}

/* The analyses, the cards, and those over others behind them. */
static void test_meas__come_in_the_order_of_ngspice(void)
{
    static const struct {
        tp_block_kind kind;
        const char   *text;
    } row[] = {
        {TP_BLOCK_ANALYSIS, "tran 1e-06 0.001"},
        {TP_BLOCK_ANALYSIS, "ac dec 5 1 1000"},
        {TP_BLOCK_MEASURE, "meas tran x max v(out)"},
        {TP_BLOCK_MEASURE, "meas ac y max vm(out)"},
        {TP_BLOCK_MEASURE, "meas tran p param={x}"},
    };
    static const char *const name[] = {"p", "x", "y"};
    tp_problem               p;
    tp_err                   err = {0};
    if (!CHECK_OK(read_text(&p,
                            ".meas tran p param='x'\n.meas tran x max v(out)\n"
                            ".meas ac y max vm(out)\n.meas ac x min vm(out)\n",
                            &err),
                  &err))
        return;
    const tp_control *c = p.bench[0].control;
    if (!CHECK(c != NULL) || !CHECK_INT(c->n, 6)) return;
    for (int i = 0, k = 0; i < c->n; i++) {
        if (i == 4) continue; /* x once more */
        CHECK_INT(c->block[i].kind, row[k].kind);
        CHECK_STR(c->block[i].text, row[k++].text);
    }
    if (!CHECK_INT(p.n_measure, 3)) return;
    for (int i = 0; i < 3; i++) CHECK_STR(p.measure[i].name, name[i]);
    CHECK(p.measure[0].transient && !p.measure[2].transient);
}

/* Behind a block with analyses of its own: those that are measured. */
static void test_meas__come_behind_blocks(void)
{
    tp_problem p;
    tp_err     err = {0};
    if (!CHECK_OK(read_text(&p,
                            ".meas tran x max v(out)\n.control\nop\n"
                            "print v(out)\n.endc\n",
                            &err),
                  &err))
        return;
    const tp_control *c = p.bench[0].control;
    if (!CHECK(c != NULL) || !CHECK_INT(c->n, 3)) return;
    CHECK_INT(c->block[0].kind, TP_BLOCK_TEXT);
    CHECK_STR(c->block[1].text, "tran 1e-06 0.001");
    CHECK_STR(c->block[2].measure, "x");
    CHECK_INT(p.n_measure, 2);
}

static void test_meas__wrong_forms_have_a_place(void)
{
    static const struct {
        const char *card;
        int         col;
        const char *says;
    } row[] = {
        {".meas", 6, "found the end of the statement (expected: TRAN, AC, DC"},
        {".meas noise x max v(1)", 7, "found 'noise' (expected: TRAN, AC, DC"},
        {".meas ac", 9, "(expected: a name for the measure)"},
        {".meas ac max = 3", 10, "found 'max' (expected: a name"},
        {".meas ac x", 11, "expected: TRIG, FIND, WHEN, AVG"},
        {".meas ac x maxx v(1)", 12, ".meas x: found 'maxx' (expected: TRIG"},
        {".meas ac x max", 15, "expected: a vector: v(node)"},
        {".meas ac x max 'v(1)*2'", 16, "found ''v(1)*2'' (expected: a vector"},
        {".meas ac x max par(v(1))", 16, "found 'par(v(1))' (expected: a "},
        {".meas ac x max par('v(in)*v(out)')", 16, "expected: in an AC a sum"},
        {".meas ac x max par('v(in)+vt')", 16, "expected: in an AC a sum"},
        {".meas ac x max par('1/v(in)')", 16, "expected: in an AC a sum"},
        {".meas ac x max par('abs(v(in))')", 16, "expected: in an AC a sum"},
        {".meas ac x max par('v(in)^2')", 16, "expected: in an AC a sum"},
        {".meas ac x max par()", 16, "found 'par()' (expected: a vector"},
        {".meas ac x max par('v(1)' 2", 16, "expected: a vector"},
        {".meas ac x max par('')", 16, "expected: a vector"},
        {".meas ac x max v(1) form=2", 21, "found 'form' (expected: from, to"},
        {".meas ac x max v(1) from=", 26, "expected: a number, a parameter"},
        {".meas ac x max v(1) from=v(2)", 26, "found 'v(2)' (expected: a numb"},
        {".meas ac x max v(1) v(2)", 21, "expected: the end of the statement"},
        {".meas ac x find v(1)", 21, "expected: AT=VALUE or WHEN"},
        {".meas ac x find v(1) at 3", 25, "found '3' (expected: =VALUE)"},
        {".meas ac x when", 16, "expected: VECTOR=LEVEL or VECTOR=VECTOR"},
        {".meas ac x when v(1) 3", 22, "expected: =LEVEL or =VECTOR"},
        {".meas ac x when v(1)=3 val=3", 24, "expected: rise, fall, cross, td"},
        {".meas ac x trig v(1) rise=1 targ at=1", 22, "expected: VAL=LEVEL"},
        {".meas ac x trig v(1) val=1", 27, "expected: TARG"},
        {".meas ac x trig at=1 targ v(1)", 31, "expected: VAL=LEVEL"},
        {".meas ac x param 3", 18, "found '3' (expected: ='expression')"},
        {".meas ac x param=", 18, "expected: a number, a parameter, {expr"},
        {".meas ac x max v(1)\n+ to=1 (", 8, "found '(' (expected: the end"},
    };
    for (int i = 0; i < TP_COUNT(row); i++) {
        tp_problem p;
        tp_err     err = {0};
        tp_str     body = tp_str_fmt(check_mem(), "%s\n", row[i].card);
        CHECK_INT(read_text(&p, tp_str_z(check_mem(), body), &err),
                  TP_BAD_INPUT);
        CHECK_HAS(tp_str_of(err.msg), row[i].says);
        CHECK_INT(err.line, 8 + tp_str_has(body, TP_S("\n+")));
        CHECK_INT(err.col, row[i].col);
    }
}

static void test_meas__need_an_analysis(void)
{
    tp_source  file = {TP_S("m.cir"), TP_S("t\nr1 a 0 1\n.meas ac x max v(a)\n"
                                            ".end\n")};
    tp_files   files = {.n = 1, .file = &file};
    tp_problem p = {0};
    tp_err     err = {0};
    CHECK_INT(tp_front_read(&p, "m.cir", &files, check_mem(), &err),
              TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "the deck has no analysis");
}

/* A problem file has measurements of its own. */
static void test_meas__are_told_about_in_decks_of_problem_files(void)
{
    static const char yaml[] =
        "optimization:\n  simulator: {deck: m.cir}\n  dialect: simetrix\n"
        "  parameters:\n    - {name: vt, range: [0.1, 1], init: 0.5}\n"
        "  analyses:\n    ac: {start: 10, stop: 10meg, dec: 10}\n"
        "  measurements:\n    low: {analysis: ac, expr: "
        "minimum(mag(out))}\n  specs:\n    low: {max: 1}\n";
    tp_source file[] = {
        {TP_S("m.yaml"), tp_str_of(yaml)},
        {TP_S("m.cir"),
         TP_S("t\n.param vt=0.5\nv1 in 0 dc {vt} ac 1\nr1 in out 1k\n"
              "c1 out 0 1n\n.measure ac x max v(out)\n.meas ac y max "
              "v(out)\n.end\n")}};
    tp_files   files = {.n = 2, .file = file};
    tp_problem p = {0};
    tp_err     err = {0};
    if (!CHECK_OK(tp_front_read(&p, "m.yaml", &files, check_mem(), &err), &err))
        return;
    if (!CHECK_INT(p.n_notice, 1)) return;
    CHECK_HAS(p.notice[0], "m.cir:6: .meas is not evaluated");
}

static const check_test tests[] = {
    CHECK_TEST(test_meas__forms_become_statements),
    CHECK_TEST(test_meas__come_in_the_order_of_ngspice),
    CHECK_TEST(test_meas__come_behind_blocks),
    CHECK_TEST(test_meas__wrong_forms_have_a_place),
    CHECK_TEST(test_meas__need_an_analysis),
    CHECK_TEST(test_meas__are_told_about_in_decks_of_problem_files),
    {0},
};

int main(void)
{
    return check_main(tests);
}
