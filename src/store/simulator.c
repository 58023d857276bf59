/* Which simulator a run's trials are of, as an event of the log (kind
   "simulator"): written before the first trial of each, so that a run that was
   resumed under another one says so. It changes nothing for a method. */
#include "store/store.h"

tp_str tp_simulator_pack(const tp_simulator *s, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    tp_pack_int(&b, s->trial);
    tp_pack_str(&b, s->version);
    return tp_buf_str(&b);
}

bool tp_simulator_of(tp_simulator *out, const tp_event_row *e)
{
    tp_unpack u = {.rest = e->data};
    if (!tp_str_eq(e->kind, TP_S("simulator"))) return false;
    out->trial = tp_unpack_small(&u);
    out->version = tp_unpack_str(&u);
    return !u.bad && out->trial > 0 && out->version.len > 0;
}
