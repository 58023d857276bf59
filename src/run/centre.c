/* Design centring after a search (SPICE OPUS, option centering): when the
   search has ended and found a feasible point, the method `centering` is told
   every trial and goes on from the best one. Both steps are events of the log:
   "centre", why the search had ended; "centred", the trial that is the centre
   and its distance. */
#include "run/inside.h"

#include <math.h>

static bool next_is_centre(const tp_run *r)
{
    const tp_event_row *e = tp_record_next(r);
    return e && tp_str_eq(e->kind, TP_S("centre"));
}

bool tp_centre_due(const tp_run *r, const char *why)
{
    const tp_trial *best = tp_run_best(r);
    if (r->centring || !r->set.centering || !best || !best->score.feasible)
        return false;
    return why || next_is_centre(r); /* a limit that a replay does not see */
}

/* Everything that is known, in the order of the trials. */
static tp_status tell_all(tp_run *r, const tp_opt_ops *ops, tp_err *err)
{
    tp_opt old = r->opt;
    r->opt = (tp_opt){.space = &r->space,
                      .n_g = old.n_g,
                      .stop = old.stop,
                      .seed = old.seed,
                      .mem = tp_arena_open((ptrdiff_t)1 << 34)};
    r->method->close(&old);
    tp_arena_close(&old.mem);
    r->method = ops;
    TP_TRY(tp_opt_settings(&r->opt.settings, ops, TP_S(""), &r->opt.mem, err));
    TP_TRY(ops->init(&r->opt, err));
    for (int i = 0; i < r->n_trial; i++) tp_tell(r, &r->trial[i], -1);
    return TP_OK;
}

tp_status tp_centre_begin(tp_run *r, const char **why, tp_err *err)
{
    tp_str reason = tp_str_of(*why ? *why : "");
    if (next_is_centre(r)) reason = tp_record_next(r)->data;
    r->centring = true;
    r->searched = tp_str_z(&r->mem, reason);
    *why = NULL;
    TP_TRY(tp_record_event(r, TP_S("centre"), reason, err));
    return tell_all(r, &tp_opt_centering, err);
}

/* The trial that is nearest to what the method chose. */
static int trial_at(tp_run *r, const double *u)
{
    tp_arena mem = r->scratch;
    double  *at = TP_NEW(&mem, double, r->space.n), least = INFINITY;
    int      found = -1;
    for (int i = 0; i < r->n_trial; i++) {
        double away = 0;
        tp_space_unit(&r->space, r->trial[i].x, at);
        for (int k = 0; k < r->space.n; k++)
            away = fmax(away, fabs(at[k] - u[k]));
        if (away < least) found = i;
        least = fmin(least, away);
    }
    return found;
}

tp_status tp_centre_end(tp_run *r, tp_err *err)
{
    tp_arena      mem = r->scratch;
    tp_buf        b = {.mem = &mem};
    double        worth = 0;
    const double *u =
        r->method->chosen ? r->method->chosen(&r->opt, &worth) : NULL;
    r->centre = u ? trial_at(r, u) : -1;
    r->centre_distance = worth;
    if (r->centre < 0) return TP_OK;
    tp_pack_int(&b, r->centre + 1);
    tp_pack_double(&b, worth);
    return tp_record_event(r, TP_S("centred"), tp_buf_str(&b), err);
}

const tp_trial *tp_run_final(const tp_run *r, double *distance)
{
    bool centred = r->centre >= 0;
    if (distance) *distance = centred ? r->centre_distance : 0;
    return centred ? &r->trial[r->centre] : tp_run_best(r);
}
