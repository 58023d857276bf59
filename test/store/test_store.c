/* The store: what goes in comes out, ids and their prefixes, transactions,
   foreign files, a disk that is full. */
#include "store/rows.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* The end of the run that write_all makes. */
static tp_run_row ended(tp_str id)
{
    tp_run_row end = amp;
    end.id = id;
    end.status = TP_S("converged");
    end.reason = TP_S("ftolreached");
    end.n_trial = 3;
    end.n_failed = 1;
    end.best = 2;
    end.seconds = 0.1;
    end.proof = (tp_str){"\0p", 2};
    return end;
}

/* A run with 3 trials, the last one first, and 12 events; its id. */
static tp_str write_all(tp_store *s)
{
    tp_err err;
    tp_str id = add(s, TP_S("amp-700"));
    for (int i = 3; i >= 1; i--) {
        tp_trial_row one = trial(i);
        CHECK_OK(tp_store_trial_add(s, id, &one, &err), &err);
    }
    for (int i = 1; i <= 12; i++) {
        tp_event_row one = {i, TP_S("ask"), {"\0\1\2", 3}};
        CHECK_OK(tp_store_event_add(s, id, &one, &err), &err);
    }
    tp_run_row end = ended(id);
    CHECK_OK(tp_store_run_end(s, &end, &err), &err);
    return id;
}

static void check_run(const tp_run_row *got, tp_str id)
{
    tp_run_row end = ended(id);
    CHECK(tp_str_eq(got->id, id));
    CHECK_STR(got->name, "amp-700");
    CHECK_STR(got->path, "dir/amp-700.net");
    CHECK_STR(got->created, "2026-11-21T02:40:00Z");
    CHECK(tp_str_eq(got->bundle, amp.bundle));
    CHECK_STR(got->method, "COBYLA");
    CHECK_STR(got->method_settings, "");
    CHECK_STR(got->settings, "seed=1");
    CHECK_STR(got->status, "converged");
    CHECK_STR(got->reason, "ftolreached");
    CHECK(got->n_trial == 3 && got->n_failed == 1 && got->best == 2);
    CHECK_NEAR(got->seconds, 0.1, 0);
    CHECK(tp_str_eq(got->proof, end.proof));
}

static void check_trial(const tp_trial_row *t, int number)
{
    CHECK_INT(t->number, number);
    CHECK(tp_str_eq(t->x, trial(1).x));
    CHECK(tp_str_eq(t->readings, trial(1).readings));
    CHECK_STR(t->outcome, "ran");
    CHECK_STR(t->why, "");
    CHECK_INT(t->waves.len, 0);
    CHECK_NEAR(t->sim_seconds, 0.25 * number, 0);
    CHECK_NEAR(t->seconds, 1e-300, 0);
    CHECK(t->iterations == 17 && t->attempts == 2);
    CHECK_STR(t->log, "line 1\nline 2");
}

/* All that write_all wrote is there, and nothing can be added. */
static void check_all(tp_store *s, tp_str id)
{
    tp_err              err;
    tp_run_row          got;
    const tp_trial_row *t;
    const tp_event_row *e;
    int                 n;
    if (!CHECK_OK(tp_store_run_get(s, &got, id, check_mem(), &err), &err))
        return;
    check_run(&got, id);
    CHECK_OK(tp_store_trials(s, id, &t, &n, check_mem(), &err), &err);
    CHECK_INT(n, 3);
    for (int i = 0; i < n; i++) check_trial(&t[i], i + 1);
    CHECK_OK(tp_store_events(s, id, &e, &n, check_mem(), &err), &err);
    CHECK_INT(n, 12);
    for (int i = 0; i < n; i++) {
        CHECK_INT(e[i].number, i + 1);
        CHECK_STR(e[i].kind, "ask");
        CHECK(tp_str_eq(e[i].data, (tp_str){"\0\1\2", 3}));
    }
    tp_trial_row one = trial(4);
    CHECK_INT(tp_store_trial_add(s, id, &one, &err), TP_IO);
}

static void test_store__gives_back_what_it_was_given(void)
{
    const char *path = fresh_path();
    tp_store   *s;
    tp_err      err;
    if (!CHECK_OK(tp_store_open(&s, path, &err), &err)) return;
    tp_str id = write_all(s);
    tp_store_close(s);
    if (!CHECK_OK(tp_store_open_read(&s, path, &err), &err)) return;
    check_all(s, id);
    tp_store_close(s);
    remove_store(path);
}

/* A store in a folder nobody may write to, read by somebody who is not root:
   SQLite can't make its helper files there. */
static void test_store__is_read_where_nothing_can_be_written(void)
{
    const char *path = fresh_path();
    tp_store   *s;
    tp_err      err;
    int         how;
    if (!CHECK_OK(tp_store_open(&s, path, &err), &err)) return;
    tp_str id = write_all(s);
    tp_store_close(s);
    const char *folder = tp_str_z(check_mem(), tp_path_folder(tp_str_of(path)));
    CHECK(chmod(path, 0444) == 0 && chmod(folder, 0555) == 0);
    pid_t child = fork();
    if (child == 0) {
        if (geteuid() == 0 && setuid(65534)) _exit(1);
        check_failures = 0;
        if (CHECK_OK(tp_store_open_read(&s, path, &err), &err)) {
            check_all(s, id);
            tp_store_close(s);
        }
        CHECK_INT(tp_store_open(&s, path, &err), TP_IO);
        _exit(check_failures > 0);
    }
    waitpid(child, &how, 0);
    CHECK_INT(how, 0);
    chmod(folder, 0755);
    remove_store(path);
}

/* Counts of a run that goes on, until it ends with its own. */
static void test_store__knows_how_far_a_run_is(void)
{
    const char *path = fresh_path();
    tp_store   *s;
    tp_err      err;
    if (!CHECK_OK(tp_store_open(&s, path, &err), &err)) return;
    tp_str            id = add(s, TP_S("amp-700")), other = add(s, TP_S("b"));
    tp_run_row        row = ended(id), got, none = ended(TP_S("nobody"));
    const tp_run_row *all;
    int               n;
    for (int i = 1; i < 8; i++) {
        row.n_trial = 10 * i;
        CHECK_OK(tp_store_progress(s, &row, &err), &err);
    }
    CHECK_INT(tp_store_progress(s, &none, &err), TP_BAD_INPUT);
    CHECK_OK(tp_store_run_get(s, &got, id, check_mem(), &err), &err);
    CHECK(got.n_trial == 70 && got.n_failed == 1 && got.best == 2);
    CHECK_STR(got.status, "interrupted");
    CHECK_OK(tp_store_runs(s, &all, &n, check_mem(), &err), &err);
    CHECK(n == 2 && all[1].n_trial == 70 && all[0].n_trial == 0);
    CHECK(tp_str_eq(all[0].id, other));
    row = ended(id);
    CHECK_OK(tp_store_run_end(s, &row, &err), &err);
    CHECK_OK(tp_store_run_get(s, &got, id, check_mem(), &err), &err);
    check_run(&got, id);
    tp_store_close(s);
    remove_store(path);
}

static bool is_id(tp_str id, const char *name)
{
    ptrdiff_t at = (ptrdiff_t)strlen(name);
    if (id.len != at + 5 || !tp_str_starts(id, tp_str_of(name))) return false;
    if (id.at[at] != '-') return false;
    for (ptrdiff_t i = at + 1; i < id.len; i++)
        if (!strchr("0123456789abcdef", id.at[i])) return false;
    return true;
}

static void test_store__makes_plain_and_different_ids(void)
{
    static const char *const names[][2] = {
        {"amp-700", "amp-700"}, {"My Amp (2).net", "my-amp--2-.net"},
        {"../x", "x"},          {"", "run"},
        {"\xc3\xa4#", "run"},   {"a_b.C", "a_b.c"},
        {"--jobs", "jobs"},
    };
    const char *path = fresh_path();
    tp_store   *s;
    tp_err      err;
    if (!CHECK_OK(tp_store_open(&s, path, &err), &err)) return;
    for (int i = 0; i < TP_COUNT(names); i++) {
        tp_str id = add(s, tp_str_of(names[i][0]));
        if (!CHECK(is_id(id, names[i][1])))
            printf("  %s -> %.*s\n", names[i][0], TP_F(id));
    }
    for (int i = 0; i < 400; i++) add(s, TP_S("same")); /* some collide */
    const tp_run_row *row;
    int               n;
    CHECK_OK(tp_store_runs(s, &row, &n, check_mem(), &err), &err);
    CHECK_INT(n, 400 + TP_COUNT(names));
    tp_store_close(s);
    remove_store(path);
}

static void test_store__finds_runs_by_prefix_and_last(void)
{
    const char       *path = fresh_path();
    tp_store         *s;
    tp_err            err;
    tp_run_row        got;
    const tp_run_row *all;
    int               n;
    if (!CHECK_OK(tp_store_open(&s, path, &err), &err)) return;
    CHECK_INT(tp_store_run_get(s, &got, TP_S("last"), check_mem(), &err),
              TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "no run is stored here");
    tp_str a = add(s, TP_S("amp-700"));
    tp_str b = add(s, TP_S("amp-800"));
    tp_str c = add(s, TP_S("diode"));
    CHECK_OK(tp_store_run_get(s, &got, TP_S("LAST"), check_mem(), &err), &err);
    CHECK(tp_str_eq(got.id, c));
    CHECK_OK(tp_store_run_get(s, &got, TP_S("amp-7"), check_mem(), &err), &err);
    CHECK(tp_str_eq(got.id, a));
    CHECK_OK(tp_store_run_get(s, &got, TP_S("D"), check_mem(), &err), &err);
    CHECK(tp_str_eq(got.id, c));
    CHECK_INT(tp_store_run_get(s, &got, TP_S("amp"), check_mem(), &err),
              TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "'amp' fits 2 runs: ");
    CHECK_HAS(tp_str_of(err.msg), tp_str_z(check_mem(), a));
    CHECK_HAS(tp_str_of(err.msg), tp_str_z(check_mem(), b));
    tp_str typo = tp_str_copy(check_mem(), b);
    ((char *)(uintptr_t)typo.at)[1] = 'n'; /* "anp-800-...." */
    CHECK_INT(tp_store_run_get(s, &got, typo, check_mem(), &err), TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "did you mean amp-800");
    CHECK_INT(tp_store_run_get(s, &got, TP_S(""), check_mem(), &err),
              TP_BAD_INPUT);
    CHECK_INT(tp_store_run_get(s, &got, TP_S("a%"), check_mem(), &err),
              TP_BAD_INPUT);
    CHECK_OK(tp_store_runs(s, &all, &n, check_mem(), &err), &err);
    CHECK_INT(n, 3);
    CHECK(tp_str_eq(all[0].id, c) && tp_str_eq(all[2].id, a));
    tp_store_close(s);
    remove_store(path);
}

static void test_store__refuses_gaps_doubles_and_unknown_runs(void)
{
    const char *path = fresh_path();
    tp_store   *s;
    tp_err      err;
    if (!CHECK_OK(tp_store_open(&s, path, &err), &err)) return;
    tp_str       id = add(s, TP_S("x"));
    tp_event_row e = {2, TP_S("ask"), TP_S("")};
    CHECK_INT(tp_store_event_add(s, id, &e, &err), TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "event 2: ");
    CHECK_HAS(tp_str_of(err.msg), "not the next one");
    e.number = 1;
    CHECK_OK(tp_store_event_add(s, id, &e, &err), &err);
    CHECK_INT(tp_store_event_add(s, id, &e, &err), TP_BAD_INPUT);
    tp_trial_row t = trial(1);
    CHECK_OK(tp_store_trial_add(s, id, &t, &err), &err);
    CHECK_INT(tp_store_trial_add(s, id, &t, &err), TP_IO);
    CHECK_HAS(tp_str_of(err.msg), "UNIQUE");
    CHECK_INT(tp_store_trial_add(s, TP_S("no"), &t, &err), TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "no run 'no'");
    CHECK_INT(tp_store_event_add(s, TP_S("no"), &e, &err), TP_BAD_INPUT);
    tp_run_row end = amp;
    end.id = TP_S("no");
    CHECK_INT(tp_store_run_end(s, &end, &err), TP_BAD_INPUT);
    tp_store_close(s);
    remove_store(path);
}

static void test_store__keeps_all_of_a_transaction_or_nothing(void)
{
    const char *path = fresh_path();
    tp_store   *s;
    tp_err      err;
    if (!CHECK_OK(tp_store_open(&s, path, &err), &err)) return;
    tp_str       id = add(s, TP_S("x"));
    tp_trial_row one = trial(1), two = trial(2);
    CHECK_OK(tp_store_begin(s, &err), &err);
    CHECK_OK(tp_store_trial_add(s, id, &one, &err), &err);
    CHECK_INT(tp_store_trial_add(s, id, &one, &err), TP_IO);
    CHECK_INT(tp_store_trial_add(s, id, &two, &err), TP_IO);
    CHECK_INT(tp_store_commit(s, &err), TP_IO);
    CHECK_HAS(tp_str_of(err.msg), "nothing of the transaction");
    CHECK_INT(n_trials(s, id), 0);
    CHECK_OK(tp_store_begin(s, &err), &err);
    CHECK_OK(tp_store_trial_add(s, id, &one, &err), &err);
    CHECK_OK(tp_store_trial_add(s, id, &two, &err), &err);
    CHECK_OK(tp_store_commit(s, &err), &err);
    CHECK_INT(n_trials(s, id), 2);
    CHECK_OK(tp_store_begin(s, &err), &err);
    tp_trial_row three = trial(3);
    CHECK_OK(tp_store_trial_add(s, id, &three, &err), &err);
    tp_store_close(s); /* not committed */
    CHECK_OK(tp_store_open(&s, path, &err), &err);
    CHECK_INT(n_trials(s, id), 2);
    tp_store_close(s);
    remove_store(path);
}

/* ---- files that are none of ours ------------------------------------- */

static void test_store__leaves_foreign_files_alone(void)
{
    const char *path = fresh_path();
    tp_store   *s;
    tp_err      err;
    tp_str      after, text = tp_str_fmt(check_mem(), "* a netlist\n%0200d", 0);
    CHECK_OK(tp_file_write(path, text, &err), &err);
    CHECK_INT(tp_store_open(&s, path, &err), TP_IO);
    CHECK_HAS(tp_str_of(err.msg), "not a database");
    CHECK_INT(tp_store_open_read(&s, path, &err), TP_IO);
    CHECK_OK(tp_file_read(&after, path, 1000, check_mem(), &err), &err);
    CHECK(tp_str_eq(after, text));
    unlink(path);
    sql(path, "CREATE TABLE bookmarks(a)");
    CHECK_INT(tp_store_open(&s, path, &err), TP_IO);
    CHECK_HAS(tp_str_of(err.msg), "another program");
    sql(path, "PRAGMA application_id=1953525108; PRAGMA user_version=2");
    CHECK_INT(tp_store_open(&s, path, &err), TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "newer trimpot (schema 2");
    unlink(path);
    CHECK_INT(tp_store_open_read(&s, path, &err), TP_IO);
    CHECK_HAS(tp_str_of(err.msg), "unable to open");
    CHECK(access(path, F_OK) != 0);
    CHECK_OK(tp_file_write(path, TP_S(""), &err), &err);
    CHECK_INT(tp_store_open_read(&s, path, &err), TP_IO);
    CHECK_HAS(tp_str_of(err.msg), "empty file");
    CHECK_OK(tp_store_open(&s, path, &err), &err); /* made there */
    tp_store_close(s);
    CHECK_INT(tp_store_open(&s, "/nonexistent/x.db", &err), TP_IO);
    CHECK_HAS(tp_str_of(err.msg), "/nonexistent/x.db");
    remove_store(path);
}

/* ---- hostile surroundings -------------------------------------------- */

/* In a child: files may not grow beyond `most` bytes; the number of trials
   stored before that was met, or a reason as a negative number. */
static int fill(const char *path, tp_str id, rlim_t most)
{
    tp_store     *s;
    tp_err        err;
    struct rlimit limit = {most, most};
    char         *big = calloc(1, 20000);
    signal(SIGXFSZ, SIG_IGN);
    if (tp_store_open(&s, path, &err) || !big) return -1;
    if (setrlimit(RLIMIT_FSIZE, &limit)) return -2;
    for (int i = 1; i < 1000; i++) {
        tp_trial_row t = trial(i);
        tp_event_row e = {i, TP_S("tell"), TP_S("data")};
        t.waves = (tp_str){big, 20000};
        tp_status status = tp_store_begin(s, &err);
        if (!status) status = tp_store_event_add(s, id, &e, &err);
        if (!status) status = tp_store_trial_add(s, id, &t, &err);
        if (!status) status = tp_store_commit(s, &err);
        if (status == TP_IO && strstr(err.msg, path)) return i - 1;
        if (status) return -3;
    }
    return -4;
}

static void test_store__says_when_the_disk_is_full(void)
{
    const char *path = fresh_path();
    tp_store   *s;
    tp_err      err;
    if (!CHECK_OK(tp_store_open(&s, path, &err), &err)) return;
    tp_str id = add(s, TP_S("full"));
    int    ends[2], stored = -9, how;
    if (!CHECK(pipe(ends) == 0)) return;
    pid_t child = fork();
    if (child == 0) {
        stored = fill(path, id, 400000);
        _exit(write(ends[1], &stored, sizeof stored) != sizeof stored);
    }
    CHECK(read(ends[0], &stored, sizeof stored) == sizeof stored);
    waitpid(child, &how, 0);
    close(ends[0]);
    close(ends[1]);
    CHECK(stored > 3 && stored < 40);
    const tp_event_row *e;
    int                 n_event;
    CHECK_INT(n_trials(s, id), stored);
    CHECK_OK(tp_store_events(s, id, &e, &n_event, check_mem(), &err), &err);
    CHECK_INT(n_event, stored);
    tp_trial_row next = trial(stored + 1); /* there is room again */
    CHECK_OK(tp_store_trial_add(s, id, &next, &err), &err);
    tp_store_close(s);
    remove_store(path);
}

static void test_store__refuses_more_than_the_memory_holds(void)
{
    const char         *path = fresh_path();
    tp_store           *s;
    tp_err              err;
    const tp_trial_row *t;
    int                 n;
    if (!CHECK_OK(tp_store_open(&s, path, &err), &err)) return;
    tp_str       id = add(s, TP_S("x"));
    tp_trial_row one = trial(1);
    one.waves = (tp_str){TP_NEW(check_mem(), char, 1 << 20), 1 << 20};
    CHECK_OK(tp_store_trial_add(s, id, &one, &err), &err);
    tp_arena small = tp_arena_open(1 << 16);
    tp_arena use = small;
    CHECK_INT(tp_store_trials(s, id, &t, &n, &use, &err), TP_LIMIT);
    tp_arena_close(&small);
    CHECK_INT(n_trials(s, id), 1);
    tp_store_close(s);
    remove_store(path);
}

/* Whole, with each byte missing at its end, and of another kind. */
static void test_store__simulators_are_events(void)
{
    tp_simulator was = {7, TP_S("ngspice-39, built some day")}, is = {0};
    tp_event_row e = {.kind = TP_S("simulator"),
                      .data = tp_simulator_pack(&was, check_mem())};
    CHECK(tp_simulator_of(&is, &e));
    CHECK_INT(is.trial, 7);
    CHECK_STR(is.version, "ngspice-39, built some day");
    for (ptrdiff_t n = e.data.len - 1; n >= 0; n--) {
        tp_event_row cut = {.kind = e.kind, .data = tp_str_part(e.data, 0, n)};
        CHECK(!tp_simulator_of(&is, &cut));
    }
    e.kind = TP_S("jobs");
    CHECK(!tp_simulator_of(&is, &e));
    was.trial = 0;
    e = (tp_event_row){.kind = TP_S("simulator"),
                       .data = tp_simulator_pack(&was, check_mem())};
    CHECK(!tp_simulator_of(&is, &e));
}

static const check_test tests[] = {
    CHECK_TEST(test_store__gives_back_what_it_was_given),
    CHECK_TEST(test_store__is_read_where_nothing_can_be_written),
    CHECK_TEST(test_store__knows_how_far_a_run_is),
    CHECK_TEST(test_store__makes_plain_and_different_ids),
    CHECK_TEST(test_store__simulators_are_events),
    CHECK_TEST(test_store__finds_runs_by_prefix_and_last),
    CHECK_TEST(test_store__refuses_gaps_doubles_and_unknown_runs),
    CHECK_TEST(test_store__keeps_all_of_a_transaction_or_nothing),
    CHECK_TEST(test_store__leaves_foreign_files_alone),
    CHECK_TEST(test_store__says_when_the_disk_is_full),
    CHECK_TEST(test_store__refuses_more_than_the_memory_holds),
    {0},
};

int main(void)
{
    return check_main(tests);
}
