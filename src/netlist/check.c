/* check: what the simulator would take silently or blame on another line. */
#include "netlist/text.h"

#include <string.h>

/* ---- cards -------------------------------------------------------------- */

/* A brace without its partner: ngspice would name another line. */
static tp_status check_braces(const tp_card *c, tp_err *err)
{
    ptrdiff_t open = -1;
    int       depth = 0;
    for (ptrdiff_t i = 0; i < c->text.len; i++) {
        char b = c->text.at[i];
        if (b == '{' && depth++ == 0) open = i;
        if (b == '}' && depth-- == 0)
            return tp_fail_at(err, TP_BAD_INPUT, tp_card_place(c, i),
                              "this '}' closes nothing");
    }
    if (depth <= 0) return TP_OK;
    return tp_fail_at(err, TP_BAD_INPUT, tp_card_place(c, open),
                      "this '{' is never closed");
}

static const struct passive {
    char        letter;
    const char *what, *example;
} passive[] = {
    {'r', "resistor", "R1 a b 1k"},
    {'c', "capacitor", "C1 a b 1n"},
    {'l', "inductor", "L1 a b 1u"},
};

/* A resistor, capacitor or inductor that ends after its nodes: ngspice gives
   it a value of its own. */
static tp_status check_value(const tp_card *c, tp_err *err)
{
    const struct passive *p = passive;
    tp_lexer              l = {c, 0};
    while (p < passive + TP_COUNT(passive) &&
           p->letter != tp_lower(c->text.at[0]))
        p++;
    if (p == passive + TP_COUNT(passive)) return TP_OK;
    tp_token name = tp_lex(&l), t = name;
    for (int n = 0; n < 3;) {
        t = tp_lex(&l);
        n += t.kind != TP_TOKEN_PUNCT;
        if (t.kind == TP_TOKEN_END) break;
    }
    while (t.kind == TP_TOKEN_PUNCT) t = tp_lex(&l);
    if (t.kind != TP_TOKEN_END) return TP_OK;
    return tp_fail_at(err, TP_BAD_INPUT, tp_card_place(c, 0),
                      "the %s %.*s has no value (wanted: %s)", p->what,
                      TP_F(name.text), p->example);
}

/* Code models that open files, or start programs, by themselves (ngspice
   manual, "Code Models"). Most go on with nothing where there is no such file:
   a confined simulator has none. */
static const char *const openers[] = {"filesource", "d_source", "d_state",
                                      "table2d",    "table3d",  "d_process",
                                      "d_cosim"};

static bool has_code_model(const tp_deck *d, tp_str model)
{
    for (int i = 0; i < d->n_card; i++) {
        tp_str rest = d->card[i].text, word;
        if (rest.len == 0 || tp_lower(rest.at[0]) != 'a') continue;
        while ((word = tp_str_word(&rest, " \t")).len > 0)
            if (tp_str_same(word, model)) return true;
    }
    return false;
}

static tp_status check_opener(const tp_deck *d, const tp_card *c, tp_err *err)
{
    tp_str rest = c->text;
    if (!tp_str_same(tp_str_word(&rest, " \t"), TP_S(".model"))) return TP_OK;
    tp_str name = tp_str_word(&rest, " \t"), type = tp_str_word(&rest, " \t(");
    for (int i = 0; i < TP_COUNT(openers); i++)
        if (tp_str_same(type, tp_str_of(openers[i])) && has_code_model(d, name))
            return tp_fail_at(err, TP_BAD_INPUT,
                              tp_card_place(c, type.at - c->text.at),
                              "%s opens a file by itself, which a simulator "
                              "here can't: it reads only the system's files",
                              openers[i]);
    return TP_OK;
}

tp_status tp_check_card(const tp_deck *d, const tp_card *c, tp_err *err)
{
    TP_TRY(check_braces(c, err));
    TP_TRY(check_opener(d, c, err));
    return d->kind == TP_DECK_SIMETRIX ? check_value(c, err) : TP_OK;
}

/* ---- conditions --------------------------------------------------------- */

static tp_status stray(const tp_card *c, tp_err *err)
{
    return tp_fail_at(err, TP_BAD_INPUT, tp_card_place(c, 0),
                      "%.*s: there is no open .if here",
                      TP_F(tp_first_word(c->text)));
}

tp_status tp_check_conditions(const tp_deck *d, tp_err *err)
{
    int open[TP_MAX_DEPTH], n = 0;
    for (int i = 0; i < d->n_card; i++) {
        const tp_card *c = &d->card[i];
        tp_str         rest = c->text, word = tp_str_word(&rest, " \t(");
        bool           ends = tp_str_same(word, TP_S(".endif"));
        if (tp_str_same(word, TP_S(".if")) && n == TP_MAX_DEPTH)
            return tp_fail_at(err, TP_LIMIT, tp_card_place(c, 0),
                              "over %d .if inside each other", TP_MAX_DEPTH);
        if (tp_str_same(word, TP_S(".if"))) open[n++] = i;
        if (!ends && !tp_str_same(word, TP_S(".else")) &&
            !tp_str_same(word, TP_S(".elseif")))
            continue;
        if (n == 0) return stray(c, err);
        n -= ends;
    }
    if (n == 0) return TP_OK;
    return tp_fail_at(err, TP_BAD_INPUT,
                      tp_card_place(&d->card[open[n - 1]], 0),
                      "the .if that begins here has no .endif");
}

/* ---- parameters --------------------------------------------------------- */

enum { CHAIN_MAX = 1000 }; /* ngspice's own limit */

struct circles {
    const tp_define *define;
    const tp_place  *at;
    int              n_slot; /* a power of 2, more than half of it empty */
    int             *slot;   /* hash table of indices, -1 empty */
    bool            *twice;  /* defined again: the simulator decides */
    bool            *known;  /* leads into no circle */
    int              n;      /* definitions passed */
    int              chain[CHAIN_MAX];
    tp_err          *err;
};

static int slot_of(const struct circles *c, tp_str name, tp_arena mem)
{
    uint64_t mask = (uint64_t)c->n_slot - 1;
    uint64_t at = tp_hash(0, tp_str_lower(&mem, name)) & mask;
    while (c->slot[at] >= 0 && !tp_str_same(c->define[c->slot[at]].name, name))
        at = (at + 1) & mask;
    return (int)at;
}

static void make_table(struct circles *c, int n, tp_arena *mem)
{
    c->n_slot = 16;
    while (c->n_slot < 3 * n) c->n_slot *= 2;
    c->slot = TP_NEW(mem, int, c->n_slot);
    c->twice = TP_NEW(mem, bool, n + 1);
    c->known = TP_NEW(mem, bool, n + 1);
    for (int i = 0; i < c->n_slot; i++) c->slot[i] = -1;
    for (int i = 0; i < n; i++) {
        int at = slot_of(c, c->define[i].name, *mem);
        if (c->slot[at] >= 0) c->twice[c->slot[at]] = true;
        if (c->slot[at] < 0) c->slot[at] = i;
    }
}

static tp_status fail_circle(const struct circles *c, int from, tp_arena mem)
{
    tp_buf b = {.mem = &mem};
    int    first = c->chain[from];
    for (int i = from; i < c->n; i++)
        tp_buf_fmt(&b, "%.*s > ", TP_F(c->define[c->chain[i]].name));
    return tp_fail_at(c->err, TP_BAD_INPUT, c->at[first],
                      "the parameter %.*s is defined by itself: %.*s%.*s",
                      TP_F(c->define[first].name), TP_F(tp_buf_str(&b)),
                      TP_F(c->define[first].name));
}

/* The next name in an expression at or after *at; empty at the end. */
static tp_str next_name(tp_str s, ptrdiff_t *at)
{
    double v;
    while (*at < s.len) {
        char c = s.at[*at];
        if (tp_is_alpha(c) || c == '_') {
            ptrdiff_t from = *at;
            while (*at < s.len && tp_is_name_byte(s.at[*at])) ++*at;
            return tp_str_part(s, from, *at - from);
        }
        bool      digit = tp_is_digit(c) || c == '.';
        ptrdiff_t used = digit ? tp_number(tp_str_from(s, *at), &v) : 0;
        *at += used > 0 ? used : 1;
    }
    return (tp_str){"", 0};
}

static tp_status follow(struct circles *c, int i, tp_arena mem)
{
    tp_str    expr = c->define[i].expr;
    ptrdiff_t at = 0;
    if (c->known[i] || c->twice[i]) return TP_OK;
    for (int k = 0; k < c->n; k++)
        if (c->chain[k] == i) return fail_circle(c, k, mem);
    if (c->n == CHAIN_MAX) return TP_OK; /* ngspice names the line */
    c->chain[c->n++] = i;
    for (tp_str f = next_name(expr, &at); f.len; f = next_name(expr, &at)) {
        int next = c->slot[slot_of(c, f, mem)];
        if (next >= 0) TP_TRY(follow(c, next, mem));
    }
    c->n--;
    c->known[i] = true;
    return TP_OK;
}

tp_status tp_check_defines(const tp_define *define, const tp_place *at, int n,
                           tp_arena mem, tp_err *err)
{
    struct circles *c = TP_NEW(&mem, struct circles, 1);
    *c = (struct circles){.define = define, .at = at, .err = err};
    make_table(c, n, &mem);
    for (int i = 0; i < n; i++) TP_TRY(follow(c, i, mem));
    return TP_OK;
}
