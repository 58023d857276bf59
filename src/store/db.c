/* SQLite: opening, the schema, statements. Journal in WAL mode with
   synchronous=NORMAL: what was acknowledged survives the death of the program;
   a power cut may take the last moments, never the file. */
#include "store/db.h"

#include <string.h>
#include <unistd.h>

enum {
    APPLICATION = 0x74706d74, /* "tpmt", in the file's header */
    SCHEMA = 1,               /* its version */
    BUSY_MS = 10000,
    BUSY_STEP_MS = 10,
    STORE_MEM = 1 << 20,
    ROW_SLACK = 4096
};

static const char schema[] =
    "CREATE TABLE run("
    " seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL,"
    " path TEXT NOT NULL, created TEXT NOT NULL, bundle BLOB NOT NULL,"
    " method TEXT NOT NULL, method_settings TEXT NOT NULL,"
    " settings TEXT NOT NULL, status TEXT NOT NULL, reason TEXT NOT NULL,"
    " n_trial INTEGER NOT NULL, n_failed INTEGER NOT NULL,"
    " best INTEGER NOT NULL, seconds REAL NOT NULL, proof BLOB NOT NULL"
    ") STRICT;"
    "CREATE TABLE trial("
    " run INTEGER NOT NULL REFERENCES run(seq), number INTEGER NOT NULL,"
    " x BLOB NOT NULL, outcome TEXT NOT NULL, why TEXT NOT NULL,"
    " readings BLOB NOT NULL, waves BLOB NOT NULL, sim_seconds REAL NOT NULL,"
    " seconds REAL NOT NULL, iterations INTEGER NOT NULL,"
    " attempts INTEGER NOT NULL, log TEXT NOT NULL,"
    " PRIMARY KEY(run,number)"
    ") STRICT;"
    "CREATE TABLE event("
    " run INTEGER NOT NULL REFERENCES run(seq), number INTEGER NOT NULL,"
    " kind TEXT NOT NULL, data BLOB NOT NULL, PRIMARY KEY(run,number)"
    ") STRICT, WITHOUT ROWID;";

static const struct {
    const char *name, *sql;
} table[TP_TABLES] = {
    /* Which process works on a run. */
    [TP_TABLE_OWNER] =
        {"owner",
         "CREATE TABLE IF NOT EXISTS owner("
         " run INTEGER PRIMARY KEY REFERENCES run(seq), pid INTEGER NOT NULL,"
         " started TEXT NOT NULL, boot TEXT NOT NULL"
         ") STRICT;"},
    /* How far a run is while it goes, in a row that is small: a run's own has
       its whole deck. */
    [TP_TABLE_PROGRESS] =
        {"progress", "CREATE TABLE IF NOT EXISTS progress("
                     " run INTEGER PRIMARY KEY REFERENCES run(seq),"
                     " n_trial INTEGER NOT NULL, n_failed INTEGER NOT NULL,"
                     " best INTEGER NOT NULL, seconds REAL NOT NULL"
                     ") STRICT;"},
    /* Remarks that are to become events. */
    [TP_TABLE_WAITING] =
        {"waiting",
         "CREATE TABLE IF NOT EXISTS waiting("
         " seq INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run(seq),"
         " note BLOB NOT NULL"
         ") STRICT;"},
};

#define X(name, sql) sql,
static const char *const sql_of[] = {TP_SQL_LIST(X)};
#undef X

static tp_status fail(const tp_store *s, const char *doing, tp_err *err)
{
    return tp_fail(err, TP_IO, "%s: %s: %s", s->path, doing,
                   s->db ? sqlite3_errmsg(s->db) : "out of memory");
}

/* Takes an open transaction back; it then can't be committed. */
static void give_up(tp_store *s)
{
    if (!s->open) return;
    s->given_up = true;
    if (!sqlite3_get_autocommit(s->db))
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
}

tp_status tp_db_get(tp_store *s, tp_sql which, sqlite3_stmt **out, tp_err *err)
{
    if (s->given_up)
        return tp_fail(err, TP_IO, "%s: the transaction has failed before",
                       s->path);
    if (!s->made[which] &&
        sqlite3_prepare_v3(s->db, sql_of[which], -1, SQLITE_PREPARE_PERSISTENT,
                           &s->made[which], NULL) != SQLITE_OK)
        return fail(s, "preparing", err);
    *out = s->made[which];
    sqlite3_reset(*out);
    sqlite3_clear_bindings(*out);
    return TP_OK;
}

void tp_db_text(sqlite3_stmt *q, int at, tp_str v)
{
    sqlite3_bind_text64(q, at, v.len ? v.at : "", (sqlite3_uint64)v.len,
                        SQLITE_STATIC, SQLITE_UTF8);
}

void tp_db_bytes(sqlite3_stmt *q, int at, tp_str v)
{
    sqlite3_bind_blob64(q, at, v.len ? v.at : "", (sqlite3_uint64)v.len,
                        SQLITE_STATIC);
}

tp_status tp_db_do(tp_store *s, sqlite3_stmt *q, const char *doing, tp_err *err)
{
    tp_status status = TP_OK;
    if (sqlite3_step(q) != SQLITE_DONE) {
        status = fail(s, doing, err);
        sqlite3_reset(q);
        give_up(s);
    }
    sqlite3_reset(q);
    sqlite3_clear_bindings(q); /* they are borrowed from the caller */
    return status;
}

tp_status tp_db_one(tp_store *s, sqlite3_stmt *q, const char *none, tp_str run,
                    tp_err *err)
{
    TP_TRY(tp_db_do(s, q, "storing", err));
    if (sqlite3_changes(s->db) == 1) return TP_OK;
    give_up(s);
    return tp_fail(err, TP_BAD_INPUT, "%s: %s '%.*s'", s->path, none,
                   TP_F(run));
}

tp_status tp_db_row(tp_store *s, sqlite3_stmt *q, bool *more, tp_err *err)
{
    int code = sqlite3_step(q);
    *more = code == SQLITE_ROW;
    if (*more) return TP_OK;
    tp_status status = TP_OK;
    if (code != SQLITE_DONE) status = fail(s, "reading", err);
    sqlite3_reset(q);
    return status;
}

tp_status tp_db_fits(tp_store *s, sqlite3_stmt *q, const tp_arena *mem,
                     tp_err *err)
{
    ptrdiff_t bytes = ROW_SLACK;
    for (int i = 0; i < sqlite3_column_count(q); i++)
        bytes += sqlite3_column_bytes(q, i);
    if (bytes < mem->end - mem->beg) return TP_OK;
    sqlite3_reset(q);
    return tp_fail(err, TP_LIMIT,
                   "%s: what is stored needs more memory than there is",
                   s->path);
}

tp_status tp_db_next(tp_store *s, sqlite3_stmt *q, const tp_arena *mem,
                     bool *more, tp_err *err)
{
    TP_TRY(tp_db_row(s, q, more, err));
    tp_status status = *more ? tp_db_fits(s, q, mem, err) : TP_OK;
    if (status) sqlite3_reset(q);
    return status;
}

tp_str tp_db_str(sqlite3_stmt *q, int at, tp_arena *mem)
{
    const char *from = sqlite3_column_blob(q, at);
    int         len = sqlite3_column_bytes(q, at);
    return tp_str_copy(mem, (tp_str){len ? from : "", len});
}

/* ---- opening ---------------------------------------------------------- */

static tp_status pragma(tp_store *s, const char *sql, int *value, tp_err *err)
{
    sqlite3_stmt *q;
    if (sqlite3_prepare_v2(s->db, sql, -1, &q, NULL) != SQLITE_OK)
        return fail(s, "opening", err);
    int       code = sqlite3_step(q);
    tp_status status = TP_OK;
    if (code == SQLITE_ROW) *value = sqlite3_column_int(q, 0);
    if (code != SQLITE_ROW) status = fail(s, "opening", err);
    sqlite3_finalize(q);
    return status;
}

/* *fresh: nothing is in the file. TP_OK: that, or it is ours. */
static tp_status look(tp_store *s, bool *fresh, tp_err *err)
{
    int application = 0, version = 0, tables = 0;
    TP_TRY(pragma(s, "PRAGMA application_id", &application, err));
    TP_TRY(pragma(s, "PRAGMA user_version", &version, err));
    TP_TRY(pragma(s, "SELECT count(*) FROM sqlite_master", &tables, err));
    *fresh = application == 0 && version == 0 && tables == 0;
    if (*fresh) return TP_OK;
    if (application != APPLICATION)
        return tp_fail(err, TP_IO,
                       "%s: a database of another program, not a store",
                       s->path);
    if (version > SCHEMA)
        return tp_fail(err, TP_BAD_INPUT,
                       "%s: written by a newer trimpot (schema %d, this one "
                       "reads %d)",
                       s->path, version, (int)SCHEMA);
    return TP_OK;
}

static tp_status run_sql(tp_store *s, const char *sql, tp_err *err)
{
    if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK) return TP_OK;
    return fail(s, "opening", err);
}

/* The same as one reading: somebody may be making the tables. */
static tp_status look_once(tp_store *s, bool *fresh, tp_err *err)
{
    TP_TRY(run_sql(s, "BEGIN", err));
    TP_TRY(look(s, fresh, err));
    return run_sql(s, "COMMIT", err);
}

/* The tables that earlier versions did not make. */
static tp_status make_tables(tp_store *s, tp_err *err)
{
    for (int i = 0; i < TP_TABLES; i++) {
        TP_TRY(run_sql(s, table[i].sql, err));
        s->has[i] = true;
    }
    return TP_OK;
}

/* The tables, unless somebody else just made them. */
static tp_status make(tp_store *s, tp_err *err)
{
    bool   fresh = false;
    tp_str marks = tp_str_fmt(
        &s->mem, "PRAGMA application_id=%d; PRAGMA user_version=%d;%c",
        (int)APPLICATION, (int)SCHEMA, 0);
    TP_TRY(run_sql(s, "BEGIN IMMEDIATE", err));
    TP_TRY(look(s, &fresh, err));
    if (fresh) TP_TRY(run_sql(s, schema, err));
    if (fresh) TP_TRY(make_tables(s, err));
    if (fresh) TP_TRY(run_sql(s, marks.at, err));
    return run_sql(s, "COMMIT", err);
}

/* The change of mode does not wait for other programs by itself. */
static tp_status to_wal(tp_store *s, tp_err *err)
{
    static const char sql[] = "PRAGMA journal_mode=WAL";
    for (int i = 0; i < BUSY_MS / BUSY_STEP_MS; i++) {
        int code = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
        if (code == SQLITE_OK) return TP_OK;
        if (code != SQLITE_BUSY) break;
        sqlite3_sleep(BUSY_STEP_MS);
    }
    return fail(s, "opening", err);
}

static tp_status set_up(tp_store *s, tp_err *err)
{
    bool fresh = false;
    sqlite3_busy_timeout(s->db, BUSY_MS);
    TP_TRY(look_once(s, &fresh, err));
    if (sqlite3_db_readonly(s->db, "main") == 1)
        return tp_fail(err, TP_IO, "%s: the file can't be written", s->path);
    if (fresh) TP_TRY(make(s, err));
    TP_TRY(to_wal(s, err));
    TP_TRY(run_sql(s, "PRAGMA synchronous=NORMAL", err));
    TP_TRY(make_tables(s, err));
    return run_sql(s, "PRAGMA foreign_keys=ON", err);
}

static tp_status set_up_read(tp_store *s, tp_err *err)
{
    bool fresh = false;
    sqlite3_busy_timeout(s->db, BUSY_MS);
    TP_TRY(run_sql(s, "PRAGMA query_only=1", err));
    TP_TRY(look_once(s, &fresh, err));
    for (int i = 0; i < TP_TABLES; i++) {
        tp_arena mem = s->mem;
        int      count = 0;
        tp_str   sql = tp_str_fmt(
              &mem, "SELECT count(*) FROM sqlite_master WHERE name='%s'",
              table[i].name);
        TP_TRY(pragma(s, tp_str_z(&mem, sql), &count, err));
        s->has[i] = count == 1;
    }
    if (!fresh) return TP_OK;
    return tp_fail(err, TP_IO, "%s: an empty file, not a store", s->path);
}

/* The file as SQLite's URI that promises that nobody changes it. */
static const char *frozen_uri(tp_store *s)
{
    tp_buf b = {.mem = &s->mem};
    tp_buf_add(&b, TP_S("file:"));
    for (const char *c = s->path; *c; c++) {
        bool plain = tp_is_alpha(*c) || tp_is_digit(*c) || strchr("/._-", *c);
        if (plain) tp_buf_char(&b, *c);
        if (!plain) tp_buf_fmt(&b, "%%%02x", (unsigned)(unsigned char)*c);
    }
    tp_buf_add(&b, TP_S("?immutable=1"));
    return tp_str_z(&s->mem, tp_buf_str(&b));
}

/* Even for reading SQLite wants to make files beside one in WAL mode, which
   it takes away again only where it may write. Where it can't make them, and no
   writer has left any, the file is read as it stands. */
static tp_status open_read(tp_store *s, tp_err *err)
{
    const char *wal = tp_str_z(&s->mem, tp_str_fmt(&s->mem, "%s-wal", s->path));
    if (sqlite3_open_v2(s->path, &s->db, SQLITE_OPEN_READWRITE, NULL))
        return fail(s, "opening", err);
    tp_status status = set_up_read(s, err);
    int       code = sqlite3_errcode(s->db) & 0xff;
    if (code != SQLITE_CANTOPEN && code != SQLITE_READONLY) return status;
    if (access(wal, F_OK) == 0) return status;
    sqlite3_close(s->db);
    s->db = NULL;
    if (sqlite3_open_v2(frozen_uri(s), &s->db,
                        SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL))
        return fail(s, "opening", err);
    return set_up_read(s, err);
}

static tp_status open_write(tp_store *s, tp_err *err)
{
    if (sqlite3_open_v2(s->path, &s->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL))
        return fail(s, "opening", err);
    return set_up(s, err);
}

static tp_status open_with(tp_store **out, const char *path,
                           tp_status (*how)(tp_store *s, tp_err *err),
                           tp_err *err)
{
    tp_arena  mem = tp_arena_open(STORE_MEM);
    tp_store *s = TP_NEW(&mem, tp_store, 1);
    s->path = tp_str_z(&mem, tp_str_of(path));
    s->mem = mem;
    tp_status status = how(s, err);
    if (status) tp_store_close(s);
    if (!status) *out = s;
    return status;
}

tp_status tp_store_open(tp_store **out, const char *path, tp_err *err)
{
    return open_with(out, path, open_write, err);
}

tp_status tp_store_open_read(tp_store **out, const char *path, tp_err *err)
{
    return open_with(out, path, open_read, err);
}

void tp_store_close(tp_store *s)
{
    tp_arena mem = s->mem;
    for (int i = 0; i < TP_SQLS; i++) sqlite3_finalize(s->made[i]);
    sqlite3_close(s->db);
    tp_arena_close(&mem);
}

tp_status tp_store_begin(tp_store *s, tp_err *err)
{
    sqlite3_stmt *q;
    TP_TRY(tp_db_get(s, TP_SQL_BEGIN, &q, err));
    TP_TRY(tp_db_do(s, q, "beginning", err));
    s->open = true;
    return TP_OK;
}

tp_status tp_store_commit(tp_store *s, tp_err *err)
{
    sqlite3_stmt *q;
    bool          lost = s->given_up;
    s->given_up = false;
    if (lost) {
        s->open = false;
        return tp_fail(err, TP_IO,
                       "%s: nothing of the transaction was stored, a part of "
                       "it failed",
                       s->path);
    }
    TP_TRY(tp_db_get(s, TP_SQL_COMMIT, &q, err));
    tp_status status = tp_db_do(s, q, "storing", err);
    s->open = s->given_up = false;
    return status;
}
