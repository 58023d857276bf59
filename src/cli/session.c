/* What commands share: the store, stored runs, the terminal, Ctrl-C. */
#include "cli/cli.h"
#include "front/front.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* A deck's text is no order to the terminal. */
void say(const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int      n = vsnprintf(NULL, 0, fmt, again);
    tp_arena mem = tp_arena_open((ptrdiff_t)n + (1 << 12));
    char    *text = TP_NEW(&mem, char, n + 1);
    vsnprintf(text, (size_t)n + 1, fmt, ap);
    va_end(again);
    va_end(ap);
    for (int i = 0; i < n; i++)
        if ((unsigned char)text[i] < ' ' && !strchr("\n\t", text[i]))
            text[i] = ' ';
    fprintf(stderr, "trimpot: %s\n", text);
    tp_arena_close(&mem);
}

void print(tp_str text)
{
    fwrite(text.at, 1, (size_t)text.len, stdout);
}

void print_json(json_t *j)
{
    tp_arena mem = tp_arena_open((ptrdiff_t)1 << 34);
    print(tp_report_json_text(j, false, &mem));
    print(TP_S("\n"));
    tp_arena_close(&mem);
    json_decref(j);
}

bool colour_on(int fd)
{
    const char *term = getenv("TERM");
    return isatty(fd) && !getenv("NO_COLOR") && term &&
           strcmp(term, "dumb") != 0;
}

int columns_of(int fd)
{
    struct winsize w;
    if (ioctl(fd, TIOCGWINSZ, &w) || w.ws_col < 20) return 80;
    return w.ws_col;
}

static volatile int stop_wanted;

/* The first time: end soon. The second: at once. */
static void on_stop(int sig)
{
    stop_wanted = 1;
    signal(sig, SIG_DFL);
}

const volatile int *stop_flag(void)
{
    struct sigaction a = {.sa_handler = on_stop};
    sigaction(SIGINT, &a, NULL);
    sigaction(SIGTERM, &a, NULL);
    return &stop_wanted;
}

const char *session_store_path(session *s)
{
    const char *env = getenv("TRIMPOT_STORE");
    if (s->opt.store.len) return tp_str_z(&s->mem, s->opt.store);
    return env && *env ? env : "trimpot.db";
}

tp_status session_store(session *s, bool make, tp_err *err)
{
    const char *path = session_store_path(s);
    if (!make && access(path, F_OK) != 0)
        return tp_fail(err, TP_IO, "no run is stored yet (%s)", path);
    return make ? tp_store_open(&s->store, path, err)
                : tp_store_open_read(&s->store, path, err);
}

/* A run to go on with is in a store that is there. */
static tp_status store_to_go_on(session *s, tp_err *err)
{
    TP_TRY(session_store(s, false, err));
    tp_store_close(s->store);
    s->store = NULL;
    return session_store(s, true, err);
}

/* How a run is read back from a file of its own. */
static const struct {
    const char *ending;
    tp_status (*read)(tp_sxopt *out, tp_str bytes, tp_arena *mem, tp_err *err);
} kinds[] = {
    {".sxopt", tp_report_sxopt_read},
    {".json", tp_history_read},
};

/* The kind of a run's file by its ending; -1: it is no file. */
static int kind_of(tp_str which)
{
    for (int i = 0; i < TP_COUNT(kinds); i++) {
        tp_str ending = tp_str_of(kinds[i].ending);
        if (which.len > ending.len &&
            tp_str_same(tp_str_from(which, which.len - ending.len), ending))
            return i;
    }
    return -1;
}

/* A file's run as a new row of the store. */
static tp_status import(session *s, tp_str path, tp_str *id, tp_err *err)
{
    tp_str   bytes;
    tp_sxopt x;
    TP_TRY(tp_file_read(&bytes, tp_str_z(&s->mem, path), (ptrdiff_t)1 << 30,
                        &s->mem, err));
    if (kinds[kind_of(path)].read(&x, bytes, &s->mem, err)) {
        tp_source file = {path, {"", 0}};
        if (err) tp_err_place(err, (tp_place){&file, 1, 0});
        return err ? err->code : TP_BAD_INPUT;
    }
    TP_TRY(tp_store_begin(s->store, err));
    TP_TRY(tp_store_run_add(s->store, &x.run, id, &s->mem, err));
    for (int i = 0; i < x.n_trial; i++)
        TP_TRY(tp_store_trial_add(s->store, *id, &x.trial[i], err));
    for (int i = 0; i < x.n_event; i++)
        TP_TRY(tp_store_event_add(s->store, *id, &x.event[i], err));
    return tp_store_commit(s->store, err);
}

/* The deck's files under the names they have from here: they were stored as
   seen from the folder where the run was started. */
static void rename_files(tp_files *f, tp_str main_path, tp_arena *mem)
{
    tp_source *file = TP_NEW(mem, tp_source, f->n);
    tp_str     from = tp_path_folder(f->file[0].name);
    tp_str     to = tp_path_folder(main_path);
    ptrdiff_t  skip = tp_str_eq(from, TP_S(".")) ? 0 : from.len + 1;
    for (int i = 0; i < f->n; i++) {
        file[i] = f->file[i];
        tp_str rest = tp_str_from(file[i].name, skip);
        if (!tp_str_starts(file[i].name, TP_S("/")))
            file[i].name = tp_path_join(to, rest, mem);
    }
    if (f->n) file[0].name = main_path;
    f->file = file;
}

/* The path of a run's deck from here. */
static tp_str main_path(const tp_run_row *row, tp_files *files, tp_arena *mem)
{
    if (!files->n || tp_str_starts(files->file[0].name, TP_S("/")) ||
        !tp_str_starts(row->path, TP_S("/")))
        return row->path;
    tp_str path = tp_path_from_here(row->path, mem);
    rename_files(files, path, mem);
    return path;
}

/* The run of that id in the open store. */
static tp_status read_back(session *s, stored_run *out, tp_str id, tp_err *err)
{
    tp_files files;
    *out = (stored_run){0};
    TP_TRY(tp_store_run_get(s->store, &out->row, id, &s->mem, err));
    tp_unpack u = {.rest = out->row.bundle};
    TP_TRY(tp_files_unpack(&files, &u, &s->mem, err));
    files.cache = s->disk.cache;
    const char *path = tp_str_z(&s->mem, main_path(&out->row, &files, &s->mem));
    tp_params_default(tp_run_params, &out->set);
    TP_TRY(tp_params_set_list(tp_run_params, &out->set, out->row.settings,
                              &s->mem, err));
    if (u.rest.len) /* a script's: its problem is stored beside it */
        TP_TRY(tp_problem_unpack(&out->problem, &u, &s->mem, err));
    else
        TP_TRY(tp_front_read_for(&out->problem, path, &files,
                                 out->set.simulator, &s->mem, err));
    return tp_prepare_space(&out->space, &out->problem, &out->set, &s->mem,
                            err);
}

tp_status session_run(session *s, stored_run *out, tp_str which, tp_err *err)
{
    if (kind_of(which) >= 0) { /* only looked at: the store stays as it is */
        TP_TRY(tp_store_open(&s->store, ":memory:", err));
        TP_TRY(import(s, which, &which, err));
    } else {
        TP_TRY(session_store(s, false, err));
    }
    return read_back(s, out, which, err);
}

tp_status session_go_on(session *s, stored_run *out, tp_str which, tp_err *err)
{
    tp_str path = which;
    if (kind_of(path) < 0) {
        TP_TRY(store_to_go_on(s, err));
    } else {
        TP_TRY(session_store(s, true, err));
        TP_TRY(import(s, path, &which, err));
        say("%.*s is now run %.*s", TP_F(path), TP_F(which));
    }
    return read_back(s, out, which, err);
}

tp_status session_needs_deck(const stored_run *r, tp_err *err)
{
    if (r->problem.n_bench) return TP_OK;
    if (!r->problem.script.len)
        return tp_fail(err, TP_BAD_INPUT,
                       "%.*s is a run of the prompt, which has no deck to read",
                       TP_F(r->row.id));
    return tp_fail(err, TP_BAD_INPUT,
                   "%.*s is a run of a script, which is no deck to read or "
                   "write: %.*s",
                   TP_F(r->row.id), TP_F(r->row.path));
}

tp_status session_account(session *s, stored_run *r, tp_err *err)
{
    tp_account_of of = {&r->problem, &r->space, s->store, r->row.id,
                        r->set.ctol};
    return tp_account_read(&r->account, &of, &s->mem, err);
}

tp_status session_trial(session *s, stored_run *r, const tp_trial **out,
                        tp_err *err)
{
    int n = s->opt.trial;
    TP_TRY(session_account(s, r, err));
    if (n == 0) n = r->account.best;
    if (n < 1 || n > r->account.n_trial)
        return tp_fail(err, TP_BAD_INPUT,
                       s->opt.trial ? "--trial %d: %.*s has trials 1 to %d"
                                    : "trial %d: %.*s has no best of %d trials",
                       n, TP_F(r->row.id), r->account.n_trial);
    *out = &r->account.trial[n - 1];
    return TP_OK;
}

tp_status session_look(session *s, stored_run *out, tp_str which, tp_err *err)
{
    session   look = *s;
    tp_status st = session_run(&look, out, which, err);
    if (!st) st = session_account(&look, out, err);
    if (look.store) tp_store_close(look.store);
    s->mem = look.mem;
    return st;
}
