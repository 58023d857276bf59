/* spawn: a fresh plain `ngspice -b` for every point, from the reference deck,
   read back through a binary raw file. Slow, and owing nothing to how the
   embedded simulator is driven: what results are proven with. Another batch
   simulator is a row here, or settings. */
#include "sim/spawn.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LOG_MAX = 1 << 20 };

static const tp_param params[] = {
    {.name = "program",
     .type = TP_CHOICE,
     .at = offsetof(tp_spawn_settings, program),
     .choices = tp_batch_names,
     .text = "The batch simulator whose conventions the others default to."},
    {.name = "binary",
     .type = TP_TEXT,
     .at = offsetof(tp_spawn_settings, binary),
     .text_def = "",
     .text = "The program, a path or a name found in PATH."},
    {.name = "arguments",
     .type = TP_TEXT,
     .at = offsetof(tp_spawn_settings, arguments),
     .text_def = "",
     .text = "Its arguments; {deck} and {raw} stand for the two files."},
    {.name = "raw",
     .type = TP_TEXT,
     .at = offsetof(tp_spawn_settings, raw),
     .text_def = "",
     .text = "Where its raw file appears in the folder of the run."},
    {.name = "apart",
     .type = TP_BOOL,
     .at = offsetof(tp_spawn_settings, apart),
     .text = "One run for each analysis, for programs that make no more."},
    {.name = "seconds",
     .type = TP_REAL,
     .at = offsetof(tp_spawn_settings, seconds),
     .def = 600,
     .min = 0.01,
     .max = 1e6,
     .unit = "s",
     .text = "Wall clock one run of the program may take."},
    {.name = "optran",
     .type = TP_BOOL,
     .at = offsetof(tp_spawn_settings, optran),
     .def = 1,
     .text = "Whether the program may make an operating point out of a "
             "transient, as it does by itself; such a point is an error here."},
    {.name = "reltol",
     .type = TP_REAL,
     .at = offsetof(tp_spawn_settings, reltol),
     .def = 0,
     .min = 0,
     .max = 1,
     .text = "The option of that name; 0: the deck's."},
    {.name = "gmin",
     .type = TP_REAL,
     .at = offsetof(tp_spawn_settings, gmin),
     .def = 0,
     .min = 0,
     .max = 1,
     .unit = "S",
     .text = "The option of that name; 0: the deck's."},
    {0},
};

static const char transient_op[] =
    "no operating point: ngspice gave the state after a transient for one "
    "(transient op)";

bool tp_says_transient_op(tp_str why)
{
    return tp_str_has(why, tp_str_of(transient_op));
}

static tp_status open_spawn(tp_sim *sim, tp_err *err)
{
    (void)err;
    sim->state = TP_NEW(&sim->mem, tp_spawn, 1);
    return TP_OK;
}

static tp_status load(tp_sim *sim, const tp_circuit *c, tp_err *err)
{
    tp_spawn *s = sim->state;
    (void)err; /* each run reads it afresh */
    s->c = c;
    return TP_OK;
}

static void close_spawn(tp_sim *sim)
{
    sim->state = NULL;
}

static bool fail(tp_spawn_job *j, tp_outcome how, tp_str why)
{
    j->out->how = how;
    j->out->why = why;
    return false;
}

char *tp_spawn_path(const tp_spawn_job *j, const char *name, tp_arena *mem)
{
    return tp_str_z(mem, tp_str_fmt(mem, "%s/%s", j->s->folder, name));
}

/* "@m0[vth]" of a device that has none: ngspice says so, and writes zeros. */
static void note_unknown(tp_spawn_job *j, tp_str line)
{
    tp_str says = TP_S("Warning: unrecognized variable - @");
    if (!tp_str_starts(line, says)) return;
    tp_str name = tp_str_trim(tp_str_from(line, says.len - 1));
    *TP_PUSH(j->mem, j->unknown, j->n_unknown, j->cap_unknown) =
        tp_str_copy(j->mem, name);
}

static void read_log(tp_spawn_job *j, tp_words *w)
{
    tp_str text;
    tp_words_clear(w);
    if (tp_file_read(&text, tp_spawn_path(j, "log.txt", j->mem), LOG_MAX,
                     j->mem, NULL))
        return;
    while (text.len > 0) {
        tp_str line = tp_str_part(text, 0, tp_str_find(text, '\n', 0));
        if (tp_str_find(text, '\n', 0) < 0) line = text;
        text = tp_str_from(text, line.len + 1);
        tp_words_add(w, line);
        note_unknown(j, line);
        if (!j->s->warned) tp_warnings_add(&j->s->warnings, line);
    }
    j->s->warned = true;
}

/* Killed from outside, or because it had been stopped: that says nothing of
   the deck. */
static bool is_killed(const tp_process_end *e)
{
    return e->in_time && e->by_signal && e->status == SIGKILL;
}

/* Runs the program over the deck that is written; its words. */
static bool execute(tp_spawn_job *j, tp_str doing, tp_words *words)
{
    enum { TRIES = 3 };
    tp_process_end end;
    tp_process     p;
    tp_arena       scratch = *j->mem;
    tp_err         err = {0};
    int            tries = 0;
    do {
        if (tp_spawn_run(&end, &p, j, scratch, &err))
            return fail(j, TP_DIED, tp_str_fmt(j->mem, "%s", err.msg));
        j->out->seconds += end.cpu; /* its analyses can't be told apart */
    } while (is_killed(&end) && ++tries < TRIES);
    read_log(j, words);
    if (end.in_time && !end.error && !end.by_signal) return true;
    tp_str what = tp_process_words(&end, &p, j->mem);
    if (end.in_time) return fail(j, TP_DIED, what);
    return fail(j, TP_TIMED_OUT,
                tp_str_fmt(j->mem, "%.*s%s%.*s", TP_F(doing),
                           doing.len > 0 ? ": " : "", TP_F(what)));
}

static bool read_plots(tp_spawn_job *j, tp_str doing, const tp_words *words,
                       tp_waves *out)
{
    tp_err    err = {0};
    tp_str    bytes;
    ptrdiff_t room = (j->mem->end - j->mem->beg) / 4;
    char     *path = tp_spawn_path(j, tp_spawn_raw(j, j->mem), j->mem);
    if (tp_file_read(&bytes, path, room, j->mem, &err) == TP_OK &&
        tp_raw_read(out, bytes, j->mem, &err) == TP_OK)
        return true;
    if (words->error || words->aborted || words->len > 0)
        return fail(j, tp_words_outcome(words),
                    tp_words_text(words, doing, j->mem));
    return fail(j, TP_SIM_FAILED, tp_str_fmt(j->mem, "%s", err.msg));
}

/* ---- plots ------------------------------------------------------- */

/* "v(@m0[vth])" or as it is. */
static bool is_unknown(const tp_spawn_job *j, tp_str vector)
{
    if (vector.len > 3 && vector.at[1] == '(')
        vector = tp_str_part(vector, 2, vector.len - 3);
    for (int i = 0; i < j->n_unknown; i++)
        if (tp_str_same(j->unknown[i], vector)) return true;
    return false;
}

static void drop_unknown(const tp_spawn_job *j, tp_waves *got)
{
    tp_plot *plot = TP_NEW(j->mem, tp_plot, got->n);
    for (int i = 0; i < got->n && j->n_unknown; i++) {
        const tp_plot *from = &got->plot[i];
        tp_wave       *w = TP_NEW(j->mem, tp_wave, from->n_wave);
        plot[i] = *from;
        plot[i].wave = w;
        plot[i].n_wave = 0;
        for (int k = 0; k < from->n_wave; k++)
            if (!is_unknown(j, from->wave[k].name))
                w[plot[i].n_wave++] = from->wave[k];
    }
    if (j->n_unknown) got->plot = plot;
}

/* Plot `nth` of that kind; for noise, only the curves count; operating points
   of one circuit are all the same. */
static const tp_plot *nth_plot(const tp_waves *w, tp_str kind, int nth)
{
    bool noise = tp_str_same(kind, TP_S("noise"));
    if (tp_str_same(kind, TP_S("op"))) nth = 0;
    for (int i = 0; i < w->n; i++) {
        const tp_plot *p = &w->plot[i];
        bool           curve = p->n_wave > 0 && p->wave[0].x;
        if (!tp_str_same(p->kind, kind) || (noise && !curve)) continue;
        if (nth-- == 0) return p;
    }
    return NULL;
}

static bool take(tp_spawn_job *j, const tp_plot *p, int at, int step,
                 const tp_words *words)
{
    tp_str command = j->s->c->analysis[j->g.of[at]].command;
    if (!p)
        return fail(j, tp_words_outcome(words),
                    tp_words_text(words, command, j->mem));
    tp_str why = tp_gather_put(&j->g, at, step, p);
    if (why.len == 0) return true;
    if (words->len > 0) why = tp_words_text(words, why, j->mem);
    return fail(j, words->len > 0 ? tp_words_outcome(words) : TP_SIM_FAILED,
                tp_str_fmt(j->mem, "%.*s: %.*s", TP_F(command), TP_F(why)));
}

/* Which of its kind an analysis is in the reference deck's raw file. */
static int rank(const tp_circuit *c, const bool *want, int analysis)
{
    const tp_analysis *a = &c->analysis[analysis];
    int                n = 0;
    for (int i = 0; i < analysis && a->sweep.kind == TP_SWEEP_NONE; i++)
        n += (!want || want[i]) && c->analysis[i].sweep.kind == TP_SWEEP_NONE &&
             tp_str_same(c->analysis[i].kind, a->kind);
    return n;
}

static bool take_analysis(tp_spawn_job *j, const tp_waves *w, int i, int step,
                          const tp_words *words)
{
    const tp_analysis *a = &j->s->c->analysis[i];
    int                op = j->g.plot[i].op;
    bool               apart = tp_spawn_apart(j);
    int                nth = apart ? 0 : rank(j->s->c, j->want, i);
    const tp_plot     *p = nth_plot(w, tp_plot_kind(a), nth);
    if (!take(j, p, i, step, words)) return false;
    if (op >= 0 && tp_starts_own(a)) tp_gather_start_of(&j->g, i);
    return op < 0 || tp_starts_own(a) || op == i ||
           take(j, nth_plot(w, TP_S("op"), 0), op, step, words);
}

/* Commands of ours before the program's own analyses. */
static tp_str first_commands(const tp_spawn_job *j)
{
    const tp_spawn_settings *set = j->set;
    tp_buf                   b = {.mem = j->mem};
    if (!set->optran) tp_buf_fmt(&b, "optran 1 1 1 0 0 0\n");
    if (set->reltol > 0) tp_buf_fmt(&b, "option reltol=%.17g\n", set->reltol);
    if (set->gmin > 0) tp_buf_fmt(&b, "option gmin=%.17g\n", set->gmin);
    return tp_buf_str(&b);
}

/* The deck with a control block of ours before its end. */
static tp_str with_commands(const tp_spawn_job *j, tp_str deck, tp_str commands)
{
    tp_str    own = first_commands(j);
    ptrdiff_t end = deck.len - TP_S(".end\n").len;
    if (own.len + commands.len == 0) return deck;
    return tp_str_fmt(j->mem, "%.*s.control\n%.*s%.*s.endc\n.end\n",
                      TP_F(tp_str_part(deck, 0, end)), TP_F(own),
                      TP_F(commands));
}

bool tp_spawn_deck(tp_spawn_job *j, tp_str deck, tp_str commands, tp_str doing,
                   tp_words *words, tp_waves *got)
{
    tp_err err = {0};
    if (commands.len > 0 && j->set->program != 0)
        return fail(j, TP_SIM_FAILED,
                    tp_str_fmt(j->mem, "%s takes no commands",
                               tp_batch_names[j->set->program]));
    deck = with_commands(j, deck, commands);
    if (tp_file_write(tp_spawn_path(j, "deck.cir", j->mem), deck, &err))
        return fail(j, TP_DIED, tp_str_fmt(j->mem, "%s", err.msg));
    if (!execute(j, doing, words)) return false;
    if (words->transient_op)
        return fail(j, TP_NO_CONVERGENCE, tp_str_of(transient_op));
    if (!read_plots(j, doing, words, got)) return false;
    drop_unknown(j, got);
    return true;
}

/* Writes and runs the deck of one analysis and step, or (-1) of all that
   ngspice can do in one. */
static bool run_deck(tp_spawn_job *j, int which, int step)
{
    tp_str            deck;
    tp_err            err = {0};
    tp_words          words;
    tp_waves          got;
    tp_reference_part part = {which, step, j->want};
    if (tp_circuit_reference(&deck, j->s->c, j->value, &part, j->mem, &err))
        return fail(j, TP_SIM_FAILED, tp_str_fmt(j->mem, "%s", err.msg));
    tp_str doing = which < 0 ? TP_S("") : j->s->c->analysis[which].command;
    if (!tp_spawn_deck(j, deck, TP_S(""), doing, &words, &got)) return false;
    if (which >= 0) return take_analysis(j, &got, which, step, &words);
    for (int i = 0; i < j->s->c->n_analysis; i++) {
        bool own = j->s->c->analysis[i].sweep.kind == TP_SWEEP_NONE;
        if (!own || (j->want && !j->want[i])) continue;
        if (!take_analysis(j, &got, i, 0, &words)) return false;
    }
    return true;
}

static bool run_all(tp_spawn_job *j)
{
    const tp_circuit *c = j->s->c;
    const bool       *want = j->want;
    bool              plain = false, apart = tp_spawn_apart(j);
    for (int i = 0; i < c->n_analysis; i++)
        plain |=
            (!want || want[i]) && c->analysis[i].sweep.kind == TP_SWEEP_NONE;
    if (plain && !apart && !run_deck(j, -1, 0)) return false;
    for (int i = 0; i < c->n_analysis; i++) {
        const tp_analysis *a = &c->analysis[i];
        if (want && !want[i]) continue;
        if (!apart && a->sweep.kind == TP_SWEEP_NONE) continue;
        for (int step = 0; step < tp_steps(a); step++)
            if (!run_deck(j, i, step)) return false;
    }
    return true;
}

static tp_status run(tp_sim *sim, const double *value, const bool *want,
                     tp_arena *mem, tp_sim_result *out, tp_err *err)
{
    tp_spawn    *s = sim->state;
    double       begun = tp_now();
    tp_spawn_job j = {.set = sim->settings,
                      .s = s,
                      .value = value,
                      .want = want,
                      .mem = mem,
                      .out = out};
    *out = (tp_sim_result){.how = TP_RAN, .why = TP_S("")};
    if (!s->c) return tp_fail(err, TP_SIM, "no circuit is loaded");
    TP_TRY(tp_private_folder(s->folder, sizeof s->folder, err));
    tp_gather_start(&j.g, s->c, want, mem);
    if (sim->version.len == 0) sim->version = tp_spawn_version(&j, &sim->mem);
    if (run_all(&j)) out->waves = (tp_waves){.n = j.g.n, .plot = j.g.plot};
    tp_private_remove(s->folder);
    if (!sim->notice)
        sim->notice = tp_warnings_take(&s->warnings, s->c->text, &sim->n_notice,
                                       &sim->mem);
    out->setup_seconds = tp_now() - begun;
    return TP_OK;
}

const tp_sim_ops tp_sim_spawn = {
    .name = "spawn",
    .summary = "a fresh `ngspice -b`, or another batch simulator, for every "
               "point",
    .settings_size = sizeof(tp_spawn_settings),
    .params = params,
    .open = open_spawn,
    .load = load,
    .run = run,
    .close = close_spawn,
    .command = tp_spawn_command,
    .query = tp_spawn_query,
};
