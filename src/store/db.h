/* The handle of a store and its statements. Private to store. */
#ifndef TP_STORE_DB_H
#define TP_STORE_DB_H

#include "store/store.h"

#include <sqlite3.h>

/* One row = one prepared statement, made at its first use. */
#define TP_SQL_LIST(X)                                                       \
    X(BEGIN, "BEGIN IMMEDIATE")                                              \
    X(COMMIT, "COMMIT")                                                      \
    X(RUN_ADD,                                                               \
      "INSERT INTO run(id,name,path,created,bundle,method,method_settings,"  \
      "settings,status,reason,n_trial,n_failed,best,seconds,proof) "         \
      "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")                               \
    X(RUN_END,                                                               \
      "UPDATE run SET status=?2,reason=?3,n_trial=?4,n_failed=?5,best=?6,"   \
      "seconds=?7,proof=?8 WHERE id=?1")                                     \
    X(PROGRESS_SET, "INSERT OR REPLACE INTO progress "                       \
                    "SELECT seq,?2,?3,?4,?5 FROM run WHERE id=?1")           \
    X(PROGRESS_DROP, "DELETE FROM progress "                                 \
                     "WHERE run=(SELECT seq FROM run WHERE id=?1)")          \
    X(PROGRESS, "SELECT n_trial,n_failed,best,seconds FROM progress "        \
                "WHERE run=(SELECT seq FROM run WHERE id=?1)")               \
    X(RUN_HAS, "SELECT 1 FROM run WHERE id=?1")                              \
    X(RUN_LAST, "SELECT id FROM run ORDER BY seq DESC LIMIT 1")              \
    X(RUN_PREFIX, "SELECT id FROM run WHERE substr(id,1,length(?1))=?1 "     \
                  "ORDER BY id=?1 DESC,seq DESC")                            \
    X(RUN_IDS, "SELECT id FROM run ORDER BY seq DESC")                       \
    X(RUN_GET, "SELECT id,name,path,created,bundle,method,method_settings,"  \
               "settings,status,reason,n_trial,n_failed,best,seconds,proof " \
               "FROM run WHERE id=?1")                                       \
    X(RUNS, "SELECT id,name,path,created,bundle,method,method_settings,"     \
            "settings,status,reason,n_trial,n_failed,best,seconds,proof "    \
            "FROM run ORDER BY seq DESC")                                    \
    X(TRIAL_ADD,                                                             \
      "INSERT INTO trial SELECT seq,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12 "    \
      "FROM run WHERE id=?1")                                                \
    X(TRIALS,                                                                \
      "SELECT number,x,outcome,why,readings,waves,sim_seconds,seconds,"      \
      "iterations,attempts,log FROM trial "                                  \
      "WHERE run=(SELECT seq FROM run WHERE id=?1) ORDER BY number")         \
    X(EVENT_ADD,                                                             \
      "INSERT INTO event SELECT seq,?2,?3,?4 FROM run WHERE id=?1 AND ?2="   \
      "1+ifnull((SELECT max(number) FROM event WHERE event.run=run.seq),0)") \
    X(OWNER, "SELECT pid,started,boot FROM owner "                           \
             "WHERE run=(SELECT seq FROM run WHERE id=?1)")                  \
    X(OWNER_SET, "INSERT OR REPLACE INTO owner "                             \
                 "SELECT seq,?2,?3,?4 FROM run WHERE id=?1")                 \
    X(OWNER_DROP, "DELETE FROM owner "                                       \
                  "WHERE run=(SELECT seq FROM run WHERE id=?1) AND pid=?2")  \
    X(NOTE_ADD, "INSERT INTO waiting(run,note) "                             \
                "SELECT seq,?2 FROM run WHERE id=?1")                        \
    X(NOTES, "SELECT note FROM waiting "                                     \
             "WHERE run=(SELECT seq FROM run WHERE id=?1) ORDER BY seq")     \
    X(NOTES_MOVE,                                                            \
      "INSERT INTO event SELECT w.run,"                                      \
      "ifnull((SELECT max(number) FROM event WHERE event.run=w.run),0)"      \
      "+row_number() OVER (ORDER BY w.seq),'note',w.note FROM waiting w "    \
      "WHERE w.run=(SELECT seq FROM run WHERE id=?1)")                       \
    X(NOTES_DROP, "DELETE FROM waiting "                                     \
                  "WHERE run=(SELECT seq FROM run WHERE id=?1)")             \
    X(EVENTS, "SELECT number,kind,data FROM event "                          \
              "WHERE run=(SELECT seq FROM run WHERE id=?1) ORDER BY number")

#define X(name, sql) TP_SQL_##name,
typedef enum tp_sql { TP_SQL_LIST(X) TP_SQLS } tp_sql;
#undef X

/* Tables that files of earlier versions lack; made when one is opened to be
   written. */
typedef enum tp_table {
    TP_TABLE_OWNER,
    TP_TABLE_PROGRESS,
    TP_TABLE_WAITING,
    TP_TABLES
} tp_table;

struct tp_store {
    tp_arena      mem; /* holds this struct and `path` */
    const char   *path;
    sqlite3      *db;
    sqlite3_stmt *made[TP_SQLS];
    bool          has[TP_TABLES];
    bool          open;     /* between begin and commit */
    bool          given_up; /* something failed in there */
};

/* The statement, ready for new values. */
tp_status tp_db_get(tp_store *s, tp_sql which, sqlite3_stmt **out, tp_err *err);
void      tp_db_text(sqlite3_stmt *q, int at, tp_str v);
void      tp_db_bytes(sqlite3_stmt *q, int at, tp_str v);
/* Runs a statement that gives no rows. A failure inside begin..commit takes
   all of it back. */
tp_status tp_db_do(tp_store *s, sqlite3_stmt *q, const char *doing,
                   tp_err *err);
/* The same for a change of exactly one row; else TP_BAD_INPUT with `none`,
   which is followed by the run's id. */
tp_status tp_db_one(tp_store *s, sqlite3_stmt *q, const char *none, tp_str run,
                    tp_err *err);
/* *more: a row is there. The statement is reset at the end and on failure. */
tp_status tp_db_row(tp_store *s, sqlite3_stmt *q, bool *more, tp_err *err);
/* TP_LIMIT when the values of the row would not fit into mem. */
tp_status tp_db_fits(tp_store *s, sqlite3_stmt *q, const tp_arena *mem,
                     tp_err *err);
/* Both: the next row, if there is one, and whether it fits. */
tp_status tp_db_next(tp_store *s, sqlite3_stmt *q, const tp_arena *mem,
                     bool *more, tp_err *err);
/* owner.c: the row says "running" after this where another living process works
   on the run, and "interrupted" where one did and is gone; `more`: there are
   trials since the run's last end. */
tp_status tp_db_settle(tp_store *s, tp_run_row *row, bool more, tp_arena *mem,
                       tp_err *err);
/* note.c: the remarks that wait become the run's next events. */
tp_status tp_db_move_notes(tp_store *s, tp_str run, tp_err *err);
tp_str    tp_db_str(sqlite3_stmt *q, int at, tp_arena *mem); /* text or bytes */

#endif
