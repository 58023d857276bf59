/* The worker processes of a run: jobs out, answers in, attempts counted. */
#include "run/inside.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

/* ": a, b" of everything there is, after a nearest name or none. */
static tp_str all_names(const tp_str *name, int n, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    for (int i = 0; i < n; i++)
        tp_buf_fmt(&b, "%s%.*s", i ? ", " : "; there are ", TP_F(name[i]));
    return tp_buf_str(&b);
}

static tp_status no_exec(tp_run *r, tp_str name, tp_err *err)
{
    tp_arena mem = r->scratch;
    tp_str   known[16];
    int      n = 0;
    for (const tp_exec_ops *const *e = tp_execs(); *e && n < 16; e++)
        known[n++] = tp_str_of((*e)->name);
    tp_str hint = tp_did_you_mean(&mem, name, known, n);
    tp_str all = all_names(known, n, &mem);
    return tp_fail(err, TP_BAD_INPUT, "exec: there is no '%.*s'%.*s%.*s",
                   TP_F(name), TP_F(hint), TP_F(all));
}

static tp_status no_simulator(tp_run *r, tp_str name, tp_err *err)
{
    tp_arena mem = r->scratch;
    tp_str   known[16];
    int      n = 0;
    for (const tp_sim_ops *const *s = tp_sims(); *s && n < 16; s++)
        known[n++] = tp_str_of((*s)->name);
    tp_str hint = tp_did_you_mean(&mem, name, known, n);
    tp_str all = all_names(known, n, &mem);
    return tp_fail(err, TP_BAD_INPUT, "simulator: there is no '%.*s'%.*s%.*s",
                   TP_F(name), TP_F(hint), TP_F(all));
}

/* "NAME,setting=value,..." taken apart. */
static tp_str name_of(tp_str text, tp_str *settings)
{
    ptrdiff_t comma = tp_str_find(text, ',', 0);
    *settings = tp_str_from(text, comma < 0 ? text.len : comma + 1);
    return tp_str_part(text, 0, comma < 0 ? text.len : comma);
}

/* "raw,file=a-{deck}.raw": the deck's number in its place. */
static tp_str simulator_of(const tp_run *r, int deck, tp_arena *mem)
{
    tp_str    mark = TP_S("{deck}"), s = r->set.simulator;
    ptrdiff_t at = -1;
    while ((at = tp_str_find(s, '{', at + 1)) >= 0)
        if (tp_str_starts(tp_str_from(s, at), mark))
            return tp_str_fmt(mem, "%.*s%d%.*s", TP_F(tp_str_part(s, 0, at)),
                              deck + 1, TP_F(tp_str_from(s, at + mark.len)));
    return s;
}

/* One load per deck; decks that are the same share theirs. */
static tp_status put_loads(tp_run *r, tp_err *err)
{
    tp_decks_make(r);
    tp_parts_make(r);
    r->key = TP_NEW(&r->mem, uint64_t, r->n_deck);
    r->want = (tp_want){.n = r->problem->n_want, .bind = r->problem->want};
    for (int i = 0; i < r->n_deck; i++) {
        tp_str load = tp_eval_load(r->problem, i, r->circuit[i],
                                   simulator_of(r, i, &r->mem), &r->mem);
        bool   known = false;
        r->key[i] = tp_hash(0, load);
        for (int k = 0; k < i; k++) known |= r->key[k] == r->key[i];
        if (!known) TP_TRY(r->exec_ops->put(&r->exec, r->key[i], load, err));
    }
    return TP_OK;
}

void tp_workers_simulator(tp_run *r)
{
    tp_str own = r->problem->simulator;
    if (r->set.simulator.len == 0)
        r->set.simulator = own.len > 0 ? own : TP_S("ngspice");
    tp_str rest = r->set.simulator;
    bool   ours = tp_str_eq(tp_str_word(&rest, ","), TP_S("ngspice"));
    for (tp_str w; ours && (w = tp_str_word(&rest, ",")).len > 0;)
        ours = !tp_str_starts(w, TP_S("warm="));
    if (r->set.warm && ours)
        r->set.simulator =
            tp_str_fmt(&r->mem, "%.*s,warm=yes", TP_F(r->set.simulator));
}

/* Programs of others may not be started as often as the user says. */
static tp_status bound_jobs(tp_run *r, const tp_sim_ops *sim, tp_err *err)
{
    int most = 0;
    if (sim->at_most) TP_TRY(sim->at_most(&most, err));
    if (most == 0 || most >= r->set.jobs) return TP_OK;
    *TP_PUSH(&r->mem, r->notice, r->n_notice, r->cap_notice) = tp_str_fmt(
        &r->mem, "jobs: at most %d of %s run at a time", most, sim->name);
    r->set.jobs = most;
    return TP_OK;
}

tp_status tp_workers_check(tp_run *r, tp_err *err)
{
    tp_str more, name;
    tp_workers_simulator(r);
    name = name_of(r->set.simulator, &more);
    const tp_sim_ops *sim = tp_sim_find(name);
    if (!sim) return no_simulator(r, name, err);
    TP_TRY(bound_jobs(r, sim, err));
    tp_str cold = tp_warm_refusal(r, sim);
    if (cold.len > 0)
        *TP_PUSH(&r->mem, r->notice, r->n_notice, r->cap_notice) = cold;
    name = name_of(r->set.exec, &more);
    r->exec_ops = tp_exec_find(name);
    return r->exec_ops ? TP_OK : no_exec(r, name, err);
}

tp_status tp_workers_open(tp_run *r, tp_err *err)
{
    tp_str more, name;
    TP_TRY(tp_workers_check(r, err));
    name = name_of(r->set.exec, &more);
    void           *settings = tp_exec_settings(r->exec_ops, &r->mem);
    const tp_bench *b = r->problem->bench;
    r->exec = (tp_exec){
        .settings = settings, .load = tp_eval_work_load, .work = tp_eval_work};
    if (b && b->control) {
        r->exec.load = tp_control_work_load;
        r->exec.work = tp_control_work;
    } else if (b && b->program) {
        r->exec.load = tp_program_work_load;
        r->exec.work = tp_program_work;
    }
    tp_str jobs = tp_str_fmt(&r->mem, "%d", r->set.jobs);
    if (tp_params_find(r->exec_ops->params, TP_S("jobs")))
        TP_TRY(tp_params_set(r->exec_ops->params, settings, TP_S("jobs"), jobs,
                             &r->mem, err));
    if (r->set.program.len &&
        tp_params_find(r->exec_ops->params, TP_S("program")))
        TP_TRY(tp_params_set(r->exec_ops->params, settings, TP_S("program"),
                             r->set.program, &r->mem, err));
    if (more.len &&
        tp_params_set_list(r->exec_ops->params, settings, more, &r->mem, err))
        return tp_while(err, "exec %.*s", TP_F(name));
    TP_TRY(r->exec_ops->open(&r->exec, err));
    r->exec_open = true;
    return put_loads(r, err);
}

void tp_workers_close(tp_run *r)
{
    if (r->exec_open) r->exec_ops->close(&r->exec);
    r->exec_open = false;
}

/* Job and trial in one number: what a job is known by outside. */
static uint64_t job_id(const tp_run *r, const tp_pending *p, int task)
{
    return (uint64_t)p->trial * (uint64_t)r->n_part + (uint64_t)task;
}

static tp_status submit(tp_run *r, tp_pending *p, int task, tp_err *err)
{
    tp_arena mem = r->scratch;
    tp_task *t = &p->task[task];
    tp_want  want = {.all = r->want.all};
    int      n = r->space.n + r->problem->n_derived;
    if (t->deck == 0) want = r->want;
    want.only = t->only;
    want.work = tp_early_may(r);
    want.warmth = p->warmth;
    want.n_only = t->only ? r->circuit[t->deck]->n_analysis : 0;
    tp_job job = {.id = job_id(r, p, task),
                  .key = r->key[t->deck],
                  .ask = tp_eval_ask(p->value, n, &want, &mem),
                  .seconds = r->set.trial_time};
    t->out = true;
    t->attempts++;
    return r->exec_ops->submit(&r->exec, &job, err);
}

/* The first `most` of those that are wanted and not back. */
static tp_status submit_some(tp_run *r, tp_pending *p, int most, tp_err *err)
{
    for (int k = 0; k < p->n_task && most > 0; k++) {
        const tp_task *t = &p->task[k];
        if (!t->wanted || t->done) continue;
        most--;
        if (t->out) continue;
        if (!r->exec_ops->room(&r->exec)) return TP_OK;
        TP_TRY(submit(r, p, k, err));
    }
    return TP_OK;
}

tp_status tp_workers_submit(tp_run *r, tp_pending *p, tp_err *err)
{
    return submit_some(r, p, p->n_task, err);
}

tp_status tp_workers_submit_needed(tp_run *r, tp_pending *p, tp_err *err)
{
    return submit_some(r, p, p->early ? 1 : p->n_task, err);
}

/* Whose job it is that came back. */
typedef struct whose {
    tp_pending *p;
    int         deck;
    tp_task    *task;
} whose;

static bool find(whose *out, tp_run *r, uint64_t id)
{
    int task = (int)(id % (uint64_t)r->n_part);
    for (int i = 0; i < r->n_pending; i++) {
        tp_pending *p = &r->pending[(r->head + i) % r->window];
        if (p->repeat || p->done || job_id(r, p, task) != id) continue;
        if (task >= p->n_task) return false;
        *out = (whose){p, p->task[task].deck, &p->task[task]};
        return out->task->out && !out->task->done;
    }
    return false;
}

/* A deck that the simulator refuses is the user's to mend: its message at the
   deck's own line. */
static tp_status refused(const tp_run *r, int deck, const tp_done *d,
                         tp_err *err)
{
    tp_err            said;
    tp_arena          mem = r->scratch;
    const tp_circuit *c = r->circuit[deck];
    tp_str            words = tp_problem_deck_words(r->problem, deck, &mem);
    tp_eval_refusal(&said, d->answer);
    tp_status st = tp_fail(err, said.code ? said.code : TP_SIM, "%.*s%s%s",
                           TP_F(words), words.len ? ": " : "", said.msg);
    if (err && said.line > 0 && said.line <= c->n_place &&
        c->place[said.line - 1].in)
        tp_err_place(err, c->place[said.line - 1]);
    return st;
}

static int measures_of(const tp_problem *p, int bench)
{
    int n = 0;
    for (int i = 0; i < p->n_measure; i++) n += p->measure[i].bench == bench;
    return n;
}

/* An answer of the problem's shape; a worker is not believed. */
static tp_status read_answer(tp_run *r, const whose *w, const tp_done *d,
                             tp_err *err)
{
    tp_result *res = &w->task->got.result;
    tp_str     answer = tp_str_copy(&r->mem, d->answer);
    int n = measures_of(r->problem, tp_problem_bench_of(r->problem, w->deck));
    TP_TRY(tp_eval_answer(res, answer, &r->mem, err));
    if (tp_result_read(res) && res->n != n)
        return tp_fail(err, TP_BAD_INPUT, "%d values for %d measures", res->n,
                       n);
    return TP_OK;
}

tp_str tp_worker_notice(const tp_run *r, int deck, const tp_sim_notice *notice,
                        tp_arena *mem)
{
    const tp_circuit *c = r->circuit[deck];
    tp_place          at = {0};
    tp_str            what = TP_S("the simulator warns");
    if (notice->line > 0 && notice->line <= c->n_place)
        at = c->place[notice->line - 1];
    if (notice->line == TP_NOTICE_PLACED) return tp_str_copy(mem, notice->text);
    if (!at.in)
        return tp_str_fmt(mem, "%.*s: %.*s", TP_F(what), TP_F(notice->text));
    return tp_str_fmt(mem, "%.*s:%d: %.*s: %.*s", TP_F(at.in->name), at.line,
                      TP_F(what), TP_F(notice->text));
}

/* What the simulator warns of is told once a run. */
static void pass_notices(tp_run *r, const whose *w, const tp_run_watch *watch)
{
    const tp_result *res = &w->task->got.result;
    for (int i = 0; i < res->n_notice && !r->noticed; i++) {
        tp_arena mem = r->scratch;
        tp_notice(watch, tp_worker_notice(r, w->deck, &res->notice[i], &mem));
    }
    r->noticed |= res->n_notice > 0;
}

static tp_str ending(const tp_done *d, tp_arena *mem)
{
    if (d->how == TP_END_DONE) return TP_S("the worker's answer is damaged");
    if (d->how == TP_END_OVERDUE) return TP_S("over the time limit");
    if (d->signal)
        return tp_str_fmt(mem, "the simulator's process was ended by %s",
                          strsignal(d->signal));
    return tp_str_fmt(mem, "the simulator's process exited with status %d",
                      d->status);
}

static tp_str last_line(tp_str log)
{
    tp_str line = {"", 0};
    while (log.len) {
        tp_str next = tp_str_trim(tp_str_word(&log, "\n\r"));
        if (next.len) line = next;
    }
    return line;
}

static tp_str trial_words(const tp_run *r, const whose *w, tp_arena *mem)
{
    tp_str deck = tp_problem_deck_words(r->problem, w->deck, mem);
    return tp_str_fmt(mem, "trial %d%s%.*s", w->p->trial, deck.len ? ", " : "",
                      TP_F(deck));
}

/* The job has failed for good, or gets another attempt. A CPU limit hit is
   final: the same point would burn the same time again. */
static void lost(tp_run *r, const whose *w, const tp_done *d,
                 const tp_run_watch *watch)
{
    tp_str   how = ending(d, &r->mem);
    tp_task *t = w->task;
    bool     final = d->how == TP_END_OVERDUE && d->signal == 0;
    if (!final && t->attempts < r->set.attempts) {
        t->out = false;
        tp_notice(watch,
                  tp_str_fmt(&r->mem, "%.*s: %.*s; attempt %d of %d follows",
                             TP_F(trial_words(r, w, &r->mem)), TP_F(how),
                             t->attempts + 1, r->set.attempts));
        return;
    }
    tp_str said = last_line(d->log);
    t->got.result = (tp_result){
        .how = d->how == TP_END_OVERDUE ? TP_TIMED_OUT : TP_DIED,
        .why = said.len ? tp_str_fmt(&r->mem, "%.*s; its last words: %.*s",
                                     TP_F(how), TP_F(said))
                        : how};
    t->done = true;
}

static tp_status answered(tp_run *r, const whose *w, const tp_done *d,
                          const tp_run_watch *watch, tp_err *err)
{
    tp_task *t = w->task;
    tp_err   broken = {0};
    if (d->how == TP_END_REFUSED) return refused(r, w->deck, d, err);
    t->got.seconds = d->seconds;
    t->got.log = tp_str_copy(&r->mem, d->log);
    t->done = d->how == TP_END_DONE && !read_answer(r, w, d, &broken);
    if (t->done && r->version.len == 0) {
        r->version = tp_str_copy(&r->mem, t->got.result.version);
        if (r->version.len && tp_record_is_another(r)) tp_known_forget(r);
    }
    if (t->done)
        pass_notices(r, w, watch);
    else
        lost(r, w, d, watch);
    t->got.attempts = t->attempts;
    tp_trial_settle(r, w->p);
    return TP_OK;
}

tp_status tp_workers_wait(tp_run *r, int ms, const tp_run_watch *watch,
                          tp_err *err)
{
    tp_arena mem = r->scratch;
    tp_done  d = {0};
    whose    w;
    TP_TRY(r->exec_ops->wait(&r->exec, ms, &mem, &d, err));
    if (!d.id || !find(&w, r, d.id)) return TP_OK;
    return answered(r, &w, &d, watch, err);
}
