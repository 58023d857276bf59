/* OCEAN's accesses to results, and its functions of each value and of whole
   waveforms; what they compute is what the rows of the other dialects do
   (Cadence OCEAN Reference, "Predefined Functions and Waveform (Calculator)
   Functions"). */
#include <float.h>
#include <math.h>

#include "expr/tree.h"
#include "expr/waveform.h"

/* ---- each value -------------------------------------------------------- */

static const char *asin_cell(tp_cell *z, const tp_env *env)
{
    (void)env;
    if (z->cx || !(z->re >= -1 && z->re <= 1)) return "is no sine";
    z->re = asin(z->re);
    return NULL;
}

static const char *acos_cell(tp_cell *z, const tp_env *env)
{
    (void)env;
    if (z->cx || !(z->re >= -1 && z->re <= 1)) return "is no cosine";
    z->re = acos(z->re);
    return NULL;
}

static const char *conjugate_cell(tp_cell *z, const tp_env *env)
{
    (void)env;
    z->im = -z->im;
    return NULL;
}

static const char *int_cell(tp_cell *z, const tp_env *env)
{
    (void)env;
    if (z->cx) return "is complex";
    z->re = trunc(z->re);
    return NULL;
}

/* Decibels of a power. */
static const char *db10_cell(tp_cell *z, const tp_env *env)
{
    (void)env;
    *z = (tp_cell){.re = hypot(z->re, z->im)};
    if (z->re == 0) return "has no logarithm";
    z->re = 10 * log10(z->re);
    return NULL;
}

static const char *dbm_cell(tp_cell *z, const tp_env *env)
{
    const char *why = db10_cell(z, env);
    z->re += 30;
    return why;
}

TP_OWN_EACH(asin_of, asin_cell, TP_S("rad"))
TP_OWN_EACH(acos_of, acos_cell, TP_S("rad"))
TP_OWN_EACH(conjugate, conjugate_cell, arg->unit)
TP_OWN_EACH(int_of, int_cell, arg->unit)
TP_OWN_EACH(db10, db10_cell, TP_S("dB"))
TP_OWN_EACH(dbm, dbm_cell, TP_S("dBm"))

static tp_value power(const tp_value *arg, int n, const tp_env *env,
                      tp_arena *mem)
{
    return tp_ops[TP_OP_POWER].call(arg, n, env, mem);
}

static tp_value complex_of(const tp_value *arg, int n, const tp_env *env,
                           tp_arena *mem)
{
    return tp_ops[TP_OP_COMPLEX].call(arg, n, env, mem);
}

static tp_value list(const tp_value *arg, int n, const tp_env *env,
                     tp_arena *mem)
{
    return tp_ops[TP_OP_VECTOR].call(arg, n, env, mem);
}

const tp_fn tp_fn_oc_each[] = {
    {"dB20", "any", "any", tp_do_db, "Decibels: 20 log10 of the magnitude.",
     "dB20(complex(0 100))", "40 dB"},
    {"db20", "any", "any", tp_do_db, "The same as dB20.", "db20(list(1 10))",
     "[0, 20] dB"},
    {"dB10", "any", "any", db10, "Decibels of a power: 10 log10 of the size.",
     "dB10(100)", "20 dB"},
    {"db10", "any", "any", db10, "The same as dB10.", "db10(0.1)", "-10 dB"},
    {"dbm", "any", "any", dbm, "Decibels above 1 mW of a power in watts.",
     "dbm(1m)", "0 dBm"},
    {"dBm", "any", "any", dbm, "The same as dbm.", "dBm(1)", "30 dBm"},
    {"mag", "any", "any", tp_do_mag, "Magnitude.", "mag(complex(3 4))", "5"},
    {"abs", "any", "any", tp_do_mag, "Magnitude; the same as mag.", "abs(-2)",
     "2"},
    {"phase", "any", "any", tp_do_phase,
     "Phase in degrees without jumps: whole turns are added so that no step is "
     "over 180.",
     "phase(list(complex(0 1) -1 complex(0 -1)))", "[90, 180, 270] deg"},
    {"phaseDeg", "any", "any", tp_do_arg,
     "Phase in degrees, wrapped to -180 to 180.",
     "phaseDeg(list(complex(0 1) -1 complex(0 -1)))", "[90, 180, -90] deg"},
    {"phaseDegUnwrapped", "any", "any", tp_do_phase, "The same as phase.",
     "phaseDegUnwrapped(complex(0 -1))", "-90 deg"},
    {"phaseRad", "any", "any", tp_do_arg_rad,
     "Phase in radians, wrapped to -pi to pi.", "phaseRad(complex(0 -1))",
     "-1.5708 rad"},
    {"phaseRadUnwrapped", "any", "any", tp_do_phase_rad,
     "Phase in radians without jumps.", "phaseRadUnwrapped(-1)", "3.14159 rad"},
    {"real", "any", "any", tp_do_re, "Real part.", "real(complex(3 4))", "3"},
    {"imag", "any", "any", tp_do_im, "Imaginary part.", "imag(complex(3 4))",
     "4"},
    {"conjugate", "any", "any", conjugate, "The complex conjugate.",
     "conjugate(complex(3 4))", "(3, -4)"},
    {"complex", "any any", "any", complex_of,
     "The complex number of a real and an imaginary part.", "complex(1 2)",
     "(1, 2)"},
    {"sqrt", "any", "any", tp_do_sqrt,
     "Square root; none for a negative real number.", "sqrt(9)", "3"},
    {"exp", "any", "any", tp_do_exp, "e to the power of x.", "exp(1)",
     "2.71828"},
    {"ln", "any", "any", tp_do_ln, "Natural logarithm.", "ln(10)", "2.30259"},
    {"log", "any", "any", tp_do_ln, "Natural logarithm, as in SKILL.",
     "log(10)", "2.30259"},
    {"log10", "any", "any", tp_do_log10, "Logarithm to base 10.", "log10(1k)",
     "3"},
    {"pow", "any any", "any", power, "The first to the power of the second.",
     "pow(2 10)", "1024"},
    {"sin", "any", "any", tp_do_sin, "Sine of radians.", "sin(0.5)",
     "0.479426"},
    {"cos", "any", "any", tp_do_cos, "Cosine of radians.", "cos(0)", "1"},
    {"tan", "any", "any", tp_do_tan, "Tangent of radians.", "tan(0.5)",
     "0.546302"},
    {"asin", "any", "any", asin_of, "Arc sine in radians.", "asin(1)",
     "1.5708 rad"},
    {"acos", "any", "any", acos_of, "Arc cosine in radians.", "acos(0)",
     "1.5708 rad"},
    {"atan", "any", "any", tp_do_atan, "Arc tangent in radians.", "atan(1)",
     "0.785398 rad"},
    {"int", "any", "any", int_of, "The whole part.", "int(-1.5)", "-1"},
    {"floor", "any", "any", tp_do_floor, "The next whole number below.",
     "floor(-1.5)", "-2"},
    {"ceiling", "any", "any", tp_do_ceil, "The next whole number above.",
     "ceiling(1.2)", "2"},
    {"round", "any", "any", tp_do_round, "The nearest whole number.",
     "round(2.6)", "3"},
    {"min", "any any", "any", tp_do_min, "The smaller of two values.",
     "min(1 5)", "1"},
    {"max", "any any", "any", tp_do_max, "The larger of two values.",
     "max(1 5)", "5"},
    {"list",
     "any [any] [any] [any] [any] [any] [any] [any] [any] [any] [any] [any]",
     "wave", list, "A vector of the numbers given, at most twelve.",
     "list(1 2 3)", "[1, 2, 3]"},
    {0},
};

/* ---- whole waveforms --------------------------------------------------- */

/* The integral over x, of all or of from..to. */
static tp_value integral(const tp_value *arg, int n, const tp_env *env,
                         tp_arena *mem)
{
    (void)env;
    tp_curve c;
    tp_value none;
    if (!tp_curve_between(&c, arg, n, 1, mem, &none)) return none;
    return tp_value_number(tp_curve_integral(&c, 0, 1),
                           tp_unit_product(c.unit, c.x_unit));
}

/* The noise voltage of a density in V/rtHz. */
static tp_value rms_noise(const tp_value *arg, int n, const tp_env *env,
                          tp_arena *mem)
{
    (void)env;
    tp_curve c;
    tp_value none;
    if (!tp_curve_between(&c, arg, n, 1, mem, &none)) return none;
    return tp_value_number(sqrt(tp_curve_integral(&c, 0, 2)), TP_S("V"));
}

/* The x of the nth of the tops, or bottoms, sorted by size. */
static tp_value x_of_nth(const tp_value *arg, int n, tp_fn_call *tops,
                         const tp_env *env, tp_arena *mem)
{
    double   which = tp_arg_number(arg, n, 1, 1);
    double   low = -DBL_MAX, high = DBL_MAX;
    double  *limit = TP_NEW(mem, double, 2);
    tp_value more[3] = {arg[0], {0}, tp_value_text(TP_S("nointerp"))};
    limit[0] = low;
    limit[1] = high;
    more[1] = tp_vector(limit, NULL, 2, TP_S(""));
    if (!(which >= 1 && which <= 1e9) || which != floor(which))
        return tp_none(mem, "n: wanted a whole number from 1, got %g", which);
    tp_value found = tops(more, 3, env, mem);
    if (found.kind != TP_WAVE) return found;
    if (which > found.wave.n)
        return tp_none(mem, "has %d, not %d", found.wave.n, (int)which);
    return tp_value_number(found.wave.x[(int)which - 1], found.wave.x_unit);
}

static tp_value x_of_most(const tp_value *arg, int n, const tp_env *env,
                          tp_arena *mem)
{
    return x_of_nth(arg, n, tp_do_maxima, env, mem);
}

static tp_value x_of_least(const tp_value *arg, int n, const tp_env *env,
                           tp_arena *mem)
{
    return x_of_nth(arg, n, tp_do_minima, env, mem);
}

static tp_value shifted(const tp_value *arg, int n, const tp_env *env,
                        tp_arena *mem)
{
    (void)n, (void)env;
    tp_wave w = arg[0].wave;
    if (!w.x) return tp_none(mem, "the vector has no x");
    double *x = TP_NEW(mem, double, w.n);
    for (int i = 0; i < w.n; i++) x[i] = w.x[i] - arg[1].re;
    w.x = x;
    tp_value out = tp_value_wave(&w);
    out.unit = arg[0].unit;
    return out;
}

const tp_fn tp_fn_oc_whole[] = {
    {"drCreateWaveform", "wave wave", "wave", tp_do_xy,
     "A waveform: the first argument holds its x, the second its values.",
     "drCreateWaveform(list(0 1) list(5 6))", "xy([0, 1], [5, 6])"},
    {"average", "wave [number] [number]", "number", tp_do_mean_over_x,
     "The mean over x, by integration, of all or of an x range.",
     "average(drCreateWaveform(list(0 1 2 4) list(0 0 2 6)))", "2.25"},
    {"rms", "wave [number] [number]", "number", tp_do_rms_over_x,
     "The effective value over x, of all or of an x range.",
     "rms(drCreateWaveform(list(0 3) list(0 6))) ** 2", "12"},
    {"ymax", "wave", "number", tp_do_most, "The largest value.",
     "ymax(list(3 1 5))", "5"},
    {"ymin", "wave", "number", tp_do_least, "The smallest value.",
     "ymin(list(3 1 5))", "1"},
    {"peakToPeak", "wave", "number", tp_do_peak_to_peak,
     "Largest minus smallest value.", "peakToPeak(list(3 1 5))", "4"},
    {"xmax", "wave [number=1]", "number", x_of_most,
     "The x of the nth largest maximum; the ends count.",
     "xmax(drCreateWaveform(list(0 1 2) list(0 3 2)) 1)", "1"},
    {"xmin", "wave [number=1]", "number", x_of_least,
     "The x of the nth smallest minimum; the ends count.",
     "xmin(drCreateWaveform(list(0 1 2) list(4 3 9)) 1)", "1"},
    {"integ", "wave [number] [number]", "number", integral,
     "The integral over x, of all or of from..to (of the values themselves: a "
     "density is not squared).",
     "integ(drCreateWaveform(list(0 1 3) list(2 4 4)))", "11"},
    {"iinteg", "wave", "wave", tp_do_integ,
     "Running integral over x by the trapezoidal rule.",
     "iinteg(drCreateWaveform(list(0 1 3) list(2 4 4)))",
     "xy([0, 1, 3], [0, 3, 11])"},
    {"rmsNoise", "wave number number", "number", rms_noise,
     "The output's noise from one frequency to another: rmsNoise(1 1e6) is "
     "rmsNoise(VN() 1 1e6), the root of the integral of the squared density.",
     "rmsNoise(1 4) ** 2", "12"},
    {"deriv", "wave", "wave", tp_do_slope,
     "dy/dx (parabola through the neighbours).",
     "deriv(drCreateWaveform(list(0 1 3) list(0 1 9)))",
     "xy([0, 1, 3], [1, 2, 4])"},
    {"clip", "wave number number", "wave", tp_do_truncate,
     "The part of a waveform from one x to another, its ends interpolated.",
     "clip(drCreateWaveform(list(0 1 2) list(0 10 20)) 0.5 1.5)",
     "xy([0.5, 1, 1.5], [5, 10, 15])"},
    {"lshift", "wave number", "wave", shifted,
     "The waveform moved to the left by so much.",
     "lshift(drCreateWaveform(list(1 2) list(5 6)) 1)", "xy([0, 1], [5, 6])"},
    {"xval", "wave", "wave", tp_do_x, "The x values of a waveform.",
     "xval(drCreateWaveform(list(1 2) list(5 6)))", "xy([1, 2], [1, 2])"},
    {0},
};

/* ---- accesses ---------------------------------------------------------- */

const tp_fn tp_fn_oc_access[] = {
    {"VT", "text", "wave", NULL, "A net's voltage over time.",
     "ymax(VT(\"/OUT\"))", "3 V"},
    {"VF", "text", "wave", NULL, "A net's complex voltage over frequency.",
     "value(dB20(VF(\"/OUT\")) 1)", "20 dB"},
    {"VDC", "text", "number", NULL, "A net's voltage at the operating point.",
     "value(VDC(\"/net1\"))", "1.2 V"},
    {"VS", "text", "wave", NULL, "A net's voltage over a dc sweep.",
     "ymax(VS(\"/OUT\"))", "2 V"},
    {"v", "text", "wave", NULL,
     "A net's voltage of the result that ?result names, else of the measure's "
     "analysis.",
     "ymax(v(\"/OUT\" ?result \"tran\"))", "3 V"},
    {"IT", "text", "wave", NULL,
     "The current into a terminal, \"/instance/terminal\", over time.",
     "ymin(IT(\"/V0/PLUS\"))", "-2 A"},
    {"IF", "text", "wave", NULL,
     "The complex current into a terminal over frequency.",
     "mag(value(IF(\"/V0/PLUS\") 1))", "5 A"},
    {"IDC", "text", "number", NULL,
     "The current into a terminal at the operating point: negative for the "
     "PLUS of a supply that delivers.",
     "value(IDC(\"/V0/PLUS\")) * -3", "6 A"},
    {"IS", "text", "wave", NULL, "The current into a terminal over a dc sweep.",
     "ymin(IS(\"/V0/PLUS\"))", "-2 A"},
    {"i", "text", "wave", NULL,
     "The current into a terminal of the result that ?result names, else of "
     "the measure's analysis.",
     "ymin(i(\"/V0/PLUS\" ?result \"tran\"))", "-2 A"},
    {"OP", "text text", "number", NULL,
     "A quantity of an instance at the operating point.",
     "OP(\"/M1\" \"gm\") / OP(\"/M1\" \"id\")", "15"},
    {"OS", "text text", "wave", NULL,
     "A quantity of an instance over a dc sweep.", "ymax(OS(\"/M1\" \"gm\"))",
     "2 S"},
    {"OT", "text text", "wave", NULL, "A quantity of an instance over time.",
     "ymax(OT(\"/M1\" \"gm\"))", "3 S"},
    {"pv", "text text", "number", NULL,
     "A quantity of an instance, of the operating point or of ?result.",
     "pv(\"/M1\" \"gm\" ?result \"dcOpInfo\")", "0.003 S"},
    {"getData", "text", "any", NULL,
     "What a result holds under a name: a net, \"/instance/terminal\" or "
     "\"/instance:quantity\"; of ?result, else of the measure's analysis.",
     "value(getData(\"/NM0:gm\" ?result \"dcOpInfo\"))", "0.002 S"},
    {"VN", "", "wave", NULL, "The output's noise density in V/rtHz.",
     "value(VN() 1)", "2 V/rtHz"},
    {"VN2", "", "wave", NULL, "The square of VN().", "value(VN2() 1)", "4"},
    {"VAR", "text", "number", NULL,
     "A design variable; its bare name means the same.", "VAR(\"Cc\") + Cc",
     "8"},
    {0},
};
