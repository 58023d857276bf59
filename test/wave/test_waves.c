/* Packing waves: exact, sharing kept, damage refused. */
#include "check.h"
#include "wave/wave.h"

static const double sweep[] = {1, 10, 100}, gain[] = {1, -0.0, 1e-308};
static const double turn[] = {0.5, INFINITY, -3}, own[] = {4, 5};

#define T(literal)                   \
    {                                \
        literal, sizeof(literal) - 1 \
    }
static const tp_wave ac[] = {
    {.name = T("frequency"),
     .unit = T("Hz"),
     .x_unit = T("Hz"),
     .n = 3,
     .x = sweep,
     .re = sweep},
    {.name = T("out"),
     .unit = T("V"),
     .x_unit = T("Hz"),
     .n = 3,
     .x = sweep,
     .re = gain,
     .im = turn},
    {.name = T("lonely"), .n = 2, .x = own, .re = own + 0},
    {.name = T("plain"), .n = 3, .re = turn},
    {.name = T("other"), .n = 3, .x = gain, .re = turn},
    {.name = T("shares"), .n = 3, .x = gain, .re = sweep + 0},
    {.name = T("empty")},
};
static const tp_plot plots[] = {
    {.id = T("ac_0"),
     .kind = T("ac"),
     .ordinal = T("ac1"),
     .x_name = T("frequency"),
     .n_wave = TP_COUNT(ac),
     .wave = ac,
     .op = 1},
    {.id = T("ac_0"), .kind = T("op"), .ordinal = T("op1"), .op = -1},
};

static tp_str packed(void)
{
    tp_buf   b = {.mem = check_mem()};
    tp_waves w = {TP_COUNT(plots), plots};
    tp_waves_pack(&b, &w);
    return tp_buf_str(&b);
}

static bool same(const double *a, const double *b, int n)
{
    if (!a || !b) return !a == !b;
    return memcmp(a, b, (size_t)n * sizeof *a) == 0;
}

static void test_waves__come_back_exactly(void)
{
    tp_unpack u = {.rest = packed()};
    tp_waves  w = {0};
    tp_err    err = {0};
    if (!CHECK_OK(tp_waves_unpack(&w, &u, check_mem(), &err), &err)) return;
    CHECK_INT(u.rest.len, 0);
    if (!CHECK_INT(w.n, 2)) return;
    CHECK_STR(w.plot[0].id, "ac_0");
    CHECK_STR(w.plot[0].x_name, "frequency");
    CHECK_INT(w.plot[0].op, 1);
    CHECK_INT(w.plot[1].op, -1);
    CHECK_INT(w.plot[1].n_wave, 0);
    if (!CHECK_INT(w.plot[0].n_wave, TP_COUNT(ac))) return;
    for (int i = 0; i < TP_COUNT(ac); i++) {
        const tp_wave *v = &w.plot[0].wave[i];
        CHECK(tp_str_eq(v->name, ac[i].name));
        CHECK(tp_str_eq(v->unit, ac[i].unit));
        CHECK(tp_str_eq(v->x_unit, ac[i].x_unit));
        if (!CHECK_INT(v->n, ac[i].n)) continue;
        CHECK(same(v->re, ac[i].re, v->n));
        CHECK(same(v->im, ac[i].im, v->n));
        CHECK(same(v->x, ac[i].x, v->n));
    }
}

static void test_waves__a_shared_sweep_is_packed_once(void)
{
    tp_unpack u = {.rest = packed()};
    tp_waves  w = {0};
    if (!CHECK_OK(tp_waves_unpack(&w, &u, check_mem(), NULL), NULL)) return;
    const tp_wave *v = w.plot[0].wave;
    CHECK(v[0].x == v[0].re && v[1].x == v[0].re);
    CHECK(v[5].x == v[4].x || v[5].x == v[1].re);
    CHECK(v[2].x == v[2].re);
    CHECK(v[3].x == NULL);
}

static void test_waves__any_damage_is_survived(void)
{
    tp_str whole = packed();
    for (ptrdiff_t i = 0; i < whole.len; i++) {
        tp_arena  scratch = *check_mem();
        tp_unpack cut = {.rest = tp_str_part(whole, 0, i)};
        tp_waves  w = {0};
        tp_err    err = {0};
        CHECK_INT(tp_waves_unpack(&w, &cut, &scratch, &err), TP_BAD_INPUT);
        CHECK_Z(err.msg, "packed waves: the bytes are cut short or damaged");
        char     *bytes = (char *)whole.at + i, was = *bytes;
        tp_unpack all = {.rest = whole};
        for (int bit = 1; bit < 256; bit *= 2) {
            *bytes = (char)(was ^ bit);
            tp_waves_unpack(&w, &all, &scratch, NULL);
            all = (tp_unpack){.rest = whole};
        }
        *bytes = was;
    }
}

static const check_test tests[] = {
    CHECK_TEST(test_waves__come_back_exactly),
    CHECK_TEST(test_waves__a_shared_sweep_is_packed_once),
    CHECK_TEST(test_waves__any_damage_is_survived),
    {0},
};

int main(void)
{
    return check_main(tests);
}
