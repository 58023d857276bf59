/* A deck as a whole: reading it, and what is asked of it later. */
#include "netlist/read.h"
#include "netlist/skips.h"

#include <math.h>

enum { CACHED_FROM = 256 << 10 }; /* bytes of text */

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
    d->n_card = d->n_notice = d->n_passed = 0;
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
    const tp_reach     *disk;  /* what is allowed there beside the usual */
    const char         *cache; /* NULL: none */
};

static tp_deck *empty_deck(const tp_condition *in, tp_arena *mem)
{
    tp_deck *d = TP_NEW(mem, tp_deck, 1);
    d->mem = mem;
    d->title = d->gnd = d->behaviour = (tp_str){"", 0};
    d->n_device = -1;
    d->cap_file = TP_MAX_FILES;
    d->file = TP_NEW(mem, tp_source, TP_MAX_FILES);
    d->library = TP_NEW(mem, bool, TP_MAX_FILES);
    d->temp = in ? in->temp : NAN;
    return d;
}

static tp_status read_with(tp_reader *r, const struct origin *from,
                           const tp_skips *skips, tp_arena *mem, tp_err *err)
{
    tp_deck *d = empty_deck(from->in, mem);
    *r = (tp_reader){.d = d, .in = from->in};
    r->texts = (tp_texts){
        .d = d, .given = from->files, .own = from->own, .skips = skips};
    if (!from->files)
        r->texts.reach =
            tp_reach_from(from->disk, tp_path_folder(from->name), mem);
    r->texts.text = TP_NEW(mem, struct tp_text, TP_MAX_FILES);
    int main_file = 0;
    TP_TRY(tp_text_load(&r->texts, from->name, (tp_place){0}, &main_file, err));
    TP_TRY(read_cards(r, err));
    TP_TRY(tp_start_read(&r->texts, err));
    d->taken = TP_NEW(mem, bool, d->n_card + 1);
    TP_TRY(tp_dialect_check(d, err));
    TP_TRY(tp_check_conditions(d, err));
    tp_units_check(d);
    return tp_deck_index(d, err);
}

/* ---- without what is known to be out of reach ---------------------------- */

static tp_condition own_condition(const tp_condition *in, tp_arena *mem)
{
    if (!in) return (tp_condition){.temp = NAN};
    tp_condition c = *in;
    tp_str      *section = TP_NEW(mem, tp_str, in->n_section);
    for (int i = 0; i < in->n_section; i++)
        section[i] = tp_str_copy(mem, in->section[i]);
    c.section = section;
    c.lib = tp_str_copy(mem, in->lib);
    c.from = tp_str_copy(mem, in->from);
    return c;
}

/* False: nothing is known, or not of these files and this deck. */
static bool read_reduced(tp_reader *r, const struct origin *from,
                         const tp_skips *skips, tp_arena *mem)
{
    if (!skips || read_with(r, from, skips, mem, NULL)) return false;
    tp_deck *d = r->d;
    if (d->kind != skips->kind || r->mark != skips->mark) return false;
    if (tp_skips_reached(skips, d)) return false;
    d->skips = skips;
    d->in = own_condition(from->in, mem);
    return true;
}

static bool same_notices(const tp_deck *a, const tp_deck *b)
{
    for (int i = 0; i < a->n_notice && i < b->n_notice; i++)
        if (!tp_str_eq(a->notice[i], b->notice[i])) return false;
    return a->n_notice == b->n_notice;
}

/* Whether passing over these lines reads the same cards but theirs, with the
   same notices, and leaves out nothing that is wrong. */
static bool is_tried(const tp_skips *s, tp_deck *d, const struct origin *from,
                     tp_arena *mem)
{
    tp_reader  again;
    tp_circuit c;
    if (!read_reduced(&again, from, s, mem)) return false;
    if (!same_notices(d, again.d)) return false;
    if (!tp_deck_find_cards(TP_NEW(mem, int, d->n_card + 1), d, again.d))
        return false;
    tp_deck own = *d; /* what is made of it here goes into another arena */
    own.mem = mem;
    return tp_deck_circuit(&c, &own, NULL, 0, NULL, 0, NULL) == TP_OK;
}

/* Notes what could be passed over next time. */
static void note_skips(tp_reader *r, const struct origin *from)
{
    tp_arena mem = tp_arena_open((ptrdiff_t)1 << 33);
    tp_skips s;
    if (tp_skips_make(&s, r, &mem) && is_tried(&s, r->d, from, &mem))
        tp_skips_keep(&s, from->cache, from->name, from->in, mem);
    tp_arena_close(&mem);
}

static tp_status read_deck(tp_deck **out, const struct origin *from,
                           tp_arena *mem, tp_err *err)
{
    tp_reader       r;
    const tp_skips *skips = NULL;
    if (from->cache)
        skips = tp_skips_load(from->cache, from->name, from->in, mem);
    bool      reduced = read_reduced(&r, from, skips, mem);
    tp_status st = reduced ? TP_OK : read_with(&r, from, NULL, mem, err);
    *out = r.d;
    if (!st && !reduced && from->cache && r.texts.total > CACHED_FROM)
        note_skips(&r, from);
    return st;
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
    if (files) from.cache = files->cache;
    if (from.files && files->n > 0) from.name = files->file[0].name;
    return read_deck(out, &from, mem, err);
}

tp_status tp_deck_read_text(tp_deck **out, tp_source main_file,
                            const tp_condition *in, const tp_reach *disk,
                            tp_arena *mem, tp_err *err)
{
    struct origin from = {
        .name = main_file.name, .own = &main_file, .in = in, .disk = disk};
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
