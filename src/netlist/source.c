/* The texts a deck is made of: found, read once, checked, cut into lines and
   library sections. */
#include "netlist/skips.h"

#include <string.h>

bool tp_next_line(tp_cursor *c)
{
    if (c->at >= c->end) return false;
    tp_str    all = {c->in->text.at, c->end};
    ptrdiff_t end = tp_str_find(all, '\n', c->at);
    c->from = c->at;
    c->at = end < 0 ? c->end : end + 1;
    if (end < 0) end = c->end;
    if (end > c->from && all.at[end - 1] == '\r') end--;
    c->text = tp_str_part(all, c->from, end - c->from);
    c->line++;
    return true;
}

tp_place tp_line_place(const tp_cursor *c, ptrdiff_t at)
{
    return (tp_place){.in = c->in, .line = c->line, .col = (int)at + 1};
}

tp_str tp_first_word(tp_str line)
{
    ptrdiff_t at = 0;
    while (at < line.len && tp_is_space(line.at[at])) at++;
    ptrdiff_t end = at;
    while (end < line.len && !tp_is_space(line.at[end])) end++;
    return tp_str_part(line, at, end - at);
}

/* What is wrong with a text as a whole, or NULL. */
static const char *encoding_of(tp_str text)
{
    bool utf16 = tp_str_starts(text, TP_S("\xFF\xFE")) ||
                 tp_str_starts(text, TP_S("\xFE\xFF"));
    if (utf16) return "this file is in UTF-16; save it as UTF-8";
    if (tp_str_find(text, '\r', 0) >= 0 && tp_str_find(text, '\n', 0) < 0)
        return "the lines of this file end in CR alone; save it with LF or "
               "CR LF ends";
    return NULL;
}

/* Line lengths and NUL bytes, which nothing later has to think of. */
static tp_status check_text(const tp_source *file, tp_err *err)
{
    tp_cursor   c = {.in = file, .end = file->text.len};
    ptrdiff_t   nul = tp_str_find(file->text, '\0', 0);
    const char *encoding = encoding_of(file->text);
    if (encoding) {
        tp_source name = {file->name, {"", 0}}; /* its text is not for eyes */
        return tp_fail_at(err, TP_BAD_INPUT, (tp_place){&name, 1, 1}, "%s",
                          encoding);
    }
    while (tp_next_line(&c)) {
        if (c.text.len > TP_MAX_LINE)
            return tp_fail_at(err, TP_LIMIT, tp_line_place(&c, 0),
                              "the line has %td bytes, more than %d",
                              c.text.len, TP_MAX_LINE);
        if (nul >= c.from && nul < c.at)
            return tp_fail_at(err, TP_BAD_INPUT,
                              tp_line_place(&c, nul - c.from),
                              "a NUL byte: this is not a text file");
    }
    return TP_OK;
}

static tp_status from_given(const tp_files *given, tp_str name, tp_str *text,
                            tp_place at, tp_err *err)
{
    for (int i = 0; i < given->n; i++) {
        if (!tp_str_eq(given->file[i].name, name)) continue;
        *text = given->file[i].text;
        return TP_OK;
    }
    return tp_fail_at(err, TP_BAD_INPUT, at,
                      "%.*s is not among the files of the deck", TP_F(name));
}

static tp_status from_disk(tp_texts *t, tp_str name, tp_str *text, tp_place at,
                           tp_err *err)
{
    tp_arena *mem = t->d->mem;
    tp_err    own = {0};
    tp_str    real = name;
    if (at.in && !tp_reach_has(&t->reach, name, &real, mem))
        return tp_reach_refuse(&t->reach, name, real, at, err);
    if (real.len == 0) real = name;
    tp_status s = tp_file_read(text, tp_str_z(mem, real),
                               TP_MAX_DECK - t->total, mem, &own);
    if (s == TP_OK) return TP_OK;
    if (s == TP_LIMIT)
        return tp_fail_at(err, s, at, "%.*s: the deck has more than %d MB",
                          TP_F(name), TP_MAX_DECK >> 20);
    if (!at.in) return tp_fail(err, s, "%s", own.msg);
    return tp_fail_at(err, TP_BAD_INPUT, at, "%s", own.msg);
}

/* What was noted of a file of this name; another text makes all of the notes
   stale. */
static tp_status known_text(tp_texts *t, int file, tp_err *err)
{
    const tp_source    *s = &t->d->file[file];
    const tp_skip_file *f = t->skips ? tp_skips_file(t->skips, s->name) : NULL;
    if (!f) return check_text(s, err);
    if (f->size != s->text.len ||
        !tp_digest_eq(f->digest, tp_digest_of(s->text)))
        return tp_fail(err, TP_BAD_INPUT, "%.*s is another file than before",
                       TP_F(s->name));
    t->text[file] =
        (struct tp_text){true, f->n_section, f->n_section, f->section, f};
    return TP_OK;
}

tp_status tp_text_load(tp_texts *t, tp_str name, tp_place at, int *file,
                       tp_err *err)
{
    tp_deck *d = t->d;
    for (int i = 0; i < d->n_file; i++) {
        if (!tp_str_eq(d->file[i].name, name)) continue;
        *file = i;
        return TP_OK;
    }
    if (d->n_file == TP_MAX_FILES)
        return tp_fail_at(err, TP_LIMIT, at, "more than %d files",
                          TP_MAX_FILES);
    tp_str text = {"", 0};
    if (t->own && tp_str_eq(t->own->name, name))
        text = t->own->text;
    else if (t->given)
        TP_TRY(from_given(t->given, name, &text, at, err));
    else
        TP_TRY(from_disk(t, name, &text, at, err));
    t->total += text.len;
    if (t->total > TP_MAX_DECK)
        return tp_fail_at(err, TP_LIMIT, at, "the deck has more than %d MB",
                          TP_MAX_DECK >> 20);
    *file = d->n_file++;
    d->file[*file] = (tp_source){tp_str_copy(d->mem, name), text};
    return known_text(t, *file, err);
}

/* The name after ".lib" when nothing else stands on the line. */
static tp_str section_name(tp_str line, bool *is_path)
{
    tp_str rest = tp_str_trim(line);
    (void)tp_str_word(&rest, " \t");
    tp_str name = tp_str_word(&rest, " \t");
    rest = tp_str_trim(rest);
    if (rest.len > 0 && !strchr(";$*", rest.at[0])) return (tp_str){"", 0};
    if (name.len > 0 && strchr(";$*", name.at[0])) return (tp_str){"", 0};
    *is_path = name.len > 1 && strchr("'\"", name.at[0]);
    *is_path |= tp_str_find(name, '/', 0) >= 0;
    return name;
}

/* A ".lib name" that no .endl follows names a file and is no section. */
static void index_sections(tp_texts *t, struct tp_text *text, int file)
{
    tp_cursor   c = {.in = &t->d->file[file], .end = t->d->file[file].text.len};
    tp_section *list = NULL, *open = NULL;
    while (tp_next_line(&c)) {
        tp_str word = tp_first_word(c.text);
        if (word.len < 4 || word.at[0] != '.') continue;
        if (open && tp_str_same(word, TP_S(".endl"))) {
            open->end = c.from;
            open->end_line = c.line;
            open = NULL;
        }
        if (!tp_str_same(word, TP_S(".lib"))) continue;
        bool   is_path = false;
        tp_str name = section_name(c.text, &is_path);
        if (name.len == 0 || is_path) continue;
        if (open) text->n_section--;
        open = TP_PUSH(t->d->mem, list, text->n_section, text->cap_section);
        *open = (tp_section){name, c.at, c.at, c.line + 1, c.line + 1};
    }
    if (open) text->n_section--;
    text->section = list;
}

const struct tp_text *tp_text_sections(tp_texts *t, int file)
{
    struct tp_text *text = &t->text[file];
    if (!text->indexed) index_sections(t, text, file);
    text->indexed = true;
    return text;
}
