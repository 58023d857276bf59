/* What a finished run leaves on disk. Every path is tried before the first
   simulation: an afternoon is not lost to a folder without write permission. */
#include "cli/cli.h"

#include "script/script.h"

#include <errno.h>
#include <unistd.h>

/* A path that a deck or a method names stays inside the run's folder, also
   behind links. */
static tp_status inside(const claim *c, tp_str name, tp_str folder,
                        tp_arena mem, tp_err *err)
{
    tp_str rest = name;
    bool   up = name.len && name.at[0] == '/';
    for (tp_str w = tp_str_word(&rest, "/"); w.len; w = tp_str_word(&rest, "/"))
        up = up || tp_str_eq(w, TP_S(".."));
    if (!up && access(tp_str_z(&mem, tp_path_folder(c->path)), F_OK) == 0)
        up = !tp_path_inside(folder, c->path, &mem);
    if (!up) return TP_OK;
    return tp_fail_at(err, TP_BAD_INPUT, c->at,
                      "%.*s '%.*s' leaves the run's folder; only files inside "
                      "it can be written (--out DIR moves it)",
                      TP_F(c->what), TP_F(name));
}

static tp_status writable(session *s, tp_str path, tp_err *err)
{
    if (!tp_file_can_write(tp_str_z(&s->mem, path), err)) return TP_OK;
    return tp_while(err, "before the run");
}

/* What is there is empty or was written by us: a deck does not get to
   overwrite a file of the user's. */
static tp_status ours(const claim *c, tp_arena mem, tp_err *err)
{
    char head[256];
    errno = 0;
    FILE  *f = fopen(tp_str_z(&mem, c->path), "rb");
    size_t n = f ? fread(head, 1, sizeof head, f) : 0;
    tp_str have = {head, (ptrdiff_t)n};
    bool   found = n == 0 && (f || errno == ENOENT);
    if (f) fclose(f);
    for (tp_str s = have; s.len && !found; s = tp_str_from(s, 1))
        found = tp_str_starts(s, TP_S("<optimisation"));
    if (found && (n == 0 || tp_str_starts(have, TP_S("<?xml")))) return TP_OK;
    return tp_fail_at(err, TP_BAD_INPUT, c->at,
                      "%.*s '%.*s' is there and is no .sxopt file of trimpot; "
                      "it is not overwritten",
                      TP_F(c->what), TP_F(c->path));
}

static void claim_inputs(session *s, claims *c, const tp_problem *p)
{
    static const char *const part[] = {"", "-wal", "-shm", "-journal"};
    tp_str                   store = tp_str_of(session_store_path(s));
    claims_add(c, p->path, "the deck");
    for (int i = 0; i < p->files.n; i++)
        claims_add(c, p->files.file[i].name,
                   i ? "a file of the deck" : "the deck");
    for (int i = 0; i < TP_COUNT(part); i++)
        claims_add(c, tp_str_fmt(&s->mem, "%.*s%s", TP_F(store), part[i]),
                   "the store");
}

static tp_status claim_output(session *s, claims *c, const claim *out,
                              tp_err *err)
{
    TP_TRY(claims_output(c, out, err));
    return writable(s, out->path, err);
}

/* The pictures that a script draws: a graph begins with `plot`, or with the
   first `curve`. */
static int n_graphs(const tp_post *post)
{
    int n = 0;
    for (int i = 0; i < post->n; i++)
        n += post->step[i].kind == TP_STEP_PLOT ||
             (post->step[i].kind == TP_STEP_CURVE && n == 0);
    return n;
}

/* Scripts of one name number their pictures on: how many came before. */
static int graphs_before(const tp_problem *p, const tp_post *post)
{
    int n = 0;
    for (const tp_post *k = p->post; k < post; k++)
        if (tp_str_eq(k->name, post->name)) n += n_graphs(k);
    return n;
}

static tp_status claim_pictures(session *s, claims *c, const tp_problem *p,
                                tp_str folder, tp_err *err)
{
    static const char *const ending[] = {"svg", "png"};
    for (const tp_post *post = p->post; post < p->post + p->n_post; post++) {
        int from = graphs_before(p, post), n = 2 * n_graphs(post);
        for (int k = 0; k < n; k++) {
            tp_str name = tp_script_file(p, post, from + k / 2 + 1,
                                         ending[k % 2], &s->mem);
            claim  out = {tp_path_join(folder, name, &s->mem),
                          TP_S("the script's picture"), post->at};
            if (claim_output(s, c, &out, err)) return err->code;
        }
    }
    return TP_OK;
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

tp_status outputs_fit_sxopt(const tp_problem *p, tp_err *err)
{
    if (!p->n_spec) return TP_OK;
    return tp_fail(err, TP_BAD_INPUT,
                   "an .sxopt file has no place for corners and specs of a "
                   "problem file: export --csv has one");
}

static tp_status claim_results(session *s, claims *c, const tp_problem *p,
                               outputs *out, tp_err *err)
{
    if (!p->results_file.len) return TP_OK;
    out->results = tp_path_join(out->folder, p->results_file, &s->mem);
    claim results = {out->results, TP_S("results_file"), p->results_at};
    TP_TRY(inside(&results, p->results_file, out->folder, s->mem, err));
    TP_TRY(claim_output(s, c, &results, err));
    return ours(&results, s->mem, err);
}

/* The file of points that the method's settings name. */
static tp_status claim_points(session *s, claims *c, outputs *out, tp_err *err)
{
    void             *settings;
    tp_str            list = s->opt.run.method, name = tp_str_word(&list, ",");
    const tp_opt_ops *ops = tp_opt_find(tp_str_trim(name));
    if (!ops) return TP_OK; /* the run says so */
    if (tp_opt_settings(&settings, ops, list, &s->mem, NULL)) return TP_OK;
    tp_str file = tp_opt_outfile(ops, settings);
    if (!file.len) return TP_OK;
    out->points = tp_path_join(out->folder, file, &s->mem);
    claim points = {.path = out->points, .what = TP_S("outfile")};
    TP_TRY(inside(&points, file, out->folder, s->mem, err));
    return claim_output(s, c, &points, err);
}

static bool as_ngspice(const session *s)
{
    return tp_str_eq(s->opt.write_deck_as, TP_S("ngspice"));
}

static tp_status deck_text(session *s, const tp_account *a, tp_str *out,
                           tp_err *err)
{
    if (as_ngspice(s)) return tp_report_deck_ngspice(out, a, &s->mem, err);
    return tp_report_deck(out, a, &s->mem, err);
}

/* The deck with its own start values: what can't be written after the run
   can't be written before it either. */
static tp_status try_deck(session *s, const tp_problem *p, tp_err *err)
{
    tp_str     text;
    double    *x = TP_NEW(&s->mem, double, p->space.n);
    tp_trial   t = {.number = 1, .x = x};
    tp_account a = {
        .problem = p, .space = &p->space, .n_trial = 1, .trial = &t, .best = 1};
    for (int i = 0; i < p->space.n; i++) x[i] = p->space.var[i].start;
    if (deck_text(s, &a, &text, err)) return tp_while(err, "--write-deck");
    return TP_OK;
}

/* An include is looked for beside the deck that names it. */
static void tell_includes(session *s, const tp_problem *p, tp_str path)
{
    enum { NAMED_MAX = 4 };
    tp_buf names = {.mem = &s->mem};
    tp_str folder = tp_path_folder(p->path);
    int    n = 0;
    if (as_ngspice(s)) return; /* holds its includes */
    if (same_file(tp_path_folder(path), folder, s->mem)) return;
    for (int i = 1; i < p->files.n; i++) {
        tp_str name = p->files.file[i].name;
        if (tp_str_starts(name, TP_S("/")) && !tp_str_starts(name, folder))
            continue;
        if (n++ < NAMED_MAX)
            tp_buf_fmt(&names, "%s%.*s", names.len ? ", " : "", TP_F(name));
    }
    if (n > NAMED_MAX) tp_buf_fmt(&names, " and %d more", n - NAMED_MAX);
    if (!names.len) return;
    tp_str all = tp_buf_str(&names);
    say("--write-deck: %.*s will not find what it includes (%.*s) from its "
        "new folder: copy that too, or use --write-deck-as ngspice",
        TP_F(path), TP_F(all));
}

static tp_status claim_deck(session *s, claims *c, const tp_problem *p,
                            outputs *out, tp_err *err)
{
    out->deck = s->opt.write_deck;
    if (!out->deck.len && s->opt.write_deck_as.len)
        out->deck = tp_path_join(
            out->folder, tp_str_fmt(&s->mem, "%.*s-tuned.net", TP_F(p->name)),
            &s->mem);
    if (!out->deck.len) return TP_OK;
    claim deck = {.path = out->deck, .what = TP_S("--write-deck")};
    TP_TRY(claim_output(s, c, &deck, err));
    TP_TRY(try_deck(s, p, err));
    tell_includes(s, p, out->deck);
    return TP_OK;
}

/* A resumed run's deck may be gone with its folder. */
static tp_status check_folder(session *s, const tp_problem *p, tp_str folder,
                              tp_err *err)
{
    bool needed = p->results_file.len || p->n_post || s->opt.write_deck_as.len;
    if (!needed || access(tp_str_z(&s->mem, folder), F_OK) == 0) return TP_OK;
    return tp_fail(err, TP_IO,
                   "the deck's folder '%.*s' is not there (any more): --out "
                   "DIR says where its files go",
                   TP_F(folder));
}

tp_status outputs_check(session *s, const tp_problem *p, outputs *out,
                        tp_err *err)
{
    claims c = {.mem = &s->mem};
    *out = (outputs){.folder = s->opt.out};
    TP_TRY(check_dialect(s, err));
    if (s->opt.out.len)
        TP_TRY(tp_folder_make(tp_str_z(&s->mem, s->opt.out), err));
    if (!out->folder.len) out->folder = tp_path_folder(p->path);
    TP_TRY(check_folder(s, p, out->folder, err));
    claim_inputs(s, &c, p);
    TP_TRY(claim_results(s, &c, p, out, err));
    TP_TRY(claim_points(s, &c, out, err));
    TP_TRY(claim_deck(s, &c, p, out, err));
    return claim_pictures(s, &c, p, out->folder, err);
}

static void said(void *with, tp_str line)
{
    session *s = with;
    tp_str   plain = tp_report_plain(line, &s->mem);
    say("%.*s", TP_F(plain));
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
    TP_TRY(deck_text(s, a, &text, err));
    return write_file(s, path, text, err);
}

tp_status outputs_write(session *s, const tp_account *a, const outputs *out,
                        tp_err *err)
{
    if (out->results.len)
        TP_TRY(write_file(s, out->results, tp_report_sxopt(a, &s->mem), err));
    if (out->points.len)
        TP_TRY(write_file(s, out->points, tp_report_points(a, &s->mem), err));
    if (!a->best) return TP_OK;
    if (out->deck.len) TP_TRY(write_deck(s, a, out->deck, err));
    if (!a->problem->n_post) return TP_OK;
    tp_script_results r = {a->n_trial, a->trial, a->best};
    tp_script_sink    sink = {s, said, wrote};
    tp_err            why = {0};
    tp_status         st =
        tp_scripts_run(a->problem, &r, out->folder, &sink, &s->mem, &why);
    if (st == TP_BAD_INPUT) { /* its steps said why; the run is what it is */
        say("post-process: %s", why.msg);
        return TP_OK;
    }
    if (st && err) *err = why;
    return st;
}

int verdict(const tp_account *a, bool proof_wanted)
{
    if (!a->best || !a->trial[a->best - 1].score.feasible) return 1;
    if (proof_wanted && !(a->proof.done && a->proof.same)) return 1;
    return 0;
}
