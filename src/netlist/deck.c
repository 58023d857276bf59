/* A deck as a whole: reading it, and what is asked of it later. */
#include "netlist/read.h"

#include <math.h>

void tp_deck_notice(tp_deck *d, tp_str text)
{
    tp_str *new = TP_PUSH(d->mem, d->notice, d->n_notice, d->cap_notice);
    *new = tp_str_copy(d->mem, text);
}

/* Whether line 1 has to wait for the rest before it is called a title: a
   statement is a card at once, a comment a title. */
static bool may_be_card(tp_deck *d, tp_str line)
{
    tp_str word = tp_first_word(line);
    if (word.len == 0) return false;
    if (tp_is_alpha(word.at[0])) return true;
    if (!tp_statement_of(word)) return false;
    tp_deck_notice(d, tp_str_fmt(d->mem,
                                 "%.*s:1: the deck has no title: line 1 is "
                                 "the statement %.*s",
                                 TP_F(d->file[0].name), TP_F(word)));
    return true;
}

/* Card 0 was the title: it is no card. */
static void drop_first_card(tp_deck *d)
{
    d->card++;
    d->n_card--;
    d->cap_card--;
    for (int i = 0; i < d->n_card; i++)
        if (d->card[i].subckt >= 0) d->card[i].subckt--;
}

static void decide_title(tp_deck *d, tp_str line)
{
    if (d->n_card == 0 || !tp_is_alpha(line.at[0])) return;
    tp_place at = tp_card_place(&d->card[0], 0);
    if (at.in != &d->file[0] || at.line != 1) return;
    if (tp_title_is_device(d, d->mem)) return;
    d->title = line;
    drop_first_card(d);
}

static void restart(tp_reader *r, tp_deck_dialect kind)
{
    tp_deck *d = r->d;
    d->kind = kind;
    d->n_card = d->n_notice = 0;
    d->title = (tp_str){"", 0};
    *r = (tp_reader){.d = d,
                     .texts = r->texts,
                     .part = r->part,
                     .cap_part = r->cap_part,
                     .subckt = -1,
                     .mark = ';',
                     .in = r->in};
}

static tp_status read_all(tp_reader *r, tp_err *err)
{
    tp_deck  *d = r->d;
    tp_cursor c = {.in = &d->file[0], .end = d->file[0].text.len};
    tp_frame  top = {.section = {"", 0}};
    tp_str    line = {"", 0};
    if (tp_str_starts(c.in->text, TP_S("\xEF\xBB\xBF"))) c.at = 3;
    tp_cursor second = c;
    if (tp_next_line(&second)) line = tp_str_trim(second.text);
    if (!may_be_card(d, line)) {
        d->title = line;
        tp_reader_comment(r, &second, line);
        c = second;
    }
    TP_TRY(tp_reader_lines(r, &c, &top, err));
    if (r->is_simetrix) return TP_OK;
    TP_TRY(tp_sections_left(r, &top, err));
    if (r->subckt >= 0)
        return tp_fail_at(err, TP_BAD_INPUT,
                          tp_card_place(&d->card[r->subckt], 0),
                          "the sub-circuit is not closed by .ends");
    decide_title(d, line);
    return TP_OK;
}

static tp_status read_cards(tp_reader *r, tp_err *err)
{
    restart(r, TP_DECK_SPICE);
    TP_TRY(read_all(r, err));
    if (!r->is_simetrix && (!r->has_data || r->has_enddata)) return TP_OK;
    restart(r, TP_DECK_SIMETRIX);
    TP_TRY(read_all(r, err));
    return TP_OK;
}

/* Where a deck comes from. */
struct origin {
    tp_str              name;  /* of the main file */
    const tp_files     *files; /* NULL: the disk */
    const tp_source    *own;   /* the main file, where it is a text */
    const tp_condition *in;
    const tp_reach     *disk; /* what is allowed there beside the usual */
};

static tp_status read_deck(tp_deck **out, const struct origin *from,
                           tp_arena *mem, tp_err *err)
{
    tp_deck *d = *out = TP_NEW(mem, tp_deck, 1);
    d->mem = mem;
    d->title = d->gnd = d->behaviour = (tp_str){"", 0};
    d->n_device = -1;
    d->cap_file = TP_MAX_FILES;
    d->file = TP_NEW(mem, tp_source, TP_MAX_FILES);
    d->library = TP_NEW(mem, bool, TP_MAX_FILES);
    d->temp = from->in ? from->in->temp : NAN;
    tp_reader r = {.d = d, .in = from->in};
    r.texts = (tp_texts){.d = d, .given = from->files, .own = from->own};
    if (!from->files)
        r.texts.reach =
            tp_reach_from(from->disk, tp_path_folder(from->name), mem);
    r.texts.text = TP_NEW(mem, struct tp_text, TP_MAX_FILES);
    int main_file = 0;
    TP_TRY(tp_text_load(&r.texts, from->name, (tp_place){0}, &main_file, err));
    TP_TRY(read_cards(&r, err));
    TP_TRY(tp_start_read(&r.texts, err));
    d->taken = TP_NEW(mem, bool, d->n_card + 1);
    TP_TRY(tp_dialect_check(d, err));
    TP_TRY(tp_check_conditions(d, err));
    tp_units_check(d);
    return tp_deck_index(d, err);
}

tp_status tp_deck_read(tp_deck **out, const char *main_path,
                       const tp_files *files, tp_arena *mem, tp_err *err)
{
    return tp_deck_read_in(out, main_path, files, NULL, mem, err);
}

tp_status tp_deck_read_in(tp_deck **out, const char *main_path,
                          const tp_files *files, const tp_condition *in,
                          tp_arena *mem, tp_err *err)
{
    struct origin from = {.name = tp_str_of(main_path), .in = in};
    if (tp_files_given(files)) from.files = files;
    if (files) from.disk = files->disk;
    if (from.files && files->n > 0) from.name = files->file[0].name;
    return read_deck(out, &from, mem, err);
}

tp_status tp_deck_read_text(tp_deck **out, tp_source main_file,
                            const tp_condition *in, const tp_reach *disk,
                            tp_arena *mem, tp_err *err)
{
    struct origin from = {main_file.name, NULL, &main_file, in, disk};
    return read_deck(out, &from, mem, err);
}

bool tp_files_given(const tp_files *f)
{
    return f && !f->disk;
}

tp_files tp_deck_files(const tp_deck *d)
{
    return (tp_files){.n = d->n_file, .file = d->file};
}

tp_deck_dialect tp_deck_kind(const tp_deck *d)
{
    return d->kind;
}

tp_str tp_deck_title(const tp_deck *d)
{
    return d->title;
}

int tp_deck_cards(const tp_deck *d, const tp_card **card)
{
    *card = d->card;
    return d->n_card;
}

void tp_deck_take(tp_deck *d, int card)
{
    if (card >= 0 && card < d->n_card) d->taken[card] = true;
}

int tp_deck_notices(const tp_deck *d, const tp_str **notice)
{
    *notice = d->notice;
    return d->n_notice;
}
