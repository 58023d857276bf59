/* trimpot list, show, export, report: what the store holds. */
#include "cli/cli.h"
#include "front/front.h"

static json_t *run_json(const tp_run_row *r, tp_arena *mem)
{
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:i, s:i, s:f}", "run",
        tp_report_text(r->id, mem), "path", tp_report_text(r->path, mem),
        "created", tp_report_text(r->created, mem), "status",
        tp_report_text(r->status, mem), "reason",
        tp_report_text(r->reason, mem), "method",
        tp_report_text(r->method, mem), "trials", r->n_trial, "failed",
        r->n_failed, "best", r->best, "seconds", r->seconds);
}

/* What an interrupted run needs to go on. */
static void say_resume(session *s, const tp_run_row *r)
{
    bool other = s->opt.store.len > 0;
    bool killed = r->reason.len && !tp_str_eq(r->reason, r->status);
    if (!tp_str_eq(r->status, TP_S("interrupted"))) return;
    say("%.*s was interrupted%s%.*s: `trimpot resume %.*s%s%.*s` goes on",
        TP_F(r->id), killed ? ", " : "", TP_F(killed ? r->reason : TP_S("")),
        TP_F(r->id), other ? " --store " : "", TP_F(s->opt.store));
}

tp_status cmd_list(session *s, int *exit_status, tp_err *err)
{
    const tp_run_row *row;
    int               n;
    (void)exit_status;
    TP_TRY(session_store(s, false, err));
    TP_TRY(tp_store_runs(s->store, &row, &n, &s->mem, err));
    if (s->opt.json) {
        json_t *all = json_array();
        for (int i = 0; i < n; i++)
            json_array_append_new(all, run_json(&row[i], &s->mem));
        print_json(json_pack("{s:o}", "runs", all));
        return TP_OK;
    }
    if (!n) say("no run is stored yet (%s)", session_store_path(s));
    if (n)
        printf("%-24s %-20s %-12s %7s %7s  %s\n", "run", "created", "status",
               "trials", "failed", "deck");
    for (int i = 0; i < n; i++)
        printf("%-24.*s %-20.*s %-12.*s %7d %7d  %.*s\n", TP_F(row[i].id),
               TP_F(row[i].created), TP_F(row[i].status), row[i].n_trial,
               row[i].n_failed, TP_F(tp_path_from_here(row[i].path, &s->mem)));
    for (int i = 0; i < n; i++) say_resume(s, &row[i]);
    return TP_OK;
}

tp_status cmd_show(session *s, int *exit_status, tp_err *err)
{
    stored_run r;
    TP_TRY(session_run(s, &r, s->opt.arg[0], err));
    TP_TRY(session_account(s, &r, err));
    if (s->opt.json)
        print(tp_report_json(&r.account, &s->mem));
    else
        print(tp_report_final(&r.account, colour_on(1), &s->mem));
    *exit_status = verdict(&r.account, r.account.proof.simulator.len > 0);
    return TP_OK;
}

/* To standard output, or as <folder>/<run>.<ending>. */
tp_status deliver(session *s, tp_str run, const char *ending, tp_str text,
                  tp_err *err)
{
    if (!s->opt.out.len) {
        print(text);
        return TP_OK;
    }
    TP_TRY(tp_folder_make(tp_str_z(&s->mem, s->opt.out), err));
    tp_str name = tp_str_fmt(&s->mem, "%.*s.%s", TP_F(run), ending);
    tp_str path = tp_path_join(s->opt.out, name, &s->mem);
    TP_TRY(tp_file_write(tp_str_z(&s->mem, path), text, err));
    say("wrote %.*s", TP_F(path));
    return TP_OK;
}

/* The history file of a problem file's run, as it is written while it goes. */
static tp_status export_history(session *s, const stored_run *r, tp_err *err)
{
    tp_account_of of = {&r->problem, &r->space, s->store, r->row.id,
                        r->set.ctol};
    tp_str        json, text;
    if (!r->problem.n_spec)
        return tp_fail(err, TP_BAD_INPUT,
                       "--history: only runs of problem files have one");
    TP_TRY(tp_front_json(&json, &r->problem.files.file[0], &s->mem, err));
    TP_TRY(tp_history_text(&text, &of, json, &s->mem, err));
    return deliver(s, r->row.id, "json", text, err);
}

tp_status cmd_export(session *s, int *exit_status, tp_err *err)
{
    stored_run r;
    (void)exit_status;
    if (s->opt.csv + s->opt.sxopt + s->opt.history != 1)
        return tp_fail(err, TP_BAD_INPUT,
                       "export: say one of --csv, --sxopt and --history");
    TP_TRY(session_run(s, &r, s->opt.arg[0], err));
    TP_TRY(session_account(s, &r, err));
    if (s->opt.csv)
        return deliver(s, r.row.id, "csv", tp_report_csv(&r.account, &s->mem),
                       err);
    if (s->opt.history) return export_history(s, &r, err);
    TP_TRY(session_needs_deck(&r, err));
    TP_TRY(outputs_fit_sxopt(&r.problem, err));
    return deliver(s, r.row.id, "sxopt", tp_report_sxopt(&r.account, &s->mem),
                   err);
}

static tp_status write_graph(session *s, const tp_graph *g, tp_str stem,
                             const char *ending, tp_err *err)
{
    tp_str path = tp_str_fmt(&s->mem, "%.*s.%s", TP_F(stem), ending);
    TP_TRY(tp_graph_write(g, tp_str_z(&s->mem, path), err));
    say("wrote %.*s", TP_F(path));
    return TP_OK;
}

tp_status cmd_report(session *s, int *exit_status, tp_err *err)
{
    stored_run r;
    tp_str     html;
    tp_graph   g;
    (void)exit_status;
    TP_TRY(session_run(s, &r, s->opt.arg[0], err));
    TP_TRY(session_account(s, &r, err));
    if (!s->opt.out.len) s->opt.out = TP_S(".");
    TP_TRY(tp_report_html(&html, &r.account, &s->mem, err));
    TP_TRY(deliver(s, r.row.id, "html", html, err));
    tp_report_convergence(&g, &r.account, &s->mem);
    tp_str stem = tp_path_join(
        s->opt.out, tp_str_fmt(&s->mem, "%.*s-convergence", TP_F(r.row.id)),
        &s->mem);
    TP_TRY(write_graph(s, &g, stem, "svg", err));
    return write_graph(s, &g, stem, "png", err);
}
