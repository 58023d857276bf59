/* Any simulator that takes commands, as a session sees it. One circuit is one
   life of a simulator: a new circuit opens it anew. */
#include "nutmeg/nutmeg.h"

enum { HANDLE_MEMORY = 1 << 30 };

struct tp_nutmeg_handle {
    tp_arena          mem;
    const tp_sim_ops *ops;
    tp_sim            sim;
    tp_arena          sim_mem; /* as it was when empty */
    tp_str            settings;
    bool              open, loaded;
};

static void stop(tp_nutmeg_handle *h)
{
    if (h->open) h->ops->close(&h->sim);
    h->open = h->loaded = false;
}

static tp_status start(tp_nutmeg_handle *h, tp_err *err)
{
    const volatile int *flag = h->sim.stop;
    h->sim = (tp_sim){.mem = h->sim_mem, .stop = flag};
    h->sim.settings = tp_sim_settings(h->ops, &h->sim.mem);
    TP_TRY(tp_params_set_list(h->ops->params, h->sim.settings, h->settings,
                              &h->sim.mem, err));
    TP_TRY(h->ops->open(&h->sim, err));
    h->open = true;
    return TP_OK;
}

tp_status tp_nutmeg_handle_open(tp_nutmeg_handle **out, const tp_sim_ops *ops,
                                tp_str settings, const volatile int *flag,
                                tp_err *err)
{
    if (!ops->command || !ops->query)
        return tp_fail(err, TP_BAD_INPUT,
                       "simulator '%s' takes no commands, which a session "
                       "needs",
                       ops->name);
    tp_arena          mem = tp_arena_open(HANDLE_MEMORY / 16);
    tp_nutmeg_handle *h = TP_NEW(&mem, tp_nutmeg_handle, 1);
    h->settings = tp_str_copy(&mem, settings);
    h->mem = mem;
    h->ops = ops;
    h->sim_mem = tp_arena_open(HANDLE_MEMORY);
    h->sim.stop = flag;
    tp_status bad = start(h, err);
    if (bad)
        tp_nutmeg_handle_close(h);
    else
        *out = h;
    return bad;
}

void tp_nutmeg_handle_close(tp_nutmeg_handle *h)
{
    stop(h);
    tp_arena_close(&h->sim_mem);
    tp_arena mem = h->mem;
    tp_arena_close(&mem);
}

static tp_status load(void *with, const tp_circuit *c, tp_err *err)
{
    tp_nutmeg_handle *h = with;
    if (h->loaded) stop(h);
    if (!h->open) TP_TRY(start(h, err));
    h->loaded = true; /* also when it fails: the simulator is used up */
    return h->ops->load(&h->sim, c, err);
}

static tp_status command(void *with, tp_str text, tp_arena *mem,
                         tp_sim_result *out, tp_err *err)
{
    tp_nutmeg_handle *h = with;
    if (!h->loaded) return tp_fail(err, TP_SIM, "no circuit is loaded");
    return h->ops->command(&h->sim, text, mem, out, err);
}

static tp_status query(void *with, tp_str name, tp_arena *mem, tp_wave *out,
                       tp_err *err)
{
    tp_nutmeg_handle *h = with;
    if (!h->loaded) return tp_fail(err, TP_SIM, "no circuit is loaded");
    return h->ops->query(&h->sim, name, mem, out, err);
}

tp_str tp_nutmeg_handle_version(const tp_nutmeg_handle *h)
{
    return h->sim.version;
}

static tp_status set(void *with, const double *value, tp_arena *mem,
                     tp_sim_result *out, tp_err *err)
{
    tp_nutmeg_handle *h = with;
    if (!h->loaded) return tp_fail(err, TP_SIM, "no circuit is loaded");
    return h->ops->set(&h->sim, value, mem, out, err);
}

bool tp_nutmeg_handle_doubts(const tp_nutmeg_handle *h)
{
    return h->sim.doubts;
}

tp_nutmeg_sim tp_nutmeg_handle_sim(tp_nutmeg_handle *h)
{
    return (tp_nutmeg_sim){.with = h,
                           .load = load,
                           .command = command,
                           .query = query,
                           .set = h->ops->set ? set : NULL};
}
