/* trimpot run, resume, measure. */
#include "cli/sizing.h"
#include "front/front.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* What the progress lines need. */
typedef struct watcher {
    session          *s;
    const tp_problem *p;
    bool              lines, bar, shown;
    int               n, failed, max;
    double            began, last;
    sizing           *sizing; /* of a problem file; NULL: none */
} watcher;

static void clear_bar(watcher *w)
{
    if (w->shown) fputs("\r\033[K", stderr);
    w->shown = false;
}

static void on_trial(void *with, const tp_trial *t, const tp_trial *best)
{
    watcher *w = with;
    tp_arena mem = w->s->mem;
    w->n++;
    if (!t->score.ok) w->failed++;
    if (w->sizing) {
        clear_bar(w);
        sizing_trial(w->sizing, t, best);
    } else if (w->lines) {
        tp_str line =
            tp_report_plain(tp_report_trial(w->p, t, best, &mem), &mem);
        fprintf(stderr, "%.*s\n", TP_F(line));
    } else if (w->bar && tp_now() - w->last > 0.1) {
        tp_bar at = {w->n, w->failed, w->max, tp_now() - w->began, best};
        tp_str line = tp_report_bar(w->p, &at, columns_of(2) - 1, &mem);
        fprintf(stderr, "\r\033[K%.*s", TP_F(line));
        w->shown = true;
        w->last = tp_now();
    }
    fflush(stderr);
}

static void on_notice(void *with, tp_str text)
{
    clear_bar(with);
    say("%.*s", TP_F(text));
}

static void deck_notices(const tp_problem *p)
{
    for (int i = 0; i < p->n_notice; i++) say("%.*s", TP_F(p->notice[i]));
}

/* A run with what it was made of. */
typedef struct work {
    tp_run           *r;
    const tp_problem *p;
    outputs           out;
    double            ctol;
    report_run       *report;
    sizing            sizing;
    bool              blocks; /* one after every iteration */
} work;

static tp_status go(session *s, work *w, tp_err *err)
{
    watcher      watch = {.s = s,
                          .p = w->p,
                          .lines = w->p->show_progress || s->opt.progress,
                          .bar = isatty(2),
                          .max = tp_run_limit(w->r),
                          .began = tp_now(),
                          .sizing = w->blocks ? &w->sizing : NULL};
    tp_run_watch calls = {&watch, on_trial, on_notice, stop_flag()};
    tp_status    st = tp_run_go(w->r, &calls, err);
    clear_bar(&watch);
    return st;
}

/* The result is printed by now: a file that can't be written is said and
   changes the status. */
static void leave_files(session *s, const work *w, const tp_account *a,
                        int *exit_status, tp_err *err)
{
    tp_status st = outputs_write(s, a, &w->out, err);
    if (!st) return;
    tp_str text = tp_err_text(err, &s->mem);
    say("%.*s", TP_F(text));
    *exit_status = tp_status_exit(st);
}

static void print_report(session *s, const tp_account *a, tp_str history)
{
    if (s->opt.json)
        print(tp_report_json(a, &s->mem));
    else if (a->problem->n_spec)
        print(tp_report_sizing(a, history, &s->mem));
    else
        print(tp_report_final(a, colour_on(1), &s->mem));
}

/* A simulator outside of ours has no second one to be proven by. */
static bool can_prove(const tp_problem *p)
{
    return p->n_bench > 0 && (p->bench[0].deck || p->bench[0].program);
}

/* The run to its end, its proof, its files, its report. */
static tp_status finish(session *s, work *w, int *exit_status, tp_err *err)
{
    tp_account a;
    tp_proof   proof;
    tp_run    *r = w->r;
    tp_status  went;
    w->sizing = (sizing){.s = s, .run = r, .problem = w->p, .ctol = w->ctol};
    TP_TRY(sizing_begin(&w->sizing, err));
    went = go(s, w, err);
    if (went) {
        sizing_end(&w->sizing);
        return went;
    }
    bool prove = !s->opt.no_proof && tp_run_best(r) && can_prove(w->p);
    if (prove) TP_TRY(tp_run_prove(r, &proof, &s->mem, err));
    tp_account_of of = {w->p, tp_run_space(r), s->store, tp_run_id(r), w->ctol};
    TP_TRY(tp_account_read(&a, &of, &s->mem, err));
    a.repeats = tp_run_repeats(r);
    w->report(s, &a, sizing_end(&w->sizing));
    *exit_status = verdict(&a, prove);
    if (tp_str_eq(tp_run_status(r), TP_S("interrupted")))
        *exit_status = tp_status_exit(TP_INTERRUPTED);
    leave_files(s, w, &a, exit_status, err);
    return TP_OK;
}

/* The trials of the run of --from, before the store is opened for this one. */
static tp_status read_earlier(session *s, stored_run *of, tp_err *err)
{
    if (!s->opt.from.len) return TP_OK;
    if (session_look(s, of, s->opt.from, err))
        return tp_while(err, "--from %.*s", TP_F(s->opt.from));
    return TP_OK;
}

static tp_status start(session *s, const tp_problem *p, tp_run **out,
                       const stored_run *of, tp_err *err)
{
    tp_earlier e = {&of->problem, of->account.n_trial, of->account.trial};
    return tp_run_start_from(out, p, &s->opt.run, s->opt.from.len ? &e : NULL,
                             s->store, err);
}

tp_status run_problem(session *s, const tp_problem *p, report_run *report,
                      int *exit_status, tp_err *err)
{
    work       w = {.p = p,
                    .ctol = s->opt.run.ctol,
                    .report = report,
                    .blocks = p->n_spec && report == print_report};
    stored_run earlier = {0};
    deck_notices(p);
    TP_TRY(outputs_check(s, p, &w.out, err));
    TP_TRY(sizing_check(s, p, err));
    TP_TRY(read_earlier(s, &earlier, err));
    TP_TRY(tp_run_may_start(p, &s->opt.run, err)); /* before a store is made */
    TP_TRY(session_store(s, true, err));
    TP_TRY(start(s, p, &w.r, &earlier, err));
    say("run %.*s (%.*s)", TP_F(tp_run_id(w.r)), TP_F(tp_run_method(w.r)));
    tp_status st = finish(s, &w, exit_status, err);
    tp_run_close(w.r);
    return st;
}

tp_status cmd_run(session *s, int *exit_status, tp_err *err)
{
    tp_problem p;
    bool       script;
    TP_TRY(read_problem(s, &p, &script, err));
    if (script) return run_script(s, exit_status, err);
    return run_problem(s, &p, print_report, exit_status, err);
}

tp_status cmd_resume(session *s, int *exit_status, tp_err *err)
{
    stored_run stored;
    work       w = {.p = &stored.problem, .report = print_report};
    TP_TRY(session_go_on(s, &stored, s->opt.arg[0], err));
    if (stored.problem.script.len)
        return resume_script(s, &stored, exit_status, err);
    TP_TRY(session_needs_deck(&stored, err));
    s->opt.run.method = stored.set.method;
    TP_TRY(outputs_check(s, &stored.problem, &w.out, err));
    TP_TRY(sizing_check(s, &stored.problem, err));
    TP_TRY(tp_run_resume(&w.r, &stored.problem, &s->opt.run, s->store,
                         stored.row.id, err));
    say("resuming %.*s at trial %d", TP_F(stored.row.id), stored.row.n_trial);
    w.ctol = stored.set.ctol;
    w.blocks = stored.problem.n_spec > 0;
    tp_status st = finish(s, &w, exit_status, err);
    tp_run_close(w.r);
    return st;
}

static bool all_measured(const tp_problem *p, const tp_trial *t)
{
    if (!t->reading) return false;
    for (int i = 0; i < p->n_measure; i++)
        if (!t->reading[i].ok) return false;
    return true;
}

tp_status say_engine(session *s, const tp_problem *p, tp_err *err)
{
    const tp_str *line;
    int           n = 0;
    TP_TRY(tp_run_engine(&line, &n, p, &s->opt.run, &s->mem, err));
    for (int i = 0; i < n; i++) say("engine: %.*s", TP_F(line[i]));
    return TP_OK;
}

/* A replayed deck's raw file says in its title of which trial it is: of this
   one, if it says so. */
static tp_status check_title(session *s, tp_str id, int number, tp_err *err)
{
    char   head[200];
    int    fd = open(tp_str_z(&s->mem, s->opt.raw), O_RDONLY | O_CLOEXEC);
    tp_str says = TP_S("Title: * trial "), line = {head, 0};
    if (fd < 0) return TP_OK; /* who reads it says why, or it is {deck} */
    line.len = read(fd, head, sizeof head);
    close(fd);
    if (!tp_str_starts(line, says)) return TP_OK;
    line = tp_str_word(&line, "\r\n;,");
    line = tp_str_from(line, TP_S("Title: * ").len);
    tp_str own = tp_str_fmt(&s->mem, "trial %d of run %.*s", number, TP_F(id));
    if (tp_str_eq(line, own)) return TP_OK;
    return tp_fail(err, TP_BAD_INPUT, "--raw %.*s: it is of %.*s, not of %.*s",
                   TP_F(s->opt.raw), TP_F(line), TP_F(own));
}

/* What is measured and where: a deck at its start values, or a run's trial. */
static tp_status measured(session *s, tp_problem *p, const double **x,
                          tp_err *err)
{
    stored_run      r;
    const tp_trial *t;
    const char     *path = tp_str_z(&s->mem, s->opt.arg[0]);
    *x = NULL;
    if (!s->opt.raw.len && s->opt.trial)
        return tp_fail(err, TP_BAD_INPUT,
                       "--trial: only with --raw; `trimpot show` has what a "
                       "trial measured");
    if (!s->opt.raw.len || access(path, F_OK) == 0)
        return tp_front_read_for(p, path, &s->disk, s->opt.run.simulator,
                                 &s->mem, err);
    TP_TRY(session_run(s, &r, s->opt.arg[0], err));
    TP_TRY(session_needs_deck(&r, err));
    TP_TRY(session_trial(s, &r, &t, err));
    TP_TRY(check_title(s, r.row.id, t->number, err));
    *p = r.problem;
    *x = t->x;
    return TP_OK;
}

/* A raw file's plots in the place of a simulation. */
static void use_raw(session *s)
{
    if (!s->opt.raw.len) return;
    s->opt.run.simulator =
        tp_str_fmt(&s->mem, "raw,file=\"%.*s\"", TP_F(s->opt.raw));
    s->opt.run.exec = TP_S("inline");
}

enum { FEW = 10 };

/* What a block prints and nothing made; of a `.meas` card it is told why. */
static bool is_nothing(const tp_measure *m, const tp_reading *r)
{
    return !r->ok && tp_str_eq(m->text, m->name);
}

/* A block that prints hundreds of names which nothing made: one line. */
static void leave_out_none(session *s, tp_problem *p, tp_trial *t)
{
    tp_measure *m = TP_NEW(&s->mem, tp_measure, p->n_measure);
    tp_reading *r = TP_NEW(&s->mem, tp_reading, p->n_measure);
    int         n = 0;
    if (!t->reading || !p->n_bench || !p->bench[0].control || p->n_corner)
        return;
    for (int i = 0; i < p->n_measure; i++) {
        if (is_nothing(&p->measure[i], &t->reading[i])) continue;
        m[n] = p->measure[i];
        r[n++] = t->reading[i];
    }
    if (p->n_measure - n < FEW) return;
    say("%d names that the deck prints or measures got no number",
        p->n_measure - n);
    p->measure = m;
    p->n_measure = n;
    t->reading = r;
}

tp_status cmd_measure(session *s, int *exit_status, tp_err *err)
{
    tp_problem    p;
    tp_trial      t;
    const double *x;
    TP_TRY(measured(s, &p, &x, err));
    use_raw(s);
    deck_notices(&p);
    if (s->opt.engine) TP_TRY(say_engine(s, &p, err));
    TP_TRY(tp_run_once(&t, &p, &s->opt.run, x, &s->mem, err));
    for (int i = 0; i < t.n_notice; i++) say("%.*s", TP_F(t.notice[i]));
    *exit_status = all_measured(&p, &t) ? 0 : 1;
    if (!s->opt.json) leave_out_none(s, &p, &t);
    if (s->opt.json)
        print(tp_report_measures_json(&p, &t, &s->mem));
    else
        print(tp_report_measures(&p, &t, &s->mem));
    if (tp_str_eq(t.outcome, tp_str_of(tp_outcome_word(TP_DIED))))
        *exit_status = tp_status_exit(TP_SIM);
    return TP_OK;
}
