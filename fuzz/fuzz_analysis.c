/* Analyses and names: the analysis cards of a deck, every pin of every device
   and every node as a signal, the commands at a point, the complete deck for a
   plain simulator, and the same from packed bytes. */
#include "fuzz.h"

#include "netlist/netlist.h"

#include <stdlib.h>

enum { SIGNALS_MAX = 50 };

static void check_signals(tp_deck *d, tp_arena *mem)
{
    static const char *const tail[] = {"", "#p", "#n", "#c", "#branch"};
    static const char *const kind[] = {"ac", "tran", "noise", "tf"};
    const tp_str            *name;
    tp_signal                s;
    tp_err                   err;
    int                      n = tp_deck_devices(d, &name);
    for (int i = 0; i < n && i < SIGNALS_MAX; i++)
        for (int k = 0; k < TP_COUNT(tail); k++) {
            tp_str asked = tp_str_fmt(mem, "%.*s%s", TP_F(name[i]), tail[k]);
            tp_deck_signal(d, asked, tp_str_of(kind[k % 4]), &s, &err);
        }
    n = tp_deck_nodes(d, &name);
    for (int i = 0; i < n && i < SIGNALS_MAX; i++)
        if (tp_deck_signal(d, name[i], TP_S("ac"), &s, &err) == TP_OK &&
            s.vector.len == 0)
            abort();
}

static void check_circuit(const tp_circuit *c, tp_arena *mem)
{
    tp_buf     b = {.mem = mem}, again = {.mem = mem};
    tp_circuit back;
    double     value = 2;
    tp_str     text, same;
    tp_circuit_pack(&b, c);
    tp_unpack u = {tp_buf_str(&b), false};
    if (tp_circuit_unpack(&back, &u, mem, NULL)) abort();
    tp_circuit_pack(&again, &back);
    if (!tp_str_eq(tp_buf_str(&b), tp_buf_str(&again))) abort();
    for (int i = 0; i < c->n_analysis; i++)
        tp_command_at(&text, c, i, &value, mem, NULL);
    for (int i = -1; i < c->n_analysis; i++) {
        tp_reference_part part = {.which = i};
        tp_status s = tp_circuit_reference(&text, c, &value, &part, mem, NULL);
        if (s != tp_circuit_reference(&same, &back, &value, &part, mem, NULL))
            abort();
        if (s == TP_OK && !tp_str_eq(text, same)) abort();
    }
}

static void check_deck(tp_deck *d, tp_arena *mem)
{
    const tp_analysis *a;
    int                n;
    tp_err             err = {0};
    tp_circuit         c;
    tp_tunable         t = {TP_S("a"), 0.1};
    if (tp_deck_analyses(d, &a, &n, &err)) {
        if (!err.msg[0] || err.line < 1) abort();
        n = 0;
    }
    for (int i = 0; i < n; i++)
        if (a[i].command.len == 0 || a[i].kind.len == 0 || a[i].at.line < 1 ||
            (a[i].sweep.kind != TP_SWEEP_NONE && a[i].sweep.n < 1))
            abort();
    check_signals(d, mem);
    if (tp_deck_circuit(&c, d, &t, 1, a, n, NULL)) abort();
    check_circuit(&c, mem);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tp_source file = {TP_S("a"), {(const char *)data, (ptrdiff_t)size}};
    tp_files  files = {.n = 1, .file = &file};
    tp_arena  mem = tp_arena_open((ptrdiff_t)1 << 30);
    tp_deck  *d;
    if (size < 20000 && tp_deck_read(&d, "a", &files, &mem, NULL) == TP_OK)
        check_deck(d, &mem);
    tp_arena_close(&mem);
    return 0;
}
