/* What a finished run leaves on disk. Every path is tried before the first
   simulation: an afternoon is not lost to a folder without write permission. */
#include "cli/cli.h"

#include "script/script.h"

/* A path that a deck names stays inside the run's folder. */
static tp_status inside(tp_str path, tp_place at, tp_err *err)
{
    tp_str rest = path;
    bool   up = path.len && path.at[0] == '/';
    for (tp_str w = tp_str_word(&rest, "/"); w.len; w = tp_str_word(&rest, "/"))
        up = up || tp_str_eq(w, TP_S(".."));
    if (!up) return TP_OK;
    return tp_fail_at(err, TP_BAD_INPUT, at,
                      "results_file '%.*s' leaves the run's folder; a deck "
                      "may only name files inside it (--out DIR moves it)",
                      TP_F(path));
}

static tp_status writable(session *s, tp_str path, tp_err *err)
{
    if (!tp_file_can_write(tp_str_z(&s->mem, path), err)) return TP_OK;
    return tp_while(err, "before the run");
}

static tp_status check_dialect(const session *s, tp_err *err)
{
    tp_str as = s->opt.write_deck_as;
    if (!as.len || tp_str_eq(as, TP_S("own")) || tp_str_eq(as, TP_S("ngspice")))
        return TP_OK;
    return tp_fail(err, TP_BAD_INPUT,
                   "--write-deck-as: '%.*s' is neither own nor ngspice",
                   TP_F(as));
}

tp_status outputs_check(session *s, const tp_problem *p, outputs *out,
                        tp_err *err)
{
    *out = (outputs){.folder = s->opt.out};
    TP_TRY(check_dialect(s, err));
    if (s->opt.out.len)
        TP_TRY(tp_folder_make(tp_str_z(&s->mem, s->opt.out), err));
    if (!out->folder.len) out->folder = tp_path_folder(p->path);
    if (p->results_file.len) {
        TP_TRY(inside(p->results_file, p->results_at, err));
        out->results = tp_path_join(out->folder, p->results_file, &s->mem);
        TP_TRY(writable(s, out->results, err));
    }
    out->deck = s->opt.write_deck;
    if (!out->deck.len && s->opt.write_deck_as.len)
        out->deck = tp_path_join(
            out->folder, tp_str_fmt(&s->mem, "%.*s-tuned.net", TP_F(p->name)),
            &s->mem);
    if (out->deck.len) TP_TRY(writable(s, out->deck, err));
    for (int i = 0; i < p->n_post; i++)
        TP_TRY(writable(
            s,
            tp_path_join(out->folder,
                         tp_script_file(p, &p->post[i], 1, "svg", &s->mem),
                         &s->mem),
            err));
    return TP_OK;
}

static void said(void *with, tp_str line)
{
    (void)with;
    say("%.*s", TP_F(line));
}

static void wrote(void *with, tp_str path)
{
    (void)with;
    say("wrote %.*s", TP_F(path));
}

static tp_status write_file(session *s, tp_str path, tp_str bytes, tp_err *err)
{
    TP_TRY(tp_file_write(tp_str_z(&s->mem, path), bytes, err));
    wrote(NULL, path);
    return TP_OK;
}

static tp_status write_deck(session *s, const tp_account *a, tp_str path,
                            tp_err *err)
{
    tp_str text;
    bool   plain = tp_str_eq(s->opt.write_deck_as, TP_S("ngspice"));
    if (plain)
        TP_TRY(tp_report_deck_ngspice(&text, a, &s->mem, err));
    else
        TP_TRY(tp_report_deck(&text, a, &s->mem, err));
    return write_file(s, path, text, err);
}

tp_status outputs_write(session *s, const tp_account *a, const outputs *out,
                        tp_err *err)
{
    if (out->results.len)
        TP_TRY(write_file(s, out->results, tp_report_sxopt(a, &s->mem), err));
    if (!a->best) return TP_OK;
    if (out->deck.len) TP_TRY(write_deck(s, a, out->deck, err));
    if (!a->problem->n_post) return TP_OK;
    tp_script_results r = {a->n_trial, a->trial, a->best};
    tp_script_sink    sink = {NULL, said, wrote};
    return tp_scripts_run(a->problem, &r, out->folder, &sink, &s->mem, err);
}

int verdict(const tp_account *a, bool proof_wanted)
{
    if (!a->best || !a->trial[a->best - 1].score.feasible) return 1;
    if (proof_wanted && !(a->proof.done && a->proof.same)) return 1;
    return 0;
}
