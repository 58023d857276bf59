/* The check of a trial against a fresh plain simulator, as bytes. */
#include "problem/problem.h"

void tp_proof_pack(tp_buf *b, const tp_proof *p)
{
    tp_pack_int(b, p->done);
    tp_pack_int(b, p->same);
    tp_pack_str(b, p->simulator);
    tp_pack_double(b, p->max_relative_difference);
    tp_pack_str(b, p->why);
    tp_pack_double(b, p->seconds);
    tp_pack_int(b, p->checked);
    tp_pack_double(b, p->checked_max);
}

tp_status tp_proof_unpack(tp_proof *out, tp_str bytes, tp_err *err)
{
    *out = (tp_proof){0};
    if (!bytes.len) return TP_OK;
    tp_unpack u = {.rest = bytes};
    out->done = tp_unpack_int(&u) != 0;
    out->same = tp_unpack_int(&u) != 0;
    out->simulator = tp_unpack_str(&u);
    out->max_relative_difference = tp_unpack_double(&u);
    out->why = tp_unpack_str(&u);
    out->seconds = tp_unpack_double(&u);
    if (u.rest.len > 0) { /* older ones end here */
        out->checked = (int)tp_unpack_int(&u);
        out->checked_max = tp_unpack_double(&u);
    }
    if (u.bad || u.rest.len)
        return tp_fail(err, TP_BAD_INPUT, "the stored proof is damaged");
    return TP_OK;
}
