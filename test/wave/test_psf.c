/* PSF-ASCII: every form of the grammar in small files of our own, damaged
   ones with their messages, what is written reads back; and the raw files that
   Spectre writes instead. */
#include "check.h"
#include "wave/wave.h"

static tp_str file(const char *name)
{
    tp_str bytes = {0};
    tp_err err = {0};
    tp_str path = tp_str_fmt(check_mem(), "test/data/psf/%s", name);
    CHECK_OK(tp_file_read(&bytes, tp_str_z(check_mem(), path), 1 << 20,
                          check_mem(), &err),
             &err);
    return bytes;
}

static tp_psf read_ok(const char *name)
{
    tp_psf p = {0};
    tp_err err = {0};
    CHECK_OK(tp_psf_read(&p, file(name), check_mem(), &err), &err);
    return p;
}

static const tp_wave *find(const tp_psf *p, const char *name)
{
    static const double  zero[8] = {0};
    static const tp_wave none = {.n = 0, .re = zero, .im = zero, .x = zero};
    const tp_wave       *found = tp_plot_find(&p->plot, tp_str_of(name));
    if (!CHECK(found != NULL)) printf("  no '%s'\n", name);
    return found ? found : &none;
}

static void test_psf__operating_point(void)
{
    tp_psf p = read_ok("dcOp.dc");
    CHECK_STR(p.plot.kind, "op");
    CHECK_STR(p.plot.id, "dcOp");
    CHECK_STR(p.plot.x_name, "");
    CHECK_INT(p.plot.n_wave, 6);
    CHECK_STR(tp_psf_head(&p, "design"), "(\"ota\" \"tb\" \"schematic\")");
    CHECK_STR(tp_psf_head(&p, "temp"), "27.0000");
    CHECK_STR(tp_psf_head(&p, "none"), "");
    CHECK_NEAR(find(&p, "V0:p")->re[0], -7.8e-5, 0);
    CHECK_STR(find(&p, "V0:p")->unit, "A");
    CHECK(find(&p, "OUT")->x == NULL && find(&p, "OUT")->n == 1);
    CHECK_NEAR(find(&p, "OUT")->re[0], 1.65, 0);
    CHECK_NEAR(find(&p, "I0.net1")->re[0], 919127, 0);
    CHECK_NEAR(find(&p, "D<0>")->re[0], -397, 0);
    CHECK(isnan(find(&p, "nothing")->re[0]));
    CHECK_NEAR(find(&p, "small")->re[0], 0.5, 0);
    CHECK_STR(tp_psf_value(&p, TP_S("state")), "all is \"well\"");
}

static void test_psf__sweep_with_a_group_of_complex_values(void)
{
    tp_psf         p = read_ok("acSweep.ac");
    const tp_wave *out = find(&p, "OUT"), *i = find(&p, "V0:p");
    CHECK_STR(p.plot.kind, "ac");
    CHECK_STR(p.plot.x_name, "freq");
    CHECK_INT(p.plot.n_wave, 4);
    if (!CHECK_INT(out->n, 3) || !CHECK(out->im && i->im)) return;
    CHECK_STR(out->x_unit, "Hz");
    CHECK(find(&p, "freq")->im == NULL);
    for (int k = 0; k < 3; k++) CHECK_NEAR(out->x[k], pow(10, k), 1e-12);
    CHECK(out->re[0] == 100 && out->im[1] == -10 && out->re[2] == -1);
    CHECK(find(&p, "net1")->im[2] == 6 && find(&p, "net1")->re[1] == 3);
    CHECK(i->re[2] == -3e-3 && i->im[1] == 1e-3);
    CHECK_STR(i->unit, "A");
}

/* Signals that a point leaves out, in any order. */
static void test_psf__late_signals_carry_forward(void)
{
    tp_psf         p = read_ok("late.tran.tran");
    const tp_wave *a = find(&p, "a"), *b = find(&p, "b"), *i = find(&p, "V1:p");
    if (!CHECK_INT(a->n, 3)) return;
    CHECK(a->re[0] == 1 && a->re[1] == 1 && a->re[2] == 2);
    CHECK(isnan(b->re[0]) && b->re[1] == 0.5 && b->re[2] == 0.7);
    CHECK(i->re[1] == 2e-3 && i->re[2] == 2e-3);
    CHECK_STR(i->unit, "A");
    CHECK_STR(b->x_unit, "s");
}

static void test_psf__structures(void)
{
    tp_psf p = read_ok("dcOpInfo.info");
    CHECK_STR(p.plot.kind, "info");
    CHECK_INT(p.plot.n_wave, 8);
    CHECK_NEAR(find(&p, "M0:gm")->re[0], 2.25716e-4, 0);
    CHECK_STR(find(&p, "M0:gm")->unit, "S");
    CHECK_NEAR(find(&p, "M0:region")->re[0], 2, 0);
    CHECK_NEAR(find(&p, "I0.M1:ids")->re[0], -1e-5, 0);
    CHECK_NEAR(find(&p, "R1:more:pwr")->re[0], 2e-3, 0);
    CHECK_STR(tp_psf_value(&p, TP_S("M0:state")), "saturation");
    CHECK_STR(tp_psf_value(&p, TP_S("I0.M1:state")), "triode");
    p = read_ok("noise_an.noise");
    CHECK_NEAR(find(&p, "out")->re[1], 5e-9, 0);
    CHECK_STR(find(&p, "out")->unit, "V/rtHz");
    CHECK_NEAR(find(&p, "R1:total")->re[1], 2.5e-17, 0);
    CHECK_NEAR(find(&p, "R1:rn")->x[1], 100, 0);
}

static void test_psf__sweeps_in_each_other(void)
{
    tp_psf         p = read_ok("nested.dc");
    const tp_wave *g = find(&p, "g"), *vds = find(&p, "vds");
    CHECK_STR(p.plot.kind, "dc");
    CHECK_STR(p.plot.x_name, "vgs");
    if (!CHECK_INT(g->n, 4)) return;
    for (int k = 0; k < 4; k++) {
        CHECK_NEAR(g->re[k], k + 1, 0);
        CHECK_NEAR(g->x[k], k % 2, 0);
    }
    CHECK(vds->re[1] == 0.1 && vds->re[2] == 0.2 && vds->re[3] == 0.2);
}

static void test_psf__files_with_little_in_them(void)
{
    tp_psf p = read_ok("only_sweep.pnoise");
    CHECK_INT(p.plot.n_wave, 1);
    CHECK_INT(find(&p, "jittereventtime")->n, 2);
    p = read_ok("header.info");
    CHECK_INT(p.plot.n_wave, 0);
    CHECK_STR(tp_psf_head(&p, "analysis name"), "modelParameter");
    p = read_ok("margin.margin.stb");
    CHECK(isnan(find(&p, "gainMargin")->re[0]));
    CHECK_NEAR(find(&p, "phaseMargin")->re[0], 49.9149, 0);
    CHECK_STR(tp_psf_value(&p, TP_S("stb_state")),
              "The loop is always stable.");
}

static void test_psf__log_file_lists_the_analyses(void)
{
    tp_psf p = read_ok("logFile");
    CHECK_STR(tp_psf_value(&p, TP_S("dcOp-dc:dataFile")), "dcOp.dc");
    CHECK_STR(tp_psf_value(&p, TP_S("acSweep-ac:analysisType")), "ac");
    CHECK_STR(tp_psf_value(&p, TP_S("acSweep-ac:sweepVariable")), "freq");
    CHECK_STR(tp_psf_value(&p, TP_S("dcOp-dc:sweepVariable")), "");
}

#define H "HEADER\n\"analysis type\" \"dc\"\n"
#define T H "TYPE\n\"V\" FLOAT DOUBLE\n\"S\" STRUCT(\n\"a\" INT BYTE\n)\n"
#define W T "SWEEP\n\"t\" \"V\"\nTRACE\n\"o\" \"V\"\n\"g\" GROUP 1\nVALUE\n"

static void test_psf__damaged_files_say_where(void)
{
    static const struct {
        const char *bytes, *msg;
    } rows[] = {
        {"", "PSF file, line 1: the file ends where HEADER is wanted: it was "
             "not written to its end"},
        {"Title: x", "PSF file, line 1: wanted HEADER, got 'Title:'"},
        {H, "PSF file, line 3: the file ends where a name, a section's word "
            "or END is wanted: it was not written to its end"},
        {"HEADER\n\"a\" (", "PSF file, line 2: wanted a property's value, got "
                            "'('"},
        {"HEADER\n\"a", "PSF file, line 2: the file ends inside a string: it "
                        "was not written to its end"},
        {"HEADER\n\"a\nEND", "PSF file, line 2: the string that starts here "
                             "has no closing '\"'"},
        {H "TYPE\n\"V\" 3", "PSF file, line 4: wanted a kind (FLOAT, COMPLEX, "
                            "STRUCT ...), got '3'"},
        {T "VALUE\n\"x\" \"Q\" 1\nEND",
         "PSF file, line 9: 'x' is of the type 'Q', which TYPE does not have"},
        {T "VALUE\n\"x\" \"V\" END", "PSF file, line 9: wanted a number, got "
                                     "'END'"},
        {T "VALUE\n\"x\" \"S\" 1", "PSF file, line 9: wanted '(' of a "
                                   "structure, got '1'"},
        {T "VALUE\n\"x\" \"S\" (1 2)", "PSF file, line 9: wanted ')' behind a "
                                       "structure's fields, got '2'"},
        {W "\"t\" 0\n\"q\" 1\nEND", "PSF file, line 15: a value of 'q', which "
                                    "TRACE does not name"},
        {W "\"t\" 0\n\"g\" 1\nEND", "PSF file, line 15: the group 'g' has 1 "
                                    "traces, but 0 are named"},
        {W "\"t\" 0\n\"o\" 1.5", "PSF file, line 15: the file ends where a "
                                 "name, a section's word or END is wanted: it "
                                 "was not written to its end"},
        {T "SWEEP\n\"t\" \"S\"\nVALUE\nEND",
         "PSF file, line 10: the sweep 't' is no number"},
        {T "SWEEP\n\"\" \"V\"\nVALUE\nEND",
         "PSF file, line 10: the sweep has no name"},
        {T "SWEEP\n\"t\" GROUP 0", "PSF file, line 9: a group of 0 traces"},
    };
    for (int i = 0; i < TP_COUNT(rows); i++) {
        tp_psf p;
        tp_err err = {0};
        CHECK_INT(tp_psf_read(&p, tp_str_of(rows[i].bytes), check_mem(), &err),
                  TP_BAD_INPUT);
        CHECK_Z(err.msg, rows[i].msg);
    }
}

/* A file without its last bytes is refused, wherever it ends. */
static void test_psf__truncated_files_are_refused(void)
{
    tp_str whole = file("acSweep.ac");
    for (ptrdiff_t n = 0; n < whole.len - 3; n++) {
        tp_psf   p;
        tp_err   err = {0};
        tp_arena mem = *check_mem();
        CHECK(tp_psf_read(&p, tp_str_part(whole, 0, n), &mem, &err) &&
              err.msg[0]);
    }
}

static void test_psf__written_files_read_back(void)
{
    static const char *const names[] = {"dcOp.dc", "acSweep.ac", "nested.dc",
                                        "dcOpInfo.info", "noise_an.noise"};
    for (int i = 0; i < TP_COUNT(names); i++) {
        tp_psf p = read_ok(names[i]), q = {0};
        tp_err err = {0};
        tp_str bytes = tp_psf_write(&p.plot, 17, check_mem());
        CHECK_OK(tp_psf_read(&q, bytes, check_mem(), &err), &err);
        CHECK_STR(q.plot.kind, tp_str_z(check_mem(), p.plot.kind));
        if (!CHECK_INT(q.plot.n_wave, p.plot.n_wave)) continue;
        for (int k = 0; k < p.plot.n_wave; k++) {
            const tp_wave *v = &p.plot.wave[k];
            const tp_wave *w = tp_plot_find(&q.plot, v->name);
            if (!CHECK(w && w->n == v->n && !w->im == !v->im)) continue;
            CHECK(tp_str_eq(w->unit, v->unit));
            for (int j = 0; j < v->n; j++) CHECK_NEAR(w->re[j], v->re[j], 0);
            for (int j = 0; v->im && j < v->n; j++)
                CHECK_NEAR(w->im[j], v->im[j], 0);
        }
    }
}

/* ---- nutascii, nutbin -------------------------------------------------- */

static void put_big(tp_buf *b, double v)
{
    unsigned char byte[8];
    memcpy(byte, &v, 8);
    for (int i = 7; i >= 0; i--) tp_buf_char(b, (char)byte[i]);
}

static void test_psf__nutbin_has_its_largest_bytes_first(void)
{
    tp_buf   b = {.mem = check_mem()};
    tp_waves w;
    tp_err   err = {0};
    tp_buf_add(&b, TP_S("Title: ota\nDate: today\nPlotname: AC Analysis `acS': "
                        "freq = (1 Hz -> 10 Hz)\nFlags: complex\n"
                        "No. Variables: 2\nNo. Points: 2\n"
                        "Variables:\t0\tfreq\tHz\tgrid=3\n\t1\tOUT\tV\n"
                        "Binary:\n"));
    for (int i = 0; i < 8; i++) put_big(&b, i % 4 == 1 ? 0 : i + 0.5);
    CHECK_OK(tp_raw_read_big(&w, tp_buf_str(&b), check_mem(), &err), &err);
    const tp_wave *out = tp_plot_find(&w.plot[0], TP_S("out"));
    CHECK_STR(w.plot[0].id, "acS");
    CHECK_STR(w.plot[0].kind, "ac");
    if (!CHECK(out && out->im && out->n == 2)) return;
    CHECK(out->re[0] == 2.5 && out->im[0] == 3.5 && out->im[1] == 7.5);
    CHECK(out->x[0] == 0.5 && out->x[1] == 4.5);
    CHECK_STR(out->unit, "V");
    CHECK_STR(out->x_unit, "Hz");
}

static void test_psf__nutascii_of_spectre(void)
{
    static const char text[] =
        "Title: ota\nPlotname: DC Analysis `dcOp'\nFlags: real\n"
        "No. Variables: 2\nNo. Points: 1\nVariables:\t0\tOUT\tV\n\t1\tV0:p\tA\n"
        "Values:\n 0\t1.5\n\t-2e-3\n"
        "Plotname: DC Analysis `sw': V0:dc = (0 V -> 1 V)\nFlags: real\n"
        "No. Variables: 2\nNo. Points: 2\nVariables:\n 0 dc V\n 1 OUT V\n"
        "Values:\n 0 0\n5\n 1 1 6\n";
    tp_waves w;
    tp_err   err = {0};
    CHECK_OK(tp_raw_read(&w, tp_str_of(text), check_mem(), &err), &err);
    if (!CHECK_INT(w.n, 2)) return;
    CHECK_STR(w.plot[0].kind, "op");
    CHECK_STR(w.plot[0].id, "dcOp");
    CHECK_STR(w.plot[1].kind, "dc");
    const tp_wave *i = tp_plot_find(&w.plot[0], TP_S("v0:p"));
    const tp_wave *out = tp_plot_find(&w.plot[1], TP_S("OUT"));
    CHECK(i && i->re[0] == -2e-3 && tp_str_eq(i->unit, TP_S("A")));
    CHECK(out && out->n == 2 && out->x[1] == 1 && out->re[1] == 6);
}

static const check_test tests[] = {
    CHECK_TEST(test_psf__operating_point),
    CHECK_TEST(test_psf__sweep_with_a_group_of_complex_values),
    CHECK_TEST(test_psf__late_signals_carry_forward),
    CHECK_TEST(test_psf__structures),
    CHECK_TEST(test_psf__sweeps_in_each_other),
    CHECK_TEST(test_psf__files_with_little_in_them),
    CHECK_TEST(test_psf__log_file_lists_the_analyses),
    CHECK_TEST(test_psf__damaged_files_say_where),
    CHECK_TEST(test_psf__truncated_files_are_refused),
    CHECK_TEST(test_psf__written_files_read_back),
    CHECK_TEST(test_psf__nutbin_has_its_largest_bytes_first),
    CHECK_TEST(test_psf__nutascii_of_spectre),
    {0},
};

int main(void)
{
    return check_main(tests);
}
