/* Operating points and sizes from a table. */
#include "table.h"

#include <jansson.h>

/* ---- worked widths ------------------------------------------------------- */

static double number(const json_t *j, const char *key)
{
    return json_number_value(json_object_get(j, key));
}

static double width(const tp_gmid_table *t, const json_t *j,
                    tp_gmid_between between)
{
    tp_err       err = {0};
    tp_gmid_size s = {0};
    tp_gmid_at   at = tp_gmid_where(number(j, "L"));
    tp_gmid_need need = {.given = TP_GMID_BY_GM, .gm = number(j, "gm")};
    at.between = between;
    CHECK_OK(tp_gmid_fit(&s, t, number(j, "gmid"), &at, &need, &err), &err);
    CHECK_NEAR(s.id, number(j, "Id"), 1e-12 * s.id);
    return s.w * 1e6;
}

static void test_fit__gives_the_worked_widths(void)
{
    json_error_t         err;
    const tp_gmid_table *t = nmos();
    json_t              *all = json_load_file(
                     "test/data/gmid/width_vectors_synthetic_nmos.json", 0, &err);
    if (!t || !CHECK(json_array_size(all) == 4)) return;
    for (size_t i = 0; i < 4; i++) {
        const json_t *j = json_array_get(all, i);
        double        near = number(json_object_get(j, "vcli_nearest"), "W_um");
        double        line = number(json_object_get(j, "interpolated"), "W_um");
        CHECK_NEAR(width(t, j, TP_GMID_NEAREST), near, 1e-9 * near);
        CHECK_NEAR(width(t, j, TP_GMID_LINEAR), line, 1e-9 * line);
        CHECK_NEAR(width(t, j, TP_GMID_PCHIP), line, 0.05 * line);
    }
    json_decref(all);
}

/* ---- interpolation ------------------------------------------------------- */

static void test_find__gives_the_tables_own_rows(void)
{
    tp_err               err = {0};
    tp_gmid_point        p;
    const tp_gmid_table *t = nmos();
    tp_gmid_at           at = tp_gmid_where(5e-7);
    const tp_gmid_curve *c =
        tp_gmid_curve_at(t, 0, (int[TP_GMID_AXES]){1, 0, 0, 0});
    for (int u = 0; u < c->n_use; u++) {
        int i = c->row[u];
        CHECK_OK(tp_gmid_find(&p, t, c->v[TP_GMID_RATIO][i], &at, &err), &err);
        for (int k = 0; k < TP_GMID_COLUMNS; k++) {
            double own = c->v[k] ? c->v[k][i] : NAN;
            double w = k == TP_GMID_JD ? t->w : 1;
            if (k == TP_GMID_GDS) continue; /* from gm and the gain */
            CHECK_NEAR(p.v[k] * w, own, 1e-9 * fabs(own));
        }
        double gds = c->v[TP_GMID_GDS][i];
        CHECK_NEAR(p.v[TP_GMID_GDS] * t->w, gds, 0.02 * gds);
    }
}

/* Width, vgs, gain and fT are monotone in gm/Id, at any length. */
static void test_find__is_monotone(void)
{
    tp_err               err = {0};
    const tp_gmid_table *t = nmos();
    for (int l = 0; l <= 20; l++) {
        tp_gmid_at    at = tp_gmid_where(2e-7 * pow(5, l / 20.0));
        tp_gmid_point p, last = {0};
        double        lo, hi;
        CHECK_OK(tp_gmid_range(&lo, &hi, t, &at, &err), &err);
        for (int i = 0; i <= 500; i++) {
            double g = lo + (hi - lo) * i / 500;
            if (!CHECK_OK(tp_gmid_find(&p, t, g, &at, &err), &err)) return;
            bool falls = p.v[TP_GMID_JD] < last.v[TP_GMID_JD] &&
                         p.v[TP_GMID_VGS] < last.v[TP_GMID_VGS];
            if (i && !CHECK(falls)) return;
            last = p;
        }
    }
}

/* A device whose law is known: EKV's current with all inversion levels,
   gm/Id = 2 / (n UT (1 + sqrt(1 + 4 i))), vgs from i; length scales the
   current as L^-1.2 and vds by 1 + vds/(10 L/um). */
static const double room = 1.3 * 0.02585; /* n UT at 27 degrees C, V */

static double law(double gmid, double nut, double l, double vds)
{
    double s = 2 / (gmid * nut) - 1, i = (s * s - 1) / 4;
    return 4e-7 * i * pow(l / 1e-6, -1.2) * (1 + vds / (10 * l / 1e-6));
}

static double law_gmid(double i, double nut)
{
    return 2 / (nut * (1 + sqrt(1 + 4 * i)));
}

static double law_vgs(double i, double nut)
{
    double s = sqrt(1 + 4 * i);
    return 0.4 + nut * (s - 1 + log((s - 1) / 2));
}

/* An entry of its table, vgs every 25 mV found by bisection over i. */
static void law_entry(tp_buf *b, double nut, double l, double vds)
{
    tp_buf_add(b, TP_S("\"points\":["));
    for (int m = 0; m <= 38; m++) {
        double vgs = 0.2 + 0.025 * m, lo = 1e-9, hi = 1e9;
        for (int n = 0; n < 200; n++) {
            double mid = sqrt(lo * hi);
            *(law_vgs(mid, nut) < vgs ? &lo : &hi) = mid;
        }
        double g = law_gmid(lo, nut);
        tp_buf_fmt(b,
                   "%s{\"vgs\":%.3f,\"gmid\":%.2f,\"id\":%.8g,"
                   "\"gain\":%g}",
                   m ? "," : "", vgs, g, law(g, nut, l, vds), 50.0);
    }
    tp_buf_add(b, TP_S("]}"));
}

static tp_gmid_table *law_table(void)
{
    static const double l[] = {0.2e-6, 0.3e-6, 0.5e-6, 0.8e-6, 1.3e-6, 2e-6};
    static const double vds[] = {0.2, 0.4, 0.6, 0.8};
    tp_buf              b = {.mem = check_mem()};
    tp_buf_add(&b, TP_S("{\"device\":\"nmos\",\"vds\":0.4,\"data\":["));
    for (int k = 0; k < TP_COUNT(l) * TP_COUNT(vds); k++) {
        double at_l = l[k % TP_COUNT(l)], at_v = vds[k / TP_COUNT(l)];
        tp_buf_fmt(&b, "%s{\"l\":%.17g,\"vds\":%g,", k ? "," : "", at_l, at_v);
        law_entry(&b, room, at_l, at_v);
    }
    tp_buf_add(&b, TP_S("]}"));
    return of_text(tp_str_z(check_mem(), tp_buf_str(&b)));
}

/* Every 55 degrees, with n UT of 27.5 to 45 mV: in the middle between them W
   is within 2 %, up to 0.9 of the largest gm/Id, which moves by a fifth from
   one curve to the next. */
static void test_find__follows_the_temperature(void)
{
    tp_err err = {0};
    tp_buf b = {.mem = check_mem()};
    tp_buf_add(&b, TP_S("{\"device\":\"nmos\",\"data\":["));
    for (int k = 0; k < 4; k++) {
        double temp = -40 + 55 * k;
        tp_buf_fmt(&b, "%s{\"l\":1e-6,\"temp\":%g,", k ? "," : "", temp);
        law_entry(&b, room * (temp + 273.15) / 300.15, 1e-6, 0);
    }
    tp_buf_add(&b, TP_S("]}"));
    const tp_gmid_table *t = of_text(tp_str_z(check_mem(), tp_buf_str(&b)));
    for (int k = 0; t && k < 3 * 20; k++) {
        tp_gmid_point p;
        tp_gmid_at    at = tp_gmid_where(1e-6);
        at.temp = -12.5 + 55 * (k % 3);
        double nut = room * (at.temp + 273.15) / 300.15;
        double g = (0.2 + 0.7 * (k / 3) / 19) / nut;
        if (!CHECK_OK(tp_gmid_find(&p, t, g, &at, &err), &err)) return;
        double want = law(g, nut, 1e-6, 0);
        CHECK_NEAR(p.v[TP_GMID_JD] * t->w, want, 0.02 * want);
    }
}

/* Between rows, lengths and voltages of a table with the original's rounding:
   within 1 % of the law in W for gm/Id 3 to 25, 0.3 % in the middle. */
static void test_find__follows_a_known_law(void)
{
    tp_err               err = {0};
    const tp_gmid_table *t = law_table();
    double               worst = 0, sum = 0;
    int                  n = 0;
    if (!t) return;
    for (int k = 0; k < 23 * 19 * 7; k++) {
        double        g = 3 + k % 23, l = 0.2e-6 * pow(10, k / 23 % 19 / 18.0);
        double        vds = 0.2 + 0.1 * (k / 23 / 19 % 7);
        tp_gmid_at    at = tp_gmid_where(l);
        tp_gmid_point p;
        at.vds = vds;
        if (!CHECK_OK(tp_gmid_find(&p, t, g, &at, &err), &err)) return;
        double miss = fabs(p.v[TP_GMID_JD] * t->w / law(g, room, l, vds) - 1);
        worst = fmax(worst, miss);
        sum += miss;
        n++;
    }
    printf("known law: W within %.2f %%, mean %.3f %%\n", 100 * worst,
           100 * sum / n);
    CHECK(worst < 0.01);
    CHECK(sum / n < 0.002);
}

#define ROW(vgs, gmid, id, gain) \
    "{\"vgs\":" #vgs ",\"gmid\":" #gmid ",\"id\":" #id ",\"gain\":" #gain "}"

/* clang-format off */
static const char branch[] =
    "{\"data\":[{\"l\":1e-6,\"points\":["
    ROW(0, 20, 1e-12, 9) "," ROW(0.1, 25, 1e-11, 9) ","
    ROW(0.2, 28, 1e-9, 9) "," ROW(0.3, 25, 1e-8, 9) ","
    ROW(0.4, 18, 1e-7, 9) "," ROW(0.45, 18.1, 2e-7, 9) ","
    ROW(0.5, 15, 1e-6, 9) "," ROW(0.6, 15.5, 1e-5, 9) ","
    ROW(0.7, 9, 1e-4, 9) "]}]}";
/* clang-format on */

/* Only the side right of the largest gm/Id counts: 25 is met at vgs 0.3; the
   plateau from 18 over 18.1 is passed, the rise from 15 to 15.5 ends it. */
static void test_find__keeps_to_the_usable_branch(void)
{
    tp_err               err = {0};
    tp_gmid_point        p;
    tp_gmid_at           at = tp_gmid_where(1e-6);
    double               lo, hi;
    const tp_gmid_table *t = of_text(branch);
    CHECK_OK(tp_gmid_range(&lo, &hi, t, &at, &err), &err);
    CHECK_NEAR(lo, 15, 0);
    CHECK_NEAR(hi, 28, 0);
    CHECK_OK(tp_gmid_find(&p, t, 25, &at, &err), &err);
    CHECK_NEAR(p.v[TP_GMID_VGS], 0.3, 1e-12);
    CHECK_NEAR(p.v[TP_GMID_JD], 1e-2, 1e-11);
}

/* Two lengths less than 1e-4 apart are the sides of a jump: beside it the table
   is as if there were nothing on the other side. */
static void test_find__does_not_cross_a_jump(void)
{
    static const struct {
        double l, jd; /* A/m at gm/Id 20 */
    } row[] = {{0.2e-6, 1}, {0.3e-6, 2}, {0.3000001e-6, 30}, {0.5e-6, 31}};
    tp_buf b = {.mem = check_mem()};
    for (int i = 0; i < TP_COUNT(row); i++)
        tp_buf_fmt(&b,
                   "%s{\"l\":%.17g,\"points\":["
                   "{\"vgs\":0.3,\"gmid\":20,\"id\":%.17g,\"gain\":50},"
                   "{\"vgs\":0.5,\"gmid\":10,\"id\":%.17g,\"gain\":50}]}",
                   i ? "," : "{\"data\":[", row[i].l, row[i].jd * 1e-6,
                   row[i].jd * 1e-5);
    tp_buf_add(&b, TP_S("]}"));
    const tp_gmid_table *t = of_text(tp_str_z(check_mem(), tp_buf_str(&b)));
    tp_err               err = {0};
    tp_gmid_point        p;
    for (int i = 0; t && i + 1 < TP_COUNT(row); i += 2) {
        tp_gmid_at at = tp_gmid_where(sqrt(row[i].l * row[i + 1].l));
        double     want = sqrt(row[i].jd * row[i + 1].jd);
        CHECK_OK(tp_gmid_find(&p, t, 20, &at, &err), &err);
        CHECK_NEAR(p.v[TP_GMID_JD], want, 1e-9 * want);
    }
    for (int i = 0; t && i < TP_COUNT(row); i++)
        CHECK_INT(tp_gmid_jumps(&t->axis[TP_GMID_L], i), i == 1);
}

/* A null gain is no conductance: between it and 50 the inverse is straight. */
static void test_find__takes_a_null_gain(void)
{
    tp_err               err = {0};
    tp_gmid_point        p;
    tp_gmid_at           at = tp_gmid_where(1e-6);
    const tp_gmid_table *t = of_text("{\"data\":[{\"l\":1e-6,\"points\":[" ROW(
        0.3, 20, 1e-6, null) "," ROW(0.5, 10, 1e-5, 50) "]}]}");
    CHECK_OK(tp_gmid_find(&p, t, 20, &at, &err), &err);
    CHECK(isinf(p.v[TP_GMID_GAIN]));
    CHECK_NEAR(p.v[TP_GMID_GDS], 0, 0);
    CHECK_OK(tp_gmid_find(&p, t, 15, &at, &err), &err);
    CHECK_NEAR(p.v[TP_GMID_GAIN], 100, 1e-9);
    CHECK(isnan(p.v[TP_GMID_VTH]));
}

/* ---- outside ------------------------------------------------------------- */

static void test_find__says_what_is_outside(void)
{
    static const struct {
        double      gmid, l, vds;
        const char *corner, *wanted;
    } bad[] = {
        {14, 1.5e-7, NAN, "",
         "L = 1.5e-07 m is outside 2e-07 to 1e-06 of "
         "test/data/gmid/nmos_lookup.json"},
        {14, 1.1e-6, NAN, "", "is outside 2e-07 to 1e-06"},
        {14, NAN, NAN, "", "L = nan"},
        {40, 5e-7, NAN, "", "gm/Id = 40 1/V is outside 1.39 to 30.84"},
        {1, 5e-7, NAN, "", "gm/Id = 1 1/V is outside"},
        {NAN, 5e-7, NAN, "", "gm/Id = nan"},
        {14, 5e-7, 0.6, "", "does not say its vds"},
        {14, 5e-7, NAN, "ff", "has no corner 'ff'"},
    };
    const tp_gmid_table *t = nmos();
    for (int i = 0; i < TP_COUNT(bad); i++) {
        tp_err        err = {0};
        tp_gmid_point p;
        tp_gmid_at    at = tp_gmid_where(bad[i].l);
        at.vds = bad[i].vds;
        at.corner = tp_str_of(bad[i].corner);
        CHECK_INT(tp_gmid_find(&p, t, bad[i].gmid, &at, &err), TP_BAD_INPUT);
        CHECK_HAS(tp_str_of(err.msg), bad[i].wanted);
    }
}

/* ---- sizes --------------------------------------------------------------- */

static void test_fit__takes_each_need(void)
{
    static const struct {
        tp_gmid_need need;
        double       id;
        bool         derived;
    } row[] = {
        {{.given = TP_GMID_BY_GM, .gm = 140e-6}, 10e-6, false},
        {{.given = TP_GMID_BY_ID, .id = 10e-6}, 10e-6, false},
        {{.given = TP_GMID_BY_BUDGET, .budget = 50e-6, .branches = 5},
         10e-6,
         false},
        {{.given = TP_GMID_BY_GBW,
          .gbw = 140e-6 / 6.283185307179586 / 2e-12,
          .c = 2e-12,
          .factor = 1},
         10e-6,
         true},
        {{.given = TP_GMID_BY_SLEW, .slew = 10e6, .c = 2e-12, .factor = 0.5},
         10e-6,
         true},
    };
    const tp_gmid_table *t = nmos();
    tp_gmid_at           at = tp_gmid_where(5e-7);
    for (int i = 0; i < TP_COUNT(row); i++) {
        tp_err       err = {0};
        tp_gmid_size s;
        CHECK_OK(tp_gmid_fit(&s, t, 14, &at, &row[i].need, &err), &err);
        CHECK_NEAR(s.id, row[i].id, 1e-18);
        CHECK_NEAR(s.gm, 14 * row[i].id, 1e-17);
        CHECK_NEAR(s.w * s.at.v[TP_GMID_JD], s.id, 1e-18);
        CHECK_INT(s.derived, row[i].derived);
        CHECK(strlen(s.how) > 4);
    }
}

static void test_fit__wants_a_current(void)
{
    static const tp_gmid_need row[] = {
        {.given = TP_GMID_BY_GM},
        {.given = TP_GMID_BY_ID, .id = -1},
        {.given = TP_GMID_BY_BUDGET, .budget = 1},
        {.given = TP_GMID_BY_GBW, .gbw = NAN, .c = 1, .factor = 1},
    };
    const tp_gmid_table *t = nmos();
    tp_gmid_at           at = tp_gmid_where(5e-7);
    for (int i = 0; i < TP_COUNT(row); i++) {
        tp_err       err = {0};
        tp_gmid_size s;
        CHECK_INT(tp_gmid_fit(&s, t, 14, &at, &row[i], &err), TP_BAD_INPUT);
        CHECK_HAS(tp_str_of(err.msg), "is not above 0");
    }
}

static const check_test tests[] = {
    CHECK_TEST(test_fit__gives_the_worked_widths),
    CHECK_TEST(test_find__gives_the_tables_own_rows),
    CHECK_TEST(test_find__is_monotone),
    CHECK_TEST(test_find__follows_a_known_law),
    CHECK_TEST(test_find__follows_the_temperature),
    CHECK_TEST(test_find__keeps_to_the_usable_branch),
    CHECK_TEST(test_find__does_not_cross_a_jump),
    CHECK_TEST(test_find__takes_a_null_gain),
    CHECK_TEST(test_find__says_what_is_outside),
    CHECK_TEST(test_fit__takes_each_need),
    CHECK_TEST(test_fit__wants_a_current),
    {0},
};

int main(void)
{
    return check_main(tests);
}
