/* Post-process scripts: statements, options, where an expression ends, names,
   places, and where scripts come from. */
#include "deck.h"

#include <stdlib.h>
#include <unistd.h>

/* A deck in single-analysis mode with this script. */
#define DECK                                          \
    "a divider\nV1 in 0 1\nR1 in out {ra}\n"          \
    "R2 out 0 1k\n.data Ref 1 2 3\n"                  \
    ".dc V1 0 1 0.5 analysis_id=dc_0 sweep opt "      \
    "optparams=ra optinitvals=1k\n"                   \
    ".optspec measure=\"maximum(out)\" type=minimum " \
    "analysis_id=dc_0\n.post_process show a b\n.file Show\n"

static bool read_script(tp_problem *p, const char *lines)
{
    tp_str text = tp_str_fmt(check_mem(), DECK "%s\n.endf\n", lines);
    return deck_read(p, text.at) && CHECK_INT(p->n_post, 1);
}

static void test_script__let(void)
{
    tp_problem p;
    if (!read_script(&p, "Let a = 3\n  LET Big_1=a*2\nlet a = big_1 + ref[0]"))
        return;
    const tp_step *s = p.post->step;
    CHECK_STR(p.post->name, "show");
    CHECK_STR(p.post->arguments, "a b");
    if (!CHECK_INT(p.post->n, 3)) return;
    CHECK_STR(s[0].name, "a");
    CHECK_STR(s[0].text, "3");
    CHECK_STR(s[1].name, "big_1");
    CHECK_INT(s[1].bind[0].kind, TP_BIND_LOCAL);
    CHECK_INT(s[1].bind[0].at, 0);
    CHECK_INT(s[2].bind[0].at, 1);
    CHECK_INT(s[2].bind[1].kind, TP_BIND_DATA);
    CHECK_INT(s[0].at.line, 10);
    CHECK_INT(s[1].at.line, 11);
    CHECK_INT(s[1].at.col, 3);
}

static void test_script__the_last_let_of_a_name_holds(void)
{
    tp_problem p;
    if (!read_script(&p, "Let a = 1\nLet a = a + 1\nLet b = a")) return;
    CHECK_INT(p.post->step[1].bind[0].at, 0);
    CHECK_INT(p.post->step[2].bind[0].at, 1);
}

static void test_script__options(void)
{
    static const struct {
        const char *line;
        int         n;
        const char *name, *value; /* of the last */
    } rows[] = {
        {"plot ref", 0, "", ""},
        {"plot /xlog ref", 1, "xlog", ""},
        {"PLOT /XLog /yAuto ref", 2, "yauto", ""},
        {"plot ref /ylog", 1, "ylog", ""},
        {"plot /title \"A b\" /name x/y ref", 2, "name", "x/y"},
        {"plot /xlabel 'V in' ref", 1, "xlabel", "V in"},
        {"plot /ylabel \"a /name b\" ref", 1, "ylabel", "a /name b"},
        {"plot /name \"\" ref", 1, "name", ""},
    };
    for (int i = 0; i < TP_COUNT(rows); i++) {
        tp_problem p;
        if (!read_script(&p, rows[i].line)) return;
        const tp_step *s = p.post->step;
        CHECK_INT(s->kind, TP_STEP_PLOT);
        CHECK_STR(s->text, "ref");
        if (!CHECK_INT(s->n_option, rows[i].n) || rows[i].n == 0) continue;
        CHECK_STR(s->option[s->n_option - 1].name, rows[i].name);
        CHECK_STR(s->option[s->n_option - 1].value, rows[i].value);
    }
}

static void test_script__y_and_x_expressions(void)
{
    static const struct {
        const char *line, *y;
        bool        over;
    } rows[] = {
        {"curve out", "out", false},
        {"curve out in", "out", true},
        {"curve out, in", "out", true},
        {"curve out*2 (in)", "out*2", true},
        {"curve out * 2", "out * 2", false},
        {"curve out - in", "out - in", false},
        {"curve -out -in", "-out -in", false},
        {"curve db (out)", "db (out)", false},
        {"curve out AND in", "out AND in", false},
        {"curve /name q (out + in) [0] in /xlog", "(out + in) [0]", true},
        {"curve (out - in)/out in", "(out - in)/out", true},
    };
    for (int i = 0; i < TP_COUNT(rows); i++) {
        tp_problem p;
        if (!read_script(&p, rows[i].line)) continue;
        CHECK_INT(p.post->step->kind, TP_STEP_CURVE);
        CHECK_STR(p.post->step->text, rows[i].y);
        CHECK_INT(p.post->step->over != NULL, rows[i].over);
    }
}

static void test_script__vectors_of_the_deck_are_wanted_once(void)
{
    tp_problem p;
    if (!read_script(&p, "curve r1#p[0] in\ncurve dc1:IN r1#p\nLet x = ra"))
        return;
    const tp_step *s = p.post->step;
    if (!CHECK_INT(p.n_want, 2)) return;
    CHECK_STR(p.want[0].signal.name, "r1#p");
    CHECK_STR(p.want[1].signal.name, "in");
    CHECK_INT(s[0].bind[0].kind, TP_BIND_DIVISIONS);
    CHECK_INT(s[0].bind[0].at, 0);
    CHECK_INT(s[0].over_bind[0].at, 1);
    CHECK_INT(s[1].bind[0].at, 1);
    CHECK_INT(s[1].over_bind[0].at, 0);
    CHECK_INT(s[2].bind[0].kind, TP_BIND_VAR);
}

static void test_script__echo(void)
{
    tp_problem p;
    if (!read_script(&p, "echo \"hello  there\"\necho plain text\n"
                         "echo best {in[0]} of {ra}\necho"))
        return;
    const tp_step *s = p.post->step;
    if (!CHECK_INT(p.post->n, 4)) return;
    CHECK_INT(s[0].kind, TP_STEP_ECHO);
    CHECK_STR(s[0].text, "hello  there");
    CHECK(s[0].expr == NULL);
    CHECK_STR(s[1].text, "plain text");
    CHECK_INT(s[2].n_bind, 2);
    CHECK_STR(s[3].text, "");
}

static void test_script__echo_joins_text_and_values(void)
{
    tp_problem p;
    if (!read_script(&p, "Let a = 42\necho \"a is {a}, twice {2*a}'\"")) return;
    const tp_step *s = &p.post->step[1];
    tp_value       bound = tp_value_number(42, (tp_str){"", 0});
    if (!CHECK_INT(s->n_bind, 1)) return;
    tp_value v = tp_expr_eval(s->expr, &bound, NULL, check_mem());
    CHECK_INT(v.kind, TP_STRING);
    CHECK_STR(v.text, "a is 42, twice 84'");
}

static void test_script__comments_and_continuations(void)
{
    tp_problem p;
    if (!read_script(&p, "* plot nothing\n\n   ** again\r\n"
                         "plot /name\n  + \"A b\"\n\n+ ref\nLet a = 2"))
        return;
    const tp_step *s = p.post->step;
    if (!CHECK_INT(p.post->n, 2)) return;
    CHECK_STR(s[0].option[0].value, "A b");
    CHECK_STR(s[0].text, "ref");
    CHECK_INT(s[0].at.line, 13);
    CHECK_INT(s[1].at.line, 17);
}

/* ---- where a script comes from ------------------------------------------ */

static const char folder_form[] = "/tmp/trimpot-front-XXXXXX";

static bool write_text(const char *folder, const char *name, const char *text)
{
    tp_err err = {0};
    tp_str path = tp_str_fmt(check_mem(), "%s/%s", folder, name);
    return CHECK_OK(tp_file_write(path.at, tp_str_of(text), &err), &err);
}

static const char disk_deck[] =
    "a divider\nV1 in 0 1\nR1 in 0 {ra}\n"
    ".dc V1 0 1 0.5 analysis_id=d sweep opt optparams=ra optinitvals=1\n"
    ".optspec measure=\"maximum(in)\" type=minimum analysis_id=d\n"
    ".post_process finish\n";

static void test_script__from_a_file_beside_the_deck(void)
{
    char folder[sizeof folder_form];
    memcpy(folder, folder_form, sizeof folder);
    if (!CHECK(mkdtemp(folder) != NULL)) return;
    write_text(folder, "deck.net", disk_deck);
    write_text(folder, "finish.sxscr", "* from disk\nplot in\n");
    tp_problem  p, again;
    tp_err      err = {0};
    const char *path = tp_str_fmt(check_mem(), "%s/deck.net", folder).at;
    if (CHECK_OK(tp_front_read(&p, path, NULL, check_mem(), &err), &err)) {
        CHECK_INT(p.post->n, 1);
        CHECK_INT(p.post->step->at.line, 2);
        CHECK_STR(tp_path_name(p.post->step->at.in->name), "finish.sxscr");
        CHECK_INT(p.files.n, 2);
    }
    write_text(folder, "finish.sxscr", "plot nothing\n"); /* not read again */
    CHECK_OK(tp_front_read(&again, path, &p.files, check_mem(), &err), &err);
    CHECK_INT(again.files.n, 2);
    CHECK_INT(again.post->n, 1);
    CHECK_INT(tp_front_read(&again, path, NULL, check_mem(), &err),
              TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.file), "/finish.sxscr");
    CHECK_INT(err.line, 1);
    CHECK_INT(err.col, 6);
    unlink(tp_str_fmt(check_mem(), "%s/deck.net", folder).at);
    unlink(tp_str_fmt(check_mem(), "%s/finish.sxscr", folder).at);
    rmdir(folder);
}

static const check_test tests[] = {
    CHECK_TEST(test_script__let),
    CHECK_TEST(test_script__the_last_let_of_a_name_holds),
    CHECK_TEST(test_script__options),
    CHECK_TEST(test_script__y_and_x_expressions),
    CHECK_TEST(test_script__vectors_of_the_deck_are_wanted_once),
    CHECK_TEST(test_script__echo),
    CHECK_TEST(test_script__echo_joins_text_and_values),
    CHECK_TEST(test_script__comments_and_continuations),
    CHECK_TEST(test_script__from_a_file_beside_the_deck),
    {0},
};

int main(void)
{
    return check_main(tests);
}
