/* What is sent to Virtuoso: quoted, one form, nothing that a name could break
   out of; and what comes back. The calls themselves: test/cli/test_outside. */
#include "check.h"
#include "sim/vcli.h"

#include <sys/wait.h>
#include <unistd.h>

static void test_vcli__strings_can_not_be_left(void)
{
    static const struct {
        const char *text, *quoted;
    } rows[] = {
        {"models.scs", "\"models.scs\""},
        {"a\"b", "\"a\\\"b\""},
        {"\") system(\"rm -rf /", "\"\\\") system(\\\"rm -rf /\""},
        {"end\\", "\"end\\\\\""},
        {"\\\"", "\"\\\\\\\"\""},
        {"a\nb\tc", "\"a b c\""},
    };
    for (int i = 0; i < TP_COUNT(rows); i++) {
        tp_buf b = {.mem = check_mem()};
        tp_skill_quote(&b, tp_str_of(rows[i].text));
        CHECK_STR(tp_buf_str(&b), rows[i].quoted);
    }
}

static void test_vcli__variables_are_names(void)
{
    static const double v[] = {3.1e-6, -2};
    static tp_str       good[] = {{"W_M1", 4}, {"Cc", 2}};
    static tp_str       bad[][1] = {
              {{"a)b", 3}}, {{"1a", 2}}, {{"", 0}}, {{"a b", 3}}, {{"a\"", 2}}};
    tp_circuit c = {.n_param = 2, .param = good};
    tp_str     why = {"", 0};
    CHECK_STR(tp_skill_variables(&c, v, &why, check_mem()),
              "desVar(\"W_M1\" 3.1e-06) desVar(\"Cc\" -2) ");
    CHECK_STR(why, "");
    for (int i = 0; i < TP_COUNT(bad); i++) {
        c = (tp_circuit){.n_param = 1, .param = bad[i]};
        tp_skill_variables(&c, v, &why, check_mem());
        CHECK_HAS(why, "can't be a design variable");
    }
}

/* Brackets and quotes of the code are closed: one form. */
static void test_vcli__the_code_is_one_form(void)
{
    tp_str code =
        tp_skill_fetch(TP_S("ac"), TP_S("VF(\"/a(b\\\"\")"), check_mem());
    int  depth = 0, closed_at = 0;
    bool quoted = false;
    for (ptrdiff_t i = 0; i < code.len; i++) {
        char c = code.at[i];
        if (quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted)
            depth += (c == '(') - (c == ')');
        if (depth == 0 && !quoted && c == ')') closed_at = (int)i;
        if (closed_at) break;
    }
    CHECK_INT(closed_at, code.len - 1);
    CHECK_HAS(code, "selectResult('ac) w=VF(\"/a(b\\\"\") p=");
}

static void test_vcli__data_come_back_as_waves(void)
{
    tp_wave w;
    CHECK(tp_skill_wave(&w, TP_S("w 2 1 10 0 2.5 -3 4e-1"), check_mem()));
    CHECK(w.n == 2 && w.x[1] == 2.5 && w.re[0] == 10 && w.im && w.im[1] == 0.4);
    CHECK(tp_skill_wave(&w, TP_S("w 1 0 5 0"), check_mem()));
    CHECK(w.n == 1 && w.im == NULL && w.x[0] == 0);
    CHECK(tp_skill_wave(&w, TP_S("s 1.5 0"), check_mem()));
    CHECK(w.n == 1 && w.x == NULL && w.re[0] == 1.5 && w.im == NULL);
    CHECK(tp_skill_wave(&w, TP_S("s 1.5 2"), check_mem()));
    CHECK(w.im && w.im[0] == 2);
    static const char *const bad[] = {"",        "nil",     "w 2 1 2 3",
                                      "w 1e9 1", "w -1",    "s 1",
                                      "s a 0",   "x 1 2 3", "w 1 a b c"};
    for (int i = 0; i < TP_COUNT(bad); i++)
        CHECK(!tp_skill_wave(&w, tp_str_of(bad[i]), check_mem()));
}

/* A session is one process's at a time; of several the free one is taken. */
static void test_vcli__a_session_is_held_by_one(void)
{
    tp_vcli_settings set = {.sessions = TP_S("trimpot-test-a trimpot-test-b")};
    tp_str           first, second, third, why;
    int              a = tp_vcli_session_take(&first, &set, &why, check_mem());
    int              b = tp_vcli_session_take(&second, &set, &why, check_mem());
    CHECK(a >= 0 && b >= 0);
    CHECK_STR(first, "trimpot-test-a");
    CHECK_STR(second, "trimpot-test-b");
    tp_vcli_session_leave(a);
    a = tp_vcli_session_take(&third, &set, &why, check_mem());
    CHECK_STR(third, "trimpot-test-a");
    tp_vcli_session_leave(a);
    tp_vcli_session_leave(b);
}

static void test_vcli__a_session_is_free_when_its_holder_dies(void)
{
    tp_vcli_settings set = {.sessions = TP_S("trimpot-test-c")};
    tp_str           name, why;
    int              ready[2];
    CHECK(pipe(ready) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        bool held = tp_vcli_session_take(&name, &set, &why, check_mem()) >= 0;
        ssize_t n = write(ready[1], held ? "y" : "n", 1);
        _exit(n == 1 ? 0 : 1);
    }
    char said = 'n';
    CHECK(read(ready[0], &said, 1) == 1 && said == 'y');
    waitpid(pid, NULL, 0);
    int held = tp_vcli_session_take(&name, &set, &why, check_mem());
    CHECK(held >= 0);
    tp_vcli_session_leave(held);
    close(ready[0]);
    close(ready[1]);
}

static const check_test tests[] = {
    CHECK_TEST(test_vcli__strings_can_not_be_left),
    CHECK_TEST(test_vcli__variables_are_names),
    CHECK_TEST(test_vcli__the_code_is_one_form),
    CHECK_TEST(test_vcli__data_come_back_as_waves),
    CHECK_TEST(test_vcli__a_session_is_held_by_one),
    CHECK_TEST(test_vcli__a_session_is_free_when_its_holder_dies),
    {0},
};

int main(void)
{
    return check_main(tests);
}
