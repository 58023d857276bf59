/* Circuits to prune: any text after a first line and a tunable. What is kept
   is some of its lines, in their order; pruning it again takes nothing more
   than the first time found. */
#include "fuzz.h"

#include "netlist/netlist.h"

#include <stdlib.h>
#include <string.h>

/* Every line of `part` but split .param lines stands in `all`, in order. */
static void check_order(tp_str part, tp_str all)
{
    ptrdiff_t at = 0;
    while (part.len > 0) {
        ptrdiff_t end = tp_str_find(part, '\n', 0);
        if (end < 0) abort();
        tp_str line = tp_str_part(part, 0, end + 1);
        part = tp_str_from(part, end + 1);
        if (tp_str_starts(line, TP_S(".param"))) continue;
        const char *found = memmem(all.at + at, (size_t)(all.len - at), line.at,
                                   (size_t)line.len);
        if (!found) abort();
        at = found - all.at + line.len;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tp_arena   mem = tp_arena_open((ptrdiff_t)1 << 30);
    tp_str     name = TP_S("p"), body = {(const char *)data, (ptrdiff_t)size};
    tp_range   box = {1e-6, 2e-6};
    tp_pruned  how;
    tp_circuit once, twice;
    tp_circuit c = {
        .text = tp_str_fmt(&mem, "* t\n.param p=1\n%.*s\n.end\n", TP_F(body)),
        .behaviour = TP_S("hsa"),
        .n_param = 1,
        .param = &name};
    tp_circuit_prune(&once, &c, &box, NULL, &how, &mem);
    if (how.kept > how.rows || how.bins_kept > how.bins) abort();
    check_order(once.text, c.text);
    if (once.n_place > 0 && how.notice.len > 0) abort();
    tp_circuit_prune(&twice, &once, &box, NULL, &how, &mem);
    check_order(twice.text, once.text);
    tp_arena_close(&mem);
    return 0;
}
