/* trimpot replay: a stored trial as a deck for plain ngspice. */
#include "cli/cli.h"

/* "amp-700-9500-trial-23", and "-2" where there are several decks. */
static tp_str stem(session *s, const stored_run *r, const tp_trial *t, int deck)
{
    tp_str name =
        tp_str_fmt(&s->mem, "%.*s-trial-%d", TP_F(r->row.id), t->number);
    if (tp_problem_decks(&r->problem) == 1) return name;
    return tp_str_fmt(&s->mem, "%.*s-%d", TP_F(name), deck + 1);
}

static tp_status one_deck(session *s, const stored_run *r, const tp_trial *t,
                          int deck, tp_err *err)
{
    tp_str          text, name = stem(s, r, t, deck);
    bool            ran = t->reading && tp_str_eq(t->outcome, TP_S("ran"));
    tp_str          remark = ran ? t->why : TP_S("");
    tp_str          words = tp_problem_deck_words(&r->problem, deck, &s->mem);
    tp_replay_names names = {
        .deck = deck,
        .title = tp_str_fmt(&s->mem, "trial %d of run %.*s%s%.*s%s%.*s",
                            t->number, TP_F(r->row.id), words.len ? ", " : "",
                            TP_F(words), remark.len ? "; " : "", TP_F(remark)),
        .raw = tp_str_fmt(&s->mem, "%.*s.raw", TP_F(name))};
    TP_TRY(tp_run_replay(&text, &r->problem, t->x, &names, &s->mem, err));
    return deliver(s, name, "cir", text, err);
}

tp_status cmd_replay(session *s, int *exit_status, tp_err *err)
{
    stored_run      r;
    const tp_trial *t;
    (void)exit_status;
    TP_TRY(session_run(s, &r, s->opt.arg[0], err));
    TP_TRY(session_needs_deck(&r, err));
    TP_TRY(session_trial(s, &r, &t, err));
    int n = tp_problem_decks(&r.problem);
    if (n > 1 && !s->opt.out.len)
        return tp_fail(err, TP_BAD_INPUT,
                       "%.*s has %d decks a trial: --out names a folder for "
                       "their files",
                       TP_F(r.row.id), n);
    for (int i = 0; i < n; i++) TP_TRY(one_deck(s, &r, t, i, err));
    return TP_OK;
}
