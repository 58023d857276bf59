/* What bad input gets: the message, the place, what the caret stands under,
   the exit status. */
#include "deck.h"

#include <stdlib.h>
#include <unistd.h>

/* Line 1 to 5, then the row's lines from 6 on. */
#define HEAD "a divider\nV1 in 0 1 AC 1\nR1 in out {ra}\nC1 out 0 1n\n"
#define AC ".ac dec 10 1 1meg analysis_id=ac_0\n"
#define OPT ".optimiser optparams=[ra] optinitvals=[1k]\n"
#define GOAL \
    ".optspec measure=\"minimum(mag(out))\" type=minimise analysis_id=ac_0\n"
#define LIMIT "type=constraint_minimum"

typedef struct row {
    const char *deck;
    const char *says; /* part of the message */
    int         line, col;
    const char *under; /* what begins at the caret */
} row;

static const row statements[] = {
    {HEAD AC ".optimizer optparams=[ra] optinitvals=[1k]\n" GOAL,
     "unknown statement '.optimizer' (did you mean .optimiser?)", 6, 1,
     ".optimizer"},
    {HEAD AC ".optspek measure=out\n",
     "unknown statement '.optspek' (did you mean .optspec?)", 6, 1, ".optspek"},
    {HEAD AC OPT GOAL ".dta x 1 2\n",
     "unknown statement '.dta' (did you mean .data", 8, 1, ".dta"},
    {HEAD AC ".optimiser optparams=[ra] optinitval=[1k]\n" GOAL,
     ".optimiser: unknown word 'optinitval' (did you mean optinitvals", 6, 27,
     "optinitval="},
    {HEAD AC OPT "+ iterlimit=3\n" GOAL,
     "unknown word 'iterlimit' (did you mean iterlim", 7, 3, "iterlimit"},
    {HEAD AC OPT "+ show_progres\n" GOAL,
     "unknown word 'show_progres' (did you mean show_progress?)", 7, 3,
     "show_progres"},
    {HEAD AC OPT "+ abstol=1 abstol=2\n" GOAL, "abstol is given twice", 7, 12,
     "abstol=2"},
    {HEAD AC OPT "+ abstol\n" GOAL, "abstol wants a value: abstol=", 7, 3,
     "abstol"},
    {HEAD AC OPT "+ show_progress=yes\n" GOAL, "show_progress takes no value",
     7, 3, "show_progress"},
    {HEAD AC OPT "+ = 3\n" GOAL, "a word is wanted here, not =", 7, 3, "="},
    {HEAD AC OPT "+ alg=\n" GOAL, "alg: the value is missing", 7, 7, ""},
    {HEAD AC OPT "+ alg=(COBYLA)\n" GOAL, "alg: the value is missing", 7, 7,
     "(COBYLA)"},
    {HEAD AC OPT OPT GOAL, "a second .optimiser; the first is in line 6", 7, 1,
     ".optimiser"},
    {HEAD ".ac dec 10 1 1meg analysis_id=ac_0 sweep opt optparams=ra "
          "optinitvals=1k\n" OPT GOAL,
     ".optimiser and the sweep opt of line 5", 6, 1, ".optimiser"},
    {HEAD ".ac dec 10 1 1meg analysis_id=ac_0 sweep opt optparams=ra "
          "optinitvals=1k\n.tran 1u 1m sweep opt optparams=ra "
          "optinitvals=1\n" GOAL,
     "a second analysis with sweep opt; the first is in line 5", 6, 1, ".tran"},
    {HEAD OPT ".optspec measure=1 type=minimum analysis_id=x\n",
     "the deck has no analysis", 5, 1, ".optimiser"},
    {HEAD OPT ".sens v(out)\n.optspec measure=1 type=minimum analysis_id=x\n",
     ".tran, ...); the .sens of line 6 is not supported", 5, 1, ".optimiser"},
    {HEAD ".control\necho run\n.endc\n",
     "nothing to simulate: the deck has no analysis (.ac, .dc, .tran, ...); "
     "the .control of line 5 is not executed",
     1, 1, "a divider"},
    {"nothing\n.ac dec 10 1 1meg\n",
     "nothing to simulate: the deck has no device", 1, 1, "nothing"},
    {HEAD AC OPT GOAL ".optspec $ the limit\n",
     ".optspec: unknown word '$' (a comment begins with ';' here)", 8, 10, "$"},
    {HEAD ".ac dec 10 1 1meg $ wide\n" OPT GOAL,
     "unknown word '$' in .ac (a comment begins with ';' here)", 5, 19, "$"},
    {HEAD AC OPT GOAL "R2 out\n+ 0 {ra\nR3 out 0 1k\n",
     "this '{' is never closed", 9, 5, "{ra"},
    {HEAD AC OPT GOAL "R2 out 0 {ra}}\n", "this '}' closes nothing", 8, 14,
     "}"},
};

static const row variables[] = {
    {HEAD AC ".optimiser optparams=ra optinitvals=1k optmaxvals=250M\n" GOAL,
     "the initial value 1000 is above the upper bound 0.25 (in 250M, M is "
     "milli)",
     6, 37, "1k"},
    {HEAD AC ".optimiser optparams=[ra] optinitvals=[2kk]\n" GOAL,
     "2kk: 'kk' is a suffix after a suffix", 6, 40, "2kk"},
    {HEAD AC
     ".optimiser optparams=[ra] optinitvals=[1] optmaxvals=2megk\n" GOAL,
     "2megk: 'megk' is a suffix after a suffix", 6, 54, "2megk"},
    {HEAD AC OPT GOAL ".optspec measure=1 " LIMIT " value=1mk analysis_id=ac_0",
     "1mk: 'mk' is a suffix after a suffix", 8, 50, "1mk"},
    {HEAD AC ".optimiser optinitvals=[1k]\n" GOAL,
     "optparams=[names] is "
     "missing",
     6, 1, ".optimiser"},
    {HEAD AC ".optimiser optparams=[ra]\n" GOAL,
     "optinitvals=[values] is missing", 6, 1, ".optimiser"},
    {HEAD AC ".optimiser optparams=[ra,rb]\n+ optinitvals=[1k]\n" GOAL,
     "optinitvals has 1 value, optparams 2 names", 7, 3, "optinitvals"},
    {HEAD AC OPT "+ optminvals=[1,2]\n" GOAL,
     "optminvals has 2 values, optparams 1 name", 7, 3, "optminvals"},
    {HEAD AC OPT "+ optmaxvals=[]\n" GOAL,
     "optmaxvals has 0 values, optparams 1 name", 7, 3, "optmaxvals"},
    {HEAD AC ".optimiser optparams=[ra] optinitvals=[1k]\n"
             "+ optminvals=[2k]\n" GOAL,
     "ra: the initial value 1000 is below the lower bound 2000", 6, 40, "1k]"},
    {HEAD AC ".optimiser optparams=[ra] optinitvals=[1k] optmaxvals=100\n" GOAL,
     "ra: the initial value 1000 is above the upper bound 100", 6, 40, "1k]"},
    {HEAD AC OPT "+ optminvals=5\n+ optmaxvals=4\n" GOAL,
     "ra: the lower bound 5 is above the upper bound 4", 7, 14, "5"},
    {HEAD AC OPT "+ optminvals=5\n+ optmaxvals=4M\n" GOAL,
     "ra: the lower bound 5 is above the upper bound 0.004 (in 4M, M is "
     "milli)",
     7, 14, "5"},
    {HEAD ".ac dec 10 1k 1MHz\n" OPT GOAL,
     ".ac: the stop frequency is 1MHz, but it must be at least the start "
     "frequency (1MHz is 0.001 (milli); 1Meg is 1000000)",
     5, 15, "1MHz"},
    {HEAD AC ".optimiser optparams=[ra,rb,RA] optinitvals=1,2,3\n" GOAL,
     "optparams: RA is named twice", 6, 29, "RA]"},
    {HEAD AC ".optimiser optparams=[r-a] optinitvals=1\n" GOAL,
     "'r-a' is no parameter name", 6, 23, "r-a"},
    {HEAD AC ".optimiser optparams=[ra optinitvals=1\n" GOAL,
     "optparams: a name is missing here", 6, 37, "=1"},
    {HEAD AC ".optimiser optparams=ra optinitvals=[1\n" GOAL,
     "bracket is not closed", 6, 37, "[1"},
    {HEAD AC ".optimiser optparams=[ra] optinitvals=[big]\n" GOAL,
     "optinitvals: 'big' is no number", 6, 40, "big"},
    {HEAD AC ".optimiser optparams=[ra] optinitvals=[{2*k}]\n" GOAL,
     "optinitvals: {2*k} is an expression, a number is wanted", 6, 40, "{2*k}"},
    {HEAD AC ".optimiser optparams=[ra] optinitvals=[1e999]\n" GOAL,
     "optinitvals: 1e999 is too large", 6, 40, "1e999"},
    {HEAD AC OPT "+ reltol=tight\n" GOAL, "reltol: 'tight' is no number", 7, 10,
     "tight"},
    {HEAD AC OPT "+ abstol=-1\n" GOAL, "abstol: -1 is negative", 7, 10, "-1"},
    {HEAD AC OPT "+ iterlim=2.5\n" GOAL, "iterlim: 2.5 is no whole number", 7,
     11, "2.5"},
    {HEAD AC OPT "+ iterlim=-3\n" GOAL, "iterlim: -3 is negative", 7, 11, "-3"},
};

static const row specs[] = {
    {HEAD AC OPT, "no objective: one .optspec needs type=minimise", 6, 1,
     ".optimiser"},
    {HEAD ".ac dec 10 1 1meg analysis_id=a sweep opt optparams=ra "
          "optinitvals=1k\n",
     "no objective", 5, 1, ".ac"},
    {HEAD AC OPT ".optspec measure=\"minimum(mag(out))\" " LIMIT
                 " value=1 analysis_id=ac_0\n",
     "no objective", 6, 1, ".optimiser"},
    {HEAD AC OPT GOAL ".optspec measure=\"maximum(mag(out))\" type=maximise "
                      "analysis_id=ac_0 label=Top\n",
     "a second objective, Top; the first, minimum(mag(out)), is in line 7", 8,
     1, ".optspec"},
    {HEAD AC OPT GOAL ".optspec measure=\"maximum(mag(out))\"\n+ " LIMIT
                      " analysis_id=ac_0 label=Top\n",
     ".optspec Top: a constraint needs its limit: value=", 8, 1, ".optspec"},
    {HEAD AC OPT ".optspec measure=\"out\" type=minimise\n",
     "analysis_id= is missing; there is ac_0", 7, 1, ".optspec"},
    {HEAD AC OPT ".optspec measure=\"out\" type=minimise analysis_id=ac_1\n",
     "no analysis 'ac_1' (did you mean ac_0?)", 7, 50, "ac_1"},
    {HEAD AC OPT ".optspec measure=\"out\" type=minimise analysis=transient\n",
     "no analysis 'transient'; there is ac_0", 7, 47, "transient"},
    {HEAD AC AC OPT GOAL, "two analyses have the id 'ac_0'", 6, 1, ".ac"},
    {HEAD ".ac dec 10 1 1meg analysis_id=a sweep opt optparams=ra "
          "optinitvals=1k\n.tran 1u 1m analysis_id=b\n"
          ".optspec measure=out type=minimum analysis_id=b\n",
     "with sweep opt only its own analysis is run, not b", 7, 47, "b"},
    {HEAD AC OPT ".optspec measure=\"out\" type=smallest analysis_id=ac_0\n",
     "unknown type 'smallest'; known: minimise", 7, 29, "smallest"},
    {HEAD AC OPT ".optspec measure=\"out\" type=minimse analysis_id=ac_0\n",
     "unknown type 'minimse' (did you mean minimise", 7, 29, "minimse"},
    {HEAD AC OPT ".optspec measure=\"out\" analysis_id=ac_0\n",
     ".optspec: type= is missing", 7, 1, ".optspec"},
    {HEAD AC OPT ".optspec type=minimise analysis_id=ac_0\n",
     "measure=\"...\" is missing", 7, 1, ".optspec"},
    {HEAD AC OPT ".optspec measure=\"out\" " LIMIT
                 " value=many analysis_id=ac_0\n",
     "value: 'many' is no number", 7, 54, "many"},
    {HEAD AC OPT ".optspec measure=\"out type=minimum analysis_id=ac_0\n",
     "not closed", 7, 18, "\"out type"},
    {HEAD AC OPT ".optspec measure=\"  \" type=minimum analysis_id=ac_0\n",
     "measure: the value is missing", 7, 18, "\"  \""},
};

static const row measures[] = {
    {HEAD AC OPT ".optspec measure=\"minimum(mag(outt))\" type=minimise "
                 "analysis_id=ac_0\n",
     "no node or device 'outt' (did you mean out?)", 7, 31, "outt"},
    {HEAD AC OPT ".optspec\n+ type=minimise\n+ measure=\"minimum(out) + "
                 "maximum(r2#p)\"\n+ analysis_id=ac_0\n",
     "no device 'r2' (did you mean r1?)", 9, 35, "r2#p"},
    {HEAD AC OPT ".optspec measure=\"minimum(mag(r1#q))\" type=minimise "
                 "analysis_id=ac_0\n",
     "r1 has no pin 'q' (pins: p, n)", 7, 31, "r1#q"},
    {HEAD AC OPT ".data Curve format=XY 1 2 3 4\n"
                 ".optspec measure=\"CurveFit(Curv, out)\" type=minimise "
                 "analysis_id=ac_0\n",
     "unknown name 'curv' (did you mean Curve?)", 8, 28, "Curv,"},
    {HEAD AC OPT ".optspec measure=\"minimun(out)\" type=minimise "
                 "analysis_id=ac_0\n",
     "unknown function 'minimun' (did you mean Minimum", 7, 19, "minimun"},
    {HEAD AC OPT ".optspec measure=\"1 + lpbww(out, 3)\" type=minimise "
                 "analysis_id=ac_0\n",
     "unknown function 'lpbww' (did you mean LPBW", 7, 23, "lpbww"},
    {HEAD AC OPT ".optspec measure=\"lpbw(out)\" type=minimise "
                 "analysis_id=ac_0\n",
     "LPBW takes 2 arguments (wave number), got 1", 7, 19, "lpbw"},
    {HEAD AC OPT ".optspec measure=\"lpbw(out, 'x')\" type=minimise "
                 "analysis_id=ac_0\n",
     "argument 2 of LPBW: wanted a number, got a text", 7, 29, "'x'"},
    {HEAD AC OPT ".optspec measure=\"2 * (out + 1\" type=minimise "
                 "analysis_id=ac_0\n",
     "the expression ends here, wanted ')'", 7, 31, "\" type"},
    {HEAD AC OPT ".optspec measure=\"ac_1:out\" type=minimise "
                 "analysis_id=ac_0\n",
     "no analysis 'ac_1' (did you mean ac_0?)", 7, 19, "ac_1:out"},
};

static const row data[] = {
    {HEAD AC OPT GOAL ".data\n", ".data: a name is missing", 8, 6, ""},
    {HEAD AC OPT GOAL ".data 1 2 3\n", ".data: a name is missing", 8, 7,
     "1 2 3"},
    {HEAD AC OPT GOAL ".data d format=XY 1 2\n+ 3\n",
     ".data d: 3 numbers, wanted a multiple of 2", 8, 7, "d format"},
    {HEAD AC OPT GOAL ".data d format=XYZ 1 2\n",
     "unknown format 'XYZ'; known: XY, COLUMNS", 8, 16, "XYZ"},
    {HEAD AC OPT GOAL ".data d format=COLUMNS 1 2\n",
     "columns=names is missing", 8, 7, "d format"},
    {HEAD AC OPT GOAL ".data d columns=a 1 2\n",
     "columns= is for format=COLUMNS", 8, 7, "d columns"},
    {HEAD AC OPT GOAL ".data d types=Volt 1 2\n", "unknown type 'Volt'", 8, 15,
     "Volt"},
    {HEAD AC OPT GOAL ".data d types=V,A 1 2\n", "2 types for 1 column", 8, 9,
     "types"},
    {HEAD AC OPT GOAL ".data d 1 two 3\n", ".data: 'two' is no number", 8, 11,
     "two"},
    {HEAD AC OPT GOAL ".data d 1\n.data D 2\n", "a second vector 'D'", 9, 7,
     "D 2"},
    {HEAD AC OPT GOAL ".data d\n", "no number follows", 8, 7, "d"},
};

#define SCRIPT HEAD AC OPT GOAL ".post_process s\n.file s\nLet a = 1\n"

static const row scripts[] = {
    {HEAD AC OPT GOAL ".post_process finish\n",
     "no .file block and no file 'finish'", 8, 15, "finish"},
    {HEAD AC OPT GOAL ".post_process finish\n.file finnish\n.endf\n",
     "; .file blocks: finnish", 8, 15, "finish"},
    {HEAD AC OPT GOAL ".post_process\n", "a script's name is missing", 8, 1,
     ".post_process"},
    {SCRIPT "  plott a\n.endf\n",
     "unknown script command 'plott' (did you mean plot?); known: Let, plot, "
     "curve, echo",
     11, 3, "plott"},
    {SCRIPT "Let = 3\n.endf\n", "Let wants NAME = EXPRESSION", 11, 5, "= 3"},
    {SCRIPT "Let b 3\n.endf\n", "Let wants NAME = EXPRESSION", 11, 7, "3"},
    {SCRIPT "Let b =\n.endf\n", "an expression is missing here", 11, 8, ""},
    {SCRIPT "Let b = a +* 2\n.endf\n", "unexpected '*', wanted a value", 11, 12,
     "* 2"},
    {SCRIPT "Let b = sqrtt(a)\n.endf\n", "sqrtt", 11, 9, "sqrtt"},
    {SCRIPT "* c\n\nLet b = 2 * outt\n.endf\n", "out", 13, 13, "outt"},
    {SCRIPT "Let alpha = 2\nLet b = alpa\n.endf\n",
     "unknown name 'alpa' (did you mean alpha?)", 12, 9, "alpa"},
    {SCRIPT "plot a\n+ b\n+ 3\n.endf\n", "no node or device 'b'", 12, 3, "b"},
    {SCRIPT "plot a a\n+ 3\n.endf\n",
     "a curve has a y and an x expression, here is a third", 12, 3, "3"},
    {SCRIPT "plot /nam x a\n.endf\n",
     "unknown option '/nam' (did you mean name?); known: /name /title", 11, 6,
     "/nam"},
    {SCRIPT "plot a /name\n.endf\n", "/name wants a value", 11, 13, ""},
    {SCRIPT "plot /title /xlog a\n.endf\n", "/title wants a value", 11, 13,
     "/xlog"},
    {SCRIPT "plot /title \"x a\n.endf\n", "the quote is not closed", 11, 13,
     "\"x a"},
    {SCRIPT "plot /xlog\n.endf\n", "the vector to plot is missing", 11, 11, ""},
    {SCRIPT "echo x {a\n.endf\n", "the brace is not closed", 11, 8, "{a"},
    {SCRIPT "echo x {a} {b+}\n.endf\n",
     "the expression ends here, wanted a value", 11, 15, "}"},
};

/* A device of two analyses: of which one is a script's name? */
static const row groups[] = {
    {HEAD AC ".tran 1u 1m analysis_id=tr\n" OPT GOAL
             ".post_process s\n.file s\nplot out\n.endf\n",
     "out: of which analysis? Write NAME:out; there is ac_0, tr", 11, 6, "out"},
};

static void check_row(const row *r, const char *table, int k)
{
    tp_problem  p;
    tp_err      err = {0};
    tp_status   s = deck_try(&p, tp_str_of(r->deck), &err);
    tp_str      under = tp_str_of(r->under), got;
    const char *at = err.caret > 0 ? err.text + err.caret - 1 : "";
    got = tp_str_part(tp_str_of(at), 0, under.len > 0 ? under.len : 99);
    bool ok = CHECK_INT(tp_status_exit(s), 2);
    ok = CHECK_INT(err.code, s) && ok;
    ok = CHECK_HAS(tp_str_of(err.msg), r->says) && ok;
    ok = CHECK_INT(err.line, r->line) && ok;
    ok = CHECK_INT(err.col, r->col) && ok;
    ok = CHECK_Z(err.file, "deck.net") && ok;
    ok = CHECK_STR(got, r->under) && ok;
    if (ok) return;
    printf("%s row %d: %.*s\n", table, k, TP_F(tp_err_text(&err, check_mem())));
}

#define CHECK_ROWS(table)                       \
    for (int i = 0; i < TP_COUNT(table); i++) { \
        check_row(&table[i], #table, i);        \
    }

static void test_bad__statements(void)
{
    CHECK_ROWS(statements);
}

static void test_bad__variables(void)
{
    CHECK_ROWS(variables);
}

static void test_bad__specs(void)
{
    CHECK_ROWS(specs);
}

static void test_bad__measures(void)
{
    CHECK_ROWS(measures);
}

static void test_bad__data(void)
{
    CHECK_ROWS(data);
}

static void test_bad__scripts(void)
{
    CHECK_ROWS(scripts);
    CHECK_ROWS(groups);
}

/* ---- files -------------------------------------------------------------- */

static void test_bad__nul_byte(void)
{
    static const char text[] = HEAD "R2 out\0 0 1k\n";
    tp_problem        p;
    tp_err            err = {0};
    tp_str            all = {text, (ptrdiff_t)sizeof text - 1};
    CHECK_INT(tp_status_exit(deck_try(&p, all, &err)), 2);
    CHECK_INT(err.line, 5);
    CHECK_INT(err.col, 7);
    CHECK_HAS(tp_str_of(err.msg), "NUL");
}

static void test_bad__line_of_10_MB(void)
{
    enum { LONG = 10 << 20 };
    tp_buf     b = {.mem = check_mem()};
    tp_problem p;
    tp_err     err = {0};
    tp_buf_add(&b, TP_S(HEAD ".optspec measure=\""));
    for (int i = 0; i < LONG; i++) tp_buf_char(&b, 'x');
    tp_buf_add(&b, TP_S("\" type=minimise analysis_id=ac_0\n"));
    CHECK_INT(tp_status_exit(deck_try(&p, tp_buf_str(&b), &err)), 2);
    CHECK_INT(err.line, 5);
    CHECK_HAS(tp_str_of(err.msg), "more than 1048576");
}

/* A deck on disk whose line 2 is this; its error. */
static tp_status try_on_disk(const char *line_2, tp_err *err)
{
    char       folder[] = "/tmp/trimpot-bad-XXXXXX";
    tp_problem p;
    if (!CHECK(mkdtemp(folder) != NULL)) return TP_OK;
    const char *path = tp_str_fmt(check_mem(), "%s/deck.net", folder).at;
    tp_str      text = tp_str_fmt(check_mem(), "title\n%s\nV1 a 0 1\n", line_2);
    CHECK_OK(tp_file_write(path, text, err), err);
    tp_status s = tp_front_read(&p, path, NULL, check_mem(), err);
    unlink(path);
    rmdir(folder);
    return s;
}

static void test_bad__missing_include(void)
{
    tp_err    err = {0};
    tp_status s = try_on_disk(".include no/such.lib", &err);
    CHECK_INT(tp_status_exit(s), 2);
    CHECK_INT(err.line, 2);
    CHECK_INT(err.col, 10);
    CHECK_Z(err.text, ".include no/such.lib");
    CHECK_HAS(tp_str_of(err.msg), "no/such.lib");
}

static void test_bad__deck_that_includes_itself(void)
{
    tp_err    err = {0};
    tp_status s = try_on_disk(".include deck.net", &err);
    CHECK_INT(tp_status_exit(s), 2);
    CHECK_INT(err.line, 2);
    CHECK_HAS(tp_str_of(err.msg), "deck.net");
}

static void test_bad__missing_deck(void)
{
    tp_problem p;
    tp_err     err = {0};
    tp_status  s =
        tp_front_read(&p, "/nowhere/at/all.net", NULL, check_mem(), &err);
    CHECK(s != TP_OK);
    CHECK_HAS(tp_str_of(err.msg), "/nowhere/at/all.net");
}

static const check_test tests[] = {
    CHECK_TEST(test_bad__statements),
    CHECK_TEST(test_bad__variables),
    CHECK_TEST(test_bad__specs),
    CHECK_TEST(test_bad__measures),
    CHECK_TEST(test_bad__data),
    CHECK_TEST(test_bad__scripts),
    CHECK_TEST(test_bad__nul_byte),
    CHECK_TEST(test_bad__line_of_10_MB),
    CHECK_TEST(test_bad__missing_include),
    CHECK_TEST(test_bad__deck_that_includes_itself),
    CHECK_TEST(test_bad__missing_deck),
    {0},
};

int main(void)
{
    return check_main(tests);
}
