/* The store among processes: a writer that is killed, many that make it at the
   same time, one that works on a run. */
#include "store/rows.h"

#include <signal.h>
#include <sys/wait.h>

/* Adds trials and says so on the pipe after each one, until killed. */
static void write_until_killed(const char *path, tp_str id, int out)
{
    tp_store *s;
    if (tp_store_open(&s, path, NULL)) _exit(1);
    for (int i = 1;; i++) {
        tp_trial_row t = trial(i);
        tp_event_row e = {i, TP_S("tell"), TP_S("data")};
        if (tp_store_begin(s, NULL) || tp_store_trial_add(s, id, &t, NULL) ||
            tp_store_event_add(s, id, &e, NULL) || tp_store_commit(s, NULL))
            _exit(2);
        if (write(out, &i, sizeof i) != sizeof i) _exit(3);
    }
}

/* The last number the writer acknowledged when killed after `want` of them. */
static int kill_after(const char *path, tp_str id, int want)
{
    int   ends[2], last = 0, i;
    pid_t child;
    if (pipe(ends) || (child = fork()) < 0) return -1;
    if (child == 0) write_until_killed(path, id, ends[1]);
    close(ends[1]);
    while (last < want && read(ends[0], &i, sizeof i) == sizeof i) last = i;
    kill(child, SIGKILL);
    while (read(ends[0], &i, sizeof i) == sizeof i) last = i;
    close(ends[0]);
    int how;
    waitpid(child, &how, 0);
    CHECK(WIFSIGNALED(how));
    return last;
}

static void test_processes__has_every_acknowledged_row_after_kill(void)
{
    const char *path = fresh_path();
    tp_store   *s;
    tp_err      err;
    if (!CHECK_OK(tp_store_open(&s, path, &err), &err)) return;
    for (int round = 1; round <= 5; round++) {
        const tp_event_row *e;
        int                 n_event;
        tp_str              id = add(s, TP_S("killed"));
        int                 last = kill_after(path, id, 40 * round);
        int                 n = n_trials(s, id);
        CHECK(last >= 40 * round);
        if (!CHECK(n == last || n == last + 1))
            printf("  %d acknowledged, %d there\n", last, n);
        CHECK_OK(tp_store_events(s, id, &e, &n_event, check_mem(), &err), &err);
        CHECK_INT(n_event, n); /* both or none */
    }
    tp_store_close(s);
    sqlite3 *db;
    char   **cell;
    int      rows, columns;
    CHECK_INT(sqlite3_open(path, &db), SQLITE_OK);
    CHECK_INT(sqlite3_get_table(db, "PRAGMA integrity_check", &cell, &rows,
                                &columns, NULL),
              SQLITE_OK);
    if (CHECK_INT(rows, 1)) CHECK_Z(cell[1], "ok");
    sqlite3_free_table(cell);
    sqlite3_close(db);
    remove_store(path);
}

static void test_processes__is_made_once_by_many_at_a_time(void)
{
    enum { MANY = 8 };
    const char *path = fresh_path();
    tp_err      err;
    tp_store   *s;
    for (int i = 0; i < MANY; i++) {
        if (fork() != 0) continue;
        tp_run_row row = amp;
        tp_str     id;
        if (tp_store_open(&s, path, &err) ||
            tp_store_run_add(s, &row, &id, check_mem(), &err)) {
            printf("%s\n", err.msg);
            _exit(1);
        }
        tp_store_close(s);
        _exit(0);
    }
    int bad = 0, how;
    while (wait(&how) > 0) bad += how != 0;
    CHECK_INT(bad, 0);
    const tp_run_row *row;
    int               n;
    if (!CHECK_OK(tp_store_open_read(&s, path, &err), &err)) return;
    CHECK_OK(tp_store_runs(s, &row, &n, check_mem(), &err), &err);
    CHECK_INT(n, MANY);
    tp_store_close(s);
    remove_store(path);
}

/* Takes the run in a process of its own, which then waits. */
static pid_t taker(const char *path, tp_str id)
{
    int   ready[2];
    char  c;
    pid_t pid = pipe(ready) ? -1 : fork();
    if (pid == 0) {
        tp_store *s;
        tp_err    err;
        if (tp_store_open(&s, path, &err) || tp_store_take(s, id, &err))
            _exit(1);
        (void)!write(ready[1], "x", 1);
        for (;;) pause();
    }
    close(ready[1]);
    CHECK_INT(read(ready[0], &c, 1), 1);
    close(ready[0]);
    return pid;
}

static void test_processes__lets_one_process_work_on_a_run(void)
{
    const char *path = fresh_path();
    tp_store   *s;
    tp_err      err;
    if (!CHECK_OK(tp_store_open(&s, path, &err), &err)) return;
    tp_str id = add(s, TP_S("x")), other = add(s, TP_S("y"));
    pid_t  pid = taker(path, id);
    CHECK_INT(tp_store_take(s, id, &err), TP_BUSY);
    tp_str says = tp_str_fmt(check_mem(), "is being worked on by process %d%c",
                             (int)pid, 0);
    CHECK_HAS(tp_str_of(err.msg), says.at);
    CHECK_OK(tp_store_take(s, other, &err), &err);
    tp_store_leave(s, id); /* not ours: nothing happens */
    CHECK_INT(tp_store_take(s, id, &err), TP_BUSY);
    siginfo_t dead;
    kill(pid, SIGKILL);
    waitid(P_PID, (id_t)pid, &dead, WEXITED | WNOWAIT);
    CHECK_OK(tp_store_take(s, id, &err), &err); /* though not waited for */
    waitpid(pid, NULL, 0);
    CHECK_OK(tp_store_take(s, id, &err), &err);
    tp_store_leave(s, id);
    tp_store_leave(s, other);
    pid = taker(path, id);
    CHECK_INT(tp_store_take(s, id, &err), TP_BUSY);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    CHECK_INT(tp_store_take(s, TP_S("none-0000"), &err), TP_BAD_INPUT);
    tp_store_close(s);
    remove_store(path);
}

/* The number of a dead owner is in use again, here by init. */
static void test_processes__knows_processes_by_more_than_their_number(void)
{
    static const char *const other[] = {
        "UPDATE owner SET pid=1, started='0 1'",
        "UPDATE owner SET pid=1, started='', boot=''",
    };
    const char *path = fresh_path();
    tp_store   *s;
    tp_err      err;
    if (!CHECK_OK(tp_store_open(&s, path, &err), &err)) return;
    tp_str id = add(s, TP_S("x"));
    for (int i = 0; i < TP_COUNT(other); i++) {
        CHECK_OK(tp_store_take(s, id, &err), &err);
        sql(path, other[i]);
        CHECK_OK(tp_store_take(s, id, &err), &err);
    }
    tp_store_close(s);
    sql(path, "DROP TABLE owner"); /* as the first versions left it */
    if (!CHECK_OK(tp_store_open(&s, path, &err), &err)) return;
    CHECK_OK(tp_store_take(s, id, &err), &err);
    tp_store_close(s);
    remove_store(path);
}

static tp_str status_of(tp_store *s, tp_str id)
{
    tp_run_row row = {0};
    tp_err     err = {0};
    CHECK_OK(tp_store_run_get(s, &row, id, check_mem(), &err), &err);
    return row.status;
}

static void end_as(tp_store *s, tp_str id, const char *status)
{
    tp_run_row row = {.id = id, .status = tp_str_of(status)};
    tp_err     err = {0};
    CHECK_OK(tp_store_run_end(s, &row, &err), &err);
}

/* Running is what somebody works on; nobody else's row says it. */
static void test_processes__tells_living_runs_from_dead_ones(void)
{
    const char *path = fresh_path();
    tp_store   *s;
    tp_err      err;
    if (!CHECK_OK(tp_store_open(&s, path, &err), &err)) return;
    tp_str id = add(s, TP_S("x"));
    end_as(s, id, "running");
    CHECK_STR(status_of(s, id), "interrupted"); /* read from a file */
    pid_t pid = taker(path, id);
    CHECK_STR(status_of(s, id), "running");
    end_as(s, id, "limit"); /* and gone on with */
    CHECK_STR(status_of(s, id), "running");
    end_as(s, id, "running");
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    CHECK_STR(status_of(s, id), "interrupted");
    const tp_run_row *row;
    int               n;
    CHECK_OK(tp_store_runs(s, &row, &n, check_mem(), &err), &err);
    CHECK_STR(row[0].status, "interrupted");
    end_as(s, id, "limit");
    pid = taker(path, id); /* gone on with, killed before a trial, after one */
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    CHECK_STR(status_of(s, id), "limit");
    tp_run_row more = {.id = id, .n_trial = 3};
    CHECK_OK(tp_store_progress(s, &more, &err), &err);
    CHECK_STR(status_of(s, id), "interrupted");
    end_as(s, id, "running");
    CHECK_OK(tp_store_take(s, id, &err), &err);
    CHECK_STR(status_of(s, id), "running");
    end_as(s, id, "limit");
    CHECK_STR(status_of(s, id), "limit"); /* ours: we know */
    tp_store_leave(s, id);
    end_as(s, id, "running");
    sql(path, "DROP TABLE owner; DROP TABLE waiting");
    tp_store_close(s);
    if (!CHECK_OK(tp_store_open_read(&s, path, &err), &err)) return;
    CHECK_STR(status_of(s, id), "interrupted"); /* of an earlier version */
    tp_store_close(s);
    remove_store(path);
}

static void expect_log(tp_store *s, tp_str id, const char *kinds, int waiting)
{
    tp_log log = {0};
    tp_err err = {0};
    tp_buf b = {.mem = check_mem()};
    CHECK_OK(tp_store_log(s, id, &log, check_mem(), &err), &err);
    for (int i = 0; i < log.n; i++) {
        CHECK_INT(log.event[i].number, i + 1);
        tp_buf_fmt(&b, "%s%.*s", i ? " " : "", TP_F(log.event[i].kind));
    }
    CHECK_STR(tp_buf_str(&b), kinds);
    CHECK_INT(log.n_waiting, waiting);
}

/* A remark while another process numbers the events. */
static void test_processes__takes_remarks_at_any_time(void)
{
    const char *path = fresh_path();
    tp_store   *s;
    tp_err      err;
    if (!CHECK_OK(tp_store_open(&s, path, &err), &err)) return;
    tp_str       id = add(s, TP_S("x")), other = add(s, TP_S("y"));
    tp_event_row e = {.number = 1, .kind = TP_S("ask"), .data = TP_S("")};
    CHECK_OK(tp_store_event_add(s, id, &e, &err), &err);
    pid_t pid = taker(path, id);
    CHECK_OK(tp_store_note(s, id, TP_S("one"), &err), &err);
    CHECK_OK(tp_store_note(s, id, TP_S("two"), &err), &err);
    CHECK_OK(tp_store_note(s, other, TP_S("else"), &err), &err);
    expect_log(s, id, "ask note note", 2);
    e = (tp_event_row){.number = 2, .kind = TP_S("tell"), .data = TP_S("")};
    CHECK_OK(tp_store_event_add(s, id, &e, &err), &err);
    expect_log(s, id, "ask tell note note", 2);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    CHECK_OK(tp_store_take(s, id, &err), &err);
    expect_log(s, id, "ask tell note note", 0);
    expect_log(s, other, "note", 1);
    tp_log    log = {0};
    tp_remark said = {0};
    CHECK_OK(tp_store_log(s, id, &log, check_mem(), &err), &err);
    CHECK(tp_remark_of(&said, &log.event[log.n - 1]));
    CHECK_STR(said.note, "two");
    CHECK_INT(tp_store_note(s, TP_S("none-0000"), TP_S("x"), &err),
              TP_BAD_INPUT);
    tp_store_close(s);
    remove_store(path);
}

static const check_test tests[] = {
    CHECK_TEST(test_processes__has_every_acknowledged_row_after_kill),
    CHECK_TEST(test_processes__is_made_once_by_many_at_a_time),
    CHECK_TEST(test_processes__lets_one_process_work_on_a_run),
    CHECK_TEST(test_processes__knows_processes_by_more_than_their_number),
    CHECK_TEST(test_processes__tells_living_runs_from_dead_ones),
    CHECK_TEST(test_processes__takes_remarks_at_any_time),
    {0},
};

int main(void)
{
    return check_main(tests);
}
