/* What remote and its worker say to each other. Nothing read here is believed:
   counts and kinds are checked. */
#include "sim/parts.h"

enum { VERSION = 1 };

/* ---- load -------------------------------------------------------- */

tp_str tp_remote_load_pack(tp_str simulator, const tp_circuit *c, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    tp_buf_char(&b, TP_REMOTE_MARK);
    tp_pack_int(&b, VERSION);
    tp_pack_str(&b, simulator);
    tp_circuit_pack(&b, c);
    return tp_buf_str(&b);
}

tp_status tp_remote_load_unpack(tp_str *simulator, tp_circuit *c, tp_str bytes,
                                tp_arena *mem, tp_err *err)
{
    tp_unpack u = {.rest = tp_str_from(bytes, 1)};
    if (bytes.len < 1 || bytes.at[0] != TP_REMOTE_MARK ||
        tp_unpack_int(&u) != VERSION)
        return tp_fail(err, TP_BAD_INPUT, "the load is of another version");
    *simulator = tp_str_copy(mem, tp_unpack_str(&u));
    TP_TRY(tp_circuit_unpack(c, &u, mem, err));
    if (!u.bad && u.rest.len == 0) return TP_OK;
    return tp_fail(err, TP_BAD_INPUT, "the load is damaged");
}

/* ---- ask --------------------------------------------------------- */

tp_str tp_remote_ask_pack(const tp_remote_ask *a, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    tp_pack_int(&b, VERSION);
    tp_pack_int(&b, (int64_t)a->what);
    tp_pack_int(&b, a->from);
    tp_pack_int(&b, a->to);
    tp_pack_int(&b, a->n);
    for (int i = 0; i < a->n; i++) tp_pack_str(&b, a->text[i]);
    return tp_buf_str(&b);
}

tp_status tp_remote_ask_unpack(tp_remote_ask *out, tp_str bytes, tp_arena *mem,
                               tp_err *err)
{
    tp_unpack u = {.rest = bytes};
    bool      known = tp_unpack_int(&u) == VERSION;
    *out = (tp_remote_ask){0};
    out->what = (tp_remote_what)tp_unpack_index(&u, TP_REMOTE_REPLAY + 1);
    out->from = tp_unpack_int(&u);
    out->to = tp_unpack_int(&u);
    out->n = tp_unpack_count(&u, 8);
    tp_str *text = TP_NEW(mem, tp_str, out->n);
    for (int i = 0; i < out->n; i++) text[i] = tp_unpack_str(&u);
    out->text = text;
    bool counts = out->what == TP_REMOTE_REPLAY || out->n == 1;
    if (known && counts && !u.bad && u.rest.len == 0) return TP_OK;
    return tp_fail(err, TP_BAD_INPUT, "the command is damaged on its way");
}

/* ---- answer ------------------------------------------------------ */

tp_str tp_remote_answer_pack(const tp_remote_answer *a, tp_arena *mem)
{
    const tp_sim_result *r = &a->result;
    tp_buf               b = {.mem = mem};
    tp_pack_int(&b, VERSION);
    tp_pack_int(&b, a->behind);
    tp_pack_int(&b, (int64_t)r->how);
    tp_pack_str(&b, r->why);
    tp_pack_str(&b, r->text);
    tp_pack_double(&b, r->seconds);
    tp_pack_double(&b, r->setup_seconds);
    tp_pack_int(&b, r->iterations);
    tp_waves_pack(&b, &r->waves);
    return tp_buf_str(&b);
}

tp_status tp_remote_answer_unpack(tp_remote_answer *out, tp_str bytes,
                                  tp_arena *mem, tp_err *err)
{
    tp_unpack      u = {.rest = bytes};
    bool           known = tp_unpack_int(&u) == VERSION;
    tp_sim_result *r = &out->result;
    *out = (tp_remote_answer){0};
    out->behind = tp_unpack_int(&u) != 0;
    r->how = (tp_outcome)tp_unpack_index(&u, TP_OUTCOMES);
    r->why = tp_str_copy(mem, tp_unpack_str(&u));
    r->text = tp_str_copy(mem, tp_unpack_str(&u));
    r->seconds = tp_unpack_double(&u);
    r->setup_seconds = tp_unpack_double(&u);
    r->iterations = tp_unpack_small(&u);
    if (!known || u.bad)
        return tp_fail(err, TP_BAD_INPUT, "the answer is damaged");
    TP_TRY(tp_waves_unpack(&r->waves, &u, mem, err));
    if (u.rest.len == 0) return TP_OK;
    return tp_fail(err, TP_BAD_INPUT, "the answer is damaged");
}
