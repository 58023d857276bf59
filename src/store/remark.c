/* What an event of the log says for people. Events "point" (trial, origin,
   note, ...), "limit" (variable, lo, hi, note), "up" (phase, note), "note"
   (note) and "checked" (trial, verdict, why, difference) do. */
#include "store/store.h"

static bool is(const tp_event_row *e, const char *kind)
{
    return tp_str_eq(e->kind, tp_str_of(kind));
}

bool tp_remark_of(tp_remark *out, const tp_event_row *e)
{
    tp_unpack u = {.rest = e->data};
    *out = (tp_remark){.origin = TP_S("outside")};
    if (is(e, "point")) {
        out->trial = tp_unpack_small(&u);
        out->origin = tp_unpack_str(&u);
    } else if (is(e, "up")) {
        tp_unpack_int(&u);
    } else if (is(e, "limit")) {
        tp_unpack_int(&u);
        tp_unpack_double(&u);
        tp_unpack_double(&u);
    } else if (!is(e, "note")) {
        return false;
    }
    out->note = tp_unpack_str(&u);
    return !u.bad && (out->trial || out->note.len);
}

tp_str tp_point_check_pack(const tp_point_check *c, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    tp_pack_int(&b, c->trial);
    tp_pack_str(&b, c->verdict);
    tp_pack_str(&b, c->why);
    tp_pack_double(&b, c->max);
    return tp_buf_str(&b);
}

bool tp_point_check_of(tp_point_check *out, const tp_event_row *e)
{
    tp_unpack u = {.rest = e->data};
    if (!is(e, "checked")) return false;
    out->trial = tp_unpack_small(&u);
    out->verdict = tp_unpack_str(&u);
    out->why = tp_unpack_str(&u);
    out->max = tp_unpack_double(&u);
    return !u.bad && out->trial > 0;
}
