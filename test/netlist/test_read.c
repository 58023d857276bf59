/* Lines to cards: joining, comments, blocks, files in files, titles, limits,
   and the place of everything. */
#include "texts.h"

#include <stdlib.h>
#include <unistd.h>

/* ---- cards -------------------------------------------------------------- */

static void test_read__joins_continuations_with_one_blank(void)
{
    tp_deck *d = deck_of("title\n"
                         "r1 a b\n"
                         "  +   1k  \n"
                         "* between\n"
                         "\n"
                         "\t+tc1=1\r\n"
                         "c1 a b 1p\n"
                         "+\n"
                         "+ ic=0");
    if (!d) return;
    CHECK_STR(tp_deck_title(d), "title");
    CHECK_STR(cards_of(d), "r1 a b 1k tc1=1\nc1 a b 1p ic=0\n");
}

static void test_read__joins_after_two_backslashes(void)
{
    tp_deck *d = deck_of("title\nr1 a b \\\\\n 1k\nr2 a b 2\n");
    if (d) CHECK_STR(cards_of(d), "r1 a b 1k\nr2 a b 2\n");
}

static void test_read__takes_comments_off_as_ngspice_does(void)
{
    tp_deck *d = deck_of("title\n"
                         "r1 a b 1;k\n"
                         "r2 a b 1 $ two\n"
                         "r3 a b 1 $two\n"
                         "r4 a$b b 1,$two\n"
                         "r5 a b 1// two\n"
                         "$ all\n"
                         "; all\n"
                         "r6 a b\n"
                         "+ $ nothing\n"
                         "+ 6\n");
    if (d)
        CHECK_STR(cards_of(d), "r1 a b 1\nr2 a b 1\nr3 a b 1\nr4 a$b b 1,\n"
                               "r5 a b 1\nr6 a b 6\n");
}

static void test_read__keeps_quoted_comment_marks_in_simetrix_decks(void)
{
    tp_deck *d = deck_of("title\n"
                         ".optspec label=\"a;b//c $d\" ; comment\n"
                         "r1 $n b 1\n");
    if (d) CHECK_STR(cards_of(d), ".optspec label=\"a;b//c $d\"\nr1 $n b 1\n");
}

static void test_read__takes_hspice_comments_in_that_language(void)
{
    tp_deck *d = deck_of("title\n*#HSPICE\n.optspec op\nr1 a b 1 $ off\n");
    if (d) CHECK_STR(cards_of(d), ".optspec op\nr1 a b 1\n");
}

static void test_read__knows_the_place_of_every_byte(void)
{
    tp_deck *d = deck_of("\xEF\xBB\xBFtitle\n\n  r1 ab\n * c\n + 1k\n");
    if (!d) return;
    const tp_card *card;
    if (!CHECK_INT(tp_deck_cards(d, &card), 1)) return;
    CHECK_STR(card[0].text, "r1 ab 1k");
    static const int line[] = {3, 3, 3, 3, 3, 3, 5, 5, 5};
    static const int col[] = {3, 4, 5, 6, 7, 8, 4, 5, 6};
    for (int i = 0; i <= card[0].text.len; i++) {
        tp_place p = tp_card_place(&card[0], i);
        CHECK_INT(p.line, line[i]);
        CHECK_INT(p.col, col[i]);
        CHECK(p.in == tp_deck_files(d).file);
    }
}

static void test_read__knows_the_subcircuit_of_a_card(void)
{
    tp_deck *d = deck_of("t\n.subckt a 1\nr1 1 0 1\n.SUBCKT b 1\nr2 1 0 1\n"
                         ".ends b\nr3 1 0 1\n.ends\nr4 1 0 1\n");
    if (d)
        CHECK_STR(cards_of(d), ".subckt a 1\n(0)r1 1 0 1\n(0).SUBCKT b 1\n"
                               "(2)r2 1 0 1\n(2).ends b\n(0)r3 1 0 1\n"
                               "(0).ends\nr4 1 0 1\n");
}

static void test_read__stops_at_end(void)
{
    tp_deck *d = deck_of("t\nr1 a 0 1\n.END\nr2 a 0 1\n.nonsense\n");
    if (d) CHECK_STR(cards_of(d), "r1 a 0 1\n");
}

/* ---- blocks ------------------------------------------------------------- */

static void test_read__keeps_a_file_as_one_card_with_its_body(void)
{
    tp_deck *d = deck_of("t\n.File fin\nLet x=1\n\n+ plot\n * c\n.EndF\n"
                         ".post_process fin\n");
    if (!d) return;
    const tp_card *card;
    if (!CHECK_INT(tp_deck_cards(d, &card), 2)) return;
    CHECK_STR(card[0].text, ".File fin");
    CHECK_STR(card[0].body, "Let x=1\n\n+ plot\n * c\n");
    CHECK_INT(card[0].body_at.line, 3);
    CHECK_INT(card[0].body_at.col, 1);
}

static void test_read__names_what_it_does_not_execute(void)
{
    tp_deck *d = deck_of("t\nr1 a 0 1\n.control\nshell ls\n.endc\n"
                         "*# shell ls\n*# shell ls\n");
    if (!d) return;
    const tp_str *note;
    if (!CHECK_INT(tp_deck_notices(d, &note), 2)) return;
    CHECK_HAS(note[0], "d.net:3: the commands of .control blocks");
    CHECK_HAS(note[1], "d.net:6: commands in \"*#\" lines");
}

static void test_read__blocks_have_to_be_closed_and_opened(void)
{
    CHECK_STR(fault_of_text("t\n.control\nrun\n"),
              "d.net:2:1: no .endc follows");
    CHECK_STR(fault_of_text("t\n .file a\nx\n"), "d.net:2:2: no .endf follows");
    CHECK_STR(fault_of_text("t\n.endc\n"),
              "d.net:2:1: .endc ends a block, but none is open");
    CHECK_STR(fault_of_text("t\n.subckt a b\nr1 b 0 1\n"),
              "d.net:2:1: the sub-circuit is not closed by .ends");
    CHECK_STR(fault_of_text("t\nr1 b 0 1\n .ends\n"),
              "d.net:3:2: this ends a sub-circuit, but none is open");
}

/* ---- titles ------------------------------------------------------------- */

static tp_str title_and_note(const char *text)
{
    tp_deck      *d = deck_of(text);
    const tp_str *note;
    if (!d) return TP_S("");
    int n = tp_deck_notices(d, &note);
    return tp_str_fmt(check_mem(), "[%.*s] %.*s", TP_F(tp_deck_title(d)),
                      n > 0 ? (int)note[0].len : 0, n > 0 ? note[0].at : "");
}

static void test_read__line_1_is_the_title(void)
{
    CHECK_STR(title_and_note("** amp\nr1 a 0 1\n"), "[** amp] ");
    CHECK_STR(title_and_note("\nr1 a 0 1\n"), "[] ");
    CHECK_STR(title_and_note("Rough test of an amp\nr1 a 0 1\n"),
              "[Rough test of an amp] ");
    CHECK_STR(title_and_note(".unknown thing\nr1 a 0 1\n"),
              "[.unknown thing] ");
    CHECK_STR(title_and_note(""), "[] ");
}

static void test_read__a_device_in_line_1_that_is_used_is_a_card(void)
{
    static const char *const decks[] = {
        "V1 a 0 5\nr1 a 0 1\n.dc v1 0 1 .1\n",
        "v1 a 0 sin(0 1 1k)\nr1 a 0 1\n.optspec measure=\"v1#p\"\n",
        "v1 a 0 {x}\nr1 a 0 1\nh1 b 0 v1 2\n",
        "v1 a 0 ac 1\nr1 a 0 1\n.save i(V1)\n",
        "v1 a 0\n+ 5\nr1 a 0 1\n.noise v(a) v1 dec 1 1 2\n",
        "d1 a 0 dut\n.model dut d\n.print @d1[id]\n",
        "v1 a 0 5\n.file p\ncurve v1#p\n.endf\n",
    };
    for (int i = 0; i < TP_COUNT(decks); i++) {
        tp_deck *d = deck_of(decks[i]);
        if (!d) continue;
        const tp_card *card;
        const tp_str  *note;
        CHECK_STR(tp_deck_title(d), "");
        CHECK(tp_deck_cards(d, &card) > 1 && card[0].text.at[1] == '1');
        if (CHECK_INT(tp_deck_notices(d, &note), 1))
            CHECK_HAS(note[0], "d.net:1: the deck has no title: line 1 is the "
                               "device ");
    }
}

static void test_read__a_device_in_line_1_that_nothing_uses_is_the_title(void)
{
    CHECK_STR(title_and_note("v1 a 0 5\nr1 a 0 1\n.dc v2 0 1 .1\n"),
              "[v1 a 0 5] d.net:1: line 1 is the title, although it looks "
              "like a device (v1)");
    CHECK_STR(title_and_note("v1 a 0 5\n.subckt s 1\nr1 1 0 1\n.ends\n"),
              "[v1 a 0 5] d.net:1: line 1 is the title, although it looks "
              "like a device (v1)");
}

static void test_read__a_statement_in_line_1_is_a_card(void)
{
    CHECK_STR(title_and_note(".param a=1\nr1 a 0 1\n"),
              "[] d.net:1: the deck has no title: line 1 is the statement "
              ".param");
}

/* ---- files in files ----------------------------------------------------- */

static void test_read__follows_includes_from_the_file_that_names_them(void)
{
    static const char *const pair[] = {
        "x/d.net",     "t\n.include 'lib/a.inc' ; c\nr9 a 0 9\n",
        "x/lib/a.inc", "r1 a 0 1\n.INC ./b.inc\nr3 a 0 3",
        "x/lib/b.inc", "r2 a 0\n+ 2\n",
        NULL};
    tp_deck       *d;
    tp_err         err = {0};
    const tp_card *card;
    if (!CHECK_OK(read_files(&d, pair, &err), &err)) return;
    CHECK_STR(cards_of(d), "r1 a 0 1\nr2 a 0 2\nr3 a 0 3\nr9 a 0 9\n");
    tp_deck_cards(d, &card);
    tp_place at = tp_card_place(&card[1], 7);
    CHECK_STR(at.in->name, "x/lib/b.inc");
    CHECK_INT(at.line, 2);
    CHECK_INT(at.col, 3);
    CHECK_INT(tp_deck_files(d).n, 3);
}

static void test_read__takes_the_wanted_section_of_a_library(void)
{
    static const char *const pair[] = {
        "d.net",
        "t\n.lib 'm.lib' FF\n.lib \"n.lib\"\n",
        "m.lib",
        "* lib\n.lib tt\nr1 a 0 1\n.endl tt\n.lib ff ; fast\n"
        "r2 a 0 2\n.lib 'm.lib' common\n.endl\n.lib common\n"
        "r3 a 0 3\n.endl\nr4 a 0 4\n",
        "n.lib",
        "r5 a 0 5\n.lib s\nr6 a 0 6\n.endl s\nr7 a 0 7\n",
        NULL};
    tp_deck       *d;
    tp_err         err = {0};
    const tp_card *card;
    if (!CHECK_OK(read_files(&d, pair, &err), &err)) return;
    CHECK_STR(cards_of(d), "r2 a 0 2\nr3 a 0 3\nr5 a 0 5\nr7 a 0 7\n");
    tp_deck_cards(d, &card);
    CHECK_INT(tp_card_place(&card[1], 0).line, 10);
    CHECK_INT(tp_card_place(&card[3], 0).line, 5);
}

static void test_read__includes_that_can_not_be_followed_are_named(void)
{
    static const char *const missing[] = {"d.net", "t\n .include  no.inc\n",
                                          NULL};
    static const char *const self[] = {"d.net", "t\n.include ./d.net\n", NULL};
    static const char *const section[] = {"d.net", "t\n.lib m.lib fs\n",
                                          "m.lib", ".lib ff\n.endl\n", NULL};
    static const char *const none[] = {"d.net", "t\n.include\n", NULL};
    CHECK_HAS(fault_of(missing), "d.net:2:12: no.inc is not among");
    CHECK_STR(fault_of(self), "d.net:2:10: a file that includes itself: d.net "
                              "includes d.net");
    CHECK_STR(fault_of(section), "d.net:2:6: m.lib has no library section "
                                 "'fs' (did you mean ff?)");
    CHECK_STR(fault_of(none), "d.net:2:1: no file name follows");
}

/* A file below a folder made for this test. */
static const char *file_in(const char *folder, const char *name,
                           const char *text)
{
    const char *path = tp_str_fmt(check_mem(), "%s/%s", folder, name).at;
    tp_err      err = {0};
    if (text) CHECK_OK(tp_file_write(path, tp_str_of(text), &err), &err);
    return path;
}

static void test_read__from_disk_and_again_from_its_own_texts(void)
{
    tp_err   err = {0};
    tp_deck *d, *e;
    char     folder[] = "/tmp/tp-read-XXXXXX";
    if (!CHECK(mkdtemp(folder))) return;
    const char *sub = file_in(folder, "sub", NULL);
    if (!CHECK_OK(tp_folder_make(sub, &err), &err)) return;
    const char *top = file_in(folder, "d.net", "t\n.include sub/a.inc\n");
    const char *low = file_in(folder, "sub/a.inc", "r1 a 0 1\n");
    if (!CHECK_OK(tp_deck_read(&d, top, NULL, check_mem(), &err), &err)) return;
    tp_files files = tp_deck_files(d);
    CHECK_INT(files.n, 2);
    CHECK_STR(files.file[1].name, low);
    if (!CHECK_OK(tp_deck_read(&e, "other", &files, check_mem(), &err), &err))
        return;
    CHECK_STR(cards_of(e), "r1 a 0 1\n");

    file_in(folder, "sub/a.inc", "*\n.inc '../d.net'");
    CHECK_INT(tp_deck_read(&d, top, NULL, check_mem(), &err), TP_BAD_INPUT);
    CHECK_INT(err.line, 2);
    CHECK_INT(err.col, 7);
    CHECK_STR(tp_str_of(err.msg),
              tp_str_fmt(check_mem(),
                         "a file that includes itself: %s includes %s "
                         "includes %s/sub/../d.net",
                         top, low, folder)
                  .at);

    unlink(low);
    CHECK_INT(tp_deck_read(&d, top, NULL, check_mem(), &err), TP_BAD_INPUT);
    CHECK_INT(err.line, 2);
    CHECK_INT(err.col, 10);
    CHECK_HAS(tp_str_of(err.msg), "sub/a.inc: No such file");
    unlink(top);
    CHECK_INT(tp_deck_read(&d, top, NULL, check_mem(), &err), TP_IO);
    rmdir(sub);
    rmdir(folder);
}

/* ---- limits ------------------------------------------------------------- */

/* The mode of the file beside the deck goes with the circuit, through bytes,
   and the file is one of the deck's. */
static void test_read__takes_the_mode_from_spiceinit(void)
{
    const char *const pair[] = {"a/d.net", "t\nr1 1 0 1\nv1 1 0 1\n",
                                "a/.spiceinit",
                                "* mine\nset num_threads=1\n"
                                "set ngbehavior = HSa\n"
                                "shell touch x\n",
                                NULL};
    tp_err            err = {0};
    tp_deck          *d;
    tp_circuit        c, back;
    const tp_str     *notice;
    tp_buf            b = {.mem = check_mem()};
    if (!CHECK_OK(read_files(&d, pair, &err), &err)) return;
    CHECK_INT(tp_deck_files(d).n, 2);
    CHECK_INT(tp_deck_notices(d, &notice), 1);
    CHECK_HAS(notice[0], "a/.spiceinit:4: 'shell touch x' is not heeded");
    CHECK_OK(tp_deck_circuit(&c, d, NULL, 0, NULL, 0, &err), &err);
    tp_circuit_pack(&b, &c);
    tp_unpack u = {.rest = tp_buf_str(&b)};
    CHECK_OK(tp_circuit_unpack(&back, &u, check_mem(), &err), &err);
    CHECK_STR(back.behaviour, "hsa");
}

static void test_read__refuses_a_mode_that_is_none(void)
{
    const char *const pair[] = {"d.net", "t\nr1 1 0 1\nv1 1 0 1\n",
                                ".spiceinit", "* x\nset ngbehavior=hs&shell\n",
                                NULL};
    CHECK_STR(fault_of(pair), ".spiceinit:2:1: ngbehavior: 'hs&shell' is no "
                              "mode like hsa or ltps");
}

/* What ngspice 39 makes of each file, and what is said of the rest; NULL: no
   notice. */
static void test_read__start_files_of_open_pdks(void)
{
    static const struct {
        const char *text, *mode, *notice;
    } row[] = {
        {"set ngbehavior=hsa\nset ng_nomodcheck\nset num_threads=8\n", "hsa",
         NULL},
        {"set ngbehavior=hsa\r\nset skywaterpdk\r\noption noinit\r\n"
         "option klu\r\n",
         "hsa", NULL},
        {"  SET  NgBehavior = HSA // sky\n", "hsa", NULL},
        {"set ngbehavior=hsa $ sky\nset ng_nomodcheck # x\n", "hsa", NULL},
        {"set num_threads=2 ngbehavior=hsa color0=white\n", "hsa", NULL},
        {"set ngbehavior=\"hs a\"\nunset osdi_enabled\n", "hsa", NULL},
        {"set ngbehavior='ltpsa'\n", "ltpsa", NULL},
        {"set ngbehavior=(hs a)\n", "hs", NULL},
        {"set ngbehavior=ps\nset ngbehavior=hsa\n", "hsa", NULL},
        {"set ngbehavior=hsa\nunset ngbehavior\n", "", NULL},
        {"set ngbehavior=hsa; shell rm x\n", "hsa",
         ".spiceinit:1: 'shell rm x' is not heeded"},
        {"set ngbehavior=foo\n", "foo",
         ".spiceinit:1: ngbehavior: ngspice knows no mode in 'foo'"},
        {"option reltol=1e-5\n", "",
         ".spiceinit:1: 'option reltol=1e-5' is not heeded: write it as "
         ".options into the deck"},
        {"\nset temp = 50 filetype=ascii\n", "",
         ".spiceinit:2: 'set temp = 50' is not heeded: write it as .options"},
        {"osdi '/pdk/psp103_nqs.osdi'\n", "",
         ".spiceinit:1: 'osdi '/pdk/psp103_nqs.osdi'' is not heeded: a "
         "compiled "
         "model is a program; name it yourself, --simulator ngspice,osdi=FILE"},
        {"setcs sourcepath = ( $sourcepath /pdk/models )\n", "",
         ".spiceinit:1: 'set sourcepath = ( $sourcepath /pdk/models )' is not "
         "heeded: a file is looked for from the one that names it"},
        {"if $?xspice_enabled\n codemodel a.cm\n if 1\n set ngbehavior=ps\n "
         "end\nend\nset ngbehavior=hsa\n",
         "hsa",
         ".spiceinit:1: 'if $?xspice_enabled' is not heeded, nor what stands "
         "up to its end"},
        {"\xEF\xBB\xBF* PDK\n", "",
         ".spiceinit:1: a byte order mark, behind which ngspice takes no "
         "command"},
        {"", "", NULL},
    };
    for (int i = 0; i < TP_COUNT(row); i++) {
        const char *const pair[] = {"d.net", "t\nr1 1 0 1\nv1 1 0 1\n",
                                    ".spiceinit", row[i].text, NULL};
        tp_err            err = {0};
        tp_deck          *d;
        tp_circuit        c;
        const tp_str     *notice;
        if (!CHECK_OK(read_files(&d, pair, &err), &err)) continue;
        CHECK_OK(tp_deck_circuit(&c, d, NULL, 0, NULL, 0, &err), &err);
        CHECK_STR(c.behaviour, row[i].mode);
        int n = tp_deck_notices(d, &notice);
        if (row[i].notice && n) CHECK_HAS(notice[0], row[i].notice);
        if (!row[i].notice != !n) printf("in '%s'\n", row[i].text);
        CHECK(!row[i].notice == !n);
    }
}

static void test_read__nul_bytes_and_long_lines_have_a_place(void)
{
    tp_str    text = {"t\nr1 a\0 0 1\n", 12};
    tp_source file = {TP_S("d.net"), text};
    tp_files  files = {.n = 1, .file = &file};
    tp_err    err = {0};
    tp_deck  *d;
    CHECK_INT(tp_deck_read(&d, "", &files, check_mem(), &err), TP_BAD_INPUT);
    CHECK_INT(err.line, 2);
    CHECK_INT(err.col, 5);
    char     *line = tp_str_z(check_mem(), (tp_str){"", 0});
    ptrdiff_t len = 10 << 20;
    line = TP_NEW(check_mem(), char, len);
    memset(line, 'x', (size_t)len);
    memcpy(line, "t\nr1 ", 5);
    file.text = (tp_str){line, len};
    CHECK_INT(tp_deck_read(&d, "", &files, check_mem(), &err), TP_LIMIT);
    CHECK_INT(err.line, 2);
    CHECK_HAS(tp_str_of(err.msg), "10485758 bytes, more than 1048576");
}

static void test_read__files_that_double_themselves_are_stopped(void)
{
    static const char *const pair[] = {
        "0", "t\n.include 1\n.include 1\n.include 1\n.include 1\n.include 1",
        "1", ".include 2\n.include 2\n.include 2\n.include 2\n.include 2\n",
        "2", ".include 3\n.include 3\n.include 3\n.include 3\n.include 3\n",
        "3", ".include 4\n.include 4\n.include 4\n.include 4\n.include 4\n",
        "4", ".include 5\n.include 5\n.include 5\n.include 5\n.include 5\n",
        "5", ".include 6\n.include 6\n.include 6\n.include 6\n.include 6\n",
        "6", ".include 7\n.include 7\n.include 7\n.include 7\n.include 7\n",
        "7", "r1 a 0 1\n",
        NULL};
    tp_err   err = {0};
    tp_deck *d;
    CHECK_INT(read_files(&d, pair, &err), TP_LIMIT);
    CHECK_HAS(tp_str_of(err.msg), "more than 20000 files included");
}

static void test_read__a_large_library_is_read_in_no_time(void)
{
    tp_buf b = {.mem = check_mem()};
    tp_buf_add(&b, TP_S("t\n"));
    for (int i = 0; b.len < 8 << 20; i++)
        tp_buf_fmt(&b,
                   ".model m%d nmos level=1 vto=0.7\n"
                   "+ lambda=0.02 gamma=0.4 ; comment\n* comment\n"
                   ".subckt s%d a b\nr1 a b {r*2}\n.ends\n",
                   i, i);
    tp_source file = {TP_S("d.net"), tp_buf_str(&b)};
    tp_files  files = {.n = 1, .file = &file};
    tp_err    err = {0};
    tp_deck  *d;
    double    start = tp_cpu_now();
    CHECK_OK(tp_deck_read(&d, "", &files, check_mem(), &err), &err);
    CHECK(tp_cpu_now() - start < 2.0); /* 0.1 s without the sanitizers */
}

/* ---- words -------------------------------------------------------------- */

static tp_str tokens_of(const char *text)
{
    static const char mark[] = "$wqbp";
    tp_card           c = {.text = tp_str_of(text)};
    tp_lexer          l = {&c, 0};
    tp_buf            b = {.mem = check_mem()};
    for (tp_token t = tp_lex(&l); t.kind != TP_TOKEN_END; t = tp_lex(&l))
        tp_buf_fmt(&b, "%c%d[%.*s]", mark[t.kind], (int)t.at, TP_F(t.text));
    return tp_buf_str(&b);
}

static void test_lex__cuts_words_lists_quotes_and_braces(void)
{
    CHECK_STR(tokens_of("optvals=[1,2k] x"),
              "w0[optvals]p7[=]p8[[]w9[1]p10[,]w11[2k]p13[]]w15[x]");
    CHECK_STR(tokens_of("measure=\"a b(c,'d')\""),
              "w0[measure]p7[=]q8[a b(c,'d')]");
    CHECK_STR(tokens_of("{a+{b}} 'it'"), "b0[a+{b}]q8[it]");
    CHECK_STR(tokens_of("'open"), "q0[open]");
    CHECK_STR(tokens_of("{a{b}"), "b0[a{b]");
    CHECK_STR(tokens_of(""), "");
}

static void test_lex__peeks_without_moving(void)
{
    tp_card  c = {.text = TP_S("a b")};
    tp_lexer l = {&c, 0};
    CHECK_STR(tp_lex_peek(l).text, "a");
    CHECK_STR(tp_lex(&l).text, "a");
    CHECK_INT(tp_lex_peek(l).end, 3);
}

static const check_test tests[] = {
    CHECK_TEST(test_read__joins_continuations_with_one_blank),
    CHECK_TEST(test_read__joins_after_two_backslashes),
    CHECK_TEST(test_read__takes_comments_off_as_ngspice_does),
    CHECK_TEST(test_read__keeps_quoted_comment_marks_in_simetrix_decks),
    CHECK_TEST(test_read__takes_hspice_comments_in_that_language),
    CHECK_TEST(test_read__knows_the_place_of_every_byte),
    CHECK_TEST(test_read__knows_the_subcircuit_of_a_card),
    CHECK_TEST(test_read__stops_at_end),
    CHECK_TEST(test_read__keeps_a_file_as_one_card_with_its_body),
    CHECK_TEST(test_read__names_what_it_does_not_execute),
    CHECK_TEST(test_read__blocks_have_to_be_closed_and_opened),
    CHECK_TEST(test_read__line_1_is_the_title),
    CHECK_TEST(test_read__a_device_in_line_1_that_is_used_is_a_card),
    CHECK_TEST(test_read__a_device_in_line_1_that_nothing_uses_is_the_title),
    CHECK_TEST(test_read__a_statement_in_line_1_is_a_card),
    CHECK_TEST(test_read__follows_includes_from_the_file_that_names_them),
    CHECK_TEST(test_read__takes_the_wanted_section_of_a_library),
    CHECK_TEST(test_read__includes_that_can_not_be_followed_are_named),
    CHECK_TEST(test_read__from_disk_and_again_from_its_own_texts),
    CHECK_TEST(test_read__takes_the_mode_from_spiceinit),
    CHECK_TEST(test_read__start_files_of_open_pdks),
    CHECK_TEST(test_read__refuses_a_mode_that_is_none),
    CHECK_TEST(test_read__nul_bytes_and_long_lines_have_a_place),
    CHECK_TEST(test_read__files_that_double_themselves_are_stopped),
    CHECK_TEST(test_read__a_large_library_is_read_in_no_time),
    CHECK_TEST(test_lex__cuts_words_lists_quotes_and_braces),
    CHECK_TEST(test_lex__peeks_without_moving),
    {0},
};

int main(void)
{
    return check_main(tests);
}
