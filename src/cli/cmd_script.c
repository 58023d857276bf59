/* `trimpot run` of a deck whose control block uses `optimize`, and `trimpot
   resume` of such a run: the script is run again from its first line. */
#include "cli/cli.h"
#include "cli/script.h"
#include "front/front.h"
#include "netlist/netlist.h"

#include <unistd.h>

static bool is_script(tp_deck *d)
{
    const tp_card *card;
    int            n = tp_deck_cards(d, &card);
    for (int i = 0; i < n; i++)
        if (tp_str_starts(card[i].text, TP_S(".control")) &&
            tp_str_has(card[i].body, TP_S("optimize")))
            return true;
    return false;
}

tp_status read_problem(session *s, tp_problem *out, bool *script, tp_err *err)
{
    const char *path = tp_str_z(&s->mem, s->opt.arg[0]);
    tp_deck    *d;
    *script = false;
    if (tp_front_is_problem(path))
        return tp_front_read_for(out, path, &s->disk, s->opt.run.simulator,
                                 &s->mem, err);
    TP_TRY(tp_deck_read(&d, path, &s->disk, &s->mem, err));
    *script = is_script(d);
    if (*script) return TP_OK;
    return tp_front_read_deck(out, path, d, &s->disk, &s->mem, err);
}

/* Every run of the script as one JSON object: the last one's, with all in
   `runs`. */
static tp_status print_runs(session *s, const tp_str *id, int n,
                            int *exit_status, tp_err *err)
{
    tp_buf all = {.mem = &s->mem};
    tp_str last = TP_S("{}");
    for (int i = 0; i < n; i++) {
        stored_run r;
        TP_TRY(session_run(s, &r, id[i], err));
        TP_TRY(session_account(s, &r, err));
        last = tp_str_trim(tp_report_json(&r.account, &s->mem));
        tp_buf_fmt(&all, "%s%.*s", i ? ", " : "", TP_F(last));
        *exit_status = verdict(&r.account, !s->opt.no_proof);
        tp_store_close(s->store);
        s->store = NULL;
    }
    if (!s->opt.json) return TP_OK;
    tp_str text = tp_str_fmt(&s->mem, "%.*s%s\"runs\": [%.*s]}\n",
                             TP_F(tp_str_part(last, 0, last.len - 1)),
                             n ? ", " : "", TP_F(tp_buf_str(&all)));
    print(text);
    return TP_OK;
}

/* Flags of `run` that a script has no use for are refused, not ignored. */
static tp_status check_flags(const session *s, tp_err *err)
{
    const options *o = &s->opt;
    const char    *given = o->run.method.len      ? "method"
                           : o->run.lin.len       ? "lin"
                           : o->run.set.len       ? "set"
                           : o->write_deck.len    ? "write-deck"
                           : o->write_deck_as.len ? "write-deck-as"
                           : o->progress          ? "progress"
                                                  : NULL;
    if (!given) return TP_OK;
    return tp_fail(err, TP_BAD_INPUT,
                   "--%s: %.*s is a script; its own optimize commands say that",
                   given, TP_F(o->arg[0]));
}

/* Runs the file from its first line, and prints the runs it made. */
static tp_status execute(session *s, const tp_session_setup *setup,
                         int *exit_status, tp_err *err)
{
    tp_session   *t;
    const tp_str *id;
    TP_TRY(tp_session_open(&t, setup, err));
    tp_str line =
        tp_str_fmt(&s->mem, "source \"%.*s\"", TP_F(tp_path_name(setup->path)));
    tp_status st = tp_session_line(t, line, (tp_place){0}, NULL, err);
    int       n = tp_session_runs(t, &id);
    tp_str   *keep = TP_NEW(&s->mem, tp_str, n);
    for (int i = 0; i < n; i++) keep[i] = tp_str_copy(&s->mem, id[i]);
    tp_session_close(t);
    if (!st && n < setup->n_stored)
        say("the script ended before its run %.*s; that one stays as it is",
            TP_F(setup->stored[n].id));
    return st ? st : print_runs(s, keep, n, exit_status, err);
}

static tp_status setup_of_file(session *s, tp_str path, tp_session_setup *setup,
                               tp_err *err)
{
    TP_TRY(script_setup(s, setup, err));
    setup->script = true;
    setup->name = tp_path_stem(path);
    setup->path = path;
    setup->decks = tp_path_folder(path);
    if (!s->opt.out.len) setup->folder = setup->decks;
    return TP_OK;
}

tp_status run_script(session *s, int *exit_status, tp_err *err)
{
    tp_session_setup setup;
    TP_TRY(check_flags(s, err));
    TP_TRY(setup_of_file(s, s->opt.arg[0], &setup, err));
    return execute(s, &setup, exit_status, err);
}

/* The stored runs of one execution, in their order. */
static tp_status runs_of(session *s, tp_str token, tp_session_setup *setup,
                         tp_err *err)
{
    const tp_run_row *row;
    int               n;
    TP_TRY(tp_store_runs(s->store, &row, &n, &s->mem, err));
    tp_stored_script *stored = TP_NEW(&s->mem, tp_stored_script, n);
    setup->stored = stored;
    for (int i = n - 1; i >= 0; i--) { /* oldest first */
        tp_files         files;
        tp_script_mark   mark;
        tp_stored_script one = {.id = row[i].id};
        tp_unpack        u = {.rest = row[i].bundle};
        if (tp_files_unpack(&files, &u, &s->mem, NULL) || !u.rest.len ||
            tp_problem_unpack(&one.problem, &u, &s->mem, NULL))
            continue;
        if (!tp_script_mark_read(&mark, one.problem.script) ||
            !tp_str_eq(mark.token, token) || mark.number != setup->n_stored + 1)
            continue;
        stored[setup->n_stored++] = one;
    }
    return TP_OK;
}

tp_status resume_script(session *s, const stored_run *of, int *exit_status,
                        tp_err *err)
{
    tp_script_mark   mark;
    tp_session_setup setup;
    tp_run_settings  given = s->opt.run;
    tp_str           path = tp_path_from_here(of->row.path, &s->mem);
    if (!tp_script_mark_read(&mark, of->problem.script))
        return tp_fail(err, TP_BAD_INPUT, "%.*s: its script's mark is damaged",
                       TP_F(of->row.id));
    if (access(tp_str_z(&s->mem, path), R_OK) != 0)
        return tp_fail(err, TP_IO, "the script '%.*s' is not there (any more)",
                       TP_F(path));
    TP_TRY(check_flags(s, err));
    TP_TRY(setup_of_file(s, path, &setup, err));
    tp_params_default(tp_run_params, &setup.set);
    TP_TRY(tp_params_set_list(tp_run_params, &setup.set, mark.settings, &s->mem,
                              err));
    setup.set.jobs = given.jobs;
    setup.set.exec = given.exec;
    setup.set.program = given.program;
    if (given.include_dir.len) setup.set.include_dir = given.include_dir;
    if (given.max_trials) setup.set.max_trials = given.max_trials;
    if (given.max_time > 0) setup.set.max_time = given.max_time;
    setup.max_trials = given.max_trials;
    setup.max_time = given.max_time;
    setup.token = mark.token;
    TP_TRY(runs_of(s, mark.token, &setup, err));
    tp_store_close(s->store);
    s->store = NULL;
    say("running %.*s again with its %d stored run%s", TP_F(path),
        setup.n_stored, setup.n_stored == 1 ? "" : "s");
    return execute(s, &setup, exit_status, err);
}
