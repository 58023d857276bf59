/* A problem in closed form over the simulator of formulas: least
   (a-1)^2 + (b-1)^2 where a + b is at least `limit`; and runs of it in a store
   of their own. */
#ifndef TP_TEST_RUN_SETUP_H
#define TP_TEST_RUN_SETUP_H

#include "check.h"
#include "run/run.h"

#include <stdlib.h>
#include <unistd.h>

typedef struct setup {
    tp_problem      p;
    tp_bench        bench;
    tp_circuit      circuit;
    tp_str          param[2];
    tp_analysis     analysis[1];
    tp_var          var[2];
    tp_measure      measure[3];
    tp_bind         bind[3];
    tp_run_settings set;
    tp_store       *store;
    const char     *path;
} setup;

static inline void setup_measure(setup *s, const char *name, tp_goal goal,
                                 double target)
{
    int         i = s->p.n_measure++;
    tp_scope    scope = {.dialect = TP_SIMETRIX};
    tp_err      err = {0};
    tp_measure *m = &s->measure[i];
    tp_str      n = tp_str_of(name);
    s->bind[i] = (tp_bind){.kind = TP_BIND_SIGNAL,
                           .signal = {.name = n, .vector = n, .factor = 1}};
    *m = (tp_measure){.name = n,
                      .text = n,
                      .goal = goal,
                      .target = target,
                      .scale = target != 0 ? fabs(target) : 1,
                      .n_bind = 1,
                      .bind = &s->bind[i]};
    CHECK_OK(tp_expr_compile(&m->expr, m->text, &scope, check_mem(), &err),
             &err);
}

/* A path in a new folder. */
static inline const char *setup_path(void)
{
    char *folder = tp_str_z(check_mem(), TP_S("/tmp/tp_run_XXXXXX"));
    if (!mkdtemp(folder)) return "/nonexistent/x.db";
    return tp_str_z(check_mem(), tp_str_fmt(check_mem(), "%s/r.db", folder));
}

static inline void setup_space(setup *s)
{
    s->param[0] = TP_S("a"); /* the fake's p0 and p1 */
    s->param[1] = TP_S("b");
    s->var[0] = (tp_var){.name = TP_S("a"), .hi = 10, .start = 3};
    s->var[1] = (tp_var){.name = TP_S("b"), .hi = 10, .start = 4};
    s->p.space = (tp_space){.n = 2, .var = s->var};
}

static inline setup *setup_make(const char *method, const char *simulator)
{
    setup *s = TP_NEW(check_mem(), setup, 1);
    tp_err err = {0};
    setup_space(s);
    s->analysis[0] = (tp_analysis){.id = TP_S("op_0"),
                                   .kind = TP_S("op"),
                                   .ordinal = TP_S("op1"),
                                   .command = TP_S("op")};
    s->circuit = (tp_circuit){.text = TP_S("* t\n.end\n"),
                              .n_param = 2,
                              .param = s->param,
                              .n_analysis = 1,
                              .analysis = s->analysis};
    s->bench.circuit = &s->circuit;
    s->p.name = TP_S("t");
    s->p.path = TP_S("t.net");
    s->p.n_bench = 1;
    s->p.bench = &s->bench;
    s->p.measure = s->measure;
    s->p.abstol = s->p.reltol = NAN;
    setup_measure(s, "sum", TP_MINIMISE, 0);
    setup_measure(s, "out", TP_AT_LEAST, 4);
    tp_params_default(tp_run_params, &s->set);
    s->set.method = tp_str_of(method);
    s->set.simulator = tp_str_of(simulator);
    s->set.exec = TP_S("inline");
    s->path = setup_path();
    CHECK_OK(tp_store_open(&s->store, s->path, &err), &err);
    return s;
}

static inline void setup_remove(const char *path)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
    tp_arena                *mem = check_mem();
    for (int i = 0; i < TP_COUNT(ends); i++)
        unlink(tp_str_z(mem, tp_str_fmt(mem, "%s%s", path, ends[i])));
    rmdir(tp_str_z(mem, tp_path_folder(tp_str_of(path))));
}

static inline void setup_close(setup *s)
{
    if (s->store) tp_store_close(s->store);
    setup_remove(s->path);
}

/* What a finished run left in its store. */
typedef struct record {
    tp_run_row          row;
    int                 n_trial, n_event;
    const tp_trial_row *trial;
    const tp_event_row *event;
} record;

static inline record setup_read(tp_store *store, tp_str id)
{
    record k = {0};
    tp_err err = {0};
    CHECK_OK(tp_store_run_get(store, &k.row, id, check_mem(), &err), &err);
    CHECK_OK(
        tp_store_trials(store, id, &k.trial, &k.n_trial, check_mem(), &err),
        &err);
    CHECK_OK(
        tp_store_events(store, id, &k.event, &k.n_event, check_mem(), &err),
        &err);
    return k;
}

/* Values of a stored trial. */
static inline const double *setup_x(const tp_trial_row *t)
{
    int       n;
    tp_unpack u = {.rest = t->x};
    return tp_unpack_doubles(&u, &n, check_mem());
}

/* A whole run; the handle stays open. NULL when it could not start. */
static inline tp_run *setup_run(setup *s, const tp_run_watch *watch,
                                tp_status *st, tp_err *err)
{
    tp_run *r = NULL;
    *err = (tp_err){0};
    *st = tp_run_start(&r, &s->p, &s->set, s->store, err);
    if (*st) return NULL;
    *st = tp_run_go(r, watch, err);
    return r;
}
#endif
