/* trimpot problem: a starting problem file for a deck. */
#include "cli/cli.h"

#include "front/front.h"
#include <unistd.h>

/* What the deck has at its own values; said where it has none. */
static tp_status see(session *s, const tp_draft *d, tp_draft_seen *seen,
                     tp_err *err)
{
    tp_problem *p = TP_NEW(&s->mem, tp_problem, 1);
    tp_trial    t;
    TP_TRY(tp_draft_probe(p, d, err));
    TP_TRY(tp_run_once(&t, p, &s->opt.run, NULL, &s->mem, err));
    tp_draft_see(seen, d, p, t.reading);
    if (!t.reading)
        say("the deck gave no result at its own values (%.*s): the limits are "
            "yours to write",
            TP_F(t.why));
    for (int i = 0; t.reading && i < p->n_measure; i++)
        if (!t.reading[i].ok)
            say("%.*s has no value and is left out: %.*s",
                TP_F(p->measure[i].name), TP_F(t.reading[i].why));
    return TP_OK;
}

/* A problem file is edited by hand: one that is there stays. */
static tp_status check_free(session *s, tp_str path, tp_err *err)
{
    tp_str file = tp_str_fmt(&s->mem, "%.*s/%.*s.json", TP_F(s->opt.out),
                             TP_F(tp_path_stem(path)));
    if (!s->opt.out.len || access(tp_str_z(&s->mem, file), F_OK) != 0)
        return TP_OK;
    return tp_fail(err, TP_BAD_INPUT,
                   "%.*s is already there and stays as it is; choose another "
                   "folder for --out",
                   TP_F(file));
}

tp_status cmd_problem(session *s, int *exit_status, tp_err *err)
{
    tp_draft     *d;
    tp_draft_seen seen;
    tp_str        path = s->opt.arg[0], out = s->opt.out;
    tp_draft_ask  ask = {&s->reach, s->opt.gmid.pdk, s->opt.gmid.process_data};
    (void)exit_status;
    if (ask.process_data.len && !ask.pdk.len)
        return tp_fail(err, TP_BAD_INPUT, "--process-data needs --pdk NAME");
    TP_TRY(check_free(s, path, err));
    if (!ask.process_data.len) ask.process_data = TP_S("process_data");
    if (!out.len) out = tp_path_folder(path);
    ask.process_data = tp_path_seen_from(out, ask.process_data, &s->mem);
    TP_TRY(tp_draft_read(&d, tp_str_z(&s->mem, path), &ask, &s->mem, err));
    TP_TRY(see(s, d, &seen, err));
    tp_str deck = tp_path_seen_from(out, path, &s->mem);
    return deliver(s, tp_path_stem(path), "json", tp_draft_text(d, &seen, deck),
                   err);
}
