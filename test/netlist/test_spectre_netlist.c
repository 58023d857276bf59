/* Spectre netlists as templates: what is replaced, and that nothing else is. */
#include "check.h"
#include "netlist/netlist.h"

static tp_spectre *read_text(const char *text)
{
    tp_source   source = {TP_S("/srv/ota.scs"), tp_str_of(text)};
    tp_files    files = {.n = 1, .file = &source};
    tp_spectre *d = NULL;
    tp_err      err = {0};
    CHECK_OK(tp_spectre_read(&d, "/srv/ota.scs", &files, check_mem(), &err),
             &err);
    return d;
}

/* The text with these values in this condition. */
static tp_str with(const char *text, const tp_condition *in, const char *names,
                   const double *v, int *n_param)
{
    tp_spectre *d = read_text(text);
    tp_circuit  c = {0};
    tp_str      name[8], list = tp_str_of(names);
    double      own[8] = {0};
    int         n = 0;
    tp_err      err = {0};
    for (tp_str w; (w = tp_str_word(&list, " ")).len > 0;) name[n++] = w;
    CHECK_OK(tp_spectre_circuit(&c, d, in, name, n, &err), &err);
    for (int i = 0; i < c.n_param; i++)
        for (int k = 0; k < n; k++)
            if (tp_str_eq(c.param[i], name[k])) own[i] = v[k];
    *n_param = c.n_param;
    return tp_spectre_text(&c, own, check_mem());
}

static const tp_condition as_it_is = {.temp = NAN};

static void test_spectre_netlist__values_are_replaced_in_place(void)
{
    static const double v[] = {1e-6, 2.5, 3};
    static const struct {
        const char *text, *becomes;
        int         n;
    } rows[] = {
        {"parameters w=2u l=0.5u\n",
         "parameters w=9.9999999999999995e-07 l=2.5\n", 2},
        {"parameters w = 2u*(1 + l) l=1 // w=3\n",
         "parameters w = 9.9999999999999995e-07 l=2.5 // w=3\n", 2},
        {"parameters a=1 \\\n  w=2u\n+ l=3\nr (w 0) resistor r=w\n",
         "parameters a=1 \\\n  w=9.9999999999999995e-07\n+ l=2.5\nr (w 0) "
         "resistor r=w\n",
         2},
        {"subckt s (a b)\nparameters w=1\nends s\nparameters w=2\n",
         "subckt s (a b)\nparameters w=1\nends s\nparameters "
         "w=9.9999999999999995e-07\n",
         1},
        {"inline subckt s (a b)\nparameters w=1\nends\n",
         "inline subckt s (a b)\nparameters w=1\nends\n", 0},
        {"* parameters w=1\n// parameters w=1\nparameters x=w==1\n",
         "* parameters w=1\n// parameters w=1\nparameters x=w==1\n", 0},
        {"simulator lang=spice\n.param w=1\nparameters w=1\nsimulator "
         "lang=spectre\nparameters w=1",
         "simulator lang=spice\n.param w=1\nparameters w=1\nsimulator "
         "lang=spectre\nparameters w=9.9999999999999995e-07",
         1},
        {"parameters W=1\n", "parameters W=1\n", 0},
        {"parameters f=\"a w=1\" w=2\n",
         "parameters f=\"a w=1\" w=9.9999999999999995e-07\n", 1},
    };
    for (int i = 0; i < TP_COUNT(rows); i++) {
        int    n = 0;
        tp_str got = with(rows[i].text, &as_it_is, "w l", v, &n);
        CHECK_STR(got, rows[i].becomes);
        CHECK_INT(n, rows[i].n);
    }
}

static void test_spectre_netlist__sections_and_temperature_of_a_corner(void)
{
    static tp_str section[] = {{"ff", 2}, {"res_min", 7}};
    tp_condition  in = {.n_section = 2, .section = section, .temp = -40};
    int           n;
    CHECK_STR(with("include \"m/a.scs\" section=tt\ninclude \"b.scs\"\n"
                   "include \"m/a.scs\" section=res_typ\n"
                   "o options temp=27 reltol=1e-4\n",
                   &in, "", NULL, &n),
              "include \"/srv/m/a.scs\" section=ff\n"
              "include \"/srv/m/a.scs\" section=res_min\n"
              "include \"/srv/b.scs\"\n"
              "o options temp=-40 reltol=1e-4\n");
    in.lib = TP_S("/pdk/models.scs");
    CHECK_STR(with("r (a 0) resistor r=1", &in, "", NULL, &n),
              "r (a 0) resistor r=1\ninclude \"/pdk/models.scs\" section=ff\n"
              "include \"/pdk/models.scs\" section=res_min\n\n"
              "tpCorner options temp=-40\n");
    in.n_section = 0;
    CHECK_STR(with("include \"m/a.scs\" section=tt\no options temp=27\n", &in,
                   "", NULL, &n),
              "include \"/srv/m/a.scs\" section=tt\no options temp=-40\n");
}

static void test_spectre_netlist__sections_need_a_library(void)
{
    static tp_str section[] = {{"ff", 2}};
    tp_condition  in = {.n_section = 1, .section = section, .temp = NAN};
    tp_spectre   *d = read_text("include \"models.scs\"\n");
    tp_circuit    c;
    tp_err        err = {0};
    CHECK_INT(tp_spectre_circuit(&c, d, &in, NULL, 0, &err), TP_BAD_INPUT);
    CHECK_Z(err.msg, "/srv/ota.scs has no include with a section, and no model "
                     "file is named");
    CHECK(tp_spectre_read(&d, "/nowhere/x.scs", NULL, check_mem(), &err));
}

static void test_spectre_netlist__knows_its_parameters(void)
{
    const tp_str *name;
    tp_str        expr;
    tp_spectre   *d = read_text("parameters a=1k b = a * 2\n");
    CHECK_INT(tp_spectre_params(d, &name), 2);
    CHECK_STR(name[1], "b");
    CHECK(tp_spectre_param(d, TP_S("b"), &expr));
    CHECK_STR(expr, "a * 2");
    CHECK(!tp_spectre_param(d, TP_S("c"), &expr));
    CHECK_INT(tp_spectre_files(d).n, 1);
}

static const check_test tests[] = {
    CHECK_TEST(test_spectre_netlist__values_are_replaced_in_place),
    CHECK_TEST(test_spectre_netlist__sections_and_temperature_of_a_corner),
    CHECK_TEST(test_spectre_netlist__sections_need_a_library),
    CHECK_TEST(test_spectre_netlist__knows_its_parameters),
    {0},
};

int main(void)
{
    return check_main(tests);
}
