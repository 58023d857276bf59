/* Decks: main file and, after a line "%%", one that it may include as "b";
   after another, a .spiceinit. What was read is read again from its own texts;
   nothing that executes is written. */
#include "fuzz.h"

#include "netlist/netlist.h"

#include <stdlib.h>
#include <string.h>

static void check_card(const tp_card *c)
{
    tp_lexer l = {c, 0};
    for (;;) {
        ptrdiff_t before = l.at;
        tp_token  t = tp_lex(&l);
        if (t.kind == TP_TOKEN_END) break;
        if (l.at <= before || t.end != l.at || t.at < before) abort();
        tp_place p = tp_card_place(c, t.at);
        if (!p.in || p.line < 1 || p.col < 1) abort();
    }
    if (l.at != c->text.len) abort();
}

static void check_text(tp_str text)
{
    for (tp_str line = tp_str_word(&text, "\n"); line.len > 0;
         line = tp_str_word(&text, "\n")) {
        if (tp_str_starts(line, TP_S(".control"))) abort();
        if (tp_str_starts(line, TP_S(".csparam"))) abort();
        if (tp_str_starts(line, TP_S("*#"))) abort();
        if (tp_str_starts(line, TP_S("pre_"))) abort();
    }
}

/* It is written, or what is wrong with a card is said. */
static void check_circuit(tp_circuit *c, tp_deck *d, const tp_tunable *t, int n)
{
    tp_err err = {0};
    if (tp_deck_circuit(c, d, t, n, NULL, 0, &err) == TP_OK)
        check_text(c->text);
    else if (!err.msg[0] || !err.line)
        abort();
}

static void check_deck(tp_deck *d, tp_arena *mem)
{
    const tp_card *card, *again;
    int            n = tp_deck_cards(d, &card);
    for (int i = 0; i < n; i++) check_card(&card[i]);
    tp_files   files = tp_deck_files(d);
    tp_deck   *e;
    tp_circuit c;
    tp_tunable t = {TP_S("a"), 0.1};
    if (tp_deck_read(&e, "", &files, mem, NULL)) abort();
    if (tp_deck_cards(e, &again) != n) abort();
    for (int i = 0; i < n; i++)
        if (!tp_str_eq(card[i].text, again[i].text)) abort();
    check_circuit(&c, d, &t, 1);
    tp_deck_uses_param(d, TP_S("a"));
}

/* The same with a parameter of ours on every card that has a w, l or m. */
static void check_tuned(tp_deck *d, tp_arena *mem)
{
    const tp_tune *tune;
    tp_circuit     c;
    tp_deck_tune_geometry(d);
    int         n = tp_deck_tunes(d, &tune);
    tp_tunable *t = TP_NEW(mem, tp_tunable, n);
    for (int i = 0; i < n; i++) t[i] = (tp_tunable){tune[i].param, 1};
    check_circuit(&c, d, t, n);
}

/* What stands before a line "%%", cut off the front. */
static tp_str part(tp_str *all)
{
    char     *cut = memmem(all->at, (size_t)all->len, "\n%%\n", 4);
    ptrdiff_t at = cut ? cut + 1 - all->at : all->len;
    tp_str    one = tp_str_part(*all, 0, at);
    *all = tp_str_from(*all, cut ? at + 3 : at);
    return one;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tp_str    all = {(const char *)data, (ptrdiff_t)size}, main = part(&all);
    tp_str    other = part(&all);
    tp_source file[] = {
        {TP_S("a"), main}, {TP_S("b"), other}, {TP_S(".spiceinit"), all}};
    tp_files files = {.n = 3, .file = file};
    tp_arena mem = tp_arena_open((ptrdiff_t)1 << 28);
    tp_deck *d;
    if (tp_deck_read(&d, "a", &files, &mem, NULL) == TP_OK) {
        check_deck(d, &mem);
        check_tuned(d, &mem);
    }
    tp_arena_close(&mem);
    return 0;
}
