/* Statements that act while a deck is read: .include, .lib, .end, and the
   blocks .file/.endf and .control/.endc. */
#include "netlist/read.h"

#include <string.h>

/* ---- names of files ----------------------------------------------------- */

/* "./a//b" -> "a/b": what only looks different is the same. */
static tp_str clean_path(tp_str path, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    for (ptrdiff_t i = 0; i < path.len; i++) {
        bool start = b.len == 0 || b.at[b.len - 1] == '/';
        if (path.at[i] == '/' && b.len > 0 && start) continue;
        bool dot = start && path.at[i] == '.' && i + 1 < path.len;
        if (dot && path.at[i + 1] == '/' && path.len > i + 2) {
            while (i + 2 < path.len && path.at[i + 2] == '/') i++;
            i++;
            continue;
        }
        tp_buf_char(&b, path.at[i]);
    }
    return tp_buf_str(&b);
}

/* The next word or quoted text of `rest`. */
static tp_str argument(tp_str *rest)
{
    *rest = tp_str_trim(*rest);
    if (rest->len == 0) return *rest;
    char      q = rest->at[0];
    ptrdiff_t close = q == '"' || q == '\'' ? tp_str_find(*rest, q, 1) : -1;
    if (close < 0) return tp_str_word(rest, " \t");
    tp_str inside = tp_str_part(*rest, 1, close - 1);
    *rest = tp_str_from(*rest, close + 1);
    return inside;
}

static bool is_comment(tp_str s)
{
    return s.len > 0 && strchr(";$*", s.at[0]);
}

/* ---- files in files ----------------------------------------------------- */

/* "a/../b" -> "b". */
static tp_str without_up(tp_str path, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    for (tp_str w = tp_str_word(&path, "/"); w.len > 0;
         w = tp_str_word(&path, "/")) {
        tp_str    done = tp_buf_str(&b);
        ptrdiff_t last = tp_path_name(done).len;
        bool      up = tp_str_eq(w, TP_S("..")) && done.len > 0 &&
                  !tp_str_eq(tp_path_name(done), w);
        if (up)
            b.len -= last + (b.len > last);
        else
            tp_buf_fmt(&b, b.len > 0 ? "/%.*s" : "%.*s", TP_F(w));
    }
    return tp_buf_str(&b);
}

/* One file, even when it is named in two ways. */
static bool is_same_file(const tp_deck *d, int a, int b, tp_arena mem)
{
    if (a == b) return true;
    if (!tp_str_eq(d->file[a].text, d->file[b].text)) return false;
    return tp_str_eq(without_up(d->file[a].name, &mem),
                     without_up(d->file[b].name, &mem));
}

static bool is_open(const tp_deck *d, const tp_frame *in, int file,
                    tp_str section)
{
    for (const tp_frame *f = in; f; f = f->up) {
        if (!is_same_file(d, f->file, file, *d->mem)) continue;
        if (section.len == 0 || tp_str_same(f->section, section)) return true;
    }
    return false;
}

static void name_chain(const tp_deck *d, const tp_frame *f, tp_buf *b)
{
    if (f->up) name_chain(d, f->up, b); /* at most TP_MAX_DEPTH */
    if (b->len > 0) tp_buf_add(b, TP_S(" includes "));
    tp_buf_add(b, d->file[f->file].name);
}

static tp_status fail_cycle(tp_reader *r, const tp_frame *in, int file,
                            tp_place at, tp_err *err)
{
    tp_arena mem = *r->d->mem;
    tp_buf   b = {.mem = &mem};
    name_chain(r->d, in, &b);
    return tp_fail_at(err, TP_BAD_INPUT, at,
                      "a file that includes itself: %.*s includes %.*s",
                      TP_F(tp_buf_str(&b)), TP_F(r->d->file[file].name));
}

static tp_status find_section(tp_reader *r, int file, tp_str name,
                              tp_section *out, tp_place at, tp_err *err)
{
    const struct tp_text *text = tp_text_sections(&r->texts, file);
    tp_arena              mem = *r->d->mem;
    tp_str               *names = TP_NEW(&mem, tp_str, text->n_section + 1);
    for (int i = 0; i < text->n_section; i++) {
        names[i] = text->section[i].name;
        *out = text->section[i];
        if (tp_str_same(names[i], name)) return TP_OK;
    }
    tp_str near = tp_did_you_mean(&mem, name, names, text->n_section);
    return tp_fail_at(err, TP_BAD_INPUT, at,
                      "%.*s has no library section '%.*s'%.*s",
                      TP_F(r->d->file[file].name), TP_F(name), TP_F(near));
}

/* The name of a file that a line of `in` calls `path`. */
static tp_str name_from(const tp_reader *r, tp_str path, const tp_frame *in)
{
    tp_arena *mem = r->d->mem;
    tp_str    folder = tp_path_folder(r->d->file[in->file].name);
    return clean_path(tp_path_join(folder, path, mem), mem);
}

/* Reads a file's lines, or one section's, in the place of the statement. */
static tp_status follow_name(tp_reader *r, tp_str name, tp_str section,
                             const tp_frame *in, tp_place at, tp_err *err)
{
    tp_deck *d = r->d;
    int      file = 0;
    TP_TRY(tp_text_load(&r->texts, name, at, &file, err));
    if (is_open(d, in, file, section)) return fail_cycle(r, in, file, at, err);
    if (in->depth >= TP_MAX_DEPTH)
        return tp_fail_at(err, TP_LIMIT, at, "files in files deeper than %d",
                          TP_MAX_DEPTH);
    if (++r->includes > TP_MAX_INCLUDES)
        return tp_fail_at(err, TP_LIMIT, at, "more than %d files included",
                          TP_MAX_INCLUDES);
    d->library[file] |= section.len > 0 || d->library[in->file];
    tp_cursor c = {.in = &d->file[file], .end = d->file[file].text.len};
    if (section.len > 0) {
        tp_section s = {0};
        TP_TRY(find_section(r, file, section, &s, at, err));
        c.at = s.beg;
        c.end = s.end;
        c.line = s.line - 1;
    }
    tp_frame next = {in, file, in->depth + 1, section};
    return tp_reader_lines(r, &c, &next, err);
}

static tp_status follow(tp_reader *r, tp_str path, tp_str section,
                        const tp_frame *in, tp_place at, tp_err *err)
{
    return follow_name(r, name_from(r, path, in), section, in, at, err);
}

/* The sections that the condition wants instead of the deck's. */
static tp_status condition_sections(tp_reader *r, const tp_frame *in,
                                    tp_place at, tp_err *err)
{
    tp_status st = TP_OK;
    tp_str    name = r->library;
    if (r->in->from.len) name = clean_path(r->in->from, r->d->mem);
    r->replaced = r->in_library = true;
    for (int i = 0; i < r->in->n_section && !st; i++)
        st = follow_name(r, name, r->in->section[i], in, at, err);
    r->in_library = false;
    return st;
}

/* Whether the file is the condition's library: by its path, or, where one of
   the two is named from the root and the other from here, by what it holds. */
static bool is_library(tp_reader *r, tp_str name, tp_place at)
{
    tp_arena mem = *r->d->mem;
    tp_err   other = {0};
    int      a = 0, b = 0;
    if (tp_str_eq(without_up(name, &mem), without_up(r->library, &mem)))
        return true;
    if (!tp_str_eq(tp_path_name(name), tp_path_name(r->library))) return false;
    if (tp_text_load(&r->texts, name, at, &a, &other)) return false;
    if (tp_text_load(&r->texts, r->library, at, &b, &other)) return false;
    return tp_str_eq(r->d->file[a].text, r->d->file[b].text);
}

static tp_status call_section(tp_reader *r, tp_str path, tp_str section,
                              const tp_frame *in, tp_place at, tp_err *err)
{
    tp_str name = name_from(r, path, in);
    if (!r->in || !r->in->n_section || r->in_library)
        return follow_name(r, name, section, in, at, err);
    if (!r->library.len) r->library = r->in->lib.len ? r->in->lib : name;
    if (!is_library(r, name, at))
        return follow_name(r, name, section, in, at, err);
    return r->replaced ? TP_OK : condition_sections(r, in, at, err);
}

tp_status tp_sections_left(tp_reader *r, const tp_frame *top, tp_err *err)
{
    tp_place at = {&r->d->file[0], 1, 1};
    if (!r->in || !r->in->n_section || r->replaced) return TP_OK;
    if (!r->in->lib.len && !r->in->from.len)
        return tp_fail(err, TP_BAD_INPUT,
                       "%.*s: no .lib calls a section of a library that '%.*s' "
                       "could be taken from instead",
                       TP_F(r->d->file[0].name), TP_F(r->in->section[0]));
    r->library = clean_path(r->in->lib, r->d->mem);
    return condition_sections(r, top, at, err);
}

static tp_status on_include(tp_reader *r, tp_cursor *c, ptrdiff_t at,
                            const tp_frame *in, tp_err *err)
{
    tp_str rest = tp_str_from(c->text, at);
    (void)tp_str_word(&rest, " \t");
    tp_str   path = argument(&rest);
    tp_place place = tp_line_place(c, path.at ? path.at - c->text.at : at);
    if (path.len == 0)
        return tp_fail_at(err, TP_BAD_INPUT, tp_line_place(c, at),
                          "no file name follows");
    return follow(r, path, (tp_str){"", 0}, in, place, err);
}

/* The section whose lines begin at `beg`, or NULL. */
static const tp_section *section_at(const struct tp_text *t, ptrdiff_t beg)
{
    int lo = 0, hi = t->n_section;
    while (lo < hi) {
        int mid = lo + (hi - lo) / 2;
        if (t->section[mid].beg < beg)
            lo = mid + 1;
        else
            hi = mid;
    }
    bool found = lo < t->n_section && t->section[lo].beg == beg;
    return found ? &t->section[lo] : NULL;
}

/* ".lib name" heads a section (passed over, it is read where it is called),
   ".lib file section" calls one, ".lib file" is an include. */
static tp_status on_lib(tp_reader *r, tp_cursor *c, ptrdiff_t at,
                        const tp_frame *in, tp_err *err)
{
    const struct tp_text *text = tp_text_sections(&r->texts, in->file);
    const tp_section     *head = section_at(text, c->at);
    if (head) {
        c->at = head->end;
        c->line = head->end_line - 1;
        return TP_OK;
    }
    tp_str rest = tp_str_from(c->text, at);
    (void)tp_str_word(&rest, " \t");
    tp_str path = argument(&rest), section = argument(&rest);
    if (path.len == 0) return on_include(r, c, at, in, err);
    if (is_comment(section)) section.len = 0;
    tp_place place = tp_line_place(c, path.at - c->text.at);
    if (section.len == 0) return follow(r, path, section, in, place, err);
    return call_section(r, path, section, in, place, err);
}

/* ---- blocks ------------------------------------------------------------- */

/* A block as it is read: its card, the name of its end, where it began. */
typedef struct tp_block {
    tp_str    text, end;
    tp_place  from;
    bool      includes; /* .include lines in it are followed */
    ptrdiff_t beg;      /* of the lines not yet on a card */
    tp_place  beg_at;
} tp_block;

/* A card of the block with some of its lines. */
static void block_card(tp_reader *r, const tp_block *b, tp_str body,
                       tp_place at)
{
    tp_deck  *d = r->d;
    tp_card  *card = TP_PUSH(d->mem, d->card, d->n_card, d->cap_card);
    tp_piece *piece = TP_NEW(d->mem, tp_piece, 1);
    *piece = (tp_piece){0, b->from};
    *card = (tp_card){.text = b->text,
                      .body = body,
                      .body_at = at,
                      .n_piece = 1,
                      .piece = piece,
                      .subckt = r->subckt};
}

/* The lines so far, up to the cursor's, become a card. */
static void block_so_far(tp_reader *r, tp_block *b, const tp_cursor *c)
{
    tp_str body = tp_str_part(c->in->text, b->beg, c->from - b->beg);
    block_card(r, b, body, b->beg_at);
    b->beg = c->at;
    b->beg_at = (tp_place){c->in, c->line + 1, 1};
}

/* An .include between commands: the file's lines are a card of their own. */
static tp_status block_include(tp_reader *r, tp_block *b, const tp_cursor *c,
                               const tp_frame *in, tp_err *err)
{
    tp_str rest = c->text;
    int    file = 0;
    (void)tp_str_word(&rest, " \t");
    tp_str   path = argument(&rest);
    tp_place at = tp_line_place(c, path.len ? path.at - c->text.at : 0);
    if (path.len == 0)
        return tp_fail_at(err, TP_BAD_INPUT, at, "no file name follows");
    TP_TRY(tp_text_load(&r->texts, name_from(r, path, in), at, &file, err));
    block_so_far(r, b, c);
    const tp_source *s = &r->d->file[file];
    block_card(r, b, s->text, (tp_place){s, 1, 1});
    r->bytes += s->text.len;
    return TP_OK;
}

/* The lines up to the one that begins with `end` become the body of a card
   made of the first line. */
static tp_status block(tp_reader *r, tp_cursor *c, tp_block *b,
                       const tp_frame *in, tp_err *err)
{
    b->beg = c->at;
    b->beg_at = (tp_place){c->in, c->line + 1, 1};
    tp_status st = TP_OK;
    bool      ended = false;
    while (!st && !ended && tp_next_line(c)) {
        tp_str word = tp_first_word(c->text);
        r->lines++;
        r->bytes += c->text.len;
        ended = tp_str_starts(word, b->end);
        if (b->includes && tp_str_starts(word, TP_S(".inc")))
            st = block_include(r, b, c, in, err);
    }
    if (ended) block_so_far(r, b, c);
    if (ended || st) return st;
    return tp_fail_at(err, TP_BAD_INPUT, b->from, "no %.*s follows",
                      TP_F(b->end));
}

static tp_status on_file(tp_reader *r, tp_cursor *c, ptrdiff_t at,
                         const tp_frame *in, tp_err *err)
{
    tp_block b = {.text = tp_str_trim(tp_str_from(c->text, at)),
                  .end = TP_S(".endf"),
                  .from = tp_line_place(c, at)};
    if (r->d->kind == TP_DECK_SIMETRIX) return block(r, c, &b, in, err);
    r->is_simetrix = true;
    return TP_OK;
}

static tp_status on_control(tp_reader *r, tp_cursor *c, ptrdiff_t at,
                            const tp_frame *in, tp_err *err)
{
    tp_block b = {.text = tp_str_trim(tp_str_from(c->text, at)),
                  .end = TP_S(".endc"),
                  .from = tp_line_place(c, at),
                  .includes = true};
    if (!r->said_control)
        tp_deck_notice(r->d, tp_str_fmt(r->d->mem,
                                        "%.*s:%d: the commands of .control "
                                        "blocks are not executed",
                                        TP_F(c->in->name), c->line));
    r->said_control = true;
    return block(r, c, &b, in, err);
}

static tp_status on_end(tp_reader *r, tp_cursor *c, ptrdiff_t at,
                        const tp_frame *in, tp_err *err)
{
    (void)r, (void)at, (void)in, (void)err;
    c->at = c->end;
    return TP_OK;
}

static tp_status on_endl(tp_reader *r, tp_cursor *c, ptrdiff_t at,
                         const tp_frame *in, tp_err *err)
{
    (void)r, (void)c, (void)at, (void)in, (void)err;
    return TP_OK;
}

static tp_status on_orphan(tp_reader *r, tp_cursor *c, ptrdiff_t at,
                           const tp_frame *in, tp_err *err)
{
    (void)r, (void)in;
    tp_str word = tp_first_word(tp_str_from(c->text, at));
    return tp_fail_at(err, TP_BAD_INPUT, tp_line_place(c, at),
                      "%.*s ends a block, but none is open", TP_F(word));
}

/* ngspice knows some of them by how they begin: what it would act on must not
   get past. */
static const struct directive {
    tp_str word;
    bool   begins; /* ".controls" is ".control", in a SPICE deck */
    tp_status (*act)(tp_reader *r, tp_cursor *c, ptrdiff_t at,
                     const tp_frame *in, tp_err *err);
} directive[] = {
    {{".control", 8}, true, on_control}, {{".endc", 5}, true, on_orphan},
    {{".inc", 4}, true, on_include},     {{".include", 8}, true, on_include},
    {{".lib", 4}, true, on_lib},         {{".endl", 5}, false, on_endl},
    {{".end", 4}, false, on_end},        {{".file", 5}, false, on_file},
    {{".endf", 5}, false, on_orphan},
};

static const struct directive *directive_of(const tp_reader *r, tp_str line)
{
    tp_str word = tp_first_word(line);
    bool   spice = r->d->kind == TP_DECK_SPICE;
    for (int i = 0; i < TP_COUNT(directive); i++) {
        if (tp_str_same(word, directive[i].word)) return &directive[i];
        if (spice && directive[i].begins &&
            tp_str_starts(word, directive[i].word))
            return &directive[i];
    }
    return NULL;
}

bool tp_is_directive(const tp_reader *r, tp_str line)
{
    return directive_of(r, line);
}

tp_status tp_directive(tp_reader *r, tp_cursor *c, ptrdiff_t at,
                       const tp_frame *in, tp_err *err)
{
    const struct directive *d = directive_of(r, tp_str_from(c->text, at));
    return d ? d->act(r, c, at, in, err) : TP_OK; /* the caller has asked */
}
