/* The worker's side of remote: a simulator, and the state its circuit is in.
   A simulator that is lost ends with this process. */
#include "exec/exec.h"
#include "sim/parts.h"

enum {
    SIM_MEMORY = 1 << 30,
    ANSWER_MAX = 255 << 20, /* exec's frames take a little more */
};

typedef struct worker {
    tp_arena          mem;
    const tp_sim_ops *ops;
    tp_sim            sim;
    tp_circuit        circuit;
    int64_t           state; /* changes made since the circuit was loaded */
} worker;

static tp_status open_worker(worker *w, tp_str load, tp_err *err)
{
    tp_str simulator;
    TP_TRY(tp_remote_load_unpack(&simulator, &w->circuit, load, &w->mem, err));
    TP_TRY(tp_sim_start(&w->ops, &w->sim, simulator, err));
    if (!w->ops->command || !w->ops->query)
        return tp_fail(err, TP_BAD_INPUT, "simulator: '%s' takes no commands",
                       w->ops->name);
    return w->ops->load(&w->sim, &w->circuit, err);
}

void *tp_remote_work_load(tp_str load, tp_err *err)
{
    tp_arena mem = tp_arena_open(SIM_MEMORY);
    worker  *w = TP_NEW(&mem, worker, 1);
    w->mem = mem;
    w->sim.mem = tp_arena_open(SIM_MEMORY);
    return open_worker(w, load, err) == TP_OK ? w : NULL;
}

/* One call of tp_remote_work. */
typedef struct turn {
    worker              *w;
    const tp_remote_ask *ask;
    tp_arena            *mem;
    tp_remote_answer    *out;
    tp_err               err;
} turn;

static tp_status do_command(turn *t)
{
    worker *w = t->w;
    TP_TRY(w->ops->command(&w->sim, t->ask->text[0], t->mem, &t->out->result,
                           &t->err));
    if (t->out->result.how == TP_RAN) w->state = t->ask->to;
    return TP_OK;
}

static tp_status do_query(turn *t)
{
    worker  *w = t->w;
    tp_wave *wave = TP_NEW(t->mem, tp_wave, 1);
    tp_plot *plot = TP_NEW(t->mem, tp_plot, 1);
    TP_TRY(w->ops->query(&w->sim, t->ask->text[0], t->mem, wave, &t->err));
    *plot = (tp_plot){.n_wave = 1, .wave = wave, .op = -1};
    t->out->result.waves = (tp_waves){.n = 1, .plot = plot};
    return TP_OK;
}

/* Only a circuit as it was loaded can be brought into another state. */
static tp_status do_replay(turn *t)
{
    worker        *w = t->w;
    tp_sim_result *r = &t->out->result;
    bool           fresh = w->state == 0;
    for (int i = 0; fresh && i < t->ask->n && r->how == TP_RAN; i++)
        TP_TRY(w->ops->command(&w->sim, t->ask->text[i], t->mem, r, &t->err));
    t->out->behind = !fresh;
    if (fresh && r->how == TP_RAN)
        w->state = t->ask->to;
    else
        tp_exec_retire();
    return TP_OK;
}

static tp_status (*const act[])(turn *t) = {
    [TP_REMOTE_COMMAND] = do_command,
    [TP_REMOTE_QUERY] = do_query,
    [TP_REMOTE_REPLAY] = do_replay,
};

static void fail(tp_remote_answer *out, tp_str why)
{
    *out = (tp_remote_answer){.result.how = TP_SIM_FAILED, .result.why = why};
}

static ptrdiff_t size_of(const tp_waves *w)
{
    ptrdiff_t values = 0;
    for (int i = 0; i < w->n; i++)
        for (int k = 0; k < w->plot[i].n_wave; k++)
            values += (ptrdiff_t)w->plot[i].wave[k].n *
                          (w->plot[i].wave[k].im ? 2 : 1) +
                      64;
    return 8 * values;
}

tp_str tp_remote_work(void *with, tp_str bytes, tp_arena *mem)
{
    worker          *w = with;
    tp_remote_ask    ask;
    tp_remote_answer out = {.result.how = TP_RAN};
    turn             t = {.w = w, .ask = &ask, .mem = mem, .out = &out};
    tp_status        bad = tp_remote_ask_unpack(&ask, bytes, mem, &t.err);
    if (!bad && ask.what != TP_REMOTE_REPLAY && ask.from != w->state)
        out.behind = true;
    else if (!bad)
        bad = act[ask.what](&t);
    if (bad) { /* this process is of no more use */
        tp_exec_retire();
        fail(&out, tp_str_of(t.err.msg));
    }
    ptrdiff_t size = size_of(&out.result.waves);
    if (size > ANSWER_MAX)
        fail(&out, tp_str_fmt(mem, "the plots of %td MB are over %d: save less",
                              size >> 20, ANSWER_MAX >> 20));
    return tp_remote_answer_pack(&out, mem);
}
