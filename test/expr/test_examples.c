/* Every builtin's row: complete, a name of its own, and its example shows what
   the row says. */
#include "evaluate.h"
#include "expr/tree.h"

static int rows;

static void row_is_complete(const tp_fn *f, tp_dialect dialect)
{
    const tp_fn *found = tp_function_find(dialect, tp_str_of(f->name));
    bool         access = dialect == TP_OCEAN && !f->call;
    CHECK(f->takes && f->gives && f->text && f->example && f->shows);
    CHECK(f->call || access);
    CHECK(f->text[strlen(f->text) - 1] == '.');
    CHECK(found && (found == f || dialect == TP_OCEAN));
    CHECK(strstr(f->example, f->name) != NULL);
    int args = 0;
    for (tp_str w, t = tp_str_of(f->takes); (w = tp_str_word(&t, " ")).len;) {
        if (w.at[0] == '[') w = tp_str_part(w, 1, w.len - 2);
        w = tp_str_word(&w, "=");
        if (dialect == TP_OCEAN) w = tp_str_from(w, tp_str_find(w, ':', 0) + 1);
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

static void bind_wave(scene *in, const char *name, const double re[3],
                      const char *unit)
{
    static const double x[] = {1, 2, 4};
    tp_wave             w = {.n = 3, .x = x, .re = re, .unit = tp_str_of(unit)};
    scene_bind(in, name, tp_value_wave(&w));
}

static void bind_number(scene *in, const char *name, double v, const char *unit)
{
    scene_bind(in, name, tp_value_number(v, tp_str_of(unit)));
}

static void test_examples__of_ocean_show_what_the_row_says(void)
{
    static const double up[] = {0, 1, 3}, two[] = {0, 1, 2}, ten[] = {10, 9, 1};
    static const double down[] = {0, -1, -2}, three[] = {3, 3, 3};
    static const double noise[] = {2, 2, 2}, five[] = {5, 5, 5};
    scene               in = {.dialect = TP_OCEAN};
    bind_wave(&in, "VT(\"/OUT\")", up, "V");
    bind_wave(&in, "v(\"/OUT\" ?result \"tran\")", up, "V");
    bind_wave(&in, "VF(\"/OUT\")", ten, "V");
    bind_wave(&in, "VS(\"/OUT\")", two, "V");
    bind_wave(&in, "IT(\"/V0/PLUS\")", down, "A");
    bind_wave(&in, "i(\"/V0/PLUS\" ?result \"tran\")", down, "A");
    bind_wave(&in, "IF(\"/V0/PLUS\")", five, "A");
    bind_wave(&in, "IS(\"/V0/PLUS\")", down, "A");
    bind_wave(&in, "OS(\"/M1\" \"gm\")", two, "S");
    bind_wave(&in, "OT(\"/M1\" \"gm\")", three, "S");
    bind_wave(&in, "VN()", noise, "V/rtHz");
    bind_number(&in, "VDC(\"/net1\")", 1.2, "V");
    bind_number(&in, "IDC(\"/V0/PLUS\")", -2, "A");
    bind_number(&in, "OP(\"/M1\" \"gm\")", 0.003, "S");
    bind_number(&in, "OP(\"/M1\" \"id\")", 0.0002, "A");
    bind_number(&in, "pv(\"/M1\" \"gm\" ?result \"dcOpInfo\")", 0.003, "S");
    bind_number(&in, "getData(\"/NM0:gm\" ?result \"dcOpInfo\")", 0.002, "S");
    bind_number(&in, "VAR(\"Cc\")", 4, "");
    rows_hold(&in);
}

static void test_examples__case_of_a_name_is_ignored(void)
{
    CHECK(tp_function_find(TP_SIMETRIX, TP_S("INTERP")) ==
          tp_function_find(TP_SIMETRIX, TP_S("interp")));
    CHECK(tp_function_find(TP_SIMETRIX, TP_S("Interp")) != NULL);
    CHECK(tp_function_find(TP_SIMETRIX, TP_S("")) == NULL);
    CHECK(tp_function_find(TP_SIMETRIX, TP_S("interpo")) == NULL);
}

static const check_test tests[] = {
    CHECK_TEST(test_examples__show_what_the_row_says),
    CHECK_TEST(test_examples__of_nutmeg_show_what_the_row_says),
    CHECK_TEST(test_examples__of_ocean_show_what_the_row_says),
    CHECK_TEST(test_examples__case_of_a_name_is_ignored),
    {0},
};

int main(void)
{
    return check_main(tests);
}
