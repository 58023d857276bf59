/* Finding a method, saying why it can't take a problem, its settings. */
#include "opt/opt.h"

#include "check.h"

static const tp_var box[] = {
    {.name = {"rs", 2}, .lo = 0, .hi = 1, .start = 0.5},
    {.name = {"ikf", 3}, .lo = 0, .hi = 1, .start = 0.5},
    {.name = {"n", 1}, .lo = 0.1, .hi = INFINITY, .start = 1},
    {.name = {"k", 1}, .lo = -INFINITY, .hi = 1, .start = 1},
    {.name = {"still", 5}, .lo = 2, .hi = 2, .start = 2},
};

static void test_opt_find__takes_the_spellings_people_use(void)
{
    static const char *const names[][2] = {
        {"NELDER_MEAD", "NELDER_MEAD"},
        {"nelder-mead", "NELDER_MEAD"},
        {"NelderMead", "NELDER_MEAD"},
        {"LN_NELDERMEAD", "NELDER_MEAD"},
        {"NLOPT_LN_NELDERMEAD", "NELDER_MEAD"},
        {"cobyla", "COBYLA"},
        {"NLOPT_LN_COBYLA", "COBYLA"},
        {"SBPLX", "SUBPLEX"},
        {"SUBPLEX", "SUBPLEX"},
        {"CRS", "CRS2_LM"},
        {"GN_CRS2_LM", "CRS2_LM"},
        {"NELDER_MEAD_AL", "NELDER_MEAD_AL"},
        {"DIRECT_L", "DIRECT_L"},
        {"nlopt_gn_orig_direct_l", "ORIG_DIRECT_L"},
        {"G_MLSL_LDS", "MLSL_LDS"},
        {"random", "RANDOM_SEARCH"},
    };
    for (int i = 0; i < TP_COUNT(names); i++) {
        const tp_opt_ops *ops = tp_opt_find(tp_str_of(names[i][0]));
        CHECK_Z(ops ? ops->name : names[i][0], names[i][1]);
    }
    CHECK(tp_opt_find(TP_S("")) == NULL);
    CHECK(tp_opt_find(TP_S("COB")) == NULL);
    CHECK(tp_opt_find(TP_S("COBYLAA")) == NULL);
    CHECK(tp_opt_find(TP_S("AGS")) == NULL); /* not in the library */
}

static const char *choose(const char *name, const tp_var *var, int n, int n_g,
                          tp_err *err)
{
    tp_space          space = {n, var};
    const tp_opt_ops *ops = NULL;
    tp_status         status =
        tp_opt_choose(&ops, tp_str_of(name), &space, n_g, check_mem(), err);
    if (!status) return ops->name;
    CHECK_INT(status, TP_BAD_INPUT);
    return "no";
}

static void test_opt_choose__takes_the_default_when_nobody_named_one(void)
{
    tp_err err;
    CHECK_Z(choose("", box, 2, 0, &err), "NELDER_MEAD");
    CHECK_Z(choose(" ", box, 2, 3, &err), "COBYLA");
    CHECK_Z(choose(" bobyqa ", box, 2, 0, &err), "BOBYQA");
}

static void test_opt_choose__names_the_nearest(void)
{
    tp_err err;
    CHECK_Z(choose("COBLYA", box, 2, 0, &err), "no");
    CHECK_HAS(tp_str_of(err.msg), "unknown algorithm 'COBLYA'");
    CHECK_HAS(tp_str_of(err.msg), "did you mean COBYLA");
    CHECK_Z(choose("NELDERMEED", box, 2, 0, &err), "no");
    CHECK_HAS(tp_str_of(err.msg), "NELDERMEAD");
    CHECK_Z(choose("zzzzzzzzzzzzzzz", box, 2, 0, &err), "no");
    CHECK_HAS(tp_str_of(err.msg), "unknown algorithm 'zzzzzzzzzzzzzzz'");
}

static void test_opt_choose__says_who_takes_constraints(void)
{
    static const char *const can[] = {
        "COBYLA",      "NELDER_MEAD_AL", "AUGLAG", "AUGLAG_EQ",
        "ORIG_DIRECT", "ORIG_DIRECT_L",  "ISRES",  "RANDOM_SEARCH",
    };
    tp_err err;
    CHECK_Z(choose("NELDER_MEAD", box, 2, 3, &err), "no");
    CHECK_HAS(tp_str_of(err.msg), "NELDER_MEAD can't take constraints");
    CHECK_HAS(tp_str_of(err.msg), "here are 3");
    for (int i = 0; i < TP_COUNT(can); i++) {
        CHECK_HAS(tp_str_of(err.msg), can[i]);
        CHECK_Z(choose(can[i], box, 2, 3, &(tp_err){0}), can[i]);
    }
    for (const tp_opt_ops *const *at = tp_opts(); *at; at++) {
        bool takes = ((*at)->can & TP_OPT_CONSTRAINTS) != 0;
        bool listed = strstr(err.msg, (*at)->name) != NULL;
        bool chosen =
            !strcmp(choose((*at)->name, box, 2, 1, &(tp_err){0}), (*at)->name);
        CHECK(chosen == takes);
        CHECK(listed || !takes);
    }
}

static void test_opt_choose__names_the_variable_without_bounds(void)
{
    tp_err err;
    CHECK_Z(choose("CRS", box, 3, 0, &err), "no");
    CHECK_HAS(tp_str_of(err.msg), "n has no upper bound");
    CHECK_Z(choose("DIRECT", box + 3, 1, 0, &err), "no");
    CHECK_HAS(tp_str_of(err.msg), "k has no lower bound");
    CHECK_Z(choose("COBYLA", box, 4, 2, &err), "COBYLA");
    CHECK_Z(choose("CRS", box, 2, 0, &err), "CRS2_LM");
}

static void test_opt_choose__counts_variables_that_move(void)
{
    tp_err err;
    CHECK_Z(choose("NEWUOA", box + 3, 2, 0, &err), "no"); /* k, still */
    CHECK_HAS(tp_str_of(err.msg), "needs two variables");
    CHECK_Z(choose("NEWUOA_BOUND", box, 1, 0, &err), "no");
    CHECK_Z(choose("NEWUOA", box + 2, 3, 0, &err), "NEWUOA");
    CHECK_Z(choose("COBYLA", box, 1, 0, &err), "COBYLA");
}

static void test_opt_settings__reads_with_and_without_the_name(void)
{
    static const char *const lists[] = {"CRS,population=50", "population=50",
                                        " population = 50 "};
    tp_err                   err;
    void                    *set;
    const tp_opt_ops        *ops = tp_opt_find(TP_S("CRS"));
    for (int i = 0; i < TP_COUNT(lists); i++) {
        CHECK_OK(
            tp_opt_settings(&set, ops, tp_str_of(lists[i]), check_mem(), &err),
            &err);
        CHECK_STR(tp_params_list(ops->params, set, check_mem()),
                  "population=50");
    }
    CHECK_OK(tp_opt_settings(&set, ops, TP_S("CRS"), check_mem(), &err), &err);
    CHECK_STR(tp_params_list(ops->params, set, check_mem()), "population=0");
    CHECK_INT(
        tp_opt_settings(&set, ops, TP_S("CRS,populaton=5"), check_mem(), &err),
        TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "algorithm CRS2_LM");
    CHECK_HAS(tp_str_of(err.msg), "population");
    ops = tp_opt_find(TP_S("DIRECT"));
    CHECK_INT(tp_opt_settings(&set, ops, TP_S("DIRECT,x=1"), check_mem(), &err),
              TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "DIRECT has no settings, got 'x=1'");
}

static void test_opt_outfile__is_the_file_of_the_points(void)
{
    tp_err            err;
    void             *set;
    const tp_opt_ops *ops = tp_opt_find(TP_S("parameter_space"));
    CHECK_OK(tp_opt_settings(&set, ops, TP_S("npts1=3,outfile=a b.txt"),
                             check_mem(), &err),
             &err);
    CHECK_STR(tp_opt_outfile(ops, set), "a b.txt");
    CHECK_OK(tp_opt_settings(&set, ops, TP_S(""), check_mem(), &err), &err);
    CHECK_STR(tp_opt_outfile(ops, set), "");
    ops = tp_opt_find(TP_S("DIRECT"));
    CHECK_OK(tp_opt_settings(&set, ops, TP_S(""), check_mem(), &err), &err);
    CHECK_STR(tp_opt_outfile(ops, set), "");
}

static const check_test tests[] = {
    CHECK_TEST(test_opt_find__takes_the_spellings_people_use),
    CHECK_TEST(test_opt_choose__takes_the_default_when_nobody_named_one),
    CHECK_TEST(test_opt_choose__names_the_nearest),
    CHECK_TEST(test_opt_choose__says_who_takes_constraints),
    CHECK_TEST(test_opt_choose__names_the_variable_without_bounds),
    CHECK_TEST(test_opt_choose__counts_variables_that_move),
    CHECK_TEST(test_opt_settings__reads_with_and_without_the_name),
    CHECK_TEST(test_opt_outfile__is_the_file_of_the_points),
    {0},
};

int main(void)
{
    return check_main(tests);
}
