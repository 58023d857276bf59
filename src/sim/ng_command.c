/* Single commands and quantities, for sessions. Every command begins and ends
   without plots, so that their names tell nothing of what came before. */
#include "sim/ng.h"

#include <math.h>

/* One command as it goes on. */
typedef struct turn {
    tp_ng            *s;
    const tp_command *c;
    tp_arena         *mem;
    tp_sim_result    *out;
} turn;

static void fail(turn *t, tp_outcome how, tp_str why)
{
    t->out->how = how;
    t->out->why = why;
}

/* ---- analyses ---------------------------------------------------- */

/* "noise2" -> "noise" */
static tp_str kind_of(tp_str plot)
{
    while (plot.len > 0 && tp_is_digit(plot.at[plot.len - 1])) plot.len--;
    return plot;
}

/* ngspice guesses units of device quantities from their names: where it finds
   nothing it says V. */
static void doubt_units(tp_plot *p)
{
    tp_wave *w = (tp_wave *)(uintptr_t)p->wave;
    for (int i = 0; i < p->n_wave; i++)
        if (w[i].name.len > 0 && w[i].name.at[0] == '@' &&
            tp_str_eq(w[i].unit, TP_S("V")))
            w[i].unit = TP_S("");
}

static tp_str read_plots(turn *t)
{
    const tp_str *name;
    int           n = tp_ng_plots(&name, t->mem);
    tp_plot      *plot = TP_NEW(t->mem, tp_plot, n);
    for (int i = 0; i < n; i++) {
        tp_plot got;
        tp_str  why = tp_ng_read_plot(&got, name[i], kind_of(name[i]), t->mem);
        if (why.len == 0 && (got.n_wave == 0 || got.wave[0].n == 0))
            why = TP_S("the simulator gave no points");
        if (why.len > 0) return why;
        plot[i] = (tp_plot){
            .id = name[i], .ordinal = name[i], .kind = got.kind, .op = -1};
        tp_plot_plain(&plot[i], &got, t->mem);
        doubt_units(&plot[i]);
    }
    t->out->waves = (tp_waves){.n = n, .plot = plot};
    return n > 0 ? TP_S("") : TP_S("the simulator gave no plot");
}

static void run_analysis(turn *t)
{
    tp_ng     *s = t->s;
    tp_outcome how = TP_SIM_FAILED;
    int        before = tp_ng_iterations(s);
    tp_str     why = tp_ng_analyse(s, t->c->text, &how, t->mem);
    if (why.len == 0) {
        tp_str words = read_plots(t);
        if (words.len > 0)
            why =
                tp_str_fmt(t->mem, "%.*s: %.*s", TP_F(t->c->text), TP_F(words));
    }
    s->analysed = true;
    s->dirty |= s->events;
    int after = tp_ng_iterations(s);
    t->out->iterations = after >= before ? after - before : after;
    if (why.len == 0) return;
    t->out->waves = (tp_waves){0};
    fail(t, how == TP_RAN ? TP_SIM_FAILED : how, why);
}

/* ---- changes ----------------------------------------------------- */

/* Sends it; its words, when there are any, are why it failed. */
static void tell(turn *t, tp_str text)
{
    tp_ng *s = t->s;
    tp_words_clear(&s->words);
    bool sent = tp_ng_send(s, "%.*s", TP_F(text));
    if (sent && !s->words.error && s->words.len == 0) return;
    fail(t, TP_SIM_FAILED, tp_words_text(&s->words, t->c->text, t->mem));
}

static void change(turn *t, tp_str text)
{
    t->s->dirty = true;
    tell(t, text);
}

/* What is saved can be taken back without reading the circuit again. */
static void run_save(turn *t)
{
    t->s->saves = true;
    tell(t, t->c->text);
}

/* A device or a model. */
static void run_alter(turn *t)
{
    tp_str text = TP_S("");
    tp_str why = tp_change_text(&text, t->c, t->s->c, t->mem);
    if (why.len > 0)
        fail(t, TP_SIM_FAILED, why);
    else
        change(t, text);
}

static void run_text(turn *t)
{
    change(t, t->c->text);
}

/* Numbers were set in the place of parameters: a reading would lose them. */
static bool say_rest(tp_ng *s)
{
    tp_words_clear(&s->words);
    return !s->unsaid || tp_ng_say_params(s, s->at);
}

/* What is known of the parameters is no longer so. */
static void run_param(turn *t)
{
    tp_ng *s = t->s;
    s->lost |= !say_rest(s);
    for (int i = 0; i < s->c->n_param; i++) s->current[i] = NAN;
    tp_ng_dials_forget(s);
    change(t, t->c->text);
}

/* A circuit that can't be read again is gone. */
static void run_reset(turn *t)
{
    tp_ng *s = t->s;
    if (say_rest(s) && tp_ng_reset(s)) return;
    s->lost = true;
    fail(t, TP_SIM_FAILED, tp_words_text(&s->words, t->c->text, t->mem));
}

static void run_ask(turn *t)
{
    tp_ng *s = t->s;
    s->text_len = 0;
    s->listens = true;
    tp_words_clear(&s->words);
    bool sent = tp_ng_send(s, "%.*s", TP_F(t->c->text));
    s->listens = false;
    t->out->text = tp_str_copy(t->mem, (tp_str){s->text, s->text_len});
    if (sent && !s->words.error) return;
    fail(t, TP_SIM_FAILED, tp_words_text(&s->words, t->c->text, t->mem));
}

static void (*const act[])(turn *t) = {
    [TP_COMMAND_ANALYSIS] = run_analysis, [TP_COMMAND_ALTER] = run_alter,
    [TP_COMMAND_MODEL] = run_alter,       [TP_COMMAND_PARAM] = run_param,
    [TP_COMMAND_RESET] = run_reset,       [TP_COMMAND_OPTION] = run_text,
    [TP_COMMAND_SAVE] = run_save,         [TP_COMMAND_ASK] = run_ask,
};

/* What fails over numbers that were set is tried over the circuit read again:
   only that is believed. */
static void doubt(tp_sim *sim, const turn *t)
{
    bool analysis = t->c->kind == TP_COMMAND_ANALYSIS;
    if (!analysis || !t->s->warm || t->out->how == TP_RAN) return;
    sim->doubts = t->s->dirty = true;
}

static void clear(tp_ng *s)
{
    tp_ng_send(s, "destroy all");
    tp_ng_forget(s);
}

tp_status tp_ng_command(tp_sim *sim, tp_str command, tp_arena *mem,
                        tp_sim_result *out, tp_err *err)
{
    tp_ng     *s = sim->state;
    tp_command c;
    turn       t = {.s = s, .c = &c, .mem = mem, .out = out};
    double     start = tp_now();
    *out = (tp_sim_result){.how = TP_RAN, .why = TP_S(""), .text = TP_S("")};
    if (!s->loaded || s->lost)
        return tp_fail(err, TP_SIM, "ngspice has no circuit any more");
    tp_str refused = tp_command_read(&c, command, mem);
    if (refused.len > 0) {
        fail(&t, TP_SIM_FAILED, refused);
        return TP_OK;
    }
    if (!tp_ng_start_use(s, false, *mem)) s->lost = true;
    s->floor = 0;
    s->counted = -1;
    if (!s->lost) act[c.kind](&t);
    doubt(sim, &t);
    if (s->lost) return tp_fail(err, TP_SIM, "ngspice: %.*s", TP_F(out->why));
    clear(s);
    out->seconds = s->floor;
    out->setup_seconds = tp_now() - start - s->floor;
    return TP_OK;
}

/* ---- quantities -------------------------------------------------- */

/* Texts, whose reading ends ngspice 39. */
static bool is_text(tp_str par)
{
    return tp_str_eq(par, TP_S("type")) || tp_str_eq(par, TP_S("model"));
}

/* Without an analysis of its own, a point would show what the one before it
   came to. */
static void forget_before(tp_sim *sim, tp_ng *s)
{
    if (!s->warm || s->analysed) return;
    if (s->dirty)
        sim->doubts = true;
    else
        s->lost |= !tp_ng_again(s, s->at);
}

tp_status tp_ng_query(tp_sim *sim, tp_str name, tp_arena *mem, tp_wave *out,
                      tp_err *err)
{
    tp_ng *s = sim->state;
    tp_str device, par, full = TP_S("");
    *out = (tp_wave){0};
    if (!s->loaded || s->lost)
        return tp_fail(err, TP_SIM, "ngspice has no circuit any more");
    if (tp_quantity_read(&device, &par, name, mem) && !is_text(par))
        full = tp_quantity_text(device, par, mem);
    if (full.len == 0) {
        out->name = tp_str_fmt(mem, "'%.*s' is no number of a device or model",
                               TP_F(name));
        return TP_OK;
    }
    tp_words_clear(&s->words);
    forget_before(sim, s);
    tp_ng_send(s, "setplot new"); /* where ngspice puts what is asked for */
    if (!tp_ng_read_vector(out, full, mem))
        *out = (tp_wave){.name = tp_words_text(&s->words, full, mem)};
    clear(s);
    if (s->lost) return tp_fail(err, TP_SIM, "ngspice is lost");
    return TP_OK;
}
