/* A stored run as reports see it: rows decoded and scored. */
#include "report/format.h"

#include <string.h>

static tp_status decode(tp_trial *t, const tp_problem *p,
                        const tp_trial_row *row, tp_arena *mem, tp_err *err)
{
    int       n;
    tp_unpack r = {.rest = row->readings};
    *t = (tp_trial){.number = row->number,
                    .outcome = row->outcome,
                    .why = row->why,
                    .attempts = row->attempts,
                    .sim_seconds = row->sim_seconds,
                    .seconds = row->seconds};
    if (!tp_trial_point_unpack(t, p, row->x, mem))
        return tp_fail(err, TP_BAD_INPUT, "trial %d: its point is damaged",
                       row->number);
    TP_TRY(tp_readings_unpack(&t->reading, &n, &r, mem, err));
    if (n && n != tp_problem_readings(p))
        return tp_fail(err, TP_BAD_INPUT,
                       "trial %d: %d values are stored for %d measures",
                       row->number, n, tp_problem_readings(p));
    if (!n) t->reading = NULL;
    if (!row->waves.len) return TP_OK;
    tp_waves *w = TP_NEW(mem, tp_waves, 1);
    tp_unpack u = {.rest = row->waves};
    t->waves = w;
    return tp_waves_unpack(w, &u, mem, err);
}

static tp_status read_trials(tp_account *out, tp_store *store, tp_str run,
                             tp_arena *mem, tp_err *err)
{
    const tp_trial_row *row;
    TP_TRY(tp_store_trials(store, run, &row, &out->n_trial, mem, err));
    tp_trial *trial = TP_NEW(mem, tp_trial, out->n_trial);
    out->trial = trial;
    for (int i = 0; i < out->n_trial; i++) {
        TP_TRY(decode(&trial[i], out->problem, &row[i], mem, err));
        tp_score *s = &trial[i].score;
        if (trial[i].reading)
            *s = tp_trial_score(out->problem, trial[i].outcome,
                                trial[i].reading, out->ctol, mem);
        const tp_trial *best = out->best ? &trial[out->best - 1] : NULL;
        if (tp_trial_better(&trial[i], best)) out->best = i + 1;
    }
    return TP_OK;
}

/* Asks that were answered from the log: each carries its mark. */
static int count_repeats(const tp_event_row *e, int n)
{
    int repeats = 0;
    for (int i = 0; i < n; i++) {
        if (!tp_str_eq(e[i].kind, TP_S("ask"))) continue;
        tp_unpack u = {.rest = e[i].data};
        tp_unpack_int(&u);
        repeats += tp_unpack_int(&u) != 0;
    }
    return repeats;
}

static void read_centre(tp_account *a)
{
    for (int i = 0; i < a->n_event; i++) {
        tp_unpack u = {.rest = a->event[i].data};
        if (!tp_str_eq(a->event[i].kind, TP_S("centred"))) continue;
        int64_t trial = tp_unpack_int(&u);
        double  distance = tp_unpack_double(&u);
        if (u.bad || trial < 1 || trial > a->n_trial) continue;
        a->centre = (int)trial;
        a->centre_distance = distance;
    }
}

/* Simulations that were spared. */
static void count_spared(tp_account *a, tp_arena mem)
{
    for (int i = 0; i < a->n_event; i++) {
        tp_arena at = mem;
        tp_jobs  jobs;
        if (!tp_jobs_of(&jobs, &a->event[i], &at)) continue;
        a->not_needed += jobs.dropped;
        for (int k = 0; k < jobs.n; k++) a->taken_over += jobs.one[k].taken;
    }
}

static void read_simulators(tp_account *a, tp_arena *mem)
{
    int           n = 0;
    tp_simulator *s = TP_NEW(mem, tp_simulator, a->n_event);
    for (int i = 0; i < a->n_event; i++)
        n += tp_simulator_of(&s[n], &a->event[i]);
    a->n_simulator = n;
    a->simulator = s;
}

void tp_put_simulators(tp_buf *b, const tp_account *a)
{
    for (int i = 1; i < a->n_simulator; i++)
        tp_buf_fmt(
            b, "%s %.*s; from trial %d on %.*s: values may differ\n",
            i > 1 ? "      " : "simulators:", TP_F(a->simulator[i - 1].version),
            a->simulator[i].trial, TP_F(a->simulator[i].version));
}

void tp_put_spared(tp_buf *b, const tp_account *a)
{
    int not_needed = a->not_needed, taken = a->taken_over;
    if (not_needed)
        tp_buf_fmt(b, ", %d simulation%s not needed", not_needed,
                   not_needed == 1 ? "" : "s");
    if (taken)
        tp_buf_fmt(b, ", %d%s taken over", taken,
                   not_needed   ? ""
                   : taken == 1 ? " simulation"
                                : " simulations");
}

tp_status tp_account_read(tp_account *out, const tp_account_of *of,
                          tp_arena *mem, tp_err *err)
{
    tp_store *store = of->store;
    tp_log    log;
    *out = (tp_account){
        .problem = of->problem, .space = of->space, .ctol = of->ctol};
    TP_TRY(tp_store_run_get(store, &out->run, of->run, mem, err));
    TP_TRY(tp_store_log(store, of->run, &log, mem, err));
    out->event = log.event;
    out->n_event = log.n;
    out->n_waiting = log.n_waiting;
    TP_TRY(read_trials(out, store, of->run, mem, err));
    out->repeats = count_repeats(out->event, out->n_event);
    read_centre(out);
    read_simulators(out, mem);
    count_spared(out, *mem);
    return tp_proof_unpack(&out->proof, out->run.proof, err);
}
