/* spawn, command by command: every analysis is a fresh program over the deck
   with what the commands before it have changed. Parameters are written into
   the text; an alter, an option or a save is said to the fresh program in a
   control block of ours, from the table of commands and nothing else. */
#include "sim/spawn.h"

#include <string.h>

/* One command as it goes on. */
typedef struct turn {
    tp_spawn_job job;
    tp_spawn    *s;
    tp_command   c;
} turn;

static bool fail(turn *t, tp_str why)
{
    t->job.out->how = TP_SIM_FAILED;
    t->job.out->why = why;
    return false;
}

/* ---- the deck ---------------------------------------------------- */

/* The parameters that a reset has put into effect. */
static int params_in_effect(const tp_spawn *s, tp_tunable *set)
{
    int n = 0, end = 0;
    for (int i = 0; i < s->made.n; i++)
        if (s->made.made[i].kind == TP_COMMAND_RESET) end = i;
    for (int i = 0; i < end; i++) {
        const tp_command *c = &s->made.made[i];
        if (c->kind == TP_COMMAND_PARAM)
            set[n++] = (tp_tunable){c->name, c->value[0]};
    }
    return n;
}

static bool is_said(const tp_command *c)
{
    return c->kind != TP_COMMAND_PARAM && c->kind != TP_COMMAND_RESET;
}

/* The other changes, one a line. */
static bool changes_text(turn *t, tp_buf *b)
{
    for (int i = 0; i < t->s->made.n; i++) {
        const tp_command *c = &t->s->made.made[i];
        tp_str            text = TP_S("");
        if (!is_said(c)) continue;
        tp_str why = tp_change_text(&text, c, t->s->c, t->job.mem);
        if (why.len > 0) return fail(t, why);
        tp_buf_fmt(b, "%.*s\n", TP_F(text));
    }
    return true;
}

static tp_str deck_with(turn *t, tp_str lines)
{
    tp_tunable *set = TP_NEW(t->job.mem, tp_tunable, t->s->made.n);
    int         n = params_in_effect(t->s, set);
    return tp_circuit_with(t->s->c, set, n, lines, t->job.mem);
}

/* ---- analyses ---------------------------------------------------- */

static int nth_of_kind(const tp_waves *w, int at)
{
    int n = 1;
    for (int i = 0; i < at; i++)
        n += tp_str_eq(w->plot[i].kind, w->plot[at].kind);
    return n;
}

/* As the simulator names them: plots of a kind are counted. */
static void give_plots(turn *t, const tp_waves *got)
{
    tp_plot *plot = TP_NEW(t->job.mem, tp_plot, got->n);
    for (int i = 0; i < got->n; i++) {
        tp_str kind = got->plot[i].kind;
        tp_str name =
            tp_str_fmt(t->job.mem, "%.*s%d", TP_F(kind), nth_of_kind(got, i));
        plot[i] =
            (tp_plot){.id = name, .ordinal = name, .kind = kind, .op = -1};
        tp_plot_plain(&plot[i], &got->plot[i], t->job.mem);
    }
    t->job.out->waves = (tp_waves){got->n, plot};
}

static void run_analysis(turn *t)
{
    tp_words words;
    tp_waves got;
    tp_buf   b = {.mem = t->job.mem};
    tp_str   card = tp_str_fmt(t->job.mem, ".%.*s", TP_F(t->c.text));
    if (!changes_text(t, &b)) return;
    if (!tp_spawn_deck(&t->job, deck_with(t, card), tp_buf_str(&b), t->c.text,
                       &words, &got))
        return;
    bool points = got.n > 0;
    for (int i = 0; i < got.n; i++)
        points &= got.plot[i].n_wave > 0 && got.plot[i].wave[0].n > 0;
    if (points && !words.aborted) {
        give_plots(t, &got);
        return;
    }
    fail(t, tp_words_text(&words, t->c.text, t->job.mem));
    if (words.len > 0) t->job.out->how = tp_words_outcome(&words);
}

/* ---- changes ----------------------------------------------------- */

static tp_command copied(const tp_command *c, tp_arena *mem)
{
    tp_command own = *c;
    double    *v = TP_NEW(mem, double, c->n);
    for (int i = 0; i < c->n; i++) v[i] = c->value[i];
    own.value = v;
    own.verb = tp_str_copy(mem, c->verb);
    own.text = tp_str_copy(mem, c->text);
    own.name = tp_str_copy(mem, c->name);
    own.par = tp_str_copy(mem, c->par);
    own.key = tp_str_copy(mem, c->key);
    return own;
}

static void note_change(turn *t, tp_arena *keep)
{
    const tp_command *c = &t->c;
    tp_str            text;
    if (c->kind == TP_COMMAND_PARAM && tp_str_find(c->name, ' ', 0) >= 0) {
        fail(t, TP_S("a parameter of a sub-circuit can't be written into a "
                     "plain deck"));
        return;
    }
    tp_str why = tp_change_text(&text, c, t->s->c, t->job.mem);
    if (why.len > 0) {
        fail(t, why);
        return;
    }
    tp_command own = copied(c, keep);
    tp_changes_add(&t->s->made, &own, keep);
    if (c->kind == TP_COMMAND_RESET) t->s->last = TP_S("");
}

static turn begin(tp_sim *sim, tp_arena *mem, tp_sim_result *out)
{
    tp_spawn *s = sim->state;
    return (turn){
        .s = s, .job = {.set = sim->settings, .s = s, .mem = mem, .out = out}};
}

tp_status tp_spawn_command(tp_sim *sim, tp_str command, tp_arena *mem,
                           tp_sim_result *out, tp_err *err)
{
    turn   t = begin(sim, mem, out);
    double begun = tp_now();
    *out = (tp_sim_result){.how = TP_RAN, .why = TP_S(""), .text = TP_S("")};
    if (!t.s->c) return tp_fail(err, TP_SIM, "no circuit is loaded");
    tp_str refused = tp_command_read(&t.c, command, mem);
    if (refused.len == 0 && t.c.kind == TP_COMMAND_ASK)
        refused = TP_S("a fresh program for every command shows nothing");
    if (refused.len > 0) {
        fail(&t, refused);
        return TP_OK;
    }
    if (t.c.kind != TP_COMMAND_ANALYSIS) {
        note_change(&t, &sim->mem);
        return TP_OK;
    }
    TP_TRY(tp_private_folder(t.s->folder, sizeof t.s->folder, err));
    run_analysis(&t);
    tp_private_remove(t.s->folder);
    if (out->how == TP_RAN) t.s->last = tp_str_copy(&sim->mem, t.c.text);
    out->setup_seconds = tp_now() - begun - out->seconds;
    return TP_OK;
}

/* ---- quantities -------------------------------------------------- */

/* The last analysis is made again, as a quantity may be of its state. */
static bool ask(turn *t, tp_str quantity, tp_waves *got)
{
    tp_words words;
    tp_buf   b = {.mem = t->job.mem};
    tp_str   op = TP_S(".op");
    if (!changes_text(t, &b)) return false;
    if (t->s->last.len > 0) tp_buf_fmt(&b, "%.*s\n", TP_F(t->s->last));
    tp_buf_fmt(&b, "let tp_asked = %.*s\nwrite out.raw tp_asked\nquit\n",
               TP_F(quantity));
    return tp_spawn_deck(&t->job, deck_with(t, t->s->last.len ? TP_S("") : op),
                         tp_buf_str(&b), quantity, &words, got);
}

tp_status tp_spawn_query(tp_sim *sim, tp_str name, tp_arena *mem, tp_wave *out,
                         tp_err *err)
{
    tp_sim_result result = {.how = TP_RAN};
    turn          t = begin(sim, mem, &result);
    tp_str        device, par, full = TP_S("");
    tp_waves      got = {0};
    *out = (tp_wave){0};
    if (!t.s->c) return tp_fail(err, TP_SIM, "no circuit is loaded");
    if (tp_quantity_read(&device, &par, name, mem))
        full = tp_quantity_text(device, par, mem);
    if (full.len == 0) {
        out->name = tp_str_fmt(mem, "'%.*s' is no number of a device or model",
                               TP_F(name));
        return TP_OK;
    }
    TP_TRY(tp_private_folder(t.s->folder, sizeof t.s->folder, err));
    bool ok = ask(&t, full, &got);
    tp_private_remove(t.s->folder);
    if (ok && got.n == 1 && got.plot[0].n_wave > 0) {
        *out = got.plot[0].wave[got.plot[0].n_wave - 1];
        out->name = full;
        out->x = NULL;
    } else {
        out->name = result.why;
    }
    return TP_OK;
}
