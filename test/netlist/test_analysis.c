/* Analysis cards -> commands. */
#include "../check.h"
#include "netlist/deck.h"
#include "texts.h"

#define CIRCUIT                       \
    "V1 in 0 5\n"                     \
    "I1 0 out 1m\n"                   \
    "R1 in out 1k\n"                  \
    "C1 out 0 1n\n"                   \
    "E1 e 0 out 0 2\n"                \
    "R2 e 0 1k\n"                     \
    "Q1 out in 0 0 N1\n"              \
    ".model N1 NPN IS=1e-16 BF=100\n" \
    "X1 out x2 part\n"                \
    ".subckt part a b\n"              \
    "R1 a c 1k\n"                     \
    "V2 c b 0\n"                      \
    ".ends\n"

static tp_deck *deck_with(const char *head, const char *cards)
{
    tp_arena *mem = check_mem();
    tp_str    text = tp_str_fmt(mem, "title\n%s" CIRCUIT "%s\n", head, cards);
    return deck_of(tp_str_z(mem, text));
}

struct row {
    const char *card, *command;
};

static void gives(const char *head, const struct row *row, int n)
{
    for (int i = 0; i < n; i++) {
        tp_deck           *d = deck_with(head, row[i].card);
        const tp_analysis *a = NULL;
        int                count = 0;
        tp_err             err = {0};
        if (!d) continue;
        if (!CHECK_OK(tp_deck_analyses(d, &a, &count, &err), &err) ||
            !CHECK_INT(count, 1) || !CHECK_STR(a[0].command, row[i].command))
            printf("  card %s\n", row[i].card);
    }
}

#define SIMETRIX "*#SIMETRIX\n"

static const struct row both[] = {
    {".ac R1 LIN 3 1k 3k F 1k", "ac lin 1 1000 1000"},
    {".ac R1 1k 3k 1k F=2k", "ac lin 1 2000 2000"},
    {".ac dec 25 1k 1000000000 analysis_id=ac_0", "ac dec 25 1000 1000000000"},
    {".AC LIN 100 1 1k", "ac lin 100 1 1000"},
    {".ac oct 5 1 1Meg", "ac oct 5 1 1000000"},
    {".ac dec {n} f1 'f2*2'", "ac dec {n} {f1} {f2*2}"},
    {".ac FREQ DEC 10 1 1k", "ac dec 10 1 1000"},
    {".ac DEC=(10 1 1k)", "ac dec 10 1 1000"},
    {".ac dec [10, 1, 1k] runname=first", "ac dec 10 1 1000"},
    {".ac STEP 100 1k 100", "ac lin 10 100 1000"},
    {".ac DEVICE=R1 DEC 1 1k 100k F=100k", "ac lin 1 100000 100000"},
    {".ac PARAM rx LIST 1 2 5", "ac lin 1 0 0"},
    {".tran 10u", "tran 2.0000000000000002e-07 1e-05"},
    {".tran 0 10u 0 10n analysis_id=tran_1", "tran 1e-08 1e-05 0 1e-08"},
    {".tran 0 10u", "tran 2.0000000000000002e-07 1e-05"},
    {".tran 0 10u 5u", "tran 1.0000000000000001e-07 1e-05 5e-06"},
    {".tran 1n 10u 0 2n UIC", "tran 1e-09 1e-05 0 2e-09 uic"},
    {".tran {tp}", "tran {((tp)-(0))/50} {tp}"},
    {".tran 0 tstop RTNSTEP=1n RTNSTOP=1u", "tran {((tstop)-(0))/50} {tstop}"},
    {".tran 0 1m FAST=1u SNAPSHOT=[1u 2u] SNAPSTEP 0 1 2", "tran 2e-05 0.001"},
    {".op", "op"},
    {".dc v1 400m 1.4 100m analysis_id=dc_0", "dc v1 0.4 1.4 0.1"},
    {".dc V1 5 0 -1", "dc v1 5 0 -1"},
    {".dc TEMP 0 100 2", "dc temp 0 100 2"},
    {".dc R1 1k 2k 100", "dc r1 1000 2000 100"},
    {".dc v1 0 5 1 i1 0 1m 0.5m", "dc v1 0 5 1 i1 0 0.001 0.0005"},
    {".dc x1.v2 0 1 .5", "dc v.x1.v2 0 1 0.5"},
    {".dc v1 {lo} {hi} 0.1", "dc v1 {lo} {hi} 0.1"},
    {".dc DEVICE=V1 STEP=(0 5 1)", "dc v1 0 5 1"},
    {".dc v1 LIN 3 0 1", "dc v1 0 1.0000005 0.5"},
    {".dc v1 DEC 25 1m 1v", "op"},
    {".dc PARAM rload 1k 2k 500", "op"},
    {".dc MODEL N1 BF 50 100 10", "op"},
    {".dc MODEL n1 PARAM bf LIST=(50 100)", "op"},
    {".dc E1 1 3 1", "op"},
    {".noise v(out) v1 dec 10 1 1k", "noise v(out) v1 dec 10 1 1000"},
    {".noise V(OUT, in) I1 lin 3 1 1k 1", "noise v(out,in) i1 lin 3 1 1000"},
    {".noise V=out DEVICE=V1 VN=0 F=1k LIN=(100 -10m 10m) INSRC=V1",
     "noise v(out) v1 lin 1 1000 1000"},
    {".noise V=out DEVICE=V1 VN=0 F=1k LIN=(100 -10m 10m)",
     "noise v(out) v1 lin 1 1000 1000"},
    {".noise V out VN 0 INSRC V1 DEC 25 1k 1meg",
     "noise v(out) v1 dec 25 1000 1000000"},
    {".noise DEC 25 1k 1meg out 0 V1", "noise v(out) v1 dec 25 1000 1000000"},
    {".noise DEC 25 1k 1meg out in I1",
     "noise v(out,in) i1 dec 25 1000 1000000"},
    {".noise DEC 25 1k 1meg out V1", "noise v(out) v1 dec 25 1000 1000000"},
    {".noise v(x1.c) v1 dec 1 1 10", "noise v(x1.c) v1 dec 1 1 10"},
    {".noise v(x1.a) v1 dec 1 1 10", "noise v(out) v1 dec 1 1 10"},
    {".tf v(out) v1", "tf v(out) v1"},
    {".tf V(out,in) I1", "tf v(out,in) i1"},
    {".tf I(v1) INSRC i1", "tf i(v1) i1"},
    {".tf DEVICE R1 STEP 1k 3k 1k V out VN 0 INSRC V1", "tf v(out) v1"},
    {".TF TEMP 0 100 50 I v1 INSRC I1", "tf i(v1) i1"},
};

static void test_analysis__cards_become_commands(void)
{
    gives("", both, TP_COUNT(both));
    gives(SIMETRIX, both, TP_COUNT(both));
}

static void test_analysis__simetrix_time_step_bounds_nothing(void)
{
    static const struct row row[] = {
        {".tran 1n 10u", "tran 1e-09 1e-05 0 2.0000000000000002e-07"},
        {".tran 1n {t} 1u", "tran 1e-09 {t} 1e-06 {((t)-(1e-06))/50}"},
    };
    static const struct row spice[] = {
        {".tran 1n 10u", "tran 1e-09 1e-05"},
        {".tran 1n {t} 1u", "tran 1e-09 {t} 1e-06"},
    };
    gives(SIMETRIX, row, 2);
    gives("", spice, 2);
}

static void test_analysis__expressions_are_in_the_decks_own_words(void)
{
    static const struct row simetrix[] = {
        {".ac dec {log(1e5)} 1 {log(q)}", "ac dec 5 1 {log10(q)}"}};
    static const struct row spice[] = {
        {".ac dec 5 1 {log(q)}", "ac dec 5 1 {log(q)}"}};
    gives(SIMETRIX, simetrix, 1);
    gives("", spice, 1);
}

static const tp_analysis *one(const char *cards, int want)
{
    tp_deck           *d = deck_with(SIMETRIX, cards);
    const tp_analysis *a = NULL;
    int                n = 0;
    tp_err             err = {0};
    if (!d || !CHECK_OK(tp_deck_analyses(d, &a, &n, &err), &err)) return NULL;
    return CHECK_INT(n, want) ? a : NULL;
}

static void test_analysis__sweeps_of_ours_have_their_values(void)
{
    static const struct {
        const char   *card;
        tp_sweep_kind kind;
        const char   *name, *par, *unit;
        int           n;
        double        first, second, last;
    } row[] = {
        {".dc v1 DEC 2 1m 1", TP_SWEEP_DEVICE, "v1", "", "V", 7, 1e-3,
         3.1622776601683794e-3, 1},
        {".dc PARAM RLOAD 1k 2k 500", TP_SWEEP_PARAM, "rload", "", "", 3, 1000,
         1500, 2000},
        {".dc MODEL N1 PARAM BF LIST=(50 70 100)", TP_SWEEP_MODEL, "n1", "bf",
         "", 3, 50, 70, 100},
        {".dc TEMP LIST -55 27 125", TP_SWEEP_TEMP, "", "", "degC", 3, -55, 27,
         125},
        {".dc C1 OCT 1 1n 8n", TP_SWEEP_DEVICE, "c1", "", "F", 4, 1e-9, 2e-9,
         8e-9},
        {".dc E1 3 1 -1", TP_SWEEP_DEVICE, "e1", "", "", 3, 3, 2, 1},
        {".noise V=out DEVICE=V1 VN=0 F=1k LIN=(5 -10m 10m)", TP_SWEEP_DEVICE,
         "v1", "", "V", 5, -10e-3, -5e-3, 10e-3},
        {".ac DEVICE=x1.r1 DEC 1 1k 100k F=100k", TP_SWEEP_DEVICE, "r.x1.r1",
         "", "Ohm", 3, 1e3, 1e4, 1e5},
    };
    for (int i = 0; i < TP_COUNT(row); i++) {
        const tp_analysis *a = one(row[i].card, 1);
        if (!a) continue;
        const tp_sweep *s = &a->sweep;
        CHECK_INT(s->kind, row[i].kind);
        CHECK_STR(s->name, row[i].name);
        CHECK_STR(s->par, row[i].par);
        CHECK_STR(s->unit, row[i].unit);
        if (!CHECK_INT(s->n, row[i].n)) continue;
        CHECK_NEAR(s->value[0], row[i].first, fabs(row[i].first) * 1e-15);
        CHECK_NEAR(s->value[1], row[i].second, fabs(row[i].second) * 1e-15);
        CHECK_NEAR(s->value[s->n - 1], row[i].last, fabs(row[i].last) * 1e-15);
    }
}

static void test_analysis__knows_ids_kinds_and_ordinals(void)
{
    const tp_analysis *a = one(".ac dec 1 1 10 analysis_id=First\n"
                               ".tran 1u analysis_id = \"t 1\" runname=r\n"
                               ".ac dec 1 1 10\n.op",
                               4);
    if (!a) return;
    CHECK_STR(a[0].id, "First");
    CHECK_STR(a[0].kind, "ac");
    CHECK_STR(a[0].ordinal, "ac1");
    CHECK_STR(a[1].id, "t 1");
    CHECK_STR(a[1].runname, "r");
    CHECK_STR(a[1].ordinal, "tran1");
    CHECK_STR(a[2].id, "");
    CHECK_STR(a[2].ordinal, "ac2");
    CHECK_STR(a[3].ordinal, "op1");
    CHECK_INT(a[0].at.line, 16);
    CHECK_INT(a[0].at.col, 1);
    CHECK(!a[0].optimise);
}

static void test_analysis__takes_its_cards_out(void)
{
    tp_deck           *d = deck_with(SIMETRIX, ".op\n.ac dec 1 1 10");
    const tp_analysis *a;
    const tp_card     *card;
    int                n;
    tp_err             err;
    if (!d || !CHECK_OK(tp_deck_analyses(d, &a, &n, &err), &err)) return;
    tp_deck_cards(d, &card);
    for (int i = 0; i < n; i++) CHECK(d->taken[a[i].card]);
    CHECK_STR(card[a[1].card].text, ".ac dec 1 1 10");
    CHECK(!d->taken[0]);
    CHECK_OK(tp_deck_analyses(d, &a, &n, &err), &err);
    CHECK_INT(n, 0);
}

static void test_analysis__sweep_opt_leaves_the_rest(void)
{
    const char *card = ".dc v1 400m 1.4 100m analysis_id=dc_0 sweep opt\n"
                       "+ optparams=[RS,IKF,N]\n+ optinitvals=0.01,0.1,1";
    tp_deck    *d = deck_with("", card);
    const tp_analysis *a = NULL;
    int                n = 0;
    tp_err             err = {0};
    if (!d || !CHECK_OK(tp_deck_analyses(d, &a, &n, &err), &err)) return;
    CHECK_STR(a->command, "dc v1 0.4 1.4 0.1");
    CHECK_STR(a->id, "dc_0");
    CHECK(a->optimise);
    CHECK_STR(tp_str_trim(tp_str_from(d->card[a->card].text, a->rest)),
              "optparams=[RS,IKF,N] optinitvals=0.01,0.1,1");
}

static void test_analysis__id_behind_sweep_opt_is_seen(void)
{
    const tp_analysis *a =
        one(".ac dec 1 1 10 sweep opt optparams=[a] analysis_id=z", 1);
    if (a) CHECK_STR(a->id, "z");
}

static void test_analysis__gives_a_noise_source_an_ac_value(void)
{
    tp_deck           *d = deck_with("", ".noise v(out) v1 dec 1 1 10");
    const tp_analysis *a;
    int                n;
    tp_err             err = {0};
    if (!d || !CHECK_OK(tp_deck_analyses(d, &a, &n, &err), &err)) return;
    CHECK_STR(d->card[0].text, "V1 in 0 5 ac 0");
    CHECK_STR(d->card[1].text, "I1 0 out 1m");
}

struct bad {
    const char *card, *part;
    int         line, col; /* line 1 is the first of the cards */
};
static const struct bad bads[] = {
    {".ac dec 25 1k", "`.ac dec 25 1k`: the stop frequency is missing", 1, 14},
    {".ac dec 25", "start frequency is missing", 1, 11},
    {".ac dec", "points per decade is missing", 1, 8},
    {".ac", "sweep (DEC, OCT or LIN", 1, 4},
    {".ac decade 10 1 1k", "unknown word 'decade' in .ac", 1, 5},
    {".ac dce 10 1 1k", "did you mean dec", 1, 5},
    {".ac dec 10 1k 1", "stop frequency is 1, but it must be at least", 1, 15},
    {".ac dec 10 0 1k", "start frequency is 0, but it must be above 0", 1, 12},
    {".ac dec 0 1 1k", "whole number from 1", 1, 9},
    {".ac dec 2.5 1 1k", "whole number from 1", 1, 9},
    {".ac dec 10 1 1k 5", "unknown word '5'", 1, 17},
    {".ac lin 5 -1 1k", "0 or more", 1, 11},
    {".ac LIST 1 2 3", "LIST of frequencies is not supported", 1, 1},
    {".ac dec 10 1..5 1k", "'1..5' is not a number", 1, 12},
    {".ac dec 10 1 1k foo=3", "unknown word 'foo'", 1, 17},
    {".ac dec 10 1 1k analysis_id=", "value of 'analysis_id' is missing", 1,
     28},
    {".ac DEVICE=R9 DEC 1 1 10 F=1", "no device 'R9' (did you mean", 1, 12},
    {".ac MONTE 10", "MONTE is not supported", 1, 5},
    {".ac DEVICE", "name of the device is missing", 1, 11},
    {".ac DEVICE r1 F=1k", "sweep's steps", 1, 19},
    {".ac dec 10 1 1k sweep temp 0 100 10", "SWEEP temp is not supported", 1,
     23},
    {".ac dec 10 1 1k sweep foo", "unknown SWEEP 'foo'", 1, 23},
    {".ac dec 10 1 1k sweep", "kind of SWEEP is missing", 1, 16},
    {".ac dec 10 1 1k sweep opt sweep temp 0 1 1", "nested SWEEPs", 1, 27},
    {".tran", "stop time is missing", 1, 6},
    {".tran 1n 0", "stop time is 0, but it must be above 0", 1, 10},
    {".tran 1n -1u", "stop time is -1u", 1, 10},
    {".tran 1n 1u 2u", "start time 2u is not before the stop time", 1, 13},
    {".tran 1n 1u 0 1n 5", "unknown word '5'", 1, 18},
    {".tran 1n 1u uci", "unknown word 'uci' in .tran (did you mean uic?)", 1,
     13},
    {".tran 1n 1x1u", "not a number", 1, 10},
    {".op 3", "unknown word '3'", 1, 5},
    {".dc", "thing to sweep", 1, 4},
    {".dc v1", "start value is missing", 1, 7},
    {".dc v1 0 5", "step is missing", 1, 11},
    {".dc v1 0 5 0", "step is 0, but it must be different from 0", 1, 12},
    {".dc v1 0 5 -1", "positive, because start is below stop", 1, 12},
    {".dc v1 5 0 1", "negative, because start is above stop", 1, 12},
    {".dc v1 0 5 1e-9", "over 1e7 points", 1, 12},
    {".dc v9 0 5 1", "no device 'v9' (did you mean", 1, 5},
    {".dc v1 0 5 1 v9 0 1 1", "no device 'v9'", 1, 14},
    {".dc v1 0 5 1 i1 0 1m -1u", "step is -1u", 1, 22},
    {".dc q1 0 5 1", "'q1' can't be used here", 1, 5},
    {".dc PARAM p 5 0 1", "negative", 1, 17},
    {".dc PARAM p {x} 5 1", "plain number", 1, 13},
    {".dc PARAM 0 5 1", "step is missing", 1, 16},
    {".dc MODEL N9 BF 1 2 1", "no .model 'N9' (did you mean n1?)", 1, 11},
    {".dc v1 DEC 10 -1 1", "sign of the start value", 1, 18},
    {".dc v1 DEC 10 0 1", "different from 0", 1, 15},
    {".dc v1 LIN 1 0 1", "whole number from 2", 1, 12},
    {".dc v1 0 5 1 7", "unknown word '7'", 1, 14},
    {".noise v(out) v1", "sweep (DEC, OCT or LIN", 1, 17},
    {".noise v(uot) v1 dec 1 1 10", "no node 'uot' (did you mean out", 1, 10},
    {".noise v(out) r1 dec 1 1 10", "'r1' can't be used here", 1, 15},
    {".noise v(out) v9 dec 1 1 10", "no device 'v9'", 1, 15},
    {".noise dec 1 1 10", "output node (V=...) is missing", 1, 18},
    {".noise V=out DEVICE=R1 STEP 1 2 1 INSRC=V1", "frequency (F=...)", 1, 43},
    {".noise V=out DEVICE=R1 STEP 1 2 1 F=0", "but it must be above 0", 1, 37},
    {".tf v(out)", "input source (INSRC=...) is missing", 1, 11},
    {".tf v(out) v1 dec 10 1 1k", "over frequency is not supported: use .ac", 1,
     1},
    {".tf i(r1) v1", "'r1' can't be used here", 1, 7},
    {".tf v(out) v1 f=1k", "over frequency is not supported", 1, 1},
    {".ac dec 1 1 10 analysis_id=a\n.op analysis_id=A",
     "two analyses have the id 'a': the other one is at d.net:16:1", 2, 1},
    {".op analysis_id=a analysis_id=b", "two ids", 1, 19},
    {".ac dec 10\n+ 1k", "`.ac dec 10 1k`: the stop frequency is missing", 2,
     5},
};

static void test_analysis__errors_have_words_and_place(void)
{
    for (int i = 0; i < TP_COUNT(bads); i++) {
        tp_deck           *d = deck_with(SIMETRIX, bads[i].card);
        const tp_analysis *a;
        int                n;
        tp_err             err = {0};
        if (!d) continue;
        bool ok = CHECK_INT(tp_deck_analyses(d, &a, &n, &err), TP_BAD_INPUT);
        ok &= CHECK_HAS(tp_str_of(err.msg), bads[i].part);
        ok &= CHECK_INT(err.line, 15 + bads[i].line);
        ok &= CHECK_INT(err.col, bads[i].col);
        if (!ok) printf("  card %s\n", bads[i].card);
    }
}

static const check_test tests[] = {
    CHECK_TEST(test_analysis__cards_become_commands),
    CHECK_TEST(test_analysis__simetrix_time_step_bounds_nothing),
    CHECK_TEST(test_analysis__expressions_are_in_the_decks_own_words),
    CHECK_TEST(test_analysis__sweeps_of_ours_have_their_values),
    CHECK_TEST(test_analysis__knows_ids_kinds_and_ordinals),
    CHECK_TEST(test_analysis__takes_its_cards_out),
    CHECK_TEST(test_analysis__sweep_opt_leaves_the_rest),
    CHECK_TEST(test_analysis__id_behind_sweep_opt_is_seen),
    CHECK_TEST(test_analysis__gives_a_noise_source_an_ac_value),
    CHECK_TEST(test_analysis__errors_have_words_and_place),
    {0},
};

int main(void)
{
    return check_main(tests);
}
