/* Runs, trials and events as rows: adding and reading. */
#include "store/db.h"

#include <string.h>
#include <unistd.h>

enum { NAME_MAX_LEN = 60, TRIES = 200, NAMED_MAX = 5 };

/* ---- runs ------------------------------------------------------------- */

/* `name` with what is not [a-z0-9_.-] as '-', in mem. */
static tp_str plain(tp_str name, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    for (ptrdiff_t i = 0; i < name.len && b.len < NAME_MAX_LEN; i++) {
        char c = tp_lower(name.at[i]);
        bool keep = tp_is_alpha(c) || tp_is_digit(c) || c == '_' || c == '.';
        if (!keep) c = '-';
        if (b.len > 0 || (c != '-' && c != '.')) tp_buf_char(&b, c);
    }
    return b.len ? tp_buf_str(&b) : TP_S("run");
}

/* An id that is not taken: the name and four digits that differ between two
   programs that start at the same second. */
static tp_status new_id(tp_store *s, const tp_run_row *row, tp_str *out,
                        tp_arena *mem, tp_err *err)
{
    tp_str   name = plain(row->name, mem);
    tp_str   salt = tp_str_fmt(mem, "%.*s %.17g %ld", TP_F(row->created),
                               tp_now(), (long)getpid());
    uint64_t hash = 0;
    for (int i = 0; i < TRIES; i++) {
        sqlite3_stmt *q;
        bool          taken;
        hash = tp_hash(hash, salt);
        *out =
            tp_str_fmt(mem, "%.*s-%04x", TP_F(name), (unsigned)(hash & 0xffff));
        TP_TRY(tp_db_get(s, TP_SQL_RUN_HAS, &q, err));
        tp_db_text(q, 1, *out);
        TP_TRY(tp_db_row(s, q, &taken, err));
        sqlite3_reset(q);
        if (!taken) return TP_OK;
    }
    return tp_fail(err, TP_LIMIT, "%s: no id is left for runs named '%.*s'",
                   s->path, TP_F(name));
}

/* How far the run is, as parameters `at` and the next three. */
static void bind_progress(sqlite3_stmt *q, int at, const tp_run_row *row)
{
    sqlite3_bind_int(q, at, row->n_trial);
    sqlite3_bind_int(q, at + 1, row->n_failed);
    sqlite3_bind_int(q, at + 2, row->best);
    sqlite3_bind_double(q, at + 3, row->seconds);
}

tp_status tp_store_run_add(tp_store *s, const tp_run_row *row, tp_str *out_id,
                           tp_arena *mem, tp_err *err)
{
    sqlite3_stmt *q;
    tp_str        id;
    TP_TRY(new_id(s, row, &id, mem, err));
    TP_TRY(tp_db_get(s, TP_SQL_RUN_ADD, &q, err));
    tp_db_text(q, 1, id);
    tp_db_text(q, 2, row->name);
    tp_db_text(q, 3, row->path);
    tp_db_text(q, 4, row->created);
    tp_db_bytes(q, 5, row->bundle);
    tp_db_text(q, 6, row->method);
    tp_db_text(q, 7, row->method_settings);
    tp_db_text(q, 8, row->settings);
    tp_db_text(q, 9, row->status);
    tp_db_text(q, 10, row->reason);
    bind_progress(q, 11, row);
    tp_db_bytes(q, 15, row->proof);
    TP_TRY(tp_db_do(s, q, "storing a run", err));
    *out_id = id;
    return TP_OK;
}

tp_status tp_store_run_end(tp_store *s, const tp_run_row *row, tp_err *err)
{
    sqlite3_stmt *q;
    TP_TRY(tp_db_get(s, TP_SQL_RUN_END, &q, err));
    tp_db_text(q, 1, row->id);
    tp_db_text(q, 2, row->status);
    tp_db_text(q, 3, row->reason);
    bind_progress(q, 4, row);
    tp_db_bytes(q, 8, row->proof);
    TP_TRY(tp_db_one(s, q, "no run", row->id, err));
    TP_TRY(tp_db_get(s, TP_SQL_PROGRESS_DROP, &q, err));
    tp_db_text(q, 1, row->id);
    return tp_db_do(s, q, "storing a run", err);
}

tp_status tp_store_progress(tp_store *s, const tp_run_row *row, tp_err *err)
{
    sqlite3_stmt *q;
    TP_TRY(tp_db_get(s, TP_SQL_PROGRESS_SET, &q, err));
    tp_db_text(q, 1, row->id);
    bind_progress(q, 2, row);
    return tp_db_one(s, q, "no run", row->id, err);
}

/* What a run that has not ended, or was killed, said last; *more: there was
   something since its end, if it had one. */
static tp_status add_progress(tp_store *s, tp_run_row *row, bool *more,
                              tp_err *err)
{
    sqlite3_stmt *q;
    *more = false;
    if (!s->has[TP_TABLE_PROGRESS]) return TP_OK;
    TP_TRY(tp_db_get(s, TP_SQL_PROGRESS, &q, err));
    tp_db_text(q, 1, row->id);
    TP_TRY(tp_db_row(s, q, more, err));
    if (!*more) return TP_OK;
    row->n_trial = sqlite3_column_int(q, 0);
    row->n_failed = sqlite3_column_int(q, 1);
    row->best = sqlite3_column_int(q, 2);
    row->seconds = sqlite3_column_double(q, 3);
    sqlite3_reset(q);
    return TP_OK;
}

/* How the run is now, whatever its row says. */
static tp_status settle(tp_store *s, tp_run_row *row, tp_arena *mem,
                        tp_err *err)
{
    bool more;
    TP_TRY(add_progress(s, row, &more, err));
    return tp_db_settle(s, row, more, mem, err);
}

static tp_run_row run_of(sqlite3_stmt *q, tp_arena *mem)
{
    return (tp_run_row){
        .id = tp_db_str(q, 0, mem),
        .name = tp_db_str(q, 1, mem),
        .path = tp_db_str(q, 2, mem),
        .created = tp_db_str(q, 3, mem),
        .bundle = tp_db_str(q, 4, mem),
        .method = tp_db_str(q, 5, mem),
        .method_settings = tp_db_str(q, 6, mem),
        .settings = tp_db_str(q, 7, mem),
        .status = tp_db_str(q, 8, mem),
        .reason = tp_db_str(q, 9, mem),
        .n_trial = sqlite3_column_int(q, 10),
        .n_failed = sqlite3_column_int(q, 11),
        .best = sqlite3_column_int(q, 12),
        .seconds = sqlite3_column_double(q, 13),
        .proof = tp_db_str(q, 14, mem),
    };
}

/* Every id that the statement gives, in mem. */
static tp_status ids_of(tp_store *s, sqlite3_stmt *q, tp_str **out, int *n,
                        tp_arena *mem, tp_err *err)
{
    tp_str *id = NULL;
    int     cap = 0;
    bool    more;
    *n = 0;
    for (;;) {
        TP_TRY(tp_db_next(s, q, mem, &more, err));
        if (!more) break;
        tp_str one = tp_db_str(q, 0, mem);
        *TP_PUSH(mem, id, *n, cap) = one;
    }
    *out = id;
    return TP_OK;
}

static tp_status none_called(tp_store *s, tp_str which, tp_arena *mem,
                             tp_err *err)
{
    sqlite3_stmt *q;
    tp_str       *id;
    int           n;
    TP_TRY(tp_db_get(s, TP_SQL_RUN_IDS, &q, err));
    TP_TRY(ids_of(s, q, &id, &n, mem, err));
    if (n == 0)
        return tp_fail(err, TP_BAD_INPUT, "%s: no run is stored here", s->path);
    tp_str hint = tp_did_you_mean(mem, which, id, n);
    return tp_fail(err, TP_BAD_INPUT, "%s: no run '%.*s'%.*s", s->path,
                   TP_F(which), TP_F(hint));
}

static tp_status several_called(const tp_store *s, tp_str which,
                                const tp_str *id, int n, tp_arena *mem,
                                tp_err *err)
{
    tp_buf names = {.mem = mem};
    for (int i = 0; i < n && i < NAMED_MAX; i++)
        tp_buf_fmt(&names, "%s%.*s", i ? ", " : "", TP_F(id[i]));
    if (n > NAMED_MAX) tp_buf_fmt(&names, " and %d more", n - NAMED_MAX);
    tp_str all = tp_buf_str(&names);
    return tp_fail(err, TP_BAD_INPUT, "%s: '%.*s' fits %d runs: %.*s", s->path,
                   TP_F(which), n, TP_F(all));
}

/* The whole id of `which`: itself, the one it is the beginning of, "last". */
static tp_status id_of(tp_store *s, tp_str which, tp_str *out, tp_arena *mem,
                       tp_err *err)
{
    sqlite3_stmt *q;
    tp_str       *id;
    int           n;
    bool          last = tp_str_same(which, TP_S("last"));
    tp_str        lower = tp_str_lower(mem, which);
    TP_TRY(tp_db_get(s, last ? TP_SQL_RUN_LAST : TP_SQL_RUN_PREFIX, &q, err));
    if (!last) tp_db_text(q, 1, lower);
    TP_TRY(ids_of(s, q, &id, &n, mem, err));
    if (n == 0 || lower.len == 0) return none_called(s, which, mem, err);
    if (n > 1 && !tp_str_eq(id[0], lower))
        return several_called(s, which, id, n, mem, err);
    *out = id[0];
    return TP_OK;
}

tp_status tp_store_run_get(tp_store *s, tp_run_row *out, tp_str which,
                           tp_arena *mem, tp_err *err)
{
    sqlite3_stmt *q;
    tp_str        id = {"", 0};
    bool          more;
    TP_TRY(id_of(s, which, &id, mem, err));
    TP_TRY(tp_db_get(s, TP_SQL_RUN_GET, &q, err));
    tp_db_text(q, 1, id);
    TP_TRY(tp_db_next(s, q, mem, &more, err));
    if (!more) return none_called(s, which, mem, err);
    *out = run_of(q, mem);
    sqlite3_reset(q);
    return settle(s, out, mem, err);
}

tp_status tp_store_runs(tp_store *s, const tp_run_row **out, int *n,
                        tp_arena *mem, tp_err *err)
{
    sqlite3_stmt *q;
    tp_run_row   *row = NULL;
    int           cap = 0;
    bool          more;
    *n = 0;
    TP_TRY(tp_db_get(s, TP_SQL_RUNS, &q, err));
    for (;;) {
        TP_TRY(tp_db_next(s, q, mem, &more, err));
        if (!more) break;
        tp_run_row one = run_of(q, mem);
        *TP_PUSH(mem, row, *n, cap) = one;
    }
    for (int i = 0; i < *n; i++) TP_TRY(settle(s, &row[i], mem, err));
    *out = row;
    return TP_OK;
}

/* ---- trials ----------------------------------------------------------- */

tp_status tp_store_trial_add(tp_store *s, tp_str run, const tp_trial_row *t,
                             tp_err *err)
{
    sqlite3_stmt *q;
    TP_TRY(tp_db_get(s, TP_SQL_TRIAL_ADD, &q, err));
    tp_db_text(q, 1, run);
    sqlite3_bind_int(q, 2, t->number);
    tp_db_bytes(q, 3, t->x);
    tp_db_text(q, 4, t->outcome);
    tp_db_text(q, 5, t->why);
    tp_db_bytes(q, 6, t->readings);
    tp_db_bytes(q, 7, t->waves);
    sqlite3_bind_double(q, 8, t->sim_seconds);
    sqlite3_bind_double(q, 9, t->seconds);
    sqlite3_bind_int(q, 10, t->iterations);
    sqlite3_bind_int(q, 11, t->attempts);
    tp_db_text(q, 12, t->log);
    if (tp_db_one(s, q, "no run", run, err))
        return tp_while(err, "trial %d", t->number);
    return TP_OK;
}

tp_status tp_store_trials(tp_store *s, tp_str run, const tp_trial_row **out,
                          int *n, tp_arena *mem, tp_err *err)
{
    sqlite3_stmt *q;
    tp_trial_row *row = NULL;
    int           cap = 0;
    bool          more;
    *n = 0;
    TP_TRY(tp_db_get(s, TP_SQL_TRIALS, &q, err));
    tp_db_text(q, 1, run);
    for (;;) {
        TP_TRY(tp_db_next(s, q, mem, &more, err));
        if (!more) break;
        tp_trial_row one = {
            .number = sqlite3_column_int(q, 0),
            .x = tp_db_str(q, 1, mem),
            .outcome = tp_db_str(q, 2, mem),
            .why = tp_db_str(q, 3, mem),
            .readings = tp_db_str(q, 4, mem),
            .waves = tp_db_str(q, 5, mem),
            .sim_seconds = sqlite3_column_double(q, 6),
            .seconds = sqlite3_column_double(q, 7),
            .iterations = sqlite3_column_int(q, 8),
            .attempts = sqlite3_column_int(q, 9),
            .log = tp_db_str(q, 10, mem),
        };
        *TP_PUSH(mem, row, *n, cap) = one;
    }
    *out = row;
    return TP_OK;
}

/* ---- events ----------------------------------------------------------- */

tp_status tp_store_event_add(tp_store *s, tp_str run, const tp_event_row *e,
                             tp_err *err)
{
    sqlite3_stmt *q;
    TP_TRY(tp_db_get(s, TP_SQL_EVENT_ADD, &q, err));
    tp_db_text(q, 1, run);
    sqlite3_bind_int(q, 2, e->number);
    tp_db_text(q, 3, e->kind);
    tp_db_bytes(q, 4, e->data);
    if (tp_db_one(s, q, "it is not the next one of a run", run, err))
        return tp_while(err, "event %d", e->number);
    return TP_OK;
}

tp_status tp_store_events(tp_store *s, tp_str run, const tp_event_row **out,
                          int *n, tp_arena *mem, tp_err *err)
{
    sqlite3_stmt *q;
    tp_event_row *row = NULL;
    int           cap = 0;
    bool          more;
    *n = 0;
    TP_TRY(tp_db_get(s, TP_SQL_EVENTS, &q, err));
    tp_db_text(q, 1, run);
    for (;;) {
        TP_TRY(tp_db_next(s, q, mem, &more, err));
        if (!more) break;
        tp_event_row one = {
            .number = sqlite3_column_int(q, 0),
            .kind = tp_db_str(q, 1, mem),
            .data = tp_db_str(q, 2, mem),
        };
        *TP_PUSH(mem, row, *n, cap) = one;
    }
    *out = row;
    return TP_OK;
}
