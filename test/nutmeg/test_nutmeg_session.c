/* The session from outside: lines and blocks, interruption, limits, freezing,
   plots of the owner, completion, files. */
#include "fake.h"

#include <stdlib.h>
#include <unistd.h>

static const tp_place at_prompt = {NULL, 1, 1};

static tp_status line(scene *s, const char *text, bool *open, tp_err *err)
{
    return tp_nutmeg_line(s->m, tp_str_of(text), at_prompt, open, err);
}

static double number(scene *s, const char *text)
{
    tp_err   err = {0};
    tp_value v = tp_nutmeg_eval(s->m, tp_str_of(text), check_mem(), &err);
    if (v.kind == TP_NONE) printf("%s: %s\n", text, v.why);
    v = tp_value_scalar(&v, check_mem());
    return v.kind == TP_NUMBER ? v.re : NAN;
}

static void test_session__a_block_is_collected_over_lines(void)
{
    scene  s;
    bool   open = true;
    tp_err err = {0};
    if (!scene_open(&s, TP_S("."))) return;
    CHECK_OK(line(&s, "let n = 0", &open, &err), &err);
    CHECK(!open);
    CHECK_OK(line(&s, "repeat 3", &open, &err), &err);
    CHECK(open);
    CHECK_OK(line(&s, "  if n < 2", &open, &err), &err);
    CHECK_OK(line(&s, "    let n = n + 1", &open, &err), &err);
    CHECK_OK(line(&s, "  end", &open, &err), &err);
    CHECK(open);
    CHECK_NEAR(number(&s, "n"), 0, 0);
    CHECK_OK(line(&s, "end", &open, &err), &err);
    CHECK(!open);
    CHECK_NEAR(number(&s, "n"), 2, 0);
    scene_close(&s);
}

static void test_session__an_error_leaves_the_prompt_alive(void)
{
    scene  s;
    bool   open = true;
    tp_err err = {0};
    if (!scene_open(&s, TP_S("."))) return;
    CHECK_OK(line(&s, "while 1", &open, &err), &err);
    CHECK_INT(line(&s, "else", &open, &err), TP_BAD_INPUT);
    CHECK(!open);
    err = (tp_err){0};
    CHECK_OK(line(&s, "let a = 1", &open, &err), &err);
    CHECK_INT(line(&s, "  nosuch a", &open, &err), TP_BAD_INPUT);
    CHECK_INT(err.col, 3);
    CHECK_NEAR(number(&s, "a + 1"), 2, 0);
    scene_close(&s);
}

static void test_session__an_interrupt_ends_a_loop(void)
{
    scene  s;
    tp_err err = {0};
    if (!scene_open(&s, TP_S("."))) return;
    s.stop_after = 5;
    CHECK_INT(scene_run(&s, "while 1\necho x\nend\n", &err), TP_INTERRUPTED);
    CHECK_STR(tp_buf_str(&s.out), "x\nx\nx\nx\nx\n");
    CHECK_STR(scene_says(&s, "echo alive"), "alive\n");
    scene_close(&s);
}

static void test_session__a_dead_simulator_is_told_from_bad_input(void)
{
    scene  s;
    tp_err err = {0};
    if (!scene_open(&s, TP_S(".")) || !scene_load(&s)) return;
    s.sim.dead = true;
    CHECK_INT(scene_run(&s, "op", &err), TP_SIM);
    s.sim.dead = false;
    CHECK_OK(scene_run(&s, "op", &err), &err);
    scene_close(&s);
}

static void test_session__nothing_runs_without_a_circuit(void)
{
    scene s;
    if (!scene_open(&s, TP_S("."))) return;
    CHECK_STR(scene_says(&s, "op"), "error 1:1: there is no circuit (`source "
                                    "FILE` loads one)\n");
    CHECK_STR(scene_says(&s, "print @r1"),
              "error 1:7: '@r1' has no value: '@r1': there is no circuit\n");
    scene_close(&s);
}

/* ---- limits ------------------------------------------------------------- */

static void test_session__nesting_is_limited(void)
{
    scene  s;
    tp_buf b = {.mem = check_mem()};
    tp_err err = {0};
    if (!scene_open(&s, TP_S("."))) return;
    for (int i = 0; i < 101; i++) tp_buf_add(&b, TP_S("if 1\n"));
    for (int i = 0; i < 101; i++) tp_buf_add(&b, TP_S("end\n"));
    CHECK_INT(tp_nutmeg_run(s.m, tp_buf_str(&b), at_prompt, &err), TP_LIMIT);
    CHECK_Z(err.msg, "over 100 blocks inside each other");
    b.len = 0;
    tp_buf_add(&b, TP_S("if 0\n"));
    for (int i = 0; i < 20000; i++) tp_buf_add(&b, TP_S("elseif 0\n"));
    tp_buf_add(&b, TP_S("else\necho deep\nend\n"));
    err = (tp_err){0};
    CHECK_OK(tp_nutmeg_run(s.m, tp_buf_str(&b), at_prompt, &err), &err);
    CHECK_STR(tp_buf_str(&s.out), "deep\n");
    scene_close(&s);
}

static void test_session__texts_are_limited(void)
{
    scene  s;
    tp_err err = {0};
    if (!scene_open(&s, TP_S("."))) return;
    CHECK_INT(scene_run(&s,
                        "set a = xxxxxxxxxxxxxxxx\nrepeat 20\n"
                        "set a = \"$a$a\"\nend\n",
                        &err),
              TP_LIMIT);
    CHECK_HAS(tp_str_of(err.msg), "over 65536 bytes");
    CHECK_INT(err.line, 3);
    CHECK_INT(scene_run(&s,
                        "let v = vector(1000)\nrepeat 20\nset a = \"$&v "
                        "$&v\"\nend\n",
                        &err),
              TP_OK);
    char *many = TP_NEW(check_mem(), char, 100000);
    memset(many, 'x', 99999);
    CHECK_INT(scene_run(&s, many, &err), TP_LIMIT);
    CHECK_INT(line(&s, many, NULL, &err), TP_LIMIT);
    scene_close(&s);
}

static void test_session__vectors_are_limited(void)
{
    scene  s;
    tp_err err = {0};
    if (!scene_open(&s, TP_S("."))) return;
    const char *script = "let k = 0\nrepeat 1000\nsetplot new\n"
                         "let v = vector(1000000)\nlet const.k = k + 1\nend\n";
    CHECK_INT(scene_run(&s, script, &err), TP_LIMIT);
    CHECK_HAS(tp_str_of(err.msg), "destroy plots");
    CHECK_INT(err.line, 4);
    CHECK_NEAR(number(&s, "k"), 16, 0);
    CHECK_STR(scene_says(&s, "destroy all\nlet w = vector(1000000)\n"
                             "print w[999999]"),
              "w[999999] = 9.999990e+05\n");
    scene_close(&s);
}

/* A hundred thousand turns need no more memory than a few. */
static void test_session__loops_use_memory_again(void)
{
    scene  s;
    tp_err err = {0};
    if (!scene_open(&s, TP_S(".")) || !scene_load(&s)) return;
    s.sim.log = (tp_buf){.mem = check_mem()};
    CHECK_OK(scene_run(&s,
                       "let i = 0\nwhile i < 20000\nlet i = i + 1\n"
                       "let v = vector(20) + i\nset s = \"turn $&i\"\nend\n"
                       "repeat 2000\nop\ndestroy all\nend\n",
                       &err),
             &err);
    CHECK_NEAR(number(&s, "v[19]"), 20019, 0);
    const tp_plot *plot = NULL;
    CHECK_INT(tp_nutmeg_plots(s.m, &plot, NULL), 1);
    scene_close(&s);
}

/* ---- freeze and thaw ---------------------------------------------------- */

static void test_session__a_frozen_session_goes_on_elsewhere(void)
{
    scene       a, b;
    tp_err      err = {0};
    const char *script =
        "let g = 3\nlet z = 1+2*i\nset l = ( x y )\nset one = 1\nset flag\n"
        "define f(x) x + g\nalter r1 = 3k\nalter r1 = 1k\nalter v1 = 4\n"
        "alterparam p = 3k\nreset\nalter r1 = 500\nset temp = 60\nop\n"
        "nameplot best\nop\nlet m = vector(4)\nreshape m[2,2]\n";
    if (!scene_open(&a, TP_S(".")) || !scene_load(&a)) return;
    if (!scene_open(&b, TP_S(".")) || !scene_load(&b)) return;
    CHECK_OK(scene_run(&a, script, &err), &err);
    const char *draw = "print rnd(1000) rndunif(1)";
    tp_str      frozen = tp_nutmeg_freeze(a.m, NULL, 0, check_mem());
    b.sim.log.len = 0;
    CHECK_OK(tp_nutmeg_thaw(b.m, frozen, &err), &err);
    CHECK_STR(tp_buf_str(&b.sim.log), "alterparam p = 3000\nreset\n"
                                      "alter @r1[resistance] = 500\n"
                                      "option temp = 60\n");
    static const char *const look[] = {
        "echo $plots $curplot $l $#l $one $?flag $temp",
        "print g z f(2) best.v(2) op1.v(1) @r1",
        "print line m\ndisplay m",
        "op\nprint v(2) v(1)",
    };
    for (int i = 0; i < TP_COUNT(look); i++) {
        tp_str first = tp_str_copy(check_mem(), scene_says(&a, look[i]));
        CHECK_STR(scene_says(&b, look[i]), tp_str_z(check_mem(), first));
    }
    tp_str first = tp_str_copy(check_mem(), scene_says(&a, draw));
    CHECK_STR(scene_says(&b, draw), tp_str_z(check_mem(), first));
    CHECK(number(&b, "v(2)") == 10 * 3000. / 3500);
    scene_close(&a);
    scene_close(&b);
}

/* What a trial changed is taken back without reading the circuit again. */
static void test_session__thawing_takes_the_shortest_way(void)
{
    static const struct {
        const char *before, *trial, *sent;
    } row[] = {
        {"alter r1 = 2k", "let @r2 = 5\nalter r1 = 3k\naltermod dm is = 1f",
         "alter @r2[resistance] = 1000\naltermod @dm[is] = 1e-14\n"
         "alter @r1[resistance] = 2000\n"},
        {"alter r1 = 2k", "op", ""},
        {"", "alter v1 = 3\nalter v1 = 4", "alter @v1[dc] = 10\n"},
        {"alter r1 = 2k", "alter @v1[pulse] = [ 0 1 ]",
         "reset\nalter @r1[resistance] = 2000\n"},
        {"alterparam p = 2k\nreset\nsave v(1)", "alterparam p = 3k\nreset",
         "reset\nalterparam p = 2000\nreset\nsave v(1)\n"},
        {"set temp = 40", "set temp = 60", "option temp = 40\n"},
        {"", "set temp = 60", "option temp = 27\nreset\n"},
        {"alter r1 = 2k", "alter v1 dc = 3\nalter v1 acmag = 2",
         "alter @v1[dc] = 10\nalter @v1[acmag] = 1\n"},
        {"alter v1 = 5", "alter v1 acmag = 2",
         "alter @v1[acmag] = 1\nalter @v1[dc] = 5\n"},
    };
    for (int i = 0; i < TP_COUNT(row); i++) {
        scene  s;
        tp_err err = {0};
        if (!scene_open(&s, TP_S(".")) || !scene_load(&s)) return;
        CHECK_OK(scene_run(&s, row[i].before, &err), &err);
        tp_str frozen = tp_nutmeg_freeze(s.m, NULL, 0, check_mem());
        for (int turn = 0; turn < 3; turn++) {
            CHECK_OK(scene_run(&s, row[i].trial, &err), &err);
            s.sim.log.len = 0;
            CHECK_OK(tp_nutmeg_thaw(s.m, frozen, &err), &err);
            CHECK_STR(tp_buf_str(&s.sim.log), row[i].sent);
        }
        scene_close(&s);
    }
}

static void test_session__only_kept_plots_are_frozen(void)
{
    scene  a, b;
    tp_err err = {0};
    tp_str keep[] = {TP_S("ac1")};
    if (!scene_open(&a, TP_S(".")) || !scene_load(&a)) return;
    if (!scene_open(&b, TP_S(".")) || !scene_load(&b)) return;
    CHECK_OK(scene_run(&a, "op\nac dec 1 1 10\nop\n", &err), &err);
    tp_str frozen = tp_nutmeg_freeze(a.m, keep, 1, check_mem());
    CHECK_OK(tp_nutmeg_thaw(b.m, frozen, &err), &err);
    CHECK_STR(scene_says(&b, "echo $plots\nsetplot ac1\nsetscale"),
              "const ac1\nfrequency\n");
    for (ptrdiff_t n = 0; n < frozen.len; n++)
        if (!CHECK(tp_nutmeg_thaw(b.m, tp_str_part(frozen, 0, n), &err))) break;
    scene_close(&a);
    scene_close(&b);
}

/* ---- the owner's side --------------------------------------------------- */

static void test_session__owners_plots_are_counted(void)
{
    scene          s;
    const double   x[] = {1, 2}, y[] = {3, 4};
    const tp_wave  w[] = {{.name = TP_S("iteration"), .n = 2, .re = x},
                          {.name = TP_S("@r1[resistance]"), .n = 2, .re = y}};
    const tp_plot  p = {.kind = TP_S("optimize"),
                        .x_name = TP_S("iteration"),
                        .n_wave = 2,
                        .wave = w,
                        .op = -1};
    const tp_plot *all = NULL;
    int            current = -1;
    if (!scene_open(&s, TP_S(".")) || !scene_load(&s)) return;
    CHECK_STR(tp_nutmeg_add_plot(s.m, &p, true), "optimize1");
    CHECK_STR(tp_nutmeg_add_plot(s.m, &p, false), "optimize2");
    CHECK_INT(tp_nutmeg_plots(s.m, &all, &current), 3);
    CHECK_INT(current, 1);
    CHECK_STR(all[2].ordinal, "optimize2");
    CHECK_NEAR(number(&s, "@r1[resistance][1]"), 4, 0);
    CHECK_NEAR(number(&s, "@r1[1]"), 4, 0);
    tp_nutmeg_destroy_plot(s.m, TP_S("optimize1"));
    CHECK_INT(tp_nutmeg_plots(s.m, &all, &current), 2);
    scene_run(&s, "setplot const", NULL);
    CHECK_NEAR(number(&s, "@r1"), 1000, 0);
    scene_close(&s);
}

static void test_session__variables_to_the_outside(void)
{
    scene s;
    if (!scene_open(&s, TP_S("."))) return;
    scene_run(&s, "set b = 6", NULL);
    CHECK_STR(tp_nutmeg_get(s.m, TP_S("b")), "6");
    CHECK_INT(tp_nutmeg_get(s.m, TP_S("c")).len, 0);
    scene_close(&s);
}

static void test_session__completion(void)
{
    scene  s;
    tp_str out[20];
    if (!scene_open(&s, TP_S("."))) return;
    CHECK_INT(tp_nutmeg_complete(s.m, TP_S("setp"), out, 20, check_mem()), 1);
    CHECK_STR(out[0], "setplot");
    scene_run(&s, "let setpoint = 1", NULL);
    CHECK_INT(tp_nutmeg_complete(s.m, TP_S("setp"), out, 20, check_mem()), 2);
    CHECK_INT(tp_nutmeg_complete(s.m, TP_S(""), out, 20, check_mem()), 20);
    scene_close(&s);
}

/* ---- files -------------------------------------------------------------- */

static tp_str folder(void)
{
    static char name[] = "/tmp/trimpot-nutmeg-XXXXXX";
    memcpy(name + sizeof name - 7, "XXXXXX", 6);
    return tp_str_of(mkdtemp(name));
}

static tp_str path_of(tp_str in, const char *name)
{
    return tp_path_join(in, tp_str_of(name), check_mem());
}

static void clear(tp_str in, const char *const *name)
{
    for (; *name; name++) unlink(tp_str_z(check_mem(), path_of(in, *name)));
    rmdir(tp_str_z(check_mem(), in));
}

static void test_session__raw_files_are_written_and_read(void)
{
    static const char *const files[] = {"a.raw", "b.raw", "c.data", NULL};
    scene                    s;
    tp_str                   in = folder(), text;
    tp_err                   err = {0};
    if (!scene_open(&s, in) || !scene_load(&s)) return;
    CHECK_STR(scene_says(&s, "ac dec 1 1 1k\nlet k = 2*v(2)\nwrite a.raw\n"
                             "write b.raw k mag(v(2))\nwrdata c k\n"),
              "file: a.raw\nfile: b.raw\nfile: c.data\n");
    CHECK_STR(scene_says(&s, "destroy all\nload a.raw b.raw\necho $plots\n"
                             "print mag(k[1]) frequency[3]\nsetscale\n"
                             "print ac1.v(2)[1]\n"),
              "const ac1 ac2\nmag(k[1]) = 1.414214e+00\n"
              "frequency[3] = 1.000000e+03\nfrequency\n"
              "ac1.v(2)[1] = 5.000000e-01,-5.00000e-01\n");
    const char *data = tp_str_z(check_mem(), path_of(in, "c.data"));
    CHECK_OK(tp_file_read(&text, data, 1000, check_mem(), &err), &err);
    CHECK_HAS(text, " 10 1 -1\n 100 0.4 -0.8\n");
    scene_close(&s);
    clear(in, files);
}

static void test_session__pictures(void)
{
    static const char *const files[] = {"deck-plot1.svg", "deck-plot1.png",
                                        "h.svg", NULL};
    scene                    s;
    tp_str                   in = folder(), text;
    tp_err                   err = {0};
    if (!scene_open(&s, in) || !scene_load(&s)) return;
    CHECK_STR(scene_says(&s, "dc v1 0 10 1\nlet a = v(2)^2\n"
                             "plot v(2) a vs sweep a vs v(2) title 'two "
                             "words' xlabel x ylimit 0 20\n"
                             "hardcopy h.svg v(2) xlimit 2 4 loglog\n"),
              "file: deck-plot1.svg\nfile: deck-plot1.png\nfile: h.svg\n");
    const char *svg = tp_str_z(check_mem(), path_of(in, "deck-plot1.svg"));
    CHECK_OK(tp_file_read(&text, svg, 1 << 20, check_mem(), &err), &err);
    CHECK_HAS(text, "<svg");
    CHECK_HAS(scene_says(&s, "plot"), "too few");
    CHECK_HAS(scene_says(&s, "plot v(2) xlimit 4 2"), "not in order");
    CHECK_HAS(scene_says(&s, "hardcopy h.pdf v(2)"), "error");
    scene_close(&s);
    clear(in, files);
}

static void put(tp_str in, const char *name, const char *text)
{
    tp_err      err = {0};
    const char *path = tp_str_z(check_mem(), path_of(in, name));
    CHECK_OK(tp_file_write(path, tp_str_of(text), &err), &err);
}

static void test_session__source_reads_decks_and_scripts(void)
{
    static const char *const files[] = {"a.cir", "b.sp", "c.cir", "loop.sp",
                                        NULL};
    scene                    s;
    tp_str                   in = folder(), out[4];
    if (!scene_open(&s, in)) return;
    put(in, "a.cir",
        "Divider\nv1 1 0 dc 10\nr1 1 2 1k\nr2 2 0 1k\n.op\n"
        ".control\nop\nprint v(2)\nrun\necho $plots\n.endc\n"
        ".end\n");
    put(in, "b.sp", "* a script\nlet q = 4\nprint q\n");
    put(in, "c.cir",
        "Only commands\n.control\necho hello\nnosuch\n.endc\n"
        ".end\n");
    put(in, "loop.sp", "source loop.sp\n");
    CHECK_STR(scene_says(&s, "source a.cir"),
              "Circuit: Divider\nv(2) = 5.000000e+00\nconst op1 op2\n");
    CHECK_INT(tp_nutmeg_complete(s.m, TP_S("@r"), out, 4, check_mem()), 2);
    CHECK_STR(scene_says(&s, "source b.sp"), "q = 4.000000e+00\n");
    CHECK_STR(scene_says(&s, "source c.cir"),
              tp_str_z(check_mem(),
                       tp_str_fmt(check_mem(),
                                  "hello\nwarning: %.*s/c.cir:4:1: nosuch: no "
                                  "such command available in trimpot\n",
                                  TP_F(in))));
    CHECK_HAS(scene_says(&s, "source loop.sp"), "inside each other");
    CHECK_HAS(scene_says(&s, "source nosuch.cir"), "error");
    scene_close(&s);
    clear(in, files);
}

/* ngspice's .control blocks: a statement that fails is a warning, commands are
   known in capitals, `let` changes what it finds in const, lines go on with
   '+', files are included; an analysis that fails ends the block. */
static void test_session__control_blocks_go_on_as_ngspices(void)
{
    static const char *const files[] = {"a.cir", "part.inc", "b.cir", "c.cir",
                                        NULL};
    scene                    s;
    tp_str                   in = folder();
    if (!scene_open(&s, in)) return;
    put(in, "a.cir",
        "Divider\nv1 1 0 dc 10\nr1 1 2 1k\nr2 2 0 1k\n.control\n"
        "let turn = 0\nwhile turn < 2\nOP\nlet turn = turn + 1\nend\n"
        "print nosuch\n.include part.inc\necho $plots\n.endc\n.end\n");
    put(in, "part.inc", "print v(2)\n+ turn\nreset all\n.options x\n");
    tp_str said = scene_says(&s, "source a.cir");
    CHECK_HAS(said, "/a.cir:11:7: no such vector 'nosuch'\n"
                    "v(2) = 5.000000e+00\nturn = 2.000000e+00\nwarning: ");
    CHECK_HAS(said, "/part.inc:4:1: .options: no such command");
    CHECK_HAS(said, "const op1 op2\n");
    put(in, "b.cir",
        "Divider\nv1 1 0 dc 10\nr1 1 2 1k\nr2 2 0 1k\n.control\n"
        "op\ndc nosuch 0 1 1\necho too far\n.endc\n.end\n");
    said = scene_says(&s, "source b.cir");
    CHECK_HAS(said, "error 7:1: ");
    CHECK(!strstr(tp_str_z(check_mem(), said), "too far"));
    put(in, "c.cir", "t\nr1 1 0 1\n.control\nop\n.include gone.inc\n.endc\n");
    CHECK_HAS(scene_says(&s, "source c.cir"), "error 5:10: can't open");
    scene_close(&s);
    clear(in, files);
}

static const check_test tests[] = {
    CHECK_TEST(test_session__a_block_is_collected_over_lines),
    CHECK_TEST(test_session__an_error_leaves_the_prompt_alive),
    CHECK_TEST(test_session__an_interrupt_ends_a_loop),
    CHECK_TEST(test_session__a_dead_simulator_is_told_from_bad_input),
    CHECK_TEST(test_session__nothing_runs_without_a_circuit),
    CHECK_TEST(test_session__nesting_is_limited),
    CHECK_TEST(test_session__texts_are_limited),
    CHECK_TEST(test_session__vectors_are_limited),
    CHECK_TEST(test_session__loops_use_memory_again),
    CHECK_TEST(test_session__a_frozen_session_goes_on_elsewhere),
    CHECK_TEST(test_session__thawing_takes_the_shortest_way),
    CHECK_TEST(test_session__only_kept_plots_are_frozen),
    CHECK_TEST(test_session__owners_plots_are_counted),
    CHECK_TEST(test_session__variables_to_the_outside),
    CHECK_TEST(test_session__completion),
    CHECK_TEST(test_session__raw_files_are_written_and_read),
    CHECK_TEST(test_session__pictures),
    CHECK_TEST(test_session__source_reads_decks_and_scripts),
    CHECK_TEST(test_session__control_blocks_go_on_as_ngspices),
    {0},
};

int main(void)
{
    return check_main(tests);
}
