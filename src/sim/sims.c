/* The list of simulators, and the words for what a trial came to. */
#include "sim/parts.h"

static const tp_sim_ops *const sims[] = {
    &tp_sim_ngspice, &tp_sim_spawn, &tp_sim_spectre, &tp_sim_vcli, &tp_sim_raw,
    &tp_sim_fake,    NULL,
};

const tp_sim_ops *const *tp_sims(void)
{
    return sims;
}

const tp_sim_ops *tp_sim_find(tp_str name)
{
    for (int i = 0; sims[i]; i++)
        if (tp_str_same(name, tp_str_of(sims[i]->name))) return sims[i];
    return NULL;
}

void *tp_sim_settings(const tp_sim_ops *ops, tp_arena *mem)
{
    char *settings = tp_alloc(mem, 1, (ptrdiff_t) _Alignof(max_align_t),
                              (ptrdiff_t)ops->settings_size + 1);
    tp_params_default(ops->params, settings);
    return settings;
}

tp_status tp_sim_start(const tp_sim_ops **ops, tp_sim *sim, tp_str simulator,
                       tp_err *err)
{
    tp_str rest = simulator, name = tp_str_word(&rest, ",");
    *ops = tp_sim_find(name);
    if (!*ops)
        return tp_fail(err, TP_BAD_INPUT, "simulator: there is no '%.*s'",
                       TP_F(name));
    sim->settings = tp_sim_settings(*ops, &sim->mem);
    if (tp_params_set_list((*ops)->params, sim->settings,
                           tp_str_from(simulator, name.len + 1), &sim->mem,
                           err))
        return tp_while(err, "simulator %s", (*ops)->name);
    return (*ops)->open(sim, err);
}

static const struct {
    const char *word, *words;
} outcomes[] = {
#define X(name, word, words) {word, words},
    TP_OUTCOME_LIST(X)
#undef X
};

const char *tp_outcome_word(tp_outcome o)
{
    return (int)o >= 0 && o < TP_OUTCOMES ? outcomes[o].word : "unknown";
}

const char *tp_outcome_words(tp_outcome o)
{
    return (int)o >= 0 && o < TP_OUTCOMES ? outcomes[o].words : "unknown";
}

bool tp_outcome_of(tp_str word, tp_outcome *out)
{
    for (int i = 0; i < TP_OUTCOMES; i++) {
        if (!tp_str_eq(word, tp_str_of(outcomes[i].word))) continue;
        *out = (tp_outcome)i;
        return true;
    }
    return false;
}
