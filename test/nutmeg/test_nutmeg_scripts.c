/* The tables of scripts and what they print: "%% name", the script, then
   "%%OUT" and the output, "%%FAIL line:col" and the message, or both. */
#include "fake.h"

typedef struct script {
    tp_str name, text, out, where, message;
    bool   fails;
} script;

/* The text up to a line that begins with "%%". */
static tp_str body(tp_str *rest)
{
    ptrdiff_t at = 0;
    while (at < rest->len &&
           !tp_str_starts(tp_str_from(*rest, at), TP_S("%%"))) {
        ptrdiff_t end = tp_str_find(*rest, '\n', at);
        at = end < 0 ? rest->len : end + 1;
    }
    tp_str text = tp_str_part(*rest, 0, at);
    *rest = tp_str_from(*rest, at);
    return text;
}

static tp_str head(tp_str *rest)
{
    ptrdiff_t end = tp_str_find(*rest, '\n', 0);
    tp_str    line = end < 0 ? *rest : tp_str_part(*rest, 0, end);
    *rest = end < 0 ? (tp_str){0} : tp_str_from(*rest, end + 1);
    return tp_str_trim(line);
}

static bool next_script(tp_str *rest, script *out)
{
    *out = (script){0};
    body(rest); /* comments before the first one */
    tp_str line = head(rest);
    if (!tp_str_starts(line, TP_S("%% "))) return false;
    out->name = tp_str_from(line, 3);
    out->text = body(rest);
    while (tp_str_starts(*rest, TP_S("%%OUT")) ||
           tp_str_starts(*rest, TP_S("%%FAIL"))) {
        line = head(rest);
        tp_str text = body(rest);
        out->fails = tp_str_starts(line, TP_S("%%FAIL"));
        if (out->fails) out->where = tp_str_trim(tp_str_from(line, 6));
        *(out->fails ? &out->message : &out->out) = text;
    }
    return true;
}

/* Blank lines before the next script are not output. */
static tp_str trimmed(tp_str s)
{
    while (s.len > 0 && s.at[s.len - 1] == '\n') s.len--;
    return s;
}

static void run_one(const script *t)
{
    scene     s;
    tp_source in = {TP_S("table"), t->text};
    tp_err    err = {0};
    int       before = check_failures;
    if (!scene_open(&s, TP_S("."))) return;
    scene_load(&s);
    s.sim.log.len = 0;
    tp_status status = tp_nutmeg_run(s.m, t->text, (tp_place){&in, 1, 1}, &err);
    tp_str    out = trimmed(tp_buf_str(&s.out)), wanted = trimmed(t->out);
    check_str(out, wanted, "output", "table", 0);
    if (t->fails) {
        tp_str where = tp_str_fmt(check_mem(), "%d:%d", err.line, err.col);
        CHECK(status != TP_OK);
        CHECK_STR(tp_str_of(err.msg),
                  tp_str_z(check_mem(), trimmed(t->message)));
        if (t->where.len > 0) check_str(where, t->where, "place", "table", 0);
    } else {
        CHECK_OK(status, &err);
    }
    if (check_failures > before) printf("  in '%.*s'\n", TP_F(t->name));
    scene_close(&s);
}

static void run_table(const char *path)
{
    tp_str rest;
    tp_err err = {0};
    script t;
    int    n = 0;
    if (!CHECK_OK(tp_file_read(&rest, path, 1 << 20, check_mem(), &err), &err))
        return;
    while (next_script(&rest, &t)) {
        run_one(&t);
        n++;
    }
    CHECK(n > 5);
}

static void test_scripts__flow(void)
{
    run_table("test/nutmeg/flow.test");
}

static void test_scripts__words(void)
{
    run_table("test/nutmeg/words.test");
}

static void test_scripts__vectors(void)
{
    run_table("test/nutmeg/vectors.test");
}

static void test_scripts__circuit(void)
{
    run_table("test/nutmeg/circuit.test");
}

static void test_scripts__refused(void)
{
    run_table("test/nutmeg/refused.test");
}

static const check_test tests[] = {
    CHECK_TEST(test_scripts__flow),    CHECK_TEST(test_scripts__words),
    CHECK_TEST(test_scripts__vectors), CHECK_TEST(test_scripts__circuit),
    CHECK_TEST(test_scripts__refused), {0},
};

int main(void)
{
    return check_main(tests);
}
