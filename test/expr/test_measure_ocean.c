/* OCEAN's samples, spectra and group delay on waves with known answers. */
#include "measure.h"

/* p: DC, amplitudes of harmonics 1, 2, 3; the fundamental's frequency */
static double complex harmonics(double t, const double *p)
{
    double y = p[0];
    for (int k = 1; k <= 3; k++) y += p[k] * sin(2 * PI * k * p[4] * t);
    return y;
}

/* A delay of p[0] behind a pole at p[1]. */
static double complex delayed(double f, const double *p)
{
    return cexp(-2 * PI * I * f * p[0]) / (1 + I * f / p[1]);
}

static scene ocean_of(tp_value v)
{
    scene s = {.dialect = TP_OCEAN};
    scene_bind(&s, "VT(\"/OUT\")", v);
    scene_bind(&s, "VF(\"/OUT\")", v);
    return s;
}

static void test_ocean__spectrum_of_a_known_sum(void)
{
    double p[] = {0.5, 2, 0.03, 0.04, 1e3};
    scene  s =
        ocean_of(sampled(harmonics, p, uneven_grid(0, 5e-3, 40000), false));
    MEASURES(&s, "thd(VT(\"/OUT\") 1m 5m 1024 1k)", 2.5, 1e-4);
    MEASURES(&s, "thd(VT(\"/OUT\") 1m 2m 1000)", 2.5, 1e-4);
    MEASURES(&s, "thd(VT(\"/OUT\") 1m 5m 1024 2k)", 100 * hypot(2, 0.04) / 0.03,
             1);
    MEASURES(&s, "value(mag(dft(VT(\"/OUT\") 1m 5m 1024)) 0)", 0.5, 1e-5);
    MEASURES(&s, "value(mag(dft(VT(\"/OUT\") 1m 5m 1024)) 1k)", 2, 1e-5);
    MEASURES(&s, "value(imag(dft(VT(\"/OUT\") 1m 5m 1024)) 3k)", -0.04, 1e-5);
    MEASURES(&s, "value(mag(dft(VT(\"/OUT\") 1m 5m 1024)) 1.25k)", 0, 1e-5);
    REFUSES(&s, "thd(VT(\"/OUT\") 1m 6m 1024 1k)", "is not inside");
    REFUSES(&s, "thd(VT(\"/OUT\") 1m 5m 1024 1M)", "the fundamental");
    REFUSES(&s, "thd(VT(\"/OUT\") 5m 1m 1024 1k)", "to: wanted above");
    REFUSES(&s, "thd(VT(\"/OUT\") 1m 5m 1 1k)", "samples: wanted 2 to");
    REFUSES(&s, "dft(VT(\"/OUT\") 1m 5m 1024 \"Kaiser\")", "Rectangular");
}

static void test_ocean__samples(void)
{
    double p[] = {1, 2, 0, 0, 50};
    scene  s =
        ocean_of(sampled(harmonics, p, linear_grid(0, 20e-3, 4001), false));
    MEASURES(&s, "value(sample(VT(\"/OUT\") 0 20m \"linear\" 5m) 5m)", 3, 1e-9);
    MEASURES(&s, "value(sample(VT(\"/OUT\") 0 20m \"linear\" 5m) 7.5m)", 2,
             1e-9);
    MEASURES(&s, "value(sample(VT(\"/OUT\") 1m 40m \"linear\" 1m) 40m)", 1,
             1e-9);
    MEASURES(&s, "ymax(xval(sample(VT(\"/OUT\") 0.1m 10m \"log\" 10)))", 10e-3,
             1e-12);
    MEASURES(&s, "ymin(deriv(xval(sample(VT(\"/OUT\") 0 10m \"linear\" 1m))))",
             1, 1e-9);
    REFUSES(&s, "sample(VT(\"/OUT\") 0 10m \"log\" 10)",
            "from: wanted above 0");
    REFUSES(&s, "sample(VT(\"/OUT\") 0 10m \"linear\" 0)",
            "step: wanted above");
    REFUSES(&s, "sample(VT(\"/OUT\") 0 10m \"dec\" 1m)", "linear or log");
    REFUSES(&s, "sample(VT(\"/OUT\") 0 1 \"linear\" 1n)", "too many");
}

/* tau + 1/(2 pi p (1 + (f/p)^2)) */
static void test_ocean__group_delay(void)
{
    double p[] = {2e-6, 1e4}, pole = 1 / (2 * PI * 1e4);
    scene  s = ocean_of(sampled(delayed, p, linear_grid(0, 1e5, 2001), true));
    MEASURES(&s, "value(groupDelay(VF(\"/OUT\")) 0)", 2e-6 + pole, 2e-10);
    MEASURES(&s, "value(groupDelay(VF(\"/OUT\")) 10k)", 2e-6 + pole / 2, 2e-10);
    MEASURES(&s, "value(groupDelay(VF(\"/OUT\")) 90k)", 2e-6 + pole / 82,
             2e-10);
    tp_value v = evaluate(&s, TP_S("groupDelay(VF(\"/OUT\"))"), check_mem());
    CHECK(v.kind == TP_WAVE);
    CHECK_STR(v.wave.unit, "s");
    REFUSES(&s, "groupDelay(mag(VF(\"/OUT\")))", "");
}

static const check_test tests[] = {
    CHECK_TEST(test_ocean__spectrum_of_a_known_sum),
    CHECK_TEST(test_ocean__samples),
    CHECK_TEST(test_ocean__group_delay),
    {0},
};

int main(void)
{
    return check_main(tests);
}
