/* Reading a deck: the lines of the main file and of what it includes become
   cards (logical lines). Format: ngspice manual, "Circuit description", and
   SIMetrix's netlist format. */
#include "netlist/read.h"
#include "netlist/skips.h"

#include <string.h>

/* ---- cards -------------------------------------------------------------- */

static void join(tp_reader *r, tp_card *c)
{
    ptrdiff_t len = r->n_part - 1;
    for (int i = 0; i < r->n_part; i++) len += r->part[i].text.len;
    char     *at = TP_NEW(r->d->mem, char, len + 1);
    tp_piece *piece = TP_NEW(r->d->mem, tp_piece, r->n_part);
    c->text = (tp_str){at, len};
    c->piece = piece;
    c->n_piece = r->n_part;
    for (int i = 0; i < r->n_part; i++) {
        const tp_part *p = &r->part[i];
        if (i > 0) *at++ = ' ';
        piece[i] = (tp_piece){at - c->text.at, p->from};
        memcpy(at, p->text.at, (size_t)p->text.len);
        at += p->text.len;
    }
}

static tp_status open_subckt(tp_reader *r, int card, tp_err *err)
{
    if (++r->depth > TP_MAX_DEPTH)
        return tp_fail_at(err, TP_LIMIT, tp_card_place(&r->d->card[card], 0),
                          "sub-circuits deeper than %d", TP_MAX_DEPTH);
    r->subckt = card;
    return TP_OK;
}

static tp_status close_subckt(tp_reader *r, int card, tp_err *err)
{
    if (r->subckt < 0)
        return tp_fail_at(err, TP_BAD_INPUT,
                          tp_card_place(&r->d->card[card], 0),
                          "this ends a sub-circuit, but none is open");
    r->depth--;
    r->subckt = r->d->card[r->subckt].subckt;
    return TP_OK;
}

static tp_status scope(tp_reader *r, int card, tp_err *err)
{
    tp_str word = tp_first_word(r->d->card[card].text);
    if (tp_str_same(word, TP_S(".subckt")) || tp_str_same(word, TP_S(".macro")))
        return open_subckt(r, card, err);
    if (tp_str_same(word, TP_S(".ends")) || tp_str_same(word, TP_S(".eom")))
        return close_subckt(r, card, err);
    r->conditions += tp_str_same(word, TP_S(".if"));
    r->conditions -= tp_str_same(word, TP_S(".endif"));
    return TP_OK;
}

/* The lines gathered so far become a card. */
static tp_status flush(tp_reader *r, tp_err *err)
{
    if (r->n_part == 0) return TP_OK;
    tp_deck *d = r->d;
    int      k = d->n_card;
    tp_card *c = TP_PUSH(d->mem, d->card, d->n_card, d->cap_card);
    *c = (tp_card){.subckt = r->subckt};
    join(r, c);
    r->n_part = 0;
    if (c->text.at[0] != '.') return TP_OK;
    if (d->kind == TP_DECK_SPICE && tp_is_simetrix_card(c->text))
        r->is_simetrix = true;
    r->has_data |= tp_str_same(tp_first_word(c->text), TP_S(".data"));
    r->has_enddata |= tp_str_same(tp_first_word(c->text), TP_S(".enddata"));
    return scope(r, k, err);
}

static void add_part(tp_reader *r, tp_str text, tp_place from)
{
    tp_part *p = TP_PUSH(r->d->mem, r->part, r->n_part, r->cap_part);
    *p = (tp_part){text, from};
}

/* ---- lines -------------------------------------------------------------- */

/* Where the in-line comment of a line begins for ngspice: ';' and "//"
   anywhere, '$' after a blank or comma. */
static ptrdiff_t spice_comment(tp_str s)
{
    for (ptrdiff_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (c == ';') return i;
        if (c == '/' && i + 1 < s.len && s.at[i + 1] == '/') return i;
        if (c != '$') continue;
        char before = i > 0 ? s.at[i - 1] : ' ';
        if (before == ' ' || before == '\t' || before == ',') return i;
    }
    return s.len;
}

/* In SIMetrix's formats: the language's character outside quotes. */
static ptrdiff_t simetrix_comment(tp_str s, char mark)
{
    for (ptrdiff_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (c == mark && (c == ';' || i == 0 || tp_is_space(s.at[i - 1])))
            return i;
        if (c != '"' && c != '\'') continue;
        ptrdiff_t close = tp_str_find(s, c, i + 1);
        if (close > 0) i = close;
    }
    return s.len;
}

static tp_str without_comment(const tp_reader *r, tp_str line)
{
    bool      simetrix = r->d->kind == TP_DECK_SIMETRIX;
    ptrdiff_t end =
        simetrix ? simetrix_comment(line, r->mark) : spice_comment(line);
    tp_str s = tp_str_part(line, 0, end);
    while (s.len > 0 && tp_is_space(s.at[s.len - 1])) s.len--;
    return s;
}

/* A line that names the language: "*#SIMETRIX". */
static const struct language {
    tp_str name;
    char   mark; /* of in-line comments */
    bool   log_is_ln;
} language[] = {
    {{"*#SIMETRIX", 10}, ';', false},
    {{"*#PSPICE", 8}, ';', true},
    {{"*#HSPICE", 8}, '$', true},
};

void tp_reader_comment(tp_reader *r, const tp_cursor *c, tp_str line)
{
    if (line.len < 2 || line.at[1] != '#') return;
    bool near_top = c->in == &r->d->file[0] && c->line <= 2;
    for (int i = 0; i < TP_COUNT(language) && near_top; i++) {
        if (!tp_str_same(tp_first_word(line), language[i].name)) continue;
        r->mark = language[i].mark;
        r->d->log_is_ln = language[i].log_is_ln;
        r->is_simetrix |= i == 0 && r->d->kind == TP_DECK_SPICE;
        return;
    }
    if (!r->said_hash) {
        tp_arena *mem = r->d->mem;
        tp_deck_notice(r->d, tp_str_fmt(mem,
                                        "%.*s:%d: commands in \"*#\" lines "
                                        "are not executed",
                                        TP_F(c->in->name), c->line));
    }
    r->said_hash = true;
}

static void continuation(tp_reader *r, const tp_cursor *c, ptrdiff_t at)
{
    at++; /* the '+' */
    while (at < c->text.len && tp_is_space(c->text.at[at])) at++;
    tp_str rest = without_comment(r, tp_str_from(c->text, at));
    if (rest.len > 0 && r->n_part > 0) add_part(r, rest, tp_line_place(c, at));
    if (r->n_part > 0 || rest.len == 0) return;
    tp_deck_notice(r->d, tp_str_fmt(r->d->mem,
                                    "%.*s:%d: a '+' line that continues "
                                    "nothing was skipped",
                                    TP_F(c->in->name), c->line));
}

/* HSPICE's continuation: two backslashes at the end of a line. */
static bool cut_backslashes(tp_str *line)
{
    if (line->len < 2) return false;
    const char *end = line->at + line->len;
    if (end[-1] != '\\' || end[-2] != '\\') return false;
    *line = tp_str_trim(tp_str_part(*line, 0, line->len - 2));
    return true;
}

static tp_status ordinary(tp_reader *r, const tp_cursor *c, ptrdiff_t at,
                          tp_err *err)
{
    tp_str line = without_comment(r, tp_str_from(c->text, at));
    bool   goes_on = cut_backslashes(&line);
    bool   joins = r->goes_on && r->n_part > 0;
    r->goes_on = goes_on;
    if (!joins) TP_TRY(flush(r, err));
    if (line.len > 0) add_part(r, line, tp_line_place(c, at));
    return TP_OK;
}

static tp_status check_limits(tp_reader *r, const tp_cursor *c, tp_err *err)
{
    tp_arena *mem = r->d->mem;
    r->bytes += c->text.len;
    if (++r->lines > TP_MAX_LINES || r->bytes > TP_MAX_DECK)
        return tp_fail_at(err, TP_LIMIT, tp_line_place(c, 0),
                          "the deck has more than %d lines or %d MB with "
                          "all it includes",
                          TP_MAX_LINES, TP_MAX_DECK >> 20);
    ptrdiff_t need =
        (ptrdiff_t)r->d->cap_card * 4 * (ptrdiff_t)sizeof *r->d->card;
    if (mem->end - mem->beg > need + c->text.len + (1 << 16)) return TP_OK;
    return tp_fail_at(err, TP_LIMIT, tp_line_place(c, 0),
                      "the deck needs more memory than there is");
}

/* Lines that ngspice takes for comments by their first character. */
static bool is_comment(const tp_reader *r, tp_str line)
{
    if (strchr("*=[]?()&%$\"!:,;\f", line.at[0])) return true;
    return without_comment(r, line).len == 0;
}

static tp_status one_line(tp_reader *r, tp_cursor *c, const tp_frame *in,
                          tp_err *err)
{
    TP_TRY(check_limits(r, c, err));
    ptrdiff_t at = 0;
    if (c->line == 1 && tp_str_starts(c->text, TP_S("\xEF\xBB\xBF"))) at = 3;
    while (at < c->text.len && tp_is_space(c->text.at[at])) at++;
    if (at == c->text.len) return TP_OK;
    char first = c->text.at[at];
    if (first == '+') {
        continuation(r, c, at);
    } else if (is_comment(r, tp_str_from(c->text, at))) {
        tp_reader_comment(r, c, tp_str_from(c->text, at));
    } else if (first == '.' && tp_is_directive(r, tp_str_from(c->text, at))) {
        TP_TRY(flush(r, err));
        return tp_directive(r, c, at, in, err);
    } else {
        return ordinary(r, c, at, err);
    }
    return TP_OK;
}

/* Lines that need not be read, if such begin here. */
static const tp_skip *skip_at(const tp_reader *r, const tp_cursor *c, int *next)
{
    const tp_skip_file *f = r->texts.text[c->in - r->d->file].skips;
    if (!f) return NULL;
    while (*next < f->n_skip && f->skip[*next].beg < c->at) ++*next;
    bool found = *next < f->n_skip && f->skip[*next].beg == c->at;
    return found ? &f->skip[*next] : NULL;
}

/* They are definitions at the top; where the file is included inside a
   sub-circuit or a condition they are not, and the notes don't hold. */
static tp_status pass_over(tp_reader *r, tp_cursor *c, const tp_skip *s,
                           tp_err *err)
{
    TP_TRY(flush(r, err));
    if (r->subckt >= 0 || r->conditions != 0)
        return tp_fail(err, TP_BAD_INPUT, "%.*s is not at the top any more",
                       TP_F(c->in->name));
    r->lines += s->last_line - s->first_line;
    r->bytes += s->end - s->beg;
    TP_TRY(check_limits(r, c, err));
    c->at = s->end;
    c->line = s->last_line;
    r->d->n_passed += s->n_card;
    return TP_OK;
}

tp_status tp_reader_lines(tp_reader *r, tp_cursor *c, const tp_frame *in,
                          tp_err *err)
{
    int skip = 0;
    while (!r->is_simetrix) {
        const tp_skip *s = skip_at(r, c, &skip);
        if (s)
            TP_TRY(pass_over(r, c, s, err));
        else if (tp_next_line(c))
            TP_TRY(one_line(r, c, in, err));
        else
            break;
    }
    return r->is_simetrix ? TP_OK : flush(r, err);
}
