/* The user's text with stretches replaced: everything else byte for byte. */
#include "../check.h"
#include "netlist/deck.h"
#include "texts.h"

static const char text[] = "title\r\n*#SIMETRIX\n  R1 a 0\t{R}  \n.optimiser\n"
                           "+ optparams=[R]\n+ optinitvals=[1k]\n\n.op";

static tp_edit at(const tp_deck *d, int line, int col, int len,
                  const char *with)
{
    return (tp_edit){{&d->file[0], line, col}, len, tp_str_of(with)};
}

static tp_status edited(tp_str *out, const tp_deck *d, const tp_edit *edit,
                        int n, tp_err *err)
{
    return tp_source_edit(out, tp_deck_files(d).file, edit, n, check_mem(),
                          err);
}

static void test_edit__replaces_stretches_only(void)
{
    tp_deck *d = deck_of(text);
    tp_str   out = {"", 0};
    tp_err   err = {0};
    if (!d) return;
    tp_edit edit[] = {at(d, 6, 16, 2, "2345.678"), at(d, 1, 1, 5, "new title"),
                      at(d, 3, 11, 1, "")};
    CHECK_OK(edited(&out, d, edit, 3, &err), &err);
    CHECK_STR(out, "new title\r\n*#SIMETRIX\n  R1 a 0\t{}  \n.optimiser\n"
                   "+ optparams=[R]\n+ optinitvals=[2345.678]\n\n.op");
}

static void test_edit__without_edits_is_the_text(void)
{
    tp_deck *d = deck_of(text);
    tp_str   out = {"", 0};
    tp_err   err = {0};
    if (!d) return;
    CHECK_OK(edited(&out, d, NULL, 0, &err), &err);
    CHECK_STR(out, text);
}

static void test_edit__reaches_both_ends(void)
{
    tp_deck *d = deck_of(text);
    tp_str   out = {"", 0};
    tp_err   err = {0};
    if (!d) return;
    tp_edit edit[] = {at(d, 8, 4, 0, " "), at(d, 1, 1, 0, "* ")};
    CHECK_OK(edited(&out, d, edit, 2, &err), &err);
    CHECK_INT(out.len, (ptrdiff_t)sizeof text - 1 + 3);
    CHECK_STR(tp_str_part(out, 0, 4), "* ti");
    CHECK_STR(tp_str_from(out, out.len - 4), ".op ");
}

static void fails(const tp_deck *d, const tp_edit *edit, int n,
                  const char *part)
{
    tp_str out;
    tp_err err = {0};
    CHECK_INT(edited(&out, d, edit, n, &err), TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), part);
}

static void test_edit__refuses_what_is_not_there(void)
{
    tp_deck *d = deck_of(text);
    if (!d) return;
    tp_source other = {TP_S("b.inc"), TP_S("x")};
    tp_edit   overlap[] = {at(d, 3, 5, 4, "x"), at(d, 3, 8, 1, "y")};
    tp_edit   line = at(d, 9, 1, 1, "x"), col = at(d, 2, 99, 1, "x");
    tp_edit   end = at(d, 8, 1, 4, "x");
    tp_edit   foreign = {{&other, 1, 1}, 1, TP_S("y")};
    fails(d, overlap, 2, "overlap");
    fails(d, &line, 1, "line 9, column 1: there is no text of 1 bytes");
    fails(d, &col, 1, "column 99");
    fails(d, &end, 1, "4 bytes");
    fails(d, &foreign, 1, "not in the main file: only 'd.net'");
}

static const check_test tests[] = {
    CHECK_TEST(test_edit__replaces_stretches_only),
    CHECK_TEST(test_edit__without_edits_is_the_text),
    CHECK_TEST(test_edit__reaches_both_ends),
    CHECK_TEST(test_edit__refuses_what_is_not_there),
    {0},
};

int main(void)
{
    return check_main(tests);
}
