/* How a problem's decks are simulated: what is left of them, and how the
   values of a point get into them. For people; nothing is simulated. */
#include "run/inside.h"

/* Different devices among the dials. */
static int devices(const tp_dials *d, tp_arena mem)
{
    tp_str *seen = TP_NEW(&mem, tp_str, d->n);
    int     n = 0;
    for (int i = 0; i < d->n; i++) {
        bool known = false;
        for (int k = n - 1; k >= 0 && !known; k--)
            known = tp_str_eq(seen[k], d->dial[i].device);
        if (!known) seen[n++] = d->dial[i].device;
    }
    return n;
}

static tp_str place_words(const tp_circuit *c, int line, tp_arena *mem)
{
    if (line < 1 || line > c->n_place || !c->place[line - 1].in)
        return TP_S("");
    return tp_str_fmt(mem, " (%.*s:%d)", TP_F(c->place[line - 1].in->name),
                      c->place[line - 1].line);
}

static tp_str pruned_words(const tp_pruned *how, const tp_circuit *c,
                           tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    if (how->rows == 0) return TP_S("the whole deck is simulated");
    tp_buf_fmt(&b, "%d of %d statements and devices are simulated", how->kept,
               how->rows);
    if (how->bins > 0)
        tp_buf_fmt(&b, ", %d of %d bins of models", how->bins_kept, how->bins);
    if (how->left.len > 0)
        tp_buf_fmt(&b, "; bins that may be unused are kept where %.*s%.*s",
                   TP_F(how->left), TP_F(place_words(c, how->left_line, mem)));
    return tp_buf_str(&b);
}

static tp_str again_words(tp_str why, tp_str where, tp_arena *mem)
{
    return tp_str_fmt(mem,
                      "the circuit is read again for every point: %.*s%.*s",
                      TP_F(why), TP_F(where));
}

static tp_str nothing_words(const tp_said *change, tp_arena *mem)
{
    if (change->text.len == 0) return TP_S("there are no values to set");
    return tp_str_fmt(mem,
                      "there are no values to set (the circuit would be read "
                      "again for every point: %.*s changes it)",
                      TP_F(tp_said_words(change, mem)));
}

static tp_str values_words(const tp_circuit *c, const tp_control *program,
                           tp_arena *mem)
{
    tp_dials d;
    tp_said  change = {.text = TP_S("")};
    if (program) change = program->touch.changes;
    if (c->n_param == 0) return nothing_words(&change, mem);
    tp_dials_make(&d, c, mem);
    if (d.why.len > 0)
        return again_words(d.why, place_words(c, d.line, mem), mem);
    if (program && d.tran) return again_words(tp_str_of(d.tran), TP_S(""), mem);
    if (change.text.len > 0)
        return again_words(tp_said_words(&change, mem), TP_S(" changes it"),
                           mem);
    return tp_str_fmt(mem,
                      "%d numbers of %d devices are set without reading the "
                      "circuit again%s",
                      d.n, devices(&d, *mem),
                      d.n_user > 0 ? ", but where a transistor leaves its bin"
                                   : "");
}

static bool has(tp_str list, tp_str word)
{
    for (tp_str w = tp_str_word(&list, ","); w.len > 0;
         w = tp_str_word(&list, ","))
        if (tp_str_eq(w, word)) return true;
    return false;
}

/* Whether the simulator can be told single numbers, and may be. */
static bool sets_numbers(const tp_run_settings *s, tp_arena mem)
{
    tp_str            rest = s->simulator;
    const tp_sim_ops *ops = tp_sim_find(tp_str_word(&rest, ","));
    if (!ops || !ops->pruned) return false;
    void *set = tp_sim_settings(ops, &mem);
    rest = tp_str_from(rest, rest.len > 0); /* behind the comma */
    if (tp_params_set_list(ops->params, set, rest, &mem, NULL)) return false;
    return has(tp_params_list(ops->params, set, &mem), TP_S("path=auto"));
}

/* What a deck that turns out to be hostile could do. */
static tp_str confined_words(const tp_run_settings *s)
{
    tp_str            rest = s->simulator;
    const tp_sim_ops *ops = tp_sim_find(tp_str_word(&rest, ","));
    if (!ops || !ops->pruned || !tp_str_starts(s->exec, TP_S("local")))
        return TP_S("");
    unsigned lacks = tp_confine_try();
    return lacks ? tp_str_of(tp_confine_words(lacks))
                 : TP_S("simulators are confined: no programs, no network, "
                        "nothing written, only the system's files read");
}

static void add(tp_str **line, int *n, tp_str deck, tp_str text, tp_arena *mem)
{
    if (deck.len > 0)
        text = tp_str_fmt(mem, "%.*s: %.*s", TP_F(deck), TP_F(text));
    (*line)[(*n)++] = text;
}

tp_status tp_run_engine(const tp_str **out, int *n, const tp_problem *p,
                        const tp_run_settings *s, tp_arena *mem, tp_err *err)
{
    tp_run  r = {.mem = *mem, .problem = p, .set = *s};
    tp_str *line =
        TP_NEW(&r.mem, tp_str, (ptrdiff_t)2 * tp_problem_decks(p) + 1);
    TP_TRY(tp_prepare_space(&r.space, p, s, &r.mem, err));
    tp_workers_simulator(&r);
    tp_decks_make(&r);
    for (int i = *n = 0; i < r.n_deck; i++) {
        const tp_circuit *c = r.circuit[i];
        tp_str            deck = tp_problem_deck_words(p, i, &r.mem);
        add(&line, n, deck, pruned_words(&r.how[i], c, &r.mem), &r.mem);
        if (sets_numbers(&r.set, r.mem))
            add(&line, n, deck,
                values_words(c, p->bench[tp_problem_bench_of(p, i)].control,
                             &r.mem),
                &r.mem);
    }
    tp_str confined = confined_words(&r.set);
    if (confined.len > 0) add(&line, n, TP_S(""), confined, &r.mem);
    *out = line;
    *mem = r.mem;
    return TP_OK;
}
