/* Stores in folders of their own, and rows to put into them. */
#ifndef TP_TEST_STORE_ROWS_H
#define TP_TEST_STORE_ROWS_H

#include "check.h"
#include "store/store.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

/* A name in a folder of its own, in the test's memory. */
static inline const char *fresh_path(void)
{
    char *folder = tp_str_z(check_mem(), TP_S("/tmp/tp_store_XXXXXX"));
    if (!mkdtemp(folder)) return "/nonexistent/x.db";
    return tp_str_fmt(check_mem(), "%s/runs.db%c", folder, 0).at;
}

static inline void remove_store(const char *path)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};

    tp_arena *mem = check_mem();
    for (int i = 0; i < TP_COUNT(ends); i++)
        unlink(tp_str_fmt(mem, "%s%s%c", path, ends[i], 0).at);
    rmdir(tp_str_z(mem, tp_path_folder(tp_str_of(path))));
}

static const tp_run_row amp = {
    .name = {"amp-700", 7},
    .path = {"dir/amp-700.net", 15},
    .created = {"2026-11-21T02:40:00Z", 20},
    .bundle = {"a\0b", 3},
    .method = {"COBYLA", 6},
    .settings = {"seed=1", 6},
    .status = {"running", 7},
};

static inline tp_str add(tp_store *s, tp_str name)
{
    tp_run_row row = amp;
    tp_str     id = {"", 0};
    tp_err     err;
    row.name = name;
    CHECK_OK(tp_store_run_add(s, &row, &id, check_mem(), &err), &err);
    return id;
}

static inline tp_trial_row trial(int number)
{
    return (tp_trial_row){
        .number = number,
        .x = {"\1\0\2\xff", 4},
        .outcome = TP_S("ran"),
        .why = TP_S(""),
        .readings = {"r\0s", 3},
        .sim_seconds = 0.25 * number,
        .seconds = 1e-300,
        .iterations = 17,
        .attempts = 2,
        .log = TP_S("line 1\nline 2"),
    };
}

static inline int n_trials(tp_store *s, tp_str id)
{
    const tp_trial_row *t;
    int                 n = -1;
    tp_err              err;
    CHECK_OK(tp_store_trials(s, id, &t, &n, check_mem(), &err), &err);
    return n;
}

static inline void sql(const char *path, const char *text)
{
    sqlite3 *db;
    CHECK_INT(sqlite3_open(path, &db), SQLITE_OK);
    CHECK_INT(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

#endif
