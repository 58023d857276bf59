/* `.optspec`: what is measured and what it is to be. */
#include "front/inside.h"

#include <math.h>
#include <stddef.h>

typedef struct statement {
    tp_given measure, type, analysis_id, value, op, label;
} statement;

#define WORD(name, form)                                        \
    {                                                           \
#name, TP_FORM_##form, offsetof(struct statement, name) \
    }
static const tp_word words[] = {
    WORD(measure, TEXT),
    WORD(type, WORD),
    WORD(analysis_id, WORD),
    {"analysis", TP_FORM_WORD, offsetof(statement, analysis_id)},
    WORD(value, NUMBER),
    WORD(op, FLAG),
    WORD(label, TEXT),
    {0},
};

static const struct {
    const char *word;
    tp_goal     goal;
} types[] = {
    {"minimise", TP_MINIMISE},
    {"minimize", TP_MINIMISE},
    {"minimum", TP_MINIMISE},
    {"maximise", TP_MAXIMISE},
    {"maximize", TP_MAXIMISE},
    {"maximum", TP_MAXIMISE},
    {"constraint_minimum", TP_AT_LEAST},
    {"constraint_maximum", TP_AT_MOST},
};

static bool is_limit(tp_goal g)
{
    return g == TP_AT_LEAST || g == TP_AT_MOST;
}

/* One statement being read. */
typedef struct source {
    tp_reader     *r;
    const tp_card *card;
    tp_place       at;
    statement      set;
    tp_measure    *out;
    tp_err        *err;
} source;

static tp_place place(const source *s, ptrdiff_t at)
{
    return tp_card_place(s->card, at);
}

static tp_status read_goal(const source *s)
{
    tp_str list[TP_COUNT(types)], word = s->set.type.text;
    if (!s->set.type.is)
        return tp_fail_at(s->err, TP_BAD_INPUT, s->at,
                          ".optspec: type= is missing: minimise, maximise, "
                          "constraint_minimum or constraint_maximum");
    for (int i = 0; i < TP_COUNT(types); i++) {
        list[i] = tp_str_of(types[i].word);
        if (!tp_str_same(list[i], word)) continue;
        s->out->goal = types[i].goal;
        return TP_OK;
    }
    return tp_fail_at(
        s->err, TP_BAD_INPUT, place(s, s->set.type.at),
        ".optspec: unknown type '%.*s'%.*s; known: minimise, maximise, "
        "constraint_minimum, constraint_maximum",
        TP_F(word),
        TP_F(tp_did_you_mean(s->r->mem, word, list, TP_COUNT(types))));
}

static tp_status read_limit(const source *s)
{
    tp_measure *m = s->out;
    bool        limit = is_limit(m->goal);
    m->scale = 1;
    if (limit && !s->set.value.is)
        return tp_fail_at(s->err, TP_BAD_INPUT, s->at,
                          ".optspec %.*s: a constraint needs its limit: "
                          "value=...",
                          TP_F(m->name));
    if (!s->set.value.is) return TP_OK;
    if (!limit) {
        tp_str text =
            tp_str_fmt(s->r->mem, "value= means nothing for the objective %.*s",
                       TP_F(m->name));
        tp_front_notice(s->r, place(s, s->set.value.word), text);
        return TP_OK;
    }
    tp_item value = {s->set.value.text, s->set.value.number, s->set.value.at};
    TP_TRY(tp_front_suffix(s->r, s->card, &value, s->err));
    m->target = value.number;
    if (m->target != 0) m->scale = fabs(m->target);
    return TP_OK;
}

static tp_status read_analysis(const source *s)
{
    const tp_given *id = &s->set.analysis_id;
    tp_measure     *m = s->out;
    if (!id->is)
        return tp_fail_at(s->err, TP_BAD_INPUT, s->at,
                          ".optspec %.*s: analysis_id= is missing%.*s",
                          TP_F(m->name),
                          TP_F(tp_front_analyses(s->r, (tp_str){"", 0})));
    for (int i = 0; i < s->r->n_left_out; i++)
        if (tp_str_same(s->r->analysis[s->r->n_analysis + i].id, id->text))
            return tp_fail_at(s->err, TP_BAD_INPUT, place(s, id->at),
                              ".optspec %.*s: with sweep opt only its own "
                              "analysis is run, not %.*s",
                              TP_F(m->name), TP_F(id->text));
    m->analysis = tp_front_analysis(s->r, id->text);
    m->op = s->set.op.is;
    if (m->analysis < 0)
        return tp_fail_at(s->err, TP_BAD_INPUT, place(s, id->at),
                          ".optspec %.*s: no analysis '%.*s'%.*s",
                          TP_F(m->name), TP_F(id->text),
                          TP_F(tp_front_analyses(s->r, id->text)));
    return TP_OK;
}

static tp_status read_measure(const source *s)
{
    tp_measure *m = s->out;
    tp_scope    scope = {.dialect = TP_SIMETRIX};
    tp_names    names = {.from = {.card = s->card, .at = s->set.measure.at},
                         .analysis = m->analysis,
                         .op = m->op};
    m->text = s->set.measure.text;
    m->dialect = TP_SIMETRIX;
    if (tp_expr_compile(&m->expr, m->text, &scope, s->r->mem, s->err) != TP_OK)
        return tp_origin_fail(&names.from, s->err);
    TP_TRY(tp_names_bind(&m->bind, &m->n_bind, s->r, m->expr, &names, s->err));
    bool bare = m->n_bind == 1 && m->bind->kind == TP_BIND_SIGNAL &&
                tp_str_same(tp_str_trim(m->text), m->bind->signal.name);
    m->unit = bare ? m->bind->signal.unit : (tp_str){"", 0};
    m->text = tp_front_utf8(s->r->mem, m->text);
    return TP_OK;
}

/* Labels tell measures apart everywhere: a second "Gain" is "Gain#2". */
static void make_unique(const source *s, int before)
{
    tp_measure *m = s->out;
    tp_str      base = m->name;
    for (int k = 2, i = 0; i < before; i++) {
        if (!tp_str_same(s->r->p->measure[i].name, m->name)) continue;
        m->name = tp_str_fmt(s->r->mem, "%.*s#%d", TP_F(base), k++);
        i = -1;
    }
}

static tp_status read_spec(source *s, int before)
{
    tp_lexer l = {s->card, 0};
    tp_lex(&l); /* ".optspec" */
    TP_TRY(tp_words_read(&s->set, words, ".optspec", &l, s->r->mem, s->err));
    if (!s->set.measure.is)
        return tp_fail_at(s->err, TP_BAD_INPUT, s->at,
                          ".optspec: measure=\"...\" is missing");
    s->out->at = s->at;
    s->out->name = s->set.label.is ? s->set.label.text : s->set.measure.text;
    s->out->name = tp_front_utf8(s->r->mem, tp_str_trim(s->out->name));
    make_unique(s, before);
    TP_TRY(read_goal(s));
    TP_TRY(read_limit(s));
    TP_TRY(read_analysis(s));
    return read_measure(s);
}

/* One and one only objective, where something is to be optimised. */
static tp_status check_objective(const tp_reader *r, tp_err *err)
{
    const tp_measure *m = r->p->measure;
    int               first = -1;
    for (int i = 0; i < r->p->n_measure; i++) {
        if (is_limit(m[i].goal)) continue;
        if (first >= 0)
            return tp_fail_at(err, TP_BAD_INPUT, m[i].at,
                              "a second objective, %.*s; the first, %.*s, is "
                              "in line %d (limits are type=constraint_minimum "
                              "or constraint_maximum)",
                              TP_F(m[i].name), TP_F(m[first].name),
                              m[first].at.line);
        first = i;
    }
    if (first >= 0 || r->p->space.n == 0) return TP_OK;
    tp_place at = r->optimiser.n > 0 ? tp_card_place(r->optimiser.list[0], 0)
                                     : (tp_place){0};
    for (int i = 0; i < r->n_analysis; i++)
        if (r->analysis[i].optimise) at = r->analysis[i].at;
    return tp_fail_at(err, TP_BAD_INPUT, at,
                      "no objective: one .optspec needs type=minimise or "
                      "type=maximise");
}

tp_status tp_read_specs(tp_reader *r, tp_err *err)
{
    tp_measure *m = TP_NEW(r->mem, tp_measure, r->optspec.n);
    r->p->measure = m;
    for (int i = 0; i < r->optspec.n; i++) {
        const tp_card *card = r->optspec.list[i];
        source         s = {.r = r,
                            .card = card,
                            .at = tp_card_place(card, 0),
                            .out = &m[i],
                            .err = err};
        TP_TRY(read_spec(&s, i));
        r->p->n_measure = i + 1;
    }
    return check_objective(r, err);
}
