/* analysis: the analysis cards of a deck -> the simulator's commands. */
#include "netlist/analysis.h"

/* ---- .op, .ac ----------------------------------------------------------- */

static tp_status nothing_left(tp_analyser *r)
{
    if (r->spec.n_loose == 0) return TP_OK;
    return tp_spec_unknown(r, r->spec.loose[0]);
}

static tp_status op_read(tp_analyser *r)
{
    TP_TRY(tp_spec_read(r));
    TP_TRY(nothing_left(r));
    r->out->command = TP_S("op");
    return TP_OK;
}

static bool over_frequency(const tp_spec *s)
{
    return s->mode == TP_MODE_NONE || s->mode == TP_MODE_FREQ;
}

/* "lin 1 F F": the one frequency of a sweep of something else. */
static tp_status one_frequency(tp_analyser *r, bool above_0, tp_str *out)
{
    tp_argument f = {true, 0, TP_S("0")};
    if (r->spec.f.kind != TP_TOKEN_END)
        TP_TRY(tp_spec_number(r, r->spec.f, &f));
    if (f.constant && (f.value < 0 || (above_0 && f.value == 0))) {
        if (r->spec.f.kind == TP_TOKEN_END)
            return tp_spec_missing(r, "frequency (F=...)");
        return tp_fail_at(
            r->err, TP_BAD_INPUT, tp_card_place(r->card, r->spec.f.at),
            "%s: the frequency is %.*s, but it must be %s", r->dot,
            TP_F(r->spec.f.text), above_0 ? "above 0" : "0 or more");
    }
    *out = tp_str_fmt(r->d->mem, "lin 1 %.*s %.*s", TP_F(f.text), TP_F(f.text));
    return TP_OK;
}

/* The part of an ac or noise command that says at which frequencies, and the
   sweep of anything else. */
static tp_status frequencies(tp_analyser *r, bool above_0, tp_str *out)
{
    if (over_frequency(&r->spec)) return tp_spec_frequencies(r, out);
    TP_TRY(one_frequency(r, above_0, out));
    return tp_spec_sweep(r);
}

/* Numbers that no keyword claimed are the steps of a sweep of something. */
static void loose_steps(tp_spec *s)
{
    if (over_frequency(s) || s->step != TP_STEP_NONE || s->n_loose < 3) return;
    s->step = TP_STEP_BY;
    s->number = s->loose;
    s->n_number = 3;
    s->loose += 3;
    s->n_loose -= 3;
}

/* "R1 LIN 3 1k 3k F 1k": a device in front, without the word DEVICE. */
static void bare_device(tp_analyser *r)
{
    tp_spec *s = &r->spec;
    if (s->mode != TP_MODE_NONE || s->n_loose == 0) return;
    if (s->loose->kind != TP_TOKEN_WORD) return;
    if (tp_deck_device(r->d, s->loose->text) < 0) return;
    s->mode = TP_MODE_DEVICE;
    s->name = *s->loose++;
    s->n_loose--;
}

static tp_status ac_read(tp_analyser *r)
{
    tp_str sweep = {"", 0};
    TP_TRY(tp_spec_read(r));
    bare_device(r);
    loose_steps(&r->spec);
    TP_TRY(nothing_left(r));
    TP_TRY(frequencies(r, false, &sweep));
    r->out->command = tp_str_fmt(r->d->mem, "ac %.*s", TP_F(sweep));
    return TP_OK;
}

/* ---- .tran -------------------------------------------------------------- */

enum { TSTEP, TSTOP, TSTART, TMAX, TIMES };

static tp_status tran_times(tp_analyser *r, tp_argument t[TIMES])
{
    static const char *const name[] = {"time step", "stop time", "start time",
                                       "largest time step"};
    tp_spec                 *s = &r->spec;
    int                      first = s->n_loose == 1 ? TSTOP : TSTEP;
    for (int i = 0; i < TIMES; i++) t[i] = (tp_argument){true, 0, TP_S("0")};
    if (s->n_loose == 0) return tp_spec_missing(r, "stop time");
    for (int i = 0; i < s->n_loose; i++) {
        double v;
        bool   word = s->loose[i].kind == TP_TOKEN_WORD &&
                    !tp_number_all(s->loose[i].text, &v);
        if (first + i >= TIMES || (word && i >= 2))
            return tp_spec_unknown(r, s->loose[i]);
        tp_argument *a = &t[first + i];
        TP_TRY(tp_spec_number(r, s->loose[i], a));
        bool zero = a->constant && a->value == 0 && first + i == TSTOP;
        if ((a->constant && a->value < 0) || zero)
            return tp_fail_at(r->err, TP_BAD_INPUT,
                              tp_card_place(r->card, s->loose[i].at),
                              "%s: the %s is %.*s, but it must be %s", r->dot,
                              name[first + i], TP_F(s->loose[i].text),
                              zero ? "above 0" : "0 or more");
    }
    if (t[TSTOP].constant && t[TSTART].constant &&
        t[TSTART].value >= t[TSTOP].value)
        return tp_fail_at(r->err, TP_BAD_INPUT,
                          tp_card_place(r->card, s->loose[TSTART - first].at),
                          "%s: the start time %.*s is not before the stop time",
                          r->dot, TP_F(s->loose[TSTART - first].text));
    return TP_OK;
}

/* "{name}" as the name within a larger expression. */
static tp_str inner(const tp_argument *a)
{
    return a->constant ? a->text : tp_str_part(a->text, 1, a->text.len - 2);
}

/* (tstop-tstart)/50. */
static tp_argument fiftieth(tp_analyser *r, const tp_argument t[TIMES])
{
    char        text[TP_NUMBER_MAX];
    tp_argument out = {.constant = t[TSTOP].constant && t[TSTART].constant};
    if (out.constant) {
        out.value = (t[TSTOP].value - t[TSTART].value) / 50;
        out.text = tp_str_fmt(r->d->mem, "%s", tp_exact(out.value, text));
    } else {
        out.text = tp_str_fmt(r->d->mem, "{((%.*s)-(%.*s))/50}",
                              TP_F(inner(&t[TSTOP])), TP_F(inner(&t[TSTART])));
    }
    return out;
}

static bool is_zero(const tp_argument *a)
{
    return a->constant && a->value == 0;
}

/* SIMetrix's time step bounds nothing: without a largest step it is a 50th of
   the interval. The simulator would take the smaller of the two. */
static tp_status tran_read(tp_analyser *r)
{
    tp_argument t[TIMES] = {{0}};
    TP_TRY(tp_spec_read(r));
    TP_TRY(tran_times(r, t));
    tp_argument part = fiftieth(r, t);
    bool        given = !is_zero(&t[TSTEP]);
    if (is_zero(&t[TMAX]) && given && r->d->kind == TP_DECK_SIMETRIX)
        t[TMAX] = part;
    if (!given) t[TSTEP] = is_zero(&t[TMAX]) ? part : t[TMAX];
    tp_buf b = {.mem = r->d->mem};
    int    last = !is_zero(&t[TMAX])     ? TMAX
                  : !is_zero(&t[TSTART]) ? TSTART
                                         : TSTOP;
    tp_buf_add(&b, TP_S("tran"));
    for (int i = 0; i <= last; i++) tp_buf_fmt(&b, " %.*s", TP_F(t[i].text));
    if (r->spec.uic) tp_buf_add(&b, TP_S(" uic"));
    r->out->command = tp_buf_str(&b);
    return TP_OK;
}

/* ---- .noise, .tf -------------------------------------------------------- */

/* Positional names after the sweep: [V] out [VN] ref [INSRC] source. With one
   name left it is the source when it is one and no node. */
static void fill_names(tp_analyser *r)
{
    tp_spec *s = &r->spec;
    bool     current = s->i.kind != TP_TOKEN_END;
    while (s->n_loose > 0) {
        tp_token *to = NULL;
        tp_str    ignored;
        bool node = tp_deck_node(r->d, s->loose[0].text, &ignored, r->d->mem);
        bool source = tp_deck_device(r->d, s->loose[0].text) >= 0;
        if (s->v.kind == TP_TOKEN_END && !current)
            to = &s->v;
        else if (s->vn.kind == TP_TOKEN_END && !current &&
                 (node || (!source && s->n_loose > 1)))
            to = &s->vn;
        else if (s->insrc.kind == TP_TOKEN_END)
            to = &s->insrc;
        if (!to) return;
        *to = *s->loose++;
        s->n_loose--;
    }
}

/* "v(out,ref)" or "i(v2)". */
static tp_status output(tp_analyser *r, tp_str *out)
{
    tp_spec *s = &r->spec;
    tp_str   node = {"", 0}, ref = TP_S("0");
    if (s->i.kind != TP_TOKEN_END) {
        TP_TRY(tp_spec_device(r, s->i, "v", &node));
        *out = tp_str_fmt(r->d->mem, "i(%.*s)", TP_F(node));
        return TP_OK;
    }
    if (s->v.kind == TP_TOKEN_END)
        return tp_spec_missing(r, "output node (V=...)");
    TP_TRY(tp_spec_node(r, s->v, &node));
    if (s->vn.kind != TP_TOKEN_END) TP_TRY(tp_spec_node(r, s->vn, &ref));
    if (tp_str_same(ref, TP_S("0")))
        *out = tp_str_fmt(r->d->mem, "v(%.*s)", TP_F(node));
    else
        *out = tp_str_fmt(r->d->mem, "v(%.*s,%.*s)", TP_F(node), TP_F(ref));
    return TP_OK;
}

static bool says_ac(const tp_card *card)
{
    tp_lexer l = {card, 0};
    for (tp_token t = tp_lex(&l); t.kind != TP_TOKEN_END; t = tp_lex(&l))
        if (tp_token_is(t, "ac")) return true;
    return false;
}

/* The simulator refuses a noise input without an AC value (and ignores how
   large it is): one without gets "ac 0", which changes nothing else. */
static void give_ac(tp_deck *d, tp_str source)
{
    int i = tp_deck_device(d, source);
    if (i < 0 || says_ac(&d->card[d->device[i].card])) return;
    tp_card *c = &d->card[d->device[i].card];
    c->text = tp_str_fmt(d->mem, "%.*s ac 0", TP_F(c->text));
}

/* Any source will do when only the output noise is wanted. */
static bool some_source(const tp_deck *d, tp_str *out)
{
    for (int i = 0; i < d->n_device; i++) {
        char letter = d->device[i].letter;
        if (d->device[i].subckt >= 0 || (letter != 'v' && letter != 'i'))
            continue;
        *out = d->device[i].name;
        return true;
    }
    return false;
}

static tp_status source_of(tp_analyser *r, tp_str *out)
{
    if (r->spec.insrc.kind != TP_TOKEN_END)
        return tp_spec_device(r, r->spec.insrc, "vi", out);
    if (r->in == TP_IN_NOISE && some_source(r->d, out)) return TP_OK;
    return tp_spec_missing(r, "input source (INSRC=...)");
}

static tp_status noise_read(tp_analyser *r)
{
    tp_str out = {"", 0}, source = {"", 0}, sweep = {"", 0};
    TP_TRY(tp_deck_index(r->d, r->err));
    TP_TRY(tp_spec_read(r));
    loose_steps(&r->spec);
    fill_names(r);
    if (r->spec.n_loose == 1) r->spec.n_loose = 0; /* points per summary */
    TP_TRY(nothing_left(r));
    TP_TRY(output(r, &out));
    TP_TRY(source_of(r, &source));
    TP_TRY(frequencies(r, true, &sweep));
    give_ac(r->d, source);
    r->out->command = tp_str_fmt(r->d->mem, "noise %.*s %.*s %.*s", TP_F(out),
                                 TP_F(source), TP_F(sweep));
    return TP_OK;
}

static tp_status tf_no_frequency(tp_analyser *r)
{
    tp_argument f = {true, 0, TP_S("0")};
    if (r->spec.f.kind != TP_TOKEN_END)
        TP_TRY(tp_spec_number(r, r->spec.f, &f));
    bool swept = over_frequency(&r->spec) && r->spec.step != TP_STEP_NONE;
    if (!swept && f.constant && f.value == 0) return TP_OK;
    return tp_fail_at(r->err, TP_BAD_INPUT, tp_card_place(r->card, 0),
                      "%s over frequency is not supported: use .ac with the "
                      "input source at AC 1 and all others at 0 (supported: "
                      "%s V(out) SRC, also with a sweep of DEVICE, TEMP, PARAM "
                      "or MODEL at frequency 0)",
                      r->dot, r->dot);
}

static tp_status tf_read(tp_analyser *r)
{
    tp_str out = {"", 0}, source = {"", 0};
    TP_TRY(tp_deck_index(r->d, r->err));
    TP_TRY(tp_spec_read(r));
    loose_steps(&r->spec);
    fill_names(r);
    TP_TRY(nothing_left(r));
    TP_TRY(tf_no_frequency(r));
    TP_TRY(output(r, &out));
    TP_TRY(source_of(r, &source));
    if (!over_frequency(&r->spec)) TP_TRY(tp_spec_sweep(r));
    r->out->command =
        tp_str_fmt(r->d->mem, "tf %.*s %.*s", TP_F(out), TP_F(source));
    return TP_OK;
}

/* ---- the kinds ---------------------------------------------------------- */

static const struct kind {
    const char *dot;
    unsigned    in; /* 0: not run */
    tp_status (*read)(tp_analyser *r);
} kinds[] = {
    {".op", TP_IN_OP, op_read},
    {".dc", TP_IN_DC, tp_dc_read},
    {".ac", TP_IN_AC, ac_read},
    {".tran", TP_IN_TRAN, tran_read},
    {".noise", TP_IN_NOISE, noise_read},
    {".tf", TP_IN_TF, tf_read},
    {".sens", 0, NULL},
    {".pz", 0, NULL},
    {".disto", 0, NULL},
    {".pss", 0, NULL},
    {".sp", 0, NULL},
    {".hb", 0, NULL},
};

static const struct kind *kind_of(const tp_card *card)
{
    tp_str rest = card->text;
    tp_str word = tp_str_word(&rest, " \t");
    for (int i = 0; i < TP_COUNT(kinds); i++)
        if (tp_str_same(word, tp_str_of(kinds[i].dot))) return &kinds[i];
    return NULL;
}

/* ---- what every kind has ------------------------------------------------ */

static tp_status name_value(tp_analyser *r, tp_lexer *l, tp_token key,
                            tp_str *out)
{
    tp_token t = tp_lex_peek(*l);
    if (tp_token_punct(t, '=')) {
        tp_lex(l);
        t = tp_lex_peek(*l);
    }
    if ((t.kind != TP_TOKEN_WORD && t.kind != TP_TOKEN_QUOTED) ||
        t.text.len == 0)
        return tp_fail_at(r->err, TP_BAD_INPUT, tp_card_place(r->card, key.end),
                          "%s: the value of '%.*s' is missing", r->dot,
                          TP_F(key.text));
    *out = t.text;
    tp_lex(l);
    return TP_OK;
}

/* analysis_id=, runname=. `*was`: it was one of them. */
static tp_status common(tp_analyser *r, tp_lexer *l, tp_token t, bool *was)
{
    bool   id = tp_token_is(t, "analysis_id");
    tp_str name;
    *was = id || tp_token_is(t, "runname");
    if (!*was) return TP_OK;
    TP_TRY(name_value(r, l, t, &name));
    if (id && r->out->id.len > 0 && !tp_str_same(r->out->id, name))
        return tp_fail_at(r->err, TP_BAD_INPUT, tp_card_place(r->card, t.at),
                          "%s has two ids, '%.*s' and '%.*s'", r->dot,
                          TP_F(r->out->id), TP_F(name));
    *(id ? &r->out->id : &r->out->runname) = name;
    return TP_OK;
}

/* What follows `sweep`: only `opt` is known; the optimiser's settings behind
   it are not ours but for an id. */
static tp_status sweep_opt(tp_analyser *r, tp_lexer *l)
{
    static const char *const other[] = {"device", "temp", "param",
                                        "model",  "freq", "monte",
                                        "sens",   "wc",   "snapshot"};
    tp_token                 t = tp_lex(l);
    bool                     was;
    if (t.kind == TP_TOKEN_END) return tp_spec_missing(r, "kind of SWEEP");
    for (int i = 0; i < TP_COUNT(other); i++)
        if (tp_token_is(t, other[i]))
            return tp_fail_at(r->err, TP_BAD_INPUT,
                              tp_card_place(r->card, t.at),
                              "SWEEP %.*s is not supported, only SWEEP OPT is: "
                              "a multi-step analysis has one value per step",
                              TP_F(t.text));
    if (!tp_token_is(t, "opt"))
        return tp_fail_at(r->err, TP_BAD_INPUT, tp_card_place(r->card, t.at),
                          "unknown SWEEP '%.*s' (only OPT is supported)",
                          TP_F(t.text));
    r->out->optimise = true;
    r->out->rest = t.end;
    for (t = tp_lex(l); t.kind != TP_TOKEN_END; t = tp_lex(l)) {
        if (tp_token_is(t, "sweep"))
            return tp_fail_at(r->err, TP_BAD_INPUT,
                              tp_card_place(r->card, t.at),
                              "nested SWEEPs are not supported");
        TP_TRY(common(r, l, t, &was));
    }
    return TP_OK;
}

static tp_status take_apart(tp_analyser *r)
{
    tp_lexer l = {r->card, 0};
    int      cap = 0;
    for (;;) {
        bool     was;
        tp_token t = tp_lex(&l);
        if (t.kind == TP_TOKEN_END) return TP_OK;
        if (tp_token_punct(t, ',')) continue;
        if (r->n_token > 0 && tp_token_is(t, "sweep")) return sweep_opt(r, &l);
        TP_TRY(common(r, &l, t, &was));
        if (was) continue;
        *TP_PUSH(r->d->mem, r->token, r->n_token, cap) = t;
        r->end = t.end;
    }
}

/* ---- all cards ---------------------------------------------------------- */

static tp_status check_id(const tp_analysis *a, int n, tp_err *err)
{
    for (int i = 0; i < n - 1; i++) {
        if (a[n - 1].id.len == 0 || !tp_str_same(a[i].id, a[n - 1].id))
            continue;
        tp_place at = a[i].at;
        return tp_fail_at(err, TP_BAD_INPUT, a[n - 1].at,
                          "two analyses have the id '%.*s': the other one is "
                          "at %.*s:%d:%d",
                          TP_F(a[i].id), at.in ? (int)at.in->name.len : 0,
                          at.in ? at.in->name.at : "", at.line, at.col);
    }
    return TP_OK;
}

static void set_ordinal(tp_deck *d, tp_analysis *a, int n)
{
    int count = 1;
    for (int i = 0; i < n - 1; i++)
        count += tp_str_same(a[i].kind, a[n - 1].kind);
    a[n - 1].ordinal = tp_str_fmt(d->mem, "%.*s%d", TP_F(a[n - 1].kind), count);
}

static tp_status read_card(tp_deck *d, int card, const struct kind *k,
                           tp_analysis *out, tp_err *err)
{
    tp_analyser r = {.d = d,
                     .card = &d->card[card],
                     .in = k->in,
                     .dot = k->dot,
                     .out = out,
                     .err = err};
    *out = (tp_analysis){.kind = tp_str_from(tp_str_of(k->dot), 1),
                         .at = tp_card_place(&d->card[card], 0),
                         .card = card};
    TP_TRY(take_apart(&r));
    return k->read(&r);
}

static void not_run(tp_deck *d, int card)
{
    tp_place at = tp_card_place(&d->card[card], 0);
    tp_str   rest = d->card[card].text;
    tp_str   word = tp_str_word(&rest, " \t");
    tp_deck_notice(d, tp_str_fmt(d->mem,
                                 "%.*s:%d: %.*s is not run (no measure can "
                                 "read its results)",
                                 TP_F(at.in->name), at.line, TP_F(word)));
}

tp_status tp_deck_analyses(tp_deck *d, const tp_analysis **out, int *n,
                           tp_err *err)
{
    tp_analysis *a = NULL;
    int          count = 0, cap = 0;
    TP_TRY(tp_deck_index(d, err));
    for (int i = 0; i < d->n_card; i++) {
        const struct kind *k = d->taken[i] ? NULL : kind_of(&d->card[i]);
        if (!k) continue;
        d->taken[i] = true;
        if (!k->in) {
            not_run(d, i);
            continue;
        }
        tp_analysis *one = TP_PUSH(d->mem, a, count, cap);
        TP_TRY(read_card(d, i, k, one, err));
        TP_TRY(check_id(a, count, err));
        set_ordinal(d, a, count);
    }
    *out = d->analysis = a;
    *n = d->n_analysis = count;
    return TP_OK;
}
