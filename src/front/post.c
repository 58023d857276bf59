/* `.post_process NAME [arguments]`: the script, from its `.file NAME` block
   or a file beside the deck. */
#include "front/inside.h"
#include "front/script.h"

enum { SCRIPT_MAX = 1 << 20 }; /* bytes */

/* The first word of a text and what follows it. */
static tp_str split(tp_str s, tp_str *rest)
{
    *rest = s;
    tp_str word = tp_str_word(rest, " \t");
    *rest = tp_str_trim(*rest);
    return word;
}

/* After the statement's own word. */
static tp_str operands(const tp_card *card)
{
    tp_lexer l = {card, 0};
    tp_lex(&l);
    return tp_str_from(card->text, l.at);
}

/* A name may be quoted: then it can have blanks. */
static tp_str name_of(const tp_card *card, tp_str *rest)
{
    tp_lexer l = {card, 0};
    tp_lex(&l);
    tp_token t = tp_lex(&l);
    if (t.kind != TP_TOKEN_QUOTED) return split(operands(card), rest);
    *rest = tp_str_trim(tp_str_from(card->text, l.at));
    return tp_str_trim(t.text);
}

static const tp_card *find_file(const tp_reader *r, tp_str name)
{
    tp_str rest;
    for (int i = 0; i < r->file.n; i++) {
        const tp_card *card = r->file.list[i];
        if (tp_str_same(name_of(card, &rest), name)) return card;
    }
    return NULL;
}

/* The text of a script file that has been read already, or was stored. */
static const tp_source *find_source(const tp_reader *r, tp_str path)
{
    for (int i = 0; tp_files_given(r->files) && i < r->files->n; i++)
        if (tp_str_eq(r->files->file[i].name, path)) return &r->files->file[i];
    return NULL;
}

/* A script's text from disk; TP_BAD_INPUT where it may not be read. */
static tp_status read_source(tp_reader *r, tp_str path, tp_str *text,
                             tp_err *err)
{
    tp_str   real;
    tp_reach reach = tp_reach_from(r->files ? r->files->disk : NULL,
                                   tp_path_folder(r->p->path), r->mem);
    if (!tp_reach_has(&reach, path, &real, r->mem))
        return tp_reach_refuse(&reach, path, real, (tp_place){0}, err);
    if (real.len == 0) real = path; /* reading it says so */
    return tp_file_read(text, tp_str_z(r->mem, real), SCRIPT_MAX, r->mem, err);
}

static tp_status add_source(tp_reader *r, tp_str path, tp_source **out,
                            tp_err *err)
{
    const tp_source *stored = find_source(r, path);
    tp_str           text;
    if (!stored && tp_files_given(r->files))
        return tp_fail(err, TP_IO, "%.*s is not among the stored files",
                       TP_F(path));
    if (stored)
        text = stored->text;
    else
        TP_TRY(read_source(r, path, &text, err));
    *out = TP_NEW(r->mem, tp_source, 1);
    **out = (tp_source){path, text};
    tp_source *file = TP_PUSH(r->mem, r->file_list, r->n_file, r->cap_file);
    *file = **out;
    return TP_OK;
}

static tp_str blocks(const tp_reader *r)
{
    tp_buf b = {.mem = r->mem};
    tp_str rest;
    for (int i = 0; i < r->file.n; i++)
        tp_buf_fmt(&b, "%s%.*s", i > 0 ? ", " : "; .file blocks: ",
                   TP_F(name_of(r->file.list[i], &rest)));
    return tp_buf_str(&b);
}

/* The script's lines and the place where they begin. */
static tp_status find_script(tp_reader *r, const tp_card *card, tp_str name,
                             tp_script_text *out, tp_err *err)
{
    const tp_card *block = find_file(r, name);
    if (block) {
        *out = (tp_script_text){block->body, block->body_at};
        return TP_OK;
    }
    tp_str     path = tp_path_join(tp_path_folder(r->p->path), name, r->mem);
    tp_err     why = {0};
    tp_source *file = NULL;
    bool       ended = tp_str_find(tp_path_name(name), '.', 0) >= 0;
    tp_status  s = add_source(r, path, &file, &why);
    if (s == TP_IO && !ended) {
        path = tp_str_fmt(r->mem, "%.*s.sxscr", TP_F(path));
        s = add_source(r, path, &file, &why);
    }
    if (s == TP_OK && file) {
        *out = (tp_script_text){file->text, {file, 1, 1}};
        return TP_OK;
    }
    ptrdiff_t at = name.at - card->text.at;
    return tp_fail_at(err, TP_BAD_INPUT, tp_card_place(card, at),
                      ".post_process: no .file block and no file '%.*s'%.*s "
                      "(%s)",
                      TP_F(name), TP_F(blocks(r)), why.msg);
}

static tp_status read_post(tp_reader *r, const tp_card *card, tp_post *out,
                           tp_err *err)
{
    tp_script_text text;
    tp_place       at = tp_card_place(card, 0);
    tp_str         arguments, name = name_of(card, &arguments);
    if (name.len == 0)
        return tp_fail_at(err, TP_BAD_INPUT, at,
                          ".post_process: a script's name is missing");
    *out = (tp_post){.name = name, .arguments = arguments, .at = at};
    TP_TRY(find_script(r, card, name, &text, err));
    return tp_script_read(r, &text, &out->step, &out->n, err);
}

tp_status tp_read_posts(tp_reader *r, tp_err *err)
{
    tp_post *post = TP_NEW(r->mem, tp_post, r->post.n);
    for (int i = 0; i < r->post.n; i++)
        TP_TRY(read_post(r, r->post.list[i], &post[i], err));
    r->p->post = post;
    r->p->n_post = r->post.n;
    return TP_OK;
}
