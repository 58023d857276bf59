/* What is not read again of large libraries: that it is as if it were. */
#include "texts.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MANY = 1500 };

static char top[] = "/tmp/tp_skips_XXXXXX";
static char folder[sizeof top + 16]; /* of notes, in it */
static int  n_folder;

static void new_folder(void)
{
    snprintf(folder, sizeof folder, "%s/%d", top, n_folder++);
}

/* Each file in the folder of notes, the last one's path. */
static const char *files(bool remove)
{
    DIR           *d = opendir(folder);
    struct dirent *e;
    tp_str         name = TP_S("");
    while (d && (e = readdir(d)) != NULL) {
        if (e->d_name[0] == '.') continue;
        if (remove) unlinkat(dirfd(d), e->d_name, 0);
        name = tp_str_copy(check_mem(), tp_str_of(e->d_name));
    }
    if (d) closedir(d);
    if (!name.len) return NULL;
    name = tp_path_join(tp_str_of(folder), name, check_mem());
    return tp_str_z(check_mem(), name);
}

static void remove_folders(void)
{
    check_arena = tp_arena_open(1 << 20);
    while (n_folder > 0) {
        snprintf(folder, sizeof folder, "%s/%d", top, --n_folder);
        files(true);
        rmdir(folder);
    }
    rmdir(top);
}

/* More than a quarter of a MB of definitions that nothing names. */
static tp_str filler(void)
{
    tp_buf b = {.mem = check_mem()};
    for (int i = 0; i < MANY; i++)
        tp_buf_fmt(&b,
                   ".param pad_%d={pad_%d+1}\n* %0100d\n"
                   ".subckt pad_s%d a b w=1\nr1 a b padr\n+ w={w}\n"
                   ".model padr r rsh={pad_%d}\n.ends\n\n",
                   i + 1, i, 0, i, i);
    tp_buf_add(&b, TP_S(".param pad_0=1\n"));
    return tp_buf_str(&b);
}

/* Deck "d.net" with "m.lib" (words in front, filler, words behind). */
static tp_deck *read_pair(const char *deck, const char *front, const char *back,
                          const char *cache, const tp_condition *in)
{
    tp_err   err = {0};
    tp_deck *d = NULL;
    tp_str   lib =
        tp_str_fmt(check_mem(), "%s%.*s%s", front, TP_F(filler()), back);
    const tp_source file[] = {{TP_S("d.net"), tp_str_of(deck)},
                              {TP_S("m.lib"), lib},
                              {TP_S("n.lib"), TP_S("rn a 0 1\n")}};
    const tp_files  files = {.n = 3, .file = file, .cache = cache};
    CHECK_OK(tp_deck_read_in(&d, "d.net", &files, in, check_mem(), &err), &err);
    return d;
}

static tp_circuit circuit_of(const tp_deck *d)
{
    tp_err     err = {0};
    tp_circuit c;
    CHECK_OK(tp_deck_circuit(&c, d, NULL, 0, NULL, 0, &err), &err);
    return c;
}

static int cards(const tp_deck *d)
{
    const tp_card *card;
    return tp_deck_cards(d, &card);
}

/* What is simulated of it: all, where *why says so. */
static tp_circuit pruned(const tp_circuit *c, tp_str *why)
{
    tp_circuit out, all;
    tp_pruned  how;
    tp_circuit_prune(&out, c, NULL, NULL, &how, check_mem());
    tp_circuit_whole(&all, &out, check_mem());
    *why = how.notice;
    return all;
}

static void check_same(const tp_circuit *a, const tp_circuit *b)
{
    bool same = a->n_place == b->n_place;
    for (int i = 0; i < a->n_place && same; i++)
        same = a->place[i].line == b->place[i].line &&
               (!a->place[i].in ||
                tp_str_eq(a->place[i].in->name, b->place[i].in->name));
    CHECK(same);
    CHECK(tp_str_eq(a->text, b->text));
}

/* Reads twice with notes and once without: what is left of the circuit, its
   whole, and the places of its lines must be the same. How many cards the
   second reading had less. */
static int saved(const char *deck, const char *front, const char *back)
{
    new_folder();
    tp_deck   *all = read_pair(deck, front, back, NULL, NULL);
    tp_deck   *first = read_pair(deck, front, back, folder, NULL);
    tp_deck   *d = read_pair(deck, front, back, folder, NULL);
    tp_circuit a = circuit_of(all), c = circuit_of(d), whole;
    CHECK_INT(cards(first), cards(all));
    tp_circuit_whole(&whole, &c, check_mem());
    check_same(&whole, &a);
    tp_str     why[2];
    tp_circuit x = pruned(&a, &why[0]), y = pruned(&c, &why[1]);
    check_same(&y, &x);
    CHECK(tp_str_eq(why[0], why[1]));
    return cards(all) - cards(d);
}

enum { ALL = MANY * 5 + 1 }; /* cards of the filler */

static void test_skips__passes_over_what_nothing_names(void)
{
    CHECK_INT(saved("t\n.include m.lib\nr1 a 0 1\n", "", ""), ALL);
    CHECK_INT(saved("t\n.lib m.lib tt\nr1 a 0 {q}\n", ".lib tt\n.param q=1\n",
                    ".endl\n.lib ff\n.param q=2\n.endl\n"),
              ALL);
    CHECK_INT(saved("t\n.include m.lib\nM1 a 0 0 0 NCH\n",
                    ".model nch.1 nmos level=1 vto={VT}\n"
                    ".model nch.2 nmos level=1\n.param vt={f(1)} u=2\n"
                    ".func f(x)={x+g}\n",
                    ".param g=1\n.model new ako:nch nmos\n.model pch pmos\n"),
              ALL + 2);
}

static void test_skips__reads_what_is_named_anywhere(void)
{
    static const char *const deck[] = {
        "t\n.include m.lib\nr1 a 0 {pad_0}\n",
        "t\n.include m.lib\nr1 a 0 '2*PAD_0'\n",
        "t\n.include m.lib\n.control\nalterparam pad_0=2\n.endc\n",
        "t\n.include m.lib\n.options scale=pad_0\n",
    };
    for (int i = 0; i < TP_COUNT(deck); i++)
        CHECK_INT(saved(deck[i], "", ""), ALL - 1);
    CHECK_INT(saved("t\n.include m.lib\nx1 a 0 pad_s1\n", "", ""), ALL - 6);
}

static void test_skips__reads_what_acts_while_it_is_read(void)
{
    const char deck[] = "t\n.include m.lib\nr1 a 0 1\n";
    CHECK_INT(saved(deck, ".subckt s a\n.include n.lib\n.ends\n", ""), ALL);
    CHECK_INT(saved(deck, ".if (1)\n.model x r\n.endif\n", ""), ALL);
    CHECK_INT(saved(deck, ".subckt s a\nr1 a 0 1\n*# quit\n.ends\n", ""), ALL);
    CHECK_INT(saved(deck, ".param z={agauss(0,0,1)}\n", ""), ALL);
    CHECK_INT(saved(deck, ".subckt s a\n.csparam z=1\nr1 a 0 1\n.ends\n", ""),
              ALL);
}

static void test_skips__forgets_what_no_longer_holds(void)
{
    const char deck[] = "t\n.include m.lib\nr1 a 0 1\n";
    const char names[] = "t\n.include m.lib\nr1 a 0 {pad_0}\n";
    CHECK_INT(saved(deck, ".param z=1\n", ""), ALL + 1);
    int      whole = ALL + 2;
    tp_deck *d = read_pair(names, ".param z=1\n", "", folder, NULL);
    CHECK_INT(cards(d), whole); /* of the deck's: the resistor */
    d = read_pair(names, ".param z=1\n", "", folder, NULL);
    CHECK_INT(cards(d), 2); /* noted anew */
    d = read_pair(names, ".param z=2\n", "", folder, NULL);
    CHECK_INT(cards(d), whole);
    d = read_pair(deck, ".param z=2\n", "", folder, NULL);
    CHECK_INT(cards(d), 2); /* what the deck needs less is read */
}

static void test_skips__each_condition_has_its_own(void)
{
    const char          deck[] = "t\n.lib m.lib tt\nr1 a 0 {q}\n";
    static const tp_str name[] = {{"tt", 2}, {"ff", 2}};
    CHECK_INT(saved(deck, ".lib tt\n.param q=1\n",
                    ".endl\n.lib ff\n.param q=2\n.endl\n"),
              ALL);
    for (int i = 0; i < 2; i++) {
        tp_condition in = {
            .lib = TP_S(""), .n_section = 1, .section = &name[i], .temp = NAN};
        tp_deck *d =
            read_pair(deck, ".lib tt\n.param q=1\n",
                      ".endl\n.lib ff\n.param q=2\n.endl\n", folder, &in);
        tp_circuit c = circuit_of(d);
        CHECK_INT(tp_str_has(c.text, TP_S("q=2")), i);
    }
}

static void test_skips__knows_the_names_it_passed_over(void)
{
    const char deck[] = "t\n.include m.lib\nr1 a 0 1\n";
    (void)saved(deck, "", "");
    tp_deck *d = read_pair(deck, "", "", folder, NULL);
    CHECK(tp_deck_uses_param(d, TP_S("PAD_7")));
    CHECK(tp_deck_uses_param(d, TP_S("w"))); /* inside a sub-circuit */
    CHECK(!tp_deck_uses_param(d, TP_S("pad")));
    CHECK(!tp_deck_uses_param(d, TP_S("pad_s1"))); /* no parameter */
}

/* The notes of one deck are there when its main file is another one: that is
   read as without them. */
static void check_after(const char *before, const char *deck, const char *front)
{
    new_folder();
    (void)read_pair(before, front, "", folder, NULL);
    CHECK(files(false));
    const tp_str *notice[2];
    tp_deck      *a = read_pair(deck, front, "", NULL, NULL);
    tp_deck      *b = read_pair(deck, front, "", folder, NULL);
    tp_circuit    x = circuit_of(a), y = circuit_of(b), all[4];
    tp_str        why[2];
    CHECK(tp_str_eq(tp_deck_title(a), tp_deck_title(b)));
    CHECK_INT(tp_deck_notices(a, &notice[0]), tp_deck_notices(b, &notice[1]));
    tp_circuit_whole(&all[0], &x, check_mem());
    tp_circuit_whole(&all[1], &y, check_mem());
    check_same(&all[1], &all[0]);
    all[2] = pruned(&x, &why[0]);
    all[3] = pruned(&y, &why[1]);
    check_same(&all[3], &all[2]);
    CHECK(tp_str_eq(why[0], why[1]));
}

static void test_skips__another_main_file_is_read_as_it_is(void)
{
    const char plain[] = "t\n.include m.lib\nr1 a 0 1\n";
    check_after(plain,
                "d1 a 0 dx\n.include m.lib\nf1 a 0 d1 1\n.save @d1[id]\n",
                ".model dx d\n");
    check_after(plain, "t\n.include m.lib\nx1 a 0 inner\n",
                ".subckt outer a b\n.subckt inner a b\nr1 a b 1\n.ends\n"
                "x1 a b inner\n.ends\n");
    check_after(plain,
                "t\n.subckt s a\n.include m.lib\nr1 a 0 1\n.ends\nx1 a s\n",
                ".model dx d\n");
    check_after(plain, "t\n.if (1)\n.include m.lib\n.endif\nr1 a 0 1\n",
                ".model dx d\n");
}

static void test_skips__another_simetrix_file_is_read_as_it_is(void)
{
    const char plain[] = "*#SIMETRIX\n.include m.lib\nr1 a 0 1\n";
    check_after(plain, "*#SIMETRIX\n.include m.lib\nr1 a 0 {u}\n",
                ".param t=1 u 2\n");
    check_after("*#SIMETRIX\n*#HSPICE\n.include m.lib\nr1 a 0 1\n",
                "*#SIMETRIX\n.include m.lib\nr1 a 0 {u}\n",
                ".param t=1 $ u=2\n");
    check_after(plain, "*#SIMETRIX\n.include m.lib\nr1 gnd 0 1\n",
                ".subckt s a\nr1 a gnd_ 1\n.ends\n");
}

/* What is asked of the deck later is in the whole circuit, too. */
static void test_skips__the_whole_has_what_came_later(void)
{
    const char deck[] = "t\n.include m.lib\nx1 a s\nd1 a 0 dx\n"
                        "r1 a 0 {q}\n.probe v(a)\n";
    const char front[] = ".param q=1\n.model dx d\n"
                         ".subckt s a\nrs a 0 r=1 w=2u\n.ends\n";
    tp_str     text[2];
    (void)saved(deck, front, "");
    for (int i = 0; i < 2; i++) {
        tp_err     err = {0};
        tp_signal  s;
        tp_str     param;
        tp_circuit c, whole;
        tp_tunable t[2] = {{TP_S("q"), 5}};
        tp_deck   *d = read_pair(deck, front, "", i ? folder : NULL, NULL);
        CHECK_OK(tp_deck_signal(d, TP_S("d1#p"), TP_S("op"), &s, &err), &err);
        CHECK_OK(tp_deck_tune(d, TP_S("x1.rs[w]"), &param, &err), &err);
        t[1] = (tp_tunable){param, 3e-6};
        CHECK_OK(tp_deck_circuit(&c, d, t, 2, NULL, 0, &err), &err);
        CHECK_OK(tp_deck_signal(d, TP_S("x1.rs#p"), TP_S("op"), &s, &err),
                 &err);
        tp_circuit_whole(&whole, &c, check_mem());
        text[i] = whole.text;
    }
    CHECK(tp_str_eq(text[0], text[1]));
    CHECK(tp_str_has(text[1], TP_S("vtp_")));
}

/* A row of which nothing is left since it is a tunable is none. */
static void test_skips__a_tunable_is_no_row(void)
{
    const char deck[] = "t\n.include m.lib\nr1 a 0 1\n";
    (void)saved(deck, "", "");
    int rows[2];
    for (int i = 0; i < 2; i++) {
        tp_err     err = {0};
        tp_circuit c, left;
        tp_pruned  how;
        tp_tunable t = {TP_S("pad_7"), 5};
        tp_deck   *d = read_pair(deck, "", "", i ? folder : NULL, NULL);
        CHECK_OK(tp_deck_circuit(&c, d, &t, 1, NULL, 0, &err), &err);
        tp_circuit_prune(&left, &c, NULL, NULL, &how, check_mem());
        rows[i] = how.rows;
    }
    CHECK_INT(rows[1], rows[0]);
}

/* A file of notes that is cut or changed counts as none. */
static void test_skips__damaged_notes_count_as_none(void)
{
    const char deck[] = "t\n.include m.lib\nr1 a 0 1\n";
    tp_err     err = {0};
    tp_str     bytes;
    (void)saved(deck, "", "");
    const char *path = files(false);
    if (!CHECK(path)) return;
    CHECK_OK(tp_file_read(&bytes, path, 1 << 24, check_mem(), &err), &err);
    const ptrdiff_t at[] = {0, 9, bytes.len / 2, bytes.len - 1};
    for (int i = 0; i < TP_COUNT(at); i++) {
        char *copy = tp_str_z(check_mem(), bytes);
        copy[at[i]] ^= 4;
        CHECK_OK(tp_file_write(path, (tp_str){copy, bytes.len}, &err), &err);
        CHECK_INT(cards(read_pair(deck, "", "", folder, NULL)), ALL + 1);
        CHECK_OK(tp_file_write(path, tp_str_part(bytes, 0, at[i]), &err), &err);
        CHECK_INT(cards(read_pair(deck, "", "", folder, NULL)), ALL + 1);
    }
    CHECK_INT(cards(read_pair(deck, "", "", folder, NULL)), 1);
}

/* So does a pipe in its place: nobody waits for what comes out of it. */
static void test_skips__a_pipe_is_no_notes(void)
{
    const char deck[] = "t\n.include m.lib\nr1 a 0 1\n";
    (void)saved(deck, "", "");
    const char *path = files(false);
    if (!CHECK(path)) return;
    CHECK_INT(unlink(path), 0);
    CHECK_INT(mkfifo(path, 0600), 0);
    alarm(60); /* rather than wait for ever */
    CHECK_INT(cards(read_pair(deck, "", "", folder, NULL)), ALL + 1);
    alarm(0);
}

static const check_test tests[] = {
    CHECK_TEST(test_skips__passes_over_what_nothing_names),
    CHECK_TEST(test_skips__reads_what_is_named_anywhere),
    CHECK_TEST(test_skips__reads_what_acts_while_it_is_read),
    CHECK_TEST(test_skips__forgets_what_no_longer_holds),
    CHECK_TEST(test_skips__each_condition_has_its_own),
    CHECK_TEST(test_skips__knows_the_names_it_passed_over),
    CHECK_TEST(test_skips__another_main_file_is_read_as_it_is),
    CHECK_TEST(test_skips__another_simetrix_file_is_read_as_it_is),
    CHECK_TEST(test_skips__the_whole_has_what_came_later),
    CHECK_TEST(test_skips__damaged_notes_count_as_none),
    CHECK_TEST(test_skips__a_tunable_is_no_row),
    CHECK_TEST(test_skips__a_pipe_is_no_notes),
    {0},
};

int main(void)
{
    if (!mkdtemp(top)) return 1;
    int status = check_main(tests);
    remove_folders();
    return status;
}
