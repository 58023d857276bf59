/* What ngspice says while it reads a circuit -> notices with their lines. */
#include "check.h"

#include "sim/parts.h"

static const char circuit[] = "* t\n.param p=1\n.model d2 d\n"
                              ".model dm d is=1e-14 bogus=5\n"
                              ".ic v(a)=1\n.subckt s a b\n"
                              ".model di d cnone=3\n.ends\n.end\n";

static const tp_sim_notice *read(const char *const *line, int *n)
{
    tp_warnings *w = TP_NEW(check_mem(), tp_warnings, 1);
    for (int i = 0; line[i]; i++) tp_warnings_add(w, tp_str_of(line[i]));
    return tp_warnings_take(w, tp_str_of(circuit), n, check_mem());
}

static void test_warnings__are_told_with_their_lines(void)
{
    static const char *const line[] = {
        "Note: no compatibility mode",
        "Warning: Nesting of subcircuits with parameters is only marginally",
        "   Please check line r1 a b 1",
        "Warning : IC on non-existent node - zip, ignored",
        "   Please check line .ic v(a)=1",
        "",
        "Warning: Model issue on line 4 :",
        "  .model dm d is=1e-14 bogus=5 ...",
        "unrecognized parameter (bogus) - ignored",
        "Warning: Model issue on line 0 :",
        "  .model x1:di d cnone=3 ...",
        "unrecognized parameter (cnone) - ignored",
        "Warning: Model issue on line 0 :",
        "  .model x2:x1:di d cnone=3 ...",
        "unrecognized parameter (cnone) - ignored",
        "Warning: Model issue on line 9 :",
        "  .model gone d cnone=3 ...",
        "unrecognized parameter (cnone) - ignored",
        "Warning: option x is currently unsupported.",
        NULL};
    static const tp_sim_notice wanted[] = {
        {{"IC on non-existent node - zip, ignored", 38}, 5},
        {{"unrecognized parameter (bogus) - ignored", 40}, 4},
        {{"unrecognized parameter (cnone) - ignored", 40}, 7},
        {{"unrecognized parameter (cnone) - ignored (in: .model gone d "
          "cnone=3)",
          68},
         0},
        {{"option x is currently unsupported.", 34}, 0},
    };
    int                  n;
    const tp_sim_notice *got = read(line, &n);
    if (!CHECK_INT(n, TP_COUNT(wanted))) return;
    for (int i = 0; i < n; i++) {
        CHECK(tp_str_eq(got[i].text, wanted[i].text));
        CHECK_INT(got[i].line, wanted[i].line);
    }
}

static void test_warnings__have_a_limit(void)
{
    tp_warnings *w = TP_NEW(check_mem(), tp_warnings, 1);
    int          n;
    for (int i = 0; i < 1000; i++)
        tp_warnings_add(
            w, tp_str_fmt(check_mem(), "Warning: number %d %0*d", i, i, 0));
    tp_warnings_take(w, tp_str_of(circuit), &n, check_mem());
    CHECK_INT(n, TP_WARNINGS_MAX);
}

static const check_test tests[] = {
    CHECK_TEST(test_warnings__are_told_with_their_lines),
    CHECK_TEST(test_warnings__have_a_limit),
    {0},
};

int main(void)
{
    return check_main(tests);
}
