/* tune: numbers that stand on devices' cards become parameters of ours, so that
   they can be moved like those of the deck. A card inside a sub-circuit is one
   card: what is put there moves in all its instances. */
#include "netlist/text.h"

static bool is_punct(tp_token t, char c)
{
    return t.kind == TP_TOKEN_PUNCT && t.text.at[0] == c;
}

/* A number, a name, or an expression in braces or quotes; what needs more than
   one word is left alone. */
static bool is_value(tp_token t, tp_lexer after)
{
    double   v;
    tp_token next = tp_lex_peek(after);
    if (t.kind == TP_TOKEN_QUOTED || t.kind == TP_TOKEN_BRACED) return true;
    if (t.kind != TP_TOKEN_WORD || is_punct(next, '(')) return false;
    return tp_number_all(t.text, &v) || tp_is_name(t.text);
}

/* The value of `par` on a card; false: it has none, or one of another form. */
static bool find_value(const tp_card *card, tp_str par, tp_token *out)
{
    tp_lexer l = {card, 0};
    for (;;) {
        tp_token t = tp_lex(&l);
        if (t.kind == TP_TOKEN_END) return false;
        if (t.kind != TP_TOKEN_WORD || !tp_str_same(t.text, par)) continue;
        if (!is_punct(tp_lex_peek(l), '=')) continue;
        tp_lex(&l);
        *out = tp_lex(&l);
        return is_value(*out, l);
    }
}

static tp_tune *add(tp_deck *d, const tp_device *dev, tp_token value)
{
    tp_tune *t = TP_PUSH(d->mem, d->tune, d->n_tune, d->cap_tune);
    *t = (tp_tune){.card = dev->card,
                   .at = value.at,
                   .end = value.end,
                   .text = value.text};
    return t;
}

static bool taken(const tp_deck *d, const tp_device *dev, tp_token value)
{
    for (int i = 0; i < d->n_tune; i++)
        if (d->tune[i].card == dev->card && d->tune[i].at == value.at)
            return true;
    return false;
}

/* "x1.xm1[w]" -> "x1.xm1", "w". */
static bool split(tp_str target, tp_str *path, tp_str *par)
{
    ptrdiff_t open = tp_str_find(target, '[', 0), end = target.len - 1;
    if (open <= 0 || end <= open + 1 || target.at[end] != ']') return false;
    *path = tp_str_part(target, 0, open);
    *par = tp_str_part(target, open + 1, end - open - 1);
    return true;
}

/* A name for a parameter that says what it moves: "tp_x1_xm1_w". */
static tp_str param_name(tp_arena *mem, tp_str target)
{
    tp_buf b = {.mem = mem};
    tp_buf_add(&b, TP_S("tp_"));
    for (ptrdiff_t i = 0; i + 1 < target.len; i++)
        tp_buf_char(&b, tp_is_name_byte(target.at[i]) ? tp_lower(target.at[i])
                                                      : '_');
    return tp_buf_str(&b);
}

static tp_status no_device(const tp_deck *d, tp_str path, tp_err *err)
{
    const tp_str *name;
    tp_arena      mem = *d->mem;
    int           n = tp_deck_devices(d, &name);
    tp_str        mean = tp_did_you_mean(&mem, path, name, n);
    return tp_fail(err, TP_BAD_INPUT, "there is no device '%.*s'%.*s",
                   TP_F(path), TP_F(mean));
}

tp_status tp_deck_tune(tp_deck *d, tp_str target, tp_str *param, tp_err *err)
{
    tp_str   path, par;
    tp_token value;
    if (!split(target, &path, &par))
        return tp_fail(err, TP_BAD_INPUT,
                       "'%.*s' is neither a parameter nor like x1.m1[w]",
                       TP_F(target));
    int at = tp_deck_device(d, path);
    if (at < 0) return no_device(d, path, err);
    const tp_device *dev = &d->device[at];
    const tp_card   *card = &d->card[dev->card];
    tp_place         place = tp_card_place(card, 0);
    if (!find_value(card, par, &value))
        return tp_fail_at(err, TP_BAD_INPUT, place,
                          "%.*s has no '%.*s=' with a number, a name or an "
                          "expression in braces or quotes",
                          TP_F(path), TP_F(par));
    if (taken(d, dev, value))
        return tp_fail_at(err, TP_BAD_INPUT, place,
                          "%.*s is moved twice (a sub-circuit's card is one "
                          "card for all its instances)",
                          TP_F(target));
    tp_tune *t = add(d, dev, value);
    t->param = *param = param_name(d->mem, target);
    t->target = tp_str_copy(d->mem, target);
    return TP_OK;
}

/* The first way to a device from the top: "x1.m1"; its name where it is used
   nowhere. */
static tp_str path_of(const tp_deck *d, const tp_device *dev)
{
    const tp_str *path;
    int           n = tp_deck_devices(d, &path), at = (int)(dev - d->device);
    for (int i = 0; i < n; i++) {
        ptrdiff_t end = path[i].len - dev->name.len;
        bool      ends =
            end >= 0 && tp_str_same(tp_str_from(path[i], end), dev->name);
        if (ends && tp_deck_device(d, path[i]) == at) return path[i];
    }
    return (tp_str){"", 0};
}

static void tune_device(tp_deck *d, const tp_device *dev)
{
    static const char *const pars[] = {"w", "l", "m"};
    tp_str                   path = {"", 0};
    for (int k = 0; k < TP_COUNT(pars); k++) {
        tp_token value;
        if (!find_value(&d->card[dev->card], tp_str_of(pars[k]), &value) ||
            taken(d, dev, value))
            continue;
        if (path.len == 0) path = path_of(d, dev);
        if (path.len == 0) return; /* in no instance */
        tp_tune *t = add(d, dev, value);
        t->factor = true;
        t->target = tp_str_fmt(d->mem, "%.*s[%s]", TP_F(path), pars[k]);
        t->param = param_name(d->mem, t->target);
    }
}

int tp_deck_tune_geometry(tp_deck *d)
{
    int before = d->n_tune;
    for (int i = 0; i < d->n_device; i++) {
        const tp_device *dev = &d->device[i];
        tp_place         at = tp_card_place(&d->card[dev->card], 0);
        bool             library = at.in && d->library[at.in - d->file];
        if (!library && !d->taken[dev->card]) tune_device(d, dev);
    }
    return d->n_tune - before;
}

int tp_deck_tunes(const tp_deck *d, const tp_tune **out)
{
    *out = d->tune;
    return d->n_tune;
}

void tp_tune_card(const tp_deck *d, int card, const tp_names *names,
                  tp_changes *changes)
{
    for (int i = 0; i < d->n_tune; i++) {
        const tp_tune *t = &d->tune[i];
        if (t->card != card) continue;
        tp_str value = tp_translate_expr(t->text, names);
        tp_str with = tp_str_fmt(changes->mem, "{%.*s}", TP_F(t->param));
        if (t->factor)
            with = tp_str_fmt(changes->mem, "{(%.*s)*%.*s}", TP_F(value),
                              TP_F(t->param));
        tp_change_add(changes, t->at, t->end, with);
    }
}
