/* remote: the handle of a simulator that lives in a worker process, for a
   program that holds none. The worker is an executor's with one slot, so that
   it is limited, replaced and confined like every other. What commands have
   changed is counted and noted: a worker that is not in the state a command
   expects (a fresh one) says so and does nothing, gets all changes at once,
   and then the command. */
#include "exec/exec.h"
#include "sim/parts.h"

#include <string.h>

enum {
    KEY = 1,
    JOB_MEMORY = 1 << 29,  /* reserved for what comes back */
    NOTE_MEMORY = 1 << 26, /* for the changes: half of it, in turn */
    ATTEMPTS = 3,          /* workers a command is given to */
    PATIENCE_MS = 100,     /* between two looks at sim->stop */
};

struct settings {
    tp_str simulator, program;
    double seconds, grace, load, memory;
};

static const tp_param params[] = {
    {.name = "simulator",
     .type = TP_TEXT,
     .at = offsetof(struct settings, simulator),
     .text_def = "ngspice",
     .text = "What the worker runs, with its settings: fake,points=5."},
    TP_EXEC_LIMIT_ROWS(struct settings),
    {.name = "memory",
     .type = TP_REAL,
     .at = offsetof(struct settings, memory),
     .def = 0,
     .min = 0,
     .max = 1e9,
     .unit = "MB",
     .text = "Address space of the worker; 0: no limit."},
    {0},
};

struct state {
    const tp_exec_ops *ops;
    tp_exec            exec;
    bool               open;
    tp_str             load; /* its bytes; "" none */
    uint64_t           id;   /* of the last job */
    int64_t            at;   /* changes made to the circuit */
    tp_changes         made;
    tp_arena           job, job_empty;
    tp_arena           note[2], note_empty[2];
    int                notes; /* which of them is in use */
};

/* ---- the worker -------------------------------------------------- */

static tp_status set_one(struct state *s, const char *name, double v,
                         tp_arena *mem, tp_err *err)
{
    char text[TP_NUMBER_MAX];
    return tp_params_set(s->ops->params, s->exec.settings, tp_str_of(name),
                         tp_str_of(tp_exact(v, text)), mem, err);
}

static tp_status set_up(tp_sim *sim, tp_err *err)
{
    const struct settings *set = sim->settings;
    struct state          *s = sim->state;
    tp_arena              *mem = &sim->mem;
    s->exec.settings = tp_exec_settings(s->ops, mem);
    TP_TRY(set_one(s, "jobs", 1, mem, err));
    TP_TRY(set_one(s, "seconds", set->seconds, mem, err));
    TP_TRY(set_one(s, "grace", set->grace, mem, err));
    TP_TRY(set_one(s, "load", set->load, mem, err));
    TP_TRY(set_one(s, "memory", set->memory, mem, err));
    return tp_params_set(s->ops->params, s->exec.settings, TP_S("program"),
                         set->program, mem, err);
}

static void stop_worker(struct state *s)
{
    if (s->open) s->ops->close(&s->exec);
    s->open = false;
}

static tp_status start_worker(struct state *s, tp_err *err)
{
    if (s->open) return TP_OK;
    TP_TRY(s->ops->open(&s->exec, err));
    s->open = true;
    return s->ops->put(&s->exec, KEY, s->load, err);
}

static tp_status open_remote(tp_sim *sim, tp_err *err)
{
    struct state *s = TP_NEW(&sim->mem, struct state, 1);
    sim->state = s;
    s->ops = tp_exec_find(TP_S("local"));
    s->job = s->job_empty = tp_arena_open(JOB_MEMORY);
    for (int i = 0; i < TP_COUNT(s->note); i++)
        s->note[i] = s->note_empty[i] = tp_arena_open(NOTE_MEMORY / 2);
    return set_up(sim, err);
}

static void close_remote(tp_sim *sim)
{
    struct state *s = sim->state;
    if (!s) return;
    stop_worker(s);
    tp_arena_close(&s->job_empty);
    for (int i = 0; i < TP_COUNT(s->note); i++)
        tp_arena_close(&s->note_empty[i]);
    sim->state = NULL;
}

/* ---- one exchange ------------------------------------------------ */

static void fail(tp_sim_result *out, tp_outcome how, tp_str why)
{
    *out = (tp_sim_result){.how = how, .why = why, .text = TP_S("")};
}

/* What its worker last said, without the end of the line. */
static tp_str last_line(tp_str log)
{
    tp_str s = tp_str_trim(log);
    for (ptrdiff_t i = s.len; i > 0; i--)
        if (s.at[i - 1] == '\n') return tp_str_from(s, i);
    return s;
}

static tp_str how_it_ended(const tp_done *d, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    tp_str said = last_line(d->log);
    tp_buf_add(&b, TP_S("the simulator's process ended"));
    if (d->signal)
        tp_buf_fmt(&b, " by signal %d (%s)", d->signal, strsignal(d->signal));
    else if (d->status)
        tp_buf_fmt(&b, " with status %d", d->status);
    if (said.len > 0) tp_buf_fmt(&b, ": %.*s", TP_F(said));
    return tp_buf_str(&b);
}

/* Turns what came back into an answer; bytes that are none end the worker. */
static void take_answer(struct state *s, const tp_done *d, tp_arena *mem,
                        tp_remote_answer *out)
{
    tp_err    err = {0};
    ptrdiff_t room = (mem->end - mem->beg) / 4;
    if (d->answer.len > room) {
        fail(&out->result, TP_SIM_FAILED,
             tp_str_fmt(mem,
                        "the plots need %td MB and there is room for "
                        "%td: save less",
                        d->answer.len >> 20, room >> 20));
        return;
    }
    if (tp_remote_answer_unpack(out, d->answer, mem, &err) == TP_OK) return;
    stop_worker(s);
    *out = (tp_remote_answer){0};
    fail(&out->result, TP_DIED,
         tp_str_fmt(mem, "the simulator's process: %s", err.msg));
}

static void take_overdue(const tp_sim *sim, tp_arena *mem,
                         tp_remote_answer *out)
{
    const struct settings *set = sim->settings;
    fail(&out->result, TP_TIMED_OUT,
         tp_str_fmt(mem, "the simulator was over its time limit (%g s)",
                    set->seconds));
}

/* Waits for the job; TP_INTERRUPTED when sim->stop says so. */
static tp_status wait_for(tp_sim *sim, tp_done *d, tp_err *err)
{
    struct state *s = sim->state;
    do {
        TP_TRY(s->ops->wait(&s->exec, PATIENCE_MS, &s->job, d, err));
        if (d->id == 0 && sim->stop && *sim->stop)
            return tp_fail(err, TP_INTERRUPTED, "stopped by the user");
    } while (d->id == 0);
    return TP_OK;
}

/* Gives one ask to the worker. A status other than TP_OK: there is none, or
   (TP_BAD_INPUT) it refuses the circuit. */
static tp_status exchange(tp_sim *sim, const tp_remote_ask *ask, tp_arena *mem,
                          tp_remote_answer *out, tp_err *err)
{
    struct state *s = sim->state;
    tp_done       d = {0};
    *out = (tp_remote_answer){0};
    s->job = s->job_empty;
    TP_TRY(start_worker(s, err));
    tp_job job = {
        .id = ++s->id, .key = KEY, .ask = tp_remote_ask_pack(ask, &s->job)};
    tp_status bad = s->ops->submit(&s->exec, &job, err);
    if (!bad) bad = wait_for(sim, &d, err);
    if (bad) stop_worker(s);
    if (bad == TP_INTERRUPTED) {
        fail(&out->result, TP_SIM_FAILED, TP_S("stopped by the user"));
        return TP_OK;
    }
    if (bad) return bad;
    if (d.how == TP_END_REFUSED) {
        tp_err said;
        tp_exec_refusal(&said, d.answer);
        if (err) *err = said;
        return said.code;
    }
    if (d.how == TP_END_DONE) take_answer(s, &d, mem, out);
    if (d.how == TP_END_OVERDUE) take_overdue(sim, mem, out);
    if (d.how == TP_END_DIED)
        fail(&out->result, TP_DIED, how_it_ended(&d, mem));
    return TP_OK;
}

/* ---- state ------------------------------------------------------- */

/* Says all changes to a fresh worker. */
static tp_status replay(tp_sim *sim, tp_arena *mem, tp_remote_answer *out,
                        tp_err *err)
{
    struct state *s = sim->state;
    tp_arena      scratch = *mem;
    tp_str       *text = TP_NEW(&scratch, tp_str, s->made.n);
    for (int i = 0; i < s->made.n; i++) text[i] = s->made.made[i].text;
    tp_remote_ask ask = {
        .what = TP_REMOTE_REPLAY, .to = s->at, .n = s->made.n, .text = text};
    *mem = scratch;
    return exchange(sim, &ask, mem, out, err);
}

/* The same with a worker that is in state s->at. */
static tp_status ask_in_state(tp_sim *sim, const tp_remote_ask *ask,
                              tp_arena *mem, tp_remote_answer *out, tp_err *err)
{
    for (int i = 0; i < ATTEMPTS; i++) {
        TP_TRY(exchange(sim, ask, mem, out, err));
        if (!out->behind) return TP_OK;
        TP_TRY(replay(sim, mem, out, err));
        if (out->behind || out->result.how == TP_RAN) continue;
        out->result.why = tp_str_fmt(
            mem, "the circuit can't be brought back to its state: %.*s",
            TP_F(out->result.why));
        return TP_OK;
    }
    *out = (tp_remote_answer){0};
    fail(&out->result, TP_DIED,
         tp_str_fmt(mem,
                    "%d of the simulator's processes ended one after the "
                    "other",
                    ATTEMPTS));
    return TP_OK;
}

static void copy_change(struct state *s, tp_changes *to, const tp_command *c)
{
    tp_arena  *mem = &s->note[s->notes];
    tp_command own = {.kind = c->kind,
                      .text = tp_str_copy(mem, c->text),
                      .key = tp_str_copy(mem, c->key)};
    tp_changes_add(to, &own, mem);
}

/* Moves the changes to the other arena when this one is half full. */
static void note(struct state *s, const tp_command *c)
{
    tp_arena  *mem = &s->note[s->notes];
    tp_changes old = s->made;
    s->at++;
    if (mem->end - mem->beg < NOTE_MEMORY / 4) {
        s->notes = !s->notes;
        s->note[s->notes] = s->note_empty[s->notes];
        s->made = (tp_changes){0};
        for (int i = 0; i < old.n; i++) copy_change(s, &s->made, &old.made[i]);
    }
    copy_change(s, &s->made, c);
}

/* Room for one more change, whatever it is, even where all are kept. */
static bool has_room(const struct state *s)
{
    ptrdiff_t used = 0;
    for (int i = 0; i < s->made.n; i++)
        used += s->made.made[i].text.len + s->made.made[i].key.len +
                (ptrdiff_t)(4 * sizeof(tp_command));
    return used < NOTE_MEMORY / 8;
}

/* ---- the handle -------------------------------------------------- */

static tp_status load(tp_sim *sim, const tp_circuit *c, tp_err *err)
{
    const struct settings *set = sim->settings;
    struct state          *s = sim->state;
    tp_remote_answer       answer;
    if (s->load.len > 0)
        return tp_fail(err, TP_SIM, "the worker holds a circuit already");
    s->load = tp_remote_load_pack(set->simulator, c, &sim->mem);
    tp_arena scratch = sim->mem;
    TP_TRY(replay(sim, &scratch, &answer, err));
    if (answer.result.how == TP_RAN) return TP_OK;
    return tp_fail(err, TP_SIM, "%.*s", TP_F(answer.result.why));
}

static tp_status command(tp_sim *sim, tp_str text, tp_arena *mem,
                         tp_sim_result *out, tp_err *err)
{
    struct state    *s = sim->state;
    tp_remote_answer answer;
    tp_command       c;
    *out = (tp_sim_result){.how = TP_RAN, .why = TP_S(""), .text = TP_S("")};
    if (s->load.len == 0) return tp_fail(err, TP_SIM, "no circuit is loaded");
    tp_str refused = tp_command_read(&c, text, mem);
    bool   changes = tp_command_changes(&c);
    if (refused.len == 0 && changes && !has_room(s))
        refused = TP_S("too many changes since the circuit was loaded");
    if (refused.len > 0) {
        fail(out, TP_SIM_FAILED, refused);
        return TP_OK;
    }
    tp_remote_ask ask = {.what = TP_REMOTE_COMMAND,
                         .from = s->at,
                         .to = s->at + changes,
                         .n = 1,
                         .text = &text};
    TP_TRY(ask_in_state(sim, &ask, mem, &answer, err));
    *out = answer.result;
    c.text = text; /* as it was said */
    if (out->how == TP_RAN && changes) note(s, &c);
    return TP_OK;
}

static tp_status query(tp_sim *sim, tp_str name, tp_arena *mem, tp_wave *out,
                       tp_err *err)
{
    struct state        *s = sim->state;
    tp_remote_answer     answer;
    const tp_sim_result *r = &answer.result;
    *out = (tp_wave){0};
    if (s->load.len == 0) return tp_fail(err, TP_SIM, "no circuit is loaded");
    tp_remote_ask ask = {.what = TP_REMOTE_QUERY,
                         .from = s->at,
                         .to = s->at,
                         .n = 1,
                         .text = &name};
    TP_TRY(ask_in_state(sim, &ask, mem, &answer, err));
    if (r->how == TP_RAN && r->waves.n == 1 && r->waves.plot[0].n_wave == 1)
        *out = r->waves.plot[0].wave[0];
    else
        out->name = r->why;
    return TP_OK;
}

const tp_sim_ops tp_sim_remote = {
    .name = "remote",
    .summary = "a simulator in a worker process",
    .settings_size = sizeof(struct settings),
    .params = params,
    .open = open_remote,
    .load = load,
    .close = close_remote,
    .command = command,
    .query = query,
};
