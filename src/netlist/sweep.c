/* sweep: the steps of a sweep: as the values of one of ours, or as the words
   of a frequency sweep that the simulator does by itself. */
#include "netlist/analysis.h"

#include <math.h>

enum { VALUES_MAX = 100000 };

/* What the numbers of a step are called. */
static const struct words {
    int         n;
    const char *frequency[3], *value[3];
} words[] = {
    [TP_STEP_BY] = {3,
                    {"start frequency", "stop frequency", "frequency step"},
                    {"start value", "stop value", "step"}},
    [TP_STEP_DEC] = {3,
                     {"number of points per decade", "start frequency",
                      "stop frequency"},
                     {"number of points per decade", "start value",
                      "stop value"}},
    [TP_STEP_OCT] = {3,
                     {"number of points per octave", "start frequency",
                      "stop frequency"},
                     {"number of points per octave", "start value",
                      "stop value"}},
    [TP_STEP_LIN] = {3,
                     {"number of points", "start frequency", "stop frequency"},
                     {"number of points", "start value", "stop value"}},
};

static const char *word(const tp_analyser *r, int i, bool frequency)
{
    const struct words *w = &words[r->spec.step];
    return frequency ? w->frequency[i] : w->value[i];
}

static tp_status refuse(tp_analyser *r, int i, bool frequency, const char *why)
{
    tp_token t = r->spec.number[i];
    return tp_fail_at(r->err, TP_BAD_INPUT, tp_card_place(r->card, t.at),
                      "%s: the %s is %.*s, but it must be %s%.*s", r->dot,
                      word(r, i, frequency), TP_F(t.text), why,
                      TP_F(tp_spec_remark(r, t)));
}

/* The three numbers of a step; those of `constant` must not be expressions. */
static tp_status numbers(tp_analyser *r, tp_argument a[3], bool frequency,
                         bool constant)
{
    for (int i = 0; i < 3; i++) {
        if (i >= r->spec.n_number)
            return tp_spec_missing(r, word(r, i, frequency));
        TP_TRY(tp_spec_number(r, r->spec.number[i], &a[i]));
        if (constant && !a[i].constant)
            return refuse(r, i, frequency,
                          "a plain number (expressions can't be used in this "
                          "kind of sweep)");
    }
    return TP_OK;
}

static tp_status check_count(tp_analyser *r, const tp_argument *n,
                             bool frequency)
{
    if (!n->constant) return TP_OK;
    if (n->value >= 1 && n->value == floor(n->value) && n->value <= 1e7)
        return TP_OK;
    return refuse(r, 0, frequency, "a whole number from 1 to 1e7");
}

/* ---- frequency sweeps --------------------------------------------------- */

static tp_status check_frequencies(tp_analyser *r, const tp_argument a[3])
{
    bool logarithmic = r->spec.step != TP_STEP_LIN;
    TP_TRY(check_count(r, &a[0], true));
    if (a[1].constant && logarithmic && !(a[1].value > 0))
        return refuse(r, 1, true, "above 0 for DEC and OCT");
    if (a[1].constant && a[1].value < 0) return refuse(r, 1, true, "0 or more");
    if (a[1].constant && a[2].constant && a[2].value < a[1].value)
        return refuse(r, 2, true, "at least the start frequency");
    return TP_OK;
}

/* STEP start stop step -> lin n start stop. */
static tp_status by_step(tp_analyser *r, tp_str *out)
{
    tp_argument a[3] = {{0}};
    char        text[TP_NUMBER_MAX], first[TP_NUMBER_MAX];
    TP_TRY(numbers(r, a, true, true));
    double start = a[0].value, stop = a[1].value, step = a[2].value;
    if (start < 0) return refuse(r, 0, true, "0 or more");
    if (stop < start) return refuse(r, 1, true, "at least the start frequency");
    if (!(step > 0)) return refuse(r, 2, true, "above 0");
    double n = floor((stop - start) / step + 1e-9) + 1;
    if (n > 1e7) return refuse(r, 2, true, "larger: this is over 1e7 points");
    *out = tp_str_fmt(r->d->mem, "lin %.0f %s %s", n, tp_exact(start, first),
                      tp_exact(start + (n - 1) * step, text));
    return TP_OK;
}

tp_status tp_spec_frequencies(tp_analyser *r, tp_str *out)
{
    static const char *const name[] = {
        [TP_STEP_DEC] = "dec", [TP_STEP_OCT] = "oct", [TP_STEP_LIN] = "lin"};
    tp_argument a[3] = {{0}};
    if (r->spec.step == TP_STEP_NONE)
        return tp_spec_missing(r, "sweep (DEC, OCT or LIN with a number of "
                                  "points, start and stop)");
    if (r->spec.step == TP_STEP_LIST)
        return tp_fail_at(r->err, TP_BAD_INPUT, tp_card_place(r->card, 0),
                          "%s: a LIST of frequencies is not supported "
                          "(supported: DEC, OCT, LIN, STEP)",
                          r->dot);
    if (r->spec.step == TP_STEP_BY) return by_step(r, out);
    TP_TRY(numbers(r, a, true, false));
    TP_TRY(check_frequencies(r, a));
    *out = tp_str_fmt(r->d->mem, "%s %.*s %.*s %.*s", name[r->spec.step],
                      TP_F(a[0].text), TP_F(a[1].text), TP_F(a[2].text));
    return TP_OK;
}

/* ---- sweeps of ours ----------------------------------------------------- */

static tp_status list_values(tp_analyser *r, double *value)
{
    for (int i = 0; i < r->spec.n_number; i++) {
        tp_argument a = {0};
        TP_TRY(tp_spec_number(r, r->spec.number[i], &a));
        if (!a.constant)
            return tp_fail_at(
                r->err, TP_BAD_INPUT,
                tp_card_place(r->card, r->spec.number[i].at),
                "%s: '%.*s' must be a plain number (expressions can't be used "
                "in a LIST)",
                r->dot, TP_F(r->spec.number[i].text));
        value[i] = a.value;
    }
    return TP_OK;
}

/* How many values, after checking signs; TP_BAD_INPUT when the sweep would
   never end. */
static tp_status count_by(tp_analyser *r, const tp_argument a[3], double *n)
{
    double width = a[1].value - a[0].value, step = a[2].value;
    if (step == 0) return refuse(r, 2, false, "different from 0");
    if (width * step < 0)
        return refuse(r, 2, false,
                      width < 0 ? "negative, because start is above stop"
                                : "positive, because start is below stop");
    *n = floor(width / step + 1e-9) + 1;
    if (*n > VALUES_MAX)
        return refuse(r, 2, false, "larger: this is over 100000 points");
    return TP_OK;
}

static tp_status count_log(tp_analyser *r, const tp_argument a[3], double *n)
{
    double start = a[1].value, stop = a[2].value;
    double base = r->spec.step == TP_STEP_DEC ? 10 : 2;
    TP_TRY(check_count(r, &a[0], false));
    if (start == 0) return refuse(r, 1, false, "different from 0");
    if (!(stop / start > 0))
        return refuse(r, 2, false, "of the sign of the start value, not 0");
    if (stop / start < 1)
        return refuse(r, 2, false, "as large as the start value or larger");
    *n = floor(a[0].value * log(stop / start) / log(base) + 1e-9) + 1;
    if (*n > VALUES_MAX)
        return refuse(r, 0, false, "smaller: this is over 100000 points");
    return TP_OK;
}

static double step_value(const tp_analyser *r, const tp_argument a[3], int i)
{
    double base = r->spec.step == TP_STEP_DEC ? 10 : 2;
    if (r->spec.step == TP_STEP_BY) return a[0].value + i * a[2].value;
    if (r->spec.step != TP_STEP_LIN)
        return a[1].value * pow(base, i / a[0].value);
    if (a[0].value == 1) return a[1].value;
    if (i == (int)a[0].value - 1) return a[2].value;
    return a[1].value + i * (a[2].value - a[1].value) / (a[0].value - 1);
}

static tp_status spaced_values(tp_analyser *r, tp_sweep *s)
{
    tp_argument a[3] = {{0}};
    double      n = 0;
    TP_TRY(numbers(r, a, false, true));
    if (r->spec.step == TP_STEP_BY) {
        TP_TRY(count_by(r, a, &n));
    } else if (r->spec.step == TP_STEP_LIN) {
        TP_TRY(check_count(r, &a[0], false));
        n = a[0].value;
        if (n > VALUES_MAX) return refuse(r, 0, false, "at most 100000");
    } else {
        TP_TRY(count_log(r, a, &n));
    }
    double *value = TP_NEW(r->d->mem, double, (int)n);
    for (int i = 0; i < (int)n; i++) value[i] = step_value(r, a, i);
    s->n = (int)n;
    s->value = value;
    return TP_OK;
}

static tp_status all_values(tp_analyser *r, tp_sweep *s)
{
    if (r->spec.step == TP_STEP_NONE)
        return tp_spec_missing(r, "sweep's steps (start stop step, or DEC, "
                                  "OCT, LIN, LIST)");
    if (r->spec.step != TP_STEP_LIST) return spaced_values(r, s);
    if (r->spec.n_number == 0) return tp_spec_missing(r, "list of values");
    double *value = TP_NEW(r->d->mem, double, r->spec.n_number);
    s->n = r->spec.n_number;
    s->value = value;
    return list_values(r, value);
}

static tp_str unit_of(char letter)
{
    switch (letter) {
    case 'v': return TP_S("V");
    case 'i': return TP_S("A");
    case 'r': return TP_S("Ohm");
    case 'c': return TP_S("F");
    case 'l': return TP_S("H");
    default: return TP_S("");
    }
}

static tp_status known_model(tp_analyser *r, tp_token t)
{
    TP_TRY(tp_deck_index(r->d, r->err));
    for (int i = 0; i < r->d->n_model; i++)
        if (tp_str_same(r->d->model[i], t.text)) return TP_OK;
    return tp_fail_at(
        r->err, TP_BAD_INPUT, tp_card_place(r->card, t.at),
        "no .model '%.*s'%.*s", TP_F(t.text),
        TP_F(tp_did_you_mean(r->d->mem, t.text, r->d->model, r->d->n_model)));
}

tp_status tp_spec_sweep(tp_analyser *r)
{
    tp_spec  *s = &r->spec;
    tp_sweep *out = &r->out->sweep;
    out->name = tp_str_lower(r->d->mem, s->name.text);
    switch (s->mode) {
    case TP_MODE_DEVICE:
        TP_TRY(tp_spec_device(r, s->name, "virclefgh", &out->name));
        out->kind = TP_SWEEP_DEVICE;
        out->unit = unit_of(out->name.at[0]);
        break;
    case TP_MODE_TEMP:
        out->kind = TP_SWEEP_TEMP;
        out->unit = TP_S("degC");
        break;
    case TP_MODE_PARAM: out->kind = TP_SWEEP_PARAM; break;
    case TP_MODE_MODEL:
        TP_TRY(known_model(r, s->name));
        out->kind = TP_SWEEP_MODEL;
        out->par = tp_str_lower(r->d->mem, s->par.text);
        break;
    case TP_MODE_NONE:
    case TP_MODE_FREQ: return tp_spec_missing(r, "thing to sweep");
    }
    return all_values(r, out);
}
