/* Axes from text and what is wrong with a device before anything is simulated;
   tables themselves are tested with the whole program (test/cli/test_gmid). */
#include "check.h"

#include "device/device.h"

static bool axis_is(const char *text, bool ratio, int n, const double *wanted)
{
    tp_err       err = {0};
    tp_gmid_axis a = {0};
    if (!CHECK_OK(tp_device_axis(&a, tp_str_of(text), ratio, check_mem(), &err),
                  &err))
        return false;
    if (!CHECK_INT(a.n, n)) return false;
    for (int i = 0; i < n; i++) CHECK_NEAR(a.at[i], wanted[i], 0);
    return true;
}

static void test_axis__is_a_list_or_a_range(void)
{
    axis_is("0.5u, 0.18u,1e-6", true, 3, (double[]){0.18e-6, 0.5e-6, 1e-6});
    axis_is("0", false, 1, (double[]){0});
    axis_is("0:1.2:4", false, 4, (double[]){0, 0.4, 0.8, 1.2});
    axis_is("-40:125:2", false, 2, (double[]){-40, 125});
    axis_is("1u:100u:3", true, 3, (double[]){1e-6, 1e-5, 1e-4});
    axis_is("0:0.3:4", false, 4, (double[]){0, 0.1, 0.2, 0.3});
}

static void test_axis__says_what_is_wrong(void)
{
    static const struct {
        const char *text, *wanted;
    } bad[] = {
        {"", "there is no value"},
        {"1,x", "'x' is not a number"},
        {"1,inf", "'inf' is not a number"},
        {"1u,2u,1u", "is there twice"},
        {"1:2", "'' is not a number"},
        {"1:2:1", "the count 1 is no whole number from 2 to 1000"},
        {"1:2:2.5", "the count 2.5"},
        {"1:2:3:4", "'3:4' is not a number"},
        {"0:1:3", "0 is not above 0"},
        {"1:1:3", "is there twice"},
    };
    for (int i = 0; i < TP_COUNT(bad); i++) {
        tp_err       err = {0};
        tp_gmid_axis a;
        CHECK(tp_device_axis(&a, tp_str_of(bad[i].text), true, check_mem(),
                             &err) != TP_OK);
        CHECK_HAS(tp_str_of(err.msg), bad[i].wanted);
    }
}

/* ---- a spec -------------------------------------------------------------- */

static const double one[] = {0.5e-6}, half[] = {0.5}, zero[] = {0};
static const double gate[] = {0, 0.1, 0.2, 0.3};

static tp_device_spec good(void)
{
    static const tp_str tt = {"tt", 2};
    tp_device_spec      s = {
             .models = TP_S("data/pdk/gf180mcu/select/gf180.lib"),
             .model = TP_S("nfet_03v3"),
             .w = 1e-5,
             .vgs = {4, gate},
             .n_corner = 1,
             .corner = &tt,
             .axis = {{1, one}, {1, half}, {1, zero}, {1, zero}},
    };
    for (int a = 0; a < TP_GMID_AXES; a++) s.def[a] = NAN;
    return s;
}

static void refused(const tp_device_spec *s, const char *wanted)
{
    tp_err         err = {0};
    tp_gmid_table *t;
    CHECK(tp_device_table(&t, s, check_mem(), &err) == TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), wanted);
}

static void test_table__refuses_what_cannot_be_simulated(void)
{
    static const double uneven[] = {0, 0.1, 0.3};
    static const tp_str wrong = {"typo", 4};
    tp_device_spec      s = good();
    s.model = TP_S("nfet_03v4");
    refused(&s, "has no MOSFET model or sub-circuit 'nfet_03v4' (did you mean "
                "nfet_03v3");
    s = good();
    s.n_corner = 0;
    refused(&s, "'nfet_03v3' outside library sections");
    s = good();
    s.corner = &wrong;
    refused(&s, "no library section 'typo'");
    s = good();
    s.models = TP_S("not/there.lib");
    refused(&s, "not/there.lib");
    s = good();
    s.vgs = (tp_gmid_axis){3, uneven};
    refused(&s, "vgs: the steps are not equal");
    s = good();
    s.vgs.n = 2;
    refused(&s, "vgs: at least 3");
    s = good();
    s.w = 0;
    refused(&s, "the width 0");
    s = good();
    s.axis[TP_GMID_VDS] = s.axis[TP_GMID_VSB];
    refused(&s, "l and vds have to be above 0");
    s = good();
    s.model = TP_S("pnp_10p00x00p42");
    refused(&s, "can't be told from its name: say --polarity");
    s.polarity = TP_PMOS;
    refused(&s, "has 0 MOSFETs inside");
    s = good();
    s.inner = TP_S("m7");
    refused(&s, "there is no MOSFET 'm7' in nfet_03v3");
}

/* ---- the grid between ---------------------------------------------------- */

static void test_between__is_half_a_step_off(void)
{
    static const double l[] = {1e-6, 4e-6, 16e-6};
    tp_device_spec      s = good(), off;
    s.axis[TP_GMID_L] = (tp_gmid_axis){3, l};
    tp_device_between(&off, &s, check_mem());
    CHECK_INT(off.axis[TP_GMID_L].n, 2);
    CHECK_NEAR(off.axis[TP_GMID_L].at[0], 2e-6, 1e-18);
    CHECK_NEAR(off.axis[TP_GMID_L].at[1], 8e-6, 1e-18);
    CHECK_INT(off.vgs.n, 3);
    CHECK_NEAR(off.vgs.at[2], 0.25, 1e-15);
    CHECK_INT(off.axis[TP_GMID_VDS].n, 1);
    CHECK_NEAR(off.axis[TP_GMID_VDS].at[0], 0.5, 0);
}

static const check_test tests[] = {
    CHECK_TEST(test_axis__is_a_list_or_a_range),
    CHECK_TEST(test_axis__says_what_is_wrong),
    CHECK_TEST(test_table__refuses_what_cannot_be_simulated),
    CHECK_TEST(test_between__is_half_a_step_off),
    {0},
};

int main(void)
{
    return check_main(tests);
}
