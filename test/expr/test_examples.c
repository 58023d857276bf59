/* Every builtin's row: complete, a name of its own, and its example shows what
   the row says. */
#include "evaluate.h"
#include "expr/tree.h"

static int rows;

static void row_is_complete(const tp_fn *f, tp_dialect dialect)
{
    CHECK(f->takes && f->gives && f->call && f->text && f->example && f->shows);
    CHECK(f->text[strlen(f->text) - 1] == '.');
    CHECK(tp_function_find_of(dialect, tp_str_of(f->name)) == f);
    CHECK(strstr(f->example, f->name) != NULL);
    int args = 0;
    for (tp_str w, t = tp_str_of(f->takes); (w = tp_str_word(&t, " ")).len;) {
        if (w.at[0] == '[') w = tp_str_part(w, 1, w.len - 2);
        w = tp_str_word(&w, "=");
        args++;
        if (!CHECK(tp_str_eq(w, TP_S("wave")) || tp_str_eq(w, TP_S("any")) ||
                   tp_str_eq(w, TP_S("number")) || tp_str_eq(w, TP_S("text")) ||
                   tp_str_eq(w, TP_S("vector")) || tp_str_eq(w, TP_S("whole"))))
            printf("  %s takes '%.*s'\n", f->name, TP_F(w));
    }
    CHECK(args <= TP_ARG_MAX);
}

static void example_holds(const scene *in, const tp_fn *f)
{
    tp_str got = shown(in, f->example);
    if (!CHECK(tp_str_eq(got, tp_str_of(f->shows))))
        printf("  %s\n  got    %.*s\n  wanted %s\n", f->example, TP_F(got),
               f->shows);
}

static void rows_hold(const scene *in)
{
    tp_dialect dialect = (tp_dialect)in->dialect;
    rows = 0;
    for (const tp_fn_group *g = tp_functions_of(dialect); g->title; g++) {
        for (const tp_fn *f = g->fn; f->name; f++) {
            rows++;
            row_is_complete(f, dialect);
            example_holds(in, f);
        }
    }
    CHECK(rows >= 30);
}

static void test_examples__show_what_the_row_says(void)
{
    CHECK(tp_functions() == tp_functions_of(TP_SIMETRIX));
    rows_hold(&(scene){0});
}

/* `square` is x^2 at 0, 1, 2, 3; `turning` a signal of phase -i/4 turns at 1,
   2, 3 Hz. */
static void test_examples__of_nutmeg_show_what_the_row_says(void)
{
    static const double x[] = {0, 1, 2, 3}, y[] = {0, 1, 4, 9};
    static const double re[] = {0, -1, 0}, im[] = {-1, 0, 1};
    tp_wave             square = {.n = 4, .x = x, .re = y};
    tp_wave             turning = {.n = 3, .x = x + 1, .re = re, .im = im};
    scene               in = {.dialect = TP_NUTMEG};
    scene_bind(&in, "square", tp_value_wave(&square));
    scene_bind(&in, "turning", tp_value_wave(&turning));
    rows_hold(&in);
}

static void test_examples__case_of_a_name_is_ignored(void)
{
    CHECK(tp_function_find(TP_S("INTERP")) == tp_function_find(TP_S("interp")));
    CHECK(tp_function_find(TP_S("Interp")) != NULL);
    CHECK(tp_function_find(TP_S("")) == NULL);
    CHECK(tp_function_find(TP_S("interpo")) == NULL);
}

static const check_test tests[] = {
    CHECK_TEST(test_examples__show_what_the_row_says),
    CHECK_TEST(test_examples__of_nutmeg_show_what_the_row_says),
    CHECK_TEST(test_examples__case_of_a_name_is_ignored),
    {0},
};

int main(void)
{
    return check_main(tests);
}
