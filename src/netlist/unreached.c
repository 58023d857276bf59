/* unreached: the definitions in a deck's files that no word of what is read
   can reach, as stretches of lines that need not be read. */
#include "netlist/prune.h"
#include "netlist/skips.h"

#include <stdlib.h>

enum { WORTH = 64 << 10 }; /* bytes */

/* A definition at the top of a file that is included. */
typedef struct unit {
    int  first, last; /* cards */
    bool reached;
} unit;

enum { PLAIN, GONE, READ }; /* a line: in no card, in one, in one that stays */

/* The lines of a file, counted from 1. */
typedef struct sheet {
    int        n;
    ptrdiff_t *beg;    /* n + 2 */
    char      *state;  /* n + 1 */
    int       *n_card; /* n + 1: that go and begin there */
} sheet;

typedef struct work {
    const tp_deck *d;
    tp_arena      *mem;
    sheet         *sheet; /* by file */
    int            n_unit, cap_unit;
    unit          *unit;
    tp_table       name; /* first words -> units */
    int n_queue, *queue; /* reached, each once, not looked through yet */
} work;

/* ---- words --------------------------------------------------------------- */

static bool is_word_byte(char c)
{
    return tp_is_name_byte(c) || (unsigned char)c > 127;
}

/* The next word at or after *at; empty at the end. */
static tp_str next_word(tp_str s, ptrdiff_t *at)
{
    ptrdiff_t i = *at;
    while (i < s.len && !is_word_byte(s.at[i])) i++;
    ptrdiff_t from = i;
    while (i < s.len && is_word_byte(s.at[i])) i++;
    *at = i;
    return tp_str_part(s, from, i - from);
}

static tp_str first_word(tp_str name)
{
    ptrdiff_t at = 0;
    return next_word(name, &at);
}

static int by_hash(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

bool tp_skips_named(const tp_skips *s, tp_str text)
{
    ptrdiff_t at = 0;
    for (tp_str w; (w = next_word(text, &at)).len > 0;) {
        uint64_t h = tp_name_hash(w);
        if (bsearch(&h, s->name, (size_t)s->n_name, sizeof h, by_hash))
            return true;
    }
    return false;
}

bool tp_skips_reached(const tp_skips *s, const tp_deck *d)
{
    if (tp_skips_named(s, d->title)) return true; /* it may be a device */
    for (int i = 0; i < d->n_card; i++)
        if (tp_skips_named(s, d->card[i].text) ||
            tp_skips_named(s, d->card[i].body))
            return true;
    return false;
}

const tp_skip_file *tp_skips_file(const tp_skips *s, tp_str name)
{
    for (int i = 0; i < s->n_file; i++)
        if (tp_str_eq(s->file[i].name, name)) return &s->file[i];
    return NULL;
}

/* ---- lines --------------------------------------------------------------- */

static sheet *sheet_of(work *w, const tp_source *file)
{
    sheet *s = &w->sheet[file - w->d->file];
    if (s->beg) return s;
    tp_cursor c = {.in = file, .end = file->text.len};
    while (tp_next_line(&c)) s->n++;
    s->beg = TP_NEW(w->mem, ptrdiff_t, s->n + 2);
    s->state = TP_NEW(w->mem, char, s->n + 1);
    s->n_card = TP_NEW(w->mem, int, s->n + 1);
    c = (tp_cursor){.in = file, .end = file->text.len};
    while (tp_next_line(&c)) s->beg[c.line] = c.from;
    s->beg[s->n + 1] = file->text.len;
    return s;
}

static tp_str line_of(const sheet *s, const tp_source *file, int line)
{
    ptrdiff_t beg = s->beg[line];
    return tp_str_trim(tp_str_part(file->text, beg, s->beg[line + 1] - beg));
}

/* ---- units --------------------------------------------------------------- */

static void define(work *w, tp_str name)
{
    tp_table_add(&w->name, first_word(name), w->n_unit - 1);
}

/* Every parameter of the card; false: the card has something else, too. */
static bool define_params(work *w, tp_str text)
{
    const tp_entry *e;
    ptrdiff_t       from = tp_first_word(text).len;
    bool            loose = w->d->kind == TP_DECK_SIMETRIX;
    int             n = tp_param_entries(text, from, loose, &e, w->mem);
    if (!n || tp_str_trim(tp_str_from(text, e[n - 1].value_end)).len)
        return false;
    for (int i = 0; i < n; i++)
        define(w, tp_str_part(text, e[i].name, e[i].name_end - e[i].name));
    return true;
}

static bool define_second(work *w, tp_str text)
{
    (void)tp_str_word(&text, " \t");
    tp_str name = tp_str_word(&text, " \t(");
    define(w, name);
    return first_word(name).len > 0;
}

/* The statements that can make a unit; the others may be inside one. */
static const struct statement {
    tp_str word;
    bool (*define)(work *w, tp_str text);
    bool opens; /* a sub-circuit */
} statement[] = {
    {{".subckt", 7}, define_second, true},
    {{".macro", 6}, define_second, true},
    {{".model", 6}, define_second, false},
    {{".func", 5}, define_second, false},
    {{".param", 6}, define_params, false},
    {{".params", 7}, define_params, false},
    {{".ends", 5}, NULL, false},
    {{".eom", 4}, NULL, false},
    {{".if", 3}, NULL, false},
    {{".elseif", 7}, NULL, false},
    {{".else", 5}, NULL, false},
    {{".endif", 6}, NULL, false},
};

static const struct statement *statement_of(tp_str text)
{
    tp_str word = tp_first_word(text);
    for (int i = 0; i < TP_COUNT(statement); i++)
        if (tp_str_same(word, statement[i].word)) return &statement[i];
    return NULL;
}

static tp_place first_line(const tp_card *c)
{
    return c->piece[0].from;
}

static tp_place last_line(const tp_card *c)
{
    return c->piece[c->n_piece - 1].from;
}

/* Whether a card can be passed over with the definition that it is in. */
static bool may_go(const work *w, int card, const tp_source *in)
{
    const tp_card *c = &w->d->card[card];
    if (c->body.len || w->d->taken[card]) return false;
    if (first_line(c).in != in || last_line(c).in != in) return false;
    return c->text.at[0] != '.' || statement_of(c->text);
}

/* Whether the lines have only cards of definitions, and comments of which
   nobody is told. */
static bool is_plain(work *w, const tp_source *in, int first, int last)
{
    const sheet *s = sheet_of(w, in);
    for (int i = first; i <= last; i++) {
        tp_str line = line_of(s, in, i);
        if (tp_str_starts(line, TP_S("*#"))) return false;
        if (line.len && line.at[0] == '.' && !statement_of(line)) return false;
    }
    return first <= last;
}

/* Random numbers at the top decide whether a circuit is pruned. */
static bool is_unit(work *w, int first, int last)
{
    const tp_deck          *d = w->d;
    const tp_source        *in = first_line(&d->card[first]).in;
    const struct statement *s = statement_of(d->card[first].text);
    if (!s || !s->define || in == &d->file[0]) return false;
    if (first == last && tp_draws(d->card[first].text)) return false;
    for (int i = first; i <= last; i++)
        if (!may_go(w, i, in)) return false;
    return is_plain(w, in, first_line(&d->card[first]).line,
                    last_line(&d->card[last]).line);
}

/* The last card of the definition that begins with this one. */
static int end_of(const tp_deck *d, int card)
{
    int i = card + 1;
    while (i < d->n_card && d->card[i].subckt >= card) i++;
    return i - 1;
}

/* Sub-circuits inside it: a call may find one from anywhere. */
static void define_inside(work *w, int first, int last)
{
    for (int i = first + 1; i <= last; i++) {
        const struct statement *s = statement_of(w->d->card[i].text);
        if (s && s->opens) (void)s->define(w, w->d->card[i].text);
    }
}

static void find_units(work *w)
{
    const tp_deck *d = w->d;
    int            depth = 0; /* of .if at the top */
    for (int i = 0, last; i < d->n_card; i = last + 1) {
        tp_str text = d->card[i].text, word = tp_first_word(text);
        last = end_of(d, i);
        depth += tp_str_same(word, TP_S(".if"));
        if (depth == 0 && is_unit(w, i, last)) {
            unit *u = TP_PUSH(w->mem, w->unit, w->n_unit, w->cap_unit);
            *u = (unit){i, last, false};
            u->reached = !statement_of(text)->define(w, text);
            define_inside(w, i, last);
        }
        depth -= tp_str_same(word, TP_S(".endif"));
    }
}

/* ---- reaching ------------------------------------------------------------ */

static void reach(work *w, tp_str text)
{
    ptrdiff_t at = 0;
    for (tp_str word; (word = next_word(text, &at)).len > 0;)
        for (int e = tp_table_find(&w->name, word); e >= 0;
             e = tp_table_next(&w->name, e)) {
            int k = tp_table_value(&w->name, e);
            if (!w->unit[k].reached) w->queue[w->n_queue++] = k;
            w->unit[k].reached = true;
        }
}

static void mark(work *w, int first, int last, char state)
{
    for (int i = first; i <= last; i++) {
        const tp_card *c = &w->d->card[i];
        for (int k = 0; k < c->n_piece; k++) {
            tp_place from = c->piece[k].from;
            sheet_of(w, from.in)->state[from.line] = state;
        }
    }
}

static void read_card(work *w, int card)
{
    mark(w, card, card, READ);
    reach(w, w->d->card[card].text);
    reach(w, w->d->card[card].body);
}

static void reach_all(work *w)
{
    int next = 0;
    w->queue = TP_NEW(w->mem, int, w->n_unit + 1);
    for (int k = 0; k < w->n_unit; k++)
        if (w->unit[k].reached) w->queue[w->n_queue++] = k;
    for (int k = 0; k < w->n_unit; k++) {
        for (; next < w->unit[k].first; next++) read_card(w, next);
        next = w->unit[k].last + 1;
    }
    for (; next < w->d->n_card; next++) read_card(w, next);
    reach(w, w->d->title);
    while (w->n_queue > 0) {
        unit u = w->unit[w->queue[--w->n_queue]];
        for (int i = u.first; i <= u.last; i++) read_card(w, i);
    }
}

/* ---- what is left over --------------------------------------------------- */

/* Lines of a definition that also stand in another place of the deck, where
   they are read, stay. */
static void let_go(work *w)
{
    for (int k = 0; k < w->n_unit; k++) {
        unit           u = w->unit[k];
        const tp_card *c = &w->d->card[u.first];
        tp_place       at = first_line(c);
        if (u.reached || sheet_of(w, at.in)->state[at.line] == READ) continue;
        mark(w, u.first, u.last, GONE);
        for (int i = u.first; i <= u.last; i++)
            sheet_of(w, at.in)->n_card[first_line(&w->d->card[i]).line] = 1;
    }
}

/* Whether nothing is read in a line that is in no card of a definition. */
static bool says_nothing(tp_str line)
{
    return line.len == 0 ||
           (line.at[0] == '*' && !tp_str_starts(line, TP_S("*#")));
}

static ptrdiff_t file_skips(work *w, const tp_source *in, tp_skip_file *out)
{
    const sheet *s = sheet_of(w, in);
    tp_skip     *list = NULL, *open = NULL;
    ptrdiff_t    bytes = 0;
    int          cap = 0;
    for (int i = 1; i <= s->n; i++) {
        bool gone = s->state[i] == GONE;
        bool on = gone || (s->state[i] == PLAIN && open &&
                           says_nothing(line_of(s, in, i)));
        if (!on) open = NULL;
        if (gone && !open) {
            open = TP_PUSH(w->mem, list, out->n_skip, cap);
            *open = (tp_skip){s->beg[i], s->beg[i], i, i, 0};
        }
        if (!gone) continue;
        bytes += s->beg[i + 1] - open->end;
        open->end = s->beg[i + 1];
        open->last_line = i;
        open->n_card += s->n_card[i];
    }
    out->skip = list;
    return bytes;
}

static void names(work *w, tp_skips *out)
{
    const tp_table *all = &w->name;
    uint64_t       *name = TP_NEW(w->mem, uint64_t, all->n + 1);
    int             n = 0, kept = 0;
    if (w->d->kind == TP_DECK_SIMETRIX) name[n++] = tp_name_hash(TP_S("gnd"));
    for (int i = 0; i < all->n; i++)
        if (!w->unit[tp_table_value(all, i)].reached)
            name[n++] = tp_name_hash(all->entry[i].name);
    qsort(name, (size_t)n, sizeof *name, by_hash);
    for (int i = 0; i < n; i++)
        if (i == 0 || name[i] != name[i - 1]) name[kept++] = name[i];
    out->name = name;
    out->n_name = kept;
}

/* Every device of a deck for SIMetrix has a say in what a node gnd is. */
static bool has_gnd(const tp_deck *d)
{
    uint64_t gnd = tp_name_hash(TP_S("gnd"));
    tp_skips one = {.n_name = 1, .name = &gnd};
    return d->kind == TP_DECK_SIMETRIX && tp_skips_reached(&one, d);
}

bool tp_skips_make(tp_skips *out, tp_reader *r, tp_arena *mem)
{
    const tp_deck *d = r->d;
    work      w = {.d = d, .mem = mem, .cap_unit = 64, .name = {.mem = mem}};
    ptrdiff_t bytes = 0;
    tp_skip_file *file = TP_NEW(mem, tp_skip_file, d->n_file);
    w.sheet = TP_NEW(mem, sheet, d->n_file);
    w.unit = TP_NEW(mem, unit, w.cap_unit);
    find_units(&w);
    reach_all(&w);
    let_go(&w);
    *out = (tp_skips){.kind = d->kind, .mark = r->mark, .file = file};
    for (int i = 1; i < d->n_file; i++) {
        tp_skip_file         *f = &file[out->n_file];
        const struct tp_text *text = tp_text_sections(&r->texts, i);
        *f = (tp_skip_file){.name = d->file[i].name,
                            .size = d->file[i].text.len,
                            .n_section = text->n_section,
                            .section = text->section};
        bytes += file_skips(&w, &d->file[i], f);
        if (f->n_skip == 0) continue;
        f->digest = tp_digest_of(d->file[i].text);
        out->n_file++;
    }
    names(&w, out);
    return bytes >= WORTH && !has_gnd(d);
}
