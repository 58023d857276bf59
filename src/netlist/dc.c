/* dc: a .dc card. The simulator sweeps voltage and current sources, resistors
   and the temperature by itself, in equal steps, two of them nested; any other
   sweep is an operating point per value. */
#include "netlist/analysis.h"

#include <math.h>

enum { POINTS_MAX = 10000000 };

static bool is_number(tp_analyser *r, tp_token t)
{
    double v;
    (void)r;
    return t.kind == TP_TOKEN_BRACED || t.kind == TP_TOKEN_QUOTED ||
           (t.kind == TP_TOKEN_WORD && tp_number_all(t.text, &v));
}

/* A sweep that the simulator does, as "v1 0 5 0.1". */
struct native {
    tp_token    what;
    tp_token    at[3];
    tp_argument a[3];
    double      n;
};

static tp_status wrong(tp_analyser *r, tp_token t, const char *what,
                       const char *why)
{
    return tp_fail_at(r->err, TP_BAD_INPUT, tp_card_place(r->card, t.at),
                      "%s: the %s is %.*s, but it must be %s%.*s", r->dot, what,
                      TP_F(t.text), why, TP_F(tp_spec_remark(r, t)));
}

/* The simulator never returns from a sweep whose step has the wrong sign. */
static tp_status check(tp_analyser *r, struct native *s)
{
    if (s->a[2].constant && s->a[2].value == 0)
        return wrong(r, s->at[2], "step", "different from 0");
    s->n = 1;
    if (!s->a[0].constant || !s->a[1].constant || !s->a[2].constant)
        return TP_OK;
    double width = s->a[1].value - s->a[0].value, step = s->a[2].value;
    if (width * step < 0)
        return wrong(r, s->at[2], "step",
                     width < 0 ? "negative, because start is above stop"
                               : "positive, because start is below stop");
    s->n = floor(width / step + 1e-9) + 1;
    if (s->n > POINTS_MAX)
        return wrong(r, s->at[2], "step", "larger: this is over 1e7 points");
    return TP_OK;
}

static tp_status arguments(tp_analyser *r, struct native *s)
{
    for (int i = 0; i < 3; i++) TP_TRY(tp_spec_number(r, s->at[i], &s->a[i]));
    return check(r, s);
}

static tp_status words(tp_analyser *r, const struct native *s, tp_buf *b)
{
    tp_str name = TP_S("temp");
    if (!tp_token_is(s->what, "temp"))
        TP_TRY(tp_spec_device(r, s->what, "vir", &name));
    tp_buf_fmt(b, " %.*s %.*s %.*s %.*s", TP_F(name), TP_F(s->a[0].text),
               TP_F(s->a[1].text), TP_F(s->a[2].text));
    return TP_OK;
}

/* name start stop step [name start stop step], SPICE's own form. */
static bool spice_form(tp_analyser *r)
{
    int n = r->n_token - 1;
    if (n != 4 && n != 8) return false;
    for (int i = 0; i < n; i++) {
        tp_token t = r->token[i + 1];
        if (i % 4 == 0 && (t.kind != TP_TOKEN_WORD || is_number(r, t)))
            return false;
        if (i % 4 == 1 && !is_number(r, t) &&
            (tp_token_is(t, "dec") || tp_token_is(t, "oct") ||
             tp_token_is(t, "lin") || tp_token_is(t, "list") ||
             tp_token_is(t, "step")))
            return false;
        if (i % 4 && t.kind == TP_TOKEN_PUNCT) return false;
    }
    for (int i = 0; i < n; i += 4)
        if (tp_token_is(r->token[i + 1], "param") ||
            tp_token_is(r->token[i + 1], "model") ||
            tp_token_is(r->token[i + 1], "device") ||
            tp_token_is(r->token[i + 1], "step"))
            return false;
    return true;
}

static bool can_native(const tp_analyser *r, tp_token what)
{
    if (tp_token_is(what, "temp")) return true;
    tp_str text = what.text;
    for (ptrdiff_t dot; (dot = tp_str_find(text, '.', 0)) >= 0;)
        text = tp_str_from(text, dot + 1);
    (void)r;
    return text.len > 0 &&
           tp_str_find(TP_S("vir"), tp_lower(text.at[0]), 0) >= 0;
}

static tp_status read_spice(tp_analyser *r)
{
    tp_buf b = {.mem = r->d->mem};
    double points = 1;
    tp_buf_add(&b, TP_S("dc"));
    for (int i = 1; i < r->n_token; i += 4) {
        struct native s = {.what = r->token[i]};
        for (int k = 0; k < 3; k++) s.at[k] = r->token[i + 1 + k];
        TP_TRY(arguments(r, &s));
        TP_TRY(words(r, &s, &b));
        points *= s.n;
        if (points > POINTS_MAX)
            return wrong(r, s.at[2], "step", "larger: this is over 1e7 points");
    }
    r->out->command = tp_buf_str(&b);
    return TP_OK;
}

/* LIN n start stop as the simulator's start stop step; a hair is put on the
   stop value, so that rounding can't lose the last point. */
static tp_status lin_step(tp_analyser *r, struct native *s)
{
    tp_argument a[3] = {{0}};
    char        text[TP_NUMBER_MAX];
    for (int i = 0; i < 3; i++)
        TP_TRY(tp_spec_number(r, r->spec.number[i], &a[i]));
    if (!a[0].constant || !a[1].constant || !a[2].constant)
        return wrong(r, r->spec.number[0], "LIN sweep's first number",
                     "plain, as the others (use start stop step for "
                     "expressions)");
    double n = a[0].value, width = a[2].value - a[1].value;
    if (!(n >= 2 && n == floor(n) && n <= POINTS_MAX))
        return wrong(r, r->spec.number[0], "number of points",
                     "a whole number from 2 to 1e7");
    if (width == 0)
        return wrong(r, r->spec.number[2], "stop value",
                     "different from the start value");
    double step = width / (n - 1);
    double value[3] = {a[1].value, a[2].value + 1e-6 * step, step};
    for (int i = 0; i < 3; i++)
        s->a[i] = (tp_argument){
            true, value[i],
            tp_str_fmt(r->d->mem, "%s", tp_exact(value[i], text))};
    return TP_OK;
}

/* The first loose word is the device, unless a keyword said what to sweep;
   the next three are start, stop and step. */
static tp_status fill_in(tp_analyser *r)
{
    tp_spec *s = &r->spec;
    int      used = 0;
    if (s->mode == TP_MODE_NONE && s->n_loose > 0 &&
        !is_number(r, s->loose[0])) {
        s->mode = TP_MODE_DEVICE;
        s->name = s->loose[used++];
    }
    if (s->mode == TP_MODE_NONE)
        return tp_spec_missing(r, "thing to sweep (a device, TEMP, PARAM or "
                                  "MODEL)");
    if (s->step == TP_STEP_NONE) {
        s->step = TP_STEP_BY;
        s->number = s->loose + used;
        s->n_number = s->n_loose - used < 3 ? s->n_loose - used : 3;
        used += s->n_number;
    }
    if (used < s->n_loose) return tp_spec_unknown(r, s->loose[used]);
    return TP_OK;
}

tp_status tp_dc_read(tp_analyser *r)
{
    tp_spec *s = &r->spec;
    if (spice_form(r) && can_native(r, r->token[1]) &&
        (r->n_token < 9 || can_native(r, r->token[5])))
        return read_spice(r);
    TP_TRY(tp_spec_read(r));
    TP_TRY(fill_in(r));
    bool native = (s->mode == TP_MODE_DEVICE && can_native(r, s->name)) ||
                  s->mode == TP_MODE_TEMP;
    if (!native || s->n_number < 3 ||
        (s->step != TP_STEP_BY && s->step != TP_STEP_LIN)) {
        r->out->command = TP_S("op");
        return tp_spec_sweep(r);
    }
    struct native sweep = {.what = s->name};
    tp_buf        b = {.mem = r->d->mem};
    if (s->mode == TP_MODE_TEMP)
        sweep.what = (tp_token){TP_TOKEN_WORD, TP_S("temp"), 0, 0};
    for (int i = 0; i < 3; i++) sweep.at[i] = s->number[i];
    if (s->step == TP_STEP_BY)
        TP_TRY(arguments(r, &sweep));
    else
        TP_TRY(lin_step(r, &sweep));
    tp_buf_add(&b, TP_S("dc"));
    TP_TRY(words(r, &sweep, &b));
    r->out->command = tp_buf_str(&b);
    return TP_OK;
}
