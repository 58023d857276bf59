/* Runs the text tables in test/expr, *.test. A block is an expression and the
   value it shows (6 digits); a line that starts with

     %%LET name = expression       binds a name from there on
     %%PARTS name = a ; b ; c      binds divisions
     %%DIALECT nutmeg              or ocean; SIMetrix's until then
     %%DEFINE f(x) body            a user function from there on
     %%DEGREES on                  or off
     %%FAIL column                 the next two lines are an expression that
                                   does not compile and its message
     #                             is a comment. */
#include <dirent.h>
#include <stdlib.h>

#include "evaluate.h"

typedef struct table {
    const char *path;
    tp_str      rest;
    int         line;
    scene       with;
} table;

static bool next_line(table *t, tp_str *line)
{
    if (t->rest.len <= 0) return false;
    ptrdiff_t end = tp_str_find(t->rest, '\n', 0);
    if (end < 0) end = t->rest.len;
    *line = tp_str_part(t->rest, 0, end);
    t->rest = tp_str_from(t->rest, end + 1);
    t->line++;
    return true;
}

static void same(table *t, tp_str expression, tp_str got, tp_str wanted)
{
    if (check_that(tp_str_eq(got, wanted), "shown", t->path, t->line)) return;
    printf("  %.*s\n  got    %.*s\n  wanted %.*s\n", TP_F(expression),
           TP_F(got), TP_F(wanted));
}

static tp_value divisions(table *t, tp_str parts)
{
    tp_value *part = TP_NEW(check_mem(), tp_value, 8);
    int       n = 0;
    for (tp_str p; (p = tp_str_word(&parts, ";")).len > 0 && n < 8;)
        part[n++] = evaluate(&t->with, p, check_mem());
    return (tp_value){.kind = TP_DIVISIONS, .n = n, .part = part};
}

static void bind(table *t, tp_str line, bool parts)
{
    ptrdiff_t   equals = tp_str_find(line, '=', 0);
    tp_str      text = tp_str_from(line, equals + 1);
    const char *name =
        tp_str_z(check_mem(), tp_str_trim(tp_str_part(line, 0, equals)));
    scene_bind(&t->with, name,
               parts ? divisions(t, text)
                     : evaluate(&t->with, text, check_mem()));
}

static void fail_block(table *t, int column)
{
    tp_str         expression = {0}, wanted = {0};
    const tp_expr *e = NULL;
    tp_err         err = {0};
    tp_scope       in = scene_scope(&t->with);
    if (!CHECK(next_line(t, &expression) && next_line(t, &wanted))) return;
    tp_status s = tp_expr_compile(&e, expression, &in, check_mem(), &err);
    check_that(s != TP_OK && e == NULL, "refused", t->path, t->line);
    same(t, expression, tp_str_of(err.msg), wanted);
    if (!check_that(err.col == column, "column", t->path, t->line))
        printf("  got column %d, wanted %d\n", err.col, column);
}

static void define(table *t, tp_str text)
{
    tp_err err = {0};
    CHECK_OK(tp_user_fn_read(&t->with.user[t->with.n_user++], text, check_mem(),
                             &err),
             &err);
}

static void block(table *t, tp_str line)
{
    tp_str wanted = {0};
    if (line.len == 0 || line.at[0] == '#') return;
    if (tp_str_starts(line, TP_S("%%LET "))) {
        bind(t, tp_str_from(line, 6), false);
    } else if (tp_str_starts(line, TP_S("%%PARTS "))) {
        bind(t, tp_str_from(line, 8), true);
    } else if (tp_str_eq(line, TP_S("%%DIALECT nutmeg"))) {
        t->with.dialect = TP_NUTMEG;
    } else if (tp_str_eq(line, TP_S("%%DIALECT ocean"))) {
        t->with.dialect = TP_OCEAN;
    } else if (tp_str_starts(line, TP_S("%%DEFINE "))) {
        define(t, tp_str_from(line, 9));
    } else if (tp_str_starts(line, TP_S("%%DEGREES "))) {
        t->with.degrees = tp_str_eq(line, TP_S("%%DEGREES on"));
    } else if (tp_str_starts(line, TP_S("%%FAIL "))) {
        double column = 0;
        CHECK(tp_number_all(tp_str_from(line, 7), &column));
        fail_block(t, (int)column);
    } else if (CHECK(next_line(t, &wanted))) {
        tp_value v = evaluate(&t->with, line, check_mem());
        same(t, line, tp_value_show(&v, 6, check_mem()), wanted);
    }
}

static void run_table(const char *path)
{
    table  t = {.path = path};
    tp_err err = {0};
    if (!CHECK(tp_file_read(&t.rest, path, 1 << 20, check_mem(), &err) ==
               TP_OK))
        return;
    for (tp_str line; next_line(&t, &line);) block(&t, line);
    CHECK(t.line > 10);
}

static void test_language__tables_hold(void)
{
    int            files = 0;
    DIR           *dir = opendir("test/expr");
    struct dirent *entry;
    if (!CHECK(dir != NULL)) return;
    while ((entry = readdir(dir)) != NULL) {
        tp_str name = tp_str_of(entry->d_name);
        if (name.len < 6 ||
            !tp_str_eq(tp_str_from(name, name.len - 5), TP_S(".test")))
            continue;
        files++;
        tp_str path = tp_path_join(TP_S("test/expr"), name, check_mem());
        run_table(tp_str_z(check_mem(), path));
    }
    closedir(dir);
    CHECK(files >= 5);
}

static const check_test tests[] = {
    CHECK_TEST(test_language__tables_hold),
    {0},
};

int main(void)
{
    return check_main(tests);
}
