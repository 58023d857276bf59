/* Versions of the library, and the compiled models of the newer ones. */
#include "check.h"
#include "circuits.h"
#include "sim/ng.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static void test_version__is_read_from_what_the_library_says(void)
{
    static const struct {
        const char *said;
        int         version;
    } row[] = {
        {"******\n** ngspice-39 shared library\n** Creation Date: Sun Feb  5 "
         "13:44:35 UTC 2023\n******\n",
         39},
        {"******\n** ngspice-46 shared library\n** Creation Date: Wed Apr 15 "
         "15:18:29 UTC 2026\n******\n",
         46},
        {"** ngspice-44.2 : Circuit level simulation program\n", 44},
        {"ngspice-x ngspice-41+ : ...", 41},
        {"ngspice-", 0},
        {"ngspice", 0},
        {"", 0},
    };
    for (int i = 0; i < TP_COUNT(row); i++)
        CHECK_INT(tp_ng_version(tp_str_of(row[i].said)), row[i].version);
}

static void test_version__in_words(void)
{
    static const struct {
        const char *said, *words;
    } row[] = {
        {"******\n** ngspice-39 shared library\n** Creation Date: Sun Feb  5 "
         "13:44:35 UTC 2023\n******\n",
         "ngspice-39, built Sun Feb 5 13:44:35 UTC 2023"},
        {"******\n** ngspice-44.2 : Circuit level simulation program\n** The "
         "U. C. Berkeley CAD Group\n",
         "ngspice-44.2"},
        {"** Creation Date: Sun Feb 5\n", ""},
        {"ngspice-", ""},
        {"", ""},
    };
    for (int i = 0; i < TP_COUNT(row); i++)
        CHECK_STR(tp_ng_version_words(tp_str_of(row[i].said), check_mem()),
                  row[i].words);
}

static void test_version__paths_of_models_are_checked(void)
{
    enum { MAX = 2 };
    const char *path[MAX + 1];
    char        own[] = "/tmp/test-version-XXXXXX";
    tp_err      err = {0};
    int         fd = mkstemp(own);
    if (!CHECK(fd >= 0)) return;
    close(fd);
    tp_str two = tp_str_fmt(check_mem(), "%s:%s", own, own);
    tp_str three = tp_str_fmt(check_mem(), "%.*s:%s", TP_F(two), own);
    CHECK_OK(tp_ng_osdi_paths(path, MAX, two, check_mem(), &err), &err);
    CHECK_Z(path[1], own);
    CHECK(path[2] == NULL);
    CHECK_OK(tp_ng_osdi_paths(path, MAX, TP_S(""), check_mem(), &err), &err);
    CHECK(path[0] == NULL);
    CHECK_INT(tp_ng_osdi_paths(path, MAX, three, check_mem(), &err), TP_LIMIT);
    static const struct {
        const char *list, *says;
    } bad[] = {
        {"/tmp", "there is no file '/tmp'"},
        {"/nowhere/x.osdi", "there is no file '/nowhere/x.osdi'"},
        {"/tmp/a b", "has bytes that ngspice does not take"},
        {"/tmp/a;shell", "has bytes"},
        {"/tmp/$HOME", "has bytes"},
    };
    for (int i = 0; i < TP_COUNT(bad); i++) {
        CHECK_INT(tp_ng_osdi_paths(path, MAX, tp_str_of(bad[i].list),
                                   check_mem(), &err),
                  TP_BAD_INPUT);
        CHECK_HAS(tp_str_of(err.msg), bad[i].says);
    }
    unlink(own);
}

/* The library that is installed: an old one has no such models, a newer one
   does not take this program for one. */
static void test_version__no_model_that_is_none_is_loaded(void)
{
    tp_err            err = {0};
    const tp_sim_ops *ops = tp_sim_find(TP_S("ngspice"));
    tp_sim            sim = {.mem = tp_arena_open(1 << 26)};
    sim.settings = tp_sim_settings(ops, &sim.mem);
    CHECK_OK(tp_params_set_list(ops->params, sim.settings,
                                TP_S("osdi=/etc/passwd"), &sim.mem, &err),
             &err);
    CHECK_INT(ops->open(&sim, &err), TP_SIM);
    CHECK_HAS(tp_str_of(err.msg), "osdi");
    ops->close(&sim);
    CHECK_OK(tp_params_set_list(ops->params, sim.settings, TP_S("osdi="),
                                &sim.mem, &err),
             &err);
    CHECK_OK(ops->open(&sim, &err), &err);
    CHECK(((const tp_ng *)sim.state)->version >= 30);
    ops->close(&sim);
    tp_arena_close(&sim.mem);
}

static const check_test tests[] = {
    CHECK_TEST(test_version__is_read_from_what_the_library_says),
    CHECK_TEST(test_version__in_words),
    CHECK_TEST(test_version__paths_of_models_are_checked),
    CHECK_TEST(test_version__no_model_that_is_none_is_loaded),
    {0},
};

int main(int argc, char **argv)
{
    (void)argc, (void)argv;
    return check_main(tests);
}
