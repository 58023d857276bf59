/* The .sxopt file: what is written is read back exactly; what is bent is
   refused. */
#include "report/account.h"

#include <stdlib.h>
#include <unistd.h>

static bool read_back(tp_sxopt *out, tp_str text)
{
    tp_err err = {0};
    return CHECK_OK(tp_report_sxopt_read(out, text, check_mem(), &err), &err);
}

static const double *x_of(const tp_trial_row *t, int *n)
{
    tp_unpack u = {.rest = t->x};
    return tp_unpack_doubles(&u, n, check_mem());
}

static void test_sxopt__gives_back_the_run(void)
{
    finished *f = finished_make();
    tp_sxopt  x;
    if (!read_back(&x, tp_report_sxopt(&f->a, check_mem()))) return;
    const tp_run_row *r = &f->a.run;
    CHECK(tp_str_eq(x.run.name, r->name));
    CHECK(tp_str_eq(x.run.path, r->path));
    CHECK(tp_str_eq(x.run.created, r->created));
    CHECK(tp_str_eq(x.run.method, r->method));
    CHECK(tp_str_eq(x.run.method_settings, r->method_settings));
    CHECK(tp_str_eq(x.run.settings, r->settings));
    CHECK(tp_str_eq(x.run.status, r->status));
    CHECK(tp_str_eq(x.run.reason, r->reason));
    CHECK_INT(x.run.n_trial, 3);
    CHECK_INT(x.run.n_failed, 1);
    CHECK_INT(x.run.best, 3);
    CHECK_NEAR(x.run.seconds, 1.5, 0);
    CHECK_INT(x.run.proof.len, 0);
    CHECK_INT(x.n_event, 2);
    for (int i = 0; i < 2; i++) {
        CHECK_INT(x.event[i].number, i + 1);
        CHECK(tp_str_eq(x.event[i].kind, f->event[i].kind));
        CHECK(tp_str_eq(x.event[i].data, f->event[i].data));
    }
}

static void test_sxopt__gives_back_every_trial(void)
{
    finished *f = finished_make();
    tp_sxopt  x;
    f->x[0][0] = 0x1.fffffffffffffp+9;
    f->x[0][1] = 5e-324;
    f->reading[0][0].value = -0x1.5555555555555p-30;
    if (!read_back(&x, tp_report_sxopt(&f->a, check_mem()))) return;
    if (!CHECK_INT(x.n_trial, 3)) return;
    for (int i = 0; i < 3; i++) {
        const tp_trial_row *t = &x.trial[i];
        int                 n;
        const double       *v = x_of(t, &n);
        tp_unpack           u = {.rest = t->readings};
        const tp_reading   *r;
        tp_err              err = {0};
        CHECK_INT(t->number, i + 1);
        CHECK_INT(t->attempts, i + 1);
        CHECK(tp_str_eq(t->outcome, f->trial[i].outcome));
        CHECK(tp_str_eq(t->why, f->trial[i].why));
        if (CHECK_INT(n, 2)) CHECK(!memcmp(v, f->x[i], sizeof f->x[i]));
        CHECK_OK(tp_readings_unpack(&r, &n, &u, check_mem(), &err), &err);
        CHECK_INT(n, i == 1 ? 0 : 2);
        for (int k = 0; k < n; k++) {
            CHECK_NEAR(r[k].value, f->reading[i][k].value, 0);
            CHECK(tp_str_eq(r[k].unit, f->reading[i][k].unit));
        }
    }
}

/* Texts of decks come back byte for byte, whatever is in them. */
static void test_sxopt__gives_back_any_deck(void)
{
    static const tp_str texts[] = {
        {"plain\n", 6},
        {"", 0},
        {"  \n blanks \t\n\n", 13},
        {"crlf\r\nline\r\n", 12},
        {"old mac\rline\r", 13},
        {"latin1 \xb5\xf6\n", 10},
        {"utf8 \xc2\xb5\xc3\xb6\n", 10},
        {"control \x01\x1f\x7f\n", 12},
        {"nul \0 in it", 11},
        {"<a b='c'>&amp;]]>&#10;<!-- x -->", 32},
        {"\xef\xbf\xbe and \xef\xbf\xbf", 11},
        {"\xed\xa0\x80 surrogate", 13},
        {"\xef\xbb\xbf bom", 7},
    };
    for (int i = 0; i < TP_COUNT(texts); i++) {
        finished *f = finished_make();
        tp_sxopt  x;
        tp_files  files;
        tp_err    err = {0};
        f->file[0].text = texts[i];
        if (!read_back(&x, tp_report_sxopt(&f->a, check_mem()))) continue;
        tp_unpack u = {.rest = x.run.bundle};
        CHECK_OK(tp_files_unpack(&files, &u, check_mem(), &err), &err);
        if (!CHECK_INT(files.n, 2)) continue;
        CHECK_STR(files.file[0].name, "dir/d.net");
        if (!CHECK(tp_str_eq(files.file[0].text, texts[i])))
            printf("text %d\n", i);
        CHECK_STR(files.file[1].text, "* m\n");
    }
}

/* Other words than decks may lose what XML cannot hold, and nothing else. */
static void test_sxopt__cleans_words(void)
{
    finished *f = finished_make();
    tp_sxopt  x;
    f->trial[1].why = TP_S("bell \x07, \xb5, \xef\xbf\xbf, tab\t, <&>\"'\nx");
    if (!read_back(&x, tp_report_sxopt(&f->a, check_mem()))) return;
    CHECK_STR(x.trial[1].why, "bell ?, ?, ???, tab\t, <&>\"'\nx");
}

static void test_sxopt__gives_back_proof_and_waves(void)
{
    finished     *f = finished_make();
    tp_sxopt      x;
    tp_proof      p;
    tp_err        err = {0};
    static double t[] = {0, 1, 2}, y[] = {1, 1. / 3, -7};
    tp_wave       w = {.name = TP_S("out"), .n = 3, .x = t, .re = y};
    tp_plot       plot = {.n_wave = 1, .wave = &w, .op = -1};
    tp_waves      waves = {1, &plot}, back;
    f->trial[0].waves = &waves;
    f->a.proof = (tp_proof){.done = true,
                            .simulator = TP_S("ngspice -b"),
                            .max_relative_difference = INFINITY,
                            .why = TP_S("BW: a, b"),
                            .seconds = 0.125,
                            .checked = 3,
                            .checked_max = 2e-9};
    if (!read_back(&x, tp_report_sxopt(&f->a, check_mem()))) return;
    CHECK_OK(tp_proof_unpack(&p, x.run.proof, &err), &err);
    CHECK(p.done && !p.same && isinf(p.max_relative_difference));
    CHECK_STR(p.why, "BW: a, b");
    CHECK_NEAR(p.seconds, 0.125, 0);
    CHECK_INT(p.checked, 3);
    CHECK_NEAR(p.checked_max, 2e-9, 0);
    tp_unpack u = {.rest = x.trial[0].waves};
    CHECK_OK(tp_waves_unpack(&back, &u, check_mem(), &err), &err);
    if (CHECK(back.n == 1 && back.plot[0].n_wave == 1))
        CHECK(!memcmp(back.plot[0].wave[0].re, y, sizeof y));
    CHECK_INT(x.trial[2].waves.len, 0);
}

/* Through the store and back to an account, it is the same file again. */
static void test_sxopt__of_a_stored_copy_is_the_same(void)
{
    finished  *f = finished_make();
    tp_sxopt   x;
    tp_store  *store;
    tp_err     err = {0};
    tp_str     id;
    tp_account a;
    tp_str     text = tp_report_sxopt(&f->a, check_mem());
    if (!read_back(&x, text)) return;
    if (!CHECK_OK(tp_store_open(&store, ":memory:", &err), &err)) return;
    CHECK_OK(tp_store_run_add(store, &x.run, &id, check_mem(), &err), &err);
    for (int i = 0; i < x.n_trial; i++)
        CHECK_OK(tp_store_trial_add(store, id, &x.trial[i], &err), &err);
    for (int i = 0; i < x.n_event; i++)
        CHECK_OK(tp_store_event_add(store, id, &x.event[i], &err), &err);
    tp_account_of of = {&f->p, &f->p.space, store, id, 1e-3};
    CHECK_OK(tp_account_read(&a, &of, check_mem(), &err), &err);
    CHECK_INT(a.best, 3);
    CHECK_INT(a.n_trial, 3);
    a.run.id = f->a.run.id;
    CHECK(tp_str_eq(tp_report_sxopt(&a, check_mem()), text));
    f->p.n_measure = 1; /* another deck's values */
    CHECK_INT(tp_account_read(&a, &of, check_mem(), &err), TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "trial 1: 2 values are stored for 1");
    f->p.n_measure = 2;
    f->p.space.n = 1;
    CHECK_INT(tp_account_read(&a, &of, check_mem(), &err), TP_BAD_INPUT);
    tp_store_close(store);
}

static void refuse(const char *text, const char *says)
{
    tp_sxopt x;
    tp_err   err = {0};
    CHECK_INT(tp_report_sxopt_read(&x, tp_str_of(text), check_mem(), &err),
              TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), says);
}

#define ROOT "<optimisation xmlns='urn:trimpot:sxopt:1'>"
#define RUN                                                               \
    "<run name='a' path='a' trials='0' failed='0' best='0' seconds='1'/>" \
    "<file name='a' encoding='text'>x</file>"

static void test_sxopt__refuses_what_is_none(void)
{
    refuse("", "");
    refuse("<a>", "");
    refuse("<a/>", "its root element is <a>");
    refuse(ROOT "</optimisation>", "<run> or <file> is missing");
    refuse(ROOT RUN "<trial number='1.5'/></optimisation>", "<trial>");
    refuse(ROOT RUN "<trial number='-1'/></optimisation>", "<trial>");
    refuse(ROOT RUN "<trial number='99999999999'/></optimisation>", "<trial>");
    refuse(ROOT RUN "<event number='1' kind='ask'>*</event></optimisation>",
           "<event>: its content is not base64");
    refuse("<!DOCTYPE optimisation [<!ENTITY a 'aaaa'>]>" ROOT RUN
           "</optimisation>",
           "a document type has no place in it");
    refuse("<!DOCTYPE optimisation SYSTEM 'file:///etc/passwd'>" ROOT RUN
           "</optimisation>",
           "a document type has no place in it");
}

static void test_sxopt__survives_every_cut_and_bend(void)
{
    finished *f = finished_make();
    tp_str    text = tp_report_sxopt(&f->a, check_mem());
    tp_arena  free = *check_mem();
    tp_rng    rng = tp_rng_at(3, 1);
    for (ptrdiff_t n = 0; n < text.len - 1; n += 7) {
        tp_sxopt x;
        tp_err   err = {0};
        *check_mem() = free;
        CHECK_INT(tp_report_sxopt_read(&x, tp_str_part(text, 0, n), check_mem(),
                                       &err),
                  TP_BAD_INPUT);
    }
    for (int i = 0; i < 500; i++) {
        tp_sxopt x;
        tp_err   err = {0};
        *check_mem() = free;
        char *at = tp_str_z(check_mem(), text);
        at[tp_rng_below(&rng, (int)text.len)] = (char)tp_rng_below(&rng, 256);
        if (tp_report_sxopt_read(&x, (tp_str){at, text.len}, check_mem(), &err))
            CHECK(err.msg[0] != '\0');
    }
}

static const check_test tests[] = {
    CHECK_TEST(test_sxopt__gives_back_the_run),
    CHECK_TEST(test_sxopt__gives_back_every_trial),
    CHECK_TEST(test_sxopt__gives_back_any_deck),
    CHECK_TEST(test_sxopt__cleans_words),
    CHECK_TEST(test_sxopt__gives_back_proof_and_waves),
    CHECK_TEST(test_sxopt__of_a_stored_copy_is_the_same),
    CHECK_TEST(test_sxopt__refuses_what_is_none),
    CHECK_TEST(test_sxopt__survives_every_cut_and_bend),
    {0},
};

int main(void)
{
    return check_main(tests);
}
