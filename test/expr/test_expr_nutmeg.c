/* Nutmeg's dialect at the interface of expr: slots, definitions, limits, truth,
   state of the caller; and that printing and compiling are inverse. */
#include "evaluate.h"

static tp_status compile(const tp_expr **e, const scene *s, tp_str text,
                         tp_err *err)
{
    tp_scope in = scene_scope(s);
    return tp_expr_compile(e, text, &in, check_mem(), err);
}

static const scene nutmeg = {.dialect = TP_NUTMEG};

static tp_str slots_of(const scene *s, const char *text)
{
    const tp_expr *e = NULL;
    const tp_slot *slot = NULL;
    tp_err         err = {0};
    tp_buf         b = {.mem = check_mem()};
    if (!CHECK_OK(compile(&e, s, tp_str_of(text), &err), &err)) return TP_S("");
    int n = tp_expr_slots(e, &slot);
    for (int i = 0; i < n; i++)
        tp_buf_fmt(&b, "%.*s@%d ", TP_F(slot[i].name), (int)slot[i].at);
    return tp_buf_str(&b);
}

static void define(scene *s, const char *text)
{
    tp_err err = {0};
    CHECK_OK(tp_user_fn_read(&s->user[s->n_user++], tp_str_of(text),
                             check_mem(), &err),
             &err);
}

static void test_expr_nutmeg__slots_are_names_as_written(void)
{
    static const struct {
        const char *text, *slots;
    } row[] = {
        {"Ab + ab + Ab", "Ab@0 ab@5 "},
        {"v( 3 ) * V(3)", "v(3)@0 V(3)@9 "},
        {"1 + ac1.v(a, b)", "ac1.v(a)@4 ac1.v(b)@4 "},
        {"v(3,0) - v(0)", "v(3)@0 "},
        {"i(v1)+v1#branch", "i(v1)@0 v1#branch@6 "},
        {"@r1[resistance]+@r1", "@r1[resistance]@0 @r1@16 "},
        {"@@dm[is]/@@@temp", "@@dm[is]@0 @@@temp@9 "},
        {"@m1:x1:x2[gm][0]", "@m1:x1:x2[gm]@0 "},
        {"@m1[x]", "@m1[x]@0 "},
        {"@m1[0]", "@m1@0 "},
        {"tran1.@r1[i]*const.pi", "tran1.@r1[i]@0 const.pi@13 "},
        {"a?b:c", "a@0 b@2 c@4 "},
        {"(a:b)", "a:b@1 "},
        {"mag(all)", "all@4 "},
    };
    for (int i = 0; i < TP_COUNT(row); i++)
        CHECK_STR(slots_of(&nutmeg, row[i].text), row[i].slots);
}

/* Names of a body become names of the call's expression, at the call. */
static void test_expr_nutmeg__names_of_a_body_are_the_callers(void)
{
    scene s = nutmeg;
    define(&s, "error(f) db(v(3)/230) - db(v(8))");
    define(&s, "pair(a, b) = a + b*gain");
    CHECK_STR(slots_of(&s, "mean(mag(error(frequency))^2)"), "v(3)@9 v(8)@9 ");
    CHECK_STR(slots_of(&s, "pair(x, y) - gain"), "x@5 y@8 gain@0 ");
}

static void test_expr_nutmeg__a_definition_is_taken_apart(void)
{
    tp_user_fn f;
    tp_err     err = {0};
    tp_str     text = TP_S(" pair ( a , b ) = a + b*gain ");
    if (!CHECK_OK(tp_user_fn_read(&f, text, check_mem(), &err), &err)) return;
    CHECK_STR(f.name, "pair");
    CHECK_INT(f.n_param, 2);
    CHECK_STR(f.param[0], "a");
    CHECK_STR(f.param[1], "b");
    CHECK_STR(f.body, "a + b*gain");
    /* functions that come later are no error here */
    CHECK_OK(tp_user_fn_read(&f, TP_S("g() later(1)"), check_mem(), &err),
             &err);
    CHECK_INT(f.n_param, 0);
}

static void test_expr_nutmeg__wrong_definitions_are_refused(void)
{
    static const struct {
        const char *text, *message;
        int         col;
    } row[] = {
        {"", "the expression ends here, wanted the name of a function", 1},
        {"3(x) x", "unexpected '3', wanted the name of a function", 1},
        {"and(x) x", "unexpected 'and', wanted the name of a function", 1},
        {"v(x) x", "v(...) is a vector, it can't be a function", 1},
        {"a.b(x) x", "unexpected 'a.b', wanted the name of a function", 1},
        {"f x", "unexpected 'x', wanted '(' and the parameters", 3},
        {"f(1) x", "unexpected '1', wanted a parameter", 3},
        {"f(x", "the expression ends here, wanted ',' or ')'", 4},
        {"f(x,) x", "unexpected ')', wanted a parameter", 5},
        {"f(x)", "the expression ends here, wanted a value", 5},
        {"f(x) x +", "the expression ends here, wanted a value", 9},
        {"f(x) x x", "unexpected 'x', wanted an operator", 8},
    };
    for (int i = 0; i < TP_COUNT(row); i++) {
        tp_user_fn f;
        tp_err     err = {0};
        CHECK_INT(
            tp_user_fn_read(&f, tp_str_of(row[i].text), check_mem(), &err),
            TP_BAD_INPUT);
        CHECK_Z(err.msg, row[i].message);
        CHECK_INT(err.col, row[i].col);
        CHECK_INT(
            tp_user_fn_read(&f, tp_str_of(row[i].text), check_mem(), NULL),
            TP_BAD_INPUT);
    }
}

/* The same tree: what it prints compiles to something that prints the same,
   and has the same value. */
static void round_trip(const scene *s, const char *text)
{
    const tp_expr *e = NULL, *again = NULL;
    tp_err         err = {0};
    if (!CHECK_OK(compile(&e, s, tp_str_of(text), &err), &err)) return;
    tp_str printed = tp_expr_text(e, check_mem());
    if (!CHECK_OK(compile(&again, s, printed, &err), &err)) {
        printf("  %.*s\n", TP_F(printed));
        return;
    }
    CHECK(tp_str_eq(tp_expr_text(again, check_mem()), printed));
    tp_value a = evaluate(s, tp_str_of(text), check_mem());
    tp_value b = evaluate(s, printed, check_mem());
    tp_str   shows = tp_value_show(&a, 17, check_mem());
    CHECK(tp_str_eq(tp_value_show(&b, 17, check_mem()), shows));
}

/* A random expression of `depth` levels. */
static void grow(tp_buf *b, tp_rng *rng, int depth)
{
    static const char *const leaf[] = {
        "x",     "z",     "2.5",  "v(1)",   "(1,2)", "pi",      "@r1[i][0]",
        "ac1.y", "m1:x1", "1e-9", "v(1,2)", "i(v1)", "const.e", "(1;2;z)"};
    static const char *const op[] = {
        "+",    "-",    "*",    "/",    "%",     "^",    " gt ", " lt ",
        " ge ", " le ", " eq ", " ne ", " and ", " or ", " = ",  ", "};
    static const char *const form[] = {"-(",  "not (",  "(",       "mag(",
                                       "db(", "max(x,", "vecmin(", "sq(",
                                       "j(",  "+(",     "swap(3,"};
    static const char *const index[] = {"[1]", "[0,1]", "[%0.5]", "[[0,1]]"};
    if (depth == 0) {
        tp_buf_add(b, tp_str_of(leaf[tp_rng_below(rng, TP_COUNT(leaf))]));
        return;
    }
    int which = tp_rng_below(rng, 8);
    tp_buf_char(b, '(');
    if (which < 4) {
        grow(b, rng, depth - 1);
        tp_buf_add(b, tp_str_of(op[tp_rng_below(rng, TP_COUNT(op))]));
        grow(b, rng, depth - 1);
    } else if (which < 6) {
        tp_buf_add(b, tp_str_of(form[tp_rng_below(rng, TP_COUNT(form))]));
        grow(b, rng, depth - 1);
        tp_buf_char(b, ')');
    } else if (which < 7) {
        grow(b, rng, depth - 1);
        tp_buf_add(b, tp_str_of(index[tp_rng_below(rng, TP_COUNT(index))]));
    } else {
        grow(b, rng, depth - 1);
        tp_buf_add(b, TP_S(" ? "));
        grow(b, rng, 0);
        tp_buf_add(b, TP_S(" : "));
        grow(b, rng, depth - 1);
    }
    tp_buf_char(b, ')');
}

static void test_expr_nutmeg__printing_and_compiling_are_inverse(void)
{
    static const double x[] = {0, 1, 2}, y[] = {1, -2, 0.5};
    tp_wave             w = {.n = 3, .x = x, .re = y};
    tp_rng              rng = tp_rng_at(7, 0);
    scene               s = nutmeg;
    int                 values = 0;
    define(&s, "sq(p) p*p");
    define(&s, "swap(p, q) q ? p : q - p");
    scene_bind(&s, "x", tp_value_wave(&w));
    w.im = x;
    scene_bind(&s, "z", tp_value_wave(&w));
    scene_bind(&s, "v(1)", tp_value_number(2, TP_S("V")));
    scene_bind(&s, "m1:x1", tp_value_number(-1, TP_S("")));
    for (int i = 0; i < 3000; i++) {
        tp_arena keep = check_arena;
        tp_buf   b = {.mem = check_mem()};
        grow(&b, &rng, 1 + i % 4);
        tp_buf_char(&b, '\0');
        /* a bare m1:x1 in the middle of a choice would end it */
        if (strstr(b.at, "? m1:x1 :")) continue;
        round_trip(&s, b.at);
        tp_value v = evaluate(&s, tp_str_of(b.at), check_mem());
        values += v.kind != TP_NONE;
        check_arena = keep;
    }
    CHECK(values > 300);
}

static void test_expr_nutmeg__depth_is_limited(void)
{
    static const struct {
        const char *open, *middle, *close;
    } row[] = {
        {"(", "1", ")"},    {"-", "1", ""},    {"", "1", "+1"},
        {"mag(", "1", ")"}, {"", "a", "[0]"},  {"a[", "0", "]"},
        {"(1,", "1", ")"},  {"2^", "1", ""},   {"not ", "1", ""},
        {"1?", "1", ":0"},  {"1?0:", "1", ""}, {"a[[", "0", "]]"},
        {"a[%", "0", "]"},  {"(0;", "1", ")"}, {"sq(", "1", ")"},
    };
    scene s = nutmeg;
    define(&s, "sq(x) x+1");
    for (int i = 0; i < TP_COUNT(row); i++) {
        const tp_expr *e = NULL;
        tp_err         err = {0};
        tp_str fits = nested(150, row[i].open, row[i].middle, row[i].close);
        tp_str far = nested(6000, row[i].open, row[i].middle, row[i].close);
        CHECK_OK(compile(&e, &s, fits, &err), &err);
        tp_value none = tp_none(check_mem(), "x");
        tp_expr_eval(e, &none, NULL, check_mem());
        tp_str text = tp_expr_text(e, check_mem());
        CHECK_OK(compile(&e, &s, text, &err), &err);
        CHECK_INT(compile(&e, &s, far, &err), TP_LIMIT);
        CHECK(err.col > 0 && err.msg[0]);
    }
}

/* Ten definitions that call the one before four times each: 4^10 copies. */
static void test_expr_nutmeg__growth_by_definitions_is_limited(void)
{
    scene          s = nutmeg;
    const tp_expr *e = NULL;
    tp_err         err = {0};
    define(&s, "f0(x) x + x + x + x");
    for (int i = 1; i < 10; i++)
        define(&s,
               tp_str_z(check_mem(),
                        tp_str_fmt(check_mem(), "f%d(x) f%d(f%d(f%d(f%d(x))))",
                                   i, i - 1, i - 1, i - 1, i - 1)));
    CHECK_INT(compile(&e, &s, TP_S("f9(1)"), &err), TP_LIMIT);
    CHECK_OK(compile(&e, &s, TP_S("f0(1) + f1(1)"), &err), &err);
    /* calls whose arguments vanish count, too */
    s.n_user = 0;
    define(&s, "g0(x) 1");
    for (int i = 1; i < 20; i++)
        define(&s,
               tp_str_z(check_mem(),
                        tp_str_fmt(check_mem(), "g%d(x) g0(g%d(x) + g%d(x))", i,
                                   i - 1, i - 1)));
    CHECK_INT(compile(&e, &s, TP_S("g19(1)"), &err), TP_LIMIT);
    CHECK_INT(compile(&e, &s, TP_S("g19(1)"), NULL), TP_LIMIT);
}

static void test_expr_nutmeg__truth_is_any_element(void)
{
    static const double zero[] = {0, 0}, one[] = {0, 1e-300};
    tp_wave             w = {.n = 2, .re = zero};
    tp_value            v = tp_value_wave(&w), part[2] = {v, v};
    CHECK(!tp_value_true(&v));
    w.im = one;
    v = tp_value_wave(&w);
    CHECK(tp_value_true(&v));
    CHECK(!tp_value_true(&(tp_value){.kind = TP_NONE, .why = "x"}));
    CHECK(tp_value_true(&(tp_value){.kind = TP_COMPLEX, .im = -1}));
    CHECK(!tp_value_true(&(tp_value){.kind = TP_COMPLEX}));
    CHECK(tp_value_true(&(tp_value){.kind = TP_NUMBER, .re = 0.1}));
    CHECK(!tp_value_true(&(tp_value){.kind = TP_NUMBER, .re = -0.0}));
    CHECK(tp_value_true(&(tp_value){.kind = TP_STRING, .text = TP_S("no")}));
    CHECK(!tp_value_true(&(tp_value){.kind = TP_STRING}));
    tp_value parts = {.kind = TP_DIVISIONS, .n = 2, .part = part};
    CHECK(!tp_value_true(&parts));
    part[1] = v;
    CHECK(tp_value_true(&parts));
}

/* [[lo,hi]] by the scale, of a vector that has one. */
static void test_expr_nutmeg__a_range_goes_by_the_scale(void)
{
    static const double x[] = {10, 20, 30, 40}, y[] = {1, 2, 3, 4};
    tp_wave             w = {.n = 4, .x = x, .re = y};
    scene               s = nutmeg;
    scene_bind(&s, "w", tp_value_wave(&w));
    CHECK_STR(shown(&s, "w[[15,30]]"), "xy([20, 30], [2, 3])");
    CHECK_STR(shown(&s, "w[[30,15]]"), "xy([30, 20], [3, 2])");
    CHECK_STR(shown(&s, "w[[20]]"), "xy([20], [2])");
    CHECK_STR(shown(&s, "w[[21,29]]"),
              "none: no point of the scale is in 21 to 29; it goes from 10 to "
              "40");
    CHECK_STR(shown(&s, "w[1,2]"), "xy([20, 30], [2, 3])");
    CHECK_STR(shown(&s, "w[%0.5,1]"), "xy([15, 20], [1.5, 2])");
    CHECK_STR(shown(&s, "deriv(w)"),
              "xy([10, 20, 30, 40], [0.1, 0.1, 0.1, 0.1])");
}

/* The scale's first point, 0.5, is no rounding of the vector's, 1. */
static void test_expr_nutmeg__interpolates_inside_a_wide_vector_only(void)
{
    static const double x[] = {1, 4e9}, from_0[] = {0, 4e9}, y[] = {0, 4e9};
    scene               s = {.dialect = TP_NUTMEG};
    tp_wave             late = {.n = 2, .x = x, .re = y};
    tp_wave             whole = {.n = 2, .x = from_0, .re = y};
    scene_bind(&s, "late", tp_value_wave(&late));
    scene_bind(&s, "whole", tp_value_wave(&whole));
    CHECK_STR(shown(&s, "interpolate(late)"),
              "none: interpolate: the vector goes from 1 to 4e+09, the current "
              "plot's scale has 0.5");
    CHECK_STR(shown(&s, "interpolate(whole)"),
              "xy([0.5, 1.5, 3], [0.5, 1.5, 3])");
}

/* Vectors of other points are not interpolated: element by element, over the
   longer one's scale. */
static void test_expr_nutmeg__vectors_meet_by_index(void)
{
    static const double x[] = {0, 1, 2}, far[] = {7, 8}, y[] = {1, 2, 3};
    tp_wave             a = {.n = 3, .x = x, .re = y};
    tp_wave             b = {.n = 2, .x = far, .re = y};
    tp_wave             c = {.n = 3, .x = x, .re = y};
    static const double other[] = {5, 6, 9};
    c.x = other;
    scene s = nutmeg;
    scene_bind(&s, "a", tp_value_wave(&a));
    scene_bind(&s, "b", tp_value_wave(&b));
    scene_bind(&s, "c", tp_value_wave(&c));
    CHECK_STR(shown(&s, "a + b"), "xy([0, 1, 2], [2, 4, 5])");
    CHECK_STR(shown(&s, "b + a"), "xy([0, 1, 2], [2, 4, 5])");
    CHECK_STR(shown(&s, "a * c"), "xy([0, 1, 2], [1, 4, 9])");
    CHECK_STR(shown(&s, "(5;6;7) - c"), "xy([5, 6, 9], [4, 4, 4])");
    CHECK_STR(shown(&s, "b gt a"), "xy([0, 1, 2], [0, 0, 0])");
}

/* The polynomial's slope is exact to the second order, at the ends too; a
   cubic's is that of the parabola through three neighbours. */
static void test_expr_nutmeg__slopes_are_of_parabolas(void)
{
    static const double x[] = {0, 1, 2, 4, 5}, y[] = {0, 1, 4, 16, 25};
    static const double u[] = {0, 1, 2, 3}, cube[] = {0, 1, 8, 27};
    tp_wave             a = {.n = 5, .x = x, .re = y};
    tp_wave             b = {.n = 4, .x = u, .re = cube};
    scene               s = nutmeg;
    scene_bind(&s, "a", tp_value_wave(&a));
    scene_bind(&s, "b", tp_value_wave(&b));
    static const double twice[] = {0, 0, 1};
    tp_wave             step = {.n = 3, .x = twice, .re = y};
    scene_bind(&s, "step", tp_value_wave(&step));
    CHECK_STR(shown(&s, "deriv(a)"), "xy([0, 1, 2, 4, 5], [0, 2, 4, 8, 10])");
    CHECK_STR(shown(&s, "deriv(b)"), "xy([0, 1, 2, 3], [-2, 4, 13, 25])");
    CHECK_STR(shown(&s, "deriv(step)"), "none: deriv: two points share one x");
}

static void test_expr_nutmeg__state_comes_from_the_caller(void)
{
    const tp_expr *e = NULL;
    tp_err         err = {0};
    tp_rng         one = tp_rng_at(5, 0), two = tp_rng_at(5, 0);
    tp_env         a = {.rng = &one}, b = {.rng = &two};
    const char    *text = "rnd(vector(50) + 1)";
    if (!CHECK_OK(compile(&e, &nutmeg, tp_str_of(text), &err), &err)) return;
    tp_value p = tp_expr_eval(e, NULL, &a, check_mem());
    tp_value q = tp_expr_eval(e, NULL, &b, check_mem());
    tp_value r = tp_expr_eval(e, NULL, &b, check_mem());
    int      differ = 0;
    if (!CHECK_INT(p.kind, TP_WAVE) || !CHECK_INT(p.wave.n, 50)) return;
    for (int i = 0; i < 50; i++) {
        CHECK(p.wave.re[i] == q.wave.re[i]);
        CHECK(p.wave.re[i] >= 0 && p.wave.re[i] <= i);
        CHECK(p.wave.re[i] == floor(p.wave.re[i]));
        differ += p.wave.re[i] != r.wave.re[i];
    }
    CHECK(differ > 25);
    static const char *const needs[] = {"rnd(3)", "rndgauss(1)", "clock()",
                                        "timer()", "interpolate(1)"};
    for (int i = 0; i < TP_COUNT(needs); i++) {
        CHECK_OK(compile(&e, &nutmeg, tp_str_of(needs[i]), &err), &err);
        tp_value v = tp_expr_eval(e, NULL, NULL, check_mem());
        CHECK_INT(v.kind, TP_NONE);
    }
}

/* Mean and deviation of 40000 draws, within 5 standard errors. */
static void test_expr_nutmeg__draws_are_distributed_as_said(void)
{
    CHECK_STR(shown(&nutmeg, "mag(mean(rndgauss(2*unitvec(40000)))) lt .05"),
              "1");
    CHECK_STR(
        shown(&nutmeg, "abs(stddev(rndgauss(2*unitvec(40000))) - 2) lt .035"),
        "1");
    CHECK_STR(
        shown(&nutmeg, "abs(mean(rndunif(3*unitvec(40000))) - 1.5) lt .022"),
        "1");
    CHECK_STR(shown(&nutmeg, "abs(mean(sunif(unitvec(40000)))) lt .0145"), "1");
    CHECK_STR(shown(&nutmeg, "max(rndunif(3*unitvec(40000))) lt 3 and "
                             "min(rndunif(3*unitvec(40000))) ge 0"),
              "1");
    CHECK_STR(shown(&nutmeg, "(rnd(0.5);rnd(0);rnd(-3) lt 3)"), "[0, 0, 1]");
}

static void test_expr_nutmeg__constants_have_rows(void)
{
    tp_value v;
    int      rows = 0;
    for (const tp_const *c = tp_constants_of(TP_NUTMEG); c->name; c++, rows++)
        CHECK(tp_constant_of(TP_NUTMEG, tp_str_of(c->name), &v) && c->text &&
              v.re == c->re && v.im == c->im);
    CHECK_INT(rows, 12);
    CHECK(tp_constant_of(TP_NUTMEG, TP_S("const.i"), &v));
    CHECK_INT(v.kind, TP_COMPLEX);
    CHECK(!tp_constant_of(TP_NUTMEG, TP_S("tran1.pi"), &v));
    CHECK(!tp_constant_of(TP_SIMETRIX, TP_S("const.pi"), &v));
    CHECK(tp_constant_of(TP_SIMETRIX, TP_S("true"), &v) && v.re == 1);
    /* Stefan's constant from three of them: 2 pi^5 k^4 / (15 h^3 c^2) */
    CHECK_STR(shown(&nutmeg, "2*pi^5*boltz^4/(15*planck^3*c^2)"),
              "5.67037e-08");
}

static const check_test tests[] = {
    CHECK_TEST(test_expr_nutmeg__interpolates_inside_a_wide_vector_only),
    CHECK_TEST(test_expr_nutmeg__slots_are_names_as_written),
    CHECK_TEST(test_expr_nutmeg__names_of_a_body_are_the_callers),
    CHECK_TEST(test_expr_nutmeg__a_definition_is_taken_apart),
    CHECK_TEST(test_expr_nutmeg__wrong_definitions_are_refused),
    CHECK_TEST(test_expr_nutmeg__printing_and_compiling_are_inverse),
    CHECK_TEST(test_expr_nutmeg__depth_is_limited),
    CHECK_TEST(test_expr_nutmeg__growth_by_definitions_is_limited),
    CHECK_TEST(test_expr_nutmeg__truth_is_any_element),
    CHECK_TEST(test_expr_nutmeg__a_range_goes_by_the_scale),
    CHECK_TEST(test_expr_nutmeg__vectors_meet_by_index),
    CHECK_TEST(test_expr_nutmeg__slopes_are_of_parabolas),
    CHECK_TEST(test_expr_nutmeg__state_comes_from_the_caller),
    CHECK_TEST(test_expr_nutmeg__draws_are_distributed_as_said),
    CHECK_TEST(test_expr_nutmeg__constants_have_rows),
    {0},
};

int main(void)
{
    return check_main(tests);
}
