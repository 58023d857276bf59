/* Post-process scripts over finished trials: what is drawn, said and written,
   and what is reported where a step has no value. */
#include "check.h"
#include "front/front.h"
#include "script/script.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#define DECK                                                             \
    "a diode\nV1 p 0 1\nD1 p 0 dut\n.model dut d is={is}\n"              \
    ".data Target format=XY 0.1 1 0.2 10 0.3 100\n"                      \
    ".dc V1 0.1 0.3 0.1 analysis_id=dc_0 sweep opt "                     \
    "optparams=is optinitvals=1f\n"                                      \
    ".optspec measure=\"maximum(d1#p)\" type=minimum analysis_id=dc_0\n" \
    ".post_process show\n.file show\n"

enum { TRIALS = 3, POINTS = 3 };

typedef struct scene {
    tp_problem        p;
    tp_script_results r;
    tp_trial          trial[TRIALS];
    double            x[TRIALS];
    const char       *folder;
    tp_buf            said;
    int               n_file;
} scene;

static void on_text(void *with, tp_str line)
{
    scene *s = with;
    tp_buf_fmt(&s->said, "%.*s\n", TP_F(line));
}

static void on_file(void *with, tp_str path)
{
    scene *s = with;
    CHECK(access(tp_str_z(check_mem(), path), R_OK) == 0);
    s->n_file++;
}

static const double volts[POINTS] = {0.1, 0.2, 0.3};

/* The waves of trial k: 10^(i + k); the second trial failed. */
static void add_trials(scene *s)
{
    for (int k = 0; k < TRIALS; k++) {
        tp_wave  *w = TP_NEW(check_mem(), tp_wave, s->p.n_want);
        tp_plot  *plot = TP_NEW(check_mem(), tp_plot, 1);
        tp_waves *all = TP_NEW(check_mem(), tp_waves, 1);
        for (int i = 0; i < s->p.n_want; i++) {
            double *re = TP_NEW(check_mem(), double, POINTS);
            for (int j = 0; j < POINTS; j++) re[j] = pow(10, j + k);
            w[i] = (tp_wave){.name = TP_S("d1#p"),
                             .unit = TP_S("A"),
                             .x_unit = TP_S("V"),
                             .n = POINTS,
                             .x = volts,
                             .re = re};
        }
        *plot = (tp_plot){.n_wave = s->p.n_want, .wave = w, .op = -1};
        *all = (tp_waves){1, plot};
        s->x[k] = 1e-15 * (k + 1);
        s->trial[k] = (tp_trial){
            .number = k + 1, .x = &s->x[k], .waves = k == 1 ? NULL : all};
    }
    s->r = (tp_script_results){TRIALS, s->trial, 3};
}

/* A deck with this script, or these lines after it. */
static bool make(scene *s, const char *lines)
{
    tp_err     err = {0};
    tp_str     text = tp_str_fmt(check_mem(), DECK "%s\n.endf\n", lines);
    tp_source *source = TP_NEW(check_mem(), tp_source, 1);
    tp_files   files = {.n = 1, .file = source};
    *source = (tp_source){TP_S("deck.net"), text};
    *s = (scene){.said = {.mem = check_mem()}};
    if (!CHECK_OK(tp_front_read(&s->p, "deck.net", &files, check_mem(), &err),
                  &err))
        return false;
    char *folder = tp_str_z(check_mem(), TP_S("/tmp/tp_post_XXXXXX"));
    if (!CHECK(mkdtemp(folder) != NULL)) return false;
    s->folder = folder;
    add_trials(s);
    return true;
}

static tp_status go(scene *s, tp_err *err)
{
    tp_script_sink sink = {s, on_text, on_file};
    *err = (tp_err){0};
    return tp_scripts_run(&s->p, &s->r, tp_str_of(s->folder), &sink,
                          check_mem(), err);
}

static tp_str said(const scene *s)
{
    return tp_buf_str(&s->said);
}

static tp_str written(const scene *s, const char *name)
{
    tp_str text = {"", 0};
    tp_err err = {0};
    tp_str path = tp_str_fmt(check_mem(), "%s/%s", s->folder, name);
    CHECK_OK(tp_file_read(&text, tp_str_z(check_mem(), path), 1 << 20,
                          check_mem(), &err),
             &err);
    return text;
}

/* Removes what was written; how many files there were. */
static int clear(const scene *s)
{
    int  n = 0;
    DIR *d = opendir(s->folder);
    for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
        if (e->d_name[0] == '.') continue;
        unlink(tp_str_z(check_mem(), tp_str_fmt(check_mem(), "%s/%s", s->folder,
                                                e->d_name)));
        n++;
    }
    if (d) closedir(d);
    rmdir(s->folder);
    return n;
}

static bool contains(tp_str s, const char *part)
{
    tp_str p = tp_str_of(part);
    for (ptrdiff_t i = 0; i + p.len <= s.len; i++)
        if (tp_str_eq(tp_str_part(s, i, p.len), p)) return true;
    return false;
}

static void test_post__draws_target_and_best(void)
{
    scene  s;
    tp_err err;
    if (!make(&s, "Let data = Target\nplot /name Aim data\n"
                  "Let best = OptimiserSimulatorResults()-1\n"
                  "curve /name \"Best fit\" d1#p[best]"))
        return;
    CHECK_OK(go(&s, &err), &err);
    CHECK_STR(said(&s), "");
    CHECK_INT(s.n_file, 2);
    tp_str t = written(&s, "deck-show-1.svg");
    CHECK_HAS(t, "<svg");
    CHECK(written(&s, "deck-show-1.png").len > 1000);
    CHECK_INT(clear(&s), 2);
}

static void test_post__echo_gives_values(void)
{
    scene  s;
    tp_err err;
    if (!make(&s, "Let best = OptimiserSimulatorResults()\nEcho {best}\n"
                  "Let d = d1#p[best-1]\nEcho {d[1]}\nEcho a text\n"
                  "Echo {target[2]}"))
        return;
    CHECK_OK(go(&s, &err), &err);
    CHECK_STR(said(&s), "3\n1000\na text\n100\n");
    CHECK_INT(clear(&s), 0);
}

static void test_post__every_plot_is_a_graph(void)
{
    scene  s;
    tp_err err;
    if (!make(&s, "curve target\nplot target\ncurve target\nplot target"))
        return;
    CHECK_OK(go(&s, &err), &err);
    CHECK_INT(s.n_file, 6); /* a curve alone begins one too */
    CHECK_INT(clear(&s), 6);
}

static void test_post__a_step_without_a_value_is_named(void)
{
    scene  s;
    tp_err err;
    if (!make(&s, "Let a = 1/0\nplot d1#p[1]\nLet b = a + 1\ncurve target"))
        return;
    CHECK_INT(go(&s, &err), TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "3 steps of the post-process script");
    CHECK_HAS(said(&s), "deck.net:10: Let a: ");
    CHECK_HAS(said(&s), "deck.net:11: 'd1#p[1]': trial 2 left no waves\n");
    CHECK_HAS(said(&s), "deck.net:12: Let b: ");
    CHECK_INT(s.n_file, 2); /* the rest is drawn */
    CHECK_INT(clear(&s), 2);
}

static void test_post__divisions_draw_each_trial_that_has_waves(void)
{
    scene  s;
    tp_err err;
    if (!make(&s, "plot d1#p\nEcho {d1#p[7]}")) return;
    CHECK_INT(go(&s, &err), TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "1 step of");
    CHECK_HAS(said(&s), "deck.net:11: ");
    CHECK_INT(clear(&s), 2);
}

static void test_post__without_a_best_trial(void)
{
    scene  s;
    tp_err err;
    if (!make(&s, "Let best = OptimiserSimulatorResults()\nplot target"))
        return;
    s.r.best = 0;
    CHECK_INT(go(&s, &err), TP_BAD_INPUT);
    CHECK_HAS(said(&s), "Let best: ");
    CHECK_INT(clear(&s), 2);
}

/* The same graph gives the same PNG; another axis another one. */
static void test_post__axes_follow_the_options(void)
{
    static const struct {
        const char *line;
        bool        log;
    } row[] = {
        {"plot target", false},
        {"plot /ylog target", true},
        {"plot /yauto target", true}, /* 1 to 100: two decades */
        {"plot /xauto target", false},
    };
    tp_str linear = {"", 0};
    for (int i = 0; i < TP_COUNT(row); i++) {
        scene  s;
        tp_err err;
        if (!make(&s, row[i].line)) return;
        CHECK_OK(go(&s, &err), &err);
        tp_str t = written(&s, "deck-show-1.png");
        if (i == 0) linear = t;
        if (!CHECK(tp_str_eq(t, linear) == !row[i].log)) puts(row[i].line);
        clear(&s);
    }
}

static void test_post__labels_stand_in_the_picture(void)
{
    scene  s, plain;
    tp_err err;
    if (!make(&s, "plot /title Great /xlabel \"V in\" /ylabel I target"))
        return;
    CHECK_OK(go(&s, &err), &err);
    if (!make(&plain, "plot target")) return;
    CHECK_OK(go(&plain, &err), &err);
    CHECK(!tp_str_eq(written(&s, "deck-show-1.png"),
                     written(&plain, "deck-show-1.png")));
    clear(&s);
    clear(&plain);
}

static void test_post__x_values_must_fit(void)
{
    scene  s;
    tp_err err;
    if (!make(&s, "plot target target\ncurve target 3")) return;
    CHECK_INT(go(&s, &err), TP_BAD_INPUT);
    CHECK_HAS(said(&s), "deck.net:11: the x values are no vector of the same "
                        "length");
    CHECK_INT(clear(&s), 2);
}

static void test_post__folder_that_is_not_there(void)
{
    scene  s;
    tp_err err;
    if (!make(&s, "plot target")) return;
    clear(&s);
    CHECK_INT(go(&s, &err), TP_IO);
    CHECK_HAS(tp_str_of(err.msg), "deck-show-1.svg");
}

static void test_post__file_names_stay_in_the_folder(void)
{
    tp_problem p = {.name = TP_S("deck")};
    tp_post    post = {.name = TP_S("../x/y")};
    CHECK_STR(tp_script_file(&p, &post, 2, "svg", check_mem()),
              "deck-.._x_y-2.svg");
}

/* The same script twice does not write over its own pictures. */
static void test_post__counts_on_for_the_same_script(void)
{
    scene  s;
    tp_err err;
    if (!make(&s, "plot target")) return;
    tp_post two[] = {s.p.post[0], s.p.post[0]};
    s.p.post = two;
    s.p.n_post = 2;
    CHECK_OK(go(&s, &err), &err);
    CHECK(contains(written(&s, "deck-show-2.svg"), "<svg"));
    CHECK_INT(clear(&s), 4);
}

static const check_test tests[] = {
    CHECK_TEST(test_post__draws_target_and_best),
    CHECK_TEST(test_post__echo_gives_values),
    CHECK_TEST(test_post__every_plot_is_a_graph),
    CHECK_TEST(test_post__a_step_without_a_value_is_named),
    CHECK_TEST(test_post__divisions_draw_each_trial_that_has_waves),
    CHECK_TEST(test_post__without_a_best_trial),
    CHECK_TEST(test_post__axes_follow_the_options),
    CHECK_TEST(test_post__labels_stand_in_the_picture),
    CHECK_TEST(test_post__x_values_must_fit),
    CHECK_TEST(test_post__folder_that_is_not_there),
    CHECK_TEST(test_post__file_names_stay_in_the_folder),
    CHECK_TEST(test_post__counts_on_for_the_same_script),
    {0},
};

int main(void)
{
    return check_main(tests);
}
