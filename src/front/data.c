/* `.data`: vectors that stand in the deck, in three forms: simple, columns,
   XY. */
#include "front/inside.h"

#include <stddef.h>

typedef struct statement {
    tp_given format, types, columns;
} statement;

#define WORD(name, form)                                        \
    {                                                           \
#name, TP_FORM_##form, offsetof(struct statement, name) \
    }
static const tp_word words[] = {
    WORD(format, WORD),
    WORD(types, NAMES),
    WORD(columns, NAMES),
    {0},
};

/* SIMetrix's physical types and our units. */
static const struct {
    const char *type, *unit;
} types[] = {
    {"V", "V"},     {"A", "A"},   {"Secs", "s"}, {"Hertz", "Hz"},
    {"Ohm", "Ohm"}, {"Sie", "S"}, {"F", "F"},    {"J", "J"},
    {"W", "W"},     {"C", "C"},   {"Vs", "Vs"},
};

static tp_str unit_of(tp_str type)
{
    for (int i = 0; i < TP_COUNT(types); i++)
        if (tp_str_same(tp_str_of(types[i].type), type))
            return tp_str_of(types[i].unit);
    return (tp_str){"", 0};
}

/* One .data statement as it was read. */
typedef struct source {
    tp_reader     *r;
    const tp_card *card;
    tp_str         name;
    ptrdiff_t      name_at;
    statement      set;
    int            n, cap;
    double        *value;
    tp_err        *err;
} source;

static tp_status fail_at_name(const source *s, const char *what)
{
    return tp_fail_at(s->err, TP_BAD_INPUT, tp_card_place(s->card, s->name_at),
                      ".data %.*s: %s", TP_F(s->name), what);
}

static tp_status read_name(source *s, tp_lexer *l)
{
    tp_token t = tp_lex(l);
    double   number;
    if (t.kind != TP_TOKEN_WORD || tp_number_all(t.text, &number))
        return tp_fail_at(s->err, TP_BAD_INPUT, tp_card_place(s->card, t.at),
                          ".data: a name is missing");
    s->name = t.text;
    s->name_at = t.at;
    return TP_OK;
}

/* One option or number. */
static tp_status read_item(source *s, tp_lexer *l)
{
    tp_lexer after = *l;
    tp_token t = tp_lex(&after), next = tp_lex_peek(after);
    if (next.kind == TP_TOKEN_PUNCT && next.text.at[0] == '=')
        return tp_word_read(&s->set, words, ".data", l, s->r->mem, s->err);
    *l = after;
    if (t.kind == TP_TOKEN_PUNCT && t.text.at[0] == ',') return TP_OK;
    double *v = TP_PUSH(s->r->mem, s->value, s->n, s->cap);
    return tp_token_number(v, s->card, t, ".data", s->err);
}

/* Options and numbers in any order. */
static tp_status read_items(source *s, tp_lexer *l)
{
    while (tp_lex_peek(*l).kind != TP_TOKEN_END) TP_TRY(read_item(s, l));
    return TP_OK;
}

/* The types have known names and are at most as many as the columns. */
static tp_status check_types(const source *s, int columns)
{
    const tp_given *given = &s->set.types;
    if (given->n > columns)
        return tp_fail_at(s->err, TP_BAD_INPUT,
                          tp_card_place(s->card, given->word),
                          ".data %.*s: %d types for %d column%s", TP_F(s->name),
                          given->n, columns, columns == 1 ? "" : "s");
    for (int i = 0; i < given->n; i++) {
        tp_str type = given->item[i].text, known[TP_COUNT(types)];
        if (unit_of(type).len > 0) continue;
        for (int k = 0; k < TP_COUNT(types); k++)
            known[k] = tp_str_of(types[k].type);
        return tp_fail_at(
            s->err, TP_BAD_INPUT, tp_card_place(s->card, given->item[i].at),
            ".data %.*s: unknown type '%.*s'%.*s; known: V A Secs Hertz Ohm "
            "Sie F J W C Vs",
            TP_F(s->name), TP_F(type),
            TP_F(tp_did_you_mean(s->r->mem, type, known, TP_COUNT(types))));
    }
    return TP_OK;
}

static tp_str type_of(const source *s, int column)
{
    const tp_given *given = &s->set.types;
    return column < given->n ? unit_of(given->item[column].text)
                             : (tp_str){"", 0};
}

/* Adds a vector, unless its name is taken. */
static tp_status add(const source *s, tp_str name, tp_wave wave)
{
    tp_reader  *r = s->r;
    tp_problem *p = r->p;
    for (int i = 0; i < p->n_data; i++)
        if (tp_str_same(p->data[i].name, name))
            return tp_fail_at(s->err, TP_BAD_INPUT,
                              tp_card_place(s->card, s->name_at),
                              ".data: a second vector '%.*s'", TP_F(name));
    wave.name = tp_str_lower(r->mem, name);
    tp_data *vector = TP_PUSH(r->mem, r->data_list, p->n_data, r->cap_data);
    *vector = (tp_data){name, wave};
    p->data = r->data_list;
    return TP_OK;
}

/* Column k of the rows of `columns` numbers. */
static const double *column(const source *s, int k, int columns)
{
    double *v = TP_NEW(s->r->mem, double, s->n / columns);
    for (int i = 0; i < s->n / columns; i++) v[i] = s->value[i * columns + k];
    return v;
}

static tp_status check_rows(const source *s, int columns)
{
    if (s->n > 0 && s->n % columns == 0) return check_types(s, columns);
    if (s->n == 0)
        return tp_fail_at(s->err, TP_BAD_INPUT,
                          tp_card_place(s->card, s->name_at),
                          ".data %.*s: no number follows", TP_F(s->name));
    return tp_fail_at(s->err, TP_BAD_INPUT, tp_card_place(s->card, s->name_at),
                      ".data %.*s: %d number%s, wanted a multiple of %d",
                      TP_F(s->name), s->n, s->n == 1 ? "" : "s", columns);
}

static tp_status add_simple(const source *s)
{
    if (s->set.columns.is)
        return fail_at_name(s, "columns= is for format=COLUMNS");
    TP_TRY(check_rows(s, 1));
    return add(s, s->name,
               (tp_wave){.unit = type_of(s, 0),
                         .x_unit = (tp_str){"", 0},
                         .n = s->n,
                         .re = s->value});
}

static tp_status add_xy(const source *s)
{
    if (s->set.columns.is)
        return fail_at_name(s, "columns= is for format=COLUMNS");
    TP_TRY(check_rows(s, 2));
    return add(s, s->name,
               (tp_wave){.x_unit = type_of(s, 0),
                         .unit = type_of(s, 1),
                         .n = s->n / 2,
                         .x = column(s, 0, 2),
                         .re = column(s, 1, 2)});
}

static tp_status add_columns(const source *s)
{
    const tp_given *names = &s->set.columns;
    if (names->n == 0) return fail_at_name(s, "columns=names is missing");
    TP_TRY(check_rows(s, names->n));
    for (int k = 0; k < names->n; k++)
        TP_TRY(add(s, names->item[k].text,
                   (tp_wave){.unit = type_of(s, k),
                             .x_unit = (tp_str){"", 0},
                             .n = s->n / names->n,
                             .re = column(s, k, names->n)}));
    return TP_OK;
}

static const struct {
    const char *name;
    tp_status (*add)(const source *s);
} formats[] = {
    {"", add_simple},
    {"XY", add_xy},
    {"COLUMNS", add_columns},
};

static tp_status read_one(source *s)
{
    tp_lexer l = {s->card, 0};
    tp_lex(&l); /* ".data" */
    TP_TRY(read_name(s, &l));
    TP_TRY(read_items(s, &l));
    tp_str wanted = s->set.format.is ? s->set.format.text : (tp_str){"", 0};
    for (int i = 0; i < TP_COUNT(formats); i++)
        if (tp_str_same(wanted, tp_str_of(formats[i].name)))
            return formats[i].add(s);
    return tp_fail_at(s->err, TP_BAD_INPUT,
                      tp_card_place(s->card, s->set.format.at),
                      ".data %.*s: unknown format '%.*s'; known: XY, COLUMNS",
                      TP_F(s->name), TP_F(wanted));
}

tp_status tp_read_data(tp_reader *r, tp_err *err)
{
    for (int i = 0; i < r->data.n; i++)
        TP_TRY(
            read_one(&(source){.r = r, .card = r->data.list[i], .err = err}));
    return TP_OK;
}
