/* A Nutmeg session over a worker process, with `optimize` as one more
   command. */
#include "script/session.h"

static tp_status call_optimize(tp_nutmeg *m, void *owner, tp_str rest,
                               const tp_str *arg, int n, tp_err *err)
{
    tp_session *s = owner;
    bool        run;
    (void)arg;
    (void)n;
    TP_TRY(tp_optimize_line(&s->optimize, m, rest, &run, err));
    return run ? tp_optimize_run(s, err) : TP_OK;
}

static const tp_nutmeg_command own_commands[] = {
    {.name = "optimize",
     .takes = "[analysis | cost | implicit | method | parameter | options | "
              "reset] ...",
     .max_args = -1,
     .raw = true,
     .text = "Describes an optimisation; alone: runs it.",
     .call = call_optimize},
    {0},
};

tp_status tp_session_open(tp_session **out, const tp_session_setup *setup,
                          tp_err *err)
{
    tp_arena    mem = tp_arena_open((ptrdiff_t)1 << 34);
    tp_session *s = TP_NEW(&mem, tp_session, 1);
    s->mem = mem;
    s->setup = *setup;
    s->reach = tp_reach_of(setup->set.include_dir, &s->mem);
    tp_optimize_open(&s->optimize);
    tp_nutmeg_setup n = {.folder = setup->folder,
                         .decks = setup->decks,
                         .reach = &s->reach,
                         .typed = !setup->script,
                         .name = setup->name,
                         .more = own_commands,
                         .owner = s,
                         .seed = (uint64_t)setup->set.seed,
                         .sink = {.with = setup->with,
                                  .print = setup->print,
                                  .warning = setup->warning,
                                  .file = setup->file}};
    tp_status       st = tp_nutmeg_handle_open(
              &s->handle, &tp_sim_remote, (tp_str){"", 0}, setup->watch.stop, err);
    if (!st) n.sim = tp_nutmeg_handle_sim(s->handle);
    if (!st) st = tp_nutmeg_open(&s->nutmeg, &n, err);
    if (st)
        tp_session_close(s);
    else
        *out = s;
    return st;
}

void tp_session_close(tp_session *s)
{
    if (s->nutmeg) tp_nutmeg_close(s->nutmeg);
    if (s->handle) tp_nutmeg_handle_close(s->handle);
    if (s->store) tp_store_close(s->store);
    tp_optimize_close(&s->optimize);
    tp_arena mem = s->mem;
    tp_arena_close(&mem);
}

tp_status tp_session_line(tp_session *s, tp_str line, tp_place at, bool *more,
                          tp_err *err)
{
    return tp_nutmeg_line(s->nutmeg, line, at, more, err);
}

void tp_session_give_up(tp_session *s)
{
    tp_nutmeg_give_up(s->nutmeg);
}

bool tp_session_quit(const tp_session *s)
{
    return tp_nutmeg_quit(s->nutmeg);
}

void tp_session_interrupt(tp_session *s)
{
    tp_nutmeg_interrupt(s->nutmeg);
}

int tp_session_complete(const tp_session *s, tp_str beginning, tp_str *out,
                        int max, tp_arena *mem)
{
    return tp_nutmeg_complete(s->nutmeg, beginning, out, max, mem);
}

int tp_session_runs(const tp_session *s, const tp_str **id)
{
    *id = s->run;
    return s->n_run;
}
