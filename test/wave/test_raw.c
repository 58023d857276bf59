/* Raw files: ngspice's own, against closed forms; what we write; damaged ones,
   with their messages. */
#include "check.h"
#include "wave/wave.h"

static const double pi = 3.14159265358979323846;

static tp_str file(const char *name)
{
    tp_str bytes = {0};
    tp_err err = {0};
    tp_str path = tp_str_fmt(check_mem(), "test/data/raw/%s", name);
    CHECK_OK(tp_file_read(&bytes, tp_str_z(check_mem(), path), 1 << 20,
                          check_mem(), &err),
             &err);
    return bytes;
}

static tp_waves read_ok(tp_str bytes)
{
    tp_waves w = {0};
    tp_err   err = {0};
    CHECK_OK(tp_raw_read(&w, bytes, check_mem(), &err), &err);
    return w;
}

static const tp_wave *find(const tp_waves *w, int plot, const char *name)
{
    static const tp_wave none = {0};
    if (!CHECK(plot < w->n)) return &none;
    const tp_wave *found = tp_plot_find(&w->plot[plot], tp_str_of(name));
    if (!CHECK(found != NULL)) printf("  no '%s'\n", name);
    return found ? found : &none;
}

static void refused(tp_str bytes, tp_status status, const char *message)
{
    tp_waves w = {0};
    tp_err   err = {0};
    CHECK_INT(tp_raw_read(&w, bytes, check_mem(), &err), status);
    CHECK_Z(err.msg, message);
}

/* R = 1k, C = 100p: out/in = 1 / (1 + jwRC). */
static void low_pass_holds(const tp_wave *out)
{
    CHECK_INT(out->n, 9);
    for (int i = 0; i < out->n; i++) {
        double a = 2 * pi * out->x[i] * 1e-7;
        CHECK_NEAR(out->x[i], 1e3 * pow(10, i / 2.0), 1e-6 * out->x[i]);
        CHECK_NEAR(out->re[i], 1 / (1 + a * a), 1e-9);
        CHECK_NEAR(out->im[i], -a / (1 + a * a), 1e-9);
    }
}

static void test_raw__text_and_binary_ac_hold_the_low_pass(void)
{
    tp_waves text = read_ok(file("ngspice_ac.raw"));
    tp_waves binary = read_ok(file("ngspice_ac_binary.raw"));
    low_pass_holds(find(&text, 0, "v(out)"));
    low_pass_holds(find(&binary, 0, "out"));
    CHECK_INT(text.plot[0].n_wave, 13);
    CHECK_INT(binary.plot[0].n_wave, 4);
    const tp_wave *f = find(&text, 0, "frequency");
    CHECK(f->im == NULL && f->x == f->re);
    CHECK_STR(f->unit, "Hz");
    CHECK_STR(find(&text, 0, "out")->x_unit, "Hz");
    CHECK_STR(find(&text, 0, "@m1[gm]")->unit, "S");
    CHECK_NEAR(find(&text, 0, "@m1[gm]")->re[0], 1.668961907991622e-03, 0);
}

static void test_raw__operating_point_has_no_sweep(void)
{
    tp_waves w = read_ok(file("ngspice_op.raw"));
    CHECK_INT(w.n, 1);
    CHECK_STR(w.plot[0].kind, "op");
    CHECK_STR(w.plot[0].ordinal, "op1");
    CHECK_STR(w.plot[0].id, "op1");
    CHECK_STR(w.plot[0].x_name, "");
    CHECK_INT(w.plot[0].op, -1);
    const tp_wave *out = find(&w, 0, "V(OUT)");
    CHECK(out->n == 1 && out->x == NULL && out->im == NULL);
    CHECK_NEAR(out->re[0], 1, 0);
    CHECK_STR(find(&w, 0, "i(vd)")->name, "vd#branch");
    CHECK_NEAR(find(&w, 0, "vd#branch")->re[0], -3.961444305386944e-04, 0);
}

static void test_raw__sweep_is_the_x_of_the_others(void)
{
    tp_waves       w = read_ok(file("ngspice_dc.raw"));
    const tp_wave *g = find(&w, 0, "g");
    CHECK_STR(w.plot[0].x_name, "v-sweep");
    CHECK(g->n == 3 && g->x == find(&w, 0, "v-sweep")->re);
    for (int i = 0; i < g->n; i++) CHECK_NEAR(g->re[i], 0.2 * (i + 1), 1e-12);
    for (int i = 0; i < g->n; i++) CHECK(g->x[i] == g->re[i]);
    w = read_ok(file("ngspice_tran.raw"));
    CHECK_INT(find(&w, 0, "time")->n, 73);
    CHECK_NEAR(find(&w, 0, "time")->re[72], 3e-6, 1e-18);
    CHECK_STR(find(&w, 0, "out")->x_unit, "s");
}

static void test_raw__failed_analysis_is_a_plot_without_vectors(void)
{
    tp_waves w = read_ok(file("ngspice_sing.raw"));
    CHECK_INT(w.n, 1);
    CHECK_STR(w.plot[0].kind, "op");
    CHECK_INT(w.plot[0].n_wave, 0);
    CHECK(tp_plot_find(&w.plot[0], TP_S("out")) == NULL);
}

static void test_raw__many_plots_keep_their_order(void)
{
    static const char *const ordinal[] = {"ac1", "dc1",    "op1",   "tran1",
                                          "tf1", "noise1", "noise2"};
    tp_waves                 w = read_ok(file("all_analyses.raw"));
    if (!CHECK(w.n == TP_COUNT(ordinal))) return;
    for (int i = 0; i < w.n; i++) CHECK_STR(w.plot[i].ordinal, ordinal[i]);
    CHECK_NEAR(find(&w, 4, "transfer_function")->re[0], 1, 1e-9);
    CHECK_NEAR(find(&w, 4, "output_impedance_at_v(out)")->re[0], 1000, 1e-6);
    CHECK(find(&w, 4, "transfer_function")->x == NULL);
    CHECK_INT(find(&w, 5, "onoise_spectrum")->n, 9);
    CHECK_STR(find(&w, 5, "onoise_spectrum")->unit, "V/rtHz");
    CHECK(find(&w, 6, "onoise_total")->x == NULL);
    const tp_wave *in = find(&w, 3, "in");
    CHECK_INT(in->n, 112);
    for (int i = 0; i < in->n; i++)
        CHECK_NEAR(in->re[i], sin(2 * pi * 1e3 * in->x[i]), 1e-9);
    /* 4kTR of 1k at 27 degrees, flat far below the corner */
    CHECK_NEAR(find(&w, 5, "onoise_spectrum")->re[0],
               sqrt(4 * 1.380649e-23 * 300.15 * 1e3), 1e-12);
}

static void test_raw__shorter_vectors_padded_or_not(void)
{
    static const char *const name[] = {"dims_padded.raw", "dims_unpadded.raw"};
    for (int k = 0; k < 2; k++) {
        tp_waves w = read_ok(file(name[k]));
        CHECK_INT(find(&w, 0, "in")->n, 1);
        CHECK_NEAR(find(&w, 0, "in")->re[0], 1, 0);
        const tp_wave *ramp = find(&w, 0, "k");
        CHECK_INT(ramp->n, 12);
        for (int i = 0; i < ramp->n; i++) CHECK_NEAR(ramp->re[i], i, 0);
    }
}

static bool same_values(const double *a, const double *b, int n)
{
    if (!a || !b) return !a == !b;
    return memcmp(a, b, (size_t)n * sizeof *a) == 0;
}

static void same_plot(const tp_plot *a, const tp_plot *b)
{
    CHECK(tp_str_eq(a->kind, b->kind) && tp_str_eq(a->ordinal, b->ordinal));
    CHECK(tp_str_eq(a->x_name, b->x_name));
    if (!CHECK_INT(a->n_wave, b->n_wave)) return;
    for (int i = 0; i < a->n_wave; i++) {
        const tp_wave *v = &a->wave[i], *w = &b->wave[i];
        CHECK(tp_str_eq(v->name, w->name) && tp_str_eq(v->unit, w->unit));
        if (!CHECK_INT(v->n, w->n)) continue;
        CHECK(same_values(v->re, w->re, v->n));
        CHECK(same_values(v->im, w->im, v->n));
        CHECK(same_values(v->x, w->x, v->n));
    }
}

static void test_raw__what_is_written_reads_back(void)
{
    static const char *const name[] = {"all_analyses.raw", "ngspice_ac.raw",
                                       "ngspice_op.raw", "dims_padded.raw",
                                       "ngspice_tran.raw"};
    for (int k = 0; k < TP_COUNT(name); k++) {
        tp_waves w = read_ok(file(name[k]));
        tp_waves v = read_ok(tp_raw_write(&w, TP_S("two\nlines"), check_mem()));
        if (!CHECK_INT(v.n, w.n)) continue;
        for (int i = 0; i < w.n; i++) same_plot(&w.plot[i], &v.plot[i]);
    }
}

/* A vector far longer than the others is not paid for by them. */
static void test_raw__much_shorter_vectors_are_not_padded(void)
{
    enum { LONG = 5000, MANY = 20 };
    double *v = TP_NEW(check_mem(), double, LONG);
    tp_wave wave[MANY] = {{.name = TP_S("long"), .n = LONG, .re = v}};
    for (int i = 0; i < LONG; i++) v[i] = i;
    for (int i = 1; i < MANY; i++)
        wave[i] = (tp_wave){
            .name = tp_str_fmt(check_mem(), "a%d", i), .n = i, .re = v};
    tp_plot  plot = {.kind = TP_S("op"),
                     .ordinal = TP_S("op1"),
                     .n_wave = MANY,
                     .wave = wave};
    tp_waves w = {1, &plot};
    tp_str   bytes = tp_raw_write(&w, TP_S("t"), check_mem());
    CHECK(bytes.len < 8 * (LONG + MANY * MANY) + 1000);
    tp_waves again = read_ok(bytes);
    if (CHECK_INT(again.n, 1)) same_plot(&plot, &again.plot[0]);
}

static void test_raw__names_are_found_in_either_dress(void)
{
    tp_wave wave[] = {{.name = TP_S("out")},
                      {.name = TP_S("v1#branch")},
                      {.name = TP_S("@m1[id]")},
                      {.name = TP_S("v(a)-v(b)")}};
    tp_plot plot = {.n_wave = 4, .wave = wave};
    CHECK(tp_plot_find(&plot, TP_S("Out")) == &wave[0]);
    CHECK(tp_plot_find(&plot, TP_S("V(OUT)")) == &wave[0]);
    CHECK(tp_plot_find(&plot, TP_S("i(v1)")) == &wave[1]);
    CHECK(tp_plot_find(&plot, TP_S("V1#Branch")) == &wave[1]);
    CHECK(tp_plot_find(&plot, TP_S("i(@m1[id])")) == &wave[2]);
    CHECK(tp_plot_find(&plot, TP_S("v(a)-v(b)")) == &wave[3]);
    CHECK(tp_plot_find(&plot, TP_S("v1")) == NULL);
    CHECK(tp_plot_find(&plot, TP_S("i(out)")) == NULL);
    CHECK(tp_plot_find(&plot, TP_S("")) == NULL);
    CHECK(tp_plot_find(&plot, TP_S("v()")) == NULL);
}

#define HEAD(flags, vars, points)                                    \
    "Title: t\nDate: d\nPlotname: Transient Analysis\nFlags: " flags \
    "\nNo. Variables: " vars "\nNo. Points: " points "\n"

static void test_raw__damage_is_named_with_its_place(void)
{
    refused(TP_S(""), TP_BAD_INPUT, "the raw file is empty");
    refused(TP_S("what\n"), TP_BAD_INPUT,
            "raw file, line 1: wanted 'Key: value', got 'what'");
    refused(TP_S("Title: t\n"), TP_BAD_INPUT,
            "raw file, line 1: the file ends before 'Variables:'");
    refused(TP_S("Title: t\nVariables:\n"), TP_BAD_INPUT,
            "raw file, line 2: 'Variables:' before 'Flags:', 'No. "
            "Variables:' and 'No. Points:'");
    refused(TP_S(HEAD("imaginary", "1", "1")), TP_BAD_INPUT,
            "raw file, line 4: Flags: wanted real, complex, padded or "
            "unpadded, got 'imaginary'");
    refused(TP_S(HEAD("real", "-3", "1")), TP_BAD_INPUT,
            "raw file, line 5: No. Variables: wanted a count, got '-3'");
    refused(TP_S(HEAD("real", "1", "1.5")), TP_BAD_INPUT,
            "raw file, line 6: No. Points: wanted a count, got '1.5'");
    refused(TP_S(HEAD("real", "1", "1e12")), TP_LIMIT,
            "raw file, line 6: No. Points: 1000000000000 is over 134217728");
    refused(TP_S(HEAD("real", "1000000", "1") "Variables:\n\t0\ta\tvoltage\n"),
            TP_BAD_INPUT,
            "raw file, line 7: 1000000 vectors said, but the file ends");
    refused(TP_S(HEAD("real", "1", "1") "Variables:\n\t1\ta\tvoltage\n"),
            TP_BAD_INPUT,
            "raw file, line 8: wanted vector 0: its number, name and type, "
            "got '1 a voltage'");
    refused(TP_S(HEAD("real", "1", "1") "Variables:\n\t0\ta\tvoltage\nData\n"),
            TP_BAD_INPUT,
            "raw file, line 9: wanted 'Values:' or 'Binary:', got 'Data'");
}

#define ONE "Variables:\n\t0\ttime\ttime\n"
#define TWO ONE "\t1\ta\tvoltage\tdims=1\n"

static void test_raw__sizes_are_checked_against_the_file(void)
{
    refused(TP_S(HEAD("real", "1", "100000000") ONE "Binary:\n12345678"),
            TP_BAD_INPUT,
            "raw file, line 9: 100000000 points of 1 vectors said, but only 8 "
            "bytes follow");
    refused(TP_S(HEAD("complex", "1", "1") ONE "Binary:\n12345678"),
            TP_BAD_INPUT,
            "raw file, line 9: 1 points of 1 vectors said, but only 8 bytes "
            "follow");
    refused(TP_S(HEAD("complex", "2", "134217728") TWO "Binary:\n"), TP_LIMIT,
            "raw file, line 10: over 134217728 values");
    refused(TP_S(HEAD("real unpadded", "1", "100") "Variables:\n\t0\ta\tnotype"
                                                   "\tdims=0\nBinary:\n"),
            TP_BAD_INPUT,
            "raw file, line 9: 100 points said, but the longest vector has 0");
    refused(TP_S(HEAD("real", "1", "3") "Variables:\n\t0\ta\tnotype"
                                        "\tdims=2,2\nBinary:\n"),
            TP_BAD_INPUT,
            "raw file, line 8: dims: a vector of 4 values in a plot of 3 "
            "points");
}

static void test_raw__text_values_are_checked(void)
{
    refused(TP_S(HEAD("real", "1", "2") ONE "Values:\n 0\t1.0\n 2\t2.0\n"),
            TP_BAD_INPUT, "raw file, line 11: wanted point 1, got 2");
    refused(TP_S(HEAD("real", "1", "2") ONE "Values:\n 0\t1.0\n 1\tx.0\n"),
            TP_BAD_INPUT, "raw file, line 11: wanted a number, got 'x.0'");
    refused(TP_S(HEAD("complex", "1", "1") ONE "Values:\n 0\t1.0 2.0\n"),
            TP_BAD_INPUT,
            "raw file, line 10: wanted ',' and an imaginary part");
    refused(TP_S(HEAD("real", "1", "1") ONE "Values:\n 0\n      "),
            TP_BAD_INPUT,
            "raw file, line 11: the file ends where a number is wanted");
    refused(TP_S(HEAD("real", "1", "1") ONE "Values:\n 0 1 2\n"), TP_BAD_INPUT,
            "raw file, line 10: wanted the end of the line, got '2'");
    tp_waves w = read_ok(
        TP_S(HEAD("real", "2", "2") TWO "Values:\n0 1\r\n nan\r\n1 2\n inf\n"));
    CHECK(isnan(find(&w, 0, "a")->re[0]));
    CHECK_INT(find(&w, 0, "a")->n, 1);
    CHECK(find(&w, 0, "a")->x == NULL);
    CHECK_NEAR(find(&w, 0, "time")->re[1], 2, 0);
}

/* Behind binary data a place is a byte, not a line. */
static void test_raw__places_after_binary_are_bytes(void)
{
    tp_buf b = {.mem = check_mem()};
    tp_buf_add(&b, TP_S(HEAD("real padded", "1", "1") ONE "Binary:\n12345678"));
    char *message =
        tp_str_z(check_mem(), tp_str_fmt(check_mem(),
                                         "raw file, byte %td: wanted 'Key: "
                                         "value', got 'junk'",
                                         b.len + 6));
    tp_buf_add(&b, TP_S("\njunk\n"));
    refused(tp_buf_str(&b), TP_BAD_INPUT, message);
}

/* Cut anywhere or with any byte changed, a file is read or refused. */
static void test_raw__any_damage_is_survived(void)
{
    static const char *const name[] = {"ngspice_ac_binary.raw",
                                       "dims_unpadded.raw", "ngspice_dc.raw"};
    for (int k = 0; k < TP_COUNT(name); k++) {
        tp_str whole = tp_str_copy(check_mem(), file(name[k]));
        for (ptrdiff_t i = 0; i < whole.len; i++) {
            tp_arena scratch = *check_mem();
            tp_waves w = {0};
            tp_err   err = {0};
            char    *cut = tp_alloc(&scratch, i + 1, 1, 1);
            memcpy(cut, whole.at, (size_t)i);
            if (tp_raw_read(&w, (tp_str){cut, i}, &scratch, &err))
                CHECK(err.msg[0] != '\0');
            char *bytes = (char *)whole.at + i, was = *bytes;
            *bytes = (char)(was ^ 0x15);
            if (tp_raw_read(&w, whole, &scratch, &err))
                CHECK(err.msg[0] != '\0');
            *bytes = was;
        }
    }
}

static const check_test tests[] = {
    CHECK_TEST(test_raw__text_and_binary_ac_hold_the_low_pass),
    CHECK_TEST(test_raw__operating_point_has_no_sweep),
    CHECK_TEST(test_raw__sweep_is_the_x_of_the_others),
    CHECK_TEST(test_raw__failed_analysis_is_a_plot_without_vectors),
    CHECK_TEST(test_raw__many_plots_keep_their_order),
    CHECK_TEST(test_raw__shorter_vectors_padded_or_not),
    CHECK_TEST(test_raw__what_is_written_reads_back),
    CHECK_TEST(test_raw__much_shorter_vectors_are_not_padded),
    CHECK_TEST(test_raw__names_are_found_in_either_dress),
    CHECK_TEST(test_raw__damage_is_named_with_its_place),
    CHECK_TEST(test_raw__sizes_are_checked_against_the_file),
    CHECK_TEST(test_raw__text_values_are_checked),
    CHECK_TEST(test_raw__places_after_binary_are_bytes),
    CHECK_TEST(test_raw__any_damage_is_survived),
    {0},
};

int main(void)
{
    return check_main(tests);
}
