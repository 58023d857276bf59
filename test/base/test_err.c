/* Errors with their place, and settings tables that make them. */
#include "check.h"

static const tp_source deck = {
    {"amp.net", 7},
    {"first\n.param rl=1k x\n\ttab here\r\nlast", 36},
};

static void test_status__has_exit_and_words(void)
{
    CHECK_INT(tp_status_exit(TP_OK), 0);
    CHECK_INT(tp_status_exit(TP_BAD_INPUT), 2);
    CHECK_INT(tp_status_exit(TP_LIMIT), 2);
    CHECK_INT(tp_status_exit(TP_SIM), 3);
    CHECK_INT(tp_status_exit(TP_INTERRUPTED), 4);
    CHECK_INT(tp_status_exit(TP_IO), 5);
    CHECK_INT(tp_status_exit(TP_BUSY), 5);
    CHECK_Z(tp_status_words(TP_IO), "reading or writing failed");
}

static void test_fail__says_why_and_forgets_what_was(void)
{
    tp_err err = {0};
    CHECK_INT(tp_fail_at(&err, TP_SIM, (tp_place){&deck, 2, 3}, "x"), TP_SIM);
    CHECK_INT(tp_fail(&err, TP_LIMIT, "%d is over %d", 5, 4), TP_LIMIT);
    CHECK_INT(err.code, TP_LIMIT);
    CHECK_Z(err.msg, "5 is over 4");
    CHECK_INT(err.line + err.col + err.caret, 0);
    CHECK_STR(tp_err_text(&err, check_mem()), "5 is over 4\n");
    CHECK_INT(tp_fail(NULL, TP_IO, "unheard"), TP_IO);
    tp_fail(&err, TP_IO, "again: %s", err.msg);
    CHECK_Z(err.msg, "again: 5 is over 4");
}

static void test_fail_at__shows_line_and_caret(void)
{
    tp_err    err = {0};
    tp_arena *mem = check_mem();
    tp_fail_at(&err, TP_BAD_INPUT, (tp_place){&deck, 2, 14}, "what is x?");
    CHECK_STR(tp_err_text(&err, mem), "amp.net:2:14: what is x?\n"
                                      "  .param rl=1k x\n"
                                      "               ^\n");
    tp_fail_at(&err, TP_BAD_INPUT, (tp_place){&deck, 3, 2}, "tab");
    CHECK_STR(tp_err_text(&err, mem), "amp.net:3:2: tab\n   tab here\n   ^\n");
    tp_fail_at(&err, TP_BAD_INPUT, (tp_place){&deck, 4, 0}, "no column");
    CHECK_STR(tp_err_text(&err, mem), "amp.net:4: no column\n  last\n");
    tp_fail_at(&err, TP_BAD_INPUT, (tp_place){&deck, 9, 1}, "no such line");
    CHECK_STR(tp_err_text(&err, mem), "amp.net:9:1: no such line\n");
    tp_fail_at(&err, TP_BAD_INPUT, (tp_place){&deck, 4, 99}, "behind");
    CHECK_STR(tp_err_text(&err, mem),
              "amp.net:4:99: behind\n  last\n      ^\n");
}

static void test_fail_at__counts_characters_under_the_caret(void)
{
    tp_source s = {TP_S("a"), TP_S("Größe=1")};
    tp_err    err = {0};
    tp_fail_at(&err, TP_BAD_INPUT, (tp_place){&s, 1, 8}, "=");
    CHECK_STR(tp_err_text(&err, check_mem()),
              "a:1:8: =\n  Größe=1\n       ^\n");
}

static void test_fail_at__shows_the_part_of_a_long_line(void)
{
    tp_arena *mem = check_mem();
    tp_buf    b = {.mem = mem};
    for (int i = 0; i < 10000; i++) tp_buf_fmt(&b, "%04d ", i);
    tp_source s = {TP_S("wide"), tp_buf_str(&b)};
    tp_err    err = {0};
    tp_fail_at(&err, TP_BAD_INPUT, (tp_place){&s, 1, 25001}, "there");
    if (!CHECK(err.caret > 0 && err.caret < (int)sizeof err.text)) return;
    CHECK_STR(tp_str_part(tp_str_of(err.text), err.caret - 1, 4), "5000");
    tp_fail_at(&err, TP_BAD_INPUT, (tp_place){&s, 1, 50000}, "end");
    CHECK_HAS(tp_str_of(err.text), "9999");
}

static void test_fail__cuts_what_is_too_long(void)
{
    tp_arena *mem = check_mem();
    tp_err    err = {0};
    tp_fail(&err, TP_IO, "%s", tp_str_z(mem, tp_str_fmt(mem, "%0999d", 1)));
    CHECK_INT(strlen(err.msg), sizeof err.msg - 1);
    CHECK_STR(tp_str_from(tp_str_of(err.msg), sizeof err.msg - 5), "0...");
    tp_fail(&err, TP_IO, "a\x1b[31m\x07 b\nc");
    CHECK_Z(err.msg, "a [31m  b\nc");
    /* Never inside a character of two bytes. */
    tp_buf b = {.mem = mem};
    for (int i = 0; i < 600; i++) tp_buf_add(&b, TP_S("ä"));
    tp_buf_char(&b, '\0');
    for (int lead = 0; lead < 2; lead++) {
        tp_fail(&err, TP_IO, "%.*s%s", lead, "a", b.at);
        tp_str cut = tp_str_of(err.msg);
        CHECK_STR(tp_str_from(cut, cut.len - 5), "ä...");
    }
}

static void test_while__goes_in_front(void)
{
    tp_err err = {0};
    tp_fail_at(&err, TP_IO, (tp_place){&deck, 1, 1}, "no disk");
    CHECK_INT(tp_while(&err, "reading corner %s", "ss"), TP_IO);
    CHECK_Z(err.msg, "reading corner ss: no disk");
    CHECK_INT(err.line, 1);
    CHECK_INT(tp_while(NULL, "unheard"), TP_BAD_INPUT);
}

static void test_err_place__moves_a_place_inside_a_text(void)
{
    tp_err err = {0};
    tp_fail_at(&err, TP_BAD_INPUT, (tp_place){NULL, 0, 3}, "inner");
    tp_err_place(&err, (tp_place){&deck, 2, 8});
    CHECK_INT(err.line, 2);
    CHECK_INT(err.col, 10);
    CHECK_Z(err.text, ".param rl=1k x");
    tp_err_place(&err, (tp_place){&deck, 4, 1}); /* it has one */
    CHECK_INT(err.line, 2);
    tp_fail_at(&err, TP_BAD_INPUT, (tp_place){NULL, 2, 1}, "second line");
    tp_err_place(&err, (tp_place){&deck, 1, 3});
    CHECK_INT(err.line, 2);
    CHECK_INT(err.col, 1);
    tp_fail(&err, TP_BAD_INPUT, "none");
    tp_err_place(&err, (tp_place){&deck, 4, 2});
    CHECK_STR(tp_err_text(&err, check_mem()),
              "amp.net:4:2: none\n  last\n   ^\n");
    tp_err_place(NULL, (tp_place){&deck, 4, 2});
}

typedef struct settings {
    double tol;
    int    levels, how, any;
    bool   log;
    tp_str name;
} settings;

static const char *const hows[] = {"fast", "safe", NULL};

static const tp_param rows[] = {
    {.name = "tol",
     .type = TP_REAL,
     .at = offsetof(settings, tol),
     .def = 1e-3,
     .min = 0,
     .max = 1,
     .text = "Tolerance."},
    {.name = "levels",
     .type = TP_INT,
     .at = offsetof(settings, levels),
     .def = 5,
     .min = 2,
     .max = 1000,
     .text = "Levels."},
    {.name = "how",
     .type = TP_CHOICE,
     .at = offsetof(settings, how),
     .def = 1,
     .choices = hows,
     .text = "How."},
    {.name = "any",
     .type = TP_INT,
     .at = offsetof(settings, any),
     .text = "Any number."},
    {.name = "log",
     .type = TP_BOOL,
     .at = offsetof(settings, log),
     .def = 1,
     .text = "Logarithmic."},
    {.name = "name",
     .type = TP_TEXT,
     .at = offsetof(settings, name),
     .text_def = "none",
     .text = "A name."},
    {0},
};

static void test_params__have_defaults(void)
{
    settings s;
    memset(&s, 0x55, sizeof s);
    tp_params_default(rows, &s);
    CHECK_NEAR(s.tol, 1e-3, 0);
    CHECK_INT(s.levels, 5);
    CHECK_INT(s.how, 1);
    CHECK_INT(s.any, 0);
    CHECK(s.log);
    CHECK_STR(s.name, "none");
    CHECK(tp_params_find(rows, TP_S("LEVELS")) == &rows[1]);
    CHECK(tp_params_find(rows, TP_S("level")) == NULL);
}

static void test_params__are_read_from_a_list(void)
{
    settings s;
    tp_err   err = {0};
    tp_params_default(rows, &s);
    tp_str list = TP_S(" tol=1m, levels = 1k,HOW=Fast,log=off,any=-3,name=a b");
    CHECK_OK(tp_params_set_list(rows, &s, list, check_mem(), &err), &err);
    CHECK_NEAR(s.tol, 1e-3, 0);
    CHECK_INT(s.levels, 1000);
    CHECK_INT(s.how, 0);
    CHECK_INT(s.any, -3);
    CHECK(!s.log);
    CHECK_STR(s.name, "a b");
    CHECK_OK(tp_params_set_list(rows, &s, TP_S(" "), check_mem(), &err), &err);
    tp_str quoted = TP_S("name=\"a, \"\"b\"\"\" , levels=7");
    CHECK_OK(tp_params_set_list(rows, &s, quoted, check_mem(), &err), &err);
    CHECK_STR(s.name, "a, \"b\"");
    CHECK_INT(s.levels, 7);
}

static void test_params__say_what_is_wrong(void)
{
    static const struct {
        const char *list, *msg;
    } row[] = {
        {"levels=1", "levels: 1 is outside 2 to 1000"},
        {"levels=1001", "levels: 1001 is outside 2 to 1000"},
        {"levels=2.5", "levels: '2.5' is not a whole number"},
        {"levels=many", "levels: 'many' is not a whole number"},
        {"levels=", "levels: '' is not a whole number"},
        {"any=1e10", "any: '1e10' is not in the range of whole numbers"},
        {"tol=-1", "tol: -1 is outside 0 to 1"},
        {"tol=inf", "tol: inf is outside 0 to 1"},
        {"tol=nan", "tol: 'nan' is not a number"},
        {"how=slow", "how: 'slow' is not one of fast, safe"},
        {"log=maybe", "log: 'maybe' is not true or false"},
        {"levls=3", "unknown setting 'levls' (did you mean levels?)"},
        {"zzzz=3", "unknown setting 'zzzz'"},
        {"levels", "expected name=value, got 'levels'"},
        {"levels,tol=1", "expected name=value, got 'levels'"},
        {"name=\"a", "a quote is not closed: \"a"},
        {"name=\"a\"b", "expected ',' before 'b'"},
    };
    for (int i = 0; i < TP_COUNT(row); i++) {
        settings s;
        tp_err   err = {0};
        tp_params_default(rows, &s);
        tp_status code = tp_params_set_list(rows, &s, tp_str_of(row[i].list),
                                            check_mem(), &err);
        CHECK_INT(code, TP_BAD_INPUT);
        CHECK_Z(err.msg, row[i].msg);
        CHECK_INT(s.levels, 5);
    }
}

static void test_params__list_reads_back(void)
{
    static const char *const names[] = {"", "x", "a,b=1", "\"", " pad ", "ä"};
    for (int i = 0; i < TP_COUNT(names); i++) {
        settings s = {1.0 / 3, 77, 0, -5, true, tp_str_of(names[i])};
        settings again;
        tp_err   err = {0};
        tp_str   list = tp_params_list(rows, &s, check_mem());
        tp_params_default(rows, &again);
        CHECK_OK(tp_params_set_list(rows, &again, list, check_mem(), &err),
                 &err);
        CHECK_NEAR(again.tol, s.tol, 0);
        CHECK_INT(again.levels, s.levels);
        CHECK_INT(again.how, s.how);
        CHECK_INT(again.any, s.any);
        CHECK(again.log);
        CHECK_STR(again.name, names[i]);
    }
    settings s;
    tp_params_default(rows, &s);
    CHECK_STR(tp_params_list(rows, &s, check_mem()),
              "tol=0.001,levels=5,how=safe,any=0,log=true,name=none");
}

static const check_test tests[] = {
    CHECK_TEST(test_status__has_exit_and_words),
    CHECK_TEST(test_fail__says_why_and_forgets_what_was),
    CHECK_TEST(test_fail_at__shows_line_and_caret),
    CHECK_TEST(test_fail_at__counts_characters_under_the_caret),
    CHECK_TEST(test_fail_at__shows_the_part_of_a_long_line),
    CHECK_TEST(test_fail__cuts_what_is_too_long),
    CHECK_TEST(test_while__goes_in_front),
    CHECK_TEST(test_err_place__moves_a_place_inside_a_text),
    CHECK_TEST(test_params__have_defaults),
    CHECK_TEST(test_params__are_read_from_a_list),
    CHECK_TEST(test_params__say_what_is_wrong),
    CHECK_TEST(test_params__list_reads_back),
    {0},
};

int main(void)
{
    return check_main(tests);
}
