/* Every builtin on every kind of vector: a finite answer or a reason. */
#include "measure.h"

static double some(tp_rng *r)
{
    static const double often[] = {0, 1, -1, 0.5, 2, 3, -3, 100, 1e-9, 1e12};
    int                 k = tp_rng_below(r, 2 * TP_COUNT(often));
    return k < TP_COUNT(often) ? often[k] : 3 * tp_rng_normal(r);
}

/* Sweeps up, down, with steps, in no order, none; real, complex; constant. */
static tp_value some_wave(tp_rng *r, int least)
{
    int     n = least + tp_rng_below(r, 9), how = tp_rng_below(r, 6);
    double *x = TP_NEW(check_mem(), double, n);
    double *re = TP_NEW(check_mem(), double, n);
    double *im = TP_NEW(check_mem(), double, n);
    bool    flat = tp_rng_below(r, 5) == 0;
    for (int i = 0; i < n; i++) {
        double step = how == 1 ? -1 : how == 2 ? tp_rng_below(r, 2) : 1;
        if (tp_rng_below(r, 4) == 0) step *= 1e-6;
        x[i] = i ? x[i - 1] + step : some(r);
        if (how == 3) x[i] = some(r);
        if (how == 4) x[i] = pow(10, i);
        re[i] = flat ? 2 : some(r);
        im[i] = some(r);
    }
    tp_wave w = {.unit = TP_S("V"), .n = n, .x = how == 5 ? NULL : x, .re = re};
    if (tp_rng_below(r, 3) == 0) w.im = im;
    return tp_value_wave(&w);
}

static void is_sound(const char *text, const tp_value *v)
{
    bool good = v->kind != TP_NONE || (v->why && *v->why);
    if (v->kind == TP_NUMBER || v->kind == TP_COMPLEX)
        good = isfinite(v->re) && isfinite(v->im);
    for (int i = 0; v->kind == TP_WAVE && i < v->wave.n; i++) {
        good = good && isfinite(v->wave.re[i]);
        if (v->wave.x) good = good && isfinite(v->wave.x[i]);
        if (v->wave.im) good = good && isfinite(v->wave.im[i]);
    }
    if (!CHECK(good)) printf("  %s\n", text);
}

/* "Name(a0, a1)" with as many arguments as `rest` and the coin want. */
static const char *call_of(const tp_fn *f, scene *s, tp_rng *r)
{
    static const char *const names[] = {"a0", "a1", "a2", "a3", "a4", "a5"};
    tp_buf                   b = {.mem = check_mem()};
    tp_str                   rest = tp_str_of(f->takes), kind;
    tp_buf_fmt(&b, "%s(", f->name);
    for (int i = 0; (kind = tp_str_word(&rest, " ")).len && i < 6; i++) {
        bool optional = kind.at[0] == '[';
        if (optional && tp_rng_below(r, 2)) break;
        if (optional) kind = tp_str_from(kind, 1);
        tp_value v = tp_value_number(some(r), TP_S(""));
        if (tp_str_starts(kind, TP_S("wave"))) v = some_wave(r, 1);
        if (tp_str_starts(kind, TP_S("text"))) v = tp_value_text(TP_S("None"));
        if (tp_str_starts(kind, TP_S("any")) && tp_rng_below(r, 2))
            v = some_wave(r, 1);
        scene_bind(s, names[i], v);
        tp_buf_fmt(&b, "%s%s", i ? ", " : "", names[i]);
    }
    tp_buf_char(&b, ')');
    return tp_str_z(check_mem(), tp_buf_str(&b));
}

static void test_any__a_finite_answer_or_a_reason(void)
{
    tp_arena clean = *check_mem();
    int      answers = 0, reasons = 0;
    for (const tp_fn_group *g = tp_functions_of(TP_SIMETRIX); g->title; g++)
        for (const tp_fn *f = g->fn; f->name; f++)
            for (int round = 0; round < 300; round++) {
                *check_mem() = clean;
                tp_rng      r = tp_rng_at(7, (uint64_t)round);
                scene       s = {0};
                const char *text = call_of(f, &s, &r);
                tp_value    v = evaluate(&s, tp_str_of(text), check_mem());
                is_sound(text, &v);
                answers += v.kind != TP_NONE;
                reasons += v.kind == TP_NONE;
            }
    CHECK(answers > 1000 && reasons > 1000);
}

/* Turning a sweep round changes no measure. */
static void test_any__the_way_of_the_sweep_does_not_matter(void)
{
    static const char *const calls[] = {
        "YatX(v, 1.3)",
        "YFromX(v, 1.3)",
        "XatNthYp(v, 0.2, 1)",
        "Mean1(v)",
        "RMS1(v)",
        "RMS1_AC(v, 0.2, 2.2)",
        "Rise(v)",
        "Fall(v)",
        "Period(v)",
        "Duty(v)",
        "PulseWidth(v)",
        "MeasureDistortion(v)",
        "CurveFit(v, 2)",
        "LPBW(v, 3)",
        "Maximum(v, 0.3, 0.4)",
        "Overshoot(v)",
        "mag(Fourier(v, 1, 1, 1))",
    };
    enum { N = 90 };
    double x[N], y[N], back_x[N], back_y[N];
    for (int i = 0; i < N; i++) {
        x[i] = back_x[N - 1 - i] = 3.0 * i / (N - 1);
        y[i] = back_y[N - 1 - i] = sin(2 * PI * x[i]) + 0.1 * cos(9 * x[i]);
    }
    tp_wave up = {.n = N, .x = x, .re = y};
    tp_wave down = {.n = N, .x = back_x, .re = back_y};
    for (int i = 0; i < TP_COUNT(calls); i++) {
        scene    a = scene_of(tp_value_wave(&up));
        scene    b = scene_of(tp_value_wave(&down));
        tp_value u = evaluate(&a, tp_str_of(calls[i]), check_mem());
        tp_value v = evaluate(&b, tp_str_of(calls[i]), check_mem());
        u = tp_value_scalar(&u, check_mem());
        v = tp_value_scalar(&v, check_mem());
        CHECK(u.kind == v.kind);
        if (!CHECK_NEAR(u.re, v.re, 1e-12)) printf("  %s\n", calls[i]);
    }
}

static const check_test tests[] = {
    CHECK_TEST(test_any__a_finite_answer_or_a_reason),
    CHECK_TEST(test_any__the_way_of_the_sweep_does_not_matter),
    {0},
};

int main(void)
{
    return check_main(tests);
}
