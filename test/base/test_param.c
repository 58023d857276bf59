/* Setting rows: indexed ones, and what may stand behind a number. */
#include "check.h"

typedef struct settings {
    int    n[4];
    double level;
    tp_str slope[3];
} settings;

static const tp_param rows[] = {
    {.name = "n",
     .type = TP_INT,
     .at = offsetof(settings, n),
     .count = 4,
     .def = 10,
     .min = 1,
     .max = 99,
     .text = "Points."},
    {.name = "level",
     .type = TP_REAL,
     .at = offsetof(settings, level),
     .def = 2,
     .text = "Level."},
    {.name = "slope",
     .type = TP_TEXT,
     .at = offsetof(settings, slope),
     .count = 3,
     .text_def = "",
     .text = "Expressions."},
    {0},
};

static settings with(const char *list)
{
    settings s;
    tp_err   err = {0};
    memset(&s, 0x55, sizeof s);
    tp_params_default(rows, &s);
    CHECK_OK(tp_params_set_list(rows, &s, tp_str_of(list), check_mem(), &err),
             &err);
    return s;
}

static void test_indexed__default_fills_every_field(void)
{
    settings s = with("");
    for (int i = 0; i < 4; i++) CHECK_INT(s.n[i], 10);
    for (int i = 0; i < 3; i++) CHECK_STR(s.slope[i], "");
    CHECK_NEAR(s.level, 2, 0);
}

static void test_indexed__one_is_set_by_its_number(void)
{
    settings s = with("n0=3,N3=7,slope1=2*x,level=5");
    CHECK_INT(s.n[0], 3);
    CHECK_INT(s.n[1], 10);
    CHECK_INT(s.n[2], 10);
    CHECK_INT(s.n[3], 7);
    CHECK_STR(s.slope[0], "");
    CHECK_STR(s.slope[1], "2*x");
    CHECK_STR(s.slope[2], "");
    CHECK_NEAR(s.level, 5, 0);
}

static void test_indexed__the_bare_name_sets_all(void)
{
    settings         s = with("n=4,n2=5");
    static const int wanted[] = {4, 4, 5, 4};
    for (int i = 0; i < 4; i++) CHECK_INT(s.n[i], wanted[i]);
}

static void test_indexed__find_knows_the_numbers(void)
{
    CHECK(tp_params_find(rows, TP_S("n")) == &rows[0]);
    CHECK(tp_params_find(rows, TP_S("n3")) == &rows[0]);
    CHECK(tp_params_find(rows, TP_S("n4")) == NULL);
    CHECK(tp_params_find(rows, TP_S("n03")) == NULL);
    CHECK(tp_params_find(rows, TP_S("n-1")) == NULL);
    CHECK(tp_params_find(rows, TP_S("level0")) == NULL);
    CHECK(tp_params_find(rows, TP_S("Slope2")) == &rows[2]);
}

static void test_indexed__messages_name_the_field(void)
{
    static const struct {
        const char *list, *msg;
    } row[] = {
        {"n2=0", "n2: 0 is outside 1 to 99"},
        {"n2=x", "n2: 'x' is not a whole number"},
        {"n=0", "n: 0 is outside 1 to 99"},
        {"n4=5", "n4: n0 to n3 are known"},
        {"n99999999999=5", "unknown setting 'n99999999999'"},
        {"level0=5", "unknown setting 'level0' (did you mean level?)"},
    };
    for (int i = 0; i < TP_COUNT(row); i++) {
        settings s;
        tp_err   err = {0};
        tp_params_default(rows, &s);
        CHECK_INT(tp_params_set_list(rows, &s, tp_str_of(row[i].list),
                                     check_mem(), &err),
                  TP_BAD_INPUT);
        CHECK_Z(err.msg, row[i].msg);
        for (int k = 0; k < 4; k++) CHECK_INT(s.n[k], 10);
    }
}

static void test_indexed__list_has_what_is_not_default(void)
{
    settings s = with("");
    CHECK_STR(tp_params_list(rows, &s, check_mem()), "level=2");
    s = with("n1=3,n3=10,slope2=\"a,b\"");
    tp_str list = tp_params_list(rows, &s, check_mem());
    CHECK_STR(list, "n1=3,level=2,slope2=\"a,b\"");
    settings again = with(tp_str_z(check_mem(), list));
    CHECK(memcmp(again.n, s.n, sizeof s.n) == 0);
    CHECK_STR(again.slope[2], "a,b");
}

typedef struct measured {
    int    n;
    double level, limit, memory;
} measured;

static const tp_param with_units[] = {
    {.name = "n",
     .type = TP_INT,
     .at = offsetof(measured, n),
     .text = "Points."},
    {.name = "level",
     .type = TP_REAL,
     .at = offsetof(measured, level),
     .text = "Level."},
    {.name = "limit",
     .type = TP_REAL,
     .at = offsetof(measured, limit),
     .unit = "s",
     .text = "Time."},
    {.name = "memory",
     .type = TP_REAL,
     .at = offsetof(measured, memory),
     .unit = "MB",
     .text = "Memory."},
    {0},
};

static void test_units__a_number_may_have_its_rows_unit(void)
{
    static const struct {
        const char *list;
        double      limit, memory;
    } row[] = {
        {"limit=90", 90, 0},        {"limit=90s", 90, 0},
        {"limit=500ms", 0.5, 0},    {"limit=2k", 2000, 0},
        {"limit=10min", 600, 0},    {"limit=1.5h", 5400, 0},
        {"memory=500", 0, 500},     {"memory=500MB", 0, 500},
        {"memory=500M", 0, 500},    {"memory=2GB", 0, 2000},
        {"limit=inf", INFINITY, 0},
    };
    for (int i = 0; i < TP_COUNT(row); i++) {
        measured s = {0};
        tp_err   err = {0};
        CHECK_OK(tp_params_set_list(with_units, &s, tp_str_of(row[i].list),
                                    check_mem(), &err),
                 &err);
        CHECK(s.limit == row[i].limit);
        CHECK(s.memory == row[i].memory);
    }
}

static void test_units__other_letters_are_refused(void)
{
    static const char times[] = "a time like 90, 90s, 500ms, 10min or 2h";
    static const struct {
        const char *list, *name, *text, *wanted;
    } row[] = {
        {"limit=10m", "limit", "10m", times},
        {"limit=1x", "limit", "1x", times},
        {"limit=s", "limit", "s", times},
        {"memory=500s", "memory", "500s", "a number in MB"},
        {"level=1e-3x", "level", "1e-3x", "a number"},
        {"level=10s", "level", "10s", "a number"},
        {"n=5x", "n", "5x", "a whole number"},
        {"n=5ms", "n", "5ms", "a whole number"},
    };
    for (int i = 0; i < TP_COUNT(row); i++) {
        measured s = {0};
        char     msg[120];
        tp_err   err = {0};
        snprintf(msg, sizeof msg, "%s: '%s' is not %s", row[i].name,
                 row[i].text, row[i].wanted);
        CHECK_INT(tp_params_set_list(with_units, &s, tp_str_of(row[i].list),
                                     check_mem(), &err),
                  TP_BAD_INPUT);
        CHECK_Z(err.msg, msg);
    }
}

static const check_test tests[] = {
    CHECK_TEST(test_units__a_number_may_have_its_rows_unit),
    CHECK_TEST(test_units__other_letters_are_refused),
    CHECK_TEST(test_indexed__default_fills_every_field),
    CHECK_TEST(test_indexed__one_is_set_by_its_number),
    CHECK_TEST(test_indexed__the_bare_name_sets_all),
    CHECK_TEST(test_indexed__find_knows_the_numbers),
    CHECK_TEST(test_indexed__messages_name_the_field),
    CHECK_TEST(test_indexed__list_has_what_is_not_default),
    {0},
};

int main(void)
{
    return check_main(tests);
}
