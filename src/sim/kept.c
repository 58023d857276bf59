/* Simulators that keep nothing but the circuit between runs: each run reads it
   afresh. */
#include "sim/parts.h"

struct kept {
    const tp_circuit *c;
};

tp_status tp_kept_open(tp_sim *sim, tp_err *err)
{
    (void)err;
    sim->state = TP_NEW(&sim->mem, struct kept, 1);
    return TP_OK;
}

tp_status tp_kept_load(tp_sim *sim, const tp_circuit *c, tp_err *err)
{
    (void)err;
    ((struct kept *)sim->state)->c = c;
    return TP_OK;
}

tp_status tp_kept(const tp_circuit **out, const tp_sim *sim, tp_err *err)
{
    *out = ((const struct kept *)sim->state)->c;
    return *out ? TP_OK : tp_fail(err, TP_SIM, "no circuit is loaded");
}

void tp_kept_close(tp_sim *sim)
{
    sim->state = NULL;
}
