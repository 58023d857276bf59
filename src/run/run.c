/* A run from its beginning or from where an earlier session left it. */
#include "run/inside.h"

#include <unistd.h>

static tp_run *make(const tp_problem *p, const tp_run_settings *s,
                    tp_store *store)
{
    tp_arena mem = tp_arena_open((ptrdiff_t)1 << 36);
    tp_run  *r = TP_NEW(&mem, tp_run, 1);
    *r = (tp_run){.mem = mem,
                  .first_limit = -1,
                  .scratch = tp_arena_open((ptrdiff_t)1 << 32),
                  .problem = p,
                  .set = *s,
                  .store = store,
                  .best = -1,
                  .centre = -1,
                  .began = tp_now()};
    return r;
}

static tp_status check_problem(const tp_problem *p, tp_err *err)
{
    if (!p->space.n)
        return tp_fail(err, TP_BAD_INPUT,
                       "%.*s has no optimiser statement: nothing to search "
                       "(`trimpot measure` simulates a deck once)",
                       TP_F(p->path));
    return TP_OK;
}

static tp_status prepare_search(tp_run *r, tp_err *err)
{
    TP_TRY(check_problem(r->problem, err));
    TP_TRY(tp_prepare_space(&r->space, r->problem, &r->set, &r->mem, err));
    r->first_space = r->space;
    return tp_prepare_method(r, err);
}

static tp_status prepare(tp_run *r, tp_err *err)
{
    TP_TRY(prepare_search(r, err));
    return tp_workers_open(r, err);
}

tp_status tp_run_may_start(const tp_problem *p, const tp_run_settings *s,
                           tp_err *err)
{
    tp_run   *r = make(p, s, NULL);
    tp_status st = prepare_search(r, err);
    if (!st) st = tp_workers_check(r, err);
    tp_run_close(r);
    return st;
}

static tp_status take(tp_run *r, tp_err *err)
{
    TP_TRY(tp_store_take(r->store, r->row.id, err));
    r->taken = true;
    return TP_OK;
}

static tp_status add_row(tp_run *r, tp_err *err)
{
    tp_buf b = {.mem = &r->mem};
    tp_files_pack(&b, &r->problem->files);
    if (r->problem->bench[0].program) tp_problem_pack(&b, r->problem);
    r->row.name = r->problem->name;
    r->row.path = r->problem->path; /* or words for a prompt's run */
    if (access(tp_str_z(&r->mem, r->row.path), F_OK) == 0)
        r->row.path = tp_path_absolute(r->row.path, &r->mem);
    r->row.created = tp_utc_text(&r->mem);
    r->row.bundle = tp_buf_str(&b);
    tp_run_settings kept = r->set;
    kept.window = r->window; /* whatever a later version's method would take */
    r->row.settings = tp_params_list(tp_run_params, &kept, &r->mem);
    r->row.status = TP_S("running");
    return tp_store_run_add(r->store, &r->row, &r->row.id, &r->mem, err);
}

/* The run and the trials that it begins with: both or none. */
static tp_status add(tp_run *r, const tp_earlier *e, tp_err *err)
{
    tp_inherit *from = NULL;
    if (e && tp_inherit_match(&from, r, e, err))
        return tp_while(err, "the earlier run");
    TP_TRY(tp_store_begin(r->store, err));
    tp_status st = add_row(r, err);
    if (!st && from) st = tp_inherit_tell(r, from, err);
    if (!st) st = take(r, err); /* nobody sees it without its process */
    tp_status kept = tp_store_commit(r->store, st ? NULL : err);
    return st ? st : kept;
}

tp_status tp_run_start(tp_run **out, const tp_problem *p,
                       const tp_run_settings *s, tp_store *store, tp_err *err)
{
    return tp_run_start_from(out, p, s, NULL, store, err);
}

tp_status tp_run_start_from(tp_run **out, const tp_problem *p,
                            const tp_run_settings *s, const tp_earlier *e,
                            tp_store *store, tp_err *err)
{
    tp_run   *r = make(p, s, store);
    tp_status st = prepare(r, err);
    if (!st) st = add(r, e, err);
    if (st) {
        tp_run_close(r);
        return st;
    }
    *out = r;
    return TP_OK;
}

/* The stored run's settings, but for what a later session may change. */
static tp_status stored_settings(tp_run *r, const tp_run_settings *now,
                                 tp_err *err)
{
    tp_params_default(tp_run_params, &r->set);
    TP_TRY(tp_params_set_list(tp_run_params, &r->set, r->row.settings, &r->mem,
                              err));
    r->set.jobs = now->jobs;
    r->set.exec = now->exec;
    r->set.program = now->program;
    return TP_OK;
}

static tp_status load_run(tp_run *r, const tp_run_settings *now, tp_str id,
                          tp_err *err)
{
    TP_TRY(tp_store_run_get(r->store, &r->row, id, &r->mem, err));
    TP_TRY(take(r, err)); /* what is read from here on stays as it is */
    TP_TRY(tp_store_run_get(r->store, &r->row, r->row.id, &r->mem, err));
    TP_TRY(stored_settings(r, now, err));
    TP_TRY(tp_budget_events(r, err));
    tp_warm_load(r);
    tp_record_versions(r);
    TP_TRY(tp_store_trials(r->store, r->row.id, &r->stored_trial,
                           &r->n_stored_trial, &r->mem, err));
    TP_TRY(tp_budget_set(r, now, err));
    r->earlier = r->row.seconds;
    r->row.status = TP_S("running");
    return TP_OK;
}

tp_status tp_run_resume(tp_run **out, const tp_problem *p,
                        const tp_run_settings *s, tp_store *store,
                        tp_str run_id, tp_err *err)
{
    tp_run   *r = make(p, s, store);
    tp_status st = load_run(r, s, run_id, err);
    if (!st) st = prepare(r, err);
    if (!st) st = tp_budget_record(r, err);
    if (st) {
        tp_run_close(r);
        return st;
    }
    *out = r;
    return TP_OK;
}

void tp_run_close(tp_run *r)
{
    if (!r) return;
    if (r->opt_open) {
        if (r->opt.state) r->method->close(&r->opt);
        tp_arena_close(&r->opt.mem);
    }
    tp_guard_close(r);
    tp_workers_close(r);
    if (r->taken) tp_store_leave(r->store, r->row.id);
    tp_arena scratch = r->scratch, mem = r->mem;
    tp_arena_close(&scratch);
    tp_arena_close(&mem);
}

const tp_problem *tp_run_problem(const tp_run *r)
{
    return r->problem;
}

tp_str tp_run_id(const tp_run *r)
{
    return r->row.id;
}

int tp_run_trials(const tp_run *r, const tp_trial **trial)
{
    *trial = r->trial;
    return r->n_trial;
}

const tp_trial *tp_run_best(const tp_run *r)
{
    return r->best < 0 ? NULL : &r->trial[r->best];
}

tp_wrong tp_run_wrong(const tp_run *r)
{
    return r->wrong;
}

tp_str tp_run_status(const tp_run *r)
{
    return r->row.status;
}

tp_str tp_run_reason(const tp_run *r)
{
    return r->row.reason;
}

const tp_space *tp_run_space(const tp_run *r)
{
    return &r->first_space;
}

int tp_run_phase(const tp_run *r)
{
    return r->phase;
}

tp_str tp_run_method(const tp_run *r)
{
    return r->row.method;
}

int tp_run_limit(const tp_run *r)
{
    return r->max_trials;
}

int tp_run_repeats(const tp_run *r)
{
    return r->repeats;
}

double tp_run_seconds(const tp_run *r)
{
    return r->earlier + tp_now() - r->began;
}
