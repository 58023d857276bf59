/* What a trial was simulated in, as an event of the log (kind "jobs"): which
   parts, and what each cost. It changes nothing for a method, but says in which
   order the parts of later trials come. */
#include "store/store.h"

tp_str tp_jobs_pack(const tp_jobs *j, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    tp_pack_int(&b, j->trial);
    tp_pack_int(&b, j->from);
    tp_pack_int(&b, j->dropped);
    tp_pack_int(&b, j->n);
    for (int i = 0; i < j->n; i++) {
        tp_pack_int(&b, j->one[i].part);
        tp_pack_int(&b, j->one[i].taken ? -1 : j->one[i].work);
    }
    return tp_buf_str(&b);
}

bool tp_jobs_of(tp_jobs *out, const tp_event_row *e, tp_arena *mem)
{
    tp_unpack u = {.rest = e->data};
    if (!tp_str_eq(e->kind, TP_S("jobs"))) return false;
    out->trial = tp_unpack_small(&u);
    out->from = tp_unpack_small(&u);
    out->dropped = tp_unpack_small(&u);
    out->n = tp_unpack_count(&u, 2 * 8);
    tp_jobs_part *one = TP_NEW(mem, tp_jobs_part, out->n);
    for (int i = 0; i < out->n; i++) {
        one[i].part = tp_unpack_small(&u);
        one[i].work = tp_unpack_small(&u);
        one[i].taken = one[i].work < 0;
        if (one[i].taken) one[i].work = 0;
    }
    out->one = one;
    return !u.bad && out->trial > 0 && out->from >= 0 && out->dropped >= 0;
}
