/* spec: the arguments of an analysis card, taken apart. SIMetrix writes them
   in a fixed order with optional keywords, or as an unordered list of
   NAME=value; SPICE's own forms are special cases of the first (SIMetrix
   Simulator Reference, "General Sweep Specification"). */
#include "netlist/analysis.h"
#include "netlist/text.h"

enum { LIST_MAX = 100000 };

bool tp_token_is(tp_token t, const char *word)
{
    return t.kind == TP_TOKEN_WORD && tp_str_same(t.text, tp_str_of(word));
}

bool tp_token_punct(tp_token t, char c)
{
    return t.kind == TP_TOKEN_PUNCT && t.text.len == 1 && t.text.at[0] == c;
}

/* ---- keywords ----------------------------------------------------------- */

enum set { MODE, STEP, TOKEN, UIC, DROP, REFUSE };
struct key {
    const char *name;
    unsigned    in; /* kinds of analysis that know it */
    int         n;  /* values that follow, -1 a list */
    enum set    set;
    int         as; /* MODE: tp_mode, STEP: tp_step */
    size_t      at; /* TOKEN: offset in tp_spec */
};
#define AT(field) .at = offsetof(tp_spec, field)
enum { AC_LIKE = TP_IN_AC | TP_IN_NOISE | TP_IN_TF };
static const struct key keys[] = {
    {"device", TP_IN_SWEPT, 1, MODE, TP_MODE_DEVICE, 0},
    {"temp", TP_IN_SWEPT, 0, MODE, TP_MODE_TEMP, 0},
    {"param", TP_IN_SWEPT, 1, MODE, TP_MODE_PARAM, 0},
    {"model", TP_IN_SWEPT, 2, MODE, TP_MODE_MODEL, 0},
    {"freq", AC_LIKE, 0, MODE, TP_MODE_FREQ, 0},
    {"step", TP_IN_SWEPT, 3, STEP, TP_STEP_BY, 0},
    {"dec", TP_IN_SWEPT, 3, STEP, TP_STEP_DEC, 0},
    {"oct", TP_IN_SWEPT, 3, STEP, TP_STEP_OCT, 0},
    {"lin", TP_IN_SWEPT, 3, STEP, TP_STEP_LIN, 0},
    {"list", TP_IN_SWEPT, -1, STEP, TP_STEP_LIST, 0},
    {"f", AC_LIKE, 1, TOKEN, 0, AT(f)},
    {"v", TP_IN_NOISE | TP_IN_TF, 1, TOKEN, 0, AT(v)},
    {"vn", TP_IN_NOISE | TP_IN_TF, 1, TOKEN, 0, AT(vn)},
    {"i", TP_IN_TF, 1, TOKEN, 0, AT(i)},
    {"insrc", TP_IN_NOISE | TP_IN_TF, 1, TOKEN, 0, AT(insrc)},
    {"uic", TP_IN_TRAN, 0, UIC, 0, 0},
    {"snapstep", TP_IN_TRAN, 3, DROP, 0, 0},
    {"snapshot", TP_IN_TRAN, -1, DROP, 0, 0},
    {"snapmode", TP_IN_TRAN, 1, DROP, 0, 0},
    {"fast", TP_IN_TRAN, 1, DROP, 0, 0},
    {"rtnstep", TP_IN_TRAN, 1, DROP, 0, 0},
    {"rtnstop", TP_IN_TRAN, 1, DROP, 0, 0},
    {"rtnstart", TP_IN_TRAN, 1, DROP, 0, 0},
    {"numcores", TP_IN_ALL, 1, DROP, 0, 0},
    {"monte", TP_IN_SWEPT, 0, REFUSE, 0, 0},
    {"sens", TP_IN_SWEPT, 0, REFUSE, 0, 0},
    {"wc", TP_IN_SWEPT, 0, REFUSE, 0, 0},
};

static const struct key *key_of(const tp_analyser *r, tp_token t)
{
    for (int i = 0; i < TP_COUNT(keys); i++)
        if ((keys[i].in & r->in) && tp_token_is(t, keys[i].name))
            return &keys[i];
    return NULL;
}

static tp_token token_at(const tp_analyser *r, int i)
{
    return i < r->n_token ? r->token[i]
                          : (tp_token){TP_TOKEN_END, {"", 0}, r->end, r->end};
}

static bool is_value(tp_token t)
{
    return t.kind == TP_TOKEN_WORD || t.kind == TP_TOKEN_BRACED ||
           t.kind == TP_TOKEN_QUOTED;
}

static bool opens(tp_token t)
{
    return tp_token_punct(t, '(') || tp_token_punct(t, '[');
}

static bool closes(tp_token t)
{
    return tp_token_punct(t, ')') || tp_token_punct(t, ']');
}

/* ---- errors ------------------------------------------------------------- */

tp_status tp_spec_missing(tp_analyser *r, const char *what)
{
    tp_str seen = tp_str_trim(tp_str_part(r->card->text, 0, r->end));
    return tp_fail_at(r->err, TP_BAD_INPUT, tp_card_place(r->card, r->end),
                      "`%.*s`: the %s is missing", TP_F(seen), what);
}

tp_status tp_spec_unknown(tp_analyser *r, tp_token t)
{
    tp_str known[TP_COUNT(keys) + 3];
    int    n = 0;
    for (int i = 0; i < TP_COUNT(keys); i++)
        if (keys[i].in & r->in) known[n++] = tp_str_of(keys[i].name);
    known[n++] = TP_S("analysis_id");
    known[n++] = TP_S("runname");
    known[n++] = TP_S("sweep");
    if (t.text.at[0] == '$')
        return tp_fail_at(r->err, TP_BAD_INPUT, tp_card_place(r->card, t.at),
                          "unknown word '%.*s' in %s (a comment begins with "
                          "';' here)",
                          TP_F(t.text), r->dot);
    return tp_fail_at(r->err, TP_BAD_INPUT, tp_card_place(r->card, t.at),
                      "unknown word '%.*s' in %s%.*s", TP_F(t.text), r->dot,
                      TP_F(tp_did_you_mean(r->d->mem, t.text, known, n)));
}

/* ---- reading ------------------------------------------------------------ */

/* Values from token `i` on: `n` of them, or as many as there are (-1), in
   brackets or not. Returns the index after them. */
static int values(const tp_analyser *r, int i, int n, tp_token *out, int *got)
{
    bool bracket = opens(token_at(r, i));
    if (bracket) i++;
    *got = 0;
    while (is_value(token_at(r, i)) && (n < 0 || *got < n)) {
        bool pair = tp_token_punct(token_at(r, i + 1), '=');
        bool word = n < 0 && !bracket && key_of(r, token_at(r, i));
        if (!bracket && (pair || word)) break;
        out[(*got)++] = r->token[i++];
    }
    if (bracket && closes(token_at(r, i))) i++;
    return i;
}

static tp_status twice(tp_analyser *r, tp_token t)
{
    return tp_fail_at(r->err, TP_BAD_INPUT, tp_card_place(r->card, t.at),
                      "'%.*s' is a second sweep in %s: only one is allowed",
                      TP_F(t.text), r->dot);
}

static tp_status set_mode(tp_analyser *r, const struct key *k, tp_token at,
                          const tp_token *value, int got)
{
    tp_spec *s = &r->spec;
    if (s->mode != TP_MODE_NONE) return twice(r, at);
    s->mode = (tp_mode)k->as;
    if (got < k->n && k->as == TP_MODE_MODEL && got == 1)
        return tp_spec_missing(r, "name of the model's parameter");
    if (got < k->n)
        return tp_spec_missing(r, k->as == TP_MODE_MODEL ? "name of the model"
                                  : k->as == TP_MODE_PARAM
                                      ? "name of the parameter"
                                      : "name of the device");
    if (got > 0) s->name = value[0];
    if (got > 1) s->par = value[1];
    return TP_OK;
}

static tp_status set(tp_analyser *r, const struct key *k, tp_token at,
                     const tp_token *value, int got)
{
    tp_spec *s = &r->spec;
    switch (k->set) {
    case MODE: return set_mode(r, k, at, value, got);
    case STEP:
        if (s->step != TP_STEP_NONE) return twice(r, at);
        s->step = (tp_step)k->as;
        s->n_number = got;
        s->number = value;
        return TP_OK;
    case TOKEN:
        if (got < k->n)
            return tp_fail_at(
                r->err, TP_BAD_INPUT, tp_card_place(r->card, at.end),
                "%s: the value of '%.*s' is missing", r->dot, TP_F(at.text));
        *(tp_token *)(void *)((char *)s + k->at) = value[0];
        return TP_OK;
    case UIC: s->uic = true; return TP_OK;
    case DROP: return TP_OK;
    case REFUSE: break;
    }
    return tp_fail_at(r->err, TP_BAD_INPUT, tp_card_place(r->card, at.at),
                      "%s %.*s is not supported (supported sweeps: DEVICE, "
                      "TEMP, PARAM, MODEL and frequency)",
                      r->dot, TP_F(at.text));
}

/* SPICE's v(out), v(out,ref), i(vsrc). */
static int output_form(tp_analyser *r, int i)
{
    tp_spec *s = &r->spec;
    tp_token t = token_at(r, i), in[2];
    int      got = 0;
    if (!opens(token_at(r, i + 1))) return i;
    bool v = tp_token_is(t, "v") && s->v.kind == TP_TOKEN_END;
    bool c = tp_token_is(t, "i") && s->i.kind == TP_TOKEN_END;
    if (!(v || c) || !(r->in & (TP_IN_NOISE | TP_IN_TF))) return i;
    int next = values(r, i + 1, v ? 2 : 1, in, &got);
    if (got == 0 || !closes(token_at(r, next - 1))) return i;
    *(v ? &s->v : &s->i) = in[0];
    if (got > 1) s->vn = in[1];
    return next;
}

/* A keyword that can also be somebody's name is one only the first time. */
static bool is_taken(const tp_analyser *r, const struct key *k)
{
    if (k->set != TOKEN) return false;
    const tp_token *t =
        (const tp_token *)(const void *)((const char *)&r->spec + k->at);
    return t->kind != TP_TOKEN_END;
}

static tp_status read_key(tp_analyser *r, const struct key *k, int *i)
{
    tp_token  at = r->token[*i];
    tp_token *value = TP_NEW(r->d->mem, tp_token, r->n_token + 1);
    int       got = 0, next = *i + 1, n = k->n;
    bool      equals = tp_token_punct(token_at(r, next), '=');
    if (equals) next++;
    if (n == 2 && tp_token_is(token_at(r, next + 1), "param")) {
        value[0] = token_at(r, next); /* MODEL name PARAM par */
        value[1] = token_at(r, next + 2);
        got = is_value(value[1]) ? 2 : 1;
        next += 3;
    } else if (n != 0) {
        next = values(r, next, n, value, &got);
    }
    *i = next;
    return set(r, k, at, value, got);
}

/* The keyword with its values, or the loose word, at token *i. */
static tp_status read_word(tp_analyser *r, int *i)
{
    tp_token          t = r->token[*i];
    const struct key *k = key_of(r, t);
    if (k && !is_taken(r, k)) return read_key(r, k, i);
    if (!is_value(t))
        return tp_fail_at(r->err, TP_BAD_INPUT, tp_card_place(r->card, t.at),
                          "'%.*s' is not expected here in %s", TP_F(t.text),
                          r->dot);
    if (tp_token_punct(token_at(r, *i + 1), '=')) return tp_spec_unknown(r, t);
    r->spec.loose[r->spec.n_loose++] = t;
    ++*i;
    return TP_OK;
}

tp_status tp_spec_read(tp_analyser *r)
{
    tp_spec *s = &r->spec;
    s->loose = TP_NEW(r->d->mem, tp_token, r->n_token + 1);
    if (r->n_token > LIST_MAX)
        return tp_fail_at(r->err, TP_LIMIT, tp_card_place(r->card, 0),
                          "%s has more than %d words", r->dot, LIST_MAX);
    for (int i = 1; i < r->n_token;) {
        int after = output_form(r, i);
        TP_TRY(after > i ? TP_OK : read_word(r, &after));
        i = after;
    }
    return TP_OK;
}

/* ---- numbers ------------------------------------------------------------ */

static bool no_names(void *with, tp_str name, double *value)
{
    (void)with;
    (void)name;
    (void)value;
    return false;
}

/* SIMetrix's functions are not the simulator's: its log() is log10(). */
static tp_str in_simulators_words(const tp_analyser *r, tp_str expr)
{
    return tp_translate_expr(expr, tp_names_make(r->d, NULL, 0, r->d->mem));
}

tp_status tp_spec_number(tp_analyser *r, tp_token t, tp_argument *out)
{
    char text[TP_NUMBER_MAX];
    bool atto = r->d->kind == TP_DECK_SIMETRIX;
    bool number = t.kind == TP_TOKEN_WORD &&
                  (atto ? tp_number_all_atto(t.text, &out->value)
                        : tp_number_all(t.text, &out->value));
    bool word = t.kind == TP_TOKEN_WORD && t.text.len > 0 &&
                (tp_is_alpha(t.text.at[0]) || t.text.at[0] == '_');
    if (t.kind == TP_TOKEN_WORD && !number && !word)
        return tp_fail_at(r->err, TP_BAD_INPUT, tp_card_place(r->card, t.at),
                          "%s: '%.*s' is not a number", r->dot, TP_F(t.text));
    out->constant = number;
    tp_str expr = t.text;
    if (!number && !word) {
        expr = in_simulators_words(r, t.text);
        out->constant =
            tp_arith(&out->value, expr, no_names, NULL, NULL) == TP_OK;
    }
    if (out->constant)
        out->text = tp_str_fmt(r->d->mem, "%s", tp_exact(out->value, text));
    else
        out->text = tp_str_fmt(r->d->mem, "{%.*s}", TP_F(expr));
    return TP_OK;
}

tp_str tp_spec_remark(const tp_analyser *r, tp_token t)
{
    tp_str text = tp_number_remark(t.text, r->d->mem);
    return text.len ? tp_str_fmt(r->d->mem, " (%.*s)", TP_F(text)) : text;
}

/* ---- names -------------------------------------------------------------- */

tp_status tp_spec_device(tp_analyser *r, tp_token t, const char *letters,
                         tp_str *out)
{
    tp_place at = tp_card_place(r->card, t.at);
    TP_TRY(tp_deck_index(r->d, r->err));
    int i = tp_deck_device(r->d, t.text);
    if (i < 0) {
        const tp_str *name;
        int           n = tp_deck_devices(r->d, &name);
        return tp_fail_at(r->err, TP_BAD_INPUT, at, "no device '%.*s'%.*s",
                          TP_F(t.text),
                          TP_F(tp_did_you_mean(r->d->mem, t.text, name, n)));
    }
    if (tp_str_find(tp_str_of(letters), r->d->device[i].letter, 0) < 0)
        return tp_fail_at(r->err, TP_BAD_INPUT, at,
                          "'%.*s' can't be used here in %s (first letters "
                          "that can: %s)",
                          TP_F(t.text), r->dot, letters);
    *out = tp_deck_flat(r->d, t.text, TP_S(""), r->d->mem);
    return TP_OK;
}

tp_status tp_spec_node(tp_analyser *r, tp_token t, tp_str *out)
{
    const tp_str *name;
    TP_TRY(tp_deck_index(r->d, r->err));
    if (tp_deck_node(r->d, t.text, out, r->d->mem)) return TP_OK;
    int n = tp_deck_nodes(r->d, &name);
    return tp_fail_at(r->err, TP_BAD_INPUT, tp_card_place(r->card, t.at),
                      "no node '%.*s'%.*s", TP_F(t.text),
                      TP_F(tp_did_you_mean(r->d->mem, t.text, name, n)));
}
