/* `.optimiser` and `sweep opt`: the variables with their start values and
   bounds, the method, the stop rules and the output that the deck asks for. */
#include "front/inside.h"

#include <math.h>
#include <stddef.h>

typedef struct settings {
    tp_given optparams, optinitvals, optminvals, optmaxvals;
    tp_given alg, abstol, reltol, iterlim;
    tp_given schematic, results_file, show_progress;
    tp_given analysis_id, runname; /* sweep opt: the analysis's own words */
} settings;

#define WORD(name, form)                                       \
    {                                                          \
#name, TP_FORM_##form, offsetof(struct settings, name) \
    }
#define OPTIMISER_WORDS                                                        \
    WORD(optparams, NAMES), WORD(optinitvals, NUMBERS),                        \
        WORD(optminvals, NUMBERS), WORD(optmaxvals, NUMBERS), WORD(alg, WORD), \
        WORD(abstol, AMOUNT), WORD(reltol, AMOUNT), WORD(iterlim, COUNT),      \
        WORD(schematic, TEXT), WORD(results_file, TEXT),                       \
        WORD(show_progress, FLAG)

static const tp_word optimiser_words[] = {OPTIMISER_WORDS, {0}};
/* The words of an analysis may follow `sweep opt` too; the netlist reader has
   understood them. */
static const tp_word sweep_words[] = {
    OPTIMISER_WORDS,
    WORD(analysis_id, WORD),
    WORD(runname, WORD),
    {0},
};

static const tp_str blank = {"", 0};

/* The statement being read. */
typedef struct source {
    tp_reader     *r;
    const tp_card *card;
    const char    *what; /* ".optimiser", "sweep opt" */
    tp_place       at;
    settings       set;
    tp_err        *err;
} source;

static tp_place place(const source *s, ptrdiff_t at)
{
    return tp_card_place(s->card, at);
}

/* A list has as many items as there are names. */
static tp_status check_length(const source *s, const char *name,
                              const tp_given *list)
{
    int wanted = s->set.optparams.n;
    if (!list->is || list->n == wanted) return TP_OK;
    return tp_fail_at(s->err, TP_BAD_INPUT, place(s, list->word),
                      "%s: %s has %d value%s, optparams %d name%s", s->what,
                      name, list->n, list->n == 1 ? "" : "s", wanted,
                      wanted == 1 ? "" : "s");
}

static tp_status check_lists(const source *s)
{
    const settings *set = &s->set;
    if (set->optparams.n == 0)
        return tp_fail_at(s->err, TP_BAD_INPUT, s->at,
                          "%s: optparams=[names] is missing: which parameters "
                          "are to be searched",
                          s->what);
    if (!set->optinitvals.is)
        return tp_fail_at(s->err, TP_BAD_INPUT, s->at,
                          "%s: optinitvals=[values] is missing: the values of "
                          "the first run",
                          s->what);
    TP_TRY(check_length(s, "optinitvals", &set->optinitvals));
    TP_TRY(check_length(s, "optminvals", &set->optminvals));
    return check_length(s, "optmaxvals", &set->optmaxvals);
}

static bool is_name(tp_str s)
{
    for (ptrdiff_t i = 0; i < s.len; i++)
        if (!tp_is_alpha(s.at[i]) && s.at[i] != '_' &&
            !(i > 0 && tp_is_digit(s.at[i])))
            return false;
    return s.len > 0;
}

static tp_status check_name(const source *s, int i)
{
    const tp_item *name = s->set.optparams.item;
    if (!is_name(name[i].text))
        return tp_fail_at(s->err, TP_BAD_INPUT, place(s, name[i].at),
                          "optparams: '%.*s' is no parameter name (letters, "
                          "digits and _, no digit first)",
                          TP_F(name[i].text));
    for (int k = 0; k < i; k++)
        if (tp_str_same(name[i].text, name[k].text))
            return tp_fail_at(s->err, TP_BAD_INPUT, place(s, name[i].at),
                              "optparams: %.*s is named twice",
                              TP_F(name[i].text));
    return TP_OK;
}

static tp_status check_bounds(const source *s, int i, const tp_var *v)
{
    const settings *set = &s->set;
    char            a[TP_NUMBER_MAX], b[TP_NUMBER_MAX];
    if (v->lo > v->hi)
        return tp_fail_at(
            s->err, TP_BAD_INPUT, place(s, set->optminvals.item[i].at),
            "%.*s: the lower bound %s is above the upper bound "
            "%s%.*s",
            TP_F(v->name), tp_exact(v->lo, a), tp_exact(v->hi, b),
            TP_F(tp_front_milli(s->r->mem, &set->optmaxvals.item[i])));
    bool below = v->start < v->lo;
    if (!below && v->start <= v->hi) return TP_OK;
    const tp_item *limit = below ? set->optminvals.item : set->optmaxvals.item;
    tp_str         start = tp_front_milli(s->r->mem, &set->optinitvals.item[i]);
    tp_str         bound = tp_front_milli(s->r->mem, &limit[i]);
    return tp_fail_at(
        s->err, TP_BAD_INPUT, place(s, set->optinitvals.item[i].at),
        "%.*s: the initial value %s%.*s is %s the %s bound %s%.*s",
        TP_F(v->name), tp_exact(v->start, a), TP_F(start),
        below ? "below" : "above", below ? "lower" : "upper",
        tp_exact(below ? v->lo : v->hi, b), TP_F(bound));
}

static tp_status read_variable(const source *s, int i, tp_var *v, tp_edit *edit)
{
    const settings *set = &s->set;
    const tp_item  *start = &set->optinitvals.item[i];
    TP_TRY(check_name(s, i));
    *v = (tp_var){
        .name = set->optparams.item[i].text,
        .unit = blank,
        .start = start->number,
        .lo = set->optminvals.is ? set->optminvals.item[i].number : -INFINITY,
        .hi = set->optmaxvals.is ? set->optmaxvals.item[i].number : INFINITY,
    };
    TP_TRY(check_bounds(s, i, v));
    v->log = tp_var_wants_log(v);
    *edit = (tp_edit){
        .at = place(s, start->at), .len = (int)start->text.len, .with = blank};
    return TP_OK;
}

/* Whether a .param card of the top level gives this parameter a value. */
static bool declares(const tp_card *card, tp_str name)
{
    tp_lexer l = {card, 0};
    if (card->subckt >= 0 || !tp_str_same(tp_lex(&l).text, TP_S(".param")))
        return false;
    for (;;) {
        tp_token t = tp_lex(&l);
        if (t.kind == TP_TOKEN_END) return false;
        tp_token next = tp_lex_peek(l);
        bool     assigned = next.kind == TP_TOKEN_PUNCT ? next.text.at[0] == '='
                                                        : next.kind != TP_TOKEN_END;
        if (!assigned || t.kind != TP_TOKEN_WORD) continue;
        if (tp_str_same(t.text, name)) return true;
        if (next.kind == TP_TOKEN_PUNCT) tp_lex(&l);
        tp_lex(&l); /* its value */
    }
}

/* What the user should know about a variable before the run. */
static void note_variable(const source *s, const tp_item *variable)
{
    tp_str         name = variable->text;
    tp_arena      *mem = s->r->mem;
    const tp_card *card;
    int            n = tp_deck_cards(s->r->deck, &card);
    if (!tp_deck_uses_param(s->r->deck, name))
        tp_front_notice(s->r, place(s, variable->at),
                        tp_str_fmt(mem,
                                   "variable %.*s is used nowhere in the deck",
                                   TP_F(name)));
    for (int i = 0; i < n; i++) {
        if (!declares(&card[i], name)) continue;
        tp_front_notice(s->r, tp_card_place(&card[i], 0),
                        tp_str_fmt(mem,
                                   "the optimiser's values of %.*s replace "
                                   "this .param",
                                   TP_F(name)));
        return;
    }
}

static tp_status check_suffixes(const source *s)
{
    const tp_given *list[] = {&s->set.optinitvals, &s->set.optminvals,
                              &s->set.optmaxvals};
    for (int k = 0; k < TP_COUNT(list); k++)
        for (int i = 0; i < list[k]->n; i++)
            TP_TRY(tp_front_suffix(s->r, s->card, &list[k]->item[i], s->err));
    return TP_OK;
}

static tp_status read_variables(const source *s)
{
    tp_problem *p = s->r->p;
    TP_TRY(check_lists(s));
    TP_TRY(check_suffixes(s));
    int      n = s->set.optparams.n;
    tp_var  *var = TP_NEW(s->r->mem, tp_var, n);
    tp_edit *edit = TP_NEW(s->r->mem, tp_edit, n);
    for (int i = 0; i < n; i++) TP_TRY(read_variable(s, i, &var[i], &edit[i]));
    for (int i = 0; i < n; i++) note_variable(s, &s->set.optparams.item[i]);
    p->space = (tp_space){n, var};
    p->start_edit = edit;
    return tp_space_check(&p->space, s->err);
}

static void take_settings(const source *s)
{
    tp_problem     *p = s->r->p;
    const settings *set = &s->set;
    if (set->alg.is) p->method = set->alg.text;
    if (set->alg.is) p->method_at = place(s, set->alg.at);
    if (set->abstol.is) p->abstol = set->abstol.number;
    if (set->reltol.is) p->reltol = set->reltol.number;
    if (set->iterlim.is) p->iterlim = (int)set->iterlim.number;
    if (set->results_file.is) {
        p->results_file = set->results_file.text;
        p->results_at = place(s, set->results_file.at);
    }
    if (set->schematic.is) p->schematic = set->schematic.text;
    p->show_progress = set->show_progress.is;
}

static tp_status read_source(source *s, tp_lexer l, const tp_word *words)
{
    TP_TRY(tp_words_read(&s->set, words, s->what, &l, s->r->mem, s->err));
    take_settings(s);
    return read_variables(s);
}

/* The one analysis that carries `sweep opt`, or -1. */
static tp_status find_sweep(tp_reader *r, int *out, tp_err *err)
{
    *out = -1;
    for (int i = 0; i < r->n_analysis; i++) {
        if (!r->analysis[i].optimise) continue;
        if (*out >= 0)
            return tp_fail_at(err, TP_BAD_INPUT, r->analysis[i].at,
                              "a second analysis with sweep opt; the first is "
                              "in line %d",
                              r->analysis[*out].at.line);
        *out = i;
    }
    return TP_OK;
}

/* The analysis with sweep opt becomes the only one. */
static void leave_out_others(tp_reader *r, int sweep)
{
    tp_analysis *a = r->analysis, one = a[sweep];
    for (int i = sweep; i > 0; i--) a[i] = a[i - 1];
    a[0] = one;
    r->n_left_out = r->n_analysis - 1;
    r->n_analysis = 1;
    for (int i = 1; i <= r->n_left_out; i++)
        tp_front_notice(r, a[i].at,
                        tp_str_fmt(r->mem,
                                   "with sweep opt only its own analysis is "
                                   "run, not this %.*s",
                                   TP_F(a[i].kind)));
}

static tp_status read_sweep(tp_reader *r, int sweep, tp_err *err)
{
    const tp_card *card;
    leave_out_others(r, sweep);
    const tp_analysis *a = r->analysis;
    tp_deck_cards(r->deck, &card);
    source s = {.r = r,
                .card = &card[a->card],
                .what = "sweep opt",
                .at = a->at,
                .err = err};
    r->p->single = true;
    return read_source(&s, (tp_lexer){s.card, a->rest}, sweep_words);
}

tp_status tp_read_optimiser(tp_reader *r, tp_err *err)
{
    int sweep;
    TP_TRY(find_sweep(r, &sweep, err));
    const tp_card *const *one = r->optimiser.list;
    if (r->optimiser.n > 1)
        return tp_fail_at(err, TP_BAD_INPUT, tp_card_place(one[1], 0),
                          "a second .optimiser; the first is in line %d",
                          tp_card_place(one[0], 0).line);
    if (r->optimiser.n == 1 && sweep >= 0)
        return tp_fail_at(err, TP_BAD_INPUT, tp_card_place(one[0], 0),
                          ".optimiser and the sweep opt of line %d: a deck is "
                          "optimised one way only",
                          r->analysis[sweep].at.line);
    if (sweep >= 0) return read_sweep(r, sweep, err);
    if (r->optimiser.n == 0) return TP_OK;
    if (r->n_analysis == 0)
        return tp_fail_at(err, TP_BAD_INPUT, tp_card_place(one[0], 0),
                          ".optimiser: %.*s", TP_F(tp_front_no_analysis(r)));
    source   s = {.r = r,
                  .card = one[0],
                  .what = ".optimiser",
                  .at = tp_card_place(one[0], 0),
                  .err = err};
    tp_lexer l = {s.card, 0};
    tp_lex(&l); /* the statement's own word */
    return read_source(&s, l, optimiser_words);
}
