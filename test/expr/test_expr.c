/* The interface of expr: slots, places of errors, limits, units, degrees, what
   reduces to a number; and that printing and compiling are inverse. */
#include "evaluate.h"
#include "expr/tree.h"

static tp_status compile(const tp_expr **e, tp_str text, tp_err *err)
{
    tp_scope in = {.dialect = TP_SIMETRIX};
    return tp_expr_compile(e, text, &in, check_mem(), err);
}

static const tp_expr *compiled(const char *text)
{
    const tp_expr *e = NULL;
    tp_err         err = {0};
    CHECK_OK(compile(&e, tp_str_of(text), &err), &err);
    return e;
}

static void test_expr__slots_are_names_once_in_order(void)
{
    const tp_slot *slot = NULL;
    const tp_expr *e =
        compiled("-(V3#p + v2#P) * db(tran1:VOUT) + x1.q1#c + v3#P + :3");
    if (!CHECK_INT(tp_expr_slots(e, &slot), 5)) return;
    CHECK_STR(slot[0].name, "v3#p");
    CHECK_INT(slot[0].at, 2);
    CHECK_STR(slot[1].name, "v2#p");
    CHECK_INT(slot[1].at, 9);
    CHECK_STR(slot[2].name, "tran1:vout");
    CHECK_STR(slot[3].name, "x1.q1#c");
    CHECK_STR(slot[4].name, "3");
    CHECK_INT(tp_expr_slots(compiled("1 + db(2)"), &slot), 0);
}

static void test_expr__a_name_may_be_like_a_function(void)
{
    const tp_slot *slot = NULL;
    CHECK_INT(tp_expr_slots(compiled("db + mag(mag)"), &slot), 2);
    CHECK_STR(slot[0].name, "db");
    CHECK_STR(slot[1].name, "mag");
}

/* What the documented decks and their script say. */
static void test_expr__the_documented_measures_compile(void)
{
    static const struct {
        const char *text, *slots;
    } row[] = {
        {"-(v3#p+v2#p)", "v3#p v2#p "},
        {"CurveFitLog(Diode_data,d1#p)", "diode_data d1#p "},
        {"MeasureDistortion(vout)", "vout "},
        {"lpbw(vout, 3)", "vout "},
        {"yatx(db(vout),1meg)", "vout "},
        {"yatx(vout, 0) - minimum(vout)", "vout "},
        {"res-1", "res "},
        {"d1#p[bestIndex]", "d1#p bestindex "},
    };
    for (int i = 0; i < TP_COUNT(row); i++) {
        const tp_slot *slot = NULL;
        int            n = tp_expr_slots(compiled(row[i].text), &slot);
        tp_buf         b = {.mem = check_mem()};
        for (int k = 0; k < n; k++) tp_buf_fmt(&b, "%.*s ", TP_F(slot[k].name));
        CHECK_STR(tp_buf_str(&b), row[i].slots);
    }
}

static void test_expr__errors_have_their_column(void)
{
    const tp_expr *e = NULL;
    tp_err         err = {0};
    CHECK_INT(compile(&e, TP_S("db(vout) * dbb(vout)"), &err), TP_BAD_INPUT);
    CHECK_INT(err.col, 12);
    CHECK_INT(err.code, TP_BAD_INPUT);
    tp_source deck = {TP_S("a.net"), TP_S("x\n.optspec measure=\"1 +\"\n")};
    CHECK_INT(compile(&e, TP_S("1 +"), &err), TP_BAD_INPUT);
    tp_err_place(&err, (tp_place){&deck, 2, 19});
    CHECK_INT(err.line, 2);
    CHECK_INT(err.col, 22);
    CHECK_INT(compile(&e, TP_S("1 +"), NULL), TP_BAD_INPUT);
    CHECK_INT(compile(&e, (tp_str){"1\0+2", 4}, &err), TP_BAD_INPUT);
    CHECK_Z(err.msg, "unexpected byte 0x00");
    CHECK_INT(err.col, 2);
}

static void test_expr__depth_is_limited(void)
{
    static const struct {
        const char *open, *middle, *close;
        int         most; /* repetitions that compile */
    } row[] = {
        {"(", "1", ")", 200},   {"-", "1", "", 199},    {"", "1", "+1", 199},
        {"db(", "1", ")", 199}, {"[", "1", "]", 199},   {"", "a", "[0]", 199},
        {"a[", "0", "]", 199},  {"(1,", "1", ")", 199}, {"1^(", "1", ")", 199},
    };
    for (int i = 0; i < TP_COUNT(row); i++) {
        const tp_expr *e = NULL;
        tp_err         err = {0};
        tp_str         fits =
            nested(row[i].most, row[i].open, row[i].middle, row[i].close);
        tp_str over =
            nested(row[i].most + 1, row[i].open, row[i].middle, row[i].close);
        tp_str far = nested(5000, row[i].open, row[i].middle, row[i].close);
        CHECK_OK(compile(&e, fits, &err), &err);
        tp_value none = tp_none(check_mem(), "x");
        tp_expr_eval(e, &none, NULL, check_mem());
        tp_str text = tp_expr_text(e, check_mem());
        CHECK_OK(compile(&e, text, &err), &err);
        CHECK(tp_str_eq(tp_expr_text(e, check_mem()), text));
        CHECK_INT(compile(&e, over, &err), TP_LIMIT);
        CHECK_INT(compile(&e, far, &err), TP_LIMIT);
    }
}

static void test_expr__size_is_limited(void)
{
    const tp_expr *e = NULL;
    tp_err         err = {0};
    CHECK_INT(compile(&e, nested(40000, "1,", "", ""), &err), TP_LIMIT);
    CHECK_Z(err.msg, "the expression is over 65536 bytes long");
    tp_buf b = {.mem = check_mem()};
    tp_buf_add(&b, TP_S("[a"));
    for (int i = 0; i < 1000; i++) tp_buf_fmt(&b, ",v%d", i);
    tp_buf_char(&b, ']');
    CHECK_INT(compile(&e, tp_buf_str(&b), &err), TP_LIMIT);
    CHECK_Z(err.msg, "over 1000 names in one expression");
}

static void test_expr__units_follow_the_arithmetic(void)
{
    static const struct {
        const char *text, *shows;
    } row[] = {
        {"v + v", "4 V"},       {"v - 1", "1 V"},
        {"v * a", "6 W"},       {"v / a", "0.666667 Ohm"},
        {"a / v", "1.5 S"},     {"v / v", "1"},
        {"2 * v", "4 V"},       {"v / 2", "1 V"},
        {"1 / f", "0.1 s"},     {"f * (1 / f)", "1"},
        {"v + a", "5"},         {"v ^ 2", "4"},
        {"-v", "-2 V"},         {"v > 1", "1"},
        {"v % 2", "0 V"},       {"db(v)", "6.0206 dB"},
        {"mag(v)", "2 V"},      {"v * a / a", "2 V"},
        {"[v, v]", "[2, 2] V"}, {"[v, a]", "[2, 3]"},
        {"[v, v][1]", "2 V"},   {"arg(v)", "0 deg"},
        {"sqrt(v)", "1.41421"}, {"a * v / v", "3 A"},
    };
    scene s = {0};
    scene_bind(&s, "v", tp_value_number(2, TP_S("V")));
    scene_bind(&s, "a", tp_value_number(3, TP_S("A")));
    scene_bind(&s, "f", tp_value_number(10, TP_S("Hz")));
    for (int i = 0; i < TP_COUNT(row); i++)
        if (!CHECK_STR(shown(&s, row[i].text), row[i].shows))
            printf("  %s\n", row[i].text);
}

static void test_expr__waves_keep_names_units_and_x(void)
{
    static const double x[] = {1, 2}, re[] = {10, 20};
    tp_wave             w = {.name = TP_S("out"),
                             .unit = TP_S("V"),
                             .x_unit = TP_S("s"),
                             .n = 2,
                             .x = x,
                             .re = re};
    scene               s = {0};
    scene_bind(&s, "out", tp_value_wave(&w));
    tp_value v = evaluate(&s, TP_S("out * 2"), check_mem());
    CHECK_STR(v.unit, "V");
    CHECK_STR(v.wave.unit, "V");
    CHECK_STR(v.wave.x_unit, "s");
    CHECK(v.wave.x == x && v.wave.re[1] == 40);
    v = evaluate(&s, TP_S("ref(out)"), check_mem());
    CHECK_STR(v.unit, "s");
    v = evaluate(&s, TP_S("xy(ref(out), out)"), check_mem());
    CHECK_STR(v.wave.x_unit, "s");
    CHECK_STR(v.wave.unit, "V");
}

static void test_expr__bad_data_is_none_with_its_place(void)
{
    static const double x[] = {1, 2}, re[] = {0, NAN};
    tp_wave             w = {.n = 2, .x = x, .re = re}, empty = {0};
    scene               s = {0};
    scene_bind(&s, "w", tp_value_wave(&w));
    scene_bind(&s, "empty", tp_value_wave(&empty));
    scene_bind(&s, "n", tp_value_number(INFINITY, TP_S("")));
    scene_bind(&s, "silent", (tp_value){0});
    scene_bind(&s, "why", tp_none(check_mem(), "%s did not converge", "ac_0"));
    CHECK_STR(shown(&s, "w + 1"), "none: the value at x = 2 is not finite");
    CHECK_STR(shown(&s, "empty"), "none: the vector is empty");
    CHECK_STR(shown(&s, "n"), "none: the result is not finite");
    CHECK_STR(shown(&s, "1 + silent"), "none: no value");
    CHECK_STR(shown(&s, "db(why) * 2"), "none: ac_0 did not converge");
    CHECK_STR(shown(&s, "[1,2][why]"), "none: ac_0 did not converge");
}

static void test_expr__degrees_change_the_trigonometry(void)
{
    const tp_expr *e = NULL;
    tp_scope       in = {.dialect = TP_SIMETRIX, .degrees = true};
    tp_env         radians = {0};
    CHECK_INT(
        tp_expr_compile(&e, TP_S("sin(30) + atan(1)"), &in, check_mem(), NULL),
        TP_OK);
    tp_value v = tp_expr_eval(e, NULL, NULL, check_mem());
    CHECK_NEAR(v.re, 45.5, 1e-12);
    v = tp_expr_eval(e, NULL, &radians, check_mem());
    CHECK_NEAR(v.re, sin(30) + atan(1), 1e-12);
    scene s = {.degrees = true};
    CHECK_STR(shown(&s, "[cos(60), tan(45), cos_deg(60)]"), "[0.5, 1, 0.5]");
    CHECK_STR(shown(&s, "sin((1,1))"), "none: sin: (1, 1) is complex");
}

static void test_expr__divisions_are_one_level(void)
{
    tp_value one = tp_value_number(3, TP_S("V"));
    tp_value inner = {.kind = TP_DIVISIONS, .n = 1, .part = &one};
    tp_value outer = {.kind = TP_DIVISIONS, .n = 1, .part = &inner};
    scene    s = {0};
    scene_bind(&s, "inner", inner);
    scene_bind(&s, "outer", outer);
    scene_bind(&s, "nothing", (tp_value){.kind = TP_DIVISIONS});
    CHECK_STR(shown(&s, "inner + 1"), "{4 V}");
    CHECK_STR(shown(&s, "outer + 1"), "{none: divisions inside divisions}");
    CHECK_STR(shown(&s, "nothing"), "none: there are no divisions");
    tp_value v = evaluate(&s, TP_S("2 * inner"), check_mem());
    v = tp_value_scalar(&v, check_mem());
    CHECK(v.kind == TP_NUMBER && v.re == 6);
    v = (tp_value){.kind = TP_DIVISIONS, .n = 2, .part = &one};
    v = tp_value_scalar(&v, check_mem());
    CHECK_Z(v.why, "it is 2 divisions, not one number");
}

/* An arena that is too small gives none, it does not end the program. */
static void test_expr__memory_that_is_used_up_is_none(void)
{
    static const char *const text[] = {"Interp(xy([0,1],[0,1]), 1e6)",
                                       "-(-(-(-v))) * (v + v) / (v - v)",
                                       "db(d) & d", "[v[0], v[1], v[2]]"};
    double                  *re = TP_NEW(check_mem(), double, 20000);
    tp_wave                  w = {.n = 20000, .re = re};
    tp_value                 part[] = {tp_value_wave(&w), tp_value_wave(&w)};
    tp_value                 wave = tp_value_wave(&w);
    tp_value divisions = {.kind = TP_DIVISIONS, .n = 2, .part = part};
    for (int i = 0; i < TP_COUNT(text); i++) {
        const tp_expr *e = compiled(text[i]);
        const tp_slot *slot = NULL;
        int            n = tp_expr_slots(e, &slot);
        tp_value bound = n && slot[0].name.at[0] == 'd' ? divisions : wave;
        for (ptrdiff_t size = 1000; size < 1 << 20; size *= 2) {
            tp_arena small = tp_arena_open(size);
            tp_value v = tp_expr_eval(e, &bound, NULL, &small);
            CHECK(v.kind != TP_NONE || v.why != NULL);
            tp_arena_close(&small);
        }
    }
}

static void test_expr__without_a_run_there_are_no_results(void)
{
    const tp_expr *e = compiled("OptimiserSimulatorResults()");
    tp_value       v = tp_expr_eval(e, NULL, NULL, check_mem());
    CHECK_INT(v.kind, TP_NONE);
    CHECK_Z(v.why, "OptimiserSimulatorResults: there was no optimiser run");
}

static void scalar_is(const char *text, double wanted)
{
    scene    s = {0};
    tp_value v = evaluate(&s, tp_str_of(text), check_mem());
    v = tp_value_scalar(&v, check_mem());
    if (!CHECK_INT(v.kind, TP_NUMBER) || !CHECK_NEAR(v.re, wanted, 0))
        printf("  %s\n", text);
}

static void no_scalar(const char *text, const char *why)
{
    scene    s = {0};
    tp_value v = evaluate(&s, tp_str_of(text), check_mem());
    v = tp_value_scalar(&v, check_mem());
    if (!CHECK_INT(v.kind, TP_NONE) || !CHECK_Z(v.why, why))
        printf("  %s\n", text);
}

static void test_expr__what_reduces_to_a_number(void)
{
    scalar_is("3", 3);
    scalar_is("[3]", 3);
    scalar_is("(3,0)", 3);
    scalar_is("[(3,0)]", 3);
    scalar_is("xy([1],[3])", 3);
    no_scalar("[1,2]", "it is a vector of 2 points, not one number");
    no_scalar("[(1,1),2]",
              "it is a complex vector of 2 points, not one number");
    no_scalar("(3,4)", "it is complex (3, 4); take mag, re or phase");
    no_scalar("[(3,4)]", "it is complex (3, 4); take mag, re or phase");
    no_scalar("'a'", "it is a text, not one number");
    no_scalar("1/0", "division by zero");
}

static void test_expr__same_in_same_out(void)
{
    scene s = {0};
    for (int i = 0; i < 3; i++)
        CHECK_STR(shown(&s, "phase([(0,1), -1, (0,-1)]) ^ 0.5 * sin(1)"),
                  "[7.98289, 11.2895, 13.8268]");
}

static void test_expr__constants_are_few(void)
{
    double v = 0;
    CHECK(tp_constant(TP_S("PI"), &v) && fabs(v - acos(-1)) < 1e-15);
    CHECK(tp_constant(TP_S("true"), &v) && v == 1);
    CHECK(tp_constant(TP_S("FALSE"), &v) && v == 0);
    CHECK(!tp_constant(TP_S("vout"), &v));
}

/* ---- parse after print --------------------------------------------------- */

static bool same_tree(const tp_node *a, const tp_node *b)
{
    if (a->kind != b->kind || a->n != b->n || a->depth != b->depth)
        return false;
    if (a->kind == TP_NODE_NUMBER && a->number != b->number) return false;
    if (a->kind == TP_NODE_TEXT && !tp_str_eq(a->text, b->text)) return false;
    if (a->kind == TP_NODE_NAME && a->slot != b->slot) return false;
    if (a->kind == TP_NODE_OP && a->op != b->op) return false;
    if (a->kind == TP_NODE_CALL && a->fn != b->fn) return false;
    for (int i = 0; i < a->n; i++)
        if (!same_tree(a->arg[i], b->arg[i])) return false;
    return true;
}

static void prints_and_compiles(tp_str text)
{
    const tp_expr *e = NULL, *f = NULL;
    tp_err         err = {0};
    if (compile(&e, text, &err)) {
        CHECK(err.msg[0] != '\0');
        return;
    }
    tp_str printed = tp_expr_text(e, check_mem());
    if (!CHECK_OK(compile(&f, printed, &err), &err) ||
        !CHECK(same_tree(e->root, f->root)) ||
        !CHECK(tp_str_eq(tp_expr_text(f, check_mem()), printed)))
        printf("  %.*s\n  %.*s\n", TP_F(text), TP_F(printed));
    const tp_slot *slot = NULL, *other = NULL;
    if (!CHECK_INT(tp_expr_slots(e, &slot), tp_expr_slots(f, &other))) return;
    for (int i = 0; i < e->n_slot; i++)
        CHECK(tp_str_eq(slot[i].name, other[i].name));
}

/* A random expression; shapes that do not compile are among them. */
static void grow(tp_buf *b, tp_rng *r, int depth)
{
    static const char *const leaf[] = {
        "1",    "2.5k", "1e-300", "0.1meg",  "vout",    "tran1:V_P",
        "d1#p", ":3x",  "'a\"b'", "\"c'd\"", "x1.q1#c", "12345.678901234567",
        ".5u",  "pi"};
    static const char *const join[] = {"+",  "-",     "*",  "/",    "%",  "^",
                                       "<",  ">",     "<=", ">=",   "==", "!=",
                                       "<>", " AND ", "&&", " or ", "||", "&"};
    static const char *const wrap[][2] = {
        {"(", ")"},         {"-", ""},        {"+", ""},         {"NOT ", ""},
        {"!", ""},          {"db(", ")"},     {"mag(", ")"},     {"(1,", ")"},
        {"[2,", "]"},       {"[", "]"},       {"v[", "]"},       {"(", ")[0]"},
        {"Interp(v,", ")"}, {"length(", ")"}, {"xy([1,2],", ")"}};
    int pick = tp_rng_below(r, 10);
    if (depth == 0 || pick < 2) {
        tp_buf_add(b, tp_str_of(leaf[tp_rng_below(r, TP_COUNT(leaf))]));
    } else if (pick < 6) {
        grow(b, r, depth - 1);
        tp_buf_add(b, tp_str_of(join[tp_rng_below(r, TP_COUNT(join))]));
        grow(b, r, depth - 1);
    } else {
        int k = tp_rng_below(r, TP_COUNT(wrap));
        tp_buf_add(b, tp_str_of(wrap[k][0]));
        grow(b, r, depth - 1);
        tp_buf_add(b, tp_str_of(wrap[k][1]));
    }
}

static void test_expr__parse_undoes_print(void)
{
    for (uint64_t k = 0; k < 4000; k++) {
        tp_arena saved = *check_mem();
        tp_rng   r = tp_rng_at(1, k);
        tp_buf   b = {.mem = check_mem()};
        grow(&b, &r, 2 + tp_rng_below(&r, 5));
        prints_and_compiles(tp_buf_str(&b));
        *check_mem() = saved;
    }
}

/* What evaluates gives the same value after printing. */
static void test_expr__print_keeps_the_value(void)
{
    static const char *const text[] = {
        "-2^2 + 3 * 4 ^ 0.5",   "1 - 2 - 3 / 4 / 5",
        "NOT 0 AND 1 > 0 OR 0", "db([1, (0,10)])[1] % 7",
        "'a' & 1 + 2 & \"b\"",  "Interp(xy([0, 1, 4], [0, 1, 16]), 3)"};
    scene s = {0};
    for (int i = 0; i < TP_COUNT(text); i++) {
        tp_str printed = tp_expr_text(compiled(text[i]), check_mem());
        CHECK_STR(
            shown(&s, text[i]),
            tp_str_z(check_mem(), shown(&s, tp_str_z(check_mem(), printed))));
    }
    CHECK_STR(tp_expr_text(compiled("-a^2+b*C/d[1]"), check_mem()),
              "(((-a) ^ 2) + ((b * c) / d[1]))");
    CHECK_STR(tp_expr_text(compiled("interp(v,10)"), check_mem()),
              "Interp(v, 10, 2)");
}

static const check_test tests[] = {
    CHECK_TEST(test_expr__slots_are_names_once_in_order),
    CHECK_TEST(test_expr__a_name_may_be_like_a_function),
    CHECK_TEST(test_expr__the_documented_measures_compile),
    CHECK_TEST(test_expr__errors_have_their_column),
    CHECK_TEST(test_expr__depth_is_limited),
    CHECK_TEST(test_expr__size_is_limited),
    CHECK_TEST(test_expr__units_follow_the_arithmetic),
    CHECK_TEST(test_expr__waves_keep_names_units_and_x),
    CHECK_TEST(test_expr__bad_data_is_none_with_its_place),
    CHECK_TEST(test_expr__degrees_change_the_trigonometry),
    CHECK_TEST(test_expr__divisions_are_one_level),
    CHECK_TEST(test_expr__memory_that_is_used_up_is_none),
    CHECK_TEST(test_expr__without_a_run_there_are_no_results),
    CHECK_TEST(test_expr__what_reduces_to_a_number),
    CHECK_TEST(test_expr__same_in_same_out),
    CHECK_TEST(test_expr__constants_are_few),
    CHECK_TEST(test_expr__parse_undoes_print),
    CHECK_TEST(test_expr__print_keeps_the_value),
    {0},
};

int main(void)
{
    return check_main(tests);
}
