/* Points evaluated beside or without a search: all their jobs are given to
   workers as there is room, and each point is put together when its jobs are
   back. A batch is a run that has no method and no store. */
#include "run/inside.h"

#include <math.h>

/* A program has a limit of its own, on the wall clock: ten times that of a
   trial, as it reads whole libraries, and a minute at least. */
static void limit_program(tp_run *r)
{
    double seconds = fmax(60, 10 * r->set.trial_time);
    bool   spawn = tp_str_starts(r->set.simulator, TP_S("spawn"));
    if (spawn && r->set.trial_time > 0)
        r->set.simulator =
            tp_str_fmt(&r->mem, "spawn,seconds=%.17g%.*s", fmin(seconds, 1e6),
                       TP_F(tp_str_from(r->set.simulator, 5)));
    r->set.trial_time = 0;
}

tp_status tp_batch_open(tp_run *r, const tp_problem *p,
                        const tp_run_settings *s, int points, tp_err *err)
{
    *r = (tp_run){.mem = tp_arena_open((ptrdiff_t)1 << 35),
                  .scratch = tp_arena_open((ptrdiff_t)1 << 33),
                  .problem = p,
                  .set = *s,
                  .window = points};
    tp_str            rest = s->simulator;
    const tp_sim_ops *sim = tp_sim_find(tp_str_word(&rest, ","));
    if (sim && !sim->pruned) limit_program(r);
    r->pending = TP_NEW(&r->mem, tp_pending, points);
    TP_TRY(tp_prepare_space(&r->space, p, s, &r->mem, err));
    return tp_workers_open(r, err);
}

void tp_batch_close(tp_run *r)
{
    tp_workers_close(r);
    tp_arena_close(&r->scratch);
    tp_arena_close(&r->mem);
}

void tp_batch_add(tp_run *r, const double *x)
{
    tp_pending *p = &r->pending[r->n_pending++];
    double     *own = TP_NEW(&r->mem, double, r->space.n);
    for (int i = 0; i < r->space.n; i++) own[i] = x[i];
    *p = (tp_pending){.trial = r->n_pending, .x = own};
    tp_trial_begin(r, p);
}

tp_status tp_batch_step(tp_run *r, int ms, tp_err *err)
{
    for (int i = 0; i < r->n_pending; i++) {
        if (r->pending[i].done) continue;
        if (!r->exec_ops->room(&r->exec)) break;
        TP_TRY(tp_workers_submit(r, &r->pending[i], err));
    }
    return tp_workers_wait(r, ms, NULL, err);
}

tp_status tp_batch_finish(tp_run *r, const tp_run_watch *watch, tp_err *err)
{
    for (int i = 0; i < r->n_pending; i++)
        while (!r->pending[i].done) {
            if (watch && watch->stop && *watch->stop)
                return tp_fail(err, TP_INTERRUPTED, "stopped by the user");
            TP_TRY(tp_batch_step(r, 200, err));
        }
    return TP_OK;
}
