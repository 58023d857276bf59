/* Random decks over random libraries, read without notes, with making them
   and with using them while the main file changes: nothing may differ. */
#include "texts.h"

#include <dirent.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

enum { NAMES = 6, MORE_LINES = 300 };

static char folder[] = "/tmp/tp_random_XXXXXX";

static void forget(bool all)
{
    DIR           *d = opendir(folder);
    struct dirent *e;
    while (d && (e = readdir(d)) != NULL)
        if (e->d_name[0] != '.') unlinkat(dirfd(d), e->d_name, 0);
    if (d) closedir(d);
    if (all) rmdir(folder);
}

/* ---- random texts -------------------------------------------------------- */

static tp_rng rng;

static int draw(int n)
{
    return (int)(tp_rng_next(&rng) % (uint64_t)n);
}

/* One line or some, # a name of one letter and a digit, % a value. */
static const char *const definition[] = {
    ".param #=%",
    ".param #=% #=%",
    ".PARAM # = %\n* between\n+ #='%*2'",
    ".param #=% # %",
    ".param #(x)={x+%}",
    ".params #=%, #=%",
    ".func #(x,y) {x*y+%}",
    ".func # (x) = '%+x'",
    ".model # nmos level=1 vto=%",
    ".model #.1 nmos level=1 lmin=1u lmax=2u wmin=1u wmax=9u",
    ".model #.2 nmos level=1 lmin=2u lmax=9u wmin=1u wmax=9u vto=%",
    ".MODEL # d (is=%\n+ n=1)",
    ".model # ako:# nmos",
    ".model #-q d is=1e-14",
    ".model \xc3\xa9# d is=1e-14",
    ".subckt # a b w=1 #=%\nr1 a b {w*%}\n.ends",
    ".subckt # a b\n.model # d is=%\nd1 a b #\n.ends #",
    ".subckt # a b\n.subckt # a b\nr1 a b %\n.ends\nx1 a b #\n.ends",
    ".subckt # a b\n.param #=%\n* word\nr1 a b {#}\n\n.ends",
    ".subckt # a b\n.if (%>2)\nr1 a b 1\n.else\nr1 a b 2\n.endif\n.ends",
    ".subckt # a b\n.include n.lib\n.ends",
    ".subckt # a gnd\nrgnd_ a gnd 1\n.ends",
    ".macro # a b\nr1 a b % $ comment #\n.eom",
    ".if (%>2)\n.model # d is=1\n.endif",
    ".if (%>2)\n.param #=1\n.else\n.param #=2\n.endif",
    ".param #={agauss(0,1,%)}",
    ".func #(x) {x+agauss(0,1,3)}",
    ".global g#",
    ".options scale=%",
    ".ic v(a)=%",
    "r# a 0 %",
    "x# a b #",
    "m# a a 0 0 # w=2u l=1u",
    "+ #=%",
    "+",
    "+ $ nothing",
    "* a comment",
    "*# a command",
    "",
    ".param #=% \\\\\n #=%",
    ".lib n.lib tt",
    ".include n.lib",
    ".temp %",
    ".csparam #=%",
    ".control\nalterparam #=%\n.endc",
    ".save @m#[gm]",
};

static const char *const value[] = {"1", "2u",  "{#+1}",  "'#*2'",
                                    "#", "1e3", "{#(1)}", "{#(1,2)}"};

static const char *const use[] = {
    "r# a 0 %",
    "d# a 0 #",
    "m# a a 0 0 # w=2u l=1u",
    "x# a b #",
    "x# a b # w=%",
    ".param #=%",
    ".include m.lib",
    ".lib m.lib tt",
    ".lib m.lib ff",
    ".include n.lib",
    ".subckt # a b\n.include m.lib\nr1 a b %\n.ends",
    ".subckt # a b\n.lib m.lib tt\nr1 a b %\n.ends\nx# a b #",
    ".if (1)\n.include m.lib\n.endif",
    ".options scale=%",
    ".control\nprint # \n.endc",
    "* comment #",
    ".dc temp 1 2 1",
    ".model # d",
    ".ends",
    "v1 gnd 0 1",
    "rq\xc3\xa9 gnd b 1",
    ".optimiser optparams=[#]",
    "*#HSPICE",
};

static const char *const title[] = {
    "t",
    "Q1 a b 0 #",
    "x1 a b #\nf1 a 0 x1 1",
    "*#SIMETRIX",
    "*#SIMETRIX\n*#HSPICE",
    "*#PSPICE",
    "d1 a 0 #",
    "* title #",
    "d1 a 0 #\n.save @d1[id]",
};

static void put(tp_buf *b, const char *text)
{
    for (char before = ' '; *text; before = *text++)
        if (*text == '#' && before != '*')
            tp_buf_fmt(b, "%c%d", "aN"[draw(4) == 0], draw(NAMES));
        else if (*text == '%')
            put(b, value[draw(TP_COUNT(value))]);
        else
            tp_buf_char(b, *text);
}

static void put_lines(tp_buf *b, const char *const *from, int n, int lines)
{
    for (int i = 0; i < lines; i++) {
        put(b, from[draw(n)]);
        tp_buf_char(b, '\n');
    }
}

/* What makes notes worth it. */
static void put_much(tp_buf *b)
{
    tp_buf_add(b, TP_S(".subckt much a b\nr1 a b 1\n"));
    for (int i = 0; i < MORE_LINES; i++) tp_buf_fmt(b, "* %0900d\n", i);
    tp_buf_add(b, TP_S(".ends\n"));
}

static tp_str with_crlf(tp_str s)
{
    tp_buf b = {.mem = check_mem()};
    for (ptrdiff_t i = 0; i < s.len; i++) {
        if (s.at[i] == '\n') tp_buf_char(&b, '\r');
        tp_buf_char(&b, s.at[i]);
    }
    return tp_buf_str(&b);
}

static tp_str library(void)
{
    tp_buf b = {.mem = check_mem()};
    int    n = TP_COUNT(definition), of = 1 + draw(5);
    put_lines(&b, definition, n, draw(of));
    put_much(&b);
    put_lines(&b, definition, n, draw(of));
    for (int i = draw(3); i > 0; i--) {
        tp_buf_fmt(&b, ".lib %s\n", i == 1 ? "tt" : "ff");
        put_lines(&b, definition, n, draw(of));
        tp_buf_add(&b, TP_S(".endl\n"));
        put_lines(&b, definition, n, draw(2));
    }
    return draw(4) ? tp_buf_str(&b) : with_crlf(tp_buf_str(&b));
}

static tp_str small_library(void)
{
    tp_buf b = {.mem = check_mem()};
    int    n = TP_COUNT(definition) - 6;
    put_lines(&b, definition, n, draw(2));
    tp_buf_add(&b, TP_S(".lib tt\n"));
    put_lines(&b, definition, n, draw(2));
    tp_buf_add(&b, TP_S(".endl\n"));
    return tp_buf_str(&b);
}

static tp_str deck(void)
{
    tp_buf b = {.mem = check_mem()};
    put(&b, title[draw(3) ? 0 : draw(TP_COUNT(title))]);
    tp_buf_char(&b, '\n');
    put_lines(&b, use, TP_COUNT(use), draw(2));
    if (draw(8)) put(&b, use[6 + draw(3)]);
    tp_buf_char(&b, '\n');
    put_lines(&b, use, TP_COUNT(use), draw(3));
    return tp_buf_str(&b);
}

/* ---- what a reading comes to --------------------------------------------- */

static void put_circuit(tp_buf *b, const tp_circuit *c)
{
    tp_buf_fmt(b, "%.*s\n", TP_F(c->text));
    for (int i = 0; i < c->n_place; i++) {
        tp_place at = c->place[i];
        tp_str   name = at.in ? at.in->name : TP_S("-");
        tp_buf_fmt(b, "%.*s:%d:%d ", TP_F(name), at.line, at.col);
    }
    tp_buf_char(b, '\n');
}

/* Of every other deck a parameter is moved. */
static void put_deck(tp_buf *b, tp_deck *d, int n_moved)
{
    tp_err        err = {0};
    tp_circuit    c, left, other;
    tp_pruned     how;
    const tp_str *notice;
    tp_tunable    moved = {TP_S("a1"), 3};
    tp_buf_fmt(b, "%d %.*s\n", tp_deck_kind(d), TP_F(tp_deck_title(d)));
    for (int i = 0; i < tp_deck_notices(d, &notice); i++)
        tp_buf_fmt(b, "%.*s\n", TP_F(notice[i]));
    for (int i = 0; i < NAMES; i++)
        tp_buf_fmt(b, "%d",
                   tp_deck_uses_param(d, tp_str_fmt(check_mem(), "A%d", i)));
    tp_buf_fmt(b, "%d\n", tp_deck_uses_param(d, TP_S("W")));
    if (tp_deck_circuit(&c, d, &moved, n_moved, NULL, 0, &err)) {
        tp_buf_fmt(b, "%s:%d:%d %s\n", err.file, err.line, err.col, err.msg);
        return;
    }
    tp_circuit_whole(&other, &c, check_mem());
    put_circuit(b, &other);
    tp_circuit_prune(&left, &c, NULL, NULL, &how, check_mem());
    int line = how.left_line ? c.place[how.left_line - 1].line : 0;
    tp_buf_fmt(b, "%d %d %d %d %d|%.*s|%.*s\n", how.rows, how.kept, how.bins,
               how.bins_kept, line, TP_F(how.left), TP_F(how.notice));
    tp_circuit_whole(&other, &left, check_mem());
    put_circuit(b, &other);
}

static tp_str reading(const tp_source *file, const char *cache,
                      const tp_condition *in, int *cards)
{
    tp_err         err = {0};
    tp_deck       *d = NULL;
    tp_buf         b = {.mem = check_mem()};
    const tp_card *card;
    const tp_files files = {.n = 3, .file = file, .cache = cache};
    if (tp_deck_read_in(&d, "d.net", &files, in, check_mem(), &err)) {
        tp_buf_fmt(&b, "%s:%d:%d %s\n", err.file, err.line, err.col, err.msg);
        return tp_buf_str(&b);
    }
    *cards = tp_deck_cards(d, &card);
    put_deck(&b, d, (int)(file[0].text.len % 2));
    return tp_buf_str(&b);
}

/* A difference that was found: the files, and both readings. */
static void show(const tp_source *file, tp_str a, tp_str b)
{
    for (int k = 0; k < 3; k++) {
        tp_str s = file[k].text;
        printf("--- %.*s\n", TP_F(file[k].name));
        for (tp_str line; (line = tp_str_word(&s, "\n")).len > 0;)
            if (!tp_str_starts(line, TP_S("* 0"))) printf("%.*s\n", TP_F(line));
    }
    printf("--- without notes\n%.*s--- with notes\n%.*s", TP_F(a), TP_F(b));
}

/* How many of the readings were made with notes. */
static int one_library(uint64_t seed)
{
    static const tp_str section[] = {{"tt", 2}, {"ff", 2}};
    rng = tp_rng_at(seed, 0);
    tp_condition        ff = {.lib = TP_S("m.lib"),
                              .from = TP_S(""),
                              .n_section = 1,
                              .section = &section[draw(2)],
                              .temp = NAN};
    const tp_condition *in = draw(5) ? NULL : &ff;
    tp_source           file[] = {{TP_S("d.net"), TP_S("")},
                                  {TP_S("m.lib"), library()},
                                  {TP_S("n.lib"), small_library()}};
    int                 used = 0;
    forget(false);
    for (int i = 0; i < 8; i++) {
        int n[2] = {0}, was = draw(2);
        if (i == 0 || was) file[0].text = deck();
        if (draw(9) == 0) file[2].text = small_library();
        tp_str a = reading(file, NULL, in, &n[0]);
        tp_str b = reading(file, folder, in, &n[1]);
        used += n[1] < n[0];
        if (CHECK(tp_str_eq(a, b))) continue;
        printf("seed %llu step %d\n", (unsigned long long)seed, i);
        show(file, a, b);
        return used;
    }
    return used;
}

static int first = 1, count = 40;

static void test_skips_random__nothing_differs(void)
{
    int used = 0;
    for (int i = 0; i < count; i++) {
        tp_arena all = check_arena;
        used += one_library((uint64_t)first + (uint64_t)i);
        check_arena = all;
    }
    printf("%d readings with notes\n", used);
    CHECK(used > count / 2);
}

static const check_test tests[] = {
    CHECK_TEST(test_skips_random__nothing_differs),
    {0},
};

int main(int n, char **word)
{
    if (!mkdtemp(folder)) return 1;
    if (n > 1) first = atoi(word[1]);
    if (n > 2) count = atoi(word[2]);
    int status = check_main(tests);
    forget(true);
    return status;
}
