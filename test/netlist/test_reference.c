/* Commands at a point, complete decks for a plain simulator, packing. */
#include "netlist/deck.h"
#include "ngspice.h"
#include "texts.h"

/* The circuit of a deck with the one tunable `rx`. */
static tp_circuit *circuit_of(const char *text)
{
    tp_circuit        *c = TP_NEW(check_mem(), tp_circuit, 1);
    tp_tunable        *t = TP_NEW(check_mem(), tp_tunable, 1);
    tp_deck           *d = deck_of(text);
    const tp_analysis *a;
    int                n;
    tp_err             err = {0};
    *t = (tp_tunable){TP_S("rx"), 1000};
    if (!d || !CHECK_OK(tp_deck_analyses(d, &a, &n, &err), &err)) return NULL;
    if (!CHECK_OK(tp_deck_circuit(c, d, t, 1, a, n, &err), &err)) return NULL;
    return c;
}

/* ---- commands ----------------------------------------------------------- */

static void test_command__expressions_become_numbers(void)
{
    tp_circuit              *c = circuit_of("t\nR1 a 0 {rx}\nV1 a 0 1\n"
                                                         ".param f2={f1*10} late=f2 f1=100\n"
                                                         ".param loop1={loop2} loop2={1}\n"
                                                         ".param bad={nothere}\n"
                                                         ".ac dec {rx/100} {f1} {late*2}\n"
                                                         ".dc v1 0 {rx/500} 0.5\n"
                                                         ".tran {rx*1n} {1+{rx}}\n"
                                                         ".ac dec 1 1 {loop1}\n"
                                                         ".ac dec 1 1 {f3}\n"
                                                         ".ac dec 1 1 {bad}\n"
                                                         ".dc v1 0 {rx-1001} 0.5\n");
    double                   value = 1000;
    static const char *const want[] = {"ac dec 10 100 2000", "dc v1 0 2 0.5",
                                       "tran 1e-06 1001"};
    static const char *const part[] = {"loop1 is defined by itself",
                                       "unknown parameter 'f3' (did you mean f",
                                       "parameter bad: unknown parameter 'noth",
                                       "step 0.5 does not lead from 0 to -1"};
    tp_str                   out;
    tp_err                   err = {0};
    if (!c || !CHECK_INT(c->n_analysis, 7)) return;
    ((tp_define *)(uintptr_t)c->define)[4].expr = TP_S("loop1+1"); /* damaged */
    for (int i = 0; i < 3; i++) {
        CHECK_OK(tp_command_at(&out, c, i, &value, check_mem(), &err), &err);
        if (i < 2) CHECK_STR(out, want[i]);
    }
    for (int i = 0; i < 4; i++) {
        CHECK_INT(tp_command_at(&out, c, 3 + i, &value, check_mem(), &err),
                  TP_BAD_INPUT);
        CHECK_HAS(tp_str_of(err.msg), part[i]);
        CHECK_INT(err.line, 10 + i);
        CHECK_INT(tp_command_at(&out, c, 3 + i, &value, check_mem(), NULL),
                  TP_BAD_INPUT);
    }
    value = 2000;
    CHECK_OK(tp_command_at(&out, c, 0, &value, check_mem(), &err), &err);
    CHECK_STR(out, "ac dec 20 100 2000");
}

/* ---- complete decks ----------------------------------------------------- */

static ng_run run(const tp_circuit *c, double rx, int which, int step)
{
    tp_str text;
    tp_err err = {0};
    ng_run out = {0};
    if (!CHECK_OK(tp_circuit_reference(&text, c, &rx,
                                       &(tp_reference_part){which, step, NULL},
                                       check_mem(), &err),
                  &err))
        return out;
    out = ng_batch(text, check_mem());
    if (!CHECK(out.n > 0))
        printf("%.*s\n%.*s\n", TP_F(text), TP_F(tp_str_part(out.log, 0, 2000)));
    return out;
}

static double first(const ng_run *r, const char *plot, const char *name)
{
    const ng_vector *v = ng_vector_of(ng_find(r, plot), tp_str_of(name));
    return CHECK(v != NULL) ? v->re[0] : NAN;
}

static void test_reference__is_a_whole_deck(void)
{
    tp_circuit *c = circuit_of("t\nV1 in 0 1 ac 1\nR1 in out {rx}\n"
                               "R2 out 0 1k\nC1 out 0 1n\n.param rx=5\n"
                               ".ac lin 1 1k 1k\n.tran 1u 5u\n"
                               ".ac lin 1 {rx} {rx}\n.dc v1 0 1 0.5\n");
    if (!c) return;
    ng_run r = run(c, 3000, -1, 0);
    CHECK_INT(r.n, 4);
    CHECK_NEAR(first(&r, "AC", "frequency"), 1000, 0); /* in the deck's order */
    CHECK_NEAR(first(&r, "Transient", "out"), 0.25, 1e-12);
    const ng_plot *dc = ng_find(&r, "DC transfer");
    if (dc) CHECK_INT(dc->points, 3);
    for (int i = 0, n = 0; i < r.n; i++)
        if (tp_str_starts(r.plot[i].name, TP_S("AC")))
            CHECK_NEAR(r.plot[i].vector[0].re[0], n++ ? 3000 : 1000, 0);
}

static void test_reference__writes_parameters_to_the_last_digit(void)
{
    tp_circuit *c = circuit_of("t\nV1 in 0 1\nR1 in 0 {rx}\n.op\n");
    double      x = 1234.5678901234567;
    tp_str      text;
    tp_err      err = {0};
    if (!c) return;
    CHECK_OK(tp_circuit_reference(&text, c, &x,
                                  &(tp_reference_part){-1, 0, NULL},
                                  check_mem(), &err),
             &err);
    CHECK_STR(text, "* t\n.param rx=1234.5678901234567\nV1 in 0 1\n"
                    "R1 in 0 {rx}\n.op\n.end\n");
    ng_run r = run(c, x, -1, 0);
    CHECK_NEAR(-1 / first(&r, "Operating", "v1#branch"), x, 1e-12 * x);
}

static void test_reference__has_operating_points_and_saves(void)
{
    tp_circuit *c = circuit_of("t\nV1 in 0 1\nR1 in out {rx}\nR2 out 0 1k\n"
                               "R3 out 0 1meg\n.ac lin 1 1 1\n");
    if (!c) return;
    static const tp_str save[] = {{"@r1[i]", 6}, {"@r2[i]", 6}};
    tp_analysis        *a = TP_NEW(check_mem(), tp_analysis, 1);
    *a = c->analysis[0];
    a->op = true;
    c->analysis = a;
    c->save = save;
    c->n_save = 2;
    ng_run r = run(c, 1000, -1, 0);
    CHECK_INT(r.n, 2);
    CHECK_NEAR(first(&r, "Operating", "out"), 1 / (1 + 1.001), 1e-9);
    CHECK_NEAR(first(&r, "Operating", "@r2[i]"), 1e-3 / 2.001, 1e-9);
    CHECK_NEAR(first(&r, "Operating", "@r1[i]"), 1e-3 * 1.001 / 2.001, 1e-9);
}

/* A sweep of ours: one deck for each value. */
static void test_reference__sets_what_is_swept(void)
{
    static const char circuit[] =
        "t\nV1 in 0 dc 2 ac 1\nI1 0 c 1m\nR1 in out 1k\nR2 out 0 {rx}\n"
        "R3 c 0 1k\nE1 e 0 in 0 2\nR4 e 0 1k\nF1 0 f V1 2\nR5 f 0 1\n"
        "G1 0 g in 0 1m\nR6 g 0 1k\nH1 h 0 V1 {3*rx}\nR7 h 0 1k\n"
        "R8 p 0 {2*px}\nI2 0 p 1m\nRt t 0 1k tc1=0.01\nI3 0 t 1m\n"
        "D1 d 0 DM\nI4 0 d 1m\n.model DM D(IS=1e-14\n+ N=1)\n"
        "V2 b 0 {rx/500} pulse(0 1 0)\nR9 b 0 1\n";
    static const struct {
        const char *card, *node;
        double      value[2];
    } row[] = {
        {".dc V1 LIST 1 4", "out", {0.5, 2}},
        {".dc V2 LIST 3 5", "b", {3, 5}},
        {".dc I1 LIST 2m 3m", "c", {2, 3}},
        {".dc R1 LIST 1k 3k", "out", {1, 0.5}},
        {".dc E1 LIST 3 4", "e", {6, 8}},
        {".dc F1 LIST 1000 3000", "f", {-1, -3}},
        {".dc G1 LIST 2m 4m", "g", {4, 8}},
        {".dc H1 LIST 1k 2k", "h", {-1, -2}},
        {".dc PARAM px LIST 1k 3k", "p", {2, 6}},
        {".dc PARAM rx LIST 1k 3k", "out", {1, 1.5}},
        {".dc TEMP LIST 27 127", "t", {1, 2}},
        {".dc MODEL DM N LIST 1 2",
         "d",
         {0.65511799, 1.31023598}}, /* N kT/q ln(1e-3/1e-14 + 1) */
    };
    for (int i = 0; i < TP_COUNT(row); i++) {
        bool        swept = row[i].node[0] == 'p'; /* needs no declaration */
        tp_circuit *c = circuit_of(
            tp_str_z(check_mem(),
                     tp_str_fmt(check_mem(), "%s%s%s\n", circuit,
                                swept ? "" : ".param px=1k\n", row[i].card)));
        for (int k = 0; c && k < 2; k++) {
            ng_run r = run(c, 1000, 0, k);
            if (!CHECK_NEAR(first(&r, "Operating", row[i].node),
                            row[i].value[k], 1e-6))
                printf("  card %s\n", row[i].card);
        }
    }
}

static void test_reference__sweeps_reactances(void)
{
    static const char        circuit[] = "t\nI1 0 a ac 1\nC1 a 0 1u\nL1 b 0 1\n"
                                         "I2 0 b ac 1\nR1 a 0 {rx}\n";
    static const char *const card[] = {".ac DEVICE=C1 LIST 2u 4u F=1k",
                                       ".ac DEVICE=L1 LIST 2 5 F=1k"};
    double                   w = 2 * acos(-1) * 1000;
    for (int i = 0; i < 2; i++) {
        tp_circuit *c = circuit_of(tp_str_z(
            check_mem(), tp_str_fmt(check_mem(), "%s%s\n", circuit, card[i])));
        if (!c) continue;
        ng_run           r = run(c, 1e15, 0, 1);
        const ng_vector *v =
            ng_vector_of(ng_find(&r, "AC"), i == 0 ? TP_S("a") : TP_S("b"));
        double want = i == 0 ? -1 / (w * 4e-6) : w * 5;
        if (CHECK(v != NULL)) CHECK_NEAR(v->im[0], want, 1e-9 * fabs(want));
    }
}

static void test_reference__refuses_what_it_cannot_write(void)
{
    tp_circuit *c = circuit_of("t\nV1 a 0 1\nX1 a part\nR2 a 0 {rx}\n"
                               ".subckt part a\nR1 a 0 1\n.ends\n"
                               ".dc x1.r1 DEC 1 1 10\n");
    tp_str      text;
    tp_err      err = {0};
    double      x = 1;
    if (!c) return;
    CHECK_INT(tp_circuit_reference(&text, c, &x,
                                   &(tp_reference_part){0, 0, NULL},
                                   check_mem(), &err),
              TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "r.x1.r1");
    CHECK_INT(tp_circuit_reference(&text, c, &x,
                                   &(tp_reference_part){0, 9, NULL},
                                   check_mem(), &err),
              TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "step 9 is outside 0 to 1");
}

/* ---- packing ------------------------------------------------------------ */

static tp_str packed(const tp_circuit *c)
{
    tp_buf b = {.mem = check_mem()};
    tp_circuit_pack(&b, c);
    return tp_buf_str(&b);
}

static tp_circuit *full_circuit(void)
{
    return circuit_of("t\nV1 in 0 1 ac 1\nR1 in 0 {rx}\n.param q={rx*2}\n"
                      ".ac dec 10 1 {q} analysis_id=a_1 runname=r\n"
                      ".dc R1 DEC 2 1 100\n.dc PARAM w LIST 1 2.5 4\n"
                      ".op sweep opt optparams=[rx] optinitvals=[1]\n");
}

static void same_circuit(const tp_circuit *a, const tp_circuit *b)
{
    CHECK(tp_str_eq(a->text, b->text));
    CHECK_INT(a->n_param, b->n_param);
    CHECK(tp_str_eq(a->param[0], b->param[0]));
    CHECK_INT(a->n_define, b->n_define);
    for (int i = 0; i < a->n_define && i < b->n_define; i++)
        CHECK(tp_str_eq(a->define[i].expr, b->define[i].expr) &&
              tp_str_eq(a->define[i].name, b->define[i].name));
    CHECK_INT(a->n_place, b->n_place);
    for (int i = 0; i < a->n_place && i < b->n_place; i++) {
        CHECK_INT(a->place[i].line, b->place[i].line);
        CHECK_INT(a->place[i].col, b->place[i].col);
        if (!CHECK_INT(!a->place[i].in, !b->place[i].in)) continue;
        if (a->place[i].in)
            CHECK(tp_str_eq(a->place[i].in->name, b->place[i].in->name));
    }
    if (!CHECK_INT(a->n_analysis, b->n_analysis)) return;
    for (int i = 0; i < a->n_analysis; i++) {
        const tp_analysis *x = &a->analysis[i], *y = &b->analysis[i];
        CHECK(tp_str_eq(x->id, y->id) && tp_str_eq(x->command, y->command));
        CHECK(tp_str_eq(x->runname, y->runname));
        CHECK(tp_str_eq(x->kind, y->kind) && tp_str_eq(x->ordinal, y->ordinal));
        CHECK_INT(x->sweep.kind, y->sweep.kind);
        CHECK(tp_str_eq(x->sweep.name, y->sweep.name));
        CHECK_INT(x->rest, y->rest);
        CHECK_INT(x->optimise, y->optimise);
        CHECK_INT(x->at.line, y->at.line);
        if (!CHECK_INT(x->sweep.n, y->sweep.n)) continue;
        for (int k = 0; k < x->sweep.n; k++)
            CHECK_NEAR(x->sweep.value[k], y->sweep.value[k], 0);
    }
}

static void test_pack__circuits_come_back(void)
{
    tp_circuit *c = full_circuit(), back;
    tp_err      err = {0};
    if (!c) return;
    CHECK_INT(c->n_analysis, 4);
    tp_str    bytes = packed(c);
    tp_unpack u = {bytes, false};
    if (!CHECK_OK(tp_circuit_unpack(&back, &u, check_mem(), &err), &err))
        return;
    CHECK_INT(u.rest.len, 0);
    same_circuit(c, &back);
    CHECK(tp_str_eq(packed(&back), bytes));
}

static void test_pack__cut_bytes_are_refused(void)
{
    tp_circuit *c = full_circuit(), back;
    if (!c) return;
    tp_str bytes = packed(c);
    for (ptrdiff_t n = 0; n < bytes.len; n++) {
        tp_arena  scratch = *check_mem();
        tp_unpack u = {tp_str_part(bytes, 0, n), false};
        if (!CHECK_INT(tp_circuit_unpack(&back, &u, &scratch, NULL),
                       TP_BAD_INPUT))
            return;
    }
}

static void test_pack__wrong_bytes_do_no_harm(void)
{
    tp_circuit *c = full_circuit(), back;
    if (!c) return;
    tp_str bytes = packed(c);
    tp_rng rng = tp_rng_at(1, 2);
    for (int i = 0; i < 20000; i++) {
        tp_arena scratch = *check_mem();
        tp_str   wrong = tp_str_copy(&scratch, bytes);
        char    *at = (char *)(uintptr_t)wrong.at;
        for (int k = 0; k < 3; k++)
            at[tp_rng_below(&rng, (int)wrong.len)] = (char)tp_rng_next(&rng);
        tp_unpack u = {wrong, false};
        tp_status s = tp_circuit_unpack(&back, &u, &scratch, NULL);
        if (!CHECK(s == TP_OK || s == TP_BAD_INPUT)) return;
    }
}

static void test_pack__texts_come_back(void)
{
    static const tp_source file[] = {{{"a.cir", 5}, {"x\n\0y", 4}},
                                     {{"b", 1}, {"", 0}}};
    tp_files               f = {.n = 2, .file = file}, back;
    tp_buf                 b = {.mem = check_mem()};
    tp_err                 err = {0};
    tp_files_pack(&b, &f);
    tp_unpack u = {tp_buf_str(&b), false};
    if (!CHECK_OK(tp_files_unpack(&back, &u, check_mem(), &err), &err)) return;
    CHECK_INT(back.n, 2);
    for (int i = 0; i < 2; i++)
        CHECK(tp_str_eq(back.file[i].name, file[i].name) &&
              tp_str_eq(back.file[i].text, file[i].text));
    u = (tp_unpack){tp_str_part(tp_buf_str(&b), 0, b.len - 1), false};
    CHECK_INT(tp_files_unpack(&back, &u, check_mem(), &err), TP_BAD_INPUT);
}

static const check_test tests[] = {
    CHECK_TEST(test_command__expressions_become_numbers),
    CHECK_TEST(test_reference__is_a_whole_deck),
    CHECK_TEST(test_reference__writes_parameters_to_the_last_digit),
    CHECK_TEST(test_reference__has_operating_points_and_saves),
    CHECK_TEST(test_reference__sets_what_is_swept),
    CHECK_TEST(test_reference__sweeps_reactances),
    CHECK_TEST(test_reference__refuses_what_it_cannot_write),
    CHECK_TEST(test_pack__circuits_come_back),
    CHECK_TEST(test_pack__cut_bytes_are_refused),
    CHECK_TEST(test_pack__wrong_bytes_do_no_harm),
    CHECK_TEST(test_pack__texts_come_back),
    {0},
};

int main(void)
{
    return check_main(tests);
}
