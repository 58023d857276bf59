/* A user's file -> a problem: the deck is read, the front end that knows it
   fills the problem. */
#include "front/inside.h"

#include <math.h>

static const tp_front fronts[] = {
    {"simetrix", "a SIMetrix deck with .optimiser or sweep opt",
     tp_simetrix_knows, tp_simetrix_read},
    {"plain", "a SPICE deck without optimiser statements: its analyses",
     tp_plain_knows, tp_plain_read},
    {0},
};

void tp_front_notice(tp_reader *r, tp_place at, tp_str text)
{
    if (at.in)
        text = tp_str_fmt(r->mem, "%.*s:%d: %.*s", TP_F(at.in->name), at.line,
                          TP_F(text));
    *TP_PUSH(r->mem, r->notice, r->p->n_notice, r->cap_notice) = text;
    r->p->notice = r->notice;
}

tp_status tp_front_analyse(tp_reader *r, tp_err *err)
{
    const tp_analysis *a;
    TP_TRY(tp_deck_analyses(r->deck, &a, &r->n_analysis, err));
    r->analysis = TP_NEW(r->mem, tp_analysis, r->n_analysis);
    for (int i = 0; i < r->n_analysis; i++) r->analysis[i] = a[i];
    return TP_OK;
}

/* The deck's files and the scripts that were read beside it. */
static tp_files all_files(const tp_reader *r)
{
    tp_files   deck = tp_deck_files(r->deck);
    tp_source *file = TP_NEW(r->mem, tp_source, deck.n + r->n_file);
    int        n = deck.n;
    for (int i = 0; i < deck.n; i++) file[i] = deck.file[i];
    for (int i = 0; i < r->n_file; i++) {
        bool known = false;
        for (int k = 0; k < n; k++)
            known |= tp_str_eq(file[k].name, r->file_list[i].name);
        if (!known) file[n++] = r->file_list[i];
    }
    return (tp_files){.n = n, .file = file};
}

static void pass_notices(tp_reader *r)
{
    const tp_str *notice;
    int           n = tp_deck_notices(r->deck, &notice);
    for (int i = 0; i < n; i++)
        if (!tp_front_runs_blocks(r) || !tp_front_about_control(notice[i]))
            tp_front_notice(r, (tp_place){0}, notice[i]);
}

tp_str tp_front_no_analysis(const tp_reader *r)
{
    static const char *const other[] = {".sens", ".pz", ".disto",  ".pss",
                                        ".sp",   ".hb", ".control"};
    tp_buf                   b = {.mem = r->mem};
    const tp_card           *card;
    int                      n = tp_deck_cards(r->deck, &card);
    tp_buf_fmt(&b, "the deck has no analysis (.ac, .dc, .tran, ...)");
    for (int k = 0; k < TP_COUNT(other); k++)
        for (int i = 0; i < n; i++) {
            tp_str rest = card[i].text, name = tp_str_of(other[k]);
            if (!tp_str_same(tp_str_word(&rest, " \t"), name)) continue;
            bool control = tp_str_eq(name, TP_S(".control"));
            tp_buf_fmt(&b, "; the %.*s of line %d is not %s", TP_F(name),
                       tp_card_place(&card[i], 0).line,
                       control ? "executed" : "supported");
            break;
        }
    return tp_buf_str(&b);
}

static tp_status check_whole(const tp_reader *r, tp_err *err)
{
    const tp_str *name;
    tp_place      at = {.in = r->p->files.file, .line = 1, .col = 1};
    if (tp_deck_devices(r->deck, &name) == 0)
        return tp_fail_at(err, TP_BAD_INPUT, at,
                          "nothing to simulate: the deck has no device");
    if (r->n_analysis > 0 || r->control) return TP_OK;
    return tp_fail_at(err, TP_BAD_INPUT, at, "nothing to simulate: %.*s",
                      TP_F(tp_front_no_analysis(r)));
}

tp_status tp_front_bench(tp_reader *r, tp_err *err)
{
    tp_problem *p = r->p;
    int         n = p->space.n;
    TP_TRY(check_whole(r, err));
    tp_tunable *tunable = TP_NEW(r->mem, tp_tunable, n);
    for (int i = 0; i < n; i++)
        tunable[i] = (tp_tunable){p->space.var[i].name, p->space.var[i].start};
    tp_circuit *circuit = TP_NEW(r->mem, tp_circuit, 1);
    tp_bench   *bench = TP_NEW(r->mem, tp_bench, 1);
    TP_TRY(tp_deck_circuit(circuit, r->deck, tunable, n, r->analysis,
                           r->n_analysis, err));
    *bench = (tp_bench){.name = p->name,
                        .deck = r->deck,
                        .circuit = circuit,
                        .control = r->control};
    p->bench = bench;
    p->n_bench = 1;
    p->files = all_files(r);
    pass_notices(r);
    return TP_OK;
}

tp_status tp_front_read(tp_problem *out, const char *path,
                        const tp_files *files, tp_arena *mem, tp_err *err)
{
    return tp_front_read_for(out, path, files, TP_S(""), mem, err);
}

static void begin(tp_problem *out, const char *path, tp_arena *mem)
{
    tp_str name = tp_str_copy(mem, tp_str_of(path)), none = {"", 0};
    *out = (tp_problem){.path = name,
                        .name = tp_path_stem(name),
                        .method = none,
                        .simulator = none,
                        .library = none,
                        .cell = none,
                        .pdk = none,
                        .process_data = none,
                        .results_file = none,
                        .schematic = none,
                        .abstol = NAN,
                        .reltol = NAN};
}

bool tp_front_is_problem(const char *path)
{
    return tp_plan_knows(path);
}

tp_status tp_front_read_deck(tp_problem *out, const char *path, tp_deck *deck,
                             const tp_files *files, tp_arena *mem, tp_err *err)
{
    begin(out, path, mem);
    out->files = tp_deck_files(deck);
    for (const tp_front *f = fronts; f->name; f++)
        if (f->knows(deck)) return f->read(out, deck, files, mem, err);
    return tp_fail(err, TP_BAD_INPUT, "%s: no kind of deck that is known here",
                   path);
}

static tp_status read_once(tp_problem *out, const char *path,
                           const tp_files *files, tp_str simulator,
                           tp_arena *mem, tp_err *err)
{
    tp_deck *deck;
    tp_str   by = tp_str_word(&simulator, ",");
    if (tp_plan_knows(path)) {
        begin(out, path, mem);
        return tp_plan_read(out, path, files, tp_str_copy(mem, by), mem, err);
    }
    TP_TRY(tp_deck_read(&deck, path, files, mem, err));
    return tp_front_read_deck(out, path, deck, files, mem, err);
}

/* What is wrong is told of the whole texts: a problem file may name, and a
   suggestion be, what the deck itself can't reach. */
tp_status tp_front_read_for(tp_problem *out, const char *path,
                            const tp_files *files, tp_str simulator,
                            tp_arena *mem, tp_err *err)
{
    tp_status st = read_once(out, path, files, simulator, mem, err);
    if (!st || !files || !files->cache) return st;
    tp_files plain = *files;
    plain.cache = NULL;
    if (err) *err = (tp_err){0};
    return read_once(out, path, &plain, simulator, mem, err);
}
