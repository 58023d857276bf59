/* Lookup files: what is read is written and read again as the same, and every
   gm/Id of its range has a point. */
#include "fuzz.h"

#include "gmid/gmid.h"

#include <stdlib.h>

static void check_points(const tp_gmid_table *t)
{
    const tp_gmid_axis *l = &t->axis[TP_GMID_L];
    tp_gmid_at          at = tp_gmid_where(l->at[0]);
    tp_gmid_point       p;
    double              lo, hi;
    if (l->n > 1) at.l = l->at[0] + (l->at[1] - l->at[0]) / 2;
    if (tp_gmid_range(&lo, &hi, t, &at, NULL)) return;
    for (int i = 0; i < 3; i++)
        if (tp_gmid_find(&p, t, lo + (hi - lo) * i / 2, &at, NULL)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tp_arena       mem = tp_arena_open((ptrdiff_t)1 << 30);
    tp_str         text = {(const char *)data, (ptrdiff_t)size}, once;
    tp_err         err = {0};
    tp_gmid_table *t, *again;
    if (tp_gmid_read(&t, text, TP_S("t"), &mem, &err)) {
        if (!err.msg[0] || err.line < 0) abort();
    } else {
        check_points(t);
        once = tp_gmid_write(t, &mem);
        if (tp_gmid_read(&again, once, TP_S("t"), &mem, &err)) abort();
        if (!tp_str_eq(tp_gmid_write(again, &mem), once)) abort();
    }
    tp_arena_close(&mem);
    return 0;
}
