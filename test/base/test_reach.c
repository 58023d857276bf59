/* Which files a text of a stranger may name. */
#include "check.h"

#include <stdlib.h>
#include <unistd.h>

static char root[64]; /* a folder made for the test that runs, behind links */

static const char *at(const char *name)
{
    return tp_str_fmt(check_mem(), "%s/%s", root, name).at;
}

static void file(const char *name)
{
    tp_err err = {0};
    CHECK_OK(tp_file_write(at(name), TP_S("x\n"), &err), &err);
}

static void folder(const char *name)
{
    tp_err err = {0};
    CHECK_OK(tp_folder_make(at(name), &err), &err);
}

/* Two projects side by side, the first with a folder inside; "home" is the
   user's. */
static bool open_root(void)
{
    strcpy(root, "/tmp/tp-reach-XXXXXX");
    if (!CHECK(mkdtemp(root))) return false;
    folder("one/decks/.hidden");
    folder("one/.git");
    folder("one/models");
    folder("two");
    folder("home/.ssh");
    file("one/decks/a.cir");
    file("one/decks/.hidden/a");
    file("one/models/m.lib");
    file("one/.git/config");
    file("two/b.cir");
    file("home/.ssh/key");
    return true;
}

static void close_root(void)
{
    const char *words = tp_str_fmt(check_mem(), "rm -r %s", root).at;
    CHECK_INT(system(words), 0);
}

static bool may(const tp_reach *r, const char *name)
{
    tp_str real;
    return tp_reach_has(r, tp_str_of(at(name)), &real, check_mem());
}

static void test_reach__is_a_folder_and_its_project(void)
{
    tp_reach r = {0};
    if (!open_root()) return;
    tp_reach_home(&r, tp_str_of(at("one/decks")), check_mem());
    CHECK_INT(r.n, 2);
    CHECK(may(&r, "one/decks/a.cir"));
    CHECK(may(&r, "one/decks/../models/m.lib"));
    CHECK(!may(&r, "two/b.cir"));
    CHECK(!may(&r, "one/decks/../../two/b.cir"));
    CHECK(!may(&r, "one/decks/.hidden/a"));
    CHECK(!may(&r, "one/.git/config"));
    CHECK(may(&r, "two/not/there")); /* reading it says so */
    close_root();
}

static void test_reach__has_no_project_without_one(void)
{
    tp_reach r = {0};
    if (!open_root()) return;
    tp_reach_home(&r, tp_str_of(at("two")), check_mem());
    CHECK_INT(r.n, 1);
    CHECK(may(&r, "two/b.cir"));
    CHECK(!may(&r, "one/models/m.lib"));
    tp_reach_home(&r, TP_S("/"), check_mem());
    CHECK_INT(r.n, 1);
    CHECK(!may(&r, "one/models/m.lib"));
    close_root();
}

/* A home that is a repository is no project. */
static void test_reach__does_not_take_a_home_for_a_project(void)
{
    const char *was = getenv("HOME");
    tp_reach    r = {0}, s = {0};
    if (!open_root()) return;
    folder("home/.git");
    folder("home/down");
    file("home/diary");
    setenv("HOME", at("home"), 1);
    tp_reach_home(&r, tp_str_of(at("home/down")), check_mem());
    CHECK(!may(&r, "home/diary"));
    setenv("HOME", "/nowhere", 1);
    tp_reach_home(&s, tp_str_of(at("home/down")), check_mem());
    CHECK(may(&s, "home/diary"));
    CHECK(!may(&s, "home/.ssh/key"));
    if (was)
        setenv("HOME", was, 1);
    else
        unsetenv("HOME");
    close_root();
}

static void test_reach__goes_by_the_names_behind_links(void)
{
    tp_reach r = {0};
    tp_str   real;
    if (!open_root()) return;
    CHECK_INT(symlink("/etc/passwd", at("two/users.lib")), 0);
    CHECK_INT(symlink(at("one"), at("two/models")), 0);
    CHECK_INT(symlink("b.cir", at("two/c.cir")), 0);
    CHECK_INT(symlink("/nowhere/at/all", at("two/dangling")), 0);
    tp_reach_home(&r, tp_str_of(at("two")), check_mem());
    CHECK(!may(&r, "two/users.lib"));
    CHECK(!may(&r, "two/models/models/m.lib"));
    CHECK(may(&r, "two/c.cir"));
    CHECK(may(&r, "two/dangling"));
    CHECK(
        !tp_reach_has(&r, tp_str_of(at("two/users.lib")), &real, check_mem()));
    CHECK_STR(real, "/etc/passwd");
    close_root();
}

static void test_reach__is_what_the_user_names(void)
{
    if (!open_root()) return;
    CHECK_INT(symlink("../one", at("two/models")), 0);
    tp_str list = tp_str_fmt(check_mem(), ":%s:%s:/nowhere:", at("two/models"),
                             at("home/.ssh"));
    tp_reach r = tp_reach_of(list, check_mem());
    CHECK_INT(r.n, 2);
    CHECK(may(&r, "one/models/m.lib"));
    CHECK(may(&r, "one/decks/.hidden/a")); /* all below it */
    CHECK(may(&r, "home/.ssh/key"));
    CHECK(!may(&r, "two/b.cir"));
    tp_reach one = {0};
    tp_reach_allow(&one, tp_str_of(at("one/decks/a.cir")), check_mem());
    CHECK(may(&one, "one/decks/a.cir"));
    CHECK(!may(&one, "one/models/m.lib"));
    file("one/decks/a.cir2"); /* a name that begins alike */
    CHECK(!may(&one, "one/decks/a.cir2"));
    close_root();
}

static void test_reach__grows_without_touching_what_it_came_from(void)
{
    tp_reach r = {0};
    if (!open_root()) return;
    tp_reach_allow(&r, tp_str_of(at("home")), check_mem());
    CHECK(r.cap > 1);
    tp_reach a = tp_reach_from(&r, tp_str_of(at("one/decks")), check_mem());
    tp_reach b = tp_reach_from(&r, tp_str_of(at("two")), check_mem());
    CHECK_INT(r.n, 1);
    CHECK(may(&a, "one/models/m.lib") && !may(&a, "two/b.cir"));
    CHECK(may(&b, "two/b.cir") && !may(&b, "one/models/m.lib"));
    CHECK(may(&a, "home/.ssh/key") && may(&b, "home/.ssh/key"));
    close_root();
}

static void test_reach__refuses_with_the_option_that_allows(void)
{
    tp_err   err = {0};
    tp_reach r = {0};
    CHECK_INT(tp_reach_refuse(&r, TP_S("/a/b.lib"), TP_S("/a/b.lib"),
                              (tp_place){0}, &err),
              TP_BAD_INPUT);
    CHECK_STR(tp_str_of(err.msg),
              "/a/b.lib may not be read; `--include-dir /a` allows it "
              "(expected: a file below no folder)");
    tp_str far = tp_str_fmt(check_mem(), "/%0*d", 120, 1);
    for (int i = 0; i < 3; i++) {
        tp_reach_root *one = TP_PUSH(check_mem(), r.root, r.n, r.cap);
        *one = (tp_reach_root){i == 1 ? far : TP_S("/srv/decks"), false};
    }
    CHECK_INT(tp_reach_refuse(&r, TP_S("m.lib"), TP_S("/etc/x/m.lib"),
                              (tp_place){0}, &err),
              TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "m.lib is /etc/x/m.lib, which may not");
    CHECK_HAS(tp_str_of(err.msg), "`--include-dir /etc/x` allows it");
    CHECK_HAS(tp_str_of(err.msg), "a file below /srv/decks, /000");
    for (int i = 0; i < 3; i++) r.root[i].path = far;
    tp_reach_refuse(&r, TP_S("m"), TP_S("/m"), (tp_place){0}, &err);
    CHECK_HAS(tp_str_of(err.msg), "01 ...)");
}

static void test_path__is_inside_by_its_true_name(void)
{
    if (!open_root()) return;
    CHECK_INT(symlink(at("home"), at("two/away")), 0);
    CHECK_INT(symlink(at("two"), at("alias")), 0);
    const struct {
        const char *folder, *path;
        bool        inside;
    } row[] = {
        {"two", "two/b.cir", true},       {"two", "two/new.raw", true},
        {"two", "two/away/diary", false}, {"two", "one/models/m.lib", false},
        {"two", "alias/new.raw", true},   {"alias", "two/b.cir", true},
        {"two", "two/../two2", false},    {"two", "two/no/x", false},
        {"nowhere", "nowhere/x", false},
    };
    for (int i = 0; i < TP_COUNT(row); i++)
        if (!CHECK_INT(tp_path_inside(tp_str_of(at(row[i].folder)),
                                      tp_str_of(at(row[i].path)), check_mem()),
                       row[i].inside))
            printf("  %s in %s\n", row[i].path, row[i].folder);
    close_root();
}

static const check_test tests[] = {
    CHECK_TEST(test_reach__is_a_folder_and_its_project),
    CHECK_TEST(test_reach__has_no_project_without_one),
    CHECK_TEST(test_reach__does_not_take_a_home_for_a_project),
    CHECK_TEST(test_reach__goes_by_the_names_behind_links),
    CHECK_TEST(test_reach__is_what_the_user_names),
    CHECK_TEST(test_reach__grows_without_touching_what_it_came_from),
    CHECK_TEST(test_reach__refuses_with_the_option_that_allows),
    CHECK_TEST(test_path__is_inside_by_its_true_name),
    {0},
};

int main(void)
{
    return check_main(tests);
}
