/* Reading and writing lookup files. */
#include "table.h"

static void test_read__takes_the_originals_file(void)
{
    tp_gmid_table *t = nmos();
    if (!t) return;
    const tp_gmid_curve *c =
        tp_gmid_curve_at(t, 0, (int[TP_GMID_AXES]){0, 0, 0, 0});
    CHECK_STR(t->process, "synthetic_bsim4");
    CHECK(!t->pmos);
    CHECK_NEAR(t->w, 1e-6, 0);
    CHECK_INT(t->axis[TP_GMID_L].n, 3);
    CHECK_NEAR(t->axis[TP_GMID_L].at[1], 5e-7, 0);
    CHECK(isnan(t->def[TP_GMID_VDS]));
    CHECK_INT(c->n, 21);
    CHECK_NEAR(c->v[TP_GMID_JD][0], 3.70404268e-08, 0);
    CHECK_NEAR(c->v[TP_GMID_FT][0], 17461864314.34093, 0);
    CHECK(c->v[TP_GMID_CGG] == NULL);
    CHECK(read_file("test/data/gmid/pmos_lookup.json")->pmos);
}

/* What was written is read as the same, and written as the same bytes. */
static void test_write__is_the_inverse_of_read(void)
{
    tp_err         err = {0};
    tp_gmid_table *t = nmos(), *again;
    if (!t) return;
    tp_str text = tp_gmid_write(t, check_mem());
    CHECK_OK(tp_gmid_read(&again, text, TP_S("again"), check_mem(), &err),
             &err);
    CHECK(tp_str_eq(tp_gmid_write(again, check_mem()), text));
    for (int l = 0; l < 3; l++) {
        int                  at[TP_GMID_AXES] = {l};
        const tp_gmid_curve *a = tp_gmid_curve_at(t, 0, at);
        const tp_gmid_curve *b = tp_gmid_curve_at(again, 0, at);
        for (int k = 0; k < TP_GMID_COLUMNS; k++) {
            if (!a->v[k] || !b->v[k]) {
                CHECK(!a->v[k] && !b->v[k]);
                continue;
            }
            for (int i = 0; i < a->n; i++)
                CHECK_NEAR(b->v[k][i], a->v[k][i], 0);
        }
    }
}

#define ROWS                                                     \
    "\"points\": [{\"vgs\": 0.4, \"gmid\": 20, \"id\": 1e-6, "   \
    "\"gain\": 50}, {\"vgs\": 0.6, \"gmid\": 10, \"id\": 1e-5, " \
    "\"gain\": null}]}"
#define AXES                                                             \
    "{\"device\": \"pch\", \"vds\": 0.6, \"corner\": \"tt\", "           \
    "\"temp\": 27, \"data\": ["                                          \
    "{\"l\": 1e-6, \"vds\": 0.3, " ROWS ",{\"l\": 1e-6, " ROWS           \
    ",{\"l\": 2e-6, \"vsb\": 0.2, \"corner\": \"s\\u00e4\\\"\", " ROWS   \
    ",{\"l\": 1e-6, \"vsb\": 0.2, \"temp\": -40.5, " ROWS "], \"vsb\": " \
    "0}"

/* Entries beside the default have their own axes, gaps stay gaps, and the
   default's entries are written first, for programs that know lengths only. */
static void test_read__takes_our_axes(void)
{
    tp_err         err = {0};
    tp_gmid_table *t = of_text(AXES), *again;
    if (!t) return;
    CHECK(t->pmos);
    CHECK_INT(t->axis[TP_GMID_VDS].n, 2);
    CHECK_INT(t->axis[TP_GMID_VSB].n, 2);
    CHECK_INT(t->axis[TP_GMID_TEMP].n, 2);
    CHECK_INT(t->n_corner, 2);
    CHECK_STR(t->corner[t->def_corner], "tt");
    CHECK_INT(tp_gmid_curve_at(t, 0, (int[]){0, 1, 0, 1})->n, 2);
    CHECK_INT(tp_gmid_curve_at(t, 0, (int[]){0, 1, 1, 0})->n, 2);
    CHECK_INT(tp_gmid_curve_at(t, 0, (int[]){1, 1, 0, 1})->n, 0);
    CHECK(
        isinf(tp_gmid_curve_at(t, 0, (int[]){0, 0, 0, 1})->v[TP_GMID_GAIN][1]));
    tp_str text = tp_gmid_write(t, check_mem());
    CHECK_OK(tp_gmid_read(&again, text, TP_S("again"), check_mem(), &err),
             &err);
    CHECK(tp_str_eq(tp_gmid_write(again, check_mem()), text));
    CHECK_HAS(text, "\"data\": [\n    {\"l\": 1e-06, \"points\"");
    CHECK_HAS(text, "\"gain\": null");
    CHECK_HAS(text, "\"corner\": \"s\xc3\xa4\\\"\"");
}

#define DATA(rows) "{\"data\": [{\"l\": 1e-6, \"points\": [" rows "]}]}"
#define ROW(vgs, gmid, id, gain) \
    "{\"vgs\": " vgs ", \"gmid\": " gmid ", \"id\": " id ", \"gain\": " gain "}"
#define GOOD ROW("0.4", "20", "1e-6", "50")

static void test_read__names_the_place_of_what_is_wrong(void)
{
    static const struct {
        const char *text, *wanted;
    } bad[] = {
        {"", "t.json:1"},
        {"{\"data\": [}", "t.json:1:11: "},
        {"[]", "not a JSON object"},
        {"{}", "data: is not an array"},
        {"{\"data\": []}", "data: has no entry with rows"},
        {"{\"data\": [3]}", "data[0]: is not an object"},
        {"{\"data\": [{\"l\": 0, \"points\": [1]}]}",
         "data[0].l: 0 is not above 0"},
        {"{\"data\": [{\"points\": [1]}]}", "data[0].l: is missing"},
        {"{\"data\": [{\"l\": 1, \"points\": 1}]}",
         "data[0].points: is not an array"},
        {DATA(GOOD), "data[0].points: needs at least two rows"},
        {DATA(GOOD "," GOOD),
         "data[0].points[1]: vgs is not above that of the row before"},
        {DATA(GOOD "," ROW("0.5", "\"9\"", "1e-5", "9")),
         "data[0].points[1].gmid: is not a number"},
        {DATA(GOOD "," ROW("0.5", "9", "-1e-5", "9")),
         "data[0].points[1].id: -1e-05 is not above 0"},
        {DATA(GOOD "," ROW("0.5", "9", "null", "9")),
         "data[0].points[1].id: is not a number"},
        {DATA(GOOD ",{\"vgs\": 0.5, \"gmid\": 9, \"id\": 1}"),
         "data[0].points[1].gain: is missing"},
        {DATA(GOOD ",7"), "data[0].points[1]: is not an object"},
        {"{\"w_testbench\": 0, \"data\": []}", "w_testbench: 0 is not above 0"},
        {"{\"device\": 3, \"data\": []}", "device: is not a text"},
        {"{\"vds\": \"x\", \"data\": []}", "vds: is not a number"},
        {"{\"data\": [{\"l\": 1, \"vds\": 1, " ROWS ",{\"l\": 1, " ROWS "]}",
         "vds: only some entries of data say it"},
        {"{\"data\": [{\"l\": 1, " ROWS ",{\"l\": 1, " ROWS "]}",
         "data[1]: an earlier entry is for the same place"},
        {"{\"a\": 1, \"a\": 2}", "duplicate"},
    };
    for (int i = 0; i < TP_COUNT(bad); i++) {
        tp_err         err = {0};
        tp_gmid_table *t;
        tp_status st = tp_gmid_read(&t, tp_str_of(bad[i].text), TP_S("t.json"),
                                    check_mem(), &err);
        CHECK_INT(st, TP_BAD_INPUT);
        CHECK_HAS(tp_err_text(&err, check_mem()), bad[i].wanted);
        CHECK_HAS(tp_err_text(&err, check_mem()), "t.json");
    }
}

static void test_read__limits_the_axes(void)
{
    tp_err         err = {0};
    tp_gmid_table *t;
    tp_buf         b = {.mem = check_mem()};
    tp_buf_add(&b, TP_S("{\"data\": ["));
    for (int i = 0; i < 64; i++)
        tp_buf_fmt(&b,
                   "%s{\"l\": %d, \"vds\": %d, \"vsb\": %d, \"temp\": %d, "
                   "\"corner\": \"%d\", " ROWS,
                   i ? "," : "", i + 1, i, i, i, i);
    tp_buf_add(&b, TP_S("]}"));
    tp_status st =
        tp_gmid_read(&t, tp_buf_str(&b), TP_S("t"), check_mem(), &err);
    CHECK_INT(st, TP_LIMIT);
}

static const check_test tests[] = {
    CHECK_TEST(test_read__takes_the_originals_file),
    CHECK_TEST(test_write__is_the_inverse_of_read),
    CHECK_TEST(test_read__takes_our_axes),
    CHECK_TEST(test_read__names_the_place_of_what_is_wrong),
    CHECK_TEST(test_read__limits_the_axes),
    {0},
};

int main(void)
{
    return check_main(tests);
}
