/* Files: raw files, columns of numbers, decks and scripts. All that are written
   are in the session's folder; read are those that its setup allows. */
#include "nutmeg/inside.h"

#include <unistd.h>

enum { FILE_MAX = 1 << 28, SCRIPT_DEPTH = 10 };

/* The name as seen from a folder of the session's. */
static tp_status path_in(tp_nutmeg *m, tp_str folder, tp_str name,
                         const char **out, tp_err *err)
{
    tp_str rest = name, part;
    bool   outside = name.len > 0 && name.at[0] == '/';
    while ((part = tp_str_word(&rest, "/")).len > 0)
        outside = outside || tp_str_eq(part, TP_S(".."));
    if (name.len == 0)
        return tp_fail(err, TP_BAD_INPUT, "wanted the name of a file");
    if (m->setup.no_files)
        return tp_fail(err, TP_BAD_INPUT,
                       "'%.*s': a block that is measured reads and writes no "
                       "files (`trimpot spice` does)",
                       TP_F(name));
    if (outside || tp_str_find(name, '\0', 0) >= 0)
        return tp_fail(err, TP_BAD_INPUT,
                       "'%.*s' is outside the folder of the script; only "
                       "paths below it can be read or written",
                       TP_F(name));
    if (m->setup.trial)
        return tp_fail(err, TP_BAD_INPUT,
                       "'%.*s': an iteration of optimize reads and writes no "
                       "files, but a script named by an analysis line (source)",
                       TP_F(name));
    if (folder.len == 0) folder = TP_S(".");
    *out = tp_str_z(&m->scratch, tp_path_join(folder, name, &m->scratch));
    return TP_OK;
}

/* The same, and no link leads out of the folder. */
static tp_status truly_in(tp_nutmeg *m, tp_str folder, tp_str name,
                          const char **out, tp_err *err)
{
    TP_TRY(path_in(m, folder, name, out, err));
    if (folder.len == 0) folder = TP_S(".");
    if (access(*out, F_OK) != 0 && access(tp_str_z(&m->scratch, folder), F_OK))
        return TP_OK; /* opening it says so */
    if (tp_path_inside(folder, tp_str_of(*out), &m->scratch)) return TP_OK;
    return tp_fail(err, TP_BAD_INPUT,
                   "'%.*s' is a link out of the folder of the script",
                   TP_F(name));
}

tp_status tp_nm_path(tp_nutmeg *m, tp_str name, const char **out, tp_err *err)
{
    return truly_in(m, m->setup.folder, name, out, err);
}

/* As seen from the folder, where the user allows what it names. */
static tp_status reach_in(tp_nutmeg *m, tp_str folder, tp_str name,
                          const char **out, tp_err *err)
{
    tp_arena *mem = &m->scratch;
    tp_str    real;
    if (!m->setup.reach || m->setup.trial || name.len == 0 ||
        tp_str_find(name, '\0', 0) >= 0)
        return truly_in(m, folder, name, out, err);
    tp_str   path = tp_path_join(folder, name, mem);
    tp_reach reach = tp_reach_from(m->setup.reach, m->setup.folder, mem);
    tp_reach_home(&reach, folder, mem);
    *out = tp_str_z(mem, path);
    if (tp_reach_has(&reach, path, &real, mem)) return TP_OK;
    return tp_reach_refuse(&reach, path, real, (tp_place){0}, err);
}

/* Of a file to be read: in the decks' folder or the session's, whichever has
   it; `decks` first or last. */
static tp_status path_to_read(tp_nutmeg *m, tp_str name, bool decks_first,
                              const char **out, tp_err *err)
{
    const tp_nutmeg_setup *s = &m->setup;
    if (s->typed && !s->trial && m->calls <= 1 && name.len > 0 &&
        tp_str_find(name, '\0', 0) < 0) {
        *out = tp_str_z(&m->scratch, name);
        if (access(*out, F_OK) == 0 || name.at[0] == '/') return TP_OK;
    }
    if (s->decks.len == 0) return reach_in(m, s->folder, name, out, err);
    TP_TRY(reach_in(m, decks_first ? s->decks : s->folder, name, out, err));
    if (access(*out, F_OK) == 0) return TP_OK;
    return reach_in(m, decks_first ? s->folder : s->decks, name, out, err);
}

static tp_status write_file(tp_nutmeg *m, tp_str name, tp_str bytes,
                            tp_err *err)
{
    const char *path = NULL;
    TP_TRY(tp_nm_path(m, name, &path, err));
    TP_TRY(tp_file_write(path, bytes, err));
    if (m->setup.sink.file)
        m->setup.sink.file(m->setup.sink.with, tp_str_of(path));
    return TP_OK;
}

tp_status tp_nutmeg_write(tp_nutmeg *m, tp_str name, tp_str bytes, tp_err *err)
{
    tp_arena  saved = m->scratch;
    tp_status s = write_file(m, name, bytes, err);
    m->scratch = saved;
    return s;
}

tp_status tp_nutmeg_can_write(tp_nutmeg *m, tp_str name, tp_err *err)
{
    tp_arena    saved = m->scratch;
    const char *path = NULL;
    tp_status   s = tp_nm_path(m, name, &path, err);
    if (!s) s = tp_file_can_write(path, err);
    m->scratch = saved;
    return s;
}

/* ---- raw files ---------------------------------------------------------- */

/* The named expressions as a plot, its scale first. They may be of several
   lengths (tp_raw_write). */
static tp_status collect(tp_nutmeg *m, tp_str rest, tp_plot *out, tp_err *err)
{
    tp_arena     *mem = &m->scratch;
    const tp_str *text = NULL;
    tp_nm_plot   *p = tp_nm_current(m);
    int           n = tp_nm_expressions(rest, &text, mem), have = 0;
    tp_wave      *wave = TP_NEW(mem, tp_wave, n + 1);
    *out = tp_nm_view(m, p);
    if (n == 0 || (n == 1 && tp_str_eq(text[0], TP_S("all")))) return TP_OK;
    if (p->scale >= 0) wave[have++] = out->wave[p->scale];
    for (int i = 0; i < n; i++) {
        tp_wave w;
        if (p->scale >= 0 && tp_str_same(text[i], out->x_name)) continue;
        TP_TRY(tp_nm_vector_of(m, text[i], &w, err));
        bool fits = p->scale >= 0 && w.n == wave[0].n;
        w.x = fits ? wave[0].re : NULL;
        wave[have++] = w;
    }
    out->wave = wave;
    out->n_wave = have;
    return TP_OK;
}

static tp_status write_raw(tp_nutmeg *m, void *owner, tp_str rest,
                           const tp_str *arg, int n, tp_err *err)
{
    (void)owner, (void)arg, (void)n;
    tp_plot  p;
    tp_str   name = tp_nm_unquote(tp_nm_word(&rest), &m->scratch);
    tp_waves all = {1, &p};
    TP_TRY(collect(m, rest, &p, err));
    if (p.n_wave == 0)
        return tp_fail(err, TP_BAD_INPUT,
                       "write: the plot '%.*s' has no vectors",
                       TP_F(p.ordinal));
    tp_str bytes = tp_raw_write(&all, tp_nm_current(m)->title, &m->scratch);
    return write_file(m, name, bytes, err);
}

static tp_status read_text(tp_nutmeg *m, tp_str name, bool decks_first,
                           tp_str *out, tp_err *err)
{
    const char *path = NULL;
    TP_TRY(path_to_read(m, name, decks_first, &path, err));
    return tp_file_read(out, path, FILE_MAX, &m->scratch, err);
}

static tp_status load(tp_nutmeg *m, void *owner, tp_str rest, const tp_str *arg,
                      int n, tp_err *err)
{
    (void)owner, (void)rest;
    for (int i = 0; i < n; i++) {
        tp_str   bytes;
        tp_waves w = {0};
        TP_TRY(read_text(m, arg[i], false, &bytes, err));
        if (tp_raw_read(&w, bytes, &m->scratch, err))
            return tp_while(err, "load %.*s", TP_F(arg[i]));
        for (int k = 0; k < w.n; k++)
            TP_TRY(tp_nm_plot_copy(m, &w.plot[k], true, NULL, err));
    }
    return TP_OK;
}

/* Each vector behind its scale, as ngspice's wrdata does it. */
static tp_status wrdata(tp_nutmeg *m, void *owner, tp_str rest,
                        const tp_str *arg, int count, tp_err *err)
{
    (void)owner, (void)arg, (void)count;
    tp_arena     *mem = &m->scratch;
    const tp_str *text = NULL;
    tp_str        name = tp_nm_unquote(tp_nm_word(&rest), mem);
    int           n = tp_nm_expressions(rest, &text, mem), rows = 0;
    tp_wave      *wave = TP_NEW(mem, tp_wave, n + 1);
    tp_buf        b = {.mem = mem};
    char          number[TP_NUMBER_MAX];
    if (n == 0)
        return tp_fail(err, TP_BAD_INPUT, "wrdata: wanted FILE VECTOR...");
    for (int i = 0; i < n; i++) {
        TP_TRY(tp_nm_vector_of(m, text[i], &wave[i], err));
        if (wave[i].n > rows) rows = wave[i].n;
    }
    if ((double)rows * n > 1e7)
        return tp_fail(err, TP_LIMIT, "wrdata: over 1e7 numbers");
    for (int k = 0; k < rows; k++) {
        for (int i = 0; i < n; i++) {
            const tp_wave *w = &wave[i];
            int            at = k < w->n ? k : w->n - 1;
            if (w->n == 0) continue;
            tp_buf_fmt(&b, " %s", tp_exact(w->x ? w->x[at] : at, number));
            tp_buf_fmt(&b, " %s", tp_exact(w->re[at], number));
            if (w->im) tp_buf_fmt(&b, " %s", tp_exact(w->im[at], number));
        }
        tp_buf_char(&b, '\n');
    }
    if (tp_str_find(tp_path_name(name), '.', 0) < 0)
        name = tp_str_fmt(mem, "%.*s.data", TP_F(name));
    return write_file(m, name, tp_buf_str(&b), err);
}

/* ---- source ------------------------------------------------------------- */

/* A script has no line that begins with a dot; a deck has. */
static bool is_script(tp_str text)
{
    while (text.len > 0) {
        ptrdiff_t end = tp_str_find(text, '\n', 0);
        tp_str line = tp_str_trim(end < 0 ? text : tp_str_part(text, 0, end));
        if (line.len > 0 && line.at[0] == '.') return false;
        text = end < 0 ? (tp_str){0} : tp_str_from(text, end + 1);
    }
    return true;
}

/* Cards other than comments and control blocks. */
static bool has_circuit(const tp_card *card, int n)
{
    for (int i = 0; i < n; i++)
        if (!tp_str_starts(card[i].text, TP_S(".control")) &&
            !tp_str_starts(card[i].text, TP_S(".end")))
            return true;
    return false;
}

/* The reader's notice that nobody runs .control blocks: here they are run. */
static bool is_about_commands(tp_str notice)
{
    tp_str what = TP_S("commands of .control blocks are not executed");
    return notice.len >= what.len &&
           tp_str_eq(tp_str_from(notice, notice.len - what.len), what);
}

static tp_status load_deck(tp_nutmeg *m, tp_deck *d, tp_err *err)
{
    const tp_analysis *analysis = NULL;
    const tp_str      *notice = NULL, *device = NULL;
    int                n = 0;
    tp_circuit         c = {0};
    TP_TRY(tp_deck_analyses(d, &analysis, &n, err));
    TP_TRY(tp_deck_circuit(&c, d, NULL, 0, analysis, n, err));
    TP_TRY(tp_nutmeg_load(m, &c, tp_deck_title(d), err));
    int notices = tp_deck_notices(d, &notice);
    for (int i = 0; i < notices; i++)
        if (!is_about_commands(notice[i]))
            tp_nutmeg_warn(m, "%.*s", TP_F(notice[i]));
    int devices = tp_deck_devices(d, &device);
    for (int i = 0; i < devices && i < TP_NM_VARS_MAX; i++) {
        TP_NM_MORE(&m->heap, m->device, m->n_device, m->cap_device);
        m->device[m->n_device++] = tp_nm_keep(&m->heap, device[i]);
    }
    return TP_OK;
}

/* SPICE OPUS's script stops at its first error, ngspice's goes on. */
static tp_status run_block(tp_nutmeg *m, const tp_card *c, tp_err *err)
{
    if (tp_str_has(c->body, TP_S("optimize")))
        return tp_nm_run_text(m, c->body, c->body_at, err);
    return tp_nutmeg_control(m, c->body, c->body_at, NULL, err);
}

static tp_status source_deck(tp_nutmeg *m, const char *path, tp_err *err)
{
    tp_deck       *d = NULL;
    const tp_card *card = NULL;
    tp_files       disk = {.disk = m->setup.reach};
    TP_TRY(tp_deck_read(&d, path, m->setup.reach ? &disk : NULL, &m->scratch,
                        err));
    int      n = tp_deck_cards(d, &card), scripts = 0;
    tp_card *script = TP_NEW(&m->scratch, tp_card, n + 1);
    bool     circuit = has_circuit(card, n);
    for (int i = 0; i < n; i++)
        if (tp_str_starts(card[i].text, TP_S(".control"))) {
            script[scripts++] = card[i];
            tp_deck_take(d, i);
        }
    if (circuit) TP_TRY(load_deck(m, d, err));
    for (int i = 0; i < scripts && !m->quit; i++)
        TP_TRY(run_block(m, &script[i], err));
    return TP_OK;
}

static tp_status source(tp_nutmeg *m, void *owner, tp_str rest,
                        const tp_str *arg, int n, tp_err *err)
{
    (void)owner, (void)rest, (void)n;
    tp_str      text;
    const char *path = NULL;
    TP_TRY(path_to_read(m, arg[0], true, &path, err));
    TP_TRY(read_text(m, arg[0], true, &text, err));
    if (m->calls >= SCRIPT_DEPTH)
        return tp_fail(err, TP_LIMIT, "source: over %d files inside each other",
                       SCRIPT_DEPTH);
    if (!is_script(text)) return source_deck(m, path, err);
    tp_source in = {arg[0], text};
    return tp_nm_run_text(m, text, (tp_place){&in, 1, 1}, err);
}

tp_status tp_nutmeg_script(tp_nutmeg *m, tp_str name, tp_str *text,
                           tp_arena *mem, tp_err *err)
{
    tp_arena  saved = m->scratch;
    tp_str    got = {0}, plain = tp_nm_unquote(name, &m->scratch);
    tp_status s = read_text(m, plain, true, &got, err);
    if (!s && !is_script(got))
        s = tp_fail(err, TP_BAD_INPUT,
                    "source: '%.*s' is a deck; an iteration has one circuit",
                    TP_F(plain));
    if (!s) *text = tp_str_copy(mem, got);
    m->scratch = saved;
    return s;
}

const tp_nutmeg_command tp_nm_file_commands[] = {
    {"source", "FILE", 1, 1, false,
     "Reads a deck and then runs its .control block, or runs a script.",
     source},
    {"write", "FILE [EXPRESSION...]", 1, -1, true,
     "Writes vectors, or the current plot, as a binary raw file.", write_raw},
    {"load", "FILE...", 1, -1, false, "Reads the plots of raw files.", load},
    {"wrdata", "FILE EXPRESSION...", 2, -1, true,
     "Writes columns of numbers: each vector behind its scale.", wrdata},
    {0},
};
