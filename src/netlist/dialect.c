/* Dot statements: which there are, what becomes of each, and which of them
   tell that a deck was written for SIMetrix. */
#include "netlist/text.h"

enum { MAX_NAMES = 100 };

static const tp_statement statement[] = {
    {"ac", TP_DUTY_ANALYSIS, false},     {"control", TP_DUTY_COMMAND, false},
    {"csparam", TP_DUTY_COMMAND, false}, {"data", TP_DUTY_FRONT, false},
    {"dc", TP_DUTY_ANALYSIS, false},     {"disto", TP_DUTY_ANALYSIS, false},
    {"else", TP_DUTY_PASS, false},       {"elseif", TP_DUTY_PASS, false},
    {"end", TP_DUTY_FILES, false},       {"endc", TP_DUTY_FILES, false},
    {"endf", TP_DUTY_FILES, false},      {"endif", TP_DUTY_PASS, false},
    {"endl", TP_DUTY_FILES, false},      {"ends", TP_DUTY_PASS, false},
    {"eom", TP_DUTY_PASS, false},        {"file", TP_DUTY_FRONT, true},
    {"four", TP_DUTY_OUTPUT, false},     {"func", TP_DUTY_PASS, false},
    {"global", TP_DUTY_PASS, false},     {"graph", TP_DUTY_OUTPUT, false},
    {"ic", TP_DUTY_PASS, false},         {"if", TP_DUTY_PASS, false},
    {"inc", TP_DUTY_FILES, false},       {"include", TP_DUTY_FILES, false},
    {"keep", TP_DUTY_OUTPUT, false},     {"lib", TP_DUTY_FILES, false},
    {"macro", TP_DUTY_PASS, false},      {"meas", TP_DUTY_OUTPUT, false},
    {"measure", TP_DUTY_OUTPUT, false},  {"model", TP_DUTY_PASS, false},
    {"nodeset", TP_DUTY_PASS, false},    {"noise", TP_DUTY_ANALYSIS, false},
    {"op", TP_DUTY_ANALYSIS, false},     {"optimiser", TP_DUTY_FRONT, true},
    {"option", TP_DUTY_PASS, false},     {"options", TP_DUTY_PASS, false},
    {"opts", TP_DUTY_PASS, false},       {"optspec", TP_DUTY_FRONT, true},
    {"param", TP_DUTY_PASS, false},      {"params", TP_DUTY_PASS, false},
    {"plot", TP_DUTY_OUTPUT, false},     {"post_process", TP_DUTY_FRONT, true},
    {"print", TP_DUTY_OUTPUT, false},    {"probe", TP_DUTY_OUTPUT, false},
    {"pss", TP_DUTY_ANALYSIS, false},    {"pz", TP_DUTY_ANALYSIS, false},
    {"save", TP_DUTY_OUTPUT, false},     {"sens", TP_DUTY_ANALYSIS, false},
    {"sp", TP_DUTY_ANALYSIS, false},     {"subckt", TP_DUTY_PASS, false},
    {"temp", TP_DUTY_PASS, false},       {"tf", TP_DUTY_ANALYSIS, false},
    {"title", TP_DUTY_OUTPUT, false},    {"tran", TP_DUTY_ANALYSIS, false},
    {"width", TP_DUTY_OUTPUT, false},
};

const tp_statement *tp_statement_of(tp_str word)
{
    if (word.len < 2 || word.at[0] != '.') return NULL;
    word = tp_str_from(word, 1);
    for (int i = 0; i < TP_COUNT(statement); i++)
        if (tp_lower(word.at[0]) == statement[i].name[0] && /* most do not */
            tp_str_same(word, tp_str_of(statement[i].name)))
            return &statement[i];
    return NULL;
}

tp_duty tp_duty_of(tp_str text)
{
    /* ngspice knows these by how they begin. */
    if (tp_str_starts(text, TP_S("pre_"))) return TP_DUTY_COMMAND;
    if (tp_str_starts(text, TP_S(".csparam"))) return TP_DUTY_COMMAND;
    if (tp_str_starts(text, TP_S(".control"))) return TP_DUTY_COMMAND;
    const tp_statement *row = tp_statement_of(tp_first_word(text));
    return row ? row->duty : TP_DUTY_PASS;
}

/* "sweep opt" among the words of an analysis. */
static bool sweeps_opt(tp_str text)
{
    ptrdiff_t at = 0;
    for (tp_str f = tp_field(text, &at); f.len; f = tp_field(text, &at)) {
        ptrdiff_t after = at;
        if (tp_str_same(f, TP_S("sweep")) &&
            tp_str_same(tp_field(text, &after), TP_S("opt")))
            return true;
    }
    return false;
}

bool tp_is_simetrix_card(tp_str text)
{
    tp_str              word = tp_first_word(text);
    const tp_statement *row = tp_statement_of(word);
    /* The other spelling only ever is a mistyped .optimiser. */
    if (!row) return tp_str_same(word, TP_S(".optimizer"));
    return row->simetrix || (row->duty == TP_DUTY_ANALYSIS && sweeps_opt(text));
}

static tp_status fail_unknown(const tp_card *c, tp_str word, tp_arena mem,
                              tp_err *err)
{
    tp_str name[MAX_NAMES];
    int    n = TP_COUNT(statement);
    _Static_assert(TP_COUNT(statement) <= MAX_NAMES, "names");
    for (int i = 0; i < n; i++)
        name[i] = tp_str_fmt(&mem, ".%s", statement[i].name);
    tp_str near = tp_did_you_mean(&mem, word, name, n);
    return tp_fail_at(err, TP_BAD_INPUT, tp_card_place(c, 0),
                      "unknown statement '%.*s'%.*s", TP_F(word), TP_F(near));
}

static tp_status check_simetrix(const tp_card *c, tp_arena mem, tp_err *err)
{
    tp_str              word = tp_first_word(c->text);
    const tp_statement *row = tp_statement_of(word);
    if (c->text.at[0] != '.') return TP_OK;
    if (!row) return fail_unknown(c, word, mem, err);
    ptrdiff_t open = tp_open_quote(c->text);
    if (row->duty != TP_DUTY_FRONT || open < 0) return TP_OK;
    return tp_fail_at(err, TP_BAD_INPUT, tp_card_place(c, open),
                      "the quote that opens here is not closed");
}

/* "R1 a b 1k $ comment": '$' begins one for ngspice and HSPICE only. */
static void note_dollar(tp_deck *d, const tp_card *c)
{
    ptrdiff_t at = tp_str_find(c->text, '$', 0);
    bool      blank = at > 0 && tp_is_space(c->text.at[at - 1]);
    bool      alone =
        blank && at + 1 < c->text.len && tp_is_space(c->text.at[at + 1]);
    if (!alone) return;
    tp_place from = tp_card_place(c, at);
    tp_deck_notice(d, tp_str_fmt(d->mem,
                                 "%.*s:%d: '$' begins no comment here: ';' "
                                 "does",
                                 TP_F(from.in->name), from.line));
}

/* ".temp 27 127": the simulator takes the first. */
static void note_temps(tp_deck *d, const tp_card *c)
{
    tp_lexer l = {c, 0};
    tp_place from = tp_card_place(c, 0);
    if (!tp_str_same(tp_lex(&l).text, TP_S(".temp"))) return;
    tp_token first = tp_lex(&l);
    if (first.kind == TP_TOKEN_PUNCT) first = tp_lex(&l); /* '=' */
    if (tp_lex(&l).kind == TP_TOKEN_END) return;
    tp_deck_notice(d, tp_str_fmt(d->mem,
                                 "%.*s:%d: .temp has several values: only the "
                                 "first, %.*s, is used",
                                 TP_F(from.in->name), from.line,
                                 TP_F(first.text)));
}

tp_status tp_dialect_check(tp_deck *d, tp_err *err)
{
    for (int i = 0; i < d->n_card; i++) {
        tp_duty duty = tp_duty_of(d->card[i].text);
        if (d->kind == TP_DECK_SIMETRIX)
            TP_TRY(check_simetrix(&d->card[i], *d->mem, err));
        if (d->kind == TP_DECK_SIMETRIX && duty == TP_DUTY_PASS)
            note_dollar(d, &d->card[i]);
        note_temps(d, &d->card[i]);
        d->taken[i] = duty == TP_DUTY_OUTPUT || duty == TP_DUTY_COMMAND;
    }
    return TP_OK;
}
