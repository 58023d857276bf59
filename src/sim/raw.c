/* raw: no simulator, but what one has left: the plots of a raw file that a
   replayed deck (replay.c) wrote, given in that order whatever is asked. */
#include "sim/parts.h"

struct settings {
    tp_str file;
};

static const tp_param params[] = {
    {.name = "file",
     .type = TP_TEXT,
     .at = offsetof(struct settings, file),
     .text_def = "",
     .text = "The raw file."},
    {0},
};

struct state {
    const tp_circuit *c;
    tp_waves          all;
    bool             *used; /* plot i was given */
};

enum { FILE_MAX = 1 << 30 };

static tp_status open_raw(tp_sim *sim, tp_err *err)
{
    const struct settings *set = sim->settings;
    struct state          *s = TP_NEW(&sim->mem, struct state, 1);
    tp_str                 bytes;
    sim->state = s;
    TP_TRY(tp_file_read(&bytes, tp_str_z(&sim->mem, set->file), FILE_MAX,
                        &sim->mem, err));
    if (tp_raw_read(&s->all, bytes, &sim->mem, err)) {
        if (err) err->line = 0; /* it is no line of the deck */
        return tp_while(err, "%.*s", TP_F(set->file));
    }
    s->used = TP_NEW(&sim->mem, bool, s->all.n);
    return TP_OK;
}

static tp_status load(tp_sim *sim, const tp_circuit *c, tp_err *err)
{
    struct state *s = sim->state;
    (void)err;
    s->c = c;
    return TP_OK;
}

static void close_raw(tp_sim *sim)
{
    sim->state = NULL;
}

/* The next plot of that kind, in the file's order; of noise, where `curve`, the
   spectral densities only. NULL: no more. */
static const tp_plot *next(struct state *s, tp_str kind, bool curve)
{
    for (int i = 0; i < s->all.n; i++) {
        const tp_plot *p = &s->all.plot[i];
        if (s->used[i] || !tp_str_same(p->kind, kind)) continue;
        s->used[i] = true;
        if (curve && (p->n_wave == 0 || !p->wave[0].x)) continue;
        return p;
    }
    return NULL;
}

/* ---- a circuit's analyses ------------------------------------------------ */

typedef struct job {
    struct state  *s;
    tp_gather      g;
    tp_arena      *mem;
    tp_sim_result *out;
} job;

static bool fail(job *j, tp_str why)
{
    j->out->how = TP_SIM_FAILED;
    j->out->why = why;
    return false;
}

static bool take(job *j, tp_str kind, int at, int step)
{
    const tp_plot *p = next(j->s, kind, tp_str_same(kind, TP_S("noise")));
    if (!p)
        return fail(j,
                    tp_str_fmt(j->mem, "the raw file has no plot for '%.*s'",
                               TP_F(j->s->c->analysis[j->g.of[at]].command)));
    tp_str why = tp_gather_put(&j->g, at, step, p);
    return why.len == 0 || fail(j, why);
}

static bool take_analysis(job *j, int i)
{
    const tp_analysis *a = &j->s->c->analysis[i];
    int                op = j->g.plot[i].op;
    bool               own = op >= 0 && op != i && !tp_starts_own(a);
    for (int step = 0; step < tp_steps(a); step++) {
        if (own && !take(j, TP_S("op"), op, step)) return false;
        if (!take(j, tp_plot_kind(a), i, step)) return false;
    }
    if (op >= 0 && tp_starts_own(a)) tp_gather_start_of(&j->g, i);
    return true;
}

static tp_status run(tp_sim *sim, const double *value, const bool *want,
                     tp_arena *mem, tp_sim_result *out, tp_err *err)
{
    struct state *s = sim->state;
    job           j = {.s = s, .mem = mem, .out = out};
    bool          ok = true;
    (void)value, (void)want; /* what is there is taken */
    *out = (tp_sim_result){.how = TP_RAN, .why = TP_S("")};
    if (!s->c) return tp_fail(err, TP_SIM, "no circuit is loaded");
    for (int i = 0; i < s->all.n; i++) s->used[i] = false;
    tp_gather_start(&j.g, s->c, NULL, mem);
    for (int i = 0; ok && i < s->c->n_analysis; i++) ok = take_analysis(&j, i);
    if (ok) out->waves = (tp_waves){.n = j.g.n, .plot = j.g.plot};
    return TP_OK;
}

/* ---- a session's --------------------------------------------------------- */

static void give(struct state *s, const tp_command *c, tp_arena *mem,
                 tp_sim_result *out)
{
    tp_str   kind = c->verb;
    int      n = tp_str_same(kind, TP_S("noise")) ? 2 : 1;
    tp_plot *plot = TP_NEW(mem, tp_plot, n);
    for (int i = 0; i < n; i++) {
        const tp_plot *p = next(s, kind, false);
        tp_str         name = tp_str_fmt(mem, "%.*s%d", TP_F(kind), i + 1);
        if (!p) {
            out->how = TP_SIM_FAILED;
            out->why = tp_str_fmt(mem, "the raw file has no plot for '%.*s'",
                                  TP_F(c->text));
            return;
        }
        plot[i] =
            (tp_plot){.id = name, .ordinal = name, .kind = p->kind, .op = -1};
        tp_plot_plain(&plot[i], p, mem);
    }
    out->waves = (tp_waves){n, plot};
}

/* What changes a circuit was done when the file was written. */
static tp_status command(tp_sim *sim, tp_str text, tp_arena *mem,
                         tp_sim_result *out, tp_err *err)
{
    struct state *s = sim->state;
    tp_command    c;
    *out = (tp_sim_result){.how = TP_RAN, .why = TP_S(""), .text = TP_S("")};
    if (!s->c) return tp_fail(err, TP_SIM, "no circuit is loaded");
    tp_str refused = tp_command_read(&c, text, mem);
    if (refused.len == 0 && c.kind == TP_COMMAND_ASK)
        refused = TP_S("a raw file has no circuit to show");
    if (refused.len > 0) {
        out->how = TP_SIM_FAILED;
        out->why = refused;
    } else if (c.kind == TP_COMMAND_ANALYSIS) {
        give(s, &c, mem, out);
    }
    return TP_OK;
}

static tp_status query(tp_sim *sim, tp_str name, tp_arena *mem, tp_wave *out,
                       tp_err *err)
{
    (void)sim, (void)err;
    *out = (tp_wave){
        .name = tp_str_fmt(mem, "a raw file does not know '%.*s'", TP_F(name))};
    return TP_OK;
}

const tp_sim_ops tp_sim_raw = {
    .name = "raw",
    .summary = "the plots of a raw file that a replayed deck wrote",
    .settings_size = sizeof(struct settings),
    .params = params,
    .open = open_raw,
    .load = load,
    .run = run,
    .close = close_raw,
    .command = command,
    .query = query,
};
