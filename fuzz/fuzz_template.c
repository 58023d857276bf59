/* Netlists with holes: what is filled has no hole left, a line more for each
   parameter it has, and is filled again as itself. */
#include "fuzz.h"

#include "front/template.h"

#include <stdlib.h>

static int count(tp_str s, const char *part)
{
    int    n = 0;
    tp_str p = tp_str_of(part);
    for (ptrdiff_t i = 0; i + p.len <= s.len; i++)
        n += tp_str_eq(tp_str_part(s, i, p.len), p);
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tp_arena  mem = tp_arena_open((ptrdiff_t)1 << 28);
    tp_source in = {TP_S("n.sp"), {(const char *)data, (ptrdiff_t)size}};
    tp_err    err = {0};
    tp_str    once, twice;
    tp_hole   hole[] = {{.name = TP_S("A"), .value = 1},
                        {.name = TP_S("L_1"), .value = 2e-6}};
    if (tp_template_fill(&once, &in, hole, 2, &mem, &err)) {
        if (!err.msg[0] || err.line < 1 || err.col < 1) abort();
    } else {
        int more = (hole[0].uses > 0) + (hole[1].uses > 0);
        if (count(once, "${") > 0) abort();
        if (count(once, "\n.param ") < more) abort();
        tp_source again = {TP_S("n.sp"), once};
        if (tp_template_fill(&twice, &again, hole, 0, &mem, &err)) abort();
        if (!tp_str_eq(once, twice)) abort();
    }
    tp_arena_close(&mem);
    return 0;
}
