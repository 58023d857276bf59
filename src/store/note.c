/* Remarks about a run, from whoever has one while a process works on it. Only
   that process may add to the log, as it numbers the events; remarks wait in a
   table of their own until the run is taken the next time. */
#include "store/db.h"

tp_status tp_store_note(tp_store *s, tp_str run, tp_str note, tp_err *err)
{
    sqlite3_stmt *q;
    tp_arena      mem = s->mem;
    tp_buf        b = {.mem = &mem};
    if (note.len > mem.end - mem.beg - TP_NUMBER_MAX)
        return tp_fail(err, TP_LIMIT, "a note of %td bytes is too long",
                       note.len);
    tp_pack_str(&b, note);
    TP_TRY(tp_db_get(s, TP_SQL_NOTE_ADD, &q, err));
    tp_db_text(q, 1, run);
    tp_db_bytes(q, 2, tp_buf_str(&b));
    return tp_db_one(s, q, "no run", run, err);
}

tp_status tp_db_move_notes(tp_store *s, tp_str run, tp_err *err)
{
    static const tp_sql move[] = {TP_SQL_NOTES_MOVE, TP_SQL_NOTES_DROP};
    for (int i = 0; i < TP_COUNT(move); i++) {
        sqlite3_stmt *q;
        TP_TRY(tp_db_get(s, move[i], &q, err));
        tp_db_text(q, 1, run);
        TP_TRY(tp_db_do(s, q, "storing notes", err));
    }
    return TP_OK;
}

tp_status tp_store_log(tp_store *s, tp_str run, tp_log *out, tp_arena *mem,
                       tp_err *err)
{
    const tp_event_row *logged;
    sqlite3_stmt       *q;
    int                 n, cap;
    bool                more = s->has[TP_TABLE_WAITING];
    TP_TRY(tp_store_events(s, run, &logged, &n, mem, err));
    *out = (tp_log){.n = n, .event = logged};
    if (!more) return TP_OK;
    tp_event_row *row = TP_NEW(mem, tp_event_row, n);
    for (int i = 0; i < n; i++) row[i] = logged[i];
    TP_TRY(tp_db_get(s, TP_SQL_NOTES, &q, err));
    tp_db_text(q, 1, run);
    for (cap = n;;) {
        TP_TRY(tp_db_next(s, q, mem, &more, err));
        if (!more) break;
        tp_event_row e = {.kind = TP_S("note"), .data = tp_db_str(q, 0, mem)};
        e.number = n ? row[n - 1].number + 1 : 1;
        *TP_PUSH(mem, row, n, cap) = e;
    }
    *out = (tp_log){n, n - out->n, row};
    return TP_OK;
}
